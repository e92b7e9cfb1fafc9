//! Law 5: time and chance are inputs, so the same seed and the same commands give the same database content.

use crate::dump::dump;
use crate::open;
use std::collections::BTreeSet;
use tenantry_db::Location;
use tenantry_testkit::{CARD, Channel, HOURS, TIERED, events, on_every_engine, time};

/// Half a year of a small channel, and what its database holds afterwards.
async fn live_through(location: &Location, seed: u64) -> Vec<String> {
    let world = open(location, Some("2026-01-01"), seed).await.unwrap();
    let channel = Channel::new(&world).await;
    channel.import_card(CARD).await;
    let subscription = channel.order_usage(&channel.customer("Northwind").await).await;
    for (day, late) in [("2026-01-05", "2026-01-02"), ("2026-02-10", "2026-02-01"), ("2026-05-01", "2026-02-03")] {
        channel.advance_to(day).await;
        channel.accept(events(&subscription, HOURS, &[(day, "1.5")])).await;
        // The last is late usage of months that are closed.
        channel.accept(events(&subscription, TIERED, &[(late, "150"), (day, "0.25")])).await;
    }
    channel.advance_to("2026-07-04").await;
    assert_eq!(world.clock().now(), time("2026-07-04"));
    world.metering().checkpoint().await.unwrap();
    dump(world.db()).await
}

#[test]
fn the_same_seed_and_commands_give_the_same_database() {
    on_every_engine(|bench| async move {
        let one = live_through(&bench.another_location(), 7).await;
        let two = live_through(&bench.another_location(), 7).await;
        let differing: Vec<_> = one.iter().zip(&two).filter(|(one, two)| one != two).collect();
        assert!(differing.is_empty(), "{differing:#?}");
        assert_eq!(one.len(), two.len());
        let tables: BTreeSet<_> = one.iter().filter_map(|line| line.split_once(':')).map(|(table, _)| table).collect();
        for table in ["audit_line", "due_job", "invoice", "ledger_entry", "outbox", "usage_checkpoint", "usage_log"] {
            assert!(tables.contains(table), "nothing of {table} was compared: {tables:?}");
        }
        let other = live_through(&bench.another_location(), 8).await;
        assert_ne!(one, other, "another seed is another world");
    });
}
