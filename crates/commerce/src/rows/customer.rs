//! Customers and their billing profiles.

use super::{from_json, indirect_provider, json};
use crate::customer::{BillingProfile, Customer, no_customer};
use crate::reach::Reach;
use tenantry_core::{Problem, TenantId, Timestamp};
use tenantry_db::{Connection, Row, Statement, Tx, sql};
use uuid::Uuid;

macro_rules! select {
    ($rest:expr) => {
        concat!(
            "SELECT tenant, partner, number, company_name, domain, registration_number, billing_profile_id, \
             billing_details, billing_version, created_at, ended_at, ",
            indirect_provider!("customer"),
            " FROM customer ",
            $rest
        )
    };
}

/// SQL: a customer that its partner has no more is there only for those who see all partners: documents name it.
macro_rules! still {
    ($parameter:literal) => {
        concat!("(ended_at IS NULL OR CAST(", $parameter, " AS TEXT) IS NULL)")
    };
}

/// Writes a customer. One that was this partner's customer before, and is so again, is written anew.
pub(crate) async fn insert(tx: &mut Tx, customer: &Customer, asked: Option<String>) -> Result<(), Problem> {
    sql("INSERT INTO customer (tenant, partner, number, company_name, company_key, domain, registration_number, \
         billing_profile_id, billing_details, billing_version, created_at, asked) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
         ON CONFLICT (tenant, partner) DO UPDATE SET number = excluded.number, company_name = excluded.company_name, \
         company_key = excluded.company_key, domain = excluded.domain, \
         registration_number = excluded.registration_number, billing_profile_id = excluded.billing_profile_id, \
         billing_details = excluded.billing_details, billing_version = excluded.billing_version, \
         created_at = excluded.created_at, asked = excluded.asked, ended_at = NULL")
    .bind(customer.id)
    .bind(customer.partner)
    .bind(customer.number)
    .bind(&customer.company_name)
    .bind(customer.company_name.to_lowercase())
    .bind(&customer.domain)
    .bind(customer.registration_number.as_deref())
    .bind(customer.billing_profile.id)
    .bind(json(&customer.billing_profile.details)?)
    .bind(customer.billing_profile.version)
    .bind(customer.created_at)
    .bind(asked)
    .run(tx)
    .await?;
    Ok(())
}

/// What a tenant is to the partners within reach, one row for each, the one that has it longest first.
pub(crate) async fn by_id(on: &mut impl Connection, reach: Reach, id: TenantId) -> Result<Vec<Customer>, Problem> {
    named(reach, id).all(on).await?.iter().map(read).collect()
}

/// The first of [`by_id`].
pub(crate) async fn first_by_id(
    on: &mut impl Connection,
    reach: Reach,
    id: TenantId,
) -> Result<Option<Customer>, Problem> {
    named(reach, id).maybe(on).await?.as_ref().map(read).transpose()
}

fn named(reach: Reach, id: TenantId) -> Statement {
    // What it is to the caller itself comes before what it is to the caller's resellers.
    sql(select!(concat!(
        "WHERE tenant = $1 AND ",
        within!("partner", "$2"),
        " AND ",
        still!("$2"),
        " AND tenant = COALESCE($3, tenant) ORDER BY CASE WHEN partner = $2 THEN 0 ELSE 1 END, created_at, partner"
    )))
    .bind(id)
    .bind(reach.partner)
    .bind(reach.customer)
}

/// The customer that a request made, if it came before.
pub(crate) async fn by_asked(on: &mut impl Connection, reach: Reach, asked: &str) -> Result<Option<Customer>, Problem> {
    sql(select!(concat!("WHERE asked = $1 AND ", within!("partner", "$2"), " AND tenant = COALESCE($3, tenant)")))
        .bind(asked)
        .bind(reach.partner)
        .bind(reach.customer)
        .maybe(on)
        .await?
        .as_ref()
        .map(read)
        .transpose()
}

/// A partner's customers after a number, in the order of their creation. The patterns are of LIKE, with `!` before
/// a character that is meant as itself.
pub(crate) async fn page(
    on: &mut impl Connection,
    reach: Reach,
    partner: TenantId,
    patterns: Option<(&str, &str)>,
    after: i64,
    limit: i64,
) -> Result<Vec<Customer>, Problem> {
    let found = match patterns {
        // Beside a pattern that fits everything PostgreSQL expects few rows, and reads and sorts all of them.
        None => {
            sql(select!(concat!("WHERE partner = $1 AND number > $2 AND ", still!("$4"), " ORDER BY number LIMIT $3")))
                .bind(partner)
                .bind(after)
                .bind(limit)
                .bind(reach.partner)
        }
        Some((company, domain)) => sql(select!(concat!(
            "WHERE partner = $1 AND number > $2 AND company_key LIKE $3 ESCAPE '!' AND domain LIKE $4 ESCAPE '!' AND ",
            still!("$6"),
            " ORDER BY number LIMIT $5"
        )))
        .bind(partner)
        .bind(after)
        .bind(company)
        .bind(domain)
        .bind(limit)
        .bind(reach.partner),
    };
    found.all(on).await?.iter().map(read).collect()
}

/// Whether the tenant is the partner's customer.
pub(crate) async fn is_of(on: &mut impl Connection, tenant: TenantId, partner: TenantId) -> Result<bool, Problem> {
    let row = sql("SELECT number FROM customer WHERE tenant = $1 AND partner = $2 AND ended_at IS NULL")
        .bind(tenant)
        .bind(partner);
    Ok(row.maybe(on).await?.is_some())
}

pub(crate) async fn count(tx: &mut Tx, partner: TenantId) -> Result<i64, Problem> {
    let row = sql("SELECT COUNT(*) AS count FROM customer WHERE partner = $1 AND ended_at IS NULL").bind(partner);
    row.one(tx).await?.integer("count")
}

/// The numbers of those a partner has no more, ascending.
pub(crate) async fn ended_numbers(on: &mut impl Connection, partner: TenantId) -> Result<Vec<i64>, Problem> {
    let rows = sql("SELECT number FROM customer WHERE partner = $1 AND ended_at IS NOT NULL ORDER BY number");
    rows.bind(partner).all(on).await?.iter().map(|row| row.integer("number")).collect()
}

/// The partner has it no more; `false` if that is so already. What it signed is over with that.
pub(crate) async fn end(tx: &mut Tx, customer: &Customer, at: Timestamp) -> Result<bool, Problem> {
    let changed = sql("UPDATE customer SET ended_at = $3, agreement_signed_at = NULL \
         WHERE tenant = $1 AND partner = $2 AND ended_at IS NULL")
    .bind(customer.id)
    .bind(customer.partner)
    .bind(at)
    .run(tx)
    .await?;
    Ok(changed == 1)
}

/// Whether the tenant is the customer of another partner too.
pub(crate) async fn others(on: &mut impl Connection, customer: &Customer) -> Result<bool, Problem> {
    let row = sql("SELECT number FROM customer WHERE tenant = $1 AND partner <> $2 AND ended_at IS NULL LIMIT 1")
        .bind(customer.id)
        .bind(customer.partner);
    Ok(row.maybe(on).await?.is_some())
}

/// Saves the billing profile if the stored version is still the one before; says whether it was.
pub(crate) async fn billing_profile_update(tx: &mut Tx, customer: &Customer) -> Result<bool, Problem> {
    let profile = &customer.billing_profile;
    let changed = sql("UPDATE customer SET billing_details = $3, billing_version = $4 \
         WHERE tenant = $1 AND partner = $2 AND billing_version = $4 - 1")
    .bind(customer.id)
    .bind(customer.partner)
    .bind(json(&profile.details)?)
    .bind(profile.version)
    .run(tx)
    .await?;
    Ok(changed == 1)
}

/// Makes everybody who counts or numbers what this partner's customer has wait for the end of the transaction.
pub(crate) async fn lock(tx: &mut Tx, customer: &Customer) -> Result<(), Problem> {
    lock_of(tx, customer.id, customer.partner).await
}

/// As [`lock`], of a tenant and the partner whose customer it is.
pub(crate) async fn lock_of(tx: &mut Tx, tenant: TenantId, partner: TenantId) -> Result<(), Problem> {
    sql("UPDATE customer SET domain = domain WHERE tenant = $1 AND partner = $2")
        .bind(tenant)
        .bind(partner)
        .run(tx)
        .await?;
    Ok(())
}

/// As [`lock`], to sell something to the customer or let something go on. Whoever read the customer before may have waited
/// here until its partner had ended the relationship.
///
/// # Errors
/// `CustomerNotFound` if the partner has it no more.
pub(crate) async fn lock_served(tx: &mut Tx, tenant: TenantId, partner: TenantId) -> Result<(), Problem> {
    sql("UPDATE customer SET domain = domain WHERE tenant = $1 AND partner = $2 AND ended_at IS NULL")
        .bind(tenant)
        .bind(partner)
        .run_one(tx, || no_customer(tenant))
        .await
}

fn read(row: &Row) -> Result<Customer, Problem> {
    Ok(Customer {
        id: row.parsed("tenant", TenantId::parse)?,
        partner: row.parsed("partner", TenantId::parse)?,
        indirect_provider: indirect_provider(row)?,
        number: row.integer("number")?,
        company_name: row.text("company_name")?,
        domain: row.text("domain")?,
        registration_number: row.maybe_text("registration_number")?,
        billing_profile: BillingProfile {
            id: row.parsed("billing_profile_id", Uuid::parse_str)?,
            details: from_json(row, "billing_details")?,
            version: row.integer("billing_version")?,
        },
        created_at: row.time("created_at")?,
        ended_at: row.maybe_time("ended_at")?,
    })
}
