//! A domain name of a tenant, and what a name may look like.

use tenantry_core::{Problem, Reason, TenantId, Timestamp};

/// A domain of a tenant, verified or not.
///
/// Source: directory.md 2.2 (domains).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Domain {
    /// The name, in lower case.
    pub name: String,
    /// Whose.
    pub tenant: TenantId,
    /// Whether the tenant was created with it. Exactly one is.
    pub initial: bool,
    /// Whether new users get it unless somebody says otherwise. Exactly one is.
    pub default: bool,
    /// Whether it stands by itself. `false` for one that was added under a verified domain of the tenant, and so needed
    /// no proof of its own.
    pub root: bool,
    /// By whose word it is verified; `None` until then.
    pub proof: Option<Proof>,
    /// What the record has to say that proves it: `MS=ms12345678`. Verified domains need none.
    pub code: Option<String>,
    /// When it was added, in world time.
    pub added_at: Timestamp,
}

/// By whose word a domain is verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// The platform gave it away with the tenant.
    Initial,
    /// It is under a domain that the tenant has verified.
    Parent,
    /// Somebody asked, in a sandbox.
    Sandbox,
    /// The provider looked at the record and confirmed it.
    Provider,
}

impl Proof {
    const ALL: [Self; 4] = [Self::Initial, Self::Parent, Self::Sandbox, Self::Provider];

    /// The stored name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Initial => "initial",
            Self::Parent => "parent",
            Self::Sandbox => "sandbox",
            Self::Provider => "provider",
        }
    }

    pub(super) fn from_name(name: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|proof| proof.name() == name)
            .ok_or_else(|| format!("`{name}` is no proof of a domain"))
    }
}

impl Domain {
    /// Whether it is verified: users may have names in it.
    #[must_use]
    pub const fn is_verified(&self) -> bool {
        self.proof.is_some()
    }
}

/// The longest name DNS has.
const NAME_MAX: usize = 253;
const LABEL_MAX: usize = 63;

/// A domain name in the form it is kept in: lower case, two labels or more. Names outside ASCII are written in
/// their `xn--` form.
///
/// # Errors
/// `InvalidField` on `name`, saying what a good one looks like.
pub(super) fn checked(name: &str) -> Result<String, Problem> {
    let lower = name.trim().trim_end_matches('.').to_ascii_lowercase();
    let wrong = |what: &str| Problem::invalid("name", format!("`{}` {what}; write it like contoso.com", shown(name)));
    if lower.is_empty() {
        return Err(Problem::missing("name"));
    }
    if lower.len() > NAME_MAX {
        return Err(wrong(&format!("has {} characters, more than {NAME_MAX}", lower.len())));
    }
    let labels: Vec<&str> = lower.split('.').collect();
    if labels.len() < 2 {
        return Err(wrong("has no dot"));
    }
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    for label in &labels {
        let good = (1..=LABEL_MAX).contains(&label.len())
            && label.bytes().all(fits)
            && !label.starts_with('-')
            && !label.ends_with('-');
        if !good {
            return Err(wrong("has a part of other than 1 to 63 letters, digits and inner hyphens"));
        }
    }
    if labels.last().is_some_and(|last| last.bytes().all(|b| b.is_ascii_digit())) {
        return Err(wrong("ends in a number"));
    }
    Ok(lower)
}

/// As much of a caller's text as messages and audit lines show.
pub(super) fn shown(name: &str) -> String {
    name.trim().chars().take(80).collect()
}

/// The refusal for a domain the tenant does not have.
pub(super) fn no_domain(name: &str) -> Problem {
    Problem::new(
        Reason::DomainNotFound,
        format!("the tenant has no domain `{}`; check the name in the list of its domains", shown(name)),
    )
}

/// Whether a name is the other, or under it.
pub(super) fn is_under(name: &str, parent: &str) -> bool {
    name.strip_suffix(parent).is_some_and(|rest| rest.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_checked_label_by_label() {
        let long = format!("{}.com", "a".repeat(64));
        let longest = format!("{}com", "abcdefghi.".repeat(26));
        for (name, expected) in [
            ("contoso.com", Ok("contoso.com")),
            (" Mail.CONTOSO.co.uk. ", Ok("mail.contoso.co.uk")),
            ("xn--bcher-kva.example", Ok("xn--bcher-kva.example")),
            ("3com.com", Ok("3com.com")),
            ("", Err("name is required")),
            ("contoso", Err("has no dot")),
            ("con_toso.com", Err("has a part")),
            ("bücher.example", Err("has a part")),
            ("-a.com", Err("has a part")),
            ("a..com", Err("has a part")),
            (&long, Err("has a part")),
            (&longest, Err("has 263 characters")),
            ("192.168.0.1", Err("ends in a number")),
        ] {
            match (checked(name), expected) {
                (Ok(seen), expected) => assert_eq!(Ok(seen.as_str()), expected, "{name}"),
                (Err(problem), Err(part)) => {
                    assert!(problem.message().contains(part), "{name}: {problem:?}");
                    assert_eq!(problem.field(), Some("name"));
                }
                (Err(problem), Ok(_)) => panic!("{name}: {problem:?}"),
            }
        }
    }

    #[test]
    fn a_name_is_under_another_by_whole_labels() {
        assert!(is_under("mail.contoso.com", "contoso.com"));
        assert!(!is_under("contoso.com", "contoso.com"));
        assert!(!is_under("notcontoso.com", "contoso.com"));
    }
}
