//! What customers agree to before anything is sold to them (partner-center-v1.md 2.12, 3.15, 4.11).

mod confirm;
mod document;
mod list;
mod signed;
mod templates;
mod wire;

pub(crate) use confirm::handle as confirm;
pub(crate) use document::{document, text};
pub(crate) use list::handle as list;
pub(crate) use signed::handle as signed;
pub(crate) use templates::handle as templates;
