//! The field's daily rated usage: a row per meter, resource and day, with its price and total before tax.
//!
//! The documentation of the field computes `BillingPreTaxTotal = FLOOR(EffectiveUnitPrice x Quantity x
//! PCToBCExchangeRate, 2)`. We do not: a floor loses up to a cent in every row, and a month of rows then says less than the
//! invoice asks for. Our totals are exact and the rounding of a line has a row of its own, so the file sums to the
//! invoice. Whoever needs the field's figure has all three factors in the row and can floor their product.
//!
//! Columns 53 to 55 (benefits) are later additions of the field. What we know nothing of stays empty: availability,
//! publisher id, entitlements and partner credits; tags and additional info too, of which only the newest are known.

use crate::cells::{Cells, Column};
use crate::document::{Document, PlacedLine};
use crate::format::Format;
use tenantry_billing::InvoiceLine;
use tenantry_core::{Amount, Problem, Quantity};
use tenantry_usage::LineRow;

/// The columns of `reconciliation-files/columns-daily-rated-usage.csv` of the data sets (CC-BY-4.0).
static COLUMNS: [Column; 55] = [
    Column::text("PartnerId"),
    Column::text("PartnerName"),
    Column::text("CustomerId"),
    Column::text("CustomerName"),
    Column::text("CustomerDomainName"),
    Column::text("CustomerCountry"),
    Column::text("MpnId"),
    Column::text("Tier2MpnId"),
    Column::text("InvoiceNumber"),
    Column::text("ProductId"),
    Column::text("SkuId"),
    Column::text("AvailabilityId"),
    Column::text("SkuName"),
    Column::text("ProductName"),
    Column::text("PublisherName"),
    Column::text("PublisherId"),
    Column::text("SubscriptionDescription"),
    Column::text("SubscriptionId"),
    Column::text("ChargeStartDate"),
    Column::text("ChargeEndDate"),
    Column::text("UsageDate"),
    Column::text("MeterType"),
    Column::text("MeterCategory"),
    Column::text("MeterId"),
    Column::text("MeterSubCategory"),
    Column::text("MeterName"),
    Column::text("MeterRegion"),
    Column::text("Unit"),
    Column::text("ResourceLocation"),
    Column::text("ConsumedService"),
    Column::text("ResourceGroup"),
    Column::text("ResourceURI"),
    Column::text("ChargeType"),
    Column::exact("UnitPrice"),
    Column::exact("Quantity"),
    Column::text("UnitType"),
    Column::exact("BillingPreTaxTotal").summed(),
    Column::text("BillingCurrency"),
    Column::exact("PricingPreTaxTotal"),
    Column::text("PricingCurrency"),
    Column::text("ServiceInfo1"),
    Column::text("ServiceInfo2"),
    Column::text("Tags"),
    Column::text("AdditionalInfo"),
    Column::exact("EffectiveUnitPrice"),
    Column::exact("PCToBCExchangeRate"),
    Column::text("PCToBCExchangeRateDate"),
    Column::text("EntitlementId"),
    Column::text("EntitlementDescription"),
    Column::exact("PartnerEarnedCreditPercentage"),
    Column::exact("CreditPercentage"),
    Column::text("CreditType"),
    Column::text("BenefitOrderId"),
    Column::text("BenefitId"),
    Column::text("BenefitType"),
];

/// Charge types: usage as the field's file has it, and our explicit rounding.
const USAGE: &str = "Usage";
const ROUNDING: &str = "Rounding";

/// The format.
#[derive(Debug, Default)]
pub struct DailyRated {
    head: Ids,
}

/// The ids of a line as text: they stand in each of its rows.
#[derive(Debug, Default)]
struct Ids {
    customer: String,
    subscription: String,
    meter: String,
}

/// What a row says beside its line.
struct Told<'a> {
    usage: Option<&'a LineRow>,
    quantity: Quantity,
    list: Amount,
    charge: Amount,
    /// The charge in the currency of the prices. Rounding is of the document's currency alone.
    priced: Amount,
}

impl DailyRated {
    fn say(
        &self,
        document: &Document,
        placed: &PlacedLine<'_>,
        told: &Told<'_>,
        out: &mut dyn Cells,
    ) -> Result<(), Problem> {
        let line = placed.line;
        let month = line.service_month()?;
        let per_unit = |amount: Amount| amount.per_unit(told.quantity).unwrap_or_default();
        let resource = told.usage.map(|row| &row.series.resource);
        out.text(&document.buyer_id);
        out.text(&document.buyer.name);
        out.text(&self.head.customer);
        out.text(&line.customer_name);
        out.text(&line.customer_domain);
        out.null(); // the customer's country is not on documents
        out.text(&document.mpn_id);
        out.null(); // no reseller below the buyer is named on its documents
        out.text(document.number());
        out.null();
        out.text(&self.head.meter);
        out.null();
        out.text(&line.meter_name);
        out.text(&line.category);
        out.text(&document.seller.name);
        out.null();
        out.text(&line.offer_name);
        out.text(&self.head.subscription);
        out.day(month.first_day());
        out.day(month.last_day());
        match told.usage {
            Some(row) => out.day(row.day),
            None => out.null(),
        }
        out.text(&line.unit);
        out.text(&line.category);
        out.text(&self.head.meter);
        out.text(&line.subcategory);
        out.text(&line.meter_name);
        out.text(&line.region);
        out.text(&line.unit);
        out.text(told.usage.map_or("", |row| &row.series.region));
        out.text(&resource.and_then(|resource| resource.resource_type()).unwrap_or_default());
        out.text(resource.and_then(|resource| resource.resource_group()).unwrap_or_default());
        out.text(resource.map_or("", |resource| resource.as_str()));
        out.text(if told.usage.is_some() { USAGE } else { ROUNDING });
        out.text(&per_unit(told.list));
        out.quantity(told.quantity);
        out.text(&line.unit);
        Self::say_money(document, line, told, out);
        out.end_row()
    }

    /// The columns from the total on. Mostly prices and billing are in one currency, and the rate between them is 1. Else
    /// billing total = pricing total x rate, exactly, but for what a line's rows share of its last digit.
    fn say_money(document: &Document, line: &InvoiceLine, told: &Told<'_>, out: &mut dyn Cells) {
        let currency = document.currency.code();
        let fx = document.fx_of(line);
        out.exact(told.charge);
        out.text(currency);
        out.exact(told.priced);
        out.text(fx.map_or(currency, |fx| &fx.from));
        (0..4).for_each(|_| out.null());
        out.text(&told.priced.per_unit(told.quantity).unwrap_or_default());
        match fx {
            Some(fx) => {
                out.text(&fx.rate);
                out.text(&fx.dated);
            }
            None => {
                out.text("1");
                out.null();
            }
        }
        (0..8).for_each(|_| out.null());
    }
}

impl Format for DailyRated {
    fn columns(&self) -> &'static [Column] {
        &COLUMNS
    }

    fn begin_line(&mut self, _: &Document, placed: &PlacedLine<'_>) -> Result<(), Problem> {
        self.head = Ids {
            customer: placed.line.customer.to_string(),
            subscription: placed.line.subscription.to_string(),
            meter: placed.line.meter.to_string(),
        };
        Ok(())
    }

    fn row(
        &mut self,
        document: &Document,
        line: &PlacedLine<'_>,
        row: &LineRow,
        out: &mut dyn Cells,
    ) -> Result<(), Problem> {
        let (charge, priced) = (row.charge, row.priced.unwrap_or(row.charge));
        // A line that was converted is its buyer's own at list, too: in the currency of the prices, like the unit price.
        let list = row.priced.unwrap_or(row.list);
        let told = Told { usage: Some(row), quantity: row.quantity, list, charge, priced };
        self.say(document, line, &told, out)
    }

    fn end_line(&mut self, document: &Document, line: &PlacedLine<'_>, out: &mut dyn Cells) -> Result<(), Problem> {
        let charge = Amount::of(line.line.amount(document.currency)?) - line.line.exact()?;
        if charge.is_zero() {
            return Ok(());
        }
        let priced = if document.fx_of(line.line).is_some() { Amount::ZERO } else { charge };
        let told = Told { usage: None, quantity: Quantity::ZERO, list: Amount::ZERO, charge, priced };
        self.say(document, line, &told, out)
    }

    fn end(&mut self, _: &Document, _: &mut dyn Cells) -> Result<(), Problem> {
        Ok(())
    }

    fn owed(&self) -> (&'static str, bool) {
        ("BillingPreTaxTotal", false)
    }

    fn name(&self) -> &'static str {
        "daily"
    }

    fn version(&self) -> &'static str {
        "1"
    }
}
