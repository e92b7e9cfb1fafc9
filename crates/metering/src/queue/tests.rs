//! What a group is, held against batches sent one after another; and what is left when a leader goes away.

use super::*;
use crate::keeping::replay;
use std::collections::BTreeSet;
use std::future::Future;
use std::pin::pin;
use std::task::Poll;
use tempfile::TempDir;
use tenantry_core::clock::ManualClock;
use tenantry_core::{
    AppId, Caller, Chance, Currency, Identity, MeterId, ObjectId, ResourceUri, Role, SubscriptionId, TenantId,
    TenantKind, Timestamp,
};
use tenantry_db::log::Span;
use tenantry_db::{Db, Location};
use tenantry_usage::{Event, Fold, Record, ServiceState, SubscriptionTerms};
use uuid::Uuid;

const PARTNER: TenantId = TenantId::new(Uuid::from_u128(7));
const SUBSCRIPTION: SubscriptionId = SubscriptionId::new(Uuid::from_u128(1));

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

struct Scene {
    metering: Metering,
    platform: OpContext,
    partner: OpContext,
    _directory: TempDir,
}

/// A sandbox with one subscription of a partner, who may report on it, and no price.
async fn scene() -> Scene {
    let directory = tempfile::tempdir().unwrap();
    let db = Db::open(Location::File(directory.path().join("world.sqlite"))).await.unwrap();
    let clock = Arc::new(ManualClock::at(at("2026-01-20T00:00:00Z")));
    db.migrate(&[tenantry_db::SLICE], at("2026-01-01")).await.unwrap();
    let platform = OpContext::system("test", clock, Arc::new(Chance::from_seed(1)));
    let id = Uuid::from_u128(2);
    let identity =
        Identity::application(AppId::new(id), ObjectId::new(id), (PARTNER, TenantKind::Partner), [Role::AdminAgent]);
    let partner = OpContext { caller: Caller::SignedIn(identity), ..platform.clone() };
    let metering = Metering::open(&platform, &db, true).await.unwrap();
    let terms = SubscriptionTerms {
        id: SUBSCRIPTION,
        customer: TenantId::new(Uuid::from_u128(8)),
        partner: PARTNER,
        channel: Vec::new(),
        market: "US".to_owned(),
        currency: Currency::parse("USD").unwrap(),
        created_at: at("2026-01-01"),
        state: ServiceState::Active,
        since: at("2026-01-01"),
    };
    let mut turn = metering.turn().await.unwrap();
    turn.append(platform.now(), Span::NONE, Record::Subscription(terms)).await.unwrap();
    turn.commit().await.unwrap();
    Scene { metering, platform, partner, _directory: directory }
}

fn event(id: &str, quantity: i64) -> Event {
    Event {
        reporter: None,
        source: "meters".to_owned(),
        id: id.to_owned(),
        at: at("2026-01-10T05:00:00Z"),
        subscription: SUBSCRIPTION,
        meter: MeterId::new(Uuid::from_u128(3)),
        resource: ResourceUri::new("/machine"),
        region: "west".to_owned(),
        quantity: Quantity::whole(quantity),
        corrects: None,
        tags: String::new(),
        additional_info: String::new(),
    }
}

impl Scene {
    fn enter(&self, ctx: &OpContext, batch: Vec<Submitted>) -> oneshot::Receiver<Answer> {
        let place = self.metering.queue.room.take(Size::of(&batch)).unwrap();
        self.metering.queue.enter(ctx, Asked { events: batch, step: None, ahead: Ahead::default(), place })
    }

    async fn commit_all(&self) -> usize {
        let mut groups = 0;
        while !self.metering.queue.waiting().is_empty() {
            self.metering.commit_group(&self.platform).await;
            groups += 1;
        }
        groups
    }

    async fn position(&self) -> i64 {
        self.metering.read_all(Fold::position).await
    }

    async fn knows(&self, id: &str) -> bool {
        self.metering.read_all(|fold| fold.find(None, "meters", id).is_some()).await
    }

    /// All events of the log, in its order.
    async fn counted(&self) -> Vec<Event> {
        let mut reader = self.metering.db.reader().await.unwrap();
        let stored = tenantry_db::log::after(&mut reader, crate::engine::partition(), 0, 1_000).await.unwrap();
        let events = stored.iter().map(|stored| match Record::decode(&stored.bytes).unwrap() {
            Record::Usage(events) => events,
            _ => Vec::new(),
        });
        events.flatten().collect()
    }
}

/// The verdicts a caller was told.
async fn told(answer: oneshot::Receiver<Answer>) -> Result<Vec<Verdict>, Problem> {
    answer.await.unwrap().map(|told| match told {
        Told::Judged(taken) => taken.verdicts,
        Told::LookAhead(_) => panic!("it names little"),
    })
}

/// Small numbers, the same for a seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    /// Few names and few quantities, so that names meet, agree and contradict; corrections of all kinds.
    fn submitted(&mut self) -> Submitted {
        let id = format!("e{}", self.below(12));
        let quantity = i64::try_from(self.below(3)).unwrap() + 1;
        match self.below(10) {
            0 => Submitted::Unreadable(Verdict::refused("missing_field", "id", "id is required")),
            1 => Submitted::Event(Event { subscription: SubscriptionId::new(Uuid::nil()), ..event(&id, 1) }),
            2..=4 => {
                let corrects = Some(format!("e{}", self.below(12)));
                Submitted::Event(Event { corrects, ..event(&format!("c{}", self.below(8)), -quantity) })
            }
            _ => Submitted::Event(event(&id, quantity)),
        }
    }
}

#[tokio::test]
async fn a_group_is_judged_as_if_its_batches_had_come_one_after_another() {
    let mut verdicts_seen = BTreeSet::new();
    for seed in 0..40 {
        let mut dice = Dice(seed);
        let batches: Vec<(bool, Vec<Submitted>)> = (0..dice.below(9) + 2)
            .map(|_| (dice.below(3) == 0, (0..=dice.below(6)).map(|_| dice.submitted()).collect()))
            .collect();
        let (grouped, single) = (scene().await, scene().await);
        let answers: Vec<_> = batches
            .iter()
            .map(|(by_partner, batch)| {
                let ctx = if *by_partner { &grouped.partner } else { &grouped.platform };
                grouped.enter(ctx, batch.clone())
            })
            .collect();
        let groups = grouped.commit_all().await;
        for ((by_partner, batch), answer) in batches.iter().zip(answers) {
            let ctx = if *by_partner { &single.partner } else { &single.platform };
            let expected = single.metering.intake(ctx, batch.clone()).await.unwrap();
            assert_eq!(told(answer).await.unwrap(), expected, "seed {seed}: {batch:?}");
            verdicts_seen
                .extend(expected.iter().map(|verdict| format!("{verdict:?}").chars().take(40).collect::<String>()));
        }
        assert_eq!(grouped.counted().await, single.counted().await, "seed {seed}");
        assert!(grouped.position().await <= single.position().await && groups <= batches.len());
        let mut replayed = Fold::default();
        replay(&grouped.metering.db, &mut replayed, i64::MAX).await.unwrap();
        let live = grouped.metering.read_all(Fold::checkpoint).await.unwrap();
        assert!(replayed.checkpoint().unwrap() == live, "seed {seed}: a replay gives another state");
    }
    for part in ["Accepted", "Duplicate", "\"id_conflict\"", "\"correction_mis", "\"corrects_unkn", "\"unknown_sub"] {
        assert!(verdicts_seen.iter().any(|seen| seen.contains(part)), "no {part} in {verdicts_seen:?}");
    }
}

#[tokio::test]
async fn many_batches_are_one_record_and_one_that_cannot_be_kept_fails_alone() {
    let scene = scene().await;
    let before = scene.position().await;
    let mut answers = Vec::new();
    for n in 0..50 {
        let mut batch = vec![Submitted::Event(event(&format!("e{n}"), 1))];
        if n == 20 {
            // Each for itself is allowed, all together are beyond the range of exact sums.
            batch = (0..3).map(|k| Submitted::Event(event(&format!("huge {k}"), 40_000_000_000_000))).collect();
        }
        answers.push(scene.enter(&scene.platform, batch));
    }
    let groups = scene.commit_all().await;
    assert_eq!((groups, scene.position().await - before), (3, 2), "before it, it alone, after it");
    for (n, answer) in answers.into_iter().enumerate() {
        match told(answer).await {
            Ok(verdicts) => assert_eq!((verdicts, n == 20), (vec![Verdict::Accepted { unrated: true }], false)),
            Err(problem) => assert_eq!((n, problem.reason()), (20, Reason::Unsupported), "{problem:?}"),
        }
    }
    assert!(!scene.knows("huge 0").await && scene.knows("e49").await);
    assert_eq!(scene.metering.waiting_events(), 0, "all room is given back");
}

#[tokio::test]
async fn long_groups_become_records_of_bounded_length() {
    let scene = scene().await;
    let before = scene.position().await;
    let batch = |name: &str| (0..7_000).map(|n| Submitted::Event(event(&format!("{name}{n}"), 1))).collect();
    let answers = ["a", "b", "c"].map(|name| scene.enter(&scene.platform, batch(name)));
    assert_eq!(scene.commit_all().await, 2, "two fit one group");
    assert_eq!(scene.position().await - before, 3, "records of 10,000, 4,000 and 7,000");
    for answer in answers {
        assert!(told(answer).await.unwrap().iter().all(|verdict| *verdict == Verdict::Accepted { unrated: true }));
    }
}

/// Looks at a future so often; whether it was done by then.
async fn done_after(looks: usize, future: impl Future<Output = ()>) -> bool {
    let mut future = pin!(future);
    let mut left = looks;
    std::future::poll_fn(move |context| {
        if left == 0 {
            return Poll::Ready(false);
        }
        left -= 1;
        future.as_mut().poll(context).map(|()| true)
    })
    .await
}

#[tokio::test]
async fn a_leader_that_goes_away_at_any_moment_leaves_everybody_with_an_answer_or_in_line() {
    let scene = scene().await;
    // Named again in every round, so that the log is read as well.
    scene.metering.intake(&scene.platform, vec![Submitted::Event(event("old", 1))]).await.unwrap();
    let (mut finished, mut waited_on, mut refused) = (0, 0, 0);
    for looks in 0..200 {
        let names: Vec<_> = (0..3).map(|n| format!("{looks}/{n}")).collect();
        let batch = |name: &String| vec![Submitted::Event(event(name, 1)), Submitted::Event(event("old", 1))];
        let mut answers: Vec<_> = names.iter().map(|name| scene.enter(&scene.platform, batch(name))).collect();
        let gone = answers.remove(1);
        drop(gone);
        let done = done_after(looks, scene.metering.commit_group(&scene.platform)).await;
        scene.commit_all().await;
        for (name, answer) in [&names[0], &names[2]].into_iter().zip(answers) {
            match told(answer).await {
                Ok(verdicts) => {
                    assert_eq!(verdicts, [Verdict::Accepted { unrated: true }, Verdict::Duplicate]);
                    assert!(scene.knows(name).await, "acknowledged and lost after {looks} looks");
                    waited_on += usize::from(!done);
                }
                Err(problem) => {
                    assert_eq!((problem.reason(), done), (Reason::Unavailable, false), "{problem:?}");
                    refused += 1;
                    let again = scene.metering.intake(&scene.platform, batch(name)).await.unwrap();
                    assert_eq!(again[1], Verdict::Duplicate);
                    assert!(!matches!(again[0], Verdict::Refused { .. }), "{again:?}");
                }
            }
        }
        finished += usize::from(done);
        if finished == 3 {
            break;
        }
    }
    assert!(finished == 3 && waited_on > 0 && refused > 0, "{finished} {waited_on} {refused}");
    assert_eq!(scene.metering.waiting_events(), 0);
}

#[tokio::test]
async fn what_waits_is_bounded_and_what_is_refused_is_not_counted() {
    let scene = scene().await;
    scene.metering.set_waiting_max(10, usize::MAX);
    let batch = |name: &str, events: usize| {
        (0..events).map(|n| Submitted::Event(event(&format!("{name}{n}"), 1))).collect::<Vec<_>>()
    };
    // The first is taken whatever the bound.
    let first = scene.enter(&scene.platform, batch("first", 12));
    assert!(scene.metering.has_room().is_err());
    let refused = scene.metering.intake(&scene.platform, batch("second", 1)).await.unwrap_err();
    assert_eq!((refused.reason(), refused.retry_after_seconds()), (Reason::Throttled, Some(1)), "{refused:?}");
    assert_eq!(scene.metering.waiting_events(), 12);
    scene.commit_all().await;
    assert_eq!(told(first).await.unwrap().len(), 12);
    assert!(scene.metering.has_room().is_ok() && !scene.knows("second0").await);
    assert!(scene.metering.intake(&scene.platform, batch("second", 1)).await.is_ok());
    // Room is for events, not for batches: 6 and 4 fit, 1 more does not.
    let waiting = [scene.enter(&scene.platform, batch("a", 6)), scene.enter(&scene.platform, batch("b", 4))];
    assert!(scene.metering.intake(&scene.platform, batch("c", 1)).await.is_err());
    scene.commit_all().await;
    for answer in waiting {
        assert!(told(answer).await.is_ok());
    }
    assert_eq!(scene.metering.waiting_events(), 0);
}

#[tokio::test]
async fn room_is_counted_in_bytes_too() {
    let scene = scene().await;
    let heavy = |name: &str| vec![Submitted::Event(Event { tags: "t".repeat(8_000), ..event(name, 1) })];
    let bytes = Size::of(&heavy("a")).bytes;
    assert!((8_000..9_000).contains(&bytes), "{bytes}");
    scene.metering.set_waiting_max(1_000, 3 * bytes);
    let waiting = ["a", "b", "c"].map(|name| scene.enter(&scene.platform, heavy(name)));
    assert!(scene.metering.has_room().is_err());
    let refused = scene.metering.intake(&scene.platform, heavy("d")).await.unwrap_err();
    assert_eq!((refused.reason(), refused.retry_after_seconds()), (Reason::Throttled, Some(1)), "{refused:?}");
    scene.commit_all().await;
    for answer in waiting {
        assert!(told(answer).await.is_ok());
    }
    assert!(scene.metering.has_room().is_ok() && !scene.knows("d").await);
    assert!(scene.metering.intake(&scene.platform, heavy("d")).await.is_ok());
}

/// Puts events into the log one by one: each is a record.
async fn one_by_one(scene: &Scene, events: usize) -> Vec<Submitted> {
    let batch: Vec<_> = (0..events).map(|n| Submitted::Event(event(&format!("old {n}"), 1))).collect();
    for one in &batch {
        scene.metering.intake(&scene.platform, vec![one.clone()]).await.unwrap();
    }
    batch
}

#[tokio::test]
async fn a_resend_of_events_of_many_records_is_looked_up_before_its_turn_and_holds_up_nobody() {
    let scene = scene().await;
    let records = crate::ahead::RECORDS_IN_TURN + 1;
    let resent = one_by_one(&scene, records).await;
    let before = scene.position().await;
    let (many, few) = (resent.clone(), resent[1..].to_vec());
    let fresh = vec![Submitted::Event(event("fresh", 1))];
    let many = scene.enter(&scene.platform, many);
    let others = [few, fresh].map(|batch| scene.enter(&scene.platform, batch));
    assert_eq!(scene.commit_all().await, 1, "one turn");
    let Ok(Told::LookAhead(back)) = many.await.unwrap() else { panic!("it names more than a turn reads") };
    assert!(back.events == resent && !back.ahead.looked);
    for (answer, expected) in others.into_iter().zip([Verdict::Duplicate, Verdict::Accepted { unrated: false }]) {
        let same_kind = |verdict: &Verdict| std::mem::discriminant(verdict) == std::mem::discriminant(&expected);
        assert!(told(answer).await.unwrap().iter().all(same_kind), "not held up");
    }
    // It comes again with what it found, and is judged without a look at the log.
    let mut asked = *back;
    asked.ahead = scene.metering.look_ahead(&scene.platform, &asked.events).await.unwrap();
    assert_eq!((asked.ahead.named.len(), asked.ahead.known.len()), (records, records));
    let again = scene.metering.queue.enter(&scene.platform, asked);
    assert_eq!(scene.commit_all().await, 1);
    assert_eq!(told(again).await.unwrap(), vec![Verdict::Duplicate; records]);
    assert_eq!(scene.position().await, before + 1, "the one that was new");
    assert_eq!(scene.metering.waiting_events(), 0);
}

#[tokio::test]
async fn what_was_counted_between_the_look_and_the_turn_is_a_duplicate_all_the_same() {
    let scene = scene().await;
    let mut resent = one_by_one(&scene, 20).await;
    resent.push(Submitted::Event(event("new at the look", 1)));
    resent.push(Submitted::Event(Event { corrects: Some("new at the look".to_owned()), ..event("back", -1) }));
    let place = scene.metering.queue.room.take(Size::of(&resent)).unwrap();
    let ahead = scene.metering.look_ahead(&scene.platform, &resent).await.unwrap();
    scene.metering.intake(&scene.platform, vec![Submitted::Event(event("new at the look", 1))]).await.unwrap();
    let answer = scene.metering.queue.enter(&scene.platform, Asked { events: resent, step: None, ahead, place });
    scene.commit_all().await;
    let verdicts = told(answer).await.unwrap();
    assert_eq!(verdicts[..21], vec![Verdict::Duplicate; 21]);
    assert!(matches!(verdicts[21], Verdict::Accepted { .. }), "and it can be corrected: {verdicts:?}");
}

#[tokio::test]
async fn a_group_opens_a_bounded_number_of_records() {
    let scene = scene().await;
    let each = crate::ahead::RECORDS_IN_TURN;
    let senders = crate::ahead::GROUP_RECORDS_IN_TURN / each + 2;
    let resent = one_by_one(&scene, each * senders).await;
    let answers: Vec<_> = resent.chunks(each).map(|batch| scene.enter(&scene.platform, batch.to_vec())).collect();
    scene.commit_all().await;
    let mut sent_away = 0;
    for answer in answers {
        match answer.await.unwrap().unwrap() {
            Told::Judged(taken) => assert_eq!(taken.verdicts, vec![Verdict::Duplicate; each]),
            Told::LookAhead(_) => sent_away += 1,
        }
    }
    assert_eq!(sent_away, 2, "what finds no room looks for itself");
    // Whoever asks for verdicts sees nothing of it.
    let verdicts = scene.metering.intake(&scene.platform, resent).await.unwrap();
    assert!(verdicts.iter().all(|verdict| *verdict == Verdict::Duplicate));
}
