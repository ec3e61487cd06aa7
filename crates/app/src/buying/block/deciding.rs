//! A paying authority decides for itself: under its own limb, with the key-decision test of its own share, committing its
//! own money in its own transaction (rules 1.1, 3.3 and 6.1). A job then looks whether all have.

use jiff::civil::Date;
use placewell_domain::buying::block::{
    Block, BlockApproval, BlockApprovalState, BlockOpinion, KeyGround, beyond_ordinary, key_test, power_to_decide,
    record_opinion,
};
use placewell_domain::change::Event;
use placewell_domain::id::OrganisationId;
use placewell_domain::money::Pence;
use placewell_domain::nights::{Nights, plus_days};
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::{Invalid, Refusal};
use placewell_domain::power::annual_value::Commitment;
use placewell_domain::power::arrangement::may_outlive;
use placewell_domain::power::delegation::Power;
use placewell_store::outbox::Job;
use placewell_store::{Session, Work};
use serde::Serialize;

use super::following::{FOLLOW, ToFollow};
use super::tying::beds_may_be_tied;
use super::{BLOCK_KEY_LINE, MOST_BEDS, facts_of, first_use, homes_may_be_used, locked, page_of, shown};
use crate::answer::{Answer, Outcome};
use crate::command::{Command, Receipt};
use crate::power::annual_value::{Allowed, commit};

/// Why an award is beyond the ordinary for an authority's share today; none where limb (b) alone carries it.
pub(super) async fn beyond(
    session: &Session,
    block: &Block,
    org: OrganisationId,
    today: Date,
) -> Answer<Option<String>> {
    let Some(terms) = block.latest_terms() else { return Ok(None) };
    // An extension is tested with the whole of the longer term, another share as if it had always held.
    let value = block.asked_value_of(org);
    let most = session.value_of(block.lead, &MOST_BEDS, today).await?;
    let line = session.value_of(org, &BLOCK_KEY_LINE, today).await?;
    Ok(beyond_ordinary(terms.beds.count(), most, value, line.as_ref()))
}

/// What an approval rests on beside the limb; refuses where something is missing.
pub(super) async fn key_ground(
    session: &Session,
    block: &Block,
    org: OrganisationId,
    today: Date,
) -> Answer<Option<KeyGround>> {
    if block.asks().is_none() || !block.raises(org) {
        return Ok(None);
    }
    let beyond = beyond(session, block, org, today).await?;
    let decisions = session.published_decisions_of(org).await?;
    let opinion = session.block_opinion(org, block.id, block.step).await?;
    Ok(key_test(beyond.as_deref(), &block.reference, &decisions, opinion.as_ref(), today)?)
}

/// What an authority's approval would commit: the share as it is awarded, or with the change that is proposed.
pub(super) fn asked_commitment(block: &Block, org: OrganisationId) -> Option<Commitment> {
    match &block.pending {
        Some(pending) => block.commitment_with(org, &pending.change),
        None => block.commitment_of(org),
    }
}

/// Refuses nights beyond the authority's term where its decision does not carry them (rule 2.4), homes that may not be
/// used, and beds that another contract ties.
pub(super) async fn gates(session: &Session, block: &Block, org: OrganisationId, today: Date) -> Answer<()> {
    let Some(commitment) = asked_commitment(block, org) else { return Err(Outcome::NotFound) };
    if block.asks().is_some() && block.raises(org) {
        let decisions = session.published_decisions_of(org).await?;
        may_outlive(&decisions, plus_days(commitment.planned_end, -1), today)?;
        let Some(terms) = block.latest_terms() else { return Ok(()) };
        let first = (block.wants.lot.as_str(), first_use(&block.spec, today));
        homes_may_be_used(session, first, &terms.beds.homes()).await?;
        if let Some(nights) = asked_nights(block, &commitment, today) {
            let who = "The commissioning lead, by an award with other beds or nights";
            beds_may_be_tied(session, (block.id, &terms.beds), nights, who).await?;
        }
    }
    Ok(())
}

/// The nights on which beds are bought by what is asked.
fn asked_nights(block: &Block, commitment: &Commitment, today: Date) -> Option<Nights> {
    Nights::new(block.spec.from.max(today), commitment.planned_end)
}

/// Claims the beds of what is approved until the contract is live and ties them: no other award on them is approved before.
async fn claim(work: &Work, block: &Block, commitment: &Commitment) -> Answer<()> {
    let nights = asked_nights(block, commitment, work.moment().today());
    let Some((terms, nights)) = block.latest_terms().zip(nights) else { return Ok(()) };
    Ok(work.claim_beds(block.id, &terms.beds, nights).await?)
}

/// Approves or refuses what is asked, for one's own authority.
#[derive(Debug, Clone, Serialize)]
pub struct DecideBlock {
    /// The mini-block.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
    /// Why it is refused; none approves. Nothing about a child.
    pub refuse: Option<String>,
}

impl Command for DecideBlock {
    const ACTION: Action = Action::Decide;
    const NAME: &'static str = "block.decide";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let block = locked(work, &self.reference, self.version).await?;
        let (org, moment) = (work.org(), work.moment());
        if !block.deciders().contains(&org) {
            return Err(Outcome::NotFound);
        }
        let id = work.new_id();
        let facts = facts_of(&block)?;
        let asked = block.asks();
        let scheme = work.scheme(org).await?;
        let power = match asked {
            Some(asked) => Some(power_to_decide(asked, actor.person, &scheme, moment)?),
            None => None,
        };
        let state = match (&self.refuse, power) {
            (_, None) => return Err(nothing_asked(&block).into()),
            (Some(reason), Some(power)) => {
                if reason.trim().is_empty() {
                    return Err(Invalid::one("reason", "Enter why it is refused. Nothing about a child").into());
                }
                BlockApprovalState::Refused { power, reason: reason.clone() }
            }
            (None, Some(power)) => given(work, &block, power).await?,
        };
        let approves = matches!(state, BlockApprovalState::Given { .. });
        let change = BlockApproval::decide((id, org), &block, facts, (actor.person, state), moment)?;
        work.apply(change).await?;
        if approves && block.raises(org) {
            let commitment = asked_commitment(&block, org).ok_or(Outcome::NotFound)?;
            claim(work, &block, &commitment).await?;
            // The ledger is written last: it takes the organisation's lock.
            commit(work, &commitment, Allowed::Nothing).await?;
        }
        let to = ToFollow { authority: org.0, block: block.id.0 };
        work.enqueue(Job::new(FOLLOW, &serde_json::to_value(to)?).about("block", block.id));
        Ok(page_of(&block))
    }
}

async fn given(work: &Work, block: &Block, power: Power) -> Answer<BlockApprovalState> {
    let (org, today) = (work.org(), work.moment().today());
    let homes = block.latest_terms().map(|terms| terms.beds.homes()).unwrap_or_default();
    // A suspension that is being confirmed comes before, or waits and comes after.
    work.lock_standing(&homes, false).await?;
    // Whoever approves an award with one of these homes' beds, or ties them, waits from here on.
    work.lock_homes(&homes).await?;
    gates(work, block, org, today).await?;
    let key = key_ground(work, block, org, today).await?;
    let committed = asked_commitment(block, org).map_or(Pence::ZERO, |held| whole(&held));
    Ok(BlockApprovalState::Given { power, key, committed })
}

/// What a commitment holds over its whole time, whatever years it falls into.
pub(super) fn whole(commitment: &Commitment) -> Pence {
    let lines = commitment.lines.iter();
    lines
        .map(|line| {
            let nights = Nights::new(line.from, line.ends.unwrap_or(commitment.planned_end));
            nights.map_or(Pence::ZERO, |nights| {
                placewell_domain::power::annual_value::charge(line.weekly, line.authority, line.origin, nights)
            })
        })
        .sum()
}

fn nothing_asked(block: &Block) -> Refusal {
    Refusal::new(
        "nothing_to_approve",
        "Each paying authority approves what is recommended, and nothing before",
        format!("{} waits for no decision of your authority.", block.reference),
        "The commissioning lead, by recommending a bid or proposing a change",
    )
    .found(block.state.label())
}

/// The monitoring officer records that the award implements an earlier key decision.
#[derive(Debug, Clone, Serialize)]
pub struct RecordOpinion {
    /// The mini-block.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
    /// The reference of the key decision that the award implements.
    pub implements: String,
    /// Why. Nothing about a child.
    pub words: String,
}

impl Command for RecordOpinion {
    const ACTION: Action = Action::Decide;
    const NAME: &'static str = "block.record_opinion";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let block = shown(work, &self.reference, self.version).await?;
        let org = work.org();
        if !block.deciders().contains(&org) {
            return Err(Outcome::NotFound);
        }
        let mut invalid = Invalid::default();
        if self.implements.trim().is_empty() {
            invalid.add("implements", "Enter the reference of the key decision, like HEF-2019-0114");
        }
        if self.words.trim().is_empty() {
            invalid.add("words", "Enter why the award implements that decision");
        }
        invalid.or(())?;
        if block.asks().is_none() {
            return Err(nothing_asked(&block).into());
        }
        let scheme = work.scheme(org).await?;
        let said = (self.implements.trim(), self.words.trim());
        let opinion: BlockOpinion = record_opinion(&block, (org, actor.person), said, &scheme, work.moment())?;
        work.keep_block_opinion(&opinion).await?;
        let event = Event::new("block.opinion_recorded", "block_opinion", block.id.0, 1)
            .with("block", &block.reference)
            .with("step", opinion.step)
            .with("implements", &opinion.implements)
            .with("post", opinion.post);
        work.record(event);
        Ok(page_of(&block))
    }
}
