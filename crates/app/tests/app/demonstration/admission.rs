//! Providers at every stage of the way in: the summer's applications, each as far as it has come, one that came too late, and
//! the draft of the story's provider.

use std::collections::BTreeSet;
use std::sync::Arc;

use placewell_app::App;
use placewell_domain::homes::admission::evaluation::Evaluation;
use placewell_domain::homes::admission::opening::OpeningPhase;
use placewell_domain::homes::admission::outcome::ChallengeState;
use placewell_domain::homes::admission::score::Step;

/// The region's lead.
pub(super) const LEAD: &str = "marcus.inkberrow@west-midlands-team.example";

pub(super) async fn holds(app: &Arc<App>) {
    let lead = app.actor_by_email(LEAD).await.unwrap();
    let summer = app.kept_opening(&lead, "AR-004").await.unwrap();
    assert_eq!(summer.counts, (6, 1), "sent in time, and 40 seconds late");
    let late: Vec<_> = summer.applications.iter().filter(|one| one.late).map(|one| one.id).collect();
    assert!(summer.evaluations.iter().all(|one| !late.contains(&one.application)), "what came late is kept apart");
    let mut states: Vec<&str> = summer.evaluations.iter().map(|one| one.state.name()).collect();
    states.sort_unstable();
    assert_eq!(states, ["admitted", "gates", "moderating", "not_admitted", "scoring", "standstill"]);
    for one in &summer.evaluations {
        let authorities: BTreeSet<_> = one.panel.iter().map(|evaluator| evaluator.authority).collect();
        assert_eq!((one.panel.len(), authorities.len()), (4, 4), "{}: four evaluators of four", one.provider_name);
    }
    let at = |state: &str| -> &Evaluation { summer.evaluations.iter().find(|one| one.state.name() == state).unwrap() };
    let scoring = app.evaluation_page(&lead, at("scoring").id).await.unwrap();
    let handed_in = scoring.steps.iter().filter(|step| step.step == Step::HandedIn).count();
    assert_eq!((handed_in, scoring.sheets.len()), (2, 0), "two of four have handed in, and nobody reads it");
    let moderating = app.evaluation_page(&lead, at("moderating").id).await.unwrap();
    assert_eq!(moderating.sheets.len(), 4, "all are open to the panel");
    let challenged = app.evaluation_page(&lead, at("standstill").id).await.unwrap();
    assert_eq!(challenged.challenges.iter().map(|one| one.state.clone()).collect::<Vec<_>>(), [ChallengeState::Open]);
    assert!(at("not_admitted").gates.iter().any(|gate| !gate.passed), "it failed a gate");

    let people = app.demonstration_people().await.unwrap();
    let admitted = app.actor_by_email(&people.last().unwrap().email).await.unwrap();
    assert_eq!((people.len(), admitted.organisation), (18, at("admitted").provider));
    let own = app.own_application(&admitted, "AR-004").await.unwrap();
    assert!(own.condition.is_some_and(|condition| condition.is_open()), "it sees what it has still to do");

    let session = app.store.read(None).await.unwrap();
    let elm = session.homes().await.unwrap().into_iter().find(|home| home.name == "Elm House").unwrap();
    let code = session.organisation_by_id(elm.provider).await.unwrap().code;
    drop(session);
    let manager = app.actor_by_email(&format!("placements@{code}.example")).await.unwrap();
    let own = app.own_application(&manager, "AR-005").await.unwrap();
    assert_eq!((own.public.phase, own.draft.is_some(), own.sent.is_some()), (OpeningPhase::Open, true, false));
    assert_eq!(app.public_opening("AR-006").await.unwrap().phase, OpeningPhase::Coming, "the yearly one is to come");
}
