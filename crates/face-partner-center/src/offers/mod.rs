//! The catalogue of the legacy commerce API. One file per operation.

pub(crate) mod addons;
pub(crate) mod categories;
pub(crate) mod categories_of_customer;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod of_customer;
pub(crate) mod wire;

use crate::params;
use tenantry_commerce::partner_get;
use tenantry_core::{OfferId, Problem};
use tenantry_http::Call;

/// Offers on a page. The original's list of 190 came in one piece.
const PAGE_DEFAULT: usize = 1000;
const PAGE_MAX: usize = 1000;

/// The country asked for, in any letter case; the partner's own if none is.
async fn country(call: &Call) -> Result<String, Problem> {
    match call.query("country").map(str::trim).filter(|country| !country.is_empty()) {
        Some(country) => Ok(country.to_ascii_uppercase()),
        None => {
            let partner = partner_get(&call.ctx, call.world.db(), params::partner(call)?).await?;
            Ok(partner.address.country)
        }
    }
}

/// The offer of `{offer}`.
fn offer(call: &Call) -> Result<OfferId, Problem> {
    Ok(OfferId::new(call.param("offer")?))
}

/// The language clients ask for, which the `locale` members echo. Texts are English in all of them.
pub(crate) fn locale(call: &Call) -> &str {
    let sent = call.header("x-locale").map(str::trim);
    let fits = |locale: &&str| {
        (2..=20).contains(&locale.len()) && locale.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    sent.filter(fits).unwrap_or("en-US")
}
