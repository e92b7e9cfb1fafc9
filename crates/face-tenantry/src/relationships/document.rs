//! Query parameters and bodies of the operations on relationships, for the OpenAPI document.

use crate::document::{Detail, JSON, PARTNER, TENANT, optional};

pub(crate) const DETAILS: [Detail; 9] = [
    Detail::of("relationship-requests.create").query(&[PARTNER]),
    Detail::of("relationship-requests.get").query(&[TENANT]),
    Detail::of("relationship-requests.accept").query(&[TENANT]).reads(&[JSON]),
    Detail::of("granular-relationships.list")
        .query(&[TENANT, optional("status", "`approvalPending` gives those that wait for an answer; all by default")]),
    Detail::of("granular-relationships.approve").query(&[TENANT]),
    Detail::of("granular-relationships.reject").query(&[TENANT]),
    Detail::of("granular-relationships.terminate").query(&[TENANT]),
    Detail::of("partner-relationships.list").query(&[TENANT]),
    Detail::of("partner-relationships.delegated-admin-remove").query(&[TENANT]),
];
