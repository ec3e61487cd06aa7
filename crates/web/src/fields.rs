//! A submitted form as names and values: read without ever failing, and asked for typed values one by one.
//!
//! Every reader notes what is wrong with a field, so that a page shows all errors at once and keeps what was typed.

use jiff::civil::{Date, DateTime, Time};
use placewell_app::naming::Confirmed;
use placewell_domain::money::Pence;
use placewell_domain::outcome::Invalid;

/// The longest text that a field takes unless it says otherwise.
const LONGEST: usize = 10_000;

/// The names and values of a form or of a query string, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields {
    pairs: Vec<(String, String)>,
}

impl Fields {
    /// Reads `application/x-www-form-urlencoded` text.
    #[must_use]
    pub fn parse(encoded: &[u8]) -> Self {
        Self { pairs: form_urlencoded::parse(encoded).into_owned().collect() }
    }

    /// From pairs, such as those of a multipart form.
    #[must_use]
    pub fn from_pairs(pairs: Vec<(String, String)>) -> Self {
        Self { pairs }
    }

    /// The first value of a field, trimmed; empty where it was not sent.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.pairs.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
    }

    /// The first value of a field exactly as it was typed, such as a password; empty where it was not sent.
    #[must_use]
    pub fn typed(&self, name: &str) -> &str {
        self.pairs.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// The first value of a field, where it was sent and is not empty.
    #[must_use]
    pub fn filled(&self, name: &str) -> Option<&str> {
        Some(self.get(name)).filter(|value| !value.is_empty())
    }

    /// Every value of a field, such as the ticked boxes.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        self.pairs
            .iter()
            .filter(move |(key, _)| key == name)
            .map(|(_, value)| value.trim())
            .filter(|value| !value.is_empty())
    }

    /// A command whose words go public, with the findings that were confirmed on its form.
    pub fn confirming<C>(&self, command: C) -> Confirmed<C> {
        Confirmed { command, confirmed: self.all("confirmed").map(str::to_owned).collect() }
    }

    /// All pairs.
    #[must_use]
    pub fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }

    /// The version of the record that the form was filled from; 0 where none was sent.
    #[must_use]
    pub fn version(&self) -> i64 {
        self.get("_version").parse().unwrap_or(0)
    }

    /// A text that must be there, of at most `longest` characters.
    pub fn text(&self, name: &str, longest: usize, ask: &str, invalid: &mut Invalid) -> String {
        match self.filled(name) {
            None => {
                invalid.add(name, ask);
                String::new()
            }
            Some(_) => self.optional_text(name, longest, invalid),
        }
    }

    /// A text that may be empty, of at most `longest` characters.
    pub fn optional_text(&self, name: &str, longest: usize, invalid: &mut Invalid) -> String {
        let text = self.get(name);
        let count = text.chars().count();
        if count > longest.min(LONGEST) {
            invalid.add(name, format!("Shorten this to {longest} characters; it has {count}"));
        }
        if text.contains('\0') {
            invalid.add(name, "Remove the character that cannot be stored");
        }
        text.replace("\r\n", "\n").replace('\0', "")
    }

    /// A code of a list: `from_code` knows it, or the field is wrong.
    pub fn choice<T>(
        &self,
        name: &str,
        from_code: impl Fn(&str) -> Option<T>,
        ask: &str,
        invalid: &mut Invalid,
    ) -> Option<T> {
        let chosen = self.filled(name).and_then(from_code);
        if chosen.is_none() {
            invalid.add(name, ask);
        }
        chosen
    }

    /// A date in three inputs `name_day`, `name_month`, `name_year`, or as `2021-09-13` in one.
    pub fn date(&self, name: &str, ask: &str, invalid: &mut Invalid) -> Option<Date> {
        let found = self.optional_date(name, ask, invalid);
        if found.is_none() && !invalid.errors.iter().any(|error| error.field == name) {
            invalid.add(name, ask);
        }
        found
    }

    /// A date that may be left out; one that is not a real date is wrong.
    pub fn optional_date(&self, name: &str, ask: &str, invalid: &mut Invalid) -> Option<Date> {
        let parts = self.date_parts(name);
        if parts.iter().all(|part| part.is_empty()) {
            return match self.filled(name) {
                None => None,
                Some(text) => text.parse().ok().filter(plausible).or_else(|| {
                    invalid.add(name, format!("{ask}: {text} is not a date"));
                    None
                }),
            };
        }
        let [day, month, year] = parts.map(|part| part.parse::<i16>().ok());
        let date = match (day, month, year) {
            (Some(day), Some(month), Some(year)) => {
                let (day, month) = (i8::try_from(day).unwrap_or(0), i8::try_from(month).unwrap_or(0));
                Date::new(year, month, day).ok().filter(plausible)
            }
            _ => None,
        };
        if date.is_none() {
            invalid.add(name, format!("{ask}: {} is not a real date", parts.join(" ").trim()));
        }
        date
    }

    /// What was typed into the three inputs of a date.
    #[must_use]
    pub fn date_parts(&self, name: &str) -> [&str; 3] {
        ["day", "month", "year"].map(|part| {
            self.pairs
                .iter()
                .find(|(key, _)| key.strip_prefix(name).is_some_and(|rest| rest.strip_prefix('_') == Some(part)))
                .map_or("", |(_, value)| value.trim())
        })
    }

    /// A time such as `4pm`, `16:00` or `4.30pm`.
    pub fn time(&self, name: &str, ask: &str, invalid: &mut Invalid) -> Option<Time> {
        let found = self.filled(name).and_then(read_time);
        if found.is_none() {
            invalid.add(name, ask);
        }
        found
    }

    /// A date and a time in `name` and `name_time`.
    pub fn date_and_time(&self, name: &str, ask: &str, invalid: &mut Invalid) -> Option<DateTime> {
        let date = self.date(name, ask, invalid);
        let time = self.time(&format!("{name}_time"), "Enter a time, like 4pm or 16:30", invalid);
        Some(date?.to_datetime(time?))
    }

    /// An amount such as `4150`, `£4,150` or `4150.50`, not below zero.
    pub fn pence(&self, name: &str, ask: &str, invalid: &mut Invalid) -> Option<Pence> {
        let found = self.filled(name).and_then(Pence::read);
        if found.is_none() {
            invalid.add(name, ask);
        }
        found
    }

    /// An amount that may be left out.
    pub fn optional_pence(&self, name: &str, ask: &str, invalid: &mut Invalid) -> Option<Pence> {
        self.filled(name)?;
        self.pence(name, ask, invalid)
    }

    /// A whole number within bounds.
    pub fn number(
        &self,
        name: &str,
        bounds: core::ops::RangeInclusive<i64>,
        ask: &str,
        invalid: &mut Invalid,
    ) -> Option<i64> {
        let found = self
            .filled(name)
            .and_then(|text| text.replace(',', "").parse().ok())
            .filter(|number| bounds.contains(number));
        if found.is_none() {
            invalid.add(name, ask);
        }
        found
    }
}

/// Business dates of this product lie between 1900 and 2199; anything else is a slip of the finger.
#[allow(clippy::trivially_copy_pass_by_ref)] // as `filter` hands it over
fn plausible(date: &Date) -> bool {
    (1900..2200).contains(&date.year())
}

fn read_time(text: &str) -> Option<Time> {
    let text = text.trim().to_lowercase().replace('.', ":").replace(' ', "");
    let (digits, half) = match (text.strip_suffix("am"), text.strip_suffix("pm")) {
        (Some(rest), _) => (rest.to_owned(), Some(false)),
        (_, Some(rest)) => (rest.to_owned(), Some(true)),
        _ if text == "noon" || text == "midday" => ("12".to_owned(), Some(true)),
        _ => (text, None),
    };
    let (hour, minute) = digits.split_once(':').unwrap_or((&digits, "0"));
    let (hour, minute): (i8, i8) = (hour.parse().ok()?, minute.parse().ok()?);
    let hour = match half {
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(true) => hour % 12 + 12,
        Some(false) => hour % 12,
        None => hour,
    };
    Time::new(hour, minute, 0, 0).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use jiff::civil::date;

    fn fields(text: &str) -> Fields {
        Fields::parse(text.as_bytes())
    }

    #[test]
    fn a_date_is_read_from_its_three_inputs() {
        let mut invalid = Invalid::default();
        let found =
            fields("start_day=13&start_month=9&start_year=2021").date("start", "Enter the start date", &mut invalid);
        assert_eq!((found, invalid), (Some(date(2021, 9, 13)), Invalid::default()));
    }

    #[test]
    fn a_date_that_is_not_real_is_named_with_what_was_typed() {
        let mut invalid = Invalid::default();
        fields("start_day=30&start_month=2&start_year=2021").date("start", "Enter the start date", &mut invalid);
        assert_eq!(invalid.errors[0].message, "Enter the start date: 30 2 2021 is not a real date");
    }

    #[test]
    fn money_is_read_as_people_type_it() {
        for (typed, pence) in [("4150", 415_000), ("£4,150", 415_000), ("4150.5", 415_050), (" 0.99 ", 99)] {
            assert_eq!(Pence::read(typed.trim()), Some(Pence(pence)), "{typed}");
        }
        for typed in ["", "-1", "1e9", "4150.505", "£", "9999999999", "４１５０"] {
            assert_eq!(Pence::read(typed), None, "{typed}");
        }
    }

    #[test]
    fn times_are_read_as_people_type_them() {
        for (typed, hour, minute) in
            [("4pm", 16, 0), ("16:30", 16, 30), ("12am", 0, 0), ("noon", 12, 0), ("9.15 am", 9, 15)]
        {
            assert_eq!(read_time(typed), Time::new(hour, minute, 0, 0).ok(), "{typed}");
        }
        assert_eq!(read_time("25:00"), None);
        assert_eq!(read_time("13pm"), None);
    }
}
