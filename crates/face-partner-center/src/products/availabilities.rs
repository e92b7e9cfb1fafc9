//! `GET /v1/products/{product}/skus/{sku}/availabilities`, one of them, and the same under `/v1/customers/{customer}`.

use crate::params;
use crate::products::wire::Availability;
use crate::products::{check_scope, country, country_of_customer, currency, segment};
use crate::wire::Collection;
use crate::wire::links::uri;
use tenantry_commerce::{availability_get, availability_list};
use tenantry_core::Problem;
use tenantry_http::{Answer, Call};

/// Of a country.
pub(crate) async fn handle(call: Call) -> Result<Answer, Problem> {
    list(&call, &country(&call), "").await
}

/// Of a customer's country.
pub(crate) async fn of_customer(call: Call) -> Result<Answer, Problem> {
    let country = country_of_customer(&call).await?;
    list(&call, &country, &format!("/customers/{}", params::customer(&call)?)).await
}

async fn list(call: &Call, country: &str, above: &str) -> Result<Answer, Problem> {
    check_scope(call)?;
    let (product, sku) = (call.param("product")?, call.param("sku")?);
    let found = availability_list(&call.ctx, country, (product, sku), segment(call)?)?;
    let currency = currency(call).await?;
    let items = found.into_iter().map(|item| Availability::of(item, country, currency)).collect();
    let path = format!("{above}/products/{product}/skus/{sku}/availabilities");
    Answer::ok(&Collection::whole(items, uri(&path, call.query.pairs())))
}

/// One, of a country.
pub(crate) async fn one(call: Call) -> Result<Answer, Problem> {
    get(&call, &country(&call)).await
}

/// One, of a customer's country.
pub(crate) async fn one_of_customer(call: Call) -> Result<Answer, Problem> {
    let country = country_of_customer(&call).await?;
    get(&call, &country).await
}

async fn get(call: &Call, country: &str) -> Result<Answer, Problem> {
    let sku = (call.param("product")?, call.param("sku")?);
    let item = availability_get(&call.ctx, country, sku, call.param("availability")?)?;
    Answer::ok(&Availability::of(item, country, currency(call).await?))
}
