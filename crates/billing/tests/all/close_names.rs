//! What a close looks up for many documents at once: where it cannot be read, it stops the document it is for and no other.

use crate::books::{findings, kept, month};
use crate::shop::Shop;
use tenantry_billing::close_month;
use tenantry_core::{Problem, Reason};
use tenantry_testkit::{CARD, Channel, HOURS, USAGE_OFFER, events, on_every_engine};

/// What no act would do to the books, and how it is undone: the first parameter is the shop's partner,
/// the second the offer it sells.
const DAMAGES: [(&str, &str, &str); 2] = [
    (
        "left the catalogue",
        "UPDATE subscription SET offer = 'GONE' WHERE partner = $1",
        "UPDATE subscription SET offer = $2 WHERE partner = $1",
    ),
    (
        "is no mode of rounding",
        "INSERT INTO edge_rounding (edge, seller, from_at, rounding, recorded_at) \
         SELECT id, seller, 0, 'sideways', 0 FROM channel_edge WHERE buyer = $1",
        "DELETE FROM edge_rounding WHERE edge IN (SELECT id FROM channel_edge WHERE buyer = $1)",
    ),
];

async fn change(channel: &Channel, statement: &'static str, shop: &Shop) {
    let mut tx = channel.world().db().begin().await.unwrap();
    let bound = tenantry_db::sql(statement).bind(shop.partner.tenant);
    let bound = if statement.contains("$2") { bound.bind(USAGE_OFFER) } else { bound };
    assert_eq!(bound.run(&mut tx).await.unwrap(), 1);
    tx.commit().await.unwrap();
}

async fn close(channel: &Channel) -> Result<usize, Problem> {
    let (world, ctx) = (channel.world(), channel.provider_ctx());
    let closed = close_month(&ctx, world.db(), world.metering(), month("2026-01")).await?;
    Ok(closed.invoices.len())
}

#[test]
fn what_cannot_be_read_stops_the_document_it_is_for_and_no_other() {
    on_every_engine(|bench| async move {
        let channel = Channel::new(&bench.world("2026-01-01").await).await;
        channel.import_card(CARD).await;
        let mut shops = vec![Shop::of_stranger(&channel).await];
        for name in ["tailspin", "northwind"] {
            shops.push(Shop::open(&channel, name, "US", "USD").await);
        }
        for shop in &shops {
            channel.accept(events(&shop.subscription, HOURS, &[("2026-01-01", "10")])).await;
        }
        channel.advance_to("2026-02-01").await;
        for ((_, damage, _), shop) in DAMAGES.iter().zip(&shops) {
            change(&channel, damage, shop).await;
        }
        // Each repaired in turn: closing again issues what can be issued now, with the number that follows.
        for (issued, ((why, _, repair), shop)) in (1..).zip(DAMAGES.iter().zip(&shops)) {
            let refused = close(&channel).await.unwrap_err();
            assert_eq!(refused.reason(), Reason::Corrupt);
            assert!(refused.cause_chain().contains(why), "{refused:?}");
            assert_eq!(kept(&channel).await.len(), issued, "the others are issued");
            change(&channel, repair, shop).await;
        }
        assert_eq!(close(&channel).await.unwrap(), 3);
        let numbers: Vec<_> = kept(&channel).await.into_iter().map(|kept| kept.number).collect();
        assert_eq!(numbers, ["D260000001", "D260000002", "D260000003"]);
        assert_eq!(findings(&channel).await, Vec::<String>::new());
    });
}
