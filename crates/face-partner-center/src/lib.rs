//! Partner Center v1: the commerce API of the field, as its clients know it.
//!
//! A face translates and does nothing else: wire form -> domain input -> act -> view -> wire form. So every
//! operation file reads the same way, top to bottom:
//!
//! ```text
//! Call --params--> ids          --wire::input--> members of the body, by name in any letter case
//!      --paging--> place        --wire::filter--> condition
//!                 |
//!                 v
//!        an act of commerce, metering or billing            (permission, rules, SQL: all there)
//!                 |
//!                 v
//!        a wire struct with attributes and links --> Answer      a Problem --errors--> Answer
//! ```
//!
//! [`routes`] is the whole API on one page. The contract with the clients is partner-center-v1.md; where it is
//! unsure, the comment beside the choice says so.

mod account;
mod agreements;
mod analytics;
mod audit;
mod azure_entitlements;
mod carts;
mod consents;
mod customers;
mod devices;
mod document;
mod domains;
mod errors;
mod estimate_links;
mod fraud_events;
mod generate_token;
mod incidents;
mod invoices;
mod new_commerce;
mod nothing_held;
mod offers;
mod orders;
mod params;
mod product_upgrades;
mod products;
mod profiles;
mod qualifications;
mod rate_cards;
mod relationships;
mod routes;
mod self_serve;
mod service_costs;
mod service_requests;
mod subscriptions;
mod transfers;
mod usage;
mod users;
mod utilizations;
mod validations;
mod webhooks;
mod wire;

pub use document::text as openapi_text;
pub use webhooks::wording;

use tenantry_directory::{DIRECTORY_GRAPH, PARTNER_CENTER, PARTNER_CENTER_OLD};
use tenantry_http::Face;

/// The face of the world that is reached at `origin` (scheme, host and port, no slash at the end).
///
/// It takes tokens for all audiences that Partner Center clients ask for, and for ourselves. The old graph is
/// among them because several client families still know no other (partner-center-v1.md 1.2). A slash at the end
/// of an audience makes no difference.
#[must_use]
pub fn face(origin: &str) -> Face {
    Face::new("partner-center")
        .audiences([PARTNER_CENTER, DIRECTORY_GRAPH, PARTNER_CENTER_OLD, origin])
        .owns("/v1")
        .owns("/partner/v1")
        .owns("/webhooks")
        .owns("/auditactivity")
        .renders(errors::render)
        .routes(routes::all())
}
