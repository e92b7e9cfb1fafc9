//! Law 1: every file says what its document says, to the last digit.

use crate::setting::{FOCUS_1_2, FOCUS_1_4, FORMATS, Setting};
use crate::table::{Table, same_number};
use tenantry_billing::{Invoice, ROUNDING};
use tenantry_core::{Amount, Money};
use tenantry_exports::{Encoding, ExportFormat};
use tenantry_testkit::on_every_engine;

#[test]
fn every_format_sums_to_the_document() {
    on_every_engine(|bench| async move {
        let setting = Setting::new(&bench).await;
        for invoice in &setting.invoices {
            for (format, columns) in FORMATS.into_iter().zip([
                &["PretaxCharges", "PostTaxTotal"][..],
                &["BillingPreTaxTotal", "PricingPreTaxTotal"],
                &["BilledCost", "EffectiveCost", "ContractedCost", "PricingCurrencyEffectiveCost"],
                &["BilledCost", "EffectiveCost", "ContractedCost", "PricingCurrencyEffectiveCost"],
            ]) {
                let table = setting.csv(invoice, format).await;
                assert!(table.rows().count() > 3);
                for column in columns {
                    let sum = table.sum(column);
                    assert!(same_number(&sum, &invoice.total), "{column} of {}: {sum}", invoice.number);
                }
            }
            for format in [FOCUS_1_2, FOCUS_1_4] {
                let table = setting.csv(invoice, format).await;
                assert!(same_number(&table.sum("ListCost"), &list_of(invoice)), "{}", table.sum("ListCost"));
                proves_each_line(&table, invoice);
            }
        }
    });
}

/// Each line's list price, rounded as the line is.
fn list_of(invoice: &Invoice) -> String {
    let currency = invoice.currency().unwrap();
    let list = |text: &str| Amount::parse_exact(text).unwrap().round(currency, ROUNDING);
    Money::sum(invoice.lines.iter().map(|line| list(&line.list)), currency).unwrap().to_string()
}

/// Also a line alone, found by what its rows say.
fn proves_each_line(table: &Table, invoice: &Invoice) {
    for line in &invoice.lines {
        let of_line = |row: &crate::table::Row<'_>| {
            row.get("SkuId") == Some(&line.meter.to_string())
                && row.get("SubAccountId") == Some(&line.subscription.to_string())
                && row.get("ChargePeriodStart").unwrap().starts_with(line.service_month.as_str())
        };
        let rows: Vec<_> = table.rows().filter(of_line).collect();
        let sum = |column: &str| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            crate::table::Decimal::sum(cells.map(|text| crate::table::Decimal::parse(text).unwrap())).text()
        };
        assert!(same_number(&sum("BilledCost"), &line.amount), "{line:#?}");
        assert!(same_number(&sum("ConsumedQuantity"), &line.quantity), "{line:#?}");
    }
}

#[test]
fn an_estimate_says_what_the_draft_says_and_that_it_is_one() {
    on_every_engine(|bench| async move {
        let setting = Setting::new(&bench).await;
        for format in FORMATS {
            let request = setting.request("estimate.csv", format, Encoding::Csv);
            let manifest = setting.estimate(&request).await;
            assert!(manifest.subject.estimate && manifest.subject.document.is_none());
            let table = Table::read(&std::fs::read(&request.target.path).unwrap());
            let column = match format {
                ExportFormat::Usage => "PretaxCharges",
                ExportFormat::Daily => "BillingPreTaxTotal",
                ExportFormat::Licence | ExportFormat::OneTime => "Subtotal",
                ExportFormat::Focus(_) => "BilledCost",
            };
            // 5.5 hours at 0.10, 15 % off, half even.
            assert_eq!(table.sum(column), "0.47");
            assert!(table.rows().all(|row| row.get("InvoiceId").is_none() && row.get("InvoiceNumber").is_none()));
        }
    });
}
