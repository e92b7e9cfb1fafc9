//! An item of Microsoft.Consumption usageDetails, in the members that clients still read: `usageStart`,
//! `usageQuantity`, `instanceId` and so on (arm.md 14.1).

use super::UsageRecord;
use super::json::Object;
use tenantry_core::{Problem, ResourceUri};

/// Reads `value[]`. The record's id is its `name`: the last part of the long `id`, and the `recordId` of the CSV.
pub(super) fn read(item: &Object<'_>) -> Result<UsageRecord, Problem> {
    let properties = item.need("properties")?.object()?;
    let (meter_name, unit) = match properties.get("meterDetails") {
        Some(details) => {
            let details = details.object()?;
            (details.text("meterName")?, details.text("unit")?)
        }
        None => Default::default(),
    };
    Ok(UsageRecord {
        id: item.get("name").map(|name| name.text()).transpose()?,
        start: properties.need("usageStart")?.time()?,
        end: properties.get("usageEnd").map(|end| end.time()).transpose()?,
        meter: properties.need("meterId")?.meter()?,
        quantity: properties.need("usageQuantity")?.quantity()?,
        resource: ResourceUri::new(properties.text("instanceId")?),
        region: properties.text("instanceLocation")?,
        tags: item.verbatim("tags")?,
        additional_info: properties.verbatim("additionalProperties")?,
        meter_name,
        unit,
        subscription: String::new(),
    })
}
