//! The profile of the user of a token (`/oidc/userinfo`).
//!
//! Source: OpenID Connect Core 5.3; directory.md 1.1.

use super::mint::pairwise;
use super::token_verify::token_verify;
use super::{Keys, MICROSOFT_GRAPH};
use crate::people::user_by_id;
use serde::Serialize;
use tenantry_core::{OpContext, Problem, Reason};
use tenantry_db::Db;

/// What is told of a user. The subject is the one of the application's ID tokens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UserInfo {
    /// The user, as the application knows it.
    pub sub: String,
    /// The display name.
    pub name: String,
    /// The surname.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family_name: Option<String>,
    /// The given name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    /// The mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The user principal name.
    pub preferred_username: String,
}

/// Looks the user of a Microsoft Graph token up.
///
/// # Errors
/// Those of [`token_verify`]; `TokenInvalid` for the token of an application.
pub async fn user_info(ctx: &OpContext, db: &Db, keys: &Keys, bearer: &str) -> Result<UserInfo, Problem> {
    let identity = token_verify(ctx, db, keys, bearer, &[MICROSOFT_GRAPH]).await?;
    let nobody = || Problem::new(Reason::TokenInvalid, "the bearer token is of no user; sign in as one");
    let home = identity.user.as_ref().ok_or_else(nobody)?.home;
    let user = user_by_id(&mut db.reader().await?, home, identity.principal).await?.ok_or_else(nobody)?;
    Ok(UserInfo {
        sub: pairwise(identity.app, user.id),
        name: user.profile.display_name,
        family_name: user.profile.surname,
        given_name: user.profile.given_name,
        email: user.profile.mail,
        preferred_username: user.name,
    })
}
