//! Incidents and what was said about them.

use crate::incident::{Incident, IncidentLevel, IncidentMessage};
use std::collections::BTreeMap;
use tenantry_core::Problem;
use tenantry_db::{Connection, Row, Tx, sql};

fn incident(row: &Row) -> Result<Incident, Problem> {
    Ok(Incident {
        number: row.integer("number")?,
        workload: row.text("workload")?,
        affected: row.text("affected")?.lines().map(str::to_owned).collect(),
        area: row.maybe_text("area")?,
        level: row.parsed("level", |name| {
            IncidentLevel::parse("level", name).map_err(|problem| problem.message().to_owned())
        })?,
        started_at: row.time("started_at")?,
        resolved_at: row.maybe_time("resolved_at")?,
        messages: Vec::new(),
    })
}

fn message(row: &Row) -> Result<IncidentMessage, Problem> {
    Ok(IncidentMessage { words: row.text("words")?, published_at: row.time("published_at")? })
}

pub(crate) async fn insert(tx: &mut Tx, incident: &Incident) -> Result<(), Problem> {
    sql("INSERT INTO incident (number, workload, affected, area, level, started_at) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(incident.number)
        .bind(&incident.workload)
        .bind(incident.affected.join("\n"))
        .bind(incident.area.as_deref())
        .bind(incident.level.name())
        .bind(incident.started_at)
        .run(tx)
        .await?;
    say(tx, incident).await
}

/// Saves level and end, and the last message. What was said before is never touched.
pub(crate) async fn update(tx: &mut Tx, incident: &Incident) -> Result<(), Problem> {
    sql("UPDATE incident SET level = $2, resolved_at = $3 WHERE number = $1 AND resolved_at IS NULL")
        .bind(incident.number)
        .bind(incident.level.name())
        .bind(incident.resolved_at)
        .run_one(tx, || Problem::corrupt(format!("incident {} was open a moment ago", incident.number)))
        .await?;
    say(tx, incident).await
}

async fn say(tx: &mut Tx, incident: &Incident) -> Result<(), Problem> {
    let Some(last) = incident.messages.last() else { return Ok(()) };
    let place = i64::try_from(incident.messages.len()).map_err(Problem::internal)?;
    sql("INSERT INTO incident_message (incident, place, words, published_at) VALUES ($1, $2, $3, $4)")
        .bind(incident.number)
        .bind(place)
        .bind(&last.words)
        .bind(last.published_at)
        .run(tx)
        .await?;
    Ok(())
}

pub(crate) async fn by_number(on: &mut impl Connection, number: i64) -> Result<Option<Incident>, Problem> {
    let row = sql("SELECT number, workload, affected, area, level, started_at, resolved_at FROM incident \
         WHERE number = $1")
    .bind(number)
    .maybe(on)
    .await?;
    let Some(mut found) = row.as_ref().map(incident).transpose()? else { return Ok(None) };
    let said = sql("SELECT words, published_at FROM incident_message WHERE incident = $1 ORDER BY place").bind(number);
    found.messages = said.all(on).await?.iter().map(message).collect::<Result<_, _>>()?;
    Ok(Some(found))
}

/// The newest first.
pub(crate) async fn all(on: &mut impl Connection) -> Result<Vec<Incident>, Problem> {
    let rows = sql("SELECT number, workload, affected, area, level, started_at, resolved_at FROM incident \
         ORDER BY number DESC");
    let rows = rows.all(on).await?;
    let said = sql("SELECT incident, words, published_at FROM incident_message ORDER BY incident, place");
    let mut by_incident: BTreeMap<i64, Vec<IncidentMessage>> = BTreeMap::new();
    for row in &said.all(on).await? {
        by_incident.entry(row.integer("incident")?).or_default().push(message(row)?);
    }
    let with_messages = |row: &Row| {
        let found = incident(row)?;
        let messages = by_incident.remove(&found.number).unwrap_or_default();
        Ok(Incident { messages, ..found })
    };
    rows.iter().map(with_messages).collect()
}
