//! A rise in price: a provider asks by the formula or with its costs, the arrangement's lead decides, another person decides
//! an appeal made within 14 days. What was granted holds from a night ahead; no live agreement changes by it alone. What was
//! granted in error is revoked.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::formula::{ConsumerPrices, UpliftFormula};
use super::{LineKind, TenderedWrong};
use crate::calendar::long_date;
use crate::change::{Change, Event, Move};
use crate::clock::Moment;
use crate::homes::home::Home;
use crate::homes::standing::Standing;
use crate::id::{HomeId, OrganisationId, PersonId, UpliftId};
use crate::money::Pence;
use crate::nights::plus_days;
use crate::outcome::Refusal;

mod asking;
mod deciding;

pub use asking::{Asking, Book, CostKind, CostLine, FORMULA_EVERY_MONTHS, KnownPrices, MOST_COSTS, UpliftBasis};
pub use deciding::{KnownNow, Revoked};

use asking::{by_costs, by_formula, standing_price};

/// Within how many days of a decision a provider appeals.
pub const APPEAL_DAYS: i64 = 14;
/// Within how many days a request, or an appeal, is decided.
pub const DECIDE_DAYS: i64 = 28;
const LEAD: &str = "Commissioning lead of the regional team";
const PROVIDER: &str = "The provider";

coded! {
    /// What was decided.
    UpliftOutcome {
        Granted "granted" "Granted";
        InPart "in_part" "Granted in part";
        Refused "refused" "Refused";
    }
}

/// The formula as a request was held to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormulaUsed {
    /// The formula.
    pub formula: UpliftFormula,
    /// The rate.
    pub prices: ConsumerPrices,
}

/// What was decided, by whom and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruled {
    /// The outcome.
    pub outcome: UpliftOutcome,
    /// The price of a week granted; none where refused.
    pub weekly: Option<Pence>,
    /// From which night; none where refused.
    pub from: Option<Date>,
    /// Why.
    pub reasons: String,
    /// By whom.
    pub by: PersonId,
    /// When.
    pub at: DateTime,
}

/// What somebody decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ruling {
    /// The outcome.
    pub outcome: UpliftOutcome,
    /// The price of a week, where granted in part.
    pub weekly: Option<Pence>,
    /// From which night, where not the one asked for.
    pub from: Option<Date>,
    /// Why.
    pub reasons: String,
}

/// A granted rise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// 1 by the decision, 2 by the appeal.
    pub number: u8,
    /// The price of a week before.
    pub was: Pence,
    /// And from then on.
    pub now: Pence,
    /// From which night.
    pub from: Date,
    /// When it was decided.
    pub on: Date,
}

impl Grant {
    /// By when an authority confirms what it means for its agreements: its first night, or 14 days after the decision.
    #[must_use]
    pub fn confirm_by(&self) -> Date {
        self.from.max(plus_days(self.on, APPEAL_DAYS))
    }

    /// What a price becomes: raised in the same proportion, never above the granted price; none where it stands there.
    #[must_use]
    pub fn of(&self, weekly: Pence) -> Option<Pence> {
        let raised = weekly.share(self.now.0, self.was.0).min(self.now);
        (raised > weekly).then_some(raised)
    }
}

/// Where a request stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum UpliftState {
    /// Waits for the lead.
    Asked,
    /// Taken back.
    Withdrawn {
        /// When.
        at: DateTime,
    },
    /// Decided.
    Decided {
        /// The decision.
        ruled: Ruled,
    },
    /// Under appeal; what was granted stands meanwhile.
    Appealed {
        /// The decision.
        ruled: Ruled,
        /// When the provider appealed.
        at: DateTime,
    },
    /// The appeal is answered; nothing follows.
    Answered {
        /// The decision.
        ruled: Ruled,
        /// The answer: refused where the appeal is dismissed.
        answer: Ruled,
    },
    /// What was granted is taken back; nothing follows.
    Revoked {
        /// The decision.
        ruled: Ruled,
        /// The answer to its appeal, where there was one.
        answer: Option<Ruled>,
        /// By whom and why it was taken back.
        revoked: Revoked,
    },
}

impl UpliftState {
    /// The stored names.
    pub const NAMES: &[&'static str] = &["asked", "withdrawn", "decided", "appealed", "answered", "revoked"];

    /// The stored name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Withdrawn { .. } => "withdrawn",
            Self::Decided { .. } => "decided",
            Self::Appealed { .. } => "appealed",
            Self::Answered { .. } => "answered",
            Self::Revoked { .. } => "revoked",
        }
    }

    /// The words on a tag.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Asked => "Waiting",
            Self::Withdrawn { .. } => "Withdrawn",
            Self::Decided { ruled } => ruled.outcome.label(),
            Self::Appealed { .. } => "Under appeal",
            Self::Answered { answer, .. } => match answer.outcome {
                UpliftOutcome::Refused => "Appeal dismissed",
                UpliftOutcome::Granted | UpliftOutcome::InPart => "Appeal upheld",
            },
            Self::Revoked { .. } => "Revoked",
        }
    }
}

/// A request for a rise in the price of a home's line on a lot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Uplift {
    /// Its id.
    pub id: UpliftId,
    /// Raised by one with every move.
    pub version: i64,
    /// The regional team.
    pub region: OrganisationId,
    /// The provider.
    pub provider: OrganisationId,
    /// What people call it, such as `PU-SC400001-1`.
    pub reference: String,
    /// The home.
    pub home: HomeId,
    /// Its number.
    pub urn: String,
    /// Its name.
    pub name: String,
    /// The lot's code.
    pub lot: String,
    /// Core or education.
    pub line: LineKind,
    /// On what it rests.
    pub basis: UpliftBasis,
    /// The formula it is held to, where it rests on it.
    pub formula: Option<FormulaUsed>,
    /// The scheduled price when it was asked for.
    pub was: Pence,
    /// The price asked for.
    pub asked: Pence,
    /// From which night.
    pub from: Date,
    /// Who asked.
    pub by: PersonId,
    /// When.
    pub at: DateTime,
    /// Where it stands.
    pub state: UpliftState,
}

/// Every move of a request.
pub const MOVES: &[Move] = &[
    Move { from: "new", act: "ask", to: "asked", by: "placements manager" },
    Move { from: "asked", act: "withdraw", to: "withdrawn", by: "placements manager" },
    Move { from: "asked", act: "fall_away", to: "withdrawn", by: "the change of the home's provider" },
    Move { from: "asked", act: "decide", to: "decided", by: "commissioning lead, not by a cover alone" },
    Move { from: "decided", act: "appeal", to: "appealed", by: "placements manager, within 14 days" },
    Move { from: "appealed", act: "fall_away", to: "decided", by: "the change of the home's provider" },
    Move {
        from: "appealed",
        act: "answer",
        to: "answered",
        by: "commissioning lead who did not decide, not by a cover alone",
    },
    Move { from: "decided", act: "revoke", to: "revoked", by: "commissioning lead, not by a cover alone" },
    Move { from: "answered", act: "revoke", to: "revoked", by: "commissioning lead, not by a cover alone" },
];

impl Uplift {
    /// A provider asks: for a home in standing with one price from then on, within the formula or by costs that carry it.
    pub fn ask(
        (id, reference): (UpliftId, String),
        of: &Asking,
        known: &KnownPrices,
        by: PersonId,
        moment: Moment,
    ) -> Result<Change<Self>, TenderedWrong> {
        if matches!(known.standing, Standing::Suspended | Standing::Removed) {
            return Err(no_standing(&of.home, known.standing).into());
        }
        let was = standing_price(of, &known.scheduled)?;
        let (asked, formula) = match of.basis {
            UpliftBasis::Formula => by_formula(of, known, was)?,
            UpliftBasis::OpenBook => (by_costs(of, was)?, None),
        };
        let next = Self {
            id,
            version: 1,
            region: of.home.region,
            provider: of.home.provider,
            reference,
            home: of.home.id,
            urn: of.home.urn.to_string(),
            name: of.home.name.clone(),
            lot: of.lot.clone(),
            line: of.line,
            basis: of.basis,
            formula,
            was,
            asked,
            from: of.from,
            by,
            at: moment.local,
            state: UpliftState::Asked,
        };
        let event = next
            .event("uplift.asked", 1)
            .with("basis", next.basis.code())
            .with("was_pence", was.0)
            .with("asked_pence", asked.0)
            .with("from", of.from);
        Ok(Change::to(next, event))
    }

    /// The provider takes it back before it is decided.
    pub fn withdraw(self, moment: Moment) -> Result<Change<Self>, Refusal> {
        self.only("asked", "be withdrawn")?;
        let event = self.event("uplift.withdrawn", self.version + 1);
        Ok(self.to(UpliftState::Withdrawn { at: moment.local }, event))
    }

    /// The home has another provider: what its provider asked for is decided no more, and what was decided stands.
    pub fn fall_away(self, moment: Moment) -> Result<Change<Self>, Refusal> {
        let state = match self.state.clone() {
            UpliftState::Asked => UpliftState::Withdrawn { at: moment.local },
            UpliftState::Appealed { ruled, .. } => UpliftState::Decided { ruled },
            UpliftState::Withdrawn { .. }
            | UpliftState::Decided { .. }
            | UpliftState::Answered { .. }
            | UpliftState::Revoked { .. } => {
                return Err(self.cannot("fall away"));
            }
        };
        let event = self.event("uplift.fell_away", self.version + 1).with("state", state.name());
        Ok(self.to(state, event))
    }

    /// The provider appeals within 14 days of a decision that gave less than was asked for.
    pub fn appeal(self, moment: Moment) -> Result<Change<Self>, Refusal> {
        let UpliftState::Decided { ruled } = self.state.clone() else { return Err(self.cannot("be appealed")) };
        if ruled.outcome == UpliftOutcome::Granted {
            return Err(self.cannot("be appealed"));
        }
        let last = plus_days(ruled.at.date(), APPEAL_DAYS);
        if moment.today() > last {
            return Err(Refusal::new(
                "appeal_late",
                "An appeal is made within 14 days of the decision",
                format!("{} cannot be appealed: the 14 days are over.", self.reference),
                "The provider, by a new request",
            )
            .found(format!("decided {}, last day {}", long_date(ruled.at.date()), long_date(last))));
        }
        let event = self.event("uplift.appealed", self.version + 1);
        Ok(self.to(UpliftState::Appealed { ruled, at: moment.local }, event))
    }

    /// What was decided, the first first.
    #[must_use]
    pub fn rulings(&self) -> Vec<&Ruled> {
        match &self.state {
            UpliftState::Decided { ruled } | UpliftState::Appealed { ruled, .. } => vec![ruled],
            UpliftState::Answered { ruled, answer } => vec![ruled, answer],
            UpliftState::Revoked { ruled, answer, .. } => [ruled].into_iter().chain(answer).collect(),
            UpliftState::Asked | UpliftState::Withdrawn { .. } => Vec::new(),
        }
    }

    /// What was granted and stands, the first first.
    #[must_use]
    pub fn grants(&self) -> Vec<Grant> {
        if self.revoked().is_some() { Vec::new() } else { self.ever_granted() }
    }

    /// What was granted, also where it was taken back since, the first first.
    #[must_use]
    pub fn ever_granted(&self) -> Vec<Grant> {
        let mut grants: Vec<Grant> = Vec::new();
        for (number, ruled) in (1..).zip(self.rulings()) {
            if let (Some(now), Some(from)) = (ruled.weekly, ruled.from) {
                let was = grants.last().map_or(self.was, |grant| grant.now);
                grants.push(Grant { number, was, now, from, on: ruled.at.date() });
            }
        }
        grants
    }

    /// From which night a line last rose by the formula, of the requests of its home; none where it never did.
    #[must_use]
    pub fn risen_by_formula(all: &[Self], (lot, line): (&str, LineKind)) -> Option<Date> {
        let of = |one: &&Self| one.basis == UpliftBasis::Formula && one.lot == lot && one.line == line;
        all.iter().filter(of).flat_map(Self::grants).map(|grant| grant.from).max()
    }

    /// The grant of this number.
    #[must_use]
    pub fn grant(&self, number: u8) -> Option<Grant> {
        self.grants().into_iter().find(|grant| grant.number == number)
    }

    /// As if it were granted in full, for what it would cost.
    #[must_use]
    pub fn as_asked(&self) -> Grant {
        Grant { number: 0, was: self.was, now: self.asked, from: self.from, on: self.at.date() }
    }

    /// By when somebody acts: the lead decides or answers, the provider appeals; none where nobody waits.
    #[must_use]
    pub fn due(&self) -> Option<Date> {
        match &self.state {
            UpliftState::Asked => Some(plus_days(self.at.date(), DECIDE_DAYS)),
            UpliftState::Appealed { at, .. } => Some(plus_days(at.date(), DECIDE_DAYS)),
            UpliftState::Decided { ruled } if ruled.outcome != UpliftOutcome::Granted => {
                Some(plus_days(ruled.at.date(), APPEAL_DAYS))
            }
            UpliftState::Decided { .. }
            | UpliftState::Withdrawn { .. }
            | UpliftState::Answered { .. }
            | UpliftState::Revoked { .. } => None,
        }
    }

    /// Whether the lead has to act.
    #[must_use]
    pub const fn waits(&self) -> bool {
        matches!(self.state, UpliftState::Asked | UpliftState::Appealed { .. })
    }

    fn to(self, state: UpliftState, event: Event) -> Change<Self> {
        Change::to(Self { version: self.version + 1, state, ..self }, event)
    }

    fn event(&self, kind: &str, version: i64) -> Event {
        Event::new(kind, "price_uplift", self.id.0, version)
            .with("reference", &self.reference)
            .with("home", self.home)
            .with("lot", &self.lot)
            .with("line", self.line.code())
    }

    fn only(&self, state: &str, act: &str) -> Result<(), Refusal> {
        if self.state.name() == state { Ok(()) } else { Err(self.cannot(act)) }
    }

    fn cannot(&self, act: &str) -> Refusal {
        Refusal::new(
            "uplift_state",
            "A request for a rise: asked, decided, appealed, answered; or withdrawn, or revoked",
            format!("{} cannot {act}: {}.", self.reference, self.state.label().to_lowercase()),
            "Nobody: open the request as it is now",
        )
        .found(self.state.label())
    }
}

fn no_standing(home: &Home, standing: Standing) -> Refusal {
    lost_standing(&home.name, standing)
}

fn lost_standing(name: &str, standing: Standing) -> Refusal {
    Refusal::new(
        "uplift_without_standing",
        "A price rises for a home in standing only",
        format!("The price of {name} cannot rise while the home is suspended or removed."),
        LEAD,
    )
    .found(standing.label())
}

impl From<Refusal> for TenderedWrong {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

#[cfg(test)]
mod tests;
