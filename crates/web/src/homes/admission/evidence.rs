//! Documents of an application: the provider's own, added and removed; and read by whoever judges it.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::{get, post};
use placewell_app::homes::admission::evidence::{AddEvidence, EvidenceLine, RemoveEvidence};
use placewell_app::{Answer, Outcome};
use placewell_domain::homes::admission::evidence::EvidenceOf;
use placewell_domain::id::EvaluationId;
use placewell_domain::office::access::Action;
use placewell_domain::outcome::Invalid;
use placewell_pages::form::Typed;
use placewell_pages::homes::admission::evidence::{EvidenceRow, OwnEvidenceView, evidence, own_evidence};
use placewell_pages::power::arrangement::Forms;

use super::must;
use crate::fields::Fields;
use crate::office::document::{brought, download, line};
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, Failure, OrFail, page, page_with, see};
use crate::server::Web;
use crate::upload::{SentFile, Uploaded, at_field};

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/provider/admission/{reference}/documents", get(show).post(add))
        .route("/provider/admission/{reference}/documents/remove", post(remove))
        .route("/provider/admission/{reference}/documents/{document}", get(own_document))
        .route("/region/evaluations/{id}/documents", get(for_region))
        .route("/region/evaluations/{id}/documents/{document}", get(document_for_region))
        .route("/evaluations/{id}/documents", get(for_evaluator))
        .route("/evaluations/{id}/documents/{document}", get(document_for_evaluator))
}

fn rows(found: Vec<EvidenceLine>, record: &str) -> Vec<EvidenceRow> {
    let row = |one: EvidenceLine| EvidenceRow {
        id: one.entry.id.0,
        of: one.of.label().to_owned(),
        line: line(&(one.entry, one.name), record, true, false),
    };
    found.into_iter().map(row).collect()
}

async fn show(signed: Signed, Path(reference): Path<String>) -> Answered {
    again(&signed, &reference, &Fields::default(), (StatusCode::OK, Invalid::default())).await
}

async fn again(signed: &Signed, reference: &str, typed: &Fields, (status, errors): (StatusCode, Invalid)) -> Answered {
    let (draft, found) = signed.app().own_evidence(&signed.actor, reference).await.or_fail(signed)?;
    let rows = rows(found, &format!("/provider/admission/{reference}"));
    let view = OwnEvidenceView { reference: reference.to_owned(), version: draft.version, rows };
    let keys = [signed.new_key(), signed.new_key()];
    let typed = Typed::new(typed.pairs().to_vec());
    let forms = Forms { keys: &keys, errors: &errors, typed: &typed };
    Ok(page_with(status, &own_evidence(signed.shell(), &view, &forms)))
}

/// What a form brings: what the document shows, and the document.
fn read(reference: &str, version: i64, fields: &Fields, file: Option<SentFile>) -> Answer<AddEvidence> {
    let mut invalid = Invalid::default();
    let of = fields.choice("of", EvidenceOf::from_code, "Select what the document shows", &mut invalid);
    let Some(of) = of else { return Err(invalid.into()) };
    Ok(AddEvidence { reference: reference.to_owned(), version, of, brought: brought(file)? })
}

async fn add(Path(reference): Path<String>, sent: Uploaded) -> Answered {
    let Uploaded { signed, fields, key, file } = sent;
    must(&signed, Action::ApplyForAdmission)?;
    let answer = match read(&reference, fields.version(), &fields, file) {
        Ok(command) => signed.app().perform(&signed.actor, &key, command).await,
        Err(outcome) => Err(outcome),
    };
    match answer.map_err(at_field) {
        Ok(receipt) => Ok(see(&receipt)),
        Err(Ok(wrong)) => again(&signed, &reference, &fields, wrong).await,
        Err(Err(outcome)) => Err(signed.fail(outcome)),
    }
}

async fn remove(Path(reference): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    must(&signed, Action::ApplyForAdmission)?;
    let command = match fields.get("document").parse::<i64>() {
        Ok(document) => Ok(RemoveEvidence { reference: reference.clone(), version: fields.version(), document }),
        Err(_) => Err(Invalid::one("document", "Select the document that goes")),
    };
    match signed.attempt(&key, command).await? {
        Ok(receipt) => Ok(see(&receipt)),
        Err(invalid) => again(&signed, &reference, &fields, (StatusCode::UNPROCESSABLE_ENTITY, invalid)).await,
    }
}

async fn own_document(signed: Signed, Path((reference, document)): Path<(String, i64)>) -> Answered {
    let found = signed.app().own_evidence_document(&signed.actor, &reference, document).await;
    let (entry, content) = found.or_fail(&signed)?;
    Ok(download(&reference, &entry, content))
}

async fn judged(signed: &Signed, id: i64, record: &str) -> Answered {
    let (app, actor, id) = (signed.app(), &signed.actor, EvaluationId(id));
    let found = app.evidence_of(actor, id).await.or_fail(signed)?;
    let evaluation = app.evaluation_page(actor, id).await.or_fail(signed)?.evaluation;
    let about = (evaluation.provider_name.as_str(), evaluation.opening_reference.as_str());
    Ok(page(&evidence(signed.shell(), about, &rows(found, record), record)))
}

async fn judged_document(signed: &Signed, (id, document): (i64, i64)) -> Answered {
    let found = signed.app().evidence_document(&signed.actor, EvaluationId(id), document).await;
    let (entry, content) = found.or_fail(signed)?;
    Ok(download("evidence", &entry, content))
}

/// Whose role may not ask is told so before anything about the address.
fn may_see(signed: &Signed, action: Action) -> Result<(), Failure> {
    signed.app().may_ask(&signed.actor, action).map_err(|outcome: Outcome| signed.fail(outcome))
}

async fn for_region(signed: Signed, Path(id): Path<i64>) -> Answered {
    may_see(&signed, Action::RunAdmission)?;
    judged(&signed, id, &format!("/region/evaluations/{id}")).await
}

async fn document_for_region(signed: Signed, path: Path<(i64, i64)>) -> Answered {
    may_see(&signed, Action::RunAdmission)?;
    judged_document(&signed, path.0).await
}

async fn for_evaluator(signed: Signed, Path(id): Path<i64>) -> Answered {
    may_see(&signed, Action::EvaluateApplications)?;
    judged(&signed, id, &format!("/evaluations/{id}")).await
}

async fn document_for_evaluator(signed: Signed, path: Path<(i64, i64)>) -> Answered {
    may_see(&signed, Action::EvaluateApplications)?;
    judged_document(&signed, path.0).await
}
