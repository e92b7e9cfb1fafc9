//! Users: list, get, create, change, delete, and what hangs on one user.

use super::views::{self, user as view};
use super::wire;
use crate::input::Members;
use crate::odata::list::Keyed;
use crate::odata::{Entity, Options, Page, Select, Shape, options};
use crate::{directory, texts, users, who};
use tenantry_core::{ObjectId, Problem};
use tenantry_directory::{User, user_direct_reports};
use tenantry_http::{Answer, Call};

const SHAPE: Shape = Shape::of(view::TYPE, view::FILTERS).ordered_by(&["displayName", "userPrincipalName"]);

/// Where pages of users go on (directory.md 2.1).
const AGAIN: &str = "directoryObjects/$/Microsoft.DirectoryServices.User";

/// What this API calls the duty to choose another password at the next sign-in.
const FORCE_CHANGE: &str = "forceChangePasswordNextLogin";

/// What can be set besides the texts.
const OTHERS: [&str; 8] = [
    "accountEnabled",
    "displayName",
    "mailNickname",
    "otherMails",
    "passwordProfile",
    "userPrincipalName",
    "userType",
    "signInNames",
];

pub(super) async fn list(call: Call) -> Result<Answer, Problem> {
    let options = Options::read(&call.query, &SHAPE, "users")?;
    let page = page_of(&call, &options, false).await?;
    wire::page(&call, wire::OBJECTS, AGAIN, &page)
}

/// A page of users, or of those that can be restored.
pub(super) async fn page_of(call: &Call, options: &Options, deleted: bool) -> Result<Page, Problem> {
    let by: &[&str] = if deleted { &[] } else { &["userPrincipalName", "objectId"] };
    if let Some(users) = directory::pinned(call, options, by).await? {
        return Page::whole(options, shown(call, users).await?);
    }
    let source =
        |after, limit| async move { shown(call, directory::users_after(call, deleted, after, limit).await?).await };
    Page::walk(options, source).await
}

/// Users with their licences, as the list shows them.
pub(super) async fn shown(call: &Call, users: Vec<User>) -> Result<Vec<Keyed>, Problem> {
    let ids: Vec<ObjectId> = users.iter().map(|user| user.id).collect();
    let licences = directory::licences(call, &ids).await?;
    let show = |user: &User| (user.id.to_string(), view::user(user, directory::held(&licences, user.id)));
    Ok(users.iter().map(show).collect())
}

/// One user.
pub(super) async fn entity(call: &Call, user: User) -> Result<Entity, Problem> {
    let licences = directory::licences(call, &[user.id]).await?;
    Ok(view::user(&user, directory::held(&licences, user.id)))
}

pub(super) async fn get(call: Call) -> Result<Answer, Problem> {
    let user = directory::user(&call).await?;
    let entity = entity(&call, user).await?;
    wire::object(&call, wire::OBJECTS, selected(&call, entity)?)
}

/// One thing with the properties asked for.
pub(super) fn selected(call: &Call, entity: Entity) -> Result<Entity, Problem> {
    options::served(&call.query)?;
    let select = call.query("$select").map(Select::parse).transpose()?.flatten();
    Ok(match select {
        Some(select) => select.of(entity),
        None => entity,
    })
}

pub(super) async fn create(call: Call) -> Result<Answer, Problem> {
    let body = read(&call)?;
    let made = users::create(&call, &body, texts::change(&body, |text| text.aad)?, FORCE_CHANGE).await?;
    wire::object_created(&call, view::user(&made, &[]))
}

pub(super) async fn change(call: Call) -> Result<Answer, Problem> {
    let body = read(&call)?;
    users::change(&call, &body, texts::change(&body, |text| text.aad)?, FORCE_CHANGE).await?;
    wire::done()
}

fn read(call: &Call) -> Result<Members<'static>, Problem> {
    let body = Members::of(call)?;
    let texts = texts::TEXTS.iter().map(|text| text.aad);
    body.only(&texts.chain(OTHERS).collect::<Vec<_>>())?;
    Ok(body)
}

pub(super) async fn delete(call: Call) -> Result<Answer, Problem> {
    users::delete(&call).await?;
    wire::done()
}

pub(super) async fn invalidate_tokens(call: Call) -> Result<Answer, Problem> {
    users::revoke(&call).await?;
    wire::done()
}

pub(super) async fn change_password(call: Call) -> Result<Answer, Problem> {
    users::change_password(&call).await?;
    wire::done()
}

pub(super) async fn manager(call: Call) -> Result<Answer, Problem> {
    let manager = users::manager(&call).await?;
    let entity = entity(&call, manager).await?;
    wire::object(&call, wire::OBJECTS, entity)
}

pub(super) async fn manager_link(call: Call) -> Result<Answer, Problem> {
    let manager = users::manager(&call).await?;
    super::links::one(&call, "manager", manager.id, &format!("{}.{}", views::NAMESPACE, view::TYPE))
}

pub(super) async fn manager_put(call: Call) -> Result<Answer, Problem> {
    let manager = super::links::read(&call)?;
    users::manager_set(&call, Some(manager)).await?;
    wire::done()
}

pub(super) async fn manager_remove(call: Call) -> Result<Answer, Problem> {
    users::manager_set(&call, None).await?;
    wire::done()
}

pub(super) async fn reports(call: Call) -> Result<Answer, Problem> {
    let user = directory::user(&call).await?;
    let list = format!("users/{}/directReports", user.id);
    let options = Options::read(&call.query, &SHAPE, &list)?;
    let reports = user_direct_reports(&call.ctx, call.world.db(), who::tenant(&call)?, user.id).await?;
    let page = Page::whole(&options, shown(&call, reports).await?)?;
    wire::page(&call, wire::OBJECTS, &list, &page)
}
