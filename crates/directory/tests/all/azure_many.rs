//! One look at a tenant's roles answers about many subscriptions what many looks would; and whoever is asked about by
//! name counts as it does when it asks itself.

use crate::house::{House, in_a_house};
use crate::people_house::user;
use tenantry_access::azure::{ArmScope, READER};
use tenantry_core::{
    AppId, Caller, DirectoryRole, Identity, ObjectId, OpContext, Reason, Role, SubscriptionId, TenantId, TenantKind,
};
use tenantry_directory::{
    azure_allowed_at, azure_decide, azure_decide_for, directory_role_member_add, visible_subscriptions,
};
use uuid::Uuid;

const MAKE: &str = "Microsoft.Resources/subscriptions/resourceGroups/write";
const START: &str = "Microsoft.Compute/virtualMachines/start/action";

fn by_application(house: &House, principal: ObjectId, at: (TenantId, TenantKind)) -> OpContext {
    let app = AppId::new(principal.guid());
    let caller = Caller::SignedIn(Identity::application(app, principal, at, []));
    OpContext { caller, ..house.ctx.clone() }
}

#[test]
fn many_scopes_are_answered_as_one_by_one() {
    in_a_house(|house| async move {
        let (contoso, customer) = (house.partner("contoso").await, house.customer("northwind").await);
        let fabrikam = house.partner("fabrikam").await;
        house.contract(&contoso, &customer).await;
        house.contract(&fabrikam, &customer).await;
        let mut scopes = Vec::new();
        for seller in [Some(&contoso), Some(&fabrikam), None, Some(&contoso)] {
            scopes.push(ArmScope::subscription(house.subscription(&customer, seller).await));
        }
        let agent = house.agent(&contoso, &[Role::AdminAgent]).await;
        let reader = house.principal(customer.id).await;
        house.assign(&house.ctx, customer.id, ("/", READER), (reader, None)).await.unwrap();
        let by_reader = by_application(&house, reader, (customer.id, TenantKind::Customer));
        for (who, ctx, action, expected) in [
            ("an agent", house.at_home(&agent), MAKE, [true, false, false, true]),
            ("the platform", house.ctx.clone(), MAKE, [true; 4]),
            ("a reader of all", by_reader.clone(), MAKE, [false; 4]),
            ("a reader of all", by_reader, "Microsoft.Compute/virtualMachines/read", [true; 4]),
        ] {
            let all = azure_allowed_at(&ctx, &house.db, customer.id, action, &scopes).await.unwrap();
            assert_eq!(all, expected, "{who} {action}");
            let seen = visible_subscriptions(&ctx, &house.db, customer.id).await.unwrap();
            for (scope, allowed) in scopes.iter().zip(all) {
                let one = azure_decide(&ctx, &house.db, customer.id, action, scope).await.unwrap();
                assert_eq!(one.allowed(), allowed, "{who} {action} {scope}");
                let seen = seen.iter().find(|seen| Some(seen.subscription.id) == scope.subscription_id());
                assert!(!allowed || seen.is_some_and(|seen| seen.by_role && seen.why.len() == 1), "{who}: {seen:?}");
            }
        }
        let strange = [scopes[0].clone(), ArmScope::subscription(SubscriptionId::new(Uuid::from_u128(9)))];
        let refused = azure_allowed_at(&house.ctx, &house.db, customer.id, MAKE, &strange).await.unwrap_err();
        assert_eq!(refused.reason(), Reason::SubscriptionNotFound);
    });
}

#[test]
fn the_provider_is_the_provider_also_when_somebody_else_asks() {
    in_a_house(|house| async move {
        let root = house.create(TenantKind::Provider, "root").await.unwrap();
        let (contoso, customer) = (house.partner("contoso").await, house.customer("northwind").await);
        let scope = ArmScope::subscription(house.subscription(&customer, Some(&contoso)).await);
        let operators = house.app(&root, &[]).await.made.principal;
        let (chief, clerk) = (user(&house, &root, "chief").await.id, user(&house, &root, "clerk").await.id);
        directory_role_member_add(&house.ctx, &house.db, root.id, DirectoryRole::GlobalAdmin, chief).await.unwrap();
        // The same role in another tenant is no such thing.
        let theirs = house.principal(contoso.id).await;
        directory_role_member_add(&house.ctx, &house.db, contoso.id, DirectoryRole::GlobalAdmin, theirs).await.unwrap();
        for (who, principal, expected) in [
            ("its program", operators, true),
            ("its global administrator", chief, true),
            ("who works for it", clerk, false),
            ("a partner's global administrator", theirs, false),
        ] {
            let decided = azure_decide_for(&house.ctx, &house.db, customer.id, principal, START, &scope).await.unwrap();
            assert_eq!(decided.allowed(), expected, "{who}");
        }
    });
}
