//! Rule 5.6 after the award: the ground as a hard gate, its withdrawal, the recall of a mistaken disclosure with its report;
//! and rule 1.1, that cover lends a role and no power. On both databases.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use jiff::civil::date;
use placewell_app::Outcome;
use placewell_app::clock::Machine;
use placewell_app::office::access::cover::{ArrangeCover, EndCover};
use placewell_app::office::access::glass::Wanted;
use placewell_app::office::document::Brought;
use placewell_app::placing::agreement::StartStay;
use placewell_app::placing::agreement::papers::AddAgreementDocument;
use placewell_app::placing::child::retention::{EraseChild, ProposeErasure};
use placewell_app::placing::disclosure::ground::{RecordGround, SaidOfConsent, WithdrawGround};
use placewell_app::placing::disclosure::recall::{
    AssessRecall, ConfirmDeleted, LiftRecall, RecallDisclosure, TellCommissioner,
};
use placewell_domain::id::{InvitationId, OrganisationId, PersonId};
use placewell_domain::money::Pence;
use placewell_domain::nights::plus_days;
use placewell_domain::office::access::cover::CoverReason;
use placewell_domain::office::access::glass::{Breaking, BrokenGlass, GlassMinutes, GlassReason};
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::organisation::{Organisation, OrganisationKind};
use placewell_domain::office::person::Actor;
use placewell_domain::office::person::session::{By, TokenScope};
use placewell_domain::placing::agreement::UnsignedReason;
use placewell_domain::placing::disclosure::Stage;
use placewell_domain::placing::disclosure::ground::{AgreedBy, LawfulBasis, OverrideReason, SpecialCondition};
use placewell_domain::placing::disclosure::recall::{RecallCause, Risk};
use placewell_store::office::document::NewDocument;
use placewell_testkit::databases::TestDatabase;

use super::last;
use super::running::complete;
use super::world::{
    DEPUTY, DIRECTOR, HEF, MANAGER, MONITORING, OFFICER, PROVIDER, START, STATUTORY, World, actor, both_made, director,
    done, officer,
};

/// A ground on which somebody agreed.
pub(super) fn ground(reference: &str) -> RecordGround {
    RecordGround {
        reference: reference.to_owned(),
        basis: LawfulBasis::PublicTask,
        condition: SpecialCondition::SocialCare,
        consent: SaidOfConsent::Agreed { by: AgreedBy::Parent, on: date(2021, 9, 10) },
    }
}

fn code(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Refused(refusal) => &refusal.code,
        _ => "",
    }
}

/// An award on a ground, whose home has read who the child is.
pub(super) async fn told(database: &TestDatabase) -> (World, String, InvitationId) {
    let world = World::opened(database).await;
    let referral = world.referral(42, &[4_150], false, HEF).await;
    world.app.perform(&officer(), "ground", ground(&referral)).await.unwrap();
    let asked = last(&world.recommend(&referral, "r").await.unwrap().location);
    world.approve(&director(), &asked, "a", false).await.unwrap();
    let session = world.app.store.read(Some(HEF)).await.unwrap();
    let id = session.referral_by_reference(HEF, &referral).await.unwrap().id;
    let invitation = session.invitations_of(HEF, id).await.unwrap()[0].id;
    drop(session);
    let manager = actor(MANAGER, PROVIDER, Role::ProviderManager);
    world.app.read_identity(&manager, invitation).await.unwrap();
    (world, referral, invitation)
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_5_6_a_recall_ends_access_at_once_and_its_report_says_who_saw_what_until_when() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let (world, referral, invitation) = told(&database).await;
        let manager = actor(MANAGER, PROVIDER, Role::ProviderManager);
        let app = &world.app;
        let now = app.calendar.now().local;
        let recall = RecallDisclosure {
            reference: referral.clone(),
            number: 1,
            from: Stage::Chosen,
            cause: RecallCause::WrongHome,
            aware: now,
        };
        let receipt = app.perform(&officer(), "recall", recall).await.unwrap();
        let id: i64 = last(&receipt.location).parse().unwrap();
        let after = app.read_identity(&manager, invitation).await;
        assert!(matches!(after, Err(Outcome::NotFound)), "{after:?}");
        let report = app.recall_report(&officer(), id).await.unwrap();
        assert_eq!(report.recall.seen.iter().map(|one| one.person).collect::<Vec<_>>(), [MANAGER]);
        assert_eq!(report.recall.due(), now.saturating_add(jiff::SignedDuration::from_hours(72)));
        let others = app.own_recall(&manager, id).await.unwrap();
        assert_eq!((others.reference.as_str(), others.lifted), (referral.as_str(), false));
        let by_provider = app.recall_report(&manager, id).await;
        assert!(matches!(by_provider, Err(Outcome::Forbidden(_))));
        app.perform(&manager, "deleted", ConfirmDeleted { recall: id, version: 1 }).await.unwrap();
        let lifted = app.perform(&officer(), "lift", LiftRecall { recall: id, version: 2 }).await;
        assert_eq!(code(&lifted.unwrap_err()), "recall_state", "before the risk is judged");
        let assess = AssessRecall { recall: id, version: 2, risk: Risk::High, words: "Assessed".to_owned() };
        app.perform(&officer(), "assess", assess).await.unwrap();
        let tell = TellCommissioner { recall: id, version: 3, at: now, reference: "IC-1".to_owned() };
        app.perform(&officer(), "tell", tell).await.unwrap();
        app.perform(&officer(), "lift2", LiftRecall { recall: id, version: 4 }).await.unwrap();
        app.read_identity(&manager, invitation).await.unwrap();
        let kept = app.recall_report(&officer(), id).await.unwrap();
        assert_eq!(kept.words.as_deref(), Some("Assessed"), "the report outlives the recall");
        assert_eq!(kept.recall.assessment().map(|one| one.risk), Some(Risk::High));
        assert_eq!(kept.recall.told(), Some((now, "IC-1")));
        for party in [HEF, PROVIDER] {
            let session = app.store.read(Some(party)).await.unwrap();
            assert!(session.verify_chain(party).await.unwrap().faults.is_empty());
            assert!(app.store.row_faults(party).await.unwrap().is_empty());
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_5_6_a_recall_takes_papers_and_words_of_care_back_too_unless_the_child_lives_there() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let (world, referral, _) = told(&database).await;
        let (app, manager) = (&world.app, actor(MANAGER, PROVIDER, Role::ProviderManager));
        let agreement = "HEF-A-0001";
        let brought = Brought::checked("Wren Canary care plan.pdf", b"%PDF-1.7 CANARY".to_vec()).unwrap();
        let add = AddAgreementDocument { reference: agreement.to_owned(), brought };
        app.perform(&officer(), "paper", add).await.unwrap();
        let paper = app.agreement_papers(&manager, agreement).await.unwrap().documents[0].0.id;
        app.agreement_document(&manager, agreement, paper).await.unwrap();
        app.perform(&officer(), "care", complete(1)).await.unwrap();
        app.do_due_jobs().await.unwrap();
        let words = async || app.agreement_view(&manager, agreement).await.unwrap().care.words.outcomes;
        let copy = async || app.agreement_copy(&manager, agreement, None).await.unwrap().1;
        let (told, stored) = (words().await, copy().await);
        assert_eq!(told.len(), 2, "{told:?}");
        let recall = RecallDisclosure {
            reference: referral,
            number: 1,
            from: Stage::Chosen,
            cause: RecallCause::WrongHome,
            aware: app.calendar.now().local,
        };
        app.perform(&officer(), "recall", recall).await.unwrap();
        assert!(app.agreement_papers(&manager, agreement).await.unwrap().documents.is_empty());
        let after = app.agreement_document(&manager, agreement, paper).await;
        assert!(matches!(after, Err(Outcome::NotFound)), "{:?}", after.map(|(entry, _)| entry));
        assert!(words().await.is_empty(), "nor what it says about the child's care");
        let without = copy().await;
        assert!(without.starts_with(b"%PDF") && without != stored, "printed anew without the words");
        assert_eq!(app.agreement_papers(&officer(), agreement).await.unwrap().documents.len(), 1, "its own");
        app.agreement_document(&officer(), agreement, paper).await.unwrap();
        world.at(START, 9);
        let start = StartStay {
            reference: agreement.to_owned(),
            version: 2,
            on: START,
            unsigned: Some(UnsignedReason::SignerAway),
        };
        app.perform(&officer(), "start", start).await.unwrap();
        app.agreement_document(&manager, agreement, paper).await.unwrap();
        assert_eq!(words().await, told, "whoever cares for the child needs them");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_5_6_withdrawn_consent_recalls_who_the_child_is_and_access_waits_for_another_ground() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let (world, referral, invitation) = told(&database).await;
        let manager = actor(MANAGER, PROVIDER, Role::ProviderManager);
        let app = &world.app;
        let second = app.perform(&officer(), "again", ground(&referral)).await;
        assert_eq!(code(&second.unwrap_err()), "ground_in_force");
        app.perform(&officer(), "withdraw", WithdrawGround { reference: referral.clone(), version: 1 }).await.unwrap();
        assert!(matches!(app.read_identity(&manager, invitation).await, Err(Outcome::NotFound)));
        let recalls = app.recall_reports(&officer()).await.unwrap();
        assert_eq!(recalls.iter().map(|one| one.recall.cause).collect::<Vec<_>>(), [RecallCause::ConsentWithdrawn]);
        let id = recalls[0].recall.id;
        let assess = AssessRecall { recall: id, version: 1, risk: Risk::Unlikely, words: "Assessed".to_owned() };
        app.perform(&officer(), "assess", assess).await.unwrap();
        let early = app.perform(&officer(), "lift", LiftRecall { recall: id, version: 2 }).await;
        assert_eq!(code(&early.unwrap_err()), "no_ground");
        let alone = SaidOfConsent::Overridden {
            reason: OverrideReason::Refused,
            decided_by: OFFICER.0,
            words: "Reasons".to_owned(),
        };
        let alone = RecordGround { consent: alone, ..ground(&referral) };
        assert!(matches!(app.perform(&officer(), "alone", alone).await, Err(Outcome::Invalid(_))));
        app.perform(&officer(), "anew", ground(&referral)).await.unwrap();
        app.perform(&officer(), "lift2", LiftRecall { recall: id, version: 2 }).await.unwrap();
        app.read_identity(&manager, invitation).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn recalls_and_grounds_of_an_erased_child_stay_listed_without_their_words() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let (world, referral, _) = told(&database).await;
        let app = &world.app;
        app.perform(&officer(), "withdraw", WithdrawGround { reference: referral.clone(), version: 1 }).await.unwrap();
        let id = app.recall_reports(&officer()).await.unwrap()[0].recall.id;
        let assess = AssessRecall { recall: id, version: 1, risk: Risk::Likely, words: "Assessed".to_owned() };
        app.perform(&officer(), "assess", assess).await.unwrap();
        let consent = SaidOfConsent::Overridden {
            reason: OverrideReason::Refused,
            decided_by: DIRECTOR.0,
            words: "Reasons".to_owned(),
        };
        app.perform(&officer(), "anew", RecordGround { consent, ..ground(&referral) }).await.unwrap();
        let read = async || {
            let listed = app.recall_reports(&officer()).await.unwrap();
            let erased: Vec<bool> = listed.iter().map(|one| one.erased).collect();
            let recalls: Vec<_> =
                listed.into_iter().map(|one| (one.recall.assessment().map(|one| one.risk), one.words)).collect();
            let grounds = app.grounds(&officer(), &referral).await.unwrap();
            let erased = (erased, grounds.erased);
            (recalls, grounds.all.len(), grounds.override_words.map(|(_, why)| why), erased)
        };
        let risk = Some(Risk::Likely);
        let kept = (vec![false], false);
        assert_eq!(read().await, (vec![(risk, Some("Assessed".to_owned()))], 2, Some("Reasons".to_owned()), kept));

        world.at(date(2083, 3, 2), 9);
        app.perform(&officer(), "propose", ProposeErasure { number: 42 }).await.unwrap();
        app.perform(&director(), "erase", EraseChild { number: 42 }).await.unwrap();
        assert_eq!(read().await, (vec![(risk, None)], 2, Some(String::new()), (vec![true], true)));
        app.perform(&officer(), "gone", WithdrawGround { reference: referral.clone(), version: 1 }).await.unwrap();
        assert!(!app.grounds(&officer(), &referral).await.unwrap().waiting, "no home waits to be told who it was");
        let again = app.perform(&officer(), "once more", ground(&referral)).await;
        assert_eq!(code(&again.unwrap_err()), "child_forgotten");
        assert_eq!(app.recall_report(&officer(), id).await.unwrap().words, None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_home_that_was_told_who_an_erased_child_was_reads_that_it_was_erased() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let (world, referral, invitation) = told(&database).await;
        let (app, manager) = (&world.app, actor(MANAGER, PROVIDER, Role::ProviderManager));
        assert!(app.may_read(&manager, invitation).await.unwrap().identity);
        world.at(date(2083, 3, 2), 9);
        app.perform(&officer(), "propose", ProposeErasure { number: 42 }).await.unwrap();
        app.perform(&director(), "erase", EraseChild { number: 42 }).await.unwrap();
        let read = app.may_read(&manager, invitation).await.unwrap();
        assert_eq!((read.shortlisted, read.identity, read.chronology), (true, false, false));
        assert_eq!(code(&app.read_identity(&manager, invitation).await.unwrap_err()), "child_forgotten");
        assert_eq!(code(&app.read_chronology(&manager, invitation).await.unwrap_err()), "child_forgotten");
        let (_, offer, _) = app.referral_offer(&officer(), &referral, 1).await.unwrap();
        let readings = app.disclosure_receipts(&officer(), &offer).await.unwrap().readings;
        assert_eq!(readings.len(), 1, "that it read it stays told");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_1_cover_lends_the_role_for_its_days_and_no_power() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = World::opened(&database).await;
        let app = &world.app;
        let referral = world.referral(42, &[4_150], false, HEF).await;
        let asked = last(&world.recommend(&referral, "r").await.unwrap().location);
        let today = app.calendar.now().today();
        let cover = ArrangeCover {
            absent: DIRECTOR.0,
            covering: OFFICER.0,
            role: Role::Approver,
            from: today,
            last: plus_days(today, 3),
            reason: CoverReason::Leave,
        };
        let by_another = app.perform(&officer(), "not mine", cover.clone()).await;
        assert!(matches!(by_another, Err(Outcome::Forbidden(_))), "nobody takes another's place unasked");
        let administrator = actor(OFFICER, HEF, Role::Administrator);
        match app.perform(&administrator, "own", cover.clone()).await {
            Err(Outcome::Refused(refusal)) => assert_eq!(refusal.code, "cover_for_oneself_by_oneself"),
            other => panic!("an administrator takes a role that sees children: {other:?}"),
        }
        app.perform(&director(), "cover", cover).await.unwrap();
        app.do_due_jobs().await.unwrap();
        let mails = app.store.read(Some(HEF)).await.unwrap().mails(HEF, 50).await.unwrap();
        let told = mails.iter().filter(|mail| mail.subject == "Somebody was given a role that sees children");
        assert!(told.into_iter().any(|mail| mail.body.contains("To cover for a colleague")), "{mails:?}");
        let roles = app.roles_of(OFFICER).await.unwrap();
        let lent = roles.iter().find(|one| one.actor.role == Role::Approver).unwrap();
        assert!(lent.title.starts_with("covering for"), "{}", lent.title);
        let refused = world.approve(&lent.actor, &asked, "by cover", false).await;
        assert!(matches!(refused, Err(Outcome::Refused(_))), "cover moves tasks, never power: {refused:?}");
        let listed = app.covers(&director()).await.unwrap();
        assert!(listed[0].holds && listed[0].may_end);
        assert!(!app.covers(&officer()).await.unwrap()[0].may_end, "whoever covers does not end it");
        app.perform(&director(), "end", EndCover { cover: listed[0].cover.id, version: 1 }).await.unwrap();
        let roles = app.roles_of(OFFICER).await.unwrap();
        assert!(roles.iter().all(|one| one.actor.role != Role::Approver), "it ended");
        let again = ArrangeCover {
            absent: DIRECTOR.0,
            covering: OFFICER.0,
            role: Role::Approver,
            from: plus_days(today, 1),
            last: plus_days(today, 1),
            reason: CoverReason::Training,
        };
        app.perform(&director(), "again", again).await.unwrap();
        world.at(plus_days(today, 1), 9);
        assert!(app.roles_of(OFFICER).await.unwrap().iter().any(|one| one.actor.role == Role::Approver));
        world.at(plus_days(today, 2), 9);
        let roles = app.roles_of(OFFICER).await.unwrap();
        assert!(roles.iter().all(|one| one.actor.role != Role::Approver), "it ends by itself");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_1_cover_is_arranged_again_from_the_same_day_after_one_that_ended_and_beside_another() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = World::opened(&database).await;
        let app = &world.app;
        let today = app.calendar.now().today();
        let deputy = actor(DEPUTY, HEF, Role::Approver);
        let cover = |absent: PersonId, last: i64| ArrangeCover {
            absent: absent.0,
            covering: OFFICER.0,
            role: Role::Approver,
            from: plus_days(today, 1),
            last: plus_days(today, last),
            reason: CoverReason::Leave,
        };
        let arranged = async |of: &Actor| {
            let all = app.covers(of).await.unwrap();
            let mut own = all.into_iter().filter(|one| one.may_end).map(|one| one.cover);
            own.next().unwrap()
        };
        let lent = async || {
            let roles = app.roles_of(OFFICER).await.unwrap();
            roles.iter().filter(|one| one.actor.role == Role::Approver).count()
        };
        app.perform(&director(), "one", cover(DIRECTOR, 3)).await.unwrap();
        let one = arranged(&director()).await;
        app.perform(&director(), "end one", EndCover { cover: one.id, version: one.version }).await.unwrap();
        app.perform(&director(), "two", cover(DIRECTOR, 3)).await.unwrap();
        app.perform(&deputy, "three", cover(DEPUTY, 6)).await.unwrap();
        assert_eq!(lent().await, 0, "not before its first day");
        world.at(plus_days(today, 1), 9);
        assert_eq!(lent().await, 1, "the role is lent once");
        // The longer one ends early: the other goes on to its own last day.
        let three = arranged(&deputy).await;
        app.perform(&deputy, "end three", EndCover { cover: three.id, version: three.version }).await.unwrap();
        world.at(plus_days(today, 3), 9);
        assert_eq!(lent().await, 1, "the other cover goes on");
        world.at(plus_days(today, 4), 9);
        assert_eq!(lent().await, 0, "and ends by itself");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_sees_a_child_only_through_broken_glass_and_the_authority_is_told() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = World::opened(&database).await;
        let app = &world.app;
        let referral = world.referral(42, &[4_150], false, HEF).await;
        let administrator = actor(OFFICER, HEF, Role::Administrator);
        let plain = app.see_child(&administrator, &referral).await;
        assert!(matches!(plain, Err(Outcome::Forbidden(_))));
        let wanted = Wanted {
            reference: referral.clone(),
            reason: GlassReason::CourtOrder,
            ticket: "T-1".to_owned(),
            minutes: GlassMinutes::Fifteen,
        };
        let silent = app.break_glass(&administrator, "none", Wanted { ticket: " ".to_owned(), ..wanted.clone() }).await;
        assert!(matches!(silent, Err(Outcome::Invalid(_))));
        let token = |scope| placewell_domain::office::person::Actor { by: By::Token(scope), ..administrator.clone() };
        for scope in [TokenScope::Everything, TokenScope::EverythingWithProof, TokenScope::Reading] {
            let wide = app.break_glass(&token(scope), "wide", wanted.clone()).await;
            assert!(matches!(wide, Err(Outcome::OutOfScope(_))), "a token that does not name it broke the glass");
        }
        let narrow = token(TokenScope::Actions(vec![Action::BreakGlass, Action::SeeBrokenGlass]));
        let named = app.break_glass(&narrow, "named", wanted.clone()).await.unwrap();
        assert!(app.through_glass(&narrow, named).await.is_ok());
        assert!(matches!(app.through_glass(&token(TokenScope::Everything), named).await, Err(Outcome::OutOfScope(_))));
        app.mend_glass(&narrow, named).await.unwrap();
        let by_officer = app.break_glass(&officer(), "role", wanted.clone()).await;
        assert!(matches!(by_officer, Err(Outcome::Forbidden(_))));
        let stranger = actor(MANAGER, PROVIDER, Role::Administrator);
        let elsewhere = app.break_glass(&stranger, "other", wanted.clone()).await;
        assert!(matches!(elsewhere, Err(Outcome::Invalid(_))), "{elsewhere:?}");
        let id = app.break_glass(&administrator, "glass", wanted.clone()).await.unwrap();
        assert_eq!(app.break_glass(&administrator, "glass", wanted).await.unwrap(), id, "asked once, done once");
        let (_, child) = app.through_glass(&administrator, id).await.unwrap();
        assert_eq!(child.family_name, "Canary");
        let other = actor(MANAGER, HEF, Role::Administrator);
        assert!(matches!(app.through_glass(&other, id).await, Err(Outcome::NotFound)), "it is its breaker's alone");
        app.do_due_jobs().await.unwrap();
        assert_eq!(alerted(&world).await, everybody(2), "whoever places and whoever approves, once for each time");
        let session = app.store.read(Some(HEF)).await.unwrap();
        let events = session.timeline(HEF, "broken_glass_use", id).await.unwrap();
        assert_eq!(events.len(), 1, "each look is an event");
        drop(session);
        app.mend_glass(&administrator, id).await.unwrap();
        assert!(matches!(app.through_glass(&administrator, id).await, Err(Outcome::NotFound)));
        assert_eq!(app.broken_glasses(&director()).await.unwrap().len(), 2);
    })
    .await;
}

/// Who of the authority was told that an administrator looks at a child's details, and how often.
async fn alerted(world: &World) -> BTreeMap<String, usize> {
    let session = world.app.store.read(Some(HEF)).await.unwrap();
    let mut told = BTreeMap::new();
    for mail in session.mails(HEF, 200).await.unwrap() {
        if mail.subject.ends_with("an administrator is looking at the child's details") {
            *told.entry(mail.recipient).or_default() += 1;
        }
    }
    told
}

fn so_often(people: &[PersonId], times: usize) -> BTreeMap<String, usize> {
    people.iter().map(|person| (format!("p{person}@example.com"), times)).collect()
}

/// The placement officer and every approver of the world.
fn everybody(times: usize) -> BTreeMap<String, usize> {
    so_often(&[OFFICER, DIRECTOR, DEPUTY, STATUTORY, MONITORING], times)
}

#[tokio::test(flavor = "multi_thread")]
async fn broken_glass_alerts_the_authority_whoever_breaks_it_and_never_nobody() {
    const OPERATOR: OrganisationId = OrganisationId(90);
    const HELP: PersonId = PersonId(91);
    const CLERK: PersonId = PersonId(92);
    const KEEPER: PersonId = PersonId(93);
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = World::opened(&database).await;
        let app = &world.app;
        let referral = world.referral(42, &[4_150], false, HEF).await;
        let work = world.work(OPERATOR).await;
        let operator = Organisation {
            id: OPERATOR,
            code: "operator".to_owned(),
            name: "The operator".to_owned(),
            kind: OrganisationKind::Operator,
            area: None,
            placing_body: None,
        };
        work.add_organisation(&operator).await.unwrap();
        done(work).await;
        world.person(HELP, OPERATOR, Role::Administrator).await;
        let help = Actor {
            code: "operator".to_owned(),
            kind: OrganisationKind::Operator,
            ..actor(HELP, OPERATOR, Role::Administrator)
        };
        let breaks = async |by: &Actor, key: &str| {
            let wanted = Wanted {
                reference: referral.clone(),
                reason: GlassReason::CourtOrder,
                ticket: "T-1".to_owned(),
                minutes: GlassMinutes::Fifteen,
            };
            let broken = app.break_glass(by, key, wanted).await;
            app.do_due_jobs().await.unwrap();
            broken
        };
        // The operator's administrator keeps every authority, and is of none: the one that is looked at is told.
        breaks(&help, "first").await.unwrap();
        assert_eq!(alerted(&world).await, everybody(1));
        let session = app.store.read(Some(OPERATOR)).await.unwrap();
        assert!(session.mails(OPERATOR, 10).await.unwrap().is_empty(), "the operator does not tell itself");
        drop(session);

        let today = app.calendar.now().today();
        let work = world.work(HEF).await;
        for role in [Role::PlacementOfficer, Role::Approver] {
            for person in [OFFICER, DIRECTOR, DEPUTY, STATUTORY, MONITORING] {
                work.end_membership(person, role, today).await.unwrap();
            }
        }
        done(work).await;
        let whole = breaks(&help, "nobody").await.unwrap_err();
        assert_eq!(code(&whole), "nobody_to_tell");
        world.person(KEEPER, HEF, Role::Administrator).await;
        let keeper = actor(KEEPER, HEF, Role::Administrator);
        assert_eq!(code(&breaks(&keeper, "alone").await.unwrap_err()), "nobody_to_tell", "nobody tells oneself alone");
        breaks(&help, "administrator").await.unwrap();
        let mut told = everybody(1);
        told.extend(so_often(&[KEEPER], 1));
        assert_eq!(alerted(&world).await, told);
        world.person(CLERK, HEF, Role::DemocraticServices).await;
        breaks(&keeper, "clerk").await.unwrap();
        told.extend(so_often(&[KEEPER], 2));
        told.extend(so_often(&[CLERK], 1));
        assert_eq!(alerted(&world).await, told);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn broken_glass_shows_nothing_any_more_once_its_minutes_are_over() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = World::opened(&database).await;
        let app = &world.app;
        let referral = world.referral(42, &[4_150], false, HEF).await;
        let administrator = actor(OFFICER, HEF, Role::Administrator);
        let broken = async |minutes_ago: i64| {
            let of = Breaking {
                authority: HEF,
                holder: HEF,
                person: OFFICER,
                reference: referral.clone(),
                reason: GlassReason::CourtOrder,
                ticket: "T-1".to_owned(),
                minutes: GlassMinutes::Fifteen,
            };
            let at = Machine::now() - SignedDuration::from_mins(minutes_ago);
            let mut work = world.work(HEF).await;
            let glass = work.apply(BrokenGlass::break_it(work.new_id(), of, at)).await.unwrap();
            done(work).await;
            glass.id
        };
        let (holds, over) = (broken(10).await, broken(15).await);
        assert_eq!(app.through_glass(&administrator, holds).await.unwrap().1.family_name, "Canary");
        let after = app.through_glass(&administrator, over).await;
        assert!(matches!(after, Err(Outcome::NotFound)), "it was looked through after its time");
        let session = app.store.read(Some(HEF)).await.unwrap();
        assert!(session.timeline(HEF, "broken_glass_use", over).await.unwrap().is_empty(), "nothing was read");
        drop(session);
        let listed = app.broken_glasses(&director()).await.unwrap();
        assert_eq!(listed.len(), 2, "whoever is told reads of both");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_held_says_who_looked_at_the_child_what_was_disclosed_and_who_read_the_papers() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let (world, referral, _) = told(&database).await;
        let app = &world.app;
        world.referral(43, &[4_150], false, HEF).await;
        let wanted = Wanted {
            reference: referral.clone(),
            reason: GlassReason::CourtOrder,
            ticket: "T-1".to_owned(),
            minutes: GlassMinutes::Fifteen,
        };
        let administrator = actor(OFFICER, HEF, Role::Administrator);
        let glass = app.break_glass(&administrator, "glass", wanted).await.unwrap();
        app.through_glass(&administrator, glass).await.unwrap();
        let work = world.work(HEF).await;
        let child = work.referral_by_reference(HEF, &referral).await.unwrap().child;
        let paper = NewDocument {
            provider: Some(PROVIDER),
            child: Some(child),
            room: "test",
            record: 1,
            name: "document-1.pdf",
            label: None,
            media_type: "application/pdf",
            content: b"%PDF",
        };
        let paper = work.add_document(&paper).await.unwrap();
        done(work).await;
        let work = world.work(PROVIDER).await;
        work.note_document_reading(paper, MANAGER).await.unwrap();
        done(work).await;

        let given = app.export_child(&officer(), 42, true).await.unwrap();
        for part in ["broken_glass", "document_read", "disclosure_read"] {
            let rows = given.held.iter().find(|one| one.kind == part).map_or(0, |one| one.records.len());
            assert_eq!(rows, 1, "{part}");
        }
        // That the home read it is an event of the home's own record; here it is a row.
        let happened = ["glass.broken", "glass.looked", "disclosure_ground.recorded", "disclosure.released"];
        for kind in happened {
            assert!(given.events.iter().any(|one| one.kind == kind), "{kind}");
        }
        // Another child's says nothing of them.
        let other = app.export_child(&officer(), 43, true).await.unwrap();
        assert!(!other.held.iter().any(|one| ["broken_glass", "document_read"].contains(&one.kind.as_str())));
        assert!(!other.events.iter().any(|one| happened.contains(&one.kind.as_str())));
    })
    .await;
}
