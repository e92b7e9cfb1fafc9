//! Not served yet: every route here says so.

use tenantry_core::{Problem, Reason};
use tenantry_http::{Answer, Call};

pub(crate) async fn list(_: Call) -> Result<Answer, Problem> {
    Err(Problem::new(Reason::Unsupported, "this operation is not served yet"))
}

pub(crate) async fn summary(_: Call) -> Result<Answer, Problem> {
    Err(Problem::new(Reason::Unsupported, "this operation is not served yet"))
}

pub(crate) async fn summaries(_: Call) -> Result<Answer, Problem> {
    Err(Problem::new(Reason::Unsupported, "this operation is not served yet"))
}

pub(crate) async fn get(_: Call) -> Result<Answer, Problem> {
    Err(Problem::new(Reason::Unsupported, "this operation is not served yet"))
}

pub(crate) async fn statement(_: Call) -> Result<Answer, Problem> {
    Err(Problem::new(Reason::Unsupported, "this operation is not served yet"))
}

pub(crate) async fn line_items(_: Call) -> Result<Answer, Problem> {
    Err(Problem::new(Reason::Unsupported, "this operation is not served yet"))
}

pub(crate) async fn line_items_by_query(_: Call) -> Result<Answer, Problem> {
    Err(Problem::new(Reason::Unsupported, "this operation is not served yet"))
}
