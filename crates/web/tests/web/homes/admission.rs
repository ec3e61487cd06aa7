//! Admission through the browser's eyes and by program: a provider registers itself while signed out, the regional team looks
//! at it, and documents come with an application.

mod blind;
mod carried;
mod reopened;
mod scoring;
mod seat;
mod standstill;
mod weighing;

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use placewell_app::App;
use placewell_app::demonstration::calendar;
use placewell_domain::office::person::session::TokenScope;
use placewell_testkit::client::{Client, Page};
use placewell_testkit::databases::{TestDatabase, both_filled};
use placewell_web::{Web, router};
use serde_json::json;

use crate::api::caller::Caller;

const LEAD: &str = "marcus.inkberrow@west-midlands-team.example";
const FORM: &str = "/admission/AR-005/register";
/// What the page says while nobody has confirmed who registered.
const NEXT: &str = "What comes next: once it is confirmed";
const PASSWORD: &str = "three green doors and a lamp";

struct Given {
    app: Arc<App>,
    service: axum::Router,
    visitor: Client,
}

impl Given {
    async fn new(database: &TestDatabase) -> Self {
        let app = database.app(calendar()).await;
        let service = router(Web::new(Arc::clone(&app), "http://localhost").await.unwrap());
        Self { app, visitor: Client::new(service.clone()), service }
    }

    async fn client(&self, email: &str) -> Client {
        let actor = self.app.actor_by_email(email).await.unwrap();
        Client::with_session(self.service.clone(), &self.app.start_session(&actor).await.unwrap())
    }

    async fn caller(&self, email: &str) -> Caller {
        let actor = self.app.actor_by_email(email).await.unwrap();
        let token = self.app.create_token(&actor, "test", 1, &TokenScope::Everything).await.unwrap();
        Caller::new(self.service.clone(), &token)
    }

    /// The link that a mailbox got last.
    async fn link(&self, email: &str) -> String {
        let lead = self.app.actor_by_email(LEAD).await.unwrap().organisation;
        let mails = self.app.store.read(Some(lead)).await.unwrap().whole_mails(lead, 10_000).await.unwrap();
        let mail = mails.into_iter().filter(|mail| mail.recipient == email).max_by_key(|mail| mail.id).unwrap();
        mail.body.lines().find(|line| line.starts_with("/emails/")).unwrap().to_owned()
    }
}

fn typed<'a>(name: &'a str, number: &'a str, email: &'a str) -> [(&'static str, &'a str); 5] {
    [("legal_name", name), ("company_number", number), ("name", "Jo Bromyard"), ("title", "Director"), ("email", email)]
}

/// What has happened, who decides, and what comes next.
fn says_what_waits(page: &Page) {
    for words in ["What has happened: your organisation", "Who decides: the regional team", NEXT] {
        assert!(page.body.contains(words), "{words}: {}", page.words("main"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_registers_itself_signed_out_whatever_is_known_of_it_and_signs_in_to_apply() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let opening = given.visitor.get("/admission/AR-005").await;
        assert!(opening.body.contains(FORM), "{}", opening.body);
        assert!(!given.visitor.get("/admission/AR-004").await.body.contains("/register"), "it is closed");
        assert_eq!(given.visitor.get("/admission/AR-004/register").await.status, StatusCode::CONFLICT);
        assert_eq!(given.visitor.get("/admission/AR-999/register").await.status, StatusCode::NOT_FOUND);
        let wrong = given.visitor.submit(FORM, FORM, &typed("", "12", "jo")).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        for words in ["Enter the registered name", "Enter the company number", "Enter your email address"] {
            assert!(wrong.body.contains(words), "{words}");
        }
        // One number is held by a provider of the region, the other by nobody: nobody sees a difference.
        let mut seen = Vec::new();
        for (name, number, email) in [
            ("Rowan Care Limited", "99100037", "jo@rowan.example"),
            ("Hazel Care Limited", "08123456", "jo@hazel.example"),
        ] {
            let sent = given.visitor.submit(FORM, FORM, &typed(name, number, email)).await;
            let link = given.link(email).await;
            let shown = given.visitor.get(&link).await;
            assert!(shown.body.contains(name) && shown.body.contains("Choose a password"));
            let short = given.visitor.submit(&link, &link, &[("new", "short")]).await;
            let done = given.visitor.submit(&link, &link, &[("new", PASSWORD)]).await;
            let again = given.visitor.get(&link).await;
            seen.push((
                sent.status,
                sent.h1(),
                short.status,
                short.h1(),
                done.status,
                done.location.clone(),
                again.status,
            ));
            assert_eq!(done.location.as_deref(), Some("/sign-in?return_to=/provider/admission/AR-005"));
            assert_eq!(again.status, StatusCode::CONFLICT, "a link is used once");
            let own = given.client(email).await;
            says_what_waits(&own.get("/provider/admission/AR-005").await);
            let begin = "/provider/admission/AR-005/begin";
            let begun = own.submit("/provider/admission/AR-005", begin, &[]).await;
            assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.h1());
        }
        assert_eq!(seen[0], seen[1]);
        let lead = given.client(LEAD).await;
        let list = lead.get("/region/registrations").await;
        assert!(list.body.contains("Known under its number or name") && list.body.contains("New here"));
        let actor = given.app.actor_by_email(LEAD).await.unwrap();
        let all = given.app.registrations(&actor).await.unwrap();
        let of = |name: &str| all.iter().find(|(one, _)| one.asked.legal_name == name).unwrap().0.id;
        let page = format!("/region/registrations/{}", of("Rowan Care Limited"));
        assert!(lead.get(&page).await.body.contains("Its company number"));
        let refuse = format!("{page}/refuse");
        assert_eq!(lead.submit(&page, &refuse, &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(lead.submit(&page, &refuse, &[("why", "twice")]).await.status, StatusCode::SEE_OTHER);
        let page = format!("/region/registrations/{}", of("Hazel Care Limited"));
        let bad = lead.submit(&page, &format!("{page}/confirm"), &[("homes", "SC999999")]).await;
        assert!(bad.body.contains("is no home of the region"), "{}", bad.h1());
        let confirmed = lead.submit(&page, &format!("{page}/confirm"), &[("homes", "")]).await;
        assert_eq!(confirmed.status, StatusCode::SEE_OTHER);
        assert!(lead.get(&page).await.body.contains("Confirmed on"));
        let hazel = given.client("jo@hazel.example").await.get("/provider/admission/AR-005").await;
        assert!(!hazel.body.contains(NEXT), "nothing waits any more");
        given.app.do_due_jobs().await.unwrap();
        assert!(given.app.actor_by_email("jo@rowan.example").await.is_err(), "what was not taken is closed");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_registers_without_end_from_one_place_waits() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        for at in 0..10 {
            let email = format!("jo{at}@rowan.example");
            let sent = given.visitor.submit(FORM, FORM, &typed("Rowan Care", "08123456", &email)).await;
            assert_eq!(sent.status, StatusCode::OK, "{at}");
        }
        let waits = given.visitor.submit(FORM, FORM, &typed("Rowan Care", "08123456", "jo@rowan.example")).await;
        assert_eq!(waits.status, StatusCode::TOO_MANY_REQUESTS, "{}", waits.h1());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn registrations_are_looked_at_by_program_too() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        given.visitor.submit(FORM, FORM, &typed("Hazel Care Limited", "08123456", "jo@hazel.example")).await;
        let link = given.link("jo@hazel.example").await;
        given.visitor.submit(&link, &link, &[("new", PASSWORD)]).await;
        let lead = given.caller(LEAD).await;
        let list = lead.get("/api/v1/registrations").await.is(200);
        let id = list.json["registrations"][0]["id"].as_str().unwrap().to_owned();
        let one = lead.get(&format!("/api/v1/registrations/{id}")).await.is(200);
        assert_eq!((one.header("etag"), &one.json["email"]), ("\"1\"", &json!("jo@hazel.example")));
        let confirm = format!("/api/v1/registrations/{id}/confirm");
        let headers = |tag: &'static str| [("content-type", "application/json"), ("if-match", tag)];
        let body = json!({ "homes": ["SC999999"] }).to_string();
        let wrong = lead.send(Method::POST, &confirm, &headers("\"1\""), body).await;
        assert_eq!(wrong.problem().0, 422);
        let body = json!({ "homes": [] }).to_string();
        lead.send(Method::POST, &confirm, &headers("\"1\""), body.clone()).await.is(200);
        let again = lead.send(Method::POST, &confirm, &headers("\"2\""), body).await;
        assert_eq!(again.problem(), (409, "registration_settled"));
        let officer = given.caller("priya.shah@herefordshire.example").await;
        assert_eq!(officer.get("/api/v1/registrations").await.problem().0, 403);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_come_with_an_application_by_form_and_are_told_by_their_content() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        given.visitor.submit(FORM, FORM, &typed("Hazel Care Limited", "08123456", "jo@hazel.example")).await;
        let link = given.link("jo@hazel.example").await;
        given.visitor.submit(&link, &link, &[("new", PASSWORD)]).await;
        let own = given.client("jo@hazel.example").await;
        let page = "/provider/admission/AR-005";
        let at = "/provider/admission/AR-005/documents";
        assert_eq!(own.get(at).await.status, StatusCode::NOT_FOUND, "nothing is begun");
        own.submit(page, "/provider/admission/AR-005/begin", &[]).await;
        assert!(own.get(page).await.body.contains(at));
        let pdf: &[u8] = b"%PDF-1.7 certificate";
        let none = own.submit_file(at, at, &[("of", "insurance")], None).await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
        let of_nothing = own.submit_file(at, at, &[], Some(("a.pdf", pdf))).await;
        assert!(of_nothing.body.contains("Select what the document shows"));
        let executable = own.submit_file(at, at, &[("of", "insurance")], Some(("a.pdf", b"MZ executable"))).await;
        assert_eq!(executable.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
        let added = own.submit_file(at, at, &[("of", "insurance")], Some(("Certificate & more.pdf", pdf))).await;
        assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.h1());
        let listed = own.get(at).await;
        assert!(listed.body.contains("Insurance certificate") && listed.body.contains("Certificate &#38; more.pdf"));
        let actor = given.app.actor_by_email("jo@hazel.example").await.unwrap();
        let (_, found) = given.app.own_evidence(&actor, "AR-005").await.unwrap();
        let document = found[0].entry.id.to_string();
        let read = own.get(&format!("{at}/{document}")).await;
        assert_eq!(read.bytes, pdf);
        let stranger = given.client(LEAD).await;
        assert_eq!(stranger.get(&format!("{at}/{document}")).await.status, StatusCode::FORBIDDEN);
        let remove = format!("{at}/remove");
        assert_eq!(own.submit(at, &remove, &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(own.submit(at, &remove, &[("document", &document)]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(own.get(&format!("{at}/{document}")).await.status, StatusCode::NOT_FOUND, "it is destroyed");
        let program = given.caller("jo@hazel.example").await;
        let list = program.get("/api/v1/openings/AR-005/application/documents").await.is(200);
        assert_eq!(list.json["documents"], json!([]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_seat_of_an_evaluator_with_a_conflict_is_passed_on_by_form_and_by_program() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let lead = given.app.actor_by_email(LEAD).await.unwrap();
        let all = given.app.evaluations(&lead).await.unwrap();
        let scoring = all.into_iter().find(|one| one.state.name() == "scoring").unwrap();
        let (id, first) = (scoring.id, &scoring.panel[0]);
        let (own, page) = (format!("/evaluations/{id}"), format!("/region/evaluations/{id}"));
        let conflict = [("conflict", "yes"), ("conflict_words", "A sister works there")];
        let officer = given.client("priya.shah@herefordshire.example").await;
        let declared = officer.submit(&own, &format!("{own}/declare"), &conflict).await;
        assert_eq!(declared.status, StatusCode::SEE_OTHER, "{}", declared.body);

        let region = given.client(LEAD).await;
        let asks = format!("{} declared a conflict of interest. Name a colleague of", first.name);
        assert!(region.get(&page).await.body.contains(&asks), "{asks}");
        let name = format!("{page}/evaluator");
        let refused = region.submit(&page, &name, &[("email", "director@shropshire.example")]).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.h1());
        assert!(refused.body.contains("has an evaluator already"), "{}", refused.body);

        let program = given.caller(LEAD).await;
        let record = format!("/api/v1/evaluations/{id}");
        let again = json!({ "email": "priya.shah@herefordshire.example" });
        assert_eq!(program.change(&record, "evaluators", &again).await.problem(), (409, "evaluator_conflict"));
        let colleague = json!({ "email": "amir.hallowes@herefordshire.example" });
        program.change(&record, "evaluators", &colleague).await.is(200);
        assert_eq!(program.change(&record, "evaluators", &colleague).await.problem(), (409, "evaluator_named"));
        let shown = region.get(&page).await;
        assert!(!shown.body.contains(&asks) && shown.body.contains(&format!("in the place of {}", first.name)));
        let seat = given.client("amir.hallowes@herefordshire.example").await;
        assert!(seat.get(&own).await.body.contains("Do you have a conflict of interest"));
    })
    .await;
}
