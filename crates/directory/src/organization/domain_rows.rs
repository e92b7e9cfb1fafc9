//! The SQL of domains. Verified ones stand in `tenant_domain`, which sign-in asks; the others are claims.

use super::domain::{Domain, Proof};
use tenantry_core::{Problem, TenantId, Timestamp};
use tenantry_db::{Connection, Row, Tx, sql};

/// All domains of a tenant: verified ones first, each kind by name.
pub(super) async fn all(on: &mut impl Connection, tenant: TenantId) -> Result<Vec<Domain>, Problem> {
    let verified = sql("SELECT d.domain, d.initial, d.proof, d.created_at, t.default_domain FROM tenant_domain d \
         JOIN tenant t ON t.id = d.tenant WHERE d.tenant = $1 ORDER BY d.initial DESC, d.domain")
    .bind(tenant)
    .all(on)
    .await?;
    let claimed = sql("SELECT domain, code, claimed_at FROM tenant_domain_claim WHERE tenant = $1 ORDER BY domain")
        .bind(tenant)
        .all(on)
        .await?;
    let mut domains = verified.iter().map(|row| read_verified(row, tenant)).collect::<Result<Vec<_>, _>>()?;
    for row in &claimed {
        domains.push(Domain {
            name: row.text("domain")?,
            tenant,
            initial: false,
            default: false,
            root: true,
            proof: None,
            code: Some(row.text("code")?),
            added_at: row.time("claimed_at")?,
        });
    }
    Ok(domains)
}

fn read_verified(row: &Row, tenant: TenantId) -> Result<Domain, Problem> {
    let name = row.text("domain")?;
    let proof = row.parsed("proof", Proof::from_name)?;
    Ok(Domain {
        tenant,
        initial: row.flag("initial")?,
        default: row.text("default_domain")? == name,
        root: proof != Proof::Parent,
        proof: Some(proof),
        code: None,
        added_at: row.time("created_at")?,
        name,
    })
}

/// Claims a name. One that is claimed already stays as it is.
pub(super) async fn claim(
    tx: &mut Tx,
    tenant: TenantId,
    name: &str,
    code: &str,
    at: Timestamp,
) -> Result<bool, Problem> {
    let made = sql("INSERT INTO tenant_domain_claim (tenant, domain, code, claimed_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (tenant, domain) DO NOTHING")
    .bind(tenant)
    .bind(name)
    .bind(code)
    .bind(at)
    .run(tx)
    .await?;
    Ok(made == 1)
}

pub(super) async fn unclaim(tx: &mut Tx, tenant: TenantId, name: &str) -> Result<bool, Problem> {
    let gone = sql("DELETE FROM tenant_domain_claim WHERE tenant = $1 AND domain = $2")
        .bind(tenant)
        .bind(name)
        .run(tx)
        .await?;
    Ok(gone == 1)
}

/// `false` if a tenant has verified the name before.
pub(super) async fn verify(
    tx: &mut Tx,
    tenant: TenantId,
    name: &str,
    proof: Proof,
    at: Timestamp,
) -> Result<bool, Problem> {
    let made =
        sql("INSERT INTO tenant_domain (domain, tenant, initial, proof, created_at) VALUES ($1, $2, 0, $3, $4) \
         ON CONFLICT (domain) DO NOTHING")
        .bind(name)
        .bind(tenant)
        .bind(proof.name())
        .bind(at)
        .run(tx)
        .await?;
    Ok(made == 1)
}

/// Whose verified domain a name is.
pub(super) async fn owner(on: &mut impl Connection, name: &str) -> Result<Option<TenantId>, Problem> {
    let row = sql("SELECT tenant FROM tenant_domain WHERE domain = $1").bind(name).maybe(on).await?;
    row.map(|row| row.parsed("tenant", TenantId::parse)).transpose()
}

/// Whether a tenant other than this one has verified a domain that the name is under.
pub(super) async fn under_anothers(on: &mut impl Connection, tenant: TenantId, name: &str) -> Result<bool, Problem> {
    let mut rest = name;
    while let Some((_, parent)) = rest.split_once('.') {
        if owner(on, parent).await?.is_some_and(|owner| owner != tenant) {
            return Ok(true);
        }
        rest = parent;
    }
    Ok(false)
}

pub(super) async fn default_set(tx: &mut Tx, tenant: TenantId, name: &str) -> Result<(), Problem> {
    sql("UPDATE tenant SET default_domain = $2 WHERE id = $1").bind(tenant).bind(name).run(tx).await?;
    Ok(())
}

/// Makes everybody who changes the tenant's domains wait for the end of the transaction.
pub(super) async fn lock(tx: &mut Tx, tenant: TenantId) -> Result<(), Problem> {
    sql("UPDATE tenant SET kind = kind WHERE id = $1").bind(tenant).run(tx).await?;
    Ok(())
}

pub(super) async fn delete(tx: &mut Tx, tenant: TenantId, name: &str) -> Result<(), Problem> {
    sql("DELETE FROM tenant_domain WHERE tenant = $1 AND domain = $2 AND initial = 0")
        .bind(tenant)
        .bind(name)
        .run(tx)
        .await?;
    Ok(())
}
