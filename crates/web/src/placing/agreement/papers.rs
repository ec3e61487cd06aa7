//! Documents of an agreement: the list for both sides, one to read, one to add, give on or take away.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::get;
use placewell_app::Outcome;
use placewell_app::placing::agreement::papers::{
    AddAgreementDocument, AgreementPapers, GiveDocuments, TakeAgreementDocument,
};
use placewell_domain::id::DocumentId;
use placewell_domain::office::access::{Action, may};
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::agreement::{AgreementState, Withheld};
use placewell_pages::office::document::{DocumentLine, DocumentsView, documents, take_away};

use crate::office::document::{brought, download, line};
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, OrFail, page, page_with, see};
use crate::server::Web;
use crate::upload::{Uploaded, at_field};

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/agreements/{reference}/documents", get(show).post(send))
        .route("/agreements/{reference}/documents/{document}", get(read))
        .route("/agreements/{reference}/documents/{document}/take-away", get(ask).post(take))
}

fn lines(signed: &Signed, papers: &AgreementPapers) -> Vec<DocumentLine> {
    let record = format!("/agreements/{}", papers.agreement.reference);
    let takes = may(signed.actor.role, Action::RunAgreement);
    papers.documents.iter().map(|one| line(one, &record, true, takes)).collect()
}

async fn show(signed: Signed, Path(reference): Path<String>) -> Answered {
    shown(&signed, &reference, StatusCode::OK, &Invalid::default()).await
}

async fn shown(signed: &Signed, reference: &str, status: StatusCode, invalid: &Invalid) -> Answered {
    let papers = signed.app().agreement_papers(&signed.actor, reference).await.or_fail(signed)?;
    let over =
        matches!(papers.agreement.state, AgreementState::Ended { .. } | AgreementState::CancelledBeforeStart { .. });
    let adds = may(signed.actor.role, Action::RunAgreement) && !over;
    let own = signed.actor.organisation == papers.agreement.authority;
    let lead = match (own, papers.withheld) {
        (true, None) => "Your authority and the home read these.",
        (true, Some(_)) => "Your authority reads these.",
        (false, None) => "The authority gave you these for the child's care. Keep them as the agreement says.",
        (false, Some(_)) => "What the authority gave you for the child's care stood here.",
    };
    let name = |(entry, came_as): &(placewell_app::office::document::DocumentEntry, String)| {
        let name = if came_as.is_empty() { entry.name.clone() } else { came_as.clone() };
        (entry.id.to_string(), name)
    };
    let view = DocumentsView {
        reference: reference.to_owned(),
        back: format!("/agreements/{reference}"),
        lead: lead.to_owned(),
        lines: lines(signed, &papers),
        add_to: adds.then(|| format!("/agreements/{reference}/documents")),
        give: papers.to_give.iter().map(name).collect(),
        withheld: papers.withheld.map(|why| why_not(why, own, over).to_owned()),
        opened: own.then(|| papers.opened.clone()),
    };
    let keys = [signed.new_key(), signed.new_key()];
    Ok(page_with(status, &documents(signed.shell(), &view, invalid, [&keys[0], &keys[1]])))
}

/// Why the home does not read them: as the authority is told before it adds one and after, or the home in their place.
const fn why_not(why: Withheld, own: bool, over: bool) -> &'static str {
    match (why, own) {
        (Withheld::Recalled, true) if over => {
            "The home reads none of these: what it was told of the child is recalled. \
             It reads them again when access is given back."
        }
        (Withheld::Recalled, true) => {
            "The home reads none of these, nor what you add now: what it was told of the child is recalled. \
             It reads them again when access is given back or the child moves in."
        }
        (Withheld::Recalled, false) => {
            "The authority took back what it told you of this child, and these documents with it. Delete every copy."
        }
        (Withheld::Cancelled, true) => {
            "The home reads none of these any more: the agreement was cancelled before the child came."
        }
        (Withheld::Cancelled, false) => {
            "The agreement was cancelled before the child came. What you were told of the child ended with it, \
             and these documents too. Delete every copy."
        }
    }
}

async fn send(Path(reference): Path<String>, sent: Uploaded) -> Answered {
    let Uploaded { signed, fields, key, file } = sent;
    if !may(signed.actor.role, Action::RunAgreement) {
        return Err(signed.fail(Outcome::Forbidden(Action::RunAgreement)));
    }
    let given: Vec<i64> = fields.all("give").filter_map(|id| id.parse().ok()).collect();
    let answer = if given.is_empty() {
        match brought(file) {
            Ok(brought) => {
                let command = AddAgreementDocument { reference: reference.clone(), brought };
                signed.app().perform(&signed.actor, &key, command).await
            }
            Err(outcome) => Err(outcome),
        }
    } else {
        let command = GiveDocuments { reference: reference.clone(), documents: given };
        signed.app().perform(&signed.actor, &key, command).await
    };
    match answer {
        Ok(receipt) => Ok(see(&receipt)),
        Err(outcome) => match at_field(outcome) {
            Ok((status, invalid)) => shown(&signed, &reference, status, &invalid).await,
            Err(outcome) => Err(signed.fail(outcome)),
        },
    }
}

async fn read(signed: Signed, Path((reference, document)): Path<(String, i64)>) -> Answered {
    let found = signed.app().agreement_document(&signed.actor, &reference, DocumentId(document)).await;
    let (entry, content) = found.or_fail(&signed)?;
    Ok(download(&reference, &entry, content))
}

async fn ask(signed: Signed, Path((reference, document)): Path<(String, i64)>) -> Answered {
    if !may(signed.actor.role, Action::RunAgreement) {
        return Err(signed.fail(Outcome::Forbidden(Action::RunAgreement)));
    }
    let papers = signed.app().agreement_papers(&signed.actor, &reference).await.or_fail(&signed)?;
    let found = papers.documents.iter().position(|(entry, _)| entry.id.0 == document && !entry.gone);
    let line = found.and_then(|at| lines(&signed, &papers).into_iter().nth(at));
    let line = line.ok_or_else(|| signed.fail(Outcome::NotFound))?;
    Ok(page(&take_away(signed.shell(), &reference, &line, &signed.new_key())))
}

async fn take(Path((reference, document)): Path<(String, i64)>, Submitted { signed, key, .. }: Submitted) -> Answered {
    let command = TakeAgreementDocument { reference, document };
    Ok(see(&signed.app().perform(&signed.actor, &key, command).await.or_fail(&signed)?))
}
