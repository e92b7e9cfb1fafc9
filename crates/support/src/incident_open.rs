//! Saying that something does not run.

use crate::incident::{AFFECTED_MAX, Incident, IncidentLevel, IncidentMessage, NAME_MAX, WORDS_MAX};
use crate::{rows, text};
use tenantry_access::{IncidentManage, WorldScope, allow};
use tenantry_core::{OpContext, Problem, Timestamp};
use tenantry_db::{Db, audit, counter};

/// An incident to be opened.
#[derive(Debug, Clone)]
pub struct NewIncident {
    /// The service it is about, up to 100 characters.
    pub workload: String,
    /// Other services that suffer by it, up to 20.
    pub affected: Vec<String>,
    /// Where, if not everywhere; up to 100 characters.
    pub area: Option<String>,
    /// How bad it is.
    pub level: IncidentLevel,
    /// What is known, up to 8000 characters.
    pub words: String,
    /// Since when; now if `None`. Not later than now.
    pub started_at: Option<Timestamp>,
}

/// Opens an incident. From now on every partner can read it.
///
/// # Errors
/// `Forbidden` for all but the provider; `MissingField`, `InvalidField` by name.
pub async fn incident_open(ctx: &OpContext, db: &Db, new: NewIncident) -> Result<Incident, Problem> {
    let line = audit::open(ctx, db, "incident-open", "").await?;
    let outcome = open(ctx, db, new).await;
    line.close(ctx, db, outcome).await
}

async fn open(ctx: &OpContext, db: &Db, new: NewIncident) -> Result<Incident, Problem> {
    allow::<IncidentManage, _>(ctx, WorldScope { sandbox: false })?;
    let mut incident = checked(ctx, new)?;
    let mut tx = db.begin().await?;
    incident.number = counter::next(&mut tx, "incident").await?;
    rows::incident::insert(&mut tx, &incident).await?;
    tx.commit().await?;
    Ok(incident)
}

fn checked(ctx: &OpContext, new: NewIncident) -> Result<Incident, Problem> {
    let now = ctx.now();
    let workload = text::line("workload", &new.workload, NAME_MAX)?;
    if new.affected.len() > AFFECTED_MAX {
        let message = format!("{} workloads are too many; name {AFFECTED_MAX} or fewer", new.affected.len());
        return Err(Problem::invalid("affectedWorkloads", message));
    }
    let mut affected = vec![workload.clone()];
    for (place, name) in new.affected.iter().enumerate() {
        let name = text::line(&format!("affectedWorkloads[{place}]"), name, NAME_MAX)?;
        if !affected.contains(&name) {
            affected.push(name);
        }
    }
    let started_at = new.started_at.unwrap_or(now);
    if started_at > now {
        return Err(Problem::invalid("startedAt", format!("{started_at} is still to come; it is {now}")));
    }
    Ok(Incident {
        number: 0,
        workload,
        affected,
        area: text::optional_line("area", new.area.as_deref(), NAME_MAX)?,
        level: new.level,
        started_at,
        resolved_at: None,
        messages: vec![IncidentMessage { words: text::words("message", &new.words, WORDS_MAX)?, published_at: now }],
    })
}
