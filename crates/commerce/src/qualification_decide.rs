//! The provider's answer to what a partner says its customer is.

use crate::qualification::{CustomerQualification, DenialReason, Vetting};
use crate::qualifications::to_decide;
use crate::rows;
use tenantry_core::{OpContext, Problem, Reason};
use tenantry_db::{Db, audit};
use uuid::Uuid;

/// What the provider says: `None` for yes, or why not.
pub type Verdict = Option<DenialReason>;

/// Decides what is in review. What was decided stays decided: what is sold goes by it.
///
/// # Errors
/// `ObjectNotFound`; `Forbidden` for all but the provider; `StatusChangeRefused` for one that is not in review any more.
pub async fn qualification_decide(
    ctx: &OpContext,
    db: &Db,
    id: Uuid,
    verdict: Verdict,
) -> Result<CustomerQualification, Problem> {
    let line = audit::open(ctx, db, "qualification-decide", &id.to_string()).await?;
    let outcome = decide(ctx, db, id, verdict).await;
    line.close(ctx, db, outcome).await
}

async fn decide(ctx: &OpContext, db: &Db, id: Uuid, verdict: Verdict) -> Result<CustomerQualification, Problem> {
    let mut tx = db.begin().await?;
    let now = ctx.now();
    let found = to_decide(ctx, &mut tx, id).await?;
    let vetting = match verdict {
        None => Vetting::Approved { since: now },
        Some(reason) => Vetting::Denied { since: now, reason },
    };
    let decided = CustomerQualification { vetting, ..found };
    // Approved by itself counts as decided, although nothing was written then.
    if !rows::qualification::decide(&mut tx, &decided, now).await? {
        let message = format!("the qualification {id} is not in review any more; what was decided stays");
        return Err(Problem::new(Reason::StatusChangeRefused, message).at("qualification"));
    }
    tx.commit().await?;
    Ok(decided)
}
