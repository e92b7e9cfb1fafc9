//! Saying more about an incident while it lasts.

use crate::incident::{Incident, IncidentLevel, IncidentMessage, WORDS_MAX};
use crate::{incidents, rows, text};
use tenantry_access::{IncidentManage, WorldScope, allow};
use tenantry_core::{OpContext, Problem};
use tenantry_db::{Db, audit};

/// What is new.
#[derive(Debug, Clone)]
pub struct IncidentNews {
    /// Of which incident, by its id.
    pub id: String,
    /// What is known now, up to 8000 characters.
    pub words: String,
    /// How bad it is now; `None` if that did not change.
    pub level: Option<IncidentLevel>,
}

/// Adds a message to an open incident.
///
/// # Errors
/// `Forbidden` for all but the provider; `ObjectNotFound`; `StatusChangeRefused` if it is resolved; `MissingField`,
/// `InvalidField` on `message`.
pub async fn incident_update(ctx: &OpContext, db: &Db, news: IncidentNews) -> Result<Incident, Problem> {
    let line = audit::open(ctx, db, "incident-update", &news.id).await?;
    let outcome = say(ctx, db, news, false).await;
    line.close(ctx, db, outcome).await
}

/// Adds a message; with `over` it is the last one, and the incident is resolved.
pub(crate) async fn say(ctx: &OpContext, db: &Db, news: IncidentNews, over: bool) -> Result<Incident, Problem> {
    allow::<IncidentManage, _>(ctx, WorldScope { sandbox: false })?;
    let mut tx = db.begin().await?;
    let mut incident = incidents::find(&mut tx, &news.id).await?;
    incident.still_open()?;
    let message = IncidentMessage { words: text::words("message", &news.words, WORDS_MAX)?, published_at: ctx.now() };
    incident.messages.push(message);
    incident.level = news.level.unwrap_or(incident.level);
    incident.resolved_at = over.then(|| ctx.now());
    rows::incident::update(&mut tx, &incident).await?;
    tx.commit().await?;
    Ok(incident)
}
