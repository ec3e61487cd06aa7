//! What an administrator says of the organisation's sign-in: what it takes with it, and who is told.

use std::time::Duration;

use placewell_app::office::person::admitting::DropProvider;
use placewell_app::office::person::people::EndRole;
use placewell_app::office::person::session::Beginning;
use placewell_app::office::person::signing::Step;
use placewell_domain::id::PersonId;
use placewell_store::office::person::provider::IdentityProvider;
use placewell_store::{Backend, Work};
use tokio::time::timeout;

use super::super::racing::waits_for;
use super::*;

impl World {
    async fn kept_by(&self, keep: KeepProvider) -> Answer<()> {
        let key = format!("keep {} {}", keep.version, keep.client_id);
        self.app.perform(&self.of(ADMINISTRATOR).await, &key, keep).await.map(|_| ())
    }

    async fn kept(&self) -> IdentityProvider {
        let hef = self.id("HEF").await;
        self.app.store.read(Some(hef)).await.unwrap().identity_provider(hef).await.unwrap().unwrap()
    }

    async fn secret(&self) -> Option<String> {
        self.kept().await.secret
    }

    /// A unit of work that changes the provider, not committed yet.
    async fn changes(&self, next: IdentityProvider) -> Work {
        let work = self.app.store.begin(self.id("HEF").await, self.app.calendar.now()).await.unwrap();
        work.set_identity_provider(&next).await.unwrap();
        work
    }

    /// Somebody whom the provider has let in, and how their session is to begin.
    async fn let_in(&self, change: Claims<'_>) -> (Actor, Beginning) {
        match self.comes("HEF", change).await {
            Ok(Back::In(actor, beginning, _)) => (*actor, beginning),
            other => panic!("{:?}", other.err()),
        }
    }
}

fn as_robin(claims: &mut Value) {
    claims["email"] = json!("robin@authority.example");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_secret_of_one_provider_is_kept_for_no_other_issuer_and_no_other_client() {
    both(async |database| {
        let world = given(&database).await;
        world.connect(ADMINISTRATOR, "", false).await;
        let without = |version| KeepProvider { secret: String::new(), version, ..world.provider("", false) };
        let other_issuer = KeepProvider { issuer: "https://id.elsewhere.example".to_owned(), ..without(1) };
        let other_client = KeepProvider { client_id: "another".to_owned(), ..without(1) };
        for wrong in [other_issuer, other_client] {
            match world.kept_by(wrong).await {
                Err(Outcome::Invalid(invalid)) => {
                    assert_eq!(invalid.errors.len(), 1, "{invalid:?}");
                    assert_eq!(invalid.errors[0].field, "secret", "{invalid:?}");
                }
                other => panic!("{other:?}"),
            }
        }
        world.kept_by(without(1)).await.unwrap();
        assert_eq!(world.secret().await.as_deref(), Some("secret"), "the same provider's is lost");
        let with = KeepProvider { secret: "anew".to_owned(), client_id: "another".to_owned(), ..without(2) };
        world.kept_by(with).await.unwrap();
        assert_eq!(world.secret().await.as_deref(), Some("anew"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_provider_vouched_for_ends_when_it_is_another_or_taken_away_and_nothing_else_does() {
    both(async |database| {
        let world = given(&database).await;
        let (app, director) = (&world.app, world.of(DIRECTOR).await);
        let robin = |claims: &mut Value| claims["email"] = json!("robin@authority.example");
        let there = async |token: &str| app.signed_in(token).await.unwrap().is_some();
        world.connect(RIVAL, "staff = provider_manager", false).await;
        world.connect(ADMINISTRATOR, "staff = finance_officer", false).await;
        let mallory = |claims: &mut Value| claims["email"] = json!("new@rival.example");
        let (elsewhere, _) = world.session(world.comes("rival", &mallory).await).await;

        let (first, actor) = world.session(world.comes("HEF", &robin).await).await;
        let scope = placewell_domain::office::person::session::TokenScope::Reading;
        let token = app.create_token(&actor, "export", 1, &scope).await.unwrap();
        let kept = world.provider("staff = finance_officer", false);
        world.kept_by(KeepProvider { only_way: true, version: 1, ..kept.clone() }).await.unwrap();
        assert!(there(&first).await, "the same provider as before");
        let own = app.start_session(&director).await.unwrap();
        let other = KeepProvider { client_id: "another".to_owned(), version: 2, ..kept.clone() };
        world.kept_by(other).await.unwrap();
        assert!(!there(&first).await, "the session of another client goes on");
        assert!(app.token_holder(&token).await.unwrap().is_none(), "its token goes on");

        world.kept_by(KeepProvider { version: 3, ..kept.clone() }).await.unwrap();
        let (second, _) = world.session(world.comes("HEF", &robin).await).await;
        let issuer = "https://id.elsewhere.example".to_owned();
        world.kept_by(KeepProvider { issuer, version: 4, ..kept.clone() }).await.unwrap();
        assert!(!there(&second).await, "the session of another issuer goes on");

        world.kept_by(KeepProvider { version: 5, ..kept }).await.unwrap();
        let (third, _) = world.session(world.comes("HEF", &robin).await).await;
        app.perform(&world.of(ADMINISTRATOR).await, "drop", DropProvider).await.unwrap();
        assert!(!there(&third).await, "it was taken away");
        assert!(there(&own).await && there(&elsewhere).await, "others were ended with it");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_a_provider_becomes_the_only_way_in_what_was_opened_by_another_ends_but_for_what_that_is_said_by() {
    both(async |database| {
        let world = given(&database).await;
        let app = &world.app;
        let (director, keeper, rival) =
            (world.of(DIRECTOR).await, world.of(ADMINISTRATOR).await, world.of(RIVAL).await);
        let there = async |token: &str| app.signed_in(token).await.unwrap().is_some();
        let scope = placewell_domain::office::person::session::TokenScope::Reading;
        let sessions = [
            app.start_session(&director).await.unwrap(),
            app.start_session(&keeper).await.unwrap(),
            app.start_session(&rival).await.unwrap(),
            app.start_session(&keeper).await.unwrap(),
        ];
        let tokens = [
            app.create_token(&director, "export", 1, &scope).await.unwrap(),
            app.create_token(&keeper, "export", 1, &scope).await.unwrap(),
        ];
        world.connect(ADMINISTRATOR, "staff = finance_officer", false).await;
        assert!(there(&sessions[0]).await, "passwords open it still");
        let robin = |claims: &mut Value| claims["email"] = json!("robin@authority.example");
        let (vouched, _) = world.session(world.comes("HEF", &robin).await).await;

        let asking = sessions[1].clone();
        let kept = KeepProvider { version: 1, asking, ..world.provider("staff = finance_officer", true) };
        let by = app.signed_in(&sessions[1]).await.unwrap().unwrap();
        app.perform(&by, "only way", kept.clone()).await.unwrap();
        assert!(!there(&sessions[0]).await, "a session by a password goes on");
        assert!(there(&sessions[1]).await, "whoever says so is locked out");
        assert!(!there(&sessions[3]).await, "another session of theirs goes on");
        assert!(there(&sessions[2]).await && there(&vouched).await, "others were ended with it");
        for token in &tokens {
            assert!(app.token_holder(token).await.unwrap().is_none(), "a token from before goes on");
        }
        let again = app.start_session(&director).await.unwrap();
        app.perform(&by, "again", KeepProvider { version: 2, ..kept }).await.unwrap();
        assert!(there(&again).await, "it was so before");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_outlives_a_providers_word_by_thirty_days_at_most() {
    both(async |database| {
        let world = given(&database).await;
        let app = &world.app;
        world.connect(ADMINISTRATOR, "staff = finance_officer", false).await;
        let robin = |claims: &mut Value| claims["email"] = json!("robin@authority.example");
        let (session, vouched) = world.session(world.comes("HEF", &robin).await).await;
        let own = world.of(DIRECTOR).await;
        let theirs = app.start_session(&own).await.unwrap();
        assert_eq!((app.longest_token(&vouched).await.unwrap(), app.longest_token(&own).await.unwrap()), (30, 366));
        for days in ["31", "366"] {
            match app.create_own_token(&vouched, (&session, "k"), ("export", days, "reading")).await {
                Err(Outcome::Invalid(invalid)) => assert!(invalid.errors[0].message.ends_with("from 1 to 30")),
                other => panic!("{other:?}"),
            }
        }
        app.create_own_token(&vouched, (&session, "k"), ("export", "30", "reading")).await.unwrap();
        app.create_own_token(&own, (&theirs, "k"), ("export", "31", "reading")).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_answers_for_the_organisation_or_keeps_its_people_is_told_when_its_sign_in_changes() {
    both(async |database| {
        let world = given(&database).await;
        world.connect(ADMINISTRATOR, "", false).await;
        let kept = world.provider("", false);
        world.kept_by(KeepProvider { only_way: true, version: 1, ..kept.clone() }).await.unwrap();
        let issuer = "https://id.elsewhere.example".to_owned();
        world.kept_by(KeepProvider { issuer, version: 2, ..kept }).await.unwrap();
        world.app.perform(&world.of(ADMINISTRATOR).await, "drop", DropProvider).await.unwrap();

        world.app.do_due_jobs().await.unwrap();
        let hef = world.id("HEF").await;
        let mails = world.app.store.read(Some(hef)).await.unwrap().mails(hef, 50).await.unwrap();
        let told: Vec<_> =
            mails.iter().filter(|mail| mail.subject == "Your organisation's sign-in was changed").collect();
        for recipient in [DIRECTOR, ADMINISTRATOR] {
            let theirs: Vec<&str> =
                told.iter().filter(|mail| mail.recipient == recipient).map(|mail| mail.body.as_str()).collect();
            assert_eq!(theirs.len(), 4, "{recipient}: {theirs:?}");
            for said in ["set up now", "was changed", "https://id.elsewhere.example", "taken away"] {
                assert!(theirs.iter().any(|body| body.contains(said)), "{said}: {theirs:?}");
            }
            assert!(theirs.iter().all(|body| body.contains("ros did it") && !body.contains("secret")), "{theirs:?}");
        }
        assert_eq!(told.len(), 8, "nobody else is told: {told:?}");
    })
    .await;
}

/// Somebody's roles and sign-ins are held, and by nobody else.
async fn holds(work: &Work, person: PersonId) {
    let held = timeout(Duration::from_millis(300), work.hold_roles(&[person])).await;
    held.expect("who waits for the first has taken the second").unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgresql_what_a_provider_changes_takes_people_in_the_order_in_which_others_take_them() {
    both(async |database| {
        // The one writer of SQLite waits for nobody.
        if database.backend == Backend::Sqlite {
            return;
        }
        let world = given(&database).await;
        let (app, priya, keeper) = (&world.app, world.of(PRIYA).await, world.of(ADMINISTRATOR).await);
        let robin = |claims: &mut Value| claims["email"] = json!("robin@authority.example");
        world.connect(ADMINISTRATOR, "staff = finance_officer", false).await;
        let (_, lent) = world.session(world.comes("HEF", &robin).await).await;
        app.start_session(&priya).await.unwrap();
        assert!(priya.person < lent.person, "whoever covers comes first");
        let cover = ArrangeCover {
            absent: lent.person.0,
            covering: priya.person.0,
            role: Role::FinanceOfficer,
            from: date(2021, 9, 20),
            last: date(2021, 9, 24),
            reason: CoverReason::Leave,
        };
        app.perform(&keeper, "cover", cover).await.unwrap();

        // Its claims give a role no longer that a colleague covers.
        let none = |claims: &mut Value| {
            robin(claims);
            claims["roles"] = json!(["others"]);
        };
        let taken = app.store.begin(keeper.organisation, app.calendar.now()).await.unwrap();
        taken.hold_roles(&[priya.person]).await.unwrap();
        let coming = world.comes("HEF", &none);
        tokio::pin!(coming);
        assert!(timeout(Duration::from_secs(1), &mut coming).await.is_err(), "they did not wait");
        holds(&taken, lent.person).await;
        taken.roll_back().await.unwrap();
        assert!(coming.await.is_err(), "they have no role");

        // It is another one, and the only way in.
        let _vouched = world.session(world.comes("HEF", &robin).await).await;
        let taken = app.store.begin(keeper.organisation, app.calendar.now()).await.unwrap();
        taken.hold_roles(&[priya.person]).await.unwrap();
        let kept = world.provider("staff = finance_officer", true);
        let keeping = world.kept_by(KeepProvider { client_id: "another".to_owned(), version: 1, ..kept });
        tokio::pin!(keeping);
        assert!(timeout(Duration::from_millis(300), &mut keeping).await.is_err(), "it did not wait");
        holds(&taken, lent.person).await;
        taken.roll_back().await.unwrap();
        keeping.await.unwrap();
        assert_eq!(app.own_sign_ins(&priya, "").await.unwrap(), []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_session_begins_by_a_provider_that_is_another_meanwhile_or_in_a_role_that_has_ended() {
    both(async |database| {
        let world = given(&database).await;
        let (app, keeper) = (&world.app, world.of(ADMINISTRATOR).await);
        world.connect(ADMINISTRATOR, "staff = finance_officer", false).await;
        let kept = world.provider("staff = finance_officer", false);
        let (actor, beginning) = world.let_in(&as_robin).await;
        app.start_session_by(&actor, &beginning).await.unwrap();
        world.kept_by(KeepProvider { client_id: "another".to_owned(), version: 1, ..kept.clone() }).await.unwrap();
        assert_eq!(code(app.start_session_by(&actor, &beginning).await), "provider_answer", "it is another");
        world.kept_by(KeepProvider { version: 2, ..kept }).await.unwrap();
        assert_eq!(code(app.start_session_by(&actor, &beginning).await), "provider_answer", "it was another");

        let (_, beginning) = world.let_in(&as_robin).await;
        let role = "finance_officer".to_owned();
        app.perform(&keeper, "end", EndRole { person: actor.person, role }).await.unwrap();
        assert_eq!(code(app.start_session_by(&actor, &beginning).await), "provider_answer", "the role has ended");

        let (_, beginning) = world.let_in(&as_robin).await;
        app.perform(&keeper, "drop", DropProvider).await.unwrap();
        assert_eq!(code(app.start_session_by(&actor, &beginning).await), "provider_answer", "it was taken away");
        assert_eq!(app.own_sign_ins(&actor, "").await.unwrap(), []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_comes_while_the_provider_changes_waits_and_does_not_come_in_by_the_one_before() {
    both(async |database| {
        let world = given(&database).await;
        let app = &world.app;
        world.connect(ADMINISTRATOR, "staff = finance_officer", false).await;
        let before = world.kept().await;
        let another = |version| IdentityProvider { client_id: "another".to_owned(), version, ..before.clone() };
        let (actor, beginning) = world.let_in(&as_robin).await;
        let changing = world.changes(another(2)).await;
        assert_eq!(code(waits_for(changing, app.start_session_by(&actor, &beginning)).await), "provider_answer");

        let back = world.changes(IdentityProvider { version: 3, ..before.clone() }).await;
        back.commit(Machine::now()).await.unwrap();
        let changing = world.changes(another(4)).await;
        assert_eq!(code(waits_for(changing, world.comes("HEF", &as_robin)).await), "provider_answer");
        assert_eq!(app.own_sign_ins(&actor, "").await.unwrap(), []);
    })
    .await;
}

/// Waits until somebody who holds an organisation's way in waits for something else.
const WAITS: &str = "DO $$ DECLARE here oid := (SELECT oid FROM pg_database WHERE datname = current_database()); BEGIN \
    WHILE NOT EXISTS (SELECT FROM pg_locks held JOIN pg_locks waits ON waits.pid = held.pid AND NOT waits.granted \
    WHERE held.locktype = 'advisory' AND held.classid = 14 AND held.database = here AND held.granted) \
    LOOP PERFORM pg_sleep(0.01); END LOOP; END $$";

#[tokio::test(flavor = "multi_thread")]
async fn on_postgresql_whoever_is_given_up_for_another_while_they_come_in_is_tried_again_and_comes_in() {
    both(async |database| {
        // The one writer of SQLite gives nobody up for another.
        if database.backend == Backend::Sqlite {
            return;
        }
        let world = given(&database).await;
        let (app, hef) = (&world.app, world.id("HEF").await);
        world.connect(ADMINISTRATOR, "staff = finance_officer", false).await;
        let (robin, _) = world.let_in(&as_robin).await;
        let taken = app.store.begin(hef, app.calendar.now()).await.unwrap();
        taken.hold_roles(&[robin.person]).await.unwrap();
        let coming = world.comes("HEF", &as_robin);
        tokio::pin!(coming);
        tokio::select! {
            came = &mut coming => panic!("they did not wait: {:?}", came.err()),
            () = database.script(WAITS) => {}
        }
        // Each holds what the other waits for now: whoever waited first is given up, a second after it began. Else this would
        // be, and would end with an error.
        let other = async move {
            taken.hold_way_in(hef, true).await.unwrap();
            taken.roll_back().await.unwrap();
        };
        let (came, ()) = tokio::join!(coming, other);
        let (_, actor) = world.session(came).await;
        assert_eq!(actor.person, robin.person);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_a_provider_becomes_the_only_way_in_nobody_comes_in_by_a_password_or_from_another_role() {
    both(async |database| {
        let world = given(&database).await;
        let (app, manager, hef) = (&world.app, world.of(RIVAL).await, world.id("HEF").await);
        let work = app.store.begin(hef, app.calendar.now()).await.unwrap();
        let days = (date(2019, 1, 1), date(2030, 1, 1));
        work.give_membership(manager.person, Role::FinanceOfficer, "Accountant", days).await.unwrap();
        work.commit(Machine::now()).await.unwrap();
        world.connect(ADMINISTRATOR, "", false).await;
        let before = world.kept().await;
        let next = |version, only_way| IdentityProvider { version, only_way, ..before.clone() };

        let Step::In(priya, beginning) = app.sign_in_by_password(PRIYA, PASSWORD).await.unwrap() else {
            panic!("there is no second step")
        };
        app.start_session_by(&priya, &beginning).await.unwrap();
        app.sign_out_everywhere(&priya).await.unwrap();
        let closing = world.changes(next(2, true)).await;
        assert_eq!(code(waits_for(closing, app.start_session_by(&priya, &beginning)).await), "provider_only");
        assert_eq!(app.own_sign_ins(&priya, "").await.unwrap(), []);

        world.changes(next(3, false)).await.commit(Machine::now()).await.unwrap();
        let token = app.start_session(&manager).await.unwrap();
        let closing = world.changes(next(4, true)).await;
        let switched = waits_for(closing, app.switch(&manager, &token, "HEF", "finance_officer")).await;
        assert_eq!(code(switched), "provider_only");
        assert!(app.signed_in(&token).await.unwrap().is_some(), "the session from which they came ended");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_from_before_its_turns_were_kept_opens_until_it_is_another_and_a_made_up_turn_opens_nothing() {
    both(async |database| {
        let world = given(&database).await;
        let app = &world.app;
        world.connect(ADMINISTRATOR, "staff = finance_officer", false).await;
        database.script("DELETE FROM meta WHERE key LIKE 'way_in/%'").await;
        let (actor, beginning) = world.let_in(&as_robin).await;
        app.start_session_by(&actor, &beginning).await.unwrap();
        let kept = world.provider("staff = finance_officer", false);
        world.kept_by(KeepProvider { version: 1, ..kept }).await.unwrap();
        assert_eq!(code(app.start_session_by(&actor, &beginning).await), "provider_answer", "it was changed since");

        let (actor, beginning) = world.let_in(&as_robin).await;
        app.start_session_by(&actor, &beginning).await.unwrap();
        database.script("UPDATE meta SET value = '1' WHERE key LIKE 'way_in/%'").await;
        assert_eq!(code(app.start_session_by(&actor, &beginning).await), "provider_answer", "past the service");
    })
    .await;
}
