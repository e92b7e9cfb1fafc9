//! What consent gives an application: application permissions when it acts for itself, delegated scopes when it
//! acts for a person. With a person both must allow: the person's roles and the application's scopes.
//!
//! The names are the field's (directory.md 3.1), those that our APIs publish (`directory`, `api_permissions.rs`).
//! Our actions are fewer than the field's, so a permission to read users also reads groups. Two permissions look
//! stronger than they are: `Directory.ReadWrite.All` resets no password and deletes nobody. And consent by an
//! application alone needs `AppRoleAssignment.ReadWrite.All`, which is as good as everything, because whoever may
//! consent may consent to more for itself.

use super::directory::{ACTIONS, COLUMNS};
use super::{Mark, Place};
use crate::ActionName;

const Y: Mark = Mark::Yes;
const U: Mark = Mark::WithUser;
const P: Mark = Mark::PartnerTenant;
const N: Mark = Mark::No;

#[rustfmt::skip]
pub(super) const POLICY: [(&str, [Mark; ACTIONS]); 24] = [
    //                                            DirectoryRead
    //                                            |  OrganizationRead
    //                                            |  |  OwnProfileRead
    //                                            |  |  |  OwnPasswordChange
    //                                            |  |  |  |  UserCreate
    //                                            |  |  |  |  |  UserChange
    //                                            |  |  |  |  |  |  UserDelete
    //                                            |  |  |  |  |  |  |  PasswordReset
    //                                            |  |  |  |  |  |  |  |  AdminPasswordReset
    //                                            |  |  |  |  |  |  |  |  |  LicenceAssign
    //                                            |  |  |  |  |  |  |  |  |  |  GroupManage
    //                                            |  |  |  |  |  |  |  |  |  |  |  DirectoryRoleManage
    //                                            |  |  |  |  |  |  |  |  |  |  |  |  ApplicationRead
    //                                            |  |  |  |  |  |  |  |  |  |  |  |  |  ApplicationManage
    //                                            |  |  |  |  |  |  |  |  |  |  |  |  |  |  ConsentManage
    //                                            |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  DomainManage
    //                                            |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  OrganizationChange
    //                                            |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  ContractRead
    //                                            |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  RelationshipRead
    //                                            |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  RelationshipManage
    //                                            |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  RelationshipApprove
    //                                            |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  AccessRead
    ("User.Read",                                [N, U, U, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N]),
    ("User.ReadWrite",                           [N, U, U, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N]),
    ("User.ReadBasic.All",                       [Y, N, U, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N]),
    ("User.Read.All",                            [Y, Y, U, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N]),
    ("User.ReadWrite.All",                       [Y, Y, U, U, Y, Y, Y, U, U, Y, N, N, N, N, N, N, N, N, N, N, N, N]),
    ("Group.Read.All",                           [Y, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N]),
    ("Group.ReadWrite.All",                      [Y, N, N, N, N, N, N, N, N, N, Y, N, N, N, N, N, N, N, N, N, N, N]),
    ("GroupMember.Read.All",                     [Y, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N]),
    ("GroupMember.ReadWrite.All",                [Y, N, N, N, N, N, N, N, N, N, Y, N, N, N, N, N, N, N, N, N, N, N]),
    ("Directory.Read.All",                       [Y, Y, U, N, N, N, N, N, N, N, N, N, Y, N, N, N, N, Y, N, N, N, N]),
    ("Directory.ReadWrite.All",                  [Y, Y, U, N, Y, Y, N, N, N, Y, Y, N, Y, U, U, N, Y, Y, N, N, N, N]),
    ("Application.Read.All",                     [N, N, N, N, N, N, N, N, N, N, N, N, Y, N, N, N, N, N, N, N, N, N]),
    ("Application.ReadWrite.All",                [N, N, N, N, N, N, N, N, N, N, N, N, Y, Y, U, N, N, N, N, N, N, N]),
    ("AppRoleAssignment.ReadWrite.All",          [N, N, N, N, N, N, N, N, N, N, N, N, Y, N, Y, N, N, N, N, N, N, N]),
    ("Domain.Read.All",                          [N, Y, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N]),
    ("Domain.ReadWrite.All",                     [N, Y, N, N, N, N, N, N, N, N, N, N, N, N, N, Y, N, N, N, N, N, N]),
    ("Organization.Read.All",                    [N, Y, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N]),
    ("Organization.ReadWrite.All",               [N, Y, N, N, N, N, N, N, N, N, N, N, N, N, N, N, Y, N, N, N, N, N]),
    ("RoleManagement.Read.Directory",            [Y, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N]),
    ("RoleManagement.ReadWrite.Directory",       [Y, N, N, N, N, N, N, N, N, N, N, Y, N, N, N, N, N, N, N, N, N, N]),
    ("DelegatedAdminRelationship.Read.All",      [N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, Y, Y, N, N, N]),
    ("DelegatedAdminRelationship.ReadWrite.All", [N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, Y, Y, P, N, N]),
    // The two that give all that the person may.
    ("Directory.AccessAsUser.All",               [U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U]),
    ("user_impersonation",                       [U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U]),
];

/// What the table says of a right.
pub(super) fn mark(action: ActionName, right: &str) -> Mark {
    let column = COLUMNS.iter().position(|known| *known == action);
    let row = POLICY.iter().find(|(known, _)| *known == right);
    row.zip(column).and_then(|((_, marks), column)| marks.get(column)).copied().unwrap_or(Mark::No)
}

/// The rights that allow the action there, to an application with or without a person.
pub(super) fn allowing(action: ActionName, place: Place, with_user: bool) -> impl Iterator<Item = &'static str> {
    let rights = POLICY.iter().map(|(right, _)| *right);
    rights.filter(move |right| match mark(action, right) {
        Mark::Yes => true,
        Mark::WithUser => with_user,
        Mark::PartnerTenant => place.partner_tenant,
        Mark::Sandbox | Mark::OwnPeople | Mark::No => false,
    })
}
