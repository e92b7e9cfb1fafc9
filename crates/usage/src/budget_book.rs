//! Budgets and what was spent of them, kept up to date record by record.
//!
//! The book knows nothing of rows, tiers and prices: it asks for the charge of a subscription ([`Charges`]) when a
//! record has touched it, and moves the budgets that cover it by the difference. So the cost of a batch grows with the
//! subscriptions it touches that have a budget, and not with the size of the channel; without budgets it is nothing.
//!
//! What it decides is a function of the log: which record crossed which threshold of which budget, counted from 1.
//! Whoever acts on crossings remembers the number it has come to and can always look again.

use crate::budget::{ACTION_PERCENT, BudgetAction, BudgetId, BudgetKind, BudgetScope, BudgetTerms, Crossing, Owed};
use crate::record::{EdgeTerms, SubscriptionTerms};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use tenantry_core::{Amount, EdgeId, Month, SubscriptionId};

/// What a subscription comes to on an edge, as known now.
pub(crate) trait Charges {
    /// All charges of the usage of a month, billed or not.
    fn of_month(&mut self, subscription: SubscriptionId, edge: EdgeId, month: Month) -> Amount;
    /// The same for the resources of one group, its name in lower case.
    fn of_group(&mut self, subscription: SubscriptionId, edge: EdgeId, month: Month, group: &str) -> Amount;
    /// Charges of any month that no document shows yet.
    fn unbilled(&mut self, subscription: SubscriptionId, edge: EdgeId) -> Amount;
}

/// What a figure is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
enum View {
    Month(Month),
    Group(Month, String),
    Unbilled,
}

/// The charge of a subscription that budgets hold at the moment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Cell {
    subscription: SubscriptionId,
    edge: EdgeId,
    view: View,
}

/// What counts against a limit, and which thresholds were told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Spent {
    amount: Amount,
    crossed: Vec<u16>,
}

/// A budget and its state. A credit limit has one entry, under no month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Watched {
    terms: BudgetTerms,
    spent: BTreeMap<Option<Month>, Spent>,
}

/// What is known of a buyer's debt beside its unbilled usage.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Debt {
    /// As told last.
    told: Option<Owed>,
    owed: Amount,
    through_close: u32,
    /// What closes billed whose documents are not in `owed` yet.
    billed: BTreeMap<u32, Amount>,
}

/// All budgets of a fold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BudgetBook {
    budgets: BTreeMap<BudgetId, Watched>,
    by_scope: BTreeMap<BudgetScope, BTreeSet<BudgetId>>,
    /// Which budgets a subscription counts in. One that leaves a partner's channel still counts for the edges it was
    /// on: what it used there is owed there.
    members: BTreeMap<SubscriptionId, BTreeSet<BudgetId>>,
    cells: BTreeMap<Cell, Amount>,
    debts: BTreeMap<EdgeId, Debt>,
    /// Those of open months and of the month closed last.
    crossings: Vec<Crossing>,
    counted: u64,
    /// Months up to this one are billed and watched no longer.
    closed: Option<Month>,
    /// What the record being applied has changed; under no month if only the unbilled rest can have.
    #[serde(skip)]
    touched: BTreeSet<(SubscriptionId, Option<Month>)>,
    #[serde(skip)]
    to_stop: BTreeSet<SubscriptionId>,
}

impl BudgetBook {
    /// Whether nothing is watched: the answer of most worlds, at no cost.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.budgets.is_empty()
    }

    /// The terms of a budget.
    #[must_use]
    pub fn get(&self, id: BudgetId) -> Option<&BudgetTerms> {
        self.budgets.get(&id).map(|watched| &watched.terms)
    }

    /// All budgets, by id.
    pub fn all(&self) -> impl Iterator<Item = &BudgetTerms> {
        self.budgets.values().map(|watched| &watched.terms)
    }

    /// What counts against a budget: in a month that is not closed yet, or against a credit limit whatever the month.
    #[must_use]
    pub fn spent(&self, id: BudgetId, month: Month) -> Amount {
        self.state(id, month).map_or(Amount::ZERO, |spent| spent.amount)
    }

    /// Whether the limit was reached. A monthly one stays reached until the budget is raised or removed or the month is
    /// over, whatever corrections take back; a credit limit until less is owed.
    #[must_use]
    pub fn reached(&self, id: BudgetId, month: Month) -> bool {
        self.state(id, month).is_some_and(Spent::is_reached)
    }

    /// The budgets that have reached their limit in a month, act so, and count a subscription.
    pub(crate) fn acting_on(
        &self,
        subscription: SubscriptionId,
        month: Month,
        action: BudgetAction,
    ) -> impl Iterator<Item = &BudgetTerms> {
        self.covering(subscription).filter(move |terms| terms.action == action && self.reached(terms.id, month))
    }

    /// The budgets that a subscription counts in.
    pub fn covering(&self, subscription: SubscriptionId) -> impl Iterator<Item = &BudgetTerms> {
        self.members.get(&subscription).into_iter().flatten().filter_map(|id| self.get(*id))
    }

    /// The subscriptions that count in a budget.
    pub fn members_of(&self, id: BudgetId) -> impl Iterator<Item = SubscriptionId> {
        self.members.iter().filter(move |(_, budgets)| budgets.contains(&id)).map(|(subscription, _)| *subscription)
    }

    /// Crossings after a number, oldest first.
    pub fn crossings_after(&self, number: u64) -> impl Iterator<Item = &Crossing> {
        let at = self.crossings.partition_point(|crossing| crossing.number <= number);
        self.crossings.iter().skip(at)
    }

    /// The number of the newest crossing; 0 before the first.
    #[must_use]
    pub const fn crossings_counted(&self) -> u64 {
        self.counted
    }

    /// Subscriptions that may have to be stopped since somebody asked last: those of a cap that was just reached, and
    /// those that used something under one that had been.
    #[must_use]
    pub const fn to_stop(&self) -> &BTreeSet<SubscriptionId> {
        &self.to_stop
    }

    /// Forgets what was handed out by [`BudgetBook::to_stop`].
    pub(crate) fn stopped(&mut self, subscriptions: &BTreeSet<SubscriptionId>) {
        self.to_stop.retain(|subscription| !subscriptions.contains(subscription));
    }

    /// What a buyer was last told to owe.
    #[must_use]
    pub fn owed(&self, edge: EdgeId) -> Option<Owed> {
        self.debts.get(&edge).and_then(|debt| debt.told)
    }

    fn state(&self, id: BudgetId, month: Month) -> Option<&Spent> {
        let watched = self.budgets.get(&id)?;
        let period = (watched.terms.kind == BudgetKind::Monthly).then_some(month);
        watched.spent.get(&period)
    }

    /// Usage of a subscription was counted.
    pub(crate) fn touched(&mut self, subscription: SubscriptionId, month: Month) {
        if self.members.contains_key(&subscription) {
            self.touched.insert((subscription, self.open(month)));
        }
    }

    /// Prices changed: everything that budgets hold has to be looked at again.
    pub(crate) fn all_touched(&mut self) {
        let held = self.cells.keys().map(|cell| match &cell.view {
            View::Month(month) | View::Group(month, _) => (cell.subscription, Some(*month)),
            View::Unbilled => (cell.subscription, None),
        });
        self.touched = held.collect();
    }

    /// The month, if it is still watched.
    fn open(&self, month: Month) -> Option<Month> {
        Some(month).filter(|month| Some(*month) > self.closed)
    }

    /// Takes in what a record touched: moves every budget by what changed, and finds the thresholds that were crossed.
    pub(crate) fn settle(&mut self, at_record: i64, charges: &mut impl Charges) {
        if self.touched.is_empty() {
            return;
        }
        let mut before: BTreeMap<(BudgetId, Option<Month>), Amount> = BTreeMap::new();
        for (subscription, month) in std::mem::take(&mut self.touched) {
            let budgets: Vec<_> = self.members.get(&subscription).into_iter().flatten().copied().collect();
            let mut changes: BTreeMap<Cell, Amount> = BTreeMap::new();
            for id in budgets {
                let Some(watched) = self.budgets.get_mut(&id) else { continue };
                let Some((period, cell)) = watched.counts(subscription, month) else { continue };
                let change = *changes.entry(cell).or_insert_with_key(|cell| {
                    let now = cell.ask(charges);
                    now - self.cells.insert(cell.clone(), now).unwrap_or_default()
                });
                let spent = watched.spent.entry(period).or_default();
                before.entry((id, period)).or_insert(spent.amount);
                spent.amount += change;
                if watched.terms.action == BudgetAction::Cap && spent.is_reached() {
                    self.to_stop.insert(subscription);
                }
            }
        }
        for ((id, period), before) in before {
            self.cross(at_record, id, period, before);
        }
    }

    /// Writes down the thresholds of a budget that are reached now and were not told yet.
    fn cross(&mut self, at_record: i64, id: BudgetId, period: Option<Month>, before: Amount) {
        let Some(Watched { terms, spent }) = self.budgets.get_mut(&id) else { return };
        let spent = spent.entry(period).or_default();
        if terms.kind == BudgetKind::Credit {
            // No month ends here: what was paid back can be reached again.
            spent.crossed.retain(|percent| spent.amount >= terms.bound(*percent));
        }
        let mut caps = false;
        for &threshold in &terms.thresholds {
            if spent.crossed.contains(&threshold) || spent.amount < terms.bound(threshold) {
                continue;
            }
            spent.crossed.push(threshold);
            self.counted += 1;
            let action = if threshold == ACTION_PERCENT { terms.action } else { BudgetAction::Notify };
            caps |= action == BudgetAction::Cap;
            self.crossings.push(Crossing {
                number: self.counted,
                at_record,
                budget: id,
                month: period,
                threshold,
                action,
                before,
                spent: spent.amount,
                limit: terms.limit,
            });
        }
        if caps {
            let members: Vec<_> = self.members_of(id).collect();
            self.to_stop.extend(members);
        }
    }

    /// Puts a budget, new or changed. `known` are the subscriptions in its scope, each with the open months it has
    /// usage in.
    pub(crate) fn put(
        &mut self,
        at_record: i64,
        terms: BudgetTerms,
        known: &[(SubscriptionId, Vec<Month>)],
        charges: &mut impl Charges,
    ) {
        let id = terms.id;
        let told = self.budgets.remove(&id).map(|old| {
            self.unlist(&old.terms);
            old.spent
        });
        let mut watched = Watched { terms, spent: BTreeMap::new() };
        if watched.terms.kind == BudgetKind::Credit {
            let debt = self.debts.entry(watched.terms.edge).or_default();
            let billed = debt.billed.values().copied().sum::<Amount>();
            watched.spent.entry(None).or_default().amount = debt.owed + billed;
        }
        for (subscription, months) in known {
            self.members.entry(*subscription).or_default().insert(id);
            let months: BTreeSet<_> = months.iter().map(|month| self.open(*month)).collect();
            let held: BTreeSet<_> =
                months.into_iter().filter_map(|month| watched.counts(*subscription, month)).collect();
            for (period, cell) in held {
                let now = cell.ask(charges);
                watched.spent.entry(period).or_default().amount += now;
                self.cells.insert(cell, now);
            }
        }
        // What was told and still holds is not told again; what a higher limit takes back may be.
        for (period, old) in told.unwrap_or_default() {
            if let Some(spent) = watched.spent.get_mut(&period) {
                let holds = |percent: &u16| spent.amount >= watched.terms.bound(*percent);
                spent.crossed = old.crossed.into_iter().filter(holds).collect();
            }
        }
        let periods: Vec<_> = watched.spent.iter().map(|(period, spent)| (*period, spent.amount)).collect();
        self.by_scope.entry(watched.terms.scope.clone()).or_default().insert(id);
        self.budgets.insert(id, watched);
        for (period, amount) in periods {
            self.cross(at_record, id, period, amount);
            // Another action may have been chosen for a limit that was reached before.
            if self.budgets.get(&id).and_then(|watched| watched.spent.get(&period)).is_some_and(Spent::is_reached) {
                let members: Vec<_> = self.members_of(id).collect();
                self.to_stop.extend(members);
            }
        }
    }

    /// Takes a budget away.
    pub(crate) fn remove(&mut self, id: BudgetId) {
        if let Some(old) = self.budgets.remove(&id) {
            self.unlist(&old.terms);
        }
    }

    fn unlist(&mut self, terms: &BudgetTerms) {
        if let Some(ids) = self.by_scope.get_mut(&terms.scope) {
            ids.remove(&terms.id);
        }
        self.by_scope.retain(|_, ids| !ids.is_empty());
        for budgets in self.members.values_mut() {
            budgets.remove(&terms.id);
        }
        self.members.retain(|_, budgets| !budgets.is_empty());
    }

    /// A subscription was made or its channel changed: it counts in the budgets whose scope it has come into.
    pub(crate) fn joined<'a>(&mut self, terms: &SubscriptionTerms, edge: impl Fn(EdgeId) -> Option<&'a EdgeTerms>) {
        if self.by_scope.is_empty() {
            return;
        }
        let mut scopes = vec![
            BudgetScope::Customer(terms.customer),
            BudgetScope::Partner(terms.partner),
            BudgetScope::Subscription(terms.id),
        ];
        for id in &terms.channel {
            scopes.push(BudgetScope::Channel(*id));
            scopes.extend(edge(*id).map(|edge| BudgetScope::Partner(edge.buyer)));
        }
        let mut found: BTreeSet<BudgetId> =
            scopes.iter().filter_map(|scope| self.by_scope.get(scope)).flatten().copied().collect();
        let first = BudgetScope::resource_group(terms.id, "");
        let groups = self.by_scope.range(first..);
        let groups = groups.take_while(
            |(scope, _)| matches!(scope, BudgetScope::ResourceGroup { subscription, .. } if *subscription == terms.id),
        );
        found.extend(groups.flat_map(|(_, ids)| ids));
        found.retain(|id| self.get(*id).is_some_and(|budget| terms.channel.contains(&budget.edge)));
        if !found.is_empty() {
            self.members.entry(terms.id).or_default().extend(found);
        }
    }

    /// A month was closed. Its budgets are over; what it billed is still owed.
    pub(crate) fn closed(&mut self, close: u32, month: Month, charges: &mut impl Charges) {
        self.closed = Some(month);
        self.cells.retain(|cell, _| match &cell.view {
            View::Month(of) | View::Group(of, _) => *of > month,
            View::Unbilled => true,
        });
        for watched in self.budgets.values_mut() {
            watched.spent.retain(|period, _| period.is_none_or(|of| of > month));
        }
        self.crossings.retain(|crossing| crossing.month.is_none_or(|of| of >= month));
        for (cell, amount) in self.cells.iter_mut().filter(|(cell, _)| cell.view == View::Unbilled) {
            let now = cell.ask(charges);
            let billed = *amount - now;
            *amount = now;
            if let Some(debt) = self.debts.get_mut(&cell.edge)
                && close > debt.through_close
            {
                *debt.billed.entry(close).or_default() += billed;
            }
        }
    }

    /// Billing told what a buyer owes.
    pub(crate) fn owes(&mut self, at_record: i64, told: &Owed) {
        let debt = self.debts.entry(told.edge).or_default();
        let known = |debt: &Debt| debt.owed + debt.billed.values().copied().sum::<Amount>();
        let before = known(debt);
        debt.told = Some(*told);
        debt.owed = Amount::of(told.amount);
        debt.through_close = debt.through_close.max(told.through_close);
        let through = debt.through_close;
        debt.billed.retain(|close, _| *close > through);
        let change = known(debt) - before;
        let credits = self
            .budgets
            .iter_mut()
            .filter(|(_, watched)| watched.terms.kind == BudgetKind::Credit && watched.terms.edge == told.edge);
        let mut moved = Vec::new();
        for (id, watched) in credits {
            let spent = watched.spent.entry(None).or_default();
            moved.push((*id, spent.amount));
            spent.amount += change;
        }
        for (id, before) in moved {
            self.cross(at_record, id, None, before);
        }
    }
}

impl Spent {
    fn is_reached(&self) -> bool {
        self.crossed.contains(&ACTION_PERCENT)
    }
}

impl Watched {
    /// Under what a subscription's usage of an open month counts, or of any month if none is given, and which figure of
    /// it. `None` if it does not count.
    fn counts(&self, subscription: SubscriptionId, month: Option<Month>) -> Option<(Option<Month>, Cell)> {
        let (period, view) = match (self.terms.kind, &self.terms.scope) {
            (BudgetKind::Credit, _) => (None, View::Unbilled),
            (BudgetKind::Monthly, BudgetScope::ResourceGroup { group, .. }) => {
                (month, View::Group(month?, group.clone()))
            }
            (BudgetKind::Monthly, _) => (month, View::Month(month?)),
        };
        Some((period, Cell { subscription, edge: self.terms.edge, view }))
    }
}

impl Cell {
    fn ask(&self, charges: &mut impl Charges) -> Amount {
        match &self.view {
            View::Month(month) => charges.of_month(self.subscription, self.edge, *month),
            View::Group(month, group) => charges.of_group(self.subscription, self.edge, *month, group),
            View::Unbilled => charges.unbilled(self.subscription, self.edge),
        }
    }
}
