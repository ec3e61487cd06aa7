//! The templates of quality returns: which figures a home gives for a quarter, and what each may be. Reference data with
//! dates: a return is judged by the template of its own quarter (rule 1.8).

use std::collections::BTreeMap;

use jiff::civil::{Date, date};

use super::Theme;
use crate::outcome::Invalid;

coded! {
    /// One figure of a return.
    Figure {
        ChildNights "child_nights" "Nights that children slept at the home";
        Asked "asked" "Referrals received";
        AnsweredInTime "answered_in_time" "Of them answered in time";
        HoursToAnswer "hours_to_answer" "Hours to an answer, the middle one";
        MovedIn "moved_in" "Children who moved in";
        MovedOut "moved_out" "Children who moved out";
        UnplannedEnds "unplanned_ends" "Of them unplanned";
        Missing "missing" "Times that a child went missing";
        Restraint "restraint" "Times that a child was restrained";
        SchoolDays "school_days" "Attendance at education, in percent";
        Posts "posts" "Posts that care for children";
        VacantPosts "vacant_posts" "Of them vacant at the end";
        AgencyShifts "agency_shifts" "Shifts by agency staff, in percent";
        Complaints "complaints" "Complaints by children";
        Safeguarding "safeguarding" "Matters sent to the designated officer";
        Regulation44 "regulation_44" "Regulation 44 visits with a report";
        Regulation45 "regulation_45" "Regulation 45 reviews finished";
    }
}

/// What a home gave, figure by figure.
pub type Figures = BTreeMap<Figure, i64>;

/// What a home's quarter allows: its places and the nights of the quarter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Registered places.
    pub places: u8,
    /// Nights.
    pub nights: i64,
}

impl Figure {
    /// The largest number that is taken.
    #[must_use]
    pub fn most(self, span: Span) -> i64 {
        match self {
            Self::ChildNights => i64::from(span.places).saturating_mul(span.nights),
            Self::SchoolDays | Self::AgencyShifts => 100,
            Self::Regulation44 => 3,
            Self::Regulation45 => 1,
            Self::HoursToAnswer => 24 * 92,
            Self::Posts | Self::VacantPosts => 300,
            Self::Asked
            | Self::AnsweredInTime
            | Self::MovedIn
            | Self::MovedOut
            | Self::UnplannedEnds
            | Self::Missing
            | Self::Restraint
            | Self::Complaints
            | Self::Safeguarding => 2_000,
        }
    }

    /// The figure of which this one is a part.
    #[must_use]
    pub const fn part_of(self) -> Option<Self> {
        match self {
            Self::AnsweredInTime => Some(Self::Asked),
            Self::UnplannedEnds => Some(Self::MovedOut),
            Self::VacantPosts => Some(Self::Posts),
            _ => None,
        }
    }

    /// Whether the records here hold it too, so that both can stand side by side.
    #[must_use]
    pub const fn known_here(self) -> bool {
        matches!(
            self,
            Self::ChildNights
                | Self::Asked
                | Self::AnsweredInTime
                | Self::HoursToAnswer
                | Self::MovedIn
                | Self::MovedOut
                | Self::UnplannedEnds
        )
    }

    /// The theme under which it is read.
    #[must_use]
    pub const fn theme(self) -> Theme {
        match self {
            Self::Missing | Self::Safeguarding => Theme::Safety,
            Self::Restraint => Theme::Restraint,
            Self::ChildNights | Self::MovedIn | Self::MovedOut | Self::UnplannedEnds => Theme::Stability,
            Self::SchoolDays => Theme::Education,
            Self::Posts | Self::VacantPosts | Self::AgencyShifts => Theme::Staffing,
            Self::Complaints => Theme::Voice,
            Self::Asked | Self::AnsweredInTime | Self::HoursToAnswer | Self::Regulation44 | Self::Regulation45 => {
                Theme::Leadership
            }
        }
    }
}

/// A template: from which quarter on, and its figures in the order of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Template {
    /// Its version.
    pub version: &'static str,
    /// The first day of the first quarter that it is for.
    pub from: Date,
    /// Its figures.
    pub figures: &'static [Figure],
}

/// Every template, the earliest first. A landed one is never changed: another follows it.
pub const TEMPLATES: &[Template] = &[
    Template {
        version: "2018",
        from: date(2018, 10, 1),
        figures: &[
            Figure::ChildNights,
            Figure::Asked,
            Figure::AnsweredInTime,
            Figure::HoursToAnswer,
            Figure::MovedIn,
            Figure::MovedOut,
            Figure::UnplannedEnds,
            Figure::Missing,
            Figure::Restraint,
            Figure::SchoolDays,
            Figure::Posts,
            Figure::VacantPosts,
            Figure::Complaints,
            Figure::Regulation44,
            Figure::Regulation45,
        ],
    },
    Template { version: "2021", from: date(2021, 1, 1), figures: Figure::ALL },
];

impl Template {
    /// The template of a quarter, by its first day; none before the first.
    #[must_use]
    pub fn of(quarter: Date) -> Option<&'static Self> {
        TEMPLATES.iter().rev().find(|one| one.from <= quarter)
    }

    /// The template with this version.
    #[must_use]
    pub fn named(version: &str) -> Option<&'static Self> {
        TEMPLATES.iter().find(|one| one.version == version)
    }

    /// Notes every figure that the template does not have, that is out of range, or that is more than what it is part of;
    /// and, where all are asked for, every one that is missing.
    pub fn check(&self, given: &Figures, span: Span, all: bool, invalid: &mut Invalid) {
        for (figure, value) in given {
            let most = figure.most(span);
            if !self.figures.contains(figure) {
                invalid.add(figure.code(), format!("Leave this out: the template of {} does not ask it", self.version));
            } else if *value < 0 || *value > most {
                invalid.add(figure.code(), format!("Enter a whole number from 0 to {most}"));
            } else if let Some(whole) = figure.part_of()
                && given.get(&whole).is_some_and(|whole| value > whole)
            {
                invalid.add(figure.code(), format!("Enter at most as many as \"{}\"", whole.label()));
            }
        }
        if all {
            for figure in self.figures.iter().filter(|figure| !given.contains_key(figure)) {
                invalid.add(figure.code(), "Enter a whole number; 0 where there was none");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPAN: Span = Span { places: 4, nights: 91 };

    fn errors(version: &str, given: &[(Figure, i64)], all: bool) -> Vec<String> {
        let mut invalid = Invalid::default();
        let figures = given.iter().copied().collect();
        if let Some(template) = Template::named(version) {
            template.check(&figures, SPAN, all, &mut invalid);
        }
        invalid.errors.into_iter().map(|one| one.field).collect()
    }

    #[test]
    fn rule_1_8_a_quarter_has_the_template_of_its_own_time() {
        let of = |day| Template::of(day).map(|one| one.version);
        assert_eq!(of(date(2018, 7, 1)), None);
        assert_eq!(of(date(2020, 10, 1)), Some("2018"));
        assert_eq!(of(date(2021, 1, 1)), Some("2021"));
        assert!(TEMPLATES.windows(2).all(|pair| pair.first().map(|one| one.from) < pair.last().map(|one| one.from)));
        assert_eq!(errors("2018", &[(Figure::Safeguarding, 1)], false), ["safeguarding"], "it was not asked then");
    }

    #[test]
    fn figures_out_of_range_are_named_one_by_one() {
        let given = [
            (Figure::ChildNights, 365),
            (Figure::SchoolDays, 101),
            (Figure::Restraint, -1),
            (Figure::Regulation44, 4),
            (Figure::Asked, 3),
            (Figure::AnsweredInTime, 4),
        ];
        let found = errors("2021", &given, false);
        assert_eq!(found, ["child_nights", "answered_in_time", "restraint", "school_days", "regulation_44"]);
        assert_eq!(errors("2021", &[(Figure::ChildNights, 364)], false), Vec::<String>::new(), "4 places, 91 nights");
    }

    #[test]
    fn a_sent_return_leaves_no_figure_out_and_a_draft_may() {
        assert_eq!(errors("2021", &[], true).len(), Figure::ALL.len());
        assert_eq!(errors("2021", &[], false).len(), 0);
    }
}
