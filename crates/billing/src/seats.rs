//! Seats on documents: lines that are charged in advance and by the day, beside those of metered usage.
//!
//! They come from the fold ready and rounded ([`tenantry_usage::SeatBillLine`]): the field prints the price of a seat in
//! cents, so it is rounded where a seat is, by the terms of the subscription. The rounding of an edge has nothing left
//! to do but for what was converted from another currency. They stand behind the lines of usage, and wherever a document
//! is summed, taxed, credited or laid out in a file they are in it.

use crate::fx::Priced;
use crate::invoice::{self, Invoice};
use crate::issue::NamedSubscription;
use crate::{Draft, InvoiceLine};
use serde::{Deserialize, Serialize};
use smol_str::{SmolStr, ToSmolStr};
use std::collections::BTreeMap;
use std::sync::Arc;
use tenantry_core::{
    Amount, Currency, Day, Factor, MeterId, Money, Month, OfferId, OrderId, Problem, Quantity, Rate, Rounding,
    SubscriptionId, TenantId,
};
use tenantry_rating::{FxRates, SeatCycle, SeatForm};
use tenantry_usage::{Fold, SeatBillLine};

/// A line of a draft that is for seats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftSeatLine {
    /// Days, seats and prices, in the currency of the prices.
    pub billed: SeatBillLine,
    /// At list, in the draft's currency.
    pub list: Amount,
    /// On this edge, in the draft's currency, before it was rounded.
    pub exact: Amount,
    /// What is owed for the line.
    pub amount: Money,
    /// Of a line that was priced in another currency: what it was before.
    pub priced: Option<Priced>,
    /// Whether it was converted with the rate of an earlier month: of the close that charged its period first.
    pub earlier_rate: bool,
    /// Whether `list` is what its buyer pays, not the public price.
    pub own_list: bool,
}

/// A line of a document that is for seats.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceSeatLine {
    /// The customer whose seats they are.
    pub customer: TenantId,
    /// The customer's name.
    pub customer_name: SmolStr,
    /// The customer's domain.
    pub customer_domain: SmolStr,
    /// The country of the prices.
    pub market: SmolStr,
    /// The subscription.
    pub subscription: SubscriptionId,
    /// Its name.
    pub subscription_name: SmolStr,
    /// What was ordered.
    pub offer: OfferId,
    /// What that is called.
    pub offer_name: SmolStr,
    /// The order.
    pub order: OrderId,
    /// How it is written on files.
    pub form: SeatForm,
    /// How long a price lasts.
    pub cycle: SeatCycle,
    /// Why the line stands there, in the word of the field's files.
    pub charge_type: SmolStr,
    /// The day of the purchase.
    pub bought: SmolStr,
    /// The first day charged or given back.
    pub charge_start: SmolStr,
    /// The last, charged as well.
    pub charge_end: SmolStr,
    /// The first day of the period these are in.
    pub term_start: SmolStr,
    /// Its last.
    pub term_end: SmolStr,
    /// Seats.
    pub seats: i64,
    /// What a seat costs for a whole period before what the seller makes of it; below the provider's edges its buyer's
    /// own price, as `own_list` of the document says. In the currency of the price.
    pub list_price: SmolStr,
    /// A seat for those days.
    pub unit_price: SmolStr,
    /// At list.
    pub list: SmolStr,
    /// What is owed, before it was rounded.
    pub exact: SmolStr,
    /// What is owed.
    pub amount: SmolStr,
    /// The import of list prices it was charged by.
    pub price_import: u64,
    /// The currency of the price; not written where it is the document's.
    #[serde(default, skip_serializing_if = "SmolStr::is_empty")]
    pub pricing_currency: SmolStr,
    /// What was owed in that currency; not written where nothing was converted.
    #[serde(default, skip_serializing_if = "SmolStr::is_empty")]
    pub pricing_amount: SmolStr,
    /// The month of the rate it was converted with, `2021-01`, if that is an earlier one than the document's: the document of
    /// that month charged its period. Not written where it is the document's own.
    #[serde(default, skip_serializing_if = "SmolStr::is_empty")]
    pub rate_month: SmolStr,
}

impl Draft {
    /// The draft with these lines for seats.
    #[must_use]
    pub(crate) fn with_seats(mut self, lines: Vec<SeatBillLine>) -> Self {
        let line = |billed: SeatBillLine| DraftSeatLine {
            list: Amount::of(billed.list),
            exact: Amount::of(billed.line.amount),
            amount: billed.line.amount,
            billed,
            priced: None,
            earlier_rate: false,
            own_list: false,
        };
        self.seats = lines.into_iter().map(line).collect();
        self
    }
}

impl DraftSeatLine {
    /// Puts the line into the currency of its document, with a rate of its month or of an earlier one. What is owed is still
    /// to be rounded.
    pub(crate) fn convert(&mut self, fx: Arc<FxRates>, earlier: bool) {
        let priced = Priced { exact: self.exact, fx };
        self.exact = self.exact.converted(priced.fx.rate);
        self.list = self.list.converted(priced.fx.rate);
        self.earlier_rate = earlier;
        self.priced = Some(priced);
    }

    /// Rounds what was converted; what was not is rounded already, by the terms of the seats. Below zero it is rounded as if
    /// above, so that what is given back cancels what was charged in a mode as well that is no mirror of itself (`floor`).
    /// Documents of older versions did without (`mirrored`).
    pub(crate) fn round(&mut self, rounding: Rounding, mirrored: bool) {
        let Some(Priced { fx, .. }) = &self.priced else { return };
        self.amount = if mirrored && self.exact < Amount::ZERO {
            (Amount::ZERO - self.exact).round(fx.to, rounding).negated()
        } else {
            self.exact.round(fx.to, rounding)
        };
    }

    /// Hides what the public price is.
    pub(crate) fn show_own_list(&mut self) {
        self.list = self.exact;
        self.own_list = true;
    }

    /// A seat for the days of the line, in the currency of the document.
    fn unit(&self) -> Amount {
        let unit = Amount::of(self.billed.line.unit);
        self.priced.as_ref().map_or(unit, |priced| unit.converted(priced.fx.rate))
    }

    /// A seat for a whole period: at list, or what its buyer pays.
    fn list_price(&self) -> Amount {
        let factor = if self.own_list { self.billed.factor } else { Factor::ONE };
        Amount::priced(Quantity::whole(1), self.billed.list_rate, factor)
    }
}

/// A line of a draft as it stands on a document.
pub(crate) fn document_seat_line(
    line: &DraftSeatLine,
    names: &BTreeMap<SubscriptionId, NamedSubscription>,
) -> Result<InvoiceSeatLine, Problem> {
    let SeatBillLine { subscription, offer, form, cycle, market, bought, import_no, line: billed, .. } = &line.billed;
    let named =
        names.get(subscription).ok_or_else(|| Problem::corrupt(format!("no name for subscription {subscription}")))?;
    Ok(InvoiceSeatLine {
        customer: named.customer,
        customer_name: named.customer_name.clone(),
        customer_domain: named.customer_domain.clone(),
        market: SmolStr::from(market),
        subscription: *subscription,
        subscription_name: named.name.clone(),
        offer: offer.clone(),
        offer_name: named.offer_name.clone(),
        order: named.order,
        form: *form,
        cycle: *cycle,
        charge_type: SmolStr::new_static(billed.reason.charge_type(*form, *cycle)),
        bought: bought.to_smolstr(),
        charge_start: billed.period.first().to_smolstr(),
        charge_end: billed.period.last().to_smolstr(),
        term_start: billed.term.first().to_smolstr(),
        term_end: billed.term.last().to_smolstr(),
        seats: billed.seats,
        list_price: line.list_price().to_smolstr(),
        unit_price: if line.priced.is_some() { line.unit().to_smolstr() } else { billed.unit.to_smolstr() },
        list: line.list.to_smolstr(),
        exact: line.exact.to_smolstr(),
        amount: line.amount.to_smolstr(),
        price_import: *import_no,
        pricing_currency: line.priced.as_ref().map(|priced| SmolStr::new(priced.fx.from.code())).unwrap_or_default(),
        pricing_amount: line.priced.as_ref().map(|_| billed.amount.to_smolstr()).unwrap_or_default(),
        rate_month: match &line.priced {
            Some(priced) if line.earlier_rate => priced.fx.month.to_smolstr(),
            _ => SmolStr::default(),
        },
    })
}

/// The lines of a draft as they stand on a document: by customer and subscription, each in the order it happened.
pub(crate) fn document_seat_lines(
    draft: &Draft,
    names: &BTreeMap<SubscriptionId, NamedSubscription>,
) -> Result<Vec<InvoiceSeatLine>, Problem> {
    let mut lines =
        draft.seats.iter().map(|line| document_seat_line(line, names)).collect::<Result<Vec<_>, Problem>>()?;
    let order = |line: &InvoiceSeatLine| {
        (line.customer_name.clone(), line.customer, line.subscription_name.clone(), line.subscription)
    };
    // Stable: the lines of a subscription stay as the bill made them, a reversal before what replaces it.
    lines.sort_by_key(order);
    Ok(lines)
}

impl NamedSubscription {
    /// As an issued document names it.
    pub(crate) fn of_seats(line: &InvoiceSeatLine) -> Self {
        Self {
            customer: line.customer,
            customer_name: line.customer_name.clone(),
            customer_domain: line.customer_domain.clone(),
            name: line.subscription_name.clone(),
            offer_name: line.offer_name.clone(),
            order: line.order,
        }
    }
}

impl InvoiceSeatLine {
    /// What is owed.
    pub fn amount(&self, currency: Currency) -> Result<Money, Problem> {
        invoice::money(&self.amount, currency)
    }

    /// What is owed, before it was rounded.
    pub fn exact(&self) -> Result<Amount, Problem> {
        invoice::amount(&self.exact)
    }

    /// At list.
    pub fn list(&self) -> Result<Amount, Problem> {
        invoice::amount(&self.list)
    }

    /// A seat for the days of the line.
    pub fn unit_price(&self) -> Result<Amount, Problem> {
        invoice::amount(&self.unit_price)
    }

    /// A seat for a whole period at list, in the currency of the price.
    pub fn list_price(&self) -> Result<Rate, Problem> {
        Rate::parse(&self.list_price).map_err(|error| Problem::corrupt(format!("an issued document: {error}")))
    }

    /// A day that stands on it.
    pub fn day(text: &str) -> Result<Day, Problem> {
        Day::parse(text).map_err(|error| Problem::corrupt(format!("an issued document: {error}")))
    }

    /// The days charged, as people read them.
    #[must_use]
    pub fn charged(&self) -> String {
        format!("{} to {}", self.charge_start, self.charge_end)
    }
}

/// What a credit note may give back of: a line of either kind, in the order of the document.
pub(crate) struct Creditable<'a> {
    pub(crate) customer: TenantId,
    pub(crate) customer_name: &'a str,
    pub(crate) subscription: SubscriptionId,
    pub(crate) subscription_name: &'a str,
    /// Seats have none: the nil id.
    pub(crate) meter: MeterId,
    /// The meter, or the offer.
    pub(crate) name: &'a str,
    pub(crate) service_month: &'a str,
    pub(crate) amount: &'a str,
}

impl<'a> Creditable<'a> {
    fn usage(line: &'a InvoiceLine) -> Self {
        Self {
            customer: line.customer,
            customer_name: &line.customer_name,
            subscription: line.subscription,
            subscription_name: &line.subscription_name,
            meter: line.meter,
            name: &line.meter_name,
            service_month: &line.service_month,
            amount: &line.amount,
        }
    }

    fn seats(line: &'a InvoiceSeatLine, month: &'a str) -> Self {
        Self {
            customer: line.customer,
            customer_name: &line.customer_name,
            subscription: line.subscription,
            subscription_name: &line.subscription_name,
            meter: MeterId::new(uuid::Uuid::nil()),
            name: &line.offer_name,
            service_month: month,
            amount: &line.amount,
        }
    }
}

impl Invoice {
    /// All lines, those of usage first, then those of seats.
    pub(crate) fn creditable(&self) -> impl Iterator<Item = Creditable<'_>> {
        let seats = self.seat_lines.iter().map(|line| Creditable::seats(line, &self.month));
        self.lines.iter().map(Creditable::usage).chain(seats)
    }

    /// What its lines of metered usage come to.
    pub fn usage_net(&self) -> Result<Money, Problem> {
        let currency = self.currency()?;
        let lines = self.lines.iter().map(|line| line.amount(currency)).collect::<Result<Vec<_>, _>>()?;
        crate::draft::sum(lines, currency)
    }

    /// What its lines of seats in a form come to.
    pub fn seats_net(&self, form: SeatForm) -> Result<Money, Problem> {
        let currency = self.currency()?;
        let lines = self.seat_lines.iter().filter(|line| line.form == form);
        crate::draft::sum(lines.map(|line| line.amount(currency)).collect::<Result<Vec<_>, _>>()?, currency)
    }
}

/// Holds the seats of a close against what one single run since the purchase would have billed: any number of closes
/// comes to the same sum, so what they did not bill together was billed wrongly by one of them.
///
/// The fold says which subscriptions there are, not the draft: one that was lost on the way is missed. What waits for a
/// price is in neither sum.
pub(crate) fn prove(fold: &Fold, draft: &Draft, run: (Option<u32>, Month)) -> Result<(), String> {
    let mut sums: BTreeMap<_, i128> = fold.seats_sold_through(draft.edge).map(|id| (id, 0)).collect();
    for line in &draft.seats {
        let id = line.billed.subscription;
        if !is_as_charged(draft, line) {
            return Err(format!("a line of the seats of subscription {id} is not what was charged for them"));
        }
        let sum = sums.entry(id).or_default();
        let more = sum.checked_add(line.billed.line.amount.minor());
        *sum = more.ok_or_else(|| format!("the seats of subscription {id} leave the range of money"))?;
    }
    for (id, billed) in sums {
        let (before, all) = fold.seats_proof(draft.edge, id, run);
        if before.checked_add(billed) != Some(all) {
            return Err(format!(
                "the seats of subscription {id} that were billed so far do not come to what one bill of them all would"
            ));
        }
    }
    Ok(())
}

/// Whether a line is what was charged: to the cent, or times the rate it was converted with and rounded once.
fn is_as_charged(draft: &Draft, line: &DraftSeatLine) -> bool {
    let charged = Amount::of(line.billed.line.amount);
    let exact = match &line.priced {
        None => line.billed.currency == draft.currency && line.exact == charged,
        Some(Priced { fx, exact }) => {
            (fx.from, fx.to) == (line.billed.currency, draft.currency)
                && *exact == charged
                && line.exact == charged.converted(fx.rate)
        }
    };
    let mut again = DraftSeatLine { amount: line.billed.line.amount, ..line.clone() };
    again.round(draft.rounding, draft.period_rates);
    exact && again.amount == line.amount
}

#[cfg(test)]
mod tests;
