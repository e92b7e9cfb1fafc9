//! `GET /v1/customers/{customer}/subscriptions/{subscription}/provisioningstatus`.

use crate::params;
use crate::subscriptions::wire::NEVER;
use crate::wire::Attributes;
use serde::Serialize;
use tenantry_commerce::subscription_provisioning;
use tenantry_core::Problem;
use tenantry_http::{Answer, Call};

/// Source: partner-center-v1.md 3.5. `pending` and `failed` are words of this status too; neither happens here.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ProvisioningStatus {
    sku_id: String,
    status: &'static str,
    quantity: i64,
    end_date: String,
    attributes: Attributes,
}

pub(crate) async fn handle(call: Call) -> Result<Answer, Problem> {
    let (customer, id) = (params::customer(&call)?, params::subscription(&call)?);
    let found = subscription_provisioning(&call.ctx, call.world.db(), customer, id).await?;
    Answer::ok(&ProvisioningStatus {
        sku_id: found.sku.to_string(),
        status: if found.provisioned { "success" } else { "none" },
        quantity: found.quantity,
        end_date: found.ends_on.map_or_else(|| NEVER.to_owned(), |day| day.start().to_string()),
        attributes: Attributes::of("SubscriptionProvisioningStatus"),
    })
}
