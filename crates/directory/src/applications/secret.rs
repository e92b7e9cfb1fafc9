//! Application secrets: made here, shown once, kept as a hash.
//!
//! A secret of ours has 256 random bits. Slow hashes exist because people choose guessable passwords; nobody guesses
//! 256 bits, so one SHA-256 is enough, and sign-in stays fast.
//!
//! The older directory API lets a client send a secret of its own. Such a secret is either as good as random, and then
//! one SHA-256 is enough for it too, or it is refused: a slow hash for these would have to run with each token request
//! that names the application, which is a gift to whoever wants to keep the server busy. What scripts of the field send
//! passes: a random GUID, or 32 random bytes in base64.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use tenantry_core::{Chance, Problem, Secret};
use uuid::{Uuid, Version};

const CHOSEN_MIN: usize = 32;
const CHOSEN_MAX: usize = 256;
/// Random text of 32 letters and digits has fewer different ones about once in ten million times.
const DIFFERENT_MIN: usize = 12;

/// A fresh secret: 43 characters of base64url.
pub(crate) fn draw(chance: &Chance) -> Secret {
    Secret::new(URL_SAFE_NO_PAD.encode(chance.bytes::<32>()))
}

/// What is stored of it: SHA-256 in lower-case hex.
pub(crate) fn digest(secret: &Secret) -> String {
    Sha256::digest(secret.reveal()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What may be shown of it ever after: the first three characters, so that people can tell their secrets apart.
pub(crate) fn hint(secret: &Secret) -> String {
    secret.reveal().chars().take(3).collect()
}

/// Compares two secrets or digests in a time that does not tell where they differ.
pub(crate) fn same(one: impl AsRef<[u8]>, other: impl AsRef<[u8]>) -> bool {
    let (one, other) = (one.as_ref(), other.as_ref());
    let differing = one.iter().zip(other).fold(0, |seen, (a, b)| std::hint::black_box(seen | (a ^ b)));
    one.len() == other.len() && differing == 0
}

/// Whether a secret that a client chose is as good as random. No form can show that a text *is* random; this refuses
/// what people make up: short texts, words with blanks, the same few letters, repetitions and sequences.
///
/// # Errors
/// `InvalidField`, which never repeats the text.
pub(crate) fn check_chosen(secret: &Secret) -> Result<(), Problem> {
    let text = secret.reveal();
    let refused = |what: &str| {
        Err(Problem::invalid(
            "passwordCredentials.value",
            format!("{what}; leave the value out and get one made, or send at least {CHOSEN_MIN} random characters"),
        ))
    };
    if let Ok(guid) = Uuid::try_parse(text) {
        return match guid.get_version() {
            Some(Version::Random) => Ok(()),
            _ => refused("this GUID is not a random one (version 4)"),
        };
    }
    let length = text.chars().count();
    if !(CHOSEN_MIN..=CHOSEN_MAX).contains(&length) {
        return refused(&format!("{length} characters are not {CHOSEN_MIN} to {CHOSEN_MAX}"));
    }
    if !text.bytes().all(|b| b.is_ascii_graphic()) {
        return refused("it has blanks, or characters outside ASCII, as a sentence does");
    }
    if text.bytes().collect::<BTreeSet<_>>().len() < DIFFERENT_MIN {
        return refused(&format!("it is made of fewer than {DIFFERENT_MIN} different characters"));
    }
    let kinds: [fn(&u8) -> bool; 3] = [u8::is_ascii_lowercase, u8::is_ascii_uppercase, u8::is_ascii_digit];
    if kinds.iter().filter(|kind| text.as_bytes().iter().any(kind)).count() < 2 {
        return refused("it is all of one kind of letters");
    }
    if steps_of_one(text) * 4 > length || repeats(text) {
        return refused("it repeats itself, or counts up or down");
    }
    Ok(())
}

/// How many characters follow from the one before: the same, the next or the previous one.
fn steps_of_one(text: &str) -> usize {
    text.as_bytes().windows(2).filter(|pair| matches!(pair, [one, two] if one.abs_diff(*two) <= 1)).count()
}

/// Whether some piece of eight characters is there twice.
fn repeats(text: &str) -> bool {
    let mut pieces = BTreeSet::new();
    text.as_bytes().windows(8).any(|piece| !pieces.insert(piece))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_told_from_its_hash_only() {
        let chance = Chance::from_seed(1);
        let (one, two) = (draw(&chance), draw(&chance));
        assert_eq!((one.reveal().len(), hint(&one).len()), (43, 3));
        assert_eq!(digest(&Secret::new("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert!(same(digest(&one), digest(&one)));
        assert!(!same(digest(&one), digest(&two)));
        assert!(!same(digest(&one), &digest(&one)[..63]));
        assert!(!same("", digest(&one)));
    }

    #[test]
    fn secrets_that_people_make_up_are_refused() {
        for (chosen, fine) in [
            ("6f8b7a1e-53c2-4a55-9d0e-0b1f7f5a2c3d", true),
            ("q83vEjRWeJCrze8BI0VniavN7wASNFZ4kKvN7xI0Vng=", true),
            ("Zk3~pW8_rT1.xQ6-bN4vL9yH2sJ7dF5gC0mA", true),
            // A GUID made of time and machine.
            ("6fa459ea-ee8a-11e0-a3a0-0800200c9a66", false),
            ("", false),
            ("hunter2", false),
            ("Password123!Password123!Password123!", false),
            ("correct horse battery staple correct horse", false),
            ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false),
            ("abcdefghijklmnopqrstuvwxyz0123456789ABCDEF", false),
            ("thequickbrownfoxjumpsoverthelazydogs", false),
            ("0123456789012345678901234567890123456789", false),
        ] {
            assert_eq!(check_chosen(&Secret::new(chosen)).is_ok(), fine, "{chosen}");
        }
        let told = check_chosen(&Secret::new("hunter2")).unwrap_err();
        assert!(!told.message().contains("hunter2"));
    }

    #[test]
    fn our_own_secrets_would_pass() {
        let chance = Chance::from_seed(3);
        assert!((0..200).all(|_| check_chosen(&draw(&chance)).is_ok()));
    }
}
