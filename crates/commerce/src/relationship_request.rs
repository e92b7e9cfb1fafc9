//! A partner's invitation to become its customer: a link that it sends out, and that the administrator of any tenant
//! may accept.
//!
//! There is one per partner, and it stays: the link of the field names the partner and nothing else
//! (partner-center-v1.md 3.1, RelationshipRequest). Nobody gains anything by knowing it; the customer decides.

use crate::partner::missing;
use crate::reach::Reach;
use crate::{Partner, rows};
use tenantry_access::{CustomerCreate, RelationshipApprove, TenantScope, allow};
use tenantry_core::{OpContext, Problem, Reason, TenantId, Timestamp};
use tenantry_db::{Connection, Db, audit};
use uuid::Uuid;

/// An invitation of a partner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResellerRequest {
    /// Names it in links.
    pub id: Uuid,
    /// Whose it is.
    pub partner: TenantId,
    /// When it was made.
    pub created_at: Timestamp,
}

/// The partner's invitation; it is made when it is asked for the first time.
pub async fn relationship_request_create(
    ctx: &OpContext,
    db: &Db,
    partner: TenantId,
) -> Result<ResellerRequest, Problem> {
    let line = audit::open(ctx, db, "relationship-request-create", &partner.to_string()).await?;
    let outcome = create(ctx, db, partner).await;
    line.close(ctx, db, outcome).await
}

async fn create(ctx: &OpContext, db: &Db, partner: TenantId) -> Result<ResellerRequest, Problem> {
    let mut tx = db.begin().await?;
    let found = rows::partner::by_id(&mut tx, Reach::of(ctx)?, partner).await?;
    let partner = allow::<CustomerCreate, _>(ctx, found.ok_or_else(|| missing(ctx, partner))?)?.into_target();
    let new = ResellerRequest { id: ctx.chance.guid(), partner: partner.tenant, created_at: ctx.now() };
    let request = rows::reseller_request::keep(&mut tx, &new).await?;
    tx.commit().await?;
    Ok(request)
}

/// The partner behind an invitation, for whoever may accept it for a tenant: what the page shows before it is asked.
///
/// # Errors
/// `RelationshipNotFound` for an invitation that nobody made.
pub async fn relationship_request_find(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    request: Uuid,
) -> Result<Partner, Problem> {
    allow::<RelationshipApprove, _>(ctx, TenantScope(tenant))?;
    partner_of(&mut db.reader().await?, request).await
}

/// The partner behind an invitation.
pub(crate) async fn partner_of(on: &mut impl Connection, request: Uuid) -> Result<Partner, Problem> {
    let none = || {
        let message = format!("there is no invitation {request}; ask the partner for its link");
        Problem::new(Reason::RelationshipNotFound, message)
    };
    let partner = rows::reseller_request::partner_of(on, request).await?.ok_or_else(none)?;
    rows::partner::by_id(on, Reach::ALL, partner).await?.ok_or_else(none)
}
