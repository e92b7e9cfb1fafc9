//! Documents but for their number, some edges at a time: drafted and proven, named, composed and written out.
//!
//! What takes time in a close is here; it changes nothing and is done by all processors. Edges go through it in portions, so
//! that memory is bounded by a portion and not by the close, and each portion asks the database for all of its names at once.

use crate::close_document::{Prepared, documents};
use crate::close_draft::{Currencies, Drafted, OfEdge, Source, drafts};
use crate::close_names::{LookedUp, Policies};
use crate::parallel::processors;
use std::sync::Arc;
use tenantry_core::{EdgeId, OpContext, Problem, Reason};
use tenantry_db::Db;
use tenantry_metering::Metering;
use tenantry_usage::{Close, EdgeTerms};
use tokio::task::spawn_blocking;

/// Edges for each processor that are drafted in one look at the fold: bounds how long intake waits for it.
const IN_A_LOOK: usize = 2;
/// Edges of a portion...
const EDGES: usize = 64;
/// ...or lines from which on it is large enough: bounds memory, not the size of a document or a close.
const LINES: usize = 20_000;

/// Drafts that go on together.
pub(crate) type Portion = Vec<OfEdge<Drafted>>;

/// What the documents of a close have in common.
#[derive(Debug, Clone)]
pub(crate) struct Preparing {
    ctx: OpContext,
    db: Db,
    policies: Arc<Policies>,
    close: Close,
}

/// The drafts of edges, a portion at a time. Edges with nothing to bill are not in it.
pub(crate) struct Portions<'a> {
    metering: &'a Metering,
    looks: std::slice::Chunks<'a, EdgeTerms>,
    of: (Source, &'a Currencies),
}

impl<'a> Portions<'a> {
    pub(crate) fn of(metering: &'a Metering, edges: &'a [EdgeTerms], of: (Source, &'a Currencies)) -> Self {
        Self { metering, looks: edges.chunks(IN_A_LOOK * processors()), of }
    }

    /// `None` when all edges were looked at.
    pub(crate) async fn next(&mut self) -> Option<Portion> {
        let (mut portion, mut lines) = (Portion::new(), 0_usize);
        while let Some(some) = self.looks.next() {
            let drafted = self.metering.read_all(|fold| drafts(fold, some, self.of)).await;
            lines += drafted.iter().filter_map(|(_, one)| one.as_ref().ok()).map(lines_of).sum::<usize>();
            portion.extend(drafted);
            if lines >= LINES || portion.len() >= EDGES {
                break;
            }
        }
        (!portion.is_empty()).then_some(portion)
    }
}

fn lines_of(drafted: &Drafted) -> usize {
    drafted.draft.lines.len() + drafted.draft.seats.len()
}

impl Preparing {
    /// # Errors
    /// What the database says.
    pub(crate) async fn of(ctx: &OpContext, db: &Db, close: Close) -> Result<Self, Problem> {
        let policies = Arc::new(Policies::at(db, close.at).await?);
        Ok(Self { ctx: ctx.clone(), db: db.clone(), policies, close })
    }

    /// Everything about documents that can be known before they are written.
    pub(crate) async fn finish(&self, drafted: Portion) -> Vec<OfEdge<Prepared>> {
        match self.names(drafted.iter()).await {
            Ok(names) => self.compose(drafted, names).await,
            // Names of one edge that cannot be read do not keep back the others.
            Err(problem) if problem.reason() == Reason::Corrupt => {
                let mut prepared = Vec::with_capacity(drafted.len());
                for one in drafted {
                    match self.names(std::iter::once(&one)).await {
                        Ok(names) => prepared.extend(self.compose(vec![one], names).await),
                        Err(problem) => prepared.push((one.0, Err(problem))),
                    }
                }
                prepared
            }
            Err(problem) => all_failed(drafted.into_iter().map(|(edge, drafted)| (edge, drafted.err())), &problem),
        }
    }

    async fn names(&self, of: impl Iterator<Item = &OfEdge<Drafted>>) -> Result<LookedUp, Problem> {
        let drafted = of.filter_map(|(_, drafted)| drafted.as_ref().ok());
        LookedUp::of(&self.ctx, &self.db, &self.policies, drafted).await
    }

    /// On threads of their own: whoever else waits for something here goes on.
    async fn compose(&self, drafted: Portion, names: LookedUp) -> Vec<OfEdge<Prepared>> {
        let close = self.close;
        let edges: Vec<_> = drafted.iter().map(|(edge, _)| (*edge, None)).collect();
        let composed = spawn_blocking(move || documents(drafted, close, |drafted| names.terms(drafted))).await;
        composed.unwrap_or_else(|died| all_failed(edges.into_iter(), &Problem::internal(died)))
    }
}

/// The same for all edges, but for those that had failed before.
fn all_failed(edges: impl Iterator<Item = (EdgeId, Option<Problem>)>, problem: &Problem) -> Vec<OfEdge<Prepared>> {
    let again = || Problem::new(problem.reason(), problem.message()).because(problem.cause_chain());
    edges.map(|(edge, before)| (edge, Err(before.unwrap_or_else(again)))).collect()
}
