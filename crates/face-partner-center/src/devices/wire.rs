//! Policies, devices, batches and uploads as they are written, and what of them is read.

use crate::wire::input::Fields;
use crate::wire::links::segment;
use crate::wire::words::Words;
use crate::wire::{Attributes, Link, Links};
use serde::Serialize;
use tenantry_core::{Problem, TenantId};
use tenantry_directory::{
    ConfigurationPolicy, Device, DeviceBatch, DeviceOutcome, DeviceRefusal, DeviceUpload, NewDevice, PolicySetting,
    UploadStatus,
};

/// The one category there is: whether it is that. The first is what clients send for "not set".
pub(super) const CATEGORIES: Words<bool> = Words(&[("none", false), (CATEGORY, true)]);
/// "Out of box experience", as the original's writer spells it (partner-center-v1.md 1.5).
const CATEGORY: &str = "o_o_b_e";

/// The first says nothing.
pub(super) const SETTINGS: Words<Option<PolicySetting>> = Words(&[
    ("none", None),
    ("remove_oem_preinstalls", Some(PolicySetting::RemoveOemPreinstalls)),
    ("oobe_user_not_local_admin", Some(PolicySetting::OobeUserNotLocalAdmin)),
    ("skip_express_settings", Some(PolicySetting::SkipExpressSettings)),
    ("skip_oem_registration", Some(PolicySetting::SkipOemRegistration)),
    ("skip_eula", Some(PolicySetting::SkipEula)),
]);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PolicyView {
    id: String,
    name: String,
    category: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    /// Samples have this name, models the next.
    devices_assigned: usize,
    devices_assigned_count: usize,
    policy_settings: Vec<&'static str>,
    created_date: String,
    last_modified_date: String,
    links: Links,
    attributes: Attributes,
}

impl PolicyView {
    pub(super) fn of(policy: ConfigurationPolicy, customer: TenantId) -> Self {
        Self {
            links: Links::to_self(format!("/customers/{customer}/policies/{}", policy.id)),
            id: policy.id.to_string(),
            name: policy.name,
            category: CATEGORY,
            description: policy.description,
            devices_assigned: policy.devices,
            devices_assigned_count: policy.devices,
            policy_settings: policy.settings.into_iter().map(PolicySetting::name).collect(),
            created_date: policy.created_at.to_string(),
            last_modified_date: policy.changed_at.to_string(),
            attributes: Attributes::of("ConfigurationPolicy"),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct BatchView {
    id: String,
    status: &'static str,
    created_by: String,
    creation_date: String,
    devices_count: usize,
    devices_link: Link,
    attributes: Attributes,
}

impl BatchView {
    pub(super) fn of(batch: DeviceBatch, customer: TenantId) -> Self {
        Self {
            devices_link: Link::get(devices_path(customer, &batch.name)),
            id: batch.name,
            status: batch.status.name(),
            created_by: batch.created_by,
            creation_date: batch.created_at.to_string(),
            devices_count: batch.devices,
            attributes: Attributes::of("DeviceBatch"),
        }
    }
}

/// The devices of a batch, whose name may hold anything but slashes.
pub(super) fn devices_path(customer: TenantId, batch: &str) -> String {
    format!("/customers/{customer}/deviceBatches/{}/devices", segment(batch))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DeviceView {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    serial_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    product_key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hardware_hash: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    model_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    oem_manufacturer_name: Option<String>,
    policies: [Assigned; 1],
    uploaded_date: String,
    allowed_operations: [&'static str; 3],
    attributes: Attributes,
}

/// Which policy of the category a device has; `null` for none, as the reference has it.
#[derive(Serialize)]
struct Assigned {
    key: &'static str,
    value: Option<String>,
}

impl DeviceView {
    pub(super) fn of(device: Device) -> Self {
        Self {
            id: device.id.to_string(),
            serial_number: device.said.serial_number,
            product_key: device.said.product_key,
            hardware_hash: device.said.hardware_hash,
            model_name: device.said.model_name,
            oem_manufacturer_name: device.said.oem_manufacturer,
            policies: [Assigned { key: CATEGORY, value: device.said.policy }],
            uploaded_date: device.uploaded_at.to_string(),
            allowed_operations: ["GET", "PATCH", "DELETE"],
            attributes: Attributes::of("Device"),
        }
    }
}

/// A device as clients send it. The policy stands apart: absent, or none, or one.
pub(super) fn read_device(fields: &Fields<'_>) -> Result<NewDevice, Problem> {
    Ok(NewDevice {
        serial_number: fields.text("serialNumber")?,
        product_key: fields.text("productKey")?,
        hardware_hash: fields.text("hardwareHash")?,
        model_name: fields.text("modelName")?,
        oem_manufacturer: fields.text("oemManufacturerName")?,
        policy: None,
    })
}

/// The policy of a device's `policies`: `Some(None)` where it is taken away, `None` where nothing is said.
pub(super) fn read_policy(fields: &Fields<'_>) -> Result<Option<Option<String>>, Problem> {
    let mut said = None;
    for pair in fields.list("policies")? {
        if pair.word("key", &CATEGORIES)? == Some(true) {
            said = Some(pair.text("value")?.filter(|id| !id.trim().is_empty()));
        }
    }
    Ok(said)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct UploadView {
    batch_tracking_id: String,
    status: &'static str,
    started_time: String,
    completed_time: String,
    devices_status: Vec<OutcomeView>,
    attributes: Attributes,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OutcomeView {
    #[serde(skip_serializing_if = "Option::is_none")]
    device_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    serial_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    product_key: Option<String>,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_description: Option<String>,
    attributes: Attributes,
}

impl UploadView {
    pub(super) fn of(upload: DeviceUpload) -> Self {
        Self {
            batch_tracking_id: upload.id.to_string(),
            status: upload.status.name(),
            started_time: upload.started_at.to_string(),
            completed_time: upload.completed_at.to_string(),
            devices_status: upload.outcomes.into_iter().map(OutcomeView::of).collect(),
            attributes: Attributes::of("BatchUploadDetails"),
        }
    }
}

impl OutcomeView {
    fn of(outcome: DeviceOutcome) -> Self {
        let (error_code, error_description) = outcome.refusal.map(error).unzip();
        let status = if error_code.is_some() { UploadStatus::FinishedWithErrors } else { UploadStatus::Finished };
        Self {
            device_id: outcome.device.map(|id| id.to_string()),
            serial_number: outcome.serial_number,
            product_key: outcome.product_key,
            status: status.name(),
            error_code,
            error_description,
            attributes: Attributes::of("DeviceUploadDetails"),
        }
    }
}

/// 808 and its text are the reference's. 806 is its sibling by general knowledge, not shown in our sources; the others have
/// the codes of this API for a wrong member and for what is not there, with a sentence of ours.
fn error(refusal: DeviceRefusal) -> (&'static str, String) {
    match refusal {
        DeviceRefusal::AssignedElsewhere => ("808", "ZtdDeviceAssignedToOtherTenant".to_owned()),
        DeviceRefusal::AssignedAlready => ("806", "ZtdDeviceAlreadyAssigned".to_owned()),
        DeviceRefusal::NotIdentified(what) => ("3000", what),
        DeviceRefusal::DeviceUnknown(id) => ("1000", format!("there is no device `{id}` of this customer")),
        DeviceRefusal::PolicyUnknown(id) => {
            ("1000", format!("there is no configuration policy `{id}` of this customer"))
        }
    }
}
