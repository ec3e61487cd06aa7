//! An adopted child's record is sealed, on both databases: whoever reads it opens it first, an officer with a reason, and each
//! opening is an event and shown in the record.

use std::sync::Arc;

use jiff::civil::date;
use placewell_app::office::access::cover::ArrangeCover;
use placewell_app::office::access::glass::Wanted;
use placewell_app::office::record::LoggedEvent;
use placewell_app::office::record::looking::Looking;
use placewell_app::placing::child::held::ANOTHER;
use placewell_app::placing::child::retention::{MarkRecord, ReleaseRecord};
use placewell_app::placing::child::sealing::OpenRecord;
use placewell_app::placing::disclosure::correcting::CorrectChild;
use placewell_app::placing::referral::{
    Beginning, CopyReferral, ForChild, SendReferral, StartReferral, begin, record_child,
};
use placewell_app::{Answer, App, Outcome};
use placewell_domain::change::Event;
use placewell_domain::id::{PersonId, ReferralId};
use placewell_domain::money::Pence;
use placewell_domain::office::access::cover::CoverReason;
use placewell_domain::office::access::glass::{GlassMinutes, GlassReason};
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::person::Actor;
use placewell_domain::office::person::session::{By, TokenScope};
use placewell_domain::outcome::Refusal;
use placewell_domain::placing::child::ChildIdentity;
use placewell_domain::placing::child::retention::RecordKind;
use placewell_domain::placing::referral::Narrative;
use placewell_domain::placing::referral::profile::Profile;
use placewell_domain::placing::referral::redaction::Finding;

use crate::award::world::{DIRECTOR, HEF, MONITORING, OFFICER, World, actor, both_made, director, done, officer};
use crate::erasure::{identity, plant};

fn refusal<T: std::fmt::Debug>(outcome: Answer<T>) -> Refusal {
    match outcome {
        Err(Outcome::Refused(refusal)) => *refusal,
        other => panic!("{other:?}"),
    }
}

fn code<T: std::fmt::Debug>(outcome: Answer<T>) -> String {
    refusal(outcome).code
}

/// A child with a referral, marked as adopted; the child's number and the referral's reference.
async fn adopted(app: &Arc<App>) -> (u32, String) {
    let (_, number) = plant(app).await;
    app.perform(&director(), "release", ReleaseRecord { number }).await.unwrap();
    let reference = app.kept_record(&officer(), number).await.unwrap().referrals[0].clone();
    assert_eq!(app.see_child(&officer(), &reference).await.unwrap(), identity(), "while it is not sealed");
    let mark = MarkRecord { number, kind: RecordKind::Adoption, died: None };
    app.perform(&officer(), "adopted", mark).await.unwrap();
    (number, reference)
}

/// Somebody who has not opened it reads none of it, and no list tells when the child was born.
async fn sealed_to(app: &Arc<App>, who: &Actor, (number, reference): (u32, &str)) {
    assert_eq!(code(app.see_child(who, reference).await), "record_sealed");
    assert_eq!(code(app.export_child(who, number, true).await), "record_sealed");
    let papers = app.referral_papers(who, reference).await.unwrap();
    assert!(papers.documents.len() > 1 && papers.documents.iter().all(|(_, name)| name.is_empty()));
    let document = papers.documents[0].0.id;
    assert_eq!(code(app.referral_document(who, reference, document).await), "record_sealed");
    assert_eq!(app.referral_record(who, reference).await.unwrap().narrative, Narrative::default());
    let record = app.kept_record(who, number).await.unwrap();
    assert!(record.sealed && record.referrals.is_empty());
    assert_eq!((record.due, record.words), (None, None));
    let listed = app.retentions(who).await.unwrap();
    assert_eq!(listed.iter().map(|one| (one.number, one.sealed, one.due)).collect::<Vec<_>>(), [(number, true, None)]);
}

#[tokio::test]
async fn an_adopted_child_s_record_is_opened_by_an_approver_or_by_an_officer_with_a_reason() {
    both_made(2, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        let app = &world.app;
        let (number, reference) = adopted(app).await;
        for who in [officer(), director()] {
            sealed_to(app, &who, (number, &reference)).await;
        }
        let correct = CorrectChild { reference: reference.clone(), version: 1, identity: identity() };
        assert_eq!(code(app.perform(&officer(), "correct", correct).await), "record_sealed");
        let unmark = MarkRecord { number, kind: RecordKind::LookedAfter, died: None };
        assert_eq!(code(app.perform(&officer(), "unmark", unmark.clone()).await), "record_sealed");
        assert!(app.find_child(&officer(), &identity().case_number).await.unwrap().is_empty());
        assert_eq!(app.find_child(&director(), &identity().case_number).await.unwrap(), [number]);
        let administrator = actor(MONITORING, HEF, Role::Administrator);
        let wanted = Wanted {
            reference: reference.clone(),
            reason: GlassReason::CourtOrder,
            ticket: "T-1".to_owned(),
            minutes: GlassMinutes::Fifteen,
        };
        for _ in 0..2 {
            assert_eq!(code(app.break_glass(&administrator, "glass", wanted.clone()).await), "record_sealed");
        }
        assert_eq!(asked_for(app).await, [(MONITORING, reference.clone())], "asked once, recorded once");
        app.do_due_jobs().await.unwrap();
        let mails = app.store.read(Some(HEF)).await.unwrap().mails(HEF, 100).await.unwrap();
        let told = mails.iter().filter(|mail| mail.subject == "An administrator was refused a child's details");
        assert!(told.count() > 1, "nobody is told that somebody asked");

        let open = |words: &str| OpenRecord { number, words: words.to_owned() };
        let wordless = app.perform(&officer(), "wordless", open(" ")).await;
        assert!(matches!(wordless, Err(Outcome::Invalid(_))), "{wordless:?}");
        app.perform(&officer(), "open", open("A court asks")).await.unwrap();
        assert_eq!(app.see_child(&officer(), &reference).await.unwrap(), identity());
        assert_ne!(app.referral_record(&officer(), &reference).await.unwrap().narrative, Narrative::default());
        app.export_child(&officer(), number, false).await.unwrap();
        assert_eq!(app.find_child(&officer(), &identity().case_number).await.unwrap(), [number]);
        assert_eq!(code(app.see_child(&director(), &reference).await), "record_sealed", "it is open to one alone");
        app.perform(&director(), "look", open("")).await.unwrap();
        assert_eq!(app.see_child(&director(), &reference).await.unwrap(), identity());

        // Each opening is shown in the record and is an event without the words.
        let record = app.kept_record(&officer(), number).await.unwrap();
        let shown: Vec<(&str, Option<&str>)> =
            record.openings.iter().map(|one| (one.by.as_str(), one.words.as_deref())).collect();
        assert_eq!(shown, [("Person 12", None), ("Person 11", Some("A court asks"))]);
        assert!(!record.sealed && record.due.is_some());
        let events = app.store.read(Some(HEF)).await.unwrap().events_after(HEF, 0, 1_000).await.unwrap();
        let opened: Vec<_> = events.iter().filter(|one| one.event.kind == "retention.opened").collect();
        assert_eq!(opened.iter().map(|one| one.person).collect::<Vec<_>>(), [Some(OFFICER), Some(DIRECTOR)]);
        assert!(!format!("{opened:?}").contains("court"));

        // After an hour it is sealed again, and who opened it still shown, without why.
        app.calendar.move_to(date(2021, 9, 13).at(11, 21, 0, 0));
        sealed_to(app, &officer(), (number, &reference)).await;
        let record = app.kept_record(&officer(), number).await.unwrap();
        assert!(record.openings.len() == 2 && record.openings.iter().all(|one| one.words.is_none()));
        assert_eq!(app.store.verify().await.unwrap().faults, Vec::new());
        app.perform(&officer(), "again", open("A mistake")).await.unwrap();
        app.perform(&officer(), "a mistake", unmark).await.unwrap();
        assert!(!app.kept_record(&director(), number).await.unwrap().sealed);
    })
    .await;
}

#[tokio::test]
async fn rule_1_1_who_covers_an_approver_opens_an_adopted_child_s_record_with_a_reason_as_an_officer_does() {
    both_made(2, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        let app = &world.app;
        let (number, reference) = adopted(app).await;
        let covering = PersonId(21);
        world.person(covering, HEF, Role::FinanceOfficer).await;
        let (from, reason) = (app.calendar.now().today(), CoverReason::Leave);
        let (absent, role) = (director().person.0, Role::Approver);
        let cover = ArrangeCover { absent, covering: covering.0, role, from, last: from, reason };
        app.perform(&director(), "lend", cover).await.unwrap();
        let roles = app.roles_of(covering).await.unwrap();
        let lent = roles.into_iter().map(|one| one.actor).find(|one| one.role == role).unwrap();

        assert!(app.find_child(&lent, &identity().case_number).await.unwrap().is_empty());
        assert!(app.says_why_opened(&lent).await.unwrap(), "the page asks for a reason");
        let open = |words: &str| OpenRecord { number, words: words.to_owned() };
        let wordless = app.perform(&lent, "wordless", open("")).await;
        assert!(matches!(wordless, Err(Outcome::Invalid(_))), "{wordless:?}");
        assert_eq!(code(app.see_child(&lent, &reference).await), "record_sealed");
        app.perform(&lent, "open", open("A court asks")).await.unwrap();
        assert_eq!(app.see_child(&lent, &reference).await.unwrap(), identity());
        assert_eq!(app.find_child(&lent, &identity().case_number).await.unwrap(), [number]);
        let openings = app.kept_record(&lent, number).await.unwrap().openings;
        assert_eq!(openings[0].words.as_deref(), Some("A court asks"));

        // Who has the role of their own says nothing, whatever they lent.
        assert!(!app.says_why_opened(&director()).await.unwrap());
        app.perform(&director(), "look", open("")).await.unwrap();
    })
    .await;
}

/// For whose details an administrator asked and was refused, and who.
async fn asked_for(app: &Arc<App>) -> Vec<(PersonId, String)> {
    let events = app.store.read(Some(HEF)).await.unwrap().events_after(HEF, 0, 1_000).await.unwrap();
    let refused = events.into_iter().filter(|one| one.event.kind == "glass.refused");
    let of = |facts: Vec<(String, String)>| facts.into_iter().find(|(name, _)| name == "asked_for").unwrap().1;
    refused.map(|one| (one.person.unwrap(), of(one.event.facts))).collect()
}

#[tokio::test]
async fn who_looks_at_a_child_through_the_glass_when_its_record_is_sealed_is_refused_and_it_is_recorded() {
    both_made(2, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        let app = &world.app;
        let (_, number) = plant(app).await;
        app.perform(&director(), "release", ReleaseRecord { number }).await.unwrap();
        let reference = app.kept_record(&officer(), number).await.unwrap().referrals[0].clone();
        let administrator = actor(MONITORING, HEF, Role::Administrator);
        let wanted = Wanted {
            reference: reference.clone(),
            reason: GlassReason::CourtOrder,
            ticket: "T-1".to_owned(),
            minutes: GlassMinutes::Fifteen,
        };
        let id = app.break_glass(&administrator, "glass", wanted).await.unwrap();
        app.through_glass(&administrator, id).await.unwrap();
        let mark = MarkRecord { number, kind: RecordKind::Adoption, died: None };
        app.perform(&officer(), "adopted", mark).await.unwrap();
        assert_eq!(code(app.through_glass(&administrator, id).await), "record_sealed");
        assert_eq!(asked_for(app).await, [(MONITORING, reference)]);
    })
    .await;
}

/// What somebody finds of the retention of children in the record, looking for a kind: by page, as a file, by the feed.
async fn found(app: &Arc<App>, reader: &Actor, kind: &str) -> [Vec<LoggedEvent>; 3] {
    let looking = Looking { kind: kind.to_owned(), ..Looking::default() };
    let mut all = [
        app.activity(reader, None, &looking).await.unwrap().events,
        app.newest_events(reader, &looking).await.unwrap(),
        app.events_after(reader, (-1, 1_000), &looking).await.unwrap().0,
    ];
    for events in &mut all {
        events.retain(|one| one.event.event.room == "retention");
    }
    all
}

#[tokio::test]
async fn rule_5_6_the_record_tells_nobody_who_reads_no_child_which_one_is_adopted() {
    both_made(2, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        let app = &world.app;
        let (number, _) = adopted(app).await;
        let open = OpenRecord { number, words: "A court asks".to_owned() };
        app.perform(&officer(), "open", open).await.unwrap();
        let child = app.store.read(Some(HEF)).await.unwrap().child_by_number(HEF, number).await.unwrap().id.0;
        for role in Action::SeeRecord.roles() {
            let reader = actor(MONITORING, HEF, *role);
            let of_child = app.record_timeline(&reader, ("retention", child), -1).await;
            let looking = Looking { record: format!("retention {child}"), ..Looking::default() };
            let looked_for = app.events_after(&reader, (-1, 1_000), &looking).await;
            if *role == Role::Approver {
                let opened = found(app, &reader, "Retention opened").await;
                let is_of = |one: &LoggedEvent| one.event.event.record == child && one.withheld == 0;
                assert!(opened.iter().all(|events| events.len() == 1 && events.iter().all(is_of)), "{opened:?}");
                assert!(of_child.is_ok() && looked_for.is_ok());
                continue;
            }
            assert!(matches!(of_child, Err(Outcome::NotFound)), "{} reads {of_child:?}", role.label());
            assert!(matches!(looked_for, Err(Outcome::Invalid(_))), "{} reads {looked_for:?}", role.label());
            let all = found(app, &reader, "").await.map(|events| events.len());
            let kinds = ["retention", "retention.opened", "Retention opened", "retention.marked", "retention.changed"];
            for kind in kinds {
                let seen = found(app, &reader, kind).await;
                assert_eq!(seen.each_ref().map(Vec::len), all, "{} sifts by {kind}", role.label());
                for Event { kind, record, version, facts, .. } in seen.iter().flatten().map(|one| &one.event.event) {
                    let told = (kind.as_str(), *record, *version, facts.len());
                    assert_eq!(told, ("retention.changed", 0, 0, 0), "{}", role.label());
                }
            }
            assert!(all.iter().all(|events| *events > 2), "{all:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn whoever_is_refused_a_sealed_record_is_told_where_they_open_it_and_a_token_for_reading_does_not() {
    both_made(2, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        let app = &world.app;
        let (number, reference) = adopted(app).await;
        let named = refusal(app.see_child(&officer(), &reference).await);
        assert_eq!(named.value, format!("Child {number}: /children/{number}"));
        assert_eq!(app.referral_record(&officer(), &reference).await.unwrap().sealed, Some(number));

        let open = OpenRecord { number, words: "A program asks".to_owned() };
        let reading = Actor { by: By::Token(TokenScope::Reading), ..officer() };
        let refused = app.perform(&reading, "reading", open.clone()).await;
        assert!(matches!(refused, Err(Outcome::OutOfScope(Action::SeeChild))), "{refused:?}");
        assert_eq!(code(app.see_child(&officer(), &reference).await), "record_sealed");
        let everything = Actor { by: By::Token(TokenScope::Everything), ..officer() };
        app.perform(&everything, "everything", open).await.unwrap();
        app.see_child(&reading, &reference).await.unwrap();
        assert_eq!(app.referral_record(&officer(), &reference).await.unwrap().sealed, None);
        assert_eq!(app.referral_record(&director(), &reference).await.unwrap().sealed, Some(number));
    })
    .await;
}

#[tokio::test]
async fn no_search_begins_for_an_adopted_child_before_whoever_begins_it_opened_the_record() {
    both_made(2, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        let app = &world.app;
        let (number, reference) = adopted(app).await;
        let start = |beside_open| StartReferral {
            child: ForChild::Known(number),
            sibling_of: None,
            emergency: None,
            beside_open,
        };
        let copy = |beside_open| CopyReferral { reference: reference.clone(), beside_open };
        for beside_open in [false, true] {
            let refused = refusal(app.perform(&officer(), &format!("start {beside_open}"), start(beside_open)).await);
            assert_eq!(refused.code, "record_sealed");
            assert!(!format!("{refused:?}").contains(&reference), "it names the child's search: {refused:?}");
            let copied = app.perform(&officer(), &format!("copy {beside_open}"), copy(beside_open)).await;
            assert_eq!(code(copied), "record_sealed");
        }
        // A draft from before the record was sealed goes out as little.
        let version = app.referral_record(&officer(), &reference).await.unwrap().referral.version;
        let send = async |key: &str| {
            let send = SendReferral { reference: reference.clone(), version, confirmed: vec![], accept_few: true };
            app.perform(&officer(), key, send).await
        };
        assert_eq!(code(send("send").await), "record_sealed");
        let open = OpenRecord { number, words: "A placement ends".to_owned() };
        app.perform(&officer(), "open", open).await.unwrap();
        let missing = send("send it now").await;
        let sealed = matches!(&missing, Err(Outcome::Refused(refusal)) if refusal.code == "record_sealed");
        assert!(missing.is_err() && !sealed, "it is refused for what is missing in it: {missing:?}");
        assert_eq!(code(app.perform(&officer(), "one", start(false)).await), "open_referral");
        app.perform(&officer(), "two", start(true)).await.unwrap();
        app.perform(&officer(), "three", copy(true)).await.unwrap();
        assert_eq!(app.kept_record(&officer(), number).await.unwrap().referrals.len(), 3);
    })
    .await;
}

/// Two sisters whose searches are linked: the first one's number, the second one's with her search that names the first.
async fn sisters(app: &Arc<App>) -> (u32, u32) {
    let mut work = app.store.begin(HEF, app.calendar.now()).await.unwrap();
    let mut numbers = Vec::new();
    for (name, helps) in [("Teal", ""), ("Jay", "Teal may visit on Sundays")] {
        let (given_names, case_number) = (name.to_owned(), format!("Case of {name}"));
        let child = record_child(&mut work, &ChildIdentity { given_names, case_number, ..identity() }).await.unwrap();
        numbers.push(child.number);
        let narrative = Narrative { what_helps: helps.to_owned(), ..Narrative::default() };
        let group = Some(ReferralId(7_000));
        let from = Beginning { child, group, copied_from: None, profile: Profile::default(), narrative };
        begin(&officer(), &mut work, from).await.unwrap();
    }
    done(work).await;
    (numbers[0], numbers[1])
}

#[tokio::test]
async fn nothing_is_given_out_about_a_child_before_the_sealed_record_of_a_sister_was_opened_whose_name_is_taken_out() {
    both_made(2, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        let app = &world.app;
        let (sister, child) = sisters(app).await;
        let mark = MarkRecord { number: sister, kind: RecordKind::Adoption, died: None };
        app.perform(&officer(), "adopted", mark).await.unwrap();
        let refused = refusal(app.export_child(&officer(), child, true).await);
        assert_eq!(
            (refused.code.as_str(), refused.value),
            ("record_sealed", format!("Child {sister}: /children/{sister}"))
        );
        assert!(!refused.sentence.contains("Teal"));
        let open = OpenRecord { number: sister, words: "Jay asks what is held".to_owned() };
        app.perform(&officer(), "open", open).await.unwrap();
        let given = serde_json::to_string(&app.export_child(&officer(), child, true).await.unwrap()).unwrap();
        assert!(given.contains(&format!("{ANOTHER} may visit on Sundays")) && !given.contains("Teal"), "{given}");
        // Nothing of the refused one is on record as given.
        assert_eq!(given.matches("child.exported").count(), 0, "{given}");
    })
    .await;
}

#[tokio::test]
async fn the_check_before_sending_never_tells_the_name_of_a_sister_whose_record_is_sealed() {
    both_made(2, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        let app = &world.app;
        let mut work = app.store.begin(HEF, app.calendar.now()).await.unwrap();
        let named = |given_names: &str| ChildIdentity {
            given_names: given_names.to_owned(),
            case_number: given_names.to_owned(),
            ..identity()
        };
        let sister = record_child(&mut work, &named("Teal")).await.unwrap();
        let (number, child) = (sister.number, record_child(&mut work, &named("Jay")).await.unwrap());
        let searches =
            [(sister, ""), (child.clone(), "Teal may visit on Sundays"), (child, "Anna may visit on Sundays")];
        let mut references = Vec::new();
        for (child, helps) in searches {
            let narrative = Narrative { what_helps: helps.to_owned(), ..Narrative::default() };
            let group = Some(ReferralId(7_000));
            let from = Beginning { child, group, copied_from: None, profile: Profile::default(), narrative };
            references.push(begin(&officer(), &mut work, from).await.unwrap().reference.to_string());
        }
        done(work).await;
        let found = async |at: usize| {
            let checked = app.checked_referral(&officer(), &references[at]).await.unwrap();
            checked.findings.iter().map(Finding::key).collect::<Vec<_>>()
        };
        assert_eq!(found(1).await, ["what_helps:name:0-4"], "while the sister's record is not sealed");
        let mark = MarkRecord { number, kind: RecordKind::Adoption, died: None };
        app.perform(&officer(), "adopted", mark).await.unwrap();
        assert_eq!(found(1).await, ["what_helps:child:0-25"]);
        assert_eq!(found(2).await, ["what_helps:child:0-25"], "whatever name is written");
        let open = OpenRecord { number, words: "A search for both".to_owned() };
        app.perform(&officer(), "open", open).await.unwrap();
        assert_eq!((found(1).await, found(2).await), (vec!["what_helps:name:0-4".to_owned()], Vec::new()));
    })
    .await;
}
