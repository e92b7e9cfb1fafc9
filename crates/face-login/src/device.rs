//! The page of the device flow: a person types the code their device shows, says who they are and that it is theirs.
//!
//! Source: directory.md 1.1, 1.8; RFC 8628. Opening a link decides nothing: the code may stand in it, the person
//! still presses the button, sees the application and is asked.

use crate::authorize::{consent_page, not_here, publisher, refused, stopped};
use crate::browser::{self, Browser};
use crate::pages::{self, DeviceAsked, Journey};
use crate::visit::{Visit, Who, journey, strange_form};
use crate::wire;
use tenantry_core::Problem;
use tenantry_directory::{
    Authorization, AuthorizeRefusal, ConsentFor, OauthRefusal, Session, consent_accept, consent_question,
    device_decide, device_find,
};
use tenantry_http::{Answer, Call, Query};

/// Where the device sends people.
pub(crate) const PAGE: &str = "/common/oauth2/deviceauth";
const USER_CODE: &str = "user_code";
const NOT_KNOWN: &str = "This code is not known, was used, or is too old. Check it, or start again on the device.";

/// The page was opened.
pub(crate) async fn get(call: Call) -> Result<Answer, Problem> {
    let browser = Browser::read(&call);
    let code = call.query(USER_CODE).or_else(|| call.query("otc")).unwrap_or("");
    Ok(enter(&call, &browser, code, None))
}

/// One of its forms was sent.
pub(crate) async fn post(call: Call) -> Result<Answer, Problem> {
    let sent = match call.form() {
        Ok(sent) => sent,
        Err(problem) => return refused(&call, OauthRefusal::Malformed { what: problem.message().to_owned() }),
    };
    let browser = Browser::read(&call);
    let step = sent.get("step").unwrap_or("enter-code");
    let code = sent.get(USER_CODE).unwrap_or("").trim();
    if step == "enter-code" && !browser.is_form_of(sent.get("form").unwrap_or("")) {
        return refused(&call, strange_form());
    }
    if code.is_empty() {
        return Ok(enter(&call, &browser, "", Some("Enter the code that your device shows.")));
    }
    let authorization = match device_find(&call.ctx, call.world.db(), call.world.keys(), code).await {
        Ok(authorization) => authorization,
        Err(OauthRefusal::Failed(problem)) => return Err(problem),
        Err(_) => return Ok(enter(&call, &browser, code, Some(NOT_KNOWN))),
    };
    decide(&call, browser, &sent, step, (code, authorization)).await
}

fn enter(call: &Call, browser: &Browser, code: &str, mistake: Option<&str>) -> Answer {
    let journey = Journey {
        action: PAGE.to_owned(),
        hidden: vec![("form".to_owned(), browser.form_token())],
        ..Journey::default()
    };
    let page = pages::device_enter(&journey, code, mistake);
    wire::traced(browser.keep(page), call.ctx.request_id)
}

async fn decide(
    call: &Call,
    browser: Browser,
    sent: &Query,
    step: &str,
    (code, authorization): (&str, Authorization),
) -> Result<Answer, Problem> {
    let hidden = vec![(USER_CODE.to_owned(), code.to_owned())];
    let journey = journey(call, PAGE.to_owned(), hidden, &authorization, None).await?;
    let step = (step != "enter-code").then_some(step);
    let visit = Visit { call, browser, sent, step, authorization, journey };
    let (session, cookie) = match visit.who().await {
        Ok(Who::Known { session, cookie }) => (session, cookie),
        Ok(Who::Asked(page)) => return Ok(wire::traced(page, call.ctx.request_id)),
        Err(refusal) => return stopped(call, refusal, None),
    };
    let answer = match answer(&visit, &session, code).await {
        Ok(answer) => wire::traced(answer, call.ctx.request_id),
        Err(refusal) if visit.may_be_another(&refusal) => return Ok(not_here(&visit, &session)),
        Err(refusal) => stopped(call, refusal, None)?,
    };
    Ok(browser::signed_in(answer, cookie.as_ref()))
}

/// The person is known: ask, ask for consent, do it.
async fn answer(visit: &Visit<'_>, session: &Session, code: &str) -> Result<Answer, AuthorizeRefusal> {
    let (ctx, db, keys) = (&visit.call.ctx, visit.call.world.db(), visit.call.world.keys());
    let (authorization, tenant) = (&visit.authorization, visit.journey.tenant.as_deref());
    let yes = match visit.step {
        Some("allow-device") => {
            if let Some(question) = consent_question(ctx, db, keys, authorization, session).await? {
                return Ok(consent_page(visit, session, question, false));
            }
            true
        }
        Some("accept") => {
            let everybody = visit.sent.get("everybody") == Some("yes");
            let who = if everybody { ConsentFor::Everybody } else { ConsentFor::Oneself };
            let answer = (who, visit.shown());
            if let Some(changed) = consent_accept(ctx, db, keys, authorization, session, answer).await? {
                return Ok(consent_page(visit, session, changed, false));
            }
            true
        }
        Some("refuse-device" | "cancel") => false,
        _ => return Ok(confirm(visit, session, code)),
    };
    device_decide(ctx, db, keys, code, session, yes).await.map_err(AuthorizeRefusal::Page)?;
    let app = authorization.app_name();
    Ok(if yes { pages::device_done(app, tenant) } else { pages::device_declined(app, tenant) })
}

fn confirm(visit: &Visit<'_>, session: &Session, code: &str) -> Answer {
    let asked = DeviceAsked {
        app: visit.authorization.app_name().to_owned(),
        code: code.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase(),
        publisher: publisher(&visit.authorization),
        user: session.name.clone(),
    };
    pages::device_confirm(&visit.journey_of(session.form_token()), &asked)
}
