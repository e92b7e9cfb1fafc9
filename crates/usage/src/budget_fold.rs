//! Budgets within the fold: what the book asks of it, and what others may ask of the book.

use crate::account::Account;
use crate::budget::{BudgetAction, BudgetId, BudgetScope, BudgetTerms};
use crate::budget_book::{BudgetBook, Charges};
use crate::fold::Fold;
use crate::record::SubscriptionTerms;
use std::collections::BTreeSet;
use tenantry_core::{Amount, Day, EdgeId, MeterId, Month, SubscriptionId};

/// What a resource's usage of a meter came to on a day, on one edge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayCharge {
    /// The day.
    pub day: Day,
    /// The meter.
    pub meter: MeterId,
    /// The resource, in lower case.
    pub resource: String,
    /// The region, in lower case; may be empty.
    pub region: String,
    /// The exact charge. Usage without a price comes to nothing.
    pub charge: Amount,
}

impl Fold {
    /// The budgets and what was spent of them.
    #[must_use]
    pub const fn budgets(&self) -> &BudgetBook {
        &self.budgets
    }

    /// Told that the subscriptions of [`BudgetBook::to_stop`] were looked at. (After a start, ask the book for the
    /// members of every limit that is reached: what is to be looked at is in no checkpoint.)
    pub fn stopped(&mut self, looked_at: &BTreeSet<SubscriptionId>) {
        self.budgets.stopped(looked_at);
    }

    /// The subscriptions that lie within a scope now.
    pub fn within<'a>(&'a self, scope: &'a BudgetScope) -> impl Iterator<Item = SubscriptionId> + 'a {
        let covered = self.subscriptions.values().filter(|known| scope.covers(&known.terms, |id| self.edges.get(&id)));
        covered.map(|known| known.terms.id)
    }

    /// The budgets that have reached their limit in a month, act so, and cover a subscription as its channel is now.
    pub fn limits_on(
        &self,
        subscription: SubscriptionId,
        month: Month,
        action: BudgetAction,
    ) -> impl Iterator<Item = &BudgetTerms> {
        let terms = self.subscription(subscription);
        let acting = self.budgets.acting_on(subscription, month, action);
        acting.filter(move |budget| terms.is_some_and(|terms| self.counts_in(budget, terms)))
    }

    /// Whether a subscription is sold over the edge of a budget, within its scope. A customer may have several
    /// partners; no budget of one touches what another sells.
    fn counts_in(&self, budget: &BudgetTerms, terms: &SubscriptionTerms) -> bool {
        terms.channel.contains(&budget.edge) && budget.scope.covers(terms, |id| self.edges.get(&id))
    }

    /// The subscriptions that used anything on a day, by id.
    #[must_use]
    pub fn used_on(&self, day: Day) -> BTreeSet<SubscriptionId> {
        let (month, number) = (Month::of(day), day.date().2.saturating_sub(1));
        let of_month = self.accounts.all.iter().filter(|account| account.key.month == month);
        let uses = |account: &&Account| {
            self.accounts.slots_of(account).any(|(_, slot)| slot.cells.iter().any(|(cell, _)| cell.day() == number))
        };
        of_month.filter(uses).map(|account| account.key.subscription).collect()
    }

    /// What a subscription's usage came to on an edge, by day, meter and resource, from a day through another.
    #[must_use]
    pub fn day_charges(&self, subscription: SubscriptionId, edge: EdgeId, from: Day, through: Day) -> Vec<DayCharge> {
        let mut found = Vec::new();
        for number in self.accounts.numbers_of(subscription, Some(Month::of(from)), Some(Month::of(through))) {
            for (day, series, charge) in self.charges_of(number, edge) {
                let Some(series) = self.series.get(series).filter(|_| from <= day && day <= through) else { continue };
                found.push(DayCharge {
                    day,
                    meter: series.meter,
                    resource: series.resource.folded(),
                    region: series.region.to_ascii_lowercase(),
                    charge,
                });
            }
        }
        found
    }

    /// Takes in what the record at a place has touched.
    pub(crate) fn settle_budgets(&mut self, seq: i64) {
        self.with_book(|book, fold| book.settle(seq, fold));
    }

    pub(crate) fn put_budget(&mut self, seq: i64, terms: BudgetTerms) {
        let on_edge = |id: &SubscriptionId| self.subscription(*id).is_some_and(|known| self.counts_in(&terms, known));
        let known: Vec<_> = self.within(&terms.scope).filter(on_edge).map(|id| (id, self.months_of(id))).collect();
        self.with_book(|book, fold| book.put(seq, terms, &known, fold));
    }

    pub(crate) fn remove_budget(&mut self, id: BudgetId) {
        self.budgets.remove(id);
    }

    /// The months a subscription has usage in.
    fn months_of(&self, subscription: SubscriptionId) -> Vec<Month> {
        let numbers = self.accounts.numbers_of(subscription, None, None);
        let months: BTreeSet<_> =
            numbers.filter_map(|number| self.accounts.at(number)).map(|account| account.key.month).collect();
        months.into_iter().collect()
    }

    /// Lends the book and the rest of the fold to each other.
    pub(crate) fn with_book(&mut self, work: impl FnOnce(&mut BudgetBook, &mut Self)) {
        let mut book = std::mem::take(&mut self.budgets);
        work(&mut book, self);
        self.budgets = book;
    }
}

impl Charges for Fold {
    fn of_month(&mut self, subscription: SubscriptionId, edge: EdgeId, month: Month) -> Amount {
        self.charged(subscription, edge, month)
    }

    fn of_group(&mut self, subscription: SubscriptionId, edge: EdgeId, month: Month, group: &str) -> Amount {
        let mut sum = Amount::ZERO;
        for number in self.accounts.numbers_of(subscription, Some(month), Some(month)) {
            for (_, series, charge) in self.charges_of(number, edge) {
                let of = self.series.get(series).and_then(|series| series.resource.resource_group());
                if of.is_some_and(|of| of.eq_ignore_ascii_case(group)) {
                    sum += charge;
                }
            }
        }
        sum
    }

    fn unbilled(&mut self, subscription: SubscriptionId, edge: EdgeId) -> Amount {
        self.running_charge(subscription, edge)
    }
}
