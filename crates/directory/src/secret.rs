//! Application secrets: made here, shown once, kept as a hash.
//!
//! A secret has 256 random bits. Slow hashes exist because people choose guessable passwords; nobody guesses
//! 256 bits, so one SHA-256 is enough, and sign-in stays fast.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use tenantry_core::{Chance, Secret};

/// A fresh secret: 43 characters of base64url.
pub(crate) fn draw(chance: &Chance) -> Secret {
    Secret::new(URL_SAFE_NO_PAD.encode(chance.bytes::<32>()))
}

/// What is stored of it: SHA-256 in lower-case hex.
pub(crate) fn digest(secret: &Secret) -> String {
    Sha256::digest(secret.reveal()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Compares two digests in a time that does not tell where they differ.
pub(crate) fn same(one: &str, other: &str) -> bool {
    let differing = one.bytes().zip(other.bytes()).fold(0, |seen, (a, b)| std::hint::black_box(seen | (a ^ b)));
    one.len() == other.len() && differing == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_told_from_its_hash_only() {
        let chance = Chance::from_seed(1);
        let (one, two) = (draw(&chance), draw(&chance));
        assert_eq!(one.reveal().len(), 43);
        assert_eq!(digest(&Secret::new("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert!(same(&digest(&one), &digest(&one)));
        assert!(!same(&digest(&one), &digest(&two)));
        assert!(!same(&digest(&one), &digest(&one)[..63]));
        assert!(!same("", &digest(&one)));
    }
}
