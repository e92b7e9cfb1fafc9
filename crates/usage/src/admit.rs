//! Whether an event may be counted. Asked before it is written to the log; the log holds accepted events only.

use crate::account::AccountKey;
use crate::event::Event;
use crate::fold::{Fold, MAGNITUDE_MAX, magnitude};
use crate::identity::Look;
use crate::record::ServiceState;
use std::fmt;
use tenantry_core::{Day, Month, Quantity, SubscriptionId, Timestamp};

/// Clocks differ a little; an event may lie this far ahead of ours.
pub const FUTURE_TOLERANCE_SECONDS: i64 = 300;

/// Why an event is not counted. Each says what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// No such subscription (or not for this caller).
    UnknownSubscription(SubscriptionId),
    /// The usage lies before the day the subscription was made.
    BeforeSubscription {
        /// The first day that can be used.
        first_day: Day,
        /// The event's time.
        seen: Timestamp,
    },
    /// The subscription was suspended or deleted at that time.
    NotActive {
        /// Its state at the event's time.
        state: ServiceState,
        /// Since when.
        since: Timestamp,
    },
    /// The event lies ahead of the world's clock.
    InFuture {
        /// The event's time.
        seen: Timestamp,
        /// The world's time.
        now: Timestamp,
    },
    /// A negative quantity without the event it corrects.
    NegativeWithoutCorrection(Quantity),
    /// The event to be corrected is not known.
    CorrectsUnknown(String),
    /// The month's quantity would leave the range of exact numbers.
    QuantityTooLarge(Quantity),
}

impl Refusal {
    /// A stable code for machines.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownSubscription(_) => "unknown_subscription",
            Self::BeforeSubscription { .. } => "before_subscription",
            Self::NotActive { .. } => "subscription_not_active",
            Self::InFuture { .. } => "in_future",
            Self::NegativeWithoutCorrection(_) => "negative_without_correction",
            Self::CorrectsUnknown(_) => "corrects_unknown_event",
            Self::QuantityTooLarge(_) => "quantity_too_large",
        }
    }

    /// The field at fault, in the words of the intake API.
    #[must_use]
    pub const fn field(&self) -> &'static str {
        match self {
            Self::UnknownSubscription(_) | Self::NotActive { .. } => "subscription",
            Self::BeforeSubscription { .. } | Self::InFuture { .. } => "time",
            Self::NegativeWithoutCorrection(_) | Self::QuantityTooLarge(_) => "quantity",
            Self::CorrectsUnknown(_) => "corrects",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownSubscription(id) => write!(f, "there is no subscription {id}; check the id and the tenant"),
            Self::BeforeSubscription { first_day, seen } => {
                write!(
                    f,
                    "the usage is of {seen}, but the subscription exists since {first_day} only; \
                     check the time and the subscription"
                )
            }
            Self::NotActive { state: ServiceState::Deleted, since } => {
                write!(f, "the subscription is deleted since {since}; usage from before then is still taken")
            }
            Self::NotActive { since, .. } => {
                write!(f, "the subscription is suspended since {since}; reactivate it, or send usage from before then")
            }
            Self::InFuture { seen, now } => write!(
                f,
                "the usage is of {seen}, more than 5 minutes ahead of this world's clock ({now}); send it when it happened"
            ),
            Self::NegativeWithoutCorrection(quantity) => {
                write!(f, "{quantity} is negative; a correction must name the event it corrects in `corrects`")
            }
            Self::CorrectsUnknown(id) => write!(
                f,
                "there is no event `{id}` of this source to correct; send that one first, or name the id it was sent with"
            ),
            Self::QuantityTooLarge(quantity) => {
                write!(
                    f,
                    "with {quantity} more the month's sum is beyond {} units; check the quantity, or meter in a \
                     larger unit",
                    Quantity::from_units(MAGNITUDE_MAX)
                )
            }
        }
    }
}

impl Fold {
    /// Checks everything about an event but its identity.
    pub fn admit(&self, event: &Event, now: Timestamp) -> Result<(), Refusal> {
        let known =
            self.subscriptions.get(&event.subscription).ok_or(Refusal::UnknownSubscription(event.subscription))?;
        if event.at > now.plus_seconds(FUTURE_TOLERANCE_SECONDS) {
            return Err(Refusal::InFuture { seen: event.at, now });
        }
        // By day: daily records of the first day begin at midnight, before the order was placed.
        let first_day = known.terms.created_at.day();
        if event.at.day() < first_day {
            return Err(Refusal::BeforeSubscription { first_day, seen: event.at });
        }
        if let Some((since, state)) = known.state_at(event.at)
            && state != ServiceState::Active
        {
            return Err(Refusal::NotActive { state, since });
        }
        match (&event.corrects, event.quantity.is_negative()) {
            (None, true) => return Err(Refusal::NegativeWithoutCorrection(event.quantity)),
            // A name that may be in a run is looked up there by the caller, who has the runs.
            (Some(id), _) if self.look(event.reporter, &event.source, id) == Look::New => {
                return Err(Refusal::CorrectsUnknown(id.clone()));
            }
            _ => {}
        }
        let key = AccountKey { subscription: event.subscription, month: Month::of(event.at.day()), meter: event.meter };
        let so_far = self.accounts.find(&key).map_or(Quantity::ZERO, |account| account.quantity);
        if magnitude(so_far.units(), event.quantity) > MAGNITUDE_MAX {
            return Err(Refusal::QuantityTooLarge(event.quantity));
        }
        Ok(())
    }
}
