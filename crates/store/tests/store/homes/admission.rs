//! Blind scores are blind in the database itself: asked without any filter of ours, PostgreSQL shows an authority no sheet of
//! another evaluator before moderation, and a rival no application, draft, letter or evaluation of another provider.

use placewell_store::Backend;
use placewell_testkit::databases::filled;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row as _};

async fn count(connection: &mut PgConnection, org: i64, sql: &str) -> i64 {
    let mut transaction = connection.begin().await.unwrap();
    let role = format!("SET LOCAL ROLE placewell_app; SET LOCAL app.org = '{org}'");
    transaction.execute(sqlx::raw_sql(AssertSqlSafe(role))).await.unwrap();
    let found: i64 = transaction.fetch_one(AssertSqlSafe(sql.to_owned())).await.unwrap().get(0);
    transaction.rollback().await.unwrap();
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn row_security_shows_no_sheet_of_another_before_moderation_and_no_rival_an_application() {
    let database = filled(Backend::Postgres).await;
    let mut owner = PgConnection::connect(&database.url).await.unwrap();
    let scoring = "SELECT e.id, s.org_id, e.org_id AS region, e.provider_id FROM evaluation e \
                   JOIN score_sheet s ON s.evaluation_id = e.id WHERE e.state = 'scoring' LIMIT 1";
    let row = owner.fetch_one(scoring).await.unwrap();
    let (evaluation, author, region, provider): (i64, i64, i64, i64) = (row.get(0), row.get(1), row.get(2), row.get(3));
    let sheets = format!("SELECT count(*) FROM score_sheet WHERE evaluation_id = {evaluation}");
    assert_eq!(count(&mut owner, author, &sheets).await, 1, "an evaluator's authority reads its own sheet alone");
    assert_eq!(count(&mut owner, region, &sheets).await, 0, "the regional team reads no score before moderation");
    assert_eq!(count(&mut owner, provider, &sheets).await, 0);
    let open = "SELECT count(*) FROM score_sheet s JOIN evaluation e ON e.id = s.evaluation_id \
                WHERE e.state NOT IN ('gates', 'scoring')";
    assert!(count(&mut owner, region, open).await >= 4, "in moderation the scores are open");
    assert_eq!(count(&mut owner, provider, open).await, 0, "a provider reads no scores, nor any evaluation");
    for table in ["admission_application", "admission_draft", "admission_question", "admission_challenge"] {
        let others = format!("SELECT count(*) FROM {table} WHERE org_id <> {provider}");
        assert_eq!(count(&mut owner, provider, &others).await, 0, "a rival reads {table}");
        let all = format!("SELECT count(*) FROM {table}");
        let held: i64 = owner.fetch_one(AssertSqlSafe(all)).await.unwrap().get(0);
        assert!(held > 0, "{table} is empty: the test shows nothing");
    }
    let letters = format!("SELECT count(*) FROM admission_letter WHERE provider_id <> {provider}");
    assert_eq!(count(&mut owner, provider, &letters).await, 0);
    let drafts = "SELECT count(*) FROM admission_draft";
    assert_eq!(count(&mut owner, region, drafts).await, 0, "a draft is its provider's alone");
}
