//! What the kernel knows of a process: time on a processor, memory. Linux only, read from `/proc`.

use anyhow::Context;
use std::path::Path;

/// Nanoseconds for which this program's first thread has run on a processor.
pub fn own_cpu_nanos() -> anyhow::Result<u64> {
    let text = std::fs::read_to_string("/proc/self/schedstat").context("/proc/self/schedstat is needed")?;
    Ok(text.split_whitespace().next().unwrap_or("0").parse()?)
}

/// Memory of a process and of all that it started, in MB: shared pages are counted once, by their share.
pub fn memory_mb(process: u32) -> f64 {
    let kilobytes: u64 = family(process).iter().map(|one| proportional_kilobytes(*one)).sum();
    kilobytes as f64 / 1024.0
}

fn proportional_kilobytes(process: u32) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{process}/smaps_rollup")).unwrap_or_default();
    let pss = text.lines().find_map(|line| line.strip_prefix("Pss:"));
    pss.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

/// A process and its descendants.
fn family(process: u32) -> Vec<u32> {
    let mut found = vec![process];
    let mut at = 0;
    while let Some(parent) = found.get(at).copied() {
        let children = std::fs::read_to_string(format!("/proc/{parent}/task/{parent}/children")).unwrap_or_default();
        found.extend(children.split_whitespace().filter_map(|child| child.parse::<u32>().ok()));
        at += 1;
    }
    found
}

/// A file's size in MB.
pub fn file_mb(file: &Path) -> anyhow::Result<f64> {
    let data = std::fs::metadata(file).with_context(|| format!("{} is missing", file.display()))?;
    Ok(data.len() as f64 / 1_000_000.0)
}

/// The value that this share of the values (in thousandths) does not exceed; sorts them.
pub fn quantile(values: &mut [f64], thousandths: usize) -> f64 {
    values.sort_by(f64::total_cmp);
    let rank = (values.len() * thousandths).div_ceil(1000);
    values.get(rank.saturating_sub(1)).copied().unwrap_or(0.0)
}
