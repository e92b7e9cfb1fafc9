//! A demo that is served, as a program of its own: what it prints works as it stands, other commands work beside it,
//! and it ends in order.

#![cfg(test)]

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Output, Stdio};
use tempfile::TempDir;

struct Server {
    program: Child,
    talk: BufReader<ChildStderr>,
    directory: TempDir,
}

impl Server {
    /// Starts `tenantry demo` on a free port and waits until it serves.
    fn start() -> Self {
        Self::start_with(&[])
    }

    fn start_with(flags: &[&str]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let mut program = tenantry(directory.path(), &[&["demo", "--listen", "0"], flags].concat())
            .env("TENANTRY_LOG", "error")
            .stdout(File::create(directory.path().join("page.txt")).unwrap())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut talk = BufReader::new(program.stderr.take().unwrap());
        let mut line = String::new();
        while !line.starts_with("Serving ") {
            line.clear();
            assert!(talk.read_line(&mut line).unwrap() > 0, "the server ended");
        }
        Self { program, talk, directory }
    }

    fn at(&self) -> &Path {
        self.directory.path()
    }

    fn page(&self) -> String {
        fs::read_to_string(self.at().join("page.txt")).unwrap()
    }

    /// Asks it to stop, as Ctrl-C does; gives the exit code and the last words.
    fn stop(mut self) -> (Option<i32>, String) {
        let process = self.program.id().to_string();
        assert!(Command::new("kill").args(["-INT", &process]).status().unwrap().success());
        let code = self.program.wait().unwrap().code();
        (code, self.talk.by_ref().lines().map(Result::unwrap).last().unwrap_or_default())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

fn tenantry(directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tenantry"));
    command.args(arguments).arg("--data-dir").arg(directory).stdin(Stdio::null());
    command
}

fn call(directory: &Path, arguments: &[&str]) -> Output {
    tenantry(directory, arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The indented lines between two lines of the page.
fn lines_between(page: &str, from: &str, to: &str) -> String {
    let inside = page.lines().skip_while(|line| !line.starts_with(from)).skip(1);
    inside.take_while(|line| !line.starts_with(to)).map(|line| format!("{line}\n")).collect()
}

#[test]
fn the_tour_works_as_it_is_printed() {
    if Command::new("curl").arg("--version").output().is_err() {
        return;
    }
    let server = Server::start();
    let page = server.page();
    let tour = lines_between(&page, "What to call next.", "From another terminal");
    let walked = Command::new("sh").args(["-e", "-c", &tour]).output().unwrap();
    let (said, talk) = (text(&walked.stdout), text(&walked.stderr));
    assert!(walked.status.success() && talk.is_empty(), "{talk}");
    let totals: Vec<_> = said.lines().filter(|line| line.starts_with("\"total\":")).collect();
    assert!(totals.len() == 2 && totals[0] != totals[1], "{said}");
    for part in [
        "\"companyName\":\"Northquay Outfitters Test\"",
        "\"allowed\":false,\"principal\":\"helpdesk@harborline.onmicrosoft.com\"",
        "\"status\":\"accepted\"",
        "\"to\":\"2026-04-01T00:00:00Z\"",
        "\"number\":\"D260000003\"",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let beside = lines_between(&page, "From another terminal", "To open in a browser");
    for line in beside.lines().filter_map(|line| line.trim().strip_prefix("tenantry ")) {
        let called = Command::new(env!("CARGO_BIN_EXE_tenantry")).args(line.split(' ')).output().unwrap();
        assert!(called.status.success(), "{line}: {}", text(&called.stderr));
    }
    assert_eq!(server.stop(), (Some(0), "Stopped; everything is saved.".to_owned()));
}

#[test]
fn who_only_looks_works_beside_a_server_and_who_writes_is_told() {
    let server = Server::start();
    let at = server.at();
    let (copy, pdf) = (at.join("copy.sqlite"), at.join("invoice.pdf"));
    for arguments in [
        &["token"][..],
        &["check"],
        &["access", "explain", "sales@harborline.onmicrosoft.com", "OrderPlace", "customer/tidewheel.onmicrosoft.com"],
        &["invoice", "show", "D260000001", "--pdf", pdf.to_str().unwrap()],
        &["invoice", "lines", "D260000001"],
        &["backup", copy.to_str().unwrap()],
    ] {
        let called = call(at, arguments);
        assert!(called.status.success(), "{arguments:?}: {}", text(&called.stderr));
    }
    let card = concat!(env!("CARGO_MANIFEST_DIR"), "/demo/price-sheet.json");
    for arguments in [
        &["close", "2026-02"][..],
        &["import", "rate-card", card, "--market", "US", "--effective-from", "2026-04-01"],
        &["serve", "--listen", "0"],
        &["demo", "--once"],
    ] {
        let called = call(at, arguments);
        let talk = text(&called.stderr);
        assert_eq!(called.status.code(), Some(1), "{arguments:?}");
        assert!(talk.contains("another Tenantry process is serving this world"), "{arguments:?}: {talk}");
    }
    let origin = fs::read_to_string(at.join("origin")).unwrap();
    let port = origin.rsplit(':').next().unwrap();
    let taken = text(&call(at, &["serve", "--listen", port]).stderr);
    assert!(taken.contains("another program listens there") && taken.contains("--listen 0"), "{taken}");
}

/// What the page on identity and access tells people to type, but for the line that starts the demo.
fn lines_of_the_page() -> String {
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/identity-and-access.md")).unwrap();
    let blocks = page.split("```sh\n").skip(2).map(|block| block.split("```").next().unwrap());
    blocks.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_page_on_identity_and_access_works_as_it_is_printed() {
    let there = |program| Command::new(program).arg("--version").output().is_ok();
    if !there("curl") || !there("jq") {
        return;
    }
    let server = Server::start_with(&["--password-grant"]);
    let reader = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(server.at(), reader.path().join("tenantry-data")).unwrap();
    let programs = Path::new(env!("CARGO_BIN_EXE_tenantry")).parent().unwrap();
    // The shell knows where else it looks.
    let lines = format!("PATH='{}':$PATH\n{}", programs.display(), lines_of_the_page());
    let mut shell = Command::new("sh");
    shell.args(["-e", "-c", &lines]).current_dir(reader.path());
    let walked = shell.output().unwrap();
    let (said, talk) = (text(&walked.stdout), text(&walked.stderr));
    assert!(walked.status.success() && talk.is_empty(), "{talk}\n{said}");
    for part in [
        "authorization_pending",
        "otpauth://totp/",
        "operator@northquay.onmicrosoft.com",
        "\"partnerName\":\"Ridgeline Services Test\",\"partnerDomain\"",
        "\"delegatedAdmin\":false",
        "\"status\":\"active\",\"partner\"",
        "[\"acdd72a7-3385-48ef-bd42-f606fba81ae7\",\"Reader\"]",
        "Owner lets the customer remove the partner's access",
        "[\"Archive\",false]",
        "[\"Web shop\",true]",
        "Yes. operator@northquay.onmicrosoft.com may do",
        "No. helpdesk@harborline.onmicrosoft.com may not do OrderPlace",
        "\"allowed\":true,\"principal\":\"operator@northquay.onmicrosoft.com\"",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(!said.contains("\"error\":{"), "{said}");
}
