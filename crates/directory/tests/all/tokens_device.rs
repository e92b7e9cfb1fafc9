//! Devices: the code they show, the page where somebody decides, and what they get.

use crate::house::App;
use crate::tokens_house::{Desk, SCOPE, at_a_desk, claims};
use tenantry_core::{AppId, Secret};
use tenantry_db::sql;
use tenantry_directory::{
    ConsentFor, DeviceRequest, DeviceStart, Endpoint, OauthRefusal, TokenRequest, consent_accept, consent_question,
    device_decide, device_find, device_start,
};

const LONG: &str = "urn:ietf:params:oauth:grant-type:device_code";

impl Desk {
    async fn start(&self, app: &App) -> DeviceStart {
        self.try_start(app).await.unwrap()
    }

    async fn try_start(&self, app: &App) -> Result<DeviceStart, OauthRefusal> {
        let client = app.made.app.to_string();
        let (endpoint, client_id) = (Endpoint::V2, Some(&*client));
        let request = DeviceRequest { endpoint, tenant: "common", client_id, scope: Some(SCOPE), resource: None };
        device_start(&self.house.ctx, &self.house.db, &self.house.keys, &request).await
    }

    /// The error word, or nothing.
    async fn poll(&self, app: &App, code: &Secret) -> &'static str {
        let client = app.made.app.to_string();
        self.polls(TokenRequest {
            grant_type: Some(LONG),
            client_id: Some(&client),
            device_code: Some(code),
            ..TokenRequest::new(Endpoint::V2, "common")
        })
        .await
    }

    async fn polls(&self, request: TokenRequest<'_>) -> &'static str {
        self.token(&request).await.map_or_else(|refusal| refusal.error(), |_| "")
    }

    async fn decide(&self, user_code: &str, let_in: bool) -> u32 {
        let (ctx, db, keys) = (&self.house.ctx, &self.house.db, &self.house.keys);
        let session = self.session(&self.clerk).await;
        let authorization = match device_find(ctx, db, keys, user_code).await {
            Ok(authorization) => authorization,
            Err(refusal) => return refusal.code(),
        };
        let question = consent_question(ctx, db, keys, &authorization, &session).await.unwrap();
        if let Some(question) = question.filter(|_| let_in) {
            let answer = (ConsentFor::Oneself, question.digest.as_str());
            assert_eq!(consent_accept(ctx, db, keys, &authorization, &session, answer).await.unwrap(), None);
        }
        assert_eq!(authorization.publisher(), "contoso", "who made the application");
        device_decide(ctx, db, keys, user_code, &session, let_in).await.map_or_else(|refusal| refusal.code(), |()| 0)
    }
}

#[test]
fn a_device_is_let_in_in_every_spelling_of_the_grant() {
    at_a_desk(|desk| async move {
        let client = desk.program.made.app.to_string();
        for (case, grant, as_code, endpoint) in [
            ("msal for Python", LONG, true, Endpoint::V2),
            ("msal-node", "device_code", false, Endpoint::V2),
            ("adal", "device_code", true, Endpoint::V1),
        ] {
            let start = desk.start(&desk.program).await;
            assert_eq!((start.expires_in, start.interval, start.user_code.len()), (900, 5, 8));
            assert!(start.message.contains(&start.user_code) && start.message.contains(&start.verification_uri));
            let code = &start.device_code;
            let request = TokenRequest {
                grant_type: Some(grant),
                client_id: Some(&client),
                code: as_code.then_some(code),
                device_code: (!as_code || grant == LONG).then_some(code),
                resource: (endpoint == Endpoint::V1).then_some("https://graph.windows.net"),
                ..TokenRequest::new(endpoint, "common")
            };
            assert_eq!(desk.polls(request).await, "authorization_pending", "{case}");
            let typed = format!("{} {}", &start.user_code[..4].to_lowercase(), &start.user_code[4..]);
            assert_eq!(desk.decide(&typed, true).await, 0, "{case}");
            let issued = desk.token(&request).await.unwrap();
            assert_eq!(claims(&issued.access_token)["oid"], desk.clerk.id.to_string(), "{case}");
            assert!(issued.refresh_token.is_some() && issued.id_token.is_some(), "{case}");
            assert_eq!(desk.token(&request).await.unwrap_err().code(), 54_005, "{case}: once");
            assert_eq!(desk.decide(&typed, false).await, 70_018, "{case}: decided once");
        }
    });
}

#[test]
fn devices_are_told_how_it_stands() {
    at_a_desk(|desk| async move {
        let (app, web) = (&desk.program, &desk.web);
        let start = desk.start(app).await;
        let code = &start.device_code;
        // The clock stands still: nothing can be said of the pace.
        assert_eq!(desk.poll(app, code).await, "authorization_pending");
        assert_eq!(desk.poll(app, code).await, "authorization_pending");
        for (at, expected) in [
            ("16:00:05", "authorization_pending"),
            ("16:00:08", "slow_down"),
            // Five seconds more from now on.
            ("16:00:17", "slow_down"),
            ("16:00:32", "authorization_pending"),
        ] {
            desk.house.advance(&format!("2026-01-10T{at}Z"));
            assert_eq!(desk.poll(app, code).await, expected, "{at}");
        }
        assert_eq!(desk.decide(&start.user_code, false).await, 0);
        assert_eq!(desk.poll(app, code).await, "authorization_declined");
        assert_eq!(desk.poll(app, &Secret::new("guessed")).await, "bad_verification_code");
        assert_eq!(desk.decide("BCDFGHJK", true).await, 70_018);
        assert_eq!(desk.poll(web, code).await, "invalid_client", "no secret");

        let start = desk.start(app).await;
        desk.house.advance("2026-01-10T16:15:32Z");
        assert_eq!(desk.poll(app, &start.device_code).await, "expired_token");
        assert_eq!(desk.decide(&start.user_code, true).await, 70_018);
    });
}

#[test]
fn devices_that_nobody_decides_about_are_bounded() {
    at_a_desk(|desk| async move {
        let program = desk.program.made.app;
        let first = desk.start(&desk.program).await;
        waiting(&desk, program, 999).await;
        let refused = desk.try_start(&desk.program).await.unwrap_err();
        assert_eq!((refused.code(), refused.status(), refused.error()), (90_055, 429, "temporarily_unavailable"));
        assert!(refused.message().contains(&program.to_string()), "{refused:?}");
        // The others' are not touched, nor those that wait.
        assert!(desk.try_start(&desk.web).await.is_ok());
        assert_eq!(desk.poll(&desk.program, &first.device_code).await, "authorization_pending");
        // One that is decided makes room, and so does time.
        assert_eq!(desk.decide(&first.user_code, false).await, 0);
        assert!(desk.try_start(&desk.program).await.is_ok());
        assert!(desk.try_start(&desk.program).await.is_err());
        desk.house.advance("2026-01-10T16:15:01Z");
        assert!(desk.try_start(&desk.program).await.is_ok());
    });
}

/// Device codes as many clients would have asked for them.
async fn waiting(desk: &Desk, app: AppId, count: usize) {
    let mut tx = desk.house.begin().await;
    for number in 0..count {
        sql("INSERT INTO device_code (digest, user_code, tenant, asked_of, app, asked, state, interval_seconds, \
             created_at, expires_at) SELECT $1, $2, tenant, asked_of, app, asked, state, interval_seconds, created_at, \
             expires_at FROM device_code WHERE app = $3 LIMIT 1")
        .bind(format!("digest {number}"))
        .bind(format!("CODE{number}"))
        .bind(app)
        .run(&mut tx)
        .await
        .unwrap();
    }
    tx.commit().await.unwrap();
}
