//! `tenantry check`: proof that the books are right.

use crate::cli::Check;
use crate::failure::Failure;
use crate::output::Output;
use crate::runtime::block_on;
use crate::words::counted;
use serde_json::json;
use tenantry_billing::check::{Findings, check};
use tenantry_core::{Problem, Reason};

pub(crate) fn run(arguments: &Check, output: &mut Output<'_>) -> Result<(), Failure> {
    let recompute = arguments.recompute || !arguments.quick;
    let Findings { documents, events, wrong, waiting } = block_on(async {
        let look = arguments.place.look().await?;
        let metering = look.metering().await?;
        let mut findings = check(look.db(), &metering, recompute).await?;
        if !findings.wrong.is_empty() {
            // A server beside us may have been in the middle of a close. What is wrong is wrong at a second look.
            let again = check(look.db(), &metering, recompute).await?;
            findings.wrong.retain(|finding| again.wrong.contains(finding));
        }
        look.close().await;
        Ok::<_, Problem>(findings)
    })??;
    let told =
        json!({ "ok": wrong.is_empty(), "documents": documents, "events": events, "wrong": wrong, "waiting": waiting });
    output.answer(&told, || {
        let looked = format!("{} and {}", counted(documents as u64, "document"), counted(events as u64, "usage event"));
        let how = if recompute { "computed again from the usage log" } else { "not computed again (--quick)" };
        let mut text = format!("Looked at {looked}, {how}.\n");
        for finding in &wrong {
            text += &format!("  WRONG: {finding}\n");
        }
        for document in &waiting {
            text += &format!("  waits: {document}\n");
        }
        if wrong.is_empty() {
            text += "Ledger, chain and documents are right.\n";
        }
        text
    })?;
    if wrong.is_empty() {
        return Ok(());
    }
    let told = format!("the books are not right: {}; see the list", counted(wrong.len() as u64, "finding"));
    Err(Problem::new(Reason::Corrupt, told).into())
}
