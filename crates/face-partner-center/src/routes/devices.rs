//! Device deployment.

use crate::devices;
use tenantry_http::{Route, StatusCode};

pub(super) fn routes() -> Vec<Route> {
    const POLICIES: &str = "/v1/customers/{customer}/policies";
    const POLICY: &str = "/v1/customers/{customer}/policies/{configurationPolicy}";
    const BATCHES: &str = "/v1/customers/{customer}/deviceBatches";
    const DEVICES: &str = "/v1/customers/{customer}/deviceBatches/{batch}/devices";
    const DEVICE: &str = "/v1/customers/{customer}/deviceBatches/{batch}/devices/{device}";
    vec![
        Route::get(POLICIES, "policies.list", "Configuration policies of a customer", devices::policies),
        Route::post(POLICIES, "policies.create", "Make a configuration policy", devices::create_policy)
            .answers(StatusCode::CREATED),
        Route::get(POLICY, "policies.get", "A configuration policy", devices::policy),
        Route::put(POLICY, "policies.change", "Change a configuration policy", devices::change_policy),
        Route::delete(POLICY, "policies.delete", "Delete a configuration policy", devices::delete_policy)
            .answers(StatusCode::NO_CONTENT),
        Route::get(BATCHES, "device-batches.list", "Batches of devices of a customer", devices::batches),
        Route::post(BATCHES, "device-batches.create", "Bring in devices as a new batch", devices::create)
            .answers(StatusCode::ACCEPTED),
        Route::get(DEVICES, "devices.list", "Devices of a batch", devices::devices),
        Route::post(DEVICES, "devices.add", "Bring in more devices of a batch", devices::add)
            .answers(StatusCode::ACCEPTED),
        Route::put(DEVICE, "devices.put", "Change a device", devices::change),
        Route::patch(DEVICE, "devices.change", "Change a device", devices::change),
        Route::delete(DEVICE, "devices.delete", "Delete a device", devices::delete).answers(StatusCode::NO_CONTENT),
        Route::patch(
            "/v1/customers/{customer}/DevicePolicyUpdates",
            "devices.policies.assign",
            "Give configuration policies to devices",
            devices::assign,
        )
        .answers(StatusCode::ACCEPTED),
        Route::get(
            "/v1/customers/{customer}/batchJobStatus/{tracking}",
            "device-uploads.get",
            "What became of devices that were sent",
            devices::tracking,
        ),
    ]
}
