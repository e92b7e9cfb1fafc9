//! The authorize endpoints, and the administrator's consent: everything a person sees on the way to an application.
//!
//! Source: directory.md 1.1, 1.4; RFC 9700 (see other after a form, nothing to unregistered addresses).

use crate::browser::{self, Browser};
use crate::pages::{self, Consent, Decides, SignInMistake, Wish};
use crate::sent::{self, ADMIN_CONSENT, AUTHORIZE};
use crate::visit::{Visit, Who, failed, journey};
use crate::wire;
use tenantry_core::Problem;
use tenantry_directory::{
    AdminConsentRequest, Authorization, AuthorizeRefusal, AuthorizeRequest, ConsentFor, ConsentQuestion, Endpoint,
    OauthRefusal, Prompt, RedirectAnswer, Session, admin_consent_check, authorize_check, authorize_grant,
    consent_accept, consent_question,
};
use tenantry_http::header::{CACHE_CONTROL, LOCATION, REFERRER_POLICY};
use tenantry_http::{Answer, Call, Method, Query, StatusCode};

/// What a person was sent here for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Errand {
    /// To sign in to an application.
    Authorize(Endpoint),
    /// To allow an application for everybody.
    AdminConsent(Endpoint),
}

impl Errand {
    const fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Authorize(_) => &AUTHORIZE,
            Self::AdminConsent(_) => &ADMIN_CONSENT,
        }
    }

    /// The path, with the tenant in the client's spelling.
    fn path(self, tenant: &str) -> String {
        let place = match self {
            Self::Authorize(Endpoint::V1) => "oauth2/authorize",
            Self::Authorize(Endpoint::V2) => "oauth2/v2.0/authorize",
            Self::AdminConsent(Endpoint::V1) => "adminconsent",
            Self::AdminConsent(Endpoint::V2) => "v2.0/adminconsent",
        };
        format!("/{}/{place}", sent::segment(tenant))
    }

    async fn check(self, call: &Call, sent: &Query) -> Result<Authorization, AuthorizeRefusal> {
        sent::once_each(sent, self.fields()).map_err(AuthorizeRefusal::Page)?;
        let tenant = call.param("tenant").map_err(failed)?;
        let (ctx, db, keys) = (&call.ctx, call.world.db(), call.world.keys());
        match self {
            Self::Authorize(endpoint) => {
                let request = AuthorizeRequest {
                    client_id: sent.get("client_id"),
                    response_type: sent.get("response_type"),
                    redirect_uri: sent.get("redirect_uri"),
                    state: sent.get("state"),
                    scope: sent.get("scope"),
                    resource: sent.get("resource"),
                    response_mode: sent.get("response_mode"),
                    code_challenge: sent.get("code_challenge"),
                    code_challenge_method: sent.get("code_challenge_method"),
                    nonce: sent.get("nonce"),
                    prompt: sent.get("prompt"),
                    login_hint: sent.get("login_hint"),
                    client_info: sent.get("client_info") == Some("1"),
                    ..AuthorizeRequest::new(endpoint, tenant)
                };
                authorize_check(ctx, db, keys, &request).await
            }
            Self::AdminConsent(_) => {
                let request = AdminConsentRequest {
                    tenant,
                    client_id: sent.get("client_id"),
                    redirect_uri: sent.get("redirect_uri"),
                    state: sent.get("state"),
                    scope: sent.get("scope"),
                };
                admin_consent_check(ctx, db, keys, &request).await
            }
        }
    }
}

/// A link was followed.
pub(crate) async fn get(mut call: Call, errand: Errand) -> Result<Answer, Problem> {
    let sent = call.query.clone();
    sent::correlate(&mut call, &sent);
    visit(&call, errand, &sent, None).await
}

/// A form was sent: by one of our pages, which name their step, or by a client.
pub(crate) async fn post(mut call: Call, errand: Errand) -> Result<Answer, Problem> {
    let sent = match call.form() {
        Ok(sent) => sent,
        Err(problem) => return refused(&call, OauthRefusal::Malformed { what: problem.message().to_owned() }),
    };
    sent::correlate(&mut call, &sent);
    match sent.get("step") {
        Some(step) => visit(&call, errand, &sent, Some(step)).await,
        None => match sent::once_each(&sent, errand.fields()) {
            Ok(()) => Ok(to(&call, &sent::link(&errand.path(call.param("tenant")?), &sent, errand.fields()))),
            Err(refusal) => refused(&call, refusal),
        },
    }
}

async fn visit(call: &Call, errand: Errand, sent: &Query, step: Option<&str>) -> Result<Answer, Problem> {
    let authorization = match errand.check(call, sent).await {
        Ok(authorization) => authorization,
        Err(refusal) => return stopped(call, refusal, None),
    };
    let action = errand.path(call.param("tenant")?);
    let (hidden, leads_to) = (sent::onward(sent, errand.fields()), sent.get("redirect_uri"));
    let journey = journey(call, action, hidden, &authorization, leads_to).await?;
    let visit = Visit { call, browser: Browser::read(call), sent, step, authorization, journey };
    let app = visit.authorization.app_name();
    if step == Some("cancel") {
        return stopped(call, AuthorizeRefusal::Redirect(visit.authorization.denied()), Some(app));
    }
    let (session, cookie) = match visit.who().await {
        Ok(Who::Known { session, cookie }) => (session, cookie),
        Ok(Who::Asked(page)) => return Ok(wire::traced(page, call.ctx.request_id)),
        Err(refusal) => return stopped(call, refusal, Some(app)),
    };
    let answer = match finish(&visit, &session).await {
        Ok(answer) => wire::traced(answer, call.ctx.request_id),
        Err(refusal) if visit.may_be_another(&refusal) => return Ok(not_here(&visit, &session)),
        Err(refusal) => stopped(call, refusal, Some(app))?,
    };
    Ok(browser::signed_in(answer, cookie.as_ref()))
}

/// The person is known: consent, then the answer.
async fn finish(visit: &Visit<'_>, session: &Session) -> Result<Answer, AuthorizeRefusal> {
    let call = visit.call;
    let (ctx, db, keys) = (&call.ctx, call.world.db(), call.world.keys());
    let for_all = visit.authorization.is_for_everybody();
    if visit.step == Some("accept") {
        let everybody = for_all || visit.sent.get("everybody") == Some("yes");
        let who = if everybody { ConsentFor::Everybody } else { ConsentFor::Oneself };
        let answer = (who, visit.shown());
        if let Some(changed) = consent_accept(ctx, db, keys, &visit.authorization, session, answer).await? {
            return Ok(consent_page(visit, session, changed, for_all));
        }
    } else if !visit.authorization.wishes(Prompt::None)
        && let Some(question) = consent_question(ctx, db, keys, &visit.authorization, session).await?
    {
        return Ok(consent_page(visit, session, question, for_all));
    }
    let answer = authorize_grant(ctx, db, keys, &visit.authorization, session).await?;
    Ok(redirect(call, &answer, Some(visit.authorization.app_name())))
}

/// The page that asks for consent.
pub(crate) fn consent_page(visit: &Visit<'_>, session: &Session, asked: ConsentQuestion, for_all: bool) -> Answer {
    let decides = match (for_all, asked.may_accept, asked.may_accept_for_all) {
        (true, _, true) => Decides::Everybody,
        (false, true, true) => Decides::EitherWay,
        (false, true, false) => Decides::Themselves,
        (false, false, true) => Decides::Everybody,
        (true, _, false) | (false, false, false) => Decides::Nothing,
    };
    let wishes = asked.rights.into_iter().map(|right| Wish {
        says: right.says.trim_end_matches('.').to_owned(),
        name: if right.for_itself {
            format!("{}: {}, at any time, also when nobody is signed in", right.api, right.name)
        } else {
            format!("{}: {}", right.api, right.name)
        },
    });
    let consent = Consent {
        app: asked.app_name,
        publisher: publisher(&visit.authorization),
        user: session.name.clone(),
        tenant: asked.tenant_name,
        wishes: wishes.collect(),
        digest: asked.digest,
        decides,
    };
    pages::consent(&visit.journey_of(session.form_token()), &consent)
}

/// Who an application comes from, as pages say it: the name, and the domain, which nobody else can have.
pub(crate) fn publisher(authorization: &Authorization) -> String {
    format!("{} ({})", authorization.publisher(), authorization.publisher_domain())
}

/// A session of somebody who has no place in the tenant: the sign-in page with a word, so that they can be somebody
/// else.
pub(crate) fn not_here(visit: &Visit<'_>, session: &Session) -> Answer {
    let page = visit.sign_in_page(&session.name, Some(&SignInMistake::NotHere));
    wire::traced(page, visit.call.ctx.request_id)
}

/// What a refusal is for a person: a page, or the way back to the application.
pub(crate) fn stopped(call: &Call, refusal: AuthorizeRefusal, app: Option<&str>) -> Result<Answer, Problem> {
    match refusal {
        AuthorizeRefusal::Page(refusal) => refused(call, refusal),
        AuthorizeRefusal::Redirect(answer) | AuthorizeRefusal::Stranger(answer) => {
            Ok(wire::traced(redirect(call, &answer, app), call.ctx.request_id))
        }
    }
}

/// A refusal as a page. Our own failures go on as problems, so that the frame logs their cause.
pub(crate) fn refused(call: &Call, refusal: OauthRefusal) -> Result<Answer, Problem> {
    wire::refused_page(&call.ctx, refusal)
}

fn redirect(call: &Call, answer: &RedirectAnswer, app: Option<&str>) -> Answer {
    match answer.location() {
        Some(location) => to(call, &location),
        None => pages::form_post(&answer.uri, &answer.fields, app),
    }
}

/// Leads the browser on. After a form it must ask with GET, or it would send the password along (RFC 9700 4.12).
pub(crate) fn to(call: &Call, location: &str) -> Answer {
    let status = if call.meta.method == Method::POST { StatusCode::SEE_OTHER } else { StatusCode::FOUND };
    Answer::empty(status).with(LOCATION, location).with(CACHE_CONTROL, "no-store").with(REFERRER_POLICY, "no-referrer")
}
