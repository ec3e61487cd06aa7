//! The readers of files: a published decision, Ofsted's register, a directory of postcodes. They never fail and never
//! panic, they say the same of the same bytes, and they answer soon.

use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use placewell_exchange::homes::home;
use placewell_exchange::place::{Directory, Entry};
use placewell_exchange::power::decision;
use rand::RngExt;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;

use crate::finding::{Findings, last_panic};
use crate::nasty;
use crate::planted;

/// Good files to damage.
const CORPUS: &[&[u8]] = &[
    include_bytes!("../../crates/app/src/demonstration/decision.txt"),
    include_bytes!("../corpus/decision.html"),
    include_bytes!("../corpus/register.csv"),
    include_bytes!("../corpus/postcodes.csv"),
];
/// An answer may not take longer, by far, than a person waits, on a processor of its own; inputs have at most 400 kB.
const PATIENCE: Duration = Duration::from_secs(5);

/// Reads damaged files until the time is over.
pub fn run(chance: &mut StdRng, time: Duration, findings: &mut Findings, planted: bool) {
    let start = Instant::now();
    while start.elapsed() < time {
        let good = CORPUS.choose(chance).copied().unwrap_or_default();
        let other = CORPUS.choose(chance).copied().unwrap_or_default();
        let bytes = nasty::damaged(good, other, chance);
        if planted {
            check("the planted reader", &bytes, findings, planted::read);
            continue;
        }
        check("the reader of decisions", &bytes, findings, |bytes| {
            serde_json::to_string(&decision::read(&placewell_exchange::text::decode(bytes)))
                .map_err(|error| error.to_string())
        });
        let region = if chance.random_bool(0.9) { "West Midlands".to_owned() } else { nasty::text(chance) };
        check("the reader of the register", &bytes, findings, |bytes| {
            let read = home::read(bytes, &region);
            let judged = read.summary.homes;
            if judged > bytes.len() {
                return Err(format!("{judged} homes in {} bytes", bytes.len()));
            }
            serde_json::to_string(&read.summary).map_err(|error| error.to_string())
        });
        check("the reader of postcodes", &bytes, findings, postcodes);
    }
}

/// Every row says one thing, and a place is on the National Grid.
fn postcodes(bytes: &[u8]) -> Result<String, String> {
    let mut directory = Directory::new(bytes);
    let (mut said, mut entries) = (String::new(), 0);
    while let Some(entry) = directory.next_entry().map_err(|error| error.to_string())? {
        entries += 1;
        match &entry {
            Entry::Placed(_, point) if point.easting > 700_000 || point.northing > 1_300_000 => {
                return Err(format!("{entry:?} lies outside the grid"));
            }
            Entry::Wrong(error) if error.reason.chars().count() > 400 => {
                return Err(format!("a reason of {} letters", error.reason.chars().count()));
            }
            _ => {}
        }
        writeln!(said, "{entry:?}").map_err(|error| error.to_string())?;
    }
    let rows = bytes.split(|byte| matches!(byte, b'\n' | b'\r')).count();
    // A file in which no header was found is told of as a whole, after its rows.
    if entries > rows + 1 { Err(format!("{entries} entries in {rows} rows")) } else { Ok(said) }
}

/// How long this thread has worked, without the time in which it waited for a processor.
fn worked() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    told.split(' ').next().and_then(|nanoseconds| nanoseconds.parse().ok()).map_or(Duration::ZERO, Duration::from_nanos)
}

fn check(name: &str, bytes: &[u8], findings: &mut Findings, read: impl Fn(&[u8]) -> Result<String, String>) {
    findings.tried += 1;
    let start = worked();
    let first = catch_unwind(AssertUnwindSafe(|| read(bytes)));
    if worked().saturating_sub(start) > PATIENCE {
        findings.add(&format!("{name} takes over {} s", PATIENCE.as_secs()), bytes);
    }
    match first {
        Err(_) => findings.add(&format!("{name} panics: {}", last_panic()), bytes),
        Ok(Err(error)) => findings.add(&format!("{name}: {error}"), bytes),
        Ok(Ok(text)) => {
            if read(bytes).is_ok_and(|again| again != text) {
                findings.add(&format!("{name} reads the same bytes in two ways"), bytes);
            }
        }
    }
}
