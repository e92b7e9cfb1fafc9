//! Names for documents: all that are asked for, whatever their number, and for the platform alone.

use crate::house::{AZURE, House, in_a_house, new_order};
use tenantry_commerce::{
    Customer, Limits, document_parties, order_place, party_get, subscription_list, subscription_names,
};
use tenantry_core::{OrderId, Reason, Role, SubscriptionId, TenantId};
use uuid::Uuid;

/// Orders so many subscriptions, a few at a time.
async fn subscriptions(house: &House, customer: &Customer, count: usize) -> Vec<(SubscriptionId, OrderId)> {
    const LINES: usize = 25;
    for _ in 0..count.div_ceil(LINES) {
        let order = new_order(customer, &[(AZURE, 1); LINES]);
        order_place(&house.ctx, &house.db, &Limits::NONE, order).await.unwrap();
    }
    let all = subscription_list(&house.ctx, &house.db, customer.id, None).await.unwrap();
    all.into_iter().take(count).map(|subscription| (subscription.id, subscription.order)).collect()
}

#[test]
fn as_many_are_found_as_are_asked_for() {
    in_a_house(|house| async move {
        let contoso = house.partner("contoso").await;
        let customer = house.customer(&contoso, "Northwind").await;
        let made = subscriptions(&house, &customer, 201).await;
        for count in [0, 1, 2, 99, 100, 101, 200, 201] {
            let ids: Vec<_> = made.iter().take(count).map(|(id, _)| *id).collect();
            let names = subscription_names(&house.ctx, &house.db, &ids).await.unwrap();
            assert_eq!(names.len(), count);
            for (id, order) in made.iter().take(count) {
                let found = &names[id];
                let customer_name = found.customer_name(contoso.tenant).unwrap();
                assert_eq!((found.customer, found.partner, found.order), (customer.id, contoso.tenant, *order));
                assert_eq!((found.offer_name, found.friendly_name.as_str()), ("Microsoft Azure", "Microsoft Azure"));
                assert_eq!(customer_name.company_name, customer.company_name);
                assert_eq!(customer_name.domain, customer.domain);
            }
        }
        // One that is not there takes nothing from the others.
        let unknown = SubscriptionId::new(Uuid::from_u128(9));
        let names = subscription_names(&house.ctx, &house.db, &[unknown, made[0].0]).await.unwrap();
        assert!(names.len() == 1 && names.contains_key(&made[0].0));
    });
}

#[test]
fn a_customer_of_two_partners_is_called_as_the_one_asked_has_it() {
    in_a_house(|house| async move {
        let (contoso, fabrikam) = (house.partner("contoso").await, house.partner("fabrikam").await);
        let first = house.customer(&contoso, "Northwind").await;
        let bought = house.subscription(&first, AZURE, 1).await;
        house.share(&first, &fabrikam).await;
        let mut tx = house.db.begin().await.unwrap();
        tenantry_db::sql("UPDATE customer SET company_name = 'Northwind East' WHERE partner = $1")
            .bind(fabrikam.tenant)
            .run(&mut tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let names = subscription_names(&house.ctx, &house.db, &[bought.id]).await.unwrap();
        let stranger = TenantId::new(Uuid::from_u128(9));
        for (asked, name) in
            [(contoso.tenant, "Northwind"), (fabrikam.tenant, "Northwind East"), (stranger, "Northwind")]
        {
            assert_eq!(names[&bought.id].customer_name(asked).unwrap().company_name, name);
        }
    });
}

#[test]
fn parties_are_those_that_are_found_one_by_one() {
    in_a_house(|house| async move {
        let (contoso, fabrikam) = (house.partner("contoso").await, house.partner("fabrikam").await);
        let customer = house.customer(&contoso, "Northwind").await;
        let (root, stranger) = (house.provider.tenant, TenantId::new(Uuid::from_u128(9)));
        let edges = [
            (root, contoso.tenant),
            (root, fabrikam.tenant),
            (contoso.tenant, customer.id),
            (fabrikam.tenant, customer.id),
            (root, stranger),
            (stranger, contoso.tenant),
        ];
        let parties = document_parties(&house.ctx, &house.db, &edges).await.unwrap();
        for (seller, buyer) in edges {
            let alone = party_get(&house.ctx, &house.db, seller, buyer).await;
            match parties.buyer(seller, buyer) {
                Ok(found) => assert_eq!(found, alone.unwrap()),
                Err(none) => assert_eq!((none.reason(), alone.is_err()), (Reason::Corrupt, true)),
            }
        }
        assert!(parties.buyer(fabrikam.tenant, customer.id).is_err(), "another partner's customer");
        let (seller, number) = parties.seller(root).unwrap();
        assert_eq!((seller.company_name.as_str(), number), ("Root", None));
        for partner in [&contoso, &fabrikam] {
            let (seller, number) = parties.seller(partner.tenant).unwrap();
            assert_eq!((seller.company_name.as_str(), number), (partner.company_name.as_str(), Some(partner.number)));
        }
        assert_eq!(parties.seller(customer.id).unwrap_err().reason(), Reason::Corrupt);
    });
}

#[test]
fn nobody_but_the_platform_asks_for_the_names_of_a_channel() {
    in_a_house(|house| async move {
        let contoso = house.partner("contoso").await;
        let customer = house.customer(&contoso, "Northwind").await;
        let bought = house.subscription(&customer, AZURE, 1).await;
        for ctx in [house.by_provider(), house.by(&contoso, &[Role::AdminAgent])] {
            let names = subscription_names(&ctx, &house.db, &[bought.id]).await;
            assert_eq!(names.unwrap_err().reason(), Reason::Forbidden);
            let parties = document_parties(&ctx, &house.db, &[(contoso.tenant, customer.id)]).await;
            assert_eq!(parties.unwrap_err().reason(), Reason::Forbidden);
        }
    });
}
