//! The known name that somebody who wrote another one had in mind.

/// The known name that is most like `seen`, if one is like it at all: other letter case, `_` or `-` between the words, a
/// letter too many, too few or wrong in every three.
#[must_use]
pub fn nearest<'a>(seen: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    /// Longer names are nobody's slip of the finger.
    const LONGEST: usize = 60;
    let seen = folded(seen);
    if seen.is_empty() || seen.len() > LONGEST {
        return None;
    }
    let far = |name: &str| edits(&seen, &folded(name));
    let found = known.into_iter().map(|name| (far(name), name)).min_by_key(|(far, _)| *far)?;
    (found.0 <= seen.len() / 3).then_some(found.1)
}

fn folded(name: &str) -> Vec<char> {
    name.chars().filter(|letter| !matches!(letter, '_' | '-' | ' ')).flat_map(char::to_lowercase).collect()
}

/// How many letters have to be added, removed or replaced (Levenshtein), a row of the table at a time.
fn edits(from: &[char], to: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (deleted, letter) in from.iter().enumerate() {
        let mut diagonal = deleted;
        let mut left = deleted + 1;
        for (wanted, cell) in to.iter().zip(row.iter_mut().skip(1)) {
            let replaced = diagonal + usize::from(wanted != letter);
            diagonal = *cell;
            left = replaced.min(*cell + 1).min(left + 1);
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = deleted + 1;
        }
    }
    row.last().copied().unwrap_or(from.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_the_name_that_was_meant() {
        let known = ["companyName", "domain", "mpnId", "markets", "factor"];
        for (seen, meant) in [
            ("mpnid", Some("mpnId")),
            ("MPN_ID", Some("mpnId")),
            ("company-name", Some("companyName")),
            ("compnyName", Some("companyName")),
            ("market", Some("markets")),
            ("fcator", Some("factor")),
            ("colour", None),
            ("x", None),
            ("", None),
        ] {
            assert_eq!(nearest(seen, known), meant, "{seen}");
        }
        assert_eq!(nearest("name", []), None);
        assert_eq!(edits(&['a', 'b'], &['b', 'c', 'd']), 3);
    }
}
