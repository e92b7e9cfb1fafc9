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
    pub(crate) family_revoked: bool,
}

/// What to do.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// Replace it.
    Good,
    /// Refuse.
    Refused(OauthRefusal),
    /// Refuse, and end the family.
    Stolen,
}

/// Decides.
pub(crate) fn judge(token: Kept, now: Timestamp) -> Verdict {
    let excused = |at: Timestamp| now < at.plus_seconds(GRACE_SECONDS) && !token.successor_used;
    if token.family_revoked {
        return Verdict::Refused(OauthRefusal::GrantRevoked);
    }
    if token.expires_at <= now {
        return Verdict::Refused(OauthRefusal::RefreshIdle);
    }
    match token.redeemed_at {
        Some(at) if !token.client_proven && !excused(at) => Verdict::Stolen,
        _ => Verdict::Good,
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
            ("used, revoked since", Kept { family_revoked: true, ..used }, 101, "50173"),
            (
                "used by a client that proves itself",
                Kept { client_proven: true, successor_used: true, ..used },
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
                Verdict::Good => "good".to_owned(),
                Verdict::Refused(refusal) => refusal.code().to_string(),
                Verdict::Stolen => "stolen".to_owned(),
            };
            assert_eq!(seen, expected, "{case}");
        }
    }
}
