//! A CSV file as a reader sees it: by column name, with nothing where nothing stands.

use ethnum::I256;
use std::collections::HashMap;

/// A file that was read.
#[derive(Debug)]
pub struct Table {
    places: HashMap<String, usize>,
    rows: Vec<Vec<Option<String>>>,
}

/// A row of it.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    table: &'a Table,
    cells: &'a [Option<String>],
}

impl Table {
    pub fn read(bytes: &[u8]) -> Self {
        let mut reader = csv::Reader::from_reader(bytes);
        let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
        let cell = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let rows = reader.records().map(|row| row.unwrap().iter().map(cell).collect()).collect();
        Self { places: header.into_iter().zip(0..).collect(), rows }
    }

    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|cells| Row { table: self, cells })
    }

    pub fn has(&self, column: &str) -> bool {
        self.places.contains_key(column)
    }

    /// The exact sum of a column, as text.
    pub fn sum(&self, column: &str) -> String {
        let all = self.rows().filter_map(|row| row.get(column));
        Decimal::sum(all.map(|text| Decimal::parse(text).unwrap())).text()
    }
}

impl<'a> Row<'a> {
    pub fn get(&self, column: &str) -> Option<&'a str> {
        self.table.places.get(column).and_then(|place| self.cells[*place].as_deref())
    }
}

impl std::fmt::Debug for Row<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.cells.iter().flatten()).finish()
    }
}

/// Decimal text as a number of any size that occurs: arithmetic of our own, to hold against the program's.
#[derive(Debug, Clone, Copy)]
pub struct Decimal {
    units: I256,
    scale: u32,
}

impl Decimal {
    /// `None` for what is no plain decimal.
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, rest) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, fraction) = rest.split_once('.').unwrap_or((rest, ""));
        let digits = format!("{whole}{fraction}");
        if whole.is_empty() || digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let units = I256::from_str_radix(&digits, 10).ok()?;
        Some(Self { units: if negative { -units } else { units }, scale: u32::try_from(fraction.len()).ok()? })
    }

    pub fn times(self, other: Self) -> Self {
        Self { units: self.units * other.units, scale: self.scale + other.scale }
    }

    pub fn sum(all: impl Iterator<Item = Self>) -> Self {
        let zero = Self { units: I256::ZERO, scale: 0 };
        all.fold(zero, |sum, item| {
            let scale = sum.scale.max(item.scale);
            Self { units: sum.at(scale) + item.at(scale), scale }
        })
    }

    pub fn is_negative(self) -> bool {
        self.units < I256::ZERO
    }

    pub fn equals(self, other: Self) -> bool {
        let scale = self.scale.max(other.scale);
        self.at(scale) == other.at(scale)
    }

    pub fn text(self) -> String {
        let digits = format!("{:0>width$}", self.units.unsigned_abs().to_string(), width = self.scale as usize + 1);
        let (whole, fraction) = digits.split_at(digits.len() - self.scale as usize);
        let fraction = fraction.trim_end_matches('0');
        let sign = if self.is_negative() { "-" } else { "" };
        if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
    }

    fn at(self, scale: u32) -> I256 {
        self.units * I256::new(10).pow(scale - self.scale)
    }
}

/// Whether two decimal texts say the same number.
pub fn same_number(a: &str, b: &str) -> bool {
    Decimal::parse(a).unwrap().equals(Decimal::parse(b).unwrap())
}
