//! What a provider holds and shows, by page.

use std::collections::BTreeMap;

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use jiff::civil::Date;
use placewell_app::Outcome;
use placewell_app::homes::home::paper::{KeepPaper, WithdrawPaper};
use placewell_domain::homes::home::paper::{Audience, Paper, PaperKind, PaperTerms};
use placewell_domain::outcome::Invalid;
use placewell_pages::form::Typed;
use placewell_pages::homes::home::{PaperLine, PapersView, papers_page, seen_papers_page};

use crate::fields::Fields;
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, Failure, OrFail, page, page_with, see};
use crate::server::Web;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/provider/documents", get(show).post(keep))
        .route("/provider/documents/{id}/withdraw", post(withdraw))
        .route("/homes/{urn}/documents", get(seen))
}

fn line(paper: Paper, home: Option<String>, today: Date) -> PaperLine {
    PaperLine {
        id: (paper.id.0, paper.version),
        kind: paper.kind.label().to_owned(),
        home,
        expires_on: paper.expires_on,
        stands: paper.stands(today),
        seen_by: paper.audience.label().to_owned(),
        reference: paper.reference,
    }
}

async fn seen(signed: Signed, Path(urn): Path<String>) -> Answered {
    let (home, papers) = signed.app().home_papers(&signed.actor, &urn).await.or_fail(&signed)?;
    let today = signed.now().today();
    let own = |paper: &Paper| paper.home.map(|_| home.name.clone());
    let lines: Vec<PaperLine> = papers
        .into_iter()
        .map(|paper| {
            let at = own(&paper);
            line(paper, at, today)
        })
        .collect();
    Ok(page(&seen_papers_page(signed.shell(), (home.urn.as_str(), &home.name), &lines)))
}

async fn shown(signed: &Signed, typed: Typed, errors: &Invalid) -> Result<Response, Failure> {
    let (papers, homes) = signed.app().own_papers(&signed.actor).await.or_fail(signed)?;
    let names: BTreeMap<_, _> = homes.iter().map(|home| (home.id, home.name.clone())).collect();
    let today = signed.now().today();
    let papers = papers.into_iter().map(|paper| {
        let home = paper.home.and_then(|home| names.get(&home).cloned());
        line(paper, home, today)
    });
    let homes = homes.iter().map(|home| (home.urn.to_string(), home.name.clone())).collect();
    let view = PapersView { papers: papers.collect(), homes, typed };
    let status = if errors.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(page_with(status, &papers_page(signed.shell(), &view, errors, &signed.new_key())))
}

async fn show(signed: Signed) -> Answered {
    shown(&signed, Typed::default(), &Invalid::default()).await
}

/// What a document is, from a form.
fn read(fields: &Fields) -> Result<KeepPaper, Invalid> {
    let mut invalid = Invalid::default();
    let kind = fields.choice("document", PaperKind::from_code, "Select what it is", &mut invalid);
    let reference = fields.text("reference", 80, "Enter the document's number or title", &mut invalid);
    let from = fields.date("from", "Enter the day from which it holds, like 1 4 2021", &mut invalid);
    let expires_on =
        fields.optional_date("expires_on", "Enter the last day, like 31 3 2022, or leave it out", &mut invalid);
    let audience = fields.choice("seen_by", Audience::from_code, "Select who can see it", &mut invalid);
    let urn = Some(fields.optional_text("urn", 12, &mut invalid)).filter(|urn| !urn.is_empty());
    match (kind, from, audience) {
        (Some(kind), Some(from), Some(audience)) => {
            invalid.or(KeepPaper { urn, kind, reference, terms: PaperTerms { from, expires_on, audience } })
        }
        _ => Err(invalid),
    }
}

async fn keep(Submitted { signed, fields, key }: Submitted) -> Answered {
    let outcome = match read(&fields) {
        Ok(command) => signed.app().perform(&signed.actor, &key, command).await,
        Err(invalid) => Err(Outcome::Invalid(invalid)),
    };
    match outcome {
        Ok(receipt) => Ok(see(&receipt)),
        Err(Outcome::Invalid(invalid)) => shown(&signed, Typed::new(fields.pairs().to_vec()), &invalid).await,
        Err(outcome) => Err(outcome).or_fail(&signed),
    }
}

async fn withdraw(Path(id): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    let Ok(paper) = id.parse() else { return Err(signed.fail(Outcome::NotFound)) };
    let command = WithdrawPaper { paper, version: fields.version() };
    let receipt = signed.app().perform(&signed.actor, &key, command).await.or_fail(&signed)?;
    Ok(see(&receipt))
}
