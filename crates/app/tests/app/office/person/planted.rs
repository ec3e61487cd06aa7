//! Whoever writes the database without the master key plants, changes or moves rows of people, roles and ways in: none of them
//! opens anything. What they can do all the same is said in docs/security/threats.md.

use std::sync::Arc;

use jiff::civil::date;
use placewell_app::clock::{Calendar, Machine};
use placewell_app::office::person::hash_password;
use placewell_app::{Answer, App, Outcome};
use placewell_domain::nights::OPEN_END;
use placewell_domain::office::access::Role;
use placewell_domain::office::person::session::TokenScope;
use placewell_store::Backend;
use placewell_store::keys::MasterKey;
use placewell_testkit::databases::{MASTER, TestDatabase, both};
use placewell_testkit::mailbox::Mailbox;

use super::signing::{EMAIL, PASSWORD, digest, given, half, with_second_step};

const DIRECTOR: &str = "director@authority.example";
const KNOWN: &str = "a token that its planter made up";

fn literal(database: &TestDatabase, bytes: &[u8]) -> String {
    match database.backend {
        Backend::Sqlite => format!("X'{}'", hex::encode(bytes)),
        Backend::Postgres => format!("'\\x{}'::bytea", hex::encode(bytes)),
    }
}

fn in_an_hour() -> i64 {
    Machine::now().as_microsecond() + 3_600_000_000
}

#[allow(clippy::needless_pass_by_value, reason = "takes what a call answers")]
fn not_found<T: std::fmt::Debug>(answer: Answer<T>) {
    assert!(matches!(&answer, Err(Outcome::NotFound)), "{answer:?}");
}

#[tokio::test]
async fn a_planted_session_or_token_signs_nobody_in() {
    both(async |database| {
        let (app, actor) = given(&database).await;
        let own = app.start_session(&actor).await.unwrap();
        for kind in ["session", "token"] {
            let hash = literal(&database, &digest(&format!("{KNOWN}: {kind}")));
            let (person, org, role, until) = (actor.person, actor.organisation, actor.role.code(), in_an_hour());
            let row = format!(
                "INSERT INTO sign_in (token_hash, person_id, org_id, role, kind, name, made_at, seen_at, expires_at, proven_until) \
                 VALUES ({hash}, {person}, {org}, '{role}', '{kind}', '', 1, 1, {until}, {until})"
            );
            database.script(&row).await;
        }
        assert_eq!(app.own_sign_ins(&actor, &own).await.unwrap().len(), 3, "the rows are whole");
        assert!(app.signed_in(&format!("{KNOWN}: session")).await.unwrap().is_none());
        assert!(app.token_holder(&format!("{KNOWN}: token")).await.unwrap().is_none());
        assert!(app.signed_in(&own).await.unwrap().is_some());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_planted_link_for_a_password_opens_nothing_and_no_row_takes_anothers_state() {
    both(async |database| {
        let (app, _) = given(&database).await;
        let mailbox = Mailbox::of(&app).await;
        app.ask_for_password(DIRECTOR).await.unwrap();
        app.do_due_jobs().await.unwrap();
        let theirs = literal(&database, &database.bytes("SELECT token_hash FROM ceremony").await[0]);
        app.ask_for_password(EMAIL).await.unwrap();
        let token = mailbox.hidden_token(&database, &app, EMAIL).await;
        app.password_link_holds(&token).await.unwrap();
        assert!(app.password_link_holds(KNOWN).await.is_err());

        // A row of their own, with the state of somebody's who forgot theirs.
        let (planted, state) = (literal(&database, &digest(KNOWN)), "SELECT state FROM ceremony WHERE token_hash =");
        let row = format!(
            "INSERT INTO ceremony (token_hash, kind, state, expires_at) VALUES ({planted}, 'password_new', ({state} {theirs}), {})",
            in_an_hour()
        );
        database.script(&row).await;
        assert!(app.password_link_holds(KNOWN).await.is_err());
        assert!(app.choose_password(KNOWN, "other ferry dusk granite").await.is_err());

        // A link that was mailed to them, with the same state.
        let moved = format!("UPDATE ceremony SET state = ({state} {theirs}) WHERE token_hash NOT IN ({theirs}, {planted})");
        database.script(&moved).await;
        assert!(app.choose_password(&token, "other ferry dusk granite").await.is_err());
        app.check_password(DIRECTOR, PASSWORD).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_planted_recovery_code_is_no_second_step() {
    both(async |database| {
        let (app, actor) = given(&database).await;
        let (_, codes) = with_second_step(&app, &actor).await;
        let code = "abcdefgh00111j23";
        let hash = literal(&database, &digest(&format!("recovery:{}:{code}", actor.person.0)));
        let row = format!("INSERT INTO recovery_code (person_id, digest) VALUES ({}, {hash})", actor.person);
        database.script(&row).await;
        assert_eq!(app.recovery_codes_left(actor.person).await.unwrap(), 11, "the row is whole");
        let way = half(&app).await;
        let found = app.half_way(&way).await.unwrap().unwrap();
        assert!(app.sign_in_by_code(&way, &found, code).await.is_err());
        app.sign_in_by_code(&way, &found, &codes[0]).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_planted_invitation_or_one_time_link_opens_nothing() {
    both(async |database| {
        let (app, actor) = given(&database).await;
        let (org, hash, until) = (actor.organisation, hex::encode(digest(KNOWN)), in_an_hour());
        let own = match database.backend {
            Backend::Sqlite => (format!("UPDATE writer_org SET org_id = {org};"), "UPDATE writer_org SET org_id = NULL;"),
            Backend::Postgres => (String::new(), ""),
        };
        let rows = format!(
            "{} INSERT INTO person_invitation (org_id, id, version, state, email, name, role, title, to_date, digest, expires_at) \
             VALUES ({org}, 7, 1, 'sent', 'planted@authority.example', 'Planted', 'administrator', 'None', '2030-01-01', '{hash}', \
             {until}); \
             INSERT INTO welcome_link (org_id, digest) VALUES ({org}, '{hash}'); \
             INSERT INTO one_time_link (digest, id, org_id, provider_id, invitation_id, email, expires_at) \
             VALUES ('{hash}', 8, {org}, {org}, 9, 'planted@authority.example', {until}); {}",
            own.0, own.1
        );
        database.script(&rows).await;
        let session = app.store.read(Some(org)).await.unwrap();
        assert_eq!(session.welcome(org, 7).await.unwrap().digest, hash, "the row is whole");
        drop(session);
        not_found(app.welcome(KNOWN).await);
        not_found(app.accept_welcome(KNOWN, PASSWORD).await);
        not_found(app.link_holder(KNOWN).await.map(|_| ()));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_or_an_address_in_place_of_a_persons_lets_nobody_in() {
    const THEIRS: &str = "other ferry dusk granite";
    both(async |database| {
        let (app, actor) = given(&database).await;
        let _mailbox = Mailbox::of(&app).await;
        let kept = app.visit().await.unwrap().account(DIRECTOR).await.unwrap().unwrap().password.unwrap();
        let set =
            |column: &str, value: &str| format!("UPDATE person SET {column} = '{value}' WHERE id <> {}", actor.person);
        database.script(&set("password", &hash_password(THEIRS).unwrap())).await;
        for password in [THEIRS, PASSWORD] {
            assert!(app.check_password(DIRECTOR, password).await.is_err(), "{password}");
        }
        database.script(&set("password", &kept)).await;
        let director = app.check_password(DIRECTOR, PASSWORD).await.unwrap().remove(0).actor;

        database.script(&set("email", "theirs@elsewhere.example")).await;
        app.ask_for_password("theirs@elsewhere.example").await.unwrap();
        app.do_due_jobs().await.unwrap();
        assert!(database.bytes("SELECT token_hash FROM ceremony").await.is_empty(), "a link was mailed");
        database.script(&set("email", DIRECTOR)).await;

        let session = app.start_session(&director).await.unwrap();
        app.change_password(&director, &session, (PASSWORD, THEIRS)).await.unwrap();
        app.check_password(DIRECTOR, THEIRS).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_second_step_that_was_taken_away_leaves_no_door_to_the_password_alone() {
    both(async |database| {
        let (app, actor) = given(&database).await;
        let (_, codes) = with_second_step(&app, &actor).await;
        for (away, back) in [
            ("UPDATE second_step SET confirmed_at = NULL", "UPDATE second_step SET confirmed_at = 1"),
            (
                "CREATE TABLE kept AS SELECT * FROM second_step; DELETE FROM second_step",
                "INSERT INTO second_step SELECT * FROM kept",
            ),
        ] {
            let way = half(&app).await;
            database.script(away).await;
            assert!(app.sign_in_by_password(EMAIL, PASSWORD).await.is_err(), "{away}");
            assert!(app.has_second_step(actor.person).await.is_err(), "{away}");
            let found = app.half_way(&way).await.unwrap().unwrap();
            assert!(app.sign_in_by_code(&way, &found, &codes[0]).await.is_err(), "{away}");
            database.script(back).await;
        }
        let way = half(&app).await;
        let found = app.half_way(&way).await.unwrap().unwrap();
        app.sign_in_by_code(&way, &found, &codes[0]).await.unwrap();
        app.end_second_step(&actor, PASSWORD).await.unwrap();
        app.sign_in_by_password(EMAIL, PASSWORD).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_session_or_token_turned_over_to_somebody_else_signs_nobody_in() {
    both(async |database| {
        let (app, actor) = given(&database).await;
        let director = app.actor_by_email(DIRECTOR).await.unwrap();
        let session = app.start_session(&actor).await.unwrap();
        let token = app.create_token(&actor, "reports", 1, &TokenScope::Reading).await.unwrap();
        let (theirs, own) = (director.person, actor.person);
        for (change, back) in [
            (
                format!("person_id = {theirs}, role = 'approver'"),
                format!("person_id = {own}, role = 'placement_officer'"),
            ),
            ("expires_at = expires_at + 9".to_owned(), "expires_at = expires_at - 9".to_owned()),
            ("provider_org = org_id".to_owned(), "provider_org = NULL".to_owned()),
        ] {
            database.script(&format!("UPDATE sign_in SET {change}")).await;
            assert!(app.signed_in(&session).await.unwrap().is_none(), "{change}");
            assert!(app.token_holder(&token).await.unwrap().is_none(), "{change}");
            database.script(&format!("UPDATE sign_in SET {back}, seen_at = seen_at - 1")).await;
            assert!(app.signed_in(&session).await.unwrap().is_some(), "{back}");
            assert!(app.token_holder(&token).await.unwrap().is_some(), "{back}");
        }
        database.script("UPDATE sign_in SET scope = NULL, proven_until = 9000000000000000").await;
        assert!(app.token_holder(&token).await.unwrap().is_none(), "it reads alone");
        assert!(app.signed_in(&session).await.unwrap().is_none(), "nobody proved anything");
    })
    .await;
}

#[tokio::test]
async fn a_role_that_was_put_there_or_changed_is_nobodys() {
    both(async |database| {
        let (app, actor) = given(&database).await;
        let (own, org) = (actor.person, actor.organisation);
        let session = app.start_session(&actor).await.unwrap();
        let planted = format!(
            "INSERT INTO membership (person_id, org_id, role, title, from_date, to_date, tag) \
             SELECT {own}, org_id, role, title, from_date, to_date, tag FROM membership WHERE person_id <> {own}"
        );
        database.script(&planted).await;
        assert_eq!(app.roles_of(own).await.unwrap().len(), 1);
        assert!(app.switch(&actor, &session, "HEF", Role::Approver.code()).await.is_err());
        let people = app.store.read(Some(org)).await.unwrap();
        assert_eq!(people.people_in_role(org, Role::Approver, date(2021, 9, 13)).await.unwrap().len(), 1);
        drop(people);
        database.script(&format!("UPDATE organisation SET kind = 'operator' WHERE id = {org}")).await;
        assert!(app.signed_in(&session).await.unwrap().is_none() && app.roles_of(own).await.unwrap().is_empty());
        database.script(&format!("UPDATE organisation SET kind = 'authority' WHERE id = {org}")).await;

        let work = app.store.begin(org, app.calendar.now()).await.unwrap();
        let days = (date(2019, 1, 1), OPEN_END);
        work.give_membership(own, Role::Approver, "Director", days).await.unwrap();
        work.commit(Machine::now()).await.unwrap();
        assert_eq!(app.roles_of(own).await.unwrap().len(), 2, "the row that was planted is the service's now");
        app.switch(&actor, &session, "HEF", Role::Approver.code()).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn nobody_makes_a_demonstration_of_a_database_in_which_anybody_is_whom_they_choose() {
    both(async |database| {
        let (app, actor) = given(&database).await;
        let session = app.start_session(&actor).await.unwrap();
        for (key, value) in [("demonstration", "2021-09-13T10:20"), ("demonstration_people", EMAIL)] {
            database.script(&format!("INSERT INTO meta (key, value) VALUES ('{key}', '{value}')")).await;
        }
        assert!(app.demonstration_people().await.unwrap().is_empty());
        not_found(app.prove_invented(&actor, &session).await);
        not_found(app.guest().await.map(|_| ()));
    })
    .await;
}

#[tokio::test]
async fn sessions_tokens_and_recovery_codes_go_on_under_another_master_key() {
    both(async |database| {
        let (app, actor) = given(&database).await;
        let (_, codes) = with_second_step(&app, &actor).await;
        let (session, new) = (app.start_session(&actor).await.unwrap(), MasterKey::generate_hex());
        let token = app.create_token(&actor, "reports", 1, &TokenScope::Everything).await.unwrap();
        let way = half(&app).await;
        app.store.close().await;
        let rotating = database.store_with(&format!("{new}\n{MASTER}")).await.unwrap();
        assert_eq!(rotating.rotate_keys(true, app.calendar.now()).await.unwrap().retired, 1);
        rotating.close().await;

        let calendar = Calendar::standing(date(2021, 9, 13).at(10, 20, 0, 0));
        let app: Arc<App> = App::new(database.store_with(&new).await.unwrap(), calendar);
        assert_eq!(app.signed_in(&session).await.unwrap().unwrap().person, actor.person);
        assert_eq!(app.token_holder(&token).await.unwrap().unwrap().person, actor.person);
        let found = app.half_way(&way).await.unwrap().unwrap();
        app.sign_in_by_code(&way, &found, &codes[0]).await.unwrap();
    })
    .await;
}
