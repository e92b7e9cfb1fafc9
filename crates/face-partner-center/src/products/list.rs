//! `GET /v1/products`, `GET /v1/products/{product}`, and the same under `/v1/customers/{customer}`.

use crate::params;
use crate::products::wire::Product;
use crate::products::{check_scope, country, country_of_customer, segment, view};
use crate::wire::Collection;
use crate::wire::links::uri;
use tenantry_commerce::{product_get, product_list};
use tenantry_core::Problem;
use tenantry_http::{Answer, Call};

/// Of a country.
pub(crate) async fn handle(call: Call) -> Result<Answer, Problem> {
    list(&call, &country(&call), "/products")
}

/// Of a customer's country.
pub(crate) async fn of_customer(call: Call) -> Result<Answer, Problem> {
    let country = country_of_customer(&call).await?;
    list(&call, &country, &format!("/customers/{}/products", params::customer(&call)?))
}

fn list(call: &Call, country: &str, path: &str) -> Result<Answer, Problem> {
    check_scope(call)?;
    let found = product_list(&call.ctx, country, view(call)?, segment(call)?)?;
    let items = found.into_iter().map(|item| Product::of(item, country)).collect();
    Answer::ok(&Collection::whole(items, uri(path, call.query.pairs())))
}

/// One, of a country.
pub(crate) async fn one(call: Call) -> Result<Answer, Problem> {
    get(&call, &country(&call))
}

/// One, of a customer's country.
pub(crate) async fn one_of_customer(call: Call) -> Result<Answer, Problem> {
    let country = country_of_customer(&call).await?;
    get(&call, &country)
}

fn get(call: &Call, country: &str) -> Result<Answer, Problem> {
    check_scope(call)?;
    Answer::ok(&Product::of(product_get(&call.ctx, country, call.param("product")?)?, country))
}
