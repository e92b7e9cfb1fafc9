//! Changing who gets a customer's bills.

use crate::customer::{BillingDetails, BillingProfile, Customer};
use crate::{customers, rows};
use tenantry_access::{CustomerChange, allow};
use tenantry_core::{OpContext, Problem, Reason, TenantId};
use tenantry_db::{Db, audit};

/// A new billing profile for a customer.
#[derive(Debug, Clone)]
pub struct ChangeBillingProfile {
    /// Whose.
    pub customer: TenantId,
    /// The whole new profile.
    pub details: BillingDetails,
    /// The version the caller saw; `None` overwrites whatever is there.
    pub version: Option<i64>,
}

/// Replaces the billing profile. Gives the customer with its new profile.
///
/// Refused: wrong fields, named; another country (offers and markets hang on it); `Stale`.
pub async fn customer_change_billing_profile(
    ctx: &OpContext,
    db: &Db,
    change: ChangeBillingProfile,
) -> Result<Customer, Problem> {
    let line = audit::open(ctx, db, "customer-change-billing-profile", &change.customer.to_string()).await?;
    let outcome = replace(ctx, db, change).await;
    line.close(ctx, db, outcome).await
}

async fn replace(ctx: &OpContext, db: &Db, change: ChangeBillingProfile) -> Result<Customer, Problem> {
    let mut tx = db.begin().await?;
    let customer = customers::visible_as_one(ctx, &mut tx, change.customer).await?;
    let mut customer = allow::<CustomerChange, _>(ctx, customer)?.into_target();
    let details = change.details.checked("")?;
    if details.default_address.country != customer.country() {
        let message = format!("a customer stays in its country, {}; create another customer", customer.country());
        return Err(Problem::invalid("defaultAddress.country", message));
    }
    let seen = customer.billing_profile.version;
    if change.version.is_some_and(|version| version != seen) {
        return Err(stale());
    }
    customer.billing_profile = BillingProfile { details, version: seen + 1, ..customer.billing_profile };
    if !rows::customer::billing_profile_update(&mut tx, &customer).await? {
        return Err(stale());
    }
    tx.commit().await?;
    Ok(customer)
}

fn stale() -> Problem {
    Problem::new(
        Reason::Stale,
        "the billing profile was changed since it was read; read it again and repeat the change",
    )
}
