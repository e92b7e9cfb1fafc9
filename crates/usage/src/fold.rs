//! The state and how records change it.

use crate::account::{Account, AccountKey, Billed, Running};
use crate::event::Event;
use crate::identity::{ByHash, Identities, IdentityKey, Place};
use crate::record::{Close, EdgeTerms, Record, ServiceState, SubscriptionTerms};
use crate::series::SeriesTable;
use std::collections::BTreeMap;
use std::fmt;
use tenantry_core::{Amount, Day, EdgeId, Factor, MeterId, Month, Quantity, SubscriptionId, TenantId, Timestamp};
use tenantry_rating::{PriceBook, RatedRow, rate_rows};
use uuid::Uuid;

/// Everything known about usage in one partition. Two folds are the same if their checkpoints are.
#[derive(Debug, Clone, Default)]
pub struct Fold {
    pub(crate) position: i64,
    pub(crate) key: Option<IdentityKey>,
    pub(crate) identities: Identities,
    /// What corrections took back of an event, by its name's hash: together never more than it had.
    pub(crate) taken_back: ByHash<Quantity>,
    pub(crate) book: PriceBook,
    pub(crate) edges: BTreeMap<EdgeId, EdgeTerms>,
    pub(crate) subscriptions: BTreeMap<SubscriptionId, Known>,
    pub(crate) series: SeriesTable,
    pub(crate) accounts: BTreeMap<AccountKey, Account>,
    pub(crate) closes: Vec<Close>,
    /// Where in the log each close stands.
    pub(crate) close_positions: Vec<i64>,
}

/// A subscription and the states it went through.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Known {
    pub(crate) terms: SubscriptionTerms,
    pub(crate) history: Vec<(Timestamp, ServiceState)>,
}

impl Known {
    /// The state at an instant and since when it held. Before the first one: none.
    pub(crate) fn state_at(&self, at: Timestamp) -> Option<(Timestamp, ServiceState)> {
        self.history.iter().rev().find(|(since, _)| *since <= at).copied()
    }
}

/// A record that cannot follow on this state. The log is damaged, or was written by something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FoldFault {
    /// A record is missing or came twice.
    OutOfOrder {
        /// The place expected.
        expected: i64,
        /// The place seen.
        seen: i64,
    },
    /// The first record must be the genesis, and only the first.
    Genesis,
    /// A subscription names an edge that is not there.
    UnknownEdge(EdgeId),
    /// An event names a subscription that is not there.
    UnknownSubscription(SubscriptionId),
    /// The price lists along a channel multiply to more digits than amounts keep, or beyond the bound.
    FactorsTooFine(SubscriptionId),
    /// A month before one that is closed already, or a close whose number does not follow on the last.
    CloseOutOfOrder(Month),
    /// The quantities of a batch lie beyond the range that sums are kept in.
    BatchTooLarge,
}

impl fmt::Display for FoldFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OutOfOrder { expected, seen } => write!(f, "log record {seen} where {expected} was expected"),
            Self::Genesis => f.write_str("the log must begin with its genesis record, once"),
            Self::UnknownEdge(id) => write!(f, "channel edge {id} is not in the log"),
            Self::UnknownSubscription(id) => write!(f, "subscription {id} is not in the log"),
            Self::FactorsTooFine(id) => write!(
                f,
                "the price lists along the channel of subscription {id} multiply to more than 8 fraction digits, or to \
                 more than {}",
                Factor::MAX
            ),
            Self::CloseOutOfOrder(month) => {
                write!(f, "{month} cannot be closed: it or a later month is closed, or the close skips a number")
            }
            Self::BatchTooLarge => f.write_str(
                "the quantities of one batch leave the range of exact numbers together; send them in smaller batches",
            ),
        }
    }
}

impl std::error::Error for FoldFault {}

impl Fold {
    /// The place of the last record applied; 0 before the first.
    #[must_use]
    pub const fn position(&self) -> i64 {
        self.position
    }

    /// Where an event stands in the log, if one of that name was counted.
    #[must_use]
    pub fn find(&self, reporter: Option<TenantId>, source: &str, id: &str) -> Option<Place> {
        self.identities.find(self.key.as_ref()?, reporter, source, id)
    }

    /// How much of an event corrections have taken back so far.
    #[must_use]
    pub fn taken_back(&self, reporter: Option<TenantId>, source: &str, id: &str) -> Quantity {
        let taken = self.key.and_then(|key| self.taken_back.get(&key.of(reporter, source, id)));
        taken.copied().unwrap_or_default()
    }

    /// How many events were counted, ever.
    #[must_use]
    pub fn events_counted(&self) -> usize {
        self.identities.0.len()
    }

    /// The prices known.
    #[must_use]
    pub const fn book(&self) -> &PriceBook {
        &self.book
    }

    /// The terms of an edge.
    #[must_use]
    pub fn edge(&self, id: EdgeId) -> Option<&EdgeTerms> {
        self.edges.get(&id)
    }

    /// All edges.
    pub fn edges(&self) -> impl Iterator<Item = &EdgeTerms> {
        self.edges.values()
    }

    /// The terms of a subscription.
    #[must_use]
    pub fn subscription(&self, id: SubscriptionId) -> Option<&SubscriptionTerms> {
        self.subscriptions.get(&id).map(|known| &known.terms)
    }

    /// The accounts of one subscription in a stretch of months, both ends included.
    pub(crate) fn accounts_of(
        &self,
        subscription: SubscriptionId,
        from: Month,
        through: Month,
    ) -> impl Iterator<Item = (&AccountKey, &Account)> {
        let lowest = AccountKey { subscription, month: from, meter: MeterId::new(Uuid::nil()) };
        let highest = AccountKey { subscription, month: through, meter: MeterId::new(Uuid::max()) };
        // A range that ends before it begins would panic; it holds nothing.
        (from <= through).then(|| self.accounts.range(lowest..=highest)).into_iter().flatten()
    }

    /// The close that bills an event of a month at a place of the log: the first that came after it and covers
    /// its month. `None` while none has.
    #[must_use]
    pub fn close_of(&self, place: Place, month: Month) -> Option<u32> {
        let found = self.closes.iter().zip(&self.close_positions);
        found.filter(|(close, at)| **at > place.seq && close.month >= month).map(|(close, _)| close.number).min()
    }

    /// All closes, oldest first.
    #[must_use]
    pub fn closes(&self) -> &[Close] {
        &self.closes
    }

    /// The first month with usage that no close has covered yet.
    #[must_use]
    pub fn first_open_month(&self) -> Option<Month> {
        let last = self.closes.last().map(|close| close.month);
        self.accounts.keys().map(|key| key.month).filter(|month| Some(*month) > last).min()
    }

    /// Whether a record can follow. Asked before it is appended, so that the log never holds one that cannot.
    pub fn check(&self, record: &Record) -> Result<(), FoldFault> {
        match record {
            Record::Genesis(_) if self.key.is_some() => Err(FoldFault::Genesis),
            Record::Genesis(_) => Ok(()),
            _ if self.key.is_none() => Err(FoldFault::Genesis),
            Record::Usage(events) => match events.iter().find(|e| !self.subscriptions.contains_key(&e.subscription)) {
                Some(event) => Err(FoldFault::UnknownSubscription(event.subscription)),
                // `admit` sees the sums before the batch; half the range is left for the batch itself.
                None if events.iter().fold(0, |sum, e| magnitude(sum, e.quantity)) > MAGNITUDE_MAX => {
                    Err(FoldFault::BatchTooLarge)
                }
                None => Ok(()),
            },
            Record::PriceSheet(_) => Ok(()),
            Record::Edge(edge) => self.check_factors(|id| if id == edge.id { Some(edge) } else { self.edges.get(&id) }),
            Record::Subscription(terms) => {
                if let Some(missing) = terms.channel.iter().find(|id| !self.edges.contains_key(id)) {
                    return Err(FoldFault::UnknownEdge(*missing));
                }
                factors_fit(terms, |id| self.edges.get(&id))
            }
            Record::Close(close) => {
                let (number, month) = self.closes.last().map_or((0, None), |last| (last.number, Some(last.month)));
                if month >= Some(close.month) || close.number != number + 1 {
                    return Err(FoldFault::CloseOutOfOrder(close.month));
                }
                Ok(())
            }
        }
    }

    fn check_factors<'a>(&'a self, edge: impl Fn(EdgeId) -> Option<&'a EdgeTerms>) -> Result<(), FoldFault> {
        self.subscriptions.values().try_for_each(|known| factors_fit(&known.terms, &edge))
    }

    /// Applies the record at a place of the log.
    pub fn apply(&mut self, seq: i64, record: Record) -> Result<(), FoldFault> {
        if seq != self.position + 1 {
            return Err(FoldFault::OutOfOrder { expected: self.position + 1, seen: seq });
        }
        self.check(&record)?;
        match record {
            Record::Genesis(key) => self.key = Some(key),
            Record::Usage(events) => self.count_all(seq, &events),
            Record::PriceSheet(sheet) => {
                self.book.add(sheet);
                self.forget_running();
            }
            Record::Edge(edge) => {
                self.edges.insert(edge.id, edge);
                self.forget_running();
            }
            Record::Subscription(terms) => self.know(terms),
            Record::Close(close) => self.close(seq, close),
        }
        self.position = seq;
        Ok(())
    }

    fn know(&mut self, terms: SubscriptionTerms) {
        let entry = (terms.since, terms.state);
        let priced_by = |terms: &SubscriptionTerms| (terms.market.clone(), terms.currency, terms.channel.clone());
        if self.subscription(terms.id).is_some_and(|known| priced_by(known) != priced_by(&terms)) {
            self.forget_running();
        }
        match self.subscriptions.get_mut(&terms.id) {
            None => {
                let history = vec![entry];
                self.subscriptions.insert(terms.id, Known { terms, history });
            }
            Some(known) => {
                // Told twice (the outbox delivers at least once) is told once.
                if known.history.last() != Some(&entry) {
                    known.history.push(entry);
                }
                known.terms = terms;
            }
        }
    }

    fn count_all(&mut self, seq: i64, events: &[Event]) {
        let Some(key) = self.key else { return };
        for (event, index) in events.iter().zip(0_u32..) {
            self.identities.insert(&key, event, Place { seq, index });
            if let (Some(id), Some(taken)) = (&event.corrects, event.quantity.checked_neg()) {
                let sum = self.taken_back.entry(key.of(event.reporter, &event.source, id)).or_default();
                *sum = sum.checked_add(taken).unwrap_or(*sum);
            }
            self.count(&key, event);
        }
    }

    fn count(&mut self, key: &IdentityKey, event: &Event) {
        let series = self.series.intern(key, event);
        let day = event.at.day();
        let account_key = AccountKey { subscription: event.subscription, month: Month::of(day), meter: event.meter };
        let known = self.accounts.get(&account_key).and_then(|account| account.running.as_ref());
        let added = match known {
            Some(running) if running.flat => self.flat_charges(&account_key, day, event.quantity),
            _ => None,
        };
        let account = self.accounts.entry(account_key).or_default();
        let hour = event.at.hour().number().rem_euclid(24);
        account.rows.entry((day, series)).or_default().add(u8::try_from(hour).unwrap_or(0), event.quantity);
        account.quantity = Quantity::from_units(magnitude(account.quantity.units(), event.quantity));
        account.running = match (account.running.take(), added) {
            (Some(Running { charges, flat }), Some(added)) => {
                Some(Running { charges: charges.into_iter().zip(added).map(|(a, b)| a + b).collect(), flat })
            }
            _ => None,
        };
    }

    fn flat_charges(&self, key: &AccountKey, day: Day, quantity: Quantity) -> Option<Vec<Amount>> {
        let terms = self.subscription(key.subscription)?;
        let (price, _) = self.book.price(&terms.market, terms.currency, key.meter, day)?;
        let rate = price.tiers.single().filter(|_| price.included.is_zero())?;
        Some(self.edge_charges(terms, price.first_party, day, Amount::list(quantity, rate)))
    }

    /// What each edge of a subscription's channel makes of a list charge.
    pub(crate) fn edge_charges(
        &self,
        terms: &SubscriptionTerms,
        first_party: bool,
        day: Day,
        list: Amount,
    ) -> Vec<Amount> {
        let mut chain = Factor::ONE;
        terms
            .channel
            .iter()
            .map(|id| {
                let factor = self.edges.get(id).map_or(Factor::ONE, |e| e.price_list.factor(first_party, day));
                // `check` made sure that the product and the digits fit.
                chain = chain.then(factor).unwrap_or(chain);
                list.times(chain).unwrap_or(list)
            })
            .collect()
    }

    /// An account's rows in canonical order, rated as known now.
    pub(crate) fn rated(&self, key: &AccountKey, account: &Account) -> Vec<((Day, u32), RatedRow)> {
        let Some(terms) = self.subscription(key.subscription) else { return Vec::new() };
        let mut rows: Vec<_> = account.rows.iter().map(|(at, row)| (*at, row.quantity)).collect();
        rows.sort_by_cached_key(|((day, series), _)| {
            (*day, self.series.get(*series).map(|series| (series.order().0.folded(), series.order().1)))
        });
        let rated = rate_rows(rows.iter().map(|((day, _), quantity)| (*day, *quantity)), |day| {
            self.book.price(&terms.market, terms.currency, key.meter, day)
        });
        rows.into_iter().map(|(at, _)| at).zip(rated).collect()
    }

    fn close(&mut self, seq: i64, close: Close) {
        let keys: Vec<_> = self.accounts.keys().filter(|key| key.month <= close.month).copied().collect();
        for key in keys {
            let Some(account) = self.accounts.get(&key) else { continue };
            let billed = self.to_bill(&key, account, close.number);
            if let Some(account) = self.accounts.get_mut(&key) {
                for (at, entry) in billed {
                    if let Some(row) = account.rows.get_mut(&at) {
                        row.billed.push(entry);
                    }
                }
            }
        }
        self.closes.push(close);
        self.close_positions.push(seq);
    }

    /// The delta rule, row by row: rated(everything known) - already billed. Rows without a price wait.
    pub(crate) fn to_bill(&self, key: &AccountKey, account: &Account, close: u32) -> Vec<((Day, u32), Billed)> {
        let Some(terms) = self.subscription(key.subscription) else { return Vec::new() };
        self.rated(key, account)
            .into_iter()
            .filter_map(|(at, rated)| {
                let RatedRow::Charged { list, sheet, first_party } = rated else { return None };
                let row = account.rows.get(&at)?;
                let (billed_quantity, billed_list) = row.billed_so_far();
                let charges: Vec<_> = self
                    .edge_charges(terms, first_party, at.0, list)
                    .into_iter()
                    .enumerate()
                    .map(|(edge, charge)| charge - row.charged_so_far(edge))
                    .collect();
                let quantity = row.quantity.checked_sub(billed_quantity)?;
                let list = list - billed_list;
                let nothing = quantity.is_zero() && list.is_zero() && charges.iter().all(|charge| charge.is_zero());
                (!nothing).then_some((at, Billed { close, quantity, list, charges, sheet }))
            })
            .collect()
    }

    fn forget_running(&mut self) {
        for account in self.accounts.values_mut() {
            account.running = None;
        }
    }

    /// What an edge owes for a subscription and has not been billed: the figure that caps watch.
    pub fn running_charge(&mut self, subscription: SubscriptionId, edge: EdgeId) -> Amount {
        let Some(terms) = self.subscription(subscription).cloned() else { return Amount::ZERO };
        let Some(index) = terms.channel.iter().position(|id| *id == edge) else { return Amount::ZERO };
        let keys: Vec<_> = self.accounts.keys().filter(|key| key.subscription == subscription).copied().collect();
        keys.iter().map(|key| self.running_of(&terms, key, index)).sum()
    }

    fn running_of(&mut self, terms: &SubscriptionTerms, key: &AccountKey, edge: usize) -> Amount {
        let Some(account) = self.accounts.get(key) else { return Amount::ZERO };
        let billed: Amount = account.rows.values().map(|row| row.charged_so_far(edge)).sum();
        let running = account.running.clone().unwrap_or_else(|| self.rated_anew(terms, key, account));
        let owed = running.charges.get(edge).copied().unwrap_or_default();
        if let Some(account) = self.accounts.get_mut(key) {
            account.running = Some(running);
        }
        owed - billed
    }

    fn rated_anew(&self, terms: &SubscriptionTerms, key: &AccountKey, account: &Account) -> Running {
        let mut charges = vec![Amount::ZERO; terms.channel.len()];
        for (at, rated) in self.rated(key, account) {
            let of_row: Vec<_> = match (rated, account.rows.get(&at)) {
                (RatedRow::Charged { list, first_party, .. }, _) => self.edge_charges(terms, first_party, at.0, list),
                // A row that lost its price stands at what was billed of it, until it has one again.
                (RatedRow::Unrated, Some(row)) => (0..charges.len()).map(|edge| row.charged_so_far(edge)).collect(),
                (RatedRow::Unrated, None) => Vec::new(),
            };
            for (sum, charge) in charges.iter_mut().zip(of_row) {
                *sum += charge;
            }
        }
        Running { charges, flat: self.is_flat(terms, key) }
    }

    /// Whether each day of the month has one price for any quantity, or none.
    fn is_flat(&self, terms: &SubscriptionTerms, key: &AccountKey) -> bool {
        std::iter::successors(Some(key.month.first_day()), |day| Some(day.next()))
            .take_while(|day| *day <= key.month.last_day())
            .filter_map(|day| self.book.price(&terms.market, terms.currency, key.meter, day))
            .all(|(price, _)| price.included.is_zero() && price.tiers.single().is_some())
    }
}

/// How far from zero the quantities of an account, or of a batch, may lie together: half the month's bound, so
/// that an account within it and a batch within it make a sum within the bound.
pub(crate) const MAGNITUDE_MAX: i128 = Quantity::MONTH_MAX.units() / 2;

/// A sum of quantities without their signs, with one more.
pub(crate) const fn magnitude(sum: i128, quantity: Quantity) -> i128 {
    sum.saturating_add(quantity.units().saturating_abs())
}

/// Whether every combination of rules along a channel multiplies to 8 digits.
fn factors_fit<'a>(terms: &SubscriptionTerms, edge: impl Fn(EdgeId) -> Option<&'a EdgeTerms>) -> Result<(), FoldFault> {
    let mut products = vec![Factor::ONE];
    for id in &terms.channel {
        let terms_of_edge = edge(*id).ok_or(FoldFault::UnknownEdge(*id))?;
        let rules = terms_of_edge.price_list.rules().iter().map(|rule| rule.factor);
        let factors: Vec<_> = rules.chain(std::iter::once(Factor::ONE)).collect();
        products = products
            .iter()
            .flat_map(|product| factors.iter().map(|factor| product.then(*factor)))
            .collect::<Option<Vec<_>>>()
            .ok_or(FoldFault::FactorsTooFine(terms.id))?;
        products.sort_unstable();
        products.dedup();
    }
    Ok(())
}
