//! Our own API: usage comes in here, and what it comes to can be asked here; so can who may do what, and why.
//!
//! The face translates and nothing else: wire type -> domain input -> act -> view -> wire type. It knows no SQL
//! and decides no permission; every figure it shows was computed by `metering` or `billing`.
//!
//! * `intake/`: the hot path, events in four envelopes.
//! * `access/`: explained access, Azure roles, assignments and locks. `relationships/`: partner and customer.
//! * one file per noun for the rest; `wire.rs` says how values are written, `asked.rs` how queries are read.
//! * `schema/`: what a member holds, for people and programs that read the OpenAPI document.
//! * `document.rs`: the OpenAPI document and the query parameters of each operation, one table for both.

mod access;
mod alerts;
mod asked;
mod balance;
mod budgets;
mod clock;
mod credit_notes;
mod customer_prices;
mod customers;
mod document;
mod document_terms;
mod edge_prices;
mod explain;
mod external_subscriptions;
mod fx;
mod health;
mod incidents;
mod intake;
mod invoices;
mod months;
mod partners;
mod payments;
mod price_rules;
mod price_sheets;
mod qualifications;
mod relationships;
mod schema;
mod seat_prices;
mod second_factor;
mod signing_keys;
mod subscription_usage;
mod tickets;
mod unbilled;
mod unrated;
mod waiting_documents;
mod wire;

pub use document::text as openapi_text;
pub use intake::readable_events;

use std::sync::Arc;
use tenantry_http::{Face, Replay, Route, StatusCode};

/// The face. It takes tokens for the world's own origin.
#[must_use]
pub fn face(origin: &str) -> Face {
    Face::new("tenantry").audiences([origin]).owns("/api").routes(all_routes().map(strict))
}

fn all_routes() -> impl Iterator<Item = Route> {
    routes()
        .into_iter()
        .chain(channel())
        .chain(customers::routes())
        .chain(customer_prices::routes())
        .chain(edge_prices::routes())
        .chain(fx::routes())
        .chain(seat_prices::routes())
        .chain(limits())
        .chain(intake::uploads::routes())
        .chain(access::routes())
        .chain(relationships::routes())
        .chain(second_factor::routes())
        .chain(tickets::routes())
        .chain(incidents::routes())
        .chain(qualifications::routes())
        .chain(money_routes())
}

/// What was paid, what is owed, what was taken back.
fn money_routes() -> impl Iterator<Item = Route> {
    let about_accounts = balance::routes().into_iter().chain(payments::routes());
    about_accounts.chain(credit_notes::routes()).chain(document_terms::routes()).chain(waiting_documents::routes())
}

/// Limits on spending, and what was found.
fn limits() -> Vec<Route> {
    vec![
        Route::get("/api/v1/budgets", "budgets.list", "Limits on spending and how far they are used up", budgets::list),
        Route::get("/api/v1/budgets/{budget}", "budgets.get", "A limit and what was spent of it", budgets::get),
        Route::put("/api/v1/budgets/{budget}", "budgets.put", "Limit spending, or change a limit", budgets::put),
        Route::delete("/api/v1/budgets/{budget}", "budgets.delete", "Take a limit away", budgets::delete),
        Route::get("/api/v1/alerts", "alerts.list", "Limits that were reached, and unusual spending", alerts::list),
        Route::post("/api/v1/alerts/{alert}/resolve", "alerts.resolve", "Mark an alert as dealt with", alerts::resolve),
    ]
}

fn routes() -> Vec<Route> {
    vec![
        Route::post("/api/v1/usage/events", "usage.report", "Report usage events, one or a batch", intake::post)
            // (source, id) counts once for ever: a repetition needs no kept answer.
            .replay(Replay::Off)
            .before_body(|world| world.metering().has_room())
            .body_limit(intake::BODY_MAX),
        Route::get(
            "/api/v1/subscriptions/{subscription}/usage",
            "usage.get",
            "Usage of a subscription by hour or day, as of this moment",
            subscription_usage::get,
        ),
        Route::get("/api/v1/unbilled", "unbilled.get", "The next invoice, as known now", unbilled::get),
        Route::get("/api/v1/unrated", "unrated.list", "Usage that waits for a price", unrated::get),
        Route::get("/api/v1/invoices", "invoices.list", "Issued invoices and credit notes", invoices::list),
        Route::get("/api/v1/invoices/{number}", "invoices.get", "An invoice with its lines and hash", invoices::get),
        Route::get(
            "/api/v1/invoices/{number}/reconciliation",
            "invoices.reconciliation",
            "The rows behind an invoice, as CSV that sums to it",
            invoices::reconciliation,
        ),
        Route::get("/api/v1/invoices/{number}/pdf", "invoices.pdf", "An invoice on paper", invoices::pdf),
        Route::get("/api/v1/balance", "balance.get", "What a partner owes", balance::get),
        Route::get("/api/v1/explain", "explain.get", "How an amount came to be, down to the events", explain::get),
        Route::get("/api/v1/clock", "clock.get", "The world's time", clock::get),
        Route::post("/api/v1/clock/advance", "clock.advance", "Move a sandbox's clock forward", clock::advance),
        Route::post(
            "/api/v1/months/{month}/close",
            "months.close",
            "Close a month and issue its invoices",
            months::close,
        ),
        Route::get(
            "/api/v1/months/{month}/dry-run",
            "months.dry_run",
            "The invoices that closing a month would issue",
            months::dry_run,
        ),
    ]
}

/// What is sold, by whom and at which prices.
fn channel() -> Vec<Route> {
    vec![
        Route::get("/api/v1/price-sheets", "price-sheets.list", "Imported price sheets", price_sheets::list),
        Route::post("/api/v1/price-sheets", "price-sheets.import", "Import a rate card", price_sheets::import)
            .body_limit(price_sheets::BODY_MAX)
            .answers(StatusCode::CREATED),
        Route::post("/api/v1/partners", "partners.sign_up", "Sign up a partner", partners::sign_up)
            // The answer holds a secret, and secrets are not stored.
            .replay(Replay::Off)
            .answers(StatusCode::CREATED),
        Route::get("/api/v1/resellers", "resellers.list", "An indirect provider's resellers", partners::resellers),
        Route::get(
            "/api/v1/partners/{partner}/price-rules",
            "price-rules.list",
            "The rules by which a seller prices a partner",
            price_rules::list,
        ),
        Route::post(
            "/api/v1/partners/{partner}/price-rules",
            "price-rules.add",
            "Change what a partner pays from now or later on",
            price_rules::add,
        )
        .answers(StatusCode::CREATED),
        Route::post(
            "/api/v1/external-subscriptions",
            "external-subscriptions.register",
            "Register a subscription that was bought elsewhere",
            external_subscriptions::register,
        )
        .answers(StatusCode::CREATED),
        Route::post(
            "/api/v1/signing-keys/rotate",
            "signing-keys.rotate",
            "Replace the key that signs tokens",
            signing_keys::rotate,
        ),
        Route::get("/healthz", "health.live", "Whether the process answers", health::live).open(),
        Route::get("/readyz", "health.ready", "Whether requests can be served", health::ready).open(),
    ]
}

/// A route that refuses query parameters it does not have.
fn strict(mut route: Route) -> Route {
    let handler = Arc::clone(&route.handler);
    route.handler = Arc::new(move |call| match document::check_query(&call) {
        Ok(()) => handler(call),
        Err(problem) => Box::pin(async { Err(problem) }),
    });
    route
}
