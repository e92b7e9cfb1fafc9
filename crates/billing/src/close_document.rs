//! A document of a close but for its number and its place in the chain: composed and written out ahead of time.
//!
//! Numbers leave only one order, and whoever takes one keeps all others of its seller waiting until the transaction ends.
//! So nothing is done there that can be done before: the text of a document is written while its number is not known yet.
//! The number stands at its beginning and is put in last.

use crate::issue::{Names, compose};
use crate::tax_rate::Tax;
use crate::{Draft, Invoice};
use tenantry_core::Problem;
use tenantry_usage::{Close, EdgeTerms};

/// A document without its number.
pub(crate) struct Prepared {
    pub(crate) edge: EdgeTerms,
    pub(crate) draft: Draft,
    pub(crate) names: Names,
    /// Without a number, until it has one.
    pub(crate) invoice: Invoice,
    /// Its stored form, without a number.
    text: String,
}

/// How the stored form of a document without a number begins.
const BEGINNING: &str = "{\"number\":\"\"";

impl Prepared {
    pub(crate) fn new(edge: EdgeTerms, draft: Draft, names: Names, tax: &Tax, close: Close) -> Result<Self, Problem> {
        let invoice = compose(String::new(), &edge, close, &draft, &names, tax)?;
        let text = serde_json::to_string(&invoice).map_err(Problem::internal)?;
        Ok(Self { edge, draft, names, invoice, text })
    }

    /// Gives the document a number; its stored form with it. Whoever tries again takes another number.
    pub(crate) fn numbered(&mut self, number: String) -> Result<String, Problem> {
        self.invoice.number = number;
        let number = serde_json::to_string(&self.invoice.number).map_err(Problem::internal)?;
        match self.text.strip_prefix(BEGINNING) {
            Some(rest) => Ok(format!("{{\"number\":{number}{rest}")),
            None => serde_json::to_string(&self.invoice).map_err(Problem::internal),
        }
    }
}
