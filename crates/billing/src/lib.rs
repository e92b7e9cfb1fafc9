//! From lines of usage to documents people pay: drafts, invoices, ledger, reconciliation files, explanations.
//!
//! There is one computation. The fold gives exact lines ([`tenantry_usage::Line`]); [`Draft`] rounds each once.
//! The unbilled view *is* a draft; an invoice is a draft with a number, a date and the names of that day; the
//! reconciliation file shows the rows behind each line and the rounding as a row of its own. So they agree to
//! the last digit because there is nothing to disagree with.
//!
//! An issued document never changes. Each carries the hash of the one before it by the same seller, and can be
//! computed again from the usage log, giving the same bytes ([`check`]).

pub mod chain;
pub mod check;
mod close;
pub mod document;
mod draft;
mod explain;
mod invoice;
mod issue;
mod ledger;
mod open_lines;
mod paper;
mod read;
mod reconciliation;
mod rows;
mod unbilled;

pub use close::{CLOSE_MONTH, MonthClosed, close_month, finish_close, schedule_close};
pub use draft::{Draft, DraftLine};
pub use explain::{ExplainQuery, ExplainedEvent, ExplainedRow, Explanation, explain};
pub use invoice::{Invoice, InvoiceLine, InvoiceParty};
pub use ledger::{Account, Balance, balances};
pub use open_lines::{OpenLine, unbilled_lines};
pub use paper::invoice_pdf;
pub use read::{InvoiceFilter, NamedCustomer, invoice_get, invoice_list, invoice_rows, metered_customers, name_of};
pub use reconciliation::{ReconciliationRow, reconciliation_csv, reconciliation_rows};
pub use unbilled::unbilled;

use tenantry_db::{Migration, Slice};

/// The tables of this slice.
pub const SLICE: Slice = Slice {
    name: "billing",
    migrations: &[Migration { number: 1, name: "invoices", sql: include_str!("migrations/0001_invoices.sql") }],
};

/// How document lines are rounded. Half even: no drift over many lines.
pub const ROUNDING: tenantry_core::Rounding = tenantry_core::Rounding::HalfEven;
