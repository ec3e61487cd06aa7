//! S4, the erase drill: two hundred planted strings are given out while the child is known, and stand nowhere once the record
//! was erased: not in the database, its log, a copy made before, or the service's own log; the chain still verifies.

use std::sync::Arc;

use jiff::civil::date;
use placewell_app::App;
use placewell_app::Outcome;
use placewell_app::buying::check::{RecordCheck, TypedAct, TypedEvidence};
use placewell_app::buying::spot::unregistered::RecordUnregistered;
use placewell_app::clock::Machine;
use placewell_app::office::access::cover::ArrangeCover;
use placewell_app::placing::approval::{AnswerQuestion, AskApprover, Refuse};
use placewell_app::placing::child::held::ANOTHER;
use placewell_app::placing::child::retention::{
    EraseChild, HoldRecord, MarkRecord, ProposeErasure, ReleaseRecord, TakeErasureBack, Waiting,
};
use placewell_app::placing::child::sealing::OpenRecord;
use placewell_app::placing::invitation::{self, Answering, AskQuestion};
use placewell_app::placing::referral::{Beginning, CloseEarly, begin, record_child};
use placewell_domain::buying::check::{CheckItem, NotSatisfiedReason};
use placewell_domain::buying::spot::unregistered::{Application, Court, CourtOrder};
use placewell_domain::change::{Change, Event};
use placewell_domain::id::{ChildId, InvitationId, PersonId};
use placewell_domain::money::Pence;
use placewell_domain::office::access::Role;
use placewell_domain::office::access::cover::CoverReason;
use placewell_domain::placing::approval::RefuseReason;
use placewell_domain::placing::child::retention::RecordKind;
use placewell_domain::placing::child::{ChildIdentity, Sex};
use placewell_domain::placing::invitation::{Question, QuestionState};
use placewell_domain::placing::referral::narrative::Narrative;
use placewell_domain::placing::referral::profile::Profile;
use placewell_domain::placing::referral::{EarlyReason, Prices, Referral};
use placewell_store::Backend;
use placewell_store::office::document::NewDocument;
use placewell_testkit::databases::TestDatabase;

use crate::award::world::{DEPUTY, HEF, MANAGER, PROVIDER, World, actor, both_made, director, done, officer};

/// As many as are planted.
const PLANTED: usize = 200;

fn planted(number: usize) -> String {
    // Letters only, so that a string is one word wherever words are parted.
    let letters: String = format!("{number:03}").bytes().map(|digit| char::from(digit - b'0' + b'a')).collect();
    format!("Zwybird{letters}q")
}

fn some(from: usize, to: usize) -> String {
    (from..to).map(planted).collect::<Vec<_>>().join(" ")
}

pub fn identity() -> ChildIdentity {
    ChildIdentity {
        family_name: planted(0),
        given_names: planted(1),
        known_as: Some(planted(2)),
        born: date(2008, 2, 29),
        sex: Sex::Female,
        case_number: planted(3),
        home_postcode: None,
        school: Some(planted(4)),
        other_names: Vec::new(),
    }
}

/// A child with a referral, documents and sealed words, all planted; the child's number.
pub async fn plant(app: &Arc<App>) -> (ChildId, u32) {
    let mut work = app.store.begin(HEF, app.calendar.now()).await.unwrap();
    let child = record_child(&mut work, &identity()).await.unwrap();
    let narrative = Narrative {
        what_helps: some(5, 40),
        wishes: some(40, 75),
        education: some(75, 110),
        health: some(110, 145),
        risk_chronology: some(145, 170),
        ..Narrative::default()
    };
    let (id, number) = (child.id, child.number);
    let from = Beginning { child, group: None, copied_from: None, profile: Profile::default(), narrative };
    let referral = begin(&officer(), &mut work, from).await.unwrap();
    for at in 170..190 {
        let (label, content) = (format!("{}.txt", planted(at)), planted(at));
        work.add_document(&NewDocument {
            provider: Some(PROVIDER),
            child: Some(id),
            room: "referral",
            record: referral.id.0,
            name: "document.txt",
            label: Some(&label),
            media_type: "text/plain",
            content: content.as_bytes(),
        })
        .await
        .unwrap();
    }
    let key = work.new_invitation_key(PROVIDER, InvitationId(7_000), id).await.unwrap();
    let _sealed = key.seal(&some(190, 195)).unwrap();
    done(work).await;
    let hold = HoldRecord { number, words: some(190, PLANTED) };
    app.perform(&officer(), "hold", hold).await.unwrap();
    (id, number)
}

/// Every file or table in which one of the strings stands.
async fn standing(database: &TestDatabase) -> Vec<String> {
    let mut found = Vec::new();
    for (place, bytes) in database.everything().await {
        for number in 0..PLANTED {
            let word = planted(number);
            let hex: Vec<u8> = hex_of(&word).into_bytes();
            if holds(&bytes, word.as_bytes()) || holds(&bytes, &hex) {
                found.push(format!("{place}: {number}"));
            }
        }
    }
    found
}

pub fn hex_of(text: &str) -> String {
    let digits = |byte: u8| [byte >> 4, byte & 15].map(|half| char::from_digit(u32::from(half), 16).unwrap());
    text.bytes().flat_map(digits).collect()
}

pub fn holds(bytes: &[u8], wanted: &[u8]) -> bool {
    let Some(first) = wanted.first() else { return false };
    let mut at = 0;
    while let Some(next) = bytes[at..].iter().position(|byte| byte == first) {
        at += next;
        if bytes[at..].starts_with(wanted) {
            return true;
        }
        at += 1;
    }
    false
}

fn refused(outcome: placewell_app::Answer<placewell_app::Receipt>) -> String {
    match outcome {
        Err(Outcome::Refused(refusal)) => refusal.code,
        other => panic!("{other:?}"),
    }
}

/// Past the seventy-fifth birthday.
fn seventy_five_years_on(app: &App) {
    app.calendar.move_to(date(2083, 3, 2).at(9, 0, 0, 0));
}

pub async fn erased(app: &Arc<App>, number: u32) {
    app.perform(&director(), "release", ReleaseRecord { number }).await.unwrap();
    let early = app.perform(&officer(), "early", ProposeErasure { number }).await;
    assert_eq!(refused(early), "record_not_due");
    seventy_five_years_on(app);
    app.perform(&director(), "propose", ProposeErasure { number }).await.unwrap();
    let alone = app.perform(&director(), "alone", EraseChild { number }).await;
    assert_eq!(refused(alone), "erasure_by_one");
    let deputy = actor(DEPUTY, HEF, placewell_domain::office::access::Role::Approver);
    app.perform(&deputy, "erase", EraseChild { number }).await.unwrap();
}

#[tokio::test]
async fn s4_no_planted_string_outlives_the_erasure_and_the_chain_still_verifies() {
    let log = placewell_testkit::logs::kept();
    both_made(2, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        let app = &world.app;
        let (child, number) = plant(app).await;

        // The control: while the child is known every string is really held, and given out to who may ask.
        let given = app.export_child(&officer(), number, false).await.unwrap();
        let text = serde_json::to_string(&given).unwrap();
        let missing: Vec<usize> = (0..PLANTED).filter(|number| !text.contains(&planted(*number))).collect();
        assert_eq!(missing, Vec::<usize>::new(), "held and not given out");
        assert!(given.events.iter().any(|event| event.kind == "child.recorded"));
        assert_eq!(app.find_child(&officer(), &identity().case_number.to_lowercase()).await.unwrap(), [number]);
        assert_eq!(standing(&database).await, Vec::<String>::new(), "nothing of it stands unsealed before either");
        let before = copy(&database);

        erased(app, number).await;
        assert!(app.find_child(&officer(), &identity().case_number).await.unwrap().is_empty());
        assert!(matches!(
            app.export_child(&officer(), number, false).await,
            Err(Outcome::Fault(_) | Outcome::NotFound)
        ));
        let session = app.store.read(Some(HEF)).await.unwrap();
        assert!(session.child_key(HEF, child).await.is_err());
        assert!(session.child(HEF, child).await.unwrap().identity.bytes().is_empty());
        drop(session);
        for party in [HEF, PROVIDER] {
            let session = app.store.read(Some(party)).await.unwrap();
            assert!(session.invitation_key(party, InvitationId(7_000)).await.is_err());
        }
        let found = app.store.verify().await.unwrap();
        assert_eq!(found.faults, Vec::new());
        assert_eq!(standing(&database).await, Vec::<String>::new());
        if let Some(before) = before {
            let bytes = std::fs::read(&before).unwrap();
            assert!((0..PLANTED).all(|number| !holds(&bytes, planted(number).as_bytes())), "a copy made before");
            std::fs::remove_file(before).unwrap();
        }
        let written = log.text();
        assert!((0..PLANTED).all(|number| !written.contains(&planted(number))), "the service's log");
        let record = app.kept_record(&officer(), number).await.unwrap();
        assert_eq!((record.retention.state.name(), record.due), ("erased", None));
    })
    .await;
}

/// A copy of a SQLite file as a backup has it, made before the erasure.
fn copy(database: &TestDatabase) -> Option<std::path::PathBuf> {
    if database.backend != Backend::Sqlite {
        return None;
    }
    let path = std::path::PathBuf::from(database.url.trim_start_matches("sqlite://"));
    let to = path.with_extension("before");
    std::fs::copy(&path, &to).unwrap();
    Some(to)
}

#[tokio::test]
async fn retention_needs_years_that_are_over_no_hold_and_two_people() {
    both_made(2, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        let app = &world.app;
        let (_, number) = plant(app).await;
        seventy_five_years_on(app);
        let held = app.perform(&officer(), "held", ProposeErasure { number }).await;
        assert_eq!(refused(held), "record_held");
        let listed = app.retentions(&officer()).await.unwrap();
        assert_eq!(
            listed.iter().map(|one| (one.number, one.due)).collect::<Vec<_>>(),
            [(number, Some(date(2083, 3, 1)))]
        );
        let said = app.kept_record(&officer(), number).await.unwrap();
        assert_eq!(said.words.as_deref(), Some(some(190, PLANTED).as_str()));

        app.perform(&director(), "release", ReleaseRecord { number }).await.unwrap();
        app.perform(&officer(), "propose", ProposeErasure { number }).await.unwrap();
        app.perform(&officer(), "back", TakeErasureBack { number }).await.unwrap();
        let unproposed = app.perform(&director(), "erase", EraseChild { number }).await;
        assert_eq!(refused(unproposed), "erasure_not_proposed");
        app.perform(&officer(), "mark", MarkRecord { number, kind: RecordKind::Adoption, died: None }).await.unwrap();
        let sealed = app.perform(&officer(), "sealed", ProposeErasure { number }).await;
        assert_eq!(refused(sealed), "record_sealed", "until when it is kept would tell when the child was born");
        app.perform(&officer(), "open", OpenRecord { number, words: "Its years".to_owned() }).await.unwrap();
        let longer = app.perform(&officer(), "again", ProposeErasure { number }).await;
        assert_eq!(refused(longer), "record_not_due");
        let wrong = app.perform(&officer(), "not one's own", EraseChild { number }).await;
        assert!(matches!(wrong, Err(Outcome::Forbidden(_))), "an officer confirms nothing");
        let nobody = app.perform(&officer(), "wordless", HoldRecord { number, words: " ".to_owned() }).await;
        assert!(matches!(nobody, Err(Outcome::Invalid(_))));
    })
    .await;
}

#[tokio::test]
async fn what_is_given_out_names_nobody_else() {
    both_made(2, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        let app = &world.app;
        let mut work = app.store.begin(HEF, app.calendar.now()).await.unwrap();
        let other_names = vec!["Gethin Quillfeather".to_owned(), "Tegwën".to_owned()];
        let identity = ChildIdentity { other_names, ..identity() };
        let child = record_child(&mut work, &identity).await.unwrap();
        let number = child.number;
        let wishes = "To see Gethin on Sundays, not Tegwen or Tegwe\u{308}n".to_owned();
        let narrative = Narrative { wishes, ..Narrative::default() };
        let from = Beginning { child, group: None, copied_from: None, profile: Profile::default(), narrative };
        begin(&officer(), &mut work, from).await.unwrap();
        done(work).await;
        let given = app.export_child(&officer(), number, false).await.unwrap();
        let text = serde_json::to_string(&given).unwrap();
        assert!(text.contains(&format!("To see {ANOTHER} on Sundays, not {ANOTHER} or {ANOTHER}")), "{text}");
        let named = ["Gethin", "Quillfeather", "Tegw", "@example.com"].into_iter().find(|one| text.contains(one));
        assert_eq!(named, None, "{text}");
        // That it was given is on the record, and another authority's officer finds no such child.
        let again = app.export_child(&officer(), number, false).await.unwrap();
        assert!(again.events.iter().any(|event| event.kind == "child.exported"));
        let other = actor(DEPUTY, crate::award::world::BIR, placewell_domain::office::access::Role::PlacementOfficer);
        assert!(matches!(app.export_child(&other, number, false).await, Err(Outcome::NotFound)));
    })
    .await;
}

#[tokio::test]
async fn what_is_due_is_counted_and_told_once_a_month_without_naming_anybody() {
    both_made(2, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        let app = &world.app;
        let (_, number) = plant(app).await;
        app.perform(&director(), "release", ReleaseRecord { number }).await.unwrap();
        app.tell_of_retention().await.unwrap();
        assert_eq!(app.retention_waits(&officer()).await.unwrap(), Waiting { due: 0, proposed: 0 });
        seventy_five_years_on(app);
        for _ in 0..2 {
            app.tell_of_retention().await.unwrap();
        }
        assert_eq!(app.retention_waits(&officer()).await.unwrap(), Waiting { due: 1, proposed: 0 });
        app.perform(&officer(), "propose", ProposeErasure { number }).await.unwrap();
        app.do_due_jobs().await.unwrap();
        app.tell_of_retention().await.unwrap();
        assert_eq!(app.retention_waits(&director()).await.unwrap(), Waiting { due: 0, proposed: 1 });
        let provider = actor(DEPUTY, HEF, placewell_domain::office::access::Role::FinanceOfficer);
        assert_eq!(
            app.retention_waits(&provider).await.unwrap(),
            Waiting::default(),
            "who may not see it is told nothing"
        );
        let session = app.store.read(Some(HEF)).await.unwrap();
        let today = app.calendar.now().today();
        let people = |role| session.people_in_role(HEF, role, today);
        let officers = people(placewell_domain::office::access::Role::PlacementOfficer).await.unwrap().len();
        let approvers = people(placewell_domain::office::access::Role::Approver).await.unwrap().len();
        let mails = session.mails(HEF, 100).await.unwrap();
        let about = |subject: &str| mails.iter().filter(|mail| mail.subject == subject).count();
        assert!(officers > 0 && approvers > 1, "{officers} and {approvers}");
        assert_eq!(about("Children’s records are due for erasure"), officers);
        assert_eq!(about("A child’s record waits for a second person"), approvers);
        assert!(mails.iter().all(|mail| !mail.body.contains("Zwybird") && !mail.body.contains("2008")));
    })
    .await;
}

#[tokio::test]
async fn the_record_of_a_child_who_died_before_18_is_kept_fifteen_years_after_the_death() {
    both_made(2, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        let app = &world.app;
        let mut work = app.store.begin(HEF, app.calendar.now()).await.unwrap();
        let number = record_child(&mut work, &identity()).await.unwrap().number;
        done(work).await;
        let mark = |died| MarkRecord { number, kind: RecordKind::Died, died };
        for (key, wrong) in [("none", None), ("to come", Some(date(2022, 1, 1))), ("unborn", Some(date(2001, 1, 1)))] {
            match app.perform(&officer(), key, mark(wrong)).await {
                Err(Outcome::Invalid(invalid)) => assert_eq!(invalid.errors[0].field, "died", "{key}"),
                other => panic!("{key}: {other:?}"),
            }
        }
        app.perform(&officer(), "mark", mark(Some(date(2021, 9, 1)))).await.unwrap();
        let kept = app.kept_record(&officer(), number).await.unwrap();
        assert_eq!(kept.due, Some(date(2036, 9, 1)));
        let stored = serde_json::to_string(&kept.retention).unwrap();
        assert!(!stored.contains("2021-09-01"), "the day stands sealed: {stored}");
        let early = app.perform(&officer(), "early", ProposeErasure { number }).await;
        assert_eq!(refused(early), "record_not_due");
        app.perform(&officer(), "a mistake", MarkRecord { number, kind: RecordKind::LookedAfter, died: None })
            .await
            .unwrap();
        assert_eq!(app.kept_record(&officer(), number).await.unwrap().due, Some(date(2083, 3, 1)));
    })
    .await;
}

#[tokio::test]
async fn what_is_due_is_looked_for_once_a_day_whichever_server_starts_again() {
    both_made(2, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        let app = &world.app;
        let (_, number) = plant(app).await;
        app.perform(&director(), "release", ReleaseRecord { number }).await.unwrap();
        app.tell_of_retention_today().await.unwrap();
        assert_eq!(app.retention_waits(&officer()).await.unwrap().due, 0);
        seventy_five_years_on(app);
        app.tell_of_retention_today().await.unwrap();
        assert_eq!(app.retention_waits(&officer()).await.unwrap().due, 1, "another day");
        // As if nothing had been due, so that a second look would be seen.
        let work = app.store.begin(HEF, app.calendar.now()).await.unwrap();
        work.keep_retention_due(app.calendar.now().today(), &[]).await.unwrap();
        work.commit(Machine::now()).await.unwrap();
        let again = database.app(app.calendar.clone()).await;
        again.tell_of_retention_today().await.unwrap();
        assert_eq!(again.retention_waits(&officer()).await.unwrap().due, 0, "the day was looked at twice");
        again.tell_of_retention().await.unwrap();
        assert_eq!(again.retention_waits(&officer()).await.unwrap().due, 1, "whoever asks gets a look");
    })
    .await;
}

#[tokio::test]
async fn rule_1_1_who_covers_an_approver_ends_no_hold_and_confirms_no_erasure() {
    both_made(2, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        let app = &world.app;
        let (_, number) = plant(app).await;
        let covering = PersonId(21);
        world.person(covering, HEF, Role::FinanceOfficer).await;
        let lend = async |key: &str| {
            let (from, reason) = (app.calendar.now().today(), CoverReason::Leave);
            let (absent, covering) = (director().person.0, covering.0);
            let cover = ArrangeCover { absent, covering, role: Role::Approver, from, last: from, reason };
            app.perform(&director(), key, cover).await.unwrap();
            app.roles_of(PersonId(covering)).await.unwrap().into_iter().find(|one| one.actor.role == Role::Approver)
        };
        let lent = lend("lend").await.unwrap().actor;
        let released = app.perform(&lent, "release", ReleaseRecord { number }).await;
        assert_eq!(refused(released), "cover_decides_nothing");
        app.export_child(&lent, number, false).await.unwrap();
        app.perform(&director(), "release", ReleaseRecord { number }).await.unwrap();
        seventy_five_years_on(app);
        app.perform(&officer(), "propose", ProposeErasure { number }).await.unwrap();
        let lent = lend("lend again").await.unwrap().actor;
        let erased = app.perform(&lent, "erase", EraseChild { number }).await;
        assert_eq!(refused(erased), "cover_decides_nothing");
        // Who has the role of their own decides, whatever is lent them beside.
        app.perform(&director(), "erase", EraseChild { number }).await.unwrap();
    })
    .await;
}

const HOME: &str = "SC392492";

/// An act on the check of the home's insurance.
fn insured(reference: &str, version: i64, act: TypedAct) -> RecordCheck {
    let (reference, urn, item) = (reference.to_owned(), HOME.to_owned(), CheckItem::Insurance);
    RecordCheck { reference, urn, item, version, act, opened: None, said: 0 }
}

/// Words on a search that was closed early: of that, of a check, of an unregistered stay and of a request that was asked
/// about and refused; the stay's number, and the request's reference.
async fn worded(world: &World, reference: &str) -> (i64, String) {
    let (app, reference, today) = (&world.app, reference.to_owned(), date(2021, 9, 13));
    let stay = RecordUnregistered {
        reference: reference.clone(),
        version: 2,
        from: today,
        weekly: Pence::pounds(9_800),
        court: Court { order: CourtOrder::Applied, on: None, until: None },
        ofsted_told: Some(today),
        application: Application::NotMade,
        setting: "A cottage".into(),
        why: "No home answered".into(),
    };
    let stay = app.perform(&officer(), "stay", stay).await.unwrap().location;
    let (reason, words) = (EarlyReason::BedWouldBeLost, "It cannot wait".to_owned());
    let early = CloseEarly { reference: reference.clone(), version: 2, number: 1, reason, words };
    app.perform(&officer(), "early", early).await.unwrap();
    let evidence = TypedEvidence {
        kind: CheckItem::Insurance.evidence()[0],
        on: date(2021, 9, 1),
        number: "E-7".into(),
        until: Some(date(2022, 3, 31)),
        words: "Read in full".into(),
    };
    app.perform(&officer(), "check", insured(&reference, 0, TypedAct::Do(evidence))).await.unwrap();
    let request = world.recommend(&reference, "recommend").await.unwrap().location;
    let request = request.rsplit('/').next().unwrap().to_owned();
    let ask = AskApprover { reference: request.clone(), version: 1, question: "Why this home?".into() };
    app.perform(&director(), "ask", ask).await.unwrap();
    let answer = AnswerQuestion { reference: request.clone(), version: 2, answer: "It is near".into() };
    app.perform(&officer(), "answer", answer).await.unwrap();
    let (reason, words) = (RefuseReason::Match, "Not with those who live there".to_owned());
    let refuse = Refuse { reference: request.clone(), version: 3, reason, words };
    app.perform(&director(), "refuse", refuse).await.unwrap();
    (stay.rsplit('/').next().unwrap().parse().unwrap(), request)
}

#[tokio::test]
async fn what_was_decided_on_an_erased_childs_search_stays_open_without_its_words() {
    both_made(2, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        let app = &world.app;
        let reference = world.searched(42, &[4_150], (false, Prices::Sealed), HEF).await;
        let (stay, request) = worded(&world, &reference).await;
        let read = async || {
            let early = app.referral_record(&officer(), &reference).await.unwrap().closed_early;
            let check = app.one_check(&officer(), &reference, HOME, CheckItem::Insurance).await.unwrap();
            let stay = app.unregistered_view(&officer(), stay).await.unwrap();
            let seen = app.approval_view(&officer(), &request).await.unwrap();
            let (gone, scored) = ([check.erased, stay.erased, seen.erased], seen.scored());
            let asked = seen.questions.into_iter().map(|one| [one.question, one.answer.unwrap().2]).collect::<Vec<_>>();
            let words = (check.words, stay.words.map(|words| words.why), seen.decision_words);
            (early.map(|(_, words)| words), seen.words.wishes, asked, words, (gone, scored))
        };
        let some = |text: &str| Some(text.to_owned());
        let (early, wishes, asked, words, (gone, scored)) = read().await;
        assert_eq!((early, wishes.as_str()), (some("It cannot wait"), "Wants to stay near her brother"));
        assert_eq!((gone, scored.homes.len()), ([false; 3], 1));
        assert_eq!(asked, [["Why this home?", "It is near"]]);
        let why = some("Not with those who live there");
        assert_eq!(words, (some("Read in full"), some("No home answered"), why));

        seventy_five_years_on(app);
        app.perform(&officer(), "propose", ProposeErasure { number: 42 }).await.unwrap();
        app.perform(&director(), "erase", EraseChild { number: 42 }).await.unwrap();
        world.at(date(2021, 9, 13), 15);
        let (early, wishes, asked, words, kept) = read().await;
        assert_eq!((early, wishes.as_str()), (some(""), ""));
        assert_eq!(asked, [["", ""]]);
        assert_eq!(words, (None, None, None));
        assert_eq!(kept, ([true; 3], scored), "the points stay with their home");
        for (key, version, act) in [("ask", 1, TypedAct::Ask), ("fail", 1, TypedAct::Fail(NotSatisfiedReason::Missing))]
        {
            let more = app.perform(&officer(), key, insured(&reference, version, act)).await;
            assert_eq!(refused(more), "child_forgotten", "{key}");
        }
    })
    .await;
}

/// The search's distances are measured from where the child's home is; one home asks, and is answered for all.
async fn asked_about(world: &World, reference: &str, invitation: InvitationId) {
    let mut work = world.work(HEF).await;
    let referral = work.referral_by_reference(HEF, reference).await.unwrap();
    let version = referral.version + 1;
    let profile = Profile { from_home: true, ..referral.profile.clone() };
    let event = Event::new("referral.answered", "referral", referral.id.0, version);
    work.apply(Change::to(Referral { version, profile, ..referral }, event)).await.unwrap();
    done(work).await;

    let app = &world.app;
    let to = Answering { invitation: invitation.0, link: None };
    let ask = AskQuestion { to, text: "Does she swim?".to_owned() };
    app.perform(&actor(MANAGER, PROVIDER, Role::ProviderManager), "ask", ask).await.unwrap();
    let question = app.referral_questions(&officer(), reference).await.unwrap().1.remove(0).question;
    let (reference, text) = (reference.to_owned(), "Every week".to_owned());
    let answer = invitation::AnswerQuestion { reference, question: question.id, version: 1, text, to_everyone: true };
    app.perform(&officer(), "answer", answer).await.unwrap();
}

#[tokio::test]
async fn what_homes_were_asked_and_offered_for_an_erased_child_stays_open_without_words() {
    both_made(2, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        world.home(2, "E06000019", 2).await;
        let app = &world.app;
        let reference = world.searched(42, &[4_150, 4_300], (false, Prices::Open), HEF).await;
        let homes = [InvitationId(42_010), InvitationId(42_020)];
        asked_about(&world, &reference, homes[0]).await;
        let authority = async || {
            let (record, offer, _) = app.referral_offer(&officer(), &reference, 1).await.unwrap();
            let (_, questions) = app.referral_questions(&officer(), &reference).await.unwrap();
            let open = |question: &Question| matches!(question.state, QuestionState::Open);
            let questions = questions.into_iter().map(|one| (open(&one.question), one.text, one.answer));
            let compared = app.compare(&officer(), &reference, &[]).await.unwrap();
            let mut totals: Vec<_> = compared.columns.iter().map(|column| column.total).collect();
            totals.sort_unstable();
            assert_eq!(totals, [Some(Pence::pounds(4_150)), Some(Pence::pounds(4_300))]);
            assert_eq!((record.erased, offer.total()), (compared.erased, Pence::pounds(4_150)));
            assert!(compared.columns.iter().all(|column| column.conditions.is_none() == record.erased));
            (record.erased, questions.collect::<Vec<_>>())
        };
        let manager = actor(MANAGER, PROVIDER, Role::ProviderManager);
        let provider = async |home| {
            let read = app.received_invitation(&manager, home).await.unwrap();
            assert_eq!((read.words.is_none(), read.offers.len()), (read.erased, 1));
            let questions: Vec<_> = read.questions.into_iter().map(|(_, text, answer)| (text, answer)).collect();
            (read.erased, questions, read.shared.len())
        };
        let (question, answer) = ("Does she swim?".to_owned(), Some("Every week".to_owned()));
        assert_eq!(authority().await, (false, vec![(false, question.clone(), answer.clone())]));
        assert_eq!(provider(homes[0]).await, (false, vec![(question, answer)], 0));
        assert_eq!(provider(homes[1]).await, (false, vec![], 1));

        seventy_five_years_on(app);
        app.perform(&officer(), "propose", ProposeErasure { number: 42 }).await.unwrap();
        app.perform(&director(), "erase", EraseChild { number: 42 }).await.unwrap();
        world.at(date(2021, 9, 13), 12);
        assert_eq!(authority().await, (true, vec![(false, String::new(), None)]));
        assert_eq!(provider(homes[0]).await, (true, vec![(String::new(), Some(String::new()))], 0));
        assert_eq!(provider(homes[1]).await, (true, vec![], 0));
        assert_eq!(app.received_referral(&manager, &reference).await.unwrap().len(), 2);
        // A page that would show nothing else says why it does not.
        let child = app.see_child(&officer(), &reference).await.unwrap_err();
        let check = app.checked_referral(&officer(), &reference).await.unwrap_err();
        let codes = [child, check].map(|outcome| match outcome {
            Outcome::Refused(refusal) => refusal.code,
            other => panic!("{other:?}"),
        });
        assert_eq!(codes, ["child_forgotten", "child_forgotten"]);
    })
    .await;
}
