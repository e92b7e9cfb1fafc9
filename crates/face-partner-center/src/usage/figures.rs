//! The draft of the open period and the sums that are asked of it.

use crate::params;
use crate::usage::record::{NamedCurrency, Period, Record};
use std::collections::BTreeMap;
use tenantry_billing::{Draft, DraftLine, unbilled};
use tenantry_commerce::{Billing, Partner, Subscription, edge_of, partner_get};
use tenantry_core::{
    Currency, MeterId, Money, Month, Problem, Quantity, Rounding, SubscriptionId, TenantId, Timestamp,
};
use tenantry_http::Call;
use tenantry_metering::UsageBudget;

/// What a partner owes and no document shows yet.
pub(super) struct Figures {
    /// Whose figures.
    pub(super) partner: Partner,
    /// The months they are for.
    pub(super) period: Period,
    draft: Draft,
    /// What is planned for customers in the running month.
    budgets: BTreeMap<TenantId, UsageBudget>,
    now: Timestamp,
}

/// What one meter of a subscription comes to.
pub(super) struct MeterFigure<'a> {
    /// The meter.
    pub(super) meter: MeterId,
    /// A line of it, for its names.
    pub(super) line: &'a DraftLine,
    /// All that was used, also what waits for a price.
    pub(super) quantity: Quantity,
    /// What it comes to.
    pub(super) total: Money,
}

impl Figures {
    /// The figures of the partner that calls, as known now.
    pub(super) async fn of(call: &Call) -> Result<Self, Problem> {
        let (ctx, metering, partner) = (&call.ctx, call.world.metering(), params::partner(call)?);
        let edge = edge_of(ctx, call.world.db(), partner).await?;
        let partner = partner_get(ctx, call.world.db(), partner).await?;
        let now = ctx.now();
        let current = Month::of(now.day());
        let draft = unbilled(ctx, call.world.db(), metering, &edge, current).await?;
        let closed = metering.last_closed_month().await;
        let used = draft.lines.iter().map(|line| line.month).min();
        let period = open_period(current, closed, used);
        let budgets = metering.usage_budgets(ctx).await?;
        Ok(Self { partner, period, draft, budgets, now })
    }

    /// The partner's budget of a customer.
    pub(super) fn budget(&self, customer: TenantId) -> Option<&UsageBudget> {
        self.budgets.get(&customer)
    }

    /// How many of its budgets stand like this.
    pub(super) fn budgets_that(&self, stand: fn(&UsageBudget) -> bool) -> usize {
        self.budgets.values().filter(|budget| stand(budget)).count()
    }

    /// What all of it comes to.
    pub(super) fn total(&self) -> Result<Money, Problem> {
        self.sum_of(self.draft.lines.iter())
    }

    /// What a customer's part comes to.
    pub(super) fn total_of_customer(&self, customer: TenantId) -> Result<Money, Problem> {
        self.sum_of(self.draft.lines.iter().filter(|line| line.customer == customer))
    }

    /// What the part of some subscriptions comes to.
    pub(super) fn total_of(&self, of: &[SubscriptionId]) -> Result<Money, Problem> {
        self.sum_of(self.lines_of(of))
    }

    /// The lines of some subscriptions.
    pub(super) fn lines_of(&self, of: &[SubscriptionId]) -> impl Iterator<Item = &DraftLine> {
        self.draft.lines.iter().filter(|line| of.contains(&line.subscription))
    }

    /// How lines are rounded.
    pub(super) const fn rounding(&self) -> Rounding {
        self.draft.rounding
    }

    /// The meters of some subscriptions. Late usage of an earlier month is added to its meter.
    pub(super) fn meters(&self, of: &[SubscriptionId]) -> Result<Vec<MeterFigure<'_>>, Problem> {
        let mut by_meter: BTreeMap<MeterId, Vec<&DraftLine>> = BTreeMap::new();
        for line in self.lines_of(of) {
            by_meter.entry(line.meter).or_default().push(line);
        }
        let mut figures = Vec::with_capacity(by_meter.len());
        for (meter, lines) in by_meter {
            let used = lines.iter().flat_map(|line| [line.quantity, line.unrated]);
            let quantity = used.fold(Quantity::ZERO, |sum, used| sum.checked_add(used).unwrap_or(sum));
            let total = self.sum_of(lines.iter().copied())?;
            // The newest month's names.
            let Some(line) = lines.last().copied() else { continue };
            figures.push(MeterFigure { meter, line, quantity, total });
        }
        Ok(figures)
    }

    /// The common part of a record about something.
    pub(super) fn record(&self, id: impl Into<String>, name: impl Into<String>, total: Money) -> Record {
        let currency = NamedCurrency::of(self.draft.currency, &self.partner);
        Record::new(id.into(), name.into(), total, (currency, Some(Quantity::ZERO.into())), self.now)
    }

    /// The common part of a record about a subscription, or something in it. Of Azure plans the currency is named by its
    /// code, and the amount in dollars is there as far as it is known: where it is billed in dollars.
    pub(super) fn record_of(
        &self,
        subscription: &Subscription,
        id: impl Into<String>,
        name: impl Into<String>,
        total: Money,
    ) -> Record {
        let offer = subscription.offer;
        if !offer.is_azure_plan() && !offer.is_under_azure_plan() {
            return self.record(id, name, total);
        }
        let currency = self.draft.currency;
        let dollars = (currency == Currency::USD).then(|| total.into());
        Record::new(id.into(), name.into(), total, (NamedCurrency::by_code(currency), dollars), self.now)
    }

    fn sum_of<'a>(&self, lines: impl Iterator<Item = &'a DraftLine>) -> Result<Money, Problem> {
        self.sum(lines.map(|line| line.amount))
    }

    /// A sum of amounts of this draft.
    pub(super) fn sum(&self, amounts: impl Iterator<Item = Money>) -> Result<Money, Problem> {
        Money::sum(amounts, self.draft.currency).map_err(|mismatch| Problem::corrupt(mismatch.to_string()))
    }
}

/// The months that no document covers yet. Right after a month's end these are two: the old one waits for late
/// usage before it is closed. Late usage of a month that is closed belongs to the open ones.
fn open_period(current: Month, closed: Option<Month>, first_used: Option<Month>) -> Period {
    let first = closed.map(Month::next).or(first_used).unwrap_or(current).min(current);
    Period::new(first.first_day(), current.last_day())
}

/// Whether a subscription has usage at all.
pub(super) fn is_metered(subscription: &Subscription) -> bool {
    subscription.offer.billing == Billing::Usage
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_open_period_begins_where_the_last_close_ended() {
        let month = |text| Month::parse(text).unwrap();
        for (closed, used, from, to) in [
            (None, None, "2020-06-01", "2020-06-30"),
            (None, Some("2020-04"), "2020-04-01", "2020-06-30"),
            (Some("2020-05"), Some("2020-03"), "2020-06-01", "2020-06-30"),
            (Some("2020-04"), Some("2020-05"), "2020-05-01", "2020-06-30"),
            (Some("2020-06"), None, "2020-06-01", "2020-06-30"),
        ] {
            let period = open_period(month("2020-06"), closed.map(month), used.map(month));
            let written = serde_json::to_string(&period).unwrap();
            let expected =
                format!(r#"{{"billingStartDate":"{from}T00:00:00+00:00","billingEndDate":"{to}T00:00:00+00:00"}}"#);
            assert_eq!(written, expected, "closed {closed:?}, used {used:?}");
        }
    }
}
