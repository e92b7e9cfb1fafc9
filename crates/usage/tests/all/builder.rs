//! Logs as readable code. Ids are made of names, so that a table can name things and a failure can be read.

use std::collections::BTreeMap;
use tenantry_core::{
    Currency, EdgeId, Factor, MeterId, Month, PriceSheetId, Quantity, Rate, ResourceUri, SubscriptionId, TenantId,
    Timestamp,
};
use tenantry_rating::{AppliesTo, MeterPrice, PriceList, PriceRule, PriceSheet, Tiers};
use tenantry_usage::{
    Close, EdgePriceSheet, EdgeTerms, Event, Fold, IdentityKey, Record, ServiceState, SubscriptionTerms,
};

/// A log in the making.
#[derive(Debug, Clone)]
pub struct Log {
    pub records: Vec<Record>,
    events: usize,
    sheets: u64,
    closes: u32,
}

impl Log {
    pub fn new() -> Self {
        Self { records: vec![Record::Genesis(IdentityKey(*b"a key of a world"))], events: 0, sheets: 0, closes: 0 }
    }

    /// Provider -> partner at 15 % off first-party prices, partner -> reseller at 5 % off everything. Subscription
    /// `shop` is sold through both, `till` through the first only. Made on 2026-01-01.
    pub fn channel() -> Self {
        Self::new()
            .edge("first", "0.85 first-party 2026-01-01")
            .edge("second", "0.95 everything 2026-01-01")
            .subscription("shop", &["first", "second"])
            .subscription("till", &["first"])
    }

    /// Rows of `factor first-party|everything from`.
    pub fn edge(mut self, name: &str, rules: &str) -> Self {
        let rules = rows(rules).map(|row| PriceRule {
            factor: Factor::parse(row[0]).unwrap(),
            applies_to: if row[1] == "everything" { AppliesTo::Everything } else { AppliesTo::FirstParty },
            from: time(row[2]),
        });
        self.records.push(Record::Edge(EdgeTerms {
            id: edge(name),
            seller: TenantId::parse(&guid("provider")).unwrap(),
            buyer: TenantId::parse(&guid("partner")).unwrap(),
            price_list: PriceList::new(rules.collect()),
        }));
        self
    }

    pub fn subscription(self, name: &str, channel: &[&str]) -> Self {
        self.state(terms(name, channel, ServiceState::Active, "2026-01-01"))
    }

    pub fn state(mut self, terms: SubscriptionTerms) -> Self {
        self.records.push(Record::Subscription(terms));
        self
    }

    /// A price sheet in force from a day. Rows of `meter included bound:rate,bound:rate [third-party]`.
    pub fn sheet(mut self, from: &str, prices: &str) -> Self {
        let sheet = self.imported(from, prices);
        self.records.push(Record::PriceSheet(sheet));
        self
    }

    /// Prices that the seller of an edge names for its buyer, from a day on. Rows as those of a sheet.
    pub fn own(mut self, edge: &str, from: &str, prices: &str) -> Self {
        let sheet = self.imported(from, prices);
        self.records.push(Record::EdgePriceSheet(EdgePriceSheet { edge: self::edge(edge), sheet }));
        self
    }

    fn imported(&mut self, from: &str, prices: &str) -> PriceSheet {
        self.sheets += 1;
        let meters: BTreeMap<MeterId, MeterPrice> = rows(prices).map(|row| price(&row)).map(|p| (p.id, p)).collect();
        PriceSheet {
            id: PriceSheetId::parse(&guid(&format!("sheet {}", self.sheets))).unwrap(),
            market: "US".to_owned(),
            currency: Currency::USD,
            effective_from: time(from),
            import_no: self.sheets,
            meters,
        }
    }

    /// One batch of usage of `shop`. Rows of `day hour resource meter quantity`, named `e1`, `e2`, ... as they come;
    /// a negative one corrects the event named in a sixth column.
    pub fn usage(self, table: &str) -> Self {
        self.usage_of("shop", table)
    }

    pub fn usage_of(mut self, subscription: &str, table: &str) -> Self {
        let mut batch = Vec::new();
        for row in rows(table) {
            self.events += 1;
            batch.push(event(&format!("e{}", self.events), subscription, &row));
        }
        self.records.push(Record::Usage(batch));
        self
    }

    pub fn close(mut self, month: &str) -> Self {
        self.closes += 1;
        let month = self::month(month);
        self.records.push(Record::Close(Close { number: self.closes, month, at: month.period().to }));
        self
    }

    pub fn fold(&self) -> Fold {
        fold(&self.records)
    }
}

/// Replays records from the first one on.
pub fn fold(records: &[Record]) -> Fold {
    let mut fold = Fold::default();
    for (record, seq) in records.iter().zip(1..) {
        fold.apply(seq, record.clone()).unwrap();
    }
    fold
}

/// The cells of a text table's rows; blank lines do not count.
pub fn rows(table: &str) -> impl Iterator<Item = Vec<&str>> {
    table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>()).filter(|row| !row.is_empty())
}

pub fn event(id: &str, subscription: &str, row: &[&str]) -> Event {
    Event {
        reporter: None,
        source: "tests".to_owned(),
        id: id.to_owned(),
        at: time(&format!("{}T{}:10:00Z", row[0], row[1])),
        subscription: self::subscription(subscription),
        meter: meter(row[3]),
        resource: ResourceUri::new(row[2]),
        region: "westus".to_owned(),
        quantity: quantity(row[4]),
        corrects: row.get(5).map(|&id| id.to_owned()),
        tags: String::new(),
        additional_info: String::new(),
    }
}

pub fn terms(name: &str, channel: &[&str], state: ServiceState, since: &str) -> SubscriptionTerms {
    SubscriptionTerms {
        id: subscription(name),
        customer: TenantId::parse(&guid("customer")).unwrap(),
        partner: TenantId::parse(&guid("partner")).unwrap(),
        channel: channel.iter().map(|name| edge(name)).collect(),
        market: "US".to_owned(),
        currency: Currency::USD,
        created_at: time("2026-01-01"),
        state,
        since: time(since),
    }
}

fn price(row: &[&str]) -> MeterPrice {
    let tier = |text: &str| {
        let (bound, rate) = text.split_once(':').unwrap();
        (quantity(bound), Rate::parse(rate).unwrap())
    };
    MeterPrice {
        id: meter(row[0]),
        name: row[0].to_owned(),
        category: String::new(),
        subcategory: String::new(),
        region: String::new(),
        unit: "1 Hour".to_owned(),
        tags: Vec::new(),
        tiers: Tiers::new(row[2].split(',').map(tier).collect()).unwrap(),
        included: quantity(row[1]),
        effective_date: time("2026-01-01"),
        first_party: row.get(3) != Some(&"third-party"),
    }
}

/// A GUID that spells a name of up to 16 letters.
pub fn guid(name: &str) -> String {
    assert!(name.len() <= 16, "{name} is too long a name");
    let hex: String = format!("{name:_<16}").bytes().map(|byte| format!("{byte:02x}")).collect();
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

/// The name a GUID spells.
pub fn name(guid: impl ToString) -> String {
    let hex = guid.to_string().replace('-', "");
    let letter = |at: usize| char::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap());
    (0..32).step_by(2).map(letter).collect::<String>().trim_end_matches('_').to_owned()
}

pub fn edge(name: &str) -> EdgeId {
    EdgeId::parse(&guid(name)).unwrap()
}

pub fn subscription(name: &str) -> SubscriptionId {
    SubscriptionId::parse(&guid(name)).unwrap()
}

pub fn meter(name: &str) -> MeterId {
    MeterId::parse(&guid(name)).unwrap()
}

pub fn quantity(text: &str) -> Quantity {
    Quantity::parse(text).unwrap()
}

pub fn time(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

pub fn month(text: &str) -> Month {
    Month::parse(text).unwrap()
}
