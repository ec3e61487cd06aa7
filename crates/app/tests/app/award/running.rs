//! Rules 1.2, 3.1, 3.2 and 4.5 end to end: variations cite limb, post and person; what is released that day; overstays in
//! red; the procurement threshold; the particulars on page and paper; and jobs that run twice.

use std::sync::Arc;

use jiff::civil::{Date, date};
use placewell_app::Outcome;
use placewell_app::placing::agreement::{
    AddSupport, ChangePrice, CompleteParticulars, Decided, GiveNotice, RecordGround, ReviewPlannedEnd, Sign, StartStay,
    refit, roll_overdue, write_paper,
};
use placewell_app::placing::approval::settle_later;
use placewell_domain::id::PersonId;
use placewell_domain::money::Pence;
use placewell_domain::office::access::Role;
use placewell_domain::placing::agreement::{Included, LegalGround, PriceCause, UnsignedReason};
use placewell_store::outbox::TakenJob;
use placewell_testkit::databases::TestDatabase;

use super::world::{DEPUTY, DIRECTOR, END, HEF, MANAGER, PROVIDER, START, World, actor, both_made, director, officer};
use super::{WHOLE, code, committed, last};

pub const AGREEMENT: &str = "HEF-A-0001";

/// An agreement that has started, and its version.
pub async fn started(database: &TestDatabase) -> (World, i64) {
    let world = World::opened(database).await;
    let referral = world.referral(42, &[4_150], false, HEF).await;
    let asked = last(&world.recommend(&referral, "r").await.unwrap().location);
    world.approve(&director(), &asked, "a", false).await.unwrap();
    world.at(START, 9);
    let unsigned = Some(UnsignedReason::Emergency);
    let start = StartStay { reference: AGREEMENT.into(), version: 1, on: START, unsigned };
    world.app.perform(&officer(), "start", start).await.unwrap();
    (world, 2)
}

/// What somebody said on the day of the start, an hour before.
pub fn said(by: PersonId) -> Decided {
    Decided::ByWord { by, at: START.at(8, 0, 0, 0) }
}

pub fn complete(version: i64) -> CompleteParticulars {
    CompleteParticulars {
        reference: AGREEMENT.into(),
        version,
        outcomes: "Sees CANARYBROTHER\n\nJoins a club".into(),
        staffing: "One adult to two children".into(),
        included: vec![Included::PocketMoney, Included::Clothing],
        education: "Stays at school".into(),
        health: "A dentist nearby".into(),
    }
}

pub fn support(version: i64, decided_by: PersonId, from: Date) -> AddSupport {
    AddSupport {
        reference: AGREEMENT.into(),
        version,
        label: "Evenings, one to one".into(),
        quarter_hours: 4 * 28,
        rate: Pence(1_850),
        staff: 1,
        from,
        to: date(2021, 11, 1),
        review_on: date(2021, 10, 18),
        reason: String::new(),
        decided_by: said(decided_by),
    }
}

pub fn price(version: i64, pounds: i64, cause: PriceCause) -> ChangePrice {
    ChangePrice {
        reference: AGREEMENT.into(),
        version,
        line: 0,
        from: date(2021, 10, 4),
        weekly: Pence::pounds(pounds),
        cause,
        decided: if cause == PriceCause::UpliftDecided { "Uplift letter, 1 April 2021".into() } else { String::new() },
        reason: String::new(),
        decided_by: said(DIRECTOR),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_2_extra_support_cites_limb_post_and_person_and_stops_at_its_end() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let (world, version) = started(&database).await;
        let from = date(2021, 10, 4);
        let cover = support(version, DEPUTY, from);
        assert_eq!(code(world.app.perform(&officer(), "cover", cover).await), "cover_moves_tasks");
        world.app.perform(&officer(), "s", support(version, DIRECTOR, from)).await.unwrap();
        assert_eq!(committed(&world).await, WHOLE + Pence::pounds(4 * 518), "four weeks of 28 hours at £18.50");
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let agreement = session.agreement(HEF, AGREEMENT).await.unwrap();
        let cited = &agreement.added.variations[0].power;
        assert_eq!((cited.letter, cited.person, cited.title.as_str()), ('b'.into(), DIRECTOR, "Director"));
        let events = session.timeline(HEF, "agreement", agreement.id.0).await.unwrap();
        let varied = events.iter().find(|event| event.event.kind == "agreement.varied").unwrap();
        for fact in ["decision", "limb", "post", "decided_by"] {
            assert!(varied.event.facts.iter().any(|(name, value)| name == fact && !value.is_empty()), "{fact}");
        }
        assert_eq!(session.price_lines(HEF, agreement.id, None).await.unwrap().len(), 2);
        assert!(world.app.store.row_faults(HEF).await.unwrap().is_empty());
        drop(session);
        let dear = AddSupport { rate: Pence(3_000), ..support(3, DIRECTOR, from) };
        let answer = world.app.perform(&officer(), "dear", dear).await;
        assert!(matches!(answer, Err(Outcome::Invalid(_))), "off the schedule without a reason: {answer:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_3_2_support_above_the_ceiling_is_refused_and_a_rise_already_decided_is_an_exception() {
    both_made(3, WHOLE, async |database| {
        let (world, version) = started(&database).await;
        let more = support(version, DIRECTOR, date(2021, 10, 4));
        assert_eq!(code(world.app.perform(&officer(), "s", more).await), "ceiling_reached");
        let agreed = price(version, 4_300, PriceCause::Agreed);
        assert_eq!(code(world.app.perform(&officer(), "a", agreed).await), "ceiling_reached");
        let tendered = price(version, 5_100, PriceCause::UpliftDecided);
        assert_eq!(code(world.app.perform(&officer(), "t", tendered).await), "above_tendered_price");
        world.app.perform(&officer(), "u", price(version, 4_220, PriceCause::UpliftDecided)).await.unwrap();
        assert_eq!(committed(&world).await, WHOLE + Pence::pounds(8 * 70), "eight weeks at £70 more");
        let view = world.app.agreement_view(&officer(), AGREEMENT).await.unwrap();
        assert_eq!(view.exceptions[0].0.reason.code(), "uplift_decided");
        assert_eq!(view.exceptions[0].0.person, super::world::OFFICER);
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let rows = session.price_lines(HEF, view.agreement.id, None).await.unwrap();
        let weeks: Vec<Pence> = rows.iter().map(|(_, row)| row.value).collect();
        assert_eq!(weeks, [Pence::pounds(4_150), Pence::pounds(4_220)], "the past stands, the line is cut");
        assert!(rows.iter().all(|(_, row)| row.origin == START), "the origin survives the cut");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_3_1_a_review_notice_and_end_release_money_that_day_and_the_page_says_how_much() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let (world, version) = started(&database).await;
        let released = world.app.released_by(&officer(), AGREEMENT, date(2021, 10, 4)).await.unwrap();
        assert_eq!(released.years, [(date(2020, 12, 15), WHOLE - Pence::pounds(8_300))]);
        let planned_end = date(2021, 11, 1);
        let reference = AGREEMENT.to_owned();
        let review =
            ReviewPlannedEnd { reference: reference.clone(), version, planned_end, decided_by: said(DIRECTOR) };
        world.app.perform(&officer(), "review", review).await.unwrap();
        assert_eq!(committed(&world).await, Pence::pounds(6 * 4_150));
        let notice = GiveNotice { reference, version: 3, decided_by: said(DIRECTOR) };
        world.app.perform(&officer(), "notice", notice).await.unwrap();
        assert_eq!(committed(&world).await, Pence(59_286), "one day of notice in the first week");
        let view = world.app.agreement_view(&officer(), AGREEMENT).await.unwrap();
        let moved: Vec<&str> = view
            .events
            .iter()
            .filter(|event| event.kind == "agreement.released")
            .filter_map(|event| event.facts.iter().find(|(name, _)| name == "pence").map(|(_, value)| value.as_str()))
            .collect();
        assert_eq!(moved, ["1660000", "2430714"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_3_2_an_overstay_rolls_and_stands_in_red_with_reason_and_person() {
    both_made(3, WHOLE, async |database| {
        let (world, _) = started(&database).await;
        world.at(END, 9);
        assert_eq!(roll_overdue(&world.app, HEF).await.unwrap(), 0, "an end that falls today is not overdue yet");
        world.at(placewell_domain::nights::plus_days(END, 1), 9);
        assert_eq!(roll_overdue(&world.app, HEF).await.unwrap(), 1);
        assert_eq!(roll_overdue(&world.app, HEF).await.unwrap(), 0, "a second run changes nothing");
        let view = world.app.agreement_view(&officer(), AGREEMENT).await.unwrap();
        assert_eq!(view.exceptions.len(), 1);
        let (grant, name) = &view.exceptions[0];
        assert_eq!((grant.reason.code(), name.as_str()), ("overstay", "The system"));
        assert_eq!(view.agreement.reviews[0].power, None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_3_1_a_notice_that_has_run_out_rolls_28_days_with_an_exception_row_and_a_warning() {
    both_made(3, WHOLE, async |database| {
        let (world, version) = started(&database).await;
        let notice = GiveNotice { reference: AGREEMENT.into(), version, decided_by: said(DIRECTOR) };
        world.app.perform(&officer(), "notice", notice).await.unwrap();
        assert_eq!(committed(&world).await, Pence(59_286), "one night");
        let second = world.referral(43, &[4_000], false, HEF).await;
        let asked = last(&world.recommend(&second, "r2").await.unwrap().location);
        world.approve(&director(), &asked, "a2", false).await.unwrap();
        world.at(date(2021, 9, 21), 9);
        assert!(!world.app.agreement_view(&officer(), AGREEMENT).await.unwrap().overdue, "the child leaves today");
        world.at(date(2021, 9, 22), 9);
        assert!(world.app.agreement_view(&officer(), AGREEMENT).await.unwrap().overdue);
        assert!(world.app.leave_timers().await.unwrap() > 0, "the timer sees it");
        assert_eq!(roll_overdue(&world.app, HEF).await.unwrap(), 1);
        assert_eq!(roll_overdue(&world.app, HEF).await.unwrap(), 0, "a second run changes nothing");
        let view = world.app.agreement_view(&officer(), AGREEMENT).await.unwrap();
        assert_eq!((view.agreement.state.name(), view.agreement.nights().1), ("notice_given", date(2021, 10, 19)));
        assert_eq!(
            committed(&world).await,
            Pence::pounds(40_000) + Pence(1_719_286),
            "29 nights beside the other child"
        );
        let (grant, name) = &view.exceptions[0];
        assert_eq!((grant.reason.code(), name.as_str()), ("overstay", "The system"));
        assert_eq!(view.nights[0].2.to(), date(2021, 10, 19), "the bed is the child's");
        world.app.do_due_jobs().await.unwrap();
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let mails = session.mails(HEF, 50).await.unwrap();
        assert!(mails.iter().any(|mail| mail.subject == "HEF-A-0001: the notice has run out"), "{mails:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_4_3_a_price_stays_within_the_tendered_one_at_every_change_and_off_the_schedule_says_why() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let (world, version) = started(&database).await;
        let mut work = world.work(super::world::REGION).await;
        let lower = placewell_domain::nights::Nights::open(date(2021, 11, 1));
        let home = placewell_domain::id::HomeId(1);
        work.record_price(home, "planned", "core", lower, Some(Pence::pounds(4_200))).await.unwrap();
        super::world::done(work).await;
        let risen = price(version, 4_300, PriceCause::Agreed);
        let answer = world.app.perform(&officer(), "later", risen).await;
        assert_eq!(code(answer), "above_tendered_price", "4,300 is below 5,000 until 1 November and above after it");
        world.app.perform(&officer(), "fits", price(version, 4_200, PriceCause::Agreed)).await.unwrap();
        let extra = support(3, DIRECTOR, date(2021, 10, 4));
        world.app.perform(&officer(), "extra", extra).await.unwrap();
        let none = world.app.store.read(Some(HEF)).await.unwrap().agreement(HEF, AGREEMENT).await.unwrap();
        assert_eq!(none.terms.lines.len(), 3);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_signed_is_bound_by_its_hash_and_a_variation_before_both_have_signed_asks_anew() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = World::opened(&database).await;
        let referral = world.referral(42, &[4_150], false, HEF).await;
        let asked = last(&world.recommend(&referral, "r").await.unwrap().location);
        world.approve(&director(), &asked, "a", false).await.unwrap();
        let sign = |version| {
            let (name, role) = ("Jo Smith".to_owned(), "Manager".to_owned());
            Sign { reference: AGREEMENT.into(), version, name, role, has_authority: true }
        };
        let manager = actor(MANAGER, PROVIDER, Role::ProviderManager);
        assert_eq!(code(world.app.perform(&manager, "early", sign(1)).await), "particulars_incomplete");
        world.app.perform(&officer(), "c", complete(1)).await.unwrap();
        world.app.perform(&manager, "s", sign(2)).await.unwrap();
        let by_hand = |agreement: &placewell_domain::placing::agreement::Agreement| {
            use sha2::{Digest, Sha256};
            hex::encode(Sha256::digest(agreement.content()))
        };
        let view = world.app.agreement_view(&manager, AGREEMENT).await.unwrap();
        let first = view.agreement.signatures.provider.as_ref().unwrap().content.clone();
        assert_eq!(first, by_hand(&view.agreement));
        let change = ChangePrice { decided_by: Decided::SignedIn, ..price(3, 4_100, PriceCause::Agreed) };
        world.app.perform(&director(), "p", change).await.unwrap();
        let view = world.app.agreement_view(&manager, AGREEMENT).await.unwrap();
        assert!(view.agreement.signatures.provider.is_none(), "the signature was for another price");
        world.app.perform(&officer(), "s1", sign(4)).await.unwrap();
        world.app.perform(&manager, "s2", sign(5)).await.unwrap();
        let view = world.app.agreement_view(&manager, AGREEMENT).await.unwrap();
        let both = [&view.agreement.signatures.authority, &view.agreement.signatures.provider];
        for signature in both {
            assert_eq!(signature.as_ref().unwrap().content, by_hand(&view.agreement));
        }
        assert_ne!(first, by_hand(&view.agreement));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_agreement_says_about_care_is_completed_before_anybody_signs_and_stands_on_its_paper() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = World::opened(&database).await;
        let referral = world.referral(42, &[4_150], false, HEF).await;
        let asked = last(&world.recommend(&referral, "r").await.unwrap().location);
        world.approve(&director(), &asked, "a", false).await.unwrap();
        let view = world.app.agreement_view(&officer(), AGREEMENT).await.unwrap();
        assert!(!view.care.complete);
        assert!(view.care.words.education.contains(&"The child keeps the present school".to_owned()));
        assert_eq!(view.care.reviews[0], date(2021, 10, 18), "20 working days after the start");
        let empty = CompleteParticulars { outcomes: " ".into(), ..complete(1) };
        assert!(matches!(world.app.perform(&officer(), "e", empty).await, Err(Outcome::Invalid(_))));
        world.app.perform(&officer(), "c", complete(1)).await.unwrap();
        let manager = actor(MANAGER, PROVIDER, Role::ProviderManager);
        let theirs = world.app.agreement_view(&manager, AGREEMENT).await.unwrap();
        assert_eq!(theirs.care.words.outcomes, ["Sees CANARYBROTHER", "Joins a club"], "both sides read the same");
        assert!(theirs.care.excluded().contains(&"Tutoring".to_owned()));
        assert!(theirs.watch.is_none() && theirs.exceptions.is_empty(), "nothing of the authority's own");
        let raw = format!("{:?}", theirs.agreement) + &format!("{:?}", theirs.events);
        assert!(!raw.contains("CANARYBROTHER"), "sealed in the row and absent from events");
        world.app.do_due_jobs().await.unwrap();
        let (_, pdf) = world.app.agreement_copy(&officer(), AGREEMENT, None).await.unwrap();
        assert!(pdf.starts_with(b"%PDF") && pdf.windows(15).any(|bytes| bytes == b"/StructTreeRoot"));
        let name = "Jo Smith".to_owned();
        let role = "Manager".to_owned();
        let sign = Sign { reference: AGREEMENT.into(), version: 2, name, role, has_authority: true };
        world.app.perform(&manager, "s", sign).await.unwrap();
        assert_eq!(code(world.app.perform(&officer(), "late", complete(3)).await), "particulars_signed");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_4_5_above_the_threshold_a_ground_is_recorded_and_asked_for_again_on_variation() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let (world, version) = started(&database).await;
        let view = world.app.agreement_view(&officer(), AGREEMENT).await.unwrap();
        let watch = view.watch.unwrap();
        assert_eq!((watch.whole_life, watch.cumulative), (WHOLE, WHOLE));
        assert_eq!(watch.threshold, Pence::pounds(663_540), "in force in September 2021");
        let ground = |version| RecordGround {
            reference: AGREEMENT.into(),
            version,
            ground: LegalGround::CallOff,
            notice_on: None,
            notice: String::new(),
        };
        assert_eq!(code(world.app.perform(&officer(), "low", ground(version)).await), "below_threshold");
        let reference = AGREEMENT.to_owned();
        let review =
            ReviewPlannedEnd { reference, version, planned_end: date(2024, 11, 25), decided_by: said(DIRECTOR) };
        world.app.perform(&officer(), "longer", review).await.unwrap();
        let view = world.app.agreement_view(&officer(), AGREEMENT).await.unwrap();
        assert!(view.agreement.ground_due(&view.watch.unwrap()));
        assert_eq!(view.agreement.award_notice_due(&view.watch.unwrap()), Some(date(2021, 10, 13)));
        world.app.perform(&officer(), "ground", ground(3)).await.unwrap();
        let view = world.app.agreement_view(&officer(), AGREEMENT).await.unwrap();
        assert!(!view.agreement.ground_due(&view.watch.unwrap()));
        assert!(view.agreement.award_notice_due(&view.watch.unwrap()).is_some(), "the notice is still to be sent");
        world.app.perform(&officer(), "rise", price(4, 4_300, PriceCause::Agreed)).await.unwrap();
        let view = world.app.agreement_view(&officer(), AGREEMENT).await.unwrap();
        assert!(view.agreement.ground_due(&view.watch.unwrap()), "again on variation");
    })
    .await;
}

/// The next job of a kind, taken as a worker takes it; those before it are done.
async fn take(world: &World, kind: &str) -> TakenJob {
    loop {
        let job = world.app.store.take_job(placewell_app::clock::Machine::now()).await.unwrap().expect("a job");
        if job.kind == kind {
            return job;
        }
        world.app.store.job_done(&job, placewell_app::clock::Machine::now()).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_runs_twice_or_after_a_crash_changes_nothing_the_second_time() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let (world, version) = started(&database).await;
        let paper = take(&world, "agreement.paper").await;
        for _ in 0..2 {
            write_paper(&world.app, &paper).await.unwrap();
        }
        let documents = world.app.agreement_view(&officer(), AGREEMENT).await.unwrap().documents;
        assert_eq!(documents.len(), 1);
        world.app.store.job_done(&paper, placewell_app::clock::Machine::now()).await.unwrap();
        let manager = actor(MANAGER, PROVIDER, Role::ProviderManager);
        let notice = GiveNotice { reference: AGREEMENT.into(), version, decided_by: Decided::SignedIn };
        world.app.perform(&manager, "n", notice).await.unwrap();
        assert_eq!(committed(&world).await, WHOLE, "the provider's act moves no money of the authority's");
        let job = take(&world, "agreement.refit").await;
        for _ in 0..2 {
            refit(&world.app, &job).await.unwrap();
            assert_eq!(committed(&world).await, Pence(59_286));
        }
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let agreement = session.agreement(HEF, AGREEMENT).await.unwrap();
        let beds = session.bed_uses_of(HEF, agreement.id).await.unwrap();
        assert_eq!((beds.len(), beds[0].nights.to()), (1, date(2021, 9, 21)));
        drop(session);
        let mut work = world.work(HEF).await;
        let recommendation = work.recommendations_of(HEF, agreement.referral).await.unwrap()[0].id;
        work.record(placewell_domain::change::Event::new("world.crash", "approval", 1, 1));
        drop(work);
        let payload = format!("{{\"authority\":{HEF},\"recommendation\":{recommendation}}}");
        let settle = TakenJob { id: 1, organisation: HEF, kind: "approval.settle".into(), payload, attempt: 1 };
        for _ in 0..2 {
            settle_later(&Arc::clone(&world.app), &settle).await.unwrap();
        }
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let tab = placewell_store::placing::agreement::AgreementTab::Live;
        assert_eq!(session.agreements(HEF, tab, (0, 9)).await.unwrap().1, 1, "still one agreement");
        assert!(session.verify_chain(HEF).await.unwrap().faults.is_empty(), "the crashed work left nothing");
    })
    .await;
}
