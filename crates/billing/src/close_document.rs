//! The second half of a close: documents but for their number and their place in the chain, composed and written out ahead of
//! time, by all processors. Pure: `close_issue.rs` does it for a world, `measure.rs` for those who measure.
//!
//! Numbers leave only one order, and whoever takes one keeps all others of its seller waiting until the transaction ends.
//! So nothing is done there that can be done before: the text of a document is written, and packed, while its number is not known
//! yet. The number stands at its beginning and is put in last.

use crate::close_draft::{Drafted, OfEdge};
use crate::issue::{Names, compose};
use crate::number::Series;
use crate::parallel::by_all_processors;
use crate::stored_text::{Ending, StoredText};
use crate::tax_rate::Tax;
use crate::{Draft, Invoice, chain};
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
    /// Its text behind the number.
    ending: Ending,
}

/// How the text of a document without a number begins.
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
        let mut text = serde_json::to_string(&invoice).map_err(Problem::internal)?;
        if !text.starts_with(BEGINNING) {
            return Err(Problem::internal("a document does not begin with its number"));
        }
        text.drain(..BEGINNING.len());
        Ok(Self { edge, draft, series: terms.series, invoice, ending: Ending::new(text) })
    }

    /// Bytes it takes to store it, but for its number.
    pub(crate) fn size(&self) -> usize {
        self.ending.size()
    }

    /// Bytes of its text, but for its number.
    pub(crate) fn text_length(&self) -> usize {
        self.ending.text().len()
    }

    /// Gives the document a number. Whoever tries again takes another.
    pub(crate) fn take(&mut self, number: String) {
        self.invoice.number = number;
    }

    /// Its text as it is stored, and the hash of it behind another one. It has its number.
    pub(crate) fn sealed(&self, previous: &str) -> Result<(StoredText, String), Problem> {
        let number = serde_json::to_string(&self.invoice.number).map_err(Problem::internal)?;
        let beginning = format!("{{\"number\":{number}");
        let hash = chain::hash_of_parts(previous, [beginning.as_str(), self.ending.text()]);
        Ok((self.ending.behind(&beginning), hash))
    }
}
