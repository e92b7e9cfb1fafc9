//! Customers of the calling partner. One file per operation.

pub(crate) mod billing_profile;
pub(crate) mod company_profile;
pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod end;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod managed_services;
pub(crate) mod verified_domain;
pub(crate) mod wire;
