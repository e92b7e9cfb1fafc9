//! What one process changes of who may do what counts in the others.

use crate::node::{Node, get, sign_in, timed};
use crate::scene::{Scene, now};
use serde_json::json;
use std::time::Duration;
use tenantry_db::{Db, sql};
use tenantry_testkit::on_every_engine;

/// A second is promised; the other is for a machine that is busy.
const AT_MOST: Duration = Duration::from_secs(2);

#[test]
fn what_is_taken_away_in_one_process_is_gone_in_the_others_within_a_second() {
    on_every_engine(|bench| async move {
        let Some(scene) = Scene::new(&bench).await else { return };
        let (one, other) = (Node::start(&scene), Node::start(&scene));
        let mut clients = [&one, &other].map(|node| node.client(&scene.partner_app));
        let path = "/api/v1/unbilled";
        for client in &mut clients {
            assert_eq!(get(client, path).0, 200);
            assert_eq!(get(client, path).0, 200, "from memory");
        }
        // A third process: this one.
        let db = Db::open(scene.location()).await.unwrap();
        disable(&db, &scene).await;
        let (_, took) = timed(|| {
            for client in &mut clients {
                while get(client, path).0 == 200 {}
            }
        });
        assert!(took < AT_MOST, "it took {took:?}");
        for client in &mut clients {
            assert_eq!(get(client, path).0, 401);
        }
    });
}

async fn disable(db: &Db, scene: &Scene) {
    let mut tx = db.begin().await.unwrap();
    let off = sql("UPDATE application SET disabled_at = $2 WHERE id = $1").bind(scene.partner_app.identity.app);
    assert_eq!(off.bind(now()).run(&mut tx).await.unwrap(), 1);
    tx.changes_access();
    tx.commit().await.unwrap();
}

#[test]
fn a_token_of_one_process_is_good_in_the_other_also_with_a_key_that_was_made_a_moment_ago() {
    on_every_engine(|bench| async move {
        let Some(scene) = Scene::new(&bench).await else { return };
        let nodes = [Node::start(&scene), Node::start(&scene)];
        for (here, there) in [(0, 1), (1, 0), (0, 1)] {
            let mut client = nodes[here].client(&scene.provider);
            let (status, answer) = client.post("/api/v1/signing-keys/rotate", &json!({})).unwrap();
            assert!((200..300).contains(&status), "{status} {answer}");
            let token = sign_in(&mut client, &scene.provider);
            let mut elsewhere = nodes[there].connect();
            elsewhere.token = Some(token);
            let (status, answer) = get(&mut elsewhere, "/api/v1/clock");
            assert_eq!(status, 200, "{answer}");
        }
    });
}
