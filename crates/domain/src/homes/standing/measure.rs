//! A measure: what the region means to do, and does, about a provider, a home or a home's lot. Proposed by a rule or a
//! person, it holds new referrals; a person confirms it, after seeing all that follows, or drops it; evidence ends it.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::hours::{Countdown, after_working_hours};
use super::{Standing, StandingFact, StandingReason, StandingSource, StandingSubject};
use crate::calendar::WorkingDays;
use crate::change::{Change, Event, Move};
use crate::clock::Moment;
use crate::homes::home::link::{Elsewhere, ReadAt, checked_link};
use crate::id::{HomeId, MeasureId, OrganisationId, PersonId};
use crate::nights::OPEN_END;
use crate::outcome::{Invalid, Refusal};

mod beside;
mod holding;

pub use beside::{Stands, worst, written};

/// Within how many working hours a person confirms or drops what a rule proposed.
pub const CONFIRM_HOURS: i64 = 4;
/// By how many working days after it is confirmed each child's placement is reviewed.
pub const REVIEW_DAYS: u32 = 5;
const WHO: &str = "Commissioning lead of the regional team";

coded! {
    /// What shows that a measure can end.
    Reinstatement {
        Reinspected "reinspected" "Ofsted inspected again";
        QualityVisit "quality_visit" "The region's quality visit was satisfied";
        NoticeLifted "notice_lifted" "Ofsted lifted its notice";
        InsuranceRenewed "insurance_renewed" "Insurance is renewed";
        ManagerAppointed "manager_appointed" "A registered manager is in post";
        EnquiryClosed "enquiry_closed" "The safeguarding enquiry is closed";
        AnswersInTime "answers_in_time" "Answers come in time again";
        RegisteredAgain "registered_again" "The home is registered again";
        ConditionMet "condition_met" "The condition of the admission is met";
    }
}

impl Reinstatement {
    /// Whether this evidence speaks to that reason. The region's own visit speaks to any but the loss of registration,
    /// insurance and a manager, which are facts of their own.
    #[must_use]
    pub const fn answers(self, reason: StandingReason) -> bool {
        use StandingReason as Why;
        match reason {
            Why::Inadequate | Why::SeriousConcerns => matches!(self, Self::Reinspected | Self::QualityVisit),
            Why::RestrictionNotice => matches!(self, Self::NoticeLifted),
            Why::InsuranceLapsed => matches!(self, Self::InsuranceRenewed),
            Why::ManagerVacancy => matches!(self, Self::ManagerAppointed),
            Why::Safeguarding => matches!(self, Self::EnquiryClosed | Self::QualityVisit),
            Why::Responses => matches!(self, Self::AnswersInTime | Self::QualityVisit),
            Why::RegistrationCancelled => matches!(self, Self::RegisteredAgain),
            Why::ConditionNotMet => matches!(self, Self::ConditionMet | Self::QualityVisit),
            Why::ContractEnded | Why::Evaluated => matches!(self, Self::QualityVisit),
        }
    }
}

coded! {
    /// Why a proposed measure is dropped.
    DropReason {
        Mistaken "mistaken" "The source was mistaken or is about another home";
        PutRight "put_right" "It was put right before it was confirmed";
        OtherMeasure "other_measure" "Another measure covers it";
        NotProportionate "not_proportionate" "It would not be proportionate";
    }
}

/// What a measure rests on: where it is written, and of which day it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Who entered it; none where a rule found it in Ofsted's file or in the calendar.
    pub by: Option<PersonId>,
    /// Where it can be read.
    pub link: Option<String>,
    /// Why it is read there, where that is no site of Ofsted's, of government or of a court.
    #[serde(default)]
    pub elsewhere: Option<Elsewhere>,
    /// The region's or an authority's own concern that it rests on, which is read here.
    #[serde(default)]
    pub concern: Option<i64>,
    /// The day of the judgement, of the notice or of the file.
    pub dated: Date,
}

impl Source {
    /// What a rule found, in Ofsted's file or in the calendar.
    #[must_use]
    pub const fn found(dated: Date) -> Self {
        Self { by: None, link: None, elsewhere: None, concern: None, dated }
    }

    /// What a person entered, with where it can be read.
    #[must_use]
    pub fn entered(by: PersonId, (link, elsewhere): (Option<String>, Option<Elsewhere>), dated: Date) -> Self {
        Self { by: Some(by), link, elsewhere, concern: None, dated }
    }

    /// What a concern gives cause for.
    #[must_use]
    pub const fn of_concern(by: PersonId, concern: i64, dated: Date) -> Self {
        Self { by: Some(by), link: None, elsewhere: None, concern: Some(concern), dated }
    }

    /// The same, checked: a judgement or notice that a person enters can be read where they say.
    fn checked(self, reason: StandingReason, invalid: &mut Invalid) -> Self {
        if self.by.is_none() || self.concern.is_some() {
            return self;
        }
        if !reason.is_regulators() {
            if let Some(Err(wrong)) = self.link.as_deref().map(checked_link) {
                invalid.errors.extend(wrong.errors);
            }
            return Self { elsewhere: None, ..self };
        }
        match ReadAt::entered(self.link.as_deref(), self.elsewhere) {
            Ok(ReadAt { link, elsewhere }) => Self { link: Some(link), elsewhere, ..self },
            Err(wrong) => {
                invalid.errors.extend(wrong.errors);
                self
            }
        }
    }
}

/// What stands open at the homes of a measure in one authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Affected {
    /// The authority.
    pub authority: OrganisationId,
    /// Open referrals that asked one of the homes through the arrangement.
    pub referrals: u32,
    /// Offers that could still be chosen.
    pub offers: u32,
    /// Approvals that wait or were given, before an award.
    pub approvals: u32,
    /// Beds of a mini-block for which a child is named.
    pub beds: u32,
    /// Children placed, or with a placement agreed.
    pub placements: u32,
}

impl Affected {
    /// Nothing of this authority.
    #[must_use]
    pub const fn none(authority: OrganisationId) -> Self {
        Self { authority, referrals: 0, offers: 0, approvals: 0, beds: 0, placements: 0 }
    }

    /// Whether anything stands open there.
    #[must_use]
    pub const fn any(&self) -> bool {
        self.referrals > 0 || self.offers > 0 || self.approvals > 0 || self.beds > 0 || self.placements > 0
    }
}

/// Where a measure stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MeasureState {
    /// Waits for a person; no new referral goes to the homes meanwhile, where it would stop them.
    Proposed,
    /// In force.
    Confirmed {
        /// Who confirmed it.
        by: PersonId,
        /// When.
        at: DateTime,
        /// What was listed when it was confirmed.
        listed: Vec<Affected>,
    },
    /// Dropped: it never came into force, or gave way to a stronger one.
    Dropped {
        /// Who.
        by: PersonId,
        /// When.
        at: DateTime,
        /// Why.
        reason: DropReason,
        /// What it gave way to; none where a person dropped it.
        #[serde(default)]
        gave_way: Option<Box<GaveWay>>,
    },
    /// Ended with evidence.
    Reinstated {
        /// Who.
        by: PersonId,
        /// When it was confirmed; none where that was not kept.
        #[serde(default)]
        confirmed: Option<DateTime>,
        /// When.
        at: DateTime,
        /// From which day the homes can be used again.
        from: Date,
        /// What shows it.
        evidence: Reinstatement,
        /// Where that can be read.
        link: Option<String>,
    },
}

/// To what a measure gave way, and how it stood until then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GaveWay {
    /// The stronger measure.
    pub to: MeasureId,
    /// Proposed or in force.
    pub was: MeasureState,
}

impl MeasureState {
    /// The stored names.
    pub const NAMES: &[&'static str] = &["proposed", "confirmed", "dropped", "reinstated"];

    /// The stored name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Confirmed { .. } => "confirmed",
            Self::Dropped { .. } => "dropped",
            Self::Reinstated { .. } => "reinstated",
        }
    }

    /// The words on a tag.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Proposed => "Proposed",
            Self::Confirmed { .. } => "In force",
            Self::Dropped { .. } => "Dropped",
            Self::Reinstated { .. } => "Reinstated",
        }
    }
}

/// What a measure starts from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The regional team.
    pub region: OrganisationId,
    /// Whom it is about.
    pub subject: StandingSubject,
    /// Only this lot of theirs; all where none.
    pub lot: Option<String>,
    /// The provider, or the home's.
    pub provider: OrganisationId,
    /// What the provider or the home is called.
    pub name: String,
    /// How it would stand.
    pub standing: Standing,
    /// Why.
    pub reason: StandingReason,
    /// What it rests on.
    pub source: Source,
}

/// A measure of the region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measure {
    /// Its id.
    pub id: MeasureId,
    /// Raised by one with every move.
    pub version: i64,
    /// The regional team.
    pub region: OrganisationId,
    /// Whom it is about.
    pub subject: StandingSubject,
    /// Only this lot; all where none.
    pub lot: Option<String>,
    /// The provider, or the home's.
    pub provider: OrganisationId,
    /// What the provider or the home is called.
    pub name: String,
    /// How it stands under the measure.
    pub standing: Standing,
    /// Why.
    pub reason: StandingReason,
    /// What it rests on.
    pub source: Source,
    /// The file of Ofsted's that confirmed what was entered by hand, by its day.
    pub in_register: Option<Date>,
    /// When it was proposed.
    pub proposed: DateTime,
    /// By when a person confirms or drops it.
    pub confirm_by: DateTime,
    /// Where it stands.
    pub state: MeasureState,
}

/// Every move of a measure.
pub const MOVES: &[Move] = &[
    Move { from: "new", act: "propose", to: "proposed", by: "a rule, or the commissioning lead" },
    Move { from: "proposed", act: "confirm", to: "confirmed", by: "commissioning lead, not by a cover alone" },
    Move { from: "proposed", act: "set_aside", to: "dropped", by: "commissioning lead, not by a cover alone" },
    Move { from: "proposed", act: "give_way", to: "dropped", by: "a rule, to a stronger measure" },
    Move { from: "confirmed", act: "give_way", to: "dropped", by: "a rule, to a stronger measure" },
    Move { from: "dropped", act: "stand_again", to: "proposed", by: "commissioning lead, who drops the stronger one" },
    Move { from: "dropped", act: "stand_again", to: "confirmed", by: "commissioning lead, who drops the stronger one" },
    Move { from: "proposed", act: "found_in_register", to: "proposed", by: "Ofsted's register" },
    Move { from: "confirmed", act: "found_in_register", to: "confirmed", by: "Ofsted's register" },
    Move { from: "proposed", act: "follow_home", to: "proposed", by: "the change of the home's provider" },
    Move { from: "confirmed", act: "follow_home", to: "confirmed", by: "the change of the home's provider" },
    Move { from: "confirmed", act: "reinstate", to: "reinstated", by: "commissioning lead, not by a cover alone" },
];

impl Measure {
    /// Proposes a measure: a stop or a watch with a reason that is a concern, and a source that is not ahead.
    pub fn propose(id: MeasureId, of: Proposal, days: &WorkingDays, moment: Moment) -> Result<Change<Self>, Invalid> {
        let mut invalid = Invalid::default();
        if of.standing == Standing::Good {
            invalid.add("standing", "Select on watch, suspended or removed; good standing comes by reinstatement");
        }
        if of.reason == StandingReason::Evaluated {
            invalid.add("reason", "Select why the region has a concern");
        }
        if of.source.dated > moment.today() {
            invalid.add("dated", "Enter the day of the judgement or notice, which is not ahead");
        }
        let source = of.source.checked(of.reason, &mut invalid);
        let next = Self {
            id,
            version: 1,
            region: of.region,
            subject: of.subject,
            lot: of.lot,
            provider: of.provider,
            name: of.name,
            standing: of.standing,
            reason: of.reason,
            in_register: source.by.is_none().then_some(source.dated),
            source,
            proposed: moment.local,
            confirm_by: after_working_hours(days, moment.local, CONFIRM_HOURS),
            state: MeasureState::Proposed,
        };
        let event = next.event("standing.proposed", 1);
        invalid.or(Change::to(next, event))
    }

    /// Whether it stops new placements once it is in force.
    #[must_use]
    pub const fn stops(&self) -> bool {
        matches!(self.standing, Standing::Suspended | Standing::Removed)
    }

    /// Whether it waits for a person and holds new referrals meanwhile.
    #[must_use]
    pub const fn holds(&self) -> bool {
        self.stops() && matches!(self.state, MeasureState::Proposed)
    }

    /// Whether it is about a home of a provider.
    #[must_use]
    pub fn about(&self, home: HomeId, provider: OrganisationId) -> bool {
        match self.subject {
            StandingSubject::Provider(id) => id == provider,
            StandingSubject::Home(id) => id == home,
        }
    }

    /// How its subject stands for searches while it holds them.
    #[must_use]
    pub fn hold(&self) -> StandingFact {
        StandingFact {
            subject: self.subject,
            source: StandingSource::Region,
            standing: self.standing,
            from: self.proposed.date(),
            until: OPEN_END,
            reason: self.reason,
        }
    }

    /// Whether it waits or is in force.
    #[must_use]
    pub const fn open(&self) -> bool {
        matches!(self.state, MeasureState::Proposed | MeasureState::Confirmed { .. })
    }

    /// How the working time to confirm or drop it stands; none where it no longer waits.
    #[must_use]
    pub fn countdown(&self, days: &WorkingDays, now: DateTime) -> Option<Countdown> {
        (self.state == MeasureState::Proposed).then(|| Countdown::at(days, now, self.confirm_by))
    }

    /// A person confirms it, having seen what follows.
    pub fn confirm(self, by: PersonId, listed: Vec<Affected>, moment: Moment) -> Result<Change<Self>, Refusal> {
        self.only("proposed", "be confirmed")?;
        let sum = |count: fn(&Affected) -> u32| listed.iter().map(count).fold(0, u32::saturating_add);
        let event = self
            .event("standing.confirmed", self.version + 1)
            .with("referrals", sum(|one| one.referrals))
            .with("offers", sum(|one| one.offers))
            .with("approvals", sum(|one| one.approvals))
            .with("beds", sum(|one| one.beds))
            .with("placements", sum(|one| one.placements));
        Ok(self.to(MeasureState::Confirmed { by, at: moment.local, listed }, event))
    }

    /// A person drops it: referrals go to the homes again.
    pub fn set_aside(self, by: PersonId, reason: DropReason, moment: Moment) -> Result<Change<Self>, Refusal> {
        self.only("proposed", "be dropped")?;
        let event = self.event("standing.dropped", self.version + 1).with("why", reason.code());
        Ok(self.to(MeasureState::Dropped { by, at: moment.local, reason, gave_way: None }, event))
    }

    /// Whether a rule that would propose this about the whole of its subject has nothing to add: it waits or is in force for
    /// that reason and is at least as strong.
    #[must_use]
    pub fn answers(&self, standing: Standing, reason: StandingReason) -> bool {
        self.open() && self.lot.is_none() && self.reason == reason && self.standing >= standing
    }

    /// Gives way to a stronger one that a rule proposes for the same reason: there is one measure for one reason at a time.
    /// How its subject stands is written, and stays so until the stronger one is confirmed.
    pub fn give_way(self, to: MeasureId, by: PersonId, moment: Moment) -> Result<Change<Self>, Refusal> {
        if !self.open() {
            return Err(self.cannot("give way"));
        }
        let event = self.event("standing.gave_way", self.version + 1).with("was", self.state.name());
        let gave_way = Some(Box::new(GaveWay { to, was: self.state.clone() }));
        let (at, reason) = (moment.local, DropReason::OtherMeasure);
        Ok(self.to(MeasureState::Dropped { by, at, reason, gave_way }, event))
    }

    /// To what it gave way, where it did.
    #[must_use]
    pub fn gave_way(&self) -> Option<&GaveWay> {
        match &self.state {
            MeasureState::Dropped { gave_way, .. } => gave_way.as_deref(),
            MeasureState::Proposed | MeasureState::Confirmed { .. } | MeasureState::Reinstated { .. } => None,
        }
    }

    /// Stands as it did before it gave way, once the stronger one was dropped: what is written of its subject keeps a measure
    /// that says why, and that evidence ends.
    pub fn stand_again(self) -> Result<Change<Self>, Refusal> {
        let Some(was) = self.gave_way().map(|gave_way| gave_way.was.clone()) else {
            return Err(self.cannot("stand again"));
        };
        let event = self.event("standing.stood_again", self.version + 1).with("state", was.name());
        Ok(self.to(was, event))
    }

    /// A later file of Ofsted's says what was entered by hand.
    pub fn found_in_register(self, as_at: Date) -> Result<Change<Self>, Refusal> {
        if !self.open() || self.in_register.is_some() {
            return Err(self.cannot("be confirmed by the register"));
        }
        let event = self.event("standing.found_in_register", self.version + 1).with("as_at", as_at);
        let (version, in_register) = (self.version + 1, Some(as_at));
        Ok(Change::to(Self { version, in_register, ..self }, event))
    }

    /// The home that it is about has another provider, who reads it from now on and is told of it.
    pub fn follow_home(self, provider: OrganisationId) -> Result<Change<Self>, Refusal> {
        if !self.open() {
            return Err(self.cannot("follow its home"));
        }
        let event = self.event("standing.followed_home", self.version + 1).with("provider", provider);
        Ok(Change::to(Self { version: self.version + 1, provider, ..self }, event))
    }

    /// Ends it with evidence that speaks to its reason.
    pub fn reinstate(
        self,
        by: PersonId,
        (evidence, link): (Reinstatement, Option<String>),
        from: Date,
        moment: Moment,
    ) -> Result<Change<Self>, Refusal> {
        self.only("confirmed", "be ended")?;
        if !evidence.answers(self.reason) {
            let fits: Vec<&str> =
                Reinstatement::ALL.iter().filter(|one| one.answers(self.reason)).map(|one| one.label()).collect();
            return Err(Refusal::new(
                "evidence_does_not_fit",
                "A home is taken back on evidence that speaks to why it was stopped",
                format!("{} cannot be reinstated by this. What can: {}.", self.name, fits.join("; ").to_lowercase()),
                WHO,
            )
            .found(evidence.label()));
        }
        let event =
            self.event("standing.reinstated", self.version + 1).with("evidence", evidence.code()).with("on", from);
        let confirmed = match &self.state {
            MeasureState::Confirmed { at, .. } => Some(*at),
            _ => None,
        };
        let state = MeasureState::Reinstated { by, confirmed, at: moment.local, from, evidence, link };
        Ok(self.to(state, event))
    }

    fn to(self, state: MeasureState, event: Event) -> Change<Self> {
        Change::to(Self { version: self.version + 1, state, ..self }, event)
    }

    fn event(&self, kind: &str, version: i64) -> Event {
        let (subject, record) = match self.subject {
            StandingSubject::Provider(id) => ("provider", id.0),
            StandingSubject::Home(id) => ("home", id.0),
        };
        Event::new(kind, "standing_measure", self.id.0, version)
            .with("subject", format!("{subject}/{record}"))
            .with("lot", self.lot.as_deref().unwrap_or("all"))
            .with("standing", self.standing.code())
            .with("reason", self.reason.code())
    }

    fn only(&self, state: &str, act: &str) -> Result<(), Refusal> {
        if self.state.name() == state { Ok(()) } else { Err(self.cannot(act)) }
    }

    fn cannot(&self, act: &str) -> Refusal {
        Refusal::new(
            "measure_state",
            "A measure's states: proposed, in force, reinstated; or dropped",
            format!("The measure about {} cannot {act}: it is {}.", self.name, self.state.label().to_lowercase()),
            WHO,
        )
        .found(self.state.label())
    }
}

#[cfg(test)]
mod tests;
