//! When a refresh token counts. All tokens that come from one sign-in are a family; each is replaced by the next when
//! it is redeemed.
//!
//! A client that proves who it is each time (by secret or certificate) may redeem a token again: a copy is worth nothing
//! without the proof, and the tools of this field keep one token and redeem it at every customer's tenant (directory.md
//! 1.6 and part 4). A public client proves nothing, so its tokens are good once. If one comes a second time, somebody
//! has a copy, and nobody can tell who: the family ends (RFC 9700 4.14.2).
//!
//! The exception is a short grace. An answer can get lost, and then an honest client has nothing but the old token.
//! So for [`GRACE_SECONDS`] after a token was redeemed it gives another one, unless a token made from it has been
//! used: whoever used it got the answer. In a world whose clock stands still the grace lasts as long as the clock does.
//!
//! So a token can have two that were made from it, and only one of them is in the right hands or the other was lost.
//! The first of them that is used goes on; when the other comes too, two parties live on one sign-in, and the family
//! ends. Otherwise a copy used within the grace would be a branch of its own that nobody ever sees.
//!
//! The service of the field keeps redeemed tokens good for public clients too (directory.md 1.6). We do not: a stolen
//! token must not be good for 90 days without a trace.

use super::OauthRefusal;
use tenantry_core::Timestamp;

/// How long a token may rest unused.
pub(crate) const IDLE_SECONDS: i64 = 90 * 86_400;
/// How long a redeemed token is excused.
pub(crate) const GRACE_SECONDS: i64 = 60;

/// What is known of a token that came in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kept {
    pub(crate) expires_at: Timestamp,
    /// Whether the client has to prove who it is to redeem it.
    pub(crate) client_proven: bool,
    pub(crate) redeemed_at: Option<Timestamp>,
    /// Whether a token made from it was redeemed.
    pub(crate) successor_used: bool,
    /// Whether another token made from the same one was redeemed.
    pub(crate) sibling_used: bool,
    pub(crate) family_revoked: bool,
}

/// What to do with one that is not replaced.
#[derive(Debug)]
pub(crate) enum Bad {
    /// Refuse.
    Refused(OauthRefusal),
    /// Refuse, and end the family.
    Stolen,
}

/// Decides whether a token is replaced by another.
pub(crate) fn judge(token: Kept, now: Timestamp) -> Result<(), Bad> {
    let excused = |at: Timestamp| now < at.plus_seconds(GRACE_SECONDS) && !token.successor_used;
    if token.family_revoked {
        return Err(Bad::Refused(OauthRefusal::GrantRevoked));
    }
    if token.expires_at <= now {
        return Err(Bad::Refused(OauthRefusal::RefreshIdle));
    }
    if token.client_proven {
        return Ok(());
    }
    match token.redeemed_at {
        _ if token.sibling_used => Err(Bad::Stolen),
        Some(at) if !excused(at) => Err(Bad::Stolen),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refresh_token_is_good_once_and_a_little() {
        let at = Timestamp::from_seconds;
        let fresh = Kept {
            expires_at: at(1_000),
            client_proven: false,
            redeemed_at: None,
            successor_used: false,
            sibling_used: false,
            family_revoked: false,
        };
        let used = Kept { redeemed_at: Some(at(100)), ..fresh };
        for (case, token, now, expected) in [
            ("never used", fresh, 999, "good"),
            ("idle too long", fresh, 1_000, "700082"),
            ("revoked", Kept { family_revoked: true, ..fresh }, 10, "50173"),
            ("used, the answer was lost", used, 159, "good"),
            ("used, at the same instant", used, 100, "good"),
            ("used, long ago", used, 160, "stolen"),
            ("used, and the next one too", Kept { successor_used: true, ..used }, 101, "stolen"),
            ("never used, but its sibling was", Kept { sibling_used: true, ..fresh }, 10, "stolen"),
            ("used within the grace, and its sibling too", Kept { sibling_used: true, ..used }, 101, "stolen"),
            ("revoked, and its sibling used", Kept { sibling_used: true, family_revoked: true, ..fresh }, 10, "50173"),
            ("used, revoked since", Kept { family_revoked: true, ..used }, 101, "50173"),
            (
                "used by a client that proves itself",
                Kept { client_proven: true, successor_used: true, sibling_used: true, ..used },
                900,
                "good",
            ),
            (
                "of a client that proves itself, revoked",
                Kept { client_proven: true, family_revoked: true, ..used },
                101,
                "50173",
            ),
            ("used, and too old to mind", used, 1_001, "700082"),
        ] {
            let seen = match judge(token, at(now)) {
                Ok(()) => "good".to_owned(),
                Err(Bad::Refused(refusal)) => refusal.code().to_string(),
                Err(Bad::Stolen) => "stolen".to_owned(),
            };
            assert_eq!(seen, expected, "{case}");
        }
    }
}
