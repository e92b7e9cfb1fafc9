//! Secrets and applications that were good and are not any more.

use crate::house::{App, House, in_a_house};
use tenantry_core::{Reason, Secret, TenantKind};
use tenantry_directory::{PARTNER_CENTER, application_disable, secret_add, secret_remove};
use uuid::Uuid;

/// The number of the refusal, if one.
async fn refused(house: &House, app: &App, secret: &Secret) -> Option<u32> {
    house.issue(app, secret, PARTNER_CENTER).await.err().map(|refusal| refusal.code())
}

async fn add(house: &House, app: &App, seconds: i64) -> (Uuid, Secret) {
    let mut tx = house.begin().await;
    let added = secret_add(&house.ctx, &mut tx, app.tenant.id, app.made.app, seconds).await.unwrap();
    tx.commit().await.unwrap();
    added
}

#[test]
fn a_removed_secret_gets_no_more_tokens() {
    in_a_house(|house| async move {
        let app = house.partner_app("contoso", &[]).await;
        let stranger = house.create(TenantKind::Partner, "fabrikam").await.unwrap();
        let (id, second) = add(&house, &app, 3600).await;
        let bearer = house.issue(&app, &second, PARTNER_CENTER).await.unwrap();

        // Only its own tenant can, and only what is committed counts.
        let mut tx = house.begin().await;
        let foreign = secret_remove(&mut tx, stranger.id, id).await.unwrap_err();
        assert_eq!(foreign.reason(), Reason::ApplicationNotFound);
        secret_remove(&mut tx, app.tenant.id, id).await.unwrap();
        drop(tx);
        assert_eq!(refused(&house, &app, &second).await, None);

        let mut tx = house.begin().await;
        secret_remove(&mut tx, app.tenant.id, id).await.unwrap();
        let again = secret_remove(&mut tx, app.tenant.id, id).await.unwrap_err();
        assert_eq!(again.reason(), Reason::ApplicationNotFound);
        tx.commit().await.unwrap();
        assert_eq!(refused(&house, &app, &second).await, Some(7_000_215));
        assert_eq!(refused(&house, &app, &app.secret).await, None, "the other secret still works");
        // Tokens are not the secret: those that are out live on until they expire.
        assert_eq!(house.verify(&bearer, &[PARTNER_CENTER]).await, Ok(app.identity(&[])));
    });
}

#[test]
fn a_secret_ends_when_the_clock_is_moved_past_it() {
    in_a_house(|house| async move {
        let app = house.partner_app("contoso", &[]).await;
        let (_, short) = add(&house, &app, 86_400).await;
        for (at, first, second) in [
            ("2026-01-11T15:59:59.999999Z", None, None),
            ("2026-01-11T16:00:00Z", None, Some(7_000_222)),
            // 730 days after the first was made.
            ("2028-01-10T15:59:59Z", None, Some(7_000_222)),
            ("2028-01-10T16:00:00Z", Some(7_000_222), Some(7_000_222)),
        ] {
            house.advance(at);
            let seen = (refused(&house, &app, &app.secret).await, refused(&house, &app, &short).await);
            assert_eq!(seen, (first, second), "{at}");
        }
        assert_eq!(refused(&house, &app, &Secret::new("guess")).await, Some(7_000_215));
    });
}

#[test]
fn a_disabled_application_gets_no_tokens_and_has_none() {
    in_a_house(|house| async move {
        let app = house.partner_app("contoso", &[]).await;
        let other = house.app(&app.tenant, &[]).await;
        let stranger = house.create(TenantKind::Partner, "fabrikam").await.unwrap();
        let bearer = house.issue(&app, &app.secret, PARTNER_CENTER).await.unwrap();
        assert!(house.verify(&bearer, &[PARTNER_CENTER]).await.is_ok());

        let mut tx = house.begin().await;
        let foreign = application_disable(&house.ctx, &mut tx, stranger.id, app.made.app).await.unwrap_err();
        assert_eq!(foreign.reason(), Reason::ApplicationNotFound);
        application_disable(&house.ctx, &mut tx, app.tenant.id, app.made.app).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(house.verify(&bearer, &[PARTNER_CENTER]).await, Err(Reason::TokenInvalid));
        assert_eq!(refused(&house, &app, &app.secret).await, Some(7_000_112));
        // Who does not know the secret does not learn that it is switched off.
        assert_eq!(refused(&house, &app, &Secret::new("guess")).await, Some(7_000_215));
        assert_eq!(refused(&house, &other, &other.secret).await, None, "the tenant's other application goes on");
    });
}
