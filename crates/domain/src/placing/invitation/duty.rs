//! By which telephone a home reaches the authority that asked it, day and night.

use crate::office::access::Action;
use crate::setting::{Key, Scope, SettingValue};

/// The duty team's telephones. Demonstration numbers are of Ofcom's drama ranges.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DutyTelephones {
    /// In working hours.
    pub day: String,
    /// At night, at weekends and on bank holidays.
    pub night: String,
}

fn telephone(text: &str) -> Option<String> {
    let plain = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let digits = plain.chars().filter(char::is_ascii_digit).count();
    let known = plain.chars().all(|sign| sign.is_ascii_digit() || "+ ()".contains(sign));
    (known && (9..=15).contains(&digits)).then_some(plain)
}

impl SettingValue for DutyTelephones {
    const ASK: &'static str =
        "Enter the telephone by day, a semicolon, and the one by night, like 01632 960100; 01632 960101";

    fn read(text: &str) -> Option<Self> {
        if text.trim() == ";" {
            return Some(Self::default());
        }
        let (day, night) = text.split_once(';')?;
        Some(Self { day: telephone(day)?, night: telephone(night)? })
    }

    fn write(&self) -> String {
        format!("{};{}", self.day, self.night)
    }

    fn words(&self) -> String {
        if self.day.is_empty() {
            return "Not recorded".to_owned();
        }
        format!("By day {}; at night, at weekends and on bank holidays {}", self.day, self.night)
    }
}

/// The duty team's telephones, as the homes that were asked read them.
pub const DUTY_TELEPHONES: Key<DutyTelephones> = Key {
    name: "duty.telephones",
    title: "The duty team's telephones, by day and by night",
    effect: "Homes that were asked, and homes where a child lives, read them from that day on.",
    source: "None: each authority records its own",
    scope: Scope::Authority,
    keeper: Action::MakeReferral,
    form: None,
    default: DutyTelephones::default,
};

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn both_telephones_are_read_and_kept() {
        let read = DutyTelephones::read("01632 960100;  01632  960101 ").unwrap();
        assert_eq!(read, DutyTelephones { day: "01632 960100".to_owned(), night: "01632 960101".to_owned() });
        assert_eq!(
            read.words(),
            "By day 01632 960100; at night, at weekends and on bank holidays 01632 960101",
            "a home reads which one answers when, at any hour"
        );
        assert_eq!(DutyTelephones::read(&read.write()), Some(read));
        for wrong in ["01632 960100", "call us; 01632 960101", "1;2", ""] {
            assert_eq!(DutyTelephones::read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn an_authority_that_recorded_none_says_so() {
        assert_eq!((DUTY_TELEPHONES.default)().words(), "Not recorded");
        let none = (DUTY_TELEPHONES.default)();
        assert_eq!(DutyTelephones::read(&none.write()), Some(none));
    }
}
