//! What the tests share: a channel with prices and one subscription, a client of the face, and tokens.

use crate::schemas::checked;
use serde_json::{Map, Value, json};
use std::future::Future;
use tenantry_commerce::{Customer, Subscription};
use tenantry_core::Identity;
use tenantry_core::Role;
use tenantry_directory::application_register;
use tenantry_face_tenantry::face;
use tenantry_testkit::{App, CARD, Channel, Client, HOURS, ORIGIN, Reply, on_every_engine};

pub(crate) const EVENTS: &str = "/api/v1/usage/events";

pub(crate) struct House {
    pub(crate) channel: Channel,
    pub(crate) client: Client,
    pub(crate) customer: Customer,
    pub(crate) subscription: Subscription,
    /// Bearer tokens for this API.
    pub(crate) provider: String,
    pub(crate) partner: String,
    pub(crate) stranger: String,
}

/// Runs a test on each engine, in a world that was begun on 2026-01-01 and shows 2026-01-10T16:00:00Z. Tokens are
/// fresh then.
pub(crate) fn in_a_house<F, Fut>(body: F)
where
    F: Fn(House) -> Fut,
    Fut: Future<Output = ()>,
{
    on_every_engine(|bench| {
        let body = &body;
        async move {
            let channel = Channel::new(&bench.world("2026-01-01").await).await;
            channel.import_card(CARD).await;
            let customer = channel.customer("Northwind").await;
            let subscription = channel.order_usage(&customer).await;
            channel.advance_to("2026-01-10T16:00:00Z").await;
            let client = Client::of(channel.world(), [checked(face(ORIGIN))]);
            let mut house = House {
                channel,
                client,
                customer,
                subscription,
                provider: String::new(),
                partner: String::new(),
                stranger: String::new(),
            };
            house.sign_in().await;
            body(house).await;
        }
    });
}

impl House {
    /// Gets new tokens: those from before the clock was moved are too old.
    pub(crate) async fn sign_in(&mut self) {
        self.provider = self.channel.token(&self.channel.provider_app, ORIGIN).await;
        self.partner = self.channel.token(&self.channel.partner_app, ORIGIN).await;
        self.stranger = self.channel.token(&self.channel.stranger_app, ORIGIN).await;
    }

    pub(crate) async fn advance(&mut self, to: &str) {
        self.channel.advance_to(to).await;
        self.sign_in().await;
    }

    /// A good event of an hour at 0.10, with members changed; `null` removes one.
    pub(crate) fn event(&self, id: &str, changes: Value) -> Value {
        let mut event: Map<String, Value> = serde_json::from_value(json!({
            "source": "meters",
            "id": id,
            "time": "2026-01-10T15:00:00Z",
            "subscription": self.subscription.id.to_string(),
            "meter": HOURS,
            "resource": "/subscriptions/0/resourceGroups/shop/providers/Microsoft.Compute/virtualMachines/web-1",
            "region": "westeurope",
            "quantity": "1",
        }))
        .unwrap();
        for (name, value) in changes.as_object().unwrap() {
            match value {
                Value::Null => event.remove(name),
                value => event.insert(name.clone(), value.clone()),
            };
        }
        Value::Object(event)
    }

    /// Reports usage as the provider.
    pub(crate) async fn report(&self, body: &Value) -> Reply {
        self.client.post(EVENTS).token(&self.provider).json(body).send().await
    }

    /// Reports a batch of which each event must be accepted.
    pub(crate) async fn accept(&self, events: Vec<Value>) {
        let count = events.len();
        let reply = self.report(&Value::Array(events)).await.expect(200).json();
        assert_eq!(reply["accepted"], json!(count), "{reply:#}");
    }

    pub(crate) async fn get(&self, token: &str, path: &str) -> Reply {
        self.client.get(path).token(token).send().await
    }

    /// Everything an event could change, as the partner sees it.
    pub(crate) async fn seen(&self) -> Vec<Value> {
        let usage = format!("/api/v1/subscriptions/{}/usage?granularity=hourly", self.subscription.id);
        let mut seen = Vec::new();
        for path in [usage.as_str(), "/api/v1/unbilled", "/api/v1/unrated"] {
            seen.push(self.get(&self.partner, path).await.expect(200).json());
        }
        seen
    }
}

impl House {
    /// A token of another application of the partner, with roles of its own.
    pub(crate) async fn application(&self, roles: &[Role]) -> String {
        let world = self.channel.world();
        let ctx = world.system("test");
        let mut tx = world.db().begin().await.unwrap();
        let tenant = self.channel.partner.tenant;
        let (registered, secret) = application_register(&ctx, &mut tx, tenant, "Other", roles).await.unwrap();
        tx.commit().await.unwrap();
        let identity = Identity {
            app: registered.app,
            principal: registered.principal,
            roles: roles.iter().copied().collect(),
            ..self.channel.partner_app.identity.clone()
        };
        self.channel.token(&App { identity, secret }, ORIGIN).await
    }
}
