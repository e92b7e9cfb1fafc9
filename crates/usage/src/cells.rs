//! Quantities of one series in one month, by hour: small, exact, quick to add to.
//!
//! There are more of these than of anything else but names, so they are packed. Hours with usage only, rising, each
//! with its quantity as a whole number at a decimal scale that all of the series share: `0.25` and `1.5` are 25 and
//! 150 at a scale of two digits and take four bytes each. A quantity with more digits lowers the scale, one that is
//! too large widens all numbers of the series, up to the full 128 bits: nothing is ever rounded.

use serde::{Deserialize, Serialize};

/// The hour within its month, and the part of that hour: see [`CellKey::new`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct CellKey(u16);

/// An hour that a channel changed in has a part before and parts after. Few have; 6 bits are enough.
const PART_BITS: u32 = 6;
const HOURS_PER_DAY: u16 = 24;

impl CellKey {
    /// Days of the month count from 0. Parts count from 0 too: how often the channel changed within the hour until
    /// then.
    pub(crate) fn new(day: u8, hour: u8, part: u8) -> Self {
        let hour = u16::from(day) * HOURS_PER_DAY + u16::from(hour);
        Self(hour << PART_BITS | u16::from(part).min((1 << PART_BITS) - 1))
    }

    pub(crate) fn day(self) -> u8 {
        u8::try_from((self.0 >> PART_BITS) / HOURS_PER_DAY).unwrap_or(u8::MAX)
    }

    pub(crate) fn hour(self) -> u8 {
        u8::try_from((self.0 >> PART_BITS) % HOURS_PER_DAY).unwrap_or(u8::MAX)
    }

    pub(crate) fn part(self) -> usize {
        usize::from(self.0 & ((1 << PART_BITS) - 1))
    }
}

/// Quantities by hour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Cells {
    /// Key (two bytes) and number (`width` bytes) of each cell, lowest byte first, rising by key.
    #[serde(with = "crate::bytes")]
    bytes: Vec<u8>,
    /// Numbers are in units of 10^(exponent - 18).
    exponent: u8,
    width: u8,
}

const KEY: usize = 2;
const WIDTHS: [u8; 3] = [4, 8, 16];
const EXPONENT_MAX: u8 = 18;

impl Default for Cells {
    fn default() -> Self {
        Self { bytes: Vec::new(), exponent: EXPONENT_MAX, width: WIDTHS[0] }
    }
}

impl Cells {
    /// Adds units of 10^-18.
    pub(crate) fn add(&mut self, key: CellKey, units: i128) {
        let mut number = self.scaled(units);
        let at = match self.find(key) {
            Ok(at) => {
                number = self.number(at).saturating_add(number);
                at
            }
            Err(at) => {
                self.insert(at, key);
                at
            }
        };
        while !fits(number, self.width) {
            self.widen();
        }
        self.put(at, number);
    }

    /// Each cell with its units of 10^-18, rising.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (CellKey, i128)> {
        let power = ten_to(self.exponent);
        (0..self.len()).map(move |at| (self.key(at), self.number(at).saturating_mul(power)))
    }

    /// Whether every part makes sense: stored bytes may be damaged.
    pub(crate) fn is_sound(&self) -> bool {
        let rising = (1..self.len()).all(|at| self.key(at - 1) < self.key(at));
        WIDTHS.contains(&self.width)
            && self.exponent <= EXPONENT_MAX
            && self.bytes.len().is_multiple_of(self.stride())
            && rising
            && (0..self.len()).all(|at| self.number(at).checked_mul(ten_to(self.exponent)).is_some())
    }

    fn stride(&self) -> usize {
        KEY + usize::from(self.width)
    }

    fn len(&self) -> usize {
        self.bytes.len() / self.stride()
    }

    /// Usage mostly comes in order: the last cell is looked at first.
    fn find(&self, key: CellKey) -> Result<usize, usize> {
        let len = self.len();
        if len == 0 || self.key(len - 1) < key {
            return Err(len);
        }
        let (mut low, mut high) = (0, len - 1);
        if self.key(high) == key {
            return Ok(high);
        }
        while low < high {
            let middle = usize::midpoint(low, high);
            match self.key(middle).cmp(&key) {
                std::cmp::Ordering::Equal => return Ok(middle),
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        Err(low)
    }

    fn key(&self, at: usize) -> CellKey {
        let from = at * self.stride();
        CellKey(self.bytes.get(from..from + KEY).map_or(0, |bytes| u16::from_le_bytes([bytes[0], bytes[1]])))
    }

    fn number(&self, at: usize) -> i128 {
        let from = at * self.stride() + KEY;
        let Some(bytes) = self.bytes.get(from..from + usize::from(self.width)) else { return 0 };
        match self.width {
            4 => bytes.try_into().map_or(0, |bytes| i128::from(i32::from_le_bytes(bytes))),
            8 => bytes.try_into().map_or(0, |bytes| i128::from(i64::from_le_bytes(bytes))),
            _ => bytes.try_into().map_or(0, i128::from_le_bytes),
        }
    }

    fn put(&mut self, at: usize, number: i128) {
        let (from, width) = (at * self.stride() + KEY, usize::from(self.width));
        if let Some(bytes) = self.bytes.get_mut(from..from + width) {
            bytes.copy_from_slice(&number.to_le_bytes()[..width]);
        }
    }

    fn insert(&mut self, at: usize, key: CellKey) {
        /// Room is made for a quarter more: doubling would leave a third of all memory empty.
        const ROOM: usize = 4;
        let (stride, from, len) = (self.stride(), at * self.stride(), self.bytes.len());
        if self.bytes.capacity() - len < stride {
            self.bytes.reserve_exact((self.len() / ROOM + 1) * stride);
        }
        self.bytes.resize(len + stride, 0);
        self.bytes.copy_within(from..len, from + stride);
        self.bytes[from..from + KEY].copy_from_slice(&key.0.to_le_bytes());
        self.put(at, 0);
    }

    /// The number that stands for units at this scale; the scale is lowered until it can be said exactly.
    fn scaled(&mut self, units: i128) -> i128 {
        loop {
            let power = ten_to(self.exponent);
            // Most quantities are small: 64-bit division is several times as fast.
            let (number, rest) = match (i64::try_from(units), i64::try_from(power)) {
                (Ok(units), Ok(power)) => (i128::from(units / power), i128::from(units % power)),
                _ => (units / power, units % power),
            };
            if rest == 0 {
                return number;
            }
            self.lower_scale(units);
        }
    }

    /// To the highest scale at which units are a whole number.
    fn lower_scale(&mut self, units: i128) {
        let exponent = (0..self.exponent).rev().find(|exponent| units % ten_to(*exponent) == 0).unwrap_or(0);
        let factor = ten_to(self.exponent - exponent);
        let numbers: Vec<_> = (0..self.len()).map(|at| self.number(at).saturating_mul(factor)).collect();
        self.exponent = exponent;
        while !numbers.iter().all(|number| fits(*number, self.width)) {
            self.widen();
        }
        for (number, at) in numbers.into_iter().zip(0..) {
            self.put(at, number);
        }
    }

    fn widen(&mut self) {
        let cells: Vec<_> = (0..self.len()).map(|at| (self.key(at), self.number(at))).collect();
        self.width = WIDTHS.into_iter().find(|width| *width > self.width).unwrap_or(WIDTHS[2]);
        self.bytes = vec![0; cells.len() * self.stride()];
        for ((key, number), at) in cells.into_iter().zip(0..) {
            let from = at * self.stride();
            self.bytes[from..from + KEY].copy_from_slice(&key.0.to_le_bytes());
            self.put(at, number);
        }
    }
}

const fn fits(number: i128, width: u8) -> bool {
    match width {
        4 => number >= i32::MIN as i128 && number <= i32::MAX as i128,
        8 => number >= i64::MIN as i128 && number <= i64::MAX as i128,
        _ => true,
    }
}

const fn ten_to(exponent: u8) -> i128 {
    10_i128.pow(exponent as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    #[test]
    fn ordinary_quantities_take_four_bytes() {
        const UNIT: i128 = 10_i128.pow(18);
        let mut cells = Cells::default();
        for (hour, units) in [(0, UNIT), (1, UNIT / 4), (2, 1_500 * UNIT), (0, -UNIT / 8)] {
            cells.add(CellKey::new(0, hour, 0), units);
        }
        assert_eq!((cells.width, cells.exponent), (4, 15));
        assert_eq!(cells.bytes.len(), 3 * 6);
    }

    proptest! {
        #[test]
        fn sums_are_those_of_a_plain_map(
            added in prop::collection::vec(
                (0_u8..31, 0_u8..24, 0_u8..3, prop_oneof![
                    (1..1_000_i128).prop_map(|n| n * 10_i128.pow(18)),
                    (-1_000_000..1_000_000_i128).prop_map(|n| n * 10_i128.pow(12)),
                    -10_i128.pow(32)..10_i128.pow(32),
                    Just(0),
                ]),
                0..60,
            ),
        ) {
            let (mut cells, mut plain) = (Cells::default(), BTreeMap::new());
            for (day, hour, part, units) in added {
                cells.add(CellKey::new(day, hour, part), units);
                *plain.entry((day, hour, usize::from(part))).or_insert(0) += units;
            }
            let seen: Vec<_> = cells.iter().map(|(key, units)| ((key.day(), key.hour(), key.part()), units)).collect();
            prop_assert_eq!(seen, plain.into_iter().collect::<Vec<_>>());
            prop_assert!(cells.is_sound());
        }
    }
}
