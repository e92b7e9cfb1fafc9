//! `tenantry access explain`: whether somebody may do something somewhere, and why. Asked by who owns the machine, so
//! about everybody.

use crate::cli::{Access, AccessExplain};
use crate::failure::Failure;
use crate::output::Output;
use crate::runtime::block_on;
use crate::words::broken;
use serde::Serialize;
use tenantry_commerce::access_explain;

/// The same members as the answer of `GET /api/v1/access/explain`.
#[derive(Serialize)]
struct View<'a> {
    allowed: bool,
    principal: &'a str,
    action: &'a str,
    scope: &'a str,
    paths: Vec<String>,
    reasons: Vec<String>,
    would: Vec<String>,
}

pub(crate) fn run(command: &Access, output: &mut Output<'_>) -> Result<(), Failure> {
    let Access::Explain(arguments) = command;
    explain(arguments, output)
}

fn explain(arguments: &AccessExplain, output: &mut Output<'_>) -> Result<(), Failure> {
    let AccessExplain { principal, action, scope, place } = arguments;
    let (principal, action, scope) = (principal.trim(), action.trim(), scope.trim());
    let explained = block_on(async {
        let look = place.look().await?;
        let ctx = look.system("access-explain");
        let explained = access_explain(&ctx, look.db(), principal, action, scope, look.in_sandbox()).await;
        look.close().await;
        explained
    })??;
    let (paths, reasons, would) = (explained.paths, explained.reasons, explained.would);
    let view = View { allowed: explained.allowed, principal, action, scope, paths, reasons, would };
    output.answer(&view, || text(&view))
}

/// The answer first, then what made it, then what would change it.
fn text(view: &View<'_>) -> String {
    let View { allowed, principal, action, scope, paths, reasons, would } = view;
    let answer = if *allowed { "Yes." } else { "No." };
    let not = if *allowed { "" } else { " not" };
    let mut text = broken(&format!("{answer} {principal} may{not} do {action} at {scope}"), "", "  ");
    // A lock forbids what a role allows: then there is a path, and a reason beside it.
    let allows = if *allowed { "What allows it" } else { "What would allow it otherwise" };
    for (heading, sentences) in [(allows, paths), ("Why not", reasons), ("What would do, each by itself", would)] {
        if !sentences.is_empty() {
            text += &format!("\n{heading}:\n");
            text.extend(sentences.iter().map(|sentence| broken(sentence, "  - ", "    ")));
        }
    }
    text
}
