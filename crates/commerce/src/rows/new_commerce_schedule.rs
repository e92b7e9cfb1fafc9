//! Migrations into the modern catalogue that are to be made on a day.

use super::named;
use crate::new_commerce::NewCommerceTerms;
use crate::new_commerce_migrations::NewCommerceQuery;
use crate::new_commerce_schedule::{NewCommerceSchedule, ScheduleState};
use crate::offer::BillingCycle;
use crate::reach::Reach;
use tenantry_core::{Day, Problem, SubscriptionId, TenantId, Timestamp};
use tenantry_db::{Connection, Row, Tx, sql};
use uuid::Uuid;

macro_rules! columns {
    () => {
        "SELECT id, customer, subscription, due_on, at_renewal, quantity, billing_cycle, full_term, external_reference, \
         status, error, migration, created_at, changed_at FROM new_commerce_schedule"
    };
}

pub(crate) async fn insert(tx: &mut Tx, new: &NewCommerceSchedule, partner: TenantId) -> Result<(), Problem> {
    sql("INSERT INTO new_commerce_schedule (id, customer, partner, subscription, due_on, at_renewal, quantity, \
         billing_cycle, full_term, external_reference, status, created_at, changed_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)")
    .bind(new.id)
    .bind(new.customer)
    .bind(partner)
    .bind(new.subscription)
    .bind(new.due_on.number())
    .bind(new.at_renewal)
    .bind(new.terms.quantity)
    .bind(new.terms.billing_cycle.map(BillingCycle::name))
    .bind(new.terms.full_term)
    .bind(new.terms.external_reference.clone())
    .bind(new.state.name())
    .bind(new.created_at)
    .bind(new.changed_at)
    .run(tx)
    .await?;
    Ok(())
}

/// Saves what can change if it is still to be made; says whether it was.
pub(crate) async fn update(tx: &mut Tx, changed: &NewCommerceSchedule) -> Result<bool, Problem> {
    let (migration, error) = match &changed.state {
        ScheduleState::Scheduled | ScheduleState::Cancelled => (None, None),
        ScheduleState::Completed(migration) => (Some(*migration), None),
        ScheduleState::Failed(error) => (None, Some(error.as_str())),
    };
    let saved =
        sql("UPDATE new_commerce_schedule SET due_on = $2, at_renewal = $3, quantity = $4, billing_cycle = $5, \
         full_term = $6, external_reference = $7, status = $8, error = $9, migration = $10, changed_at = $11 \
         WHERE id = $1 AND status = 'scheduled'")
        .bind(changed.id)
        .bind(changed.due_on.number())
        .bind(changed.at_renewal)
        .bind(changed.terms.quantity)
        .bind(changed.terms.billing_cycle.map(BillingCycle::name))
        .bind(changed.terms.full_term)
        .bind(changed.terms.external_reference.clone())
        .bind(changed.state.name())
        .bind(error)
        .bind(migration)
        .bind(changed.changed_at)
        .run(tx)
        .await?;
    Ok(saved == 1)
}

/// The one of a subscription that is to be made, whoever asks.
pub(crate) async fn waiting(
    on: &mut impl Connection,
    subscription: SubscriptionId,
) -> Result<Option<NewCommerceSchedule>, Problem> {
    let found = sql(concat!(columns!(), " WHERE subscription = $1 AND status = 'scheduled'")).bind(subscription);
    found.maybe(on).await?.as_ref().map(read).transpose()
}

/// The first that is to be made by a day, whoever's, behind one that was seen.
pub(crate) async fn next_due(
    on: &mut impl Connection,
    by: Day,
    after: Option<(Day, Uuid)>,
) -> Result<Option<NewCommerceSchedule>, Problem> {
    let (after_day, after_id) = after.map(|(day, id)| (i64::from(day.number()), id)).unzip();
    let found = sql(concat!(
        columns!(),
        " WHERE status = 'scheduled' AND due_on <= $1 \
         AND (CAST($2 AS BIGINT) IS NULL OR (due_on, id) > ($2, $3)) ORDER BY due_on, id LIMIT 1"
    ));
    found.bind(by.number()).bind(after_day).bind(after_id).maybe(on).await?.as_ref().map(read).transpose()
}

/// The day of the first that is to be made, whoever's.
pub(crate) async fn next_day(on: &mut impl Connection) -> Result<Option<Day>, Problem> {
    let found = sql("SELECT due_on FROM new_commerce_schedule WHERE status = 'scheduled' ORDER BY due_on LIMIT 1");
    found.maybe(on).await?.as_ref().map(due_on).transpose()
}

/// Whose customer one is of.
pub(crate) async fn partner(on: &mut impl Connection, id: Uuid) -> Result<Option<TenantId>, Problem> {
    let row = sql("SELECT partner FROM new_commerce_schedule WHERE id = $1").bind(id).maybe(on).await?;
    row.map(|row| row.parsed("partner", TenantId::parse)).transpose()
}

/// Calls off whatever is to be made for a customer of a partner.
pub(crate) async fn call_off(
    tx: &mut Tx,
    (customer, partner): (TenantId, TenantId),
    at: Timestamp,
) -> Result<(), Problem> {
    sql("UPDATE new_commerce_schedule SET status = 'cancelled', changed_at = $3 \
         WHERE customer = $1 AND partner = $2 AND status = 'scheduled'")
    .bind(customer)
    .bind(partner)
    .bind(at)
    .run(tx)
    .await?;
    Ok(())
}

fn due_on(row: &Row) -> Result<Day, Problem> {
    i32::try_from(row.integer("due_on")?).map(Day::from_number).map_err(Problem::internal)
}

/// One within reach, whoever's customer it is of.
pub(crate) async fn get(
    on: &mut impl Connection,
    reach: Reach,
    id: Uuid,
) -> Result<Option<NewCommerceSchedule>, Problem> {
    let found = sql(concat!(
        columns!(),
        " WHERE id = $1 AND ",
        within!("partner", "$2"),
        " AND customer = COALESCE($3, customer)"
    ));
    let found = found.bind(id).bind(reach.partner).bind(reach.customer);
    found.maybe(on).await?.as_ref().map(read).transpose()
}

/// Those of a query within reach, oldest first.
pub(crate) async fn list(
    on: &mut impl Connection,
    reach: Reach,
    query: &NewCommerceQuery,
) -> Result<Vec<NewCommerceSchedule>, Problem> {
    let (after_at, after_id) = query.after.unzip();
    let rows = sql(concat!(
        columns!(),
        " WHERE ",
        within!("partner", "$1"),
        " AND customer = COALESCE($2, customer) AND customer = COALESCE($3, customer) \
         AND subscription = COALESCE($4, subscription) \
         AND (CAST($5 AS TEXT) IS NULL OR external_reference = $5) \
         AND (CAST($6 AS BIGINT) IS NULL OR (created_at, id) > ($6, $7)) \
         ORDER BY created_at, id LIMIT $8"
    ))
    .bind(reach.partner)
    .bind(reach.customer)
    .bind(query.customer)
    .bind(query.subscription)
    .bind(query.external_reference.clone())
    .bind(after_at)
    .bind(after_id)
    .bind(query.limit)
    .all(on)
    .await?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<NewCommerceSchedule, Problem> {
    let cycle = row.maybe_text("billing_cycle")?;
    Ok(NewCommerceSchedule {
        id: row.parsed("id", Uuid::parse_str)?,
        customer: row.parsed("customer", TenantId::parse)?,
        subscription: row.parsed("subscription", SubscriptionId::parse)?,
        due_on: due_on(row)?,
        at_renewal: row.flag("at_renewal")?,
        terms: NewCommerceTerms {
            quantity: row.maybe_integer("quantity")?,
            billing_cycle: cycle.map(|_| named(row, "billing_cycle", BillingCycle::from_name)).transpose()?,
            // There is one for each product, so nobody has to keep it.
            term: None,
            full_term: row.flag("full_term")?,
            external_reference: row.maybe_text("external_reference")?,
        },
        state: state(row)?,
        created_at: row.time("created_at")?,
        changed_at: row.time("changed_at")?,
    })
}

fn state(row: &Row) -> Result<ScheduleState, Problem> {
    let (status, migration, error) = (row.text("status")?, row.maybe_text("migration")?, row.maybe_text("error")?);
    match (status.as_str(), migration, error) {
        ("scheduled", None, None) => Ok(ScheduleState::Scheduled),
        ("cancelled", None, None) => Ok(ScheduleState::Cancelled),
        ("completed", Some(_), None) => Ok(ScheduleState::Completed(row.parsed("migration", Uuid::parse_str)?)),
        ("failed", None, Some(error)) => Ok(ScheduleState::Failed(error)),
        (status, ..) => {
            Err(Problem::corrupt(format!("a scheduled migration is `{status}`, with facts of another state")))
        }
    }
}
