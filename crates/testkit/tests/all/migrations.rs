//! Steps run once, are remembered with their text, and a database of a newer program is left alone.

use crate::{at, database};
use tenantry_core::Reason;
use tenantry_db::{Connection, Db, Engine, Location, Migration, Slice, backup, counter, sql};
use tenantry_testkit::on_every_engine;

const MAKE: Migration = Migration { number: 1, name: "make", sql: "CREATE TABLE thing (id TEXT PRIMARY KEY);" };
const GROW: Migration = Migration {
    number: 2,
    name: "grow",
    sql: "ALTER TABLE thing ADD COLUMN size BIGINT; CREATE INDEX thing_size ON thing (size);",
};
const CHANGED: Migration = Migration { sql: "CREATE TABLE thing (id TEXT PRIMARY KEY, size BIGINT);", ..MAKE };
const BROKEN: Migration = Migration { number: 3, name: "broken", sql: "CREATE TABLE half (id TEXT); NO SUCH WORD;" };

const ONE: Slice = Slice { name: "things", migrations: &[MAKE] };
const TWO: Slice = Slice { name: "things", migrations: &[MAKE, GROW] };

async fn tables(on: &mut impl Connection, engine: Engine) -> Vec<String> {
    let text = match engine {
        Engine::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name",
        Engine::Postgres => {
            "SELECT table_name::TEXT AS name FROM information_schema.tables WHERE table_schema = current_schema() \
             ORDER BY name"
        }
    };
    sql(text).all(on).await.unwrap().iter().map(|row| row.text("name").unwrap()).collect()
}

#[test]
fn steps_run_once_and_in_order() {
    on_every_engine(|bench| async move {
        let db = Db::open(bench.location().clone()).await.unwrap();
        for (slice, ran) in [(ONE, 1), (ONE, 0), (TWO, 1), (TWO, 0)] {
            assert_eq!(db.migrate(&[slice], at(0)).await.unwrap(), ran);
        }
        let mut tx = db.begin().await.unwrap();
        sql("INSERT INTO thing (id, size) VALUES ($1, $2)").bind("a").bind(1).run(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
    });
}

#[test]
fn a_file_is_copied_before_it_is_changed() {
    on_every_engine(|bench| async move {
        let db = Db::open(bench.location().clone()).await.unwrap();
        db.migrate(&[ONE], at(0)).await.unwrap();
        db.migrate(&[TWO], at(0)).await.unwrap();
        let Location::File(path) = bench.location() else { return };
        let copy = Db::open(Location::File(path.with_extension("before-step-1.sqlite"))).await.unwrap();
        // The copy stands where the database stood: one step is missing.
        assert_eq!(copy.migrate(&[ONE], at(0)).await.unwrap(), 0);
        assert_eq!(copy.migrate(&[TWO], at(0)).await.unwrap(), 1);
    });
}

#[test]
fn a_step_whose_text_changed_is_refused() {
    on_every_engine(|bench| async move {
        let db = Db::open(bench.location().clone()).await.unwrap();
        db.migrate(&[ONE], at(0)).await.unwrap();
        let problem = db.migrate(&[Slice { name: "things", migrations: &[CHANGED] }], at(0)).await.unwrap_err();
        assert_eq!(problem.reason(), Reason::Corrupt);
        assert!(problem.cause_chain().contains("migration things/1 changed"), "{problem:?}");
    });
}

#[test]
fn a_database_of_a_newer_program_is_refused_and_not_touched() {
    on_every_engine(|bench| async move {
        let db = Db::open(bench.location().clone()).await.unwrap();
        db.migrate(&[TWO], at(0)).await.unwrap();
        let before = tables(&mut db.reader().await.unwrap(), bench.engine()).await;
        for (slices, named) in [(&[ONE, tenantry_db::SLICE][..], "things/2"), (&[tenantry_db::SLICE], "things/1")] {
            let problem = db.migrate(slices, at(0)).await.unwrap_err();
            assert_eq!(problem.reason(), Reason::Unsupported);
            assert!(problem.message().contains(named) && problem.message().contains("newer"), "{problem:?}");
        }
        assert_eq!(tables(&mut db.reader().await.unwrap(), bench.engine()).await, before);
    });
}

#[test]
fn a_step_that_fails_leaves_no_half_behind() {
    on_every_engine(|bench| async move {
        let db = Db::open(bench.location().clone()).await.unwrap();
        assert!(db.migrate(&[Slice { name: "things", migrations: &[MAKE, GROW, BROKEN] }], at(0)).await.is_err());
        assert_eq!(tables(&mut db.reader().await.unwrap(), bench.engine()).await, ["schema_step", "thing"]);
        assert_eq!(db.migrate(&[TWO], at(0)).await.unwrap(), 0);
    });
}

#[test]
fn a_backup_opens_and_holds_what_was_committed() {
    on_every_engine(|bench| async move {
        let db = database(&bench).await;
        let mut tx = db.begin().await.unwrap();
        counter::next(&mut tx, "invoices").await.unwrap();
        tx.commit().await.unwrap();
        let target = bench.directory().join("it's a copy.sqlite");
        let copied = backup::copy_to(&db, &target).await;
        if bench.engine() == Engine::Postgres {
            let problem = copied.unwrap_err();
            assert!(problem.reason() == Reason::Unsupported && problem.message().contains("pg_dump"), "{problem:?}");
            return;
        }
        copied.unwrap();
        assert_eq!(backup::copy_to(&db, &target).await.unwrap_err().reason(), Reason::AlreadyExists);
        let copy = Db::open(Location::File(target)).await.unwrap();
        assert_eq!(copy.migrate(&[tenantry_db::SLICE], at(0)).await.unwrap(), 0);
        let mut tx = copy.begin().await.unwrap();
        assert_eq!(counter::next(&mut tx, "invoices").await.unwrap(), 2);
    });
}
