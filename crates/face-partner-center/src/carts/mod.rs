//! Carts of a customer. One file per operation.

pub(crate) mod checkout;
pub(crate) mod create;
pub(crate) mod get;
pub(crate) mod line;
pub(crate) mod replace;
pub(crate) mod wire;
