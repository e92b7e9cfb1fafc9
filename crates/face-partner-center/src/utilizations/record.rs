//! A utilization record on the wire. Source: partner-center-v1.md 3.9 and the recorded `GetAzureUtilization`.

use crate::wire::{Attributes, Decimal};
use serde::Serialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use tenantry_rating::MeterPrice;
use tenantry_usage::{Bucket, Series};

/// Usage of one resource in one hour or day.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct UtilizationRecord {
    usage_start_time: String,
    usage_end_time: String,
    resource: Resource,
    quantity: Decimal,
    unit: String,
    /// Always there, always empty, as recorded.
    info_fields: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    instance_data: Option<InstanceData>,
    attributes: Attributes,
}

/// The meter, under the name the field has for it.
#[derive(Debug, Serialize)]
struct Resource {
    id: String,
    name: String,
    category: String,
    subcategory: String,
    region: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct InstanceData {
    resource_uri: String,
    location: String,
    part_number: &'static str,
    order_number: &'static str,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    tags: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    additional_info: BTreeMap<String, String>,
}

impl UtilizationRecord {
    /// `described` is the meter in a price sheet; a meter in none has an id and no names.
    pub(super) fn new(bucket: &Bucket, described: Option<&MeterPrice>, details: bool) -> Self {
        let text = |of: fn(&MeterPrice) -> &String| described.map(of).cloned().unwrap_or_default();
        Self {
            usage_start_time: bucket.period.from.with_offset(),
            usage_end_time: bucket.period.to.with_offset(),
            resource: Resource {
                id: bucket.series.meter.to_string(),
                name: text(|meter| &meter.name),
                category: text(|meter| &meter.category),
                subcategory: text(|meter| &meter.subcategory),
                region: text(|meter| &meter.region),
            },
            quantity: bucket.quantity.into(),
            unit: text(|meter| &meter.unit),
            info_fields: BTreeMap::new(),
            instance_data: details.then(|| InstanceData::new(&bucket.series)),
            attributes: Attributes::of("AzureUtilizationRecord"),
        }
    }
}

impl InstanceData {
    fn new(series: &Series) -> Self {
        Self {
            resource_uri: series.resource.to_string(),
            location: series.region.clone(),
            part_number: "",
            order_number: "",
            tags: texts(&series.tags),
            additional_info: texts(&series.additional_info),
        }
    }
}

/// The members of a JSON object as texts, which is all that clients read here. Numbers and objects keep their
/// spelling, `null` is absent. What a source sent as something else than an object has no names, and is left to the
/// reconciliation file, which carries it verbatim.
fn texts(json: &str) -> BTreeMap<String, String> {
    let members: BTreeMap<String, Option<&RawValue>> = serde_json::from_str(json).unwrap_or_default();
    members
        .into_iter()
        .filter_map(|(name, value)| {
            let value = value?.get();
            let text = serde_json::from_str::<String>(value).unwrap_or_else(|_| value.to_owned());
            Some((name, text))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tenantry_core::{MeterId, Period, Quantity, Rate, ResourceUri, SubscriptionId, Timestamp};
    use tenantry_rating::Tiers;

    fn bucket(tags: &str, additional_info: &str) -> Bucket {
        Bucket {
            period: Period {
                from: Timestamp::parse("2018-07-20").unwrap(),
                to: Timestamp::parse("2018-07-21").unwrap(),
            },
            series: Series {
                subscription: SubscriptionId::parse("46a62ece-10ad-42e5-b3f1-b2ed53e6fc08").unwrap(),
                meter: MeterId::parse("923978e1-fd3f-4bd5-a798-f4b533057e46").unwrap(),
                resource: ResourceUri::new("/subscriptions/46A6/resourceGroups/ASRWest"),
                region: "uswest".to_owned(),
                tags: tags.to_owned(),
                additional_info: additional_info.to_owned(),
            },
            quantity: Quantity::parse("0.005300000000000001").unwrap(),
        }
    }

    #[test]
    fn a_record_looks_as_recorded() {
        let price = MeterPrice {
            id: bucket("", "").series.meter,
            name: "Block Blob Delete".to_owned(),
            category: "Data Management".to_owned(),
            subcategory: String::new(),
            region: String::new(),
            unit: "10,000s".to_owned(),
            tags: vec![],
            tiers: Tiers::flat(Rate::ZERO),
            included: Quantity::ZERO,
            effective_date: Timestamp::from_micros(0),
            first_party: true,
        };
        let record = |details| serde_json::to_string(&UtilizationRecord::new(&bucket("", ""), Some(&price), details));
        let head = concat!(
            r#"{"usageStartTime":"2018-07-20T00:00:00+00:00","usageEndTime":"2018-07-21T00:00:00+00:00","#,
            r#""resource":{"id":"923978e1-fd3f-4bd5-a798-f4b533057e46","name":"Block Blob Delete","#,
            r#""category":"Data Management","subcategory":"","region":""},"quantity":0.005300000000000001,"#,
            r#""unit":"10,000s","infoFields":{},"#,
        );
        let details = concat!(
            r#""instanceData":{"resourceUri":"/subscriptions/46A6/resourceGroups/ASRWest","location":"uswest","#,
            r#""partNumber":"","orderNumber":""},"#,
        );
        let tail = r#""attributes":{"objectType":"AzureUtilizationRecord"}}"#;
        assert_eq!(record(true).unwrap(), format!("{head}{details}{tail}"));
        assert_eq!(record(false).unwrap(), format!("{head}{tail}"));
    }

    #[test]
    fn tags_and_info_are_texts_by_name() {
        for (json, shown) in [
            (r#"{"env":"te\"st","cost":1.50,"on":true,"none":null}"#, r#"{"cost":"1.50","env":"te\"st","on":"true"}"#),
            (r#"{"VM":{"size":"A1"}}"#, r#"{"VM":"{\"size\":\"A1\"}"}"#),
            ("", "{}"),
            ("{}", "{}"),
            ("[1]", "{}"),
            ("env:test", "{}"),
        ] {
            assert_eq!(serde_json::to_string(&texts(json)).unwrap(), shown, "{json}");
        }
    }
}
