//! Reading incidents. They are the world's: whoever looks after customers reads all of them.

use crate::incident::{Incident, no_incident};
use crate::rows;
use tenantry_access::{IncidentRead, WorldScope, allow};
use tenantry_core::{OpContext, Problem};
use tenantry_db::{Connection, Db};

/// Incidents, the newest first; only those that are resolved, or that are not, if `resolved` says so.
///
/// # Errors
/// `TokenMissing`, `Forbidden`.
pub async fn incident_list(ctx: &OpContext, db: &Db, resolved: Option<bool>) -> Result<Vec<Incident>, Problem> {
    allow::<IncidentRead, _>(ctx, WorldScope { sandbox: false })?;
    let mut all = rows::incident::all(&mut db.reader().await?).await?;
    all.retain(|incident| resolved.is_none_or(|resolved| incident.resolved_at.is_some() == resolved));
    Ok(all)
}

/// An incident by its id.
///
/// # Errors
/// `ObjectNotFound`, `TokenMissing`, `Forbidden`.
pub async fn incident_get(ctx: &OpContext, db: &Db, id: &str) -> Result<Incident, Problem> {
    allow::<IncidentRead, _>(ctx, WorldScope { sandbox: false })?;
    find(&mut db.reader().await?, id).await
}

pub(crate) async fn find(on: &mut impl Connection, id: &str) -> Result<Incident, Problem> {
    let number = Incident::number_of(id).ok_or_else(|| no_incident(id))?;
    rows::incident::by_number(on, number).await?.ok_or_else(|| no_incident(id))
}
