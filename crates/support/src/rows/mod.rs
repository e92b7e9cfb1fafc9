//! The SQL of this slice, and how its rows become values. A row that cannot be is an error, not a guess.

pub(crate) mod incident;
pub(crate) mod ticket;
