//! What a partner asks about its own house.

use super::{Detail, Kind, NEXT, TOKEN, query};

pub(super) const DETAILS: &[Detail] = &[
    Detail::of(
        "compliance.agreement-status",
        &[
            query("mpnId", Kind::Text, "The partner's number in the partner network; this or `tenantId`"),
            query("tenantId", Kind::Text, "The partner's tenant; this or `mpnId`"),
        ],
    ),
    Detail::of(
        "roles.members.list",
        &[
            query("size", Kind::Whole, "Members on the page, up to 500; 0 is the default of 500"),
            query("seekOperation", Kind::Text, NEXT),
            TOKEN,
        ],
    ),
];
