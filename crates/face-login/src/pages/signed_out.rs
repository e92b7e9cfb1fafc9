//! The end of a session.

use super::layout::Page;
use maud::html;
use tenantry_http::{Answer, StatusCode};

/// Said also to those who were not signed in: what they wanted is so.
pub(crate) fn signed_out() -> Answer {
    let body = html! {
        p.lead { "This browser no longer holds your sign-in." }
        p { "Programs that you used keep what they were given until it runs out. You can close this window." }
    };
    Page::end(StatusCode::OK, "You are signed out", None, body).answer()
}
