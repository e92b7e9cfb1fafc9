//! Lists cut by `size` and `offset` (partner-center-v1.md 1.6).

use crate::wire::links::{Link, Links, uri};
use crate::wire::{Attributes, Collection};
use tenantry_core::Problem;
use tenantry_http::Call;

/// What part of a list a client wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cut {
    /// Items at most.
    pub(crate) size: usize,
    /// Items to skip.
    pub(crate) offset: usize,
}

/// Reads `size`: absent and 0 are the default, more than `size_max` is refused.
pub(crate) fn size(call: &Call, size_default: usize, size_max: usize) -> Result<usize, Problem> {
    size_by(call, "size", size_default, size_max)
}

/// The same under the name by which a list knows it.
pub(crate) fn size_by(call: &Call, name: &str, size_default: usize, size_max: usize) -> Result<usize, Problem> {
    match call.query.number(name)? {
        None | Some(0) => Ok(size_default),
        Some(size) if size > size_max => {
            Err(Problem::invalid(name, format!("{size} items do not fit a page; ask for {size_max} or fewer")))
        }
        Some(size) => Ok(size),
    }
}

impl Cut {
    /// Reads `size` and `offset`.
    pub(crate) fn of(call: &Call, size_default: usize, size_max: usize) -> Result<Self, Problem> {
        Ok(Self { size: size(call, size_default, size_max)?, offset: call.query.number("offset")?.unwrap_or(0) })
    }

    /// Cuts the page out of a whole list and links to the next if there is one. `path` is the list's own, without
    /// `/v1`; the rest of the query goes into the links as it came.
    pub(crate) fn page<T, U>(self, call: &Call, path: &str, all: Vec<T>, view: impl FnMut(T) -> U) -> Collection<U> {
        let total_count = all.len();
        let items: Vec<U> = all.into_iter().skip(self.offset).take(self.size).map(view).collect();
        let mut links = Links::to_self(uri(path, call.query.pairs()));
        let next = self.offset.saturating_add(self.size);
        if next < total_count {
            let (size, offset) = (self.size.to_string(), next.to_string());
            let kept = call.query.pairs().filter(|(name, _)| !is_cut(name));
            let query = kept.chain([("size", size.as_str()), ("offset", offset.as_str())]);
            links = links.with("next", Link::get(uri(path, query)));
        }
        Collection {
            total_count,
            items,
            continuation_token: None,
            links: Some(links),
            attributes: Attributes::of("Collection"),
        }
    }
}

fn is_cut(name: &str) -> bool {
    name.eq_ignore_ascii_case("size") || name.eq_ignore_ascii_case("offset")
}
