//! A partner's application in a customer's tenant: `POST` and `DELETE /v1/customers/{customer}/applicationconsents`.
//!
//! How makers of control panels get into the tenants of their customers (partner-center-v1.md 2.1 rows 27 and 28,
//! directory.md part 4).

use crate::params;
use crate::wire::Attributes;
use crate::wire::input::{Body, Fields};
use serde::Serialize;
use std::collections::BTreeSet;
use tenantry_commerce::customer_get;
use tenantry_core::{AppId, Problem, Reason, TenantId};
use tenantry_directory::{customer_consent_give, customer_consent_remove};
use tenantry_http::{Answer, Call, StatusCode};

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Consent {
    display_name: String,
    application_id: String,
    application_grants: Vec<Grant>,
    attributes: Attributes,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Grant {
    enterprise_application_id: String,
    /// Names, with commas between.
    scope: String,
}

pub(crate) async fn give(call: Call) -> Result<Answer, Problem> {
    let pair = pair(&call).await?;
    let body = Body::of(&call)?;
    let fields = body.fields()?;
    let app = app_id(&fields, "applicationId")?;
    let grants = fields.list("applicationGrants")?.iter().map(grant).collect::<Result<Vec<_>, _>>()?;
    if grants.is_empty() {
        return Err(Problem::missing("applicationGrants"));
    }
    customer_consent_give(&call.ctx, call.world.db(), pair, app, &grants).await?;
    let shown = |(api, scopes): (AppId, BTreeSet<String>)| Grant {
        enterprise_application_id: api.to_string(),
        scope: scopes.into_iter().collect::<Vec<_>>().join(","),
    };
    Answer::created(&Consent {
        display_name: fields.text_or_empty("displayName")?,
        application_id: app.to_string(),
        application_grants: grants.into_iter().map(shown).collect(),
        attributes: Attributes::of("ApplicationConsent"),
    })
}

pub(crate) async fn remove(call: Call) -> Result<Answer, Problem> {
    let pair = pair(&call).await?;
    let named = call.param("application")?;
    let app = AppId::parse(named).map_err(|error| Problem::new(Reason::ApplicationNotFound, error.to_string()))?;
    customer_consent_remove(&call.ctx, call.world.db(), pair, app).await?;
    Ok(Answer::empty(StatusCode::NO_CONTENT))
}

/// The partner and its customer. One that is not its customer is not there, whatever else is wrong.
async fn pair(call: &Call) -> Result<(TenantId, TenantId), Problem> {
    let customer = customer_get(&call.ctx, call.world.db(), params::customer(call)?).await?;
    Ok((params::partner(call)?, customer.id))
}

fn grant(fields: &Fields<'_>) -> Result<(AppId, BTreeSet<String>), Problem> {
    let api = app_id(fields, "enterpriseApplicationId")?;
    let scope = fields.text("scope")?.ok_or_else(|| Problem::missing(fields.path("scope")))?;
    let names = scope.split([',', ' ']).map(str::trim).filter(|name| !name.is_empty());
    Ok((api, names.map(str::to_owned).collect()))
}

fn app_id(fields: &Fields<'_>, name: &str) -> Result<AppId, Problem> {
    let text = fields.text(name)?.ok_or_else(|| Problem::missing(fields.path(name)))?;
    AppId::parse(text.trim()).map_err(|error| Problem::invalid(fields.path(name), error))
}
