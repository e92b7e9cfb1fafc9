//! What an act wrote down, or found written down already.

/// An entry that is named for ever, so that a request which comes twice writes it once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written<T> {
    /// The entry.
    pub entry: T,
    /// Whether it was written now; `false`: it was there, and nothing changed.
    pub new: bool,
}

impl<T> Written<T> {
    /// Written now.
    pub(crate) const fn now(entry: T) -> Self {
        Self { entry, new: true }
    }

    /// There already.
    pub(crate) const fn before(entry: T) -> Self {
        Self { entry, new: false }
    }
}
