//! The engines this run tests: SQLite always, PostgreSQL when there is one. It says so once, where people see it,
//! because a green run that left out half of the tests must not look like any other.

use crate::postgres::{Postgres, variable};
use std::io::Write;
use std::sync::OnceLock;
use tenantry_db::Engine;

/// Set to `1` where a run without PostgreSQL is a failure: in CI.
const REQUIRE: &str = "TENANTRY_TEST_REQUIRE_POSTGRES";

/// The engines, the same in every test of a run.
#[must_use]
pub fn engines() -> &'static [Engine] {
    static ENGINES: OnceLock<Vec<Engine>> = OnceLock::new();
    ENGINES.get_or_init(|| {
        let (engines, line) = match Postgres::of_this_process() {
            Ok(server) => (vec![Engine::Sqlite, Engine::Postgres], format!("SQLite, {}", server.name)),
            Err(missing) => {
                assert!(
                    variable(REQUIRE).is_none_or(|value| value != "1"),
                    "{REQUIRE} is 1, but there is no PostgreSQL: {missing}. Install the server programs \
                     (`apt-get install postgresql`) or name a server in TENANTRY_TEST_POSTGRES_URL"
                );
                (vec![Engine::Sqlite], format!("SQLite only ({missing})"))
            }
        };
        // Not `eprintln!`: what is written that way is shown for failed tests only.
        let _ = writeln!(std::io::stderr(), "engines: {line}");
        engines
    })
}
