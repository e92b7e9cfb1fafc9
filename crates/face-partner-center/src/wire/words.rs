//! Words of enumerations. Written in one spelling, read in all: `one_time`, `OneTime`, `onetime`, `ONETIME` and the
//! ordinal `4` are one word (partner-center-v1.md 1.5, 9.1).

use tenantry_core::Problem;

/// An enumeration: its words in the spelling of the wire, in the order of their ordinals.
pub(crate) struct Words<T: 'static>(pub(crate) &'static [(&'static str, T)]);

impl<T: Copy> Words<T> {
    /// The meaning of a word, or of an ordinal.
    pub(crate) fn find(&self, text: &str) -> Option<T> {
        if let Ok(ordinal) = text.trim().parse::<usize>() {
            return self.0.get(ordinal).map(|(_, value)| *value);
        }
        let wanted = plain(text);
        self.0.iter().find(|(word, _)| plain(word) == wanted).map(|(_, value)| *value)
    }

    /// The meaning of a word in `field`; others are refused with those that would do.
    pub(crate) fn read(&self, field: &str, text: &str) -> Result<T, Problem> {
        self.find(text).ok_or_else(|| {
            let known: Vec<_> = self.0.iter().map(|(word, _)| *word).collect();
            let seen: String = text.chars().take(40).collect();
            Problem::invalid(field, format!("`{seen}` is not one of {}", known.join(", ")))
        })
    }
}

/// Without underscores, hyphens and letter case.
fn plain(word: &str) -> String {
    word.trim().chars().filter(|c| !matches!(c, '_' | '-')).map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_known_in_every_spelling() {
        let words = Words(&[("unknown", 0), ("monthly", 1), ("annual", 2), ("none", 3), ("one_time", 4)]);
        for text in ["one_time", "OneTime", "oneTime", "onetime", "ONETIME", " 4 "] {
            assert_eq!(words.read("billingCycle", text).ok(), Some(4), "{text}");
        }
        for text in ["", "weekly", "5", "-1", "1.0"] {
            assert!(words.find(text).is_none(), "{text}");
        }
        let refused = words.read("billingCycle", "weekly").unwrap_err();
        assert_eq!(refused.message(), "billingCycle: `weekly` is not one of unknown, monthly, annual, none, one_time");
    }
}
