//! The Azure plan: one subscription that a partner sells, and the Azure subscriptions ("entitlements") under it.
//!
//! ```text
//! customer -- Azure plan (sold, suspended, transferred) --+-- Azure subscription (used, metered, cancelled by itself)
//!                                                         +-- Azure subscription
//! ```
//!
//! A plan is what is bought: nothing runs in it, so nothing is metered on it, and it is no place in the customer's tenant.
//! What runs in a plan runs in its Azure subscriptions. To the rest of the house such a one is a usage-based subscription
//! that goes with another, like an add-on with its base: it is registered in the tenant, usage is reported, rated and
//! billed on it, a limit stops it alone. Buying a plan makes the first; more are bought as add-ons to it.
//!
//! Source: partner-center-v1.md 4.5, 3.5 (AzureEntitlement).

use crate::offer::Offer;
use crate::rows;
use crate::subscription::{State, Status, Subscription};
use crate::subscription_add_ons;
use tenantry_core::{OpContext, Problem, Reason, SubscriptionId};
use tenantry_db::Tx;

/// The plan's offer, as orders name it.
pub(crate) const PLAN: &str = "DZH318Z0BPS6:0001:DZH318Z0BML6";
/// The offer of what is under a plan. It stands in no list of the catalogue: nobody buys it but with a plan. The field's
/// own id for such subscriptions.
pub(crate) const UNDER_PLAN: &str = "MS-AZR-0017G";

impl Offer {
    /// Whether it is an Azure plan: it holds Azure subscriptions and is not metered itself.
    #[must_use]
    pub fn is_azure_plan(&self) -> bool {
        self.id == PLAN
    }

    /// Whether it is an Azure subscription under a plan.
    #[must_use]
    pub fn is_under_azure_plan(&self) -> bool {
        self.id == UNDER_PLAN
    }

    /// Whether usage is metered on subscriptions of it. Of what is billed by usage all but the plan, whose Azure
    /// subscriptions are metered.
    #[must_use]
    pub fn is_metered(&self) -> bool {
        self.is_usage_based() && !self.is_azure_plan()
    }
}

/// The first Azure subscription of a plan that was just bought, with what the plan was bought by. The caller holds the
/// customer's row, has kept the plan, and buys nothing else for this customer in the same order.
pub(crate) async fn first_of(
    ctx: &OpContext,
    tx: &mut Tx,
    plan: &Subscription,
    offer: &'static Offer,
) -> Result<Subscription, Problem> {
    Ok(Subscription {
        id: SubscriptionId::new(ctx.chance.guid()),
        number: rows::subscription::next_number_of(tx, plan.customer, plan.partner).await?,
        parent: Some(plan.id),
        offer,
        friendly_name: offer.name.to_owned(),
        state: State::Active { since: ctx.now() },
        version: 1,
        ..plan.clone()
    })
}

/// Refuses to stop a plan in which something runs (partner-center-v1.md 4.2, code 900115). `seen` is how it was. The
/// caller holds the customer's row.
pub(crate) async fn check_unused(tx: &mut Tx, seen: &Subscription, changed: &Subscription) -> Result<(), Problem> {
    let active = |state: State| state.status() == Status::Active;
    if !seen.offer.is_azure_plan() || !active(seen.state) || active(changed.state) {
        return Ok(());
    }
    let running = subscription_add_ons::of(tx, seen).await?.into_iter().find(|one| active(one.state));
    running.map_or(Ok(()), |running| {
        let message = format!(
            "azureEntitlements: {} still has the Azure subscription `{}` in use ({}); cancel or suspend each of them first",
            seen.friendly_name, running.friendly_name, running.id
        );
        Err(Problem::new(Reason::StatusChangeRefused, message).at("azureEntitlements"))
    })
}
