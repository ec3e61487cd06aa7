//! What monitoring keeps, in both databases: who reads a return, a visit, a concern, a week of hours and an alert by the rows'
//! own rule, whatever a query asks; and what the tables' own checks and triggers refuse a statement that goes past every rule.

use placewell_app::clock::Machine;
use placewell_domain::calendar::WorkingDays;
use placewell_domain::change::Change;
use placewell_domain::homes::monitoring::Theme;
use placewell_domain::homes::monitoring::concern::{Concern, Raised, Severity};
use placewell_domain::homes::monitoring::quality_return::{QualityReturn, Scheduled};
use placewell_domain::homes::monitoring::stability::{Flagged, FlaggedBy, StabilityAlert, Strain};
use placewell_domain::homes::monitoring::support::{BoughtWeek, ShortfallReason, SupportWeek};
use placewell_domain::homes::monitoring::visit::{CalledOff, Finding, Level, Planned, Visit};
use placewell_domain::homes::price::FunderShares;
use placewell_domain::id::{AgreementId, HomeId, OrganisationId, PersonId};
use placewell_domain::money::Pence;
use placewell_domain::nights::plus_days;
use placewell_domain::office::organisation::{Organisation, OrganisationKind};
use placewell_domain::sealed::Sealed;
use placewell_store::error::refusal_of;
use placewell_store::work::Record;
use placewell_store::{Backend, Store, StoreError};
use placewell_testkit::databases::{TestDatabase, both};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection};

use super::home::given::{HEREFORDSHIRE, PROVIDER, REGION, SHROPSHIRE, TODAY, moment, region};

const RIVAL: OrganisationId = OrganisationId(5);
const HOME: HomeId = HomeId(1);
const OFFICER: PersonId = PersonId(9);

/// Rows put past the store and past every key to another table, as an organisation; then what a statement meets.
pub async fn past(database: &TestDatabase, org: OrganisationId, rows: &[&str], last: &str) -> Result<u64, String> {
    let said = match database.backend {
        Backend::Sqlite => {
            let mut raw = SqliteConnection::connect(&database.url).await.unwrap();
            raw.execute("PRAGMA foreign_keys = off").await.unwrap();
            let mut raw = raw.begin().await.unwrap();
            raw.execute(AssertSqlSafe(format!("UPDATE writer_org SET org_id = {}", org.0))).await.unwrap();
            for one in rows {
                raw.execute(AssertSqlSafe((*one).to_owned())).await.unwrap();
            }
            let said = raw.execute(AssertSqlSafe(last.to_owned())).await.map(|done| done.rows_affected());
            raw.execute("UPDATE writer_org SET org_id = NULL").await.unwrap();
            raw.commit().await.unwrap();
            said
        }
        Backend::Postgres => {
            let mut raw = PgConnection::connect(&database.url).await.unwrap();
            raw.execute("SET session_replication_role = replica").await.unwrap();
            for one in rows {
                raw.execute(AssertSqlSafe((*one).to_owned())).await.unwrap();
            }
            // The statement itself meets every trigger there is.
            raw.execute("SET session_replication_role = DEFAULT").await.unwrap();
            raw.execute(AssertSqlSafe(last.to_owned())).await.map(|done| done.rows_affected())
        }
    };
    said.map_err(|error| error.to_string())
}

/// A row put past the store.
async fn put(database: &TestDatabase, org: OrganisationId, row: &str) {
    past(database, org, &[row], "SELECT 1").await.unwrap();
}

/// An agreement of an authority at the home, as far as its row goes.
fn agreement(org: OrganisationId, id: i64) -> String {
    format!(
        "INSERT INTO agreement (id, org_id, provider_id, version, reference, referral_id, offer_id, child_id, home_id, route, \
         state, start_on, planned_end, weekly_pence, signed_by, body) VALUES ({id}, {org}, 2, 1, 'XXX-A-000{id}', {id}, {id}, \
         {id}, 1, 'call_off', 'started', '2021-09-01', '2022-09-01', 400000, '', '{{}}')",
        org = org.0
    )
}

/// A region with two authorities, a provider with one home and a rival.
async fn given(database: &TestDatabase) -> Store {
    let store = database.store().await;
    region(&store, 1, 1).await;
    let work = store.begin(REGION, moment()).await.unwrap();
    let (kind, area, placing_body) = (OrganisationKind::Provider, None, None);
    let rival = Organisation { id: RIVAL, code: "rival".into(), name: "Rival".into(), kind, area, placing_body };
    work.add_organisation(&rival).await.unwrap();
    work.commit(Machine::now()).await.unwrap();
    store
}

/// Writes a change and commits it; the refusal's code where the database says no.
pub async fn apply<T: Record>(store: &Store, org: OrganisationId, change: Change<T>) -> Result<T, String> {
    let mut work = store.begin(org, moment()).await.unwrap();
    match work.apply(change).await {
        Ok(next) => {
            work.commit(Machine::now()).await.unwrap();
            Ok(next)
        }
        Err(StoreError::Constraint(name)) => {
            work.roll_back().await.unwrap();
            Err(refusal_of(&name).map_or(name, |refusal| refusal.code))
        }
        Err(error) => panic!("{error:?}"),
    }
}

fn visit(id: i64, announced: bool) -> Planned {
    Planned {
        authority: HEREFORDSHIRE,
        officer: OFFICER,
        home: HOME,
        urn: "SC400001".to_owned(),
        name: "Elm House".to_owned(),
        on: plus_days(TODAY, id),
        announced,
    }
}

#[tokio::test]
async fn an_unannounced_visit_is_hidden_from_the_home_until_it_was_made_and_from_others_without_a_child_there() {
    both(async |database| {
        let store = given(&database).await;
        put(&database, SHROPSHIRE, &agreement(SHROPSHIRE, 7)).await;
        let hidden = apply(&store, HEREFORDSHIRE, Visit::plan(1, visit(1, false), moment()).unwrap()).await.unwrap();
        apply(&store, HEREFORDSHIRE, Visit::plan(2, visit(2, true), moment()).unwrap()).await.unwrap();
        let seen = async |reader: Option<OrganisationId>| {
            let visits = store.read(reader).await.unwrap().home_visits().await.unwrap();
            let mut ids: Vec<i64> = visits.into_iter().map(|one| one.id).collect();
            ids.sort_unstable();
            ids
        };
        for (reader, ids) in [
            (Some(HEREFORDSHIRE), vec![1, 2]),
            (Some(REGION), vec![1, 2]),
            (Some(PROVIDER), vec![2]),
            (Some(SHROPSHIRE), vec![]),
            (Some(RIVAL), vec![]),
            (None, vec![]),
        ] {
            assert_eq!(seen(reader).await, ids, "before it was made, {reader:?}");
        }
        let found = Finding { theme: Theme::Care, level: Level::Good, words: "Warm and settled".to_owned() };
        let made = hidden.record((TODAY, vec![found]), (OFFICER, moment())).unwrap().unwrap();
        apply(&store, HEREFORDSHIRE, made).await.unwrap();
        for (reader, ids) in
            [(Some(PROVIDER), vec![1, 2]), (Some(SHROPSHIRE), vec![1]), (Some(RIVAL), vec![]), (None, vec![])]
        {
            assert_eq!(seen(reader).await, ids, "after it was made, {reader:?}");
        }
        let knows = "UPDATE home_visit SET version = version + 1, state = 'recorded', home_knows = 0 WHERE id = 2";
        let said = past(&database, HEREFORDSHIRE, &[], knows).await.unwrap_err();
        assert!(said.contains("home_visit_knows"), "a visit that was made is no secret: {said}");
        for stranger in [SHROPSHIRE, PROVIDER] {
            let own = store.begin(stranger, moment()).await.unwrap();
            let other = own.home_visit(2).await;
            own.roll_back().await.unwrap();
            let Ok(other) = other else { continue };
            let mut work = store.begin(stranger, moment()).await.unwrap();
            let called = other.call_off(CalledOff::NobodyThere, moment());
            assert!(work.apply(called.unwrap()).await.is_err(), "{stranger} called another's visit off");
            work.roll_back().await.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn a_return_and_a_concern_are_read_by_the_members_and_their_provider_and_by_no_rival_or_visitor() {
    both(async |database| {
        let store = given(&database).await;
        let of = || Scheduled {
            region: REGION,
            provider: PROVIDER,
            home: HOME,
            urn: "SC400001".to_owned(),
            name: "Elm House".to_owned(),
            places: 1,
            quarter: jiff::civil::date(2021, 4, 1),
        };
        let days = WorkingDays::with_closures([]);
        let due = |id| QualityReturn::schedule(id, of(), &days, moment()).unwrap();
        apply(&store, REGION, due(1)).await.unwrap();
        assert_eq!(apply(&store, REGION, due(2)).await.unwrap_err(), "return_scheduled", "one of a quarter");
        let raised = Raised {
            by: HEREFORDSHIRE,
            provider: PROVIDER,
            home: HOME,
            urn: "SC400001".to_owned(),
            name: "Elm House".to_owned(),
            theme: Theme::Staffing,
            severity: Severity::High,
            words: "Two posts are vacant".to_owned(),
        };
        apply(&store, HEREFORDSHIRE, Concern::raise(3, raised, moment()).unwrap()).await.unwrap();
        for (reader, rows) in [
            (Some(REGION), 1),
            (Some(HEREFORDSHIRE), 1),
            (Some(SHROPSHIRE), 1),
            (Some(PROVIDER), 1),
            (Some(RIVAL), 0),
            (None, 0),
        ] {
            let session = store.read(reader).await.unwrap();
            assert_eq!(session.quality_returns_of(HOME).await.unwrap().len(), rows, "returns, {reader:?}");
            assert_eq!(session.concerns().await.unwrap().len(), rows, "concerns, {reader:?}");
        }
        let tied = "INSERT INTO concern_measure (org_id, concern_id, measure_id) VALUES (3, 3, 8)";
        put(&database, HEREFORDSHIRE, tied).await;
        for act in ["UPDATE concern_measure SET measure_id = 9", "DELETE FROM concern_measure"] {
            let said = past(&database, HEREFORDSHIRE, &[], act).await.unwrap_err();
            assert!(said.contains("append_only"), "{act}: {said}");
        }
    })
    .await;
}

/// A week of four hours at £18.50, and what of it was delivered.
pub fn week(id: i64, quarters: u32) -> Change<SupportWeek> {
    let bought = BoughtWeek {
        authority: HEREFORDSHIRE,
        provider: PROVIDER,
        home: HOME,
        agreement: AgreementId(7),
        reference: "HEF-A-0007".parse().unwrap(),
        label: "Evenings".to_owned(),
        line_from: jiff::civil::date(2021, 9, 6),
        week: jiff::civil::date(2021, 9, 6),
        nights: 7,
        quarters: 16,
        rate: Pence(1_850),
        staff: 1,
        shares: FunderShares::AUTHORITY,
    };
    let why = (quarters < 16).then_some(ShortfallReason::Vacancy);
    SupportWeek::confirm(id, bought, (quarters, why), (OFFICER, moment())).unwrap()
}

#[tokio::test]
async fn a_week_of_hours_is_confirmed_once_adds_up_and_is_its_two_organisations_own() {
    both(async |database| {
        let store = given(&database).await;
        put(&database, HEREFORDSHIRE, &agreement(HEREFORDSHIRE, 7)).await;
        let kept = apply(&store, PROVIDER, week(1, 12)).await.unwrap();
        assert_eq!(kept.credit().unwrap().total, Pence(1_850), "an hour");
        assert_eq!(apply(&store, PROVIDER, week(2, 16)).await.unwrap_err(), "week_confirmed");
        for (reader, rows) in [
            (Some(HEREFORDSHIRE), 1),
            (Some(PROVIDER), 1),
            (Some(SHROPSHIRE), 0),
            (Some(REGION), 0),
            (Some(RIVAL), 0),
            (None, 0),
        ] {
            let session = store.read(reader).await.unwrap();
            let weeks = session.support_weeks_of(AgreementId(7)).await.unwrap();
            assert_eq!(weeks.len(), rows, "{reader:?}");
        }
        let next = "UPDATE support_week SET version = version + 1";
        for (set, name) in [
            ("delivered_quarters = 673, credit_pence = 0, credit_authority_pence = 0", "support_week_hours"),
            ("delivered_quarters = -1", "support_week_hours"),
            ("credit_pence = 1851", "support_week_credit"),
            ("credit_education_pence = 1", "support_week_credit"),
            ("credit_pence = -1850, credit_authority_pence = -1850", "support_week_credit"),
            ("delivered_quarters = 16", "support_week_credit"),
            ("state = 'disputed'", "support_week_state"),
        ] {
            let said = past(&database, HEREFORDSHIRE, &[], &format!("{next}, {set} WHERE id = 1")).await.unwrap_err();
            assert!(said.contains(name), "{set}: {said}");
        }
        let same = "UPDATE support_week SET state = 'agreed' WHERE id = 1";
        let said = past(&database, HEREFORDSHIRE, &[], same).await.unwrap_err();
        assert!(said.contains("version_skipped"), "{said}");
        let right = "delivered_quarters = 16, credit_pence = 0, credit_authority_pence = 0";
        assert_eq!(past(&database, HEREFORDSHIRE, &[], &format!("{next}, {right} WHERE id = 1")).await, Ok(1));
    })
    .await;
}

/// A line of what an agreement costs, as far as its row goes.
fn price_line(org: OrganisationId, agreement: i64, kind: &str) -> String {
    format!(
        "INSERT INTO price_line (id, org_id, provider_id, agreement_id, line, kind, weekly_pence, origin_night, from_night, \
         to_night, known_from, known_to) VALUES ({agreement}, {org}, 2, {agreement}, 0, '{kind}', 7400, '2021-09-06', \
         '2021-09-06', '2021-10-04', 1, 9223372036854775807)",
        org = org.0
    )
}

#[tokio::test]
async fn agreements_that_buy_hours_are_found_by_their_lines_and_by_no_word_that_they_hold() {
    both(async |database| {
        let store = given(&database).await;
        let bought = |org, id| agreement(org, id).replace("'{}'", "'{\"terms\": {\"lines\": []}}'");
        let words = "'{\"terms\": {\"lines\": []}, \"words\": \"additional_support\"}'";
        for (org, row, id, kind) in [
            (SHROPSHIRE, bought(SHROPSHIRE, 4), 4, "additional_support"),
            (HEREFORDSHIRE, bought(HEREFORDSHIRE, 5).replace("'started'", "'signed'"), 5, "additional_support"),
            (HEREFORDSHIRE, bought(HEREFORDSHIRE, 6).replace("2022-09-01", "2021-09-10"), 6, "additional_support"),
            (HEREFORDSHIRE, bought(HEREFORDSHIRE, 7), 7, "additional_support"),
            (HEREFORDSHIRE, agreement(HEREFORDSHIRE, 8).replace("'{}'", words), 8, "core"),
        ] {
            put(&database, org, &row).await;
            put(&database, org, &price_line(org, id, kind)).await;
        }
        let on = jiff::civil::date;
        for (reader, day, ids) in [
            (HEREFORDSHIRE, on(2021, 9, 13), vec![7]),
            (HEREFORDSHIRE, on(2021, 9, 9), vec![6, 7]),
            (HEREFORDSHIRE, on(2022, 9, 1), vec![]),
            (SHROPSHIRE, on(2021, 9, 13), vec![4]),
            (PROVIDER, on(2021, 9, 13), vec![4, 7]),
            (RIVAL, on(2021, 9, 13), vec![]),
        ] {
            let found = store.read(Some(reader)).await.unwrap().hours_after(reader, day).await.unwrap();
            let found: Vec<i64> = found.iter().map(|one| one.agreement.0).collect();
            assert_eq!(found, ids, "{reader} after {day}");
        }
    })
    .await;
}

fn strain(id: i64) -> Change<StabilityAlert> {
    let of = Flagged {
        authority: HEREFORDSHIRE,
        provider: PROVIDER,
        agreement: AgreementId(7),
        reference: "HEF-A-0007".parse().unwrap(),
        home: HOME,
        name: "Elm House".to_owned(),
        by: FlaggedBy::Home,
        signs: vec![Strain::School],
        words: Sealed::from_bytes(vec![1, 2, 3]),
    };
    StabilityAlert::flag(id, of, &WorkingDays::with_closures([]), moment()).unwrap()
}

const DRAFT: &str = "INSERT INTO referral (id, org_id, version, reference, child_id, officer_id, state, started, narrative, body) \
                     VALUES (5, 3, 1, 'HEF-R-0005', 7, 9, 'draft', '2021-09-13T10:20:00', {bytes}, '{}')";
const OUT: &str = "UPDATE referral SET version = version + 1, state = 'out', scoring = 'needs 100' WHERE id = 5";
const HOLD: &str = "INSERT INTO referral_hold (org_id, referral_id, alert_id, released) VALUES (3, 5, 1, 0)";

#[tokio::test]
async fn a_held_search_does_not_go_out_by_any_statement_before_it_is_released() {
    both(async |database| {
        let store = given(&database).await;
        put(&database, HEREFORDSHIRE, &agreement(HEREFORDSHIRE, 7)).await;
        apply(&store, HEREFORDSHIRE, strain(1)).await.unwrap();
        assert_eq!(apply(&store, HEREFORDSHIRE, strain(2)).await.unwrap_err(), "alert_open", "one open at a time");
        for (reader, found) in
            [(HEREFORDSHIRE, true), (PROVIDER, true), (SHROPSHIRE, false), (REGION, false), (RIVAL, false)]
        {
            let session = store.read(Some(reader)).await.unwrap();
            let alert = session.stability_alert(HEREFORDSHIRE, 1).await;
            assert_eq!(alert.is_ok(), found, "{reader} of a child's alert: {alert:?}");
        }
        let bytes = match database.backend {
            Backend::Sqlite => "x'00'",
            Backend::Postgres => "'\\x00'::bytea",
        };
        let draft = DRAFT.replace("{bytes}", bytes);
        let said = past(&database, HEREFORDSHIRE, &[draft.as_str(), HOLD], OUT).await.unwrap_err();
        assert!(said.contains("search_held"), "{said}");
        assert_eq!(refusal_of("search_held").unwrap().code, "search_held");
        let other = "UPDATE referral SET version = version + 1, lot = 'planned' WHERE id = 5";
        assert_eq!(past(&database, HEREFORDSHIRE, &[], other).await, Ok(1), "a held draft is still written");
        let released = "UPDATE referral_hold SET released = 1";
        assert_eq!(past(&database, HEREFORDSHIRE, &[released], OUT).await, Ok(1), "the same statement, released");
        let half = "UPDATE referral_hold SET released = 2";
        let said = past(&database, HEREFORDSHIRE, &[], half).await.unwrap_err();
        assert!(said.contains("referral_hold_released"), "{said}");
    })
    .await;
}
