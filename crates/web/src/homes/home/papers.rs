//! What a provider holds and shows, by page, and its files.

use std::collections::BTreeMap;

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use jiff::civil::Date;
use placewell_app::homes::home::paper::{AddPaperFile, KeepPaper, WithdrawPaper};
use placewell_app::office::document::DocumentEntry;
use placewell_app::{Answer, Outcome};
use placewell_domain::homes::home::paper::{Audience, Paper, PaperKind, PaperState, PaperTerms};
use placewell_domain::office::access::Action;
use placewell_domain::outcome::Invalid;
use placewell_pages::form::Typed;
use placewell_pages::homes::home::{PaperLine, PapersView, papers_page, seen_papers_page};
use placewell_pages::office::document::{DocumentLine, DocumentsView, documents};

use crate::fields::Fields;
use crate::office::document::{brought, download, line as document_line};
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, Failure, OrFail, page, page_with, see};
use crate::server::Web;
use crate::upload::{SentFile, Uploaded, at_field};

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/provider/documents", get(show).post(keep))
        .route("/provider/documents/{id}/withdraw", post(withdraw))
        .route("/provider/documents/{id}/files", get(show_files).post(add_file))
        .route("/provider/documents/{id}/files/{document}", get(own_file))
        .route("/homes/{urn}/documents", get(seen))
        .route("/homes/{urn}/documents/{id}/files/{document}", get(seen_file))
}

/// A file as a line of a list, below the path of the document that it is of.
fn file_line(one: &(DocumentEntry, String), of: &str) -> DocumentLine {
    let href = (!one.0.gone).then(|| format!("{of}/files/{}", one.0.id));
    DocumentLine { href, ..document_line(one, of, false, false) }
}

/// A list shows each file under its document's name, and not under the name that it came with.
fn file_lines(kept: Option<Vec<DocumentEntry>>, of: &str) -> Vec<DocumentLine> {
    kept.unwrap_or_default().into_iter().map(|entry| file_line(&(entry, String::new()), of)).collect()
}

fn line(paper: Paper, home: Option<String>, today: Date, files: Vec<DocumentLine>) -> PaperLine {
    PaperLine {
        id: (paper.id.0, paper.version),
        kind: paper.kind.label().to_owned(),
        home,
        expires_on: paper.expires_on,
        stands: paper.stands(today),
        seen_by: paper.audience.label().to_owned(),
        files,
        reference: paper.reference,
    }
}

async fn seen(signed: Signed, Path(urn): Path<String>) -> Answered {
    let (home, papers, mut files) = signed.app().home_papers(&signed.actor, &urn).await.or_fail(&signed)?;
    let today = signed.now().today();
    let lines: Vec<PaperLine> = papers
        .into_iter()
        .map(|paper| {
            let at = paper.home.map(|_| home.name.clone());
            let kept = file_lines(files.remove(&paper.id), &format!("/homes/{}/documents/{}", home.urn, paper.id));
            line(paper, at, today, kept)
        })
        .collect();
    Ok(page(&seen_papers_page(signed.shell(), (home.urn.as_str(), &home.name), &lines)))
}

async fn seen_file(signed: Signed, Path((urn, id, document)): Path<(String, i64, i64)>) -> Answered {
    let found = signed.app().home_paper_file(&signed.actor, &urn, (id, document)).await;
    let (entry, content) = found.or_fail(&signed)?;
    Ok(download("provider", &entry, content))
}

async fn shown(signed: &Signed, typed: Typed, (status, errors): (StatusCode, Invalid)) -> Result<Response, Failure> {
    let (papers, homes) = signed.app().own_papers(&signed.actor).await.or_fail(signed)?;
    let mut files = signed.app().own_paper_files(&signed.actor).await.or_fail(signed)?;
    let names: BTreeMap<_, _> = homes.iter().map(|home| (home.id, home.name.clone())).collect();
    let today = signed.now().today();
    let papers = papers.into_iter().map(|paper| {
        let home = paper.home.and_then(|home| names.get(&home).cloned());
        let kept = file_lines(files.remove(&paper.id), &format!("/provider/documents/{}", paper.id));
        line(paper, home, today, kept)
    });
    let papers = papers.collect();
    let homes = homes.iter().map(|home| (home.urn.to_string(), home.name.clone())).collect();
    let view = PapersView { papers, homes, typed };
    Ok(page_with(status, &papers_page(signed.shell(), &view, &errors, &signed.new_key())))
}

async fn show(signed: Signed) -> Answered {
    shown(&signed, Typed::default(), (StatusCode::OK, Invalid::default())).await
}

/// What a document is, from a form, with its file where one was chosen.
fn read(fields: &Fields, file: Option<SentFile>) -> Answer<KeepPaper> {
    let mut invalid = Invalid::default();
    let kind = fields.choice("document", PaperKind::from_code, "Select what it is", &mut invalid);
    let reference = fields.text("reference", 80, "Enter the document's number or title", &mut invalid);
    let from = fields.date("from", "Enter the day from which it holds, like 1 4 2021", &mut invalid);
    let expires_on =
        fields.optional_date("expires_on", "Enter the last day, like 31 3 2022, or leave it out", &mut invalid);
    let audience = fields.choice("seen_by", Audience::from_code, "Select who can see it", &mut invalid);
    let urn = Some(fields.optional_text("urn", 12, &mut invalid)).filter(|urn| !urn.is_empty());
    let (Some(kind), Some(from), Some(audience)) = (kind, from, audience) else { return Err(invalid.into()) };
    let terms = PaperTerms { from, expires_on, audience };
    let (urn, kind, reference, terms) = invalid.or((urn, kind, reference, terms))?;
    Ok(KeepPaper { urn, kind, reference, terms, brought: file.map(SentFile::document).transpose()? })
}

async fn keep(sent: Uploaded) -> Answered {
    let Uploaded { signed, fields, key, file } = sent;
    let answer = match read(&fields, file) {
        Ok(command) => signed.app().perform(&signed.actor, &key, command).await,
        Err(outcome) => Err(outcome),
    };
    match answer.map_err(at_field) {
        Ok(receipt) => Ok(see(&receipt)),
        Err(Ok(wrong)) => shown(&signed, Typed::new(fields.pairs().to_vec()), wrong).await,
        Err(Err(outcome)) => Err(signed.fail(outcome)),
    }
}

/// The files of one document, and a form for a newer one while the document is held.
async fn files(signed: &Signed, id: i64, (status, errors): (StatusCode, Invalid)) -> Answered {
    let (paper, kept) = signed.app().own_paper(&signed.actor, id).await.or_fail(signed)?;
    let at = format!("/provider/documents/{id}");
    let readers = paper.audience.label();
    let view = DocumentsView {
        // Its number or title is the provider's own words, and stands in no page's title.
        reference: paper.kind.label().to_owned(),
        back: "/provider/documents".to_owned(),
        lead: format!(
            "{}. Who can read its files beside you: {readers}. Add none that names a child. The newest counts; those before it \
             stay as its history.",
            paper.reference
        ),
        lines: kept.iter().map(|one| file_line(one, &at)).collect(),
        add_to: (paper.state == PaperState::Held).then(|| format!("{at}/files")),
        ..DocumentsView::default()
    };
    let keys = [signed.new_key(), signed.new_key()];
    Ok(page_with(status, &documents(signed.shell(), &view, &errors, [&keys[0], &keys[1]])))
}

async fn show_files(signed: Signed, Path(id): Path<i64>) -> Answered {
    files(&signed, id, (StatusCode::OK, Invalid::default())).await
}

async fn add_file(Path(id): Path<i64>, sent: Uploaded) -> Answered {
    let Uploaded { signed, key, file, .. } = sent;
    signed.app().may_ask(&signed.actor, Action::KeepOwnHomes).or_fail(&signed)?;
    let answer = match brought(file) {
        Ok(brought) => signed.app().perform(&signed.actor, &key, AddPaperFile { paper: id, brought }).await,
        Err(outcome) => Err(outcome),
    };
    match answer.map_err(at_field) {
        Ok(receipt) => Ok(see(&receipt)),
        Err(Ok(wrong)) => files(&signed, id, wrong).await,
        Err(Err(outcome)) => Err(signed.fail(outcome)),
    }
}

async fn own_file(signed: Signed, Path(of): Path<(i64, i64)>) -> Answered {
    let (entry, content) = signed.app().own_paper_file(&signed.actor, of).await.or_fail(&signed)?;
    Ok(download("provider", &entry, content))
}

async fn withdraw(Path(id): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    let Ok(paper) = id.parse() else { return Err(signed.fail(Outcome::NotFound)) };
    let command = WithdrawPaper { paper, version: fields.version() };
    let receipt = signed.app().perform(&signed.actor, &key, command).await.or_fail(&signed)?;
    Ok(see(&receipt))
}
