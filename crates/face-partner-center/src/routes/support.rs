//! Service requests, support topics and service incidents.

use crate::{incidents, service_requests};
use tenantry_http::{Route, StatusCode};

pub(super) fn routes() -> Vec<Route> {
    // The language of a new request stands where the id of an old one does; a path has one name for both.
    const REQUEST: &str = "/v1/servicerequests/{request}";
    const OF_CUSTOMER: &str = "/v1/customers/{customer}/servicerequests/{request}";
    vec![
        Route::get("/v1/servicerequests", "service-requests.list", "Requests for help", service_requests::list),
        Route::get(
            "/v1/servicerequests/supporttopics",
            "support-topics.list",
            "What a request for help can be about",
            service_requests::topics,
        ),
        Route::get(REQUEST, "service-requests.get", "A request for help", service_requests::get),
        Route::patch(REQUEST, "service-requests.change", "Go on with a request for help", service_requests::change),
        Route::post(REQUEST, "service-requests.create", "Ask for help", service_requests::create)
            .answers(StatusCode::CREATED),
        Route::get(
            "/v1/customers/{customer}/servicerequests",
            "customers.service-requests.list",
            "Requests for help about a customer",
            service_requests::of_customer,
        ),
        Route::get(
            OF_CUSTOMER,
            "customers.service-requests.get",
            "A request for help about a customer",
            service_requests::get_of_customer,
        ),
        Route::patch(
            OF_CUSTOMER,
            "customers.service-requests.change",
            "Go on with a request for help about a customer",
            service_requests::change_of_customer,
        ),
        Route::get(
            "/v1/serviceincidents/office",
            "service-incidents.list",
            "What of the services does not run, by workload",
            incidents::list,
        ),
        Route::get(
            "/v1/serviceincidents/office/count",
            "service-incidents.count",
            "How many incidents there are",
            incidents::count,
        ),
        Route::get(
            "/v1/customers/{customer}/serviceincidents/office",
            "customers.service-incidents.list",
            "Incidents of the services of a customer",
            incidents::of_customer,
        ),
    ]
}
