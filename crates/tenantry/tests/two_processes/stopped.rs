//! A process that hangs in the middle of a turn: the others wait for it no longer than they must.

use crate::node::{Node, timed};
use crate::scene::{EVENTS, Scene};
use crate::usage::post;
use std::time::Duration;
use tenantry_db::log::{self, Partition};
use tenantry_db::{Db, Tx, sql};
use tenantry_testkit::on_every_engine;

/// The server ends a transaction that is silent for five seconds; the rest is for a machine that is busy.
const AT_MOST: Duration = Duration::from_secs(15);

/// Whether another connection waits for this transaction.
async fn is_waited_for(tx: &mut Tx) -> bool {
    let row = sql("SELECT CAST(COUNT(*) AS BIGINT) AS waiting FROM pg_stat_activity \
         WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))")
    .one(tx)
    .await
    .unwrap();
    row.integer("waiting").unwrap() > 0
}

#[test]
fn a_process_that_is_stopped_in_its_turn_holds_up_the_others_for_seconds_only() {
    on_every_engine(|bench| async move {
        let Some(scene) = Scene::new(&bench).await else { return };
        let (hanging, working) = (Node::start(&scene), Node::start(&scene));
        let mut clients = [&hanging, &working].map(|node| node.client(&scene.provider));
        let [to_hanging, to_working] = &mut clients;
        assert_eq!(post(to_hanging, &scene, 0).unwrap(), (EVENTS, 0));

        // The turn is ours; one process waits for it, is stopped while it waits, and gets it as soon as we let go.
        let db = Db::open(scene.location()).await.unwrap();
        let mut ours = db.begin().await.unwrap();
        log::hold(&mut ours, Partition(0)).await.unwrap();
        std::thread::scope(|scope| {
            let sent = scope.spawn(|| post_again(to_hanging, &scene, 1));
            tokio::task::block_in_place(|| {
                tokio::runtime::Handle::current().block_on(async {
                    while !is_waited_for(&mut ours).await {}
                    hanging.stop();
                    drop(ours);
                });
            });
            let (counted, took) = timed(|| post(to_working, &scene, 1).unwrap());
            assert!(took < AT_MOST, "the process that works waited for {took:?}");
            assert_eq!(counted, (EVENTS, 0), "nobody else counted it");
            hanging.go_on();
            assert_eq!(sent.join().unwrap(), (0, EVENTS), "what hung was not saved, and the batch is known by now");
        });
        let [to_hanging, to_working] = &mut clients;
        assert_eq!(post(to_hanging, &scene, 2).unwrap(), (EVENTS, 0), "it takes part again");
        assert_eq!(post(to_working, &scene, 2).unwrap(), (0, EVENTS));
    });
}

/// Sends a batch until there is a verdict: a refusal of the moment says to try again.
fn post_again(client: &mut crate::https::Client, scene: &Scene, number: u64) -> (u64, u64) {
    loop {
        let (status, answer) = client.post("/api/v1/usage/events", &scene.batch(number)).unwrap();
        match status {
            200 => return (answer["accepted"].as_u64().unwrap(), answer["duplicate"].as_u64().unwrap()),
            _ => assert_eq!(status, 503, "{answer}"),
        }
    }
}
