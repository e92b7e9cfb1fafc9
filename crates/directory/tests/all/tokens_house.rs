//! What the tests about sign-in share: a partner and a customer with people and applications, and the flows as a client
//! and a browser go through them.

use crate::house::{App, House, in_a_house};
use crate::people_house::{GOOD, secret, user};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::future::Future;
use tenantry_core::{Role, Secret, TenantKind};
use tenantry_directory::{
    ApplicationChange, AuthorizeRefusal, AuthorizeRequest, ConsentFor, Endpoint, IssuedToken, OauthRefusal,
    RedirectAnswer, Session, SignInAttempt, SignInRules, SignInStep, Tenant, TokenRequest, User, application_change,
    authorize_check, authorize_grant, consent_accept, consent_question, sign_in, token_issue,
};

/// Where the web application is sent its answers.
pub(crate) const BACK: &str = "https://panel.test/back";
/// The same of the program on a desk.
pub(crate) const LOCAL: &str = "http://localhost:49152/";
/// What the program's challenge is made from.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
/// Signs in and reads the own profile.
pub(crate) const SCOPE: &str = "User.Read openid profile offline_access";
/// As the version 1 endpoint is asked.
pub(crate) const GRAPH: &str = "https://graph.microsoft.com";
pub(crate) const AZURE: &str = "https://management.azure.com";

/// A partner `contoso` with a user `clerk`, a web application and a program, and a customer `northwind`.
pub(crate) struct Desk {
    pub(crate) house: House,
    pub(crate) partner: Tenant,
    pub(crate) customer: Tenant,
    pub(crate) clerk: User,
    /// Keeps a secret.
    pub(crate) web: App,
    /// Keeps none.
    pub(crate) program: App,
}

/// Runs a test on each engine.
pub(crate) fn at_a_desk<F, Fut>(body: F)
where
    F: Fn(Desk) -> Fut,
    Fut: Future<Output = ()>,
{
    in_a_house(|house| {
        let body = &body;
        async move { body(Desk::new(house).await).await }
    });
}

impl Desk {
    async fn new(house: House) -> Self {
        let partner = house.create(TenantKind::Partner, "contoso").await.unwrap();
        let customer = house.create(TenantKind::Customer, "northwind").await.unwrap();
        let clerk = user(&house, &partner, "clerk").await;
        let (web, program) = (house.app(&partner, &[]).await, house.app(&partner, &[]).await);
        let desk = Self { house, partner, customer, clerk, web, program };
        let urls = |url: &str| Some(vec![url.to_owned()]);
        desk.change(&desk.web, ApplicationChange { reply_urls: urls(BACK), ..ApplicationChange::default() }).await;
        let program = ApplicationChange {
            public_reply_urls: urls("http://localhost"),
            public_client: Some(true),
            ..ApplicationChange::default()
        };
        desk.change(&desk.program, program).await;
        desk
    }

    pub(crate) async fn change(&self, app: &App, change: ApplicationChange) {
        let id = app.made.app.to_string();
        application_change(&self.house.ctx, &self.house.db, app.tenant.id, &id, change).await.unwrap();
    }

    /// A partner-managed application of the partner: its principal is in AdminAgents.
    pub(crate) async fn managed_app(&self) -> App {
        let app = self.house.app(&self.partner, &[Role::AdminAgent]).await;
        let urls = Some(vec![BACK.to_owned()]);
        self.change(&app, ApplicationChange { reply_urls: urls, ..ApplicationChange::default() }).await;
        app
    }

    /// Goes to the token endpoint.
    pub(crate) async fn token(&self, request: &TokenRequest<'_>) -> Result<IssuedToken, OauthRefusal> {
        self.token_by(SignInRules::default(), request).await
    }

    pub(crate) async fn token_by(
        &self,
        rules: SignInRules,
        request: &TokenRequest<'_>,
    ) -> Result<IssuedToken, OauthRefusal> {
        token_issue(&self.house.ctx, &self.house.db, &self.house.keys, &rules, request).await
    }

    /// The number of the refusal; 0 if there was none.
    pub(crate) async fn refused(&self, request: &TokenRequest<'_>) -> u32 {
        self.token(request).await.map_or_else(|refusal| refusal.code(), |_| 0)
    }

    /// Signs a user in at the page.
    pub(crate) async fn session(&self, user: &User) -> Session {
        let password = secret(GOOD);
        let attempt =
            SignInAttempt { tenant: None, name: &user.name, password: &password, new_password: None, ticket: None };
        match sign_in(&self.house.ctx, &self.house.db, &attempt).await.unwrap() {
            SignInStep::Done(begun) => begun.session,
            other => panic!("{other:?}"),
        }
    }

    /// Goes through the pages as somebody who says yes to whatever may be said yes to.
    pub(crate) async fn authorize(
        &self,
        request: &AuthorizeRequest<'_>,
        session: &Session,
    ) -> Result<RedirectAnswer, AuthorizeRefusal> {
        let (ctx, db, keys) = (&self.house.ctx, &self.house.db, &self.house.keys);
        let authorization = authorize_check(ctx, db, keys, request).await?;
        if let Some(question) = consent_question(ctx, db, keys, &authorization, session).await? {
            let who = if question.may_accept_for_all { ConsentFor::Everybody } else { ConsentFor::Oneself };
            let answer = (who, question.digest.as_str());
            assert_eq!(consent_accept(ctx, db, keys, &authorization, session, answer).await?, None);
        }
        authorize_grant(ctx, db, keys, &authorization, session).await
    }

    /// A code of the web application for a user.
    pub(crate) async fn web_code(&self, user: &User, tenant: &str) -> Secret {
        let client = self.web.made.app.to_string();
        let session = self.session(user).await;
        let answer = self.authorize(&ask(&client, BACK, tenant), &session).await.unwrap();
        Secret::new(field(&answer, "code"))
    }

    /// A code of the program for a user, with the challenge of [`VERIFIER`].
    pub(crate) async fn program_code(&self, user: &User) -> Secret {
        let (client, challenge) = (self.program.made.app.to_string(), challenge());
        let request = AuthorizeRequest {
            code_challenge: Some(&challenge),
            code_challenge_method: Some("S256"),
            ..ask(&client, LOCAL, "common")
        };
        let session = self.session(user).await;
        Secret::new(field(&self.authorize(&request, &session).await.unwrap(), "code"))
    }

    /// Everything the program gets for a user, from the beginning.
    pub(crate) async fn program_tokens(&self, user: &User) -> IssuedToken {
        let (client, code, verifier) =
            (self.program.made.app.to_string(), self.program_code(user).await, Secret::new(VERIFIER));
        let request =
            TokenRequest { code: Some(&code), code_verifier: Some(&verifier), ..redeem(&client, LOCAL, "common") };
        self.token(&request).await.unwrap()
    }

    /// What the program gets for a refresh token, or the number of the refusal.
    pub(crate) async fn refresh(&self, token: &Secret, scope: &str) -> Result<IssuedToken, u32> {
        let client = self.program.made.app.to_string();
        let request = TokenRequest {
            grant_type: Some("refresh_token"),
            client_id: Some(&client),
            refresh_token: Some(token),
            scope: Some(scope),
            ..TokenRequest::new(Endpoint::V2, "common")
        };
        self.token(&request).await.map_err(|refusal| refusal.code())
    }
}

/// The S256 challenge of [`VERIFIER`].
pub(crate) fn challenge() -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER))
}

/// An authorize request for a code with nothing wrong in it.
pub(crate) fn ask<'a>(client: &'a str, redirect: &'a str, tenant: &'a str) -> AuthorizeRequest<'a> {
    AuthorizeRequest {
        client_id: Some(client),
        response_type: Some("code"),
        redirect_uri: Some(redirect),
        state: Some("42"),
        scope: Some(SCOPE),
        ..AuthorizeRequest::new(Endpoint::V2, tenant)
    }
}

/// A redemption without the code.
pub(crate) fn redeem<'a>(client: &'a str, redirect: &'a str, tenant: &'a str) -> TokenRequest<'a> {
    TokenRequest {
        grant_type: Some("authorization_code"),
        client_id: Some(client),
        redirect_uri: Some(redirect),
        scope: Some(SCOPE),
        client_info: true,
        ..TokenRequest::new(Endpoint::V2, tenant)
    }
}

/// A field of an answer.
pub(crate) fn field(answer: &RedirectAnswer, name: &str) -> String {
    let found = answer.fields.iter().find(|(known, _)| *known == name);
    found.map(|(_, value)| value.clone()).unwrap_or_else(|| panic!("no {name} in {answer:?}"))
}

/// The error word an application is told, or `page` and the number of what a person is shown.
pub(crate) fn told(refusal: &AuthorizeRefusal) -> String {
    match refusal {
        AuthorizeRefusal::Page(refusal) => format!("page {}", refusal.code()),
        AuthorizeRefusal::Redirect(answer) | AuthorizeRefusal::Stranger(answer) => field(answer, "error"),
    }
}

/// What a token says.
pub(crate) fn claims(token: &Secret) -> Value {
    let part = token.reveal().split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}
