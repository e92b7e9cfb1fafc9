//! What the tests share: a channel, a client of the face, and the partner's application that signs in.

use serde_json::{Map, Value};
use std::future::Future;
use tenantry_face_login::face;
use tenantry_testkit::{Channel, Client, Reply, on_every_engine};

pub(crate) const V1: &str = "/contoso.example.test/oauth2/token";
pub(crate) const V2: &str = "/contoso.example.test/oauth2/v2.0/token";
/// `https://api.partnercenter.microsoft.com`, as forms have it.
pub(crate) const PARTNER_CENTER: &str = "https%3A%2F%2Fapi.partnercenter.microsoft.com";

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
}

pub(crate) fn object(value: &mut Value) -> &mut Map<String, Value> {
    value.as_object_mut().unwrap()
}
