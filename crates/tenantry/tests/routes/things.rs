//! What there is in the world, by the word the tests use for it: ids, names and domains that paths and bodies name.

use std::collections::{BTreeMap, BTreeSet};

/// Everything by its word.
#[derive(Debug, Default)]
pub(crate) struct Things {
    by_word: BTreeMap<String, String>,
    /// What belongs to the owner and is nobody else's to know: ids of rows, and words of its names, in lower case.
    pub(crate) secrets: BTreeSet<String>,
    /// What the second partner sold to the same customer: nothing for the owner's eyes.
    pub(crate) siblings: BTreeSet<String>,
    /// What of the owner's the second partner knows by right: who the customer is.
    pub(crate) shared: BTreeSet<String>,
    /// What belongs to the longer channel and is nothing for strangers.
    pub(crate) tiers: BTreeSet<String>,
}

/// Things as a section of the table calls them: with `tier` before the word, say, where there is such a thing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Words<'a> {
    pub(crate) things: &'a Things,
    pub(crate) before: &'static str,
}

impl<'a> Words<'a> {
    pub(crate) fn get(&self, word: &str) -> &'a str {
        let own = self.things.by_word.get(format!("{}{word}", self.before).as_str());
        own.map_or_else(|| self.things.get(word), String::as_str)
    }
}

impl Things {
    pub(crate) fn put(&mut self, word: impl Into<String>, value: impl ToString) {
        let word = word.into();
        assert!(!self.by_word.contains_key(&word), "two things are called {word}");
        self.by_word.insert(word, value.to_string());
    }

    /// Something that each of several sellers has one of, and that is nothing for others.
    pub(crate) fn put_secret(&mut self, before: &str, word: &str, value: impl ToString) {
        let value = value.to_string();
        match before {
            "" => self.hide(&value),
            // No answer to the second partner itself in this table holds them, so no leak of them would be seen.
            "sibling " => (),
            _ => self.hide_tiers(&value),
        }
        self.put(format!("{before}{word}"), value);
    }

    pub(crate) fn get(&self, word: &str) -> &str {
        self.by_word.get(word).unwrap_or_else(|| panic!("seed.rs puts nothing under the word `{word}`"))
    }

    /// The same of the second partner, if it has one of its own: what it sold.
    pub(crate) fn of_sibling(&self, word: &str) -> &str {
        let own = self.by_word.iter().find(|(known, _)| known.strip_prefix("sibling ") == Some(word));
        own.map_or_else(|| self.get(word), |(_, value)| value)
    }

    pub(crate) fn hide(&mut self, secret: impl ToString) {
        self.secrets.insert(secret.to_string().to_lowercase());
    }

    pub(crate) fn hide_siblings(&mut self, secret: impl ToString) {
        self.siblings.insert(secret.to_string().to_lowercase());
    }

    pub(crate) fn hide_tiers(&mut self, secret: impl ToString) {
        self.tiers.insert(secret.to_string().to_lowercase());
    }

    pub(crate) fn share(&mut self, known: impl ToString) {
        self.shared.insert(known.to_string().to_lowercase());
    }
}
