//! Refusals that are answers: some acts of the field say yes or no inside a result. The trail still tells them apart.

use tenantry_core::{OpContext, Problem};
use tenantry_db::{Db, audit};

/// Completes an act's line as refused for this reason.
///
/// # Errors
/// Only if the line itself cannot be written.
pub(crate) async fn close_refused(ctx: &OpContext, db: &Db, line: audit::Line, why: Problem) -> Result<(), Problem> {
    let reason = why.reason();
    match line.close(ctx, db, Err::<(), _>(why)).await {
        Err(problem) if problem.reason() != reason => Err(problem),
        Ok(()) | Err(_) => Ok(()),
    }
}
