//! The ids in a path. A text that cannot be an id names nothing, so it is answered as not found: 404, like an id
//! nobody has.

use tenantry_commerce::{customer_get, subscription_get};
use tenantry_core::{OrderId, Problem, Reason, SubscriptionId, TenantId};
use tenantry_http::Call;
use uuid::Uuid;

/// The customer of `{customer}`.
pub(crate) fn customer(call: &Call) -> Result<TenantId, Problem> {
    TenantId::parse(call.param("customer")?).map_err(|error| nothing(Reason::CustomerNotFound, &error))
}

/// The subscription of `{subscription}`, in any letter case.
pub(crate) fn subscription(call: &Call) -> Result<SubscriptionId, Problem> {
    SubscriptionId::parse(call.param("subscription")?).map_err(|error| nothing(Reason::SubscriptionNotFound, &error))
}

/// The Azure subscription of `{entitlement}`, in any letter case.
pub(crate) fn entitlement(call: &Call) -> Result<SubscriptionId, Problem> {
    SubscriptionId::parse(call.param("entitlement")?).map_err(|error| nothing(Reason::SubscriptionNotFound, &error))
}

/// The order of `{order}`, in any letter case.
pub(crate) fn order(call: &Call) -> Result<OrderId, Problem> {
    OrderId::parse(call.param("order")?).map_err(|error| nothing(Reason::OrderNotFound, &error))
}

/// The cart of `{cart}`, in any letter case.
pub(crate) fn cart(call: &Call) -> Result<Uuid, Problem> {
    Uuid::parse_str(call.param("cart")?).map_err(|error| nothing(Reason::OrderNotFound, &error).at("cartId"))
}

/// The product upgrade of `{upgrade}`, in any letter case.
pub(crate) fn product_upgrade(call: &Call) -> Result<Uuid, Problem> {
    Uuid::parse_str(call.param("upgrade")?).map_err(|error| nothing(Reason::ObjectNotFound, &error))
}

/// The migration of `{migration}`, in any letter case.
pub(crate) fn migration(call: &Call) -> Result<Uuid, Problem> {
    Uuid::parse_str(call.param("migration")?).map_err(|error| nothing(Reason::ObjectNotFound, &error))
}

/// The scheduled migration of `{schedule}`, in any letter case.
pub(crate) fn schedule(call: &Call) -> Result<Uuid, Problem> {
    Uuid::parse_str(call.param("schedule")?).map_err(|error| nothing(Reason::ObjectNotFound, &error))
}

/// The tenant of the application that calls: the partner whose things `/v1` is about.
pub(crate) fn partner(call: &Call) -> Result<TenantId, Problem> {
    call.ctx.tenant().ok_or_else(|| Problem::internal("a route without a token asked for the caller's tenant"))
}

fn nothing(reason: Reason, error: &dyn std::fmt::Display) -> Problem {
    Problem::new(reason, error.to_string())
}

/// The customer of a call that needs something more, looked up before that is asked for: a stranger learns that there is
/// no such customer, not what could be done with one.
pub(crate) async fn found_customer(call: &Call) -> Result<TenantId, Problem> {
    let id = customer(call)?;
    customer_get(&call.ctx, call.world.db(), id).await?;
    Ok(id)
}

/// The customer and subscription of a write that needs something in its body, looked up before the body is read: a stranger
/// learns that there is no such subscription, not how it would be changed.
pub(crate) async fn found_subscription(call: &Call) -> Result<(TenantId, SubscriptionId), Problem> {
    let (customer, id) = (customer(call)?, subscription(call)?);
    subscription_get(&call.ctx, call.world.db(), customer, id).await?;
    Ok((customer, id))
}
