//! One meter of one subscription in one month: its usage, and what was billed of it.
//!
//! Tier positions run through an account, so it is rated as a whole. Its usage lies in *slots*, one for each series
//! that used anything in the month; a slot is found from the series without asking for the account.

use crate::bill::Bill;
use crate::cells::Cells;
use crate::channel::EdgeNo;
use crate::series::{SeriesId, SeriesTable};
use crate::subscription::ChannelNo;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;
use tenantry_core::{Amount, Day, MeterId, Month, Quantity, SubscriptionId};
use uuid::Uuid;

/// Names an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct AccountKey {
    pub(crate) subscription: SubscriptionId,
    pub(crate) month: Month,
    pub(crate) meter: MeterId,
}

/// Index of an account in its table.
pub(crate) type AccountNo = u32;
/// Index of a slot in its table.
pub(crate) type SlotNo = u32;

/// Names a row: a series on a day, in one channel. The order is that of tier positions, but for the place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct RowKey {
    /// Of the month, from 0.
    pub(crate) day: u8,
    pub(crate) channel: ChannelNo,
    /// Which of the account's slots.
    pub(crate) place: u32,
}

/// Usage of one series in one month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Slot {
    pub(crate) series: SeriesId,
    pub(crate) account: AccountNo,
    pub(crate) cells: Cells,
}

/// What a look at everything would find to bill.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Settled {
    /// Nobody looked since usage or a price came.
    #[default]
    Open,
    /// Everything that has a price is billed; something has none.
    Waiting,
    /// Everything is billed.
    Billed,
}

/// An account.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    pub(crate) key: AccountKey,
    /// In the order they came.
    pub(crate) slots: Vec<SlotNo>,
    /// All quantities without their signs. No sum over any of the rows can lie further from zero, in whatever
    /// order they are added, so one comparison keeps all of them in range.
    pub(crate) quantity: Quantity,
    pub(crate) settled: Settled,
    /// One for each close that billed something, in order.
    pub(crate) bills: Vec<Bill>,
    /// The rank of each slot in the order of rows within a day; made when somebody asks.
    ranks: OnceLock<Vec<u32>>,
    /// `None` until somebody asks, and again whenever a price changes.
    pub(crate) running: Option<Box<Running>>,
}

/// What an account comes to as known now, before what was billed is taken off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Running {
    pub(crate) charges: Vec<(EdgeNo, Amount)>,
    pub(crate) billed: Vec<(EdgeNo, Amount)>,
    /// Quantities that came since, in units: there are some only if all prices of the month are flat. Then an event
    /// adds its own charge and changes no other row's; otherwise it may move later rows to another tier.
    pub(crate) added: Option<BTreeMap<(u8, ChannelNo), i128>>,
}

/// Adds to the sum of an edge.
pub(crate) fn add_to(sums: &mut Vec<(EdgeNo, Amount)>, edge: EdgeNo, amount: Amount) {
    match sums.iter_mut().find(|(known, _)| *known == edge) {
        Some((_, sum)) => *sum += amount,
        None => sums.push((edge, amount)),
    }
}

/// The sum of an edge.
pub(crate) fn sum_of(sums: &[(EdgeNo, Amount)], edge: EdgeNo) -> Amount {
    sums.iter().find(|(known, _)| *known == edge).map_or(Amount::ZERO, |(_, sum)| *sum)
}

impl Account {
    pub(crate) fn new(key: AccountKey) -> Self {
        Self {
            key,
            slots: Vec::new(),
            quantity: Quantity::ZERO,
            settled: Settled::Open,
            bills: Vec::new(),
            ranks: OnceLock::new(),
            running: None,
        }
    }

    /// Usage or prices changed.
    pub(crate) fn reopen(&mut self) {
        self.settled = Settled::Open;
    }
}

/// All accounts and their slots.
#[derive(Debug, Clone, Default)]
pub(crate) struct Accounts {
    pub(crate) all: Vec<Account>,
    pub(crate) slots: Vec<Slot>,
    by_key: BTreeMap<AccountKey, AccountNo>,
    /// Asked for every event.
    numbers: HashMap<AccountKey, AccountNo>,
    /// The newest slot of each series, and the first day of its month.
    newest: Vec<Option<(i32, SlotNo)>>,
    /// The slots of earlier months.
    older: HashMap<(SeriesId, i32), SlotNo>,
    /// How many accounts each month has.
    months: BTreeMap<Month, usize>,
}

impl Accounts {
    pub(crate) fn number(&self, key: &AccountKey) -> Option<AccountNo> {
        self.numbers.get(key).copied()
    }

    pub(crate) fn find(&self, key: &AccountKey) -> Option<&Account> {
        self.at(self.number(key)?)
    }

    pub(crate) fn at(&self, number: AccountNo) -> Option<&Account> {
        self.all.get(number as usize)
    }

    pub(crate) fn at_mut(&mut self, number: AccountNo) -> Option<&mut Account> {
        self.all.get_mut(number as usize)
    }

    /// The numbers of the accounts of one subscription in a stretch of months, both ends included, by key.
    pub(crate) fn numbers_of(
        &self,
        subscription: SubscriptionId,
        from: Option<Month>,
        through: Option<Month>,
    ) -> impl Iterator<Item = AccountNo> {
        // Before and after any month that a time can be written for.
        let from = from.unwrap_or_else(|| Month::of(Day::from_number(i32::MIN)));
        let through = through.unwrap_or_else(|| Month::of(Day::from_date(9_999, 12, 31).unwrap_or_default()));
        let lowest = AccountKey { subscription, month: from, meter: MeterId::new(Uuid::nil()) };
        let highest = AccountKey { subscription, month: through, meter: MeterId::new(Uuid::max()) };
        // A range that ends before it begins would panic; it holds nothing.
        let range = (from <= through).then(|| self.by_key.range(lowest..=highest));
        range.into_iter().flatten().map(|(_, number)| *number)
    }

    /// The first month after another that has an account.
    pub(crate) fn first_month_after(&self, last: Option<Month>) -> Option<Month> {
        self.months.keys().find(|month| Some(**month) > last).copied()
    }

    /// The slot of a series in the month that begins on a day, if there is one.
    pub(crate) fn slot_of(&self, series: SeriesId, month: i32) -> Option<SlotNo> {
        match self.newest.get(series as usize).copied().flatten() {
            Some((newest, slot)) if newest == month => Some(slot),
            Some(_) => self.older.get(&(series, month)).copied(),
            None => None,
        }
    }

    /// Adds a slot to an account.
    pub(crate) fn add_slot(&mut self, series: SeriesId, month: i32, account: AccountNo, cells: Cells) -> SlotNo {
        let slot = SlotNo::try_from(self.slots.len()).unwrap_or(SlotNo::MAX);
        self.slots.push(Slot { series, account, cells });
        if let Some(account) = self.all.get_mut(account as usize) {
            account.slots.push(slot);
            account.ranks = OnceLock::new();
        }
        let at = series as usize;
        if self.newest.len() <= at {
            self.newest.resize(at + 1, None);
        }
        match self.newest[at] {
            Some((newest, _)) if newest > month => {
                self.older.insert((series, month), slot);
            }
            before => {
                if let Some((older, slot)) = before {
                    self.older.insert((series, older), slot);
                }
                self.newest[at] = Some((month, slot));
            }
        }
        slot
    }

    /// The account of that key; a new one if there was none.
    pub(crate) fn open(&mut self, key: AccountKey) -> AccountNo {
        if let Some(known) = self.number(&key) {
            return known;
        }
        let number = AccountNo::try_from(self.all.len()).unwrap_or(AccountNo::MAX);
        self.all.push(Account::new(key));
        self.by_key.insert(key, number);
        self.numbers.insert(key, number);
        *self.months.entry(key.month).or_default() += 1;
        number
    }

    /// The rank of each slot of an account in the order of rows within a day.
    pub(crate) fn ranks<'a>(&'a self, account: &'a Account, series: &SeriesTable) -> &'a [u32] {
        account.ranks.get_or_init(|| {
            let mut order: Vec<_> = (0..account.slots.len()).collect();
            let name = |place: &usize| {
                let slot = account.slots.get(*place).and_then(|slot| self.slots.get(*slot as usize))?;
                series.get(slot.series).map(|series| series.order())
            };
            order.sort_by_cached_key(name);
            let mut ranks = vec![0; order.len()];
            for (place, rank) in order.into_iter().zip(0..) {
                ranks[place] = rank;
            }
            ranks
        })
    }

    /// The series of a row.
    pub(crate) fn series_of(&self, account: &Account, row: RowKey) -> Option<SeriesId> {
        let slot = account.slots.get(row.place as usize)?;
        self.slots.get(*slot as usize).map(|slot| slot.series)
    }

    /// The slots of an account, each with its place.
    pub(crate) fn slots_of(&self, account: &Account) -> impl Iterator<Item = (u32, &Slot)> {
        (0..).zip(account.slots.iter().filter_map(|slot| self.slots.get(*slot as usize)))
    }
}
