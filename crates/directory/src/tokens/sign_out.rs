//! Where a browser may be sent after sign-out: to an address of the application that asks, and nowhere else, or our page
//! would be a way to send people anywhere with our name in the address.

use super::claims::IdClaims;
use super::request::given;
use super::{Keys, redirect_uri};
use crate::applications::application_by_app;
use tenantry_core::{AppId, Problem};
use tenantry_db::Db;

/// The address, if it is registered for the application that the client id or the ID token names.
///
/// # Errors
/// Those of the database.
pub async fn sign_out_address(
    db: &Db,
    keys: &Keys,
    client_id: Option<&str>,
    id_token_hint: Option<&str>,
    wanted: &str,
) -> Result<Option<String>, Problem> {
    // An ID token that has expired still tells who asks.
    let hinted = given(id_token_hint).and_then(|token| keys.read::<IdClaims>(token).ok()).map(|claims| claims.aud);
    let named = given(client_id).map(str::to_owned).or(hinted);
    let Some(app) = named.and_then(|named| AppId::parse(&named).ok()) else { return Ok(None) };
    let found = application_by_app(&mut db.reader().await?, app).await?.filter(|found| found.deleted_at.is_none());
    let fits = found.is_some_and(|found| {
        redirect_uri::is_registered(&found, wanted) || found.logout_url.as_deref() == Some(wanted)
    });
    Ok(fits.then(|| wanted.to_owned()))
}
