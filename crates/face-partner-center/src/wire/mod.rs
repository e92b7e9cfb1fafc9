//! The wire form every resource shares: what is read forgivingly, and what is written exactly one way.
//!
//! Reading: member names in any letter case, unknown members passed over, `null` and dates of the year 1 are absent,
//! words of enumerations in every spelling (partner-center-v1.md 1.5). Writing: camelCase, absent members left
//! out, decimals digit for digit.

pub(crate) mod address;
pub(crate) mod attributes;
pub(crate) mod client;
pub(crate) mod collection;
pub(crate) mod contact;
pub(crate) mod decimal;
pub(crate) mod etag;
pub(crate) mod filter;
pub(crate) mod input;
pub(crate) mod links;
pub(crate) mod paging;
pub(crate) mod seek;
pub(crate) mod words;

pub(crate) use attributes::Attributes;
pub(crate) use collection::Collection;
pub(crate) use contact::Contact;
pub(crate) use decimal::Decimal;
pub(crate) use links::{Link, Links};

/// A GUID as the legacy commerce API prints its own: upper-case.
pub(crate) fn upper(id: impl std::fmt::Display) -> String {
    id.to_string().to_ascii_uppercase()
}
