//! The usage that is sent: a pure function of the batch's number, so that everybody knows what it adds up to.
//!
//! Quantities are such that each event alone comes to whole cents. So the total of a document does not depend on how
//! rows are grouped or rounded, and can be said here with whole numbers.

use tenantry_core::{Month, Quantity, ResourceUri, SubscriptionId};
use tenantry_testkit::{HOURS, THIRD_PARTY, meter};
use tenantry_usage::Event;

/// Events in a batch.
pub const EVENTS: usize = 20;

/// What is used: a meter, the quantity of one step, and the cents a step comes to on a partner's document.
pub struct Kind {
    pub meter: &'static str,
    pub quantity: u64,
    cents: u64,
}

/// 20 hours at 0.10 less 15 %; 250 hours of another vendor at 0.972.
pub const KINDS: [Kind; 2] =
    [Kind { meter: HOURS, quantity: 20, cents: 170 }, Kind { meter: THIRD_PARTY, quantity: 250, cents: 24_300 }];

/// An event of a batch in numbers: whose, of which kind, how many steps.
fn parts(subscriptions: usize, number: u64, index: usize) -> (usize, usize, u64) {
    let number_and_index = number + u64::try_from(index).unwrap() * 17;
    let whose = usize::try_from(number_and_index % u64::try_from(subscriptions).unwrap()).unwrap();
    (whose, index % KINDS.len(), 1 + number_and_index * 31 % 9)
}

/// A batch of usage on the first days of a month.
pub fn batch(subscriptions: &[SubscriptionId], month: Month, number: u64) -> Vec<Event> {
    let events = (0..EVENTS).map(|index| {
        let (whose, kind, steps) = parts(subscriptions.len(), number, index);
        let subscription = subscriptions[whose];
        let hour = i64::try_from(number % 3 * 24).unwrap() + i64::try_from(index).unwrap();
        Event {
            reporter: None,
            source: "crash".to_owned(),
            id: format!("{number}/{index}"),
            at: month.first_day().start().plus_seconds(hour * 3_600),
            subscription,
            meter: meter(KINDS[kind].meter),
            resource: ResourceUri::new(format!("/subscriptions/{subscription}/virtualMachines/web-{}", number % 5)),
            region: "westeurope".to_owned(),
            quantity: Quantity::parse(&(KINDS[kind].quantity * steps).to_string()).unwrap(),
            corrects: None,
            tags: String::new(),
            additional_info: String::new(),
        }
    });
    events.collect()
}

/// What batches add up to, by kind.
pub fn quantities(subscriptions: usize, numbers: impl IntoIterator<Item = u64>) -> [u64; KINDS.len()] {
    let mut sums = [0; KINDS.len()];
    for number in numbers {
        for index in 0..EVENTS {
            let (_, kind, steps) = parts(subscriptions, number, index);
            sums[kind] += KINDS[kind].quantity * steps;
        }
    }
    sums
}

/// What batches come to for each subscription, in cents.
pub fn cents(subscriptions: usize, numbers: impl IntoIterator<Item = u64>) -> Vec<u64> {
    let mut sums = vec![0; subscriptions];
    for number in numbers {
        for index in 0..EVENTS {
            let (whose, kind, steps) = parts(subscriptions, number, index);
            sums[whose] += KINDS[kind].cents * steps;
        }
    }
    sums
}
