//! A database from before tokens were sealed and digests keyed: what the first opening with the master key makes of it.

use std::time::Duration;

use jiff::civil::date;
use placewell_app::clock::Machine;
use placewell_domain::id::PersonId;
use placewell_domain::nights::OPEN_END;
use placewell_domain::office::access::Role;
use placewell_store::keys::MasterKey;
use placewell_store::office::person::SignInKind;
use placewell_store::office::person::ceremony::CeremonyKind;
use placewell_store::{Backend, Store, migrate};
use placewell_testkit::databases::{MASTER, TestDatabase, both, discard, fresh};
use sqlx::{Connection as _, Executor as _, PgConnection};

use crate::foundation::{HEREFORDSHIRE, SHROPSHIRE, administrator, moment, two_authorities};
use crate::rotation::literal;
use crate::tagged;

const WAITING: &str = "0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9";
const GONE: &str = "f9e8d7c6b5a4f3e2d1c0b9a8f7e6d5c4b3a29181706f5e4d3c2b1a0f9e8d7c6b";

/// The database as an earlier version left it, with rows of its own.
async fn as_before(database: &TestDatabase, rows: &str) {
    let own = match database.backend {
        Backend::Sqlite => ("UPDATE writer_org SET org_id = 1;", "UPDATE writer_org SET org_id = NULL;"),
        Backend::Postgres => ("", ""),
    };
    let script = format!(
        "DROP TABLE kept_plainly; DELETE FROM table_class WHERE name = 'kept_plainly'; \
         ALTER TABLE mail DROP COLUMN secret; DELETE FROM migration WHERE name = '0061_nothing_in_the_clear'; {} {} {rows} {}",
        tagged::untagged(),
        own.0,
        own.1
    );
    database.script(&script).await;
    if database.backend == Backend::Postgres {
        let news = migrate::postgres(&database.url, Some(&MasterKey::from_hex(MASTER).unwrap())).await.unwrap();
        assert_eq!(news, ["0061_nothing_in_the_clear", tagged::TAGS]);
    }
}

fn mail(id: i64, token: &str, sent: &str) -> String {
    format!(
        "INSERT INTO mail (id, org_id, recipient, subject, body, made_at, sent_at, dedupe) VALUES ({id}, 1, 'a@b.example', \
         'Choose a new password', 'Open the link.\n\n/emails/{token}/password', 1, {sent}, 'mail {id}');"
    )
}

/// Whether a word lies in any byte of SQLite's files, or in any row.
async fn lies(database: &TestDatabase, word: &str) -> bool {
    let all = database.everything().await;
    all.iter().any(|(_, bytes)| bytes.windows(word.len()).any(|part| part == word.as_bytes()))
}

/// Where a word stands among the rows.
async fn standing(database: &TestDatabase, word: &str) -> Vec<String> {
    let rows = database.rows().await.into_iter();
    rows.filter(|(_, rows)| String::from_utf8_lossy(rows).contains(word)).map(|(table, _)| table).collect()
}

#[tokio::test]
async fn mails_from_before_keep_no_token_in_the_clear_and_those_that_wait_still_go_whole() {
    both(async |database| {
        let store = database.store().await;
        two_authorities(&store).await;
        store.close().await;
        as_before(&database, &format!("{} {}", mail(7, WAITING, "NULL"), mail(8, GONE, "5"))).await;
        assert_eq!(standing(&database, WAITING).await, ["mail"], "the control");
        assert!(lies(&database, WAITING).await && lies(&database, GONE).await, "the control");

        let store = database.store().await;
        for token in [WAITING, GONE] {
            assert_eq!(standing(&database, token).await, Vec::<String>::new());
            assert!(!lies(&database, token).await, "it lies in a file's free bytes or in the log of writes");
        }
        let session = store.read(Some(HEREFORDSHIRE)).await.unwrap();
        let waits = session.whole_mail(HEREFORDSHIRE, 7).await.unwrap();
        assert_eq!(waits.body, format!("Open the link.\n\n/emails/{WAITING}/password"));
        assert!(!session.mail(HEREFORDSHIRE, 7).await.unwrap().body.contains(WAITING), "read without its link");
        assert!(!session.whole_mail(HEREFORDSHIRE, 8).await.unwrap().body.contains(GONE), "it went already");
        assert_eq!(session.mails(SHROPSHIRE, 10).await.unwrap(), []);
        drop(session);

        // It is done once, and nobody has it done again.
        store.close().await;
        let store = database.store().await;
        let again = store.read(Some(HEREFORDSHIRE)).await.unwrap().whole_mail(HEREFORDSHIRE, 7).await.unwrap();
        assert_eq!(again.body, waits.body);
        let asked = administrator::any_pool(&database.url);
        assert!(asked.execute("INSERT INTO kept_plainly (holder) VALUES (1)").await.is_err());
    })
    .await;
}

#[tokio::test]
async fn a_second_node_waits_for_the_first_which_works_off_a_large_part_still() {
    let database = fresh(Backend::Postgres).await;
    let store = database.store().await;
    two_authorities(&store).await;
    store.close().await;
    as_before(&database, &mail(7, WAITING, "NULL")).await;
    let mut first = PgConnection::connect(&database.url).await.unwrap();
    first.execute("BEGIN").await.unwrap();
    first.execute("SELECT holder FROM kept_plainly WHERE holder = 1 FOR UPDATE").await.unwrap();

    // A lock is waited for five seconds at a time.
    let opening = database.store();
    tokio::pin!(opening);
    let early = tokio::time::timeout(Duration::from_secs(6), &mut opening).await;
    assert!(early.is_err(), "opened while the first node held its part");
    first.execute("ROLLBACK").await.unwrap();
    opening.await.close().await;
    assert_eq!(standing(&database, WAITING).await, Vec::<String>::new());
    discard(&database).await;
}

const PERSON: PersonId = PersonId(70);
/// The plain digest of a token, whose hexadecimal digits are the same in every writing.
const TOKEN: [u8; 32] = [7; 32];

/// Rows as an earlier version kept them: under the plain digests, what is half-way sealed for no row of its own.
fn plain_rows(database: &TestDatabase, store: &Store) -> String {
    let until = Machine::now().as_microsecond() + 3_600_000_000;
    let (hash, digest) = (literal(database.backend, &TOKEN), hex::encode(TOKEN));
    let state = literal(database.backend, &store.master().seal(-19, b"half-way").unwrap());
    let nothing = literal(database.backend, b"");
    let other = literal(database.backend, &[8; 32]);
    format!(
        "INSERT INTO sign_in (token_hash, person_id, org_id, role, kind, name, made_at, seen_at, expires_at) \
         VALUES ({hash}, 70, 1, 'approver', 'session', '', 1, 1, {until}); \
         INSERT INTO ceremony (token_hash, kind, state, expires_at) VALUES ({hash}, 'password_new', {state}, {until}); \
         INSERT INTO ceremony (token_hash, kind, state, expires_at) VALUES ({other}, 'passkey', {nothing}, {until}); \
         INSERT INTO recovery_code (person_id, digest) VALUES (70, {hash}); \
         INSERT INTO one_time_link (digest, id, org_id, provider_id, invitation_id, email, expires_at) \
         VALUES ('{digest}', 8, 1, 2, 9, 'a@b.example', {until}); \
         INSERT INTO welcome_link (org_id, digest) VALUES (1, '{digest}');"
    )
}

#[tokio::test]
async fn sessions_links_and_codes_from_before_digests_were_keyed_go_on_and_are_found_by_no_plain_digest() {
    both(async |database| {
        let store = database.store().await;
        two_authorities(&store).await;
        let work = store.begin(HEREFORDSHIRE, moment()).await.unwrap();
        work.add_person(PERSON, "p.shah@authority.example", "Priya Shah", None).await.unwrap();
        work.add_membership(PERSON, Role::Approver, "Director", date(2019, 1, 1), OPEN_END).await.unwrap();
        work.commit(Machine::now()).await.unwrap();
        let rows = plain_rows(&database, &store);
        store.close().await;
        as_before(&database, &rows).await;
        let digest = hex::encode(TOKEN);
        let plain = standing(&database, &digest).await;
        assert_eq!(plain, ["ceremony", "one_time_link", "recovery_code", "sign_in", "welcome_link"], "the control");

        // What is done once is not done again by a second opening.
        database.store().await.close().await;
        let store = database.store().await;
        assert_eq!(standing(&database, &digest).await, Vec::<String>::new());
        let session = store.read(None).await.unwrap();
        let found = session.signed_in(SignInKind::Session, &TOKEN, Machine::now(), moment().today()).await.unwrap();
        assert_eq!(found.unwrap().actor.person, PERSON);
        assert_eq!(session.one_time_link(&digest).await.unwrap().id, 8);
        assert_eq!(session.welcome_link(&digest).await.unwrap(), HEREFORDSHIRE);
        drop(session);
        let work = store.begin(HEREFORDSHIRE, moment()).await.unwrap();
        let taken = work.take_ceremony(&TOKEN, CeremonyKind::PasswordNew, Machine::now()).await.unwrap();
        assert_eq!(taken.as_deref(), Some(b"half-way".as_slice()));
        assert!(work.use_recovery_code(PERSON, &TOKEN, Machine::now()).await.unwrap());
        work.use_one_time_link(&digest, Machine::now()).await.unwrap();
        work.roll_back().await.unwrap();
    })
    .await;
}
