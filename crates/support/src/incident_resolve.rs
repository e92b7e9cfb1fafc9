//! Saying that it runs again. What comes back later is another incident.

use crate::incident::Incident;
use crate::incident_update::{IncidentNews, say};
use tenantry_core::{OpContext, Problem};
use tenantry_db::{Db, audit};

/// Resolves an incident with a last message: what it was, what was done.
///
/// # Errors
/// As [`crate::incident_update`].
pub async fn incident_resolve(ctx: &OpContext, db: &Db, id: &str, words: String) -> Result<Incident, Problem> {
    let line = audit::open(ctx, db, "incident-resolve", id).await?;
    let outcome = say(ctx, db, IncidentNews { id: id.to_owned(), words, level: None }, true).await;
    line.close(ctx, db, outcome).await
}
