//! The SQL of this slice. Private; every read of a partner's things names the partner.

use crate::topic::{read, written};
use crate::{Attempt, DeliveryState, Registration, Told, Topic};
use tenantry_core::{Problem, TenantId, Timestamp};
use tenantry_db::{Connection, Row, Tx, sql};
use uuid::Uuid;

/// Something to be told, and how often it was tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Delivery {
    pub(crate) partner: TenantId,
    pub(crate) told: Told,
    pub(crate) attempts: i64,
}

/// Keeps a registration; `false` if the partner has one.
pub(crate) async fn insert(tx: &mut Tx, new: &Registration, after_position: i64) -> Result<bool, Problem> {
    let added = sql("INSERT INTO webhook (tenant, id, url, topics, own_header, changed_at, after_position) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (tenant) DO NOTHING")
    .bind(new.partner)
    .bind(new.id)
    .bind(&new.url)
    .bind(written(&new.topics))
    .bind(new.own_header)
    .bind(new.changed_at)
    .bind(after_position)
    .run(tx)
    .await?;
    Ok(added > 0)
}

pub(crate) async fn update(tx: &mut Tx, changed: &Registration) -> Result<(), Problem> {
    sql("UPDATE webhook SET url = $2, topics = $3, own_header = $4, changed_at = $5 WHERE tenant = $1")
        .bind(changed.partner)
        .bind(&changed.url)
        .bind(written(&changed.topics))
        .bind(changed.own_header)
        .bind(changed.changed_at)
        .run(tx)
        .await?;
    Ok(())
}

/// Waits until nobody else is at the registration, and keeps others away until the end of the transaction.
pub(crate) async fn lock(tx: &mut Tx, partner: TenantId) -> Result<(), Problem> {
    sql("UPDATE webhook SET changed_at = changed_at WHERE tenant = $1").bind(partner).run(tx).await.map(drop)
}

pub(crate) async fn find(on: &mut impl Connection, partner: TenantId) -> Result<Option<Registration>, Problem> {
    let row = sql("SELECT id, tenant, url, topics, own_header, changed_at FROM webhook WHERE tenant = $1")
        .bind(partner)
        .maybe(on)
        .await?;
    row.as_ref().map(registration).transpose()
}

fn registration(row: &Row) -> Result<Registration, Problem> {
    Ok(Registration {
        id: row.parsed("id", Uuid::try_parse)?,
        partner: row.parsed("tenant", TenantId::parse)?,
        url: row.text("url")?,
        topics: read(&row.text("topics")?)?,
        own_header: row.flag("own_header")?,
        changed_at: row.time("changed_at")?,
    })
}

/// The topics a partner hears of, if it was registered when the outbox had not come to this place.
pub(crate) async fn hears(
    on: &mut impl Connection,
    partner: TenantId,
    topic: Topic,
    position: i64,
) -> Result<bool, Problem> {
    let row = sql("SELECT topics FROM webhook WHERE tenant = $1 AND after_position < $2")
        .bind(partner)
        .bind(position)
        .maybe(on)
        .await?;
    let topics = row.map(|row| row.text("topics")).transpose()?.unwrap_or_default();
    Ok(read(&topics)?.contains(&topic))
}

/// Whether anybody is registered at all.
pub(crate) async fn any(on: &mut impl Connection) -> Result<bool, Problem> {
    Ok(sql("SELECT 1 AS there FROM webhook LIMIT 1").maybe(on).await?.is_some())
}

/// Something to be told; nothing new if that entry of the outbox is being told to the partner already.
pub(crate) async fn delivery_insert(
    tx: &mut Tx,
    partner: TenantId,
    position: Option<i64>,
    told: &Told,
) -> Result<(), Problem> {
    sql("INSERT INTO webhook_delivery (id, tenant, outbox_position, topic, subject, customer, at, state, attempts, \
         next_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting', 0, $7) ON CONFLICT (tenant, outbox_position) DO NOTHING")
    .bind(told.id)
    .bind(partner)
    .bind(position)
    .bind(told.topic.name())
    .bind(&told.subject)
    .bind(told.customer)
    .bind(told.at)
    .run(tx)
    .await?;
    Ok(())
}

/// Partners with something that is to be tried now, at most so many.
pub(crate) async fn due_partners(
    on: &mut impl Connection,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<TenantId>, Problem> {
    let rows = sql("SELECT DISTINCT tenant FROM webhook_delivery WHERE state = 'waiting' AND next_at <= $1 \
         AND (taken_until IS NULL OR taken_until <= $1) ORDER BY tenant LIMIT $2")
    .bind(now)
    .bind(limit)
    .all(on)
    .await?;
    rows.iter().map(|row| row.parsed("tenant", TenantId::parse)).collect()
}

/// Takes the next thing to tell a partner, so that no other process of the world tells it at the same time.
pub(crate) async fn take(
    tx: &mut Tx,
    partner: TenantId,
    now: Timestamp,
    until: Option<Timestamp>,
) -> Result<Option<Delivery>, Problem> {
    let row = sql("UPDATE webhook_delivery SET taken_until = $3 WHERE state = 'waiting' AND next_at <= $2 \
         AND (taken_until IS NULL OR taken_until <= $2) AND id = (SELECT id FROM webhook_delivery WHERE tenant = $1 \
         AND state = 'waiting' AND next_at <= $2 AND (taken_until IS NULL OR taken_until <= $2) \
         ORDER BY next_at, outbox_position, id LIMIT 1) \
         RETURNING id, tenant, topic, subject, customer, at, attempts")
    .bind(partner)
    .bind(now)
    .bind(until)
    .maybe(tx)
    .await?;
    row.as_ref().map(delivery).transpose()
}

fn delivery(row: &Row) -> Result<Delivery, Problem> {
    let customer = row.maybe_text("customer")?.map(|text| TenantId::parse(&text));
    let told = Told {
        id: row.parsed("id", Uuid::try_parse)?,
        topic: row.parsed("topic", |name| Topic::from_name(name).ok_or("no topic"))?,
        subject: row.text("subject")?,
        customer: customer.transpose().map_err(|error| Problem::corrupt(error.to_string()))?,
        at: row.time("at")?,
    };
    Ok(Delivery { partner: row.parsed("tenant", TenantId::parse)?, told, attempts: row.integer("attempts")? })
}

/// Writes down how a try went, and where the telling stands now.
pub(crate) async fn attempted(
    tx: &mut Tx,
    delivery: &Delivery,
    attempt: &Attempt,
    (state, next_at): (DeliveryState, Timestamp),
) -> Result<(), Problem> {
    let number = delivery.attempts + 1;
    let ended_at = (state != DeliveryState::Waiting).then_some(attempt.at);
    // Somebody else took it since, and wrote down what became of it: then that stands.
    let kept = sql("UPDATE webhook_delivery SET state = $2, attempts = $3, next_at = $4, ended_at = $5, \
         taken_until = NULL WHERE id = $1 AND state = 'waiting' AND attempts = $3 - 1")
    .bind(delivery.told.id)
    .bind(state.name())
    .bind(number)
    .bind(next_at)
    .bind(ended_at)
    .run(tx)
    .await?;
    if kept == 0 {
        return Ok(());
    }
    sql("INSERT INTO webhook_attempt (delivery, attempt_no, at, status, said) VALUES ($1, $2, $3, $4, $5)")
        .bind(delivery.told.id)
        .bind(number)
        .bind(attempt.at)
        .bind(attempt.status.map(i64::from))
        .bind(&attempt.said)
        .run(tx)
        .await?;
    Ok(())
}

pub(crate) async fn attempts(on: &mut impl Connection, delivery: Uuid) -> Result<Vec<Attempt>, Problem> {
    let rows = sql("SELECT at, status, said FROM webhook_attempt WHERE delivery = $1 ORDER BY attempt_no")
        .bind(delivery)
        .all(on)
        .await?;
    let attempt = |row: &Row| {
        let status = row.maybe_integer("status")?.map(u16::try_from).transpose();
        let status = status.map_err(|_| Problem::corrupt("a status of an answer that is none"))?;
        Ok(Attempt { at: row.time("at")?, status, said: row.text("said")? })
    };
    rows.iter().map(attempt).collect()
}

/// How many trials were asked for after an instant.
pub(crate) async fn trials_after(
    on: &mut impl Connection,
    partner: TenantId,
    after: Timestamp,
) -> Result<i64, Problem> {
    sql("SELECT COUNT(*) AS asked FROM webhook_delivery WHERE tenant = $1 AND topic = $2 AND at > $3")
        .bind(partner)
        .bind(Topic::Trial.name())
        .bind(after)
        .one(on)
        .await?
        .integer("asked")
}

pub(crate) async fn trial_state(
    on: &mut impl Connection,
    partner: TenantId,
    id: Uuid,
    since: Timestamp,
) -> Result<Option<DeliveryState>, Problem> {
    let row = sql("SELECT state FROM webhook_delivery WHERE id = $1 AND tenant = $2 AND topic = $3 AND at > $4")
        .bind(id)
        .bind(partner)
        .bind(Topic::Trial.name())
        .bind(since)
        .maybe(on)
        .await?;
    row.map(|row| row.parsed("state", DeliveryState::from_name)).transpose()
}

/// Forgets what came to an end before an instant.
pub(crate) async fn delete_ended(tx: &mut Tx, before: Timestamp) -> Result<(), Problem> {
    sql("DELETE FROM webhook_attempt WHERE delivery IN (SELECT id FROM webhook_delivery WHERE ended_at <= $1)")
        .bind(before)
        .run(tx)
        .await?;
    sql("DELETE FROM webhook_delivery WHERE ended_at <= $1").bind(before).run(tx).await.map(drop)
}
