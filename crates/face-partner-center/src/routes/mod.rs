//! The whole API, a file for each group of the documentation: a literal stands before the parameter in the same place.
//!
//! Writes that come again under the same request id get the first answer; with another body they count as another
//! request, because some clients run a whole session under one id (partner-center-v1.md 1.8). An answer that holds a
//! password is not kept.

mod account;
mod agreements;
mod analytics;
mod audit;
mod azure;
mod carts;
mod catalogue;
mod customers;
mod devices;
mod invoices;
mod new_commerce;
mod nothing_held;
mod orders;
mod products;
mod profiles;
mod qualifications;
mod self_serve;
mod subscriptions;
mod support;
mod transfers;
mod usage;
mod users;
mod webhooks;

use tenantry_http::{Replay, Route};

/// All routes, in the order of the documentation.
pub(crate) fn all() -> Vec<Route> {
    let groups = [
        customers::routes(),
        qualifications::routes(),
        users::routes(),
        catalogue::routes(),
        products::routes(),
        carts::routes(),
        orders::routes(),
        subscriptions::routes(),
        new_commerce::routes(),
        nothing_held::routes(),
        usage::routes(),
        azure::routes(),
        invoices::routes(),
        profiles::routes(),
        account::routes(),
        agreements::routes(),
        self_serve::routes(),
        transfers::routes(),
        analytics::routes(),
        audit::routes(),
        webhooks::routes(),
        support::routes(),
        devices::routes(),
    ];
    let kept = groups.into_iter().flatten().map(|route| match route.replay {
        Replay::Off => route,
        Replay::OtherBodyRefused | Replay::OtherBodyApart => route.replay(Replay::OtherBodyApart),
    });
    kept.collect()
}
