//! A provider's own homes: beds out of service and back, confirmed, located, and what keeps a home out of searches; another's
//! home reads as not found.

use std::sync::Arc;

use jiff::civil::{Date, date};
use placewell_app::clock::{Calendar, Machine, moment_of};
use placewell_app::homes::home::{ConfirmBeds, SupplyPostcode};
use placewell_app::placing::occupancy::{CloseBed, ReopenBed, month_of};
use placewell_app::{App, Outcome};
use placewell_domain::authority::AreaCode;
use placewell_domain::homes::home::{Bed, Home, RegisterEntry, Sector};
use placewell_domain::id::{BedId, HomeId, OrganisationId, PersonId};
use placewell_domain::office::access::Role;
use placewell_domain::office::organisation::{Organisation, OrganisationKind};
use placewell_domain::office::person::Actor;
use placewell_domain::place::{Point, Precision};
use placewell_domain::placing::occupancy::ClosedReason;
use placewell_insight::placing::referral::Effect;
use placewell_testkit::databases::{TestDatabase, both};

const TODAY: Date = date(2021, 9, 13);
const URN: &str = "SC400001";

pub(super) fn actor(organisation: i64, role: Role) -> Actor {
    Actor {
        person: PersonId(organisation),
        name: "Someone".into(),
        organisation: OrganisationId(organisation),
        code: "code".into(),
        organisation_name: "An organisation".into(),
        kind: OrganisationKind::Provider,
        role,
        by: placewell_domain::office::person::session::By::Service,
    }
}

pub(super) async fn given(database: &TestDatabase) -> Arc<App> {
    let app = database.app(Calendar::standing(TODAY.at(10, 20, 0, 0))).await;
    let moment = moment_of(TODAY.at(10, 20, 0, 0));
    let mut work = app.store.begin(OrganisationId(1), moment).await.unwrap();
    for (id, kind) in [
        (1, OrganisationKind::RegionalTeam),
        (2, OrganisationKind::Provider),
        (3, OrganisationKind::Provider),
        (9, OrganisationKind::Authority),
    ] {
        let id = OrganisationId(id);
        let new =
            Organisation { id, code: format!("o{id}"), name: format!("O{id}"), kind, area: None, placing_body: None };
        work.add_organisation(&new).await.unwrap();
    }
    let entry = RegisterEntry {
        provider: OrganisationId(2),
        area: AreaCode::parse("E06000019").unwrap(),
        sector: Sector::Private,
        places: 2,
        short_breaks_only: false,
        suspended: false,
        registered_on: None,
    };
    let change = Home::register(HomeId(1), OrganisationId(1), URN.parse().unwrap(), entry, moment);
    let home = work.apply(change).await.unwrap();
    for bed in 1..=2 {
        work.add_bed(&home, &Bed { id: BedId(bed), home: home.id, label: format!("Bed {bed}") }).await.unwrap();
    }
    work.commit(Machine::now()).await.unwrap();
    app
}

fn close(bed: i64, from: Date, until: Option<Date>) -> CloseBed {
    CloseBed { urn: URN.into(), bed, from, until, reason: ClosedReason::Repair }
}

#[tokio::test]
async fn a_bed_out_of_service_is_not_free_and_comes_back() {
    both(async |database| {
        let app = given(&database).await;
        let manager = actor(2, Role::ProviderManager);
        let officer = actor(9, Role::PlacementOfficer);
        let free = async || app.homes(&officer).await.unwrap().home(0).unwrap().gaps.any.len();
        assert_eq!(free().await, 1, "both beds free alike");
        app.perform(&manager, "k1", close(1, TODAY, Some(date(2021, 9, 20)))).await.unwrap();
        app.homes.forget().await;
        assert_eq!(free().await, 2, "one free now, one from 20 September");
        let month = app.own_month(&manager, URN, "2021-09").await.unwrap();
        assert_eq!((month.counts[11].free, month.counts[12].free, month.counts[19].free), (2, 1, 2));
        let twice = app.perform(&manager, "k2", close(1, date(2021, 9, 19), None)).await.unwrap_err();
        assert!(matches!(twice, Outcome::Refused(refusal) if refusal.code == "bed_taken"));
        let closure = &month.uses[0];
        let reopen = ReopenBed { urn: URN.into(), closure: closure.id.0, version: closure.version, on: TODAY };
        app.perform(&manager, "k3", reopen).await.unwrap();
        app.homes.forget().await;
        assert_eq!(free().await, 1);
    })
    .await;
}

#[tokio::test]
async fn one_entry_of_a_vacancy_serves_all_fourteen_authorities() {
    both(async |database| {
        let app = given(&database).await;
        for id in 10..=22 {
            let (kind, id) = (OrganisationKind::Authority, OrganisationId(id));
            let work = app.store.begin(id, app.calendar.now()).await.unwrap();
            let (code, name) = (format!("o{id}"), format!("O{id}"));
            work.add_organisation(&Organisation { id, code, name, kind, area: None, placing_body: None })
                .await
                .unwrap();
            work.commit(Machine::now()).await.unwrap();
        }
        let officers: Vec<Actor> = (9..=22).map(|id| actor(id, Role::PlacementOfficer)).collect();
        assert_eq!(officers.len(), 14);
        let manager = actor(2, Role::ProviderManager);
        // Each looks for itself, by its own session: nothing is held from who looked before.
        let seen = async || {
            let mut all = Vec::new();
            for officer in &officers {
                app.homes.forget().await;
                let gaps = app.homes(officer).await.unwrap().home(0).unwrap().gaps.any.len();
                let page = app.home_page(officer, URN).await.unwrap();
                all.push((gaps, page.tonight.free, page.facts.home.beds_confirmed_on));
            }
            all
        };
        assert_eq!(seen().await, vec![(1, 2, None); 14], "both beds are free alike");
        app.perform(&manager, "close", close(1, TODAY, Some(date(2021, 9, 20)))).await.unwrap();
        assert_eq!(seen().await, vec![(2, 1, None); 14], "one entry, and every search and page has it");
        app.perform(&manager, "confirm", ConfirmBeds { urn: URN.into() }).await.unwrap();
        assert_eq!(seen().await, vec![(2, 1, Some(TODAY)); 14]);
        let uses = app.store.read(Some(OrganisationId(22))).await.unwrap().bed_uses(HomeId(1), TODAY).await.unwrap();
        assert_eq!(uses.len(), 1, "it stands once");
    })
    .await;
}

#[tokio::test]
async fn another_provider_s_home_reads_as_not_found_and_an_officer_may_not_close_beds() {
    both(async |database| {
        let app = given(&database).await;
        let stranger = actor(3, Role::ProviderManager);
        assert!(matches!(app.own_month(&stranger, URN, "").await, Err(Outcome::NotFound)));
        let answer = app.perform(&stranger, "k1", close(1, TODAY, None)).await;
        assert!(matches!(answer, Err(Outcome::NotFound)));
        let officer = actor(9, Role::PlacementOfficer);
        assert!(matches!(app.perform(&officer, "k2", close(1, TODAY, None)).await, Err(Outcome::Forbidden(_))));
        assert!(matches!(app.own_month(&officer, URN, "").await, Err(Outcome::Forbidden(_))));
    })
    .await;
}

#[tokio::test]
async fn a_home_is_placed_by_its_postcode_and_its_beds_are_confirmed() {
    both(async |database| {
        let app = given(&database).await;
        let manager = actor(2, Role::ProviderManager);
        let bad = SupplyPostcode { urn: URN.into(), version: 1, postcode: "nowhere".into() };
        assert!(matches!(app.perform(&manager, "k1", bad).await, Err(Outcome::Invalid(_))));
        let good = SupplyPostcode { urn: URN.into(), version: 1, postcode: "hr1 2px".into() };
        app.perform(&manager, "k2", good.clone()).await.unwrap();
        assert!(matches!(app.perform(&manager, "k3", good).await, Err(Outcome::Conflict)));
        app.perform(&manager, "k4", ConfirmBeds { urn: URN.into() }).await.unwrap();
        let page = app.home_page(&actor(9, Role::PlacementOfficer), URN).await.unwrap();
        assert!(page.facts.home.point.is_some());
        assert_eq!(page.facts.home.beds_confirmed_on, Some(TODAY));
    })
    .await;
}

#[tokio::test]
async fn a_home_stands_no_closer_than_its_present_postcode_is_known() {
    both(async |database| {
        let app = given(&database).await;
        let (manager, officer) = (actor(2, Role::ProviderManager), actor(9, Role::PlacementOfficer));
        app.keep_places("pcds,oseast1m,osnrth1m\nHR1 2PX,351900,239700\n".as_bytes()).await.unwrap();
        let stands = async |postcode: &str| {
            let version = app.home_page(&officer, URN).await.unwrap().facts.home.version;
            let supply = SupplyPostcode { urn: URN.into(), version, postcode: postcode.into() };
            app.perform(&manager, &format!("{postcode} {version}"), supply).await.unwrap();
            let facts = app.home_page(&officer, URN).await.unwrap().facts;
            (facts.home.point, facts.precision())
        };
        let listed = Some(Point { easting: 351_900, northing: 239_700 });
        assert_eq!(stands("HR1 2PX").await, (listed, Some(Precision::Postcode)));
        let (sector, known) = stands("HR4 0AB").await;
        assert!(sector.is_some() && sector != listed, "not in the directory: the centre of its sector");
        assert_eq!(known, Some(Precision::Sector));
        assert_eq!(stands("HR1 2PX").await.1, Some(Precision::Postcode));
        assert_eq!(stands("EC1A 1BB").await, (None, None), "placed by nothing: no place, and not the earlier one");
    })
    .await;
}

#[tokio::test]
async fn a_provider_reads_what_keeps_its_home_out_of_searches_or_weaker_in_them_and_what_would_change_it() {
    both(async |database| {
        let app = given(&database).await;
        let (manager, officer) = (actor(2, Role::ProviderManager), actor(9, Role::PlacementOfficer));
        let of = async |about: &str| {
            let (_, gates) = app.own_gates(&manager, URN).await.unwrap();
            let gate = gates.into_iter().find(|gate| gate.about == about).unwrap();
            (gate.effect, gate.found, gate.change)
        };
        let stale = async || app.to_keep(&manager).await.unwrap().stale.len();
        let confirm = "Confirm the beds: one button on your home page.";
        let never = "Never confirmed: officers cannot tell whether your beds are shown right".to_owned();
        assert_eq!(of("Beds confirmed").await, (Effect::Weaker, never, confirm));
        assert_eq!(stale().await, 1);
        app.perform(&manager, "k1", ConfirmBeds { urn: URN.into() }).await.unwrap();
        let dated = "Confirmed on 2021-09-13: officers read that date beside your beds".to_owned();
        for (day, effect, waits) in [(13, Effect::Well, 0), (20, Effect::Well, 0), (21, Effect::Weaker, 1)] {
            app.calendar.move_to(date(2021, 9, day).at(10, 20, 0, 0));
            assert_eq!(of("Beds confirmed").await, (effect, dated.clone(), confirm), "on {day} September");
            assert_eq!(stale().await, waits, "on {day} September");
        }

        let bring = "Bring a bed back into service on the page of its beds, once it is.";
        let today = date(2021, 9, 21);
        assert_eq!(of("Beds").await, (Effect::Well, "A bed is free now".to_owned(), bring));
        app.perform(&manager, "k2", close(1, today, None)).await.unwrap();
        app.perform(&manager, "k3", close(2, today, Some(date(2021, 10, 18)))).await.unwrap();
        assert_eq!(of("Beds").await, (Effect::Well, "A bed is free from 2021-10-18".to_owned(), bring));
        let month = app.own_month(&manager, URN, "2021-09").await.unwrap();
        let closure = month.uses.iter().find(|one| one.nights.to() == date(2021, 10, 18)).unwrap();
        let reopen = ReopenBed { urn: URN.into(), closure: closure.id.0, version: closure.version, on: today };
        app.perform(&manager, "k4", reopen).await.unwrap();
        app.perform(&manager, "k5", close(2, today, Some(date(2021, 10, 19)))).await.unwrap();
        let none = "No bed is free in the next 28 days".to_owned();
        assert_eq!(of("Beds").await, (Effect::LeftOut, none, bring));
        let (_, gates) = app.own_gates(&manager, URN).await.unwrap();
        assert_eq!(gates[0].about, "Beds", "what keeps it out stands first");
        assert!(matches!(app.own_gates(&actor(3, Role::ProviderManager), URN).await, Err(Outcome::NotFound)));
        assert!(matches!(app.own_gates(&officer, URN).await, Err(Outcome::Forbidden(_))));
    })
    .await;
}

#[test]
fn a_month_is_read_from_its_text_and_nonsense_means_this_month() {
    assert_eq!(month_of("2021-04", TODAY), date(2021, 4, 1));
    for nonsense in ["", "2021-13", "x-y", "99999-01", "2021-04-12"] {
        assert_eq!(month_of(nonsense, TODAY), date(2021, 9, 1), "{nonsense}");
    }
}
