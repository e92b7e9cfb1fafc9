//! The reconciliation file: daily rated rows as CSV, streamed from the fold into a file, line by line, as the product
//! writes it: hashed, brought to the disk, its sum held against what is owed, its manifest beside it.
//!
//! Beside it DuckDB copies the same file, already in its memory, to CSV; and the disk takes the same bytes and nothing
//! else. Each file is brought to the disk.

use crate::channel::{EDGES, apply, daily, edge, fold, tenant};
use crate::duckdb;
use crate::goal::Goal;
use crate::measure::{Run, hundredths, resident, stopwatch};
use crate::scale::Scale;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use tenantry_billing::{InvoiceLine, InvoiceParty};
use tenantry_core::{Amount, Currency, Money, Month, OrderId, Rounding};
use tenantry_exports::{
    DailyRated, Document, Encoding, FileCells, Format, Manifest, Owes, PlacedLine, Target, write_rows,
};
use tenantry_usage::{Close, Fold, Line, LineRow, Record};

const ROWS_EACH: u64 = 100;
const ALL: u64 = 10_000_000;
/// Milliseconds of 10 M rows.
const GOAL: Goal = Goal::AtMost { goal: 20_000, floor: 60_000 };

pub(crate) fn run(scale: Scale, directory: &Path) {
    let month = Month::parse("2026-01").unwrap();
    let subscriptions = scale.export_rows() / ROWS_EACH;
    let mut fold = fold(subscriptions);
    daily(subscriptions, ROWS_EACH).for_each(|record| apply(&mut fold, record));
    apply(&mut fold, Record::Close(Close { number: 1, month, at: month.period().to }));

    let file = directory.join("rows.csv");
    let before = resident();
    let watch = stopwatch();
    let manifest = write(&fold, month, &file);
    let ours = Run { units: scale.export_rows(), nanos: watch() };
    let grown = resident().saturating_sub(before);
    let all = ours.nanos_each() * ALL / 1_000_000;
    // A line that was rounded has one row more, which says by how much.
    assert!(manifest.rows >= scale.export_rows(), "{} rows", manifest.rows);

    let bytes = std::fs::read(&file).unwrap();
    let disk = disk(&bytes, &directory.join("plain"), scale.export_rows());
    println!(
        "export of {} rows, {} bytes, daily rated CSV, hashed, fsynced, with its manifest: {} rows/s, memory grew by {grown} bytes; the disk alone: {} \
         /s; ratio {}; {ALL} rows {}: {all} ms; {}",
        scale.export_rows(),
        bytes.len(),
        ours.rate(),
        disk.rate(),
        hundredths(ours.rate(), disk.rate()),
        if scale.export_rows() == ALL { "so" } else { "extrapolated" },
        GOAL.verdict(all)
    );
    match duckdb::run("copy.py", scale.export_rows(), &[&file, &directory.join("copied.csv")]) {
        None => println!("export: {}", duckdb::MISSING),
        Some(theirs) => println!(
            "export of {} rows: {} rows/s, one core; DuckDB's COPY of the same table ({}), all cores: {} /s; ratio {}",
            scale.export_rows(),
            ours.rate(),
            theirs.result,
            theirs.run.rate(),
            hundredths(ours.rate(), theirs.run.rate())
        ),
    }
}

fn disk(bytes: &[u8], file: &Path, units: u64) -> Run {
    let watch = stopwatch();
    let mut out = File::create(file).unwrap();
    out.write_all(bytes).unwrap();
    out.sync_all().unwrap();
    Run { units, nanos: watch() }
}

/// All documents of a close into one file.
fn write(fold: &Fold, month: Month, file: &Path) -> Manifest {
    let mut format = DailyRated::default();
    let target = Target { path: file.to_owned(), encoding: Encoding::Csv, part_rows: None };
    let first = document(0, month);
    let mut cells = FileCells::begin(&first, &format, &target, |_| ()).unwrap();
    let mut amount = Amount::ZERO;
    for number in 0..EDGES {
        let lines =
            fold.billed_lines(edge(number), 1).zip(1..).map(|(line, position)| (position, shown(&line), line.rows));
        let document = document(number, month);
        for (position, line, rows) in lines {
            amount += Amount::parse_exact(&line.amount).unwrap();
            let placed = PlacedLine { position, line: &line, tax: document.tax };
            let one: [Result<(PlacedLine<'_>, Vec<LineRow>), _>; 1] = [Ok((placed, rows))];
            write_rows(&document, &mut format, one, &mut cells).unwrap();
        }
    }
    let (column, _) = format.owed();
    cells.finish(&first, Some(Owes { column, amount })).unwrap()
}

fn party(number: u64) -> InvoiceParty {
    let address = vec!["1 Harbour Rd".to_owned(), "Seattle, WA 98101".to_owned()];
    InvoiceParty {
        tenant: tenant(number),
        name: format!("Partner {number}"),
        address,
        email: "ops@partner.test".to_owned(),
    }
}

fn document(number: u64, month: Month) -> Document {
    Document {
        number: Some(format!("D26{number:07}")),
        hash: "0".repeat(64),
        seller: party(0),
        buyer: party(number + 1),
        buyer_id: tenant(number + 1).to_string(),
        mpn_id: "4847383".to_owned(),
        month,
        currency: Currency::USD,
        tax: Money::zero(Currency::USD),
        fx: Vec::new(),
    }
}

/// As on a document.
fn shown(line: &Line) -> InvoiceLine {
    InvoiceLine {
        customer: line.customer,
        customer_name: "Northwind Traders".into(),
        customer_domain: "northwind.example.test".into(),
        subscription: line.subscription,
        subscription_name: "Production".into(),
        offer_name: "Pay as you go".into(),
        order: OrderId::new(line.subscription.guid()),
        meter: line.meter,
        meter_name: "Compute Hours".into(),
        category: "Virtual Machines".into(),
        subcategory: "D2 v3".into(),
        region: "US West".into(),
        unit: "1 Hour".into(),
        service_month: line.month.to_string().into(),
        quantity: line.quantity.to_string().into(),
        list: line.list.to_string().into(),
        exact: line.charge.to_string().into(),
        amount: Amount::round(line.charge, Currency::USD, Rounding::HalfEven).to_string().into(),
        pricing_currency: "".into(),
        pricing_exact: "".into(),
    }
}
