//! `/v1/customers/{customer}/subscriptions/{subscription}/azureEntitlements`: the Azure subscriptions under an Azure plan.
//!
//! Where the sources leave something open (partner-center-v1.md 2.5 rows 83-85, 3.5, section 11): the status of a cancelled
//! one is `suspended` here, as of any subscription that can go on again; the reason is `compromise`, the one that the
//! samples of the .NET client send, also read as `compromised`; cancelling answers 200 with the entitlement, which that
//! client reads, though today's documentation has 202. Ids of entitlements are lower-case, as in the recorded list.
//!
//! An entitlement can also be read and changed under its own id at `subscriptions/{id}`: that is how a cancelled one is
//! taken back into use.

use crate::params;
use crate::wire::input::Body;
use crate::wire::words::Words;
use crate::wire::{Attributes, Collection, Links, upper};
use serde::Serialize;
use tenantry_commerce::{Subscription, azure_entitlement_cancel, azure_entitlement_get, azure_entitlement_list};
use tenantry_core::{Problem, SubscriptionId, TenantId};
use tenantry_http::{Answer, Call};

/// There is one reason, so nothing has to be told on.
const REASONS: Words<()> = Words(&[("compromise", ()), ("compromised", ())]);

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct AzureEntitlement {
    id: String,
    friendly_name: String,
    status: &'static str,
    subscription_id: String,
    links: Links,
    attributes: Attributes,
}

impl AzureEntitlement {
    fn of(one: Subscription, plan: SubscriptionId) -> Self {
        Self {
            id: one.id.to_string(),
            status: one.state.status().name(),
            subscription_id: upper(plan),
            links: Links::to_self(format!("{}/{}", uri(one.customer, plan), one.id)),
            friendly_name: one.friendly_name,
            attributes: Attributes::of("AzureEntitlement"),
        }
    }
}

pub(crate) async fn list(call: Call) -> Result<Answer, Problem> {
    let (customer, plan) = (params::customer(&call)?, params::subscription(&call)?);
    let found = azure_entitlement_list(&call.ctx, call.world.db(), customer, plan).await?;
    let items = found.into_iter().map(|one| AzureEntitlement::of(one, plan)).collect();
    Answer::ok(&Collection::whole(items, uri(customer, plan)))
}

pub(crate) async fn get(call: Call) -> Result<Answer, Problem> {
    let (customer, plan, id) = place(&call)?;
    let found = azure_entitlement_get(&call.ctx, call.world.db(), customer, (plan, id)).await?;
    Answer::ok(&AzureEntitlement::of(found, plan))
}

pub(crate) async fn cancel(call: Call) -> Result<Answer, Problem> {
    let (customer, plan, id) = place(&call)?;
    // A stranger learns that there is no such thing, not what stands in the body of a cancellation.
    azure_entitlement_get(&call.ctx, call.world.db(), customer, (plan, id)).await?;
    const REASON: &str = "cancellationReason";
    if Body::of(&call)?.fields()?.word(REASON, &REASONS)?.is_none() {
        return Err(Problem::missing(REASON));
    }
    let cancelled = azure_entitlement_cancel(&call.ctx, call.world.db(), customer, (plan, id)).await?;
    Answer::ok(&AzureEntitlement::of(cancelled, plan))
}

fn place(call: &Call) -> Result<(TenantId, SubscriptionId, SubscriptionId), Problem> {
    Ok((params::customer(call)?, params::subscription(call)?, params::entitlement(call)?))
}

fn uri(customer: TenantId, plan: SubscriptionId) -> String {
    format!("/customers/{customer}/subscriptions/{}/azureEntitlements", upper(plan))
}
