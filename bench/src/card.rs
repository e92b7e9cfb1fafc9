//! A rate card of the size of the field's: how long its import takes, and how soon a world that has it answers again.

use crate::goal::Goal;
use crate::load::{Load, get, send};
use crate::measure::{Run, hundredths, median, stopwatch, timed};
use crate::scale::Scale;
use crate::served::served_until;
use std::fmt::Write;
use std::hint::black_box;
use tenantry_db::Db;
use tenantry_directory::PARTNER_CENTER;
use tenantry_testkit::{Bench, Channel};
use tokio::sync::oneshot;

/// Milliseconds of an import.
const IMPORT: Goal = Goal::AtMost { goal: 1_000, floor: 3_000 };
/// Milliseconds until a world answers.
const START: Goal = Goal::AtMost { goal: 300, floor: 1_000 };

/// Imports cards until usage can be rated with them; the baseline reads the same text as JSON and keeps nothing. Then stops the
/// world with all of them and starts it again, up to the first answer to an authenticated request over TLS. That is held against
/// opening the same database and looking whether it is of this version.
pub(crate) async fn run(bench: Bench, scale: Scale, repetitions: usize) {
    let channel = Channel::new(&bench.world("2026-01-01").await).await;
    let (meters, text) = (scale.meters(), card(scale.meters()));
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for year in 0..repetitions {
        let watch = stopwatch();
        channel.import_card_from(&format!("{}-01-01", 1990 + year), &text).await;
        channel.world().metering().follow(&channel.world().system("bench")).await.unwrap();
        ours.push(Run { units: meters, nanos: watch() });
        theirs.push(timed(meters, || {
            black_box(serde_json::from_str::<serde_json::Value>(&text).unwrap());
        }));
    }
    let (ours, theirs) = (median(ours), median(theirs));
    println!(
        "import of a card of {meters} meters, {} MB, {:?}: {} ms; reading it as JSON: {} ms; ratio {}; {}",
        text.len() / 1_000_000,
        bench.engine(),
        ours.nanos / 1_000_000,
        theirs.nanos / 1_000_000,
        hundredths(theirs.nanos, ours.nanos),
        IMPORT.verdict(ours.nanos / 1_000_000)
    );
    start(bench, channel, (meters, repetitions)).await;
}

async fn start(bench: Bench, mut channel: Channel, (meters, repetitions): (u64, usize)) {
    let customer = channel.customer("Northwind").await;
    let token = channel.token(&channel.partner_app, PARTNER_CENTER).await;
    let request = get(&format!("/v1/customers/{}", customer.id), Some(&token));
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for round in 0..=repetitions {
        let watch = stopwatch();
        let db = Db::open(bench.location().clone()).await.unwrap();
        black_box(db.is_current(&tenantry_worlds::SLICES).await.unwrap());
        let opened = watch();
        drop(db);
        let watch = stopwatch();
        channel = channel.reopen(&bench).await;
        let (stop, stopped) = oneshot::channel::<()>();
        let until = async move { drop(stopped.await) };
        let (served, serving) = served_until(channel.world(), bench.directory(), until).await;
        let (address, authority, request) = (served.address, served.client_tls.clone(), request.clone());
        send(&Load { address, authority, request, connections: 1, requests_each: 1 }).await;
        let answered = watch();
        stop.send(()).unwrap();
        serving.await.unwrap();
        // The keys of TLS are made in the first.
        if round > 0 {
            theirs.push(Run { units: 1, nanos: opened });
            ours.push(Run { units: 1, nanos: answered });
        }
    }
    let (ours, theirs) = (median(ours), median(theirs));
    println!(
        "stop and start of a world with {repetitions} cards of {meters} meters, {:?}, until it answers over TLS: {} ms; opening its \
         database: {} ms; ratio {}; {}",
        bench.engine(),
        ours.nanos / 1_000_000,
        theirs.nanos / 1_000_000,
        hundredths(theirs.nanos, ours.nanos),
        START.verdict(ours.nanos / 1_000_000)
    );
}

/// A card as Partner Center's clients know it. Every tenth meter has tiers.
fn card(meters: u64) -> String {
    let mut text = String::from("{\"OfferTerms\":[],\"Meters\":[");
    for meter in 0..meters {
        let comma = if meter == 0 { "" } else { "," };
        let more = if meter % 10 == 0 { ",\"100\":0.04,\"1000\":0.0312345678" } else { "" };
        write!(
            text,
            "{comma}{{\"MeterId\":\"00000000-0000-4000-8000-{meter:012x}\",\"MeterName\":\"Compute Hours {meter}\",\
             \"MeterCategory\":\"Virtual Machines\",\"MeterSubCategory\":\"Standard_F{} VM (Windows)\",\"Unit\":\"1 Hour\",\
             \"MeterTags\":[],\"MeterRegion\":\"US West {}\",\"MeterRates\":{{\"0\":0.{:06}{more}}},\
             \"EffectiveDate\":\"2017-04-01T00:00:00Z\",\"IncludedQuantity\":0.0}}",
            meter % 64,
            meter % 50,
            meter * 7 % 1_000_000 + 1
        )
        .unwrap();
    }
    text.push_str("],\"Currency\":\"USD\",\"Locale\":\"en-US\",\"IsTaxIncluded\":false}");
    text
}
