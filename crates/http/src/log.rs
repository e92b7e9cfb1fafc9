//! One line per request, and the only place where causes are written down.
//!
//! A line has the method, the path, the status, the time it took, and who asked. It has no query, no header and
//! no body, and of a refusal the reason and not the sentence, because sentences repeat what the client sent.

use crate::CallMeta;
use http::StatusCode;
use std::time::Instant;
use tenantry_core::{Problem, TenantId};

/// Measures how long the machine took. The world's clock would say nothing: in a sandbox it stands still.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    #[expect(clippy::disallowed_methods, reason = "how long the machine took, for the log only")]
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    #[expect(clippy::disallowed_methods, reason = "how long the machine took, for the log only")]
    fn milliseconds(self) -> u64 {
        u64::try_from(self.0.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// Writes the line.
pub(crate) fn line(
    meta: &CallMeta,
    face: &'static str,
    tenant: Option<TenantId>,
    status: StatusCode,
    problem: Option<&Problem>,
    watch: Stopwatch,
) {
    let (method, path, status, ms) = (&meta.method, &meta.path, status.as_u16(), watch.milliseconds());
    let operation = meta.operation.unwrap_or("");
    let tenant = tenant.map(|tenant| tenant.to_string()).unwrap_or_default();
    let reason = problem.map(|problem| format!("{:?}", problem.reason())).unwrap_or_default();
    let cause = problem.map(Problem::cause_chain).unwrap_or_default();
    if status >= 500 {
        tracing::error!(
            face, operation, tenant, request_id = %meta.request_id, correlation_id = %meta.correlation_id, reason,
            cause, "{method} {path} {status} in {ms} ms"
        );
    } else {
        tracing::info!(
            face, operation, tenant, request_id = %meta.request_id, correlation_id = %meta.correlation_id, reason,
            cause, "{method} {path} {status} in {ms} ms"
        );
    }
}

/// The answer of a write went out but was not kept: a repetition would act again.
pub(crate) fn not_kept(meta: &CallMeta, problem: &Problem) {
    tracing::error!(
        request_id = %meta.request_id, reason = ?problem.reason(), cause = problem.cause_chain(),
        "the answer of {} {} was not kept", meta.method, meta.path
    );
}
