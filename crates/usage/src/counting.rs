//! Counting usage. Asked before: whether it may be counted.
//!
//! Every event touches memory in half a dozen places that have nothing to do with those of the event before: its name,
//! its series, its hours, its account. So a batch is counted in rounds, all names first, then all series, and so on:
//! within a round the places do not depend on one another, and the machine fetches many of them at once.

use crate::account::{AccountKey, SlotNo};
use crate::cells::{CellKey, Cells};
use crate::event::EventRef;
use crate::fold::{Fold, magnitude};
use crate::identity::IdentityKey;
use crate::series::{Described, SeriesHash};
use crate::subscription::ChannelNo;
use tenantry_core::{Day, MeterId, Month, Quantity, SubscriptionId, Timestamp};

/// An event, as far as it is counted.
#[derive(Debug, Clone)]
pub(crate) struct Counted {
    name: u128,
    series: SeriesHash,
    /// The name of the event it corrects.
    corrects: Option<u128>,
    at: Timestamp,
    pub(crate) subscription: SubscriptionId,
    pub(crate) meter: MeterId,
    pub(crate) quantity: Quantity,
}

impl Counted {
    /// `room` is to work in.
    pub(crate) fn new(key: &IdentityKey, event: &EventRef<'_>, room: &mut Vec<u8>) -> Self {
        Self {
            name: key.of(event.reporter, event.source, event.id),
            series: SeriesHash::of(key, &event.described(), room),
            corrects: event.corrects.map(|id| key.of(event.reporter, event.source, id)),
            at: event.at,
            subscription: event.subscription,
            meter: event.meter,
            quantity: event.quantity,
        }
    }
}

/// The month of an event: the one before was probably of the same.
struct MonthOf {
    first: i32,
    next: i32,
    month: Month,
}

impl MonthOf {
    fn new(day: Day) -> Self {
        let month = Month::of(day);
        Self { first: month.first_day().number(), next: month.next().first_day().number(), month }
    }

    fn see(&mut self, day: Day) {
        if day.number() < self.first || self.next <= day.number() {
            *self = Self::new(day);
        }
    }
}

impl Fold {
    /// Counts a batch. `describe` tells what is written on the series of one of its events; few are asked for.
    pub(crate) fn count_all<'a>(&mut self, seq: i64, events: &[Counted], describe: impl Fn(usize) -> Described<'a>) {
        self.identities.insert_all(seq, events.iter().map(|event| event.name));
        for event in events {
            if let (Some(corrected), Some(taken)) = (event.corrects, event.quantity.checked_neg()) {
                let sum = self.taken_back.entry(corrected).or_default();
                *sum = sum.checked_add(taken).unwrap_or(*sum);
            }
        }
        self.identities.make_room(seq, events.len());
        let series: Vec<_> =
            (0..).zip(events).map(|(at, event)| self.series.intern(event.series, || describe(at))).collect();
        let Some(first) = events.first() else { return };
        let mut month = MonthOf::new(first.at.day());
        let slots: Vec<_> = events
            .iter()
            .zip(series)
            .map(|(event, series)| {
                month.see(event.at.day());
                match self.accounts.slot_of(series, month.first) {
                    Some(slot) => slot,
                    None => self.new_slot(event, series, &month),
                }
            })
            .collect();
        for (event, slot) in events.iter().zip(&slots) {
            month.see(event.at.day());
            let key = self.cell_of(event, &month);
            if let Some(slot) = self.accounts.slots.get_mut(*slot as usize) {
                slot.cells.add(key, event.quantity.units());
            }
        }
        self.touch(events, &slots);
    }

    fn new_slot(&mut self, event: &Counted, series: u32, month: &MonthOf) -> SlotNo {
        let key = AccountKey { subscription: event.subscription, month: month.month, meter: event.meter };
        let account = self.accounts.open(key);
        self.accounts.add_slot(series, month.first, account, Cells::default())
    }

    fn cell_of(&self, event: &Counted, month: &MonthOf) -> CellKey {
        let narrow = |number: i32| u8::try_from(number).unwrap_or(0);
        let part = self.subscriptions.moved(&event.subscription).map_or(0, |known| known.part_of_hour(event.at));
        let hour = event.at.hour().number().rem_euclid(24);
        CellKey::new(narrow(event.at.day().number() - month.first), narrow(hour), part)
    }

    /// What was settled is open again, and what is kept of its charges is brought up to date.
    fn touch(&mut self, events: &[Counted], slots: &[SlotNo]) {
        let mut told: Option<(SubscriptionId, Month)> = None;
        for (event, slot) in events.iter().zip(slots) {
            let Some(number) = self.accounts.slots.get(*slot as usize).map(|slot| slot.account) else { continue };
            let row = self.accounts.at(number).and_then(|account| {
                account.running.as_ref()?;
                self.day_and_channel(event, account.key.month)
            });
            let Some(account) = self.accounts.at_mut(number) else { continue };
            account.quantity = Quantity::from_units(magnitude(account.quantity.units(), event.quantity));
            account.reopen();
            match (account.running.as_mut().and_then(|running| running.added.as_mut()), row) {
                (Some(added), Some(row)) => {
                    let sum = added.entry(row).or_default();
                    *sum = sum.saturating_add(event.quantity.units());
                }
                _ => account.running = None,
            }
            let touched = (event.subscription, account.key.month);
            if told != Some(touched) {
                self.budgets.touched(touched.0, touched.1);
                told = Some(touched);
            }
        }
    }

    fn day_and_channel(&self, event: &Counted, month: Month) -> Option<(u8, ChannelNo)> {
        let day = event.at.day().number() - month.first_day().number();
        let known = self.subscriptions.get(&event.subscription)?;
        let channel = known.channel_of(event.at.hour().start(), usize::from(known.part_of_hour(event.at)));
        Some((u8::try_from(day).ok()?, channel))
    }
}
