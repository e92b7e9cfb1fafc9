//! How much can be open at once, so that nobody fills a table.

use crate::people_house::{GOOD, secret, user};
use crate::tokens_house::{Desk, LOCAL, VERIFIER, at_a_desk, redeem};
use tenantry_core::{ObjectId, Secret};
use tenantry_db::sql;
use tenantry_directory::{NewSession, SignInAttempt, SignInStep, TokenRequest, User, session_find, sign_in};

const MANY_SESSIONS: &str = "INSERT INTO sign_in_session (digest, tenant, user_id, stage, second_factor, signed_in_at, valid_from, tries, \
     expires_at) SELECT $1, tenant, user_id, stage, second_factor, signed_in_at + 1, valid_from, tries, expires_at \
     FROM sign_in_session WHERE user_id = $2 LIMIT 1";
const MANY_CODES: &str = "INSERT INTO authorization_code (digest, tenant, acted_in, user_id, second_factor, signed_in_at, valid_from, app, \
     redirect_uri, asked, created_at, expires_at) SELECT $1, tenant, acted_in, user_id, second_factor, signed_in_at, \
     valid_from, app, redirect_uri, asked, created_at + 1, expires_at FROM authorization_code WHERE user_id = $2 LIMIT 1";
const SESSIONS: &str = "SELECT COUNT(*) AS rows_open FROM sign_in_session WHERE user_id = $1";
const CODES: &str = "SELECT COUNT(*) AS rows_open FROM authorization_code WHERE user_id = $1";

impl Desk {
    async fn begins(&self, user: &User) -> NewSession {
        let password = secret(GOOD);
        let attempt =
            SignInAttempt { tenant: None, name: &user.name, password: &password, new_password: None, ticket: None };
        match sign_in(&self.house.ctx, &self.house.db, &attempt).await.unwrap() {
            SignInStep::Done(begun) => begun,
            other => panic!("{other:?}"),
        }
    }

    async fn many(&self, text: &'static str, user: ObjectId) {
        let mut tx = self.house.begin().await;
        for number in 0..1_100 {
            sql(text).bind(format!("digest {number}")).bind(user).run(&mut tx).await.unwrap();
        }
        tx.commit().await.unwrap();
    }

    async fn count(&self, text: &'static str, user: ObjectId) -> i64 {
        let row = sql(text).bind(user).one(&mut self.house.db.reader().await.unwrap()).await.unwrap();
        row.integer("rows_open").unwrap()
    }

    async fn is_open(&self, session: &NewSession) -> bool {
        session_find(&self.house.ctx, &self.house.db, &session.cookie).await.unwrap().is_some()
    }

    /// The number of the refusal, or 0.
    async fn redeemed(&self, code: &Secret) -> u32 {
        let (client, verifier) = (self.program.made.app.to_string(), Secret::new(VERIFIER));
        self.refused(&TokenRequest {
            code: Some(code),
            code_verifier: Some(&verifier),
            ..redeem(&client, LOCAL, "common")
        })
        .await
    }
}

#[test]
fn of_a_users_sessions_the_oldest_make_room() {
    at_a_desk(|desk| async move {
        let other = user(&desk.house, &desk.partner, "other").await;
        let (oldest, bystander) = (desk.begins(&desk.clerk).await, desk.begins(&other).await);
        desk.many(MANY_SESSIONS, desk.clerk.id).await;
        assert!(desk.is_open(&oldest).await);
        desk.house.advance("2026-01-10T16:05:00Z");
        let newest = desk.begins(&desk.clerk).await;
        assert_eq!(desk.count(SESSIONS, desk.clerk.id).await, 1_000);
        assert!(!desk.is_open(&oldest).await && desk.is_open(&newest).await);
        assert!(desk.is_open(&bystander).await, "others keep theirs");
    });
}

#[test]
fn of_a_users_codes_those_that_were_used_and_the_oldest_make_room() {
    at_a_desk(|desk| async move {
        let other = user(&desk.house, &desk.partner, "other").await;
        let (oldest, bystander) = (desk.program_code(&desk.clerk).await, desk.program_code(&other).await);
        desk.many(MANY_CODES, desk.clerk.id).await;
        desk.house.advance("2026-01-10T16:05:00Z");
        let newest = desk.program_code(&desk.clerk).await;
        assert_eq!(desk.count(CODES, desk.clerk.id).await, 1_000);
        assert_eq!(desk.redeemed(&oldest).await, 70_000, "it is not known any more");
        assert_eq!((desk.redeemed(&newest).await, desk.redeemed(&bystander).await), (0, 0));
        let last = desk.program_code(&desk.clerk).await;
        assert_eq!(desk.redeemed(&newest).await, 70_000, "it was used, so it went before others that are older");
        assert_eq!(desk.redeemed(&last).await, 0);
    });
}
