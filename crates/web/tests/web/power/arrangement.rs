//! The arrangement's life through its pages: the regional team extends, issues terms, changes lots and windows and records a
//! successor; the authority reads what it has decided; the provider accepts terms.

use std::sync::Arc;

use axum::http::StatusCode;
use jiff::civil::date;
use placewell_app::clock::Machine;
use placewell_app::demonstration::calendar;
use placewell_app::office::organisation::{NewOrganisation, NewPerson};
use placewell_domain::id::ArrangementId;
use placewell_domain::office::access::Role;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::power::arrangement::{Ahead, Arrangement, Lot, Participant, Term, TermsVersion};
use placewell_testkit::client::{Client, Page};
use placewell_testkit::databases::{TestDatabase, both, both_filled};
use placewell_testkit::lint::lint;
use placewell_web::{Web, router};

use super::{Given, given};

const HOME: &str = "/region/arrangement";
const EXTEND: &str = "/region/arrangement/extend";
const TERMS: &str = "/region/arrangement/terms";
const CHANGE: &str = "/region/arrangement/change";
const NEXT: &str = "/region/arrangement/successor";
const PROVIDER: &str = "/provider/arrangement";

/// The authority of the other tests, with the regional team, a provider, and the arrangement with two versions of terms.
async fn region(database: &TestDatabase) -> (Given, Client, Client) {
    let given = given(database, date(2021, 9, 13)).await;
    let router = router(Web::new(Arc::clone(&given.app), "http://localhost").await.unwrap());
    let mut clients = Vec::new();
    let mut team = None;
    for (code, kind, role) in [
        ("region", OrganisationKind::RegionalTeam, Role::CommissioningLead),
        ("larkrise", OrganisationKind::Provider, Role::ProviderManager),
    ] {
        let email = format!("{}@{code}.example", role.code());
        let people = vec![NewPerson {
            email: email.clone(),
            name: role.label().into(),
            password: None,
            role,
            title: role.label().into(),
            from: date(2018, 1, 1),
        }];
        let new =
            NewOrganisation { code: code.into(), name: code.into(), kind, area: None, placing_body: None, people };
        let (id, _) = given.app.make_organisation(&new).await.unwrap();
        team = team.or(Some(id));
        let actor = given.app.actor_by_email(&email).await.unwrap();
        clients.push(Client::with_session(router.clone(), &given.app.start_session(&actor).await.unwrap()));
    }
    let mut work = given.app.store.begin(team.unwrap(), given.app.calendar.now()).await.unwrap();
    let terms = |version: &str, from| TermsVersion { version: version.into(), from, summary: "Invented".into() };
    let hef = Participant { organisation: given.authority, code: "HEF".into(), name: "Herefordshire Council".into() };
    work.apply(Arrangement::record(Arrangement {
        id: ArrangementId(1),
        version: 1,
        slug: "fca".into(),
        title: "Flexible Contracting Arrangement".into(),
        lead: "Coventry City Council".into(),
        term: Term { start: date(2018, 12, 15), end: date(2021, 12, 14), option_months: 36, steps: vec![] },
        lots: vec![Lot { code: "planned".into(), name: "Planned".into(), description: "Planned care".into() }],
        terms: vec![terms("1.0", date(2018, 12, 15)), terms("1.1", date(2021, 4, 1))],
        specification: vec![],
        windows: vec![],
        participants: vec![hef],
        ahead: Ahead::default(),
    }))
    .await
    .unwrap();
    work.commit(Machine::now()).await.unwrap();
    let provider = clients.pop().unwrap();
    (given, clients.pop().unwrap(), provider)
}

fn stands(page: &Page, path: &str) {
    assert_eq!((page.status, lint(&page.body)), (StatusCode::OK, vec![]), "{path}: {}", page.body);
}

fn leads(page: &Page, to: &str) {
    assert_eq!(page.location.as_deref(), Some(to), "{}", page.body);
}

fn wrong(page: &Page) {
    assert_eq!((page.status, lint(&page.body)), (StatusCode::UNPROCESSABLE_ENTITY, vec![]), "{}", page.body);
}

fn day<'a>(name: &str, parts: [&'a str; 3]) -> [(String, &'a str); 3] {
    [("day", parts[0]), ("month", parts[1]), ("year", parts[2])].map(|(part, value)| (format!("{name}_{part}"), value))
}

async fn submit(client: &Client, at: &str, action: &str, fields: &[(String, &str)]) -> Page {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    client.submit(at, action, &fields).await
}

fn field<'a>(name: &str, value: &'a str) -> (String, &'a str) {
    (name.to_owned(), value)
}

#[tokio::test]
async fn rule_2_4_the_regional_team_proposes_and_decides_an_extension_on_its_page() {
    both(async |database| {
        let (given, lead, provider) = region(&database).await;
        for path in [HOME, EXTEND, TERMS, CHANGE, NEXT] {
            stands(&lead.get(path).await, path);
            assert_eq!(given.approver.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
            assert_eq!(provider.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
        }
        let propose = format!("{EXTEND}/propose");
        wrong(&submit(&lead, EXTEND, &propose, &[field("months", "")]).await);
        let answer_by = day("answer_by", ["1", "11", "2021"]);
        let mut far = vec![field("months", "37")];
        far.extend(answer_by.clone());
        let refused = submit(&lead, EXTEND, &propose, &far).await;
        assert!(refused.body.contains("the longest end is 14 December 2024"), "{}", refused.body);
        assert!(lint(&refused.body).is_empty());
        let mut step = vec![field("months", "12")];
        step.extend(answer_by);
        leads(&submit(&lead, EXTEND, &propose, &step).await, EXTEND);
        let own = given.approver.get("/arrangement/own").await;
        stands(&own, "/arrangement/own");
        assert!(own.body.contains("the region asks for your decision by 1 November 2021"), "{}", own.body);
        assert!(given.visitor.get("/arrangement").await.body.contains("An extension to 14 December 2022 is proposed"));
        let mut decided = vec![field("decided_months", "12")];
        decided.extend(day("decided_on", ["13", "9", "2021"]));
        leads(&submit(&lead, EXTEND, EXTEND, &decided).await, HOME);
        let home = lead.get(HOME).await;
        stands(&home, HOME);
        assert!(home.body.contains("457 days to 14 December 2022; extension left: 24 months"), "{}", home.body);
    })
    .await;
}

#[tokio::test]
async fn rule_1_2_terms_are_issued_and_a_provider_accepts_each_with_authority_to_sign() {
    both(async |database| {
        let (given, lead, provider) = region(&database).await;
        let page = provider.get(PROVIDER).await;
        stands(&page, PROVIDER);
        assert!(page.body.contains("Version 1.1 of Flexible Contracting Arrangement"), "{}", page.body);
        wrong(&submit(&provider, PROVIDER, PROVIDER, &[]).await);
        let named = [field("terms", "fca 1.1"), field("name", "Jo Smith"), field("role", "Director")];
        let unsigned = submit(&provider, PROVIDER, PROVIDER, &named).await;
        wrong(&unsigned);
        assert!(unsigned.body.contains("Confirm that you have authority to sign"), "{}", unsigned.body);
        let signed = [named.to_vec(), vec![field("authority", "yes")]].concat();
        leads(&submit(&provider, PROVIDER, PROVIDER, &signed).await, PROVIDER);
        let page = provider.get(PROVIDER).await;
        assert!(page.body.contains("You have accepted every version") && page.body.contains("Jo Smith, Director"));
        wrong(&submit(&lead, TERMS, TERMS, &[field("terms", "")]).await);
        let mut issue = vec![field("of", "terms"), field("terms", "1.2"), field("summary", "Notice of 28 days")];
        issue.extend(day("from", ["1", "10", "2021"]));
        let without = submit(&lead, TERMS, TERMS, &issue).await;
        wrong(&without);
        assert!(without.body.contains("Choose the document with the text of this version"), "{}", without.body);
        let fields: Vec<(&str, &str)> = issue.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        let page = lead.submit_file(TERMS, TERMS, &fields, Some(("terms.exe", b"MZ no document"))).await;
        assert_eq!((page.status, lint(&page.body)), (StatusCode::UNSUPPORTED_MEDIA_TYPE, vec![]), "{}", page.body);
        let text: &[u8] = b"%PDF-1.7 invented terms";
        leads(&lead.submit_file(TERMS, TERMS, &fields, Some(("terms.pdf", text))).await, TERMS);
        assert!(provider.get(PROVIDER).await.body.contains("Version 1.2 of"));
        let public = "/arrangement/terms/fca/terms/1.2";
        let region = format!("/region{public}");
        for (client, words) in [(&given.visitor, "Notice of 28 days"), (&provider, "has not accepted this version")] {
            let page = client.get(public).await;
            stands(&page, public);
            assert!(page.body.contains(words), "{}", page.body);
            assert!(!page.body.contains("Who has not accepted it"), "that is the region's to read");
        }
        assert!(given.visitor.get(&format!("{public}/text")).await.body.contains("invented terms"));
        assert_eq!(given.visitor.get("/arrangement/terms/fca/specification/1.2").await.status, StatusCode::NOT_FOUND);
        assert_eq!(provider.get(&region).await.status, StatusCode::FORBIDDEN);
        let page = lead.get(&region).await;
        stands(&page, &region);
        assert!(page.body.contains("Who has not accepted it"), "{}", page.body);
        leads(&submit(&lead, &region, &format!("{region}/remind"), &[]).await, &region);
        let first = "/region/arrangement/terms/fca/terms/1.0";
        wrong(&lead.submit_file(first, &format!("{first}/text"), &[], None).await);
        leads(&lead.submit_file(first, &format!("{first}/text"), &[], Some(("terms.pdf", text))).await, first);
        stands(&lead.get(first).await, first);
        assert!(lead.get(PROVIDER).await.status == StatusCode::FORBIDDEN);
    })
    .await;
}

#[tokio::test]
async fn lots_and_windows_are_changed_and_a_successor_is_recorded_on_their_pages() {
    both(async |database| {
        let (given, lead, _provider) = region(&database).await;
        let at = |path: &str| format!("{HOME}/{path}");
        wrong(&submit(&lead, CHANGE, &at("lots"), &[field("code", "crisis")]).await);
        let lot = [field("code", "crisis"), field("name", "Crisis care"), field("description", "A home at once")];
        leads(&submit(&lead, CHANGE, &at("lots"), &lot).await, CHANGE);
        let mut window = day("opens", ["1", "10", "2021"]).to_vec();
        window.extend(day("closes", ["31", "10", "2021"]));
        leads(&submit(&lead, CHANGE, &at("windows"), &window).await, CHANGE);
        let overlapping = submit(&lead, CHANGE, &at("windows"), &window).await;
        assert!(overlapping.body.contains("There is a window on those days"), "{}", overlapping.body);
        leads(&submit(&lead, CHANGE, &at("windows/remove"), &[field("window", "2021-10-01")]).await, CHANGE);
        leads(&submit(&lead, CHANGE, &at("lots/remove"), &[field("lot", "crisis")]).await, CHANGE);
        leads(&submit(&lead, CHANGE, &at("participants/remove"), &[field("leaves", "HEF")]).await, CHANGE);
        leads(&submit(&lead, CHANGE, &at("participants/add"), &[field("participant", "HEF")]).await, CHANGE);
        stands(&lead.get(CHANGE).await, CHANGE);

        wrong(&submit(&lead, NEXT, NEXT, &[field("slug", "FCA!")]).await);
        let mut next = vec![field("slug", "fca-2022"), field("title", "The next one"), field("option_months", "0")];
        next.extend([field("terms", "2.0"), field("summary", "New terms")]);
        next.extend(day("start", ["1", "1", "2022"]));
        next.extend(day("end", ["31", "12", "2025"]));
        leads(&submit(&lead, NEXT, NEXT, &next).await, NEXT);
        let page = lead.get(NEXT).await;
        stands(&page, NEXT);
        assert!(page.body.contains("It can be opened on or after 1 January 2022"), "{}", page.body);
        for path in ["/agreements/moves", "/agreements/past-the-term"] {
            stands(&given.approver.get(path).await, path);
        }
        let csv = given.approver.get("/agreements/past-the-term.csv").await;
        assert!(csv.body.contains("Nights after the term"), "{}", csv.body);
    })
    .await;
}

#[tokio::test]
async fn a_lot_in_use_is_named_and_closed_on_a_page_that_shows_what_rests_on_it() {
    both(async |database| {
        let (given, lead, _provider) = region(&database).await;
        let lot = format!("{HOME}/lots/planned");
        let page = lead.get(&lot).await;
        stands(&page, &lot);
        assert!(
            page.body.contains("Homes admitted today") && page.body.contains("The code planned stays"),
            "{}",
            page.body
        );
        assert_eq!(given.approver.get(&lot).await.status, StatusCode::FORBIDDEN);
        assert_eq!(lead.get(&format!("{HOME}/lots/none")).await.status, StatusCode::NOT_FOUND);
        // On the list of lots a code that is there leads to its own page and rewrites nothing.
        let again = [field("code", "planned"), field("name", "Other"), field("description", "Other")];
        leads(&submit(&lead, CHANGE, &format!("{HOME}/lots"), &again).await, &lot);
        assert!(!lead.get(CHANGE).await.body.contains("Other"));
        let named = [field("name", "Planned care"), field("description", "A home that is planned for")];
        leads(&submit(&lead, &lot, &format!("{HOME}/lots"), &named).await, &lot);
        assert!(lead.get(CHANGE).await.body.contains("Planned care"));
        let close = format!("{HOME}/lots/close");
        wrong(&submit(&lead, &lot, &close, &[]).await);
        let last = submit(&lead, &lot, &close, &day("closes_on", ["1", "10", "2021"])).await;
        assert!(last.body.contains("No other lot is open"), "{}", last.body);
        let second = [field("code", "crisis"), field("name", "Crisis care"), field("description", "A home at once")];
        leads(&submit(&lead, CHANGE, &format!("{HOME}/lots"), &second).await, CHANGE);
        leads(&submit(&lead, &lot, &close, &day("closes_on", ["1", "10", "2021"])).await, &lot);
        let page = lead.get(&lot).await;
        stands(&page, &lot);
        assert!(page.body.contains("Closes on 1 October 2021"), "{}", page.body);
        leads(&submit(&lead, &lot, &format!("{HOME}/lots/reopen"), &[]).await, &lot);
        assert!(!lead.get(CHANGE).await.body.contains("Closes on"));
    })
    .await;
}

#[tokio::test]
async fn the_regional_team_reads_the_ceilings_that_authorities_tell_and_nobody_else_does() {
    both(async |database| {
        let (given, lead, provider) = region(&database).await;
        let path = "/region/annual-value";
        let empty = lead.get(path).await;
        stands(&empty, path);
        assert!(empty.body.contains("No authority has told the region"), "{}", empty.body);
        for client in [&given.approver, &given.finance, &provider] {
            assert_eq!(client.get(path).await.status, StatusCode::FORBIDDEN);
        }
        let csv = lead.get("/region/annual-value.csv").await;
        assert!(
            csv.body.starts_with("Code,Authority,Year,Ceiling (£)") && csv.body.contains("HEF,Herefordshire Council"),
            "{}",
            csv.body
        );
    })
    .await;
}

#[tokio::test]
async fn no_open_contracting_package_is_published_under_a_prefix_that_is_not_the_regions() {
    both(async |database| {
        let (given, lead, _provider) = region(&database).await;
        let refused = given.visitor.get("/contracts.json").await;
        assert!(!refused.status.is_success() && !refused.body.contains("ocds-213czf"), "{}", refused.body);
        assert!(!given.visitor.get("/contracts").await.body.contains("/contracts.json"));
        assert!(!given.visitor.get("/data").await.body.contains("/contracts.json"));
        assert!(given.app.ocid_prefix().await.unwrap().is_none());
        let form = "/settings/publication.ocid_prefix";
        let stood = submit(&lead, form, form, &[field("value", "b5fd17")]).await;
        wrong(&stood);
        let mut typed = vec![field("value", "ocds-b5fd17"), field("confirmed", "yes")];
        typed.extend(day("from", ["13", "9", "2021"]));
        leads(&submit(&lead, form, form, &typed).await, "/settings");
        let package = given.visitor.get("/contracts.json").await;
        assert_eq!(package.status, StatusCode::OK, "{}", package.body);
        assert!(given.visitor.get("/data").await.body.contains("/contracts.json"));
        assert_eq!(given.app.ocid_prefix().await.unwrap().unwrap().as_str(), "ocds-b5fd17");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_2_4_warnings_and_what_runs_past_the_end_stand_in_place_and_counts_alone_for_who_reads_no_agreement() {
    both_filled(async |db| {
        let app = db.app(calendar()).await;
        let service = router(Web::new(Arc::clone(&app), "http://localhost").await.unwrap());
        let own = async |email: &str| {
            let actor = app.actor_by_email(email).await.unwrap();
            let client = Client::with_session(service.clone(), &app.start_session(&actor).await.unwrap());
            let page = client.get("/arrangement/own").await;
            stands(&page, "/arrangement/own");
            page.body
        };
        let officers = own("priya.shah@herefordshire.example").await;
        let both =
            ["Warnings before the end of your term", "Fewer than 3", "14 September 2021", "To come", "Holds now"];
        for words in both.into_iter().chain(["Live agreements past that day", "HEF-A-"]) {
            assert!(officers.contains(words), "{words} in {officers}");
        }
        let democratic = own("owen.dinmore@herefordshire.example").await;
        for words in both.into_iter().chain(["What runs past the end", "planned nights"]) {
            assert!(democratic.contains(words), "{words} in {democratic}");
        }
        assert!(!democratic.contains("HEF-A-"), "democratic services read no agreement");
    })
    .await;
}
