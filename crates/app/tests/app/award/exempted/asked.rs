//! An officer asks the director for the exemption before anything is approved: once, with why, of the director of the
//! responsible authority alone; it can be taken back while it waits, and falls away with the search and the judgement, on both
//! databases.

use placewell_app::buying::check::asked::RequestLine;
use placewell_app::buying::check::{AskExemption, DeclineExemption, TakeBackExemption};
use placewell_app::placing::child::retention::{EraseChild, ProposeErasure};
use placewell_app::placing::referral::WithdrawReferral;
use placewell_domain::buying::spot::exemption::Placement;
use placewell_domain::buying::spot::exemption::request::{ExemptionDecline, ExemptionRequest, RequestStands};
use placewell_domain::placing::referral::WithdrawReason;
use placewell_domain::sealed::Sealed;

use super::super::world::OFFICER;
use super::*;

const JUDGED: Date = date(2021, 7, 6);
const ELSEWHERE: &str = "Ask Elm House first.";

fn asks(reference: &str, until: Date) -> AskExemption {
    let (reference, urn) = (reference.to_owned(), HOME.to_owned());
    AskExemption { reference, urn, reason: ExemptionReason::Sibling, words: SAFE.to_owned(), until }
}

fn declines(reference: &str, request: (i64, i64)) -> DeclineExemption {
    DeclineExemption::new(reference.to_owned(), request, ExemptionDecline::OtherHome, ELSEWHERE.to_owned())
}

fn takes_back(reference: &str, (request, version): (i64, i64)) -> TakeBackExemption {
    TakeBackExemption { reference: reference.to_owned(), request, version }
}

/// The latest request of a referral, as somebody reads it.
async fn latest(world: &World, who: &Actor, reference: &str) -> RequestLine {
    world.app.exemptions(who, reference).await.unwrap().requests.remove(0)
}

/// To whom a mail with this act was written.
async fn told(world: &World, act: &str) -> Vec<String> {
    world.app.do_due_jobs().await.unwrap();
    let mails = world.app.store.read(Some(HEF)).await.unwrap().mails(HEF, 200).await.unwrap();
    mails.into_iter().filter(|mail| mail.subject.ends_with(act)).map(|mail| mail.recipient).collect()
}

async fn events(world: &World, request: i64) -> Vec<String> {
    let session = world.app.store.read(Some(HEF)).await.unwrap();
    let found = session.timeline(HEF, "exemption_request", request).await.unwrap();
    assert!(found.iter().all(|one| one.event.facts.iter().all(|(_, value)| !value.contains("nights"))));
    found.into_iter().map(|one| one.event.kind).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_asks_the_director_once_who_is_told_sees_why_and_grants_it_by_recording_the_exemption() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        let reference = world.referral(1, &[4_150], false, HEF).await;
        assert_eq!(code(world.app.perform(&officer(), "good", asks(&reference, START)).await), "not_inadequate");
        judged(&world, JUDGED).await;
        assert!(world.app.exemptions(&officer(), &reference).await.unwrap().may_ask);
        for key in ["ask", "ask", "again"] {
            world.app.perform(&officer(), key, asks(&reference, START)).await.unwrap();
        }
        assert_eq!(told(&world, "an exemption is asked for").await, ["p14@example.com"], "the director, once");
        let waiting = world.app.exemption_requests(&dcs()).await.unwrap();
        let read: Vec<_> = waiting.iter().map(|one| (one.reference.as_str(), one.by.as_str())).collect();
        assert_eq!(read, [(reference.as_str(), "Person 11")]);
        for other in [director(), officer()] {
            assert!(world.app.exemption_requests(&other).await.unwrap().is_empty(), "the statutory director's alone");
        }
        let page = world.app.exemptions(&dcs(), &reference).await.unwrap();
        assert!(page.may_exempt && !page.may_ask && page.requests.len() == 1, "{:?}", page.requests);
        let line = latest(&world, &dcs(), &reference).await;
        assert_eq!(
            (line.reason, line.words.as_deref(), line.until, line.stands),
            (Some(ExemptionReason::Sibling), Some(SAFE), START, RequestStands::Waits)
        );
        assert!(left_out(&world, &reference).await, "asked for is not granted");
        assert_eq!(code(world.recommend(&reference, "before").await), "inadequate_needs_exemption");
        world.app.perform(&dcs(), "grant", exempts(&reference, START)).await.unwrap();
        assert!(!left_out(&world, &reference).await);
        let line = latest(&world, &officer(), &reference).await;
        assert_eq!((line.stands, line.answer.unwrap().by.as_str()), (RequestStands::Granted, "Person 14"));
        assert!(world.app.exemption_requests(&dcs()).await.unwrap().is_empty());
        assert_eq!(told(&world, "an exemption is recorded").await, ["p11@example.com"]);
        assert_eq!(events(&world, line.id).await, ["exemption_request.asked", "exemption_request.granted"]);
        let once_more = world.app.perform(&officer(), "once more", asks(&reference, START)).await;
        assert_eq!(code(once_more), "exempted_before");
        assert_eq!(world.app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_declined_by_its_director_alone_with_a_reason_and_may_be_asked_anew() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        let reference = world.referral(1, &[4_150], false, HEF).await;
        let other = world.referral(2, &[4_150], false, HEF).await;
        judged(&world, JUDGED).await;
        world.person(PersonId(33), BIR, Role::Approver).await;
        world.app.perform(&officer(), "ask", asks(&reference, START)).await.unwrap();
        let id = latest(&world, &officer(), &reference).await.id;
        let by_officer = world.app.perform(&officer(), "officer", declines(&reference, (id, 1))).await;
        assert!(matches!(by_officer, Err(Outcome::Forbidden(_))), "{by_officer:?}");
        let by_director = world.app.perform(&director(), "director", declines(&reference, (id, 1))).await;
        assert_eq!(code(by_director), "not_the_statutory_director");
        let stranger = actor(PersonId(33), BIR, Role::Approver);
        for (who, of, key) in [(&stranger, &reference, "stranger"), (&dcs(), &other, "of another search")] {
            let refused = world.app.perform(who, key, declines(of, (id, 1))).await;
            assert!(matches!(refused, Err(Outcome::NotFound)), "{key}: {refused:?}");
        }
        let stale = world.app.perform(&dcs(), "stale", declines(&reference, (id, 2))).await;
        assert!(matches!(stale, Err(Outcome::Conflict)), "{stale:?}");
        let long = ExemptionDecline::NotSafe;
        let long = DeclineExemption::new(reference.clone(), (id, 1), long, "x".repeat(4_001));
        assert_eq!(wrong(world.app.perform(&dcs(), "long", long).await), ["words"]);
        for key in ["decline", "decline"] {
            world.app.perform(&dcs(), key, declines(&reference, (id, 1))).await.unwrap();
        }
        assert_eq!(told(&world, "an exemption is declined").await, ["p11@example.com"]);
        assert_eq!(events(&world, id).await, ["exemption_request.asked", "exemption_request.declined"]);
        let line = latest(&world, &officer(), &reference).await;
        let answer = line.answer.unwrap();
        assert_eq!((line.stands, answer.by.as_str()), (RequestStands::Declined, "Person 14"));
        assert_eq!((answer.reason, answer.words.as_deref()), (Some(ExemptionDecline::OtherHome), Some(ELSEWHERE)));
        let finance = actor(FINANCE, HEF, Role::FinanceOfficer);
        let read = latest(&world, &finance, &reference).await;
        let answer = read.answer.unwrap();
        assert_eq!(
            (read.reason, read.words, answer.reason, answer.words),
            (None, None, None, None),
            "money reads none"
        );
        let twice = world.app.perform(&dcs(), "twice", declines(&reference, (id, 2))).await;
        assert_eq!(code(twice), "exemption_answered");
        world.app.perform(&officer(), "anew", asks(&reference, START)).await.unwrap();
        assert_eq!(latest(&world, &dcs(), &reference).await.stands, RequestStands::Waits);
        assert!(left_out(&world, &reference).await);
        assert_eq!(world.app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_takes_back_what_was_asked_while_it_waits_and_not_once_the_director_has_answered() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        let reference = world.referral(1, &[4_150], false, HEF).await;
        let other = world.referral(2, &[4_150], false, HEF).await;
        judged(&world, JUDGED).await;
        world.person(PersonId(34), BIR, Role::PlacementOfficer).await;
        world.app.perform(&officer(), "ask", asks(&reference, START)).await.unwrap();
        let id = latest(&world, &officer(), &reference).await.id;
        let by_director = world.app.perform(&dcs(), "director", takes_back(&reference, (id, 1))).await;
        assert!(matches!(by_director, Err(Outcome::Forbidden(_))), "{by_director:?}");
        let stranger = actor(PersonId(34), BIR, Role::PlacementOfficer);
        for (who, of, key) in [(&stranger, &reference, "stranger"), (&officer(), &other, "of another search")] {
            let refused = world.app.perform(who, key, takes_back(of, (id, 1))).await;
            assert!(matches!(refused, Err(Outcome::NotFound)), "{key}: {refused:?}");
        }
        let stale = world.app.perform(&officer(), "stale", takes_back(&reference, (id, 2))).await;
        assert!(matches!(stale, Err(Outcome::Conflict)), "{stale:?}");
        for key in ["back", "back"] {
            world.app.perform(&officer(), key, takes_back(&reference, (id, 1))).await.unwrap();
        }
        assert_eq!(told(&world, "an exemption is no longer asked for").await, ["p14@example.com"], "once");
        assert_eq!(events(&world, id).await, ["exemption_request.asked", "exemption_request.taken_back"]);
        assert!(world.app.exemption_requests(&dcs()).await.unwrap().is_empty(), "nothing waits");
        let line = latest(&world, &dcs(), &reference).await;
        assert_eq!((line.stands, line.answer.is_none()), (RequestStands::TakenBack, true));
        assert_eq!(line.taken_back.unwrap().0, "Person 11");
        let late = world.app.perform(&dcs(), "late", declines(&reference, (id, 2))).await;
        assert_eq!(code(late), "exemption_taken_back");
        let twice = world.app.perform(&officer(), "twice", takes_back(&reference, (id, 1))).await;
        assert!(format!("{twice:?}").contains("Taken back, for "), "{twice:?}");
        assert_eq!(code(twice), "exemption_taken_back");

        world.app.perform(&officer(), "anew", asks(&reference, START)).await.unwrap();
        let second = latest(&world, &officer(), &reference).await.id;
        world.app.perform(&dcs(), "decline", declines(&reference, (second, 1))).await.unwrap();
        world.app.perform(&officer(), "once more", asks(&reference, START)).await.unwrap();
        let third = latest(&world, &officer(), &reference).await.id;
        world.app.perform(&dcs(), "grant", exempts(&reference, START)).await.unwrap();
        for (key, request) in [("declined", second), ("granted", third)] {
            let answered = world.app.perform(&officer(), key, takes_back(&reference, (request, 1))).await;
            assert_eq!(code(answered), "exemption_answered", "a page from before the answer says what happened");
        }
        assert_eq!(world.app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_request_is_told_field_by_field_and_of_what_is_anothers_nothing_is() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        let reference = world.referral(1, &[4_150], false, HEF).await;
        judged(&world, JUDGED).await;
        world.person(PersonId(34), BIR, Role::PlacementOfficer).await;
        let past = AskExemption { words: "Safe.".to_owned(), ..asks(&reference, date(2021, 9, 12)) };
        assert_eq!(wrong(world.app.perform(&officer(), "past", past).await), ["words", "until"]);
        for (key, urn) in [("unknown", "SC999999"), ("garbled", "Elm House")] {
            let asked = AskExemption { urn: urn.to_owned(), ..asks(&reference, START) };
            assert_eq!(wrong(world.app.perform(&officer(), key, asked).await), ["urn"], "{key}");
        }
        let by_director = world.app.perform(&dcs(), "director", asks(&reference, START)).await;
        assert!(matches!(by_director, Err(Outcome::Forbidden(_))), "{by_director:?}");
        let stranger = actor(PersonId(34), BIR, Role::PlacementOfficer);
        let by_stranger = world.app.perform(&stranger, "stranger", asks(&reference, START)).await;
        assert!(matches!(by_stranger, Err(Outcome::NotFound)), "{by_stranger:?}");
        assert!(world.app.exemptions(&officer(), &reference).await.unwrap().requests.is_empty());
        assert_eq!(world.app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_asked_falls_away_with_the_judgement_and_with_the_search() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        let reference = world.referral(1, &[4_150], false, HEF).await;
        judged(&world, JUDGED).await;
        world.app.perform(&officer(), "ask", asks(&reference, START)).await.unwrap();
        let first = latest(&world, &officer(), &reference).await.id;
        judged(&world, TODAY).await;
        assert_eq!(latest(&world, &officer(), &reference).await.stands, RequestStands::FellAway, "another judgement");
        assert!(world.app.exemption_requests(&dcs()).await.unwrap().is_empty());
        world.app.perform(&officer(), "anew", asks(&reference, START)).await.unwrap();
        let second = latest(&world, &officer(), &reference).await.id;
        assert_ne!(first, second, "of the judgement that stands");
        assert_eq!(world.app.exemption_requests(&dcs()).await.unwrap().len(), 1);
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let version = session.referral_by_reference(HEF, &reference).await.unwrap().version;
        drop(session);
        let reason = WithdrawReason::PlanChanged;
        let withdraw = WithdrawReferral { reference: reference.clone(), version, reason };
        world.app.perform(&officer(), "withdraw", withdraw).await.unwrap();
        assert_eq!(latest(&world, &dcs(), &reference).await.stands, RequestStands::FellAway);
        assert!(world.app.exemption_requests(&dcs()).await.unwrap().is_empty());
        let late = world.app.perform(&dcs(), "late", declines(&reference, (second, 1))).await;
        assert_eq!(code(late), "exemption_fell_away");
        assert!(!world.app.exemptions(&officer(), &reference).await.unwrap().may_ask);
        let after = world.app.perform(&officer(), "after", asks(&reference, START)).await;
        assert_eq!(code(after), "referral_state");
        assert_eq!(world.app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_4_the_director_of_the_responsible_authority_is_asked_and_answers_what_another_body_holds() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        let person = PersonId(31);
        world.person(person, BIR, Role::Approver).await;
        let mut work = world.work(BIR).await;
        work.record_power(500, &PowerFact::Statutory(statutory(BIR, person))).await.unwrap();
        work.record(placewell_domain::change::Event::new("world.powers", "delegation", 500, 1));
        done(work).await;
        let reference = world.referral(42, &[], false, BIR).await;
        let theirs = actor(person, BIR, Role::Approver);
        judged(&world, JUDGED).await;
        world.app.perform(&officer(), "ask", asks(&reference, START)).await.unwrap();
        assert_eq!(told(&world, "an exemption is asked for").await, ["p31@example.com"], "the child's own director");
        assert!(world.app.exemption_requests(&dcs()).await.unwrap().is_empty(), "not the placing body's");
        assert_eq!(world.app.exemption_requests(&theirs).await.unwrap().len(), 1);
        let line = latest(&world, &theirs, &reference).await;
        assert_eq!((line.words.as_deref(), line.stands), (Some(SAFE), RequestStands::Waits));
        let own = world.app.perform(&dcs(), "own", declines(&reference, (line.id, 1))).await;
        assert_eq!(code(own), "not_the_statutory_director");
        world.app.perform(&theirs, "decline", declines(&reference, (line.id, 1))).await.unwrap();
        assert_eq!(latest(&world, &theirs, &reference).await.stands, RequestStands::Waits, "a job records it there");
        assert_eq!(told(&world, "an exemption is declined").await, ["p11@example.com"]);
        let answer = latest(&world, &officer(), &reference).await.answer.unwrap();
        assert_eq!((answer.by.as_str(), answer.words.as_deref()), ("Person 31", Some(ELSEWHERE)));
        world.app.perform(&officer(), "anew", asks(&reference, START)).await.unwrap();
        world.app.perform(&theirs, "grant", exempts(&reference, START)).await.unwrap();
        world.app.do_due_jobs().await.unwrap();
        assert_eq!(latest(&world, &theirs, &reference).await.stands, RequestStands::Granted);
        assert!(world.app.exemption_requests(&theirs).await.unwrap().is_empty());
        assert_eq!(world.app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_itself_refuses_a_second_request_that_waits() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        let reference = world.referral(1, &[4_150], false, HEF).await;
        let mut work = world.work(HEF).await;
        let referral = work.referral_by_reference(HEF, &reference).await.unwrap();
        let moment = work.moment();
        let asked = |id| {
            let of = Placement { referral: &referral, responsible: HEF, home: HomeId(1), until: START, agreed: None };
            let why = (ExemptionReason::Sibling, Sealed::from_bytes(vec![7]));
            ExemptionRequest::ask(id, of, Some(JUDGED), why, OFFICER, moment).unwrap()
        };
        let (first, second) = (work.new_id(), work.new_id());
        work.apply(asked(first)).await.unwrap();
        let refused = work.apply(asked(second)).await.map_err(Outcome::from);
        assert_eq!(code(refused), "exemption_asked");
        work.roll_back().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_asked_and_exempted_for_an_erased_child_stays_listed_and_nothing_is_added() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        let reference = world.referral(1, &[4_150], false, HEF).await;
        judged(&world, JUDGED).await;
        world.app.perform(&officer(), "ask", asks(&reference, START)).await.unwrap();
        let page = world.app.exemptions(&officer(), &reference).await.unwrap();
        assert_eq!((page.erased, page.may_ask, page.requests[0].words.as_deref()), (false, true, Some(SAFE)));
        assert_eq!(world.app.exemption_requests(&dcs()).await.unwrap().len(), 1);
        world.at(date(2083, 3, 2), 9);
        world.app.perform(&officer(), "propose", ProposeErasure { number: 1 }).await.unwrap();
        world.app.perform(&director(), "erase", EraseChild { number: 1 }).await.unwrap();
        world.at(date(2021, 9, 13), 15);
        for who in [officer(), dcs()] {
            let page = world.app.exemptions(&who, &reference).await.unwrap();
            assert_eq!((page.erased, page.may_ask, page.may_exempt), (true, false, false));
            let line = &page.requests[0];
            assert_eq!((line.reason, line.words.as_deref()), (Some(ExemptionReason::Sibling), None), "the code stays");
            assert_eq!(line.stands, RequestStands::FellAway, "nobody can answer it any more");
        }
        assert!(world.app.exemption_requests(&dcs()).await.unwrap().is_empty());
        let request = (page.requests[0].id, page.requests[0].version);
        let declined = world.app.perform(&dcs(), "decline", declines(&reference, request)).await;
        assert_eq!(code(declined), "child_forgotten");
        let back = world.app.perform(&officer(), "back", takes_back(&reference, request)).await;
        assert_eq!(code(back), "exemption_fell_away");
        let recorded = world.app.perform(&dcs(), "record", exempts(&reference, START)).await;
        assert_eq!(code(recorded), "child_forgotten");
    })
    .await;
}
