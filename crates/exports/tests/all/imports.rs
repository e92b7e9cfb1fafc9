//! What was exported can be imported: into a fresh world with the same prices it comes to the same amounts.

use crate::setting::{FORMATS, Setting};
use std::collections::BTreeMap;
use std::fs;
use std::sync::Mutex;
use tenantry_billing::{Invoice, InvoiceFilter, invoice_list};
use tenantry_commerce::Subscription;
use tenantry_core::MeterId;
use tenantry_exports::Encoding;
use tenantry_metering::files::{Aside, EventIds, UsageRecord, read_rows};
use tenantry_testkit::{Bench, CARD, Channel, on_every_engine};
use tenantry_usage::Event;

/// The records of a file, and how many rows of it are no usage.
fn records(bytes: &[u8]) -> (Vec<UsageRecord>, usize) {
    let (mut records, mut others) = (Vec::new(), 0);
    let mut take = |record| {
        records.push(record);
        Ok(())
    };
    let mut aside = |aside| {
        assert!(matches!(aside, Aside::NotUsage { .. }), "{aside:?}");
        others += 1;
        Ok(())
    };
    read_rows("export.csv", &mut &bytes[..], &mut take, &mut aside).unwrap();
    (records, others)
}

/// A file, read back, and what its document says of each line.
struct Exported {
    records: Vec<UsageRecord>,
    lines: Vec<Line>,
}

/// A meter and an amount.
type Line = (MeterId, String);

fn lines(invoice: &Invoice) -> impl Iterator<Item = Line> {
    invoice.lines.iter().map(|line| (line.meter, line.amount.to_string()))
}

#[test]
fn an_exported_month_imported_elsewhere_comes_to_the_same() {
    let exported = Mutex::new(Vec::new());
    on_every_engine(|bench| {
        let exported = &exported;
        async move {
            let setting = Setting::new(&bench).await;
            let invoice = &setting.invoices[0];
            for format in FORMATS {
                let request = setting.request("out.csv", format, Encoding::Csv);
                let manifest = setting.export(invoice, &request).await;
                let (records, others) = records(&fs::read(&request.target.path).unwrap());
                assert_eq!((records.len() + others) as u64, manifest.rows, "no row is lost");
                assert!(others > 0, "roundings are no usage");
                exported.lock().unwrap().push(Exported { records, lines: lines(invoice).collect() });
            }
        }
    });
    let exported = exported.into_inner().unwrap();
    on_every_engine(|bench| import(bench, &exported));
}

/// Takes the records of each file into a fresh world and bills them.
async fn import(bench: Bench, exported: &[Exported]) {
    let channel = Channel::new(&bench.world("2026-01-01").await).await;
    channel.import_card(CARD).await;
    let mut owners: BTreeMap<(usize, &str), Subscription> = BTreeMap::new();
    for (file, number) in exported.iter().zip(0..) {
        for record in &file.records {
            if !owners.contains_key(&(number, record.subscription.as_str())) {
                let customer = channel.customer(&format!("Customer {}", owners.len())).await;
                owners.insert((number, &record.subscription), channel.order_usage(&customer).await);
            }
        }
    }
    channel.advance_to("2026-01-31").await;
    for (file, number) in exported.iter().zip(0..) {
        let mut ids = EventIds::default();
        let event = |record: &UsageRecord| Event {
            reporter: None,
            source: format!("file/{number}"),
            id: ids.name(record),
            at: record.start,
            subscription: owners[&(number, record.subscription.as_str())].id,
            meter: record.meter,
            resource: record.resource.clone(),
            region: record.region.clone(),
            quantity: record.quantity,
            corrects: None,
            tags: record.tags.clone(),
            additional_info: record.additional_info.clone(),
        };
        channel.accept(file.records.iter().map(event).collect()).await;
    }
    channel.advance_to("2026-02-10").await;
    let ctx = channel.partner_ctx();
    let filter = InvoiceFilter::default();
    let invoices = invoice_list(&ctx, channel.world().db(), channel.partner.tenant, filter).await.unwrap();
    let mut billed: Vec<_> = invoices.iter().flat_map(lines).collect();
    let mut expected: Vec<_> = exported.iter().flat_map(|file| file.lines.clone()).collect();
    billed.sort();
    expected.sort();
    assert_eq!(billed, expected);
}
