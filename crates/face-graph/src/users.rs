//! Users: what both APIs do to them in the same way. What differs is passed in: the name of a member, the texts of a profile.

use crate::input::Members;
use crate::{directory, who};
use tenantry_core::{ObjectId, Problem, Reason};
use tenantry_directory::{
    NewPassword, NewUser, Profile, ProfileChange, User, UserChange, UserKind, own_password_change, user_change,
    user_create, user_delete, user_manager, user_manager_set, user_sign_ins_revoke,
};
use tenantry_http::Call;

/// Creates the user of a body. `force_change` is what the API calls the duty to choose another password.
pub(crate) async fn create(
    call: &Call,
    body: &Members<'_>,
    profile: ProfileChange,
    force_change: &str,
) -> Result<User, Problem> {
    let password = body.object("passwordProfile")?.ok_or_else(|| Problem::missing("passwordProfile"))?;
    let new = NewUser {
        name: body.text_required("userPrincipalName")?,
        profile: Profile::default().changed(profile),
        kind: kind(body)?.unwrap_or(UserKind::Member),
        enabled: body.flag("accountEnabled")?.ok_or_else(|| Problem::missing("accountEnabled"))?,
        password: password.secret("password")?.ok_or_else(|| Problem::missing("passwordProfile.password"))?,
        change_password: password.flag(force_change)?.unwrap_or(true),
    };
    user_create(&call.ctx, call.world.db(), who::tenant(call)?, new).await
}

/// Changes the user of the path as a body says.
pub(crate) async fn change(
    call: &Call,
    body: &Members<'_>,
    profile: ProfileChange,
    force_change: &str,
) -> Result<(), Problem> {
    let user = directory::user(call).await?;
    let (mut due, mut password) = (None, None);
    if let Some(sent) = body.object("passwordProfile")? {
        due = sent.flag(force_change)?;
        let new = sent.secret("password")?;
        password = new.map(|password| NewPassword { password, change_at_sign_in: due.take().unwrap_or(true) });
    }
    let change = UserChange {
        name: body.text("userPrincipalName")?,
        kind: kind(body)?,
        enabled: body.flag("accountEnabled")?,
        password_change_due: due,
        password,
        profile,
    };
    if change != UserChange::default() {
        user_change(&call.ctx, call.world.db(), who::tenant(call)?, user.id, change).await?;
    }
    Ok(())
}

fn kind(body: &Members<'_>) -> Result<Option<UserKind>, Problem> {
    let Some(sent) = body.text("userType")? else { return Ok(None) };
    let wrong = || Problem::invalid("userType", "is `Member` or `Guest`");
    UserKind::from_name(&sent).ok_or_else(wrong).map(Some)
}

/// Deletes the user of the path.
pub(crate) async fn delete(call: &Call) -> Result<(), Problem> {
    let user = directory::user(call).await?;
    user_delete(&call.ctx, call.world.db(), who::tenant(call)?, user.id).await
}

/// Ends all sign-ins of the user of the path.
pub(crate) async fn revoke(call: &Call) -> Result<(), Problem> {
    let user = directory::user(call).await?;
    user_sign_ins_revoke(&call.ctx, call.world.db(), who::tenant(call)?, user.id).await
}

/// `changePassword`: one's own only.
pub(crate) async fn change_password(call: &Call) -> Result<(), Problem> {
    let body = Members::of(call)?;
    let user = directory::user(call).await?;
    if user.id != who::me(call)? {
        let message = "changePassword is for one's own password; set another user's through passwordProfile";
        return Err(Problem::new(Reason::Forbidden, message));
    }
    let current = body.secret("currentPassword")?.ok_or_else(|| Problem::missing("currentPassword"))?;
    let new = body.secret("newPassword")?.ok_or_else(|| Problem::missing("newPassword"))?;
    own_password_change(&call.ctx, call.world.db(), &current, &new).await
}

/// The manager of the user of the path.
pub(crate) async fn manager(call: &Call) -> Result<User, Problem> {
    let user = directory::user(call).await?;
    let manager = user_manager(&call.ctx, call.world.db(), who::tenant(call)?, user.id).await?;
    let missing = || Problem::new(Reason::ObjectNotFound, format!("the user {} has no manager", user.id));
    manager.ok_or_else(missing)
}

/// Gives the user of the path a manager, or none.
pub(crate) async fn manager_set(call: &Call, manager: Option<ObjectId>) -> Result<(), Problem> {
    let user = directory::user(call).await?;
    user_manager_set(&call.ctx, call.world.db(), who::tenant(call)?, user.id, manager).await
}
