//! Who of a partner's people works without a second factor.

use crate::people_house::user;
use crate::tokens_house::{Desk, LOCAL, VERIFIER, ask, at_a_desk, challenge, field, redeem};
use tenantry_core::{Secret, TenantId};
use tenantry_directory::{ApplicationChange, AuthorizeRequest, TokenRequest, User, user_delete, weak_sign_in_list};

impl Desk {
    async fn weak(&self, tenant: TenantId) -> Vec<String> {
        let found = weak_sign_in_list(&self.house.ctx, &self.house.db, tenant).await.unwrap();
        found.into_iter().map(|weak| format!("{} {}", weak.name, weak.last_at)).collect()
    }

    /// Gets the program's tokens for a user who showed a second factor.
    async fn strong_tokens(&self, user: &User) {
        let (client, challenge) = (self.program.made.app.to_string(), challenge());
        let request = AuthorizeRequest {
            code_challenge: Some(&challenge),
            code_challenge_method: Some("S256"),
            ..ask(&client, LOCAL, "common")
        };
        let session = self.strong_session(user).await;
        let answer = self.authorize(&request, &session).await.unwrap();
        let (code, verifier) = (Secret::new(field(&answer, "code")), Secret::new(VERIFIER));
        let request =
            TokenRequest { code: Some(&code), code_verifier: Some(&verifier), ..redeem(&client, LOCAL, "common") };
        self.token(&request).await.unwrap();
    }
}

#[test]
fn it_is_who_gets_tokens_without_one_and_for_a_week() {
    at_a_desk(|desk| async move {
        let partner = desk.partner.id;
        let guard = user(&desk.house, &desk.partner, "guard").await;
        let buyer = user(&desk.house, &desk.customer, "buyer").await;
        desk.strong_tokens(&guard).await;
        let multi = ApplicationChange { multi_tenant: Some(true), ..ApplicationChange::default() };
        desk.change(&desk.program, multi).await;
        desk.program_tokens(&buyer).await;
        assert!(desk.weak(partner).await.is_empty(), "one showed it, and one is none of the partner's people");
        assert!(desk.weak(desk.customer.id).await.is_empty(), "it is about those who administer others");

        let first = desk.house.ctx.now();
        let tokens = desk.program_tokens(&desk.clerk).await;
        assert_eq!(desk.weak(partner).await, [format!("{} {first}", desk.clerk.name)]);
        desk.house.advance(&first.plus_seconds(60).to_string());
        desk.refresh(&tokens.refresh_token.unwrap(), "User.Read").await.unwrap();
        let last = desk.house.ctx.now();
        assert_eq!(desk.weak(partner).await, [format!("{} {last}", desk.clerk.name)], "refreshing is asking again");
        desk.house.advance(&last.plus_seconds(7 * 86_400).to_string());
        assert_eq!(desk.weak(partner).await.len(), 1);
        desk.house.advance(&last.plus_seconds(7 * 86_400 + 1).to_string());
        assert!(desk.weak(partner).await.is_empty());

        desk.program_tokens(&desk.clerk).await;
        assert_eq!(desk.weak(partner).await.len(), 1);
        user_delete(&desk.house.ctx, &desk.house.db, partner, desk.clerk.id).await.unwrap();
        assert!(desk.weak(partner).await.is_empty(), "who is gone needs none");
    });
}
