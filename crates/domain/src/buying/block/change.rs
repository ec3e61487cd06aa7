//! A change of a live contract: an extension, fewer guaranteed beds, other shares, a break, notice. Each is an operational decision of
//! every paying authority under its own limb (rule 1.2); what was used is never reduced after the fact.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::sharing::may_reshare;
use super::terms::BlockSpec;
use super::{Block, BlockShare, BlockState, DatedTerms, EarlierShares};
use crate::calendar::long_date;
use crate::id::PersonId;
use crate::nights::plus_days;
use crate::outcome::Refusal;
use crate::power::delegation::Act;

pub(super) const CONTRACT: &str = "The contract: what it says of breaks, notice and extension holds";
pub(super) const WHO: &str = "The commissioning lead and the provider, by a variation that both agree";

/// What changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum BlockChange {
    /// It runs longer, within its option.
    Extend {
        /// The day after the last night.
        until: Date,
    },
    /// Fewer beds are guaranteed from a night on; the provider agrees too.
    Reduce {
        /// From this night.
        from: Date,
        /// How many are guaranteed then.
        guaranteed_beds: u8,
    },
    /// Other shares hold from a night on: an authority leaves, or another joins; the provider agrees too.
    Reshare {
        /// From this night.
        from: Date,
        /// Who pays how much then.
        shares: Vec<BlockShare>,
    },
    /// It ends on a break date.
    Break {
        /// The date: the day after the last night.
        on: Date,
    },
    /// It ends by notice.
    Notice {
        /// The day after the last night.
        on: Date,
    },
}

impl BlockChange {
    /// The act whose power each authority uses.
    #[must_use]
    pub const fn act(&self) -> Act {
        match self {
            Self::Extend { .. } => Act::ExtendTerm,
            Self::Reduce { .. } | Self::Reshare { .. } => Act::VaryAgreement,
            Self::Break { .. } | Self::Notice { .. } => Act::GiveNotice,
        }
    }

    /// The stored name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Extend { .. } => "extend",
            Self::Reduce { .. } => "reduce",
            Self::Reshare { .. } => "reshare",
            Self::Break { .. } => "break",
            Self::Notice { .. } => "notice",
        }
    }

    /// In words.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Extend { until } => format!("Extend until {}", long_date(plus_days(*until, -1))),
            Self::Reduce { from, guaranteed_beds } => {
                format!("Guarantee {guaranteed_beds} beds from {}", long_date(*from))
            }
            Self::Reshare { from, shares } => {
                format!("Share the cost anew among {} authorities from {}", shares.len(), long_date(*from))
            }
            Self::Break { on } => format!("Leave on the break date, {}", long_date(*on)),
            Self::Notice { on } => format!("End by notice on {}", long_date(*on)),
        }
    }

    /// Whether the provider has to agree to it.
    #[must_use]
    pub const fn needs_provider(&self) -> bool {
        matches!(self, Self::Reduce { .. } | Self::Reshare { .. })
    }

    /// The block with the change; none where it has no contract.
    #[must_use]
    pub(super) fn applied(&self, mut block: Block) -> Option<Block> {
        let mut contract = block.contract.take()?;
        match self {
            Self::Extend { until } => {
                if let Some(last) = contract.terms.last_mut() {
                    last.terms.spec.until = *until;
                }
                contract.until = *until;
            }
            Self::Reduce { from, guaranteed_beds } => {
                let held = contract.terms.iter().rev().find(|dated| dated.from <= *from).or(contract.terms.last());
                if let Some(held) = held.cloned() {
                    let mut terms = held.terms;
                    terms.spec.guaranteed_beds = *guaranteed_beds;
                    let from = (*from).max(terms.spec.from);
                    contract.terms.retain(|dated| dated.from < from);
                    contract.terms.push(DatedTerms { from, terms });
                }
            }
            Self::Reshare { from, shares } => {
                let held = core::mem::replace(&mut block.shares, shares.clone());
                block.earlier.push(EarlierShares { until: *from, shares: held });
            }
            Self::Break { on } | Self::Notice { on } => contract.until = *on,
        }
        block.contract = Some(contract);
        Some(block)
    }

    /// Whether the contract allows it today. `used` is the most beds that were used on any night since the change would
    /// hold.
    pub(super) fn allowed(&self, block: &Block, used: u8, today: Date) -> Result<(), Refusal> {
        let Some(nights) = block.nights() else { return Err(not_live(block)) };
        match self {
            Self::Extend { until } => may_extend(&block.spec, (nights.to(), *until)),
            Self::Reduce { from, guaranteed_beds } => may_reduce(block, (*from, *guaranteed_beds), used),
            Self::Reshare { from, shares } => may_reshare(block, (*from, shares), today),
            Self::Break { on } => may_break(block, *on, today),
            Self::Notice { on } => may_give_notice(&block.spec, (nights.to(), *on), today),
        }
    }
}

/// A change that waits for approvals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingChange {
    /// What changes.
    pub change: BlockChange,
    /// Why.
    pub reason: String,
    /// Who proposed it; they cannot approve.
    pub by: PersonId,
    /// When.
    pub on: Date,
    /// When the provider agreed, where it has to.
    pub provider_agreed: Option<Date>,
}

/// The refusal of an act on a contract that does not run.
pub(super) fn not_live(block: &Block) -> Refusal {
    Refusal::new(
        "block_not_live",
        "Only a live contract is extended, reduced, left or ended",
        format!("{} is not live.", block.reference),
        "Each paying authority, by approving the award",
    )
    .found(block.state.label())
}

fn may_extend(spec: &BlockSpec, (now, until): (Date, Date)) -> Result<(), Refusal> {
    let last = spec.extendable_until.unwrap_or(now);
    if until > now && until <= last {
        return Ok(());
    }
    let sentence = if spec.extendable_until.is_none() {
        "This contract has no option to extend."
    } else {
        "An extension runs beyond the present end and within the option of the contract."
    };
    Err(Refusal::new("extension_outside_option", CONTRACT, sentence, WHO).found(format!(
        "ends {}; option to {}; asked {}",
        long_date(now),
        long_date(last),
        long_date(until)
    )))
}

fn may_reduce(block: &Block, (from, beds): (Date, u8), used: u8) -> Result<(), Refusal> {
    let Some(terms) = block.terms_on(from) else {
        return Err(Refusal::new(
            "reduction_outside_contract",
            CONTRACT,
            "A reduction begins on a night of the contract.",
            WHO,
        )
        .found(long_date(from)));
    };
    if beds >= terms.spec.guaranteed_beds {
        return Err(Refusal::new(
            "not_a_reduction",
            CONTRACT,
            "A reduction guarantees fewer beds than before.",
            "The commissioning lead, by a new mini-competition for more beds",
        )
        .found(format!("{beds} asked, {} guaranteed", terms.spec.guaranteed_beds)));
    }
    if beds < used {
        return Err(Refusal::new(
            "reduction_below_used",
            "Nights that were used stay bought: a reduction never goes below them",
            "The guarantee cannot be reduced, for nights that have passed, below the beds that were used on them.",
            "The commissioning lead, by choosing a later first night",
        )
        .found(format!("{beds} asked, {used} used on a night since {}", long_date(from))));
    }
    Ok(())
}

fn may_break(block: &Block, on: Date, today: Date) -> Result<(), Refusal> {
    if block.breaks_left(today).iter().any(|(date, _)| *date == on) {
        return Ok(());
    }
    let (code, sentence) = if block.spec.breaks.contains(&on) {
        ("break_notice_over", "The last day of notice for that break has passed.")
    } else {
        ("not_a_break_date", "The contract has no break on that date.")
    };
    let last = long_date(block.spec.last_notice_for(on));
    Err(Refusal::new(code, CONTRACT, sentence, WHO).found(format!("{}; notice by {last}", long_date(on))))
}

fn may_give_notice(spec: &BlockSpec, (now, on): (Date, Date), today: Date) -> Result<(), Refusal> {
    let Some(days) = spec.notice_days else {
        return Err(Refusal::new(
            "no_notice_clause",
            CONTRACT,
            "This contract is not ended by notice: it runs to a break or to its end.",
            WHO,
        ));
    };
    let earliest = plus_days(today, i64::from(days));
    if on >= earliest && on < now {
        return Ok(());
    }
    Err(Refusal::new(
        "notice_too_short",
        CONTRACT,
        "The end by notice lies after the days of notice and before the contract's end.",
        WHO,
    )
    .found(format!("{days} days: {} at the earliest; asked {}", long_date(earliest), long_date(on))))
}

/// Whether a change can be proposed now.
pub(super) fn may_propose(block: &Block, change: &BlockChange, used: u8, today: Date) -> Result<(), Refusal> {
    if !matches!(block.state, BlockState::Live { .. }) {
        return Err(not_live(block));
    }
    if block.pending.is_some() {
        return Err(Refusal::new(
            "change_waits",
            "One change at a time: each rests on the contract as it stands",
            "Another change of this contract waits for approval.",
            "The commissioning lead, by withdrawing it first",
        ));
    }
    change.allowed(block, used, today)
}
