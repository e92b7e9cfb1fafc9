//! A page of a list, and where the next one begins.
//!
//! Pages go on after the last thing shown, not after so many things, so things that come and go in between are
//! neither shown twice nor passed over. Without an order the source's own (by id) is kept and only as much is read
//! as the page needs; with one, or when all are to be counted, all are read.

use crate::odata::{Entity, Options};
use serde::{Deserialize, Serialize};
use tenantry_core::Problem;

/// How many things are read at once when a condition may sort most of them out.
const STRIDE: usize = 500;

/// A thing, and the key its source is sorted by.
pub(crate) type Keyed = (String, Entity);

/// The last thing shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Position {
    /// Its key.
    pub(crate) after: String,
    /// What it was sorted by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) sorted: Option<String>,
}

/// Part of a list.
#[derive(Debug, PartialEq)]
pub(crate) struct Page {
    /// The things, with the properties asked for.
    pub(crate) items: Vec<Entity>,
    /// The token of the next page.
    pub(crate) next: Option<String>,
    /// How many things fulfil the condition, if that was asked.
    pub(crate) count: Option<usize>,
}

impl Page {
    /// A page of a source that gives up to so many things behind a key, sorted by it.
    pub(crate) async fn walk<F, Fut>(options: &Options, source: F) -> Result<Self, Problem>
    where
        F: Fn(Option<String>, usize) -> Fut,
        Fut: Future<Output = Result<Vec<Keyed>, Problem>>,
    {
        let all = options.order.is_some() || options.count;
        let enough = options.top + 1;
        let stride = if all || options.filter.is_some() { STRIDE.max(enough) } else { enough };
        let mut after = options.after.as_ref().filter(|_| !all).map(|position| position.after.clone());
        let mut found = Vec::new();
        loop {
            let read = source(after.take(), stride).await?;
            let complete = read.len() < stride;
            after = read.last().map(|(key, _)| key.clone());
            found.extend(read.into_iter().filter(|(_, entity)| options.takes(entity)));
            if complete || (!all && found.len() >= enough) {
                return Self::cut(options, found);
            }
        }
    }

    /// A page of things that are all at hand.
    pub(crate) fn whole(options: &Options, mut all: Vec<Keyed>) -> Result<Self, Problem> {
        all.retain(|(_, entity)| options.takes(entity));
        all.sort_by(|(one, _), (other, _)| one.cmp(other));
        Self::cut(options, all)
    }

    /// The page out of all that fulfil the condition, sorted by key.
    fn cut(options: &Options, found: Vec<Keyed>) -> Result<Self, Problem> {
        let count = options.count.then_some(found.len());
        let mut rows: Vec<(Position, Entity)> = found
            .into_iter()
            .map(|(key, entity)| {
                let sorted = options.order.as_ref().map(|order| order.key(&entity));
                (Position { after: key, sorted }, entity)
            })
            .collect();
        let descending = options.order.as_ref().is_some_and(|order| order.descending);
        // By what they are sorted by, then by key, which is unique. The key rises in both directions.
        let compare = |one: &Position, other: &Position| {
            let by = one.sorted.cmp(&other.sorted);
            let by = if descending { by.reverse() } else { by };
            by.then_with(|| one.after.cmp(&other.after))
        };
        rows.sort_by(|(one, _), (other, _)| compare(one, other));
        if let Some(after) = &options.after {
            rows.retain(|(position, _)| compare(position, after).is_gt());
        }
        let more = rows.len() > options.top;
        rows.truncate(options.top);
        let last = rows.last().filter(|_| more).map(|(position, _)| position);
        let next = last.map(|position| options.token(position)).transpose()?;
        let shown = |entity| match &options.select {
            Some(select) => select.of(entity),
            None => entity,
        };
        Ok(Self { items: rows.into_iter().map(|(_, entity)| shown(entity)).collect(), next, count })
    }
}

impl Options {
    fn takes(&self, entity: &Entity) -> bool {
        self.filter.as_ref().is_none_or(|filter| filter.holds(entity))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::odata::Shape;
    use std::future::Future;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};
    use tenantry_http::Query;

    const SHAPE: Shape = Shape::of("User", &["name"]).ordered_by(&["name"]);

    fn now<T>(future: impl Future<Output = T>) -> T {
        match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(value) => value,
            Poll::Pending => panic!("it waits"),
        }
    }

    fn things(numbers: &[usize]) -> Vec<Keyed> {
        // Names run against the keys, and repeat.
        let thing =
            |n: &usize| (format!("{n:04}"), Entity::new().with("id", *n).with("name", format!("N{}", 9 - n % 3)));
        numbers.iter().map(thing).collect()
    }

    /// All ids, page after page, both ways of reading. After the first page `then` is what there is.
    fn go(query: &str, at_first: &[usize], then: &[usize]) -> Vec<usize> {
        let ways = [true, false].map(|walk| {
            let (mut seen, mut query) = (Vec::new(), query.to_owned());
            for turn in 0.. {
                let options = Options::read(&Query::parse(&query).unwrap(), &SHAPE, "users").unwrap();
                let all = things(if turn == 0 { at_first } else { then });
                let page = if walk {
                    let source = |after: Option<String>, limit: usize| {
                        let behind = all.iter().filter(|(key, _)| after.as_ref().is_none_or(|after| key > after));
                        let part: Vec<_> = behind.take(limit).cloned().collect();
                        std::future::ready(Ok(part))
                    };
                    now(Page::walk(&options, source)).unwrap()
                } else {
                    Page::whole(&options, all.clone()).unwrap()
                };
                assert!(page.items.len() <= options.top);
                seen.extend(page.items.iter().map(|item| item.get("id").unwrap().as_u64().unwrap()));
                match page.next {
                    Some(token) => query = format!("$skiptoken={token}"),
                    None => break,
                }
            }
            seen
        });
        assert_eq!(ways[0], ways[1], "{query}");
        ways[0].iter().map(|n| usize::try_from(*n).unwrap()).collect()
    }

    #[test]
    fn pages_lead_through_the_whole_list() {
        let all: Vec<usize> = (0..1_203).collect();
        let every_third: Vec<usize> = (0..1_203).filter(|n| n % 3 == 0).collect();
        assert_eq!(go("$top=100", &all, &all), all);
        assert_eq!(go("$top=999", &all, &all), all);
        assert_eq!(go("$top=7&$filter=name eq 'n9'", &all, &all), every_third);
        assert_eq!(go("$top=1", &[], &[]), Vec::<usize>::new());
        assert_eq!(go("$top=3", &[1, 2, 3], &[1, 2, 3]), [1, 2, 3]);
        assert_eq!(go("$top=2&$orderby=name", &[0, 1, 2, 3, 4, 5], &[0, 1, 2, 3, 4, 5]), [2, 5, 1, 4, 0, 3]);
        assert_eq!(go("$top=2&$orderby=name desc", &[0, 1, 2, 3, 4, 5], &[0, 1, 2, 3, 4, 5]), [0, 3, 1, 4, 2, 5]);
    }

    #[test]
    fn pages_stand_still_while_things_come_and_go() {
        // 1 was shown and is gone, 0 came too late; 4 is gone before its page, 6 came in time.
        assert_eq!(go("$top=2", &[1, 2, 4, 5], &[0, 2, 5, 6]), [1, 2, 5, 6]);
        assert_eq!(go("$top=2&$orderby=name", &[2, 5, 1, 4], &[8, 5, 1, 0]), [2, 5, 8, 1, 0]);
    }

    #[test]
    fn a_count_is_of_all_pages() {
        for query in ["$top=2&$count=true", "$top=2&$count=true&$filter=name eq 'N8'"] {
            let options = Options::read(&Query::parse(query).unwrap(), &SHAPE, "users").unwrap();
            let page = Page::whole(&options, things(&[0, 1, 2, 3, 4])).unwrap();
            assert_eq!(page.count, Some(if query.contains("filter") { 2 } else { 5 }));
        }
    }
}
