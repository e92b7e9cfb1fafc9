//! Billing cycles on the wire, which knows more of them than are sold here.

use crate::wire::input::Fields;
use crate::wire::words::Words;
use tenantry_commerce::BillingCycle;
use tenantry_core::{Problem, Reason};
use tenantry_http::Call;

/// A billing cycle as clients write it.
#[derive(Clone, Copy)]
enum Cycle {
    /// Not chosen: one client family has to write something.
    Unset,
    Sold(BillingCycle),
    /// Of catalogues that are not here.
    Foreign(&'static str),
}

/// In the order of the ordinals (partner-center-v1.md 3.3).
const CYCLES: Words<Cycle> = Words(&[
    ("unknown", Cycle::Unset),
    ("monthly", Cycle::Sold(BillingCycle::Monthly)),
    ("annual", Cycle::Sold(BillingCycle::Annual)),
    ("none", Cycle::Sold(BillingCycle::None)),
    ("one_time", Cycle::Sold(BillingCycle::OneTime)),
    ("triennial", Cycle::Foreign("triennial")),
    ("biennial", Cycle::Foreign("biennial")),
]);

/// Which orders of a list are wanted.
#[derive(Clone, Copy)]
pub(crate) struct Asked(Cycle);

impl Asked {
    /// Whether an order of that cycle is. Nothing here is billed by a cycle of other catalogues.
    pub(crate) fn holds(self, cycle: BillingCycle) -> bool {
        match self.0 {
            Cycle::Unset => true,
            Cycle::Sold(wanted) => wanted == cycle,
            Cycle::Foreign(_) => false,
        }
    }
}

/// The query parameter `billingType`. Absent, empty and `unknown` ask for all orders.
///
/// Unsure: no client says what `unknown` selects (partner-center-v1.md 2.3, row 48). No order has an unknown cycle, and
/// in bodies the word stands for a choice that was not made, so it is none here either.
pub(crate) fn asked(call: &Call) -> Result<Asked, Problem> {
    const NAME: &str = "billingType";
    match call.query(NAME).map(str::trim).filter(|text| !text.is_empty()) {
        Some(text) => CYCLES.read(NAME, text).map(Asked),
        None => Ok(Asked(Cycle::Unset)),
    }
}

/// The member `billingCycle`; `None` if it is absent or `unknown`.
pub(crate) fn read(fields: &Fields<'_>) -> Result<Option<BillingCycle>, Problem> {
    const NAME: &str = "billingCycle";
    match fields.word(NAME, &CYCLES)? {
        None | Some(Cycle::Unset) => Ok(None),
        Some(Cycle::Sold(cycle)) => Ok(Some(cycle)),
        Some(Cycle::Foreign(word)) => {
            let message = format!(
                "{NAME}: nothing here is billed `{word}`; use monthly, annual, one_time for Azure plans, or none for trials"
            );
            Err(Problem::new(Reason::BillingCycleRefused, message).at(NAME))
        }
    }
}
