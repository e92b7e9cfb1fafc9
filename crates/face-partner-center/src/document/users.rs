//! Users of a customer, directory roles, licences.

use super::body::{Member, Shape::*};
use super::{Detail, Kind, LICENCE_GROUPS, NEXT, TOKEN, query};

const PASSWORD: Member = ("passwordProfile", Object(&[("password", Text), ("forceChangePassword", Flag)]));

/// partner-center-v1.md 3.2.
const USER: &[Member] = &[
    ("userPrincipalName", Text),
    ("displayName", Text),
    ("firstName", Text),
    ("lastName", Text),
    ("usageLocation", Text),
    ("immutableId", Text),
    ("phoneNumber", Text),
    ("state", Word(&["active", "inactive"])),
    PASSWORD,
];

pub(super) const DETAILS: &[Detail] = &[
    Detail::of(
        "users.list",
        &[
            query("size", Kind::Whole, "Users on the page, up to 500; 0 is the default of 500"),
            query("filter", Kind::Text, "JSON: `UserState` that `equals` `Inactive` lists the deleted users"),
            query("sortField", Kind::Text, "`DisplayName` or `UserPrincipalName`; by id if absent"),
            query("sortDirection", Kind::Text, "`ascending` (default) or `descending`"),
            query("seekOperation", Kind::Text, NEXT),
            TOKEN,
        ],
    ),
    Detail::of("users.create", &[]).takes_members(USER),
    Detail::of("users.change", &[]).takes_members(USER),
    Detail::of("users.delete", &[]).gives(None),
    Detail::of("users.password.reset", &[]).takes_members(&[PASSWORD]),
    Detail::of(
        "directory-roles.members.list",
        &[
            query("size", Kind::Whole, "Members on the page, up to 500; 0 is the default of 500"),
            query("seekOperation", Kind::Text, NEXT),
            TOKEN,
        ],
    ),
    Detail::of("directory-roles.members.add", &[]).takes_members(&[("id", Text)]),
    Detail::of("directory-roles.members.remove", &[]).gives(None),
    Detail::of("subscribed-skus.list", &[LICENCE_GROUPS]),
    Detail::of("users.licenses.list", &[LICENCE_GROUPS]),
    Detail::of("users.licenses.update", &[]).takes_members(&[
        ("licensesToAssign", ListOf(&Object(&[("skuId", Text), ("excludedPlans", ListOf(&Text))]))),
        ("licensesToRemove", ListOf(&Text)),
    ]),
];
