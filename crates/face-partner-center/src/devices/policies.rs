//! `/v1/customers/{customer}/policies`: configuration policies, listed, made, read, replaced and deleted.
//!
//! One client's "patch" sends PUT, so a member that is absent stays as it is. Another client's "delete" sends GET and reads
//! the policy instead; nothing can be done about that here (partner-center-v1.md 2.20, 6.2).

use super::wire::{CATEGORIES, PolicyView, SETTINGS};
use crate::params;
use crate::wire::Collection;
use crate::wire::input::{Body, Fields};
use tenantry_core::Problem;
use tenantry_directory::{
    ChangePolicy, NewPolicy, PolicySetting, configuration_policy_change, configuration_policy_create,
    configuration_policy_delete, configuration_policy_get, configuration_policy_list,
};
use tenantry_http::{Answer, Call, StatusCode};

pub(crate) async fn list(call: Call) -> Result<Answer, Problem> {
    let customer = params::customer(&call)?;
    let policies = configuration_policy_list(&call.ctx, call.world.db(), customer).await?;
    let items = policies.into_iter().map(|policy| PolicyView::of(policy, customer)).collect();
    Answer::ok(&Collection::whole(items, format!("/customers/{customer}/policies")))
}

pub(crate) async fn get(call: Call) -> Result<Answer, Problem> {
    let customer = params::customer(&call)?;
    let policy =
        configuration_policy_get(&call.ctx, call.world.db(), customer, call.param("configurationPolicy")?).await?;
    Answer::ok(&PolicyView::of(policy, customer))
}

pub(crate) async fn create(call: Call) -> Result<Answer, Problem> {
    let customer = params::customer(&call)?;
    // Who may not is told so before anything about the body.
    configuration_policy_list(&call.ctx, call.world.db(), customer).await?;
    let body = Body::of(&call)?;
    let fields = body.fields()?;
    if fields.word("category", &CATEGORIES)?.is_none() {
        return Err(Problem::missing("category"));
    }
    check_category(&fields)?;
    let new = NewPolicy {
        customer,
        name: fields.text_or_empty("name")?,
        description: fields.text("description")?,
        settings: settings(&fields)?,
    };
    let policy = configuration_policy_create(&call.ctx, call.world.db(), new).await?;
    Answer::created(&PolicyView::of(policy, customer))
}

pub(crate) async fn change(call: Call) -> Result<Answer, Problem> {
    let customer = params::customer(&call)?;
    let id = call.param("configurationPolicy")?.to_owned();
    configuration_policy_get(&call.ctx, call.world.db(), customer, &id).await?;
    let body = Body::of(&call)?;
    let fields = body.fields()?;
    check_category(&fields)?;
    let settings = settings(&fields)?;
    let change = ChangePolicy {
        customer,
        id,
        name: fields.text("name")?,
        description: fields.text("description")?,
        settings: fields.has("policySettings").then_some(settings),
    };
    let policy = configuration_policy_change(&call.ctx, call.world.db(), change).await?;
    Answer::ok(&PolicyView::of(policy, customer))
}

pub(crate) async fn delete(call: Call) -> Result<Answer, Problem> {
    let customer = params::customer(&call)?;
    configuration_policy_delete(&call.ctx, call.world.db(), customer, call.param("configurationPolicy")?).await?;
    Ok(Answer::empty(StatusCode::NO_CONTENT))
}

/// There is one category; `none` is no kind of policy.
fn check_category(fields: &Fields<'_>) -> Result<(), Problem> {
    match fields.word("category", &CATEGORIES)? {
        Some(false) => Err(Problem::invalid("category", "`none` is no category of policies; send OOBE")),
        Some(true) | None => Ok(()),
    }
}

fn settings(fields: &Fields<'_>) -> Result<Vec<PolicySetting>, Problem> {
    let read = |(place, word): (usize, String)| SETTINGS.read(&format!("policySettings[{place}]"), &word);
    let read: Vec<Option<PolicySetting>> =
        fields.texts("policySettings")?.into_iter().enumerate().map(read).collect::<Result<_, _>>()?;
    Ok(read.into_iter().flatten().collect())
}
