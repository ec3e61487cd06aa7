//! Openings, registrations and evaluations: the pages of everybody, of the regional team and of evaluators.

use placewell_domain::office::access::Action;

use super::{Route, Who, get, post};

/// The routes.
pub(super) const ROUTES: &[Route] = &[
    get("/admission", Who::Everybody),
    get("/admission/{reference}", Who::Everybody),
    get("/admission/{reference}/register", Who::Everybody),
    post("/admission/{reference}/register", Who::Everybody),
    get("/region/registrations", Who::Role(Action::RunAdmission)),
    get("/region/registrations/{id}", Who::Role(Action::RunAdmission)),
    post("/region/registrations/{id}/confirm", Who::Role(Action::RunAdmission)),
    post("/region/registrations/{id}/join", Who::Role(Action::RunAdmission)),
    post("/region/registrations/{id}/refuse", Who::Role(Action::RunAdmission)),
    get("/region/admission", Who::Role(Action::RunAdmission)),
    get("/region/admission/new", Who::Role(Action::RunAdmission)),
    post("/region/admission/new", Who::Role(Action::RunAdmission)),
    get("/region/admission/{reference}", Who::Role(Action::RunAdmission)),
    get("/region/admission/{reference}/edit", Who::Role(Action::RunAdmission)),
    post("/region/admission/{reference}/edit", Who::Role(Action::RunAdmission)),
    post("/region/admission/{reference}/publish", Who::Role(Action::RunAdmission)),
    post("/region/admission/{reference}/cancel", Who::Role(Action::RunAdmission)),
    post("/region/admission/{reference}/answer", Who::Role(Action::RunAdmission)),
    post("/region/admission/{reference}/evaluate", Who::Role(Action::RunAdmission)),
    get("/region/evaluations", Who::Role(Action::SeeEvaluations)),
    get("/region/evaluations.csv", Who::Role(Action::SeeEvaluations)),
    get("/region/evaluations.xlsx", Who::Role(Action::SeeEvaluations)),
    get("/region/evaluations/{id}", Who::Role(Action::SeeEvaluations)),
    get("/region/evaluations/{id}/documents", Who::Role(Action::RunAdmission)),
    get("/region/evaluations/{id}/documents/{document}", Who::Role(Action::RunAdmission)),
    post("/region/evaluations/{id}/evaluator", Who::Role(Action::RunAdmission)),
    post("/region/evaluations/{id}/gates", Who::Role(Action::RunAdmission)),
    post("/region/evaluations/{id}/moderate", Who::Role(Action::RunAdmission)),
    post("/region/evaluations/{id}/recommend", Who::Role(Action::RunAdmission)),
    post("/region/evaluations/{id}/issue", Who::Role(Action::RunAdmission)),
    post("/region/evaluations/{id}/challenge", Who::Role(Action::RunAdmission)),
    post("/region/evaluations/{id}/confirm", Who::Role(Action::RunAdmission)),
    post("/region/evaluations/{id}/doubt", Who::Role(Action::RunAdmission)),
    get("/evaluations", Who::Role(Action::EvaluateApplications)),
    get("/evaluations/{id}", Who::Role(Action::EvaluateApplications)),
    get("/evaluations/{id}/documents", Who::Role(Action::EvaluateApplications)),
    get("/evaluations/{id}/documents/{document}", Who::Role(Action::EvaluateApplications)),
    post("/evaluations/{id}/declare", Who::Role(Action::EvaluateApplications)),
    post("/evaluations/{id}/scores", Who::Role(Action::EvaluateApplications)),
    post("/evaluations/{id}/doubt", Who::Role(Action::EvaluateApplications)),
];
