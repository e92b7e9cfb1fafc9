//! `/api/v1/partners/{partner}/price-rules`: by which rules of its seller a partner is priced.
//!
//! They are the seller's to read. The rules of an indirect provider are on what it pays itself; a reseller that saw them
//! beside its own prices would know what that is. The buyer reads its prices (`edge_prices.rs`).

use crate::{schema, wire};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tenantry_commerce::{AddPriceRule, Edge, SoldEdge, edge_add_price_rule, edge_sold_to};
use tenantry_core::{EdgeId, Factor, Problem, TenantId, Timestamp};
use tenantry_http::{Answer, Call};
use tenantry_rating::{AppliesTo, PriceList, PriceRule};

#[derive(JsonSchema, Serialize)]
pub(crate) struct EdgeView<'a> {
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
    market: &'a str,
    currency: &'a str,
    /// Oldest first; on a day the last that has begun and applies decides.
    rules: Vec<RuleView>,
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RuleView {
    /// `0.85` for 15 % off.
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Decimal")]
    factor: Factor,
    applies_to: &'static str,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Time")]
    from: Timestamp,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewRuleBody {
    #[schemars(with = "schema::Decimal")]
    factor: Option<String>,
    #[schemars(required, extend("enum" = ["everything", "firstParty"]))]
    applies_to: Option<String>,
    #[schemars(with = "Option<schema::Time>")]
    from: Option<String>,
}

/// The seller's rules.
pub(crate) async fn list(call: Call) -> Result<Answer, Problem> {
    let sold = edge_sold_to(&call.ctx, call.world.db(), partner(&call)?).await?;
    Answer::ok(&view(&sold.edge, &sold.rules))
}

/// One more rule, from now or later on.
pub(crate) async fn add(call: Call) -> Result<Answer, Problem> {
    let body = call.json::<NewRuleBody>()?;
    let factor = body.factor.ok_or_else(|| Problem::missing("factor"))?;
    let from = body.from.map(|text| Timestamp::parse(&text)).transpose();
    let new = AddPriceRule {
        buyer: partner(&call)?,
        factor: Factor::parse(&factor).map_err(|error| Problem::invalid("factor", error))?,
        applies_to: applies_to(body.applies_to.as_deref())?,
        from: from.map_err(|error| Problem::invalid("from", error))?.unwrap_or_else(|| call.ctx.now()),
    };
    let SoldEdge { edge, rules } = edge_add_price_rule(&call.ctx, call.world.db(), new).await?;
    Answer::created(&view(&edge, &rules))
}

fn partner(call: &Call) -> Result<TenantId, Problem> {
    TenantId::parse(call.param("partner")?).map_err(|error| Problem::invalid("partner", error))
}

const KINDS: [(&str, AppliesTo); 2] = [("everything", AppliesTo::Everything), ("firstParty", AppliesTo::FirstParty)];

pub(crate) fn applies_to(named: Option<&str>) -> Result<AppliesTo, Problem> {
    let Some(named) = named else { return Err(Problem::missing("appliesTo")) };
    KINDS.into_iter().find(|(name, _)| *name == named).map(|(_, kind)| kind).ok_or_else(|| {
        let shown: String = named.chars().take(40).collect();
        Problem::invalid("appliesTo", format!("`{shown}` is not one of everything, firstParty"))
    })
}

pub(crate) fn view<'a>(edge: &'a Edge, rules: &PriceList) -> EdgeView<'a> {
    EdgeView {
        edge: edge.id,
        seller: edge.seller,
        buyer: edge.buyer,
        market: &edge.market,
        currency: edge.currency.code(),
        rules: rules.rules().iter().map(rule).collect(),
    }
}

fn rule(rule: &PriceRule) -> RuleView {
    let name = KINDS.iter().find(|(_, kind)| *kind == rule.applies_to).map_or("", |(name, _)| name);
    RuleView { factor: rule.factor, applies_to: name, from: rule.from }
}
