//! The condition of a table: `customerName eq 'Northwind' and licenseCount gt 5 or contains(productName,'E3')`.
//!
//! `and` binds closer than `or`; parentheses are read as well. Texts can be equal or not, or contain something; numbers and
//! dates can be compared. Texts are compared with regard to letter case, ids without.

use crate::analytics::query::column;
use crate::analytics::table::{Column, Kind, Row, Value};
use tenantry_core::{Problem, Timestamp};

/// Longest condition, in bytes, and deepest: what reads it calls itself.
const LENGTH_MAX: usize = 4_000;
const DEPTH_MAX: usize = 16;

const NAME: &str = "filter";

/// A condition.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Filter {
    Any(Vec<Self>),
    All(Vec<Self>),
    Is { place: usize, ignoring_case: bool, operator: Operator, value: Value },
    Contains { place: usize, part: String },
}

/// How a value is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Eq,
    Ne,
    Gt,
    Lt,
    Ge,
    Le,
}

impl Operator {
    fn read(word: &str) -> Option<Self> {
        let known = [
            ("eq", Self::Eq),
            ("ne", Self::Ne),
            ("gt", Self::Gt),
            ("lt", Self::Lt),
            ("ge", Self::Ge),
            ("le", Self::Le),
        ];
        known.into_iter().find(|(name, _)| word.eq_ignore_ascii_case(name)).map(|(_, operator)| operator)
    }
}

impl Filter {
    /// Reads a condition on the columns of a table.
    pub(super) fn read(text: &str, columns: &[Column]) -> Result<Self, Problem> {
        if text.len() > LENGTH_MAX {
            return Err(refused(&format!("it has {} bytes; at most {LENGTH_MAX}", text.len())));
        }
        let mut reader = Reader { tokens: tokens(text)?, at: 0, columns };
        let filter = reader.any(0)?;
        match reader.peek() {
            None => Ok(filter),
            Some(token) => Err(refused(&format!("`{}` stands where `and`, `or` or the end is expected", token.text()))),
        }
    }

    /// Whether a row fulfils it. What is not there is equal to nothing and comes before and after nothing.
    pub(super) fn holds(&self, row: &Row) -> bool {
        match self {
            Self::Any(parts) => parts.iter().any(|part| part.holds(row)),
            Self::All(parts) => parts.iter().all(|part| part.holds(row)),
            Self::Contains { place, part } => {
                matches!(row.get(*place), Some(Value::Text(text)) if text.to_lowercase().contains(part))
            }
            Self::Is { place, ignoring_case, operator, value } => {
                let seen = row.get(*place).unwrap_or(&Value::None);
                let equal = match (seen, value) {
                    (Value::Text(seen), Value::Text(value)) if *ignoring_case => seen.eq_ignore_ascii_case(value),
                    (seen, value) => seen == value,
                };
                let there = *seen != Value::None;
                match operator {
                    Operator::Eq => equal,
                    Operator::Ne => !equal,
                    Operator::Gt => there && seen > value,
                    Operator::Lt => there && seen < value,
                    Operator::Ge => there && seen >= value,
                    Operator::Le => there && seen <= value,
                }
            }
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    Quoted(String),
    Open,
    Close,
    Comma,
}

impl Token {
    fn text(&self) -> &str {
        match self {
            Self::Word(text) | Self::Quoted(text) => text,
            Self::Open => "(",
            Self::Close => ")",
            Self::Comma => ",",
        }
    }
}

/// A quote inside a quoted text is written twice.
fn tokens(text: &str) -> Result<Vec<Token>, Problem> {
    let mut tokens = Vec::new();
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '(' => tokens.push(Token::Open),
            ')' => tokens.push(Token::Close),
            ',' => tokens.push(Token::Comma),
            '\'' => {
                let mut quoted = String::new();
                loop {
                    match rest.next() {
                        Some('\'') if rest.next_if_eq(&'\'').is_some() => quoted.push('\''),
                        Some('\'') => break,
                        Some(c) => quoted.push(c),
                        None => return Err(refused("a text has no closing quote")),
                    }
                }
                tokens.push(Token::Quoted(quoted));
            }
            c if c.is_whitespace() => {}
            c => {
                let mut word = String::from(c);
                while let Some(c) = rest.next_if(|c| !c.is_whitespace() && !matches!(c, '(' | ')' | ',' | '\'')) {
                    word.push(c);
                }
                tokens.push(Token::Word(word));
            }
        }
    }
    Ok(tokens)
}

struct Reader<'a> {
    tokens: Vec<Token>,
    at: usize,
    columns: &'a [Column],
}

impl Reader<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn next(&mut self) -> Result<Token, Problem> {
        let token = self.peek().cloned().ok_or_else(|| refused("it ends in the middle of a comparison"))?;
        self.at += 1;
        Ok(token)
    }

    fn expect(&mut self, wanted: &Token) -> Result<(), Problem> {
        let seen = self.next()?;
        if seen == *wanted {
            return Ok(());
        }
        Err(refused(&format!("`{}` stands where `{}` is expected", seen.text(), wanted.text())))
    }

    fn goes_on(&mut self, word: &str) -> bool {
        let on = matches!(self.peek(), Some(Token::Word(seen)) if seen.eq_ignore_ascii_case(word));
        self.at += usize::from(on);
        on
    }

    fn any(&mut self, depth: usize) -> Result<Filter, Problem> {
        if depth > DEPTH_MAX {
            return Err(refused(&format!("parentheses stand more than {DEPTH_MAX} deep")));
        }
        let mut parts = vec![self.all(depth)?];
        while self.goes_on("or") {
            parts.push(self.all(depth)?);
        }
        Ok(Filter::Any(parts))
    }

    fn all(&mut self, depth: usize) -> Result<Filter, Problem> {
        let mut parts = vec![self.one(depth)?];
        while self.goes_on("and") {
            parts.push(self.one(depth)?);
        }
        Ok(Filter::All(parts))
    }

    fn one(&mut self, depth: usize) -> Result<Filter, Problem> {
        let name = match self.next()? {
            Token::Open => {
                let inner = self.any(depth + 1)?;
                self.expect(&Token::Close)?;
                return Ok(inner);
            }
            Token::Word(name) => name,
            other => return Err(refused(&format!("`{}` stands where a column is expected", other.text()))),
        };
        if name.eq_ignore_ascii_case("contains") && self.peek() == Some(&Token::Open) {
            return self.contains();
        }
        let place = column(&name, self.columns, NAME)?;
        let word = self.next()?;
        let operator = Operator::read(word.text())
            .ok_or_else(|| refused(&format!("`{}` is not one of eq, ne, gt, lt, ge, le", word.text())))?;
        let value = self.next()?;
        self.comparison(place, operator, &value)
    }

    fn contains(&mut self) -> Result<Filter, Problem> {
        self.expect(&Token::Open)?;
        let place = column(self.next()?.text(), self.columns, NAME)?;
        self.expect(&Token::Comma)?;
        let Token::Quoted(part) = self.next()? else { return Err(refused("contains looks for a text in quotes")) };
        self.expect(&Token::Close)?;
        match self.columns.get(place) {
            Some((_, Kind::Text | Kind::Id)) => Ok(Filter::Contains { place, part: part.to_lowercase() }),
            _ => Err(refused("contains looks into columns of text only")),
        }
    }

    fn comparison(&self, place: usize, operator: Operator, token: &Token) -> Result<Filter, Problem> {
        let Some((name, kind)) = self.columns.get(place) else { return Err(refused("there is no such column")) };
        let (text, quoted) = match token {
            Token::Word(text) => (text, false),
            Token::Quoted(text) => (text, true),
            other => return Err(refused(&format!("`{}` stands where a value is expected", other.text()))),
        };
        let ordered = matches!(kind, Kind::Number | Kind::Date);
        if !ordered && !matches!(operator, Operator::Eq | Operator::Ne) {
            return Err(refused(&format!("{name} can be equal (eq) or not (ne), and is not ordered")));
        }
        let wrong = |wanted: &str| refused(&format!("{name} is compared with {wanted}, not with `{text}`"));
        let value = match kind {
            _ if !quoted && text == "null" => Value::None,
            Kind::Text | Kind::Id if quoted => Value::Text(text.clone()),
            Kind::Text | Kind::Id => return Err(wrong("a text in quotes")),
            Kind::Number => Value::Number(text.parse().map_err(|_| wrong("a whole number"))?),
            Kind::Date => Value::Date(Timestamp::parse(text).map_err(|_| wrong("a date such as 2026-01-31"))?),
            Kind::Flag => match text.to_ascii_lowercase().as_str() {
                "true" => Value::Flag(true),
                "false" => Value::Flag(false),
                _ => return Err(wrong("true or false")),
            },
        };
        Ok(Filter::Is { place, ignoring_case: *kind == Kind::Id, operator, value })
    }
}

fn refused(said: &str) -> Problem {
    let said: String = said.chars().take(300).collect();
    Problem::invalid(NAME, format!("{said}; write it as `column eq 'value' and other gt 5`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Column; 5] =
        [("name", Kind::Text), ("tenant", Kind::Id), ("count", Kind::Number), ("at", Kind::Date), ("on", Kind::Flag)];

    fn row() -> Row {
        let at = Timestamp::parse("2026-01-10T16:00:00Z").unwrap();
        vec!["Bob's Shop".into(), "ab-1".into(), Value::Number(5), Value::Date(at), Value::Flag(true)]
    }

    #[test]
    fn conditions_hold_or_do_not() {
        for (text, holds) in [
            ("name eq 'Bob''s Shop'", true),
            ("name eq 'bob''s shop'", false),
            ("NAME ne 'Bob'", true),
            ("tenant EQ 'AB-1'", true),
            ("contains(name,'shop')", true),
            ("contains( name , 'x' )", false),
            ("count gt 4 and count lt 6 and count ge 5 and count le 5", true),
            ("count gt 5", false),
            ("at ge 2026-01-10 and at lt '2026-01-11'", true),
            ("at lt 2026-01-10", false),
            ("on eq true", true),
            ("on ne 'true'", false),
            ("count eq 1 or count eq 5", true),
            // `and` binds closer.
            ("count eq 5 or count eq 1 and name eq 'x'", true),
            ("(count eq 5 or count eq 1) and name eq 'x'", false),
            ("at eq null", false),
            ("at ne null", true),
        ] {
            assert_eq!(Filter::read(text, &COLUMNS).unwrap().holds(&row()), holds, "{text}");
        }
        let nothing = vec![Value::None; 5];
        for text in ["at lt 2030-01-01", "at gt 2000-01-01", "count le 5", "name eq ''"] {
            assert!(!Filter::read(text, &COLUMNS).unwrap().holds(&nothing), "{text}");
        }
    }

    #[test]
    fn what_is_no_condition_is_refused() {
        let deep = format!("{}on eq true{}", "(".repeat(40), ")".repeat(40));
        let long = format!("name eq '{}'", "x".repeat(LENGTH_MAX));
        for text in [
            "name",
            "name eq",
            "name eq Bob",
            "name like 'x'",
            "name gt 'x'",
            "name eq 'x",
            "price eq 1",
            "count eq five",
            "count eq 5.5",
            "at eq soon",
            "on eq maybe",
            "name eq 'x' name eq 'y'",
            "name eq 'x' and",
            "(name eq 'x'",
            "name eq 'x')",
            "contains(count,'5')",
            "contains(name,x)",
            "contains name",
            "and",
            "'x' eq name",
            &deep,
            &long,
        ] {
            let refused = Filter::read(text, &COLUMNS).unwrap_err();
            assert_eq!(refused.field(), Some("filter"), "{text}");
        }
    }
}
