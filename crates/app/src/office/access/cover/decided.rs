//! What nobody decides who has a role by a cover alone: cover moves tasks, never power (rule 1.1). Most decisions rest on a post
//! or a power, which no cover lends; those that rest on the role alone ask here: an approver's of an erasure, and a lead's of a
//! rise in price, a measure and an outcome. To record what another has decided is a task.

use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Refusal;
use placewell_store::Work;
use placewell_store::office::person::welcome::GivenBy;

use crate::answer::Answer;

/// Refuses where the actor is lent the role in which they act, and holds it by nothing else today.
pub(crate) async fn by_own_role(work: &Work, actor: &Actor) -> Answer<()> {
    let today = work.moment().today();
    let roles = work.colleagues(work.org(), today, Some(actor.person)).await?;
    let held: Vec<GivenBy> =
        roles.iter().filter(|one| one.role == actor.role && one.from <= today).map(|one| one.by).collect();
    if held.is_empty() || held.iter().any(|by| *by != GivenBy::Cover) {
        return Ok(());
    }
    Err(Refusal::new(
        "cover_decides_nothing",
        "Cover for leave moves tasks, never power (rule 1.1)",
        "You have this role for the days of a cover, which lends its tasks and none of its decisions.",
        "somebody who has the role without a cover",
    )
    .into())
}
