//! Opening, opening again, and who may.

use crate::{open, open_again};
use std::sync::Arc;
use tenantry_core::{Chance, Reason};
use tenantry_testkit::{Bench, SUFFIX, on_every_engine, settings, time};
use tenantry_worlds::{NewWorld, Settings, World};

#[test]
fn a_sandbox_remembers_that_it_is_one_and_what_it_shows() {
    on_every_engine(|bench| async move {
        let world = open(bench.location(), Some("2026-01-01"), 1).await.unwrap();
        assert!(world.settings().sandbox && world.metering().in_sandbox());
        world.advance(&world.system("test"), time("2026-01-20T10:30:00.000001Z")).await.unwrap();
        drop(world);
        // Neither another time nor none makes it something else.
        for (seed, asked_for) in [(2, Some("2030-01-01")), (3, None)] {
            let world = open_again(bench.location(), asked_for, seed).await;
            assert!(world.settings().sandbox);
            assert_eq!(world.clock().now(), time("2026-01-20T10:30:00.000001Z"), "{asked_for:?}");
        }
    });
}

#[test]
fn a_world_keeps_the_domain_suffix_it_was_begun_with() {
    on_every_engine(|bench| async move {
        drop(open(bench.location(), Some("2026-01-01"), 1).await.unwrap());
        let settings = Settings { domain_suffix: "elsewhere.test".to_owned(), ..settings() };
        let chance = Arc::new(Chance::from_seed(2));
        let new = NewWorld { sandbox_from: None };
        let world = World::open(bench.location().clone(), settings, new, chance).await.unwrap();
        assert_eq!(world.settings().domain_suffix, SUFFIX);
    });
}

#[test]
fn a_live_world_stays_live() {
    on_every_engine(|bench| async move {
        let world = open(bench.location(), None, 1).await.unwrap();
        assert!(!world.settings().sandbox && !world.metering().in_sandbox());
        let moved = world.advance(&world.system("test"), time("2199-01-01")).await.unwrap_err();
        assert_eq!(moved.reason(), Reason::ClockRefused, "{moved:?}");
        drop(world);
        drop(open_again(bench.location(), None, 2).await);
        let refused = loop {
            match open(bench.location(), Some("2026-01-01"), 3).await.unwrap_err() {
                busy if busy.reason() == Reason::WorldBusy => continue,
                refused => break refused,
            }
        };
        assert_eq!(refused.reason(), Reason::ClockRefused, "{refused:?}");
        assert!(refused.message().contains("cannot become a sandbox"), "{refused:?}");
        open_again(bench.location(), None, 4).await;
    });
}

#[test]
fn one_process_serves_a_world() {
    on_every_engine(|bench: Bench| async move {
        let world = open(bench.location(), Some("2026-01-01"), 1).await.unwrap();
        let refused = open(bench.location(), Some("2026-01-01"), 2).await.unwrap_err();
        assert_eq!(refused.reason(), Reason::WorldBusy, "{refused:?}");
        assert!(open(&bench.another_location(), Some("2026-01-01"), 3).await.is_ok(), "worlds do not share a lock");
        world.close().await.unwrap();
        drop(world);
        open_again(bench.location(), None, 4).await;
    });
}
