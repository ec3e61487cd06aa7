//! Inspections of homes: what was found, by which kind of visit, and when. Facts with dates; nothing is overwritten.
//!
//! Only a full inspection gives a grade. Assurance and monitoring visits (2020 to 2021 mostly) give findings.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

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
        }
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
