//! `GET /v1/customers/{customer}/users`: by pages, in the order of ids or of a name; deleted ones by filter.

use super::wire::{CustomerUser, STATES, State, below};
use crate::users::{self, There};
use crate::wire::filter::{self, Filter, Operator};
use crate::wire::words::Words;
use crate::wire::{paging, seek};
use serde::{Deserialize, Serialize};
use tenantry_core::{ObjectId, Problem};
use tenantry_directory::{User, user_page};
use tenantry_http::{Answer, Call};

/// Users on a page at most (partner-center-v1.md 1.6).
const PAGE_MAX: usize = 500;

/// What the list can be ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Field {
    DisplayName,
    UserPrincipalName,
}

const FIELDS: Words<Field> =
    Words(&[("DisplayName", Field::DisplayName), ("UserPrincipalName", Field::UserPrincipalName)]);
const DIRECTIONS: Words<bool> = Words(&[("ascending", false), ("descending", true)]);

/// Where the list goes on. It holds the whole query, because a follow-up sends nothing else.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Position {
    size: usize,
    deleted: bool,
    /// The field, and whether it is downwards.
    sort: Option<(Field, bool)>,
    /// What the last user seen is ordered by.
    after: Option<(String, ObjectId)>,
}

pub(crate) async fn handle(call: Call) -> Result<Answer, Problem> {
    let there = users::there(&call).await?;
    let path = below(there.tenant, "users");
    let position = match seek::state(&call, &path)? {
        Some(position) => position,
        None => first(&call)?,
    };
    let mut found = match position.sort {
        None => page(&call, &there, &position).await?,
        Some(sort) => sorted_page(&call, &there, &position, sort).await?,
    };
    let more = found.len() > position.size;
    found.truncate(position.size);
    let last = found.last().filter(|_| more).map(|user| (key(user, position.sort), user.id));
    let next = last.map(|after| Position { after: Some(after), ..position });
    let items = found.into_iter().map(CustomerUser::of).collect();
    Answer::ok(&seek::page(&call, seek::CAMEL, (&path, &path), items, next.as_ref())?)
}

fn first(call: &Call) -> Result<Position, Problem> {
    let word = |name: &str| call.query(name).map(str::trim).filter(|text| !text.is_empty());
    let field = word("sortField").map(|text| FIELDS.read("sortField", text)).transpose()?;
    let down = word("sortDirection").map(|text| DIRECTIONS.read("sortDirection", text)).transpose()?;
    Ok(Position {
        size: paging::size(call, PAGE_MAX, PAGE_MAX)?,
        deleted: wants_deleted(call)?,
        sort: field.map(|field| (field, down.unwrap_or(false))),
        after: None,
    })
}

/// `UserState` is the documented name; a link in the same documents says `UserStatus` (partner-center-v1.md 1.7).
fn wants_deleted(call: &Call) -> Result<bool, Problem> {
    const CAN: &str = "UserState can be compared by equals with Active or Inactive";
    match Filter::of(call)? {
        None => Ok(false),
        Some(Filter::Field { field, operator: Operator::Equals, value })
            if matches!(field.as_str(), "userstate" | "userstatus") =>
        {
            Ok(STATES.read("filter.Value", &value)? == State::Inactive)
        }
        Some(_) => Err(filter::unsupported(CAN)),
    }
}

/// One more than a page, in the order of ids.
async fn page(call: &Call, there: &There, position: &Position) -> Result<Vec<User>, Problem> {
    let after = position.after.as_ref().map(|(_, id)| *id);
    user_page(&there.ctx, call.world.db(), there.tenant, position.deleted, after, position.size + 1).await
}

/// One more than a page, in the order of a name: the directory keeps none, so all are looked at.
async fn sorted_page(
    call: &Call,
    there: &There,
    position: &Position,
    sort: (Field, bool),
) -> Result<Vec<User>, Problem> {
    let mut all: Vec<User> = Vec::new();
    loop {
        let after = all.last().map(|user| user.id);
        let page = user_page(&there.ctx, call.world.db(), there.tenant, position.deleted, after, PAGE_MAX).await?;
        let whole = page.len() < PAGE_MAX;
        all.extend(page);
        if whole {
            break;
        }
    }
    let place = |user: &User| (key(user, Some(sort)), user.id);
    all.sort_by_cached_key(place);
    if sort.1 {
        all.reverse();
    }
    let seen = |user: &User| match &position.after {
        None => false,
        Some(after) if sort.1 => place(user) >= *after,
        Some(after) => place(user) <= *after,
    };
    Ok(all.into_iter().filter(|user| !seen(user)).take(position.size + 1).collect())
}

/// What a user is ordered by, besides its id.
fn key(user: &User, sort: Option<(Field, bool)>) -> String {
    match sort {
        None => String::new(),
        Some((Field::DisplayName, _)) => user.profile.display_name.to_lowercase(),
        Some((Field::UserPrincipalName, _)) => user.name.to_lowercase(),
    }
}
