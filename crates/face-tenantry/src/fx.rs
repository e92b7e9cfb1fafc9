//! `/api/v1/fx`: exchange rates, month by month. The provider publishes them; everybody may read what stands on documents.

use crate::document::{Detail, JSON, optional};
use crate::{asked, schema, wire};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tenantry_access::{ChannelManage, WorldScope, allow};
use tenantry_commerce::fx_file::{self, FxText};
use tenantry_commerce::{fx_import, fx_list};
use tenantry_core::{Currency, Day, Month, Problem, Rate};
use tenantry_http::header::CONTENT_TYPE;
use tenantry_http::{Answer, Call, Route, StatusCode};
use tenantry_rating::FxRates;

const CSV: &str = "text/csv";

pub(crate) const DETAILS: [Detail; 2] = [
    Detail::of("fx.list").query(&[optional("month", "Only those of this month, `2021-01`")]),
    Detail::of("fx.import").reads(&[JSON, CSV]),
];

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/v1/fx", "fx.list", "Exchange rates by month", list),
        Route::post("/api/v1/fx", "fx.import", "Publish exchange rates of months", import).answers(StatusCode::CREATED),
    ]
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Body {
    #[schemars(with = "Vec<RateSchema>")]
    rates: Vec<FxText>,
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ImportedView {
    /// Absent if everything was there already.
    #[serde(skip_serializing_if = "Option::is_none")]
    import_no: Option<u64>,
    unchanged: usize,
    /// What is new.
    items: Vec<RateView>,
}

#[derive(JsonSchema, Serialize)]
pub(crate) struct ListView {
    items: Vec<RateView>,
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RateView {
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Month")]
    month: Month,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Currency")]
    from: Currency,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Currency")]
    to: Currency,
    /// What one unit of `from` costs in `to`.
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Decimal")]
    rate: Rate,
    source: String,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Day")]
    date: Day,
    import_no: u64,
}

/// A rate, as the document says it; see [`FxText`].
#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its schema is asked for")]
pub(crate) struct RateSchema {
    month: schema::Month,
    from: String,
    to: String,
    rate: schema::Decimal,
    source: String,
    date: schema::Day,
}

/// All rates; of a pair and month the last one holds.
async fn list(call: Call) -> Result<Answer, Problem> {
    let month = asked::parsed(&call, "month", Month::parse)?;
    let rates = fx_list(&call.ctx, call.world.db(), month).await?;
    Answer::ok(&ListView { items: rates.into_iter().map(view).collect() })
}

/// New rates: JSON, or a table with the columns Month, From, To, Rate, Source, Date.
async fn import(call: Call) -> Result<Answer, Problem> {
    // Before the body is read: who may not publish is not told what is wrong with it.
    allow::<ChannelManage, _>(&call.ctx, WorldScope { sandbox: false })?;
    let media_type = call.header(CONTENT_TYPE).unwrap_or_default().split(';').next().unwrap_or_default().trim();
    let rates = if media_type.eq_ignore_ascii_case(CSV) {
        fx_file::read_table(&call.body)?
    } else {
        let Body { rates } = call.json()?;
        let read = rates.iter().zip(0_usize..).map(|(rate, place)| rate.read(&format!("rates[{place}]")));
        read.collect::<Result<_, _>>()?
    };
    let imported = fx_import(&call.ctx, call.world.db(), rates).await?;
    let (import_no, unchanged) = (imported.import_no, imported.unchanged);
    Answer::created(&ImportedView { import_no, unchanged, items: imported.added.into_iter().map(view).collect() })
}

fn view(rates: FxRates) -> RateView {
    let FxRates { month, from, to, rate, source, dated, import_no } = rates;
    RateView { month, from, to, rate, source, date: dated, import_no }
}
