//! `supportcontact` of a subscription: who helps the customer with it.

use crate::params;
use crate::wire::input::Body;
use crate::wire::{Attributes, Links, upper};
use serde::Serialize;
use tenantry_commerce::{ChangeSupportContact, SupportContact as Contact, support_contact_change, support_contact_get};
use tenantry_core::{Problem, SubscriptionId, TenantId};
use tenantry_http::{Answer, Call};

/// Source: partner-center-v1.md 3.5.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct SupportContact {
    support_tenant_id: String,
    support_mpn_id: String,
    name: String,
    links: Links,
    attributes: Attributes,
}

impl SupportContact {
    fn of(customer: TenantId, id: SubscriptionId, contact: Contact) -> Self {
        Self {
            support_tenant_id: contact.tenant.to_string(),
            support_mpn_id: contact.mpn_id,
            name: contact.name,
            links: Links::to_self(format!("/customers/{customer}/subscriptions/{}/supportcontact", upper(id))),
            attributes: Attributes::of("SupportContact"),
        }
    }
}

pub(crate) async fn get(call: Call) -> Result<Answer, Problem> {
    let (customer, id) = (params::customer(&call)?, params::subscription(&call)?);
    let contact = support_contact_get(&call.ctx, call.world.db(), customer, id).await?;
    Answer::ok(&SupportContact::of(customer, id, contact))
}

pub(crate) async fn change(call: Call) -> Result<Answer, Problem> {
    const TENANT: &str = "supportTenantId";
    let (customer, id) = params::found_subscription(&call).await?;
    let body = Body::of(&call)?;
    let fields = body.fields()?;
    let tenant = fields.text(TENANT)?.filter(|id| !id.trim().is_empty()).ok_or_else(|| Problem::missing(TENANT))?;
    let change = ChangeSupportContact {
        customer,
        subscription: id,
        tenant: TenantId::parse(tenant.trim()).map_err(|error| Problem::invalid(TENANT, error))?,
        mpn_id: fields.text("supportMpnId")?,
        name: fields.text("name")?,
    };
    let contact = support_contact_change(&call.ctx, call.world.db(), change).await?;
    Answer::ok(&SupportContact::of(customer, id, contact))
}
