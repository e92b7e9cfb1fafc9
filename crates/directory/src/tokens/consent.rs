//! The question of consent: what an application asks for, whom it may ask, and writing down a yes.
//!
//! A user consents for oneself, and only to what an API leaves to users. An administrator may consent for everybody.
//! In a tenant that is not one's own, as a partner's user, there is no oneself: only what an administrator there may do.

use super::authorization::{Authorization, AuthorizeRefusal, Prompt, Purpose};
use super::granted::{Missing, SIGN_IN_SCOPES, missing};
use super::person::{Acting, acting};
use super::session::Session;
use super::{Keys, OauthRefusal};
use crate::applications::api_permissions::{MICROSOFT_GRAPH_APP, TENANTRY_APP, find as api_find};
use crate::applications::{
    AccessKind, Consent, ConsentBy, PublishedApi, asked_write, consent_of, principal_of, published, secret,
};
use std::collections::{BTreeMap, BTreeSet};
use tenantry_access::{ConsentManage, DirectoryRoleManage, TenantScope, allow};
use tenantry_core::context::SignedInUser;
use tenantry_core::{AppId, Caller, Identity, OpContext, Problem, Reason, Secret, TenantId};
use tenantry_db::{Connection, Db, Reader, audit};
use uuid::Uuid;

/// What a person is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentQuestion {
    /// The application.
    pub app_name: String,
    /// Who registered it.
    pub publisher: String,
    /// The first domain of that organisation.
    pub publisher_domain: String,
    /// Where the answer counts.
    pub tenant_name: String,
    /// What it asks for.
    pub rights: Vec<AskedRight>,
    /// Names exactly this list in this tenant. Comes back with the answer: a yes is to what was shown.
    pub digest: String,
    /// Whether the person may say yes alone.
    pub may_accept: bool,
    /// Whether the person may say yes for everybody in the tenant. If neither, only an administrator can.
    pub may_accept_for_all: bool,
}

/// A permission in a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedRight {
    /// The API's client id.
    pub api_id: AppId,
    /// The permission's id.
    pub id: Uuid,
    /// The API's name.
    pub api: String,
    /// The permission's name: `User.Read`.
    pub name: String,
    /// What it allows, for people.
    pub says: String,
    /// Whether it is for the application itself, without a user.
    pub for_itself: bool,
}

/// For whom a yes is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConsentFor {
    /// The person alone.
    Oneself,
    /// Everybody in the tenant.
    Everybody,
}

/// What the answer is about.
struct Wish {
    /// All that the application is configured with, its own permissions too: an administrator's to give.
    configured: bool,
    /// These scopes, by API.
    scopes: BTreeMap<AppId, BTreeSet<String>>,
}

/// What there is to ask.
struct Open {
    question: ConsentQuestion,
    tenant: TenantId,
    ctx: OpContext,
}

/// What must be asked before the application gets what it wants; `None` if nothing.
///
/// # Errors
/// As a redirect: the user has no place in the tenant, the application cannot be used there, or asks for what no API has.
pub async fn consent_question(
    ctx: &OpContext,
    db: &Db,
    keys: &Keys,
    authorization: &Authorization,
    session: &Session,
) -> Result<Option<ConsentQuestion>, AuthorizeRefusal> {
    let open = open(ctx, db, keys, authorization, session).await.map_err(|why| authorization.refusal(why))?;
    Ok(open.map(|open| open.question))
}

/// Writes down that the person says yes to what was shown, which is `seen`: [`ConsentQuestion::digest`]. If the application
/// asks for something else by now, nothing is written, and the question comes back to be asked again: whoever registered
/// the application could otherwise change it while the page is open.
///
/// # Errors
/// As a redirect: the person may not say so for all, or not alone.
pub async fn consent_accept(
    ctx: &OpContext,
    db: &Db,
    keys: &Keys,
    authorization: &Authorization,
    session: &Session,
    (who, seen): (ConsentFor, &str),
) -> Result<Option<ConsentQuestion>, AuthorizeRefusal> {
    let refusal = |why| authorization.refusal(why);
    let Some(open) = open(ctx, db, keys, authorization, session).await.map_err(refusal)? else { return Ok(None) };
    let may = match who {
        ConsentFor::Oneself => open.question.may_accept,
        ConsentFor::Everybody => open.question.may_accept_for_all,
    };
    if !may {
        return Err(refusal(OauthRefusal::ConsentNeedsAdmin { app: authorization.application.name.clone() }));
    }
    if open.question.digest != seen {
        return Ok(Some(open.question));
    }
    let by = match who {
        ConsentFor::Oneself => ConsentBy::User(session.user),
        ConsentFor::Everybody => ConsentBy::Admin,
    };
    let target = authorization.app().to_string();
    let line = audit::open(&open.ctx, db, "consent-give", &target).await.map_err(|why| refusal(why.into()))?;
    let outcome = write(&open, db, authorization, by).await;
    let written = line.close(&open.ctx, db, outcome).await.map_err(|problem| {
        refusal(match problem.reason() {
            Reason::Forbidden => OauthRefusal::ConsentNeedsAdmin { app: authorization.application.name.clone() },
            _ => OauthRefusal::Failed(problem),
        })
    });
    written.map(|()| None)
}

/// Writes the rights of the question, and nothing else.
async fn write(open: &Open, db: &Db, authorization: &Authorization, by: ConsentBy) -> Result<(), Problem> {
    let mut scopes: BTreeMap<AppId, BTreeSet<String>> = BTreeMap::new();
    let mut roles: BTreeMap<AppId, BTreeSet<Uuid>> = BTreeMap::new();
    for right in &open.question.rights {
        if right.for_itself {
            roles.entry(right.api_id).or_default().insert(right.id);
        } else {
            scopes.entry(right.api_id).or_default().insert(right.name.clone());
        }
    }
    let mut tx = db.begin().await?;
    asked_write(&open.ctx, &mut tx, (open.tenant, &authorization.application), by, (&scopes, &roles)).await?;
    tx.commit().await
}

/// The wish, and the APIs it speaks of.
type Asked = (Vec<PublishedApi>, Wish);

/// Scopes by API, and those APIs.
type AskedScopes = (Vec<PublishedApi>, BTreeMap<AppId, BTreeSet<String>>);

async fn open(
    ctx: &OpContext,
    db: &Db,
    keys: &Keys,
    authorization: &Authorization,
    session: &Session,
) -> Result<Option<Open>, OauthRefusal> {
    let application = &authorization.application;
    let tenant = authorization.asked_of.unwrap_or(session.home);
    let unknown = || OauthRefusal::ApplicationUnknown {
        app: application.app.to_string(),
        tenant: authorization.tenant_text.clone(),
    };
    if tenant != application.tenant && !application.multi_tenant {
        return Err(unknown());
    }
    let mut reader = db.reader().await?;
    session.by.user(&mut reader).await?;
    let place = acting(&mut reader, (session.home, session.user), tenant, ctx.now()).await?;
    let place = place.ok_or_else(|| OauthRefusal::UserUnknown {
        user: session.name.clone(),
        tenant: authorization.tenant_text.clone(),
    })?;
    let as_user = acting_context(ctx, session, &place);
    if principal_of(&mut reader, tenant, application.app).await?.is_some_and(|found| found.disabled) {
        return Err(OauthRefusal::ApplicationDisabled { app: application.app.to_string() });
    }
    let scopes = match authorization.purpose {
        Purpose::AdminConsent { .. } => Some((Vec::new(), BTreeMap::new())),
        Purpose::SignIn(_) | Purpose::Device => {
            missing_scopes(ctx, &mut reader, keys, (authorization, session), tenant).await?
        }
    };
    let Some((mut apis, scopes)) = scopes else { return Ok(None) };
    if authorization.for_everybody {
        for api in configured(&mut reader, authorization, tenant).await? {
            if apis.iter().all(|known| known.app != api.app) {
                apis.push(api);
            }
        }
    }
    let asked = (apis, Wish { configured: authorization.for_everybody, scopes });
    question(&mut reader, authorization, session, (tenant, as_user), asked).await.map(Some)
}

/// The APIs an application is configured with.
async fn configured(
    on: &mut Reader,
    authorization: &Authorization,
    tenant: TenantId,
) -> Result<Vec<PublishedApi>, Problem> {
    let mut apis = Vec::new();
    for required in &authorization.application.required_access {
        apis.extend(published(on, tenant, required.api).await?);
    }
    Ok(apis)
}

/// The scopes nobody has consented to yet, and the APIs they are of; `None` if nothing needs to be asked.
async fn missing_scopes(
    ctx: &OpContext,
    on: &mut Reader,
    keys: &Keys,
    (authorization, session): (&Authorization, &Session),
    tenant: TenantId,
) -> Result<Option<AskedScopes>, OauthRefusal> {
    let target = authorization.target(on, keys).await?;
    let Some(api) = published(on, tenant, target.api).await? else {
        let tenant = authorization.tenant_text.clone();
        return Err(OauthRefusal::ResourceUnknown { resource: target.resource, tenant });
    };
    let app = authorization.app();
    let consent = consent_of(on, tenant, app, Some(session.user), target.api, ctx.now()).await?;
    let Some(scopes) = wanted(authorization, &consent, &api)? else { return Ok(None) };
    let scopes = with_sign_in(authorization, target.api, scopes);
    let mut apis = vec![api];
    if target.api != MICROSOFT_GRAPH_APP && scopes.contains_key(&MICROSOFT_GRAPH_APP) {
        apis.extend(published(on, tenant, MICROSOFT_GRAPH_APP).await?);
    }
    Ok(Some((apis, scopes)))
}

/// The scopes to ask for; `None` if nothing needs to be asked.
fn wanted(
    authorization: &Authorization,
    consent: &Consent,
    api: &PublishedApi,
) -> Result<Option<BTreeSet<String>>, OauthRefusal> {
    let asked = &authorization.asked;
    let known = api.scopes();
    let must_ask = authorization.wishes(Prompt::Consent) || !consent.is_known();
    match missing(consent, asked, &known) {
        Missing::Unpublished(scope) => return Err(OauthRefusal::ScopeInvalid { scope }),
        Missing::Nothing(_) if !must_ask => return Ok(None),
        Missing::Nothing(_) | Missing::Consent(_) => {}
    }
    if !asked.wants_all() {
        let asked = asked.rights.iter();
        let spelled = asked.filter_map(|right| known.iter().find(|known| known.eq_ignore_ascii_case(right)));
        return Ok(Some(spelled.cloned().collect()));
    }
    // Everything: what the application is configured with, or the one scope that an API is all about.
    let configured = api.wanted(&authorization.application, AccessKind::Scope);
    if !configured.is_empty() {
        return Ok(Some(configured));
    }
    let usual = ["user_impersonation", "User.Read"].into_iter().find(|name| known.contains(*name));
    match usual {
        Some(name) => Ok(Some(BTreeSet::from([name.to_owned()]))),
        None => Err(OauthRefusal::ConsentMissing {
            app: authorization.app().to_string(),
            wanted: asked.resource.clone().unwrap_or_default(),
        }),
    }
}

/// Sign-in itself is consented to as scopes of Microsoft Graph. Whoever names none at all still wants to know who signs
/// in.
fn with_sign_in(
    authorization: &Authorization,
    api: AppId,
    scopes: BTreeSet<String>,
) -> BTreeMap<AppId, BTreeSet<String>> {
    let mut all = BTreeMap::from([(api, scopes)]);
    let words = authorization.asked.openid.iter().filter(|word| SIGN_IN_SCOPES.contains(&word.as_str())).cloned();
    all.entry(MICROSOFT_GRAPH_APP).or_default().extend(words);
    all.retain(|_, scopes| !scopes.is_empty());
    if all.is_empty() {
        all.insert(MICROSOFT_GRAPH_APP, BTreeSet::from(["openid".to_owned()]));
    }
    all
}

async fn question(
    on: &mut Reader,
    authorization: &Authorization,
    session: &Session,
    (tenant, ctx): (TenantId, OpContext),
    (apis, wish): Asked,
) -> Result<Open, OauthRefusal> {
    let application = &authorization.application;
    let (mut rights, mut left_to_users, mut for_itself) = (Vec::new(), true, false);
    for api in &apis {
        let name = api_name(on, tenant, api.app).await?;
        let (mut wanted, mut roles) = (wish.scopes.get(&api.app).cloned().unwrap_or_default(), BTreeSet::new());
        if wish.configured {
            wanted.extend(api.wanted(application, AccessKind::Scope));
            roles = api.wanted(application, AccessKind::Role);
        }
        for permission in &api.permissions {
            let itself = permission.kind == AccessKind::Role;
            if !if itself { &roles } else { &wanted }.contains(&permission.name) {
                continue;
            }
            left_to_users &= permission.users_may && !itself;
            for_itself |= itself;
            rights.push(AskedRight {
                api_id: api.app,
                id: permission.id,
                api: name.clone(),
                name: permission.name.clone(),
                says: permission.purpose.clone(),
                for_itself: itself,
            });
        }
    }
    let admin = allow::<ConsentManage, _>(&ctx, TenantScope(tenant)).is_ok();
    // Permissions of the application's own make it as good as an administrator of the directory.
    let empowers = !for_itself || allow::<DirectoryRoleManage, _>(&ctx, TenantScope(tenant)).is_ok();
    let question = ConsentQuestion {
        app_name: application.name.clone(),
        publisher: authorization.publisher().to_owned(),
        publisher_domain: authorization.publisher_domain().to_owned(),
        tenant_name: tenant_of(on, tenant).await?.name,
        digest: digest(tenant, application.app, &rights),
        rights,
        may_accept: left_to_users && session.home == tenant && !authorization.for_everybody,
        may_accept_for_all: admin && empowers,
    };
    Ok(Open { question, tenant, ctx })
}

/// Names what is asked: where, by whom, and each right by its ids and kind.
fn digest(tenant: TenantId, app: AppId, rights: &[AskedRight]) -> String {
    let mut lines: Vec<_> =
        rights.iter().map(|right| format!("{} {} {}", right.api_id, right.id, right.for_itself)).collect();
    lines.sort();
    secret::digest(&Secret::new(format!("consent\n{tenant} {app}\n{}", lines.join("\n"))))
}

async fn tenant_of(on: &mut impl Connection, tenant: TenantId) -> Result<crate::Tenant, Problem> {
    let found = crate::rows::tenant_by_id(on, tenant).await?;
    found.ok_or_else(|| Problem::corrupt(format!("a session or application of tenant {tenant}, which is not there")))
}

async fn api_name(on: &mut impl Connection, tenant: TenantId, api: AppId) -> Result<String, Problem> {
    if let Some(known) = api_find(api) {
        return Ok(known.name.to_owned());
    }
    let found = principal_of(on, tenant, api).await?;
    Ok(found.map_or_else(|| api.to_string(), |found| found.app_name))
}

/// The person as a caller of the directory: our own page lets people do what they may, so it is the person's roles
/// that decide.
pub(crate) fn acting_context(ctx: &OpContext, session: &Session, place: &Acting) -> OpContext {
    let rights = ["Directory.AccessAsUser.All", "user_impersonation"].map(str::to_owned);
    let identity = Identity {
        app: TENANTRY_APP,
        principal: session.user,
        tenant: place.tenant,
        tenant_kind: place.kind,
        roles: place.roles.clone(),
        directory_roles: place.directory_roles.clone(),
        groups: place.groups.clone(),
        rights: BTreeSet::from(rights),
        user: Some(SignedInUser {
            name: session.name.clone(),
            home: session.home,
            second_factor: session.second_factor,
        }),
    };
    OpContext { caller: Caller::SignedIn(identity), ..ctx.clone() }
}
