//! Words about a home that others read name no child whom the writer knows, through the commands, on both databases: each
//! finding is taken out or confirmed, and the confirmation is recorded without the words (rule 5.6).

use jiff::civil::date;
use placewell_app::homes::monitoring::{
    CompleteAction, PlanAction, PlanVisit, RaiseConcern, RecordVisit, SendActionBack,
};
use placewell_app::naming::{CONFIRM, Confirmed};
use placewell_app::placing::disclosure::recall::RecallDisclosure;
use placewell_app::{Command, Outcome};
use placewell_domain::homes::monitoring::Theme;
use placewell_domain::homes::monitoring::concern::{NewAction, Owner, Severity};
use placewell_domain::homes::monitoring::visit::{Finding, Level};
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::person::Actor;
use placewell_domain::office::person::session::{By, TokenScope};
use placewell_domain::placing::disclosure::Stage;
use placewell_domain::placing::disclosure::recall::RecallCause;

use super::disclosing::ground;
use super::running::started;
use super::said::stopped;
use super::world::{BIR, HEF, MANAGER, OFFICER, PROVIDER, World, actor, both_made, officer};
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
    both_made(3, WHOLE, async |database| {
        let (world, _) = started(&database).await;
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
        let looked: Vec<&String> = told.iter().filter(|one| one.contains("words_looked_through")).collect();
        assert_eq!(looked.len(), 2, "of each text, so that the record does not tell which of them names a child");
        assert!(looked[0].contains("name,phone") && !looked[0].contains("Wren"), "{looked:?}");
        assert!(looked[1].contains(r#"("confirmed_findings", "0")"#), "nothing was found in it: {looked:?}");

        let stranger = actor(OFFICER, BIR, Role::PlacementOfficer);
        let receipt = app.perform(&stranger, "stranger", raise("Wren was out late.")).await;
        receipt.expect("an authority that does not know the child is told nothing of who lives there");
    })
    .await;
}

#[tokio::test]
async fn rule_5_6_a_visit_and_a_plan_are_looked_through_and_a_home_once_it_was_told_who_the_child_is() {
    both_made(3, WHOLE, async |database| {
        let (world, _) = started(&database).await;
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

/// All that a command was stopped with: fields and messages.
async fn told(world: &World, who: &Actor, key: &str, command: impl Command) -> Vec<(String, String)> {
    match world.app.perform(who, key, command).await {
        Err(Outcome::Invalid(invalid)) => {
            invalid.errors.into_iter().map(|error| (error.field, error.message)).collect()
        }
        other => panic!("{key}: {other:?}"),
    }
}

#[tokio::test]
async fn rule_5_6_who_may_not_read_who_lives_at_a_home_is_asked_the_same_whatever_name_they_write() {
    both_made(3, WHOLE, async |database| {
        let (world, _) = started(&database).await;
        let app = &world.app;
        let scope = TokenScope::Actions(vec![Action::WatchHomes]);
        let program = Actor { by: By::Token(scope), ..officer() };
        let named = told(&world, &program, "named", raise("Wren was out late.")).await;
        assert_eq!(named, told(&world, &program, "other", raise("Anna was out late.")).await, "no name is told");
        let key = "words:child:all-18".to_owned();
        let fields: Vec<&str> = named.iter().map(|(field, _)| field.as_str()).collect();
        assert_eq!(fields, [format!("{CONFIRM}monitoring.raise_concern/{key}")]);
        let confirmed = Confirmed { command: raise("Anna was out late."), confirmed: vec![key] };
        let receipt = app.perform(&program, "confirmed", confirmed).await.unwrap();
        let concern: i64 = last(&receipt.location).parse().unwrap();

        // The home knows the child once it was told, and no longer after the recall.
        let manager = actor(MANAGER, PROVIDER, Role::ProviderManager);
        app.perform(&officer(), "ground", ground("HEF-R-0042")).await.unwrap();
        assert_eq!(stopped(&world, &manager, "told", plan(concern, "Wren gets a key")).await, ["what:name:0-4"]);
        let recall = RecallDisclosure {
            reference: "HEF-R-0042".to_owned(),
            number: 1,
            from: Stage::Chosen,
            cause: RecallCause::WrongHome,
            aware: app.calendar.now().local,
        };
        app.perform(&officer(), "recall", recall).await.unwrap();
        let named = told(&world, &manager, "after", plan(concern, "Wren gets a key")).await;
        assert_eq!(named, told(&world, &manager, "whoever", plan(concern, "Anna gets a key")).await);
        assert_eq!(named.len(), 1, "{named:?}");
        let keys = stopped(&world, &manager, "keys", plan(concern, "Anna gets a key")).await;
        let confirmed = Confirmed { command: plan(concern, "Anna gets a key"), confirmed: keys };
        app.perform(&manager, "plan", confirmed).await.unwrap();
    })
    .await;
}
