//! Leaving a tier out is decided by the holder of a power (rule 1.2). The officer who sends records it as said, and whoever
//! decided confirms it in writing by noon of the next working day; until then it is listed and counted.

use super::Referral;
use crate::change::Change;
use crate::clock::Moment;
use crate::id::PersonId;
use crate::outcome::Refusal;
use crate::power::delegation::Said;

impl Referral {
    /// Decisions to leave a tier out that wait to be confirmed.
    pub fn skips_to_confirm(&self) -> impl Iterator<Item = &Said> {
        self.plan.left_out.iter().filter_map(|left| left.said.as_ref()).filter(|said| said.waits())
    }

    /// Whoever decided to leave tiers out confirms it in writing: all of theirs that wait.
    pub fn confirm_skips(self, by: PersonId, moment: Moment) -> Result<Change<Self>, Refusal> {
        let mine = |said: &&Said| said.by == by;
        if !self.skips_to_confirm().any(|said| mine(&said)) {
            return Err(self.cannot("be confirmed by you", "no tier left out here waits for you to confirm it"));
        }
        let late = self.skips_to_confirm().filter(mine).any(|said| said.overdue(moment));
        let event = self.event("referral.skips_confirmed").with("late", late);
        let mut next = self;
        for left in &mut next.plan.left_out {
            if let Some(said) = left.said.take() {
                let waits = said.waits() && said.by == by;
                left.said = Some(if waits { said.confirm(by, moment)? } else { said });
            }
        }
        let state = next.state.clone();
        Ok(next.to(state, event))
    }
}
