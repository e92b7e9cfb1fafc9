//! Taking a domain away from a tenant. Its name is free again.

use super::domain::shown;
use super::{domain_list, domain_rows};
use tenantry_access::{DomainManage, TenantScope, allow};
use tenantry_core::{OpContext, Problem, Reason, TenantId};
use tenantry_db::{Connection, Db, audit, sql};

/// Removes a domain, verified or not. What is verified only because it is under this one stays.
///
/// # Errors
/// `DomainNotFound`; `DomainInUse` for the initial domain, for the default one, and while users have names in it:
/// deleted users too, since they can be restored.
pub async fn domain_remove(ctx: &OpContext, db: &Db, tenant: TenantId, name: &str) -> Result<(), Problem> {
    let line = audit::open(ctx, db, "domain-remove", &format!("{tenant} {}", shown(name))).await?;
    let outcome = remove(ctx, db, tenant, name).await;
    line.close(ctx, db, outcome).await
}

async fn remove(ctx: &OpContext, db: &Db, tenant: TenantId, name: &str) -> Result<(), Problem> {
    let tenant = allow::<DomainManage, _>(ctx, TenantScope(tenant))?.into_target().0;
    let mut tx = db.begin().await?;
    // The same row is held by who names a user, so nobody gets a name in a domain that goes.
    domain_rows::lock(&mut tx, tenant).await?;
    let domain = domain_list::one(&mut tx, tenant, name).await?;
    let in_use = |why: String| Err(Problem::new(Reason::DomainInUse, format!("{}: {why}", domain.name)).at("name"));
    if domain.initial {
        return in_use("the tenant was created with this domain, so it stays".to_owned());
    }
    if domain.default {
        return in_use("it is the default domain; make another one the default first".to_owned());
    }
    let users = users_in(&mut tx, tenant, &domain.name).await?;
    if let Some(first) = users.first() {
        let others = match users.len() {
            1 => String::new(),
            _ => format!(" and {} others", users.len() - 1),
        };
        return in_use(format!("{first}{others} have names in it; rename or erase these users first"));
    }
    domain_rows::unclaim(&mut tx, tenant, &domain.name).await?;
    domain_rows::delete(&mut tx, tenant, &domain.name).await?;
    tx.commit().await
}

/// The users with names in a domain, deleted ones too.
async fn users_in(on: &mut impl Connection, tenant: TenantId, domain: &str) -> Result<Vec<String>, Problem> {
    let rows = sql("SELECT name FROM directory_user WHERE tenant = $1 AND domain = $2 ORDER BY name_key, id")
        .bind(tenant)
        .bind(domain)
        .all(on)
        .await?;
    rows.iter().map(|row| row.text("name")).collect()
}
