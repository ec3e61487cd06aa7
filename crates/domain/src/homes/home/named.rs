//! What an agreement says of its parties beside their names: the company number of the provider, and the registered manager
//! of the home. The provider tells both; each is a dated fact, and none is overwritten (rule 4.4).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Home;
use crate::outcome::{Invalid, Refusal};

/// The longest name of a person.
const LONGEST_NAME: usize = 80;

coded! {
    /// How something was told.
    ToldBy {
        Provider "provider" "Told by the provider";
        File "file" "Brought in with a file";
        Application "application" "Said in its application";
        Registration "registration" "Said when it registered";
    }
}

/// A provider's company or charity number, as it was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompanyNumber {
    /// The number, in capitals and without spaces.
    pub number: String,
    /// On which day it was told.
    pub on: Date,
    /// How.
    pub told: ToldBy,
}

/// A company number: eight characters, two letters at most before the digits; a charity's six or seven digits.
#[must_use]
pub fn is_company_number(text: &str) -> bool {
    let letters = text.chars().take_while(char::is_ascii_uppercase).count();
    let digits = text.chars().skip(letters).filter(char::is_ascii_digit).count();
    let all = text.chars().count();
    letters + digits == all && letters <= 2 && ((all == 8 && digits >= 6) || (letters == 0 && (6..=7).contains(&all)))
}

/// A company number as somebody types it: without spaces, in capitals.
pub fn company_number(text: &str) -> Result<String, Invalid> {
    let number: String = text.chars().filter(|letter| !letter.is_whitespace()).collect::<String>().to_ascii_uppercase();
    if is_company_number(&number) {
        return Ok(number);
    }
    Err(Invalid::one("company_number", "Enter the company number, like 01234567, or the charity number"))
}

/// Who manages a home by its registration, from a day on. A worker's name: it stands on the provider's own pages and where
/// an authority places a child at the home, and nowhere else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manager {
    /// The name; none while nobody is in post.
    pub name: Option<String>,
    /// From which day.
    pub from: Date,
    /// On which day it was told.
    pub on: Date,
    /// How.
    pub told: ToldBy,
}

impl Manager {
    /// A manager as somebody types it; an empty name says that nobody is in post.
    pub fn told(name: &str, from: Date, on: Date, told: ToldBy) -> Result<Self, Invalid> {
        let mut invalid = Invalid::default();
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        let letters = name.chars().count();
        if letters == 1 || letters > LONGEST_NAME || name.chars().any(char::is_control) {
            let words =
                format!("Enter the manager’s name in 2 to {LONGEST_NAME} letters, or nothing while nobody is in post");
            invalid.add("registered_manager", words);
        }
        if from > on {
            invalid.add("manager_from", "Enter today or an earlier day: a manager is recorded when in post");
        }
        invalid.or(Self { name: Some(name).filter(|name| !name.is_empty()), from, on, told })
    }

    /// Whether it says the same of the same day.
    #[must_use]
    pub fn same_as(&self, other: &Self) -> bool {
        self.name == other.name && self.from == other.from
    }
}

/// What holds of a home's manager on a day, of what was told in this order: the latest day not after it, and of one day the
/// last word.
#[must_use]
pub fn manager_on(told: &[Manager], day: Date) -> Option<&Manager> {
    let held = told.iter().enumerate().filter(|(_, one)| one.from <= day);
    held.max_by_key(|(at, one)| (one.from, *at)).map(|(_, one)| one)
}

impl Home {
    /// Whether a manager can be recorded: only of a home that is on the register.
    pub fn may_name_manager(&self) -> Result<(), Refusal> {
        self.open_for("be given a manager")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use jiff::civil::date;

    const TODAY: Date = date(2021, 9, 13);

    fn told(name: &str, from: Date) -> Manager {
        Manager::told(name, from, TODAY, ToldBy::Provider).unwrap()
    }

    #[test]
    fn a_company_number_is_read_as_people_type_it() {
        for (typed, number) in [("01234567", "01234567"), (" oc 123456 ", "OC123456"), ("123456", "123456")] {
            assert_eq!(company_number(typed).unwrap(), number);
        }
        for wrong in ["", "12345", "ABC12345", "0123456789", "01234-67"] {
            assert_eq!(company_number(wrong).unwrap_err().errors[0].field, "company_number", "{wrong}");
        }
    }

    #[test]
    fn rule_4_4_who_managed_a_home_on_a_day_is_answered_by_what_was_told_of_that_day() {
        let (spring, summer) = (date(2021, 3, 1), date(2021, 7, 1));
        let all = [told("Asha Patel", spring), told("Owen Rees", summer), told("Asha K. Patel", spring)];
        let name = |day| manager_on(&all, day).and_then(|one| one.name.clone());
        assert_eq!(name(date(2021, 2, 28)), None, "nothing was told of it");
        assert_eq!(name(spring).as_deref(), Some("Asha K. Patel"), "a correction holds, and the first word stays");
        assert_eq!(name(TODAY).as_deref(), Some("Owen Rees"));
        let empty = [told("Asha Patel", spring), told("  ", summer)];
        assert_eq!(manager_on(&empty, TODAY).unwrap().name, None, "nobody is in post");
    }

    #[test]
    fn a_manager_has_a_name_and_is_in_post() {
        let field =
            |name: &str, from| Manager::told(name, from, TODAY, ToldBy::Provider).unwrap_err().errors[0].field.clone();
        assert_eq!(field("A", TODAY), "registered_manager");
        assert_eq!(field(&"a".repeat(81), TODAY), "registered_manager");
        assert_eq!(field("Asha Patel", date(2021, 9, 14)), "manager_from");
        assert_eq!(told("  Asha   Patel ", TODAY).name.as_deref(), Some("Asha Patel"));
    }
}
