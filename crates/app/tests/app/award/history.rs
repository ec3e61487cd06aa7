//! What began before this system, brought in from the authority's own record (rule 2.5).

use jiff::civil::date;
use placewell_app::office::import::SendFile;
use placewell_app::placing::agreement::history::{BringInHistory, HistorySummary};
use placewell_app::placing::child::retention::{EraseChild, ProposeErasure};
use placewell_app::power::arrangement::{AcceptTermsAsProvider, DecideOwn};
use placewell_app::{Answer, Outcome, Receipt};
use placewell_domain::homes::home::RegisterEntry;
use placewell_domain::homes::home::history::SINCE_NOT_KNOWN;
use placewell_domain::homes::standing::{Standing, StandingFact, StandingReason, StandingSource, StandingSubject};
use placewell_domain::id::{HomeId, OrganisationId};
use placewell_domain::money::Pence;
use placewell_domain::office::access::Role;
use placewell_domain::office::import::FileKind;
use placewell_domain::office::organisation::{Organisation, OrganisationKind};
use placewell_domain::office::person::Actor;
use placewell_domain::placing::agreement::{AgreementState, Origin};
use placewell_domain::power::annual_value::Route;
use placewell_domain::power::arrangement::{Arrangement, Instrument, OwnDecision, Participant};
use placewell_exchange::placing::agreement::{HistoryRead, read};
use placewell_testkit::databases::TestDatabase;

use super::outliving::{manager, terms};
use super::world::{DIRECTOR, HEF, PROVIDER, REGION, World, actor, arrangement, both_made, director, done, officer};

const HEAD: &str = "source_reference,origin,child_reference,family_name,given_names,date_of_birth,sex,home_urn,start,\
                    planned_end,ended_on,end_reason,lot,weekly_price\n";

/// The world of the awards with the arrangement and its one lot; the adoption took effect on 19 January 2019.
pub async fn world(database: &TestDatabase) -> World {
    let world = arranged(database).await;
    world.goes_live(date(2021, 9, 13)).await;
    world
}

/// The same before the day is recorded on which the authority goes live.
async fn arranged(database: &TestDatabase) -> World {
    of(database, Arrangement { terms: vec![terms("1.0", date(2018, 12, 15))], ..arrangement() }).await
}

/// The world of the awards with this arrangement.
async fn of(database: &TestDatabase, arrangement: Arrangement) -> World {
    let world = World::opened(database).await;
    let mut work = world.work(REGION).await;
    work.apply(Arrangement::record(arrangement)).await.unwrap();
    done(work).await;
    world
}

fn file(rows: &[&str]) -> HistoryRead {
    read(format!("{HEAD}{}\n", rows.join("\n")).as_bytes())
}

fn row(source: &str, origin: &str, start: &str, ended: &str) -> String {
    let reason = if ended.is_empty() { "" } else { "CARPL" };
    format!(
        "{source},{origin},C{source},Canary,Wren,2007-03-01,female,SC392492,{start},2021-11-29,{ended},{reason},planned,4000"
    )
}

async fn bring_in(world: &World, key: &str, read: HistoryRead) -> (HistorySummary, Answer<Receipt>) {
    let summary = world.app.check_history(&officer(), &read).await.unwrap();
    let done = world.app.perform(&officer(), key, BringInHistory { rows: read.rows }).await;
    (summary, done)
}

#[tokio::test]
async fn rule_2_5_history_is_brought_in_with_its_origin_and_never_as_made_under_limb_b() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = world(&database).await;
        let rows = [
            row("1", "before_adoption", "2018-12-20", "2019-06-01"),
            row("2", "arrangement", "2021-01-04", ""),
            row("3", "spot", "2021-02-01", ""),
            row("4", "in_house", "2017-01-01", "2018-01-01"),
        ];
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let read = file(&rows);
        assert_eq!(read.errors, []);
        let (summary, done) = bring_in(&world, "k1", read).await;
        assert_eq!((summary.rows, summary.new, summary.unchanged, summary.errors.len()), (4, 4, 0, 0), "{summary:?}");
        done.unwrap();
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let expected = [
            (1, Origin::BeforeAdoption, Route::Arrangement, "ended"),
            (2, Origin::Arrangement, Route::Arrangement, "started"),
            (3, Origin::Spot, Route::Spot, "started"),
            (4, Origin::InHouse, Route::Other, "ended"),
        ];
        for (number, origin, route, state) in expected {
            let agreement = session.agreement(HEF, &format!("HEF-A-{number:04}")).await.unwrap();
            assert_eq!(agreement.origin(), Some(origin));
            assert_eq!((agreement.terms.route, agreement.state.name()), (route, state));
            assert!(agreement.rests_on.is_empty(), "no limb is cited");
            assert!(!agreement.without_recorded_power(), "it was made before a power could be recorded");
        }
        // Each leaves its price for the region to compare, by the route it came from; what nobody knows stays open.
        let prices = session.price_points().await.unwrap();
        let mut routes: Vec<&str> = prices.iter().map(|price| price.route.code()).collect();
        routes.sort_unstable();
        assert_eq!(routes, ["arrangement", "arrangement", "in_house", "spot"]);
        assert!(prices.iter().all(|price| price.need_band.is_empty() && price.notice.is_none()), "{prices:?}");
        // Only what went through the arrangement and still goes on is held by this year's ceiling: 329 nights at £4,000.
        let year = session.ledger_year(HEF, date(2020, 12, 15)).await.unwrap().unwrap();
        assert_eq!(year.totals.committed, Pence(329 * 400_000 / 7));
        drop(session);
        assert_eq!(world.app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

/// The versions that each agreement cites, of the terms and of the specification.
async fn cited(world: &World, numbers: &[u32]) -> Vec<(String, String)> {
    let session = world.app.store.read(Some(HEF)).await.unwrap();
    let mut found = Vec::new();
    for number in numbers {
        let terms = session.agreement(HEF, &format!("HEF-A-{number:04}")).await.unwrap().terms;
        found.push((terms.terms_version, terms.specification_version));
    }
    found
}

#[tokio::test]
async fn rule_1_2_what_is_brought_in_cites_the_versions_that_bound_both_sides_on_its_first_night() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let start = date(2018, 12, 15);
        let arrangement = Arrangement {
            terms: vec![terms("1.0", start), terms("1.1", date(2020, 4, 1)), terms("2.0", date(2022, 1, 1))],
            specification: vec![terms("1.0", start)],
            participants: vec![Participant { organisation: HEF, code: "HEF".into(), name: "HEF Council".into() }],
            ..arrangement()
        };
        let world = of(&database, arrangement).await;
        world.goes_live(date(2021, 9, 13)).await;
        let pair = |terms: &str, specification: &str| (terms.to_owned(), specification.to_owned());
        let stays = |first: u32| {
            let (source, next) = (first.to_string(), (first + 1).to_string());
            let early = row(&source, "arrangement", "2019-02-04", "2019-08-01");
            file(&[&early, &row(&next, "arrangement", "2020-06-01", "2020-12-01")])
        };
        bring_in(&world, "k1", stays(1)).await.1.unwrap();
        assert_eq!(cited(&world, &[1, 2]).await, [pair("1.0", "1.0"), pair("1.0", "1.0")], "nobody has accepted 1.1");
        let accepts = DecideOwn { slug: "fca".into(), decision: OwnDecision::AcceptTerms { version: "1.1".into() } };
        world.app.perform(&director(), "own", accepts).await.unwrap();
        let accepts = AcceptTermsAsProvider {
            of: Instrument::Terms,
            slug: "fca".into(),
            terms: "1.1".into(),
            name: "Jo Smith".into(),
            role: "Director".into(),
            has_authority: true,
        };
        world.app.perform(&manager(), "theirs", accepts).await.unwrap();
        bring_in(&world, "k2", stays(3)).await.1.unwrap();
        assert_eq!(cited(&world, &[3, 4]).await, [pair("1.0", "1.0"), pair("1.1", "1.0")], "each by its first night");
        bring_in(&world, "k3", file(&[&row("5", "spot", "2021-02-01", "")])).await.1.unwrap();
        assert_eq!(cited(&world, &[5]).await, [pair("", "")], "bought outside the arrangement");
    })
    .await;
}

#[tokio::test]
async fn rule_2_5_the_same_file_twice_changes_nothing_and_a_changed_row_is_told() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = world(&database).await;
        let first = [row("1", "spot", "2021-02-01", "")];
        bring_in(&world, "k1", file(&[&first[0]])).await.1.unwrap();
        let (again, done) = bring_in(&world, "k2", file(&[&first[0]])).await;
        assert_eq!((again.new, again.unchanged), (0, 1));
        done.unwrap();
        let changed = row("1", "spot", "2021-03-01", "");
        let (told, done) = bring_in(&world, "k3", file(&[&changed])).await;
        assert_eq!((told.errors[0].row, told.errors[0].field.as_str()), (2, "source_reference"));
        assert!(matches!(done, Err(Outcome::Invalid(_))));
        // The same child in a later file is the same child here.
        let later = row("1", "spot", "2019-02-01", "2019-08-01").replacen("1,", "9,", 1);
        bring_in(&world, "k4", file(&[&later])).await.1.unwrap();
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let children = async |reference: &str| session.agreement(HEF, reference).await.unwrap().child;
        assert_eq!(children("HEF-A-0001").await, children("HEF-A-0002").await);
    })
    .await;
}

#[tokio::test]
async fn rule_2_5_one_wrong_cell_and_nothing_of_the_file_goes_in() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = world(&database).await;
        let rows = [
            row("1", "spot", "2021-02-01", ""),
            row("2", "arrangement", "2019-01-18", "2019-06-01"),
            row("3", "before_adoption", "2019-01-19", "2019-06-01"),
            row("4", "spot", "2021-11-01", ""),
            row("5", "spot", "2021-02-01", "").replace("SC392492", "SC999999"),
            row("6", "arrangement", "2021-02-01", "").replace("planned,4000", "other,4000"),
            row("7", "spot", "2021-02-01", "").replace("2007-03-01", "2001-03-01"),
            row("8", "spot", "2021-02-01", ""),
            row("9", "spot", "2021-02-01", ""),
            row("9", "spot", "2021-02-01", ""),
            row("10", "spot", "2021-02-01", ""),
        ];
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let (summary, done) = bring_in(&world, "k1", file(&rows)).await;
        let told: Vec<(usize, &str)> = summary.errors.iter().map(|one| (one.row, one.field.as_str())).collect();
        assert_eq!(
            told,
            [
                (3, "origin"),
                (4, "origin"),
                (5, "start"),
                (6, "home_urn"),
                (7, "lot"),
                (8, "date_of_birth"),
                (11, "source_reference"),
                (12, "start"),
            ],
            "{:#?}",
            summary.errors
        );
        assert!(!format!("{:?}", summary.errors).contains("Wren"));
        assert!(matches!(done, Err(Outcome::Invalid(_))));
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        assert!(session.agreement(HEF, "HEF-A-0001").await.is_err());
        assert!(session.child_by_number(HEF, 1).await.is_err(), "no child of a file that did not go in");
        drop(session);
        let director = actor(DIRECTOR, HEF, Role::Approver);
        let denied = world.app.check_history(&director, &HistoryRead::default()).await;
        assert!(matches!(denied, Err(Outcome::Forbidden(_))));
    })
    .await;
}

#[tokio::test]
async fn rule_2_5_what_began_after_the_authority_went_live_is_agreed_here_and_before_the_day_is_recorded_it_is_asked_for()
 {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = arranged(&database).await;
        let read = file(&[&row("1", "spot", "2021-09-06", ""), &row("2", "in_house", "2021-09-07", "")]);
        let asked = |answer: &Outcome| matches!(answer, Outcome::Refused(said) if said.code == "no_going_live_day");
        assert!(asked(&world.app.check_history(&officer(), &read).await.unwrap_err()));
        let command = || BringInHistory { rows: read.rows.clone() };
        assert!(asked(&world.app.perform(&officer(), "k1", command()).await.unwrap_err()));
        let content = format!("{HEAD}{}\n", row("1", "spot", "2021-09-06", ""));
        let send = SendFile::read(FileKind::Placements, "stays.csv", content.as_bytes()).unwrap();
        assert!(asked(&world.app.perform(&officer(), "k2", send).await.unwrap_err()));
        // Recorded, it parts what is brought in from what is agreed here.
        world.goes_live(date(2021, 9, 6)).await;
        let summary = world.app.check_history(&officer(), &read).await.unwrap();
        let told: Vec<(usize, &str)> = summary.errors.iter().map(|one| (one.row, one.field.as_str())).collect();
        assert_eq!((summary.new, told), (1, vec![(3, "start")]));
        assert!(summary.errors[0].reason.contains("went live on 2021-09-06"), "{}", summary.errors[0].reason);
        assert!(matches!(world.app.perform(&officer(), "k3", command()).await, Err(Outcome::Invalid(_))));
    })
    .await;
}

#[tokio::test]
async fn rule_2_5_a_stay_at_a_home_that_was_stopped_on_its_first_day_is_shown_before_it_is_brought_in() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = world(&database).await;
        let mut work = world.work(REGION).await;
        let home = work.home(HomeId(1)).await.unwrap();
        let fact = StandingFact {
            subject: StandingSubject::Home(home.id),
            source: StandingSource::Region,
            standing: Standing::Suspended,
            from: date(2021, 3, 1),
            until: date(2021, 6, 1),
            reason: StandingReason::SeriousConcerns,
        };
        work.record_standing(&fact).await.unwrap();
        done(work).await;
        let days = ["2021-02-28", "2021-03-01", "2021-06-01"];
        let rows: Vec<String> = (1..).zip(days).map(|(at, day)| row(&format!("{at}"), "spot", day, "")).collect();
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let (summary, done) = bring_in(&world, "k1", file(&rows)).await;
        assert_eq!((summary.new, summary.errors.len()), (3, 0), "{:?}", summary.errors);
        let told: Vec<(usize, &str)> = summary.warnings.iter().map(|one| (one.row, one.field.as_str())).collect();
        assert_eq!(told, [(3, "start")]);
        let words = &summary.warnings[0].reason;
        assert!(words.contains("suspended for new placements since 1 March 2021"), "{words}");
        done.unwrap();
    })
    .await;
}

#[tokio::test]
async fn rule_2_5_a_stay_is_held_against_how_the_provider_stood_that_had_the_home_that_day() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = world(&database).await;
        let (sold, seller, buyer) = (date(2021, 5, 1), PROVIDER, OrganisationId(6));
        let work = world.work(buyer).await;
        let (code, name, kind) = ("buyer".to_owned(), "Buyer".to_owned(), OrganisationKind::Provider);
        let new = Organisation { id: buyer, code, name, kind, area: None, placing_body: None };
        work.add_organisation(&new).await.unwrap();
        done(work).await;
        let mut work = world.work(REGION).await;
        // The seller was suspended from March to June; the home went to another provider in May.
        let fact = StandingFact {
            subject: StandingSubject::Provider(seller),
            source: StandingSource::Region,
            standing: Standing::Suspended,
            from: date(2021, 3, 1),
            until: date(2021, 6, 1),
            reason: StandingReason::SeriousConcerns,
        };
        work.record_standing(&fact).await.unwrap();
        let home = work.home(HomeId(1)).await.unwrap();
        work.record_owner(home.id, seller, SINCE_NOT_KNOWN).await.unwrap();
        done(work).await;
        let mut work = world.work(REGION).await;
        let entry = RegisterEntry {
            provider: buyer,
            area: home.area,
            sector: home.sector,
            places: home.places,
            short_breaks_only: home.short_breaks_only,
            suspended: false,
            registered_on: None,
        };
        let moment = work.moment();
        let home = work.apply(home.follow_register(entry, moment).unwrap()).await.unwrap();
        work.hand_over_beds(&home).await.unwrap();
        work.record_owner(home.id, buyer, sold).await.unwrap();
        done(work).await;
        let days = ["2021-02-28", "2021-03-01", "2021-05-01"];
        let rows: Vec<String> = (1..).zip(days).map(|(at, day)| row(&format!("{at}"), "spot", day, "")).collect();
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let summary = world.app.check_history(&officer(), &file(&rows)).await.unwrap();
        assert_eq!((summary.new, summary.errors.len()), (3, 0), "{:?}", summary.errors);
        let told: Vec<usize> = summary.warnings.iter().map(|one| one.row).collect();
        assert_eq!(told, [3], "while the provider had it that was suspended: {:?}", summary.warnings);
    })
    .await;
}

#[tokio::test]
async fn rule_3_2_what_is_brought_in_above_the_ceiling_is_an_exception_with_its_reason() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = world(&database).await;
        let rows: Vec<String> =
            (1..=3).map(|at| row(&at.to_string(), "arrangement", "2020-12-21", "").replace("4000", "9000")).collect();
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let (summary, done) = bring_in(&world, "k1", file(&rows)).await;
        assert_eq!(summary.errors, []);
        done.unwrap();
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let year = session.ledger_year(HEF, date(2020, 12, 15)).await.unwrap().unwrap().totals;
        assert!(year.committed > year.ceiling);
        assert_eq!(year.over, year.committed - year.ceiling);
        let grants = session.over_grants(HEF).await.unwrap();
        assert!(grants.iter().all(|grant| grant.words == Origin::Arrangement.label()), "{grants:?}");
        assert!(!grants.is_empty());
        let live = session.agreement(HEF, "HEF-A-0003").await.unwrap();
        assert!(matches!(live.state, AgreementState::Started { .. }));
        drop(session);
        assert_eq!(world.app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

#[tokio::test]
async fn an_agreement_that_was_brought_in_says_that_what_was_said_of_its_child_was_erased() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = world(&database).await;
        bring_in(&world, "k1", file(&[row("1", "spot", "2021-02-01", "").as_str()])).await.1.unwrap();
        let erased = async |who: &Actor| {
            let view = world.app.agreement_view(who, "HEF-A-0001").await.unwrap();
            assert!(view.agreement.added.particulars.is_none());
            view.care.erased
        };
        for who in [officer(), manager()] {
            assert!(!erased(&who).await, "nothing was said, and nothing was erased");
        }
        world.at(date(2082, 3, 2), 9);
        world.app.perform(&officer(), "propose", ProposeErasure { number: 1 }).await.unwrap();
        world.app.perform(&director(), "erase", EraseChild { number: 1 }).await.unwrap();
        world.at(date(2021, 9, 13), 15);
        for who in [officer(), manager()] {
            assert!(erased(&who).await);
        }
    })
    .await;
}
