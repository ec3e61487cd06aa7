//! The alert before notice: strain is flagged by the home or the child's social worker, both meet within two working days and
//! agree support; only then is a parallel search written, held unsent until somebody says why it goes out.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::not_now;
use crate::calendar::WorkingDays;
use crate::change::{Change, Event, Move};
use crate::clock::Moment;
use crate::id::{AgreementId, HomeId, OrganisationId, PersonId, Reference, ReferralId};
use crate::outcome::{Invalid, Refusal};
use crate::sealed::Sealed;

/// Within how many working days both meet.
pub const MEET_DAYS: u32 = 2;

coded! {
    /// Who flags strain.
    FlaggedBy {
        Home "home" "The home";
        Authority "authority" "The authority's social worker";
    }
}

coded! {
    /// What shows strain.
    Strain {
        Incidents "incidents" "More incidents than before";
        Missing "missing" "Going missing more often";
        School "school" "School or training is breaking down";
        Others "others" "Conflict with other children";
        Staff "staff" "The staff doubt that they can go on";
        Unhappy "unhappy" "The child wants to leave";
        Family "family" "Family time goes wrong";
        Health "health" "Health needs that are not met";
    }
}

coded! {
    /// What is agreed to help.
    Support {
        Hours "hours" "More hours of support for a time";
        Therapy "therapy" "Therapeutic help for child or staff";
        Break "break" "A planned short break";
        School "school" "A plan with the school";
        Family "family" "Help with family time";
        Mediation "mediation" "Mediation in the house";
        Health "health" "A health assessment, with a date";
        Visits "visits" "The social worker visits more often";
    }
}

coded! {
    /// Why a held search goes out.
    ReleaseReason {
        NotSettled "not_settled" "The agreed support has not settled it";
        ChildAsks "child_asks" "The child asks to move";
        NoticeGiven "notice_given" "The home has given notice";
        Review "review" "A review decided on a move";
    }
}

coded! {
    /// How it ended.
    StabilityOutcome {
        Settled "settled" "The child stays and is settled";
        PlannedMove "planned_move" "A planned move";
        Notice "notice" "The home gave notice";
        BrokeDown "broke_down" "It ended unplanned";
    }
}

impl StabilityOutcome {
    /// Why a search that is held until the alert is closed so goes out; none where the child stays and needs no other home.
    #[must_use]
    pub const fn releases(self) -> Option<ReleaseReason> {
        match self {
            Self::Settled => None,
            Self::PlannedMove => Some(ReleaseReason::Review),
            Self::Notice => Some(ReleaseReason::NoticeGiven),
            Self::BrokeDown => Some(ReleaseReason::NotSettled),
        }
    }
}

/// What was agreed when both met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meeting {
    /// On which day.
    pub on: Date,
    /// What is agreed.
    pub support: Vec<Support>,
    /// When it is looked at again.
    pub review_on: Date,
    /// What was said of the child.
    pub words: Sealed<String>,
}

/// A parallel search that is written and held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldSearch {
    /// The draft.
    pub referral: ReferralId,
    /// What people call it.
    pub reference: Reference,
    /// Why it goes out, once somebody said so.
    pub released: Option<ReleaseReason>,
}

impl HeldSearch {
    fn out(self, reason: ReleaseReason) -> Self {
        Self { released: Some(reason), ..self }
    }
}

/// Where an alert stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum StabilityState {
    /// Strain is flagged; both are to meet.
    Flagged,
    /// Support is agreed.
    Supported,
    /// A search is written and held.
    SearchHeld,
    /// The search may go out.
    SearchReleased,
    /// It is over.
    Closed {
        /// How.
        outcome: StabilityOutcome,
        /// Who says so.
        by: PersonId,
        /// When.
        at: DateTime,
    },
}

impl StabilityState {
    /// The stored names.
    pub const NAMES: &[&'static str] = &["flagged", "supported", "search_held", "search_released", "closed"];

    /// The stored name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Flagged => "flagged",
            Self::Supported => "supported",
            Self::SearchHeld => "search_held",
            Self::SearchReleased => "search_released",
            Self::Closed { .. } => "closed",
        }
    }

    /// The words on a tag.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Flagged => "To meet",
            Self::Supported => "Support agreed",
            Self::SearchHeld => "A search is held",
            Self::SearchReleased => "The search may go out",
            Self::Closed { .. } => "Closed",
        }
    }
}

/// What strain is flagged with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flagged {
    /// The placing authority.
    pub authority: OrganisationId,
    /// The provider.
    pub provider: OrganisationId,
    /// The agreement.
    pub agreement: AgreementId,
    /// What people call it.
    pub reference: Reference,
    /// The home.
    pub home: HomeId,
    /// What the home is called.
    pub name: String,
    /// Who flags it.
    pub by: FlaggedBy,
    /// What shows it.
    pub signs: Vec<Strain>,
    /// What is said of the child.
    pub words: Sealed<String>,
}

/// An alert about one child's placement: coded, with what is said of the child sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StabilityAlert {
    /// Its id.
    pub id: i64,
    /// Raised by one with every move.
    pub version: i64,
    /// The placing authority.
    pub authority: OrganisationId,
    /// The provider.
    pub provider: OrganisationId,
    /// The agreement.
    pub agreement: AgreementId,
    /// What people call it.
    pub reference: Reference,
    /// The home.
    pub home: HomeId,
    /// What the home is called.
    pub name: String,
    /// Who flagged it.
    pub by: FlaggedBy,
    /// When.
    pub at: DateTime,
    /// What shows it.
    pub signs: Vec<Strain>,
    /// What is said of the child.
    pub words: Sealed<String>,
    /// By when both meet.
    pub meet_by: Date,
    /// What was agreed.
    pub meeting: Option<Meeting>,
    /// The search beside it.
    pub search: Option<HeldSearch>,
    /// Where it stands.
    pub state: StabilityState,
}

/// Every move of an alert.
pub const MOVES: &[Move] = &[
    Move { from: "new", act: "flag", to: "flagged", by: "the home's manager or placement officer" },
    Move { from: "flagged", act: "meet", to: "supported", by: "placement officer" },
    Move { from: "supported", act: "hold_search", to: "search_held", by: "placement officer" },
    Move { from: "search_held", act: "release", to: "search_released", by: "placement officer" },
    Move { from: "flagged", act: "close", to: "closed", by: "placement officer" },
    Move { from: "supported", act: "close", to: "closed", by: "placement officer" },
    Move { from: "search_held", act: "close", to: "closed", by: "placement officer" },
    Move { from: "search_released", act: "close", to: "closed", by: "placement officer" },
];

impl StabilityAlert {
    /// Flags strain; both meet within two working days.
    pub fn flag(id: i64, of: Flagged, days: &WorkingDays, moment: Moment) -> Result<Change<Self>, Invalid> {
        let mut invalid = Invalid::default();
        if of.signs.is_empty() {
            invalid.add("signs", "Select what shows that the placement is under strain");
        }
        let next = Self {
            id,
            version: 1,
            authority: of.authority,
            provider: of.provider,
            agreement: of.agreement,
            reference: of.reference,
            home: of.home,
            name: of.name,
            by: of.by,
            at: moment.local,
            signs: of.signs,
            words: of.words,
            meet_by: days.nth_working_day_after(moment.today(), MEET_DAYS),
            meeting: None,
            search: None,
            state: StabilityState::Flagged,
        };
        let signs: Vec<&str> = next.signs.iter().map(|one| one.code()).collect();
        let event = next
            .event("stability.flagged", 1)
            .with("by", next.by.code())
            .with("signs", signs.join(" "))
            .with("meet_by", next.meet_by);
        invalid.or(Change::to(next, event))
    }

    /// Whether it is not over.
    #[must_use]
    pub const fn open(&self) -> bool {
        !matches!(self.state, StabilityState::Closed { .. })
    }

    /// Whether it ended with the child settled; none while it is open.
    #[must_use]
    pub const fn settled(&self) -> Option<bool> {
        match self.state {
            StabilityState::Closed { outcome, .. } => Some(matches!(outcome, StabilityOutcome::Settled)),
            _ => None,
        }
    }

    /// Whether both should have met.
    #[must_use]
    pub fn overdue(&self, today: Date) -> bool {
        self.state == StabilityState::Flagged && self.meet_by < today
    }

    /// Records what was agreed when both met.
    pub fn meet(self, meeting: Meeting, moment: Moment) -> Result<Result<Change<Self>, Invalid>, Refusal> {
        self.only(&["flagged"], "be met about")?;
        let mut invalid = Invalid::default();
        if meeting.on > moment.today() || meeting.on < self.at.date() {
            invalid.add("on", "Enter a day since it was flagged that is not ahead");
        }
        if meeting.support.is_empty() {
            invalid.add("support", "Select what is agreed to help");
        }
        if meeting.review_on <= meeting.on {
            invalid.add("review_on", "Enter a day after you met");
        }
        let support: Vec<&str> = meeting.support.iter().map(|one| one.code()).collect();
        let event = self
            .event("stability.supported", self.version + 1)
            .with("on", meeting.on)
            .with("support", support.join(" "))
            .with("review_on", meeting.review_on);
        let (version, meeting) = (self.version + 1, Some(meeting));
        Ok(invalid.or(Change::to(Self { version, meeting, state: StabilityState::Supported, ..self }, event)))
    }

    /// Puts a draft beside it that cannot be sent; only once support is agreed.
    pub fn hold_search(self, referral: ReferralId, reference: Reference) -> Result<Change<Self>, Refusal> {
        self.may_search()?;
        let event = self.event("stability.search_held", self.version + 1).with("referral", &reference);
        let search = Some(HeldSearch { referral, reference, released: None });
        Ok(Change::to(Self { version: self.version + 1, search, state: StabilityState::SearchHeld, ..self }, event))
    }

    /// Refused before support was agreed, and where a search stands beside it already.
    pub fn may_search(&self) -> Result<(), Refusal> {
        if self.state == StabilityState::Supported {
            return Ok(());
        }
        let sentence = format!("No search is written beside {} now.", self.reference);
        let rule = "A parallel search comes after both have met and agreed support, once";
        let who = "The placement officer, by recording what was agreed";
        Err(not_now("search_before_support", rule, sentence, who, self.state.label()))
    }

    /// Lets the search go out, and says why.
    pub fn release(self, reason: ReleaseReason) -> Result<Change<Self>, Refusal> {
        self.only(&["search_held"], "have its search released")?;
        let event = self.event("stability.search_released", self.version + 1).with("why", reason.code());
        let search = self.search.clone().map(|held| held.out(reason));
        let version = self.version + 1;
        Ok(Change::to(Self { version, search, state: StabilityState::SearchReleased, ..self }, event))
    }

    /// Says how it ended. A search that is still held goes out unless the child stays: nobody could release it afterwards.
    pub fn close(self, outcome: StabilityOutcome, (by, moment): (PersonId, Moment)) -> Result<Change<Self>, Refusal> {
        self.only(&["flagged", "supported", "search_held", "search_released"], "be closed")?;
        let mut event = self.event("stability.closed", self.version + 1).with("outcome", outcome.code());
        let mut search = self.search.clone();
        if let (StabilityState::SearchHeld, Some(reason)) = (&self.state, outcome.releases()) {
            search = search.map(|held| held.out(reason));
            event = event.with("why", reason.code());
        }
        let state = StabilityState::Closed { outcome, by, at: moment.local };
        Ok(Change::to(Self { version: self.version + 1, search, state, ..self }, event))
    }

    fn only(&self, states: &[&str], act: &str) -> Result<(), Refusal> {
        if states.contains(&self.state.name()) {
            return Ok(());
        }
        let sentence =
            format!("The alert about {} cannot {act}: {}.", self.reference, self.state.label().to_lowercase());
        let rule = "Strain is flagged, met about, supported; then a search may be held and released";
        Err(not_now("stability_state", rule, sentence, "The placement officer", self.state.label()))
    }

    fn event(&self, kind: &str, version: i64) -> Event {
        Event::new(kind, "stability_alert", self.id, version).with("agreement", &self.reference).with("home", self.home)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use jiff::civil::date;

    fn moment(day: Date) -> Moment {
        Moment { at: jiff::Timestamp::UNIX_EPOCH, local: day.at(16, 0, 0, 0) }
    }

    fn flagged_on(day: Date) -> StabilityAlert {
        let of = Flagged {
            authority: OrganisationId(1),
            provider: OrganisationId(2),
            agreement: AgreementId(3),
            reference: "HEF-A-0007".parse().unwrap(),
            home: HomeId(5),
            name: "Elm House".into(),
            by: FlaggedBy::Home,
            signs: vec![Strain::Missing],
            words: Sealed::from_bytes(vec![1]),
        };
        StabilityAlert::flag(9, of, &WorkingDays::default(), moment(day)).unwrap().into_parts().0
    }

    const MONDAY: Date = date(2021, 9, 13);

    fn meeting(on: Date) -> Meeting {
        let review_on = date(2021, 10, 1);
        Meeting { on, support: vec![Support::Therapy], review_on, words: Sealed::from_bytes(vec![2]) }
    }

    fn at(state: &str) -> StabilityAlert {
        let flagged = flagged_on(MONDAY);
        if state == "flagged" {
            return flagged;
        }
        let met = flagged.meet(meeting(date(2021, 9, 14)), moment(date(2021, 9, 14))).unwrap().unwrap().into_parts().0;
        if state == "supported" {
            return met;
        }
        if state == "closed" {
            let who = (PersonId(1), moment(date(2021, 9, 20)));
            return met.close(StabilityOutcome::Settled, who).unwrap().into_parts().0;
        }
        let held = met.hold_search(ReferralId(8), "HEF-R-0099".parse().unwrap()).unwrap().into_parts().0;
        if state == "search_held" {
            return held;
        }
        held.release(ReleaseReason::NotSettled).unwrap().into_parts().0
    }

    #[test]
    fn both_meet_within_two_working_days_and_a_bank_holiday_does_not_count() {
        assert_eq!(flagged_on(MONDAY).meet_by, date(2021, 9, 15));
        assert_eq!(flagged_on(date(2021, 8, 27)).meet_by, date(2021, 9, 1), "over the August bank holiday");
        let one = flagged_on(MONDAY);
        assert!(!one.overdue(date(2021, 9, 15)) && one.overdue(date(2021, 9, 16)));
    }

    #[test]
    fn a_parallel_search_comes_only_after_support_was_agreed() {
        let reference: Reference = "HEF-R-0099".parse().unwrap();
        let early = flagged_on(MONDAY).hold_search(ReferralId(8), reference.clone()).unwrap_err();
        assert_eq!((early.code.as_str(), early.value.as_str()), ("search_before_support", "To meet"));
        assert_eq!(at("search_held").hold_search(ReferralId(9), reference).unwrap_err().code, "search_before_support");
        assert_eq!(at("search_released").search.unwrap().released, Some(ReleaseReason::NotSettled));
    }

    #[test]
    fn a_held_search_goes_out_with_an_alert_that_closes_without_the_child_settled_and_keeps_the_reason_it_went_for() {
        let who = (PersonId(1), moment(date(2021, 9, 21)));
        let why = |state: &str, outcome| {
            let (closed, event) = at(state).close(outcome, who).unwrap().into_parts();
            let said = event.facts.iter().any(|(name, _)| name == "why");
            (closed.search.and_then(|search| search.released), said)
        };
        let ends = [
            (StabilityOutcome::Settled, None),
            (StabilityOutcome::PlannedMove, Some(ReleaseReason::Review)),
            (StabilityOutcome::Notice, Some(ReleaseReason::NoticeGiven)),
            (StabilityOutcome::BrokeDown, Some(ReleaseReason::NotSettled)),
        ];
        for (outcome, released) in ends {
            assert_eq!(why("search_held", outcome), (released, released.is_some()), "{outcome:?}");
            assert_eq!(why("supported", outcome), (None, false), "no search stands beside it");
        }
        assert_eq!(why("search_released", StabilityOutcome::Notice), (Some(ReleaseReason::NotSettled), false));
    }

    #[test]
    fn what_is_agreed_has_support_and_a_day_to_look_again() {
        let empty = Meeting { support: vec![], review_on: MONDAY, ..meeting(date(2021, 9, 12)) };
        let errors = flagged_on(MONDAY).meet(empty, moment(date(2021, 9, 14))).unwrap().unwrap_err().errors;
        assert_eq!(errors.iter().map(|one| one.field.as_str()).collect::<Vec<_>>(), ["on", "support"]);
    }

    #[test]
    fn an_alert_moves_as_its_table_says() {
        let now = moment(date(2021, 9, 21));
        for state in StabilityState::NAMES {
            let allowed = |act: &str| MOVES.iter().any(|step| step.from == *state && step.act == act);
            let met = at(state).meet(meeting(date(2021, 9, 14)), now);
            assert_eq!(met.is_ok(), allowed("meet"), "{state}");
            let held = at(state).hold_search(ReferralId(8), "HEF-R-0099".parse().unwrap());
            assert_eq!(held.is_ok(), allowed("hold_search"), "{state}");
            assert_eq!(at(state).release(ReleaseReason::ChildAsks).is_ok(), allowed("release"), "{state}");
            let closed = at(state).close(StabilityOutcome::Settled, (PersonId(1), now));
            assert_eq!(closed.is_ok(), allowed("close"), "{state}");
        }
    }
}
