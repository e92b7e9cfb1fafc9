//! Reading the audit trail, by whom the actors belong to. Who may read whose lines is asked by the slice that calls.

use crate::{Connection, Row, sql};
use tenantry_core::{AppId, Problem, TenantId, Timestamp};
use uuid::Uuid;

/// A line as it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditLine {
    /// Names it.
    pub id: Uuid,
    /// The tenant that the actor belongs to.
    pub home: TenantId,
    /// The application that was used.
    pub app: Option<AppId>,
    /// The person's user principal name; none if the application acted for itself, and in lines of older versions.
    pub user_name: Option<String>,
    /// What was done: the name of the act.
    pub act: String,
    /// To what, as the act said before it began.
    pub target: String,
    /// The customer it is about.
    pub customer: Option<TenantId>,
    /// What was made or changed: an id.
    pub resource: Option<String>,
    /// How that is since: a JSON object in the words of the slice that wrote it.
    pub made: Option<String>,
    /// The caller's name for the logical call.
    pub correlation_id: Uuid,
    /// When it began.
    pub opened_at: Timestamp,
    /// How it ended.
    pub end: AuditEnd,
}

/// How an act ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditEnd {
    /// It did what was asked.
    Succeeded,
    /// It did nothing.
    Refused,
    /// It is at work, or died half way.
    Open,
}

/// A place among lines: newest first, and of one instant by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditPlace {
    /// When the line there was opened.
    pub at: Timestamp,
    /// Its name.
    pub id: Uuid,
}

/// Lines of the acts of a tenant's people and applications, wherever they acted: newest first, opened at or after `from`
/// and before `until`, beginning behind a place, at most `limit`.
pub async fn lines(
    on: &mut impl Connection,
    home: TenantId,
    (from, until): (Timestamp, Timestamp),
    behind: Option<AuditPlace>,
    limit: i64,
) -> Result<Vec<AuditLine>, Problem> {
    // Without a place, all stand behind the end: no line is opened at it.
    let behind = behind.unwrap_or(AuditPlace { at: until, id: Uuid::nil() });
    let rows =
        sql("SELECT id, home, app, user_name, act, target, customer, resource, made, correlation_id, opened_at, \
         outcome FROM audit_line WHERE home = $1 AND opened_at >= $2 AND opened_at < $3 \
         AND (opened_at < $4 OR (opened_at = $4 AND id < $5)) ORDER BY opened_at DESC, id DESC LIMIT $6")
        .bind(home)
        .bind(from)
        .bind(until)
        .bind(behind.at)
        .bind(behind.id)
        .bind(limit)
        .all(on)
        .await?;
    rows.iter().map(line).collect()
}

/// One line of a tenant's, by its name.
pub async fn line_of(on: &mut impl Connection, home: TenantId, id: Uuid) -> Result<Option<AuditLine>, Problem> {
    let row =
        sql("SELECT id, home, app, user_name, act, target, customer, resource, made, correlation_id, opened_at, \
         outcome FROM audit_line WHERE home = $1 AND id = $2")
        .bind(home)
        .bind(id)
        .maybe(on)
        .await?;
    row.as_ref().map(line).transpose()
}

fn line(row: &Row) -> Result<AuditLine, Problem> {
    let customer = row.maybe_text("customer")?.map(|text| TenantId::parse(&text)).transpose();
    let app = row.maybe_text("app")?.map(|text| AppId::parse(&text)).transpose();
    let end = match row.maybe_text("outcome")?.as_deref() {
        None => AuditEnd::Open,
        Some("succeeded") => AuditEnd::Succeeded,
        Some(_) => AuditEnd::Refused,
    };
    Ok(AuditLine {
        id: row.parsed("id", Uuid::try_parse)?,
        home: row.parsed("home", TenantId::parse)?,
        app: app.map_err(|error| Problem::corrupt(error.to_string()))?,
        user_name: row.maybe_text("user_name")?,
        act: row.text("act")?,
        target: row.text("target")?,
        customer: customer.map_err(|error| Problem::corrupt(error.to_string()))?,
        resource: row.maybe_text("resource")?,
        made: row.maybe_text("made")?,
        correlation_id: row.parsed("correlation_id", Uuid::try_parse)?,
        opened_at: row.time("opened_at")?,
        end,
    })
}
