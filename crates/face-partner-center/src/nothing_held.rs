//! Lists of what is not sold here: software with keys, links to activate products of other publishers, papers of an order,
//! licences that run over. They are empty, as a list is that nothing is in, so that clients that read them on their way go
//! on; what they hang on must be there. Source: partner-center-v1.md 2.3 and 2.5, rows 53 to 55, 80, 86, 88.

use crate::params;
use crate::wire::Collection;
use tenantry_commerce::{Order, order_get, subscription_get, subscription_list};
use tenantry_core::{Problem, Reason};
use tenantry_http::{Answer, Call};

/// Of an order: links to activate what it bought.
pub(crate) async fn activation_links_of_order(call: Call) -> Result<Answer, Problem> {
    let order = order(&call).await?;
    empty(format!("/customers/{}/orders/{}/activationlinks", order.customer, order.id))
}

/// Of a line of an order.
pub(crate) async fn activation_links_of_line(call: Call) -> Result<Answer, Problem> {
    let order = order(&call).await?;
    let named = call.param("line")?;
    let line = order.lines.iter().find(|line| line.number.to_string() == named).ok_or_else(|| {
        let message = format!("the order {} has no such line; take a lineItemNumber of it", order.id);
        Problem::new(Reason::OrderNotFound, message).at("lineItemNumber")
    })?;
    empty(format!("/customers/{}/orders/{}/lineitems/{}/activationlinks", order.customer, order.id, line.number))
}

/// Papers that came with an order.
pub(crate) async fn attachments(call: Call) -> Result<Answer, Problem> {
    let order = order(&call).await?;
    empty(format!("/customers/{}/orders/{}/attachments", order.customer, order.id))
}

/// Of a subscription: links to activate it.
pub(crate) async fn activation_links_of_subscription(call: Call) -> Result<Answer, Problem> {
    let (customer, subscription) = (params::customer(&call)?, params::subscription(&call)?);
    let subscription = subscription_get(&call.ctx, call.world.db(), customer, subscription).await?;
    empty(format!("/customers/{}/subscriptions/{}/activationlinks", subscription.customer, subscription.id))
}

/// Licences beyond what was bought: assigning stops there.
pub(crate) async fn overage(call: Call) -> Result<Answer, Problem> {
    of_customer(&call, "subscriptions/overage").await
}

/// Software keys and reservations of a customer.
pub(crate) async fn entitlements(call: Call) -> Result<Answer, Problem> {
    of_customer(&call, "entitlements").await
}

async fn of_customer(call: &Call, what: &str) -> Result<Answer, Problem> {
    let customer = params::customer(call)?;
    // Who may see what was sold to it may see that this was not.
    subscription_list(&call.ctx, call.world.db(), customer, None).await?;
    empty(format!("/customers/{customer}/{what}"))
}

async fn order(call: &Call) -> Result<Order, Problem> {
    order_get(&call.ctx, call.world.db(), params::customer(call)?, params::order(call)?).await
}

fn empty(own: String) -> Result<Answer, Problem> {
    Answer::ok(&Collection::<()>::whole(Vec::new(), own))
}
