//! Answering an authorize request of somebody who signed in: a code, an ID token, or both.
//!
//! A code is a promise, no right: what the tokens say is found out when it is redeemed. But that consent is there is
//! found out here too, while there is still a person to ask.

use super::authorization::{Authorization, AuthorizeRefusal, Purpose, RedirectAnswer, SignIn};
use super::client::Shown;
use super::consent::acting_context;
use super::granted::{Asking, granted};
use super::mint::{ForUser, Mint, client_info, half_hash};
use super::person::{Acting, acting};
use super::rows::code::{self as rows, KeptCode};
use super::session::Session;
use super::{Keys, OauthRefusal};
use crate::applications::secret;
use crate::people::User;
use tenantry_core::{OpContext, Problem, Secret, TenantId};
use tenantry_db::{Db, audit};

/// How long a code is good.
const CODE_SECONDS: i64 = 600;

/// A sign-in that may be answered.
struct Good {
    user: User,
    acting: Acting,
    target: super::resource::Target,
    granted: Vec<String>,
    tenant: TenantId,
}

/// Answers the application.
///
/// # Errors
/// As a redirect: consent is missing, or the user has no place in the tenant. As a page for a device, which is decided
/// by [`super::device_decide`].
pub async fn authorize_grant(
    ctx: &OpContext,
    db: &Db,
    keys: &Keys,
    authorization: &Authorization,
    session: &Session,
) -> Result<RedirectAnswer, AuthorizeRefusal> {
    let refusal = |why| authorization.refusal(why);
    match &authorization.purpose {
        Purpose::Device => Err(refusal(OauthRefusal::DeviceUnknown)),
        Purpose::AdminConsent { .. } => {
            let tenant = authorization.asked_of.unwrap_or(session.home);
            let fields = vec![("admin_consent", "True".to_owned()), ("tenant", tenant.to_string())];
            consented(ctx, db, authorization, session, tenant).await.map_err(refusal)?;
            Ok(authorization.redirect(fields))
        }
        Purpose::SignIn(sign_in) => {
            let good = good(ctx, db, keys, authorization, session).await.map_err(refusal)?;
            answer(ctx, db, keys, (authorization, sign_in), session, good).await.map_err(|why| refusal(why.into()))
        }
    }
}

/// An administrator's consent was written down: the application is in the tenant.
async fn consented(
    ctx: &OpContext,
    db: &Db,
    authorization: &Authorization,
    session: &Session,
    tenant: TenantId,
) -> Result<(), OauthRefusal> {
    let mut reader = db.reader().await?;
    session.by.user(&mut reader).await?;
    acting(&mut reader, (session.home, session.user), tenant, ctx.now()).await?.ok_or(OauthRefusal::ConsentDenied)?;
    let app = authorization.app();
    match crate::applications::principal_of(&mut reader, tenant, app).await? {
        Some(found) if found.disabled => Err(OauthRefusal::ApplicationDisabled { app: app.to_string() }),
        Some(_) => Ok(()),
        None => Err(OauthRefusal::ConsentMissing {
            app: app.to_string(),
            wanted: "what the application is configured with".to_owned(),
        }),
    }
}

async fn good(
    ctx: &OpContext,
    db: &Db,
    keys: &Keys,
    authorization: &Authorization,
    session: &Session,
) -> Result<Good, OauthRefusal> {
    let tenant = authorization.asked_of.unwrap_or(session.home);
    let application = &authorization.application;
    if tenant != application.tenant && !application.multi_tenant {
        let (app, tenant) = (application.app.to_string(), authorization.tenant_text.clone());
        return Err(OauthRefusal::ApplicationUnknown { app, tenant });
    }
    let mut reader = db.reader().await?;
    let user = session.by.user(&mut reader).await?;
    let acting = acting(&mut reader, (session.home, session.user), tenant, ctx.now()).await?;
    let acting = acting.ok_or_else(|| OauthRefusal::UserUnknown {
        user: session.name.clone(),
        tenant: authorization.tenant_text.clone(),
    })?;
    let target = authorization.target(&mut reader, keys).await?;
    let (tenant_text, app) = (&*authorization.tenant_text, application.app);
    let asking = Asking { tenant, tenant_text, app, user: user.id };
    let granted = granted(ctx, &mut reader, asking, &target, &authorization.asked).await;
    // Not known to the tenant is, where somebody could consent, consent that is missing.
    let granted = granted.map_err(|why| match why {
        OauthRefusal::ApplicationUnknown { app, .. } => OauthRefusal::ConsentMissing {
            app,
            wanted: authorization.asked.resource.clone().unwrap_or_else(|| "sign-in".to_owned()),
        },
        other => other,
    })?;
    Ok(Good { user, acting, target, granted, tenant })
}

async fn answer(
    ctx: &OpContext,
    db: &Db,
    keys: &Keys,
    (authorization, sign_in): (&Authorization, &SignIn),
    session: &Session,
    good: Good,
) -> Result<RedirectAnswer, Problem> {
    let mut fields = Vec::new();
    let code = sign_in.code.then(|| secret::draw(&ctx.chance));
    if let Some(code) = &code {
        let as_user = acting_context(ctx, session, &good.acting);
        let line = audit::open(&as_user, db, "code-give", &authorization.app().to_string()).await?;
        let outcome = keep(ctx, db, (authorization, sign_in), session, (&good, code)).await;
        line.close(&as_user, db, outcome).await?;
        fields.push(("code", code.reveal().to_owned()));
    }
    if sign_in.id_token {
        let shown = Shown::Nothing;
        let mint = Mint { ctx, keys, endpoint: authorization.endpoint, app: authorization.app(), shown };
        let grant = ForUser {
            by: &session.by,
            user: &good.user,
            acting: &good.acting,
            target: &good.target,
            asked: &authorization.asked,
            granted: &good.granted,
            nonce: sign_in.nonce.as_deref(),
            client_info: false,
        };
        let c_hash = code.as_ref().map(|code| half_hash(code.reveal()));
        fields.push(("id_token", mint.id_token(grant, (None, c_hash))?.reveal().to_owned()));
    }
    if sign_in.client_info {
        fields.push(("client_info", client_info(session.user, session.home)));
    }
    // Names the session without telling anything of it.
    fields.push(("session_state", session_state(session)));
    Ok(authorization.redirect(fields))
}

async fn keep(
    ctx: &OpContext,
    db: &Db,
    (authorization, sign_in): (&Authorization, &SignIn),
    session: &Session,
    (good, code): (&Good, &Secret),
) -> Result<(), Problem> {
    let kept = KeptCode {
        by: session.by.clone(),
        acted_in: good.tenant,
        app: authorization.app(),
        redirect_uri: sign_in.redirect_uri.clone(),
        asked: authorization.asked.clone(),
        nonce: sign_in.nonce.clone(),
        challenge: sign_in.challenge.clone(),
        expires_at: ctx.now().plus_seconds(CODE_SECONDS),
        redeemed_at: None,
        family: None,
    };
    let mut tx = db.begin().await?;
    rows::insert(&mut tx, &secret::digest(code), &kept, ctx.now()).await?;
    tx.commit().await
}

fn session_state(session: &Session) -> String {
    let mut state = secret::digest(&Secret::new(format!("state\n{}", session.form_token())));
    state.truncate(32);
    state
}
