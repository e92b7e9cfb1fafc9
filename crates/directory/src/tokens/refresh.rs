//! Giving out refresh tokens, and ending a family of them.

use super::OauthRefusal;
use super::client::Shown;
use super::person::SignedInBy;
use super::rows::family as rows;
use super::scope::Asked;
use crate::applications::secret;
use tenantry_core::{AppId, OpContext, Problem, Secret};
use tenantry_db::{Db, Tx, audit};
use uuid::Uuid;

/// The first token of a new family.
pub(crate) async fn begin(
    ctx: &OpContext,
    tx: &mut Tx,
    family: Uuid,
    (app, shown, by): (AppId, Shown, &SignedInBy),
    asked: &Asked,
) -> Result<Secret, Problem> {
    rows::family_insert(tx, family, (app, shown != Shown::Nothing), by, ctx.now()).await?;
    next(ctx, tx, (family, None), asked).await
}

/// A further token of a family.
pub(crate) async fn next(
    ctx: &OpContext,
    tx: &mut Tx,
    (family, parent): (Uuid, Option<&str>),
    asked: &Asked,
) -> Result<Secret, Problem> {
    let token = secret::draw(&ctx.chance);
    rows::insert(tx, &secret::digest(&token), (family, parent), asked, ctx.now()).await?;
    Ok(token)
}

/// Ends a family because one of its tokens, or the code it began with, came twice. Somebody may be robbed, so it is on
/// record. Gives back the refusal.
pub(crate) async fn revoke(ctx: &OpContext, db: &Db, family: Uuid, refusal: OauthRefusal) -> OauthRefusal {
    let outcome = async {
        let line = audit::open(ctx, db, "refresh-tokens-revoke", &family.to_string()).await?;
        let outcome = async {
            let mut tx = db.begin().await?;
            rows::revoke(&mut tx, family, ctx.now()).await?;
            tx.commit().await
        };
        line.close(ctx, db, outcome.await).await
    };
    match outcome.await {
        Ok(()) => refusal,
        // Not revoked: the client is told to try again, and then it is.
        Err(problem) => OauthRefusal::Failed(problem),
    }
}
