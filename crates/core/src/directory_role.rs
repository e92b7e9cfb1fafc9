//! The administrator roles of a directory. Every tenant has them; who holds one may do in that tenant what the
//! policy (`access`) says of it.
//!
//! Source: directory.md 3.4 (names and template ids).

use std::fmt;
use uuid::{Uuid, uuid};

macro_rules! directory_roles {
    ($($role:ident = $name:literal $template:literal $purpose:literal;)*) => {
        /// A directory role. Its template id is the same in every tenant and stands in tokens (`wids`).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum DirectoryRole {
            $(#[doc = $purpose] $role,)*
        }

        impl DirectoryRole {
            /// All roles, in the order the policy prints them.
            pub const ALL: [Self; [$($name),*].len()] = [$(Self::$role),*];

            /// The name people read.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$role => $name,)*
                }
            }

            /// What it is for, in one line.
            #[must_use]
            pub const fn purpose(self) -> &'static str {
                match self {
                    $(Self::$role => $purpose,)*
                }
            }

            /// The id of its template.
            #[must_use]
            pub const fn template(self) -> Uuid {
                match self {
                    $(Self::$role => uuid!($template),)*
                }
            }
        }
    };
}

directory_roles! {
    GlobalAdmin = "Global Administrator" "62e90394-69f5-4237-9190-012177145e10" "Everything in the tenant.";
    GlobalReader = "Global Reader" "f2ef992c-3afb-46b9-b7cf-a126ee74c451" "Sees everything, changes nothing.";
    UserAdmin = "User Administrator" "fe930be7-5e62-47db-91af-98c3a49a38b1" "Users and groups.";
    HelpdeskAdmin = "Helpdesk Administrator" "729827e3-9c14-49f7-bb1b-9608f156bbb8" "Passwords of those who are no administrators.";
    ServiceSupportAdmin = "Service Support Administrator" "f023fd81-a637-4b56-95fd-791ac0226033" "Support requests and service health.";
    LicenceAdmin = "License Administrator" "4d6ac14f-3453-41d0-bef9-a3e0c569773a" "Licences of users.";
    PrivilegedRoleAdmin = "Privileged Role Administrator" "e8611ab8-c189-46e8-94e1-60213ab1f814" "Members of directory roles.";
    ExchangeAdmin = "Exchange Administrator" "29232cdf-9323-42fd-ade2-1d097af3e4de" "Mailboxes.";
    SharePointAdmin = "SharePoint Administrator" "f28a1f50-f6e7-4571-818b-6a12f2af6b6c" "SharePoint.";
    TeamsAdmin = "Teams Administrator" "69091246-20e8-4a56-aa4d-066075b2a7a8" "Teams.";
    IntuneAdmin = "Intune Administrator" "3a2c62db-5318-420d-8d74-23affee5d9d5" "Devices.";
    DynamicsAdmin = "Dynamics 365 Administrator" "44367163-eba1-44c3-98af-f5787879f96a" "Dynamics 365.";
    DirectoryReaders = "Directory Readers" "88d8e3e3-8f55-4a1e-953a-9b9898b8876b" "See the directory.";
    DirectoryWriters = "Directory Writers" "9360feb5-f418-4baa-8175-e2a00bac4301" "Write users and groups.";
    BillingAdmin = "Billing Administrator" "b0f54661-2d74-4c50-afa3-1ec803f12efe" "Invoices and purchases.";
    SecurityAdmin = "Security Administrator" "194ae4cb-b126-40b2-bd5b-6091b380977d" "Security settings.";
    SecurityReader = "Security Reader" "5d6b6bb7-de71-4623-b4af-96380a352509" "Sees security settings.";
    ApplicationAdmin = "Application Administrator" "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3" "Applications and consent.";
    CloudApplicationAdmin = "Cloud Application Administrator" "158c047a-c907-4556-b7ef-446551a6b5f7" "Applications and consent.";
    AuthenticationAdmin = "Authentication Administrator" "c4e39bd9-1100-46d3-8c65-fb160da0071f" "Sign-in methods of those who are no administrators.";
    DomainNameAdmin = "Domain Name Administrator" "8329153b-31d0-4727-b945-745eb3bc5f31" "Domains.";
    GroupsAdmin = "Groups Administrator" "fdd7a751-b60b-444a-984c-02652fe8fa1c" "Groups.";
    ReportsReader = "Reports Reader" "4a5d8f65-41da-4de4-8968-e035b65339cf" "Sees usage reports.";
}

impl DirectoryRole {
    /// The role of a template id.
    #[must_use]
    pub fn from_template(template: Uuid) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.template() == template)
    }
}

impl fmt::Display for DirectoryRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_role_is_found_by_its_template() {
        for role in DirectoryRole::ALL {
            assert_eq!(DirectoryRole::from_template(role.template()), Some(role));
        }
        assert_eq!(DirectoryRole::from_template(Uuid::nil()), None);
        assert_eq!(BTreeSet::from(DirectoryRole::ALL.map(DirectoryRole::name)).len(), DirectoryRole::ALL.len());
    }
}
