//! Currencies without minor units and with three digits of them.

use crate::books::{Books, kept, lines};
use crate::shop::Shop;
use tenantry_testkit::{CARD, Channel, HOURS, THIRD_PARTY, events, on_every_engine};

#[test]
fn lines_are_rounded_to_the_smallest_unit_of_each_currency() {
    on_every_engine(|bench| async move {
        let channel = Channel::new(&bench.world("2026-01-01").await).await;
        channel.import_card(CARD).await;
        let dollars = channel.order_usage(&channel.customer("Northwind").await).await;
        let (yen, dinars) =
            (Shop::open(&channel, "harbour", "JP", "JPY").await, Shop::open(&channel, "desert", "KW", "KWD").await);
        for shop in [&yen, &dinars] {
            let currency = shop.partner.currency.to_string();
            shop.import_card(&channel, &CARD.replace("\"USD\"", &format!("\"{currency}\""))).await;
        }
        for subscription in [&dollars, &yen.subscription, &dinars.subscription] {
            channel.accept(events(subscription, HOURS, &[("2026-01-01", "100.07")])).await;
            channel.accept(events(subscription, THIRD_PARTY, &[("2026-01-01", "2.5")])).await;
        }
        channel.advance_to("2026-02-10").await;
        let ctx = channel.partner_ctx();
        // 2.43 yen and 8.506 yen: a total is the sum of rounded lines, not the rounded sum.
        for (books, currency, amounts, total) in [
            (Books::of(&channel, &ctx), "USD", ["2.43", "8.51"], "10.94"),
            (yen.books(&channel), "JPY", ["2", "9"], "11"),
            (dinars.books(&channel), "KWD", ["2.430", "8.506"], "10.936"),
        ] {
            let invoices = books.prove().await;
            assert_eq!((invoices.len(), invoices[0].currency.as_str()), (1, currency));
            let exact =
                ["2026-01 Database Support Hours: 2.5, 2.43, 2.43", "2026-01 Compute Hours: 100.07, 10.007, 8.50595"];
            let expected: Vec<_> =
                exact.iter().zip(amounts).map(|(line, amount)| format!("{line}, {amount}")).collect();
            assert_eq!(lines(&invoices[0]), expected);
            assert_eq!(invoices[0].total, total);
        }
        assert_eq!(kept(&channel).await.len(), 3);
    });
}
