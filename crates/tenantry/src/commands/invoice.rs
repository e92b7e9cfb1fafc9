//! `tenantry invoice`: an issued document, be it invoice or credit note, and the lines behind it.

use crate::cli::{Invoice as Arguments, InvoiceLines, InvoiceShow};
use crate::failure::Failure;
use crate::output::Output;
use crate::runtime::block_on;
use crate::table::{Side, Table};
use serde::Serialize;
use std::fs;
use std::path::Path;
use tenantry_billing::{
    CreditNote, CreditedLine, Invoice, ReconciliationRow, credit_note_csv, credit_note_get, credit_note_pdf,
    document_mpn_id, invoice_get, invoice_pdf, invoice_rows, reconciliation_csv, reconciliation_rows,
};
use tenantry_core::{Problem, Reason};

pub(crate) fn run(arguments: &Arguments, output: &mut Output<'_>) -> Result<(), Failure> {
    match arguments {
        Arguments::Show(arguments) if is_credit_note(&arguments.number) => show_credit_note(arguments, output),
        Arguments::Show(arguments) => show(arguments, output),
        Arguments::Lines(arguments) if is_credit_note(&arguments.number) => credit_note_lines(arguments, output),
        Arguments::Lines(arguments) => lines(arguments, output),
    }
}

/// Credit notes count in a number range of their own, which begins with `C`.
pub(crate) fn is_credit_note(number: &str) -> bool {
    number.starts_with(['C', 'c'])
}

/// The document, with the hash that chains it to the one before it.
#[derive(Serialize)]
struct Shown<T> {
    #[serde(flatten)]
    document: T,
    hash: String,
}

fn show(arguments: &InvoiceShow, output: &mut Output<'_>) -> Result<(), Failure> {
    let (invoice, hash) = block_on(async {
        let look = arguments.place.look().await?;
        let found = invoice_get(&look.system("invoice-show"), look.db(), &arguments.number).await;
        look.close().await;
        found
    })??;
    if let Some(path) = &arguments.pdf {
        write(path, &invoice_pdf(&invoice, &hash)?, output)?;
    }
    let shown = Shown { document: invoice, hash };
    output.answer(&shown, || text(&shown))
}

fn write(path: &Path, pdf: &[u8], output: &mut Output<'_>) -> Result<(), Problem> {
    let failed = |error: std::io::Error| {
        let told = format!("cannot write {} ({error}); check the directory and its permissions", path.display());
        Problem::new(Reason::Unavailable, told).because(error)
    };
    fs::write(path, pdf).map_err(failed)?;
    output.tell(format_args!("wrote {}", path.display()));
    Ok(())
}

fn show_credit_note(arguments: &InvoiceShow, output: &mut Output<'_>) -> Result<(), Failure> {
    let (note, hash) = block_on(async {
        let look = arguments.place.look().await?;
        let found = credit_note_get(&look.system("invoice-show"), look.db(), &arguments.number).await;
        look.close().await;
        found
    })??;
    if let Some(path) = &arguments.pdf {
        write(path, &credit_note_pdf(&note, &hash)?, output)?;
    }
    let shown = Shown { document: note, hash };
    output.answer(&shown, || credit_note_text(&shown))
}

fn credit_note_text(shown: &Shown<CreditNote>) -> String {
    let CreditNote { number, invoice, seller, buyer, issued_at, currency, reason, lines, net, tax, total, .. } =
        &shown.document;
    let mut table = Table::new([
        ("Line", Side::Right),
        ("Customer", Side::Left),
        ("Subscription", Side::Left),
        ("Meter", Side::Left),
        ("Month", Side::Left),
        ("Invoiced", Side::Right),
        ("Credited before", Side::Right),
        ("Amount", Side::Right),
    ]);
    for line in lines {
        let CreditedLine { customer_name, subscription_name, meter_name, service_month, .. } = line;
        table.row([
            line.line.to_string(),
            customer_name.clone(),
            subscription_name.clone(),
            meter_name.clone(),
            service_month.clone(),
            line.invoiced.clone(),
            line.credited_before.clone(),
            line.amount.clone(),
        ]);
    }
    format!(
        "{number}: credit on {invoice} by {} to {}, issued {issued_at}: {reason}\n\n{}\nNet {net}, tax {tax}, total \
         {total} {currency} given back\nHash {}\n",
        seller.name,
        buyer.name,
        table.text(),
        shown.hash
    )
}

fn text(shown: &Shown<Invoice>) -> String {
    let Invoice {
        number, seller, buyer, month, issued_at, due_on, currency, lines, seat_lines, net, tax, total, ..
    } = &shown.document;
    let mut table = Table::new([
        ("Customer", Side::Left),
        ("Subscription", Side::Left),
        ("Meter", Side::Left),
        ("Region", Side::Left),
        ("Month", Side::Left),
        ("Quantity", Side::Right),
        ("Unit", Side::Left),
        ("Amount", Side::Right),
    ]);
    for line in lines {
        table.row([
            line.customer_name.to_string(),
            line.subscription_name.to_string(),
            line.meter_name.to_string(),
            line.region.to_string(),
            line.service_month.to_string(),
            line.quantity.to_string(),
            line.unit.to_string(),
            line.amount.to_string(),
        ]);
    }
    for line in seat_lines {
        table.row([
            line.customer_name.to_string(),
            line.subscription_name.to_string(),
            format!("{}, {}", line.offer_name, line.charge_type),
            String::new(),
            line.charged(),
            line.seats.to_string(),
            "Seat".to_owned(),
            line.amount.to_string(),
        ]);
    }
    format!(
        "{number}: {} to {}, {month}, issued {issued_at}, due {due_on}\n\n{}\nNet {net}, tax {tax}, total {total} \
         {currency}\nHash {}\n",
        seller.name,
        buyer.name,
        table.text(),
        shown.hash
    )
}

/// One row of the answer of `invoice lines --json`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row<'a> {
    kind: &'static str,
    subscription_id: String,
    meter_id: String,
    meter_name: &'a str,
    date: Option<String>,
    resource: Option<&'a str>,
    region: &'a str,
    quantity: String,
    charge: String,
    /// Of rows of tax.
    #[serde(skip_serializing_if = "Option::is_none")]
    tax: Option<String>,
}

impl<'a> Row<'a> {
    fn of(row: &ReconciliationRow<'a>) -> Self {
        let charge = row.charge().to_string();
        let (kind, line, used) = match row {
            ReconciliationRow::Usage { line, row } => ("usage", *line, Some(*row)),
            ReconciliationRow::Rounding { line, .. } => ("rounding", *line, None),
            ReconciliationRow::Tax { line, .. } => ("tax", *line, None),
        };
        Self {
            kind,
            subscription_id: line.subscription.to_string(),
            meter_id: line.meter.to_string(),
            meter_name: &line.meter_name,
            date: used.map(|row| row.day.to_string()),
            resource: used.map(|row| row.series.resource.as_str()),
            region: used.map_or("", |row| &row.series.region),
            quantity: used.map(|row| row.quantity.to_string()).unwrap_or_default(),
            charge,
            tax: (!row.tax().is_zero()).then(|| row.tax().to_string()),
        }
    }
}

/// The rows of a credit note: below zero, in the columns of an invoice's.
fn credit_note_lines(arguments: &InvoiceLines, output: &mut Output<'_>) -> Result<(), Failure> {
    let (note, mpn_id) = block_on(async {
        let look = arguments.place.look().await?;
        let ctx = look.system("invoice-lines");
        let (note, _) = credit_note_get(&ctx, look.db(), &arguments.number).await?;
        let mpn_id = document_mpn_id(&ctx, look.db(), note.scope()).await?;
        look.close().await;
        Ok::<_, Problem>((note, mpn_id))
    })??;
    let mut csv = Vec::new();
    credit_note_csv(&note, &mpn_id, &mut csv)?;
    let csv = String::from_utf8(csv).map_err(Problem::internal)?;
    output.answer(&note.lines, || csv)
}

fn lines(arguments: &InvoiceLines, output: &mut Output<'_>) -> Result<(), Failure> {
    let (invoice, behind, mpn_id) = block_on(async {
        let look = arguments.place.look().await?;
        let ctx = look.system("invoice-lines");
        let (invoice, _) = invoice_get(&ctx, look.db(), &arguments.number).await?;
        let behind = invoice_rows(&ctx, &look.metering().await?, &invoice).await?;
        let mpn_id = document_mpn_id(&ctx, look.db(), invoice.scope()).await?;
        look.close().await;
        Ok::<_, Problem>((invoice, behind, mpn_id))
    })??;
    let rows = reconciliation_rows(&invoice, &behind)?;
    let mut csv = Vec::new();
    reconciliation_csv(&invoice, &mpn_id, &rows, &mut csv)?;
    let csv = String::from_utf8(csv).map_err(Problem::internal)?;
    output.answer(&rows.iter().map(Row::of).collect::<Vec<_>>(), || csv)
}
