//! What is said of documents that could not be issued, and to whom.
//!
//! A failure names an edge, and often a currency or a quantity: that is for those who may read the documents of that edge,
//! and for nobody else (law 7). Who closes for everybody, the provider, is told two things more: how many documents are
//! missing in all, and which exchange rates to import. A rate that is missing says that somebody is billed in a currency; it
//! does not say who.

use crate::Invoice;
use crate::close_issue::Outcomes;
use tenantry_access::{InvoiceRead, allow};
use tenantry_core::{EdgeId, Month, OpContext, Problem, Reason};
use tenantry_metering::{EdgeScope, Metering};

/// Sentences of an answer; the log has all of them.
const TOLD_MAX: usize = 10;

/// A document that could not be issued.
struct Failed {
    edge: EdgeId,
    problem: Problem,
    /// Whether the caller may read the documents of its edge.
    is_own: bool,
}

impl Failed {
    /// What the caller hears of it.
    fn told(&self) -> Option<String> {
        match (self.is_own, self.problem.reason()) {
            (true, _) => Some(format!("edge {}: {}", self.edge, self.problem.message())),
            (false, Reason::ExchangeRateMissing) => Some(self.problem.message().to_owned()),
            (false, _) => None,
        }
    }
}

/// All documents; or why some are missing, as far as the caller is concerned. Who is concerned by none of them hears of none:
/// the job of the month tries again.
///
/// # Errors
/// `ExchangeRateMissing` if one is missing, whatever else failed: that is no fault, and who closes can do something about
/// it. Else what was said of the first edge.
pub(crate) async fn told(
    ctx: &OpContext,
    metering: &Metering,
    outcomes: Outcomes,
    month: Month,
) -> Result<Vec<Invoice>, Problem> {
    let (mut issued, mut failed) = (Vec::with_capacity(outcomes.len()), Vec::new());
    for (edge, outcome) in outcomes {
        match outcome {
            Ok(invoice) => issued.push(invoice),
            Err(problem) => failed.push((edge, problem)),
        }
    }
    let failed = concerning(ctx, metering, failed).await;
    let Some(first) = failed.first() else { return Ok(issued) };
    let log: Vec<_> = failed.iter().map(|failed| format!("edge {}: {:?}", failed.edge, failed.problem)).collect();
    let (rates, others): (Vec<_>, Vec<_>) =
        failed.iter().partition(|failed| failed.problem.reason() == Reason::ExchangeRateMissing);
    let count = failed.len();
    let (reason, mut message) = if rates.is_empty() {
        let message = format!(
            "{month} is closed, but {count} of its documents could not be issued; close it again when the cause in the \
             log is gone"
        );
        (first.problem.reason(), message)
    } else {
        let wanted = rates.len();
        let message = format!(
            "{month} is closed, but {count} of its documents could not be issued, {wanted} for want of an exchange rate"
        );
        (Reason::ExchangeRateMissing, message)
    };
    for sentence in sentences(rates.into_iter().chain(others)) {
        message = format!("{message}; {sentence}");
    }
    Err(Problem::new(reason, message).because(log.join("; ")))
}

/// What a dry run tells of documents that a close would stop.
pub(crate) async fn stopped(ctx: &OpContext, metering: &Metering, failed: Vec<(EdgeId, Problem)>) -> Vec<String> {
    let failed = concerning(ctx, metering, failed).await;
    let hidden = failed.iter().filter(|failed| failed.told().is_none()).count();
    let mut told = each_once(failed.iter());
    if hidden > 0 {
        told.push(format!("{hidden} more, of edges between others; the log has the reasons"));
    }
    told
}

/// Those that the caller hears of: of its own edges, or of all if it closes for everybody.
async fn concerning(ctx: &OpContext, metering: &Metering, failed: Vec<(EdgeId, Problem)>) -> Vec<Failed> {
    let for_everybody = ctx.confined_to().is_none();
    let of_edge = |(edge, problem), scope: Option<EdgeScope>| {
        let is_own = scope.is_some_and(|scope| allow::<InvoiceRead, _>(ctx, scope).is_ok());
        (is_own || for_everybody).then_some(Failed { edge, problem, is_own })
    };
    metering
        .read_all(|fold| {
            let scope = |edge: EdgeId| fold.edge(edge).map(|terms| EdgeScope::of(fold, terms));
            failed
                .into_iter()
                .filter_map(|failed| {
                    let scope = scope(failed.0);
                    of_edge(failed, scope)
                })
                .collect()
        })
        .await
}

/// As many sentences as an answer holds.
fn sentences<'a>(failed: impl Iterator<Item = &'a Failed>) -> Vec<String> {
    let mut told = each_once(failed);
    let more = told.len().saturating_sub(TOLD_MAX);
    if more > 0 {
        told.truncate(TOLD_MAX);
        told.push(format!("{more} more stand in the log"));
    }
    told
}

fn each_once<'a>(failed: impl Iterator<Item = &'a Failed>) -> Vec<String> {
    let mut told: Vec<String> = Vec::new();
    for sentence in failed.filter_map(Failed::told) {
        if !told.contains(&sentence) {
            told.push(sentence);
        }
    }
    told
}
