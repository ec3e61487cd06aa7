//! The pages about admission, evaluation, standing, alerts, rises in price, monitoring and documents: each opens for those
//! whom it is for; and each of their forms takes bad input with a message at its field, and writes nothing.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::http::StatusCode;
use jiff::SignedDuration;
use jiff::civil::date;
use placewell_app::App;
use placewell_app::demonstration::calendar;
use placewell_domain::homes::monitoring::template::Figure;
use placewell_domain::id::{OrganisationId, PersonId};
use placewell_domain::office::access::Role;
use placewell_domain::office::person::Actor;
use placewell_domain::office::person::session::TokenScope;
use placewell_pages::words;
use placewell_testkit::client::Client;
use placewell_testkit::databases::{TestDatabase, both_filled};
use placewell_web::{Web, router};
use serde_json::{Value, json};

use crate::api::caller::Caller;

mod covered;
mod papers;

const LEAD: &str = "marcus.inkberrow@west-midlands-team.example";
const OFFICER: &str = "priya.shah@herefordshire.example";
const FINANCE: &str = "sunita.varley@herefordshire.example";

/// The pages of these rooms for the regional lead; what stands in braces is one of the demonstration.
const OF_LEAD: &[&str] = &[
    "/region/admission",
    "/region/admission/new",
    "/region/evaluations",
    "/region/evaluations/{evaluation}",
    "/region/providers",
    "/region/providers/{code}",
    "/region/providers/{code}/standing",
    "/region/homes/{home}",
    "/region/homes/{home}/visit",
    "/region/standing",
    "/region/standing/new",
    "/region/standing/{measure}",
    "/region/alerts",
    "/region/alerts/{alert}",
    "/region/uplifts",
    "/region/monitoring",
    "/monitoring",
    "/monitoring/themes",
    "/monitoring/homes/{home}",
    "/monitoring/providers/{code}",
    "/monitoring/concerns/{concern}",
    "/homes/{home}/standing",
    "/homes/{home}/documents",
];

/// For a placement officer.
const OF_OFFICER: &[&str] = &[
    "/alerts",
    "/standing",
    "/evaluations",
    "/monitoring",
    "/monitoring/themes",
    "/monitoring/visits/new",
    "/monitoring/concerns/new",
    "/monitoring/homes/{home}",
    "/monitoring/concerns/{concern}",
    "/stability",
    "/agreements/by-month",
    "/agreements/by-month?month=2021-08",
    "/homes/{home}/standing",
    "/homes/{home}/documents",
];

/// For a provider's manager.
const OF_MANAGER: &[&str] = &[
    "/provider/homes",
    "/provider/admission",
    "/provider/standing",
    "/provider/uplifts",
    "/provider/uplifts/new",
    "/provider/monitoring",
    "/provider/monitoring/hours",
    "/provider/monitoring/concerns/{concern}",
    "/provider/documents",
    "/stability",
    "/agreements/by-month",
    "/agreements/by-month.csv?month=2021-08",
];

/// For finance of an authority.
const OF_FINANCE: &[&str] = &["/finance/uplifts", "/agreements/by-month.xlsx"];

struct Given {
    app: Arc<App>,
    service: axum::Router,
    lead: Actor,
    officer: Actor,
    manager: Actor,
}

/// A form with what is wrong in it, and the messages that say so.
struct Bad<'a> {
    who: &'a Actor,
    at: String,
    action: String,
    fields: Vec<(&'a str, &'a str)>,
    says: &'a [&'a str],
}

/// A form of a page; `act` is what its action adds to the page's path.
fn bad<'a>((who, at, act): (&'a Actor, &str, &str), fields: Vec<(&'a str, &'a str)>, says: &'a [&'a str]) -> Bad<'a> {
    Bad { who, at: at.to_owned(), action: format!("{at}{act}"), fields, says }
}

impl Given {
    /// The demonstration; the manager is of the provider that a concern is about.
    async fn new(database: &TestDatabase) -> Self {
        let app = database.app(calendar()).await;
        let service = router(Web::new(Arc::clone(&app), "http://localhost").await.unwrap());
        let lead = app.actor_by_email(LEAD).await.unwrap();
        let officer = app.actor_by_email(OFFICER).await.unwrap();
        let provider = app.watched(&lead).await.unwrap().concerns[0].provider;
        let given = Self { app, service, manager: officer.clone(), lead, officer };
        Self { manager: given.manager_of(provider).await, ..given }
    }

    async fn manager_of(&self, provider: OrganisationId) -> Actor {
        let session = self.app.store.read(Some(provider)).await.unwrap();
        let people = session.people_in_role(provider, Role::ProviderManager, date(2021, 9, 13)).await.unwrap();
        people.into_iter().next().unwrap().actor
    }

    async fn person(&self, person: PersonId) -> Actor {
        let email = self.app.store.read(None).await.unwrap().person_email(person).await.unwrap();
        self.app.actor_by_email(&email).await.unwrap()
    }

    async fn client(&self, who: &Actor) -> Client {
        Client::with_session(self.service.clone(), &self.app.start_session(who).await.unwrap())
    }

    /// How many events the organisations of those who ask have on their chains.
    async fn events(&self, orgs: &BTreeSet<OrganisationId>) -> Vec<usize> {
        let mut all = Vec::new();
        for org in orgs {
            let session = self.app.store.read(Some(*org)).await.unwrap();
            all.push(session.events_after(*org, 0, 1_000_000).await.unwrap().len());
        }
        all
    }

    /// Sends each form; none is taken, each says what is wrong, and nothing is written.
    async fn refuses(&self, forms: Vec<Bad<'_>>) {
        let who = [&self.lead, &self.officer, &self.manager].into_iter().chain(forms.iter().map(|bad| bad.who));
        let orgs: BTreeSet<OrganisationId> = who.map(|who| who.organisation).collect();
        let before = self.events(&orgs).await;
        for bad in forms {
            let client = self.client(bad.who).await;
            let shown = client.submit(&bad.at, &bad.action, &bad.fields).await;
            assert_eq!(shown.status, StatusCode::UNPROCESSABLE_ENTITY, "{}: {}", bad.action, shown.h1());
            for words in bad.says {
                assert!(shown.body.contains(words), "{} does not say: {words}", bad.action);
            }
            assert!(shown.body.contains("There is a problem"), "{}", bad.action);
        }
        assert_eq!(self.events(&orgs).await, before, "what was refused wrote something");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_homes_opens_for_each_asker_that_it_is_for() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let finance = given.app.actor_by_email(FINANCE).await.unwrap();
        let concern = given.app.watched(&given.lead).await.unwrap().concerns[0].clone();
        let lead = &given.lead;
        let evaluation = given.app.evaluations(&given.lead).await.unwrap()[0].id;
        let alert = given.app.region_alerts(&given.lead, (0, 1)).await.unwrap().lines[0].alert.id;
        let measure = given.app.region_measures(&given.lead).await.unwrap()[0].id;
        let named = [
            ("{home}", concern.urn.clone()),
            ("{code}", given.manager.code.clone()),
            ("{concern}", concern.id.to_string()),
            ("{evaluation}", evaluation.to_string()),
            ("{alert}", alert.to_string()),
            ("{measure}", measure.to_string()),
        ];
        let askers =
            [(lead, OF_LEAD), (&given.officer, OF_OFFICER), (&given.manager, OF_MANAGER), (&finance, OF_FINANCE)];
        for (who, pages) in askers {
            let client = given.client(who).await;
            for path in pages {
                let path = named.iter().fold((*path).to_owned(), |path, (name, value)| path.replace(name, value));
                let page = client.get(&path).await;
                assert_eq!(page.status, StatusCode::OK, "{path} for {}: {}", who.role.label(), page.h1());
            }
        }
        let manager = given.client(&given.manager).await;
        for path in ["/region/standing", "/monitoring", "/alerts", "/region/uplifts"] {
            assert_eq!(manager.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_who_follows_the_mail_about_a_proposed_measure_lands_on_it() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let all = given.app.region_measures(&given.lead).await.unwrap();
        let proposed = all.iter().find(|one| one.state.name() == "proposed").unwrap();
        let officer = given.client(&given.officer).await;
        let page = officer.get(&format!("/standing?measure={}", proposed.id)).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.h1());
        let main = page.body.split("<main").nth(1).unwrap();
        let heading = format!("<h2 class=\"govuk-heading-m\">{}</h2>", proposed.name);
        assert!(main.contains(&heading), "it does not stand first: {}", proposed.name);
        assert!(main.contains(&words::moment(proposed.confirm_by)), "by when it is confirmed");
        assert!(main.contains("of working time left") || main.contains("Overdue"), "what is left of that time");
        for unknown in ["999999999", "elm"] {
            let page = officer.get(&format!("/standing?measure={unknown}")).await;
            assert_eq!(page.status, StatusCode::OK, "{unknown}");
            assert!(!page.body.contains(&heading), "{unknown}");
        }
        let manager = given.client(&given.manager).await;
        let refused = manager.get(&format!("/standing?measure={}", proposed.id)).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert!(!refused.body.contains(&heading));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_region_reads_on_pages_and_by_the_api_how_long_is_left_to_confirm_a_measure_or_how_late_it_is() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let client = given.client(&given.lead).await;
        let all = given.app.region_measures(&given.lead).await.unwrap();
        let waiting: Vec<_> = all.iter().filter(|one| one.state.name() == "proposed").collect();
        let first = *waiting.iter().min_by_key(|one| (one.confirm_by, one.id)).unwrap();
        let token = given.app.create_token(&given.lead, "test", 1, &TokenScope::Everything).await.unwrap();
        let program = Caller::new(given.service.clone(), &token);
        let due = first.confirm_by;
        for (minutes, says, left, late) in [
            (-20_i64, "20 minutes of working time left", 20, None),
            (0, "0 minutes of working time left", 0, None),
            (25, "since 25 minutes of working time", 0, Some(25)),
        ] {
            given.app.calendar.move_to(due.saturating_add(SignedDuration::from_mins(minutes)));
            let page = client.get("/region/standing").await;
            let table = page.body.split("To confirm or drop").nth(1).unwrap();
            let row = table.split("<tr").nth(2).unwrap();
            let link = format!("href=\"/region/standing/{}\"", first.id);
            assert!(row.contains(&link) && row.contains(says), "{minutes}: it stands first: {row}");
            assert_eq!(row.contains("Overdue"), late.is_some(), "{minutes}: {row}");
            let own = client.get(&format!("/region/standing/{}", first.id)).await;
            assert!(own.body.contains(says), "{minutes}: {}", own.body);
            let list = program.get("/api/v1/measures").await.is(200).json;
            let found = &list["items"][0];
            assert_eq!(found["id"], first.id.to_string(), "{minutes}: {found}");
            assert_eq!((&found["minutes_left"], &found["minutes_late"]), (&json!(left), &json!(late)), "{found}");
            let read = program.get(&format!("/api/v1/measures/{}", first.id)).await.is(200).json;
            assert_eq!(&read["measure"], found, "{minutes}");
            let mut rest = list["items"].as_array().unwrap().iter().filter(|one| one["state"] != "proposed");
            assert!(rest.all(|one| one["minutes_left"] == Value::Null), "{list}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_reader_of_a_provider_is_led_to_a_page_that_they_may_not_open() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let all = given.app.evaluations(&given.lead).await.unwrap();
        let admitted = all.iter().find(|one| one.state.name() == "admitted").unwrap();
        let provider = given.app.store.read(None).await.unwrap().organisation_by_id(admitted.provider).await.unwrap();
        let lead = given.client(&given.lead).await;
        let page = lead.get(&format!("/region/providers/{}", provider.code)).await;
        let main = page.body.split("<main").nth(1).unwrap();
        let links: Vec<&str> = main.split("href=\"/").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert!(links.iter().any(|link| link.starts_with("region/evaluations/")), "{links:?}");
        for link in links {
            assert_eq!(lead.get(&format!("/{link}")).await.status, StatusCode::OK, "/{link}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_of_standing_and_alerts_name_what_is_wrong_and_write_nothing() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let (app, lead) = (&given.app, &given.lead);
        let measures = app.region_measures(lead).await.unwrap();
        let proposed = measures.iter().find(|one| one.state.name() == "proposed").unwrap().id;
        let proposed = format!("/region/standing/{proposed}");
        let alerts = app.region_alerts(lead, (0, 100)).await.unwrap();
        let waiting = alerts.lines.iter().find(|one| one.alert.state.name() == "waiting").unwrap().alert.id;
        let waiting = format!("/region/alerts/{waiting}");
        let home = app.watched(lead).await.unwrap().concerns[0].urn.clone();
        let (join, visit) =
            (format!("/region/providers/{}/standing", given.manager.code), format!("/region/homes/{home}/visit"));
        let new = "/region/standing/new";
        let judged = vec![
            ("about", "home"),
            ("code", home.as_str()),
            ("standing", "suspended"),
            ("reason", "inadequate"),
            ("dated", "2021-09-10"),
        ];
        let elsewhere = [judged.clone(), vec![("link", "https://elm-care.example/news")]].concat();
        let forms = vec![
            bad((lead, new, ""), vec![], &["Select whom it is about", "Select how it would stand", "Select why"]),
            bad((lead, new, ""), vec![], &["Enter the day of the judgement or notice"]),
            bad((lead, new, ""), judged, &["Enter where the judgement or notice can be read"]),
            bad((lead, new, ""), elsewhere, &["elm-care.example is not a site of Ofsted, government or a court"]),
            bad((lead, &proposed, "/drop"), vec![], &["Select why it is dropped"]),
            bad((lead, &join, ""), vec![], &["Select who says so", "Select how it stands", "Select why"]),
            bad(
                (lead, &visit, ""),
                vec![("kind", "full")],
                &["Enter the first day of the visit", "Enter where the report or the home is on Ofsted"],
            ),
            bad((lead, &waiting, ""), vec![], &["Say what is done about it", "Enter by when it is done"]),
        ];
        given.refuses(forms).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_of_an_opening_a_rise_and_a_document_name_what_is_wrong_and_write_nothing() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let (lead, manager) = (&given.lead, &given.manager);
        let unsound = vec![
            ("q1_text", "How do you match?"),
            ("q1_weight", "60"),
            ("q2_text", "How do you keep safe?"),
            ("q2_weight", "30"),
            ("lots", "planned"),
            ("planned_care_floor", "4500"),
            ("planned_care_ceiling", "4500"),
            ("planned_accommodation_floor", "500"),
        ];
        let says = [
            "The weights sum to 90: change them so that they sum to 100",
            "Enter a ceiling above the floor",
            "Enter the ceiling of this part too",
        ];
        let forms = vec![
            bad(
                (lead, "/region/admission/new", ""),
                vec![],
                &["Enter what the opening is called", "Select why the arrangement opens"],
            ),
            bad((lead, "/region/admission/new", ""), unsound, &says),
            bad(
                (manager, "/provider/uplifts/new", ""),
                vec![("basis", "formula"), ("percent", "much")],
                &["Select which price", "Enter a percentage from 0.01 to 100", "Enter the first night"],
            ),
            bad(
                (manager, "/provider/documents", ""),
                vec![("from_day", "31"), ("from_month", "2"), ("from_year", "2021")],
                &["Select what it is", "Enter the document", "31 2 2021 is not a real date", "Select who can see it"],
            ),
        ];
        given.refuses(forms).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_of_monitoring_name_what_is_wrong_and_a_childs_telephone_is_confirmed_or_taken_out() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let (app, officer, manager) = (&given.app, &given.officer, &given.manager);
        let concern = app.watched(&given.lead).await.unwrap().concerns[0].clone();
        let concern_page = format!("/monitoring/concerns/{}", concern.id);
        let own_page = format!("/provider/monitoring/concerns/{}", concern.id);
        let telling = vec![
            ("urn", concern.urn.as_str()),
            ("theme", "staffing"),
            ("severity", "low"),
            ("words", "Ring her on 01632 960 123"),
        ];
        let raise = "/monitoring/concerns/new";
        let forms = vec![
            bad(
                (officer, "/monitoring/visits/new", ""),
                vec![],
                &["number, like SC400001", "Enter the day of the visit", "Select whether the home is told"],
            ),
            bad(
                (officer, raise, ""),
                vec![],
                &["Select what it is about", "Select how grave it is", "Enter what you are concerned about"],
            ),
            bad((officer, raise, ""), telling.clone(), &["A telephone number stands in words", "01632 960 123"]),
            bad((officer, &concern_page, "/close"), vec![], &["Select how it ends"]),
            bad((manager, &own_page, "/plan"), vec![], &["Enter what is done", "Select who does it", "Enter by when"]),
        ];
        given.refuses(forms).await;

        // The officer looked, and says that it is the agency's own number.
        let client = given.client(officer).await;
        let shown = client.submit(raise, raise, &telling).await;
        let key = shown.body.split("value=\"words:phone:").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        let key = format!("words:phone:{key}");
        let confirmed = [telling, vec![("confirmed", key.as_str())]].concat();
        let sent = client.submit(raise, raise, &confirmed).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_of_an_evaluation_name_what_is_wrong_and_write_nothing() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let lead = &given.lead;
        let all = given.app.evaluations(lead).await.unwrap();
        let at = |state: &str| all.iter().find(|one| one.state.name() == state).unwrap();
        let scoring = at("scoring");
        // The demonstration's first two evaluators of it have declared nothing yet.
        let undeclared = given.person(scoring.panel[0].person).await;
        let scorer = given.person(scoring.panel[1].person).await;
        let (own, question) = (format!("/evaluations/{}", scoring.id), &scoring.criteria.quality[0].code);
        let declared = given.client(&scorer).await.submit(&own, &format!("{own}/declare"), &[("conflict", "no")]).await;
        assert_eq!(declared.status, StatusCode::SEE_OTHER, "{}", declared.body);
        let score = format!("{question}_score");
        let page = |state: &str| format!("/region/evaluations/{}", at(state).id);
        let forms = vec![
            bad((&undeclared, &own, "/declare"), vec![], &["Select whether you have a conflict of interest"]),
            bad((&scorer, &own, "/scores"), vec![(score.as_str(), "much")], &["Give a score from 0 to 5"]),
            bad((&scorer, &own, "/scores"), vec![("hand_in", "yes")], &["Give a score"]),
            bad((lead, &page("scoring"), "/evaluator"), vec![], &["Enter the e-mail address of the evaluator"]),
            bad(
                (lead, &page("standstill"), "/challenge"),
                vec![],
                &["Select whether it is upheld", "Enter the answer: the provider reads it"],
            ),
        ];
        given.refuses(forms).await;

        let client = given.client(&undeclared).await;
        let declared = client.submit(&own, &format!("{own}/declare"), &[("conflict", "no")]).await;
        assert_eq!(declared.status, StatusCode::SEE_OTHER, "{}", declared.body);
        let names: Vec<(String, String)> = scoring
            .criteria
            .quality
            .iter()
            .map(|one| (format!("{}_score", one.code), format!("{}_comment", one.code)))
            .collect();
        let marks = names.iter().flat_map(|(score, comment)| [(score.as_str(), "4"), (comment.as_str(), "As told")]);
        let marks: Vec<(&str, &str)> = marks.chain([("hand_in", "yes")]).collect();
        for who in [&undeclared, &scorer] {
            let sent = given.client(who).await.submit(&own, &format!("{own}/scores"), &marks).await;
            assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        }
        let record = page("scoring");
        let opened = given.client(lead).await.submit(&record, &format!("{record}/moderate"), &[]).await;
        assert_eq!(opened.status, StatusCode::SEE_OTHER, "{}", opened.body);
        let says = ["Give a score from 0 to 5", "Say what is recommended and why"];
        given.refuses(vec![bad((lead, &record, "/recommend"), vec![], &says)]).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_of_a_measure_in_force_a_rise_and_a_return_name_what_is_wrong_and_write_nothing() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let (app, lead) = (&given.app, &given.lead);
        let client = given.client(lead).await;
        let mut in_force = None;
        for measure in app.region_measures(lead).await.unwrap() {
            let at = format!("/region/standing/{}", measure.id);
            if client.get(&at).await.body.contains(&format!("{at}/reinstate")) {
                in_force = Some(at);
                break;
            }
        }
        let in_force = in_force.expect("no measure of the demonstration can be ended");
        let (manager, new) = (given.client(&given.manager).await, "/provider/uplifts/new");
        let page = manager.get(new).await;
        let price = page.body.split("value=\"SC").last().and_then(|rest| rest.split('"').next()).unwrap();
        let price = format!("SC{price}");
        let fields = [("price", price.as_str()), ("basis", "formula"), ("percent", "0.5"), ("from", "2021-12-01")];
        let sent = manager.submit(new, new, &fields).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{price}: {}", sent.body);
        let rises = app.uplifts(lead).await.unwrap();
        let asked = rises.iter().find(|(one, _)| one.state.name() == "asked").unwrap().0.id;
        let rise = format!("/region/uplifts/{asked}");
        let due = app.monitoring_round(lead, None).await.unwrap().returns;
        let due = due.into_iter().find(|one| one.state.name() == "due").unwrap();
        let (of_due, figures) =
            (given.manager_of(due.provider).await, format!("/provider/monitoring/returns/{}", due.id));
        let forms = vec![
            bad((lead, &in_force, "/reinstate"), vec![], &["Select what shows it"]),
            bad((lead, &rise, "/decide"), vec![], &["Select what is decided"]),
            bad(
                (lead, &rise, "/decide"),
                vec![("outcome", "refused"), ("weekly", "much")],
                &["Enter the price of a week, like 4230"],
            ),
            bad((&of_due, &figures, ""), vec![(Figure::ALL[0].code(), "some")], &["Enter a whole number"]),
        ];
        given.refuses(forms).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_takes_no_new_placements_is_listed_over_the_api_with_the_children_who_stay() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let token = given.app.create_token(&given.lead, "test", 1, &TokenScope::Everything).await.unwrap();
        let lead = Caller::new(given.service.clone(), &token);
        let (mut items, mut after): (Vec<Value>, String) = (Vec::new(), String::new());
        loop {
            let page = lead.get(&format!("/api/v1/region/no-new-placements?limit=5&after={after}")).await.is(200).json;
            items.extend(page["items"].as_array().unwrap().iter().cloned());
            let Some(next) = page["next"].as_str() else { break };
            next.clone_into(&mut after);
        }
        let stopped = given.app.stopped(&given.lead).await.unwrap();
        assert_eq!(items.len(), stopped.len(), "each once, whatever the pages");
        assert!(stopped.iter().any(|one| one.placed() > 0));
        for one in &stopped {
            let (since, source) = (one.fact.from.to_string(), one.fact.source.code());
            let standing = one.fact.standing.code();
            let same = |item: &&Value| {
                let said = item["standing"] == standing && item["source"] == source;
                said && item["code"] == one.code && item["since"] == since
            };
            let found = items.iter().find(same).unwrap();
            assert_eq!(found["children"], one.placed(), "{}", one.name);
            assert_eq!(found["by_authority"].as_array().unwrap().len(), one.children.len(), "{}", one.name);
        }
    })
    .await;
}
