//! An account that stood here first: its organisation's sign-in opens it once its person has proven that it is theirs.

use placewell_app::office::person::connecting::ToConnect;
use placewell_store::Backend;
use placewell_store::verify::DEPLOYMENT;

use super::super::racing::waits_for;
use super::super::signing::with_second_step;
use super::*;

fn as_director(claims: &mut Value) {
    claims["email"] = json!(DIRECTOR);
}

impl World {
    /// What somebody is asked for who is vouched for by an address alone.
    async fn asked(&self, change: Claims<'_>) -> ToConnect {
        match self.comes("HEF", change).await {
            Ok(Back::Unproven(account)) => account,
            Ok(_) => panic!("let in without a proof"),
            Err(outcome) => panic!("{outcome:?}"),
        }
    }

    /// Whom the organisation's provider has a name for.
    async fn bound(&self) -> Option<placewell_domain::id::PersonId> {
        let hef = self.id("HEF").await;
        let session = self.app.store.read(Some(hef)).await.unwrap();
        session.outside_person(hef, &self.issuer.address, "s1").await.unwrap()
    }

    /// What somebody was mailed, under a subject.
    async fn mailed(&self, to: &str, subject: &str) -> Vec<String> {
        let hef = self.id("HEF").await;
        let mails = self.app.store.read(Some(hef)).await.unwrap().whole_mails(hef, 50).await.unwrap();
        let theirs = mails.into_iter().filter(|mail| mail.recipient == to && mail.subject == subject);
        theirs.map(|mail| mail.body).collect()
    }
}

fn field<T>(answer: Answer<T>) -> String {
    match answer {
        Err(Outcome::Invalid(invalid)) => invalid.errors[0].field.clone(),
        other => panic!("{:?}", other.err()),
    }
}

const CHANGED: &str = "How you sign in has changed";

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_whose_own_provider_vouches_for_a_director_does_not_become_them() {
    both(async |database| {
        let world = given(&database).await;
        let (app, director) = (&world.app, world.of(DIRECTOR).await);
        world.connect(ADMINISTRATOR, "staff = placement_officer", false).await;
        let account = world.asked(&as_director).await;
        assert_eq!((account.email.as_str(), account.code), (DIRECTOR, false));
        assert_eq!(field(app.connect_account(&account.token, ("not hers at all", "")).await), "password");
        assert_eq!(field(app.connect_account(&account.token, ("", "")).await), "password");
        assert_eq!(world.bound().await, None, "bound by an address alone");
        assert_eq!(world.told().await, Vec::<String>::new(), "a role was given before the proof");
        assert_eq!(app.roles_of(director.person).await.unwrap().len(), 1);
        assert!(world.mailed(DIRECTOR, CHANGED).await.is_empty());

        let (actor, _, to) = app.connect_account(&account.token, (PASSWORD, "")).await.unwrap();
        assert_eq!((actor.person, to.as_str()), (director.person, "/home"));
        assert_eq!(world.bound().await, Some(director.person));
        let told = world.mailed(DIRECTOR, CHANGED).await;
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].contains("opens your account from now on"), "{told:?}");
        assert_eq!(code(app.connect_account(&account.token, (PASSWORD, "")).await), "provider_answer", "twice");
        let (_, again) = world.session(world.comes("HEF", &as_director).await).await;
        assert_eq!(again.person, director.person);
        let other_name = |claims: &mut Value| {
            as_director(claims);
            claims["sub"] = json!("s2");
        };
        world.asked(&other_name).await;
        assert_eq!(world.mailed(DIRECTOR, CHANGED).await.len(), 1, "told of what was so before");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_new_is_told_too_that_an_account_was_bound_in_their_name() {
    both(async |database| {
        let world = given(&database).await;
        world.connect(ADMINISTRATOR, "staff = finance_officer", false).await;
        let robin = |claims: &mut Value| claims["email"] = json!("robin@authority.example");
        world.session(world.comes("HEF", &robin).await).await;
        assert_eq!(world.mailed("robin@authority.example", CHANGED).await.len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_a_second_step_proves_by_it_too() {
    both(async |database| {
        let world = given(&database).await;
        let (_, codes) = with_second_step(&world.app, &world.of(DIRECTOR).await).await;
        world.connect(ADMINISTRATOR, "", false).await;
        let account = world.asked(&as_director).await;
        assert!(account.code);
        for wrong in ["", "000000"] {
            assert_eq!(field(world.app.connect_account(&account.token, (PASSWORD, wrong)).await), "code");
        }
        assert_eq!(world.bound().await, None);
        world.app.connect_account(&account.token, (PASSWORD, codes[0].as_str())).await.unwrap();
        assert!(world.bound().await.is_some());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_no_password_chooses_one_by_their_mailbox_and_proves_by_it_where_passwords_open_nothing() {
    both(async |database| {
        let world = given(&database).await;
        let (app, director) = (&world.app, world.of(DIRECTOR).await);
        let work = app.store.begin(world.id("HEF").await, app.calendar.now()).await.unwrap();
        work.give_password(director.person, None).await.unwrap();
        work.commit(Machine::now()).await.unwrap();
        world.connect(ADMINISTRATOR, "", true).await;
        let account = world.asked(&as_director).await;
        for wrong in ["", PASSWORD] {
            assert_eq!(field(app.connect_account(&account.token, (wrong, "")).await), "password");
        }
        app.ask_for_password(DIRECTOR).await.unwrap();
        app.do_due_jobs().await.unwrap();
        let mails = world.mailed(DIRECTOR, "Choose a new password").await;
        let link = mails[0].lines().find(|line| line.starts_with("/emails/")).unwrap();
        app.choose_password(link.split('/').nth(2).unwrap(), PASSWORD).await.unwrap();
        let (actor, ..) = app.connect_account(&account.token, (PASSWORD, "")).await.unwrap();
        assert_eq!(actor.person, director.person);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_is_another_meanwhile_opens_no_account_to_a_provider() {
    const OTHER: &str = "quartz lantern bishop meadow";
    both(async |database| {
        let world = given(&database).await;
        let (app, director) = (&world.app, world.of(DIRECTOR).await);
        world.connect(ADMINISTRATOR, "", false).await;
        let account = world.asked(&as_director).await;
        let changing = app.store.begin(DEPLOYMENT, app.calendar.now()).await.unwrap();
        changing.give_password(director.person, Some(&hash_password(OTHER).unwrap())).await.unwrap();
        let late = waits_for(changing, app.connect_account(&account.token, (PASSWORD, ""))).await.err();
        // The one writer of SQLite may let them look once the password is another.
        let looked = database.backend == Backend::Sqlite && matches!(late, Some(Outcome::Invalid(_)));
        assert!(looked || matches!(late, Some(Outcome::Conflict)), "{late:?}");
        assert_eq!(world.bound().await, None);
        app.connect_account(&account.token, (OTHER, "")).await.unwrap();
        assert_eq!(world.bound().await, Some(director.person));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_step_that_is_set_up_meanwhile_is_asked_for_before_a_provider_opens_the_account() {
    both(async |database| {
        let world = given(&database).await;
        let (app, director) = (&world.app, world.of(DIRECTOR).await);
        world.connect(ADMINISTRATOR, "", false).await;
        let account = world.asked(&as_director).await;
        assert!(!account.code, "there is none yet");
        let setting_up = app.store.begin(DEPLOYMENT, app.calendar.now()).await.unwrap();
        setting_up.begin_second_step(director.person, b"a secret of the device", Machine::now()).await.unwrap();
        setting_up.confirm_second_step(director.person, Machine::now()).await.unwrap();
        let late = waits_for(setting_up, app.connect_account(&account.token, (PASSWORD, ""))).await.err();
        // The one writer of SQLite may let them look once it is set up.
        let looked = database.backend == Backend::Sqlite && matches!(late, Some(Outcome::Invalid(_)));
        assert!(looked || matches!(late, Some(Outcome::Conflict)), "{late:?}");
        assert_eq!(world.bound().await, None);
        assert!(app.to_connect(&account.token).await.unwrap().unwrap().code, "no code is asked for");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_on_the_way_to_one_provider_is_not_taken_at_another() {
    both(async |database| {
        let world = given(&database).await;
        world.connect(ADMINISTRATOR, "", false).await;
        let (sent, account) =
            (world.app.send_to_provider("HEF", ORIGIN, "/home").await.unwrap(), world.asked(&as_director).await);
        let exchanged = world.issuer.exchanged().len();
        let other = KeepProvider { client_id: "another".to_owned(), version: 1, ..world.provider("", false) };
        world.app.perform(&world.of(ADMINISTRATOR).await, "turn", other).await.unwrap();
        assert_eq!(code(world.answer(&sent, None, (&as_director, OWN)).await), "provider_answer");
        assert_eq!(world.issuer.exchanged().len(), exchanged, "the code was shown to another");
        let late = world.app.connect_account(&account.token, (PASSWORD, "")).await;
        assert_eq!(code(late), "provider_answer");
        assert_eq!(world.bound().await, None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_read_of_somebody_by_one_claim_gives_no_role_by_the_rules_for_another() {
    both(async |database| {
        let world = given(&database).await;
        world.connect(ADMINISTRATOR, "", false).await;
        let account = world.asked(&as_director).await;
        let ruled = world.provider("staff = placement_officer", false);
        let other = KeepProvider { claim: "groups".to_owned(), version: 1, ..ruled };
        world.app.perform(&world.of(ADMINISTRATOR).await, "turn", other).await.unwrap();
        assert_eq!(code(world.app.connect_account(&account.token, (PASSWORD, "")).await), "provider_answer");
        assert_eq!(world.bound().await, None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_or_its_name_for_somebody_that_was_put_there_past_the_service_opens_nothing() {
    both(async |database| {
        let world = given(&database).await;
        let (director, hef) = (world.of(DIRECTOR).await, world.id("HEF").await);
        world.connect(ADMINISTRATOR, "staff = placement_officer", false).await;
        let as_owner = match database.backend {
            Backend::Sqlite => {
                [format!("UPDATE writer_org SET org_id = {hef};"), "UPDATE writer_org SET org_id = NULL".to_owned()]
            }
            Backend::Postgres => [String::new(), String::new()],
        };
        let past = async |sql: String| database.script(&format!("{} {sql}; {}", as_owner[0], as_owner[1])).await;
        let row = format!("{hef}, '{}', 's1', {}", world.issuer.address, director.person);
        past(format!("INSERT INTO outside_identity (org_id, issuer, subject, person_id) VALUES ({row})")).await;
        assert_eq!(world.bound().await, None);
        world.asked(&as_director).await;
        past("DELETE FROM outside_identity".to_owned()).await;

        past("UPDATE identity_provider SET client_id = 'theirs'".to_owned()).await;
        assert_eq!(code(world.app.send_to_provider("HEF", ORIGIN, "/home").await), "NotFound");
        past("UPDATE identity_provider SET client_id = 'placewell'".to_owned()).await;
        let account = world.asked(&as_director).await;
        world.app.connect_account(&account.token, (PASSWORD, "")).await.unwrap();
        assert_eq!(world.bound().await, Some(director.person));
    })
    .await;
}
