//! The `attributes` block: what kind of thing this is, and which version of it.

use serde::Serialize;

/// `{"etag":"..","objectType":"Customer"}`. Source: partner-center-v1.md 1.5.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Attributes {
    #[serde(skip_serializing_if = "Option::is_none")]
    etag: Option<String>,
    object_type: &'static str,
}

impl Attributes {
    /// Of a thing without versions.
    pub(crate) const fn of(object_type: &'static str) -> Self {
        Self { etag: None, object_type }
    }

    /// Of a thing with versions; see [`crate::wire::etag`].
    pub(crate) const fn versioned(object_type: &'static str, etag: String) -> Self {
        Self { etag: Some(etag), object_type }
    }
}
