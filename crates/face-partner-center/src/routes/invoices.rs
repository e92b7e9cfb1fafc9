//! Invoices and their lines.

use crate::{estimate_links, invoices};
use tenantry_http::Route;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/v1/invoices", "invoices.list", "Invoices", invoices::list),
        Route::get("/v1/invoices/summary", "invoices.summary", "The balance", invoices::summary),
        Route::get("/v1/invoices/summaries", "invoices.summaries", "The balances, by currency", invoices::summaries),
        Route::get(
            "/v1/invoices/estimates/links",
            "invoices.estimates",
            "Where the charges are that no invoice shows yet",
            estimate_links::list,
        ),
        Route::get("/v1/invoices/{invoice}", "invoices.get", "An invoice", invoices::get),
        Route::get(
            "/v1/invoices/{invoice}/documents/statement",
            "invoices.statement.get",
            "An invoice as a document (PDF)",
            invoices::statement,
        ),
        Route::get(
            "/v1/invoices/{invoice}/lineitems/{provider}/{type}",
            "invoices.line-items.list",
            "Lines of an invoice, or of the open month (`unbilled`)",
            invoices::line_items,
        ),
        Route::get(
            "/v1/invoices/{invoice}/lineitems",
            "invoices.line-items.query",
            "Lines of an invoice, or of the open month (`unbilled`), chosen by query",
            invoices::line_items_by_query,
        ),
    ]
}
