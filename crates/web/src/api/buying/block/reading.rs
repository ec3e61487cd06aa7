//! What is read of a mini-block before it is decided: its business case, the need by authority, how bids are scored, and what
//! the reader's own approval would rest on and commit.

use jiff::civil::{Date, DateTime};
use placewell_app::buying::block::{Deciding, NeedLine};
use placewell_domain::buying::block::{BusinessCase, Competition, KeyGround, UnmetMet};
use serde::Serialize;
use utoipa::ToSchema;

/// The business case, published with the award.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BlockCaseRead)]
pub(super) struct CaseRead {
    /// Why the beds are bought.
    reasons: String,
    /// What else was considered.
    alternatives: String,
    /// Conflicts of interest, or None.
    conflicts: String,
}

impl From<&BusinessCase> for CaseRead {
    fn from(case: &BusinessCase) -> Self {
        let BusinessCase { reasons, alternatives, conflicts, .. } = case.clone();
        Self { reasons, alternatives, conflicts }
    }
}

/// What one authority's own record shows of the need over two years: counts, no child.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BlockNeed)]
pub(super) struct NeedRead {
    /// The authority's name.
    authority: String,
    /// Searches for such a child.
    searches: u32,
    /// Searches for which no home was found.
    unmet: u32,
    /// Of those, searches that reached where the beds may be, by the traces frozen when homes were asked.
    unmet_in_reach: u32,
    /// Searches to which no home made an offer.
    no_offer: u32,
    /// Children placed by spot purchase.
    spot: u32,
    /// The middle stay in nights.
    stay_nights: i64,
}

impl From<&NeedLine> for NeedRead {
    fn from(line: &NeedLine) -> Self {
        Self {
            authority: line.name.clone(),
            searches: line.searches,
            unmet: line.unmet,
            unmet_in_reach: line.in_reach,
            no_offer: line.no_offer,
            spot: line.spot,
            stay_nights: line.stay,
        }
    }
}

/// What the beds would have done for children for whom no home was found, had these come first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BlockUnmet)]
pub(super) struct UnmetRead {
    /// Searches without a home that reached where the beds may be.
    searches: u32,
    /// Of them, those for whose whole stay the beds had nights; rounded down.
    searches_met: u32,
    /// The nights that they needed.
    nights: i64,
    /// Of those, the nights that the beds would have given them.
    nights_met: i64,
}

impl From<UnmetMet> for UnmetRead {
    fn from(one: UnmetMet) -> Self {
        let UnmetMet { searches, searches_met, nights, nights_met } = one;
        Self { searches, searches_met, nights, nights_met }
    }
}

/// Something that bids are scored by, from 0 to 5.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BlockCriterionRead)]
struct CriterionRead {
    /// Its words.
    title: String,
    /// Its weight in percent.
    weight: u8,
}

/// How bids are scored, fixed with the release; scores are sent in the order of the criteria.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BlockScoring)]
pub(super) struct ScoringRead {
    /// What quality is scored by.
    quality: Vec<CriterionRead>,
    /// The weight of the price in percent.
    price_weight: u8,
    /// The occupancy at which prices are compared, in percent.
    occupancy: u8,
    /// Until when bids come in.
    #[schema(value_type = String)]
    deadline: DateTime,
}

impl From<&Competition> for ScoringRead {
    fn from(fixed: &Competition) -> Self {
        let quality = fixed.quality.iter();
        Self {
            quality: quality.map(|one| CriterionRead { title: one.title.clone(), weight: one.weight }).collect(),
            price_weight: fixed.price_weight,
            occupancy: fixed.occupancy,
            deadline: fixed.deadline,
        }
    }
}

/// What an approval would do to one year of the annual value.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BlockEffect)]
struct EffectRead {
    /// The year's first day.
    year: Date,
    /// The ceiling; null before a decision has set one.
    ceiling_pence: Option<i64>,
    /// What is committed now.
    committed_pence: Option<i64>,
    /// What the approval adds.
    adds_pence: i64,
    /// Why the year cannot hold it; null where it can.
    refused: Option<String>,
}

/// What the reader can decide now for their own authority.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BlockDeciding)]
pub(super) struct DecidingRead {
    /// What is asked, in words.
    asked: String,
    /// By which power; null where none carries it.
    power: Option<String>,
    /// Why no power carries it; null where one does.
    no_power: Option<String>,
    /// Why the award is beyond the ordinary; null where the limb alone carries it.
    beyond_ordinary: Option<String>,
    /// The key decision or the opinion that it rests on beside the limb.
    rests_on: Option<String>,
    /// What is missing for that; null where nothing is.
    lacks: Option<String>,
    /// Why term, homes or beds do not allow it; null where they do.
    stopped: Option<String>,
    /// What the share commits over the whole time.
    commits_pence: i64,
    /// The annual value, year by year.
    annual_value: Vec<EffectRead>,
}

impl From<&Deciding> for DecidingRead {
    fn from(deciding: &Deciding) -> Self {
        let rests_on = deciding.key.as_ref().ok().and_then(Option::as_ref).map(|ground| match ground {
            KeyGround::KeyDecision { reference, .. } => format!("Key decision {reference}"),
            KeyGround::Opinion(opinion) => format!("The opinion that it implements {}", opinion.implements),
        });
        let effects = deciding.effects.iter().map(|effect| EffectRead {
            year: effect.year_start,
            ceiling_pence: effect.before.map(|totals| totals.ceiling.0),
            committed_pence: effect.before.map(|totals| totals.committed.0),
            adds_pence: effect.delta.0,
            refused: effect.after.as_ref().err().map(|refusal| refusal.sentence.clone()),
        });
        Self {
            asked: deciding.asked.clone(),
            power: deciding.power.as_ref().ok().cloned(),
            no_power: deciding.power.as_ref().err().map(|refusal| refusal.sentence.clone()),
            beyond_ordinary: deciding.beyond.clone(),
            rests_on,
            lacks: deciding.key.as_ref().err().map(|refusal| refusal.sentence.clone()),
            stopped: deciding.gates.as_ref().err().map(|refusal| refusal.sentence.clone()),
            commits_pence: deciding.committed.0,
            annual_value: effects.collect(),
        }
    }
}
