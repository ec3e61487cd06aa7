//! A home of a mini-block suspended while children are nominated for its beds: listed before, taken back after, on both
//! databases; and under 64 clients none is left standing. The naive twin looks at the standing and then nominates.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use jiff::Span;
use jiff::civil::{Date, date};
use placewell_app::Outcome;
use placewell_app::buying::block::go_on_today;
use placewell_app::buying::block::nights::{AcceptNomination, NominateChild};
use placewell_app::buying::check::ExemptPlacement;
use placewell_app::homes::home::ConfirmBeds;
use placewell_app::homes::standing::register::bring_in;
use placewell_app::homes::standing::{About, DropMeasure, ProposeMeasure, Reinstate};
use placewell_app::power::delegation::PowerFact;
use placewell_domain::buying::block::BlockState;
use placewell_domain::buying::block::nomination::{Nomination, NominationState, WithdrawReason};
use placewell_domain::buying::spot::exemption::ExemptionReason;
use placewell_domain::homes::home::alert::AlertKind;
use placewell_domain::homes::home::{Grade, Inspection, InspectionKind};
use placewell_domain::homes::standing::measure::{Affected, DropReason, Reinstatement};
use placewell_domain::homes::standing::scorecard::Criterion;
use placewell_domain::homes::standing::{Standing, StandingReason, standing_on};
use placewell_domain::id::{BedId, HomeId, InvitationId, NominationId, OrganisationId, PersonId};
use placewell_domain::money::Pence;
use placewell_domain::nights::OPEN_END;
use placewell_domain::office::access::Role;
use placewell_domain::office::organisation::{Organisation, OrganisationKind};
use placewell_domain::office::person::Actor;
use placewell_domain::placing::invitation::Invitation;
use placewell_exchange::homes::home::read;
use tokio::sync::Notify;
use tokio::task::JoinSet;

use super::child::{award, officer, referral, referrals};
use super::turns::officers;
use super::world::{
    HEF, LARK, REGION, RIVAL, SHR, World, actor, both_made, director, done, lead, proposal, refused, shares, spec,
};
use crate::award::world::{asking, statutory};

const ROUNDS: usize = 20;
const CLIENTS: usize = 63;

async fn proposed(world: &World, key: &str) -> i64 {
    let command = ProposeMeasure {
        about: About::Home("SC392491".into()),
        lot: None,
        standing: Standing::Suspended,
        reason: StandingReason::Inadequate,
        link: Some("https://reports.ofsted.gov.uk/provider/4/SC392491".into()),
        elsewhere: None,
        dated: date(2021, 9, 13),
    };
    let receipt = world.perform(&lead(), key, command).await.unwrap();
    receipt.location.rsplit('/').next().unwrap().parse().unwrap()
}

/// Confirms it as it is listed now, again where the list changed or is not told yet.
async fn confirmed(world: &World, key: &str, id: i64) {
    for attempt in 0..200 {
        world.jobs().await;
        let page = world.app.region_measure(&lead(), id).await.unwrap();
        let with = (id, page.measure.version, page.seen());
        match world.app.confirm_measure(&lead(), &format!("{key} {attempt}"), with).await {
            Ok(_) => return,
            Err(Outcome::Conflict | Outcome::Busy | Outcome::Retry) => {}
            Err(Outcome::Refused(refusal)) if ["not_told_yet", "list_changed"].contains(&refusal.code.as_str()) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    panic!("the list never stood still");
}

async fn back(world: &World, key: &str, id: i64) {
    let version = world.app.region_measure(&lead(), id).await.unwrap().measure.version;
    let link = Some("https://reports.ofsted.gov.uk/again".to_owned());
    let command = Reinstate { measure: id, version, evidence: Reinstatement::Reinspected, link };
    world.perform(&lead(), key, command).await.unwrap();
}

async fn nominations(world: &World, block: &str) -> Vec<Nomination> {
    let session = world.app.store.read(Some(HEF)).await.unwrap();
    let id = session.block_by_reference(block).await.unwrap().id;
    session.nominations_of(id).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn nominations_at_a_suspended_home_are_listed_and_taken_back_and_made_again_once_it_is_reinstated() {
    both_made(Pence::pounds(1_000_000), async |database| {
        let world = World::opened(&database).await;
        let block = world.live("a", 1).await;
        let (from, to) = (date(2022, 1, 10), date(2022, 3, 21));
        let mut children = Vec::new();
        for number in 1..=2_u32 {
            let child = referral(&world, HEF, number, from, to).await;
            let slot = u8::try_from(number).unwrap();
            let command = NominateChild { block: block.clone(), slot, referral: child.clone() };
            world.perform(&officer(HEF), &format!("n{number}"), command).await.unwrap();
            children.push(child);
        }
        let first = nominations(&world, &block).await.into_iter().min_by_key(|one| one.slot).unwrap();
        world.perform(&actor(51), "accept", AcceptNomination { id: first.id.0, version: 1 }).await.unwrap();
        let id = proposed(&world, "p").await;
        world.jobs().await;
        let page = world.app.region_measure(&lead(), id).await.unwrap();
        let listed: Vec<_> = page.open.iter().map(|(_, one)| (one.authority, one.beds)).collect();
        assert_eq!(listed, [(HEF, 2)], "one that is open and one that was accepted");
        // What was counted under a minute ago is counted again, and is written only where it changed.
        let counted = page.counted.unwrap();
        for (seconds, then) in [(30, 0), (60, 60)] {
            world.app.calendar.move_to(counted.saturating_add(Span::new().seconds(seconds)));
            let page = world.app.region_measure(&lead(), id).await.unwrap();
            assert_eq!(page.counted, Some(counted.saturating_add(Span::new().seconds(then))), "after {seconds}");
            assert_eq!(page.open.len(), 1);
        }
        let again = NominateChild { block: block.clone(), slot: 1, referral: children[0].clone() };
        assert_eq!(refused(world.perform(&officer(HEF), "held", again.clone()).await), "standing_held");
        confirmed(&world, "c", id).await;
        world.jobs().await;
        for one in nominations(&world, &block).await {
            let suspended = WithdrawReason::HomeSuspended;
            assert!(matches!(one.state, NominationState::Withdrawn { reason, .. } if reason == suspended), "{one:?}");
        }
        let page = world.app.region_measure(&lead(), id).await.unwrap();
        let done: Vec<_> = page.done.iter().filter(|(_, one)| one.done.beds > 0).map(|(_, one)| one.done).collect();
        assert_eq!(
            done.iter().map(|one| (one.authority, one.beds)).collect::<Vec<_>>(),
            listed,
            "exactly what was listed"
        );
        let asked_no_longer = world.perform(&officer(HEF), "gone", again).await;
        assert_eq!(refused(asked_no_longer), "home_not_asked", "its invitation was withdrawn with the rest");
        let child = referral(&world, HEF, 3, from, to).await;
        let again = NominateChild { block: block.clone(), slot: 1, referral: child };
        assert_eq!(refused(world.perform(&officer(HEF), "lost", again.clone()).await), "standing_lost");
        back(&world, "b", id).await;
        world.perform(&officer(HEF), "again", again).await.unwrap();
        world.jobs().await;
        assert_eq!(world.app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_award_kept_back_by_a_suspension_goes_live_from_the_day_of_the_reinstatement() {
    both_made(Pence::pounds(1_000_000), async |database| {
        let world = World::opened(&database).await;
        let block = world.recommended("a", proposal(spec(2), shares(6_000)), 1).await;
        let id = proposed(&world, "p").await;
        world.jobs().await;
        for org in [HEF, SHR] {
            world.approve(&director(org), &format!("{org}"), &block).await.unwrap();
        }
        // Confirmed before the job looks at what both have approved.
        let page = world.app.region_measure(&lead(), id).await.unwrap();
        world.app.confirm_measure(&lead(), "c", (id, page.measure.version, page.seen())).await.unwrap();
        world.jobs().await;
        let kept_back = async || {
            go_on_today(&world.app).await.unwrap();
            assert_eq!(world.block(&block).await.state, BlockState::Recommended);
            let page = world.app.block_page(&director(HEF), &block).await.unwrap();
            page.kept_back.map(|refusal| refusal.code)
        };
        assert_eq!(kept_back().await.as_deref(), Some("standing_lost"), "the page says why it does not go on");
        let approved = world.committed(HEF).await;
        assert!(approved > Pence::ZERO, "the approvals stand");
        // Its period begins without it.
        let today = date(2022, 1, 10);
        world.at(today, 9);
        world.jobs().await;
        assert_eq!(kept_back().await.as_deref(), Some("standing_lost"));
        back(&world, "b", id).await;
        world.jobs().await;
        assert_eq!(world.block(&block).await.state, BlockState::Live { since: today });
        assert!(world.app.block_page(&lead(), &block).await.unwrap().kept_back.is_none());
        assert!(world.committed(HEF).await < approved, "the nights on which it was suspended are the provider's");
        assert_eq!(world.app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_child_is_nominated_for_a_bed_of_a_home_judged_inadequate_that_stands_good() {
    both_made(Pence::pounds(1_000_000), async |database| {
        let world = World::opened(&database).await;
        let block = world.live("a", 1).await;
        let (from, to) = (date(2022, 1, 10), date(2022, 3, 21));
        let child = referral(&world, HEF, 1, from, to).await;
        let work = world.work(REGION).await;
        let home = work.home(HomeId(1)).await.unwrap();
        let judged = |grade, on| Inspection {
            kind: InspectionKind::Full,
            inspected_on: on,
            published_on: Some(on),
            grade: Some(grade),
            serious_concerns: grade == Grade::Inadequate,
            event: String::new(),
            link: None,
        };
        work.add_inspection(&home, &judged(Grade::Inadequate, date(2021, 9, 1))).await.unwrap();
        done(work).await;
        assert!(looks_good(&world, from).await, "no measure is about it");
        let command = NominateChild { block: block.clone(), slot: 1, referral: child.clone() };
        let refusal = refused(world.perform(&officer(HEF), "n", command.clone()).await);
        assert_eq!(refusal, "inadequate_needs_exemption");
        // The director of children's services can exempt this child; of another child the gate asks all the same.
        let dcs = director(HEF);
        let mut work = world.work(HEF).await;
        work.record_power(700, &PowerFact::Statutory(statutory(HEF, dcs.person))).await.unwrap();
        work.record(placewell_domain::change::Event::new("world.powers", "delegation", 700, 1));
        done(work).await;
        let words = "Ofsted's monitoring visit found that nights are staffed again.".to_owned();
        let of = (child.clone(), "SC392491".to_owned());
        let exempt = ExemptPlacement::new(of, ExemptionReason::Improving, words, from);
        world.perform(&dcs, "exempt", exempt).await.unwrap();
        let other = referral(&world, HEF, 2, from, to).await;
        let beside = NominateChild { block: block.clone(), slot: 2, referral: other };
        let refusal = refused(world.perform(&officer(HEF), "beside", beside.clone()).await);
        assert_eq!(refusal, "inadequate_needs_exemption");
        world.perform(&officer(HEF), "exempted", command).await.unwrap();
        let work = world.work(REGION).await;
        work.add_inspection(&home, &judged(Grade::Good, date(2021, 9, 10))).await.unwrap();
        done(work).await;
        world.perform(&officer(HEF), "again", beside).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_nomination_and_a_suspension_at_once_leave_none_standing_under_64_clients_and_20_rounds() {
    both_made(Pence::pounds(1_000_000), async |database| {
        let world = Arc::new(World::opened(&database).await);
        let block = world.live("a", 1).await;
        let named = Arc::new(AtomicUsize::new(0));
        let answers = Arc::new(Mutex::new(BTreeSet::new()));
        for (round, first) in (1..).step_by(4).take(ROUNDS).enumerate() {
            // A suspension withdraws what was asked of the home: each round asks for other children.
            let referrals = referrals(&world, first).await;
            let first = Arc::new(Notify::new());
            let mut clients = JoinSet::new();
            for client in 0..CLIENTS {
                let (world, block, named) = (Arc::clone(&world), block.clone(), Arc::clone(&named));
                let (answers, first) = (Arc::clone(&answers), Arc::clone(&first));
                let (org, referral) = referrals[client % referrals.len()].clone();
                let slot = if client % 2 == 0 { 1 } else { 2 };
                clients.spawn(async move {
                    let command = NominateChild { block, slot, referral };
                    let said = match world.perform(&officer(org), &format!("{round} {client}"), command).await {
                        Ok(_) => {
                            named.fetch_add(1, Ordering::Relaxed);
                            first.notify_one();
                            String::new()
                        }
                        Err(Outcome::Refused(refusal)) => refusal.code,
                        Err(Outcome::Invalid(invalid)) => format!("{invalid:?}"),
                        Err(Outcome::Conflict | Outcome::Busy | Outcome::Retry) => "again".to_owned(),
                        Err(other) => panic!("{other:?}"),
                    };
                    answers.lock().unwrap().insert(said);
                });
            }
            let (other, nominated) = (Arc::clone(&world), Arc::clone(&first));
            let mut measure = JoinSet::new();
            measure.spawn(async move {
                // In every other round it comes once a child is nominated, so that there is something to take back.
                if round % 2 == 1 {
                    nominated.notified().await;
                }
                let id = proposed(&other, &format!("p{round}")).await;
                confirmed(&other, &format!("c{round}"), id).await;
                id
            });
            clients.join_all().await;
            first.notify_one();
            let id = measure.join_next().await.unwrap().unwrap();
            world.jobs().await;
            let left: Vec<_> = nominations(&world, &block).await.into_iter().filter(Nomination::stands).collect();
            assert_eq!(left, [], "round {round}");
            back(&world, &format!("b{round}"), id).await;
        }
        assert!(named.load(Ordering::Relaxed) >= ROUNDS / 2, "too few were ever nominated: {named:?} {answers:?}");
        assert_eq!(world.app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

/// A home of another provider is asked for this child too, and says nothing.
async fn unanswered(world: &World, reference: &str) -> InvitationId {
    let mut work = world.work(HEF).await;
    let (referral, now) = (work.referral_by_reference(HEF, reference).await.unwrap(), work.moment());
    let id = InvitationId(referral.id.0 + 50);
    let key = work.new_invitation_key(RIVAL, id, referral.child).await.unwrap();
    let asking = asking(&referral, 2, (HomeId(2), RIVAL), &key, now);
    work.apply(Invitation::ask(id, asking, now)).await.unwrap();
    done(work).await;
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_is_told_to_the_authorities_of_a_mini_block_there_though_no_child_of_theirs_is() {
    both_made(Pence::pounds(1_000_000), async |database| {
        let world = World::opened(&database).await;
        let block = world.live("a", 1).await;
        let work = world.work(SHR).await;
        work.add_person(PersonId(33), "officer@shr.example", "Someone", None).await.unwrap();
        let (from, until) = (date(2018, 1, 1), OPEN_END);
        work.add_membership(PersonId(33), Role::PlacementOfficer, "Officer", from, until).await.unwrap();
        done(work).await;
        for (manager, urn) in [(51, "SC392491"), (61, "SC392492")] {
            let confirm = ConfirmBeds { urn: urn.into() };
            world.perform(&actor(manager), &format!("beds of {urn}"), confirm).await.unwrap();
        }
        world.at(date(2021, 11, 15), 9);
        for _ in 0..2 {
            world.app.alert_by_calendar().await.unwrap();
            world.jobs().await;
        }
        let region = world.app.region_alerts(&lead(), (0, 10)).await.unwrap();
        let raised: Vec<_> = region.lines.iter().map(|one| (one.alert.found.kind, one.alert.times)).collect();
        assert_eq!(raised, [(AlertKind::StaleBeds, 1); 2], "of both homes, and looking again raises nothing");
        for org in [HEF, SHR] {
            let own = world.app.own_alerts(&director(org)).await.unwrap();
            let [line] = own.lines.as_slice() else { panic!("{own:?}") };
            assert_eq!((line.alert.found.urn.as_str(), &line.blocks), ("SC392491", &vec![block.clone()]));
            assert!(!line.touches[0].1.any(), "nothing else of theirs is there");
        }
        let mails = world.app.store.read(Some(SHR)).await.unwrap().mails(SHR, 100).await.unwrap();
        let told: Vec<_> = mails.iter().filter(|mail| mail.subject.contains("beds not confirmed")).collect();
        assert_eq!(told.len(), 1, "once, and of the one home");
        assert!(told[0].body.contains(&format!("You buy beds there by {block}.")), "{}", told[0].body);
    })
    .await;
}

/// Ofsted's file of a day, in which SC392491 was visited on another and has this judgement, brought in.
async fn register(world: &World, (judgement, visited): (&str, &str), as_at: Date) {
    let text = format!(
        "URN,Provision type,Registration status,Government Office Region,Local authority,Sector,Places,Organisation,\
         Event type,Inspection date,Publication date,Overall experiences and progress of children and young people\n\
         SC392491,Children's home,Active,West Midlands,Herefordshire,Private,30,Organisation larkrise,\
         Full inspection,{visited},{visited},{judgement}\n"
    );
    let mut work = world.work(REGION).await;
    let mut read = read(text.as_bytes(), "West Midlands");
    bring_in(&mut work, &mut read, as_at).await.unwrap();
    assert_eq!(read.summary.errors, []);
    done(work).await;
}

/// A third authority, with nothing at any home: its placement officer.
async fn elsewhere(world: &World) -> Actor {
    let (id, person) = (OrganisationId(3), PersonId(45));
    let work = world.work(id).await;
    let (code, name, kind) = ("WOR".to_owned(), "Organisation WOR".to_owned(), OrganisationKind::Authority);
    work.add_organisation(&Organisation { id, code, name, kind, area: None, placing_body: None }).await.unwrap();
    work.add_person(person, "p45@example.com", "Person 45", None).await.unwrap();
    work.add_membership(person, Role::PlacementOfficer, "Officer", date(2018, 1, 1), OPEN_END).await.unwrap();
    done(work).await;
    Actor { person, organisation: id, ..officer(SHR) }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_authority_with_a_child_a_search_and_a_bed_at_a_downgraded_home_reads_its_own_numbers_and_is_mailed() {
    both_made(Pence::pounds(1_000_000), async |database| {
        let world = World::opened(&database).await;
        officers(&world).await;
        let third = elsewhere(&world).await;
        let block = world.live("a", 1).await;
        let (from, to) = (date(2022, 1, 10), date(2022, 3, 21));
        for (org, slot, searches) in [(HEF, 1_u8, 1), (SHR, 2, 2)] {
            // The first child is placed, the second is to have a bed of the block, the others are searched for.
            referral(&world, org, 1, from, to).await;
            award(&world, org, 1, 6 + i64::from(slot), (from, to)).await;
            let child = referral(&world, org, 2, from, to).await;
            let command = NominateChild { block: block.clone(), slot, referral: child };
            world.perform(&officer(org), &format!("nominate {org}"), command).await.unwrap();
            for number in 3..3 + searches {
                referral(&world, org, number, from, to).await;
            }
        }
        register(&world, ("Good", "01/02/2021"), date(2021, 3, 31)).await;
        register(&world, ("Inadequate", "02/08/2021"), date(2021, 9, 10)).await;
        world.jobs().await;

        let numbers = |one: &Affected| (one.authority, one.referrals, one.beds, one.placements);
        let expected = [(HEF, 2, 1, 1), (SHR, 3, 1, 1)];
        let region = world.app.region_alerts(&lead(), (0, 10)).await.unwrap();
        let [line] = region.lines.as_slice() else { panic!("{region:?}") };
        let mut touches: Vec<_> = line.touches.iter().map(|(_, one)| numbers(one)).collect();
        touches.sort_unstable();
        assert_eq!((line.alert.found.kind, touches.as_slice()), (AlertKind::Judgement, expected.as_slice()));
        let told = async |org: OrganisationId| {
            let mails = world.app.store.read(Some(org)).await.unwrap().mails(org, 100).await.unwrap();
            let told = mails.into_iter().filter(|mail| mail.subject.ends_with("judgement changed"));
            told.map(|mail| (mail.recipient, mail.body)).collect::<Vec<_>>()
        };
        for of in expected {
            let (org, referrals, _, placements) = of;
            let own = world.app.own_alerts(&officer(org)).await.unwrap();
            let [line] = own.lines.as_slice() else { panic!("{own:?}") };
            assert_eq!(line.touches.iter().map(|(_, one)| numbers(one)).collect::<Vec<_>>(), [of], "its own alone");
            let mails = told(org).await;
            let [(recipient, body)] = mails.as_slice() else { panic!("{mails:?}") };
            assert_eq!(*recipient, format!("p{}@example.com", officer(org).person));
            let words =
                format!("{placements} of your children are placed there; {referrals} of your referrals asked there.");
            assert!(body.contains(&words) && body.contains(&format!("You buy beds there by {block}.")), "{body}");
        }
        assert_eq!(world.app.own_alerts(&third).await.unwrap().total, 0);
        assert!(told(third.organisation).await.is_empty(), "who has nothing there is told nothing");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_repeatedly_does_not_answer_is_proposed_to_be_watched_and_only_once() {
    both_made(Pence::pounds(1_000_000), async |database| {
        let world = World::opened(&database).await;
        let mut asked = Vec::new();
        for number in 1..=10 {
            let child = referral(&world, HEF, number, date(2022, 1, 10), date(2022, 3, 21)).await;
            asked.push(unanswered(&world, &child).await);
        }
        world.at(date(2021, 9, 14), 9);
        let proposed = async || {
            world.app.propose_by_calendar().await.unwrap();
            let all = world.app.region_measures(&lead()).await.unwrap();
            all.into_iter().map(|one| (one.provider, one.reason, one.standing)).collect::<Vec<_>>()
        };
        let ids = asked.clone();
        for (at, id) in asked.into_iter().enumerate() {
            assert_eq!(proposed().await, [], "{at} are not repeated");
            let mut work = world.work(HEF).await;
            let invitation = work.invitation(HEF, id).await.unwrap();
            let change = invitation.lapse(work.moment()).unwrap();
            work.apply(change).await.unwrap();
            done(work).await;
        }
        let watched = (RIVAL, StandingReason::Responses, Standing::OnWatch);
        assert_eq!(proposed().await, [watched]);
        assert_eq!(proposed().await, [watched], "once");
        let card = async || {
            let lines = world.app.scorecard(&lead(), "SC392492").await.unwrap().lines;
            lines.into_iter().find(|line| line.criterion == Criterion::Answers).unwrap()
        };
        let repeated = card().await;
        assert_eq!(repeated.found, "10 of 10 not answered in time in 90 days.");
        // The searches end with other homes: what was not answered stays so.
        let mut work = world.work(HEF).await;
        for id in ids {
            let closed = work.invitation(HEF, id).await.unwrap().close(work.moment()).unwrap();
            work.apply(closed).await.unwrap();
        }
        done(work).await;
        assert_eq!(card().await, repeated);
    })
    .await;
}

/// Asked for ten children, it says nothing until the deadlines have passed.
async fn ten_unanswered(world: &World, first: u32) {
    let mut asked = Vec::new();
    for number in first..first + 10 {
        let child = referral(world, HEF, number, date(2022, 1, 10), date(2022, 3, 21)).await;
        asked.push(unanswered(world, &child).await);
    }
    let day = world.app.calendar.now().today();
    world.at(day.tomorrow().unwrap(), 9);
    let mut work = world.work(HEF).await;
    for id in asked {
        let invitation = work.invitation(HEF, id).await.unwrap();
        let change = invitation.lapse(work.moment()).unwrap();
        work.apply(change).await.unwrap();
    }
    done(work).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_that_stay_out_again_after_a_person_dealt_with_the_first_ones_are_proposed_again() {
    both_made(Pence::pounds(1_000_000), async |database| {
        let world = World::opened(&database).await;
        let proposed = async || {
            world.app.propose_by_calendar().await.unwrap();
            let all = world.app.region_measures(&lead()).await.unwrap();
            all.into_iter().map(|one| (one.id.0, one.state.name())).collect::<Vec<_>>()
        };
        ten_unanswered(&world, 1).await;
        let found = proposed().await;
        let [(measure, "proposed")] = found.as_slice() else { panic!("{found:?}") };
        let drop = DropMeasure { measure: *measure, version: 1, reason: DropReason::NotProportionate };
        world.perform(&lead(), "dropped", drop).await.unwrap();
        world.at(date(2021, 9, 15), 9);
        assert_eq!(proposed().await.len(), 1, "what was looked at does not count again");
        ten_unanswered(&world, 11).await;
        let found = proposed().await;
        assert_eq!(found.iter().map(|(_, state)| *state).collect::<Vec<_>>(), ["proposed", "dropped"]);
    })
    .await;
}

/// What the twin sees when it looks, in a transaction of its own: whether home 1 takes a child on a day.
async fn looks_good(world: &World, day: Date) -> bool {
    let session = world.app.store.read(Some(HEF)).await.unwrap();
    let home = session.home(HomeId(1)).await.unwrap();
    let facts = session.standing_of(home.id, home.provider).await.unwrap();
    standing_on(&facts, home.id, home.provider, day).may_admit(&home.name).is_ok()
}

/// What the twin then writes, in the next transaction, without the block's lock and without another look.
async fn nominate_unseen(world: &World, block: &str, reference: &str) {
    let mut work = world.work(HEF).await;
    let block = work.block_by_reference(block).await.unwrap();
    let referral = work.referral_by_reference(HEF, reference).await.unwrap();
    let moment = work.moment();
    let nomination = Nomination {
        id: NominationId(work.new_id()),
        version: 0,
        block: block.id,
        slot: 1,
        home: HomeId(1),
        bed: Some(BedId(101)),
        authority: HEF,
        responsible: HEF,
        provider: LARK,
        referral: referral.id,
        reference: referral.reference,
        made: moment.local,
        state: NominationState::Open,
    };
    work.apply(Nomination::nominate(nomination, moment)).await.unwrap();
    done(work).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_naive_twin_nominates_at_a_home_that_is_suspended_meanwhile() {
    both_made(Pence::pounds(1_000_000), async |database| {
        let world = World::opened(&database).await;
        let block = world.live("a", 1).await;
        let from = date(2022, 1, 10);
        let child = referral(&world, HEF, 1, from, date(2022, 3, 21)).await;
        assert!(looks_good(&world, from).await, "it is good when the twin looks");
        let id = proposed(&world, "p").await;
        confirmed(&world, "c", id).await;
        world.jobs().await;
        assert!(!looks_good(&world, from).await, "it is suspended when the twin writes");
        let checked = NominateChild { block: block.clone(), slot: 1, referral: child.clone() };
        assert_eq!(refused(world.perform(&officer(HEF), "n", checked).await), "home_not_asked");
        nominate_unseen(&world, &block, &child).await;
        let left = nominations(&world, &block).await.into_iter().filter(Nomination::stands).count();
        assert_eq!(left, 1, "a look before the write is no check");
    })
    .await;
}
