//! Directory objects of any kind: by id, by type, and many at once.

use super::views::{self, NAMESPACE, application, group, service_principal, user};
use super::{applications, groups, roles, service_principals, users, wire};
use crate::bodies;
use crate::input::Members;
use crate::odata::Entity;
use crate::odata::list::Keyed;
use crate::{directory, who};
use tenantry_core::{ObjectId, Problem, Reason};
use tenantry_directory::{DirectoryObject, group_delete, object_find, objects_by_ids, user_delete};
use tenantry_http::{Answer, Call};

/// Objects of mixed kinds as lists show them, in their order.
pub(super) async fn shown(call: &Call, objects: Vec<DirectoryObject>) -> Result<Vec<Keyed>, Problem> {
    let licences = directory::licences(call, &directory::users_of(&objects)).await?;
    let mut shown = Vec::with_capacity(objects.len());
    for object in objects {
        let key = object.id().to_string();
        let entity = match object {
            DirectoryObject::User(of) => user::user(&of, directory::held(&licences, of.id)),
            DirectoryObject::Group(of) => group::group(&of),
            DirectoryObject::Role(of) => group::role(of.id, of.role),
            DirectoryObject::Application(of) => applications::entity(call, &of).await?,
            DirectoryObject::ServicePrincipal(of) => service_principals::entity(call, &of).await?,
            DirectoryObject::PartnerReference { id, partner, display_name } => reference(id, partner, display_name),
        };
        shown.push((key, entity));
    }
    Ok(shown)
}

/// A group of a partner that has rights here. Nothing of the partner's directory is known in this one but its name.
fn reference(id: ObjectId, partner: impl std::fmt::Display, display_name: String) -> Entity {
    views::object("DirectoryObjectReference", "DirectoryObjectReference", id, None)
        .with("displayName", display_name)
        .with("externalContextId", partner.to_string())
}

async fn find(call: &Call) -> Result<DirectoryObject, Problem> {
    let id = directory::object_id(call.param("object")?)?;
    object_find(&call.ctx, call.world.db(), who::tenant(call)?, id).await
}

pub(super) async fn get(call: Call) -> Result<Answer, Problem> {
    let found = find(&call).await?;
    let entity = shown(&call, vec![found]).await?.pop().map(|(_, entity)| entity);
    let entity = entity.ok_or_else(|| Problem::internal("an object was found and is not shown"))?;
    wire::object(&call, wire::OBJECTS, users::selected(&call, entity)?)
}

pub(super) async fn delete(call: Call) -> Result<Answer, Problem> {
    let (db, tenant) = (call.world.db(), who::tenant(&call)?);
    match find(&call).await? {
        DirectoryObject::User(user) => user_delete(&call.ctx, db, tenant, user.id).await?,
        DirectoryObject::Group(group) => group_delete(&call.ctx, db, tenant, group.id).await?,
        DirectoryObject::Application(of) => applications::remove(&call, &of.id.to_string()).await?,
        DirectoryObject::ServicePrincipal(of) => service_principals::remove(&call, &of.id.to_string()).await?,
        DirectoryObject::Role(_) | DirectoryObject::PartnerReference { .. } => {
            let message = "directory roles and references to partners are not deleted; take their members out";
            return Err(Problem::new(Reason::Unsupported, message));
        }
    }
    wire::done()
}

/// `directoryObjects/$/{type}`: the list of a type. Where next links of lists lead (directory.md 2.1).
pub(super) async fn of_type(call: Call) -> Result<Answer, Problem> {
    let named = call.param("type")?.to_owned();
    let kind = named.strip_prefix(NAMESPACE).and_then(|rest| rest.strip_prefix('.')).unwrap_or(&named);
    match kind {
        user::TYPE => users::list(call).await,
        group::TYPE => groups::list(call).await,
        group::ROLE => roles::list(call).await,
        application::TYPE => applications::list(call).await,
        service_principal::TYPE => service_principals::list(call).await,
        _ => {
            let shown: String = named.chars().take(80).collect();
            let message = format!("`{shown}` is no type of directory object that is listed here");
            Err(Problem::new(Reason::ObjectNotFound, message))
        }
    }
}

/// `getObjectsByObjectIds`: those of the ids that are there, in the order asked.
pub(super) async fn by_ids(call: Call) -> Result<Answer, Problem> {
    let body = Members::of(&call)?;
    let ids = bodies::object_ids(&body, "objectIds")?;
    let references = body.flag("includeDirectoryObjectReferences")?.unwrap_or(false);
    let types = body.texts("types")?.unwrap_or_default();
    let mut found = objects_by_ids(&call.ctx, call.world.db(), who::tenant(&call)?, &ids).await?;
    found.retain(|object| references || !matches!(object, DirectoryObject::PartnerReference { .. }));
    let mut entities: Vec<Entity> = shown(&call, found).await?.into_iter().map(|(_, entity)| entity).collect();
    entities.retain(|entity| types.is_empty() || types.iter().any(|kind| is_of(entity, kind)));
    wire::all(&call, wire::OBJECTS, &entities)
}

fn is_of(entity: &Entity, kind: &str) -> bool {
    let full = entity.text("odata.type");
    let short = full.rsplit('.').next().unwrap_or_default();
    [full, short, entity.text("objectType")].iter().any(|name| name.eq_ignore_ascii_case(kind))
}
