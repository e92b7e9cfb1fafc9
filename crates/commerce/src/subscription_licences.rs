//! Moving people's licences from one product to another, when a subscription is upgraded.

use crate::subscription::Subscription;
use std::collections::BTreeSet;
use tenantry_access::{LicenceAssign, TenantScope, allow};
use tenantry_core::{ObjectId, OpContext, Problem, TenantId};
use tenantry_db::Db;
use tenantry_directory::{LicencePath, in_customer, licences_assign, licences_of_users, user_find};
use uuid::Uuid;

/// A person whose licence was not moved.
#[derive(Debug, Clone)]
pub struct LicenceError {
    /// Who.
    pub user: ObjectId,
    /// The name shown; the sign-in name if there is none.
    pub name: String,
    /// The sign-in name, which is an address.
    pub email: String,
    /// Why, by the reasons of the directory.
    pub problem: std::sync::Arc<Problem>,
}

/// The caller as it is in a customer's tenant, if it may move licences there.
///
/// # Errors
/// `Forbidden` for an application without a person, and for a person without rights there.
pub(crate) async fn mover(ctx: &OpContext, db: &Db, customer: TenantId) -> Result<OpContext, Problem> {
    let there = in_customer(ctx, db, customer).await?;
    allow::<LicenceAssign, _>(&there, TenantScope(customer))?;
    Ok(there)
}

/// Who moves licences, and whose.
pub(crate) struct Mover {
    /// The caller as it is in the customer's tenant.
    there: OpContext,
    tenant: TenantId,
    from: Option<Uuid>,
    /// Who has the old product by itself; what comes by a group goes with the group.
    people: Vec<ObjectId>,
}

impl Mover {
    /// The caller in the customer's tenant, and who has licences of the subscription's product now: when it is suspended
    /// they still have them.
    ///
    /// # Errors
    /// `Forbidden` for an application without a person, and for a person without rights there.
    pub(crate) async fn of(ctx: &OpContext, db: &Db, seen: &Subscription) -> Result<Self, Problem> {
        let there = mover(ctx, db, seen.customer).await?;
        let from = product(seen)?;
        let all = licences_of_users(&there, db, seen.customer).await?;
        let has = |licence: &tenantry_directory::AssignedLicence| {
            Some(licence.product.id) == from && licence.paths.contains(&LicencePath::Direct)
        };
        let people = all.into_iter().filter(|(_, held)| held.iter().any(has)).map(|(user, _)| user).collect();
        Ok(Self { there, tenant: seen.customer, from, people })
    }

    /// Gives each of them the product of another subscription instead. Who cannot have it keeps what it has.
    pub(crate) async fn to(self, db: &Db, target: &Subscription) -> Result<Vec<LicenceError>, Problem> {
        let mut errors = Vec::new();
        let (Some(from), Some(to)) = (self.from, product(target)?) else { return Ok(errors) };
        if from == to {
            return Ok(errors);
        }
        for user in self.people {
            let add = vec![(to, BTreeSet::new())];
            let moved = licences_assign(&self.there, db, self.tenant, user, add, vec![from]).await;
            if let Err(problem) = moved {
                let found = user_find(&self.there, db, self.tenant, &user.to_string()).await?;
                let shown = found.profile.display_name.clone();
                let name = if shown.is_empty() { found.name.clone() } else { shown };
                errors.push(LicenceError { user, name, email: found.name, problem: problem.into() });
            }
        }
        Ok(errors)
    }
}

fn product(of: &Subscription) -> Result<Option<Uuid>, Problem> {
    of.offer.product.map(|product| Uuid::parse_str(product.id)).transpose().map_err(Problem::internal)
}
