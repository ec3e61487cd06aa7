//! The rates that homes of the arrangement may charge beside their core price: a dated setting of the region.

use super::terms::ScheduledRate;
use crate::homes::price::LineKind;
use crate::money::Pence;
use crate::setting::SettingValue;

/// The most rates of one schedule.
const MOST: usize = 40;

/// A schedule of rates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule(pub Vec<ScheduledRate>);

impl Schedule {
    /// What holds where the region has set none: starting values, marked as such.
    #[must_use]
    pub fn starting() -> Self {
        let rate = |kind, label: &str, pence| ScheduledRate { kind, label: label.to_owned(), rate: Pence(pence) };
        Self(vec![
            rate(LineKind::AdditionalSupport, "Support worker, an hour", 1_850),
            rate(LineKind::AdditionalSupport, "Senior or specialist worker, an hour", 2_300),
            rate(LineKind::AdditionalSupport, "Waking night worker, an hour", 2_050),
            rate(LineKind::Education, "Registered education, a week", 130_000),
            rate(LineKind::Other, "Other, a week", 25_000),
        ])
    }
}

/// One rate as it is written: its kind, its words and its amount with bars between.
fn read_rate(text: &str) -> Option<ScheduledRate> {
    let mut parts = text.split('|').map(str::trim);
    let (kind, label, amount) = (parts.next()?, parts.next()?, parts.next()?);
    let kind = LineKind::from_code(kind).filter(|kind| *kind != LineKind::Core)?;
    let rate = Pence::read(amount).filter(|rate| *rate > Pence::ZERO)?;
    let fits = parts.next().is_none() && !label.is_empty() && label.chars().count() <= 80;
    fits.then(|| ScheduledRate { kind, label: label.to_owned(), rate })
}

impl SettingValue for Schedule {
    const ASK: &'static str = "Enter each rate as its kind, its words and its amount with bars between, and a semicolon \
                               after each, like additional_support | Support worker, an hour | £18.50; education | \
                               Registered education, a week | £1,300";

    fn read(text: &str) -> Option<Self> {
        let rates: Option<Vec<ScheduledRate>> =
            text.split(';').filter(|part| !part.trim().is_empty()).map(read_rate).collect();
        rates.filter(|rates| (1..=MOST).contains(&rates.len())).map(Self)
    }

    fn write(&self) -> String {
        let one = |rate: &ScheduledRate| format!("{} | {} | {}", rate.kind.code(), rate.label, rate.rate);
        self.0.iter().map(one).collect::<Vec<_>>().join("; ")
    }

    fn words(&self) -> String {
        self.0.iter().map(|rate| format!("{}: {}", rate.label, rate.rate)).collect::<Vec<_>>().join("; ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rule_4_3_a_schedule_is_read_as_it_was_written() {
        let starting = Schedule::starting();
        assert_eq!(Schedule::read(&starting.write()), Some(starting));
    }

    #[test]
    fn rule_4_3_a_core_price_an_empty_amount_or_no_rate_at_all_is_no_schedule() {
        for wrong in
            ["", "core | Core | £10", "education | School | £0", "education | £10", "other || £3", "x | y | £1"]
        {
            assert_eq!(Schedule::read(wrong), None, "{wrong}");
        }
    }
}
