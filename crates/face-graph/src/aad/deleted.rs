//! What was deleted and can be restored: users and applications.

use super::{applications, users, wire};
use crate::odata::{Options, Shape};
use crate::{directory, who};
use tenantry_core::Problem;
use tenantry_directory::{user_erase, user_restore};
use tenantry_http::{Answer, Call};

const SHAPE: Shape = Shape::of("User", super::views::user::FILTERS).ordered_by(&["displayName", "userPrincipalName"]);

pub(super) async fn users(call: Call) -> Result<Answer, Problem> {
    let options = Options::read(&call.query, &SHAPE, "deletedUsers")?;
    let page = users::page_of(&call, &options, true).await?;
    wire::page(&call, wire::OBJECTS, "deletedUsers", &page)
}

pub(super) async fn user(call: Call) -> Result<Answer, Problem> {
    let user = directory::deleted_user(&call, call.param("user")?).await?;
    let entity = users::entity(&call, user).await?;
    wire::object(&call, wire::OBJECTS, entity)
}

pub(super) async fn user_restored(call: Call) -> Result<Answer, Problem> {
    let user = directory::deleted_user(&call, call.param("user")?).await?;
    let user = user_restore(&call.ctx, call.world.db(), who::tenant(&call)?, user.id).await?;
    let entity = users::entity(&call, user).await?;
    wire::object(&call, wire::OBJECTS, entity)
}

pub(super) async fn user_erased(call: Call) -> Result<Answer, Problem> {
    let user = directory::deleted_user(&call, call.param("user")?).await?;
    user_erase(&call.ctx, call.world.db(), who::tenant(&call)?, user.id).await?;
    wire::done()
}

pub(super) use applications::{deleted_erase, deleted_get, deleted_list, deleted_restore};
