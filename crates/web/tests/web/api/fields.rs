//! S1: every field about a child × every route of the pages, every operation of the API, every file and mail × every role of
//! the child's own authority, of another, of two providers, of the region, and nobody. What is found where is held against
//! the one table of the domain (`placing::disclosure::table`), at each stage, on both databases.

mod adopted;
mod erased;
mod given_out;
pub(super) mod planted;
mod refused;

use std::collections::BTreeSet;
use std::io::{Cursor, Read as _, Write as _};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use jiff::civil::date;
use placewell_domain::office::access::Role;
use placewell_domain::office::person::session::TokenScope;
use placewell_domain::placing::disclosure::{Reader, Stage, TABLE};
use placewell_domain::sealed::FieldKind;
use placewell_store::Backend;
use placewell_store::verify::DEPLOYMENT;
use placewell_testkit::client::{Client, Page};
use placewell_testkit::databases::discard;
use placewell_testkit::needles::Needles;
use placewell_web::routes::ROUTES;
use serde_json::Value;

use super::canary::{asked, awarded};
use super::email;
use super::world::{World, made};
use planted::{Known, NOT_PLANTED, PLANTED};

/// Everybody who asks.
const EVERYBODY: &[(&str, Role)] = &[
    ("HEF", Role::PlacementOfficer),
    ("HEF", Role::Approver),
    ("HEF", Role::FinanceOfficer),
    ("HEF", Role::DemocraticServices),
    ("HEF", Role::Analyst),
    ("HEF", Role::Administrator),
    ("HEF", Role::Guest),
    ("WOR", Role::PlacementOfficer),
    ("WOR", Role::Approver),
    ("WOR", Role::FinanceOfficer),
    ("WOR", Role::DemocraticServices),
    ("WOR", Role::Analyst),
    ("WOR", Role::Administrator),
    ("oak-lane-care", Role::ProviderManager),
    ("ash-care", Role::ProviderManager),
    ("region", Role::CommissioningLead),
    ("region", Role::Analyst),
    ("region", Role::Administrator),
    ("operator", Role::Administrator),
];

/// The words of a PDF, by poppler, which the tests of the paper need as well.
pub fn words_of_pdf(file: &[u8]) -> String {
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

/// The text of every part of a workbook.
fn words_of_workbook(file: &[u8]) -> String {
    let mut parts = zip::ZipArchive::new(Cursor::new(file)).unwrap();
    let mut words = String::new();
    for at in 0..parts.len() {
        parts.by_index(at).unwrap().read_to_string(&mut words).unwrap();
    }
    words
}

/// What somebody reads in an answer: its text, a PDF's words, a workbook's parts. No canary of pages has a letter that they
/// escape.
fn read(bytes: &[u8]) -> String {
    if bytes.starts_with(b"PK\x03\x04") {
        return words_of_workbook(bytes);
    }
    if bytes.starts_with(b"%PDF") && bytes.len() > 200 {
        return words_of_pdf(bytes);
    }
    String::from_utf8_lossy(bytes).into_owned()
}

/// The values that stand in a path: each of those a room knows, so that every route is asked for a record that exists.
fn paths(template: &str, known: &Known) -> Vec<String> {
    let mut all = vec![String::new()];
    let one = |id: Option<i64>| -> Vec<String> { id.iter().map(i64::to_string).collect() };
    for part in template.split('/').skip(1) {
        let values: Vec<String> = match part {
            "{reference}" | "{referral}" if template.contains("/approvals") => vec!["HEF-D-0001".to_owned()],
            "{reference}" if template.contains("/agreements") => vec!["HEF-A-0001".to_owned()],
            "{reference}" | "{referral}" => vec!["HEF-R-0001".to_owned()],
            "{number}" => vec!["1".to_owned(), "2".to_owned()],
            "{urn}" => vec!["SC400001".to_owned()],
            "{item}" => vec![known.check.to_owned()],
            "{document}" => known.documents.iter().map(i64::to_string).collect(),
            "{id}" if template.contains("/recalls/") => one(known.recall),
            "{id}" if template.contains("/stability") => one(known.alert),
            "{id}" if template.contains("/unregistered/") => one(known.stay),
            "{id}" if template.contains("invitations") => known.invitations.iter().map(i64::to_string).collect(),
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

async fn everything(world: &World, known: &Known) -> Asked {
    let visitor = Client::new(world.region.router.clone());
    let description: Value = serde_json::from_slice(&visitor.get("/api/openapi.json").await.bytes).unwrap();
    let operations = description["paths"].as_object().unwrap().iter().filter(|(_, item)| item.get("get").is_some());
    let operations = operations.flat_map(|(path, _)| {
        let path = if path.starts_with("/api/v1") { path.clone() } else { format!("/api/v1{path}") };
        paths(&path, known)
    });
    let pages = ROUTES.iter().filter(|route| route.method == "GET");
    let pages = pages.flat_map(|route| paths(route.path, known));
    let all = Asked { pages: pages.collect(), operations: operations.collect() };
    assert!(all.pages.len() > 100 && all.operations.len() > 60, "{} {}", all.pages.len(), all.operations.len());
    all
}

/// Planted texts with where they were found.
type Found = BTreeSet<(&'static str, String)>;

static NEEDLES: LazyLock<Needles<'static>> = LazyLock::new(|| Needles::new(PLANTED.iter().map(|(_, canary)| *canary)));

/// Notes which planted texts stand in an answer.
fn note(found: &mut Found, at: &str, bytes: &[u8]) {
    let standing = NEEDLES.standing_in(read(bytes).as_bytes());
    let here = PLANTED.iter().filter(|(_, canary)| standing.contains(canary));
    found.extend(here.map(|(field, _)| (*field, at.to_owned())));
}

/// Which planted texts somebody finds, where: in pages and files, and in the answers of operations, both asked at once.
async fn found(world: &World, who: Option<(&str, Role)>, all: &Asked) -> Found {
    let router = world.region.router.clone();
    let (client, token) = match who {
        None => (Client::new(router.clone()), String::new()),
        Some((code, role)) => {
            let app = &world.region.app;
            let actor = app.actor_by_email(&email(code, role)).await.unwrap();
            let session = app.start_session(&actor).await.unwrap();
            (
                Client::with_session(router.clone(), &session),
                app.create_token(&actor, "canaries", 1, &TokenScope::EverythingWithProof).await.unwrap(),
            )
        }
    };
    let caller = (!token.is_empty()).then(|| super::Caller::new(router, &token));
    let (mut found, more) = tokio::join!(in_pages(&client, &all.pages), in_operations(caller, &all.operations));
    found.extend(more);
    found
}

async fn in_pages(client: &Client, pages: &[String]) -> Found {
    let mut found = Found::new();
    for path in pages {
        let page: Page = client.get(path).await;
        assert!(!page.status.is_server_error(), "{path}: {}", page.status);
        note(&mut found, path, &page.bytes);
        // What a page links to in its own room and no route names: documents, exports with their query.
        if page.status.is_success() && ["HEF-", "/imports/"].iter().any(|room| path.contains(room)) {
            for link in page.body.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
                if ["/documents/", ".csv", ".xlsx", ".pdf"].iter().any(|kind| link.contains(kind)) {
                    let file = client.get(&link.replace("&#38;", "&")).await;
                    note(&mut found, link, &file.bytes);
                }
            }
        }
    }
    found
}

async fn in_operations(caller: Option<super::Caller>, operations: &[String]) -> Found {
    let mut found = Found::new();
    if let Some(caller) = caller {
        for path in operations {
            let reply = caller.get(path).await;
            assert!(!reply.status.is_server_error(), "{path}: {}", reply.status);
            note(&mut found, path, &reply.bytes);
        }
    }
    found
}

/// The field of the table in which a planted text stands, and the home whose it is where it is one's.
fn field_and_home(field: &str) -> (&str, Option<&str>) {
    field.split_once(" of ").map_or((field, None), |(field, home)| (field, Some(home)))
}

/// What a recall leaves as it is: it takes back who the child is, and an agreement in force says what it said.
const OF_THE_PLACEMENT: &[&str] =
    &["agreement_words", "stability_signs", "stability_words", "paper_names", "paper_contents"];

/// Holds what somebody found against the table; what one home says is no other's to read, nor is its price.
fn held(who: &str, reader: Reader, found: &Found, wrong: &mut Vec<String>) {
    let homes = who.starts_with("elm,") || who.starts_with("ash,");
    for (field, at) in found {
        let (name, home) = field_and_home(field);
        let seen = match home {
            Some(home) if homes => who.starts_with(home),
            _ if who == "elm, recalled" && OF_THE_PLACEMENT.contains(&name) => true,
            _ => reader.sees(name),
        };
        if !seen {
            wrong.push(format!("{who} reads {field} at {at}"));
        }
    }
}

/// The lines that say who a child is, something about it in words, or what its place costs.
fn in_words() -> impl Iterator<Item = &'static str> {
    TABLE.iter().filter(|line| line.kind != FieldKind::Profile).map(|line| line.field)
}

/// What the chosen home and the authority must have found, so that nothing was looked for in vain.
fn not_in_vain(who: &str, reader: Reader, found: &Found, but: &[&str]) {
    let planted = |line: &str| PLANTED.iter().any(|(field, _)| field_and_home(field).0 == line);
    for line in in_words().filter(|line| reader.sees(line) && planted(line)) {
        let read = found.iter().any(|(field, _)| field_and_home(field).0 == line);
        assert!(read || but.contains(&line), "{who} should read {line} somewhere");
    }
}

/// Whoever cares for the child has read each value in codes that was planted, or nobody was looked for with it.
fn no_code_in_vain(care: &Found) {
    let in_codes = TABLE.iter().filter(|line| line.kind == FieldKind::Profile).map(|line| line.field);
    for field in in_codes.filter(|line| PLANTED.iter().any(|(field, _)| field == line)) {
        assert!(care.iter().any(|(found, _)| *found == field), "who cares for the child should read {field} somewhere");
    }
}

#[test]
fn a_canary_is_planted_in_every_line_of_the_table_that_is_in_words() {
    let planted = PLANTED.iter().map(|(field, _)| field_and_home(field).0);
    let known: BTreeSet<&str> = planted.chain(NOT_PLANTED.iter().map(|(field, _)| *field)).collect();
    let missing: Vec<&str> = in_words().filter(|line| !known.contains(line)).collect();
    assert!(missing.is_empty(), "plant a canary in these: {missing:?}");
    // What begins with a quotation mark is a name and its code as operations answer them: no page has it.
    let shown = PLANTED.iter().filter(|(_, canary)| !canary.starts_with('"'));
    let escaped = shown.filter(|(_, canary)| canary.contains(['&', '<', '>', '"', '\'']));
    assert_eq!(escaped.count(), 0, "a page would show such a canary in other letters");
}

/// One home's way and everybody else's, held against the table at each stage.
struct Looking<'a> {
    world: &'a World,
    wrong: Vec<String>,
    care: Found,
}

const ELM: Option<(&str, Role)> = Some(("oak-lane-care", Role::ProviderManager));
const ASH: Option<(&str, Role)> = Some(("ash-care", Role::ProviderManager));

impl Looking<'_> {
    /// What a home finds, held against its stage; `closed`: what it does not open again.
    async fn home(&mut self, who: &str, stage: Stage, all: &Asked, closed: &[&str]) {
        let whom = if who.starts_with("elm") { ELM } else { ASH };
        let seen = found(self.world, whom, all).await;
        held(who, Reader::Home(stage), &seen, &mut self.wrong);
        not_in_vain(who, Reader::Home(stage), &seen, closed);
    }

    /// What those who care for the child find while it is there to find, and who pays; prices are sealed, the one that an
    /// officer has entered too (rule 5.3).
    async fn while_sealed(&mut self, all: &Asked) {
        for role in [Role::PlacementOfficer, Role::Approver, Role::FinanceOfficer] {
            let seen = found(self.world, Some(("HEF", role)), all).await;
            held(role.label(), Reader::Own(role), &seen, &mut self.wrong);
            for (field, at) in seen.iter().filter(|(field, _)| field_and_home(field).0 == "price") {
                self.wrong.push(format!("{} reads {field} at {at} while prices are sealed", role.label()));
            }
            if role != Role::FinanceOfficer {
                self.care.extend(seen);
            }
        }
    }

    /// Everybody who is no home's, and nobody.
    async fn everybody(&mut self, all: &Asked) {
        for (code, role) in EVERYBODY.iter().filter(|(_, role)| *role != Role::ProviderManager) {
            let reader = if *code == "HEF" { Reader::Own(*role) } else { Reader::Other };
            let seen = found(self.world, Some((code, *role)), all).await;
            let who = format!("{} of {code}", role.label());
            held(&who, reader, &seen, &mut self.wrong);
            if *code == "HEF" && matches!(role, Role::PlacementOfficer | Role::Approver) {
                for field in ["given_names", "family_name", "born", "case_number"] {
                    assert!(seen.iter().any(|(found, _)| *found == field), "{who} should read {field} somewhere");
                }
                self.care.extend(seen);
            }
        }
        let nobody = found(self.world, None, all).await;
        held("a visitor", Reader::Other, &nobody, &mut self.wrong);
    }
}

async fn nobody_reads_more_than_the_table_gives(backend: Backend) {
    let database = made(backend).await;
    let world = World::opened(&database).await;
    let mut looking = Looking { world: &world, wrong: Vec::new(), care: BTreeSet::new() };

    let mut known = planted::asked(&world).await;
    let all = everything(&world, &known).await;
    looking.home("elm, asked", Stage::Anonymous, &all, &[]).await;
    looking.home("ash, asked", Stage::Anonymous, &all, &[]).await;
    looking.while_sealed(&all).await;

    planted::closed_early(&world, &mut known).await;
    planted::shortlisted(&world, &known).await;
    let all = everything(&world, &known).await;
    looking.home("elm, shortlisted", Stage::Shortlisted, &all, CLOSED).await;
    looking.home("ash, sent", Stage::Anonymous, &all, CLOSED).await;

    planted::placed(&world, &mut known).await;
    let all = everything(&world, &known).await;
    looking.home("elm, chosen", Stage::Chosen, &all, CLOSED).await;
    let lost = found(&world, ASH, &all).await;
    held("ash, which lost", Reader::Other, &lost, &mut looking.wrong);

    planted::recalled(&world, &mut known).await;
    let all = everything(&world, &known).await;
    let seen = found(&world, ELM, &all).await;
    held("elm, recalled", Reader::Home(Stage::Shortlisted), &seen, &mut looking.wrong);
    looking.everybody(&all).await;
    // From the asking to the recall, who cares for the child read every field that is theirs.
    not_in_vain("who cares for the child", Reader::Own(Role::PlacementOfficer), &looking.care, &[]);
    no_code_in_vain(&looking.care);
    refused::answers(&world, &known, &mut looking.wrong).await;
    mails(&world, &mut looking.wrong).await;
    let wrong = looking.wrong;
    assert!(wrong.is_empty(), "{} leaks:\n{}", wrong.len(), wrong.join("\n"));
    discard(&database).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s1_nobody_reads_a_field_that_the_table_does_not_give_them_by_any_route_operation_file_or_mail_on_sqlite() {
    nobody_reads_more_than_the_table_gives(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s1_nobody_reads_a_field_that_the_table_does_not_give_them_by_any_route_operation_file_or_mail_on_postgresql() {
    nobody_reads_more_than_the_table_gives(Backend::Postgres).await;
}

/// A home that has answered late, or whose search is over, does not open the profile's words again.
const CLOSED: &[&str] = &["what_helps", "risk_words", "education_words", "health_words", "other_words"];

async fn invitation(world: &World, code: &str) -> i64 {
    let caller = world.region.caller(code, Role::ProviderManager).await;
    let list = caller.get("/api/v1/invitations?reference=HEF-R-0001").await.is(200);
    list.json["items"][0]["id"].as_str().unwrap().parse().unwrap()
}

/// No mail to anybody holds any of it: nothing about the child, and no home's price.
async fn mails(world: &World, wrong: &mut Vec<String>) {
    let app = &world.region.app;
    app.do_jobs_due_at(placewell_app::clock::Machine::now() + jiff::SignedDuration::from_mins(11)).await.unwrap();
    let mut read = 0;
    let all = app.visit().await.unwrap().organisations().await.unwrap();
    let all = all.into_iter().map(|one| (one.id, one.code)).chain([(DEPLOYMENT, "the service".to_owned())]);
    for (organisation, code) in all {
        let session = app.store.read(Some(organisation)).await.unwrap();
        for mail in session.mails(organisation, 500).await.unwrap() {
            read += 1;
            let text = format!("{}\n{}", mail.subject, mail.body);
            for (field, _) in PLANTED.iter().filter(|(_, canary)| text.contains(canary)) {
                wrong.push(format!("a mail of {code} holds {field}: {}", mail.subject));
            }
            if text.contains(" a week") && text.contains('£') {
                wrong.push(format!("a mail of {code} says a price: {}", mail.subject));
            }
        }
    }
    assert!(read > 5, "{read} mails");
}

/// Every form and every page asked for by name, by everybody who is not of the child's authority: none changes anything
/// there, and none says that it is there.
#[tokio::test(flavor = "multi_thread")]
async fn s1_no_route_lets_another_organisation_change_or_find_a_record_on_sqlite() {
    nobody_else_changes_or_finds_a_record(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s1_no_route_lets_another_organisation_change_or_find_a_record_on_postgresql() {
    nobody_else_changes_or_finds_a_record(Backend::Postgres).await;
}

async fn nobody_else_changes_or_finds_a_record(backend: Backend) {
    let database = made(backend).await;
    let world = World::opened(&database).await;
    asked(&world).await;
    let mut known = Known::default();
    for code in ["oak-lane-care", "ash-care"] {
        known.invitations.push(invitation(&world, code).await);
    }
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
        // A token of any form of a session guards all of them.
        let token = client.get("/help").await.csrf();
        for route in
            ROUTES.iter().filter(|route| route.path.contains("{reference}") || route.path.contains("/provider/"))
        {
            for path in
                paths(route.path, &known).iter().filter(|path| path.contains("HEF-") || path.contains("/invitations/"))
            {
                let page = if route.method == "GET" {
                    client.get(path).await
                } else {
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
    discard(&database).await;
}
