//! Which people of a partner work without a second factor. Who administers customers should have one, and a partner can
//! only see to it if it is told who has not.
//!
//! What counts is what happened: somebody got a token for which no second factor was shown. Who set one up since stays on
//! the list until a week has passed, as in the field (partner-center-v1.md 2.1 row 29; its service description: "in the
//! last 7 days").

use super::person::SignedInBy;
use super::rows::weak_sign_in as rows;
use tenantry_access::{AuditRead, PartnerScope, allow};
use tenantry_core::{ObjectId, OpContext, Problem, TenantId, Timestamp};
use tenantry_db::Db;

/// How long it is remembered.
const SHOWN_SECONDS: i64 = 7 * 24 * 60 * 60;

/// Somebody who works without a second factor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeakSignIn {
    /// The user.
    pub user: ObjectId,
    /// The user principal name.
    pub name: String,
    /// When the last token without a second factor was given out.
    pub last_at: Timestamp,
}

/// Remembers that a token is given out for this sign-in, if it was without a second factor and of a partner's person.
pub(crate) async fn note(ctx: &OpContext, db: &Db, by: &SignedInBy) -> Result<(), Problem> {
    if by.second_factor {
        return Ok(());
    }
    let mut tx = db.begin().await?;
    rows::put(&mut tx, (by.home, by.user), ctx.now(), first(ctx)).await?;
    tx.commit().await
}

/// Those of a partner, by name.
///
/// # Errors
/// `TenantNotFound`, `Forbidden`.
pub async fn weak_sign_in_list(ctx: &OpContext, db: &Db, partner: TenantId) -> Result<Vec<WeakSignIn>, Problem> {
    allow::<AuditRead, _>(ctx, PartnerScope(partner))?;
    rows::of_tenant(&mut db.reader().await?, partner, first(ctx)).await
}

fn first(ctx: &OpContext) -> Timestamp {
    ctx.now().plus_seconds(-SHOWN_SECONDS)
}
