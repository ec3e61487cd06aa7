//! Comparing, recommending, approving and running an agreement through the browser's eyes: what is hidden, what each page
//! names, which gates hold, and that a double press or an old page loses nothing.

use std::sync::Arc;

use axum::http::StatusCode;
use jiff::civil::date;
use placewell_domain::money::Pence;
use placewell_domain::placing::referral::Prices;
use placewell_testkit::client::{Client, Page};
use placewell_testkit::databases::{TestDatabase, both};
use placewell_web::{Web, router};

use super::world::{DEPUTY, DIRECTOR, HEF, MANAGER, OFFICER, START, World, both_made};

mod deciding;
mod following;
mod responsible;
mod scored;
mod withheld;

const REFERRAL: &str = "HEF-R-0042";
const NEAR: &str = "E06000019";
const FAR: &str = "E08000025";
const CEILING: Pence = Pence::pounds(400_000);

struct Given {
    world: World,
    officer: Client,
    director: Client,
    deputy: Client,
    manager: Client,
}

/// In a copy of the world whose home is near.
async fn given(database: &TestDatabase, weekly: &[i64], prices: Prices) -> Given {
    given_in(World::opened(database).await, weekly, prices).await
}

async fn given_in(world: World, weekly: &[i64], prices: Prices) -> Given {
    for id in 2..=i64::try_from(weekly.len()).unwrap() {
        world.home(id, NEAR, 2).await;
    }
    world.searched(42, weekly, (false, prices), HEF).await;
    let router = router(Web::new(Arc::clone(&world.app), "http://localhost").await.unwrap());
    let mut clients = Vec::new();
    for person in [OFFICER, DIRECTOR, DEPUTY, MANAGER] {
        let actor = world.app.actor_by_email(&format!("p{person}@example.com")).await.unwrap();
        clients.push(Client::with_session(router.clone(), &world.app.start_session(&actor).await.unwrap()));
    }
    let mut clients = clients.into_iter();
    let mut next = || clients.next().unwrap();
    Given { officer: next(), director: next(), deputy: next(), manager: next(), world }
}

fn path(act: &str) -> String {
    format!("/referrals/{REFERRAL}/{act}")
}

/// The answers of a recommendation that meets every gate.
fn answers() -> Vec<(&'static str, &'static str)> {
    vec![
        ("for_1", "Keeps the school"),
        ("against_2", "Too far from her brother"),
        ("not_chosen_2", "price"),
        ("wishes", "ascertained"),
        ("wishes_words", "Wants to stay near her brother"),
        ("relatives", "consulted"),
        ("case", "children_looked_after"),
        ("planned_end_day", "29"),
        ("planned_end_month", "11"),
        ("planned_end_year", "2021"),
        ("reviewing_officer_day", "10"),
        ("reviewing_officer_month", "9"),
        ("reviewing_officer_year", "2021"),
        ("area_authority_day", "10"),
        ("area_authority_month", "9"),
        ("area_authority_year", "2021"),
        ("most_appropriate", "yes"),
        ("in_care_plan", "yes"),
        ("care_plan_sent", "yes"),
        ("circumstances", "One home could take her"),
    ]
}

async fn recommend(given: &Given, answers: &[(&str, &str)]) -> Page {
    given.officer.submit(&path("recommend?offer=1"), &path("recommend"), answers).await
}

#[tokio::test]
async fn rule_5_3_comparing_shows_no_price_while_they_are_sealed_and_all_of_them_after() {
    both_made(3, CEILING, async |database| {
        let given = given(&database, &[4_321, 3_987], Prices::Sealed).await;
        for client in [&given.officer, &given.director] {
            for page in ["offers/compare", "offers/compare?o=1&o=2", "offers/compare?rows=differ"] {
                let page = client.get(&path(page)).await;
                assert_eq!(page.status, StatusCode::OK);
                for canary in ["4,321", "3,987", "£334", "43,210", "39,870", "Canary"] {
                    assert!(!page.body.contains(canary), "{canary} while sealed");
                }
                assert!(page.body.contains("Prices are sealed until"));
                assert!(!page.body.contains("recommend?offer="), "nothing is recommended while sealed");
            }
        }
        let early = given.officer.get(&path("recommend?offer=1")).await;
        assert_eq!(early.status, StatusCode::CONFLICT);
        assert!(!early.body.contains("4,321"));
        given.world.at(date(2021, 9, 13), 15);
        let open = given.officer.get(&path("offers/compare")).await;
        for shown in ["£4,321", "£3,987", "£334", "differs", "recommend?offer=1"] {
            assert!(open.body.contains(shown), "{shown} once open");
        }
        assert!(open.body.contains("limb (b) of decision HEF-2019-0114"), "the approvals that each offer needs");
    })
    .await;
}

#[tokio::test]
async fn rule_1_5_each_approval_is_named_with_its_rule_and_every_gate_holds() {
    both(async |database| {
        let given = given_in(World::new(&database, FAR, 3, CEILING).await, &[4_150], Prices::Open).await;
        let form = given.officer.get(&path("recommend?offer=1")).await;
        for named in [
            "Regulation 11(2)(b)",
            "director of children&#39;s services of the responsible authority",
            "holder of a post that the limb names",
            "Ask for 2 approvals",
            "the threshold is £663,540",
        ] {
            let plain = named.replace("&#39;", "'");
            assert!(form.body.contains(named) || form.body.contains(&plain), "{named}");
        }
        let gates = [
            ("most_appropriate", "no", "most appropriate one available"),
            ("in_care_plan", "no", "consistent with the care plan"),
            ("relatives", "not_yet", "relatives"),
            ("wishes", "not_practicable", "wishes and feelings"),
            ("care_plan_sent", "", "Consulting the area authority, with the care plan"),
        ];
        for (field, answer, says) in gates {
            let mut wrong = answers();
            wrong.retain(|(name, _)| *name != field);
            wrong.extend([(field, answer), ("relatives_words", "They live abroad")]);
            let page = recommend(&given, &wrong).await;
            assert_eq!(page.status, StatusCode::CONFLICT, "{field}: {}", page.h1());
            assert!(page.body.contains(says), "{field}: {}", page.h1());
        }
        let mut missing = answers();
        missing.retain(|(name, _)| *name != "wishes_words");
        let again = recommend(&given, &missing).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(again.body.contains("Keeps the school"), "what was typed is still there");
        let session = given.world.app.store.read(Some(HEF)).await.unwrap();
        let kept = session.approvals(HEF, placewell_app::placing::approval::ApprovalTab::Open, 9).await.unwrap();
        assert!(kept.is_empty(), "nothing was written");
        drop(session);
        let asked = recommend(&given, &answers()).await;
        assert_eq!(asked.location.as_deref(), Some("/approvals/HEF-D-0001"));
        let page = given.director.get("/approvals/HEF-D-0001").await;
        for named in ["HEF-D-0002", "Regulation 11(2)(b)", "Keeps the school", "Wants to stay near her brother"] {
            assert!(page.body.contains(named), "{named}");
        }
        assert!(page.body.contains("You cannot approve this placement"), "only the statutory director can");
        assert!(!page.body.contains("Canary"), "no name");
    })
    .await;
}

#[tokio::test]
async fn a_double_press_or_an_old_page_makes_one_agreement_and_loses_nothing() {
    both_made(3, CEILING, async |database| {
        let given = given(&database, &[4_150], Prices::Open).await;
        recommend(&given, &answers()).await;
        let act = "/approvals/HEF-D-0001/approve";
        let refused = given.deputy.get(act).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "cover moves tasks, never power");
        let shown = given.director.get(act).await;
        let hidden = shown.form(act);
        let fields: Vec<(&str, &str)> = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let first = given.director.post(act, &fields).await;
        let second = given.director.post(act, &fields).await;
        assert_eq!(first.status, StatusCode::SEE_OTHER);
        assert_eq!(first.location, second.location, "a double press");
        let old: Vec<(&str, &str)> =
            fields.iter().map(|(name, value)| (*name, if *name == "_key" { "another" } else { *value })).collect();
        assert_eq!(given.director.post(act, &old).await.status, StatusCode::CONFLICT, "an old page");
        let session = given.world.app.store.read(Some(HEF)).await.unwrap();
        let tab = placewell_app::placing::agreement::AgreementTab::Coming;
        assert_eq!(session.agreements(HEF, tab, (0, 9)).await.unwrap().1, 1);
    })
    .await;
}

async fn agreed(given: &Given) {
    recommend(given, &answers()).await;
    let act = "/approvals/HEF-D-0001/approve";
    let done = given.director.submit(act, act, &[]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.h1());
    given.world.app.do_due_jobs().await.unwrap();
}

fn act(name: &str) -> String {
    format!("/agreements/HEF-A-0001/{name}")
}

#[tokio::test]
async fn an_agreement_says_what_was_agreed_about_care_to_both_sides_and_on_paper() {
    both_made(3, CEILING, async |database| {
        let given = given(&database, &[4_150], Prices::Open).await;
        agreed(&given).await;
        let page = given.officer.get("/agreements/HEF-A-0001").await;
        for shown in ["No outcome is recorded yet", "20 working", "1 day, either side", "Room 1", "70 nights"] {
            let wanted = shown != "20 working";
            assert_eq!(page.body.contains(shown), wanted, "{shown}");
        }
        let empty = given.officer.submit(&act("particulars"), &act("particulars"), &[("staffing", "One adult")]).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(empty.body.contains("Enter at least one outcome") && empty.body.contains("One adult"));
        let care = [
            ("outcomes", "Joins a club"),
            ("staffing", "One adult to two children"),
            ("included", "pocket_money"),
            ("education", "Stays at school"),
            ("health", "A dentist nearby"),
        ];
        let done = given.officer.submit(&act("particulars"), &act("particulars"), &care).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.h1());
        given.world.app.do_due_jobs().await.unwrap();
        for client in [&given.officer, &given.manager] {
            let page = client.get("/agreements/HEF-A-0001").await;
            for shown in ["Joins a club", "One adult to two children", "Pocket money", "Tutoring", "A dentist nearby"] {
                assert!(page.body.contains(shown), "{shown}");
            }
            assert!(!page.body.contains("Canary"));
            let pdf = client.get("/agreements/HEF-A-0001.pdf").await;
            assert!(pdf.bytes.starts_with(b"%PDF"));
        }
        let theirs = given.manager.get("/agreements/HEF-A-0001").await;
        for hidden in ["Committed of the annual value", "Procurement threshold", "Exceptions above"] {
            assert!(!theirs.body.contains(hidden), "{hidden} on the provider's page");
        }
    })
    .await;
}

/// Extra support in October, as the form asks for it.
const SUPPORT: [(&str, &str); 13] = [
    ("label", "Evenings, one to one"),
    ("hours", "28"),
    ("rate", "18.50"),
    ("staff", "1"),
    ("from_day", "4"),
    ("from_month", "10"),
    ("from_year", "2021"),
    ("to_day", "1"),
    ("to_month", "11"),
    ("to_year", "2021"),
    ("review_on_day", "18"),
    ("review_on_month", "10"),
    ("review_on_year", "2021"),
];

#[tokio::test]
async fn rule_1_2_each_act_of_an_agreement_names_its_power_and_shows_what_it_releases() {
    both_made(3, CEILING, async |database| {
        let given = given(&database, &[4_150], Prices::Open).await;
        agreed(&given).await;
        given.world.at(START, 9);
        let start = [("on_day", "20"), ("on_month", "9"), ("on_year", "2021"), ("unsigned", "emergency")];
        let done = given.officer.submit(&act("start"), &act("start"), &start).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.h1());
        let form = given.officer.get(&act("notice")).await;
        assert!(form.body.contains("Released of the annual value today") && form.body.contains("£40,907.14"));
        let by = DIRECTOR.to_string();
        let nobody = given.officer.submit(&act("support"), &act("support"), &SUPPORT).await;
        assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(nobody.body.contains("Choose who decided it") && nobody.body.contains("Evenings, one to one"));
        let mut cited = SUPPORT.to_vec();
        cited.extend([("decided_by", by.as_str()), ("said_on_day", "20"), ("said_on_month", "9")]);
        cited.extend([("said_on_year", "2021"), ("said_on_time", "8:30am")]);
        let done = given.officer.submit(&act("support"), &act("support"), &cited).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.h1());
        let page = given.officer.get("/agreements/HEF-A-0001").await;
        for shown in [
            "Evenings, one to one: £0 to £518 a week from 4 October 2021. Extra support",
            "Limb (b) of decision HEF-2019-0114",
            "Person 12",
            "Annual value committed",
            "£2,072",
        ] {
            assert!(page.body.contains(shown), "{shown}");
        }
        let review = [
            ("planned_end_day", "1"),
            ("planned_end_month", "11"),
            ("planned_end_year", "2021"),
            ("decided_by", by.as_str()),
            ("said_on_day", "20"),
            ("said_on_month", "9"),
            ("said_on_year", "2021"),
            ("said_on_time", "8:30am"),
        ];
        let done = given.officer.submit(&act("review"), &act("review"), &review).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.h1());
        let page = given.officer.get("/agreements/HEF-A-0001").await;
        assert!(page.body.contains("Annual value released") && page.body.contains("£16,600"));
        assert!(page.body.contains("Planned end: 29 November 2021 to 1 November 2021"));
        assert!(page.body.contains("Decisions by word of mouth") && page.body.contains("Not yet, by"));
        let form = given.director.get(&act("confirm")).await;
        assert!(form.body.contains("Vary an agreement, said 8:30am"), "{}", form.body);
        let done = given.director.submit(&act("confirm"), &act("confirm"), &[("made", "4")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.h1());
        let own = given.director.get(&act("notice")).await;
        assert!(own.body.contains("You decide this yourself, as Director."), "{}", own.body);
        let done = given.director.submit(&act("notice"), &act("notice"), &[]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.h1());
    })
    .await;
}

#[tokio::test]
async fn rule_3_4_funders_a_step_down_review_and_what_a_provider_asks_for_are_entered_on_pages() {
    both_made(3, CEILING, async |database| {
        let given = given(&database, &[4_150], Prices::Open).await;
        agreed(&given).await;
        given.world.at(START, 9);
        let start = [("on_day", "20"), ("on_month", "9"), ("on_year", "2021"), ("unsigned", "emergency")];
        given.officer.submit(&act("start"), &act("start"), &start).await;
        let uneven = [("line", "0"), ("authority_share", "60"), ("education_share", "25"), ("health_share", "20")];
        let uneven: Vec<(&str, &str)> = uneven.into_iter().chain([("agreed", "no")]).collect();
        let again = given.officer.submit(&act("funders"), &act("funders"), &uneven).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(again.body.contains("Enter three shares that make 100"));
        let even = [("line", "0"), ("authority_share", "60"), ("education_share", "25"), ("health_share", "15")];
        let even: Vec<(&str, &str)> = even.into_iter().chain([("agreed", "no")]).collect();
        let done = given.officer.submit(&act("funders"), &act("funders"), &even).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.h1());
        let page = given.officer.get("/agreements/HEF-A-0001").await;
        assert!(
            page.body.contains("authority £2,490, education £1,037.50, health £622.50 (disputed)"),
            "{}",
            page.body
        );
        let ask = [("asked", "planned_end"), ("on_day", "1"), ("on_month", "11"), ("on_year", "2021")];
        let done = given.manager.submit(&act("ask"), &act("ask"), &ask).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.h1());
        let list = given.officer.get("/agreements?tab=todo").await;
        for shown in ["To do (2)", "both sides have not signed", "Another planned end: 1 November 2021"] {
            assert!(list.body.contains(shown), "{shown}: {}", list.body);
        }
        let none = given.manager.get("/agreements").await;
        assert!(!none.body.contains("To do ("), "a provider has no such list");
        let decline = [("number", "1"), ("reason", "not_agreed")];
        let done = given.officer.submit(&act("decline"), &act("decline"), &decline).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.h1());
        let theirs = given.manager.get("/agreements/HEF-A-0001").await;
        assert!(theirs.body.contains("The authority does not agree"), "the provider reads the answer");
        let nothing = given.director.get(&act("step-down")).await;
        assert_eq!(nothing.status, StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn a_night_of_a_home_shows_counts_to_all_and_a_childs_own_nights_to_their_authority_only() {
    both_made(3, CEILING, async |database| {
        let given = given(&database, &[4_150], Prices::Open).await;
        agreed(&given).await;
        let night = given.officer.get("/homes/SC392492/beds/2021-09-20").await;
        assert_eq!(night.status, StatusCode::OK, "{}", night.h1());
        assert!(night.body.contains("HEF-A-0001") && night.body.contains("Held"), "{}", night.words("main"));
        let before = given.officer.get("/homes/SC392492/beds/2021-09-19").await;
        assert!(!before.body.contains("HEF-A-0001"));
        for wrong in ["2021-13-40", "tomorrow", "9999-99-99"] {
            let page = given.officer.get(&format!("/homes/SC392492/beds/{wrong}")).await;
            assert_eq!(page.status, StatusCode::NOT_FOUND, "{wrong}");
        }
        assert_eq!(given.manager.get("/homes/SC392492/beds/2021-09-20").await.status, StatusCode::FORBIDDEN);
    })
    .await;
}
