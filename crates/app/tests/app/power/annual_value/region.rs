//! The ceilings of all authorities: each authority counts its own and the regional team reads what was counted; nobody reads
//! another's record (one transaction, one organisation).

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::{DateTime, date};
use placewell_app::Outcome;
use placewell_app::clock::{Calendar, moment_of};
use placewell_app::demonstration::calendar;
use placewell_app::power::annual_value::region_sheet;
use placewell_domain::power::annual_value::{Aspect, Route, ValueKind};
use placewell_testkit::databases::{both, both_filled};

use super::{Given, agreement, committed, given, with_ceiling};

const MARCUS: &str = "marcus.inkberrow@west-midlands-team.example";
const SUNITA: &str = "sunita.varley@herefordshire.example";

async fn told(given: &Given) -> (Option<i64>, i64) {
    let session = given.app.store.read(Some(given.finance.organisation)).await.unwrap();
    let years = session.region_years(&[given.finance.organisation], date(2019, 2, 18)).await.unwrap();
    let counted = years[0].counted.as_ref().map(|(_, value)| value.figures.planned.0);
    (counted, years[0].totals.map_or(-1, |totals| totals.committed.0))
}

#[tokio::test]
async fn rule_3_1_the_region_is_told_what_is_committed_at_once_and_the_figures_by_the_authoritys_own_count() {
    both(async |database| {
        let given = given(&database).await;
        with_ceiling(&given).await;
        assert_eq!(told(&given).await, (None, 0));
        committed(&given, &agreement(137, Route::Arrangement, ValueKind::Care)).await.unwrap();
        let one = 13 * 415_000;
        assert_eq!(told(&given).await, (None, one), "the ledger's totals follow by trigger");
        given.app.do_due_jobs().await.unwrap();
        given.app.count_for_region().await.unwrap();
        assert_eq!(told(&given).await, (Some(one), one));
        // A visitor and a provider read neither.
        let visit = given.app.visit().await.unwrap();
        let hidden = visit.region_years(&[given.finance.organisation], date(2019, 2, 18)).await.unwrap();
        assert!(hidden[0].counted.is_none() && hidden[0].totals.is_none());
        assert!(matches!(given.app.region_values(&given.finance).await, Err(Outcome::Forbidden(_))));
    })
    .await;
}

/// When the authority counted last.
async fn counted_at(given: &Given) -> Option<Timestamp> {
    let org = given.finance.organisation;
    let session = given.app.store.read(Some(org)).await.unwrap();
    let years = session.region_years(&[org], date(2019, 2, 18)).await.unwrap();
    years[0].counted.as_ref().map(|(at, _)| *at)
}

#[tokio::test]
async fn a_day_is_counted_once_whichever_server_starts_again_and_the_next_day_anew() {
    both(async |database| {
        let given = given(&database).await;
        with_ceiling(&given).await;
        committed(&given, &agreement(137, Route::Arrangement, ValueKind::Care)).await.unwrap();
        let starts = async |at: DateTime| {
            let app = database.app(Calendar::standing(at)).await;
            app.count_for_region_today().await.unwrap();
            app.store.close().await;
        };
        let (day, next) = (date(2019, 2, 5), date(2019, 2, 6));
        for hour in [6, 9, 15] {
            starts(day.at(hour, 0, 0, 0)).await;
            assert_eq!(counted_at(&given).await, Some(moment_of(day.at(6, 0, 0, 0)).at), "at {hour}");
        }
        for hour in [7, 8] {
            starts(next.at(hour, 0, 0, 0)).await;
            assert_eq!(counted_at(&given).await, Some(moment_of(next.at(7, 0, 0, 0)).at), "at {hour}");
        }
        // A calendar that is moved back counts the day that it then shows; and whoever asks for a count gets one.
        starts(day.at(18, 0, 0, 0)).await;
        assert_eq!(counted_at(&given).await, Some(moment_of(day.at(18, 0, 0, 0)).at));
        given.app.calendar.move_to(day.at(20, 0, 0, 0));
        given.app.count_for_region().await.unwrap();
        assert_eq!(counted_at(&given).await, Some(moment_of(day.at(20, 0, 0, 0)).at));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_authoritys_ceiling_stands_on_one_page_of_the_regional_team_and_reconciles_with_its_own() {
    both_filled(async |db| {
        let app = db.app(calendar()).await;
        let marcus = app.actor_by_email(MARCUS).await.unwrap();
        let page = app.region_values(&marcus).await.unwrap();
        assert_eq!(page.rows.len(), 14);
        let used: Vec<i64> =
            page.rows.iter().filter_map(|row| row.totals).map(|one| one.committed.0 * 1_000 / one.ceiling.0).collect();
        assert!(used.is_sorted_by(|one, other| one >= other), "{used:?}");
        let sunita = app.actor_by_email(SUNITA).await.unwrap();
        let own = app.annual_value(&sunita, None, None).await.unwrap();
        let row = page.rows.iter().find(|row| row.code == "HEF").unwrap();
        let (totals, counted) = (row.totals.unwrap(), row.counted.as_ref().unwrap());
        assert_eq!((totals.ceiling, totals.committed), (own.words.ceiling, own.words.planned));
        assert_eq!((counted.figures, counted.spent, counted.spot), (own.figures, own.words.spent, own.spot.planned));
        assert_eq!(counted.outturn.map(|three| three.0), own.words.forecast.map(|forecast| forecast.outturn));
        // When the run-rate exceeds the ceiling follows from the two figures beside it.
        for row in &page.rows {
            let (Some(totals), Some(counted)) = (row.totals, row.counted.as_ref()) else { continue };
            assert_eq!(counted.exceeded_on.is_some(), counted.figures.run_rate > totals.ceiling, "{}", row.code);
            assert!(counted.figures.bound <= counted.figures.planned, "{}", row.code);
        }
        let sheet = region_sheet(&page);
        assert!(sheet.rows.len() == 14 && sheet.rows.iter().all(|row| row.len() == sheet.columns.len()));
        // The authority's own ledger is still no one else's to read.
        let session = app.store.read(Some(marcus.organisation)).await.unwrap();
        assert!(session.ledger_years(sunita.organisation).await.unwrap().is_empty());
        assert!(session.commitments(sunita.organisation).await.unwrap().is_empty());
        drop(session);
        moved_to_the_successor(&app).await;
    })
    .await;
}

/// Wolverhampton adopted the successor and moved an agreement: its nights stand below the successor's own ceiling.
async fn moved_to_the_successor(app: &Arc<placewell_app::App>) {
    let director = app.actor_by_email("director@wolverhampton.example").await.unwrap();
    let finance = placewell_domain::office::person::Actor {
        role: placewell_domain::office::access::Role::FinanceOfficer,
        ..director.clone()
    };
    let moves = app.moves(&director).await.unwrap();
    let stands = moves.lines.iter().filter_map(|line| line.last.as_ref()).filter(|offer| offer.answer.is_some());
    let year = app.annual_value(&finance, Some(2021), None).await.unwrap();
    assert_eq!((year.adopted, year.words.ceiling.0), (true, 650_000_000), "the successor's own ceiling");
    if stands.count() > 0 {
        assert!(year.words.planned.0 > 0 && year.agreements.len() == 1, "{:?}", year.agreements);
        // By either answer to that aspect it counts here: the aspect speaks of the ceiling before.
        let flipped = app.annual_value(&finance, Some(2021), Some(Aspect::Successor)).await.unwrap();
        assert_eq!(flipped.figures.planned, year.figures.planned);
    }
}
