//! What everybody reads without signing in, on a small demonstration: the seed's decision page, the forward plan, call-in,
//! corrections, officers' decisions, contracts and yearly totals; and that none of it names a child or a home.

mod subtraction;

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::http::StatusCode;
use placewell_app::App;
use placewell_app::demonstration::authorities::{PARTS, place};
use placewell_app::demonstration::calendar;
use placewell_app::demonstration::people::democratic;
use placewell_testkit::client::{Client, Page};
use placewell_testkit::databases::both_filled;
use placewell_testkit::lint::lint;
use placewell_testkit::printed::{printed, squeezed};
use placewell_web::{Web, router};

use crate::api::writes::decisions::OFFICERS_TYPED;

struct Given {
    app: Arc<App>,
    visitor: Client,
    service: axum::Router,
}

impl Given {
    async fn signed(&self, email: &str) -> Client {
        let actor = self.app.actor_by_email(email).await.unwrap();
        Client::with_session(self.service.clone(), &self.app.start_session(&actor).await.unwrap())
    }

    /// A public page that is well made.
    async fn read(&self, path: &str) -> Page {
        let page = self.visitor.get(path).await;
        assert_eq!((page.status, lint(&page.body)), (StatusCode::OK, vec![]), "{path}");
        page
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn seed_key_decision_call_in_publication_effective_date_wards_contact_documents() {
    both_filled(async |db| {
        let app = db.app(calendar()).await;
        let service = router(Web::new(Arc::clone(&app), "http://localhost").await.unwrap());
        let given = Given { visitor: Client::new(service.clone()), service, app };
        the_seed_page(&given).await;
        the_forward_plan(&given).await;
        the_call_in(&given).await;
        corrected_and_delegated(&given).await;
        the_contracts(&given).await;
        nobody_is_named(&given).await;
        publishing_a_year(&given).await;
    })
    .await;
}

/// Every field of the authority's own page, in its order, then what the page adds.
async fn the_seed_page(given: &Given) {
    let page = given.read("/decisions/HEF-2019-0114").await;
    let order = [
        "Effective from 19 January 2019.",
        "Decision maker",
        "Decision status",
        "Is key decision?",
        "Is subject to call in?",
        "To approve the adoption",
        "(a) ",
        "(b) ",
        "(c) ",
        "What this decision allows",
        "Alternative options considered",
        "Reason key",
        "Wards affected",
        "Contact",
        "Publication date",
        "Date of decision",
        "Accompanying documents",
        "Contracts under this decision",
        "What the published page does not say",
    ];
    let mut from = 0;
    for words in order {
        let at = page.body[from..].find(words);
        from += at.unwrap_or_else(|| panic!("{words} is missing or out of order"));
    }
}

async fn the_forward_plan(given: &Given) {
    let plan = given.read("/forward-plan").await;
    for words in [
        "COV-2021-1012",
        "28 clear days&#39; notice",
        "DUD-2021-0920",
        "the scrutiny chair was told on 6 September 2021",
        "28 clear days&#39; notice is impracticable",
        "SAN-2021-0825",
        "Decided 25 August 2021",
        "SOT-2021-0803",
        "Taken off the plan 26 July 2021",
    ] {
        assert!(plan.body.contains(words), "{words} in {}", plan.body);
    }
    assert_eq!(given.visitor.get("/decisions/COV-2021-1012").await.status, StatusCode::NOT_FOUND);
    let urgent = given.read("/decisions/SAN-2021-0825").await;
    assert!(urgent.body.contains("special urgency; the scrutiny chair agreed on 24 August 2021"));
    let csv = given.visitor.get("/forward-plan.csv").await;
    assert_eq!(csv.body.lines().count(), 5, "{}", csv.body);
}

async fn the_call_in(given: &Given) {
    let listed = given.read("/decisions?called_in=yes").await;
    assert!(listed.body.contains("WAL-2021-0901") && !listed.body.contains("/decisions/HEF-2019-0114"));
    let page = given.read("/decisions/WAL-2021-0901").await;
    for words in ["It has no effect", "how the higher ceiling is paid for", "Three members of the children"] {
        assert!(page.body.contains(words), "{words}");
    }
    let officer = given.signed(&democratic(&PARTS[place("WAL")])).await;
    let own = officer.get("/democratic/decisions/WAL-2021-0901").await;
    assert_eq!((own.status, lint(&own.body)), (StatusCode::OK, vec![]));
    for words in
        ["What depends on it", "Held until the decision maker confirms", "not set while the decision has no effect"]
    {
        assert!(own.body.contains(words), "{words}");
    }
    let earlier = officer.get("/democratic/decisions/WAL-2018-1204").await;
    assert!(earlier.body.contains("agreements live"), "the earlier one goes on");
}

async fn corrected_and_delegated(given: &Given) {
    let page = given.read("/decisions/WOR-2018-1206").await;
    for words in ["Why it was corrected: The first version left out the reasons", "<ins>", "<del>", "Wards affected"] {
        assert!(page.body.contains(words), "{words}");
    }
    let list = given.read("/officer-decisions").await;
    assert!(list.body.contains("HEF-OD-0001") && list.body.contains("not published one by one"));
    assert!(!list.body.contains("SHR-OD-0001"), "withdrawn");
    let one = given.read("/officer-decisions/HEF-OD-0001").await;
    assert!(one.body.contains("Conflicts of interest") && one.body.contains("Director for Children and Families"));
    let gone = given.visitor.get("/officer-decisions/SHR-OD-0001").await;
    assert_eq!((gone.status, lint(&gone.body)), (StatusCode::GONE, vec![]));
    assert!(gone.body.contains("had not agreed yet"));
    let owen = given.signed("owen.dinmore@herefordshire.example").await;
    let form = owen.get("/democratic/officer-decisions/new").await;
    assert_eq!((form.status, lint(&form.body)), (StatusCode::OK, vec![]));
    let bare = owen.submit("/democratic/officer-decisions/new", "/democratic/officer-decisions/new", &[]).await;
    assert_eq!((bare.status, lint(&bare.body)), (StatusCode::UNPROCESSABLE_ENTITY, vec![]));
    let new = "/democratic/officer-decisions/new";
    let done = owen.submit(new, new, OFFICERS_TYPED).await;
    let own = done.location.unwrap();
    let day = [("on_day", "13"), ("on_month", "9"), ("on_year", "2021")];
    let published = owen.submit(&own, &format!("{own}/publish"), &day).await;
    assert_eq!(published.location.as_deref(), Some(own.as_str()), "{}", published.body);
    given.read(&own.replace("/democratic", "")).await;
}

async fn the_contracts(given: &Given) {
    let page = given.read("/contracts").await;
    assert!(page.body.contains("15 December 2019 to 14 December 2020") && page.body.contains("Other providers ("));
    assert!(page.body.contains("All providers") && page.body.contains("FCA-"));
    given.read("/data").await;
    let csv = given.visitor.get("/contracts/spending.csv").await;
    assert!(csv.body.lines().count() > 2, "{}", csv.body);
    let register = given.app.contract_register().await.unwrap();
    let measures: Vec<String> = register
        .years
        .iter()
        .flat_map(|year| &year.totals.providers)
        .flat_map(|one| one.by_authority.iter().map(|part| part.measure).chain([one.total]))
        .map(|measure| format!(",{},0,Children's services", measure.paid.0 / 100))
        .collect();
    for line in csv.body.lines().skip(1) {
        assert!(measures.iter().any(|known| line.contains(known)), "a figure of the file that no page has: {line}");
        let children: u64 = line.rsplit(',').next().unwrap().parse().unwrap();
        assert!(children >= 5, "{line}");
    }
    let package: serde_json::Value = serde_json::from_str(&given.visitor.get("/contracts.json").await.body).unwrap();
    assert_eq!(package["releases"].as_array().unwrap().len(), register.contracts.len());
    let first = &register.contracts[0].reference;
    given.read(&format!("/contracts/{first}")).await;
    assert_eq!(given.visitor.get("/contracts/MB-999").await.status, StatusCode::NOT_FOUND);
    assert!(given.visitor.get("/contracts.atom").await.body.starts_with("<?xml"));
}

const PUBLIC: [&str; 15] = [
    "/",
    "/arrangement",
    "/decisions",
    "/decisions.atom",
    "/decisions.json",
    "/forward-plan",
    "/forward-plan.csv",
    "/officer-decisions",
    "/contracts",
    "/contracts.csv",
    "/contracts.json",
    "/contracts.atom",
    "/contracts/spending.csv",
    "/contracts/share.csv",
    "/providers",
];

/// Where a visitor's reading ends: signing in, the guest's tour, help and what programs read.
const ELSEWHERE: [&str; 7] = ["/assets", "/sign-in", "/demo", "/tour", "/help", "/api", "//"];

/// Every page and file that somebody signed out reaches by links from the public ones, as words.
async fn reached(given: &Given) -> Vec<(String, String)> {
    let mut waiting: Vec<String> = PUBLIC.map(str::to_owned).to_vec();
    let (mut seen, mut told) = (BTreeSet::new(), Vec::new());
    while let Some(path) = waiting.pop() {
        let elsewhere = ELSEWHERE.iter().any(|start| path.starts_with(start)) || path.contains("sort=");
        if elsewhere || !seen.insert(path.clone()) {
            continue;
        }
        let page = given.visitor.get(&path).await;
        if page.status != StatusCode::OK {
            continue;
        }
        let links = page.body.split("href=\"/").skip(1).filter_map(|rest| rest.split(['"', '#']).next());
        waiting.extend(links.map(|link| format!("/{}", link.replace("&amp;", "&").replace("&#38;", "&"))));
        let words = if page.bytes.starts_with(b"%PDF") { printed(&page.bytes) } else { page.body };
        told.push((path, words));
    }
    told
}

/// No home's name, number or postcode, no agreement, no search and no child stands on any of them.
async fn nobody_is_named(given: &Given) {
    let homes = given.app.visit().await.unwrap().homes().await.unwrap();
    let pages = reached(given).await;
    let kinds = ["/decisions/", "/officer-decisions/", "/contracts/", "/data", "/arrangement/terms/"];
    for kind in kinds {
        assert!(pages.iter().any(|(path, _)| path.contains(kind)), "no {kind} is reached");
    }
    for (path, body) in &pages {
        let has = |text: &str| body.contains(text) || body.contains(&squeezed(text));
        for home in &homes {
            assert!(!has(&home.urn.to_string()), "{path} has {}", home.urn);
            let postcode = home.postcode.as_ref().map(ToString::to_string);
            assert!(postcode.is_none_or(|postcode| !has(&postcode)), "{path} has a postcode of {}", home.urn);
            assert!(!has(&home.name), "{path} has {}", home.name);
        }
        for code in PARTS.iter().map(|part| part.code) {
            for letter in ["A", "R", "D"] {
                assert!(!body.contains(&format!("{code}-{letter}-0")), "{path} has a {code}-{letter} reference");
            }
        }
        assert!(!body.contains("child_id") && !body.contains("born"), "{path}");
    }
}

async fn publishing_a_year(given: &Given) {
    let marcus = given.signed("marcus.inkberrow@west-midlands-team.example").await;
    let page = marcus.get("/region/publication").await;
    assert_eq!((page.status, lint(&page.body)), (StatusCode::OK, vec![]));
    assert!(
        page.body.contains("This year is not over") && !page.body.contains("<form method=\"post\" action=\"/region")
    );
    assert!(marcus.get("/contracts").await.body.contains("/region/publication"));
    let finance = given.signed("sunita.varley@herefordshire.example").await;
    assert_eq!(finance.get("/region/publication").await.status, StatusCode::FORBIDDEN);
}
