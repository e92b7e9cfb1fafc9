//! A Partner Center AzureUtilizationRecord (partner-center-v1.md 3.9). It has no id of its own.

use super::UsageRecord;
use super::json::Object;
use tenantry_core::{Problem, ResourceUri};

/// Reads `items[]`. Without details (`show_details=false`) there is no resource, and its field stays empty.
pub(super) fn read(item: &Object<'_>) -> Result<UsageRecord, Problem> {
    let meter = item.need("resource")?.object()?;
    let mut record = UsageRecord {
        id: None,
        start: item.need("usageStartTime")?.time()?,
        end: item.get("usageEndTime").map(|end| end.time()).transpose()?,
        meter: meter.need("id")?.meter()?,
        quantity: item.need("quantity")?.quantity()?,
        resource: ResourceUri::default(),
        region: meter.text("region")?,
        tags: String::new(),
        additional_info: String::new(),
        meter_name: meter.text("name")?,
        unit: item.text("unit")?,
        subscription: String::new(),
    };
    if let Some(instance) = item.get("instanceData") {
        let instance = instance.object()?;
        record.resource = ResourceUri::new(instance.text("resourceUri")?);
        let location = instance.text("location")?;
        if !location.is_empty() {
            record.region = location;
        }
        record.tags = instance.verbatim("tags")?;
        record.additional_info = instance.verbatim("additionalInfo")?;
    }
    Ok(record)
}
