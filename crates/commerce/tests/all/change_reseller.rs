//! The reseller of record changes: who sells, who has access and what rating hears, in one transaction.

use crate::house::{AZURE, House, PREMIUM, in_a_house, new_partner};
use crate::people::{join, user};
use crate::resellers::Tiers;
use tenantry_commerce::{
    ChangeReseller, ChangeSubscription, Customer, Limits, Partner, Subscription, access_explain, edge_of, events,
    order_get, subscription_change, subscription_change_reseller, subscription_get, subscription_sellers,
};
use tenantry_core::{Currency, EdgeId, OpContext, Reason, Role};

fn change(subscription: &Subscription, to: &Partner) -> ChangeReseller {
    ChangeReseller { customer: subscription.customer, subscription: subscription.id, partner: to.tenant }
}

/// Two resellers of one tenant, and what the first sells to it.
async fn sold(house: &House) -> (Tiers, Customer, Subscription) {
    let tiers = Tiers::open(house).await;
    let customer = house.customer(&tiers.reseller, "Northwind").await;
    let subscription = house.subscription_of(&tiers.reseller, &customer, AZURE).await;
    house.tick();
    house.share(&customer, &tiers.sibling).await;
    (tiers, customer, subscription)
}

async fn edges(house: &House, partners: [&Partner; 2]) -> Vec<EdgeId> {
    let mut ids = Vec::new();
    for partner in partners {
        ids.push(edge_of(&house.ctx, &house.db, partner.tenant).await.unwrap().id);
    }
    ids
}

#[test]
fn a_subscription_goes_to_another_reseller_with_its_access() {
    in_a_house(|house| async move {
        let (tiers, customer, bought) = sold(&house).await;
        let db = &house.db;
        let clerks =
            [user(&house, "ag@corner.example.test", &[]).await, user(&house, "ag@market.example.test", &[]).await];
        for clerk in &clerks {
            join(&house, clerk, Role::AdminAgent).await;
        }
        let may = async || {
            let scope = format!("/subscriptions/{}", bought.id);
            let mut allowed = Vec::new();
            for clerk in &clerks {
                let action = "Microsoft.Compute/virtualMachines/start/action";
                let said = access_explain(&house.ctx, db, &clerk.name, action, &scope, false).await.unwrap();
                allowed.push(said.allowed);
            }
            allowed
        };
        assert_eq!(may().await, [true, false]);
        house.tick();
        let above = house.by(&tiers.above, &[Role::AdminAgent]);
        let moved = subscription_change_reseller(&above, db, change(&bought, &tiers.sibling)).await.unwrap();
        assert_eq!((moved.partner, moved.version, moved.sold_since), (tiers.sibling.tenant, 2, house.ctx.now()));
        assert_eq!((moved.state, moved.created_at), (bought.state, bought.created_at), "its life goes on");
        assert_eq!(may().await, [false, true]);

        let (old, new) = (house.by(&tiers.reseller, &Role::ALL), house.by(&tiers.sibling, &Role::ALL));
        let gone = subscription_get(&old, db, customer.id, bought.id).await.unwrap_err();
        assert_eq!(gone.reason(), Reason::SubscriptionNotFound);
        for ctx in [&new, &above] {
            assert_eq!(subscription_get(ctx, db, customer.id, bought.id).await.unwrap(), moved);
        }
        assert_eq!(order_get(&old, db, customer.id, bought.order).await.unwrap().partner, tiers.reseller.tenant);

        let told = house.events::<events::SubscriptionChanged>(events::SUBSCRIPTION_CHANGED).await;
        let channels: Vec<_> = told.iter().map(|event| (event.edges.clone(), event.sold_since)).collect();
        let before = (edges(&house, [&tiers.above, &tiers.reseller]).await, Some(bought.created_at));
        let after = (edges(&house, [&tiers.above, &tiers.sibling]).await, Some(moved.sold_since));
        assert_eq!(channels, [before, after.clone()]);

        let sellers = subscription_sellers(&house.ctx, db, bought.id).await.unwrap();
        let expected = [(tiers.reseller.tenant, bought.created_at), (tiers.sibling.tenant, moved.sold_since)];
        assert_eq!(sellers.iter().map(|sold| (sold.partner, sold.since)).collect::<Vec<_>>(), expected);
        let hidden = subscription_sellers(&new, db, bought.id).await.unwrap_err();
        assert_eq!(hidden.reason(), Reason::Forbidden, "one partner is not told of another");

        // Giving it to whom it belongs changes nothing; another change of it still says since when.
        assert_eq!(subscription_change_reseller(&above, db, change(&moved, &tiers.sibling)).await.unwrap(), moved);
        house.tick();
        let renamed =
            ChangeSubscription { friendly_name: Some("Shop".into()), ..ChangeSubscription::of(customer.id, bought.id) };
        subscription_change(&new, db, &Limits::NONE, renamed).await.unwrap();
        let told = house.events::<events::SubscriptionChanged>(events::SUBSCRIPTION_CHANGED).await;
        assert_eq!(told.len(), 3);
        assert_eq!((told[2].edges.clone(), told[2].sold_since), after);
    });
}

#[test]
fn it_changes_hands_through_who_stands_above_both() {
    in_a_house(|house| async move {
        let (tiers, customer, bought) = sold(&house).await;
        let db = &house.db;
        house.share(&customer, &tiers.direct).await;
        let to = async |ctx: &OpContext, partner: &Partner| {
            let outcome = subscription_change_reseller(ctx, db, change(&bought, partner)).await;
            outcome.map(|moved| moved.partner).map_err(|problem| problem.reason())
        };
        let above = house.by(&tiers.above, &[Role::AdminAgent]);
        for (ctx, partner, expected) in [
            (house.by(&tiers.reseller, &Role::ALL), &tiers.sibling, Reason::TenantNotFound),
            (house.by(&tiers.reseller, &Role::ALL), &tiers.reseller, Reason::Forbidden),
            (house.by(&tiers.sibling, &Role::ALL), &tiers.sibling, Reason::SubscriptionNotFound),
            (house.by(&tiers.direct, &Role::ALL), &tiers.direct, Reason::SubscriptionNotFound),
            (above.clone(), &tiers.direct, Reason::TenantNotFound),
            (house.by(&tiers.above, &[Role::SalesAgent]), &tiers.sibling, Reason::Forbidden),
            // The tenant is not its customer.
            (above.clone(), &tiers.above, Reason::InvalidField),
        ] {
            assert_eq!(to(&ctx, partner).await, Err(expected), "{:?}", ctx.caller);
        }
        // Out of the indirect provider's channel only the provider takes it.
        assert_eq!(to(&house.by_provider(), &tiers.direct).await, Ok(tiers.direct.tenant));
        let told = house.events::<events::SubscriptionChanged>(events::SUBSCRIPTION_CHANGED).await;
        assert_eq!(told.last().unwrap().edges, edges(&house, [&tiers.direct, &tiers.direct]).await[..1]);
        assert_eq!(to(&above, &tiers.sibling).await, Err(Reason::SubscriptionNotFound), "it is out of its reach");
    });
}

#[test]
fn what_cannot_be_rated_as_before_stays_where_it_is() {
    in_a_house(|house| async move {
        let (tiers, customer, bought) = sold(&house).await;
        let db = &house.db;
        let seats = house.subscription_of(&tiers.reseller, &customer, PREMIUM).await;
        let refused = subscription_change_reseller(&house.ctx, db, change(&seats, &tiers.sibling)).await.unwrap_err();
        assert_eq!(refused.reason(), Reason::Unsupported);

        let mut new = new_partner("foreign");
        new.currency = Currency::EUR;
        let foreign = tenantry_commerce::partner_sign_up(&house.ctx, db, tenantry_testkit::SUFFIX, new).await.unwrap();
        house.share(&customer, &foreign).await;
        let refused = subscription_change_reseller(&house.ctx, db, change(&bought, &foreign)).await.unwrap_err();
        assert_eq!((refused.reason(), refused.field()), (Reason::InvalidField, Some("partner")));
        assert_eq!(subscription_get(&house.ctx, db, customer.id, bought.id).await.unwrap(), bought);
    });
}
