//! What a cart's lines are: which belong together, and what is wrong with each. Nothing is refused here: a line that could
//! not be ordered says why, and stays.
//!
//! An order has one way of billing, and its offers one sales group, so lines that differ in these are different orders.
//! An item nobody sells is alone with its like: it must not hold up what can be ordered.

use crate::cart::{CartLine, LineFault, LineProblem, LineState, OrderGroup, WantedCycle};
use crate::customer::Customer;
use crate::offer::Offer;
use crate::order_check::checked_line;
use crate::order_place::{PlaceLine, check_purchase_limit};
use crate::subscription::Subscription;
use crate::{Limits, catalogue};
use std::collections::BTreeMap;
use tenantry_core::{Problem, Reason};

/// What lines of one order have in common.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Kind {
    legacy: bool,
    /// `None` for what nobody sells.
    sales_group: Option<&'static str>,
    cycle: Option<WantedCycle>,
}

/// The group of each line.
pub(crate) fn groups(lines: &[CartLine]) -> Vec<OrderGroup> {
    let mut known: BTreeMap<Kind, OrderGroup> = BTreeMap::new();
    let mut counted = [0_i64; 2];
    lines
        .iter()
        .map(|line| {
            let kind = kind(line);
            let counter = &mut counted[usize::from(kind.legacy)];
            let legacy = kind.legacy;
            *known.entry(kind).or_insert_with(|| {
                let number = *counter;
                *counter += 1;
                OrderGroup { legacy, number }
            })
        })
        .collect()
}

fn kind(line: &CartLine) -> Kind {
    match catalogue::find(&line.item) {
        Some(offer) => Kind {
            legacy: offer.is_legacy(),
            sales_group: Some(offer.sales_group),
            cycle: line.billing_cycle.or_else(|| offer.billing_cycles.first().map(|cycle| (*cycle).into())),
        },
        None => Kind { legacy: !line.item.as_str().contains(':'), sales_group: None, cycle: None },
    }
}

/// What each line is, for a customer that has these subscriptions of its seller.
pub(crate) fn states(
    limits: &Limits,
    customer: &Customer,
    held: &[Subscription],
    lines: &[CartLine],
) -> Vec<LineState> {
    let wanted = |offer: &Offer| {
        let same = lines.iter().filter(|line| catalogue::find(&line.item).is_some_and(|of| of.id == offer.id));
        i64::try_from(same.count()).unwrap_or(i64::MAX)
    };
    let state = |(place, (line, group)): (usize, (&CartLine, OrderGroup))| {
        let at = format!("lineItems[{place}]");
        let checked = check(limits, customer.country(), (place, &at), line);
        let checked = checked.and_then(|offer| {
            let field = format!("{at}.catalogItemId");
            let limited = check_purchase_limit(held, offer, wanted(offer), &field);
            limited.map_err(|problem| LineProblem { fault: LineFault::Quota, problem })
        });
        let add_ons = line.add_ons.iter().enumerate().map(|(number, _)| {
            let field = format!("{at}.addonItems[{number}]");
            let message = format!("{field}: a cart cannot order add-ons yet; leave it out");
            LineProblem {
                fault: LineFault::AddOn,
                problem: Problem::new(Reason::OfferNotPurchasable, message).at(field),
            }
        });
        LineState { group, problem: checked.err(), add_ons: add_ons.collect() }
    };
    lines.iter().zip(groups(lines)).enumerate().map(state).collect()
}

/// A line by itself.
fn check(
    limits: &Limits,
    country: &str,
    (place, at): (usize, &str),
    line: &CartLine,
) -> Result<&'static Offer, LineProblem> {
    let field = |name: &str| format!("{at}.{name}");
    let as_ordered = PlaceLine {
        number: i64::try_from(place).unwrap_or(i64::MAX),
        offer: line.item.clone(),
        friendly_name: line.friendly_name.clone(),
        quantity: line.quantity,
    };
    let checked = checked_line(limits, country, "catalogItemId", as_ordered);
    let offer = checked.map_err(|problem| LineProblem { fault: fault(&problem, line), problem })?.offer;
    check_cycle(offer, &field("billingCycle"), line.billing_cycle)
        .map_err(|problem| LineProblem { fault: LineFault::Cycle, problem })?;
    for (name, term) in [("termDuration", &line.term), ("renewsTo.termDuration", &line.renews_to)] {
        offer
            .check_term(&field(name), term.as_deref().unwrap_or_default())
            .map_err(|problem| LineProblem { fault: LineFault::Input, problem })?;
    }
    let refused = |fault, name: &str, message: &str| {
        let field = field(name);
        let problem = Problem::new(Reason::Unsupported, format!("{field}: {message}; leave it out")).at(field);
        Err(LineProblem { fault, problem })
    };
    if !line.participants.is_empty() {
        return refused(LineFault::Participants, "participants", "nobody else takes part in a purchase here");
    }
    if line.promotion.is_some() {
        return refused(LineFault::Promotion, "promotionId", "there are no promotions");
    }
    if line.term_ends.is_some() {
        return refused(LineFault::TermEnd, "customTermEndDate", "terms have their full length");
    }
    Ok(offer)
}

fn check_cycle(offer: &Offer, field: &str, wanted: Option<WantedCycle>) -> Result<(), Problem> {
    let sold = match wanted.map(WantedCycle::sold) {
        None => Ok(()),
        Some(Some(cycle)) => offer.check_billing_cycle(Some(cycle)).map(|_| ()),
        Some(None) => {
            let offered: Vec<_> = offer.billing_cycles.iter().map(|cycle| cycle.name()).collect();
            let message = format!("{field}: {} is billed {}; use that", offer.name, offered.join(" or "));
            Err(Problem::new(Reason::BillingCycleRefused, message))
        }
    };
    sold.map_err(|problem| problem.at(field))
}

/// What kind of refusal that was.
fn fault(problem: &Problem, line: &CartLine) -> LineFault {
    match problem.reason() {
        Reason::OfferNotFound => LineFault::ItemUnknown,
        Reason::OfferNotPurchasable => LineFault::NotPurchasable,
        Reason::SandboxLimit => LineFault::Sandbox,
        Reason::QuantityOutOfRange
            if catalogue::find(&line.item).is_some_and(|offer| line.quantity > offer.quantity_max) =>
        {
            LineFault::SeatsMax
        }
        _ => LineFault::Input,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tenantry_core::OfferId;

    pub(crate) fn line(item: &str, billing_cycle: Option<WantedCycle>) -> CartLine {
        CartLine {
            id: 0,
            item: OfferId::new(item),
            friendly_name: None,
            quantity: 1,
            billing_cycle,
            term: None,
            renews_to: None,
            promotion: None,
            term_ends: None,
            participants: Vec::new(),
            context: BTreeMap::new(),
            add_ons: Vec::new(),
        }
    }

    #[test]
    fn lines_stand_with_those_they_can_be_ordered_with() {
        let (monthly, annual, never) =
            (Some(WantedCycle::Monthly), Some(WantedCycle::Annual), Some(WantedCycle::Triennial));
        let modern = catalogue::E3_NEW_COMMERCE;
        let lines = [
            line(catalogue::ENTERPRISE_E1, monthly),
            line(modern, annual),
            line("ms-azr-0145p", None),
            line(catalogue::ENTERPRISE_E3, annual),
            line(modern, None),
            line("NOTHING:0001:NONE", monthly),
            line("NOTHING", monthly),
            // The old offer under the name the modern catalogue gives it is the old offer.
            line("9DEA7946-EC2C-441E-9FFD-E3B275F7E838:MS-AZR-0145P:MS-AZR-0145P", monthly),
            line(modern, never),
        ];
        let seen: Vec<_> = groups(&lines).iter().map(ToString::to_string).collect();
        let expected = ["old 0", "modern 0", "old 0", "old 1", "modern 1", "modern 2", "old 2", "old 0", "modern 3"];
        assert_eq!(seen, expected);
    }
}
