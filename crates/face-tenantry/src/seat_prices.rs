//! `/api/v1/seat-prices`: list prices of seats. The provider publishes them; everybody who sells may read them.

use crate::document::{Detail, JSON};
use crate::{schema, wire};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tenantry_access::{ChannelManage, WorldScope, allow};
use tenantry_commerce::{ImportSeatPrices, NewSeatPrice, seat_price_import, seat_price_lists};
use tenantry_core::{Currency, Day, OfferId, Problem, Rate};
use tenantry_http::{Answer, Call, Route, StatusCode};
use tenantry_rating::{SeatCycle, SeatListPrice, SeatPriceList};

pub(crate) const DETAILS: [Detail; 1] = [Detail::of("seat-prices.import").reads(&[JSON])];

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/v1/seat-prices", "seat-prices.list", "List prices of seats", list),
        Route::post("/api/v1/seat-prices", "seat-prices.import", "Publish list prices of seats", import)
            .answers(StatusCode::CREATED),
    ]
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Body {
    /// The country the prices are for, `US`.
    market: String,
    #[schemars(with = "schema::Currency")]
    currency: String,
    /// The first day they hold, `2018-01-01`.
    #[schemars(with = "schema::Day")]
    effective_from: String,
    prices: Vec<PriceBody>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct PriceBody {
    /// The offer's id in the catalogue.
    offer: String,
    /// `monthly` or `annual`.
    cycle: String,
    /// The list price of one seat for that long.
    #[schemars(with = "schema::Decimal")]
    price: String,
    /// Whether price rules for first-party services apply; `true` by default.
    #[serde(default = "yes")]
    first_party: bool,
}

const fn yes() -> bool {
    true
}

#[derive(JsonSchema, Serialize)]
pub(crate) struct ListView {
    items: Vec<SeatPricesView>,
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SeatPricesView {
    import_no: u64,
    market: String,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Currency")]
    currency: Currency,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Day")]
    effective_from: Day,
    prices: Vec<PriceView>,
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PriceView {
    offer: String,
    cycle: &'static str,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Decimal")]
    price: Rate,
    first_party: bool,
}

/// All lists, oldest import first; of an offer the latest that holds on a day decides.
async fn list(call: Call) -> Result<Answer, Problem> {
    let lists = seat_price_lists(&call.ctx, call.world.db()).await?;
    Answer::ok(&ListView { items: lists.into_iter().map(view).collect() })
}

/// A new list. The same one again changes nothing and is answered with what is there.
async fn import(call: Call) -> Result<Answer, Problem> {
    // Before the body is read: who may not publish is not told what is wrong with it.
    allow::<ChannelManage, _>(&call.ctx, WorldScope { sandbox: false })?;
    let Body { market, currency, effective_from, prices } = call.json()?;
    let currency = Currency::parse(&currency).map_err(|error| Problem::invalid("currency", error))?;
    let effective_from = Day::parse(&effective_from).map_err(|error| Problem::invalid("effectiveFrom", error))?;
    let prices = prices.into_iter().zip(0_usize..).map(price).collect::<Result<_, _>>()?;
    let new = ImportSeatPrices { market, currency, effective_from, prices };
    let imported = seat_price_import(&call.ctx, call.world.db(), new).await?;
    let shown = view(imported.list);
    if imported.new { Answer::created(&shown) } else { Answer::ok(&shown) }
}

fn price((body, place): (PriceBody, usize)) -> Result<NewSeatPrice, Problem> {
    let field = |name: &str| format!("prices[{place}].{name}");
    let cycle = SeatCycle::from_name(&body.cycle);
    let shown: String = body.cycle.chars().take(40).collect();
    let cycle =
        cycle.ok_or_else(|| Problem::invalid(field("cycle"), format!("`{shown}` is not one of monthly, annual")))?;
    let rate = Rate::parse(&body.price).map_err(|error| Problem::invalid(field("price"), error))?;
    Ok(NewSeatPrice { offer: OfferId::new(&body.offer), cycle, rate, first_party: body.first_party })
}

fn view(list: SeatPriceList) -> SeatPricesView {
    let SeatPriceList { import_no, market, currency, effective_from, prices } = list;
    let price = |price: SeatListPrice| PriceView {
        offer: price.offer.to_string(),
        cycle: price.cycle.name(),
        price: price.rate,
        first_party: price.first_party,
    };
    SeatPricesView { import_no, market, currency, effective_from, prices: prices.into_iter().map(price).collect() }
}
