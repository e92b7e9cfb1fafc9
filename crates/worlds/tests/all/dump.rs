//! All rows of all tables as text, whatever the engine calls its catalogue.

use tenantry_db::{Db, Engine, Reader, sql};

/// A line for each value of each row, sorted by table and row.
///
/// Left out: `schema_step`, which says when this program's tables were made, in the machine's time.
pub async fn dump(db: &Db) -> Vec<String> {
    let mut reader = db.reader().await.unwrap();
    let tables = match db.engine() {
        Engine::Sqlite => {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
        }
        Engine::Postgres => {
            "SELECT CAST(table_name AS TEXT) AS name FROM information_schema.tables \
             WHERE table_schema = current_schema() ORDER BY table_name"
        }
    };
    let mut lines = Vec::new();
    for table in names(&mut reader, tables.to_owned()).await {
        if table != "schema_step" {
            lines.extend(rows(&mut reader, db.engine(), &table).await);
        }
    }
    lines
}

async fn rows(reader: &mut Reader, engine: Engine, table: &str) -> Vec<String> {
    let columns = match engine {
        Engine::Sqlite => format!("SELECT name || ' ' || type AS name FROM pragma_table_info('{table}')"),
        Engine::Postgres => format!(
            "SELECT column_name || ' ' || data_type AS name FROM information_schema.columns \
             WHERE table_schema = current_schema() AND table_name = '{table}' ORDER BY ordinal_position"
        ),
    };
    let columns = names(reader, columns).await;
    let shown: Vec<_> = columns
        .iter()
        .map(|column| {
            let (name, kind) = column.split_once(' ').unwrap();
            let text = match (engine, kind.eq_ignore_ascii_case("bytea")) {
                (Engine::Sqlite, true) => format!("hex({name})"),
                (Engine::Postgres, true) => format!("upper(encode({name}, 'hex'))"),
                (_, false) => format!("CAST({name} AS TEXT)"),
            };
            format!("'{name}=' || COALESCE({text}, 'none')")
        })
        .collect();
    let query = format!("SELECT {} AS name FROM {table}", shown.join(" || ' ' || "));
    let mut rows = names(reader, query).await;
    rows.sort_unstable();
    rows.into_iter().map(|row| format!("{table}: {row}")).collect()
}

async fn names(reader: &mut Reader, query: String) -> Vec<String> {
    // Statements are constants for good reason. These are made of the engine's own names, leaked once a test.
    let rows = sql(query.leak()).all(reader).await.unwrap();
    rows.iter().map(|row| row.text("name").unwrap()).collect()
}
