//! `GET /v1/customers/{customer}/subscriptions`: all of them in every state, or those of an order or of a partner of
//! record.

use crate::params;
use crate::subscriptions::country;
use crate::subscriptions::wire::Subscription;
use crate::wire::Collection;
use crate::wire::links::uri;
use tenantry_commerce::{partner_get, subscription_list};
use tenantry_core::{OrderId, Problem};
use tenantry_http::{Answer, Call};

pub(crate) async fn handle(call: Call) -> Result<Answer, Problem> {
    let customer = params::customer(&call)?;
    let order = asked(&call, "order_id").map(OrderId::parse).transpose();
    let order = order.map_err(|error| Problem::invalid("order_id", error))?;
    let mut found = subscription_list(&call.ctx, call.world.db(), customer, order).await?;
    if let Some(mpn_id) = asked(&call, "mpn_id") {
        // What has no reseller on its record is its seller's own. Unsure: the original records nobody for direct partners
        // (partner-center-v1.md 4.3), and its list would be empty.
        let partner = partner_get(&call.ctx, call.world.db(), params::partner(&call)?).await?;
        found.retain(|subscription| match &subscription.on_record {
            Some(on_record) => on_record.mpn_id == mpn_id,
            None => subscription.partner == partner.tenant && partner.mpn_id == mpn_id,
        });
    }
    let country = country(&call, customer).await?;
    let items = found.into_iter().map(|subscription| Subscription::of(subscription, country.as_deref())).collect();
    let own = uri(&format!("/customers/{customer}/subscriptions"), call.query.pairs());
    Answer::ok(&Collection::whole(items, own))
}

fn asked<'a>(call: &'a Call, name: &str) -> Option<&'a str> {
    call.query(name).map(str::trim).filter(|value| !value.is_empty())
}
