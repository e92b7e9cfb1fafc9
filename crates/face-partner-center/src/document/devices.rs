//! Device deployment.

use super::{Detail, JSON, Kind, NEXT, TOKEN, query};

pub(super) const DETAILS: &[Detail] = &[
    Detail::of("policies.create", &[]).reads(JSON),
    Detail::of("policies.change", &[]).reads(JSON),
    Detail::of("policies.delete", &[]).gives(None),
    Detail::of("device-batches.create", &[]).reads(JSON).gives(None),
    Detail::of("devices.list", &[query("seekOperation", Kind::Text, NEXT), TOKEN]),
    Detail::of("devices.add", &[]).reads(JSON).gives(None),
    Detail::of("devices.put", &[]).reads(JSON),
    Detail::of("devices.change", &[]).reads(JSON),
    Detail::of("devices.delete", &[]).gives(None),
    Detail::of("devices.policies.assign", &[]).reads(JSON).gives(None),
];
