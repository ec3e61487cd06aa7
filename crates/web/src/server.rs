//! The server: its state, its listener, and a stop that lets running requests end.

use std::net::SocketAddr;
use std::sync::Arc;

use placewell_app::App;
use tokio::net::TcpListener;

use crate::attempts::Attempts;
use crate::router::router;

/// What every handler shares.
#[derive(Clone)]
pub struct Web {
    /// The application.
    pub app: Arc<App>,
    /// The address that people use, such as `https://placewell.example`.
    pub origin: Arc<str>,
    /// Whether the database itself was marked as a demonstration when it was made.
    pub demonstration: bool,
    /// Failed sign-ins of the last minutes.
    pub attempts: Attempts,
}

impl Web {
    /// The state of a server for this application.
    pub async fn new(app: Arc<App>, origin: &str) -> placewell_app::Answer<Self> {
        let demonstration = app.visit().await?.mark("demonstration").await?.is_some();
        Ok(Self { app, origin: origin.into(), demonstration, attempts: Attempts::default() })
    }

    /// Whether people reach the service by TLS, ended at the proxy.
    #[must_use]
    pub fn secure(&self) -> bool {
        self.origin.starts_with("https://")
    }
}

/// Serves until `stop` ends, then lets running requests end.
pub async fn serve(
    web: Web,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let service = router(web).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(stop).await
}
