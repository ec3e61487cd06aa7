//! What the demonstration holds of spot purchases: those of today with reasons and checks, an emergency with checks
//! outstanding, and one child in an unregistered setting.

use std::sync::Arc;

use jiff::civil::date;
use placewell_app::App;
use placewell_app::buying::spot::label;
use placewell_app::demonstration::authorities::PARTS;
use placewell_domain::buying::check::CheckItem;
use placewell_domain::buying::spot::unregistered::UnregisteredState;
use placewell_domain::power::annual_value::Route;

/// Priya Shah's address.
async fn priya(app: &Arc<App>) -> placewell_domain::office::person::Actor {
    let people = app.demonstration_people().await.unwrap();
    let email = people.into_iter().find(|one| one.name == "Priya Shah").unwrap().email;
    app.actor_by_email(&email).await.unwrap()
}

pub(super) async fn holds(app: &Arc<App>) {
    let priya = priya(app).await;
    let mut all = 0;
    for part in PARTS {
        let session = app.store.read(None).await.unwrap();
        let org = session.organisation_by_code(part.code).await.unwrap().id;
        let own = app.store.read(Some(org)).await.unwrap();
        let (rows, total) = own.spot_rows(org, true, (0, 1_000)).await.unwrap();
        assert!(rows.iter().all(|row| row.agreement.is_some() && !row.spot.evidence.is_empty()), "{}", part.code);
        all += total;
    }
    assert!((250..=460).contains(&all), "{all} of the 450 that go on are on record with their reason");
    let waiting = app.spots(&priya, false, 1, 50).await.unwrap();
    let (row, _) = waiting.lines.iter().find(|(row, _)| label(row) == "Live, checks outstanding").unwrap();
    let reference = row.spot.reference.to_string();
    let (before, open, due) = row.checks.unwrap();
    assert!(before == 0 && (8..=11).contains(&open), "{open} are outstanding; some rely on earlier purchases");
    assert_eq!(due, Some(date(2021, 9, 16)));
    let table = app.check_table(&priya, &reference, None).await.unwrap();
    assert!(table.own.iter().any(|check| check.item == CheckItem::Impact && check.measured == 5 && check.said == 10));
    let records = app.unregistered_list(&priya).await.unwrap();
    assert_eq!(records.len(), 1);
    assert_eq!((records[0].state.clone(), records[0].age), (UnregisteredState::There, 15));
    assert_eq!(records[0].review_due(date(2021, 9, 13)), Some(date(2021, 9, 13)), "today's is still to do");
    let burden = app.burden_by_route(&priya, (date(2020, 9, 13), date(2021, 9, 13))).await.unwrap();
    let of = |route| *burden.iter().find(|one| one.route == route).unwrap();
    let (through, spot) = (of(Route::Arrangement), of(Route::Spot));
    assert!(through.checks < spot.checks && through.check_minutes < spot.check_minutes, "{burden:?}");
}
