//! Words about a home that others read name no child whom the writer knows, through the commands, on both databases: each
//! finding is taken out or confirmed, and the confirmation is recorded without the words (rule 5.6).

use jiff::civil::date;
use placewell_app::homes::monitoring::{
    CompleteAction, PlanAction, PlanVisit, RaiseConcern, RecordVisit, SendActionBack,
};
use placewell_app::naming::Confirmed;
use placewell_domain::homes::monitoring::Theme;
use placewell_domain::homes::monitoring::concern::{NewAction, Owner, Severity};
use placewell_domain::homes::monitoring::visit::{Finding, Level};
use placewell_domain::office::access::Role;
use placewell_testkit::databases::both;

use super::disclosing::ground;
use super::running::started;
use super::said::stopped;
use super::world::{BIR, HEF, MANAGER, OFFICER, PROVIDER, actor, officer};
use super::{WHOLE, last};

const URN: &str = "SC392492";
/// The given name of the child who lives there, and a telephone number.
const NAMED: &str = "Wren was out late. Ring 01632 960 123.";

fn raise(words: &str) -> RaiseConcern {
    RaiseConcern { urn: URN.into(), theme: Theme::Safety, severity: Severity::Low, words: words.into() }
}

fn plan(id: i64, what: &str) -> PlanAction {
    let action = NewAction { what: what.into(), owner: Owner::Manager, due: date(2021, 10, 4) };
    PlanAction { id, version: 1, action }
}

#[tokio::test]
async fn rule_5_6_words_about_a_home_name_no_child_and_each_finding_is_confirmed_and_recorded() {
    both(async |database| {
        let (world, _) = started(&database, WHOLE).await;
        let app = &world.app;
        let keys = stopped(&world, &officer(), "named", raise(NAMED)).await;
        assert_eq!(keys, ["words:name:0-4", "words:phone:24-37"]);
        let some = Confirmed { command: raise(NAMED), confirmed: keys[1..].to_vec() };
        assert_eq!(stopped(&world, &officer(), "some", some).await, keys[..1]);
        assert!(app.watched(&officer()).await.unwrap().concerns.is_empty(), "nothing was written");
        let all = Confirmed { command: raise(NAMED), confirmed: keys };
        app.perform(&officer(), "all", all).await.unwrap();
        app.perform(&officer(), "plain", raise("A door was open.")).await.unwrap();
        let events = app.store.read(Some(HEF)).await.unwrap().events_after(HEF, 0, 1_000).await.unwrap();
        let told: Vec<String> = events.iter().map(|one| format!("{one:?}")).collect();
        let confirmed: Vec<&String> = told.iter().filter(|one| one.contains("monitoring.words_confirmed")).collect();
        assert_eq!(confirmed.len(), 1, "a text without findings confirms nothing");
        assert!(confirmed[0].contains("name,phone") && !confirmed[0].contains("Wren"));

        let stranger = actor(OFFICER, BIR, Role::PlacementOfficer);
        let receipt = app.perform(&stranger, "stranger", raise("Wren was out late.")).await;
        receipt.expect("an authority that does not know the child is told nothing of who lives there");
    })
    .await;
}

#[tokio::test]
async fn rule_5_6_a_visit_and_a_plan_are_looked_through_and_a_home_once_it_was_told_who_the_child_is() {
    both(async |database| {
        let (world, _) = started(&database, WHOLE).await;
        let (app, manager) = (&world.app, actor(MANAGER, PROVIDER, Role::ProviderManager));
        let on = app.calendar.now().today();
        let visit = PlanVisit { urn: URN.into(), on, announced: true };
        let id = last(&app.perform(&officer(), "visit", visit).await.unwrap().location).parse().unwrap();
        let finding = |theme, words: &str| Finding { theme, level: Level::Good, words: words.into() };
        let findings = vec![finding(Theme::Care, "Warm and steady."), finding(Theme::Voice, "Canary asks for a lock.")];
        let record = RecordVisit { id, version: 1, on, findings };
        let keys = stopped(&world, &officer(), "record", record.clone()).await;
        assert_eq!(keys, ["words_voice:name:0-6"]);
        app.perform(&officer(), "bird", Confirmed { command: record, confirmed: keys }).await.unwrap();

        let receipt = app.perform(&officer(), "raise", raise("A door was open.")).await.unwrap();
        let concern: i64 = last(&receipt.location).parse().unwrap();
        app.perform(&officer(), "ground", ground("HEF-R-0042")).await.unwrap();
        app.do_due_jobs().await.unwrap();
        let keys = stopped(&world, &manager, "plan", plan(concern, "Wren gets a key")).await;
        assert_eq!(keys, ["what:name:0-4"]);
        app.perform(&manager, "clear", plan(concern, "Every child gets a key")).await.unwrap();
        let complete =
            |words: &str| CompleteAction { id: concern, version: 2, number: 1, on, words: words.into(), brought: None };
        let keys = stopped(&world, &manager, "done", complete("Given to Wren and the others")).await;
        assert_eq!(keys, ["words:name:9-13"]);
        app.perform(&manager, "all done", complete("Given to everybody")).await.unwrap();
        let back = SendActionBack { id: concern, version: 3, number: 1, why: "Wren has none".into() };
        assert_eq!(stopped(&world, &officer(), "back", back).await, ["why:name:0-4"]);
    })
    .await;
}
