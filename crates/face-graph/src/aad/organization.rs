//! `tenantDetails`: the organisation, as a collection of one.

use super::views::organization as view;
use super::wire;
use crate::input::Members;
use crate::who;
use tenantry_core::{Problem, Reason, TenantId};
use tenantry_directory::{OrganizationChange, organization_change, organization_find};
use tenantry_http::{Answer, Call};

const SETTABLE: [&str; 2] = ["marketingNotificationEmails", "technicalNotificationMails"];

pub(super) async fn list(call: Call) -> Result<Answer, Problem> {
    let organization = organization_find(&call.ctx, call.world.db(), who::tenant(&call)?).await?;
    wire::all(&call, wire::OBJECTS, &[view::detail(&organization)])
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
    wire::object(&call, wire::OBJECTS, view::detail(&organization))
}

pub(super) async fn change(call: Call) -> Result<Answer, Problem> {
    let tenant = own(&call)?;
    let body = Members::of(&call)?;
    body.only(&SETTABLE)?;
    let change = OrganizationChange {
        technical_mails: body.texts("technicalNotificationMails")?,
        marketing_mails: body.texts("marketingNotificationEmails")?,
        ..OrganizationChange::default()
    };
    organization_change(&call.ctx, call.world.db(), tenant, change).await?;
    wire::done()
}
