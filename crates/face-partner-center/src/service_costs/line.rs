//! One line of service costs. Source: partner-center-v1.md 3.10; what is in a member is what is in the invoice's line.

use super::costs::Cost;
use super::invoice_type;
use crate::wire::{Attributes, Decimal, upper};
use serde::Serialize;
use tenantry_core::{Currency, Money, Problem, TenantId};
use tenantry_rating::{SeatCycle, SeatForm};

/// The reseller below the partner, a text here: none.
const NO_RESELLER: &str = "-1";

/// What a subscription's seats cost.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ServiceCostLineItem {
    invoice_number: String,
    start_date: String,
    end_date: String,
    subscription_friendly_name: String,
    subscription_id: String,
    order_id: String,
    offer_id: String,
    offer_name: String,
    #[serde(rename = "resellerMPNId")]
    reseller_mpn_id: &'static str,
    charge_type: String,
    quantity: i64,
    unit_price: Decimal,
    pretax_total: Decimal,
    tax: Decimal,
    after_tax_total: Decimal,
    currency_code: String,
    currency_symbol: String,
    customer_id: TenantId,
    customer_name: String,
    invoice_type: &'static str,
    #[serde(flatten)]
    one_time: Option<OneTime>,
    attributes: Attributes,
}

/// What lines of the modern agreement say besides.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct OneTime {
    product_id: String,
    sku_id: String,
    availability_id: String,
    product_name: String,
    sku_name: String,
    publisher_name: String,
    publisher_id: String,
    term_and_billing_cycle: &'static str,
    discount_details: String,
}

impl ServiceCostLineItem {
    pub(super) fn new(cost: &Cost, currency: Currency) -> Result<Self, Problem> {
        let line = &cost.line;
        let amount = line.amount(currency)?;
        let total = Money::from_minor(amount.minor().saturating_add(cost.tax.minor()), currency);
        Ok(Self {
            invoice_number: cost.invoice.clone(),
            start_date: format!("{}T00:00:00Z", line.charge_start),
            end_date: format!("{}T00:00:00Z", line.charge_end),
            subscription_friendly_name: line.subscription_name.to_string(),
            subscription_id: upper(line.subscription),
            order_id: line.order.to_string(),
            offer_id: line.offer.to_string(),
            offer_name: line.offer_name.to_string(),
            reseller_mpn_id: NO_RESELLER,
            charge_type: line.charge_type.to_string(),
            quantity: line.seats,
            unit_price: line.unit_price()?.into(),
            pretax_total: amount.into(),
            tax: cost.tax.into(),
            after_tax_total: total.into(),
            currency_code: currency.code().to_owned(),
            currency_symbol: currency.symbol().to_owned(),
            customer_id: line.customer,
            customer_name: line.customer_name.to_string(),
            invoice_type: invoice_type(line.form),
            one_time: (line.form == SeatForm::OneTime).then(|| OneTime::of(cost)),
            attributes: Attributes::of("ServiceCostLineItem"),
        })
    }
}

impl OneTime {
    fn of(Cost { line, .. }: &Cost) -> Self {
        let mut item = line.offer.as_str().splitn(3, ':').map(str::to_owned);
        let mut part = || item.next().unwrap_or_default();
        Self {
            product_id: part(),
            sku_id: part(),
            availability_id: part(),
            product_name: line.offer_name.to_string(),
            sku_name: line.offer_name.to_string(),
            publisher_name: String::new(),
            publisher_id: String::new(),
            term_and_billing_cycle: match line.cycle {
                SeatCycle::Monthly => "Monthly",
                SeatCycle::Annual => "Annual",
            },
            discount_details: String::new(),
        }
    }
}
