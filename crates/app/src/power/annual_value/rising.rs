//! Rises in price that the region has granted and this authority has not answered yet. They commit nothing before they are
//! confirmed; the run-rate and what is expected of a year have them from the decision on.

use jiff::civil::Date;
use placewell_domain::id::OrganisationId;
use placewell_domain::power::annual_value::Commitment;
use placewell_store::Session;

use crate::answer::Answer;

/// Every commitment in its order, those at which a rise waits at the granted price from its first night on. What a schedule that
/// was corrected since does not have is expected of nobody.
pub(super) async fn risen(
    session: &Session,
    org: OrganisationId,
    commitments: &[Commitment],
    today: Date,
) -> Answer<Vec<Commitment>> {
    let mut risen = commitments.to_vec();
    let mut uplifts = session.uplifts().await?;
    uplifts.retain(|uplift| !uplift.grants().is_empty());
    if uplifts.is_empty() {
        return Ok(risen);
    }
    let agreements = session.arrangement_agreements_of(org).await?;
    uplifts.retain(|uplift| agreements.iter().any(|one| one.terms.home == uplift.home));
    let mut granted = Vec::with_capacity(uplifts.len());
    // They come the latest first; the earlier one is confirmed before the later.
    for uplift in uplifts.into_iter().rev() {
        let scheduled = session.scheduled_for(&uplift).await?;
        granted.push((uplift, scheduled));
    }
    for agreement in agreements {
        let Some(raised) = agreement.at_granted(&granted) else { continue };
        if let Some(known) = risen.iter_mut().find(|known| known.agreement == agreement.id) {
            known.lines = raised.commitment(today).lines;
        }
    }
    Ok(risen)
}
