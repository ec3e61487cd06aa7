//! Passkeys, on both databases, by a device in process: which ones are kept, and which let in or prove whose they are. That
//! browsers make and show them is a journey's.

use std::sync::Arc;

use jiff::SignedDuration;
use jiff::civil::date;
use placewell_app::clock::{Calendar, Machine};
use placewell_app::office::organisation::{NewOrganisation, NewPerson};
use placewell_app::{Answer, App, Outcome};
use placewell_domain::office::access::Role;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_store::verify::DEPLOYMENT;
use placewell_testkit::databases::{TestDatabase, both};
use placewell_testkit::device::Device;
use sha2::{Digest, Sha256};

const ORIGIN: &str = "http://localhost";
const EVIL: &str = "http://localhost.evil.example";
const PRIYA: &str = "priya.shah@authority.example";
const DIRECTOR: &str = "director@authority.example";

async fn given(database: &TestDatabase) -> Arc<App> {
    let app = database.app(Calendar::standing(date(2021, 9, 13).at(10, 20, 0, 0))).await;
    let person = |email: &str, role: Role| NewPerson {
        email: email.into(),
        name: role.label().into(),
        password: None,
        role,
        title: role.label().into(),
        from: date(2019, 1, 1),
    };
    app.make_organisation(&NewOrganisation {
        code: "HEF".into(),
        name: "Herefordshire Council".into(),
        kind: OrganisationKind::Authority,
        area: Some("E06000019".into()),
        placing_body: None,
        people: vec![person(PRIYA, Role::PlacementOfficer), person(DIRECTOR, Role::Approver)],
    })
    .await
    .unwrap();
    app
}

/// A new session of somebody, and who they are in it.
async fn session(app: &App, email: &str) -> (String, Actor) {
    let actor = app.actor_by_email(email).await.unwrap();
    let token = app.start_session(&actor).await.unwrap();
    let actor = app.signed_in(&token).await.unwrap().unwrap();
    (token, actor)
}

/// The proof of a session is over.
async fn grow_old(app: &App, token: &str) {
    let work = app.store.begin(DEPLOYMENT, app.calendar.now()).await.unwrap();
    let digest = Sha256::digest(token.as_bytes()).to_vec();
    work.note_proof(&digest, Machine::now() - SignedDuration::from_secs(1)).await.unwrap();
    work.commit(Machine::now()).await.unwrap();
}

async fn is_proven(app: &App, token: &str) -> bool {
    app.signed_in(token).await.unwrap().unwrap().by.is_proven(Machine::now())
}

async fn makes(app: &App, actor: &Actor, device: &mut Device) -> Answer<()> {
    let asked = app.begin_passkey(actor, ORIGIN).await?;
    app.keep_passkey(actor, ORIGIN, (&asked.ceremony, &device.make(&asked.options), "Work laptop")).await
}

async fn signs_in(app: &App, device: &mut Device) -> Answer<Actor> {
    let asked = app.ask_for_passkey(ORIGIN).await?;
    let shown = device.show(&asked.options);
    Ok(app.sign_in_by_passkey(ORIGIN, &asked.ceremony, &shown).await?.0)
}

fn refused<T>(answer: Answer<T>, what: &str) {
    match answer {
        Err(Outcome::Invalid(invalid)) => assert_eq!(invalid.errors[0].field, "credential", "{what}"),
        Err(other) => panic!("{what}: {other:?}"),
        Ok(_) => panic!("{what} was taken"),
    }
}

#[tokio::test]
async fn a_passkey_is_kept_from_the_device_the_page_and_the_person_that_it_was_asked_of() {
    both(async |database| {
        let app = given(&database).await;
        let ((_, priya), (_, director)) = (session(&app, PRIYA).await, session(&app, DIRECTOR).await);
        refused(makes(&app, &priya, &mut Device::new(EVIL, (1, 1))).await, "one of another site");
        let mut careless = Device::new(ORIGIN, (1, 1));
        careless.verifies = false;
        refused(makes(&app, &priya, &mut careless).await, "one of a device that anybody holds");
        let mut device = Device::new(ORIGIN, (2, 2));
        let asked = app.begin_passkey(&director, ORIGIN).await.unwrap();
        let made = device.make(&asked.options);
        refused(app.keep_passkey(&priya, ORIGIN, (&asked.ceremony, &made, "Hers")).await, "one asked of another");
        let (one, other) =
            (app.begin_passkey(&priya, ORIGIN).await.unwrap(), app.begin_passkey(&priya, ORIGIN).await.unwrap());
        let made = device.make(&one.options);
        refused(app.keep_passkey(&priya, ORIGIN, (&other.ceremony, &made, "Mixed")).await, "one for another page");
        app.keep_passkey(&priya, ORIGIN, (&one.ceremony, &made, "Work laptop")).await.unwrap();
        refused(app.keep_passkey(&priya, ORIGIN, (&one.ceremony, &made, "Again")).await, "the same answer twice");
        refused(makes(&app, &director, &mut Device::new(ORIGIN, (2, 3))).await, "one under an id that is another's");
        let kept = app.own_passkeys(&priya).await.unwrap();
        assert_eq!(kept.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["Work laptop"]);
        assert!(app.own_passkeys(&director).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_passkey_lets_its_holder_in_once_for_each_time_that_it_was_asked_for() {
    both(async |database| {
        let app = given(&database).await;
        let (_, priya) = session(&app, PRIYA).await;
        let mut device = Device::new(ORIGIN, (1, 1));
        refused(signs_in(&app, &mut device).await, "one that nobody made");
        makes(&app, &priya, &mut device).await.unwrap();
        assert_eq!(signs_in(&app, &mut device).await.unwrap().person, priya.person);

        let (one, other) = (app.ask_for_passkey(ORIGIN).await.unwrap(), app.ask_for_passkey(ORIGIN).await.unwrap());
        let shown = device.show(&one.options);
        refused(app.sign_in_by_passkey(ORIGIN, &other.ceremony, &shown).await, "an answer to another page");
        app.sign_in_by_passkey(ORIGIN, &one.ceremony, &shown).await.unwrap();
        refused(app.sign_in_by_passkey(ORIGIN, &one.ceremony, &shown).await, "the same answer twice");
        let making = app.begin_passkey(&priya, ORIGIN).await.unwrap();
        let asked = app.ask_for_passkey(ORIGIN).await.unwrap();
        let shown = device.show(&asked.options);
        refused(app.sign_in_by_passkey(ORIGIN, &making.ceremony, &shown).await, "the way of a passkey that is made");

        device.origin = EVIL.to_owned();
        refused(signs_in(&app, &mut device).await, "an answer given to another site");
        device.origin = ORIGIN.to_owned();
        device.verifies = false;
        refused(signs_in(&app, &mut device).await, "a device that anybody holds");
        device.verifies = true;
        let mut forged = Device::new(ORIGIN, (1, 2));
        forged.uses = device.uses;
        refused(signs_in(&app, &mut forged).await, "another key under the same id");
        let mut copied = Device::new(ORIGIN, (1, 1));
        refused(signs_in(&app, &mut copied).await, "a copy that counts from the beginning");
        assert_eq!(signs_in(&app, &mut device).await.unwrap().person, priya.person);
    })
    .await;
}

#[tokio::test]
async fn a_passkey_proves_again_who_its_own_holder_is_and_ends_when_they_say_so() {
    both(async |database| {
        let app = given(&database).await;
        let ((token, priya), (theirs, director)) = (session(&app, PRIYA).await, session(&app, DIRECTOR).await);
        let mut device = Device::new(ORIGIN, (1, 1));
        makes(&app, &priya, &mut device).await.unwrap();
        for token in [&token, &theirs] {
            grow_old(&app, token).await;
        }
        let asked = app.ask_for_passkey(ORIGIN).await.unwrap();
        let shown = device.show(&asked.options);
        let by_colleague = app.prove_by_passkey(&director, &theirs, ORIGIN, (&asked.ceremony, &shown)).await;
        refused(by_colleague, "a colleague's passkey");
        assert!(!is_proven(&app, &theirs).await && !is_proven(&app, &token).await);
        let asked = app.ask_for_passkey(ORIGIN).await.unwrap();
        let shown = device.show(&asked.options);
        app.prove_by_passkey(&priya, &token, ORIGIN, (&asked.ceremony, &shown)).await.unwrap();
        assert!(is_proven(&app, &token).await && !is_proven(&app, &theirs).await);

        let id = hex::encode(device.id);
        let ended = app.end_passkey(&director, &id).await;
        assert!(matches!(ended, Err(Outcome::NotFound)), "{ended:?}");
        app.end_passkey(&priya, &id).await.unwrap();
        refused(signs_in(&app, &mut device).await, "one that was ended");
    })
    .await;
}

#[tokio::test]
async fn a_passkey_that_ends_before_the_session_begins_opens_none() {
    both(async |database| {
        let app = given(&database).await;
        let (own, priya) = session(&app, PRIYA).await;
        let mut device = Device::new(ORIGIN, (1, 1));
        makes(&app, &priya, &mut device).await.unwrap();
        let asked = app.ask_for_passkey(ORIGIN).await.unwrap();
        let shown = device.show(&asked.options);
        let (who, beginning) = app.sign_in_by_passkey(ORIGIN, &asked.ceremony, &shown).await.unwrap();
        app.start_session_by(&who, &beginning).await.unwrap();
        app.end_passkey(&priya, &hex::encode(device.id)).await.unwrap();
        refused(app.start_session_by(&who, &beginning).await, "one that was ended meanwhile");
        assert_eq!(app.own_sign_ins(&priya, &own).await.unwrap().len(), 2, "hers, and the one that began in time");
        let work = app.store.begin(DEPLOYMENT, app.calendar.now()).await.unwrap();
        assert!(!work.passkey_used(&device.id, "{}", Machine::now()).await.unwrap(), "it is used after its end");
        work.roll_back().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_passkey_that_was_moved_to_somebody_else_lets_nobody_in() {
    both(async |database| {
        let app = given(&database).await;
        let ((_, priya), (_, director)) = (session(&app, PRIYA).await, session(&app, DIRECTOR).await);
        let mut device = Device::new(ORIGIN, (1, 1));
        makes(&app, &priya, &mut device).await.unwrap();
        database.script(&format!("UPDATE passkey SET person_id = {}", director.person)).await;
        refused(signs_in(&app, &mut device).await, "one that was moved");
        assert!(app.own_passkeys(&director).await.unwrap().is_empty());
        database.script(&format!("UPDATE passkey SET person_id = {}", priya.person)).await;
        assert_eq!(signs_in(&app, &mut device).await.unwrap().person, priya.person);
        assert_eq!(signs_in(&app, &mut device).await.unwrap().person, priya.person, "its counter moved");
    })
    .await;
}
