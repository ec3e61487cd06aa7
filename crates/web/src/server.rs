//! The server: its state, its listener, and a stop that lets running requests end, for as long as it may take.
//!
//! Every wait has its end: for a request's headers, for the whole request, and for what still runs at the stop.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use placewell_app::App;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tower::ServiceExt as _;

use crate::address::Network;
use crate::pace::Pace;
use crate::router::router;

/// So many connections are served at once; more wait in the system's own queue.
const CONNECTIONS: usize = 4_096;
/// The most that a request's line and headers may take, in bytes.
const LARGEST_HEAD: usize = 64 * 1024;
/// How long the listener rests when the system has no file left for a connection.
const REST: Duration = Duration::from_millis(100);

/// How long the server waits for what others do.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// For a request's headers, and for the next request of a connection that is kept.
    pub headers: Duration,
    /// For a whole request, its body among it.
    pub request: Duration,
    /// For the requests that still run when the server is told to stop.
    pub stop: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { headers: Duration::from_secs(20), request: Duration::from_mins(1), stop: Duration::from_secs(30) }
    }
}

/// What every handler shares.
#[derive(Clone)]
pub struct Web {
    /// The application.
    pub app: Arc<App>,
    /// The address that people use, such as `https://placewell.example`.
    pub origin: Arc<str>,
    /// Whether the database itself was marked as a demonstration when it was made.
    pub demonstration: bool,
    /// How much one caller may ask.
    pub pace: Pace,
    /// Where a weakness is reported, as a web or mail address.
    pub security_contact: Option<Arc<str>>,
    /// How long the server waits.
    pub limits: Limits,
    /// The proxies whose word is taken for where a request came from.
    pub proxies: Arc<[Network]>,
    stopping: Arc<AtomicBool>,
}

impl Web {
    /// The state of a server for this application; a proxy on this machine is trusted, and nobody asks too much yet.
    pub async fn new(app: Arc<App>, origin: &str) -> placewell_app::Answer<Self> {
        app.stands_at(origin);
        let demonstration = app.visit().await?.mark("demonstration").await?.is_some();
        Ok(Self {
            app,
            origin: origin.into(),
            demonstration,
            pace: Pace::free(),
            security_contact: None,
            limits: Limits::default(),
            proxies: Network::loopback().into(),
            stopping: Arc::default(),
        })
    }

    /// The same server behind these proxies and no others.
    #[must_use]
    pub fn behind(self, proxies: Vec<Network>) -> Self {
        Self { proxies: proxies.into(), ..self }
    }

    /// The same server with another pace.
    #[must_use]
    pub fn paced(self, pace: Pace) -> Self {
        Self { pace, ..self }
    }

    /// The same server, whose weaknesses are reported there.
    #[must_use]
    pub fn reported_to(self, contact: &str) -> Self {
        Self { security_contact: Some(contact.into()), ..self }
    }

    /// The same server with other limits.
    #[must_use]
    pub fn within(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Whether people reach the service by TLS, ended at the proxy.
    #[must_use]
    pub fn secure(&self) -> bool {
        self.origin.starts_with("https://")
    }

    /// Whether the server was told to stop: it answers what runs and should be sent nothing more.
    #[must_use]
    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }
}

/// Serves until `stop` ends, then lets running requests end, those that take too long excepted.
pub async fn serve(
    web: Web,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let (limits, stopping) = (web.limits, Arc::clone(&web.stopping));
    let service = router(web);
    let (tell, told) = watch::channel(false);
    let mut connections = JoinSet::new();
    tokio::pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            Some(_ended) = connections.join_next() => {}
            accepted = listener.accept(), if connections.len() < CONNECTIONS => match accepted {
                Ok((stream, peer)) => {
                    connections.spawn(connection(stream, peer, service.clone(), limits, told.clone()));
                }
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be taken");
                    tokio::time::sleep(REST).await;
                }
            },
        }
    }
    drop(listener);
    stopping.store(true, Ordering::Relaxed);
    let _nobody_connected = tell.send(true);
    let ended = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(limits.stop, ended).await.is_err() {
        tracing::warn!(connections = connections.len(), "requests that still ran at the stop were cut off");
        connections.shutdown().await;
    }
    Ok(())
}

/// One connection to its end; told to stop, it ends after the request that runs.
async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    service: Router,
    limits: Limits,
    mut told: watch::Receiver<bool>,
) {
    let answer = hyper::service::service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        let service = service.clone();
        async move { Ok::<_, Infallible>(service.oneshot(request).await.unwrap_or_else(|never| match never {})) }
    });
    let _small_writes_at_once = stream.set_nodelay(true);
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.headers)
        .max_buf_size(LARGEST_HEAD)
        .serve_connection(TokioIo::new(stream), answer);
    tokio::pin!(served);
    tokio::select! {
        _ended = served.as_mut() => return,
        _told = told.wait_for(|stop| *stop) => {}
    }
    served.as_mut().graceful_shutdown();
    let _ended = served.await;
}
