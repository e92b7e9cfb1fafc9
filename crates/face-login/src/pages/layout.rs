//! The frame of every page: head, card, brand, and the rules the browser must keep.
//!
//! `form-action` deserves a word. It names where forms may be sent, and Chromium applies it to the redirect after a
//! form too. The last step of a sign-in is such a redirect, to the application. So pages on the way to an
//! application allow its (registered, checked) address beside our own.

use super::forms::Mistake;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;
use tenantry_http::{Answer, StatusCode};

const STYLE: &str = include_str!("style.css");
static STYLE_HASH: LazyLock<String> = LazyLock::new(|| hash(STYLE));

/// What the pages of one sign-in have in common.
#[derive(Debug, Clone, Default)]
pub(crate) struct Journey {
    /// The path forms are sent to.
    pub(crate) action: String,
    /// What travels along in every form: the request's parameters and the form token.
    pub(crate) hidden: Vec<(String, String)>,
    /// The tenant's name, once it is known.
    pub(crate) tenant: Option<String>,
    /// The name of the application the person is on the way to.
    pub(crate) app: Option<String>,
    /// The address the last step leads to.
    pub(crate) leads_to: Option<String>,
}

/// A page about to be written.
pub(crate) struct Page<'a> {
    pub(crate) status: StatusCode,
    /// The heading, and the title of the window.
    pub(crate) heading: &'a str,
    pub(crate) tenant: Option<&'a str>,
    /// What must be put right; shown above everything else.
    pub(crate) mistakes: &'a [Mistake],
    /// Where forms may lead beside ourselves.
    pub(crate) leads_to: Option<&'a str>,
    /// Whether forms may lead to any `https` address.
    pub(crate) anywhere: bool,
    /// The one script of the page, which works without too.
    pub(crate) script: Option<&'static str>,
    pub(crate) body: Markup,
}

impl<'a> Page<'a> {
    /// A page of a sign-in. With mistakes it is a refusal of what was sent: 400.
    pub(crate) fn of(journey: &'a Journey, heading: &'a str, mistakes: &'a [Mistake], body: Markup) -> Self {
        Self {
            status: if mistakes.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST },
            heading,
            tenant: journey.tenant.as_deref(),
            mistakes,
            leads_to: journey.leads_to.as_deref(),
            anywhere: false,
            script: None,
            body,
        }
    }

    /// A page that ends something and has no form.
    pub(crate) fn end(status: StatusCode, heading: &'a str, tenant: Option<&'a str>, body: Markup) -> Self {
        Self { status, heading, tenant, mistakes: &[], leads_to: None, anywhere: false, script: None, body }
    }

    /// The answer with the rules that belong to it.
    pub(crate) fn answer(self) -> Answer {
        let there = self.leads_to.map(form_source).unwrap_or_default();
        let forms = ["'self'", &there, if self.anywhere { "https:" } else { "" }];
        let forms = forms.into_iter().filter(|source| !source.is_empty()).collect::<Vec<_>>().join(" ");
        let mut policy = format!("style-src {}; form-action {forms}", *STYLE_HASH);
        if let Some(script) = self.script {
            policy.push_str(&format!("; script-src {}", hash(script)));
        }
        Answer::html(self.status, self.html(), &policy)
    }

    fn html(&self) -> String {
        let wrong = !self.mistakes.is_empty();
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    meta name="robots" content="noindex";
                    title { @if wrong { "Error: " } (self.heading) " - Tenantry" }
                    style { (PreEscaped(STYLE)) }
                }
                body {
                    main {
                        p.brand {
                            (mark()) strong { "Tenantry" }
                            @if let Some(tenant) = self.tenant { span { (tenant) } }
                        }
                        h1 { (self.heading) }
                        @if wrong { (super::forms::summary(self.mistakes)) }
                        (self.body)
                    }
                    @if let Some(script) = self.script { script { (PreEscaped(script)) } }
                }
            }
        };
        page.into_string()
    }
}

/// The sign of the product: a house with many doors.
fn mark() -> Markup {
    html! {
        svg viewBox="0 0 28 28" aria-hidden="true" focusable="false" {
            path fill="currentColor" fill-rule="evenodd" d="M14 2 3 9v15a2 2 0 0 0 2 2h18a2 2 0 0 0 2-2V9L14 2Zm-6 11h4v4H8v-4Zm8 0h4v4h-4v-4Zm-8 6h4v7H8v-7Zm8 0h4v4h-4v-4Z" {}
        }
    }
}

/// A hash source: exactly this text may apply, nothing that somebody slips in.
fn hash(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)))
}

/// An address as a source of a policy: its origin, or its scheme where an origin cannot be written (an address of
/// an application on the device, a literal IPv6 address).
pub(super) fn form_source(address: &str) -> String {
    let scheme_of = |address: &str| -> Option<String> {
        let (scheme, _) = address.split_once(':')?;
        let good = scheme.bytes().all(|b| b.is_ascii_alphanumeric() || [b'+', b'-', b'.'].contains(&b));
        (good && !scheme.is_empty()).then(|| format!("{scheme}:"))
    };
    let origin = address.split_once("://").filter(|(scheme, _)| ["http", "https"].contains(scheme));
    let host = origin.and_then(|(_, rest)| rest.split(['/', '?', '#', '\\']).next()).filter(|host| {
        !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || [b'-', b'.', b':'].contains(&b))
    });
    match (origin, host) {
        (Some((scheme, _)), Some(host)) => format!("{scheme}://{host}"),
        _ => scheme_of(address).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_become_sources_without_room_for_more() {
        for (address, expected) in [
            ("https://app.example.test/signin?x=1", "https://app.example.test"),
            ("http://localhost:8400", "http://localhost:8400"),
            ("http://[::1]:8400/back", "http:"),
            ("msal00000000-0000-0000-0000-000000000001://auth", "msal00000000-0000-0000-0000-000000000001:"),
            ("urn:ietf:wg:oauth:2.0:oob", "urn:"),
            ("https://a.test; script-src *", "https:"),
            ("x y:z", ""),
            ("nothing", ""),
        ] {
            assert_eq!(form_source(address), expected, "{address}");
        }
    }
}
