//! Subscriptions of a customer. One file per operation.

pub(crate) mod add_ons;
pub(crate) mod change;
pub(crate) mod conversions;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod provisioning;
pub(crate) mod registration;
pub(crate) mod support_contact;
pub(crate) mod transitions;
pub(crate) mod upgrades;
pub(crate) mod wire;

use tenantry_commerce::customer_get;
use tenantry_core::{Problem, Reason, TenantId};
use tenantry_http::Call;

/// The country whose catalogue the links to offers go to: the customer's. `None` for callers who may see
/// subscriptions and not the customer, such as billing admins; their links name no country.
async fn country(call: &Call, customer: TenantId) -> Result<Option<String>, Problem> {
    match customer_get(&call.ctx, call.world.db(), customer).await {
        Ok(customer) => Ok(Some(customer.country().to_owned())),
        Err(problem) if problem.reason() == Reason::Forbidden => Ok(None),
        Err(problem) => Err(problem),
    }
}
