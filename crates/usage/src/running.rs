//! What an edge owes at any moment: the figure that limits watch.
//!
//! Asked after every batch, so it is kept and brought up to date. Where a unit has one price, usage adds its own
//! charge; where prices are graduated, an event may move later rows to another tier and the account is rated anew.

use crate::account::{AccountNo, Running, Settled, sum_of};
use crate::fold::Fold;
use crate::quotes::{Sheets, day_at};
use crate::rating::Rated;
use crate::series::SeriesId;
use std::collections::BTreeMap;
use tenantry_core::{Amount, Day, EdgeId, Month, SubscriptionId};

impl Fold {
    /// What an edge owes for a subscription and has not been billed: the figure that caps watch.
    pub fn running_charge(&mut self, subscription: SubscriptionId, edge: EdgeId) -> Amount {
        let Some(edge) = self.edges.number(edge) else { return Amount::ZERO };
        let numbers: Vec<_> = self.accounts.numbers_of(subscription, None, None).collect();
        // In a settled account nothing is owed: all that has a price is billed.
        let is_open = |number: &AccountNo| self.accounts.at(*number).is_some_and(|a| a.settled == Settled::Open);
        let open: Vec<_> = numbers.into_iter().filter(is_open).collect();
        let owed = |running: &Running| sum_of(&running.charges, edge) - sum_of(&running.billed, edge);
        open.into_iter().map(|number| self.running(number).map_or(Amount::ZERO, owed)).sum()
    }

    /// What a subscription's usage of a month comes to on an edge, billed or not.
    pub(crate) fn charged(&mut self, subscription: SubscriptionId, edge: EdgeId, month: Month) -> Amount {
        let Some(edge) = self.edges.number(edge) else { return Amount::ZERO };
        let numbers: Vec<_> = self.accounts.numbers_of(subscription, Some(month), Some(month)).collect();
        let charged = |running: &Running| sum_of(&running.charges, edge);
        numbers.into_iter().map(|number| self.running(number).map_or(Amount::ZERO, charged)).sum()
    }

    /// The charge of each row of an account on one edge, all of it, billed or not. A row without a price comes to
    /// nothing.
    pub(crate) fn charges_of(&self, number: AccountNo, edge: EdgeId) -> Vec<(Day, SeriesId, Amount)> {
        let rating = self.rating(&mut Sheets::new(self), number);
        let (Some(rating), Some(edge)) = (rating, self.edges.number(edge)) else { return Vec::new() };
        let row = |rated: &Rated| {
            let series = self.accounts.series_of(rating.account, rated.row)?;
            let day = day_at(rating.quotes.first_day(), rated.row.day);
            Some((day, series, sum_of(&rating.charges(rated), edge)))
        };
        rating.rated().iter().filter_map(row).collect()
    }

    /// An account's running charges, brought up to date.
    fn running(&mut self, number: AccountNo) -> Option<&Running> {
        let kept = self.accounts.at_mut(number)?.running.take();
        let is_fresh = kept.as_ref().is_some_and(|running| running.added.as_ref().is_none_or(BTreeMap::is_empty));
        let running = match kept {
            Some(kept) if is_fresh => kept,
            kept => {
                let rating = self.rating(&mut Sheets::new(self), number)?;
                match kept {
                    Some(mut kept) => {
                        rating.add_flat(&mut kept.charges, &kept.added.unwrap_or_default());
                        kept.added = Some(BTreeMap::new());
                        kept
                    }
                    None => Box::new(Running {
                        charges: rating.charges_in_total(),
                        billed: rating.billed_in_total(),
                        added: rating.quotes.is_flat().then(BTreeMap::new),
                    }),
                }
            }
        };
        Some(self.accounts.at_mut(number)?.running.insert(running))
    }
}
