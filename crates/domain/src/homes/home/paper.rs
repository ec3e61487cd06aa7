//! What a provider holds and shows: insurance, reports, statements, by number and by the days on which each holds. Its file is
//! kept with it where the provider brings one; a lapsed one is told before it lapses.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::calendar::long_date;
use crate::change::{Change, Event, Move};
use crate::id::{HomeId, OrganisationId, PaperId};
use crate::nights::{days_between, plus_days};
use crate::outcome::{Invalid, Refusal};

/// How many days before its end a document is told of, the widest first.
pub const TOLD_BEFORE: [i64; 3] = [60, 30, 7];

coded! {
    /// What a document is.
    PaperKind {
        InsurancePublic "insurance_public" "Public liability insurance";
        InsuranceEmployer "insurance_employer" "Employer's liability insurance";
        InsuranceProfessional "insurance_professional" "Professional indemnity insurance";
        StatementOfPurpose "statement_of_purpose" "Statement of purpose";
        Regulation44 "regulation_44" "Regulation 44 report";
        Regulation45 "regulation_45" "Regulation 45 review";
        LocationReview "location_review" "Review of the home's location";
        Safeguarding "safeguarding_policy" "Safeguarding policy";
        DataProtection "data_protection" "Registration for data protection";
        FireSafety "fire_safety" "Fire risk assessment";
        Guide "childrens_guide" "Children's guide";
        Other "other" "Other";
    }
}

impl PaperKind {
    /// Whether it is an insurance, which always has a last day.
    #[must_use]
    pub const fn is_insurance(self) -> bool {
        matches!(self, Self::InsurancePublic | Self::InsuranceEmployer | Self::InsuranceProfessional)
    }
}

coded! {
    /// Who beside the provider can see that it is held, and until when.
    Audience {
        Members "members" "All authorities and the regional team";
        Region "region" "The regional team only";
    }
}

/// Whether it is held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaperState {
    /// Held; whether it still holds is told by its days.
    Held,
    /// Taken back by the provider.
    Withdrawn {
        /// When.
        on: Date,
    },
}

impl PaperState {
    /// The stored names.
    pub const NAMES: &[&'static str] = &["held", "withdrawn"];

    /// The stored name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Withdrawn { .. } => "withdrawn",
        }
    }
}

/// How a document stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It no longer holds.
    Lapsed,
    /// It lapses within 60 days; so many are left, this one among them.
    Lapses(i64),
    /// It holds.
    Holds,
}

/// A document of a provider, or of one of its homes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    /// Its id.
    pub id: PaperId,
    /// Raised by one with every move.
    pub version: i64,
    /// Whose it is.
    pub provider: OrganisationId,
    /// The home that it is about; none for the provider as a whole.
    pub home: Option<HomeId>,
    /// What it is.
    pub kind: PaperKind,
    /// Its number or title.
    pub reference: String,
    /// From when it holds.
    pub from: Date,
    /// From when it held before it was renewed, where it has held without a break since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Date>,
    /// The last day on which it holds.
    pub expires_on: Option<Date>,
    /// Who beside the provider can see it.
    pub audience: Audience,
    /// Whether it is held.
    pub state: PaperState,
}

/// Every move of a document.
pub const MOVES: &[Move] = &[
    Move { from: "new", act: "keep", to: "held", by: "provider" },
    Move { from: "held", act: "renew", to: "held", by: "provider" },
    Move { from: "held", act: "withdraw", to: "withdrawn", by: "provider" },
];

/// The days and the audience of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperTerms {
    /// From when it holds.
    pub from: Date,
    /// The last day on which it holds.
    pub expires_on: Option<Date>,
    /// Who beside the provider can see it.
    pub audience: Audience,
}

impl PaperTerms {
    /// Its days are in order, and insurance has a last one.
    pub fn checked(self, kind: PaperKind) -> Result<Self, Invalid> {
        let mut invalid = Invalid::default();
        if self.expires_on.is_some_and(|until| until < self.from) {
            invalid.add("expires_on", "Enter a last day that is not before the first");
        }
        if kind.is_insurance() && self.expires_on.is_none() {
            invalid.add("expires_on", "Enter the last day of the cover: insurance has one");
        }
        invalid.or(self)
    }
}

impl Paper {
    fn event(&self, kind: &str, version: i64) -> Event {
        Event::new(kind, "paper", self.id.0, version).with("kind", self.kind.code()).with("from", self.from)
    }

    /// Keeps a document; it comes as held, at version 1.
    pub fn keep(paper: Self) -> Change<Self> {
        let next = Self { version: 1, state: PaperState::Held, ..paper };
        let event = next.event("paper.kept", 1);
        Change::to(next, event)
    }

    /// Gives it other days or another audience; none where it says what is held already. Insurance that begins after a gap is
    /// a document of its own: over the days before, the gap would be told to nobody.
    pub fn renew(self, terms: PaperTerms) -> Result<Option<Change<Self>>, Refusal> {
        self.held("be renewed")?;
        if (PaperTerms { from: self.from, expires_on: self.expires_on, audience: self.audience }) == terms {
            return Ok(None);
        }
        let ended = self.expires_on.filter(|until| terms.from > plus_days(*until, 1));
        if let Some(until) = ended.filter(|_| self.kind.is_insurance()) {
            return Err(Refusal::new(
                "insurance_gap",
                "Insurance: what begins after a gap is a document of its own, so that the days without it show",
                format!("The insurance {} holds until {}; these days begin later.", self.reference, long_date(until)),
                "You, by entering it as a new document with another number",
            )
            .found(format!("from {}", long_date(terms.from))));
        }
        let since = self.since_with(terms);
        let PaperTerms { from, expires_on, audience } = terms;
        let next = Self { version: self.version + 1, from, since, expires_on, audience, ..self };
        let event = next.event("paper.renewed", next.version);
        Ok(Some(Change::to(next, event)))
    }

    /// From when it holds without a break.
    #[must_use]
    pub fn unbroken_from(&self) -> Date {
        self.since.map_or(self.from, |since| since.min(self.from))
    }

    /// What is kept of its days before when it gets others: days that follow them hold on from the first, and others put right
    /// what was entered.
    fn since_with(&self, terms: PaperTerms) -> Option<Date> {
        let until = self.expires_on?;
        let follows = terms.from > self.from && terms.expires_on.is_none_or(|last| last > until);
        match (terms.from > plus_days(until, 1), follows) {
            (true, _) => None,
            (false, true) => Some(self.unbroken_from()),
            (false, false) => self.since,
        }
    }

    /// Files come to a document while it is held.
    pub fn takes_file(&self) -> Result<(), Refusal> {
        self.held("take a file")
    }

    /// The provider takes it back.
    pub fn withdraw(self, on: Date) -> Result<Change<Self>, Refusal> {
        self.held("be withdrawn")?;
        let next = Self { version: self.version + 1, state: PaperState::Withdrawn { on }, ..self };
        let event = next.event("paper.withdrawn", next.version);
        Ok(Change::to(next, event))
    }

    /// How it stands on a day.
    #[must_use]
    pub fn stands(&self, today: Date) -> Standing {
        match self.expires_on.map(|until| days_between(today, until) + 1) {
            Some(left) if left <= 0 => Standing::Lapsed,
            Some(left) if left <= TOLD_BEFORE[0] => Standing::Lapses(left),
            _ => Standing::Holds,
        }
    }

    /// How many days before its last one its provider is told today, the last step that was reached; none where it holds
    /// longer, or no more. Its last day counts as held.
    #[must_use]
    pub fn told_before(&self, today: Date) -> Option<i64> {
        let days = self.expires_on.map(|until| days_between(today, until))?;
        TOLD_BEFORE.into_iter().rev().find(|step| days <= *step).filter(|_| days >= 0)
    }

    fn held(&self, act: &str) -> Result<(), Refusal> {
        match self.state {
            PaperState::Held => Ok(()),
            PaperState::Withdrawn { on } => Err(Refusal::new(
                "paper_withdrawn",
                "Documents: one that was withdrawn stays so",
                format!("This document cannot {act}: it was withdrawn."),
                "You, by entering it as a new document with another number",
            )
            .found(format!("withdrawn on {}", long_date(on)))),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use jiff::civil::date;

    fn paper() -> Paper {
        Paper {
            id: PaperId(1),
            version: 1,
            provider: OrganisationId(2),
            home: None,
            kind: PaperKind::InsurancePublic,
            reference: "PL-1".to_owned(),
            from: date(2021, 4, 1),
            since: None,
            expires_on: Some(date(2021, 10, 11)),
            audience: Audience::Members,
            state: PaperState::Held,
        }
    }

    #[test]
    fn a_document_moves_as_its_table_says() {
        let terms = PaperTerms { from: date(2021, 10, 12), expires_on: None, audience: Audience::Region };
        for state in [PaperState::Held, PaperState::Withdrawn { on: date(2021, 9, 1) }] {
            let listed = |act: &str| MOVES.iter().any(|step| step.from == state.name() && step.act == act);
            let one = || Paper { state: state.clone(), ..paper() };
            assert_eq!(one().renew(terms).is_ok(), listed("renew"));
            assert_eq!(one().withdraw(date(2021, 9, 13)).is_ok(), listed("withdraw"));
            assert_eq!(one().takes_file().is_ok(), state == PaperState::Held);
        }
    }

    #[test]
    fn the_same_days_again_change_nothing() {
        let held = paper();
        let terms = PaperTerms { from: held.from, expires_on: held.expires_on, audience: held.audience };
        assert_eq!(held.renew(terms).unwrap(), None);
    }

    fn days(from: Date, expires_on: Option<Date>) -> PaperTerms {
        PaperTerms { from, expires_on, audience: Audience::Members }
    }

    fn renewed(held: Paper, terms: PaperTerms) -> Paper {
        held.renew(terms).unwrap().unwrap().into_parts().0
    }

    #[test]
    fn insurance_has_a_last_day_and_another_document_may_have_none() {
        let fields = |kind, terms: PaperTerms| match terms.checked(kind) {
            Ok(_) => Vec::new(),
            Err(invalid) => invalid.errors.into_iter().map(|one| one.field).collect(),
        };
        let endless = days(date(2021, 4, 1), None);
        for kind in [PaperKind::InsurancePublic, PaperKind::InsuranceEmployer, PaperKind::InsuranceProfessional] {
            assert_eq!(fields(kind, endless), ["expires_on"]);
        }
        assert_eq!(fields(PaperKind::Safeguarding, endless), [""; 0]);
        assert_eq!(fields(PaperKind::Other, days(date(2021, 4, 1), Some(date(2021, 3, 31)))), ["expires_on"]);
    }

    #[test]
    fn insurance_renewed_without_a_gap_holds_on_from_its_first_day_and_after_a_gap_is_a_document_of_its_own() {
        let next = days(date(2021, 10, 12), Some(date(2022, 10, 11)));
        let on = renewed(paper(), next);
        assert_eq!((on.from, on.unbroken_from()), (date(2021, 10, 12), date(2021, 4, 1)));
        assert_eq!(on.clone().renew(next).unwrap(), None, "the same days again");
        let put_right = renewed(on, days(date(2021, 10, 1), Some(date(2022, 10, 11))));
        assert_eq!(put_right.unbroken_from(), date(2021, 4, 1));
        let typed_wrong = renewed(paper(), days(date(2021, 5, 1), Some(date(2021, 10, 11))));
        assert_eq!(typed_wrong.unbroken_from(), date(2021, 5, 1), "a first day that is put right");
        let late = days(date(2021, 12, 1), Some(date(2022, 11, 30)));
        assert_eq!(paper().renew(late).unwrap_err().code, "insurance_gap");
        let policy = Paper { kind: PaperKind::Safeguarding, ..paper() };
        assert_eq!(renewed(policy, late).unbroken_from(), date(2021, 12, 1));
    }

    #[test]
    fn a_document_is_told_of_60_days_before_its_last_day_and_holds_on_it() {
        let held = paper();
        assert_eq!(held.stands(date(2021, 9, 13)), Standing::Lapses(29));
        assert_eq!(held.stands(date(2021, 10, 11)), Standing::Lapses(1));
        assert_eq!(held.stands(date(2021, 10, 12)), Standing::Lapsed);
        assert_eq!(held.stands(date(2021, 8, 1)), Standing::Holds);
        let told = [date(2021, 8, 11), date(2021, 8, 12), date(2021, 9, 11), date(2021, 10, 4), date(2021, 10, 11)];
        let steps = [None, Some(60), Some(30), Some(7), Some(7)];
        assert_eq!(told.map(|day| held.told_before(day)), steps);
        assert_eq!(held.told_before(date(2021, 10, 12)), None, "it lapsed");
        assert_eq!(Paper { expires_on: None, ..held }.stands(date(2030, 1, 1)), Standing::Holds);
    }
}
