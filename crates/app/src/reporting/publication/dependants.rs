//! What depends on a decision, with what happens to it while the decision is called in (rule 2.1).

use std::collections::BTreeSet;

use jiff::civil::Date;

use placewell_domain::buying::block::{Block, BlockState};
use placewell_domain::id::DecisionId;
use placewell_domain::money::Pence;
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::placing::agreement::Agreement;
use placewell_domain::placing::approval::{GivenBasis, PowerFact};
use placewell_domain::power::decision::{Decision, LimbPower, Standing};
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
    Some(Dependant { what: format!("{count} {words} {kind}, {weekly} a week"), path: None, held: Held::GoesOn })
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

/// What waits for somebody's approval under it: placements, and mini-blocks that this authority pays for.
async fn waiting(session: &Session, decision: &Decision) -> Answer<Vec<Dependant>> {
    let org = decision.authority;
    let cites = |fact: &PowerFact| matches!(fact, PowerFact::Limb { decision: cited, .. } if *cited == decision.id);
    let open = session.approvals(org, ApprovalTab::Open, MOST).await?;
    let approvals = open.iter().filter(|approval| cites(&approval.facts.power));
    let mut found: Vec<Dependant> =
        approvals.map(|approval| held(format!("Approval {} waits", approval.reference))).collect();
    if decision.page.limbs.iter().any(|limb| limb.gives(&[LimbPower::AwardMiniBlocks])) {
        let blocks = session.blocks().await?;
        let own = blocks.iter().filter(|block| block.share_of(org).is_some() && waits(block));
        found.extend(own.map(|block| held(format!("Mini-block {}: this authority's approval waits", block.reference))));
    }
    Ok(found)
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
        found.extend(waiting(&session, decision).await?);
        let (coming, _) = session.agreements(org, AgreementTab::Coming, (0, MOST)).await?;
        let (live, _) = session.agreements(org, AgreementTab::Live, (0, MOST)).await?;
        found.extend(agreements(&coming, decision.id, false));
        found.extend(agreements(&live, decision.id, true));
        Ok(found)
    }
}
