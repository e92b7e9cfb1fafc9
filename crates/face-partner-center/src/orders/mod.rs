//! Orders of a customer. One file per operation. Changing an order (add-ons, billing cycle) is not served.

pub(crate) mod create;
pub(crate) mod cycle;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod wire;
