//! pgbench with the bare SQL of an award on one hot ceiling, and the twin that checks before it writes.

use anyhow::Context;
use std::process::Command;

use super::{CLIENTS, world};
use crate::{place, server};

/// For how long pgbench runs, in seconds.
const SECONDS: &str = "12";

/// A new database of the cluster; its address.
pub fn database(name: &str) -> anyhow::Result<String> {
    let cluster = server::cluster()?;
    for sql in [format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"), format!("CREATE DATABASE {name}")] {
        place::run(Command::new("psql").args(["-qX", "-v", "ON_ERROR_STOP=1", "-c", &sql, &cluster]))?;
    }
    let (server, _) = cluster.rsplit_once('/').context("the cluster's address names no database")?;
    Ok(format!("{server}/{name}"))
}

/// What pgbench says after a name and an equals sign, such as `tps = 144.1`.
fn figure(said: &str, name: &str) -> anyhow::Result<f64> {
    let line = said.lines().find_map(|line| line.strip_prefix(name)).with_context(|| format!("no {name} in {said}"))?;
    let number = line.trim_start_matches([' ', '=']).split_whitespace().next().unwrap_or_default();
    number.parse().with_context(|| format!("{name} is {number}"))
}

fn pgbench(url: &str, arguments: &[&str], script: &str) -> anyhow::Result<String> {
    let clients = CLIENTS.to_string();
    let mut pgbench = Command::new("pgbench");
    pgbench.args(["-n", "-c", &clients, "-j", "2"]).args(arguments).arg("-f").arg(place::rival(script)).arg(url);
    place::run(&mut pgbench)
}

/// What the bare SQL came to.
pub struct Bare {
    /// Awards a second.
    pub rate: f64,
    /// The mean time of one, in milliseconds.
    pub mean: f64,
}

/// The bare SQL of an award, by as many clients, on one ceiling.
pub fn bare(url: &str) -> anyhow::Result<Bare> {
    place::run(
        Command::new("psql")
            .args(["-qX", "-v", "ON_ERROR_STOP=1", "-f"])
            .arg(place::rival("award_schema.sql"))
            .arg(url),
    )?;
    let said = pgbench(url, &["-T", SECONDS], "award.sql")?;
    Ok(Bare { rate: figure(&said, "tps")?, mean: figure(&said, "latency average")? })
}

/// How much of a ceiling that holds 30 awards the twin gives away, in per cent.
pub fn naive(url: &str) -> anyhow::Result<f64> {
    let ceiling = world::WHOLE_YEAR.0 * 30;
    pgbench(url, &["-t", "20", "-D", &format!("ceiling={ceiling}")], "award_naive.sql")?;
    let sql = format!("SELECT round(100.0 * sum(delta_pence) / {ceiling}) FROM rival.entry WHERE org_id = 2");
    let percent = place::run(Command::new("psql").args(["-qXAt", "-c", &sql, url]))?;
    percent.trim().parse().context("the twin's entries do not sum")
}
