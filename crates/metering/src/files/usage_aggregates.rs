//! An item of Microsoft.Commerce UsageAggregates (arm.md 13.2).
//!
//! All records of one reported day carry the same `id` and `name`. The resource stands in `instanceData`, a string
//! that holds JSON; services from before Resource Manager have `infoFields` instead, with the resource's name in
//! `project`.

use super::UsageRecord;
use super::json::{Node, Object};
use serde::Deserialize;
use serde_json::value::RawValue;
use tenantry_core::{Problem, ResourceUri};

/// The JSON inside `instanceData`.
#[derive(Deserialize)]
struct InstanceData<'a> {
    #[serde(rename = "Microsoft.Resources", borrow)]
    resources: Resources<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Resources<'a> {
    #[serde(default)]
    resource_uri: String,
    #[serde(default)]
    location: String,
    #[serde(borrow)]
    tags: Option<&'a RawValue>,
    #[serde(borrow)]
    additional_info: Option<&'a RawValue>,
}

/// What the two forms say about the resource.
struct Instance {
    resource: String,
    region: String,
    tags: String,
    additional_info: String,
}

/// Reads `value[]`.
pub(super) fn read(item: &Object<'_>) -> Result<UsageRecord, Problem> {
    let properties = item.need("properties")?.object()?;
    let instance = match properties.get("instanceData") {
        Some(data) => of_resource_manager(&data)?,
        None => classic(&properties)?,
    };
    let region = if instance.region.is_empty() { properties.text("meterRegion")? } else { instance.region };
    Ok(UsageRecord {
        id: item.get("name").map(|name| name.text()).transpose()?,
        start: properties.need("usageStartTime")?.time()?,
        end: properties.get("usageEndTime").map(|end| end.time()).transpose()?,
        meter: properties.need("meterId")?.meter()?,
        quantity: properties.need("quantity")?.quantity()?,
        resource: ResourceUri::new(instance.resource),
        region,
        tags: instance.tags,
        additional_info: instance.additional_info,
        meter_name: properties.text("meterName")?,
        unit: properties.text("unit")?,
        subscription: properties.text("subscriptionId")?,
    })
}

fn of_resource_manager(data: &Node<'_>) -> Result<Instance, Problem> {
    let inner = data.verbatim()?;
    let InstanceData { resources } =
        serde_json::from_str(&inner).map_err(|_| data.invalid("JSON with the member Microsoft.Resources"))?;
    let verbatim = |raw: Option<&RawValue>| raw.map(|raw| raw.get().to_owned()).unwrap_or_default();
    Ok(Instance {
        resource: resources.resource_uri,
        region: resources.location,
        tags: verbatim(resources.tags),
        additional_info: verbatim(resources.additional_info),
    })
}

fn classic(properties: &Object<'_>) -> Result<Instance, Problem> {
    let Some(info) = properties.get("infoFields") else {
        return Ok(Instance {
            resource: String::new(),
            region: String::new(),
            tags: String::new(),
            additional_info: String::new(),
        });
    };
    let fields = info.object()?;
    Ok(Instance {
        resource: fields.text("project")?,
        region: fields.text("meteredRegion")?,
        tags: String::new(),
        additional_info: Some(info.verbatim()?).filter(|text| text != "{}").unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use crate::files;

    #[test]
    fn instance_data_is_json_in_a_string() {
        let page = r#"{"value":[{"properties":{"usageStartTime":"2015-05-15","meterRegion":"Zone 1",
            "meterId":"2a8f5aeb-d518-4417-a262-f168e3204a84","quantity":1,"infoFields":{},"instanceData":
            "{\"Microsoft.Resources\":{\"resourceUri\":\"/Subscriptions/1\",\"location\":\"useast\",\"tags\":{\"a\":\"1\"}}}"
            }}]}"#;
        let read = |text: &str| files::read("page", text.as_bytes());
        let records = read(page).unwrap();
        assert_eq!(records[0].resource.as_str(), "/Subscriptions/1");
        assert_eq!((records[0].region.as_str(), records[0].tags.as_str()), ("useast", r#"{"a":"1"}"#));
        assert_eq!(read(&page.replace("useast", "")).unwrap()[0].region, "Zone 1");
        let refused = read(&page.replace("Microsoft.Resources", "Else")).unwrap_err();
        assert!(refused.message().contains("value[0].properties.instanceData: `"), "{refused:?}");
    }
}
