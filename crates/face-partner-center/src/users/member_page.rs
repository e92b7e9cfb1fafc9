//! Who holds a role, in pages: of a customer's directory, and of the partner's own.

use super::wire::UserMember;
use crate::wire::{paging, seek};
use serde::{Deserialize, Serialize};
use tenantry_core::{ObjectId, Problem};
use tenantry_directory::{DirectoryObject, User};
use tenantry_http::{Answer, Call};

/// Members on a page at most; unsure, the documents name no limit.
const PAGE_MAX: usize = 500;

/// Where a list of members goes on.
#[derive(Debug, Serialize, Deserialize)]
struct Position {
    size: usize,
    after: Option<ObjectId>,
}

/// A page that is asked for.
#[derive(Debug)]
pub(crate) struct MemberPage<'a> {
    path: &'a str,
    position: Position,
}

impl<'a> MemberPage<'a> {
    /// The page of a call; `path` is that of the list, which a token belongs to.
    pub(crate) fn of(call: &Call, path: &'a str) -> Result<Self, Problem> {
        let position = match seek::state(call, path)? {
            Some(position) => position,
            None => Position { size: paging::size(call, PAGE_MAX, PAGE_MAX)?, after: None },
        };
        Ok(Self { path, position })
    }

    /// The page, of all who hold the role in the order of ids. Applications hold roles too; this API knows people only.
    pub(crate) fn answer(
        self,
        call: &Call,
        holders: Vec<DirectoryObject>,
        view: impl Fn(User) -> UserMember,
    ) -> Result<Answer, Problem> {
        let Self { path, position } = self;
        let mut holders: Vec<User> = holders.into_iter().filter_map(person).collect();
        holders.retain(|user| position.after.is_none_or(|after| user.id > after));
        let more = holders.len() > position.size;
        holders.truncate(position.size);
        let next = holders.last().filter(|_| more).map(|user| Position { after: Some(user.id), ..position });
        let items = holders.into_iter().map(view).collect();
        Answer::ok(&seek::page(call, seek::CAMEL, (path, path), items, next.as_ref())?)
    }
}

fn person(holder: DirectoryObject) -> Option<User> {
    match holder {
        DirectoryObject::User(user) => Some(user),
        _ => None,
    }
}
