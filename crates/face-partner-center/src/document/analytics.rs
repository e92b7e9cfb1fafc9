//! Analytics as tables.

use super::{Detail, Kind, Parameter, query};

const TABLE: &[Parameter] = &[
    query("top", Kind::Whole, "Rows of the answer, 1 to 10000; 10000 by default"),
    query("skip", Kind::Whole, "Rows to pass over, up to 100000; 0 by default"),
    query("filter", Kind::Text, "Comparisons joined by `and` and `or`: `status eq 'ACTIVE' and licenseCount gt 5`"),
    query("groupby", Kind::Text, "Columns with commas between: counts rows that agree in them"),
    query("orderby", Kind::Text, "Columns with commas between, each followed by `asc` or `desc`"),
];

pub(super) const DETAILS: &[Detail] = &[
    Detail::of("analytics.subscriptions", TABLE),
    Detail::of("analytics.indirect-resellers", TABLE),
    Detail::of("analytics.licences", TABLE),
];
