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
        let mut next = self.edges.number(edge);
        while let Some(number) = next.filter(|_| up.len() < CHANNEL_MAX) {
            let Some(terms) = self.edges.at(number) else { break };
            up.push(EdgePricing { rules: &terms.price_list, own: self.own_prices.get(&number) });
            next = self.above(number);
        }
        up.reverse();
        up
    }

    /// Whether an edge is sold on by somebody who buys himself: below the provider's.
    #[must_use]
    pub fn is_resold(&self, edge: EdgeId) -> bool {
        self.edges.number(edge).is_some_and(|number| self.above(number).is_some())
    }

    /// The edge on which the seller of one buys himself; `None` at the top. Whatever was sold through it says so, for
    /// usage or seats. Of an edge that nothing was sold through yet its seller does, by the first edge it buys on.
    fn above(&self, number: EdgeNo) -> Option<EdgeNo> {
        let used = self.sold_through.get(&number).into_iter().flatten();
        let used = used.filter_map(|id| self.subscriptions.get(id)).flat_map(|known| known.channels());
        let seats = self.seats.through(number).flat_map(|holder| &holder.channels).map(|(_, channel)| &**channel);
        let through = |channel: &[EdgeNo]| {
            let at = channel.iter().position(|known| *known == number)?;
            Some(at.checked_sub(1).and_then(|above| channel.get(above)).copied())
        };
        used.chain(seats).find_map(through).unwrap_or_else(|| {
            let seller = self.edges.at(number)?.seller;
            let mut numbered = (0..).zip(self.edges.numbered());
            numbered.find(|(_, above)| above.buyer == seller).map(|(above, _)| above)
        })
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
