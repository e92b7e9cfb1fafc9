//! What relationships give to whom: the directory roles of a partner's people in a customer's tenant, and the contracts
//! behind them.

use crate::house::{House, in_a_house};
use crate::relationships_desk::{outcome, wanted};
use tenantry_core::context::HeldBy;
use tenantry_core::{DirectoryRole, ObjectId, Role, TenantId};
use tenantry_directory::{
    RelationshipAction, access_assignment_create, access_assignment_delete, access_assignment_list, contract_begin,
    contract_find, contract_list, contracts_with, delegated_admin_remove, directory_roles_held, group_member_add,
    relationship_request,
};
use uuid::Uuid;

const READER: DirectoryRole = DirectoryRole::GlobalReader;

/// The roles held, each with its path in a word.
async fn held(house: &House, tenant: TenantId, principal: ObjectId) -> String {
    let held = directory_roles_held(&house.ctx, &house.db, tenant, principal).await.unwrap();
    let mut words: Vec<_> = held
        .iter()
        .map(|held| match &held.by {
            HeldBy::Assignment => format!("{} assigned", held.role),
            HeldBy::DelegatedAdmin { group } => format!("{} by {group}", held.role),
            HeldBy::Granular { until, .. } => format!("{} until {}", held.role, until.day()),
        })
        .collect();
    words.sort();
    words.join(", ")
}

#[test]
fn rights_of_both_kinds_add_up_and_go_with_what_gave_them() {
    in_a_house(|house| async move {
        let (partner, customer) = (house.partner("contoso").await, house.customer("northwind").await);
        let (ctx, db) = (&house.ctx, &house.db);
        let both = house.agent(&partner, &[Role::AdminAgent, Role::HelpdeskAgent]).await.id;
        let helper = house.agent(&partner, &[Role::HelpdeskAgent]).await.id;
        let seller = house.agent(&partner, &[Role::SalesAgent]).await.id;
        let see = async |expected: [&str; 3], when: &str| {
            for (who, expected) in [both, helper, seller].into_iter().zip(expected) {
                assert_eq!(held(&house, customer.id, who).await, expected, "{when}");
            }
        };
        see(["", "", ""], "strangers").await;
        house.contract(&partner, &customer).await;
        let (global, help) = ("Global Administrator by AdminAgents", "Helpdesk Administrator by HelpdeskAgents");
        let all = format!("{global}, {help}");
        see([&all, help, ""], "delegated administration").await;

        let inner = house.group(partner.id, "inner", seller).await;
        let outer = house.group(partner.id, "outer", both).await;
        group_member_add(ctx, db, partner.id, outer, inner).await.unwrap();
        let relationship = house.active(&partner, &customer, wanted("Care", &[READER])).await.id;
        see([&all, help, ""], "a relationship without an assignment").await;
        access_assignment_create(ctx, db, partner.id, &relationship, outer, &[READER.template()]).await.unwrap();
        let until = "Global Reader until 2026-01-20";
        see([&format!("{global}, {until}, {help}"), help, until], "a group, and a group in it").await;

        delegated_admin_remove(ctx, db, partner.id, customer.id).await.unwrap();
        see([until, "", until], "granular alone").await;
        house.advance("2026-01-20T16:00:00Z");
        see(["", "", ""], "its time is over, whether the job has run or not").await;
        let again = house.active(&partner, &customer, wanted("Again", &[READER])).await.id;
        access_assignment_create(ctx, db, partner.id, &again, inner, &[READER.template()]).await.unwrap();
        let until = "Global Reader until 2026-01-30";
        see(["", "", until], "another").await;
        let one = access_assignment_list(ctx, db, partner.id, &again).await.unwrap()[0].clone();
        access_assignment_delete(ctx, db, partner.id, &again, one.id, one.version).await.unwrap();
        see(["", "", ""], "the assignment is deleted").await;
        access_assignment_create(ctx, db, partner.id, &again, inner, &[READER.template()]).await.unwrap();
        see(["", "", until], "another assignment").await;
        relationship_request(ctx, db, customer.id, &again, RelationshipAction::Terminate).await.unwrap();
        see(["", "", ""], "the customer ended it").await;
    });
}

#[test]
fn a_contract_keeps_the_names_it_was_begun_with() {
    in_a_house(|house| async move {
        let (partner, other) = (house.partner("contoso").await, house.partner("fabrikam").await);
        let customer = house.customer("northwind").await;
        let (ctx, db) = (&house.ctx, &house.db);
        house.contract(&partner, &customer).await;
        house.contract(&other, &customer).await;
        let mine = contract_list(ctx, db, partner.id).await.unwrap();
        let [contract] = mine.as_slice() else { panic!("{mine:?}") };
        assert_eq!((contract.display_name.as_str(), contract.delegated_admin), ("northwind", true));
        assert_eq!(contract.default_domain, customer.default_domain);
        assert_eq!(contract_find(ctx, db, partner.id, contract.id).await.unwrap(), *contract);
        assert_eq!(outcome(contract_find(ctx, db, other.id, contract.id).await), "ObjectNotFound");
        assert_eq!(contracts_with(ctx, db, customer.id).await.unwrap().len(), 2);

        delegated_admin_remove(ctx, db, partner.id, customer.id).await.unwrap();
        assert!(!contract_list(ctx, db, partner.id).await.unwrap()[0].delegated_admin);
        assert!(contract_list(ctx, db, other.id).await.unwrap()[0].delegated_admin, "the other's is its own");
        house.contract(&partner, &customer).await;
        let again = contract_list(ctx, db, partner.id).await.unwrap();
        assert_eq!(again, mine, "the same contract, with delegated administration again");
        let mut tx = house.begin().await;
        let nobody = TenantId::new(Uuid::from_u128(9));
        assert_eq!(outcome(contract_begin(ctx, &mut tx, partner.id, nobody).await), "TenantNotFound");
    });
}

#[test]
fn delegated_administration_is_removed_by_either_side_and_nobody_else() {
    in_a_house(|house| async move {
        let (partner, stranger) = (house.partner("contoso").await, house.partner("fabrikam").await);
        let customer = house.customer("northwind").await;
        let person = async |role| house.admin(&customer, house.principal(customer.id).await, role);
        let callers = [
            ("an admin agent", house.at_home(&house.agent(&partner, &[Role::AdminAgent]).await), "ok"),
            ("a sales agent", house.at_home(&house.agent(&partner, &[Role::SalesAgent]).await), "Forbidden"),
            ("the customer's admin", person(Some(DirectoryRole::GlobalAdmin)).await, "ok"),
            ("a member of the customer", person(None).await, "Forbidden"),
            (
                "another partner",
                house.at_home(&house.agent(&stranger, &[Role::AdminAgent]).await),
                "RelationshipNotFound",
            ),
        ];
        for (who, ctx, expected) in callers {
            house.contract(&partner, &customer).await;
            let seen = delegated_admin_remove(&ctx, &house.db, partner.id, customer.id).await;
            assert_eq!(outcome(seen), expected, "{who}");
            let left = contract_list(&house.ctx, &house.db, partner.id).await.unwrap()[0].delegated_admin;
            assert_eq!(left, expected != "ok", "{who}");
        }
        let seen = delegated_admin_remove(&house.ctx, &house.db, stranger.id, customer.id).await;
        assert_eq!(outcome(seen), "RelationshipNotFound");
    });
}
