//! Transfers: one partner offers, the other accepts, and from that instant on it sells what was offered.

use crate::house::{AZURE, House, PREMIUM, in_a_house};
use tenantry_commerce::{
    ChangeSubscription, Customer, Limits, NewTransfer, Partner, Status, Subscription, Transfer, TransferState, edge_of,
    events, subscription_change, subscription_get, subscription_sellers, transfer_accept, transfer_create,
    transfer_eligibility, transfer_get, transfer_list, transfer_reject, transfer_withdraw,
};
use tenantry_core::{Currency, OpContext, Problem, Reason, Role, SubscriptionId, TenantId};
use tenantry_db::sql;

struct Two {
    contoso: Partner,
    fabrikam: Partner,
    customer: Customer,
    bought: Subscription,
}

impl Two {
    /// A customer of two direct partners, and what the first sells to it.
    async fn open(house: &House) -> Self {
        let (contoso, fabrikam) = (house.partner("contoso").await, house.partner("fabrikam").await);
        let customer = house.customer(&contoso, "Northwind").await;
        let bought = house.subscription_of(&contoso, &customer, AZURE).await;
        house.share(&customer, &fabrikam).await;
        house.tick();
        Self { contoso, fabrikam, customer, bought }
    }

    fn to_fabrikam(&self, subscriptions: &[SubscriptionId]) -> NewTransfer {
        NewTransfer {
            customer: self.customer.id,
            source: None,
            target: self.fabrikam.tenant,
            subscriptions: subscriptions.to_vec(),
        }
    }

    async fn offer(&self, house: &House) -> Transfer {
        let ctx = house.by(&self.contoso, &[Role::AdminAgent]);
        transfer_create(&ctx, &house.db, self.to_fabrikam(&[self.bought.id])).await.unwrap()
    }
}

fn reason<T>(outcome: Result<T, Problem>) -> Result<(), Reason> {
    outcome.map(drop).map_err(|problem| problem.reason())
}

#[test]
fn what_is_accepted_is_sold_by_the_other_from_that_instant_on() {
    in_a_house(|house| async move {
        let two = Two::open(&house).await;
        let (db, customer) = (&house.db, two.customer.id);
        let (source, target) =
            (house.by(&two.contoso, &[Role::AdminAgent]), house.by(&two.fabrikam, &[Role::SalesAgent]));
        let offered = two.offer(&house).await;
        assert_eq!(offered.state(house.ctx.now()), TransferState::Active);
        assert_eq!(
            (offered.source_name.as_str(), offered.target_name.as_str()),
            ("Company contoso", "Company fabrikam")
        );
        for ctx in [&source, &target] {
            assert_eq!(transfer_list(ctx, db, customer).await.unwrap(), std::slice::from_ref(&offered));
            assert_eq!(transfer_get(ctx, db, customer, offered.id).await.unwrap(), offered);
        }
        assert!(subscription_get(&target, db, customer, two.bought.id).await.is_err(), "not yet");

        house.tick();
        let done = transfer_accept(&target, db, customer, offered.id).await.unwrap();
        assert_eq!((done.state(house.ctx.now()), done.changed_at), (TransferState::Completed, house.ctx.now()));
        assert_eq!(transfer_get(&source, db, customer, offered.id).await.unwrap(), done);
        let moved = subscription_get(&target, db, customer, two.bought.id).await.unwrap();
        assert_eq!((moved.partner, moved.sold_since), (two.fabrikam.tenant, house.ctx.now()));
        assert_eq!(
            (moved.state, moved.created_at, moved.order),
            (two.bought.state, two.bought.created_at, two.bought.order)
        );
        let gone = subscription_get(&source, db, customer, two.bought.id).await;
        assert_eq!(reason(gone), Err(Reason::SubscriptionNotFound));
        // What rating is told: the other's edge, from that instant.
        let told = house.events::<events::SubscriptionChanged>(events::SUBSCRIPTION_CHANGED).await;
        let last = told.last().unwrap();
        let edge = edge_of(&house.ctx, db, two.fabrikam.tenant).await.unwrap().id;
        assert_eq!((last.edges.as_slice(), last.sold_since), ([edge].as_slice(), Some(house.ctx.now())));
        let sellers = subscription_sellers(&house.ctx, db, two.bought.id).await.unwrap();
        let sold: Vec<_> = sellers.iter().map(|sold| (sold.partner, sold.since)).collect();
        assert_eq!(sold, [(two.contoso.tenant, two.bought.created_at), (two.fabrikam.tenant, done.changed_at)]);
        // It is over.
        for outcome in [
            transfer_accept(&target, db, customer, offered.id).await,
            transfer_reject(&target, db, customer, offered.id).await,
            transfer_withdraw(&source, db, customer, offered.id).await,
        ] {
            assert_eq!(reason(outcome), Err(Reason::StatusChangeRefused));
        }
    });
}

/// The agreement holds between one partner and one customer: who sells from now on needs its own.
#[test]
fn nothing_is_taken_over_without_an_agreement() {
    in_a_house(|house| async move {
        let two = Two::open(&house).await;
        let mut tx = house.db.begin().await.unwrap();
        let unsigned =
            sql("UPDATE customer SET agreement_signed_at = NULL WHERE partner = $1").bind(two.fabrikam.tenant);
        unsigned.run(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        let (db, customer, target) = (&house.db, two.customer.id, house.by(&two.fabrikam, &[Role::AdminAgent]));
        let offered = two.offer(&house).await;
        let refused = transfer_accept(&target, db, customer, offered.id).await.unwrap_err();
        assert_eq!((refused.reason(), refused.field()), (Reason::OfferNotPurchasable, Some("customerAgreement")));
        let source = house.by(&two.contoso, &[Role::AdminAgent]);
        assert_eq!(subscription_get(&source, db, customer, two.bought.id).await.unwrap().partner, two.contoso.tenant);
        assert_eq!(
            transfer_get(&target, db, customer, offered.id).await.unwrap().state(house.ctx.now()),
            TransferState::Active
        );
    });
}

#[test]
fn each_end_does_its_own_part_and_strangers_see_nothing() {
    in_a_house(|house| async move {
        let two = Two::open(&house).await;
        let (db, customer) = (&house.db, two.customer.id);
        let stranger = house.partner("tailspin").await;
        let (source, target) = (house.by(&two.contoso, &Role::ALL), house.by(&two.fabrikam, &Role::ALL));
        let helpdesk = house.by(&two.fabrikam, &[Role::HelpdeskAgent]);
        let offered = two.offer(&house).await;
        type Answer = Result<(), Reason>;
        let tried = async |ctx: &OpContext| -> [Answer; 4] {
            [
                reason(transfer_get(ctx, db, customer, offered.id).await),
                reason(transfer_accept(ctx, db, customer, offered.id).await),
                reason(transfer_reject(ctx, db, customer, offered.id).await),
                reason(transfer_withdraw(ctx, db, customer, offered.id).await),
            ]
        };
        let no = Err(Reason::Forbidden);
        assert_eq!(tried(&helpdesk).await, [Ok(()), no, no, no]);
        assert_eq!(tried(&house.by(&stranger, &Role::ALL)).await, [Err(Reason::CustomerNotFound); 4]);
        // A third partner of the customer stands at neither end.
        house.share(&two.customer, &stranger).await;
        assert_eq!(tried(&house.by(&stranger, &Role::ALL)).await, [Err(Reason::ObjectNotFound); 4]);
        assert_eq!(transfer_list(&house.by(&stranger, &Role::ALL), db, customer).await.unwrap(), []);
        assert_eq!(tried(&source).await, [Ok(()), no, no, Ok(())]);
        let state = async |id| transfer_get(&source, db, customer, id).await.unwrap().state(house.ctx.now());
        assert_eq!(state(offered.id).await, TransferState::Withdrawn);
        // The other may refuse, and then it can be offered again.
        let again = two.offer(&house).await;
        assert_eq!(reason(transfer_withdraw(&target, db, customer, again.id).await), no);
        transfer_reject(&target, db, customer, again.id).await.unwrap();
        assert_eq!(state(again.id).await, TransferState::Rejected);
        assert_eq!(subscription_get(&source, db, customer, two.bought.id).await.unwrap(), two.bought);
    });
}

#[test]
fn nobody_answers_an_offer_that_is_over() {
    in_a_house(|house| async move {
        let two = Two::open(&house).await;
        let (db, customer) = (&house.db, two.customer.id);
        let (source, target) = (house.by(&two.contoso, &Role::ALL), house.by(&two.fabrikam, &Role::ALL));
        let offered = two.offer(&house).await;
        house.clock.advance_to(offered.expires_at.plus_seconds(-1));
        assert_eq!(offered.state(house.ctx.now()), TransferState::Active);
        let again = transfer_create(&source, db, two.to_fabrikam(&[two.bought.id])).await;
        assert_eq!(reason(again), Err(Reason::AlreadyExists), "it is offered");
        house.tick();
        assert_eq!(offered.state(house.ctx.now()), TransferState::Expired);
        let late = transfer_accept(&target, db, customer, offered.id).await;
        assert_eq!(reason(late), Err(Reason::StatusChangeRefused));
        transfer_create(&source, db, two.to_fabrikam(&[two.bought.id])).await.unwrap();
    });
}

#[test]
fn only_what_can_be_split_to_the_instant_is_offered() {
    in_a_house(|house| async move {
        let two = Two::open(&house).await;
        let (db, customer) = (&house.db, two.customer.id);
        let source = house.by(&two.contoso, &Role::ALL);
        let seats = house.subscription_of(&two.contoso, &two.customer, PREMIUM).await;
        let stopped = house.subscription_of(&two.contoso, &two.customer, AZURE).await;
        let theirs = house.subscription_of(&two.fabrikam, &two.customer, AZURE).await;
        let suspend =
            ChangeSubscription { status: Some(Status::Suspended), ..ChangeSubscription::of(customer, stopped.id) };
        subscription_change(&source, db, &Limits::NONE, suspend).await.unwrap();
        let judged = transfer_eligibility(&source, db, customer).await.unwrap();
        let eligible: Vec<_> = judged.iter().map(|one| (one.subscription, one.obstacle.is_none())).collect();
        assert_eq!(eligible, [(two.bought.id, true), (seats.id, false), (stopped.id, false)]);

        let nobody = TenantId::new(source.chance.guid());
        let new = |ids: &[SubscriptionId]| two.to_fabrikam(ids);
        for (new, expected, field) in [
            (new(&[]), Reason::MissingField, Some("lineItems")),
            (new(&[seats.id]), Reason::Unsupported, Some("lineItems[0].subscriptionId")),
            (new(&[two.bought.id, stopped.id]), Reason::StatusChangeRefused, Some("lineItems[1].subscriptionId")),
            (new(&[theirs.id]), Reason::SubscriptionNotFound, Some("lineItems[0].subscriptionId")),
            (new(&[two.bought.id, two.bought.id]), Reason::InvalidField, Some("lineItems[1].subscriptionId")),
            (new(&[two.bought.id; 101]), Reason::InvalidField, Some("lineItems")),
            (
                NewTransfer { target: nobody, ..new(&[two.bought.id]) },
                Reason::InvalidField,
                Some("targetPartnerTenantId"),
            ),
            (
                NewTransfer { target: two.contoso.tenant, ..new(&[two.bought.id]) },
                Reason::InvalidField,
                Some("targetPartnerTenantId"),
            ),
            (
                NewTransfer { source: Some(two.fabrikam.tenant), ..new(&[two.bought.id]) },
                Reason::InvalidField,
                Some("sourcePartnerTenantId"),
            ),
            (NewTransfer { customer: nobody, ..new(&[two.bought.id]) }, Reason::CustomerNotFound, None),
        ] {
            let refused = transfer_create(&source, db, new).await.unwrap_err();
            assert_eq!((refused.reason(), refused.field()), (expected, field), "{refused:?}");
        }
        assert_eq!(transfer_list(&source, db, customer).await.unwrap(), []);
    });
}

#[test]
fn a_rule_that_refuses_one_line_leaves_all_as_it_was() {
    in_a_house(|house| async move {
        let two = Two::open(&house).await;
        let (db, customer) = (&house.db, two.customer.id);
        let (source, target) = (house.by(&two.contoso, &Role::ALL), house.by(&two.fabrikam, &Role::ALL));
        let second = house.subscription_of(&two.contoso, &two.customer, AZURE).await;
        let offered = transfer_create(&source, db, two.to_fabrikam(&[two.bought.id, second.id])).await.unwrap();
        let suspend =
            ChangeSubscription { status: Some(Status::Suspended), ..ChangeSubscription::of(customer, second.id) };
        subscription_change(&source, db, &Limits::NONE, suspend).await.unwrap();
        let refused = transfer_accept(&target, db, customer, offered.id).await;
        assert_eq!(reason(refused), Err(Reason::StatusChangeRefused));
        assert_eq!(subscription_get(&source, db, customer, two.bought.id).await.unwrap(), two.bought);
        assert_eq!(transfer_get(&target, db, customer, offered.id).await.unwrap(), offered, "still open");

        // A partner that buys at other prices cannot be rated along.
        let mut new = crate::house::new_partner("wingtip");
        new.currency = Currency::EUR;
        let foreign = tenantry_commerce::partner_sign_up(&house.ctx, db, tenantry_testkit::SUFFIX, new).await.unwrap();
        house.share(&two.customer, &foreign).await;
        transfer_withdraw(&source, db, customer, offered.id).await.unwrap();
        let to_foreign = NewTransfer { target: foreign.tenant, ..two.to_fabrikam(&[two.bought.id]) };
        let offered = transfer_create(&source, db, to_foreign).await.unwrap();
        let refused = transfer_accept(&house.by(&foreign, &Role::ALL), db, customer, offered.id).await;
        assert_eq!(reason(refused), Err(Reason::InvalidField));
        assert_eq!(subscription_get(&source, db, customer, two.bought.id).await.unwrap(), two.bought);
    });
}
