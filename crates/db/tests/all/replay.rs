//! A repeated request gets the first answer, and nobody else's.

use crate::{at, database};
use tenantry_core::{Reason, TenantId};
use tenantry_db::replay::{self, CLAIM_SECONDS, Claim, Kept};
use tenantry_testkit::on_every_engine;
use tokio::task::JoinSet;

fn tenant(text: &str) -> TenantId {
    TenantId::parse(text).unwrap()
}

fn ours() -> TenantId {
    tenant("11111111-1111-4111-8111-111111111111")
}

fn kept(status: i64, body: &[u8]) -> Kept {
    Kept { status, headers: "etag: \"1\"\nlocation: /x".to_owned(), body: body.to_vec() }
}

#[test]
fn the_first_answer_is_given_again_to_the_byte() {
    on_every_engine(|bench| async move {
        let db = database(&bench).await;
        assert_eq!(replay::find(&db, ours(), "key", "print").await.unwrap(), None);
        let first = kept(201, b"\0\xff{}");
        replay::keep(&db, ours(), "key", "print", &first, at(1)).await.unwrap();
        // A second answer to the same request changes nothing, whatever it says and whenever it comes.
        replay::keep(&db, ours(), "key", "print", &kept(500, b"other"), at(2)).await.unwrap();
        replay::keep(&db, ours(), "key", "another print", &kept(200, b""), at(3)).await.unwrap();
        assert_eq!(replay::find(&db, ours(), "key", "print").await.unwrap(), Some(first));
    });
}

#[test]
fn an_answer_is_found_by_its_own_request_only() {
    on_every_engine(|bench| async move {
        let db = database(&bench).await;
        let other = tenant("22222222-2222-4222-8222-222222222222");
        replay::keep(&db, ours(), "key", "print", &kept(200, b"ours"), at(1)).await.unwrap();
        for (who, key, print, found) in [
            (ours(), "key", "print", Ok(true)),
            (ours(), "Key", "print", Ok(false)),
            (ours(), "", "print", Ok(false)),
            (other, "key", "print", Ok(false)),
            // A stranger that guesses the key learns nothing, not even that it was used.
            (other, "key", "another", Ok(false)),
            (ours(), "key", "another", Err(Reason::IdempotencyMismatch)),
            (ours(), "key", "Print", Err(Reason::IdempotencyMismatch)),
        ] {
            let answer = replay::find(&db, who, key, print).await;
            let seen = answer.as_ref().map(Option::is_some).map_err(|problem| problem.reason());
            assert_eq!(seen, found, "{who} {key} {print}: {answer:?}");
            if let Err(problem) = answer {
                let said = problem.message();
                assert!(said.contains("request id key") && said.contains("use a new id"), "{said}");
            }
        }
        replay::keep(&db, other, "key", "another", &kept(200, b"theirs"), at(1)).await.unwrap();
        let theirs = replay::find(&db, other, "key", "another").await.unwrap().unwrap();
        assert_eq!(theirs.body, b"theirs");
    });
}

#[test]
fn of_answers_kept_at_once_one_wins_for_everybody() {
    on_every_engine(|bench| async move {
        let db = database(&bench).await;
        let mut tasks = JoinSet::new();
        for number in 0..10_u8 {
            let db = db.clone();
            tasks.spawn(async move {
                replay::keep(&db, ours(), "key", "print", &kept(200, &[number]), at(1)).await.unwrap();
                replay::find(&db, ours(), "key", "print").await.unwrap().unwrap()
            });
        }
        let seen = tasks.join_all().await;
        assert!(seen.iter().all(|answer| *answer == seen[0]), "{seen:?}");
    });
}

#[test]
fn a_claim_keeps_others_waiting_until_there_is_an_answer_or_whoever_made_it_is_given_up() {
    on_every_engine(|bench| async move {
        let db = database(&bench).await;
        let claim = async |print: &str, now: i64| match replay::claim(&db, ours(), "key", print, at(now)).await {
            Ok(Claim::Ours) => "ours".to_owned(),
            Ok(Claim::UnderWay) => "under way".to_owned(),
            Ok(Claim::Kept(kept)) => kept.status.to_string(),
            Err(problem) => format!("{:?}", problem.reason()),
        };
        assert_eq!(claim("print", 100).await, "ours");
        assert_eq!(claim("print", 101).await, "under way");
        assert_eq!(claim("another", 101).await, "IdempotencyMismatch");
        assert_eq!(replay::find(&db, ours(), "key", "print").await.unwrap(), None, "a claim is no answer");
        replay::release(&db, ours(), "key").await.unwrap();
        assert_eq!(claim("another", 102).await, "ours", "what was released is as if it had never been");
        assert_eq!(claim("print", 101 + CLAIM_SECONDS).await, "IdempotencyMismatch");
        assert_eq!(claim("print", 102 + CLAIM_SECONDS).await, "ours", "whoever made it is given up");
        replay::keep(&db, ours(), "key", "print", &kept(201, b"made"), at(200)).await.unwrap();
        // Whoever was given up may come back: the answer that was kept stays.
        replay::keep(&db, ours(), "key", "another", &kept(200, b"late"), at(201)).await.unwrap();
        replay::release(&db, ours(), "key").await.unwrap();
        for now in [202, 202 + 10 * CLAIM_SECONDS] {
            assert_eq!(claim("print", now).await, "201");
        }
    });
}
