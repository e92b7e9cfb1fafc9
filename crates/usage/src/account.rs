//! One meter of one subscription in one month: its rows, and what was billed of them.

use crate::series::SeriesId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tenantry_core::{Amount, Day, MeterId, Month, PriceSheetId, Quantity, SubscriptionId};

/// Names an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct AccountKey {
    pub(crate) subscription: SubscriptionId,
    pub(crate) month: Month,
    pub(crate) meter: MeterId,
}

/// Tier positions run through an account, so it is rated as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Account {
    pub(crate) rows: BTreeMap<(Day, SeriesId), Row>,
    /// All quantities without their signs. No sum over any of the rows can lie further from zero, in whatever
    /// order they are added, so one comparison keeps all of them in range.
    pub(crate) quantity: Quantity,
    /// `None` until somebody asks, and again whenever a price changes.
    #[serde(skip)]
    pub(crate) running: Option<Running>,
}

/// What an account comes to as known now, before what was billed is taken off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Running {
    /// By edge of the channel.
    pub(crate) charges: Vec<Amount>,
    /// Whether all prices of the month are flat. Then an event adds its own charge and changes no other row's;
    /// otherwise it may move later rows to another tier.
    pub(crate) flat: bool,
}

/// Usage of one series on one day.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Row {
    pub(crate) quantity: Quantity,
    /// By hour of the day, only hours with usage, rising.
    pub(crate) hours: Vec<(u8, Quantity)>,
    /// What closes billed of it, in order.
    pub(crate) billed: Vec<Billed>,
}

/// What one close billed of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Billed {
    pub(crate) close: u32,
    pub(crate) quantity: Quantity,
    pub(crate) list: Amount,
    /// By edge of the channel.
    pub(crate) charges: Vec<Amount>,
    pub(crate) sheet: PriceSheetId,
}

impl Row {
    pub(crate) fn add(&mut self, hour: u8, quantity: Quantity) {
        self.quantity = self.quantity.checked_add(quantity).unwrap_or(self.quantity);
        match self.hours.binary_search_by_key(&hour, |(known, _)| *known) {
            Ok(at) => {
                let sum = &mut self.hours[at].1;
                *sum = sum.checked_add(quantity).unwrap_or(*sum);
            }
            Err(at) => self.hours.insert(at, (hour, quantity)),
        }
    }

    /// Quantity and list charge billed so far.
    pub(crate) fn billed_so_far(&self) -> (Quantity, Amount) {
        self.billed.iter().fold((Quantity::ZERO, Amount::ZERO), |(quantity, list), billed| {
            (quantity.checked_add(billed.quantity).unwrap_or(quantity), list + billed.list)
        })
    }

    /// Charge of one edge billed so far.
    pub(crate) fn charged_so_far(&self, edge: usize) -> Amount {
        self.billed.iter().map(|billed| billed.charges.get(edge).copied().unwrap_or_default()).sum()
    }
}
