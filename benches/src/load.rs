//! Load: as fast as a number of clients can, each waiting for its answer, or at a steady rate whose waiting counts.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::task::JoinSet;
use tokio::time::sleep_until;

use crate::http::Connection;
use crate::measure::quantile;

/// What came of a run.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Answers as they should be.
    pub good: usize,
    /// Other answers and broken connections.
    pub bad: usize,
    /// Answers that asked to come again; each request was sent again until it was answered otherwise.
    pub busy: usize,
    /// One of the bad, to look at.
    pub example: String,
    /// How long it all took.
    pub seconds: f64,
    /// Milliseconds of each good answer.
    pub millis: Vec<f64>,
}

impl Report {
    /// Good answers a second.
    pub fn rate(&self) -> f64 {
        self.good as f64 / self.seconds.max(1e-9)
    }

    /// The milliseconds that this share (in thousandths) of the answers does not exceed.
    pub fn quantile(&mut self, thousandths: usize) -> f64 {
        quantile(&mut self.millis, thousandths)
    }

    fn add(&mut self, other: Self) {
        self.good += other.good;
        self.bad += other.bad;
        self.busy += other.busy;
        self.millis.extend(other.millis);
        if self.example.is_empty() {
            self.example = other.example;
        }
    }

    fn good(&mut self, since: Instant) {
        self.good += 1;
        self.millis.push(since.elapsed().as_secs_f64() * 1000.0);
    }

    fn bad(&mut self, what: String) {
        self.bad += 1;
        if self.example.is_empty() {
            self.example = what;
        }
    }
}

/// What is sent and which status answers it.
#[derive(Debug, Clone)]
pub struct Work {
    /// The requests, each sent once where `once` says so, otherwise in turn.
    pub requests: Arc<Vec<Vec<u8>>>,
    /// The status of a good answer.
    pub expected: u16,
    /// The fewest bytes of a good answer's body: what is shorter lacks some of the page.
    pub least: usize,
}

impl Work {
    /// Requests that are answered well with this status.
    pub fn new(requests: Vec<Vec<u8>>, expected: u16) -> Self {
        Self { requests: requests.into(), expected, least: 0 }
    }
}

/// The status of a server that has no turn for a request just now.
const BUSY: u16 = 503;
/// How long a client waits before it asks again.
const AGAIN: Duration = Duration::from_millis(20);
/// How often it asks again before it gives up.
const TRIES: usize = 200;

/// One request, sent again while the server says that it is busy: its time is that until the answer that counts.
async fn one(connection: &mut Connection, work: &Work, number: usize, since: Instant, report: &mut Report) -> bool {
    let request = &work.requests[number % work.requests.len()];
    for _ in 0..TRIES {
        match connection.ask(request).await {
            Ok(answer) if answer.status == BUSY && work.expected != BUSY => {
                report.busy += 1;
                tokio::time::sleep(AGAIN).await;
            }
            Ok(answer) if answer.status == work.expected && answer.body.len() >= work.least => {
                report.good(since);
                return true;
            }
            Ok(answer) => {
                let text: String = answer.text().chars().take(300).collect();
                report.bad(format!("status {}, {} bytes: {text}", answer.status, answer.body.len()));
                return true;
            }
            Err(error) => {
                report.bad(error.to_string());
                return false;
            }
        }
    }
    report.bad(format!("busy {TRIES} times"));
    true
}

/// `clients` connections, each asking anew as soon as it is answered, until the time is over or, where each request
/// goes out once only, none is left.
pub async fn closed(address: &str, clients: usize, time: Duration, work: &Work, once: bool) -> anyhow::Result<Report> {
    let (taken, start) = (Arc::new(AtomicUsize::new(0)), Instant::now());
    let mut tasks = JoinSet::new();
    for _ in 0..clients {
        let mut connection = Connection::open(address).await?;
        let (taken, work) = (Arc::clone(&taken), work.clone());
        tasks.spawn(async move {
            let mut report = Report::default();
            while start.elapsed() < time {
                let number = taken.fetch_add(1, Ordering::Relaxed);
                let over = once && number >= work.requests.len();
                if over || !one(&mut connection, &work, number, Instant::now(), &mut report).await {
                    break;
                }
            }
            report
        });
    }
    gather(tasks, start).await
}

/// A request every `1/rate` seconds over `clients` connections; an answer's time runs from when its request was due.
pub async fn paced(address: &str, clients: u32, rate: f64, time: Duration, work: &Work) -> anyhow::Result<Report> {
    let start = Instant::now();
    let step = Duration::from_secs_f64(f64::from(clients) / rate);
    let mut tasks = JoinSet::new();
    for client in 0..clients {
        let mut connection = Connection::open(address).await?;
        let work = work.clone();
        let mut due = start + step.mul_f64(f64::from(client) / f64::from(clients));
        let mut number = client as usize;
        tasks.spawn(async move {
            let mut report = Report::default();
            while due.duration_since(start) < time {
                sleep_until(due.into()).await;
                if !one(&mut connection, &work, number, due, &mut report).await {
                    break;
                }
                due += step;
                number += clients as usize;
            }
            report
        });
    }
    gather(tasks, start).await
}

async fn gather(mut tasks: JoinSet<Report>, start: Instant) -> anyhow::Result<Report> {
    let mut all = Report::default();
    while let Some(report) = tasks.join_next().await {
        all.add(report?);
    }
    all.seconds = start.elapsed().as_secs_f64();
    Ok(all)
}
