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
        self.millis.extend(other.millis);
        if self.example.is_empty() {
            self.example = other.example;
        }
    }

    fn count(&mut self, since: Instant, status: u16, expected: u16, text: impl FnOnce() -> String) {
        if status == expected {
            self.good += 1;
            self.millis.push(since.elapsed().as_secs_f64() * 1000.0);
        } else {
            self.bad += 1;
            if self.example.is_empty() {
                self.example = format!("status {status}: {}", text());
            }
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
}

async fn one(connection: &mut Connection, work: &Work, number: usize, since: Instant, report: &mut Report) -> bool {
    let request = &work.requests[number % work.requests.len()];
    match connection.ask(request).await {
        Ok(answer) => report.count(since, answer.status, work.expected, || answer.text().chars().take(300).collect()),
        Err(error) => {
            report.count(since, 0, work.expected, || error.to_string());
            return false;
        }
    }
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
