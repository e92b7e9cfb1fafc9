//! The envelope of lists.

use crate::wire::{Attributes, Links};
use serde::Serialize;

/// `{"totalCount":2,"items":[..],"links":{..},"attributes":{"objectType":"Collection"}}`.
///
/// `totalCount` is the number of items on this page for lists with continuation tokens and of the whole list for
/// the others. The sources contradict each other and clients ignore it (partner-center-v1.md 1.5, 6.7).
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Collection<T> {
    pub(crate) total_count: usize,
    pub(crate) items: Vec<T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) continuation_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) links: Option<Links>,
    pub(crate) attributes: Attributes,
}

impl<T> Collection<T> {
    /// A whole list, without links.
    pub(crate) fn bare(items: Vec<T>) -> Self {
        let attributes = Attributes::of("Collection");
        Self { total_count: items.len(), items, continuation_token: None, links: None, attributes }
    }

    /// A whole list with a link to itself: `/customers/{id}/orders`.
    pub(crate) fn whole(items: Vec<T>, uri: impl Into<String>) -> Self {
        Self { links: Some(Links::to_self(uri)), ..Self::bare(items) }
    }
}
