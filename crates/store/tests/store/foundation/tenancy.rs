//! Tenancy, table by table as the catalogue has them: in a filled region nobody sees a row of another organisation that its
//! class does not give them, changes one, takes one away or adds one in another's name; and no connection keeps an
//! organisation after an error. No table is passed over: what the region leaves empty is planted in.

mod planted;

use std::collections::BTreeSet;

use placewell_app::clock::Machine;
use placewell_domain::id::{ChildId, OrganisationId};
use placewell_domain::office::access::Role;
use placewell_domain::office::organisation::{Organisation, OrganisationKind};
use placewell_domain::office::person::provider::Admits;
use placewell_domain::office::person::welcome::{Welcome, WelcomeState};
use placewell_store::office::person::ceremony::CeremonyKind;
use placewell_store::office::person::provider::IdentityProvider;
use placewell_store::{Backend, StoreError};
use placewell_testkit::databases::{TestDatabase, both, discard, filled};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row as _, SqliteConnection};

use super::{HEREFORDSHIRE, SHROPSHIRE, moment, two_authorities};

/// An organisation that nothing belongs to.
const STRANGER: i64 = 4_242;

/// What a rule of a table says before it is asked whose row it is.
const RULES_FIRST: &[&str] = &["admission_without_ground", "scores_handed_in"];

/// A table that belongs to somebody, as the catalogue of the database's own schema has it.
struct Owned {
    name: String,
    class: String,
    /// The columns that name an owner.
    owners: Vec<String>,
    /// The condition under which others read a row; none: everybody reads.
    reads: Option<String>,
}

impl Owned {
    /// Every one of them: a table that a migration adds is here with it.
    async fn all(database: &TestDatabase) -> Vec<Self> {
        let sql = "SELECT name, class, columns, coalesce(reads, '-') FROM table_class \
                   WHERE class NOT IN ('open', 'system') ORDER BY name";
        let owned = |row: &Vec<String>| Self {
            name: row[0].clone(),
            class: row[1].clone(),
            owners: row[2].split(',').map(str::to_owned).collect(),
            reads: (row[3] != "-").then(|| row[3].clone()),
        };
        texts(database, sql).await.iter().map(owned).collect()
    }

    /// Whether whoever is no organisation's, and no member, reads nothing of it.
    fn is_closed(&self) -> bool {
        ["tenant", "two_party", "members"].contains(&self.class.as_str())
    }

    /// The condition under which a row is this organisation's; never unknown.
    fn own(&self, organisation: &str) -> String {
        let one = |column: &String| format!("coalesce({column} = {organisation}, false)");
        self.owners.iter().map(one).collect::<Vec<_>>().join(" OR ")
    }

    /// The condition under which this organisation reads a row.
    fn seen(&self, organisation: &str) -> String {
        let own = self.own(organisation);
        match self.reads.as_deref() {
            None => "true".to_owned(),
            Some("") => own,
            Some(reads) => format!("{own} OR ({})", reads.replace("{org}", organisation).replace("{main}", "")),
        }
    }
}

/// What a query gives to the database's own administrator, who sees all; every column as text.
async fn texts(database: &TestDatabase, sql: &str) -> Vec<Vec<String>> {
    let sql = AssertSqlSafe(sql.to_owned());
    match database.backend {
        Backend::Sqlite => {
            let mut owner = SqliteConnection::connect(&database.url).await.unwrap();
            let rows = owner.fetch_all(sql).await.unwrap();
            rows.iter().map(|row| (0..row.len()).map(|at| row.get(at)).collect()).collect()
        }
        Backend::Postgres => {
            let mut owner = PgConnection::connect(&database.url).await.unwrap();
            let rows = owner.fetch_all(sql).await.unwrap();
            rows.iter().map(|row| (0..row.len()).map(|at| row.get(at)).collect()).collect()
        }
    }
}

/// A filled region with a row in every table.
async fn whole(backend: Backend) -> TestDatabase {
    let database = filled(backend).await;
    planted::in_empty_tables(&database).await;
    database
}

/// Holds that nothing was passed over: a table without a row of another's would have shown nothing.
fn none_passed_over<'a>(tables: impl Iterator<Item = &'a Owned>, tried: &BTreeSet<String>) {
    let passed: Vec<&str> = tables.map(|table| table.name.as_str()).filter(|name| !tried.contains(*name)).collect();
    assert!(passed.is_empty(), "no row of another's was tried in these: {passed:?}");
}

/// Who tries: the first two organisations of each kind, and one that nothing belongs to.
async fn organisations(database: &TestDatabase) -> Vec<i64> {
    let mut all = vec![STRANGER];
    for kind in OrganisationKind::ALL {
        let sql =
            format!("SELECT CAST(id AS TEXT) FROM organisation WHERE kind = '{}' ORDER BY id LIMIT 2", kind.code());
        all.extend(texts(database, &sql).await.iter().map(|row| row[0].parse::<i64>().unwrap()));
    }
    assert!(all.len() > 6, "{all:?}");
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn s1_through_the_pool_everybody_sees_of_every_table_what_its_class_gives_them_and_no_row_more() {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let database = whole(backend).await;
        let store = database.store().await;
        let (tables, mut amiss) = (Owned::all(&database).await, Vec::new());
        let mut kept_back = BTreeSet::new();
        let tried = organisations(&database).await;
        for reader in tried.iter().copied().map(Some).chain([None]) {
            let session = store.read(reader.map(OrganisationId)).await.unwrap();
            let seen = session.rows_seen().await.unwrap();
            drop(session);
            assert_eq!(seen.len(), tables.len(), "the session and the test read one catalogue");
            let literal = reader.map_or_else(|| "NULL".to_owned(), |id| id.to_string());
            for (table, seen) in tables.iter().zip(seen) {
                let sql = format!(
                    "SELECT CAST(count(*) AS TEXT), CAST(sum(CASE WHEN {} THEN 1 ELSE 0 END) AS TEXT) FROM {}",
                    table.seen(&literal),
                    table.name
                );
                let row = texts(&database, &sql).await.remove(0);
                let (all, may): (i64, i64) = (row[0].parse().unwrap(), row[1].parse().unwrap());
                if (seen.table.as_str(), seen.rows) != (table.name.as_str(), may) {
                    amiss.push(format!(
                        "{} ({}): {reader:?} sees {} of {all}, not {may}",
                        table.name, table.class, seen.rows
                    ));
                }
                if may < all {
                    kept_back.insert(table.name.clone());
                }
                if table.is_closed() && [None, Some(STRANGER)].contains(&reader) && seen.rows > 0 {
                    amiss.push(format!("{}: {reader:?} sees {} rows", table.name, seen.rows));
                }
            }
        }
        assert!(amiss.is_empty(), "{backend:?}: {amiss:#?}");
        none_passed_over(tables.iter().filter(|table| table.is_closed()), &kept_back);
        for class in ["members", "published"] {
            let shared = tables.iter().filter(|table| table.class == class && kept_back.contains(&table.name)).count();
            assert!(shared >= 3, "{backend:?}: {shared} tables of {class} keep a row back");
        }
        store.close().await;
        discard(&database).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgresql_nobody_changes_removes_or_adds_anothers_row_of_any_table_of_the_catalogue() {
    let database = whole(Backend::Postgres).await;
    let mut owner = PgConnection::connect(&database.url).await.unwrap();
    let (mut amiss, mut crossed) = (Vec::new(), BTreeSet::new());
    let (tables, tried) = (Owned::all(&database).await, organisations(&database).await);
    for (table, writer) in tables.iter().flat_map(|table| tried.iter().map(move |writer| (table, writer))) {
        let (name, other) = (&table.name, format!("NOT ({})", table.own(&writer.to_string())));
        let mut transaction = owner.begin().await.unwrap();
        let copy = format!(
            "CREATE TEMP TABLE copy ON COMMIT DROP AS SELECT * FROM {name} WHERE {other} LIMIT 1; \
             GRANT SELECT ON copy TO PUBLIC"
        );
        transaction.execute(sqlx::raw_sql(AssertSqlSafe(copy))).await.unwrap();
        let copied: i64 = transaction.fetch_one("SELECT count(*) FROM copy").await.unwrap().get(0);
        if copied > 0 {
            crossed.insert(name.clone());
            let serving = format!("SET LOCAL ROLE placewell_app; SET LOCAL app.org = '{writer}'");
            transaction.execute(sqlx::raw_sql(AssertSqlSafe(serving))).await.unwrap();
            let column = &table.owners[0];
            for act in [
                format!("UPDATE {name} SET {column} = {column} WHERE {other}"),
                format!("UPDATE {name} SET {column} = {writer} WHERE {other}"),
                format!("DELETE FROM {name} WHERE {other}"),
                format!("INSERT INTO {name} OVERRIDING SYSTEM VALUE SELECT * FROM copy"),
            ] {
                let mut tried = transaction.begin().await.unwrap();
                match tried.execute(AssertSqlSafe(act.clone())).await {
                    Ok(done) if done.rows_affected() > 0 => {
                        amiss.push(format!("{act} as {writer}: {} rows", done.rows_affected()));
                    }
                    Ok(_) => {}
                    // The role may not, or the policy of the row says no: any other word means that it got further.
                    Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some("42501") => {}
                    Err(error) if RULES_FIRST.iter().any(|rule| error.to_string().contains(rule)) => {}
                    Err(error) => amiss.push(format!("{act} as {writer}: {error}")),
                }
                tried.rollback().await.unwrap();
            }
        }
        transaction.rollback().await.unwrap();
    }
    assert!(amiss.is_empty(), "{amiss:#?}");
    none_passed_over(tables.iter(), &crossed);
    drop(owner);
    discard(&database).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_nobody_changes_removes_or_adds_anothers_row_of_any_table_of_the_catalogue() {
    let database = whole(Backend::Sqlite).await;
    let mut owner = SqliteConnection::connect(&database.url).await.unwrap();
    let (mut amiss, mut crossed) = (Vec::new(), BTreeSet::new());
    let (tables, tried) = (Owned::all(&database).await, organisations(&database).await);
    for (table, writer) in tables.iter().flat_map(|table| tried.iter().map(move |writer| (table, writer))) {
        let (name, column) = (&table.name, &table.owners[0]);
        let one = format!("SELECT rowid FROM {name} WHERE NOT ({}) LIMIT 1", table.own(&writer.to_string()));
        let Some(held) = owner.fetch_optional(AssertSqlSafe(one)).await.unwrap() else { continue };
        let rowid: i64 = held.get(0);
        crossed.insert(name.clone());
        for act in [
            format!("UPDATE {name} SET {column} = {column} WHERE rowid = {rowid}"),
            format!("UPDATE {name} SET {column} = {writer} WHERE rowid = {rowid}"),
            format!("DELETE FROM {name} WHERE rowid = {rowid}"),
            format!("INSERT INTO {name} SELECT * FROM {name} WHERE rowid = {rowid}"),
        ] {
            let mut tried = owner.begin().await.unwrap();
            let writing = format!("UPDATE writer_org SET org_id = {writer}");
            tried.execute(AssertSqlSafe(writing)).await.unwrap();
            let said = tried.execute(AssertSqlSafe(act.clone())).await.map(|done| done.rows_affected());
            let words = said.as_ref().map_or_else(ToString::to_string, |rows| format!("{rows} rows"));
            // A table that only grows says so before it asks whose it is.
            let refusals = ["other_organisation", "append_only", "version_skipped"];
            if !refusals.iter().chain(RULES_FIRST).any(|word| words.contains(word)) {
                amiss.push(format!("{act} as {writer}: {words}"));
            }
            tried.rollback().await.unwrap();
        }
    }
    assert!(amiss.is_empty(), "{amiss:#?}");
    none_passed_over(tables.iter(), &crossed);
    drop(owner);
    discard(&database).await;
}

#[tokio::test]
async fn no_connection_keeps_an_organisation_after_an_error() {
    both(async |database| {
        let store = database.store().await;
        two_authorities(&store).await;
        let work = store.begin(HEREFORDSHIRE, moment()).await.unwrap();
        work.new_child_key(HEREFORDSHIRE, ChildId(7)).await.unwrap();
        work.commit(Machine::now()).await.unwrap();
        let new = |id| {
            let (code, kind) = ("HEF".to_owned(), OrganisationKind::Authority);
            Organisation { id, code: code.clone(), name: code, kind, area: None, placing_body: None }
        };
        for number in 0..20 {
            // The code is taken: the transaction fails, and its connection goes back into the pool.
            let failing = store.begin(HEREFORDSHIRE, moment()).await.unwrap();
            assert!(failing.add_organisation(&new(OrganisationId(90 + number))).await.is_err());
            if number % 2 == 0 {
                failing.roll_back().await.unwrap();
            } else {
                drop(failing);
            }
            for stranger in [Some(SHROPSHIRE), None] {
                let session = store.read(stranger).await.unwrap();
                let key = session.child_key(HEREFORDSHIRE, ChildId(7)).await;
                assert!(matches!(key, Err(StoreError::NotFound)), "{stranger:?} reads Herefordshire's key");
            }
            let work = store.begin(SHROPSHIRE, moment()).await.unwrap();
            assert!(work.new_child_key(HEREFORDSHIRE, ChildId(8)).await.is_err(), "a write for another went in");
            work.roll_back().await.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn s1_how_anothers_people_come_in_and_whom_it_invites_is_read_by_nobody_else() {
    both(async |database| {
        let store = database.store().await;
        two_authorities(&store).await;
        let mut work = store.begin(HEREFORDSHIRE, moment()).await.unwrap();
        let provider = IdentityProvider {
            organisation: HEREFORDSHIRE,
            issuer: "https://id.herefordshire.example".to_owned(),
            client_id: "placewell".to_owned(),
            secret: Some("canary".to_owned()),
            claim: "groups".to_owned(),
            rules: Vec::new(),
            admits: Admits::Invited,
            only_way: true,
            version: 1,
        };
        work.set_identity_provider(&provider).await.unwrap();
        let welcome = Welcome {
            id: 7,
            version: 0,
            organisation: HEREFORDSHIRE,
            email: "a.canary@herefordshire.example".to_owned(),
            name: "A Canary".to_owned(),
            role: Role::Approver,
            title: "Director".to_owned(),
            until: jiff::civil::date(2030, 1, 1),
            digest: "d1".to_owned(),
            expires: Machine::now() + jiff::SignedDuration::from_hours(1),
            by: None,
            state: WelcomeState::Sent,
        };
        work.apply(welcome.send()).await.unwrap();
        work.commit(Machine::now()).await.unwrap();

        let own = store.read(Some(HEREFORDSHIRE)).await.unwrap();
        assert!(own.identity_provider(HEREFORDSHIRE).await.unwrap().is_some());
        assert_eq!(own.welcomes(HEREFORDSHIRE).await.unwrap().len(), 1);
        drop(own);
        for stranger in [Some(SHROPSHIRE), Some(OrganisationId(STRANGER)), None] {
            let session = store.read(stranger).await.unwrap();
            assert!(session.identity_provider(HEREFORDSHIRE).await.unwrap().is_none(), "{stranger:?}");
            assert!(session.welcomes(HEREFORDSHIRE).await.unwrap().is_empty(), "{stranger:?}");
            assert!(matches!(session.welcome_by_digest(HEREFORDSHIRE, "d1").await, Err(StoreError::NotFound)));
            // At the door everybody knows who has a way in of its own, and whose link theirs is; nothing else of either.
            assert_eq!(session.welcome_link("d1").await.unwrap(), HEREFORDSHIRE);
            let ways = session.organisations_with_provider().await.unwrap();
            assert!(ways.iter().any(|(id, _, _, only_way)| *id == HEREFORDSHIRE && *only_way), "{stranger:?}");
        }
        let work = store.begin(SHROPSHIRE, moment()).await.unwrap();
        assert!(work.identity_provider(HEREFORDSHIRE).await.unwrap().is_none() || database.backend == Backend::Sqlite);
        assert!(!work.end_identity_provider().await.unwrap(), "another's was taken away");
        work.roll_back().await.unwrap();
        let work = store.begin(HEREFORDSHIRE, moment()).await.unwrap();
        assert!(work.end_identity_provider().await.unwrap());
        work.commit(Machine::now()).await.unwrap();
        assert!(store.read(None).await.unwrap().organisations_with_provider().await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn what_is_half_way_is_carried_without_a_write_and_taken_once_in_time_for_its_kind() {
    both(async |database| {
        let store = database.store().await;
        two_authorities(&store).await;
        let (now, hour) = (Machine::now(), jiff::SignedDuration::from_hours(1));
        let session = store.read(None).await.unwrap();
        let sealed = session.carried(CeremonyKind::Passkey, b"{}", now + hour).unwrap();
        let late = session.carried(CeremonyKind::Passkey, b"{}", now).unwrap();
        drop(session);
        let take = async |digest: &[u8], kind, sealed: &[u8]| {
            let work = store.begin(HEREFORDSHIRE, moment()).await.unwrap();
            let taken = work.take_carried(digest, kind, (sealed, now)).await.unwrap();
            work.commit(now).await.unwrap();
            taken
        };
        assert_eq!(take(b"1", CeremonyKind::PasskeyNew, &sealed).await, None, "of another kind");
        assert_eq!(take(b"2", CeremonyKind::Passkey, &late).await, None, "too late");
        assert_eq!(take(b"3", CeremonyKind::Passkey, &sealed[1..]).await, None, "not what was sealed");
        assert_eq!(take(b"4", CeremonyKind::Passkey, &sealed).await.as_deref(), Some(&b"{}"[..]));
        assert_eq!(take(b"4", CeremonyKind::Passkey, &sealed).await, None, "taken before");
    })
    .await;
}
