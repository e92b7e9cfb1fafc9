//! Cancelling for good. Only what was bought by the modern agreement can be given back whole, and only for some days: as
//! long as seat billing gives it back ([`SeatPolicy::refund_days`]). Everything else is suspended, which stops it and
//! leaves the way back open (partner-center-v1.md 4.2, 4.3 rule 8).

use crate::subscription::{State, Subscription};
use tenantry_core::{OpContext, Problem, Reason, Timestamp};
use tenantry_rating::{SeatForm, SeatPolicy};

const SECONDS_PER_DAY: i64 = 86_400;

impl Subscription {
    /// The last instant at which it can be cancelled and all of it is given back; `None` for what is suspended instead.
    #[must_use]
    pub fn cancellation_allowed_until(&self) -> Option<Timestamp> {
        let cycle = self.billing_cycle.seat_cycle()?;
        let form = self.offer.seat_form;
        if self.offer.is_usage_based() || form != SeatForm::OneTime {
            return None;
        }
        let days = SeatPolicy::of_the_field(form, cycle).refund_days;
        // By the second, so that it is never a day of the calendar more than what is given back.
        Some(self.created_at.plus_seconds(days.saturating_mul(SECONDS_PER_DAY)))
    }
}

/// The state of a subscription that is cancelled now.
///
/// # Errors
/// `StatusChangeRefused` on `status` for what is suspended instead, on `cancellationAllowedUntilDate` when that is over;
/// `SubscriptionDeleted`.
pub(crate) fn cancelled(ctx: &OpContext, seen: &Subscription) -> Result<State, Problem> {
    let refused = |field: &str, message: String| Err(Problem::new(Reason::StatusChangeRefused, message).at(field));
    let Some(until) = seen.cancellation_allowed_until() else {
        let message = format!(
            "status: {} cannot be cancelled for good; suspend it, which stops it until it is reactivated",
            seen.offer.name
        );
        return refused("status", message);
    };
    if ctx.now() > until {
        let message = format!(
            "cancellationAllowedUntilDate: {} could be cancelled until {until}; suspend it, which gives back the days not \
             used",
            seen.offer.name
        );
        return refused("cancellationAllowedUntilDate", message);
    }
    seen.state.delete(ctx.now())
}
