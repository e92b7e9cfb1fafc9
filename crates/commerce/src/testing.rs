//! What the tests of this crate share: a world in a temporary directory, with a provider in it.

use crate::{
    Address, BillingDetails, Customer, Limits, NewCustomer, NewPartner, NewProvider, Partner, PlaceLine, PlaceOrder,
    Provider, Subscription, customer_create, order_place, partner_sign_up, provider_create, subscription_list,
};
use serde::de::DeserializeOwned;
use std::sync::Arc;
use tempfile::TempDir;
use tenantry_core::clock::ManualClock;
use tenantry_core::context::Application;
use tenantry_core::{AppId, Caller, Chance, Currency, ObjectId, OfferId, OpContext, Role, TenantKind, Timestamp};
use tenantry_db::{Db, Location, outbox};

pub(crate) const SUFFIX: &str = "example.test";
pub(crate) const AZURE: &str = "MS-AZR-0145P";
pub(crate) const PREMIUM: &str = "031C9E47-4802-4248-838E-778FB1D2CC05";

pub(crate) struct House {
    pub(crate) db: Db,
    pub(crate) ctx: OpContext,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) provider: Provider,
    _dir: TempDir,
}

impl House {
    /// A fresh world at 2026-01-10T16:00:00Z.
    pub(crate) async fn open() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let db = Db::open(location(&dir)).await.unwrap();
        let clock = Arc::new(ManualClock::at(Timestamp::parse("2026-01-10T16:00:00Z").unwrap()));
        let slices = [tenantry_db::SLICE, tenantry_directory::SLICE, crate::SLICE];
        db.migrate(&slices, Timestamp::from_seconds(0)).await.unwrap();
        let ctx = OpContext::system("test", Arc::clone(&clock) as _, Arc::new(Chance::from_seed(7)));
        let root = NewProvider {
            name: "Root".into(),
            domain: format!("root.{SUFFIX}"),
            address: address(),
            email: "bills@root.test".into(),
        };
        let provider = provider_create(&ctx, &db, SUFFIX, root).await.unwrap();
        Self { db, ctx, clock, provider, _dir: dir }
    }

    /// A context of an application of the partner.
    pub(crate) fn by(&self, partner: &Partner, roles: &[Role]) -> OpContext {
        let mut ctx = self.ctx.clone();
        ctx.caller = Caller::Application(Application {
            app: AppId::new(partner.tenant.guid()),
            principal: ObjectId::new(partner.tenant.guid()),
            tenant: partner.tenant,
            tenant_kind: TenantKind::Partner,
            roles: roles.iter().copied().collect(),
        });
        ctx
    }

    pub(crate) async fn partner(&self, prefix: &str) -> Partner {
        partner_sign_up(&self.ctx, &self.db, SUFFIX, new_partner(prefix)).await.unwrap()
    }

    pub(crate) async fn customer(&self, partner: &Partner, name: &str) -> Customer {
        customer_create(&self.ctx, &self.db, SUFFIX, &Limits::NONE, new_customer(partner, name)).await.unwrap()
    }

    /// Orders one line and gives the subscription.
    pub(crate) async fn subscription(&self, customer: &Customer, offer: &str, quantity: i64) -> Subscription {
        let order = new_order(customer, &[(offer, quantity)]);
        let placed = order_place(&self.ctx, &self.db, &Limits::NONE, order).await.unwrap();
        let mut made = subscription_list(&self.ctx, &self.db, customer.id, Some(placed.id)).await.unwrap();
        made.remove(0)
    }

    /// All events of a topic, read as others read them.
    pub(crate) async fn events<T: DeserializeOwned>(&self, topic: &str) -> Vec<T> {
        let entries = outbox::pending(&self.db, "test", 1_000).await.unwrap();
        let of_topic = entries.iter().filter(|entry| entry.topic == topic);
        of_topic.map(|entry| serde_json::from_str(&entry.payload).unwrap()).collect()
    }
}

/// SQLite, or a schema of its own in the PostgreSQL database that `TENANTRY_TEST_POSTGRES` names.
#[expect(clippy::disallowed_methods, reason = "a switch of the test run, not a setting of the program")]
fn location(dir: &TempDir) -> Location {
    match std::env::var("TENANTRY_TEST_POSTGRES") {
        Ok(url) => {
            let schema = format!("test_{}", Chance::from_machine().unwrap().guid().simple());
            Location::Server { url, schema }
        }
        Err(_) => Location::File(dir.path().join("world.sqlite")),
    }
}

pub(crate) fn new_partner(prefix: &str) -> NewPartner {
    NewPartner {
        company_name: format!("Company {prefix}"),
        domain: format!("{prefix}.{SUFFIX}"),
        address: address(),
        email: format!("ops@{prefix}.test"),
        culture: "en-us".into(),
        language: "en".into(),
        mpn_id: "4847383".into(),
        markets: vec!["us".into(), "DE".into(), "HU".into()],
        currency: Currency::USD,
    }
}

/// A customer whose domain is the plain letters and digits of its name.
pub(crate) fn new_customer(partner: &Partner, name: &str) -> NewCustomer {
    let prefix: String = name.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    NewCustomer {
        partner: partner.tenant,
        company_name: None,
        domain: format!("{prefix}.{SUFFIX}"),
        registration_number: None,
        billing: BillingDetails {
            first_name: None,
            last_name: None,
            email: "ops@northwind.test".into(),
            culture: "en-us".into(),
            language: "en".into(),
            company_name: name.into(),
            default_address: address(),
        },
    }
}

pub(crate) fn new_order(customer: &Customer, lines: &[(&str, i64)]) -> PlaceOrder {
    let lines = lines.iter().enumerate().map(|(number, (offer, quantity))| PlaceLine {
        number: i64::try_from(number).unwrap(),
        offer: OfferId::new(offer),
        friendly_name: None,
        quantity: *quantity,
    });
    PlaceOrder { customer: customer.id, billing_cycle: None, lines: lines.collect() }
}

fn address() -> Address {
    Address {
        country: "US".into(),
        city: Some("Seattle".into()),
        state: Some("WA".into()),
        address_line1: Some("1 Harbour Rd".into()),
        postal_code: Some("98101".into()),
        ..Address::default()
    }
}
