//! What is expected of a year over the API: rises in price that are granted and not confirmed yet, and the forecast.

use jiff::civil::date;
use placewell_app::clock::Machine;
use placewell_app::power::annual_value::{Allowed, commit};
use placewell_domain::change::Event;
use placewell_domain::homes::price::formula::CONSUMER_PRICES;
use placewell_domain::id::AgreementId;
use placewell_domain::money::Pence;
use placewell_domain::nights::{ChargedDays, plus_days};
use placewell_domain::office::access::Role;
use placewell_domain::power::annual_value::{Commitment, Route, Share, ValueKind, ValueLine};
use placewell_testkit::client::{Client, MULTIPART, multipart};
use serde_json::{Value, json};

use super::canary::{asked, awarded};
use super::email;
use super::world::{World, both_made};

/// The rate that the formula needs, as the region records it.
async fn rate_of_prices(world: &World) {
    let app = &world.region.app;
    let team = app.actor_by_email(&email("region", Role::CommissioningLead)).await.unwrap().organisation;
    let mut work = app.store.begin(team, app.calendar.now()).await.unwrap();
    work.set(CONSUMER_PRICES.name, date(2021, 8, 18), "2.0; July 2021; ONS, 18 August 2021").await.unwrap();
    work.record(Event::new("world.prices", "setting", team.0, 1));
    work.commit(Machine::now()).await.unwrap();
}

/// A rise that is granted and not confirmed yet.
pub(super) async fn granted(world: &World) {
    asked(world).await;
    world.move_to(date(2021, 9, 16), 17);
    awarded(world).await;
    rate_of_prices(world).await;
    let value = async || world.officer.get("/api/v1/annual-value").await.is(200).json;
    let before = value().await;
    assert_eq!(before["rises_pence"], 0);
    let rise = json!({
        "home": "SC400001", "lot": "planned", "line": "core", "basis": "formula", "percent": "1.5",
        "from": "2021-11-01"
    });
    world.elm.post("/api/v1/uplifts", &[], &rise).await.is(201);
    let listed = world.elm.get("/api/v1/uplifts").await.is(200).json;
    let uplift = format!("/api/v1/uplifts/{}", listed["items"][0]["id"].as_str().unwrap());
    let lead = world.region.caller("region", Role::CommissioningLead).await;
    lead.change(&uplift, "decide", &json!({"outcome": "granted"})).await.is(200);
    let after = value().await;
    let officer = world.region.app.actor_by_email(&email("HEF", Role::PlacementOfficer)).await.unwrap();
    let page = world.region.app.annual_value(&officer, None, None).await.unwrap();
    let rises = after["rises_pence"].as_i64().unwrap();
    assert!(rises > 0 && rises == page.rises.0, "{rises} and {}", page.rises.0);
    assert_eq!(after["planned_pence"], before["planned_pence"], "the ceiling does not hold it yet");
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_3_1_a_granted_rise_that_waits_stands_beside_what_is_planned_over_the_api_too() {
    both_made(async |database| granted(&World::opened(&database).await).await).await;
}

/// A home asks for a rise and shows its costs: the ids of both.
pub(super) async fn asked_for(world: &World) -> (String, String) {
    rate_of_prices(world).await;
    let rise = json!({
        "home": "SC400001", "lot": "planned", "line": "core", "basis": "formula", "percent": "1.5",
        "from": "2021-11-01"
    });
    world.elm.post("/api/v1/uplifts", &[], &rise).await.is(201);
    let listed = world.elm.get("/api/v1/uplifts").await.is(200).json;
    let id = listed["items"][0]["id"].as_str().unwrap();
    let uplift = format!("/api/v1/uplifts/{id}");
    let file = multipart(std::iter::empty(), Some(("costs.pdf", b"%PDF-1.4 costs")));
    world.elm.raw(&format!("{uplift}/documents"), &[], MULTIPART, file).await.is(201);
    let own = world.elm.get(&uplift).await.is(200).json;
    (id.to_owned(), own["documents"][0]["id"].as_str().unwrap().to_owned())
}

/// Every member may read a request's row, so that only the answer keeps a rival away from what another asks for.
pub(super) async fn kept_apart(world: &World) {
    let (id, evidence) = asked_for(world).await;
    let (uplift, evidence) = (format!("/api/v1/uplifts/{id}"), format!("documents/{evidence}"));
    world.elm.get(&format!("{uplift}/{evidence}")).await.is(200);
    let others = [
        ("ash-care", Role::ProviderManager, 404),
        ("beech-care", Role::ProviderManager, 404),
        ("HEF", Role::PlacementOfficer, 403),
        ("HEF", Role::FinanceOfficer, 403),
        ("WOR", Role::Approver, 403),
    ];
    for (code, role, refused) in others {
        let caller = world.region.caller(code, role).await;
        let actor = world.region.app.actor_by_email(&email(code, role)).await.unwrap();
        let session = world.region.app.start_session(&actor).await.unwrap();
        let client = Client::with_session(world.region.router.clone(), &session);
        for end in [String::new(), format!("/{evidence}")] {
            let reply = caller.get(&format!("{uplift}{end}")).await.is(refused);
            assert!(!String::from_utf8_lossy(&reply.bytes).contains("SC400001"), "{code}: {:#}", reply.json);
            let page = client.get(&format!("/provider/uplifts/{id}{end}")).await;
            assert_eq!(page.status.as_u16(), refused, "/provider/uplifts/{id}{end} for {code}");
            assert!(!page.body.contains("SC400001"), "{code}: {}", page.body);
        }
    }
    assert_eq!(world.ash.get("/api/v1/uplifts").await.is(200).json["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn s1_what_a_provider_asks_for_and_its_evidence_are_kept_from_rivals_and_from_authorities() {
    both_made(async |database| kept_apart(&World::opened(&database).await).await).await;
}

/// A stay of four weeks in each of the last twelve weeks of summer.
async fn twelve_stays(world: &World) {
    let app = &world.region.app;
    let org = app.actor_by_email(&email("HEF", Role::PlacementOfficer)).await.unwrap().organisation;
    for week in 0..12 {
        let start = plus_days(date(2021, 6, 7), 7 * week);
        let line = ValueLine {
            kind: ValueKind::Care,
            weekly: Pence::pounds(4_150),
            origin: start,
            from: start,
            ends: None,
            authority: Share { part: 1, whole: 1 },
        };
        let one = Commitment {
            agreement: AgreementId(100 + week),
            reference: format!("HEF-A-{:04}", 100 + week),
            route: Route::Arrangement,
            lines: vec![line],
            start,
            planned_end: plus_days(start, 28),
            notice_days: 28,
            goes_on: true,
            moved_on: None,
            charged: ChargedDays::default(),
        };
        let mut work = app.store.begin(org, app.calendar.now()).await.unwrap();
        work.record(Event::new("world.committed", "agreement", one.agreement.0, 1));
        commit(&mut work, &one, Allowed::Nothing).await.unwrap();
        work.commit(Machine::now()).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_3_5_what_is_expected_of_a_year_is_told_in_figures_as_the_page_says_it_in_words() {
    both_made(async |database| {
        let world = World::opened(&database).await;
        let value = async || world.officer.get("/api/v1/annual-value").await.is(200).json;
        assert_eq!(value().await["forecast"], Value::Null, "too few awards to say");
        twelve_stays(&world).await;
        let officer = world.region.app.actor_by_email(&email("HEF", Role::PlacementOfficer)).await.unwrap();
        let page = world.region.app.annual_value(&officer, None, None).await.unwrap();
        let forecast = page.words.forecast.expect("twelve awards are enough to say");
        let figures = json!({
            "expected_new_pence": forecast.expected_new.0, "outturn_pence": forecast.outturn.0,
            "low_pence": forecast.low.0, "high_pence": forecast.high.0
        });
        assert_eq!(value().await["forecast"], figures);
    })
    .await;
}
