//! The CSV shapes of the field: which column says what in each.
//!
//! A shape is told by the three columns no record can do without: when, which meter, how much. Names compare in any
//! letter case; an export in another language carries the English name in brackets behind its own
//! (`ID der Verbrauchseinheit (MeterId)`), and that name counts.
//!
//! Our own three formats are among them, so that what was exported can be read back. In them, and in cost exports, rows
//! that are no usage (purchases, refunds, roundings, tax) are told by a column, and passed over with their number.

use super::fault::Place;
use csv::StringRecord;
use tenantry_core::{Problem, Reason};

/// Which column says what. An empty name: the shape does not say it.
#[derive(Debug)]
pub(super) struct Shape {
    id: &'static str,
    start: &'static str,
    end: &'static str,
    meter: &'static str,
    quantity: &'static str,
    resource: &'static str,
    region: &'static str,
    tags: &'static str,
    additional_info: &'static str,
    meter_name: &'static str,
    unit: &'static str,
    subscription: &'static str,
    /// The column that tells usage from other charges, and what it says for usage.
    usage: Option<(&'static str, &'static str)>,
}

const NOTHING: Shape = Shape {
    id: "",
    start: "",
    end: "",
    meter: "",
    quantity: "",
    resource: "",
    region: "",
    tags: "",
    additional_info: "",
    meter_name: "",
    unit: "",
    subscription: "",
    usage: None,
};

/// Newest cost exports have columns of older ones too, so the order matters: the first that fits is it.
pub(super) static SHAPES: [Shape; 6] = [
    // usageDetails, flat: what `azure-usage-details/*.csv.gz` has.
    Shape {
        id: "recordId",
        start: "usageStart",
        end: "usageEnd",
        meter: "meterId",
        quantity: "usageQuantity",
        resource: "instanceId",
        region: "instanceLocation",
        tags: "tags",
        additional_info: "additionalInfo",
        meter_name: "meterName",
        unit: "unit",
        ..NOTHING
    },
    // Pay-as-you-go cost exports, also in German.
    Shape {
        start: "UsageDateTime",
        meter: "MeterId",
        quantity: "UsageQuantity",
        resource: "InstanceId",
        region: "ResourceLocation",
        tags: "Tags",
        additional_info: "AdditionalInfo",
        meter_name: "MeterName",
        unit: "UnitOfMeasure",
        subscription: "SubscriptionGuid",
        ..NOTHING
    },
    // Enterprise and customer agreement cost exports.
    Shape {
        start: "Date",
        meter: "MeterId",
        quantity: "Quantity",
        resource: "ResourceId",
        region: "ResourceLocation",
        tags: "Tags",
        additional_info: "AdditionalInfo",
        meter_name: "MeterName",
        unit: "UnitOfMeasure",
        subscription: "SubscriptionId",
        usage: Some(("ChargeType", "Usage")),
        ..NOTHING
    },
    // The usage-based reconciliation file, in which ResourceGuid and ResourceName are the meter.
    Shape {
        start: "UsageDate",
        meter: "ResourceGuid",
        quantity: "ConsumedQuantity",
        resource: "Project",
        region: "MeteredRegion",
        meter_name: "ResourceName",
        unit: "Unit",
        subscription: "SubscriptionId",
        usage: Some(("ChargeType", "Assess usage fee for current cycle")),
        ..NOTHING
    },
    // Daily rated usage.
    Shape {
        start: "UsageDate",
        meter: "MeterId",
        quantity: "Quantity",
        resource: "ResourceURI",
        region: "ResourceLocation",
        tags: "Tags",
        additional_info: "AdditionalInfo",
        meter_name: "MeterName",
        unit: "Unit",
        subscription: "SubscriptionId",
        usage: Some(("ChargeType", "Usage")),
        ..NOTHING
    },
    // FOCUS, any version; the SKU must be a meter's id, as in ours.
    Shape {
        start: "ChargePeriodStart",
        end: "ChargePeriodEnd",
        meter: "SkuId",
        quantity: "ConsumedQuantity",
        resource: "ResourceId",
        region: "RegionId",
        tags: "Tags",
        meter_name: "SkuMeter",
        unit: "ConsumedUnit",
        subscription: "SubAccountId",
        usage: Some(("ChargeCategory", "Usage")),
        ..NOTHING
    },
];

/// Where in a row each field stands.
#[derive(Debug)]
pub(super) struct Columns {
    pub(super) id: Option<usize>,
    pub(super) start: Needed,
    pub(super) end: Option<usize>,
    pub(super) meter: Needed,
    pub(super) quantity: Needed,
    pub(super) resource: Option<usize>,
    pub(super) region: Option<usize>,
    pub(super) tags: Option<usize>,
    pub(super) additional_info: Option<usize>,
    pub(super) meter_name: Option<usize>,
    pub(super) unit: Option<usize>,
    pub(super) subscription: Option<usize>,
    pub(super) usage: Option<(usize, &'static str)>,
}

/// A column that every record fills.
#[derive(Debug, Clone, Copy)]
pub(super) struct Needed {
    pub(super) at: usize,
    pub(super) name: &'static str,
}

impl Columns {
    pub(super) fn find(file: &str, header: &StringRecord) -> Result<Self, Problem> {
        let place = Place::line(file, 1);
        let needed = |shape: &Shape| [shape.start, shape.meter, shape.quantity];
        let there = |name: &&str| header.iter().any(|seen| is_named(seen, name));
        let fitting = SHAPES.iter().find(|shape| needed(shape).iter().all(there));
        // Of several that miss something the one that misses least is meant.
        let meant = |shape: &&Shape| needed(shape).iter().filter(|name| there(name)).count();
        let nearest = SHAPES.iter().rev().max_by_key(meant);
        let Some(shape) = fitting.or(nearest) else { return Err(unknown(place, header, "usageStart")) };
        let find = |name: &'static str| place_of(place, header, name);
        let need = |name: &'static str| {
            let at = find(name)?.ok_or_else(|| unknown(place, header, name))?;
            Ok::<_, Problem>(Needed { at, name })
        };
        let usage = match shape.usage {
            Some((column, says)) => find(column)?.map(|at| (at, says)),
            None => None,
        };
        Ok(Self {
            id: find(shape.id)?,
            start: need(shape.start)?,
            end: find(shape.end)?,
            meter: need(shape.meter)?,
            quantity: need(shape.quantity)?,
            resource: find(shape.resource)?,
            region: find(shape.region)?,
            tags: find(shape.tags)?,
            additional_info: find(shape.additional_info)?,
            meter_name: find(shape.meter_name)?,
            unit: find(shape.unit)?,
            subscription: find(shape.subscription)?,
            usage,
        })
    }
}

fn place_of(place: Place<'_>, header: &StringRecord, name: &'static str) -> Result<Option<usize>, Problem> {
    let mut found = header.iter().enumerate().filter(|(_, seen)| is_named(seen, name)).map(|(at, _)| at);
    let first = found.next();
    if !name.is_empty() && found.next().is_some() {
        let told = format!("has two columns {name}; remove the one that does not count");
        return Err(place.refuse(Reason::MalformedBody, told).at(name));
    }
    Ok(first.filter(|_| !name.is_empty()))
}

/// `MeterId`, `meterid`, `ID der Verbrauchseinheit (MeterId)`.
fn is_named(seen: &str, name: &str) -> bool {
    let seen = seen.trim();
    let inner = seen.strip_suffix(')').and_then(|seen| seen.rsplit_once('(')).map(|(_, inner)| inner);
    seen.eq_ignore_ascii_case(name) || inner.is_some_and(|inner| inner.trim().eq_ignore_ascii_case(name))
}

fn unknown(place: Place<'_>, header: &StringRecord, name: &'static str) -> Problem {
    let seen = header.iter().take(8).collect::<Vec<_>>().join(", ");
    let told = format!("has no column {name} (columns seen: {seen}); is this a file of usage?");
    place.refuse(Reason::MissingField, told).at(name)
}
