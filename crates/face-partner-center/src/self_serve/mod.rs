//! Self-serve policies: what a partner lets a customer buy by itself. Source: partner-center-v1.md 2.13, 3.16.
//!
//! A policy is kept, changed and shown; customers order nothing by themselves here, so none is acted on.

mod change;
mod create;
mod get;
mod wire;

pub(crate) use change::{change, change_by_id};
pub(crate) use create::create;
pub(crate) use get::{get, list, remove};
