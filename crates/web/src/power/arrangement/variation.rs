//! The page of a version of the terms or of the specification: everybody's with its text, the regional team's with who accepted
//! it.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::{get, post};
use placewell_app::Outcome;
use placewell_app::power::arrangement::{KeepTermsText, RemindTerms, Variation};
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::outcome::Invalid;
use placewell_domain::power::arrangement::Instrument;
use placewell_pages::form::Typed;
use placewell_pages::power::arrangement::{AcceptedRow, Forms, VariationView, variation_page};

use super::keys;
use super::region::runs;
use crate::office::document::{brought, format};
use crate::request::{Signed, Submitted, Visit};
use crate::respond::{Answered, Failure, OrFail, file_of, page, page_with, see};
use crate::server::Web;
use crate::upload::{Uploaded, at_field};

/// Arrangement, of what, number.
type Named = Path<(String, String, String)>;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/arrangement/terms/{slug}/{of}/{version}", get(show))
        .route("/arrangement/terms/{slug}/{of}/{version}/text", get(text))
        .route("/region/arrangement/terms/{slug}/{of}/{version}", get(kept))
        .route("/region/arrangement/terms/{slug}/{of}/{version}/text", post(keep_text))
        .route("/region/arrangement/terms/{slug}/{of}/{version}/remind", post(remind))
}

fn instrument(visit: &Visit, code: &str) -> Result<Instrument, Failure> {
    Instrument::from_code(code).ok_or_else(|| visit.fail(Outcome::NotFound))
}

fn view_of(found: Variation, visit: &Visit) -> VariationView {
    let kind = visit.actor.as_ref().map(|actor| actor.kind);
    let path = if kind == Some(OrganisationKind::Provider) { "/provider/arrangement" } else { "/arrangement/own" };
    VariationView {
        arrangement: found.arrangement,
        of: found.of,
        terms: found.terms,
        text: found.text.map(|text| {
            let bytes = u64::try_from(text.bytes).unwrap_or_default();
            (format(&text.media_type).to_owned(), bytes, text.digest, text.kept_on)
        }),
        bound: found.bound.map(|bound| (bound, path)),
        today: visit.now().today(),
        acceptance: found.acceptance.map(|(lines, waiting)| {
            let rows = lines.into_iter().map(|line| AcceptedRow { who: line.who, on: line.on, by: line.by });
            let names = |all: Vec<(_, String)>| all.into_iter().map(|(_, name)| name).collect();
            (rows.collect(), names(waiting.authorities), names(waiting.providers))
        }),
    }
}

async fn show(visit: Visit, Path((slug, of, version)): Named) -> Answered {
    let of = instrument(&visit, &of)?;
    let found = visit.app().variation(visit.actor.as_ref(), &slug, (of, &version)).await.or_fail(&visit)?;
    let view = VariationView { acceptance: None, ..view_of(found, &visit) };
    let forms = Forms { keys: &[], errors: &Invalid::default(), typed: &Typed::default() };
    Ok(page(&variation_page(visit.shell(), &view, &forms)))
}

async fn text(visit: Visit, Path((slug, of, version)): Named) -> Answered {
    let of = instrument(&visit, &of)?;
    let (text, content) = visit.app().variation_text(&slug, (of, &version)).await.or_fail(&visit)?;
    Ok(file_of(content, &text.media_type, &format!("{slug}-{}-{version}", of.code())))
}

async fn again(
    signed: &Signed,
    (slug, of, version): (&str, Instrument, &str),
    wrong: (StatusCode, Invalid),
) -> Answered {
    let found = signed.app().variation(Some(&signed.actor), slug, (of, version)).await.or_fail(signed)?;
    let keys = keys(signed, 2);
    let forms = Forms { keys: &keys, errors: &wrong.1, typed: &Typed::default() };
    Ok(page_with(wrong.0, &variation_page(signed.shell(), &view_of(found, signed), &forms)))
}

async fn kept(signed: Signed, Path((slug, of, version)): Named) -> Answered {
    runs(&signed)?;
    let of = instrument(&signed, &of)?;
    again(&signed, (&slug, of, &version), (StatusCode::OK, Invalid::default())).await
}

async fn keep_text(Path((slug, of, version)): Named, sent: Uploaded) -> Answered {
    let Uploaded { signed, key, file, .. } = sent;
    runs(&signed)?;
    let of = instrument(&signed, &of)?;
    let answer = match brought(file) {
        Ok(text) => {
            let command = KeepTermsText { slug: slug.clone(), of, terms: version.clone(), text };
            signed.app().perform(&signed.actor, &key, command).await
        }
        Err(outcome) => Err(outcome),
    };
    match answer.map_err(at_field) {
        Ok(receipt) => Ok(see(&receipt)),
        Err(Ok(wrong)) => again(&signed, (&slug, of, &version), wrong).await,
        Err(Err(outcome)) => Err(signed.fail(outcome)),
    }
}

async fn remind(Path((slug, of, version)): Named, Submitted { signed, key, .. }: Submitted) -> Answered {
    runs(&signed)?;
    let of = instrument(&signed, &of)?;
    let command = RemindTerms { slug, of, terms: version };
    let receipt = signed.app().perform(&signed.actor, &key, command).await.or_fail(&signed)?;
    Ok(see(&receipt))
}
