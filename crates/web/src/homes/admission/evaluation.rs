//! Evaluation records with the regional team's acts, an evaluator's own page, and the doubts of authorities.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::{get, post};
use placewell_app::Command;
use placewell_app::homes::admission::doubt::{AnswerDoubt, NoteDoubt};
use placewell_app::homes::admission::evaluating::{
    DeclareInterest, JudgeGates, JudgeHomes, NameEvaluator, OpenModeration, RecommendOutcome, SaveScores,
};
use placewell_app::homes::admission::outcome::{AnswerChallenge, ConfirmOutcome, IssueLetter};
use placewell_app::homes::admission::record::EvaluationPage;
use placewell_app::homes::admission::seat::ReleaseEvaluator;
use placewell_app::homes::standing::RecordCondition;
use placewell_domain::homes::admission::criteria::Question;
use placewell_domain::homes::admission::evaluation::{EvaluationState, Reopened};
use placewell_domain::homes::admission::score::{ReleaseReason, Sheet};
use placewell_domain::id::{EvaluationId, PersonId};
use placewell_domain::office::access::{Action, may};
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::outcome::Invalid;
use placewell_pages::form::Typed;
use placewell_pages::homes::admission::evaluation::{Reader, RecordView, evaluations, record};
use placewell_pages::homes::admission::scoring::{ScoringView, own_evaluations, scoring};
use placewell_pages::power::arrangement::Forms;

use super::forms;
use crate::fields::Fields;
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, Failure, OrFail, page, page_with, see};
use crate::server::Web;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/region/evaluations", get(list))
        .route("/region/evaluations/{id}", get(show))
        .route("/region/evaluations/{id}/evaluator", post(name_evaluator))
        .route("/region/evaluations/{id}/release", post(release))
        .route("/region/evaluations/{id}/gates", post(gates))
        .route("/region/evaluations/{id}/homes", post(homes))
        .route("/region/evaluations/{id}/moderate", post(moderate))
        .route("/region/evaluations/{id}/recommend", post(recommend))
        .route("/region/evaluations/{id}/issue", post(issue))
        .route("/region/evaluations/{id}/challenge", post(answer_challenge))
        .route("/region/evaluations/{id}/confirm", post(confirm))
        .route("/region/evaluations/{id}/condition", post(condition))
        .route("/region/evaluations/{id}/doubt", post(answer_doubt))
        .route("/evaluations", get(own_list))
        .route("/evaluations/{id}", get(own))
        .route("/evaluations/{id}/declare", post(declare))
        .route("/evaluations/{id}/scores", post(score))
        .route("/evaluations/{id}/doubt", post(doubt))
}

/// The evaluation of a path; nothing where it is no number.
fn id_of(text: &str) -> EvaluationId {
    EvaluationId(text.parse().unwrap_or_default())
}

fn status(errors: &Invalid) -> StatusCode {
    if errors.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
}

async fn list(signed: Signed) -> Answered {
    let found = signed.app().evaluations(&signed.actor).await.or_fail(&signed)?;
    Ok(page(&evaluations(signed.shell(), &found, signed.now().today())))
}

async fn show(signed: Signed, Path(id): Path<String>) -> Answered {
    again(&signed, id_of(&id), &Fields::default(), &Invalid::default()).await
}

async fn again(signed: &Signed, id: EvaluationId, typed: &Fields, errors: &Invalid) -> Answered {
    let found = signed.app().evaluation_page(&signed.actor, id).await.or_fail(signed)?;
    let waits = matches!(found.evaluation.state, EvaluationState::Standstill { .. });
    let finished = waits && may(signed.actor.role, Action::RunAdmission);
    let lent = finished && signed.app().role_is_lent(&signed.actor).await.or_fail(signed)?;
    let keys: Vec<String> = (0..4).map(|_| signed.new_key()).collect();
    let typed = Typed::new(typed.pairs().to_vec());
    let forms = Forms { keys: &keys, errors, typed: &typed };
    Ok(page_with(status(errors), &record(signed.shell(), &record_view(signed, found, lent), &forms)))
}

fn record_view(signed: &Signed, found: EvaluationPage, lent: bool) -> RecordView {
    let actor = &signed.actor;
    let reader = if may(actor.role, Action::RunAdmission) && found.evaluation.region == actor.organisation {
        Reader::Region
    } else if actor.kind == OrganisationKind::Authority && may(actor.role, Action::EvaluateApplications) {
        Reader::Authority
    } else {
        Reader::Other
    };
    RecordView {
        evaluation: found.evaluation,
        found: found.found,
        lots: found.lots.into_iter().map(|lot| (lot.code, lot.name)).collect(),
        steps: found.steps,
        sheets: found.sheets,
        gates: found.gates,
        homes: found.homes,
        challenges: found.challenges,
        doubts: found.doubts,
        answers: found.answers,
        renewed: found.renewed,
        insurances: found.insurances,
        reader,
        lent,
        today: found.today,
    }
}

/// Does what a form of the record says; else shows the record again.
async fn act<C: Command>(
    Submitted { signed, fields, key }: Submitted,
    id: EvaluationId,
    read: impl FnOnce(&Fields) -> Result<C, Invalid>,
) -> Answered {
    super::must(&signed, C::ACTION)?;
    match signed.attempt(&key, read(&fields)).await? {
        Ok(receipt) => {
            signed.app().homes.forget().await;
            Ok(see(&receipt))
        }
        Err(invalid) => again(&signed, id, &fields, &invalid).await,
    }
}

async fn name_evaluator(Path(id): Path<String>, sent: Submitted) -> Answered {
    let evaluation = id_of(&id);
    act(sent, evaluation, |fields| {
        let mut invalid = Invalid::default();
        let email = fields.text("email", 200, "Enter the e-mail address of the evaluator", &mut invalid);
        invalid.or(NameEvaluator { evaluation, version: fields.version(), email })
    })
    .await
}

async fn release(Path(id): Path<String>, sent: Submitted) -> Answered {
    let evaluation = id_of(&id);
    act(sent, evaluation, |fields| {
        let mut invalid = Invalid::default();
        let person = |text: &str| text.parse::<i64>().ok().map(PersonId);
        let person = fields.choice("person", person, "Select whose seat is released", &mut invalid);
        let reason = fields.choice("reason", ReleaseReason::from_code, "Select why", &mut invalid);
        match (person, reason) {
            (Some(person), Some(reason)) => {
                invalid.or(ReleaseEvaluator { evaluation, version: fields.version(), person, reason })
            }
            _ => Err(invalid),
        }
    })
    .await
}

async fn gates(Path(id): Path<String>, sent: Submitted) -> Answered {
    let evaluation = id_of(&id);
    act(sent, evaluation, |fields| {
        Ok(JudgeGates { evaluation, version: fields.version(), verdicts: forms::verdicts(fields)? })
    })
    .await
}

async fn homes(Path(id): Path<String>, sent: Submitted) -> Answered {
    let evaluation = id_of(&id);
    act(sent, evaluation, |fields| {
        Ok(JudgeHomes { evaluation, version: fields.version(), verdicts: forms::verdicts(fields)? })
    })
    .await
}

async fn moderate(Path(id): Path<String>, sent: Submitted) -> Answered {
    let evaluation = id_of(&id);
    act(sent, evaluation, |fields| Ok(OpenModeration { evaluation, version: fields.version() })).await
}

async fn recommend(Path(id): Path<String>, sent: Submitted) -> Answered {
    let evaluation = id_of(&id);
    super::must(&sent.signed, Action::RunAdmission)?;
    let found = sent.signed.app().evaluation_page(&sent.signed.actor, evaluation).await.or_fail(&sent.signed)?;
    // Where the consensus stands, no question is asked about it.
    let stands = found.evaluation.scores_stand();
    let criteria = found.evaluation.criteria;
    let asked: &[Question] = if stands { &[] } else { &criteria.quality };
    act(sent, evaluation, |fields| {
        let (consensus, words, condition) = forms::consensus(fields, asked, criteria.scale)?;
        Ok(RecommendOutcome { evaluation, version: fields.version(), consensus, words, condition })
    })
    .await
}

async fn issue(Path(id): Path<String>, sent: Submitted) -> Answered {
    let evaluation = id_of(&id);
    act(sent, evaluation, |fields| Ok(IssueLetter { evaluation, version: fields.version() })).await
}

async fn confirm(Path(id): Path<String>, sent: Submitted) -> Answered {
    let evaluation = id_of(&id);
    act(sent, evaluation, |fields| Ok(ConfirmOutcome { evaluation, version: fields.version() })).await
}

async fn condition(Path(id): Path<String>, sent: Submitted) -> Answered {
    let evaluation = id_of(&id);
    act(sent, evaluation, |fields| {
        Ok(RecordCondition { evaluation, version: fields.version(), said: forms::condition_said(fields)? })
    })
    .await
}

async fn answer_challenge(Path(id): Path<String>, sent: Submitted) -> Answered {
    let evaluation = id_of(&id);
    act(sent, evaluation, |fields| {
        let mut invalid = Invalid::default();
        let said = |text: &str| if text == "no" { Some(None) } else { Reopened::from_code(text).map(Some) };
        let ask = "Select whether it is upheld, and what is opened again";
        let reopens = fields.choice("upheld", said, ask, &mut invalid);
        let words = fields.text("words", 2_000, "Enter the answer: the provider reads it", &mut invalid);
        match reopens {
            Some(reopens) => invalid.or(AnswerChallenge { evaluation, version: fields.version(), reopens, words }),
            None => Err(invalid),
        }
    })
    .await
}

async fn doubt(Path(id): Path<String>, sent: Submitted) -> Answered {
    let evaluation = id_of(&id);
    act(sent, evaluation, |fields| {
        let mut invalid = Invalid::default();
        let words = fields.text("words", 2_000, "Say what you doubt and why", &mut invalid);
        invalid.or(NoteDoubt { evaluation, words })
    })
    .await
}

async fn answer_doubt(Path(id): Path<String>, sent: Submitted) -> Answered {
    let evaluation = id_of(&id);
    act(sent, evaluation, |fields| {
        let mut invalid = Invalid::default();
        let doubt = fields.choice("doubt", |text| text.parse().ok(), "Select a doubt", &mut invalid);
        let words = fields.text("answer", 2_000, "Enter the answer: every authority reads it", &mut invalid);
        match doubt {
            Some(doubt) => invalid.or(AnswerDoubt { evaluation, doubt, words }),
            None => Err(invalid),
        }
    })
    .await
}

async fn own_list(signed: Signed) -> Answered {
    let found = signed.app().own_evaluations(&signed.actor).await.or_fail(&signed)?;
    Ok(page(&own_evaluations(signed.shell(), &found, signed.actor.person)))
}

async fn own(signed: Signed, Path(id): Path<String>) -> Answered {
    own_again(&signed, id_of(&id), None, &Invalid::default()).await
}

fn stored(own: Option<&Sheet>) -> Typed {
    let mut typed = Typed::default();
    for mark in own.iter().flat_map(|sheet| &sheet.marks) {
        if let Some(score) = mark.score {
            typed.set(&format!("{}_score", mark.question), score);
        }
        typed.set(&format!("{}_comment", mark.question), &mark.comment);
    }
    typed
}

async fn own_again(signed: &Signed, id: EvaluationId, typed: Option<&Fields>, errors: &Invalid) -> Answered {
    let found = signed.app().scoring_page(&signed.actor, id).await.or_fail(signed)?;
    let typed = typed.map_or_else(|| stored(found.own.as_ref()), |fields| Typed::new(fields.pairs().to_vec()));
    let keys = [signed.new_key(), signed.new_key()];
    let forms = Forms { keys: &keys, errors, typed: &typed };
    let person = signed.actor.person;
    let view = ScoringView {
        steps: found.steps.iter().filter(|step| step.person == person).map(|step| step.step).collect(),
        answers: found.application.map(|one| one.answers).unwrap_or_default(),
        own: found.own,
        released: found.evaluation.release_of(person).is_some(),
        evaluation: found.evaluation,
    };
    Ok(page_with(status(errors), &scoring(signed.shell(), &view, &forms)))
}

/// Does what an evaluator's form says; else shows the evaluator's page again.
async fn own_act<C: Command>(
    Submitted { signed, fields, key }: Submitted,
    id: EvaluationId,
    read: Result<C, Invalid>,
) -> Answered {
    match signed.attempt(&key, read).await? {
        Ok(receipt) => Ok(see(&receipt)),
        Err(invalid) => own_again(&signed, id, Some(&fields), &invalid).await,
    }
}

async fn declare(Path(id): Path<String>, sent: Submitted) -> Answered {
    let evaluation = id_of(&id);
    scores(&sent.signed)?;
    let words = sent.fields.get("conflict_words").to_owned();
    let read = match sent.fields.get("conflict") {
        "yes" => Ok(DeclareInterest { evaluation, conflict: true, words }),
        "no" => Ok(DeclareInterest { evaluation, conflict: false, words: String::new() }),
        _ => Err(Invalid::one("conflict", "Select whether you have a conflict of interest")),
    };
    own_act(sent, evaluation, read).await
}

fn scores(signed: &Signed) -> Result<(), Failure> {
    super::must(signed, Action::EvaluateApplications)
}

async fn score(Path(id): Path<String>, sent: Submitted) -> Answered {
    let evaluation = id_of(&id);
    scores(&sent.signed)?;
    let found = match sent.signed.app().scoring_page(&sent.signed.actor, evaluation).await {
        Ok(found) => found,
        Err(outcome) => return Err(sent.signed.fail(outcome)),
    };
    let version = sent.fields.version();
    let hand_in = sent.fields.get("hand_in") == "yes";
    let read = forms::marks(&sent.fields, &found.evaluation.criteria).map(|marks| SaveScores {
        evaluation,
        version,
        marks,
        hand_in,
    });
    own_act(sent, evaluation, read).await
}
