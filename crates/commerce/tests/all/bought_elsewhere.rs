//! A subscription that was bought elsewhere appears in the tenant, and a partner manages it by a role on it and not
//! otherwise: in the list of the tenant's subscriptions, and when access is explained.

use crate::explained::{START, Scene};
use crate::house::{House, in_a_house};
use tenantry_access::azure::{ArmScope, CONTRIBUTOR, PrincipalKind, READER};
use tenantry_commerce::{Bought, BringSubscription, access_explain, subscription_bring, tenant_subscriptions};
use tenantry_core::{ObjectId, OpContext, Role, SubscriptionId, TenantId};
use tenantry_directory::{
    NewAssignment, delegated_admin_remove, group_page, role_assignment_delete, role_assignment_put,
};
use uuid::Uuid;

async fn agents_of(house: &House, partner: TenantId) -> ObjectId {
    let groups = group_page(&house.ctx, &house.db, partner, None, 100).await.unwrap();
    groups.iter().find(|group| group.agents == Some(Role::AdminAgent)).unwrap().id
}

/// Gives the partner's agents a role on the subscription.
async fn give(house: &House, scene: &Scene, id: SubscriptionId, role: Uuid) -> Uuid {
    let new = NewAssignment {
        id: house.ctx.chance.guid(),
        scope: ArmScope::subscription(id),
        role,
        principal: agents_of(house, scene.contoso.tenant).await,
        kind: Some(PrincipalKind::ForeignGroup),
        notes: Default::default(),
    };
    let made = role_assignment_put(&house.ctx, &house.db, scene.customer.id, new).await.unwrap();
    made.assignment.assignment.id
}

/// How the subscription looks to a caller: whether it is seen, and managed; and whether the partner's agent may start a
/// machine in it.
async fn seen(house: &House, scene: &Scene, ctx: &OpContext, id: SubscriptionId) -> (&'static str, bool) {
    let listed = tenant_subscriptions(ctx, &house.db, scene.customer.id).await.unwrap();
    let listed = match listed.iter().find(|subscription| subscription.id == id) {
        None => "not seen",
        Some(subscription) => {
            assert_eq!(subscription.bought, Bought::Elsewhere("Enterprise Agreement".to_owned()));
            if subscription.manageable { "managed" } else { "seen" }
        }
    };
    let scope = ArmScope::subscription(id);
    let explained =
        access_explain(&house.ctx, &house.db, &scene.agent.name, START, scope.as_str(), false).await.unwrap();
    assert_eq!(explained.allowed, explained.reasons.is_empty(), "{explained:?}");
    (listed, explained.allowed)
}

#[test]
fn what_wfor_buyer_elsewhere_is_managed_by_a_role_and_not_otherwise() {
    in_a_house(|house| async move {
        let scene = Scene::open(&house).await;
        let bring = BringSubscription {
            tenant: scene.customer.id,
            id: None,
            friendly_name: "Enrolment".into(),
            bought_by: "Enterprise Agreement".into(),
        };
        let id = subscription_bring(&house.ctx, &house.db, bring).await.unwrap().id;
        let contoso = house.by(&scene.contoso, &[Role::AdminAgent]);
        let fabrikam = house.by(&scene.fabrikam, &[Role::AdminAgent]);
        assert_eq!(seen(&house, &scene, &contoso, id).await, ("seen", false), "without a role");

        give(&house, &scene, id, READER).await;
        assert_eq!(seen(&house, &scene, &contoso, id).await, ("seen", false), "a role that only reads");
        let given = give(&house, &scene, id, CONTRIBUTOR).await;
        assert_eq!(seen(&house, &scene, &contoso, id).await, ("managed", true), "with a role");
        assert_eq!(seen(&house, &scene, &fabrikam, id).await.0, "seen", "the other partner has none");

        let (partner, customer) = (scene.contoso.tenant, scene.customer.id);
        role_assignment_delete(&house.ctx, &house.db, customer, &ArmScope::subscription(id), given).await.unwrap();
        assert_eq!(seen(&house, &scene, &contoso, id).await, ("seen", false), "the role taken away");
        give(&house, &scene, id, CONTRIBUTOR).await;
        delegated_admin_remove(&house.ctx, &house.db, partner, customer).await.unwrap();
        assert_eq!(seen(&house, &scene, &contoso, id).await, ("not seen", false), "the relationship over");
    });
}
