//! The process that is killed: this test program once more, in a role given by a variable.

use crate::setting::{self, Setting, fifth};
use crate::victim::Victim;
use crate::{disk, variable, work};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use tenantry_core::{Month, SubscriptionId};
use tenantry_db::Location;
use tenantry_metering::Verdict;
use tenantry_worlds::World;

/// The role, as JSON.
const ROLE: &str = "TENANTRY_CRASH_ROLE";
/// Tasks that send batches at the same time.
pub const LANES: u64 = 4;
/// Batches of each month.
pub const BATCHES: u64 = 3;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Role {
    pub does: Does,
    file: Option<PathBuf>,
    url: String,
    schema: String,
    seed: u64,
    pub subscriptions: Vec<SubscriptionId>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Does {
    /// Sends batches from this number on, several at a time, and never ends.
    Intake { first: u64 },
    /// Sends the batches of a month, moves the clock past its close, and so on; never ends.
    Months,
    /// Sends until the disk is full, makes room by removing this file, and goes on.
    Fill { ballast: PathBuf },
}

#[test]
#[ignore = "the process that the other tests kill; by itself it does nothing"]
fn child() {
    let Some(role) = variable(ROLE) else { return };
    let role: Role = serde_json::from_str(&role).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let world = role.open().await;
        say("ready");
        match role.does.clone() {
            Does::Intake { first } => intake(&role, world, first).await,
            Does::Months => months(&role, &world).await,
            Does::Fill { ballast } => disk::fill(&role, &world, &ballast).await,
        }
    });
}

const ACKNOWLEDGED: &str = "acknowledged ";

/// The batches that are acknowledged in what a child said.
pub fn acknowledged(said: &[String]) -> BTreeSet<u64> {
    said.iter().filter_map(|line| line.strip_prefix(ACKNOWLEDGED)).map(|number| number.parse().unwrap()).collect()
}

/// A line to whoever listens, gone out before this returns. Lines of the test harness come in between.
pub fn say(line: &str) {
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(format!("{line}\n").as_bytes()).and_then(|()| stdout.flush()).unwrap();
}

impl Role {
    pub fn new(setting: &Setting, does: Does) -> Self {
        let (file, url, schema) = match &setting.location {
            Location::File(file) => (Some(file.clone()), String::new(), String::new()),
            Location::Server { url, schema } => (None, url.clone(), schema.clone()),
        };
        let subscriptions = setting.subscriptions.clone();
        Self { does, file, url, schema, seed: setting.next_seed(), subscriptions }
    }

    /// The same in another file.
    pub fn at(self, file: PathBuf) -> Self {
        Self { file: Some(file), ..self }
    }

    pub fn start(&self) -> Victim {
        Victim::start(self.to(&mut Command::new(std::env::current_exe().unwrap())))
    }

    /// Adds the role to a command that starts this program.
    pub fn to<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        let arguments = ["child::child", "--exact", "--ignored", "--nocapture", "--quiet"];
        command.args(arguments).env(ROLE, serde_json::to_string(self).unwrap())
    }

    async fn open(&self) -> Arc<World> {
        let location = match &self.file {
            Some(file) => Location::File(file.clone()),
            None => Location::Server { url: self.url.clone(), schema: self.schema.clone() },
        };
        setting::open(&location, self.seed).await.unwrap()
    }
}

async fn intake(role: &Role, world: Arc<World>, first: u64) {
    let mut lanes = tokio::task::JoinSet::new();
    for lane in 0..LANES {
        let (world, subscriptions) = (Arc::clone(&world), role.subscriptions.clone());
        lanes.spawn(async move {
            for number in (first + lane..).step_by(usize::try_from(LANES).unwrap()) {
                let sent = setting::send(&world, work::batch(&subscriptions, setting::first_month(), number)).await;
                assert_eq!(sent, Verdict::Accepted { unrated: false }, "batch {number}");
                say(&format!("{ACKNOWLEDGED}{number}"));
                // Killed while it keeps a checkpoint, too.
                if number.is_multiple_of(7) {
                    world.metering().checkpoint().await.unwrap();
                }
            }
        });
    }
    lanes.join_all().await;
}

/// The numbers of a month's batches; months follow each other, so numbers do.
pub fn numbers(month: Month) -> std::ops::Range<u64> {
    let first = setting::first_month();
    let months = std::iter::successors(Some(first), |month| Some(month.next())).take_while(|other| *other < month);
    let before = u64::try_from(months.count()).unwrap() * BATCHES;
    before..before + BATCHES
}

async fn months(role: &Role, world: &World) {
    loop {
        let month = Month::of(world.clock().now().day());
        for number in numbers(month) {
            let sent = setting::send(world, work::batch(&role.subscriptions, month, number)).await;
            assert_eq!(sent, Verdict::Accepted { unrated: false }, "batch {number}");
            say(&format!("{ACKNOWLEDGED}{number}"));
        }
        world.advance(&world.system("crash"), fifth(month.next())).await.unwrap();
        say(&format!("closed {month}"));
    }
}
