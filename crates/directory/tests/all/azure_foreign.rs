//! Principals of other tenants on a customer's subscription: whatever a client calls a partner's group, it counts as one,
//! and ends with the relationship.

use crate::house::{House, in_a_house};
use crate::people_house;
use crate::relationships_desk::outcome;
use tenantry_access::OWN_SEE_SUBSCRIPTIONS;
use tenantry_access::azure::{ArmScope, PrincipalKind, READER};
use tenantry_core::{DirectoryRole, ObjectId, OpContext, Role};
use tenantry_db::sql;
use tenantry_directory::{
    AssignmentFilter, Tenant, azure_decide, delegated_admin_remove, role_assignment_list, subscription_register,
    visible_subscriptions,
};
use uuid::Uuid;

const READ: &str = "Microsoft.Compute/virtualMachines/read";

/// A partner with delegated administration, a subscription of the customer it did not sell, a group of the partner, and
/// an agent who is in the group.
struct Setting {
    partner: Tenant,
    customer: Tenant,
    scope: ArmScope,
    group: ObjectId,
    agent: OpContext,
}

async fn setting(house: &House) -> Setting {
    let (partner, customer) = (house.partner("contoso").await, house.customer("northwind").await);
    house.contract(&partner, &customer).await;
    let mut agent = house.agent(&partner, &[Role::AdminAgent]).await;
    let group = house.group(partner.id, "Operators", agent.id).await;
    agent.groups.insert(group);
    let id = tenantry_core::SubscriptionId::new(house.ctx.chance.guid());
    let mut tx = house.begin().await;
    subscription_register(&house.ctx, &mut tx, customer.id, id, None, "Azure").await.unwrap();
    tx.commit().await.unwrap();
    let (scope, agent) = (ArmScope::subscription(id), house.at_home(&agent));
    Setting { partner, customer, scope, group, agent }
}

impl Setting {
    async fn reads(&self, house: &House) -> bool {
        azure_decide(&self.agent, &house.db, self.customer.id, READ, &self.scope).await.unwrap().allowed()
    }

    async fn kinds(&self, house: &House) -> Vec<String> {
        let everything = AssignmentFilter::default();
        let listed = role_assignment_list(&house.ctx, &house.db, self.customer.id, &self.scope, everything).await;
        let listed = listed.unwrap();
        let shown =
            |kind: PrincipalKind, home: bool| format!("{}{}", kind.name(), if home { " of the partner" } else { "" });
        listed.iter().map(|kept| shown(kept.assignment.kind, kept.assignment.home == Some(self.partner.id))).collect()
    }
}

#[test]
fn a_partners_group_is_one_whatever_a_client_calls_it() {
    for sent in ["User", "Group", "ServicePrincipal", "ForeignGroup"] {
        in_a_house(|house| async move {
            let set = setting(&house).await;
            assert!(!set.reads(&house).await, "{sent}, before");
            let (at, to) = ((set.scope.as_str(), READER), (set.group, PrincipalKind::from_name(sent)));
            house.assign(&house.ctx, set.customer.id, at, to).await.unwrap();
            assert_eq!(set.kinds(&house).await, ["ForeignGroup of the partner"], "{sent}");
            assert!(set.reads(&house).await, "{sent}, while the relationship lasts");
            delegated_admin_remove(&house.ctx, &house.db, set.partner.id, set.customer.id).await.unwrap();
            assert!(!set.reads(&house).await, "{sent}, after its end");
        });
    }
}

#[test]
fn a_row_that_calls_a_partners_group_something_else_ends_with_the_relationship_too() {
    in_a_house(|house| async move {
        let set = setting(&house).await;
        let to = (set.group, Some(PrincipalKind::ForeignGroup));
        house.assign(&house.ctx, set.customer.id, (set.scope.as_str(), READER), to).await.unwrap();
        let mut tx = house.begin().await;
        sql("UPDATE azure_role_assignment SET kind = 'User', home = NULL").run(&mut tx).await.unwrap();
        tx.changes_access();
        tx.commit().await.unwrap();
        assert_eq!(set.kinds(&house).await, ["ForeignGroup of the partner"]);
        assert!(set.reads(&house).await, "while the relationship lasts");
        delegated_admin_remove(&house.ctx, &house.db, set.partner.id, set.customer.id).await.unwrap();
        assert!(!set.reads(&house).await, "after its end");
    });
}

#[test]
fn people_and_applications_of_other_tenants_get_no_roles() {
    in_a_house(|house| async move {
        let set = setting(&house).await;
        let person = people_house::user(&house, &set.partner, "clerk").await.id;
        let application = house.principal(set.partner.id).await;
        let unheard_of = ObjectId::new(Uuid::from_u128(9));
        for (who, principal, expected) in [
            ("a partner's person", person, "ObjectNotFound"),
            ("a partner's application", application, "ObjectNotFound"),
            ("who is not in the directory yet", unheard_of, "ok"),
        ] {
            for kind in ["User", "ServicePrincipal", "ForeignGroup"] {
                let to = (principal, PrincipalKind::from_name(kind));
                let made = house.assign(&house.ctx, set.customer.id, (set.scope.as_str(), READER), to).await;
                // The same role at the same scope again is there already.
                let expected = if expected == "ok" && kind != "User" { "AssignmentExists" } else { expected };
                assert_eq!(outcome(made), expected, "{who} as {kind}");
            }
        }
    });
}

#[test]
fn the_tenants_own_see_all_subscriptions_by_the_roles_the_policy_names_and_a_partners_those_bought_elsewhere() {
    in_a_house(|house| async move {
        let set = setting(&house).await;
        let other = house.partner("fabrikam").await;
        house.subscription(&set.customer, Some(&other)).await;
        let seen = async |ctx: &OpContext| {
            visible_subscriptions(ctx, &house.db, set.customer.id)
                .await
                .unwrap()
                .iter()
                .map(|seen| seen.by_role)
                .collect()
        };
        let person = house.principal(set.customer.id).await;
        for role in DirectoryRole::ALL {
            let all: Vec<bool> = seen(&house.admin(&set.customer, person, Some(role))).await;
            let expected = if OWN_SEE_SUBSCRIPTIONS.contains(&role) { 2 } else { 0 };
            assert_eq!(all, vec![false; expected], "{role}");
        }
        assert_eq!(seen(&set.agent).await, [false], "an agent, what no partner sold");
        delegated_admin_remove(&house.ctx, &house.db, set.partner.id, set.customer.id).await.unwrap();
        assert!(seen(&set.agent).await.is_empty(), "a stranger");
    });
}
