//! Names for the ids in a decision: groups by their names, partners by the relationship that lets them in.

use std::collections::BTreeMap;
use tenantry_access::Names;
use tenantry_access::azure::{AzureDecision, AzurePath, Miss};
use tenantry_core::{ObjectId, OpContext, Problem, TenantId};
use tenantry_db::Db;
use tenantry_directory::{RelationshipStatus, contracts_with, principal_named, relationships_with, tenant_find};

/// What is known of the ids in one decision.
#[derive(Default)]
pub(super) struct Known {
    principals: BTreeMap<ObjectId, String>,
    relationships: BTreeMap<TenantId, String>,
    partners: BTreeMap<TenantId, String>,
}

impl Known {
    /// Looks the names up, as the platform.
    pub(super) async fn of(
        platform: &OpContext,
        db: &Db,
        tenant: TenantId,
        decision: &AzureDecision,
    ) -> Result<Self, Problem> {
        let mut known = Self::default();
        let misses = decision.misses.iter().map(|miss| match miss {
            Miss::Excepted(path, _) | Miss::Silent(path) | Miss::Elsewhere(path) | Miss::Resting(path) => path,
        });
        for AzurePath { assignment, .. } in decision.paths.iter().chain(misses) {
            if let Some(found) = principal_named(db, &assignment.principal.to_string(), assignment.home).await? {
                known.principals.insert(assignment.principal, found.name);
            }
            let Some(partner) = assignment.home.filter(|home| !known.partners.contains_key(home)) else { continue };
            known.partners.insert(partner, company(db, partner).await?);
            if let Some(said) = relationship(platform, db, partner, tenant).await? {
                known.relationships.insert(partner, said);
            }
        }
        Ok(known)
    }
}

/// What people call a tenant.
pub(super) async fn company(db: &Db, tenant: TenantId) -> Result<String, Problem> {
    Ok(tenant_find(db, &tenant.to_string()).await?.map_or_else(|| tenant.to_string(), |found| found.name))
}

/// By what relationship a partner's group counts in the tenant, and until when.
pub(super) async fn relationship(
    platform: &OpContext,
    db: &Db,
    partner: TenantId,
    tenant: TenantId,
) -> Result<Option<String>, Problem> {
    let name = company(db, partner).await?;
    let contracts = contracts_with(platform, db, tenant).await?;
    if contracts.iter().any(|contract| contract.partner == partner && contract.delegated_admin) {
        return Ok(Some(format!("by delegated administration (DAP) of {name}, until either side ends it")));
    }
    let granular = relationships_with(platform, db, tenant).await?;
    let active = granular.into_iter().filter(|it| it.partner == partner && it.status == RelationshipStatus::Active);
    let last = active.max_by_key(|it| it.ends_at);
    Ok(last.and_then(|it| {
        let until = it.ends_at?;
        Some(format!("by the granular relationship {} ({}) of {name}, until {until}", it.display_name, it.id))
    }))
}

impl Names for Known {
    fn principal(&self, id: ObjectId) -> Option<String> {
        self.principals.get(&id).cloned()
    }

    fn relationship(&self, partner: TenantId) -> Option<String> {
        self.relationships.get(&partner).cloned()
    }

    fn partner(&self, partner: TenantId) -> Option<String> {
        self.partners.get(&partner).cloned()
    }
}
