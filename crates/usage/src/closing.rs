//! Closing a month: what is known and not billed becomes billed.

use crate::account::{AccountNo, Settled};
use crate::bill::Bill;
use crate::fold::Fold;
use crate::quotes::Sheets;
use crate::record::Close;
use std::num::NonZeroUsize;

/// Accounts that are worth a thread of their own.
const ALONE: usize = 500;

impl Fold {
    /// How many accounts (a meter of a subscription in a month) the next close looks at: those in which something happened
    /// since one did.
    #[must_use]
    pub fn accounts_open(&self) -> usize {
        self.accounts.all.iter().filter(|account| account.settled == Settled::Open).count()
    }

    /// Bills what no close has billed, of the month and all earlier ones. Only accounts are looked at in which
    /// something happened since the last close.
    pub(crate) fn close(&mut self, seq: i64, close: Close) {
        let is_open = |number: &AccountNo| {
            self.accounts.at(*number).is_some_and(|a| a.settled == Settled::Open && a.key.month <= close.month)
        };
        let open: Vec<_> = (0..).take(self.accounts.all.len()).filter(is_open).collect();
        for (number, bill, waits) in self.bills(&open, close.number) {
            let Some(account) = self.accounts.at_mut(number) else { continue };
            account.settled = if waits { Settled::Waiting } else { Settled::Billed };
            account.running = None;
            if !bill.is_empty() {
                // Most have one bill for ever.
                account.bills.reserve_exact(1);
                account.bills.push(bill);
            }
        }
        self.closes.push(close);
        self.close_positions.push(seq);
    }

    /// The bills of accounts, in their order, made by as many threads as there are processors. An account is billed
    /// without looking at any other, so it makes no difference by which.
    fn bills(&self, open: &[AccountNo], close: u32) -> Vec<(AccountNo, Bill, bool)> {
        let bills = |share: &[AccountNo]| {
            let (mut sheets, mut room) = (Sheets::new(self), Vec::new());
            let bill = |number: &AccountNo| {
                let (bill, waits) = self.rating(&mut sheets, *number)?.bill(close, &mut room);
                Some((*number, bill, waits))
            };
            share.iter().filter_map(bill).collect::<Vec<_>>()
        };
        let threads = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let share = open.len().div_ceil(threads).max(ALONE);
        if share >= open.len() {
            return bills(open);
        }
        std::thread::scope(|scope| {
            let running: Vec<_> = open.chunks(share).map(|share| (share, scope.spawn(move || bills(share)))).collect();
            let ended = running.into_iter().map(|(share, thread)| thread.join().unwrap_or_else(|_| bills(share)));
            ended.flatten().collect()
        })
    }
}
