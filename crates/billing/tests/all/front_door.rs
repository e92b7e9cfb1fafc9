//! The front door: a real month of usage, priced with a real rate card, from the file to the paper.
//!
//! What it must come to was computed independently of this program (`expected-rating-2017-10-with-ratecard-2020-12.csv`
//! of the data sets, from the recorded usage of October 2017 in `azure-mgmt-consumption` 8.0.0, MIT). Where the data
//! sets do not lie beside the workspace, the month's sums stand in for its records, and the demo's price sheet, an
//! excerpt of the same card, for the card.

use crate::books::{Books, kept};
use crate::exact::Exact;
use crate::reckoning::{exact, half_even, sum, written};
use std::collections::BTreeMap;
use tenantry_billing::{Draft, ExplainQuery, Invoice, invoice_get, invoice_pdf};
use tenantry_commerce::Subscription;
use tenantry_core::{MeterId, Quantity};
use tenantry_metering::{Submitted, Verdict, files};
use tenantry_testkit::{Channel, event, on_every_engine, shared_data};
use tenantry_usage::{Event, Fold};

/// Meter, records, quantity, and what they come to at list.
const RATED: [(&str, usize, &str, &str); 29] = [
    ("06cdadf9-e6f8-4bf9-b00c-4ba96b291263", 78, "2.424576", "43.44840192"),
    ("0dfadad2-6e4f-4078-85e1-90c230d4d482", 130, "4.07232", "88.2878976"),
    ("117e8907-889c-4ccd-b1f8-b708a3070b39", 88, "0.007559", "0.0003492258"),
    ("12da282f-7e96-49e2-983a-9a65da2a4866", 54, "1.961", "0.00070596"),
    ("1b4d8861-8cbc-40c8-88f9-e1b78509c3be", 32, "743.983353", "44.63900118"),
    ("1e32f8fb-14ef-4e37-8127-e56c9b71ce75", 32, "742.650073", "54.213455329"),
    ("211e620c-ebcf-4db5-a7fd-996abebe9546", 102, "33.7895", "0.01216422"),
    ("30106156-d005-4b27-abd3-1b9fbeb12c25", 88, "0.008724", "0.0004030488"),
    ("32c11975-b464-43d1-bc77-d787694e7c48", 82, "1670.283559", "0"),
    ("32c3ebec-1646-49e3-8127-2cafbd3a04d8", 198, "30.863102999999999", "0"),
    ("3399fb93-fd47-4ea3-bf1a-6ded279aab72", 31, "0.999936", "6.476585472"),
    ("3f2b1e1c-c886-4ec6-ad6f-dd0ef38819c9", 222, "163.87293", "7.37428185"),
    ("40551b4c-e8be-48ed-b70b-f8d25c7de724", 128, "26.9068", "0.009686448"),
    ("5fa93943-9970-49c1-b2ac-d3f3fb8e7818", 32, "743.616879", "130.132953825"),
    ("677edcb3-84a8-40e4-b8ae-9fef4b5abd94", 109, "3.443328", "21.9956349312"),
    ("923978e1-fd3f-4bd5-a798-f4b533057e46", 102, "15.6864", "0.005647104"),
    ("9995d93a-7d35-4d3f-9c69-7a7fea447ef4", 198, "7.490355", "0.651660885"),
    ("9a56b4f4-1d78-416e-a19b-815490ad7910", 26, "0.0088", "0.000003168"),
    ("9ac9efd3-224d-44c9-9a87-66517188ce55", 78, "2.43264", "11.676915264"),
    ("9cb0bde8-bc0d-468c-8423-a25fe06779d3", 29, "0.028", "0.00001008"),
    ("a7253eb0-e9e9-4694-a9b4-7a94ff426786", 156, "4.886784", "28.3785320448"),
    ("b99d40ae-41fe-4d1d-842b-56d72f3d15ee", 41, "809.216711", "0"),
    ("b9e5e77c-a0b3-4a2c-9b8b-57fa54f31c52", 311, "27.3677", "0.009852372"),
    ("c01a1eed-b19a-4aad-bb83-8d62cdc29778", 102, "628.5414", "0.226274904"),
    ("c5bea5ff-8d40-4a98-831d-7d0aefc471bb", 31, "0.999936", "23.846473728"),
    ("d23a5753-ff85-4ddf-af28-8cc5cf2d3882", 143, "28.29424", "1.2732408"),
    ("d3824379-dc7e-472b-9e67-3f4a7eadc05b", 102, "28.4503", "0.010242108"),
    ("d8af8105-595e-4b78-b9d8-b22a005472bc", 31, "0.999936", "5.887623168"),
    ("f114cb19-ea64-40b5-bcd7-aee474b62853", 137, "3139", "12.556"),
];
/// The meter that the card does not price.
const UNRATED: (&str, usize, &str) = ("7fd385bc-796c-45c8-b0bc-278bb675b15e", 31, "0.999998");
const LIST_TOTAL: &str = "481.1139966356";
const BATCH: usize = 1_000;

struct Month {
    card: Vec<u8>,
    events: Vec<Event>,
    /// Whether these are the records themselves, not their sums.
    whole: bool,
}

fn month_of(subscription: &Subscription) -> Month {
    let Some(data) = shared_data() else {
        let sums = RATED.iter().map(|(meter, _, quantity, _)| (*meter, *quantity)).chain([(UNRATED.0, UNRATED.2)]);
        let events = sums.map(|(meter, quantity)| event(subscription, meter, "2017-10-09T10:00:00Z", quantity));
        let card = include_bytes!("../../../tenantry/demo/price-sheet.json").to_vec();
        return Month { card, events: events.collect(), whole: false };
    };
    let card = data.join("ratecard-azure-2020-12/ratecard-MS-AZR-0062P-USD-en-2020-12-10.json.gz");
    let usage = data.join("azure-usage-details/usage-details-2017-10.csv.gz");
    let records = files::read("usage-details-2017-10.csv.gz", &std::fs::read(usage).unwrap()).unwrap();
    let ids = files::event_ids(&records);
    let events = records.into_iter().zip(ids).map(|(record, id)| Event {
        reporter: None,
        source: "file".to_owned(),
        id,
        at: record.start,
        subscription: subscription.id,
        meter: record.meter,
        resource: record.resource,
        region: record.region,
        quantity: record.quantity,
        corrects: None,
        tags: record.tags,
        additional_info: record.additional_info,
    });
    Month { card: std::fs::read(card).unwrap(), events: events.collect(), whole: true }
}

async fn send(channel: &Channel, events: &[Event]) -> BTreeMap<String, usize> {
    let ctx = channel.partner_ctx();
    let mut counted = BTreeMap::new();
    for batch in events.chunks(BATCH) {
        let batch = batch.iter().cloned().map(Submitted::Event).collect();
        for verdict in channel.world().metering().intake(&ctx, batch).await.unwrap() {
            let said = match verdict {
                Verdict::Accepted { unrated: false } => "accepted".to_owned(),
                Verdict::Accepted { unrated: true } => "unrated".to_owned(),
                Verdict::Duplicate => "duplicate".to_owned(),
                Verdict::Refused { code, message, .. } => format!("{code}: {message}"),
            };
            *counted.entry(said).or_default() += 1;
        }
    }
    counted
}

/// The partner's charge of a line, exact and rounded: 0.85 of list.
fn owed(list: &str) -> (String, String) {
    let (whole, fraction) = list.split_once('.').unwrap_or((list, ""));
    let digits = u32::try_from(fraction.len()).unwrap();
    let charge = Exact::product(&[(format!("{whole}{fraction}").parse().unwrap(), digits), (85, 2)]).to_string();
    let rounded = written(half_even(&charge, 2), 2);
    (charge, rounded)
}

fn total_owed() -> String {
    let rounded: Vec<_> = RATED.iter().map(|(.., list)| owed(list).1).collect();
    let sum = sum(rounded.iter().map(String::as_str));
    written(half_even(&sum, 2), 2)
}

#[test]
fn a_real_month_comes_to_one_number_everywhere() {
    on_every_engine(|bench| async move {
        let channel = Channel::new(&bench.world("2017-10-01").await).await;
        let subscription = channel.order_usage(&channel.customer("Northwind").await).await;
        let Month { card, events, whole } = month_of(&subscription);
        channel.import_card(&card).await;
        channel.advance_to("2017-10-31T12:00:00Z").await;

        let counted = send(&channel, &events).await;
        let unrated = if whole { UNRATED.1 } else { 1 };
        let accepted = [("accepted".to_owned(), events.len() - unrated), ("unrated".to_owned(), unrated)];
        assert_eq!(counted, BTreeMap::from(accepted));
        if whole {
            assert_eq!(events.len(), RATED.iter().map(|row| row.1).sum::<usize>() + UNRATED.1);
        }

        let ctx = channel.partner_ctx();
        let books = Books::of(&channel, &ctx);
        let draft = books.unbilled("2017-10").await;
        check_draft(&draft);
        check_unrated(&books, &subscription, unrated).await;

        assert_eq!(channel.advance_to("2017-11-10").await.jobs, 1);
        let invoices = books.prove().await;
        assert_eq!(invoices.len(), 1);
        check_invoice(&invoices[0], &draft);
        assert_eq!(books.unbilled("2017-10").await.total().unwrap().minor(), 0, "all of it is billed");
        check_events(&books, &invoices[0], if whole { None } else { Some(1) }).await;

        let before = (state(&channel).await, kept(&channel).await);
        assert_eq!(send(&channel, &events).await, BTreeMap::from([("duplicate".to_owned(), events.len())]));
        assert_eq!((state(&channel).await, kept(&channel).await), before, "nothing changed");

        let (invoice, hash) = invoice_get(&ctx, channel.world().db(), &invoices[0].number).await.unwrap();
        let paper = invoice_pdf(&invoice, &hash).unwrap();
        assert!(paper.starts_with(b"%PDF-1.7") && paper.len() > 10_000, "{} bytes", paper.len());
        assert!(paper == invoice_pdf(&invoice, &hash).unwrap(), "printed twice, the bytes differ");
    });
}

async fn state(channel: &Channel) -> Vec<u8> {
    channel.world().metering().read_all(Fold::checkpoint).await.unwrap()
}

fn check_draft(draft: &Draft) {
    let by_meter: BTreeMap<_, _> = draft.lines.iter().map(|line| (line.meter.to_string(), line)).collect();
    assert_eq!((draft.lines.len(), by_meter.len()), (RATED.len() + 1, RATED.len() + 1));
    for (meter, _, quantity, list) in RATED {
        let line = by_meter[meter];
        let (charge, rounded) = owed(list);
        assert_eq!(exact(&line.quantity.to_string()), exact(quantity), "{meter}");
        assert_eq!((line.list.to_string(), line.exact.to_string()), (list.to_owned(), charge), "{meter}");
        assert_eq!((line.amount.to_string(), line.unrated.is_zero()), (rounded, true), "{meter}");
    }
    let waiting = by_meter[UNRATED.0];
    assert_eq!((waiting.unrated.to_string().as_str(), waiting.exact.is_zero()), (UNRATED.2, true));
    let listed: Vec<_> = draft.lines.iter().map(|line| line.list.to_string()).collect();
    assert_eq!(sum(listed.iter().map(String::as_str)), LIST_TOTAL);
    assert_eq!(draft.total().unwrap().to_string(), total_owed());
}

/// The invoice is the draft: line by line, without what has no price.
fn check_invoice(invoice: &Invoice, draft: &Draft) {
    assert_eq!((invoice.number.as_str(), invoice.month.as_str()), ("D170000001", "2017-10"));
    assert_eq!((invoice.net.clone(), invoice.total.clone()), (total_owed(), total_owed()));
    assert_eq!((invoice.issued_at.as_str(), invoice.due_on.as_str()), ("2017-11-04T00:00:00Z", "2018-01-03"));
    let on_paper: BTreeMap<_, _> = invoice
        .lines
        .iter()
        .map(|line| (line.meter, [&line.quantity, &line.list, &line.exact, &line.amount].map(ToString::to_string)))
        .collect();
    let on_screen: BTreeMap<MeterId, _> = draft
        .lines
        .iter()
        .filter(|line| line.unrated.is_zero())
        .map(|line| {
            let shown =
                [line.quantity.to_string(), line.list.to_string(), line.exact.to_string(), line.amount.to_string()];
            (line.meter, shown)
        })
        .collect();
    assert_eq!(on_paper, on_screen);
    assert!(invoice.lines.iter().all(|line| !line.meter_name.is_empty() && line.customer_name == "Northwind"));
}

/// The meter without a price is shown by name, with its events.
async fn check_unrated(books: &Books<'_>, subscription: &Subscription, events: usize) {
    let query = ExplainQuery {
        invoice: None,
        subscription: subscription.id,
        meter: MeterId::parse(UNRATED.0).unwrap(),
        month: None,
        day: None,
    };
    let explained = books.explain(&query).await;
    assert_eq!(explained.rows.iter().map(|row| row.events.len()).sum::<usize>(), events);
    assert!(explained.rows.iter().all(|row| row.rule == "no price yet: counted, not billed" && row.rates.is_empty()));
}

/// Every record of the file stands behind exactly one row of the invoice.
async fn check_events(books: &Books<'_>, invoice: &Invoice, each: Option<usize>) {
    for (meter, records, ..) in RATED {
        let meter = MeterId::parse(meter).unwrap();
        let line = invoice.lines.iter().find(|line| line.meter == meter).unwrap();
        let query = ExplainQuery {
            invoice: Some(invoice.number.clone()),
            subscription: line.subscription,
            meter,
            month: None,
            day: None,
        };
        let explained = books.explain(&query).await;
        let count = explained.rows.iter().map(|row| row.events.len()).sum::<usize>();
        assert_eq!(count, each.unwrap_or(records), "{}", line.meter_name);
        for row in explained.rows {
            let used = row.events.iter().map(|found| found.event.quantity);
            let used = used.fold(Quantity::ZERO, |sum, quantity| sum.checked_add(quantity).unwrap());
            assert_eq!(used, row.row.quantity, "{} {:?}", line.meter_name, row.row);
            assert_eq!(row.rule, "list price x 0.85 (since 1970-01-01T00:00:00Z)");
        }
    }
}
