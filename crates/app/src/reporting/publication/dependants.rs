//! What depends on a decision, with what happens to it while the decision is called in (rule 2.1).

use std::collections::BTreeSet;

use placewell_domain::buying::block::Block;
use placewell_domain::buying::block::BlockState;
use placewell_domain::id::DecisionId;
use placewell_domain::money::Pence;
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::placing::agreement::Agreement;
use placewell_domain::placing::approval::{GivenBasis, PowerFact};
use placewell_domain::power::decision::{Decision, Standing};
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

impl App {
    /// What depends on a decision of the actor's own authority.
    pub async fn dependants(&self, actor: &Actor, decision: &Decision) -> Answer<Vec<Dependant>> {
        let session = self.see(actor, Action::SeeDecisions).await?;
        let (org, today) = (actor.organisation, self.calendar.now().today());
        let mut found: Vec<Dependant> = decision
            .page
            .limbs
            .iter()
            .flat_map(|limb| limb.effects.iter().map(|effect| format!("Limb ({}): {}", limb.letter, effect.sentence())))
            .map(held)
            .collect();
        if let Some(annual) = decision.page.annual_value() {
            let set: BTreeSet<_> = session
                .ceiling_steps(org)
                .await?
                .into_iter()
                .filter(|step| step.reference == decision.reference)
                .map(|step| step.year_start)
                .collect();
            found.push(match set.len() {
                0 => held(format!("The ceiling of {annual} a year: not set while the decision has no effect")),
                years => Dependant {
                    what: format!(
                        "The ceiling of {annual} a year, set for {years} contract years: nothing new is \
                                   awarded against it by this decision"
                    ),
                    path: Some("/finance/annual-value".to_owned()),
                    held: Held::Held,
                },
            });
        }
        let cites = |fact: &PowerFact| matches!(fact, PowerFact::Limb { decision: cited, .. } if *cited == decision.id);
        for approval in session.approvals(org, ApprovalTab::Open, MOST).await? {
            if cites(&approval.facts.power) {
                found.push(held(format!("Approval {} waits", approval.reference)));
            }
        }
        let powers = decision
            .page
            .limbs
            .iter()
            .any(|limb| limb.gives(&[placewell_domain::power::decision::LimbPower::AwardMiniBlocks]));
        for block in session.blocks().await?.iter().filter(|block| powers && block.share_of(org).is_some()) {
            if waits(block) {
                found.push(held(format!("Mini-block {}: this authority's approval waits", block.reference)));
            }
        }
        let (coming, _) = session.agreements(org, AgreementTab::Coming, (0, MOST)).await?;
        let (live, _) = session.agreements(org, AgreementTab::Live, (0, MOST)).await?;
        found.extend(agreements(&coming, decision.id, false));
        found.extend(agreements(&live, decision.id, true));
        if !matches!(decision.standing(today), Standing::CalledIn) {
            found.retain(|one| !one.what.starts_with("Limb ("));
        }
        Ok(found)
    }
}
