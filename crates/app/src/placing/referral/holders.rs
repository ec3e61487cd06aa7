//! Those who hold a one-time link to a search: how long the link lasts, and what is new. The link itself is the
//! invitation's; here its invitation is only told of.

use jiff::{SignedDuration, Timestamp};
use placewell_domain::placing::invitation::Invitation;
use placewell_domain::placing::invitation::link::HOURS_AFTER_DEADLINE;
use placewell_store::Work;

use super::sending::wall;
use crate::answer::Answer;
use crate::clock::Machine;
use crate::office::message;

/// Until when a link to an invitation can be used, by the machine's clock.
pub(crate) fn expires(work: &Work, invitation: &Invitation) -> Timestamp {
    let hours = (crate::clock::moment_of(invitation.deadline).at.as_second() - work.moment().at.as_second()) / 3_600;
    Machine::now() + SignedDuration::from_hours(hours.max(0) + HOURS_AFTER_DEADLINE)
}

/// Lets every unused link of an invitation last as long as its deadline now asks, and mails each address what is new.
/// The secret stands in the first mail only, so that this one points to it.
pub(crate) async fn tell_holders(work: &mut Work, invitation: &Invitation, about: &str, what: &str) -> Answer<()> {
    for link in work.unused_links(invitation.authority, invitation.id).await? {
        work.renew_one_time_link(link.id, expires(work, invitation)).await?;
        let subject = format!("{}: {}", invitation.reference, what.to_lowercase());
        let body = format!(
            "{what}.\nOpen the link that we mailed you about {} before: you can use it until a day after {}.",
            invitation.reference,
            wall(invitation.deadline)
        );
        message::mail(work, &link.email, (&subject, &body), &format!("link/{}/{about}", link.id)).await?;
    }
    Ok(())
}
