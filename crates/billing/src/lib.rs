//! From lines of usage to documents people pay: drafts, invoices, ledger, reconciliation files, explanations.
//!
//! There is one computation. The fold gives exact lines ([`tenantry_usage::Line`]); [`Draft`] rounds each once.
//! The unbilled view *is* a draft; an invoice is a draft with a number, a date and the names of that day; the
//! reconciliation file shows the rows behind each line and the rounding as a row of its own. So they agree to
//! the last digit because there is nothing to disagree with.
//!
//! An issued document never changes. Each carries the hash of the one before it by the same seller, and can be
//! computed again from the usage log, giving the same bytes ([`check`]).

mod ageing;
pub mod chain;
pub mod check;
mod check_numbers;
mod close;
mod close_document;
mod close_draft;
mod close_dry_run;
mod close_issue;
mod close_names;
mod close_prepare;
mod close_proof;
mod close_told;
mod credit_note;
mod credit_note_file;
mod credit_note_issue;
mod credit_note_lines;
mod credit_note_paper;
mod credit_note_read;
mod credit_note_rows;
pub mod document;
mod draft;
mod explain;
mod fx;
mod invoice;
mod issue;
mod ledger;
pub mod measure;
mod number;
mod open_lines;
mod owed;
mod paper;
mod parallel;
mod payment;
mod payment_allocation;
mod payment_read;
mod payment_record;
mod payment_reverse;
mod payment_rows;
mod read;
mod reconciliation;
mod rounding;
mod rows;
mod seats;
mod seats_explain;
mod statement;
mod statement_entries;
mod stored_text;
mod tax_rate;
mod unbilled;
mod waiting;
mod written;

pub use ageing::{AccountStanding, Ageing, DocumentStanding, InvoiceStatus, account_standings};
pub use close::{CLOSE_MONTH, MonthClosed, close_month, finish_close, schedule_close};
pub use close_dry_run::{CloseDryRun, close_dry_run};
pub use credit_note::{CreditNote, CreditedLine};
pub use credit_note_file::credit_note_csv;
pub use credit_note_issue::{CreditLine, NewCreditNote, credit_note_issue};
pub use credit_note_lines::{CreditedLines, credited_line_taxes, credited_lines};
pub use credit_note_paper::credit_note_pdf;
pub use credit_note_read::{credit_note_get, credit_note_list};
pub use draft::{Draft, DraftLine};
pub use explain::{ExplainQuery, ExplainedEvent, ExplainedRow, Explanation, explain};
pub use fx::{InvoiceFx, Priced};
pub use invoice::{Invoice, InvoiceLine, InvoiceParty};
pub use ledger::{Account, Balance, balances};
pub use open_lines::{OpenLine, unbilled_lines, unbilled_seat_lines};
pub use owed::tell_owed;
pub use paper::invoice_pdf;
pub use payment::Payment;
pub use payment_allocation::{Covered, Item};
pub use payment_read::payment_list;
pub use payment_record::{NewPayment, payment_record};
pub use payment_reverse::{ReversePayment, payment_reverse};
pub use read::{
    InvoiceFilter, NamedCustomer, document_mpn_id, invoice_get, invoice_list, invoice_list_sold, invoice_rows,
    metered_customers, name_of,
};
pub use reconciliation::{
    RECONCILIATION_COLUMNS, ReconciliationCell, ReconciliationHead, ReconciliationRow, reconciliation_cells,
    reconciliation_csv, reconciliation_rows,
};
pub use rounding::{edge_rounding_set, rounding_name, rounding_named};
pub use seats::{DraftSeatLine, InvoiceSeatLine};
pub use seats_explain::{ExplainedSeats, SeatExplanation, SeatsOn, explain_seats};
pub use statement::{Statement, StatementLine, statements};
pub use tax_rate::{NewTaxRate, line_taxes, seat_line_taxes, tax_rate_set};
pub use unbilled::unbilled;
pub use waiting::{MissingRate, Waiting, WaitingDocument, WaitsFor, waiting_documents, waiting_on};
pub use written::Written;

use tenantry_db::{Migration, Slice};

/// The tables of this slice.
pub const SLICE: Slice = Slice {
    name: "billing",
    migrations: &[
        Migration { number: 1, name: "invoices", sql: include_str!("migrations/0001_invoices.sql") },
        Migration { number: 2, name: "payments", sql: include_str!("migrations/0002_payments.sql") },
        Migration {
            number: 3,
            name: "credit_note_references",
            sql: include_str!("migrations/0003_credit_note_references.sql"),
        },
        Migration { number: 7, name: "customer_rounding", sql: include_str!("migrations/0007_customer_rounding.sql") },
        Migration { number: 8, name: "packed_documents", sql: include_str!("migrations/0008_packed_documents.sql") },
    ],
};

/// How document lines are rounded unless the edge's policy says otherwise. Half even: no drift over many lines.
pub const ROUNDING: tenantry_core::Rounding = tenantry_core::Rounding::HalfEven;
