//! Seats that are priced in dollars and billed in euros: what is given back is what was charged, whatever a dollar costs by
//! then.

use crate::books::{Books, findings, month};
use crate::exact::Exact;
use crate::reckoning::{exact, half_even, sum};
use crate::seats::{change, import, order};
use crate::tier_scene::{CORNER, Seller, Tiers, parts, sign_up_in};
use tenantry_billing::{Invoice, WaitsFor, edge_rounding_set, waiting_on};
use tenantry_commerce::{BillingCycle, NewFxRate, Standing, Status, edge_of, fx_import};
use tenantry_core::{Currency, Day, Factor, Rate, Rounding, SubscriptionId, TenantId};
use tenantry_rating::SeatCycle;
use tenantry_testkit::{Bench, SEAT_OFFER, on_every_engine};

/// What a dollar costs in January and in February.
const JANUARY: &str = "0.9137025";
const FEBRUARY: &str = "0.9512";

/// Three tiers, of which the lowest is billed in euros; and a customer of it.
async fn scene(bench: &Bench, rounding: Rounding) -> (Tiers, Seller, TenantId) {
    let tiers = Tiers::open(bench).await;
    let standing =
        Standing::Reseller { indirect_provider: tiers.above.partner.tenant, factor: Factor::parse(CORNER[0]).unwrap() };
    let cafe = sign_up_in(&tiers.channel, "cafe", standing, Currency::EUR).await;
    let edge = edge_of(&cafe.ctx, tiers.channel.world().db(), cafe.partner.tenant).await.unwrap();
    let seller = &tiers.above.ctx;
    edge_rounding_set(seller, tiers.channel.world().db(), &edge, rounding, seller.now()).await.unwrap();
    import(&tiers.channel, "2026-01-01", (SEAT_OFFER, SeatCycle::Annual), "100.05", true).await;
    let customer = tiers.customer(&cafe, "Osaka").await;
    (tiers, cafe, customer.id)
}

async fn import_rate(tiers: &Tiers, of: &str, text: &str) {
    let rate = NewFxRate {
        month: month(of),
        from: Currency::USD,
        to: Currency::EUR,
        rate: Rate::parse(text).unwrap(),
        source: "a bank of the test".to_owned(),
        dated: Day::parse("2026-01-30").unwrap(),
    };
    fx_import(&tiers.channel.provider_ctx(), tiers.channel.world().db(), vec![rate]).await.unwrap();
}

/// The amounts of a subscription's lines on a document.
fn amounts(invoice: &Invoice, of: SubscriptionId) -> Vec<&str> {
    let own = invoice.seat_lines.iter().filter(|line| line.subscription == of);
    own.map(|line| line.amount.as_str()).collect()
}

/// Each line is what was charged in dollars times the rate that it names, by arithmetic of its own.
fn check_lines(invoice: &Invoice, rounding: Rounding) {
    for line in &invoice.seat_lines {
        let rate = invoice.fx.iter().find(|fx| fx.month == line.rate_month).unwrap();
        let product = Exact::product(&[parts(&line.pricing_amount), parts(&rate.rate)]);
        assert_eq!(exact(&line.exact), product, "{line:#?}");
        if rounding == Rounding::HalfEven {
            let cents = Exact::product(&[(half_even(&product.to_string(), 2), 2)]);
            assert_eq!(exact(&line.amount), cents, "{line:#?}");
        }
    }
}

#[test]
fn what_is_given_back_is_what_was_charged_in_any_mode_of_rounding() {
    for rounding in [Rounding::HalfEven, Rounding::HalfUp, Rounding::Floor] {
        on_every_engine(move |bench| async move {
            let (tiers, cafe, customer) = scene(&bench, rounding).await;
            let channel = &tiers.channel;
            import_rate(&tiers, "2026-01", JANUARY).await;
            import_rate(&tiers, "2026-02", FEBRUARY).await;
            channel.advance_to("2026-01-20T10:00:00Z").await;
            let annual = |seats| (SEAT_OFFER, BillingCycle::Annual, seats);
            let gone = order(&cafe.ctx, channel, customer, annual(7)).await;
            let grows = order(&cafe.ctx, channel, customer, annual(11)).await;
            channel.advance_to("2026-02-10T10:00:00Z").await;
            change(&cafe.ctx, channel, &gone, None, Some(Status::Suspended)).await;
            change(&cafe.ctx, channel, &grows, Some(12), None).await;
            let other = tiers.customer(&cafe, "Kyoto").await;
            let fresh = order(&cafe.ctx, channel, other.id, annual(5)).await;
            channel.advance_to("2026-03-10").await;

            let books = Books { channel, ctx: &cafe.ctx, buyer: cafe.partner.tenant };
            let (first, second) = (books.invoice("2026-01").await, books.invoice("2026-02").await);
            let refunded = amounts(&first, gone.id).into_iter().chain(amounts(&second, gone.id));
            assert_eq!(sum(refunded), sum([]), "{rounding:?}: all of it is given back");
            assert_eq!(
                sum([amounts(&first, grows.id)[0], amounts(&second, grows.id)[0]]),
                sum([]),
                "{rounding:?}: a change takes back what was charged"
            );
            let named = |invoice: &Invoice| -> Vec<(String, String)> {
                invoice.fx.iter().map(|fx| (fx.month.clone(), fx.rate.clone())).collect()
            };
            let own = |rate: &str| (String::new(), rate.to_owned());
            assert_eq!(named(&first), [own(JANUARY)]);
            assert_eq!(named(&second), [own(FEBRUARY), ("2026-01".to_owned(), JANUARY.to_owned())]);
            for line in &second.seat_lines {
                let expected = if line.subscription == fresh.id { "" } else { "2026-01" };
                assert_eq!(line.rate_month, expected, "{line:#?}");
            }
            [&first, &second].into_iter().for_each(|invoice| check_lines(invoice, rounding));
            books.prove().await;
            let reopened = tiers.channel.reopen(&bench).await;
            assert_eq!(findings(&reopened).await, Vec::<String>::new());
        });
    }
}

#[test]
fn a_change_waits_for_the_rate_of_the_document_that_charged_it() {
    on_every_engine(|bench| async move {
        let (tiers, cafe, customer) = scene(&bench, Rounding::HalfEven).await;
        let channel = &tiers.channel;
        import_rate(&tiers, "2026-02", FEBRUARY).await;
        channel.advance_to("2026-01-20T10:00:00Z").await;
        let gone = order(&cafe.ctx, channel, customer, (SEAT_OFFER, BillingCycle::Annual, 7)).await;
        channel.advance_to("2026-02-10T10:00:00Z").await;
        change(&cafe.ctx, channel, &gone, None, Some(Status::Suspended)).await;
        channel.advance_to("2026-03-10").await;
        let world = channel.world();
        let edge = edge_of(&cafe.ctx, world.db(), cafe.partner.tenant).await.unwrap();
        let waiting = waiting_on(&cafe.ctx, world.db(), world.metering(), &edge).await.unwrap();
        let january = WaitsFor::ExchangeRate { month: month("2026-01"), from: Currency::USD, to: Currency::EUR };
        let named: Vec<_> = waiting.iter().map(|document| (document.month, document.waits_for)).collect();
        assert_eq!(named, [(month("2026-01"), january), (month("2026-02"), january)]);

        // They are issued at once, not by the next try of their months.
        import_rate(&tiers, "2026-01", JANUARY).await;
        channel.advance_to("2026-03-10T00:00:01Z").await;
        let books = Books { channel, ctx: &cafe.ctx, buyer: cafe.partner.tenant };
        let invoices = books.prove().await;
        assert_eq!(invoices.len(), 2);
        assert_eq!(sum(invoices.iter().map(|invoice| invoice.net.as_str())), sum([]));
    });
}
