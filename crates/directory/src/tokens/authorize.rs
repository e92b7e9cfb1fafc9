//! Checking an authorize request: first what must never redirect (tenant, application, address), then the rest.
//!
//! Source: directory.md 1.4; RFC 9700 2.1.

use super::authorization::{Authorization, AuthorizeRefusal, Prompt, Purpose, ResponseMode, SignIn};
use super::request::{given, needed};
use super::scope::Asked;
use super::{Endpoint, Keys, OauthRefusal, client, pkce, redirect_uri};
use crate::applications::Application;
use crate::rows::tenant_by_id;
use crate::{Tenant, tenant_of_sign_in};
use tenantry_core::{AppId, OpContext, Problem, TenantId};
use tenantry_db::Db;

/// The fields of an authorize request, as sent. An empty field counts as absent.
#[derive(Debug, Clone, Copy)]
pub struct AuthorizeRequest<'a> {
    /// The endpoint.
    pub endpoint: Endpoint,
    /// The tenant of the path.
    pub tenant: &'a str,
    /// The application.
    pub client_id: Option<&'a str>,
    /// `code`, `id_token`, or both.
    pub response_type: Option<&'a str>,
    /// Where the answer goes.
    pub redirect_uri: Option<&'a str>,
    /// Given back as it came.
    pub state: Option<&'a str>,
    /// What for, at the version 2 endpoint.
    pub scope: Option<&'a str>,
    /// What for, at the version 1 endpoint; a code may be asked for without saying.
    pub resource: Option<&'a str>,
    /// `query`, `fragment`, `form_post`.
    pub response_mode: Option<&'a str>,
    /// See `pkce.rs`.
    pub code_challenge: Option<&'a str>,
    /// `S256`, `plain`.
    pub code_challenge_method: Option<&'a str>,
    /// Comes back in the ID token.
    pub nonce: Option<&'a str>,
    /// What the person is to be shown.
    pub prompt: Option<&'a str>,
    /// A user principal name for the form.
    pub login_hint: Option<&'a str>,
    /// Whether `client_info=1` was sent.
    pub client_info: bool,
}

impl<'a> AuthorizeRequest<'a> {
    /// A request with nothing in it.
    #[must_use]
    pub const fn new(endpoint: Endpoint, tenant: &'a str) -> Self {
        Self {
            endpoint,
            tenant,
            client_id: None,
            response_type: None,
            redirect_uri: None,
            state: None,
            scope: None,
            resource: None,
            response_mode: None,
            code_challenge: None,
            code_challenge_method: None,
            nonce: None,
            prompt: None,
            login_hint: None,
            client_info: false,
        }
    }
}

/// The fields of an admin consent request, as sent.
#[derive(Debug, Clone, Copy)]
pub struct AdminConsentRequest<'a> {
    /// The tenant of the path.
    pub tenant: &'a str,
    /// The application.
    pub client_id: Option<&'a str>,
    /// Where the answer goes.
    pub redirect_uri: Option<&'a str>,
    /// Given back as it came.
    pub state: Option<&'a str>,
    /// Version 2's list of scopes. All that the application is configured with is asked for anyway.
    pub scope: Option<&'a str>,
}

/// Checks an authorize request.
///
/// # Errors
/// See [`AuthorizeRefusal`].
pub async fn authorize_check(
    ctx: &OpContext,
    db: &Db,
    keys: &Keys,
    request: &AuthorizeRequest<'_>,
) -> Result<Authorization, AuthorizeRefusal> {
    let (asked_of, application) = application(ctx, db, keys, request.tenant, request.client_id).await?;
    let redirect = redirect(&application, request.redirect_uri)?;
    let response_type = given(request.response_type).unwrap_or_default();
    let (code, id_token) = kinds(response_type);
    let mode = mode(request.response_mode, id_token);
    let sign_in = SignIn {
        redirect_uri: redirect.to_owned(),
        mode: mode.unwrap_or(if id_token { ResponseMode::Fragment } else { ResponseMode::Query }),
        code,
        id_token,
        state: given(request.state).map(str::to_owned),
        nonce: given(request.nonce).map(str::to_owned),
        challenge: None,
        client_info: request.client_info,
    };
    let publisher = publisher(db, &application).await?;
    // Good enough to send refusals back with.
    let mut authorization = Authorization {
        endpoint: request.endpoint,
        asked_of,
        tenant_text: request.tenant.to_owned(),
        application,
        publisher,
        asked: Asked { resource: None, rights: Vec::new(), bare: true, openid: Vec::new(), classic: false },
        prompts: Vec::new(),
        for_everybody: is_admin_prompt(request),
        login_hint: given(request.login_hint).map(str::to_owned),
        purpose: Purpose::SignIn(Box::new(sign_in.clone())),
    };
    let rest = || -> Result<_, OauthRefusal> {
        needed(request.response_type, "response_type")?;
        if !code && !id_token {
            return Err(OauthRefusal::ResponseTypeUnsupported { response_type: response_type.to_owned() });
        }
        if mode.is_none() {
            return Err(OauthRefusal::field(
                "response_mode",
                "must be query, fragment or form_post; id_token not query",
            ));
        }
        let asked = Asked::read(request.endpoint, request.resource, request.scope)?;
        if id_token {
            id_token_rules(request, &asked)?;
        }
        let challenge = pkce::challenge(given(request.code_challenge), given(request.code_challenge_method))?;
        let application = &authorization.application;
        let public = application.public_client || redirect_uri::is_public(application, redirect);
        if code && public && challenge.is_none() {
            return Err(OauthRefusal::ChallengeMissing);
        }
        Ok((asked, challenge, prompts(request)?))
    };
    let (asked, challenge, prompts) = rest().map_err(|why| authorization.refusal(why))?;
    authorization.asked = asked;
    authorization.prompts = prompts;
    authorization.purpose = Purpose::SignIn(Box::new(SignIn { challenge, ..sign_in }));
    // An API that nobody has, said now rather than after the sign-in.
    let mut reader = db.reader().await?;
    authorization.target(&mut reader, keys).await.map_err(|why| authorization.refusal(why))?;
    Ok(authorization)
}

/// Checks an admin consent request.
///
/// # Errors
/// See [`AuthorizeRefusal`].
pub async fn admin_consent_check(
    ctx: &OpContext,
    db: &Db,
    keys: &Keys,
    request: &AdminConsentRequest<'_>,
) -> Result<Authorization, AuthorizeRefusal> {
    let (asked_of, application) = application(ctx, db, keys, request.tenant, request.client_id).await?;
    let redirect_uri = redirect(&application, request.redirect_uri)?.to_owned();
    let publisher = publisher(db, &application).await?;
    Ok(Authorization {
        endpoint: Endpoint::V2,
        asked_of,
        tenant_text: request.tenant.to_owned(),
        application,
        publisher,
        asked: Asked { resource: None, rights: Vec::new(), bare: true, openid: Vec::new(), classic: false },
        prompts: vec![Prompt::Consent],
        for_everybody: true,
        login_hint: None,
        purpose: Purpose::AdminConsent { redirect_uri, state: given(request.state).map(str::to_owned) },
    })
}

/// The tenant asked of and the application, if that may be used there at all.
pub(crate) async fn application(
    ctx: &OpContext,
    db: &Db,
    keys: &Keys,
    tenant: &str,
    client_id: Option<&str>,
) -> Result<(Option<TenantId>, Application), OauthRefusal> {
    let asked_of = tenant_of_sign_in(db, tenant).await?.map(|tenant| tenant.id);
    let client_id = needed(client_id, "client_id")?;
    let unknown = || OauthRefusal::ApplicationUnknown { app: client_id.to_owned(), tenant: tenant.to_owned() };
    let app = AppId::parse(client_id).map_err(|_| unknown())?;
    let known = client::known(ctx, db, keys, asked_of, app).await?.ok_or_else(unknown)?;
    let application = known.application.clone();
    if application.disabled || known.place.as_ref().is_some_and(|place| place.disabled) {
        return Err(OauthRefusal::ApplicationDisabled { app: client_id.to_owned() });
    }
    if asked_of.is_some_and(|asked_of| asked_of != application.tenant) && !application.multi_tenant {
        return Err(unknown());
    }
    Ok((asked_of, application))
}

/// Who registered the application.
pub(crate) async fn publisher(db: &Db, application: &Application) -> Result<Tenant, Problem> {
    let found = tenant_by_id(&mut db.reader().await?, application.tenant).await?;
    found.ok_or_else(|| Problem::corrupt(format!("the tenant of application {} is not there", application.app)))
}

fn redirect<'a>(application: &Application, sent: Option<&'a str>) -> Result<&'a str, OauthRefusal> {
    let sent = needed(sent, "redirect_uri")?;
    if redirect_uri::is_registered(application, sent) {
        return Ok(sent);
    }
    Err(OauthRefusal::RedirectUnknown { address: sent.to_owned(), app: application.app.to_string() })
}

/// Whether a code and whether an ID token is asked for; neither if something else is.
fn kinds(response_type: &str) -> (bool, bool) {
    let words: Vec<_> = response_type.split_whitespace().collect();
    match words[..] {
        ["code"] => (true, false),
        ["id_token"] => (false, true),
        ["code", "id_token"] | ["id_token", "code"] => (true, true),
        _ => (false, false),
    }
}

/// An ID token never stands in a query: servers and proxies write queries down.
fn mode(asked: Option<&str>, id_token: bool) -> Option<ResponseMode> {
    match given(asked) {
        None if id_token => Some(ResponseMode::Fragment),
        None => Some(ResponseMode::Query),
        Some("query") if !id_token => Some(ResponseMode::Query),
        Some("fragment") => Some(ResponseMode::Fragment),
        Some("form_post") => Some(ResponseMode::FormPost),
        Some(_) => None,
    }
}

/// An ID token that comes through the browser is bound to the request by its nonce (OpenID Connect Core 3.2.2.1).
fn id_token_rules(request: &AuthorizeRequest<'_>, asked: &Asked) -> Result<(), OauthRefusal> {
    needed(request.nonce, "nonce")?;
    if asked.wants("openid") {
        return Ok(());
    }
    Err(OauthRefusal::field("scope", "must have openid when an id_token is asked for"))
}

/// Version 1 asks an administrator for everybody by a prompt; version 2 has an endpoint for it.
fn is_admin_prompt(request: &AuthorizeRequest<'_>) -> bool {
    request.endpoint == Endpoint::V1 && prompt_words(request).any(|word| word == "admin_consent")
}

fn prompt_words<'a>(request: &AuthorizeRequest<'a>) -> impl Iterator<Item = &'a str> {
    given(request.prompt).unwrap_or_default().split_whitespace()
}

/// A list with blanks between; `none` stands alone (OpenID Connect Core 3.1.2.1).
fn prompts(request: &AuthorizeRequest<'_>) -> Result<Vec<Prompt>, OauthRefusal> {
    let known = |word| match word {
        "none" => Ok(Prompt::None),
        "login" => Ok(Prompt::Login),
        "consent" => Ok(Prompt::Consent),
        "select_account" => Ok(Prompt::SelectAccount),
        "admin_consent" if request.endpoint == Endpoint::V1 => Ok(Prompt::Consent),
        _ => Err(OauthRefusal::field("prompt", "must be of none, login, consent, select_account, with blanks between")),
    };
    let prompts: Vec<_> = prompt_words(request).map(known).collect::<Result<_, _>>()?;
    if prompts.len() > 1 && prompts.contains(&Prompt::None) {
        return Err(OauthRefusal::field("prompt", "must not have none beside another word"));
    }
    Ok(prompts)
}
