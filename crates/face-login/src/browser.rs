//! What a browser holds of ours: the session, and a secret that its forms are tied to.
//!
//! A form that another site made must not count (cross-site request forgery). Before anybody is signed in there is no
//! session to tie a form to, and a forged sign-in (as the attacker) is an attack too; so each browser gets a random
//! secret with its first page. A form carries the digest of it: whoever can read a form cannot make the cookie.
//! Forms of people who are signed in carry the token of their session instead, so a page that was opened before the
//! account was changed no longer counts.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use tenantry_core::Secret;
use tenantry_http::{Answer, Call};

/// The cookie of a session, without its prefix.
pub(crate) const SESSION: &str = "session";
/// The cookie of the secret that forms are tied to.
const FORM: &str = "form";

/// A browser that asks.
#[derive(Debug)]
pub(crate) struct Browser {
    secret: Secret,
    is_new: bool,
}

impl Browser {
    /// Reads the secret; draws one for a browser that has none.
    pub(crate) fn read(call: &Call) -> Self {
        match call.cookie(FORM).filter(|secret| secret.len() == 43) {
            Some(secret) => Self { secret: Secret::new(secret), is_new: false },
            None => {
                let drawn: [u8; 32] = call.ctx.chance.bytes();
                Self { secret: Secret::new(URL_SAFE_NO_PAD.encode(drawn)), is_new: true }
            }
        }
    }

    /// What goes into its forms.
    pub(crate) fn form_token(&self) -> String {
        let mut digest = Sha256::new();
        digest.update("tenantry form ");
        digest.update(self.secret.reveal());
        URL_SAFE_NO_PAD.encode(digest.finalize())
    }

    /// Whether a form came from a page of this browser.
    pub(crate) fn is_form_of(&self, sent: &str) -> bool {
        !self.is_new && self.form_token() == sent
    }

    /// The answer, with the cookie if the browser has none yet.
    pub(crate) fn keep(&self, answer: Answer) -> Answer {
        if self.is_new { answer.set_cookie(FORM, self.secret.reveal()) } else { answer }
    }
}

/// The cookie of the session, if the browser sent one.
pub(crate) fn session_cookie(call: &Call) -> Option<Secret> {
    call.cookie(SESSION).filter(|cookie| !cookie.is_empty()).map(Secret::new)
}

/// Signed in, if there is a new session: its cookie is given, and the secret of before is taken back. What a stranger
/// may have planted in the browser before the sign-in is worth nothing after it.
pub(crate) fn signed_in(answer: Answer, cookie: Option<&Secret>) -> Answer {
    match cookie {
        Some(cookie) => answer.set_cookie(SESSION, cookie.reveal()).drop_cookie(FORM),
        None => answer,
    }
}

/// Signed out: nothing is left.
pub(crate) fn forget(answer: Answer) -> Answer {
    answer.drop_cookie(SESSION).drop_cookie(FORM)
}
