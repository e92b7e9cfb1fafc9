//! Changing who gets a customer's bills.

use crate::customer::{BillingDetails, BillingProfile, Customer, no_customer};
use crate::reach::Reach;
use crate::rows;
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
    let reach = Reach::of(ctx)?;
    let mut tx = db.begin().await?;
    let found = rows::customer::by_id(&mut tx, reach, change.customer).await?;
    let customer = found.ok_or_else(|| no_customer(change.customer))?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::customer_get;
    use crate::testing::House;
    use tenantry_core::Role;

    #[tokio::test]
    async fn a_change_needs_the_version_it_was_made_from() {
        let house = House::open().await;
        let partner = house.partner("contoso").await;
        let customer = house.customer(&partner, "Northwind").await;
        let ctx = house.by(&partner, &[Role::SalesAgent]);
        let change = async |email: &str, version| {
            let mut details = customer.billing_profile.details.clone();
            details.email = email.to_owned();
            let change = ChangeBillingProfile { customer: customer.id, details, version };
            let changed = customer_change_billing_profile(&ctx, &house.db, change).await;
            changed.map(|customer| customer.billing_profile.version).map_err(|problem| problem.reason())
        };
        assert_eq!(change("one@northwind.test", Some(1)).await, Ok(2));
        assert_eq!(change("two@northwind.test", Some(1)).await, Err(Reason::Stale));
        assert_eq!(change("three@northwind.test", None).await, Ok(3));
        assert_eq!(change("nobody", Some(3)).await, Err(Reason::InvalidField));
        let kept = customer_get(&ctx, &house.db, customer.id).await.unwrap();
        assert_eq!(kept.billing_profile.details.email, "three@northwind.test");
        assert_eq!(kept.billing_profile.id, customer.billing_profile.id);
    }

    #[tokio::test]
    async fn who_may_not_change_changes_nothing() {
        let house = House::open().await;
        let (contoso, fabrikam) = (house.partner("contoso").await, house.partner("fabrikam").await);
        let customer = house.customer(&contoso, "Northwind").await;
        let mut moved = customer.billing_profile.details.clone();
        moved.default_address.country = "DE".into();
        let kept = customer.billing_profile.details.clone();
        for (ctx, details, reason) in [
            (house.by(&contoso, &[Role::HelpdeskAgent]), &kept, Reason::Forbidden),
            (house.by(&fabrikam, &Role::ALL), &kept, Reason::CustomerNotFound),
            (house.by(&contoso, &Role::ALL), &moved, Reason::InvalidField),
        ] {
            let change = ChangeBillingProfile { customer: customer.id, details: details.clone(), version: None };
            let refused = customer_change_billing_profile(&ctx, &house.db, change).await.unwrap_err();
            assert_eq!(refused.reason(), reason);
        }
        assert_eq!(customer_get(&house.ctx, &house.db, customer.id).await.unwrap(), customer);
    }
}
