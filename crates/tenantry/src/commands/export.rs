//! `tenantry export`: the rows behind a document as a file, and its manifest as the answer.

use crate::cli::Export;
use crate::failure::Failure;
use crate::output::Output;
use crate::progress::Progress;
use crate::runtime::block_on;
use crate::words::counted;
use tenantry_commerce::edge_of;
use tenantry_core::{Month, Problem};
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
            (None, None) => Err(Problem::missing("invoice")),
        };
        look.close().await;
        written
    })??;
    progress.end(output);
    output.answer(&manifest, || text(&manifest, &request.target))
}

fn request(arguments: &Export) -> Result<Request, Problem> {
    let format = match arguments.format.as_str() {
        "focus" => ExportFormat::Focus(FocusVersion::parse(&arguments.focus_version)?),
        "daily" => ExportFormat::Daily,
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
