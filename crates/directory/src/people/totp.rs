//! Codes of an authenticator: six digits that follow from a shared secret and the time.
//!
//! Source: RFC 6238 with its defaults (HMAC-SHA1, steps of 30 seconds), which is all that authenticators in people's
//! pockets know; RFC 4226 for the cutting; the `otpauth` address as they read it from a picture.

use crate::address;
use crate::applications::secret::same;
use ring::hmac;
use tenantry_core::{Secret, Timestamp};

const STEP_SECONDS: i64 = 30;
const DIGITS: usize = 6;
/// A phone's clock may be half a minute off, and typing takes time.
const STEPS_AROUND: [i64; 3] = [0, -1, 1];
/// The length HMAC-SHA1 is best fed with.
pub(crate) const SECRET_BYTES: usize = 20;

/// The step whose code this is, if it is near now and later than `after`: the code of a step counts once.
pub(crate) fn step_of(secret: &[u8], code: &str, now: Timestamp, after: i64) -> Option<i64> {
    let typed: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let present = now.seconds().div_euclid(STEP_SECONDS);
    let mut found = None;
    for step in STEPS_AROUND.map(|around| present + around) {
        // All are compared, whichever matches.
        if same(code_at(secret, step), &typed) && step > after {
            found = found.or(Some(step));
        }
    }
    found
}

/// The code of a step.
fn code_at(secret: &[u8], step: i64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let bytes = tag.as_ref();
    let at = usize::from(bytes.last().copied().unwrap_or(0) & 0x0F);
    let cut = bytes.iter().skip(at).take(4).fold(0_u32, |number, byte| number << 8 | u32::from(*byte)) & 0x7FFF_FFFF;
    format!("{:0DIGITS$}", cut % 1_000_000)
}

/// The secret as people can type it: base32 without padding.
pub(crate) fn typed(secret: &[u8]) -> Secret {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bit = |at: usize| secret.get(at / 8).is_some_and(|byte| byte >> (7 - at % 8) & 1 == 1);
    let letters = (0..(secret.len() * 8).div_ceil(5)).map(|letter| {
        let value = (0..5).fold(0, |value, n| value << 1 | usize::from(bit(letter * 5 + n)));
        char::from(ALPHABET[value & 31])
    });
    Secret::new(letters.collect::<String>())
}

/// The address an authenticator reads from a picture.
pub(crate) fn address(issuer: &str, user: &str, secret: &[u8]) -> Secret {
    let (issuer, user) = (address::encoded(issuer), address::encoded(user));
    let typed = typed(secret);
    Secret::new(format!("otpauth://totp/{issuer}:{user}?secret={}&issuer={issuer}", typed.reveal()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"12345678901234567890";

    /// RFC 6238 appendix B, the last six of its eight digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
        ] {
            assert_eq!(code_at(SECRET, seconds / 30), code, "{seconds}");
        }
    }

    #[test]
    fn a_code_counts_near_its_time_and_once() {
        let at = Timestamp::from_seconds;
        for (now, after, expected) in
            [(59, 0, Some(1)), (30, 0, Some(1)), (29, 0, Some(1)), (89, 0, Some(1)), (90, 0, None), (59, 1, None)]
        {
            assert_eq!(step_of(SECRET, "287 082", at(now), after), expected, "{now} after {after}");
        }
        for wrong in ["", "28708", "2870822", "287083", "abcdef"] {
            assert_eq!(step_of(SECRET, wrong, at(59), 0), None, "{wrong}");
        }
    }

    #[test]
    fn the_secret_is_shown_as_authenticators_read_it() {
        assert_eq!(typed(SECRET).reveal(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(typed(b"f").reveal(), "MY");
        assert_eq!(
            address("Contoso & Co", "clerk@contoso.example", b"foobar").reveal(),
            "otpauth://totp/Contoso%20%26%20Co:clerk%40contoso.example?secret=MZXW6YTBOI&issuer=Contoso%20%26%20Co"
        );
    }
}
