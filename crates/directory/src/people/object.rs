//! Directory objects: what lists of members are made of, and what can be looked up by id alone.

use crate::applications::rows::application as applications;
use crate::applications::{Application, ServicePrincipal, service_principal_by_id};
use crate::people::directory_role::{self, ActivatedRole};
use crate::people::group::Group;
use crate::people::guard::may;
use crate::people::rows;
use crate::people::user::User;
use crate::relationships::has_relationship;
use tenantry_access::DirectoryRead;
use tenantry_core::{ObjectId, OpContext, Problem, Reason, TenantId};
use tenantry_db::{Connection, Db};

/// Any object of a directory.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "lists are mostly of users, which are the largest")]
pub enum DirectoryObject {
    /// A user, not deleted.
    User(User),
    /// A group.
    Group(Group),
    /// An activated directory role.
    Role(ActivatedRole),
    /// An application registered in the tenant, not deleted.
    Application(Application),
    /// An application as a member of the tenant.
    ServicePrincipal(ServicePrincipal),
    /// A group of a partner that has rights here: only its id and name are known in this tenant.
    PartnerReference {
        /// The group's id, in the partner's tenant.
        id: ObjectId,
        /// The partner's tenant.
        partner: TenantId,
        /// What to call it, such as `Foreign Principal for 'Contoso' in role 'AdminAgents'`.
        display_name: String,
    },
}

impl DirectoryObject {
    /// Its object id.
    #[must_use]
    pub const fn id(&self) -> ObjectId {
        match self {
            Self::User(user) => user.id,
            Self::Group(group) => group.id,
            Self::Role(role) => role.id,
            Self::Application(application) => application.id,
            Self::ServicePrincipal(principal) => principal.id,
            Self::PartnerReference { id, .. } => *id,
        }
    }
}

/// What an object of a tenant is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    User,
    Group,
    Role,
    Application,
    ServicePrincipal,
}

/// What the object is; `None` if the tenant has none of this id. A deleted user is none.
pub(crate) async fn kind_of(on: &mut impl Connection, tenant: TenantId, id: ObjectId) -> Result<Option<Kind>, Problem> {
    Ok(object(on, tenant, id).await?.map(|object| match object {
        DirectoryObject::User(_) => Kind::User,
        DirectoryObject::Group(_) | DirectoryObject::PartnerReference { .. } => Kind::Group,
        DirectoryObject::Role(_) => Kind::Role,
        DirectoryObject::Application(_) => Kind::Application,
        DirectoryObject::ServicePrincipal(_) => Kind::ServicePrincipal,
    }))
}

/// The objects of these ids, in their order. Ids the tenant does not have are left out.
pub(crate) async fn objects(
    on: &mut impl Connection,
    tenant: TenantId,
    ids: &[ObjectId],
) -> Result<Vec<DirectoryObject>, Problem> {
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        found.extend(object(on, tenant, *id).await?);
    }
    Ok(found)
}

/// Users first: most ids are theirs.
async fn object(on: &mut impl Connection, tenant: TenantId, id: ObjectId) -> Result<Option<DirectoryObject>, Problem> {
    if let Some(user) = rows::user::by_id(on, tenant, id).await?.filter(|user| user.deleted_at.is_none()) {
        return Ok(Some(DirectoryObject::User(user)));
    }
    if let Some(group) = rows::group::by_id(on, tenant, id).await? {
        return Ok(Some(DirectoryObject::Group(group)));
    }
    // Both are also found by client id there; here only object ids count.
    let principal = service_principal_by_id(on, tenant, id).await?;
    if let Some(principal) = principal.filter(|principal| principal.id == id) {
        return Ok(Some(DirectoryObject::ServicePrincipal(principal)));
    }
    let application = applications::in_tenant(on, tenant, id).await?;
    if let Some(application) = application.filter(|found| found.id == id && found.deleted_at.is_none()) {
        return Ok(Some(DirectoryObject::Application(application)));
    }
    let roles = directory_role::all(on, tenant).await?;
    Ok(roles.into_iter().find(|role| role.id == id).map(DirectoryObject::Role))
}

/// An object by its id, whatever it is.
///
/// # Errors
/// `ObjectNotFound`.
pub async fn object_find(ctx: &OpContext, db: &Db, tenant: TenantId, id: ObjectId) -> Result<DirectoryObject, Problem> {
    may::<DirectoryRead>(ctx, tenant)?;
    object(&mut db.reader().await?, tenant, id).await?.ok_or_else(|| no_object(id))
}

/// The objects of these ids, in their order. Ids the tenant does not have are left out, unless they are groups of a
/// partner with a relationship: of these the tenant learns whose they are, because role assignments name them.
///
/// Source: directory.md 2.2 (`getObjectsByObjectIds`).
///
/// # Errors
/// `TooLarge` for more than 1000 ids.
pub async fn objects_by_ids(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    ids: &[ObjectId],
) -> Result<Vec<DirectoryObject>, Problem> {
    may::<DirectoryRead>(ctx, tenant)?;
    if ids.len() > IDS_MOST {
        let message = format!("{} ids in one call; send at most {IDS_MOST}", ids.len());
        return Err(Problem::new(Reason::TooLarge, message).at("ids"));
    }
    let mut reader = db.reader().await?;
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        match object(&mut reader, tenant, *id).await? {
            Some(object) => found.push(object),
            None => found.extend(partner_reference(ctx, &mut reader, tenant, *id).await?),
        }
    }
    Ok(found)
}

async fn partner_reference(
    ctx: &OpContext,
    on: &mut impl Connection,
    tenant: TenantId,
    id: ObjectId,
) -> Result<Option<DirectoryObject>, Problem> {
    let Some(group) = rows::group::of_any_partner(on, id).await? else { return Ok(None) };
    if !has_relationship(on, group.tenant, tenant, ctx.now()).await? {
        return Ok(None);
    }
    let partner = crate::rows::tenant_by_id(on, group.tenant).await?.map(|partner| partner.name).unwrap_or_default();
    // The name of an agent group says nothing new; what a partner calls its other groups is its own business.
    let role = group.agents.map(|role| format!(" in role '{role}'")).unwrap_or_default();
    let display_name = format!("Foreign Principal for '{partner}'{role}");
    Ok(Some(DirectoryObject::PartnerReference { id, partner: group.tenant, display_name }))
}

/// The most ids one call may ask for.
const IDS_MOST: usize = 1_000;

pub(crate) fn no_object(id: ObjectId) -> Problem {
    Problem::new(Reason::ObjectNotFound, format!("there is no directory object {id} in this tenant; check the id"))
}
