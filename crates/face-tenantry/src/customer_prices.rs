//! `/api/v1/customers/{customer}/prices` and `/price-rules`: what a customer pays the partner that sells to it.
//!
//! A partner that adds a first rule bills this customer here from then on, with documents of its own. As between partners,
//! the buyer reads its prices, meter by meter, and only the seller its rules; nobody above the seller reads either.

use crate::document::{Detail, JSON};
use crate::price_rules::{applies_to, view};
use crate::{asked, edge_prices, schema, wire};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tenantry_commerce::{
    AddCustomerPriceRule, ChangeReseller, SoldEdge, customer_price_rule_add, customer_price_rules, customer_prices,
    subscription_change_reseller,
};
use tenantry_core::{Currency, Factor, Problem, SubscriptionId, TenantId, Timestamp};
use tenantry_http::{Answer, Call, Route, StatusCode};

pub(crate) const DETAILS: [Detail; 3] = [
    Detail::of("customer-prices.get").query(&[edge_prices::DAY, edge_prices::METER, edge_prices::SELLER]),
    Detail::of("customer-price-rules.add").reads(&[JSON]),
    Detail::of("subscriptions.change-reseller").reads(&[JSON]),
];

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get(
            "/api/v1/customers/{customer}/prices",
            "customer-prices.get",
            "What a customer pays for each meter",
            prices,
        ),
        Route::get(
            "/api/v1/customers/{customer}/price-rules",
            "customer-price-rules.list",
            "The rules by which a partner prices its customer",
            rules,
        ),
        Route::post(
            "/api/v1/customers/{customer}/price-rules",
            "customer-price-rules.add",
            "Begin to bill a customer, or change what it pays",
            add,
        )
        .answers(StatusCode::CREATED),
        Route::post(
            "/api/v1/customers/{customer}/subscriptions/{subscription}/change-reseller",
            "subscriptions.change-reseller",
            "Let another partner sell a subscription from now on",
            change_reseller,
        ),
    ]
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewRuleBody {
    /// `1.2` for 20 % more than the seller pays.
    #[schemars(with = "schema::Decimal")]
    factor: Option<String>,
    /// `everything` by default.
    #[schemars(extend("enum" = ["everything", "firstParty", null]))]
    applies_to: Option<String>,
    /// Now by default.
    #[schemars(with = "Option<schema::Time>")]
    from: Option<String>,
    /// In what the customer is billed; as its seller by default. Said with the first rule.
    #[schemars(with = "Option<schema::Currency>")]
    currency: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ResellerBody {
    /// Who sells it from now on.
    #[schemars(with = "schema::Id")]
    partner: Option<String>,
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SoldView {
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    subscription: SubscriptionId,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    customer: TenantId,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    partner: TenantId,
    /// Since when it is that partner's.
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Time")]
    sold_since: Timestamp,
}

/// What the customer pays for each meter. Its own to read, and its seller's.
async fn prices(call: Call) -> Result<Answer, Problem> {
    let seller = asked::parsed(&call, "seller", TenantId::parse)?;
    let edge = customer_prices(&call.ctx, call.world.db(), seller, customer(&call)?).await?;
    edge_prices::answer(&call, &edge).await
}

/// The seller's rules.
async fn rules(call: Call) -> Result<Answer, Problem> {
    let sold = customer_price_rules(&call.ctx, call.world.db(), customer(&call)?).await?;
    Answer::ok(&view(&sold.edge, &sold.rules))
}

/// One more rule, from now or later on.
async fn add(call: Call) -> Result<Answer, Problem> {
    let body = call.json::<NewRuleBody>()?;
    let factor = body.factor.ok_or_else(|| Problem::missing("factor"))?;
    let from = body.from.map(|text| Timestamp::parse(&text)).transpose();
    let currency = body.currency.map(|text| Currency::parse(&text)).transpose();
    let new = AddCustomerPriceRule {
        seller: None,
        customer: customer(&call)?,
        factor: Factor::parse(&factor).map_err(|error| Problem::invalid("factor", error))?,
        applies_to: applies_to(Some(body.applies_to.as_deref().unwrap_or("everything")))?,
        from: from.map_err(|error| Problem::invalid("from", error))?,
        currency: currency.map_err(|error| Problem::invalid("currency", error))?,
    };
    let SoldEdge { edge, rules } = customer_price_rule_add(&call.ctx, call.world.db(), new).await?;
    Answer::created(&view(&edge, &rules))
}

/// Gives a subscription to another partner.
async fn change_reseller(call: Call) -> Result<Answer, Problem> {
    let body = call.json::<ResellerBody>()?;
    let partner = body.partner.ok_or_else(|| Problem::missing("partner"))?;
    let subscription = SubscriptionId::parse(call.param("subscription")?);
    let change = ChangeReseller {
        customer: customer(&call)?,
        subscription: subscription.map_err(|error| Problem::invalid("subscription", error))?,
        partner: TenantId::parse(&partner).map_err(|error| Problem::invalid("partner", error))?,
    };
    let sold = subscription_change_reseller(&call.ctx, call.world.db(), change).await?;
    let (subscription, customer, sold_since) = (sold.id, sold.customer, sold.sold_since);
    Answer::ok(&SoldView { subscription, customer, partner: sold.partner, sold_since })
}

fn customer(call: &Call) -> Result<TenantId, Problem> {
    TenantId::parse(call.param("customer")?).map_err(|error| Problem::invalid("customer", error))
}
