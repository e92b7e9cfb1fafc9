//! What is wrong with an object of a rate card, in words of our own: which member, and what it should be. The words of the
//! library that reads JSON speak of our types, and change with its versions.

use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// What a member holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Texts,
    List,
    Object,
    Flag,
}

/// Whether an object is refused without a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Need {
    Must,
    /// It may be absent, or `null`.
    May,
    /// It may be absent, not `null`.
    MayNotNull,
}

type Member = (&'static str, Kind, Need);

/// The members of a card that are read.
const CARD: [Member; 4] = [
    ("Meters", Kind::List, Need::Must),
    ("Currency", Kind::Text, Need::Must),
    ("Locale", Kind::Text, Need::May),
    ("IsTaxIncluded", Kind::Flag, Need::MayNotNull),
];

/// Those of a meter.
const METER: [Member; 9] = [
    ("MeterId", Kind::Text, Need::Must),
    ("MeterName", Kind::Text, Need::Must),
    ("MeterCategory", Kind::Text, Need::May),
    ("MeterSubCategory", Kind::Text, Need::May),
    ("MeterRegion", Kind::Text, Need::May),
    ("MeterTags", Kind::Texts, Need::May),
    ("Unit", Kind::Text, Need::Must),
    ("MeterRates", Kind::Object, Need::Must),
    ("EffectiveDate", Kind::Text, Need::Must),
];

/// What is wrong with a card that is JSON and cannot be read.
pub(crate) fn wrong_card(text: &str) -> String {
    wrong(text, &CARD)
}

/// The same of a meter.
pub(crate) fn wrong_meter(text: &str) -> String {
    wrong(text, &METER)
}

fn wrong(text: &str, members: &[Member]) -> String {
    let Ok(given) = serde_json::from_str::<BTreeMap<String, &RawValue>>(text) else {
        return "an object belongs here, `{\"..\": ..}`".to_owned();
    };
    for (name, kind, need) in members {
        match given.get(*name).map(|value| value.get()) {
            None if *need == Need::Must => return format!("`{name}` is missing"),
            None => {}
            Some("null") if *need == Need::May => {}
            Some(value) if kind.holds(value) => {}
            Some(_) => return format!("`{name}` is no {}", kind.name()),
        }
    }
    // Nothing else is left to be wrong: one member twice.
    "a member stands there twice; keep one".to_owned()
}

impl Kind {
    fn holds(self, value: &str) -> bool {
        match self {
            Self::Text => value.starts_with('"'),
            Self::List => value.starts_with('['),
            Self::Texts => serde_json::from_str::<Vec<String>>(value).is_ok(),
            Self::Object => value.starts_with('{'),
            Self::Flag => matches!(value, "true" | "false"),
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Texts => "list of texts",
            Self::List => "list",
            Self::Object => "object from lower bound to price",
            Self::Flag => "`true` or `false`",
        }
    }
}
