//! One measured fact.

use crate::series::Described;
use serde::{Deserialize, Serialize};
use tenantry_core::{MeterId, Quantity, ResourceUri, SubscriptionId, TenantId, Timestamp};

/// A usage event, as accepted. `(source, id)` names it for ever, within the namespace of its reporter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// The partner that reported it; `None` for the platform and the provider. Each has names of its own, so
    /// nobody can take, block or see another's.
    pub reporter: Option<TenantId>,
    /// Who measured. Ids are unique within a source.
    pub source: String,
    /// The source's name for this fact.
    pub id: String,
    /// When the usage began; decides hour, day, month and price.
    pub at: Timestamp,
    /// Which subscription used it.
    pub subscription: SubscriptionId,
    /// What was measured.
    pub meter: MeterId,
    /// Of which resource, as sent; compared without case.
    pub resource: ResourceUri,
    /// Where, as sent; may be empty.
    pub region: String,
    /// How much, in units of the meter. Below zero only in corrections.
    pub quantity: Quantity,
    /// The event of the same source that this one corrects.
    pub corrects: Option<String>,
    /// Tags of the resource, JSON text kept verbatim; empty for none.
    pub tags: String,
    /// Anything else the source says, JSON text kept verbatim; empty for none.
    pub additional_info: String,
}

/// An event whose texts lie somewhere else: in an [`Event`], or in the bytes of a stored record.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(crate) struct EventRef<'a> {
    pub(crate) reporter: Option<TenantId>,
    pub(crate) source: &'a str,
    pub(crate) id: &'a str,
    pub(crate) at: Timestamp,
    pub(crate) subscription: SubscriptionId,
    pub(crate) meter: MeterId,
    pub(crate) resource: &'a str,
    pub(crate) region: &'a str,
    pub(crate) quantity: Quantity,
    pub(crate) corrects: Option<&'a str>,
    pub(crate) tags: &'a str,
    pub(crate) additional_info: &'a str,
}

impl<'a> EventRef<'a> {
    pub(crate) fn described(&self) -> Described<'a> {
        Described {
            subscription: self.subscription,
            meter: self.meter,
            resource: self.resource,
            region: self.region,
            tags: self.tags,
            additional_info: self.additional_info,
        }
    }
}

impl<'a> From<&'a Event> for EventRef<'a> {
    fn from(event: &'a Event) -> Self {
        Self {
            reporter: event.reporter,
            source: &event.source,
            id: &event.id,
            at: event.at,
            subscription: event.subscription,
            meter: event.meter,
            resource: event.resource.as_str(),
            region: &event.region,
            quantity: event.quantity,
            corrects: event.corrects.as_deref(),
            tags: &event.tags,
            additional_info: &event.additional_info,
        }
    }
}
