//! Bringing in a domain whose proof a partner has in hand: a registrar that sold it to the customer, say.
//!
//! That somebody says so is not enough to take a name: it counts as far as asking counts (`domain_verify.rs`). Where it does
//! not, the claim stays, so that the provider can look at the record and confirm it.

use super::domain::Domain;
use super::{domain_add, domain_list, domain_verify};
use tenantry_access::{DomainManage, TenantScope, allow};
use tenantry_core::{OpContext, Problem, Reason, TenantId};
use tenantry_db::Db;

/// Adds a domain, unless the tenant claimed it before, and verifies it. `sandbox` says whether the world is one.
///
/// # Errors
/// Those of [`domain_add`], but for a claim that is there, and of [`domain_verify`]; `AlreadyExists` for a domain that the
/// tenant has verified.
pub async fn domain_add_verified(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    name: &str,
    sandbox: bool,
) -> Result<Domain, Problem> {
    allow::<DomainManage, _>(ctx, TenantScope(tenant))?;
    match domain_list::one(&mut db.reader().await?, tenant, name).await {
        Ok(known) if known.is_verified() => {
            let message = format!("the tenant has the domain {} already, and it is verified", known.name);
            return Err(Problem::new(Reason::AlreadyExists, message).at("name"));
        }
        Ok(_) => {}
        Err(problem) if problem.reason() == Reason::DomainNotFound => {
            let added = domain_add(ctx, db, tenant, name).await?;
            if added.is_verified() {
                return Ok(added);
            }
        }
        Err(problem) => return Err(problem),
    }
    domain_verify(ctx, db, tenant, name, sandbox).await
}
