//! How long a close takes: without a database, and the act itself.
//!
//! The first is the fold's close and the documents, to the disk: what can be made faster without asking anybody for names. The
//! second is what an operator waits for: `close_month` of a world, with its lock, its log, the names of all customers and
//! subscriptions, numbers, chain, ledger and outbox, on each engine.

use crate::channel::{EDGES, daily, sheet, sold};
use crate::goal::Goal;
use crate::growth::closed;
use crate::measure::{Run, hundredths, stopwatch, timed};
use crate::scale::Scale;
use std::collections::BTreeMap;
use std::hint::black_box;
use std::io::Write;
use std::path::Path;
use tenantry_billing::close_month;
use tenantry_billing::measure::documents_of_close;
use tenantry_commerce::{Address, NewPartner, Partner, partner_sign_up};
use tenantry_core::{Amount, Currency, Month, Quantity};
use tenantry_db::log::{self, Partition, Span};
use tenantry_db::{Db, Tx, sql};
use tenantry_testkit::{Bench, Channel, SUFFIX, time};
use tenantry_usage::{EdgeTerms, Record, SubscriptionTerms};
use tenantry_worlds::World;

/// Milliseconds of 10 M rows.
const GOAL: Goal = Goal::AtMost { goal: 1_000, floor: 2_000 };
const GOAL_ROWS: u64 = 10_000_000;
const ROWS_EACH: u64 = 100;
/// Subscriptions that are written down in one transaction when a world is made.
const AT_ONCE: u64 = 1_000;
/// Subscriptions after which the database looks again how large its tables are.
const GROWTH: u64 = 10_000;

/// Records of the log, of up to half a megabyte each.
const RECORDS_AT_ONCE: usize = 200;

/// A close: what the fold bills, the lines of every document, the proof scan, the stored texts and their chain of hashes,
/// written and brought to the disk. Names are given: who closes in a world looks them up in its database besides. The
/// baseline adds up the same number of rows of plain numbers, which are there already.
pub(crate) fn without_database(scale: Scale, directory: &Path) {
    let subscriptions = scale.close_subscriptions();
    let rows = subscriptions * ROWS_EACH;
    let (fold, in_fold) = closed(subscriptions, ROWS_EACH);
    let watch = stopwatch();
    let (edges, close) = (fold.edges().cloned().collect::<Vec<_>>(), fold.closes()[0]);
    let currencies = edges.iter().map(|edge| (edge.id, Currency::USD)).collect();
    let (mut file, mut bytes) = (std::fs::File::create(directory.join("documents.txt")).unwrap(), 0);
    let lines = documents_of_close(&fold, close, &edges, &currencies, |text, hash| {
        file.write_all(text).unwrap();
        file.write_all(hash.as_bytes()).unwrap();
        bytes += text.len();
    });
    let lines = lines.unwrap();
    let composed = watch();
    file.sync_all().unwrap();
    let ours = Run { units: rows, nanos: in_fold + watch() };
    let plain = plain_rows(rows);
    let theirs = timed(rows, || drop(black_box(sums(&plain))));
    println!(
        "close without a database, {subscriptions} subscriptions, {rows} rows, {lines} lines on {EDGES} documents of {bytes} \
         bytes as stored, fsynced: {} ms ({} in the fold, {} proof and documents); plain sums of as many rows: {} ms; ratio {}; {}",
        ours.nanos / 1_000_000,
        in_fold / 1_000_000,
        composed / 1_000_000,
        theirs.nanos / 1_000_000,
        hundredths(theirs.nanos, ours.nanos),
        verdict(ours)
    );
}

fn verdict(ours: Run) -> String {
    // What a close costs whatever its size is most of a small one.
    if ours.units < GOAL_ROWS / 100 {
        return "too small to be held against the goal".to_owned();
    }
    let all = ours.nanos_each() * GOAL_ROWS / 1_000_000;
    let how = if ours.units == GOAL_ROWS { "so" } else { "extrapolated" };
    format!("{GOAL_ROWS} rows {how}: {all} ms; {}", GOAL.verdict(all))
}

fn plain_rows(rows: u64) -> Vec<(u64, Quantity)> {
    (0..rows).map(|row| (row / 50, Quantity::from_units(i128::from(row % 1_000)))).collect()
}

fn sums(rows: &[(u64, Quantity)]) -> BTreeMap<u64, Amount> {
    let rate = tenantry_core::Rate::parse("0.0712").unwrap();
    let mut sums = BTreeMap::new();
    for (line, quantity) in rows {
        *sums.entry(*line).or_insert(Amount::ZERO) += Amount::list(*quantity, rate);
    }
    sums
}

/// The act. The baseline is what the same database does with as many rows of plain integers that lie in it: one statement
/// that writes a sum for each line, without tiers, names, documents or proof, and a commit.
pub(crate) async fn act(bench: Bench, scale: Scale) {
    let subscriptions = scale.closed_subscriptions();
    let rows = subscriptions * ROWS_EACH;
    let channel = Channel::new(&bench.world("2026-01-01").await).await;
    fill(&channel, subscriptions).await;
    // The log is longer than the world knows: it is read when it is opened.
    let channel = channel.reopen(&bench).await;
    let world = channel.world();
    channel.advance_to("2026-02-01").await;
    let ctx = world.system("bench");
    let watch = stopwatch();
    let month = Month::parse("2026-01").unwrap();
    let closed = close_month(&ctx, world.db(), world.metering(), month).await.unwrap();
    let ours = Run { units: rows, nanos: watch() };
    assert_eq!(u64::try_from(closed.invoices.len()).unwrap(), EDGES, "every partner has its document");
    let lines: usize = closed.invoices.iter().map(|invoice| invoice.lines.len()).sum();
    let theirs = baseline(world.db(), rows).await;
    println!(
        "close through the act, {:?}: {subscriptions} subscriptions, {rows} rows, {lines} lines on {EDGES} documents, names \
         looked up and all of it stored: {} ms; INSERT .. SELECT of as many lines from as many rows: {} ms; ratio {}; {}",
        bench.engine(),
        ours.nanos / 1_000_000,
        theirs.nanos / 1_000_000,
        hundredths(theirs.nanos, ours.nanos),
        verdict(ours)
    );
}

async fn baseline(db: &Db, rows: u64) -> Run {
    let mut tx = db.begin().await.unwrap();
    for table in [
        "CREATE TABLE plain_row (line BIGINT NOT NULL, quantity BIGINT NOT NULL)",
        "CREATE TABLE plain_line (line BIGINT NOT NULL, charge BIGINT NOT NULL)",
    ] {
        sql(table).run(&mut tx).await.unwrap();
    }
    sql("WITH RECURSIVE numbers (number) AS (SELECT CAST(0 AS BIGINT) UNION ALL \
         SELECT number + 1 FROM numbers WHERE number + 1 < $1) \
         INSERT INTO plain_row SELECT number / 50, number % 1000 FROM numbers")
    .bind(i64::try_from(rows).unwrap())
    .run(&mut tx)
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let watch = stopwatch();
    let mut tx = db.begin().await.unwrap();
    sql("INSERT INTO plain_line SELECT line, CAST(SUM(quantity * 712) AS BIGINT) FROM plain_row GROUP BY line")
        .run(&mut tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    Run { units: rows, nanos: watch() }
}

/// Partners by signing up; customers, orders and subscriptions as copies of one that was made as people make it; their
/// usage as records of the log. Through the acts a world of this size would take an hour. A server learns of so many rows
/// by itself only after a while; here it is told as they grow, or it would go on looking them up as if there were ten.
async fn fill(channel: &Channel, subscriptions: u64) {
    let world = channel.world();
    let mut partners = Vec::new();
    for number in 0..EDGES {
        partners.push(sign_up(world, number).await);
    }
    let customer = channel.customer("Northwind").await;
    let model = channel.order_usage(&customer).await;
    world.metering().follow(&world.system("bench")).await.unwrap();
    let edges: Vec<EdgeTerms> = world.metering().read_all(|fold| fold.edges().cloned().collect()).await;
    let of = |number: u64| {
        let partner = partners[usize::try_from(number % EDGES).unwrap()].tenant;
        let edge = edges.iter().find(|edge| edge.buyer == partner).unwrap();
        sold(number, partner, edge.id)
    };
    for first in (0..subscriptions).step_by(usize::try_from(AT_ONCE).unwrap()) {
        let mut tx = world.db().begin().await.unwrap();
        for number in first..(first + AT_ONCE).min(subscriptions) {
            copy(&mut tx, &model, number, &of(number)).await;
        }
        tx.commit().await.unwrap();
        let there = first + AT_ONCE;
        if there == AT_ONCE || there.is_multiple_of(GROWTH) || there >= subscriptions {
            learn_sizes(world.db()).await;
        }
    }
    let terms = (0..subscriptions).map(|number| Record::Subscription(of(number)));
    let usage = daily(subscriptions, ROWS_EACH);
    append(world.db(), std::iter::once(sheet()).chain(terms).chain(usage)).await;
}

/// As autovacuum does in a server that runs longer than a measure.
async fn learn_sizes(db: &Db) {
    let mut tx = db.begin().await.unwrap();
    for table in ["ANALYZE customer", "ANALYZE sales_order", "ANALYZE subscription"] {
        sql(table).run(&mut tx).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn sign_up(world: &World, number: u64) -> Partner {
    let new = NewPartner {
        company_name: format!("Partner {number}"),
        domain: format!("partner{number}.{SUFFIX}"),
        address: Address {
            country: "US".into(),
            city: Some("Seattle".into()),
            state: Some("WA".into()),
            address_line1: Some("1 Harbour Rd".into()),
            postal_code: Some("98101".into()),
            ..Address::default()
        },
        email: format!("ops@partner{number}.test"),
        culture: "en-us".into(),
        language: "en".into(),
        mpn_id: "4847383".into(),
        markets: vec!["US".into()],
        currency: Currency::USD,
    };
    partner_sign_up(&world.system("bench"), world.db(), SUFFIX, new).await.unwrap()
}

/// Writes down a customer, its order and its subscription: those of the model, but for the ids.
async fn copy(tx: &mut Tx, model: &tenantry_commerce::Subscription, number: u64, terms: &SubscriptionTerms) {
    let number = i64::try_from(number + 1).unwrap();
    let name = format!("Northwind {number}");
    sql("INSERT INTO customer (tenant, partner, number, company_name, company_key, domain, registration_number, \
         billing_profile_id, billing_details, billing_version, created_at) \
         SELECT $1, $2, $3, $4, $5, $6, registration_number, billing_profile_id, billing_details, billing_version, created_at \
         FROM customer WHERE tenant = $7")
    .bind(terms.customer)
    .bind(terms.partner)
    .bind(number)
    .bind(&name)
    .bind(name.to_lowercase())
    .bind(format!("northwind{number}.{SUFFIX}"))
    .bind(model.customer)
    .run(tx)
    .await
    .unwrap();
    // One order each: it may have the id of its subscription.
    sql("INSERT INTO sales_order (id, partner, customer, number, currency, billing_cycle, version, placed_at) \
         SELECT $1, $2, $3, number, currency, billing_cycle, version, placed_at FROM sales_order WHERE id = $4")
    .bind(terms.id)
    .bind(terms.partner)
    .bind(terms.customer)
    .bind(model.order)
    .run(tx)
    .await
    .unwrap();
    sql("INSERT INTO subscription (id, partner, customer, number, sales_order, offer, friendly_name, quantity, \
         billing_cycle, auto_renew, state, state_at, suspension_reason, created_at, starts_on, commitment_ends_on, version, \
         sold_since) SELECT $1, $2, $3, number, $1, offer, friendly_name, quantity, billing_cycle, auto_renew, state, \
         state_at, suspension_reason, created_at, starts_on, commitment_ends_on, version, sold_since \
         FROM subscription WHERE id = $4")
    .bind(terms.id)
    .bind(terms.partner)
    .bind(terms.customer)
    .bind(model.id)
    .run(tx)
    .await
    .unwrap();
}

/// Appends records behind the world's back.
async fn append(db: &Db, records: impl Iterator<Item = Record>) {
    let mut records = records.peekable();
    while records.peek().is_some() {
        let mut tx = db.begin().await.unwrap();
        let mut tenure = log::hold(&mut tx, Partition(0)).await.unwrap();
        for record in records.by_ref().take(RECORDS_AT_ONCE) {
            let span = match &record {
                Record::Usage(_) => Span { first: time("2026-01-01"), last: time("2026-01-31") },
                _ => Span::NONE,
            };
            log::append(&mut tx, &tenure, time("2026-01-01"), span, &record.encode().unwrap()).await.unwrap();
            tenure.next_seq += 1;
        }
        tx.commit().await.unwrap();
    }
}
