//! A provider registers itself in the demonstration's open window, on both databases: its road to an application, what the
//! regional team is told and the asker is not, what a stranger cannot do, and one company registered by many at once.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::{Date, date};
use placewell_app::clock::Machine;
use placewell_app::demonstration::calendar;
use placewell_app::homes::admission::applying::BeginApplication;
use placewell_app::homes::admission::registered::{ConfirmRegistration, JoinRegistration, RefuseRegistration};
use placewell_app::homes::admission::registering::Asking;
use placewell_app::office::person::people::InvitePerson;
use placewell_app::{App, Outcome};
use placewell_domain::homes::admission::registration::{Asked, RefusalWhy, RegistrationState};
use placewell_domain::homes::home::owner::owner_on;
use placewell_domain::homes::price::KNOWN_OPEN;
use placewell_domain::id::{OrganisationId, PersonId};
use placewell_domain::nights::{OPEN_END, plus_days};
use placewell_domain::office::access::Role;
use placewell_domain::office::access::cover::{Cover, CoverReason, CoverWanted};
use placewell_domain::office::person::Actor;
use placewell_testkit::databases::both_filled;
use placewell_testkit::mailbox::Mailbox;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use super::evaluation::{LEAD, code, perform};

const OPEN: &str = "AR-005";
const PASSWORD: &str = "three green doors and a lamp";

fn asked(name: &str, number: &str, email: &str) -> Asked {
    Asked {
        legal_name: name.into(),
        company_number: number.into(),
        name: "Jo Bromyard".into(),
        title: "Director".into(),
        email: email.into(),
    }
}

/// The latest link to a mailbox, as its mail has it.
async fn link_to(app: &Arc<App>, lead: &Actor, email: &str) -> String {
    let session = app.store.read(Some(lead.organisation)).await.unwrap();
    let mails = session.whole_mails(lead.organisation, 10_000).await.unwrap();
    let mail = mails.into_iter().filter(|mail| mail.recipient == email).max_by_key(|mail| mail.id).unwrap();
    let path = mail.body.lines().find(|line| line.starts_with("/emails/")).unwrap();
    path.split('/').nth(2).unwrap().to_owned()
}

async fn linked(app: &Arc<App>, lead: &Actor, asked: &Asked, from: &str) -> String {
    assert_eq!(app.ask_to_register(OPEN, asked, from).await.unwrap(), Asking::Sent);
    link_to(app, lead, &asked.email).await
}

async fn registered(app: &Arc<App>, lead: &Actor, asked: &Asked) -> Actor {
    let token = linked(app, lead, asked, &format!("192.0.2.{}", asked.email.len())).await;
    assert_eq!(app.register_provider(&token, PASSWORD).await.unwrap(), "/provider/admission/AR-005");
    app.actor_by_email(&asked.email).await.unwrap()
}

async fn mails_to(app: &Arc<App>, org: OrganisationId, email: &str) -> Vec<String> {
    let mails = app.store.read(Some(org)).await.unwrap().whole_mails(org, 10_000).await.unwrap();
    mails.into_iter().filter(|mail| mail.recipient == email).map(|mail| mail.body).collect()
}

/// These homes are a provider's from today on, and whose they were before stays readable.
async fn handed_over_today(app: &Arc<App>, urns: &[&str], provider: OrganisationId) {
    let (session, today) = (app.store.read(Some(provider)).await.unwrap(), app.calendar.now().today());
    for urn in urns {
        let home = session.home_by_urn(&urn.parse().unwrap()).await.unwrap();
        let owners = session.owners_known(home.id, KNOWN_OPEN - 1).await.unwrap();
        assert_eq!(owner_on(&owners, today), Some(provider));
        let before = owner_on(&owners, today.yesterday().unwrap());
        assert!(before.is_some_and(|one| one != provider), "{before:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_token_by_which_a_provider_registers_itself_arrives_and_stands_in_no_byte_of_the_database() {
    both_filled(async |database| {
        let app = database.app(calendar()).await;
        let mailbox = Mailbox::of(&app).await;
        let new = asked("Rowan Care Limited", "09123456", "j.bromyard@rowan.example");
        assert_eq!(app.ask_to_register(OPEN, &new, "192.0.2.1").await.unwrap(), Asking::Sent);
        let token = mailbox.hidden_token(&database, &app, &new.email).await;
        assert_eq!(app.register_provider(&token, PASSWORD).await.unwrap(), "/provider/admission/AR-005");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_registers_itself_by_its_link_begins_its_application_and_is_confirmed_with_its_home() {
    both_filled(async |database| {
        let app = database.app(calendar()).await;
        let lead = app.actor_by_email(LEAD).await.unwrap();
        let new = asked("Rowan & Łódź Care Limited", "09123456", "j.bromyard@rowan.example");
        let token = linked(&app, &lead, &new, "192.0.2.1").await;
        assert!(app.actor_by_email(&new.email).await.is_err(), "nothing is registered before the link is used");
        assert!(!app.registering(&token).await.unwrap().known);
        assert_eq!(code(app.register_provider(&token, "short").await), "new");
        app.register_provider(&token, PASSWORD).await.unwrap();
        assert_eq!(code(app.register_provider(&token, PASSWORD).await), "link_expired", "a link is used once");
        let actor = app.actor_by_email(&new.email).await.unwrap();
        assert_eq!(actor.organisation_name, new.legal_name);
        perform(&app, &actor, BeginApplication { reference: OPEN.into(), reuse: false }).await.unwrap();

        let colleague = InvitePerson {
            name: "Lee Rowan".into(),
            email: "l.rowan@rowan.example".into(),
            role: "provider_manager".into(),
            title: "Manager".into(),
            until: None,
        };
        assert_eq!(
            code(perform(&app, &actor, colleague).await),
            "registration_unconfirmed",
            "no mail in their name yet"
        );

        let (found, known) = app.registrations(&lead).await.unwrap().remove(0);
        assert_eq!((found.asked.company_number.as_str(), known), ("09123456", false));
        app.do_due_jobs().await.unwrap();
        let told = mails_to(&app, actor.organisation, LEAD).await;
        assert!(told.iter().any(|body| body.contains(&format!("/region/registrations/{}", found.id))), "{told:?}");

        let (id, version) = (found.id.0, found.version);
        let homes = |urns: &[&str]| urns.iter().map(|urn| (*urn).to_owned()).collect::<Vec<_>>();
        let confirm = |urns: &[&str]| ConfirmRegistration { registration: id, version, homes: homes(urns) };
        assert_eq!(code(perform(&app, &lead, confirm(&["SC999999"])).await), "homes", "no home of the region");
        let session = app.store.read(Some(lead.organisation)).await.unwrap();
        let (mut theirs, mut nobodys) = (None, None);
        for home in session.homes().await.unwrap() {
            let slot = if session.has_people(home.provider).await.unwrap() { &mut theirs } else { &mut nobodys };
            if home.may_admit().is_ok() && slot.is_none() {
                *slot = Some(home.urn.to_string());
            }
        }
        drop(session);
        let theirs = theirs.unwrap();
        assert_eq!(code(perform(&app, &lead, confirm(&[&theirs])).await), "home_of_another");
        let mine: Vec<&str> = nobodys.as_deref().into_iter().collect();
        perform(&app, &lead, confirm(&mine)).await.unwrap();
        let page = app.registration_page(&lead, id).await.unwrap();
        assert_eq!(page.registration.state.name(), "confirmed");
        assert_eq!(page.homes.iter().map(|(urn, _)| urn.as_str()).collect::<Vec<_>>(), mine);
        handed_over_today(&app, &mine, actor.organisation).await;
        let own = app.own_application(&actor, OPEN).await.unwrap();
        assert_eq!(own.homes.iter().map(|(urn, _)| urn.to_string()).collect::<Vec<_>>(), mine);
        assert_eq!(
            code(
                perform(&app, &lead, RefuseRegistration { registration: id, version: 2, why: RefusalWhy::NoHome })
                    .await
            ),
            "registration_settled"
        );
        assert!(app.store.row_faults(actor.organisation).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_the_number_of_another_is_told_nothing_of_it_and_the_regional_team_is() {
    both_filled(async |database| {
        let app = database.app(calendar()).await;
        let lead = app.actor_by_email(LEAD).await.unwrap();
        let session = app.store.read(Some(lead.organisation)).await.unwrap();
        let opening = session.opening("AR-004").await.unwrap();
        let sent = session.applications_to(opening.id).await.unwrap().remove(0);
        drop(session);
        let number = sent.answers.selection.company_number.clone();
        let twin = asked("Quite Another Name Limited", &format!(" {} ", number.to_lowercase()), "a@another.example");
        let fresh = asked("Wholly New Care Limited", "08765432", "b@new.example");
        let (first, second) = (registered(&app, &lead, &twin).await, registered(&app, &lead, &fresh).await);
        for actor in [&first, &second] {
            let begun = perform(&app, actor, BeginApplication { reference: OPEN.into(), reuse: false }).await.unwrap();
            assert_eq!(begun.location, "/provider/admission/AR-005", "both go the same road");
        }
        let listed = app.registrations(&lead).await.unwrap();
        let of = |org: OrganisationId| listed.iter().find(|(one, _)| one.provider == org).unwrap();
        assert!(of(first.organisation).1 && !of(second.organisation).1);
        let page = app.registration_page(&lead, of(first.organisation).0.id.0).await.unwrap();
        assert_eq!((page.known[0].name.clone(), page.known[0].by_number), (sent.provider_name.clone(), true));
        app.do_due_jobs().await.unwrap();
        let told = mails_to(&app, first.organisation, LEAD).await;
        assert!(told.iter().any(|body| body.contains("is another provider's too")), "{told:?}");
        for (org, email) in [(first.organisation, &twin.email), (second.organisation, &fresh.email)] {
            assert!(mails_to(&app, org, email).await.is_empty(), "the asker is told nothing");
        }
        let session = app.store.read(Some(first.organisation)).await.unwrap();
        for event in
            session.timeline(first.organisation, "provider_registration", page.registration.id.0).await.unwrap()
        {
            assert!(!format!("{event:?}").contains(&sent.provider_name), "{event:?}");
        }
        assert!(session.registrations(lead.organisation).await.unwrap().len() == 1, "nobody reads another's");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registration_of_a_known_provider_is_closed_and_whoever_made_it_is_invited_where_nobody_works_there() {
    both_filled(async |database| {
        let app = database.app(calendar()).await;
        let lead = app.actor_by_email(LEAD).await.unwrap();
        let providers = app.region_providers(&lead).await.unwrap();
        let session = app.store.read(Some(lead.organisation)).await.unwrap();
        let (mut empty, mut staffed) = (None, None);
        for one in providers {
            let slot = if session.has_people(one.provider.id).await.unwrap() { &mut staffed } else { &mut empty };
            slot.get_or_insert(one.provider.clone());
        }
        drop(session);
        let staffed = staffed.unwrap();
        let mut cases = vec![(staffed, "Ask a colleague")];
        cases.extend(empty.map(|one| (one, "comes in a mail of its own")));
        for (number, (known, words)) in cases.into_iter().enumerate() {
            let new = asked(&known.name, &format!("0912345{number}"), &format!("jo{number}@joined.example"));
            let actor = registered(&app, &lead, &new).await;
            let (found, flagged) = app.registrations(&lead).await.unwrap().remove(0);
            assert!(flagged, "its name is another's");
            let (registration, version) = (found.id.0, found.version);
            let join = |provider: &str| JoinRegistration { registration, version, provider: provider.into() };
            assert_eq!(code(perform(&app, &lead, join("nobody-of-this-code")).await), "provider");
            assert_eq!(code(perform(&app, &lead, join(&actor.code)).await), "registration_joins_itself");
            perform(&app, &lead, join(&known.code)).await.unwrap();
            for _ in 0..2 {
                app.do_due_jobs().await.unwrap();
            }
            assert!(app.actor_by_email(&new.email).await.is_err(), "the role that it gave has ended");
            let told = mails_to(&app, actor.organisation, &new.email).await;
            assert_eq!(told.iter().filter(|body| body.contains(words)).count(), 1, "{told:?}");
            let welcomed = mails_to(&app, known.id, &new.email).await;
            let link = welcomed.iter().find_map(|body| body.lines().find(|line| line.ends_with("/welcome")));
            match link.and_then(|line| line.split('/').nth(2)) {
                None => assert_eq!(words, "Ask a colleague"),
                Some(token) => {
                    app.accept_welcome(token, PASSWORD).await.unwrap();
                    let joined = app.actor_by_email(&new.email).await.unwrap();
                    assert_eq!(joined.organisation, known.id, "they work for the provider that was known");
                }
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_taken_is_closed_with_its_reason_and_leaves_the_number_to_the_company_itself() {
    both_filled(async |database| {
        let app = database.app(calendar()).await;
        let lead = app.actor_by_email(LEAD).await.unwrap();
        let false_one = asked("Rowan Care Limited", "07654321", "stranger@elsewhere.example");
        let actor = registered(&app, &lead, &false_one).await;
        let (found, _) = app.registrations(&lead).await.unwrap().remove(0);
        let refuse = RefuseRegistration { registration: found.id.0, version: 1, why: RefusalWhy::NotTheirs };
        assert!(matches!(perform(&app, &actor, refuse.clone()).await, Err(Outcome::Forbidden(_))));
        perform(&app, &lead, refuse).await.unwrap();
        app.do_due_jobs().await.unwrap();
        assert!(app.actor_by_email(&false_one.email).await.is_err());
        let told = mails_to(&app, actor.organisation, &false_one.email).await;
        assert!(told.iter().any(|body| body.contains("whoever registered it does not act for it")), "{told:?}");
        registered(&app, &lead, &asked("Rowan Care (Region) Limited", "07654321", "jo@rowan.example")).await;
        let (found, known) = app.registrations(&lead).await.unwrap().remove(0);
        assert_eq!((found.state, known), (RegistrationState::Registered, false));
    })
    .await;
}

/// A colleague of whoever registered, to whom a cover lends the role from a later day on.
async fn covering_from(app: &Arc<App>, absent: &Actor, email: &str, from: Date) -> PersonId {
    let (today, until, role) = (app.calendar.now().today(), plus_days(from, 7), Role::ProviderManager);
    let mut work = app.store.begin(absent.organisation, app.calendar.now()).await.unwrap();
    let (covering, cover) = (PersonId(work.new_id()), work.new_id());
    work.add_person(covering, email, "Lee Rowan", None).await.unwrap();
    work.add_membership(covering, role, "Manager", today, OPEN_END).await.unwrap();
    let wanted = CoverWanted {
        organisation: absent.organisation,
        absent: absent.person,
        covering,
        role,
        from,
        until,
        reason: CoverReason::Leave,
        names: ("Jo Bromyard".into(), "Lee Rowan".into()),
        absent_until: Some(OPEN_END),
        covering_until: Some(OPEN_END),
    };
    let moment = work.moment();
    work.apply(Cover::arrange(cover, &wanted, absent.person, moment).unwrap()).await.unwrap();
    work.lend_role(covering, role, "covering for Jo Bromyard", (from, until)).await.unwrap();
    work.commit(Machine::now()).await.unwrap();
    covering
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registration_that_is_not_taken_leaves_nobody_a_role_that_a_cover_lends_from_a_later_day() {
    both_filled(async |database| {
        let app = database.app(calendar()).await;
        let lead = app.actor_by_email(LEAD).await.unwrap();
        let actor = registered(&app, &lead, &asked("Rowan Care Limited", "07654321", "jo@rowan.example")).await;
        let (from, email) = (date(2021, 10, 4), "lee@rowan.example");
        let covering = covering_from(&app, &actor, email, from).await;
        let (found, _) = app.registrations(&lead).await.unwrap().remove(0);
        let refuse = RefuseRegistration { registration: found.id.0, version: 1, why: RefusalWhy::NotTheirs };
        perform(&app, &lead, refuse).await.unwrap();
        app.do_due_jobs().await.unwrap();
        let session = app.store.read(Some(actor.organisation)).await.unwrap();
        let left = session.colleagues(actor.organisation, app.calendar.now().today(), None).await.unwrap();
        assert!(left.is_empty(), "{left:?}");
        assert_eq!(session.covers_by(actor.organisation, covering).await.unwrap(), []);
        drop(session);
        app.calendar.move_to(from.at(9, 0, 0, 0));
        assert!(app.actor_by_email(email).await.is_err(), "they came back by the cover");
        assert!(app.store.row_faults(actor.organisation).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_floods_a_mailbox_the_region_or_registers_outside_an_opening() {
    both_filled(async |database| {
        let app = database.app(calendar()).await;
        let lead = app.actor_by_email(LEAD).await.unwrap();
        let new = asked("Rowan Care Limited", "07654321", "jo@rowan.example");
        let links = async || {
            let mails = app.store.read(Some(lead.organisation)).await.unwrap().mails(lead.organisation, 10_000).await;
            mails.unwrap().iter().filter(|mail| mail.recipient == new.email).count()
        };
        for at in 0..5 {
            let asking = app.ask_to_register(OPEN, &new, &format!("192.0.2.{at}")).await.unwrap();
            assert_eq!(asking, Asking::Sent, "the asker cannot tell");
        }
        assert_eq!(links().await, 3, "a mailbox gets three links a day, from wherever");
        for at in 0..10 {
            let other = asked("Rowan Care Limited", "07654321", &format!("jo{at}@rowan.example"));
            assert_eq!(app.ask_to_register(OPEN, &other, "198.51.100.7").await.unwrap(), Asking::Sent);
        }
        let other = asked("Rowan Care Limited", "07654321", "jo11@rowan.example");
        assert!(matches!(app.ask_to_register(OPEN, &other, "198.51.100.7").await.unwrap(), Asking::Wait(_)));
        assert_eq!(app.ask_to_register(OPEN, &other, "198.51.100.8").await.unwrap(), Asking::Sent);

        let wrong = Asked { company_number: "12".into(), email: "jo".into(), ..new.clone() };
        assert_eq!(code(app.ask_to_register(OPEN, &wrong, "203.0.113.1").await), "company_number");
        for closed in ["AR-004", "AR-006"] {
            assert_eq!(code(app.ask_to_register(closed, &new, "203.0.113.1").await), "registration_closed", "{closed}");
        }
        assert!(matches!(app.ask_to_register("AR-999", &new, "203.0.113.1").await, Err(Outcome::NotFound)));
        let token = link_to(&app, &lead, &new.email).await;
        assert_eq!(code(app.register_provider("0123", PASSWORD).await), "link_expired");
        let closes = app.public_opening(OPEN).await.unwrap().opening.plan.closes;
        app.calendar.move_to(closes.saturating_add(jiff::Span::new().seconds(1)));
        assert_eq!(code(app.register_provider(&token, PASSWORD).await), "registration_closed", "a second too late");
        app.calendar.move_to(date(2021, 9, 13).at(10, 20, 0, 0).max(closes));
        app.register_provider(&token, PASSWORD).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_company_registered_by_many_at_once_has_one_first_and_looking_before_would_have_many() {
    const CLIENTS: usize = 24;
    both_filled(async |database| {
        let app = database.app(calendar()).await;
        let lead = app.actor_by_email(LEAD).await.unwrap();
        let mut tokens = Vec::new();
        for at in 0..CLIENTS {
            let new = asked(&format!("Rowan {at} Limited"), "07654321", &format!("jo{at}@rowan.example"));
            tokens.push(linked(&app, &lead, &new, &format!("192.0.2.{at}")).await);
        }
        // Two clients for each link, too: it is used once.
        let (start, mut clients) = (Arc::new(Barrier::new(2 * CLIENTS)), JoinSet::new());
        for token in [tokens.clone(), tokens].concat() {
            let (app, start) = (Arc::clone(&app), Arc::clone(&start));
            clients.spawn(async move {
                let naive = app.store.read(None).await.unwrap().holder_of_company_number("7654321").await.unwrap();
                start.wait().await;
                let mut answer = app.register_provider(&token, PASSWORD).await;
                while matches!(answer, Err(Outcome::Retry | Outcome::Busy)) {
                    answer = app.register_provider(&token, PASSWORD).await;
                }
                match answer {
                    Ok(_) => (true, naive.is_none()),
                    Err(Outcome::Refused(refusal)) if refusal.code == "link_expired" => (false, naive.is_none()),
                    Err(Outcome::Invalid(_)) => (false, naive.is_none()),
                    Err(other) => panic!("{other:?}"),
                }
            });
        }
        let ended = clients.join_all().await;
        assert_eq!(ended.iter().filter(|(made, _)| *made).count(), CLIENTS, "each link makes one provider");
        let naive = ended.iter().filter(|(made, looked)| *made && *looked).count();
        assert!(naive > 1, "whoever looks before and writes after believes itself the first: {naive}");
        let listed = app.registrations(&lead).await.unwrap();
        let ours: Vec<_> = listed.iter().filter(|(one, _)| one.asked.company_number == "07654321").collect();
        let organisations: BTreeSet<_> = ours.iter().map(|(one, _)| one.provider).collect();
        assert_eq!((ours.len(), organisations.len()), (CLIENTS, CLIENTS));
        assert_eq!(ours.iter().filter(|(_, known)| !known).count(), 1, "one is the first, all others are flagged");
        let session = app.store.read(Some(lead.organisation)).await.unwrap();
        let holder = session.holder_of_company_number("07654321").await.unwrap().unwrap();
        assert!(organisations.contains(&holder));
    })
    .await;
}
