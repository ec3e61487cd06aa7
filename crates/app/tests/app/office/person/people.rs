//! A provider's own people, on both databases: its manager invites and removes them, and neither sees nor touches anybody
//! of another provider.

use std::sync::Arc;

use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use placewell_app::clock::{Calendar, Machine};
use placewell_app::office::organisation::{NewOrganisation, NewPerson};
use placewell_app::office::person::people::{EndRole, EndSignIns, InvitePerson, ResetSignIn, WithdrawWelcome};
use placewell_app::office::person::{hash_password, random_text};
use placewell_app::{Answer, App, Command, Outcome, Receipt};
use placewell_domain::id::PersonId;
use placewell_domain::office::access::Role;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_domain::office::person::session::{By, TokenScope};
use placewell_domain::office::person::welcome::{Welcome, WelcomeState};
use placewell_domain::outcome::Invalid;
use placewell_store::verify::DEPLOYMENT;
use placewell_testkit::databases::{TestDatabase, both};
use sha2::{Digest, Sha256};

use super::racing::waits_for;

const ELM: &str = "manager@elm.example";
const RIVAL: &str = "manager@rival.example";
const KIM: &str = "kim@elm.example";

/// Two providers, each with the manager who keeps its people.
async fn given(database: &TestDatabase) -> Arc<App> {
    let app = database.app(Calendar::standing(date(2021, 9, 13).at(10, 20, 0, 0))).await;
    for (code, email) in [("elm", ELM), ("rival", RIVAL)] {
        let manager = NewPerson {
            email: email.into(),
            name: format!("Manager of {code}"),
            password: Some(hash_password("walnut ferry dusk granite").unwrap()),
            role: Role::ProviderManager,
            title: "Manager".into(),
            from: date(2019, 1, 1),
        };
        let new = NewOrganisation {
            code: code.into(),
            name: format!("{code} (invented)"),
            kind: OrganisationKind::Provider,
            area: None,
            placing_body: None,
            people: vec![manager],
        };
        app.make_organisation(&new).await.unwrap();
    }
    app
}

async fn perform<C: Command>(app: &Arc<App>, actor: &Actor, command: C) -> Answer<Receipt> {
    app.perform(actor, &random_text::<16>(), command).await
}

fn invite(email: &str) -> InvitePerson {
    InvitePerson {
        name: "Kim Bromyard".into(),
        email: email.into(),
        role: Role::ProviderManager.code().into(),
        title: "Deputy manager".into(),
        until: None,
    }
}

/// The token of the link that was mailed to whom a provider invited.
async fn token(app: &Arc<App>, of: &Actor, email: &str) -> String {
    let session = app.store.read(Some(of.organisation)).await.unwrap();
    let mails = session.whole_mails(of.organisation, 50).await.unwrap();
    let mail = mails.into_iter().find(|mail| mail.recipient == email).unwrap();
    let link = mail.body.lines().find(|line| line.starts_with("/emails/")).unwrap();
    link.split('/').nth(2).unwrap().to_owned()
}

/// The addresses that somebody's list of people shows.
async fn listed(app: &Arc<App>, reader: &Actor) -> Vec<String> {
    let mut all: Vec<_> = app.people(reader).await.unwrap().colleagues.into_iter().map(|one| one.email).collect();
    all.sort_unstable();
    all
}

fn is_not_found<T: std::fmt::Debug>(answer: &Answer<T>) {
    assert!(matches!(answer, Err(Outcome::NotFound)), "{answer:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn v_09_a_provider_s_manager_invites_and_removes_its_own_people() {
    both(async |database| {
        let app = given(&database).await;
        let elm = app.actor_by_email(ELM).await.unwrap();
        let officer = InvitePerson { role: Role::PlacementOfficer.code().into(), ..invite(KIM) };
        assert!(matches!(perform(&app, &elm, officer).await, Err(Outcome::Invalid(_))), "no role of a provider");
        perform(&app, &elm, invite(KIM)).await.unwrap();
        assert_eq!(listed(&app, &elm).await, [ELM], "whoever was invited comes by the link");
        app.accept_welcome(&token(&app, &elm, KIM).await, "three green doors and a lamp").await.unwrap();
        let kim = app.actor_by_email(KIM).await.unwrap();
        assert_eq!((kim.organisation, kim.role), (elm.organisation, Role::ProviderManager));
        assert_eq!(listed(&app, &elm).await, [KIM, ELM]);

        perform(&app, &elm, invite("lee@elm.example")).await.unwrap();
        let waits = app.people(&elm).await.unwrap().invited;
        assert_eq!(waits.iter().map(|one| one.email.as_str()).collect::<Vec<_>>(), ["lee@elm.example"]);
        perform(&app, &elm, WithdrawWelcome { invitation: waits[0].id }).await.unwrap();
        let link = token(&app, &elm, "lee@elm.example").await;
        assert!(app.accept_welcome(&link, "four blue doors and a lamp").await.is_err(), "it was taken back");

        let session = app.start_session(&kim).await.unwrap();
        let role = || Role::ProviderManager.code().to_owned();
        let own = perform(&app, &elm, EndRole { person: elm.person, role: role() }).await;
        assert!(matches!(own, Err(Outcome::Refused(refusal)) if refusal.code == "own_role"));
        perform(&app, &elm, EndRole { person: kim.person, role: role() }).await.unwrap();
        assert_eq!(listed(&app, &elm).await, [ELM]);
        assert!(app.signed_in(&session).await.unwrap().is_none(), "what was open is closed");
        assert!(app.actor_by_email(KIM).await.is_err());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_lost_their_role_is_out_at_the_next_request_of_each_session_and_token_on_every_node() {
    both(async |database| {
        let app = given(&database).await;
        let node = database.app(Calendar::standing(date(2021, 9, 13).at(10, 20, 0, 0))).await;
        let elm = app.actor_by_email(ELM).await.unwrap();
        perform(&app, &elm, invite(KIM)).await.unwrap();
        let password = "three green doors and a lamp";
        app.accept_welcome(&token(&app, &elm, KIM).await, password).await.unwrap();
        let kim = app.actor_by_email(KIM).await.unwrap();
        let sessions = [app.start_session(&kim).await.unwrap(), node.start_session(&kim).await.unwrap()];
        let program = app.create_token(&kim, "test", 30, &TokenScope::Everything).await.unwrap();
        let open = async |at: &Arc<App>| {
            let mut open = 0;
            for session in &sessions {
                open += usize::from(at.signed_in(session).await.unwrap().is_some());
            }
            open + usize::from(at.token_holder(&program).await.unwrap().is_some())
        };
        assert_eq!((open(&app).await, open(&node).await), (3, 3));
        let role = Role::ProviderManager.code().to_owned();
        perform(&app, &elm, EndRole { person: kim.person, role }).await.unwrap();
        assert_eq!((open(&node).await, open(&app).await), (0, 0), "somebody without a role is still in");
        assert!(app.sign_in_by_password(KIM, password).await.is_err(), "the password lets them in again");
        assert!(app.signed_in(&app.start_session(&elm).await.unwrap()).await.unwrap().is_some());
        // Who is invited again begins anew: what was opened before stays closed.
        perform(&app, &elm, invite(KIM)).await.unwrap();
        app.accept_welcome(&token(&app, &elm, KIM).await, password).await.unwrap();
        assert_eq!((open(&node).await, open(&app).await), (0, 0), "what had ended came to life again");
        assert!(app.signed_in(&app.start_session(&kim).await.unwrap()).await.unwrap().is_some());
        assert_eq!(app.own_sign_ins(&kim, "").await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn x_01_when_somebody_last_signed_in_stands_by_the_role_they_came_in() {
    both(async |database| {
        let app = given(&database).await;
        let (elm, rival) = (app.actor_by_email(ELM).await.unwrap(), app.actor_by_email(RIVAL).await.unwrap());
        let last = async |reader: &Actor| app.people(reader).await.unwrap().colleagues[0].signed_in;
        assert_eq!(last(&elm).await, None);
        app.create_token(&elm, "test", 1, &TokenScope::Everything).await.unwrap();
        assert_eq!(last(&elm).await, None, "a program is nobody who comes");
        let before = Machine::now();
        let token = app.start_session(&elm).await.unwrap();
        let came = last(&elm).await.unwrap();
        assert!(came + SignedDuration::from_secs(1) > before && came <= Machine::now(), "{came}");
        assert_eq!(last(&rival).await, None, "nobody else's is touched");
        app.sign_out(&elm, &token).await.unwrap();
        assert_eq!(last(&elm).await, Some(came), "it stays when the session is over");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn v_09_a_provider_s_manager_neither_sees_nor_touches_anybody_of_another_provider() {
    both(async |database| {
        let app = given(&database).await;
        let (elm, rival) = (app.actor_by_email(ELM).await.unwrap(), app.actor_by_email(RIVAL).await.unwrap());
        perform(&app, &elm, invite(KIM)).await.unwrap();
        let invitation = app.people(&elm).await.unwrap().invited[0].id;
        let seen = app.people(&rival).await.unwrap();
        assert!(seen.invited.is_empty(), "a rival's invitation is seen");
        assert_eq!(listed(&app, &rival).await, [RIVAL]);
        is_not_found(&perform(&app, &rival, WithdrawWelcome { invitation }).await);
        app.accept_welcome(&token(&app, &elm, KIM).await, "three green doors and a lamp").await.unwrap();
        let kim = app.actor_by_email(KIM).await.unwrap();
        let session = app.start_session(&kim).await.unwrap();
        assert_eq!(listed(&app, &rival).await, [RIVAL]);
        let (person, role) = (kim.person, Role::ProviderManager.code().to_owned());
        assert!(matches!(app.colleague(&rival, person).await, Err(Outcome::NotFound)));
        is_not_found(&perform(&app, &rival, EndRole { person, role }).await);
        is_not_found(&perform(&app, &rival, EndSignIns { person, sign_in: None }).await);
        is_not_found(&perform(&app, &rival, ResetSignIn { person }).await);
        assert!(app.signed_in(&session).await.unwrap().is_some(), "nothing of it was touched");
        assert_eq!(listed(&app, &elm).await, [KIM, ELM]);
        // A number that is nobody's finds nobody, and not everybody.
        let nobody = PersonId(0);
        assert!(matches!(app.colleague(&elm, nobody).await, Err(Outcome::NotFound)));
        is_not_found(&perform(&app, &elm, EndSignIns { person: nobody, sign_in: None }).await);
        is_not_found(&perform(&app, &elm, ResetSignIn { person: nobody }).await);
        // As the rival's organisation the database itself shows nobody of the other's invitations.
        let read = app.store.read(Some(rival.organisation)).await.unwrap();
        assert!(read.welcomes(elm.organisation).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn how_somebody_signs_in_is_not_reset_where_they_work_elsewhere_today_or_from_a_later_day() {
    both(async |database| {
        let app = given(&database).await;
        let (elm, rival) = (app.actor_by_email(ELM).await.unwrap(), app.actor_by_email(RIVAL).await.unwrap());
        perform(&app, &elm, invite(KIM)).await.unwrap();
        let password = "three green doors and a lamp";
        app.accept_welcome(&token(&app, &elm, KIM).await, password).await.unwrap();
        let kim = app.actor_by_email(KIM).await.unwrap();
        let (today, later, end) = (date(2021, 9, 13), date(2021, 10, 1), date(2030, 1, 1));
        let works_there = async |days| {
            let work = app.store.begin(rival.organisation, app.calendar.now()).await.unwrap();
            work.give_membership(kim.person, Role::ProviderManager, "Manager", days).await.unwrap();
            work.commit(Machine::now()).await.unwrap();
        };
        let reset = async || perform(&app, &elm, ResetSignIn { person: kim.person }).await;
        for from in [later, today] {
            works_there((from, end)).await;
            assert_eq!(refusal(reset().await), "works_elsewhere", "from {from}");
            works_there((from, from)).await;
        }
        app.check_password(KIM, password).await.unwrap();
        reset().await.unwrap();
        assert!(app.check_password(KIM, password).await.is_err(), "it was reset");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_writes_over_no_password_that_somebody_chose_by_another_link_meanwhile() {
    const CHOSEN: &str = "quartz lantern bishop meadow";
    both(async |database| {
        let app = given(&database).await;
        let (elm, rival) = (app.actor_by_email(ELM).await.unwrap(), app.actor_by_email(RIVAL).await.unwrap());
        perform(&app, &elm, invite(KIM)).await.unwrap();
        app.accept_welcome(&token(&app, &elm, KIM).await, "three green doors and a lamp").await.unwrap();
        let kim = app.actor_by_email(KIM).await.unwrap().person;
        perform(&app, &elm, ResetSignIn { person: kim }).await.unwrap();
        perform(&app, &rival, invite(KIM)).await.unwrap();
        let link = token(&app, &rival, KIM).await;

        let choosing = app.store.begin(DEPLOYMENT, app.calendar.now()).await.unwrap();
        choosing.give_password(kim, Some(&hash_password(CHOSEN).unwrap())).await.unwrap();
        let late = waits_for(choosing, app.accept_welcome(&link, "four blue doors and a lamp")).await;
        let asks = |invalid: &Invalid| invalid.errors[0].message == "Enter the password that you have chosen already";
        assert!(matches!(&late, Err(Outcome::Invalid(invalid)) if asks(invalid)), "{late:?}");
        app.check_password(KIM, CHOSEN).await.unwrap();
        assert_eq!(app.roles_of(kim).await.unwrap().len(), 1, "nothing was accepted");
        app.accept_welcome(&link, CHOSEN).await.unwrap();
        assert_eq!(app.roles_of(kim).await.unwrap().len(), 2);
    })
    .await;
}

/// An invitation of somebody's organisation that ends so many seconds from now; its link's token.
async fn invited(app: &App, by: &Actor, seconds: i64) -> String {
    let token = random_text::<32>();
    let mut work = app.store.begin(by.organisation, app.calendar.now()).await.unwrap();
    let welcome = Welcome {
        id: work.new_id(),
        version: 0,
        organisation: by.organisation,
        email: format!("in-{seconds}@elm.example"),
        name: "Kim Bromyard".into(),
        role: Role::ProviderManager,
        title: "Deputy manager".into(),
        until: date(2030, 1, 1),
        digest: hex::encode(Sha256::digest(token.as_bytes())),
        expires: Machine::now() + SignedDuration::from_secs(seconds),
        by: Some(by.person),
        state: WelcomeState::Sent,
    };
    work.apply(welcome.send()).await.unwrap();
    work.commit(Machine::now()).await.unwrap();
    token
}

fn refusal<T: std::fmt::Debug>(answer: Answer<T>) -> String {
    match answer {
        Err(Outcome::Refused(refusal)) => refusal.code.clone(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn v_09_nobody_comes_in_by_an_invitation_that_has_expired_or_was_taken_back() {
    both(async |database| {
        let app = given(&database).await;
        let manager = app.actor_by_email(ELM).await.unwrap();
        let password = "walnut ferry dusk granite";
        let expired = invited(&app, &manager, -1).await;
        assert_eq!(refusal(app.accept_welcome(&expired, password).await), "invitation_expired");
        perform(&app, &manager, invite(KIM)).await.unwrap();
        let taken_back = token(&app, &manager, KIM).await;
        let sent = app.store.read(Some(manager.organisation)).await.unwrap().welcomes(manager.organisation).await;
        let sent = sent.unwrap().into_iter().find(|one| one.email == KIM).unwrap();
        perform(&app, &manager, WithdrawWelcome { invitation: sent.id }).await.unwrap();
        assert_eq!(refusal(app.accept_welcome(&taken_back, password).await), "invitation_withdrawn");
        assert_eq!(listed(&app, &manager).await, [ELM]);

        let open = invited(&app, &manager, 60).await;
        app.accept_welcome(&open, password).await.unwrap();
        assert_eq!(refusal(app.accept_welcome(&open, password).await), "invitation_accepted");
        assert_eq!(listed(&app, &manager).await, ["in-60@elm.example", ELM]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sign_ins_are_told_apart_by_their_organisation_and_not_by_its_name() {
    both(async |database| {
        let app = given(&database).await;
        let elm = app.actor_by_email(ELM).await.unwrap();
        let manager = NewPerson {
            email: "manager@second.example".into(),
            name: "Manager of another".into(),
            password: None,
            role: Role::ProviderManager,
            title: "Manager".into(),
            from: date(2019, 1, 1),
        };
        let namesake = NewOrganisation {
            code: "elm-2".into(),
            name: elm.organisation_name.clone(),
            kind: OrganisationKind::Provider,
            area: None,
            placing_body: None,
            people: vec![manager],
        };
        app.make_organisation(&namesake).await.unwrap();
        let second = app.actor_by_email("manager@second.example").await.unwrap();
        let password = "three green doors and a lamp";
        for by in [&elm, &second] {
            perform(&app, by, invite(KIM)).await.unwrap();
            app.accept_welcome(&token(&app, by, KIM).await, password).await.unwrap();
        }
        let roles = app.roles_of(app.actor_by_email(KIM).await.unwrap().person).await.unwrap();
        let roles = roles.into_iter().map(|one| one.actor).collect::<Vec<_>>();
        let kim = |of: &Actor| roles.iter().find(|one| one.organisation == of.organisation).unwrap().clone();
        let session = app.start_session(&kim(&elm)).await.unwrap();
        let seen = async |by: &Actor| app.colleague(by, kim(by).person).await.unwrap().1;
        assert_eq!((seen(&elm).await.len(), seen(&second).await.len()), (1, 0), "a namesake sees it");

        // Whom the namesake's own sign-in vouches for sees and ends nothing of the other.
        let handle = seen(&elm).await[0].handle.clone();
        let by = By::Session { proven_until: Timestamp::MAX, provider: Some(second.organisation) };
        let vouched = Actor { by, ..kim(&second) };
        assert!(app.own_sign_ins(&vouched, "").await.unwrap().is_empty());
        is_not_found(&app.end_own_sign_in(&vouched, &handle).await);
        assert!(app.signed_in(&session).await.unwrap().is_some());
    })
    .await;
}
