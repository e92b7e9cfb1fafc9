//! `tenantry close`: ends a month now instead of waiting for the grace time, and issues its documents; with
//! `--dry-run` it shows them and writes nothing.

use crate::cli::Close;
use crate::failure::Failure;
use crate::output::Output;
use crate::runtime::block_on;
use serde_json::json;
use tenantry_billing::{CloseDryRun, Invoice, MonthClosed, close_dry_run, close_month};
use tenantry_core::Problem;

pub(crate) fn run(arguments: &Close, output: &mut Output<'_>) -> Result<(), Failure> {
    if arguments.dry_run {
        return dry_run(arguments, output);
    }
    let MonthClosed { closed, invoices } = block_on(async {
        let world = arguments.place.open_existing().await?;
        let done = close_month(&world.system("close"), world.db(), world.metering(), arguments.month).await?;
        world.close().await?;
        Ok::<_, Problem>(done)
    })??;
    let month = closed.close.month;
    let documents: Vec<_> = invoices
        .iter()
        .map(|i| json!({ "number": i.number, "buyer": i.buyer.name, "total": i.total, "currency": i.currency }))
        .collect();
    let told = json!({ "month": month.to_string(), "alreadyClosed": !closed.new, "invoices": documents });
    output.answer(&told, || {
        let mut text = format!("{month} {}.\n", if closed.new { "is closed" } else { "was closed before" });
        for invoice in &invoices {
            text += &format!("  {}  {} {}  {}\n", invoice.number, invoice.total, invoice.currency, invoice.buyer.name);
        }
        if invoices.is_empty() {
            text += "  nothing to bill\n";
        }
        text
    })
}

fn dry_run(arguments: &Close, output: &mut Output<'_>) -> Result<(), Failure> {
    let CloseDryRun { close, new, invoices, stopped } = block_on(async {
        let world = arguments.place.open_existing().await?;
        let dry = close_dry_run(&world.system("close"), world.db(), world.metering(), arguments.month).await?;
        world.close().await?;
        Ok::<_, Problem>(dry)
    })??;
    let month = close.month;
    let documents: Vec<_> = invoices
        .iter()
        .map(|i| {
            let number = (!i.number.is_empty()).then_some(&i.number);
            let (lines, total) = (i.lines.len() + i.seat_lines.len(), &i.total);
            json!({ "number": number, "buyer": i.buyer.name, "lines": lines, "total": total, "currency": i.currency })
        })
        .collect();
    let told = json!({ "month": month.to_string(), "alreadyClosed": !new, "invoices": documents, "stopped": stopped });
    output.answer(&told, || {
        let state = if new { "would be closed" } else { "was closed before; its documents" };
        let mut text = format!("{month} {state}. Nothing was written.\n");
        for invoice in &invoices {
            let Invoice { number, total, currency, buyer, lines, seat_lines, .. } = invoice;
            let number = if number.is_empty() && !new { "missing" } else { number };
            let gap = if number.is_empty() { "" } else { "  " };
            text += &format!(
                "  {number}{gap}{total} {currency}  {}  ({} lines)\n",
                buyer.name,
                lines.len() + seat_lines.len()
            );
        }
        for reason in &stopped {
            text += &format!("  stopped: {reason}\n");
        }
        if invoices.is_empty() && stopped.is_empty() {
            text += "  nothing to bill\n";
        }
        text
    })
}
