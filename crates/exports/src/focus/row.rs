//! Where each column of a FOCUS row comes from. docs/focus.md says the same in a table.

use super::columns::F;
use super::tables::Region;
use super::{LineState, Service};
use crate::cells::Cells;
use crate::document::{Document, PlacedLine};
use crate::fixed::Fixed;
use crate::seats_line::PlacedSeats;
use tenantry_core::Timestamp;
use tenantry_usage::LineRow;

/// What a row is about.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Subject<'a> {
    /// Usage of one resource on one day.
    Usage { row: &'a LineRow, region: Option<&'a Region> },
    /// Seats for some days, the last instant excluded.
    Seats { charged: (Timestamp, Timestamp) },
    /// What rounding a line added or took, and what its rows could not say in 24 digits.
    Rounding,
    /// Tax on the document.
    Tax,
}

/// The decimals of a row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Costs {
    pub(crate) correction: bool,
    pub(crate) consumed: Fixed,
    pub(crate) quantity: Fixed,
    pub(crate) billed: Fixed,
    pub(crate) list: Fixed,
    pub(crate) contracted: Fixed,
    /// At list, and on this edge. Not of corrections, rounding and tax.
    pub(crate) prices: Option<(Fixed, Fixed)>,
}

impl Costs {
    pub(crate) const fn without_price(billed: Fixed, list: Fixed, contracted: Fixed) -> Self {
        let none = Fixed::ZERO;
        Self { correction: false, consumed: none, quantity: none, billed, list, contracted, prices: None }
    }

    pub(crate) const fn is_nothing(&self) -> bool {
        self.billed.is_zero() && self.list.is_zero() && self.contracted.is_zero()
    }
}

/// What a row says of the line it is of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OfLine<'a> {
    position: u64,
    subscription_name: &'a str,
    offer_name: &'a str,
    customer_name: &'a str,
    meter_name: &'a str,
}

impl<'a> OfLine<'a> {
    pub(crate) fn usage(placed: &PlacedLine<'a>) -> Self {
        Self {
            position: placed.position,
            subscription_name: &placed.line.subscription_name,
            offer_name: &placed.line.offer_name,
            customer_name: &placed.line.customer_name,
            meter_name: &placed.line.meter_name,
        }
    }

    pub(crate) fn seats(placed: &PlacedSeats<'a>) -> Self {
        Self {
            position: placed.position,
            subscription_name: &placed.line.subscription_name,
            offer_name: &placed.line.offer_name,
            customer_name: &placed.line.customer_name,
            meter_name: &placed.line.offer_name,
        }
    }
}

/// A row, ready to be said.
#[derive(Debug)]
pub(crate) struct Said<'a> {
    pub(crate) document: &'a Document,
    pub(crate) line: Option<OfLine<'a>>,
    pub(crate) state: &'a LineState,
    pub(crate) subject: Subject<'a>,
    pub(crate) costs: Costs,
}

/// Who the buyer is to the seller, and what it is split by: the words of this channel.
const BILLING_ACCOUNT_TYPE: &str = "Partner";
const SUB_ACCOUNT_TYPE: &str = "Subscription";
/// The service that tax stands under: none of the provider's.
const TAX: &str = "Tax";

impl Said<'_> {
    pub(crate) fn cell(&self, column: F, out: &mut dyn Cells) {
        let costs = &self.costs;
        match column {
            // Costs. There are no commitments or prepaid terms, so what is billed is what it costs.
            F::BilledCost | F::EffectiveCost | F::PricingCurrencyEffectiveCost => out.fixed(costs.billed),
            F::ListCost => out.fixed(costs.list),
            F::ContractedCost => out.fixed(costs.contracted),
            F::ListUnitPrice | F::PricingCurrencyListUnitPrice => optional(out, costs.prices.map(|(list, _)| list)),
            F::ContractedUnitPrice | F::PricingCurrencyContractedUnitPrice => {
                optional(out, costs.prices.map(|(_, price)| price));
            }
            F::PricingQuantity => optional(out, self.is_priced().then_some(costs.quantity)),
            F::ConsumedQuantity => optional(out, self.usage().map(|_| costs.consumed)),
            F::ConsumedUnit => optional_text(out, self.usage().map(|_| self.state.unit.as_str())),
            F::PricingUnit => self.of_priced(out, &self.state.unit),
            F::PricingCategory => self.of_priced(out, "Standard"),
            F::BillingCurrency | F::PricingCurrency => out.text(self.document.currency.code()),
            _ => self.account(column, out),
        }
    }

    /// Who sells to whom, on which document.
    fn account(&self, column: F, out: &mut dyn Cells) {
        let Self { document, line, state, .. } = self;
        match column {
            // To its buyer the seller is the provider; whoever stands above it is not on this document.
            F::ProviderName | F::PublisherName | F::InvoiceIssuerName | F::ServiceProviderName => {
                out.text(&document.seller.name);
            }
            // Empty text is written as nothing: an estimate is on no invoice.
            F::InvoiceId => out.text(document.number()),
            F::InvoiceDetailId => match (&document.number, line) {
                (Some(number), Some(line)) => out.text(&format!("{number}/{}", line.position)),
                (Some(number), None) => out.text(&format!("{number}/tax")),
                (None, _) => out.null(),
            },
            F::BillingAccountId => out.text(&document.buyer_id),
            F::BillingAccountName => out.text(&document.buyer.name),
            F::BillingAccountType => out.text(BILLING_ACCOUNT_TYPE),
            F::BillingPeriodStart => out.instant(document.month.period().from),
            F::BillingPeriodEnd => out.instant(document.month.period().to),
            F::SubAccountId => self.of_line(out, |_| &state.subscription),
            F::SubAccountName => self.of_line(out, |line| match line.subscription_name {
                "" => line.offer_name,
                name => name,
            }),
            F::SubAccountType => self.of_line(out, |_| SUB_ACCOUNT_TYPE),
            F::XCustomerId => self.of_line(out, |_| &state.customer),
            F::XCustomerName => self.of_line(out, |line| line.customer_name),
            _ => self.charge(column, out),
        }
    }

    /// What kind of charge it is, for when.
    fn charge(&self, column: F, out: &mut dyn Cells) {
        let state = self.state;
        match (column, self.subject) {
            (F::ChargeCategory, Subject::Usage { .. }) => out.text("Usage"),
            (F::ChargeCategory, Subject::Seats { .. }) => out.text("Purchase"),
            (F::ChargeFrequency, Subject::Seats { .. }) => out.text("Recurring"),
            (F::ChargeDescription, Subject::Seats { .. }) => out.text(&state.described),
            (F::ChargePeriodStart, Subject::Seats { charged }) => out.instant(charged.0),
            (F::ChargePeriodEnd, Subject::Seats { charged }) => out.instant(charged.1),
            (F::ChargeCategory, Subject::Rounding) => out.text("Adjustment"),
            (F::ChargeCategory, Subject::Tax) => out.text("Tax"),
            (F::ChargeClass, _) if self.costs.correction => out.text("Correction"),
            (F::ChargeFrequency, Subject::Usage { .. }) => out.text("Usage-Based"),
            (F::ChargeFrequency, _) => out.text("One-Time"),
            (F::ChargeDescription, Subject::Usage { .. }) => out.text(&state.described),
            (F::ChargeDescription, Subject::Rounding) => out.text(&format!("Rounding, {}", state.described)),
            (F::ChargeDescription, Subject::Tax) => out.text(TAX),
            (F::ChargePeriodStart, Subject::Usage { row, .. }) => out.instant(row.day.start()),
            (F::ChargePeriodEnd, Subject::Usage { row, .. }) => out.instant(row.day.next().start()),
            (F::ChargePeriodStart, _) => out.instant(state.month.period().from),
            (F::ChargePeriodEnd, _) => out.instant(state.month.period().to),
            _ => self.service(column, out),
        }
    }

    /// Which service, price and resource.
    fn service(&self, column: F, out: &mut dyn Cells) {
        let Service { category, subcategory } = self.state.service;
        match column {
            F::ServiceCategory => out.text(category),
            F::ServiceSubcategory => out.text(subcategory),
            F::ServiceName if self.line.is_none() => out.text(TAX),
            F::ServiceName => out.text(&self.state.service_name),
            F::SkuId => self.of_line(out, |_| &self.state.sku),
            F::SkuMeter => self.of_line(out, |line| match line.meter_name {
                "" => &self.state.sku,
                name => name,
            }),
            F::SkuPriceId => self.of_priced(out, &self.state.sku_price),
            _ => match self.usage() {
                Some((row, region)) => self.resource(column, row, region, out),
                None => out.null(),
            },
        }
    }

    fn resource(&self, column: F, row: &LineRow, region: Option<&Region>, out: &mut dyn Cells) {
        let resource = &row.series.resource;
        match (column, region) {
            (F::RegionId, Some(region)) => out.text(&region.id),
            (F::RegionName, Some(region)) => out.text(&region.name),
            (F::ResourceId, _) => out.text(resource.as_str()),
            (F::ResourceName, _) => out.text(resource.name()),
            // A resource from before Resource Manager says no type; its service is the nearest thing to one.
            (F::ResourceType, _) if !resource.as_str().is_empty() => match resource.resource_type() {
                Some(kind) => out.text(&kind),
                None => out.text(&self.state.service_name),
            },
            // What we have nothing for: commitments, reservations, zones, contracts, allocations; and tags, of which
            // only the newest are known, while a file must be the same whenever it is written.
            _ => out.null(),
        }
    }

    fn usage(&self) -> Option<(&LineRow, Option<&Region>)> {
        match self.subject {
            Subject::Usage { row, region } => Some((row, region)),
            Subject::Seats { .. } | Subject::Rounding | Subject::Tax => None,
        }
    }

    /// Usage and purchases have prices; what is rounded or taxed has none.
    const fn is_priced(&self) -> bool {
        matches!(self.subject, Subject::Usage { .. } | Subject::Seats { .. })
    }

    fn of_priced(&self, out: &mut dyn Cells, text: &str) {
        optional_text(out, self.is_priced().then_some(text));
    }

    fn of_line<'a>(&'a self, out: &mut dyn Cells, text: impl FnOnce(OfLine<'a>) -> &'a str) {
        match self.line {
            Some(line) => out.text(text(line)),
            None => out.null(),
        }
    }
}

fn optional_text(out: &mut dyn Cells, value: Option<&str>) {
    match value {
        Some(value) => out.text(value),
        None => out.null(),
    }
}

fn optional(out: &mut dyn Cells, value: Option<Fixed>) {
    match value {
        Some(value) => out.fixed(value),
        None => out.null(),
    }
}
