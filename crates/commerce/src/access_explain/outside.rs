//! Why somebody of a partner does not get into a customer's tenant: the relationship that is missing, or the way it would
//! reach this principal. To tell a partner's agent to act in a tenant that does not let it in would help nobody.

use super::names::{company, relationship};
use tenantry_access::Explanation;
use tenantry_core::{OpContext, Problem, TenantKind};
use tenantry_db::Db;
use tenantry_directory::{NamedPrincipal, Tenant, tenant_find};

/// The explanation for a principal of a partner to whom a customer's tenant is closed; `None` if it is something else.
pub(super) async fn of_a_partner(
    platform: &OpContext,
    db: &Db,
    named: &NamedPrincipal,
    tenant: &Tenant,
) -> Result<Option<Explanation>, Problem> {
    let home = tenant_find(db, &named.home.to_string()).await?;
    if home.is_none_or(|home| home.kind != TenantKind::Partner) || tenant.kind != TenantKind::Customer {
        return Ok(None);
    }
    let (partner, customer) = (company(db, named.home).await?, &tenant.name);
    let related = relationship(platform, db, named.home, tenant.id).await?;
    let mut reasons = Vec::new();
    let mut would = Vec::new();
    if named.app.is_some() {
        reasons.push(format!("{} is not consented to in {customer}", named.name));
        would.push(format!("consent to it by an administrator of {customer}"));
    }
    match related {
        None => {
            reasons.push(format!(
                "{partner} has neither delegated administration (DAP) of {customer} nor an active granular relationship \
                 (GDAP) with it, and its people and what it manages are nothing there without"
            ));
            would.push(format!("delegated administration (DAP) of {customer} by {partner}"));
            would.push(format!("an active granular relationship (GDAP) of {partner} with {customer}"));
        }
        Some(_) if named.app.is_some() => {
            would.push(format!("membership in the AdminAgents of {partner}, of an application that is multi-tenant"));
        }
        Some(said) => {
            reasons.push(format!("what counts in {customer} counts {said}, and gives the caller no role there"));
            would.push(format!("membership in a group of {partner} to which that relationship gives a role there"));
        }
    }
    Ok(Some(Explanation { allowed: false, paths: Vec::new(), reasons, would }))
}
