//! Directories: tenants and their domains, applications and their secrets, groups and roles, and the token
//! service that turns a secret into a signed statement of who calls.
//!
//! Nothing here speaks HTTP: `face-login` translates forms and answers. Everything runs on the world's clock and
//! chance, so a test can let a secret expire by moving the clock, and a seeded world has the same ids and keys
//! each time.
//!
//! Acts take a [`tenantry_db::Tx`], so that signing up a partner and making its tenant is one transaction. The
//! caller that opens the transaction also writes the audit line.

mod application_disable;
mod application_register;
mod certificate;
mod claims;
mod domain;
mod keys;
mod refusal;
mod resource;
mod role_assign;
mod roles;
mod rows;
mod scope;
mod secret;
mod secret_add;
mod secret_remove;
mod tenant;
mod tenant_create;
mod tenant_find;
mod token_issue;
mod token_verify;

pub use application_disable::application_disable;
pub use application_register::{Registered, application_register};
pub use domain::{domain_check, domain_exists};
pub use keys::{Jwk, Keys};
pub use refusal::OauthRefusal;
pub use resource::{
    DIRECTORY_GRAPH, MANAGEMENT, MANAGEMENT_CLASSIC, MICROSOFT_GRAPH, PARTNER_CENTER, PARTNER_CENTER_OLD,
};
pub use role_assign::{role_assign, role_unassign};
pub use secret_add::{SECRET_LIFETIME_SECONDS, secret_add};
pub use secret_remove::secret_remove;
pub use tenant::{NewTenant, Tenant};
pub use tenant_create::tenant_create;
pub use tenant_find::{provider_find, tenant_find, tenant_of_sign_in};
pub use token_issue::{Endpoint, IssuedToken, TOKEN_LIFETIME_SECONDS, TokenRequest, token_issue};
pub use token_verify::token_verify;

/// The tables of this slice.
pub const SLICE: tenantry_db::Slice = tenantry_db::Slice {
    name: "directory",
    migrations: &[tenantry_db::Migration {
        number: 1,
        name: "directory",
        sql: include_str!("migrations/0001_directory.sql"),
    }],
};
