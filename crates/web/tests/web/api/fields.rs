//! S1: every field about a child × every route of the pages, every operation of the API, every file and mail × every role of
//! the child's own authority, of another, of two providers, of the region, and nobody. What is found where is held against
//! the one table of the domain (`placing::disclosure::table`), at each stage.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::process::{Command, Stdio};

use jiff::civil::date;
use placewell_domain::office::access::Role;
use placewell_domain::placing::disclosure::{Reader, Stage, TABLE};
use placewell_domain::sealed::FieldKind;
use placewell_testkit::client::{Client, Page};
use placewell_testkit::databases::fresh;
use placewell_web::routes::ROUTES;
use serde_json::{Value, json};

use super::canary::{REFERRAL, asked, awarded};
use super::email;
use super::world::World;

/// Each planted text, and the field of the table that it stands in.
const PLANTED: &[(&str, &str)] = &[
    ("given_names", "Qzgivenname"),
    ("family_name", "Qzfamilyname"),
    ("case_number", "QZCASE77"),
    ("school", "QzSchool"),
    ("other_names", "Qzbrother"),
    ("home_postcode", "SY8 4QJ"),
    ("born", "2008-05-17"),
    ("born", "17 May 2008"),
    ("search_approval", "Chair of the panel"),
    ("what_helps", "qzhelps"),
    ("wishes", "qzwishes"),
    ("risk_words", "qzmissing"),
    ("risk_words", "qzothersrisk"),
    ("risk_chronology", "qzchronology"),
    ("education_words", "qzeducation"),
    ("health_words", "qzhealth"),
    ("other_words", "qzcommunication"),
    ("other_words", "qzculture"),
    ("other_words", "qzsupport"),
    ("ground_words", "qzgroundwords"),
    ("recall_words", "qzrecallwords"),
];

/// Everybody who asks.
const EVERYBODY: &[(&str, Role)] = &[
    ("HEF", Role::PlacementOfficer),
    ("HEF", Role::Approver),
    ("HEF", Role::FinanceOfficer),
    ("HEF", Role::DemocraticServices),
    ("HEF", Role::Administrator),
    ("HEF", Role::Guest),
    ("WOR", Role::PlacementOfficer),
    ("WOR", Role::Approver),
    ("WOR", Role::DemocraticServices),
    ("oak-lane-care", Role::ProviderManager),
    ("ash-care", Role::ProviderManager),
    ("region", Role::CommissioningLead),
    ("region", Role::Analyst),
];

/// The words of a PDF, by poppler, which the tests of the paper need as well.
fn words_of_pdf(file: &[u8]) -> String {
    let mut reader = Command::new("pdftotext")
        .args(["-enc", "UTF-8", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("pdftotext of poppler-utils is needed to read a PDF back: {error}"));
    reader.stdin.take().unwrap().write_all(file).unwrap();
    String::from_utf8_lossy(&reader.wait_with_output().unwrap().stdout).into_owned()
}

/// What somebody reads in an answer: its text, a PDF's words. A workbook has the columns of its CSV, which is asked for too.
fn read(bytes: &[u8]) -> String {
    if bytes.starts_with(b"%PDF") && bytes.len() > 200 {
        return words_of_pdf(bytes);
    }
    String::from_utf8_lossy(bytes).replace("&#38;", "&").replace("&#39;", "'")
}

/// The values that stand in a path: each of those a room knows, so that every route is asked for a record that exists.
fn paths(template: &str, invitations: &[i64; 2], recall: Option<i64>) -> Vec<String> {
    let mut all = vec![String::new()];
    for part in template.split('/').skip(1) {
        let values: Vec<String> = match part {
            "{reference}" | "{referral}" if template.contains("/approvals") => vec!["HEF-D-0001".to_owned()],
            "{reference}" if template.contains("/agreements") => vec!["HEF-A-0001".to_owned()],
            "{reference}" | "{referral}" => vec!["HEF-R-0001".to_owned()],
            "{number}" => vec!["1".to_owned(), "2".to_owned()],
            "{urn}" => vec!["SC400001".to_owned()],
            "{id}" if template.contains("/recalls/") => recall.iter().map(i64::to_string).collect(),
            "{id}" if template.contains("invitations") => invitations.iter().map(i64::to_string).collect(),
            _ if part.starts_with('{') => Vec::new(),
            _ => vec![part.to_owned()],
        };
        all = all.iter().flat_map(|path| values.iter().map(move |value| format!("{path}/{value}"))).collect();
    }
    all
}

/// What is asked for: every GET of the pages, and every one of the API.
struct Asked {
    pages: Vec<String>,
    operations: Vec<String>,
}

async fn everything(world: &World, invitations: &[i64; 2], recall: Option<i64>) -> Asked {
    let visitor = Client::new(world.region.router.clone());
    let description: Value = serde_json::from_slice(&visitor.get("/api/openapi.json").await.bytes).unwrap();
    let operations = description["paths"].as_object().unwrap().iter().filter(|(_, item)| item.get("get").is_some());
    let operations = operations.flat_map(|(path, _)| {
        let path = if path.starts_with("/api/v1") { path.clone() } else { format!("/api/v1{path}") };
        paths(&path, invitations, recall)
    });
    let pages = ROUTES.iter().filter(|route| route.method == "GET");
    let pages = pages.flat_map(|route| paths(route.path, invitations, recall));
    Asked { pages: pages.collect(), operations: operations.collect() }
}

/// Which planted texts somebody finds, where: in pages and files, and in the answers of operations.
async fn found(world: &World, who: Option<(&str, Role)>, all: &Asked) -> BTreeSet<(&'static str, String)> {
    let mut found = BTreeSet::new();
    let mut note = |at: &str, text: &str| {
        found.extend(
            PLANTED.iter().filter(|(_, canary)| text.contains(canary)).map(|(field, _)| (*field, at.to_owned())),
        );
    };
    let router = world.region.router.clone();
    let (client, token) = match who {
        None => (Client::new(router.clone()), String::new()),
        Some((code, role)) => {
            let app = &world.region.app;
            let actor = app.actor_by_email(&email(code, role)).await.unwrap();
            let session = app.start_session(&actor).await.unwrap();
            (Client::with_session(router.clone(), &session), app.create_token(&actor, "canaries", 1).await.unwrap())
        }
    };
    for path in &all.pages {
        let page: Page = client.get(path).await;
        note(path, &read(&page.bytes));
        // What a page links to in its own room and no route names: documents, exports with their query.
        if page.status.is_success() && path.contains("HEF-") {
            for link in page.body.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
                if link.contains("/documents/") || link.contains(".csv") || link.contains(".pdf") {
                    let file = client.get(&link.replace("&#38;", "&")).await;
                    note(link, &read(&file.bytes));
                }
            }
        }
    }
    if !token.is_empty() {
        let caller = super::Caller::new(router, &token);
        for path in &all.operations {
            let reply = caller.get(path).await;
            note(path, &read(&reply.bytes));
        }
    }
    found
}

/// Holds what somebody found against the table.
fn held(who: &str, reader: Reader, found: &BTreeSet<(&'static str, String)>, wrong: &mut Vec<String>) {
    for (field, at) in found.iter().filter(|(field, _)| !reader.sees(field)) {
        wrong.push(format!("{who} reads {field} at {at}"));
    }
}

/// What the chosen home and the authority must have found, so that nothing was looked for in vain.
fn not_in_vain(who: &str, reader: Reader, found: &BTreeSet<(&'static str, String)>, but: &[&str]) {
    let fields = TABLE.iter().filter(|line| line.kind != FieldKind::Profile && reader.sees(line.field));
    for line in fields.filter(|line| PLANTED.iter().any(|(field, _)| *field == line.field)) {
        if !but.contains(&line.field) {
            assert!(found.iter().any(|(field, _)| *field == line.field), "{who} should read {} somewhere", line.field);
        }
    }
}

async fn invitation(world: &World, code: &str) -> i64 {
    let caller = world.region.caller(code, Role::ProviderManager).await;
    let list = caller.get("/api/v1/invitations?reference=HEF-R-0001").await.is(200);
    list.json["items"][0]["id"].as_str().unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn s1_nobody_reads_a_field_that_the_table_does_not_give_them_by_any_route_operation_file_or_mail() {
    let database = fresh(placewell_store::Backend::Sqlite).await;
    let world = World::make(&database).await;
    asked(&world).await;
    let invitations = [invitation(&world, "oak-lane-care").await, invitation(&world, "ash-care").await];
    let (elm, ash) = (Some(("oak-lane-care", Role::ProviderManager)), Some(("ash-care", Role::ProviderManager)));
    let mut wrong = Vec::new();

    let all = everything(&world, &invitations, None).await;
    assert!(all.pages.len() > 100 && all.operations.len() > 60, "{} {}", all.pages.len(), all.operations.len());
    for (who, whom) in [("elm, asked", elm), ("ash, asked", ash)] {
        let reader = Reader::Home(Stage::Anonymous);
        let seen = found(&world, whom, &all).await;
        held(who, reader, &seen, &mut wrong);
        not_in_vain(who, reader, &seen, &[]);
    }

    world.move_to(date(2021, 9, 16), 17);
    world.officer.change(&format!("{REFERRAL}/offers/1"), "shortlist", &json!({})).await.is(200);
    for (who, whom, stage) in [("elm, shortlisted", elm, Stage::Shortlisted), ("ash, sent", ash, Stage::Anonymous)] {
        let seen = found(&world, whom, &all).await;
        held(who, Reader::Home(stage), &seen, &mut wrong);
        not_in_vain(who, Reader::Home(stage), &seen, if stage == Stage::Anonymous { ALL_WORDS } else { CLOSED });
    }

    let director = world.region.app.actor_by_email(&email("HEF", Role::Approver)).await.unwrap();
    let ground = json!({
        "basis": "public_task", "condition": "social_care", "override_reason": "not_reached",
        "decided_by": director.person.to_string(), "words": "qzgroundwords"
    });
    world.officer.post(&format!("{REFERRAL}/grounds"), &[], &ground).await.is(201);
    awarded(&world).await;
    let seen = found(&world, elm, &all).await;
    held("elm, chosen", Reader::Home(Stage::Chosen), &seen, &mut wrong);
    not_in_vain("elm, chosen", Reader::Home(Stage::Chosen), &seen, CLOSED);
    let lost = found(&world, ash, &all).await;
    held("ash, which lost", Reader::Other, &lost, &mut wrong);

    let recall = json!({"from": "chosen", "cause": "wrong_home", "aware": "2021-09-27T15:00:00"});
    let made = world.officer.post(&format!("{REFERRAL}/offers/1/recall"), &[], &recall).await.is(201);
    let path = format!("/api/v1{}", made.header("location").trim_start_matches("/api/v1"));
    let id: i64 = path.rsplit('/').next().unwrap().parse().unwrap();
    let words = json!({"risk": "likely", "words": "qzrecallwords"});
    world.officer.post(&format!("{path}/assess"), &[("if-match", "\"1\"")], &words).await.is(200);
    let all = everything(&world, &invitations, Some(id)).await;
    let seen = found(&world, elm, &all).await;
    held("elm, recalled", Reader::Home(Stage::Shortlisted), &seen, &mut wrong);

    for (code, role) in EVERYBODY.iter().filter(|(_, role)| *role != Role::ProviderManager) {
        let reader = if *code == "HEF" { Reader::Own(*role) } else { Reader::Other };
        let seen = found(&world, Some((code, *role)), &all).await;
        let who = format!("{} of {code}", role.label());
        held(&who, reader, &seen, &mut wrong);
        if *code == "HEF" && matches!(role, Role::PlacementOfficer | Role::Approver) {
            for field in WHO_CARES {
                assert!(seen.iter().any(|(found, _)| found == field), "{who} should read {field} somewhere");
            }
        }
    }
    let nobody = found(&world, None, &all).await;
    held("a visitor", Reader::Other, &nobody, &mut wrong);
    mails(&world, &mut wrong).await;
    assert!(wrong.is_empty(), "{} leaks:\n{}", wrong.len(), wrong.join("\n"));
}

/// A home that has answered late, or whose search is over, does not open the profile's words again.
const ALL_WORDS: &[&str] = &["what_helps", "risk_words", "education_words", "health_words", "other_words"];
const CLOSED: &[&str] = ALL_WORDS;
/// What an officer and a director of the child's authority read at the end, so that nothing was looked for in vain.
const WHO_CARES: &[&str] = &["given_names", "family_name", "born", "case_number", "ground_words", "recall_words"];

/// No mail to anybody holds any of it.
async fn mails(world: &World, wrong: &mut Vec<String>) {
    let app = &world.region.app;
    app.do_jobs_due_at(placewell_app::clock::Machine::now() + jiff::SignedDuration::from_mins(11)).await.unwrap();
    let mut read = 0;
    for code in ["HEF", "WOR", "oak-lane-care", "ash-care", "region"] {
        let organisation = app.visit().await.unwrap().organisation_by_code(code).await.unwrap().id;
        let session = app.store.read(Some(organisation)).await.unwrap();
        for mail in session.mails(organisation, 500).await.unwrap() {
            read += 1;
            let text = format!("{}\n{}", mail.subject, mail.body);
            for (field, _) in PLANTED.iter().filter(|(_, canary)| text.contains(canary)) {
                wrong.push(format!("a mail of {code} holds {field}: {}", mail.subject));
            }
        }
    }
    assert!(read > 5, "{read} mails");
}

/// Every form and every page asked for by name, by everybody who is not of the child's authority: none changes anything
/// there, and none says that it is there.
#[tokio::test(flavor = "multi_thread")]
async fn s1_no_route_lets_another_organisation_change_or_find_a_record() {
    let database = fresh(placewell_store::Backend::Sqlite).await;
    let world = World::make(&database).await;
    asked(&world).await;
    let invitations = [invitation(&world, "oak-lane-care").await, invitation(&world, "ash-care").await];
    world.move_to(date(2021, 9, 16), 17);
    awarded(&world).await;
    let app = &world.region.app;
    let authority = app.visit().await.unwrap().organisation_by_code("HEF").await.unwrap().id;
    let events = async || {
        let session = app.store.read(Some(authority)).await.unwrap();
        session.verify_chain(authority).await.unwrap().events
    };
    let before = events().await;
    let mut wrong = Vec::new();
    for (code, role) in EVERYBODY.iter().filter(|(code, role)| *code == "WOR" || *role == Role::CommissioningLead) {
        let actor = app.actor_by_email(&email(code, *role)).await.unwrap();
        let client = Client::with_session(world.region.router.clone(), &app.start_session(&actor).await.unwrap());
        for route in
            ROUTES.iter().filter(|route| route.path.contains("{reference}") || route.path.contains("/provider/"))
        {
            for path in paths(route.path, &invitations, None)
                .iter()
                .filter(|path| path.contains("HEF-") || path.contains("/invitations/"))
            {
                let page = if route.method == "GET" {
                    client.get(path).await
                } else {
                    let token = client.get("/help").await.csrf();
                    client.post(path, &[("_csrf", &token), ("_key", path), ("_version", "1")]).await
                };
                let refused = page.status.is_client_error()
                    || page.location.as_deref().is_some_and(|to| to.starts_with("/sign-in"));
                if !refused {
                    wrong.push(format!("{} {path} as {} of {code}: {}", route.method, role.label(), page.status));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} answers to others:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(before, events().await, "another organisation's request wrote into the authority's chain");
}
