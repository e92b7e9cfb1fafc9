//! Subscriptions.

use super::{indirect_provider, named};
use crate::catalogue;
use crate::customer::Customer;
use crate::offer::BillingCycle;
use crate::reach::Reach;
use crate::subscription::{OnRecord, State, Status, Subscription, SuspensionReason};
use crate::{CustomerRef, Sold};
use std::collections::BTreeMap;
use tenantry_core::{Day, OfferId, OrderId, Problem, SubscriptionId, TenantId};
use tenantry_db::{Connection, Row, Tx, sql};

/// Which of a customer's subscriptions are wanted; `None` leaves a side open.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Which {
    pub(crate) id: Option<SubscriptionId>,
    pub(crate) order: Option<OrderId>,
    /// The add-ons of this one.
    pub(crate) parent: Option<SubscriptionId>,
}

pub(crate) async fn insert(tx: &mut Tx, subscription: &Subscription) -> Result<(), Problem> {
    let ends_on = subscription.commitment_ends_on.map(|day| i64::from(day.number()));
    sql("INSERT INTO subscription (id, partner, customer, number, sales_order, offer, friendly_name, quantity, \
         billing_cycle, auto_renew, state, state_at, suspension_reason, created_at, starts_on, commitment_ends_on, \
         version, sold_since, parent, partner_of_record, next_term_quantity, migrated_from) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)")
    .bind(subscription.id)
    .bind(subscription.partner)
    .bind(subscription.customer)
    .bind(subscription.number)
    .bind(subscription.order)
    .bind(subscription.offer.id)
    .bind(&subscription.friendly_name)
    .bind(subscription.quantity)
    .bind(subscription.billing_cycle.name())
    .bind(subscription.auto_renew)
    .bind(subscription.state.status().name())
    .bind(subscription.state.since())
    .bind(reason(subscription.state))
    .bind(subscription.created_at)
    .bind(subscription.starts_on.number())
    .bind(ends_on)
    .bind(subscription.version)
    .bind(subscription.sold_since)
    .bind(subscription.parent)
    .bind(named_on_record(subscription))
    .bind(subscription.next_term_quantity)
    .bind(subscription.migrated_from)
    .run(tx)
    .await?;
    seller_insert(tx, subscription).await
}

/// The reseller to be kept: that of an indirect provider's own sale. That a reseller is on the record of what it sells
/// follows from its selling it.
fn named_on_record(subscription: &Subscription) -> Option<TenantId> {
    let named = subscription.on_record.as_ref().map(|on_record| on_record.partner);
    named.filter(|named| *named != subscription.partner)
}

/// Keeps who sells it from now on. Of two changes at one instant the later holds.
async fn seller_insert(tx: &mut Tx, subscription: &Subscription) -> Result<(), Problem> {
    sql("INSERT INTO subscription_seller (subscription, since, partner) VALUES ($1, $2, $3) \
         ON CONFLICT (subscription, since) DO UPDATE SET partner = excluded.partner")
    .bind(subscription.id)
    .bind(subscription.sold_since)
    .bind(subscription.partner)
    .run(tx)
    .await?;
    Ok(())
}

/// Who sold it since when, oldest first.
pub(crate) async fn sellers(on: &mut impl Connection, id: SubscriptionId) -> Result<Vec<Sold>, Problem> {
    let rows = sql("SELECT partner, since FROM subscription_seller WHERE subscription = $1 ORDER BY since");
    let read = |row: &Row| Ok(Sold { partner: row.parsed("partner", TenantId::parse)?, since: row.time("since")? });
    rows.bind(id).all(on).await?.iter().map(read).collect()
}

/// The number of the next subscription of a partner's customer. Ask while holding the customer's row.
pub(crate) async fn next_number(tx: &mut Tx, customer: &Customer) -> Result<i64, Problem> {
    next_number_of(tx, customer.id, customer.partner).await
}

/// As [`next_number`], by ids.
pub(crate) async fn next_number_of(tx: &mut Tx, customer: TenantId, partner: TenantId) -> Result<i64, Problem> {
    sql("SELECT COALESCE(MAX(number), 0) + 1 AS next FROM subscription WHERE customer = $1 AND partner = $2")
        .bind(customer)
        .bind(partner)
        .one(tx)
        .await?
        .integer("next")
}

/// A customer's subscriptions, oldest first.
pub(crate) async fn of_customer(
    on: &mut impl Connection,
    reach: Reach,
    customer: TenantId,
    which: Which,
) -> Result<Vec<Subscription>, Problem> {
    let rows = sql(concat!(
        "SELECT id, partner, customer, number, sales_order, offer, friendly_name, quantity, billing_cycle, \
             auto_renew, state, state_at, suspension_reason, created_at, starts_on, commitment_ends_on, \
             next_term_quantity, version, sold_since, parent, migrated_from, (SELECT record.tenant || ' ' || record.mpn_id FROM partner AS record \
             WHERE record.tenant = COALESCE(subscription.partner_of_record, (SELECT own.tenant FROM partner AS own \
             WHERE own.tenant = subscription.partner AND own.indirect_provider IS NOT NULL))) AS on_record, ",
        indirect_provider!("subscription"),
        " FROM subscription WHERE customer = $1 AND id = COALESCE($2, id) \
             AND sales_order = COALESCE($3, sales_order) AND ",
        within!("partner", "$4"),
        " AND customer = COALESCE($5, customer) AND (CAST($6 AS TEXT) IS NULL OR parent = $6) \
             ORDER BY created_at, partner, number"
    ))
    .bind(customer)
    .bind(which.id)
    .bind(which.order)
    .bind(reach.partner)
    .bind(reach.customer)
    .bind(which.parent)
    .all(on)
    .await?;
    rows.iter().map(read).collect()
}

/// Where the subscriptions of a tenant are in their life, whoever sold them: for those who hold a role on one.
pub(crate) async fn statuses(
    on: &mut impl Connection,
    customer: TenantId,
) -> Result<BTreeMap<SubscriptionId, Status>, Problem> {
    let rows = sql("SELECT id, state, state_at, suspension_reason FROM subscription WHERE customer = $1")
        .bind(customer)
        .all(on)
        .await?;
    let status = |row: &Row| Ok((row.parsed("id", SubscriptionId::parse)?, read_state(row)?.status()));
    rows.iter().map(status).collect()
}

/// Whose a subscription is, whoever asks.
pub(crate) async fn owner(
    on: &mut impl Connection,
    id: SubscriptionId,
    sandbox: bool,
) -> Result<Option<CustomerRef>, Problem> {
    let found = sql(concat!(
        "SELECT customer, partner, ",
        indirect_provider!("subscription"),
        " FROM subscription WHERE id = $1"
    ));
    let row = found.bind(id).maybe(on).await?;
    row.map(|row| {
        Ok(CustomerRef {
            partner: row.parsed("partner", TenantId::parse)?,
            indirect_provider: indirect_provider(&row)?,
            customer: row.parsed("customer", TenantId::parse)?,
            sandbox,
        })
    })
    .transpose()
}

/// Up to 500 of those in use whose term is over by a day, by id, from behind one on: whose, and which.
pub(crate) async fn ended_terms(
    on: &mut impl Connection,
    by: Day,
    behind: Option<SubscriptionId>,
) -> Result<Vec<(TenantId, SubscriptionId)>, Problem> {
    let rows = sql("SELECT customer, id FROM subscription WHERE state = 'active' AND commitment_ends_on <= $1 \
         AND (CAST($2 AS TEXT) IS NULL OR id > $2) ORDER BY id LIMIT 500");
    let read = |row: &Row| Ok((row.parsed("customer", TenantId::parse)?, row.parsed("id", SubscriptionId::parse)?));
    rows.bind(by.number()).bind(behind).all(on).await?.iter().map(read).collect()
}

/// The day on which the next term ends of those in use, after a day.
pub(crate) async fn next_term_end(on: &mut impl Connection, after: Day) -> Result<Option<Day>, Problem> {
    let row = sql("SELECT MIN(commitment_ends_on) AS next FROM subscription WHERE state = 'active' \
         AND commitment_ends_on > $1");
    let number = row.bind(after.number()).one(on).await?.maybe_integer("next")?;
    number.map(|number| i32::try_from(number).map(Day::from_number)).transpose().map_err(Problem::internal)
}

/// Saves what can change if the stored version is still the one before; says whether it was.
pub(crate) async fn update(tx: &mut Tx, subscription: &Subscription) -> Result<bool, Problem> {
    let ends_on = subscription.commitment_ends_on.map(|day| i64::from(day.number()));
    let changed = sql("UPDATE subscription SET friendly_name = $3, quantity = $4, auto_renew = $5, state = $6, \
         state_at = $7, suspension_reason = $8, version = $9, offer = $10, billing_cycle = $11, starts_on = $12, \
         commitment_ends_on = $13, partner_of_record = $14, next_term_quantity = $15, parent = $16 \
         WHERE id = $1 AND partner = $2 AND version = $9 - 1")
    .bind(subscription.id)
    .bind(subscription.partner)
    .bind(&subscription.friendly_name)
    .bind(subscription.quantity)
    .bind(subscription.auto_renew)
    .bind(subscription.state.status().name())
    .bind(subscription.state.since())
    .bind(reason(subscription.state))
    .bind(subscription.version)
    .bind(subscription.offer.id)
    .bind(subscription.billing_cycle.name())
    .bind(subscription.starts_on.number())
    .bind(ends_on)
    .bind(named_on_record(subscription))
    .bind(subscription.next_term_quantity)
    .bind(subscription.parent)
    .run(tx)
    .await?;
    Ok(changed == 1)
}

/// Makes it another partner's, if it is still that of the old one and its version the one before; says whether it was.
pub(crate) async fn hand_over(tx: &mut Tx, subscription: &Subscription, from: TenantId) -> Result<bool, Problem> {
    let changed = sql("UPDATE subscription SET partner = $3, number = $4, sold_since = $5, version = $6, \
         partner_of_record = NULL WHERE id = $1 AND partner = $2 AND version = $6 - 1")
    .bind(subscription.id)
    .bind(from)
    .bind(subscription.partner)
    .bind(subscription.number)
    .bind(subscription.sold_since)
    .bind(subscription.version)
    .run(tx)
    .await?;
    if changed == 1 {
        seller_insert(tx, subscription).await?;
    }
    Ok(changed == 1)
}

fn reason(state: State) -> Option<&'static str> {
    match state {
        State::Suspended { reason, .. } => Some(reason.name()),
        State::Active { .. } | State::Deleted { .. } => None,
    }
}

fn read(row: &Row) -> Result<Subscription, Problem> {
    let offer = OfferId::new(&row.text("offer")?);
    let day = |number: i64| i32::try_from(number).map(Day::from_number);
    let ends_on = row.maybe_integer("commitment_ends_on")?.map(day).transpose().map_err(Problem::internal)?;
    Ok(Subscription {
        id: row.parsed("id", SubscriptionId::parse)?,
        partner: row.parsed("partner", TenantId::parse)?,
        indirect_provider: indirect_provider(row)?,
        customer: row.parsed("customer", TenantId::parse)?,
        number: row.integer("number")?,
        order: row.parsed("sales_order", OrderId::parse)?,
        parent: subscription_in(row, "parent")?,
        offer: catalogue::find(&offer).ok_or_else(|| Problem::corrupt(format!("offer {offer} left the catalogue")))?,
        friendly_name: row.text("friendly_name")?,
        quantity: row.integer("quantity")?,
        billing_cycle: named(row, "billing_cycle", BillingCycle::from_name)?,
        auto_renew: row.flag("auto_renew")?,
        state: read_state(row)?,
        created_at: row.time("created_at")?,
        starts_on: day(row.integer("starts_on")?).map_err(Problem::internal)?,
        commitment_ends_on: ends_on,
        next_term_quantity: row.maybe_integer("next_term_quantity")?,
        version: row.integer("version")?,
        sold_since: row.time("sold_since")?,
        on_record: row.maybe_text("on_record")?.map(|text| on_record(&text)).transpose()?,
        migrated_from: subscription_in(row, "migrated_from")?,
    })
}

/// The other subscription that a column names, if it does.
pub(crate) fn subscription_in(row: &Row, column: &str) -> Result<Option<SubscriptionId>, Problem> {
    let seen = row.maybe_text(column)?;
    seen.map(|text| SubscriptionId::parse(&text)).transpose().map_err(|error| Problem::corrupt(error.to_string()))
}

/// Tenant and number with a blank between, as the query puts them together.
fn on_record(text: &str) -> Result<OnRecord, Problem> {
    let (tenant, mpn_id) = text.split_once(' ').unwrap_or((text, ""));
    let partner = TenantId::parse(tenant).map_err(|error| Problem::corrupt(error.to_string()))?;
    Ok(OnRecord { partner, mpn_id: mpn_id.to_owned() })
}

/// Every combination of the three columns is decided: a state with the wrong facts is damage, not a guess.
fn read_state(row: &Row) -> Result<State, Problem> {
    let (state, at, reason) = (row.text("state")?, row.time("state_at")?, row.maybe_text("suspension_reason")?);
    match (state.as_str(), reason.as_deref()) {
        ("active", None) => Ok(State::Active { since: at }),
        ("deleted", None) => Ok(State::Deleted { at }),
        ("suspended", Some(reason)) => match SuspensionReason::from_name(reason) {
            Some(reason) => Ok(State::Suspended { since: at, reason }),
            None => Err(Problem::corrupt(format!("suspension reason `{reason}` is not known"))),
        },
        (state, reason) => Err(Problem::corrupt(format!("a subscription is `{state}` with the reason {reason:?}"))),
    }
}
