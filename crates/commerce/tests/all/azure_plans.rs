//! Azure plans: buying one makes its first Azure subscription, and what is stopped, let go on and sold on is both.

use crate::house::{AZURE, House, PREMIUM, in_a_house, new_order};
use crate::resellers::Tiers;
use tenantry_commerce::{
    AddOnLine, ChangeOrder, ChangeReseller, ChangeSubscription, Customer, Limits, OrderChange, Partner, State, Status,
    Subscription, SuspensionReason, azure_entitlement_cancel, azure_entitlement_get, azure_entitlement_list,
    customer_end, customer_of_partner, events, order_change, order_get, order_place, subscription_change,
    subscription_change_reseller, subscription_get, subscription_list, subscription_sold_to, tenant_subscriptions,
};
use tenantry_core::{OfferId, OpContext, Problem, Reason, Role, SubscriptionId};

const PLAN: &str = "DZH318Z0BPS6:0001:DZH318Z0BML6";
const UNDER_PLAN: &str = "MS-AZR-0017G";

/// A partner's customer with a plan.
struct Sold {
    partner: Partner,
    customer: Customer,
    plan: Subscription,
}

impl Sold {
    async fn new(house: &House) -> Self {
        let partner = house.partner("contoso").await;
        let customer = house.customer(&partner, "Northwind").await;
        let plan = house.subscription_of(&partner, &customer, PLAN).await;
        Self { partner, customer, plan }
    }

    async fn under(&self, house: &House) -> Vec<Subscription> {
        azure_entitlement_list(&house.ctx, &house.db, self.customer.id, self.plan.id).await.unwrap()
    }

    async fn cancel(&self, house: &House, ctx: &OpContext, id: SubscriptionId) -> Result<Subscription, Problem> {
        azure_entitlement_cancel(ctx, &house.db, self.customer.id, (self.plan.id, id)).await
    }

    async fn to(&self, house: &House, id: SubscriptionId, status: Status) -> Result<Subscription, Problem> {
        let change = ChangeSubscription { status: Some(status), ..ChangeSubscription::of(self.customer.id, id) };
        subscription_change(&house.ctx, &house.db, &Limits::NONE, change).await
    }
}

#[test]
fn buying_a_plan_makes_its_first_azure_subscription_and_no_second_plan_is_sold() {
    in_a_house(|house| async move {
        let sold = Sold::new(&house).await;
        let (db, customer) = (&house.db, &sold.customer);
        let listed = subscription_list(&house.ctx, db, customer.id, None).await.unwrap();
        assert_eq!(listed, std::slice::from_ref(&sold.plan), "what is under a plan is in no list of subscriptions");
        let order = order_get(&house.ctx, db, customer.id, sold.plan.order).await.unwrap();
        assert_eq!(order.lines.iter().map(|line| line.subscription).collect::<Vec<_>>(), [sold.plan.id]);
        let under = sold.under(&house).await;
        let [first] = &under[..] else { panic!("{under:?}") };
        assert_eq!((first.offer.id, first.parent, first.order), (UNDER_PLAN, Some(sold.plan.id), sold.plan.order));
        assert_eq!((first.state, first.partner, first.number), (sold.plan.state, sold.partner.tenant, 2));
        assert_eq!(subscription_get(&house.ctx, db, customer.id, first.id).await.unwrap(), *first);
        // Usage is metered on what is under the plan alone, and that alone is a place in the tenant.
        let told = house.events::<events::SubscriptionChanged>(events::SUBSCRIPTION_CHANGED).await;
        let told: Vec<_> =
            told.iter().map(|event| (event.subscription, event.usage_based, event.seats.is_some())).collect();
        assert_eq!(told, [(sold.plan.id, false, false), (first.id, true, false)]);
        let order = async |offer: &str| {
            let new = new_order(customer, &[(offer, 1)]);
            order_place(&house.ctx, db, &Limits::NONE, new).await.map(drop).map_err(|problem| problem.reason())
        };
        assert_eq!(order(PLAN).await, Err(Reason::OfferNotPurchasable), "a customer has one plan of a partner");
        assert_eq!(order(UNDER_PLAN).await, Err(Reason::OfferNotPurchasable), "it goes with a plan");
        let both = new_order(customer, &[(AZURE, 1), (PLAN, 1)]);
        let refused = order_place(&house.ctx, db, &Limits::NONE, both).await.unwrap_err();
        assert_eq!(refused.reason(), Reason::OfferNotPurchasable, "a plan is ordered by itself");
    });
}

#[test]
fn more_azure_subscriptions_are_bought_for_a_plan() {
    in_a_house(|house| async move {
        let sold = Sold::new(&house).await;
        let line = AddOnLine {
            number: 1,
            offer: OfferId::new(UNDER_PLAN),
            parent: sold.plan.id,
            friendly_name: Some("Test and development".to_owned()),
            quantity: 1,
        };
        let change = ChangeOrder {
            customer: sold.customer.id,
            order: sold.plan.order,
            billing_cycle: None,
            with: Some(OrderChange::AddOns(vec![line])),
            repeated: Vec::new(),
            version: None,
        };
        order_change(&house.ctx, &house.db, &Limits::NONE, change).await.unwrap();
        let under = sold.under(&house).await;
        let names: Vec<_> = under.iter().map(|one| one.friendly_name.as_str()).collect();
        assert_eq!(names, ["Azure subscription", "Test and development"]);
    });
}

#[test]
fn a_compromised_azure_subscription_is_stopped_alone_and_can_come_back() {
    in_a_house(|house| async move {
        let sold = Sold::new(&house).await;
        let first = sold.under(&house).await.remove(0);
        house.tick();
        let stopped = State::Suspended { since: house.ctx.now(), reason: SuspensionReason::Compromised };
        let seller = house.by(&sold.partner, &[Role::AdminAgent]);
        let cancelled = sold.cancel(&house, &seller, first.id).await.unwrap();
        assert_eq!((cancelled.state, cancelled.version), (stopped, 2));
        house.tick();
        assert_eq!(sold.cancel(&house, &seller, first.id).await.unwrap(), cancelled, "it stays as it is");
        let plan = subscription_get(&house.ctx, &house.db, sold.customer.id, sold.plan.id).await.unwrap();
        assert_eq!(plan, sold.plan, "the plan goes on");
        let told = house.events::<events::SubscriptionChanged>(events::SUBSCRIPTION_CHANGED).await;
        assert_eq!(told.last().map(|event| (event.subscription, event.state)), Some((first.id, stopped)));
        assert_eq!(told.len(), 3, "what changed nothing is not told");
        let back = sold.to(&house, first.id, Status::Active).await.unwrap();
        assert_eq!(back.state, State::Active { since: house.ctx.now() });
    });
}

#[test]
fn cancelling_holds_where_a_limit_had_stopped_it() {
    in_a_house(|house| async move {
        let sold = Sold::new(&house).await;
        let first = sold.under(&house).await.remove(0);
        house.tick();
        let limited = ChangeSubscription {
            status: Some(Status::Suspended),
            suspended_for: SuspensionReason::SpendingLimit,
            ..ChangeSubscription::of(sold.customer.id, first.id)
        };
        let since = subscription_change(&house.ctx, &house.db, &Limits::NONE, limited).await.unwrap().state.since();
        house.tick();
        let cancelled = sold.cancel(&house, &house.ctx, first.id).await.unwrap();
        assert_eq!(cancelled.state, State::Suspended { since, reason: SuspensionReason::Compromised });
    });
}

#[test]
fn who_cancels_names_the_plan_and_may_change_subscriptions() {
    in_a_house(|house| async move {
        let sold = Sold::new(&house).await;
        let first = sold.under(&house).await.remove(0);
        let legacy = house.subscription_of(&sold.partner, &sold.customer, AZURE).await;
        let other = house.partner("fabrikam").await;
        let theirs = house.customer(&other, "Tailspin").await;
        let own = house.subscription_of(&other, &theirs, PLAN).await;
        let foreign = azure_entitlement_list(&house.ctx, &house.db, theirs.id, own.id).await.unwrap().remove(0);
        let (seller, stranger) = (house.by(&sold.partner, &Role::ALL), house.by(&other, &Role::ALL));
        let nobody = SubscriptionId::new(house.ctx.chance.guid());
        let (here, plan) = (sold.customer.id, sold.plan.id);
        for (ctx, customer, plan, id, expected) in [
            (&seller, here, plan, nobody, Reason::SubscriptionNotFound),
            (&seller, here, plan, foreign.id, Reason::SubscriptionNotFound),
            (&seller, here, plan, legacy.id, Reason::SubscriptionNotFound),
            (&seller, here, plan, plan, Reason::SubscriptionNotFound),
            (&seller, here, own.id, foreign.id, Reason::SubscriptionNotFound),
            (&seller, here, legacy.id, legacy.id, Reason::Unsupported),
            (&seller, theirs.id, own.id, foreign.id, Reason::CustomerNotFound),
            (&stranger, here, plan, first.id, Reason::CustomerNotFound),
            (&stranger, theirs.id, plan, first.id, Reason::SubscriptionNotFound),
            (&house.by(&sold.partner, &[Role::UserAdmin]), here, plan, first.id, Reason::Forbidden),
        ] {
            let cancelled = azure_entitlement_cancel(ctx, &house.db, customer, (plan, id)).await;
            let read = azure_entitlement_get(ctx, &house.db, customer, (plan, id)).await;
            assert_eq!(cancelled.unwrap_err().reason(), expected, "{customer} {plan} {id}");
            assert_eq!(read.unwrap_err().reason(), expected, "{customer} {plan} {id}");
        }
        let reader = house.by(&sold.partner, &[Role::HelpdeskAgent]);
        assert_eq!(sold.cancel(&house, &reader, first.id).await.unwrap_err().reason(), Reason::Forbidden);
        assert_eq!(azure_entitlement_get(&reader, &house.db, here, (plan, first.id)).await.unwrap(), first);
        let found = subscription_sold_to(&seller, &house.db, first.id).await.unwrap();
        assert_eq!((found.subscription.id, found.customer_name.as_str()), (first.id, "Northwind"));
        for hidden in [nobody, foreign.id] {
            let refused = subscription_sold_to(&seller, &house.db, hidden).await.unwrap_err();
            assert_eq!(refused.reason(), Reason::SubscriptionNotFound, "{hidden}");
        }
    });
}

#[test]
fn a_plan_stops_after_all_that_is_under_it_and_goes_first_when_it_comes_back() {
    in_a_house(|house| async move {
        let sold = Sold::new(&house).await;
        let first = sold.under(&house).await.remove(0);
        let refused = sold.to(&house, sold.plan.id, Status::Suspended).await.unwrap_err();
        assert_eq!((refused.reason(), refused.field()), (Reason::StatusChangeRefused, Some("azureEntitlements")));
        assert!(refused.message().contains(&first.id.to_string()), "{}", refused.message());
        assert!(sold.to(&house, sold.plan.id, Status::Deleted).await.is_err(), "a plan is not given back");
        sold.cancel(&house, &house.ctx, first.id).await.unwrap();
        sold.to(&house, sold.plan.id, Status::Suspended).await.unwrap();
        let refused = sold.to(&house, first.id, Status::Active).await.unwrap_err();
        assert_eq!((refused.reason(), refused.field()), (Reason::StatusChangeRefused, Some("parentSubscriptionId")));
        sold.to(&house, sold.plan.id, Status::Active).await.unwrap();
        sold.to(&house, first.id, Status::Active).await.unwrap();
        // And it counts as in use when the customer is let go.
        let seller = house.by(&sold.partner, &Role::ALL);
        let refused = customer_end(&seller, &house.db, sold.customer.id, false).await.unwrap_err();
        assert_eq!(refused.reason(), Reason::StatusChangeRefused);
        let seats = house.subscription_of(&sold.partner, &sold.customer, PREMIUM).await;
        assert!(sold.to(&house, seats.id, Status::Suspended).await.is_ok(), "only plans ask");
    });
}

/// A tenant as a second partner's customer.
async fn customer_of(house: &House, partner: &Partner, shared: &Customer) -> Customer {
    customer_of_partner(&house.ctx, &house.db, partner.tenant, shared.id).await.unwrap()
}

#[test]
fn a_plan_changes_hands_with_all_that_is_under_it() {
    in_a_house(|house| async move {
        let tiers = Tiers::open(&house).await;
        let customer = house.customer(&tiers.reseller, "Northwind").await;
        let plan = house.subscription_of(&tiers.reseller, &customer, PLAN).await;
        let first = azure_entitlement_list(&house.ctx, &house.db, customer.id, plan.id).await.unwrap().remove(0);
        house.tick();
        house.share(&customer, &tiers.sibling).await;
        let above = house.by(&tiers.above, &[Role::AdminAgent]);
        let to = async |id| {
            let change = ChangeReseller { customer: customer.id, subscription: id, partner: tiers.sibling.tenant };
            subscription_change_reseller(&above, &house.db, change).await
        };
        assert_eq!(to(first.id).await.unwrap_err().reason(), Reason::Unsupported, "it goes with its plan");
        // The other sells it one to the same tenant already.
        let shared = house.customer(&tiers.sibling, "Tailspin").await;
        house.share(&shared, &tiers.reseller).await;
        house.subscription_of(&tiers.sibling, &shared, PLAN).await;
        let here = customer_of(&house, &tiers.reseller, &shared).await;
        let second = house.subscription_of(&tiers.reseller, &here, PLAN).await;
        let change = ChangeReseller { customer: shared.id, subscription: second.id, partner: tiers.sibling.tenant };
        let refused = subscription_change_reseller(&above, &house.db, change).await.unwrap_err();
        assert_eq!(refused.reason(), Reason::OfferNotPurchasable, "a customer has one plan of a partner");
        let moved = to(plan.id).await.unwrap();
        let new = house.by(&tiers.sibling, &Role::ALL);
        let under = azure_entitlement_list(&new, &house.db, customer.id, plan.id).await.unwrap();
        let [one] = &under[..] else { panic!("{under:?}") };
        assert_eq!((one.id, one.partner, one.sold_since), (first.id, moved.partner, moved.sold_since));
        let old = house.by(&tiers.reseller, &Role::ALL);
        let gone = azure_entitlement_list(&old, &house.db, customer.id, plan.id).await.unwrap_err();
        assert_eq!(gone.reason(), Reason::SubscriptionNotFound);
        // Rating hears of both, the tenant of the one that is a place in it.
        let told = house.events::<events::SubscriptionChanged>(events::SUBSCRIPTION_CHANGED).await;
        let told: Vec<_> = told.iter().map(|event| (event.subscription, event.partner, event.version)).collect();
        let (before, after) = (tiers.reseller.tenant, tiers.sibling.tenant);
        let told: Vec<_> = told.into_iter().filter(|(id, ..)| [plan.id, first.id].contains(id)).collect();
        assert_eq!(told, [(plan.id, before, 1), (first.id, before, 1), (plan.id, after, 2), (first.id, after, 2)]);
        let seen = tenant_subscriptions(&new, &house.db, customer.id).await.unwrap();
        let seen: Vec<_> = seen.iter().map(|one| (one.id, one.manageable)).collect();
        assert!(seen.contains(&(plan.id, true)) && seen.contains(&(first.id, true)), "{seen:?}");
    });
}
