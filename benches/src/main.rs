//! Measures of speed and size, each beside its rival in one run. `cargo xtask bench NAME` builds what one needs and
//! starts it; a measure is never a timed test, since a shared machine would make it fail for no reason.

#![allow(
    clippy::disallowed_methods,
    clippy::cast_precision_loss,
    reason = "a measure reads the clock and the environment; figures are printed, never reckoned with"
)]

mod awards;
mod chance;
mod django;
mod footprint;
mod forecast;
mod http;
mod import;
mod load;
mod measure;
mod pages;
mod place;
mod search;
mod server;
mod table;
mod verify;

const NAMES: &str = "awards, pages, forecast, search, footprint, verify, import";

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    match arguments.next().as_deref() {
        Some("awards") => on_runtime(awards::run()),
        Some("forecast") => forecast::run(),
        Some("search") => search::run(),
        Some("pages") => on_runtime(pages::run()),
        Some("footprint") => on_runtime(footprint::run()),
        Some("verify") => on_runtime(verify::run()),
        Some("import") => on_runtime(import::run()),
        Some(other) => anyhow::bail!("there is no bench {other}; there are {NAMES}"),
        None => anyhow::bail!("name a bench: {NAMES}"),
    }
}

/// One thread is enough for the clients, and leaves the others to the servers.
fn on_runtime<T>(measure: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(measure)
}
