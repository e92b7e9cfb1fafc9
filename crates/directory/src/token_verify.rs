//! Checking the bearer token of a request.
//!
//! A good signature says that we made the token, not that it still counts: the application and its roles are
//! looked up each time, so that switching an application off or taking a role away acts at once.

use crate::claims::Claims;
use crate::resource::Api;
use crate::{Endpoint, Keys, rows};
use tenantry_core::context::Application;
use tenantry_core::{AppId, OpContext, Problem, Reason, TenantId, Timestamp};
use tenantry_db::Db;

/// How far clocks may differ, in seconds.
const SKEW_SECONDS: i64 = 300;

/// Who sent the token. `audiences` are the APIs the face answers for, by any of their names.
///
/// # Errors
/// `TokenInvalid` (forged, not ours, or of an application that is gone), `TokenExpired`, `AudienceRefused`.
pub async fn token_verify(
    ctx: &OpContext,
    db: &Db,
    keys: &Keys,
    bearer: &str,
    audiences: &[&str],
) -> Result<Application, Problem> {
    let claims = keys.verify(bearer)?;
    check_issuer(keys, &claims)?;
    check_times(ctx, &claims)?;
    check_audience(keys, &claims, audiences)?;
    let foreign = |what: &str| Problem::new(Reason::TokenInvalid, format!("the bearer token {what}; get a new one"));
    let tenant = TenantId::parse(&claims.tid).map_err(|_| foreign("names no tenant"))?;
    let app = claims.client().and_then(|client| AppId::parse(client).ok());
    let app = app.ok_or_else(|| foreign("names no application"))?;
    let mut reader = db.reader().await?;
    let principal = rows::principal_of(&mut reader, tenant, app).await?;
    let principal = principal.filter(|principal| principal.id.to_string() == claims.oid);
    let principal = principal.ok_or_else(|| foreign("is of an application that is not in its tenant any more"))?;
    if principal.disabled {
        let message = format!("the application {} is disabled; ask an admin of its tenant", principal.app_name);
        return Err(Problem::new(Reason::TokenInvalid, message));
    }
    let roles = rows::roles_held(&mut reader, tenant, principal.id).await?;
    Ok(Application { app, principal: principal.id, tenant, tenant_kind: principal.tenant_kind, roles })
}

fn check_issuer(keys: &Keys, claims: &Claims) -> Result<(), Problem> {
    let ours = [Endpoint::V1, Endpoint::V2].map(|version| keys.issuer(&claims.tid, version));
    if ours.contains(&claims.iss) {
        return Ok(());
    }
    let message =
        format!("the bearer token was issued as {}, but this server is {}; get a new one", claims.iss, ours[0]);
    Err(Problem::new(Reason::TokenInvalid, message))
}

fn check_times(ctx: &OpContext, claims: &Claims) -> Result<(), Problem> {
    let (now, at) = (ctx.now().seconds(), |seconds| Timestamp::from_seconds(seconds));
    if now >= claims.exp.saturating_add(SKEW_SECONDS) {
        let message = format!("the bearer token expired at {}; it is {} now; get a new one", at(claims.exp), at(now));
        return Err(Problem::new(Reason::TokenExpired, message));
    }
    if now < claims.nbf.saturating_sub(SKEW_SECONDS) {
        let message = format!("the bearer token counts from {}; it is {} now; get a new one", at(claims.nbf), at(now));
        return Err(Problem::new(Reason::TokenInvalid, message));
    }
    Ok(())
}

/// Two names of one API are one audience; a name we do not know is compared as it stands.
fn check_audience(keys: &Keys, claims: &Claims, audiences: &[&str]) -> Result<(), Problem> {
    let api = Api::find(&claims.aud, keys.origin());
    let accepted = audiences.iter().any(|audience| match api {
        Some(api) => Api::find(audience, keys.origin()) == Some(api),
        None => *audience == claims.aud,
    });
    if accepted {
        return Ok(());
    }
    let message = format!(
        "the bearer token is for {}; this API takes tokens for {}; ask the token endpoint for one of these",
        claims.aud,
        audiences.join(", ")
    );
    Err(Problem::new(Reason::AudienceRefused, message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{House, ORIGIN};
    use crate::{
        DIRECTORY_GRAPH, PARTNER_CENTER, PARTNER_CENTER_OLD, TOKEN_LIFETIME_SECONDS, TokenRequest, application_disable,
        role_assign, role_unassign, token_issue,
    };
    use base64::Engine;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
    use ring::hmac;
    use serde_json::{Value, json};
    use tenantry_core::{Role, Secret, TenantKind};

    /// A token of a fresh application, for a resource.
    async fn token(house: &House, app: &str, secret: &Secret, endpoint: Endpoint, resource: &str) -> String {
        let scope = format!("{resource}/.default");
        let request = TokenRequest {
            endpoint,
            tenant: "common",
            grant_type: Some("client_credentials"),
            client_id: Some(app),
            client_secret: Some(secret),
            client_assertion: false,
            resource: Some(resource),
            scope: Some(&scope),
        };
        let issued = token_issue(&house.ctx, &house.db, &house.keys, &request).await.unwrap();
        issued.access_token.reveal().to_owned()
    }

    async fn verify(house: &House, token: &str, audiences: &[&str]) -> Result<Application, Reason> {
        let verified = token_verify(&house.ctx, &house.db, &house.keys, token, audiences).await;
        verified.map_err(|problem| problem.reason())
    }

    fn encode(value: &Value) -> String {
        URL_SAFE_NO_PAD.encode(value.to_string())
    }

    #[tokio::test]
    async fn a_good_token_names_the_application_and_its_roles() {
        let house = House::open().await;
        let tenant = house.tenant(TenantKind::Partner, "contoso").await;
        let (app, secret) = house.app(&tenant, &[Role::SalesAgent, Role::BillingAdmin]).await;
        let bearer = token(&house, &app.app.to_string(), &secret, Endpoint::V1, DIRECTORY_GRAPH).await;
        let expected = Application {
            app: app.app,
            principal: app.principal,
            tenant: tenant.id,
            tenant_kind: TenantKind::Partner,
            roles: [Role::SalesAgent, Role::BillingAdmin].into(),
        };
        for _ in 0..2 {
            assert_eq!(verify(&house, &bearer, &[DIRECTORY_GRAPH]).await, Ok(expected.clone()));
        }
    }

    #[tokio::test]
    async fn audiences_match_under_all_names_of_one_api() {
        let house = House::open().await;
        let tenant = house.tenant(TenantKind::Partner, "contoso").await;
        let (app, secret) = house.app(&tenant, &[]).await;
        let app = app.app.to_string();
        for (endpoint, resource, audiences, accepted) in [
            (Endpoint::V1, "https://graph.windows.net/", &[PARTNER_CENTER, DIRECTORY_GRAPH][..], true),
            (Endpoint::V1, "https://graph.windows.net", &[PARTNER_CENTER], false),
            (Endpoint::V1, PARTNER_CENTER_OLD, &[PARTNER_CENTER], true),
            (Endpoint::V2, PARTNER_CENTER, &[PARTNER_CENTER_OLD], true),
            (Endpoint::V2, PARTNER_CENTER, &[ORIGIN], false),
            (Endpoint::V2, ORIGIN, &[ORIGIN], true),
            (Endpoint::V1, "https://localhost", &[ORIGIN], true),
            (Endpoint::V1, ORIGIN, &[PARTNER_CENTER, DIRECTORY_GRAPH], false),
            (Endpoint::V1, PARTNER_CENTER, &[], false),
        ] {
            let bearer = token(&house, &app, &secret, endpoint, resource).await;
            let expected = if accepted { Ok(()) } else { Err(Reason::AudienceRefused) };
            assert_eq!(verify(&house, &bearer, audiences).await.map(|_| ()), expected, "{resource} for {audiences:?}");
        }
    }

    #[tokio::test]
    async fn forged_tokens_are_refused() {
        let house = House::open().await;
        let tenant = house.tenant(TenantKind::Partner, "contoso").await;
        let (app, secret) = house.app(&tenant, &[]).await;
        let good = token(&house, &app.app.to_string(), &secret, Endpoint::V1, DIRECTORY_GRAPH).await;
        let parts: Vec<&str> = good.split('.').collect();
        let key = house.keys.jwks("").remove(0);
        let mut claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[1]).unwrap()).unwrap();
        claims["tid"] = json!("00000000-0000-0000-0000-000000000001");
        let tampered = format!("{}.{}.{}", parts[0], encode(&claims), parts[2]);

        // The classic: the public key, which everybody has, taken for the password of an HMAC.
        let header = encode(&json!({"typ": "JWT", "alg": "HS256", "kid": key.kid}));
        let signed = format!("{header}.{}", parts[1]);
        let password = hmac::Key::new(hmac::HMAC_SHA256, &STANDARD.decode(&key.x5c[0]).unwrap());
        let tag = URL_SAFE_NO_PAD.encode(hmac::sign(&password, signed.as_bytes()));

        let other = encode(&json!({"typ": "JWT", "alg": "RS256", "kid": "another"}));
        let none = encode(&json!({"typ": "JWT", "alg": "none", "kid": key.kid}));
        for (case, bearer) in [
            ("tampered", tampered),
            ("HS256 with the public key", format!("{signed}.{tag}")),
            ("unknown key", format!("{other}.{}.{}", parts[1], parts[2])),
            ("alg none without signature", format!("{none}.{}.", parts[1])),
            ("alg none with signature", format!("{none}.{}.{}", parts[1], parts[2])),
            ("cut signature", good[..good.len() - 4].to_owned()),
            ("no signature", format!("{}.{}.", parts[0], parts[1])),
            ("two parts", format!("{}.{}", parts[0], parts[1])),
            ("four parts", format!("{good}.x")),
            ("no token", "hello".to_owned()),
            ("nothing", String::new()),
        ] {
            assert_eq!(verify(&house, &bearer, &[DIRECTORY_GRAPH]).await, Err(Reason::TokenInvalid), "{case}");
        }
        assert!(verify(&house, &good, &[DIRECTORY_GRAPH]).await.is_ok());
    }

    #[tokio::test]
    async fn a_token_of_another_world_or_origin_is_refused() {
        let house = House::open().await;
        let tenant = house.tenant(TenantKind::Partner, "contoso").await;
        let (app, secret) = house.app(&tenant, &[]).await;
        let bearer = token(&house, &app.app.to_string(), &secret, Endpoint::V1, DIRECTORY_GRAPH).await;
        // The same key under another name, and the same name with other tenants.
        let moved = Keys::open(&house.ctx, &house.db, "https://elsewhere.test").await.unwrap();
        let seen = token_verify(&house.ctx, &house.db, &moved, &bearer, &[DIRECTORY_GRAPH]).await;
        assert_eq!(seen.unwrap_err().reason(), Reason::TokenInvalid);
        let empty = House::open().await;
        assert_eq!(verify(&empty, &bearer, &[DIRECTORY_GRAPH]).await, Err(Reason::TokenInvalid));
    }

    #[tokio::test]
    async fn a_token_ends_on_the_worlds_clock() {
        let house = House::open().await;
        let tenant = house.tenant(TenantKind::Partner, "contoso").await;
        let (app, secret) = house.app(&tenant, &[]).await;
        let bearer = token(&house, &app.app.to_string(), &secret, Endpoint::V1, DIRECTORY_GRAPH).await;
        let end = house.ctx.now().plus_seconds(TOKEN_LIFETIME_SECONDS + SKEW_SECONDS);
        house.clock.advance_to(end.plus_seconds(-1));
        assert!(verify(&house, &bearer, &[DIRECTORY_GRAPH]).await.is_ok());
        house.clock.advance_to(end);
        assert_eq!(verify(&house, &bearer, &[DIRECTORY_GRAPH]).await, Err(Reason::TokenExpired));
    }

    #[tokio::test]
    async fn taking_away_acts_at_once() {
        let house = House::open().await;
        let tenant = house.tenant(TenantKind::Partner, "contoso").await;
        let (app, secret) = house.app(&tenant, &[Role::AdminAgent]).await;
        let bearer = token(&house, &app.app.to_string(), &secret, Endpoint::V1, DIRECTORY_GRAPH).await;
        let roles = async || verify(&house, &bearer, &[DIRECTORY_GRAPH]).await.map(|caller| caller.roles);
        assert_eq!(roles().await, Ok([Role::AdminAgent].into()));

        let mut tx = house.db.begin().await.unwrap();
        role_unassign(&mut tx, tenant.id, app.principal, Role::AdminAgent).await.unwrap();
        role_assign(&house.ctx, &mut tx, tenant.id, app.principal, Role::GlobalAdmin).await.unwrap();
        role_assign(&house.ctx, &mut tx, tenant.id, app.principal, Role::GlobalAdmin).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(roles().await, Ok([Role::GlobalAdmin].into()));

        let mut tx = house.db.begin().await.unwrap();
        application_disable(&house.ctx, &mut tx, tenant.id, app.app).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(roles().await, Err(Reason::TokenInvalid));
    }
}
