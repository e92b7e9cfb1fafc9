//! The baseline of intake: what one writes first on PostgreSQL, and well. One statement a batch finds out which events
//! are new, adds those to hourly sums and to the running charges, and commits.
//!
//! It is spared everything that is not the database: no HTTPS, no JSON, no verdicts, and the columns come as seven texts
//! that the server takes apart at once.

use crate::measure::{Run, stopwatch};
use tenantry_db::{Db, Location, sql};

const TABLES: [&str; 4] = [
    "CREATE TABLE seen (source TEXT, id TEXT, PRIMARY KEY (source, id))",
    "CREATE TABLE hourly (subscription TEXT, meter TEXT, resource TEXT, hour BIGINT, quantity NUMERIC NOT NULL, \
     PRIMARY KEY (subscription, meter, resource, hour))",
    "CREATE TABLE running (subscription TEXT, meter TEXT, month BIGINT, charge NUMERIC NOT NULL, \
     PRIMARY KEY (subscription, meter, month))",
    "CREATE TABLE price (meter TEXT PRIMARY KEY, rate NUMERIC NOT NULL)",
];

const BATCH: &str = "WITH sent AS ( \
    SELECT source, id, subscription, meter, resource, CAST(hour AS BIGINT) AS hour, CAST(quantity AS NUMERIC) AS quantity \
    FROM unnest(string_to_array($1, ' '), string_to_array($2, ' '), string_to_array($3, ' '), string_to_array($4, ' '), \
        string_to_array($5, ' '), string_to_array($6, ' '), string_to_array($7, ' ')) \
        AS sent(source, id, subscription, meter, resource, hour, quantity)), \
  fresh AS (INSERT INTO seen SELECT source, id FROM sent ON CONFLICT DO NOTHING RETURNING source, id), \
  counted AS (SELECT sent.* FROM sent JOIN fresh USING (source, id)), \
  added AS (INSERT INTO hourly SELECT subscription, meter, resource, hour, sum(quantity) FROM counted GROUP BY 1, 2, 3, 4 \
    ON CONFLICT (subscription, meter, resource, hour) DO UPDATE SET quantity = hourly.quantity + excluded.quantity), \
  charged AS (INSERT INTO running SELECT subscription, meter, hour / 744, sum(quantity * rate) * 0.85 \
    FROM counted JOIN price USING (meter) GROUP BY 1, 2, 3 \
    ON CONFLICT (subscription, meter, month) DO UPDATE SET charge = running.charge + excluded.charge) \
  SELECT count(*) AS accepted FROM fresh";

/// A batch as columns.
#[derive(Debug, Clone, Default)]
pub(crate) struct Columns([Vec<String>; 7]);

impl Columns {
    /// Adds an event: source, id, subscription, meter, resource, hour, quantity. No value has a blank in it.
    pub(crate) fn push(&mut self, values: [String; 7]) {
        self.0.iter_mut().zip(values).for_each(|(column, value)| column.push(value));
    }
}

/// Sends batches on several connections, each its own. Says whether the server writes for good.
pub(crate) async fn run(location: Location, meters: &[&str], lanes: Vec<Vec<Columns>>) -> (Run, bool) {
    let db = Db::open(location).await.unwrap();
    let mut tx = db.begin().await.unwrap();
    for table in TABLES {
        sql(table).run(&mut tx).await.unwrap();
    }
    for meter in meters {
        sql("INSERT INTO price VALUES ($1, 0.1)").bind(*meter).run(&mut tx).await.unwrap();
    }
    let durable = sql("SELECT current_setting('fsync') AS fsync").one(&mut tx).await.unwrap();
    let durable = durable.text("fsync").unwrap() == "on";
    tx.commit().await.unwrap();
    let lanes: Vec<Vec<(u64, [String; 7])>> =
        lanes.into_iter().map(|lane| lane.into_iter().map(joined).collect()).collect();
    let units = lanes.iter().flatten().map(|(events, _)| events).sum();
    let watch = stopwatch();
    let running: Vec<_> = lanes.into_iter().map(|lane| tokio::spawn(send(db.clone(), lane))).collect();
    for lane in running {
        lane.await.unwrap();
    }
    let run = Run { units, nanos: watch() };
    db.close().await;
    (run, durable)
}

fn joined(Columns(columns): Columns) -> (u64, [String; 7]) {
    (u64::try_from(columns[0].len()).unwrap(), columns.map(|column| column.join(" ")))
}

async fn send(db: Db, lane: Vec<(u64, [String; 7])>) {
    for (events, columns) in lane {
        let mut tx = db.begin().await.unwrap();
        let mut statement = sql(BATCH);
        for column in columns {
            statement = statement.bind(column);
        }
        let accepted = statement.one(&mut tx).await.unwrap().integer("accepted").unwrap();
        assert_eq!(u64::try_from(accepted).unwrap(), events);
        tx.commit().await.unwrap();
    }
}
