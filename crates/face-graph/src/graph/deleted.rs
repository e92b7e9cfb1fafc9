//! `/directory/deletedItems`: users and applications that can be restored.

use super::views::{application, typed, user};
use super::{users, wire};
use crate::odata::{Entity, Page, Shape};
use crate::{directory, who};
use tenantry_core::{Problem, Reason};
use tenantry_directory::{
    application_erase, application_page, application_restore, deleted_application_find, user_erase, user_restore,
};
use tenantry_http::{Answer, Call};

const APPLICATIONS: Shape = Shape::of(application::TYPE, application::FILTERS);

/// `microsoft.graph.user`, or of another type.
pub(super) async fn list(call: Call) -> Result<Answer, Problem> {
    let named = call.param("type")?;
    let kind = named.strip_prefix("microsoft.graph.").unwrap_or(named).to_owned();
    let list = format!("directory/deletedItems/{kind}");
    let page = match kind.to_ascii_lowercase().as_str() {
        "user" => {
            let options = wire::options(&call, &users::SHAPE, &list, user::UNASKED)?;
            users::page_of(&call, &options, true).await?
        }
        "application" => {
            let options = wire::options(&call, &APPLICATIONS, &list, &[])?;
            let call = &call;
            let source = |after, limit| async move {
                let (after, tenant) = (directory::id_after(after), who::tenant(call)?);
                let apps = application_page(&call.ctx, call.world.db(), tenant, true, after, limit).await?;
                Ok(apps.iter().map(|app| (app.id.to_string(), application::application(app))).collect())
            };
            Page::walk(&options, source).await?
        }
        // Nothing else is kept when it is deleted.
        "group" | "serviceprincipal" | "administrativeunit" | "device" => {
            Page { items: Vec::new(), next: None, count: None }
        }
        _ => {
            let shown: String = kind.chars().take(80).collect();
            return Err(Problem::new(Reason::ObjectNotFound, format!("`{shown}` is no type of deleted items")));
        }
    };
    wire::page(&call, &format!("{kind}s"), &page)
}

/// Whichever of the two it is. What cannot be found as a user is looked for as an application.
async fn either<T>(
    user: impl Future<Output = Result<T, Problem>>,
    application: impl Future<Output = Result<T, Problem>>,
) -> Result<T, Problem> {
    match user.await {
        Err(problem) if problem.reason() == Reason::UserNotFound => match application.await {
            Err(problem) if problem.reason() == Reason::ApplicationNotFound => {
                let message = "there is no deleted user or application of this id; deleted things are kept for 30 days";
                Err(Problem::new(Reason::ObjectNotFound, message))
            }
            other => other,
        },
        other => other,
    }
}

/// An item by its id, of any type.
pub(super) async fn get(call: Call) -> Result<Answer, Problem> {
    let id = call.param("object")?;
    let (db, tenant) = (call.world.db(), who::tenant(&call)?);
    let user = async { users::whole(&call, &directory::deleted_user(&call, id).await?).await.map(of_user) };
    let application =
        async { deleted_application_find(&call.ctx, db, tenant, id).await.map(|app| application::application(&app)) };
    let entity = either(user, application).await?;
    wire::entity(&call, "directoryObjects", wire::selected(&call, entity, &[])?)
}

fn of_user(entity: Entity) -> Entity {
    typed(entity, user::TYPE)
}

pub(super) async fn restore(call: Call) -> Result<Answer, Problem> {
    let id = call.param("object")?;
    let (db, tenant) = (call.world.db(), who::tenant(&call)?);
    let user = async {
        let user = directory::deleted_user(&call, id).await?;
        let user = user_restore(&call.ctx, db, tenant, user.id).await?;
        users::whole(&call, &user).await.map(of_user)
    };
    let application = async {
        let app = application_restore(&call.ctx, db, tenant, id, None).await?;
        Ok(typed(application::application(&app), application::TYPE))
    };
    let entity = either(user, application).await?;
    wire::entity(&call, "directoryObjects", entity)
}

pub(super) async fn erase(call: Call) -> Result<Answer, Problem> {
    let id = call.param("object")?;
    let (db, tenant) = (call.world.db(), who::tenant(&call)?);
    let user = async {
        let user = directory::deleted_user(&call, id).await?;
        user_erase(&call.ctx, db, tenant, user.id).await
    };
    either(user, async { application_erase(&call.ctx, db, tenant, id).await }).await?;
    wire::done()
}
