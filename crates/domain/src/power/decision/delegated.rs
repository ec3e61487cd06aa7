//! A decision that an officer took under a limb, as it is published (Openness of Local Government Bodies Regulations 2014):
//! award of a mini-block, standing of a provider, terms, prices, an extension. Placements of children are a recorded
//! class of their own and are never published one by one (rule 9.1).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::label::LimbLabel;
use super::page::LimbPower;
use super::{Decision, Move};
use crate::calendar::long_date;
use crate::change::{Change, Event};
use crate::clock::Moment;
use crate::id::{DecisionId, DelegatedDecisionId, OrganisationId};
use crate::money::Pence;
use crate::outcome::Refusal;

coded! {
    /// What an officer decided, by class.
    DelegatedKind {
        /// Award of a mini-block, published with reasons, alternatives and conflicts.
        MiniBlockAward => "mini_block_award", "Award of a mini-block";
        /// A change, break or end of one.
        MiniBlockChange => "mini_block_change", "Change, break or end of a mini-block";
        /// Scheduled prices of a provider.
        Prices => "prices", "Scheduled prices of a provider";
        /// Standing of a provider or a home within the arrangement.
        Standing => "standing", "Standing of a provider";
        /// A version of the terms was accepted.
        Terms => "terms", "Terms of the arrangement";
        /// Use of the option to extend.
        Extension => "extension", "Use of the option to extend";
        /// Another operational decision that concerns no single child.
        Other => "other", "Other operational decision";
        /// A placement of a child: recorded with its agreement, published as yearly totals only.
        Placement => "placement", "Placement of a child";
    }
}

impl DelegatedKind {
    /// The powers of which the limb must give one.
    #[must_use]
    pub const fn powers(self) -> &'static [LimbPower] {
        match self {
            Self::MiniBlockAward => &[LimbPower::AwardMiniBlocks],
            Self::MiniBlockChange => &[LimbPower::AwardMiniBlocks, LimbPower::Operational],
            Self::Prices | Self::Standing | Self::Terms | Self::Extension | Self::Other => &[LimbPower::Operational],
            Self::Placement => &[LimbPower::AwardPlacements, LimbPower::SpotPurchase],
        }
    }
}

/// What the published record says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DelegatedPage {
    /// What it is about.
    pub title: String,
    /// What class it belongs to.
    pub kind: DelegatedKind,
    /// What was decided.
    pub decided: String,
    /// The post, never the name, of who took it (rule 9.2).
    pub post: String,
    /// The day on which it was taken.
    pub taken_on: Date,
    /// The reasons.
    pub reasons: String,
    /// The alternatives considered and rejected, or that there were none.
    pub alternatives: String,
    /// Conflicts of interest declared, or that there were none.
    pub conflicts: String,
    /// The supplier concerned.
    pub supplier: Option<String>,
    /// The reference of the contract concerned.
    pub contract: Option<String>,
    /// The value; published to the nearest £1,000.
    pub value: Option<Pence>,
    /// By which paragraph of Schedule 12A a part is exempt and left out.
    pub exempt: Option<String>,
}

/// Where the record stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum DelegatedState {
    /// Being written.
    Draft,
    /// Public.
    Published {
        /// Since when.
        on: Date,
    },
    /// Taken off the public pages; its address says why.
    Withdrawn {
        /// When it had been published.
        published_on: Date,
        /// When.
        on: Date,
        /// Why, in words that may be public.
        reason: String,
    },
}

impl DelegatedState {
    /// The stored name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published { .. } => "published",
            Self::Withdrawn { .. } => "withdrawn",
        }
    }

    /// The words on a tag.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Draft => "Draft",
            Self::Published { .. } => "Published",
            Self::Withdrawn { .. } => "Withdrawn",
        }
    }
}

/// An officer's decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DelegatedDecision {
    /// Its id.
    pub id: DelegatedDecisionId,
    /// Raised by one with every move.
    pub version: i64,
    /// Whose it is.
    pub authority: OrganisationId,
    /// Its reference, such as `HEF-OD-0007`.
    pub reference: String,
    /// The decision whose limb gave the power.
    pub under: DecisionId,
    /// That decision's reference.
    pub under_reference: String,
    /// The limb.
    pub limb: LimbLabel,
    /// What it says.
    pub page: DelegatedPage,
    /// Where it stands.
    pub state: DelegatedState,
}

const fn row(from: &'static str, act: &'static str, to: &'static str) -> Move {
    Move { from, act, to, by: "Democratic services officer" }
}

/// Every allowed move of an officer's decision.
pub const DELEGATED_MOVES: &[Move] = &[
    row("new", "record", "draft"),
    row("draft", "revise", "draft"),
    row("draft", "publish", "published"),
    row("published", "withdraw", "withdrawn"),
];

const WHO: &str = "A democratic services officer of the authority";

impl DelegatedDecision {
    /// Records what an officer decided under a limb of a decision that was in force on that day.
    pub fn record(
        (id, reference): (DelegatedDecisionId, String),
        under: &Decision,
        limb: LimbLabel,
        page: DelegatedPage,
    ) -> Result<Change<Self>, Refusal> {
        under_a_power(under, limb, &page)?;
        let decision = Self {
            id,
            version: 1,
            authority: under.authority,
            reference,
            under: under.id,
            under_reference: under.reference.clone(),
            limb,
            page,
            state: DelegatedState::Draft,
        };
        let event = decision.event("delegated_decision.recorded").with("class", decision.page.kind.code());
        Ok(Change::to(decision, event))
    }

    /// Replaces a draft's words.
    pub fn revise(self, under: &Decision, page: DelegatedPage) -> Result<Change<Self>, Refusal> {
        if self.state != DelegatedState::Draft {
            return Err(self.wrong_state("only a draft can be revised"));
        }
        under_a_power(under, self.limb, &page)?;
        Ok(Self { page, ..self }.moved(DelegatedState::Draft, "delegated_decision.revised"))
    }

    /// Publishes it.
    pub fn publish(self, on: Date, moment: Moment) -> Result<Change<Self>, Refusal> {
        if self.state != DelegatedState::Draft {
            return Err(self.wrong_state("it has been published already"));
        }
        if on < self.page.taken_on || on > moment.today() {
            let found = format!("taken {}, published {}", long_date(self.page.taken_on), long_date(on));
            return Err(Refusal::new(
                "dates_out_of_order",
                "A decision is taken, then published",
                "The day of publication lies before the decision, or in the future.",
                WHO,
            )
            .found(found));
        }
        Ok(self.moved(DelegatedState::Published { on }, "delegated_decision.published"))
    }

    /// Takes it off the public pages. Its address goes on to say that it was withdrawn, and why.
    pub fn withdraw(self, on: Date, reason: String) -> Result<Change<Self>, Refusal> {
        let DelegatedState::Published { on: published_on } = self.state else {
            return Err(self.wrong_state("only a published record is withdrawn"));
        };
        if on < published_on {
            return Err(self.wrong_state("it was published later than that day"));
        }
        Ok(self.moved(DelegatedState::Withdrawn { published_on, on, reason }, "delegated_decision.withdrawn"))
    }

    fn moved(self, state: DelegatedState, kind: &str) -> Change<Self> {
        let next = Self { version: self.version + 1, state, ..self };
        let event = next.event(kind);
        Change::to(next, event)
    }

    fn event(&self, kind: &str) -> Event {
        Event::new(kind, "delegated_decision", self.id.0, self.version)
            .with("reference", &self.reference)
            .with("under", &self.under_reference)
            .with("limb", self.limb)
    }

    fn wrong_state(&self, why: &str) -> Refusal {
        Refusal::new("delegated_state", "Officer decisions", format!("This cannot be done now: {why}."), WHO)
            .found(self.state.label())
    }
}

/// Refuses what no limb allowed on that day, and what concerns a single child.
fn under_a_power(under: &Decision, limb: LimbLabel, page: &DelegatedPage) -> Result<(), Refusal> {
    if page.kind == DelegatedKind::Placement {
        return Err(Refusal::new(
            "placements_not_published",
            "Placements are a recorded class of operational decisions, not published one by one (rule 9.1)",
            "A record of one placement would tell of one child. It stands in its agreement; the public reads yearly \
             totals.",
            "Nobody",
        )
        .found(page.kind.label()));
    }
    let day = page.taken_on;
    if !under.in_force(day) {
        return Err(Refusal::new(
            "decision_not_in_force",
            "A power comes from one limb of a decision in force (rule 1.1)",
            format!("{} was not in force on the day on which this was decided.", under.reference),
            "The decision maker",
        )
        .found(format!("{}: {}", long_date(day), under.standing(day).label())));
    }
    if under.page.limb(limb).is_some_and(|known| known.gives(page.kind.powers())) {
        return Ok(());
    }
    let needed: Vec<&str> = page.kind.powers().iter().map(|power| power.label()).collect();
    Err(Refusal::new(
        "limb_gives_no_power",
        "A power comes from one limb of a decision in force (rule 1.1)",
        format!("Limb ({limb}) of {} does not give anybody this power.", under.reference),
        "The decision maker",
    )
    .found(needed.join(", or ")))
}
