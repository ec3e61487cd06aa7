//! A region in which the whole road can be taken over the API: an authority with its decision, posts and ceiling, two
//! providers with a home each on one lot, and a second authority that must see nothing of it. Everything is invented.

use std::sync::Arc;

use jiff::civil::{Date, date};
use placewell_app::App;
use placewell_app::clock::Machine;
use placewell_app::power::delegation::PowerFact;
use placewell_domain::authority::AreaCode;
use placewell_domain::calendar::WorkingDays;
use placewell_domain::change::Event;
use placewell_domain::homes::home::{Bed, Home, RegisterEntry, Sector};
use placewell_domain::id::{ArrangementId, BedId, DecisionId, HomeId, OrganisationId, PersonId, PostId};
use placewell_domain::money::Pence;
use placewell_domain::nights::OPEN_END;
use placewell_domain::office::access::Role;
use placewell_domain::power::arrangement::{Arrangement, Lot, Term, TermsVersion};
use placewell_domain::power::decision::{
    CallInRule, DecidedTerm, Decision, DecisionPage, GoverningBody, Limb, LimbEffect, LimbPower, NamedPost,
};
use placewell_domain::power::delegation::{Holding, HoldingKind, LimbPost, Post, PostGrade, Remit};
use placewell_store::Work;
use placewell_testkit::databases::TestDatabase;
use serde_json::json;

use super::caller::Caller;
use super::{Region, email};

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
        let region = Region::make(database).await;
        let app = &region.app;
        let actor = async |code: &str, role| app.actor_by_email(&email(code, role)).await.unwrap();
        let (officer, director) = (actor("HEF", Role::PlacementOfficer).await, actor("HEF", Role::Approver).await);
        powers(app, officer.organisation, director.person).await;
        let team = actor("region", Role::CommissioningLead).await.organisation;
        arrangement(app, team).await;
        let lead = region.caller("region", Role::CommissioningLead).await;
        for (at, code, name) in [(1, "oak-lane-care", "Oak Lane"), (2, "ash-care", "Ash Court")] {
            let provider = actor(code, Role::ProviderManager).await.organisation;
            let urn = registered(app, team, provider, at).await;
            described(&region.caller(code, Role::ProviderManager).await, &urn, name).await;
            admitted(&lead, code, &urn).await;
        }
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

async fn begin(app: &Arc<App>, organisation: OrganisationId) -> Work {
    app.store.begin(organisation, app.calendar.now()).await.unwrap()
}

/// The decision of 14 January 2019, its posts with the director in them, and the ceiling of each year.
async fn powers(app: &Arc<App>, authority: OrganisationId, director: PersonId) {
    let mut work = begin(app, authority).await;
    let days = WorkingDays::default();
    let rule = CallInRule { working_days: 4, calendar: days.clone() };
    let decided = date(2019, 1, 14);
    let draft = Decision::record(DecisionId(1), authority, "HEF-2019-0114".into(), None, page());
    let decision = work.apply(draft).await.unwrap();
    let decision = work.apply(decision.decide(decided, &days).unwrap()).await.unwrap();
    let decision = work.apply(decision.publish(decided, false, None, &rule).unwrap()).await.unwrap();
    work.keep_decision_text(&decision).await.unwrap();
    let post = Post {
        id: PostId(1),
        organisation: authority,
        title: "Director for children and families".into(),
        grade: PostGrade::Director,
        remit: Remit::Whole,
        from: BEGAN,
        to: OPEN_END,
    };
    let kind = HoldingKind::Holder;
    let facts = [
        PowerFact::Post(post),
        PowerFact::LimbPost(LimbPost { decision: DecisionId(1), letter: 'b'.into(), post: PostId(1), relevant: false }),
        PowerFact::Holding(Holding { post: PostId(1), person: director, kind, from: BEGAN, to: OPEN_END }),
    ];
    for (id, fact) in (100..).zip(&facts) {
        work.record_power(id, fact).await.unwrap();
    }
    for year in [2018, 2019, 2020] {
        work.set_ceiling(date(year, 12, 15), Pence(CEILING), DecisionId(1), false).await.unwrap();
    }
    work.record(Event::new("world.powers", "delegation", 100, 1));
    work.commit(Machine::now()).await.unwrap();
}

fn page() -> DecisionPage {
    let posts = vec![NamedPost { words: "Director for children and families".into(), relevant: false }];
    let powers = vec![LimbPower::Operational, LimbPower::AwardPlacements];
    let limb = |letter: char, effects| Limb { letter: letter.into(), text: "As the report recommends".into(), effects };
    DecisionPage {
        title: "Adopt the arrangement".into(),
        governing_body: Some(GoverningBody::CouncilExecutive),
        subject_to_call_in: Some(true),
        limbs: vec![
            limb('a', vec![LimbEffect::Adopts, LimbEffect::Ceiling { annual: Pence(CEILING) }]),
            limb('b', vec![LimbEffect::Authorises { powers, posts }]),
        ],
        term: Some(DecidedTerm { start: BEGAN, end: date(2021, 12, 14), option_months: Some(36) }),
        ..DecisionPage::default()
    }
}

/// The arrangement with its one lot.
async fn arrangement(app: &Arc<App>, team: OrganisationId) {
    let mut work = begin(app, team).await;
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
        windows: vec![],
        participants: vec![],
        ahead: placewell_domain::power::arrangement::Ahead::default(),
    };
    work.apply(Arrangement::record(arrangement)).await.unwrap();
    work.commit(Machine::now()).await.unwrap();
}

/// A home of two beds, as the register brings it in.
async fn registered(app: &Arc<App>, team: OrganisationId, provider: OrganisationId, at: i64) -> String {
    let mut work = begin(app, team).await;
    let moment = work.moment();
    let entry = RegisterEntry {
        provider,
        area: AreaCode::parse("E06000019").unwrap(),
        sector: Sector::Private,
        places: 2,
        short_breaks_only: false,
        suspended: false,
        registered_on: Some(date(2019, 4, 1)),
    };
    let urn = format!("SC{:06}", 400_000 + at);
    let home = work.apply(Home::register(HomeId(at), team, urn.parse().unwrap(), entry, moment)).await.unwrap();
    for bed in 1..=2 {
        let bed = Bed { id: BedId(at * 10 + bed), home: home.id, label: format!("Room {bed}") };
        work.add_bed(&home, &bed).await.unwrap();
    }
    work.commit(Machine::now()).await.unwrap();
    urn
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
    lead.post(&format!("/api/v1/providers/{code}/admit"), &[], &json!({"from": from})).await.is(201);
    lead.post(&format!("{home}/admit"), &[], &lot).await.is(201);
    lead.post(&format!("{home}/prices"), &[], &price).await.is(201);
    let held = lead.get(&format!("{home}/prices")).await.is(200);
    assert_eq!(held.json["prices"][0]["weekly_pence"], 450_000);
}
