//! Registering a subscription that was bought elsewhere: by an enterprise agreement, by card. It lives in the tenant and
//! is seen there; no partner sold it, so none manages it, and nothing is billed for it here.

use crate::{rows, text};
use tenantry_access::{ChannelManage, WorldScope, allow};
use tenantry_core::{OpContext, Problem, Reason, SubscriptionId, TenantId, Timestamp};
use tenantry_db::{Db, audit};
use tenantry_directory::{subscription_register, tenant_find};

/// A subscription that was bought elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BroughtSubscription {
    /// Names it.
    pub id: SubscriptionId,
    /// The tenant it lives in.
    pub tenant: TenantId,
    /// What people call it.
    pub friendly_name: String,
    /// How it was bought, for people: `Enterprise Agreement`.
    pub bought_by: String,
    /// When it was registered here.
    pub created_at: Timestamp,
}

/// What is needed to register one.
#[derive(Debug, Clone)]
pub struct BringSubscription {
    /// The tenant it lives in.
    pub tenant: TenantId,
    /// The id it has; a new one if absent.
    pub id: Option<SubscriptionId>,
    /// What people call it.
    pub friendly_name: String,
    /// How it was bought, for people.
    pub bought_by: String,
}

/// Registers a subscription that was bought elsewhere. Only the provider may. The same id again changes its name.
///
/// # Errors
/// `TenantNotFound`; `MissingField`; `AlreadyExists` for an id that was sold here, or lives in another tenant.
pub async fn subscription_bring(
    ctx: &OpContext,
    db: &Db,
    bring: BringSubscription,
) -> Result<BroughtSubscription, Problem> {
    let line = audit::open(ctx, db, "subscription-bring", &bring.tenant.to_string()).await?;
    let outcome = keep(ctx, db, bring).await;
    line.close(ctx, db, outcome).await
}

async fn keep(ctx: &OpContext, db: &Db, bring: BringSubscription) -> Result<BroughtSubscription, Problem> {
    allow::<ChannelManage, _>(ctx, WorldScope { sandbox: false })?;
    if tenant_find(db, &bring.tenant.to_string()).await?.is_none() {
        let message = format!("there is no tenant {}; check the tenant id", bring.tenant);
        return Err(Problem::new(Reason::TenantNotFound, message));
    }
    let brought = BroughtSubscription {
        id: bring.id.unwrap_or_else(|| SubscriptionId::new(ctx.chance.guid())),
        tenant: bring.tenant,
        friendly_name: text::required("friendlyName", &bring.friendly_name, 200)?,
        bought_by: text::required("boughtBy", &bring.bought_by, 100)?,
        created_at: ctx.now(),
    };
    let mut tx = db.begin().await?;
    subscription_register(ctx, &mut tx, brought.tenant, brought.id, None, &brought.friendly_name).await?;
    rows::brought::keep(&mut tx, &brought).await?;
    tx.commit().await?;
    Ok(brought)
}
