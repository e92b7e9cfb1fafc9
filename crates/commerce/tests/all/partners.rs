//! Signing up partners, and what each tier sees of them.

use crate::house::{in_a_house, new_partner};
use tenantry_commerce::{CustomerQuery, NewPartner, customer_list, edge_of, events, partner_get, partner_sign_up};
use tenantry_core::{Reason, Role, TenantId};
use tenantry_rating::AppliesTo;
use tenantry_testkit::{SUFFIX, time};
use uuid::Uuid;

#[test]
fn a_new_partner_buys_fifteen_percent_below_list() {
    in_a_house(|house| async move {
        let partner = house.partner("contoso").await;
        let ctx = house.by(&partner, &[Role::AdminAgent]);
        assert_eq!(partner_get(&ctx, &house.db, partner.tenant).await.unwrap(), partner);
        let edge = edge_of(&ctx, &house.db, partner.tenant).await.unwrap();
        assert_eq!((edge.seller, edge.buyer), (house.provider.tenant, partner.tenant));
        let day = time("2016-01-01").day();
        assert_eq!(edge.prices.factor(true, day).to_string(), "0.85");
        assert_eq!(edge.prices.factor(false, day).to_string(), "1");
        assert_eq!(edge.prices.rules()[0].applies_to, AppliesTo::FirstParty);
        let events: Vec<events::EdgeChanged> = house.events(events::EDGE_CHANGED).await;
        let told = events::EdgeChanged {
            edge: edge.id,
            seller: edge.seller,
            buyer: edge.buyer,
            market: edge.market,
            currency: edge.currency,
            prices: edge.prices,
        };
        assert_eq!(events, [told]);
    });
}

#[test]
fn one_partner_does_not_see_another() {
    in_a_house(|house| async move {
        let (contoso, fabrikam) = (house.partner("contoso").await, house.partner("fabrikam").await);
        let ctx = house.by(&contoso, &Role::ALL);
        let hidden = partner_get(&ctx, &house.db, fabrikam.tenant).await.unwrap_err();
        assert_eq!(hidden.reason(), Reason::TenantNotFound);
        assert_eq!(edge_of(&ctx, &house.db, fabrikam.tenant).await.unwrap_err().reason(), Reason::TenantNotFound);
        assert!(edge_of(&house.ctx, &house.db, fabrikam.tenant).await.is_ok());
    });
}

/// Nothing tells it apart from a mistyped id, if the message does not.
#[test]
fn a_provider_that_asks_for_itself_learns_that_it_is_no_partner() {
    in_a_house(|house| async move {
        let partner = house.partner("contoso").await;
        let own = "is the provider's own tenant";
        for (ctx, asked, expected) in [
            (house.by_provider(), house.provider.tenant, own),
            (house.by_provider(), TenantId::new(Uuid::nil()), "check the tenant id"),
            (house.by(&partner, &Role::ALL), house.provider.tenant, "check the tenant id"),
        ] {
            let list = customer_list(&ctx, &house.db, CustomerQuery::all(asked)).await;
            for refused in [
                partner_get(&ctx, &house.db, asked).await.unwrap_err(),
                edge_of(&ctx, &house.db, asked).await.unwrap_err(),
                list.unwrap_err(),
            ] {
                assert_eq!(refused.reason(), Reason::TenantNotFound);
                assert!(refused.message().contains(expected), "{refused:?}");
            }
        }
        assert_eq!(partner_get(&house.by_provider(), &house.db, partner.tenant).await.unwrap(), partner);
    });
}

#[test]
fn sign_ups_are_checked_and_leave_no_trace() {
    in_a_house(|house| async move {
        let contoso = house.partner("contoso").await;
        let check = async |change: fn(&mut NewPartner), reason: Reason, field: &str| {
            let mut new = new_partner("fabrikam");
            change(&mut new);
            let refused = partner_sign_up(&house.ctx, &house.db, SUFFIX, new).await.unwrap_err();
            assert_eq!((refused.reason(), refused.field()), (reason, Some(field)));
        };
        check(|new| new.domain = "contoso.example.test".into(), Reason::DomainTaken, "domain").await;
        check(|new| new.domain = "fabrikam".into(), Reason::InvalidField, "domain").await;
        check(|new| new.mpn_id = "x1".into(), Reason::InvalidField, "mpnId").await;
        check(|new| new.markets.clear(), Reason::MissingField, "markets").await;
        check(|new| new.markets.push("USA".into()), Reason::InvalidField, "markets").await;
        check(|new| new.address.country = "KP".into(), Reason::CountryUnsupported, "address.country").await;
        check(|new| new.email.clear(), Reason::MissingField, "email").await;
        let by_partner = house.by(&contoso, &Role::ALL);
        let refused = partner_sign_up(&by_partner, &house.db, SUFFIX, new_partner("fabrikam")).await.unwrap_err();
        assert_eq!(refused.reason(), Reason::Forbidden);
        house.partner("fabrikam").await;
    });
}
