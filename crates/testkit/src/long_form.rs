//! What makes a long proof of a short one and brings a failure of it back: numbers in the environment.

use std::thread::panicking;

/// The number that a variable of the environment says, if it is set.
///
/// # Panics
/// When it is set to something else.
#[expect(clippy::disallowed_methods, reason = "a switch of the test run, not a setting of the program")]
#[must_use]
pub fn number_said(variable: &str) -> Option<u64> {
    let said = std::env::var(variable).ok()?;
    Some(said.parse().unwrap_or_else(|_| panic!("{variable}={said} is no number")))
}

/// Says on stderr what to know about a failure, if the test fails while it lives: which case it was, and what brings that
/// case back.
#[derive(Debug)]
pub struct OnFailure(pub String);

impl Drop for OnFailure {
    #[expect(clippy::print_stderr, reason = "shown with the failed test, and only then")]
    fn drop(&mut self) {
        if panicking() {
            eprintln!("{}", self.0);
        }
    }
}
