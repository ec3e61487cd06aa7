//! What the demonstration has published, on both databases: every figure of every year subtracted from every other, a year
//! that is never published twice, and what depends on a decision that is called in.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::{Date, date};
use placewell_app::demonstration::authorities::{PARTS, place};
use placewell_app::demonstration::calendar;
use placewell_app::demonstration::people::democratic;
use placewell_app::reporting::publication::{Held, PublishYear, YearPage};
use placewell_app::{App, Outcome};
use placewell_domain::id::{ChildId, HomeId, OrganisationId};
use placewell_domain::nights::Nights;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_domain::power::annual_value::Route;
use placewell_domain::reporting::publication::{AT_LEAST, YearTotals};
use placewell_testkit::databases::both_filled;

const MARCUS: &str = "marcus.inkberrow@west-midlands-team.example";
const PRIYA: &str = "priya.shah@herefordshire.example";

async fn actor(app: &App, email: &str) -> Actor {
    app.actor_by_email(email).await.unwrap()
}

/// The children of one authority at one provider, each where it slept most nights, with their homes.
#[derive(Default)]
struct Cell {
    children: BTreeSet<ChildId>,
    homes: BTreeSet<HomeId>,
    pence: i64,
}

type Cells = BTreeMap<(OrganisationId, OrganisationId), Cell>;

/// Reckoned anew, night by night, from the agreements of each authority.
async fn cells(app: &App, from: Date, to: Date) -> Cells {
    let mut cells = Cells::new();
    let organisations = app.visit().await.unwrap().organisations().await.unwrap();
    for authority in organisations.iter().filter(|one| one.kind == OrganisationKind::Authority) {
        let session = app.store.read(Some(authority.id)).await.unwrap();
        let agreements = session.agreements_between(authority.id, (from, to)).await.unwrap();
        let mut nights: BTreeMap<(ChildId, OrganisationId), (i64, BTreeSet<HomeId>)> = BTreeMap::new();
        for one in agreements.iter().filter(|one| !matches!(one.terms.route, Route::Block | Route::Other)) {
            let (start, end) = one.nights();
            let Some(stay) = Nights::new(start.max(from), end.min(to)) else { continue };
            let slept = nights.entry((one.child, one.provider)).or_default();
            slept.0 += stay.count();
            slept.1.insert(one.terms.home);
            let paid: i64 = one.terms.lines.iter().map(|line| line.charge(stay).0).sum();
            cells.entry((authority.id, one.provider)).or_default().pence += paid;
        }
        let children: BTreeSet<ChildId> = nights.keys().map(|(child, _)| *child).collect();
        for child in children {
            let own = nights.iter().filter(|((of, _), _)| *of == child);
            let ((_, provider), (_, homes)) =
                own.max_by_key(|((_, provider), (nights, _))| (*nights, core::cmp::Reverse(*provider))).unwrap();
            let cell = cells.entry((authority.id, *provider)).or_default();
            cell.children.insert(child);
            cell.homes.extend(homes);
        }
    }
    cells
}

type Key = (OrganisationId, OrganisationId);

/// Each figure of a year with the cells that it says it is of.
fn figures(totals: &YearTotals, cells: &Cells) -> Vec<(u64, i64, BTreeSet<Key>)> {
    let pick = |keep: &dyn Fn(&Key) -> bool| cells.keys().filter(|key| keep(key)).copied().collect::<BTreeSet<Key>>();
    let named: BTreeSet<OrganisationId> = totals.providers.iter().filter_map(|one| one.provider).collect();
    let mut found = Vec::new();
    if let Some(all) = totals.all {
        found.push((all.children, all.paid.0, pick(&|_| true)));
    }
    for one in &totals.providers {
        let own = |key: &Key| one.provider.map_or(!named.contains(&key.1), |provider| key.1 == provider);
        found.push((one.total.children, one.total.paid.0, pick(&own)));
        let told: BTreeSet<OrganisationId> = one.by_authority.iter().filter_map(|part| part.of).collect();
        for part in &one.by_authority {
            let of = |key: &Key| own(key) && part.of.map_or(!told.contains(&key.0), |authority| key.0 == authority);
            found.push((part.measure.children, part.measure.paid.0, pick(&of)));
        }
    }
    found
}

fn reach(keys: &BTreeSet<Key>, cells: &Cells) -> (usize, usize) {
    let children = keys.iter().map(|key| cells[key].children.len()).sum();
    let homes: BTreeSet<HomeId> = keys.iter().flat_map(|key| cells[key].homes.iter().copied()).collect();
    (children, homes.len())
}

/// Nothing that is left after any subtraction is small: neither a difference of two figures, nor any finer piece.
fn nothing_small_comes_out(page: &YearPage, cells: &Cells) {
    let figures = figures(&page.totals, cells);
    assert!(figures.len() > 1, "the demonstration has figures to subtract");
    for (children, paid, keys) in &figures {
        assert_eq!(*children, reach(keys, cells).0 as u64, "{}", page.year);
        let pence: i64 = keys.iter().map(|key| cells[key].pence).sum();
        assert!((pence - paid).abs() <= 50_000 && paid % 100_000 == 0, "{paid} to the nearest £1,000 of {pence}");
    }
    let mut pieces: BTreeMap<Vec<bool>, BTreeSet<Key>> = BTreeMap::new();
    for key in cells.keys() {
        let stands = figures.iter().map(|(_, _, keys)| keys.contains(key)).collect();
        pieces.entry(stands).or_default().insert(*key);
    }
    for piece in pieces.values() {
        let (children, homes) = reach(piece, cells);
        assert!(children >= AT_LEAST && homes >= AT_LEAST, "{}: {children} children at {homes} homes", page.year);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_9_1_every_published_total_subtracted_from_every_other_leaves_no_cell_under_five() {
    both_filled(async |db| {
        let app = db.app(calendar()).await;
        let register = app.contract_register().await.unwrap();
        let years: Vec<i16> = register.years.iter().map(|one| one.year.starts_in()).collect();
        assert_eq!(years, [2019, 2018]);
        for page in &register.years {
            nothing_small_comes_out(page, &cells(&app, page.year.first(), page.year.end()).await);
        }
        let hidden = register.years.iter().any(|page| page.totals.others > 0);
        assert!(hidden, "the demonstration has suppressed cells");
        never_twice(&app).await;
        told_by_each(&app).await;
        depends(&app).await;
        assert!(app.store.verify().await.unwrap().faults.is_empty());
    })
    .await;
}

/// A year rests on what every authority told of its own record; the regional team reads no agreement of theirs.
async fn told_by_each(app: &Arc<App>) {
    let (marcus, priya) = (actor(app, MARCUS).await, actor(app, PRIYA).await);
    app.calendar.move_to(date(2022, 1, 20).at(9, 0, 0, 0));
    let early = app.perform(&marcus, "untold", PublishYear::starting_in(2020)).await;
    assert!(matches!(early, Err(Outcome::Refused(refusal)) if refusal.code == "year_not_told"));
    app.count_for_region().await.unwrap();
    let year = date(2020, 12, 15);
    let team = app.store.read(Some(marcus.organisation)).await.unwrap();
    assert_eq!(team.told_years(year).await.unwrap().len(), 14);
    assert!(team.agreements_between(priya.organisation, (year, date(2021, 12, 15))).await.unwrap().is_empty());
    let own = app.store.read(Some(priya.organisation)).await.unwrap();
    assert_eq!(own.told_years(year).await.unwrap().len(), 1, "an authority reads what it told itself, and no other's");
    assert!(app.visit().await.unwrap().told_years(year).await.unwrap().is_empty());
    drop((team, own));
    app.perform(&marcus, "told", PublishYear::starting_in(2020)).await.unwrap();
    let register = app.contract_register().await.unwrap();
    let page = register.years.iter().find(|page| page.year.starts_in() == 2020).unwrap();
    nothing_small_comes_out(page, &cells(app, page.year.first(), page.year.end()).await);
    app.calendar.move_to(date(2021, 9, 13).at(10, 20, 0, 0));
}

/// A year that is published stays as it is, whatever is recorded later, whoever asks.
async fn never_twice(app: &Arc<App>) {
    let (marcus, priya) = (actor(app, MARCUS).await, actor(app, PRIYA).await);
    let refused = |answer| match answer {
        Err(Outcome::Refused(refusal)) => refusal.code.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(app.perform(&marcus, "again", PublishYear::starting_in(2019)).await), "year_published");
    assert_eq!(refused(app.perform(&marcus, "early", PublishYear::starting_in(2020)).await), "year_not_settled");
    assert!(matches!(app.perform(&marcus, "before", PublishYear::starting_in(2015)).await, Err(Outcome::NotFound)));
    assert!(matches!(app.perform(&priya, "other", PublishYear::starting_in(2019)).await, Err(Outcome::Forbidden(_))));
    let years = app.years_to_publish(&marcus).await.unwrap();
    let said: Vec<bool> = years.iter().map(|one| one.page.published_at.is_some()).collect();
    assert_eq!(said, [false, true, true]);
    assert!(years[0].refused.is_some() && years[0].page.totals.all.is_none());
    let totals = years[1].page.totals.clone();
    let work = app.store.begin(marcus.organisation, app.calendar.now()).await.unwrap();
    assert!(work.publish_year(&totals, marcus.person).await.is_err(), "the database refuses a second version");
    work.roll_back().await.unwrap();
}

/// Walsall's raise is called in: what depends on it is listed, and held or not.
async fn depends(app: &Arc<App>) {
    let democratic = actor(app, &democratic(&PARTS[place("WAL")])).await;
    let raise = app.own_decision(&democratic, "WAL-2021-0901").await.unwrap().decision;
    let found = app.dependants(&democratic, &raise).await.unwrap();
    assert!(found.iter().all(|one| one.held == Held::Held), "nothing was made under it yet");
    assert!(found.iter().any(|one| one.what.starts_with("The ceiling of £9,500,000 a year: not set")));
    assert!(found.iter().any(|one| one.what.starts_with("Limb (b)")));
    let adoption = app.own_decision(&democratic, "WAL-2018-1204").await.unwrap().decision;
    let found = app.dependants(&democratic, &adoption).await.unwrap();
    assert!(found.iter().any(|one| one.held == Held::GoesOn && one.what.contains("agreements live")));
    assert!(found.iter().all(|one| !one.what.starts_with("Limb (")), "in force: only what rests on it");
}
