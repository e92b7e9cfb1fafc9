//! Changing the signing key while tokens are out.

use crate::house::in_a_house;
use tenantry_core::{Caller, OpContext, Reason};
use tenantry_directory::{Keys, PARTNER_CENTER, keys_rotate, token_verify};
use tenantry_testkit::ORIGIN;

#[test]
fn a_new_key_signs_and_the_old_one_verifies_as_long_as_its_tokens() {
    in_a_house(|house| async move {
        let app = house.partner_app("contoso", &[]).await;
        let good = |bearer: String| {
            let house = &house;
            async move { house.verify(&bearer, &[PARTNER_CENTER]).await.map(drop) }
        };
        let old = house.issue(&app, &app.secret, PARTNER_CENTER).await.unwrap();
        let before = house.keys.jwks("");
        keys_rotate(&house.ctx, &house.db, &house.keys).await.unwrap();
        let after = house.keys.jwks("");
        assert_eq!((after.len(), &after[1..], after[0] == before[0]), (2, &before[..], false));
        let new = house.issue(&app, &app.secret, PARTNER_CENTER).await.unwrap();
        assert_ne!(old.split('.').next(), new.split('.').next());
        assert_eq!((good(old.clone()).await, good(new.clone()).await), (Ok(()), Ok(())));
        // After a restart it is the same.
        let again = Keys::open(&house.ctx, &house.db, ORIGIN).await.unwrap();
        assert_eq!(again.jwks(""), after);

        // The last token of the old key: 3599 seconds, and 300 on either side for clocks that differ.
        house.advance("2026-01-10T17:04:58Z");
        assert_eq!(good(old.clone()).await, Ok(()));
        house.advance("2026-01-10T17:09:58Z");
        assert_eq!(house.keys.jwks("").len(), 2);
        assert_eq!(good(old.clone()).await, Err(Reason::TokenExpired));
        house.advance("2026-01-10T17:09:59Z");
        assert_eq!(house.keys.jwks(""), after[..1]);
        let forgotten = token_verify(&house.ctx, &house.db, &again, &old, &[PARTNER_CENTER]).await.unwrap_err();
        assert_eq!(forgotten.reason(), Reason::TokenInvalid, "nobody who has not seen it before takes it any more");
        assert_eq!(good(new).await, Err(Reason::TokenExpired));
    });
}

#[test]
fn nobody_but_the_provider_changes_the_key() {
    in_a_house(|house| async move {
        let app = house.partner_app("contoso", &tenantry_core::Role::ALL).await;
        let ctx = OpContext { caller: Caller::SignedIn(app.identity(&tenantry_core::Role::ALL)), ..house.ctx.clone() };
        let refused = keys_rotate(&ctx, &house.db, &house.keys).await.unwrap_err();
        assert_eq!(refused.reason(), Reason::Forbidden);
        assert_eq!(house.keys.jwks("").len(), 1);
    });
}
