//! The pages on the way in: who are you, choose a new password, the second factor.
//!
//! A wrong password and an unknown name get the same words: the page must not tell strangers who works here.

use super::forms::{Field, Kind, Mistake, buttons, form, remembered_name};
use super::layout::{Journey, Page};
use maud::{Markup, html};
use tenantry_core::Timestamp;
use tenantry_http::Answer;

/// Why somebody is not let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SignInMistake {
    /// Name or password; which one is not told.
    Wrong,
    /// No name was typed.
    NameMissing,
    /// No password was typed.
    PasswordMissing,
    /// Too many wrong passwords.
    Locked {
        /// When the next try counts.
        until: Timestamp,
    },
    /// The account was switched off.
    Disabled,
    /// The sign-in began too long ago, or its code was guessed too often.
    Over,
    /// The account has no place in the tenant that was asked for.
    NotHere,
}

impl SignInMistake {
    fn told(&self) -> Mistake {
        match self {
            Self::Wrong => Mistake::new(
                "password",
                "This user name and password do not belong together. Check both and try again.",
            ),
            Self::NameMissing => Mistake::new("username", "Enter your user name, for example name@contoso.com."),
            Self::PasswordMissing => Mistake::new("password", "Enter your password."),
            Self::Locked { until } => Mistake::new(
                "password",
                format!(
                    "This account is locked after too many wrong passwords. Try again after {}, or ask your \
                     administrator.",
                    clock_time(*until)
                ),
            ),
            Self::Over => Mistake::new("password", "That took too long, or was tried too often. Please sign in again."),
            Self::Disabled => Mistake::new("username", "This account is switched off. Ask your administrator."),
            Self::NotHere => Mistake::new(
                "username",
                "This account does not belong to the organisation you are signing in to. Use another account.",
            ),
        }
    }
}

/// Name and password on one page: two fields are quicker than two pages.
pub(crate) fn sign_in(journey: &Journey, name: &str, mistake: Option<&SignInMistake>) -> Answer {
    let mistakes: Vec<Mistake> = mistake.map(SignInMistake::told).into_iter().collect();
    let at_password = mistakes.first().map_or(!name.is_empty(), |mistake| mistake.field == "password");
    let user = Field {
        id: "username",
        label: "User name",
        hint: None,
        kind: Kind::UserName,
        value: name,
        focus: !at_password,
    };
    let password =
        Field { id: "password", label: "Password", hint: None, kind: Kind::Password, value: "", focus: at_password };
    let body = html! {
        (on_the_way(journey))
        (form(journey, html! {
            (user.html(&mistakes))
            (password.html(&mistakes))
            (buttons(("sign-in", "Sign in"), cancel(journey)))
        }))
    };
    Page::of(journey, "Sign in", &mistakes, body).answer()
}

/// Somebody is signed in already: go on as them, or as somebody else.
pub(crate) fn choose_account(journey: &Journey, name: &str) -> Answer {
    let body = html! {
        (on_the_way(journey))
        p { "You are signed in as " strong { (name) } "." }
        (form(journey, buttons(("continue", "Continue"), &[("other-account", "Use another account")])))
    };
    Page::of(journey, "Choose an account", &[], body).answer()
}

/// A password that somebody else chose must be replaced by one that only its owner knows.
pub(crate) fn new_password(journey: &Journey, name: &str, mistakes: &[Mistake]) -> Answer {
    let field =
        |id, label, hint, kind| Field { id, label, hint, kind, value: "", focus: id == first(mistakes, "password") };
    let fields = [
        field("password", "Current password", None, Kind::Password),
        field(
            "new-password",
            "New password",
            Some("At least 8 characters of three kinds: small letters, capitals, digits, others."),
            Kind::NewPassword,
        ),
        field("new-password-again", "New password again", None, Kind::NewPassword),
    ];
    let body = html! {
        p.lead { "Your password was set by somebody else, or has to be changed. Choose one that only you know." }
        p { "Signed in as " strong { (name) } "." }
        (form(journey, html! {
            (remembered_name(name))
            @for field in &fields { (field.html(mistakes)) }
            (buttons(("new-password", "Save and continue"), &[("other-account", "Use another account")]))
        }))
    };
    Page::of(journey, "Choose a new password", mistakes, body).answer()
}

/// The six digits of an authenticator.
pub(crate) fn second_factor(journey: &Journey, name: &str, mistake: Option<&str>) -> Answer {
    let mistakes: Vec<Mistake> = mistake.map(|says| Mistake::new("otc", says)).into_iter().collect();
    let code = Field {
        id: "otc",
        label: "Code",
        hint: Some("Six digits from your authenticator app. They change every 30 seconds."),
        kind: Kind::OneTimeCode,
        value: "",
        focus: true,
    };
    let body = html! {
        p.lead { "Signing in as " strong { (name) } "." }
        (form(journey, html! {
            (remembered_name(name))
            (code.html(&mistakes))
            (buttons(("second-factor", "Check code"), &[("other-account", "Use another account")]))
        }))
    };
    Page::of(journey, "Enter your code", &mistakes, body).answer()
}

/// "to continue to ..", where that is known.
fn on_the_way(journey: &Journey) -> Markup {
    html! { @if let Some(app) = &journey.app { p.lead { "to continue to " strong { (app) } } } }
}

/// There is a way back only if an application waits for the answer.
const fn cancel(journey: &Journey) -> &'static [(&'static str, &'static str)] {
    if journey.leads_to.is_some() { &[("cancel", "Cancel")] } else { &[] }
}

/// The first field with a mistake, or another.
fn first(mistakes: &[Mistake], other: &'static str) -> &'static str {
    mistakes.first().map_or(other, |mistake| mistake.field)
}

/// `16:05 UTC on 10 January 2026` reads better than a timestamp.
fn clock_time(at: Timestamp) -> String {
    let text = at.to_string();
    let (date, time) = text.split_once('T').unwrap_or((&text, ""));
    format!("{} UTC ({date})", time.get(..5).unwrap_or(time))
}
