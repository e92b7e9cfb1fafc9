//! The real program, killed while clients send usage over HTTPS and while it closes a month.

use crate::https::Client;
use crate::proof;
use crate::setting::{Setting, fifth, first_month};
use crate::victim::{Moment, Victim, pass};
use crate::work::EVENTS;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Sender, channel};
use tenantry_core::Month;
use tenantry_db::Location;
use tenantry_testkit::{OnFailure, on_every_engine};
use tenantry_usage::Event;

const KILLS_IN_INTAKE: u64 = 3;
const KILLS_IN_CLOSE: u64 = 3;
const CLIENTS: u64 = 3;
/// Batches acknowledged before a kill, at most, and the time after that.
const LINES: u64 = 30;
const MICROS: u64 = 20_000;
/// A close takes about that long.
const CLOSE_MICROS: u64 = 60_000;
const PARTNERS: usize = 4;

#[test]
fn the_program_killed_behind_https_loses_and_doubles_nothing() {
    on_every_engine(|bench| async move {
        let data = bench.directory().join("data");
        std::fs::create_dir(&data).unwrap();
        let location = match bench.location() {
            Location::File(_) => Location::File(data.join("world.sqlite")),
            server @ Location::Server { .. } => server.clone(),
        };
        let setting = Setting::new(location, PARTNERS).await;
        let mut server = Server::start(&setting, &data);
        let mut sent = BTreeSet::new();
        for number in 0..KILLS_IN_INTAKE {
            let moment = Moment::of(number, LINES, MICROS);
            let _which = OnFailure(format!("kill {number} of this test, at {moment:?}"));
            let first = sent.last().map_or(0, |last| last + 1);
            let (acknowledged, under_way) = kill_in_intake(&setting, server, first, moment);
            server = Server::start(&setting, &data);
            resend(&setting, &server, first_month(), &acknowledged, &under_way);
            sent.extend(acknowledged.into_iter().chain(under_way));
        }

        let mut months = BTreeMap::from([(first_month(), sent.iter().copied().collect::<Vec<_>>())]);
        for number in 0..KILLS_IN_CLOSE {
            let moment = Moment { lines: 0, ..Moment::of(100 + number, 0, CLOSE_MICROS) };
            let _which = OnFailure(format!("kill {number} of this test, at {moment:?}"));
            let month = *months.keys().last().unwrap();
            kill_in_close(&setting, server, month, moment);
            server = Server::start(&setting, &data);
            close(&setting, &server, month);
            let batch = sent.last().map_or(0, |last| last + 1);
            resend(&setting, &server, month.next(), &[].into(), &[batch].into());
            sent.insert(batch);
            months.insert(month.next(), vec![batch]);
        }
        close(&setting, &server, *months.keys().last().unwrap());
        server.process.kill();

        let world = setting.reopen().await;
        proof::counted(&setting, &world, &sent).await;
        proof::logged(&setting, &world, &sent).await;
        proof::documents(&setting, &world, &months).await;
        proof::books(&world).await;
    });
}

struct Server {
    process: Victim,
    port: u16,
    authority: std::path::PathBuf,
    origin: String,
}

impl Server {
    /// Starts the program and waits until it says where it listens.
    fn start(setting: &Setting, data: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tenantry"));
        command.args(["serve", "--json", "--port", "0", "--data-dir"]).arg(data).stderr(Stdio::null());
        if let Location::Server { url, schema } = &setting.location {
            command.args(["--database", url, "--schema", schema]);
        }
        let mut process = Victim::start(&mut command);
        let mut said = String::new();
        let answer: Value = loop {
            said += &process.line().unwrap_or_else(|| panic!("the program ended before it served: {said}"));
            if let Ok(answer) = serde_json::from_str(&said) {
                break answer;
            }
        };
        let origin = answer["origin"].as_str().unwrap().to_owned();
        let port = origin.rsplit(':').next().unwrap().parse().unwrap();
        Self { process, port, authority: data.join("tls/ca.pem"), origin }
    }

    /// A client that has signed in as the provider.
    fn client(&self, setting: &Setting) -> Client {
        let mut client = Client::connect(self.port, &self.authority).unwrap();
        let identity = &setting.provider.identity;
        let form = format!(
            "grant_type=client_credentials&client_id={}&client_secret={}&resource={}",
            identity.app,
            setting.provider.secret.reveal(),
            self.origin
        );
        let path = format!("/{}/oauth2/token", identity.tenant);
        let (status, answer) = client.send("POST", &path, "application/x-www-form-urlencoded", &form).unwrap();
        assert_eq!(status, 200, "{answer}");
        client.token = Some(answer["access_token"].as_str().unwrap().to_owned());
        client
    }
}

fn wire(events: &[Event]) -> Value {
    let wire = events.iter().map(|event| {
        json!({
            "source": event.source, "id": event.id, "time": event.at.to_string(),
            "subscription": event.subscription.to_string(), "meter": event.meter.to_string(),
            "resource": event.resource.as_str(), "region": event.region, "quantity": event.quantity.to_string(),
        })
    });
    wire.collect()
}

/// Sends a batch. Gives how many events were accepted and how many were known.
fn post(client: &mut Client, events: &[Event]) -> std::io::Result<(u64, u64)> {
    let (status, answer) = client.post("/api/v1/usage/events", &wire(events))?;
    assert_eq!(status, 200, "{answer}");
    Ok((answer["accepted"].as_u64().unwrap(), answer["duplicate"].as_u64().unwrap()))
}

/// One client: sends its batches until the program is gone. Gives the last one, whose answer never came.
fn send_until_killed(setting: &Setting, mut client: Client, first: u64, acknowledged: &Sender<u64>) -> u64 {
    for number in (first..).step_by(usize::try_from(CLIENTS).unwrap()) {
        match post(&mut client, &setting.batch(first_month(), number)) {
            Ok(counted) => assert_eq!(counted, (EVENTS as u64, 0), "batch {number}"),
            Err(_) => return number,
        }
        acknowledged.send(number).unwrap();
    }
    unreachable!("numbers do not end")
}

/// Several clients send; at the moment the program is killed. Gives what was acknowledged, and what nobody knows of.
fn kill_in_intake(setting: &Setting, mut server: Server, first: u64, moment: Moment) -> (BTreeSet<u64>, BTreeSet<u64>) {
    let clients: Vec<_> = (0..CLIENTS).map(|lane| (lane, server.client(setting))).collect();
    let (sender, receiver) = channel();
    std::thread::scope(|scope| {
        let running: Vec<_> = clients
            .into_iter()
            .map(|(lane, client)| {
                let sender = sender.clone();
                scope.spawn(move || send_until_killed(setting, client, first + lane, &sender))
            })
            .collect();
        drop(sender);
        let mut acknowledged: BTreeSet<u64> = (0..moment.lines).map(|_| receiver.recv().unwrap()).collect();
        pass(moment.micros);
        server.process.kill();
        acknowledged.extend(receiver.iter());
        (acknowledged, running.into_iter().map(|client| client.join().unwrap()).collect())
    })
}

/// All is sent again: what was acknowledged must be known, what was under way is whole or not there.
fn resend(setting: &Setting, server: &Server, month: Month, acknowledged: &BTreeSet<u64>, under_way: &BTreeSet<u64>) {
    let mut client = server.client(setting);
    let all = EVENTS as u64;
    for number in acknowledged.union(under_way) {
        let counted = post(&mut client, &setting.batch(month, *number)).unwrap();
        let lost = acknowledged.contains(number) && counted != (0, all);
        assert!(!lost, "batch {number} was acknowledged and is lost: {counted:?}");
        assert!(counted == (0, all) || counted == (all, 0), "half of batch {number}: {counted:?}");
        assert_eq!(post(&mut client, &setting.batch(month, *number)).unwrap(), (0, all));
    }
}

/// Asks for the clock to be moved past the close of a month, and kills.
fn kill_in_close(setting: &Setting, mut server: Server, month: Month, moment: Moment) {
    let mut client = server.client(setting);
    std::thread::scope(|scope| {
        // Whether an answer comes or not, is all the same: the close is asked for again.
        scope.spawn(move || client.post("/api/v1/clock/advance", &json!({ "to": fifth(month.next()).to_string() })));
        pass(moment.micros);
        server.process.kill();
    });
}

fn close(setting: &Setting, server: &Server, month: Month) {
    let to = json!({ "to": fifth(month.next()).to_string() });
    let (status, answer) = server.client(setting).post("/api/v1/clock/advance", &to).unwrap();
    assert_eq!(status, 200, "{answer}");
}
