//! A live world with a past: begun as a sandbox two months ago, then told that it is live. So a month can be closed in
//! it, which in a world that begins today takes a month.

use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::atomic::AtomicUsize;
use tenantry_commerce::Subscription;
use tenantry_core::clock::SystemClock;
use tenantry_core::{Clock, Month, TenantId, Timestamp};
use tenantry_db::{Db, Engine, Location, sql};
use tenantry_rating::SeatCycle;
use tenantry_testkit::{App, Bench, CARD, Channel, HOURS, SEAT_OFFER, TIERED, events};

/// Events in a batch.
pub const EVENTS: u64 = 20;
/// Subscriptions that are reported for.
const SUBSCRIPTIONS: usize = 3;

pub struct Scene {
    pub url: String,
    pub schema: String,
    /// For the directories of the processes: certificates, nothing else.
    pub directory: PathBuf,
    /// Processes so far.
    pub started: AtomicUsize,
    pub provider: App,
    pub partner_app: App,
    pub partner: TenantId,
    pub subscriptions: Vec<Subscription>,
    /// Events that were counted while it was a sandbox.
    pub counted: u64,
}

impl Scene {
    /// One month of usage is not closed. `None` on an engine that one process owns.
    pub async fn new(bench: &Bench) -> Option<Self> {
        Self::since(bench, past_month(), 0).await
    }

    /// Begun in some month, which has usage; seats that are bought then make each later month worth a document.
    pub async fn since(bench: &Bench, month: Month, seats: i64) -> Option<Self> {
        let Location::Server { url, schema } = bench.location().clone() else { return None };
        assert_eq!(bench.engine(), Engine::Postgres);
        let channel = Channel::new(&bench.world(&month.first_day().to_string()).await).await;
        channel.import_card(CARD).await;
        let mut subscriptions = Vec::new();
        for number in 0..SUBSCRIPTIONS {
            subscriptions.push(channel.order_usage(&channel.customer(&format!("Customer {number}")).await).await);
        }
        if seats > 0 {
            let prices = [(SEAT_OFFER, SeatCycle::Monthly, "5")];
            channel.import_seat_prices(&month.first_day().to_string(), &prices).await;
            channel.order_seats(&channel.customer("Customer with seats").await, seats).await;
        }
        let late = month.first_day().start().plus_seconds(20 * 86_400).to_string();
        channel.advance_to(&late).await;
        for subscription in &subscriptions {
            channel.accept(events(subscription, HOURS, &[(&late, "20")])).await;
        }
        channel.world().close().await.unwrap();
        let Channel { provider_app: provider, partner_app, partner, .. } = channel;
        go_live(bench.location()).await;
        let (directory, started) = (bench.directory().to_owned(), AtomicUsize::new(0));
        let partner = partner.tenant;
        let counted = subscriptions.len() as u64;
        Some(Self { url, schema, directory, started, provider, partner_app, partner, subscriptions, counted })
    }

    pub fn location(&self) -> Location {
        Location::Server { url: self.url.clone(), schema: self.schema.clone() }
    }

    /// A batch of usage of today, as it is sent: a pure function of its number. Meters have tiers, so the charge of an
    /// event depends on all that were counted before it.
    pub fn batch(&self, number: u64) -> Value {
        let today = SystemClock.now().day().start().to_string();
        let events = (0..EVENTS).map(|index| {
            let subscription = &self.subscriptions[usize::try_from(index).unwrap() % SUBSCRIPTIONS].id;
            json!({
                "source": "two", "id": format!("{number}/{index}"), "time": today,
                "subscription": subscription.to_string(), "meter": if index % 2 == 0 { HOURS } else { TIERED },
                "resource": format!("/subscriptions/{subscription}/virtualMachines/web-{}", number % 5),
                "region": "westeurope", "quantity": quantity(number, index).to_string(),
            })
        });
        events.collect()
    }

    /// What so many batches add up to: the quantity of each subscription and meter.
    pub fn expected(&self, batches: u64) -> Vec<(String, &'static str, u64)> {
        let mut sums = Vec::new();
        for (place, subscription) in self.subscriptions.iter().enumerate() {
            for (parity, meter) in [(0, HOURS), (1, TIERED)] {
                let of_it = (0..EVENTS)
                    .filter(|index| usize::try_from(*index).unwrap() % SUBSCRIPTIONS == place && index % 2 == parity);
                let of_it: Vec<_> = of_it.collect();
                let sum = (0..batches).flat_map(|number| of_it.iter().map(move |index| quantity(number, *index))).sum();
                sums.push((subscription.id.to_string(), meter, sum));
            }
        }
        sums.sort();
        sums
    }
}

fn quantity(number: u64, index: u64) -> u64 {
    1 + (number * 7 + index * 3) % 9
}

/// The month before the last: whatever day it is today, its close is due.
pub fn past_month() -> Month {
    Month::of(SystemClock.now().day()).previous().previous()
}

pub fn now() -> Timestamp {
    SystemClock.now()
}

async fn go_live(location: &Location) {
    let db = Db::open(location.clone()).await.unwrap();
    let mut tx = db.begin().await.unwrap();
    sql("UPDATE world_fact SET value = 'live' WHERE name = 'kind'").run(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    db.close().await;
}
