//! Whether a condition holds of a thing. Texts are compared without regard to letter case, as a directory does.

use super::{End, Filter, Operator, Path};
use crate::odata::Entity;
use serde_json::Value;
use std::cmp::Ordering;
use tenantry_core::Timestamp;

impl Filter {
    /// Whether it holds. A property that is not there is null.
    pub(crate) fn holds(&self, entity: &Entity) -> bool {
        self.holds_in(&Scope { entity, element: None })
    }

    fn holds_in(&self, scope: &Scope<'_>) -> bool {
        match self {
            Self::And(one, other) => one.holds_in(scope) && other.holds_in(scope),
            Self::Or(one, other) => one.holds_in(scope) || other.holds_in(scope),
            Self::Not(inner) => !inner.holds_in(scope),
            Self::Compare(path, operator, value) => compares(scope.value(path), *operator, value),
            Self::In(path, values) => values.iter().any(|value| compares(scope.value(path), Operator::Eq, value)),
            Self::Affix(path, end, text) => scope.value(path).as_str().is_some_and(|seen| has(seen, *end, text)),
            Self::Any(path, condition) => {
                let Value::Array(list) = scope.value(path) else { return false };
                list.iter().any(|element| match condition {
                    None => true,
                    Some((name, inner)) => inner.holds_in(&Scope { element: Some((name, element)), ..*scope }),
                })
            }
        }
    }
}

/// What names mean: the properties of the thing, and inside `any` the element of the list.
#[derive(Clone, Copy)]
struct Scope<'a> {
    entity: &'a Entity,
    element: Option<(&'a str, &'a Value)>,
}

impl<'a> Scope<'a> {
    fn value(&self, path: &Path) -> &'a Value {
        let mut segments = path.0.iter();
        let first = segments.next().map_or("", String::as_str);
        let start = match self.element {
            Some((name, element)) if name == first => element,
            _ => self.entity.get(first).unwrap_or(&Value::Null),
        };
        segments.fold(start, |value, segment| {
            let object = value.as_object();
            let found = object.and_then(|members| members.iter().find(|(name, _)| name.eq_ignore_ascii_case(segment)));
            found.map_or(&Value::Null, |(_, value)| value)
        })
    }
}

fn has(seen: &str, end: End, text: &str) -> bool {
    let (seen, text) = (seen.to_lowercase(), text.to_lowercase());
    match end {
        End::Start => seen.starts_with(&text),
        End::Finish => seen.ends_with(&text),
    }
}

fn compares(seen: &Value, operator: Operator, value: &Value) -> bool {
    let ordering = order(seen, value);
    match operator {
        Operator::Eq => ordering == Some(Ordering::Equal),
        Operator::Ne => ordering != Some(Ordering::Equal),
        Operator::Gt => ordering == Some(Ordering::Greater),
        Operator::Ge => matches!(ordering, Some(Ordering::Greater | Ordering::Equal)),
        Operator::Lt => ordering == Some(Ordering::Less),
        Operator::Le => matches!(ordering, Some(Ordering::Less | Ordering::Equal)),
    }
}

/// How two values stand to each other; `None` if they cannot be compared. Null is equal to null and to nothing else.
fn order(one: &Value, other: &Value) -> Option<Ordering> {
    match (one, other) {
        (Value::Null, Value::Null) => Some(Ordering::Equal),
        (Value::Bool(one), Value::Bool(other)) => Some(one.cmp(other)),
        (Value::Number(one), Value::Number(other)) => Some(one.as_i64()?.cmp(&other.as_i64()?)),
        (Value::String(one), Value::String(other)) => Some(match (instant(one), instant(other)) {
            (Some(one), Some(other)) => one.cmp(&other),
            _ => one.to_lowercase().cmp(&other.to_lowercase()),
        }),
        _ => None,
    }
}

/// Two texts that are both instants are compared as such: fractions and zones may be written differently.
fn instant(text: &str) -> Option<Timestamp> {
    let dated = text.len() >= 10 && text.as_bytes()[..4].iter().all(u8::is_ascii_digit) && text.as_bytes()[4] == b'-';
    dated.then(|| Timestamp::parse(text).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn conditions_hold_or_do_not() {
        let entity = Entity::new()
            .with("displayName", "Order Clerk")
            .with("accountEnabled", true)
            .maybe("mail", None::<&str>)
            .with("usedUnits", 25)
            .with("createdDateTime", "2026-01-10T16:00:00Z")
            .with("otherMails", json!(["clerk@a.test", "desk@b.test"]))
            .with("signInNames", json!([{"type": "userName", "value": "clerk"}]))
            .with("customer", json!({"tenantId": "7"}))
            .empty_lists(["proxyAddresses"]);
        for (text, holds) in [
            ("displayName eq 'order clerk'", true),
            ("DISPLAYNAME ge 'Order' and displayName lt 'P'", true),
            ("displayName le 'Order'", false),
            ("startswith(displayName,'ORDER C')", true),
            ("startswith(mail,'a')", false),
            ("endswith(displayName,'LERK')", true),
            ("accountEnabled eq true", true),
            ("accountEnabled eq 'true'", false),
            ("accountEnabled ne false", true),
            ("mail eq null", true),
            ("mail ne null", false),
            ("displayName ne null", true),
            ("mail eq 'x' or not (mail eq 'x')", true),
            ("mail ge 'a'", false),
            ("usedUnits gt 24 and usedUnits le 25", true),
            ("usedUnits in (1, 25)", true),
            ("createdDateTime ge 2026-01-10T17:00:00+01:00", true),
            ("createdDateTime gt datetime'2026-01-10T16:00:00.000Z'", false),
            ("otherMails/any(x:x eq 'CLERK@a.test')", true),
            ("otherMails/any(x:startswith(x,'desk'))", true),
            ("otherMails/any(x:x eq 'nobody')", false),
            ("otherMails/any()", true),
            ("proxyAddresses/any()", false),
            ("displayName/any(x:x eq 'a')", false),
            ("signInNames/any(n:n/type eq 'username' and n/Value eq 'clerk')", true),
            ("signInNames/any(n:n/type eq 'email')", false),
            ("signInNames/any(n:n/value eq 'clerk' and accountEnabled eq true)", true),
            ("customer/tenantId eq '7'", true),
            ("customer/name eq null", true),
        ] {
            assert_eq!(Filter::parse(text).unwrap().holds(&entity), holds, "{text}");
        }
    }
}
