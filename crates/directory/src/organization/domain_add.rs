//! Adding a domain to a tenant. It is a claim until it is verified: nobody's users have names in it, and another
//! tenant may claim the same.

use super::domain::{Domain, Proof, checked, is_under, shown};
use super::{domain_list, domain_rows};
use crate::domain::taken;
use tenantry_access::{DomainManage, TenantScope, allow};
use tenantry_core::{OpContext, Problem, Reason, TenantId};
use tenantry_db::{Db, audit};

/// Adds a domain. One under a verified domain of the tenant is verified at once, without a proof of its own.
///
/// # Errors
/// `InvalidField` or `MissingField` on `name`; `AlreadyExists` if the tenant has it; `DomainTaken` if another tenant
/// has verified it, or a domain it is under.
pub async fn domain_add(ctx: &OpContext, db: &Db, tenant: TenantId, name: &str) -> Result<Domain, Problem> {
    let line = audit::open(ctx, db, "domain-add", &format!("{tenant} {}", shown(name))).await?;
    let outcome = add(ctx, db, tenant, name).await;
    line.close(ctx, db, outcome).await
}

async fn add(ctx: &OpContext, db: &Db, tenant: TenantId, name: &str) -> Result<Domain, Problem> {
    let tenant = allow::<DomainManage, _>(ctx, TenantScope(tenant))?.into_target().0;
    let name = checked(name)?;
    let mut tx = db.begin().await?;
    domain_rows::lock(&mut tx, tenant).await?;
    let domains = domain_rows::all(&mut tx, tenant).await?;
    if domains.iter().any(|domain| domain.name == name) {
        let message = format!("the tenant has the domain {name} already; verify it if it is not verified yet");
        return Err(Problem::new(Reason::AlreadyExists, message).at("name"));
    }
    if domain_rows::owner(&mut tx, &name).await?.is_some() {
        return Err(taken(&name));
    }
    refuse_platform_names(&domains, &name)?;
    if domain_rows::under_anothers(&mut tx, tenant, &name).await? {
        return Err(taken(&name));
    }
    let parent = domains.iter().any(|domain| domain.is_verified() && !domain.initial && is_under(&name, &domain.name));
    if parent {
        if !domain_rows::verify(&mut tx, tenant, &name, Proof::Parent, ctx.now()).await? {
            return Err(taken(&name));
        }
    } else {
        let code = format!("MS=ms{:08}", ctx.chance.below(100_000_000));
        domain_rows::claim(&mut tx, tenant, &name, &code, ctx.now()).await?;
    }
    let added = domain_list::one(&mut tx, tenant, &name).await?;
    tx.commit().await?;
    Ok(added)
}

/// What stands behind the prefix of an initial domain is the platform's own: names in it come with a tenant, and with
/// nothing else.
fn refuse_platform_names(domains: &[Domain], name: &str) -> Result<(), Problem> {
    let suffixes = domains.iter().filter(|domain| domain.initial).filter_map(|domain| domain.name.split_once('.'));
    for (_, suffix) in suffixes {
        if name == suffix || is_under(name, suffix) {
            let message =
                format!("`{name}` belongs to the platform, which gives names in {suffix} to new tenants only");
            return Err(Problem::invalid("name", message));
        }
    }
    Ok(())
}
