//! `GET /v1/customers/{customer}/managedservices`: what a customer has running, with where to look after it.
//!
//! The field's links lead to its portal; ours to the lists of this API that say the same: what is assigned to whom, how well
//! the services run, and requests for help. Exchange and Skype are named as recorded; unsure, no recording has the others.

use crate::params;
use crate::wire::{Attributes, Collection, Link, Links};
use serde::Serialize;
use tenantry_commerce::{ManagedService as Service, managed_service_list};
use tenantry_core::{Problem, TenantId};
use tenantry_http::{Answer, Call};

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ManagedService {
    id: &'static str,
    name: &'static str,
    group_name: &'static str,
    links: Links,
    attributes: Attributes,
}

impl ManagedService {
    fn of(origin: &str, customer: TenantId, service: Service) -> Self {
        let (id, name, group_name) = words(service);
        let managed = if service == Service::Azure { "subscriptions" } else { "subscribedskus" };
        let below = |path: &str| Link::get(format!("{origin}/v1/customers/{customer}/{path}"));
        let links = Links::default()
            .with("adminService", below(managed))
            .with("serviceHealth", below("serviceincidents/office"))
            .with("serviceTicket", below("servicerequests"));
        Self { id, name, group_name, links, attributes: Attributes::of("ManagedService") }
    }
}

/// Id, name and group.
const fn words(service: Service) -> (&'static str, &'static str, &'static str) {
    match service {
        Service::Exchange => ("Exchange", "Exchange", "Office"),
        Service::Skype => ("MicrosoftCommunicationsOnline", "SkypeforBusiness", "Office"),
        Service::SharePoint => ("SharePoint", "SharePoint", "Office"),
        Service::Yammer => ("YammerEnterprise", "YammerEnterprise", "Office"),
        Service::Intune => ("Intune", "Intune", "Intune"),
        Service::Azure => ("Azure", "Azure", "Azure"),
    }
}

pub(crate) async fn handle(call: Call) -> Result<Answer, Problem> {
    let customer = params::customer(&call)?;
    let services = managed_service_list(&call.ctx, call.world.db(), customer).await?;
    let origin = call.world.keys().origin();
    let items = services.into_iter().map(|service| ManagedService::of(origin, customer, service)).collect();
    Answer::ok(&Collection::whole(items, format!("/customers/{customer}/managedservices")))
}
