//! The price rules of a channel edge and their history.

use crate::house::in_a_house;
use tenantry_commerce::{AddPriceRule, EdgeRef, edge_add_price_rule, edge_between, edge_of, edge_sold_to, events};
use tenantry_core::{Day, Factor, Reason, Role};
use tenantry_rating::AppliesTo;
use tenantry_testkit::time;

#[test]
fn a_rule_begins_on_its_day_and_the_old_one_stays_in_the_history() {
    in_a_house(|house| async move {
        let partner = house.partner("contoso").await;
        let rule = |from: &str| AddPriceRule {
            buyer: partner.tenant,
            factor: Factor::parse("0.8").unwrap(),
            applies_to: AppliesTo::FirstParty,
            from: time(from),
        };
        let edge = edge_add_price_rule(&house.ctx, &house.db, rule("2026-02-01")).await.unwrap();
        assert_eq!(edge_sold_to(&house.ctx, &house.db, partner.tenant).await.unwrap(), edge);
        assert_eq!(edge_of(&house.ctx, &house.db, partner.tenant).await.unwrap(), edge.edge);
        let factor = |day: &str| edge.edge.prices.factor(true, Day::parse(day).unwrap()).to_string();
        assert_eq!((factor("2026-01-31"), factor("2026-02-01")), ("0.85".into(), "0.8".into()));
        assert_eq!(house.events::<events::EdgeChanged>(events::EDGE_CHANGED).await.len(), 2);

        let past = edge_add_price_rule(&house.ctx, &house.db, rule("2025-12-01")).await.unwrap_err();
        assert_eq!((past.reason(), past.field()), (Reason::InvalidField, Some("from")));
        let by_partner = house.by(&partner, &Role::ALL);
        let refused = edge_add_price_rule(&by_partner, &house.db, rule("2026-03-01")).await.unwrap_err();
        assert_eq!(refused.reason(), Reason::Forbidden);
    });
}

/// What is told last is what rating follows, so it must hold both.
#[test]
fn of_two_rules_at_once_the_second_is_told_with_the_first() {
    in_a_house(|house| async move {
        let partner = house.partner("contoso").await;
        let add = |factor| {
            let rule = AddPriceRule {
                buyer: partner.tenant,
                factor: Factor::parse(factor).unwrap(),
                applies_to: AppliesTo::FirstParty,
                from: time("2026-02-01"),
            };
            edge_add_price_rule(&house.ctx, &house.db, rule)
        };
        let (one, other) = tokio::join!(add("0.8"), add("0.7"));
        let mut seen = [one.unwrap(), other.unwrap()].map(|sold| sold.rules.rules().len());
        seen.sort_unstable();
        assert_eq!(seen, [2, 3]);
        let told = house.events::<events::EdgeChanged>(events::EDGE_CHANGED).await;
        assert_eq!(told.iter().map(|event| event.prices.rules().len()).collect::<Vec<_>>(), [1, 2, 3]);
        let kept = edge_sold_to(&house.ctx, &house.db, partner.tenant).await.unwrap();
        assert_eq!((told[2].edge, &told[2].prices), (kept.edge.id, &kept.rules));
    });
}

/// Else whoever named itself as the seller of a stranger could ask on about that stranger's account.
#[test]
fn an_edge_is_between_those_two_who_are_on_it() {
    in_a_house(|house| async move {
        let (contoso, fabrikam) = (house.partner("contoso").await, house.partner("fabrikam").await);
        let provider = house.provider.tenant;
        let [by_contoso, by_fabrikam] = [&contoso, &fabrikam].map(|partner| house.by(partner, &Role::ALL));
        let own = EdgeRef { seller: provider, buyer: contoso.tenant, to_customer: false };
        for ctx in [&house.ctx, &by_contoso] {
            assert_eq!(edge_between(ctx, &house.db, provider, contoso.tenant).await.unwrap(), own);
        }
        for (ctx, seller) in
            [(&house.ctx, fabrikam.tenant), (&by_fabrikam, fabrikam.tenant), (&by_contoso, contoso.tenant)]
        {
            let refused = edge_between(ctx, &house.db, seller, contoso.tenant).await.unwrap_err();
            assert_eq!(refused.reason(), Reason::TenantNotFound, "{refused:?}");
        }
    });
}
