//! What the partner's people and applications did.

use super::{Detail, Kind, NEXT, Parameter, TOKEN, query};

const LIST: &[Parameter] = &[
    query("startDate", Kind::Text, "The first day, at most 90 days ago; 30 days before the end by default"),
    query("endDate", Kind::Text, "The last day; now by default"),
    query(
        "filter",
        Kind::Text,
        "JSON: `CompanyName` compared with `substring`, `CustomerId` or `ResourceType` with `equals`",
    ),
    query("size", Kind::Whole, "Records on the page, up to 500; 0 is the default of 500"),
    query("seekOperation", Kind::Text, NEXT),
    TOKEN,
];

pub(super) const DETAILS: &[Detail] =
    &[Detail::of("audit-records.list", LIST), Detail::of("audit-records.list-activity", LIST)];
