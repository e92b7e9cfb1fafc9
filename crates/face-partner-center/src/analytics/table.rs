//! A table under a query: rows go in one by one, those of the answer come out.
//!
//! Without an order only the rows of the page are kept; with one at most twice as many as page and `skip` together,
//! because the rest can never be on the page. Groups are bounded by [`GROUPS_MAX`].

use crate::analytics::query::Query;
use serde::ser::{Serialize, SerializeMap, Serializer};
use std::cmp::Ordering;
use std::collections::BTreeMap;
use tenantry_core::{Problem, Reason, Timestamp};

/// Groups of one answer, at most.
const GROUPS_MAX: usize = 10_000;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    /// A GUID: compared in any letter case.
    Id,
    Flag,
    Number,
    Date,
}

/// A column: its name on the wire and what it holds.
pub(super) type Column = (&'static str, Kind);

/// One value. What is not there comes before all others.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Value {
    None,
    Flag(bool),
    Number(i64),
    Text(String),
    Date(Timestamp),
}

impl From<Option<Timestamp>> for Value {
    fn from(at: Option<Timestamp>) -> Self {
        at.map_or(Self::None, Self::Date)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::None => serializer.serialize_none(),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
            Self::Number(number) => serializer.serialize_i64(*number),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Date(at) => serializer.serialize_str(&at.to_string()),
        }
    }
}

/// Values in the order of the columns.
pub(super) type Row = Vec<Value>;

/// What is counted of a group: how many rows, and the sum of a column of numbers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counted {
    pub(super) rows: &'static str,
    pub(super) sum: Option<&'static str>,
}

/// Takes rows of one report.
pub(super) struct Table<'a> {
    query: &'a Query,
    counted: Counted,
    /// The place of the column that is summed.
    summed: Option<usize>,
    kept: Vec<Row>,
    /// Rows that passed the filter.
    total: usize,
    groups: BTreeMap<Row, (i64, i64)>,
}

/// The rows of the answer.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) names: Vec<&'static str>,
    pub(super) rows: Vec<Row>,
    /// All that passed the filter: rows, or groups.
    pub(super) total: usize,
}

impl<'a> Table<'a> {
    pub(super) fn new(query: &'a Query, counted: Counted) -> Self {
        let named = |name: &str| query.columns.iter().position(|(known, _)| *known == name);
        let summed = counted.sum.and_then(named);
        Self { query, counted, summed, kept: Vec::new(), total: 0, groups: BTreeMap::new() }
    }

    /// Takes a row if it passes the filter.
    pub(super) fn take(&mut self, row: Row) -> Result<(), Problem> {
        if !self.query.filter.as_ref().is_none_or(|filter| filter.holds(&row)) {
            return Ok(());
        }
        if !self.query.group_by.is_empty() {
            return self.count(&row);
        }
        self.total += 1;
        let needed = self.query.skip.saturating_add(self.query.top);
        if !self.query.order_by.is_empty() {
            self.kept.push(row);
            if self.kept.len() >= needed.saturating_mul(2).max(1) {
                self.sort();
                self.kept.truncate(needed);
            }
        } else if self.total > self.query.skip && self.kept.len() < self.query.top {
            self.kept.push(row);
        }
        Ok(())
    }

    fn count(&mut self, row: &Row) -> Result<(), Problem> {
        let key: Row = self.query.group_by.iter().filter_map(|place| row.get(*place)).cloned().collect();
        if self.groups.len() >= GROUPS_MAX && !self.groups.contains_key(&key) {
            let message = format!("there are more than {GROUPS_MAX} groups; name fewer columns, or filter");
            return Err(Problem::new(Reason::InvalidField, message).at("groupby"));
        }
        let (rows, sum) = self.groups.entry(key).or_default();
        *rows += 1;
        if let Some(Value::Number(number)) = self.summed.and_then(|place| row.get(place)) {
            *sum = sum.saturating_add(*number);
        }
        Ok(())
    }

    fn sort(&mut self) {
        let query = self.query;
        self.kept.sort_by(|a, b| query.compare(a, b));
    }

    /// The page.
    pub(super) fn finish(mut self) -> Page {
        if self.query.group_by.is_empty() {
            let names = self.query.columns.iter().map(|(name, _)| *name).collect();
            let mut rows = if self.query.order_by.is_empty() {
                self.kept
            } else {
                self.sort();
                self.kept.into_iter().skip(self.query.skip).collect()
            };
            rows.truncate(self.query.top);
            return Page { names, rows, total: self.total };
        }
        let mut names: Vec<_> = self
            .query
            .group_by
            .iter()
            .filter_map(|place| self.query.columns.get(*place))
            .map(|(name, _)| *name)
            .collect();
        names.push(self.counted.rows);
        names.extend(self.counted.sum);
        let total = self.groups.len();
        let sums = self.counted.sum.is_some();
        // Counts of groups are texts (2.16).
        let row = |(mut key, (rows, sum)): (Row, (i64, i64))| {
            key.push(rows.to_string().into());
            key.extend(sums.then(|| sum.to_string().into()));
            key
        };
        let mut rows: Vec<Row> = self.groups.into_iter().map(row).collect();
        rows.sort_by(|a, b| self.query.compare_groups(a, b));
        Page { names, rows: rows.into_iter().skip(self.query.skip).take(self.query.top).collect(), total }
    }
}

/// A row with the names of its columns.
struct Named<'a>(&'a [&'static str], &'a Row);

impl Serialize for Named<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.1.len()))?;
        for (name, value) in self.0.iter().zip(self.1) {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// `{"Value":[..],"@nextLink":null,"TotalCount":2}`, with the capital V of the samples.
impl Page {
    pub(super) fn into_answer(self, next: Option<String>) -> serde_json::Value {
        let rows: Vec<_> = self.rows.iter().map(|row| serde_json::json!(Named(&self.names, row))).collect();
        serde_json::json!({"Value": rows, "@nextLink": next, "TotalCount": self.total})
    }
}

/// Compares two values in a direction.
pub(super) fn directed(a: Option<&Value>, b: Option<&Value>, falling: bool) -> Ordering {
    if falling { b.cmp(&a) } else { a.cmp(&b) }
}
