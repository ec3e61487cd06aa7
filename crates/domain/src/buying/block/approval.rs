//! Each paying authority's own approval of an award or a change, under its own limb, and the key-decision test of its own
//! share (rules 1.1, 1.2 and 6.1).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Block;
use crate::calendar::long_date;
use crate::change::{Change, Event};
use crate::clock::Moment;
use crate::id::{BlockId, DecisionId, OrganisationId, PersonId, PostId};
use crate::money::Pence;
use crate::outcome::Refusal;
use crate::placing::approval::KeyDecisionLine;
use crate::power::decision::{Decision, Standing, in_force_among};
use crate::power::delegation::{Act, HoldingKind, PostGrade, Power, PowerQuestion, RemitArea, Scheme, find_power};
use crate::setting::SettingValue;

/// The most beds that are bought without a key decision of their own (rule 6.1).
pub const MOST_BEDS_DEFAULT: u8 = 6;

/// That number as the value of a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MostBeds(pub u8);

impl SettingValue for MostBeds {
    const ASK: &'static str = "Enter a number of beds from 1 to 20, like 6";

    fn read(text: &str) -> Option<Self> {
        text.trim().parse().ok().filter(|beds| (1..=20).contains(beds)).map(Self)
    }

    fn write(&self) -> String {
        self.0.to_string()
    }

    fn words(&self) -> String {
        if self.0 == 1 { "1 bed".to_owned() } else { format!("{} beds", self.0) }
    }
}

/// What an award beyond the ordinary rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ground", rename_all = "snake_case")]
pub enum KeyGround {
    /// A key decision of its own.
    KeyDecision {
        /// The decision.
        decision: DecisionId,
        /// Its reference.
        reference: String,
    },
    /// The monitoring officer's recorded opinion that it implements an earlier key decision.
    Opinion(BlockOpinion),
}

/// The monitoring officer's opinion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockOpinion {
    /// The mini-block.
    pub block: BlockId,
    /// For which set of approvals.
    pub step: u32,
    /// The authority.
    pub authority: OrganisationId,
    /// The reference of the decision that the award implements.
    pub implements: String,
    /// Why.
    pub words: String,
    /// The post.
    pub post: PostId,
    /// Its title.
    pub title: String,
    /// The person.
    pub by: PersonId,
    /// When.
    pub on: Date,
}

const RULE: &str = "A mini-block is 1 to 6 beds and below the key-decision line, or has a key decision of its own";
const WHO: &str = "The decision maker, by a key decision that names the mini-block; or the monitoring officer, by recording \
                   that it implements an earlier one";

/// Why an award is beyond the ordinary: its size, the value of the share, or both; none where it is neither.
#[must_use]
pub fn beyond_ordinary(beds: u8, most: MostBeds, value: Pence, line: Option<&KeyDecisionLine>) -> Option<String> {
    let mut why = Vec::new();
    if beds > most.0 {
        why.push(format!("{beds} beds, more than {}", most.0));
    }
    if let Some(line) = line.filter(|line| value >= line.from) {
        why.push(format!("a share worth {value} over the term, at or above {} ({})", line.from, line.clause));
    }
    (!why.is_empty()).then(|| why.join("; "))
}

/// Whether an award may be approved as it is, or rests on a key decision of its own or a recorded opinion (rule 6.1).
/// A decision counts that is in force, is a key decision, and names the mini-block by its reference.
pub fn key_test(
    beyond: Option<&str>,
    reference: &str,
    decisions: &[Decision],
    opinion: Option<&BlockOpinion>,
    day: Date,
) -> Result<Option<KeyGround>, Refusal> {
    let Some(beyond) = beyond else { return Ok(None) };
    let named = decisions.iter().filter(|decision| names(decision, reference));
    let mut waits = None;
    for decision in named {
        let key = decision.page.key_decision == Some(true);
        if key && in_force_among(decisions, day).any(|held| held.id == decision.id) {
            let (decision, reference) = (decision.id, decision.reference.clone());
            return Ok(Some(KeyGround::KeyDecision { decision, reference }));
        }
        waits = Some((decision, key));
    }
    if let Some(opinion) = opinion {
        return Ok(Some(KeyGround::Opinion(opinion.clone())));
    }
    let sentence = match waits {
        Some((decision, true)) => match decision.standing(day) {
            Standing::InCallInWindow { from, .. } => {
                format!("Its key decision {} takes effect on {}.", decision.reference, long_date(from))
            }
            Standing::CalledIn => format!("Its key decision {} is called in.", decision.reference),
            Standing::NotPublished
            | Standing::InForce { .. }
            | Standing::Rescinded
            | Standing::Superseded { .. }
            | Standing::OutsideTerm => format!("Its key decision {} is not in force.", decision.reference),
        },
        Some((decision, false)) => format!("Decision {} names it and is not a key decision.", decision.reference),
        None => "Limb (b) alone does not carry this award: it needs a key decision of its own.".to_owned(),
    };
    Err(Refusal::new("needs_key_decision", RULE, sentence, WHO).found(beyond))
}

/// Whether a decision's page names a mini-block.
fn names(decision: &Decision, reference: &str) -> bool {
    let page = &decision.page;
    let texts = [Some(&page.title), page.purpose.as_ref()];
    let limbs = page.limbs.iter().map(|limb| &limb.text);
    texts.into_iter().flatten().chain(limbs).any(|text| {
        text.match_indices(reference).any(|(at, found)| {
            let after = text.get(at + found.len()..).and_then(|rest| rest.chars().next());
            after.is_none_or(|letter| !letter.is_ascii_digit())
        })
    })
}

/// The monitoring officer records that an award implements an earlier key decision in force.
pub fn record_opinion(
    block: &Block,
    (authority, by): (OrganisationId, PersonId),
    (implements, words): (&str, &str),
    scheme: &Scheme,
    moment: Moment,
) -> Result<BlockOpinion, Refusal> {
    let day = moment.today();
    let holds = |post: PostId| {
        scheme.holdings.iter().any(|held| {
            held.post == post
                && held.person == by
                && held.kind != HoldingKind::Cover
                && held.from <= day
                && day < held.to
        })
    };
    let Some(post) = scheme.posts.iter().find(|post| post.grade == PostGrade::MonitoringOfficer && holds(post.id))
    else {
        return Err(Refusal::new(
            "not_the_monitoring_officer",
            "Section 5, Local Government and Housing Act 1989: the monitoring officer",
            "Only the monitoring officer can record the opinion that the award implements an earlier key decision.",
            "Democratic services record who holds the post",
        ));
    };
    let earlier = in_force_among(&scheme.decisions, day)
        .find(|decision| decision.reference == implements && decision.page.key_decision == Some(true));
    if earlier.is_none() {
        return Err(Refusal::new(
            "no_such_key_decision",
            RULE,
            "The opinion names no key decision of the authority that is in force.",
            "The monitoring officer, by naming the decision that the award implements",
        )
        .found(implements.chars().take(40).collect::<String>()));
    }
    Ok(BlockOpinion {
        block: block.id,
        step: block.step,
        authority,
        implements: implements.to_owned(),
        words: words.to_owned(),
        post: post.id,
        title: post.title.clone(),
        by,
        on: day,
    })
}

/// How an authority decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "decided", rename_all = "snake_case")]
pub enum BlockApprovalState {
    /// Approved.
    Given {
        /// The power.
        power: Power,
        /// What it rests on beside, where the award is beyond the ordinary.
        key: Option<KeyGround>,
        /// What the share commits over the whole term.
        committed: Pence,
    },
    /// Refused.
    Refused {
        /// The power by which the person could have approved.
        power: Power,
        /// Why. Nothing about a child.
        reason: String,
    },
}

/// An authority's decision on one set of approvals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockApproval {
    /// Its id.
    pub id: i64,
    /// Raised by one with every move.
    pub version: i64,
    /// The mini-block.
    pub block: BlockId,
    /// Its reference.
    pub reference: String,
    /// Which set.
    pub step: u32,
    /// The act: the award, or a change.
    pub act: Act,
    /// The authority.
    pub authority: OrganisationId,
    /// The hash of what it rests on.
    pub facts: String,
    /// Who.
    pub by: PersonId,
    /// When.
    pub on: Date,
    /// How.
    pub state: BlockApprovalState,
}

/// What an authority is asked now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// The act.
    pub act: Act,
    /// Who asked; they cannot approve.
    pub by: PersonId,
}

impl Block {
    /// What the paying authorities are asked now; none where nothing waits for them.
    #[must_use]
    pub fn asks(&self) -> Option<Asked> {
        if let Some(pending) = &self.pending {
            return Some(Asked { act: pending.change.act(), by: pending.by });
        }
        let waits = self.state == super::BlockState::Recommended;
        let contract = self.contract.as_ref().filter(|_| waits)?;
        Some(Asked { act: Act::AwardMiniBlock, by: contract.recommended_by })
    }
}

/// The power by which a person may decide for an authority now: under its own limb, on a matter of commissioning.
pub fn power_to_decide(asked: Asked, person: PersonId, scheme: &Scheme, moment: Moment) -> Result<Power, Refusal> {
    let question = PowerQuestion {
        act: asked.act,
        about_spot: false,
        case: RemitArea::Commissioning,
        person,
        asked_by: Some(asked.by),
    };
    find_power(&question, scheme, moment)
}

impl BlockApproval {
    /// Decides for an authority, once for each set of approvals.
    pub fn decide(
        (id, authority): (i64, OrganisationId),
        block: &Block,
        facts: String,
        (by, state): (PersonId, BlockApprovalState),
        moment: Moment,
    ) -> Result<Change<Self>, Refusal> {
        let asked = block.asks().filter(|_| block.deciders().contains(&authority));
        let Some(asked) = asked else {
            return Err(Refusal::new(
                "nothing_to_approve",
                "Each paying authority approves what is recommended, and nothing before",
                format!("{} waits for no decision of your authority.", block.reference),
                "The commissioning lead, by recommending a bid or proposing a change",
            )
            .found(block.state.label()));
        };
        let decided = match &state {
            BlockApprovalState::Given { .. } => "given",
            BlockApprovalState::Refused { .. } => "refused",
        };
        let power = match &state {
            BlockApprovalState::Given { power, .. } | BlockApprovalState::Refused { power, .. } => power,
        };
        let event = Event::new("block_approval.decided", "block_approval", id, 1)
            .with("block", &block.reference)
            .with("step", block.step)
            .with("act", asked.act.code())
            .with("decided", decided)
            .with("decision", &power.reference)
            .with("limb", power.letter)
            .with("post", power.post)
            .with("facts", &facts);
        let approval = Self {
            id,
            version: 1,
            block: block.id,
            reference: block.reference.clone(),
            step: block.step,
            act: asked.act,
            authority,
            facts,
            by,
            on: moment.today(),
            state,
        };
        Ok(Change::to(approval, event))
    }

    /// Whether it was given.
    #[must_use]
    pub const fn given(&self) -> bool {
        matches!(self.state, BlockApprovalState::Given { .. })
    }
}

/// The authorities that have approved what is asked now, resting on these facts.
#[must_use]
pub fn approved(block: &Block, approvals: &[BlockApproval], facts: &str) -> Vec<OrganisationId> {
    approvals
        .iter()
        .filter(|one| one.block == block.id && one.step == block.step && one.given() && one.facts == facts)
        .map(|one| one.authority)
        .collect()
}
