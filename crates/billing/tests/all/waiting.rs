//! What a close billed and no document shows is there to be seen, by those who may see its document, until it is issued.

use crate::books::month;
use crate::tier_scene::{CORNER, FROM_CORNER, Seller, Tiers, sign_up_in};
use std::collections::BTreeMap;
use tenantry_billing::check::check;
use tenantry_billing::{MissingRate, WaitingDocument, WaitsFor, waiting_documents, waiting_on};
use tenantry_commerce::{AddCustomerPriceRule, NewFxRate, Standing, customer_price_rule_add, edge_of, fx_import};
use tenantry_core::{Amount, Currency, Day, Factor, OpContext, Rate, Reason, Role, TenantId};
use tenantry_rating::AppliesTo;
use tenantry_testkit::{HOURS, events, on_every_engine};

/// How many documents somebody is told of, and which rates.
async fn told(tiers: &Tiers, ctx: &OpContext) -> (usize, Vec<MissingRate>) {
    let world = tiers.channel.world();
    let waiting = waiting_documents(ctx, world.db(), world.metering()).await.unwrap();
    (waiting.documents.len(), waiting.rates.into_iter().collect())
}

async fn waiting_of(tiers: &Tiers, ctx: &OpContext, buyer: &Seller) -> Vec<WaitingDocument> {
    let world = tiers.channel.world();
    let edge = edge_of(ctx, world.db(), buyer.partner.tenant).await.unwrap();
    waiting_on(ctx, world.db(), world.metering(), &edge).await.unwrap()
}

/// Two of a currency for a dollar in January.
fn rate(to: Currency) -> NewFxRate {
    NewFxRate {
        month: month("2026-01"),
        from: Currency::USD,
        to,
        rate: Rate::parse("2").unwrap(),
        source: "a bank of the test".to_owned(),
        dated: Day::parse("2026-01-30").unwrap(),
    }
}

fn priced_in(currency: Currency, customer: TenantId) -> AddCustomerPriceRule {
    AddCustomerPriceRule {
        seller: None,
        customer,
        factor: Factor::parse(FROM_CORNER[0]).unwrap(),
        applies_to: AppliesTo::Everything,
        from: None,
        currency: Some(currency),
    }
}

#[test]
fn what_waits_is_shown_to_those_whose_it_is_until_it_is_issued() {
    on_every_engine(|bench| async move {
        let tiers = Tiers::open(&bench).await;
        let channel = &tiers.channel;
        let (world, provider) = (channel.world(), channel.provider_ctx());
        let factor = Factor::parse(CORNER[0]).unwrap();
        let standing = Standing::Reseller { indirect_provider: tiers.above.partner.tenant, factor };
        let cafe = sign_up_in(channel, "cafe", standing, Currency::EUR).await;
        let customer = tiers.customer(&cafe, "Osaka").await;
        let yen = Currency::parse("JPY").unwrap();
        customer_price_rule_add(&cafe.ctx, world.db(), priced_in(yen, customer.id)).await.unwrap();
        let used = tiers.order(&cafe, customer.id).await;
        channel.accept(events(&used, HOURS, &[("2026-01-01", "10")])).await;
        assert_eq!(told(&tiers, &provider).await, (0, vec![]), "nothing is closed");
        channel.advance_to("2026-02-10").await;

        let of = |to| MissingRate { month: month("2026-01"), from: Currency::USD, to };
        let (euros, yens) = (of(Currency::EUR), of(yen));
        let buyer = tiers.buyer(customer.clone());
        for (who, ctx, expected) in [
            // That its reseller's customer waits is between these two. The rate is the provider's to import.
            ("the provider", &provider, (1, vec![euros, yens])),
            ("the indirect provider", &tiers.above.ctx, (1, vec![euros])),
            ("the reseller", &cafe.ctx, (2, vec![euros, yens])),
            ("its customer", &buyer.ctx, (1, vec![yens])),
            ("a reseller beside it", &tiers.market.ctx, (0, vec![])),
        ] {
            assert_eq!(told(&tiers, ctx).await, expected, "{who}");
        }
        let helpdesk = channel.partner_ctx_with(&[Role::HelpdeskAgent]);
        let refused = waiting_documents(&helpdesk, world.db(), world.metering()).await.unwrap_err();
        assert_eq!(refused.reason(), Reason::Forbidden);

        // 10 hours at 0.1, times 0.831 and 1.073.
        let waiting = waiting_of(&tiers, &cafe.ctx, &cafe).await;
        let expected = WaitingDocument {
            edge: waiting[0].edge,
            seller: tiers.above.partner.tenant,
            buyer: cafe.partner.tenant,
            month: month("2026-01"),
            close: 1,
            waits_for: WaitsFor::ExchangeRate { month: month("2026-01"), from: Currency::USD, to: Currency::EUR },
            exact: BTreeMap::from([(Currency::USD, Amount::parse("0.891663").unwrap())]),
        };
        assert_eq!(waiting, [expected]);
        let edge = edge_of(&cafe.ctx, world.db(), cafe.partner.tenant).await.unwrap();
        let stranger = waiting_on(&tiers.market.ctx, world.db(), world.metering(), &edge).await.unwrap_err();
        assert_eq!(stranger.reason(), Reason::TenantNotFound);

        let of_the_shop = format!(
            "what the close of 2026-01 billed to {} waits for the exchange rate of 2026-01 from USD to EUR",
            cafe.partner.tenant
        );
        let checked = check(world.db(), world.metering(), true).await.unwrap();
        assert!(checked.wrong.is_empty() && checked.waiting.contains(&of_the_shop), "{checked:?}");
        fx_import(&provider, world.db(), vec![rate(Currency::EUR), rate(yen)]).await.unwrap();
        world.metering().follow(&provider).await.unwrap();
        let waiting = waiting_of(&tiers, &provider, &cafe).await;
        assert_eq!(waiting[0].waits_for, WaitsFor::NextTry);
        let checked = check(world.db(), world.metering(), true).await.unwrap();
        assert_eq!((checked.wrong.len(), checked.waiting.len()), (2, 0), "now nothing keeps them from being issued");
        channel.advance_to("2026-02-12").await;
        for ctx in [&provider, &cafe.ctx, &buyer.ctx] {
            assert_eq!(told(&tiers, ctx).await, (0, vec![]));
        }
    });
}
