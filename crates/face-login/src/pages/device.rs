//! Signing in on a device that has no keyboard: type its code here, and say that it is yours.
//!
//! The danger of this flow is somebody sending you *their* code. So before anything is given away the page shows the
//! application and the code and asks; nothing happens by opening a link.

use super::forms::{Field, Kind, Mistake, buttons, form};
use super::layout::{Journey, Page};
use maud::html;
use tenantry_http::{Answer, StatusCode};

/// What waits for a yes.
#[derive(Debug, Clone)]
pub(crate) struct DeviceAsked {
    pub(crate) app: String,
    /// The tenant the application comes from.
    pub(crate) publisher: String,
    /// As the device shows it.
    pub(crate) code: String,
    /// Who would be signed in there.
    pub(crate) user: String,
}

/// Asks for the code.
pub(crate) fn device_enter(journey: &Journey, code: &str, mistake: Option<&str>) -> Answer {
    let mistakes: Vec<Mistake> = mistake.map(|says| Mistake::new("user_code", says)).into_iter().collect();
    let field = Field {
        id: "user_code",
        label: "Code",
        hint: Some("Capital or small letters, with or without dashes."),
        kind: Kind::DeviceCode,
        value: code,
        focus: true,
    };
    let body = html! {
        p.lead { "Type the code that your device or program shows." }
        (form(journey, html! {
            (field.html(&mistakes))
            (buttons(("enter-code", "Next"), &[]))
        }))
    };
    Page::of(journey, "Sign in on a device", &mistakes, body).answer()
}

/// Is this you?
pub(crate) fn device_confirm(journey: &Journey, asked: &DeviceAsked) -> Answer {
    let body = html! {
        p.lead { "to sign in to " strong { (asked.app) } " on another device" }
        p { "Published by " strong { (asked.publisher) } }
        div.fact { "The device shows" span.code { (asked.code) } }
        p {
            "Continue only if you started this yourself and see this code on a device in front of you. It will be \
             signed in as " strong { (asked.user) } "."
        }
        p.quiet { "Somebody sent you the code? Then it is not yours: choose “This is not me”." }
        (form(journey, buttons(
            ("allow-device", "Continue"),
            &[("refuse-device", "This is not me"), ("other-account", "Use another account")],
        )))
    };
    Page::of(journey, "Is this you?", &[], body).answer()
}

/// It worked.
pub(crate) fn device_done(app: &str, tenant: Option<&str>) -> Answer {
    let body = html! {
        p.lead { strong { (app) } " goes on by itself on your device." }
        p { "You can close this window." }
    };
    Page::end(StatusCode::OK, "You are signed in", tenant, body).answer()
}

/// It was refused, as it should be if in doubt.
pub(crate) fn device_declined(app: &str, tenant: Option<&str>) -> Answer {
    let body = html! {
        p.lead { "The device was not signed in to " strong { (app) } "." }
        p { "If somebody sent you the code, tell your administrator. You can close this window." }
    };
    Page::end(StatusCode::OK, "Nothing was given away", tenant, body).answer()
}
