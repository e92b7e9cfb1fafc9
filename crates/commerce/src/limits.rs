//! The incumbent's sandbox limits, as a switch: a client that passes here passes there.

use tenantry_core::{Problem, Reason};

/// How much a partner may have. `None` is no limit.
///
/// Source: partner-center-v1.md section 7.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Customers of a partner.
    pub customers_max: Option<i64>,
    /// Subscriptions of a customer, deleted ones not counted.
    pub subscriptions_max: Option<i64>,
    /// Seats of a subscription.
    pub seats_max: Option<i64>,
}

impl Limits {
    /// Those of the incumbent's sandboxes.
    pub const FAITHFUL: Self = Self { customers_max: Some(75), subscriptions_max: Some(5), seats_max: Some(25) };
    /// None: live worlds and other sandboxes.
    pub const NONE: Self = Self { customers_max: None, subscriptions_max: None, seats_max: None };

    /// The limits of a world, by its setting.
    #[must_use]
    pub const fn of(faithful: bool) -> Self {
        if faithful { Self::FAITHFUL } else { Self::NONE }
    }

    pub(crate) fn check_customers(&self, after: i64) -> Result<(), Problem> {
        within(self.customers_max, after, "customers", "customers of a partner")
    }

    pub(crate) fn check_subscriptions(&self, after: i64) -> Result<(), Problem> {
        within(self.subscriptions_max, after, "subscriptions", "subscriptions of a customer")
    }

    pub(crate) fn check_seats(&self, quantity: i64) -> Result<(), Problem> {
        within(self.seats_max, quantity, "quantity", "seats of a subscription")
    }
}

/// The problem's field says which limit it was, so that a face can have a code for each.
fn within(max: Option<i64>, after: i64, limit: &'static str, what: &str) -> Result<(), Problem> {
    match max {
        Some(max) if after > max => Err(Problem::new(
            Reason::SandboxLimit,
            format!("this sandbox allows {max} {what}; this would make {after}"),
        )
        .at(limit)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_faithful_sandbox_names_the_limit_it_stops_at() {
        type Check = fn(&Limits, i64) -> Result<(), Problem>;
        let (customers, subscriptions, seats): (Check, Check, Check) =
            (Limits::check_customers, Limits::check_subscriptions, Limits::check_seats);
        for (check, last, field) in
            [(customers, 75, "customers"), (subscriptions, 5, "subscriptions"), (seats, 25, "quantity")]
        {
            assert!(check(&Limits::of(true), last).is_ok(), "{field}");
            let refused = check(&Limits::of(true), last + 1).unwrap_err();
            assert_eq!((refused.reason(), refused.field()), (Reason::SandboxLimit, Some(field)));
            assert!(refused.message().contains(&last.to_string()), "{refused:?}");
            assert!(check(&Limits::of(false), i64::MAX).is_ok(), "{field}");
        }
    }
}
