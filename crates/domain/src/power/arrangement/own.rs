//! What an authority decides for itself about the arrangement: to use the extension, and to accept a version of the
//! terms. Each is an operational decision that cites limb, post and person (rule 1.2); the option alone gives no power
//! to use it (rule 2.4).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Arrangement, Instrument};
use crate::calendar::long_date;
use crate::change::{Change, Event};
use crate::clock::Moment;
use crate::id::{ArrangementId, OrganisationId};
use crate::outcome::Refusal;
use crate::power::decision::{Decision, InExtension, Says, in_force_among};
use crate::power::delegation::{Act, Power};

const WHO: &str = "The decision maker, by a decision that says so; then a holder of a post that its limb names";

/// What is decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "decided", rename_all = "snake_case")]
pub enum OwnDecision {
    /// The extended term is used until this day.
    UseExtension {
        /// The last day.
        until: Date,
    },
    /// A version of the terms is accepted.
    AcceptTerms {
        /// Its number.
        version: String,
    },
    /// A version of the specification is accepted.
    AcceptSpecification {
        /// Its number.
        version: String,
    },
}

impl OwnDecision {
    /// The acceptance of a version.
    #[must_use]
    pub const fn accept(of: Instrument, version: String) -> Self {
        match of {
            Instrument::Terms => Self::AcceptTerms { version },
            Instrument::Specification => Self::AcceptSpecification { version },
        }
    }

    /// The version that it accepts, where it accepts one.
    #[must_use]
    pub fn accepts(&self) -> Option<(Instrument, &str)> {
        match self {
            Self::UseExtension { .. } => None,
            Self::AcceptTerms { version } => Some((Instrument::Terms, version)),
            Self::AcceptSpecification { version } => Some((Instrument::Specification, version)),
        }
    }

    /// The act whose power it needs.
    #[must_use]
    pub const fn act(&self) -> Act {
        match self {
            Self::UseExtension { .. } => Act::ExtendTerm,
            Self::AcceptTerms { .. } | Self::AcceptSpecification { .. } => Act::AcceptTerms,
        }
    }

    /// What it is about, as stored: one decision for each.
    #[must_use]
    pub fn subject(&self) -> String {
        match self {
            Self::UseExtension { until } => until.to_string(),
            Self::AcceptTerms { version } => Instrument::Terms.key(version),
            Self::AcceptSpecification { version } => Instrument::Specification.key(version),
        }
    }

    /// In words.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::UseExtension { until } => format!("Uses the extended term until {}", long_date(*until)),
            Self::AcceptTerms { version } => format!("Accepts {}", Instrument::Terms.words(version)),
            Self::AcceptSpecification { version } => format!("Accepts {}", Instrument::Specification.words(version)),
        }
    }
}

/// An authority's own decision about the arrangement, with its power. Written once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnUse {
    /// The record's id.
    pub id: i64,
    /// The authority.
    pub authority: OrganisationId,
    /// The arrangement.
    pub arrangement: ArrangementId,
    /// What was decided.
    pub decision: OwnDecision,
    /// The power it cites.
    pub power: Power,
    /// On which day.
    pub on: Date,
    /// What the authority's decision said of the extended term on that day; none where terms are accepted.
    #[serde(default)]
    pub answers: Option<InExtension>,
}

impl OwnUse {
    /// Decides it under a power. `earlier` is what the authority decided before, `decisions` its formal decisions.
    pub fn decide(
        (id, authority): (i64, OrganisationId),
        arrangement: &Arrangement,
        (decision, power): (OwnDecision, Power),
        (decisions, earlier): (&[Decision], &[Self]),
        moment: Moment,
    ) -> Result<Change<Self>, Refusal> {
        let on = moment.today();
        let answers = match &decision {
            OwnDecision::UseExtension { until } => Some(may_extend(arrangement, *until, decisions, on)?),
            OwnDecision::AcceptTerms { version } => {
                arrangement.version_of(Instrument::Terms, version)?;
                None
            }
            OwnDecision::AcceptSpecification { version } => {
                arrangement.version_of(Instrument::Specification, version)?;
                None
            }
        };
        if let Some(done) = earlier.iter().find(|done| done.arrangement == arrangement.id && done.decision == decision)
        {
            return Err(Refusal::new(
                "decided_already",
                "An operational decision is taken once",
                "Your authority has decided this already.",
                "Nobody: it stands",
            )
            .found(format!("{}, on {}", done.decision.words(), long_date(done.on))));
        }
        let event = Event::new("arrangement.decided", "arrangement_use", id, 1)
            .with("slug", &arrangement.slug)
            .with("act", decision.act().code())
            .with("subject", decision.subject())
            .with("decision", &power.reference)
            .with("limb", power.letter)
            .with("post", power.post)
            .with("decided_by", power.person);
        let event = answers.iter().fold(event, |event, says| {
            let event = event.with("ceiling", says.ceiling.code());
            event.with("limbs", says.limbs.code()).with("blocks", says.blocks.code())
        });
        Ok(Change::to(Self { id, authority, arrangement: arrangement.id, decision, power, on, answers }, event))
    }
}

/// The region has extended the term so far or proposed to, and a decision in force of the authority uses it and says that
/// its limbs go on. Gives what that decision says.
fn may_extend(
    arrangement: &Arrangement,
    until: Date,
    decisions: &[Decision],
    on: Date,
) -> Result<InExtension, Refusal> {
    let term = &arrangement.term;
    let offered = arrangement.offered_until();
    if until <= term.end || until > offered {
        return Err(Refusal::new(
            "term_not_extended",
            "An extended term lies within the steps that the region proposed or decided",
            "The region has not proposed to extend the term to that day, or it lies within the initial term.",
            "The commissioning lead, after a decision of the region",
        )
        .found(format!("{}; the term ends on {}", long_date(until), long_date(offered))));
    }
    let mut in_force = in_force_among(decisions, on);
    let used = in_force.find(|decision| {
        decision.page.in_extension.limbs == Says::Yes
            && decision.page.extension_until().is_some_and(|last| until <= last)
    });
    used.map(|decision| decision.page.in_extension).ok_or_else(|| {
        Refusal::new(
            "extension_not_decided",
            "An option to extend gives no power to use it: each authority decides",
            "No decision in force of your authority uses the extension to that day and says that its limbs go on: ask.",
            WHO,
        )
        .found(long_date(until))
    })
}
