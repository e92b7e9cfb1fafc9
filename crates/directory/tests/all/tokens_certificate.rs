//! Applications that sign in with a certificate, in all the ways real clients write their assertions.

use crate::house::{House, in_a_house};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use ring::rand::SystemRandom;
use ring::rsa::KeyPair;
use ring::signature::{RSA_PKCS1_SHA256, RSA_PSS_SHA256};
use serde_json::{Value, json};
use tenantry_core::{Secret, Timestamp};
use tenantry_db::sql;
use tenantry_directory::{
    Endpoint, NewCertificate, SignInRules, TokenRequest, certificate_add, credential_remove, token_issue,
};
use tenantry_testkit::{ORIGIN, time};

const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const GRAPH: &str = "https://graph.microsoft.com/.default";

/// The key and certificate of the world do for an application's as well.
async fn key(house: &House) -> (KeyPair, Vec<u8>) {
    let mut reader = house.db.reader().await.unwrap();
    let row = sql("SELECT private_key, certificate FROM signing_key").one(&mut reader).await.unwrap();
    (KeyPair::from_pkcs8(&row.bytes("private_key").unwrap()).unwrap(), row.bytes("certificate").unwrap())
}

fn sign(key: &KeyPair, header: &Value, claims: &str) -> Secret {
    let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(claims));
    let mut signature = vec![0; key.public().modulus_len()];
    let random = SystemRandom::new();
    if header["alg"] == "PS256" {
        key.sign(&RSA_PSS_SHA256, &random, signed.as_bytes(), &mut signature).unwrap();
    } else {
        key.sign(&RSA_PKCS1_SHA256, &random, signed.as_bytes(), &mut signature).unwrap();
    }
    Secret::new(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

struct Bench {
    house: House,
    app: crate::house::App,
    key: KeyPair,
    der: Vec<u8>,
}

impl Bench {
    async fn new(house: House) -> Self {
        let app = house.partner_app("contoso", &[]).await;
        let (key, der) = key(&house).await;
        Self { house, app, key, der }
    }

    async fn register(&self) -> uuid::Uuid {
        let new =
            NewCertificate { key: None, label: None, starts_at: None, expires_at: None, certificate: self.der.clone() };
        let id = self.app.made.app.to_string();
        certificate_add(&self.house.ctx, &self.house.db, self.app.tenant.id, &id, new).await.unwrap().key
    }

    fn sha1(&self) -> Vec<u8> {
        digest(&SHA1_FOR_LEGACY_USE_ONLY, &self.der).as_ref().to_vec()
    }

    fn header(&self) -> Value {
        json!({"typ": "JWT", "alg": "RS256", "x5t": URL_SAFE.encode(self.sha1())})
    }

    /// Claims as msal for Python writes them, with one change.
    fn claims(&self, jti: &str, change: (&str, &str)) -> String {
        self.claims_at(self.house.ctx.now(), jti, change)
    }

    /// The same as a client writes them whose clock shows this.
    fn claims_at(&self, now: Timestamp, jti: &str, change: (&str, &str)) -> String {
        let client = self.app.made.app.to_string();
        let now = now.seconds();
        let all = [
            ("aud", format!("\"{ORIGIN}/contoso.example.test/oauth2/v2.0/token\"")),
            ("iss", format!("\"{client}\"")),
            ("sub", format!("\"{client}\"")),
            ("iat", format!("{now}.1704543")),
            ("exp", format!("{}.1704543", now + 600)),
            ("jti", format!("\"{jti}\"")),
            ("nbf", now.to_string()),
        ];
        let changed = all.iter().filter_map(|(name, value)| {
            let value = if *name == change.0 { change.1 } else { value };
            (!value.is_empty()).then(|| format!("\"{name}\":{value}"))
        });
        format!("{{{}}}", changed.collect::<Vec<_>>().join(","))
    }

    /// The claim `appidacr`, or the number of the refusal.
    async fn check(&self, assertion: &Secret, tenant: &str, scope: &str) -> Result<String, u32> {
        self.check_at(None, assertion, tenant, scope).await
    }

    /// The same for a client that may live in another time.
    async fn check_at(
        &self,
        clients_time: Option<Timestamp>,
        assertion: &Secret,
        tenant: &str,
        scope: &str,
    ) -> Result<String, u32> {
        let client = self.app.made.app.to_string();
        let request = TokenRequest {
            grant_type: Some("client_credentials"),
            client_id: Some(&client),
            client_assertion_type: Some(JWT_BEARER),
            client_assertion: Some(assertion),
            scope: Some(scope),
            clients_time,
            ..TokenRequest::new(Endpoint::V2, tenant)
        };
        let (ctx, db, keys) = (&self.house.ctx, &self.house.db, &self.house.keys);
        let issued = token_issue(ctx, db, keys, &SignInRules::default(), &request).await;
        let token = issued.map_err(|refusal| refusal.code())?.access_token;
        Ok(crate::tokens_house::claims(&token)["appidacr"].as_str().unwrap().to_owned())
    }
}

#[test]
fn assertions_are_taken_in_every_form_clients_write() {
    in_a_house(|house| async move {
        let bench = Bench::new(house).await;
        bench.register().await;
        let (sha1, sha256) = (bench.sha1(), digest(&SHA256, &bench.der));
        let (id, now) = (bench.app.tenant.id, bench.house.ctx.now().seconds());
        let as_sent = ("", "");
        let audience = |path: &str| format!("\"{ORIGIN}/{path}\"");
        for (case, header, change) in [
            ("msal for Python", bench.header(), as_sent),
            ("without padding", json!({"alg": "RS256", "x5t": URL_SAFE_NO_PAD.encode(&sha1)}), as_sent),
            ("standard alphabet", json!({"alg": "RS256", "x5t": STANDARD.encode(&sha1)}), as_sent),
            ("msal-node", json!({"alg": "PS256", "x5t#S256": URL_SAFE_NO_PAD.encode(sha256)}), as_sent),
            ("PS256 with SHA-1", json!({"alg": "PS256", "x5t": URL_SAFE_NO_PAD.encode(&sha1)}), as_sent),
            ("with a chain", json!({"alg": "RS256", "x5t": URL_SAFE.encode(&sha1), "x5c": ["MII="]}), as_sent),
            ("without nbf", bench.header(), ("nbf", "")),
            ("without iat", bench.header(), ("iat", "")),
            ("version 1 address", bench.header(), ("aud", &audience("contoso.example.test/oauth2/token"))),
            ("by the tenant's id", bench.header(), ("aud", &audience(&format!("{id}/oauth2/v2.0/token")))),
            ("the issuer", bench.header(), ("aud", &audience(&format!("{id}/v2.0")))),
            ("the issuer of version 1", bench.header(), ("aud", &audience(&format!("{id}/")))),
            ("common", bench.header(), ("aud", &audience("common/oauth2/v2.0/token"))),
            ("several audiences", bench.header(), ("aud", &format!("[\"x\",{}]", audience("common/v2.0")))),
            ("made in the future by a fast clock", bench.header(), ("iat", &(now + 299).to_string())),
            ("expired by a slow clock", bench.header(), ("exp", &(now - 299).to_string())),
            ("without a name", bench.header(), ("jti", "")),
        ] {
            let assertion = sign(&bench.key, &header, &bench.claims(case, change));
            let seen = bench.check(&assertion, "contoso.example.test", GRAPH).await;
            assert_eq!(seen.as_deref(), Ok("2"), "{case}");
        }
    });
}

#[test]
fn assertions_that_do_not_count_are_refused_by_name() {
    in_a_house(|house| async move {
        let bench = Bench::new(house).await;
        let fabrikam = bench.house.create(tenantry_core::TenantKind::Customer, "fabrikam").await.unwrap();
        let now = bench.house.ctx.now().seconds();
        let good = |jti: &str| sign(&bench.key, &bench.header(), &bench.claims(jti, ("", "")));
        assert_eq!(bench.check(&good("0"), "contoso.example.test", GRAPH).await, Err(700_027), "not registered");
        let registered = bench.register().await;
        let with = |header: Value, change: (&str, &str)| sign(&bench.key, &header, &bench.claims("1", change));
        let at = |seconds: i64| (now + seconds).to_string();
        let cut = good("1").reveal().rsplit_once('.').map(|(signed, _)| format!("{signed}.AAAA")).unwrap();
        let hs256 = json!({"alg": "HS256", "x5t": URL_SAFE.encode(bench.sha1())});
        let unsigned = json!({"alg": "none", "x5t": URL_SAFE.encode(bench.sha1())});
        for (case, assertion, code) in [
            ("another signature", Secret::new(cut), 700_027),
            ("an unknown thumbprint", with(json!({"alg": "RS256", "x5t": "AAAA"}), ("", "")), 700_027),
            ("no thumbprint", with(json!({"alg": "RS256"}), ("", "")), 700_027),
            ("HS256", with(hs256, ("", "")), 700_027),
            ("no signature", with(unsigned, ("", "")), 700_027),
            ("no JWT", Secret::new("hello"), 700_027),
            ("no dates", with(bench.header(), ("exp", "")), 700_027),
            ("a date as text", with(bench.header(), ("exp", "\"soon\"")), 700_027),
            ("expired", with(bench.header(), ("exp", &at(-300))), 700_024),
            ("from the future", with(bench.header(), ("iat", &at(301))), 700_024),
            ("not yet", with(bench.header(), ("nbf", &at(301))), 700_024),
            ("for ever", with(bench.header(), ("exp", &at(90_000))), 700_024),
            ("by another application", with(bench.header(), ("iss", "\"somebody\"")), 700_021),
            ("about another application", with(bench.header(), ("sub", "\"somebody\"")), 700_021),
            ("for another server", with(bench.header(), ("aud", "\"https://elsewhere.test/common/v2.0\"")), 700_023),
            (
                "for another tenant",
                with(bench.header(), ("aud", &format!("\"{ORIGIN}/{}/oauth2/token\"", fabrikam.id))),
                700_023,
            ),
        ] {
            assert_eq!(bench.check(&assertion, "contoso.example.test", GRAPH).await, Err(code), "{case}");
        }
        let (ctx, db, id) = (&bench.house.ctx, &bench.house.db, bench.app.made.app.to_string());
        assert_eq!(bench.check(&good("2"), "contoso.example.test", GRAPH).await.as_deref(), Ok("2"));
        credential_remove(ctx, db, bench.app.tenant.id, &id, registered).await.unwrap();
        assert_eq!(bench.check(&good("3"), "contoso.example.test", GRAPH).await, Err(700_027), "removed");
    });
}

/// msal for Python makes one assertion, keeps it for nine minutes and uses it for each resource it needs.
#[test]
fn an_assertion_counts_once_for_each_thing() {
    in_a_house(|house| async move {
        let bench = Bench::new(house).await;
        bench.register().await;
        let sent = sign(&bench.key, &bench.header(), &bench.claims("one", ("", "")));
        let namesake = sign(&bench.key, &bench.header(), &bench.claims("one", ("nbf", "")));
        let azure = "https://management.azure.com/.default";
        for (case, assertion, scope, expected) in [
            ("first", &sent, GRAPH, Ok("2")),
            ("again", &sent, GRAPH, Err(700_028)),
            ("for another resource", &sent, azure, Ok("2")),
            ("for that again", &sent, azure, Err(700_028)),
            ("another of the same name", &namesake, "https://graph.windows.net/.default", Err(700_028)),
        ] {
            let seen = bench.check(assertion, "contoso.example.test", scope).await;
            assert_eq!(seen.as_deref().map_err(|code| *code), expected, "{case}");
        }
        // What this grant does not use makes it no other thing, nor does another spelling.
        let client = bench.app.made.app.to_string();
        let tenant = bench.app.tenant.id.to_string();
        let junk = Secret::new("anything");
        let same = || TokenRequest {
            grant_type: Some("client_credentials"),
            client_id: Some(&client),
            client_assertion_type: Some(JWT_BEARER),
            client_assertion: Some(&sent),
            scope: Some(GRAPH),
            ..TokenRequest::new(Endpoint::V2, "contoso.example.test")
        };
        for (case, request) in [
            ("a code", TokenRequest { code: Some(&junk), ..same() }),
            ("a refresh token", TokenRequest { refresh_token: Some(&junk), ..same() }),
            ("a device code", TokenRequest { device_code: Some(&junk), ..same() }),
            ("an assertion", TokenRequest { assertion: Some(&junk), ..same() }),
            ("a resource", TokenRequest { resource: Some("x"), ..same() }),
            ("a user", TokenRequest { username: Some("x"), password: Some(&junk), ..same() }),
            ("the tenant by its id", TokenRequest { tenant: &tenant, ..same() }),
            ("any tenant", TokenRequest { tenant: "common", ..same() }),
            ("capitals", TokenRequest { scope: Some("HTTPS://GRAPH.microsoft.com/.default"), ..same() }),
            (
                "by its client id",
                TokenRequest { scope: Some("00000003-0000-0000-c000-000000000000/.default"), ..same() },
            ),
            (
                "by the old endpoint",
                TokenRequest { endpoint: Endpoint::V1, resource: Some("https://graph.microsoft.com"), ..same() },
            ),
        ] {
            let (ctx, db, keys) = (&bench.house.ctx, &bench.house.db, &bench.house.keys);
            let seen = token_issue(ctx, db, keys, &SignInRules::default(), &request).await;
            assert_eq!(seen.map_err(|refusal| refusal.code()).err(), Some(700_028), "{case}");
        }
        // Its traces go with the next one, once it could not be used any more.
        bench.house.advance("2026-01-10T16:20:00Z");
        let later = sign(&bench.key, &bench.header(), &bench.claims("two", ("", "")));
        assert_eq!(bench.check(&later, "contoso.example.test", GRAPH).await.as_deref(), Ok("2"));
        let rows = sql("SELECT identity FROM assertion_seen").all(&mut bench.house.db.reader().await.unwrap()).await;
        assert_eq!(rows.unwrap().len(), 1);
        assert_eq!(time("2026-01-10T16:20:00Z"), bench.house.ctx.now());
    });
}

/// A sandbox stands in a time of its own, and its clients do not: what they sign is dated by their machine.
#[test]
fn an_assertion_is_checked_on_the_clients_time_where_that_is_given_and_on_the_worlds_otherwise() {
    in_a_house(|house| async move {
        let bench = Bench::new(house).await;
        bench.register().await;
        let (world, machine) = (bench.house.ctx.now(), time("2026-03-01T09:00:00Z"));
        let later = machine.plus_seconds(899);
        for (case, made_at, clients_time, expected) in [
            ("one time for both", world, None, Ok("2")),
            ("a client of the future, who says so", machine, Some(machine), Ok("2")),
            ("a client of the future, of whom nothing is known", machine, None, Err(700_024)),
            ("made in the world's time by a client of the future", world, Some(machine), Err(700_024)),
            ("nearly expired at the client's", machine, Some(later), Ok("2")),
            ("expired at the client's", machine, Some(machine.plus_seconds(901)), Err(700_024)),
            ("not made yet at the client's", machine.plus_seconds(301), Some(machine), Err(700_024)),
        ] {
            let assertion = sign(&bench.key, &bench.header(), &bench.claims_at(made_at, case, ("", "")));
            let seen = bench.check_at(clients_time, &assertion, "contoso.example.test", GRAPH).await;
            assert_eq!(seen.as_deref().map_err(|code| *code), expected, "{case}");
        }
        // It counts once there too, however the world's clock stands, and the token is of the world's time.
        let assertion = sign(&bench.key, &bench.header(), &bench.claims_at(machine, "once", ("", "")));
        for (at, expected) in [(machine, Ok("2")), (machine, Err(700_028)), (later, Err(700_028))] {
            let seen = bench.check_at(Some(at), &assertion, "contoso.example.test", GRAPH).await;
            assert_eq!(seen.as_deref().map_err(|code| *code), expected, "{at}");
        }
        assert_eq!(bench.house.ctx.now(), world);
    });
}
