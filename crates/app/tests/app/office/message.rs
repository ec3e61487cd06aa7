//! Mails: every one that is written is left to be sent as well, what people are told of their own sign-in, and one-time links,
//! whose tokens arrive by a real mail server and stand nowhere else.

mod post;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::SignedDuration;
use jiff::civil::date;
use placewell_app::clock::{Calendar, Machine};
use placewell_app::office::message::Mail;
use placewell_app::office::organisation::{NewOrganisation, NewPerson};
use placewell_app::office::person::people::InvitePerson;
use placewell_app::office::person::{hash_password, random_text};
use placewell_domain::office::access::Role;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_store::verify::DEPLOYMENT;
use placewell_testkit::databases::{TestDatabase, both, both_filled};
use placewell_testkit::logs;
use placewell_testkit::mailbox::Mailbox;

const EMAIL: &str = "priya.shah@authority.example";
const PASSWORD: &str = "walnut ferry dusk granite";
const FROM: &str = "203.0.113.9";

fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else {
            found.push((path.display().to_string(), std::fs::read_to_string(&path).unwrap()));
        }
    }
}

#[test]
fn whoever_writes_a_mail_leaves_it_to_be_sent() {
    let mut found = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    let writers: Vec<&String> =
        found.iter().filter(|(_, text)| text.contains(".write_mail(")).map(|(path, _)| path).collect();
    assert_eq!(writers.len(), 1, "only message.rs writes mails, with the job that sends them: {writers:?}");
    assert!(writers[0].ends_with("office/message.rs"), "{writers:?}");
}

/// Mails that are kept as a file: as many lines as there are records.
const TO_KEEP: [&str; 2] = ["Checkpoints of the record were signed", "The record is not the one that was signed"];

/// What of a mail is not as journeys 7.4 asks: eight lines, one link that stands last, the record's reference in the subject.
fn out_of_shape(mail: &Mail) -> Vec<&'static str> {
    let link = |line: &&str| line.starts_with('/');
    let said: Vec<&str> = mail.body.lines().filter(|line| !line.is_empty()).collect();
    let links: Vec<&str> = said.iter().copied().filter(link).collect();
    let reference = |part: &&str| part.starts_with(char::is_uppercase) && part.contains('-');
    let mut named = links.iter().flat_map(|link| link.split('/')).filter(reference);
    let wrong = [
        (said.len() - links.len() > 8 && !TO_KEEP.contains(&mail.subject.as_str()), "more than eight lines"),
        (links.len() > 1, "more than one link"),
        (links.len() == 1 && said.last() != links.last(), "the link does not stand last"),
        (mail.subject.lines().count() != 1 || mail.subject.chars().count() > 140, "a subject of more than a line"),
        (named.any(|reference| !mail.subject.contains(reference)), "the subject names no reference"),
    ];
    wrong.into_iter().filter(|(wrong, _)| *wrong).map(|(_, why)| why).collect()
}

/// Every mail goes through one function that holds it to its shape; who goes round it writes a file to keep.
#[test]
fn no_mail_but_one_that_is_kept_as_a_file_leaves_without_its_shape() {
    let mut found = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    let around: Vec<&String> =
        found.iter().filter(|(_, text)| text.contains("message::mail_to_keep(")).map(|(path, _)| path).collect();
    assert!(around.len() == 1 && around[0].ends_with("office/record.rs"), "{around:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_mail_of_the_demonstration_has_eight_lines_one_link_and_its_reference_in_the_subject() {
    both_filled(async |database| {
        let app = database.app(placewell_app::demonstration::calendar()).await;
        app.do_due_jobs().await.unwrap();
        let mut kinds = BTreeSet::new();
        let organisations = app.visit().await.unwrap().organisations().await.unwrap();
        for of in organisations.iter().map(|one| one.id).chain([DEPLOYMENT]) {
            for mail in app.store.read(Some(of)).await.unwrap().mails(of, 500).await.unwrap() {
                assert_eq!(out_of_shape(&mail), Vec::<&str>::new(), "{}\n{}", mail.subject, mail.body);
                kinds.insert(mail.subject.split_once(": ").map_or(mail.subject.clone(), |(_, act)| act.to_owned()));
            }
        }
        assert!(kinds.len() > 3, "{kinds:?}");
    })
    .await;
}

fn herefordshire() -> NewOrganisation {
    let person = NewPerson {
        email: EMAIL.into(),
        name: "Priya Shah".into(),
        password: Some(hash_password(PASSWORD).unwrap()),
        role: Role::PlacementOfficer,
        title: "Placement officer".into(),
        from: date(2019, 1, 1),
    };
    NewOrganisation {
        code: "HEF".into(),
        name: "Herefordshire Council".into(),
        kind: OrganisationKind::Authority,
        area: Some("E06000019".into()),
        placing_body: None,
        people: vec![person],
    }
}

#[tokio::test]
async fn a_wait_holds_on_every_node_and_the_person_is_told_of_it_once() {
    both(async |database| {
        let at = || Calendar::standing(date(2021, 9, 13).at(10, 20, 0, 0));
        let (one, another) = (database.app(at()).await, database.app(at()).await);
        one.make_organisation(&herefordshire()).await.unwrap();
        let now = Machine::now();
        for attempt in 0..10 {
            let node = if attempt % 2 == 0 { &one } else { &another };
            assert_eq!(node.attempt_begins(EMAIL, FROM, now).await.unwrap(), None, "attempt {attempt}");
            node.attempt_failed(EMAIL, FROM, now).await.unwrap();
        }
        for node in [&one, &another] {
            assert_eq!(node.attempt_waits(EMAIL, FROM, now).await.unwrap(), Some(SignedDuration::from_mins(5)));
            assert_eq!(node.attempt_waits(EMAIL, "198.51.100.7", now).await.unwrap(), None, "the owner was locked out");
        }
        one.do_due_jobs().await.unwrap();
        let mails = one.store.read(Some(DEPLOYMENT)).await.unwrap().mails(DEPLOYMENT, 10).await.unwrap();
        assert_eq!(mails.iter().map(|mail| mail.recipient.as_str()).collect::<Vec<_>>(), [EMAIL]);
        assert!(!mails[0].body.contains(FROM) && !mails[0].body.contains("Priya"));
        for (place, bytes) in database.everything().await {
            let text = String::from_utf8_lossy(&bytes);
            assert!(!text.contains(FROM), "{place} holds the address in the clear");
        }
        // Having signed in there, they wait no more; and what is long over is forgotten.
        another.attempt_succeeded(EMAIL, FROM, now).await.unwrap();
        assert_eq!(one.attempt_waits(EMAIL, FROM, now).await.unwrap(), None);
        assert!(one.forget_what_is_over(now + SignedDuration::from_hours(24 * 31)).await.unwrap() >= 2);
    })
    .await;
}

#[tokio::test]
async fn the_attempt_that_makes_an_account_wait_writes_the_same_whether_it_is_known_or_not() {
    both(async |database| {
        let app = database.app(Calendar::standing(date(2021, 9, 13).at(10, 20, 0, 0))).await;
        app.make_organisation(&herefordshire()).await.unwrap();
        let now = Machine::now();
        let mut written = Vec::new();
        for email in ["first@nobody.example", "nobody@nowhere.example", EMAIL] {
            for _ in 0..9 {
                app.attempt_begins(email, FROM, now).await.unwrap();
                app.attempt_failed(email, FROM, now).await.unwrap();
            }
            let before = database.rows().await;
            app.attempt_begins(email, FROM, now).await.unwrap();
            app.attempt_failed(email, FROM, now).await.unwrap();
            written.push(gained(&database, &before).await);
            assert!(app.attempt_waits(email, FROM, now).await.unwrap().is_some(), "{email}");
        }
        // The first that waits may begin what is there once.
        assert_eq!(written[1], written[2], "whoever waits for the answer can tell");
        assert_eq!(written[2].get("outbox"), Some(&1), "{written:?}");
        for (table, rows) in database.rows().await.iter().filter(|(table, _)| table == "outbox" || table == "ceremony")
        {
            let text = String::from_utf8_lossy(rows);
            assert!(!text.contains(EMAIL) && !text.contains("nowhere"), "{table} holds the address in the clear");
        }
        app.do_due_jobs().await.unwrap();
        let mails = app.store.read(Some(DEPLOYMENT)).await.unwrap().mails(DEPLOYMENT, 10).await.unwrap();
        assert_eq!(mails.iter().map(|mail| mail.recipient.as_str()).collect::<Vec<_>>(), [EMAIL]);
        let (_, left) = database.rows().await.into_iter().find(|(table, _)| table == "ceremony").unwrap();
        let left = String::from_utf8_lossy(&left);
        assert!(!left.contains("password_new"), "nothing waits any more: {left}");
    })
    .await;
}

#[tokio::test]
async fn a_person_is_told_by_mail_that_how_they_sign_in_has_changed() {
    both(async |database| {
        let app = database.app(Calendar::standing(date(2021, 9, 13).at(10, 20, 0, 0))).await;
        app.make_organisation(&herefordshire()).await.unwrap();
        let actor = app.actor_by_email(EMAIL).await.unwrap();
        let token = app.start_session(&actor).await.unwrap();
        app.change_password(&actor, &token, (PASSWORD, "other ferry dusk granite")).await.unwrap();
        let mails = app.store.read(Some(DEPLOYMENT)).await.unwrap().mails(DEPLOYMENT, 10).await.unwrap();
        assert_eq!(mails.len(), 1);
        assert_eq!((mails[0].recipient.as_str(), mails[0].subject.as_str()), (EMAIL, "How you sign in has changed"));
        assert!(mails[0].body.contains("password was changed") && !mails[0].body.contains("granite"));
        // The job that sends it waits.
        assert!(app.do_due_jobs().await.unwrap() >= 1);
    })
    .await;
}

const KEEPER: &str = "keeper@authority.example";

/// The same, with somebody who keeps its people.
fn with_keeper() -> NewOrganisation {
    let mut new = herefordshire();
    new.people.push(NewPerson {
        email: KEEPER.into(),
        name: "Lee Ross".into(),
        password: Some(hash_password(PASSWORD).unwrap()),
        role: Role::Administrator,
        title: "Administrator".into(),
        from: date(2019, 1, 1),
    });
    new
}

#[tokio::test(flavor = "multi_thread")]
async fn the_token_of_a_mailed_link_arrives_and_stands_in_no_byte_of_the_database() {
    both(async |database| {
        let app = database.app(Calendar::standing(date(2021, 9, 13).at(10, 20, 0, 0))).await;
        app.make_organisation(&with_keeper()).await.unwrap();
        let mailbox = Mailbox::of(&app).await;
        app.ask_for_password(EMAIL).await.unwrap();
        assert!(app.do_next_job().await.unwrap(), "the job that writes the mail");
        let token = mailbox.hidden_token(&database, &app, EMAIL).await;
        app.choose_password(&token, "other ferry dusk granite").await.unwrap();
        app.check_password(EMAIL, "other ferry dusk granite").await.unwrap();

        let invite = InvitePerson {
            name: "Kim Bromyard".into(),
            email: "kim@authority.example".into(),
            role: Role::FinanceOfficer.code().into(),
            title: "Finance officer".into(),
            until: None,
        };
        let keeper = app.actor_by_email(KEEPER).await.unwrap();
        app.perform(&keeper, &random_text::<16>(), invite).await.unwrap();
        let token = mailbox.hidden_token(&database, &app, "kim@authority.example").await;
        app.accept_welcome(&token, PASSWORD).await.unwrap();
        assert_eq!(app.actor_by_email("kim@authority.example").await.unwrap().role, Role::FinanceOfficer);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_was_turned_away_takes_its_link_along_when_it_is_tried_again() {
    both(async |database| {
        let app = database.app(Calendar::standing(date(2021, 9, 13).at(10, 20, 0, 0))).await;
        app.make_organisation(&herefordshire()).await.unwrap();
        let mailbox = Mailbox::of(&app).await;
        mailbox.turn_away(true);
        app.ask_for_password(EMAIL).await.unwrap();
        app.do_due_jobs().await.unwrap();
        assert_eq!(mailbox.token(EMAIL), None);
        let waiting = app.store.read(None).await.unwrap().jobs(None, 10).await.unwrap();
        let job = waiting.iter().find(|job| job.kind == "mail.send").unwrap();
        assert_eq!(job.attempts, 1);

        mailbox.turn_away(false);
        let work = app.store.begin(DEPLOYMENT, app.calendar.now()).await.unwrap();
        work.retry_job(job.id, None, Machine::now()).await.unwrap();
        work.commit(Machine::now()).await.unwrap();
        let token = mailbox.hidden_token(&database, &app, EMAIL).await;
        app.choose_password(&token, "other ferry dusk granite").await.unwrap();
        // What went is not kept for anybody, by whatever way a mail is read.
        let organisation = app.actor_by_email(EMAIL).await.unwrap().organisation;
        let mails = app.store.read(Some(organisation)).await.unwrap().whole_mails(organisation, 10).await.unwrap();
        assert!(mails.iter().all(|mail| mail.sent_at.is_some() && !mail.body.contains(&token)), "{mails:?}");
    })
    .await;
}

#[tokio::test]
async fn a_link_whose_address_waited_for_too_long_is_not_mailed_and_the_log_says_so_without_the_address() {
    both(async |database| {
        let log = logs::kept();
        let app = database.app(Calendar::standing(date(2021, 9, 13).at(10, 20, 0, 0))).await;
        app.make_organisation(&herefordshire()).await.unwrap();
        app.ask_for_password(EMAIL).await.unwrap();
        let said = || log.text().lines().filter(|line| line.contains("its address waited")).count();
        let before = said();
        database.script("UPDATE ceremony SET expires_at = 1").await;
        app.do_due_jobs().await.unwrap();
        assert_eq!(said() - before, 1);
        assert!(log.text().lines().all(|line| !line.contains("its address waited") || !line.contains(EMAIL)));
        let org = app.actor_by_email(EMAIL).await.unwrap().organisation;
        assert!(app.store.read(Some(org)).await.unwrap().mails(org, 10).await.unwrap().is_empty());
        let waiting = app.store.read(None).await.unwrap().jobs(None, 10).await.unwrap();
        assert!(waiting.iter().all(|job| job.kind != "person.mail_link"), "it is done: {waiting:?}");
    })
    .await;
}

/// How many rows each table has gained that is not as it was.
async fn gained(database: &TestDatabase, before: &[(String, Vec<u8>)]) -> BTreeMap<String, usize> {
    let lines = |rows: &[u8]| rows.split(|byte| *byte == b'\n').filter(|row| !row.is_empty()).count();
    let after = database.rows().await;
    assert_eq!(after.len(), before.len());
    let changed = after.iter().zip(before).filter(|((_, after), (_, before))| after != before);
    changed.map(|((table, after), (_, before))| (table.clone(), lines(after) - lines(before))).collect()
}

#[tokio::test]
async fn asking_for_a_new_password_writes_the_same_whether_the_address_is_known_or_not() {
    both(async |database| {
        let app = database.app(Calendar::standing(date(2021, 9, 13).at(10, 20, 0, 0))).await;
        app.make_organisation(&herefordshire()).await.unwrap();
        let org = app.actor_by_email(EMAIL).await.unwrap().organisation;
        let mut written = Vec::new();
        for email in ["first@nobody.example", "nobody@nowhere.example", EMAIL] {
            let before = database.rows().await;
            app.ask_for_password(email).await.unwrap();
            written.push(gained(&database, &before).await);
        }
        // The first that is asked may begin what is there once.
        assert_eq!(written[1], written[2], "whoever waits for the answer can tell");
        assert!(written[2].len() >= 2, "{written:?}");
        for (table, rows) in database.rows().await.iter().filter(|(table, _)| table == "outbox" || table == "ceremony")
        {
            let text = String::from_utf8_lossy(rows);
            assert!(!text.contains(EMAIL) && !text.contains("nowhere"), "{table} holds the address in the clear");
        }
        app.do_due_jobs().await.unwrap();
        for of in [org, DEPLOYMENT] {
            let mails = app.store.read(Some(of)).await.unwrap().mails(of, 10).await.unwrap();
            let recipients: Vec<&str> = mails.iter().map(|mail| mail.recipient.as_str()).collect();
            assert_eq!(recipients, if of == org { vec![EMAIL] } else { vec![] });
        }
        // Each of the three was recorded, of whom it was known with the person; nothing waits but the link that was mailed.
        let rows = |all: &[(String, Vec<u8>)], of: &str, with: &str| {
            let (_, rows) = all.iter().find(|(table, _)| table == of).unwrap();
            String::from_utf8_lossy(rows).lines().filter(|row| row.contains(with)).count()
        };
        let all = database.rows().await;
        assert_eq!(rows(&all, "event", "person.asked_for_password"), 3);
        assert_eq!(rows(&all, "ceremony", "password_new"), 1);
    })
    .await;
}
