//! What came before a stay that is brought in: the search that led to it, and the home's answer that was taken.

use placewell_domain::change::Event;
use placewell_domain::homes::home::Home;
use placewell_domain::id::{AgreementId, ChildId, InvitationId, OfferId, Reference, ReferenceKind, ReferralId};
use placewell_domain::placing::child::age_on;
use placewell_domain::placing::invitation::{Asking, Channel, Invitation, InvitationState, Trace};
use placewell_domain::placing::occupancy::BedUse;
use placewell_domain::placing::offer::{Offer, OfferState, OfferTerms, OfferWords, Submission};
use placewell_domain::placing::referral::{
    Narrative, Out, Plan, Prices, Profile, Referral, ReferralState, SharedWords,
};
use placewell_exchange::placing::agreement::HistoryRow;
use placewell_store::Work;
use placewell_store::work::Record as _;

use super::{Books, lines};
use crate::answer::Answer;
use crate::clock::moment_of;

/// The search that led to it, as it ended.
pub(super) async fn searched(
    work: &mut Work,
    books: &Books,
    row: &HistoryRow,
    (child, agreement): (ChildId, AgreementId),
) -> Answer<Referral> {
    let key = work.child_key(work.org(), child).await?;
    let at = row.start.at(9, 0, 0, 0);
    let out = Out {
        sent: at,
        deadline: row.start.at(17, 0, 0, 0),
        prices: Prices::Open,
        closed_early: None,
        emergency: None,
        scoring: None,
    };
    let number = work.next_number("referral").await?;
    let referral = Referral {
        id: ReferralId(work.new_id()),
        version: 1,
        reference: Reference { authority: books.authority.code.clone(), kind: ReferenceKind::Referral, number },
        authority: work.org(),
        child,
        officer: books.officer,
        group: None,
        copied_from: None,
        started: at,
        profile: Profile {
            age: Some(age_on(row.born, row.start)),
            sex: Some(row.sex),
            lot: Some(row.lot.clone()).filter(|lot| !lot.is_empty()),
            start: Some(row.start),
            planned_end: Some(row.planned_end),
            ..Profile::default()
        },
        narrative: key.seal(&Narrative::default())?,
        plan: Plan::default(),
        state: ReferralState::Placed { out, agreement, started: row.start },
    };
    referral.write(work).await?;
    let event = Event::new("referral.imported", "referral", referral.id.0, 1);
    work.record(event.with("state", referral.state.name()).with("origin", row.origin.code()));
    Ok(referral)
}

/// The home's answer that was taken.
pub(super) async fn offered(
    work: &mut Work,
    books: &mut Books,
    referral: &Referral,
    (home, used): (&Home, &BedUse),
    (row, agreement): (&HistoryRow, AgreementId),
) -> Answer<OfferId> {
    let (id, offer) = (InvitationId(work.new_id()), OfferId(work.new_id()));
    books.invitations.push(id.0);
    books.offers.push(offer.0);
    books.stays.push(used.id.0);
    let key = work.new_invitation_key(home.provider, id, referral.child).await?;
    let sent = row.start.at(9, 0, 0, 0);
    let asking = Asking {
        number: 1,
        referral: referral.id,
        reference: referral.reference.clone(),
        authority: work.org(),
        provider: home.provider,
        home: home.id,
        tier: row.origin.tier(),
        deadline: row.start.at(17, 0, 0, 0),
        prices: Prices::Open,
        scoring: None,
        profile: referral.profile.for_homes(),
        words: key.seal(&SharedWords::default())?,
        trace: Trace::default(),
    };
    let (mut invitation, _) = Invitation::ask(id, asking, moment_of(sent)).into_parts();
    invitation.state = InvitationState::Offered { offer };
    invitation.write(work).await?;
    let terms = OfferTerms {
        bed: Some(used.bed),
        start: row.start,
        lines: lines(row),
        must_haves: Vec::new(),
        solo: row.solo,
        keeps_school: None,
        residents: Vec::new(),
        valid_until: row.start.at(17, 0, 0, 0),
    };
    let words = key.seal(&OfferWords::default())?;
    let (mut made, _) = Offer::draft(offer, &invitation, terms, words, moment_of(sent))?.into_parts();
    made.submission = Some(Submission {
        at: sent,
        page_opened: None,
        channel: Channel::InPerson,
        entered: None,
        evidence: None,
        late_reason: None,
    });
    made.state = OfferState::Accepted { agreement };
    made.write(work).await?;
    Ok(offer)
}
