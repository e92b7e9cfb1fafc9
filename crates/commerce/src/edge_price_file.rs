//! Lists of prices as people write them: a table (CSV) with a row for each tier, or the same as JSON.
//!
//! Both are what our own price export gives, so a seller exports what it pays, changes the numbers and imports that for its
//! buyer. Names and units may stay: only the id of a meter, its included units, bounds and prices count. Decimals are read
//! from their text and never pass through a float. A list is taken whole or refused, with line and meter.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use tenantry_core::{MeterId, Problem, Quantity, Rate, Reason, Timestamp};
use tenantry_rating::{MeterPrice, Tiers};

/// The columns of the table, in the order we write them. The last two and `MeterId` are needed, in any order.
pub const COLUMNS: [&str; 9] = [
    "MeterId",
    "MeterName",
    "MeterCategory",
    "MeterSubCategory",
    "MeterRegion",
    "Unit",
    "IncludedQuantity",
    "LowerBound",
    "Price",
];

/// A row of the table.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct TierRow {
    meter_id: String,
    #[serde(default)]
    meter_name: String,
    #[serde(default)]
    meter_category: String,
    #[serde(default)]
    meter_sub_category: String,
    #[serde(default)]
    meter_region: String,
    #[serde(default)]
    unit: String,
    #[serde(default)]
    included_quantity: String,
    lower_bound: String,
    price: String,
}

/// A meter in JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PricedMeter {
    /// The key.
    pub meter: String,
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// Its category.
    #[serde(default)]
    pub category: String,
    /// Its sub category.
    #[serde(default)]
    pub subcategory: String,
    /// Its region.
    #[serde(default)]
    pub region: String,
    /// Its unit.
    #[serde(default)]
    pub unit: String,
    /// Units free in each month, as decimal text.
    #[serde(default)]
    pub included_quantity: String,
    /// What a unit costs, from each lower bound on.
    pub rates: Vec<PricedTier>,
}

/// A tier in JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PricedTier {
    /// Lower bound, as decimal text: `0`.
    pub from: String,
    /// Price of a unit, as decimal text: `0.087`.
    pub price: String,
}

/// A list as JSON, as far as it has prices: what our own answers say besides is passed over.
#[derive(Debug, Deserialize)]
struct List {
    meters: Vec<PricedMeter>,
}

/// Reads a file: JSON with `meters`, or else a table.
///
/// # Errors
/// As [`read_table`] and [`read_meters`].
pub fn read(bytes: &[u8]) -> Result<Vec<MeterPrice>, Problem> {
    if bytes.trim_ascii_start().first() != Some(&b'{') {
        return read_table(bytes);
    }
    let list: List = serde_json::from_slice(bytes).map_err(|error| invalid(&error))?;
    read_meters(list.meters)
}

/// Reads a table.
///
/// # Errors
/// `PriceSheetInvalid`, with line and meter.
pub fn read_table(bytes: &[u8]) -> Result<Vec<MeterPrice>, Problem> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut table = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
    let header = table.headers().map_err(|error| invalid(&error))?.clone();
    if let Some(missing) = ["MeterId", "LowerBound", "Price"].iter().find(|name| !header.iter().any(|h| h == **name)) {
        let seen: Vec<_> = header.iter().take(12).collect();
        let columns = COLUMNS.join(", ");
        return Err(invalid(&format!(
            "column {missing} is missing; the columns are {columns}, here {}",
            seen.join(", ")
        )));
    }
    // A meter's rows need not stand together.
    let mut meters: BTreeMap<String, PricedMeter> = BTreeMap::new();
    for row in table.into_deserialize::<TierRow>() {
        let row = row.map_err(|error| invalid(&error))?;
        let tier = PricedTier { from: row.lower_bound, price: row.price };
        let key = row.meter_id.to_ascii_lowercase();
        let meter = meters.entry(key).or_insert_with(|| PricedMeter {
            meter: row.meter_id,
            name: row.meter_name,
            category: row.meter_category,
            subcategory: row.meter_sub_category,
            region: row.meter_region,
            unit: row.unit,
            included_quantity: row.included_quantity.clone(),
            rates: Vec::new(),
        });
        if meter.included_quantity != row.included_quantity {
            let said = format!(
                "two rows give different included quantities, `{}` and `{}`",
                meter.included_quantity, row.included_quantity
            );
            return Err(of_meter(meter, &said));
        }
        meter.rates.push(tier);
    }
    read_meters(meters.into_values().collect())
}

/// Reads the meters of a JSON list.
///
/// # Errors
/// `PriceSheetInvalid`, with the meter.
pub fn read_meters(meters: Vec<PricedMeter>) -> Result<Vec<MeterPrice>, Problem> {
    let mut read: BTreeMap<MeterId, MeterPrice> = BTreeMap::new();
    for meter in meters {
        let price = meter_price(&meter)?;
        if read.insert(price.id, price).is_some() {
            return Err(of_meter(&meter, &"it stands twice; keep one"));
        }
    }
    Ok(read.into_values().collect())
}

fn meter_price(meter: &PricedMeter) -> Result<MeterPrice, Problem> {
    let said = |error: &dyn fmt::Display| of_meter(meter, error);
    let number = |text: &str| Quantity::parse_lenient(text);
    let mut bounds = Vec::with_capacity(meter.rates.len());
    for tier in &meter.rates {
        let from = number(&tier.from).map_err(|error| said(&format!("lower bound: {error}")))?;
        if from.is_negative() {
            return Err(said(&format!("lower bound `{}`: a bound is 0 or more", tier.from)));
        }
        let price = Rate::parse(&tier.price).map_err(|error| said(&format!("price from {from} on: {error}")))?;
        bounds.push((from, price));
    }
    let included = match meter.included_quantity.trim() {
        "" => Quantity::ZERO,
        text => number(text).map_err(|error| said(&format!("included quantity: {error}")))?,
    };
    if included.is_negative() {
        return Err(said(&format!("included quantity `{included}` is negative")));
    }
    Ok(MeterPrice {
        id: MeterId::parse(&meter.meter).map_err(|error| said(&error))?,
        name: meter.name.clone(),
        category: meter.category.clone(),
        subcategory: meter.subcategory.clone(),
        region: meter.region.clone(),
        unit: meter.unit.clone(),
        tags: Vec::new(),
        tiers: Tiers::new(bounds).map_err(|error| said(&error))?,
        included,
        // Of the list, not of the meter; and whose service it is, the public sheet says.
        effective_date: Timestamp::from_micros(0),
        first_party: true,
    })
}

impl From<&MeterPrice> for PricedMeter {
    fn from(price: &MeterPrice) -> Self {
        let tier = |(from, rate): &(Quantity, Rate)| PricedTier { from: from.to_string(), price: rate.to_string() };
        Self {
            meter: price.id.to_string(),
            name: price.name.clone(),
            category: price.category.clone(),
            subcategory: price.subcategory.clone(),
            region: price.region.clone(),
            unit: price.unit.clone(),
            included_quantity: price.included.to_string(),
            rates: price.tiers.bounds().iter().map(tier).collect(),
        }
    }
}

/// Writes a table: a row for each tier of each meter.
///
/// # Errors
/// `Internal`: what cannot be written to memory.
pub fn write_table<'a>(meters: impl IntoIterator<Item = &'a MeterPrice>) -> Result<Vec<u8>, Problem> {
    let mut table =
        csv::WriterBuilder::new().has_headers(false).terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    table.write_record(COLUMNS).map_err(Problem::internal)?;
    for price in meters {
        for (from, rate) in price.tiers.bounds() {
            let row = TierRow {
                meter_id: price.id.to_string(),
                meter_name: price.name.clone(),
                meter_category: price.category.clone(),
                meter_sub_category: price.subcategory.clone(),
                meter_region: price.region.clone(),
                unit: price.unit.clone(),
                included_quantity: price.included.to_string(),
                lower_bound: from.to_string(),
                price: rate.to_string(),
            };
            table.serialize(row).map_err(Problem::internal)?;
        }
    }
    table.into_inner().map_err(Problem::internal)
}

fn of_meter(meter: &PricedMeter, said: &dyn fmt::Display) -> Problem {
    let shown: String = meter.meter.chars().take(60).collect();
    let name: String = meter.name.chars().take(60).collect();
    let name = if name.is_empty() { name } else { format!(" ({name})") };
    invalid(&format!("meter `{shown}`{name}: {said}"))
}

fn invalid(said: &dyn fmt::Display) -> Problem {
    Problem::new(Reason::PriceSheetInvalid, format!("the price list is refused: {said}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const METER: &str = "11111111-0000-4000-8000-000000000001";

    fn refusal(text: &str) -> String {
        read_table(text.as_bytes()).unwrap_err().message().to_owned()
    }

    #[test]
    fn what_is_written_reads_back_and_rows_may_stand_in_any_order() {
        let text = format!(
            "\u{feff}Price,LowerBound,MeterId,IncludedQuantity,MeterName\n0.04,10.5,{METER},5,\"Disk, fast\"\n\
             5.4529999999999999999999999998,0,{METER},5,\n"
        );
        let read = read_table(text.as_bytes()).unwrap();
        let [price] = read.as_slice() else { panic!("{read:?}") };
        let tiers: Vec<_> = price.tiers.bounds().iter().map(|(from, rate)| format!("{from}: {rate}")).collect();
        assert_eq!(tiers, ["0: 5.4529999999999999999999999998", "10.5: 0.04"]);
        assert_eq!((price.included.to_string().as_str(), price.name.as_str()), ("5", "Disk, fast"));
        let written = write_table(&read).unwrap();
        assert_eq!(read_table(&written).unwrap(), read);
        assert_eq!(read_meters(read.iter().map(PricedMeter::from).collect()).unwrap(), read);
        assert_eq!(read_table(write_table(&[]).unwrap().as_slice()).unwrap(), []);
        let meters: Vec<_> = read.iter().map(PricedMeter::from).collect();
        let json = serde_json::json!({ "market": "US", "meters": meters }).to_string();
        assert_eq!((self::read(json.as_bytes()).unwrap(), self::read(&written).unwrap()), (read.clone(), read));
    }

    #[test]
    fn refusals_name_what_is_wrong() {
        let row = |rest: &str| refusal(&format!("MeterId,LowerBound,Price,IncludedQuantity\n{METER},{rest}\n"));
        for (said, part) in [
            (refusal("MeterId,Price\n"), "column LowerBound is missing; the columns are MeterId, MeterName,"),
            (refusal("MeterId,LowerBound,Price,Discount\na,0,1,2\n"), "unknown field `Discount`"),
            (refusal("MeterId,LowerBound,Price\nx,0,1\n"), "meter `x`: "),
            (row("0,-1,"), "price from 0 on: `-1` is negative"),
            (row("5,1,"), "starts at 5"),
            (row("-5,1,"), "lower bound `-5`: a bound is 0 or more"),
            (row("0,1,-2"), "included quantity `-2` is negative"),
            (row(&format!("0,1,2\n{METER},5,1,3")), "different included quantities, `2` and `3`"),
            (row(&format!("0,1,2\n{METER},0.0,1,2")), "two rates for the bound 0"),
        ] {
            assert!(said.starts_with("the price list is refused: ") && said.contains(part), "{said}");
        }
    }
}
