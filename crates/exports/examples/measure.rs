//! How fast a format writes, and in how much memory: `cargo run --release -p tenantry-exports --example measure -- focus csv 1000000 out.csv`.
//!
//! Rows are made up as they are written: 50 rows a line, resources and regions as in real files. The last argument is
//! the file; without it bytes are thrown away.

use std::io::{self, Write};
use tenantry_billing::{InvoiceLine, InvoiceParty};
use tenantry_core::{
    Amount, Currency, Day, Factor, MeterId, Money, Month, OrderId, PriceSheetId, Problem, Quantity, Rate, ResourceUri,
    SubscriptionId, TenantId,
};
use tenantry_exports::{
    CsvCells, Document, Encoding, ExportFormat, FileCells, FocusVersion, ParquetCells, PlacedLine, Target, write_rows,
};
use tenantry_usage::{LineRow, Series};

const ROWS_OF_A_LINE: u64 = 50;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let argument = |at: usize| arguments.get(at).map_or("", String::as_str);
    let format = match argument(0) {
        "usage" => ExportFormat::Usage,
        "daily" => ExportFormat::Daily,
        _ => ExportFormat::Focus(FocusVersion::V1_2),
    };
    let encoding = if argument(1) == "parquet" { Encoding::Parquet } else { Encoding::Csv };
    let rows: u64 = argument(2).parse()?;
    let written = write(format, encoding, rows, argument(3)).map_err(|problem| problem.message().to_owned())?;
    writeln!(io::stdout(), "{written} rows")?;
    Ok(())
}

fn write(format: ExportFormat, encoding: Encoding, rows: u64, path: &str) -> Result<u64, Problem> {
    let document = document()?;
    let mut format = format.format();
    let line = line()?;
    let lines = (0..rows / ROWS_OF_A_LINE).map(|position| {
        let placed = PlacedLine { position: position + 1, line: &line, tax: Money::zero(Currency::USD) };
        Ok((placed, (0..ROWS_OF_A_LINE).filter_map(move |number| row(position * ROWS_OF_A_LINE + number).ok())))
    });
    if path.is_empty() {
        return match encoding {
            Encoding::Csv => {
                let mut cells = CsvCells::new(format.columns(), io::sink());
                write_rows(&document, format.as_mut(), lines, &mut cells)?;
                cells.finish().map(|_| rows)
            }
            Encoding::Parquet => {
                let mut cells = ParquetCells::new(format.columns(), io::sink())?;
                write_rows(&document, format.as_mut(), lines, &mut cells)?;
                cells.finish().map(|_| rows)
            }
        };
    }
    let target = Target { path: path.into(), encoding, part_rows: None };
    let mut file = FileCells::begin(&document, format.as_ref(), &target, |_| ())?;
    write_rows(&document, format.as_mut(), lines, &mut file)?;
    file.finish(&document, None).map(|manifest| manifest.rows)
}

fn id(text: &str) -> Result<TenantId, Problem> {
    TenantId::parse(text).map_err(Problem::internal)
}

fn document() -> Result<Document, Problem> {
    let party =
        |tenant, name: &str| InvoiceParty { tenant, name: name.into(), address: Vec::new(), email: String::new() };
    let buyer = id("00000000-0000-4000-8000-0000000000b1")?;
    Ok(Document {
        number: Some("D260000001".into()),
        hash: String::new(),
        seller: party(id("00000000-0000-4000-8000-0000000000a1")?, "Example Cloud"),
        buyer: party(buyer, "Contoso"),
        buyer_id: buyer.to_string(),
        mpn_id: "4847383".into(),
        month: Month::parse("2026-01").map_err(Problem::internal)?,
        currency: Currency::USD,
        tax: Money::zero(Currency::USD),
        fx: Vec::new(),
    })
}

fn line() -> Result<InvoiceLine, Problem> {
    let json = serde_json::json!({
        "customer": "00000000-0000-4000-8000-0000000000c1", "customer_name": "Northwind, Limited",
        "customer_domain": "northwind.example.test",
        "subscription": "00000000-0000-4000-8000-0000000000d1", "subscription_name": "Microsoft Azure",
        "offer_name": "Microsoft Azure", "order": OrderId::parse("00000000-0000-4000-8000-0000000000e1").map_err(Problem::internal)?,
        "meter": METER, "meter_name": "D4s v3", "category": "Virtual Machines", "subcategory": "DSv3 Series",
        "region": "EU West", "unit": "1 Hour", "service_month": "2026-01", "quantity": "1", "list": "1", "exact": "1",
        "amount": "1.00",
    });
    serde_json::from_value(json).map_err(Problem::internal)
}

const METER: &str = "00000000-0000-4000-8000-00000000a001";

fn row(number: u64) -> Result<LineRow, Problem> {
    let quantity = Quantity::from_units(i128::from(number % 977 + 1) * 1_234_567_000_000);
    let rate = Rate::parse("0.2040").map_err(Problem::internal)?;
    let factor = Factor::after_discount("0.15").map_err(Problem::internal)?;
    let subscription = SubscriptionId::parse("00000000-0000-4000-8000-0000000000d1").map_err(Problem::internal)?;
    let resource = format!(
        "/subscriptions/{subscription}/resourceGroups/shop-{}/providers/Microsoft.Compute/virtualMachines/web-{number}",
        number % 100
    );
    let series = Series {
        subscription,
        meter: MeterId::parse(METER).map_err(Problem::internal)?,
        resource: ResourceUri::new(resource),
        region: "westeurope".into(),
        tags: String::new(),
        additional_info: String::new(),
    };
    Ok(LineRow {
        day: Day::from_number(20_454 + i32::try_from(number % 31).unwrap_or_default()),
        series: series.into(),
        quantity,
        list: Amount::list(quantity, rate),
        charge: Amount::priced(quantity, rate, factor),
        priced: None,
        sheet: PriceSheetId::parse("00000000-0000-4000-8000-0000000000f1").ok(),
        billed_before: 0,
    })
}
