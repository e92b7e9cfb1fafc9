//! Users: list, get, create, change, delete, and what hangs on one user.

use super::views::user as view;
use super::wire;
use crate::input::Members;
use crate::odata::list::Keyed;
use crate::odata::{Entity, Options, Page, Shape};
use crate::{directory, texts, who};
use tenantry_core::{ObjectId, Problem, Reason};
use tenantry_directory::{
    NewPassword, NewUser, Profile, ProfileChange, User, UserChange, UserKind, own_password_change, user_change,
    user_create, user_delete, user_direct_reports, user_manager, user_manager_set, user_sign_ins_revoke,
};
use tenantry_http::{Answer, Call};

pub(super) const SET: &str = "users";
pub(super) const SHAPE: Shape = Shape::of(view::TYPE, view::FILTERS).ordered_by(&["displayName", "userPrincipalName"]);

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
    let password = body.object("passwordProfile")?.ok_or_else(|| Problem::missing("passwordProfile"))?;
    let new = NewUser {
        name: body.text_required("userPrincipalName")?,
        profile: Profile::default().changed(profile(&body)?),
        kind: kind(&body)?.unwrap_or(UserKind::Member),
        enabled: body.flag("accountEnabled")?.ok_or_else(|| Problem::missing("accountEnabled"))?,
        password: password.secret("password")?.ok_or_else(|| Problem::missing("passwordProfile.password"))?,
        change_password: password.flag("forceChangePasswordNextSignIn")?.unwrap_or(true),
    };
    let made = user_create(&call.ctx, call.world.db(), who::tenant(&call)?, new).await?;
    let entity = wire::selected(&call, view::user(&made, &[]), view::UNASKED)?;
    wire::created(&call, SET, &format!("{SET}/{}", made.id), entity)
}

pub(super) async fn change(call: Call) -> Result<Answer, Problem> {
    let body = read(&call)?;
    let user = directory::user(&call).await?;
    let (mut due, mut password) = (None, None);
    if let Some(sent) = body.object("passwordProfile")? {
        due = sent.flag("forceChangePasswordNextSignIn")?;
        let new = sent.secret("password")?;
        password = new.map(|password| NewPassword { password, change_at_sign_in: due.take().unwrap_or(true) });
    }
    let change = UserChange {
        name: body.text("userPrincipalName")?,
        kind: kind(&body)?,
        enabled: body.flag("accountEnabled")?,
        password_change_due: due,
        password,
        profile: profile(&body)?,
    };
    if change != UserChange::default() {
        user_change(&call.ctx, call.world.db(), who::tenant(&call)?, user.id, change).await?;
    }
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

fn kind(body: &Members<'_>) -> Result<Option<UserKind>, Problem> {
    let Some(sent) = body.text("userType")? else { return Ok(None) };
    let wrong = || Problem::invalid("userType", "is `Member` or `Guest`");
    UserKind::from_name(&sent).ok_or_else(wrong).map(Some)
}

pub(super) async fn delete(call: Call) -> Result<Answer, Problem> {
    let user = directory::user(&call).await?;
    user_delete(&call.ctx, call.world.db(), who::tenant(&call)?, user.id).await?;
    wire::done()
}

pub(super) async fn revoke_sessions(call: Call) -> Result<Answer, Problem> {
    let user = directory::user(&call).await?;
    user_sign_ins_revoke(&call.ctx, call.world.db(), who::tenant(&call)?, user.id).await?;
    wire::value(&call, "Edm.Boolean", true)
}

/// `changePassword`: one's own only.
pub(super) async fn change_password(call: Call) -> Result<Answer, Problem> {
    let body = Members::of(&call)?;
    let user = directory::user(&call).await?;
    if user.id != who::me(&call)? {
        let message = "changePassword is for one's own password; set another user's through passwordProfile";
        return Err(Problem::new(Reason::Forbidden, message));
    }
    let current = body.secret("currentPassword")?.ok_or_else(|| Problem::missing("currentPassword"))?;
    let new = body.secret("newPassword")?.ok_or_else(|| Problem::missing("newPassword"))?;
    own_password_change(&call.ctx, call.world.db(), &current, &new).await?;
    wire::done()
}

async fn manager_of(call: &Call) -> Result<User, Problem> {
    let user = directory::user(call).await?;
    let manager = user_manager(&call.ctx, call.world.db(), who::tenant(call)?, user.id).await?;
    let missing = || Problem::new(Reason::ObjectNotFound, format!("the user {} has no manager", user.id));
    manager.ok_or_else(missing)
}

pub(super) async fn manager(call: Call) -> Result<Answer, Problem> {
    let manager = manager_of(&call).await?;
    let entity = wire::selected(&call, whole(&call, &manager).await?, view::UNASKED)?;
    wire::entity(&call, "directoryObjects", super::views::typed(entity, view::TYPE))
}

pub(super) async fn manager_put(call: Call) -> Result<Answer, Problem> {
    let manager = super::references::read(&call)?;
    let user = directory::user(&call).await?;
    user_manager_set(&call.ctx, call.world.db(), who::tenant(&call)?, user.id, Some(manager)).await?;
    wire::done()
}

pub(super) async fn manager_remove(call: Call) -> Result<Answer, Problem> {
    let user = directory::user(&call).await?;
    user_manager_set(&call.ctx, call.world.db(), who::tenant(&call)?, user.id, None).await?;
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
