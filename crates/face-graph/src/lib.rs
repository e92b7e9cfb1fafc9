//! Azure AD Graph and Microsoft Graph: the directory as its clients know it.
//!
//! Two APIs over one directory, which differ in names and envelope. So what they share is here once, and each has its own
//! views and its own words for refusals:
//!
//! ```text
//! Call --reads_path--> route --version, tenant--> who, odata::Options, input::Members
//!                                                        |
//!                            an act or query of `directory` (permission, rules, SQL: all there)
//!                                                        |
//!                     views (pure) --> odata::Entity --> wire (envelope)        a Problem --> errors
//! ```
//!
//! The contract with the clients is directory.md, parts 2 and 3.

pub mod aad;
mod apps;
mod bodies;
mod directory;
mod document;
mod grants;
pub mod graph;
mod groups;
mod inner;
mod input;
mod membership;
mod odata;
mod texts;
mod users;
mod who;

use tenantry_http::Face;

/// Both faces of the world that is reached at `origin` (scheme, host and port, no slash at the end).
#[must_use]
pub fn faces(origin: &str) -> [Face; 2] {
    [graph::face(origin), aad::face(origin)]
}
