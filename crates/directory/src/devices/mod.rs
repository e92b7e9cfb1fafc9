//! Devices of a customer before their first start: a partner that sells machines says to whom they belong and how they
//! are set up (partner-center-v1.md 2.20, 3.22). The field calls it device deployment.
//!
//! They stand in the customer's directory, and each partner of it sees those it brought in. What identifies a machine
//! is the world's: a machine that one customer has is refused to every other, with no word about whose it is.
//!
//! An upload is answered by a tracking id, as the field has it, and judged in the act itself: by the time somebody
//! asks, it is finished. That is no pretence of a queue; a batch is bounded, and one transaction is the simplest thing
//! that leaves nothing half done.

mod batch;
mod batch_rows;
mod batches;
mod device;
mod device_change;
mod device_delete;
mod device_rows;
mod devices_forget;
mod devices_update;
mod devices_upload;
mod guard;
mod policies;
mod policy;
mod policy_change;
mod policy_create;
mod policy_delete;
mod policy_rows;
mod upload;
mod upload_rows;

pub use batch::DeviceBatch;
pub use batches::{DEVICE_PAGE_MAX, device_batch_list, device_page, device_upload_get};
pub use device::{Device, NewDevice};
pub use device_change::{DeviceChange, device_change};
pub use device_delete::device_delete;
pub(crate) use devices_forget::devices_forget;
pub use devices_update::{DevicePolicyUpdate, devices_update};
pub use devices_upload::{UploadDevices, devices_upload};
pub use policies::{configuration_policy_get, configuration_policy_list};
pub use policy::{ConfigurationPolicy, PolicySetting};
pub use policy_change::{ChangePolicy, configuration_policy_change};
pub use policy_create::{NewPolicy, configuration_policy_create};
pub use policy_delete::configuration_policy_delete;
pub use upload::{DeviceOutcome, DeviceRefusal, DeviceUpload, UploadStatus};
