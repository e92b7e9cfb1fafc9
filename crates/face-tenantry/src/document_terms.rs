//! What a seller says of the documents of its edges: how their lines are rounded, and the tax rates of its markets.
//!
//! Both have a history and change from an instant on; an issued document keeps what held when it was issued.

use crate::document::{Detail, JSON};
use crate::payments::said;
use crate::{schema, wire};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tenantry_billing::{NewTaxRate, edge_rounding_set, rounding_name, rounding_named, tax_rate_set};
use tenantry_commerce::{country, edge_of, provider_get};
use tenantry_core::{Factor, Problem, TenantId, Timestamp};
use tenantry_http::{Answer, Call, Route};

pub(crate) const DETAILS: [Detail; 2] =
    [Detail::of("rounding.set").reads(&[JSON]), Detail::of("tax-rates.set").reads(&[JSON])];

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::post(
            "/api/v1/rounding",
            "rounding.set",
            "Say how the lines of a partner's documents are rounded",
            rounding,
        ),
        Route::post("/api/v1/tax-rates", "tax-rates.set", "Set the tax rate of a market from an instant on", tax),
    ]
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct RoundingBody {
    #[schemars(with = "schema::Id")]
    partner: Option<String>,
    /// `half-even`, `half-up` or `floor`.
    #[schemars(required, extend("enum" = ["half-even", "half-up", "floor"]))]
    rounding: Option<String>,
    /// Now by default.
    #[schemars(with = "Option<schema::Time>")]
    from: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct TaxBody {
    #[schemars(with = "schema::Country")]
    market: Option<String>,
    /// `0.19` for 19 %.
    #[schemars(with = "schema::Decimal")]
    rate: Option<String>,
    /// What a tax service calls this rate. Kept, and printed on documents; nothing is called.
    hook: Option<String>,
    /// Now by default.
    #[schemars(with = "Option<schema::Time>")]
    from: Option<String>,
}

#[derive(JsonSchema, Serialize)]
pub(crate) struct RoundingView {
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    partner: TenantId,
    rounding: &'static str,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Time")]
    from: Timestamp,
}

#[derive(JsonSchema, Serialize)]
pub(crate) struct TaxView<'a> {
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    seller: TenantId,
    market: &'a str,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Decimal")]
    rate: Factor,
    hook: &'a str,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Time")]
    from: Timestamp,
}

/// Rounding of the edge a partner buys on.
async fn rounding(call: Call) -> Result<Answer, Problem> {
    let body = call.json::<RoundingBody>()?;
    let partner = said("partner", body.partner, TenantId::parse)?;
    let rounding = said("rounding", body.rounding, rounding_named)?;
    let from = from(&call, body.from)?;
    let edge = edge_of(&call.ctx, call.world.db(), partner).await?;
    edge_rounding_set(&call.ctx, call.world.db(), &edge, rounding, from).await?;
    Answer::ok(&RoundingView { partner, rounding: rounding_name(rounding), from })
}

/// A tax rate of the caller's documents; the provider's own for the provider.
async fn tax(call: Call) -> Result<Answer, Problem> {
    let body = call.json::<TaxBody>()?;
    let seller = match call.ctx.confined_to() {
        Some(own) => own,
        None => provider_get(&call.ctx, call.world.db()).await?.tenant,
    };
    let new = NewTaxRate {
        seller,
        market: country::check("market", &body.market.unwrap_or_default())?,
        rate: said("rate", body.rate, Factor::parse)?,
        hook: body.hook.unwrap_or_default(),
        from: from(&call, body.from)?,
    };
    tax_rate_set(&call.ctx, call.world.db(), new.clone()).await?;
    Answer::ok(&TaxView { seller, market: &new.market, rate: new.rate, hook: &new.hook, from: new.from })
}

fn from(call: &Call, said: Option<String>) -> Result<Timestamp, Problem> {
    let Some(text) = said else { return Ok(call.ctx.now()) };
    Timestamp::parse(&text).map_err(|error| Problem::invalid("from", error))
}
