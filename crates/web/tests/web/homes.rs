//! Homes through the browser's eyes: the list, one home, a provider's beds, and that no postcode leaves the provider.

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use jiff::civil::{Date, date};
use placewell_app::App;
use placewell_app::clock::{Calendar, Machine, moment_of};
use placewell_app::homes::home::paper::KeepPaper;
use placewell_app::office::organisation::{NewOrganisation, NewPerson};
use placewell_domain::authority::AreaCode;
use placewell_domain::homes::home::alert::{Alert, AlertKind, Finding};
use placewell_domain::homes::home::history::told;
use placewell_domain::homes::home::paper::{Audience, PaperKind, PaperTerms};
use placewell_domain::homes::home::{Bed, Home, RegisterEntry, Sector};
use placewell_domain::homes::standing::{Standing, StandingFact, StandingReason};
use placewell_domain::id::{AlertId, ArrangementId, BedId, HomeId, OrganisationId};
use placewell_domain::office::access::Role;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::power::arrangement::{Arrangement, Lot, Term};
use placewell_store::homes::home::RegisterLine;
use placewell_testkit::client::Client;
use placewell_testkit::databases::{TestDatabase, both};
use placewell_web::{Web, router};

mod admission;
mod home;

const TODAY: Date = date(2021, 9, 13);
const BEDS: &str = "/provider/homes/SC400001/beds";

struct Given {
    app: Arc<App>,
    lead: Client,
    officer: Client,
    manager: Client,
    stranger: Client,
    visitor: Client,
}

async fn person(app: &Arc<App>, code: &str, kind: OrganisationKind, role: Role) -> OrganisationId {
    let person = NewPerson {
        email: format!("{code}@example.org"),
        name: code.to_owned(),
        password: None,
        role,
        title: role.label().to_owned(),
        from: date(2019, 1, 1),
    };
    let new = NewOrganisation {
        code: code.to_owned(),
        name: format!("Organisation {code}"),
        kind,
        area: (kind == OrganisationKind::Authority).then(|| "E06000019".to_owned()),
        placing_body: None,
        people: vec![person],
    };
    app.make_organisation(&new).await.unwrap();
    app.actor_by_email(&format!("{code}@example.org")).await.unwrap().organisation
}

async fn client(app: &Arc<App>, router: &Router, code: &str) -> Client {
    let actor = app.actor_by_email(&format!("{code}@example.org")).await.unwrap();
    Client::with_session(router.clone(), &app.start_session(&actor).await.unwrap())
}

/// A region with six homes of one provider, each with two beds.
async fn given(database: &TestDatabase) -> Given {
    let app = database.app(Calendar::standing(TODAY.at(10, 20, 0, 0))).await;
    let region = person(&app, "region", OrganisationKind::RegionalTeam, Role::CommissioningLead).await;
    let provider = person(&app, "elm", OrganisationKind::Provider, Role::ProviderManager).await;
    person(&app, "ash", OrganisationKind::Provider, Role::ProviderManager).await;
    person(&app, "HEF", OrganisationKind::Authority, Role::PlacementOfficer).await;
    let moment = moment_of(TODAY.at(10, 20, 0, 0));
    let mut work = app.store.begin(region, moment).await.unwrap();
    for id in 1..=6_i64 {
        let entry = RegisterEntry {
            provider,
            area: AreaCode::parse("E06000019").unwrap(),
            sector: Sector::Private,
            places: 2,
            short_breaks_only: false,
            suspended: false,
            registered_on: Some(date(2019, 4, 1)),
        };
        let urn = format!("SC{:06}", 400_000 + id).parse().unwrap();
        let home = work.apply(Home::register(HomeId(id), region, urn, entry, moment)).await.unwrap();
        work.record_registration(&told(home.id, None, &home.state, TODAY).unwrap()).await.unwrap();
        for bed in 1..=2 {
            let bed = Bed { id: BedId(id * 10 + bed), home: home.id, label: format!("Bed {bed}") };
            work.add_bed(&home, &bed).await.unwrap();
        }
    }
    let lot = |code: &str| Lot { code: code.to_owned(), name: format!("Lot {code}"), description: String::new() };
    let arrangement = Arrangement {
        id: ArrangementId(1),
        version: 1,
        slug: "fca".to_owned(),
        title: "FCA".to_owned(),
        lead: "The region".to_owned(),
        term: Term { start: date(2018, 12, 15), end: date(2021, 12, 14), option_months: 36, steps: vec![] },
        lots: vec![lot("planned"), lot("crisis")],
        terms: vec![],
        specification: vec![],
        windows: vec![],
        participants: vec![],
        ahead: placewell_domain::power::arrangement::Ahead::default(),
    };
    work.apply(Arrangement::record(arrangement)).await.unwrap();
    work.commit(Machine::now()).await.unwrap();
    let router = router(Web::new(Arc::clone(&app), "http://localhost").await.unwrap());
    Given {
        lead: client(&app, &router, "region").await,
        officer: client(&app, &router, "HEF").await,
        manager: client(&app, &router, "elm").await,
        stranger: client(&app, &router, "ash").await,
        visitor: Client::new(router),
        app,
    }
}

#[tokio::test]
async fn an_officer_lists_homes_filters_them_and_opens_one() {
    both(async |database| {
        let given = given(&database).await;
        let all = given.officer.get("/homes").await;
        assert_eq!((all.status, all.h1().as_str()), (StatusCode::OK, "Homes"));
        assert!(all.body.contains("Home SC400001") && all.body.contains("Home SC400006"));
        let one = given.officer.get("/homes?q=sc400003").await;
        assert!(one.body.contains("Home SC400003") && !one.body.contains("Home SC400001"));
        let none = given.officer.get("/homes?area=E08000025").await;
        assert!(none.body.contains("No home fits these filters"));
        let home = given.officer.get("/homes/SC400003").await;
        assert_eq!(home.h1(), "Home SC400003");
        let (_, history) = home.body.split_once("Registration over time, the latest first").unwrap();
        assert!(history.contains("1 April 2019") && history.contains("10:20am on Monday 13 September 2021"));
        assert_eq!(given.officer.get("/homes/SC999999").await.status, StatusCode::NOT_FOUND);
        assert_eq!(given.officer.get("/homes/nonsense").await.status, StatusCode::NOT_FOUND);
        let month = given.officer.get("/homes/SC400003/beds?month=2021-10").await;
        assert_eq!(month.h1(), "Beds at Home SC400003, October 2021");
        assert!(month.body.contains("Beds free 1 to 31 October (31 nights)."));
    })
    .await;
}

#[tokio::test]
async fn a_home_s_postcode_is_on_no_page_but_its_own_provider_s() {
    both(async |database| {
        let given = given(&database).await;
        let sent = given.manager.submit(BEDS, &format!("{BEDS}/postcode"), &[("postcode", "hr1 2px")]).await;
        assert_eq!(sent.location.as_deref(), Some(BEDS));
        assert!(given.manager.get(BEDS).await.body.contains("HR1 2PX"));
        for path in ["/homes", "/homes/SC400001", "/homes/SC400001/beds", "/homes?free=now"] {
            let page = given.officer.get(path).await;
            assert_eq!(page.status, StatusCode::OK);
            assert!(!page.body.contains("HR1") && !page.body.contains("2PX"), "{path} tells where the home is");
        }
        let public = given.visitor.get("/providers").await;
        assert!(public.status == StatusCode::OK && !public.body.contains("HR1"));
    })
    .await;
}

#[tokio::test]
async fn a_provider_takes_a_bed_out_of_service_once_however_often_the_form_is_sent() {
    both(async |database| {
        let given = given(&database).await;
        let action = format!("{BEDS}/close");
        let hidden = given.manager.get(BEDS).await.form(&action);
        let mut fields: Vec<(&str, &str)> =
            hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        fields.extend([
            ("bed", "11"),
            ("reason", "repair"),
            ("from_day", "20"),
            ("from_month", "9"),
            ("from_year", "2021"),
        ]);
        for _ in 0..2 {
            let sent = given.manager.post(&action, &fields).await;
            assert_eq!((sent.status, sent.location.as_deref()), (StatusCode::SEE_OTHER, Some(BEDS)));
        }
        let shown = given.manager.get(BEDS).await;
        assert_eq!(shown.body.matches("Bed 1 is out of service").count(), 1);
        let month = given.officer.get("/homes/SC400001/beds").await;
        assert!(month.body.contains("Beds free"));
        let again =
            given.manager.submit(BEDS, &action, &[("bed", "11"), ("reason", "repair"), ("from", "2021-10-01")]).await;
        assert_eq!(again.status, StatusCode::CONFLICT);
        assert!(again.body.contains("taken, held or out of service"));
    })
    .await;
}

#[tokio::test]
async fn a_form_with_errors_is_shown_again_with_what_was_typed() {
    both(async |database| {
        let given = given(&database).await;
        let fields = [("bed", "11"), ("from_day", "31"), ("from_month", "2"), ("from_year", "2021")];
        let shown = given.manager.submit(BEDS, &format!("{BEDS}/close"), &fields).await;
        assert_eq!(shown.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(shown.body.contains("Select why it is out of service"));
        assert!(shown.body.contains("value=\"31\""), "the day typed is kept");
        let postcode = given.manager.submit(BEDS, &format!("{BEDS}/postcode"), &[("postcode", "over there")]).await;
        assert_eq!(postcode.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(postcode.body.contains("over there"));
    })
    .await;
}

#[tokio::test]
async fn another_provider_s_home_is_not_found_by_page_or_by_form() {
    both(async |database| {
        let given = given(&database).await;
        assert_eq!(given.stranger.get(BEDS).await.status, StatusCode::NOT_FOUND);
        assert!(given.stranger.get("/provider/homes").await.body.contains("None of your homes"));
        assert!(given.manager.get("/provider/homes").await.body.contains("Home SC400001"));
        assert_eq!(given.manager.get("/homes").await.status, StatusCode::FORBIDDEN);
        assert_eq!(given.officer.get(BEDS).await.status, StatusCode::FORBIDDEN);
        assert!(given.visitor.get("/homes").await.location.is_some_and(|to| to.starts_with("/sign-in")));
    })
    .await;
}

const PURPOSE: &str = "/provider/homes/SC400001/purpose";

/// The fields of a statement of purpose that is complete.
fn stated(name: &'static str) -> Vec<(&'static str, &'static str)> {
    vec![
        ("name", name),
        ("age_from", "10"),
        ("age_to", "17"),
        ("sex", "any"),
        ("as_of_day", "1"),
        ("as_of_month", "6"),
        ("as_of_year", "2021"),
        ("need_therapy", "meets"),
        ("need_pets", "does_not"),
    ]
}

#[tokio::test]
async fn a_provider_states_what_its_home_is_for_and_officers_read_it() {
    both(async |database| {
        let given = given(&database).await;
        let before = given.officer.get("/homes/SC400001").await;
        assert!(before.body.contains("The provider has not stated yet"));
        let form = given.manager.get(PURPOSE).await;
        assert_eq!((form.status, form.h1().as_str()), (StatusCode::OK, "State what the home is for"));
        let mut wrong = stated("E");
        wrong.retain(|(name, _)| !["sex", "age_to"].contains(name));
        let shown = given.manager.submit(PURPOSE, PURPOSE, &wrong).await;
        assert_eq!(shown.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(shown.body.contains("Select for whom the home is registered"));
        assert!(shown.body.contains("Enter the oldest age in whole years, 0 to 18"));
        let short = given.manager.submit(PURPOSE, PURPOSE, &stated("E")).await;
        assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY, "a name of one letter");
        let sent = given.manager.submit(PURPOSE, PURPOSE, &stated("Elm House")).await;
        assert_eq!((sent.status, sent.location.as_deref()), (StatusCode::SEE_OTHER, Some(BEDS)));
        let home = given.officer.get("/homes/SC400001").await;
        assert_eq!(home.h1(), "Elm House");
        assert!(home.body.contains("As stated on 1 June 2021") && home.body.contains("10 to 17"));
        assert_eq!(given.stranger.get(PURPOSE).await.status, StatusCode::NOT_FOUND);
        assert_eq!(given.officer.get(PURPOSE).await.status, StatusCode::FORBIDDEN);
    })
    .await;
}

const MANAGER: &str = "/provider/homes/SC400001/manager";

#[tokio::test]
async fn a_provider_records_its_company_number_and_its_manager_whose_name_nobody_else_reads() {
    both(async |database| {
        let given = given(&database).await;
        let company = "/provider/company";
        let shown = given.manager.get(company).await;
        assert_eq!((shown.status, shown.h1().as_str()), (StatusCode::OK, "Your company number"));
        let wrong = given.manager.submit(company, company, &[("company_number", "12")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.body.contains("Enter the company number, like 01234567"));
        let sent = given.manager.submit(company, company, &[("company_number", "oc 123456")]).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.h1());
        assert!(given.manager.get(company).await.body.contains("OC123456"));
        let from = [("manager_from_day", "1"), ("manager_from_month", "6"), ("manager_from_year", "2021")];
        let named = [("registered_manager", "Asha Canary"), from[0], from[1], from[2]];
        let sent = given.manager.submit(MANAGER, MANAGER, &named).await;
        assert_eq!((sent.status, sent.location.as_deref()), (StatusCode::SEE_OTHER, Some(MANAGER)), "{}", sent.h1());
        assert!(given.manager.get(MANAGER).await.body.contains("Asha Canary"));
        assert_eq!(given.stranger.get(MANAGER).await.status, StatusCode::NOT_FOUND);
        assert_eq!(given.officer.get(MANAGER).await.status, StatusCode::FORBIDDEN);
        for page in ["/homes/SC400001", "/homes", "/homes.csv"] {
            assert!(!given.officer.get(page).await.body.contains("Canary"), "a worker's name on {page}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_home_without_a_point_says_so_and_how_it_gets_one() {
    both(async |database| {
        let given = given(&database).await;
        let before = given.officer.get("/homes/SC400001").await;
        assert!(before.body.contains("Distance not known") && before.body.contains("supplies the postcode"));
        given.manager.submit(BEDS, &format!("{BEDS}/postcode"), &[("postcode", "HR1 2PX")]).await;
        let after = given.officer.get("/homes/SC400001").await;
        assert!(!after.body.contains("Distance not known"));
        assert!(after.body.contains("No tendered price is recorded"));
    })
    .await;
}

#[tokio::test]
async fn the_list_of_homes_comes_as_a_file_with_its_filters_and_no_formula() {
    both(async |database| {
        let given = given(&database).await;
        given.manager.submit(PURPOSE, PURPOSE, &stated("=1+1 House")).await;
        given.manager.submit(BEDS, &format!("{BEDS}/postcode"), &[("postcode", "HR1 2PX")]).await;
        let all = given.officer.get("/homes.csv").await;
        assert_eq!(all.status, StatusCode::OK);
        let lines: Vec<&str> = all.body.lines().collect();
        assert_eq!(lines.len(), 7, "{}", all.body);
        assert!(lines[0].starts_with("ofsted_number,home,provider,area_authority"));
        assert!(lines[1].starts_with("SC400001,'=1+1 House,"), "{}", lines[1]);
        assert!(!all.body.contains("HR1") && !all.body.contains("2PX"));
        let one = given.officer.get("/homes.csv?q=sc400003").await;
        assert_eq!(one.body.lines().count(), 2);
        let sheet = given.officer.get("/homes.xlsx?q=sc400003").await;
        assert_eq!(sheet.status, StatusCode::OK);
        assert!(sheet.body.starts_with("PK"), "a spreadsheet is a zip file");
        assert_eq!(given.manager.get("/homes.csv").await.status, StatusCode::FORBIDDEN);
        assert!(given.officer.get("/homes?q=sc400003").await.body.contains("/homes.csv?q=sc400003"));
    })
    .await;
}

/// A day as a form sends it.
fn day<'a>(name: &'a str, [day, month, year]: [&'a str; 3]) -> Vec<(String, &'a str)> {
    vec![(format!("{name}_day"), day), (format!("{name}_month"), month), (format!("{name}_year"), year)]
}

/// Sends an act's form with its fields and a day.
async fn act(lead: &Client, path: &str, fields: &[(&str, &str)], days: &[(&str, [&str; 3])]) -> (StatusCode, String) {
    let days: Vec<(String, &str)> = days.iter().flat_map(|(name, parts)| day(name, *parts)).collect();
    let mut all: Vec<(&str, &str)> = fields.to_vec();
    all.extend(days.iter().map(|(name, value)| (name.as_str(), *value)));
    let sent = lead.submit(path, path, &all).await;
    (sent.status, sent.location.unwrap_or(sent.body))
}

#[tokio::test]
async fn the_commissioning_lead_admits_a_provider_then_its_home_with_a_price_and_a_standing() {
    both(async |database| {
        let given = given(&database).await;
        let (lead, home, provider) = (&given.lead, "/region/homes/SC400001", "/region/providers/elm");
        let began = ["15", "12", "2018"];
        let list = lead.get("/region/providers").await;
        assert!(list.body.contains("Organisation elm") && list.body.contains("Not admitted"));
        assert!(lead.get("/homes/SC400001").await.body.contains(home), "the home's page leads to where it is kept");
        let admit = format!("{home}/admit");
        let (status, body) = act(lead, &admit, &[("lot", "planned")], &[("from", began)]).await;
        assert_eq!(status, StatusCode::CONFLICT);
        assert!(body.contains("A provider is admitted before its homes"));
        let join = format!("{provider}/admit");
        let (status, body) = act(lead, &join, &[], &[("from", began)]).await;
        assert_eq!(status, StatusCode::CONFLICT);
        assert!(body.contains("has no evaluation record that holds"));
        let (status, body) = act(lead, &join, &[("exception", "took_over")], &[("from", began)]).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(body.contains("Enter where the earlier evaluation or contract is on record"));
        assert!(
            lead.get(provider).await.body.contains("It was not admitted to the arrangement."),
            "nothing was written"
        );
        let ground = [("exception", "before_record"), ("record", "file FCA/2018/014")];
        let done = act(lead, &join, &ground, &[("from", began)]).await;
        assert_eq!(done, (StatusCode::SEE_OTHER, provider.to_owned()));
        let page = lead.get(provider).await.body;
        assert!(page.contains("In good standing"));
        assert!(page.contains("It was evaluated before this record began: file FCA/2018/014"));
        let (status, body) = act(lead, &admit, &[], &[("from", ["31", "2", "2021"])]).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(body.contains("Select the lot") && body.contains("value=\"31\""), "what was typed is kept");
        let done = act(lead, &admit, &[("lot", "planned")], &[("from", began)]).await;
        assert_eq!(done, (StatusCode::SEE_OTHER, home.to_owned()));
        let price = [("lot", "planned"), ("line", "core"), ("weekly", "4,150")];
        act(lead, &format!("{home}/price"), &price, &[("from", ["1", "4", "2021"])]).await;
        let bare = [("source", "region"), ("standing", "on_watch"), ("reason", "serious_concerns")];
        let (status, body) = act(lead, &format!("{home}/standing"), &bare, &[("from", ["1", "9", "2021"])]).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(body.contains("Enter where the judgement or notice can be read"));
        let link = ("link", "https://reports.ofsted.gov.uk/provider/4/SC400001");
        let watch = [bare[0], bare[1], bare[2], link];
        let (status, measure) = act(lead, &format!("{home}/standing"), &watch, &[("from", ["1", "9", "2021"])]).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{measure}");
        given.app.do_due_jobs().await.unwrap();
        let confirmed = lead.submit(&measure, &format!("{measure}/confirm"), &[]).await;
        assert_eq!(confirmed.status, StatusCode::SEE_OTHER, "{}", confirmed.body);
        let visit = [("kind", "assurance"), ("serious_concerns", "yes"), link];
        act(lead, &format!("{home}/visit"), &visit, &[("inspected_on", ["6", "9", "2021"])]).await;
        let shown = given.officer.get("/homes/SC400001").await;
        for words in
            ["£4,150 a week since 1 April 2021", "On watch since 13 September 2021", "Serious or widespread concerns"]
        {
            assert!(shown.body.contains(words), "{words}");
        }
        assert!(shown.body.contains("Lot planned"), "a lot by the name that the arrangement gives it");
        let schedule = given.officer.get("/homes/SC400001/prices").await.body;
        assert!(schedule.contains("Lot planned, core price"), "{schedule}");
        let file = given.officer.get("/homes/SC400001/prices.csv").await.body;
        assert!(file.contains("planned") && !file.contains("Lot planned"), "a file says the code: {file}");
        assert!(!shown.body.contains(home), "an officer reads and does not keep");
        let leave = [("lot", "planned"), ("why", "withdrawn")];
        act(lead, &format!("{home}/leave"), &leave, &[("until", ["1", "10", "2021"])]).await;
        assert!(given.officer.get("/homes/SC400001").await.body.contains("Ends 1 October 2021"));
        for path in [home, provider, "/region/providers", &admit] {
            assert_eq!(given.officer.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn homes_are_filtered_by_whom_they_are_registered_for_and_by_when_a_bed_is_free() {
    both(async |database| {
        let given = given(&database).await;
        let mut girls = stated("Girls House");
        girls.retain(|(name, _)| *name != "sex");
        girls.push(("sex", "female"));
        given.manager.submit(PURPOSE, PURPOSE, &girls).await;
        let boys = given.officer.get("/homes.csv?sex=male").await;
        assert_eq!(boys.body.lines().count(), 6, "homes that have not said stay: {}", boys.body);
        assert!(!boys.body.contains("SC400001"));
        assert_eq!(given.officer.get("/homes.csv?sex=female").await.body.lines().count(), 7);
        let path = "/homes?sex=male&free_by_day=20&free_by_month=9&free_by_year=2021";
        let page = given.officer.get(path).await;
        assert!(
            page.body.contains("/homes.csv?sex=male&amp;free_by=2021-09-20")
                || page.body.contains("/homes.csv?sex=male&#38;free_by=2021-09-20"),
            "the file keeps the filters"
        );
        for bed in ["11", "12"] {
            let close = [("bed", bed), ("reason", "repair"), ("from", "2021-09-13"), ("until", "2021-10-01")];
            given.manager.submit(BEDS, &format!("{BEDS}/close"), &close).await;
        }
        let by =
            async |day: &str| given.officer.get(&format!("/homes.csv?free_by={day}")).await.body.contains("SC400001");
        assert_eq!((by("2021-09-20").await, by("2021-10-01").await), (false, true));
    })
    .await;
}

#[tokio::test]
async fn c_08_a_register_that_nobody_loaded_for_long_stands_in_a_banner_and_among_what_the_lead_owes() {
    both(async |database| {
        let given = given(&database).await;
        let region = given.app.actor_by_email("region@example.org").await.unwrap().organisation;
        let says = "Ofsted data last loaded";
        for (as_at, days) in [(None, None), (Some(date(2021, 8, 9)), None), (Some(date(2021, 8, 8)), Some(36))] {
            if let Some(as_at) = as_at {
                let work = given.app.store.begin(region, moment_of(TODAY.at(10, 20, 0, 0))).await.unwrap();
                let line = RegisterLine {
                    home: HomeId(1),
                    urn: "SC400001".to_owned(),
                    open: true,
                    places: Some(2),
                    judgement: None,
                    organisation: None,
                    region: "west midlands".to_owned(),
                    as_at,
                };
                work.keep_register_line(&line).await.unwrap();
                work.commit(Machine::now()).await.unwrap();
            }
            for path in ["/home", "/region/alerts"] {
                let page = given.lead.get(path).await;
                assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.h1());
                let banner = days.map(|days: u64| format!("{says} {days} days ago"));
                match banner {
                    Some(banner) => assert!(page.body.contains(&banner), "{path}: {}", page.body),
                    None => assert!(!page.body.contains(says), "{path} of {as_at:?}: {}", page.body),
                }
            }
            let owed = given.lead.get("/home").await.body.contains("The latest file is 36 days old");
            assert_eq!(owed, days.is_some(), "{as_at:?}");
        }
        assert!(!given.officer.get("/alerts").await.body.contains(says), "the region brings files in");
    })
    .await;
}

/// Writes facts about these providers, and raises an alert about the first home.
async fn stands(given: &Given, facts: &[StandingFact]) {
    let moment = moment_of(TODAY.at(10, 20, 0, 0));
    let region = given.app.actor_by_email("region@example.org").await.unwrap().organisation;
    let mut work = given.app.store.begin(region, moment).await.unwrap();
    for fact in facts {
        work.record_standing(fact).await.unwrap();
    }
    let found = Finding {
        home: HomeId(1),
        urn: "SC400001".to_owned(),
        name: "Home SC400001".to_owned(),
        kind: AlertKind::Places,
        before: Some("2".to_owned()),
        after: Some("3".to_owned()),
        source: "Ofsted's register".to_owned(),
        as_at: TODAY,
    };
    work.apply(Alert::raise(AlertId(1), region, found, moment)).await.unwrap();
    work.commit(Machine::now()).await.unwrap();
}

/// What a number of the lead's home says.
fn number_of(page: &str, label: &str) -> String {
    let (before, _) = page.split_once(&format!("{label}<")).unwrap();
    let (_, value) = before.rsplit_once("app-numeric__value\">").unwrap();
    value.split_once('<').unwrap().0.to_owned()
}

#[tokio::test]
async fn c_01_the_lead_reads_who_stands_well_what_is_open_what_expires_and_where_the_term_stands() {
    both(async |database| {
        let given = given(&database).await;
        let home = given.lead.get("/home").await;
        assert_eq!(home.status, StatusCode::OK, "{}", home.h1());
        let labels = ["Providers in good standing", "Alerts open", "Documents expiring"];
        assert_eq!(labels.map(|label| number_of(&home.body, label)), ["0", "0", "0"]);
        assert!(home.body.contains("Day 1,004 of 1,096; 92 days to 14 December 2021."), "{}", home.body);

        let elm = given.app.actor_by_email("elm@example.org").await.unwrap();
        let ash = given.app.actor_by_email("ash@example.org").await.unwrap();
        let began = date(2019, 1, 1);
        let watched = StandingFact {
            standing: Standing::OnWatch,
            reason: StandingReason::InsuranceLapsed,
            from: TODAY,
            ..StandingFact::admitted(ash.organisation, began)
        };
        stands(&given, &[StandingFact::admitted(elm.organisation, began), watched]).await;
        for (key, last) in [("k1", date(2021, 10, 13)), ("k2", date(2021, 10, 14)), ("k3", date(2021, 9, 13))] {
            let keep = KeepPaper {
                urn: None,
                kind: PaperKind::InsurancePublic,
                reference: key.to_owned(),
                terms: PaperTerms { from: date(2021, 4, 1), expires_on: Some(last), audience: Audience::Members },
                brought: None,
            };
            given.app.perform(&elm, key, keep).await.unwrap();
        }
        let home = given.lead.get("/home").await;
        assert_eq!(labels.map(|label| number_of(&home.body, label)), ["1", "1", "2"], "{}", home.body);
    })
    .await;
}
