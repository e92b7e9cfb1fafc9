//! The audit trail: a line before the act, in a commit of its own (no line, no act), completed after it. So
//! what was refused, or died half way, is on record too.

use crate::{Db, sql};
use tenantry_core::{Caller, Identity, OpContext, Problem};
use uuid::Uuid;

/// An open line. [`Line::close`] completes it; one that is never closed tells of an act that died half way.
#[derive(Debug)]
#[must_use = "an audit line must be closed with the outcome of the act"]
pub struct Line {
    id: Uuid,
}

/// Opens a line for an act on a target.
pub async fn open(ctx: &OpContext, db: &Db, act: &str, target: &str) -> Result<Line, Problem> {
    let id = ctx.chance.guid();
    let (actor, tenant) = match &ctx.caller {
        Caller::System(job) => (format!("system:{job}"), None),
        Caller::SignedIn(identity) => (actor(identity), Some(identity.tenant)),
        Caller::Nobody => ("nobody".to_owned(), None),
    };
    let mut tx = db.begin().await?;
    sql("INSERT INTO audit_line (id, tenant, actor, act, target, request_id, correlation_id, opened_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
    .bind(id)
    .bind(tenant)
    .bind(actor)
    .bind(act)
    .bind(target)
    .bind(ctx.request_id)
    .bind(ctx.correlation_id)
    .bind(ctx.now())
    .run(&mut tx)
    .await?;
    tx.commit().await?;
    Ok(Line { id })
}

/// A user is named with the application it used: both are answerable.
fn actor(identity: &Identity) -> String {
    match &identity.user {
        Some(user) => format!("user:{} of {} by app:{}", identity.principal, user.home, identity.app),
        None => format!("app:{}", identity.app),
    }
}

impl Line {
    /// Completes the line with the outcome of the act and hands the outcome on.
    pub async fn close<T>(self, ctx: &OpContext, db: &Db, outcome: Result<T, Problem>) -> Result<T, Problem> {
        let said = match &outcome {
            Ok(_) => "succeeded".to_owned(),
            Err(problem) => format!("refused: {:?}", problem.reason()),
        };
        let mut tx = db.begin().await?;
        sql("UPDATE audit_line SET completed_at = $2, outcome = $3 WHERE id = $1 AND completed_at IS NULL")
            .bind(self.id)
            .bind(ctx.now())
            .bind(said)
            .run(&mut tx)
            .await?;
        tx.commit().await?;
        outcome
    }
}
