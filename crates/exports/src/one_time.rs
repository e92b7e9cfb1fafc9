//! The field's one-time reconciliation file: what was bought by the modern agreement, a row per line of seats.
//!
//! `UnitPrice` is that of a whole term and `Subtotal` of the days that are charged, as in the field's worked cases;
//! `EffectiveUnitPrice` is what a seat comes to in this row. An offer of the modern catalogue is named by product, SKU
//! and availability in one id; the columns take it apart. What we know nothing of stays empty: quotes, promotions,
//! reservations, publisher ids.

use crate::cells::{Cells, Column};
use crate::document::{Document, PlacedLine};
use crate::format::Format;
use crate::licence_based::cycle_name;
use crate::seats_line::{Covers, PlacedSeats, SeatFigures};
use tenantry_core::{Amount, Problem, Quantity};
use tenantry_rating::SeatForm;
use tenantry_usage::LineRow;

/// The columns of `reconciliation-files/columns-one-time-and-azure-plan-invoice.csv` of the data sets (CC-BY-4.0).
static COLUMNS: [Column; 46] = [
    Column::text("PartnerId"),
    Column::text("CustomerId"),
    Column::text("CustomerName"),
    Column::text("CustomerDomainName"),
    Column::text("CustomerCountry"),
    Column::text("InvoiceNumber"),
    Column::text("MpnId"),
    Column::text("ResellerMpnId"),
    Column::text("OrderId"),
    Column::text("OrderDate"),
    Column::text("ProductId"),
    Column::text("SkuId"),
    Column::text("AvailabilityId"),
    Column::text("SkuName"),
    Column::text("ProductName"),
    Column::text("ChargeType"),
    Column::exact("UnitPrice"),
    Column::exact("Quantity"),
    Column::exact("Subtotal").summed(),
    Column::exact("TaxTotal").summed(),
    Column::exact("Total").summed(),
    Column::text("Currency"),
    Column::text("PriceAdjustmentDescription"),
    Column::text("PublisherName"),
    Column::text("PublisherId"),
    Column::text("SubscriptionDescription"),
    Column::text("SubscriptionId"),
    Column::text("ChargeStartDate"),
    Column::text("ChargeEndDate"),
    Column::text("TermAndBillingCycle"),
    Column::exact("EffectiveUnitPrice"),
    Column::text("UnitType"),
    Column::text("AlternateId"),
    Column::exact("BillableQuantity"),
    Column::text("BillingFrequency"),
    Column::text("PricingCurrency"),
    Column::exact("PCToBCExchangeRate"),
    Column::text("PCToBCExchangeRateDate"),
    Column::text("MeterDescription"),
    Column::text("ReservationOrderId"),
    Column::text("CreditReasonCode"),
    Column::text("SubscriptionStartDate"),
    Column::text("SubscriptionEndDate"),
    Column::text("ReferenceID"),
    Column::text("ProductQualifiers"),
    Column::text("PromotionID"),
];

const UNIT: &str = "Licenses";

/// The format.
#[derive(Debug, Default)]
pub struct OneTime;

impl Format for OneTime {
    fn columns(&self) -> &'static [Column] {
        &COLUMNS
    }

    fn begin_line(&mut self, _: &Document, _: &PlacedLine<'_>) -> Result<(), Problem> {
        Ok(())
    }

    fn row(&mut self, _: &Document, _: &PlacedLine<'_>, _: &LineRow, _: &mut dyn Cells) -> Result<(), Problem> {
        Ok(())
    }

    fn end_line(&mut self, _: &Document, _: &PlacedLine<'_>, _: &mut dyn Cells) -> Result<(), Problem> {
        Ok(())
    }

    fn seats(&mut self, document: &Document, seats: &PlacedSeats<'_>, out: &mut dyn Cells) -> Result<(), Problem> {
        let (line, figures) = (seats.line, SeatFigures::of(document, seats)?);
        let mut item = line.offer.as_str().splitn(3, ':');
        out.text(&document.buyer_id);
        out.text(&line.customer.to_string());
        out.text(&line.customer_name);
        out.text(&line.customer_domain);
        out.text(&line.market);
        out.text(document.number());
        out.text(&document.mpn_id);
        out.null(); // no reseller below the buyer is named on its documents
        out.text(&line.order.to_string());
        out.day(figures.bought);
        (0..3).for_each(|_| out.text(item.next().unwrap_or_default()));
        out.text(&line.offer_name);
        out.text(&line.offer_name);
        out.text(&line.charge_type);
        out.exact(figures.unit);
        out.quantity(figures.quantity);
        out.exact(figures.amount);
        out.exact(figures.tax);
        out.exact(figures.amount + figures.tax);
        out.text(document.currency.code());
        out.null();
        out.text(&document.seller.name);
        out.null();
        out.text(&line.offer_name);
        out.text(&line.subscription.to_string());
        out.day(figures.charged.0);
        out.day(figures.charged.1);
        out.text(cycle_name(line.cycle));
        out.text(&effective(&figures).unwrap_or_default());
        out.text(UNIT);
        out.null();
        out.quantity(figures.quantity);
        out.text(cycle_name(line.cycle));
        Self::say_rate(document, seats, out);
        out.null(); // seats have no meter
        out.null();
        out.null();
        out.day(figures.term.0);
        out.day(figures.term.1);
        (0..3).for_each(|_| out.null());
        out.end_row()
    }

    fn end(&mut self, _: &Document, _: &mut dyn Cells) -> Result<(), Problem> {
        Ok(())
    }

    fn owed(&self) -> (&'static str, bool) {
        ("Subtotal", false)
    }

    fn covers(&self) -> Covers {
        Covers::Seats(SeatForm::OneTime)
    }

    fn name(&self) -> &'static str {
        "one-time"
    }

    fn version(&self) -> &'static str {
        "1"
    }
}

impl OneTime {
    fn say_rate(document: &Document, seats: &PlacedSeats<'_>, out: &mut dyn Cells) {
        match document.fx_of_seats(seats.line) {
            Some(fx) => {
                out.text(&fx.from);
                out.text(&fx.rate);
                out.text(&fx.dated);
            }
            None => {
                out.text(document.currency.code());
                out.quantity(Quantity::whole(1));
                out.null();
            }
        }
    }
}

/// What a seat comes to, without its sign: the row's amount by its seats.
fn effective(figures: &SeatFigures) -> Option<String> {
    let below = figures.amount < Amount::ZERO;
    let amount = if below { Amount::ZERO - figures.amount } else { figures.amount };
    amount.per_unit(figures.quantity)
}
