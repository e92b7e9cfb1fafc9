//! The client sees what a client on a socket would see: tokens, bodies, refusals.

use serde_json::{Value, json};
use tenantry_core::Problem;
use tenantry_directory::{MICROSOFT_GRAPH, PARTNER_CENTER};
use tenantry_http::{Answer, Call, Face, Route};
use tenantry_testkit::{Channel, Client, on_every_engine};

async fn who(call: Call) -> Result<Answer, Problem> {
    Answer::ok(&call.ctx.tenant().map(|tenant| tenant.to_string()))
}

async fn echo(call: Call) -> Result<Answer, Problem> {
    Answer::created(&call.json::<Value>()?)
}

fn face() -> Face {
    Face::new("test").audiences([PARTNER_CENTER]).routes([
        Route::get("/who", "who.get", "Who calls", who),
        Route::post("/echo", "echo.create", "What was sent", echo).open(),
    ])
}

#[test]
fn requests_go_through_the_whole_frame() {
    on_every_engine(|bench| async move {
        let channel = Channel::new(&bench.world("2026-01-01").await).await;
        let client = Client::of(channel.world(), [face()]);
        let token = channel.token(&channel.partner_app, PARTNER_CENTER).await;
        let reply = client.get("/who").token(&token).send().await.expect(200);
        assert_eq!(reply.json(), json!(channel.partner.tenant.to_string()));
        assert!(!reply.header("ms-requestid").is_empty());

        let other_audience = channel.token(&channel.partner_app, MICROSOFT_GRAPH).await;
        for (sending, status, seen) in [
            (client.get("/who"), 401, "token_missing"),
            (client.get("/who").token("forged"), 401, "token_invalid"),
            (client.get("/who").token(&other_audience), 401, "audience_refused"),
            (client.post("/echo").json(&json!({"a": [1, null]})), 201, r#"{"a":[1,null]}"#),
            (client.post("/echo").form("a=1"), 400, "malformed_body"),
            (client.post("/echo"), 400, "missing_field"),
            (client.delete("/echo"), 405, "method_not_allowed"),
        ] {
            let reply = sending.send().await;
            assert!(reply.status == status && reply.text().contains(seen), "{status} {seen}, but: {reply}");
        }
    });
}
