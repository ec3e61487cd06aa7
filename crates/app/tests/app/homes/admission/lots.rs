//! A provider passes for one lot and its home fails for another, on both databases: the home is on the lot for which it
//! passed, and searches of every authority leave it out of the other.

use jiff::civil::date;
use placewell_app::homes::admission::applying::{BeginApplication, SaveApplication};
use placewell_app::homes::admission::evaluating::{
    ConsensusSaid, DeclareInterest, GateVerdict, JudgeGates, OpenModeration, RecommendOutcome, SaveScores,
    StartEvaluations,
};
use placewell_app::homes::admission::outcome::{ConfirmOutcome, IssueLetter};
use placewell_app::placing::referral::homes::Filters;
use placewell_domain::homes::admission::application::{LotApplied, Part};
use placewell_domain::homes::admission::criteria::{PartPrice, Question};
use placewell_domain::homes::admission::evaluation::{Evaluation, outcome};
use placewell_domain::homes::home::Urn;
use placewell_domain::office::person::Actor;
use placewell_domain::placing::referral::Tier;
use placewell_insight::placing::referral::{Reason, Wanted};
use placewell_testkit::databases::both_filled;

use super::evaluation::{Given, PRIYA, marks, perform, sending};

const OPEN: &str = "AR-005";
const PASSED: &str = "disabilities";
const FAILED: &str = "planned";
const WHY: &str = "Its statement of purpose names no such children";
const SHROPSHIRE: &str = "director@shropshire.example";

/// A provider that is not in the arrangement applies with its homes for two lots; its evaluation has begun.
async fn applied(given: &Given) -> (Actor, Evaluation) {
    let (app, of) = (&given.app, given.evaluation("scoring").await);
    let provider = app.store.read(None).await.unwrap().organisation_by_id(of.provider).await.unwrap().code;
    let actor = given.actor(&format!("placements@{provider}.example")).await;
    perform(app, &actor, BeginApplication { reference: OPEN.into(), reuse: true }).await.unwrap();
    let own = app.own_application(&actor, OPEN).await.unwrap();
    let (criteria, draft) = (own.public.opening.plan.criteria, own.draft.unwrap());
    assert_eq!(draft.answers.lots.iter().map(|lot| lot.lot.as_str()).collect::<Vec<_>>(), [PASSED]);
    let prices = criteria.template(FAILED).unwrap().bands.iter();
    let prices = prices.map(|band| PartPrice { part: band.part, weekly: band.floor }).collect();
    let lot = LotApplied { lot: FAILED.into(), homes: draft.answers.lots[0].homes.clone(), prices };
    let parts = [
        Part::Selection { answers: Box::new(draft.answers.selection.clone()), reviewed: true },
        Part::Lot { applied: lot },
    ];
    let mut version = draft.version;
    for part in parts {
        perform(app, &actor, SaveApplication { reference: OPEN.into(), version, part }).await.unwrap();
        version += 1;
    }
    perform(app, &actor, sending(version)).await.unwrap();
    given.move_to(own.public.opening.plan.closes.saturating_add(jiff::Span::new().seconds(1)));
    let evaluators = vec![PRIYA.to_owned(), SHROPSHIRE.to_owned()];
    perform(app, &given.lead, StartEvaluations { reference: OPEN.into(), evaluators }).await.unwrap();
    let all = app.evaluations(&given.lead).await.unwrap();
    let begun = all.into_iter().find(|one| one.opening_reference == OPEN && one.provider == of.provider).unwrap();
    (actor, begun)
}

/// Every gate is passed; one home fails for one lot. The home.
async fn judged(given: &Given, of: &Evaluation) -> Urn {
    let page = given.app.evaluation_page(&given.lead, of.id).await.unwrap();
    let fit = page.homes.iter().find(|one| one.met && one.lot == PASSED).unwrap().urn.clone();
    let gates = page.gates.iter().map(|one| {
        assert!(one.met, "{}", one.found);
        GateVerdict { code: one.gate.code().to_owned(), passed: true, words: String::new() }
    });
    let homes = page.homes.iter().map(|one| {
        let passed = one.met && !(one.urn == fit && one.lot == FAILED);
        let words = if passed { String::new() } else { WHY.to_owned() };
        GateVerdict { code: format!("{}_{}", one.urn, one.lot), passed, words }
    });
    let verdicts = gates.chain(homes).collect();
    let judge = JudgeGates { evaluation: of.id, version: page.evaluation.version, verdicts };
    perform(&given.app, &given.lead, judge).await.unwrap();
    fit
}

/// The panel agrees on 4 of 5 for every answer, and the outcome is final on 5 October.
async fn admitted(given: &Given, of: &Evaluation) -> Evaluation {
    let (app, evaluation) = (&given.app, of.id);
    for email in [PRIYA, SHROPSHIRE] {
        let evaluator = given.actor(email).await;
        let declared = DeclareInterest { evaluation, conflict: false, words: String::new() };
        perform(app, &evaluator, declared).await.unwrap();
        let save = SaveScores { evaluation, version: 0, marks: marks(of, 4), hand_in: true };
        perform(app, &evaluator, save).await.unwrap();
    }
    let version = given.again(of).await.version;
    perform(app, &given.lead, OpenModeration { evaluation, version }).await.unwrap();
    let said = |question: &Question| ConsensusSaid {
        question: question.code.clone(),
        score: 4,
        reason: "The panel agreed on it.".into(),
    };
    let consensus = of.criteria.quality.iter().map(said).collect();
    let recommended = RecommendOutcome { evaluation, version: version + 1, consensus, words: "Admit".into() };
    perform(app, &given.lead, recommended).await.unwrap();
    perform(app, &given.lead, IssueLetter { evaluation, version: version + 2 }).await.unwrap();
    given.move_to(date(2021, 10, 5).at(9, 0, 0, 0));
    perform(app, &given.lead, ConfirmOutcome { evaluation, version: version + 3 }).await.unwrap();
    app.homes.forget().await;
    given.again(of).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_home_that_fails_for_one_lot_of_its_provider_is_found_by_every_authority_on_the_other_alone() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let app = &given.app;
        let (provider, begun) = applied(&given).await;
        let urn = judged(&given, &begun).await;
        let after = admitted(&given, &begun).await;
        let found = outcome(&after);
        assert!(found.passes() && found.lots.iter().all(|lot| lot.passes), "the provider passes for both: {found:?}");
        let on = |lot: &str| found.lots.iter().find(|one| one.lot == lot).unwrap().admitted.contains(&urn);
        assert_eq!((on(PASSED), on(FAILED)), (true, false));

        let session = app.store.read(Some(given.lead.organisation)).await.unwrap();
        let home = session.home_by_urn(&urn).await.unwrap();
        let held = session.admissions_of(home.id).await.unwrap();
        drop(session);
        assert_eq!(held.iter().map(|one| one.lot.as_str()).collect::<Vec<_>>(), [PASSED]);
        let letter = app.own_application(&provider, OPEN).await.unwrap().letters.remove(0);
        let refused = &letter.lots.iter().find(|lot| lot.lot == FAILED).unwrap().refused;
        assert!(refused.iter().any(|(_, why)| why == WHY), "its provider reads why: {refused:?}");

        let priya = given.actor(PRIYA).await;
        let wanted = app.homes_for(&priya, "HEF-R-0042", &Filters::default()).await.unwrap().wanted;
        for reader in [priya, given.actor(SHROPSHIRE).await] {
            let index = app.homes(&reader).await.unwrap();
            let row = index.row(home.id).unwrap();
            let asked = |lot: &str| {
                let (needed_on, tiers) = (date(2021, 10, 11), vec![Tier::Fca]);
                let search = index.search(&Wanted { lot: lot.into(), needed_on, tiers, ..wanted.clone() });
                !search.reasons[row].has(Reason::TierLeftOut)
            };
            let who = &reader.organisation_name;
            assert_eq!((asked(PASSED), asked(FAILED)), (true, false), "what {who} can search through the arrangement");
            let page = app.home_page(&reader, urn.as_str()).await.unwrap();
            let lots: Vec<_> = page.facts.lots.iter().map(|one| one.lot.as_str()).collect();
            assert_eq!(lots, [PASSED], "what {who} reads of the home");
        }
    })
    .await;
}
