//! Questions of standing at a past day, a single lot, and what a file of Ofsted's raises: alerts, folded duplicates,
//! measures by rule; three real years with every change accounted for.

use std::path::Path;

use jiff::civil::{Date, date};
use placewell_app::clock::{Machine, moment_of};
use placewell_app::homes::admission::AdmitHome;
use placewell_app::homes::home::alert::AcknowledgeAlert;
use placewell_app::homes::home::voice::SayOfHome;
use placewell_app::homes::standing::register::{Accounted, bring_in};
use placewell_app::homes::standing::{About, AdmitProvider, ProposeMeasure};
use placewell_domain::homes::home::alert::AlertKind;
use placewell_domain::homes::home::voice::HomeFact;
use placewell_domain::homes::standing::{Standing, StandingReason};
use placewell_domain::id::OrganisationId;
use placewell_domain::office::organisation::{Organisation, OrganisationKind};
use placewell_exchange::homes::home::read;
use placewell_testkit::databases::both;

use super::admission::{BEGAN, Given, given};

const LATER: &str = "URN,Provision type,Registration status,Government Office Region,Local authority,Sector,Places,Organisation,Event type,Inspection date,Publication date,Overall experiences and progress of children and young people\n\
    SC400001,Children's home,Active,West Midlands,Herefordshire,Private,2,Elm Care,Full inspection,02/08/2021,01/09/2021,Inadequate\n\
    SC400003,Children's home,Active,West Midlands,Shropshire,Private,4,Beech Care,,,,\n\
    SC400004,Children's home,Active,West Midlands,Dudley,Private,4,Ash Care,,,,\n";

async fn file(given: &Given, text: &str, as_at: Date) -> Accounted {
    let mut work = given.app.store.begin(given.lead.organisation, given.app.calendar.now()).await.unwrap();
    let mut read = read(text.as_bytes(), "West Midlands");
    let accounted = bring_in(&mut work, &mut read, as_at).await.unwrap();
    assert_eq!(read.summary.errors, []);
    let changes = read.summary.changes.as_ref().map_or(0, |changes| changes.each.len());
    assert_eq!(accounted.alerts, changes, "every change is an alert");
    work.commit(Machine::now()).await.unwrap();
    accounted
}

fn suspension(about: About, lot: Option<&str>) -> ProposeMeasure {
    ProposeMeasure {
        about,
        lot: lot.map(str::to_owned),
        standing: Standing::Suspended,
        reason: StandingReason::Safeguarding,
        link: None,
        dated: date(2021, 9, 13),
    }
}

async fn confirm(given: &Given, location: &str) -> i64 {
    let id = location.rsplit('/').next().unwrap().parse().unwrap();
    let page = given.app.region_measure(&given.lead, id).await.unwrap();
    let with = (id, page.measure.version, page.seen());
    given.app.confirm_measure(&given.lead, &format!("confirm {id}"), with).await.unwrap();
    given.app.homes.forget().await;
    id
}

#[tokio::test]
async fn rule_4_4_was_this_home_eligible_when_the_award_was_made_is_answered_from_two_times() {
    both(async |database| {
        let given = given(&database).await;
        given.perform(AdmitProvider { provider: "elm-care".into(), from: BEGAN }).await.unwrap();
        given.perform(AdmitHome { urn: "SC400001".into(), lot: "planned".into(), from: BEGAN }).await.unwrap();
        let award = date(2021, 9, 13).at(11, 0, 0, 0);
        given.app.calendar.move_to(date(2021, 9, 13).at(12, 0, 0, 0));
        let receipt = given.perform(suspension(About::Home("SC400001".into()), None)).await.unwrap();
        confirm(&given, &receipt.location).await;
        let asked = async |known| {
            let day = (date(2021, 9, 13), known);
            given.app.eligibility(&given.lead, "SC400001", day).await.unwrap().1
        };
        let then = asked(Some(award)).await;
        assert!(then.eligible, "{:?}", then.against);
        let now = asked(None).await;
        assert!(!now.eligible && now.flags.suspension.is_some(), "{:?}", now.against);
        let after = asked(Some(date(2021, 9, 13).at(12, 0, 0, 0))).await;
        assert!(!after.eligible, "what was recorded at noon was known at noon");
        let ahead =
            given.app.eligibility(&given.lead, "SC400001", (date(2021, 9, 13), Some(date(2022, 1, 1).at(0, 0, 0, 0))));
        assert!(ahead.await.is_err());
    })
    .await;
}

#[tokio::test]
async fn a_proposed_suspension_holds_searches_and_one_of_a_lot_stops_only_that_lot() {
    both(async |database| {
        let given = given(&database).await;
        given.perform(AdmitProvider { provider: "elm-care".into(), from: BEGAN }).await.unwrap();
        for lot in ["planned", "crisis"] {
            given.perform(AdmitHome { urn: "SC400001".into(), lot: lot.into(), from: BEGAN }).await.unwrap();
        }
        let index = async || given.app.homes(&given.lead).await.unwrap();
        let lots = async || {
            let index = index().await;
            let id = given.app.home_page(&given.lead, "SC400001").await.unwrap().facts.home.id;
            let facts = index.home(index.row(id).unwrap()).unwrap().clone();
            (facts.standing, facts.lots.iter().map(|one| one.lot.clone()).collect::<Vec<_>>())
        };
        let receipt = given.perform(suspension(About::Home("SC400001".into()), Some("crisis"))).await.unwrap();
        assert_eq!(lots().await, (Standing::Good, vec!["planned".to_owned()]), "held on the one lot");
        confirm(&given, &receipt.location).await;
        assert_eq!(lots().await, (Standing::Good, vec!["planned".to_owned()]));
        given.perform(suspension(About::Provider("elm-care".into()), None)).await.unwrap();
        assert_eq!(lots().await.0, Standing::Suspended, "held as if suspended");
        let page = given.app.home_page(&given.lead, "SC400001").await.unwrap();
        assert_eq!(page.facts.standing, Standing::Good, "nothing is recorded of it yet");
    })
    .await;
}

#[tokio::test]
async fn a_register_file_raises_an_alert_for_every_change_and_proposes_what_a_rule_says() {
    both(async |database| {
        let given = given(&database).await;
        let found = file(&given, LATER, date(2021, 9, 10)).await;
        let alerts = given.app.region_alerts(&given.lead, (0, 50)).await.unwrap();
        let mut kinds: Vec<AlertKind> = alerts.lines.iter().map(|one| one.alert.found.kind).collect();
        kinds.sort_unstable();
        // A home whose judgement the later file no longer has is a change as well.
        let (judgement, cancelled) = (AlertKind::Judgement, AlertKind::Cancelled);
        assert_eq!(kinds, [judgement, judgement, cancelled, AlertKind::Places, AlertKind::Owner, AlertKind::NewHome]);
        assert_eq!((found.measures, alerts.waiting, alerts.as_at), (2, 6, Some(date(2021, 9, 10))));
        let measures = given.app.region_measures(&given.lead).await.unwrap();
        let mut why: Vec<_> = measures.iter().map(|one| (one.reason, one.standing, one.holds())).collect();
        why.sort_unstable();
        assert_eq!(
            why,
            [
                (StandingReason::Inadequate, Standing::Suspended, true),
                (StandingReason::RegistrationCancelled, Standing::Removed, true)
            ]
        );
        assert_eq!(file(&given, LATER, date(2021, 9, 10)).await, Accounted::default(), "the same file again");
        let back = LATER.replace("Inadequate", "Good");
        file(&given, &back, date(2021, 9, 11)).await;
        file(&given, LATER, date(2021, 9, 12)).await;
        let alerts = given.app.region_alerts(&given.lead, (0, 50)).await.unwrap();
        assert_eq!(alerts.total, 8, "each turn of the judgement is a change of its own");
        let one = &alerts.lines[0].alert;
        let command = |note: &str| AcknowledgeAlert {
            alert: one.id.0,
            version: one.version,
            note: note.into(),
            due: date(2021, 9, 20),
        };
        assert!(given.perform(command(" ")).await.is_err());
        given.perform(command("Visit booked")).await.unwrap();
        let alerts = given.app.region_alerts(&given.lead, (0, 50)).await.unwrap();
        assert_eq!(alerts.waiting, 7);
    })
    .await;
}

#[tokio::test]
async fn the_same_change_found_again_folds_into_its_alert() {
    both(async |database| {
        let given = given(&database).await;
        file(&given, LATER, date(2021, 9, 10)).await;
        let gone = LATER.lines().filter(|line| !line.contains("SC400004")).collect::<Vec<_>>().join("\n") + "\n";
        for day in [11, 12] {
            file(&given, &gone, date(2021, 9, day)).await;
            file(&given, LATER, date(2021, 9, day)).await;
        }
        let alerts = given.app.region_alerts(&given.lead, (0, 50)).await.unwrap();
        let times: Vec<_> = alerts
            .lines
            .iter()
            .filter(|one| one.alert.found.urn == "SC400004")
            .map(|one| (one.alert.found.kind, one.alert.times))
            .collect();
        assert_eq!(times.len(), 2, "{times:?}");
        assert!(times.contains(&(AlertKind::NewHome, 3)) && times.contains(&(AlertKind::Cancelled, 2)), "{times:?}");
    })
    .await;
}

#[tokio::test]
async fn a_judgement_entered_by_hand_is_confirmed_by_a_later_file() {
    both(async |database| {
        let given = given(&database).await;
        let by_hand = ProposeMeasure {
            reason: StandingReason::Inadequate,
            link: Some("https://reports.ofsted.gov.uk/provider/4/SC400001".into()),
            dated: date(2021, 9, 1),
            ..suspension(About::Home("SC400001".into()), None)
        };
        given.perform(by_hand).await.unwrap();
        let inadequate = async || {
            let all = given.app.region_measures(&given.lead).await.unwrap();
            all.into_iter().filter(|one| one.reason == StandingReason::Inadequate).collect::<Vec<_>>()
        };
        assert_eq!(inadequate().await[0].in_register, None);
        file(&given, LATER, date(2021, 9, 10)).await;
        let all = inadequate().await;
        assert_eq!(all.len(), 1, "the file confirms it and proposes no second");
        assert_eq!(all[0].in_register, Some(date(2021, 9, 10)));
    })
    .await;
}

#[tokio::test]
async fn three_voices_stand_side_by_side_and_only_the_home_s_own_provider_speaks_for_it() {
    both(async |database| {
        let given = given(&database).await;
        let say = |value: &str| SayOfHome {
            urn: "SC400001".into(),
            fact: HomeFact::Places,
            value: value.into(),
            seen_on: date(2021, 9, 6),
            link: None,
        };
        given.perform(say("3")).await.unwrap();
        assert!(given.perform(say("three")).await.is_err());
        let (_, said) = given.app.home_voices(&given.lead, "SC400001").await.unwrap();
        let places = said.iter().find(|one| one.fact == HomeFact::Places).unwrap();
        assert_eq!(places.voices[0].value, "3", "the latest word of Ofsted's");
        assert_eq!(places.voices.len(), 2, "the register's own line stays");
        assert!(given.app.differing_homes(&given.lead).await.unwrap().is_empty(), "only Ofsted speaks");
    })
    .await;
}

#[tokio::test]
async fn ofsted_s_three_years_raise_an_alert_for_every_change() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/ofsted");
    if !folder.is_dir() {
        eprintln!("SKIPPED: {} is not there, so real years were not compared", folder.display());
        return;
    }
    both(async |database| {
        let store = database.store().await;
        let region = OrganisationId(1);
        let at = |day: Date| moment_of(day.at(10, 0, 0, 0));
        let work = store.begin(region, at(date(2019, 5, 1))).await.unwrap();
        let team = Organisation {
            id: region,
            code: "wm".into(),
            name: "WM".into(),
            kind: OrganisationKind::RegionalTeam,
            area: None,
            placing_body: None,
        };
        work.add_organisation(&team).await.unwrap();
        work.commit(Machine::now()).await.unwrap();
        let mut alerts = 0;
        for (name, day) in [
            ("provider_at_march_2019.csv", date(2019, 3, 31)),
            ("provider_at_march_2021.csv", date(2021, 3, 31)),
            ("provider_at_march_2024.csv", date(2024, 3, 31)),
        ] {
            let bytes = std::fs::read(folder.join(name)).unwrap();
            let mut read = read(&bytes, "West Midlands");
            let mut work = store.begin(region, at(date(2024, 9, 1))).await.unwrap();
            let accounted = bring_in(&mut work, &mut read, day).await.unwrap();
            work.commit(Machine::now()).await.unwrap();
            let changes = read.summary.changes.as_ref().unwrap();
            let counted = changes.new + changes.closed + changes.places + changes.judgement + changes.organisation;
            assert_eq!(counted, changes.each.len());
            if day == date(2019, 3, 31) {
                assert_eq!(accounted, Accounted::default(), "nothing was held before the first file");
            } else {
                assert!(counted > 50, "{name}: {counted}");
                assert!(accounted.alerts >= counted, "{name}: {accounted:?} of {counted}");
                assert!(accounted.measures >= changes.closed, "{name}: each home that left is to be removed");
            }
            alerts += accounted.alerts;
        }
        let session = store.read(Some(region)).await.unwrap();
        let held = session.alerts().await.unwrap();
        let found: u32 = held.iter().map(|one| one.times).sum();
        assert_eq!(usize::try_from(found).unwrap(), alerts, "each finding stands in one alert");
    })
    .await;
}
