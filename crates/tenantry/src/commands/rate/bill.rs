//! The computation behind `tenantry rate`: sums per meter, priced once. Pure.

use std::collections::BTreeMap;
use tenantry_commerce::rate_card::RateCard;
use tenantry_core::{Amount, Currency, Factor, MeterId, Problem, Quantity, Rate};
use tenantry_metering::files::UsageRecord;
use tenantry_rating::MeterPrice;

/// Usage added up per meter.
#[derive(Debug, Clone, Default)]
pub struct Usage(BTreeMap<MeterId, Used>);

/// What was used of one meter.
#[derive(Debug, Clone, Default)]
struct Used {
    quantity: Quantity,
    records: u64,
    /// As the first record spells them; for people, where the card has no better ones.
    name: String,
    unit: String,
}

/// A billing period, rated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bill {
    /// The card's currency.
    pub currency: Currency,
    /// By meter id.
    pub charges: Vec<Charge>,
    /// Meters that the card does not price, by meter id.
    pub unrated: Vec<Unrated>,
    /// The sum of all charges, exact.
    pub total: Amount,
}

/// What one meter costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    /// The meter.
    pub meter: MeterId,
    /// Its name in the card.
    pub name: String,
    /// Its region in the card; may be empty.
    pub region: String,
    /// Its unit in the card.
    pub unit: String,
    /// What was used in the period.
    pub quantity: Quantity,
    /// What it costs, after the discount.
    pub charge: Amount,
    /// The same by tier. Empty if nothing was used, or less than nothing.
    pub tiers: Vec<Share>,
}

/// The part of a charge that fell into one tier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// The tier's lower bound.
    pub from: Quantity,
    /// Its list price.
    pub rate: Rate,
    /// The quantity in it.
    pub quantity: Quantity,
    /// What that costs, after the discount.
    pub charge: Amount,
}

/// Usage of a meter without a price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unrated {
    /// The meter.
    pub meter: MeterId,
    /// Its name in the usage file; may be empty.
    pub name: String,
    /// Its unit in the usage file; may be empty.
    pub unit: String,
    /// What was used in the period.
    pub quantity: Quantity,
    /// By how many records.
    pub records: u64,
}

impl Usage {
    /// Adds a record.
    ///
    /// # Errors
    /// The meter's sum leaves the range of exact numbers.
    pub fn add(&mut self, record: &UsageRecord) -> Result<(), Problem> {
        let used = self.0.entry(record.meter).or_insert_with(|| Used {
            name: record.meter_name.clone(),
            unit: record.unit.clone(),
            ..Used::default()
        });
        used.quantity = used.quantity.checked_add(record.quantity).ok_or_else(|| {
            let (meter, seen) = (record.meter, record.quantity);
            let told = format!("with {seen} more, the sum of meter {meter} leaves the range of exact numbers (1.7e20)");
            Problem::invalid("quantity", told)
        })?;
        used.records += 1;
        Ok(())
    }
}

/// Prices the sums by the card. `discount` is what first-party meters are multiplied by.
///
/// # Errors
/// None for any card and usage that could be read.
pub fn rate(card: &RateCard, usage: &Usage, discount: Factor) -> Result<Bill, Problem> {
    let mut bill = Bill { currency: card.currency, charges: Vec::new(), unrated: Vec::new(), total: Amount::ZERO };
    for (&meter, used) in &usage.0 {
        if let Some(price) = card.meters.get(&meter) {
            let charge = charge(price, used.quantity, discount)?;
            bill.total += charge.charge;
            bill.charges.push(charge);
        } else {
            let Used { quantity, records, name, unit } = used.clone();
            bill.unrated.push(Unrated { meter, name, unit, quantity, records });
        }
    }
    Ok(bill)
}

fn charge(price: &MeterPrice, quantity: Quantity, discount: Factor) -> Result<Charge, Problem> {
    let factor = if price.first_party { discount } else { Factor::ONE };
    let discounted = |list: Amount| {
        list.times(factor).ok_or_else(|| Problem::internal(format!("meter {}: {list} is no list price", price.id)))
    };
    let shares =
        if quantity.is_negative() { Vec::new() } else { price.tiers.shares(price.included, Quantity::ZERO, quantity) };
    let tiers = shares.into_iter().map(|share| {
        let charge = discounted(share.charge)?;
        Ok(Share { from: share.from, rate: share.rate, quantity: share.quantity, charge })
    });
    Ok(Charge {
        meter: price.id,
        name: price.name.clone(),
        region: price.region.clone(),
        unit: price.unit.clone(),
        quantity,
        charge: discounted(price.tiers.charge(price.included, Quantity::ZERO, quantity))?,
        tiers: tiers.collect::<Result<_, Problem>>()?,
    })
}
