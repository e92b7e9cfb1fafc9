//! The field's licence-based reconciliation file: a row per line of seats, charged in advance.
//!
//! A row is a line of the document as it stands there, reversals with their minus, so the file sums to it without a row
//! for rounding. What the field fills with the numbers of its older billing system and we have none for is said by ours:
//! `SubscriptionId` and `SyndicationPartnerSubscriptionNumber` are both the subscription, `OfferId` and `DurableOfferId`
//! both the offer. Discounts are in the unit price: what a seat costs this buyer.

use crate::cells::{Cells, Column};
use crate::document::{Document, PlacedLine};
use crate::format::Format;
use crate::seats_line::{Covers, PlacedSeats, SeatFigures};
use tenantry_core::{Amount, Problem};
use tenantry_rating::{SeatCycle, SeatForm};
use tenantry_usage::LineRow;

/// The columns of `reconciliation-files/columns-license-based.csv` of the data sets (CC-BY-4.0).
static COLUMNS: [Column; 28] = [
    Column::text("PartnerId"),
    Column::text("CustomerId"),
    Column::text("CustomerName"),
    Column::text("MpnId"),
    Column::text("ResellerMpnId"),
    Column::text("OrderId"),
    Column::text("SubscriptionId"),
    Column::text("SyndicationPartnerSubscriptionNumber"),
    Column::text("OfferId"),
    Column::text("DurableOfferId"),
    Column::text("OfferName"),
    Column::text("SubscriptionStartDate"),
    Column::text("SubscriptionEndDate"),
    Column::text("ChargeStartDate"),
    Column::text("ChargeEndDate"),
    Column::text("ChargeType"),
    Column::exact("UnitPrice"),
    Column::exact("Quantity"),
    Column::exact("Amount"),
    Column::exact("TotalOtherDiscount"),
    Column::exact("Subtotal").summed(),
    Column::exact("Tax").summed(),
    Column::exact("TotalForCustomer").summed(),
    Column::text("Currency"),
    Column::text("DomainName"),
    Column::text("SubscriptionName"),
    Column::text("SubscriptionDescription"),
    Column::text("BillingCycleType"),
];

/// The format.
#[derive(Debug, Default)]
pub struct LicenceBased;

impl Format for LicenceBased {
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
        let subscription = line.subscription.to_string();
        out.text(&document.buyer_id);
        out.text(&line.customer.to_string());
        out.text(&line.customer_name);
        out.text(&document.mpn_id);
        out.null(); // no reseller below the buyer is named on its documents
        out.text(&line.order.to_string());
        out.text(&subscription);
        out.text(&subscription);
        out.text(line.offer.as_str());
        out.text(line.offer.as_str());
        out.text(&line.offer_name);
        out.day(figures.term.0);
        out.day(figures.term.1);
        out.day(figures.charged.0);
        out.day(figures.charged.1);
        out.text(&line.charge_type);
        out.exact(figures.unit);
        out.quantity(figures.quantity);
        out.exact(figures.amount);
        out.exact(Amount::ZERO);
        out.exact(figures.amount);
        out.exact(figures.tax);
        out.exact(figures.amount + figures.tax);
        out.text(document.currency.code());
        out.text(&line.customer_domain);
        out.text(&line.subscription_name);
        out.text(&line.offer_name);
        out.text(cycle_name(line.cycle));
        out.end_row()
    }

    fn end(&mut self, _: &Document, _: &mut dyn Cells) -> Result<(), Problem> {
        Ok(())
    }

    fn owed(&self) -> (&'static str, bool) {
        ("Subtotal", false)
    }

    fn covers(&self) -> Covers {
        Covers::Seats(SeatForm::Licence)
    }

    fn name(&self) -> &'static str {
        "licence"
    }

    fn version(&self) -> &'static str {
        "1"
    }
}

/// As the sample of the field writes it: `Monthly`.
pub(crate) const fn cycle_name(cycle: SeatCycle) -> &'static str {
    match cycle {
        SeatCycle::Monthly => "Monthly",
        SeatCycle::Annual => "Annual",
    }
}
