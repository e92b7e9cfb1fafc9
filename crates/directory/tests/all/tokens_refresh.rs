//! Refresh tokens: for any resource, until the family ends; those of a public client are good once.

use crate::people_house::{OTHER, secret};
use crate::tokens_house::{AZURE, BACK, SCOPE, at_a_desk, claims, redeem};
use tenantry_core::Secret;
use tenantry_db::sql;
use tenantry_directory::{
    ApplicationChange, Endpoint, TokenRequest, UserChange, user_change, user_delete, user_password_reset,
    user_sign_ins_revoke,
};

#[test]
fn each_token_gives_the_next_one() {
    at_a_desk(|desk| async move {
        let mut token = desk.program_tokens(&desk.clerk).await.refresh_token.unwrap();
        let mut seen = vec![token.reveal().to_owned()];
        for minute in 1..=5 {
            desk.house.advance(&format!("2026-01-10T16:0{minute}:00Z"));
            let issued = desk.refresh(&token, SCOPE).await.unwrap();
            assert!(issued.id_token.is_some());
            token = issued.refresh_token.unwrap();
            assert!(!seen.contains(&token.reveal().to_owned()), "never the same again");
            seen.push(token.reveal().to_owned());
        }
        // Only hashes are kept.
        let rows = sql("SELECT digest FROM refresh_token").all(&mut desk.house.db.reader().await.unwrap()).await;
        let kept: Vec<_> = rows.unwrap().iter().map(|row| row.text("digest").unwrap()).collect();
        assert_eq!((kept.len(), kept.iter().any(|digest| seen.contains(digest))), (6, false));
    });
}

#[test]
fn a_token_that_comes_again_ends_the_family() {
    at_a_desk(|desk| async move {
        let first = desk.program_tokens(&desk.clerk).await.refresh_token.unwrap();
        let second = desk.refresh(&first, SCOPE).await.unwrap().refresh_token.unwrap();
        // The answer was lost: the old one is excused for a minute.
        desk.house.advance("2026-01-10T16:00:59Z");
        let third = desk.refresh(&first, SCOPE).await.unwrap().refresh_token.unwrap();
        assert!(desk.refresh(&second, SCOPE).await.is_ok());
        // Now one that was made from it has been used: whoever comes with the first has a copy.
        assert_eq!(desk.refresh(&first, SCOPE).await.unwrap_err(), 50_173);
        assert_eq!(desk.refresh(&third, SCOPE).await.unwrap_err(), 50_173, "the whole family");
        let rows = sql("SELECT act, outcome FROM audit_line WHERE act = 'refresh-tokens-revoke'");
        let lines = rows.all(&mut desk.house.db.reader().await.unwrap()).await.unwrap();
        assert_eq!(lines[0].text("outcome").unwrap(), "succeeded");

        // And past the minute without any use of its successor.
        let first = desk.program_tokens(&desk.clerk).await.refresh_token.unwrap();
        let second = desk.refresh(&first, SCOPE).await.unwrap().refresh_token.unwrap();
        desk.house.advance("2026-01-10T16:02:00Z");
        assert_eq!(desk.refresh(&first, SCOPE).await.unwrap_err(), 50_173);
        assert_eq!(desk.refresh(&second, SCOPE).await.unwrap_err(), 50_173);
    });
}

/// A copy that is used within the grace would be a branch of its own for 90 days, and nobody would see it.
#[test]
fn two_tokens_made_from_one_do_not_both_live() {
    at_a_desk(|desk| async move {
        for (case, robbed_first) in [("the thief moves first", false), ("the owner moves first", true)] {
            let first = desk.program_tokens(&desk.clerk).await.refresh_token.unwrap();
            let owners = desk.refresh(&first, SCOPE).await.unwrap().refresh_token.unwrap();
            let copy = desk.refresh(&first, SCOPE).await.unwrap().refresh_token.unwrap();
            let (one, other) = if robbed_first { (&owners, &copy) } else { (&copy, &owners) };
            let next = desk.refresh(one, SCOPE).await.unwrap().refresh_token.unwrap();
            assert_eq!(desk.refresh(other, SCOPE).await.unwrap_err(), 50_173, "{case}");
            assert_eq!(desk.refresh(&next, SCOPE).await.unwrap_err(), 50_173, "{case}: the whole family");
        }
        // At the same moment: one goes on at most, and its family ends with the other.
        let first = desk.program_tokens(&desk.clerk).await.refresh_token.unwrap();
        let owners = desk.refresh(&first, SCOPE).await.unwrap().refresh_token.unwrap();
        let copy = desk.refresh(&first, SCOPE).await.unwrap().refresh_token.unwrap();
        let (one, other) = tokio::join!(desk.refresh(&owners, SCOPE), desk.refresh(&copy, SCOPE));
        assert_eq!(u8::from(one.is_ok()) + u8::from(other.is_ok()), 1);
        let next = one.or(other).unwrap().refresh_token.unwrap();
        assert_eq!(desk.refresh(&next, SCOPE).await.unwrap_err(), 50_173);
        // A lost answer is no theft: the other token is never seen again.
        let first = desk.program_tokens(&desk.clerk).await.refresh_token.unwrap();
        desk.refresh(&first, SCOPE).await.unwrap();
        let again = desk.refresh(&first, SCOPE).await.unwrap().refresh_token.unwrap();
        let next = desk.refresh(&again, SCOPE).await.unwrap().refresh_token.unwrap();
        assert!(desk.refresh(&next, SCOPE).await.is_ok());
    });
}

#[test]
fn a_client_that_proves_itself_keeps_one_token_for_all_its_customers() {
    at_a_desk(|desk| async move {
        let (client, code) = (desk.web.made.app.to_string(), desk.web_code(&desk.clerk, "common").await);
        let proof = &desk.web.secret;
        let request = TokenRequest { client_secret: Some(proof), code: Some(&code), ..redeem(&client, BACK, "common") };
        let kept = desk.token(&request).await.unwrap().refresh_token.unwrap();
        let mut later = Vec::new();
        for hour in 17..20 {
            desk.house.advance(&format!("2026-01-10T{hour}:00:00Z"));
            let request = TokenRequest {
                grant_type: Some("refresh_token"),
                client_id: Some(&client),
                client_secret: Some(proof),
                refresh_token: Some(&kept),
                scope: Some(SCOPE),
                ..TokenRequest::new(Endpoint::V2, "common")
            };
            later.push(desk.token(&request).await.unwrap().refresh_token.unwrap());
            // A thief of the token has no proof, and does not end the family by trying.
            assert_eq!(desk.refused(&TokenRequest { client_secret: None, ..request }).await, 7_000_218);
        }
        assert_eq!(later.len(), 3);
    });
}

#[test]
fn one_sign_in_is_good_for_many_resources() {
    at_a_desk(|desk| async move {
        let mut token = desk.program_tokens(&desk.clerk).await.refresh_token.unwrap();
        for (scope, expected, aud) in [
            ("https://management.azure.com/.default", Ok("user_impersonation"), "https://management.azure.com"),
            (
                "https://management.azure.com//user_impersonation",
                Ok("user_impersonation"),
                "https://management.azure.com/",
            ),
            (
                "https://api.partnercenter.microsoft.com/user_impersonation offline_access openid profile",
                Ok("user_impersonation"),
                "https://api.partnercenter.microsoft.com",
            ),
            ("https://graph.windows.net/Directory.Read.All", Ok("Directory.Read.All"), "https://graph.windows.net"),
            ("https://graph.windows.net/Directory.ReadWrite.All", Err(65_001), ""),
            ("https://nobody.test/.default", Err(500_011), ""),
            ("User.Read https://management.azure.com/.default", Err(70_011), ""),
            // Without one: as before.
            ("", Ok("Directory.Read.All"), "https://graph.windows.net"),
        ] {
            let issued = desk.refresh(&token, scope).await;
            match (issued, expected) {
                (Ok(issued), Ok(scp)) => {
                    let said = claims(&issued.access_token);
                    assert_eq!((said["scp"].as_str(), said["aud"].as_str()), (Some(scp), Some(aud)), "{scope}");
                    token = issued.refresh_token.unwrap();
                }
                (issued, expected) => assert_eq!(issued.map(|_| ""), expected, "{scope}"),
            }
        }
        // And in the words of version 1.
        let client = desk.program.made.app.to_string();
        let request = TokenRequest {
            grant_type: Some("refresh_token"),
            client_id: Some(&client),
            refresh_token: Some(&token),
            resource: Some(AZURE),
            ..TokenRequest::new(Endpoint::V1, "contoso.example.test")
        };
        let issued = desk.token(&request).await.unwrap();
        assert_eq!((issued.resource.as_str(), issued.scope.as_deref()), (AZURE, Some("user_impersonation")));
    });
}

#[test]
fn only_its_application_redeems_a_token_and_only_a_real_one() {
    at_a_desk(|desk| async move {
        let token = desk.program_tokens(&desk.clerk).await.refresh_token.unwrap();
        let (web, guessed) = (desk.web.made.app.to_string(), Secret::new("guessed"));
        let request = TokenRequest {
            grant_type: Some("refresh_token"),
            client_id: Some(&web),
            client_secret: Some(&desk.web.secret),
            refresh_token: Some(&token),
            scope: Some(SCOPE),
            ..TokenRequest::new(Endpoint::V2, "common")
        };
        assert_eq!(desk.refused(&request).await, 70_000);
        assert_eq!(desk.refused(&TokenRequest { client_secret: None, ..request }).await, 7_000_218);
        assert_eq!(desk.refused(&TokenRequest { refresh_token: None, ..request }).await, 900_144);
        assert_eq!(desk.refresh(&guessed, SCOPE).await.unwrap_err(), 70_000);
        assert!(desk.refresh(&token, SCOPE).await.is_ok(), "nothing of this used it up");
    });
}

#[test]
fn what_was_got_with_a_secret_is_not_renewed_without() {
    at_a_desk(|desk| async move {
        let web = desk.web.made.app.to_string();
        let code = desk.web_code(&desk.clerk, "common").await;
        let first =
            TokenRequest { code: Some(&code), client_secret: Some(&desk.web.secret), ..redeem(&web, BACK, "common") };
        let token = desk.token(&first).await.unwrap().refresh_token.unwrap();
        let local = ApplicationChange { public_client: Some(true), ..ApplicationChange::default() };
        desk.change(&desk.web, local).await;
        let request = TokenRequest {
            grant_type: Some("refresh_token"),
            client_id: Some(&web),
            refresh_token: Some(&token),
            scope: Some(SCOPE),
            ..TokenRequest::new(Endpoint::V2, "common")
        };
        assert_eq!(desk.refused(&request).await, 7_000_218);
        assert_eq!(desk.refused(&TokenRequest { client_secret: Some(&desk.web.secret), ..request }).await, 0);
    });
}

#[test]
fn tokens_end_with_what_they_came_from() {
    at_a_desk(|desk| async move {
        let (ctx, db) = (&desk.house.ctx, &desk.house.db);
        let (tenant, id) = (desk.partner.id, desk.clerk.id);
        for (case, day, expected) in
            [("revoked", 11, 50_173), ("disabled", 12, 50_057), ("a new password", 13, 50_173), ("deleted", 14, 50_173)]
        {
            let issued = desk.program_tokens(&desk.clerk).await;
            let token = issued.refresh_token.unwrap();
            let audience = ["https://graph.microsoft.com"];
            assert!(desk.house.verify(issued.access_token.reveal(), &audience).await.is_ok());
            desk.house.advance(&format!("2026-01-{day}T16:00:00Z"));
            let fresh = desk.program_tokens(&desk.clerk).await;
            desk.house.advance(&format!("2026-01-{day}T16:00:05Z"));
            let enabled = |enabled| UserChange { enabled: Some(enabled), ..UserChange::default() };
            match case {
                "revoked" => user_sign_ins_revoke(ctx, db, tenant, id).await.unwrap(),
                "disabled" => drop(user_change(ctx, db, tenant, id, enabled(false)).await.unwrap()),
                "deleted" => user_delete(ctx, db, tenant, id).await.unwrap(),
                _ => user_password_reset(ctx, db, tenant, id, secret(OTHER), false).await.unwrap(),
            }
            assert_eq!(desk.refresh(&token, SCOPE).await.unwrap_err(), expected, "{case}");
            assert_eq!(desk.refresh(&fresh.refresh_token.unwrap(), SCOPE).await.unwrap_err(), expected, "{case}");
            let seen = desk.house.verify(fresh.access_token.reveal(), &audience).await;
            assert!(seen.is_err(), "{case}: access tokens too");
            match case {
                "disabled" => drop(user_change(ctx, db, tenant, id, enabled(true)).await.unwrap()),
                "a new password" => {
                    let old = secret(crate::people_house::GOOD);
                    user_password_reset(ctx, db, tenant, id, old, false).await.unwrap();
                }
                _ => {}
            }
        }
    });
}

#[test]
fn a_token_that_rests_for_ninety_days_is_over_and_goes() {
    at_a_desk(|desk| async move {
        let rested = desk.program_tokens(&desk.clerk).await.refresh_token.unwrap();
        let used = desk.program_tokens(&desk.clerk).await.refresh_token.unwrap();
        desk.house.advance("2026-04-10T15:59:59Z");
        let used = desk.refresh(&used, SCOPE).await.unwrap().refresh_token.unwrap();
        desk.house.advance("2026-04-10T16:00:00Z");
        assert_eq!(desk.refresh(&rested, SCOPE).await.unwrap_err(), 700_082);
        // The next sign-in sweeps behind it.
        desk.program_tokens(&desk.clerk).await;
        assert_eq!(desk.refresh(&rested, SCOPE).await.unwrap_err(), 70_000);
        assert!(desk.refresh(&used, SCOPE).await.is_ok());
        let families = sql("SELECT id FROM token_family").all(&mut desk.house.db.reader().await.unwrap()).await;
        assert_eq!(families.unwrap().len(), 2);
    });
}
