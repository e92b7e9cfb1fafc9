//! Invoices: the list, one by its number, its PDF, its lines, and what is owed in all.
//!
//! Everything here is read from issued documents, which never change, or from the draft of the next one; nothing is
//! computed but sums. Our invoices are of the type `Recurring`. Metered usage, in arrears, is what this API calls `azure`;
//! seats, in advance, are `office` as licences and `one_time` (also `all`) as bought by the modern agreement. What it
//! calls `marketplace` has no lines on them: empty lists.
//!
//! The documents want tokens of a signed-in person for single invoices, summaries and statements
//! (partner-center-v1.md 2.10, "U!"). There are none in this version, so applications get them; the policy decides
//! which (`InvoiceRead`).

mod bill;
mod chosen;
mod condition;
mod get;
mod line_item;
mod line_items;
mod list;
mod open_lines;
mod paid;
mod provider;
mod seat_item;
mod summary;
mod turn;
mod view;

pub(crate) use get::{get, statement};
pub(crate) use line_items::{line_items, line_items_by_query};
pub(crate) use list::list;
pub(crate) use summary::{summaries, summary};
