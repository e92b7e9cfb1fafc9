//! The signing keys of a world, as it shows them.

use crate::house::in_a_house;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use tenantry_directory::Keys;

#[test]
fn keys_stay_with_the_world() {
    in_a_house(|house| async move {
        let again = Keys::open(&house.ctx, &house.db, "https://localhost:8443/").await.unwrap();
        assert_eq!(again.jwks("i"), house.keys.jwks("i"));
        assert_eq!(again.origin(), "https://localhost:8443");
        assert_eq!(format!("{again:?}"), "Keys(https://localhost:8443, 1 of them)");
    });
}

#[test]
fn the_key_list_names_keys_by_their_certificate() {
    in_a_house(|house| async move {
        let keys = house.keys.jwks("https://localhost:8443/x/");
        let key = &keys[0];
        let certificate = STANDARD.decode(&key.x5c[0]).unwrap();
        assert_eq!(key.kid, URL_SAFE_NO_PAD.encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, &certificate)));
        assert_eq!((key.kid == key.x5t, key.e.as_str(), key.n.len()), (true, "AQAB", 342));
        // The modulus stands in the certificate.
        let modulus = URL_SAFE_NO_PAD.decode(&key.n).unwrap();
        assert!(certificate.windows(modulus.len()).any(|part| part == modulus));
    });
}
