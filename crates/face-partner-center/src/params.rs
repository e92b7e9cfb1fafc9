//! The ids in a path. A text that cannot be an id names nothing, so it is answered as not found: 404, like an id
//! nobody has.

use tenantry_core::{OrderId, Problem, Reason, SubscriptionId, TenantId};
use tenantry_http::Call;

/// The customer of `{customer}`.
pub(crate) fn customer(call: &Call) -> Result<TenantId, Problem> {
    TenantId::parse(call.param("customer")?).map_err(|error| nothing(Reason::CustomerNotFound, &error))
}

/// The subscription of `{subscription}`, in any letter case.
pub(crate) fn subscription(call: &Call) -> Result<SubscriptionId, Problem> {
    SubscriptionId::parse(call.param("subscription")?).map_err(|error| nothing(Reason::SubscriptionNotFound, &error))
}

/// The order of `{order}`, in any letter case.
pub(crate) fn order(call: &Call) -> Result<OrderId, Problem> {
    OrderId::parse(call.param("order")?).map_err(|error| nothing(Reason::OrderNotFound, &error))
}

/// The tenant of the application that calls: the partner whose things `/v1` is about.
pub(crate) fn partner(call: &Call) -> Result<TenantId, Problem> {
    call.ctx.tenant().ok_or_else(|| Problem::internal("a route without a token asked for the caller's tenant"))
}

fn nothing(reason: Reason, error: &dyn std::fmt::Display) -> Problem {
    Problem::new(reason, error.to_string())
}
