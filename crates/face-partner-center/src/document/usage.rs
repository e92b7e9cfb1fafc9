//! Metered usage and what it comes to.

use super::body::Shape::*;
use super::{Detail, Kind, NEXT, TOKEN, query};

pub(super) const DETAILS: &[Detail] = &[
    Detail::of("usage.budget.change", &[]).takes_members(&[("amount", Decimal)]),
    Detail::of(
        "utilizations.azure.list",
        &[
            query("start_time", Kind::Time, "Usage that begins here or later; needed without a token"),
            query("end_time", Kind::Time, "Usage that begins before; needed without a token"),
            query("granularity", Kind::Text, "`daily` (default) or `hourly`"),
            query("show_details", Kind::Flag, "`false` sums the resources of a meter; `true` by default"),
            query("size", Kind::Whole, "Records on the page, up to 1000; 0 is the default of 1000"),
            query("seek_operation", Kind::Text, NEXT),
            TOKEN,
        ],
    ),
];
