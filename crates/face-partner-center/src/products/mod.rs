//! The modern catalogue: products, SKUs and availabilities, of a country that is named or of a customer's. One file for
//! each kind of thing, because the two ways to it differ only in where the country comes from.
//!
//! Links lead to the catalogue of the country in both, as recorded.
//!
//! Prices are not here: availabilities of this API have none (partner-center-v1.md 3.8); what a partner pays is in its
//! price sheets.

pub(crate) mod availabilities;
pub(crate) mod inventory;
pub(crate) mod list;
pub(crate) mod promotions;
pub(crate) mod skus;
pub(crate) mod wire;

use crate::params;
use crate::wire::words::Words;
use tenantry_commerce::{ProductView, Segment, customer_get, partner_get};
use tenantry_core::{Currency, Problem, Reason};
use tenantry_http::Call;

/// In the spelling and order of the documentation (partner-center-v1.md 2.7). Of what is not sold here there is nothing
/// to tell apart.
const VIEWS: Words<ProductView> = Words(&[
    ("Azure", ProductView::Azure),
    ("AzureReservations", ProductView::Reservations),
    ("AzureReservationsVM", ProductView::Reservations),
    ("AzureReservationsSQL", ProductView::Reservations),
    ("AzureReservationsCosmosDb", ProductView::Reservations),
    ("MicrosoftAzure", ProductView::Azure),
    ("OnlineServices", ProductView::OnlineServices),
    ("Software", ProductView::Software),
    ("SoftwareSUSELinux", ProductView::Software),
    ("SoftwarePerpetual", ProductView::Software),
    ("SoftwareSubscriptions", ProductView::Software),
    ("MarketplaceSaaS", ProductView::Marketplace),
]);

const SEGMENTS: Words<Segment> = Words(&[
    ("commercial", Segment::Commercial),
    ("education", Segment::Education),
    ("government", Segment::Government),
    ("nonprofit", Segment::Nonprofit),
]);

/// The country that is named, in upper case; empty if none is, which the catalogue refuses.
fn country(call: &Call) -> String {
    call.query("country").unwrap_or_default().trim().to_ascii_uppercase()
}

/// The country of `{customer}`.
async fn country_of_customer(call: &Call) -> Result<String, Problem> {
    let customer = customer_get(&call.ctx, call.world.db(), params::customer(call)?).await?;
    Ok(customer.country().to_owned())
}

/// A parameter that must be there.
fn view(call: &Call) -> Result<ProductView, Problem> {
    const NAME: &str = "targetView";
    let seen = given(call, NAME).ok_or_else(|| Problem::missing(NAME))?;
    VIEWS.find(seen).ok_or_else(|| unknown(NAME, &VIEWS.read(NAME, seen)))
}

fn segment(call: &Call) -> Result<Option<Segment>, Problem> {
    const NAME: &str = "targetSegment";
    let Some(seen) = given(call, NAME) else { return Ok(None) };
    SEGMENTS.find(seen).map(Some).ok_or_else(|| unknown(NAME, &SEGMENTS.read(NAME, seen)))
}

/// Only reservations differ by it, and there are none: so it is read, and tells nothing apart.
fn check_scope(call: &Call) -> Result<(), Problem> {
    const NAME: &str = "reservationScope";
    const SCOPES: Words<()> = Words(&[("AzurePlan", ())]);
    given(call, NAME).map_or(Ok(()), |seen| SCOPES.read(NAME, seen))
}

fn given<'a>(call: &'a Call, name: &str) -> Option<&'a str> {
    call.query(name).map(str::trim).filter(|text| !text.is_empty())
}

/// A word that is none is a part of the catalogue nobody may see, not a parameter of a wrong form: the codes 400030 and
/// 400036 are all that clients know of both.
fn unknown<T>(name: &'static str, read: &Result<T, Problem>) -> Problem {
    let message = read.as_ref().err().map_or("", Problem::message);
    Problem::new(Reason::Unsupported, message).at(name)
}

/// The currency that the calling partner buys in.
async fn currency(call: &Call) -> Result<Currency, Problem> {
    Ok(partner_get(&call.ctx, call.world.db(), params::partner(call)?).await?.currency)
}
