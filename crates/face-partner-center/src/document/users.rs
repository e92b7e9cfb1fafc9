//! Users of a customer, directory roles, licences.

use super::{Detail, JSON, Kind, LICENCE_GROUPS, NEXT, TOKEN, query};

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
    Detail::of("users.create", &[]).reads(JSON),
    Detail::of("users.change", &[]).reads(JSON),
    Detail::of("users.delete", &[]).gives(None),
    Detail::of("users.password.reset", &[]).reads(JSON),
    Detail::of(
        "directory-roles.members.list",
        &[
            query("size", Kind::Whole, "Members on the page, up to 500; 0 is the default of 500"),
            query("seekOperation", Kind::Text, NEXT),
            TOKEN,
        ],
    ),
    Detail::of("directory-roles.members.add", &[]).reads(JSON),
    Detail::of("directory-roles.members.remove", &[]).gives(None),
    Detail::of("subscribed-skus.list", &[LICENCE_GROUPS]),
    Detail::of("users.licenses.list", &[LICENCE_GROUPS]),
    Detail::of("users.licenses.update", &[]).reads(JSON),
];
