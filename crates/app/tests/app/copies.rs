//! S4 beyond the database itself: a copy made before an erasure, the raw bytes of files and folders after it, and a master
//! key that was replaced since. The control each time: before, the child was there.

use std::fmt::Write as _;
use std::sync::Arc;

use placewell_app::clock::Machine;
use placewell_domain::clock::Moment;
use placewell_domain::id::ChildId;
use placewell_domain::money::Pence;
use placewell_store::keys::MasterKey;
use placewell_store::{Backend, Store};
use placewell_testkit::databases::{MASTER, TestDatabase, both, discard};

use crate::award::world::{HEF, World};
use crate::erasure::{erased, hex_of, holds, identity, plant};

/// What docs/running.md tells the owner of a PostgreSQL database to run after an erasure.
fn documented() -> String {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/running.md")).unwrap();
    text.lines().find(|line| line.starts_with("VACUUM (FULL)")).expect("docs/running.md names the statement").to_owned()
}

fn wrapped(child: ChildId) -> String {
    let of = |table: &str| format!("SELECT wrapped FROM {table} WHERE child_id = {}", child.0);
    ["child_key", "invitation_key", "document_key"].map(of).join(" UNION ALL ")
}

/// How many of the wrapped keys stand in some file of the database.
async fn left(database: &TestDatabase, keys: &[Vec<u8>]) -> usize {
    let files = database.files().await;
    assert!(files.iter().any(|file| file.len() > 4_096), "the files were not read");
    keys.iter().filter(|key| files.iter().any(|file| holds(file, key))).count()
}

/// Runs what is documented, and again while something that began to read before, such as PostgreSQL's own analysis of a table,
/// had it keep what was deleted.
async fn emptied(database: &TestDatabase, keys: &[Vec<u8>]) {
    for _ in 0..20 {
        database.script(&documented()).await;
        database.script("CHECKPOINT").await;
        if left(database, keys).await == 0 {
            return;
        }
    }
}

async fn opens(store: &Store, child: ChildId) -> bool {
    let session = store.read(Some(HEF)).await.unwrap();
    let Ok(known) = session.child(HEF, child).await else { return false };
    session.open_identity(&known).await.is_ok_and(|found| found == identity())
}

#[tokio::test]
async fn s4_no_copy_from_before_opens_an_erased_child_with_the_keys_in_force() {
    both(async |database| {
        let world = World::new(&database, "E06000019", 2, Pence::pounds(400_000)).await;
        let (app, new) = (Arc::clone(&world.app), MasterKey::generate_hex());
        let (child, number) = plant(&app).await;
        let keys = database.bytes(&wrapped(child)).await;
        assert!(keys.len() > 20, "a child's, an invitation's and twenty documents'");
        let before = database.copied().await;

        // The control: the copy, with the master key of its time, really opens the child.
        let store = before.store().await;
        assert!(opens(&store, child).await);
        store.close().await;
        if database.backend == Backend::Postgres {
            database.script("CHECKPOINT").await;
        }
        assert_eq!(left(&database, &keys).await, keys.len(), "the raw bytes are really read");

        erased(&app, number).await;
        app.do_due_jobs().await.unwrap();
        assert_eq!(app.store.erased_since_keys().await.unwrap().0, 1);
        if database.backend == Backend::Postgres {
            emptied(&database, &keys).await;
            let dump = database.dumped().await;
            assert!(keys.iter().all(|key| !holds(&dump, key_digits(key).as_bytes())), "a copy made after");
            assert!(
                !holds(&dump, identity().family_name.as_bytes())
                    && !holds(&dump, hex_of(&identity().family_name).as_bytes())
            );
        }
        assert_eq!(left(&database, &keys).await, 0, "wrapped keys that outlive the erasure in the files");

        // The master key is replaced, as docs/running.md says.
        app.store.close().await;
        let yearly = replaced_alone(&database, app.calendar.now()).await;
        let rotating = database.store_with(&format!("{new}\n{yearly}")).await.unwrap();
        let done = rotating.rotate_keys(true, app.calendar.now()).await.unwrap();
        assert!(done.retired == 1 && done.destroyed >= 1, "{done:?}");
        assert_eq!(rotating.erased_since_keys().await.unwrap(), (0, None));
        rotating.close().await;

        // What is in force now opens neither the copy nor its rows brought back into the database.
        assert!(before.store_with(&new).await.is_err(), "the copy opens with the new master key");
        bring_back(&database, child, &keys[0]).await;
        let alone = database.store_with(&new).await.unwrap();
        assert!(alone.read(Some(HEF)).await.unwrap().child_key(HEF, child).await.is_err(), "the old row was opened");
        let moment = app.calendar.now();
        let work = alone.begin(HEF, moment).await.unwrap();
        work.new_child_key(HEF, ChildId(child.0 + 1)).await.unwrap();
        work.commit(Machine::now()).await.unwrap();
        alone.close().await;
        let store = before.store().await;
        assert!(opens(&store, child).await, "only whoever kept the old master key beside the copy opens it");
        store.close().await;
        discard(&before).await;
    })
    .await;
}

/// The yearly replacement of the master key, which it returns: organisations' keys are sealed anew and open the copy still.
async fn replaced_alone(database: &TestDatabase, now: Moment) -> String {
    let yearly = MasterKey::generate_hex();
    let store = database.store_with(&format!("{yearly}\n{MASTER}")).await.unwrap();
    assert_eq!(store.rotate_keys(false, now).await.unwrap().retired, 1);
    assert_eq!(store.erased_since_keys().await.unwrap().0, 1, "the key that opens the copy is in force");
    store.close().await;
    yearly
}

fn key_digits(key: &[u8]) -> String {
    key.iter().fold(String::new(), |mut digits, byte| {
        write!(digits, "{byte:02x}").unwrap();
        digits
    })
}

/// Somebody puts the child's wrapped key of an old copy back into the database.
async fn bring_back(database: &TestDatabase, child: ChildId, key: &[u8]) {
    let (digits, org, id) = (key_digits(key), HEF.0, child.0);
    let row = format!("INSERT INTO child_key (org_id, child_id, wrapped) VALUES ({org}, {id}, ");
    let script = match database.backend {
        Backend::Postgres => format!("{row}'\\x{digits}'::bytea)"),
        Backend::Sqlite => {
            format!("UPDATE writer_org SET org_id = {org}; {row}X'{digits}'); UPDATE writer_org SET org_id = NULL")
        }
    };
    database.script(&script).await;
}
