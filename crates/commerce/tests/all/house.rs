//! What the tests share: a database with a provider in it, and what they put there.

use serde::de::DeserializeOwned;
use std::future::Future;
use std::sync::Arc;
use tenantry_commerce::{
    Address, BillingDetails, Customer, Limits, NewCustomer, NewPartner, NewProvider, Partner, PlaceLine, PlaceOrder,
    Provider, SLICE, Subscription, customer_create, order_place, partner_sign_up, provider_create,
    relationship_request_accept, relationship_request_create, subscription_list,
};
use tenantry_core::Identity;
use tenantry_core::clock::ManualClock;
use tenantry_core::{
    AppId, Caller, Chance, Currency, ObjectId, OfferId, OpContext, Role, TenantId, TenantKind, Timestamp,
};
use tenantry_db::{Db, outbox};
use tenantry_testkit::{Bench, SEAT_OFFER, SUFFIX, USAGE_OFFER, on_every_engine, time};

pub(crate) const AZURE: &str = USAGE_OFFER;
/// Sold by the seat; a customer may have two of it.
pub(crate) const PREMIUM: &str = SEAT_OFFER;

pub(crate) struct House {
    pub(crate) db: Db,
    pub(crate) ctx: OpContext,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) provider: Provider,
}

/// Runs a test on each engine, with a clock that shows 2026-01-10T16:00:00Z.
pub(crate) fn in_a_house<F, Fut>(body: F)
where
    F: Fn(House) -> Fut,
    Fut: Future<Output = ()>,
{
    on_every_engine(|bench| {
        let body = &body;
        async move { body(House::open(&bench).await).await }
    });
}

impl House {
    async fn open(bench: &Bench) -> Self {
        let db = Db::open(bench.location().clone()).await.unwrap();
        let clock = Arc::new(ManualClock::at(time("2026-01-10T16:00:00Z")));
        let slices = [tenantry_db::SLICE, tenantry_directory::SLICE, SLICE];
        db.migrate(&slices, Timestamp::from_seconds(0)).await.unwrap();
        let ctx = OpContext::system("test", Arc::clone(&clock) as _, Arc::new(Chance::from_seed(7)));
        let root = NewProvider {
            name: "Root".into(),
            domain: format!("root.{SUFFIX}"),
            address: address(),
            email: "bills@root.test".into(),
        };
        let provider = provider_create(&ctx, &db, SUFFIX, root).await.unwrap();
        Self { db, ctx, clock, provider }
    }

    /// A request of an application of the partner.
    pub(crate) fn by(&self, partner: &Partner, roles: &[Role]) -> OpContext {
        self.request(TenantKind::Partner, partner.tenant, roles)
    }

    /// A request of an application of the provider.
    pub(crate) fn by_provider(&self) -> OpContext {
        self.request(TenantKind::Provider, self.provider.tenant, &[])
    }

    fn request(&self, tenant_kind: TenantKind, tenant: TenantId, roles: &[Role]) -> OpContext {
        let mut ctx = self.ctx.clone();
        ctx.request_id = ctx.chance.guid();
        ctx.caller = Caller::SignedIn(Identity::application(
            AppId::new(tenant.guid()),
            ObjectId::new(tenant.guid()),
            (tenant, tenant_kind),
            roles.iter().copied(),
        ));
        ctx
    }

    /// The caller with another request.
    pub(crate) fn by_again(&self, ctx: &OpContext) -> OpContext {
        OpContext { request_id: self.ctx.chance.guid(), ..ctx.clone() }
    }

    /// Lets a second pass, for what is ordered by time.
    pub(crate) fn tick(&self) {
        self.clock.advance_to(self.ctx.now().plus_seconds(1));
    }

    /// A partner that sells in these countries.
    pub(crate) async fn partner_in(&self, prefix: &str, markets: &[&str]) -> Partner {
        let markets = markets.iter().map(|market| (*market).to_owned()).collect();
        let new = NewPartner { markets, ..new_partner(prefix) };
        partner_sign_up(&self.ctx, &self.db, SUFFIX, new).await.unwrap()
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

    /// Orders one of something, as the partner that sells it.
    pub(crate) async fn subscription_of(&self, partner: &Partner, customer: &Customer, offer: &str) -> Subscription {
        let ctx = self.by(partner, &[Role::AdminAgent]);
        let placed = order_place(&ctx, &self.db, &Limits::NONE, new_order(customer, &[(offer, 1)])).await.unwrap();
        subscription_list(&ctx, &self.db, customer.id, Some(placed.id)).await.unwrap().remove(0)
    }

    /// Makes a tenant the customer of one more partner.
    pub(crate) async fn share(&self, customer: &Customer, partner: &Partner) {
        let request = relationship_request_create(&self.ctx, &self.db, partner.tenant).await.unwrap();
        let accepted =
            relationship_request_accept(&self.ctx, &self.db, &Limits::NONE, customer.id, request.id, true).await;
        accepted.unwrap();
    }

    /// All events of a topic, read as others read them.
    pub(crate) async fn events<T: DeserializeOwned>(&self, topic: &str) -> Vec<T> {
        let entries = outbox::pending(&self.db, "test", 1_000).await.unwrap();
        let of_topic = entries.iter().filter(|entry| entry.topic == topic);
        of_topic.map(|entry| serde_json::from_str(&entry.payload).unwrap()).collect()
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

/// An order of lines, each an offer and a quantity.
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
