//! What a password must be like. Length does most of it; the rest keeps out what is tried first.

use tenantry_core::{Problem, Reason, Secret};

const LENGTH_LEAST: usize = 8;
const LENGTH_MOST: usize = 256;
/// Of lower-case letters, capitals, digits and the rest.
const KINDS_LEAST: usize = 3;
/// A part of a name shorter than this is no hint worth refusing: a user `hr` may have an `hr` in a password.
const NAME_LEAST: usize = 3;

/// Checks a new password of the user with this name.
///
/// # Errors
/// `PasswordRefused` on `password`, naming the rule. The password itself is never shown.
pub(crate) fn check(name: &str, password: &Secret) -> Result<(), Problem> {
    let text = password.reveal();
    let length = text.chars().count();
    if !(LENGTH_LEAST..=LENGTH_MOST).contains(&length) {
        return Err(refused(&format!("has {length} characters; it must have {LENGTH_LEAST} to {LENGTH_MOST}")));
    }
    if text.chars().any(char::is_control) {
        return Err(refused("holds a control character; use what can be typed"));
    }
    let other = |c: char| !(c.is_lowercase() || c.is_uppercase() || c.is_numeric());
    let of_kind: [fn(char) -> bool; 4] = [char::is_lowercase, char::is_uppercase, char::is_numeric, other];
    let kinds = of_kind.iter().filter(|of_kind| text.chars().any(**of_kind)).count();
    if kinds < KINDS_LEAST {
        return Err(refused(&format!(
            "has {kinds} of the four kinds of characters (lower case, capitals, digits, others); it must have \
             {KINDS_LEAST}"
        )));
    }
    let local = name.rsplit_once('@').map_or(name, |(local, _)| local).to_lowercase();
    if local.chars().count() >= NAME_LEAST && text.to_lowercase().contains(&local) {
        return Err(refused("contains the user's name; choose one that does not"));
    }
    Ok(())
}

/// A refusal that says which rule; completes "the password ..".
pub(crate) fn refused(rule: &str) -> Problem {
    Problem::new(Reason::PasswordRefused, format!("the password {rule}")).at("password")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_password_names_the_rule_and_not_itself() {
        for (password, expected) in [
            ("Passw0rd", None),
            ("correct Horse battery", None),
            ("ÄÖÜäöü12", None),
            ("Short1!", Some("has 7 characters")),
            ("alllowercase", Some("has 1 of the four kinds")),
            ("lowercase12", Some("has 2 of the four kinds")),
            ("My-Clerk-2026", Some("contains the user's name")),
            ("Tab\there1", Some("control character")),
            ("", Some("has 0 characters")),
        ] {
            let seen = check("clerk@contoso.example", &Secret::new(password)).err();
            match expected {
                None => assert!(seen.is_none(), "{password}: {seen:?}"),
                Some(rule) => {
                    let problem = seen.unwrap();
                    assert!(problem.message().contains(rule), "{password}: {problem:?}");
                    assert!(password.is_empty() || !problem.message().contains(password), "{problem:?}");
                }
            }
        }
        let long = |length: usize| Secret::new("aA1".repeat(100)[..length].to_owned());
        assert!(check("clerk@contoso.example", &long(256)).is_ok());
        assert!(check("clerk@contoso.example", &long(257)).is_err());
        assert!(check("hr@contoso.example", &Secret::new("Chr0me-yellow")).is_ok());
    }
}
