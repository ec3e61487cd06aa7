//! The approvals that stand still while the decision that they are asked under is called in.

use placewell_domain::id::DecisionId;
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::placing::approval::PowerFact;

use super::ApprovalTab;
use crate::answer::Answer;
use crate::command::App;

/// No authority has more requests open at one time.
const MOST: u32 = 500;

impl App {
    /// The references of the open requests of the actor's authority that cite a decision, such as `HEF-D-0088`.
    pub async fn approvals_under(&self, actor: &Actor, decision: DecisionId) -> Answer<Vec<String>> {
        let session = self.see(actor, Action::SeeDecisions).await?;
        let open = session.approvals(actor.organisation, ApprovalTab::Open, MOST).await?;
        let cites = |fact: &PowerFact| matches!(fact, PowerFact::Limb { decision: cited, .. } if *cited == decision);
        let found = open.into_iter().filter(|approval| cites(&approval.facts.power));
        Ok(found.map(|approval| approval.reference.to_string()).collect())
    }
}
