//! What is answered from memory: with the database closed it still is, and what is taken away is gone at once all the
//! same.

use crate::house::in_a_house;
use tenantry_core::{Reason, Role};
use tenantry_directory::{PARTNER_CENTER, application_disable, role_assign, secret_add, secret_remove};

#[test]
fn a_token_and_a_secret_that_were_seen_before_cost_no_query() {
    in_a_house(|house| async move {
        let app = house.partner_app("contoso", &[Role::SalesAgent]).await;
        let bearer = house.issue(&app, &app.secret, PARTNER_CENTER).await.unwrap();
        let seen = house.verify_whole(&bearer, &[PARTNER_CENTER]).await.unwrap();
        house.db.close().await;
        let again = house.issue(&app, &app.secret, PARTNER_CENTER).await.unwrap();
        assert_eq!(house.verify_whole(&bearer, &[PARTNER_CENTER]).await, Ok(seen));
        // Audience and time are compared each time.
        assert_eq!(house.verify(&bearer, &["https://graph.windows.net"]).await, Err(Reason::AudienceRefused));
        house.advance("2026-01-10T17:30:00Z");
        assert_eq!(house.verify(&bearer, &[PARTNER_CENTER]).await, Err(Reason::TokenExpired));
        assert_ne!(again, bearer);
    });
}

#[test]
fn what_is_remembered_is_forgotten_with_each_change() {
    in_a_house(|house| async move {
        let app = house.partner_app("contoso", &[]).await;
        let (tenant, id) = (app.tenant.id, app.made.principal);
        let bearer = house.issue(&app, &app.secret, PARTNER_CENTER).await.unwrap();
        let roles = |expected: &'static [Role]| {
            let (house, bearer, app) = (&house, &bearer, &app);
            async move { assert_eq!(house.verify(bearer, &[PARTNER_CENTER]).await, Ok(app.identity(expected))) }
        };
        roles(&[]).await;
        for _ in 0..3 {
            let mut tx = house.begin().await;
            role_assign(&house.ctx, &mut tx, tenant, id, Role::SalesAgent).await.unwrap();
            roles(&[]).await;
            tx.commit().await.unwrap();
            roles(&[Role::SalesAgent]).await;
            house.role_take(tenant, id, Role::SalesAgent).await;
            roles(&[]).await;
        }
        let mut tx = house.begin().await;
        let (key, second) = secret_add(&house.ctx, &mut tx, tenant, app.made.app, 60).await.unwrap();
        tx.commit().await.unwrap();
        let refused = |secret| {
            let (house, app) = (&house, &app);
            async move { house.issue(app, secret, PARTNER_CENTER).await.err().map(|refusal| refusal.code()) }
        };
        assert_eq!((refused(&second).await, refused(&second).await), (None, None));
        house.advance("2026-01-10T16:01:00Z");
        assert_eq!(refused(&second).await, Some(7_000_222), "remembered secrets end too");
        assert_eq!(refused(&app.secret).await, None);
        let mut tx = house.begin().await;
        secret_remove(&mut tx, tenant, key).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(refused(&second).await, Some(7_000_215));
        let mut tx = house.begin().await;
        application_disable(&house.ctx, &mut tx, tenant, app.made.app).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(refused(&app.secret).await, Some(7_000_112));
        assert_eq!(house.verify(&bearer, &[PARTNER_CENTER]).await, Err(Reason::TokenInvalid));
    });
}
