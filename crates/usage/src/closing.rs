//! Closing a month: what is known and not billed becomes billed.

use crate::account::{AccountNo, Settled};
use crate::bill::Bill;
use crate::fold::Fold;
use crate::quotes::Sheets;
use crate::record::Close;

impl Fold {
    /// Bills what no close has billed, of the month and all earlier ones. Only accounts are looked at in which
    /// something happened since the last close.
    pub(crate) fn close(&mut self, seq: i64, close: Close) {
        let mut sheets = Sheets::new(&self.book);
        let open = (0..).zip(&self.accounts.all);
        let open = open.filter(|(_, a)| a.settled == Settled::Open && a.key.month <= close.month);
        let billed: Vec<(AccountNo, Bill, bool)> = open
            .filter_map(|(number, _)| {
                let (bill, waits) = self.rating(&mut sheets, number)?.bill(close.number);
                Some((number, bill, waits))
            })
            .collect();
        for (number, bill, waits) in billed {
            let Some(account) = self.accounts.at_mut(number) else { continue };
            account.settled = if waits { Settled::Waiting } else { Settled::Billed };
            account.running = None;
            if !bill.is_empty() {
                account.bills.push(bill);
            }
        }
        self.closes.push(close);
        self.close_positions.push(seq);
    }
}
