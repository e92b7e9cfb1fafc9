//! Partners.

use super::{from_json, indirect_provider, json, named};
use crate::partner::{Partner, PartnerKind};
use crate::reach::Reach;
use tenantry_core::{Currency, Problem, TenantId};
use tenantry_db::{Connection, Row, Tx, sql};

pub(crate) async fn insert(tx: &mut Tx, partner: &Partner) -> Result<(), Problem> {
    sql("INSERT INTO partner (tenant, kind, company_name, domain, address, email, culture, language, mpn_id, \
         markets, currency, signed_up_at, indirect_provider, number) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)")
    .bind(partner.tenant)
    .bind(partner.kind.name())
    .bind(&partner.company_name)
    .bind(&partner.domain)
    .bind(json(&partner.address)?)
    .bind(&partner.email)
    .bind(&partner.culture)
    .bind(&partner.language)
    .bind(&partner.mpn_id)
    .bind(partner.markets.join(" "))
    .bind(partner.currency.code())
    .bind(partner.signed_up_at)
    .bind(partner.kind.indirect_provider())
    .bind(partner.number)
    .run(tx)
    .await?;
    Ok(())
}

pub(crate) async fn by_id(
    on: &mut impl Connection,
    reach: Reach,
    tenant: TenantId,
) -> Result<Option<Partner>, Problem> {
    // A customer's caller reaches no partner: its side of the pair can never match a partner's tenant.
    sql("SELECT tenant, kind, company_name, domain, address, email, culture, language, mpn_id, markets, currency, \
         signed_up_at, indirect_provider, number FROM partner WHERE tenant = $1 \
         AND (CAST($2 AS TEXT) IS NULL OR tenant = $2 OR indirect_provider = $2) AND tenant = COALESCE($3, tenant)")
    .bind(tenant)
    .bind(reach.partner)
    .bind(reach.customer)
    .maybe(on)
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

/// The number of the next partner. Ask while holding the provider's row.
pub(crate) async fn next_number(tx: &mut Tx) -> Result<i64, Problem> {
    sql("SELECT COALESCE(MAX(number), 0) + 1 AS next FROM partner").one(tx).await?.integer("next")
}

/// Those who buy from an indirect provider, in the order they signed up.
pub(crate) async fn resellers(on: &mut impl Connection, indirect_provider: TenantId) -> Result<Vec<Partner>, Problem> {
    let rows = sql("SELECT tenant, kind, company_name, domain, address, email, culture, language, mpn_id, markets, \
         currency, signed_up_at, indirect_provider, number FROM partner WHERE indirect_provider = $1 \
         ORDER BY number")
    .bind(indirect_provider)
    .all(on)
    .await?;
    rows.iter().map(read).collect()
}

/// Writes how a partner is known: its name, its address, where news go, and how it is addressed.
pub(crate) async fn describe(tx: &mut Tx, partner: &Partner) -> Result<(), Problem> {
    sql(
        "UPDATE partner SET company_name = $2, address = $3, email = $4, culture = $5, language = $6 WHERE tenant = $1",
    )
    .bind(partner.tenant)
    .bind(&partner.company_name)
    .bind(json(&partner.address)?)
    .bind(&partner.email)
    .bind(&partner.culture)
    .bind(&partner.language)
    .run(tx)
    .await?;
    Ok(())
}

/// Makes everybody who counts this partner's customers wait for the end of the transaction.
pub(crate) async fn lock(tx: &mut Tx, tenant: TenantId) -> Result<(), Problem> {
    sql("UPDATE partner SET tenant = tenant WHERE tenant = $1").bind(tenant).run(tx).await?;
    Ok(())
}

fn read(row: &Row) -> Result<Partner, Problem> {
    let under = indirect_provider(row)?;
    Ok(Partner {
        tenant: row.parsed("tenant", TenantId::parse)?,
        number: row.integer("number")?,
        kind: named(row, "kind", |name| PartnerKind::from_parts(name, under))?,
        company_name: row.text("company_name")?,
        domain: row.text("domain")?,
        address: from_json(row, "address")?,
        email: row.text("email")?,
        culture: row.text("culture")?,
        language: row.text("language")?,
        mpn_id: row.text("mpn_id")?,
        markets: row.text("markets")?.split_ascii_whitespace().map(str::to_owned).collect(),
        currency: row.parsed("currency", Currency::parse)?,
        signed_up_at: row.time("signed_up_at")?,
    })
}
