//! Seats that were lost on the way to a document, or converted wrongly, are noticed.

use super::*;
use crate::fx::Rates;
use crate::issue::closed_draft;
use tenantry_core::{EdgeId, Timestamp};
use tenantry_rating::{PriceList, SeatListPrice, SeatPolicy, SeatPriceList};
use tenantry_usage::{Close, EdgeTerms, IdentityKey, Record, SeatChange, SeatTerms, ServiceState};

fn guid(last: u8) -> String {
    format!("00000000-0000-4000-8000-0000000000{last:02}")
}

fn subscription(last: u8) -> SubscriptionId {
    SubscriptionId::parse(&guid(last)).unwrap()
}

fn month() -> Month {
    Month::parse("2018-01").unwrap()
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn edge() -> EdgeTerms {
    let tenant = |last| TenantId::parse(&guid(last)).unwrap();
    let id = EdgeId::parse(&guid(1)).unwrap();
    EdgeTerms { id, seller: tenant(2), buyer: tenant(3), price_list: PriceList::default() }
}

/// Bought on a day, for a month at a time.
fn seats(last: u8, offer: &str, seats: i64, bought: &str) -> Record {
    let (form, cycle) = (SeatForm::Licence, SeatCycle::Monthly);
    Record::Seats(SeatChange {
        id: subscription(last),
        customer: TenantId::parse(&guid(4)).unwrap(),
        partner: edge().buyer,
        channel: vec![edge().id],
        market: "US".into(),
        currency: Currency::USD,
        offer: OfferId::new(offer),
        terms: SeatTerms { form, cycle, policy: SeatPolicy::of_the_field(form, cycle), term_months: 0 },
        bought: day(bought),
        seats,
        state: ServiceState::Active,
        auto_renew: true,
        at: day(bought).start(),
    })
}

/// Two subscriptions at 4.00 and 10.01 a seat and month, and one without a price.
fn closed() -> (Fold, Close) {
    let price = |offer: &str, rate: &str| SeatListPrice {
        offer: OfferId::new(offer),
        cycle: SeatCycle::Monthly,
        rate: Rate::parse(rate).unwrap(),
        first_party: true,
    };
    let list = SeatPriceList {
        import_no: 1,
        market: "US".into(),
        currency: Currency::USD,
        effective_from: day("2018-01-01"),
        prices: vec![price("one", "4.00"), price("two", "10.01")],
    };
    let rates = FxRates {
        month: month(),
        from: Currency::USD,
        to: Currency::EUR,
        rate: Rate::parse("0.905").unwrap(),
        source: "a bank of the test".into(),
        dated: day("2018-01-30"),
        import_no: 1,
    };
    let close = Close { number: 1, month: month(), at: Timestamp::parse("2018-02-04").unwrap() };
    let records = [
        Record::Genesis(IdentityKey(*b"a key of a world")),
        Record::Edge(edge()),
        Record::SeatPrices(list),
        Record::FxRates(rates),
        seats(11, "one", 2, "2018-01-13"),
        seats(12, "two", 3, "2018-01-20"),
        seats(13, "nothing", 1, "2018-01-21"),
        Record::Close(close),
    ];
    let mut fold = Fold::default();
    for (record, seq) in records.into_iter().zip(1..) {
        fold.apply(seq, record).unwrap();
    }
    (fold, close)
}

fn drafted(fold: &Fold, close: Close, currency: Currency) -> Draft {
    closed_draft(fold, &edge(), close, (currency, Rates::Closed(close))).unwrap().unwrap()
}

#[test]
fn what_is_lost_or_converted_wrongly_is_stopped_and_named() {
    let (fold, close) = closed();
    let run = (Some(1), month());
    let amounts = |currency| {
        let draft = drafted(&fold, close, currency);
        prove(&fold, &draft, run).unwrap();
        draft.seats.iter().map(|line| line.amount.to_string()).collect::<Vec<_>>().join(" ")
    };
    // 8.00 and 30.03; times 0.905 that is 7.24 and 27.17715.
    assert_eq!((amounts(Currency::USD), amounts(Currency::EUR)), ("8.00 30.03".into(), "7.24 27.18".into()));
    let cent = |currency| Money::from_minor(1, currency);
    for (what, currency, change, word) in [
        (
            "all seats of a subscription are gone",
            Currency::USD,
            Box::new(|draft: &mut Draft| drop(draft.seats.remove(1))) as Box<dyn Fn(&mut Draft)>,
            guid(12),
        ),
        ("everything is gone", Currency::USD, Box::new(|draft| draft.seats.clear()), guid(11)),
        ("of a converted one", Currency::EUR, Box::new(|draft| drop(draft.seats.remove(0))), guid(11)),
        ("one stands there twice", Currency::USD, Box::new(|draft| draft.seats.push(draft.seats[0].clone())), guid(11)),
        (
            "one is not rounded",
            Currency::EUR,
            Box::new(move |draft| draft.seats[0].amount = cent(Currency::EUR)),
            guid(11),
        ),
        (
            "one is not its charge times the rate",
            Currency::EUR,
            Box::new(|draft| draft.seats[1].exact = Amount::parse("27.18").unwrap()),
            guid(12),
        ),
        (
            "one was converted from something else",
            Currency::EUR,
            Box::new(|draft| {
                let priced = draft.seats[1].priced.as_mut().unwrap();
                priced.exact = Amount::parse("30.02").unwrap();
            }),
            guid(12),
        ),
        ("one was not converted", Currency::EUR, Box::new(|draft| draft.seats[0].priced = None), guid(11)),
        (
            "one of another currency",
            Currency::USD,
            Box::new(move |draft| draft.seats[0].amount = cent(Currency::EUR)),
            guid(11),
        ),
    ] {
        let mut draft = drafted(&fold, close, currency);
        change(&mut draft);
        let said = prove(&fold, &draft, run).expect_err(what);
        assert!(said.contains(&word), "{what}: {said}");
        assert!(!said.contains("30.0") && !said.contains("27.1"), "money is not told: {said}");
    }
}

/// The closed month, and February: a rate of its own, and what was bought in January is given back within thirty days.
fn given_back() -> (Fold, Close) {
    let (mut fold, _) = closed();
    let (february, at) = (month().next(), Timestamp::parse("2018-02-05T10:00:00Z").unwrap());
    let rates = FxRates {
        month: february,
        from: Currency::USD,
        to: Currency::EUR,
        rate: Rate::parse("0.95").unwrap(),
        source: "a bank of the test".into(),
        dated: day("2018-02-27"),
        import_no: 2,
    };
    let Record::Seats(bought) = seats(11, "one", 2, "2018-01-13") else { unreachable!("seats are told of") };
    let stopped = SeatChange { state: ServiceState::Suspended, at, ..bought };
    let close = Close { number: 2, month: february, at: Timestamp::parse("2018-03-04").unwrap() };
    for record in [Record::FxRates(rates), Record::SeatsUntil(stopped, None), Record::Close(close)] {
        fold.apply(fold.position() + 1, record).unwrap();
    }
    (fold, close)
}

#[test]
fn what_an_earlier_close_charged_is_converted_by_its_rate_and_older_documents_keep_theirs() {
    let (fold, close) = given_back();
    let party = serde_json::json!({ "tenant": guid(2), "name": "", "address": [], "email": "" });
    let old = serde_json::json!({
        "number": "D180000002", "seller": party, "buyer": party, "edge": guid(1), "close": 2, "month": "2018-02",
        "issued_at": "2018-03-04T00:00:00Z", "due_on": "2018-05-03", "currency": "EUR", "lines": [], "net": "0.00",
        "tax": "0.00", "total": "0.00",
        "fx": [{ "from": "USD", "rate": "0.95", "source": "a bank of the test", "dated": "2018-02-27", "import_no": 2 }],
    });
    let old: Invoice = serde_json::from_value(old).unwrap();
    for (rates, given_back, of) in [(Rates::Closed(close), "-7.24", "2018-01"), (Rates::Of(&old), "-7.60", "")] {
        let draft = closed_draft(&fold, &edge(), close, (Currency::EUR, rates)).unwrap().unwrap();
        let line = draft.seats.iter().find(|line| line.billed.subscription == subscription(11)).unwrap();
        assert_eq!(line.amount.to_string(), given_back);
        let named: Vec<_> = draft.fx().into_iter().map(|fx| fx.month).collect();
        assert_eq!(named.first().map(String::as_str), Some(""), "that of its own month comes first");
        assert_eq!(named.last().map(String::as_str), Some(of));
        prove(&fold, &draft, (Some(2), close.month)).unwrap();
    }
}
