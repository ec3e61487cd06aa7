//! The award from end to end, on both databases: rules 1.1 to 1.7, and what the last approval leaves behind.

mod by_month;
mod cancelled;
mod changing;
mod charged;
mod comparing;
mod conditions;
mod deciding;
mod disclosing;
mod exceptions;
mod exempted;
mod facts;
pub mod files;
mod gates;
mod given_out;
mod history;
mod keeping;
mod leaving;
mod names;
mod not_chosen;
mod outliving;
mod race;
mod repricing;
mod running;
mod said;
mod scored;
mod sealing;
mod seed;
mod spot;
mod stages;
mod standing;
mod strain;
mod urgency;
mod variation;
mod void;
mod without;
pub mod world;

use jiff::civil::date;
use placewell_app::Outcome;
use placewell_app::placing::agreement::{CancelAgreement, Decided, EndAgreement, Sign, StartStay};
use placewell_app::placing::approval::{Approve, ConfirmVerbal, PassOn, RecordVerbal};
use placewell_domain::money::Pence;
use placewell_domain::office::access::Role;
use placewell_domain::placing::agreement::{Agreement, CancelReason, EndReason, UnsignedReason};
use placewell_domain::placing::approval::GivenBasis;
use placewell_domain::placing::occupancy::UseState;
use placewell_store::placing::agreement::AgreementTab;
use placewell_testkit::databases::both;

use facts::amend as amend_to;
use world::{
    BIR, DEPUTY, DIRECTOR, HEF, MANAGER, PROVIDER, START, STATUTORY, World, actor, both_made, director, done, officer,
    statutory, terms,
};

const HEREFORDSHIRE: &str = "E06000019";
const BIRMINGHAM: &str = "E08000025";
/// Ten weeks at £4,150.
const WHOLE: Pence = Pence::pounds(41_500);

fn code<T: std::fmt::Debug>(answer: Result<T, Outcome>) -> String {
    match answer {
        Err(Outcome::Refused(refusal)) => refusal.code,
        other => panic!("{other:?}"),
    }
}

fn last(location: &str) -> String {
    location.rsplit('/').next().unwrap().to_owned()
}

async fn one_agreement(world: &World) -> Agreement {
    let session = world.app.store.read(Some(HEF)).await.unwrap();
    let (found, _) = session.agreements(HEF, AgreementTab::Coming, (0, 10)).await.unwrap();
    found.into_iter().next().unwrap()
}

async fn committed(world: &World) -> Pence {
    let session = world.app.store.read(Some(HEF)).await.unwrap();
    assert!(session.ledger_faults(HEF).await.unwrap().is_empty());
    session.ledger_year(HEF, date(2020, 12, 15)).await.unwrap().unwrap().totals.committed
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_approval_prepares_the_agreement_holds_the_bed_and_commits_the_value() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = World::opened(&database).await;
        let referral = world.referral(42, &[4_150], false, HEF).await;
        let asked = last(&world.recommend(&referral, "r").await.unwrap().location);
        assert_eq!(asked, "HEF-D-0001");
        assert_eq!(
            code(world.approve(&actor(DEPUTY, HEF, Role::Approver), &asked, "d", false).await),
            "cover_moves_tasks"
        );
        assert_eq!(committed(&world).await, Pence::ZERO);
        world.approve(&director(), &asked, "a", false).await.unwrap();
        let agreement = one_agreement(&world).await;
        assert_eq!(agreement.reference.to_string(), "HEF-A-0001");
        assert_eq!(committed(&world).await, WHOLE);
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let beds = session.bed_uses_of(HEF, agreement.id).await.unwrap();
        assert_eq!((beds.len(), beds[0].state, beds[0].nights.from()), (1, UseState::Held, START));
        let lines = session.price_lines(HEF, agreement.id, None).await.unwrap();
        assert_eq!(lines[0].1.value, Pence::pounds(4_150));
        assert!(session.verify_chain(HEF).await.unwrap().faults.is_empty());
        assert!(world.app.store.row_faults(HEF).await.unwrap().is_empty());
        drop(session);
        world.app.do_due_jobs().await.unwrap();
        let view = world.app.agreement_view(&officer(), "HEF-A-0001").await.unwrap();
        assert_eq!(view.documents.len(), 1, "the PDF is made by a job");
        assert!(view.documents[0].name.ends_with("-version-1.pdf"));
        let (_, pdf) = world.app.agreement_copy(&officer(), "HEF-A-0001", None).await.unwrap();
        assert!(pdf.starts_with(b"%PDF"));
        assert!(!String::from_utf8_lossy(&pdf).contains("Canary"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_send_of_the_same_form_is_answered_with_the_first_result() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = World::opened(&database).await;
        let referral = world.referral(42, &[4_150], false, HEF).await;
        let asked = last(&world.recommend(&referral, "r").await.unwrap().location);
        let command = world.approval_command(&asked, false).await;
        let first = world.app.perform(&director(), "same", command.clone()).await.unwrap();
        let again = world.app.perform(&director(), "same", command.clone()).await.unwrap();
        assert!(!first.repeated && again.repeated);
        assert!(
            matches!(world.app.perform(&director(), "other", command).await, Err(Outcome::Conflict)),
            "stale version"
        );
        assert_eq!(committed(&world).await, WHOLE);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_3_2_an_award_above_the_ceiling_is_refused_and_leaves_nothing() {
    both_made(3, WHOLE, async |database| {
        let world = World::opened(&database).await;
        let first = world.referral(1, &[4_150], false, HEF).await;
        let second = world.referral(2, &[1_000], false, HEF).await;
        let one = last(&world.recommend(&first, "1").await.unwrap().location);
        let two = last(&world.recommend(&second, "2").await.unwrap().location);
        world.approve(&director(), &one, "a", false).await.unwrap();
        assert_eq!(code(world.approve(&director(), &two, "b", false).await), "ceiling_reached");
        assert_eq!(committed(&world).await, WHOLE);
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        assert_eq!(session.approval(HEF, &two).await.unwrap().state.name(), "requested");
        assert_eq!(session.agreements(HEF, AgreementTab::Coming, (0, 9)).await.unwrap().1, 1);
        drop(session);
        assert_eq!(code(world.recommend(&world.referral(3, &[900], false, HEF).await, "3").await), "ceiling_reached");
        let agreement = one_agreement(&world).await;
        let cancel = CancelAgreement {
            reference: agreement.reference.to_string(),
            version: agreement.version,
            reason: CancelReason::OtherHome,
            decided_by: Decided::SignedIn,
        };
        world.app.perform(&director(), "c", cancel).await.unwrap();
        assert_eq!(committed(&world).await, Pence::ZERO, "released that day");
        world.approve(&director(), &two, "d", false).await.unwrap();
        assert_eq!(committed(&world).await, Pence::pounds(10_000));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_5_a_distant_home_needs_the_statutory_director_also_by_word_of_mouth() {
    both(async |database| {
        let world = World::new(&database, BIRMINGHAM, 3, Pence::pounds(100_000)).await;
        let referral = world.referral(42, &[4_150], false, HEF).await;
        let distant = last(&world.recommend(&referral, "r").await.unwrap().location);
        let view = world.app.approval_view(&officer(), &distant).await.unwrap();
        assert_eq!(view.all.len(), 2, "the director of children's services, and the power");
        let power = view.all[1].approval.reference.to_string();
        assert_eq!(code(world.approve(&director(), &distant, "n", false).await), "not_the_statutory_director");
        world.approve(&director(), &power, "p", false).await.unwrap();
        assert_eq!(committed(&world).await, Pence::ZERO, "no award without the director of children's services");
        let pass = PassOn { reference: distant.clone(), version: 1, to: STATUTORY };
        let statutory = actor(STATUTORY, HEF, Role::Approver);
        assert_eq!(code(world.app.perform(&statutory, "o", pass).await), "no_deputy");
        world.at(date(2021, 9, 13), 11);
        let (said_at, seen) = (date(2021, 9, 13).at(10, 40, 0, 0), world.seen(&distant).await);
        let verbal = |by| RecordVerbal {
            reference: distant.clone(),
            version: 1,
            by,
            said_at,
            seen: seen.clone(),
            urgent: false,
        };
        let early = RecordVerbal { said_at: date(2021, 9, 13).at(10, 5, 0, 0), ..verbal(STATUTORY) };
        assert_eq!(code(world.app.perform(&officer(), "early", early).await), "verbal_before_asked");
        assert_eq!(code(world.app.perform(&officer(), "v", verbal(DIRECTOR)).await), "not_the_statutory_director");
        world.app.perform(&officer(), "w", verbal(STATUTORY)).await.unwrap();
        assert_eq!(committed(&world).await, WHOLE, "a verbal approval counts");
        let confirm = ConfirmVerbal { reference: distant.clone(), version: 2 };
        world.app.perform(&statutory, "x", confirm).await.unwrap();
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let given = session.approval(HEF, &distant).await.unwrap().state.given().cloned().unwrap();
        assert!(given.verbal.unwrap().confirmed_at.is_some());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_7_a_price_that_rises_after_it_was_asked_voids_the_approval() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = World::opened(&database).await;
        let referral = world.referral(42, &[4_150], false, HEF).await;
        let asked = last(&world.recommend(&referral, "r").await.unwrap().location);
        let old = world.approval_command(&asked, false).await;
        amend(&world, Pence::pounds(4_151)).await;
        world.app.perform(&director(), "a", old).await.unwrap();
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        assert_eq!(session.approval(HEF, &asked).await.unwrap().state.name(), "void");
        assert!(session.agreements(HEF, AgreementTab::Coming, (0, 9)).await.unwrap().0.is_empty());
        drop(session);
        let asked = last(&world.recommend(&referral, "again").await.unwrap().location);
        let old = world.approval_command(&asked, false).await;
        amend(&world, Pence::pounds(4_000)).await;
        assert_eq!(code(world.app.perform(&director(), "b", old).await), "facts_changed", "read them first");
        world.approve(&director(), &asked, "c", false).await.unwrap();
        assert_eq!(committed(&world).await, Pence::pounds(40_000), "a lower price keeps it");
    })
    .await;
}

async fn amend(world: &World, weekly: Pence) {
    amend_to(world, "HEF-R-0042", terms(weekly)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_3_urgency_without_a_recorded_power_records_the_start_and_alerts() {
    both_made(3, Pence::pounds(1_000), async |database| {
        let world = World::opened(&database).await;
        let planned = world.referral(1, &[90], false, HEF).await;
        let planned = last(&world.recommend(&planned, "p").await.unwrap().location);
        let other = world.referral(3, &[90], false, HEF).await;
        let other = last(&world.recommend(&other, "o").await.unwrap().location);
        assert_eq!(code(world.approve(&director(), &planned, "u", true).await), "urgency_not_called_for");
        world.approve(&director(), &planned, "l", false).await.unwrap();
        assert_eq!(code(world.approve(&director(), &other, "v", true).await), "no_urgency_power");
        let emergency = world.referral(2, &[4_150], true, HEF).await;
        let asked = last(&world.recommend(&emergency, "e").await.unwrap().location);
        assert_eq!(code(world.approve(&director(), &asked, "n", false).await), "ceiling_reached");
        world.approve(&director(), &asked, "y", true).await.unwrap();
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let agreement = session.agreement(HEF, "HEF-A-0002").await.unwrap();
        drop(session);
        let basis = &agreement.rests_on[0].basis;
        assert!(matches!(basis, GivenBasis::Urgency { .. }) && basis.sentence() == "Made without recorded power.");
        world.app.do_due_jobs().await.unwrap();
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        assert_eq!(session.over_grants(HEF).await.unwrap()[0].reason.code(), "without_recorded_power");
        let mails = session.mails(HEF, 50).await.unwrap();
        assert!(mails.iter().any(|mail| mail.subject.ends_with("started without recorded power")), "{mails:?}");
        let opened = session.decisions(HEF).await.unwrap();
        assert!(opened.iter().any(|decision| decision.page.title.contains("ratify")));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_4_the_responsible_authoritys_director_decides_where_a_trust_holds_the_record() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = World::opened(&database).await;
        let mut work = world.work(BIR).await;
        let fact = placewell_app::power::delegation::PowerFact::Statutory(statutory(BIR, STATUTORY));
        work.record_power(300, &fact).await.unwrap();
        work.record(placewell_domain::change::Event::new("world.statutory", "delegation", 300, 1));
        done(work).await;
        let referral = world.referral(42, &[4_150], false, BIR).await;
        let distant = last(&world.recommend(&referral, "r").await.unwrap().location);
        let view = world.app.approval_view(&officer(), &distant).await.unwrap();
        let power = view.all[1].approval.reference.to_string();
        world.approve(&director(), &power, "p", false).await.unwrap();
        let council = actor(STATUTORY, BIR, Role::Approver);
        let seen = world.app.approval_view(&council, &distant).await.unwrap();
        assert_eq!(seen.words.wishes, "Wants to stay near her brother", "they see that child's record");
        let stranger = actor(DIRECTOR, BIR, Role::Approver);
        assert_eq!(code(world.app.approval_view(&stranger, &distant).await), "not_the_statutory_director");
        world.approve(&council, &distant, "c", false).await.unwrap();
        assert_eq!(committed(&world).await, Pence::ZERO, "no transaction writes two authorities' money");
        world.app.do_due_jobs().await.unwrap();
        assert_eq!(committed(&world).await, WHOLE, "awarded in the placing body's own transaction");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_4_whoever_decides_for_another_body_has_neither_its_urgency_nor_words_in_its_record() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = World::opened(&database).await;
        let mut work = world.work(BIR).await;
        let fact = placewell_app::power::delegation::PowerFact::Statutory(statutory(BIR, STATUTORY));
        work.record_power(300, &fact).await.unwrap();
        work.record(placewell_domain::change::Event::new("world.statutory", "delegation", 300, 1));
        done(work).await;
        let referral = world.referral(42, &[4_150], false, BIR).await;
        let distant = last(&world.recommend(&referral, "r").await.unwrap().location);
        let view = world.app.approval_view(&officer(), &distant).await.unwrap();
        let power = view.all[1].approval.reference.to_string();
        let council = actor(STATUTORY, BIR, Role::Approver);
        let urgent = world.approve(&council, &power, "urgent", true).await;
        assert_eq!(code(urgent), "not_a_named_post", "no urgency power is recorded there, and none is theirs");
        let mut stale = world.approval_command(&power, true).await;
        stale.seen = "another page".into();
        let told = world.app.perform(&council, "stale", stale).await;
        assert_eq!(code(told), "not_a_named_post", "nor are they told of its facts");
        let plain = world.approval_command(&distant, false).await;
        let worded = Approve { conditions: "A visit each week".into(), ..plain };
        assert_eq!(code(world.app.perform(&council, "worded", worded).await), "other_authoritys_record");
        assert!(world.app.approval_view(&officer(), &distant).await.unwrap().approval.open(), "nothing was decided");
        world.approve(&council, &distant, "plain", false).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agreement_is_signed_started_and_ended_and_its_money_released() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = World::opened(&database).await;
        let referral = world.referral(42, &[4_150], false, HEF).await;
        let asked = last(&world.recommend(&referral, "r").await.unwrap().location);
        world.approve(&director(), &asked, "a", false).await.unwrap();
        let reference = "HEF-A-0001".to_owned();
        let sign = |version, has_authority| Sign {
            reference: reference.clone(),
            version,
            name: "Jo Smith".into(),
            role: "Manager".into(),
            has_authority,
        };
        let manager = actor(MANAGER, PROVIDER, Role::ProviderManager);
        world.app.perform(&officer(), "c", running::complete(1)).await.unwrap();
        assert!(matches!(world.app.perform(&manager, "s0", sign(2, false)).await, Err(Outcome::Invalid(_))));
        world.app.perform(&manager, "s1", sign(2, true)).await.unwrap();
        let start = |version, unsigned| StartStay { reference: reference.clone(), version, on: START, unsigned };
        world.app.calendar.move_to(date(2021, 9, 20).at(9, 0, 0, 0));
        assert_eq!(code(world.app.perform(&officer(), "t0", start(3, None)).await), "start_unsigned");
        world.app.perform(&officer(), "t1", start(3, Some(UnsignedReason::SignerAway))).await.unwrap();
        world.app.perform(&officer(), "s2", sign(4, true)).await.unwrap();
        world.app.calendar.move_to(date(2021, 10, 11).at(9, 0, 0, 0));
        let end = |decided_by| EndAgreement {
            reference: reference.clone(),
            version: 5,
            on: date(2021, 10, 11),
            planned: false,
            reason: EndReason::HomeAsksBehaviour,
            decided_by: running::said(decided_by),
        };
        assert_eq!(code(world.app.perform(&officer(), "e0", end(DEPUTY)).await), "cover_moves_tasks");
        world.app.perform(&officer(), "e1", end(DIRECTOR)).await.unwrap();
        assert_eq!(committed(&world).await, Pence::pounds(12_450), "three weeks");
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let agreement = session.agreement(HEF, &reference).await.unwrap();
        assert_eq!(agreement.state.name(), "ended");
        let beds = session.bed_uses_of(HEF, agreement.id).await.unwrap();
        assert_eq!(beds[0].nights.to(), date(2021, 10, 11));
        assert_eq!(session.referral_by_reference(HEF, &referral).await.unwrap().state.name(), "placed");
        assert!(world.app.store.row_faults(HEF).await.unwrap().is_empty());
        drop(session);
        assert!(matches!(
            world.app.agreement_view(&actor(MANAGER, BIR, Role::Approver), &reference).await,
            Err(Outcome::NotFound)
        ));
    })
    .await;
}
