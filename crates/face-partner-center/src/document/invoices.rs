//! Invoices and their lines.

use super::{CURRENCY, Detail, Kind, LINES, NEXT, OFFSET, PDF, PERIOD, TOKEN, query};

pub(super) const DETAILS: &[Detail] = &[
    Detail::of(
        "invoices.list",
        &[
            query("size", Kind::Whole, "Invoices on the page, up to 200; 0 is the default of 200"),
            OFFSET,
            query("filter", Kind::Text, "JSON: comparisons of `InvoiceDate`, joined by `and` and `or`"),
        ],
    ),
    Detail::of("invoices.estimates", &[CURRENCY]),
    Detail::of("invoices.statement.get", &[]).gives(Some(PDF)),
    Detail::of(
        "invoices.line-items.list",
        &[
            PERIOD,
            CURRENCY,
            LINES,
            OFFSET,
            query("seekoperation", Kind::Text, "Of `unbilled`: `next`, with the token of the page before"),
            TOKEN,
        ],
    ),
    Detail::of(
        "invoices.line-items.query",
        &[
            query(
                "provider",
                Kind::Text,
                "`azure`; the lists of `office`, `one_time`, `marketplace`, `all` are empty; needed without a token",
            ),
            query(
                "invoiceLineItemType",
                Kind::Text,
                "`billing_line_items` or `usage_line_items`; needed without a token",
            ),
            PERIOD,
            CURRENCY,
            LINES,
            OFFSET,
            query("seekoperation", Kind::Text, NEXT),
            TOKEN,
        ],
    ),
];
