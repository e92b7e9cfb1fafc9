//! Patterns of actions: `*` stands for any run of characters, slashes included, and may stand anywhere
//! (`*/read`, `Microsoft.Authorization/*/Write`). Letter case does not count (arm.md 11.6).

use std::fmt;

/// A pattern, made ready: the pieces between its stars. Matching allocates nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Pattern {
    /// What an action must begin with; all of it if there is no star.
    head: Box<str>,
    /// The rest, if there is a star.
    rest: Option<Rest>,
}

#[derive(Clone, PartialEq, Eq)]
struct Rest {
    /// The pieces between stars, none of them empty.
    middle: Box<[Box<str>]>,
    /// What an action must end with.
    tail: Box<str>,
}

impl Pattern {
    /// Makes a pattern ready.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let text = text.to_ascii_lowercase();
        let mut pieces: Vec<Box<str>> = text.split('*').map(Box::from).collect();
        let head = if pieces.is_empty() { Box::default() } else { pieces.remove(0) };
        let rest = pieces.pop().map(|tail| {
            let middle = pieces.into_iter().filter(|piece| !piece.is_empty()).collect();
            Rest { middle, tail }
        });
        Self { head, rest }
    }

    /// Whether the action is meant.
    #[must_use]
    pub fn matches(&self, action: &str) -> bool {
        let Some(after_head) = strip_start(action.as_bytes(), &self.head) else { return false };
        let Some(rest) = &self.rest else { return after_head.is_empty() };
        let Some(mut left) = strip_end(after_head, &rest.tail) else { return false };
        // The first place where a piece fits leaves most for the others, so no other place need be tried.
        for piece in &rest.middle {
            let Some(found) = find(left, piece.as_bytes()) else { return false };
            left = left.get(found + piece.len()..).unwrap_or_default();
        }
        true
    }
}

fn strip_start<'a>(text: &'a [u8], start: &str) -> Option<&'a [u8]> {
    let (begin, rest) = text.split_at_checked(start.len())?;
    begin.eq_ignore_ascii_case(start.as_bytes()).then_some(rest)
}

fn strip_end<'a>(text: &'a [u8], end: &str) -> Option<&'a [u8]> {
    let (rest, tail) = text.split_at_checked(text.len().checked_sub(end.len())?)?;
    tail.eq_ignore_ascii_case(end.as_bytes()).then_some(rest)
}

fn find(text: &[u8], piece: &[u8]) -> Option<usize> {
    text.windows(piece.len()).position(|window| window.eq_ignore_ascii_case(piece))
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.head)?;
        let Some(rest) = &self.rest else { return Ok(()) };
        for piece in &rest.middle {
            write!(f, "*{piece}")?;
        }
        write!(f, "*{}", rest.tail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::matches_slowly;
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    fn check(pattern: &str, fits: &[&str], fits_not: &[&str]) {
        let ready = Pattern::new(pattern);
        for (actions, expected) in [(fits, true), (fits_not, false)] {
            for action in actions {
                assert_eq!(ready.matches(action), expected, "{pattern} on {action}");
            }
        }
    }

    #[test]
    fn a_star_stands_for_any_run_of_characters_anywhere() {
        check("*", &["", "a", "Microsoft.Compute/virtualMachines/read"], &[]);
        check("*/read", &["Microsoft.Compute/disks/READ", "a/b/c/read", "/read"], &["read", "a/readers", "a/write"]);
        check(
            "Microsoft.Authorization/*/Write",
            &["microsoft.authorization/roleassignments/write", "Microsoft.Authorization/a/b/write"],
            &["Microsoft.Authorization/write", "Microsoft.AuthorizationX/a/write", "Microsoft.Authorization/a/writer"],
        );
        check(
            "Microsoft.Sql/locations/*/read",
            &["Microsoft.Sql/locations/usages/read"],
            &["Microsoft.Sql/locations/read"],
        );
        check("Microsoft.Support/*", &["microsoft.support/supportTickets/write"], &["Microsoft.Supports/a/read"]);
        check("a/read", &["A/Read"], &["a/reads", "aa/read", ""]);
        check("a*b*b", &["abb", "aXbYb"], &["ab", "aXb"]);
        check("*ab*", &["xABy", "ab"], &["ba"]);
        check("", &[""], &["a"]);
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: 4_000,
            failure_persistence: None,
            rng_seed: RngSeed::Fixed(2),
            ..ProptestConfig::default()
        })]

        #[test]
        fn it_agrees_with_the_obvious_matcher(pattern in "[abA/*ü]{0,9}", action in "[abB/ü]{0,12}") {
            prop_assert_eq!(Pattern::new(&pattern).matches(&action), matches_slowly(&pattern, &action));
        }
    }
}
