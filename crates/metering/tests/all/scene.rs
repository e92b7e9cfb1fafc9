//! A channel with prices and one subscription, and events by short names.

use tenantry_commerce::{Customer, Subscription};
use tenantry_metering::{Submitted, Verdict};
use tenantry_testkit::{Bench, CARD, Channel, HOURS, event};
use tenantry_usage::{Event, Fold};

/// A sandbox at 2026-01-10 with a card, a customer and its subscription.
pub async fn open(bench: &Bench) -> (Channel, Customer, Subscription) {
    let channel = Channel::new(&bench.world("2026-01-10T12:00:00Z").await).await;
    channel.import_card(CARD).await;
    let customer = channel.customer("Northwind").await;
    let subscription = channel.order_usage(&customer).await;
    (channel, customer, subscription)
}

/// An hour meter's event by its own id.
pub fn hours(subscription: &Subscription, id: &str, at: &str, quantity: &str) -> Event {
    Event { id: id.to_owned(), ..event(subscription, HOURS, at, quantity) }
}

/// One that takes back or adds to another.
pub fn correction(subscription: &Subscription, id: &str, corrects: &str, quantity: &str) -> Event {
    Event { corrects: Some(corrects.to_owned()), ..hours(subscription, id, "2026-01-10", quantity) }
}

/// A verdict in short: `accepted`, `unrated`, `duplicate`, or code and field.
pub fn shown(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Accepted { unrated: false } => "accepted".to_owned(),
        Verdict::Accepted { unrated: true } => "unrated".to_owned(),
        Verdict::Duplicate => "duplicate".to_owned(),
        Verdict::Refused { code, field, message } => {
            assert!(message.len() > 20, "a refusal helps: {message}");
            format!("{code} {field}")
        }
    }
}

/// Sends rows of event and expected verdict as one batch, as the provider.
#[track_caller]
pub fn expect(rows: &[(Event, &str)], verdicts: &[Verdict]) {
    let seen: Vec<_> =
        rows.iter().zip(verdicts).map(|((event, _), verdict)| (event.id.clone(), shown(verdict))).collect();
    let expected: Vec<_> = rows.iter().map(|(event, verdict)| (event.id.clone(), (*verdict).to_owned())).collect();
    assert_eq!(seen, expected, "{verdicts:#?}");
}

/// Sends rows as one batch and holds the verdicts against them.
pub async fn check(channel: &Channel, rows: &[(Event, &str)]) {
    expect(rows, &channel.intake(rows.iter().map(|(event, _)| event.clone()).collect()).await);
}

pub fn batch(events: impl IntoIterator<Item = Event>) -> Vec<Submitted> {
    events.into_iter().map(Submitted::Event).collect()
}

/// The whole state, as bytes.
pub async fn state(channel: &Channel) -> Vec<u8> {
    channel.world().metering().read_all(Fold::checkpoint).await.unwrap()
}

/// What is in memory is what the log says.
pub async fn prove_replay(channel: &Channel) {
    let replayed = channel.world().metering().replayed().await.unwrap();
    assert!(replayed.checkpoint().unwrap() == state(channel).await, "a replay of the log gives another state");
}
