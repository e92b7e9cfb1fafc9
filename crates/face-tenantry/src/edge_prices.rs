//! `/api/v1/partners/{partner}/prices` and `/price-lists`: what a buyer pays for each meter, and the prices its seller named.
//!
//! These are two things on purpose. A buyer is told one price for each meter: which part of it its seller named, and what
//! factor the rest was multiplied by, together with public prices would tell what the seller pays itself. So the buyer
//! reads `prices`, and the seller, who makes them, `price-lists` and `price-rules`. What is exported here as a table is
//! what an import reads: a seller takes what it pays, changes the numbers, and names them for its buyer.

use crate::document::{Detail, JSON, Parameter, optional};
use crate::{asked, schema, wire};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tenantry_commerce::edge_price_file::{self, PricedMeter};
use tenantry_commerce::{
    Edge, EdgePriceSheetSummary, ImportEdgePriceSheet, edge_from, edge_price_sheet_get, edge_price_sheet_import,
    edge_price_sheet_list, edge_pricing,
};
use tenantry_core::{Currency, Day, EdgeId, MeterId, PriceSheetId, Problem, Reason, TenantId, Timestamp};
use tenantry_http::header::CONTENT_TYPE;
use tenantry_http::{Answer, Call, Route, StatusCode};
use tenantry_rating::MeterPrice;

/// Bytes of a list of prices: 60,000 meters with names and tiers.
const BODY_MAX: usize = 64 << 20;
const CSV: &str = "text/csv";

pub(crate) const SELLER: Parameter = optional("seller", "Tenant id of the seller, where several bill this customer");
pub(crate) const DAY: Parameter = optional("day", "The prices of this day, `2017-10-04`; today by default");
pub(crate) const METER: Parameter = optional("meter", "Only this meter");

pub(crate) const DETAILS: [Detail; 5] = [
    Detail::of("prices.get").query(&[DAY, METER, SELLER]),
    Detail::of("prices.export").query(&[DAY, SELLER]).gives(CSV),
    Detail::of("price-lists.list").query(&[SELLER]),
    Detail::of("price-lists.get").query(&[SELLER]),
    Detail::of("price-lists.import")
        .query(&[
            optional("effectiveFrom", "From when on they hold, ISO 8601; now by default. Not before today, unless a list holds from that very time: it is \
                 set right, and documents issued by it are corrected on the next one"),
            optional("market", "Refused unless the partner's prices are of this country"),
            optional("currency", "Refused unless the partner's prices are in this currency"),
            SELLER,
        ])
        .reads(&[JSON, CSV]),
];

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/v1/partners/{partner}/prices", "prices.get", "What a buyer pays for each meter", prices),
        Route::get(
            "/api/v1/partners/{partner}/prices/export",
            "prices.export",
            "What a buyer pays for each meter, as a table",
            export,
        ),
        Route::get(
            "/api/v1/partners/{partner}/price-lists",
            "price-lists.list",
            "The prices a seller named for a buyer",
            list,
        ),
        Route::post(
            "/api/v1/partners/{partner}/price-lists",
            "price-lists.import",
            "Name prices for a buyer, from today or later on",
            import,
        )
        .body_limit(BODY_MAX)
        .answers(StatusCode::CREATED),
        Route::get(
            "/api/v1/partners/{partner}/price-lists/{list}",
            "price-lists.get",
            "One list of prices a seller named for a buyer",
            get,
        ),
    ]
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PricesView {
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    edge: EdgeId,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    seller: TenantId,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    buyer: TenantId,
    /// The country whose price sheets hold.
    market: String,
    /// The currency of the prices.
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Currency")]
    currency: Currency,
    /// The currency of documents; the exchange rate of the month is between the two.
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Currency")]
    billed_in: Currency,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Day")]
    day: Day,
    /// By meter id: tiers, and units that are free in a month.
    #[schemars(with = "Vec<MeterSchema>")]
    meters: Vec<PricedMeter>,
}

#[derive(JsonSchema, Serialize)]
pub(crate) struct ListsView {
    items: Vec<ListView>,
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ListView {
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    id: PriceSheetId,
    import_no: u64,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    edge: EdgeId,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    seller: TenantId,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    buyer: TenantId,
    market: String,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Currency")]
    currency: Currency,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Time")]
    effective_from: Timestamp,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Time")]
    imported_at: Timestamp,
    /// How many.
    meter_count: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Vec<MeterSchema>>")]
    meters: Option<Vec<PricedMeter>>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ListBody {
    effective_from: Option<String>,
    market: Option<String>,
    currency: Option<String>,
    #[schemars(with = "Vec<MeterSchema>")]
    meters: Vec<PricedMeter>,
}

/// A meter and its prices, as the document says it; see [`PricedMeter`].
#[derive(JsonSchema)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "only its schema is asked for")]
pub(crate) struct MeterSchema {
    meter: schema::Id,
    name: Option<String>,
    category: Option<String>,
    subcategory: Option<String>,
    region: Option<String>,
    unit: Option<String>,
    included_quantity: Option<schema::Decimal>,
    rates: Vec<TierSchema>,
}

/// What a unit costs from a lower bound on.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its schema is asked for")]
pub(crate) struct TierSchema {
    from: schema::Decimal,
    price: schema::Decimal,
}

/// What a buyer pays. Its own to read, and its seller's.
async fn prices(call: Call) -> Result<Answer, Problem> {
    answer(&call, &edge(&call).await?).await
}

/// The prices of an edge as its buyer is told them.
pub(crate) async fn answer(call: &Call, edge: &Edge) -> Result<Answer, Problem> {
    let only = asked::parsed(call, "meter", MeterId::parse)?;
    let (day, market, currency, meters) = in_force(call, edge).await?;
    let meters: Vec<_> =
        meters.iter().filter(|meter| only.is_none_or(|only| only == meter.id)).map(PricedMeter::from).collect();
    if let Some(only) = only.filter(|_| meters.is_empty()) {
        let message = format!("meter {only} has no price for {market} in {currency} on {day}; check the id");
        return Err(Problem::new(Reason::MeterNotFound, message).at("meter"));
    }
    let (id, seller, buyer, billed_in) = (edge.id, edge.seller, edge.buyer, edge.currency);
    Answer::ok(&PricesView { edge: id, seller, buyer, market, currency, billed_in, day, meters })
}

/// The same as a table.
async fn export(call: Call) -> Result<Answer, Problem> {
    let edge = edge(&call).await?;
    let (day, _, _, meters) = in_force(&call, &edge).await?;
    let answer = Answer::bytes(StatusCode::OK, "text/csv; charset=utf-8", edge_price_file::write_table(&meters)?);
    Ok(answer.saved_as(&format!("prices-{day}.csv")))
}

async fn in_force(call: &Call, edge: &Edge) -> Result<(Day, String, Currency, Vec<MeterPrice>), Problem> {
    let day = asked::parsed(call, "day", Day::parse)?.unwrap_or_else(|| call.ctx.now().day());
    let (market, currency) = edge_pricing(call.world.db(), edge).await?;
    let prices = call
        .world
        .metering()
        .edge_prices(&call.ctx, edge, |prices| prices.in_force((&market, currency), day).collect::<Vec<_>>());
    let meters = prices.await?;
    Ok((day, market, currency, meters))
}

/// All lists of an edge, for its seller.
async fn list(call: Call) -> Result<Answer, Problem> {
    let lists = edge_price_sheet_list(&call.ctx, call.world.db(), between(&call)?).await?;
    Answer::ok(&ListsView { items: lists.into_iter().map(|list| view(list, None)).collect() })
}

/// One list, for its seller.
async fn get(call: Call) -> Result<Answer, Problem> {
    let id = PriceSheetId::parse(call.param("list")?).map_err(|error| Problem::invalid("list", error))?;
    let (list, sheet) = edge_price_sheet_get(&call.ctx, call.world.db(), between(&call)?, id).await?;
    let meters = sheet.meters.values().map(PricedMeter::from).collect();
    Answer::ok(&view(list, Some(meters)))
}

/// A new list: JSON, or the table that `export` gives.
async fn import(call: Call) -> Result<Answer, Problem> {
    let (seller, buyer) = between(&call)?;
    let media_type = call.header(CONTENT_TYPE).unwrap_or_default().split(';').next().unwrap_or_default().trim();
    let body = if media_type.eq_ignore_ascii_case(CSV) {
        let meters = edge_price_file::read_table(&call.body)?;
        (None, None, None, meters)
    } else {
        let ListBody { effective_from, market, currency, meters } = call.json()?;
        (effective_from, market, currency, edge_price_file::read_meters(meters)?)
    };
    let (from, market, currency, meters) = body;
    let said = |in_body: Option<String>, name| in_body.or_else(|| asked::optional(&call, name).map(str::to_owned));
    let from = said(from, "effectiveFrom").map(|text| Timestamp::parse(&text)).transpose();
    let currency = said(currency, "currency").map(|text| Currency::parse(&text)).transpose();
    let import = ImportEdgePriceSheet {
        seller,
        buyer,
        market: said(market, "market"),
        currency: currency.map_err(|error| Problem::invalid("currency", error))?,
        effective_from: from
            .map_err(|error| Problem::invalid("effectiveFrom", error))?
            .unwrap_or_else(|| call.ctx.now()),
        meters,
    };
    let list = edge_price_sheet_import(&call.ctx, call.world.db(), import).await?;
    Answer::created(&view(list, None))
}

async fn edge(call: &Call) -> Result<Edge, Problem> {
    let (seller, buyer) = between(call)?;
    edge_from(&call.ctx, call.world.db(), seller, buyer).await
}

/// Seller, if one is named, and buyer.
fn between(call: &Call) -> Result<(Option<TenantId>, TenantId), Problem> {
    let buyer = TenantId::parse(call.param("partner")?).map_err(|error| Problem::invalid("partner", error))?;
    Ok((asked::parsed(call, "seller", TenantId::parse)?, buyer))
}

fn view(list: EdgePriceSheetSummary, meters: Option<Vec<PricedMeter>>) -> ListView {
    ListView {
        id: list.id,
        import_no: list.import_no,
        edge: list.edge,
        seller: list.seller,
        buyer: list.buyer,
        market: list.market,
        currency: list.currency,
        effective_from: list.effective_from,
        imported_at: list.imported_at,
        meter_count: list.meters,
        meters,
    }
}
