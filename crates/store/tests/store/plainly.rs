//! A database from before tokens were sealed and digests keyed: what the first opening with the master key makes of it.

use placewell_store::{Backend, migrate};
use placewell_testkit::databases::{TestDatabase, both};

use crate::foundation::{HEREFORDSHIRE, SHROPSHIRE, administrator, two_authorities};

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
         ALTER TABLE mail DROP COLUMN secret; DELETE FROM migration WHERE name = '0061_nothing_in_the_clear'; {} {rows} {}",
        own.0, own.1
    );
    database.script(&script).await;
    if database.backend == Backend::Postgres {
        assert_eq!(migrate::postgres(&database.url).await.unwrap(), ["0061_nothing_in_the_clear"]);
    }
}

fn mail(id: i64, token: &str, sent: &str) -> String {
    format!(
        "INSERT INTO mail (id, org_id, recipient, subject, body, made_at, sent_at, dedupe) VALUES ({id}, 1, 'a@b.example', \
         'Choose a new password', 'Open the link.\n\n/emails/{token}/password', 1, {sent}, 'mail {id}');"
    )
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

        let store = database.store().await;
        for token in [WAITING, GONE] {
            assert_eq!(standing(&database, token).await, Vec::<String>::new());
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
