//! Rows that carry a tag: what is changed past the service counts as none, and what is from before is tagged once.

use std::time::Duration;

use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use placewell_app::clock::Machine;
use placewell_domain::id::{InvitationId, OrganisationId, PersonId};
use placewell_domain::nights::OPEN_END;
use placewell_domain::office::access::Role;
use placewell_domain::office::person::provider::Admits;
use placewell_domain::office::person::session::Method;
use placewell_domain::office::person::welcome::{Welcome, WelcomeState};
use placewell_domain::placing::invitation::OneTimeLink;
use placewell_store::keys::MasterKey;
use placewell_store::office::person::passkey::KeptPasskey;
use placewell_store::office::person::provider::IdentityProvider;
use placewell_store::office::person::{NewSignIn, SignInKind};
use placewell_store::{Backend, Store, Work, migrate};
use placewell_testkit::databases::{MASTER, TestDatabase, both};

use crate::foundation::{HEREFORDSHIRE, SHROPSHIRE, moment, two_authorities};

/// The migration that brings the tags.
pub const TAGS: &str = "0068_tags";

const TABLES: [&str; 9] = [
    "person",
    "passkey",
    "sign_in",
    "membership",
    "identity_provider",
    "outside_identity",
    "welcome_link",
    "one_time_link",
    "meta",
];

/// The statements that leave a database as it stood before tags.
pub fn untagged() -> String {
    let drops = TABLES.map(|table| format!("ALTER TABLE {table} DROP COLUMN tag;"));
    format!("{} DELETE FROM migration WHERE name = '{TAGS}';", drops.join(" "))
}

const PERSON: PersonId = PersonId(70);
const OTHER: PersonId = PersonId(71);
const EMAIL: &str = "p.shah@authority.example";
const ISSUER: &str = "https://id.authority.example";
const TOKEN: [u8; 32] = [7; 32];
const DIGEST: &str = "0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9";

fn welcome() -> Welcome {
    Welcome {
        id: 8,
        version: 0,
        organisation: HEREFORDSHIRE,
        email: "new@authority.example".to_owned(),
        name: "R Okafor".to_owned(),
        role: Role::PlacementOfficer,
        title: "Officer".to_owned(),
        until: OPEN_END,
        digest: DIGEST.to_owned(),
        expires: Machine::now() + SignedDuration::from_hours(1),
        by: Some(PERSON),
        state: WelcomeState::Sent,
    }
}

fn link() -> OneTimeLink {
    OneTimeLink {
        id: 9,
        invitation: InvitationId(10),
        authority: HEREFORDSHIRE,
        provider: SHROPSHIRE,
        email: "manager@provider.example".to_owned(),
        digest: DIGEST.to_owned(),
        expires: Machine::now() + SignedDuration::from_hours(1),
        used: None,
    }
}

fn provider() -> IdentityProvider {
    IdentityProvider {
        organisation: HEREFORDSHIRE,
        version: 1,
        issuer: ISSUER.to_owned(),
        client_id: "placewell".to_owned(),
        secret: Some("a secret of theirs".to_owned()),
        claim: "groups".to_owned(),
        rules: Vec::new(),
        admits: Admits::Invited,
        only_way: false,
    }
}

async fn two_people(work: &Work) {
    for (person, email) in [(PERSON, EMAIL), (OTHER, "other@authority.example")] {
        work.add_person(person, email, "Priya Shah", Some("hash")).await.unwrap();
        work.add_membership(person, Role::PlacementOfficer, "Officer", date(2019, 1, 1), OPEN_END).await.unwrap();
    }
}

/// A row of every kind, as the service writes it.
async fn filled(database: &TestDatabase) {
    let store = database.store().await;
    two_authorities(&store).await;
    let (mut work, now) = (store.begin(HEREFORDSHIRE, moment()).await.unwrap(), Machine::now());
    two_people(&work).await;
    work.begin_second_step(PERSON, b"a shared secret", now).await.unwrap();
    work.confirm_second_step(PERSON, now).await.unwrap();
    let (name, body) = ("Laptop".to_owned(), "{}".to_owned());
    let passkey = KeptPasskey { credential: TOKEN.to_vec(), person: PERSON, name, body, made_at: now, used_at: None };
    work.add_passkey(&passkey).await.unwrap();
    let actor = work.memberships(PERSON, moment().today()).await.unwrap().remove(0).actor;
    let session = NewSignIn {
        token_hash: &TOKEN,
        actor: &actor,
        kind: SignInKind::Session,
        name: "",
        at: now,
        expires_at: now + SignedDuration::from_hours(1),
        idle_seconds: Some(3_600),
        proven_until: None,
        method: Some(Method::Password),
        scope: None,
        provider: None,
    };
    work.add_sign_in(&session).await.unwrap();
    work.note_proof(&TOKEN, now).await.unwrap();
    work.set_identity_provider(&provider()).await.unwrap();
    work.add_outside_identity(ISSUER, "s1", PERSON).await.unwrap();
    work.apply(welcome().send()).await.unwrap();
    work.add_one_time_link(&link()).await.unwrap();
    work.set_mark("counted", "monday").await.unwrap();
    work.commit(now).await.unwrap();
    store.close().await;
}

const ALL: [&str; 9] =
    ["account", "second step", "passkey", "role", "session", "provider", "name", "invitation", "link"];

/// What counts, of what was filled in.
async fn counts(store: &Store) -> Vec<&'static str> {
    let session = store.read(Some(HEREFORDSHIRE)).await.unwrap();
    let (now, today) = (Machine::now(), moment().today());
    let theirs = session.account("theirs@b.example").await.unwrap();
    let found = [
        session.account(EMAIL).await.unwrap().or(theirs).is_some(),
        session.second_step(PERSON).await.is_ok_and(|step| step.is_some_and(|step| step.confirmed)),
        session.passkey(&TOKEN).await.unwrap().is_some(),
        !session.memberships(PERSON, today).await.unwrap().is_empty(),
        session.signed_in(SignInKind::Session, &TOKEN, now, today).await.unwrap().is_some(),
        session.identity_provider(HEREFORDSHIRE).await.unwrap().is_some(),
        session.outside_person(HEREFORDSHIRE, ISSUER, "s1").await.unwrap().is_some(),
        session.welcome_by_digest(HEREFORDSHIRE, DIGEST).await.is_ok()
            && !session.welcomes(HEREFORDSHIRE).await.unwrap().is_empty(),
        session.one_time_link(DIGEST).await.is_ok(),
    ];
    ALL.into_iter().zip(found).filter_map(|(what, counts)| counts.then_some(what)).collect()
}

/// Statements of whoever writes the database past the service.
async fn past(database: &TestDatabase, sql: &str) {
    let as_owner = match database.backend {
        Backend::Sqlite => "UPDATE writer_org SET org_id = 1;",
        Backend::Postgres => "",
    };
    let back = if as_owner.is_empty() { "" } else { "UPDATE writer_org SET org_id = NULL;" };
    database.script(&format!("{as_owner} {sql}; {back}")).await;
}

/// What is done to a row, how it was before, and what does not count meanwhile.
const CHANGES: &[(&str, &str, &[&str])] = &[
    ("person SET password = 'theirs' WHERE id = 70", "person SET password = 'hash' WHERE id = 70", &ALL_OF_A_PERSON),
    ("person SET password = NULL WHERE id = 70", "person SET password = 'hash' WHERE id = 70", &ALL_OF_A_PERSON),
    (
        "person SET email = 'theirs@b.example' WHERE id = 70",
        "person SET email = 'p.shah@authority.example' WHERE id = 70",
        &ALL_OF_A_PERSON,
    ),
    ("second_step SET confirmed_at = NULL", "second_step SET confirmed_at = 1", &ALL_OF_A_PERSON),
    ("passkey SET person_id = 71", "passkey SET person_id = 70", &["passkey"]),
    ("passkey SET body = '[]'", "passkey SET body = '{}'", &["passkey"]),
    ("sign_in SET person_id = 71", "sign_in SET person_id = 70", &["session"]),
    ("sign_in SET provider_org = 1", "sign_in SET provider_org = NULL", &["session"]),
    ("sign_in SET proven_until = proven_until + 1", "sign_in SET proven_until = proven_until - 1", &["session"]),
    (
        "membership SET role = 'approver' WHERE person_id = 70",
        "membership SET role = 'placement_officer' WHERE person_id = 70",
        &["role", "session"],
    ),
    (
        "membership SET from_date = '2018-01-01' WHERE person_id = 70",
        "membership SET from_date = '2019-01-01' WHERE person_id = 70",
        &["role", "session"],
    ),
    (
        "organisation SET kind = 'operator' WHERE id = 1",
        "organisation SET kind = 'authority' WHERE id = 1",
        &["role", "session"],
    ),
    (
        "identity_provider SET issuer = 'https://theirs.example'",
        "identity_provider SET issuer = 'https://id.authority.example'",
        &["provider"],
    ),
    ("identity_provider SET claim = 'theirs'", "identity_provider SET claim = 'groups'", &["provider"]),
    ("outside_identity SET person_id = 71", "outside_identity SET person_id = 70", &["name"]),
    ("one_time_link SET invitation_id = 11", "one_time_link SET invitation_id = 10", &["link"]),
    ("one_time_link SET expires_at = expires_at + 1", "one_time_link SET expires_at = expires_at - 1", &["link"]),
];
const ALL_OF_A_PERSON: [&str; 2] = ["account", "second step"];

#[tokio::test]
async fn what_was_changed_past_the_service_counts_as_none_until_it_is_as_it_was() {
    both(async |database| {
        filled(&database).await;
        let store = database.store().await;
        assert_eq!(counts(&store).await, ALL);
        for (change, back, gone) in CHANGES {
            past(&database, &format!("UPDATE {change}")).await;
            let left: Vec<&str> = ALL.into_iter().filter(|what| !gone.contains(what)).collect();
            assert_eq!(counts(&store).await, left, "{change}");
            past(&database, &format!("UPDATE {back}")).await;
            assert_eq!(counts(&store).await, ALL, "{back}");
        }
        // What moves by itself is left out.
        past(&database, "UPDATE sign_in SET seen_at = seen_at + 1, name = 'x'; UPDATE passkey SET used_at = 1").await;
        assert_eq!(counts(&store).await, ALL);
        past(&database, "UPDATE person_invitation SET role = 'approver', version = version + 1").await;
        past(&database, "DELETE FROM second_step").await;
        assert_eq!(counts(&store).await, ["passkey", "role", "session", "provider", "name", "link"]);
    })
    .await;
}

/// Notes a proof of the session, or shortens it.
async fn changes(work: &Work, proof: bool, until: Timestamp) {
    if proof {
        work.note_proof(&TOKEN, until).await.unwrap();
    } else {
        work.shorten_sign_ins(PERSON, Role::PlacementOfficer, until).await.unwrap();
    }
}

#[tokio::test]
async fn a_session_whose_proof_is_noted_while_it_is_shortened_carries_the_tag_of_both() {
    both(async |database| {
        filled(&database).await;
        let store = database.store().await;
        for (proof, minutes) in [(true, 30), (false, 20)] {
            let until = Machine::now() + SignedDuration::from_mins(minutes);
            let first = store.begin(HEREFORDSHIRE, moment()).await.unwrap();
            changes(&first, proof, until).await;
            let second = async {
                let work = store.begin(HEREFORDSHIRE, moment()).await.unwrap();
                changes(&work, !proof, until).await;
                work.commit(Machine::now()).await.unwrap();
            };
            tokio::pin!(second);
            let waited = tokio::time::timeout(Duration::from_millis(300), &mut second).await;
            assert!(waited.is_err(), "it did not wait: a proof first: {proof}");
            // Both may share one commit, which then waits for both.
            tokio::join!(async { first.commit(Machine::now()).await.unwrap() }, second);
            assert_eq!(counts(&store).await, ALL, "a proof first: {proof}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_the_service_changes_goes_on_and_what_was_planted_is_tagged_by_no_change() {
    both(async |database| {
        filled(&database).await;
        let store = database.store().await;
        let (now, today, later) = (Machine::now(), moment().today(), date(2022, 1, 1));
        let work = store.begin(HEREFORDSHIRE, moment()).await.unwrap();
        work.give_password(PERSON, Some("another")).await.unwrap();
        assert!(work.passkey_used(&TOKEN, "[1]", now).await.unwrap());
        work.note_proof(&TOKEN, now).await.unwrap();
        work.note_seen(&TOKEN, now + SignedDuration::from_secs(9)).await.unwrap();
        let held = (Role::PlacementOfficer, date(2019, 1, 1));
        work.move_membership_end(PERSON, held, (OPEN_END, later)).await.unwrap();
        work.mark_membership(PERSON, Role::PlacementOfficer, today).await.unwrap();
        work.lend_role(PERSON, Role::Approver, "Cover", (today, later)).await.unwrap();
        work.set_identity_provider(&IdentityProvider { version: 2, only_way: true, ..provider() }).await.unwrap();
        work.renew_one_time_link(9, now + SignedDuration::from_hours(2)).await.unwrap();
        work.commit(now).await.unwrap();
        assert_eq!(counts(&store).await, ALL);
        let session = store.read(Some(HEREFORDSHIRE)).await.unwrap();
        assert_eq!(session.memberships(PERSON, today).await.unwrap().len(), 2);
        assert_eq!(session.account(EMAIL).await.unwrap().unwrap().password.as_deref(), Some("another"));
        drop(session);

        past(&database, "UPDATE person SET email = 'theirs@b.example' WHERE id = 70").await;
        let planted = "INSERT INTO membership (person_id, org_id, role, title, from_date, to_date) \
                       VALUES (70, 1, 'administrator', 'None', '2019-01-01', '9999-12-31')";
        past(&database, planted).await;
        let work = store.begin(HEREFORDSHIRE, moment()).await.unwrap();
        assert!(work.give_password(PERSON, Some("theirs")).await.is_err());
        assert!(work.end_second_step(PERSON).await.is_err());
        assert_eq!(work.end_membership(PERSON, Role::Administrator, today).await.unwrap(), 0);
        assert_eq!(work.colleagues(HEREFORDSHIRE, today, Some(PERSON)).await.unwrap().len(), 2);
        work.commit(now).await.unwrap();
        assert_eq!(counts(&store).await, ["passkey", "role", "session", "provider", "name", "invitation", "link"]);
    })
    .await;
}

async fn is_marked(store: &Store) -> bool {
    store.read(None).await.unwrap().mark("counted").await.unwrap().is_some()
}

#[tokio::test]
async fn a_mark_that_was_put_there_past_the_service_is_none() {
    both(async |database| {
        filled(&database).await;
        let store = database.store().await;
        assert!(is_marked(&store).await);
        past(&database, "UPDATE meta SET value = 'tuesday' WHERE key = 'counted'").await;
        past(&database, "INSERT INTO meta (key, value) VALUES ('demonstration', '2021-09-13T10:20')").await;
        assert!(!is_marked(&store).await);
        assert_eq!(store.read(None).await.unwrap().mark("demonstration").await.unwrap(), None);
        let work = store.begin(OrganisationId(0), moment()).await.unwrap();
        assert!(work.set_mark_once("counted", "tuesday").await.unwrap());
        work.commit(Machine::now()).await.unwrap();
        assert!(is_marked(&store).await);
    })
    .await;
}

#[tokio::test]
async fn rows_from_before_tags_are_tagged_by_the_run_that_brings_them_and_by_no_run_after_it() {
    both(async |database| {
        filled(&database).await;
        database.script(&untagged()).await;
        let key = MasterKey::from_hex(MASTER).unwrap();
        if database.backend == Backend::Postgres {
            let without = migrate::postgres(&database.url, None).await.unwrap_err().to_string();
            assert!(without.contains("say where the key is"), "{without}");
            let other = MasterKey::from_hex(&MasterKey::generate_hex()).unwrap();
            assert!(migrate::postgres(&database.url, Some(&other)).await.is_err(), "tagged under another key");
            assert_eq!(migrate::postgres(&database.url, Some(&key)).await.unwrap(), [TAGS]);
        }
        let store = database.store().await;
        assert_eq!(counts(&store).await, ALL);
        assert!(is_marked(&store).await);
        store.close().await;

        let blank: Vec<String> = TABLES
            .map(|table| format!("UPDATE {table} SET tag = ''{}", if table == "meta" { MARKS } else { "" }))
            .into();
        past(&database, &blank.join("; ")).await;
        if database.backend == Backend::Postgres {
            assert_eq!(migrate::postgres(&database.url, Some(&key)).await.unwrap(), Vec::<String>::new());
        }
        let store = database.store().await;
        assert_eq!(counts(&store).await, Vec::<&str>::new());
        assert!(!is_marked(&store).await);
    })
    .await;
}

/// The check of the master key is changed by nobody.
const MARKS: &str = " WHERE key <> 'key_check'";

#[tokio::test]
async fn a_database_in_which_nobody_is_yet_needs_no_key() {
    both(async |database| {
        database.script(&untagged()).await;
        if database.backend == Backend::Postgres {
            assert_eq!(migrate::postgres(&database.url, None).await.unwrap(), [TAGS]);
        }
        filled(&database).await;
        assert_eq!(counts(&database.store().await).await, ALL);
    })
    .await;
}
