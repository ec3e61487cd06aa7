//! Logs as JSON lines on standard error: request references, paths, codes and times; never a name or free text.
//! A panic is such a line too, with its place and without its words, which may hold what was being worked on.

use tracing_subscriber::EnvFilter;

/// Starts logging at the level of `PLACEWELL_LOG`, `warn` where it is not set.
pub fn start() {
    let filter =
        EnvFilter::try_from_env("PLACEWELL_LOG").unwrap_or_else(|_| EnvFilter::new("warn,placewell=info,sqlx=error"));
    tracing_subscriber::fmt().json().with_writer(std::io::stderr).with_env_filter(filter).init();
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let thread = std::thread::current();
        tracing::error!(place, thread = thread.name().unwrap_or_default(), "panic");
    }));
}
