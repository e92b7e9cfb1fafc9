//! What a close billed, added up once more: each row priced by itself, beside what was counted.
//!
//! Documents are made of the totals of bills. Before one is issued, each is held against its rows, and those against the
//! rollups that intake adds to (`billing`, the proof scan). Both are read here in one go, without making anything of them
//! that takes memory.

use crate::account::{Account, RowKey};
use crate::bill::{Bill, OnEdgeTotal};
use crate::channel::EdgeNo;
use crate::fold::Fold;
use crate::lines::Line;
use crate::quotes::DAYS;
use tenantry_core::{Amount, EdgeId, MeterId, Month, Quantity, SubscriptionId};

/// The rows behind a line of a close, added up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recount {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// The meter.
    pub meter: MeterId,
    /// The month of the usage.
    pub month: Month,
    /// Their quantities. `None` beyond the range, which no bill comes to.
    pub quantity: Option<Quantity>,
    /// Their list charges.
    pub list: Amount,
    /// Their charges on the edge, in the currency of the prices.
    pub charge: Amount,
    /// Whether they say all that was counted of each resource and day they are of. Rows of late usage and corrections do
    /// not: other documents say the rest.
    pub is_whole: bool,
}

/// Memory to work in, used again for each account.
#[derive(Debug, Default)]
struct Room {
    /// By slot and day: what was counted, less the rows.
    left: Vec<i128>,
    /// Where there are rows.
    seen: Vec<usize>,
}

impl Fold {
    /// The rows behind each line that a close put on the document of an edge, in the order of [`Fold::billed_totals`].
    pub fn recounted(&self, edge: EdgeId, close: u32) -> impl Iterator<Item = Recount> {
        let mut room = Room::default();
        self.billed(edge, close)
            .filter_map(move |(edge, account, bill)| Some(self.recount(&mut room, edge, account, bill)?.1))
    }

    /// The lines of [`Fold::billed_totals`], each with the rows behind it added up: what a close needs, in one reading of
    /// the bills. Rows of which no line comes are there without one, for the proof to find.
    pub fn billed_recounted(&self, edge: EdgeId, close: u32) -> impl Iterator<Item = (Option<Line>, Recount)> {
        let mut room = Room::default();
        self.billed(edge, close).filter_map(move |(edge, account, bill)| {
            let (total, recount) = self.recount(&mut room, edge, account, bill)?;
            Some((total.and_then(|total| self.total_line(account, total)), recount))
        })
    }

    fn recount(
        &self,
        room: &mut Room,
        edge: EdgeNo,
        account: &Account,
        bill: &Bill,
    ) -> Option<(Option<OnEdgeTotal>, Recount)> {
        self.count_days(&mut room.left, account);
        room.seen.clear();
        let mut found = Recount {
            subscription: account.key.subscription,
            meter: account.key.meter,
            month: account.key.month,
            quantity: Some(Quantity::ZERO),
            list: Amount::ZERO,
            charge: Amount::ZERO,
            is_whole: true,
        };
        let total = bill.total_with_rows(edge, |row| {
            found.quantity = found.quantity.and_then(|sum| sum.checked_add(row.quantity));
            found.list += row.list;
            found.charge += row.charge;
            let place = place_of(row.row);
            match room.left.get_mut(place) {
                Some(left) => *left = left.saturating_sub(row.quantity.units()),
                None => found.is_whole = false,
            }
            room.seen.push(place);
        });
        found.is_whole &= room.seen.iter().all(|place| room.left.get(*place) == Some(&0));
        (!room.seen.is_empty()).then_some((total, found))
    }

    /// What was counted of each resource on each day.
    fn count_days(&self, counted: &mut Vec<i128>, account: &Account) {
        counted.clear();
        counted.resize(account.slots.len() * usize::from(DAYS), 0);
        for (place, slot) in self.accounts.slots_of(account) {
            for (cell, units) in slot.cells.iter() {
                if let Some(sum) = counted.get_mut(place as usize * usize::from(DAYS) + usize::from(cell.day())) {
                    *sum = sum.saturating_add(units);
                }
            }
        }
    }
}

fn place_of(row: RowKey) -> usize {
    row.place as usize * usize::from(DAYS) + usize::from(row.day)
}
