//! The whole API, a file for each group of the documentation: a literal stands before the parameter in the same place.
//!
//! Writes that come again under the same request id get the first answer; with another body they count as another
//! request, because some clients run a whole session under one id (partner-center-v1.md 1.8). An answer that holds a
//! password is not kept.

mod catalogue;
mod customers;
mod invoices;
mod orders;
mod profiles;
mod usage;
mod users;

use tenantry_http::{Replay, Route};

/// All routes, in the order of the documentation.
pub(crate) fn all() -> Vec<Route> {
    let groups = [
        customers::routes(),
        users::routes(),
        catalogue::routes(),
        orders::routes(),
        usage::routes(),
        invoices::routes(),
        profiles::routes(),
    ];
    let kept = groups.into_iter().flatten().map(|route| match route.replay {
        Replay::Off => route,
        Replay::OtherBodyRefused | Replay::OtherBodyApart => route.replay(Replay::OtherBodyApart),
    });
    kept.collect()
}
