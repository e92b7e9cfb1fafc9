//! Whom the policy lets report usage of a subscription.

use crate::house::{AZURE, in_a_house};
use tenantry_access::{UsageReport, allow};
use tenantry_core::{Reason, Role};

#[test]
fn partners_report_usage_of_their_own_customers_in_sandboxes() {
    in_a_house(|house| async move {
        let (contoso, fabrikam) = (house.partner("contoso").await, house.partner("fabrikam").await);
        let customer = house.customer(&contoso, "Northwind").await;
        let azure = house.subscription(&customer, AZURE, 1).await;
        let own = house.by(&contoso, &[Role::AdminAgent]);
        let stranger = house.by(&fabrikam, &Role::ALL);
        let reason = |ctx, sandbox| allow::<UsageReport, _>(ctx, azure.scope(sandbox)).err().map(|p| p.reason());
        assert_eq!(reason(&own, true), None);
        assert_eq!(reason(&own, false), Some(Reason::Forbidden));
        assert_eq!(reason(&stranger, true), Some(Reason::SubscriptionNotFound));
        let hidden = allow::<UsageReport, _>(&stranger, customer.scope(true)).err().map(|p| p.reason());
        assert_eq!(hidden, Some(Reason::CustomerNotFound));
    });
}
