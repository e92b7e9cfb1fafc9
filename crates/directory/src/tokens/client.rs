//! The application that asks: whether it is one, and how it shows that.
//!
//! A secret has 256 random bits, so one SHA-256 checks it; a slow hash would protect nothing and could be used to keep
//! the server busy. A client that came before with the same secret costs one look into memory and no query.

use super::assertion::{Assertion, Fault, Shown as ShownAssertion};
use super::person::{Acting, acting};
use super::request::given;
use super::resource::{MICROSOFT_GRAPH, Target};
use super::rows::assertion::{self, Use};
use super::scope::Asked;
use super::{Endpoint, Keys, OauthRefusal, TokenRequest};
use crate::applications::{self, Application, SecretMatch, certificate_matching, principal_of, secret_match};
use crate::{is_open, secret, tenant_find};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use tenantry_core::{AppId, ObjectId, OpContext, Problem, Secret, TenantId, Timestamp};
use tenantry_db::Db;

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// An application, and what it is in the tenant asked of.
#[derive(Debug)]
pub(crate) struct Known {
    epoch: u64,
    asked_of: Option<TenantId>,
    pub(crate) application: Application,
    /// The tenant asked of, or else its home.
    pub(crate) tenant: TenantId,
    /// Its service principal there and what that is; `None` if the tenant does not know it.
    pub(crate) place: Option<Place>,
}

/// A service principal.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) principal: ObjectId,
    /// Switched off, at its home or here.
    pub(crate) disabled: bool,
    pub(crate) acting: Acting,
}

/// A client that showed a secret before.
#[derive(Debug)]
pub(crate) struct Remembered {
    known: Arc<Known>,
    until: Timestamp,
}

/// How a client showed who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    /// Not at all: a public client.
    Nothing,
    /// By a secret.
    Secret,
    /// By a certificate.
    Certificate,
}

impl Shown {
    /// The claim `appidacr`.
    pub(crate) const fn claim(self) -> &'static str {
        match self {
            Self::Nothing => "0",
            Self::Secret => "1",
            Self::Certificate => "2",
        }
    }
}

/// The application of a client id; `None` if there is none.
pub(crate) async fn known(
    ctx: &OpContext,
    db: &Db,
    keys: &Keys,
    asked_of: Option<TenantId>,
    app: AppId,
) -> Result<Option<Arc<Known>>, Problem> {
    let epoch = db.access_epoch();
    if let Some(known) = keys.clients.get(&(asked_of, app)).filter(|known| known.epoch == epoch) {
        return Ok(Some(known));
    }
    let mut reader = db.reader().await?;
    let found = applications::application_by_app(&mut reader, app).await?;
    let Some(application) = found.filter(|found| found.deleted_at.is_none()) else { return Ok(None) };
    let tenant = asked_of.unwrap_or(application.tenant);
    let place = match principal_of(&mut reader, tenant, app).await? {
        Some(found) => acting(&mut reader, (tenant, found.id), tenant, ctx.now()).await?.map(|acting| Place {
            principal: found.id,
            disabled: found.disabled,
            acting,
        }),
        None => None,
    };
    let known = Arc::new(Known { epoch, asked_of, application, tenant, place });
    keys.clients.put((asked_of, app), Arc::clone(&known));
    Ok(Some(known))
}

/// Names a client with its secret for the memory. The tenant is an id by now: who has a domain can change.
fn name(asked_of: Option<TenantId>, client: &str, secret: &Secret) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(asked_of.map(|tenant| tenant.to_string()).unwrap_or_default());
    hash.update([0]);
    hash.update(client.to_ascii_lowercase());
    hash.update([0]);
    hash.update(secret.reveal());
    hash.finalize().into()
}

/// A client that showed this secret before.
pub(crate) fn remembered(
    ctx: &OpContext,
    db: &Db,
    keys: &Keys,
    request: &TokenRequest<'_>,
    (asked_of, client): (Option<TenantId>, &str),
) -> Option<Arc<Known>> {
    let secret = request.client_secret.filter(|_| request.client_assertion.is_none())?;
    let found = keys.secrets.get(&name(asked_of, client, secret))?;
    (found.known.epoch == db.access_epoch() && ctx.now() < found.until).then(|| Arc::clone(&found.known))
}

/// Makes sure that the client is who it says. `may_be_public` says whether it may come without a proof here.
pub(crate) async fn authenticate(
    ctx: &OpContext,
    db: &Db,
    keys: &Keys,
    request: &TokenRequest<'_>,
    known: &Arc<Known>,
    may_be_public: bool,
) -> Result<Shown, OauthRefusal> {
    let app = known.application.app;
    let secret = request.client_secret.filter(|secret| !secret.reveal().is_empty());
    let assertion = request.client_assertion.filter(|assertion| !assertion.reveal().is_empty());
    let shown = match (secret, assertion) {
        (Some(_), Some(_)) => {
            return Err(OauthRefusal::field("client_assertion", "must not come together with 'client_secret'"));
        }
        (Some(given), None) => {
            let matched = secret_match(&mut db.reader().await?, app, given, ctx.now()).await?;
            match matched {
                SecretMatch::Good { until } => {
                    let remembered = Remembered { known: Arc::clone(known), until };
                    let client = request.client_id.unwrap_or_default();
                    keys.secrets.put(name(known.asked_of, client, given), Arc::new(remembered));
                }
                SecretMatch::Expired => return Err(OauthRefusal::SecretExpired { app: app.to_string() }),
                SecretMatch::Wrong => return Err(OauthRefusal::SecretWrong { app: app.to_string() }),
            }
            Shown::Secret
        }
        (None, Some(given)) => {
            by_certificate(ctx, db, keys, request, known, given).await?;
            Shown::Certificate
        }
        (None, None) if may_be_public => Shown::Nothing,
        (None, None) => return Err(OauthRefusal::SecretMissing),
    };
    // Only after the secret: a stranger does not learn what is switched off.
    if known.application.disabled || known.place.as_ref().is_some_and(|place| place.disabled) {
        return Err(OauthRefusal::ApplicationDisabled { app: app.to_string() });
    }
    Ok(shown)
}

async fn by_certificate(
    ctx: &OpContext,
    db: &Db,
    keys: &Keys,
    request: &TokenRequest<'_>,
    known: &Known,
    given: &Secret,
) -> Result<(), OauthRefusal> {
    if request.client_assertion_type != Some(ASSERTION_TYPE) {
        let rule = "must be urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
        return Err(OauthRefusal::field("client_assertion_type", rule));
    }
    let app = known.application.app.to_string();
    let refused = |fault| refused(&app, fault);
    let read = Assertion::read(given.reveal()).map_err(refused)?;
    let thumbprint = read.thumbprint().map_err(refused)?;
    let found = certificate_matching(&mut db.reader().await?, known.application.app, thumbprint).await?;
    let certificate = found.ok_or_else(|| {
        let what = format!("no registered certificate has the thumbprint {thumbprint}");
        OauthRefusal::AssertionWrong { app: app.clone(), what }
    })?;
    let shown = read.verify(&app, &certificate, clients_time(ctx, request)).map_err(refused)?;
    check_audience(db, keys, request, known, &shown).await?;
    use_once(ctx, (db, keys), request, known, (given, &shown)).await
}

fn refused(app: &str, fault: Fault) -> OauthRefusal {
    let app = app.to_owned();
    match fault {
        Fault::Malformed(what) => OauthRefusal::AssertionWrong { app, what: what.to_owned() },
        Fault::Signature => OauthRefusal::AssertionWrong { app, what: "its signature is wrong".to_owned() },
        Fault::KeyExpired { from, until } => {
            OauthRefusal::AssertionWrong { app, what: format!("its certificate is good from {from} to {until}") }
        }
        Fault::Time(what) => OauthRefusal::AssertionTime { app, what },
        Fault::Foreign(what) => OauthRefusal::AssertionForeign { app, what },
    }
}

/// Both token endpoints and both issuers of the tenant will do, the tenant named by its id or any domain, or left
/// open (directory.md 1.5).
async fn check_audience(
    db: &Db,
    keys: &Keys,
    request: &TokenRequest<'_>,
    known: &Known,
    shown: &ShownAssertion,
) -> Result<(), OauthRefusal> {
    for audience in &shown.audiences {
        let Some(tenant) = tenant_named(audience, keys.origin()) else { continue };
        if is_open(tenant) || tenant.eq_ignore_ascii_case(request.tenant) {
            return Ok(());
        }
        let found = tenant_find(db, tenant).await?.map(|tenant| tenant.id);
        if found.is_some_and(|id| id == known.tenant) {
            return Ok(());
        }
    }
    Err(OauthRefusal::AssertionAudience {
        app: known.application.app.to_string(),
        audience: shown.audiences.join(" "),
        expected: format!("{}/{}/oauth2/v2.0/token", keys.origin(), request.tenant),
    })
}

/// The tenant in an address of our token endpoint or issuer.
fn tenant_named<'a>(audience: &'a str, origin: &str) -> Option<&'a str> {
    let (head, rest) = audience.split_at_checked(origin.len())?;
    let path = rest.strip_prefix('/').filter(|_| head.eq_ignore_ascii_case(origin))?;
    let (tenant, rest) = path.split_once('/').unwrap_or((path, ""));
    let ours = ["", "v2.0", "oauth2/token", "oauth2/v2.0/token"];
    (!tenant.is_empty() && ours.contains(&rest.trim_end_matches('/'))).then_some(tenant)
}

fn clients_time(ctx: &OpContext, request: &TokenRequest<'_>) -> Timestamp {
    request.clients_time.unwrap_or_else(|| ctx.now())
}

/// An assertion counts once for each thing. Not once in all: a library of the field (msal for Python) makes one
/// assertion, keeps it for nine minutes and uses it for each resource it needs a token for. What is refused is a second
/// request for the same thing, which is what a replay is. Redeeming a code or a device code needs no such rule: these
/// are good once themselves.
async fn use_once(
    ctx: &OpContext,
    (db, keys): (&Db, &Keys),
    request: &TokenRequest<'_>,
    known: &Known,
    (given_text, shown): (&Secret, &ShownAssertion),
) -> Result<(), OauthRefusal> {
    let grant = given(request.grant_type).unwrap_or_default();
    if ["authorization_code", "urn:ietf:params:oauth:grant-type:device_code", "device_code"].contains(&grant) {
        return Ok(());
    }
    let digest = secret::digest(given_text);
    let purpose = purpose(db, keys, request, (known, grant)).await?;
    let identity = shown.jti.as_ref().map_or_else(|| digest.clone(), |jti| secret::digest(&Secret::new(jti.as_str())));
    let mut tx = db.begin().await?;
    let used = Use {
        home: known.application.tenant,
        app: known.application.app,
        identity: &identity,
        digest: &digest,
        purpose: &secret::digest(&Secret::new(purpose)),
        until: shown.until,
    };
    let first = assertion::insert(&mut tx, used, clients_time(ctx, request)).await?;
    tx.commit().await?;
    let app = known.application.app.to_string();
    if first { Ok(()) } else { Err(OauthRefusal::AssertionReplayed { app }) }
}

/// What a request is for: the grant with what it lives on, the tenant, and the API. Only what the grant uses counts, and
/// each by what it is and not by how it is spelled: else one more field would make every replay something new.
async fn purpose(
    db: &Db,
    keys: &Keys,
    request: &TokenRequest<'_>,
    (known, grant): (&Known, &str),
) -> Result<String, Problem> {
    let lives_on = match grant {
        "refresh_token" => request.refresh_token.map(Secret::reveal),
        "urn:ietf:params:oauth:grant-type:jwt-bearer" => request.assertion.map(Secret::reveal),
        "password" => given(request.username),
        _ => None,
    };
    let words = match request.endpoint {
        Endpoint::V1 => given(request.resource),
        Endpoint::V2 => given(request.scope),
    };
    let asked = match words {
        Some(_) => Asked::read(request.endpoint, request.resource, request.scope).ok(),
        None => None,
    };
    let api = match &asked {
        // Refused later, or what was asked for before.
        None => words.unwrap_or_default().to_owned(),
        Some(asked) => {
            let resource = asked.resource.as_deref().unwrap_or(MICROSOFT_GRAPH);
            let found = Target::find(&mut db.reader().await?, resource, keys.origin()).await?;
            found.map_or_else(|| resource.to_owned(), |target| target.api.to_string())
        }
    };
    Ok([grant, &known.tenant.to_string(), &api, lives_on.unwrap_or_default()].join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tenant_is_read_out_of_an_audience() {
        for (audience, expected) in [
            ("https://h:8443/contoso.test/oauth2/token", Some("contoso.test")),
            ("https://H:8443/contoso.test/oauth2/v2.0/token", Some("contoso.test")),
            ("https://h:8443/common/v2.0", Some("common")),
            ("https://h:8443/contoso.test/", Some("contoso.test")),
            ("https://h:8443/contoso.test", Some("contoso.test")),
            ("https://h:8443/contoso.test/oauth2/authorize", None),
            ("https://h:84430/contoso.test/oauth2/token", None),
            ("https://h:8443", None),
            ("https://h:8443/", None),
            ("https://elsewhere/contoso.test/oauth2/token", None),
            ("", None),
        ] {
            assert_eq!(tenant_named(audience, "https://h:8443"), expected, "{audience}");
        }
    }
}
