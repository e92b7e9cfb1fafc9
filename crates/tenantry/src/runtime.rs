//! The machine that commands wait on: worlds and servers are asynchronous, a command line is not.

use std::future::Future;
use tenantry_core::Problem;
use tracing_subscriber::EnvFilter;

/// What the log shows is set here, in the notation of the `tracing` crates: `info`, `tenantry_http=debug`.
const LOG: &str = "TENANTRY_LOG";

/// What it shows if nobody says otherwise. A database server's notices tell an operator nothing.
const USUALLY: &str = "info,sqlx=warn";

/// Runs to the end.
pub(crate) fn block_on<T>(work: impl Future<Output = T>) -> Result<T, Problem> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Problem::internal)?;
    Ok(runtime.block_on(work))
}

/// Sends the log to stderr, for programs that stay. A second call changes nothing.
pub(crate) fn start_log() {
    let filter = EnvFilter::try_from_env(LOG).unwrap_or_else(|_| EnvFilter::new(USUALLY));
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
}

/// Completes when the person or the system asks the program to end.
pub(crate) async fn asked_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}
