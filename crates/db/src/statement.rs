//! A statement with its values, and the rows it gives. The only file that talks to the driver about values.

use crate::error::problem;
use crate::pool::Connection;
use sqlx::any::{AnyArguments, AnyRow};
use sqlx::{Any, Row as _};
use tenantry_core::{
    AppId, EdgeId, MeterId, Month, ObjectId, OrderId, PriceSheetId, Problem, SubscriptionId, TenantId, Timestamp,
};
use uuid::Uuid;

/// A value bound to a statement. Decimals and ids travel as text, times as microseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// TEXT
    Text(Option<String>),
    /// BIGINT
    Integer(Option<i64>),
    /// BYTEA
    Bytes(Option<Vec<u8>>),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(Some(text.to_owned()))
    }
}
impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::Text(Some(text.clone()))
    }
}
impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(Some(text))
    }
}
impl From<Option<String>> for Value {
    fn from(text: Option<String>) -> Self {
        Self::Text(text)
    }
}
impl From<Option<&str>> for Value {
    fn from(text: Option<&str>) -> Self {
        Self::Text(text.map(str::to_owned))
    }
}
impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(Some(number))
    }
}
impl From<i32> for Value {
    fn from(number: i32) -> Self {
        Self::Integer(Some(i64::from(number)))
    }
}
impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Integer(Some(i64::from(flag)))
    }
}
impl From<Timestamp> for Value {
    fn from(at: Timestamp) -> Self {
        Self::Integer(Some(at.micros()))
    }
}
impl From<Option<Timestamp>> for Value {
    fn from(at: Option<Timestamp>) -> Self {
        Self::Integer(at.map(Timestamp::micros))
    }
}
impl From<Option<i64>> for Value {
    fn from(number: Option<i64>) -> Self {
        Self::Integer(number)
    }
}
impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(Some(bytes))
    }
}
impl From<Option<Vec<u8>>> for Value {
    fn from(bytes: Option<Vec<u8>>) -> Self {
        Self::Bytes(bytes)
    }
}
impl From<&[u8]> for Value {
    fn from(bytes: &[u8]) -> Self {
        Self::Bytes(Some(bytes.to_vec()))
    }
}

macro_rules! bound_as_text {
    ($($kind:ty),*) => {$(
        impl From<$kind> for Value {
            fn from(id: $kind) -> Self {
                Self::Text(Some(id.to_string()))
            }
        }
        impl From<Option<$kind>> for Value {
            fn from(id: Option<$kind>) -> Self {
                Self::Text(id.map(|id| id.to_string()))
            }
        }
    )*};
}

bound_as_text!(Uuid, AppId, EdgeId, MeterId, Month, ObjectId, OrderId, PriceSheetId, SubscriptionId, TenantId);

/// A statement being put together. Begin with [`sql`].
#[derive(Debug)]
pub struct Statement {
    text: &'static str,
    values: Vec<Value>,
}

/// Begins a statement. The text is the same for both engines, with `$1` placeholders.
#[must_use]
pub fn sql(text: &'static str) -> Statement {
    Statement { text, values: Vec::new() }
}

impl Statement {
    /// Binds the next placeholder.
    #[must_use]
    pub fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    fn query(self) -> sqlx::query::Query<'static, Any, AnyArguments> {
        self.values.into_iter().fold(sqlx::query(self.text), |query, value| match value {
            Value::Text(text) => query.bind(text),
            Value::Integer(number) => query.bind(number),
            Value::Bytes(bytes) => query.bind(bytes),
        })
    }

    /// Runs it; gives the number of rows changed.
    pub async fn run(self, on: &mut impl Connection) -> Result<u64, Problem> {
        let done = self.query().execute(on.begins()?).await;
        on.ended(&done);
        Ok(done.map_err(problem)?.rows_affected())
    }

    /// Runs it; it must change exactly one row, or `otherwise` is the answer (a guard in the WHERE did not hold).
    pub async fn run_one(self, on: &mut impl Connection, otherwise: impl FnOnce() -> Problem) -> Result<(), Problem> {
        match self.run(on).await? {
            1 => Ok(()),
            _ => Err(otherwise()),
        }
    }

    /// All rows.
    pub async fn all(self, on: &mut impl Connection) -> Result<Vec<Row>, Problem> {
        let rows = self.query().fetch_all(on.begins()?).await;
        on.ended(&rows);
        Ok(rows.map_err(problem)?.into_iter().map(Row).collect())
    }

    /// The first row, if any.
    pub async fn maybe(self, on: &mut impl Connection) -> Result<Option<Row>, Problem> {
        let row = self.query().fetch_optional(on.begins()?).await;
        on.ended(&row);
        Ok(row.map_err(problem)?.map(Row))
    }

    /// The only row of a statement that always gives one.
    pub async fn one(self, on: &mut impl Connection) -> Result<Row, Problem> {
        let text = self.text;
        self.maybe(on).await?.ok_or_else(|| Problem::corrupt(format!("no row from: {text}")))
    }
}

/// A row of a result. Columns are read by name; a wrong type is our fault and says so.
pub struct Row(AnyRow);

impl std::fmt::Debug for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Row")
    }
}

impl Row {
    /// A TEXT column that is never null.
    pub fn text(&self, column: &str) -> Result<String, Problem> {
        self.0.try_get(column).map_err(problem)
    }

    /// A TEXT column.
    pub fn maybe_text(&self, column: &str) -> Result<Option<String>, Problem> {
        self.0.try_get(column).map_err(problem)
    }

    /// A BIGINT column that is never null.
    pub fn integer(&self, column: &str) -> Result<i64, Problem> {
        self.0.try_get(column).map_err(problem)
    }

    /// A BIGINT column.
    pub fn maybe_integer(&self, column: &str) -> Result<Option<i64>, Problem> {
        self.0.try_get(column).map_err(problem)
    }

    /// A BIGINT column that holds 0 or 1.
    pub fn flag(&self, column: &str) -> Result<bool, Problem> {
        Ok(self.integer(column)? != 0)
    }

    /// A BYTEA column.
    pub fn bytes(&self, column: &str) -> Result<Vec<u8>, Problem> {
        self.0.try_get(column).map_err(problem)
    }

    /// A BYTEA column, if set.
    pub fn maybe_bytes(&self, column: &str) -> Result<Option<Vec<u8>>, Problem> {
        self.0.try_get(column).map_err(problem)
    }

    /// A BIGINT column of microseconds.
    pub fn time(&self, column: &str) -> Result<Timestamp, Problem> {
        self.integer(column).map(Timestamp::from_micros)
    }

    /// A BIGINT column of microseconds, if set.
    pub fn maybe_time(&self, column: &str) -> Result<Option<Timestamp>, Problem> {
        Ok(self.maybe_integer(column)?.map(Timestamp::from_micros))
    }

    /// A TEXT column read by a type's own parser; a text it refuses means damaged data.
    pub fn parsed<T, E: std::fmt::Display>(
        &self,
        column: &str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Result<T, Problem> {
        let text = self.text(column)?;
        parse(&text).map_err(|error| Problem::corrupt(format!("column {column}: {error}")))
    }
}
