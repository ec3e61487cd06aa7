//! The listener itself: every wait has its end, also against somebody who never finishes a request.

use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use placewell_app::clock::Calendar;
use placewell_store::Backend;
use placewell_testkit::client::Client;
use placewell_testkit::databases::fresh;
use placewell_web::server::{Limits, serve};
use placewell_web::{Web, router};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

const SHORT: Duration = Duration::from_millis(100);
const LONG: Duration = Duration::from_mins(1);

async fn web(limits: Limits) -> Web {
    let app = fresh(Backend::Sqlite).await.app(Calendar::running()).await;
    Web::new(Arc::clone(&app), "http://localhost").await.unwrap().within(limits)
}

/// A server, the connection of somebody who has sent `said` to it, and what stops it.
async fn asked(web: Web, said: &str) -> (TcpStream, oneshot::Sender<()>, impl Future<Output = std::io::Result<()>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut connection = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    connection.write_all(said.as_bytes()).await.unwrap();
    let (stop, stopped) = oneshot::channel();
    let served = serve(web, listener, async { stopped.await.unwrap_or(()) });
    (connection, stop, served)
}

async fn answer(connection: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    let _cut_off = connection.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn headers_that_never_end_are_cut_off() {
    let web = web(Limits { headers: SHORT, request: LONG, stop: LONG }).await;
    let (mut connection, _stop, served) = asked(web, "GET / HTTP/1.1\r\nHost: localhost\r\n").await;
    tokio::select! {
        _ended = served => panic!("the server ended"),
        answer = answer(&mut connection) => assert!(!answer.contains("200 OK"), "{answer}"),
    }
}

#[tokio::test]
async fn a_body_that_never_ends_is_answered() {
    let web = web(Limits { headers: LONG, request: SHORT, stop: LONG }).await;
    let request = "POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\nConnection: close\r\n\
                   Content-Type: application/x-www-form-urlencoded\r\n\r\nemail=";
    let (mut connection, _stop, served) = asked(web, request).await;
    tokio::select! {
        _ended = served => panic!("the server ended"),
        answer = answer(&mut connection) => {
            assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
            assert!(answer.contains("x-request-id"), "{answer}");
        }
    }
}

#[tokio::test]
async fn a_stop_waits_for_what_runs_and_no_longer_than_it_may() {
    let web = web(Limits { headers: LONG, request: LONG, stop: SHORT }).await;
    let router = router(web.clone());
    let client = Client::new(router);
    assert_eq!(client.get("/readyz").await.status, StatusCode::OK);
    let request = "POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\nConnection: close\r\n\
                   Content-Type: application/x-www-form-urlencoded\r\n\r\nemail=";
    let (mut connection, stop, served) = asked(web, request).await;
    tokio::pin!(served);
    let mut later = TcpStream::connect(connection.peer_addr().unwrap()).await.unwrap();
    later.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await.unwrap();
    tokio::select! {
        _ended = &mut served => panic!("the server ended"),
        answer = answer(&mut later) => assert!(answer.contains("alive"), "{answer}"),
    }
    stop.send(()).unwrap();
    served.await.unwrap();
    assert_eq!(answer(&mut connection).await, "", "cut off without an answer");
    assert_eq!(client.get("/readyz").await.status, StatusCode::SERVICE_UNAVAILABLE);
}

/// What the server answers to these bytes, sent on one connection.
async fn answer_to(said: &str) -> String {
    let limits = Limits { headers: Duration::from_secs(5), request: Duration::from_secs(5), stop: SHORT };
    let (mut connection, _stop, served) = asked(web(limits).await, said).await;
    tokio::select! {
        _ended = served => panic!("the server ended"),
        answer = answer(&mut connection) => answer,
    }
}

#[tokio::test]
async fn a_message_with_two_lengths_or_ends_is_not_read() {
    let head = "POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n";
    let hidden = "GET /hidden HTTP/1.1\r\nHost: localhost\r\n\r\n";
    for twice in [
        "Content-Length: 6\r\nContent-Length: 0\r\n\r\nemail=",
        "Content-Length: 6, 0\r\n\r\nemail=",
        "Content-Length: +6\r\n\r\nemail=",
    ] {
        let answer = answer_to(&format!("{head}{twice}{hidden}")).await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{twice}: {answer}");
        assert_eq!(answer.matches("HTTP/1.1").count(), 1, "{twice}: a second message was read: {answer}");
    }
    // Of two ways to tell the end, the chunks count, and nothing that stands behind them is a message of its own.
    let both = "Content-Length: 40\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nemail=\r\n0\r\n\r\n";
    let answer = answer_to(&format!("{head}Connection: close\r\n{both}")).await;
    assert_eq!(answer.matches("HTTP/1.1").count(), 1, "{answer}");
    let unknown = answer_to(&format!(
        "{head}Connection: close\r\nTransfer-Encoding: chunked, nonsense\r\n\r\n6\r\nemail=\r\n0\r\n\r\n{hidden}"
    ))
    .await;
    assert!(!unknown.contains("404") && unknown.matches("HTTP/1.1").count() == 1, "{unknown}");
}

#[tokio::test]
async fn headers_beyond_their_limit_are_turned_away() {
    let answer =
        answer_to(&format!("GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: {}\r\n\r\n", "a".repeat(300 * 1024))).await;
    assert!(!answer.contains("200 OK"), "{answer}");
}
