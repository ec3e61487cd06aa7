//! A home that comes to a lot after its provider was suspended there is suspended there too, until that ends on evidence, and so
//! is one that comes to such a provider, on both databases.

use std::time::Duration;

use placewell_app::homes::admission::LeaveLot;
use placewell_app::homes::price::file;
use placewell_domain::homes::admission::AdmissionEnd;

use super::*;

/// The register with one more home of Elm Care.
fn with_one_more() -> String {
    let more = "SC400009,Children's home,Active,West Midlands,Herefordshire,Private,2,Elm Care\n";
    register_with("Active") + more
}

/// The lots on which a home is found by searches.
async fn lots(given: &Given, urn: &str) -> Vec<String> {
    let index = given.app.homes(&given.lead).await.unwrap();
    let id = given.app.home_page(&given.lead, urn).await.unwrap().facts.home.id;
    let facts = index.home(index.row(id).unwrap()).unwrap();
    let mut lots: Vec<String> = facts.lots.iter().map(|one| one.lot.clone()).collect();
    lots.sort();
    lots
}

/// What is recorded of a home on single lots and goes on.
async fn recorded(given: &Given, urn: &str) -> Vec<(String, Standing, Date)> {
    let session = given.app.store.read(Some(given.lead.organisation)).await.unwrap();
    let home = session.home_by_urn(&urn.parse().unwrap()).await.unwrap();
    let facts = session.lot_facts_of(home.id).await.unwrap().into_iter().filter(|fact| fact.until == OPEN_END);
    facts.map(|fact| (fact.lot, fact.standing, fact.from)).collect()
}

async fn admit(given: &Given, urn: &str, lot: &str) {
    given.perform(AdmitHome { urn: urn.into(), lot: lot.into(), from: BEGAN }).await.unwrap();
}

#[tokio::test]
async fn a_home_that_comes_to_a_lot_from_which_its_provider_is_suspended_is_suspended_there_until_that_ends() {
    both(async |database| {
        let given = given(&database).await;
        for provider in ["elm-care", "ash-care"] {
            let admit = AdmitProvider { provider: provider.into(), from: BEGAN, exception: Some(before_record()) };
            given.perform(admit).await.unwrap();
        }
        let receipt = given.perform(suspension(About::Provider("elm-care".into()), Some("crisis"))).await.unwrap();
        let id = confirm(&given, &receipt.location).await;
        let next = date(2021, 9, 14);
        given.app.calendar.move_to(next.at(9, 0, 0, 0));
        file(&given, &with_one_more(), date(2021, 9, 10)).await;
        for urn in ["SC400002", "SC400003", "SC400009"] {
            admit(&given, urn, "crisis").await;
            admit(&given, urn, "planned").await;
        }
        let suspended = |from| [("crisis".to_owned(), Standing::Suspended, from)];
        assert_eq!(recorded(&given, "SC400009").await, suspended(next), "from the day on which it came to the lot");
        assert_eq!(lots(&given, "SC400009").await, ["planned"]);
        assert_eq!(
            recorded(&given, "SC400002").await,
            suspended(date(2021, 9, 13)),
            "as it was, of one that was there"
        );
        assert_eq!(lots(&given, "SC400002").await, ["planned"]);
        assert_eq!(lots(&given, "SC400003").await, ["crisis", "planned"], "another provider's");

        let link = Some("https://reports.ofsted.gov.uk/again".to_owned());
        let back = Reinstate { measure: id, version: 2, evidence: Reinstatement::EnquiryClosed, link };
        given.perform(back).await.unwrap();
        for urn in ["SC400002", "SC400009"] {
            assert_eq!(lots(&given, urn).await, ["crisis", "planned"], "{urn}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_home_that_the_regions_own_file_brings_to_such_a_lot_is_suspended_there_too() {
    both(async |database| {
        let given = given(&database).await;
        let admit = AdmitProvider { provider: "elm-care".into(), from: BEGAN, exception: Some(before_record()) };
        given.perform(admit).await.unwrap();
        let receipt = given.perform(suspension(About::Provider("elm-care".into()), Some("crisis"))).await.unwrap();
        confirm(&given, &receipt.location).await;
        file(&given, &with_one_more(), date(2021, 9, 10)).await;
        let text = "urn,lot,admitted_from,weekly_price,price_from,education_weekly_price\n\
                    SC400009,crisis,2018-12-15,3500,,\n";
        let mut work = given.app.store.begin(given.lead.organisation, given.app.calendar.now()).await.unwrap();
        let read = placewell_exchange::homes::admission::read(text.as_bytes());
        let plan = file::plan(&work, read).await.unwrap();
        assert_eq!(plan.summary.admissions, 1, "{:?}", plan.summary.errors);
        file::bring_in(&mut work, &plan).await.unwrap();
        work.commit(Machine::now()).await.unwrap();
        given.app.homes.forget().await;
        assert_eq!(lots(&given, "SC400009").await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn a_file_of_admissions_waits_for_a_change_of_standing_that_is_under_way() {
    both(async |database| {
        let given = given(&database).await;
        let region = given.lead.organisation;
        let held = given.app.store.begin(region, given.app.calendar.now()).await.unwrap();
        let home = held.home_by_urn(&"SC400001".parse().unwrap()).await.unwrap();
        held.lock_standing(&[home.id], true).await.unwrap();
        let text = "urn,lot,admitted_from,weekly_price,price_from,education_weekly_price\n\
                    SC400001,crisis,2018-12-15,3500,,\n";
        let planning = async {
            let work = given.app.store.begin(region, given.app.calendar.now()).await.unwrap();
            let plan = file::plan(&work, placewell_exchange::homes::admission::read(text.as_bytes())).await.unwrap();
            work.roll_back().await.unwrap();
            plan.summary
        };
        tokio::pin!(planning);
        let waited = tokio::time::timeout(Duration::from_millis(300), &mut planning).await;
        assert!(waited.is_err(), "it did not wait: {waited:?}");
        held.roll_back().await.unwrap();
        assert_eq!(planning.await.admissions, 1);
    })
    .await;
}

/// Elm Care is suspended, on one lot or as a whole; then the register says that SC400003 is its own, which is on two lots.
async fn moved_to_suspended(given: &Given, lot: Option<&str>) -> i64 {
    for provider in ["elm-care", "ash-care"] {
        let admit = AdmitProvider { provider: provider.into(), from: BEGAN, exception: Some(before_record()) };
        given.perform(admit).await.unwrap();
    }
    for lot in ["crisis", "planned"] {
        admit(given, "SC400003", lot).await;
    }
    let receipt = given.perform(suspension(About::Provider("elm-care".into()), lot)).await.unwrap();
    let id = confirm(given, &receipt.location).await;
    given.app.homes.forget().await;
    assert_eq!(lots(given, "SC400003").await, ["crisis", "planned"], "it is another provider's");
    given.app.calendar.move_to(date(2021, 9, 14).at(9, 0, 0, 0));
    let text = register_with("Active").replace("3,Ash Care", "3,Elm Care");
    file(given, &text, date(2021, 9, 10)).await;
    given.app.homes.forget().await;
    id
}

#[tokio::test]
async fn a_home_that_the_register_moves_to_a_provider_suspended_on_its_lot_is_suspended_there_until_that_ends() {
    both(async |database| {
        let given = given(&database).await;
        let id = moved_to_suspended(&given, Some("crisis")).await;
        let suspended = [("crisis".to_owned(), Standing::Suspended, date(2021, 9, 14))];
        assert_eq!(recorded(&given, "SC400003").await, suspended, "from the day on which it came to the provider");
        assert_eq!(lots(&given, "SC400003").await, ["planned"]);
        let link = Some("https://reports.ofsted.gov.uk/again".to_owned());
        let back = Reinstate { measure: id, version: 2, evidence: Reinstatement::EnquiryClosed, link };
        given.perform(back).await.unwrap();
        given.app.homes.forget().await;
        assert_eq!(lots(&given, "SC400003").await, ["crisis", "planned"]);
    })
    .await;
}

#[tokio::test]
async fn a_home_that_the_register_moves_to_a_provider_that_is_suspended_as_a_whole_is_suspended_with_it() {
    both(async |database| {
        let given = given(&database).await;
        moved_to_suspended(&given, None).await;
        assert_eq!(recorded(&given, "SC400003").await, [], "nothing is written of single lots");
        let facts = given.app.home_page(&given.lead, "SC400003").await.unwrap().facts;
        assert_eq!(facts.standing, Standing::Suspended);
    })
    .await;
}

/// The measure of a suspension of Elm Care on the crisis lot, where SC400002 and, of Ash Care, SC400003 are.
async fn elm_suspended_on_crisis(given: &Given) -> i64 {
    for provider in ["elm-care", "ash-care"] {
        let admit = AdmitProvider { provider: provider.into(), from: BEGAN, exception: Some(before_record()) };
        given.perform(admit).await.unwrap();
    }
    for (urn, lot) in [("SC400002", "crisis"), ("SC400002", "planned"), ("SC400003", "crisis")] {
        admit(given, urn, lot).await;
    }
    let receipt = given.perform(suspension(About::Provider("elm-care".into()), Some("crisis"))).await.unwrap();
    let id = confirm(given, &receipt.location).await;
    given.app.homes.forget().await;
    assert_eq!(lots(given, "SC400002").await, ["planned"]);
    given.app.calendar.move_to(date(2021, 9, 14).at(9, 0, 0, 0));
    id
}

#[tokio::test]
async fn a_home_that_is_sold_by_a_provider_suspended_on_its_lot_is_free_there_of_what_was_about_that_provider() {
    both(async |database| {
        let given = given(&database).await;
        elm_suspended_on_crisis(&given).await;
        let text = register_with("Active").replace("Private,3,Elm Care", "Private,3,Ash Care");
        file(&given, &text, date(2021, 9, 10)).await;
        given.app.homes.forget().await;
        let good = [("crisis".to_owned(), Standing::Good, date(2021, 9, 14))];
        assert_eq!(recorded(&given, "SC400002").await, good, "from the day on which it left the provider");
        assert_eq!(lots(&given, "SC400002").await, ["crisis", "planned"]);
        assert_eq!(recorded(&given, "SC400003").await, [], "nothing was about it");
    })
    .await;
}

#[tokio::test]
async fn a_home_that_is_sold_keeps_what_is_in_force_about_itself() {
    both(async |database| {
        let given = given(&database).await;
        elm_suspended_on_crisis(&given).await;
        let own = ProposeMeasure {
            standing: Standing::OnWatch,
            reason: StandingReason::Responses,
            ..suspension(About::Home("SC400002".into()), Some("crisis"))
        };
        let receipt = given.perform(own).await.unwrap();
        confirm(&given, &receipt.location).await;
        let text = register_with("Active").replace("Private,3,Elm Care", "Private,3,Ash Care");
        file(&given, &text, date(2021, 9, 10)).await;
        let watched = [("crisis".to_owned(), Standing::OnWatch, date(2021, 9, 14))];
        assert_eq!(recorded(&given, "SC400002").await, watched);
    })
    .await;
}

/// The admissions of SC400002: lot, the day after the last, and why it ended.
async fn admissions(given: &Given) -> Vec<(String, Date, Option<AdmissionEnd>)> {
    let page = given.app.home_page(&given.lead, "SC400002").await.unwrap();
    page.admissions.into_iter().map(|one| (one.lot, one.until, one.ended)).collect()
}

#[tokio::test]
async fn a_home_that_is_sold_to_a_provider_that_nobody_admitted_comes_off_its_lots_and_comes_back_with_its_own_ground()
{
    both(async |database| {
        let given = given(&database).await;
        let elm = AdmitProvider { provider: "elm-care".into(), from: BEGAN, exception: Some(before_record()) };
        given.perform(elm).await.unwrap();
        for lot in ["crisis", "planned"] {
            admit(&given, "SC400002", lot).await;
        }
        let until = date(2021, 10, 1);
        let (urn, lot, why) = ("SC400002".into(), "crisis".into(), AdmissionEnd::Withdrawn);
        given.perform(LeaveLot { urn, lot, until, why }).await.unwrap();
        let sold = date(2021, 9, 14);
        given.app.calendar.move_to(sold.at(9, 0, 0, 0));
        let text = register_with("Active").replace("Private,3,Elm Care", "Private,3,Ash Care");
        file(&given, &text, date(2021, 9, 10)).await;
        given.app.homes.forget().await;
        assert_eq!(lots(&given, "SC400002").await, [""; 0], "nobody evaluated who has it");
        let ended = |lot: &str| (lot.to_owned(), sold, Some(AdmissionEnd::NewProvider));
        assert_eq!(admissions(&given).await, [ended("crisis"), ended("planned")]);
        let alerts = given.app.region_alerts(&given.lead, (0, 50)).await.unwrap().lines;
        let said: Vec<String> = alerts.into_iter().filter_map(|one| one.alert.found.after).collect();
        assert!(said.contains(&"Ash Care, not admitted: off lot Lot crisis, Lot planned".to_owned()), "{said:?}");
        assert_eq!(given.app.store.verify().await.unwrap().faults, []);

        let back = AdmitHome { urn: "SC400002".into(), lot: "planned".into(), from: sold };
        assert!(given.perform(back.clone()).await.is_err(), "a home follows its provider");
        let ash = AdmitProvider { provider: "ash-care".into(), from: sold, exception: Some(before_record()) };
        given.perform(ash).await.unwrap();
        given.perform(back).await.unwrap();
        assert_eq!(lots(&given, "SC400002").await, ["planned"]);
    })
    .await;
}
