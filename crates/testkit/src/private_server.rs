//! A PostgreSQL server that lives exactly as long as this process.
//!
//! Statics are never dropped and a killed process runs no destructors, so this process does not stop the server:
//! a shell does (`private_server.sh`). It holds the reading end of a pipe whose writing end is ours; the system
//! closes that when we end, and the shell stops the server and removes its files.
//!
//! PostgreSQL refuses to run as root. Then the shell and all it starts run as another user.

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{ChildStderr, ChildStdin, Command, Stdio};

/// Users that servers run as when we are root, best first.
const USERS: [&str; 2] = ["postgres", "nobody"];
/// Another program may take the port between our look and the server's start.
const TRIES: usize = 5;
const PORT_TAKEN: &str = "could not create any TCP/IP sockets";
const READY: &str = "database system is ready to accept connections";

/// A running server.
#[derive(Debug)]
pub(crate) struct PrivateServer {
    pub(crate) url: String,
    /// Closing it stops the server.
    _lifeline: ChildStdin,
}

impl PrivateServer {
    /// Starts one with the programs in a directory, and waits until it takes connections.
    pub(crate) fn start(programs: &Path) -> Self {
        let mut said = String::new();
        for _ in 0..TRIES {
            match Self::start_on(free_port(), programs) {
                Ok(server) => return server,
                Err(log) => said = log,
            }
            if !said.contains(PORT_TAKEN) {
                break;
            }
        }
        panic!("the PostgreSQL of {} does not start. It said:\n{said}", programs.display());
    }

    fn start_on(port: u16, programs: &Path) -> Result<Self, String> {
        let home = tempfile::Builder::new().prefix("tenantry-postgres-").tempdir().unwrap();
        // Whoever made the directory is who we are.
        let we_are_root = std::fs::metadata(home.path()).unwrap().uid() == 0;
        std::fs::set_permissions(home.path(), PermissionsExt::from_mode(0o700)).unwrap();
        let mut shell = Command::new("/bin/sh");
        if we_are_root {
            let (uid, gid) = unprivileged_user();
            std::os::unix::fs::chown(home.path(), Some(uid), Some(gid)).unwrap();
            // Leaving root this way also gives up all other groups.
            shell.uid(uid).gid(gid);
        }
        let home = home.keep();
        shell
            .args(["-c", include_str!("private_server.sh"), "tenantry-postgres"])
            .args([programs, &home])
            .arg(port.to_string())
            .env_clear() // PGDATA, PGPORT and the like are for other servers
            .env("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
            .env("LC_ALL", "C")
            .current_dir(&home)
            .process_group(0) // Ctrl-C is for us; the shell must live to clean up
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let mut child = shell.spawn().unwrap();
        let lifeline = child.stdin.take().unwrap();
        wait_until_ready(child.stderr.take().unwrap()).inspect_err(|_| {
            let _ = child.kill().and_then(|()| child.wait());
            let _ = std::fs::remove_dir_all(&home);
        })?;
        Ok(Self { url: format!("postgres://tenantry@127.0.0.1:{port}/postgres?sslmode=disable"), _lifeline: lifeline })
    }
}

/// Reads the server's log until it is ready; if it ends before, gives what it said.
fn wait_until_ready(log: ChildStderr) -> Result<(), String> {
    let mut lines = BufReader::new(log).split(b'\n').map_while(Result::ok);
    let mut said = String::new();
    for line in lines.by_ref() {
        let line = String::from_utf8_lossy(&line);
        if line.contains(READY) {
            // Read on: a server whose log nobody takes stops when the pipe is full.
            std::thread::spawn(move || lines.for_each(drop));
            return Ok(());
        }
        said.push_str(&line);
        said.push('\n');
    }
    Err(said)
}

fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

fn unprivileged_user() -> (u32, u32) {
    let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let found = USERS.iter().find_map(|name| ids_of(&users, name));
    found.unwrap_or_else(|| {
        panic!("PostgreSQL does not run as root, and there is neither a user {}", USERS.join(" nor "));
    })
}

/// User and group number of a user, from the text of `/etc/passwd`.
fn ids_of(users: &str, name: &str) -> Option<(u32, u32)> {
    users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let named = fields.next()? == name;
        let (uid, gid) = (fields.nth(1)?.parse().ok()?, fields.next()?.parse().ok()?);
        named.then_some((uid, gid))
    })
}
