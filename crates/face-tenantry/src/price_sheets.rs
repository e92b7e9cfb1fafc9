//! `/api/v1/price-sheets`: the provider publishes prices; partners see what was published for whom.

use crate::{asked, schema, wire};
use schemars::JsonSchema;
use serde::Serialize;
use tenantry_access::{ChannelManage, WorldScope, allow};
use tenantry_commerce::{ImportPriceSheet, PriceSheetSummary, price_sheet_import, price_sheet_list};
use tenantry_core::{Currency, PriceSheetId, Problem, Reason, Timestamp};
use tenantry_http::{Answer, Call};

/// Bytes of a rate card: the largest known has 33 MB.
pub(crate) const BODY_MAX: usize = 64 << 20;

#[derive(JsonSchema, Serialize)]
pub(crate) struct ListView {
    items: Vec<SheetView>,
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SheetView {
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    id: PriceSheetId,
    import_no: u64,
    market: String,
    currency: String,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Time")]
    effective_from: Timestamp,
    meters: i64,
    third_party_meters: i64,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Time")]
    imported_at: Timestamp,
}

/// Imports a rate card document, plain or gzip, as the sheet of a market from an instant on.
pub(crate) async fn import(call: Call) -> Result<Answer, Problem> {
    // Before tens of megabytes are parsed. The act asks again.
    allow::<ChannelManage, _>(&call.ctx, WorldScope { sandbox: call.world.settings().sandbox })?;
    let market = asked::optional(&call, "market").ok_or_else(|| Problem::missing("market"))?;
    let effective_from = asked::required(&call, "effectiveFrom", Timestamp::parse)?;
    if call.body.is_empty() {
        let message = "the body is empty; send a RateCard document, plain or gzip";
        return Err(Problem::new(Reason::MissingField, message).at("body"));
    }
    let currency = asked::parsed(&call, "currency", Currency::parse)?;
    let import = ImportPriceSheet { market: market.to_owned(), currency, effective_from, document: call.body.to_vec() };
    Answer::created(&view(price_sheet_import(&call.ctx, call.world.db(), import).await?))
}

/// All imports, oldest first, without their prices.
pub(crate) async fn list(call: Call) -> Result<Answer, Problem> {
    let sheets = price_sheet_list(&call.ctx, call.world.db()).await?;
    Answer::ok(&ListView { items: sheets.into_iter().map(view).collect() })
}

fn view(sheet: PriceSheetSummary) -> SheetView {
    SheetView {
        id: sheet.id,
        import_no: sheet.import_no,
        market: sheet.market,
        currency: sheet.currency.to_string(),
        effective_from: sheet.effective_from,
        meters: sheet.meters,
        third_party_meters: sheet.third_party_meters,
        imported_at: sheet.imported_at,
    }
}
