//! Spot purchases end to end, on both databases: rules 3.6, 7.1, 7.2 and 7.3, and the seed's rows of limb (c) and of
//! administrative pressure.

mod adopted;
mod dearer;
mod exemption;
mod joining;
mod suspended;
mod threshold;

use jiff::civil::{Date, DateTime, date};
use placewell_app::buying::check::{RecordCheck, SayMinutes, TypedAct, TypedEvidence, by_route};
use placewell_app::buying::spot::unregistered::{
    ConfirmUnregistered, EndUnregistered, RecordUnregistered, ReviewUnregistered,
};
use placewell_app::buying::spot::{DropSpot, InviteToJoin, RequestSpot, label};
use placewell_app::homes::home::paper::KeepPaper;
use placewell_app::placing::agreement::StartStay;
use placewell_app::placing::approval::Recommend;
use placewell_app::{Answer, Receipt};
use placewell_domain::buying::check::{CheckItem, LineState, MinutesOf, NotSatisfiedReason};
use placewell_domain::buying::spot::unregistered::{Application, Court, CourtOrder, SearchStands, UnregisteredEnd};
use placewell_domain::buying::spot::{Document, DocumentKind, DropReason};
use placewell_domain::change::{Change, Event};
use placewell_domain::homes::admission::criteria::Criteria;
use placewell_domain::homes::admission::evaluation::{Evaluation, EvaluationState, GateJudged};
use placewell_domain::homes::admission::selection::Gate;
use placewell_domain::homes::home::paper::{Audience, PaperKind, PaperTerms};
use placewell_domain::homes::standing::{Standing, StandingFact, StandingReason, StandingSource, StandingSubject};
use placewell_domain::id::{
    AgreementId, ApplicationId, ArrangementId, EvaluationId, HomeId, InvitationId, OfferId, OpeningId, OrganisationId,
    Reference,
};
use placewell_domain::money::Pence;
use placewell_domain::nights::{OPEN_END, plus_days};
use placewell_domain::office::access::Role;
use placewell_domain::placing::agreement::{Agreement, UnsignedReason};
use placewell_domain::placing::invitation::{Channel, DeclineReason, Declined, Invitation};
use placewell_domain::placing::referral::Referral;
use placewell_domain::power::annual_value::Route;
use placewell_domain::power::decision::LimbPower;
use placewell_store::StoreError;
use placewell_store::placing::agreement::AgreementTab;

use super::world::{
    DIRECTOR, FINANCE, HEF, MANAGER, MONITORING, PROVIDER, REGION, START, STATUTORY, TOMORROW, World, actor, admitted,
    asking, both_made, director, done, officer, page, recommendation, sent, terms_from,
};
use super::{HEREFORDSHIRE, code, committed, last};

const TODAY: Date = date(2021, 9, 13);
/// The home of the lot, and one outside it.
const ON_THE_LOT: &str = "SC392492";
const OUTSIDE: &str = "SC392493";

/// A world with two homes: the first admitted to the lot, the second outside the arrangement.
async fn world(database: &placewell_testkit::databases::TestDatabase) -> World {
    let world = World::opened(database).await;
    world.home(2, HEREFORDSHIRE, 3).await;
    admit(&world, 1).await;
    evaluated(&world).await;
    world
}

/// The regional evaluation of the provider, on which every authority relies.
async fn evaluated(world: &World) {
    evaluated_on(world, vec![]).await;
}

/// A gate that was passed on evidence with a last day.
fn passed(gate: Gate, last: Date) -> GateJudged {
    let (found, words, on) = ("seen".to_owned(), String::new(), date(2018, 11, 1));
    GateJudged { gate, passed: true, found, until: Some(last), cover: vec![], words, on }
}

/// The same, with gates that were passed on this evidence.
async fn evaluated_on(world: &World, gates: Vec<GateJudged>) {
    evaluated_of(world, (1, PROVIDER, "The provider"), gates).await;
}

/// The evaluation of a provider under this number.
async fn evaluated_of(world: &World, (id, provider, name): (i64, OrganisationId, &str), gates: Vec<GateJudged>) {
    let criteria = Criteria {
        quality: vec![],
        scale: 5,
        least: 2,
        quality_share: 70,
        pass_mark: 60,
        templates: vec![],
        insurances: vec![],
        standstill_days: 10,
        validity_months: 48,
    };
    let evaluation = Evaluation {
        id: EvaluationId(id),
        version: 1,
        region: REGION,
        arrangement: ArrangementId(1),
        opening: OpeningId(1),
        opening_reference: "AR-001".into(),
        application: ApplicationId(id),
        provider,
        provider_name: name.into(),
        criteria,
        lots: vec![],
        panel: vec![],
        gates,
        homes: vec![],
        consensus: vec![],
        condition: None,
        released: vec![],
        struck: vec![],
        begun: date(2018, 11, 1).at(9, 0, 0, 0),
        state: EvaluationState::Admitted { from: date(2018, 12, 15), until: OPEN_END },
    };
    let mut work = world.work(REGION).await;
    work.apply(Change::to(evaluation, Event::new("evaluation.admitted", "evaluation", id, 1))).await.unwrap();
    done(work).await;
}

async fn admit(world: &World, home: i64) {
    let mut work = world.work(REGION).await;
    admitted(&mut work, HomeId(home)).await;
    done(work).await;
}

async fn read(world: &World, reference: &str) -> Referral {
    let session = world.app.store.read(Some(HEF)).await.unwrap();
    session.referral_by_reference(HEF, reference).await.unwrap()
}

/// The first home, on the lot, is asked and declines for this reason.
pub(super) async fn declined(world: &World, reference: &str, reason: DeclineReason) {
    declined_at(world, reference, reason, world.app.calendar.now().local).await;
}

/// A home that is asked now declines at that time.
pub(super) async fn declined_at(world: &World, reference: &str, reason: DeclineReason, at: DateTime) {
    let referral = read(world, reference).await;
    let mut work = world.work(HEF).await;
    let now = work.moment();
    let id = InvitationId(referral.id.0 + 500);
    let key = work.new_invitation_key(PROVIDER, id, referral.child).await.unwrap();
    let asking = asking(&referral, 1, (HomeId(1), PROVIDER), &key, now);
    let invitation = work.apply(Invitation::ask(id, asking, now)).await.unwrap();
    let said = Declined { reason, at, channel: Channel::Portal, entered: None, evidence: None };
    work.apply(invitation.decline(said).unwrap()).await.unwrap();
    done(work).await;
}

/// A home that was asked offers this price a week; the offer's number.
async fn offered(world: &World, reference: &str, home: i64, (pounds, start): (i64, Date)) -> u32 {
    let referral = read(world, reference).await;
    let mut work = world.work(HEF).await;
    let all = work.invitations_of(HEF, referral.id).await.unwrap();
    let invitation = all.into_iter().find(|one| one.home == HomeId(home)).unwrap();
    let key = work.invitation_key(HEF, invitation.id).await.unwrap();
    let id = OfferId(referral.id.0 + 900 + home);
    let number = invitation.number;
    sent(&mut work, invitation, (id, &key), terms_from(Pence::pounds(pounds), start)).await;
    done(work).await;
    number
}

fn asks(reference: &str, version: i64, urn: &str, reason: &str) -> RequestSpot {
    RequestSpot {
        reference: reference.into(),
        version,
        urn: urn.into(),
        reason: reason.into(),
        document: None,
        this_child: true,
    }
}

async fn request(world: &World, reference: &str, urn: &str, reason: &str) -> Answer<Receipt> {
    let command = asks(reference, read(world, reference).await.version, urn, reason);
    world.app.perform(&officer(), &format!("spot {reference} {urn} {reason}"), command).await
}

/// The home on the lot has no bed for a child, so the home outside is asked for this reason; the search's reference.
async fn asked_outside(world: &World, number: u32, reason: &str) -> String {
    let referral = world.referral(number, &[], reason == "emergency", HEF).await;
    declined(world, &referral, DeclineReason::NoStaffedBed).await;
    request(world, &referral, OUTSIDE, reason).await.unwrap();
    referral
}

/// The same, and the home outside offers this price a week; the search's reference and the offer's number.
async fn offered_outside(world: &World, number: u32, reason: &str, terms: (i64, Date)) -> (String, u32) {
    let referral = asked_outside(world, number, reason).await;
    let offer = offered(world, &referral, 2, terms).await;
    (referral, offer)
}

/// Does one check of the home outside, on evidence that holds until a day.
async fn check_until(world: &World, reference: &str, item: CheckItem, until: Date) {
    one_check(world, reference, OUTSIDE, item, until).await;
}

/// Does these checks of a home, each opened twelve minutes ago.
async fn check(world: &World, reference: &str, urn: &str, items: &[CheckItem]) {
    for item in items {
        one_check(world, reference, urn, *item, date(2022, 3, 31)).await;
    }
}

async fn one_check(world: &World, reference: &str, urn: &str, item: CheckItem, until: Date) {
    let now: DateTime = world.app.calendar.now().local;
    let found = world.app.one_check(&officer(), reference, urn, item).await.unwrap();
    let evidence = TypedEvidence {
        kind: item.evidence()[0],
        on: date(2021, 9, 1),
        number: "E-2021-7".into(),
        until: Some(until),
        words: "Canary read it".into(),
    };
    let command = RecordCheck {
        reference: reference.into(),
        urn: urn.into(),
        item,
        version: found.check.map_or(0, |check| check.version),
        act: TypedAct::Do(evidence),
        opened: Some(now.saturating_sub(jiff::Span::new().minutes(12))),
        said: 3,
    };
    world.app.perform(&officer(), &format!("{reference} {urn} {}", item.code()), command).await.unwrap();
}

fn by_hand() -> Vec<CheckItem> {
    CheckItem::ALL.iter().copied().filter(|item| !item.by_the_system()).collect()
}

fn minimum() -> Vec<CheckItem> {
    by_hand().into_iter().filter(|item| item.before_an_emergency()).collect()
}

async fn recommend(world: &World, reference: &str, number: u32, key: &str) -> Answer<Receipt> {
    let version = read(world, reference).await.version;
    let command = Recommend { number, ..recommendation(reference, version) };
    world.app.perform(&officer(), key, command).await
}

async fn mails(world: &World, org: OrganisationId) -> Vec<(String, String)> {
    let session = world.app.store.read(Some(org)).await.unwrap();
    let mails = session.mails(org, 200).await.unwrap();
    mails.into_iter().map(|mail| (mail.recipient, mail.subject)).collect()
}

async fn agreement(world: &World) -> Agreement {
    let session = world.app.store.read(Some(HEF)).await.unwrap();
    session.agreements(HEF, AgreementTab::Coming, (0, 10)).await.unwrap().0.remove(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn seed_c_spot_purchase_outside_the_arrangement_for_an_individual_child_under_limb_c() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = world(&database).await;
        let referral = world.referral(42, &[], false, HEF).await;
        declined(&world, &referral, DeclineReason::NoStaffedBed).await;
        assert_eq!(code(request(&world, &referral, OUTSIDE, "none_answered").await), "reason_contradicted");
        let receipt = request(&world, &referral, OUTSIDE, "none_available").await.unwrap();
        assert_eq!(receipt.location, format!("/referrals/{referral}/spot"));
        let number = offered(&world, &referral, 2, (4_900, START)).await;
        assert_eq!(code(recommend(&world, &referral, number, "early").await), "checks_open", "not begun");
        let (last_one, others) = by_hand().split_last().map(|(last, others)| (*last, others.to_vec())).unwrap();
        check(&world, &referral, OUTSIDE, &others).await;
        assert_eq!(code(recommend(&world, &referral, number, "one open").await), "checks_open");
        check(&world, &referral, OUTSIDE, &[last_one]).await;
        let asked = last(&recommend(&world, &referral, number, "r").await.unwrap().location);
        let view = world.app.approval_view(&officer(), &asked).await.unwrap();
        assert_eq!(view.approval.kind.code(), "spot_power");
        let fact = view.case.facts.spot.clone().unwrap();
        assert_eq!(fact.reason, "No home on the arrangement has a bed for this child");
        world.approve(&director(), &asked, "a", false).await.unwrap();
        let agreement = agreement(&world).await;
        assert_eq!(agreement.terms.route, Route::Spot);
        let basis = agreement.rests_on[0].basis.sentence();
        assert!(basis.contains("(c)"), "{basis}");
        assert_eq!(committed(&world).await, Pence::ZERO, "beside the ceiling, never inside it");
        let page = world.app.spot_page(&officer(), &referral).await.unwrap();
        assert_eq!(label(&page.lines[0].row), "Agreed");
        assert_eq!(page.totals.2, agreement.whole_cost(), "shown beside it");
        assert!(page.lines[0].watch.unwrap().threshold > Pence::ZERO);
        assert_eq!(page.lines[0].row.spot.evidence[0].source, "Invitation, FCA");
        world.app.do_due_jobs().await.unwrap();
        let (_, pdf) = world.app.agreement_copy(&officer(), "HEF-A-0001", None).await.unwrap();
        assert!(pdf.starts_with(b"%PDF"), "the same paper as any other");
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        assert!(session.verify_chain(HEF).await.unwrap().faults.is_empty());
        assert!(world.app.store.row_faults(HEF).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_3_6_the_spot_loophole_a_refusal_at_the_ceiling_then_the_same_bed_as_spot_is_closed() {
    both_made(3, Pence::pounds(1_000), async |database| {
        let world = world(&database).await;
        world.person(FINANCE, HEF, Role::FinanceOfficer).await;
        let referral = world.referral(1, &[4_150], false, HEF).await;
        assert_eq!(code(world.recommend(&referral, "r").await), "ceiling_reached");
        assert_eq!(code(request(&world, &referral, ON_THE_LOT, "none_available").await), "home_is_on_the_lot");
        assert_eq!(code(request(&world, &referral, OUTSIDE, "ceiling_reached").await), "ceiling_is_no_reason");
        assert_eq!(code(request(&world, &referral, OUTSIDE, "none_available").await), "reason_contradicted");
        let version = read(&world, &referral).await.version;
        let order = Document { kind: DocumentKind::CourtOrder, on: date(2021, 9, 10), number: "CO-2021-118".into() };
        let command = RequestSpot { document: Some(order), ..asks(&referral, version, OUTSIDE, "court_direction") };
        world.app.perform(&officer(), "order", command).await.unwrap();
        let page = world.app.spot_page(&officer(), &referral).await.unwrap();
        let after = page.lines[0].row.spot.after_refusal.unwrap();
        assert_eq!((after.refused_on, after.ceiling, after.committed), (TODAY, Pence::pounds(1_000), Pence::ZERO));
        world.app.do_due_jobs().await.unwrap();
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let told = mails(&world, HEF).await;
        for person in [DIRECTOR, FINANCE, MONITORING] {
            let address = session.person_email(person).await.unwrap();
            let subject = format!("{referral}: spot purchase after a refusal at the ceiling");
            assert!(told.contains(&(address, subject)), "{told:?}");
        }
        drop(session);
        let one = page.lines[0].row.spot.clone();
        let reason = DropReason::StaysWithFamily;
        world.app.perform(&officer(), "drop", DropSpot { spot: one.id, version: one.version, reason }).await.unwrap();
        world.at(date(2021, 10, 12), 9);
        let start = world.app.spot_start(&officer(), &referral).await.unwrap();
        assert!(start.after.is_none(), "29 days later it is told no more");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_7_1_no_home_outside_the_arrangement_is_approved_or_agreed_without_a_recorded_spot_purchase() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = world(&database).await;
        let referral = world.referral(1, &[4_150], false, HEF).await;
        let asked = last(&world.recommend(&referral, "r").await.unwrap().location);
        world.approve(&director(), &asked, "a", false).await.unwrap();
        let made = agreement(&world).await;
        let beside = world.referral(3, &[4_150], false, HEF).await;
        let mut work = world.work(HEF).await;
        let beside = work.referral_by_reference(HEF, &beside).await.unwrap();
        let offer = work.offers_of(HEF, beside.id).await.unwrap()[0].id;
        let reference = Reference { number: 77, ..made.reference.clone() };
        let ids = (AgreementId(77), beside.id, beside.child);
        let mut other = Agreement { id: ids.0, reference, referral: ids.1, offer, child: ids.2, ..made };
        other.terms.route = Route::Spot;
        let refused = work.apply(Agreement::prepare(other)).await.unwrap_err();
        assert!(matches!(&refused, StoreError::Constraint(name) if name == "spot_first"), "{refused:?}");
        work.roll_back().await.unwrap();
        let second = world.referral(2, &[], false, HEF).await;
        declined(&world, &second, DeclineReason::ResidentMix).await;
        request(&world, &second, OUTSIDE, "none_matched").await.unwrap();
        assert_eq!(code(request(&world, &second, OUTSIDE, "emergency").await), "reason_contradicted");
        let twice = asks(&second, read(&world, &second).await.version, OUTSIDE, "none_matched");
        assert_eq!(code(world.app.perform(&officer(), "twice", twice).await), "one_spot");
        let number = offered(&world, &second, 2, (4_900, START)).await;
        let page = world.app.spot_page(&officer(), &second).await.unwrap();
        let one = page.lines[0].row.spot.clone();
        let drop_it = DropSpot { spot: one.id, version: one.version, reason: DropReason::CheckFailed };
        world.app.perform(&officer(), "drop", drop_it).await.unwrap();
        assert_eq!(code(recommend(&world, &second, number, "r2").await), "spot_first");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_7_an_authority_without_the_limb_cannot_begin_a_spot_purchase() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = world(&database).await;
        let mut without = page(Pence::pounds(100_000));
        without.limbs.retain(|limb| !limb.gives(&[LimbPower::SpotPurchase]));
        world.decide(2, without, date(2021, 9, 13)).await;
        world.at(date(2021, 9, 14), 9);
        let referral = world.referral(1, &[], false, HEF).await;
        declined(&world, &referral, DeclineReason::NoStaffedBed).await;
        assert_eq!(code(request(&world, &referral, OUTSIDE, "none_available").await), "no_limb");
        assert_eq!(code(world.app.spot_start(&officer(), &referral).await), "no_limb");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_7_2_an_emergency_needs_its_minimum_before_the_start_and_the_rest_within_5_working_days() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = world(&database).await;
        let (referral, number) = offered_outside(&world, 1, "emergency", (6_400, TOMORROW)).await;
        check(&world, &referral, OUTSIDE, &minimum()).await;
        let asked = last(&recommend(&world, &referral, number, "r").await.unwrap().location);
        world.approve(&director(), &asked, "a", false).await.unwrap();
        let owed = world.app.spot_checks_owed(&officer()).await.unwrap();
        assert_eq!(owed[0].checks, Some((0, 11, Some(date(2021, 9, 21)))), "5 working days after Tuesday");
        world.at(TOMORROW, 9);
        let start = StartStay {
            reference: "HEF-A-0001".into(),
            version: 1,
            on: TOMORROW,
            unsigned: Some(UnsignedReason::Emergency),
        };
        world.app.perform(&officer(), "s", start).await.unwrap();
        let list = world.app.spots(&director(), false, 1, 10).await.unwrap();
        assert_eq!(label(&list.lines[0].0), "Live, checks outstanding");
        world.timers().await;
        let late = format!("{referral}: checks of a spot purchase are overdue");
        assert!(!mails(&world, HEF).await.iter().any(|(_, subject)| *subject == late), "not yet");
        world.at(date(2021, 9, 22), 9);
        world.timers().await;
        world.timers().await;
        let told = mails(&world, HEF).await.iter().filter(|(_, subject)| *subject == late).count();
        assert_eq!(told, 5, "the officer and each approver, once");
        let rest: Vec<CheckItem> = by_hand().into_iter().filter(|item| !item.before_an_emergency()).collect();
        check(&world, &referral, OUTSIDE, &rest).await;
        assert!(world.app.spot_checks_owed(&officer()).await.unwrap().is_empty());
        let list = world.app.spots(&director(), true, 1, 10).await.unwrap();
        assert_eq!(label(&list.lines[0].0), "Live");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_7_2_a_check_that_fails_after_the_request_voids_the_approval() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = world(&database).await;
        let (referral, number) = offered_outside(&world, 1, "none_available", (4_900, START)).await;
        check(&world, &referral, OUTSIDE, &by_hand()).await;
        let asked = last(&recommend(&world, &referral, number, "r").await.unwrap().location);
        let approve = world.approval_command(&asked, false).await;
        let fail = RecordCheck {
            reference: referral.clone(),
            urn: OUTSIDE.into(),
            item: CheckItem::AreaCheck,
            version: 1,
            act: TypedAct::Fail(NotSatisfiedReason::Concern),
            opened: None,
            said: 0,
        };
        world.app.perform(&officer(), "fail", fail).await.unwrap();
        world.app.perform(&director(), "a", approve).await.unwrap();
        let view = world.app.approval_view(&officer(), &asked).await.unwrap();
        assert_eq!(view.approval.state.name(), "void");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_3_6_a_suspended_home_can_be_bought_outside_the_arrangement_and_a_restricted_one_cannot() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = world(&database).await;
        let mut work = world.work(REGION).await;
        let fact = StandingFact {
            subject: StandingSubject::Home(HomeId(1)),
            source: StandingSource::Region,
            standing: Standing::Suspended,
            from: date(2021, 9, 1),
            until: OPEN_END,
            reason: StandingReason::Responses,
        };
        work.record_standing(&fact).await.unwrap();
        done(work).await;
        let referral = world.referral(1, &[], true, HEF).await;
        request(&world, &referral, ON_THE_LOT, "emergency").await.unwrap();
        let number = offered(&world, &referral, 1, (5_600, TOMORROW)).await;
        world.timers().await;
        let dearer = format!("{referral}: dearer as spot than its tendered price");
        assert!(mails(&world, HEF).await.iter().any(|(_, subject)| *subject == dearer), "rule 4.3");
        let page = world.app.spot_page(&officer(), &referral).await.unwrap();
        assert_eq!(page.lines[0].row.spot.ground.code(), "suspended");
        assert_eq!(page.lines[0].dearer, Some((Pence::pounds(5_000), Pence::pounds(600))));
        check(&world, &referral, ON_THE_LOT, &minimum()).await;
        let asked = last(&recommend(&world, &referral, number, "r").await.unwrap().location);
        let mut work = world.work(REGION).await;
        let notice = StandingFact {
            source: StandingSource::Regulator,
            reason: StandingReason::RestrictionNotice,
            from: TODAY,
            ..fact
        };
        work.record_standing(&notice).await.unwrap();
        done(work).await;
        world.approve(&director(), &asked, "a", false).await.unwrap();
        let view = world.app.approval_view(&officer(), &asked).await.unwrap();
        assert_eq!(view.approval.state.name(), "void", "Ofsted's notice stops it all the same");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_7_2_a_second_purchase_relies_on_checks_that_are_in_date() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = world(&database).await;
        for number in [1, 2] {
            let referral = asked_outside(&world, number, "none_available").await;
            let table = world.app.check_table(&officer(), &referral, None).await.unwrap();
            if number == 1 {
                assert_eq!((table.clearance.open, table.spared().0), (15, 0));
                check(&world, &referral, OUTSIDE, &by_hand()).await;
            } else {
                // Nine hold beyond one placement and are in date; six are for this child each time.
                assert_eq!((table.clearance.open, table.spared().0), (6, 9));
                let insurance = table.lines.iter().find(|line| line.item == CheckItem::Insurance).unwrap();
                assert!(matches!(&insurance.state, LineState::ReliedOnEarlier { reference, .. }
                    if reference.to_string() == "HEF-R-0001"));
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn seed_administrative_pressure_checks_done_once_regionally_and_minutes_measured_for_both_routes() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = world(&database).await;
        // Through the arrangement: six are inherited and two do not apply.
        let first = world.referral(1, &[4_150], false, HEF).await;
        let table = world.app.check_table(&officer(), &first, Some(ON_THE_LOT)).await.unwrap();
        assert_eq!((table.route, table.clearance.open), (Route::Arrangement, 8));
        assert_eq!(table.spared().0, 8);
        let open: Vec<CheckItem> =
            table.lines.iter().filter(|line| !line.state.closed()).map(|line| line.item).collect();
        check(&world, &first, ON_THE_LOT, &open).await;
        let asked = last(&world.recommend(&first, "r1").await.unwrap().location);
        world.at(TODAY, 12);
        world.approve(&director(), &asked, "a1", false).await.unwrap();
        // Outside it: all of them.
        let (second, number) = offered_outside(&world, 2, "none_available", (4_900, START)).await;
        check(&world, &second, OUTSIDE, &by_hand()).await;
        let said = SayMinutes { reference: second.clone(), urn: OUTSIDE.into(), of: MinutesOf::Drafting, minutes: 40 };
        world.app.perform(&officer(), "said", said).await.unwrap();
        world.at(TODAY, 15);
        let asked = last(&recommend(&world, &second, number, "r2").await.unwrap().location);
        world.at(TODAY, 16);
        world.approve(&director(), &asked, "a2", false).await.unwrap();
        let found = world.app.burden_by_route(&officer(), (TODAY, date(2021, 12, 1))).await.unwrap();
        let of = |route| *found.iter().find(|one| one.route == route).unwrap();
        let (through, spot) = (of(Route::Arrangement), of(Route::Spot));
        assert_eq!((through.placements, through.checks, through.check_minutes), (1, 8, 96));
        assert_eq!((spot.placements, spot.checks, spot.check_minutes), (1, 15, 180));
        assert_eq!((through.said, spot.said), (Some(24), Some(85)), "said apart from measured");
        // Offered 12:00, recommended 15:00, approved 16:00: three hours of negotiation, one of drafting.
        assert_eq!(spot.contracting, Some(240));
        assert!(through.contracting.unwrap() > 0);
        assert_eq!(by_route(&[]), []);
        // The table itself says who has each check, on which evidence, until when, and what both routes took here.
        let table = world.app.check_table(&officer(), &second, Some(OUTSIDE)).await.unwrap();
        assert!(table.officer_of(CheckItem::Insurance).is_some() && table.regional.is_none());
        let evidence = table.evidence_of(CheckItem::Insurance).unwrap();
        let line = table.lines.iter().find(|line| line.item == CheckItem::Insurance).unwrap();
        assert!(evidence.until.is_some() && table.until_of(line) == evidence.until);
        let line = table.lines.iter().find(|line| line.item == CheckItem::Registration).unwrap();
        assert_eq!((table.officer_of(line.item), table.until_of(line)), (None, None), "the system reads it");
        let table = world.app.check_table(&officer(), &first, Some(ON_THE_LOT)).await.unwrap();
        assert!(table.regional.is_some());
        world.at(plus_days(START, 1), 9);
        let measured = world.app.measured_checks(&officer()).await.unwrap();
        let of = |route| measured.iter().find(|one| one.route == route).map(|one| (one.check_minutes, one.placements));
        assert_eq!((of(Route::Arrangement), of(Route::Spot)), (Some((96, 1)), Some((180, 1))));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_7_2_a_check_is_done_regionally_only_where_a_record_of_the_evaluation_says_so() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = World::opened(&database).await;
        admit(&world, 1).await;
        let referral = world.referral(1, &[4_150], false, HEF).await;
        let table = world.app.check_table(&officer(), &referral, Some(ON_THE_LOT)).await.unwrap();
        assert!(table.regional.is_none(), "admitted by hand, and evaluated by nobody");
        let without = table.clearance.open;
        evaluated(&world).await;
        let table = world.app.check_table(&officer(), &referral, Some(ON_THE_LOT)).await.unwrap();
        assert!(table.regional.is_some());
        assert_eq!(without, table.clearance.open + 6, "the six that it satisfies");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_7_2_a_check_is_done_regionally_while_its_evidence_holds_and_again_once_the_provider_renews_it() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = World::opened(&database).await;
        admit(&world, 1).await;
        let gates = vec![passed(Gate::Safeguarding, TODAY), passed(Gate::DataProtection, plus_days(TODAY, -1))];
        evaluated_on(&world, gates).await;
        let referral = world.referral(1, &[4_150], false, HEF).await;
        let stands = async |item: CheckItem| {
            let table = world.app.check_table(&officer(), &referral, Some(ON_THE_LOT)).await.unwrap();
            let line = table.lines.iter().find(|line| line.item == item).unwrap();
            (line.state.label(), table.until_of(line))
        };
        let relied = "Relied on regionally";
        assert_eq!(stands(CheckItem::Policies).await, (relied, Some(TOMORROW)), "on its last day");
        assert_eq!(stands(CheckItem::DataProtection).await, ("To do", None), "it ended yesterday");
        assert_eq!(stands(CheckItem::LegalEntity).await.0, relied, "no other check falls with it");
        let renewed = KeepPaper {
            urn: None,
            kind: PaperKind::DataProtection,
            reference: "Z1234567".into(),
            terms: PaperTerms { from: TODAY, expires_on: Some(date(2022, 9, 12)), audience: Audience::Members },
            brought: None,
        };
        let manager = actor(MANAGER, PROVIDER, Role::ProviderManager);
        world.app.perform(&manager, "renewed", renewed).await.unwrap();
        assert_eq!(stands(CheckItem::DataProtection).await, (relied, Some(date(2022, 9, 13))));
        world.at(TOMORROW, 9);
        assert_eq!(stands(CheckItem::Policies).await, ("To do", None), "its last day is over");
        assert_eq!(stands(CheckItem::DataProtection).await.0, relied);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_7_3_an_unregistered_home_cannot_be_bought_and_the_child_there_has_a_record_that_cites_no_limb() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = world(&database).await;
        let referral = world.referral(1, &[], true, HEF).await;
        let refused = request(&world, &referral, "SC999999", "emergency").await;
        let Err(placewell_app::Outcome::Refused(refusal)) = refused else { panic!("{refused:?}") };
        assert_eq!(refusal.code, "not_on_register");
        assert!(refusal.rule.contains("9 September 2021"), "the child is 13: {}", refusal.rule);
        let call = world.app.whom_to_call(&officer(), &referral).await.unwrap();
        assert!(call.iter().any(|(office, _)| office.to_lowercase().contains("children's services")), "{call:?}");
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let kept = read(&world, &referral).await;
        let events = session.timeline(HEF, "referral", kept.id.0).await.unwrap();
        assert!(events.iter().any(|event| event.event.kind == "spot.not_registered"), "it is logged");
        drop(session);
        let command = RecordUnregistered {
            reference: referral.clone(),
            version: kept.version,
            from: TODAY,
            weekly: Pence::pounds(9_800),
            court: Court { order: CourtOrder::Applied, on: None, until: None },
            ofsted_told: Some(TODAY),
            application: Application::NotMade,
            setting: "Canary Cottage with agency staff".into(),
            why: "No home answered".into(),
        };
        let receipt = world.app.perform(&officer(), "u", command.clone()).await.unwrap();
        assert_eq!(code(world.app.perform(&officer(), "again", command).await), "one_unregistered");
        let record: i64 = last(&receipt.location).parse().unwrap();
        let confirm = ConfirmUnregistered { record, version: 1 };
        assert_eq!(code(world.app.perform(&director(), "c1", confirm.clone()).await), "not_the_statutory_director");
        world.app.perform(&actor(STATUTORY, HEF, Role::Approver), "c2", confirm).await.unwrap();
        world.at(date(2021, 9, 15), 9);
        world.timers().await;
        world.timers().await;
        let missing = format!("{referral}: a daily review is missing");
        let told = mails(&world, HEF).await.iter().filter(|(_, subject)| *subject == missing).count();
        assert_eq!(told, 2, "the officer and the director of children's services, once for the day");
        let review = ReviewUnregistered { record, version: 2, on: TODAY, search: SearchStands::GoesOn, seen: true };
        world.app.perform(&officer(), "r", review).await.unwrap();
        let view = world.app.unregistered_view(&officer(), record).await.unwrap();
        assert_eq!((view.cost, view.review_due), (Pence::pounds(2_800), Some(date(2021, 9, 14))));
        assert_eq!(view.words.unwrap().setting, "Canary Cottage with agency staff");
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let events = session.timeline(HEF, "unregistered", record).await.unwrap();
        assert!(events.iter().all(|event| {
            event
                .event
                .facts
                .iter()
                .all(|(name, value)| name != "limb" && name != "decision" && !value.contains("Canary"))
        }));
        assert_eq!(session.agreements(HEF, AgreementTab::Coming, (0, 9)).await.unwrap().1, 0, "never an agreement");
        drop(session);
        assert_eq!(committed(&world).await, Pence::ZERO);
        let how = UnregisteredEnd::RegisteredHome;
        let end = EndUnregistered { record, version: 3, on: date(2021, 9, 15), how };
        world.app.perform(&officer(), "e", end).await.unwrap();
        assert!(world.app.store.row_faults(HEF).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_provider_of_a_spot_purchase_is_invited_to_join_once() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = world(&database).await;
        let referral = asked_outside(&world, 1, "none_available").await;
        let spot = world.app.spot_page(&officer(), &referral).await.unwrap().lines[0].row.spot.clone();
        let invite = |version| InviteToJoin { spot: spot.id, version };
        world.app.perform(&officer(), "i", invite(1)).await.unwrap();
        assert_eq!(code(world.app.perform(&officer(), "j", invite(2)).await), "invited_before");
        world.app.do_due_jobs().await.unwrap();
        let session = world.app.store.read(Some(PROVIDER)).await.unwrap();
        let address = session.person_email(MANAGER).await.unwrap();
        drop(session);
        let subject = "An invitation to join the regional arrangement".to_owned();
        let told = [mails(&world, HEF).await, mails(&world, PROVIDER).await].concat();
        assert!(told.contains(&(address, subject)), "{told:?}");
        let page = world.app.spot_page(&officer(), &referral).await.unwrap();
        assert!(page.lines[0].row.spot.invited.is_some());
    })
    .await;
}
