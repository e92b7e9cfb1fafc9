//! Reads a condition from its pieces: `or` binds less than `and`, `and` less than `not`.

use super::words::{Piece, Placed, cut};
use super::{End, Filter, Operator, Path, refused};
use serde_json::Value;
use tenantry_core::Problem;

/// How deep conditions may be nested. Reading is recursive, and a stack is not endless.
const DEEPEST: usize = 32;

const FUNCTIONS: &str = "startswith and endswith";

pub(super) fn parse(text: &str) -> Result<Filter, Problem> {
    let pieces = cut(text)?;
    let mut reader = Reader { pieces: &pieces, at: 0, depth: 0, end: text.chars().count() + 1 };
    let filter = reader.any_of()?;
    match reader.peek() {
        None => Ok(filter),
        Some(piece) => Err(reader.expected("`and`, `or` or the end", &told(Some(piece)))),
    }
}

struct Reader<'a> {
    pieces: &'a [Placed],
    at: usize,
    depth: usize,
    end: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<&Piece> {
        self.pieces.get(self.at).map(|(_, piece)| piece)
    }

    fn next(&mut self) -> Option<Piece> {
        let piece = self.peek().cloned();
        self.at += 1;
        piece
    }

    fn expected(&self, what: &str, seen: &str) -> Problem {
        let place = self.pieces.get(self.at).map_or(self.end, |(place, _)| *place);
        refused(format!("character {place}: expected {what}, found {seen}"))
    }

    /// Takes a piece that must come now.
    fn take(&mut self, piece: &Piece, what: &str) -> Result<(), Problem> {
        if self.peek() != Some(piece) {
            return Err(self.expected(what, &told(self.peek())));
        }
        self.at += 1;
        Ok(())
    }

    fn takes_word(&mut self, word: &str) -> bool {
        let is = matches!(self.peek(), Some(Piece::Word(seen)) if seen.eq_ignore_ascii_case(word));
        self.at += usize::from(is);
        is
    }

    fn any_of(&mut self) -> Result<Filter, Problem> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(refused(format!("the condition is nested more than {DEEPEST} deep; write it flatter")));
        }
        let mut left = self.all_of()?;
        while self.takes_word("or") {
            left = Filter::Or(Box::new(left), Box::new(self.all_of()?));
        }
        self.depth -= 1;
        Ok(left)
    }

    fn all_of(&mut self) -> Result<Filter, Problem> {
        let mut left = self.negation()?;
        while self.takes_word("and") {
            left = Filter::And(Box::new(left), Box::new(self.negation()?));
        }
        Ok(left)
    }

    fn negation(&mut self) -> Result<Filter, Problem> {
        let mut negated = false;
        while self.takes_word("not") {
            negated = !negated;
        }
        let inner = self.simple()?;
        Ok(if negated { Filter::Not(Box::new(inner)) } else { inner })
    }

    fn simple(&mut self) -> Result<Filter, Problem> {
        match self.peek() {
            Some(Piece::Open) => {
                self.at += 1;
                let inner = self.any_of()?;
                self.take(&Piece::Close, "`)`")?;
                Ok(inner)
            }
            Some(Piece::Word(word)) => {
                let word = word.clone();
                let calls = matches!(self.pieces.get(self.at + 1), Some((_, Piece::Open)));
                if calls { self.function(&word) } else { self.comparison() }
            }
            other => Err(self.expected("a property or a function", &told(other))),
        }
    }

    /// `startswith(path,'text')`, `path/any(x: ..)`; version 3 clients may write `eq true` behind it.
    fn function(&mut self, word: &str) -> Result<Filter, Problem> {
        let lower = word.to_ascii_lowercase();
        let found = match lower.as_str() {
            "startswith" => self.affix(End::Start)?,
            "endswith" => self.affix(End::Finish)?,
            "not" => return Err(self.expected("a condition", "nothing to negate")),
            _ => match word.rsplit_once('/') {
                Some((list, name)) if name.eq_ignore_ascii_case("any") => self.any(list)?,
                _ => {
                    let what = format!("`{word}` is no function that is served; {FUNCTIONS} are, and any over a list");
                    return Err(Problem::new(tenantry_core::Reason::Unsupported, what).at(super::OPTION));
                }
            },
        };
        if !self.takes_word("eq") {
            return Ok(found);
        }
        if self.takes_word("true") {
            Ok(found)
        } else if self.takes_word("false") {
            Ok(Filter::Not(Box::new(found)))
        } else {
            Err(self.expected("`true` or `false`", &told(self.peek())))
        }
    }

    fn affix(&mut self, end: End) -> Result<Filter, Problem> {
        self.at += 2;
        let path = self.path()?;
        self.take(&Piece::Comma, "`,`")?;
        let Some(Piece::Text(text)) = self.peek().cloned() else {
            return Err(self.expected("a text in single quotes", &told(self.peek())));
        };
        self.at += 1;
        self.take(&Piece::Close, "`)`")?;
        Ok(Filter::Affix(path, end, text))
    }

    fn any(&mut self, list: &str) -> Result<Filter, Problem> {
        let path = self.path_of(list)?;
        self.at += 2;
        if self.peek() == Some(&Piece::Close) {
            self.at += 1;
            return Ok(Filter::Any(path, None));
        }
        let Some(Piece::Word(name)) = self.peek().cloned() else {
            return Err(self.expected("a name for the elements, as in any(x:x eq 'a')", &told(self.peek())));
        };
        self.at += 1;
        self.take(&Piece::Colon, "`:`")?;
        let inner = self.any_of()?;
        self.take(&Piece::Close, "`)`")?;
        Ok(Filter::Any(path, Some((name, Box::new(inner)))))
    }

    fn comparison(&mut self) -> Result<Filter, Problem> {
        let path = self.path()?;
        let Some(Piece::Word(operator)) = self.peek().cloned() else {
            return Err(self.expected("eq, ne, gt, ge, lt, le or in", &told(self.peek())));
        };
        let operator = match operator.to_ascii_lowercase().as_str() {
            "eq" => Operator::Eq,
            "ne" => Operator::Ne,
            "gt" => Operator::Gt,
            "ge" => Operator::Ge,
            "lt" => Operator::Lt,
            "le" => Operator::Le,
            "in" => {
                self.at += 1;
                return Ok(Filter::In(path, self.values()?));
            }
            _ => return Err(self.expected("eq, ne, gt, ge, lt, le or in", &format!("`{operator}`"))),
        };
        self.at += 1;
        Ok(Filter::Compare(path, operator, self.value()?))
    }

    fn values(&mut self) -> Result<Vec<Value>, Problem> {
        self.take(&Piece::Open, "`(`")?;
        let mut values = vec![self.value()?];
        while self.peek() == Some(&Piece::Comma) {
            self.at += 1;
            values.push(self.value()?);
        }
        self.take(&Piece::Close, "`,` or `)`")?;
        Ok(values)
    }

    fn path(&mut self) -> Result<Path, Problem> {
        match self.peek().cloned() {
            Some(Piece::Word(word)) => {
                let path = self.path_of(&word)?;
                self.at += 1;
                Ok(path)
            }
            other => Err(self.expected("a property", &told(other.as_ref()))),
        }
    }

    fn path_of(&self, word: &str) -> Result<Path, Problem> {
        let segments: Vec<String> = word.split('/').map(str::to_owned).collect();
        let is_name = |segment: &String| {
            segment.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                && segment.chars().all(|c| c.is_alphanumeric() || c == '_')
        };
        if segments.iter().all(is_name) {
            Ok(Path(segments))
        } else {
            Err(self.expected("a property", &format!("`{word}`")))
        }
    }

    fn value(&mut self) -> Result<Value, Problem> {
        let value = match self.peek() {
            Some(Piece::Text(text)) => Some(Value::from(text.clone())),
            Some(Piece::Typed(kind, text)) => match kind.to_ascii_lowercase().as_str() {
                "guid" | "datetime" | "datetimeoffset" => Some(Value::from(text.clone())),
                _ => None,
            },
            Some(Piece::Word(word)) => match word.to_ascii_lowercase().as_str() {
                "null" => Some(Value::Null),
                "true" => Some(Value::Bool(true)),
                "false" => Some(Value::Bool(false)),
                bare if is_bare(bare) => Some(Value::from(word.clone())),
                number => number.parse::<i64>().ok().map(Value::from),
            },
            _ => None,
        };
        let Some(value) = value else {
            let what = "a value: a text in single quotes, a number, a date, a GUID, true, false or null";
            return Err(self.expected(what, &told(self.peek())));
        };
        self.next();
        Ok(value)
    }
}

/// A date or a GUID, which version 4 writes without quotes.
fn is_bare(word: &str) -> bool {
    uuid::Uuid::try_parse(word).is_ok() || (word.contains('-') && tenantry_core::Timestamp::parse(word).is_ok())
}

fn told(piece: Option<&Piece>) -> String {
    match piece {
        None => "the end".to_owned(),
        Some(Piece::Open) => "`(`".to_owned(),
        Some(Piece::Close) => "`)`".to_owned(),
        Some(Piece::Comma) => "`,`".to_owned(),
        Some(Piece::Colon) => "`:`".to_owned(),
        Some(Piece::Word(text) | Piece::Text(text) | Piece::Typed(text, _)) => {
            format!("`{}`", text.chars().take(60).collect::<String>())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tree in brackets, so that rows stay readable.
    fn show(filter: &Filter) -> String {
        match filter {
            Filter::And(one, other) => format!("[{} & {}]", show(one), show(other)),
            Filter::Or(one, other) => format!("[{} | {}]", show(one), show(other)),
            Filter::Not(inner) => format!("!{}", show(inner)),
            Filter::Compare(path, operator, value) => format!("{} {operator:?} {value}", path.0.join("/")),
            Filter::In(path, values) => format!("{} in {values:?}", path.0.join("/")),
            Filter::Affix(path, end, text) => format!("{} {end:?} {text}", path.0.join("/")),
            Filter::Any(path, None) => format!("{} is not empty", path.0.join("/")),
            Filter::Any(path, Some((name, inner))) => format!("{} has {name}: {}", path.0.join("/"), show(inner)),
        }
    }

    #[test]
    fn what_clients_write_is_read() {
        for (text, expected) in [
            ("startswith(displayName,'A b')", "displayName Start A b"),
            ("displayName eq 'O''Clock'", "displayName Eq \"O'Clock\""),
            ("a eq 'x' or b eq 'y' and c eq 'z'", "[a Eq \"x\" | [b Eq \"y\" & c Eq \"z\"]]"),
            ("(a eq 'x' or b eq 'y') AND c Eq 'z'", "[[a Eq \"x\" | b Eq \"y\"] & c Eq \"z\"]"),
            ("not a eq true and b eq false", "[!a Eq true & b Eq false]"),
            ("not(a eq null)", "!a Eq null"),
            ("otherMails/any(x:x eq 'a@b.c')", "otherMails has x: x Eq \"a@b.c\""),
            (
                "signInNames/any(n: n/type eq 'e' and n/value ge 'b')",
                "signInNames has n: [n/type Eq \"e\" & n/value Ge \"b\"]",
            ),
            ("assignedLicenses/any()", "assignedLicenses is not empty"),
            ("startswith(a,'x') eq true", "a Start x"),
            ("startswith(a,'x') eq false", "!a Start x"),
            ("endsWith(mail,'b.c')", "mail Finish b.c"),
            ("createdDateTime ge datetime'2016-01-01T00:00:00Z'", "createdDateTime Ge \"2016-01-01T00:00:00Z\""),
            ("createdDateTime le 2016-01-01T00:00:00Z", "createdDateTime Le \"2016-01-01T00:00:00Z\""),
            ("appId eq 00000002-0000-0000-c000-000000000000", "appId Eq \"00000002-0000-0000-c000-000000000000\""),
            (
                "appId eq guid'00000002-0000-0000-c000-000000000000'",
                "appId Eq \"00000002-0000-0000-c000-000000000000\"",
            ),
            ("id in ('a', 'b')", "id in [String(\"a\"), String(\"b\")]"),
            ("n gt -5 and n lt 7", "[n Gt -5 & n Lt 7]"),
        ] {
            assert_eq!(Filter::parse(text).map(|filter| show(&filter)).ok().as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_condition_is_refused_with_its_place() {
        for (text, why) in [
            ("", "character 1: expected a property or a function, found the end"),
            ("displayName", "character 12: expected eq, ne, gt, ge, lt, le or in, found the end"),
            ("displayName like 'x'", "character 13: expected eq, ne, gt, ge, lt, le or in, found `like`"),
            ("displayName eq", "character 15: expected a value"),
            ("displayName eq x", "character 16: expected a value"),
            ("displayName eq 1.5", "character 16: expected a value"),
            ("displayName eq X'41'", "character 16: expected a value"),
            ("'x' eq displayName", "character 1: expected a property or a function, found `x`"),
            ("a eq 'x' and", "character 13: expected a property or a function, found the end"),
            ("a eq 'x' b eq 'y'", "character 10: expected `and`, `or` or the end, found `b`"),
            ("(a eq 'x'", "character 10: expected `)`, found the end"),
            ("a eq 'x')", "character 9: expected `and`, `or` or the end, found `)`"),
            ("startswith(a)", "character 13: expected `,`, found `)`"),
            ("startswith(a,b)", "character 14: expected a text in single quotes, found `b`"),
            ("startswith('a',a)", "character 12: expected a property, found `a`"),
            ("startswith(a,'x') eq maybe", "character 22: expected `true` or `false`, found `maybe`"),
            ("l/any(:x eq 'a')", "character 7: expected a name for the elements"),
            ("l/any(x x eq 'a')", "character 9: expected `:`, found `x`"),
            ("substringof('a',b)", "`substringof` is no function that is served"),
            ("l/all(x:x eq 'a')", "`l/all` is no function that is served"),
            ("a/$count eq 0", "character 1: expected a property, found `a/$count`"),
            ("7up eq 'x'", "character 1: expected a property, found `7up`"),
            ("id in 'a'", "character 7: expected `(`, found `a`"),
            ("id in ()", "character 8: expected a value"),
            ("id in ('a'", "character 11: expected `,` or `)`, found the end"),
            ("a eq 'x", "character 6: the text has no closing quote"),
        ] {
            let problem = Filter::parse(text).unwrap_err();
            assert!(problem.message().contains(why), "{text}: {problem:?}");
            assert_eq!(problem.field(), Some("$filter"), "{text}");
        }
        for deep in ["(".repeat(100), "l/any(x:".repeat(100)] {
            assert!(Filter::parse(&deep).unwrap_err().message().contains("32 deep"));
        }
        assert!(Filter::parse(&"not ".repeat(1_000)).is_err());
    }
}
