//! Facts of other rooms: an event finds them the moment they are true.

use crate::scene::{check, hours, open, prove_replay};
use tenantry_commerce::edge_of;
use tenantry_core::Month;
use tenantry_db::sql;
use tenantry_testkit::{CARD, Channel, HOURS, UNPRICED, event, events, on_every_engine};

#[test]
fn an_event_right_after_the_order_finds_its_subscription() {
    on_every_engine(|bench| async move {
        let (channel, customer, _) = open(&bench).await;
        for id in ["a", "b", "c"] {
            let fresh = channel.order_usage(&customer).await;
            check(&channel, &[(hours(&fresh, id, "2026-01-10", "1"), "accepted")]).await;
        }
        prove_replay(&channel).await;
    });
}

#[test]
fn a_price_that_comes_later_prices_what_waited_for_it() {
    on_every_engine(|bench| async move {
        let channel = Channel::new(&bench.world("2026-01-10").await).await;
        let own = channel.order_usage(&channel.customer("Northwind").await).await;
        let waiting = async || channel.world().metering().read_all(|fold| fold.unrated().len()).await;
        let owed = async || {
            let edge = edge_of(&channel.partner_ctx(), channel.world().db(), channel.partner.tenant).await.unwrap();
            let month = Month::parse("2026-01").unwrap();
            let lines = channel.world().metering().unbilled(&channel.partner_ctx(), edge.id, month).await.unwrap();
            lines.iter().map(|line| format!("{} {} {}", line.quantity, line.charge, line.unrated)).collect::<Vec<_>>()
        };
        check(&channel, &[(hours(&own, "a", "2026-01-10", "10"), "unrated")]).await;
        assert_eq!((waiting().await, owed().await), (1, vec!["0 0 10".to_owned()]));
        channel.import_card(CARD).await;
        assert_eq!((owed().await, waiting().await), (vec!["10 0.85 0".to_owned()], 0));
        // A card from the 12th on, without that meter: the 10th keeps its price, the 12th waits.
        channel.advance_to("2026-01-12").await;
        channel.import_card_from("2026-01-12", CARD.replace(HOURS, UNPRICED)).await;
        check(&channel, &[(hours(&own, "b", "2026-01-12", "5"), "unrated")]).await;
        assert_eq!(owed().await, ["10 0.85 5"]);
        prove_replay(&channel).await;
    });
}

#[test]
fn each_fact_becomes_one_record() {
    on_every_engine(|bench| async move {
        let (channel, _, own) = open(&bench).await;
        let records = async |channel: &Channel| {
            let mut reader = channel.world().db().reader().await.unwrap();
            let rows = sql("SELECT seq FROM usage_log ORDER BY seq").all(&mut reader).await.unwrap();
            rows.iter().map(|row| row.integer("seq").unwrap()).collect::<Vec<_>>()
        };
        channel.accept(events(&own, HOURS, &[("2026-01-10", "1")])).await;
        // Genesis, two edges, a card, a subscription, a batch.
        assert_eq!(records(&channel).await, [1, 2, 3, 4, 5, 6]);
        let channel = channel.reopen(&bench).await;
        channel.world().metering().follow(&channel.provider_ctx()).await.unwrap();
        check(&channel, &[(event(&own, HOURS, "2026-01-10", "1"), "duplicate")]).await;
        assert_eq!(records(&channel).await.len(), 6, "a start follows nothing twice");
    });
}
