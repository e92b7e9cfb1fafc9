//! The options of a list: what is asked for in `$filter`, `$orderby`, `$select` and `$top`, and where it goes on.
//!
//! A next link of Azure AD Graph carries nothing but `$skiptoken` (directory.md 2.1), so the token holds all of the
//! question: a client that follows the link gets the same list, not the unfiltered one.

use crate::odata::{Filter, Order, Position, Select};
use serde::{Deserialize, Serialize};
use tenantry_core::{Problem, Reason};
use tenantry_http::{Query, page};

/// What a list allows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape {
    /// The kind of thing, as refusals name it: `User`.
    pub(crate) kind: &'static str,
    /// The properties it can be filtered by.
    pub(crate) filters: &'static [&'static str],
    /// The properties it can be sorted by.
    pub(crate) orders: &'static [&'static str],
    /// Things on a page when nobody says.
    pub(crate) default_top: usize,
    /// The most things on a page.
    pub(crate) max_top: usize,
}

impl Shape {
    /// A list of both APIs: 100 on a page, 999 at most.
    pub(crate) const fn of(kind: &'static str, filters: &'static [&'static str]) -> Self {
        Self { kind, filters, orders: &[], default_top: 100, max_top: 999 }
    }

    /// It can be sorted too.
    pub(crate) const fn ordered_by(self, orders: &'static [&'static str]) -> Self {
        Self { orders, ..self }
    }

    /// Pages of another size.
    pub(crate) const fn pages(self, default_top: usize, max_top: usize) -> Self {
        Self { default_top, max_top, ..self }
    }
}

/// What is asked of a list.
#[derive(Debug)]
pub(crate) struct Options {
    /// The condition.
    pub(crate) filter: Option<Filter>,
    /// The order; by id if there is none.
    pub(crate) order: Option<Order>,
    /// The properties shown; all if there is none.
    pub(crate) select: Option<Select>,
    /// Things on a page.
    pub(crate) top: usize,
    /// Whether the number of all things is asked for.
    pub(crate) count: bool,
    /// Where the page begins.
    pub(crate) after: Option<Position>,
    list: String,
    asked: Asked,
}

/// The question as it stands in a token.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Asked {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    filter: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    order: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    select: Option<String>,
    top: Option<usize>,
    #[serde(default)]
    count: bool,
}

impl Options {
    /// Reads the query of a list. `list` names it (its path without tenant and host), so that a token of one list is
    /// not taken for another.
    pub(crate) fn read(query: &Query, shape: &Shape, list: &str) -> Result<Self, Problem> {
        let token = query.get("$skiptoken").filter(|token| !token.is_empty());
        let (asked, after) = match token {
            Some(token) => {
                let (asked, after) = open(list, token)?;
                (asked, Some(after))
            }
            None => (Asked::of(query)?, None),
        };
        let filter = asked.filter.as_deref().map(Filter::parse).transpose()?;
        if let Some(filter) = &filter {
            filter.check(shape.kind, shape.filters)?;
        }
        Ok(Self {
            filter,
            order: asked.order.as_deref().map(|text| Order::parse(text, shape.orders)).transpose()?,
            select: asked.select.as_deref().map(Select::parse).transpose()?.flatten(),
            top: top(asked.top, shape)?,
            count: asked.count,
            after,
            list: list.to_owned(),
            asked,
        })
    }

    /// The token of the page that begins behind a position.
    pub(crate) fn token(&self, after: &Position) -> Result<String, Problem> {
        page::encode(&self.list, &(&self.asked, after))
    }
}

impl Asked {
    fn of(query: &Query) -> Result<Self, Problem> {
        let text = |name: &str| query.get(name).map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        served(query)?;
        let count = match text("$count").map(|text| text.to_ascii_lowercase()).as_deref() {
            None | Some("false") => false,
            Some("true") => true,
            Some(_) => return Err(Problem::invalid("$count", "is `true` or `false`")),
        };
        let top = query.number("$top")?;
        Ok(Self { filter: text("$filter"), order: text("$orderby"), select: text("$select"), top, count })
    }
}

/// Refuses options that are not served: an answer that passed over them would look like what was asked for.
pub(crate) fn served(query: &Query) -> Result<(), Problem> {
    for name in ["$skip", "$inlinecount", "$apply", "$search", "$expand"] {
        if query.get(name).is_some_and(|text| !text.trim().is_empty()) {
            let message = format!("{name} is not supported here; leave it away");
            return Err(Problem::new(Reason::Unsupported, message).at(name));
        }
    }
    Ok(())
}

fn top(asked: Option<usize>, shape: &Shape) -> Result<usize, Problem> {
    match asked {
        None => Ok(shape.default_top),
        Some(top) if (1..=shape.max_top).contains(&top) => Ok(top),
        Some(top) => {
            let range = format!("Must be between 1 and {} inclusive.", shape.max_top);
            Err(Problem::invalid("$top", format!("Invalid page size specified: '{top}'. {range}")))
        }
    }
}

/// Reads a token, bare or as `X'..'`, the binary literal of version 3.
fn open(list: &str, token: &str) -> Result<(Asked, Position), Problem> {
    let expired = || Problem::invalid("$skiptoken", "the page token is not one of this list, or was changed or cut");
    let hex = token.strip_prefix("X'").or_else(|| token.strip_prefix("x'")).and_then(|rest| rest.strip_suffix('\''));
    let plain;
    let token = match hex {
        None => token,
        Some(hex) => {
            plain = from_hex(hex).ok_or_else(expired)?;
            &plain
        }
    };
    page::decode(list, token).map_err(|_| expired())
}

/// A token as the binary literal of version 3: `X'4A6F'`.
pub(crate) fn binary(token: &str) -> String {
    let hex: String = token.bytes().map(|byte| format!("{byte:02X}")).collect();
    format!("X'{hex}'")
}

fn from_hex(hex: &str) -> Option<String> {
    let digits: Vec<u8> =
        hex.chars().map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect::<Option<_>>()?;
    let bytes = digits.chunks(2).map(|pair| match pair {
        [high, low] => Some(high * 16 + low),
        _ => None,
    });
    String::from_utf8(bytes.collect::<Option<_>>()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPE: Shape = Shape::of("User", &["displayName"]).ordered_by(&["displayName"]);

    fn read(query: &str) -> Result<Options, Problem> {
        Options::read(&Query::parse(query).unwrap(), &SHAPE, "users")
    }

    #[test]
    fn questions_are_read_or_refused_by_name() {
        for (query, expected) in [
            ("", Ok(100)),
            ("$top=999&api-version=1.6&$format=json", Ok(999)),
            ("$filter=startswith%28displayName%2C%27A%20b%27%29&$orderby=displayName&$select=displayName", Ok(100)),
            ("$filter=", Ok(100)),
            ("$count=true", Ok(100)),
            ("$top=0", Err("$top")),
            ("$top=1000", Err("$top")),
            ("$top=-1", Err("$top")),
            ("$top=many", Err("$top")),
            ("$filter=mail eq 'x'", Err("$filter")),
            ("$filter=displayName", Err("$filter")),
            ("$orderby=mail", Err("$orderby")),
            ("$select=a b", Err("$select")),
            ("$skip=5", Err("$skip")),
            ("$inlinecount=allpages", Err("$inlinecount")),
            ("$search=\"a\"", Err("$search")),
            ("$expand=manager", Err("$expand")),
            ("$count=maybe", Err("$count")),
            ("$skiptoken=X'4142'", Err("$skiptoken")),
            ("$skiptoken=X'414'", Err("$skiptoken")),
            ("$skiptoken=X'é'", Err("$skiptoken")),
            ("$skiptoken=abc", Err("$skiptoken")),
        ] {
            let seen = read(query);
            let seen = seen.as_ref().map(|options| options.top).map_err(|problem| problem.field().unwrap_or_default());
            assert_eq!(seen, expected, "{query}");
        }
    }

    #[test]
    fn a_token_holds_the_whole_question() {
        let first = read("$filter=displayName eq 'x'&$top=7&$orderby=displayName desc&$select=mail").unwrap();
        let position = Position { after: "7".to_owned(), sorted: Some("x".to_owned()) };
        let token = first.token(&position).unwrap();
        for written in [token.clone(), binary(&token), binary(&token).to_lowercase()] {
            let next = read(&format!("$skiptoken={written}&$top=3&$filter=mail")).unwrap();
            assert_eq!((next.top, next.asked, next.after), (7, first.asked.clone(), Some(position.clone())));
        }
        let other = Query::parse(&format!("$skiptoken={token}")).unwrap();
        assert_eq!(Options::read(&other, &SHAPE, "groups").unwrap_err().field(), Some("$skiptoken"));
    }
}
