//! The day on which an authority goes live: what began by then is brought in from its earlier record; what begins later is
//! agreed here, with its approval and its checks (rule 2.5).

use jiff::civil::Date;

use crate::office::access::Action;
use crate::outcome::{FieldError, Refusal};
use crate::setting::{Key, Scope, SettingValue};

/// The day, once it is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct GoingLive(pub Option<Date>);

impl SettingValue for GoingLive {
    const ASK: &'static str = "Enter the day on which the authority goes live, like 2021-09-06";

    fn read(text: &str) -> Option<Self> {
        text.trim().parse().ok().map(|day| Self(Some(day)))
    }

    fn write(&self) -> String {
        self.0.map(|day| day.to_string()).unwrap_or_default()
    }

    fn words(&self) -> String {
        self.0.map_or_else(|| "Not recorded".to_owned(), |day| day.strftime("%-d %B %Y").to_string())
    }
}

/// The day on which an authority goes live. Once recorded, it can be another day and never none.
pub const GOING_LIVE: Key<GoingLive> = Key {
    name: "placements.going_live",
    title: "The day on which this authority goes live",
    effect: "Placements that began on it or before can be brought in from a file. What begins later is agreed here, with its \
             approval and its checks.",
    source: "None: each authority records its own, and brings in no placement before",
    scope: Scope::Authority,
    keeper: Action::RecordDecision,
    form: None,
    default: GoingLive::default,
};

impl GoingLive {
    /// The day; refused while nobody has recorded it.
    pub fn recorded(self) -> Result<Date, Refusal> {
        self.0.ok_or_else(|| {
            Refusal::new(
                "no_going_live_day",
                "Rule 2.5: only what began before an authority went live is brought in",
                "No placement can be brought in yet: the day on which your authority goes live is not recorded.",
                "Democratic services of your authority, under Settings: the day on which this authority goes live",
            )
        })
    }

    /// Whether a placement that started on this day can be brought in.
    pub fn fits(self, start: Date) -> Result<(), FieldError> {
        let wrong = |message: String| Err(FieldError { field: "start".to_owned(), message });
        match self.0 {
            Some(live) if start <= live => Ok(()),
            Some(live) => wrong(format!(
                "It began after your authority went live on {live}: agree it here, with its approval and its checks"
            )),
            None => wrong(
                "The day on which your authority goes live is not recorded: democratic services record it under Settings"
                    .to_owned(),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use jiff::civil::date;

    #[test]
    fn rule_2_5_what_began_after_going_live_is_agreed_here_and_not_brought_in() {
        let live = GoingLive::read(" 2021-09-06 ").unwrap();
        assert_eq!((GoingLive::read(&live.write()), live.words().as_str()), (Some(live), "6 September 2021"));
        assert!(live.fits(date(2021, 9, 6)).is_ok() && live.fits(date(2018, 1, 1)).is_ok());
        let late = live.fits(date(2021, 9, 7)).unwrap_err();
        assert_eq!(late.field, "start");
        assert!(late.message.contains("after your authority went live on 2021-09-06"), "{}", late.message);
        assert_eq!(live.recorded().unwrap(), date(2021, 9, 6));
    }

    #[test]
    fn rule_2_5_before_the_day_is_recorded_it_is_asked_for() {
        let none = (GOING_LIVE.default)();
        assert_eq!(none.words(), "Not recorded");
        assert_eq!(none.recorded().unwrap_err().code, "no_going_live_day");
        assert!(none.fits(date(2018, 1, 1)).is_err());
        for wrong in ["", "soon", "2021-02-30"] {
            assert_eq!(GoingLive::read(wrong), None, "{wrong}");
        }
    }
}
