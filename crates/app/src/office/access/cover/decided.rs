//! What nobody decides who has a role by a cover alone: cover moves tasks, never power (rule 1.1). Most decisions rest on a post
//! or a power, which no cover lends; those that rest on the role alone ask here: an approver's of an erasure, and a lead's of a
//! price that rises or is changed by hand, a measure, an outcome, its challenge, and an admission without one. To record what
//! another has decided is a task. An approver's way into a sealed record without a reason is none either: whoever covers says
//! why, as an officer does.

use jiff::civil::Date;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Refusal;
use placewell_store::office::person::welcome::GivenBy;
use placewell_store::{Session, Work};

use crate::answer::Answer;
use crate::command::App;

impl App {
    /// Whether a cover alone lends the actor the role in which they act: what it does not let them decide is not offered.
    pub async fn role_is_lent(&self, actor: &Actor) -> Answer<bool> {
        let session = self.store.read(Some(actor.organisation)).await?;
        by_cover_alone(&session, actor, self.calendar.now().today()).await
    }
}

/// Whether the actor is lent the role in which they act, and holds it by nothing else on a day.
pub(crate) async fn by_cover_alone(session: &Session, actor: &Actor, on: Date) -> Answer<bool> {
    let roles = session.colleagues(actor.organisation, on, Some(actor.person)).await?;
    let held: Vec<GivenBy> =
        roles.iter().filter(|one| one.role == actor.role && one.from <= on).map(|one| one.by).collect();
    Ok(!held.is_empty() && held.iter().all(|by| *by == GivenBy::Cover))
}

/// Refuses where the actor is lent the role in which they act, and holds it by nothing else today.
pub(crate) async fn by_own_role(work: &Work, actor: &Actor) -> Answer<()> {
    if !by_cover_alone(work, actor, work.moment().today()).await? {
        return Ok(());
    }
    Err(Refusal::new(
        "cover_decides_nothing",
        "Cover for leave moves tasks, never power (rule 1.1)",
        "You have this role for the days of a cover, which lends its tasks and none of its decisions.",
        "Somebody who has the role without a cover; where nobody is, your administrator, by giving it to a colleague",
    )
    .into())
}
