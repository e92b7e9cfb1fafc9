//! The SQL of applications, and how its rows become values. A row that cannot be is an error, not a guess.

pub(crate) mod application;
pub(crate) mod certificate;
pub(crate) mod consent;
pub(crate) mod principal;
pub(crate) mod secret;
