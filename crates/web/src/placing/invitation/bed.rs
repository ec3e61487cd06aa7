//! The beds that the form of an offer lets its provider choose from, or the officer who enters it.

use jiff::civil::Date;
use placewell_app::placing::offer::bed::FreeBed;
use placewell_domain::office::person::Actor;
use placewell_domain::placing::invitation::Invitation;
use placewell_pages::placing::offer::Mode;
use placewell_pages::placing::offer::bed::BedChoice;

use crate::request::Visit;
use crate::respond::{Failure, OrFail};

/// The beds that are free from a first night. A link shows its holder the one answer that it is for: which other searches
/// the provider answers, stays with the provider.
pub(crate) async fn choices(
    visit: &Visit,
    actor: &Actor,
    (invitation, first): (&Invitation, Date),
    mode: Mode,
) -> Result<Vec<BedChoice>, Failure> {
    let free = visit.app().beds_to_offer(actor, invitation, first).await.or_fail(visit)?;
    let choice = |bed: FreeBed| BedChoice {
        id: bed.id.to_string(),
        label: bed.label,
        elsewhere: if mode == Mode::Link { Vec::new() } else { bed.elsewhere },
    };
    Ok(free.into_iter().map(choice).collect())
}
