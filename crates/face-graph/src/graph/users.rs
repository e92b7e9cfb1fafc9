//! Users: list, get, create, change, delete, and what hangs on one user.

use super::views::user as view;
use super::wire;
use crate::input::Members;
use crate::odata::list::Keyed;
use crate::odata::{Entity, Options, Page, Shape};
use crate::{directory, texts, users, who};
use tenantry_core::{ObjectId, Problem};
use tenantry_directory::{ProfileChange, User, user_direct_reports};
use tenantry_http::{Answer, Call};

pub(super) const SET: &str = "users";
pub(super) const SHAPE: Shape = Shape::of(view::TYPE, view::FILTERS).ordered_by(&["displayName", "userPrincipalName"]);

/// What this API calls the duty to choose another password at the next sign-in.
const FORCE_CHANGE: &str = "forceChangePasswordNextSignIn";

/// What can be set besides the texts.
const OTHERS: [&str; 8] = [
    "accountEnabled",
    "businessPhones",
    "displayName",
    "mailNickname",
    "otherMails",
    "passwordProfile",
    "userPrincipalName",
    "userType",
];

pub(super) async fn list(call: Call) -> Result<Answer, Problem> {
    let options = wire::options(&call, &SHAPE, SET, view::UNASKED)?;
    let page = page_of(&call, &options, false).await?;
    wire::page(&call, SET, &page)
}

/// A page of users, or of those that can be restored.
pub(super) async fn page_of(call: &Call, options: &Options, deleted: bool) -> Result<Page, Problem> {
    let by: &[&str] = if deleted { &[] } else { &["userPrincipalName", "id"] };
    if let Some(users) = directory::pinned(call, options, by).await? {
        return Page::whole(options, shown(call, users).await?);
    }
    let source =
        |after, limit| async move { shown(call, directory::users_after(call, deleted, after, limit).await?).await };
    Page::walk(options, source).await
}

/// Users with their licences.
async fn shown(call: &Call, users: Vec<User>) -> Result<Vec<Keyed>, Problem> {
    let ids: Vec<ObjectId> = users.iter().map(|user| user.id).collect();
    let licences = directory::licences(call, &ids).await?;
    let show = |user: &User| (user.id.to_string(), view::user(user, directory::held(&licences, user.id)));
    Ok(users.iter().map(show).collect())
}

/// One user, all of it.
pub(super) async fn whole(call: &Call, user: &User) -> Result<Entity, Problem> {
    let licences = directory::licences(call, &[user.id]).await?;
    Ok(view::user(user, directory::held(&licences, user.id)))
}

/// 200 with one user.
async fn answer(call: &Call, user: &User) -> Result<Answer, Problem> {
    let entity = whole(call, user).await?;
    wire::entity(call, SET, wire::selected(call, entity, view::UNASKED)?)
}

pub(super) async fn get(call: Call) -> Result<Answer, Problem> {
    let user = directory::user(&call).await?;
    answer(&call, &user).await
}

pub(super) async fn create(call: Call) -> Result<Answer, Problem> {
    let body = read(&call)?;
    let made = users::create(&call, &body, profile(&body)?, FORCE_CHANGE).await?;
    let entity = wire::selected(&call, view::user(&made, &[]), view::UNASKED)?;
    wire::created(&call, SET, &format!("{SET}/{}", made.id), entity)
}

pub(super) async fn change(call: Call) -> Result<Answer, Problem> {
    let body = read(&call)?;
    users::change(&call, &body, profile(&body)?, FORCE_CHANGE).await?;
    wire::done()
}

fn read(call: &Call) -> Result<Members<'static>, Problem> {
    let body = Members::of(call)?;
    let texts = texts::TEXTS.iter().map(|text| text.graph).filter(|name| !name.is_empty());
    body.only(&texts.chain(OTHERS).collect::<Vec<_>>())?;
    Ok(body)
}

/// What a body says of a profile. `businessPhones` is a list of one at most.
fn profile(body: &Members<'_>) -> Result<ProfileChange, Problem> {
    let mut change = texts::change(body, |text| text.graph)?;
    if body.has("businessPhones") {
        let mut phones = body.texts("businessPhones")?.unwrap_or_default();
        if phones.len() > 1 {
            return Err(Problem::invalid("businessPhones", "holds one number at most"));
        }
        change.telephone_number = Some(phones.pop());
    }
    Ok(change)
}

pub(super) async fn delete(call: Call) -> Result<Answer, Problem> {
    users::delete(&call).await?;
    wire::done()
}

pub(super) async fn revoke_sessions(call: Call) -> Result<Answer, Problem> {
    users::revoke(&call).await?;
    wire::value(&call, "Edm.Boolean", true)
}

pub(super) async fn change_password(call: Call) -> Result<Answer, Problem> {
    users::change_password(&call).await?;
    wire::done()
}

pub(super) async fn manager(call: Call) -> Result<Answer, Problem> {
    let manager = users::manager(&call).await?;
    let entity = wire::selected(&call, whole(&call, &manager).await?, view::UNASKED)?;
    wire::entity(&call, "directoryObjects", super::views::typed(entity, view::TYPE))
}

pub(super) async fn manager_put(call: Call) -> Result<Answer, Problem> {
    let manager = super::references::read(&call)?;
    users::manager_set(&call, Some(manager)).await?;
    wire::done()
}

pub(super) async fn manager_remove(call: Call) -> Result<Answer, Problem> {
    users::manager_set(&call, None).await?;
    wire::done()
}

pub(super) async fn reports(call: Call) -> Result<Answer, Problem> {
    let user = directory::user(&call).await?;
    let options = wire::options(&call, &SHAPE, &format!("users/{}/directReports", user.id), view::UNASKED)?;
    let reports = user_direct_reports(&call.ctx, call.world.db(), who::tenant(&call)?, user.id).await?;
    let mut page = Page::whole(&options, shown(&call, reports).await?)?;
    page.items = page.items.into_iter().map(|item| super::views::typed(item, view::TYPE)).collect();
    wire::page(&call, "directoryObjects", &page)
}
