//! Orders of a customer. One file per operation.

pub(crate) mod change;
pub(crate) mod create;
pub(crate) mod cycle;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod provisioning;
pub(crate) mod wire;
