//! Named prices: a meter that stands in an edge's own sheet in force costs its buyer those tiers, whatever the public sheet
//! and the rules above say; edges below build on it. And what else the fold keeps for documents: exchange rates.

use crate::builder::{Log, edge, guid, month, rows, subscription};
use crate::report::{FAR, charge, check_sums, rated_rows};
use tenantry_core::{Currency, Day, EdgeId, Rate, TenantId};
use tenantry_rating::FxRates;
use tenantry_usage::{EdgePriceSheet, Fold, FoldFault, Record};

const ALL: [&str; 3] = ["first", "second", "third"];

/// Provider -> partner at 0.85, partner -> reseller at 0.95, reseller -> shop at 1.2; `shop` uses storage.
fn channel() -> Log {
    Log::new()
        .edge("first", "0.85 first-party 2026-01-01")
        .edge("second", "0.95 everything 2026-01-01")
        .edge("third", "1.2 everything 2026-01-01")
        .subscription("shop", &ALL)
        .sheet("2026-01-01", "storage 0 0:5,10:3 \n compute 0 0:1")
}

/// Rows of `document edge subscription month meter day resource quantity list charge`.
fn check(log: &Log, expected: &str) {
    let mut fold = log.fold();
    let mut printed = Vec::new();
    for name in ALL {
        for close in fold.closes() {
            let billed = rated_rows(&fold.billed_by(edge(name), close.number));
            printed.extend(billed.iter().map(|row| format!("close-{} {name} {row}", close.number)));
        }
        let unbilled = fold.unbilled(edge(name), month(FAR));
        check_sums(&unbilled);
        printed.extend(rated_rows(&unbilled).iter().map(|row| format!("unbilled {name} {row}")));
        assert_eq!(fold.running_charge(subscription("shop"), edge(name)), charge(&unbilled), "{name}");
    }
    let expected: Vec<String> = rows(expected).map(|row| row.join(" ")).collect();
    assert_eq!(printed, expected);
    assert_eq!(Fold::restore(&fold.checkpoint().unwrap()).unwrap().checkpoint(), fold.checkpoint());
}

#[test]
fn a_named_price_takes_the_place_of_the_rule_from_its_day_on() {
    // 4 x 5, then 6 x 5 + 2 x 3 at list; named: 4 x 7 .. of the tier below 10, 2 x 6 above it.
    check(
        &channel().usage("2026-01-02 00 vm storage 4 \n 2026-01-20 00 vm storage 8").own(
            "second",
            "2026-01-10",
            "storage 0 0:7,10:6",
        ),
        "unbilled first  shop 2026-01 storage 2026-01-02 vm 4 20 17
         unbilled first  shop 2026-01 storage 2026-01-20 vm 8 36 30.6
         unbilled second shop 2026-01 storage 2026-01-02 vm 4 20 16.15
         unbilled second shop 2026-01 storage 2026-01-20 vm 8 36 54
         unbilled third  shop 2026-01 storage 2026-01-02 vm 4 20 19.38
         unbilled third  shop 2026-01 storage 2026-01-20 vm 8 36 64.8",
    );
}

#[test]
fn a_list_is_whole_and_late_usage_takes_the_price_of_its_day() {
    let log = channel()
        .own("first", "2026-01-10", "compute 0 0:2")
        .own("first", "2026-01-20", "storage 0 0:1")
        .usage("2026-01-15 00 vm compute 10")
        .close("2026-01")
        .usage("2026-01-16 00 vm compute 1 \n 2026-01-25 00 vm compute 1");
    check(
        &log,
        "close-1  first  shop 2026-01 compute 2026-01-15 vm 10 10 20
         unbilled first  shop 2026-01 compute 2026-01-16 vm 1 1 2
         unbilled first  shop 2026-01 compute 2026-01-25 vm 1 1 0.85
         close-1  second shop 2026-01 compute 2026-01-15 vm 10 10 19
         unbilled second shop 2026-01 compute 2026-01-16 vm 1 1 1.9
         unbilled second shop 2026-01 compute 2026-01-25 vm 1 1 0.8075
         close-1  third  shop 2026-01 compute 2026-01-15 vm 10 10 22.8
         unbilled third  shop 2026-01 compute 2026-01-16 vm 1 1 2.28
         unbilled third  shop 2026-01 compute 2026-01-25 vm 1 1 0.969",
    );
}

#[test]
fn prices_of_an_edge_that_is_not_there_cannot_follow() {
    let mut log = channel().own("second", "2026-01-10", "storage 0 0:7");
    let Some(Record::EdgePriceSheet(EdgePriceSheet { sheet, .. })) = log.records.pop() else { panic!("no prices") };
    let nowhere = EdgeId::parse(&crate::builder::guid("nowhere")).unwrap();
    let record = Record::EdgePriceSheet(EdgePriceSheet { edge: nowhere, sheet });
    assert_eq!(log.fold().check(&record), Err(FoldFault::UnknownEdge(nowhere)));
}

#[test]
fn documents_of_a_close_take_the_rate_it_knew_and_else_the_latest() {
    let rates = |import_no: u64, rate: &str| {
        Record::FxRates(FxRates {
            month: month("2026-01"),
            from: Currency::USD,
            to: Currency::EUR,
            rate: Rate::parse(rate).unwrap(),
            source: "a bank".to_owned(),
            dated: Day::parse("2026-01-30").unwrap(),
            import_no,
        })
    };
    let rate = |fold: &Fold, close| {
        fold.fx_of(close, Currency::USD, Currency::EUR, month("2026-01")).map(|fx| fx.rate.to_string())
    };
    let mut log = channel().close("2026-01");
    assert_eq!(rate(&log.fold(), Some(1)), None);
    log.records.extend([rates(1, "0.8"), rates(2, "0.9")]);
    assert_eq!(rate(&log.fold(), Some(1)).as_deref(), Some("0.9"), "what waited takes the latest");
    let mut log = channel();
    log.records.push(rates(1, "0.8"));
    let mut log = log.close("2026-01");
    log.records.push(rates(2, "0.9"));
    let fold = log.fold();
    assert_eq!((rate(&fold, Some(1)).as_deref(), rate(&fold, None).as_deref()), (Some("0.8"), Some("0.9")));
    let restored = Fold::restore(&fold.checkpoint().unwrap()).unwrap();
    assert_eq!(restored.fx(), fold.fx());
}

/// The log of [`channel`] with sellers and buyers on each edge: `edge seller buyer`.
fn sold_by(mut log: Log, parties: &str) -> Log {
    let tenant = |name: &str| TenantId::parse(&guid(name)).unwrap();
    for row in rows(parties) {
        let terms = log.records.iter_mut().find_map(|record| match record {
            Record::Edge(terms) if terms.id == edge(row[0]) => Some(terms),
            _ => None,
        });
        let terms = terms.unwrap();
        (terms.seller, terms.buyer) = (tenant(row[1]), tenant(row[2]));
    }
    log
}

/// The edges in another order than their ids, and one more above them that the seller bought on later, whose id comes first.
#[test]
fn prices_come_down_along_the_channel_that_is_sold_through_whatever_its_ids() {
    let log = Log::new()
        .edge("z-top", "0.85 first-party 2026-01-01")
        .edge("b-below", "0.95 everything 2026-01-01")
        .edge("c-shop", "1.2 everything 2026-01-01")
        .edge("a-later", "0.5 everything 2026-01-01")
        .subscription("shop", &["z-top", "b-below", "c-shop"]);
    let log =
        sold_by(log, "z-top root distro \n b-below distro corner \n c-shop corner customer \n a-later root distro");
    let factors = |fold: &Fold, name: &str| {
        let day = Day::parse("2026-01-10").unwrap();
        let down = fold.pricing_down_to(edge(name));
        down.iter().map(|edge| edge.rules.factor(true, day).to_string()).collect::<Vec<_>>().join(" ")
    };
    let fold = log.fold();
    assert_eq!(factors(&fold, "z-top"), "0.85");
    assert_eq!(factors(&fold, "b-below"), "0.85 0.95");
    assert_eq!(factors(&fold, "c-shop"), "0.85 0.95 1.2");
    assert_eq!(factors(&fold, "a-later"), "0.5");
    let resold = ["z-top", "b-below", "c-shop", "a-later"].map(|name| fold.is_resold(edge(name)));
    assert_eq!(resold, [false, true, true, false]);
    assert_eq!(factors(&Fold::restore(&fold.checkpoint().unwrap()).unwrap(), "b-below"), "0.85 0.95");
}

/// Before anything is sold through an edge its seller says where it stands: an edge below hides the public price from the
/// first look on.
#[test]
fn an_edge_that_nothing_was_sold_through_is_below_if_its_seller_buys() {
    let log = Log::new().edge("z-top", "0.85 first-party 2026-01-01").edge("b-below", "0.95 everything 2026-01-01");
    let fold = sold_by(log, "z-top root distro \n b-below distro corner").fold();
    assert_eq!(["z-top", "b-below"].map(|name| fold.is_resold(edge(name))), [false, true]);
    assert_eq!(fold.pricing_down_to(edge("b-below")).len(), 2);
}
