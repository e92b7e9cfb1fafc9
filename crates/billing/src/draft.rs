//! Lines rounded and summed: what the next document will show, or a past one showed. Pure.

use crate::fx::Priced;
use crate::seats::DraftSeatLine;
use std::collections::HashMap;
use std::sync::Arc;
use tenantry_core::{
    Amount, Currency, EdgeId, MeterId, Money, Month, PriceSheetId, Problem, Quantity, Rounding, SubscriptionId,
    TenantId,
};
use tenantry_rating::{MeterPrice, PriceBook};
use tenantry_usage::{Line, LineRow, UnpricedSeats};

/// The lines of one edge, each rounded once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The edge.
    pub edge: EdgeId,
    /// The currency of every amount in it.
    pub currency: Currency,
    /// How its lines were rounded: the edge's policy, or that of the document.
    pub rounding: Rounding,
    /// By subscription, service month, meter.
    pub lines: Vec<DraftLine>,
    /// What is charged for seats, by subscription.
    pub seats: Vec<DraftSeatLine>,
    /// Seats that wait for a price: on no document until there is one.
    pub unpriced: Vec<UnpricedSeats>,
    /// Whether `list` is what its buyer pays, not the public price: below the provider's edges.
    pub own_list: bool,
    /// Whether seats that an earlier close charged are converted with that one's rate: but for documents of older versions.
    pub period_rates: bool,
}

/// One line: a meter of a subscription in a service month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftLine {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// Whose it is.
    pub customer: TenantId,
    /// The meter.
    pub meter: MeterId,
    /// The month of the usage.
    pub month: Month,
    /// What the meter is called; `None` for one in no sheet. All lines of a meter share it.
    pub described: Option<Arc<MeterPrice>>,
    /// Priced quantity.
    pub quantity: Quantity,
    /// At list, exact.
    pub list: Amount,
    /// On this edge, exact.
    pub exact: Amount,
    /// On this edge, rounded: what is owed for the line.
    pub amount: Money,
    /// Quantity that waits for a price.
    pub unrated: Quantity,
    /// What stands behind it.
    pub rows: Vec<LineRow>,
    /// Of a line that was priced in another currency: what it was before. All amounts above are in the draft's.
    pub priced: Option<Priced>,
}

impl Draft {
    /// Rounds lines half even, our default. Meter names come from the sheet that priced a line, so that a document computed again years
    /// later carries the same ones; only a line without a price takes them from the newest sheet.
    #[must_use]
    pub fn new(edge: EdgeId, currency: Currency, lines: impl IntoIterator<Item = Line>, book: &PriceBook) -> Self {
        let rounding = Rounding::default();
        let mut descriptions = Descriptions { book, known: HashMap::new() };
        let lines = lines
            .into_iter()
            .map(|line| DraftLine {
                subscription: line.subscription,
                customer: line.customer,
                meter: line.meter,
                month: line.month,
                described: descriptions.of(&line),
                quantity: line.quantity,
                list: line.list,
                exact: line.charge,
                amount: line.charge.round(currency, rounding),
                unrated: line.unrated,
                rows: line.rows,
                priced: None,
            })
            .collect();
        let (seats, unpriced) = (Vec::new(), Vec::new());
        Self { edge, currency, rounding, lines, seats, unpriced, own_list: false, period_rates: true }
    }

    /// The same lines, each rounded once in another mode.
    #[must_use]
    pub fn rounded(mut self, rounding: Rounding) -> Self {
        if rounding == self.rounding {
            return self;
        }
        self.rounding = rounding;
        for line in &mut self.lines {
            line.amount = line.exact.round(self.currency, rounding);
        }
        // What was not converted is rounded already: by the terms of the seats.
        self.seats.iter_mut().for_each(|line| line.round(rounding, self.period_rates));
        self
    }

    /// What all lines come to.
    pub fn total(&self) -> Result<Money, Problem> {
        let seats = self.seats.iter().map(|line| line.amount);
        sum(self.lines.iter().map(|line| line.amount).chain(seats), self.currency)
    }
}

impl DraftLine {
    /// What rounding added (or took): the explicit rounding row of the files behind a document.
    #[must_use]
    pub fn rounding(&self) -> Amount {
        Amount::of(self.amount) - self.exact
    }
}

/// Meters as their sheets describe them, each looked up once.
struct Descriptions<'a> {
    book: &'a PriceBook,
    known: HashMap<(Option<PriceSheetId>, MeterId), Option<Arc<MeterPrice>>>,
}

impl Descriptions<'_> {
    fn of(&mut self, line: &Line) -> Option<Arc<MeterPrice>> {
        let book = self.book;
        let known = self.known.entry((line.sheet, line.meter)).or_insert_with(|| {
            let priced_by = line.sheet.and_then(|id| book.sheet(id)).and_then(|sheet| sheet.meters.get(&line.meter));
            priced_by.or_else(|| book.describe(line.meter)).cloned().map(Arc::new)
        });
        known.clone()
    }
}

/// Sums money of one currency; another currency in it is a fault of ours.
pub(crate) fn sum(items: impl IntoIterator<Item = Money>, currency: Currency) -> Result<Money, Problem> {
    Money::sum(items, currency).map_err(|mismatch| Problem::corrupt(mismatch.to_string()))
}
