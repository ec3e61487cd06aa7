//! A home's quality return for a quarter: scheduled with its due day, drafted, sent, asked again, accepted, corrected. What
//! was sent stays readable beside what was corrected, and beside what the records here say.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::template::{Figure, Figures, Span, Template};
use super::{not_now, short, words};
use crate::calendar::WorkingDays;
use crate::calendar::quarter_of;
use crate::change::{Change, Event, Move};
use crate::clock::Moment;
use crate::id::{HomeId, OrganisationId, PersonId};
use crate::nights::{days_between, plus_days};
use crate::outcome::{Invalid, Refusal};

/// Within how many working days after its quarter a return is due.
pub const DUE_DAYS: u32 = 15;
/// How many working days before it is due a home is reminded.
pub const REMIND_DAYS: u32 = 5;

coded! {
    /// Why a return that was sent is changed.
    CorrectionReason {
        Asked "asked" "The officer asked about it";
        Miscounted "miscounted" "A figure was counted wrongly";
        Later "later" "Something became known later";
        WrongHome "wrong_home" "Figures of another home were entered";
    }
}

/// What a home enters.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Filled {
    /// The figures.
    pub figures: Figures,
    /// What the officer should know; about the home, never about a child.
    pub note: String,
}

/// A return as it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// Who sent it.
    pub by: PersonId,
    /// When.
    pub at: DateTime,
    /// What it said.
    pub filled: Filled,
    /// What the records here said then.
    pub known: Figures,
    /// Why it changed; none for the first.
    pub reason: Option<CorrectionReason>,
}

/// Where a return stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ReturnState {
    /// To be sent.
    Due,
    /// Sent; the officer reads it.
    Sent,
    /// The officer asks about some figures.
    AskedAgain {
        /// Who asks.
        by: PersonId,
        /// When.
        at: DateTime,
        /// About which.
        figures: Vec<Figure>,
        /// What is asked.
        words: String,
    },
    /// Accepted.
    Accepted {
        /// By whom.
        by: PersonId,
        /// When.
        at: DateTime,
    },
}

impl ReturnState {
    /// The stored names.
    pub const NAMES: &[&'static str] = &["due", "sent", "asked_again", "accepted"];

    /// The stored name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Sent => "sent",
            Self::AskedAgain { .. } => "asked_again",
            Self::Accepted { .. } => "accepted",
        }
    }

    /// The words on a tag.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Due => "To send",
            Self::Sent => "Sent",
            Self::AskedAgain { .. } => "Asked again",
            Self::Accepted { .. } => "Accepted",
        }
    }
}

/// What a return is made for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scheduled {
    /// The regional team.
    pub region: OrganisationId,
    /// The home's provider.
    pub provider: OrganisationId,
    /// The home.
    pub home: HomeId,
    /// Its number.
    pub urn: String,
    /// Its name.
    pub name: String,
    /// Its registered places.
    pub places: u8,
    /// The first day of the quarter.
    pub quarter: Date,
}

/// A home's return for a quarter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QualityReturn {
    /// Its id.
    pub id: i64,
    /// Raised by one with every move.
    pub version: i64,
    /// The regional team.
    pub region: OrganisationId,
    /// The home's provider.
    pub provider: OrganisationId,
    /// The home.
    pub home: HomeId,
    /// Its number.
    pub urn: String,
    /// Its name.
    pub name: String,
    /// Its registered places when it was scheduled.
    pub places: u8,
    /// The first day of the quarter.
    pub quarter: Date,
    /// The version of its template.
    pub template: String,
    /// By when it is sent.
    pub due: Date,
    /// What is saved and not sent.
    pub draft: Option<Filled>,
    /// What was sent, the earliest first.
    pub sent: Vec<Sent>,
    /// Where it stands.
    pub state: ReturnState,
}

/// Every move of a return.
pub const MOVES: &[Move] = &[
    Move { from: "new", act: "schedule", to: "due", by: "the system, after the quarter" },
    Move { from: "due", act: "save", to: "due", by: "the home's manager" },
    Move { from: "due", act: "follow_home", to: "due", by: "the change of the home's provider" },
    Move { from: "due", act: "send", to: "sent", by: "the home's manager" },
    Move { from: "sent", act: "save", to: "sent", by: "the home's manager" },
    Move { from: "sent", act: "send", to: "sent", by: "the home's manager, with why it changed" },
    Move { from: "sent", act: "accept", to: "accepted", by: "commissioning lead" },
    Move { from: "sent", act: "ask_again", to: "asked_again", by: "commissioning lead" },
    Move { from: "asked_again", act: "save", to: "asked_again", by: "the home's manager" },
    Move { from: "asked_again", act: "follow_home", to: "asked_again", by: "the change of the home's provider" },
    Move { from: "asked_again", act: "send", to: "sent", by: "the home's manager, with why it changed" },
    Move { from: "accepted", act: "save", to: "accepted", by: "the home's manager" },
    Move { from: "accepted", act: "send", to: "sent", by: "the home's manager, with why it changed" },
];

/// The first day of the quarter after the one of a day.
#[must_use]
pub fn next_quarter(quarter: Date) -> Date {
    quarter_of(plus_days(quarter_of(quarter), 95))
}

impl QualityReturn {
    /// Schedules a return for a quarter that is over and has a template.
    pub fn schedule(id: i64, of: Scheduled, days: &WorkingDays, moment: Moment) -> Result<Change<Self>, Invalid> {
        let template = Template::of(of.quarter).filter(|_| quarter_of(of.quarter) == of.quarter);
        let Some(template) = template else {
            return Err(Invalid::one("quarter", "Enter the first day of a quarter from October 2018 on"));
        };
        let until = next_quarter(of.quarter);
        if until > moment.today() {
            return Err(Invalid::one(
                "quarter",
                "Enter a quarter that is over: figures of a time to come are not asked",
            ));
        }
        let next = Self {
            id,
            version: 1,
            region: of.region,
            provider: of.provider,
            home: of.home,
            urn: of.urn,
            name: of.name,
            places: of.places,
            quarter: of.quarter,
            template: template.version.to_owned(),
            due: days.nth_working_day_after(plus_days(until, -1), DUE_DAYS),
            draft: None,
            sent: Vec::new(),
            state: ReturnState::Due,
        };
        let event = next.event("quality_return.scheduled", 1).with("due", next.due);
        Ok(Change::to(next, event))
    }

    /// The day after the quarter.
    #[must_use]
    pub fn until(&self) -> Date {
        next_quarter(self.quarter)
    }

    /// Its template.
    #[must_use]
    pub fn figures(&self) -> &'static [Figure] {
        Template::named(&self.template).map_or(&[], |template| template.figures)
    }

    /// What its quarter allows.
    #[must_use]
    pub fn span(&self) -> Span {
        Span { places: self.places, nights: days_between(self.quarter, self.until()) }
    }

    /// What was sent last.
    #[must_use]
    pub fn latest(&self) -> Option<&Sent> {
        self.sent.last()
    }

    /// What the form begins with: what is saved, else what was sent.
    #[must_use]
    pub fn begun(&self) -> Filled {
        self.draft.clone().or_else(|| self.latest().map(|sent| sent.filled.clone())).unwrap_or_default()
    }

    /// Whether it waits for the home.
    #[must_use]
    pub const fn waits_for_home(&self) -> bool {
        matches!(self.state, ReturnState::Due | ReturnState::AskedAgain { .. })
    }

    /// Whether it was not sent by its day.
    #[must_use]
    pub fn overdue(&self, today: Date) -> bool {
        self.state == ReturnState::Due && self.due < today
    }

    /// Whether it was first sent after its day.
    #[must_use]
    pub fn was_late(&self) -> bool {
        self.sent.first().is_some_and(|sent| sent.at.date() > self.due)
    }

    /// Where what the home says is not what the records here say: figure, said, known.
    #[must_use]
    pub fn differs(&self) -> Vec<(Figure, i64, i64)> {
        let Some(sent) = self.latest() else { return Vec::new() };
        let pair = |(figure, known): (&Figure, &i64)| Some((*figure, *sent.filled.figures.get(figure)?, *known));
        sent.known.iter().filter_map(pair).filter(|(_, said, known)| said != known).collect()
    }

    fn check(&self, filled: &Filled, all: bool) -> Invalid {
        let mut invalid = Invalid::default();
        match Template::named(&self.template) {
            Some(template) => template.check(&filled.figures, self.span(), all, &mut invalid),
            None => invalid.add("figures", "This template is not known here"),
        }
        short("note", &filled.note, &mut invalid);
        invalid
    }

    /// Saves what is entered so far.
    pub fn save(self, filled: Filled) -> Result<Change<Self>, Invalid> {
        let invalid = self.check(&filled, false);
        let event = self.event("quality_return.saved", self.version + 1).with("figures", filled.figures.len());
        invalid.or(Change::to(Self { version: self.version + 1, draft: Some(filled), ..self }, event))
    }

    /// Sends it whole. What was sent before stays beside it, and why it changed is said.
    pub fn send(
        self,
        (filled, known): (Filled, Figures),
        reason: Option<CorrectionReason>,
        (by, moment): (PersonId, Moment),
    ) -> Result<Change<Self>, Invalid> {
        let mut invalid = self.check(&filled, true);
        let corrects = !self.sent.is_empty();
        if corrects && reason.is_none() {
            invalid.add("reason", "Select why it changed");
        }
        if corrects && self.latest().is_some_and(|last| last.filled == filled) {
            invalid.add("note", "Change a figure or the note: this is what was sent already");
        }
        let reason = reason.filter(|_| corrects);
        let event = self
            .event("quality_return.sent", self.version + 1)
            .with("number", self.sent.len() + 1)
            .with("why", reason.map_or("first", CorrectionReason::code));
        let mut sent = self.sent.clone();
        sent.push(Sent { by, at: moment.local, filled, known, reason });
        let next = Self { version: self.version + 1, draft: None, sent, state: ReturnState::Sent, ..self };
        invalid.or(Change::to(next, event))
    }

    /// The home has another provider, who answers what waits for it. What was saved and not sent was the other's.
    pub fn follow_home(self, provider: OrganisationId) -> Result<Change<Self>, Refusal> {
        if !self.waits_for_home() {
            let sentence = format!("The return of {} waits for nothing from its home.", self.name);
            let rule = "A return that waits for its home is sent by whoever runs the home";
            return Err(not_now("return_state", rule, sentence, "Nobody: what was sent stands", self.state.label()));
        }
        let event = self.event("quality_return.followed_home", self.version + 1).with("provider", provider);
        Ok(Change::to(Self { version: self.version + 1, provider, draft: None, ..self }, event))
    }

    /// Accepts what was sent.
    pub fn accept(self, by: PersonId, moment: Moment) -> Result<Change<Self>, Refusal> {
        self.only_sent("be accepted")?;
        let event = self.event("quality_return.accepted", self.version + 1).with("number", self.sent.len());
        let state = ReturnState::Accepted { by, at: moment.local };
        Ok(Change::to(Self { version: self.version + 1, state, ..self }, event))
    }

    /// Asks about some figures again.
    pub fn ask_again(
        self,
        (figures, text): (Vec<Figure>, String),
        (by, moment): (PersonId, Moment),
    ) -> Result<Result<Change<Self>, Invalid>, Refusal> {
        self.only_sent("be asked about")?;
        let mut invalid = Invalid::default();
        if figures.is_empty() || figures.iter().any(|one| !self.figures().contains(one)) {
            invalid.add("figures", "Select the figures that you ask about");
        }
        words("words", &text, "Enter what you ask", &mut invalid);
        let codes: Vec<&str> = figures.iter().map(|one| one.code()).collect();
        let event = self.event("quality_return.asked_again", self.version + 1).with("figures", codes.join(" "));
        let state = ReturnState::AskedAgain { by, at: moment.local, figures, words: text };
        Ok(invalid.or(Change::to(Self { version: self.version + 1, state, ..self }, event)))
    }

    fn only_sent(&self, act: &str) -> Result<(), Refusal> {
        if self.state == ReturnState::Sent {
            return Ok(());
        }
        let sentence = format!("The return of {} cannot {act}: {}.", self.name, self.state.label().to_lowercase());
        let rule = "A return is read once it was sent";
        Err(not_now("return_state", rule, sentence, "The home's manager, by sending it", self.state.label()))
    }

    fn event(&self, kind: &str, version: i64) -> Event {
        Event::new(kind, "quality_return", self.id, version).with("home", self.home).with("quarter", self.quarter)
    }
}

#[cfg(test)]
mod tests;
