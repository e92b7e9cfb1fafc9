//! What commerce does to the customer's directory: a contract, a first administrator, licences, owned subscriptions.

use crate::house::{AZURE, PREMIUM, in_a_house, new_customer};
use tenantry_commerce::{
    ChangeSubscription, Limits, NewCustomer, Status, customer_create_with_admin, subscription_change,
};
use tenantry_core::{Problem, Role, Secret};
use tenantry_directory::{SignInCheck, contracts_with, sign_in_check, subscribed_skus, visible_subscriptions};
use tenantry_testkit::SUFFIX;

#[test]
fn a_customer_comes_with_a_contract_and_if_asked_an_administrator() {
    in_a_house(|house| async move {
        let partner = house.partner("contoso").await;
        let ctx = house.by(&partner, &[Role::SalesAgent]);
        let create = async |new: NewCustomer| -> Result<_, Problem> {
            customer_create_with_admin(&ctx, &house.db, SUFFIX, &Limits::NONE, new).await
        };
        let (customer, admin) = create(new_customer(&partner, "Northwind")).await.unwrap();
        let admin = admin.unwrap();
        assert_eq!((admin.user_name, admin.name.as_str()), ("admin", "admin@northwind.example.test"));
        let check = async |password: &Secret| sign_in_check(&house.ctx, &house.db, None, &admin.name, password).await;
        let Ok(SignInCheck::Good(user)) = check(&admin.password).await else { panic!("the password must work") };
        assert!(user.password_change_due && user.tenant == customer.id);
        assert!(matches!(check(&Secret::new("Wrong-horse-7")).await, Ok(SignInCheck::Wrong)));

        let contracts = contracts_with(&house.ctx, &house.db, customer.id).await.unwrap();
        assert_eq!((contracts.len(), contracts[0].partner, contracts[0].delegated_admin), (1, partner.tenant, true));
        // The same request again: the same customer, and nobody is told the password twice.
        let (again, none) = create(new_customer(&partner, "Northwind")).await.unwrap();
        assert_eq!((again, none), (customer, None));
    });
}

#[test]
fn seats_become_licences_and_follow_the_subscription() {
    in_a_house(|house| async move {
        let partner = house.partner("contoso").await;
        let customer = house.customer(&partner, "Northwind").await;
        let seats = house.subscription(&customer, PREMIUM, 3).await;
        let owned = async || -> Vec<String> {
            let skus = subscribed_skus(&house.ctx, &house.db, customer.id).await.unwrap();
            skus.iter()
                .map(|sku| {
                    assert_eq!(sku.subscriptions.len(), 1);
                    format!("{} {} {} {}", sku.product.part_number, sku.capability.name(), sku.enabled, sku.suspended)
                })
                .collect()
        };
        assert_eq!(owned().await, ["O365_BUSINESS_PREMIUM Enabled 3 0"]);
        let change = async |change: ChangeSubscription| {
            subscription_change(&house.ctx, &house.db, &Limits::NONE, change).await.unwrap()
        };
        let of = || ChangeSubscription::of(customer.id, seats.id);
        change(ChangeSubscription { quantity: Some(8), ..of() }).await;
        assert_eq!(owned().await, ["O365_BUSINESS_PREMIUM Enabled 8 0"]);
        change(ChangeSubscription { status: Some(Status::Suspended), ..of() }).await;
        assert_eq!(owned().await, ["O365_BUSINESS_PREMIUM Suspended 0 8"]);
        change(ChangeSubscription { status: Some(Status::Active), ..of() }).await;
        assert_eq!(owned().await, ["O365_BUSINESS_PREMIUM Enabled 8 0"]);
    });
}

#[test]
fn a_usage_subscription_belongs_to_the_partners_agents_alone() {
    in_a_house(|house| async move {
        let partner = house.partner("contoso").await;
        let customer = house.customer(&partner, "Northwind").await;
        let usage = house.subscription(&customer, AZURE, 1).await;
        let agents = house.by(&partner, &[Role::AdminAgent]);
        let seen = visible_subscriptions(&agents, &house.db, customer.id).await.unwrap();
        assert_eq!(seen.len(), 1);
        assert_eq!((seen[0].subscription.id, seen[0].subscription.partner), (usage.id, Some(partner.tenant)));
        assert!(seen[0].by_role && seen[0].why[0].contains("has Owner"), "{seen:?}");
        let sales = house.by(&partner, &[Role::SalesAgent]);
        assert!(visible_subscriptions(&sales, &house.db, customer.id).await.unwrap().is_empty());

        let name = ChangeSubscription {
            friendly_name: Some("Research".into()),
            ..ChangeSubscription::of(customer.id, usage.id)
        };
        subscription_change(&house.ctx, &house.db, &Limits::NONE, name).await.unwrap();
        let seen = visible_subscriptions(&agents, &house.db, customer.id).await.unwrap();
        assert_eq!(seen[0].subscription.name, "Research", "the new name shows in the tenant");
    });
}
