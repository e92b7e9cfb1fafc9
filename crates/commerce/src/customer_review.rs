//! What the provider thinks of a customer's account. As a rule nothing: then it is approved from its first day. One that
//! looks wrong is put under review, and nothing new is sold to it until the provider is through; what was sold before goes
//! on.
//!
//! Source: partner-center-v1.md 2.1 row 15, 4.1 "Customer account review".

use crate::{Customer, customers, rows};
use tenantry_access::{ChannelManage, CustomerRead, WorldScope, allow};
use tenantry_core::{OpContext, Problem, Reason, TenantId, Timestamp};
use tenantry_db::{Connection, Db, audit};

/// How far the provider is with an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReviewStatus {
    /// It may buy.
    Approved,
    /// Somebody looks at it.
    InReview,
    /// It may not buy.
    Denied,
}

impl ReviewStatus {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Approved, Self::InReview, Self::Denied];

    /// The stored name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::InReview => "in-review",
            Self::Denied => "denied",
        }
    }

    /// The status of a stored name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }
}

/// The state of a customer's account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CustomerReview {
    /// How far the provider is.
    pub status: ReviewStatus,
    /// Since when: for an account nobody looked at, since it was made.
    pub changed_at: Timestamp,
}

/// How far the provider is with a customer's account.
///
/// # Errors
/// `CustomerNotFound`, `Forbidden`.
pub async fn customer_review_get(ctx: &OpContext, db: &Db, customer: TenantId) -> Result<CustomerReview, Problem> {
    let mut reader = db.reader().await?;
    let customer = customers::visible(ctx, &mut reader, customer).await?;
    let customer = allow::<CustomerRead, _>(ctx, customer)?.into_target();
    let said = rows::customer_review::get(&mut reader, (customer.id, customer.partner)).await?;
    Ok(said.unwrap_or(CustomerReview { status: ReviewStatus::Approved, changed_at: customer.created_at }))
}

/// Says how far the provider is with a tenant as a partner's customer.
///
/// # Errors
/// `CustomerNotFound`; `Forbidden` for all but the provider.
pub async fn customer_review_set(
    ctx: &OpContext,
    db: &Db,
    (partner, customer): (TenantId, TenantId),
    status: ReviewStatus,
) -> Result<CustomerReview, Problem> {
    let target = format!("{customer} of {partner} is {}", status.name());
    let line = audit::open_about(ctx, db, "customer-review-set", &target, customer).await?;
    let outcome = set(ctx, db, (partner, customer), status).await;
    line.close(ctx, db, outcome).await
}

async fn set(
    ctx: &OpContext,
    db: &Db,
    (partner, customer): (TenantId, TenantId),
    status: ReviewStatus,
) -> Result<CustomerReview, Problem> {
    let mut tx = db.begin().await?;
    let customer = customers::visible_of_partner(ctx, &mut tx, partner, customer).await?;
    allow::<ChannelManage, _>(ctx, WorldScope { sandbox: false })?;
    rows::customer::lock(&mut tx, &customer).await?;
    let review = CustomerReview { status, changed_at: ctx.now() };
    rows::customer_review::put(&mut tx, (customer.id, customer.partner), review).await?;
    tx.commit().await?;
    Ok(review)
}

/// Refuses what would be sold to a customer that the provider has not let through.
pub(crate) async fn check_cleared(on: &mut impl Connection, customer: &Customer) -> Result<(), Problem> {
    const FIELD: &str = "validationStatus";
    let name = &customer.company_name;
    match rows::customer_review::get(on, (customer.id, customer.partner)).await?.map(|review| review.status) {
        None | Some(ReviewStatus::Approved) => Ok(()),
        Some(ReviewStatus::InReview) => {
            let message =
                format!("the account of {name} is under review; order when its validation status is approved");
            Err(Problem::new(Reason::OfferNotPurchasable, message).at(FIELD))
        }
        Some(ReviewStatus::Denied) => {
            let message =
                format!("the account of {name} was not approved, so nothing is sold to it; ask the provider why");
            Err(Problem::new(Reason::Forbidden, message).at(FIELD))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stored_name_says_one_thing() {
        assert!(ReviewStatus::ALL.iter().all(|status| ReviewStatus::from_name(status.name()) == Some(*status)));
        assert_eq!(ReviewStatus::from_name("Approved"), None);
    }
}
