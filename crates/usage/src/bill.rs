//! What one close billed of an account, packed.
//!
//! A close of a large channel bills millions of rows, and they are kept for ever. Of nearly every row it is enough to
//! know its quantity and its price: the list charge is their product, and each edge's charge is that times a factor.
//! Both are exact, so they are made anew when somebody looks, and a row takes about eight bytes. Rows of which that
//! is not true (a tier was crossed, a price changed after an earlier close) carry their amounts.

use crate::account::{RowKey, add_to};
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

/// What an edge asks for a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct EdgeRate {
    pub(crate) edge: EdgeNo,
    /// The price of its own, or of an edge above it, if one of them has any. Otherwise the public one is meant.
    pub(crate) own: Option<Rate>,
    /// What that is multiplied by.
    pub(crate) factor: Factor,
}

/// How rows of a bill were priced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BillTerms {
    /// The public sheet.
    pub(crate) sheet: PriceSheetId,
    /// What a unit costs at the public list; `None` if rows carry their amounts.
    pub(crate) rate: Option<Rate>,
    /// What it costs on each edge.
    pub(crate) chain: Vec<EdgeRate>,
}

impl BillTerms {
    /// Those of rows that carry their amounts.
    pub(crate) const fn of_amounts(sheet: PriceSheetId) -> Self {
        Self { sheet, rate: None, chain: Vec::new() }
    }

    /// The charges of a quantity at public unit price.
    pub(crate) fn charges(&self, quantity: Quantity, rate: Rate) -> impl Iterator<Item = (EdgeNo, Amount)> {
        self.chain.iter().map(move |on| (on.edge, on.charge(quantity, rate)))
    }

    /// Whether the amounts of a row follow from its quantity.
    fn explain(&self, billed: &Billed) -> bool {
        self.rate.is_some_and(|rate| {
            billed.list == Amount::list(billed.quantity, rate)
                && self.charges(billed.quantity, rate).eq(billed.charges.iter().copied())
        })
    }

    fn on(&self, edge: EdgeNo) -> Option<&EdgeRate> {
        self.chain.iter().find(|on| on.edge == edge)
    }
}

impl EdgeRate {
    fn charge(&self, quantity: Quantity, public: Rate) -> Amount {
        Amount::priced(quantity, self.own.unwrap_or(public), self.factor)
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

/// What an edge was billed of an account by a close.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OnEdgeTotal {
    pub(crate) quantity: Quantity,
    pub(crate) list: Amount,
    pub(crate) charge: Amount,
    /// The sheet of its last day.
    pub(crate) sheet: PriceSheetId,
}

impl Bill {
    pub(crate) const fn new(close: u32) -> Self {
        Self { close, terms: Vec::new(), bytes: Vec::new(), amounts: Vec::new() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// A bill whose rows are written into memory that was used for others before: growing from nothing took longer than
    /// writing them.
    pub(crate) fn in_room(close: u32, room: &mut Vec<u8>) -> Self {
        Self { bytes: std::mem::take(room), ..Self::new(close) }
    }

    /// The bill in as much memory as it needs; gives the room back, empty.
    pub(crate) fn leave_room(&mut self, room: &mut Vec<u8>) {
        let exact = self.bytes.as_slice().to_vec();
        *room = std::mem::replace(&mut self.bytes, exact);
        room.clear();
        self.amounts.shrink_to_fit();
        self.terms.shrink_to_fit();
    }

    /// The number of some terms among those of the bill. There are few.
    pub(crate) fn terms(&mut self, terms: &BillTerms) -> usize {
        self.terms.iter().position(|known| known == terms).unwrap_or_else(|| {
            self.terms.push(terms.clone());
            self.terms.len() - 1
        })
    }

    /// Adds a row at the unit prices of its terms.
    pub(crate) fn push_flat(&mut self, row: RowKey, quantity: Quantity, terms: usize) {
        self.push(row, quantity, terms, false);
    }

    /// Adds a row with its amounts, if they do not follow from the terms of the day.
    pub(crate) fn push_billed(&mut self, billed: Billed, terms: Option<&BillTerms>) {
        match terms.filter(|terms| terms.explain(&billed)) {
            Some(terms) => {
                let terms = self.terms(terms);
                self.push(billed.row, billed.quantity, terms, false);
            }
            None => {
                let terms = self.terms(&BillTerms::of_amounts(billed.sheet));
                self.push(billed.row, billed.quantity, terms, true);
                self.amounts.push((billed.list, billed.charges));
            }
        }
    }

    /// A row is: place, channel, day, terms with one bit for whether amounts are kept, then the quantity without its
    /// trailing zeros: how many there were, and the rest.
    fn push(&mut self, row: RowKey, quantity: Quantity, terms: usize, has_amounts: bool) {
        write(&mut self.bytes, row.place.into());
        write(&mut self.bytes, row.channel.into());
        self.bytes.push(row.day);
        write(&mut self.bytes, (terms as u64) << 1 | u64::from(has_amounts));
        let (number, zeros) = without_zeros(quantity.units());
        self.bytes.push(zeros);
        // The sign goes to the lowest bit, so that small negative numbers are short too.
        let signed = number.unsigned_abs() << 1 | u128::from(number < 0);
        match u64::try_from(signed) {
            Ok(short) => write(&mut self.bytes, short),
            Err(_) => write_long(&mut self.bytes, signed),
        }
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
                    (Amount::list(row.quantity, rate), terms.charges(row.quantity, rate).collect())
                }
            };
            Some(Billed { row: row.key, quantity: row.quantity, list, charges, sheet: terms.sheet })
        })
    }

    /// The rows that an edge was billed for. Millions are read for one file: nothing is kept of other edges' charges.
    pub(crate) fn rows_on(&self, edge: EdgeNo) -> impl Iterator<Item = OnEdge> {
        let (mut rest, mut amounts) = (&*self.bytes, self.amounts.iter());
        let rates: Vec<_> = self.terms.iter().map(|terms| terms.on(edge)).collect();
        std::iter::from_fn(move || {
            loop {
                let row = read_row(&mut rest)?;
                let terms = self.terms.get(row.terms)?;
                let rate = terms.rate.unwrap_or(Rate::ZERO);
                let on_edge = if row.has_amounts {
                    let (list, charges) = amounts.next()?;
                    charges.iter().find(|(of, _)| *of == edge).map(|(_, charge)| (*list, *charge))
                } else {
                    let priced = |on: &EdgeRate| (Amount::list(row.quantity, rate), on.charge(row.quantity, rate));
                    rates.get(row.terms).copied().flatten().map(priced)
                };
                if let Some((list, charge)) = on_edge {
                    return Some(OnEdge { row: row.key, quantity: row.quantity, list, charge, sheet: terms.sheet });
                }
            }
        })
    }

    /// What an edge was billed for all in all. Rows at one unit price are added up before they are priced: the same sum,
    /// for a product is exact. `None` if it was billed for nothing.
    pub(crate) fn total_on(&self, edge: EdgeNo) -> Option<OnEdgeTotal> {
        self.total_with_rows(edge, |_| ())
    }

    /// As [`Bill::total_on`]; on the way `see` is told each row as [`Bill::rows_on`] gives it, priced by itself.
    pub(crate) fn total_with_rows(&self, edge: EdgeNo, mut see: impl FnMut(OnEdge)) -> Option<OnEdgeTotal> {
        let (mut rest, mut amounts) = (&*self.bytes, self.amounts.iter());
        let on_edge: Vec<_> = self.terms.iter().map(|terms| terms.on(edge)).collect();
        let mut quantities = vec![Quantity::ZERO; self.terms.len()];
        let mut last: Option<(u8, usize)> = None;
        let (mut list, mut charge) = (Amount::ZERO, Amount::ZERO);
        while let Some(row) = read_row(&mut rest) {
            if row.has_amounts {
                let (of_row, charges) = amounts.next()?;
                let Some((_, charged)) = charges.iter().find(|(of, _)| *of == edge) else { continue };
                (list, charge) = (list + *of_row, charge + *charged);
                let sheet = self.terms.get(row.terms)?.sheet;
                see(OnEdge { row: row.key, quantity: row.quantity, list: *of_row, charge: *charged, sheet });
            } else {
                let (terms, Some(on)) = (self.terms.get(row.terms)?, on_edge.get(row.terms)?) else { continue };
                let (quantity, rate) = (row.quantity, terms.rate.unwrap_or(Rate::ZERO));
                let (list, charge) = (Amount::list(quantity, rate), on.charge(quantity, rate));
                see(OnEdge { row: row.key, quantity, list, charge, sheet: terms.sheet });
            }
            let sum = quantities.get_mut(row.terms)?;
            *sum = sum.checked_add(row.quantity).unwrap_or(*sum);
            if last.is_none_or(|(day, _)| day <= row.key.day) {
                last = Some((row.key.day, row.terms));
            }
        }
        let sheet = self.terms.get(last?.1)?.sheet;
        for ((terms, on), quantity) in self.terms.iter().zip(&on_edge).zip(&quantities) {
            if let (Some(rate), Some(on)) = (terms.rate, on) {
                list += Amount::list(*quantity, rate);
                charge += on.charge(*quantity, rate);
            }
        }
        let quantity = quantities.iter().fold(Quantity::ZERO, |sum, more| sum.checked_add(*more).unwrap_or(sum));
        Some(OnEdgeTotal { quantity, list, charge, sheet })
    }

    /// What each edge was billed, all in all.
    pub(crate) fn totals(&self) -> Vec<(EdgeNo, Amount)> {
        let mut sums = Vec::new();
        let mut quantities = vec![Quantity::ZERO; self.terms.len()];
        let mut rest = &*self.bytes;
        while let Some(row) = read_row(&mut rest) {
            if let Some(sum) = quantities.get_mut(row.terms).filter(|_| !row.has_amounts) {
                *sum = sum.checked_add(row.quantity).unwrap_or(*sum);
            }
        }
        for (terms, quantity) in self.terms.iter().zip(quantities) {
            let Some(rate) = terms.rate else { continue };
            terms.charges(quantity, rate).for_each(|(edge, charge)| add_to(&mut sums, edge, charge));
        }
        let carried = self.amounts.iter().flat_map(|(_, charges)| charges);
        carried.for_each(|(edge, charge)| add_to(&mut sums, *edge, *charge));
        sums
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
    let units = scaled(read_long(&mut at)?, zeros)?;
    *rest = at;
    Some(PackedRow {
        key: RowKey { day, channel, place },
        quantity: Quantity::from_units(units),
        terms: usize::try_from(terms >> 1).ok()?,
        has_amounts: terms & 1 == 1,
    })
}

/// A number with its sign in the lowest bit, and the zeros it was written without.
fn scaled(signed: u128, zeros: u8) -> Option<i128> {
    let power = *POWERS.get(usize::from(zeros))?;
    let units = match (u32::try_from(signed >> 1), i64::try_from(power)) {
        // Nearly all of them: one multiplication, which cannot overflow.
        (Ok(number), Ok(power)) => i128::from(number) * i128::from(power),
        _ => i128::try_from(signed >> 1).ok()?.checked_mul(power)?,
    };
    Some(if signed & 1 == 1 { -units } else { units })
}

/// Powers of ten: as many zeros as a number of 128 bits can end in.
const POWERS: [i128; 39] = {
    let mut powers = [1; 39];
    let mut zeros = 1;
    while zeros < powers.len() {
        powers[zeros] = powers[zeros - 1] * 10;
        zeros += 1;
    }
    powers
};

/// A number as groups of seven bits, lowest first, with a bit for whether more follow.
fn write(bytes: &mut Vec<u8>, mut number: u64) {
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

/// The same of numbers that need more bits.
fn write_long(bytes: &mut Vec<u8>, mut number: u128) {
    while number >> 7 != 0 {
        bytes.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    bytes.push(number.to_le_bytes()[0]);
}

/// Nearly all numbers are one byte.
#[inline]
fn read(bytes: &mut &[u8]) -> Option<u64> {
    match bytes.split_first() {
        Some((first, rest)) if first & 0x80 == 0 => {
            *bytes = rest;
            Some((*first).into())
        }
        _ => u64::try_from(read_long(bytes)?).ok(),
    }
}

fn read_long(bytes: &mut &[u8]) -> Option<u128> {
    /// Bits that a short number may have: most have fewer, and 64-bit arithmetic is enough for them.
    const SHORT: u32 = 63;
    let mut short = 0_u64;
    for shift in (0..SHORT).step_by(7) {
        let byte = read_byte(bytes)?;
        short |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(short.into());
        }
    }
    let mut number = u128::from(short);
    for shift in (SHORT..u128::BITS).step_by(7) {
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
    let (number, mut zeros) = match divided(units) {
        Some(whole) => (whole, FIRST.1),
        None => (units, 0),
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

/// A number divided by 10^12, if it is a multiple of that. Without a division: the odd part of 10^12 has an inverse
/// among numbers of 128 bits, and multiples of it, and they alone, come out small.
const fn divided(units: i128) -> Option<i128> {
    const TWOS: u32 = 12;
    const ODD: i128 = 5_i128.pow(TWOS);
    const INVERSE: i128 = {
        // Each step of Newton's doubles the bits that are right; the first three are.
        let mut inverse = ODD;
        let mut step = 0;
        while step < 6 {
            inverse = inverse.wrapping_mul(2_i128.wrapping_sub(ODD.wrapping_mul(inverse)));
            step += 1;
        }
        inverse
    };
    if units.trailing_zeros() < TWOS {
        return None;
    }
    let quotient = (units >> TWOS).wrapping_mul(INVERSE);
    if quotient >= i128::MIN / ODD && quotient <= i128::MAX / ODD { Some(quotient) } else { None }
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
            let on = |edge, own: Option<&str>, factor: &str| EdgeRate {
                edge,
                own: own.map(|own| Rate::parse(own).unwrap()),
                factor: Factor::parse(factor).unwrap(),
            };
            let chain = vec![on(3, None, "0.85"), on(9, Some("0.081"), "1"), on(5, Some("0.081"), "0.9")];
            let terms = BillTerms { sheet: PriceSheetId::new(Uuid::from_u128(7)), rate: Some(rate), chain };
            let mut bill = Bill::new(1);
            let mut added = Vec::new();
            for (day, channel, place, units, own_amounts) in rows {
                let quantity = Quantity::from_units(units);
                let mut billed = Billed {
                    row: RowKey { day, channel, place },
                    quantity,
                    list: Amount::list(quantity, rate),
                    charges: terms.charges(quantity, rate).collect(),
                    sheet: terms.sheet,
                };
                if own_amounts {
                    billed.list += Amount::parse("0.01").unwrap();
                }
                bill.push_billed(billed.clone(), Some(&terms));
                added.push(billed);
            }
            prop_assert!(bill.is_sound());
            prop_assert_eq!(bill.keys().collect::<Vec<_>>(), added.iter().map(|billed| billed.row).collect::<Vec<_>>());
            for edge in [3, 9, 5, 27] {
                let on_edge: Vec<_> = added.iter().filter_map(|billed| billed.on(edge)).collect();
                let total = bill.total_on(edge);
                prop_assert_eq!(total.is_some(), !on_edge.is_empty());
                if let Some(total) = total {
                    let quantity: i128 = on_edge.iter().map(|row| row.quantity.units()).sum();
                    prop_assert_eq!(total.quantity.units(), quantity);
                    prop_assert_eq!(total.list, on_edge.iter().map(|row| row.list).sum());
                    prop_assert_eq!(total.charge, on_edge.iter().map(|row| row.charge).sum());
                    prop_assert_eq!(crate::account::sum_of(&bill.totals(), edge), total.charge);
                }
                prop_assert_eq!(bill.rows_on(edge).collect::<Vec<_>>(), on_edge);
            }
            prop_assert_eq!(bill.rows().collect::<Vec<_>>(), added);
        }
    }

    #[test]
    fn zeros_are_counted_without_divisions_as_with_them() {
        let power = |zeros: u32| 10_i128.pow(zeros);
        for number in [1, 7, -3, 123_456_789, i128::from(i64::MAX), -i128::from(i64::MAX), (1 << 100) + 1] {
            for zeros in 0..39 {
                let Some(units) = 10_i128.checked_pow(zeros).and_then(|power| power.checked_mul(number)) else { break };
                let (rest, counted) = without_zeros(units);
                assert_eq!(rest.checked_mul(power(counted.into())), Some(units));
                assert_eq!(divided(units), (units % power(12) == 0).then(|| units / power(12)), "{units}");
                assert!(i64::try_from(rest).is_err() || rest % 10 != 0, "{units}");
            }
        }
        for units in [i128::MAX, i128::MIN, i128::MAX - 4_095, 1 << 126, 0] {
            assert_eq!(divided(units), (units % power(12) == 0).then(|| units / power(12)), "{units}");
        }
    }
}
