//! Access tokens end with the sign-in they came from, also within the second they were made in.

use crate::people_house::{OTHER, secret};
use crate::tokens_house::{Desk, GRAPH, at_a_desk};
use tenantry_core::{Reason, Secret};
use tenantry_directory::{Endpoint, TokenRequest, user_password_reset, user_sign_ins_revoke};

impl Desk {
    async fn counts(&self, token: &Secret) -> Result<(), Reason> {
        self.house.verify_whole(token.reveal(), &[GRAPH]).await.map(drop)
    }

    async fn ends(&self, how: &str) {
        let (ctx, db, tenant, id) = (&self.house.ctx, &self.house.db, self.partner.id, self.clerk.id);
        match how {
            "revoked" => user_sign_ins_revoke(ctx, db, tenant, id).await.unwrap(),
            _ => {
                user_password_reset(ctx, db, tenant, id, secret(OTHER), false).await.unwrap();
            }
        }
    }
}

#[test]
fn an_access_token_ends_at_once_even_if_the_clock_stands() {
    at_a_desk(|desk| async move {
        for (how, at) in [
            ("revoked", None),
            ("revoked", Some("2026-01-10T16:00:00.400000Z")),
            ("a new password", Some("2026-01-10T16:00:00.800000Z")),
        ] {
            let before = desk.program_tokens(&desk.clerk).await.access_token;
            assert_eq!(desk.counts(&before).await, Ok(()), "{how}");
            if let Some(at) = at {
                desk.house.advance(at);
            }
            desk.ends(how).await;
            assert_eq!(desk.counts(&before).await, Err(Reason::TokenInvalid), "{how} {at:?}");
            if how == "revoked" {
                let after = desk.program_tokens(&desk.clerk).await.access_token;
                assert_eq!(desk.counts(&after).await, Ok(()), "who signs in again goes on");
            }
        }
    });
}

#[test]
fn what_a_service_got_on_behalf_of_a_user_ends_too() {
    at_a_desk(|desk| async move {
        let (web, called_with) = (&desk.web, desk.called().await);
        let client = web.made.app.to_string();
        let request = TokenRequest {
            grant_type: Some("urn:ietf:params:oauth:grant-type:jwt-bearer"),
            client_id: Some(&client),
            client_secret: Some(&web.secret),
            assertion: Some(&called_with),
            requested_token_use: Some("on_behalf_of"),
            scope: Some("User.Read openid profile"),
            ..TokenRequest::new(Endpoint::V2, "contoso.example.test")
        };
        let issued = desk.token(&request).await.unwrap().access_token;
        assert_eq!(desk.counts(&issued).await, Ok(()));
        desk.ends("revoked").await;
        assert_eq!(desk.counts(&issued).await, Err(Reason::TokenInvalid));
        assert_eq!(desk.refused(&request).await, 50_173, "nor does it give new ones");
    });
}
