//! `tenantry export`: the rows behind a document as a file, and its manifest as the answer.

use crate::cli::Export;
use crate::commands::invoice::is_credit_note;
use crate::failure::Failure;
use crate::output::Output;
use crate::progress::Progress;
use crate::runtime::block_on;
use crate::words::counted;
use tenantry_commerce::edge_of;
use tenantry_core::{Month, Problem, Reason};
use tenantry_exports::{
    Encoding, ExportFormat, FocusVersion, Manifest, Request, Target, export_estimate, export_invoice,
};

pub(crate) fn run(arguments: &Export, output: &mut Output<'_>) -> Result<(), Failure> {
    let request = request(arguments)?;
    let mut progress = Progress::new(format!("writing {}", arguments.out.display()), "row");
    let manifest = block_on(async {
        let look = arguments.place.look().await?;
        let ctx = look.system("export");
        let metering = look.metering().await?;
        let step = |_| progress.step(output);
        let written = match (&arguments.invoice, arguments.partner) {
            (Some(number), _) => export_invoice(&ctx, look.db(), &metering, number, &request, step).await,
            (None, Some(partner)) => {
                let edge = edge_of(&ctx, look.db(), partner).await?;
                let month = Month::of(ctx.now().day());
                export_estimate(&ctx, look.db(), &metering, &edge, month, &request, step).await
            }
            (None, None) => {
                let told = "say which document: --invoice <NUMBER>, or --partner <ID> for what its next one would say";
                Err(Problem::new(Reason::MissingField, told).at("invoice"))
            }
        };
        look.close().await;
        written.map_err(|problem| named(problem, arguments))
    })??;
    progress.end(output);
    output.answer(&manifest, || text(&manifest, &request.target))
}

/// A refusal that is about the file says which, and one about a credit note where its rows are.
fn named(problem: Problem, arguments: &Export) -> Problem {
    match problem.reason() {
        Reason::Unavailable | Reason::StorageFull => {
            let told = format!("{}: {}", arguments.out.display(), problem.message());
            Problem::new(problem.reason(), told).because(format!("{problem:?}"))
        }
        Reason::InvoiceNotFound if arguments.invoice.as_deref().is_some_and(is_credit_note) => {
            let told =
                format!("{}; the rows of a credit note are written by `tenantry invoice lines`", problem.message());
            Problem::new(Reason::InvoiceNotFound, told)
        }
        _ => problem,
    }
}

fn request(arguments: &Export) -> Result<Request, Problem> {
    let format = match arguments.format.as_str() {
        "focus" => ExportFormat::Focus(FocusVersion::parse(&arguments.focus_version)?),
        "daily" => ExportFormat::Daily,
        "licence" => ExportFormat::Licence,
        "one-time" => ExportFormat::OneTime,
        _ => ExportFormat::Usage,
    };
    let encoding = if arguments.encoding == "parquet" { Encoding::Parquet } else { Encoding::Csv };
    let target = Target { path: arguments.out.clone(), encoding, part_rows: arguments.part_rows };
    Ok(Request { format, target })
}

fn text(manifest: &Manifest, target: &Target) -> String {
    let Manifest { subject, rows, sums, parts, .. } = manifest;
    let of = match &subject.document {
        Some(number) => number.clone(),
        None => format!("the next document of {} (an estimate)", subject.buyer),
    };
    let files = match parts.as_slice() {
        [only] => only.file.clone(),
        several => format!("{} parts", several.len()),
    };
    let mut text = format!("{of}, {} {}: {} in {files}\n", subject.format, subject.version, counted(*rows, "row"));
    for (currency, columns) in sums {
        for (column, sum) in columns {
            text += &format!("  {column} {sum} {currency}\n");
        }
    }
    text + &format!("Manifest {}\n", target.manifest().display())
}
