//! Documents of a referral: the task of a draft, the list afterwards, one to read, one to take away.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::get;
use placewell_app::placing::referral::papers::{
    AddReferralDocument, AnswerDocuments, ReferralPapers, TakeReferralDocument,
};
use placewell_app::placing::referral::{AnswerTask, Checked};
use placewell_app::{Answer, Outcome};
use placewell_domain::id::DocumentId;
use placewell_domain::office::access::{Action, may};
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::referral::{ReferralState, Task};
use placewell_pages::form::Typed;
use placewell_pages::office::document::{DocumentLine, DocumentsView, documents, take_away};
use placewell_pages::placing::referral::task::task_page;

use super::answers::read_task;
use super::must_make;
use super::tasks::view_of;
use crate::fields::Fields;
use crate::office::document::{brought, download, line};
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, Failure, OrFail, page, page_with, see};
use crate::server::Web;
use crate::upload::{SentFile, Uploaded, at_field};

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/referrals/{reference}/documents", get(show).post(send))
        .route("/referrals/{reference}/documents/{document}", get(read))
        .route("/referrals/{reference}/documents/{document}/take-away", get(ask).post(take))
}

fn lines(signed: &Signed, papers: &ReferralPapers) -> Vec<DocumentLine> {
    let role = signed.actor.role;
    let record = format!("/referrals/{}", papers.referral.reference);
    let (reads, takes) = (may(role, Action::SeeChild), may(role, Action::MakeReferral));
    papers.documents.iter().map(|one| line(one, &record, reads, takes)).collect()
}

/// What of a form is shown again, and why.
struct Again<'a> {
    fields: &'a Fields,
    invalid: Invalid,
    status: StatusCode,
}

async fn show(signed: Signed, Path(reference): Path<String>) -> Answered {
    shown(&signed, &reference, None).await
}

async fn shown(signed: &Signed, reference: &str, again: Option<Again<'_>>) -> Answered {
    let papers = signed.app().referral_papers(&signed.actor, reference).await.or_fail(signed)?;
    let lines = lines(signed, &papers);
    let (status, invalid) =
        again.as_ref().map_or((StatusCode::OK, Invalid::default()), |again| (again.status, again.invalid.clone()));
    if may(signed.actor.role, Action::MakeReferral) && matches!(papers.referral.state, ReferralState::Draft) {
        let checked = signed.app().checked_referral(&signed.actor, reference).await.or_fail(signed)?;
        let typed = again.as_ref().map(|again| Typed::new(again.fields.pairs().to_vec()));
        let mut view = view_of(signed, Task::Documents, &checked, typed).await?;
        view.documents = lines;
        if let Some(again) = again {
            view.version = again.fields.version();
        }
        return Ok(page_with(status, &task_page(signed.shell(), &view, &invalid, &signed.new_key())));
    }
    let view = DocumentsView {
        reference: reference.to_owned(),
        back: format!("/referrals/{reference}"),
        lead: "Only your authority reads these. A home gets one when you give it with the agreement.".to_owned(),
        lines,
        add_to: may(signed.actor.role, Action::MakeReferral).then(|| format!("/referrals/{reference}/documents")),
        give: Vec::new(),
        withheld: None,
        opened: None,
    };
    Ok(page_with(status, &documents(signed.shell(), &view, &invalid, [&signed.new_key(), ""])))
}

async fn send(Path(reference): Path<String>, sent: Uploaded) -> Answered {
    let Uploaded { signed, fields, key, file } = sent;
    must_make(&signed)?;
    let papers = signed.app().referral_papers(&signed.actor, &reference).await.or_fail(&signed)?;
    let answer = if matches!(papers.referral.state, ReferralState::Draft) {
        let checked = signed.app().checked_referral(&signed.actor, &reference).await.or_fail(&signed)?;
        match answered(&signed, checked, &fields, file) {
            Ok(command) => signed.app().perform(&signed.actor, &key, command).await,
            Err(outcome) => Err(outcome),
        }
    } else {
        match brought(file) {
            Ok(brought) => {
                let command = AddReferralDocument { reference: reference.clone(), brought };
                signed.app().perform(&signed.actor, &key, command).await
            }
            Err(outcome) => Err(outcome),
        }
    };
    match answer {
        Ok(receipt) => Ok(see(&receipt)),
        Err(outcome) => match at_field(outcome) {
            Ok((status, invalid)) => shown(&signed, &reference, Some(Again { fields: &fields, invalid, status })).await,
            Err(outcome) => Err(signed.fail(outcome)),
        },
    }
}

fn answered(signed: &Signed, checked: Checked, fields: &Fields, file: Option<SentFile>) -> Answer<AnswerDocuments> {
    let referral = checked.referral;
    let today = signed.now().today();
    let read = read_task(Task::Documents, fields, referral.profile, checked.narrative, (today, &Vec::new()));
    let (profile, narrative) = read?;
    let brought = file.map(SentFile::document).transpose()?;
    let answer = AnswerTask {
        reference: referral.reference.to_string(),
        version: fields.version(),
        task: Task::Documents,
        profile,
        narrative,
        plan: referral.plan,
    };
    Ok(AnswerDocuments { answer, brought })
}

async fn read(signed: Signed, Path((reference, document)): Path<(String, i64)>) -> Answered {
    let found = signed.app().referral_document(&signed.actor, &reference, DocumentId(document)).await;
    let (entry, content) = found.or_fail(&signed)?;
    Ok(download(&reference, &entry, content))
}

async fn ask(signed: Signed, Path((reference, document)): Path<(String, i64)>) -> Answered {
    must_make(&signed)?;
    let papers = signed.app().referral_papers(&signed.actor, &reference).await.or_fail(&signed)?;
    let found = papers.documents.iter().position(|(entry, _)| entry.id.0 == document && !entry.gone);
    let line = found.and_then(|at| lines(&signed, &papers).into_iter().nth(at));
    let line = line.ok_or_else(|| -> Failure { signed.fail(Outcome::NotFound) })?;
    Ok(page(&take_away(signed.shell(), &reference, &line, &signed.new_key())))
}

async fn take(Path((reference, document)): Path<(String, i64)>, Submitted { signed, key, .. }: Submitted) -> Answered {
    let command = TakeReferralDocument { reference, document };
    Ok(see(&signed.app().perform(&signed.actor, &key, command).await.or_fail(&signed)?))
}
