//! What can be said of an order by itself, before anything is looked up: its numbering, and each line against
//! its offer.

use crate::offer::{BillingCycle, Offer};
use crate::order_place::{PlaceLine, PlaceOrder};
use crate::{Limits, offers, text};
use tenantry_core::{Problem, Reason};

pub(crate) const LINES_MAX: usize = 100;
pub(crate) const FRIENDLY_NAME_MAX: usize = 200;

/// An order whose lines are known to be good by themselves.
pub(crate) struct Checked {
    pub(crate) billing_cycle: BillingCycle,
    pub(crate) lines: Vec<CheckedLine>,
}

pub(crate) struct CheckedLine {
    pub(crate) number: i64,
    pub(crate) offer: &'static Offer,
    pub(crate) friendly_name: String,
    pub(crate) quantity: i64,
}

/// What can be said without looking at what the customer has.
pub(crate) fn checked(limits: &Limits, country: &str, new: PlaceOrder) -> Result<Checked, Problem> {
    if new.lines.is_empty() {
        return Err(Problem::missing("lineItems"));
    }
    if new.lines.len() > LINES_MAX {
        let message = format!("an order has at most {LINES_MAX} lines, this one has {}; split it", new.lines.len());
        return Err(Problem::new(Reason::TooLarge, message).at("lineItems"));
    }
    let mut lines = new.lines;
    lines.sort_by_key(|line| line.number);
    if let Some((due, line)) = (0..).zip(&lines).find(|(due, line)| *due != line.number) {
        let message = format!(
            "lineItems: lines are numbered 0 to {}, each number once; {due} is missing before {}",
            lines.len() - 1,
            line.number
        );
        return Err(Problem::new(Reason::LineNumbersInvalid, message).at("lineItems"));
    }
    let lines =
        lines.into_iter().map(|line| checked_line(limits, country, "offerId", line)).collect::<Result<Vec<_>, _>>()?;
    let mut cycle = new.billing_cycle;
    for line in &lines {
        let first = &lines[0].offer;
        if line.offer.sales_group != first.sales_group {
            let message = format!(
                "lineItems[{}].offerId: {} cannot be ordered together with {}; place two orders",
                line.number, line.offer.name, first.name
            );
            return Err(Problem::new(Reason::OfferNotPurchasable, message).at("lineItems"));
        }
        cycle = Some(line.offer.check_billing_cycle(cycle)?);
    }
    Ok(Checked { billing_cycle: cycle.unwrap_or(BillingCycle::None), lines })
}

/// A line against its offer. `names` is the member that names the offer: orders and carts have each their own.
pub(crate) fn checked_line(
    limits: &Limits,
    country: &str,
    names: &str,
    line: PlaceLine,
) -> Result<CheckedLine, Problem> {
    let field = |name: &str| format!("lineItems[{}].{name}", line.number);
    let offer = offers::sold(&line.offer, country).map_err(|problem| problem.at(field(names)))?;
    if offer.is_add_on() {
        let message = format!(
            "{}: {} is an add-on to a subscription; order that first, then change its order with a line that names it",
            field(names),
            offer.name
        );
        return Err(Problem::new(Reason::OfferNotPurchasable, message).at(field(names)));
    }
    offer.check_quantity(&field("quantity"), line.quantity)?;
    limits.check_seats(line.quantity)?;
    let named = text::optional(&field("friendlyName"), line.friendly_name.as_deref(), FRIENDLY_NAME_MAX)?;
    Ok(CheckedLine {
        number: line.number,
        offer,
        friendly_name: named.unwrap_or_else(|| offer.name.to_owned()),
        quantity: line.quantity,
    })
}
