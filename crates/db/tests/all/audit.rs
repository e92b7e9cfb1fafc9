//! The audit trail: no line, no act; what was refused or died half way is on record too.

use crate::{at, database, system};
use std::sync::Arc;
use tenantry_core::Identity;
use tenantry_core::clock::ManualClock;
use tenantry_core::{AppId, Caller, Chance, ObjectId, OpContext, Problem, Reason, TenantId, TenantKind};
use tenantry_db::{Db, audit, outbox, sql};
use tenantry_testkit::on_every_engine;

const GUID: &str = "11111111-1111-4111-8111-111111111111";

/// A line as somebody else sees it: who, what, to what, when opened, when completed, how it ended.
async fn lines(db: &Db) -> Vec<String> {
    let mut reader = db.reader().await.unwrap();
    let rows = sql("SELECT actor, tenant, act, target, opened_at, completed_at, outcome FROM audit_line ORDER BY opened_at, target")
        .all(&mut reader)
        .await
        .unwrap();
    let shown = rows.iter().map(|row| {
        let (completed, outcome) = (row.maybe_time("completed_at").unwrap(), row.maybe_text("outcome").unwrap());
        format!(
            "{} of {} {} {} at {}: {}",
            row.text("actor").unwrap(),
            row.maybe_text("tenant").unwrap().unwrap_or("none".to_owned()),
            row.text("act").unwrap(),
            row.text("target").unwrap(),
            row.time("opened_at").unwrap().seconds(),
            completed.map_or("open".to_owned(), |at| format!("{} at {}", outcome.unwrap_or_default(), at.seconds())),
        )
    });
    shown.collect()
}

fn refusal() -> Problem {
    Problem::new(Reason::Forbidden, "no role of yours allows it")
}

#[test]
fn a_line_is_durable_before_the_act_and_tells_its_outcome_after() {
    on_every_engine(|bench| async move {
        let db = database(&bench).await;
        let clock = Arc::new(ManualClock::at(at(10)));
        let ctx = OpContext::system("test", clock.clone(), Arc::new(Chance::from_seed(7)));

        let line = audit::open(&ctx, &db, "place_order", "customer 1").await.unwrap();
        // Seen by another connection, so committed.
        assert_eq!(lines(&db).await, ["system:test of none place_order customer 1 at 10: open"]);
        clock.advance_to(at(12));
        assert_eq!(line.close(&ctx, &db, Ok("the outcome")).await.unwrap(), "the outcome");

        clock.advance_to(at(20));
        let line = audit::open(&ctx, &db, "place_order", "customer 2").await.unwrap();
        let handed_on = line.close::<()>(&ctx, &db, Err(refusal())).await.unwrap_err();
        assert_eq!((handed_on.reason(), handed_on.message()), (Reason::Forbidden, "no role of yours allows it"));
        let expected = [
            "system:test of none place_order customer 1 at 10: succeeded at 12",
            "system:test of none place_order customer 2 at 20: refused: Forbidden at 20",
        ];
        assert_eq!(lines(&db).await, expected);
    });
}

#[test]
fn an_act_that_died_half_way_is_visible_and_left_nothing_else() {
    on_every_engine(|bench| async move {
        let db = database(&bench).await;
        let ctx = system(at(10));
        let line = audit::open(&ctx, &db, "issue_invoice", "edge 1").await.unwrap();
        let mut tx = db.begin().await.unwrap();
        outbox::publish(&mut tx, at(10), "invoice-issued", "D1", "{}").await.unwrap();
        // As in a crash: neither the act nor its line is finished, and a new process looks.
        drop((tx, line));
        db.close().await;
        let db = database(&bench).await;
        assert_eq!(lines(&db).await, ["system:test of none issue_invoice edge 1 at 10: open"]);
        assert_eq!(outbox::pending(&db, "anybody", 9).await.unwrap(), []);
    });
}

#[test]
fn a_line_names_who_acted_for_which_tenant() {
    on_every_engine(|bench| async move {
        let db = database(&bench).await;
        let identity = Identity::application(
            AppId::parse(GUID).unwrap(),
            ObjectId::parse("22222222-2222-4222-8222-222222222222").unwrap(),
            (TenantId::parse("33333333-3333-4333-8333-333333333333").unwrap(), TenantKind::Partner),
            [],
        );
        for (second, caller) in
            [Caller::System("job"), Caller::SignedIn(identity), Caller::Nobody].into_iter().enumerate()
        {
            let ctx = OpContext { caller, ..system(at(i64::try_from(second).unwrap())) };
            // Each context here draws the same ids; a line needs one of its own.
            let ctx = OpContext { chance: Arc::new(Chance::from_seed(u64::try_from(second).unwrap())), ..ctx };
            audit::open(&ctx, &db, "look", "x").await.unwrap().close(&ctx, &db, Ok(())).await.unwrap();
        }
        let expected = [
            "system:job of none look x at 0: succeeded at 0".to_owned(),
            format!("app:{GUID} of 33333333-3333-4333-8333-333333333333 look x at 1: succeeded at 1"),
            "nobody of none look x at 2: succeeded at 2".to_owned(),
        ];
        assert_eq!(lines(&db).await, expected);
    });
}

#[test]
fn without_a_line_there_is_no_act() {
    on_every_engine(|bench| async move {
        let db = database(&bench).await;
        db.close().await;
        let opened = audit::open(&system(at(10)), &db, "place_order", "customer 1").await;
        assert_eq!(opened.unwrap_err().reason(), Reason::Unavailable);
        assert_eq!(lines(&database(&bench).await).await, Vec::<String>::new());
    });
}
