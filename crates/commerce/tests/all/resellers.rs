//! Indirect providers and their resellers: who signs up whom, who sells to whom at which prices, and who sees what of it.

use crate::house::{AZURE, House, in_a_house, new_customer, new_order, new_partner};
use tenantry_commerce::{
    AddPriceRule, Limits, NewPartner, Partner, PartnerKind, Standing, customer_create, customer_get,
    customer_of_partner, edge_add_price_rule, edge_of, edge_sold_to, events, order_get, order_list, order_place,
    order_place_of_partner, partner_get, partner_sign_up_as, reseller_list, subscription_get, subscription_list,
};
use tenantry_core::{Day, Factor, OpContext, Problem, Reason, Role};
use tenantry_rating::AppliesTo;
use tenantry_testkit::{SUFFIX, time};

/// An indirect provider with two resellers, corner and market, and a direct partner beside them.
pub(crate) struct Tiers {
    pub(crate) above: Partner,
    pub(crate) reseller: Partner,
    pub(crate) sibling: Partner,
    pub(crate) direct: Partner,
}

fn factor(text: &str) -> Factor {
    Factor::parse(text).unwrap()
}

async fn sign_up(house: &House, ctx: &OpContext, standing: Standing, new: NewPartner) -> Result<Partner, Problem> {
    partner_sign_up_as(ctx, &house.db, SUFFIX, standing, new, None).await.map(|(partner, _)| partner)
}

impl Tiers {
    pub(crate) async fn open(house: &House) -> Self {
        let above = sign_up(house, &house.by_provider(), Standing::IndirectProvider, new_partner("distro")).await;
        let above = above.unwrap();
        let own = house.by(&above, &[Role::AdminAgent]);
        let below = |text: &str| Standing::Reseller { indirect_provider: above.tenant, factor: factor(text) };
        let reseller = sign_up(house, &own, below("1.07"), new_partner("corner")).await.unwrap();
        house.tick();
        let sibling = sign_up(house, &house.by_provider(), below("1.13"), new_partner("market")).await.unwrap();
        Self { reseller, sibling, direct: house.partner("contoso").await, above }
    }

    fn rule(&self, buyer: &Partner, text: &str) -> AddPriceRule {
        AddPriceRule {
            buyer: buyer.tenant,
            factor: factor(text),
            applies_to: AppliesTo::Everything,
            from: time("2026-02-01"),
        }
    }
}

#[test]
fn each_link_is_an_edge_and_a_reseller_sees_one_price() {
    in_a_house(|house| async move {
        let tiers = Tiers::open(&house).await;
        assert_eq!(tiers.above.kind, PartnerKind::IndirectProvider);
        assert_eq!(tiers.reseller.kind, PartnerKind::Reseller { indirect_provider: tiers.above.tenant });
        let own = house.by(&tiers.reseller, &Role::ALL);
        let edge = edge_of(&own, &house.db, tiers.reseller.tenant).await.unwrap();
        assert_eq!((edge.seller, edge.buyer), (tiers.above.tenant, tiers.reseller.tenant));
        let factor = |first_party| edge.prices.factor(first_party, Day::parse("2026-01-10").unwrap()).to_string();
        assert_eq!(
            (factor(true), factor(false)),
            ("0.9095".to_owned(), "1.07".to_owned()),
            "0.85 x 1.07, and 1 x 1.07"
        );

        let above = house.by(&tiers.above, &[Role::AdminAgent]);
        let sold = edge_sold_to(&above, &house.db, tiers.reseller.tenant).await.unwrap();
        assert_eq!(sold.edge, edge);
        assert_eq!(sold.rules.rules().iter().map(|rule| rule.factor.to_string()).collect::<Vec<_>>(), ["1.07"]);
        let told = house.events::<events::EdgeChanged>(events::EDGE_CHANGED).await;
        let links: Vec<_> = told.iter().map(|edge| (edge.seller, edge.buyer)).collect();
        let (root, above) = (house.provider.tenant, tiers.above.tenant);
        let expected =
            [(root, above), (above, tiers.reseller.tenant), (above, tiers.sibling.tenant), (root, tiers.direct.tenant)];
        assert_eq!(links, expected);
    });
}

#[test]
fn an_order_for_a_resellers_customer_goes_through_the_whole_channel() {
    in_a_house(|house| async move {
        let tiers = Tiers::open(&house).await;
        let (own, above) =
            (house.by(&tiers.reseller, &[Role::AdminAgent]), house.by(&tiers.above, &[Role::SalesAgent]));
        let northwind = new_customer(&tiers.reseller, "Northwind");
        let northwind = customer_create(&own, &house.db, SUFFIX, &Limits::NONE, northwind).await.unwrap();
        // The indirect provider adds a customer for its reseller, too.
        let tailspin = new_customer(&tiers.reseller, "Tailspin");
        let tailspin = customer_create(&above, &house.db, SUFFIX, &Limits::NONE, tailspin).await.unwrap();
        assert_eq!((tailspin.partner, tailspin.indirect_provider), (tiers.reseller.tenant, Some(tiers.above.tenant)));

        let by_itself = new_order(&northwind, &[(AZURE, 1)]);
        let by_itself = order_place(&own, &house.db, &Limits::NONE, by_itself).await.unwrap();
        let for_it = new_order(&tailspin, &[(AZURE, 1)]);
        let (db, partner) = (&house.db, tiers.reseller.tenant);
        let for_it = order_place_of_partner(&above, db, &Limits::NONE, partner, for_it).await.unwrap();
        assert_eq!((by_itself.partner, for_it.partner), (partner, partner));

        let edge = |buyer: &Partner| edge_of(&house.ctx, db, buyer.tenant);
        let channel = [edge(&tiers.above).await.unwrap().id, edge(&tiers.reseller).await.unwrap().id];
        let told = house.events::<events::SubscriptionChanged>(events::SUBSCRIPTION_CHANGED).await;
        assert_eq!(told.len(), 2);
        for event in told {
            assert_eq!((event.partner, &event.edges[..]), (partner, &channel[..]));
            for ctx in [&own, &above] {
                let seen = subscription_get(ctx, db, event.customer, event.subscription).await.unwrap();
                assert_eq!((seen.partner, seen.indirect_provider), (partner, Some(tiers.above.tenant)));
            }
        }
        assert_eq!(order_get(&above, db, northwind.id, by_itself.id).await.unwrap(), by_itself);

        // Beside and outside there is nothing.
        for stranger in [&tiers.sibling, &tiers.direct] {
            let ctx = house.by(stranger, &Role::ALL);
            let hidden = [
                customer_get(&ctx, db, northwind.id).await.err(),
                order_list(&ctx, db, northwind.id).await.err(),
                subscription_list(&ctx, db, northwind.id, None).await.err(),
                order_place(&ctx, db, &Limits::NONE, new_order(&northwind, &[(AZURE, 1)])).await.err(),
                order_place_of_partner(&ctx, db, &Limits::NONE, partner, new_order(&northwind, &[(AZURE, 1)]))
                    .await
                    .err(),
                customer_of_partner(&ctx, db, partner, northwind.id).await.err(),
            ];
            assert!(hidden.iter().all(|seen| seen.as_ref().is_some_and(|p| p.reason() == Reason::CustomerNotFound)));
        }
        let not_its = order_place_of_partner(&own, db, &Limits::NONE, tiers.above.tenant, new_order(&northwind, &[]));
        assert_eq!(not_its.await.unwrap_err().reason(), Reason::CustomerNotFound);
    });
}

#[test]
fn prices_are_set_from_above_and_by_nobody_else() {
    in_a_house(|house| async move {
        let tiers = Tiers::open(&house).await;
        let (db, reseller) = (&house.db, &tiers.reseller);
        let add = async |ctx: &OpContext| {
            let outcome = edge_add_price_rule(ctx, db, tiers.rule(reseller, "1.11")).await;
            outcome.map(|sold| sold.rules.rules().len()).map_err(|problem| problem.reason())
        };
        for (ctx, expected) in [
            (house.by(&tiers.sibling, &Role::ALL), Err(Reason::TenantNotFound)),
            (house.by(&tiers.direct, &Role::ALL), Err(Reason::TenantNotFound)),
            (house.by(reseller, &Role::ALL), Err(Reason::Forbidden)),
            (house.by(&tiers.above, &[Role::SalesAgent]), Err(Reason::Forbidden)),
            (house.by(&tiers.above, &[Role::AdminAgent]), Ok(2)),
            (house.by_provider(), Ok(3)),
        ] {
            assert_eq!(add(&ctx).await, expected, "{:?}", ctx.caller);
        }
        // Who buys sees what it pays, and not by which rules of its seller.
        let own = house.by(reseller, &Role::ALL);
        let refused = edge_sold_to(&own, db, reseller.tenant).await.unwrap_err();
        assert_eq!(refused.reason(), Reason::Forbidden);
        let prices = edge_of(&own, db, reseller.tenant).await.unwrap().prices;
        let on = |day: &str| prices.factor(true, Day::parse(day).unwrap()).to_string();
        assert_eq!((on("2026-01-31"), on("2026-02-01")), ("0.9095".to_owned(), "0.9435".to_owned()));
        assert!(prices.rules().iter().all(|rule| rule.factor.to_string() != "0.85"), "{prices:?}");
        // What stands above is not there, and not the indirect provider's to change.
        assert_eq!(edge_of(&own, db, tiers.above.tenant).await.unwrap_err().reason(), Reason::TenantNotFound);
        let above = house.by(&tiers.above, &Role::ALL);
        let refused = edge_add_price_rule(&above, db, tiers.rule(&tiers.above, "0.5")).await.unwrap_err();
        assert_eq!(refused.reason(), Reason::Forbidden);
    });
}

/// Rating would stop at such a channel, with all usage behind it.
#[test]
fn factors_that_cannot_be_multiplied_exactly_are_refused_on_both_ends() {
    in_a_house(|house| async move {
        let tiers = Tiers::open(&house).await;
        let refused = async |buyer: &Partner, text: &str| {
            let outcome = edge_add_price_rule(&house.by_provider(), &house.db, tiers.rule(buyer, text)).await;
            outcome.err().map(|problem| (problem.reason(), problem.field().map(str::to_owned)))
        };
        let inexact = Some((Reason::InvalidField, Some("factor".to_owned())));
        assert_eq!(refused(&tiers.reseller, "1.0000001").await, inexact);
        assert_eq!(refused(&tiers.above, "0.1234567").await, inexact);
        assert_eq!(refused(&tiers.above, "4.9").await, inexact, "times 1.07 it is beyond the bound");
        assert_eq!(refused(&tiers.direct, "0.1234567").await, None, "nobody multiplies it");
        assert_eq!(refused(&tiers.reseller, "1.000001").await, None);

        let standing = Standing::Reseller { indirect_provider: tiers.above.tenant, factor: factor("1.0000001") };
        let refused = sign_up(&house, &house.by_provider(), standing, new_partner("third")).await.unwrap_err();
        assert_eq!((refused.reason(), refused.field()), (Reason::InvalidField, Some("factor")));
    });
}

#[test]
fn resellers_are_signed_up_below_an_indirect_provider_only() {
    in_a_house(|house| async move {
        let tiers = Tiers::open(&house).await;
        let below =
            |partner: &Partner| Standing::Reseller { indirect_provider: partner.tenant, factor: factor("1.07") };
        let provider = house.by_provider();
        let same: fn(&mut NewPartner) = |_| ();
        for (ctx, standing, change, reason) in [
            (house.by(&tiers.above, &Role::ALL), Standing::IndirectProvider, same, Reason::Forbidden),
            (house.by(&tiers.above, &[Role::SalesAgent]), below(&tiers.above), same, Reason::Forbidden),
            (house.by(&tiers.sibling, &Role::ALL), below(&tiers.above), same, Reason::TenantNotFound),
            (house.by(&tiers.reseller, &Role::ALL), below(&tiers.reseller), same, Reason::InvalidField),
            (house.by(&tiers.direct, &Role::ALL), below(&tiers.direct), same, Reason::InvalidField),
            (provider.clone(), below(&tiers.direct), same, Reason::InvalidField),
            (provider.clone(), below(&tiers.above), |new| new.markets.push("FR".into()), Reason::CountryUnsupported),
        ] {
            let mut new = new_partner("third");
            change(&mut new);
            let refused = sign_up(&house, &ctx, standing, new).await.unwrap_err();
            assert_eq!(refused.reason(), reason, "{standing:?} by {:?}: {refused:?}", ctx.caller);
        }
        let names = async |ctx: &OpContext| {
            let found = reseller_list(ctx, &house.db, tiers.above.tenant).await;
            found.map(|all| all.into_iter().map(|one| one.tenant).collect::<Vec<_>>()).map_err(|p| p.reason())
        };
        let both = Ok(vec![tiers.reseller.tenant, tiers.sibling.tenant]);
        assert_eq!(names(&house.by(&tiers.above, &[Role::AdminAgent])).await, both);
        assert_eq!(names(&provider).await, both);
        assert_eq!(names(&house.by(&tiers.reseller, &Role::ALL)).await, Err(Reason::TenantNotFound));
        let above = house.by(&tiers.above, &[Role::HelpdeskAgent]);
        assert_eq!(partner_get(&above, &house.db, tiers.reseller.tenant).await.unwrap(), tiers.reseller);
        let own = house.by(&tiers.reseller, &Role::ALL);
        for other in [&tiers.above, &tiers.sibling] {
            let hidden = partner_get(&own, &house.db, other.tenant).await.unwrap_err();
            assert_eq!(hidden.reason(), Reason::TenantNotFound);
        }
    });
}

/// A tenant may be the customer of an indirect provider and of its resellers; what is not said goes to its own.
#[test]
fn an_indirect_provider_that_names_no_reseller_sells_itself() {
    in_a_house(|house| async move {
        let tiers = Tiers::open(&house).await;
        let db = &house.db;
        let shared = house.customer(&tiers.reseller, "Northwind").await;
        let above = house.by(&tiers.above, &[Role::AdminAgent]);
        let order = || new_order(&shared, &[(AZURE, 1)]);
        // It is one reseller's customer: there is no doubt.
        assert_eq!(order_place(&above, db, &Limits::NONE, order()).await.unwrap().partner, tiers.reseller.tenant);
        house.tick();
        house.share(&shared, &tiers.sibling).await;
        let doubt = order_place(&above, db, &Limits::NONE, order()).await.unwrap_err();
        assert_eq!((doubt.reason(), doubt.field()), (Reason::InvalidField, Some("customer")));
        house.tick();
        house.share(&shared, &tiers.above).await;
        // Another request: the same one again would get the order it made.
        let above = house.by_again(&above);
        assert_eq!(order_place(&above, db, &Limits::NONE, order()).await.unwrap().partner, tiers.above.tenant);
        assert_eq!(customer_get(&above, db, shared.id).await.unwrap().partner, tiers.above.tenant);
        let named = order_place_of_partner(&above, db, &Limits::NONE, tiers.sibling.tenant, order()).await.unwrap();
        assert_eq!(named.partner, tiers.sibling.tenant);
        let sellers = |list: Vec<tenantry_commerce::Order>| list.into_iter().map(|o| o.partner).collect::<Vec<_>>();
        let own = house.by(&tiers.reseller, &Role::ALL);
        assert_eq!(sellers(order_list(&own, db, shared.id).await.unwrap()), [tiers.reseller.tenant]);
        assert_eq!(order_list(&above, db, shared.id).await.unwrap().len(), 3);
    });
}
