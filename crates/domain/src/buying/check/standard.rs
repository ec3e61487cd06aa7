//! Minutes that each check takes as a rule: a dated setting of the region, so that an estimate gives way to what the region
//! has agreed or measured, and a table of an earlier day keeps its own.

use super::CheckItem;
use crate::setting::SettingValue;

/// The most minutes that a check takes as a rule: a working day.
const MOST: u32 = 480;

/// The minutes of each of the eighteen checks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandardMinutes(Vec<(CheckItem, u32)>);

impl Default for StandardMinutes {
    fn default() -> Self {
        Self::starting()
    }
}

impl StandardMinutes {
    /// What holds where the region has set none: estimates of the field.
    #[must_use]
    pub fn starting() -> Self {
        Self(CheckItem::ALL.iter().map(|item| (*item, estimate(*item))).collect())
    }

    /// The minutes of one check.
    #[must_use]
    pub fn of(&self, item: CheckItem) -> u32 {
        self.0.iter().find(|(known, _)| *known == item).map_or(0, |(_, minutes)| *minutes)
    }
}

const fn estimate(item: CheckItem) -> u32 {
    match item {
        CheckItem::Registration | CheckItem::Exclusion | CheckItem::DataProtection => 5,
        CheckItem::Grade | CheckItem::Manager => 10,
        CheckItem::Reason | CheckItem::Recruitment => 15,
        CheckItem::LegalEntity | CheckItem::Insurance | CheckItem::Purpose => 20,
        CheckItem::Terms | CheckItem::Fees | CheckItem::VisitorReports => 30,
        CheckItem::Impact | CheckItem::AreaCheck => 35,
        CheckItem::Policies | CheckItem::References => 40,
        CheckItem::Visit => 90,
    }
}

/// One check's minutes as they are written: its code or its number on the list, and the minutes.
fn read_one(text: &str) -> Option<(CheckItem, u32)> {
    let (name, minutes) = text.trim().rsplit_once([' ', ':'])?;
    let name = name.trim().trim_end_matches(':');
    let numbered = || name.parse::<usize>().ok().and_then(|number| CheckItem::ALL.get(number.checked_sub(1)?).copied());
    let item = CheckItem::from_code(name).or_else(numbered)?;
    let minutes = minutes.parse().ok().filter(|minutes| (1..=MOST).contains(minutes))?;
    Some((item, minutes))
}

impl SettingValue for StandardMinutes {
    const ASK: &'static str = "Enter all eighteen checks, each once, by number or code with its minutes from 1 to 480, and a \
                               semicolon after each, like 1: 5; 2: 10; manager 10";

    fn read(text: &str) -> Option<Self> {
        let typed: Option<Vec<(CheckItem, u32)>> =
            text.split(';').filter(|part| !part.trim().is_empty()).map(read_one).collect();
        let typed = typed.filter(|typed| typed.len() == CheckItem::ALL.len())?;
        let minutes = |item: &CheckItem| typed.iter().find(|(known, _)| known == item).copied();
        CheckItem::ALL.iter().map(minutes).collect::<Option<Vec<_>>>().map(Self)
    }

    fn write(&self) -> String {
        self.0.iter().map(|(item, minutes)| format!("{} {minutes}", item.code())).collect::<Vec<_>>().join("; ")
    }

    fn words(&self) -> String {
        self.0.iter().map(|(item, minutes)| format!("{}: {minutes}", item.number())).collect::<Vec<_>>().join("; ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rule_7_2_standard_minutes_are_read_as_they_were_written_and_as_they_are_shown() {
        let starting = StandardMinutes::starting();
        assert_eq!(StandardMinutes::read(&starting.write()), Some(starting.clone()));
        assert_eq!(StandardMinutes::read(&starting.words()), Some(starting.clone()));
        let visit = starting.write().replace("visit 90", "visit 75");
        let changed = StandardMinutes::read(&visit).unwrap_or_default();
        assert_eq!((changed.of(CheckItem::Visit), changed.of(CheckItem::Insurance)), (75, 20));
    }

    #[test]
    fn rule_7_2_minutes_of_fewer_checks_of_one_twice_or_of_nothing_are_no_standard() {
        let whole = StandardMinutes::starting().write();
        let fewer = whole.replace("; visit 90", "");
        let twice = whole.replace("visit 90", "terms 30");
        let (nothing, too_long) = (whole.replace("visit 90", "visit 0"), whole.replace("visit 90", "visit 481"));
        let unknown = whole.replace("visit 90", "outing 90");
        for wrong in ["", "visit 90", &fewer, &twice, &nothing, &too_long, &unknown] {
            assert_eq!(StandardMinutes::read(wrong), None, "{wrong}");
        }
    }
}
