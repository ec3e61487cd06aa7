//! Rules 1.5 to 1.8 above the domain, on both databases: the hard gates by the facts of the day, who decides outside the
//! area, what an emergency lets follow, and what a confirmation that is late does.

use jiff::civil::{Date, date};
use placewell_app::placing::approval::{ConfirmVerbal, KEY_LINE, PassOn, Recommend, RecordFollowUp, RecordVerbal};
use placewell_app::power::delegation::PowerFact;
use placewell_domain::change::Event;
use placewell_domain::homes::home::{Ages, NeedAnswers, Purpose, RegisteredSex};
use placewell_domain::homes::price::{LineKind, PriceLine};
use placewell_domain::id::{HomeId, PersonId, PostId};
use placewell_domain::money::Pence;
use placewell_domain::nights::{Nights, OPEN_END};
use placewell_domain::office::access::Role;
use placewell_domain::placing::approval::{ApprovalKind, Consultation, Gates, OpenCheck, Relatives, Wishes};
use placewell_domain::placing::offer::OfferTerms;
use placewell_domain::power::delegation::{Holding, HoldingKind, StatutoryAppointment, StatutoryOffice};
use placewell_testkit::databases::both;

use super::world::{
    BIR, DEPUTY, DIRECTOR, HEF, MONITORING, REGION, STATUTORY, World, actor, both_made, director, done, officer,
    recommendation, statutory, terms, terms_from,
};
use super::{BIRMINGHAM, HEREFORDSHIRE, amend_to, code, committed, last};

/// Worcestershire, whose border Herefordshire shares.
pub(super) const WORCESTERSHIRE: &str = "E10000034";

async fn purpose(world: &World, ages: (u8, u8), sex: RegisteredSex) {
    let mut work = world.work(REGION).await;
    let home = work.home(HomeId(1)).await.unwrap();
    let purpose = Purpose {
        name: "Elm House".into(),
        ages: Ages::new(ages.0, ages.1).unwrap(),
        sex,
        answers: NeedAnswers::default(),
        as_of: date(2021, 5, 4),
    };
    work.apply(home.state_purpose(purpose).unwrap()).await.unwrap();
    done(work).await;
}

async fn tendered(world: &World, weekly: Pence) {
    let mut work = world.work(REGION).await;
    let nights = Nights::open(date(2021, 9, 1));
    work.record_price(HomeId(1), "planned", "core", nights, Some(weekly)).await.unwrap();
    work.record(Event::new("world.corrected", "price", 1, 1));
    done(work).await;
}

/// A recommendation whose gates are these, of a referral as it stands.
async fn recommend(world: &World, referral: &str, gates: Gates, key: &str) -> Result<String, placewell_app::Outcome> {
    let session = world.app.store.read(Some(HEF)).await.unwrap();
    let version = session.referral_by_reference(HEF, referral).await.unwrap().version;
    drop(session);
    let command = Recommend { gates, relatives: "They live abroad".into(), ..recommendation(referral, version) };
    world.app.perform(&officer(), key, command).await.map(|receipt| last(&receipt.location))
}

fn gates() -> Gates {
    recommendation("HEF-R-0001", 1).gates
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_5_7_one_offer_whose_price_no_longer_holds_stops_itself_and_no_other() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        world.home(2, HEREFORDSHIRE, 2).await;
        let referral = world.referral(42, &[4_150, 3_900], false, HEF).await;
        let asked = last(&world.recommend(&referral, "r").await.unwrap().location);
        let command = world.approval_command(&asked, false).await;
        tendered(&world, Pence::pounds(4_000)).await;
        let compared = world.app.compare(&officer(), &referral, &[]).await.unwrap();
        let stops: Vec<Option<&str>> =
            compared.columns.iter().map(|one| one.stopped.as_ref().map(|stop| stop.code.as_str())).collect();
        assert_eq!(stops, [Some("above_tendered_price"), None]);
        let view = world.app.approval_view(&director(), &asked).await.unwrap();
        assert_eq!(view.stopped.unwrap().code, "above_tendered_price", "the page says why, and shows itself");
        assert_eq!(code(world.app.perform(&director(), "a", command).await), "above_tendered_price");
        assert_eq!(committed(&world).await, Pence::ZERO);
        amend_to(&world, &referral, terms(Pence::pounds(4_000))).await;
        world.approve(&director(), &asked, "b", false).await.unwrap();
        assert_eq!(committed(&world).await, Pence::pounds(40_000), "at the tendered price it holds again");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_5_the_age_is_that_of_the_start_by_the_date_of_birth_and_the_sex_is_a_gate() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        let first = world.referral(1, &[4_150], false, HEF).await;
        purpose(&world, (8, 12), RegisteredSex::Any).await;
        assert_eq!(code(world.recommend(&first, "old").await), "age_outside_registration");
        purpose(&world, (8, 13), RegisteredSex::Male).await;
        assert_eq!(code(world.recommend(&first, "girl").await), "sex_outside_registration");
        purpose(&world, (8, 13), RegisteredSex::Female).await;
        let asked = last(&world.recommend(&first, "fits").await.unwrap().location);
        purpose(&world, (8, 13), RegisteredSex::Male).await;
        assert_eq!(code(world.approve(&director(), &asked, "a", false).await), "sex_outside_registration");
        purpose(&world, (8, 13), RegisteredSex::Any).await;
        let second = world.referral(2, &[4_150], false, HEF).await;
        let birthday = date(2022, 3, 1);
        amend_to(&world, &second, terms_from(Pence::pounds(4_150), birthday)).await;
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let version = session.referral_by_reference(HEF, &second).await.unwrap().version;
        drop(session);
        let later = Recommend { planned_end: date(2022, 6, 1), ..recommendation(&second, version) };
        assert_eq!(code(world.app.perform(&officer(), "later", later).await), "age_outside_registration");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_5_in_an_adjoining_area_a_nominated_officer_of_the_responsible_authority_approves() {
    both(async |database| {
        let world = World::new(&database, WORCESTERSHIRE, 3, Pence::pounds(100_000)).await;
        let nominated = StatutoryAppointment { office: StatutoryOffice::NominatedOfficer, ..statutory(HEF, DEPUTY) };
        world.power(&[PowerFact::Statutory(nominated)]).await;
        let referral = world.referral(42, &[4_150], false, HEF).await;
        let asked = last(&world.recommend(&referral, "r").await.unwrap().location);
        let view = world.app.approval_view(&officer(), &asked).await.unwrap();
        let kinds: Vec<ApprovalKind> = view.all.iter().map(|one| one.approval.kind).collect();
        assert_eq!(kinds, [ApprovalKind::NominatedOfficer, ApprovalKind::Power]);
        let power = view.all[1].approval.reference.to_string();
        assert!(view.approval.triggers[0].rule.contains("Regulation 11(2)(a)"));
        let refused = code(world.approve(&director(), &asked, "d", false).await);
        assert_eq!(refused, "not_a_nominated_officer");
        world.approve(&director(), &power, "p", false).await.unwrap();
        assert_eq!(committed(&world).await, Pence::ZERO);
        world.approve(&actor(DEPUTY, HEF, Role::Approver), &asked, "n", false).await.unwrap();
        assert_eq!(committed(&world).await, Pence::pounds(41_500));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_6_1_an_award_that_reaches_the_key_line_needs_the_monitoring_officers_opinion() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        let mut work = world.work(HEF).await;
        work.set(KEY_LINE.name, date(2021, 9, 1), "£41,500; Constitution 3.3.2").await.unwrap();
        work.record(Event::new("world.key_line", "setting", 1, 1));
        done(work).await;
        let below = world.referral(1, &[4_149], false, HEF).await;
        let below = last(&world.recommend(&below, "b").await.unwrap().location);
        assert_eq!(world.app.approval_view(&officer(), &below).await.unwrap().all.len(), 1, "a penny below the line");
        let reaches = world.referral(2, &[4_150], false, HEF).await;
        let opinion = last(&world.recommend(&reaches, "r").await.unwrap().location);
        let view = world.app.approval_view(&officer(), &opinion).await.unwrap();
        assert_eq!(view.approval.kind, ApprovalKind::MonitoringOfficer);
        assert!(view.approval.triggers[0].rule.contains("Constitution 3.3.2"));
        let power = view.all[1].approval.reference.to_string();
        assert_eq!(code(world.approve(&director(), &opinion, "d", false).await), "not_the_monitoring_officer");
        world.approve(&director(), &power, "p", false).await.unwrap();
        assert_eq!(committed(&world).await, Pence::ZERO);
        world.approve(&actor(MONITORING, HEF, Role::Approver), &opinion, "m", false).await.unwrap();
        assert_eq!(committed(&world).await, Pence::pounds(41_500));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_4_4_a_line_off_the_schedule_is_a_reason_of_its_own_for_the_approval() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        let referral = world.referral(42, &[4_150], false, HEF).await;
        let core = terms(Pence::pounds(4_150));
        let other = PriceLine {
            kind: LineKind::Other,
            label: "Riding therapy".into(),
            weekly: Pence::pounds(90_000),
            reason: "Her therapist asks for it".into(),
            ..core.lines[0].clone()
        };
        let dear = OfferTerms {
            lines: vec![core.lines[0].clone(), PriceLine { weekly: Pence::pounds(9_000), ..other }],
            ..core
        };
        amend_to(&world, &referral, dear).await;
        let asked = last(&world.recommend(&referral, "r").await.unwrap().location);
        let view = world.app.approval_view(&director(), &asked).await.unwrap();
        let triggers = &view.approval.triggers;
        assert_eq!(triggers.len(), 2);
        assert!(triggers[1].rule.contains("anything else with a reason and approval"));
        assert_eq!(triggers[1].why, "Not at a scheduled rate: Riding therapy.");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_5_what_an_emergency_lets_follow_is_owed_recorded_and_chased() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        let late =
            Gates { wishes: Wishes::NotPracticable, relatives: Relatives::NotYet, reviewing_officer: None, ..gates() };
        let planned = world.referral(1, &[4_150], false, HEF).await;
        assert_eq!(code(recommend(&world, &planned, late.clone(), "p").await), "wishes_not_known");
        let asked_child = Gates { wishes: Wishes::Ascertained, ..late.clone() };
        assert_eq!(code(recommend(&world, &planned, asked_child, "q").await), "not_consulted");
        let emergency = world.referral(2, &[4_150], true, HEF).await;
        let wrong = Gates { most_appropriate: false, ..late.clone() };
        assert_eq!(code(recommend(&world, &emergency, wrong, "w").await), "not_most_appropriate");
        let asked = recommend(&world, &emergency, late, "e").await.unwrap();
        world.approve(&director(), &asked, "a", false).await.unwrap();
        let owed = async || -> Vec<(Consultation, Date, bool)> {
            let lines = world.app.follow_ups(&officer()).await.unwrap();
            lines.into_iter().map(|line| (line.follow_up.what, line.follow_up.by, line.overdue)).collect()
        };
        let by = date(2021, 9, 21);
        assert_eq!(
            owed().await,
            [
                (Consultation::Wishes, date(2021, 9, 15), false),
                (Consultation::Relatives, by, false),
                (Consultation::ReviewingOfficer, by, false)
            ]
        );
        let record = |what, on| RecordFollowUp { reference: asked.clone(), version: 2, what, on };
        let early = record(Consultation::Wishes, date(2021, 9, 15));
        assert!(matches!(world.app.perform(&officer(), "f", early).await, Err(placewell_app::Outcome::Invalid(_))));
        world.at(date(2021, 9, 15), 9);
        world.app.perform(&officer(), "g", record(Consultation::Wishes, date(2021, 9, 15))).await.unwrap();
        let again = record(Consultation::Wishes, date(2021, 9, 15));
        assert_eq!(code(world.app.perform(&officer(), "h", again).await), "follow_up_state");
        let chased = async || {
            world.app.do_due_jobs().await.unwrap();
            let session = world.app.store.read(Some(HEF)).await.unwrap();
            let mails = session.mails(HEF, 90).await.unwrap();
            mails.iter().filter(|mail| mail.subject.ends_with("a consultation is overdue")).count()
        };
        world.at(date(2021, 9, 21), 23);
        assert_eq!(chased().await, 0, "by the end of the fifth working day");
        world.at(date(2021, 9, 22), 1);
        assert_eq!(chased().await, 2);
        assert_eq!(chased().await, 2, "each once");
        assert!(owed().await.iter().all(|(.., overdue)| *overdue), "and still on the officer's day");
        world.app.perform(&officer(), "i", record(Consultation::Relatives, date(2021, 9, 20))).await.unwrap();
        assert_eq!(owed().await.len(), 1);
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        drop(session);
        assert_eq!(world.app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_7_a_check_that_lapses_after_it_was_asked_voids_the_approval_and_what_followed() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        let referral = world.referral(2, &[4_150], true, HEF).await;
        let late = Gates { relatives: Relatives::NotYet, ..gates() };
        let asked = recommend(&world, &referral, late, "e").await.unwrap();
        let view = world.app.approval_view(&director(), &asked).await.unwrap();
        assert_eq!(view.case.facts.checks, [OpenCheck::Relatives]);
        let old = world.approval_command(&asked, false).await;
        world.at(date(2021, 9, 22), 9);
        world.app.perform(&director(), "a", old).await.unwrap();
        let view = world.app.approval_view(&officer(), &asked).await.unwrap();
        assert_eq!(view.approval.state.name(), "void");
        let lapsed = view.void.iter().find(|change| change.voids).unwrap();
        assert_eq!(lapsed.fact, "Checks open");
        assert!(lapsed.now.contains("overdue"), "{}", lapsed.now);
        assert!(world.app.follow_ups(&officer()).await.unwrap().is_empty(), "nothing follows what led to no placement");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_5_a_verbal_approval_that_is_not_confirmed_by_noon_is_told_to_approver_and_director() {
    both(async |database| {
        let world = World::new(&database, BIRMINGHAM, 3, Pence::pounds(100_000)).await;
        let referral = world.referral(42, &[4_150], false, HEF).await;
        let asked = last(&world.recommend(&referral, "r").await.unwrap().location);
        let seen = world.seen(&asked).await;
        let said_at = date(2021, 9, 13).at(10, 30, 0, 0);
        let verbal = |seen: &str| RecordVerbal {
            reference: asked.clone(),
            version: 1,
            by: STATUTORY,
            said_at,
            seen: seen.to_owned(),
            urgent: false,
        };
        world.at(date(2021, 9, 13), 11);
        assert_eq!(code(world.app.perform(&officer(), "stale", verbal("aa")).await), "facts_changed");
        world.app.perform(&officer(), "v", verbal(&seen)).await.unwrap();
        let told = async || {
            world.app.do_due_jobs().await.unwrap();
            let session = world.app.store.read(Some(HEF)).await.unwrap();
            let given = session.approval(HEF, &asked).await.unwrap().state.given().cloned().unwrap();
            assert_eq!(given.seen, seen, "the record holds which facts were read out");
            let mails = session.mails(HEF, 90).await.unwrap();
            let late = mails.into_iter().filter(|mail| mail.subject.ends_with("a confirmation is overdue"));
            let mut to: Vec<String> = late.map(|mail| mail.recipient).collect();
            to.sort_unstable();
            to
        };
        world.at(date(2021, 9, 14), 11);
        assert!(told().await.is_empty());
        world.at(date(2021, 9, 14), 13);
        assert_eq!(told().await, ["p12@example.com", "p14@example.com"], "the Director and who said it");
        assert_eq!(told().await.len(), 2, "once");
        let confirm = ConfirmVerbal { reference: asked.clone(), version: 2 };
        world.app.perform(&actor(STATUTORY, HEF, Role::Approver), "x", confirm).await.unwrap();
        assert!(world.app.confirmations(&director()).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_5_nobody_approved_by_word_of_mouth_an_offer_as_it_only_became_afterwards() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = World::opened(&database).await;
        let referral = world.referral(42, &[4_150], false, HEF).await;
        let asked = last(&world.recommend(&referral, "r").await.unwrap().location);
        world.at(date(2021, 9, 13), 12);
        amend_to(&world, &referral, terms(Pence::pounds(4_100))).await;
        let seen = world.seen(&asked).await;
        let verbal = |hour| RecordVerbal {
            reference: asked.clone(),
            version: 1,
            by: DIRECTOR,
            said_at: date(2021, 9, 13).at(hour, 0, 0, 0),
            seen: seen.clone(),
            urgent: false,
        };
        world.at(date(2021, 9, 13), 14);
        assert_eq!(code(world.app.perform(&officer(), "b", verbal(11)).await), "verbal_before_facts");
        world.app.perform(&officer(), "a", verbal(13)).await.unwrap();
        assert_eq!(committed(&world).await, Pence::pounds(41_000));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_1_only_a_holder_of_the_power_passes_a_request_on_and_never_to_who_asked() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = World::opened(&database).await;
        let colleague = PersonId(MONITORING.0);
        let (from, to) = (date(2018, 1, 1), OPEN_END);
        let acting = Holding { post: PostId(1), person: colleague, kind: HoldingKind::Holder, from, to };
        world.power(&[PowerFact::Holding(acting)]).await;
        let referral = world.referral(42, &[4_150], false, HEF).await;
        let asked = last(&world.recommend(&referral, "r").await.unwrap().location);
        let pass = |to| PassOn { reference: asked.clone(), version: 1, to };
        let deputy = actor(DEPUTY, HEF, Role::Approver);
        assert_eq!(code(world.app.perform(&deputy, "d", pass(colleague)).await), "cover_moves_tasks");
        assert_eq!(code(world.app.perform(&deputy, "e", pass(DIRECTOR)).await), "cover_moves_tasks");
        assert_eq!(code(world.app.perform(&director(), "f", pass(DEPUTY)).await), "cover_moves_tasks");
        world.app.perform(&director(), "g", pass(colleague)).await.unwrap();
        let cover = world.approve(&deputy, &asked, "h", false).await;
        assert_eq!(code(cover), "cover_moves_tasks", "a deputy without the post");
        world.approve(&actor(colleague, HEF, Role::Approver), &asked, "i", false).await.unwrap();
        assert_eq!(committed(&world).await, Pence::pounds(41_500));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_4_a_responsible_authoritys_approver_decides_only_on_the_facts_that_they_saw() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = World::opened(&database).await;
        let mut work = world.work(BIR).await;
        work.record_power(300, &PowerFact::Statutory(statutory(BIR, STATUTORY))).await.unwrap();
        work.record(Event::new("world.statutory", "delegation", 300, 1));
        done(work).await;
        let referral = world.referral(42, &[4_150], false, BIR).await;
        let distant = last(&world.recommend(&referral, "r").await.unwrap().location);
        let council = actor(STATUTORY, BIR, Role::Approver);
        let old = world.approval_command(&distant, false).await;
        amend_to(&world, &referral, terms(Pence::pounds(4_100))).await;
        let answer = world.app.perform(&council, "old", old.clone()).await;
        assert_eq!(code(answer), "facts_changed", "a lower price is read first");
        assert_eq!(code(world.app.perform(&council, "old", old).await), "facts_changed", "the same answer again");
        tendered(&world, Pence::pounds(4_000)).await;
        assert_eq!(code(world.approve(&council, &distant, "gate", false).await), "above_tendered_price");
        amend_to(&world, &referral, terms(Pence::pounds(4_000))).await;
        world.approve(&council, &distant, "new", false).await.unwrap();
    })
    .await;
}
