//! Inspections of homes: what was found, by which kind of visit, and when. Facts with dates; nothing is overwritten.
//!
//! Only a full inspection gives a grade. Assurance and monitoring visits (2020 to 2021 mostly) give findings.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Home;
use super::link::{host_of, is_known};
use crate::change::Event;
use crate::clock::Moment;
use crate::outcome::Invalid;

coded! {
    /// Ofsted's judgement of overall experiences and progress, in the wording of its framework (SCCIF).
    Grade {
        /// Outstanding.
        Outstanding => "outstanding", "Outstanding";
        /// Good.
        Good => "good", "Good";
        /// Requires improvement to be good.
        RequiresImprovement => "requires_improvement", "Requires improvement to be good";
        /// Not yet given a grade.
        NotYetInspected => "not_yet_inspected", "Not yet inspected";
        /// The wording before April 2015, kept for old rows.
        Adequate => "adequate", "Adequate";
        /// Inadequate.
        Inadequate => "inadequate", "Inadequate";
    }
}

coded! {
    /// What kind of visit it was.
    InspectionKind {
        /// Full inspection: gives a grade.
        Full => "full", "Full inspection";
        /// Assurance visit: no grade; may find serious or widespread concerns.
        Assurance => "assurance", "Assurance inspection";
        /// Monitoring visit after concerns: no grade.
        Monitoring => "monitoring", "Monitoring visit";
        /// Interim inspection, until 2020: improved, sustained or declined.
        Interim => "interim", "Interim inspection";
    }
}

/// One visit and what it found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inspection {
    /// The kind of visit.
    pub kind: InspectionKind,
    /// Its first day.
    pub inspected_on: Date,
    /// When the report came out, where known.
    pub published_on: Option<Date>,
    /// The grade; only of a full inspection.
    pub grade: Option<Grade>,
    /// Whether serious or widespread concerns were found.
    pub serious_concerns: bool,
    /// Ofsted's event number; empty where the source has none.
    pub event: String,
    /// Where the report is published, where that is recorded.
    #[serde(default)]
    pub link: Option<String>,
}

impl Inspection {
    /// The event of a visit that was recorded by hand.
    #[must_use]
    pub fn recorded(&self, home: &Home) -> Event {
        Event::new("inspection.recorded", "inspection", home.id.0, 1)
            .with("kind", self.kind.code())
            .with("on", self.inspected_on)
            .with("grade", self.grade.map_or("none", Grade::code))
            .with("serious_concerns", self.serious_concerns)
    }

    /// A visit as somebody records it by hand: only a full inspection is graded and every one is, a grade is one of today's,
    /// the days lie in order and not ahead, and there is where it can be read on Ofsted's or another public site.
    pub fn checked(self, today: Date) -> Result<Self, Invalid> {
        let mut invalid = Invalid::default();
        if self.inspected_on > today {
            invalid.add("inspected_on", "Enter a day that is not ahead");
        }
        if self.published_on.is_some_and(|day| day < self.inspected_on || day > today) {
            invalid.add("published_on", "Enter a day between the visit and today");
        }
        match (self.kind, self.grade) {
            (InspectionKind::Full, None | Some(Grade::NotYetInspected | Grade::Adequate)) => {
                invalid.add("grade", "Select the judgement of the full inspection");
            }
            (InspectionKind::Assurance | InspectionKind::Monitoring | InspectionKind::Interim, Some(_)) => {
                invalid.add("grade", "Leave the judgement out: only a full inspection gives one");
            }
            _ => {}
        }
        if !self.link.as_deref().and_then(host_of).is_some_and(is_known) {
            invalid.add(
                "link",
                "Enter the address of the report, or of the home on Ofsted's site while there is none, like \
                 https://reports.ofsted.gov.uk/provider/4/SC400001",
            );
        }
        invalid.or(self)
    }
}

/// A visit as it is held here, with when it was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldInspection {
    /// The visit.
    pub seen: Inspection,
    /// When it was recorded; none where that was not kept.
    pub recorded_at: Option<Timestamp>,
}

impl HeldInspection {
    /// Whether it was known here by a moment: once it was recorded, however long its report was out. Where that was not kept,
    /// the day of the report stands for it; of one with no day of its own, that of the visit.
    #[must_use]
    pub fn known_by(&self, moment: Moment) -> bool {
        let out = || self.seen.published_on.unwrap_or(self.seen.inspected_on);
        self.recorded_at.map_or_else(|| out() <= moment.today(), |at| at <= moment.at)
    }
}

/// The home's grade on a day, with the inspection that gave it: the latest full inspection on or before the day.
/// A report counts from its publication where that date is known (rule 1.8: facts in force on the date).
#[must_use]
pub fn grade_on(inspections: &[Inspection], day: Date) -> (Grade, Option<&Inspection>) {
    let known = |seen: &&Inspection| {
        seen.grade.is_some() && seen.inspected_on <= day && seen.published_on.is_none_or(|out| out <= day)
    };
    let latest = inspections.iter().filter(known).max_by_key(|seen| (seen.inspected_on, seen.published_on));
    (latest.and_then(|seen| seen.grade).unwrap_or(Grade::NotYetInspected), latest)
}

/// The latest visit of any kind on or before the day that found serious or widespread concerns, unless a later full
/// inspection has graded the home Good or Outstanding.
#[must_use]
pub fn concerns_on(inspections: &[Inspection], day: Date) -> Option<&Inspection> {
    let latest = inspections
        .iter()
        .filter(|seen| seen.serious_concerns && seen.inspected_on <= day)
        .max_by_key(|seen| seen.inspected_on)?;
    let settled = inspections.iter().any(|seen| {
        seen.inspected_on > latest.inspected_on
            && seen.inspected_on <= day
            && matches!(seen.grade, Some(Grade::Outstanding | Grade::Good))
    });
    (!settled).then_some(latest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn full(inspected: Date, published: Option<Date>, grade: Grade) -> Inspection {
        Inspection {
            kind: InspectionKind::Full,
            inspected_on: inspected,
            published_on: published,
            grade: Some(grade),
            serious_concerns: grade == Grade::Inadequate,
            event: String::new(),
            link: None,
        }
    }

    #[test]
    fn a_visit_recorded_by_hand_is_graded_as_its_kind_allows() {
        let today = date(2021, 9, 13);
        let link = Some("https://reports.ofsted.gov.uk/provider/4/SC400001".to_owned());
        let good = Inspection { link, ..full(date(2021, 8, 30), Some(date(2021, 9, 6)), Grade::Good) };
        assert!(good.clone().checked(today).is_ok());
        let wrong = |change: fn(&mut Inspection)| {
            let mut one = good.clone();
            change(&mut one);
            one.checked(today).map_or_else(|no| no.errors[0].field.clone(), |_| String::new())
        };
        assert_eq!(wrong(|one| one.inspected_on = date(2021, 9, 14)), "inspected_on");
        assert_eq!(wrong(|one| one.published_on = Some(date(2021, 8, 1))), "published_on");
        assert_eq!(wrong(|one| one.grade = None), "grade");
        assert_eq!(wrong(|one| one.kind = InspectionKind::Assurance), "grade");
        assert_eq!(wrong(|one| one.link = Some("https://example.org/reports.ofsted.gov.uk".to_owned())), "link");
        assert_eq!(wrong(|one| one.link = None), "link", "a judgement by hand says where it is read");
    }

    #[test]
    fn rule_1_8_the_grade_of_a_day_is_the_one_published_by_then() {
        let seen = [
            full(date(2019, 10, 21), Some(date(2019, 11, 29)), Grade::Good),
            full(date(2021, 8, 30), Some(date(2021, 10, 4)), Grade::Inadequate),
        ];
        assert_eq!(grade_on(&seen, date(2019, 11, 28)).0, Grade::NotYetInspected);
        assert_eq!(grade_on(&seen, date(2021, 9, 13)).0, Grade::Good);
        assert_eq!(grade_on(&seen, date(2021, 10, 4)).0, Grade::Inadequate);
    }

    #[test]
    fn rule_4_4_a_report_is_known_once_it_is_recorded_and_not_once_it_is_out() {
        let out = full(date(2021, 8, 2), Some(date(2021, 9, 5)), Grade::Inadequate);
        let at = |day: i8| {
            let seconds = 86_400 * i64::from(day);
            Moment { at: Timestamp::constant(seconds, 0), local: date(2021, 9, day).at(9, 0, 0, 0) }
        };
        let known = |one: &HeldInspection| [4, 5, 10, 20].map(|day| one.known_by(at(day)));
        let recorded = HeldInspection { seen: out.clone(), recorded_at: Some(at(20).at) };
        assert_eq!(known(&recorded), [false, false, false, true]);
        let before = HeldInspection { seen: out.clone(), recorded_at: None };
        assert_eq!(known(&before), [false, true, true, true], "when it was recorded was not kept");
        let undated = HeldInspection { seen: Inspection { published_on: None, ..out }, recorded_at: None };
        assert_eq!(known(&undated), [true; 4]);
    }

    #[test]
    fn an_assurance_visit_gives_findings_and_no_grade() {
        let mut visit = full(date(2021, 9, 8), None, Grade::Good);
        visit.kind = InspectionKind::Assurance;
        visit.grade = None;
        visit.serious_concerns = true;
        let seen = [full(date(2019, 2, 1), None, Grade::Good), visit];
        assert_eq!(grade_on(&seen, date(2021, 9, 13)).0, Grade::Good);
        assert_eq!(concerns_on(&seen, date(2021, 9, 13)).map(|found| found.inspected_on), Some(date(2021, 9, 8)));
        assert_eq!(concerns_on(&seen, date(2021, 9, 1)), None);
    }
}
