//! The field's formats: their columns in their order, and what stands in them; a FOCUS file that somebody has read.

use crate::setting::{FOCUS_1_2, FOCUS_1_4, Setting};
use std::fs;
use tenantry_billing::{invoice_rows, reconciliation_csv, reconciliation_rows};
use tenantry_exports::{DailyRated, Encoding, ExportFormat, Format, UsageBased};
use tenantry_testkit::{golden, on_every_engine, shared_data};

#[test]
fn the_usage_file_is_the_one_that_billing_writes() {
    on_every_engine(|bench| async move {
        let setting = Setting::new(&bench).await;
        for invoice in &setting.invoices {
            let behind = invoice_rows(&setting.ctx(), setting.channel.world().metering(), invoice).await.unwrap();
            let rows = reconciliation_rows(invoice, &behind).unwrap();
            let mut expected = Vec::new();
            reconciliation_csv(invoice, &setting.channel.partner.mpn_id, &rows, &mut expected).unwrap();
            let request = setting.request("usage.csv", ExportFormat::Usage, Encoding::Csv);
            setting.export(invoice, &request).await;
            let written = fs::read(&request.target.path).unwrap();
            assert_eq!(unnumbered(&written), unnumbered(&expected));
        }
    });
}

/// The header and the rows in one order: billing goes by the document, exports as the log has the lines, so that none
/// need be kept. The number of a row in its file is left out.
fn unnumbered(file: &[u8]) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(file);
    let cells = |row: csv::StringRecord| {
        let kept = row.iter().enumerate().filter(|(place, _)| *place != 19);
        kept.map(|(_, cell)| cell.to_owned()).collect::<Vec<_>>()
    };
    let mut rows: Vec<_> = reader.records().map(|row| cells(row.unwrap())).collect();
    rows[1..].sort();
    rows
}

/// The published column lists. Passes where they are not at hand.
#[test]
fn the_columns_are_those_of_the_field() {
    let Some(data) = shared_data() else { return };
    for (file, format) in [
        ("columns-usage-based.csv", &UsageBased::default() as &dyn Format),
        ("columns-daily-rated-usage.csv", &DailyRated::default()),
    ] {
        let mut reader = csv::Reader::from_path(data.join("reconciliation-files").join(file)).unwrap();
        let published: Vec<_> = reader.records().map(|row| row.unwrap()[1].to_owned()).collect();
        let ours: Vec<_> = format.columns().iter().map(|column| column.name).collect();
        assert_eq!(ours, published, "{file}");
    }
}

/// `FLOOR(EffectiveUnitPrice x Quantity x PCToBCExchangeRate, 2)` says up to a cent less in every row; ours says it all.
#[test]
fn daily_totals_are_exact_where_the_field_floors_them() {
    on_every_engine(|bench| async move {
        use crate::table::Decimal;
        let setting = Setting::new(&bench).await;
        let table = setting.csv(&setting.invoices[0], ExportFormat::Daily).await;
        let mut rounding = 0;
        for row in table.rows() {
            let number = |column: &str| row.get(column).and_then(Decimal::parse);
            let total = row.get("BillingPreTaxTotal").unwrap();
            if row.get("ChargeType") == Some("Rounding") {
                rounding += 1;
                continue;
            }
            // The effective price has 15 digits, so its product may be off behind them, and only there.
            let price = number("EffectiveUnitPrice").unwrap();
            let product = price.times(number("Quantity").unwrap()).times(number("PCToBCExchangeRate").unwrap());
            let minus = Decimal::parse("-1").unwrap();
            let off = Decimal::sum([product, Decimal::parse(total).unwrap().times(minus)].into_iter()).text();
            let small = off.trim_start_matches('-').starts_with("0.000000000");
            assert!(off == "0" || small, "{total} is {} in the field's words", product.text());
        }
        assert!(rounding > 1);
    });
}

#[test]
fn a_small_focus_file_says_what_it_should() {
    on_every_engine(|bench| async move {
        let setting = Setting::new(&bench).await;
        for (invoice, format, name) in [
            (&setting.invoices[1], FOCUS_1_2, "focus-1.2.csv"),
            (&setting.invoices[1], FOCUS_1_4, "focus-1.4.csv"),
            (&setting.invoices[1], ExportFormat::Daily, "daily.csv"),
        ] {
            let request = setting.request(name, format, Encoding::Csv);
            setting.export(invoice, &request).await;
            let mut file = fs::read_to_string(&request.target.path).unwrap();
            // Ids are drawn; what matters is which stands where.
            let line = &invoice.lines[0];
            for (id, name) in [
                (line.subscription.to_string(), "{subscription}"),
                (line.customer.to_string(), "{customer}"),
                (setting.channel.partner.tenant.to_string(), "{partner}"),
            ] {
                file = file.replace(&id, name);
            }
            golden(env!("CARGO_MANIFEST_DIR"), &format!("tests/golden/{name}"), without_sheets(&file));
        }
    });
}

/// The ids of price sheets are drawn too: `{meter}/{sheet}` is cut to `{meter}/..`.
fn without_sheets(file: &str) -> String {
    let cell = |cell: &str| match cell.split_once('/') {
        Some((meter, sheet)) if meter.len() == 36 && sheet.len() == 36 => format!("{meter}/.."),
        _ => cell.to_owned(),
    };
    let line = |line: &str| line.split(',').map(cell).collect::<Vec<_>>().join(",");
    file.lines().map(line).collect::<Vec<_>>().join("\n") + "\n"
}
