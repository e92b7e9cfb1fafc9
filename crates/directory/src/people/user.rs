//! What a user is, and the rules of its name.

use crate::people::{Profile, ProfileChange, text};
use tenantry_core::{ObjectId, Problem, Reason, Secret, TenantId, Timestamp};

/// How long a deleted user can be restored, in seconds: 30 days (directory.md 2.2).
pub const USER_KEPT_SECONDS: i64 = 30 * 86_400;

/// Whether a user belongs to the organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UserKind {
    /// One of its people.
    Member,
    /// Somebody it invited.
    Guest,
}

impl UserKind {
    /// The name on the wire and in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Member => "Member",
            Self::Guest => "Guest",
        }
    }

    /// The kind of a name, in any letter case.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Member, Self::Guest].into_iter().find(|kind| kind.name().eq_ignore_ascii_case(name))
    }
}

/// A person in a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Its id.
    pub id: ObjectId,
    /// Its tenant.
    pub tenant: TenantId,
    /// The user principal name, as typed. Compared without regard to letter case, unique in the world.
    pub name: String,
    /// What is told about it.
    pub profile: Profile,
    /// Member or guest.
    pub kind: UserKind,
    /// Whether it may sign in.
    pub enabled: bool,
    /// Whether the next sign-in must set another password.
    pub password_change_due: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was deleted; it can be restored for [`USER_KEPT_SECONDS`].
    pub deleted_at: Option<Timestamp>,
    /// What was issued to it before counts no more: refresh tokens, sessions, codes.
    pub tokens_valid_from: Timestamp,
}

impl User {
    /// What [`User::tokens_valid_from`] becomes when everything issued until now shall end: always later than it was,
    /// also while the world's clock stands still. Said of the user as it is under the tenant's lock.
    pub(crate) fn ended(&self, now: Timestamp) -> Timestamp {
        now.max(Timestamp::from_micros(self.tokens_valid_from.micros().saturating_add(1)))
    }
}

/// What is needed to make one.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// The user principal name: its part after the `@` is a verified domain of the tenant.
    pub name: String,
    /// What is told about it.
    pub profile: Profile,
    /// Member or guest.
    pub kind: UserKind,
    /// Whether it may sign in.
    pub enabled: bool,
    /// Its first password.
    pub password: Secret,
    /// Whether the first sign-in must set another one.
    pub change_password: bool,
}

/// Another password for somebody, given by an administrator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPassword {
    /// The password.
    pub password: Secret,
    /// Whether the next sign-in must set another one.
    pub change_at_sign_in: bool,
}

/// A change of a user: all of it happens or nothing. What is `None` stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserChange {
    /// Another user principal name.
    pub name: Option<String>,
    /// Member or guest.
    pub kind: Option<UserKind>,
    /// Whether it may sign in. Switching off also ends what is signed in.
    pub enabled: Option<bool>,
    /// Whether the next sign-in must set another password. What a new password says of it goes first.
    pub password_change_due: Option<bool>,
    /// Another password. A lock is opened by it, and what was signed in before ends.
    pub password: Option<NewPassword>,
    /// What is told about it.
    pub profile: ProfileChange,
}

/// A user principal name in its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UserName {
    /// As typed, without blanks around it.
    pub(crate) typed: String,
    /// As compared: lower case.
    pub(crate) key: String,
    /// What stands after the `@`, in lower case.
    pub(crate) domain: String,
}

impl UserName {
    const FIELD: &'static str = "userPrincipalName";

    /// Reads a name such as `clerk@contoso.example.test`. The part before the `@` has 1 to 64 characters; guests have
    /// `#EXT#` in it.
    pub(crate) fn parse(name: &str) -> Result<Self, Problem> {
        let typed = text::required(Self::FIELD, name, 113)?;
        let wrong = |what: &str| {
            let seen = text::shown(&typed);
            Problem::invalid(Self::FIELD, format!("`{seen}` {what}; write it like clerk@contoso.example"))
        };
        let (local, domain) = typed.rsplit_once('@').ok_or_else(|| wrong("has no @"))?;
        if local.is_empty() || local.chars().count() > 64 {
            return Err(wrong("has not 1 to 64 characters before the @"));
        }
        let fits = |c: char| c.is_ascii_alphanumeric() || "'.-_!#^~+&".contains(c);
        if !local.chars().all(fits) || local.starts_with('.') || local.ends_with('.') {
            return Err(wrong("may hold letters, digits and '.-_!#^~+& before the @, no point at its ends"));
        }
        if domain.is_empty() {
            return Err(wrong("has no domain after the @"));
        }
        let (key, domain) = (typed.to_ascii_lowercase(), domain.to_ascii_lowercase());
        Ok(Self { typed, key, domain })
    }
}

pub(crate) fn no_user(name: &str) -> Problem {
    let name = text::shown(name);
    Problem::new(Reason::UserNotFound, format!("there is no user `{name}` in this tenant; check the id or name"))
}

pub(crate) fn name_taken(name: &str) -> Problem {
    let name = text::shown(name);
    Problem::new(Reason::UserNameTaken, format!("another user has the name {name}; choose another")).at(UserName::FIELD)
}

pub(crate) fn domain_refused(name: &UserName) -> Problem {
    let message = format!(
        "{}: `{}` does not end in a verified domain of the tenant; add and verify {} first, or use another",
        UserName::FIELD,
        text::shown(&name.typed),
        text::shown(&name.domain)
    );
    Problem::new(Reason::DomainNotVerified, message).at(UserName::FIELD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_a_part_before_and_a_domain_after_the_at() {
        for (name, expected) in [
            ("Clerk@Contoso.Example", Ok("clerk@contoso.example")),
            (" o'brien-2@contoso.example ", Ok("o'brien-2@contoso.example")),
            ("clerk_fabrikam.example#EXT#@contoso.example", Ok("clerk_fabrikam.example#ext#@contoso.example")),
            ("", Err("is required")),
            ("clerk", Err("has no @")),
            ("@contoso.example", Err("1 to 64")),
            ("clerk@", Err("no domain")),
            ("a b@contoso.example", Err("may hold")),
            (".clerk@contoso.example", Err("no point at its ends")),
            ("clerk@x@contoso.example", Err("may hold")),
            ("älva@contoso.example", Err("may hold")),
        ] {
            match (UserName::parse(name), expected) {
                (Ok(seen), expected) => assert_eq!(Ok(seen.key.as_str()), expected, "{name}"),
                (Err(problem), Err(part)) => assert!(problem.message().contains(part), "{name}: {problem:?}"),
                (Err(problem), Ok(_)) => panic!("{name}: {problem:?}"),
            }
        }
        assert!(UserName::parse(&format!("{}@contoso.example", "x".repeat(65))).is_err());
    }
}
