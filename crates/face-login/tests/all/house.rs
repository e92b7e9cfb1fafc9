//! What the tests share: a channel, a client of the face, applications that sign in, and people of the partner.

use crate::person::{Person, Shown, encode};
use serde_json::{Map, Value};
use std::future::Future;
use tenantry_core::{AppId, DirectoryRole, OpContext, Secret, TenantId};
use tenantry_directory::{
    AccessKind, ApplicationChange, NewApplication, NewUser, Profile, RequiredAccess, SignInRules, User, UserKind,
    application_create, directory_role_member_add, user_create,
};
use tenantry_face_login::{face, face_with};
use tenantry_testkit::{Channel, Client, Reply, on_every_engine};

pub(crate) const V1: &str = "/contoso.example.test/oauth2/token";
pub(crate) const V2: &str = "/contoso.example.test/oauth2/v2.0/token";
pub(crate) const AUTHORIZE: &str = "/contoso.example.test/oauth2/v2.0/authorize";
/// `https://api.partnercenter.microsoft.com`, as forms have it.
pub(crate) const PARTNER_CENTER: &str = "https%3A%2F%2Fapi.partnercenter.microsoft.com";
/// Where the web application is answered.
pub(crate) const BACK: &str = "https://panel.example.test/back";
pub(crate) const PASSWORD: &str = "Correct-Horse-7";

pub(crate) struct House {
    pub(crate) channel: Channel,
    pub(crate) client: Client,
    /// GUID of contoso.example.test, the partner's tenant.
    pub(crate) tenant: String,
    /// Client id of an application of it.
    pub(crate) app: String,
    pub(crate) secret: String,
}

/// Runs a test on each engine, in a world that shows 2026-01-10T16:00:00Z.
pub(crate) fn in_a_house<F, Fut>(body: F)
where
    F: Fn(House) -> Fut,
    Fut: Future<Output = ()>,
{
    on_every_engine(|bench| {
        let body = &body;
        async move {
            let channel = Channel::new(&bench.world("2026-01-10T16:00:00Z").await).await;
            let client = Client::of(channel.world(), [face()]);
            let tenant = channel.partner.tenant.to_string();
            let app = channel.partner_app.identity.app.to_string();
            let secret = channel.partner_app.secret.reveal().to_owned();
            body(House { channel, client, tenant, app, secret }).await;
        }
    });
}

/// An application with a page or on a device, and its secret if it has one.
pub(crate) struct Made {
    pub(crate) id: String,
    pub(crate) secret: String,
}

impl House {
    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.client.get(path).send().await
    }

    /// Sends a form, with the content type that Node clients write.
    pub(crate) async fn post(&self, path: &str, headers: &[(&str, &str)], form: &str) -> Reply {
        let content = ("content-type", "application/x-www-form-urlencoded;charset=utf-8");
        let sending = self.client.post(path).body(form);
        [&[content], headers]
            .concat()
            .into_iter()
            .fold(sending, |sending, (name, value)| sending.header(name, value))
            .send()
            .await
    }

    /// The fields that say who asks, and for which grant.
    pub(crate) fn credentials(&self) -> String {
        format!("grant_type=client_credentials&client_id={}&client_secret={}", self.app, self.secret)
    }

    pub(crate) fn ctx(&self) -> OpContext {
        self.channel.world().system("test")
    }

    pub(crate) fn home(&self) -> TenantId {
        self.channel.partner.tenant
    }

    /// The same world where the password grant is allowed.
    pub(crate) fn with_passwords(self) -> Self {
        let client = Client::of(
            self.channel.world(),
            [face_with(SignInRules { password_grant: true, ..SignInRules::default() })],
        );
        Self { client, ..self }
    }

    pub(crate) fn person(&self) -> Person {
        Person::of(&self.client)
    }

    /// A user of the partner: `name@contoso.example.test`.
    pub(crate) async fn user(&self, name: &str, change_password: bool) -> User {
        let profile = Profile { display_name: name.to_owned(), mail_nickname: name.to_owned(), ..Profile::default() };
        let new = NewUser {
            name: format!("{name}@contoso.example.test"),
            profile,
            kind: UserKind::Member,
            enabled: true,
            password: Secret::new(PASSWORD),
            change_password,
        };
        user_create(&self.ctx(), self.channel.world().db(), self.home(), new).await.unwrap()
    }

    /// A user who may allow applications for everybody.
    pub(crate) async fn admin(&self, name: &str) -> User {
        let user = self.user(name, false).await;
        let (ctx, db) = (self.ctx(), self.channel.world().db());
        directory_role_member_add(&ctx, db, self.home(), DirectoryRole::GlobalAdmin, user.id).await.unwrap();
        user
    }

    /// An application with a secret that is answered at [`BACK`].
    pub(crate) async fn web_app(&self) -> Made {
        let settings = ApplicationChange {
            name: Some("Panel".to_owned()),
            reply_urls: Some(vec![BACK.to_owned()]),
            required_access: Some(reads_profiles()),
            ..ApplicationChange::default()
        };
        self.made(NewApplication { settings, secrets: vec![Default::default()], certificates: Vec::new() }).await
    }

    /// An application without a secret, on a desk.
    pub(crate) async fn desk_app(&self) -> Made {
        let settings = ApplicationChange {
            name: Some("Command line".to_owned()),
            public_client: Some(true),
            public_reply_urls: Some(vec!["http://localhost".to_owned()]),
            required_access: Some(reads_profiles()),
            ..ApplicationChange::default()
        };
        self.made(NewApplication { settings, secrets: Vec::new(), certificates: Vec::new() }).await
    }

    async fn made(&self, new: NewApplication) -> Made {
        let (application, mut written) =
            application_create(&self.ctx(), self.channel.world().db(), self.home(), new).await.unwrap();
        let secret = written.secrets.pop().and_then(|(_, secret)| secret);
        Made {
            id: application.app.to_string(),
            secret: secret.map(|secret| secret.reveal().to_owned()).unwrap_or_default(),
        }
    }

    /// The link by which the web application asks for a code.
    pub(crate) fn link(&self, app: &Made, more: &str) -> String {
        let (back, scope) = (encode(BACK), encode("openid profile offline_access User.Read"));
        format!(
            "{AUTHORIZE}?client_id={}&response_type=code&redirect_uri={back}&scope={scope}&state=s%261{more}",
            app.id
        )
    }

    /// Signs somebody in on the sign-in page and gives what comes after it.
    pub(crate) async fn sign_in(&self, person: &mut Person, link: &str, name: &str) -> Shown {
        let page = person.open(link).await.is(200, "Sign in");
        let name = format!("{name}@contoso.example.test");
        person.press(&page, "sign-in", &[("username", &name), ("password", PASSWORD)]).await
    }
}

/// `User.Read` of Microsoft Graph.
fn reads_profiles() -> Vec<RequiredAccess> {
    let api = AppId::parse("00000003-0000-0000-c000-000000000000").unwrap();
    let right = "e1fe6dd8-ba31-4d61-89e7-88639da4683d".parse().unwrap();
    vec![RequiredAccess { api, access: vec![(right, AccessKind::Scope)] }]
}

pub(crate) fn object(value: &mut Value) -> &mut Map<String, Value> {
    value.as_object_mut().unwrap()
}
