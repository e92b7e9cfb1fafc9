//! Signing out: the session of this browser ends, at once and for good.
//!
//! Source: directory.md 1.1. It is a link, so any site can send people here; the worst it does is that somebody has to
//! sign in again. It leads on only to an address that the application has registered.

use crate::authorize::to;
use crate::browser::{forget, session_cookie};
use crate::{pages, sent, wire};
use tenantry_core::Problem;
use tenantry_directory::{session_end, sign_out_address};
use tenantry_http::{Answer, Call};

/// `GET /{tenant}/oauth2/logout` and `/{tenant}/oauth2/v2.0/logout`.
pub(crate) async fn get(call: Call) -> Result<Answer, Problem> {
    let db = call.world.db();
    if let Some(cookie) = session_cookie(&call) {
        session_end(&call.ctx, db, &cookie).await?;
    }
    let wanted = call.query("post_logout_redirect_uri").filter(|address| !address.is_empty());
    let registered = match wanted {
        Some(wanted) => {
            let (client, hint) = (call.query("client_id"), call.query("id_token_hint"));
            sign_out_address(db, call.world.keys(), client, hint, wanted).await?
        }
        None => None,
    };
    let answer = match registered {
        Some(address) => to(&call, &with_state(address, call.query("state"))),
        None => pages::signed_out(),
    };
    Ok(wire::traced(forget(answer), call.ctx.request_id))
}

/// The state of the application goes back to it (OpenID Connect RP-Initiated Logout, 2).
fn with_state(address: String, state: Option<&str>) -> String {
    let Some(state) = state else { return address };
    let sign = if address.contains('?') { '&' } else { '?' };
    format!("{address}{sign}state={}", sent::segment(state))
}
