//! `GET /v1/ratecards/azure`: what each meter costs the partner that asks; `azure-shared`: what it costs at list, which is the
//! rate of services that a partner shares among its customers. Below the provider's own edges list prices are shown to nobody
//! (with them next to its own a reseller could tell what its provider pays), so there both cards are one.
//!
//! The prices are the sheet in force today after what the edges of the partner's channel make of it: a tier sees its prices
//! and no other tier's. They are read from the price book that rates the usage, so what is shown here is what is charged.
//! A real card has 52,000 meters, so it goes from the book into the answer without a copy in between.
//!
//! The documents of the field show the 15 % of the partner once more as an offer term beside the rates. The recorded
//! traffic does not: there the direct rate is 0.85 of the shared-services rate already, and no term stands beside it
//! (partner-center-v1.md 3.9). We follow the recording; a term as well would take 15 % off twice.

mod card;
mod choice;

use crate::params;
use card::RateCard;
use choice::Asked;
use tenantry_commerce::{Edge, edge_is_resold, edge_of, edge_pricing};
use tenantry_core::{Day, Problem};
use tenantry_http::{Answer, Call, StatusCode};
use tenantry_metering::EdgePrices;

/// The rate card of the partner.
pub(crate) async fn get(call: Call) -> Result<Answer, Problem> {
    let edge = edge_of(&call.ctx, call.world.db(), params::partner(&call)?).await?;
    let card = Card::of(&call, &edge).await?;
    // The very prices that usage is rated with, also those of a sheet that was imported a moment ago.
    let prices = call.world.metering().edge_prices(&call.ctx, &edge, |prices| card.text(prices));
    Ok(Answer::json_bytes(StatusCode::OK, prices.await??))
}

/// The same meters at list: nothing comes off the rates (partner-center-v1.md 3.9).
pub(crate) async fn shared(call: Call) -> Result<Answer, Problem> {
    let edge = edge_of(&call.ctx, call.world.db(), params::partner(&call)?).await?;
    if edge_is_resold(call.world.db(), &edge).await? {
        return get(call).await;
    }
    let card = Card::of(&call, &edge).await?;
    let prices = call.world.metering().list_prices(&call.ctx, &edge, |prices| card.text(prices));
    Ok(Answer::json_bytes(StatusCode::OK, prices.await??))
}

/// What is asked for, and by whom.
struct Card {
    asked: Asked,
    /// The buyer's edge, in the currency of its price sheets; that of its documents may be another.
    priced: Edge,
    today: Day,
}

impl Card {
    async fn of(call: &Call, edge: &Edge) -> Result<Self, Problem> {
        let asked = Asked::of(call)?;
        let priced = Edge { currency: edge_pricing(call.world.db(), edge).await?.1, ..edge.clone() };
        Ok(Self { asked, priced, today: call.ctx.now().day() })
    }

    fn text(&self, prices: &EdgePrices<'_>) -> Result<Vec<u8>, Problem> {
        let sheet = self.asked.choose(prices.book, &self.priced, self.today)?;
        let card = RateCard::new(sheet, prices, self.today, self.asked.locale());
        serde_json::to_vec(&card).map_err(Problem::internal)
    }
}
