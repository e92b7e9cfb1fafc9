//! What this room tells the others, through the outbox, in the transaction that made it so.
//!
//! A payload is stored and read again by later versions: fields are added with a default, never renamed.

use crate::channel::{Channel, Link};
use crate::subscription::{State, Subscription};
use crate::{EdgePriceSheetSummary, PriceSheetSummary};
use serde::{Deserialize, Serialize};
use tenantry_core::{
    Currency, Day, EdgeId, Month, OfferId, OpContext, PriceSheetId, Problem, Rate, SubscriptionId, TenantId, Timestamp,
};
use tenantry_db::{Tx, outbox};
use tenantry_rating::{FxRates, PriceList, SeatCycle, SeatForm};

/// Topic of [`SubscriptionChanged`]; the subject is the subscription id.
pub const SUBSCRIPTION_CHANGED: &str = "subscription-changed";
/// Topic of [`EdgeChanged`]; the subject is the edge id.
pub const EDGE_CHANGED: &str = "edge-changed";
/// Topic of [`PriceSheetImported`]; the subject is the price sheet id.
pub const PRICE_SHEET_IMPORTED: &str = "price-sheet-imported";

/// Topic of [`EdgePricesImported`]; the subject is the import's id.
pub const EDGE_PRICES_IMPORTED: &str = "edge-prices-imported";
/// Topic of [`FxRateImported`]; the subject names pair and month.
pub const FX_RATE_IMPORTED: &str = "fx-rate-imported";

/// Topic of [`SeatPricesImported`]; the subject is the import's number.
pub const SEAT_PRICES_IMPORTED: &str = "seat-prices-imported";

/// What bills of a subscription's seats go by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatFacts {
    /// How they are written.
    pub form: SeatForm,
    /// How long a price lasts.
    pub cycle: SeatCycle,
    /// How many months one commits for; 0 for none.
    pub term_months: u16,
    /// The first day, `2018-01-13`.
    pub starts_on: String,
    /// Whether it goes on after the term.
    pub auto_renew: bool,
    /// The first day after its term if that is the last one, `2019-01-13`: from then on nothing is to be paid. Absent while
    /// it is to renew, or has no term or is not in use.
    #[serde(default)]
    pub ends_on: Option<String>,
    /// Whether `ends_on` says so. Older versions stored neither: then the end follows from the facts above.
    #[serde(default)]
    pub says_end: bool,
    /// The day from which on this holds, `2019-01-13`, where that is an earlier one than the change's: a term ended, and
    /// somebody looked only later. Absent for all other changes.
    #[serde(default)]
    pub since: Option<String>,
}

impl SeatFacts {
    /// `None` where there is nothing to bill by the seat: usage, and trials.
    fn of(subscription: &Subscription) -> Option<Self> {
        let offer = subscription.offer;
        let cycle = subscription.billing_cycle.seat_cycle().filter(|_| !offer.is_usage_based())?;
        Some(Self {
            form: offer.seat_form,
            cycle,
            term_months: offer.term.months(),
            starts_on: subscription.starts_on.to_string(),
            auto_renew: subscription.auto_renew,
            ends_on: subscription.last_term_end().map(|day| day.to_string()),
            says_end: true,
            since: None,
        })
    }
}

/// List prices of seats were imported: fetch them with [`seat_prices_followed`](crate::seat_prices_followed).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatPricesImported {
    /// Counts imports.
    pub import_no: u64,
}

/// A subscription was created or changed; this is how it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubscriptionChanged {
    /// Which.
    pub subscription: SubscriptionId,
    /// Whose.
    pub customer: TenantId,
    /// Sold by whom.
    pub partner: TenantId,
    /// The edges of its channel, from the provider down: each is rated and billed.
    pub edges: Vec<EdgeId>,
    /// The currency of the first edge.
    pub currency: Currency,
    /// The country whose price sheets hold.
    pub market: String,
    /// What was ordered.
    pub offer: OfferId,
    /// Whether usage is metered on it and billed.
    pub usage_based: bool,
    /// Seats; 1 if usage is billed.
    pub quantity: i64,
    /// Where it is in its life.
    pub state: State,
    /// When it was ordered.
    pub created_at: Timestamp,
    /// Counts its changes: a reader that has seen a later one may skip this.
    pub version: i64,
    /// Since when it is sold along these edges. What was used before is its former channel's. Absent in what older
    /// versions stored: then it has had one channel only.
    #[serde(default)]
    pub sold_since: Option<Timestamp>,
    /// What bills of its seats go by; absent where usage is billed or nothing is, and in what older versions stored.
    #[serde(default)]
    pub seats: Option<SeatFacts>,
}

impl SubscriptionChanged {
    pub(crate) fn of(subscription: &Subscription, channel: &Channel) -> Self {
        Self {
            subscription: subscription.id,
            customer: subscription.customer,
            partner: subscription.partner,
            edges: channel.ids(),
            currency: channel.first().currency,
            market: channel.first().market.clone(),
            offer: subscription.offer.offer_id(),
            usage_based: subscription.offer.is_metered(),
            quantity: subscription.quantity,
            state: subscription.state,
            created_at: subscription.created_at,
            version: subscription.version,
            sold_since: channel.customer_since().max(Some(subscription.sold_since)),
            seats: SeatFacts::of(subscription),
        }
    }

    /// Holds for seats since a day, not only from now on.
    pub(crate) fn since(mut self, day: Day) -> Self {
        if let Some(seats) = &mut self.seats {
            seats.since = Some(day.to_string());
        }
        self
    }
}

/// A channel edge was made, or its price list changed; this is how it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EdgeChanged {
    /// Which.
    pub edge: EdgeId,
    /// Who sells.
    pub seller: TenantId,
    /// Who buys.
    pub buyer: TenantId,
    /// The country whose price sheets hold.
    pub market: String,
    /// The currency it is billed in.
    pub currency: Currency,
    /// All its rules, with their history: on what its seller pays.
    pub prices: PriceList,
}

impl From<&Link> for EdgeChanged {
    fn from(link: &Link) -> Self {
        Self {
            edge: link.id,
            seller: link.seller,
            buyer: link.buyer,
            market: link.market.clone(),
            currency: link.currency,
            prices: link.rules.clone(),
        }
    }
}

/// A price sheet was imported. Its prices are too many for an event: fetch them with
/// [`price_sheet_get`](crate::price_sheet_get).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceSheetImported {
    /// Which.
    pub sheet: PriceSheetId,
    /// The country the prices are for.
    pub market: String,
    /// Their currency.
    pub currency: Currency,
    /// From when on they hold.
    pub effective_from: Timestamp,
    /// Counts imports.
    pub import_no: u64,
}

impl From<&PriceSheetSummary> for PriceSheetImported {
    fn from(summary: &PriceSheetSummary) -> Self {
        Self {
            sheet: summary.id,
            market: summary.market.clone(),
            currency: summary.currency,
            effective_from: summary.effective_from,
            import_no: summary.import_no,
        }
    }
}

/// A seller named prices for its buyer. They may be many: fetch them with
/// [`edge_price_sheet_followed`](crate::edge_price_sheet_followed).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EdgePricesImported {
    /// Which import.
    pub sheet: PriceSheetId,
    /// For which edge.
    pub edge: EdgeId,
    /// From when on they hold.
    pub effective_from: Timestamp,
    /// Counts imports.
    pub import_no: u64,
}

impl From<&EdgePriceSheetSummary> for EdgePricesImported {
    fn from(summary: &EdgePriceSheetSummary) -> Self {
        Self {
            sheet: summary.id,
            edge: summary.edge,
            effective_from: summary.effective_from,
            import_no: summary.import_no,
        }
    }
}

/// An exchange rate of a month was published. Decimals are texts, exact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FxRateImported {
    /// `2021-01`.
    pub month: String,
    /// The currency of prices.
    pub from: Currency,
    /// The currency of documents.
    pub to: Currency,
    /// What one unit of `from` costs in `to`.
    pub rate: String,
    /// Who says so.
    pub source: String,
    /// The day it is of.
    pub dated: String,
    /// Counts imports.
    pub import_no: u64,
}

impl From<&FxRates> for FxRateImported {
    fn from(rates: &FxRates) -> Self {
        Self {
            month: rates.month.to_string(),
            from: rates.from,
            to: rates.to,
            rate: rates.rate.to_string(),
            source: rates.source.clone(),
            dated: rates.dated.to_string(),
            import_no: rates.import_no,
        }
    }
}

impl FxRateImported {
    /// The rate that was published.
    ///
    /// # Errors
    /// `Corrupt`: it is not what was stored.
    pub fn rates(self) -> Result<FxRates, Problem> {
        let corrupt = |error: &dyn std::fmt::Display| Problem::corrupt(format!("a stored exchange rate: {error}"));
        Ok(FxRates {
            month: Month::parse(&self.month).map_err(|error| corrupt(&error))?,
            from: self.from,
            to: self.to,
            rate: Rate::parse(&self.rate).map_err(|error| corrupt(&error))?,
            source: self.source,
            dated: Day::parse(&self.dated).map_err(|error| corrupt(&error))?,
            import_no: self.import_no,
        })
    }
}

/// Writes an event beside the change it tells of.
pub(crate) async fn publish<T: Serialize>(
    ctx: &OpContext,
    tx: &mut Tx,
    topic: &str,
    subject: impl ToString,
    payload: &T,
) -> Result<(), Problem> {
    let payload = serde_json::to_string(payload).map_err(Problem::internal)?;
    outbox::publish(tx, ctx.now(), topic, &subject.to_string(), &payload).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn stored_payloads_stay_readable() {
        let id = |number| Uuid::from_u128(number);
        let payload = SubscriptionChanged {
            subscription: SubscriptionId::new(id(1)),
            customer: TenantId::new(id(2)),
            partner: TenantId::new(id(3)),
            edges: vec![EdgeId::new(id(4))],
            currency: Currency::USD,
            market: "US".to_owned(),
            offer: OfferId::new("MS-AZR-0145P"),
            usage_based: true,
            quantity: 1,
            state: State::Active { since: Timestamp::from_seconds(1) },
            created_at: Timestamp::from_seconds(1),
            version: 1,
            sold_since: None,
            seats: None,
        };
        let stored = r#"{"subscription":"00000000-0000-0000-0000-000000000001","customer":"00000000-0000-0000-0000-000000000002","partner":"00000000-0000-0000-0000-000000000003","edges":["00000000-0000-0000-0000-000000000004"],"currency":[85,83,68],"market":"US","offer":"MS-AZR-0145P","usage_based":true,"quantity":1,"state":{"Active":{"since":1000000}},"created_at":1000000,"version":1}"#;
        assert_eq!(serde_json::from_str::<SubscriptionChanged>(stored).ok(), Some(payload));
    }
}
