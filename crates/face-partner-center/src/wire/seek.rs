//! Lists that go on by a token.
//!
//! A follow-up of two client families sends nothing but the token and `seekOperation=Next`, so the token holds
//! everything: size, filter, position. The token comes in a header, or in the query from one client with a defect
//! (partner-center-v1.md 1.6). What the token says wins over the query that came with it.

use crate::wire::links::{Link, Links, uri};
use crate::wire::{Attributes, Collection};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tenantry_core::{Problem, Reason};
use tenantry_http::{Call, page};

/// The header that carries the token.
pub(crate) const TOKEN: &str = "MS-ContinuationToken";

/// How a list spells the parameter of its follow-ups; each family of lists has its own.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spelling(&'static str, &'static str);

/// Customers.
pub(crate) const CAMEL: Spelling = Spelling("seekOperation", "Next");
/// Utilization.
pub(crate) const SNAKE: Spelling = Spelling("seek_operation", "Next");
/// Invoice lines and rated usage.
pub(crate) const LOWER: Spelling = Spelling("seekoperation", "next");

/// Where a list goes on; `None` for its beginning. `list` names the list, such as its path: a token of another list
/// is refused.
pub(crate) fn state<S: DeserializeOwned>(call: &Call, list: &str) -> Result<Option<S>, Problem> {
    let operation = [CAMEL, SNAKE].iter().find_map(|spelling| call.query(spelling.0)).map(str::trim).unwrap_or("");
    let token = call.header(TOKEN).or_else(|| call.query(TOKEN)).map(str::trim).filter(|token| !token.is_empty());
    match (operation.to_ascii_lowercase().as_str(), token) {
        ("first", _) | ("", None) => Ok(None),
        ("" | "next", Some(token)) => page::decode(list, token).map(Some),
        ("next", None) => Err(Problem::missing(TOKEN)),
        _ => {
            let seen: String = operation.chars().take(40).collect();
            let message = format!("seekOperation: `{seen}` is not served; use Next with the token of the page before");
            Err(Problem::new(Reason::Unsupported, message).at("seekOperation"))
        }
    }
}

/// A page, with a link and a token to the next one if `next` says where that begins.
pub(crate) fn page<T, S: Serialize>(
    call: &Call,
    spelling: Spelling,
    (list, path): (&str, &str),
    items: Vec<T>,
    next: Option<&S>,
) -> Result<Collection<T>, Problem> {
    let token = next.map(|state| page::encode(list, state)).transpose()?;
    let mut links = Links::to_self(uri(path, call.query.pairs().filter(|(name, _)| !is_token(name))));
    if let Some(token) = &token {
        let kept = call.query.pairs().filter(|(name, _)| !is_token(name) && !is_seek(name));
        let next = uri(path, kept.chain([(spelling.0, spelling.1)]));
        links = links.with("next", Link::get(next).header(TOKEN, token));
    }
    Ok(Collection {
        total_count: items.len(),
        items,
        continuation_token: token,
        links: Some(links),
        attributes: Attributes::of("Collection"),
    })
}

fn is_token(name: &str) -> bool {
    name.eq_ignore_ascii_case(TOKEN)
}

fn is_seek(name: &str) -> bool {
    [CAMEL, SNAKE].iter().any(|spelling| name.eq_ignore_ascii_case(spelling.0))
}
