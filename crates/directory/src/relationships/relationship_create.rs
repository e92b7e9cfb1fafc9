//! Writing a relationship: creating it, changing it and deleting it. All three end with the lock: what the customer is
//! asked to approve does not change any more.

use crate::relationships::reach::{current, of_partner, stale};
use crate::relationships::relationship::roles_checked;
use crate::relationships::{
    Relationship, RelationshipCustomer, RelationshipStatus, WrittenDuration, relationship_rows,
};
use crate::rows;
use tenantry_access::{RelationshipManage, TenantScope, allow};
use tenantry_core::{OpContext, Problem, Reason, TenantId, TenantKind};
use tenantry_db::{Connection, Db, audit};
use uuid::Uuid;

const NAME_MAX: usize = 50;

/// What a partner wants from a customer.
#[derive(Debug, Clone, Default)]
pub struct NewRelationship {
    /// The partner's name for it: at most 50 characters, unique over its relationships.
    pub display_name: String,
    /// The customer, if it is known already.
    pub customer: Option<TenantId>,
    /// `P1D` to `P2Y`.
    pub duration: String,
    /// `P180D`, or `P0D` or `PT0S` for none; none if absent.
    pub auto_extend: Option<String>,
    /// Template ids of directory roles; at least one.
    pub roles: Vec<Uuid>,
}

/// What is to change; absent things stay.
#[derive(Debug, Clone, Default)]
pub struct RelationshipChange {
    /// Another name.
    pub display_name: Option<String>,
    /// Another customer.
    pub customer: Option<TenantId>,
    /// Another duration.
    pub duration: Option<String>,
    /// Another extension.
    pub auto_extend: Option<String>,
    /// Other roles.
    pub roles: Option<Vec<Uuid>>,
}

/// Creates a relationship of the partner `tenant`. Source: directory.md 3.4.
///
/// # Errors
/// `TenantNotFound`, `Forbidden` (also if the tenant is no partner's); `MissingField` and `InvalidField`, naming
/// `displayName`, `duration`, `autoExtendDuration`, `customer.tenantId` or `accessDetails.unifiedRoles`;
/// `AlreadyExists` if the name is in use.
pub async fn relationship_create(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    new: NewRelationship,
) -> Result<Relationship, Problem> {
    let line = audit::open(ctx, db, "relationship-create", &clip(&new.display_name)).await?;
    let outcome = create(ctx, db, tenant, new).await;
    line.close(ctx, db, outcome).await
}

async fn create(ctx: &OpContext, db: &Db, tenant: TenantId, new: NewRelationship) -> Result<Relationship, Problem> {
    allow::<RelationshipManage, _>(ctx, TenantScope(tenant))?;
    let mut tx = db.begin().await?;
    let partner = rows::tenant_by_id(&mut tx, tenant).await?;
    let partner = partner
        .ok_or_else(|| Problem::new(Reason::TenantNotFound, format!("there is no tenant {tenant}; check the id")))?;
    if partner.kind != TenantKind::Partner {
        let message = format!("{tenant} is not a partner's tenant; only partners have delegated admin relationships");
        return Err(Problem::new(Reason::Forbidden, message));
    }
    let at = ctx.now();
    let relationship = Relationship {
        id: format!("{}-{}", ctx.chance.guid(), ctx.chance.guid()),
        partner: tenant,
        customer: match new.customer {
            Some(customer) => Some(customer_checked(&mut tx, customer).await?),
            None => None,
        },
        display_name: name_checked(&new.display_name)?,
        duration: WrittenDuration::of_relationship(&new.duration)?,
        auto_extend: WrittenDuration::of_extension(new.auto_extend.as_deref())?,
        roles: roles_checked(&new.roles)?,
        status: RelationshipStatus::Created,
        created_at: at,
        changed_at: at,
        activated_at: None,
        ends_at: None,
        version: 1,
    };
    if !relationship_rows::insert(&mut tx, &relationship).await? {
        return Err(name_taken(&relationship.display_name));
    }
    tx.commit().await?;
    Ok(relationship)
}

/// Changes a relationship that is not locked yet. `seen` is the version the caller read.
///
/// # Errors
/// `RelationshipNotFound`, `Forbidden`, `Stale`; `RelationshipStateRefused` once it is locked; otherwise as
/// [`relationship_create`].
pub async fn relationship_change(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    id: &str,
    seen: i64,
    change: RelationshipChange,
) -> Result<Relationship, Problem> {
    let line = audit::open(ctx, db, "relationship-change", &clip(id)).await?;
    let outcome = changed(ctx, db, tenant, (id, seen), change).await;
    line.close(ctx, db, outcome).await
}

async fn changed(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    (id, seen): (&str, i64),
    change: RelationshipChange,
) -> Result<Relationship, Problem> {
    let mut tx = db.begin().await?;
    let mut relationship = of_partner::<RelationshipManage>(ctx, &mut tx, tenant, id).await?;
    current(seen, relationship.version, WHAT)?;
    unlocked(&relationship)?;
    if let Some(name) = &change.display_name {
        relationship.display_name = name_checked(name)?;
        if relationship_rows::name_taken(&mut tx, tenant, &relationship.display_name, &relationship.id).await? {
            return Err(name_taken(&relationship.display_name));
        }
    }
    if let Some(customer) = change.customer {
        relationship.customer = Some(customer_checked(&mut tx, customer).await?);
    }
    if let Some(duration) = &change.duration {
        relationship.duration = WrittenDuration::of_relationship(duration)?;
    }
    if let Some(extension) = &change.auto_extend {
        relationship.auto_extend = WrittenDuration::of_extension(Some(extension))?;
    }
    if let Some(roles) = &change.roles {
        relationship.roles = roles_checked(roles)?;
    }
    relationship.changed_at = ctx.now();
    relationship.version += 1;
    if !relationship_rows::update(&mut tx, &relationship).await? {
        return Err(stale(WHAT));
    }
    tx.commit().await?;
    Ok(relationship)
}

/// Deletes a relationship that is not locked yet. `seen` is the version the caller read.
///
/// # Errors
/// `RelationshipNotFound`, `Forbidden`, `Stale`; `RelationshipStateRefused` once it is locked.
pub async fn relationship_delete(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    id: &str,
    seen: i64,
) -> Result<(), Problem> {
    let line = audit::open(ctx, db, "relationship-delete", &clip(id)).await?;
    let outcome = delete(ctx, db, tenant, id, seen).await;
    line.close(ctx, db, outcome).await
}

async fn delete(ctx: &OpContext, db: &Db, tenant: TenantId, id: &str, seen: i64) -> Result<(), Problem> {
    let mut tx = db.begin().await?;
    let relationship = of_partner::<RelationshipManage>(ctx, &mut tx, tenant, id).await?;
    current(seen, relationship.version, WHAT)?;
    unlocked(&relationship)?;
    relationship_rows::delete(&mut tx, tenant, &relationship.id).await?;
    tx.commit().await
}

const WHAT: &str = "the relationship";

fn unlocked(relationship: &Relationship) -> Result<(), Problem> {
    if relationship.status == RelationshipStatus::Created {
        return Ok(());
    }
    let status = relationship.status.name();
    let message = format!("the relationship is `{status}`; it can be changed or deleted only while it is `created`");
    Err(Problem::new(Reason::RelationshipStateRefused, message))
}

fn name_checked(name: &str) -> Result<String, Problem> {
    const FIELD: &str = "displayName";
    let name = name.trim();
    match name.chars().count() {
        0 => Err(Problem::missing(FIELD)),
        1..=NAME_MAX => Ok(name.to_owned()),
        length => Err(Problem::invalid(FIELD, format!("it has {length} characters; at most {NAME_MAX} fit"))),
    }
}

fn name_taken(name: &str) -> Problem {
    let message = format!("displayName: another relationship of this partner is called `{name}`; choose another name");
    Problem::new(Reason::AlreadyExists, message).at("displayName")
}

async fn customer_checked(on: &mut impl Connection, tenant: TenantId) -> Result<RelationshipCustomer, Problem> {
    let found = rows::tenant_by_id(on, tenant).await?.filter(|tenant| tenant.kind == TenantKind::Customer);
    let found = found
        .ok_or_else(|| Problem::invalid("customer.tenantId", format!("{tenant} is not the tenant of a customer")))?;
    Ok(RelationshipCustomer { tenant, display_name: found.name })
}

pub(crate) fn clip(text: &str) -> String {
    text.chars().take(80).collect()
}
