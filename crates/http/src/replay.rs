//! Writes that are sent again get the first answer and act once.
//!
//! Clients repeat: one family sends a refused request five times within milliseconds, another repeats whatever
//! is not a definite answer (partner-center-v1.md 1.8). The repetition has the same `MS-RequestId`, so the
//! answer is kept under (tenant, application, request id, method, path) with a fingerprint of query and body.
//! Answers that a repetition may change, 429 and 5xx, are not kept.
//!
//! Two repetitions at the same time: the second waits until the first is through, also if another process of the world
//! is at it (`tenantry_db::replay::claim`). The answer is kept after the act, in a commit of its own: when the machine
//! dies between the two, a repetition acts again, and what protects then are the unique keys of the slices.

use crate::caller::is_write;
use crate::{Answer, CallMeta, Ground};
use http::{HeaderName, HeaderValue, StatusCode};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tenantry_core::{Caller, OpContext, Problem, Reason, TenantId};
use tenantry_db::replay::{self, Claim, Kept};
use tokio::sync::{Mutex as Gate, OwnedMutexGuard};

/// Requests and answers above this many bytes are not kept.
pub const LARGEST_KEPT: usize = 1 << 20;

/// Marks an answer that was given before.
pub const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// What it means when a request id comes again with another body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replay {
    /// A mistake of the client, refused with [`Reason::IdempotencyMismatch`](tenantry_core::Reason).
    OtherBodyRefused,
    /// Another request: some clients run a whole session under one request id.
    OtherBodyApart,
    /// Nothing is kept: the operation has an idempotency of its own, as usage intake does.
    Off,
}

/// Under what an answer is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Key {
    tenant: TenantId,
    request: String,
    fingerprint: String,
}

impl Key {
    /// The key of a write that its client has named; `None` for everything else.
    pub(crate) fn of(rule: Replay, meta: &CallMeta, ctx: &OpContext, query: &str, body: &[u8]) -> Option<Self> {
        if rule == Replay::Off || !is_write(&meta.method) || !meta.named_by_client {
            return None;
        }
        let Caller::SignedIn(identity) = &ctx.caller else { return None };
        let fingerprint = fingerprint(query, body);
        let mut request = format!("{} {} {} {}", meta.request_id, meta.method, meta.path, identity.app);
        if identity.user.is_some() {
            // Two users of one application are two callers.
            request = format!("{request} {}", identity.principal);
        }
        if rule == Replay::OtherBodyApart {
            request = format!("{request} {fingerprint}");
        }
        Some(Self { tenant: identity.tenant, request, fingerprint })
    }
}

/// The length of the query goes first, so that moving a byte between query and body changes the digest.
fn fingerprint(query: &str, body: &[u8]) -> String {
    let mut hasher = Sha256::new();
    hasher.update(query.len().to_be_bytes());
    hasher.update(query);
    hasher.update(body);
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// How long a repetition waits for another process, and how often it looks.
const LOOKS: u32 = 100;
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// The answer this request got before; `None`: it is ours to act.
pub(crate) async fn begin(world: &impl Ground, key: &Key) -> Result<Option<Answer>, Problem> {
    let db = world.db();
    let found = replay::find(db, key.tenant, &key.request, &key.fingerprint).await;
    if let Some(kept) = found.map_err(in_words_of_the_client)? {
        return again(kept).map(Some);
    }
    if !db.takes_many() {
        return Ok(None);
    }
    for _ in 0..LOOKS {
        let claimed = replay::claim(db, key.tenant, &key.request, &key.fingerprint, world.clock().now()).await;
        match claimed.map_err(in_words_of_the_client)? {
            Claim::Ours => return Ok(None),
            Claim::Kept(kept) => return again(kept).map(Some),
            Claim::UnderWay => look_later().await,
        }
    }
    let told = "the same request is being answered by another process of this world; send it again to get its answer";
    Err(Problem::new(Reason::WorldBusy, told).retry_after(1))
}

#[expect(clippy::disallowed_methods, reason = "the other process is at it in real time")]
async fn look_later() {
    tokio::time::sleep(LOOK_EVERY).await;
}

/// A kept answer as it is given again.
fn again(kept: Kept) -> Result<Answer, Problem> {
    let status = u16::try_from(kept.status)
        .ok()
        .and_then(|code| StatusCode::from_u16(code).ok())
        .ok_or_else(|| Problem::corrupt(format!("status {} of a kept answer", kept.status)))?;
    let mut answer = Answer::empty(status).with(REPLAYED, "true");
    answer.body = kept.body.into();
    for line in kept.headers.lines() {
        let (name, value) = line.split_once(": ").unwrap_or((line, ""));
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            answer.headers.append(name, value);
        }
    }
    Ok(answer)
}

/// The database names its whole key; the client knows only the header it sent.
fn in_words_of_the_client(problem: Problem) -> Problem {
    if problem.reason() != Reason::IdempotencyMismatch {
        return problem;
    }
    let message = "MS-RequestId: this id came before with another body or query for the same method and path; \
                   repeat the request unchanged, or use a new id for a new request";
    Problem::new(Reason::IdempotencyMismatch, message).at("MS-RequestId")
}

/// Keeps an answer, if it is one that a repetition must get again.
pub(crate) async fn keep(world: &impl Ground, key: &Key, answer: &Answer) -> Result<(), Problem> {
    let passing = answer.status.is_server_error() || answer.status == StatusCode::TOO_MANY_REQUESTS;
    if passing || answer.body.len() > LARGEST_KEPT {
        return if world.db().takes_many() {
            replay::release(world.db(), key.tenant, &key.request).await
        } else {
            Ok(())
        };
    }
    let headers: Vec<String> = answer
        .headers
        .iter()
        .filter_map(|(name, value)| value.to_str().ok().map(|value| format!("{name}: {value}")))
        .collect();
    let kept =
        Kept { status: i64::from(answer.status.as_u16()), headers: headers.join("\n"), body: answer.body.to_vec() };
    replay::keep(world.db(), key.tenant, &key.request, &key.fingerprint, &kept, world.clock().now()).await
}

type Gates = Mutex<BTreeMap<String, Arc<Gate<()>>>>;

/// The named writes that are being answered right now.
#[derive(Debug, Default)]
pub(crate) struct InFlight(Arc<Gates>);

/// Holds back others with the same key until dropped.
#[derive(Debug)]
pub(crate) struct Turn {
    gates: Arc<Gates>,
    name: String,
    gate: OwnedMutexGuard<()>,
}

impl InFlight {
    /// Waits until no other request with this key is under way.
    pub(crate) async fn turn(&self, key: &Key) -> Turn {
        let name = format!("{} {}", key.tenant, key.request);
        let gate = {
            let mut gates = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(gates.entry(name.clone()).or_default())
        };
        Turn { gates: Arc::clone(&self.0), name, gate: gate.lock_owned().await }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut gates = self.gates.lock().unwrap_or_else(PoisonError::into_inner);
        // One hand is the table's, one is ours. More hands are waiting, and find the gate by the one they hold.
        if Arc::strong_count(OwnedMutexGuard::mutex(&self.gate)) <= 2 {
            gates.remove(&self.name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::{Bench, header, send, site};
    use crate::{Call, Face, Route, Site};
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// A face whose every answer says how often its handlers ran. The last part of the path says how it ends.
    fn face() -> Face<Bench> {
        let ran = Arc::new(AtomicUsize::new(0));
        let act = move |call: Call<Bench>| {
            let ran = Arc::clone(&ran);
            async move {
                let times = ran.fetch_add(1, Ordering::SeqCst) + 1;
                // Gives others the chance to run in between, as a database would.
                tokio::task::yield_now().await;
                let reason = match call.param("how")? {
                    "refused" => Reason::DomainTaken,
                    "throttled" => Reason::Throttled,
                    "broken" => Reason::Internal,
                    "long" => return Ok(Answer::text(StatusCode::OK, "0".repeat(LARGEST_KEPT) + &times.to_string())),
                    _ => {
                        let answer = Answer::created(&times)?;
                        return Ok(answer.with(http::header::LOCATION, format!("/done/{times}")));
                    }
                };
                Err(Problem::new(reason, format!("attempt {times}")))
            }
        };
        Face::new("replay").audiences(["test"]).routes([
            Route::post("/act/{how}", "act.post", "Acts", act.clone()),
            Route::put("/act/{how}", "act.put", "Acts", act.clone()),
            Route::get("/act/{how}", "act.get", "Looks", act.clone()),
            Route::post("/apart/{how}", "apart.post", "Acts", act.clone()).replay(Replay::OtherBodyApart),
            Route::post("/off/{how}", "off.post", "Acts", act).replay(Replay::Off).body_limit(4 << 20),
        ])
    }

    const ID: &str = "aaaaaaaa-0000-4000-8000-000000000001";

    async fn twice(site: &Arc<Site<Bench>>, first: (&str, &str, &str), second: (&str, &str, &str)) -> String {
        let mut seen = Vec::new();
        for (what, id, body) in [first, second] {
            let token = ("Authorization", "Bearer tenant-7");
            let headers = if id.is_empty() { vec![token] } else { vec![token, ("MS-RequestId", id)] };
            let answer = send(site, what, &headers, body).await;
            let times: String =
                answer.body.iter().rev().map(|b| char::from(*b)).filter(char::is_ascii_digit).take(1).collect();
            let mark = if header(&answer.headers, "idempotency-replayed") == "true" { " again" } else { "" };
            seen.push(match answer.status.as_u16() {
                409 if String::from_utf8_lossy(&answer.body).contains("idempotency_mismatch") => "mismatch".to_owned(),
                409 | 429 | 500 => format!("{}{mark}", answer.status.as_u16()),
                status => format!("{status} #{times}{mark}"),
            });
        }
        seen.join(", ")
    }

    #[tokio::test]
    async fn a_repeated_write_gets_the_first_answer() {
        let other = "bbbbbbbb-0000-4000-8000-000000000001";
        for (name, first, second, expected) in [
            ("the same", ("POST /act/a", ID, "x"), ("POST /act/a", ID, "x"), "201 #1, 201 #1 again"),
            (
                "id in upper case",
                ("POST /act/a", ID, "x"),
                ("POST /act/a", &ID.to_uppercase(), "x"),
                "201 #1, 201 #1 again",
            ),
            ("another id", ("POST /act/a", ID, "x"), ("POST /act/a", other, "x"), "201 #1, 201 #2"),
            ("no id", ("POST /act/a", "", "x"), ("POST /act/a", "", "x"), "201 #1, 201 #2"),
            ("another path", ("POST /act/a", ID, "x"), ("POST /act/b", ID, "x"), "201 #1, 201 #2"),
            ("another method", ("POST /act/a", ID, "x"), ("PUT /act/a", ID, "x"), "201 #1, 201 #2"),
            ("another body", ("POST /act/a", ID, "x"), ("POST /act/a", ID, "y"), "201 #1, mismatch"),
            ("another query", ("POST /act/a?q=1", ID, "x"), ("POST /act/a?q=2", ID, "x"), "201 #1, mismatch"),
            ("another body, apart", ("POST /apart/a", ID, "x"), ("POST /apart/a", ID, "y"), "201 #1, 201 #2"),
            ("the same, apart", ("POST /apart/a", ID, "x"), ("POST /apart/a", ID, "x"), "201 #1, 201 #1 again"),
            ("switched off", ("POST /off/a", ID, "x"), ("POST /off/a", ID, "x"), "201 #1, 201 #2"),
            ("a look", ("GET /act/a", ID, ""), ("GET /act/a", ID, ""), "201 #1, 201 #2"),
            ("a refusal", ("POST /act/refused", ID, "x"), ("POST /act/refused", ID, "x"), "409, 409 again"),
            ("too much", ("POST /act/throttled", ID, "x"), ("POST /act/throttled", ID, "x"), "429, 429"),
            ("our fault", ("POST /act/broken", ID, "x"), ("POST /act/broken", ID, "x"), "500, 500"),
            ("a long answer", ("POST /act/long", ID, "x"), ("POST /act/long", ID, "x"), "200 #1, 200 #2"),
        ] {
            assert_eq!(twice(&site([face()]).await, first, second).await, expected, "{name}");
        }
    }

    #[tokio::test]
    async fn the_answer_is_the_same_to_the_header_and_only_for_its_tenant() {
        let site = site([face()]).await;
        let ask = async |tenant: &str| {
            let headers = [("Authorization", tenant), ("MS-RequestId", ID), ("MS-CorrelationId", ID)];
            send(&site, "POST /act/a", &headers, "x").await
        };
        let mut first = ask("Bearer tenant-7").await;
        let again = ask("Bearer tenant-7").await;
        first.headers.insert(REPLAYED, HeaderValue::from_static("true"));
        assert_eq!(first, again);
        assert_eq!(header(&again.headers, "location"), "/done/1");
        assert_eq!(header(&ask("Bearer tenant-8").await.headers, "location"), "/done/2");
    }

    #[tokio::test]
    async fn requests_at_the_same_time_act_once() {
        let (entered, mut entries) = tokio::sync::mpsc::unbounded_channel();
        let go_on = Arc::new(tokio::sync::Semaphore::new(0));
        let released = Arc::clone(&go_on);
        let act = move |_: Call<Bench>| {
            let (entered, go_on) = (entered.clone(), Arc::clone(&go_on));
            async move {
                entered.send(()).unwrap();
                go_on.acquire().await.map_err(Problem::internal)?.forget();
                Answer::ok(&"done")
            }
        };
        let face = Face::new("slow").audiences(["test"]).routes([Route::post("/slow", "slow.post", "", act)]);
        let site = site([face]).await;
        let ask = || {
            let site = Arc::clone(&site);
            let headers = [("Authorization", "Bearer tenant-7"), ("MS-RequestId", ID)];
            tokio::spawn(async move { send(&site, "POST /slow", &headers, "x").await })
        };
        let first = ask();
        entries.recv().await.unwrap();
        let second = ask();
        // The table, the first and the second each hold the gate once the second waits at it.
        while site.in_flight.0.lock().unwrap().values().all(|gate| Arc::strong_count(gate) < 3) {
            assert!(entries.try_recv().is_err(), "the second acted while the first was under way");
            tokio::task::yield_now().await;
        }
        released.add_permits(2);
        assert_eq!(header(&first.await.unwrap().headers, "idempotency-replayed"), "");
        assert_eq!(header(&second.await.unwrap().headers, "idempotency-replayed"), "true");
        assert!(entries.try_recv().is_err(), "the second acted after the first");
    }

    #[tokio::test]
    async fn gates_are_gone_when_nobody_waits() {
        let in_flight = InFlight::default();
        let key = Key { tenant: TenantId::new(uuid::Uuid::nil()), request: "r".to_owned(), fingerprint: String::new() };
        let first = in_flight.turn(&key).await;
        let waiting = tokio::spawn({
            let (key, again) = (key.clone(), InFlight(Arc::clone(&in_flight.0)));
            async move { drop(again.turn(&key).await) }
        });
        tokio::task::yield_now().await;
        drop(first);
        waiting.await.unwrap();
        assert!(in_flight.0.lock().unwrap().is_empty());
    }
}
