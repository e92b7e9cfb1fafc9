//! Tokens that count: for whom, where, and until when.

use crate::house::{House, in_a_house};
use tenantry_core::{Reason, Role, TenantKind};
use tenantry_directory::{DIRECTORY_GRAPH, Endpoint, PARTNER_CENTER, PARTNER_CENTER_OLD};
use tenantry_testkit::{ORIGIN, on_every_engine};

#[test]
fn a_token_says_who_calls_in_every_kind_of_tenant() {
    in_a_house(|house| async move {
        for (kind, prefix, roles) in [
            (TenantKind::Provider, "root", &[][..]),
            (TenantKind::Partner, "contoso", &[Role::SalesAgent, Role::BillingAdmin]),
            (TenantKind::Customer, "northwind", &[]),
        ] {
            let tenant = house.create(kind, prefix).await.unwrap();
            let app = house.app(&tenant, roles).await;
            let id = tenant.id.to_string();
            for (asked_of, endpoint) in [
                (id.as_str(), Endpoint::V1),
                (&id.to_uppercase(), Endpoint::V2),
                (&tenant.default_domain.to_uppercase(), Endpoint::V1),
                ("common", Endpoint::V2),
                ("organizations", Endpoint::V1),
            ] {
                let bearer = house.issue_at(asked_of, endpoint, &app, &app.secret, ORIGIN).await.unwrap();
                let seen = house.verify(&bearer, &[ORIGIN]).await;
                assert_eq!(seen, Ok(app.identity(roles)), "{kind:?} {asked_of} {endpoint:?}");
            }
        }
    });
}

#[test]
fn a_token_is_for_one_api_under_all_its_names() {
    in_a_house(|house| async move {
        let app = house.partner_app("contoso", &[]).await;
        for (endpoint, resource, audiences, accepted) in [
            (Endpoint::V1, PARTNER_CENTER, &[PARTNER_CENTER][..], true),
            (Endpoint::V1, PARTNER_CENTER_OLD, &[PARTNER_CENTER], true),
            (Endpoint::V2, PARTNER_CENTER, &[PARTNER_CENTER_OLD], true),
            (Endpoint::V1, "https://graph.windows.net/", &[PARTNER_CENTER, DIRECTORY_GRAPH], true),
            (Endpoint::V2, PARTNER_CENTER, &[ORIGIN, PARTNER_CENTER], true),
            (Endpoint::V2, ORIGIN, &[ORIGIN], true),
            (Endpoint::V1, "https://localhost", &[ORIGIN], true),
            (Endpoint::V1, PARTNER_CENTER, &[DIRECTORY_GRAPH, ORIGIN], false),
            (Endpoint::V2, ORIGIN, &[PARTNER_CENTER], false),
            (Endpoint::V1, "https://graph.windows.net", &[PARTNER_CENTER], false),
            (Endpoint::V1, DIRECTORY_GRAPH, &[], false),
        ] {
            let own = app.tenant.id.to_string();
            let bearer = house.issue_at(&own, endpoint, &app, &app.secret, resource).await.unwrap();
            let expected = if accepted { Ok(app.identity(&[])) } else { Err(Reason::AudienceRefused) };
            assert_eq!(house.verify(&bearer, audiences).await, expected, "{endpoint:?} {resource} for {audiences:?}");
        }
    });
}

/// 3599 seconds of life and 300 of skew, after 16:00:00.
#[test]
fn a_token_ends_when_the_clock_is_moved_past_it() {
    in_a_house(|house| async move {
        let app = house.partner_app("contoso", &[]).await;
        let bearer = house.issue(&app, &app.secret, PARTNER_CENTER).await.unwrap();
        for (at, expected) in [
            ("2026-01-10T16:59:59Z", Ok(app.identity(&[]))),
            ("2026-01-10T17:04:58.999999Z", Ok(app.identity(&[]))),
            ("2026-01-10T17:04:59Z", Err(Reason::TokenExpired)),
            ("2026-03-01T00:00:00Z", Err(Reason::TokenExpired)),
        ] {
            house.advance(at);
            assert_eq!(house.verify(&bearer, &[PARTNER_CENTER]).await, expected, "{at}");
        }
        let fresh = house.issue(&app, &app.secret, PARTNER_CENTER).await.unwrap();
        assert_eq!(house.verify(&fresh, &[PARTNER_CENTER]).await, Ok(app.identity(&[])));
    });
}

/// The signing key is the world's, not the process's: after a restart clients go on with the tokens they have.
#[test]
fn a_token_outlives_the_process_that_made_it() {
    on_every_engine(|bench| async move {
        let house = House::open(&bench, 1).await;
        let app = house.partner_app("contoso", &[Role::AdminAgent]).await;
        let bearer = house.issue(&app, &app.secret, PARTNER_CENTER).await.unwrap();
        let keys = house.keys.jwks("");
        house.db.close().await;
        let house = House::open(&bench, 2).await;
        assert_eq!(house.keys.jwks(""), keys);
        assert_eq!(house.verify(&bearer, &[PARTNER_CENTER]).await, Ok(app.identity(&[Role::AdminAgent])));
        assert!(house.issue(&app, &app.secret, PARTNER_CENTER).await.is_ok(), "the secret still works");
    });
}
