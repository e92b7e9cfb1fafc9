//! One tenant, two partners: how the second comes, what each sees, and that neither sees the other.

use crate::house::{AZURE, House, PREMIUM, in_a_house, new_order};
use crate::people::{at_home, delegated, user};
use tenantry_commerce::{Bought, CustomerQuery, TenantSubscription};
use tenantry_commerce::{
    BringSubscription, Customer, Limits, Partner, customer_get, customer_list, customer_of_partner, order_list,
    order_place, relationship_request_accept, relationship_request_create, relationship_request_find,
    subscription_bring, subscription_get, subscription_list, tenant_subscriptions,
};
use tenantry_core::{DirectoryRole, OpContext, Problem, Reason, Role, TenantKind};
use tenantry_directory::{User, contracts_with};
use uuid::Uuid;

/// A tenant that was contoso's customer first and is fabrikam's too, and its administrator.
struct Shared {
    contoso: Partner,
    fabrikam: Partner,
    first: Customer,
    second: Customer,
    admin: User,
}

const ADMIN: &str = "clerk@northwind.example.test";

impl Shared {
    async fn open(house: &House, delegated_admin: bool) -> Self {
        let (contoso, fabrikam) = (house.partner("contoso").await, house.partner("fabrikam").await);
        house.customer(&fabrikam, "Tailspin").await;
        let first = house.customer(&contoso, "Northwind").await;
        let admin = user(house, ADMIN, &[DirectoryRole::GlobalAdmin]).await;
        house.tick();
        let sales = house.by(&fabrikam, &[Role::SalesAgent]);
        let request = relationship_request_create(&sales, &house.db, fabrikam.tenant).await.unwrap().id;
        let ctx = at_home(house, &admin, TenantKind::Customer, &[DirectoryRole::GlobalAdmin]);
        let second = relationship_request_accept(&ctx, &house.db, &Limits::NONE, first.id, request, delegated_admin);
        let second = second.await.unwrap();
        Self { contoso, fabrikam, first, second, admin }
    }

    fn contoso(&self, house: &House) -> OpContext {
        house.by(&self.contoso, &[Role::AdminAgent])
    }

    fn fabrikam(&self, house: &House) -> OpContext {
        house.by(&self.fabrikam, &[Role::AdminAgent])
    }

    fn admin(&self, house: &House) -> OpContext {
        at_home(house, &self.admin, TenantKind::Customer, &[DirectoryRole::GlobalAdmin])
    }
}

async fn buy(ctx: &OpContext, house: &House, customer: &Customer, offer: &str) -> Result<i64, Problem> {
    order_place(ctx, &house.db, &Limits::NONE, new_order(customer, &[(offer, 1)])).await.map(|order| order.number)
}

#[test]
fn the_customers_administrator_brings_a_second_partner() {
    in_a_house(|house| async move {
        let shared = Shared::open(&house, true).await;
        let db = &house.db;
        assert_eq!((shared.second.id, shared.second.partner), (shared.first.id, shared.fabrikam.tenant));
        assert_eq!((shared.first.number, shared.second.number), (1, 2), "each partner counts its own customers");
        assert_eq!(shared.second.company_name, "Northwind");
        assert_eq!(shared.second.country(), "US");
        let list =
            customer_list(&shared.fabrikam(&house), db, CustomerQuery::all(shared.fabrikam.tenant)).await.unwrap();
        assert_eq!(list.items.last(), Some(&shared.second));
        for (ctx, own) in [
            (shared.contoso(&house), &shared.first),
            (shared.fabrikam(&house), &shared.second),
            (house.by_provider(), &shared.first),
        ] {
            assert_eq!(customer_get(&ctx, db, shared.first.id).await.as_ref().unwrap(), own);
        }
        for own in [&shared.first, &shared.second] {
            assert_eq!(customer_of_partner(&house.ctx, db, own.partner, own.id).await.as_ref().unwrap(), own);
        }
        let refused = customer_of_partner(&shared.contoso(&house), db, shared.fabrikam.tenant, shared.first.id).await;
        assert_eq!(refused.unwrap_err().reason(), Reason::CustomerNotFound);
        let contracts = contracts_with(&house.ctx, db, shared.first.id).await.unwrap();
        assert!(contracts.len() == 2 && contracts.iter().all(|contract| contract.delegated_admin));
    });
}

#[test]
fn a_customer_may_buy_and_keep_its_tenant_to_itself() {
    in_a_house(|house| async move {
        let shared = Shared::open(&house, false).await;
        let mut said: Vec<_> = contracts_with(&house.ctx, &house.db, shared.first.id)
            .await
            .unwrap()
            .into_iter()
            .map(|contract| (contract.partner == shared.fabrikam.tenant, contract.delegated_admin))
            .collect();
        said.sort_unstable();
        assert_eq!(said, [(false, true), (true, false)]);
        assert!(buy(&shared.fabrikam(&house), &house, &shared.second, PREMIUM).await.is_ok());
    });
}

#[test]
fn neither_partner_sees_what_the_other_sold() {
    in_a_house(|house| async move {
        let shared = Shared::open(&house, true).await;
        let (db, id) = (&house.db, shared.first.id);
        let (contoso, fabrikam) = (shared.contoso(&house), shared.fabrikam(&house));
        // Numbers tell nothing of the other either.
        for (ctx, customer, expected) in [(&contoso, &shared.first, [1, 2]), (&fabrikam, &shared.second, [1, 2])] {
            let numbers = [
                buy(&house.by_again(ctx), &house, customer, AZURE).await.unwrap(),
                buy(&house.by_again(ctx), &house, customer, PREMIUM).await.unwrap(),
            ];
            assert_eq!(numbers, expected);
        }
        let all = subscription_list(&house.ctx, db, id, None).await.unwrap();
        assert_eq!(all.len(), 4, "the provider sees both");
        for (ctx, own) in [(&contoso, &shared.contoso), (&fabrikam, &shared.fabrikam)] {
            let listed = subscription_list(ctx, db, id, None).await.unwrap();
            assert_eq!(
                listed.iter().map(|s| (s.partner, s.number)).collect::<Vec<_>>(),
                [(own.tenant, 1), (own.tenant, 2)]
            );
            assert!(order_list(ctx, db, id).await.unwrap().iter().all(|order| order.partner == own.tenant));
            for subscription in &all {
                let found = subscription_get(ctx, db, id, subscription.id).await.map_err(|problem| problem.reason());
                let expected = if subscription.partner == own.tenant {
                    Ok(subscription.id)
                } else {
                    Err(Reason::SubscriptionNotFound)
                };
                assert_eq!(found.map(|found| found.id), expected);
            }
            let seen = tenant_subscriptions(ctx, db, id).await.unwrap();
            assert_eq!(seen.len(), 2);
            assert!(seen.iter().all(|s| s.bought == Bought::FromPartner(Some(own.tenant)) && s.manageable), "{seen:?}");
        }
        // A partner's person in the customer's tenant is still the partner's person.
        let agent = user(&house, "ag@fabrikam.example.test", &[]).await;
        let inside = delegated(&house, &agent, id);
        assert!(order_list(&inside, db, id).await.is_err());
        assert!(
            tenant_subscriptions(&inside, db, id)
                .await
                .unwrap()
                .iter()
                .all(|s| s.bought == Bought::FromPartner(Some(shared.fabrikam.tenant)))
        );
        // What is sold for a customer of two is sold by one of them; nobody guesses which.
        let guess = buy(&house.by_provider(), &house, &shared.first, PREMIUM).await.unwrap_err();
        assert_eq!((guess.reason(), guess.field()), (Reason::InvalidField, Some("customer")));
    });
}

#[test]
fn the_tenant_sees_all_that_lives_in_it_and_partners_what_was_brought() {
    in_a_house(|house| async move {
        let shared = Shared::open(&house, true).await;
        let (db, id) = (&house.db, shared.first.id);
        buy(&shared.contoso(&house), &house, &shared.first, AZURE).await.unwrap();
        house.tick();
        buy(&shared.fabrikam(&house), &house, &shared.second, PREMIUM).await.unwrap();
        house.tick();
        let bring = || BringSubscription {
            tenant: id,
            id: None,
            friendly_name: "Enrolment".into(),
            bought_by: "Enterprise Agreement".into(),
        };
        let refused = subscription_bring(&shared.contoso(&house), db, bring()).await.unwrap_err();
        assert_eq!(refused.reason(), Reason::Forbidden);
        let brought = subscription_bring(&house.by_provider(), db, bring()).await.unwrap();
        let again = BringSubscription { id: Some(brought.id), friendly_name: "Renamed".into(), ..bring() };
        assert_eq!(subscription_bring(&house.by_provider(), db, again).await.unwrap().id, brought.id);

        let shown = |seen: Vec<TenantSubscription>| -> Vec<String> {
            let seller = |bought: &Bought| match bought {
                Bought::FromPartner(Some(partner)) if *partner == shared.contoso.tenant => "contoso".to_owned(),
                Bought::FromPartner(Some(_)) => "fabrikam".to_owned(),
                Bought::FromPartner(None) => "a partner".to_owned(),
                Bought::Elsewhere(by) => by.clone(),
            };
            let line = |s: &TenantSubscription| {
                assert!(!s.why.is_empty());
                format!("{} of {}{}", s.friendly_name, seller(&s.bought), if s.manageable { ", managed" } else { "" })
            };
            seen.iter().map(line).collect()
        };
        let (azure, seats, renamed) = (
            "Microsoft Azure of contoso",
            "Office 365 Business Premium of fabrikam",
            "Renamed of Enterprise Agreement",
        );
        let stranger = house.partner("stranger").await;
        let plain = user(&house, "operator@northwind.example.test", &[]).await;
        for (who, ctx, expected) in [
            ("the administrator", shared.admin(&house), vec![azure.to_owned(), seats.to_owned(), renamed.to_owned()]),
            ("somebody", at_home(&house, &plain, TenantKind::Customer, &[]), vec![]),
            ("contoso", shared.contoso(&house), vec![format!("{azure}, managed"), renamed.to_owned()]),
            ("fabrikam", shared.fabrikam(&house), vec![format!("{seats}, managed"), renamed.to_owned()]),
            ("a stranger", house.by(&stranger, &[Role::AdminAgent]), vec![]),
            (
                "the provider",
                house.by_provider(),
                vec![format!("{azure}, managed"), format!("{seats}, managed"), format!("{renamed}, managed")],
            ),
        ] {
            assert_eq!(shown(tenant_subscriptions(&ctx, db, id).await.unwrap()), expected, "{who}");
        }
    });
}

#[test]
fn an_invitation_is_one_and_is_accepted_by_who_may() {
    in_a_house(|house| async move {
        let shared = Shared::open(&house, true).await;
        let (db, id) = (&house.db, shared.first.id);
        let again = relationship_request_create(&shared.fabrikam(&house), db, shared.fabrikam.tenant).await.unwrap();
        let once_more =
            relationship_request_create(&shared.fabrikam(&house), db, shared.fabrikam.tenant).await.unwrap();
        assert_eq!(again, once_more, "there is one invitation");
        let shown = relationship_request_find(&shared.admin(&house), db, id, again.id).await.unwrap();
        assert_eq!(shown.company_name, shared.fabrikam.company_name);

        let third = house.partner("third").await;
        let abroad = house.partner_in("abroad", &["DE"]).await;
        let request = async |partner: &Partner| {
            let by = house.by(partner, &[Role::AdminAgent]);
            relationship_request_create(&by, db, partner.tenant).await.unwrap().id
        };
        let (open, foreign) = (request(&third).await, request(&abroad).await);
        let helpdesk = house.by(&third, &[Role::HelpdeskAgent]);
        assert_eq!(
            relationship_request_create(&helpdesk, db, third.tenant).await.unwrap_err().reason(),
            Reason::Forbidden
        );
        let agent = user(&house, "ag@contoso.example.test", &[]).await;
        let plain = user(&house, "operator@northwind.example.test", &[]).await;
        let other = user(&house, "guest@tailspin.example.test", &[DirectoryRole::GlobalAdmin]).await;
        for (ctx, request, reason) in [
            (shared.admin(&house), again.id, Reason::AlreadyExists),
            (shared.admin(&house), Uuid::from_u128(1), Reason::RelationshipNotFound),
            (shared.admin(&house), foreign, Reason::CountryUnsupported),
            (at_home(&house, &plain, TenantKind::Customer, &[]), open, Reason::Forbidden),
            (delegated(&house, &agent, id), open, Reason::Forbidden),
            (shared.contoso(&house), open, Reason::TenantNotFound),
            (
                at_home(&house, &other, TenantKind::Customer, &[DirectoryRole::GlobalAdmin]),
                open,
                Reason::TenantNotFound,
            ),
        ] {
            let outcome = relationship_request_accept(&ctx, db, &Limits::NONE, id, request, true).await;
            assert_eq!(outcome.unwrap_err().reason(), reason);
        }
        let full = Limits { customers_max: Some(0), ..Limits::NONE };
        let outcome = relationship_request_accept(&shared.admin(&house), db, &full, id, open, true).await;
        assert_eq!(outcome.unwrap_err().reason(), Reason::SandboxLimit);
        let seller = relationship_request_accept(&house.ctx, db, &Limits::NONE, third.tenant, again.id, true).await;
        assert_eq!(seller.unwrap_err().reason(), Reason::InvalidField);
        assert!(relationship_request_accept(&shared.admin(&house), db, &Limits::NONE, id, open, true).await.is_ok());
    });
}
