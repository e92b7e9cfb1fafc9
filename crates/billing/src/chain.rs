//! The hash chain over a seller's documents: whoever changes one must change all that follow.

use sha2::{Digest, Sha256};

/// What stands before the first document.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The hash of a document in its place: SHA-256 over the previous hash and the document's stored bytes.
#[must_use]
pub fn hash(previous: &str, document: &str) -> String {
    hash_of_parts(previous, [document])
}

/// The same of a document that lies in parts.
pub(crate) fn hash_of_parts<'a>(previous: &str, parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hasher = Sha256::new();
    hasher.update(previous.as_bytes());
    hasher.update(b"\n");
    for part in parts {
        hasher.update(part.as_bytes());
    }
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_change_shows() {
        let first = hash(GENESIS, "one");
        assert_eq!(first.len(), 64);
        assert_ne!(first, hash(GENESIS, "One"));
        assert_ne!(hash(&first, "two"), hash(GENESIS, "two"));
    }
}
