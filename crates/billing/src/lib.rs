//! stub
pub mod document;
