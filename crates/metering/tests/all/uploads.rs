//! Uploads stopped at any moment: what they say they counted is what the log holds, and going on counts nothing twice.

use crate::scene::{hours, open, prove_replay};
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use tenantry_commerce::Subscription;
use tenantry_core::{Chance, Reason};
use tenantry_metering::uploads::{Line, NewUpload, Piece, ReadOne, Upload, UploadFormat};
use tenantry_metering::{Submitted, Verdict};
use tenantry_testkit::on_every_engine;
use tenantry_usage::Fold;

/// A line is the id of an event; `bad` is none.
fn reader(own: Subscription) -> impl Fn(&Upload, &[Line<'_>]) -> Vec<ReadOne> + Send + Sync + Clone {
    move |_, lines| {
        let read = |line: &Line<'_>| {
            let id = String::from_utf8(line.bytes.to_vec()).unwrap();
            let event = match id.as_str() {
                "bad" => Submitted::Unreadable(Verdict::refused("bad", "id", "is bad, as bad as can be")),
                id => Submitted::Event(hours(&own, id, "2026-01-10", "1")),
            };
            ReadOne { source: None, id: Some(id), event }
        };
        lines.iter().map(read).collect()
    }
}

fn new(file: &str) -> NewUpload {
    let length = Some(i64::try_from(file.len()).unwrap());
    NewUpload { format: UploadFormat::Ndjson, source: None, subscription: None, length }
}

async fn give_up_after<F: Future>(looks: u64, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut left = looks;
    std::future::poll_fn(move |context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        future.as_mut().poll(context).map(Some)
    })
    .await
}

#[test]
fn an_upload_given_up_at_any_moment_goes_on_and_counts_each_line_once() {
    on_every_engine(|bench| async move {
        let (channel, _, own) = open(&bench).await;
        let (ctx, read) = (channel.provider_ctx(), reader(own.clone()));
        let metering = channel.world().metering();
        let before = metering.read_all(Fold::events_counted).await;
        // Several batches, in pieces that end anywhere.
        let names: Vec<_> =
            (0..12_000).map(|n| if n % 1_000 == 7 { "bad".to_owned() } else { format!("e{n}") }).collect();
        let file = names.join("\n");
        let upload = metering.upload_create(&ctx, new(&file)).await.unwrap();
        let chance = Chance::from_seed(7);
        let (mut attempts, mut given_up, mut stands) = (0_u64, 0, 0);
        let below = |bound: u64| u64::from_le_bytes(chance.bytes::<8>()) % bound;
        loop {
            attempts += 1;
            // Once a piece of more than one batch.
            let long = if attempts == 30 { 40_000 } else { 0 };
            let end = file.len().min(stands + 1 + long + usize::try_from(below(2_000)).unwrap());
            let piece =
                Piece { offset: i64::try_from(stands).unwrap(), length: None, bytes: &file.as_bytes()[stands..end] };
            // Few at first, then more: each moment has its turn, and some pieces come through.
            let looks = if long > 0 || attempts > 300 { u64::MAX } else { 1 + attempts % 16 };
            let outcome = give_up_after(looks, metering.upload_append(&ctx, upload.id, piece, &read)).await;
            given_up += usize::from(outcome.is_none());
            // A batch whose sender went away may still wait in line; one more takes it along or finds it gone.
            let _ = metering.intake(&ctx, Vec::new()).await.unwrap();
            let now = metering.upload(&ctx, upload.id).await.unwrap();
            let counted = metering.read_all(Fold::events_counted).await - before;
            assert_eq!(i64::try_from(counted).unwrap(), now.accepted, "what it says is what is counted");
            assert_eq!(now.duplicate, 0, "nothing that was dealt with came again");
            stands = usize::try_from(now.offset()).unwrap();
            if now.done {
                assert_eq!((now.lines, now.accepted, now.refused), (12_000, 11_988, 12));
                break;
            }
        }
        assert!(given_up > 5, "{given_up}");
        let page = metering.upload_refusals(&ctx, upload.id, 0).await.unwrap();
        let lines = String::from_utf8(page.lines).unwrap();
        assert_eq!((lines.lines().count(), page.next), (12, None));
        assert!(lines.contains("\"line\":11008,") && lines.contains("as bad as can be"), "{lines}");
        let behind = metering.upload_refusals(&ctx, upload.id, 12_000).await.unwrap();
        assert_eq!((behind.lines.len(), behind.next), (0, None));
        prove_replay(&channel).await;

        // It is there after a start, and done.
        let channel = channel.reopen(&bench).await;
        let kept = channel.world().metering().upload(&channel.provider_ctx(), upload.id).await.unwrap();
        assert!(kept.done && kept.accepted == 11_988);
    });
}

#[test]
fn two_senders_of_one_upload_cannot_both_move_it() {
    on_every_engine(|bench| async move {
        let (channel, _, own) = open(&bench).await;
        let (ctx, read) = (channel.provider_ctx(), reader(own.clone()));
        let names: Vec<_> = (0..50).map(|n| format!("e{n}")).collect();
        let file = names.join("\n");
        let upload = channel.world().metering().upload_create(&ctx, new(&file)).await.unwrap();
        let senders: Vec<_> = (0..4)
            .map(|_| {
                let (world, ctx, read, file) = (Arc::clone(channel.world()), ctx.clone(), read.clone(), file.clone());
                tokio::spawn(async move {
                    let piece = Piece { offset: 0, length: None, bytes: file.as_bytes() };
                    world.metering().upload_append(&ctx, upload.id, piece, &read).await
                })
            })
            .collect();
        let mut moved = 0;
        for sender in senders {
            match sender.await.unwrap() {
                Ok(upload) => {
                    assert!(upload.done);
                    moved += 1;
                }
                Err(problem) => assert_eq!(problem.reason(), Reason::Stale, "{problem:?}"),
            }
        }
        let upload = channel.world().metering().upload(&ctx, upload.id).await.unwrap();
        assert_eq!((moved, upload.accepted, upload.duplicate), (1, 50, 0));
        // Removed in the middle: the sender hears so, and what was counted stays.
        channel.world().metering().upload_remove(&ctx, upload.id).await.unwrap();
        let gone = channel.world().metering().upload(&ctx, upload.id).await.unwrap_err();
        assert_eq!(gone.reason(), Reason::ObjectNotFound);
        assert_eq!(channel.world().metering().read_all(Fold::events_counted).await, 50);
    });
}
