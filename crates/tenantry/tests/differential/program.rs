//! The story as the program is told it: records of the log, folded one after the other.

use crate::exact::decimal;
use crate::story::{CHANNELS, EDGES, METERS, Price, RESOURCES, Rule, SUBSCRIPTIONS, Step, Story, Use};
use std::collections::BTreeMap;
use tenantry_core::{
    Currency, Day, EdgeId, Factor, MeterId, Month, PriceSheetId, Quantity, Rate, ResourceUri, SubscriptionId, TenantId,
    Timestamp,
};
use tenantry_rating::{AppliesTo, MeterPrice, PriceList, PriceRule, PriceSheet, Tiers};
use tenantry_usage::{
    Close, EdgePriceSheet, EdgeTerms, Event, Fold, IdentityKey, Record, ServiceState, SubscriptionTerms,
};

/// The fold of a story.
pub fn fold(story: &Story) -> Fold {
    let mut telling = Telling::default();
    telling.tell(Record::Genesis(IdentityKey([7; 16])));
    for edge in 0..EDGES {
        telling.tell(edge_terms(edge, &[]));
    }
    for subscription in 0..SUBSCRIPTIONS {
        telling.tell(terms(subscription, story.channels[subscription], 0));
    }
    for step in &story.steps {
        telling.step(step);
    }
    telling.fold
}

#[derive(Default)]
struct Telling {
    fold: Fold,
    sheets: u64,
    events: u64,
    closes: u32,
}

impl Telling {
    fn tell(&mut self, record: Record) {
        // As it comes back from the log.
        let stored = record.encode().unwrap();
        self.fold.apply(self.fold.position() + 1, Record::decode(&stored).unwrap()).unwrap();
    }

    fn step(&mut self, step: &Step) {
        let record = match step {
            Step::Sheet { from, prices } => {
                self.sheets += 1;
                Record::PriceSheet(sheet(self.sheets, *from, prices))
            }
            Step::Own { edge, from, prices } => {
                self.sheets += 1;
                let sheet = sheet(self.sheets, *from, prices);
                Record::EdgePriceSheet(EdgePriceSheet { edge: self::edge(*edge), sheet })
            }
            Step::Rules { edge, rules } => edge_terms(*edge, rules),
            Step::Batch(batch) => {
                let first = self.events;
                self.events += u64::try_from(batch.len()).unwrap();
                Record::Usage(batch.iter().zip(first..).map(|(used, number)| event(used, number)).collect())
            }
            Step::Move { subscription, channel, half_hour } => terms(*subscription, *channel, *half_hour),
            Step::Close => {
                let month = (0..self.closes).fold(Month::of(day(0)), |month, _| month.next());
                self.closes += 1;
                Record::Close(Close { number: self.closes, month, at: month.period().to })
            }
        };
        self.tell(record);
    }
}

pub fn edge(number: usize) -> EdgeId {
    EdgeId::parse(&guid('e', number)).unwrap()
}

pub fn subscription(number: usize) -> SubscriptionId {
    SubscriptionId::parse(&guid('5', number)).unwrap()
}

pub fn meter(number: usize) -> MeterId {
    MeterId::parse(&guid('a', number)).unwrap()
}

pub fn day(number: u64) -> Day {
    Day::from_number(Day::parse("2026-01-01").unwrap().number() + i32::try_from(number).unwrap())
}

fn guid(kind: char, number: usize) -> String {
    format!("{kind}0000000-0000-4000-8000-{number:012}")
}

fn time(half_hours: u64) -> Timestamp {
    day(0).start().plus_seconds(i64::try_from(half_hours).unwrap() * 1_800)
}

fn tenant(number: usize) -> TenantId {
    TenantId::parse(&guid('7', number)).unwrap()
}

fn edge_terms(number: usize, rules: &[Rule]) -> Record {
    let rules = rules.iter().map(|rule| PriceRule {
        factor: Factor::parse(&decimal(rule.hundredths, 2)).unwrap(),
        applies_to: if rule.everything { AppliesTo::Everything } else { AppliesTo::FirstParty },
        from: day(rule.from).start(),
    });
    let price_list = PriceList::new(rules.collect());
    Record::Edge(EdgeTerms { id: edge(number), seller: tenant(100 + number), buyer: tenant(200 + number), price_list })
}

fn terms(number: usize, channel: usize, since: u64) -> Record {
    Record::Subscription(SubscriptionTerms {
        id: subscription(number),
        customer: tenant(number),
        partner: tenant(300),
        channel: CHANNELS[channel].iter().map(|number| edge(*number)).collect(),
        market: "US".to_owned(),
        currency: Currency::USD,
        created_at: time(0),
        state: ServiceState::Active,
        since: time(since),
    })
}

fn sheet(number: u64, from: u64, prices: &BTreeMap<usize, Price>) -> PriceSheet {
    assert!(prices.keys().all(|meter| *meter < METERS));
    PriceSheet {
        id: PriceSheetId::parse(&guid('b', usize::try_from(number).unwrap())).unwrap(),
        market: "US".to_owned(),
        currency: Currency::USD,
        effective_from: day(from).start(),
        import_no: number,
        meters: prices.iter().map(|(number, price)| (meter(*number), meter_price(*number, price))).collect(),
    }
}

fn meter_price(number: usize, price: &Price) -> MeterPrice {
    let quantity = |units: i128| Quantity::parse(&decimal(units, 18)).unwrap();
    let tiers = price.tiers.iter().map(|(bound, rate)| (quantity(*bound), Rate::parse(&decimal(*rate, 28)).unwrap()));
    MeterPrice {
        id: meter(number),
        name: format!("meter {number}"),
        category: String::new(),
        subcategory: String::new(),
        region: String::new(),
        unit: "1 Hour".to_owned(),
        tags: Vec::new(),
        tiers: Tiers::new(tiers.collect()).unwrap(),
        included: quantity(price.included),
        effective_date: day(0).start(),
        first_party: price.first_party,
    }
}

fn event(used: &Use, number: u64) -> Event {
    Event {
        reporter: None,
        source: "story".to_owned(),
        id: number.to_string(),
        at: time(used.half_hour).plus_seconds(600),
        subscription: subscription(used.subscription),
        meter: meter(used.meter),
        resource: ResourceUri::new(RESOURCES[used.resource]),
        region: "westus".to_owned(),
        quantity: Quantity::parse(&decimal(used.quantity, 18)).unwrap(),
        corrects: (used.quantity < 0).then(|| "0".to_owned()),
        tags: String::new(),
        additional_info: String::new(),
    }
}
