//! A refusal that cannot be told to an application, so it is told to the person: what happened, what to do, and the
//! numbers that support asks for.

use super::layout::Page;
use maud::html;
use tenantry_core::Timestamp;
use tenantry_http::{Answer, StatusCode};
use uuid::Uuid;

/// What is told.
#[derive(Debug)]
pub(crate) struct Refusal<'a> {
    pub(crate) status: StatusCode,
    /// The number after `AADSTS`.
    pub(crate) code: u32,
    pub(crate) message: &'a str,
    pub(crate) correlation: Uuid,
    pub(crate) trace: Uuid,
    pub(crate) at: Timestamp,
}

/// The page.
pub(crate) fn refusal(told: &Refusal<'_>) -> Answer {
    let (heading, lead) = if told.status.is_server_error() {
        ("Something went wrong on our side", "Please try again in a moment. Nothing was changed.")
    } else {
        ("Sorry, this does not work", advice(told.code))
    };
    let body = html! {
        p.lead { (lead) }
        div.fact { p { strong { "AADSTS" (told.code) } ": " (told.message) } }
        dl {
            dt { "Correlation id" } dd { (told.correlation) }
            dt { "Trace id" } dd { (told.trace) }
            dt { "Time" } dd { (told.at) }
        }
    };
    Page::end(told.status, heading, None, body).answer()
}

/// What the person can do, before the exact words that their developer wants.
const fn advice(code: u32) -> &'static str {
    match code {
        50_011 => "The application asked to be answered at an address that it has not registered. Tell its developer.",
        700_016 | 7_000_112 => "The application is not known here, or is switched off. Ask your administrator.",
        90_002 | 900_023 => "The directory in the address is not known. Check the link you followed.",
        90_094 | 65_001 => "An administrator has to allow this application first.",
        50_020 | 50_034 => "Your account does not belong to this directory. Sign in with another account.",
        _ => "The request cannot be answered. Go back to the application and try again.",
    }
}
