//! An authorize request that was found good, and the answers to it.
//!
//! There are two kinds of refusal. While it is not certain that the redirect address belongs to the application, the
//! refusal is shown to the person as a page: sending a browser to an address that a stranger chose is what attackers want.
//! After that the application is told, at its address.

use super::granted::target;
use super::pkce::Challenge;
use super::request::Endpoint;
use super::resource::Target;
use super::scope::Asked;
use super::{Keys, OauthRefusal};
use crate::applications::Application;
use crate::{Tenant, address};
use tenantry_core::{AppId, TenantId};
use tenantry_db::Connection;

/// Why an authorize request goes no further, and who is told.
#[derive(Debug)]
pub enum AuthorizeRefusal {
    /// The person: show it as a page, never redirect.
    Page(OauthRefusal),
    /// The application: send the browser there.
    Redirect(RedirectAnswer),
    /// The application too, unless the person can be somebody else: this account has no place in the tenant. The
    /// application could do nothing about it, and the session would bring the person back here each time.
    Stranger(RedirectAnswer),
}

impl From<OauthRefusal> for AuthorizeRefusal {
    fn from(refusal: OauthRefusal) -> Self {
        Self::Page(refusal)
    }
}

impl From<tenantry_core::Problem> for AuthorizeRefusal {
    fn from(problem: tenantry_core::Problem) -> Self {
        Self::Page(OauthRefusal::Failed(problem))
    }
}

/// How the answer comes back to the application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResponseMode {
    /// In the query of the address.
    Query,
    /// In its fragment, which the browser keeps to itself.
    Fragment,
    /// As a form that the browser posts.
    FormPost,
}

/// An answer that goes to the application through the browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedirectAnswer {
    /// The address, as registered and sent.
    pub uri: String,
    /// How.
    pub mode: ResponseMode,
    /// What, in the order it is written.
    pub fields: Vec<(&'static str, String)>,
}

impl RedirectAnswer {
    /// Where to send the browser; `None` for a form post, which needs a page with a form of the fields.
    #[must_use]
    pub fn location(&self) -> Option<String> {
        let mark = match self.mode {
            ResponseMode::Query if self.uri.contains('?') => '&',
            ResponseMode::Query => '?',
            ResponseMode::Fragment => '#',
            ResponseMode::FormPost => return None,
        };
        let mut location = self.uri.clone();
        for (index, (name, value)) in self.fields.iter().enumerate() {
            location.push(if index == 0 { mark } else { '&' });
            location.push_str(name);
            location.push('=');
            location.extend(address::encoded(value));
        }
        Some(location)
    }
}

/// What the client wants the person to be shown, beyond what is needed anyway. A request may wish for several of these,
/// but for nothing at all only alone (OpenID Connect Core 3.1.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prompt {
    /// Nothing at all.
    None,
    /// The sign-in page, even with a session.
    Login,
    /// The consent page, even with consent.
    Consent,
    /// A choice of accounts.
    SelectAccount,
}

/// What is to happen in the end.
#[derive(Debug, Clone)]
pub(crate) enum Purpose {
    /// The application gets a code, an ID token, or both.
    SignIn(Box<SignIn>),
    /// An administrator consents to all the application is configured with.
    AdminConsent { redirect_uri: String, state: Option<String> },
    /// A device is let in.
    Device,
}

/// The rest of a sign-in request.
#[derive(Debug, Clone)]
pub(crate) struct SignIn {
    pub(crate) redirect_uri: String,
    pub(crate) mode: ResponseMode,
    pub(crate) code: bool,
    pub(crate) id_token: bool,
    pub(crate) state: Option<String>,
    pub(crate) nonce: Option<String>,
    pub(crate) challenge: Option<Challenge>,
    pub(crate) client_info: bool,
}

/// A request of an application to sign somebody in, to be consented to, or to let a device in. It was checked; nobody
/// has decided yet.
#[derive(Debug, Clone)]
pub struct Authorization {
    pub(crate) endpoint: Endpoint,
    pub(crate) asked_of: Option<TenantId>,
    pub(crate) tenant_text: String,
    pub(crate) application: Application,
    /// The tenant it is registered in.
    pub(crate) publisher: Tenant,
    pub(crate) asked: Asked,
    pub(crate) prompts: Vec<Prompt>,
    /// Version 1's `prompt=admin_consent`: for everybody or not at all.
    pub(crate) for_everybody: bool,
    pub(crate) login_hint: Option<String>,
    pub(crate) purpose: Purpose,
}

impl Authorization {
    /// The application.
    #[must_use]
    pub const fn app(&self) -> AppId {
        self.application.app
    }

    /// What people call it.
    #[must_use]
    pub fn app_name(&self) -> &str {
        &self.application.name
    }

    /// Who registered it: the name of that tenant. Anybody can give an application a good name; this is what to look at.
    #[must_use]
    pub fn publisher(&self) -> &str {
        &self.publisher.name
    }

    /// The default domain of who registered it.
    #[must_use]
    pub fn publisher_domain(&self) -> &str {
        &self.publisher.default_domain
    }

    /// The tenant the tokens are for; `None` for that of whoever signs in.
    #[must_use]
    pub const fn tenant(&self) -> Option<TenantId> {
        self.asked_of
    }

    /// Whether the client wants the person to be shown this.
    #[must_use]
    pub fn wishes(&self, prompt: Prompt) -> bool {
        self.prompts.contains(&prompt)
    }

    /// The name to put into the sign-in form.
    #[must_use]
    pub fn login_hint(&self) -> Option<&str> {
        self.login_hint.as_deref()
    }

    /// Whether it came from a device's code rather than from a redirect.
    #[must_use]
    pub const fn is_device(&self) -> bool {
        matches!(self.purpose, Purpose::Device)
    }

    /// Whether consent is asked for everybody or not at all: an administrator's to give.
    #[must_use]
    pub const fn is_for_everybody(&self) -> bool {
        self.for_everybody
    }

    /// Whether an administrator is asked to consent for everybody.
    #[must_use]
    pub const fn is_admin_consent(&self) -> bool {
        matches!(self.purpose, Purpose::AdminConsent { .. })
    }

    /// Tells the application of a refusal. Nobody redirects for a device: its fields are for the page.
    #[must_use]
    pub fn refuse(&self, why: &OauthRefusal) -> RedirectAnswer {
        let fields = vec![
            ("error", why.error().to_owned()),
            ("error_description", format!("AADSTS{}: {}", why.code(), why.message())),
        ];
        self.redirect(fields)
    }

    /// Tells the application that the person said no.
    #[must_use]
    pub fn denied(&self) -> RedirectAnswer {
        self.refuse(&OauthRefusal::ConsentDenied)
    }

    /// Tells the application that nobody is signed in and that it wanted nobody asked.
    #[must_use]
    pub fn sign_in_needed(&self) -> RedirectAnswer {
        self.refuse(&OauthRefusal::SignInNeeded)
    }

    /// An answer with the state the client sent.
    pub(crate) fn redirect(&self, mut fields: Vec<(&'static str, String)>) -> RedirectAnswer {
        let (uri, mode, state) = match &self.purpose {
            Purpose::SignIn(sign_in) => (sign_in.redirect_uri.clone(), sign_in.mode, sign_in.state.clone()),
            Purpose::AdminConsent { redirect_uri, state } => (redirect_uri.clone(), ResponseMode::Query, state.clone()),
            Purpose::Device => (String::new(), ResponseMode::Query, None),
        };
        if let Some(state) = state {
            fields.push(("state", state));
        }
        RedirectAnswer { uri, mode, fields }
    }

    /// A refusal after the redirect address was found good. Our own failures are for the page.
    pub(crate) fn refusal(&self, why: OauthRefusal) -> AuthorizeRefusal {
        if self.is_device() || matches!(why, OauthRefusal::Failed(_)) {
            return AuthorizeRefusal::Page(why);
        }
        // At the authorize endpoint consent is a matter of interaction, and the standard's words differ from those of
        // the token endpoint (OpenID Connect Core 3.1.2.6).
        let error = match &why {
            OauthRefusal::ConsentMissing { .. } => "consent_required",
            OauthRefusal::UserUnknown { .. } | OauthRefusal::UserDisabled => "access_denied",
            OauthRefusal::GrantRevoked => "login_required",
            other => other.error(),
        };
        let mut answer = self.refuse(&why);
        if let Some((_, word)) = answer.fields.iter_mut().find(|(name, _)| *name == "error") {
            error.clone_into(word);
        }
        match why {
            OauthRefusal::UserUnknown { .. } => AuthorizeRefusal::Stranger(answer),
            _ => AuthorizeRefusal::Redirect(answer),
        }
    }

    /// The API that is asked for.
    pub(crate) async fn target(&self, on: &mut impl Connection, keys: &Keys) -> Result<Target, OauthRefusal> {
        target(on, keys, self.asked.resource.as_deref(), &self.tenant_text).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_written_into_addresses_so_that_nothing_leaks_out_of_its_field() {
        let fields = vec![("code", "a+b/c=".to_owned()), ("state", "x&y #ä".to_owned())];
        for (uri, mode, expected) in [
            (
                "https://a.test/back",
                ResponseMode::Query,
                Some("https://a.test/back?code=a%2Bb%2Fc%3D&state=x%26y%20%23%C3%A4"),
            ),
            (
                "https://a.test/?p=1",
                ResponseMode::Query,
                Some("https://a.test/?p=1&code=a%2Bb%2Fc%3D&state=x%26y%20%23%C3%A4"),
            ),
            ("app://auth", ResponseMode::Fragment, Some("app://auth#code=a%2Bb%2Fc%3D&state=x%26y%20%23%C3%A4")),
            ("https://a.test/back", ResponseMode::FormPost, None),
        ] {
            let answer = RedirectAnswer { uri: uri.into(), mode, fields: fields.clone() };
            assert_eq!(answer.location().as_deref(), expected, "{uri} {mode:?}");
        }
    }
}
