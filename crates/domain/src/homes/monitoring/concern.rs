//! A concern about a home and the plan that answers it: actions with an owner and a day, done with evidence, closed by whoever
//! raised it. Words are about the home, never about a child.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::{Theme, not_now, words};
use crate::change::{Change, Event, Move};
use crate::clock::Moment;
use crate::homes::standing::{Standing, StandingReason};
use crate::id::{HomeId, OrganisationId, PersonId};
use crate::nights::OPEN_END;
use crate::outcome::{Invalid, Refusal};

/// The most actions of a plan.
pub const MOST_ACTIONS: usize = 20;

coded! {
    /// How grave a concern is.
    Severity {
        Low "low" "Low: put right in time";
        Medium "medium" "Medium: put right soon";
        High "high" "High: children may be at risk";
    }
}

coded! {
    /// Who carries an action out, by post and not by name.
    Owner {
        Manager "manager" "Registered manager";
        Deputy "deputy" "Deputy manager";
        Responsible "responsible" "Responsible individual";
        Provider "provider" "The provider's office";
    }
}

coded! {
    /// How a concern ended.
    ConcernOutcome {
        PutRight "put_right" "Put right: every action is done";
        Unfounded "unfounded" "Looked into and not confirmed";
        ByMeasure "by_measure" "A measure about its standing covers it";
    }
}

impl Theme {
    /// The reason of a measure that a concern under this theme gives cause for.
    #[must_use]
    pub const fn reason(self) -> StandingReason {
        match self {
            Self::Safety | Self::Restraint => StandingReason::Safeguarding,
            Self::Care
            | Self::Stability
            | Self::Education
            | Self::Staffing
            | Self::Leadership
            | Self::Voice
            | Self::Premises => StandingReason::SeriousConcerns,
        }
    }
}

/// An action as the provider enters it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewAction {
    /// What is done.
    pub what: String,
    /// Who does it.
    pub owner: Owner,
    /// By when.
    pub due: Date,
}

/// What shows that an action is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// On which day.
    pub on: Date,
    /// What was done.
    pub words: String,
    /// How many documents show it.
    pub documents: u32,
}

/// One action of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanAction {
    /// Its number.
    pub number: u32,
    /// What, who, by when.
    pub of: NewAction,
    /// What shows that it is done.
    pub done: Option<Done>,
    /// Why it was sent back, the last time.
    pub sent_back: Option<String>,
}

/// Where a concern stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ConcernState {
    /// Raised; the provider has no plan yet.
    Open,
    /// The provider has a plan.
    Planned,
    /// Ended.
    Closed {
        /// How.
        outcome: ConcernOutcome,
        /// By whom.
        by: PersonId,
        /// When.
        at: DateTime,
    },
}

impl ConcernState {
    /// The stored names.
    pub const NAMES: &[&'static str] = &["open", "planned", "closed"];

    /// The stored name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Planned => "planned",
            Self::Closed { .. } => "closed",
        }
    }

    /// The words on a tag.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Open => "No plan yet",
            Self::Planned => "Plan under way",
            Self::Closed { .. } => "Closed",
        }
    }
}

/// What a concern is raised with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raised {
    /// Who raises it: an authority or the regional team.
    pub by: OrganisationId,
    /// The provider.
    pub provider: OrganisationId,
    /// The home.
    pub home: HomeId,
    /// Its number.
    pub urn: String,
    /// Its name.
    pub name: String,
    /// What it is about.
    pub theme: Theme,
    /// How grave it is.
    pub severity: Severity,
    /// In words.
    pub words: String,
}

/// A concern.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Concern {
    /// Its id.
    pub id: i64,
    /// Raised by one with every move.
    pub version: i64,
    /// Who raised it.
    pub raised_by: OrganisationId,
    /// When.
    pub raised: DateTime,
    /// The provider.
    pub provider: OrganisationId,
    /// The home.
    pub home: HomeId,
    /// Its number.
    pub urn: String,
    /// Its name.
    pub name: String,
    /// What it is about.
    pub theme: Theme,
    /// How grave it is.
    pub severity: Severity,
    /// In words.
    pub words: String,
    /// The plan.
    pub actions: Vec<PlanAction>,
    /// Where it stands.
    pub state: ConcernState,
}

/// Every move of a concern.
pub const MOVES: &[Move] = &[
    Move { from: "new", act: "raise", to: "open", by: "placement officer or commissioning lead" },
    Move { from: "open", act: "plan", to: "planned", by: "the home's manager" },
    Move { from: "planned", act: "plan", to: "planned", by: "the home's manager" },
    Move { from: "planned", act: "complete", to: "planned", by: "the home's manager" },
    Move { from: "planned", act: "send_back", to: "planned", by: "whoever raised it" },
    Move { from: "open", act: "follow_home", to: "open", by: "the change of the home's provider" },
    Move { from: "planned", act: "follow_home", to: "planned", by: "the change of the home's provider" },
    Move { from: "open", act: "close", to: "closed", by: "whoever raised it" },
    Move { from: "planned", act: "close", to: "closed", by: "whoever raised it" },
];

impl Concern {
    /// Raises a concern.
    pub fn raise(id: i64, of: Raised, moment: Moment) -> Result<Change<Self>, Invalid> {
        let mut invalid = Invalid::default();
        words("words", &of.words, "Enter what you are concerned about", &mut invalid);
        let next = Self {
            id,
            version: 1,
            raised_by: of.by,
            raised: moment.local,
            provider: of.provider,
            home: of.home,
            urn: of.urn,
            name: of.name,
            theme: of.theme,
            severity: of.severity,
            words: of.words,
            actions: Vec::new(),
            state: ConcernState::Open,
        };
        let event = next
            .event("home_concern.raised", 1)
            .with("theme", next.theme.code())
            .with("severity", next.severity.code());
        invalid.or(Change::to(next, event))
    }

    /// The measure that a rule proposes for it at once: a grave concern about children's safety stops the home until a
    /// person has looked.
    #[must_use]
    pub fn by_rule(&self) -> Option<(Standing, StandingReason)> {
        let reason = self.theme.reason();
        let grave = self.severity == Severity::High && reason == StandingReason::Safeguarding;
        (grave && self.open()).then_some((Standing::Suspended, reason))
    }

    /// Whether it is not closed.
    #[must_use]
    pub const fn open(&self) -> bool {
        !matches!(self.state, ConcernState::Closed { .. })
    }

    /// The actions that are not done, those due first first.
    #[must_use]
    pub fn undone(&self) -> Vec<&PlanAction> {
        let mut undone: Vec<&PlanAction> = self.actions.iter().filter(|one| one.done.is_none()).collect();
        undone.sort_by_key(|one| (one.of.due, one.number));
        undone
    }

    /// The earliest day of an action that is not done; the open end where none waits or it is closed.
    #[must_use]
    pub fn next_due(&self) -> Date {
        let waiting = self.undone().first().map(|one| one.of.due).filter(|_| self.open());
        waiting.unwrap_or(OPEN_END)
    }

    /// How many actions are not done and their day has passed.
    #[must_use]
    pub fn overdue(&self, today: Date) -> usize {
        if self.open() { self.undone().iter().filter(|one| one.of.due < today).count() } else { 0 }
    }

    /// Adds an action to the plan; it is due today or later.
    pub fn plan(self, action: NewAction, moment: Moment) -> Result<Result<Change<Self>, Invalid>, Refusal> {
        self.only(&["open", "planned"], "be planned for")?;
        let mut invalid = Invalid::default();
        words("what", &action.what, "Enter what is done", &mut invalid);
        if action.due < moment.today() {
            invalid.add("due", "Enter today or a day that is ahead");
        }
        if self.actions.len() >= MOST_ACTIONS {
            invalid.add("what", format!("A plan has at most {MOST_ACTIONS} actions: join some"));
        }
        let number = u32::try_from(self.actions.len()).unwrap_or(u32::MAX).saturating_add(1);
        let event = self
            .event("home_concern.planned", self.version + 1)
            .with("action", number)
            .with("owner", action.owner.code())
            .with("due", action.due);
        let mut actions = self.actions.clone();
        actions.push(PlanAction { number, of: action, done: None, sent_back: None });
        let next = Self { version: self.version + 1, actions, state: ConcernState::Planned, ..self };
        Ok(invalid.or(Change::to(next, event)))
    }

    /// Says that an action is done.
    pub fn complete(self, number: u32, done: Done, moment: Moment) -> Result<Result<Change<Self>, Invalid>, Refusal> {
        self.only(&["planned"], "have an action done")?;
        let mut invalid = Invalid::default();
        words("words", &done.words, "Enter what was done", &mut invalid);
        if done.on > moment.today() || done.on < self.raised.date() {
            invalid.add("on", "Enter a day since the concern was raised that is not ahead");
        }
        let event = self
            .event("home_concern.done", self.version + 1)
            .with("action", number)
            .with("on", done.on)
            .with("documents", done.documents);
        let next = self.with_action(number, &mut invalid, |one| one.done = Some(done));
        Ok(invalid.or(Change::to(next, event)))
    }

    /// Sends a done action back: what shows it is not enough.
    pub fn send_back(self, number: u32, why: String) -> Result<Result<Change<Self>, Invalid>, Refusal> {
        self.only(&["planned"], "be sent back")?;
        let mut invalid = Invalid::default();
        words("why", &why, "Enter what is not enough", &mut invalid);
        if self.actions.iter().any(|one| one.number == number && one.done.is_none()) {
            invalid.add("number", "Select an action that is done");
        }
        let event = self.event("home_concern.sent_back", self.version + 1).with("action", number);
        let next = self.with_action(number, &mut invalid, |one| {
            one.done = None;
            one.sent_back = Some(why);
        });
        Ok(invalid.or(Change::to(next, event)))
    }

    /// The home has another provider, who plans and acts from now on.
    pub fn follow_home(self, provider: OrganisationId) -> Result<Change<Self>, Refusal> {
        self.only(&["open", "planned"], "follow its home")?;
        let event = self.event("home_concern.followed_home", self.version + 1).with("provider", provider);
        Ok(Change::to(Self { version: self.version + 1, provider, ..self }, event))
    }

    /// Closes it: put right only once every action is done.
    pub fn close(self, outcome: ConcernOutcome, (by, moment): (PersonId, Moment)) -> Result<Change<Self>, Refusal> {
        self.only(&["open", "planned"], "be closed")?;
        let undone = self.undone().len();
        if outcome == ConcernOutcome::PutRight && (undone > 0 || self.actions.is_empty()) {
            return Err(Refusal::new(
                "actions_not_done",
                "A concern is put right once every action of its plan is done",
                format!("The concern about {} cannot be closed as put right.", self.name),
                "The home's manager, by doing what the plan says",
            )
            .found(format!("{undone} of {} actions not done", self.actions.len())));
        }
        let event = self.event("home_concern.closed", self.version + 1).with("outcome", outcome.code());
        let state = ConcernState::Closed { outcome, by, at: moment.local };
        Ok(Change::to(Self { version: self.version + 1, state, ..self }, event))
    }

    fn with_action(self, number: u32, invalid: &mut Invalid, act: impl FnOnce(&mut PlanAction)) -> Self {
        let mut actions = self.actions.clone();
        match actions.iter_mut().find(|one| one.number == number) {
            Some(one) => act(one),
            None => invalid.add("number", "Select an action of the plan"),
        }
        Self { version: self.version + 1, actions, ..self }
    }

    fn only(&self, states: &[&str], act: &str) -> Result<(), Refusal> {
        if states.contains(&self.state.name()) {
            return Ok(());
        }
        let sentence = format!("The concern about {} cannot {act}: {}.", self.name, self.state.label().to_lowercase());
        let rule = "A concern's states: open, planned, closed";
        Err(not_now("concern_state", rule, sentence, "Whoever raised it", self.state.label()))
    }

    fn event(&self, kind: &str, version: i64) -> Event {
        Event::new(kind, "home_concern", self.id, version).with("home", self.home)
    }
}

#[cfg(test)]
mod tests;
