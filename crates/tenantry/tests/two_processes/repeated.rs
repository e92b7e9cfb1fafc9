//! A write that is sent again, to another process and while the first is at it.

use crate::node::Node;
use crate::scene::Scene;
use serde_json::{Value, json};
use tenantry_db::{Db, sql};
use tenantry_testkit::on_every_engine;

#[test]
fn a_write_sent_to_both_at_once_under_one_name_acts_once() {
    on_every_engine(|bench| async move {
        let Some(scene) = Scene::new(&bench).await else { return };
        let nodes = [Node::start(&scene), Node::start(&scene)];
        let mut made = vec![1];
        for round in 0..3 {
            let clients = nodes.each_ref().map(|node| {
                let mut client = node.client(&scene.provider);
                // A header more, behind the one that the client sends.
                let name = format!("aaaaaaaa-0000-4000-8000-00000000000{round}");
                client.token = client.token.map(|token| format!("{token}\r\nMS-RequestId: {name}"));
                client
            });
            let answers: Vec<(u16, Value)> = std::thread::scope(|scope| {
                let sent = clients.map(|mut client| {
                    scope.spawn(move || client.post("/api/v1/signing-keys/rotate", &json!({})).unwrap())
                });
                sent.into_iter().map(|answer| answer.join().unwrap()).collect()
            });
            assert_eq!(answers[0].0, 200, "{answers:?}");
            assert_eq!(answers[0], answers[1], "both got the one answer");
            let db = Db::open(scene.location()).await.unwrap();
            let keys = sql("SELECT kid FROM signing_key").all(&mut db.reader().await.unwrap()).await.unwrap();
            made.push(keys.len());
        }
        assert_eq!(made, [1, 2, 3, 4], "a key is made once a round");
    });
}
