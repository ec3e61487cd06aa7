//! Settings: typed keys, each with its default, where that comes from, who keeps it, and what follows from a change.
//!
//! A value is a dated fact, so a calculation about the past reads what was in force then. A key stands in the room
//! that reads it; the app lists them all.

use std::collections::BTreeSet;

use jiff::civil::{Date, Time};

use crate::calendar::OfficeHours;
use crate::money::Pence;
use crate::office::access::Action;
use crate::office::organisation::OrganisationKind;

/// Whose fact a setting is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Each authority sets its own.
    Authority,
    /// The regional team sets it for all.
    Region,
    /// The operator sets it for everybody whom the service serves, whatever their region.
    System,
}

impl Scope {
    /// The kind of organisation whose fact it is.
    #[must_use]
    pub const fn kind(self) -> OrganisationKind {
        match self {
            Self::Authority => OrganisationKind::Authority,
            Self::Region => OrganisationKind::RegionalTeam,
            Self::System => OrganisationKind::Operator,
        }
    }

    /// The scope in words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Authority => "Each authority",
            Self::Region => "The whole region",
            Self::System => "The whole system, by its operator",
        }
    }
}

/// A value that a setting can have.
pub trait SettingValue: Sized {
    /// What somebody who sets it is asked for, with an example.
    const ASK: &'static str;

    /// Reads what is stored, or what somebody typed; none where it is no such value.
    fn read(text: &str) -> Option<Self>;

    /// Reads what somebody types anew, of which more may be asked than of what stands from before.
    fn typed(text: &str) -> Option<Self> {
        Self::read(text)
    }

    /// As it is stored.
    fn write(&self) -> String;

    /// As it is shown.
    fn words(&self) -> String;
}

/// A setting: its stable name and everything that is known of it besides its values.
pub struct Key<T> {
    /// Its stable name, such as `call_in.working_days`.
    pub name: &'static str,
    /// What it is called on a page.
    pub title: &'static str,
    /// What a change does, and to what it does nothing.
    pub effect: &'static str,
    /// Where the default comes from.
    pub source: &'static str,
    /// Whose fact it is.
    pub scope: Scope,
    /// The permission of those who keep it.
    pub keeper: Action,
    /// The page with a form of its own, where one line of text cannot hold a value.
    pub form: Option<&'static str>,
    /// The value where none was ever set.
    pub default: fn() -> T,
}

/// A key whose type of value is not known, for lists and forms.
pub trait AnyKey: Sync {
    /// Its stable name.
    fn name(&self) -> &'static str;
    /// What it is called on a page.
    fn title(&self) -> &'static str;
    /// What a change does.
    fn effect(&self) -> &'static str;
    /// Where the default comes from.
    fn source(&self) -> &'static str;
    /// Whose fact it is.
    fn scope(&self) -> Scope;
    /// The permission of those who keep it.
    fn keeper(&self) -> Action;
    /// The page with a form of its own.
    fn form(&self) -> Option<&'static str>;
    /// What somebody who sets it is asked for.
    fn ask(&self) -> &'static str;
    /// What somebody typed, as it is stored; none where it is no such value.
    fn stored(&self, typed: &str) -> Option<String>;
    /// A stored value in words; the default's where there is none.
    fn words(&self, stored: Option<&str>) -> String;
}

impl<T: SettingValue> AnyKey for Key<T> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn title(&self) -> &'static str {
        self.title
    }

    fn effect(&self) -> &'static str {
        self.effect
    }

    fn source(&self) -> &'static str {
        self.source
    }

    fn scope(&self) -> Scope {
        self.scope
    }

    fn keeper(&self) -> Action {
        self.keeper
    }

    fn form(&self) -> Option<&'static str> {
        self.form
    }

    fn ask(&self) -> &'static str {
        T::ASK
    }

    fn stored(&self, typed: &str) -> Option<String> {
        T::typed(typed).map(|value| value.write())
    }

    fn words(&self, stored: Option<&str>) -> String {
        stored.and_then(T::read).unwrap_or_else(self.default).words()
    }
}

/// A number of working days, at most twenty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkingDayCount(pub u32);

impl SettingValue for WorkingDayCount {
    const ASK: &'static str = "Enter a number of working days from 0 to 20, like 4";

    fn read(text: &str) -> Option<Self> {
        text.trim().parse().ok().filter(|days| *days <= 20).map(Self)
    }

    fn write(&self) -> String {
        self.0.to_string()
    }

    fn words(&self) -> String {
        match self.0 {
            1 => "1 working day".to_owned(),
            days => format!("{days} working days"),
        }
    }
}

/// A number of days, from one to a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayCount(pub u16);

impl SettingValue for DayCount {
    const ASK: &'static str = "Enter a number of days from 1 to 366, like 35";

    fn read(text: &str) -> Option<Self> {
        text.trim().parse().ok().filter(|days| (1..=366).contains(days)).map(Self)
    }

    fn write(&self) -> String {
        self.0.to_string()
    }

    fn words(&self) -> String {
        match self.0 {
            1 => "1 day".to_owned(),
            days => format!("{days} days"),
        }
    }
}

/// An authority's own closure days, beside England's bank holidays.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClosureDays(pub BTreeSet<Date>);

impl SettingValue for ClosureDays {
    const ASK: &'static str = "Enter dates with spaces between, like 2021-12-29 2021-12-30, or nothing for none";

    fn read(text: &str) -> Option<Self> {
        let days = text.split(|c: char| c.is_whitespace() || c == ',').filter(|day| !day.is_empty());
        days.map(|day| day.parse().ok()).collect::<Option<_>>().map(Self)
    }

    fn write(&self) -> String {
        self.0.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    }

    fn words(&self) -> String {
        if self.0.is_empty() { "None".to_owned() } else { self.write() }
    }
}

impl SettingValue for OfficeHours {
    const ASK: &'static str = "Enter when the offices open and close, an hour or more apart, like 09:00 17:00";

    fn read(text: &str) -> Option<Self> {
        let mut times = text.split_whitespace().map(|time| Time::strptime("%H:%M", time).ok());
        let (opens, closes) = (times.next()??, times.next()??);
        if times.next().is_some() { None } else { Self::new(opens, closes) }
    }

    fn write(&self) -> String {
        format!("{} {}", self.opens().strftime("%H:%M"), self.closes().strftime("%H:%M"))
    }

    fn words(&self) -> String {
        format!("{} to {}", self.opens().strftime("%H:%M"), self.closes().strftime("%H:%M"))
    }
}

impl SettingValue for Option<Pence> {
    const ASK: &'static str = "Enter an amount in pounds, like 5,500,000, or nothing for none";

    fn read(text: &str) -> Option<Self> {
        if text.trim().is_empty() { Some(None) } else { Pence::read(text.trim()).map(Some) }
    }

    fn write(&self) -> String {
        self.map(|pence| pence.to_string()).unwrap_or_default()
    }

    fn words(&self) -> String {
        self.map_or_else(|| "Not recorded".to_owned(), |pence| pence.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_reads_back_as_it_was_written() {
        for typed in ["", "2021-12-29", "2021-12-30, 2021-12-29", " 2021-12-29  2021-12-30 "] {
            let days = ClosureDays::read(typed).unwrap();
            assert_eq!(ClosureDays::read(&days.write()), Some(days), "{typed}");
        }
        let hours = OfficeHours::read(" 8:30  16:00 ").unwrap();
        assert_eq!((hours.write().as_str(), hours.words().as_str()), ("08:30 16:00", "08:30 to 16:00"));
        assert_eq!(OfficeHours::read(&hours.write()), Some(hours));
        assert_eq!(WorkingDayCount::read(" 5 ").map(|days| days.write()).as_deref(), Some("5"));
        assert_eq!(DayCount::read(" 366 ").map(|days| days.words()).as_deref(), Some("366 days"));
    }

    #[test]
    fn an_amount_is_pounds_or_none() {
        assert_eq!(<Option<Pence>>::read("£5,500,000"), Some(Some(Pence::pounds(5_500_000))));
        assert_eq!(<Option<Pence>>::read(" "), Some(None));
        assert_eq!(<Option<Pence>>::read("-5"), None);
        let budget = Some(Pence(12_345_678));
        assert_eq!(<Option<Pence>>::read(&budget.write()), Some(budget));
    }

    #[test]
    fn what_is_no_value_is_not_taken() {
        assert_eq!(ClosureDays::read("29/12/2021"), None);
        assert_eq!(ClosureDays::read("2021-12-29 2021-02-30"), None);
        for typed in ["", "-1", "21", "four", "4.5"] {
            assert_eq!(WorkingDayCount::read(typed), None, "{typed}");
        }
        for typed in ["", "9", "09:00", "17:00 09:00", "09:00 09:30", "09:00 25:00", "09:00 12:00 17:00", "9am 5pm"] {
            assert_eq!(OfficeHours::read(typed), None, "{typed}");
        }
        for typed in ["", "0", "367", "70000", "a year"] {
            assert_eq!(DayCount::read(typed), None, "{typed}");
        }
    }
}
