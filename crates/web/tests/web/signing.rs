//! Signing in through the forms: a form that waits for a proof, and links that are used once.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use jiff::SignedDuration;
use jiff::civil::date;
use placewell_app::clock::Machine;
use placewell_app::office::access::cover::ArrangeCover;
use placewell_app::office::person::hash_password;
use placewell_app::{App, Outcome};
use placewell_domain::office::access::Role;
use placewell_domain::office::access::cover::CoverReason;
use placewell_domain::office::person::provider::Admits;
use placewell_domain::office::person::session::TokenScope;
use placewell_store::office::person::provider::IdentityProvider;
use placewell_store::verify::DEPLOYMENT;
use placewell_testkit::client::{Client, Page};
use placewell_testkit::databases::both;
use placewell_testkit::device::code_now;
use placewell_testkit::issuer::Issuer;
use placewell_testkit::lint::lint;
use placewell_web::routes::ROUTES;
use placewell_web::{Web, router};
use serde_json::json;
use sha2::{Digest, Sha256};
use tokio::sync::Barrier;
use tokio::task::{JoinSet, yield_now};
use tokio::time::timeout;
use tower::ServiceExt as _;

use crate::access::{email, example, people};
use crate::api::caller::Caller;

mod provider;

const PASSWORD: &str = "walnut ferry dusk granite";
/// What a provider gave this service, so that it knows it again.
const SECRET: &str = "a secret between the two of them";

/// The operator's administrator, signed in, with a password; and their session's token.
async fn administrator(app: &Arc<App>) -> (Client, Web, String) {
    let actor = app.actor_by_email(&email(Role::Administrator)).await.unwrap();
    let work = app.store.begin(DEPLOYMENT, app.calendar.now()).await.unwrap();
    work.give_password(actor.person, Some(&hash_password(PASSWORD).unwrap())).await.unwrap();
    work.commit(Machine::now()).await.unwrap();
    let token = app.start_session(&actor).await.unwrap();
    let web = Web::new(Arc::clone(app), "http://localhost").await.unwrap();
    (Client::with_session(router(web.clone()), &token), web, token)
}

async fn grow_old(app: &App, token: &str) {
    let work = app.store.begin(DEPLOYMENT, app.calendar.now()).await.unwrap();
    let digest = Sha256::digest(token.as_bytes()).to_vec();
    work.note_proof(&digest, Machine::now() - SignedDuration::from_secs(1)).await.unwrap();
    work.commit(Machine::now()).await.unwrap();
}

const SOMEBODY: [(&str, &str); 4] =
    [("name", "Amir Khan"), ("email", "a.khan@operator.example"), ("role", "analyst"), ("title", "Analyst")];

#[tokio::test]
async fn x_01_the_list_of_people_is_narrowed_by_words_role_and_when_they_last_signed_in() {
    both(async |database| {
        let app = people(&database).await;
        let (client, ..) = administrator(&app).await;
        let (own, analyst) = (email(Role::Administrator), email(Role::Analyst));
        for (query, shown) in [
            ("", [true, true]),
            ("?seen=never", [false, true]),
            ("?seen=quiet", [false, true]),
            ("?role=administrator", [true, false]),
            ("?q=ANALYST%40", [false, true]),
            ("?role=analyst&seen=never&q=nobody", [false, false]),
            ("?role=%27&seen=soon", [false, false]),
        ] {
            let list = client.get(&format!("/admin/people{query}")).await;
            assert_eq!(list.status, StatusCode::OK, "{query}");
            let found = [&own, &analyst].map(|address| list.body.contains(address.as_str()));
            assert_eq!(found, shown, "{query}: {}", list.body);
            assert_eq!(lint(&list.body), Vec::<String>::new(), "{query}");
        }
        // The calendar of these people stands, as a demonstration's does; the machine's clock goes on.
        let seen = client.get("/admin/people?role=administrator").await.words("main table");
        assert!(seen.contains("13 September 2021"), "{seen}");
        let own = client.get("/preferences").await.words("main");
        assert!(own.contains("13 September 2021"), "{own}");
    })
    .await;
}

#[tokio::test]
async fn x_01_the_last_day_in_a_role_is_changed_on_its_own_page() {
    both(async |database| {
        let app = people(&database).await;
        let (client, ..) = administrator(&app).await;
        let analyst = app.actor_by_email(&email(Role::Analyst)).await.unwrap();
        let person = format!("/admin/people/{}", analyst.person);
        let (shown, action) = (format!("{person}/last-day?role=analyst"), format!("{person}/last-day"));
        assert!(client.get(&person).await.body.contains(&format!("href=\"{shown}\"")));
        let own = app.actor_by_email(&email(Role::Administrator)).await.unwrap();
        let own = client.get(&format!("/admin/people/{}", own.person)).await;
        assert_eq!(own.status, StatusCode::OK);
        assert!(!own.body.contains("Change the last day"), "nobody moves the end of their own role");
        assert_eq!(lint(&client.get(&shown).await.body), Vec::<String>::new());
        for (year, message) in [("2020", "Enter today or a later day"), ("soon", "Enter the last day in this role")] {
            let fields = [("until_day", "31"), ("until_month", "12"), ("until_year", year)];
            let wrong = client.submit(&shown, &action, &fields).await;
            assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(wrong.words("#until-error").contains(message), "{}", wrong.body);
        }
        let fields = [("until_day", "31"), ("until_month", "12"), ("until_year", "2021")];
        let done = client.submit(&shown, &action, &fields).await;
        assert_eq!((done.status, done.location.as_deref()), (StatusCode::SEE_OTHER, Some(person.as_str())));
        assert!(client.get(&person).await.body.contains("until 31 December 2021"));
        assert_eq!(client.get(&format!("{person}/last-day?role=king")).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn x_01_a_role_that_is_lent_is_ended_by_ending_the_cover_and_neither_page_nor_api_moves_its_last_day() {
    both(async |database| {
        let app = people(&database).await;
        let (client, web, _) = administrator(&app).await;
        let own = app.actor_by_email(&email(Role::Administrator)).await.unwrap();
        let analyst = app.actor_by_email(&email(Role::Analyst)).await.unwrap();
        let cover = ArrangeCover {
            absent: own.person.0,
            covering: analyst.person.0,
            role: Role::Administrator,
            from: date(2021, 9, 13),
            last: date(2021, 9, 16),
            reason: CoverReason::Leave,
        };
        app.perform(&own, "cover", cover).await.unwrap();
        let person = format!("/admin/people/{}", analyst.person);
        let page = client.get(&person).await;
        assert!(page.body.contains("until 16 September 2021"), "{}", page.body);
        assert!(page.body.contains("last-day?role=analyst"), "their own role");
        assert!(!page.body.contains("last-day?role=administrator"), "the lent one");
        assert!(page.body.contains("Lent for a cover, which ends it"), "{}", page.body);
        assert_eq!(lint(&page.body), Vec::<String>::new());

        let says = "A role that is lent for cover lasts as long as the cover";
        let shown = client.get(&format!("{person}/last-day?role=administrator")).await;
        assert_eq!(shown.status, StatusCode::CONFLICT, "{}", shown.h1());
        assert!(shown.body.contains(says), "{}", shown.body);
        let (csrf, day) = (page.csrf(), [("until_day", "31"), ("until_month", "12"), ("until_year", "2021")]);
        let fields = [[("_csrf", csrf.as_str()), ("_key", "lent"), ("role", "administrator")], day].concat();
        let sent = client.post(&format!("{person}/last-day"), &fields).await;
        assert_eq!(sent.status, StatusCode::CONFLICT, "{}", sent.h1());
        assert!(sent.body.contains(says), "{}", sent.body);

        let token = app.create_token(&own, "test", 1, &TokenScope::EverythingWithProof).await.unwrap();
        let program = Caller::new(router(web), &token);
        let path = format!("/api/v1/people/{}/last-day", analyst.person);
        let body = json!({"role": "administrator", "until": "2021-12-31"});
        let refused = program.post(&path, &[], &body).await;
        assert_eq!(refused.problem(), (409, "lent_role"), "{}", refused.json);
        let list = program.get("/api/v1/people").await.is(200).json;
        let lent: Vec<_> = list["items"].as_array().unwrap().iter().filter(|one| one["lent"] == true).collect();
        let [one] = lent.as_slice() else { panic!("{list}") };
        assert_eq!((&one["role"], &one["to"]), (&json!("administrator"), &json!("2021-09-17")), "nothing was moved");
    })
    .await;
}

/// Rows as a spreadsheet copies them.
const PASTED: &str = "email\tname\trole\ttitle\n\
                      a.khan@operator.example\tAmir Khan\tanalyst\tAnalyst\n\
                      b.lee@operator.example\tBo Lee\tplacement_officer\tOfficer\n";

#[tokio::test]
async fn x_01_pasted_rows_invite_people_once_whoever_confirms_has_proven_who_they_are() {
    both(async |database| {
        let app = people(&database).await;
        let (client, web, token) = administrator(&app).await;
        let list = client.get("/admin/people").await;
        assert!(list.body.contains("href=\"/imports?kind=people\""), "{}", list.body);
        let form = client.get("/imports?kind=people").await;
        assert_eq!(lint(&form.body), Vec::<String>::new());
        let send =
            async |rows: &str| client.submit("/imports", "/imports", &[("kind", "people"), ("pasted", rows)]).await;
        let nothing = send("").await;
        assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(nothing.words("#file-error"), "Error: Choose the file to bring in, or paste its rows");
        let fields = [("kind", "people"), ("pasted", PASTED)];
        let twice = client.submit_file("/imports", "/imports", &fields, Some(("a.csv", PASTED.as_bytes()))).await;
        assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(twice.words("#pasted-error"), "Error: Choose a file or paste its rows, not both");

        let sent = send(PASTED).await;
        assert_eq!((sent.status, sent.location.as_deref()), (StatusCode::SEE_OTHER, Some("/imports/1")));
        let page = client.get("/imports/1").await;
        for said in ["Has errors", "Row 3", "placement_officer is no role of your organisation", "Bring in 1 row"] {
            assert!(page.body.contains(said), "{said}: {}", page.body);
        }
        assert_eq!(lint(&page.body), Vec::<String>::new());
        grow_old(&app, &token).await;
        let asked = client.submit("/imports/1", "/imports/1/confirm", &[]).await;
        assert_eq!((asked.status, asked.h1().as_str()), (StatusCode::FORBIDDEN, "Confirm that it is you"));
        assert!(!client.get("/admin/people").await.body.contains("Amir Khan"), "nobody is invited yet");
        let waiting = asked.form("/confirm");
        let mut fields: Vec<(&str, &str)> =
            waiting.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        fields.push(("confirm_password", PASSWORD));
        let right = client.post("/confirm", &fields).await;
        let to = (right.status, right.location.as_deref());
        assert_eq!(to, (StatusCode::TEMPORARY_REDIRECT, Some("/imports/1/confirm")));
        fields.pop();
        for click in ["first", "second"] {
            let done = client.post("/imports/1/confirm", &fields).await;
            assert_eq!(done.status, StatusCode::SEE_OTHER, "{click}: {}", done.body);
        }
        let list = client.get("/admin/people").await;
        assert_eq!(list.body.matches("a.khan@operator.example").count(), 1, "{}", list.body);
        assert!(!list.body.contains("b.lee@operator.example"));
        send(PASTED).await;
        assert!(client.get("/imports/2").await.body.contains("No row can be brought in"), "nobody is invited twice");

        let officer = app.actor_by_email(&email(Role::PlacementOfficer)).await.unwrap();
        let officer = Client::with_session(router(web.clone()), &app.start_session(&officer).await.unwrap());
        assert!(!officer.get("/imports").await.body.contains("People to invite"));
        let refused = officer.submit("/imports", "/imports", &[("kind", "people"), ("pasted", PASTED)]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
    })
    .await;
}

#[tokio::test]
async fn x_01_more_is_taken_of_pasted_rows_than_of_another_field_and_what_is_wrong_stands_beside_them() {
    both(async |database| {
        let app = people(&database).await;
        let (client, ..) = administrator(&app).await;
        // As a browser sends it: the form also takes a file, and none is chosen.
        let send = async |rows: &str| {
            client.submit_file("/imports", "/imports", &[("kind", "people"), ("pasted", rows)], None).await
        };
        let headless = send("email\tname\na.khan@operator.example\tAmir Khan\n").await;
        assert_eq!(headless.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(headless.words("#pasted-error").contains("role"), "{}", headless.body);
        assert!(headless.body.contains("href=\"#pasted\"") && !headless.body.contains("id=\"file-error\""));
        assert_eq!(lint(&headless.body), Vec::<String>::new());

        let title = "Analyst of placements ".repeat(4);
        let row = |number: u32| format!("a.khan{number}@operator.example\tAmir Khan\tanalyst\t{title}{number}\n");
        let rows: String = std::iter::once("email\tname\trole\ttitle\n".to_owned()).chain((0..500).map(row)).collect();
        assert!(rows.len() > 64 * 1024, "{}", rows.len());
        let sent = send(&rows).await;
        assert_eq!(
            (sent.status, sent.location.as_deref()),
            (StatusCode::SEE_OTHER, Some("/imports/1")),
            "{}",
            sent.body
        );

        let endless = send(&rows.repeat(10)).await;
        assert_eq!(endless.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(endless.body.contains("Paste 512 KB of rows at most"), "{}", endless.body);
        assert_eq!(client.get("/imports/2").await.status, StatusCode::NOT_FOUND, "nothing of it was kept");
    })
    .await;
}

#[tokio::test]
async fn a_form_that_needs_a_proof_waits_with_its_answers_and_goes_on_once_it_is_given() {
    both(async |database| {
        let app = people(&database).await;
        let (client, _, token) = administrator(&app).await;
        grow_old(&app, &token).await;
        let asked = client.submit("/admin/people/invite", "/admin/people/invite", &SOMEBODY).await;
        assert_eq!((asked.status, asked.h1().as_str()), (StatusCode::FORBIDDEN, "Confirm that it is you"));
        assert_eq!(lint(&asked.body), Vec::<String>::new());
        let waiting = asked.form("/confirm");
        assert!(waiting.contains(&("name".to_owned(), "Amir Khan".to_owned())), "{waiting:?}");
        let send = async |password: &str| {
            let mut fields: Vec<(&str, &str)> =
                waiting.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            fields.push(("confirm_password", password));
            client.post("/confirm", &fields).await
        };
        let wrong = send("wrong").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.form("/confirm").contains(&("name".to_owned(), "Amir Khan".to_owned())));
        let right = send(PASSWORD).await;
        let to = (right.status, right.location.as_deref());
        assert_eq!(to, (StatusCode::TEMPORARY_REDIRECT, Some("/admin/people/invite")));
        let fields: Vec<(&str, &str)> = waiting.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let done = client.post("/admin/people/invite", &fields).await;
        assert_eq!((done.status, done.location.as_deref()), (StatusCode::SEE_OTHER, Some("/admin/people")));
        let list = client.get("/admin/people").await;
        assert!(list.body.contains("Amir Khan"), "{}", list.body);
        assert_eq!(lint(&list.body), Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn an_invitation_is_accepted_once_and_a_link_for_a_forgotten_password_is_used_once() {
    both(async |database| {
        let app = people(&database).await;
        let (client, web, _) = administrator(&app).await;
        client.submit("/admin/people/invite", "/admin/people/invite", &SOMEBODY).await;
        let actor = app.actor_by_email(&email(Role::Administrator)).await.unwrap();
        let link = async |subject: &str| {
            let session = app.store.read(Some(actor.organisation)).await.unwrap();
            let mails = session.whole_mails(actor.organisation, 100).await.unwrap();
            let mail = mails.iter().find(|mail| mail.subject.contains(subject)).unwrap();
            mail.body.lines().find(|line| line.starts_with("/emails/")).unwrap().to_owned()
        };
        let visitor = Client::new(router(web));
        let welcome = link("invites you").await;
        let mails = client.get("/admin/jobs/mail").await;
        assert!(!mails.body.contains(&welcome), "an administrator sees the link");
        let weak = visitor.submit(&welcome, &welcome, &[("new", "passwordpassword")]).await;
        assert_eq!(weak.status, StatusCode::UNPROCESSABLE_ENTITY);
        let joined = visitor.submit(&welcome, &welcome, &[("new", PASSWORD)]).await;
        assert_eq!((joined.status, joined.location.as_deref()), (StatusCode::SEE_OTHER, Some("/sign-in")));
        assert_eq!(visitor.get(&welcome).await.status, StatusCode::CONFLICT, "the link lives on");
        let fields = [("email", "a.khan@operator.example"), ("password", PASSWORD)];
        assert_eq!(visitor.post("/sign-in", &fields).await.location.as_deref(), Some("/home"));

        let known = visitor.submit("/sign-in/forgotten", "/sign-in/forgotten", &[("email", "a.khan@operator.example")]);
        let known = known.await;
        let unknown =
            visitor.submit("/sign-in/forgotten", "/sign-in/forgotten", &[("email", "nobody@operator.example")]);
        assert_eq!((known.status, known.h1()), (StatusCode::OK, unknown.await.h1()));
        app.do_due_jobs().await.unwrap();
        let forgotten = link("Choose a new password").await;
        let other = "quartz lantern bishop meadow";
        let chosen = visitor.submit(&forgotten, &forgotten, &[("new", other)]).await;
        assert_eq!(chosen.location.as_deref(), Some("/sign-in"), "{}", chosen.body);
        assert_eq!(visitor.get(&forgotten).await.status, StatusCode::CONFLICT);
        assert_eq!(visitor.post("/sign-in", &fields).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let fields = [("email", "a.khan@operator.example"), ("password", other)];
        assert_eq!(visitor.post("/sign-in", &fields).await.location.as_deref(), Some("/home"));
    })
    .await;
}

#[tokio::test]
async fn a_form_that_asks_for_a_token_makes_one_however_often_it_is_sent() {
    const FORM: &str = "/preferences/tokens/new";
    both(async |database| {
        let app = people(&database).await;
        let (client, _, session) = administrator(&app).await;
        let actor = app.signed_in(&session).await.unwrap().unwrap();
        let hidden = client.get(FORM).await.form(FORM);
        let send = async |name: &str| {
            let own = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str()));
            let fields: Vec<(&str, &str)> = own.chain([("name", name), ("days", "1"), ("scope", "reading")]).collect();
            client.post(FORM, &fields).await
        };
        let live = async || app.own_sign_ins(&actor, &session).await.unwrap().len();
        assert_eq!(send("").await.status, StatusCode::UNPROCESSABLE_ENTITY, "what is wrong uses nothing up");
        assert_eq!(live().await, 1, "their own session");
        let clicks = tokio::join!(send("export"), send("export"));
        let mut clicks = [clicks.0, clicks.1];
        clicks.sort_by_key(|page| page.status);
        assert_eq!(clicks.each_ref().map(|page| page.status), [StatusCode::OK, StatusCode::CONFLICT]);
        assert!(clicks[1].body.contains("its token was made then"), "{}", clicks[1].body);
        assert_eq!(live().await, 2, "one that nobody was shown is live");
        assert_eq!(send("export").await.status, StatusCode::CONFLICT);
        assert_eq!(send("another").await.status, StatusCode::UNPROCESSABLE_ENTITY, "one key, one request");
        assert_eq!(live().await, 2);
    })
    .await;
}

#[tokio::test]
async fn a_stolen_session_guesses_the_password_no_faster_than_the_door_lets_anybody() {
    both(async |database| {
        let app = people(&database).await;
        let (client, _, _) = administrator(&app).await;
        let csrf = client.get("/preferences/password").await.csrf();
        let guess = async |number: u32| {
            let (key, other) = (format!("guess {number}"), "quartz lantern bishop meadow");
            let fields =
                [("_csrf", csrf.as_str()), ("_key", &key), ("current", "wrong"), ("password", "wrong"), ("new", other)];
            let action =
                if number.is_multiple_of(2) { "/preferences/password" } else { "/preferences/second-step/end" };
            client.post(action, &fields).await.status
        };
        for number in 0..10 {
            assert_eq!(guess(number).await, StatusCode::UNPROCESSABLE_ENTITY, "guess {number}");
        }
        for number in 10..12 {
            assert_eq!(guess(number).await, StatusCode::TOO_MANY_REQUESTS, "guess {number}");
        }
    })
    .await;
}

/// The fields of the form that asks for a code, once the password was right.
async fn begun(visitor: &Client, typed: &[(&str, &str)]) -> Vec<(String, String)> {
    let page = visitor.post("/sign-in", typed).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.h1());
    page.form("/sign-in/code")
}

/// Sends the form with a code.
async fn guess(visitor: &Client, way: &[(String, String)], code: &str) -> Page {
    let own = way.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let fields: Vec<(&str, &str)> = own.chain([("code", code)]).collect();
    visitor.post("/sign-in/code", &fields).await
}

/// Sends forms at one moment.
async fn at_once(visitor: &Client, path: &'static str, forms: Vec<Vec<(String, String)>>) -> Vec<Page> {
    let (mut clients, start) = (JoinSet::new(), Arc::new(Barrier::new(forms.len())));
    for form in forms {
        let (visitor, start) = (visitor.clone(), Arc::clone(&start));
        clients.spawn(async move {
            let fields: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            start.wait().await;
            visitor.post(path, &fields).await
        });
    }
    clients.join_all().await
}

/// How many of what was sent was looked at; nobody has come in, and whatever was not looked at waits.
fn looked_at(pages: &[Page], field: &str) -> usize {
    let looked = pages.iter().filter(|page| !page.words(field).is_empty()).count();
    let waits = pages.iter().filter(|page| page.status == StatusCode::TOO_MANY_REQUESTS).count();
    let told: Vec<(StatusCode, String)> = pages.iter().map(|page| (page.status, page.h1())).collect();
    assert_eq!(looked + waits, pages.len(), "{told:?}");
    looked
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_sixty_wrong_passwords_or_codes_at_one_moment_ten_are_looked_at() {
    both(async |database| {
        let app = people(&database).await;
        let (_, web, _) = administrator(&app).await;
        let (who, actor) = (email(Role::Administrator), app.actor_by_email(&email(Role::Administrator)).await.unwrap());
        app.begin_second_step(&actor).await.unwrap();
        let secret = app.second_step_begun(&actor).await.unwrap().secret;
        app.confirm_second_step(&actor, &code_now(&secret)).await.unwrap();
        let visitor = Client::new(router(web));
        let wrong = |number: u32| {
            let typed = [("email", email(Role::Analyst)), ("password", format!("wrong {number}"))];
            typed.map(|(name, value)| (name.to_owned(), value)).to_vec()
        };
        let pages = at_once(&visitor, "/sign-in", (0..60).map(wrong).collect()).await;
        assert_eq!(looked_at(&pages, "#email-error"), 10, "wrong passwords");

        let typed = [("email", who.as_str()), ("password", PASSWORD)];
        let mut forms = Vec::new();
        for _ in 0..12 {
            let way = begun(&visitor, &typed).await;
            let code = |number: u32| ("code".to_owned(), format!("aaaa-aaaa-aaaa-aa{number:02}"));
            forms.extend((0..5).map(|number| [way.clone(), vec![code(number)]].concat()));
        }
        let pages = at_once(&visitor, "/sign-in/code", forms).await;
        assert_eq!(looked_at(&pages, "#code-error"), 10, "wrong codes");
        assert_eq!(visitor.post("/sign-in", &typed).await.status, StatusCode::TOO_MANY_REQUESTS);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_way_in_that_waits_for_a_code_is_over_after_five_wrong_ones_also_at_one_moment() {
    both(async |database| {
        let app = people(&database).await;
        let (_, web, _) = administrator(&app).await;
        let (who, actor) = (email(Role::Administrator), app.actor_by_email(&email(Role::Administrator)).await.unwrap());
        app.begin_second_step(&actor).await.unwrap();
        let secret = app.second_step_begun(&actor).await.unwrap().secret;
        let codes = app.confirm_second_step(&actor, &code_now(&secret)).await.unwrap();
        let visitor = Client::new(router(web));
        let typed = [("email", who.as_str()), ("password", PASSWORD)];
        let way = begun(&visitor, &typed).await;
        let code = |number: u32| ("code".to_owned(), format!("aaaa-aaaa-aaaa-aa{number:02}"));
        let forms = (0..9).map(|number| [way.clone(), vec![code(number)]].concat()).collect();
        let pages = at_once(&visitor, "/sign-in/code", forms).await;
        let looked = pages.iter().filter(|page| !page.words("#code-error").is_empty()).count();
        assert_eq!(looked, 5);
        let over = guess(&visitor, &way, &codes[0]).await;
        assert_eq!(over.status, StatusCode::UNPROCESSABLE_ENTITY, "a right code opens a way that is over");
        assert!(over.words("#email-error").contains("five codes were wrong"), "{}", over.body);
        assert_eq!(lint(&over.body), Vec::<String>::new());
        let way = begun(&visitor, &typed).await;
        let came = guess(&visitor, &way, &codes[0]).await;
        assert_eq!((came.status, came.location.as_deref()), (StatusCode::SEE_OTHER, Some("/home")), "no other waits");
    })
    .await;
}

#[tokio::test]
async fn whoever_guesses_codes_of_the_second_step_waits_as_whoever_guesses_passwords_and_no_right_one_helps() {
    both(async |database| {
        let app = people(&database).await;
        let (_, web, _) = administrator(&app).await;
        let (who, actor) = (email(Role::Administrator), app.actor_by_email(&email(Role::Administrator)).await.unwrap());
        app.begin_second_step(&actor).await.unwrap();
        let secret = app.second_step_begun(&actor).await.unwrap().secret;
        let codes = app.confirm_second_step(&actor, &code_now(&secret)).await.unwrap();
        let visitor = Client::new(router(web));
        let typed = [("email", who.as_str()), ("password", PASSWORD)];
        let mut way = begun(&visitor, &typed).await;
        for number in 0..10_u32 {
            if number == 5 {
                way = begun(&visitor, &typed).await;
            }
            let code =
                if number.is_multiple_of(2) { "000000".to_owned() } else { format!("aaaa-aaaa-aaaa-aa{number:02}") };
            let page = guess(&visitor, &way, &code).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "guess {number}");
            assert!(!page.words("#code-error").is_empty(), "guess {number} was not looked at: {}", page.body);
        }
        for right in [&code_now(&secret), &codes[0]] {
            let page = guess(&visitor, &way, right).await;
            assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS, "a right code ends the wait");
        }
        assert_eq!(visitor.post("/sign-in", &typed).await.status, StatusCode::TOO_MANY_REQUESTS);
    })
    .await;
}

/// How often somebody was told that an account of theirs had to wait, once all jobs that are due are done.
async fn told_of_waits(app: &Arc<App>) -> usize {
    if let Err(outcome) = app.do_due_jobs().await {
        assert!(matches!(outcome, Outcome::Busy | Outcome::Retry), "{outcome:?}");
    }
    let mails = app.store.read(Some(DEPLOYMENT)).await.unwrap().mails(DEPLOYMENT, 50).await.unwrap();
    mails.iter().filter(|mail| mail.subject == "Somebody failed to sign in as you").count()
}

#[tokio::test]
async fn whoever_hangs_up_before_the_answer_makes_no_account_wait_without_its_person_being_told_once() {
    const LONG: Duration = Duration::from_mins(1);
    both(async |database| {
        let app = people(&database).await;
        let (_, web, _) = administrator(&app).await;
        let (who, service, mut callers) = (email(Role::Administrator), router(web), JoinSet::new());
        for _ in 0..10 {
            let typed = format!("email={}&password=wrong", who.replace('@', "%40"));
            let request = Request::post("/sign-in").header("content-type", "application/x-www-form-urlencoded");
            callers.spawn(service.clone().oneshot(request.body(Body::from(typed)).unwrap()));
        }
        let counted = async {
            while app.attempt_waits(&who, "", Machine::now()).await.unwrap().is_none() {
                yield_now().await;
            }
        };
        timeout(LONG, counted).await.expect("ten are not counted");
        callers.shutdown().await;
        let told = async {
            while told_of_waits(&app).await == 0 {
                yield_now().await;
            }
        };
        timeout(LONG, told).await.expect("nobody is told");
        assert_eq!(told_of_waits(&app).await, 1);
        assert!(app.attempt_waits(&who, "", Machine::now()).await.unwrap().is_some());
    })
    .await;
}

#[tokio::test]
async fn a_wrong_password_is_answered_as_an_unknown_address_is_before_and_after_both_must_wait() {
    both(async |database| {
        let app = people(&database).await;
        let (_, web, _) = administrator(&app).await;
        let visitor = Client::new(router(web));
        let tries = async |address: &str| {
            let mut said = Vec::new();
            for _ in 0..11 {
                let page = visitor.post("/sign-in", &[("email", address), ("password", "wrong")]).await;
                said.push((page.status, page.words("main")));
            }
            said
        };
        let unknown = tries("nobody@example.org").await;
        let statuses: Vec<StatusCode> = unknown.iter().map(|(status, _)| *status).collect();
        assert_eq!(statuses[..10], [StatusCode::UNPROCESSABLE_ENTITY; 10]);
        assert_eq!(statuses[10], StatusCode::TOO_MANY_REQUESTS);
        // One with a password, and one who has none.
        for role in [Role::Administrator, Role::Analyst] {
            assert_eq!(tries(&email(role)).await, unknown, "{}", role.label());
        }
    })
    .await;
}

/// An organisation's people come in by a provider too.
async fn connect(app: &App, code: &str, issuer: &Issuer) {
    app.ask_private_providers();
    let organisation = app.visit().await.unwrap().organisation_by_code(code).await.unwrap().id;
    let work = app.store.begin(organisation, app.calendar.now()).await.unwrap();
    let provider = IdentityProvider {
        organisation,
        issuer: issuer.address.clone(),
        client_id: "placewell".to_owned(),
        secret: Some(SECRET.to_owned()),
        claim: "roles".to_owned(),
        rules: Vec::new(),
        admits: Admits::Invited,
        only_way: false,
        version: 1,
    };
    work.set_identity_provider(&provider).await.unwrap();
    work.commit(Machine::now()).await.unwrap();
}

/// Somebody to whom an organisation's provider has opened their account before, by its name for them.
async fn known(app: &App, code: &str, (issuer, subject): (&Issuer, &str), role: Role) {
    let person = app.actor_by_email(&email(role)).await.unwrap().person;
    let organisation = app.visit().await.unwrap().organisation_by_code(code).await.unwrap().id;
    let work = app.store.begin(organisation, app.calendar.now()).await.unwrap();
    work.add_outside_identity(&issuer.address, subject, person).await.unwrap();
    work.commit(Machine::now()).await.unwrap();
}

#[tokio::test]
async fn nothing_that_a_visitor_opens_writes_a_row() {
    both(async |database| {
        let app = people(&database).await;
        let issuer = Issuer::start(&[]).await;
        connect(&app, "HEF", &issuer).await;
        let web = Web::new(Arc::clone(&app), "http://localhost").await.unwrap();
        let visitor = Client::new(router(web));
        let before = database.rows().await;
        let way = "/sign-in/with/HEF?return_to=/referrals".to_owned();
        let paths = ROUTES.iter().filter(|route| route.method == "GET").map(|route| example(route.path));
        for path in paths.chain([way.clone(), way, "/sign-in/callback?state=s&code=c".to_owned()]) {
            let page = visitor.get(&path).await;
            assert!(!page.status.is_server_error(), "{path}: {}", page.status);
            if path.starts_with("/sign-in/with/HEF") {
                let to = page.location.unwrap_or_default();
                assert!(to.starts_with(&issuer.address), "{to}");
                let cookie = page.headers["set-cookie"].to_str().unwrap();
                assert!(cookie.starts_with("placewell_way=") && cookie.len() < 4_000, "{cookie}");
            }
        }
        for ((table, was), (_, is)) in before.iter().zip(database.rows().await) {
            assert!(*was == is, "a visitor wrote to {table}");
        }
        assert_eq!(issuer.asked(), 1, "each visit asks the provider what it is");
    })
    .await;
}
