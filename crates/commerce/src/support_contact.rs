//! Who helps the customer with a subscription: its seller, unless the seller named one of those it works with.

use crate::reach::Reach;
use crate::subscription::Subscription;
use crate::{Partner, PartnerKind, rows, subscription_record, subscriptions, text};
use tenantry_access::{SubscriptionChange, SubscriptionRead, allow};
use tenantry_core::{OpContext, Problem, SubscriptionId, TenantId};
use tenantry_db::{Connection, Db, audit};

const NAME_MAX: usize = 200;

/// Who helps.
///
/// Source: partner-center-v1.md 3.5 (SupportContact).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupportContact {
    /// The partner.
    pub tenant: TenantId,
    /// Its number in the partner network.
    pub mpn_id: String,
    /// The name customers are told.
    pub name: String,
}

/// Whom to name.
#[derive(Debug, Clone)]
pub struct ChangeSupportContact {
    /// Whose subscription.
    pub customer: TenantId,
    /// Which.
    pub subscription: SubscriptionId,
    /// The partner that helps from now on.
    pub tenant: TenantId,
    /// Its number in the partner network, as the caller believes it to be.
    pub mpn_id: Option<String>,
    /// The name customers are told; the company's if absent.
    pub name: Option<String>,
}

/// Who helps with a subscription.
///
/// # Errors
/// `SubscriptionNotFound`, `CustomerNotFound`, `Forbidden`.
pub async fn support_contact_get(
    ctx: &OpContext,
    db: &Db,
    customer: TenantId,
    id: SubscriptionId,
) -> Result<SupportContact, Problem> {
    let mut reader = db.reader().await?;
    let seen = subscriptions::visible(ctx, &mut reader, customer, id).await?;
    let seen = allow::<SubscriptionRead, _>(ctx, seen)?.into_target();
    let (tenant, name) = match rows::support_contact::get(&mut reader, &seen).await? {
        Some((tenant, name)) => (tenant, Some(name)),
        None => (seen.partner, None),
    };
    let partner = subscription_record::seller(&mut reader, tenant).await?;
    Ok(contact(partner, name))
}

/// Names who helps with a subscription: its seller, whom that buys from, or a reseller of an indirect provider.
///
/// # Errors
/// `SubscriptionNotFound`, `CustomerNotFound`, `Forbidden`; `InvalidField` on `supportTenantId` for anybody else, on
/// `supportMpnId` for another number than that partner's.
pub async fn support_contact_change(
    ctx: &OpContext,
    db: &Db,
    change: ChangeSupportContact,
) -> Result<SupportContact, Problem> {
    let target = format!("{} to {}", change.subscription, change.tenant);
    let line = audit::open(ctx, db, "support-contact-change", &target).await?;
    let outcome = save(ctx, db, change).await;
    line.close(ctx, db, outcome).await
}

async fn save(ctx: &OpContext, db: &Db, change: ChangeSupportContact) -> Result<SupportContact, Problem> {
    let mut tx = db.begin().await?;
    let seen = subscriptions::visible(ctx, &mut tx, change.customer, change.subscription).await?;
    let seen = allow::<SubscriptionChange, _>(ctx, seen)?.into_target();
    let found = may_help(&mut tx, &seen).await?.into_iter().find(|partner| partner.tenant == change.tenant);
    let Some(partner) = found else {
        let message = format!(
            "{} does not work with the partner that sells this; name that partner, or one of its resellers",
            change.tenant
        );
        return Err(Problem::invalid("supportTenantId", message));
    };
    if let Some(mpn_id) = change.mpn_id.as_deref().filter(|id| !id.trim().is_empty() && id.trim() != partner.mpn_id) {
        let message = format!("`{}` is not the number of {}", text::shown(mpn_id), partner.company_name);
        return Err(Problem::invalid("supportMpnId", message));
    }
    let named = text::optional("name", change.name.as_deref(), NAME_MAX)?;
    let contact = contact(partner, named);
    rows::support_contact::put(&mut tx, &seen, (contact.tenant, &contact.name)).await?;
    tx.commit().await?;
    Ok(contact)
}

/// The partners that can be named.
async fn may_help(on: &mut impl Connection, seen: &Subscription) -> Result<Vec<Partner>, Problem> {
    let seller = subscription_record::seller(on, seen.partner).await?;
    let mut found = match seller.kind {
        PartnerKind::Direct => Vec::new(),
        PartnerKind::IndirectProvider => rows::partner::resellers(on, seller.tenant).await?,
        PartnerKind::Reseller { indirect_provider } => {
            rows::partner::by_id(on, Reach::ALL, indirect_provider).await?.into_iter().collect()
        }
    };
    found.insert(0, seller);
    Ok(found)
}

fn contact(partner: Partner, name: Option<String>) -> SupportContact {
    SupportContact { tenant: partner.tenant, mpn_id: partner.mpn_id, name: name.unwrap_or(partner.company_name) }
}
