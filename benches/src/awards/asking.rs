//! One child's way to a request for approval: referral, invitation, offer of a named bed, recommendation.

use std::sync::Arc;

use jiff::civil::{Date, date};
use placewell_app::App;
use placewell_app::placing::approval::{Reasons, Recommend};
use placewell_domain::change::{Change, Event};
use placewell_domain::homes::home::Sex;
use placewell_domain::homes::price::{FunderShares, LineKind, PriceLine};
use placewell_domain::id::{ChildId, InvitationId, OfferId, Reference, ReferenceKind, ReferralId};
use placewell_domain::money::Pence;
use placewell_domain::nights::OPEN_END;
use placewell_domain::office::access::Role;
use placewell_domain::placing::approval::{Gates, Relatives, Wishes};
use placewell_domain::placing::child::{Child, ChildIdentity};
use placewell_domain::placing::invitation::{Asking, Channel, Invitation, Trace};
use placewell_domain::placing::offer::{Offer, OfferTerms, OfferWords, PriceCheck, Submission};
use placewell_domain::placing::referral::{
    LegalBasis, Narrative, Out, Prices, Profile, Referral, ReferralState, SharedWords, Start, Tier,
};
use placewell_domain::power::delegation::RemitArea;
use placewell_store::Work;

use super::world::{AUTHORITY, OFFICER, PROVIDER, actor, done, place_of, told};

const START: Date = date(2021, 9, 20);
const END: Date = date(2023, 3, 31);
const WEEKLY: Pence = Pence::pounds(4_200);

/// The address of the request for approval of the child with this number.
pub async fn recommended(app: &Arc<App>, number: u32) -> anyhow::Result<String> {
    let mut work = app.store.begin(AUTHORITY, app.calendar.now()).await.map_err(told)?;
    let referral = sent(&mut work, number).await?;
    offer(&mut work, &referral, number).await?;
    done(work).await?;
    let officer = actor(OFFICER, Role::PlacementOfficer);
    let command = recommendation(referral.reference.to_string(), referral.version);
    Ok(app.perform(&officer, &format!("r{number}"), command).await.map_err(told)?.location)
}

async fn sent(work: &mut Work, number: u32) -> anyhow::Result<Referral> {
    let (now, id) = (work.moment(), i64::from(number) * 1_000);
    let child = ChildId(id);
    let key = work.new_child_key(AUTHORITY, child).await.map_err(told)?;
    let identity = key.seal(&identity()).map_err(told)?;
    work.apply(Child::record(child, AUTHORITY, AUTHORITY, number, identity)).await.map_err(told)?;
    let start = Start {
        reference: Reference { authority: "HEF".into(), kind: ReferenceKind::Referral, number },
        authority: AUTHORITY,
        child,
        officer: OFFICER,
        group: None,
        copied_from: None,
        profile: Profile {
            age: Some(13),
            lot: Some("planned".into()),
            legal_basis: Some(LegalBasis::FullCareOrder),
            start: Some(START),
            planned_end: Some(END),
            ..Profile::default()
        },
        narrative: key.seal(&Narrative::default()).map_err(told)?,
    };
    let referral = work.apply(Referral::start(ReferralId(id), start, now)).await.map_err(told)?;
    let deadline = now.local.saturating_add(jiff::Span::new().hours(4));
    let scoring = Some(placewell_domain::placing::referral::Scoring::starting());
    let out = Out { sent: now.local, deadline, prices: Prices::Open, closed_early: None, emergency: None, scoring };
    let sent = Referral { version: 2, state: ReferralState::Out(out), ..referral };
    work.apply(Change::to(sent, Event::new("referral.sent", "referral", id, 2))).await.map_err(told)
}

async fn offer(work: &mut Work, referral: &Referral, number: u32) -> anyhow::Result<()> {
    let (now, id) = (work.moment(), InvitationId(referral.id.0 + 10));
    let key = work.new_invitation_key(PROVIDER, id, referral.child).await.map_err(told)?;
    let asking = Asking {
        number: 1,
        referral: referral.id,
        reference: referral.reference.clone(),
        authority: AUTHORITY,
        provider: PROVIDER,
        home: place_of(number).0,
        tier: Tier::Fca,
        deadline: now.local.saturating_add(jiff::Span::new().hours(4)),
        prices: Prices::Open,
        scoring: None,
        profile: referral.profile.for_homes(),
        words: key.seal(&SharedWords::default()).map_err(told)?,
        trace: Trace::default(),
    };
    let invitation = work.apply(Invitation::ask(id, asking, now)).await.map_err(told)?;
    let words = key.seal(&OfferWords::default()).map_err(told)?;
    let draft = Offer::draft(OfferId(id.0 + 1), &invitation, terms(number), words, now).map_err(told)?;
    let draft = work.apply(draft).await.map_err(told)?;
    let sent = Submission {
        at: now.local,
        page_opened: None,
        channel: Channel::Portal,
        entered: None,
        evidence: None,
        late_reason: None,
    };
    let change = draft.send(&PriceCheck::default(), sent, &invitation, now).map_err(told)?;
    let offer = work.apply(change).await.map_err(told)?;
    work.apply(invitation.offered(offer.id).map_err(told)?).await.map_err(told)?;
    Ok(())
}

fn terms(number: u32) -> OfferTerms {
    let core = PriceLine {
        kind: LineKind::Core,
        label: "Core price".into(),
        weekly: WEEKLY,
        from: START,
        to: OPEN_END,
        origin: START,
        shares: FunderShares::AUTHORITY,
        support: None,
        reason: String::new(),
    };
    OfferTerms {
        bed: Some(place_of(number).1),
        start: START,
        lines: vec![core],
        must_haves: Vec::new(),
        solo: false,
        keeps_school: Some(true),
        residents: Vec::new(),
        valid_until: date(2021, 9, 30).at(17, 0, 0, 0),
    }
}

fn recommendation(reference: String, version: i64) -> Recommend {
    let reasons = Reasons { number: 1, for_it: "Keeps the school".into(), against: "Dearer".into(), not_chosen: None };
    Recommend {
        reference,
        version,
        number: 1,
        planned_end: END,
        case: RemitArea::ChildrenLookedAfter,
        reasons: vec![reasons],
        gates: Gates {
            wishes: Wishes::Ascertained,
            most_appropriate: true,
            in_care_plan: true,
            relatives: Relatives::Consulted,
            reviewing_officer: Some(date(2021, 9, 10)),
            area_authority: Some(date(2021, 9, 10)),
            care_plan_sent: true,
        },
        wishes: "Wants to stay near her brother".into(),
        social_worker: String::new(),
        relatives: String::new(),
        circumstances: "One home could take her".into(),
    }
}

fn identity() -> ChildIdentity {
    ChildIdentity {
        family_name: "Canary".into(),
        given_names: "Wren".into(),
        known_as: None,
        born: date(2008, 3, 1),
        sex: Sex::Female,
        case_number: "C1".into(),
        home_postcode: None,
        school: None,
        other_names: Vec::new(),
    }
}
