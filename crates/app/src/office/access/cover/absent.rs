//! What becomes of the covers for a colleague whose own role ends: it is lent for no longer than it is theirs, but where they
//! leave and somebody else arranged the cover.

use jiff::civil::Date;
use placewell_domain::id::PersonId;
use placewell_domain::nights::plus_days;
use placewell_domain::office::access::Role;
use placewell_domain::office::access::cover::Cover;
use placewell_store::Work;

use super::end;
use crate::answer::Answer;

/// Holds somebody and everybody who covers for them before any of it is changed: in one order, as whoever arranges
/// cover holds both.
pub(crate) async fn hold_covered(work: &Work, absent: PersonId) -> Answer<()> {
    let covers = work.covers_for(work.org(), absent).await?;
    let people: Vec<PersonId> = covers.iter().map(|one| one.covering).chain([absent]).collect();
    Ok(work.hold_roles(&people).await?)
}

/// The covers for somebody in a role that go on beyond a day and end with the role.
async fn bound(work: &Work, absent: PersonId, role: Role, beyond: Date) -> Answer<Vec<Cover>> {
    let mut covers = work.covers_for(work.org(), absent).await?;
    covers.retain(|one| one.role == role && one.until > beyond && !one.outlives_role());
    Ok(covers)
}

/// Ends the covers for somebody whose role here has ended, also from a later day on. How many it ended.
pub(crate) async fn end_covers_for(work: &mut Work, absent: PersonId, role: Role, by: PersonId) -> Answer<usize> {
    let today = work.moment().today();
    let covers = bound(work, absent, role, today).await?;
    let ended = covers.len();
    for cover in covers {
        end(work, cover, by).await?;
    }
    Ok(ended)
}

/// The last day of whatever covers somebody in a role, where it goes on beyond a day on which the role would end.
pub(crate) async fn covered_beyond(work: &Work, absent: PersonId, role: Role, to: Date) -> Answer<Option<Date>> {
    let covers = bound(work, absent, role, to).await?;
    Ok(covers.iter().map(|one| one.until).max().map(|until| plus_days(until, -1)))
}
