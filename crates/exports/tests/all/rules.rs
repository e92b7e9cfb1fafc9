//! The machine-readable rules of FOCUS 1.2, read and evaluated on a file.
//!
//! A rule has a requirement and a condition; the conditions of the composite rules that name it hold for it too ("when
//! X is not null, X adheres to the following"). Two composites name alternatives: one of them is to hold. Rules of type
//! Dynamic have no requirement a machine could read.

use crate::table::{Decimal, Row, Table};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use tenantry_core::{Currency, Timestamp};

/// What became of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Passed,
    /// Says what may be, so nothing can break it.
    Permits,
    /// There is no requirement a machine could read.
    Unreadable,
    /// One of two alternatives, and the other one holds.
    OtherHolds,
    /// About something that is not offered here, and not kept.
    NotOffered,
    Failed(String),
}

/// The model.
pub struct Rules {
    pub all: BTreeMap<String, Value>,
    parents: HashMap<String, Vec<String>>,
    applicable: HashMap<String, Vec<String>>,
}

/// What is offered here, of the 18 things that rules depend on. Not: availability zones, capacity reservations,
/// commitment discounts, several kinds of accounts or prices, prices in another or a virtual currency, tags of a day.
const OFFERED: [&str; 9] = [
    "ACCOUNT_NAMING_SUPPORTED",
    "NEGOTIATED_PRICING_SUPPORTED",
    "PUBLIC_PRICE_LIST_SUPPORTED",
    "USAGE_MEASUREMENT_SUPPORTED",
    "UNIT_PRICING_SUPPORTED",
    "SUB_ACCOUNT_SUPPORTED",
    "BILLING_BASED_ON_PROVISIONED_RESOURCES_SUPPORTED",
    "RESOURCE_TYPE_ASSIGNMENT_SUPPORTED",
    "REGION_SUPPORTED",
];

impl Rules {
    pub fn read(text: &str) -> Self {
        let model: Value = serde_json::from_str(text).unwrap();
        let rules = model["ModelRules"].as_object().unwrap();
        let all: BTreeMap<_, _> =
            rules.iter().map(|(id, rule)| (id.clone(), rule["ValidationCriteria"].clone())).collect();
        let mut parents: HashMap<String, Vec<String>> = HashMap::new();
        for (id, rule) in &all {
            for item in rule["Requirement"]["Items"].as_array().into_iter().flatten() {
                if let Some(child) = item["ModelRuleId"].as_str() {
                    parents.entry(child.to_owned()).or_default().push(id.clone());
                }
            }
        }
        let names = |rule: &Value| -> Vec<String> {
            let names = rule["ApplicabilityCriteria"].as_array().into_iter().flatten();
            names.map(|name| name.as_str().unwrap().to_owned()).collect()
        };
        let applicable = rules.iter().map(|(id, rule)| (id.clone(), names(rule))).collect();
        Self { all, parents, applicable }
    }

    pub fn evaluate(&self, table: &Table) -> BTreeMap<String, Verdict> {
        let verdict = |id: &String, rule: &Value| match self.verdict(table, id, rule) {
            Verdict::Failed(_) if self.another_holds(table, id) => Verdict::OtherHolds,
            Verdict::Failed(_) if !self.applies(id) => Verdict::NotOffered,
            verdict => verdict,
        };
        self.all.iter().map(|(id, rule)| (id.clone(), verdict(id, rule))).collect()
    }

    /// Whether all that the rule, or a rule that leads to it, is for is offered here.
    fn applies(&self, id: &str) -> bool {
        let offered = |name: &String| OFFERED.contains(&name.as_str());
        let own = self.applicable.get(id).is_none_or(|names| names.iter().all(offered));
        own && self.parents.get(id).into_iter().flatten().all(|parent| self.applies(parent))
    }

    fn another_holds(&self, table: &Table, id: &str) -> bool {
        let mut parents = self.parents.get(id).into_iter().flatten().map(|parent| (parent, &self.all[parent]));
        parents.any(|(parent, rule)| {
            rule["Requirement"]["CheckFunction"] == "OR" && self.verdict(table, parent, rule) == Verdict::Passed
        })
    }

    fn verdict(&self, table: &Table, id: &str, rule: &Value) -> Verdict {
        let requirement = &rule["Requirement"];
        let Some(check) = requirement["CheckFunction"].as_str() else { return Verdict::Unreadable };
        if rule["Keyword"] == "MAY" {
            return Verdict::Permits;
        }
        if requirement["Items"][0]["CheckFunction"] == "CheckModelRule" {
            return self.composite(table, requirement);
        }
        let conditions = self.conditions(id);
        let rows: Vec<_> = table.rows().filter(|row| conditions.iter().all(|c| holds(c, *row))).collect();
        match check {
            "ColumnPresent" => {
                let column = text(requirement, "ColumnName");
                if table.has(column) { Verdict::Passed } else { Verdict::Failed(format!("no column {column}")) }
            }
            "CheckDistinctCount" => distinct(requirement, &rows),
            _ => match rows.iter().find(|row| !holds(requirement, **row)) {
                Some(row) => Verdict::Failed(format!("{requirement} in {row:?}").chars().take(400).collect()),
                None => Verdict::Passed,
            },
        }
    }

    fn composite(&self, table: &Table, requirement: &Value) -> Verdict {
        let children: Vec<_> =
            requirement["Items"].as_array().unwrap().iter().map(|item| text(item, "ModelRuleId")).collect();
        let broken = |child: &&&str| {
            self.applies(child) && matches!(self.verdict(table, child, &self.all[**child]), Verdict::Failed(_))
        };
        let failed: Vec<_> = children.iter().filter(broken).copied().collect();
        let all_failed = failed.len() == children.len();
        let passed = if requirement["CheckFunction"] == "OR" { !all_failed } else { failed.is_empty() };
        if passed { Verdict::Passed } else { Verdict::Failed(format!("by {}", failed.join(", "))) }
    }

    /// The conditions of a rule and of all that lead to it.
    fn conditions(&self, id: &str) -> Vec<&Value> {
        let own = &self.all[id]["Condition"];
        let mut all: Vec<_> =
            Some(own).filter(|own| own.as_object().is_some_and(|own| !own.is_empty())).into_iter().collect();
        for parent in self.parents.get(id).into_iter().flatten() {
            all.extend(self.conditions(parent));
        }
        all
    }
}

fn text<'a>(check: &'a Value, name: &str) -> &'a str {
    check[name].as_str().unwrap_or_else(|| panic!("{name} in {check}"))
}

fn holds(check: &Value, row: Row<'_>) -> bool {
    let Some(function) = check["CheckFunction"].as_str() else {
        // Two conditions of the model are written `{"AND": ..}`.
        let inner = &check["AND"];
        return match inner.as_array() {
            Some(items) => items.iter().all(|item| holds(item, row)),
            None => holds(inner, row),
        };
    };
    let items = || check["Items"].as_array().unwrap().iter();
    // One condition names its column under a wrong member.
    let member = |name: &str| if check[name].is_null() { "CheckCondition" } else { name }.to_owned();
    let cell = |name: &str| row.get(text(check, &member(name)));
    let given = |test: fn(&str) -> bool| cell("ColumnName").is_none_or(test);
    match function {
        "AND" => items().all(|item| holds(item, row)),
        "OR" => items().any(|item| holds(item, row)),
        "CheckValue" => is_value(cell("ColumnName"), &check["Value"]),
        "CheckNotValue" => !is_value(cell("ColumnName"), &check["Value"]),
        "CheckSameValue" => cell("ColumnAName") == cell("ColumnBName"),
        "CheckNotSameValue" => cell("ColumnAName") != cell("ColumnBName"),
        "TypeDecimal" | "FormatNumeric" => given(|cell| Decimal::parse(cell).is_some()),
        "CheckDecimalValue" => cell("ColumnName").is_some_and(|cell| Decimal::parse(cell).is_some()),
        "TypeDateTime" | "FormatDateTime" => given(|cell| cell.len() == 20 && Timestamp::parse(cell).is_ok()),
        // Every cell of a CSV file is text; what text must not be is blank around it.
        "TypeString" | "FormatString" => given(|cell| cell.trim() == cell),
        "FormatKeyValue" => given(|cell| serde_json::from_str::<BTreeMap<String, Value>>(cell).is_ok()),
        "FormatCurrency" | "CheckNationalCurrency" => given(|cell| Currency::parse(cell).is_ok()),
        "FormatUnit" => given(is_unit),
        "CheckGreaterOrEqualThanValue" => given(|cell| Decimal::parse(cell).is_some_and(|value| !value.is_negative())),
        "ColumnByColumnEqualsColumnValue" => {
            let number = |name: &str| cell(name).and_then(Decimal::parse);
            match (number("ColumnAName"), number("ColumnBName"), number("ResultColumnName")) {
                (Some(a), Some(b), Some(result)) => a.times(b).equals(result),
                _ => true,
            }
        }
        other => panic!("a check function that was not there before: {other}"),
    }
}

fn is_value(cell: Option<&str>, value: &Value) -> bool {
    match value {
        Value::Null => cell.is_none(),
        Value::String(expected) => cell == Some(expected),
        other => cell == Some(other.to_string().as_str()),
    }
}

/// Every value of one column goes with so many values of another.
fn distinct(check: &Value, rows: &[Row<'_>]) -> Verdict {
    let (a, b) = (text(check, "ColumnAName"), text(check, "ColumnBName"));
    let expected = usize::try_from(check["ExpectedCount"].as_u64().unwrap()).unwrap();
    let mut seen: BTreeMap<&str, BTreeSet<Option<&str>>> = BTreeMap::new();
    for row in rows {
        if let Some(key) = row.get(a) {
            seen.entry(key).or_default().insert(row.get(b));
        }
    }
    match seen.iter().find(|(_, values)| values.len() != expected) {
        Some((key, values)) => Verdict::Failed(format!("{a} {key} goes with {b} {values:?}")),
        None => Verdict::Passed,
    }
}

/// `Hours`, `10 Hours`, `GB-Hours`, `Requests/Second`, `100 GB/3 Months`: the shapes of UnitFormat.
fn is_unit(unit: &str) -> bool {
    let counted = |part: &str| {
        let words: Vec<_> = part.split(' ').collect();
        let words = match words.split_first() {
            Some((first, rest)) if first.bytes().all(|byte| byte.is_ascii_digit()) => rest,
            _ => &words[..],
        };
        let word = |word: &&str| !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || c == '-');
        !words.is_empty() && words.iter().all(word)
    };
    unit.split('/').count() <= 2 && unit.split('/').all(counted)
}
