//! A person on the way to an application or a device: finding out who it is, page by page.
//!
//! Nothing is kept between the pages but what the browser sends again: the client's request as hidden fields, the
//! session as a cookie. So a page that is reloaded, left open or opened twice does what it says.
//!
//! A form names its step:
//!
//! ```text
//! sign-in, second-factor, new-password    -> the next page, or a session
//! other-account                           -> the sign-in page
//! anything else                           -> needs the session it was made for
//! ```

use crate::browser::{Browser, session_cookie};
use crate::pages::{self, Journey, Mistake, SignInMistake};
use tenantry_core::{Problem, Secret};
use tenantry_directory::{
    Authorization, AuthorizeRefusal, OauthRefusal, Prompt, Session, SignInAttempt, SignInStep, session_end,
    session_find, sign_in, sign_in_second, tenant_find,
};
use tenantry_http::{Answer, Call, Query};

/// The field that ties a form to its browser or session.
const FORM: &str = "form";
/// The field of what stands for the steps that were taken.
const TICKET: &str = "ticket";

/// One request of such a person.
pub(crate) struct Visit<'a> {
    pub(crate) call: &'a Call,
    pub(crate) browser: Browser,
    /// What the form sent; the query for a link.
    pub(crate) sent: &'a Query,
    /// The button that was pressed; `None` for a link.
    pub(crate) step: Option<&'a str>,
    /// What the client asked for, checked just now.
    pub(crate) authorization: Authorization,
    /// What all pages have in common, without the form token.
    pub(crate) journey: Journey,
}

/// Who it is, or what is asked to find out.
pub(crate) enum Who {
    /// A page.
    Asked(Answer),
    /// Somebody signed in.
    Known {
        /// As whom.
        session: Session,
        /// The cookie of a session that began just now.
        cookie: Option<Secret>,
    },
}

/// What the pages have in common: the path of the forms, the fields that go on, names, and the address at the end, which
/// is the sent one once it was checked.
pub(crate) async fn journey(
    call: &Call,
    action: String,
    hidden: Vec<(String, String)>,
    authorization: &Authorization,
    leads_to: Option<&str>,
) -> Result<Journey, Problem> {
    let tenant = match authorization.tenant() {
        Some(id) => tenant_find(call.world.db(), &id.to_string()).await?,
        None => None,
    };
    Ok(Journey {
        action,
        hidden,
        tenant: tenant.map(|tenant| tenant.name),
        app: Some(authorization.app_name().to_owned()),
        leads_to: leads_to.map(str::to_owned),
    })
}

impl Visit<'_> {
    /// Finds out who it is.
    pub(crate) async fn who(&self) -> Result<Who, AuthorizeRefusal> {
        let Some(step) = self.step else { return self.arrive().await };
        match step {
            "sign-in" | "new-password" | "second-factor" if !self.browser.is_form_of(self.form_token()) => {
                Err(AuthorizeRefusal::Page(strange_form()))
            }
            "sign-in" => self.password().await,
            "new-password" => self.new_password().await,
            "second-factor" => self.second_factor().await,
            // These pages change nothing, so nobody gains by forging their form.
            "other-account" => Ok(Who::Asked(self.sign_in_page("", None))),
            _ => match self.session().await? {
                Some(session) if session.is_form_of(self.form_token()) => Ok(Who::Known { session, cookie: None }),
                Some(_) => Err(AuthorizeRefusal::Page(strange_form())),
                None => Ok(Who::Asked(self.sign_in_page("", None))),
            },
        }
    }

    /// A link was followed: the session may do, unless the client wants more.
    async fn arrive(&self) -> Result<Who, AuthorizeRefusal> {
        let session = self.session().await?;
        let hint = self.authorization.login_hint();
        let fits = |session: &Session| hint.is_none_or(|hint| hint.eq_ignore_ascii_case(&session.name));
        let wishes = |prompt| self.authorization.wishes(prompt);
        match session.filter(fits) {
            Some(session) if wishes(Prompt::Login) => Ok(Who::Asked(self.sign_in_page(&session.name, None))),
            Some(session) if wishes(Prompt::SelectAccount) => {
                let journey = self.journey_of(session.form_token());
                Ok(Who::Asked(pages::choose_account(&journey, &session.name)))
            }
            Some(session) => Ok(Who::Known { session, cookie: None }),
            None if wishes(Prompt::None) => Err(AuthorizeRefusal::Redirect(self.authorization.sign_in_needed())),
            None => Ok(Who::Asked(self.sign_in_page(hint.unwrap_or(""), None))),
        }
    }

    async fn session(&self) -> Result<Option<Session>, AuthorizeRefusal> {
        match session_cookie(self.call) {
            Some(cookie) => session_find(&self.call.ctx, self.call.world.db(), &cookie).await.map_err(failed),
            None => Ok(None),
        }
    }

    /// What the consent page that was answered had asked for.
    pub(crate) fn shown(&self) -> &str {
        self.sent.get(pages::SHOWN).unwrap_or("")
    }

    fn form_token(&self) -> &str {
        self.sent.get(FORM).unwrap_or("")
    }

    async fn password(&self) -> Result<Who, AuthorizeRefusal> {
        let (name, password) = (self.name(), self.secret("password"));
        let missing = match (name.is_empty(), password.reveal().is_empty()) {
            (true, _) => Some(SignInMistake::NameMissing),
            (false, true) => Some(SignInMistake::PasswordMissing),
            (false, false) => None,
        };
        if missing.is_some() {
            return Ok(Who::Asked(self.sign_in_page(name, missing.as_ref())));
        }
        match self.attempt(name, &password, (None, None)).await {
            Ok(SignInStep::Done(new)) => self.known(new.session, new.cookie).await,
            Ok(SignInStep::NewPassword { ticket }) => Ok(Who::Asked(self.new_password_page(ticket.as_ref(), &[]))),
            Ok(SignInStep::SecondFactor { ticket }) => Ok(Who::Asked(self.second_factor_page(&ticket, None))),
            Err(refusal) => self.not_let_in(name, refusal),
        }
    }

    async fn new_password(&self) -> Result<Who, AuthorizeRefusal> {
        let name = self.name();
        let [old, new, again] = ["password", "new-password", "new-password-again"].map(|field| self.secret(field));
        let ticket = Some(self.secret(TICKET)).filter(|ticket| !ticket.reveal().is_empty());
        let mut mistakes = Vec::new();
        if old.reveal().is_empty() {
            mistakes.push(Mistake::new("password", "Enter your current password."));
        }
        if new.reveal().is_empty() {
            mistakes.push(Mistake::new("new-password", "Enter a new password."));
        } else if new != again {
            let says = "The two new passwords are not the same. Type the new one twice.";
            mistakes.push(Mistake::new("new-password-again", says));
        }
        if !mistakes.is_empty() {
            return Ok(Who::Asked(self.new_password_page(ticket.as_ref(), &mistakes)));
        }
        let mistake = match self.attempt(name, &old, (Some(&new), ticket.as_ref())).await {
            Ok(SignInStep::Done(new)) => return self.known(new.session, new.cookie).await,
            Ok(SignInStep::SecondFactor { ticket }) => return Ok(Who::Asked(self.second_factor_page(&ticket, None))),
            Ok(SignInStep::NewPassword { .. }) => {
                Mistake::new("new-password", "Choose another password than the old one.")
            }
            Err(OauthRefusal::NewPasswordRefused { why }) => Mistake::new("new-password", sentence(&why)),
            Err(OauthRefusal::PasswordWrong) => Mistake::new("password", "The current password is not right."),
            Err(refusal) => return self.not_let_in(name, refusal),
        };
        Ok(Who::Asked(self.new_password_page(ticket.as_ref(), &[mistake])))
    }

    async fn second_factor(&self) -> Result<Who, AuthorizeRefusal> {
        let ticket = self.secret(TICKET);
        let code: String = self.sent.get("otc").unwrap_or("").chars().filter(|c| !c.is_whitespace()).collect();
        if code.is_empty() {
            return Ok(Who::Asked(self.second_factor_page(&ticket, Some("Enter the six digits."))));
        }
        match sign_in_second(&self.call.ctx, self.call.world.db(), &ticket, &code).await {
            Ok(SignInStep::Done(new)) => self.known(new.session, new.cookie).await,
            Ok(SignInStep::NewPassword { ticket }) => Ok(Who::Asked(self.new_password_page(ticket.as_ref(), &[]))),
            Ok(SignInStep::SecondFactor { ticket }) => Ok(Who::Asked(self.second_factor_page(&ticket, None))),
            Err(OauthRefusal::SecondFactorWrong) => {
                let says = "This code is not right. Wait for the next one and type it.";
                Ok(Who::Asked(self.second_factor_page(&ticket, Some(says))))
            }
            Err(refusal) => self.not_let_in(self.name(), refusal),
        }
    }

    async fn attempt(
        &self,
        name: &str,
        password: &Secret,
        (new_password, ticket): (Option<&Secret>, Option<&Secret>),
    ) -> Result<SignInStep, OauthRefusal> {
        // Everybody's users: a partner's people sign in at the pages of their customers. Whether they have a place
        // there is found out after it.
        let attempt = SignInAttempt { tenant: None, name, password, new_password, ticket };
        sign_in(&self.call.ctx, self.call.world.db(), &attempt).await
    }

    /// A session began; the one before it in this browser ends.
    async fn known(&self, session: Session, cookie: Secret) -> Result<Who, AuthorizeRefusal> {
        if let Some(before) = session_cookie(self.call) {
            session_end(&self.call.ctx, self.call.world.db(), &before).await.map_err(failed)?;
        }
        Ok(Who::Known { session, cookie: Some(cookie) })
    }

    /// The page again with a word, where the person can do something about it.
    fn not_let_in(&self, name: &str, refusal: OauthRefusal) -> Result<Who, AuthorizeRefusal> {
        let mistake = match refusal {
            OauthRefusal::PasswordWrong => SignInMistake::Wrong,
            OauthRefusal::UserLocked { until } => SignInMistake::Locked { until },
            OauthRefusal::UserDisabled => SignInMistake::Disabled,
            OauthRefusal::UserUnknown { .. } => SignInMistake::NotHere,
            OauthRefusal::SignInOver => SignInMistake::Over,
            refusal => return Err(AuthorizeRefusal::Page(refusal)),
        };
        Ok(Who::Asked(self.sign_in_page(name, Some(&mistake))))
    }

    /// Whether somebody else might get further: the account has no place in the tenant. Told to the application, it
    /// would leave the person stuck with a session that never fits; so they are asked to be somebody else, unless
    /// nobody may be asked.
    pub(crate) fn may_be_another(&self, refusal: &AuthorizeRefusal) -> bool {
        let elsewhere =
            matches!(refusal, AuthorizeRefusal::Stranger(_) | AuthorizeRefusal::Page(OauthRefusal::UserUnknown { .. }));
        elsewhere && !self.authorization.wishes(Prompt::None)
    }

    /// The sign-in page.
    pub(crate) fn sign_in_page(&self, name: &str, mistake: Option<&SignInMistake>) -> Answer {
        self.browser.keep(pages::sign_in(&self.journey_of(&self.browser.form_token()), name, mistake))
    }

    fn new_password_page(&self, ticket: Option<&Secret>, mistakes: &[Mistake]) -> Answer {
        let mut journey = self.journey_of(&self.browser.form_token());
        journey.hidden.extend(ticket.map(|ticket| (TICKET.to_owned(), ticket.reveal().to_owned())));
        self.browser.keep(pages::new_password(&journey, self.name(), mistakes))
    }

    fn second_factor_page(&self, ticket: &Secret, mistake: Option<&str>) -> Answer {
        let mut journey = self.journey_of(&self.browser.form_token());
        journey.hidden.push((TICKET.to_owned(), ticket.reveal().to_owned()));
        self.browser.keep(pages::second_factor(&journey, self.name(), mistake))
    }

    /// The journey with a form token.
    pub(crate) fn journey_of(&self, token: &str) -> Journey {
        let mut journey = self.journey.clone();
        journey.hidden.push((FORM.to_owned(), token.to_owned()));
        journey
    }

    fn name(&self) -> &str {
        self.sent.get("username").unwrap_or("").trim()
    }

    fn secret(&self, field: &str) -> Secret {
        Secret::new(self.sent.get(field).unwrap_or(""))
    }
}

/// A form that no page of this browser holds: forged, or older than the sign-in, or cookies are refused.
pub(crate) fn strange_form() -> OauthRefusal {
    let what = "this form does not belong to the sign-in of this browser; open the page again and allow its cookies";
    OauthRefusal::Malformed { what: what.to_owned() }
}

/// `the password has 7 characters` as people read it: a capital letter and a full stop.
fn sentence(why: &str) -> String {
    let mut letters = why.trim_end_matches('.').chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

/// Our own failure, on the way of a person.
pub(crate) fn failed(problem: Problem) -> AuthorizeRefusal {
    AuthorizeRefusal::Page(OauthRefusal::Failed(problem))
}
