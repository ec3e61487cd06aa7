//! What depends on a decision, with what happens to it while the decision is called in (rule 2.1).

use std::collections::BTreeSet;

use jiff::civil::Date;

use placewell_domain::buying::block::{Block, BlockApproval, BlockApprovalState, BlockState};
use placewell_domain::calendar::long_date;
use placewell_domain::id::DecisionId;
use placewell_domain::money::Pence;
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::placing::agreement::Agreement;
use placewell_domain::placing::approval::{GivenBasis, PowerFact};
use placewell_domain::power::decision::{Decision, DelegatedState, LimbPower, Standing};
use placewell_store::Session;
use placewell_store::placing::agreement::AgreementTab;
use placewell_store::placing::approval::ApprovalTab;

use crate::answer::Answer;
use crate::command::App;

/// No authority has more of one kind open at one time.
const MOST: u32 = 5_000;

/// What becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// Held until the decision maker confirms.
    Held,
    /// Not touched: it was made while the power held.
    GoesOn,
}

/// Something that rests on a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependant {
    /// What it is, in words; its reference first where it has one.
    pub what: String,
    /// Its own page, where the reader may open it.
    pub path: Option<String>,
    /// What becomes of it while the decision is called in.
    pub held: Held,
}

fn held(what: String) -> Dependant {
    Dependant { what, path: None, held: Held::Held }
}

fn goes_on(what: String) -> Dependant {
    Dependant { what, path: None, held: Held::GoesOn }
}

fn rests_on(agreement: &Agreement, decision: DecisionId) -> bool {
    agreement.rests_on.iter().any(|one| matches!(&one.basis, GivenBasis::Limb { power } if power.decision == decision))
}

/// Agreements under it, counted; a democratic services officer reads their number and weekly price, no child and no home.
fn agreements(found: &[Agreement], decision: DecisionId, signed: bool) -> Option<Dependant> {
    let under: Vec<&Agreement> = found.iter().filter(|agreement| rests_on(agreement, decision)).collect();
    if under.is_empty() {
        return None;
    }
    let weekly: Pence = under.iter().map(|agreement| agreement.weekly()).sum();
    let (count, kind) = (under.len(), if signed { "live" } else { "awarded, not started" });
    let words = if count == 1 { "agreement" } else { "agreements" };
    Some(goes_on(format!("{count} {words} {kind}, {weekly} a week")))
}

/// A mini-block that waits for this authority's approval: it would be given under a limb of the decision.
fn waits(block: &Block) -> bool {
    matches!(block.state, BlockState::Recommended) || block.pending.is_some()
}

/// The ceiling that it sets, where it sets one: in the ledger already, or not yet.
async fn ceiling(session: &Session, decision: &Decision) -> Answer<Option<Dependant>> {
    let Some(annual) = decision.page.annual_value() else { return Ok(None) };
    let steps = session.ceiling_steps(decision.authority).await?;
    let own = steps.into_iter().filter(|step| step.reference == decision.reference);
    let years: BTreeSet<Date> = own.map(|step| step.year_start).collect();
    Ok(Some(match years.len() {
        0 => held(format!("The ceiling of {annual} a year: not set while the decision has no effect")),
        count => Dependant {
            what: format!("The ceiling of {annual} a year, set for {count} contract years"),
            path: Some("/finance/annual-value".to_owned()),
            held: Held::Held,
        },
    }))
}

/// What waits for somebody's approval under it.
async fn waiting(session: &Session, decision: &Decision) -> Answer<Vec<Dependant>> {
    let org = decision.authority;
    let cites = |fact: &PowerFact| matches!(fact, PowerFact::Limb { decision: cited, .. } if *cited == decision.id);
    let open = session.approvals(org, ApprovalTab::Open, MOST).await?;
    let approvals = open.iter().filter(|approval| cites(&approval.facts.power));
    Ok(approvals.map(|approval| held(format!("Approval {} waits", approval.reference))).collect())
}

/// Mini-blocks that this authority pays for: approved under the decision, or waiting for an approval that it would carry.
async fn blocks(session: &Session, decision: &Decision) -> Answer<Vec<Dependant>> {
    let org = decision.authority;
    let carries = decision.page.limbs.iter().any(|limb| limb.gives(&[LimbPower::AwardMiniBlocks]));
    let mut found = Vec::new();
    for block in session.blocks().await?.iter().filter(|block| block.share_of(org).is_some()) {
        if !block.runs() && !waits(block) {
            continue;
        }
        let mut own = session.block_approvals(block.id).await?;
        own.retain(|one| one.authority == org);
        let reference = &block.reference;
        let given = own.iter().filter_map(|one| given_under(one, decision.id)).next_back();
        if let Some(limb) = given {
            let stands = if block.runs() { "runs" } else { "waits for the others" };
            found.push(goes_on(format!("Mini-block {reference} {stands}, approved under limb ({limb})")));
        }
        if carries && waits(block) && !own.iter().any(|one| one.step == block.step) {
            found.push(held(format!("Mini-block {reference}: this authority's approval waits")));
        }
    }
    Ok(found)
}

/// The limb under which an approval was given, where it is one of the decision's.
fn given_under(approval: &BlockApproval, decision: DecisionId) -> Option<String> {
    match &approval.state {
        BlockApprovalState::Given { power, .. } if power.decision == decision => Some(power.letter.to_string()),
        BlockApprovalState::Given { .. } | BlockApprovalState::Refused { .. } => None,
    }
}

/// What officers decided under it: drafts are held, what is published stands.
async fn officers(session: &Session, decision: &Decision) -> Answer<Vec<Dependant>> {
    let all = session.delegated_decisions(decision.authority).await?;
    let under = all.into_iter().filter(|one| one.under == decision.id).filter_map(|one| {
        let (words, held) = match one.state {
            DelegatedState::Draft => ("in draft", Held::Held),
            DelegatedState::Published { .. } => ("published", Held::GoesOn),
            DelegatedState::Withdrawn { .. } => return None,
        };
        Some(Dependant {
            what: format!("Officer decision {}, {words}, under limb ({})", one.reference, one.limb),
            path: Some(format!("/democratic/officer-decisions/{}", one.reference)),
            held,
        })
    });
    Ok(under.collect())
}

/// What the authority did about the arrangement under it: used an extension, accepted terms, left.
async fn own_acts(session: &Session, decision: &Decision) -> Answer<Vec<Dependant>> {
    let uses = session.arrangement_uses().await?;
    let uses = uses.into_iter().filter(|one| one.power.decision == decision.id);
    let mut found: Vec<Dependant> =
        uses.map(|one| goes_on(format!("{}, decided on {}", one.decision.words(), long_date(one.on)))).collect();
    let left = session.leavings().await?.into_iter().filter(|one| one.power.decision == decision.id);
    found.extend(left.map(|one| {
        let (from, on) = (long_date(one.from), long_date(one.on));
        goes_on(format!("Leaves the arrangement from {from}, decided on {on}"))
    }));
    Ok(found)
}

/// Powers of its limbs that were passed on to an officer and hold on a day or later: by title, never by name.
async fn passed_on(session: &Session, decision: &Decision, today: Date) -> Answer<Vec<Dependant>> {
    let all = session.sub_delegations(decision.authority).await?;
    let under = all.into_iter().map(|one| one.fact).filter(|one| one.decision == decision.id && one.to > today);
    Ok(under.map(|one| held(format!("Limb ({}) passed on to {}", one.letter, one.title))).collect())
}

impl App {
    /// What depends on a decision of the actor's own authority; of one that is called in also the powers that it gives.
    pub async fn dependants(&self, actor: &Actor, decision: &Decision) -> Answer<Vec<Dependant>> {
        let session = self.see(actor, Action::SeeDecisions).await?;
        let (org, today) = (actor.organisation, self.calendar.now().today());
        let mut found = Vec::new();
        if decision.standing(today) == Standing::CalledIn {
            for limb in &decision.page.limbs {
                let powers = limb.effects.iter().map(|effect| format!("Limb ({}): {}", limb.letter, effect.sentence()));
                found.extend(powers.map(held));
            }
        }
        found.extend(ceiling(&session, decision).await?);
        found.extend(passed_on(&session, decision, today).await?);
        found.extend(waiting(&session, decision).await?);
        found.extend(blocks(&session, decision).await?);
        found.extend(officers(&session, decision).await?);
        found.extend(own_acts(&session, decision).await?);
        let (coming, _) = session.agreements(org, AgreementTab::Coming, (0, MOST)).await?;
        let (live, _) = session.agreements(org, AgreementTab::Live, (0, MOST)).await?;
        found.extend(agreements(&coming, decision.id, false));
        found.extend(agreements(&live, decision.id, true));
        Ok(found)
    }
}
