//! P4: the homes that could meet a child's needs among 5,000, ranked, each with its reasons in or out, beside pandas
//! doing the same and a plain scan in SQLite. The rivals must find exactly the same homes in the same order.

mod export;
mod homes;

use anyhow::{Context, bail, ensure};
use placewell_insight::placing::referral::{Found, Index, Wanted};
use serde_json::Value;
use std::hint::black_box;
use std::path::Path;
use std::process::Command;

use crate::table::{self, Line};
use crate::{measure, place};

const HOMES: i64 = 5_000;
const SEARCHES: usize = 300;
/// How often all searches are made, so that a run takes seconds.
const ROUNDS: u64 = 60;
/// How many homes a page shows with their lines.
const SHOWN: usize = 20;

/// Microseconds of processor time that one of `count` takes.
fn cpu_micros(count: u64, mut work: impl FnMut()) -> anyhow::Result<f64> {
    let before = measure::own_cpu_nanos()?;
    work();
    let taken = measure::own_cpu_nanos()?.saturating_sub(before);
    Ok(taken as f64 / 1000.0 / count as f64)
}

fn with_lines(index: &Index, wanted: &Wanted) -> (Found, usize) {
    let found = index.search(wanted);
    let lines = found.matched.iter().take(SHOWN).map(|one| index.lines(one.row, wanted, &found).len()).sum();
    (found, lines)
}

/// The control: the rivals must refuse the same case where one home is left out of one answer.
fn control(case: &Path, search: impl Fn(&Path) -> anyhow::Result<String>) -> anyhow::Result<()> {
    let mut document: Value = serde_json::from_slice(&std::fs::read(case)?)?;
    let answers = document["searches"].as_array_mut().into_iter().flatten();
    let mut matched = answers.filter_map(|one| one["matched"].as_array_mut()).filter(|rows| !rows.is_empty());
    matched.next().context("no search matches a home")?.pop();
    let wrong = case.with_file_name("wrong.json");
    std::fs::write(&wrong, serde_json::to_vec(&document)?)?;
    let Err(error) = search(&wrong) else { bail!("the rivals took a wrong answer for theirs: this run shows nothing") };
    ensure!(format!("{error:#}").contains("finds other homes"), "the control failed for another reason: {error:#}");
    Ok(())
}

/// Runs the measure and prints its table.
pub fn run() -> anyhow::Result<()> {
    let python = place::python()?;
    let index = Index::new(homes::TODAY, homes::homes(HOMES, 1)?);
    let searches = homes::searches(SEARCHES, 2)?;
    let answered: Vec<(Wanted, Found)> = searches.iter().map(|wanted| (wanted.clone(), index.search(wanted))).collect();
    let file = place::fresh("search")?.join("case.json");
    std::fs::write(&file, serde_json::to_vec(&export::document(&index, &answered)?)?)?;

    let count = ROUNDS * SEARCHES as u64;
    let core = cpu_micros(count, || {
        for _ in 0..ROUNDS {
            for wanted in &searches {
                black_box(index.search(black_box(wanted)));
            }
        }
    })?;
    let lines = cpu_micros(SEARCHES as u64, || {
        for wanted in &searches {
            black_box(with_lines(&index, black_box(wanted)));
        }
    })?;
    let search = |case: &Path| place::run(Command::new(&python).arg(place::rival("search.py")).arg(case));
    let rivals: Value = serde_json::from_str(&search(&file)?)?;
    control(&file, search)?;
    let micros = |name: &str| rivals[name].as_f64().unwrap_or(f64::NAN);
    let (pandas, sqlite) = (micros("pandas_micros"), micros("sqlite_micros"));
    let (mut meanwhile, awards) = crate::on_runtime(crate::awards::searches_meanwhile())?;
    let (half, most) = (meanwhile.quantile(500), meanwhile.quantile(990));
    let matched: usize = answered.iter().map(|(_, found)| found.matched.len()).sum();
    table::print(
        "cargo xtask bench search",
        &[
            Line::note(
                format!("{HOMES} homes, {SEARCHES} searches; homes matched by one, on average"),
                format!("{:.0}", matched as f64 / SEARCHES as f64),
            ),
            Line::note("one search with every home's reasons, processor time", format!("{:.3} ms", core / 1e3))
                .aims("≤ 0.1 ms", core <= 100.0),
            Line::note("beside pandas with the same answers and reasons", format!("{:.3} ms", core / 1e3))
                .against(format!("{:.3} ms", pandas / 1e3), pandas / core)
                .aims("≥ 30×", pandas / core >= 30.0),
            Line::note("beside a scan in SQLite with the same homes, no reasons", format!("{:.3} ms", core / 1e3))
                .against(format!("{:.3} ms", sqlite / 1e3), sqlite / core),
            Line::note(
                format!("one search and the first {SHOWN} homes' lines in words"),
                format!("{:.3} ms", lines / 1e3),
            ),
            Line::note(
                format!(
                    "over HTTP among {} homes, {:.0} a second while {:.0} awards a second are made: median, p99",
                    crate::awards::SEARCHED_HOMES,
                    meanwhile.rate(),
                    awards.rate()
                ),
                format!("{half:.1} ms, {most:.1} ms"),
            )
            .aims("p99 ≤ 20 ms", most <= 20.0),
        ],
    );
    Ok(())
}
