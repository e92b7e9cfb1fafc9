//! The second half of a close: documents but for their number and their place in the chain, composed and written out ahead of
//! time, by all processors. Pure: `close_issue.rs` does it for a world, `measure.rs` for those who measure.
//!
//! Numbers leave only one order, and whoever takes one keeps all others of its seller waiting until the transaction ends.
//! So nothing is done there that can be done before: the text of a document is written while its number is not known yet.
//! The number stands at its beginning and is put in last.

use crate::close_draft::{Drafted, OfEdge};
use crate::issue::{Names, compose};
use crate::number::Series;
use crate::parallel::by_all_processors;
use crate::tax_rate::Tax;
use crate::{Draft, Invoice};
use tenantry_core::{Problem, Rounding};
use tenantry_usage::{Close, EdgeTerms};

/// What stands on a document and not in the usage log.
pub(crate) struct Terms {
    pub(crate) names: Names,
    /// In which numbers of its seller it stands.
    pub(crate) series: Series,
    pub(crate) tax: Tax,
    pub(crate) rounding: Rounding,
}

/// A document without its number.
pub(crate) struct Prepared {
    pub(crate) edge: EdgeTerms,
    pub(crate) draft: Draft,
    pub(crate) series: Series,
    /// Without a number, until it has one.
    pub(crate) invoice: Invoice,
    /// Its stored form, without a number.
    text: String,
}

/// How the stored form of a document without a number begins.
const BEGINNING: &str = "{\"number\":\"\"";

/// The documents of drafts, in their order. What has failed before stays failed.
pub(crate) fn documents(
    drafted: Vec<OfEdge<Drafted>>,
    close: Close,
    terms_of: impl Fn(&Drafted) -> Result<Terms, Problem> + Sync,
) -> Vec<OfEdge<Prepared>> {
    let edges: Vec<_> = drafted.iter().map(|(edge, _)| *edge).collect();
    let document = |(_, drafted): OfEdge<Drafted>| {
        let drafted = drafted?;
        let terms = terms_of(&drafted)?;
        Prepared::new(drafted, &terms, close)
    };
    let died = || Err(Problem::internal("a thread that wrote documents died"));
    let prepared = by_all_processors(drafted, document).into_iter().map(|one| one.unwrap_or_else(died));
    edges.into_iter().zip(prepared).collect()
}

impl Prepared {
    fn new(Drafted { edge, draft, .. }: Drafted, terms: &Terms, close: Close) -> Result<Self, Problem> {
        let draft = draft.rounded(terms.rounding);
        let invoice = compose(String::new(), &edge, close, &draft, &terms.names, &terms.tax)?;
        let text = serde_json::to_string(&invoice).map_err(Problem::internal)?;
        Ok(Self { edge, draft, series: terms.series, invoice, text })
    }

    /// Bytes it takes to store it, but for its number.
    pub(crate) const fn size(&self) -> usize {
        self.text.len()
    }

    /// Gives the document a number; its stored form with it. Whoever tries again takes another number.
    pub(crate) fn numbered(&mut self, number: String) -> Result<String, Problem> {
        self.invoice.number = number;
        let number = serde_json::to_string(&self.invoice.number).map_err(Problem::internal)?;
        match self.text.strip_prefix(BEGINNING) {
            Some(rest) => Ok(["{\"number\":", &number, rest].concat()),
            None => serde_json::to_string(&self.invoice).map_err(Problem::internal),
        }
    }
}
