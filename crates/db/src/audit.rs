//! The audit trail: a line before the act, in a commit of its own (no line, no act), completed after it. So
//! what was refused, or died half way, is on record too.

use crate::{Db, sql};
use tenantry_core::{Caller, Identity, OpContext, Problem, TenantId};
use uuid::Uuid;

/// An open line. [`Line::close`] completes it; one that is never closed tells of an act that died half way.
#[derive(Debug)]
#[must_use = "an audit line must be closed with the outcome of the act"]
pub struct Line {
    id: Uuid,
}

/// What an act made, for those who read the trail later. All of it may be absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Made {
    /// The customer it is about, where that was not known when the line was opened.
    pub customer: Option<TenantId>,
    /// What was made or changed: an id.
    pub resource: Option<String>,
    /// How it is now: a JSON object in the slice's own words, without prices or secrets. Its members are a promise to
    /// readers: they are added, never renamed.
    pub facts: Option<String>,
}

/// Opens a line for an act on a target. In another tenant than the actor's own, it is about that tenant.
pub async fn open(ctx: &OpContext, db: &Db, act: &str, target: &str) -> Result<Line, Problem> {
    let there = match &ctx.caller {
        Caller::SignedIn(identity) => (identity.tenant != identity.home()).then_some(identity.tenant),
        Caller::System(_) | Caller::Nobody => None,
    };
    write(ctx, db, (act, target), there).await
}

/// Opens a line for an act that is about a customer.
pub async fn open_about(
    ctx: &OpContext,
    db: &Db,
    act: &str,
    target: &str,
    customer: TenantId,
) -> Result<Line, Problem> {
    write(ctx, db, (act, target), Some(customer)).await
}

async fn write(
    ctx: &OpContext,
    db: &Db,
    (act, target): (&str, &str),
    customer: Option<TenantId>,
) -> Result<Line, Problem> {
    let id = ctx.chance.guid();
    let identity = match &ctx.caller {
        Caller::SignedIn(identity) => Some(identity),
        Caller::System(_) | Caller::Nobody => None,
    };
    let actor = match &ctx.caller {
        Caller::System(job) => format!("system:{job}"),
        Caller::SignedIn(identity) => actor(identity),
        Caller::Nobody => "nobody".to_owned(),
    };
    let mut tx = db.begin().await?;
    sql("INSERT INTO audit_line (id, tenant, actor, act, target, request_id, correlation_id, opened_at, home, app, \
         user_name, customer) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)")
    .bind(id)
    .bind(identity.map(|identity| identity.tenant))
    .bind(actor)
    .bind(act)
    .bind(target)
    .bind(ctx.request_id)
    .bind(ctx.correlation_id)
    .bind(ctx.now())
    .bind(identity.map(Identity::home))
    .bind(identity.map(|identity| identity.app))
    .bind(identity.and_then(|identity| identity.user.as_ref()).map(|user| user.name.as_str()))
    .bind(customer)
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
        self.close_with(ctx, db, outcome, |_| Made::default()).await
    }

    /// Completes the line with the outcome of the act and what it made, and hands the outcome on.
    pub async fn close_with<T>(
        self,
        ctx: &OpContext,
        db: &Db,
        outcome: Result<T, Problem>,
        made: impl FnOnce(&T) -> Made,
    ) -> Result<T, Problem> {
        let Made { customer, resource, facts } = outcome.as_ref().map(made).unwrap_or_default();
        let said = match &outcome {
            Ok(_) => "succeeded".to_owned(),
            Err(problem) => format!("refused: {:?}", problem.reason()),
        };
        let mut tx = db.begin().await?;
        sql(
            "UPDATE audit_line SET completed_at = $2, outcome = $3, customer = COALESCE($4, customer), resource = $5, \
             made = $6 WHERE id = $1 AND completed_at IS NULL",
        )
        .bind(self.id)
        .bind(ctx.now())
        .bind(said)
        .bind(customer)
        .bind(resource)
        .bind(facts)
        .run(&mut tx)
        .await?;
        tx.commit().await?;
        outcome
    }
}
