//! How a customer is let go of: the end of the relationship, and deletion in a sandbox.

use crate::house::{AZURE, House, PREMIUM, in_a_house, new_customer, new_order};
use tenantry_access::azure::ArmScope;
use tenantry_commerce::{
    ChangeSubscription, Customer, CustomerQuery, Limits, State, Status, Subscription, SuspensionReason,
    customer_create, customer_delete, customer_end, customer_get, customer_list, customer_number_before, events,
    order_place, relationship_request_accept, relationship_request_create, subscription_change, subscription_list,
};
use tenantry_core::{OpContext, Reason, Role};
use tenantry_directory::{AssignmentFilter, contracts_with, domain_exists, role_assignment_list};
use tenantry_testkit::SUFFIX;
use uuid::Uuid;

async fn suspend(house: &House, customer: &Customer, subscription: &Subscription) {
    let change =
        ChangeSubscription { status: Some(Status::Suspended), ..ChangeSubscription::of(customer.id, subscription.id) };
    subscription_change(&house.ctx, &house.db, &Limits::NONE, change).await.unwrap();
}

async fn listed(house: &House, ctx: &OpContext, query: CustomerQuery) -> Vec<String> {
    let page = customer_list(ctx, &house.db, query).await.unwrap();
    page.items.into_iter().map(|customer| customer.company_name).collect()
}

#[test]
fn a_relationship_ends_when_nothing_is_in_use_any_more() {
    in_a_house(|house| async move {
        let partner = house.partner("contoso").await;
        let (first, second) = (house.customer(&partner, "Northwind").await, house.customer(&partner, "Tailspin").await);
        let used = house.subscription(&first, AZURE, 1).await;
        let (admin, agent) = (house.by(&partner, &[Role::GlobalAdmin]), house.by(&partner, &[Role::AdminAgent]));

        let refused = customer_end(&admin, &house.db, first.id, false).await.unwrap_err();
        assert_eq!((refused.reason(), refused.field()), (Reason::StatusChangeRefused, Some("relationshipToPartner")));
        suspend(&house, &first, &used).await;
        let refused = customer_end(&agent, &house.db, first.id, false).await.unwrap_err();
        assert_eq!(refused.reason(), Reason::Forbidden, "outside a sandbox it is for administrators");
        let ended = customer_end(&admin, &house.db, first.id, false).await.unwrap();
        assert!(ended.ended_at.is_some());

        for by in [&admin, &agent] {
            let gone = customer_get(by, &house.db, first.id).await.unwrap_err();
            assert_eq!(gone.reason(), Reason::CustomerNotFound);
        }
        let gone = order_place(&admin, &house.db, &Limits::NONE, new_order(&first, &[(AZURE, 1)])).await.unwrap_err();
        assert_eq!(gone.reason(), Reason::CustomerNotFound);
        let again = customer_end(&admin, &house.db, first.id, false).await.unwrap_err();
        assert_eq!(again.reason(), Reason::CustomerNotFound);
        assert_eq!(listed(&house, &admin, CustomerQuery::all(partner.tenant)).await, ["Tailspin"]);
        assert!(contracts_with(&house.ctx, &house.db, first.id).await.unwrap().is_empty());
        let at = ArmScope::parse(&format!("/subscriptions/{}", used.id)).unwrap();
        let roles = role_assignment_list(&house.ctx, &house.db, first.id, &at, AssignmentFilter::default()).await;
        assert!(roles.unwrap().is_empty(), "the agents owned the subscription");

        // Documents still name it, and nobody sells to it.
        assert_eq!(customer_get(&house.ctx, &house.db, first.id).await.unwrap().company_name, "Northwind");
        assert_eq!(subscription_list(&house.ctx, &house.db, first.id, None).await.unwrap().len(), 1);
        let refused = order_place(&house.ctx, &house.db, &Limits::NONE, new_order(&first, &[(AZURE, 1)])).await;
        assert_eq!(refused.unwrap_err().reason(), Reason::CustomerNotFound);
        assert!(customer_get(&admin, &house.db, second.id).await.is_ok());
    });
}

/// What a limit stopped goes on by itself when the limit is gone: not after the relationship ended, and not where somebody
/// wanted it to stay down.
#[test]
fn what_a_limit_stopped_does_not_go_on_without_a_relationship() {
    in_a_house(|house| async move {
        let partner = house.partner("contoso").await;
        let (first, second) = (house.customer(&partner, "Northwind").await, house.customer(&partner, "Tailspin").await);
        let admin = house.by(&partner, &[Role::GlobalAdmin]);
        let change = async |by: &OpContext, of: &Subscription, change: ChangeSubscription| {
            subscription_change(
                by,
                &house.db,
                &Limits::NONE,
                ChangeSubscription { customer: of.customer, subscription: of.id, ..change },
            )
            .await
        };
        let to = |status, suspended_for| ChangeSubscription {
            status: Some(status),
            suspended_for,
            ..ChangeSubscription::of(first.id, tenantry_core::SubscriptionId::new(Uuid::nil()))
        };
        let goes_on = to(Status::Active, SuspensionReason::SpendingLimit);
        let mut stopped = Vec::new();
        for customer in [&first, &second] {
            let used = house.subscription(customer, AZURE, 1).await;
            stopped
                .push(change(&house.ctx, &used, to(Status::Suspended, SuspensionReason::SpendingLimit)).await.unwrap());
        }
        customer_end(&admin, &house.db, first.id, false).await.unwrap();
        let told: Vec<events::SubscriptionChanged> = house.events(events::SUBSCRIPTION_CHANGED).await;
        assert_eq!(told.last().unwrap().subscription, stopped[0].id, "others hear of it");
        let found = subscription_list(&house.ctx, &house.db, first.id, None).await.unwrap().remove(0);
        assert_eq!(reason_of(&found), Some(SuspensionReason::CustomerCancellation));
        let refused = change(&house.ctx, &stopped[0], goes_on.clone()).await.unwrap_err();
        assert_eq!(refused.reason(), Reason::CustomerNotFound, "not even the platform wakes it");

        // What only repeats that it is suspended is no wish.
        let named = ChangeSubscription {
            friendly_name: Some("Shop".to_owned()),
            ..to(Status::Suspended, SuspensionReason::CustomerCancellation)
        };
        let named = change(&admin, &stopped[1], named).await.unwrap();
        assert_eq!(reason_of(&named), Some(SuspensionReason::SpendingLimit));
        let down = to(Status::Suspended, SuspensionReason::CustomerCancellation);
        let kept = change(&admin, &stopped[1], down.clone()).await.unwrap();
        assert_eq!(reason_of(&kept), Some(SuspensionReason::CustomerCancellation));
        assert_eq!(change(&admin, &stopped[1], down).await.unwrap(), kept, "said twice");
        let active = change(&admin, &stopped[1], goes_on).await.unwrap();
        assert_eq!(active.state.status(), Status::Active, "the partner's to let go on");
    });
}

fn reason_of(subscription: &Subscription) -> Option<SuspensionReason> {
    match subscription.state {
        State::Suspended { reason, .. } => Some(reason),
        State::Active { .. } | State::Deleted { .. } => None,
    }
}

#[test]
fn who_was_a_customer_can_be_one_again() {
    in_a_house(|house| async move {
        let partner = house.partner("contoso").await;
        let customer = house.customer(&partner, "Northwind").await;
        house.customer(&partner, "Tailspin").await;
        let admin = house.by(&partner, &[Role::GlobalAdmin]);
        customer_end(&admin, &house.db, customer.id, false).await.unwrap();
        let request = relationship_request_create(&house.ctx, &house.db, partner.tenant).await.unwrap();
        let back = relationship_request_accept(&house.ctx, &house.db, &Limits::NONE, customer.id, request.id, true);
        let back = back.await.unwrap();
        assert_eq!((back.id, back.number, back.ended_at), (customer.id, 3, None));
        assert_eq!(listed(&house, &admin, CustomerQuery::all(partner.tenant)).await, ["Tailspin", "Northwind"]);
        order_place(&admin, &house.db, &Limits::NONE, new_order(&back, &[(AZURE, 1)])).await.unwrap();
    });
}

#[test]
fn an_offset_counts_those_that_are_left() {
    in_a_house(|house| async move {
        let partner = house.partner("contoso").await;
        let mut made = Vec::new();
        for name in ["Alpine", "Blue Yonder", "Coho", "Datum", "Fourth Coffee"] {
            made.push(house.customer(&partner, name).await);
        }
        let admin = house.by(&partner, &[Role::GlobalAdmin]);
        for gone in [0, 2] {
            customer_end(&admin, &house.db, made[gone].id, false).await.unwrap();
        }
        for (offset, expected) in [
            (0, &["Blue Yonder", "Datum", "Fourth Coffee"][..]),
            (1, &["Datum", "Fourth Coffee"]),
            (2, &["Fourth Coffee"]),
            (3, &[]),
            (usize::MAX, &[]),
        ] {
            let after = customer_number_before(&admin, &house.db, partner.tenant, offset).await.unwrap();
            let query = CustomerQuery { after, ..CustomerQuery::all(partner.tenant) };
            assert_eq!(listed(&house, &admin, query).await, expected, "{offset}");
        }
    });
}

#[test]
fn a_deleted_customer_leaves_its_domain_and_its_place_to_others() {
    in_a_house(|house| async move {
        let partner = house.partner("contoso").await;
        let customer = house.customer(&partner, "Northwind").await;
        let (usage, seats) =
            (house.subscription(&customer, AZURE, 1).await, house.subscription(&customer, PREMIUM, 3).await);
        let agent = house.by(&partner, &[Role::AdminAgent]);
        let refused = async |sandbox: bool| customer_delete(&agent, &house.db, customer.id, sandbox).await.unwrap_err();
        assert_eq!(refused(true).await.reason(), Reason::StatusChangeRefused);
        suspend(&house, &customer, &usage).await;
        suspend(&house, &customer, &seats).await;
        assert_eq!(refused(false).await.reason(), Reason::Forbidden);
        let admin = house.by(&partner, &[Role::GlobalAdmin]);
        let live = customer_delete(&admin, &house.db, customer.id, false).await.unwrap_err();
        assert_eq!(live.reason(), Reason::Unsupported);

        assert!(domain_exists(&house.db, &customer.domain).await.unwrap());
        customer_delete(&agent, &house.db, customer.id, true).await.unwrap();
        assert!(!domain_exists(&house.db, &customer.domain).await.unwrap());
        assert_eq!(refused(true).await.reason(), Reason::CustomerNotFound);
        let deleted = subscription_list(&house.ctx, &house.db, customer.id, None).await.unwrap();
        assert!(deleted.iter().all(|one| one.state.status() == Status::Deleted), "{deleted:?}");
        let told: Vec<events::SubscriptionChanged> = house.events(events::SUBSCRIPTION_CHANGED).await;
        assert_eq!(
            told.iter().filter(|told| told.state.status() == Status::Deleted).count(),
            2,
            "metering hears of it"
        );

        let one = Limits { customers_max: Some(1), ..Limits::NONE };
        let new = new_customer(&partner, "Northwind");
        let next = customer_create(&agent, &house.db, SUFFIX, &one, new).await.unwrap();
        assert_ne!(next.id, customer.id);
    });
}

#[test]
fn a_tenant_of_two_partners_is_not_deleted_by_one() {
    in_a_house(|house| async move {
        let (contoso, fabrikam) = (house.partner("contoso").await, house.partner("fabrikam").await);
        let customer = house.customer(&contoso, "Northwind").await;
        house.share(&customer, &fabrikam).await;
        let (first, second) = (house.by(&contoso, &[Role::GlobalAdmin]), house.by(&fabrikam, &[Role::GlobalAdmin]));
        let refused = customer_delete(&first, &house.db, customer.id, true).await.unwrap_err();
        assert_eq!((refused.reason(), refused.field()), (Reason::InvalidField, Some("customer")));
        customer_end(&first, &house.db, customer.id, true).await.unwrap();
        assert!(customer_get(&second, &house.db, customer.id).await.is_ok(), "the other partner keeps it");
        let stranger = customer_end(&first, &house.db, customer.id, true).await.unwrap_err();
        assert_eq!(stranger.reason(), Reason::CustomerNotFound);
        customer_delete(&second, &house.db, customer.id, true).await.unwrap();
    });
}
