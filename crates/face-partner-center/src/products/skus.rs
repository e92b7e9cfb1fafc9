//! `GET /v1/products/{product}/skus`, `GET /v1/products/{product}/skus/{sku}`, and the same under
//! `/v1/customers/{customer}`.

use crate::params;
use crate::products::wire::Sku;
use crate::products::{check_scope, country, country_of_customer, segment};
use crate::wire::Collection;
use crate::wire::links::uri;
use tenantry_commerce::{product_sku_get, product_sku_list};
use tenantry_core::Problem;
use tenantry_http::{Answer, Call};

/// Of a country.
pub(crate) async fn handle(call: Call) -> Result<Answer, Problem> {
    list(&call, &country(&call), "")
}

/// Of a customer's country.
pub(crate) async fn of_customer(call: Call) -> Result<Answer, Problem> {
    let country = country_of_customer(&call).await?;
    list(&call, &country, &format!("/customers/{}", params::customer(&call)?))
}

fn list(call: &Call, country: &str, above: &str) -> Result<Answer, Problem> {
    check_scope(call)?;
    let product = call.param("product")?;
    let found = product_sku_list(&call.ctx, country, product, segment(call)?)?;
    let items = found.into_iter().map(|item| Sku::of(item, country)).collect();
    Answer::ok(&Collection::whole(items, uri(&format!("{above}/products/{product}/skus"), call.query.pairs())))
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
    let item = product_sku_get(&call.ctx, country, call.param("product")?, call.param("sku")?)?;
    Answer::ok(&Sku::of(item, country))
}
