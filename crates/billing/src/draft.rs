//! Lines rounded and summed: what the next document will show, or a past one showed. Pure.

use tenantry_core::{
    Amount, Currency, EdgeId, MeterId, Money, Month, Problem, Quantity, Rounding, SubscriptionId, TenantId,
};
use tenantry_rating::{MeterPrice, PriceBook};
use tenantry_usage::{Line, LineRow};

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
    /// What the meter is called; `None` for one in no sheet.
    pub described: Option<MeterPrice>,
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
}

impl Draft {
    /// Rounds lines half even, our default. Meter names come from the sheet that priced a line, so that a document computed again years
    /// later carries the same ones; only a line without a price takes them from the newest sheet.
    #[must_use]
    pub fn new(edge: EdgeId, currency: Currency, lines: Vec<Line>, book: &PriceBook) -> Self {
        let rounding = Rounding::default();
        let lines = lines
            .into_iter()
            .map(|line| DraftLine {
                subscription: line.subscription,
                customer: line.customer,
                meter: line.meter,
                month: line.month,
                described: describe(&line, book).cloned(),
                quantity: line.quantity,
                list: line.list,
                exact: line.charge,
                amount: line.charge.round(currency, rounding),
                unrated: line.unrated,
                rows: line.rows,
            })
            .collect();
        Self { edge, currency, rounding, lines }
    }

    /// The same lines, each rounded once in another mode.
    #[must_use]
    pub fn rounded(mut self, rounding: Rounding) -> Self {
        self.rounding = rounding;
        for line in &mut self.lines {
            line.amount = line.exact.round(self.currency, rounding);
        }
        self
    }

    /// What all lines come to.
    pub fn total(&self) -> Result<Money, Problem> {
        sum(self.lines.iter().map(|line| line.amount), self.currency)
    }

    /// What the lines of one subscription come to.
    pub fn total_of(&self, subscription: SubscriptionId) -> Result<Money, Problem> {
        let lines = self.lines.iter().filter(|line| line.subscription == subscription);
        sum(lines.map(|line| line.amount), self.currency)
    }
}

impl DraftLine {
    /// What rounding added (or took): the explicit rounding row of the files behind a document.
    #[must_use]
    pub fn rounding(&self) -> Amount {
        Amount::of(self.amount) - self.exact
    }
}

fn describe<'a>(line: &Line, book: &'a PriceBook) -> Option<&'a MeterPrice> {
    let priced_by = line.rows.iter().rev().find_map(|row| row.sheet).and_then(|id| book.sheet(id));
    priced_by.and_then(|sheet| sheet.meters.get(&line.meter)).or_else(|| book.describe(line.meter))
}

/// Sums money of one currency; another currency in it is a fault of ours.
pub(crate) fn sum(items: impl IntoIterator<Item = Money>, currency: Currency) -> Result<Money, Problem> {
    Money::sum(items, currency).map_err(|mismatch| Problem::corrupt(mismatch.to_string()))
}
