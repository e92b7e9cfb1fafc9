//! Consent as both APIs write it.

use crate::input::Members;
use crate::{directory, who};
use std::collections::BTreeSet;
use tenantry_core::{ObjectId, Problem, Reason};
use tenantry_directory::{AppRoleAssignment, GivenTo, NewGrant, service_principal_find};
use tenantry_http::Call;
use uuid::Uuid;

/// The id in `{grant}`.
pub(crate) fn id(call: &Call) -> Result<Uuid, Problem> {
    directory::object_id(call.param("grant")?).map(ObjectId::guid)
}

/// A grant that is to be made.
pub(crate) fn read(body: &Members<'_>) -> Result<NewGrant, Problem> {
    let given_to = match (body.text_required("consentType")?.as_str(), body.guid("principalId")?) {
        ("AllPrincipals", None) => GivenTo::Everybody,
        ("AllPrincipals", Some(_)) => {
            return Err(Problem::invalid("principalId", "is for consentType `Principal`; leave it away"));
        }
        ("Principal", Some(user)) => GivenTo::User(ObjectId::new(user)),
        ("Principal", None) => return Err(Problem::missing("principalId")),
        _ => return Err(Problem::invalid("consentType", "is `AllPrincipals` or `Principal`")),
    };
    Ok(NewGrant {
        client: ObjectId::new(body.guid_required("clientId")?),
        given_to,
        resource: ObjectId::new(body.guid_required("resourceId")?),
        scopes: scopes(&body.text("scope")?.unwrap_or_default()),
    })
}

/// Scopes with blanks between.
pub(crate) fn scopes(text: &str) -> BTreeSet<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

/// What the API of an assignment is called here; empty if it was removed meanwhile.
pub(crate) async fn api_name(call: &Call, of: &AppRoleAssignment) -> Result<String, Problem> {
    let (db, tenant) = (call.world.db(), who::tenant(call)?);
    match service_principal_find(&call.ctx, db, tenant, &of.resource.to_string()).await {
        Ok(api) => Ok(api.name),
        Err(problem) if problem.reason() == Reason::ObjectNotFound => Ok(String::new()),
        Err(problem) => Err(problem),
    }
}
