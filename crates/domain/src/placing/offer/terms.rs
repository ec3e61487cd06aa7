//! What an offer says: price lines, dates, and an answer to each must-have; and the checks of its prices.
//!
//! Core is at most the tendered price of the date. Additional lines are at scheduled rates; another needs its reason.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use crate::homes::home::{Need, NeedSet};
use crate::homes::price::{LineKind, PriceLine, check_core};
use crate::id::BedId;
use crate::money::Pence;
use crate::outcome::{Invalid, Refusal};
use crate::placing::child::AgeBand;
use crate::placing::referral::Tier;

coded! {
    /// Whether a must-have is met.
    Met {
        Yes "yes" "Yes";
        Partly "partly" "Partly";
        No "no" "No";
    }
}

/// The answer to one must-have; its sentence stands sealed in [`OfferWords`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MustHaveAnswer {
    /// The need.
    pub need: Need,
    /// Met or not.
    pub met: Met,
}

coded! {
    /// What the child's coming means for one resident, in the home's judgement.
    ResidentEffect {
        Good "good" "Good for both";
        Neutral "neutral" "No effect expected";
        Manageable "manageable" "A risk that we can manage";
        Serious "serious" "A serious risk";
    }
}

/// A resident as the authority sees one: an age band and an effect, and never who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resident {
    /// The resident's age band.
    pub age_band: AgeBand,
    /// What the child's coming means for them.
    pub effect: ResidentEffect,
}

/// Prices, dates and coded answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferTerms {
    /// The bed, where the home says which.
    pub bed: Option<BedId>,
    /// The first night.
    pub start: Date,
    /// The price lines.
    pub lines: Vec<PriceLine>,
    /// One answer to each must-have.
    pub must_haves: Vec<MustHaveAnswer>,
    /// Whether the child would live there alone.
    pub solo: bool,
    /// Whether the child keeps the present school.
    pub keeps_school: Option<bool>,
    /// The impact on each resident.
    pub residents: Vec<Resident>,
    /// Until when the authority can accept it.
    pub valid_until: DateTime,
}

/// What an offer says in words, stored as `Sealed<OfferWords>`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct OfferWords {
    /// How each must-have is met: one sentence each.
    pub must_haves: Vec<(Need, String)>,
    /// The impact statement: no resident is named or can be recognised.
    pub impact: String,
    /// Conditions of the offer.
    pub conditions: String,
}

/// A rate that every home of the arrangement may charge beside its core price.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduledRate {
    /// For which kind of line.
    pub kind: LineKind,
    /// In words, such as "Waking night, an hour".
    pub label: String,
    /// Pence an hour for additional support, pence a week for any other kind.
    pub rate: Pence,
}

/// What the checks of the prices found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PriceCheck {
    /// Lines off the schedule, each with its reason: each needs approval.
    pub off_schedule: Vec<String>,
    /// Things to look at again that do not refuse, in the Placements Standard's words.
    pub warnings: Vec<String>,
}

impl OfferTerms {
    /// The whole price of a week on the first night: all lines that are charged then.
    #[must_use]
    pub fn total(&self) -> Pence {
        self.on_the_first_night().map(|line| line.weekly).sum()
    }

    /// The lines that are charged on the first night.
    fn on_the_first_night(&self) -> impl Iterator<Item = &PriceLine> {
        self.lines.iter().filter(|line| line.from <= self.start && self.start < line.to)
    }

    /// The price of a week of one kind of line on the first night.
    #[must_use]
    pub fn of_kind(&self, kind: LineKind) -> Pence {
        self.on_the_first_night().filter(|line| line.kind == kind).map(|line| line.weekly).sum()
    }

    /// Must-haves met fully, of how many.
    #[must_use]
    pub fn must_haves_met(&self, wanted: NeedSet) -> (u32, u32) {
        let met: NeedSet =
            self.must_haves.iter().filter(|answer| answer.met == Met::Yes).map(|answer| answer.need).collect();
        (met.both(wanted).count(), wanted.count())
    }

    /// Whether every must-have is met fully.
    #[must_use]
    pub fn meets_all(&self, wanted: NeedSet) -> bool {
        let (met, of) = self.must_haves_met(wanted);
        met == of
    }

    /// Checks the answers and words against what was asked, in the order of the form.
    pub fn check_answers(&self, wanted: NeedSet, words: &OfferWords, today: Date) -> Result<(), Invalid> {
        let mut wrong = Invalid::default();
        if self.start < today {
            wrong.add("start", "The start must be today or later");
        }
        for need in wanted.iter() {
            let answer = self.must_haves.iter().find(|answer| answer.need == need);
            let sentence =
                words.must_haves.iter().find(|(which, _)| *which == need).map_or("", |(_, text)| text.trim());
            match answer {
                None => wrong.add(
                    &format!("met_{}", need.code()),
                    format!("Say whether you meet this must-have: {}", need.label()),
                ),
                Some(_) if sentence.is_empty() => {
                    wrong.add(&format!("how_{}", need.code()), format!("Say in a sentence how: {}", need.label()));
                }
                Some(_) => {}
            }
        }
        if words.impact.trim().is_empty() {
            wrong.add("impact", "Say what the child's coming means for the children who live there");
        }
        wrong.or(())
    }

    /// Checks the prices: the tendered price holds on the arrangement; a home outside it has none.
    pub fn check_prices(
        &self,
        tier: Tier,
        tendered: Option<Pence>,
        schedule: &[ScheduledRate],
    ) -> Result<PriceCheck, Refusal> {
        let core: Vec<&PriceLine> = self.lines.iter().filter(|line| line.kind == LineKind::Core).collect();
        if core.len() != 1 {
            return Err(price_refusal(
                "one_core_line",
                "Price lines: exactly one core price",
                "An offer has exactly one core price.",
            )
            .found(core.len().to_string()));
        }
        let mut check = PriceCheck::default();
        for line in &self.lines {
            if line.weekly <= Pence::ZERO {
                return Err(price_refusal(
                    "no_price",
                    "Price lines: each has a weekly price",
                    "Each line of an offer has a weekly price above nothing.",
                )
                .found(line.label.clone()));
            }
            line.check_support()?;
            if line.kind == LineKind::Core {
                if matches!(tier, Tier::Fca | Tier::MiniBlock) {
                    check_core(line.weekly, tendered, self.start)?;
                }
            } else if !on_schedule(line, schedule) {
                if line.reason.trim().is_empty() {
                    return Err(price_refusal(
                        "off_schedule_without_reason",
                        "Additional lines: at scheduled rates, anything else with a reason and approval",
                        "This line is not at a scheduled rate: give the reason.",
                    )
                    .found(format!("{}, {} a week", line.label, line.weekly)));
                }
                check.off_schedule.push(line.label.clone());
            }
            if line.weekly > Pence::pounds(100_000) {
                check.warnings.push(format!("{}: above £100,000 a week, check the figure", line.label));
            }
        }
        let total = self.total();
        if !(Pence::pounds(100)..=Pence::pounds(100_000)).contains(&total) {
            check.warnings.push(format!("Total a week: {total} is outside £100 to £100,000, check the figures"));
        }
        Ok(check)
    }
}

/// Whether a line is at a scheduled rate: its hour's rate for additional support, at most the week's rate otherwise.
#[must_use]
pub fn on_schedule(line: &PriceLine, schedule: &[ScheduledRate]) -> bool {
    let rates = schedule.iter().filter(|rate| rate.kind == line.kind);
    match &line.support {
        Some(support) => rates.into_iter().any(|rate| rate.rate == support.rate),
        None => rates.into_iter().any(|rate| line.weekly <= rate.rate),
    }
}

fn price_refusal(code: &str, rule: &str, sentence: &str) -> Refusal {
    Refusal::new(code, rule, sentence, "the provider, in its offer")
}
