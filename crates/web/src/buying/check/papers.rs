//! Files as evidence of a check: one more, one to read, one to take away.

use axum::Router;
use axum::extract::Path;
use axum::routing::{get, post};
use placewell_app::Outcome;
use placewell_app::buying::check::{AddCheckDocument, OneCheck, TakeCheckDocument};
use placewell_domain::buying::check::CheckItem;
use placewell_domain::id::DocumentId;
use placewell_domain::office::access::{Action, may};
use placewell_pages::buying::check::{OneView, one_page};
use placewell_pages::form::Typed;
use placewell_pages::office::document::{DocumentLine, take_away};

use super::super::spot::must;
use super::one_view;
use crate::office::document::{brought, download, line};
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, Failure, OrFail, page, page_with, see};
use crate::server::Web;
use crate::upload::{Uploaded, at_field};

/// The routes.
pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/referrals/{reference}/checks/{urn}/{item}/documents", post(send))
        .route("/referrals/{reference}/checks/{urn}/{item}/documents/{document}", get(read))
        .route("/referrals/{reference}/checks/{urn}/{item}/documents/{document}/take-away", get(ask).post(take))
}

fn item_of(signed: &Signed, code: &str) -> Result<CheckItem, Failure> {
    CheckItem::from_code(code).ok_or(Outcome::NotFound).or_fail(signed)
}

/// The files of a check as its page lists them.
pub(super) fn lines(signed: &Signed, found: &OneCheck) -> Vec<DocumentLine> {
    let role = signed.actor.role;
    let (reads, takes) = (may(role, Action::SeeChild), may(role, Action::Recommend));
    let table = &found.table;
    let of = format!("/referrals/{}/checks/{}/{}", table.referral.reference, table.home.urn, found.line.item.code());
    found.documents.iter().map(|one| line(one, &of, reads, takes)).collect()
}

async fn send(Path((reference, urn, item)): Path<(String, String, String)>, sent: Uploaded) -> Answered {
    let Uploaded { signed, key, file, .. } = sent;
    must(&signed, Action::Recommend)?;
    let item = item_of(&signed, &item)?;
    let answer = match brought(file) {
        Ok(brought) => {
            let command = AddCheckDocument { reference: reference.clone(), urn: urn.clone(), item, brought };
            signed.app().perform(&signed.actor, &key, command).await
        }
        Err(outcome) => Err(outcome),
    };
    let (status, invalid) = match answer {
        Ok(receipt) => return Ok(see(&receipt)),
        Err(outcome) => at_field(outcome).or_fail(&signed)?,
    };
    let found = signed.app().one_check(&signed.actor, &reference, &urn, item).await.or_fail(&signed)?;
    let typed = (signed.now().local.to_string(), Typed::default());
    let view = OneView { file_key: key, ..one_view(&signed, found, signed.new_key(), typed, invalid) };
    Ok(page_with(status, &one_page(signed.shell(), &view)))
}

async fn read(signed: Signed, Path((reference, urn, item, document)): Path<(String, String, String, i64)>) -> Answered {
    must(&signed, Action::SeeChild)?;
    let item = item_of(&signed, &item)?;
    let of = (reference.as_str(), urn.as_str(), item);
    let found = signed.app().check_document(&signed.actor, of, DocumentId(document)).await;
    let (entry, content) = found.or_fail(&signed)?;
    Ok(download(&format!("{reference}-{}", item.code()), &entry, content))
}

async fn ask(signed: Signed, Path((reference, urn, item, document)): Path<(String, String, String, i64)>) -> Answered {
    must(&signed, Action::Recommend)?;
    let item = item_of(&signed, &item)?;
    let found = signed.app().one_check(&signed.actor, &reference, &urn, item).await.or_fail(&signed)?;
    let at = found.documents.iter().position(|(entry, _)| entry.id.0 == document && !entry.gone);
    let line =
        at.and_then(|at| lines(&signed, &found).into_iter().nth(at)).ok_or(Outcome::NotFound).or_fail(&signed)?;
    Ok(page(&take_away(signed.shell(), &reference, &line, &signed.new_key())))
}

async fn take(
    Path((reference, urn, item, document)): Path<(String, String, String, i64)>,
    Submitted { signed, key, .. }: Submitted,
) -> Answered {
    must(&signed, Action::Recommend)?;
    let item = item_of(&signed, &item)?;
    let command = TakeCheckDocument { reference, urn, item, document };
    Ok(see(&signed.app().perform(&signed.actor, &key, command).await.or_fail(&signed)?))
}
