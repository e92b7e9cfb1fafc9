//! Self-serve policies.

use super::body::{Member, Shape::*};
use super::{Detail, IF_MATCH, Kind, query};

const POLICY: &[Member] = &[
    ("id", Text),
    ("selfServeEntity", Object(&[("selfServeEntityType", Word(&["customer"])), ("tenantID", Text)])),
    ("grantor", Object(&[("grantorType", Word(&["billToPartner"])), ("tenantID", Text)])),
    (
        "permissions",
        ListOf(&Object(&[("resource", Word(&["AzureReservedInstances"])), ("action", Word(&["Purchase"]))])),
    ),
    ("attributes", Object(&[("etag", Text), ("objectType", Text)])),
];

pub(super) const DETAILS: &[Detail] = &[
    Detail::of("self-serve-policies.list", &[query("entity_id", Kind::Text, "The customer's tenant; needed")]),
    Detail::of("self-serve-policies.create", &[]).takes_members(POLICY),
    Detail::of("self-serve-policies.change", &[IF_MATCH]).takes_members(POLICY),
    Detail::of("self-serve-policies.change-by-id", &[IF_MATCH]).takes_members(POLICY),
    Detail::of("self-serve-policies.delete", &[]).gives(None),
];
