//! What a directory tells about a person. Two texts every user has; the rest may be absent, and a change must be able
//! to say "leave it", "remove it" and "this is it now": absent is not null is not a value.
//!
//! Source: directory.md 2.2 (user), with the names of Azure AD Graph.

use crate::people::text;
use serde::{Deserialize, Serialize};
use tenantry_core::Problem;

macro_rules! profile {
    ($($(#[$doc:meta])* $name:ident = $wire:literal up to $max:literal;)*) => {
        /// What is told about a user. Stored as JSON; a text that is absent takes no room.
        #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(default)]
        pub struct Profile {
            /// The name people read.
            pub display_name: String,
            /// The part before the `@` of mail addresses.
            pub mail_nickname: String,
            $($(#[$doc])* #[serde(skip_serializing_if = "Option::is_none")] pub $name: Option<String>,)*
            /// Further mail addresses, for notices.
            #[serde(skip_serializing_if = "Vec::is_empty")]
            pub other_mails: Vec<String>,
        }

        /// A change of a profile: `None` leaves a text as it is, `Some(None)` removes it.
        #[derive(Debug, Clone, Default, PartialEq, Eq)]
        pub struct ProfileChange {
            /// The name people read; it can change, not go.
            pub display_name: Option<String>,
            /// The part before the `@` of mail addresses; it can change, not go.
            pub mail_nickname: Option<String>,
            $($(#[$doc])* pub $name: Option<Option<String>>,)*
            /// All the further mail addresses.
            pub other_mails: Option<Vec<String>>,
        }

        impl Profile {
            /// The profile after a change.
            #[must_use]
            pub fn changed(mut self, change: ProfileChange) -> Self {
                if let Some(display_name) = change.display_name {
                    self.display_name = display_name;
                }
                if let Some(mail_nickname) = change.mail_nickname {
                    self.mail_nickname = mail_nickname;
                }
                if let Some(other_mails) = change.other_mails {
                    self.other_mails = other_mails;
                }
                $(if let Some($name) = change.$name {
                    self.$name = $name;
                })*
                self
            }

            /// The profile as it is kept: texts trimmed, blank ones absent.
            ///
            /// # Errors
            /// `MissingField` without the two names; `InvalidField` for a text that is too long, holds control
            /// characters or is no country code, named as the wire names it.
            pub fn checked(self) -> Result<Self, Problem> {
                Self {
                    display_name: text::required("displayName", &self.display_name, 256)?,
                    mail_nickname: nickname(&self.mail_nickname)?,
                    $($name: text::optional($wire, self.$name.as_deref(), $max)?,)*
                    other_mails: mails(&self.other_mails)?,
                }
                .with_location()
            }
        }
    };
}

profile! {
    /// Where licences are used: two letters (ISO 3166). Without it a user gets none.
    usage_location = "usageLocation" up to 2;
    /// First name.
    given_name = "givenName" up to 64;
    /// Family name.
    surname = "surname" up to 64;
    /// The main mail address.
    mail = "mail" up to 254;
    /// The id of the person in a directory elsewhere.
    immutable_id = "immutableId" up to 256;
    /// City.
    city = "city" up to 128;
    /// Company.
    company_name = "companyName" up to 64;
    /// Country, as people write it.
    country = "country" up to 128;
    /// Department.
    department = "department" up to 64;
    /// Fax.
    facsimile_telephone_number = "facsimileTelephoneNumber" up to 64;
    /// What the person does.
    job_title = "jobTitle" up to 128;
    /// Mobile telephone.
    mobile = "mobile" up to 64;
    /// `DisablePasswordExpiration` and the like; kept, not acted on.
    password_policies = "passwordPolicies" up to 128;
    /// Office or room.
    physical_delivery_office_name = "physicalDeliveryOfficeName" up to 128;
    /// Postal code.
    postal_code = "postalCode" up to 40;
    /// Language or culture such as `en-US`.
    preferred_language = "preferredLanguage" up to 20;
    /// Address for voice calls.
    sip_proxy_address = "sipProxyAddress" up to 254;
    /// State or province.
    state = "state" up to 128;
    /// Street and number.
    street_address = "streetAddress" up to 1024;
    /// Telephone.
    telephone_number = "telephoneNumber" up to 64;
}

impl Profile {
    /// The least there is: a user of this name who is called so.
    #[must_use]
    pub fn named(display_name: impl Into<String>, mail_nickname: impl Into<String>) -> Self {
        Self { display_name: display_name.into(), mail_nickname: mail_nickname.into(), ..Self::default() }
    }

    fn with_location(mut self) -> Result<Self, Problem> {
        if let Some(location) = self.usage_location.as_mut() {
            location.make_ascii_uppercase();
            if location.len() != 2 || !location.bytes().all(|b| b.is_ascii_uppercase()) {
                return Err(Problem::invalid(
                    "usageLocation",
                    format!("`{location}` is not a country code of two letters such as DE"),
                ));
            }
        }
        Ok(self)
    }
}

pub(crate) fn nickname(value: &str) -> Result<String, Problem> {
    let value = text::required("mailNickname", value, 64)?;
    let fits = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    if value.chars().all(fits) {
        return Ok(value);
    }
    let message =
        format!("`{}` may hold letters, digits and the marks of mail addresses, no blanks", text::shown(&value));
    Err(Problem::invalid("mailNickname", message))
}

fn mails(mails: &[String]) -> Result<Vec<String>, Problem> {
    const MOST: usize = 250;
    if mails.len() > MOST {
        return Err(Problem::invalid("otherMails", format!("has {} entries; at most {MOST} are kept", mails.len())));
    }
    mails.iter().map(|mail| text::required("otherMails", mail, 254)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_leaves_removes_and_sets() {
        let before = Profile {
            given_name: Some("Order".into()),
            city: Some("Berlin".into()),
            ..Profile::named("Clerk", "clerk")
        };
        let change = ProfileChange {
            city: Some(None),
            surname: Some(Some(" Clerk ".into())),
            usage_location: Some(Some("gb".into())),
            ..ProfileChange::default()
        };
        let expected = Profile {
            given_name: Some("Order".into()),
            surname: Some("Clerk".into()),
            usage_location: Some("GB".into()),
            ..Profile::named("Clerk", "clerk")
        };
        assert_eq!(before.changed(change).checked().unwrap(), expected);
    }

    #[test]
    fn a_wrong_text_is_named_as_the_wire_names_it() {
        let good = || Profile::named("Clerk", "clerk");
        for (profile, field) in [
            (Profile::named("", "clerk"), "displayName"),
            (Profile::named("Clerk", " "), "mailNickname"),
            (Profile::named("Clerk", "a b"), "mailNickname"),
            (Profile { usage_location: Some("D1".into()), ..good() }, "usageLocation"),
            (Profile { usage_location: Some("DEU".into()), ..good() }, "usageLocation"),
            (Profile { city: Some("x".repeat(129)), ..good() }, "city"),
            (Profile { job_title: Some("a\u{7}b".into()), ..good() }, "jobTitle"),
            (Profile { other_mails: vec![String::new()], ..good() }, "otherMails"),
        ] {
            assert_eq!(profile.checked().unwrap_err().field(), Some(field));
        }
    }

    #[test]
    fn a_profile_of_an_older_version_is_read() {
        let read: Profile = serde_json::from_str(r#"{"display_name":"Clerk","mail_nickname":"clerk"}"#).unwrap();
        assert_eq!(read, Profile::named("Clerk", "clerk"));
        assert_eq!(serde_json::to_string(&read).unwrap(), r#"{"display_name":"Clerk","mail_nickname":"clerk"}"#);
    }
}
