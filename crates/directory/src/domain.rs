//! Domain names of tenants: `{prefix}.{suffix}`, where the suffix belongs to the world.

use crate::rows;
use tenantry_core::{Problem, Reason};
use tenantry_db::Db;

const PREFIX_MAX: usize = 27;

/// Checks a whole domain against the world's suffix; gives it back in lower case.
///
/// The prefix has 1 to 27 letters, digits and inner hyphens; 27 is the field's own limit.
///
/// # Errors
/// `InvalidField` on `domain`, saying what a good one looks like.
pub fn domain_check(suffix: &str, domain: &str) -> Result<String, Problem> {
    let wrong = |what: &str| {
        let seen: String = domain.chars().take(80).collect();
        Problem::invalid("domain", format!("`{seen}` {what}; write it like contoso.{suffix}"))
    };
    let lower = domain.trim().to_ascii_lowercase();
    let ending = format!(".{}", suffix.to_ascii_lowercase());
    let prefix = lower.strip_suffix(&ending).ok_or_else(|| wrong(&format!("does not end in {ending}")))?;
    if prefix.is_empty() || prefix.len() > PREFIX_MAX {
        return Err(wrong(&format!("has a prefix of {} characters, not 1 to {PREFIX_MAX}", prefix.chars().count())));
    }
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if !prefix.bytes().all(fits) || prefix.starts_with('-') || prefix.ends_with('-') {
        return Err(wrong("has a prefix of other than letters, digits and inner hyphens"));
    }
    Ok(lower)
}

/// Whether a tenant has the domain already. Any letter case.
///
/// # Errors
/// Those of the database.
pub async fn domain_exists(db: &Db, domain: &str) -> Result<bool, Problem> {
    let mut reader = db.reader().await?;
    Ok(rows::tenant_by_domain(&mut reader, &domain.trim().to_ascii_lowercase()).await?.is_some())
}

pub(crate) fn taken(domain: &str) -> Problem {
    Problem::new(Reason::DomainTaken, format!("the domain {domain} is in use; choose another")).at("domain")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_are_checked_against_the_suffix() {
        for (domain, expected) in [
            ("contoso.example.test", Ok("contoso.example.test")),
            (" CONTOSO.Example.Test ", Ok("contoso.example.test")),
            ("north-wind-2.example.test", Ok("north-wind-2.example.test")),
            ("contoso", Err("does not end in .example.test")),
            ("contoso.onmicrosoft.com", Err("does not end in .example.test")),
            ("example.test", Err("does not end in .example.test")),
            (".example.test", Err("prefix of 0 characters")),
            ("abcdefghijklmnopqrstuvwxyz12.example.test", Err("prefix of 28 characters")),
            ("a.b.example.test", Err("other than letters")),
            ("-a.example.test", Err("other than letters")),
            ("naïve.example.test", Err("other than letters")),
        ] {
            match (domain_check("example.test", domain), expected) {
                (Ok(seen), expected) => assert_eq!(Ok(seen.as_str()), expected, "{domain}"),
                (Err(problem), Err(part)) => {
                    assert!(problem.message().contains(part), "{domain}: {problem:?}");
                    assert_eq!(problem.field(), Some("domain"));
                }
                (Err(problem), Ok(_)) => panic!("{domain}: {problem:?}"),
            }
        }
    }
}
