//! From an alert of a new home in the region its provider is invited: by the people who work for it, by a first person's
//! link, or by the way to register, each recorded as what came of the alert; on both databases.

use jiff::civil::date;
use placewell_app::homes::admission::applying::AskAboutOpening;
use placewell_app::homes::admission::inviting::InviteProvider;
use placewell_app::homes::admission::opening::{AnswerQuestion, KeepOpening, MoveOpening, OpeningAct};
use placewell_app::homes::admission::registered::{ConfirmRegistration, JoinRegistration};
use placewell_app::homes::admission::registering::Asking;
use placewell_app::homes::home::named::RecordCompanyNumber;
use placewell_app::homes::standing::{About, ProposeMeasure, Reinstate};
use placewell_domain::homes::admission::criteria::{Band, Criteria, InsuranceKind, LotTemplate, PricePart, Question};
use placewell_domain::homes::admission::opening::{OpeningKind, OpeningPlan};
use placewell_domain::homes::admission::registration::Asked;
use placewell_domain::homes::home::alert::{Alert, AlertKind, AlertState, InvitedBy};
use placewell_domain::homes::standing::Standing;
use placewell_domain::homes::standing::measure::Reinstatement;
use placewell_domain::id::{OrganisationId, PersonId};
use placewell_domain::money::Pence;
use placewell_domain::nights::OPEN_END;
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::person::Actor;
use placewell_testkit::databases::both;

use super::{Given, code, given};
use crate::homes::standing::{confirm, file, suspension};

const NEW_HOMES: &str = "URN,Provision type,Registration status,Government Office Region,Local authority,Sector,Places,Organisation\n\
    SC400001,Children's home,Active,West Midlands,Herefordshire,Private,2,Elm Care\n\
    SC400002,Children's home,Active,West Midlands,Shropshire,Private,3,Elm Care\n\
    SC400003,Children's home,Active,West Midlands,Shropshire,Private,3,Ash Care\n\
    SC400011,Children's home,Active,West Midlands,Dudley,Private,4,Elm Care\n\
    SC400012,Children's home,Active,West Midlands,Dudley,Private,4,Birch Care\n\
    SC400013,Children's home,Active,West Midlands,Dudley,Private,4,\n";

/// An opening that takes applications now.
async fn open_now(given: &Given) -> String {
    let question = |number: u8, weight: u8| Question {
        code: format!("q{number}"),
        text: format!("Question {number}"),
        criteria: "What a good answer shows".to_owned(),
        weight,
    };
    let band = |part, floor, ceiling| Band { part, floor: Pence::pounds(floor), ceiling: Pence::pounds(ceiling) };
    let template = LotTemplate {
        lot: "planned".to_owned(),
        bands: vec![band(PricePart::Accommodation, 500, 1_500), band(PricePart::Care, 2_000, 4_500)],
        includes: "Clothing".to_owned(),
    };
    let criteria = Criteria {
        quality: vec![question(1, 40), question(2, 35), question(3, 25)],
        scale: 5,
        least: 2,
        quality_share: 70,
        pass_mark: 60,
        templates: vec![template],
        insurances: vec![(InsuranceKind::Public, Pence::pounds(5_000_000))],
        standstill_days: 10,
        validity_months: 48,
    };
    let plan = OpeningPlan {
        title: "Homes near Dudley".to_owned(),
        kind: OpeningKind::ByLead { reason: "Fourteen children wait for a place near their schools".to_owned() },
        opens: date(2021, 9, 13).at(9, 0, 0, 0),
        closes: date(2021, 9, 30).at(12, 0, 0, 0),
        questions_until: date(2021, 9, 24).at(12, 0, 0, 0),
        criteria,
    };
    let kept = given.perform(KeepOpening { reference: None, version: 0, plan }).await.unwrap();
    let reference = kept.location.rsplit('/').next().unwrap().to_owned();
    let publish = MoveOpening { reference: reference.clone(), version: 1, act: OpeningAct::Publish };
    given.perform(publish).await.unwrap();
    reference
}

async fn alerts(given: &Given) -> Vec<Alert> {
    let all = given.app.region_alerts(&given.lead, (0, 100)).await.unwrap();
    all.lines.into_iter().map(|line| line.alert).filter(|one| one.found.kind == AlertKind::NewHome).collect()
}

async fn of(given: &Given, urn: &str) -> Alert {
    alerts(given).await.into_iter().find(|one| one.found.urn == urn).unwrap()
}

fn invite(alert: &Alert, email: &str) -> InviteProvider {
    InviteProvider {
        alert: alert.id.0,
        version: alert.version,
        name: "Jo Bromyard".into(),
        email: email.into(),
        title: "Director".into(),
    }
}

async fn organisation(given: &Given, code: &str) -> OrganisationId {
    given.app.store.read(None).await.unwrap().organisation_by_code(code).await.unwrap().id
}

async fn mails(given: &Given, org: OrganisationId, to: &str) -> Vec<String> {
    let mails = given.app.store.read(Some(org)).await.unwrap().whole_mails(org, 100).await.unwrap();
    mails.into_iter().filter(|mail| mail.recipient == to).map(|mail| mail.body).collect()
}

#[tokio::test]
async fn the_provider_of_a_new_home_is_invited_by_the_road_that_reaches_it_and_the_alert_says_so() {
    both(async |database| {
        let given = given(&database).await;
        let elm = organisation(&given, "elm-care").await;
        let work = given.app.store.begin(elm, given.app.calendar.now()).await.unwrap();
        work.add_person(PersonId(501), "manager@elm.example", "Manager", None).await.unwrap();
        work.add_membership(PersonId(501), Role::ProviderManager, "Post", date(2018, 1, 1), OPEN_END).await.unwrap();
        work.commit(placewell_app::clock::Machine::now()).await.unwrap();
        file(&given, NEW_HOMES, date(2021, 9, 10)).await;
        assert_eq!(alerts(&given).await.len(), 3);
        let road = async |urn: &str| {
            let may = given.app.may_invite(&given.lead, &of(&given, urn).await).await.unwrap();
            may.map(|may| may.map(|may| (may.road, may.opening.is_some())).unwrap())
        };
        assert_eq!(road("SC400011").await, Some((InvitedBy::Known, false)));
        let none = given.perform(invite(&of(&given, "SC400013").await, "jo@oak.example")).await;
        assert_eq!(code(none), "no_opening_to_register");
        let opening = open_now(&given).await;
        assert_eq!(road("SC400012").await, Some((InvitedBy::FirstPerson, true)));
        assert_eq!(road("SC400013").await, Some((InvitedBy::Register, true)));

        given.perform(invite(&of(&given, "SC400011").await, "")).await.unwrap();
        let birch = of(&given, "SC400012").await;
        for (wrong, field) in [
            (InviteProvider { name: " ".into(), ..invite(&birch, "jo@birch.example") }, "name"),
            (invite(&birch, "jo"), "email"),
        ] {
            assert_eq!(code(given.perform(wrong).await), field);
        }
        given.perform(invite(&birch, "jo@birch.example")).await.unwrap();
        assert_eq!(
            code(given.perform(InviteProvider { version: 2, ..invite(&birch, "jo@birch.example") }).await),
            "alert_done"
        );
        given.perform(invite(&of(&given, "SC400013").await, "jo@oak.example")).await.unwrap();
        for _ in 0..2 {
            given.app.do_due_jobs().await.unwrap();
        }
        let roads =
            [("SC400011", InvitedBy::Known), ("SC400012", InvitedBy::FirstPerson), ("SC400013", InvitedBy::Register)];
        for (urn, road) in roads {
            let done = of(&given, urn).await;
            let invited = done.invited.clone().unwrap();
            assert_eq!((invited.road, invited.opening.as_deref()), (road, Some(opening.as_str())), "{urn}");
            assert!(matches!(&done.state, AlertState::Done { result, .. } if result.contains(road.label())), "{urn}");
            assert!(given.app.may_invite(&given.lead, &done).await.unwrap().is_none());
        }
        let region = given.lead.organisation;
        let told = mails(&given, region, "manager@elm.example").await;
        assert!(told.iter().any(|body| body.contains(&format!("/provider/admission/{opening}"))), "{told:?}");
        let way = mails(&given, region, "jo@oak.example").await;
        assert!(way.iter().any(|body| body.contains(&format!("/admission/{opening}/register"))), "{way:?}");
        let welcome = mails(&given, organisation(&given, "birch-care").await, "jo@birch.example").await;
        assert_eq!(welcome.len(), 1, "once: {welcome:?}");
        let token =
            welcome[0].lines().find_map(|line| line.strip_prefix("/emails/")?.strip_suffix("/welcome")).unwrap();
        given.app.accept_welcome(token, "three green doors and a lamp").await.unwrap();
        let joined = given.app.actor_by_email("jo@birch.example").await.unwrap();
        assert_eq!((joined.code.as_str(), joined.role), ("birch-care", Role::ProviderManager));
        assert!(given.app.own_application(&joined, &opening).await.unwrap().homes.len() == 1, "its home is there");
        let jobs = database.rows().await;
        let plain = jobs
            .iter()
            .any(|(table, bytes)| table == "outbox" && bytes.windows(16).any(|part| part == b"jo@birch.example"));
        assert!(!plain, "no job holds the address of whoever is invited");
    })
    .await;
}

/// Somebody who signs in for a provider.
async fn manager(given: &Given, number: i64, code: &str) -> Actor {
    let (provider, email) = (organisation(given, code).await, format!("manager@{code}.example"));
    let (person, since) = (PersonId(number), date(2018, 1, 1));
    let work = given.app.store.begin(provider, given.app.calendar.now()).await.unwrap();
    work.add_person(person, &email, "Manager", None).await.unwrap();
    work.add_membership(person, Role::ProviderManager, "Post", since, OPEN_END).await.unwrap();
    work.commit(placewell_app::clock::Machine::now()).await.unwrap();
    given.app.actor_by_email(&email).await.unwrap()
}

#[tokio::test]
async fn an_answer_is_read_by_every_provider_and_the_public_and_nobody_learns_who_asked() {
    both(async |database| {
        let given = given(&database).await;
        let (app, region, opening) = (&given.app, given.lead.organisation, open_now(&given).await);
        let (elm, ash) = (manager(&given, 501, "elm-care").await, manager(&given, 502, "ash-care").await);
        let asking = |text: &str| AskAboutOpening { reference: opening.clone(), text: text.into() };
        app.perform(&elm, "first", asking("May Elm Care apply with two places?")).await.unwrap();
        assert!(app.public_opening(&opening).await.unwrap().answers.is_empty(), "nobody reads it before its answer");
        let question = app.kept_opening(&given.lead, &opening).await.unwrap().asked.remove(0).0.id;
        let (words, answer) = ("May a home of two places apply?", "Yes, from one place on");
        let published =
            AnswerQuestion { reference: opening.clone(), question, words: words.into(), answer: answer.into() };
        given.perform(published.clone()).await.unwrap();
        assert_eq!(code(given.perform(published).await), "question_answered", "once, to everybody");

        let public = app.public_opening(&opening).await.unwrap();
        let theirs = app.own_application(&ash, &opening).await.unwrap();
        for answers in [&public.answers, &theirs.public.answers] {
            let read: Vec<_> = answers.iter().map(|one| (one.question.as_str(), one.answer.as_str())).collect();
            assert_eq!(read, [(words, answer)]);
        }
        assert!(theirs.asked.is_empty(), "the question as it was asked is not theirs to read");
        let session = app.store.read(Some(ash.organisation)).await.unwrap();
        assert!(session.clarifications(public.opening.id, None).await.unwrap().is_empty(), "nor the store's to show");
        drop(session);
        assert_eq!(app.own_application(&elm, &opening).await.unwrap().asked.len(), 1, "the asker reads its own");

        for _ in 0..2 {
            app.do_due_jobs().await.unwrap();
        }
        let mails = app.store.read(Some(region)).await.unwrap().mails(region, 100).await.unwrap();
        let told: Vec<_> = mails.iter().filter(|mail| mail.subject.ends_with("a question is answered")).collect();
        let mut people: Vec<_> = told.iter().map(|mail| mail.recipient.as_str()).collect();
        people.sort_unstable();
        assert_eq!(people, ["manager@ash-care.example", "manager@elm-care.example"]);
        assert!(told.iter().all(|mail| !mail.body.contains("Elm Care")), "{told:?}");

        app.calendar.move_to(date(2021, 9, 24).at(12, 0, 0, 0));
        app.perform(&ash, "in time", asking("Is the day of the interview known?")).await.unwrap();
        app.calendar.move_to(date(2021, 9, 24).at(12, 0, 1, 0));
        assert_eq!(code(app.perform(&elm, "late", asking("Is it still time?")).await), "questions_closed");
    })
    .await;
}

#[tokio::test]
async fn questions_are_answered_until_the_deadline_to_the_second_and_then_they_wait_for_nobody() {
    both(async |database| {
        let given = given(&database).await;
        let (app, opening) = (&given.app, open_now(&given).await);
        let elm = manager(&given, 501, "elm-care").await;
        for text in ["Is a visit needed?", "Is a second visit needed?"] {
            let ask = AskAboutOpening { reference: opening.clone(), text: text.into() };
            app.perform(&elm, text, ask).await.unwrap();
        }
        let asked = app.kept_opening(&given.lead, &opening).await.unwrap().asked;
        let answer = |at: usize| {
            let (reference, question) = (opening.clone(), asked[at].0.id);
            AnswerQuestion {
                reference,
                question,
                words: "Is a visit needed?".into(),
                answer: "No visit is needed.".into(),
            }
        };
        let waits = async || {
            let all = app.owed(&given.lead).await.unwrap();
            all.into_iter().filter(|one| one.what.ends_with("to answer")).map(|one| one.what).collect::<Vec<_>>()
        };
        app.calendar.move_to(date(2021, 9, 30).at(12, 0, 0, 0));
        given.perform(answer(0)).await.unwrap();
        assert_eq!(waits().await, ["1 question to answer"], "its own second is in time");
        app.calendar.move_to(date(2021, 9, 30).at(12, 0, 1, 0));
        assert_eq!(code(given.perform(answer(1)).await), "answers_closed");
        assert_eq!(code(given.perform(answer(0)).await), "question_answered");
        assert!(waits().await.is_empty(), "on the day of the deadline, after it");
        let public = app.public_opening(&opening).await.unwrap();
        assert_eq!(public.answers.len(), 1, "what was refused is not published");
        let kept = app.kept_opening(&given.lead, &opening).await.unwrap().asked;
        assert_eq!(kept.iter().filter(|(one, _)| one.answered.is_none()).count(), 1, "and stays unanswered");
        for _ in 0..2 {
            app.leave_timers().await.unwrap();
            app.do_due_jobs().await.unwrap();
        }
        let region = given.lead.organisation;
        let mails = app.store.read(Some(region)).await.unwrap().mails(region, 500).await.unwrap();
        let chased = mails.iter().any(|mail| mail.subject.contains(&format!("{opening}: a question is not answered")));
        assert!(!chased, "an answer that nobody can give any more is not chased on that day either");
    })
    .await;
}

#[tokio::test]
async fn questions_of_two_providers_about_two_openings_wait_and_are_chased_each_at_its_own_opening() {
    both(async |database| {
        let given = given(&database).await;
        let openings = [open_now(&given).await, open_now(&given).await];
        for (number, code, asked) in [(501, "elm-care", &openings[..]), (502, "ash-care", &openings[1..])] {
            let manager = manager(&given, number, code).await;
            for reference in asked {
                let ask = AskAboutOpening { reference: reference.clone(), text: "Which homes are meant?".into() };
                given.app.perform(&manager, &format!("{code} {reference}"), ask).await.unwrap();
            }
        }
        let asked = given.app.kept_opening(&given.lead, &openings[1]).await.unwrap().asked;
        let askers: Vec<&str> = asked.iter().map(|(_, name)| name.as_str()).collect();
        assert_eq!(askers, ["Elm Care", "Ash Care"]);
        let waits = async || {
            let all = given.app.owed(&given.lead).await.unwrap();
            let asked = all.into_iter().filter(|one| one.what.ends_with("to answer"));
            asked.map(|one| (one.about, one.what)).collect::<Vec<_>>()
        };
        let line = |opening: &String, what: &str| (opening.clone(), what.to_owned());
        let first = line(&openings[0], "1 question to answer");
        assert_eq!(waits().await, [first.clone(), line(&openings[1], "2 questions to answer")]);
        for (question, _) in asked {
            let (reference, id) = (openings[1].clone(), question.id);
            let (words, answer) = ("Which homes are meant?".to_owned(), "Those near Dudley".to_owned());
            given.perform(AnswerQuestion { reference, question: id, words, answer }).await.unwrap();
        }
        assert_eq!(waits().await, [first]);
        given.app.calendar.move_to(date(2021, 9, 16).at(9, 0, 0, 0));
        for _ in 0..2 {
            given.app.leave_timers().await.unwrap();
            given.app.do_due_jobs().await.unwrap();
        }
        let region = given.lead.organisation;
        let told = given.app.store.read(Some(region)).await.unwrap().mails(region, 500).await.unwrap();
        let told: Vec<&str> = told.iter().map(|mail| mail.subject.as_str()).collect();
        let chased = |opening: &str| {
            let subject = format!("{opening}: a question is not answered");
            told.iter().filter(|told| told.contains(&subject)).count()
        };
        assert_eq!((chased(&openings[0]), chased(&openings[1])), (1, 0), "{told:?}");
    })
    .await;
}

#[tokio::test]
async fn only_the_region_of_an_alert_invites_and_only_for_a_new_home() {
    both(async |database| {
        let given = given(&database).await;
        file(&given, NEW_HOMES, date(2021, 9, 10)).await;
        let alert = of(&given, "SC400012").await;
        let key = placewell_app::office::person::random_text::<16>();
        let other = given.app.perform(&given.other, &key, invite(&alert, "jo@birch.example")).await;
        assert!(matches!(other, Err(placewell_app::Outcome::NotFound)), "{other:?}");
        let stale = InviteProvider { version: 7, ..invite(&alert, "jo@birch.example") };
        assert!(matches!(given.perform(stale).await, Err(placewell_app::Outcome::Conflict)));
        let changed = NEW_HOMES.replace("Shropshire,Private,3,Ash Care", "Shropshire,Private,4,Ash Care");
        file(&given, &changed, date(2021, 9, 12)).await;
        let all = given.app.region_alerts(&given.lead, (0, 100)).await.unwrap();
        let places = all.lines.into_iter().map(|line| line.alert).find(|one| one.found.kind == AlertKind::Places);
        let places = places.unwrap();
        assert_eq!(code(given.perform(invite(&places, "jo@birch.example")).await), "alert_of_no_new_home");
    })
    .await;
}

/// The token of the link in mails.
fn link(bodies: &[String], end: &str) -> String {
    let mut lines = bodies.iter().flat_map(|body| body.lines());
    lines.find_map(|line| Some(line.strip_prefix("/emails/")?.strip_suffix(end)?.to_owned())).unwrap()
}

fn stranger() -> Asked {
    Asked {
        legal_name: "Birch Care".into(),
        company_number: "09123456".into(),
        name: "Mal Lory".into(),
        title: "Director".into(),
        email: "mal@stranger.example".into(),
    }
}

#[tokio::test]
async fn a_mailbox_that_had_enough_links_uses_up_nothing_of_its_opening() {
    both(async |database| {
        let given = given(&database).await;
        let opening = open_now(&given).await;
        for at in 0..5 {
            let from = format!("192.0.2.{at}");
            let asking = given.app.ask_to_register(&opening, &stranger(), &from).await.unwrap();
            assert_eq!(asking, Asking::Sent, "the asker cannot tell");
        }
        let rows = database.rows().await;
        let (_, counted) = rows.iter().find(|(table, _)| table == "sign_in_attempt").unwrap();
        let counted = String::from_utf8_lossy(counted);
        let mut times: Vec<usize> = counted.lines().map(|row| row.matches('Z').count()).collect();
        times.sort_unstable();
        // Each address by the hour and by the day; the mailbox and the opening have the links that left.
        assert_eq!(times, [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 3, 3]);
    })
    .await;
}

#[tokio::test]
async fn nobody_passes_over_the_first_person_of_a_provider_who_is_invited_and_has_not_come() {
    both(async |database| {
        let given = given(&database).await;
        let app = &given.app;
        file(&given, NEW_HOMES, date(2021, 9, 10)).await;
        let opening = open_now(&given).await;
        given.perform(invite(&of(&given, "SC400012").await, "jo@birch.example")).await.unwrap();
        for _ in 0..2 {
            app.do_due_jobs().await.unwrap();
        }
        let stranger = stranger();
        assert_eq!(app.ask_to_register(&opening, &stranger, "192.0.2.1").await.unwrap(), Asking::Sent);
        let sent = mails(&given, given.lead.organisation, &stranger.email).await;
        app.register_provider(&link(&sent, "/register"), "three green doors and a lamp").await.unwrap();
        let who = app.actor_by_email(&stranger.email).await.unwrap();
        let number = RecordCompanyNumber { number: "09123457".into(), recorded: 1 };
        assert_eq!(code(app.perform(&who, "number", number).await), "registration_unconfirmed");
        let (found, _) = app.registrations(&given.lead).await.unwrap().remove(0);
        let (registration, version) = (found.id.0, found.version);
        let join = || JoinRegistration { registration, version, provider: "birch-care".into() };
        let confirm = || ConfirmRegistration { registration, version, homes: vec!["SC400012".into()] };
        assert_eq!(code(given.perform(join()).await), "first_person_invited");
        assert_eq!(code(given.perform(confirm()).await), "first_person_invited");
        let welcome = mails(&given, organisation(&given, "birch-care").await, "jo@birch.example").await;
        app.accept_welcome(&link(&welcome, "/welcome"), "four blue doors and a lamp").await.unwrap();
        assert_eq!(code(given.perform(confirm()).await), "home_of_another");
        given.perform(join()).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn nobody_invites_without_the_permission_and_nobody_invites_who_is_removed_from_the_arrangement() {
    both(async |database| {
        let given = given(&database).await;
        file(&given, NEW_HOMES, date(2021, 9, 10)).await;
        let elm = of(&given, "SC400011").await;
        for role in [Role::Analyst, Role::Approver, Role::PlacementOfficer] {
            let actor = Actor { role, ..given.lead.clone() };
            let answer = given.app.perform(&actor, role.code(), invite(&elm, "jo@elm.example")).await;
            assert!(matches!(answer, Err(placewell_app::Outcome::Forbidden(Action::KeepHomes))), "{answer:?}");
        }
        let about = About::Provider("elm-care".into());
        let removal = ProposeMeasure { standing: Standing::Removed, ..suspension(about, None) };
        let proposed = given.perform(removal).await.unwrap();
        let measure = confirm(&given, &proposed.location).await;
        let refused = given.perform(invite(&elm, "jo@elm.example")).await;
        assert_eq!(code(refused), "provider_removed");
        let offered = given.app.may_invite(&given.lead, &elm).await.unwrap().unwrap();
        let said = offered.unwrap_err();
        assert_eq!(said.code, "provider_removed", "the page says so before anybody asks");
        assert!(said.sentence.starts_with("Elm Care is removed"), "{}", said.sentence);
        given.app.do_due_jobs().await.unwrap();
        assert_eq!(of(&given, "SC400011").await.state, AlertState::Waiting, "nothing came of it");
        assert!(mails(&given, organisation(&given, "elm-care").await, "jo@elm.example").await.is_empty());
        let link = Some("https://reports.ofsted.gov.uk/again".to_owned());
        given.perform(Reinstate { measure, version: 2, evidence: Reinstatement::EnquiryClosed, link }).await.unwrap();
        assert!(given.app.may_invite(&given.lead, &elm).await.unwrap().unwrap().is_ok(), "it is offered again");
        given.perform(invite(&elm, "jo@elm.example")).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn whoever_registered_under_an_owners_name_and_is_not_confirmed_is_not_who_an_alert_invites() {
    both(async |database| {
        let given = given(&database).await;
        let (app, region) = (&given.app, given.lead.organisation);
        let (opening, stranger) = (open_now(&given).await, stranger());
        assert_eq!(app.ask_to_register(&opening, &stranger, "192.0.2.1").await.unwrap(), Asking::Sent);
        let sent = mails(&given, region, &stranger.email).await;
        app.register_provider(&link(&sent, "/register"), "three green doors and a lamp").await.unwrap();
        let who = app.actor_by_email(&stranger.email).await.unwrap();
        assert_eq!(who.organisation_name, "Birch Care");
        file(&given, NEW_HOMES, date(2021, 9, 10)).await;
        let birch = of(&given, "SC400012").await;
        let may = app.may_invite(&given.lead, &birch).await.unwrap().unwrap().unwrap();
        assert_eq!((may.provider.as_str(), may.road), ("Birch Care", InvitedBy::FirstPerson), "nobody of it is known");
        given.perform(invite(&birch, "jo@birch.example")).await.unwrap();
        for _ in 0..2 {
            app.do_due_jobs().await.unwrap();
        }
        let invited = of(&given, "SC400012").await.invited.unwrap();
        assert_ne!(invited.provider, who.organisation, "the owner that the register states is another");
        assert_eq!(mails(&given, invited.provider, "jo@birch.example").await.len(), 1);
        for org in [region, who.organisation, invited.provider] {
            let told = mails(&given, org, &stranger.email).await;
            assert!(!told.iter().any(|body| body.contains("new on Ofsted's register")), "{told:?}");
        }
    })
    .await;
}
