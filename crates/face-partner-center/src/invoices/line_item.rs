//! Line items on the wire. Source: partner-center-v1.md 3.12 and 3.13; where it names a member and does not say what
//! is in it, the reconciliation file of `billing` has decided, and both say the same.

use crate::invoices::provider::{LineType, Provider};
use crate::invoices::seat_item::{LicenceLine, OneTimeLine};
use crate::invoices::view::end_of;
use crate::wire::{Attributes, Decimal, upper};
use serde::Serialize;
use tenantry_billing::InvoiceLine;
use tenantry_commerce::Partner;
use tenantry_core::{Amount, Currency, Money, Problem, Quantity};
use tenantry_usage::LineRow;

/// How the field calls monthly charges for usage (partner-center-v1.md 4.7).
const CHARGE_TYPE: &str = "Assess usage fee for current cycle";
/// And lines of credit notes, as in their file (charge-types.csv, family `credit`).
const CREDIT_CHARGE_TYPE: &str = "Offset a line item";
const BILLING_CYCLE: &str = "Monthly";
/// The reseller below the partner: none, as in the samples of licence lines.
pub(super) const NO_RESELLER: i64 = -1;

/// One item of any kind.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum LineItem {
    Billing(Box<BillingLine>),
    Usage(Box<UsageLine>),
    Licence(Box<LicenceLine>),
    OneTime(Box<OneTimeLine>),
}

/// Who is billed, by which document.
#[derive(Debug, Clone)]
pub(super) struct Parties {
    pub(super) partner: String,
    partner_name: String,
    pub(super) mpn_id: i64,
    pub(super) invoice: String,
    pub(super) currency: Currency,
}

/// What both kinds of item say.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Base {
    partner_id: String,
    partner_name: String,
    partner_billable_account_id: String,
    customer_id: String,
    domain_name: String,
    customer_company_name: String,
    /// A number here, unlike in profiles (rule 5 of partner-center-v1.md 6.1).
    mpn_id: i64,
    tier2_mpn_id: i64,
    /// Empty as long as there is no document.
    invoice_number: String,
    subscription_id: String,
    subscription_name: String,
    subscription_description: String,
    billing_cycle_type: &'static str,
    order_id: String,
    service_name: String,
    service_type: String,
    /// The meter, under the name of the older billing system.
    resource_guid: String,
    resource_name: String,
    region: String,
    consumed_quantity: Decimal,
    charge_start_date: String,
    charge_end_date: String,
    unit: String,
}

/// `UsageBasedLineItem`: a line of the document.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct BillingLine {
    #[serde(flatten)]
    base: Base,
    detail_line_item_id: usize,
    sku: &'static str,
    included_quantity: Decimal,
    overage_quantity: Decimal,
    /// Per unit, at list.
    list_price: Decimal,
    /// All of it, at list.
    consumption_price: Decimal,
    /// What comes off: `consumptionPrice` - `consumptionDiscount` = `pretaxCharges`, exactly.
    consumption_discount: Decimal,
    currency: String,
    pretax_charges: Decimal,
    tax_amount: Decimal,
    /// These add up to `totalCharges` of the invoice, exactly.
    post_tax_total: Decimal,
    pretax_effective_rate: Decimal,
    post_tax_effective_rate: Decimal,
    charge_type: &'static str,
    invoice_line_item_type: &'static str,
    billing_provider: &'static str,
    attributes: Attributes,
}

/// `DailyUsageLineItem`: usage of one resource on one day, behind a line of the document.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct UsageLine {
    #[serde(flatten)]
    base: Base,
    customer_billable_account: String,
    usage_date: String,
    metered_service: String,
    metered_service_type: &'static str,
    metered_region: String,
    project: String,
    service_info: String,
    invoice_line_item_type: &'static str,
    billing_provider: &'static str,
    attributes: Attributes,
}

impl Parties {
    /// `partner_name` is the one of the document's day; `invoice` its number, or empty.
    pub(super) fn new(partner: &Partner, partner_name: String, invoice: String, currency: Currency) -> Self {
        Self {
            partner: partner.tenant.to_string(),
            partner_name,
            // Sign-up takes digits only. So many of them that they are no number name nobody.
            mpn_id: partner.mpn_id.parse().unwrap_or(0),
            invoice,
            currency,
        }
    }
}

impl Base {
    fn new(parties: &Parties, line: &InvoiceLine, consumed: Quantity) -> Result<Self, Problem> {
        let month = line.service_month()?;
        Ok(Self {
            partner_id: parties.partner.clone(),
            partner_name: parties.partner_name.clone(),
            partner_billable_account_id: parties.partner.clone(),
            customer_id: line.customer.to_string(),
            domain_name: line.customer_domain.to_string(),
            customer_company_name: line.customer_name.to_string(),
            mpn_id: parties.mpn_id,
            tier2_mpn_id: NO_RESELLER,
            invoice_number: parties.invoice.clone(),
            subscription_id: upper(line.subscription),
            subscription_name: line.subscription_name.to_string(),
            subscription_description: line.offer_name.to_string(),
            billing_cycle_type: BILLING_CYCLE,
            order_id: line.order.to_string(),
            service_name: line.category.to_string(),
            service_type: line.subcategory.to_string(),
            resource_guid: line.meter.to_string(),
            resource_name: line.meter_name.to_string(),
            region: line.region.to_string(),
            consumed_quantity: consumed.into(),
            charge_start_date: month.first_day().start().to_string(),
            charge_end_date: end_of(month).to_string(),
            unit: line.unit.to_string(),
        })
    }
}

impl BillingLine {
    /// `number` counts the lines of the document from 1; `tax` is what of the document's falls on the line.
    pub(super) fn new(parties: &Parties, number: usize, line: &InvoiceLine, tax: Money) -> Result<Self, Problem> {
        let damaged = |error: &dyn std::fmt::Display| Problem::corrupt(error.to_string());
        let quantity = Quantity::parse(&line.quantity).map_err(|error| damaged(&error))?;
        let list = Amount::parse_exact(&line.list).map_err(|error| damaged(&error))?;
        let amount = line.amount(parties.currency)?;
        let per_unit = |amount: Amount| -> Result<Decimal, Problem> {
            let Some(text) = amount.per_unit(quantity) else { return Ok(Quantity::ZERO.into()) };
            Amount::parse_exact(&text).map(Decimal::from).map_err(|error| damaged(&error))
        };
        let rate = per_unit(line.exact()?)?;
        let taxed = Money::from_minor(amount.minor() + tax.minor(), parties.currency);
        let taxed_rate = if tax.is_zero() { rate.clone() } else { per_unit(line.exact()? + Amount::of(tax))? };
        Ok(Self {
            base: Base::new(parties, line, quantity)?,
            detail_line_item_id: number,
            sku: "",
            // Units that are included are priced at nothing; the rates below are averages over all units.
            included_quantity: Quantity::ZERO.into(),
            overage_quantity: quantity.into(),
            list_price: per_unit(list)?,
            consumption_price: list.into(),
            consumption_discount: (list - Amount::of(amount)).into(),
            currency: parties.currency.code().to_owned(),
            pretax_charges: amount.into(),
            tax_amount: Amount::of(tax).into(),
            post_tax_total: taxed.into(),
            pretax_effective_rate: rate,
            post_tax_effective_rate: taxed_rate,
            charge_type: CHARGE_TYPE,
            invoice_line_item_type: LineType::Billing.word(),
            billing_provider: Provider::Azure.word(),
            attributes: Attributes::of("UsageBasedLineItem"),
        })
    }
}

impl BillingLine {
    /// The same as a line of a credit note.
    pub(super) fn into_credit(self) -> Self {
        Self { charge_type: CREDIT_CHARGE_TYPE, ..self }
    }
}

impl UsageLine {
    pub(super) fn new(parties: &Parties, line: &InvoiceLine, row: &LineRow) -> Result<Self, Problem> {
        let series = &row.series;
        Ok(Self {
            base: Base::new(parties, line, row.quantity)?,
            customer_billable_account: line.customer.to_string(),
            usage_date: row.day.start().to_string(),
            metered_service: series.resource.resource_type().unwrap_or_default(),
            metered_service_type: "",
            metered_region: series.region.clone(),
            project: series.resource.to_string(),
            service_info: series.additional_info.clone(),
            invoice_line_item_type: LineType::Usage.word(),
            billing_provider: Provider::Azure.word(),
            attributes: Attributes::of("DailyUsageLineItem"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;
    use tenantry_core::{MeterId, OrderId, SubscriptionId, TenantId};

    const GUID: &str = "ab11cd22-0000-4000-8000-00000000000f";

    fn line(quantity: &str, list: &str, exact: &str, amount: &str) -> InvoiceLine {
        InvoiceLine {
            customer: TenantId::parse(GUID).unwrap(),
            customer_name: "Northwind".into(),
            customer_domain: "northwind.example.test".into(),
            subscription: SubscriptionId::parse(GUID).unwrap(),
            subscription_name: "Shop".into(),
            offer_name: "Microsoft Azure".into(),
            order: OrderId::parse(GUID).unwrap(),
            meter: MeterId::parse(GUID).unwrap(),
            meter_name: "Hours".into(),
            category: "Virtual Machines".into(),
            subcategory: "A1".into(),
            region: "".into(),
            unit: "1 Hour".into(),
            service_month: "2020-02".into(),
            quantity: quantity.into(),
            list: list.into(),
            exact: exact.into(),
            amount: amount.into(),
            pricing_currency: "".into(),
            pricing_exact: "".into(),
        }
    }

    fn item(line: &InvoiceLine, tax: i128) -> String {
        let parties = Parties {
            partner: GUID.to_owned(),
            partner_name: "CONTOSO".to_owned(),
            mpn_id: 4_847_383,
            invoice: "D200000001".to_owned(),
            currency: Currency::USD,
        };
        serde_json::to_string(&BillingLine::new(&parties, 7, line, Money::from_minor(tax, Currency::USD)).unwrap())
            .unwrap()
    }

    #[test]
    fn figures_are_exact_and_add_up() {
        for (quantity, list, exact, amount, tax, figures) in [
            (
                "743.983353",
                "44.63900118",
                "37.943151003",
                "37.94",
                0,
                r#""listPrice":0.06,"consumptionPrice":44.63900118,"consumptionDiscount":6.69900118,"currency":"USD","pretaxCharges":37.94,"taxAmount":0,"postTaxTotal":37.94,"pretaxEffectiveRate":0.051,"postTaxEffectiveRate":0.051,"#,
            ),
            (
                "10",
                "1",
                "0.85",
                "0.85",
                16,
                r#""pretaxCharges":0.85,"taxAmount":0.16,"postTaxTotal":1.01,"pretaxEffectiveRate":0.085,"postTaxEffectiveRate":0.101,"#,
            ),
            // A price was corrected: no quantity, and money back.
            (
                "0",
                "-1.5",
                "-1.275",
                "-1.28",
                0,
                r#""listPrice":0,"consumptionPrice":-1.5,"consumptionDiscount":-0.22,"currency":"USD","pretaxCharges":-1.28,"taxAmount":0,"postTaxTotal":-1.28,"pretaxEffectiveRate":0,"postTaxEffectiveRate":0,"#,
            ),
        ] {
            let text = item(&line(quantity, list, exact, amount), tax);
            assert!(text.contains(figures), "{text}");
        }
    }

    #[test]
    fn clients_find_the_class_and_the_whole_numbers() {
        let item: Value = serde_json::from_str(&item(&line("1", "1", "1", "1.00"), 0)).unwrap();
        for (member, value) in [
            ("billingProvider", "azure"),
            ("invoiceLineItemType", "billing_line_items"),
            ("subscriptionId", "AB11CD22-0000-4000-8000-00000000000F"),
            ("customerId", GUID),
            ("chargeStartDate", "2020-02-01T00:00:00Z"),
            ("chargeEndDate", "2020-02-29T23:59:59Z"),
            ("chargeType", CHARGE_TYPE),
        ] {
            assert_eq!(item[member], value, "{member}");
        }
        for (member, value) in [("mpnId", 4_847_383), ("tier2MpnId", -1), ("detailLineItemId", 7)] {
            assert_eq!(item[member].as_i64(), Some(value), "{member}");
        }
    }
}
