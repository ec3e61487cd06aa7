//! An evaluation from its beginning to the admission, and every step that is refused out of its order.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use jiff::civil::date;

use super::*;
use crate::homes::admission::application::{Answers, ApplicationState, Signer};
use crate::homes::admission::criteria::{self, PartPrice, PricePart};
use crate::homes::admission::opening::{OpeningKind, OpeningPlan, OpeningRefused, OpeningState};
use crate::homes::admission::score::{Mark, ReleaseReason};
use crate::homes::admission::selection;
use crate::money::Pence;

pub(crate) fn at(day: Date, hour: i8) -> Moment {
    let local = day.at(hour, 0, 0, 0);
    Moment { at: "2021-09-13T09:20:00Z".parse().unwrap(), local }
}

pub(crate) fn opening() -> Opening {
    Opening {
        id: OpeningId(1),
        version: 2,
        region: OrganisationId(1),
        arrangement: ArrangementId(1),
        reference: "AR-001".into(),
        plan: OpeningPlan {
            title: "Yearly opening".into(),
            kind: OpeningKind::Yearly,
            opens: date(2021, 7, 1).at(9, 0, 0, 0),
            closes: date(2021, 7, 31).at(12, 0, 0, 0),
            questions_until: date(2021, 7, 20).at(12, 0, 0, 0),
            criteria: criteria::sample(),
        },
        state: OpeningState::Published { at: date(2021, 6, 1).at(9, 0, 0, 0) },
    }
}

fn urn(text: &str) -> Urn {
    text.parse().unwrap()
}

fn application() -> Application {
    let price = |part, pounds| PartPrice { part, weekly: Pence::pounds(pounds) };
    let lot = LotApplied {
        lot: "planned".into(),
        homes: vec![urn("SC400001"), urn("SC400002")],
        prices: vec![price(PricePart::Accommodation, 1_000), price(PricePart::Care, 3_000)],
    };
    Application {
        id: ApplicationId(5),
        version: 1,
        provider: OrganisationId(7),
        provider_name: "Elm Care".into(),
        region: OrganisationId(1),
        opening: OpeningId(1),
        opening_reference: "AR-001".into(),
        answers: Answers { selection: selection::sample(), lots: vec![lot], ..Answers::default() },
        signer: Signer { person: PersonId(70), name: "Jo".into(), role: "Director".into() },
        sent: date(2021, 7, 31).at(11, 0, 0, 0),
        late: false,
        state: ApplicationState::Sent,
    }
}

fn evaluator(number: i64) -> Evaluator {
    Evaluator {
        person: PersonId(number),
        name: format!("Evaluator {number}"),
        authority: OrganisationId(100 + number),
        authority_name: format!("Authority {number}"),
    }
}

pub(crate) fn begun() -> Evaluation {
    let panel = (1..=4).map(evaluator).collect();
    let change = Evaluation::begin(EvaluationId(9), &opening(), &application(), panel, at(date(2021, 8, 2), 9));
    change.unwrap().into_parts().0
}

fn findings(second_home: bool) -> (Vec<GateFinding>, Vec<HomeFinding>) {
    let gates = application().answers.selection.findings(&criteria::sample(), date(2021, 8, 2));
    let home = |number: &str, met| HomeFinding {
        urn: urn(number),
        name: number.into(),
        lot: "planned".into(),
        met,
        found: "as the register has it".into(),
    };
    (gates, vec![home("SC400001", true), home("SC400002", second_home)])
}

fn scoring() -> Evaluation {
    let verdict = |code: &str| (!code.starts_with("SC400002"), "Judged Inadequate".to_owned());
    let who = (PersonId(50), at(date(2021, 8, 2), 10));
    begun().judge(findings(false), verdict, who).unwrap().into_parts().0
}

fn marks(score: u8) -> Vec<Mark> {
    ["q1", "q2", "q3"].map(|code| Mark { question: code.into(), score: Some(score), comment: "Seen".into() }).to_vec()
}

fn declared(evaluation: &Evaluation, person: i64, conflict: bool, earlier: &[PanelStep]) -> PanelStep {
    let who = (conflict, "works with its director");
    let when = at(date(2021, 8, 3), 9);
    PanelStep::declare(person, evaluation, PersonId(person), who, (earlier, when)).unwrap().into_parts().0
}

/// All four declare; three score 3, 4 and 5 times; the fourth has a conflict.
fn scored(evaluation: &Evaluation) -> (Vec<PanelStep>, Vec<Sheet>) {
    let (mut steps, mut sheets) = (Vec::new(), Vec::new());
    for person in 1..=4 {
        steps.push(declared(evaluation, person, person == 4, &steps));
    }
    for person in 1..=3 {
        let score = u8::try_from(person).unwrap() + 2;
        let saved =
            Sheet::save(person, None, evaluation, (PersonId(person), &steps), marks(score)).unwrap().into_parts().0;
        let (sheet, step) = saved.hand_in(10 + person, evaluation, at(date(2021, 8, 4), 9)).unwrap();
        sheets.push(sheet.into_parts().0);
        steps.push(step.into_parts().0);
    }
    (steps, sheets)
}

fn code(refused: OpeningRefused) -> String {
    match refused {
        OpeningRefused::Refused(refusal) => refusal.code,
        OpeningRefused::Invalid(invalid) => invalid.errors[0].field.clone(),
    }
}

fn consensus(score: u8) -> Vec<(String, u8, String)> {
    ["q1", "q2", "q3"].map(|code| (code.into(), score, "The panel agreed".into())).to_vec()
}

#[test]
fn an_application_is_admitted_after_gates_scores_moderation_and_standstill_and_one_of_its_homes_is_not() {
    let evaluation = scoring();
    let (steps, sheets) = scored(&evaluation);
    let moderating = evaluation.open_moderation(&steps).unwrap().into_parts().0;
    let spread = &moderating.spreads(&sheets)[0];
    assert_eq!((spread.low(), spread.high(), spread.scores.len()), (3, 5, 3));
    let who = (PersonId(50), "Admit to planned care");
    let recommended =
        moderating.recommend(&sheets, &consensus(4), who, at(date(2021, 8, 9), 9)).unwrap().into_parts().0;
    let found = outcome(&recommended);
    // Quality 80.00 × 70% + price (6,000 − 4,000) ÷ 3,500 = 57.14 × 30% = 73.14.
    assert_eq!((found.quality.unwrap().to_string(), found.lots[0].total.to_string()), ("80.00".into(), "73.14".into()));
    assert!(found.passes());
    assert_eq!(found.lots[0].admitted, [urn("SC400001")]);
    assert_eq!(found.lots[0].refused, [(urn("SC400002"), "Judged Inadequate".to_owned())]);
    let out = recommended.issue(at(date(2021, 8, 10), 9)).unwrap().into_parts().0;
    let refused = out.clone().confirm(0, at(date(2021, 8, 20), 9)).unwrap_err();
    assert_eq!((refused.code.as_str(), refused.value.as_str()), ("standstill", "until 20 August 2021"));
    assert_eq!(out.clone().confirm(1, at(date(2021, 8, 21), 9)).unwrap_err().code, "challenge_open");
    let admitted = out.confirm(0, at(date(2021, 8, 21), 9)).unwrap().into_parts().0;
    assert!(admitted.holds_on(date(2021, 8, 21)) && admitted.holds_on(date(2025, 8, 20)));
    assert!(!admitted.holds_on(date(2025, 8, 21)) && !admitted.holds_on(date(2021, 8, 20)));
}

#[test]
fn an_evaluator_with_a_conflict_or_without_a_declaration_scores_nothing() {
    let evaluation = scoring();
    let save = |person: i64, steps: &[PanelStep], score| {
        Sheet::save(1, None, &evaluation, (PersonId(person), steps), marks(score)).map(|_| ()).map_err(|no| no.code)
    };
    assert_eq!(save(1, &[], 3), Err("conflict_not_declared".to_owned()));
    let steps = [declared(&evaluation, 1, true, &[]), declared(&evaluation, 2, false, &[])];
    assert_eq!(save(1, &steps, 3), Err("evaluator_conflict".to_owned()));
    assert_eq!(save(2, &steps, 3), Ok(()));
    assert_eq!(save(2, &steps, 6), Err("score_outside_scale".to_owned()));
    assert_eq!(save(9, &steps, 3), Err("not_an_evaluator".to_owned()));
    let again = PanelStep::declare(3, &evaluation, PersonId(1), (false, ""), (&steps, at(date(2021, 8, 3), 9)));
    assert_eq!(code(again.unwrap_err()), "declared_already");
}

#[test]
fn scores_are_opened_when_all_have_handed_in_and_not_before() {
    let evaluation = scoring();
    let (steps, sheets) = scored(&evaluation);
    let fewer: Vec<PanelStep> =
        steps.iter().filter(|one| !(one.person == PersonId(3) && one.step == Step::HandedIn)).cloned().collect();
    let refusal = evaluation.clone().open_moderation(&fewer).unwrap_err();
    assert_eq!((refusal.code.as_str(), refusal.value.as_str()), ("scores_waited_for", "2 of 3"));
    assert!(refusal.sentence.contains("Evaluator 3"));
    let handed_in = sheets[0].clone().hand_in(99, &evaluation, at(date(2021, 8, 5), 9)).unwrap_err();
    assert_eq!(code(handed_in), "scores_handed_in");
}

#[test]
fn a_failed_gate_ends_the_evaluation_before_quality_is_read() {
    let verdict = |code: &str| (code != "finance", "The accounts show no going concern".to_owned());
    let who = (PersonId(50), at(date(2021, 8, 2), 10));
    let failed = begun().judge(findings(true), verdict, who).unwrap().into_parts().0;
    assert_eq!(failed.state.name(), "recommended");
    let found = outcome(&failed);
    assert!(!found.passes() && found.quality.is_none() && !found.lots[0].passes);
    let pass_all = |_: &str| (true, String::new());
    let refused = begun().judge(findings(false), pass_all, who).unwrap_err();
    assert_eq!(code(refused), "gate_failed_by_evidence");
}

#[test]
fn an_upheld_challenge_of_a_failed_gate_is_judged_anew_and_can_lead_to_a_pass() {
    let fails = |code: &str| (code != "finance", "The accounts show no going concern".to_owned());
    let who = (PersonId(50), at(date(2021, 8, 2), 10));
    let failed = begun().judge(findings(true), fails, who).unwrap().into_parts().0;
    let out = failed.issue(at(date(2021, 8, 10), 9)).unwrap().into_parts().0;
    for nothing in [Reopened::Homes, Reopened::Scores] {
        assert_eq!(out.clone().reopen(nothing).unwrap_err().code, "gates_first", "nobody scored");
    }
    let again = out.reopen(Reopened::Gates).unwrap().into_parts().0;
    assert_eq!((again.state.name(), again.gates.len(), again.homes.len()), ("gates", 0, 0));
    let anew = again.judge(findings(true), |_| (true, String::new()), who).unwrap().into_parts().0;
    let (steps, sheets) = scored(&anew);
    let moderating = anew.open_moderation(&steps).unwrap().into_parts().0;
    let recommend = moderating.recommend(&sheets, &consensus(4), (PersonId(50), "Admit"), at(date(2021, 8, 12), 9));
    let recommended = recommend.unwrap().into_parts().0;
    let out = recommended.issue(at(date(2021, 8, 13), 9)).unwrap().into_parts().0;
    assert!(out.confirm(0, at(date(2021, 9, 1), 9)).unwrap().next().holds_on(date(2021, 9, 1)));
}

/// The second home is refused, and the letter is out.
fn told() -> (Evaluation, Vec<PanelStep>, Vec<Sheet>) {
    let evaluation = scoring();
    let (steps, sheets) = scored(&evaluation);
    let moderating = evaluation.open_moderation(&steps).unwrap().into_parts().0;
    let recommend = moderating.recommend(&sheets, &consensus(4), (PersonId(50), "Admit"), at(date(2021, 8, 9), 9));
    let out = recommend.unwrap().into_parts().0.issue(at(date(2021, 8, 10), 9)).unwrap().into_parts().0;
    (out, steps, sheets)
}

#[test]
fn an_upheld_challenge_of_a_failed_home_is_judged_anew_while_the_scores_stand_and_the_new_letter_admits_it() {
    let (out, _, sheets) = told();
    assert_eq!(outcome(&out).lots[0].refused.len(), 1);
    let again = out.clone().reopen(Reopened::Homes).unwrap().into_parts().0;
    assert_eq!((again.state.name(), again.homes.len(), again.gates.len()), ("moderating", 0, out.gates.len()));
    assert_eq!(again.consensus, out.consensus, "the scores stand");
    let recommend = |of: &Evaluation, found: &[(String, u8, String)]| {
        of.clone().recommend(&sheets, found, (PersonId(50), "Admit both homes"), at(date(2021, 8, 12), 9))
    };
    assert_eq!(code(recommend(&again, &[]).unwrap_err()), "homes_not_judged");
    let pass_all = |_: &str| (true, String::new());
    let fails = again.clone().judge_homes(findings(false).1, pass_all).unwrap_err();
    assert_eq!(code(fails), "gate_failed_by_evidence", "what the register fails is not passed by a challenge");
    let silent = again.clone().judge_homes(findings(true).1, |code| (!code.starts_with("SC400002"), String::new()));
    assert_eq!(code(silent.unwrap_err()), "SC400002_planned_words");
    let judged = again.judge_homes(findings(true).1, pass_all).unwrap().into_parts().0;
    let twice = judged.clone().judge_homes(findings(true).1, pass_all).unwrap_err();
    assert_eq!(code(twice), "evaluation_state");
    assert_eq!(code(recommend(&judged, &consensus(5)).unwrap_err()), "scores_stand");
    let recommended = recommend(&judged, &[]).unwrap().into_parts().0;
    assert_eq!(recommended.consensus, out.consensus);
    let anew = recommended.issue(at(date(2021, 8, 13), 9)).unwrap().into_parts().0;
    let letter = crate::homes::admission::outcome::Letter::of(2, &anew, "Admit both homes").unwrap();
    assert_eq!((letter.lots[0].admitted.len(), letter.lots[0].refused.len()), (2, 0), "{:?}", letter.lots);
    assert!(letter.standstill_until > date(2021, 8, 20), "a standstill of its own: {}", letter.standstill_until);
}

#[test]
fn an_upheld_challenge_of_the_scores_takes_the_consensus_back_and_leaves_gates_and_homes() {
    let (out, steps, sheets) = told();
    let again = out.clone().reopen(Reopened::Scores).unwrap().into_parts().0;
    assert_eq!((again.state.name(), again.consensus.len()), ("moderating", 0));
    assert_eq!((&again.gates, &again.homes), (&out.gates, &out.homes));
    assert!(!again.judges_homes() && !again.scores_stand());
    let recommend = |found: &[(String, u8, String)]| {
        again.clone().recommend(&sheets, found, (PersonId(50), "Admit"), at(date(2021, 8, 12), 9))
    };
    assert_eq!(code(recommend(&[]).unwrap_err()), "q1_score");
    assert_eq!(recommend(&consensus(5)).unwrap().next().consensus[0].score, 5);
    // The gates can be opened again where they had passed too: what was handed in is kept.
    let gates = out.reopen(Reopened::Gates).unwrap().into_parts().0;
    assert_eq!((gates.state.name(), gates.gates.len(), gates.consensus.len()), ("gates", 0, 0));
    let who = (PersonId(50), at(date(2021, 8, 12), 10));
    let anew = gates.judge(findings(true), |_| (true, String::new()), who).unwrap().into_parts().0;
    assert_eq!(anew.open_moderation(&steps).unwrap().next().state.name(), "moderating", "nobody scores twice");
}

#[test]
fn a_home_that_meets_no_longer_after_the_standstill_is_left_out_and_the_others_go_on() {
    let pass_all = |_: &str| (true, String::new());
    let who = (PersonId(50), at(date(2021, 8, 2), 10));
    let scoring = begun().judge(findings(true), pass_all, who).unwrap().into_parts().0;
    let (steps, sheets) = scored(&scoring);
    let moderating = scoring.open_moderation(&steps).unwrap().into_parts().0;
    let recommend = moderating.recommend(&sheets, &consensus(4), (PersonId(50), "Admit"), at(date(2021, 8, 9), 9));
    let out = recommend.unwrap().next().clone().issue(at(date(2021, 8, 10), 9)).unwrap().into_parts().0;
    assert_eq!(outcome(&out).lots[0].admitted.len(), 2);
    let (looked, left_out) = out.clone().looked_at_again(&findings(false).1);
    assert_eq!(left_out.iter().map(|one| one.finding.urn.clone()).collect::<Vec<_>>(), [urn("SC400002")]);
    let found = outcome(&looked);
    assert_eq!(found.lots[0].admitted, [urn("SC400001")]);
    assert!(found.lots[0].refused[0].1.contains("meets the gates no longer"), "{:?}", found.lots[0].refused);
    let none: Vec<HomeFinding> =
        findings(false).1.into_iter().map(|finding| HomeFinding { met: false, ..finding }).collect();
    let (gone, _) = out.looked_at_again(&none);
    assert_eq!(gone.confirm(0, at(date(2021, 9, 1), 9)).unwrap().next().state.name(), "not_admitted");
}

#[test]
fn a_consensus_outside_the_spread_says_in_full_why_and_one_below_the_least_fails_all_lots() {
    let evaluation = scoring();
    let (steps, sheets) = scored(&evaluation);
    let moderating = evaluation.open_moderation(&steps).unwrap().into_parts().0;
    let recommend = |found: &[(String, u8, String)]| {
        moderating.clone().recommend(&sheets, found, (PersonId(50), "As found"), at(date(2021, 8, 9), 9))
    };
    assert_eq!(code(recommend(&consensus(2)).unwrap_err()), "q1_reason");
    assert_eq!(code(recommend(&consensus(6)).unwrap_err()), "score_outside_scale");
    let mut low = consensus(4);
    low[2] = ("q3".into(), 1, "None of the three had seen that the plan names no person.".into());
    let found = outcome(recommend(&low).unwrap().next());
    assert_eq!((found.below.as_slice(), found.passes()), (["q3".to_owned()].as_slice(), false));
}

#[test]
fn a_panel_is_of_several_authorities_and_late_applications_are_not_evaluated() {
    let begin = |panel: Vec<Evaluator>, application: &Application, day| {
        Evaluation::begin(EvaluationId(9), &opening(), application, panel, at(day, 12))
            .map(|_| ())
            .map_err(|no| no.code)
    };
    let panel = || (1..=4).map(evaluator).collect::<Vec<_>>();
    assert_eq!(begin(vec![evaluator(1)], &application(), date(2021, 8, 2)), Err("too_few_evaluators".to_owned()));
    let same = Evaluator { person: PersonId(8), ..evaluator(1) };
    let two = vec![evaluator(1), same];
    assert_eq!(begin(two, &application(), date(2021, 8, 2)), Err("evaluators_of_one_authority".to_owned()));
    assert_eq!(begin(panel(), &application(), date(2021, 7, 31)), Err("opening_still_open".to_owned()));
    let late = Application { late: true, ..application() };
    assert_eq!(begin(panel(), &late, date(2021, 8, 2)), Err("application_late".to_owned()));
}

#[test]
fn an_opening_that_was_called_off_is_never_evaluated() {
    let cancelled = opening().cancel("The lot closes", at(date(2021, 7, 30), 9)).unwrap().into_parts().0;
    for day in [date(2021, 7, 31), date(2021, 8, 2)] {
        let panel = (1..=4).map(evaluator).collect();
        let begun = Evaluation::begin(EvaluationId(9), &cancelled, &application(), panel, at(day, 12));
        assert_eq!(begun.unwrap_err().code, "opening_cancelled", "{day}");
    }
}

#[test]
fn the_seat_of_an_evaluator_with_a_conflict_is_passed_on_to_a_colleague_and_nobody_takes_it_twice() {
    let evaluation = scoring();
    let colleague = |number: i64| Evaluator { person: PersonId(number), ..evaluator(4) };
    let name = |of: &Evaluation, new: Evaluator, steps: &[PanelStep]| of.clone().name_evaluator(new, steps);
    let refused = |of: &Evaluation, new: Evaluator, steps: &[PanelStep]| name(of, new, steps).unwrap_err().code;
    assert_eq!(refused(&evaluation, colleague(40), &[]), "evaluators_of_one_authority", "no conflict is declared");
    let (mut steps, mut sheets) = scored(&evaluation);
    let waits = |of: &Evaluation, steps: &[PanelStep]| {
        of.seats_to_pass_on(steps).into_iter().map(|one| one.person).collect::<Vec<_>>()
    };
    assert_eq!(waits(&evaluation, &steps), [PersonId(4)]);
    assert_eq!(refused(&evaluation, evaluator(4), &steps), "evaluator_conflict");
    let elsewhere = Evaluator { authority: OrganisationId(109), ..evaluator(4) };
    assert_eq!(refused(&evaluation, elsewhere, &steps), "evaluator_conflict", "for another authority too");
    let scored_already = Evaluator { person: PersonId(1), ..evaluator(4) };
    assert_eq!(refused(&evaluation, scored_already, &steps), "evaluator_named");
    let of_another = Evaluator { person: PersonId(30), ..evaluator(3) };
    assert_eq!(refused(&evaluation, of_another, &steps), "evaluators_of_one_authority", "their evaluator scores");

    let (passed_on, event) = name(&evaluation, colleague(40), &steps).unwrap().into_parts();
    assert_eq!(event.facts, [("in_place_of".to_owned(), "4".to_owned())]);
    assert_eq!(passed_on.panel.len(), 5, "who gave the seat up stays in the record");
    assert_eq!(passed_on.in_place_of(&colleague(40)).map(|one| one.person), Some(PersonId(4)));
    assert_eq!(passed_on.in_place_of(&evaluator(4)), None);
    assert!(waits(&passed_on, &steps).is_empty());
    assert_eq!(refused(&passed_on, colleague(41), &steps), "evaluators_of_one_authority", "the seat is taken");
    let waited = passed_on.clone().open_moderation(&steps).unwrap_err();
    assert_eq!((waited.code.as_str(), waited.value.as_str()), ("scores_waited_for", "3 of 4"));

    // The colleague has a conflict too: the seat goes on once more.
    steps.push(declared(&passed_on, 40, true, &steps));
    assert_eq!(waits(&passed_on, &steps), [PersonId(40)]);
    assert_eq!(refused(&passed_on, evaluator(4), &steps), "evaluator_conflict");
    let again = name(&passed_on, colleague(41), &steps).unwrap().into_parts().0;
    assert_eq!(again.in_place_of(&colleague(41)).map(|one| one.person), Some(PersonId(40)));
    steps.push(declared(&again, 41, false, &steps));
    let saved = Sheet::save(41, None, &again, (PersonId(41), &steps), marks(5)).unwrap().into_parts().0;
    let (sheet, step) = saved.hand_in(51, &again, at(date(2021, 8, 4), 9)).unwrap();
    sheets.push(sheet.into_parts().0);
    steps.push(step.into_parts().0);
    let moderating = again.open_moderation(&steps).unwrap().into_parts().0;
    let scores: Vec<i64> = moderating.spreads(&sheets)[0].scores.iter().map(|(person, _)| person.0).collect();
    assert_eq!(scores, [1, 2, 3, 41], "one of each authority");
    assert_eq!(refused(&moderating, colleague(42), &steps), "evaluation_state");
    assert!(waits(&moderating, &steps).is_empty());
}

#[test]
fn a_seat_is_released_with_a_typed_reason_passed_on_and_its_evaluator_scores_no_more() {
    let evaluation = scoring();
    let (steps, _) = scored(&evaluation);
    // The third said that there is no conflict, began, and left.
    let gone = PersonId(3);
    let steps: Vec<PanelStep> =
        steps.into_iter().filter(|one| !(one.person == gone && one.step == Step::HandedIn)).collect();
    let when = (PersonId(50), at(date(2021, 8, 6), 9));
    let release = |of: &Evaluation, person| of.clone().release((person, ReleaseReason::Left), &steps, when);
    for (person, refused) in [(1, "evaluator_done"), (4, "seat_given_up"), (9, "not_of_the_panel")] {
        assert_eq!(release(&evaluation, PersonId(person)).unwrap_err().code, refused, "{person}");
    }
    assert_eq!(evaluation.clone().open_moderation(&steps).unwrap_err().code, "scores_waited_for");
    let (released, event) = release(&evaluation, gone).unwrap().into_parts();
    let facts = [("person".to_owned(), "3".to_owned()), ("reason".to_owned(), "left".to_owned())];
    assert_eq!((event.kind.as_str(), event.facts.as_slice()), ("evaluation.evaluator_released", facts.as_slice()));
    assert_eq!(release(&released, gone).unwrap_err().code, "seat_given_up", "once");
    let save = Sheet::save(3, None, &released, (gone, &steps), marks(4)).map(|_| ());
    assert_eq!(save.unwrap_err().code, "evaluator_released");
    let told = PanelStep::declare(9, &released, gone, (true, "A sister works there"), (&steps, when.1));
    assert_eq!(code(told.unwrap_err()), "evaluator_released");
    assert_eq!(released.clone().name_evaluator(evaluator(3), &steps).unwrap_err().code, "evaluator_released");

    let waits: Vec<_> = released.seats_to_pass_on(&steps).into_iter().map(|one| one.person).collect();
    assert_eq!(waits, [gone, PersonId(4)]);
    assert_eq!(released.clone().open_moderation(&steps).unwrap().event().facts[0].1, "2", "or go on with the others");
    let colleague = Evaluator { person: PersonId(30), ..evaluator(3) };
    let passed_on = released.name_evaluator(colleague.clone(), &steps).unwrap().into_parts().0;
    assert_eq!(passed_on.in_place_of(&colleague).map(|one| one.person), Some(gone));
    let refusal = passed_on.clone().open_moderation(&steps).unwrap_err();
    assert_eq!((refusal.code.as_str(), refusal.value.as_str()), ("scores_waited_for", "2 of 3"));
}

#[test]
fn too_few_are_left_where_seats_are_released_and_nobody_is_named() {
    let when = (PersonId(50), at(date(2021, 8, 6), 9));
    let released = [2, 3, 4].into_iter().fold(scoring(), |of, person| {
        of.release((PersonId(person), ReleaseReason::Silent), &[], when).unwrap().into_parts().0
    });
    let one = PanelStep { step: Step::HandedIn, ..declared(&released, 1, false, &[]) };
    assert_eq!(released.open_moderation(&[one]).unwrap_err().code, "too_few_evaluators");
}

/// A conflict that an evaluator tells of now.
fn tells(of: &Evaluation, person: i64, steps: &mut Vec<PanelStep>) {
    let step = declared(of, person, true, steps);
    steps.push(step);
}

#[test]
fn a_conflict_that_is_found_later_strikes_the_sheet_and_takes_a_consensus_back_that_was_found_from_it() {
    let (out, mut steps, sheets) = told();
    let none = PanelStep::declare(9, &out, PersonId(3), (false, ""), (&steps, at(date(2021, 8, 11), 9)));
    assert_eq!(code(none.unwrap_err()), "evaluation_state", "that there is none is said before the first score");
    assert!(out.is_untainted(&steps).is_ok());
    assert!(out.clone().strike(PersonId(4), &steps).is_none(), "the outcome rests on no sheet of theirs");
    tells(&out, 3, &mut steps);
    let again = PanelStep::declare(9, &out, PersonId(3), (true, "Again"), (&steps, at(date(2021, 8, 11), 9)));
    assert_eq!(code(again.unwrap_err()), "declared_already");
    assert_eq!(out.is_untainted(&steps).unwrap_err().code, "consensus_struck");
    let struck = out.strike(PersonId(3), &steps).unwrap().into_parts().0;
    assert_eq!((struck.state.name(), struck.consensus.len()), ("moderating", 0));
    assert_eq!(struck.homes.len(), 2, "gates and homes stand");
    assert!(struck.clone().strike(PersonId(3), &steps).is_none(), "once");
    // The sheets that are left: those of the first and the second.
    let recommend = |of: &Evaluation, score| {
        of.clone().recommend(&sheets[..2], &consensus(score), (PersonId(50), "Admit"), at(date(2021, 8, 12), 9))
    };
    let recommended = recommend(&struck, 4).unwrap().into_parts().0;
    assert_eq!((recommended.consensus[0].spread.high(), recommended.consensus[0].spread.scores.len()), (4, 2));
    assert!(recommended.is_untainted(&steps).is_ok());

    // One more: a consensus of one is none, so that somebody is named first.
    tells(&recommended, 2, &mut steps);
    let few = recommended.strike(PersonId(2), &steps).unwrap().into_parts().0;
    assert_eq!(few.state, EvaluationState::Scoring);
    assert_eq!(few.clone().open_moderation(&steps).unwrap_err().code, "too_few_evaluators");
    let colleague = Evaluator { person: PersonId(20), ..evaluator(2) };
    assert!(few.name_evaluator(colleague, &steps).is_ok());
}

#[test]
fn a_conflict_is_told_at_any_time_before_the_outcome_is_final_and_not_after() {
    let (out, steps, _) = told();
    let told = |of: &Evaluation, steps: &[PanelStep]| {
        let when = at(date(2021, 9, 1), 9);
        PanelStep::declare(9, of, PersonId(1), (true, "A sister works there"), (steps, when)).map(|_| ()).map_err(code)
    };
    let admitted = out.clone().confirm(0, at(date(2021, 9, 1), 9)).unwrap().into_parts().0;
    assert_eq!(told(&begun(), &[]), Ok(()), "before the gates are judged");
    assert_eq!(told(&scoring(), &steps), Ok(()), "after it was handed in");
    assert_eq!(told(&out, &steps), Ok(()), "in the standstill");
    assert_eq!(told(&admitted, &steps), Err("evaluation_state".to_owned()));
    assert!(scoring().strike(PersonId(1), &steps).is_none(), "nothing was opened");
    let moderating = scoring().open_moderation(&steps).unwrap().into_parts().0;
    let struck = moderating.strike(PersonId(1), &steps).unwrap().into_parts().0;
    assert_eq!((struck.state.name(), struck.struck.as_slice()), ("moderating", [PersonId(1)].as_slice()));
}

#[test]
fn the_deadline_is_kept_to_the_second() {
    let opening = opening();
    let second = |second, nano| date(2021, 7, 31).at(12, 0, second, nano);
    assert!(!opening.late(date(2021, 7, 31).at(11, 59, 59, 999_999_999)));
    assert!(
        !opening.late(second(0, 0)) && !opening.late(second(0, 999_999_999)),
        "the deadline's own second is in time"
    );
    assert!(opening.late(second(1, 0)));
}

/// Admitted on 30 August under a condition whose day is 31 October.
fn under_a_condition() -> Evaluation {
    let scoring = scoring();
    let (steps, sheets) = scored(&scoring);
    let moderating = scoring.open_moderation(&steps).unwrap().into_parts().0;
    let condition = Condition::asked("The policy is revised.".into(), date(2021, 10, 31));
    let under = moderating.on_condition(Some(condition), date(2021, 8, 9)).unwrap();
    let (who, moment) = ((PersonId(50), "Admit"), at(date(2021, 8, 9), 9));
    let recommended = under.recommend(&sheets, &consensus(4), who, moment).unwrap().into_parts().0;
    assert!(recommended.condition_in_force().is_none(), "nothing is final");
    let standstill = recommended.issue(at(date(2021, 8, 10), 9)).unwrap().into_parts().0;
    standstill.confirm(0, at(date(2021, 8, 30), 9)).unwrap().into_parts().0
}

#[test]
fn a_condition_is_recorded_as_met_with_what_shows_it_or_once_its_day_has_passed_as_not_met() {
    let admitted = under_a_condition();
    let say = |of: &Evaluation, said: &ConditionSaid, day| of.clone().record_condition(said, PersonId(50), at(day, 9));
    let met = |on, evidence: &str| ConditionSaid::Met { on, evidence: evidence.into() };
    let not_met = |reason: &str| ConditionSaid::NotMet { reason: reason.into() };
    let (last, after) = (date(2021, 10, 31), date(2021, 11, 1));
    let condition = admitted.condition_in_force().unwrap();
    assert_eq!((condition.overdue(last), condition.overdue(after)), (false, true));
    let refused = |of: &Evaluation, said: &ConditionSaid, day| code(say(of, said, day).unwrap_err());
    assert_eq!(refused(&admitted, &met(after, "The policy of October"), last), "on", "not ahead");
    let began = admitted.begun.date();
    let before = met(began.yesterday().unwrap(), "The old policy");
    assert_eq!(refused(&admitted, &before, last), "on", "nor before it began");
    assert!(say(&admitted, &met(began, "The policy of that day"), last).is_ok());
    assert_eq!(refused(&admitted, &met(last, " "), last), "words");
    assert_eq!(refused(&admitted, &not_met("Nothing came"), last), "condition_not_due", "until the end of its day");
    assert_eq!(refused(&admitted, &not_met(" "), after), "words");

    let (in_time, event) = say(&admitted, &met(last, "The policy of October"), last).unwrap().into_parts();
    assert_eq!((event.kind.as_str(), event.version), ("evaluation.condition_met", admitted.version + 1));
    assert_eq!(event.facts, [("on".to_owned(), "2021-10-31".to_owned())], "no free text in an event");
    assert!(!in_time.condition_in_force().unwrap().overdue(after) && in_time.holds_on(after));
    assert_eq!(refused(&in_time, &met(last, "Once more"), after), "condition_recorded");
    assert_eq!(refused(&in_time, &not_met("Nothing came"), after), "condition_recorded");

    let (late, event) = say(&admitted, &not_met("Nothing came"), after).unwrap().into_parts();
    assert_eq!(event.kind, "evaluation.condition_not_met");
    assert_eq!(late.condition_in_force().unwrap().state.name(), "not_met");
    assert_eq!(refused(&late, &not_met("Nothing came"), after), "condition_recorded");
    let at_last = say(&late, &met(after, "The policy of November"), after).unwrap().into_parts().0;
    let ConditionState::Met { missed, .. } = &at_last.condition.as_ref().unwrap().state else { panic!("{at_last:?}") };
    assert_eq!(missed.as_deref(), Some("Nothing came"), "that it was missed stays on the record");

    let none = Evaluation { condition: None, ..admitted };
    assert_eq!(refused(&none, &met(last, "The policy of October"), last), "no_condition");
    assert_eq!(refused(&begun(), &met(last, "The policy of October"), last), "no_condition");
}

#[test]
fn a_condition_that_was_kept_before_its_outcome_could_be_recorded_is_open() {
    let kept: Condition = serde_json::from_str(r#"{"words": "The policy is revised.", "by": "2021-10-31"}"#).unwrap();
    assert_eq!(kept, Condition::asked("The policy is revised.".into(), date(2021, 10, 31)));
}

#[test]
fn every_act_out_of_its_order_is_refused() {
    let moment = at(date(2021, 8, 30), 9);
    let states: Vec<Evaluation> = {
        let scoring = scoring();
        let (steps, sheets) = scored(&scoring);
        let moderating = scoring.clone().open_moderation(&steps).unwrap().into_parts().0;
        let who = (PersonId(50), "Admit");
        let recommended = moderating.clone().recommend(&sheets, &consensus(4), who, moment).unwrap().into_parts().0;
        let standstill = recommended.clone().issue(at(date(2021, 8, 10), 9)).unwrap().into_parts().0;
        vec![begun(), scoring, moderating, recommended, standstill, under_a_condition()]
    };
    for evaluation in states {
        let (steps, sheets) = (scored(&scoring()).0, scored(&scoring()).1);
        let name = evaluation.state.name();
        let tried: [(&str, bool); 11] = [
            (
                "judge",
                evaluation.clone().judge(findings(true), |_| (true, String::new()), (PersonId(50), moment)).is_ok(),
            ),
            ("open_moderation", evaluation.clone().open_moderation(&steps).is_ok()),
            ("recommend", {
                let who = (PersonId(50), "Admit");
                evaluation.clone().recommend(&sheets, &consensus(4), who, moment).is_ok()
            }),
            ("issue", evaluation.clone().issue(moment).is_ok()),
            ("reopen_gates", evaluation.clone().reopen(Reopened::Gates).is_ok()),
            ("reopen_homes", evaluation.clone().reopen(Reopened::Homes).is_ok()),
            ("reopen_scores", evaluation.clone().reopen(Reopened::Scores).is_ok()),
            ("confirm", evaluation.clone().confirm(0, moment).is_ok()),
            ("strike", evaluation.clone().strike(PersonId(1), &steps).is_some()),
            ("release", {
                let who = (PersonId(1), ReleaseReason::Left);
                evaluation.clone().release(who, &[], (PersonId(50), moment)).is_ok()
            }),
            ("record_condition", {
                let said = ConditionSaid::Met { on: moment.today(), evidence: "The policy is here".into() };
                evaluation.clone().record_condition(&said, PersonId(50), moment).is_ok()
            }),
        ];
        for (act, done) in tried {
            let listed = EVALUATION_MOVES.iter().any(|one| one.from == name && one.act == act);
            assert_eq!(done, listed, "{act} from {name}");
        }
    }
}
