//! A provider's application: a draft of its own that nobody else reads, and what it sent by the deadline. Answers of an
//! earlier application are used again only after they were reviewed, section by section.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use super::carried::{Carried, carry};
use super::criteria::{Criteria, PartPrice};
use super::evidence::Evidence;
use super::opening::Opening;
use super::selection::Selection;
use crate::change::{Change, Event, Move};
use crate::clock::Moment;
use crate::homes::home::Urn;
use crate::id::{ApplicationId, OpeningId, OrganisationId, PersonId};
use crate::outcome::{Invalid, Refusal};
use crate::power::arrangement::check_signer;

/// The longest answer to a quality question.
pub const LONGEST_ANSWER: usize = 6_000;

/// One lot that is applied for: with which homes, at which price.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LotApplied {
    /// The lot's code.
    pub lot: String,
    /// The homes, by their numbers.
    pub homes: Vec<Urn>,
    /// The price of a week, part by part.
    pub prices: Vec<PartPrice>,
}

/// All answers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Answers {
    /// The declaration.
    pub selection: Selection,
    /// The answers to the quality questions, by the question's code.
    pub quality: Vec<(String, String)>,
    /// The lots.
    pub lots: Vec<LotApplied>,
    /// The documents that come with them.
    pub evidence: Vec<Evidence>,
}

impl Answers {
    /// The answer to a quality question.
    #[must_use]
    pub fn quality(&self, code: &str) -> &str {
        self.quality.iter().find(|(known, _)| known == code).map_or("", |(_, answer)| answer.as_str())
    }

    /// What keeps the answer to a quality question from being sent.
    pub(super) fn check_quality(&self, code: &str) -> Result<(), Invalid> {
        match self.quality(code).trim().chars().count() {
            0 => Err(Invalid::one(code, "Answer this quality question")),
            1..=LONGEST_ANSWER => Ok(()),
            _ => Err(Invalid::one(code, format!("Shorten the answer to {LONGEST_ANSWER} characters"))),
        }
    }

    /// What keeps it from being sent.
    fn complete(&self, criteria: &Criteria, own: &[Urn]) -> Result<(), Invalid> {
        let mut invalid = Invalid::default();
        let mut take = |found: Result<(), Invalid>| {
            if let Err(more) = found {
                invalid.errors.extend(more.errors);
            }
        };
        take(self.selection.check(criteria));
        for question in &criteria.quality {
            take(self.check_quality(&question.code));
        }
        if self.lots.is_empty() {
            take(Err(Invalid::one("lots", "Apply for at least one lot")));
        }
        for applied in &self.lots {
            take(applied.complete(criteria, own));
        }
        invalid.or(())
    }
}

impl LotApplied {
    /// What keeps a lot from being applied for.
    pub(super) fn complete(&self, criteria: &Criteria, own: &[Urn]) -> Result<(), Invalid> {
        let field = format!("{}_homes", self.lot);
        let Some(template) = criteria.template(&self.lot) else {
            return Err(Invalid::one("lots", format!("Lot {} is not open", self.lot)));
        };
        if self.homes.is_empty() {
            return Err(Invalid::one(&field, "Name at least one home for this lot"));
        }
        if let Some(other) = self.homes.iter().find(|urn| !own.contains(urn)) {
            return Err(Invalid::one(&field, format!("{other} is not a home of yours on the register")));
        }
        template.check(&self.prices)
    }
}

/// A draft: the provider's alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "super::carried::Kept")]
pub struct Draft {
    /// Its id, and that of the application that it becomes.
    pub id: ApplicationId,
    /// Raised by one with every save.
    pub version: i64,
    /// The provider.
    pub provider: OrganisationId,
    /// The opening.
    pub opening: OpeningId,
    /// What was answered so far.
    pub answers: Answers,
    /// What was carried over from an earlier application, where it was.
    pub carried: Option<Carried>,
    /// When it was last saved.
    pub saved: DateTime,
}

/// A part of the application, saved by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "part", rename_all = "snake_case")]
pub enum Part {
    /// The declaration.
    Selection {
        /// The answers.
        answers: Box<Selection>,
    },
    /// The quality answers.
    Quality {
        /// By the question's code.
        answers: Vec<(String, String)>,
    },
    /// A lot, with homes and price; without homes it is taken out.
    Lot {
        /// The lot.
        applied: LotApplied,
    },
}

impl Draft {
    /// Begins a draft, empty or with the answers of an earlier application, to what was asked then, that can still be true;
    /// each section of them is then to be reviewed.
    pub fn begin(
        id: ApplicationId,
        provider: OrganisationId,
        opening: &Opening,
        earlier: Option<(&Application, &Criteria)>,
        moment: Moment,
    ) -> Result<Change<Self>, Refusal> {
        opening.takes(moment)?;
        let (answers, carried) = match earlier.map(|one| carry(one, &opening.plan.criteria, moment.today())) {
            Some((answers, carried)) => (answers, Some(carried)),
            None => (Answers::default(), None),
        };
        let next = Self { id, version: 1, provider, opening: opening.id, answers, carried, saved: moment.local };
        let event = next.event("admission_draft.begun").with("opening", &opening.reference);
        Ok(Change::to(next, event))
    }

    /// Saves a part. A price outside floor and ceiling is not saved; anything else may be unfinished. A section that was
    /// carried over and is changed here is reviewed thereby.
    pub fn save(self, part: Part, opening: &Opening, moment: Moment) -> Result<Change<Self>, Invalid> {
        let before = self.answers.clone();
        let mut next = Self { version: self.version + 1, saved: moment.local, ..self };
        match part {
            Part::Selection { answers } => next.answers.selection = *answers,
            Part::Quality { answers } => next.answers.quality = answers,
            Part::Lot { applied } => {
                let Some(template) = opening.plan.criteria.template(&applied.lot) else {
                    return Err(Invalid::one("lot", "This lot is not open"));
                };
                next.answers.lots.retain(|known| known.lot != applied.lot);
                if !applied.homes.is_empty() {
                    template.check(&applied.prices)?;
                    next.answers.lots.push(applied);
                    next.answers.lots.sort_by(|one, other| one.lot.cmp(&other.lot));
                }
            }
        }
        next.settle(&before, &opening.plan.criteria, moment);
        let event = next.event("admission_draft.saved");
        Ok(Change::to(next, event))
    }

    /// What is still missing, by field; nothing where it can be sent.
    #[must_use]
    pub fn missing(&self, criteria: &Criteria, own: &[Urn]) -> Invalid {
        self.answers.complete(criteria, own).err().unwrap_or_default()
    }

    fn event(&self, kind: &str) -> Event {
        Event::new(kind, "admission_draft", self.id.0, self.version)
    }
}

/// Who signs an application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signer {
    /// Who was signed in.
    pub person: PersonId,
    /// The name as typed.
    pub name: String,
    /// The role as typed.
    pub role: String,
}

/// Where an application stands with its provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ApplicationState {
    /// Sent.
    Sent,
    /// Taken back before the deadline.
    Withdrawn {
        /// When.
        at: DateTime,
    },
}

impl ApplicationState {
    /// The stored names.
    pub const NAMES: &[&'static str] = &["sent", "withdrawn"];

    /// The stored name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Withdrawn { .. } => "withdrawn",
        }
    }

    /// The words on a page.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Sent => "Sent",
            Self::Withdrawn { .. } => "Taken back",
        }
    }
}

/// An application as it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    /// Its id: the draft's.
    pub id: ApplicationId,
    /// Raised by one with every move.
    pub version: i64,
    /// The provider.
    pub provider: OrganisationId,
    /// Its name.
    pub provider_name: String,
    /// The regional team.
    pub region: OrganisationId,
    /// The opening.
    pub opening: OpeningId,
    /// Its reference.
    pub opening_reference: String,
    /// The answers.
    pub answers: Answers,
    /// Who signed.
    pub signer: Signer,
    /// When it came in, by the server's clock.
    pub sent: DateTime,
    /// It came in after the deadline: kept apart, and not evaluated.
    pub late: bool,
    /// Where it stands.
    pub state: ApplicationState,
}

/// Every move of an application.
pub const APPLICATION_MOVES: &[Move] = &[
    Move { from: "new", act: "send", to: "sent", by: "provider placements manager" },
    Move { from: "sent", act: "send_again", to: "sent", by: "provider placements manager" },
    Move { from: "withdrawn", act: "send_again", to: "sent", by: "provider placements manager" },
    Move { from: "sent", act: "withdraw", to: "withdrawn", by: "provider placements manager" },
];

/// Why an application is not sent: what is typed, or a rule.
pub use super::opening::OpeningRefused as ApplicationRefused;

/// How a draft is sent.
#[derive(Debug, Clone, Copy)]
pub struct Sending<'a> {
    /// The opening.
    pub opening: &'a Opening,
    /// The numbers of the provider's homes on the register.
    pub own: &'a [Urn],
    /// The provider's name.
    pub provider_name: &'a str,
    /// Who signs.
    pub signer: &'a Signer,
    /// "I have authority to sign."
    pub has_authority: bool,
    /// The moment at which it came in.
    pub moment: Moment,
}

impl Application {
    /// Sends a draft, or what was changed since it was sent. In time until the deadline's own second; later it is kept
    /// apart as late, and never replaces what came in time.
    pub fn send(
        draft: &Draft,
        earlier: Option<Self>,
        sending: Sending<'_>,
    ) -> Result<Change<Self>, ApplicationRefused> {
        let (opening, moment) = (sending.opening, sending.moment);
        opening.takes(moment)?;
        check_signer(&sending.signer.name, &sending.signer.role, sending.has_authority)?;
        draft.reviewed(&opening.plan.criteria)?;
        let late = opening.late(moment.local);
        if late && earlier.as_ref().is_some_and(|one| !one.late && one.state == ApplicationState::Sent) {
            return Err(Refusal::new(
                "deadline_passed",
                "After the deadline nothing replaces what came in time",
                "The deadline has passed; what you sent before it stands.",
                "Nobody: apply anew at the next opening",
            )
            .found(format!("deadline {}", opening.plan.closes.strftime("%-d %B %Y, %H:%M")))
            .into());
        }
        draft.answers.complete(&opening.plan.criteria, sending.own)?;
        let version = earlier.map_or(1, |one| one.version + 1);
        let next = Self {
            id: draft.id,
            version,
            provider: draft.provider,
            provider_name: sending.provider_name.to_owned(),
            region: opening.region,
            opening: opening.id,
            opening_reference: opening.reference.clone(),
            answers: draft.answers.clone(),
            signer: sending.signer.clone(),
            sent: moment.local,
            late,
            state: ApplicationState::Sent,
        };
        let event = next.event("admission_application.sent").with("late", u8::from(late));
        Ok(Change::to(next, event))
    }

    /// Takes it back before the deadline.
    pub fn withdraw(self, opening: &Opening, moment: Moment) -> Result<Change<Self>, Refusal> {
        if self.state != ApplicationState::Sent || opening.closed(moment) {
            return Err(Refusal::new(
                "application_state",
                "An application is taken back until the deadline",
                "It cannot be taken back now.",
                "Nobody: what came in time is evaluated; you can apply anew at the next opening",
            )
            .found(self.state.label()));
        }
        let state = ApplicationState::Withdrawn { at: moment.local };
        let next = Self { version: self.version + 1, state, ..self };
        let event = next.event("admission_application.withdrawn");
        Ok(Change::to(next, event))
    }

    /// Whether it is evaluated: sent, and in time.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.state == ApplicationState::Sent && !self.late
    }

    fn event(&self, kind: &str) -> Event {
        Event::new(kind, "admission_application", self.id.0, self.version).with("opening", &self.opening_reference)
    }
}
