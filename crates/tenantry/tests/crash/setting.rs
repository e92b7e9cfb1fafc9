//! The world that is killed: a provider and partners with one customer each, so that each month has several documents.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tenantry_commerce::{
    Address, BillingDetails, Limits, NewCustomer, NewPartner, Partner, PlaceLine, PlaceOrder, customer_create,
    order_place, partner_sign_up, subscription_list,
};
use tenantry_core::{
    Chance, Currency, Month, OfferId, OpContext, Problem, Reason, SubscriptionId, TenantId, Timestamp,
};
use tenantry_db::Location;
use tenantry_metering::{Submitted, Verdict};
use tenantry_testkit::{App, CARD, Channel, SUFFIX, USAGE_OFFER, settings, time};
use tenantry_usage::Event;
use tenantry_worlds::{NewWorld, World};

/// When the world begins. Usage is of the first days of a month and sent on the fifth, when the month before is closed.
pub const BEGINS: &str = "2026-01-01";

pub struct Setting {
    pub location: Location,
    /// One of each partner.
    pub subscriptions: Vec<SubscriptionId>,
    /// The partners, in the same order.
    pub partners: Vec<TenantId>,
    /// May report for all.
    pub provider: App,
    opened: AtomicU64,
}

/// The day on which a month's usage is sent, and the month before is closed.
pub fn fifth(month: Month) -> Timestamp {
    month.first_day().start().plus_seconds(4 * 86_400)
}

pub fn first_month() -> Month {
    Month::of(time(BEGINS).day())
}

/// Opens a world as a process does that begins. Ids are drawn from the seed: each opening needs its own.
pub async fn open(location: &Location, seed: u64) -> Result<Arc<World>, Problem> {
    let new = NewWorld { sandbox_from: Some(time(BEGINS)) };
    World::open(location.clone(), settings(), new, Arc::new(Chance::from_seed(seed))).await
}

/// Sends a batch in as the platform. Gives what became of its events, which must be the same for all.
pub async fn send(world: &World, events: Vec<Event>) -> Verdict {
    let (ctx, batch) = (world.system("crash"), events.into_iter().map(Submitted::Event).collect());
    let verdicts = world.metering().intake(&ctx, batch).await.unwrap();
    assert!(verdicts.iter().all(|verdict| *verdict == verdicts[0]), "a batch is one record: {verdicts:?}");
    verdicts[0].clone()
}

impl Setting {
    /// Makes the world, and lets it go on the fifth of its first month.
    pub async fn new(location: Location, partners: usize) -> Self {
        let world = open(&location, 0).await.unwrap();
        let channel = Channel::new(&world).await;
        channel.import_card(CARD).await;
        let ctx = world.system("test");
        let mut made = Self {
            location,
            subscriptions: Vec::new(),
            partners: Vec::new(),
            provider: channel.provider_app,
            opened: AtomicU64::new(1),
        };
        for number in 0..partners {
            let partner = sign_up(&ctx, &world, number).await;
            made.subscriptions.push(order(&ctx, &world, &partner).await);
            made.partners.push(partner.tenant);
        }
        world.advance(&ctx, fifth(first_month())).await.unwrap();
        // Now the fold knows the subscriptions: a child needs no first look of its own.
        world.metering().follow(&ctx).await.unwrap();
        world.close().await.unwrap();
        made
    }

    /// The same world at another place.
    pub fn at(self, location: Location) -> Self {
        Self { location, ..self }
    }

    /// A seed that no opening had before.
    pub fn next_seed(&self) -> u64 {
        self.opened.fetch_add(1, Ordering::Relaxed)
    }

    /// Opens the world after its owner died. A server takes note of that a moment later, and frees its locks then.
    pub async fn reopen(&self) -> Arc<World> {
        for _ in 0..10 {
            match open(&self.location, self.next_seed()).await {
                Err(problem) if problem.reason() == Reason::WorldBusy => {}
                opened => return opened.unwrap(),
            }
        }
        panic!("the world is still owned seconds after its owner was killed");
    }

    pub fn batch(&self, month: Month, number: u64) -> Vec<Event> {
        crate::work::batch(&self.subscriptions, month, number)
    }
}

async fn sign_up(ctx: &OpContext, world: &World, number: usize) -> Partner {
    let new = NewPartner {
        company_name: format!("Partner {number}"),
        domain: format!("partner{number}.{SUFFIX}"),
        address: address(),
        email: "ops@partner.test".into(),
        culture: "en-us".into(),
        language: "en".into(),
        mpn_id: "7".into(),
        markets: vec!["US".into()],
        currency: Currency::USD,
    };
    partner_sign_up(ctx, world.db(), SUFFIX, new).await.unwrap()
}

async fn order(ctx: &OpContext, world: &World, partner: &Partner) -> SubscriptionId {
    let new = NewCustomer {
        partner: partner.tenant,
        company_name: None,
        domain: format!("customer-of-{}", partner.domain),
        registration_number: None,
        billing: BillingDetails {
            email: "ops@customer.test".into(),
            culture: "en-us".into(),
            language: "en".into(),
            company_name: format!("Customer of {}", partner.company_name),
            default_address: address(),
            ..BillingDetails::default()
        },
    };
    let customer = customer_create(ctx, world.db(), SUFFIX, &Limits::NONE, new).await.unwrap();
    let line = PlaceLine { number: 0, offer: OfferId::new(USAGE_OFFER), friendly_name: None, quantity: 1 };
    let order = PlaceOrder { customer: customer.id, billing_cycle: None, lines: vec![line] };
    order_place(ctx, world.db(), &Limits::NONE, order).await.unwrap();
    subscription_list(ctx, world.db(), customer.id, None).await.unwrap().remove(0).id
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
