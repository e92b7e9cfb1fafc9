//! What is said when something is missing or refused names nobody's edge, currency or existence but the asker's own.

use crate::books::{kept, month};
use crate::tier_scene::{CORNER, FROM_CORNER, Seller, Tiers, sign_up_in};
use tenantry_billing::{NewPayment, ReversePayment, close_dry_run, close_month, payment_record, payment_reverse};
use tenantry_commerce::{
    AddCustomerPriceRule, NewFxRate, Standing, customer_price_rule_add, edge_from, edge_of, fx_import,
};
use tenantry_core::{Currency, Day, Factor, Money, OpContext, Problem, Rate, Reason};
use tenantry_rating::AppliesTo;
use tenantry_testkit::{Bench, HOURS, events, on_every_engine};

fn currency(code: &str) -> Currency {
    Currency::parse(code).unwrap()
}

/// Below the indirect provider a reseller that is billed in euros, and its customer that is billed in yen; no rate of any
/// of them is known. Beside them a reseller that has nothing to do with it.
struct Apart {
    tiers: Tiers,
    cafe: Seller,
    /// The edges to the reseller and to the customer.
    edges: [String; 2],
}

impl Apart {
    async fn open(bench: &Bench) -> Self {
        let tiers = Tiers::open(bench).await;
        let factor = Factor::parse(CORNER[0]).unwrap();
        let standing = Standing::Reseller { indirect_provider: tiers.above.partner.tenant, factor };
        let cafe = sign_up_in(&tiers.channel, "cafe", standing, Currency::EUR).await;
        let customer = tiers.customer(&cafe, "Osaka").await;
        let db = tiers.channel.world().db();
        let rule = AddCustomerPriceRule {
            seller: None,
            customer: customer.id,
            factor: Factor::parse(FROM_CORNER[0]).unwrap(),
            applies_to: AppliesTo::Everything,
            from: None,
            currency: Some(currency("JPY")),
        };
        customer_price_rule_add(&cafe.ctx, db, rule).await.unwrap();
        let used = tiers.order(&cafe, customer.id).await;
        tiers.channel.advance_to("2026-01-31T23:00:00Z").await;
        tiers.channel.accept(events(&used, HOURS, &[("2026-01-09", "33.125")])).await;
        tiers.channel.advance_to("2026-02-01T01:00:00Z").await;
        let to_cafe = edge_of(&cafe.ctx, db, cafe.partner.tenant).await.unwrap().id.to_string();
        let seller = Some(cafe.partner.tenant);
        let to_customer = edge_from(&cafe.ctx, db, seller, customer.id).await.unwrap().id.to_string();
        Self { tiers, cafe, edges: [to_cafe, to_customer] }
    }

    async fn close(&self, ctx: &OpContext) -> Result<usize, Problem> {
        let world = self.tiers.channel.world();
        close_month(ctx, world.db(), world.metering(), month("2026-01")).await.map(|closed| closed.invoices.len())
    }

    async fn stopped(&self, ctx: &OpContext) -> String {
        let world = self.tiers.channel.world();
        close_dry_run(ctx, world.db(), world.metering(), month("2026-01")).await.unwrap().stopped.join("\n")
    }

    /// Which of the two edges, and which of the currencies EUR and JPY, a text names.
    fn named(&self, text: &str) -> [bool; 4] {
        let [cafe, customer] = &self.edges;
        [text.contains(cafe), text.contains(customer), text.contains("EUR"), text.contains("JPY")]
    }
}

/// The provider is told which rates to import, also for an edge that is not its to see: which one that is stays untold.
#[test]
fn who_closes_hears_of_no_edge_that_is_not_its_to_see() {
    on_every_engine(|bench| async move {
        let apart = Apart::open(&bench).await;
        let provider = apart.tiers.channel.provider_ctx();
        for (who, ctx, expected) in [
            ("the provider", &provider, [true, false, true, true]),
            ("the indirect provider", &apart.tiers.above.ctx, [true, false, true, false]),
            ("the reseller", &apart.cafe.ctx, [true, true, true, true]),
            ("a reseller beside it", &apart.tiers.market.ctx, [false; 4]),
            ("a partner of the provider", &apart.tiers.channel.partner_ctx(), [false; 4]),
        ] {
            assert_eq!(apart.named(&apart.stopped(ctx).await), expected, "what the dry run tells {who}");
            let said = match apart.close(ctx).await {
                Ok(_) => String::new(),
                Err(problem) => {
                    assert_eq!(problem.reason(), Reason::ExchangeRateMissing, "{who}: {problem:?}");
                    problem.message().to_owned()
                }
            };
            assert_eq!(apart.named(&said), expected, "what the close tells {who}: {said}");
            let wanted = expected[2] || expected[3];
            assert_eq!(said.contains("import one"), wanted, "{who}: {said}");
        }
        assert_eq!(kept(&apart.tiers.channel).await.len(), 1, "that of the indirect provider");
        let rate = |to: &str| NewFxRate {
            month: month("2026-01"),
            from: Currency::USD,
            to: currency(to),
            rate: Rate::parse("2").unwrap(),
            source: "a bank of the test".to_owned(),
            dated: Day::parse("2026-01-30").unwrap(),
        };
        let world = apart.tiers.channel.world();
        fx_import(&provider, world.db(), vec![rate("EUR"), rate("JPY")]).await.unwrap();
        assert_eq!(apart.close(&apart.cafe.ctx).await.unwrap(), 2, "its own, bought and sold");
    });
}

/// A seller that names somebody else's buyer is told that there is none, and no currency.
#[test]
fn a_stranger_is_no_buyer_to_write_about() {
    on_every_engine(|bench| async move {
        let tiers = Tiers::open(&bench).await;
        let world = tiers.channel.world();
        let (db, metering) = (world.db(), world.metering());
        let seller = tiers.above.partner.tenant;
        for buyer in [tiers.channel.partner.tenant, tiers.channel.stranger.tenant] {
            let paid = NewPayment {
                seller,
                buyer,
                amount: Money::from_minor(100, Currency::EUR),
                paid_on: Day::parse("2026-01-01").unwrap(),
                reference: "bank-1".to_owned(),
                documents: Vec::new(),
            };
            let back = ReversePayment {
                seller,
                buyer,
                payment: "bank-1".to_owned(),
                reference: "bank-2".to_owned(),
                returned_on: Day::parse("2026-01-01").unwrap(),
                reason: "bounced".to_owned(),
            };
            for refused in [
                payment_record(&tiers.above.ctx, db, metering, paid).await.map(drop).unwrap_err(),
                payment_reverse(&tiers.above.ctx, db, metering, back).await.map(drop).unwrap_err(),
            ] {
                assert_eq!(refused.reason(), Reason::TenantNotFound, "{refused:?}");
                assert!(!refused.message().contains("USD"), "{refused:?}");
            }
        }
    });
}
