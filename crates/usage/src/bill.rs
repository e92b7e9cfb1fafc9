//! What one close billed of an account, packed.
//!
//! A close of a large channel bills millions of rows, and they are kept for ever. Of nearly every row it is enough to
//! know its quantity and its price: the list charge is their product, and each edge's charge is that times a factor.
//! Both are exact, so they are made anew when somebody looks, and a row takes about eight bytes. Rows of which that
//! is not true (a tier was crossed, a price changed after an earlier close) carry their amounts.

use crate::account::RowKey;
use crate::channel::EdgeNo;
use serde::{Deserialize, Serialize};
use tenantry_core::{Amount, Factor, PriceSheetId, Quantity, Rate};

/// What one close billed of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Billed {
    pub(crate) row: RowKey,
    pub(crate) quantity: Quantity,
    pub(crate) list: Amount,
    pub(crate) charges: Vec<(EdgeNo, Amount)>,
    pub(crate) sheet: PriceSheetId,
}

/// What one edge was billed of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OnEdge {
    pub(crate) row: RowKey,
    pub(crate) quantity: Quantity,
    pub(crate) list: Amount,
    pub(crate) charge: Amount,
    pub(crate) sheet: PriceSheetId,
}

impl Billed {
    /// The part of an edge, if it has one.
    pub(crate) fn on(&self, edge: EdgeNo) -> Option<OnEdge> {
        let (_, charge) = self.charges.iter().find(|(of, _)| *of == edge)?;
        Some(OnEdge { row: self.row, quantity: self.quantity, list: self.list, charge: *charge, sheet: self.sheet })
    }
}

/// How rows of a bill were priced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BillTerms {
    pub(crate) sheet: PriceSheetId,
    /// If a unit has one price, whatever was used before.
    pub(crate) rate: Option<Rate>,
    /// What each edge makes of a list charge.
    pub(crate) chain: Vec<(EdgeNo, Factor)>,
}

impl BillTerms {
    /// The charges of a quantity at the one price.
    fn charges(&self, quantity: Quantity, rate: Rate) -> Vec<(EdgeNo, Amount)> {
        self.chain.iter().map(|(edge, factor)| (*edge, Amount::priced(quantity, rate, *factor))).collect()
    }

    /// Whether the amounts of a row follow from its quantity.
    fn explain(&self, billed: &Billed) -> bool {
        self.rate.is_some_and(|rate| {
            billed.list == Amount::list(billed.quantity, rate) && billed.charges == self.charges(billed.quantity, rate)
        })
    }
}

/// All that one close billed of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Bill {
    pub(crate) close: u32,
    terms: Vec<BillTerms>,
    /// Row after row; see [`Bill::push`].
    #[serde(with = "crate::bytes")]
    bytes: Vec<u8>,
    /// The rows that carry their amounts, in order.
    amounts: Vec<(Amount, Vec<(EdgeNo, Amount)>)>,
}

impl Bill {
    pub(crate) fn new(close: u32, terms: Vec<BillTerms>) -> Self {
        Self { close, terms, bytes: Vec::new(), amounts: Vec::new() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Gives back memory that was taken in advance.
    pub(crate) fn shrink(&mut self) {
        self.bytes.shrink_to_fit();
        self.amounts.shrink_to_fit();
    }

    /// Adds a row at the one price of its terms.
    pub(crate) fn push_flat(&mut self, row: RowKey, quantity: Quantity, terms: usize) {
        self.push(row, quantity, terms, false);
    }

    /// Adds a row with its amounts.
    pub(crate) fn push_billed(&mut self, billed: Billed, terms: usize) {
        let follows = self.terms.get(terms).is_some_and(|terms| terms.explain(&billed));
        self.push(billed.row, billed.quantity, terms, !follows);
        if !follows {
            self.amounts.push((billed.list, billed.charges));
        }
    }

    /// A row is: place, channel, day, terms with one bit for whether amounts are kept, then the quantity without its
    /// trailing zeros: how many there were, and the rest.
    fn push(&mut self, row: RowKey, quantity: Quantity, terms: usize, has_amounts: bool) {
        write(&mut self.bytes, u128::from(row.place));
        write(&mut self.bytes, u128::from(row.channel));
        self.bytes.push(row.day);
        write(&mut self.bytes, (terms as u128) << 1 | u128::from(has_amounts));
        let (number, zeros) = without_zeros(quantity.units());
        self.bytes.push(zeros);
        // The sign goes to the lowest bit, so that small negative numbers are short too.
        write(&mut self.bytes, number.unsigned_abs() << 1 | u128::from(number < 0));
    }

    /// The rows, in the order they were added.
    pub(crate) fn rows(&self) -> impl Iterator<Item = Billed> {
        let (mut rest, mut amounts) = (&*self.bytes, self.amounts.iter());
        std::iter::from_fn(move || {
            let row = read_row(&mut rest)?;
            let terms = self.terms.get(row.terms)?;
            let (list, charges) = match (row.has_amounts, terms.rate) {
                (true, _) => amounts.next().cloned()?,
                (false, rate) => {
                    let rate = rate?;
                    (Amount::list(row.quantity, rate), terms.charges(row.quantity, rate))
                }
            };
            Some(Billed { row: row.key, quantity: row.quantity, list, charges, sheet: terms.sheet })
        })
    }

    /// The rows that an edge was billed for. Millions are read for one file: nothing is kept of other edges' charges.
    pub(crate) fn rows_on(&self, edge: EdgeNo) -> impl Iterator<Item = OnEdge> {
        let (mut rest, mut amounts) = (&*self.bytes, self.amounts.iter());
        let factor = |terms: &BillTerms| terms.chain.iter().find(|(of, _)| *of == edge).map(|(_, factor)| *factor);
        let factors: Vec<_> = self.terms.iter().map(factor).collect();
        std::iter::from_fn(move || {
            loop {
                let row = read_row(&mut rest)?;
                let terms = self.terms.get(row.terms)?;
                let rate = terms.rate.unwrap_or(Rate::ZERO);
                let on_edge = if row.has_amounts {
                    let (list, charges) = amounts.next()?;
                    charges.iter().find(|(of, _)| *of == edge).map(|(_, charge)| (*list, *charge))
                } else {
                    let priced =
                        |factor| (Amount::list(row.quantity, rate), Amount::priced(row.quantity, rate, factor));
                    factors.get(row.terms).copied().flatten().map(priced)
                };
                if let Some((list, charge)) = on_edge {
                    return Some(OnEdge { row: row.key, quantity: row.quantity, list, charge, sheet: terms.sheet });
                }
            }
        })
    }

    /// Which rows, without what they came to.
    pub(crate) fn keys(&self) -> impl Iterator<Item = RowKey> {
        let mut rest = &*self.bytes;
        std::iter::from_fn(move || read_row(&mut rest).map(|row| row.key))
    }

    /// Whether the bytes read back to their end: stored ones may be damaged.
    pub(crate) fn is_sound(&self) -> bool {
        let mut rest = &*self.bytes;
        let mut kept = 0;
        while let Some(row) = read_row(&mut rest) {
            let Some(terms) = self.terms.get(row.terms) else { return false };
            kept += usize::from(row.has_amounts);
            if !row.has_amounts && terms.rate.is_none() {
                return false;
            }
        }
        rest.is_empty() && kept == self.amounts.len()
    }
}

struct PackedRow {
    key: RowKey,
    quantity: Quantity,
    terms: usize,
    has_amounts: bool,
}

fn read_row(rest: &mut &[u8]) -> Option<PackedRow> {
    let mut at = *rest;
    let place = u32::try_from(read(&mut at)?).ok()?;
    let channel = u16::try_from(read(&mut at)?).ok()?;
    let day = read_byte(&mut at)?;
    let terms = read(&mut at)?;
    let zeros = read_byte(&mut at)?;
    let number = read(&mut at)?;
    let units = i128::try_from(number >> 1).ok()?.checked_mul(10_i128.checked_pow(u32::from(zeros))?)?;
    *rest = at;
    Some(PackedRow {
        key: RowKey { day, channel, place },
        quantity: Quantity::from_units(if number & 1 == 1 { -units } else { units }),
        terms: usize::try_from(terms >> 1).ok()?,
        has_amounts: terms & 1 == 1,
    })
}

/// A number as groups of seven bits, lowest first, with a bit for whether more follow.
fn write(bytes: &mut Vec<u8>, mut number: u128) {
    loop {
        let low = number.to_le_bytes()[0];
        number >>= 7;
        if number == 0 {
            bytes.push(low & 0x7f);
            return;
        }
        bytes.push(low | 0x80);
    }
}

fn read(bytes: &mut &[u8]) -> Option<u128> {
    let mut number = 0_u128;
    for shift in (0..u128::BITS).step_by(7) {
        let byte = read_byte(bytes)?;
        let bits = u128::from(byte & 0x7f);
        number |= bits.checked_shl(shift).filter(|shifted| shifted >> shift == bits)?;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

fn read_byte(bytes: &mut &[u8]) -> Option<u8> {
    let (first, rest) = bytes.split_first()?;
    *bytes = rest;
    Some(*first)
}

/// A number without its trailing zeros, and how many there were. Quantities with few digits take few bytes.
fn without_zeros(units: i128) -> (i128, u8) {
    /// 128-bit divisions are slow: after the first, most numbers fit half of that.
    const FIRST: (i128, u8) = (1_000_000_000_000, 12);
    const STEPS: [(i64, u8); 4] = [(100_000_000, 8), (10_000, 4), (100, 2), (10, 1)];
    if units == 0 {
        return (0, 0);
    }
    let (number, mut zeros) = match units % FIRST.0 {
        0 => (units / FIRST.0, FIRST.1),
        _ => (units, 0),
    };
    let Ok(mut short) = i64::try_from(number) else { return (number, zeros) };
    for (power, step) in STEPS {
        while short % power == 0 {
            short /= power;
            zeros += step;
        }
    }
    (i128::from(short), zeros)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    proptest! {
        #[test]
        fn a_bill_reads_back_what_was_added(
            rows in prop::collection::vec(
                (0_u8..31, 0_u16..300, any::<u32>(), prop_oneof![any::<i64>().prop_map(i128::from), -10_i128.pow(33)..10_i128.pow(33)], any::<bool>()),
                0..20,
            ),
        ) {
            let rate = Rate::parse("0.0712").unwrap();
            let chain = vec![(3, Factor::parse("0.85").unwrap()), (9, Factor::parse("0.8075").unwrap())];
            let terms = BillTerms { sheet: PriceSheetId::new(Uuid::from_u128(7)), rate: Some(rate), chain };
            let mut bill = Bill::new(1, vec![terms.clone()]);
            let mut added = Vec::new();
            for (day, channel, place, units, own_amounts) in rows {
                let quantity = Quantity::from_units(units);
                let mut billed = Billed {
                    row: RowKey { day, channel, place },
                    quantity,
                    list: Amount::list(quantity, rate),
                    charges: terms.charges(quantity, rate),
                    sheet: terms.sheet,
                };
                if own_amounts {
                    billed.list += Amount::parse("0.01").unwrap();
                }
                bill.push_billed(billed.clone(), 0);
                added.push(billed);
            }
            prop_assert!(bill.is_sound());
            prop_assert_eq!(bill.keys().collect::<Vec<_>>(), added.iter().map(|billed| billed.row).collect::<Vec<_>>());
            for edge in [3, 9, 27] {
                let on_edge: Vec<_> = added.iter().filter_map(|billed| billed.on(edge)).collect();
                prop_assert_eq!(bill.rows_on(edge).collect::<Vec<_>>(), on_edge);
            }
            prop_assert_eq!(bill.rows().collect::<Vec<_>>(), added);
        }
    }
}
