//! A home suspended while a referral is out, an offer is open, an approval waits, a placement is agreed: each outcome stated
//! and tested on both databases, and under 64 clients.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::SignedDuration;
use jiff::civil::{Date, date, time};
use placewell_app::Outcome;
use placewell_app::clock::Machine;
use placewell_app::homes::standing::{
    About, DropMeasure, MeasurePage, ProposeMeasure, RecordReview, Reinstate, SetStanding,
};
use placewell_app::placing::agreement::StartStay;
use placewell_app::placing::approval::Approve;
use placewell_domain::homes::home::paper::{Audience, Paper, PaperKind, PaperState};
use placewell_domain::homes::home::{Grade, Inspection, InspectionKind};
use placewell_domain::homes::standing::hours::Countdown;
use placewell_domain::homes::standing::measure::{Affected, DropReason, Reinstatement};
use placewell_domain::homes::standing::review::{ReviewOutcome, Reviewed, SeenBy};
use placewell_domain::homes::standing::scorecard::{Criterion, Effect};
use placewell_domain::homes::standing::{Standing, StandingFact, StandingReason, StandingSource, standing_on};
use placewell_domain::id::{
    AgreementId, HomeId, InvitationId, MeasureId, OfferId, OrganisationId, PaperId, PersonId, Reference,
};
use placewell_domain::money::Pence;
use placewell_domain::nights::OPEN_END;
use placewell_domain::office::access::Role;
use placewell_domain::office::person::Actor;
use placewell_domain::placing::agreement::{Agreement, UnsignedReason};
use placewell_domain::placing::invitation::Invitation;
use placewell_domain::placing::offer::{NotChosenReason, OfferState};
use placewell_domain::power::arrangement::Arrangement;
use placewell_store::Session;
use placewell_store::homes::standing::LotFact;
use placewell_store::keys::RecordKey;
use placewell_testkit::databases::both;
use tokio::sync::{Notify, Semaphore};
use tokio::task::JoinSet;

use super::world::{
    BIR, HEF, PROVIDER, REGION, START, World, actor, admitted, arrangement, asking, both_made, director, done, officer,
    sent, terms,
};
use super::{code, last};

const LEAD: PersonId = PersonId(17);

fn lead() -> Actor {
    actor(LEAD, REGION, Role::CommissioningLead)
}

async fn with_lead(world: &World) {
    let work = world.work(REGION).await;
    work.add_person(LEAD, "lead@example.com", "Lead", None).await.unwrap();
    work.add_membership(LEAD, Role::CommissioningLead, "Post", date(2018, 1, 1), OPEN_END).await.unwrap();
    done(work).await;
}

/// Home 1 is judged at a full inspection of this day, whose report is out.
async fn judged(world: &World, grade: Grade, on: Date) {
    let work = world.work(REGION).await;
    let home = work.home(HomeId(1)).await.unwrap();
    let seen = Inspection {
        kind: InspectionKind::Full,
        inspected_on: on,
        published_on: Some(on),
        grade: Some(grade),
        serious_concerns: grade == Grade::Inadequate,
        event: String::new(),
        link: None,
    };
    work.add_inspection(&home, &seen).await.unwrap();
    done(work).await;
}

fn suspension() -> ProposeMeasure {
    ProposeMeasure {
        about: About::Home("SC392492".into()),
        lot: None,
        standing: Standing::Suspended,
        reason: StandingReason::Inadequate,
        link: Some("https://reports.ofsted.gov.uk/provider/4/SC392492".into()),
        elsewhere: None,
        dated: date(2021, 9, 13),
    }
}

async fn proposed(world: &World, key: &str) -> i64 {
    let receipt = world.app.perform(&lead(), key, suspension()).await.unwrap();
    // Each authority counts and tells by its own job.
    world.app.do_due_jobs().await.unwrap();
    last(&receipt.location).parse().unwrap()
}

/// Confirms it as it is listed now, again where the list changed meanwhile.
async fn confirmed(world: &World, key: &str, id: i64) {
    for attempt in 0..200 {
        let page = world.app.region_measure(&lead(), id).await.unwrap();
        let with = (id, page.measure.version, page.seen());
        match world.app.confirm_measure(&lead(), &format!("{key}-{attempt}"), with).await {
            Ok(_) => return,
            Err(Outcome::Conflict | Outcome::Busy | Outcome::Retry) => {}
            Err(Outcome::Refused(refusal)) if refusal.code == "list_changed" => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    panic!("the list never stood still");
}

async fn back(world: &World, key: &str, id: i64) {
    let version = world.app.region_measure(&lead(), id).await.unwrap().measure.version;
    let link = Some("https://reports.ofsted.gov.uk/again".to_owned());
    let command = Reinstate { measure: id, version, evidence: Reinstatement::Reinspected, link };
    world.app.perform(&lead(), key, command).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_follows_a_suspension_is_listed_and_then_exactly_that_is_done() {
    both_made(6, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        with_lead(&world).await;
        let open = world.referral(1, &[4_150], false, HEF).await;
        let waiting = world.referral(2, &[4_150], false, HEF).await;
        let agreed = world.referral(3, &[4_150], false, HEF).await;
        let asked = last(&world.recommend(&waiting, "r2").await.unwrap().location);
        let given = last(&world.recommend(&agreed, "r3").await.unwrap().location);
        world.approve(&director(), &given, "a3", false).await.unwrap();
        let id = proposed(&world, "p").await;
        let page = world.app.region_measure(&lead(), id).await.unwrap();
        let listed: Vec<_> = page.open.iter().map(|(_, one)| *one).collect();
        assert_eq!(listed.len(), 1, "only the authority with anything");
        let one = listed[0];
        assert_eq!((one.authority, one.offers, one.approvals, one.beds, one.placements), (HEF, 2, 1, 0, 1));
        let stale = (id, page.measure.version, "another list".to_owned());
        assert_eq!(code(world.app.confirm_measure(&lead(), "stale", stale).await), "list_changed");
        confirmed(&world, "c", id).await;
        world.app.do_due_jobs().await.unwrap();
        let after = world.app.region_measure(&lead(), id).await.unwrap();
        assert_eq!(after.done.iter().map(|(_, one)| one.done).collect::<Vec<_>>(), listed, "exactly what was listed");
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        for reference in [&open, &waiting] {
            let referral = session.referral_by_reference(HEF, reference).await.unwrap();
            let offer = session.offers_of(HEF, referral.id).await.unwrap().remove(0);
            let suspended = NotChosenReason::HomeSuspended;
            assert!(matches!(offer.state, OfferState::NotChosen { reason, .. } if reason == suspended), "{reference}");
            let states: Vec<_> = session.invitations_of(HEF, referral.id).await.unwrap();
            assert_eq!(states.iter().map(|one| one.state.name()).collect::<Vec<_>>(), ["withdrawn"]);
            assert_eq!(referral.state.name(), "out", "the search goes on with other homes");
        }
        assert_eq!(session.approval(HEF, &asked).await.unwrap().state.name(), "void");
        let reviews = session.placement_reviews(HEF).await.unwrap();
        assert_eq!(
            reviews.iter().map(|one| (one.reference.to_string(), one.due)).collect::<Vec<_>>(),
            [("HEF-A-0001".to_owned(), date(2021, 9, 20))]
        );
        let mails = session.mails(HEF, 50).await.unwrap();
        let told = mails.iter().filter(|mail| mail.subject.ends_with("suspended for new placements")).count();
        assert!(told >= 2, "officers and approvers are told the same day");
        drop(session);
        assert_eq!(world.app.own_alerts(&officer()).await.unwrap().total, 0);
        let found = Reviewed {
            on: date(2021, 9, 13),
            outcome: ReviewOutcome::Stays,
            seen: SeenBy::Visit,
            again: Some(date(2021, 9, 27)),
        };
        let record = RecordReview { review: reviews[0].id, version: reviews[0].version, found };
        world.app.perform(&officer(), "review", record).await.unwrap();
        let after = world.app.region_measure(&lead(), id).await.unwrap();
        assert_eq!(after.done[0].1.reviewed, 1);
        // A second run of the jobs' work changes nothing.
        world.app.do_due_jobs().await.unwrap();
        assert_eq!(world.app.region_measure(&lead(), id).await.unwrap().done[0].1.done, listed[0]);
        assert_eq!(world.app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

/// Home 1 is asked for the child of a search, and what its offer is sealed with.
async fn asked_home(world: &World, reference: &str) -> (Invitation, RecordKey) {
    let mut work = world.work(HEF).await;
    let (referral, now) = (work.referral_by_reference(HEF, reference).await.unwrap(), work.moment());
    let id = InvitationId(referral.id.0 + 10);
    let key = work.new_invitation_key(PROVIDER, id, referral.child).await.unwrap();
    let asking = asking(&referral, 1, (HomeId(1), PROVIDER), &key, now);
    let invitation = work.apply(Invitation::ask(id, asking, now)).await.unwrap();
    done(work).await;
    (invitation, key)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_offered_and_asked_while_a_measure_waits_is_listed_and_a_list_from_before_is_refused_with_it() {
    both_made(6, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        with_lead(&world).await;
        let first = world.referral(1, &[4_150], false, HEF).await;
        let second = world.referral(2, &[], false, HEF).await;
        let (invitation, key) = asked_home(&world, &second).await;
        let id = proposed(&world, "p").await;
        let read = async || world.app.region_measure(&lead(), id).await.unwrap();
        let page = read().await;
        let counts = |page: &MeasurePage| {
            let of = |one: &Affected| (one.referrals, one.offers, one.approvals);
            (page.counted.unwrap().time(), page.open.iter().map(|(_, one)| of(one)).collect::<Vec<_>>())
        };
        assert_eq!(counts(&page), (time(10, 20, 0, 0), vec![(2, 1, 0)]));
        let opened = (id, page.measure.version, page.seen());

        // The page stays open, and meanwhile the home sends its offer and the first is recommended.
        world.at(date(2021, 9, 13), 12);
        let mut work = world.work(HEF).await;
        let offer = OfferId(invitation.id.0 + 1);
        sent(&mut work, invitation, (offer, &key), terms(Pence::pounds(4_150))).await;
        done(work).await;
        let asked = last(&world.recommend(&first, "r").await.unwrap().location);
        let answer = world.app.confirm_measure(&lead(), "c", opened).await;
        let Err(Outcome::Refused(refusal)) = answer else { panic!("{answer:?}") };
        assert_eq!(
            (refusal.code.as_str(), refusal.value.as_str()),
            ("list_changed", "Organisation HEF: open offers 1, now 2; approvals 0, now 1")
        );
        let page = read().await;
        assert_eq!(page.measure.state.name(), "proposed", "nothing is done");
        assert_eq!(counts(&page), (time(12, 0, 0, 0), vec![(2, 2, 1)]), "the next list is the present one");
        let listed: Vec<_> = page.open.iter().map(|(_, one)| *one).collect();
        world.app.confirm_measure(&lead(), "c again", (id, page.measure.version, page.seen())).await.unwrap();
        world.app.do_due_jobs().await.unwrap();
        let after = read().await;
        assert_eq!(after.done.iter().map(|(_, one)| one.done).collect::<Vec<_>>(), listed, "exactly what was listed");
        assert_eq!(after.counted, None);
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        assert_eq!(session.approval(HEF, &asked).await.unwrap().state.name(), "void");
        assert_eq!(session.offer(HEF, offer).await.unwrap().state.name(), "not_chosen");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_measure_is_listed_as_its_page_is_opened_and_not_as_it_was_proposed() {
    both_made(6, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        with_lead(&world).await;
        let first = world.referral(1, &[4_150], false, HEF).await;
        let id = proposed(&world, "p").await;
        world.at(date(2021, 9, 13), 13);
        let asked = last(&world.recommend(&first, "r").await.unwrap().location);
        world.approve(&director(), &asked, "a", false).await.unwrap();
        let page = world.app.region_measure(&lead(), id).await.unwrap();
        let one = page.open[0].1;
        assert_eq!((one.offers, one.approvals, one.placements), (0, 0, 1), "awarded while it waited");
        // The authority's own page says the same.
        let own = world.app.own_standing(&officer(), None).await.unwrap();
        assert_eq!(own.waiting[0].open, Some(one));
    })
    .await;
}

#[tokio::test]
async fn what_stands_open_in_an_authority_is_told_by_its_own_job_and_confirmed_once_all_have_told() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        with_lead(&world).await;
        world.referral(1, &[4_150], false, HEF).await;
        let receipt = world.app.perform(&lead(), "p", suspension()).await.unwrap();
        let id = last(&receipt.location).parse().unwrap();
        let page = world.app.region_measure(&lead(), id).await.unwrap();
        assert!(page.open.is_empty() && page.untold > 0, "the region reads nobody's record to find it");
        let early = world.app.confirm_measure(&lead(), "early", (id, page.measure.version, page.seen())).await;
        assert_eq!(code(early), "not_told_yet");
        world.app.do_due_jobs().await.unwrap();
        let page = world.app.region_measure(&lead(), id).await.unwrap();
        assert_eq!((page.open.len(), page.untold), (1, 0));
        assert_eq!(page.open[0].1.offers, 1);
        for stranger in [None, Some(OrganisationId(4_242))] {
            let session = world.app.store.read(stranger).await.unwrap();
            assert!(session.told_open(page.measure.id).await.unwrap().is_empty(), "{stranger:?} reads what was told");
        }
    })
    .await;
}

#[tokio::test]
async fn the_mail_about_a_proposed_measure_leads_to_it_while_it_waits_and_whatever_becomes_of_it() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        with_lead(&world).await;
        world.person(PersonId(33), BIR, Role::PlacementOfficer).await;
        let agreed = world.referral(1, &[4_150], false, HEF).await;
        let given = last(&world.recommend(&agreed, "r").await.unwrap().location);
        world.approve(&director(), &given, "a", false).await.unwrap();
        let id = MeasureId(proposed(&world, "p").await);
        let mails = world.app.store.read(Some(HEF)).await.unwrap().mails(HEF, 50).await.unwrap();
        let told = mails.iter().find(|mail| mail.subject.ends_with("is proposed")).unwrap();
        assert_eq!(told.body.lines().last(), Some(format!("/standing?measure={id}").as_str()));
        let read = async |who: &Actor, asked| world.app.own_standing(who, asked).await.unwrap();
        let own = read(&officer(), Some(id)).await;
        assert_eq!(own.asked.map(|one| one.id), Some(id));
        let [waits] = own.waiting.as_slice() else { panic!("{:?}", own.waiting) };
        assert_eq!((waits.measure.id, waits.left), (id, Countdown::Left(240)), "four working hours");
        assert_eq!(waits.open.map(|open| open.placements), Some(1));
        let other = actor(PersonId(33), BIR, Role::PlacementOfficer);
        let theirs = read(&other, None).await;
        assert!(theirs.asked.is_none());
        assert_eq!(theirs.waiting[0].open.map(|open| open.any()), Some(false), "held for them too, with nothing open");
        world.at(date(2021, 9, 13), 13);
        assert_eq!(read(&officer(), None).await.waiting[0].left, Countdown::Left(80), "it counts down");
        world.at(date(2021, 9, 14), 9);
        let late = read(&officer(), None).await.waiting.remove(0);
        assert_eq!(late.left, Countdown::Late(160), "from 14:20 to five");
        let unknown = read(&officer(), Some(MeasureId(4_242))).await;
        assert!(
            unknown.asked.is_none() && unknown.waiting.len() == 1,
            "a number that names no measure leads to the page"
        );
        let finance = actor(officer().person, HEF, Role::FinanceOfficer);
        assert!(matches!(world.app.own_standing(&finance, Some(id)).await, Err(Outcome::Forbidden(_))));
        let version = world.app.region_measure(&lead(), id.0).await.unwrap().measure.version;
        let command = DropMeasure { measure: id.0, version, reason: DropReason::Mistaken };
        world.app.perform(&lead(), "d", command).await.unwrap();
        let after = read(&officer(), Some(id)).await;
        assert!(after.waiting.is_empty() && after.measures.is_empty(), "it touched nothing");
        assert_eq!(after.asked.map(|one| one.state.name()), Some("dropped"), "and the mail still leads to it");
    })
    .await;
}

/// Why measures are proposed, as the officers of an authority are told.
async fn told_why(world: &World, org: OrganisationId) -> Vec<String> {
    world.app.do_due_jobs().await.unwrap();
    let mails = world.app.store.read(Some(org)).await.unwrap().mails(org, 100).await.unwrap();
    let proposed = mails.iter().filter(|mail| mail.subject.ends_with("is proposed"));
    let why: BTreeSet<_> = proposed.map(|mail| mail.body.lines().next().unwrap().to_owned()).collect();
    why.into_iter().collect()
}

/// The provider and its home are in the arrangement, and its insurance ended yesterday.
async fn uninsured(world: &World) {
    let mut work = world.work(REGION).await;
    work.apply(Arrangement::record(arrangement())).await.unwrap();
    work.record_standing(&StandingFact::admitted(PROVIDER, date(2018, 12, 15))).await.unwrap();
    admitted(&mut work, HomeId(1)).await;
    done(work).await;
    let mut work = world.work(PROVIDER).await;
    let paper = Paper {
        id: PaperId(work.new_id()),
        version: 1,
        provider: PROVIDER,
        home: None,
        kind: PaperKind::InsurancePublic,
        reference: "PL-1".into(),
        from: date(2020, 9, 13),
        since: None,
        expires_on: Some(date(2021, 9, 12)),
        audience: Audience::Members,
        state: PaperState::Held,
    };
    work.apply(Paper::keep(paper)).await.unwrap();
    done(work).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lapse_of_insurance_warns_and_once_its_suspension_is_confirmed_scorecard_and_gates_prevent_alike() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        with_lead(&world).await;
        let first = world.referral(1, &[4_150], false, HEF).await;
        uninsured(&world).await;
        let says = async || {
            let card = world.app.scorecard(&officer(), "SC392492").await.unwrap();
            let line = card.lines.into_iter().find(|one| one.criterion == Criterion::Insurance).unwrap();
            let prevents = card.flags.suspension.is_some();
            (line.effect, prevents)
        };
        world.app.propose_by_calendar().await.unwrap();
        world.app.do_due_jobs().await.unwrap();
        let held = world.app.region_measures(&lead()).await.unwrap().remove(0);
        assert_eq!((held.reason, held.holds()), (StandingReason::InsuranceLapsed, true), "it holds new referrals");
        assert_eq!(says().await, (Effect::Warns, false), "nothing is in force");
        let drop_it = DropMeasure { measure: held.id.0, version: held.version, reason: DropReason::NotProportionate };
        world.app.perform(&lead(), "d", drop_it).await.unwrap();
        assert_eq!(says().await, (Effect::Warns, false), "a person decided that it stops nothing");
        world.recommend(&first, "r1").await.unwrap();
        let by_hand = ProposeMeasure { reason: StandingReason::InsuranceLapsed, link: None, ..suspension() };
        let receipt = world.app.perform(&lead(), "again", by_hand).await.unwrap();
        world.app.do_due_jobs().await.unwrap();
        confirmed(&world, "c", last(&receipt.location).parse().unwrap()).await;
        world.app.do_due_jobs().await.unwrap();
        assert_eq!(says().await, (Effect::Prevents, true));
        let second = world.referral(2, &[4_150], false, HEF).await;
        assert_eq!(code(world.recommend(&second, "r2").await), "standing_lost");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_authority_with_a_child_there_is_told_at_once_of_what_a_person_a_notice_or_the_calendar_proposes() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        with_lead(&world).await;
        world.person(PersonId(33), BIR, Role::PlacementOfficer).await;
        let agreed = world.referral(1, &[4_150], false, HEF).await;
        let given = last(&world.recommend(&agreed, "r").await.unwrap().location);
        world.approve(&director(), &given, "a", false).await.unwrap();
        let (hand, notice, calendar) =
            ("Why: judged Inadequate.", "Why: Ofsted restricts new admissions.", "Why: insurance has lapsed.");
        world.app.perform(&lead(), "hand", suspension()).await.unwrap();
        assert_eq!(told_why(&world, HEF).await, [hand]);
        let restricted = SetStanding {
            about: About::Home("SC392492".into()),
            source: StandingSource::Regulator,
            standing: Standing::Suspended,
            reason: StandingReason::RestrictionNotice,
            from: date(2021, 9, 13),
            until: None,
            link: suspension().link,
            elsewhere: None,
        };
        world.app.perform(&lead(), "notice", restricted).await.unwrap();
        assert_eq!(told_why(&world, HEF).await, [notice, hand]);
        uninsured(&world).await;
        world.app.propose_by_calendar().await.unwrap();
        assert_eq!(told_why(&world, HEF).await, [notice, calendar, hand]);
        assert_eq!(told_why(&world, BIR).await, [] as [&str; 0], "no child of theirs is there");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proposed_suspension_is_chased_after_four_working_hours_and_can_be_dropped() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        with_lead(&world).await;
        let id = proposed(&world, "p").await;
        let again = world.app.perform(&lead(), "again", suspension()).await;
        assert_eq!(code(again), "one_measure", "one measure for one reason at a time");
        let chases = async || {
            world.app.do_due_jobs().await.unwrap();
            let session = world.app.store.read(Some(REGION)).await.unwrap();
            let mails = session.mails(REGION, 50).await.unwrap();
            mails.iter().filter(|mail| mail.subject.contains("not confirmed within 4 working hours")).count()
        };
        world.at(date(2021, 9, 13), 14);
        assert_eq!(chases().await, 0, "it is due at 14:20");
        world.at(date(2021, 9, 13), 15);
        assert_eq!(chases().await, 1);
        world.at(date(2021, 9, 13), 16);
        assert_eq!(chases().await, 1, "once");
        let version = world.app.region_measure(&lead(), id).await.unwrap().measure.version;
        let command = DropMeasure { measure: id, version, reason: DropReason::Mistaken };
        world.app.perform(&lead(), "d", command).await.unwrap();
        assert_eq!(world.app.region_measure(&lead(), id).await.unwrap().measure.state.name(), "dropped");
        proposed(&world, "anew").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_region_reads_how_long_is_left_to_confirm_each_measure_or_since_when_it_is_late_the_soonest_first() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        with_lead(&world).await;
        let first = proposed(&world, "p").await;
        world.at(date(2021, 9, 13), 12);
        let another = ProposeMeasure { reason: StandingReason::Safeguarding, ..suspension() };
        let receipt = world.app.perform(&lead(), "p2", another).await.unwrap();
        let second: i64 = last(&receipt.location).parse().unwrap();
        let read = async || {
            let all = world.app.timed_measures(&lead()).await.unwrap();
            all.into_iter().map(|one| (one.measure.id.0, one.left)).collect::<Vec<_>>()
        };
        let (left, late) = (|minutes| Some(Countdown::Left(minutes)), |minutes| Some(Countdown::Late(minutes)));
        assert_eq!(read().await, [(first, left(140)), (second, left(240))], "due at 14:20 and at 16:00");
        world.at(date(2021, 9, 13), 15);
        assert_eq!(read().await, [(first, late(40)), (second, left(60))]);
        world.at(date(2021, 9, 14), 9);
        assert_eq!(read().await, [(first, late(160)), (second, late(60))], "the night does not count");
        let page = world.app.region_measure(&lead(), first).await.unwrap();
        assert_eq!(page.left, late(160), "its own page says the same");
        let command = DropMeasure { measure: first, version: page.measure.version, reason: DropReason::Mistaken };
        world.app.perform(&lead(), "d", command).await.unwrap();
        assert_eq!(read().await, [(second, late(60)), (first, None)], "what no longer waits has no time left to tell");
        assert_eq!(world.app.region_measure(&lead(), first).await.unwrap().left, None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_told_of_a_proposal_is_told_when_it_is_dropped_and_what_still_holds() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        with_lead(&world).await;
        world.person(PersonId(33), BIR, Role::PlacementOfficer).await;
        let agreed = world.referral(1, &[4_150], false, HEF).await;
        let given = last(&world.recommend(&agreed, "r").await.unwrap().location);
        world.approve(&director(), &given, "a", false).await.unwrap();
        let first = proposed(&world, "p1").await;
        let another = ProposeMeasure { reason: StandingReason::Safeguarding, ..suspension() };
        let receipt = world.app.perform(&lead(), "p2", another).await.unwrap();
        let second: i64 = last(&receipt.location).parse().unwrap();
        world.app.do_due_jobs().await.unwrap();

        let drop_it = async |id: i64| {
            let version = world.app.region_measure(&lead(), id).await.unwrap().measure.version;
            let command = DropMeasure { measure: id, version, reason: DropReason::Mistaken };
            world.app.perform(&lead(), &format!("drop {id}"), command).await.unwrap();
            world.app.do_due_jobs().await.unwrap();
        };
        // A mail is its sender's: the region's that dropped it.
        let told = async |elsewhere: bool| {
            let mails = world.app.store.read(Some(REGION)).await.unwrap().mails(REGION, 100).await.unwrap();
            let dropped = mails.into_iter().filter(|mail| mail.subject.ends_with("is no longer proposed"));
            let to = dropped.filter(|mail| (mail.recipient == "p33@example.com") == elsewhere);
            to.map(|mail| mail.body).collect::<Vec<_>>()
        };
        let (again, waits) = (
            "It holds no new referral back any more.",
            format!("New placements still wait: {}.", StandingReason::Safeguarding.label()),
        );
        drop_it(first).await;
        let mails = told(false).await;
        assert_eq!(mails.len(), 1);
        assert!(mails[0].contains(DropReason::Mistaken.label()) && mails[0].contains(&waits), "{}", mails[0]);
        assert!(!mails[0].contains(again), "the other proposal still holds");
        drop_it(second).await;
        let mails = told(false).await;
        assert_eq!(mails.iter().filter(|body| body.contains(again)).count(), 1, "{mails:?}");
        assert_eq!(mails.len(), 2, "once for each");
        assert!(told(true).await.is_empty(), "who was not told of it, is not told that it was dropped");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_home_is_taken_back_on_evidence_and_can_be_awarded_to_again() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        with_lead(&world).await;
        let id = proposed(&world, "p").await;
        confirmed(&world, "c", id).await;
        world.app.do_due_jobs().await.unwrap();
        let reference = world.referral(1, &[4_150], false, HEF).await;
        assert_eq!(code(world.recommend(&reference, "r").await), "standing_lost");
        let wrong = Reinstate {
            measure: id,
            version: 2,
            evidence: Reinstatement::InsuranceRenewed,
            link: Some("https://reports.ofsted.gov.uk/again".into()),
        };
        assert_eq!(code(world.app.perform(&lead(), "w", wrong).await), "evidence_does_not_fit");
        back(&world, "b", id).await;
        world.recommend(&reference, "r again").await.unwrap();
    })
    .await;
}

/// Home 1 stands so on one lot from a day on.
async fn on_lot(world: &World, lot: &str, standing: Standing, from: Date) {
    let mut work = world.work(REGION).await;
    let (home, reason) = (HomeId(1), StandingReason::Safeguarding);
    let fact = LotFact { home, lot: lot.to_owned(), standing, reason, from, until: OPEN_END };
    work.record_lot_standing(&fact).await.unwrap();
    done(work).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_child_whose_award_was_made_does_not_start_at_a_home_suspended_since_on_that_lot() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        let agreed = world.referral(1, &[4_150], false, HEF).await;
        let given = last(&world.recommend(&agreed, "r").await.unwrap().location);
        world.approve(&director(), &given, "a", false).await.unwrap();
        on_lot(&world, "planned", Standing::Suspended, date(2021, 9, 20)).await;
        on_lot(&world, "crisis", Standing::Suspended, date(2021, 9, 20)).await;
        world.at(START, 9);
        let start = async |key: &str| {
            let (reference, unsigned) = ("HEF-A-0001".to_owned(), Some(UnsignedReason::Emergency));
            world.app.perform(&officer(), key, StartStay { reference, version: 1, on: START, unsigned }).await
        };
        assert!(looks_good(&world).await, "the home itself is in good standing");
        assert_eq!(code(start("suspended").await), "standing_lost");
        on_lot(&world, "planned", Standing::OnWatch, START).await;
        start("watched").await.unwrap();
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let state = session.agreement(HEF, "HEF-A-0001").await.unwrap().state.name();
        assert_eq!(state, "started", "a suspension on another lot is no stop");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_home_judged_inadequate_is_not_awarded_to_though_its_proposed_suspension_was_dropped() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        with_lead(&world).await;
        let open = world.referral(1, &[4_150], false, HEF).await;
        let waiting = world.referral(2, &[4_150], false, HEF).await;
        let asked = last(&world.recommend(&waiting, "r2").await.unwrap().location);
        judged(&world, Grade::Inadequate, date(2021, 9, 13)).await;
        let id = proposed(&world, "p").await;
        let version = world.app.region_measure(&lead(), id).await.unwrap().measure.version;
        let drop_it = DropMeasure { measure: id, version, reason: DropReason::NotProportionate };
        world.app.perform(&lead(), "d", drop_it).await.unwrap();
        assert!(looks_good(&world).await, "its standing is good: the grade stops by itself");
        assert_eq!(code(world.recommend(&open, "r1").await), "inadequate_needs_exemption");
        let stopped = world.app.approval_view(&officer(), &asked).await.unwrap().stopped.unwrap();
        assert_eq!(stopped.code, "inadequate_needs_exemption");
        world.approve(&director(), &asked, "a2", false).await.unwrap();
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        assert_eq!(session.approval(HEF, &asked).await.unwrap().state.name(), "void");
        drop(session);
        world.at(date(2021, 9, 14), 10);
        judged(&world, Grade::Good, date(2021, 9, 14)).await;
        world.recommend(&open, "r1 again").await.unwrap();
    })
    .await;
}

/// Rounds, and how many clients approve each search of a round.
const ROUNDS: u32 = 20;
const CLIENTS: usize = 21;
/// What an award of these searches takes of the year: £1,000 a week for ten weeks.
const EACH: i64 = 10_000;

/// One search of a round: its reference, its approval, and the decision that every client sends.
type Search = (String, String, Approve);

async fn search(world: &World, number: u32) -> Search {
    let reference = world.referral(number, &[1_000], false, HEF).await;
    let asked = last(&world.recommend(&reference, &format!("r{number}")).await.unwrap().location);
    let command = world.approval_command(&asked, false).await;
    (reference, asked, command)
}

/// Clients that approve one search, each after it was let in; whoever is answered first says so.
fn approve_at_once(
    clients: &mut JoinSet<()>,
    world: &Arc<World>,
    (search, key): (&Search, &str),
    (enter, answered): (&Arc<Semaphore>, &Arc<Notify>),
) {
    for client in 0..CLIENTS {
        let (world, command, key) = (Arc::clone(world), search.2.clone(), format!("{key} {}", client / 8));
        let (enter, answered) = (Arc::clone(enter), Arc::clone(answered));
        clients.spawn(async move {
            enter.acquire().await.unwrap().forget();
            match world.app.perform(&director(), &key, command).await {
                Ok(_) => answered.notify_one(),
                Err(Outcome::Refused(_) | Outcome::Conflict | Outcome::Busy | Outcome::Retry) => {}
                Err(other) => panic!("{other:?}"),
            }
        });
    }
}

/// What became of a search: awarded, and its placement is reviewed; or void, and nothing of it lives.
async fn became(session: &Session, (reference, asked, _): &Search, measure: i64) -> bool {
    let referral = session.referral_by_reference(HEF, reference).await.unwrap();
    let approval = session.approval(HEF, asked).await.unwrap().state.name();
    let offer = session.offers_of(HEF, referral.id).await.unwrap().remove(0).state;
    let reviews = session.placement_reviews(HEF).await.unwrap();
    let Some(agreement) = session.agreement_of(HEF, referral.id).await.unwrap() else {
        assert_eq!((approval, referral.state.name()), ("void", "out"), "{reference}");
        let suspended = NotChosenReason::HomeSuspended;
        let closed = matches!(offer, OfferState::NotChosen { reason, .. } if reason == suspended);
        assert!(closed, "{reference}: {offer:?}");
        return false;
    };
    assert_eq!((approval, offer), ("approved", OfferState::Accepted { agreement: agreement.id }), "{reference}");
    let own = reviews.iter().filter(|one| (one.measure.0, one.agreement) == (measure, agreement.id));
    assert_eq!(own.count(), 1, "{reference}: its placement has its review");
    true
}

/// Two searches are approved while the suspension is confirmed, in every other round once one of them is awarded; a third
/// while all that follows is done. The measure, and the searches.
async fn round_of(world: &Arc<World>, round: u32) -> (i64, Vec<Search>) {
    let mut searches = Vec::new();
    for number in 1..=3 {
        searches.push(search(world, 3 * round + number).await);
    }
    let id = proposed(world, &format!("p{round}")).await;
    let (gate, enter, answered) =
        (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(2 * CLIENTS)), Arc::new(Notify::new()));
    let (mut early, mut late, mut other) = (JoinSet::new(), JoinSet::new(), JoinSet::new());
    for (at, one) in searches.iter().enumerate() {
        let key = format!("{round} {at}");
        let (clients, enter) = if at < 2 { (&mut early, &enter) } else { (&mut late, &gate) };
        approve_at_once(clients, world, (one, &key), (enter, &answered));
    }
    let (confirming, awarded, gate) = (Arc::clone(world), Arc::clone(&answered), Arc::clone(&gate));
    other.spawn(async move {
        if round % 2 == 1 {
            awarded.notified().await;
        }
        confirmed(&confirming, &format!("c{round}"), id).await;
        gate.add_permits(CLIENTS);
        confirming.app.do_due_jobs().await.unwrap();
    });
    early.join_all().await;
    // Where nobody was awarded anything, the suspension comes all the same.
    answered.notify_one();
    other.join_all().await;
    late.join_all().await;
    // A job that met somebody's change tries again later.
    world.app.do_jobs_due_at(Machine::now() + SignedDuration::from_hours(6)).await.unwrap();
    (id, searches)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_award_while_a_suspension_is_confirmed_and_followed_stands_or_is_void_under_64_clients_and_20_rounds() {
    both(async |database| {
        let world = Arc::new(World::new(&database, "E06000019", 60, Pence::pounds(1_000_000)).await);
        with_lead(&world).await;
        let (mut stood, mut ended) = (0_i64, 0_i64);
        for round in 0..ROUNDS {
            let (id, searches) = round_of(&world, round).await;
            let session = world.app.store.read(Some(HEF)).await.unwrap();
            for (at, one) in searches.iter().enumerate() {
                let awarded = became(&session, one, id).await;
                assert!(!awarded || at < 2, "round {round}: nothing is awarded once the suspension is confirmed");
                stood += i64::from(awarded);
                ended += i64::from(!awarded);
            }
            let left = session.open_at(HEF, &[HomeId(1)], None).await.unwrap();
            assert_eq!((left.invitations.len(), left.approvals.len()), (0, 0), "round {round}");
            assert_eq!(left.offers, Vec::<OfferId>::new(), "round {round}");
            let reviews = session.placement_reviews(HEF).await.unwrap();
            let of_this = reviews.iter().filter(|one| one.measure.0 == id).count();
            assert_eq!(of_this, left.agreements.len(), "round {round}: each placement has its review");
            let year = session.ledger_year(HEF, date(2020, 12, 15)).await.unwrap().unwrap();
            let each = Pence::pounds(EACH * stood);
            assert_eq!(year.totals.committed, each, "round {round}: nothing is held for what is void");
            assert_eq!(session.ledger_faults(HEF).await.unwrap(), [], "round {round}");
            drop(session);
            back(&world, &format!("b{round}"), id).await;
        }
        let rounds = i64::from(ROUNDS);
        assert!(stood >= rounds / 2 && ended >= rounds, "{stood} stood and {ended} ended: both came about");
        assert_eq!(world.app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

/// What the twin sees when it looks, in a transaction of its own: whether home 1 takes a child on the first night.
async fn looks_good(world: &World) -> bool {
    let session = world.app.store.read(Some(HEF)).await.unwrap();
    let home = session.home(HomeId(1)).await.unwrap();
    let facts = session.standing_of(home.id, home.provider).await.unwrap();
    standing_on(&facts, home.id, home.provider, START).may_admit(&home.name).is_ok()
}

/// What the twin then writes, in the next transaction and without another look: an agreement of this search, in the words of
/// one that was awarded before.
async fn award_unseen(world: &World, before: &Agreement, search: &str) {
    let mut work = world.work(HEF).await;
    let referral = work.referral_by_reference(HEF, search).await.unwrap();
    let offer = work.offers_of(HEF, referral.id).await.unwrap()[0].id;
    let (id, reference) = (AgreementId(77), Reference { number: 77, ..before.reference.clone() });
    let (of, child) = (referral.id, referral.child);
    work.apply(referral.agree(id).unwrap()).await.unwrap();
    let agreement = Agreement { id, reference, referral: of, child, offer, ..before.clone() };
    work.apply(Agreement::prepare(agreement)).await.unwrap();
    done(work).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_naive_twin_awards_at_a_home_that_is_suspended_meanwhile() {
    both_made(6, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        with_lead(&world).await;
        let first = world.referral(1, &[4_150], false, HEF).await;
        let asked = last(&world.recommend(&first, "r1").await.unwrap().location);
        world.approve(&director(), &asked, "a1", false).await.unwrap();
        let second = world.referral(2, &[4_150], false, HEF).await;
        let asked = last(&world.recommend(&second, "r2").await.unwrap().location);
        let command = world.approval_command(&asked, false).await;
        assert!(looks_good(&world).await, "it is good when the twin looks");
        let id = proposed(&world, "p").await;
        confirmed(&world, "c", id).await;
        world.app.do_due_jobs().await.unwrap();
        assert!(!looks_good(&world).await, "it is suspended when the twin writes");
        let checked = world.app.perform(&director(), "a2", command).await;
        assert!(matches!(checked, Err(Outcome::Refused(_) | Outcome::Conflict)), "{checked:?}");
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let before = session.agreement(HEF, "HEF-A-0001").await.unwrap();
        drop(session);
        let placed = async || {
            let session = world.app.store.read(Some(HEF)).await.unwrap();
            let reviews = session.placement_reviews(HEF).await.unwrap();
            let of_this = reviews.iter().filter(|one| one.measure.0 == id).count();
            (session.open_at(HEF, &[HomeId(1)], None).await.unwrap().agreements.len(), of_this)
        };
        assert_eq!(placed().await, (1, 1), "each placement has its review");
        award_unseen(&world, &before, &second).await;
        world.app.do_due_jobs().await.unwrap();
        assert_eq!(placed().await, (2, 1), "a look before the write is no check: one placement has no review");
    })
    .await;
}
