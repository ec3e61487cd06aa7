//! When the beds of a mini-block stand too empty: the share of bed-nights without a child over the last four weeks, above
//! which its parties are told (rule 6.2).

use jiff::civil::Date;

use super::nights::Totals;
use crate::nights::{Nights, plus_days};
use crate::setting::SettingValue;

/// Over how many nights it is looked at.
pub const VOID_NIGHTS: i64 = 28;
/// The share in percent, where the region has set none.
pub const VOID_ALERT_DEFAULT: u8 = 40;

/// The share of empty bed-nights, in percent, above which the parties are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VoidAlert(pub u8);

impl SettingValue for VoidAlert {
    const ASK: &'static str = "Enter a percentage from 1 to 100, like 40";

    fn read(text: &str) -> Option<Self> {
        let percent = text.trim().trim_end_matches('%').trim_end();
        percent.parse().ok().filter(|percent| (1..=100).contains(percent)).map(Self)
    }

    fn write(&self) -> String {
        self.0.to_string()
    }

    fn words(&self) -> String {
        format!("more than {}% of bed-nights empty over {VOID_NIGHTS} nights", self.0)
    }
}

/// A mini-block that stands too empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooEmpty {
    /// Empty bed-nights.
    pub empty: i64,
    /// Of so many.
    pub nights: i64,
    /// The share above which it is told, in percent.
    pub most: u8,
}

/// The nights that are looked at on a day: the last four weeks, once the contract has had so many.
#[must_use]
pub fn void_window(span: Nights, today: Date) -> Option<Nights> {
    let window = Nights::new(plus_days(today, -VOID_NIGHTS), today)?;
    (span.from() <= window.from() && window.to() <= span.to()).then_some(window)
}

impl TooEmpty {
    /// Whether these nights are too empty; a bed kept for a child who is awaited, or re-sold, is not empty.
    #[must_use]
    pub fn of(sums: &Totals, most: VoidAlert) -> Option<Self> {
        let (empty, nights) = (sums.empty(), sums.nights);
        (empty * 100 > i64::from(most.0) * nights).then_some(Self { empty, nights, most: most.0 })
    }

    /// The share in percent, rounded down.
    #[must_use]
    pub fn percent(self) -> i64 {
        (self.empty * 100).checked_div(self.nights).unwrap_or(0)
    }

    /// In a sentence.
    #[must_use]
    pub fn sentence(self) -> String {
        let (percent, most) = (self.percent(), self.most);
        format!("{percent}% of bed-nights stood empty in the last {VOID_NIGHTS} nights; told above {most}%.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn sums(empty: i64, nights: i64) -> Totals {
        Totals { nights, void: [("no_nomination", empty)].into(), ..Totals::default() }
    }

    #[test]
    fn rule_6_2_a_block_is_too_empty_above_the_share_and_not_at_it() {
        assert_eq!(TooEmpty::of(&sums(40, 100), VoidAlert(40)), None);
        let found = TooEmpty::of(&sums(41, 100), VoidAlert(40)).unwrap();
        assert_eq!((found.percent(), found.most), (41, 40));
        assert!(found.sentence().starts_with("41% of bed-nights stood empty"));
        assert_eq!(TooEmpty::of(&sums(0, 0), VoidAlert(1)), None);
        assert_eq!(TooEmpty::of(&sums(100, 100), VoidAlert(100)), None, "100 turns it off");
    }

    #[test]
    fn it_is_looked_at_once_four_weeks_have_passed_and_until_the_last_night() {
        let span = Nights::new(date(2022, 1, 1), date(2022, 7, 1)).unwrap();
        assert_eq!(void_window(span, date(2022, 1, 28)), None);
        assert_eq!(void_window(span, date(2022, 1, 29)).map(Nights::count), Some(VOID_NIGHTS));
        assert!(void_window(span, date(2022, 7, 1)).is_some());
        assert_eq!(void_window(span, date(2022, 7, 2)), None);
    }

    #[test]
    fn the_setting_is_a_percentage() {
        assert_eq!(VoidAlert::read(" 35 % "), Some(VoidAlert(35)));
        for wrong in ["0", "101", "-1", "many", ""] {
            assert_eq!(VoidAlert::read(wrong), None, "{wrong}");
        }
        assert_eq!(VoidAlert::read(&VoidAlert(35).write()), Some(VoidAlert(35)));
    }
}
