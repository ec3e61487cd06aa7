//! What has happened is recorded although no power is in force, for each reason why there is none, and what would bind the
//! authority anew stays refused (rules 1.2, 2.1, 2.4 and 2.5); and an overdue end rolls beside a bed that is promised.

use jiff::civil::{Date, date};
use placewell_app::placing::agreement::history::BringInHistory;
use placewell_app::placing::agreement::{
    Decided, EndAgreement, GiveNotice, ReviewPlannedEnd, StartStay, content_hash, roll_overdue,
};
use placewell_app::{Answer, Receipt};
use placewell_domain::calendar::WorkingDays;
use placewell_domain::id::DecisionId;
use placewell_domain::money::Pence;
use placewell_domain::nights::plus_days;
use placewell_domain::office::person::Actor;
use placewell_domain::placing::agreement::{Agreement, EndReason, UnsignedReason};
use placewell_domain::power::decision::{CallInRequest, CallInRule, Decision};
use placewell_exchange::placing::agreement::read;
use placewell_testkit::databases::{TestDatabase, both};

use super::running::{AGREEMENT, started};
use super::world::{END, HEF, START, World, both_made, director, officer, page, recommendation};
use super::{HEREFORDSHIRE, code, last};

const TODAY: Date = date(2021, 9, 13);

fn end(reference: &str, version: i64, on: Date) -> EndAgreement {
    let (reason, decided_by) = (EndReason::CarePlan, Decided::SignedIn);
    EndAgreement { reference: reference.into(), version, on, planned: true, reason, decided_by }
}

async fn ended(world: &World, who: &Actor, end: EndAgreement) -> Answer<Receipt> {
    world.app.perform(who, "end", end).await
}

async fn reread(world: &World, reference: &str) -> Agreement {
    world.app.store.read(Some(HEF)).await.unwrap().agreement(HEF, reference).await.unwrap()
}

/// That an agreement ended without a power, with this code, and that its record says so.
async fn ended_without(world: &World, reference: &str, code: &str) {
    let view = world.app.agreement_view(&officer(), reference).await.unwrap();
    let ending = view.agreement.state.ending().unwrap_or_else(|| panic!("{code}: not ended"));
    assert_eq!(ending.power, None, "{code}");
    let without = ending.without.as_ref().unwrap();
    assert_eq!((without.code.as_str(), without.by), (code, super::world::OFFICER));
    assert!(without.sentence().starts_with("Recorded without a power in force."), "{}", without.sentence());
    let event = view.events.iter().find(|event| event.kind == "agreement.ended").unwrap();
    assert!(event.facts.iter().any(|(name, value)| name == "without_power" && value == code), "{:?}", event.facts);
    assert!(!event.facts.iter().any(|(name, _)| name == "limb"), "no limb is cited");
    assert!(view.nights.iter().all(|(_, _, nights)| nights.to() <= ending.on), "{code}: the bed is free");
    let session = world.app.store.read(Some(HEF)).await.unwrap();
    assert!(session.ledger_faults(HEF).await.unwrap().is_empty(), "{code}");
    drop(session);
    assert_eq!(world.app.store.verify().await.unwrap().faults, [], "{code}");
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_2_4_after_the_term_an_end_is_recorded_without_a_power_and_a_notice_stays_refused() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let (world, version) = started(&database).await;
        world.at(date(2021, 12, 20), 10);
        let decided_by = Decided::SignedIn;
        let notice = GiveNotice { reference: AGREEMENT.into(), version, decided_by };
        assert_eq!(code(world.app.perform(&director(), "n", notice).await), "term_ended");
        let review =
            |version, planned_end| ReviewPlannedEnd { reference: AGREEMENT.into(), version, planned_end, decided_by };
        let rolled = date(2021, 12, 27);
        let longer = review(version, plus_days(rolled, 1));
        assert_eq!(code(world.app.perform(&director(), "longer", longer).await), "term_ended", "it prolongs nothing");
        world.app.perform(&officer(), "review", review(version, rolled)).await.unwrap();
        let reviewed = reread(&world, AGREEMENT).await;
        let kept = &reviewed.reviews[0];
        assert_eq!((kept.now, kept.power.as_ref()), (rolled, None));
        assert_eq!(kept.without.as_ref().map(|without| without.code.as_str()), Some("term_ended"));
        let future = ended(&world, &officer(), end(AGREEMENT, version + 1, date(2021, 12, 21))).await;
        assert_eq!(code(future), "end_day", "an end that has not happened");
        let who = officer();
        let told = world.app.without_power(&who, AGREEMENT, placewell_domain::power::delegation::Act::EndAgreement);
        assert!(told.await.unwrap().is_some_and(|why| why.contains("is over")));
        world.app.perform(&officer(), "past", end(AGREEMENT, version + 1, date(2021, 12, 18))).await.unwrap();
        ended_without(&world, AGREEMENT, "term_ended").await;
    })
    .await;
}

/// The authority before its adoption, with one spot stay brought in, live.
async fn brought_in(database: &TestDatabase) -> World {
    let world = World::before_adoption(database, HEREFORDSHIRE, 3).await;
    world.goes_live(date(2021, 9, 13)).await;
    let head = "source_reference,origin,child_reference,family_name,given_names,date_of_birth,sex,home_urn,start,\
                planned_end,ended_on,end_reason,lot,weekly_price\n";
    let row = "1,spot,C1,Canary,Wren,2007-03-01,female,SC392492,2021-02-01,2021-11-29,,,,4000\n";
    let read = read(format!("{head}{row}").as_bytes());
    assert_eq!(read.errors, []);
    world.app.perform(&officer(), "bring in", BringInHistory { rows: read.rows }).await.unwrap();
    world
}

/// A decision of last week that its call-in window still holds.
async fn in_window(world: &World) -> Decision {
    let mut work = world.work(HEF).await;
    let days = WorkingDays::default();
    let rule = CallInRule { working_days: 4, calendar: days.clone() };
    let on = date(2021, 9, 10);
    let draft = Decision::record(DecisionId(1), HEF, "HEF-2021-0910".into(), None, page(Pence::pounds(100_000)));
    let decision = work.apply(draft).await.unwrap();
    let decision = work.apply(decision.decide(on, &days).unwrap()).await.unwrap();
    let decision = work.apply(decision.publish(on, false, None, &rule).unwrap()).await.unwrap();
    work.keep_decision_text(&decision).await.unwrap();
    super::world::done(work).await;
    decision
}

async fn call_in(world: &World, decision: Decision) {
    let mut work = world.work(HEF).await;
    let request = CallInRequest { on: TODAY, by: "Three members".into(), grounds: "Cost".into() };
    let moment = work.moment();
    work.apply(decision.call_in(request, moment).unwrap()).await.unwrap();
    super::world::done(work).await;
}

/// Why nobody holds a power over a spot stay that was brought in.
#[derive(Debug, Clone, Copy)]
enum Lacks {
    Decision,
    Effect,
    CallIn,
    Limb,
}

const LACKS: [(Lacks, &str); 4] = [
    (Lacks::Decision, "no_decision"),
    (Lacks::Effect, "decision_not_effective"),
    (Lacks::CallIn, "decision_called_in"),
    (Lacks::Limb, "no_limb"),
];

#[tokio::test(flavor = "multi_thread")]
async fn rule_2_5_a_stay_that_was_brought_in_ends_whatever_keeps_the_authority_from_a_power() {
    for (lacks, why) in LACKS {
        both(async |database| {
            let world = brought_in(&database).await;
            match lacks {
                Lacks::Decision => {}
                Lacks::Effect => drop(in_window(&world).await),
                Lacks::CallIn => {
                    let decision = in_window(&world).await;
                    call_in(&world, decision).await;
                }
                Lacks::Limb => {
                    let mut bare = page(Pence::pounds(100_000));
                    bare.limbs.truncate(1);
                    world.decide(1, bare, date(2019, 1, 14)).await;
                }
            }
            let version = reread(&world, AGREEMENT).await.version;
            let notice = GiveNotice { reference: AGREEMENT.into(), version, decided_by: Decided::SignedIn };
            assert_eq!(code(world.app.perform(&director(), "n", notice).await), why);
            ended(&world, &officer(), end(AGREEMENT, version, date(2021, 9, 12))).await.unwrap();
            ended_without(&world, AGREEMENT, why).await;
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_2_5_the_paper_of_a_stay_that_was_brought_in_is_printed_after_a_review() {
    both(async |database| {
        let world = brought_in(&database).await;
        let version = reread(&world, AGREEMENT).await.version;
        let review = ReviewPlannedEnd {
            reference: AGREEMENT.into(),
            version,
            planned_end: date(2021, 11, 1),
            decided_by: Decided::SignedIn,
        };
        world.app.perform(&officer(), "review", review).await.unwrap();
        world.app.do_due_jobs().await.unwrap();
        let documents = world.app.agreement_view(&officer(), AGREEMENT).await.unwrap().documents;
        assert_eq!(documents.len(), 1, "the job printed it");
        let (_, pdf) = world.app.agreement_copy(&officer(), AGREEMENT, None).await.unwrap();
        assert!(pdf.starts_with(b"%PDF"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_hash_of_what_an_agreement_says_changes_with_its_planned_end_and_the_approved_facts_do_not() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let (world, version) = started(&database).await;
        let before = reread(&world, AGREEMENT).await;
        let (reference, decided_by) = (AGREEMENT.to_owned(), Decided::SignedIn);
        let review = ReviewPlannedEnd { reference, version, planned_end: date(2021, 11, 1), decided_by };
        world.app.perform(&director(), "review", review).await.unwrap();
        let after = reread(&world, AGREEMENT).await;
        assert_ne!(content_hash(&before), content_hash(&after));
        assert_eq!(before.facts, after.facts);
    })
    .await;
}

/// An award of a referral from this night, its start recorded where it has come.
async fn awarded(world: &World, number: u32, (from, to): (Date, Date)) {
    let referral = world.referral_from(number, 4_150, from).await;
    let session = world.app.store.read(Some(HEF)).await.unwrap();
    let version = session.referral_by_reference(HEF, &referral).await.unwrap().version;
    drop(session);
    let asks = placewell_app::placing::approval::Recommend { planned_end: to, ..recommendation(&referral, version) };
    let asked = last(&world.app.perform(&officer(), &format!("r{number}"), asks).await.unwrap().location);
    world.approve(&director(), &asked, &format!("a{number}"), false).await.unwrap();
}

async fn begins(world: &World, number: u32, on: Date) {
    let (reference, unsigned) = (format!("HEF-A-{number:04}"), Some(UnsignedReason::Emergency));
    let start = StartStay { reference, version: 1, on, unsigned };
    world.app.perform(&officer(), &format!("s{number}"), start).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_3_1_an_overdue_end_rolls_beside_a_bed_that_is_held_for_the_next_child_and_both_sides_are_told() {
    both(async |database| {
        let world = World::new(&database, HEREFORDSHIRE, 2, Pence::pounds(300_000)).await;
        awarded(&world, 1, (START, END)).await;
        awarded(&world, 2, (START, END)).await;
        // The next child has the bed of the first from its planned end on, and nobody that of the second.
        awarded(&world, 3, (END, date(2021, 12, 13))).await;
        world.at(START, 9);
        begins(&world, 1, START).await;
        begins(&world, 2, START).await;
        let day = plus_days(END, 1);
        world.at(day, 9);
        let before = super::committed(&world).await;
        assert_eq!(roll_overdue(&world.app, HEF).await.unwrap(), 2, "one that cannot keep its bed keeps no other back");
        assert_eq!(roll_overdue(&world.app, HEF).await.unwrap(), 0, "a second run changes nothing");
        let (first, second) = (reread(&world, "HEF-A-0001").await, reread(&world, "HEF-A-0002").await);
        for rolled in [&first, &second] {
            assert_eq!(rolled.planned_end, plus_days(END, 28), "{}", rolled.reference);
        }
        assert!(super::committed(&world).await > before, "what the child's stay costs is committed");
        world.app.do_due_jobs().await.unwrap();
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let mails = session.mails(HEF, 90).await.unwrap();
        drop(session);
        let told = mails.iter().filter(|mail| mail.subject == "HEF-A-0001: two children stand on one bed");
        let mut told: Vec<&str> = told.map(|mail| mail.recipient.as_str()).collect();
        told.sort_unstable();
        assert_eq!(told, ["p11@example.com", "p15@example.com"], "the officer and the home's manager");
        // The child leaves on a later day than the bed was free: that is recorded all the same.
        let left = end("HEF-A-0001", reread(&world, "HEF-A-0001").await.version, day);
        ended(&world, &director(), left).await.unwrap();
        assert_eq!(reread(&world, "HEF-A-0001").await.nights().1, day);
        assert!(world.app.store.verify().await.unwrap().faults.is_empty());
    })
    .await;
}
