//! P3: a whole region's future, 10,000 runs of 156 weeks with 1,500 children, beside numpy drawing the same futures (week
//! by week, and as cleverly as we could), and beside cs-demand-model for one authority. numpy must come to the same
//! quantiles within their error; for prices that are 3% higher it must not.

use anyhow::{Context, bail, ensure};
use placewell_domain::reporting::appraisal::{Living, Range};
use placewell_insight::reporting::appraisal::{Ahead, Arrivals, FUTURES, Lengths, Part, SEED, Told, WEEKS, forecast};
use serde_json::{Value, json};
use std::hint::black_box;
use std::path::Path;
use std::process::Command;

use crate::chance::Chance;
use crate::table::{self, Line};
use crate::{measure, place};

const CHILDREN: usize = 1_500;
const AUTHORITIES: usize = 14;
const YEARS: [usize; 3] = [52, 104, 156];
/// A year's rise in prices, in thousandths.
const RISE: i64 = 50;
/// How often ours is repeated, so that a run takes a second.
const ROUNDS: u64 = 5;
/// How far quantiles of 10,000 futures may lie apart, in standard deviations: four times the error of their difference.
const APART: f64 = 0.12;

/// One invented authority.
struct Authority {
    living: Vec<Living>,
    prices: Vec<u32>,
    mean: f64,
}

fn region(lengths: &Lengths) -> Vec<Authority> {
    let mut chance = Chance::new(3);
    // Between 40 and 260 children, 1,500 in all.
    let weights: Vec<usize> = (0..AUTHORITIES).map(|at| 40 + at * 15).collect();
    let all: usize = weights.iter().sum();
    let mut left = CHILDREN;
    let sizes = weights.iter().enumerate().map(|(at, weight)| {
        let size = if at + 1 == AUTHORITIES { left } else { CHILDREN * weight / all };
        left -= size;
        size
    });
    let weekly = |chance: &mut Chance| u32::try_from(chance.between(300_000, 800_000)).unwrap_or(0);
    let sizes: Vec<usize> = sizes.collect();
    sizes
        .into_iter()
        .map(|size| Authority {
            living: (0..size)
                .map(|_| Living {
                    weekly: weekly(&mut chance),
                    weeks: u16::try_from(chance.between(0, 150)).unwrap_or(0),
                })
                .collect(),
            prices: (0..size * 2).map(|_| weekly(&mut chance)).collect(),
            mean: size as f64 / lengths.mean() * WEEKS as f64,
        })
        .collect()
}

fn parts(region: &[Authority], lengths: &Lengths, dearer: u32) -> Vec<Part> {
    let part = |one: &Authority| {
        let prices: Vec<u32> = one.prices.iter().map(|price| price + price / 100 * dearer).collect();
        let ceilings = YEARS.map(|_| (0, Some(i64::from(u32::MAX))));
        Part::new(&one.living, lengths, &prices, Arrivals::poisson(one.mean), ceilings)
    };
    region.iter().map(part).collect()
}

fn case(region: &[Authority], lengths: &Lengths) -> Value {
    let rise: Vec<f64> = (0..WEEKS).map(|week| (1.0 + RISE as f64 / 1e3).powf(week as f64 / 52.0)).collect();
    let parts: Vec<Value> = region
        .iter()
        .map(|one| {
            let living: Vec<Value> = one.living.iter().map(|child| json!([child.weekly, child.weeks])).collect();
            json!({"lengths": lengths.table().to_vec(), "living": living, "prices": one.prices, "mean": one.mean})
        })
        .collect();
    json!({"weeks": WEEKS, "runs": FUTURES, "until": YEARS, "rise": rise, "parts": parts})
}

/// How far the quantiles of ours and theirs lie apart at most, in standard deviations.
fn apart(ours: &[Vec<Told>], theirs: &Value) -> anyhow::Result<f64> {
    let mut most = 0.0_f64;
    for (part, told) in ours.iter().take(AUTHORITIES).enumerate() {
        for (year, told) in told.iter().enumerate() {
            let Range { low, middle, high } = told.cost;
            let spread = (high - low) as f64 / 3.29;
            for (at, own) in [low, middle, high].into_iter().enumerate() {
                let other = theirs["parts"][part][year][at].as_f64().context("the rival tells no such quantile")?;
                most = most.max((own as f64 - other).abs() / spread);
            }
        }
    }
    Ok(most)
}

fn numpy(case: &Path, how: &str) -> anyhow::Result<Value> {
    let python = place::python()?;
    let said = place::run(Command::new(python).arg(place::rival("forecast.py")).arg(case).args([how, "11"]))?;
    Ok(serde_json::from_str(&said)?)
}

fn seconds(told: &Value) -> anyhow::Result<f64> {
    told["seconds"].as_f64().context("the rival tells no time")
}

/// cs-demand-model's processor seconds for one authority over as many days; none where it could not be installed.
fn demand() -> Option<f64> {
    let told = place::environment("venv-demand", "requirements-demand.txt").and_then(|python| {
        let said = place::run(Command::new(python).arg(place::rival("demand.py")).arg((WEEKS * 7).to_string()))?;
        let told: Value = serde_json::from_str(said.trim())?;
        ensure!(told["days"].as_u64() == Some(WEEKS as u64 * 7), "cs-demand-model forecast other days: {told}");
        seconds(&told)
    });
    match told {
        Ok(seconds) => Some(seconds),
        Err(error) => {
            eprintln!(
                "\nNOT MEASURED: cs-demand-model could not be installed or run, so its line is left out: {error:#}\n"
            );
            None
        }
    }
}

/// Runs the measure and prints its table.
pub fn run() -> anyhow::Result<()> {
    let lengths = Lengths::stated();
    let region = region(&lengths);
    let ahead = Ahead::new(WEEKS, &YEARS, RISE);
    let drawn = parts(&region, &lengths, 0);
    let before = measure::own_cpu_nanos()?;
    for _ in 0..ROUNDS {
        black_box(forecast(black_box(SEED), FUTURES, black_box(&drawn), &ahead));
    }
    let own = (measure::own_cpu_nanos()? - before) as f64 / 1e9 / ROUNDS as f64;
    let ours = forecast(SEED, FUTURES, &drawn, &ahead);

    let file = place::fresh("forecast")?.join("case.json");
    std::fs::write(&file, serde_json::to_vec(&case(&region, &lengths))?)?;
    let (stays, weeks) = (numpy(&file, "stays")?, numpy(&file, "weeks")?);
    let far = apart(&ours, &stays)?.max(apart(&ours, &weeks)?);
    ensure!(far < APART, "numpy's quantiles lie {far:.3} standard deviations from ours");
    let dearer = forecast(SEED, FUTURES, &parts(&region, &lengths, 3), &ahead);
    let seen = apart(&dearer, &stays)?;
    if seen < APART {
        bail!("prices 3% higher were taken for the same ({seen:.3} standard deviations): this run shows nothing");
    }
    let (stays, weeks) = (seconds(&stays)?, seconds(&weeks)?);
    let mut lines = vec![
        Line::note(
            format!("{FUTURES} runs × {WEEKS} weeks × {CHILDREN} children, {AUTHORITIES} ceilings, processor time"),
            format!("{own:.3} s"),
        ),
        Line::note("beside numpy week by week, with the same quantiles", format!("{own:.3} s"))
            .against(format!("{weeks:.2} s"), weeks / own)
            .aims("≥ 15×", weeks / own >= 15.0),
        Line::note("beside numpy by stays, the quickest we found in it", format!("{own:.3} s"))
            .against(format!("{stays:.2} s"), stays / own)
            .aims("≥ 15×", stays / own >= 15.0),
        Line::note("furthest of 126 quantiles from numpy's; from prices 3% higher (control)", format!("{far:.3} sd"))
            .against(format!("{seen:.2} sd"), seen / far)
            .aims(format!("< {APART} sd"), far < APART),
    ];
    lines.extend(demand().map(|demand| {
        Line::note("beside cs-demand-model 0.5.1: one authority, no interval", format!("{own:.3} s"))
            .against(format!("{demand:.2} s"), demand / own)
            .aims("≤ 1/5", own <= demand / 5.0)
    }));
    table::print("cargo xtask bench forecast", &lines);
    Ok(())
}
