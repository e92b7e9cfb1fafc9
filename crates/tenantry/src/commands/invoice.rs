//! `tenantry invoice`: an issued document, and the lines behind it.

use crate::cli::{Invoice as Arguments, InvoiceLines, InvoiceShow};
use crate::failure::Failure;
use crate::output::Output;
use crate::runtime::block_on;
use crate::table::{Side, Table};
use serde::Serialize;
use std::fs;
use tenantry_billing::{
    Invoice, ReconciliationRow, invoice_get, invoice_pdf, invoice_rows, reconciliation_csv, reconciliation_rows,
};
use tenantry_commerce::partner_get;
use tenantry_core::{Problem, Reason};

pub(crate) fn run(arguments: &Arguments, output: &mut Output<'_>) -> Result<(), Failure> {
    match arguments {
        Arguments::Show(arguments) => show(arguments, output),
        Arguments::Lines(arguments) => lines(arguments, output),
    }
}

/// The document, with the hash that chains it to the one before it.
#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    invoice: Invoice,
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
        let failed = |error: std::io::Error| {
            let told = format!("cannot write {}; check the directory and its permissions", path.display());
            Problem::new(Reason::Unavailable, told).because(error)
        };
        fs::write(path, invoice_pdf(&invoice, &hash)?).map_err(failed)?;
        output.tell(format_args!("wrote {}", path.display()));
    }
    let shown = Shown { invoice, hash };
    output.answer(&shown, || text(&shown))
}

fn text(shown: &Shown) -> String {
    let Invoice { number, seller, buyer, month, issued_at, due_on, currency, lines, net, tax, total, .. } =
        &shown.invoice;
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
            line.customer_name.clone(),
            line.subscription_name.clone(),
            line.meter_name.clone(),
            line.region.clone(),
            line.service_month.clone(),
            line.quantity.clone(),
            line.unit.clone(),
            line.amount.clone(),
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

fn lines(arguments: &InvoiceLines, output: &mut Output<'_>) -> Result<(), Failure> {
    let (invoice, behind, mpn_id) = block_on(async {
        let look = arguments.place.look().await?;
        let ctx = look.system("invoice-lines");
        let (invoice, _) = invoice_get(&ctx, look.db(), &arguments.number).await?;
        let behind = invoice_rows(&ctx, &look.metering().await?, &invoice).await?;
        let mpn_id = partner_get(&ctx, look.db(), invoice.buyer.tenant).await?.mpn_id;
        look.close().await;
        Ok::<_, Problem>((invoice, behind, mpn_id))
    })??;
    let rows = reconciliation_rows(&invoice, &behind)?;
    let mut csv = Vec::new();
    reconciliation_csv(&invoice, &mpn_id, &rows, &mut csv)?;
    let csv = String::from_utf8(csv).map_err(Problem::internal)?;
    output.answer(&rows.iter().map(Row::of).collect::<Vec<_>>(), || csv)
}
