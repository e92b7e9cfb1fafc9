//! Finds the route of a path, as forgivingly as the clients of this field need.
//!
//! Clients write `deviceBatches` and `devicebatches`, join base and link so that `/v1//v1/customers` comes out,
//! and end paths with a slash (partner-center-v1.md 1.1 and rules 19 and 20 of 6.1). So literals match in any
//! letter case, slashes collapse, one at the end is dropped, and a doubled leading `/v1` counts once. Values of
//! parameters keep the spelling of the client: a domain or a name is echoed back in messages as it was typed.

use crate::query::NUL;
use http::Method;
use percent_encoding::percent_decode_str;
use std::ops::Range;
use tenantry_core::Problem;

/// The parameters of a matched path, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Params(Vec<(String, String)>);

impl Params {
    /// The value of `{name}`, percent-decoded, in the spelling of the client.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// What a path led to.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    /// A route, by its place in the table.
    Route(usize, Params),
    /// The path is known, the method is not. These are.
    WrongMethod(Vec<Method>),
    /// No such path.
    Nothing,
}

/// A path made ready for matching.
#[derive(Debug)]
pub struct Normal {
    spelled: String,
    lower: String,
}

impl Normal {
    /// Collapses slashes, drops one at the end, and takes a doubled leading `/v1` for one.
    #[must_use]
    pub fn new(path: &str) -> Self {
        let mut segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
        if let [first, second, ..] = segments.as_slice()
            && first.eq_ignore_ascii_case("v1")
            && second.eq_ignore_ascii_case("v1")
        {
            segments.remove(0);
        }
        let spelled = format!("/{}", segments.join("/"));
        let lower = spelled.to_ascii_lowercase();
        Self { spelled, lower }
    }

    /// Whether the path is `prefix` or below it, in any letter case. `/` is above everything.
    #[must_use]
    pub fn is_below(&self, prefix: &str) -> bool {
        let prefix = prefix.trim_end_matches('/').to_ascii_lowercase();
        self.lower.strip_prefix(&prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

/// The routes of one face, ready to be searched.
///
/// One tree per method: a literal that only `POST` knows must not hide the parameter that `GET` has there.
#[derive(Debug)]
pub struct Router {
    trees: Vec<(Method, matchit::Router<usize>)>,
}

impl Router {
    /// Builds the trees. Two routes that answer to the same request are a mistake in the table, and refused.
    pub fn new<'a>(routes: impl IntoIterator<Item = (&'a Method, &'a str)>) -> Result<Self, Problem> {
        let mut trees: Vec<(Method, matchit::Router<usize>)> = Vec::new();
        for (index, (method, pattern)) in routes.into_iter().enumerate() {
            let place = trees.iter().position(|(known, _)| known == method).unwrap_or_else(|| {
                trees.push((method.clone(), matchit::Router::new()));
                trees.len() - 1
            });
            let lower = lower_literals(pattern);
            trees[place]
                .1
                .insert(lower, index)
                .map_err(|error| Problem::internal(format!("route {method} {pattern}: {error}")))?;
        }
        Ok(Self { trees })
    }

    /// Finds the route. `HEAD` falls back on `GET`. Parameters that are not UTF-8, or have U+0000, are refused.
    pub fn find(&self, method: &Method, path: &Normal) -> Result<Found, Problem> {
        if let Some(found) = self.find_exactly(method, path)? {
            return Ok(found);
        }
        if method == Method::HEAD
            && let Some(found) = self.find_exactly(&Method::GET, path)?
        {
            return Ok(found);
        }
        let mut allow: Vec<Method> = self
            .trees
            .iter()
            .filter(|(_, tree)| tree.at(&path.lower).is_ok())
            .map(|(known, _)| known.clone())
            .collect();
        if allow.contains(&Method::GET) && !allow.contains(&Method::HEAD) {
            allow.push(Method::HEAD);
        }
        Ok(if allow.is_empty() { Found::Nothing } else { Found::WrongMethod(allow) })
    }

    fn find_exactly(&self, method: &Method, path: &Normal) -> Result<Option<Found>, Problem> {
        let Some((_, tree)) = self.trees.iter().find(|(known, _)| known == method) else { return Ok(None) };
        let Ok(matched) = tree.at(&path.lower) else { return Ok(None) };
        let mut params = Vec::with_capacity(matched.params.len());
        for (name, value) in matched.params.iter() {
            let spelled = path.spelled.get(place_of(value, &path.lower)).unwrap_or(value);
            let decoded = percent_decode_str(spelled).decode_utf8().map_err(|_| {
                Problem::invalid(name, format!("`{spelled}` in the path is not UTF-8 after percent-decoding"))
            })?;
            if decoded.contains('\0') {
                return Err(Problem::invalid(name, NUL));
            }
            params.push((name.to_owned(), decoded.into_owned()));
        }
        Ok(Some(Found::Route(*matched.value, Params(params))))
    }
}

/// Where `part`, a slice of `whole`, lies in it. Lower-casing ASCII keeps every offset, so the same place in the
/// path as it was sent holds the client's spelling.
fn place_of(part: &str, whole: &str) -> Range<usize> {
    let start = part.as_ptr().addr().saturating_sub(whole.as_ptr().addr());
    start..start + part.len()
}

/// Lower-cases a pattern except for the names in braces.
fn lower_literals(pattern: &str) -> String {
    let mut in_braces = false;
    let lowered = pattern.chars().map(|c| {
        match c {
            '{' => in_braces = true,
            '}' => in_braces = false,
            _ => {}
        }
        if in_braces { c } else { c.to_ascii_lowercase() }
    });
    lowered.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: [(Method, &str); 9] = [
        (Method::GET, "/v1/customers"),
        (Method::GET, "/v1/customers/{customer}"),
        (Method::POST, "/v1/customers/search"),
        (Method::GET, "/v1/customers/{customer}/azureEntitlements"),
        (Method::GET, "/v1/customers/default/orders"),
        (Method::HEAD, "/v1/domains/{domain}"),
        (Method::PATCH, "/v1/customers/{id}/orders/{orderId}"),
        (Method::GET, "/files/{*rest}"),
        (Method::GET, "/"),
    ];

    fn find(method: &Method, path: &str) -> String {
        let router = Router::new(TABLE.iter().map(|(method, pattern)| (method, *pattern))).unwrap();
        match router.find(method, &Normal::new(path)) {
            Ok(Found::Route(index, Params(params))) => {
                let params: Vec<_> = params.iter().map(|(name, value)| format!("{name}={value}")).collect();
                format!("{} {}", TABLE[index].1, params.join(" ")).trim().to_owned()
            }
            Ok(Found::WrongMethod(allow)) => format!("405 {allow:?}"),
            Ok(Found::Nothing) => "404".to_owned(),
            Err(problem) => problem.message().to_owned(),
        }
    }

    #[test]
    fn paths_lead_where_the_clients_mean() {
        for (method, path, expected) in [
            (Method::GET, "/v1/customers", "/v1/customers"),
            (Method::GET, "/V1/Customers/", "/v1/customers"),
            (Method::GET, "//v1///customers//", "/v1/customers"),
            (Method::GET, "/v1//v1/customers/AbC", "/v1/customers/{customer} customer=AbC"),
            (Method::GET, "/v1/V1/customers", "/v1/customers"),
            (Method::GET, "/v1/v1/v1/customers", "404"),
            (Method::GET, "/v1/customers/Na%C3%AFve%2Fb%20C", "/v1/customers/{customer} customer=Naïve/b C"),
            (Method::GET, "/v1/customers/%FF", "customer: `%FF` in the path is not UTF-8 after percent-decoding"),
            (
                Method::GET,
                "/v1/customers/a%00b",
                "customer: the text has the character U+0000, which no text here may have; leave it out",
            ),
            (Method::GET, "/v1/customers/%2500", "/v1/customers/{customer} customer=%00"),
            (Method::GET, "/v1/customers/X/AZUREentitlements", "/v1/customers/{customer}/azureEntitlements customer=X"),
            (Method::GET, "/v1/customers/Default/orders", "/v1/customers/default/orders"),
            (
                Method::GET,
                "/v1/customers/Default/azureentitlements",
                "/v1/customers/{customer}/azureEntitlements customer=Default",
            ),
            (Method::PATCH, "/v1/customers/C/orders/O", "/v1/customers/{id}/orders/{orderId} id=C orderId=O"),
            (Method::GET, "/Files/A/b//C.csv", "/files/{*rest} rest=A/b/C.csv"),
            (Method::GET, "", "/"),
            (Method::GET, "/v1/nothing", "404"),
        ] {
            assert_eq!(find(&method, path), expected, "{method} {path}");
        }
    }

    #[test]
    fn methods_are_told_apart() {
        for (method, path, expected) in [
            (Method::HEAD, "/v1/domains/A.example", "/v1/domains/{domain} domain=A.example"),
            (Method::HEAD, "/v1/customers", "/v1/customers"),
            (Method::GET, "/v1/domains/a", "405 [HEAD]"),
            (Method::DELETE, "/v1/customers/c", "405 [GET, HEAD]"),
            (Method::POST, "/v1/customers/search", "/v1/customers/search"),
            // The literal belongs to POST alone; for GET it is a customer of that name.
            (Method::GET, "/v1/customers/search", "/v1/customers/{customer} customer=search"),
        ] {
            assert_eq!(find(&method, path), expected, "{method} {path}");
        }
    }

    #[test]
    fn two_routes_for_the_same_request_are_refused() {
        for (one, two) in [("/a/{x}", "/A/{y}"), ("/a/b", "/A/B")] {
            let problem = Router::new([(&Method::GET, one), (&Method::GET, two)]).unwrap_err();
            assert!(problem.cause_chain().contains(two), "{problem:?}");
        }
        assert!(Router::new([(&Method::GET, "/a/{x}"), (&Method::PUT, "/a/{y}")]).is_ok());
    }

    #[test]
    fn a_path_knows_what_it_is_below() {
        for (path, prefix, below) in [
            ("/v1/customers", "/v1", true),
            ("/V1", "/v1/", true),
            ("/v10/customers", "/v1", false),
            ("/anything", "/", true),
            ("/", "/v1", false),
        ] {
            assert_eq!(Normal::new(path).is_below(prefix), below, "{path} below {prefix}");
        }
    }
}
