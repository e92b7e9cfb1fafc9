//! The answer of `tenantry rate`: JSON for scripts, a table for people.

use super::bill::{Bill, Charge, Share, Unrated};
use crate::table::{Side, Table};
use crate::words::counted;
use serde::Serialize;
use std::fmt::Write;
use tenantry_core::Factor;

/// The JSON answer. Decimals are strings: a JSON number would pass through a float in most readers.
#[derive(Serialize)]
pub(super) struct View {
    currency: String,
    charges: Vec<ChargeView>,
    unrated: Vec<UnratedView>,
    total: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ChargeView {
    meter_id: String,
    meter_name: String,
    quantity: String,
    charge: String,
    tiers: Vec<ShareView>,
}

#[derive(Serialize)]
struct ShareView {
    from: String,
    rate: String,
    quantity: String,
    charge: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct UnratedView {
    meter_id: String,
    quantity: String,
    records: u64,
}

impl View {
    pub(super) fn of(bill: &Bill) -> Self {
        let share = |share: &Share| ShareView {
            from: share.from.to_string(),
            rate: share.rate.to_string(),
            quantity: share.quantity.to_string(),
            charge: share.charge.to_string(),
        };
        let charge = |charge: &Charge| ChargeView {
            meter_id: charge.meter.to_string(),
            meter_name: charge.name.clone(),
            quantity: charge.quantity.to_string(),
            charge: charge.charge.to_string(),
            tiers: charge.tiers.iter().map(share).collect(),
        };
        let unrated = |unrated: &Unrated| UnratedView {
            meter_id: unrated.meter.to_string(),
            quantity: unrated.quantity.to_string(),
            records: unrated.records,
        };
        Self {
            currency: bill.currency.to_string(),
            charges: bill.charges.iter().map(charge).collect(),
            unrated: bill.unrated.iter().map(unrated).collect(),
            total: bill.total.to_string(),
        }
    }
}

/// The table: dearest first, the total below, then what has no price.
pub(super) fn text(bill: &Bill, discount: Factor) -> String {
    use Side::{Left, Right};
    let mut table = Table::new([
        ("Meter", Left),
        ("Name", Left),
        ("Region", Left),
        ("Unit", Left),
        ("Quantity", Right),
        ("Charge", Right),
    ]);
    let mut dearest_first: Vec<_> = bill.charges.iter().collect();
    dearest_first.sort_by_key(|charge| std::cmp::Reverse(charge.charge));
    for Charge { meter, name, region, unit, quantity, charge, .. } in dearest_first {
        let words = [meter.to_string(), name.clone(), region.clone(), unit.clone()];
        let [meter, name, region, unit] = words;
        table.row([meter, name, region, unit, quantity.to_string(), charge.to_string()]);
    }
    table.row([const { String::new() }; 6]);
    let meters = counted(bill.charges.len() as u64, "meter");
    let total = format!("Total of {meters}, {}", bill.currency);
    table.row([total, String::new(), String::new(), String::new(), String::new(), bill.total.to_string()]);
    let mut text = table.text();
    if discount != Factor::ONE {
        let _ = writeln!(text, "\nFirst-party meters at {discount} of the list price; third-party meters at list.");
    }
    if !bill.unrated.is_empty() {
        text.push_str(&unrated_text(&bill.unrated));
    }
    text
}

fn unrated_text(unrated: &[Unrated]) -> String {
    use Side::{Left, Right};
    let mut table =
        Table::new([("Meter", Left), ("Name", Left), ("Unit", Left), ("Records", Right), ("Quantity", Right)]);
    for Unrated { meter, name, unit, quantity, records } in unrated {
        table.row([meter.to_string(), name.clone(), unit.clone(), records.to_string(), quantity.to_string()]);
    }
    let meters = counted(unrated.len() as u64, "meter");
    format!("\nUNRATED: {meters} without a price in this card. This usage is NOT in the total.\n\n{}", table.text())
}
