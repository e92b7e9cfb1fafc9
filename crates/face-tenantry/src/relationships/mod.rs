//! How a partner and a customer come together and part: the partner's invitation, granular relationships that wait for
//! the customer, delegated administration taken away. Partners write granular relationships through Microsoft Graph;
//! here is the customer's side, which the field has in a portal only.

mod document;
pub(crate) mod granular;
pub(crate) mod partners;
pub(crate) mod requests;

pub(crate) use document::DETAILS;

use tenantry_http::{Route, StatusCode};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::post(
            "/api/v1/relationship-requests",
            "relationship-requests.create",
            "The partner's invitation to become its customer",
            requests::create,
        )
        .answers(StatusCode::CREATED),
        Route::get(
            "/api/v1/relationship-requests/{id}",
            "relationship-requests.get",
            "Who invites, before the invitation is accepted",
            requests::get,
        ),
        Route::post(
            "/api/v1/relationship-requests/{id}/accept",
            "relationship-requests.accept",
            "Become a customer of the partner that invites",
            requests::accept,
        )
        .answers(StatusCode::CREATED),
        Route::get(
            "/api/v1/granular-relationships",
            "granular-relationships.list",
            "What partners hold or want in your tenant, role by role",
            granular::list,
        ),
        Route::post(
            "/api/v1/granular-relationships/{id}/approve",
            "granular-relationships.approve",
            "Say yes to a granular relationship",
            granular::approve,
        ),
        Route::post(
            "/api/v1/granular-relationships/{id}/reject",
            "granular-relationships.reject",
            "Say no to a granular relationship",
            granular::reject,
        ),
        Route::post(
            "/api/v1/granular-relationships/{id}/terminate",
            "granular-relationships.terminate",
            "End a granular relationship, from either side",
            granular::terminate,
        ),
        Route::get(
            "/api/v1/partner-relationships",
            "partner-relationships.list",
            "The partners of your tenant, and who of them administers it",
            partners::list,
        ),
        Route::delete(
            "/api/v1/partner-relationships/{partner}/delegated-admin",
            "partner-relationships.delegated-admin-remove",
            "Take delegated administration away from a partner",
            partners::delegated_admin_remove,
        )
        .answers(StatusCode::NO_CONTENT),
    ]
}
