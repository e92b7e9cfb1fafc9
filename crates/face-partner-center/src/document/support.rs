//! Service requests, support topics and service incidents.

use super::{Detail, JSON, Kind, OFFSET, Parameter, header, query};

const SIZE: Parameter = query("size", Kind::Whole, "Requests on the page, up to 1000; 0 is the default of 1000");
const STATUS: Parameter =
    query("status", Kind::Text, "Only those `open`, `closed` or with `attention_needed`; `none` for all");
const BY_STATUS: Parameter =
    query("filter", Kind::Text, "JSON: `Status` that `equals` one of these; wins over `status`");
const ALL: Parameter =
    header("IncludeOrganizationRequests", "`false`: only what the caller itself raised; `true` by default");
const RESOLVED: Parameter = query("filter", Kind::Text, "JSON: `Resolved` that `equals` `true` or `false`");

pub(super) const DETAILS: &[Detail] = &[
    Detail::of("service-requests.list", &[SIZE, OFFSET, STATUS, BY_STATUS, ALL]),
    Detail::of("service-requests.change", &[]).reads(JSON),
    Detail::of("service-requests.create", &[]).reads(JSON),
    Detail::of("customers.service-requests.list", &[SIZE, OFFSET, STATUS, BY_STATUS, ALL]),
    Detail::of("customers.service-requests.change", &[]).reads(JSON),
    Detail::of("service-incidents.list", &[RESOLVED]),
    Detail::of("service-incidents.count", &[RESOLVED]),
    Detail::of("customers.service-incidents.list", &[RESOLVED]),
];
