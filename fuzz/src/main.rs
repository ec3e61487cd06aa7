//! `cargo xtask fuzz [--minutes N] [--seed S]`: bad input for the readers of files, every form, file and one-time link
//! of every page and every operation of the API. Nothing may panic, answer with a fault, or write anything by what it
//! refuses. The same seed tries the same input again; the seeds of `seeds.txt` are tried by default.
//! `--planted yes` is the control: a service with planted bugs, of which the run has to find every one.

#![allow(clippy::disallowed_methods, reason = "a tool reads the clock and its arguments; the fences are the product's")]

mod api;
mod browser;
mod finding;
mod form;
mod nasty;
mod pages;
mod planted;
mod reach;
mod readers;
mod records;
mod region;
mod state;
mod upload;

use anyhow::{Context, bail, ensure};
use rand::SeedableRng;
use rand::rngs::StdRng;
use std::process::ExitCode;
use std::time::Duration;

use finding::Findings;
use pages::Grounds;
use reach::Reach;
use region::Region;

const SEEDS: &str = include_str!("../seeds.txt");

struct Options {
    minutes: f64,
    seeds: Vec<u64>,
    planted: bool,
}

fn options() -> anyhow::Result<Options> {
    let saved = SEEDS.lines().filter(|line| !line.starts_with('#')).map(|line| line.trim().parse());
    let mut options =
        Options { minutes: 1.0, seeds: saved.collect::<Result<_, _>>().context("seeds.txt")?, planted: false };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let value = words.next().with_context(|| format!("{word} needs a value"))?;
        match word.as_str() {
            "--minutes" => {
                options.minutes = value.parse().with_context(|| format!("{value} is no number of minutes"))?;
            }
            "--seed" => options.seeds = vec![value.parse().with_context(|| format!("{value} is no seed"))?],
            "--planted" => options.planted = value == "yes",
            other => bail!("fuzz takes --minutes N, --seed S and --planted yes, not {other}"),
        }
    }
    Ok(options)
}

/// One seed: a fresh region, and its share of the time for each kind of input. The first seed looks around for all.
async fn one(
    seed: u64,
    time: Duration,
    known: Option<Grounds>,
    findings: &mut Findings,
    reach: &mut Reach,
) -> anyhow::Result<Grounds> {
    println!("seed {seed}");
    let mut chance = StdRng::seed_from_u64(seed);
    readers::run(&mut chance, time.mul_f64(0.2), findings, false);
    let mut region = Region::make().await?;
    let grounds = match known {
        Some(grounds) => grounds,
        None => pages::look(&region, findings).await?,
    };
    pages::run(&mut region, &grounds, &mut chance, time.mul_f64(0.5), findings, reach).await?;
    api::run(&mut region, &mut chance, time.mul_f64(0.3), findings, reach).await?;
    region.remove().await;
    Ok(grounds)
}

/// The control: the same input for what is known to be wrong.
async fn control(seed: u64, time: Duration, findings: &mut Findings) -> anyhow::Result<()> {
    let mut chance = StdRng::seed_from_u64(seed);
    readers::run(&mut chance, time.mul_f64(0.3), findings, true);
    let mut region = Region::planted().await?;
    let mut reach = Reach::default();
    let grounds = pages::look(&region, findings).await?;
    pages::run(&mut region, &grounds, &mut chance, time.mul_f64(0.5), findings, &mut reach).await?;
    api::run(&mut region, &mut chance, time.mul_f64(0.2), findings, &mut reach).await?;
    region.remove().await;
    ensure!(
        reach.check().is_err(),
        "a service of a few forms was taken for the whole: the least that a run must find is too little"
    );
    planted::judge(findings)
}

fn main() -> anyhow::Result<ExitCode> {
    let options = options()?;
    finding::keep_panics();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let share = Duration::from_secs_f64(options.minutes * 60.0) / u32::try_from(options.seeds.len().max(1))?;
    let mut findings = Findings::default();
    if options.planted {
        let seed = options.seeds.first().copied().unwrap_or(1);
        let time = Duration::from_secs_f64(options.minutes * 60.0);
        runtime.block_on(control(seed, time, &mut findings)).with_context(finding::last_panic)?;
        return Ok(ExitCode::SUCCESS);
    }
    let (mut reach, mut grounds) = (Reach::default(), None);
    for seed in &options.seeds {
        let trying = one(*seed, share, grounds.take(), &mut findings, &mut reach);
        grounds = Some(runtime.block_on(trying).with_context(finding::last_panic)?);
    }
    reach.check()?;
    Ok(if findings.close() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
