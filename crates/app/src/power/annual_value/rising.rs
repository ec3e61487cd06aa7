//! Rises in price that the region has granted and this authority has not answered yet. They commit nothing before they are
//! confirmed; the run-rate and what is expected of a year have them from the decision on.

use jiff::civil::Date;
use placewell_domain::id::OrganisationId;
use placewell_domain::power::annual_value::Commitment;
use placewell_store::Session;

use crate::answer::Answer;

/// Every commitment in its order, those at which a rise waits at the granted price from its first night on.
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
    // They come the latest first; the earlier one is confirmed before the later.
    uplifts.reverse();
    for agreement in session.arrangement_agreements_of(org).await? {
        let Some(raised) = agreement.at_granted(&uplifts) else { continue };
        if let Some(known) = risen.iter_mut().find(|known| known.agreement == agreement.id) {
            known.lines = raised.commitment(today).lines;
        }
    }
    Ok(risen)
}
