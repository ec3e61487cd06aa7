//! A region in which the whole road can be taken over the API: an authority with its decision, posts and ceiling, two
//! providers with a home each on one lot, and a second authority that must see nothing of it. But for what `placewell init`
//! makes, all of it comes by the API's own operations. Everything is invented.

use std::sync::Arc;

use jiff::civil::{Date, date};
use placewell_app::App;
use placewell_app::clock::Machine;
use placewell_domain::id::{ArrangementId, OrganisationId};
use placewell_domain::office::access::Role;
use placewell_domain::power::arrangement::{Arrangement, Lot, Term, TermsVersion};
use placewell_store::Backend;
use placewell_testkit::client::{MULTIPART, multipart};
use placewell_testkit::databases::{TestDatabase, both_grown, grown};
use serde_json::{Value, json};

use super::caller::Caller;
use super::watch::Told;
use super::{Region, email};

/// What limb (b) authorises: in one limb, so that one post has it all.
const POWERS: [&str; 4] = ["operational", "award_placements", "award_mini_blocks", "spot_purchase"];
/// The ceiling of a year, in pence.
pub const CEILING: i64 = 550_000_000;
const BEGAN: Date = date(2018, 12, 15);

/// The region with everybody who takes the road.
pub struct World {
    pub region: Region,
    pub officer: Caller,
    pub director: Caller,
    pub elm: Caller,
    pub ash: Caller,
    pub stranger: Caller,
}

impl World {
    /// On Monday 13 September 2021, 10:20.
    pub async fn make(database: &TestDatabase) -> Self {
        Self::of(Region::make(database).await).await
    }

    /// The same, in which everybody's writes are sent before by those who must be refused them, the making's too.
    pub async fn watched(database: &TestDatabase, told: &Arc<Told>) -> Self {
        Self::of(Region::watched(database, told).await).await
    }

    /// The same from here on, in a copy of a database in which it was made.
    pub async fn opened(database: &TestDatabase) -> Self {
        Self::among(Region::opened(database).await).await
    }

    /// The same in such a copy, watched from here on.
    pub async fn copied(database: &TestDatabase, told: &Arc<Told>) -> Self {
        Self::among(Region::copied(database, told).await).await
    }

    async fn of(region: Region) -> Self {
        let app = &region.app;
        let team = app.actor_by_email(&email("region", Role::CommissioningLead)).await.unwrap().organisation;
        arrangement(app, team).await;
        powers(&region.caller("HEF", Role::DemocraticServices).await).await;
        let lead = region.caller("region", Role::CommissioningLead).await;
        let urns = registered(&lead, ["oak-lane-care", "ash-care"]).await;
        for (urn, code, name) in [(&urns[0], "oak-lane-care", "Oak Lane"), (&urns[1], "ash-care", "Ash Court")] {
            described(&region.caller(code, Role::ProviderManager).await, urn, name).await;
            admitted(&lead, code, urn).await;
        }
        Self::among(region).await
    }

    /// Everybody who takes the road.
    async fn among(region: Region) -> Self {
        Self {
            officer: region.caller("HEF", Role::PlacementOfficer).await,
            director: region.caller("HEF", Role::Approver).await,
            elm: region.caller("oak-lane-care", Role::ProviderManager).await,
            ash: region.caller("ash-care", Role::ProviderManager).await,
            stranger: region.caller("WOR", Role::PlacementOfficer).await,
            region,
        }
    }

    /// Moves the business calendar.
    pub fn move_to(&self, day: Date, hour: i8) {
        self.region.app.calendar.move_to(day.at(hour, 0, 0, 0));
    }
}

/// What the tests that begin in a copy share.
const MADE: &str = "the region of the road";

/// Makes it and keeps it.
async fn kept(database: &TestDatabase) {
    let world = Box::pin(World::make(database)).await;
    world.region.app.store.close().await;
}

/// A copy of a database of one kind in which it was made.
pub async fn made(backend: Backend) -> TestDatabase {
    Box::pin(grown(backend, MADE, kept)).await
}

/// Runs a test on such a copy of either database.
pub async fn both_made<F: Future<Output = ()>>(test: impl Fn(Arc<TestDatabase>) -> F) {
    Box::pin(both_grown(MADE, kept, test)).await;
}

/// The decision of 14 January 2019 is recorded and published, its limb means the director's post, the director is in it, and
/// the ceiling follows: democratic services over the API, as docs/api.md tells it.
async fn powers(clerk: &Caller) {
    let body = json!({"reference": "HEF-2019-0114", "page": page()});
    let decision = clerk.post("/api/v1/decisions", &[], &body).await.is(201).header("location").to_owned();
    let publish = json!({"decided_on": "2019-01-14", "published_on": "2019-01-14"});
    clerk.change(&decision, "publish", &publish).await.is(200);
    clerk.post(&format!("{decision}/set-ceiling"), &[], &json!({})).await.is(200);

    let record = async |what: &str, body: Value| clerk.post(&format!("/api/v1/delegations/{what}"), &[], &body).await;
    let post =
        json!({"title": "Director for children and families", "grade": "director", "whole": true, "from": BEGAN});
    record("post", post).await.is(201);
    let held = clerk.get("/api/v1/delegations").await.is(200).json;
    let find = |list: &str, key: &str, value: &str| {
        let found = held[list].as_array().unwrap().iter().find(|one| one[key].as_str().unwrap().ends_with(value));
        found.unwrap_or_else(|| panic!("{value} among {list}: {held:#}")).clone()
    };
    let post = find("posts", "title", "families")["id"].clone();
    let limb = find("limbs", "limb", "/b")["limb"].clone();
    record("limb-post", json!({"letter": limb, "post": post})).await.is(201);
    let director = find("people", "title", Role::Approver.label())["id"].clone();
    record("holding", json!({"post": post, "person": director, "kind": "holder", "from": BEGAN})).await.is(201);
    let live = json!({"value": "2021-09-13", "from": "2021-09-13"});
    clerk.change("/api/v1/settings/placements.going_live", "change", &live).await.is(200);
}

fn page() -> Value {
    let posts = json!([{"words": "Director for children and families"}]);
    json!({
        "title": "Adopt the arrangement",
        "decision_maker": "Cabinet member children and families",
        "governing_body": "council_executive",
        "key_decision": false,
        "subject_to_call_in": true,
        "limbs": [
            {"letter": "a", "text": "As the report recommends", "effects": [
                {"effect": "adopts"}, {"effect": "ceiling", "annual_pence": CEILING}
            ]},
            {"letter": "b", "text": "As the report recommends", "effects": [
                {"effect": "authorises", "powers": POWERS, "posts": posts}
            ]}
        ],
        "no_alternatives": "None considered.",
        "reasons": "Children need homes near their schools.",
        "conflicts_of_interest": "None",
        "dispensations": "None",
        "urgency": "No",
        "term": {"start": BEGAN, "end": "2021-12-14", "option_months": 36}
    })
}

/// The arrangement with its one lot, as `placewell init` makes it.
async fn arrangement(app: &Arc<App>, team: OrganisationId) {
    let mut work = app.store.begin(team, app.calendar.now()).await.unwrap();
    let lot = Lot { code: "planned".into(), name: "Planned".into(), description: "Planned placements".into() };
    let arrangement = Arrangement {
        id: ArrangementId(1),
        version: 1,
        slug: "fca".into(),
        title: "Flexible Contracting Arrangement".into(),
        lead: "The region".into(),
        term: Term { start: BEGAN, end: date(2021, 12, 14), option_months: 36, steps: vec![] },
        lots: vec![lot],
        terms: vec![TermsVersion { version: "1.0".into(), from: BEGAN, summary: "First".into() }],
        specification: vec![],
        windows: vec![],
        participants: vec![],
        ahead: placewell_domain::power::arrangement::Ahead::default(),
    };
    work.apply(Arrangement::record(arrangement)).await.unwrap();
    work.commit(Machine::now()).await.unwrap();
}

/// Ofsted's register with a home of two beds for each provider: sent, looked at and confirmed by the regional team.
async fn registered(lead: &Caller, providers: [&str; 2]) -> [String; 2] {
    let urns = ["SC400001".to_owned(), "SC400002".to_owned()];
    let mut file = "URN,Provision type,Registration date,Registration status,Government Office Region,Local authority,\
                    Sector,Places,Organisation\n"
        .to_owned();
    for (urn, provider) in urns.iter().zip(providers) {
        let home = format!("{urn},Children's home,01/04/2019,Active,West Midlands,Herefordshire,Private,2,");
        file.extend([home.as_str(), provider, " (invented)\n"]);
    }
    let fields = [("region", "West Midlands"), ("as_at", "2021-03-31")];
    let form = multipart(fields.into_iter(), Some(("register.csv", file.as_bytes())));
    let sent = lead.raw("/api/v1/imports/of/register", &[], MULTIPART, form).await.is(201);
    let record = sent.header("location");
    let found = lead.get(record).await.is(200).json;
    assert_eq!((&found["state"], &found["errors"]), (&json!("checked"), &json!([])), "{found:#}");
    let register = &found["register"];
    assert_eq!(
        (&register["new"], &register["closed"], &register["as_at"]),
        (&json!(2), &json!(0), &json!("2021-03-31"))
    );
    lead.change(record, "confirm", &json!({})).await.is(200);
    assert_eq!(lead.get(record).await.is(200).json["state"], "brought_in");
    let home = lead.get("/api/v1/homes/SC400001").await.is(200).json;
    let history = &home["registration_history"][0];
    assert_eq!((&history["from"], &history["registration"]), (&json!("2019-04-01"), &json!("Registered")), "{home:#}");
    urns
}

/// Its provider says what the home is for and where it is.
async fn described(provider: &Caller, urn: &str, name: &str) {
    let own = format!("/api/v1/own-homes/{urn}");
    let purpose = json!({
        "name": name, "youngest": 10, "oldest": 17, "sex": "any", "as_of": "2021-01-04", "meets": ["going_missing"]
    });
    for (act, body) in [("state-purpose", purpose), ("supply-postcode", json!({"postcode": "HR1 2PX"}))] {
        let tag = provider.get(&format!("{own}/beds")).await.is(200).header("etag").to_owned();
        provider.post(&format!("{own}/{act}"), &[("if-match", &tag)], &body).await.is(200);
    }
}

/// The regional team admits the provider, then the home to the lot for planned placements at £4,500 a week.
async fn admitted(lead: &Caller, code: &str, urn: &str) {
    let (home, from) = (format!("/api/v1/homes/{urn}"), BEGAN.to_string());
    let lot = json!({"lot": "planned", "from": from});
    let early = lead.post(&format!("{home}/admit"), &[], &lot).await;
    assert_eq!(early.problem(), (409, "provider_not_admitted"));
    let price = json!({"lot": "planned", "line": "core", "weekly_pence": 450_000, "from": from});
    let unpriced = lead.post(&format!("{home}/prices"), &[], &price).await;
    assert_eq!(unpriced.problem(), (409, "not_on_lot"));
    let admit = format!("/api/v1/providers/{code}/admit");
    let unfounded = lead.post(&admit, &[], &json!({"from": from})).await;
    assert_eq!(unfounded.problem(), (409, "no_evaluation"));
    let unsaid = lead.post(&admit, &[], &json!({"from": from, "exception": "before_record"})).await.is(422);
    assert_eq!(unsaid.json["errors"][0]["field"], "record", "{}", unsaid.json);
    let ground = json!({"from": from, "exception": "before_record", "record": "file FCA/2018/014"});
    lead.post(&admit, &[], &ground).await.is(201);
    lead.post(&format!("{home}/admit"), &[], &lot).await.is(201);
    lead.post(&format!("{home}/prices"), &[], &price).await.is(201);
    let held = lead.get(&format!("{home}/prices")).await.is(200);
    assert_eq!(held.json["prices"][0]["weekly_pence"], 450_000);
}
