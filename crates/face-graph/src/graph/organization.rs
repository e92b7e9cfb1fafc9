//! The organisation, its contracts, and what anybody may ask of a tenant.

use super::views::{domain, organization as view};
use super::wire;
use crate::input::Members;
use crate::odata::{Page, Shape, paths};
use crate::{directory, who};
use tenantry_core::{Problem, Reason, TenantId};
use tenantry_directory::{
    OrganizationChange, contract_find, contract_list, organization_change, organization_find, tenant_find,
};
use tenantry_http::{Answer, Call};

const SET: &str = "organization";
const CONTRACTS: Shape = Shape::of("contract", domain::CONTRACT_FILTERS);
const SETTABLE: [&str; 3] = ["marketingNotificationEmails", "technicalNotificationMails", "defaultUsageLocation"];

pub(super) async fn list(call: Call) -> Result<Answer, Problem> {
    let organization = organization_find(&call.ctx, call.world.db(), who::tenant(&call)?).await?;
    wire::all(&call, SET, &[wire::selected(&call, view::organization(&organization), &[])?])
}

/// The id must be that of the tenant itself.
fn own(call: &Call) -> Result<TenantId, Problem> {
    let own = who::tenant(call)?;
    let named = call.param("id")?;
    if TenantId::parse(named) == Ok(own) {
        return Ok(own);
    }
    let shown: String = named.chars().take(80).collect();
    Err(Problem::new(Reason::ObjectNotFound, format!("`{shown}` is not the id of this tenant, which is {own}")))
}

pub(super) async fn get(call: Call) -> Result<Answer, Problem> {
    let organization = organization_find(&call.ctx, call.world.db(), own(&call)?).await?;
    wire::entity(&call, SET, wire::selected(&call, view::organization(&organization), &[])?)
}

pub(super) async fn change(call: Call) -> Result<Answer, Problem> {
    let tenant = own(&call)?;
    let body = Members::of(&call)?;
    body.only(&SETTABLE)?;
    let change = OrganizationChange {
        technical_mails: body.texts("technicalNotificationMails")?,
        marketing_mails: body.texts("marketingNotificationEmails")?,
        default_usage_location: body.text_sent("defaultUsageLocation")?.map(Option::unwrap_or_default),
        ..OrganizationChange::default()
    };
    organization_change(&call.ctx, call.world.db(), tenant, change).await?;
    wire::done()
}

pub(super) async fn contracts(call: Call) -> Result<Answer, Problem> {
    let options = wire::options(&call, &CONTRACTS, "contracts", &[])?;
    let contracts = contract_list(&call.ctx, call.world.db(), who::tenant(&call)?).await?;
    let shown = contracts.iter().map(|contract| (contract.id.to_string(), domain::contract(contract))).collect();
    wire::page(&call, "contracts", &Page::whole(&options, shown)?)
}

pub(super) async fn contract(call: Call) -> Result<Answer, Problem> {
    let id = directory::object_id(call.param("contract")?)?;
    let contract = contract_find(&call.ctx, call.world.db(), who::tenant(&call)?, id.guid()).await?;
    wire::entity(&call, "contracts", wire::selected(&call, domain::contract(&contract), &[])?)
}

/// `findTenantInformationByTenantId(tenantId='..')`: name and domain of any tenant whose id the caller has. The original
/// tells them to everybody; they are on every invitation and every page of sign-in.
pub(super) async fn information_by_id(call: Call) -> Result<Answer, Problem> {
    let named = call.param("key")?;
    let id = paths::named(named, "tenantId").unwrap_or(named);
    TenantId::parse(id).map_err(|error| Problem::invalid("tenantId", error))?;
    information(&call, id).await
}

/// `findTenantInformationByDomainName(domainName='..')`.
pub(super) async fn information_by_domain(call: Call) -> Result<Answer, Problem> {
    let named = call.param("key")?;
    let domain = paths::named(named, "domainName").unwrap_or(named);
    if TenantId::parse(domain).is_ok() {
        return Err(Problem::invalid("domainName", "is an id; ask findTenantInformationByTenantId"));
    }
    information(&call, domain).await
}

async fn information(call: &Call, named: &str) -> Result<Answer, Problem> {
    let shown: String = named.chars().take(80).collect();
    let missing = || Problem::new(Reason::TenantNotFound, format!("there is no tenant `{shown}`; check it"));
    let tenant = tenant_find(call.world.db(), named).await?.ok_or_else(missing)?;
    let context = "microsoft.graph.tenantInformation";
    wire::one(call, context, view::information(&tenant))
}
