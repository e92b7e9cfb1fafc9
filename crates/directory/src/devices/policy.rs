//! A configuration policy: what a device does and leaves out when it is started for the first time.

use crate::people::text;
use tenantry_core::{Problem, Timestamp};
use uuid::Uuid;

/// Longest name, in characters.
const NAME_MAX: usize = 100;
/// Longest description, in characters.
const DESCRIPTION_MAX: usize = 1_000;

/// One thing a policy says about the first start. Source: partner-center-v1.md 3.22.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PolicySetting {
    /// Take off what the maker put on.
    RemoveOemPreinstalls,
    /// Who starts it first is no administrator of the device.
    OobeUserNotLocalAdmin,
    /// Do not ask about express settings.
    SkipExpressSettings,
    /// Do not ask to register with the maker.
    SkipOemRegistration,
    /// Do not show the licence terms.
    SkipEula,
}

impl PolicySetting {
    /// All of them, in the order of the field.
    pub const ALL: [Self; 5] = [
        Self::RemoveOemPreinstalls,
        Self::OobeUserNotLocalAdmin,
        Self::SkipExpressSettings,
        Self::SkipOemRegistration,
        Self::SkipEula,
    ];

    /// The stored name, which is the field's.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::RemoveOemPreinstalls => "remove_oem_preinstalls",
            Self::OobeUserNotLocalAdmin => "oobe_user_not_local_admin",
            Self::SkipExpressSettings => "skip_express_settings",
            Self::SkipOemRegistration => "skip_oem_registration",
            Self::SkipEula => "skip_eula",
        }
    }
}

/// A configuration policy of a partner for a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigurationPolicy {
    /// Names it.
    pub id: Uuid,
    /// What people call it; unique among the partner's for the customer, in any letter case.
    pub name: String,
    /// In more words.
    pub description: Option<String>,
    /// What it says, each once, in the order of the field. May be empty: then devices ask everything.
    pub settings: Vec<PolicySetting>,
    /// How many devices have it.
    pub devices: usize,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub changed_at: Timestamp,
}

/// Name, description and settings as they are kept.
pub(super) fn checked(
    name: &str,
    description: Option<&str>,
    settings: &[PolicySetting],
) -> Result<(String, Option<String>, Vec<PolicySetting>), Problem> {
    let mut settings = settings.to_vec();
    settings.sort_unstable();
    settings.dedup();
    let name = text::required("name", name, NAME_MAX)?;
    Ok((name, text::optional("description", description, DESCRIPTION_MAX)?, settings))
}
