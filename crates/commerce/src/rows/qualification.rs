//! What customers are.

use super::named;
use crate::qualification::{CustomerQualification, DenialReason, EducationSegment, Qualification, Vetting};
use tenantry_core::{Problem, TenantId, Timestamp};
use tenantry_db::{Connection, Row, Tx, sql};
use uuid::Uuid;

const IN_REVIEW: &str = "in-review";
const APPROVED: &str = "approved";
const DENIED: &str = "denied";

/// Most rows of one list.
const LISTED_MAX: i64 = 1_000;

/// Writes it in the place of one of the same kind that was denied. Ask while holding the customer's row.
pub(crate) async fn put(tx: &mut Tx, new: &CustomerQualification) -> Result<(), Problem> {
    let (status, reason, approves_at, decided_at) = parts(new.vetting);
    sql(
        "INSERT INTO customer_qualification (id, customer, partner, qualification, segment, website, validation_code, \
         asked_at, status, reason, approves_at, decided_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
         ON CONFLICT (customer, partner, qualification) DO UPDATE SET id = excluded.id, segment = excluded.segment, \
         website = excluded.website, validation_code = excluded.validation_code, asked_at = excluded.asked_at, \
         status = excluded.status, reason = excluded.reason, approves_at = excluded.approves_at, \
         decided_at = excluded.decided_at",
    )
    .bind(new.id)
    .bind(new.customer)
    .bind(new.partner)
    .bind(new.qualification.name())
    .bind(new.segment.map(EducationSegment::name))
    .bind(new.website.as_deref())
    .bind(new.validation_code)
    .bind(new.asked_at)
    .bind(status)
    .bind(reason)
    .bind(approves_at)
    .bind(decided_at)
    .run(tx)
    .await?;
    Ok(())
}

/// Writes what was decided; `false` if it was decided before, or came about by itself.
pub(crate) async fn decide(tx: &mut Tx, decided: &CustomerQualification, now: Timestamp) -> Result<bool, Problem> {
    let (status, reason, approves_at, decided_at) = parts(decided.vetting);
    let written = sql("UPDATE customer_qualification SET status = $2, reason = $3, approves_at = $4, decided_at = $5 \
         WHERE id = $1 AND status = $6 AND (approves_at IS NULL OR approves_at > $7)")
    .bind(decided.id)
    .bind(status)
    .bind(reason)
    .bind(approves_at)
    .bind(decided_at)
    .bind(IN_REVIEW)
    .bind(now)
    .run(tx)
    .await?;
    Ok(written == 1)
}

/// Those of a partner's customer, oldest first, as they are now.
pub(crate) async fn of_customer(
    on: &mut impl Connection,
    (customer, partner): (TenantId, TenantId),
    now: Timestamp,
) -> Result<Vec<CustomerQualification>, Problem> {
    let rows =
        sql("SELECT id, customer, partner, qualification, segment, website, validation_code, asked_at, status, \
         reason, approves_at, decided_at FROM customer_qualification WHERE customer = $1 AND partner = $2 \
         ORDER BY asked_at, qualification")
        .bind(customer)
        .bind(partner)
        .all(on)
        .await?;
    rows.iter().map(|row| read(row, now)).collect()
}

/// One, whosever it is: for who sees all.
pub(crate) async fn by_id(
    on: &mut impl Connection,
    id: Uuid,
    now: Timestamp,
) -> Result<Option<CustomerQualification>, Problem> {
    let row = sql("SELECT id, customer, partner, qualification, segment, website, validation_code, asked_at, status, \
         reason, approves_at, decided_at FROM customer_qualification WHERE id = $1")
    .bind(id)
    .maybe(on)
    .await?;
    row.map(|row| read(&row, now)).transpose()
}

/// Those nobody decided yet, everybody's, oldest first.
pub(crate) async fn in_review(on: &mut impl Connection, now: Timestamp) -> Result<Vec<CustomerQualification>, Problem> {
    let rows =
        sql("SELECT id, customer, partner, qualification, segment, website, validation_code, asked_at, status, \
         reason, approves_at, decided_at FROM customer_qualification WHERE status = $1 \
         AND (approves_at IS NULL OR approves_at > $2) ORDER BY asked_at, id LIMIT $3")
        .bind(IN_REVIEW)
        .bind(now)
        .bind(LISTED_MAX)
        .all(on)
        .await?;
    rows.iter().map(|row| read(row, now)).collect()
}

type Parts = (&'static str, Option<&'static str>, Option<Timestamp>, Option<Timestamp>);

/// Status, reason, when it is approved by itself, when it was decided.
const fn parts(vetting: Vetting) -> Parts {
    match vetting {
        Vetting::InReview { approves_at } => (IN_REVIEW, None, approves_at, None),
        Vetting::Approved { since } => (APPROVED, None, None, Some(since)),
        Vetting::Denied { since, reason } => (DENIED, Some(reason.name()), None, Some(since)),
    }
}

fn read(row: &Row, now: Timestamp) -> Result<CustomerQualification, Problem> {
    let reason = row.maybe_text("reason")?;
    let reason = reason.as_deref().and_then(DenialReason::from_name);
    let (status, decided_at) = (row.text("status")?, row.maybe_time("decided_at")?);
    let vetting = match (status.as_str(), decided_at, reason) {
        (IN_REVIEW, None, None) => Vetting::InReview { approves_at: row.maybe_time("approves_at")? },
        (APPROVED, Some(since), None) => Vetting::Approved { since },
        (DENIED, Some(since), Some(reason)) => Vetting::Denied { since, reason },
        _ => return Err(Problem::corrupt(format!("a qualification is `{status}`, and the rest does not fit"))),
    };
    let segment = row.maybe_text("segment")?.map(|name| {
        let found = EducationSegment::from_name(&name);
        found.ok_or_else(|| Problem::corrupt(format!("the kind of school `{name}` is not known")))
    });
    let code = row.maybe_text("validation_code")?.map(|id| Uuid::parse_str(&id));
    Ok(CustomerQualification {
        id: row.parsed("id", Uuid::parse_str)?,
        customer: row.parsed("customer", TenantId::parse)?,
        partner: row.parsed("partner", TenantId::parse)?,
        qualification: named(row, "qualification", Qualification::from_name)?,
        segment: segment.transpose()?,
        website: row.maybe_text("website")?,
        validation_code: code.transpose().map_err(|error| Problem::corrupt(error.to_string()))?,
        asked_at: row.time("asked_at")?,
        vetting: vetting.at(now),
    })
}
