//! A provider passes for one lot and its home fails for another, on both databases: the home is on the lot for which it
//! passed, and searches of every authority leave it out of the other. And its price, part by part, reaches the schedule.

use jiff::civil::date;
use placewell_app::clock::Machine;
use placewell_app::homes::admission::applying::{BeginApplication, OwnApplication, SaveApplication};
use placewell_app::homes::admission::evaluating::{
    ConsensusSaid, DeclareInterest, GateVerdict, JudgeGates, OpenModeration, RecommendOutcome, SaveScores,
    StartEvaluations,
};
use placewell_app::homes::admission::outcome::{ConfirmOutcome, IssueLetter};
use placewell_app::placing::referral::homes::Filters;
use placewell_domain::homes::admission::application::{LotApplied, Part};
use placewell_domain::homes::admission::criteria::{PartPrice, PricePart, Question};
use placewell_domain::homes::admission::evaluation::{Evaluation, outcome};
use placewell_domain::homes::home::Urn;
use placewell_domain::homes::price::ScheduleSource;
use placewell_domain::money::Pence;
use placewell_domain::nights::Nights;
use placewell_domain::office::person::Actor;
use placewell_domain::placing::referral::Tier;
use placewell_insight::placing::referral::{Reason, Wanted};
use placewell_store::homes::price::PriceBy;
use placewell_testkit::databases::both_filled;

use super::evaluation::{Given, PRIYA, code, confirmed, marks, perform, sending};

const OPEN: &str = "AR-005";
const PASSED: &str = "disabilities";
const FAILED: &str = "planned";
const TAUGHT: &str = "with_education";
const WHY: &str = "Its statement of purpose names no such children";
const SHROPSHIRE: &str = "director@shropshire.example";

/// A provider that is not in the arrangement begins an application with the answers of its earlier one.
async fn drafted(given: &Given) -> (Actor, OwnApplication) {
    let (app, of) = (&given.app, given.evaluation("scoring").await);
    let provider = app.store.read(None).await.unwrap().organisation_by_id(of.provider).await.unwrap().code;
    let actor = given.actor(&format!("placements@{provider}.example")).await;
    perform(app, &actor, BeginApplication { reference: OPEN.into(), reuse: true }).await.unwrap();
    let own = app.own_application(&actor, OPEN).await.unwrap();
    let lots = &own.draft.as_ref().unwrap().answers.lots;
    assert_eq!(lots.iter().map(|lot| lot.lot.as_str()).collect::<Vec<_>>(), [PASSED]);
    (actor, own)
}

/// It applies for these lots beside those of its draft; its evaluation has begun.
async fn applied(given: &Given, (actor, own): (&Actor, &OwnApplication), lots: Vec<LotApplied>) -> Evaluation {
    let (app, draft) = (&given.app, own.draft.clone().unwrap());
    let mut parts = vec![Part::Selection { answers: Box::new(draft.answers.selection) }];
    parts.extend(lots.into_iter().map(|applied| Part::Lot { applied }));
    let mut version = draft.version;
    for part in parts {
        perform(app, actor, SaveApplication { reference: OPEN.into(), version, part }).await.unwrap();
        version += 1;
    }
    confirmed(app, actor).await;
    perform(app, actor, sending(version + 1)).await.unwrap();
    given.move_to(own.public.opening.plan.closes.saturating_add(jiff::Span::new().seconds(1)));
    let evaluators = vec![PRIYA.to_owned(), SHROPSHIRE.to_owned()];
    perform(app, &given.lead, StartEvaluations { reference: OPEN.into(), evaluators }).await.unwrap();
    let all = app.evaluations(&given.lead).await.unwrap();
    all.into_iter().find(|one| one.opening_reference == OPEN && one.provider == actor.organisation).unwrap()
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

/// The panel agrees on 4 of 5 for every answer, and the outcome is final on 6 October.
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
    let recommended =
        RecommendOutcome { evaluation, version: version + 1, consensus, words: "Admit".into(), condition: None };
    perform(app, &given.lead, recommended).await.unwrap();
    perform(app, &given.lead, IssueLetter { evaluation, version: version + 2 }).await.unwrap();
    given.move_to(date(2021, 10, 6).at(9, 0, 0, 0));
    perform(app, &given.lead, ConfirmOutcome { evaluation, version: version + 3 }).await.unwrap();
    app.homes.forget().await;
    given.again(of).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_home_that_fails_for_one_lot_of_its_provider_is_found_by_every_authority_on_the_other_alone() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let app = &given.app;
        let (provider, own) = drafted(&given).await;
        let homes = own.draft.as_ref().unwrap().answers.lots[0].homes.clone();
        let prices = own.public.opening.plan.criteria.template(FAILED).unwrap().bands.iter();
        let prices = prices.map(|band| PartPrice { part: band.part, weekly: band.floor }).collect();
        let lot = LotApplied { lot: FAILED.into(), homes, prices };
        let begun = applied(&given, (&provider, &own), vec![lot]).await;
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

/// What is applied for on a lot, at these weekly prices in pounds.
fn priced(lot: &str, homes: &[Urn], parts: &[(PricePart, i64)]) -> LotApplied {
    let price = |(part, pounds): &(PricePart, i64)| PartPrice { part: *part, weekly: Pence::pounds(*pounds) };
    LotApplied { lot: lot.into(), homes: homes.to_vec(), prices: parts.iter().map(price).collect() }
}

#[tokio::test(flavor = "multi_thread")]
async fn education_and_health_are_priced_within_floor_and_ceiling_and_reach_the_schedule_with_what_is_included() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let app = &given.app;
        let (provider, own) = drafted(&given).await;
        let draft = own.draft.clone().unwrap();
        let homes = &draft.answers.lots[0].homes;
        let taught = |pounds: i64| {
            let core = [(PricePart::Accommodation, 700), (PricePart::Care, 2_000)];
            priced(TAUGHT, homes, &[core[0], core[1], (PricePart::Education, pounds)])
        };
        let treated = |pounds: i64| {
            let core = [(PricePart::Accommodation, 800), (PricePart::Care, 2_500)];
            priced(PASSED, homes, &[core[0], core[1], (PricePart::Health, pounds)])
        };
        let unpriced = LotApplied { prices: taught(650).prices[..2].to_vec(), ..taught(650) };
        for (wrong, field) in [
            (taught(599), "with_education_education"),
            (taught(1_501), "with_education_education"),
            (unpriced, "with_education_education"),
            (treated(901), "disabilities_health"),
            (LotApplied { lot: FAILED.into(), ..taught(650) }, "planned_education"),
        ] {
            let part = Part::Lot { applied: wrong };
            let save = SaveApplication { reference: OPEN.into(), version: draft.version, part };
            assert_eq!(code(perform(app, &provider, save).await), field);
        }

        let begun = applied(&given, (&provider, &own), vec![taught(650), treated(300)]).await;
        judged(&given, &begun).await;
        let found = outcome(&admitted(&given, &begun).await);
        let priya = given.actor(PRIYA).await;
        for (lot, lines) in [
            (TAUGHT, [("accommodation", 700), ("care", 2_000), ("core", 2_700), ("education", 650)]),
            (PASSED, [("accommodation", 800), ("care", 2_500), ("core", 3_600), ("health", 300)]),
        ] {
            let lines = lines.map(|(line, pounds)| (line, Pence::pounds(pounds)));
            let includes = begun.criteria.template(lot).unwrap().includes.clone();
            assert!(!includes.is_empty());
            let by = PriceBy { source: ScheduleSource::Award, record: begun.id.0, includes };
            let on = &found.lots.iter().find(|one| one.lot == lot).unwrap().admitted;
            assert!(!on.is_empty(), "{lot}: {found:?}");
            for (urn, reader) in on.iter().flat_map(|urn| [(urn, &provider), (urn, &priya)]) {
                let schedule = app.price_schedule(reader, urn.as_str()).await.unwrap();
                let held = schedule.current.iter().filter(|fact| fact.lot == lot);
                let held: Vec<_> = held.map(|fact| (fact.line.as_str(), fact.price.value)).collect();
                assert_eq!(held, lines, "education stands beside the core price, health is part of it");
                let entries: Vec<_> = schedule.entries.iter().filter(|one| one.lot == lot).collect();
                assert_eq!(entries.len(), lines.len(), "each line was recorded once");
                assert!(entries.iter().all(|one| one.by == by), "{entries:?}");
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_that_is_not_tendered_again_ends_with_the_award() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let app = &given.app;
        let (provider, own) = drafted(&given).await;
        let homes = own.draft.as_ref().unwrap().answers.lots[0].homes.clone();
        let mut work = app.store.begin(given.lead.organisation, app.calendar.now()).await.unwrap();
        for urn in &homes {
            let home = work.home_by_urn(urn).await.unwrap();
            let (nights, price) = (Nights::open(date(2021, 1, 1)), Some(Pence::pounds(900)));
            work.record_price(home.id, PASSED, "education", nights, price).await.unwrap();
        }
        work.commit(Machine::now()).await.unwrap();
        let core = [(PricePart::Accommodation, 800), (PricePart::Care, 2_500), (PricePart::Health, 300)];
        let begun = applied(&given, (&provider, &own), vec![priced(PASSED, &homes, &core)]).await;
        judged(&given, &begun).await;
        let found = outcome(&admitted(&given, &begun).await);
        let on = &found.lots.iter().find(|one| one.lot == PASSED).unwrap().admitted;
        assert!(!on.is_empty(), "{found:?}");
        let session = app.store.read(Some(given.lead.organisation)).await.unwrap();
        for urn in on {
            let home = session.home_by_urn(urn).await.unwrap();
            let price = async |line: &str, day| session.price_on(home.id, PASSED, line, day).await.unwrap();
            let (before, from) = (date(2021, 10, 5), date(2021, 10, 6));
            assert_eq!(price("education", before).await, Some(Pence::pounds(900)));
            assert_eq!(price("education", from).await, None, "nobody tendered it again, so nobody raises it");
            assert_eq!(price("health", from).await, Some(Pence::pounds(300)));
        }
    })
    .await;
}
