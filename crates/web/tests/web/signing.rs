//! Signing in through the forms: a form that waits for a proof, and links that are used once.

use std::sync::Arc;

use axum::http::StatusCode;
use jiff::SignedDuration;
use placewell_app::App;
use placewell_app::clock::Machine;
use placewell_app::office::person::hash_password;
use placewell_domain::office::access::Role;
use placewell_store::verify::DEPLOYMENT;
use placewell_testkit::client::Client;
use placewell_testkit::databases::both;
use placewell_testkit::lint::lint;
use placewell_web::{Web, router};
use sha2::{Digest, Sha256};

use crate::access::{email, people};

const PASSWORD: &str = "walnut ferry dusk granite";

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
            let mails = app.latest_mails(&actor).await.unwrap();
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
