//! One of the processes: the real program, started, killed, stopped and continued.

use crate::https::Client;
use crate::scene::Scene;
use serde_json::Value;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use tenantry_testkit::{App, ORIGIN};

/// A process that serves the world of a scene.
pub struct Node {
    program: Child,
    port: u16,
    authority: PathBuf,
}

impl Node {
    /// Starts one and waits until it serves. All are behind one origin, and each listens where it can. Each has a
    /// directory of its own, as on another machine.
    pub fn start(scene: &Scene) -> Self {
        let (data, mut command) = Self::command(scene);
        let mut program = command.spawn().unwrap();
        let mut lines = BufReader::new(program.stdout.take().unwrap()).lines();
        let mut said = String::new();
        let answer: Value = loop {
            said += &lines.next().unwrap_or_else(|| panic!("the program ended before it served: {said}")).unwrap();
            if let Ok(answer) = serde_json::from_str(&said) {
                break answer;
            }
        };
        let port = answer["listen"].as_str().unwrap().rsplit(':').next().unwrap().parse().unwrap();
        Self { program, port, authority: data.join("tls/ca.pem") }
    }

    /// What starts one, and its directory.
    pub fn command(scene: &Scene) -> (PathBuf, Command) {
        let data = scene.directory.join(format!("node-{}", scene.started.fetch_add(1, Ordering::Relaxed)));
        let mut command = tenantry_at(&data, scene, &["serve", "--json", "--listen", "0", "--origin", ORIGIN]);
        command.env("TENANTRY_LOG", "warn").stdout(Stdio::piped()).stderr(Stdio::inherit());
        (data, command)
    }

    /// A connection of its own, of somebody who has signed in at this process.
    pub fn client(&self, app: &App) -> Client {
        let mut client = self.connect();
        client.token = Some(sign_in(&mut client, app));
        client
    }

    /// A connection of nobody yet.
    pub fn connect(&self) -> Client {
        Client::connect(self.port, &self.authority).unwrap()
    }

    pub fn kill(&mut self) {
        self.program.kill().unwrap();
        self.program.wait().unwrap();
    }

    /// Holds the process still: it runs nothing, and nobody is told.
    pub fn stop(&self) {
        self.signal("-STOP");
    }

    pub fn go_on(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        assert!(Command::new("kill").args([signal, &self.program.id().to_string()]).status().unwrap().success());
    }
}

impl Drop for Node {
    /// A failed test leaves no process behind.
    fn drop(&mut self) {
        let _ = self.program.kill().and_then(|()| self.program.wait());
    }
}

/// A token, as the token endpoint of a process gives it.
pub fn sign_in(client: &mut Client, app: &App) -> String {
    let form = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}&resource={ORIGIN}",
        app.identity.app,
        app.secret.reveal(),
    );
    let path = format!("/{}/oauth2/token", app.identity.tenant);
    let (status, answer) = client.send("POST", &path, "application/x-www-form-urlencoded", &form).unwrap();
    assert_eq!(status, 200, "{answer}");
    answer["access_token"].as_str().unwrap().to_owned()
}

/// Asks for a document.
pub fn get(client: &mut Client, path: &str) -> (u16, Value) {
    client.send("GET", path, "application/json", "").unwrap()
}

/// A call of the program for the world of a scene.
pub fn tenantry(scene: &Scene, arguments: &[&str]) -> Command {
    tenantry_at(&scene.directory.join("beside"), scene, arguments)
}

fn tenantry_at(data: &Path, scene: &Scene, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tenantry"));
    command.args(arguments).arg("--data-dir").arg(data);
    command.args(["--database", &scene.url, "--schema", &scene.schema]).stdin(Stdio::null());
    command
}

/// What `tenantry check` says: how many documents and events there are. It must find nothing wrong.
pub fn check(scene: &Scene) -> (u64, u64) {
    let mut called = tenantry(scene, &["check", "--json"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut said = String::new();
    called.stdout.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(called.wait().unwrap().success(), "{said}");
    let found: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(found["ok"], true, "{found}");
    (found["documents"].as_u64().unwrap(), found["events"].as_u64().unwrap())
}

/// Lets the processes work on.
#[expect(clippy::disallowed_methods, reason = "they are other processes, and what happens to them is to hit anywhere")]
pub fn pass(micros: u64) {
    std::thread::sleep(Duration::from_micros(micros));
}

/// How long something took.
pub fn timed<T>(act: impl FnOnce() -> T) -> (T, Duration) {
    let watch = stopwatch();
    let outcome = act();
    (outcome, watch())
}

/// Begins to measure; asked later, says how long ago that was.
#[expect(clippy::disallowed_methods, reason = "what is promised and measured is a time of the machine's clock")]
pub fn stopwatch() -> impl Fn() -> Duration {
    let begun = Instant::now();
    move || begun.elapsed()
}
