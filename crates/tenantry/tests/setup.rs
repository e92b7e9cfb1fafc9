//! Beginning a world for real, and getting a token for its application.

#![cfg(test)]

use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const SETUP: [&str; 11] = [
    "setup",
    "--name",
    "Example Cloud",
    "--domain",
    "example",
    "--email",
    "billing@example.test",
    "--address-line1",
    "1 Main St",
    "--country",
    "DE",
];

/// As a program of its own: the secret comes from its environment.
fn call(directory: &Path, arguments: &[&str], secret: Option<&str>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tenantry"));
    command.args(arguments).arg("--data-dir").arg(directory).env_remove("TENANTRY_SECRET").stdin(Stdio::null());
    command.envs(secret.map(|secret| ("TENANTRY_SECRET", secret))).output().unwrap()
}

fn told(directory: &Path, arguments: &[&str], secret: Option<&str>) -> Value {
    let called = call(directory, &[arguments, &["--json"]].concat(), secret);
    assert!(called.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&called.stderr));
    serde_json::from_slice(&called.stdout).unwrap()
}

fn refused(directory: &Path, arguments: &[&str], secret: Option<&str>, part: &str) {
    let called = call(directory, arguments, secret);
    let talk = String::from_utf8(called.stderr).unwrap();
    assert_eq!((called.status.code(), called.stdout.len()), (Some(1), 0), "{arguments:?}: {talk}");
    assert!(talk.contains(part), "{arguments:?}: {talk}");
}

#[test]
fn a_refused_setup_begins_nothing_and_names_the_flag() {
    let directory = tempfile::tempdir().unwrap();
    for (more, part) in [
        (&["--country", "US"][..], "--city is required"),
        (&["--country", "us", "--city", "Seattle", "--state", "XX"], "--state: `XX` is no state of US"),
        (&["--country", "DEU"], "--country: `DEU`"),
        (&["--country", "HU"], "--phone-number is required"),
        (&["--country", "DE", "--domain", "example.test"], "--domain: `example.test` does not end in .onmicrosoft.com"),
        (&["--country", "DE", "--email", "nobody"], "--email: "),
    ] {
        let pairs = SETUP[1..].chunks_exact(2).filter(|pair| !more.contains(&pair[0])).flatten().copied();
        let arguments: Vec<_> = ["setup"].into_iter().chain(pairs).chain(more.iter().copied()).collect();
        refused(directory.path(), &arguments, None, part);
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0, "{more:?}");
    }
}

#[test]
fn a_world_is_begun_once() {
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    let begun = told(at, &[&SETUP[..], &["--sandbox-from", "2026-01-01"]].concat(), None);
    assert_eq!((&begun["kind"], &begun["clock"]), (&"sandbox".into(), &"2026-01-01T00:00:00Z".into()));
    assert_eq!(begun["provider"]["domain"], "example.onmicrosoft.com");
    refused(at, &SETUP, None, "holds a world already: that of Example Cloud");
    refused(at, &["demo", "--once"], None, "is no finished demo");
    assert!(call(at, &["check"], None).status.success());
}

#[test]
fn a_world_keeps_the_domain_suffix_it_was_begun_with() {
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    let wrong = call(at, &[&SETUP[..], &["--domain-suffix", ".cloud.example"]].concat(), None);
    assert_eq!(wrong.status.code(), Some(2), "{}", String::from_utf8_lossy(&wrong.stderr));
    let begun = told(at, &[&SETUP[..], &["--domain-suffix", "Cloud.Example"]].concat(), None);
    assert_eq!(begun["provider"]["domain"], "example.cloud.example");
    // A later start says nothing of a suffix, and means this one.
    let (app, secret) = (begun["provider"]["appId"].as_str().unwrap(), begun["provider"]["appSecret"].as_str());
    assert!(call(at, &["token", "--app-id", app], secret).status.success());
    refused(at, &SETUP, None, "holds a world already: that of Example Cloud");
}

#[test]
fn a_token_is_for_who_has_the_secret() {
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    let begun = told(at, &[&SETUP[..], &["--sandbox-from", "2026-01-01"]].concat(), None);
    let (app, secret) =
        (begun["provider"]["appId"].as_str().unwrap(), begun["provider"]["appSecret"].as_str().unwrap());
    let token = told(at, &["token", "--app-id", app], Some(secret));
    assert_eq!(token["accessToken"].as_str().unwrap().split('.').count(), 3);
    assert_eq!(
        (&token["expiresOn"], &token["resource"]),
        (&"2026-01-01T00:59:59Z".into(), &"https://localhost:8443".into())
    );
    for (arguments, secret, part) in [
        (&["token"][..], Some(secret), "--app-id is required"),
        (&["token", "--app-id", "x"], Some(secret), "--app-id: there is no application `x`"),
        (&["token", "--app-id", app], Some("guessed"), "this is no secret of application"),
        (&["token", "--app-id", app], None, "put it into the environment variable TENANTRY_SECRET"),
        (&["token", "--app-id", app, "--resource", "https://x.test"], Some(secret), "https://localhost:8443 fits all"),
    ] {
        refused(at, arguments, secret, part);
        let talk = call(at, arguments, secret).stderr;
        assert!(!String::from_utf8(talk).unwrap().contains("guessed"), "{arguments:?}");
    }
}
