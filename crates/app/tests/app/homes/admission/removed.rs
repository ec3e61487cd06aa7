//! A removal ends by its measure, on evidence, on both databases: no earlier evaluation, no exceptional road, no file and
//! no outcome that was on its way leads past it.

use jiff::civil::date;
use placewell_app::homes::admission::evaluating::{ConsensusSaid, RecommendOutcome};
use placewell_app::homes::admission::outcome::{AnswerChallenge, ConfirmOutcome, IssueLetter};
use placewell_app::homes::standing::{About, AdmitProvider, ProposeMeasure, Reinstate};
use placewell_app::{Answer, Outcome, Receipt};
use placewell_domain::homes::admission::criteria::Question;
use placewell_domain::homes::admission::evaluation::{Evaluation, HomeJudged, outcome};
use placewell_domain::homes::admission::ground::AdmissionException;
use placewell_domain::homes::standing::Standing;
use placewell_domain::homes::standing::measure::Reinstatement;
use placewell_domain::outcome::Refusal;
use placewell_testkit::databases::{both, both_filled};

use super::evaluation::{Given as Filled, perform};
use super::{BEGAN, FILE, TODAY, admit, before_record, code, given};
use crate::homes::standing::{confirm, suspension};

fn removal(about: About, lot: Option<&str>) -> ProposeMeasure {
    ProposeMeasure { standing: Standing::Removed, ..suspension(about, lot) }
}

fn ended(measure: i64) -> Reinstate {
    let link = Some("https://reports.ofsted.gov.uk/again".to_owned());
    Reinstate { measure, version: 2, evidence: Reinstatement::EnquiryClosed, link }
}

fn refusal(answer: Answer<Receipt>) -> Refusal {
    match answer {
        Err(Outcome::Refused(refusal)) => *refusal,
        other => panic!("not refused: {other:?}"),
    }
}

#[tokio::test]
async fn a_removed_provider_is_not_admitted_anew_before_its_measure_has_ended_on_evidence() {
    both(async |database| {
        let given = given(&database).await;
        let admission = |from, reason| AdmitProvider {
            provider: "elm-care".into(),
            from,
            exception: Some((reason, "file FCA/2018/014".to_owned())),
        };
        given.perform(admission(BEGAN, AdmissionException::BeforeRecord)).await.unwrap();
        let proposed = given.perform(removal(About::Provider("elm-care".into()), None)).await.unwrap();
        let waits = refusal(given.perform(admission(TODAY, AdmissionException::NewForm)).await);
        assert_eq!(waits.code, "removal_stands", "it waits for a person");
        assert!(waits.who_can_change.ends_with("by confirming or dropping it"), "{}", waits.who_can_change);
        let measure = confirm(&given, &proposed.location).await;
        for from in [BEGAN, TODAY, date(2021, 10, 1)] {
            let refused = refusal(given.perform(admission(from, AdmissionException::TookOver)).await);
            assert_eq!((refused.code.as_str(), refused.value.as_str()), {
                ("removal_stands", "measure of 13 September 2021: in force")
            });
            assert!(refused.sentence.contains("a safeguarding enquiry"), "{}", refused.sentence);
        }
        let page = async || given.app.region_provider(&given.lead, "elm-care").await.unwrap();
        assert_eq!(page().await.holding(TODAY).unwrap().standing, Standing::Removed);
        assert_eq!(page().await.grounds.len(), 1, "no second ground was kept");
        given.perform(ended(measure)).await.unwrap();
        assert_eq!(page().await.holding(TODAY).unwrap().standing, Standing::Good, "measure and facts say the same");
        assert_eq!(code(given.perform(admission(TODAY, AdmissionException::TookOver)).await), "provider_admitted");
    })
    .await;
}

#[tokio::test]
async fn a_removal_that_is_over_keeps_no_provider_out_from_an_earlier_day() {
    both(async |database| {
        let given = given(&database).await;
        let from = |from| AdmitProvider { provider: "elm-care".into(), from, exception: Some(before_record()) };
        given.perform(from(BEGAN)).await.unwrap();
        let proposed = given.perform(removal(About::Provider("elm-care".into()), None)).await.unwrap();
        let measure = confirm(&given, &proposed.location).await;
        given.app.calendar.move_to(date(2021, 9, 14).at(9, 0, 0, 0));
        given.perform(ended(measure)).await.unwrap();
        let page = given.app.region_provider(&given.lead, "elm-care").await.unwrap();
        assert_eq!(page.holding(TODAY).unwrap().standing, Standing::Removed, "it was removed for a day");
        assert_eq!(code(given.perform(from(TODAY)).await), "provider_admitted", "and is in the arrangement again");
    })
    .await;
}

#[tokio::test]
async fn a_home_that_is_removed_from_a_lot_joins_it_neither_by_hand_nor_by_a_file() {
    both(async |database| {
        let given = given(&database).await;
        for provider in ["elm-care", "ash-care"] {
            let exception = Some(before_record());
            given.perform(AdmitProvider { provider: provider.into(), from: BEGAN, exception }).await.unwrap();
        }
        let proposed = given.perform(removal(About::Home("SC400001".into()), Some("crisis"))).await.unwrap();
        let waits = refusal(given.perform(admit("SC400001", "crisis", TODAY)).await);
        assert_eq!(waits.code, "removal_stands", "it waits");
        assert!(waits.sentence.contains(", lot Lot crisis: "), "{}", waits.sentence);
        let own = confirm(&given, &proposed.location).await;
        let proposed = given.perform(removal(About::Provider("ash-care".into()), Some("planned"))).await.unwrap();
        confirm(&given, &proposed.location).await;
        assert_eq!(code(given.perform(admit("SC400001", "crisis", TODAY)).await), "removal_stands");
        assert_eq!(code(given.perform(admit("SC400003", "planned", BEGAN)).await), "removal_stands", "its provider's");
        given.perform(admit("SC400003", "crisis", TODAY)).await.unwrap();
        let found = given.bring(FILE, false).await;
        let rows: Vec<usize> = found.errors.iter().map(|error| error.row).collect();
        assert_eq!(rows, [4, 5, 6, 7], "{:?}", found.errors);
        assert!(found.errors[0].reason.contains("removed from the arrangement, lot Lot "), "{:?}", found.errors[0]);
        assert_eq!(found.admissions, 1, "the home joins the other lot");
        given.perform(ended(own)).await.unwrap();
        given.perform(admit("SC400001", "crisis", TODAY)).await.unwrap();
    })
    .await;
}

/// The evaluation whose standstill is over, with the challenge answered.
pub async fn after_standstill(given: &Filled) -> Evaluation {
    let found = given.evaluation("standstill").await;
    given.move_to(date(2021, 9, 27).at(9, 0, 0, 0));
    let words = "The panel read the right template.".to_owned();
    let answer = AnswerChallenge { evaluation: found.id, version: found.version, reopens: None, words };
    perform(&given.app, &given.lead, answer).await.unwrap();
    found
}

/// The code of the provider that is evaluated.
async fn provider_of(given: &Filled, of: &Evaluation) -> String {
    let session = given.app.store.read(None).await.unwrap();
    session.organisation_by_id(of.provider).await.unwrap().code
}

async fn propose(given: &Filled, command: ProposeMeasure) -> i64 {
    let receipt = perform(&given.app, &given.lead, command).await.unwrap();
    receipt.location.rsplit('/').next().unwrap().parse().unwrap()
}

/// Confirmed once every authority has told what stands open there.
async fn confirmed(given: &Filled, measure: i64) {
    for _ in 0..20 {
        given.app.do_due_jobs().await.unwrap();
        let page = given.app.region_measure(&given.lead, measure).await.unwrap();
        if page.untold == 0 {
            let with = (measure, page.measure.version, page.seen());
            given.app.confirm_measure(&given.lead, &format!("confirm {measure}"), with).await.unwrap();
            return;
        }
    }
    panic!("the authorities did not tell");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_removed_in_its_standstill_is_not_brought_back_by_its_outcome() {
    both_filled(async |database| {
        let given = Filled::new(&database).await;
        let found = after_standstill(&given).await;
        assert!(outcome(&found).passes());
        let provider = provider_of(&given, &found).await;
        let measure = propose(&given, removal(About::Provider(provider.clone()), None)).await;
        let make_final = async || {
            let command = ConfirmOutcome { evaluation: found.id, version: found.version };
            perform(&given.app, &given.lead, command).await
        };
        assert_eq!(refusal(make_final().await).code, "removal_stands", "a person confirms or drops it first");
        confirmed(&given, measure).await;
        let refused = refusal(make_final().await);
        assert_eq!((refused.code.as_str(), refused.value.as_str()), {
            ("removal_stands", "measure of 27 September 2021: in force")
        });
        assert_eq!(given.again(&found).await.version, found.version, "nothing was written");
        let stands = async || {
            let page = given.app.region_provider(&given.lead, &provider).await.unwrap();
            page.holding(date(2021, 9, 27)).unwrap().standing
        };
        assert_eq!(stands().await, Standing::Removed);
        perform(&given.app, &given.lead, ended(measure)).await.unwrap();
        make_final().await.unwrap();
        assert_eq!((stands().await, given.again(&found).await.state.name()), (Standing::Good, "admitted"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_home_removed_in_the_standstill_is_left_out_of_the_outcome_once_a_person_has_confirmed_it() {
    both_filled(async |database| {
        let given = Filled::new(&database).await;
        let found = after_standstill(&given).await;
        let lot = outcome(&found).lots.into_iter().find(|lot| !lot.admitted.is_empty()).unwrap();
        let urn = lot.admitted[0].clone();
        let measure = propose(&given, removal(About::Home(urn.to_string()), Some(lot.lot.as_str()))).await;
        let make_final = async || {
            let command = ConfirmOutcome { evaluation: found.id, version: found.version };
            perform(&given.app, &given.lead, command).await
        };
        assert_eq!(refusal(make_final().await).code, "removal_stands");
        confirmed(&given, measure).await;
        make_final().await.unwrap();
        let after = given.again(&found).await;
        let of = |one: &&HomeJudged| one.finding.urn == urn && one.finding.lot == lot.lot;
        let left = after.homes.iter().find(of).unwrap();
        assert!(!left.passed && left.words.contains("removed from the arrangement"), "{}", left.words);
        let others = outcome(&found).lots.iter().map(|lot| lot.admitted.len()).sum::<usize>() - 1;
        assert_eq!(after.state.name(), if others > 0 { "admitted" } else { "not_admitted" });
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_removed_while_it_is_scored_is_judged_to_the_end_and_admitted_by_no_outcome() {
    both_filled(async |database| {
        let given = Filled::new(&database).await;
        let (app, lead) = (&given.app, &given.lead);
        let scoring = given.evaluation("scoring").await;
        let measure = propose(&given, removal(About::Provider(provider_of(&given, &scoring).await), None)).await;
        confirmed(&given, measure).await;
        let moderated = given.moderated().await;
        let (evaluation, version) = (moderated.id, moderated.version);
        let said = |question: &Question| ConsensusSaid {
            question: question.code.clone(),
            score: 4,
            reason: "The panel agreed on it.".to_owned(),
        };
        let consensus = moderated.criteria.quality.iter().map(said).collect();
        let recommend = RecommendOutcome { evaluation, version, consensus, words: "Admit".to_owned(), condition: None };
        perform(app, lead, recommend).await.unwrap();
        perform(app, lead, IssueLetter { evaluation, version: version + 1 }).await.unwrap();
        given.move_to(date(2021, 10, 12).at(9, 0, 0, 0));
        assert!(outcome(&given.again(&scoring).await).passes());
        let make_final = ConfirmOutcome { evaluation, version: version + 2 };
        assert_eq!(refusal(perform(app, lead, make_final.clone()).await).code, "removal_stands");
        perform(app, lead, ended(measure)).await.unwrap();
        perform(app, lead, make_final).await.unwrap();
        assert_eq!(given.again(&scoring).await.state.name(), "admitted");
    })
    .await;
}
