//! The policy of a directory: what each administrator role, an ordinary member and the agent groups of a partner may
//! do in the tenant acted in.
//!
//! The roles and what they are for are the field's (directory.md 3.4, partner-center-v1.md 5.2 "GDAP replacement").
//! Three rules are ours to keep: who helps with passwords never reaches an administrator's; a relationship is
//! approved by the customer's own people, never by the partner it would empower; a partner that has no role in a
//! tenant may nothing there.

use super::{Mark, Subject};
use crate::ActionName;
use tenantry_core::{DirectoryRole as D, Role};

const Y: Mark = Mark::Yes;
const O: Mark = Mark::OwnPeople;
const P: Mark = Mark::PartnerTenant;
const N: Mark = Mark::No;

/// How many actions a directory has.
pub(super) const ACTIONS: usize = 22;

/// The columns below.
pub(super) const COLUMNS: [ActionName; ACTIONS] = [
    ActionName::DirectoryRead,
    ActionName::OrganizationRead,
    ActionName::OwnProfileRead,
    ActionName::OwnPasswordChange,
    ActionName::UserCreate,
    ActionName::UserChange,
    ActionName::UserDelete,
    ActionName::PasswordReset,
    ActionName::AdminPasswordReset,
    ActionName::LicenceAssign,
    ActionName::GroupManage,
    ActionName::DirectoryRoleManage,
    ActionName::ApplicationRead,
    ActionName::ApplicationManage,
    ActionName::ConsentManage,
    ActionName::DomainManage,
    ActionName::OrganizationChange,
    ActionName::ContractRead,
    ActionName::RelationshipRead,
    ActionName::RelationshipManage,
    ActionName::RelationshipApprove,
    ActionName::AccessRead,
];

#[rustfmt::skip]
pub(super) const POLICY: [(Subject, [Mark; ACTIONS]); 28] = [
    //                                                      DirectoryRead
    //                                                      |  OrganizationRead
    //                                                      |  |  OwnProfileRead
    //                                                      |  |  |  OwnPasswordChange
    //                                                      |  |  |  |  UserCreate
    //                                                      |  |  |  |  |  UserChange
    //                                                      |  |  |  |  |  |  UserDelete
    //                                                      |  |  |  |  |  |  |  PasswordReset
    //                                                      |  |  |  |  |  |  |  |  AdminPasswordReset
    //                                                      |  |  |  |  |  |  |  |  |  LicenceAssign
    //                                                      |  |  |  |  |  |  |  |  |  |  GroupManage
    //                                                      |  |  |  |  |  |  |  |  |  |  |  DirectoryRoleManage
    //                                                      |  |  |  |  |  |  |  |  |  |  |  |  ApplicationRead
    //                                                      |  |  |  |  |  |  |  |  |  |  |  |  |  ApplicationManage
    //                                                      |  |  |  |  |  |  |  |  |  |  |  |  |  |  ConsentManage
    //                                                      |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  DomainManage
    //                                                      |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  OrganizationChange
    //                                                      |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  ContractRead
    //                                                      |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  RelationshipRead
    //                                                      |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  RelationshipManage
    //                                                      |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  RelationshipApprove
    //                                                      |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  AccessRead
    (Subject::Provider,                                    [Y, Y, Y, Y, Y, Y, Y, Y, Y, Y, Y, Y, Y, Y, Y, Y, Y, Y, Y, Y, Y, Y]),
    (Subject::Member,                                      [Y, Y, Y, Y, N, N, N, N, N, N, N, N, Y, N, N, N, N, N, N, N, N, N]),
    (Subject::Administrator(D::GlobalAdmin),               [Y, Y, Y, N, Y, Y, Y, Y, Y, Y, Y, Y, Y, Y, Y, Y, Y, Y, Y, P, O, Y]),
    (Subject::Administrator(D::GlobalReader),              [Y, Y, Y, N, N, N, N, N, N, N, N, N, Y, N, N, N, N, Y, Y, N, N, Y]),
    (Subject::Administrator(D::UserAdmin),                 [Y, Y, Y, N, Y, Y, Y, Y, N, Y, Y, N, Y, N, N, N, N, N, N, N, N, N]),
    (Subject::Administrator(D::HelpdeskAdmin),             [Y, Y, Y, N, N, N, N, Y, N, N, N, N, Y, N, N, N, N, N, N, N, N, N]),
    (Subject::Administrator(D::ServiceSupportAdmin),       [Y, Y, Y, N, N, N, N, N, N, N, N, N, Y, N, N, N, N, N, N, N, N, N]),
    (Subject::Administrator(D::LicenceAdmin),              [Y, Y, Y, N, N, N, N, N, N, Y, N, N, Y, N, N, N, N, N, N, N, N, N]),
    (Subject::Administrator(D::PrivilegedRoleAdmin),       [Y, Y, Y, N, N, N, N, N, Y, N, N, Y, Y, N, Y, N, N, N, N, N, N, Y]),
    (Subject::Administrator(D::ExchangeAdmin),             [Y, Y, Y, N, N, N, N, N, N, N, N, N, Y, N, N, N, N, N, N, N, N, N]),
    (Subject::Administrator(D::SharePointAdmin),           [Y, Y, Y, N, N, N, N, N, N, N, N, N, Y, N, N, N, N, N, N, N, N, N]),
    (Subject::Administrator(D::TeamsAdmin),                [Y, Y, Y, N, N, N, N, N, N, N, N, N, Y, N, N, N, N, N, N, N, N, N]),
    (Subject::Administrator(D::IntuneAdmin),               [Y, Y, Y, N, N, N, N, N, N, N, N, N, Y, N, N, N, N, N, N, N, N, N]),
    (Subject::Administrator(D::DynamicsAdmin),             [Y, Y, Y, N, N, N, N, N, N, N, N, N, Y, N, N, N, N, N, N, N, N, N]),
    (Subject::Administrator(D::DirectoryReaders),          [Y, Y, Y, N, N, N, N, N, N, N, N, N, Y, N, N, N, N, N, N, N, N, N]),
    (Subject::Administrator(D::DirectoryWriters),          [Y, Y, Y, N, Y, Y, N, N, N, Y, Y, N, Y, N, N, N, N, N, N, N, N, N]),
    (Subject::Administrator(D::BillingAdmin),              [Y, Y, Y, N, N, N, N, N, N, N, N, N, Y, N, N, N, Y, N, N, N, N, N]),
    (Subject::Administrator(D::SecurityAdmin),             [Y, Y, Y, N, N, N, N, N, N, N, N, N, Y, N, N, N, N, N, N, N, N, Y]),
    (Subject::Administrator(D::SecurityReader),            [Y, Y, Y, N, N, N, N, N, N, N, N, N, Y, N, N, N, N, N, N, N, N, Y]),
    (Subject::Administrator(D::ApplicationAdmin),          [Y, Y, Y, N, N, N, N, N, N, N, N, N, Y, Y, Y, N, N, N, N, N, N, N]),
    (Subject::Administrator(D::CloudApplicationAdmin),     [Y, Y, Y, N, N, N, N, N, N, N, N, N, Y, Y, Y, N, N, N, N, N, N, N]),
    (Subject::Administrator(D::AuthenticationAdmin),       [Y, Y, Y, N, N, N, N, Y, N, N, N, N, Y, N, N, N, N, N, N, N, N, N]),
    (Subject::Administrator(D::DomainNameAdmin),           [Y, Y, Y, N, N, N, N, N, N, N, N, N, Y, N, N, Y, N, N, N, N, N, N]),
    (Subject::Administrator(D::GroupsAdmin),               [Y, Y, Y, N, N, N, N, N, N, N, Y, N, Y, N, N, N, N, N, N, N, N, N]),
    (Subject::Administrator(D::ReportsReader),             [N, Y, Y, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N]),
    (Subject::Holder(Role::AdminAgent),                    [N, Y, Y, N, N, N, N, N, N, N, N, N, N, N, N, N, N, Y, Y, Y, N, N]),
    (Subject::Holder(Role::SalesAgent),                    [N, Y, Y, N, N, N, N, N, N, N, N, N, N, N, N, N, N, Y, Y, N, N, N]),
    (Subject::Holder(Role::HelpdeskAgent),                 [N, Y, Y, N, N, N, N, N, N, N, N, N, N, N, N, N, N, Y, Y, N, N, N]),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Plane;

    #[test]
    fn the_table_speaks_of_every_action_and_role_once() {
        assert!(COLUMNS.into_iter().eq(ActionName::of(Plane::Directory)));
        let administrators = POLICY.iter().filter_map(|(subject, _)| match subject {
            Subject::Administrator(role) => Some(*role),
            _ => None,
        });
        assert!(administrators.eq(D::ALL));
    }

    #[test]
    fn whatever_a_role_may_the_global_administrator_may_or_every_member_may() {
        let marks = |wanted| POLICY.iter().find(|(subject, _)| *subject == wanted).unwrap().1;
        let (global, member) = (marks(Subject::Administrator(D::GlobalAdmin)), marks(Subject::Member));
        for (subject, marks) in POLICY.iter().skip(1) {
            for (column, mark) in marks.iter().enumerate() {
                let covered = global[column] != Mark::No || member[column] != Mark::No;
                assert!(*mark == Mark::No || covered, "{subject:?} may {}", COLUMNS[column]);
            }
        }
    }
}
