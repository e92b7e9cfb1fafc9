//! What happens to orders and subscriptions after the sale: add-ons, conversions, upgrades, cancelling, who is on record.

use crate::house::{AZURE, House, PREMIUM, in_a_house, new_order};
use crate::resellers::Tiers;
use std::collections::BTreeMap;
use tenantry_commerce::{
    AddOnLine, ChangeOrder, ChangeSubscription, ChangeSupportContact, ConvertSubscription, Converted, Customer, Limits,
    LineWords, Order, OrderChange, Status, Subscription, UpgradeObstacleKind, UpgradeSubscription, Upgraded,
    conversion_list, events, order_change, order_get, order_place, order_place_with, subscription_add_on_list,
    subscription_change, subscription_convert, subscription_get, subscription_list, subscription_provisioning,
    subscription_register_for_reservations, subscription_registered_at, subscription_upgrade, support_contact_change,
    support_contact_get, upgrade_list,
};
use tenantry_core::{OfferId, OpContext, Problem, Reason, Role};
use tenantry_testkit::time;

const E1: &str = "91FD106F-4B2C-4938-95AC-F54F74E9A239";
const E3: &str = "796B6B5F-613C-4E24-A17C-EBA730D49C02";
const E3_TRIAL: &str = "32B23C88-949F-4E5B-B500-A87EEC676B80";
const ESSENTIALS: &str = "BD938F12-058F-4927-BBA3-AE36B1D2501C";
const ARCHIVING: &str = "2828BE95-46BA-4F91-B2FD-0BEF192ECF60";
const CALLING: &str = "DED34535-507F-4246-8370-F9180318C537";
const NEW_COMMERCE: &str = "CFQ7TTC0LF8R:0001:CFQ7TTC0K5DR";

/// A direct partner with a customer.
struct Scene {
    ctx: OpContext,
    customer: Customer,
}

impl Scene {
    async fn open(house: &House) -> Self {
        let partner = house.partner("contoso").await;
        let customer = house.customer(&partner, "Northwind").await;
        Self { ctx: house.by(&partner, &[Role::AdminAgent]), customer }
    }
}

fn with(of: &Subscription, change: OrderChange) -> ChangeOrder {
    ChangeOrder {
        customer: of.customer,
        order: of.order,
        billing_cycle: None,
        with: Some(change),
        repeated: Vec::new(),
        version: None,
    }
}

fn add_on(base: &Subscription, offer: &str, quantity: i64) -> ChangeOrder {
    let line = AddOnLine { number: 0, offer: OfferId::new(offer), parent: base.id, friendly_name: None, quantity };
    with(base, OrderChange::AddOns(vec![line]))
}

async fn change(house: &House, ctx: &OpContext, change: ChangeOrder) -> Result<Order, Problem> {
    order_change(&house.by_again(ctx), &house.db, &Limits::NONE, change).await
}

async fn turn(house: &House, ctx: &OpContext, of: &Subscription, to: Status) -> Result<Subscription, String> {
    let change = ChangeSubscription { status: Some(to), ..ChangeSubscription::of(of.customer, of.id) };
    subscription_change(ctx, &house.db, &Limits::NONE, change).await.map_err(|problem| shown(&problem))
}

async fn seats(house: &House, ctx: &OpContext, of: &Subscription, quantity: i64) -> Result<Subscription, String> {
    let change = ChangeSubscription { quantity: Some(quantity), ..ChangeSubscription::of(of.customer, of.id) };
    subscription_change(ctx, &house.db, &Limits::NONE, change).await.map_err(|problem| shown(&problem))
}

fn shown(problem: &Problem) -> String {
    format!("{:?} {}", problem.reason(), problem.field().unwrap_or("-"))
}

#[test]
fn an_add_on_is_a_line_of_the_order_of_its_base() {
    in_a_house(|house| async move {
        let Scene { ctx, customer } = Scene::open(&house).await;
        let base = house.subscription(&customer, PREMIUM, 5).await;
        let other = house.subscription(&customer, E1, 5).await;
        for (wrong, expected) in [
            (add_on(&base, CALLING, 1), "OfferNotPurchasable lineItems[0].parentSubscriptionId"),
            (add_on(&base, E1, 1), "OfferNotPurchasable lineItems[0].offerId"),
            (add_on(&base, "MS-AZR-0000X", 1), "OfferNotFound lineItems[0].offerId"),
            (add_on(&base, ARCHIVING, 6), "QuantityOutOfRange lineItems[0].quantity"),
            (add_on(&base, ARCHIVING, 0), "QuantityOutOfRange lineItems[0].quantity"),
            (
                ChangeOrder { order: base.order, ..add_on(&other, ARCHIVING, 1) },
                "OfferNotPurchasable lineItems[0].parentSubscriptionId",
            ),
            (ChangeOrder { version: Some(7), ..add_on(&base, ARCHIVING, 1) }, "Stale -"),
        ] {
            assert_eq!(change(&house, &ctx, wrong).await.map_err(|p| shown(&p)).unwrap_err(), expected);
        }
        let request = house.by_again(&ctx);
        let bought = order_change(&request, &house.db, &Limits::NONE, add_on(&base, ARCHIVING, 2)).await.unwrap();
        let again = order_change(&request, &house.db, &Limits::NONE, add_on(&base, ARCHIVING, 2)).await.unwrap();
        assert_eq!(again, bought, "the same request buys once");
        assert_eq!(order_get(&ctx, &house.db, customer.id, base.order).await.unwrap(), bought);
        assert_eq!((bought.version, bought.lines.len(), bought.lines[1].number), (2, 2, 1));
        let add_ons = subscription_add_on_list(&ctx, &house.db, customer.id, base.id).await.unwrap();
        let of_order = subscription_list(&ctx, &house.db, customer.id, Some(base.order)).await.unwrap();
        assert_eq!(of_order, [vec![base.clone()], add_ons.clone()].concat());
        assert_eq!((add_ons[0].parent, add_ons[0].quantity), (Some(base.id), 2));
        assert_eq!(bought.lines[1].parent, Some(base.id));
        let told: Vec<events::SubscriptionChanged> = house.events(events::SUBSCRIPTION_CHANGED).await;
        let last = told.last().unwrap();
        assert_eq!((last.subscription, last.quantity, last.seats.is_some()), (add_ons[0].id, 2, true));
        assert_eq!(subscription_add_on_list(&ctx, &house.db, customer.id, other.id).await.unwrap(), []);
    });
}

#[test]
fn an_add_on_lives_within_its_base() {
    in_a_house(|house| async move {
        let Scene { ctx, customer } = Scene::open(&house).await;
        let base = house.subscription(&customer, PREMIUM, 5).await;
        change(&house, &ctx, add_on(&base, ARCHIVING, 3)).await.unwrap();
        let own = subscription_add_on_list(&ctx, &house.db, customer.id, base.id).await.unwrap().remove(0);
        assert_eq!(seats(&house, &ctx, &own, 6).await.unwrap_err(), "QuantityOutOfRange quantity");
        assert_eq!(seats(&house, &ctx, &base, 2).await.unwrap_err(), "QuantityOutOfRange quantity");
        assert_eq!(seats(&house, &ctx, &own, 5).await.unwrap().quantity, 5);
        turn(&house, &ctx, &base, Status::Suspended).await.unwrap();
        let state = async || subscription_get(&ctx, &house.db, customer.id, own.id).await.unwrap().state.status();
        assert_eq!(state().await, Status::Suspended);
        let refused = turn(&house, &ctx, &own, Status::Active).await.unwrap_err();
        assert_eq!(refused, "StatusChangeRefused parentSubscriptionId");
        let refused = change(&house, &ctx, add_on(&base, ARCHIVING, 1)).await.unwrap_err();
        assert_eq!(shown(&refused), "SubscriptionSuspended lineItems[0].parentSubscriptionId");
        turn(&house, &ctx, &base, Status::Active).await.unwrap();
        assert_eq!(state().await, Status::Suspended, "whoever wants it back says so");
        turn(&house, &ctx, &own, Status::Active).await.unwrap();
        assert_eq!(state().await, Status::Active);
        let told: Vec<events::SubscriptionChanged> = house.events(events::SUBSCRIPTION_CHANGED).await;
        let of_add_on: Vec<_> =
            told.iter().filter(|event| event.subscription == own.id).map(|event| event.state.status()).collect();
        assert_eq!(of_add_on, [Status::Active, Status::Active, Status::Suspended, Status::Active]);
    });
}

#[test]
fn only_what_is_given_back_whole_is_cancelled() {
    in_a_house(|house| async move {
        let Scene { ctx, customer } = Scene::open(&house).await;
        let legacy = house.subscription(&customer, PREMIUM, 5).await;
        let modern = house.subscription(&customer, NEW_COMMERCE, 5).await;
        let late = house.subscription(&customer, NEW_COMMERCE, 5).await;
        let azure = house.subscription(&customer, AZURE, 1).await;
        let all = || OrderChange::Cancel(Vec::new());
        for of in [&legacy, &azure] {
            let refused = change(&house, &ctx, with(of, all())).await.unwrap_err();
            assert_eq!(shown(&refused), "StatusChangeRefused status");
        }
        let unknown = change(&house, &ctx, with(&modern, OrderChange::Cancel(vec![7]))).await.unwrap_err();
        assert_eq!(unknown.reason(), Reason::InvalidField);
        assert_eq!(modern.cancellation_allowed_until(), Some(time("2026-01-17T16:00:00Z")));
        house.clock.advance_to(time("2026-01-17T16:00:00Z"));
        let cancelled = change(&house, &ctx, with(&modern, all())).await.unwrap();
        assert!(cancelled.is_cancelled() && cancelled.version == 2);
        assert_eq!(change(&house, &ctx, with(&modern, all())).await.unwrap(), cancelled, "once is enough");
        assert_eq!(order_get(&ctx, &house.db, customer.id, modern.order).await.unwrap(), cancelled);
        let gone = subscription_get(&ctx, &house.db, customer.id, modern.id).await.unwrap();
        assert_eq!(gone.state.status(), Status::Deleted);
        assert_eq!(seats(&house, &ctx, &modern, 6).await.unwrap_err(), "SubscriptionDeleted -");
        house.tick();
        let refused = turn(&house, &ctx, &late, Status::Deleted).await.unwrap_err();
        assert_eq!(refused, "StatusChangeRefused cancellationAllowedUntilDate");
        let refused = change(&house, &ctx, with(&late, all())).await.unwrap_err();
        assert_eq!(shown(&refused), "StatusChangeRefused cancellationAllowedUntilDate");
    });
}

#[test]
fn a_trial_becomes_what_it_was_a_trial_of() {
    in_a_house(|house| async move {
        let Scene { ctx, customer } = Scene::open(&house).await;
        let trial = house.subscription(&customer, E3_TRIAL, 25).await;
        let paid = house.subscription(&customer, PREMIUM, 5).await;
        let listed = conversion_list(&ctx, &house.db, customer.id, trial.id).await.unwrap();
        assert_eq!(listed.iter().map(|found| (found.target.id, found.quantity)).collect::<Vec<_>>(), [(E3, 25)]);
        assert_eq!(conversion_list(&ctx, &house.db, customer.id, paid.id).await.unwrap(), []);
        house.clock.advance_to(time("2026-01-20T09:00:00Z"));
        let convert = async |of: &Subscription, target: &str, quantity: Option<i64>| {
            let target = OfferId::new(target);
            let convert = ConvertSubscription {
                customer: of.customer,
                subscription: of.id,
                target,
                quantity,
                billing_cycle: None,
            };
            subscription_convert(&ctx, &house.db, &Limits::NONE, convert).await
        };
        assert!(matches!(convert(&paid, E3, None).await.unwrap(), Converted::NotOffered { .. }));
        assert!(matches!(convert(&trial, E1, None).await.unwrap(), Converted::NotOffered { .. }));
        assert_eq!(shown(&convert(&trial, E3, Some(0)).await.unwrap_err()), "QuantityOutOfRange quantity");
        let Converted::Done { subscription, .. } = convert(&trial, E3, Some(10)).await.unwrap() else {
            panic!("not converted")
        };
        let kept = subscription_get(&ctx, &house.db, customer.id, trial.id).await.unwrap();
        assert_eq!(*subscription, kept);
        assert_eq!((kept.offer.id, kept.order, kept.quantity, kept.version), (E3, trial.order, 10, 2));
        assert_eq!((kept.starts_on.to_string().as_str(), kept.auto_renew), ("2026-01-20", true));
        assert_eq!(kept.commitment_ends_on.unwrap().to_string(), "2027-01-20");
        let told: Vec<events::SubscriptionChanged> = house.events(events::SUBSCRIPTION_CHANGED).await;
        let facts: Vec<_> =
            told.iter().filter(|event| event.subscription == trial.id).map(|event| &event.seats).collect();
        assert!(facts[0].is_none(), "a trial costs nothing");
        assert_eq!(facts[1].as_ref().map(|facts| facts.starts_on.as_str()), Some("2026-01-20"));
    });
}

#[test]
fn an_upgrade_stops_the_old_and_begins_the_new() {
    in_a_house(|house| async move {
        let Scene { ctx, customer } = Scene::open(&house).await;
        let old = house.subscription(&customer, ESSENTIALS, 5).await;
        let owned = house.subscription(&customer, E1, 5).await;
        let listed = upgrade_list(&ctx, &house.db, &Limits::NONE, customer.id, old.id).await.unwrap();
        let obstacles: Vec<_> = listed
            .iter()
            .map(|found| {
                (found.target.id, found.obstacles.iter().map(|in_the_way| in_the_way.kind).collect::<Vec<_>>())
            })
            .collect();
        use UpgradeObstacleKind as Kind;
        assert_eq!(obstacles[..2], [(PREMIUM, vec![]), (E1, vec![Kind::OwnedAlready])]);
        let upgrade = async |of: &Subscription, target: &str, with_licences: bool| {
            let target = OfferId::new(target);
            let wanted = UpgradeSubscription {
                customer: of.customer,
                subscription: of.id,
                target,
                quantity: None,
                with_licences,
            };
            subscription_upgrade(&house.by_again(&ctx), &house.db, &Limits::NONE, wanted).await.unwrap()
        };
        let kinds = |done: Upgraded| match done {
            Upgraded::Refused(obstacles) => obstacles.into_iter().map(|found| found.kind).collect(),
            Upgraded::Done { .. } => Vec::new(),
        };
        assert_eq!(kinds(upgrade(&old, E1, false).await), [Kind::OwnedAlready]);
        assert_eq!(kinds(upgrade(&old, AZURE, false).await), [Kind::NotATarget]);
        assert_eq!(kinds(upgrade(&owned, PREMIUM, false).await), [Kind::NoTargets]);
        assert_eq!(kinds(upgrade(&old, PREMIUM, true).await), [Kind::PersonRequired], "an application moves nobody");
        change(&house, &ctx, add_on(&old, ARCHIVING, 1)).await.unwrap();
        assert_eq!(kinds(upgrade(&old, PREMIUM, false).await), [Kind::AddOnsPresent]);

        let plain = house.subscription(&customer, ESSENTIALS, 7).await;
        let Upgraded::Done { target, licence_errors } = upgrade(&plain, PREMIUM, false).await else {
            panic!("not upgraded")
        };
        assert!(licence_errors.is_empty());
        let (was, is) = (
            subscription_get(&ctx, &house.db, customer.id, plain.id).await.unwrap(),
            subscription_get(&ctx, &house.db, customer.id, target.id).await.unwrap(),
        );
        assert_eq!(is, *target);
        assert_eq!((was.state.status(), is.state.status()), (Status::Suspended, Status::Active));
        assert_eq!((is.offer.id, is.quantity, is.billing_cycle), (PREMIUM, 7, plain.billing_cycle));
        let order = order_get(&ctx, &house.db, customer.id, is.order).await.unwrap();
        assert_eq!((order.lines.len(), order.lines[0].subscription), (1, is.id));
        assert_eq!(kinds(upgrade(&plain, E3, false).await), [Kind::NotActive]);
        let told: Vec<events::SubscriptionChanged> = house.events(events::SUBSCRIPTION_CHANGED).await;
        let last: Vec<_> = told.iter().rev().take(2).map(|event| (event.subscription, event.state.status())).collect();
        assert_eq!(last, [(plain.id, Status::Suspended), (is.id, Status::Active)]);
    });
}

#[test]
fn who_is_on_record_goes_through_an_indirect_provider() {
    in_a_house(|house| async move {
        let tiers = Tiers::open(&house).await;
        let above = house.by(&tiers.above, &[Role::AdminAgent]);
        let own = house.customer(&tiers.above, "Northwind").await;
        let resold = house.customer(&tiers.reseller, "Fabrikam").await;
        let direct = house.customer(&tiers.direct, "Tailspin").await;
        let placed = order_place(&above, &house.db, &Limits::NONE, new_order(&own, &[(PREMIUM, 1)])).await.unwrap();
        let sold = subscription_list(&above, &house.db, own.id, Some(placed.id)).await.unwrap().remove(0);
        assert_eq!(sold.on_record, None);
        let record = async |ctx: &OpContext, of: &Subscription, mpn_id: &str| {
            let on_record = Some(mpn_id.to_owned());
            let change = ChangeSubscription { on_record, ..ChangeSubscription::of(of.customer, of.id) };
            subscription_change(ctx, &house.db, &Limits::NONE, change).await.map_err(|problem| shown(&problem))
        };
        assert_eq!(record(&above, &sold, "1").await.unwrap_err(), "InvalidField partnerId");
        let named = record(&above, &sold, " 4847383 ").await.unwrap();
        assert_eq!(named.on_record.as_ref().map(|known| known.partner), Some(tiers.reseller.tenant));
        assert_eq!(record(&above, &sold, "4847383").await.unwrap(), named, "what is there is no change");
        assert_eq!(subscription_get(&above, &house.db, own.id, sold.id).await.unwrap(), named);

        let of_reseller = house.subscription_of(&tiers.reseller, &resold, PREMIUM).await;
        assert_eq!(of_reseller.on_record.as_ref().map(|known| known.partner), Some(tiers.reseller.tenant));
        let of_direct = house.subscription_of(&tiers.direct, &direct, PREMIUM).await;
        let direct = house.by(&tiers.direct, &[Role::AdminAgent]);
        assert_eq!(record(&direct, &of_direct, "4847383").await.unwrap_err(), "Unsupported partnerId");

        // As the order says it, line by line.
        let placed = async |ctx: &OpContext, of: &Customer, mpn_id: &str| {
            let words = LineWords { on_record: BTreeMap::from([(1, mpn_id.to_owned())]), ..LineWords::default() };
            let new = new_order(of, &[(ESSENTIALS, 1), (E1, 1)]);
            let order = order_place_with(&house.by_again(ctx), &house.db, &Limits::NONE, new, words).await;
            let order = order.map_err(|problem| shown(&problem))?;
            let sold = subscription_list(ctx, &house.db, of.id, Some(order.id)).await.unwrap();
            Ok(sold.iter().map(|sold| sold.on_record.as_ref().map(|known| known.partner)).collect::<Vec<_>>())
        };
        const WHERE: &str = "lineItems[1].partnerIdOnRecord";
        assert_eq!(placed(&above, &own, "4847383").await, Ok(vec![None, Some(tiers.reseller.tenant)]));
        assert_eq!(placed(&above, &own, "1").await, Err(format!("InvalidField {WHERE}")));
        let customer = house.customer(&tiers.direct, "Adatum").await;
        assert_eq!(placed(&direct, &customer, "4847383").await, Err(format!("Unsupported {WHERE}")));
    });
}

#[test]
fn a_seller_or_who_works_with_it_helps() {
    in_a_house(|house| async move {
        let tiers = Tiers::open(&house).await;
        let customer = house.customer(&tiers.above, "Northwind").await;
        let ctx = house.by(&tiers.above, &[Role::AdminAgent]);
        let of = house.subscription_of(&tiers.above, &customer, PREMIUM).await;
        let get = async || support_contact_get(&ctx, &house.db, customer.id, of.id).await.unwrap();
        assert_eq!((get().await.tenant, get().await.name), (tiers.above.tenant, "Company distro".to_owned()));
        let name = async |partner: &tenantry_commerce::Partner, mpn_id: Option<&str>, name: Option<&str>| {
            let change = ChangeSupportContact {
                customer: customer.id,
                subscription: of.id,
                tenant: partner.tenant,
                mpn_id: mpn_id.map(str::to_owned),
                name: name.map(str::to_owned),
            };
            support_contact_change(&ctx, &house.db, change).await.map_err(|problem| shown(&problem))
        };
        assert_eq!(name(&tiers.direct, None, None).await.unwrap_err(), "InvalidField supportTenantId");
        assert_eq!(name(&tiers.reseller, Some("1"), None).await.unwrap_err(), "InvalidField supportMpnId");
        let named = name(&tiers.reseller, Some("4847383"), Some("The corner desk")).await.unwrap();
        assert_eq!((get().await, named.name.as_str()), (named.clone(), "The corner desk"));
        assert_eq!(name(&tiers.above, None, None).await.unwrap().tenant, tiers.above.tenant);
        let stranger = house.by(&tiers.direct, &[Role::AdminAgent]);
        let hidden = support_contact_get(&stranger, &house.db, customer.id, of.id).await.unwrap_err();
        assert_eq!(hidden.reason(), Reason::CustomerNotFound);
    });
}

#[test]
fn seats_are_provisioned_and_usage_is_registered() {
    in_a_house(|house| async move {
        let Scene { ctx, customer } = Scene::open(&house).await;
        let (seats, azure) =
            (house.subscription(&customer, NEW_COMMERCE, 5).await, house.subscription(&customer, AZURE, 1).await);
        let there = async |of: &Subscription| subscription_provisioning(&ctx, &house.db, customer.id, of.id).await;
        let found = there(&seats).await.unwrap();
        assert_eq!((found.provisioned, found.quantity), (true, 5));
        assert_eq!(there(&azure).await.unwrap_err().reason(), Reason::Unsupported);
        turn(&house, &ctx, &seats, Status::Deleted).await.unwrap();
        let gone = there(&seats).await.unwrap();
        assert_eq!((gone.provisioned, gone.quantity), (false, 0));

        let since = async |of: &Subscription| subscription_registered_at(&ctx, &house.db, customer.id, of.id).await;
        let register =
            async |of: &Subscription| subscription_register_for_reservations(&ctx, &house.db, customer.id, of.id).await;
        assert_eq!(since(&azure).await.unwrap(), None);
        assert_eq!(register(&seats).await.unwrap_err().reason(), Reason::Unsupported);
        let at = ctx.now();
        register(&azure).await.unwrap();
        house.tick();
        register(&azure).await.unwrap();
        assert_eq!(since(&azure).await.unwrap(), Some(at), "the first counts");
        turn(&house, &ctx, &azure, Status::Suspended).await.unwrap();
        assert_eq!(register(&azure).await.unwrap_err().reason(), Reason::SubscriptionSuspended);
    });
}
