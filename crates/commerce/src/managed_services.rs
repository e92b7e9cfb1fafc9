//! What a customer has running that its partner looks after: the services in the licences it bought, and Azure.
//!
//! Read from what the partner sold and what is active now, so a suspended subscription's services are not among them, and
//! what another partner sold is none of this one's.
//!
//! Source: partner-center-v1.md 2.1 row 19, 3.1 (ManagedService).

use crate::subscription::{Status, Subscription};
use crate::subscription_list;
use std::collections::BTreeSet;
use tenantry_core::{OpContext, Problem, TenantId};
use tenantry_db::Db;
use tenantry_directory::ProductSku;
use uuid::Uuid;

/// A service that is looked after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ManagedService {
    /// Mail.
    Exchange,
    /// Calls and meetings.
    Skype,
    /// Sites and files.
    SharePoint,
    /// Talk within a company.
    Yammer,
    /// Devices.
    Intune,
    /// Metered usage.
    Azure,
}

/// How the names of a service's plans begin, as programs call them.
const BY_PLAN: [(&str, ManagedService); 5] = [
    ("EXCHANGE_S_", ManagedService::Exchange),
    ("MCO", ManagedService::Skype),
    ("SHAREPOINT", ManagedService::SharePoint),
    ("YAMMER_", ManagedService::Yammer),
    ("INTUNE_", ManagedService::Intune),
];

/// The services a customer has, each once.
///
/// # Errors
/// `CustomerNotFound`, `Forbidden`.
pub async fn managed_service_list(
    ctx: &OpContext,
    db: &Db,
    customer: TenantId,
) -> Result<BTreeSet<ManagedService>, Problem> {
    let sold = subscription_list(ctx, db, customer, None).await?;
    let active = sold.iter().filter(|subscription| subscription.state.status() == Status::Active);
    Ok(active.flat_map(services).collect())
}

fn services(subscription: &Subscription) -> Vec<ManagedService> {
    if subscription.offer.is_usage_based() {
        return vec![ManagedService::Azure];
    }
    let product = subscription.offer.product.and_then(|product| Uuid::parse_str(product.id).ok());
    let plans = product.and_then(ProductSku::find).map_or(&[][..], |product| product.plans);
    plans.iter().filter_map(|plan| of_plan(plan.name)).collect()
}

fn of_plan(name: &str) -> Option<ManagedService> {
    BY_PLAN.into_iter().find(|(start, _)| name.starts_with(start)).map(|(_, service)| service)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tenantry_directory::PRODUCTS;

    #[test]
    fn every_service_is_in_some_product_and_office_itself_is_none() {
        let known: BTreeSet<_> =
            PRODUCTS.iter().flat_map(|product| product.plans).filter_map(|plan| of_plan(plan.name)).collect();
        assert!(BY_PLAN.iter().all(|(_, service)| known.contains(service)), "{known:?}");
        for (plan, service) in [
            ("EXCHANGE_S_ENTERPRISE_GOV", Some(ManagedService::Exchange)),
            ("EXCHANGE_ANALYTICS", None),
            ("MCOSTANDARD", Some(ManagedService::Skype)),
            ("OFFICESUBSCRIPTION", None),
            ("", None),
        ] {
            assert_eq!(of_plan(plan), service, "{plan}");
        }
    }
}
