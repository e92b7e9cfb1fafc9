//! What is in memory is a cache of the log: gone or damaged, the next start makes the same again.

use crate::scene::{hours, open, prove_replay, state};
use tenantry_commerce::Subscription;
use tenantry_core::{Chance, Problem, Timestamp};
use tenantry_db::checkpoint::Digest;
use tenantry_db::sql;
use tenantry_metering::Metering;
use tenantry_testkit::{Channel, TIERED, event, on_every_engine};
use tenantry_usage::{Event, Fold};

/// Batches over some months with late usage, corrections and closes between them.
async fn some_months(channel: &Channel, subscription: &Subscription) {
    for (round, day) in ["2026-01-15", "2026-02-10", "2026-03-20"].into_iter().enumerate() {
        channel.advance_to(day).await;
        let named = |name: &str| format!("{name} {round}");
        let fresh = [(named("a"), day, "1.5"), (named("b"), "2026-01-11", "0.25")];
        channel.accept(fresh.iter().map(|(id, at, quantity)| hours(subscription, id, at, quantity)).collect()).await;
        let back = Event { corrects: Some(named("b")), ..hours(subscription, &named("c"), day, "-0.2") };
        channel.accept(vec![back, event(subscription, TIERED, day, "70")]).await;
    }
}

/// Two starts of the same world agree with the one that was never interrupted. `meanwhile` is done to it before.
fn check<Meanwhile>(meanwhile: Meanwhile)
where
    Meanwhile: AsyncFn(&Channel),
{
    on_every_engine(|bench| async {
        let bench = bench;
        let (channel, _, own) = open(&bench).await;
        some_months(&channel, &own).await;
        prove_replay(&channel).await;
        let before = state(&channel).await;
        meanwhile(&channel).await;
        let channel = channel.reopen(&bench).await;
        assert!(state(&channel).await == before, "the start came to another state");
        channel.accept(vec![hours(&own, "after", "2026-03-01", "1")]).await;
        prove_replay(&channel).await;
    });
}

async fn run(channel: &Channel, statement: tenantry_db::Statement) {
    let mut tx = channel.world().db().begin().await.unwrap();
    assert_eq!(statement.run(&mut tx).await.unwrap(), 1);
    tx.commit().await.unwrap();
}

#[test]
fn a_start_without_checkpoint_replays_the_log() {
    check(async |_| {});
}

#[test]
fn a_start_with_a_checkpoint_at_the_end_replays_nothing() {
    check(async |channel| channel.world().metering().checkpoint().await.unwrap());
}

#[test]
fn a_checkpoint_that_does_not_match_its_checksum_is_left_out() {
    check(async |channel| {
        channel.world().metering().checkpoint().await.unwrap();
        run(channel, sql("UPDATE usage_checkpoint_piece SET bytes = $1").bind(vec![1, 2, 3])).await;
    });
}

#[test]
fn a_checkpoint_of_an_unknown_form_is_left_out() {
    check(async |channel| {
        channel.world().metering().checkpoint().await.unwrap();
        let later_form = vec![99, 1, 2, 3];
        let checksum = i64::from(crc32(&later_form));
        let mut digest = Digest::default();
        digest.push(&later_form);
        let digest = digest.finish();
        let piece = sql("UPDATE usage_checkpoint_piece SET bytes = $1, checksum = $2, digest = $3");
        run(channel, piece.bind(later_form).bind(checksum).bind(&digest)).await;
        run(channel, sql("UPDATE usage_checkpoint SET digest = $1").bind(&digest)).await;
    });
}

#[test]
fn a_checkpoint_that_says_another_place_is_left_out() {
    check(async |channel| {
        channel.world().metering().checkpoint().await.unwrap();
        run(channel, sql("UPDATE usage_checkpoint SET seq = seq - 1")).await;
        run(channel, sql("UPDATE usage_checkpoint_piece SET seq = seq - 1")).await;
    });
}

#[test]
fn a_checkpoint_with_a_piece_of_another_is_left_out() {
    check(async |channel| {
        channel.world().metering().checkpoint().await.unwrap();
        // A whole piece with a right checksum, but not the one the checkpoint was made of.
        let other = b"of another checkpoint".to_vec();
        let checksum = i64::from(crc32(&other));
        run(channel, sql("UPDATE usage_checkpoint_piece SET bytes = $1, checksum = $2").bind(other).bind(checksum))
            .await;
    });
}

#[test]
fn a_checkpoint_in_the_middle_and_the_rest_of_the_log_make_the_whole() {
    on_every_engine(|bench| async move {
        let (channel, _, own) = open(&bench).await;
        some_months(&channel, &own).await;
        channel.world().metering().checkpoint().await.unwrap();
        channel.accept(vec![hours(&own, "after", "2026-03-01", "1")]).await;
        channel.advance_to("2026-04-10").await;
        let before = state(&channel).await;
        let channel = channel.reopen(&bench).await;
        assert!(state(&channel).await == before);
        prove_replay(&channel).await;
    });
}

#[test]
fn a_damaged_or_missing_record_is_named_and_stops_the_start() {
    on_every_engine(|bench| async move {
        let (channel, _, own) = open(&bench).await;
        some_months(&channel, &own).await;
        let again = async || {
            let world = channel.world();
            Metering::open(&world.system("test"), world.db(), true)
                .await
                .err()
                .map(|problem: Problem| problem.cause_chain())
        };
        assert_eq!(again().await, None);
        run(&channel, sql("UPDATE usage_log SET checksum = checksum - 1 WHERE seq = 7")).await;
        let said = again().await.unwrap();
        assert!(said.contains("usage log record 7 does not match its checksum"), "{said}");
        run(&channel, sql("UPDATE usage_log SET checksum = checksum + 1 WHERE seq = 7")).await;
        assert_eq!(again().await, None);
        run(&channel, sql("DELETE FROM usage_log WHERE seq = 7")).await;
        let said = again().await.unwrap();
        assert!(said.contains("log record 8 where 7 was expected"), "{said}");
    });
}

#[test]
fn a_log_cut_off_at_its_end_is_noticed() {
    on_every_engine(|bench| async move {
        let (channel, _, own) = open(&bench).await;
        channel.accept(vec![hours(&own, "a", "2026-01-10", "1")]).await;
        run(&channel, sql("DELETE FROM usage_log WHERE seq = (SELECT MAX(seq) FROM usage_log)")).await;
        let world = channel.world();
        let refused = Metering::open(&world.system("test"), world.db(), true).await.unwrap_err();
        assert!(
            refused.cause_chain().contains("the usage log ends at record 5, but the next is to be 7"),
            "{refused:?}"
        );
    });
}

#[test]
fn checkpoints_are_kept_as_the_log_grows_and_their_failure_loses_nothing() {
    on_every_engine(|bench| async move {
        let (channel, _, own) = open(&bench).await;
        let chance = Chance::from_seed(5);
        // Tags that do not compress: a mebibyte is soon there.
        let tags = || (0..2_000).map(|_| chance.guid().simple().to_string()).collect::<String>();
        let heavy = |id: &str| Event { tags: tags(), ..hours(&own, id, "2026-01-10", "1") };
        let kept = async || {
            let mut reader = channel.world().db().reader().await.unwrap();
            let row = sql("SELECT seq FROM usage_checkpoint").maybe(&mut reader).await.unwrap();
            row.map(|row| row.integer("seq").unwrap())
        };
        let position = async || channel.world().metering().read_all(Fold::position).await;
        channel.accept((0..10).map(|n| heavy(&format!("a{n}"))).collect()).await;
        assert_eq!(kept().await, None);
        channel.accept((0..10).map(|n| heavy(&format!("b{n}"))).collect()).await;
        channel.world().metering().upkept().await;
        assert_eq!(kept().await, Some(position().await));

        // The batch is durable before the checkpoint is tried: an error would make the sender send it again.
        let mut tx = channel.world().db().begin().await.unwrap();
        sql("ALTER TABLE usage_checkpoint RENAME TO elsewhere").run(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        for batch in ["c", "d", "e", "f"] {
            channel.accept((0..10).map(|n| heavy(&format!("{batch}{n}"))).collect()).await;
            channel.world().metering().upkept().await;
        }
        prove_replay(&channel).await;
        assert_eq!(channel.world().clock().now(), Timestamp::parse("2026-01-10T12:00:00Z").unwrap());
    });
}

/// The checksum of zip files, bit by bit.
fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 & 0_u32.wrapping_sub(crc & 1)))
    };
    !bytes.iter().fold(u32::MAX, step)
}
