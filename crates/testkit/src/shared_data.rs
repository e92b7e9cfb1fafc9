//! The data sets of the project: recordings, rate cards, usage files. They are large and lie beside the workspace.

use std::path::{Path, PathBuf};

/// The directory of the data sets, `shared/data` beside the workspace; `None` in a clone that has no such.
///
/// A test that needs them says what it left out and passes without them; what a change must not break has its
/// own small excerpt in the repository.
#[must_use]
pub fn shared_data() -> Option<PathBuf> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2)?;
    let data = workspace.parent()?.join("shared/data");
    data.is_dir().then_some(data)
}
