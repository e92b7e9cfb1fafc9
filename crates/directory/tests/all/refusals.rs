//! What the token service says no with: a code, a status and an error word for each mistake of a request.

use crate::house::{in_a_house, request};
use tenantry_core::{Secret, TenantKind};
use tenantry_directory::{Endpoint, SignInRules, TokenRequest, token_issue};

#[test]
fn every_refusal_has_its_code() {
    in_a_house(|house| async move {
        let app = house.partner_app("contoso", &[]).await;
        house.create(TenantKind::Customer, "fabrikam").await.unwrap();
        let client = app.made.app.to_string();
        let (wrong, empty) = (Secret::new("guessed"), Secret::new(""));
        let good = || request("contoso.example.test", &client, &app.secret);
        let v2 = |scope| TokenRequest { endpoint: Endpoint::V2, scope, ..good() };
        let nobody = "00000000-0000-0000-0000-000000000009";
        for (case, code, status, error) in [
            (TokenRequest { tenant: "adatum.example.test", ..good() }, 90_002, 400, "invalid_request"),
            (TokenRequest { tenant: nobody, ..good() }, 90_002, 400, "invalid_request"),
            (TokenRequest { tenant: "no such tenant", ..good() }, 900_023, 400, "invalid_request"),
            (TokenRequest { grant_type: None, ..good() }, 900_144, 400, "invalid_request"),
            (TokenRequest { grant_type: Some("password"), ..good() }, 70_003, 400, "unsupported_grant_type"),
            (TokenRequest { client_id: None, ..good() }, 900_144, 400, "invalid_request"),
            (TokenRequest { client_id: Some(""), ..good() }, 900_144, 400, "invalid_request"),
            (TokenRequest { client_id: Some(nobody), ..good() }, 700_016, 400, "unauthorized_client"),
            (TokenRequest { client_id: Some("panel"), ..good() }, 700_016, 400, "unauthorized_client"),
            (TokenRequest { client_id: Some(nobody), tenant: "common", ..good() }, 700_016, 400, "unauthorized_client"),
            (TokenRequest { tenant: "fabrikam.example.test", ..good() }, 700_016, 400, "unauthorized_client"),
            (TokenRequest { client_secret: None, ..good() }, 7_000_218, 401, "invalid_client"),
            (TokenRequest { client_secret: Some(&empty), ..good() }, 7_000_218, 401, "invalid_client"),
            (TokenRequest { client_secret: Some(&wrong), ..good() }, 7_000_215, 401, "invalid_client"),
            (
                TokenRequest { client_secret: None, client_assertion: Some(&wrong), ..good() },
                90_014,
                400,
                "invalid_request",
            ),
            (TokenRequest { resource: None, ..good() }, 900_144, 400, "invalid_request"),
            (TokenRequest { resource: Some("https://example.test"), ..good() }, 500_011, 400, "invalid_resource"),
            (v2(None), 900_144, 400, "invalid_request"),
            (v2(Some("User.Read")), 1_002_012, 400, "invalid_scope"),
            (v2(Some("https://a.test/.default https://b.test/.default")), 70_011, 400, "invalid_scope"),
            (v2(Some("https://example.test/.default")), 500_011, 400, "invalid_resource"),
        ] {
            let refusal =
                token_issue(&house.ctx, &house.db, &house.keys, &SignInRules::default(), &case).await.unwrap_err();
            let message = refusal.message();
            assert_eq!(
                (refusal.code(), refusal.status(), refusal.error()),
                (code, status, error),
                "{case:?}: {message}"
            );
            assert!(!format!("{refusal:?}{message}").contains("guessed"), "{case:?}");
        }
    });
}
