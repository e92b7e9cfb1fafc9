//! What a client asks of a table.

use crate::analytics::filter::Filter;
use crate::analytics::table::{Column, Page, Row, directed};
use crate::wire::links::uri;
use std::cmp::Ordering;
use tenantry_core::{Problem, Reason};
use tenantry_http::Call;

/// Rows of one answer, at most and by default (partner-center-v1.md 2.16).
const TOP_MAX: usize = 10_000;
/// Rows passed over, at most: with an order they have to be kept.
const SKIP_MAX: usize = 100_000;

/// Rows of a table: which, in which order, together or one by one.
#[derive(Debug)]
pub(super) struct Query {
    pub(super) columns: &'static [Column],
    pub(super) top: usize,
    pub(super) skip: usize,
    pub(super) filter: Option<Filter>,
    /// Places of columns.
    pub(super) group_by: Vec<usize>,
    /// Places of columns, and whether they fall. Of groups: places in the row of a group.
    pub(super) order_by: Vec<(usize, bool)>,
    path: &'static str,
    /// What the client wrote, for the link to the next page.
    asked: Vec<(&'static str, String)>,
}

impl Query {
    pub(super) fn of(call: &Call, path: &'static str, columns: &'static [Column]) -> Result<Self, Problem> {
        let given = |name: &str| call.query(name).map(str::trim).filter(|text| !text.is_empty());
        if given("aggregationLevel").is_some_and(|level| !level.eq_ignore_ascii_case("dateRange")) {
            let message =
                "aggregationLevel: this report counts what is now, and nothing by day, week or month; leave it out";
            return Err(Problem::new(Reason::Unsupported, message).at("aggregationLevel"));
        }
        let group_by = given("groupby").map(|text| names(text, columns, "groupby")).transpose()?.unwrap_or_default();
        let order_by = given("orderby").map(|text| order(text, columns, &group_by)).transpose()?.unwrap_or_default();
        let echoed = ["filter", "groupby", "orderby"];
        Ok(Self {
            columns,
            top: number("top", given("top"), TOP_MAX, TOP_MAX)?,
            skip: number("skip", given("skip"), 0, SKIP_MAX)?,
            filter: given("filter").map(|text| Filter::read(text, columns)).transpose()?,
            group_by,
            order_by,
            path,
            asked: echoed.into_iter().filter_map(|name| Some((name, given(name)?.to_owned()))).collect(),
        })
    }

    /// Compares two rows.
    pub(super) fn compare(&self, a: &Row, b: &Row) -> Ordering {
        let by = |(place, falling): &(usize, bool)| directed(a.get(*place), b.get(*place), *falling);
        self.order_by.iter().map(by).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }

    /// Compares two groups: in the order of their columns if no other is asked for.
    pub(super) fn compare_groups(&self, a: &Row, b: &Row) -> Ordering {
        self.compare(a, b).then_with(|| a.cmp(b))
    }

    /// The answer, with a link to the next page if there is one.
    pub(super) fn answer(&self, page: Page) -> serde_json::Value {
        let seen = self.skip.saturating_add(page.rows.len());
        let more = seen < page.total && !page.rows.is_empty() && seen <= SKIP_MAX;
        let next = more.then(|| {
            let (top, skip) = (self.top.to_string(), seen.to_string());
            let asked = self.asked.iter().map(|(name, text)| (*name, text.as_str()));
            uri(self.path, asked.chain([("top", top.as_str()), ("skip", skip.as_str())]))
        });
        page.into_answer(next)
    }
}

fn number(name: &str, text: Option<&str>, default: usize, max: usize) -> Result<usize, Problem> {
    let Some(text) = text else { return Ok(default) };
    let seen: String = text.chars().take(40).collect();
    let number = text.parse().map_err(|_| Problem::invalid(name, format!("`{seen}` is not a whole number")))?;
    if number > max || (name == "top" && number == 0) {
        return Err(Problem::invalid(name, format!("{number} cannot be asked for; at most {max}")));
    }
    Ok(number)
}

/// The place of a column, its name in any letter case.
pub(super) fn column(name: &str, columns: &[Column], parameter: &str) -> Result<usize, Problem> {
    let found = columns.iter().position(|(known, _)| known.eq_ignore_ascii_case(name.trim()));
    found.ok_or_else(|| {
        let seen: String = name.trim().chars().take(40).collect();
        let known: Vec<_> = columns.iter().map(|(known, _)| *known).collect();
        Problem::invalid(parameter, format!("there is no column `{seen}`; there are {}", known.join(", ")))
    })
}

fn names(text: &str, columns: &[Column], parameter: &str) -> Result<Vec<usize>, Problem> {
    let mut places = Vec::new();
    for name in text.split(',') {
        let place = column(name, columns, parameter)?;
        if !places.contains(&place) {
            places.push(place);
        }
    }
    Ok(places)
}

/// `a asc, b desc`; of groups only columns they are made by.
fn order(text: &str, columns: &[Column], group_by: &[usize]) -> Result<Vec<(usize, bool)>, Problem> {
    const NAME: &str = "orderby";
    let mut order = Vec::new();
    for part in text.split(',') {
        let mut words = part.split_whitespace();
        let place = column(words.next().unwrap_or_default(), columns, NAME)?;
        let falling = match words.next().map(str::to_ascii_lowercase).as_deref() {
            None | Some("asc") => false,
            Some("desc") => true,
            Some(_) => return Err(Problem::invalid(NAME, "a column is followed by `asc`, `desc` or a comma")),
        };
        if words.next().is_some() {
            return Err(Problem::invalid(NAME, "columns stand with commas between"));
        }
        let place = match group_by.iter().position(|grouped| *grouped == place) {
            Some(grouped) => grouped,
            None if group_by.is_empty() => place,
            None => return Err(Problem::invalid(NAME, "groups are ordered by columns that `groupby` names")),
        };
        order.push((place, falling));
    }
    Ok(order)
}
