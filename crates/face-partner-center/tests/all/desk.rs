//! A partner's desk: a small channel, a client with the partner's token, and a protocol of what was said.

use serde_json::Value;
use tenantry_commerce::{Customer, Limits, NewCustomer, customer_create};
use tenantry_core::Identity;
use tenantry_core::Role;
use tenantry_directory::{PARTNER_CENTER, application_register};
use tenantry_face_partner_center::face;
use tenantry_testkit::{App, Bench, Channel, Client, ORIGIN, Reply, SUFFIX, golden};

pub(crate) struct Desk {
    pub(crate) channel: Channel,
    pub(crate) client: Client,
    pub(crate) token: String,
    protocol: String,
}

impl Desk {
    /// A fresh world at 2026-01-10T16:00:00Z.
    pub(crate) async fn new(bench: &Bench) -> Self {
        let channel = Channel::new(&bench.world("2026-01-10T16:00:00Z").await).await;
        let client = Client::of(channel.world(), [face(ORIGIN)]);
        let token = channel.token(&channel.partner_app, PARTNER_CENTER).await;
        Self { channel, client, token, protocol: String::new() }
    }

    /// The same desk with the token of another application of the partner.
    pub(crate) async fn with_roles(self, roles: &[Role]) -> Self {
        let (world, tenant) = (self.channel.world(), self.channel.partner.tenant);
        let mut tx = world.db().begin().await.unwrap();
        let registered = application_register(&world.system("test"), &mut tx, tenant, "Other panel", roles).await;
        let (made, secret) = registered.unwrap();
        tx.commit().await.unwrap();
        let identity = Identity {
            app: made.app,
            principal: made.principal,
            roles: roles.iter().copied().collect(),
            ..self.channel.partner_app.identity.clone()
        };
        let token = self.channel.token(&App { identity, secret }, PARTNER_CENTER).await;
        Self { token, ..self }
    }

    /// The same desk with somebody at it: a person of the partner with these roles.
    pub(crate) async fn with_person(self, name: &str, roles: &[Role]) -> Self {
        let token = self.channel.person_token(&self.channel.partner_app, name, roles, PARTNER_CENTER).await;
        Self { token, ..self }
    }

    /// Sends `GET /v1/..` as the partner, with header lines `name: value` and a body, which may be empty.
    pub(crate) async fn send(&self, what: &str, headers: &[&str], body: &str) -> Reply {
        let (method, path) = what.split_once(' ').unwrap();
        let mut sending = self.client.request(method, path).token(&self.token).body(body);
        for line in headers {
            let (name, value) = line.split_once(": ").unwrap();
            sending = sending.header(name, value);
        }
        sending.send().await
    }

    /// Sends an empty JSON object with another token, or with none.
    pub(crate) async fn send_as(&self, token: Option<&str>, method: &str, path: &str) -> Reply {
        let request = self.client.request(method, path).body("{}");
        match token {
            Some(token) => request.token(token).send().await,
            None => request.send().await,
        }
    }

    /// Sends, and writes request and answer into the protocol.
    pub(crate) async fn say(&mut self, what: &str, headers: &[&str], body: &str) -> Reply {
        let reply = self.send(what, headers, body).await;
        self.protocol.push_str(&format!("> {what}\n"));
        for line in headers {
            self.protocol.push_str(&format!("> {line}\n"));
        }
        if !body.is_empty() {
            self.protocol.push_str(&format!("> {}\n", body.replace('\n', "\n> ")));
        }
        self.protocol.push_str(&format!("< {} {}\n", reply.status, reply.header("content-type")));
        if !reply.body.is_empty() {
            self.protocol.push_str(&format!("{:#}\n", reply.json()));
        }
        self.protocol.push('\n');
        reply
    }

    /// Compares the protocol with a committed one.
    pub(crate) fn compare(&self, name: &str) {
        golden(env!("CARGO_MANIFEST_DIR"), &format!("tests/golden/{name}.txt"), &self.protocol);
    }
}

/// A customer of the channel's other partner.
pub(crate) async fn customer_of_stranger(channel: &Channel) -> Customer {
    let ours = channel.customer("Litware Partners").await;
    let new = NewCustomer {
        partner: channel.stranger.tenant,
        company_name: None,
        domain: format!("fourthcoffee.{SUFFIX}"),
        registration_number: None,
        billing: ours.billing_profile.details,
    };
    customer_create(&channel.stranger_ctx(), channel.world().db(), SUFFIX, &Limits::NONE, new).await.unwrap()
}

/// The code of a refusal and the field it names, as `2002 quantity`.
pub(crate) fn fault(reply: &Reply) -> String {
    let body = reply.json();
    assert!(body["description"].as_str().is_some_and(|said| !said.is_empty()), "{reply}");
    assert!(body["source"].is_string(), "{reply}");
    let data: Vec<_> = body["data"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    format!("{} {}", body["code"], data.join(",")).trim_end().to_owned()
}
