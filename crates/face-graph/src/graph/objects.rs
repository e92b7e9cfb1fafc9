//! Directory objects of any kind: by id, and many at once.

use super::views::{group, service_principal, typed, user};
use super::{applications, wire};
use crate::bodies;
use crate::input::Members;
use crate::odata::list::Keyed;
use crate::odata::{Entity, Page, Select, Shape};
use crate::{directory, who};
use tenantry_core::{ObjectId, Problem, Reason};
use tenantry_directory::{
    DirectoryObject, application_delete, group_delete, object_find, objects_by_ids, service_principal_delete,
    user_delete,
};
use tenantry_http::{Answer, Call};

pub(super) const SET: &str = "directoryObjects";

/// Lists of members and owners. Things of several kinds have little in common to be found by.
const SHAPE: Shape = Shape::of("directoryObject", &["displayName", "id"]);

/// Objects of mixed kinds, each with its kind and the properties of it that are shown unasked.
pub(super) async fn shown(call: &Call, objects: Vec<DirectoryObject>, asked: bool) -> Result<Vec<Keyed>, Problem> {
    let licences = directory::licences(call, &directory::users_of(&objects)).await?;
    let mut shown = Vec::with_capacity(objects.len());
    for object in objects {
        let key = object.id().to_string();
        let entity = match object {
            DirectoryObject::User(of) => {
                let entity = user::user(&of, directory::held(&licences, of.id));
                let entity = if asked { entity } else { unasked(entity, user::UNASKED) };
                typed(entity, user::TYPE)
            }
            DirectoryObject::Group(of) => typed(group::group(&of), group::TYPE),
            DirectoryObject::Role(of) => typed(group::role(&of), group::ROLE),
            DirectoryObject::Application(of) => typed(applications::whole(call, &of).await?, "application"),
            DirectoryObject::ServicePrincipal(of) => {
                typed(service_principal::service_principal(&of), service_principal::TYPE)
            }
            DirectoryObject::PartnerReference { id, partner, display_name } => reference(id, partner, display_name),
        };
        shown.push((key, entity));
    }
    Ok(shown)
}

fn unasked(entity: Entity, names: &[&'static str]) -> Entity {
    match Select::of_names(names) {
        Some(select) => select.of(entity),
        None => entity,
    }
}

/// A group of a partner that has rights here. Nothing of the partner's directory is known in this one but its name.
fn reference(id: ObjectId, partner: impl std::fmt::Display, display_name: String) -> Entity {
    let entity = Entity::new()
        .with("id", id.to_string())
        .nulls(["deletedDateTime"])
        .with("displayName", display_name)
        .with("externalPartnerTenantId", partner.to_string())
        .with("objectType", "PartnerGroup");
    typed(entity, "directoryObjectPartnerReference")
}

/// A page of objects of mixed kinds.
pub(super) async fn page(call: &Call, list: &str, objects: Vec<DirectoryObject>) -> Result<Answer, Problem> {
    let options = wire::options(call, &SHAPE, list, &[])?;
    let asked = options.select.is_some() || options.filter.is_some();
    let page = Page::whole(&options, shown(call, objects, asked).await?)?;
    wire::page(call, SET, &page)
}

async fn find(call: &Call) -> Result<DirectoryObject, Problem> {
    let id = directory::object_id(call.param("object")?)?;
    object_find(&call.ctx, call.world.db(), who::tenant(call)?, id).await
}

pub(super) async fn get(call: Call) -> Result<Answer, Problem> {
    let found = find(&call).await?;
    let asked = call.query("$select").is_some();
    let entity = shown(&call, vec![found], asked).await?.pop().map(|(_, entity)| entity);
    let entity = entity.ok_or_else(|| Problem::internal("an object was found and is not shown"))?;
    wire::entity(&call, SET, wire::selected(&call, entity, &[])?)
}

pub(super) async fn delete(call: Call) -> Result<Answer, Problem> {
    let (db, tenant) = (call.world.db(), who::tenant(&call)?);
    match find(&call).await? {
        DirectoryObject::User(user) => user_delete(&call.ctx, db, tenant, user.id).await?,
        DirectoryObject::Group(group) => group_delete(&call.ctx, db, tenant, group.id).await?,
        DirectoryObject::Application(of) => application_delete(&call.ctx, db, tenant, &of.id.to_string()).await?,
        DirectoryObject::ServicePrincipal(of) => {
            service_principal_delete(&call.ctx, db, tenant, &of.id.to_string()).await?;
        }
        DirectoryObject::Role(_) | DirectoryObject::PartnerReference { .. } => {
            let message = "directory roles and references to partners are not deleted; take their members out";
            return Err(Problem::new(Reason::Unsupported, message));
        }
    }
    wire::done()
}

/// `getByIds`: those of the ids that are there.
pub(super) async fn by_ids(call: Call) -> Result<Answer, Problem> {
    let body = Members::of(&call)?;
    let ids = bodies::object_ids(&body, "ids")?;
    let types = body.texts("types")?.unwrap_or_default();
    let mut found = objects_by_ids(&call.ctx, call.world.db(), who::tenant(&call)?, &ids).await?;
    let is_reference = |object: &DirectoryObject| matches!(object, DirectoryObject::PartnerReference { .. });
    found.retain(|object| !types.is_empty() || !is_reference(object));
    let mut entities: Vec<Entity> = shown(&call, found, false).await?.into_iter().map(|(_, entity)| entity).collect();
    let is_of = |entity: &Entity, kind: &String| {
        entity.text("@odata.type").rsplit('.').next().is_some_and(|name| name.eq_ignore_ascii_case(kind))
    };
    let any = types.iter().any(|kind| kind.eq_ignore_ascii_case("directoryObject"));
    entities.retain(|entity| types.is_empty() || any || types.iter().any(|kind| is_of(entity, kind)));
    wire::all(&call, SET, &entities)
}
