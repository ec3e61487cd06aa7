//! `decision`: reading a published page, and when a decision takes effect.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use jiff::civil::Date;
use placewell_domain::calendar::{WorkingDays, call_in};
use placewell_exchange::power::decision;

use super::say;

/// Prints what the page says, and what it lacks. Nothing that is not found is guessed.
pub fn read(file: &Path, json: bool) -> anyhow::Result<ExitCode> {
    let bytes = std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let text = placewell_exchange::text::decode(&bytes);
    if let Some(why) = decision::unreadable(&text) {
        anyhow::bail!("{}: {why}", file.display());
    }
    let found = decision::read(&text);
    if json {
        say(&serde_json::to_string_pretty(&found)?)?;
        return Ok(ExitCode::SUCCESS);
    }
    let value = serde_json::to_value(&found)?;
    for (name, value) in value.as_object().into_iter().flatten() {
        let shown = match value {
            serde_json::Value::Null => continue,
            serde_json::Value::String(text) => text.clone(),
            other => serde_json::to_string_pretty(other)?,
        };
        say(&format!("{name}: {shown}"))?;
    }
    for (field, why) in &found.doubts {
        say(&format!("left open: {field}: {why}"))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints the end of call-in and, on the last line, the effective date.
pub fn effective(published: Date, working_days: u32, closed: Vec<Date>) -> ExitCode {
    let window = call_in(published, working_days, &WorkingDays::with_closures(closed));
    println!("Published {published}; call-in: {working_days} working days");
    println!("Call-in ends at the end of {}", window.closes);
    println!("{}", window.effective);
    ExitCode::SUCCESS
}
