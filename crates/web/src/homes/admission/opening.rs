//! Openings: the public's pages, and the regional team's with its forms.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::{get, post};
use placewell_app::homes::admission::evaluating::StartEvaluations;
use placewell_app::homes::admission::opening::{
    AnswerQuestion, KeepOpening, KeptOpening, MoveOpening, OpeningAct, PublicOpening,
};
use placewell_app::{Command, Outcome};
use placewell_domain::homes::admission::application::ApplicationState;
use placewell_domain::homes::admission::opening::OpeningPhase;
use placewell_domain::outcome::Invalid;
use placewell_pages::form::Typed;
use placewell_pages::homes::admission::opening::{
    ApplicationLine, PublicOpeningView, RegionOpeningView, opening_form, public_opening, public_openings,
    region_opening, region_openings, typed_of,
};
use placewell_pages::power::arrangement::Forms;

use super::forms;
use crate::fields::Fields;
use crate::request::{Signed, Submitted, Visit};
use crate::respond::{Answered, OrFail, page, page_with, see};
use crate::server::Web;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/admission", get(list))
        .route("/admission/{reference}", get(show))
        .route("/region/admission", get(region_list))
        .route("/region/admission/new", get(ask_new).post(send_new))
        .route("/region/admission/{reference}", get(region_show))
        .route("/region/admission/{reference}/edit", get(ask_edit).post(send_edit))
        .route("/region/admission/{reference}/publish", post(publish))
        .route("/region/admission/{reference}/cancel", post(cancel))
        .route("/region/admission/{reference}/answer", post(answer))
        .route("/region/admission/{reference}/evaluate", post(evaluate))
}

pub(super) fn view_of(found: PublicOpening) -> PublicOpeningView {
    PublicOpeningView {
        answers: found.answers.into_iter().map(|one| (one.question, one.answer, one.at)).collect(),
        lots: found.lots.into_iter().map(|lot| (lot.code, lot.name)).collect(),
        opening: found.opening,
        phase: found.phase,
    }
}

async fn list(visit: Visit) -> Answered {
    let found = visit.app().public_openings().await.or_fail(&visit)?;
    Ok(page(&public_openings(visit.shell(), &found)))
}

async fn show(visit: Visit, Path(reference): Path<String>) -> Answered {
    let found = visit.app().public_opening(&reference).await.or_fail(&visit)?;
    Ok(page(&public_opening(visit.shell(), &view_of(found))))
}

async fn region_list(signed: Signed) -> Answered {
    let found = signed.app().kept_openings(&signed.actor).await.or_fail(&signed)?;
    Ok(page(&region_openings(signed.shell(), &found)))
}

fn status(errors: &Invalid) -> StatusCode {
    if errors.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
}

/// The form of a plan: what was typed, or what it starts from.
async fn form(signed: &Signed, draft: Option<String>, (typed, errors): (Option<&Fields>, Invalid)) -> Answered {
    let (latest, lots) = signed.app().latest_plan(&signed.actor).await.or_fail(signed)?;
    let lots: Vec<(String, String)> = lots.into_iter().map(|lot| (lot.code, lot.name)).collect();
    let kept = match &draft {
        Some(reference) => {
            let found = signed.app().kept_opening(&signed.actor, reference).await.or_fail(signed)?.public;
            if found.phase != OpeningPhase::Draft {
                return Err(signed.fail(Outcome::NotFound));
            }
            Some(found.opening)
        }
        None => None,
    };
    let typed = match (typed, &kept, &latest) {
        (Some(fields), ..) => Typed::new(fields.pairs().to_vec()),
        (None, Some(opening), _) => typed_of(&opening.plan),
        (None, None, Some(plan)) => typed_of(plan),
        (None, None, None) => Typed::default(),
    };
    let keys = [signed.new_key()];
    let forms = Forms { keys: &keys, errors: &errors, typed: &typed };
    let draft = kept.as_ref().map(|opening| (opening.reference.as_str(), opening.version));
    Ok(page_with(status(&errors), &opening_form(signed.shell(), draft, &lots, &forms)))
}

async fn ask_new(signed: Signed) -> Answered {
    form(&signed, None, (None, Invalid::default())).await
}

async fn ask_edit(signed: Signed, Path(reference): Path<String>) -> Answered {
    form(&signed, Some(reference), (None, Invalid::default())).await
}

async fn keep(Submitted { signed, fields, key }: Submitted, reference: Option<String>) -> Answered {
    super::must(&signed, KeepOpening::ACTION)?;
    let version = fields.version();
    let read = forms::plan(&fields).map(|plan| KeepOpening { reference: reference.clone(), version, plan });
    match signed.attempt(&key, read).await? {
        Ok(receipt) => Ok(see(&receipt)),
        Err(invalid) => form(&signed, reference, (Some(&fields), invalid)).await,
    }
}

async fn send_new(sent: Submitted) -> Answered {
    keep(sent, None).await
}

async fn send_edit(Path(reference): Path<String>, sent: Submitted) -> Answered {
    keep(sent, Some(reference)).await
}

async fn region_show(signed: Signed, Path(reference): Path<String>) -> Answered {
    again(&signed, &reference, &Fields::default(), &Invalid::default()).await
}

async fn again(signed: &Signed, reference: &str, typed: &Fields, errors: &Invalid) -> Answered {
    let found = signed.app().kept_opening(&signed.actor, reference).await.or_fail(signed)?;
    let view = region_view(found);
    let keys: Vec<String> = (0..3 + view.waiting.len()).map(|_| signed.new_key()).collect();
    let typed = Typed::new(typed.pairs().to_vec());
    let forms = Forms { keys: &keys, errors, typed: &typed };
    Ok(page_with(status(errors), &region_opening(signed.shell(), &view, &forms)))
}

fn region_view(found: KeptOpening) -> RegionOpeningView {
    let waiting = found.asked.into_iter().filter(|(question, _)| question.answered.is_none());
    let applications = found.applications.iter().map(|one| {
        let evaluation = found.evaluations.iter().find(|known| known.application == one.id);
        ApplicationLine {
            provider: one.provider_name.clone(),
            sent: one.sent,
            late: one.late,
            withdrawn: matches!(one.state, ApplicationState::Withdrawn { .. }),
            evaluation: evaluation
                .map(|known| (format!("/region/evaluations/{}", known.id), known.state.label().to_owned())),
        }
    });
    RegionOpeningView {
        applications: applications.collect(),
        waiting: waiting.map(|(question, name)| (question.id, name, question.text, question.asked)).collect(),
        counts: found.counts,
        public: view_of(found.public),
    }
}

/// Does what a form of the opening's page says; else shows the page again.
async fn act<C: Command>(
    sent: Submitted,
    reference: &str,
    read: impl FnOnce(&Fields) -> Result<C, Invalid>,
) -> Answered {
    super::act(sent, reference, read, again).await
}

async fn publish(Path(reference): Path<String>, sent: Submitted) -> Answered {
    let shown = reference.clone();
    act(sent, &shown, |fields| Ok(MoveOpening { reference, version: fields.version(), act: OpeningAct::Publish })).await
}

async fn cancel(Path(reference): Path<String>, sent: Submitted) -> Answered {
    let shown = reference.clone();
    act(sent, &shown, |fields| {
        let mut invalid = Invalid::default();
        let reason = fields.text("reason", 500, "Say why it is called off: everybody reads it", &mut invalid);
        invalid.or(MoveOpening { reference, version: fields.version(), act: OpeningAct::Cancel { reason } })
    })
    .await
}

async fn answer(Path(reference): Path<String>, sent: Submitted) -> Answered {
    let shown = reference.clone();
    act(sent, &shown, |fields| {
        let mut invalid = Invalid::default();
        let question = fields.get("question").parse().unwrap_or_default();
        let words =
            fields.text(&format!("words_{question}"), 2_000, "Enter the question as it is published", &mut invalid);
        let answer = fields.text(&format!("answer_{question}"), 2_000, "Enter the answer", &mut invalid);
        invalid.or(AnswerQuestion { reference, question, words, answer })
    })
    .await
}

async fn evaluate(Path(reference): Path<String>, sent: Submitted) -> Answered {
    let shown = reference.clone();
    act(sent, &shown, |fields| {
        let lines = fields.get("evaluators").lines().map(str::trim).filter(|line| !line.is_empty());
        let evaluators: Vec<String> = lines.map(str::to_owned).collect();
        if evaluators.is_empty() {
            return Err(Invalid::one("evaluators", "Enter the e-mail addresses of at least two evaluators"));
        }
        Ok(StartEvaluations { reference, evaluators })
    })
    .await
}
