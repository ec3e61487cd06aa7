//! A child's referral that asked a home as a mini-block vacancy, its offer, and the agreement that an award makes of it,
//! written as the placing rooms write them. Everything is invented.

use jiff::civil::{Date, date};
use placewell_app::power::annual_value::{Allowed, commit};
use placewell_domain::authority::DistanceClass;
use placewell_domain::change::{Change, Event};
use placewell_domain::homes::price::{FunderShares, LineKind, PriceLine};
use placewell_domain::id::{
    AgreementId, BedId, ChildId, HomeId, InvitationId, OfferId, OrganisationId, PersonId, Reference, ReferenceKind,
    ReferralId,
};
use placewell_domain::money::Pence;
use placewell_domain::nights::OPEN_END;
use placewell_domain::office::access::Role;
use placewell_domain::office::person::Actor;
use placewell_domain::placing::agreement::{
    Added, Agreement, AgreementState, AgreementTerms, STANDARD_NOTICE, Signatures,
};
use placewell_domain::placing::child::{Child, ChildIdentity};
use placewell_domain::placing::invitation::{Asking, Invitation, Trace};
use placewell_domain::placing::offer::OfferTerms;
use placewell_domain::placing::referral::{
    LegalBasis, Narrative, Out, Prices, Profile, Referral, ReferralState, SharedWords, Start, Tier,
};
use placewell_domain::power::annual_value::Route;
use placewell_domain::power::delegation::RemitArea;
use placewell_store::keys::RecordKey;
use placewell_store::placing::agreement::at_block_job;

use super::world::{HEF, LARK, SHR, World, director, done};
use crate::award::world::sent;

/// A placement officer of an authority.
pub fn officer(org: OrganisationId) -> Actor {
    Actor { person: PersonId(org.0 * 10 + 15), role: Role::PlacementOfficer, ..director(org) }
}

/// Four searches of each of two authorities for the same nights, numbered from `first`.
pub async fn referrals(world: &World, first: u32) -> Vec<(OrganisationId, String)> {
    let (from, to) = (date(2022, 1, 10), date(2022, 3, 21));
    let mut all = Vec::new();
    for number in first..first + 4 {
        for org in [HEF, SHR] {
            all.push((org, referral(world, org, number, from, to).await));
        }
    }
    all
}

fn ids(org: OrganisationId, number: u32) -> i64 {
    org.0 * 1_000_000 + i64::from(number) * 100
}

fn line(weekly: Pence, from: Date) -> PriceLine {
    PriceLine {
        kind: LineKind::Core,
        label: "Core price".into(),
        weekly,
        from,
        to: OPEN_END,
        origin: from,
        shares: FunderShares::AUTHORITY,
        reason: String::new(),
        support: None,
    }
}

fn identity() -> ChildIdentity {
    ChildIdentity {
        family_name: "Canary".into(),
        given_names: "Wren".into(),
        known_as: None,
        born: jiff::civil::date(2008, 3, 1),
        sex: placewell_domain::homes::home::Sex::Female,
        case_number: "C1".into(),
        home_postcode: None,
        school: None,
        other_names: Vec::new(),
    }
}

/// A referral that is out, with home 1 asked as a mini-block vacancy and its offer at £3,500 a week; its reference.
pub async fn referral(world: &World, org: OrganisationId, number: u32, start: Date, end: Date) -> String {
    let now = world.app.calendar.now();
    let mut work = world.work(org).await;
    let id = ids(org, number);
    let child = ChildId(id);
    let key = work.new_child_key(org, child).await.unwrap();
    work.apply(Child::record(child, org, org, number, key.seal(&identity()).unwrap())).await.unwrap();
    let authority = if org == HEF { "HEF" } else { "SHR" };
    let reference = Reference { authority: authority.into(), kind: ReferenceKind::Referral, number };
    let profile = Profile {
        age: Some(13),
        lot: Some("planned".into()),
        legal_basis: Some(LegalBasis::FullCareOrder),
        start: Some(start),
        planned_end: Some(end),
        ..Profile::default()
    };
    let begun = Start {
        reference: reference.clone(),
        authority: org,
        child,
        officer: officer(org).person,
        group: None,
        copied_from: None,
        profile,
        narrative: key.seal(&Narrative::default()).unwrap(),
    };
    let referral = work.apply(Referral::start(ReferralId(id), begun, now)).await.unwrap();
    let deadline = now.local.saturating_add(jiff::Span::new().hours(4));
    let scoring = Some(placewell_domain::placing::referral::Scoring::starting());
    let out = Out { sent: now.local, deadline, prices: Prices::Open, closed_early: None, emergency: None, scoring };
    let event = Event::new("referral.sent", "referral", id, 2);
    let referral = Referral { version: 2, state: ReferralState::Out(out), ..referral };
    let referral = work.apply(Change::to(referral, event)).await.unwrap();
    let invitation = InvitationId(id + 1);
    let shared = work.new_invitation_key(LARK, invitation, child).await.unwrap();
    let asking = Asking {
        number: 1,
        referral: referral.id,
        reference: reference.clone(),
        authority: org,
        provider: LARK,
        home: HomeId(1),
        tier: Tier::MiniBlock,
        deadline,
        prices: Prices::Open,
        scoring: None,
        profile: referral.profile.for_homes(),
        words: shared.seal(&SharedWords::default()).unwrap(),
        trace: Trace::default(),
    };
    let invitation = work.apply(Invitation::ask(invitation, asking, now)).await.unwrap();
    offered(&mut work, invitation, (id + 2, shared), start).await;
    done(work).await;
    reference.to_string()
}

/// The home's offer for it, sent.
async fn offered(
    work: &mut placewell_store::Work,
    invitation: Invitation,
    (id, shared): (i64, RecordKey),
    start: Date,
) {
    let terms = OfferTerms {
        bed: None,
        start,
        lines: vec![line(Pence(350_000), start)],
        must_haves: Vec::new(),
        solo: false,
        keeps_school: None,
        residents: Vec::new(),
        valid_until: invitation.deadline,
    };
    sent(work, invitation, (OfferId(id), &shared), terms).await;
}

/// The agreement of that referral, in the transaction in which an award commits it; its reference. SHR's is at the price
/// at which nights were offered to it.
pub async fn award(world: &World, org: OrganisationId, number: u32, bed: i64, (start, end): (Date, Date)) -> String {
    let mut work = world.work(org).await;
    let id = ids(org, number);
    let authority = if org == HEF { "HEF" } else { "SHR" };
    let reference = Reference { authority: authority.into(), kind: ReferenceKind::Agreement, number };
    let weekly = if org == HEF { Pence(350_000) } else { Pence(315_000) };
    let terms = AgreementTerms {
        route: Route::Block,
        lot: "planned".into(),
        home: HomeId(1),
        bed: Some(BedId(100 + bed)),
        solo: false,
        start,
        lines: vec![line(weekly, start)],
        notice: STANDARD_NOTICE.to_vec(),
        charged: placewell_domain::nights::ChargedDays::default(),
        terms_version: String::new(),
        specification_version: String::new(),
        distance: DistanceClass::InArea,
    };
    let agreement = Agreement {
        id: AgreementId(id + 3),
        version: 0,
        reference: reference.clone(),
        authority: org,
        responsible: org,
        provider: LARK,
        child: ChildId(id),
        referral: ReferralId(id),
        offer: OfferId(id + 2),
        case: RemitArea::ChildrenLookedAfter,
        terms,
        planned_end: end,
        reviews: Vec::new(),
        rests_on: Vec::new(),
        facts: String::new(),
        signatures: Signatures::default(),
        added: Added::default(),
        state: AgreementState::Prepared,
    };
    let change = work.referral(org, ReferralId(id)).await.unwrap().agree(agreement.id).unwrap();
    work.apply(change).await.unwrap();
    let agreement = work.apply(Agreement::prepare(agreement)).await.unwrap();
    let commitment = agreement.commitment(work.moment().today());
    commit(&mut work, &commitment, Allowed::Nothing).await.unwrap();
    work.enqueue(at_block_job(&agreement).unwrap());
    done(work).await;
    reference.to_string()
}
