//! The answer to an application that wants it posted (`response_mode=form_post`).
//!
//! The script presses the button; without scripts the person does. The application may lead on to wherever it likes
//! after it got the form, and Chromium holds `form-action` against that too, so any `https` address is allowed
//! beside the application's own: everything on this page is ours and escaped.

use super::layout::Page;
use maud::html;
use tenantry_http::{Answer, StatusCode};

const PRESS: &str = "document.forms[0].submit();";

/// The page that posts `fields` to `address`.
pub(crate) fn form_post(address: &str, fields: &[(&'static str, String)], app: Option<&str>) -> Answer {
    let body = html! {
        p.lead { "One more step: your answer goes to " strong { (app.unwrap_or("the application")) } "." }
        form method="post" action=(address) {
            @for (name, value) in fields { input type="hidden" name=(name) value=(value); }
            div.buttons { button autofocus { "Continue" } }
        }
    };
    let end = Page::end(StatusCode::OK, "Continue", None, body);
    Page { leads_to: Some(address), anywhere: true, script: Some(PRESS), ..end }.answer()
}
