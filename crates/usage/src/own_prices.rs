//! Prices that a seller named for its buyer, and exchange rates: what the fold keeps of them.

use crate::channel::EdgeNo;
use crate::fold::Fold;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use tenantry_core::{Currency, EdgeId, Month};
use tenantry_rating::{EdgePricing, FxRates, FxTable, PriceBook, PriceSheet};

/// Explicit prices of one edge, from a day on. On a day, a meter that stands in the edge's sheet in force costs its buyer
/// that sheet's tiers; any other what the seller pays times the edge's factor ([`tenantry_rating::price_chain`]).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EdgePriceSheet {
    /// The edge.
    pub edge: EdgeId,
    /// Its prices, in the currency and market of the channel's price sheets.
    pub sheet: PriceSheet,
}

/// No channel has more edges; a circle has.
const CHANNEL_MAX: usize = 16;

/// The own prices of all edges that have any.
pub(crate) type OwnPrices = BTreeMap<EdgeNo, PriceBook>;

impl Fold {
    /// The own prices of an edge; `None` if its seller never named any.
    #[must_use]
    pub fn own_prices(&self, edge: EdgeId) -> Option<&PriceBook> {
        self.own_prices.get(&self.edges.number(edge)?)
    }

    /// How the edges of a channel price, from the provider down to one. Nothing for an edge that is not there.
    #[must_use]
    pub fn pricing_down_to(&self, edge: EdgeId) -> Vec<EdgePricing<'_>> {
        let mut up = Vec::new();
        let mut next = self.edges.get(&edge);
        while let Some(terms) = next.filter(|_| up.len() < CHANNEL_MAX) {
            let own = self.edges.number(terms.id).and_then(|number| self.own_prices.get(&number));
            up.push(EdgePricing { rules: &terms.price_list, own });
            next = self.edges.values().find(|above| above.buyer == terms.seller);
        }
        up.reverse();
        up
    }

    /// Whether an edge is sold on by somebody who buys himself: below the provider's. As far as anything was ever sold
    /// through it.
    #[must_use]
    pub fn is_resold(&self, edge: EdgeId) -> bool {
        // Asked of each document of a close: any channel it is in says where it stands.
        let place = |number: EdgeNo| {
            let sold = self.sold_through.get(&number)?.first()?;
            let mut channels = self.subscriptions.get(sold)?.channels();
            channels.find_map(|channel| channel.iter().position(|known| *known == number))
        };
        let of_seats = |number: EdgeNo| {
            let mut channels = self.seats.through(number).flat_map(|holder| &holder.channels);
            channels.find_map(|(_, channel)| channel.iter().position(|known| *known == number))
        };
        let number = self.edges.number(edge);
        number.and_then(|number| place(number).or_else(|| of_seats(number))).is_some_and(|place| place > 0)
    }

    /// The exchange rates known.
    #[must_use]
    pub const fn fx(&self) -> &FxTable {
        &self.fx
    }

    /// The exchange rate that documents of a close take: the latest import the close knew. If there was none they wait
    /// for one, and take the latest there is. `None` for `close`: as of now.
    #[must_use]
    pub fn fx_of(&self, close: Option<u32>, from: Currency, to: Currency, month: Month) -> Option<&FxRates> {
        let closes = self.closes.iter().zip(&self.close_positions);
        let at = close.and_then(|number| closes.into_iter().find(|(close, _)| close.number == number));
        let known = at.and_then(|(_, at)| self.fx.known_at(*at, from, to, month));
        known.or_else(|| self.fx.latest(from, to, month))
    }

    /// Takes in prices of an edge. What is known of charges along it from their date on is not to be trusted any more.
    pub(crate) fn price_edge(&mut self, prices: EdgePriceSheet) {
        let Some(number) = self.edges.number(prices.edge) else { return };
        let sold: BTreeSet<_> = self.sold_through.get(&number).cloned().unwrap_or_default();
        let from = prices.sheet.effective_from;
        self.forget(|key| key.month.last_day().start() >= from && sold.contains(&key.subscription));
        self.own_prices.entry(number).or_default().add(prices.sheet);
    }
}
