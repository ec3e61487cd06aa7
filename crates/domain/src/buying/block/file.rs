//! What was written on the way to an award: the business case, the mini-competition with its scoring fixed before release,
//! and the evaluation in which every bid keeps its reasons (rule 5.7). Authorities and the lead read it; no provider does.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::Block;
use super::bid::{BidState, BlockBid};
use super::terms::BlockPrices;
use crate::change::{Change, Event};
use crate::clock::Moment;
use crate::id::{BlockBidId, BlockId, OrganisationId, PersonId};
use crate::money::Pence;
use crate::outcome::{Invalid, Refusal};

const WHO: &str = "The commissioning lead of the regional team";

/// Why the beds are bought: what is published with the award (rule 9.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BusinessCase {
    /// Why.
    pub reasons: String,
    /// What else was considered, and why it was not chosen.
    pub alternatives: String,
    /// Conflicts of interest, or that there are none.
    pub conflicts: String,
    /// Who wrote it.
    pub by: PersonId,
    /// When.
    pub on: Date,
}

/// One thing that bids are scored by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Criterion {
    /// Its words.
    pub title: String,
    /// Its weight in percent.
    pub weight: u8,
}

/// A mini-competition: its rules are fixed when it is released.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Competition {
    /// What quality is scored by, from 0 to 5 each.
    pub quality: Vec<Criterion>,
    /// The weight of the price, in percent.
    pub price_weight: u8,
    /// The share of nights that are taken to be occupied when prices are compared, in percent.
    pub occupancy: u8,
    /// When it was released.
    pub released: DateTime,
    /// Until when bids come in; their prices are sealed until then (rule 5.3).
    pub deadline: DateTime,
}

/// The highest score of a criterion.
pub const TOP: u8 = 5;

impl Competition {
    /// What is wrong with the scoring as it was typed.
    pub fn check(quality: &[Criterion], price_weight: u8, occupancy: u8) -> Result<(), Invalid> {
        let mut invalid = Invalid::default();
        if quality.is_empty() || quality.iter().any(|one| one.title.trim().is_empty() || one.weight == 0) {
            invalid.add("quality", "Enter at least one quality criterion, each with its words and a weight above zero");
        }
        let sum: u32 = quality.iter().map(|one| u32::from(one.weight)).sum::<u32>() + u32::from(price_weight);
        if sum != 100 {
            invalid
                .add("price_weight", format!("The weights of price and quality must sum to 100%; these sum to {sum}%"));
        }
        if occupancy > 100 {
            invalid.add("occupancy", "Enter a percentage from 0 to 100");
        }
        invalid.or(())
    }

    /// The price that bids are compared by: a night at the occupancy that was fixed before release, in hundredths of
    /// a penny.
    #[must_use]
    pub fn compared(&self, occupied: Pence, empty: Pence) -> i64 {
        let part = i64::from(self.occupancy.min(100));
        occupied.0 * part + empty.0 * (100 - part)
    }

    /// Prices are open once the deadline has passed.
    #[must_use]
    pub fn prices_open(&self, now: DateTime) -> bool {
        now >= self.deadline
    }
}

/// How one bid was scored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scored {
    /// The bid.
    pub bid: BlockBidId,
    /// Whose.
    pub provider: OrganisationId,
    /// The scores of the quality criteria, in their order.
    pub quality: Vec<u8>,
    /// Why, in words that the provider may read.
    pub reasons: String,
    /// Its price of an occupied night.
    pub occupied: Pence,
    /// Its price of an empty guaranteed night.
    pub empty: Pence,
    /// The quality part of the total, in hundredths of a percent.
    pub quality_points: i64,
    /// The price part.
    pub price_points: i64,
}

impl Scored {
    /// The total in hundredths of a percent.
    #[must_use]
    pub const fn total(&self) -> i64 {
        self.quality_points + self.price_points
    }
}

/// The evaluation of all bids.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Every bid, the best first.
    pub scored: Vec<Scored>,
    /// Who evaluated.
    pub by: PersonId,
    /// When.
    pub on: Date,
}

/// What an evaluator says of one bid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marks {
    /// The bid.
    pub bid: BlockBidId,
    /// A score from 0 to 5 for each criterion, in their order.
    pub quality: Vec<u8>,
    /// Why.
    pub reasons: String,
}

/// The file of a mini-block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockFile {
    /// The mini-block; also the file's id.
    pub block: BlockId,
    /// Raised by one with every move.
    pub version: i64,
    /// Who keeps it.
    pub lead: OrganisationId,
    /// The business case.
    pub case: Option<BusinessCase>,
    /// The competition.
    pub competition: Option<Competition>,
    /// The evaluation.
    pub evaluation: Option<Evaluation>,
}

impl BlockFile {
    /// Opens the file with the mini-block.
    pub fn open(block: &Block) -> Change<Self> {
        let file =
            Self { block: block.id, version: 1, lead: block.lead, case: None, competition: None, evaluation: None };
        let event = file.event("block.file_opened");
        Change::to(file, event)
    }

    /// Writes the business case, before the competition is released.
    pub fn write_case(self, case: BusinessCase) -> Result<Change<Self>, Refusal> {
        if self.competition.is_some() {
            return Err(Refusal::new(
                "competition_released",
                "The business case comes before the competition and stands as it was then",
                "The competition has been released, so its business case cannot be changed.",
                "Nobody: withdraw the mini-block and propose it anew",
            ));
        }
        let next = Self { version: self.version + 1, case: Some(case), ..self };
        let event = next.event("block.case_written");
        Ok(Change::to(next, event))
    }

    /// Fixes the competition's rules, as it is released.
    pub fn release(self, competition: Competition) -> Result<Change<Self>, Refusal> {
        if self.case.is_none() {
            return Err(Refusal::new(
                "no_business_case",
                "A mini-competition follows a business case",
                "No business case is written yet, so homes cannot be asked to bid.",
                WHO,
            ));
        }
        let next = Self { version: self.version + 1, competition: Some(competition), evaluation: None, ..self };
        let event = next.competition.iter().fold(next.event("block.competition_fixed"), |event, fixed| {
            event
                .with("deadline", fixed.deadline)
                .with("price_weight", fixed.price_weight)
                .with("occupancy", fixed.occupancy)
        });
        Ok(Change::to(next, event))
    }

    /// Scores every bid by the rules that were fixed, after the deadline. Every bid has marks and reasons, and nobody else
    /// has. The price is never all of it.
    pub fn evaluate(
        self,
        bids: &[BlockBid],
        marks: &[Marks],
        by: PersonId,
        moment: Moment,
    ) -> Result<Change<Self>, EvaluationRefusal> {
        let Some(fixed) = self.competition.as_ref() else {
            return Err(EvaluationRefusal::Refused(Box::new(not_released())));
        };
        if !fixed.prices_open(moment.local) {
            return Err(EvaluationRefusal::Refused(Box::new(sealed(fixed.deadline))));
        }
        let mut scored = score(fixed, bids, marks).map_err(EvaluationRefusal::Invalid)?;
        scored.sort_by_key(|one| (core::cmp::Reverse(one.total()), one.bid));
        let evaluation = Evaluation { scored, by, on: moment.today() };
        let next = Self { version: self.version + 1, evaluation: Some(evaluation), ..self };
        let event = next.event("block.evaluated").with("bids", marks.len());
        Ok(Change::to(next, event))
    }

    /// The best bid by the rules that were fixed; none before the evaluation.
    #[must_use]
    pub fn best(&self) -> Option<&Scored> {
        self.evaluation.as_ref().and_then(|evaluation| evaluation.scored.first())
    }

    fn event(&self, kind: &str) -> Event {
        Event::new(kind, "block_file", self.block.0, self.version)
    }
}

/// Why an evaluation is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EvaluationRefusal {
    /// Marks are missing or wrong.
    Invalid(Invalid),
    /// A rule says no.
    Refused(Box<Refusal>),
}

fn score(fixed: &Competition, bids: &[BlockBid], marks: &[Marks]) -> Result<Vec<Scored>, Invalid> {
    let mut invalid = Invalid::default();
    let sent: Vec<(&BlockBid, BlockPrices)> = bids
        .iter()
        .filter_map(|bid| match &bid.state {
            BidState::Sent { offer, .. } => Some((bid, offer.prices)),
            BidState::Asked
            | BidState::Declined { .. }
            | BidState::NoReply
            | BidState::Chosen { .. }
            | BidState::NotChosen { .. }
            | BidState::Withdrawn { .. } => None,
        })
        .collect();
    if sent.is_empty() {
        invalid
            .add("bids", "No home has bid, so there is nothing to evaluate. Withdraw the mini-block or compete again");
    }
    let compared = |prices: &BlockPrices| fixed.compared(prices.occupied, prices.empty);
    let lowest = sent.iter().map(|(_, prices)| compared(prices)).min().unwrap_or_default();
    let mut scored = Vec::new();
    for (at, (bid, prices)) in sent.iter().enumerate() {
        let price = compared(prices);
        let Some(mark) = marks.iter().find(|mark| mark.bid == bid.id) else {
            invalid.add(&format!("reasons_{at}"), "Score every bid: this one has no marks");
            continue;
        };
        if mark.reasons.trim().is_empty() {
            invalid.add(&format!("reasons_{at}"), "Enter why this bid was scored so: every bid keeps its reasons");
        }
        if mark.quality.len() != fixed.quality.len() || mark.quality.iter().any(|score| *score > TOP) {
            invalid.add(&format!("score_{at}_0"), "Enter a score from 0 to 5 for each criterion");
        }
        let quality = fixed.quality.iter().zip(&mark.quality);
        let quality_points =
            quality.map(|(one, score)| i64::from(one.weight) * 100 * i64::from(*score) / i64::from(TOP)).sum();
        let weight = i64::from(fixed.price_weight) * 100;
        let price_points = if price <= 0 { weight } else { weight * lowest / price };
        scored.push(Scored {
            bid: bid.id,
            provider: bid.provider,
            quality: mark.quality.clone(),
            reasons: mark.reasons.clone(),
            occupied: prices.occupied,
            empty: prices.empty,
            quality_points,
            price_points,
        });
    }
    invalid.or(scored)
}

fn not_released() -> Refusal {
    Refusal::new(
        "competition_not_released",
        "A mini-competition comes before its evaluation",
        "No home has been asked to bid yet.",
        WHO,
    )
}

/// The refusal before the deadline.
#[must_use]
pub fn sealed(deadline: DateTime) -> Refusal {
    Refusal::new(
        "prices_sealed",
        "Prices of a mini-competition are sealed until its deadline",
        "Bids cannot be read before the deadline.",
        "Nobody: the deadline was fixed when homes were asked",
    )
    .found(format!("deadline {}", deadline.strftime("%-d %B %Y, %H:%M")))
}
