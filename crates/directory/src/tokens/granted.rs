//! What a token may say the application can do: what was asked for, as far as somebody consented.

use super::resource::{MICROSOFT_GRAPH, Target};
use super::scope::Asked;
use super::{Keys, OauthRefusal};
use crate::applications::{Consent, consent_of, published};
use std::collections::BTreeSet;
use std::sync::Arc;
use tenantry_core::{AppId, ObjectId, OpContext, Problem, TenantId};
use tenantry_db::{Connection, Db};

/// Scopes of Microsoft Graph that give no access to anything there; sign-in itself is behind them.
pub(crate) const SIGN_IN_SCOPES: [&str; 4] = ["openid", "profile", "email", "offline_access"];

/// The application permissions of an application at an API, remembered.
#[derive(Debug)]
pub(crate) struct Permitted {
    epoch: u64,
    pub(crate) permissions: BTreeSet<String>,
    /// Whether the tenant could know the application although it has no service principal there.
    pub(crate) known: bool,
}

/// What consent allows an application for itself.
pub(crate) async fn permitted(
    ctx: &OpContext,
    db: &Db,
    keys: &Keys,
    (tenant, app, api): (TenantId, AppId, AppId),
) -> Result<Arc<Permitted>, Problem> {
    let epoch = db.access_epoch();
    let name = (tenant, app, api);
    if let Some(found) = keys.permissions.get(&name).filter(|found| found.epoch == epoch) {
        return Ok(found);
    }
    let consent = consent_of(&mut db.reader().await?, tenant, app, None, api, ctx.now()).await?;
    let known = consent.is_known();
    let found = Arc::new(Permitted { epoch, permissions: consent.app_permissions, known });
    keys.permissions.put(name, Arc::clone(&found));
    Ok(found)
}

/// Who asks for whom, where.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asking<'a> {
    pub(crate) tenant: TenantId,
    /// The tenant as sent, for messages.
    pub(crate) tenant_text: &'a str,
    pub(crate) app: AppId,
    pub(crate) user: ObjectId,
}

/// The API that is asked for; Microsoft Graph if nothing but sign-in is.
pub(crate) async fn target(
    on: &mut impl Connection,
    keys: &Keys,
    resource: Option<&str>,
    tenant: &str,
) -> Result<Target, OauthRefusal> {
    let resource = resource.unwrap_or(MICROSOFT_GRAPH);
    let found = Target::find(on, resource, keys.origin()).await?;
    found.ok_or_else(|| OauthRefusal::ResourceUnknown { resource: resource.to_owned(), tenant: tenant.to_owned() })
}

/// The scopes granted of those asked for, in the API's spelling.
///
/// # Errors
/// `ApplicationDisabled` if the tenant switched the application off, `ApplicationUnknown` if it does not know it; `ResourceUnknown` if it does not know the API;
/// `ScopeInvalid` for a scope the API does not have; `ConsentMissing`.
pub(crate) async fn granted(
    ctx: &OpContext,
    on: &mut impl Connection,
    asking: Asking<'_>,
    target: &Target,
    asked: &Asked,
) -> Result<Vec<String>, OauthRefusal> {
    let consent = consent_of(on, asking.tenant, asking.app, Some(asking.user), target.api, ctx.now()).await?;
    let (app, tenant) = (asking.app.to_string(), asking.tenant_text.to_owned());
    if consent.is_switched_off() {
        return Err(OauthRefusal::ApplicationDisabled { app });
    }
    if !consent.is_known() {
        return Err(OauthRefusal::ApplicationUnknown { app, tenant });
    }
    let Some(published) = published(on, asking.tenant, target.api).await? else {
        return Err(OauthRefusal::ResourceUnknown { resource: target.resource.clone(), tenant });
    };
    match missing(&consent, asked, &published.scopes()) {
        Missing::Nothing(granted) => Ok(granted),
        Missing::Unpublished(scope) => Err(OauthRefusal::ScopeInvalid { scope }),
        Missing::Consent(wanted) => Err(OauthRefusal::ConsentMissing { app, wanted }),
    }
}

/// What stands between an application and what it asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Missing {
    /// Nothing: these are granted.
    Nothing(Vec<String>),
    /// The API has no such scope.
    Unpublished(String),
    /// Nobody consented to these.
    Consent(String),
}

/// Compares what is asked for with what was consented to.
///
/// The words of sign-in are not compared. The service of the field includes `offline_access` in the first consent to an
/// application whether it was asked for or not, so whoever consented to anything has consented to that; ours is on the
/// page when it was asked for. That nobody gets it whose sign-in did not ask for it is seen to by [`Asked::or_later`].
pub(crate) fn missing(consent: &Consent, asked: &Asked, published: &BTreeSet<String>) -> Missing {
    if asked.resource.is_none() {
        return Missing::Nothing(Vec::new());
    }
    if asked.wants_all() {
        let all: Vec<_> = consent.scopes.iter().filter(|scope| !SIGN_IN_SCOPES.contains(&scope.as_str())).collect();
        if all.is_empty() {
            return Missing::Consent(asked.resource.clone().unwrap_or_default());
        }
        return Missing::Nothing(all.into_iter().cloned().collect());
    }
    let find =
        |known: &BTreeSet<String>, scope: &str| known.iter().find(|known| known.eq_ignore_ascii_case(scope)).cloned();
    if let Some(unknown) = asked.rights.iter().find(|right| find(published, right).is_none()) {
        return Missing::Unpublished(unknown.clone());
    }
    let (granted, refused): (Vec<_>, Vec<_>) =
        asked.rights.iter().map(|right| find(&consent.scopes, right).ok_or(right)).partition(Result::is_ok);
    if refused.is_empty() {
        return Missing::Nothing(granted.into_iter().flatten().collect());
    }
    let refused: Vec<_> = refused.into_iter().filter_map(Result::err).map(String::as_str).collect();
    Missing::Consent(refused.join(" "))
}
