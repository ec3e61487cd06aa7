//! An organisation's own sign-in, on both databases, against a provider in process: whom its word lets in, as whom, how far.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::date;
use openidconnect::url::Url;
use placewell_app::clock::{Calendar, Machine};
use placewell_app::office::access::cover::ArrangeCover;
use placewell_app::office::organisation::{NewOrganisation, NewPerson};
use placewell_app::office::person::admitting::KeepProvider;
use placewell_app::office::person::hash_password;
use placewell_app::office::person::people::InvitePerson;
use placewell_app::office::person::provider::{Back, Sent};
use placewell_app::{Answer, App, Outcome};
use placewell_domain::id::OrganisationId;
use placewell_domain::office::access::Role;
use placewell_domain::office::access::cover::CoverReason;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_testkit::databases::{TestDatabase, both};
use placewell_testkit::issuer::{Issuer, Key};
use serde_json::{Value, json};

mod keeping;
mod proving;

const ORIGIN: &str = "http://localhost";
const PASSWORD: &str = "walnut ferry dusk granite";
/// Where everybody comes from.
const FROM: &str = "203.0.113.9";
const PRIYA: &str = "priya.shah@authority.example";
const ADMINISTRATOR: &str = "ros@authority.example";
const DIRECTOR: &str = "director@authority.example";
const RIVAL: &str = "mallory@rival.example";

/// The provider's key, and one of somebody else under the same id.
const OWN: u8 = 7;
const ANOTHERS: u8 = 8;

fn key(seed: u8) -> Key {
    Key::new("k", seed)
}

struct World {
    app: Arc<App>,
    issuer: Issuer,
}

/// An authority with an officer, a director and an administrator, and a provider's organisation with a manager.
async fn given(database: &TestDatabase) -> World {
    let app = database.app(Calendar::standing(date(2021, 9, 13).at(10, 20, 0, 0))).await;
    app.ask_private_providers();
    let person = |email: &str, role: Role| NewPerson {
        email: email.into(),
        name: email.split('@').next().unwrap().to_owned(),
        password: Some(hash_password(PASSWORD).unwrap()),
        role,
        title: role.label().into(),
        from: date(2019, 1, 1),
    };
    let authority = vec![
        person(PRIYA, Role::PlacementOfficer),
        person(DIRECTOR, Role::Approver),
        person(ADMINISTRATOR, Role::Administrator),
    ];
    let rival = vec![person(RIVAL, Role::ProviderManager)];
    for (code, kind, people) in
        [("HEF", OrganisationKind::Authority, authority), ("rival", OrganisationKind::Provider, rival)]
    {
        let new = NewOrganisation {
            code: code.into(),
            name: format!("{code} (invented)"),
            kind,
            area: (code == "HEF").then(|| "E06000019".to_owned()),
            placing_body: None,
            people,
        };
        app.make_organisation(&new).await.unwrap();
    }
    World { app, issuer: Issuer::start(&[&key(OWN)]).await }
}

/// Somebody who comes back from a provider as another answers for them.
type Claims<'a> = &'a (dyn Fn(&mut Value) + Sync);

impl World {
    async fn of(&self, email: &str) -> Actor {
        self.app.actor_by_email(email).await.unwrap()
    }

    async fn id(&self, code: &str) -> OrganisationId {
        self.app.visit().await.unwrap().organisation_by_code(code).await.unwrap().id
    }

    /// What an administrator says first of the provider.
    fn provider(&self, rule: &str, only_way: bool) -> KeepProvider {
        KeepProvider {
            issuer: self.issuer.address.clone(),
            client_id: "placewell".to_owned(),
            secret: "secret".to_owned(),
            claim: "roles".to_owned(),
            rules: rule.to_owned(),
            admits: if rule.is_empty() { "invited" } else { "anyone" }.to_owned(),
            only_way,
            version: 0,
            asking: String::new(),
        }
    }

    /// The organisation of an administrator signs in by the provider; whoever it gives a role comes in.
    async fn connect(&self, by: &str, rule: &str, only_way: bool) {
        self.app.perform(&self.of(by).await, "connect", self.provider(rule, only_way)).await.unwrap();
    }

    async fn answer(&self, sent: &Sent, session: Option<&str>, (change, with): (Claims<'_>, u8)) -> Answer<Back> {
        let asked = Url::parse(&sent.address).unwrap();
        let asked: HashMap<String, String> = asked.query_pairs().into_owned().collect();
        let now = Machine::now().as_second();
        let mut claims = json!({
            "iss": self.issuer.address, "aud": "placewell", "sub": "s1", "nonce": asked["nonce"], "exp": now + 300,
            "iat": now, "auth_time": now, "email_verified": true, "roles": ["staff"],
        });
        change(&mut claims);
        self.issuer.leave("c1", &key(with).token(&claims));
        self.app.back_from_provider(&sent.token, ORIGIN, (&asked["state"], "c1", ""), (session, FROM)).await
    }

    async fn comes(&self, code: &str, change: Claims<'_>) -> Answer<Back> {
        let sent = self.app.send_to_provider(code, ORIGIN, "/home").await.unwrap();
        self.answer(&sent, None, (change, OWN)).await
    }

    /// A session of somebody whom the provider has let in, and who they are in it.
    async fn session(&self, came: Answer<Back>) -> (String, Actor) {
        let (actor, beginning) = match came {
            Ok(Back::In(actor, beginning, _)) => (actor, beginning),
            other => panic!("{:?}", other.err()),
        };
        let token = self.app.start_session_by(&actor, &beginning).await.unwrap();
        let actor = self.app.signed_in(&token).await.unwrap().unwrap();
        (token, actor)
    }

    /// A session of somebody who proves by their password that the account is theirs.
    async fn connected(&self, came: Answer<Back>) -> (String, Actor) {
        let account = match came {
            Ok(Back::Unproven(account)) => account,
            Ok(_) => panic!("let in without a proof"),
            Err(outcome) => panic!("{outcome:?}"),
        };
        let (actor, beginning, _) = self.app.connect_account(&account.token, (PASSWORD, "")).await.unwrap();
        self.session(Ok(Back::In(Box::new(actor), beginning, String::new()))).await
    }

    async fn told(&self) -> Vec<String> {
        self.app.do_due_jobs().await.unwrap();
        let hef = self.id("HEF").await;
        let mails = self.app.store.read(Some(hef)).await.unwrap().mails(hef, 50).await.unwrap();
        let sees = mails.into_iter().filter(|mail| mail.subject == "Somebody was given a role that sees children");
        sees.map(|mail| mail.body).collect()
    }
}

fn code<T>(answer: Answer<T>) -> String {
    match answer {
        Err(Outcome::Refused(refusal)) => refusal.code.clone(),
        Err(other) => format!("{other:?}"),
        Ok(_) => "let in".to_owned(),
    }
}

fn as_priya(claims: &mut Value) {
    claims["email"] = json!(PRIYA);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_organisations_sign_in_never_becomes_a_person_who_did_not_accept_its_invitation() {
    both(async |database| {
        let world = given(&database).await;
        let (app, priya, rival) = (&world.app, world.of(PRIYA).await, world.id("rival").await);
        world.connect(RIVAL, "staff = provider_manager", false).await;
        assert_eq!(code(world.comes("rival", &as_priya).await), "not_admitted");
        let invitation = InvitePerson {
            name: "Priya Shah".to_owned(),
            email: PRIYA.to_owned(),
            role: "provider_manager".to_owned(),
            title: "Manager".to_owned(),
            until: None,
        };
        app.perform(&world.of(RIVAL).await, "invite", invitation).await.unwrap();
        assert_eq!(code(world.comes("rival", &as_priya).await), "not_admitted", "nobody asked her");
        let session = app.store.read(Some(rival)).await.unwrap();
        assert_eq!(session.outside_person(rival, &world.issuer.address, "s1").await.unwrap(), None);
        let mails = session.whole_mails(rival, 10).await.unwrap();
        let mail = mails.into_iter().find(|mail| mail.recipient == PRIYA).unwrap();
        drop(session);
        assert_eq!(app.roles_of(priya.person).await.unwrap().len(), 1);

        let link = mail.body.lines().find(|line| line.starts_with("/emails/")).unwrap();
        let token = link.split('/').nth(2).unwrap();
        assert!(matches!(app.accept_welcome(token, "not hers at all").await, Err(Outcome::Invalid(_))));
        app.accept_welcome(token, PASSWORD).await.unwrap();
        let (_, vouched) = world.connected(world.comes("rival", &as_priya).await).await;
        assert_eq!((vouched.person, vouched.code.as_str()), (priya.person, "rival"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_a_provider_vouches_for_touches_nothing_of_its_person_elsewhere() {
    both(async |database| {
        let world = given(&database).await;
        let (app, own) = (&world.app, world.of(PRIYA).await);
        let work = app.store.begin(world.id("rival").await, app.calendar.now()).await.unwrap();
        let days = (date(2019, 1, 1), date(2030, 1, 1));
        work.give_membership(own.person, Role::ProviderManager, "Manager", days).await.unwrap();
        work.commit(Machine::now()).await.unwrap();
        let (session, export) = (
            app.start_session(&own).await.unwrap(),
            app.create_token(&own, "export", 1, &placewell_domain::office::person::session::TokenScope::Reading)
                .await
                .unwrap(),
        );
        world.connect(RIVAL, "", false).await;
        let (token, actor) = world.connected(world.comes("rival", &as_priya).await).await;
        for refused in [
            code(app.begin_passkey(&actor, ORIGIN).await),
            code(app.keep_passkey(&actor, ORIGIN, ("", "{}", "a key")).await),
            code(app.end_passkey(&actor, "00").await),
            code(app.begin_second_step(&actor).await),
            code(app.second_step_begun(&actor).await),
            code(app.confirm_second_step(&actor, "123456").await),
            code(app.new_recovery_codes(&actor).await),
            code(app.end_second_step(&actor, PASSWORD).await),
            code(app.change_password(&actor, &token, (PASSWORD, "quartz lantern bishop meadow")).await),
        ] {
            assert_eq!(refused, "provider_session");
        }
        let switched = app.switch(&actor, &token, "HEF", "placement_officer").await;
        assert!(matches!(switched, Err(Outcome::Invalid(_))), "{switched:?}");
        assert_eq!(app.own_sign_ins(&actor, &token).await.unwrap().len(), 1, "it sees those elsewhere");
        for one in
            app.own_sign_ins(&own, &session).await.unwrap().iter().filter(|one| one.organisation.starts_with("HEF"))
        {
            let ended = app.end_own_sign_in(&actor, &one.handle).await;
            assert!(matches!(ended, Err(Outcome::NotFound)), "{ended:?}");
        }
        app.sign_out_everywhere(&actor).await.unwrap();
        assert!(app.signed_in(&token).await.unwrap().is_none());
        assert!(app.signed_in(&session).await.unwrap().is_some() && app.token_holder(&export).await.unwrap().is_some());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_providers_word_is_taken_only_as_it_was_asked_for() {
    both(async |database| {
        let world = given(&database).await;
        world.connect(ADMINISTRATOR, "staff = finance_officer", false).await;
        let new = |claims: &mut Value| claims["email"] = json!("robin@authority.example");
        let wrong: [(&str, Claims<'_>); 5] = [
            ("nonce", &|claims| claims["nonce"] = json!("another")),
            ("audience", &|claims| claims["aud"] = json!("another service")),
            ("issuer", &|claims| claims["iss"] = json!("http://127.0.0.1:1")),
            ("expired", &|claims| claims["exp"] = json!(Machine::now().as_second() - 600)),
            ("no nonce", &|claims| claims["nonce"] = Value::Null),
        ];
        for (what, change) in wrong {
            let both_of_them = |claims: &mut Value| {
                new(claims);
                change(claims);
            };
            assert_eq!(code(world.comes("HEF", &both_of_them).await), "provider_answer", "{what}");
        }
        let sent = world.app.send_to_provider("HEF", ORIGIN, "/home").await.unwrap();
        assert_eq!(code(world.answer(&sent, None, (&new, ANOTHERS)).await), "provider_answer", "another's key");
        assert_eq!(code(world.answer(&sent, None, (&new, OWN)).await), "provider_answer", "taken a second time");
        let sent = world.app.send_to_provider("HEF", ORIGIN, "/home").await.unwrap();
        let other = world.app.back_from_provider(&sent.token, ORIGIN, ("another state", "c1", ""), (None, FROM)).await;
        assert_eq!(code(other), "provider_answer");
        let unverified = |claims: &mut Value| {
            new(claims);
            claims["email_verified"] = json!(false);
        };
        assert_eq!(code(world.comes("HEF", &unverified).await), "not_admitted");
        assert!(world.app.actor_by_email("robin@authority.example").await.is_err(), "somebody was made");
        world.session(world.comes("HEF", &new).await).await;
        assert!(world.issuer.asked() <= 8, "it is asked each time: {}", world.issuer.asked());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_the_claims_give_no_longer_ends_and_one_that_sees_children_is_told() {
    both(async |database| {
        let world = given(&database).await;
        world.connect(ADMINISTRATOR, "staff = placement_officer, Team manager", false).await;
        let robin = |claims: &mut Value| claims["email"] = json!("robin@authority.example");
        let (token, actor) = world.session(world.comes("HEF", &robin).await).await;
        assert_eq!(actor.role, Role::PlacementOfficer);
        let told = world.told().await;
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].contains("own sign-in"), "{told:?}");
        world.session(world.comes("HEF", &robin).await).await;
        assert_eq!(world.told().await.len(), 1, "told of what was so before");
        let left = |claims: &mut Value| {
            robin(claims);
            claims["roles"] = json!(["cleaners"]);
        };
        let today = world.app.calendar.now().today();
        let director = world.of(DIRECTOR).await;
        let cover = |(absent, covering): (&Actor, &Actor), role: Role| ArrangeCover {
            absent: absent.person.0,
            covering: covering.person.0,
            role,
            from: today,
            last: today,
            reason: CoverReason::Leave,
        };
        let (of_director, of_robin) =
            (cover((&director, &actor), Role::Approver), cover((&actor, &director), Role::PlacementOfficer));
        world.app.perform(&director, "cover", of_director).await.unwrap();
        world.app.perform(&world.of(ADMINISTRATOR).await, "cover", of_robin).await.unwrap();
        assert_eq!(world.app.roles_of(director.person).await.unwrap().len(), 2);
        assert_eq!(code(world.comes("HEF", &left).await), "not_admitted");
        assert!(world.app.signed_in(&token).await.unwrap().is_none(), "the role goes on");
        assert!(world.app.roles_of(actor.person).await.unwrap().is_empty(), "a cover lets them in");
        assert_eq!(world.app.roles_of(director.person).await.unwrap().len(), 1, "their role is lent for nobody");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_proof_at_the_provider_is_of_the_same_person_lately_and_in_the_same_session() {
    both(async |database| {
        let world = given(&database).await;
        world.connect(ADMINISTRATOR, "staff = finance_officer", false).await;
        let robin = |claims: &mut Value| claims["email"] = json!("robin@authority.example");
        let (token, actor) = world.session(world.comes("HEF", &robin).await).await;
        let other_session = world.app.start_session(&actor).await.unwrap();
        let send = async || {
            let form = vec![("name".to_owned(), "value".to_owned())];
            world.app.prove_at_provider(&actor, &token, ORIGIN, ("/approvals", Some(form))).await.unwrap()
        };
        let another = |claims: &mut Value| claims["sub"] = json!("s2");
        let long_ago = |claims: &mut Value| claims["auth_time"] = json!(Machine::now().as_second() - 3_600);
        assert_eq!(code(world.answer(&send().await, Some(&token), (&another, OWN)).await), "provider_answer");
        assert_eq!(code(world.answer(&send().await, Some(&token), (&long_ago, OWN)).await), "provider_answer");
        assert_eq!(code(world.answer(&send().await, Some(&other_session), (&robin, OWN)).await), "provider_answer");
        assert_eq!(code(world.answer(&send().await, None, (&robin, OWN)).await), "provider_answer");
        match world.answer(&send().await, Some(&token), (&robin, OWN)).await {
            Ok(Back::Proven(to, Some(form))) => assert_eq!((to.as_str(), form[0].1.as_str()), ("/approvals", "value")),
            other => panic!("{:?}", other.err()),
        }
        let by_password = world.app.prove_at_provider(&actor, &other_session, ORIGIN, ("/approvals", None)).await;
        assert!(matches!(by_password, Err(Outcome::NotFound)), "nobody vouches for that session");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organisation_whose_sign_in_is_the_only_way_is_not_reached_from_another() {
    both(async |database| {
        let world = given(&database).await;
        let (app, manager) = (&world.app, world.of(RIVAL).await);
        let work = app.store.begin(world.id("HEF").await, app.calendar.now()).await.unwrap();
        let days = (date(2019, 1, 1), date(2030, 1, 1));
        work.give_membership(manager.person, Role::FinanceOfficer, "Accountant", days).await.unwrap();
        work.commit(Machine::now()).await.unwrap();
        let manager = app
            .roles_of(manager.person)
            .await
            .unwrap()
            .into_iter()
            .find(|one| one.actor.code == "rival")
            .unwrap()
            .actor;
        let token = app.start_session(&manager).await.unwrap();
        assert!(app.session_of(&token).await.unwrap().unwrap().can_switch);
        world.connect(ADMINISTRATOR, "", true).await;
        assert!(!app.session_of(&token).await.unwrap().unwrap().can_switch, "it is offered");
        let choices = app.roles_to_choose(manager.person, None).await.unwrap();
        assert!(choices.iter().all(|one| one.actor.code == "rival"), "{choices:?}");
        let switched = app.switch(&manager, &token, "HEF", "finance_officer").await;
        assert!(matches!(switched, Err(Outcome::Invalid(_))), "{switched:?}");
        let by_it = app.roles_to_choose(manager.person, Some(world.id("HEF").await)).await.unwrap();
        assert_eq!(by_it.len(), 1, "whom it vouches for works there");
    })
    .await;
}
