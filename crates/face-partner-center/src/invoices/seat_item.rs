//! Lines of seats on the wire: `LicenseBasedLineItem` and `OneTimeInvoiceLineItem`. Source: partner-center-v1.md 3.13; they
//! say what the reconciliation files of `exports` say, row for row.

use crate::invoices::line_item::{NO_RESELLER, Parties};
use crate::invoices::provider::{LineType, Provider};
use crate::wire::{Attributes, Decimal, upper};
use serde::Serialize;
use tenantry_billing::{InvoiceFx, InvoiceSeatLine};
use tenantry_core::{Amount, Money, Problem, Quantity};
use tenantry_rating::SeatCycle;

const UNIT: &str = "Licenses";

/// `LicenseBasedLineItem`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LicenceLine {
    partner_id: String,
    customer_id: String,
    customer_name: String,
    mpn_id: i64,
    tier2_mpn_id: i64,
    order_id: String,
    subscription_id: String,
    syndication_partner_subscription_number: String,
    offer_id: String,
    durable_offer_id: String,
    offer_name: String,
    domain_name: String,
    billing_cycle_type: &'static str,
    subscription_name: String,
    subscription_description: String,
    subscription_start_date: String,
    subscription_end_date: String,
    charge_start_date: String,
    charge_end_date: String,
    charge_type: String,
    unit_price: Decimal,
    quantity: i64,
    amount: Decimal,
    total_other_discount: Decimal,
    subtotal: Decimal,
    tax: Decimal,
    total_for_customer: Decimal,
    currency: String,
    invoice_line_item_type: &'static str,
    billing_provider: &'static str,
    attributes: Attributes,
}

/// `OneTimeInvoiceLineItem`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OneTimeLine {
    partner_id: String,
    customer_id: String,
    customer_name: String,
    customer_domain_name: String,
    customer_country: String,
    invoice_number: String,
    /// Text here, a number in the other items.
    mpn_id: String,
    reseller_mpn_id: i64,
    order_id: String,
    order_date: String,
    product_id: String,
    sku_id: String,
    availability_id: String,
    product_name: String,
    sku_name: String,
    product_qualifiers: [String; 0],
    charge_type: String,
    unit_price: Decimal,
    effective_unit_price: Decimal,
    unit_type: &'static str,
    quantity: i64,
    subtotal: Decimal,
    tax_total: Decimal,
    total_for_customer: Decimal,
    currency: String,
    publisher_name: String,
    publisher_id: String,
    subscription_description: String,
    subscription_id: String,
    subscription_start_date: String,
    subscription_end_date: String,
    charge_start_date: String,
    charge_end_date: String,
    term_and_billing_cycle: &'static str,
    alternate_id: String,
    reference_id: String,
    price_adjustment_description: String,
    pricing_currency: String,
    #[serde(rename = "pcToBCExchangeRate")]
    pc_to_bc_exchange_rate: Decimal,
    #[serde(rename = "pcToBCExchangeRateDate", skip_serializing_if = "Option::is_none")]
    pc_to_bc_exchange_rate_date: Option<String>,
    billable_quantity: Decimal,
    meter_description: String,
    billing_frequency: &'static str,
    reservation_order_id: String,
    credit_reason_code: String,
    promotion_id: String,
    invoice_line_item_type: &'static str,
    billing_provider: &'static str,
    attributes: Attributes,
}

/// The first instant of a day, without a zone, as the field writes it.
fn begins(day: &str) -> String {
    format!("{day}T00:00:00")
}

/// The last second of a day, by which the field names the end of what it charges.
fn ends(day: &str) -> String {
    format!("{day}T23:59:59")
}

const fn cycle_name(cycle: SeatCycle) -> &'static str {
    match cycle {
        SeatCycle::Monthly => "Monthly",
        SeatCycle::Annual => "Annual",
    }
}

/// A decimal of a stored document, none of its digits lost.
fn exact(text: &str) -> Result<Amount, Problem> {
    Amount::parse_exact(text).map_err(|error| Problem::corrupt(error.to_string()))
}

/// What all figures of a line come from.
struct Figures {
    unit: Amount,
    amount: Money,
    tax: Money,
    total: Money,
}

impl Figures {
    fn of(parties: &Parties, line: &InvoiceSeatLine, tax: Money) -> Result<Self, Problem> {
        let amount = line.amount(parties.currency)?;
        let total = Money::from_minor(amount.minor() + tax.minor(), parties.currency);
        Ok(Self { unit: line.unit_price()?, amount, tax, total })
    }

    /// What one seat comes to: the amount without its sign, over the seats.
    fn effective_unit(&self, parties: &Parties, line: &InvoiceSeatLine) -> Result<Amount, Problem> {
        let minor = self.amount.minor().saturating_abs();
        let amount = Amount::of(Money::from_minor(minor, parties.currency));
        amount.per_unit(Quantity::whole(line.seats)).map_or(Ok(Amount::ZERO), |text| exact(&text))
    }
}

impl LicenceLine {
    /// `tax` is what of the document's falls on the line.
    pub(super) fn new(parties: &Parties, line: &InvoiceSeatLine, tax: Money) -> Result<Self, Problem> {
        let figures = Figures::of(parties, line, tax)?;
        Ok(Self {
            partner_id: parties.partner.clone(),
            customer_id: upper(line.customer),
            customer_name: line.customer_name.to_string(),
            mpn_id: parties.mpn_id,
            tier2_mpn_id: NO_RESELLER,
            order_id: line.order.to_string(),
            subscription_id: upper(line.subscription),
            syndication_partner_subscription_number: upper(line.subscription),
            offer_id: line.offer.to_string(),
            durable_offer_id: line.offer.to_string(),
            offer_name: line.offer_name.to_string(),
            domain_name: line.customer_domain.to_string(),
            billing_cycle_type: cycle_name(line.cycle),
            subscription_name: line.subscription_name.to_string(),
            subscription_description: line.offer_name.to_string(),
            subscription_start_date: begins(&line.term_start),
            subscription_end_date: ends(&line.term_end),
            charge_start_date: begins(&line.charge_start),
            charge_end_date: ends(&line.charge_end),
            charge_type: line.charge_type.to_string(),
            unit_price: figures.unit.into(),
            quantity: line.seats,
            amount: figures.amount.into(),
            total_other_discount: Quantity::ZERO.into(),
            subtotal: figures.amount.into(),
            tax: figures.tax.into(),
            total_for_customer: figures.total.into(),
            currency: parties.currency.code().to_owned(),
            invoice_line_item_type: LineType::Billing.word(),
            billing_provider: Provider::Office.word(),
            attributes: Attributes::of("LicenseBasedLineItem"),
        })
    }
}

impl OneTimeLine {
    /// `tax` is what of the document's falls on the line, `fx` the rate it was converted with, if it was.
    pub(super) fn new(
        parties: &Parties,
        line: &InvoiceSeatLine,
        tax: Money,
        fx: Option<&InvoiceFx>,
    ) -> Result<Self, Problem> {
        let figures = Figures::of(parties, line, tax)?;
        let mut item = line.offer.as_str().splitn(3, ':').map(str::to_owned);
        let mut part = || item.next().unwrap_or_default();
        let rate = match fx {
            Some(fx) => exact(&fx.rate)?.into(),
            None => Quantity::whole(1).into(),
        };
        let currency = parties.currency.code().to_owned();
        Ok(Self {
            partner_id: parties.partner.clone(),
            customer_id: line.customer.to_string(),
            customer_name: line.customer_name.to_string(),
            customer_domain_name: line.customer_domain.to_string(),
            customer_country: line.market.to_string(),
            invoice_number: parties.invoice.clone(),
            mpn_id: parties.mpn_id.to_string(),
            reseller_mpn_id: 0,
            order_id: line.order.to_string(),
            order_date: begins(&line.bought),
            product_id: part(),
            sku_id: part(),
            availability_id: part(),
            product_name: line.offer_name.to_string(),
            sku_name: line.offer_name.to_string(),
            product_qualifiers: [],
            charge_type: line.charge_type.to_string(),
            unit_price: figures.unit.into(),
            effective_unit_price: figures.effective_unit(parties, line)?.into(),
            unit_type: UNIT,
            quantity: line.seats,
            subtotal: figures.amount.into(),
            tax_total: figures.tax.into(),
            total_for_customer: figures.total.into(),
            pricing_currency: fx.map_or_else(|| currency.clone(), |fx| fx.from.clone()),
            currency,
            publisher_name: String::new(),
            publisher_id: String::new(),
            subscription_description: line.offer_name.to_string(),
            subscription_id: line.subscription.to_string(),
            subscription_start_date: begins(&line.term_start),
            subscription_end_date: ends(&line.term_end),
            charge_start_date: begins(&line.charge_start),
            charge_end_date: ends(&line.charge_end),
            term_and_billing_cycle: cycle_name(line.cycle),
            alternate_id: String::new(),
            reference_id: String::new(),
            price_adjustment_description: String::new(),
            pc_to_bc_exchange_rate: rate,
            pc_to_bc_exchange_rate_date: fx.map(|fx| begins(&fx.dated)),
            billable_quantity: Quantity::whole(line.seats).into(),
            meter_description: String::new(),
            billing_frequency: cycle_name(line.cycle),
            reservation_order_id: String::new(),
            credit_reason_code: String::new(),
            promotion_id: String::new(),
            invoice_line_item_type: LineType::Billing.word(),
            billing_provider: Provider::OneTime.word(),
            attributes: Attributes::of("OneTimeInvoiceLineItem"),
        })
    }
}
