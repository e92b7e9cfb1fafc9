//! The state and how records change it.

use crate::account::{AccountKey, Accounts};
use crate::budget::{BudgetTerms, Owed};
use crate::budget_book::BudgetBook;
use crate::channel::{EdgeNo, EdgeTable, factors_fit};
use crate::counting::Counted;
use crate::event::{Event, EventRef};
use crate::fault::FoldFault;
use crate::identity::{ByHash, Identities, IdentityKey, Place};
use crate::own_prices::{EdgePriceSheet, OwnPrices};
use crate::record::{Close, EdgeTerms, Record, SubscriptionTerms};
use crate::seats::{SeatBook, TermEnd};
use crate::series::SeriesTable;
use crate::subscription::{Known, Subscriptions};
use std::collections::{BTreeMap, BTreeSet};
use tenantry_core::{EdgeId, Month, Quantity, SubscriptionId, TenantId, Timestamp};
use tenantry_rating::{FxTable, PriceBook, PriceSheet};

/// Everything known about usage in one partition. Two folds are the same if their checkpoints are.
#[derive(Debug, Clone, Default)]
pub struct Fold {
    pub(crate) position: i64,
    pub(crate) key: Option<IdentityKey>,
    pub(crate) identities: Identities,
    /// What corrections took back of an event, by its name's hash: together never more than it had.
    pub(crate) taken_back: ByHash<Quantity>,
    pub(crate) book: PriceBook,
    pub(crate) edges: EdgeTable,
    pub(crate) subscriptions: Subscriptions,
    /// The subscriptions that were ever sold through an edge.
    pub(crate) sold_through: BTreeMap<EdgeNo, BTreeSet<SubscriptionId>>,
    pub(crate) series: SeriesTable,
    pub(crate) accounts: Accounts,
    pub(crate) closes: Vec<Close>,
    /// Where in the log each close stands.
    pub(crate) close_positions: Vec<i64>,
    pub(crate) budgets: BudgetBook,
    pub(crate) own_prices: OwnPrices,
    pub(crate) fx: FxTable,
    pub(crate) seats: SeatBook,
}

impl Fold {
    /// The place of the last record applied; 0 before the first.
    #[must_use]
    pub const fn position(&self) -> i64 {
        self.position
    }

    /// Where an event stands in the log, if one of that name was counted and the name is in memory. Ask
    /// [`Fold::look`] for all there ever were.
    #[must_use]
    pub fn find(&self, reporter: Option<TenantId>, source: &str, id: &str) -> Option<Place> {
        self.identities.find(self.key?.of(reporter, source, id))
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
        usize::try_from(self.identities.len()).unwrap_or(usize::MAX)
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
        self.accounts.first_month_after(self.closes.last().map(|close| close.month))
    }

    /// Whether a record can follow. Asked before it is appended, so that the log never holds one that cannot.
    pub fn check(&self, record: &Record) -> Result<(), FoldFault> {
        match record {
            Record::Genesis(_) if self.key.is_some() => Err(FoldFault::Genesis),
            Record::Genesis(_) => Ok(()),
            _ if self.key.is_none() => Err(FoldFault::Genesis),
            Record::Usage(events) => self.check_usage(events.iter().map(|event| (event.subscription, event.quantity))),
            Record::PriceSheet(_) | Record::BudgetRemoved(_) | Record::FxRates(_) | Record::SeatPrices(_) => Ok(()),
            Record::Seats(change) | Record::SeatsUntil(change, _) => self.check_seats(change),
            Record::Budget(BudgetTerms { edge, .. })
            | Record::Owed(Owed { edge, .. })
            | Record::EdgePriceSheet(EdgePriceSheet { edge, .. }) => {
                self.edges.contains_key(edge).then_some(()).ok_or(FoldFault::UnknownEdge(*edge))
            }
            Record::Edge(edge) => self.check_factors(edge),
            Record::Subscription(terms) => {
                if let Some(missing) = terms.channel.iter().find(|id| !self.edges.contains_key(id)) {
                    return Err(FoldFault::UnknownEdge(*missing));
                }
                factors_fit(terms, terms.channel.iter().map(|id| self.edges.get(id)))
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

    /// Whether a batch of usage can follow: of which subscriptions, and how much.
    pub(crate) fn check_usage(
        &self,
        events: impl Iterator<Item = (SubscriptionId, Quantity)>,
    ) -> Result<(), FoldFault> {
        let (mut known, mut sum) = (None, 0);
        for (subscription, quantity) in events {
            // Events of one subscription mostly come together.
            if known != Some(subscription) && !self.subscriptions.contains_key(&subscription) {
                return Err(FoldFault::UnknownSubscription(subscription));
            }
            (known, sum) = (Some(subscription), magnitude(sum, quantity));
        }
        // `admit` sees the sums before the batch; half the range is left for the batch itself.
        if sum > MAGNITUDE_MAX { Err(FoldFault::BatchTooLarge) } else { Ok(()) }
    }

    /// Whether all channels through an edge still fit with its new terms.
    fn check_factors(&self, new: &EdgeTerms) -> Result<(), FoldFault> {
        let Some(number) = self.edges.number(new.id) else { return Ok(()) };
        self.check_seat_factors(number, new)?;
        let sold = self.sold_through.get(&number).into_iter().flatten();
        sold.filter_map(|id| self.subscriptions.get(id)).try_for_each(|known| {
            known.channels().try_for_each(|channel| {
                let terms = |edge: &EdgeNo| if *edge == number { Some(new) } else { self.edges.at(*edge) };
                factors_fit(&known.terms, channel.iter().map(terms))
            })
        })
    }

    /// Applies the record at a place of the log.
    pub fn apply(&mut self, seq: i64, record: Record) -> Result<(), FoldFault> {
        self.check_place(seq)?;
        self.check(&record)?;
        match record {
            Record::Genesis(key) => self.key = Some(key),
            Record::Usage(events) => self.count_events(seq, &events),
            Record::PriceSheet(sheet) => {
                self.reprice(&sheet);
                self.book.add(sheet);
            }
            Record::Edge(edge) => self.know_edge(edge),
            Record::Subscription(terms) => self.know(terms),
            Record::Close(close) => {
                self.close_seats(close);
                self.close(seq, close);
                self.with_book(|book, fold| book.closed(close.number, close.month, fold));
            }
            Record::Budget(terms) => self.put_budget(seq, terms),
            Record::BudgetRemoved(id) => self.remove_budget(id),
            Record::Owed(told) => self.budgets.owes(seq, &told),
            Record::EdgePriceSheet(prices) => self.price_edge(prices),
            Record::FxRates(rates) => self.fx.add(seq, rates),
            Record::SeatPrices(list) => self.seats.add_list(list),
            Record::Seats(change) => self.know_seats(change, TermEnd::Reckoned),
            Record::SeatsUntil(change, end) => self.know_seats(change, TermEnd::Told(end)),
        }
        self.applied(seq);
        Ok(())
    }

    pub(crate) fn check_place(&self, seq: i64) -> Result<(), FoldFault> {
        let expected = self.position + 1;
        if seq == expected { Ok(()) } else { Err(FoldFault::OutOfOrder { expected, seen: seq }) }
    }

    /// What is done after every record.
    pub(crate) fn applied(&mut self, seq: i64) {
        self.settle_budgets(seq);
        self.position = seq;
    }

    /// Rules change what is known of the days from the first new one on, of what is sold through the edge. Months before are
    /// not looked at again: a channel may have years of them.
    fn know_edge(&mut self, terms: EdgeTerms) {
        let known = self.edges.get(&terms.id);
        let changed = known
            .map_or(Some(Timestamp::from_micros(i64::MIN)), |known| terms.price_list.differs_from(&known.price_list));
        let number = self.edges.put(terms);
        let Some(from) = changed else { return };
        let sold = self.sold_through.get(&number).cloned().unwrap_or_default();
        self.forget(|key| key.month.last_day().start() >= from && sold.contains(&key.subscription));
    }

    fn know(&mut self, terms: SubscriptionTerms) {
        self.budgets.joined(&terms, |id| self.edges.get(&id));
        let (id, edges): (_, Vec<_>) =
            (terms.id, terms.channel.iter().filter_map(|id| self.edges.number(*id)).collect());
        for edge in &edges {
            self.sold_through.entry(*edge).or_default().insert(id);
        }
        let Some(known) = self.subscription(id) else { return self.subscriptions.put(Known::new(terms, edges)) };
        let stays = (&known.market, known.currency, &known.channel) == (&terms.market, terms.currency, &terms.channel);
        self.subscriptions.renew(terms, edges);
        if !stays {
            self.forget(|key| key.subscription == id);
        }
    }

    fn count_events(&mut self, seq: i64, events: &[Event]) {
        let Some(key) = self.key else { return };
        let mut room = Vec::new();
        let counted: Vec<_> = events.iter().map(|event| Counted::new(&key, &event.into(), &mut room)).collect();
        self.count_all(seq, &counted, |at| EventRef::from(&events[at]).described());
    }

    /// A sheet changes what is known of the days from its own on, in its market.
    fn reprice(&mut self, sheet: &PriceSheet) {
        let terms_of = |known: &Known| (known.terms.market == sheet.market, known.terms.currency == sheet.currency);
        let priced = self.subscriptions.values().filter(|known| terms_of(known) == (true, true));
        let priced: BTreeSet<_> = priced.map(|known| known.terms.id).collect();
        self.forget(|key| key.month.last_day().start() >= sheet.effective_from && priced.contains(&key.subscription));
    }

    /// The prices of accounts changed: what is kept of their charges is not to be trusted.
    pub(crate) fn forget(&mut self, changed: impl Fn(&AccountKey) -> bool) {
        self.budgets.all_touched();
        for account in self.accounts.all.iter_mut().filter(|account| changed(&account.key)) {
            account.running = None;
            account.reopen();
        }
    }
}

/// How far from zero the quantities of an account, or of a batch, may lie together: half the month's bound, so
/// that an account within it and a batch within it make a sum within the bound.
pub(crate) const MAGNITUDE_MAX: i128 = Quantity::MONTH_MAX.units() / 2;

/// A sum of quantities without their signs, with one more.
pub(crate) const fn magnitude(sum: i128, quantity: Quantity) -> i128 {
    sum.saturating_add(quantity.units().saturating_abs())
}
