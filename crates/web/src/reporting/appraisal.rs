//! The alternatives tested again: the page whose assumptions stand in its address, its files, and what is saved of it.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use placewell_app::Outcome;
use placewell_app::power::arrangement::LotNames;
use placewell_app::reporting::appraisal::{AppraisalPage, Listed, SavedAppraisal, appraisal_sheets, typed_of};
use placewell_domain::outcome::Invalid;
use placewell_domain::reporting::appraisal::Appraised;
use placewell_exchange::sheet::{self, SheetError};
use placewell_pages::reporting::appraisal::{
    AlternativesView, AppraisedView, SavedLine, SavedView, alternatives_page, saved_page,
};

use crate::api::reporting::appraisal::AppraisalShown;
use crate::fields::Fields;
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, Failure, OrFail, file, page, page_with, see};
use crate::server::Web;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/reports/alternatives", get(show))
        .route("/reports/alternatives.csv", get(csv))
        .route("/reports/alternatives.xlsx", get(xlsx))
        .route("/reports/alternatives.json", get(json))
        .route("/reports/alternatives.pdf", get(pdf))
        .route("/reports/alternatives/save", post(save))
        .route("/reports/alternatives/{reference}", get(saved))
}

/// Which authority the address names.
fn authority(fields: &Fields) -> Option<&str> {
    fields.filled("authority").filter(|code| code.len() <= 10)
}

async fn show(signed: Signed) -> Answered {
    let typed = typed_of(signed.query.pairs());
    match signed.app().appraisal_page(&signed.actor, authority(&signed.query), &typed).await {
        Ok(found) => {
            let lots = signed.app().lot_names().await.or_fail(&signed)?;
            let view = view(found, &lots, typed);
            Ok(page(&alternatives_page(signed.shell(), &view, &signed.new_key(), &Invalid::default())))
        }
        Err(Outcome::Invalid(invalid)) => again(&signed, &signed.query, &signed.new_key(), &invalid).await,
        Err(outcome) => Err(signed.fail(outcome)),
    }
}

/// The page on its starting points, with what was typed and what is wrong with it.
async fn again(signed: &Signed, fields: &Fields, key: &str, invalid: &Invalid) -> Answered {
    let found = signed.app().appraisal_page(&signed.actor, authority(fields), &[]).await.or_fail(signed)?;
    let lots = signed.app().lot_names().await.or_fail(signed)?;
    let view = view(found, &lots, fields.pairs().to_vec());
    Ok(page_with(StatusCode::UNPROCESSABLE_ENTITY, &alternatives_page(signed.shell(), &view, key, invalid)))
}

fn view(found: AppraisalPage, lots: &LotNames, typed: Vec<(String, String)>) -> AlternativesView {
    let line = |one: Listed| SavedLine {
        reference: one.reference,
        title: one.title,
        authority: one.authority,
        at: one.saved_at,
    };
    AlternativesView {
        authorities: found.authorities.into_iter().map(|one| (one.code, one.name)).collect(),
        appraised: found.appraised.map(|one| appraised_view(one, lots)),
        typed,
        saved: found.saved.into_iter().map(line).collect(),
        keeps: found.keeps,
    }
}

fn appraised_view(found: Appraised, lots: &LotNames) -> AppraisedView {
    AppraisedView {
        finding: found.finding(),
        code: found.code,
        name: found.name,
        figures: found.figures,
        paid: found.paid.into_iter().map(|one| (lots.of(&one.lot).to_owned(), one)).collect(),
        assumptions: found.assumptions,
        grounds: found.inputs.grounds,
        day: found.data.day,
        event: found.data.event,
        futures: found.futures,
    }
}

async fn appraised(signed: &Signed) -> Result<Appraised, Failure> {
    let typed = typed_of(signed.query.pairs());
    signed.app().appraise(&signed.actor, authority(&signed.query), &typed).await.or_fail(signed)
}

fn name(code: &str) -> String {
    format!("alternatives-{}", code.to_lowercase())
}

async fn csv(signed: Signed) -> Answered {
    let found = appraised(&signed).await?;
    csv_of(&signed, &found, &name(&found.code))
}

async fn xlsx(signed: Signed) -> Answered {
    let found = appraised(&signed).await?;
    xlsx_of(&signed, &found, &name(&found.code))
}

async fn json(signed: Signed) -> Answered {
    Ok(Json(AppraisalShown::from(appraised(&signed).await?)).into_response())
}

async fn pdf(signed: Signed) -> Answered {
    let typed = typed_of(signed.query.pairs());
    let asked = authority(&signed.query).unwrap_or(&signed.actor.code).to_owned();
    let code = authority(&signed.query);
    let bytes = signed.app().appraisal_pdf(&signed.actor, code, &typed).await.or_fail(&signed)?;
    Ok(file(bytes, "application/pdf", &format!("{}.pdf", name(&asked))))
}

fn csv_of(signed: &Signed, found: &Appraised, name: &str) -> Answered {
    let sheets = appraisal_sheets(found);
    let bytes = sheets.first().ok_or(Outcome::NotFound).and_then(|sheet| sheet.csv().map_err(fault)).or_fail(signed)?;
    Ok(file(bytes, "text/csv; charset=utf-8", &format!("{name}.csv")))
}

fn xlsx_of(signed: &Signed, found: &Appraised, name: &str) -> Answered {
    let bytes = sheet::xlsx(&appraisal_sheets(found), signed.now().local).map_err(fault).or_fail(signed)?;
    Ok(file(bytes, XLSX, &format!("{name}.xlsx")))
}

fn fault(error: SheetError) -> Outcome {
    Outcome::Fault(error.0)
}

async fn save(Submitted { signed, fields, key }: Submitted) -> Answered {
    let typed = typed_of(fields.pairs());
    let drawn = signed.app().appraisal_to_save(&signed.actor, authority(&fields), &typed, fields.get("title")).await;
    let saved = match drawn {
        Ok(command) => signed.app().perform(&signed.actor, &key, command).await,
        Err(outcome) => Err(outcome),
    };
    match saved {
        Ok(receipt) => Ok(see(&receipt)),
        Err(Outcome::Invalid(invalid)) => again(&signed, &fields, &key, &invalid).await,
        Err(outcome) => Err(signed.fail(outcome)),
    }
}

/// A saved appraisal as a page, or as the file that the address's ending asks for.
async fn saved(Path(asked): Path<String>, signed: Signed) -> Answered {
    let (reference, form) = asked.rsplit_once('.').unwrap_or((&asked, ""));
    if form == "pdf" {
        let bytes = signed.app().saved_appraisal_pdf(&signed.actor, reference).await.or_fail(&signed)?;
        return Ok(file(bytes, "application/pdf", &format!("{}.pdf", reference.to_uppercase())));
    }
    let found = signed.app().saved_appraisal(&signed.actor, reference).await.or_fail(&signed)?;
    let name = found.appraisal.reference.clone();
    match form {
        "" => {
            let lots = signed.app().lot_names().await.or_fail(&signed)?;
            Ok(shown(&signed, found, &lots))
        }
        "csv" => csv_of(&signed, &found.appraisal.appraised, &name),
        "xlsx" => xlsx_of(&signed, &found.appraisal.appraised, &name),
        "json" => Ok(Json(AppraisalShown::from(found.appraisal.appraised)).into_response()),
        _ => Err(signed.fail(Outcome::NotFound)),
    }
}

fn shown(signed: &Signed, found: SavedAppraisal, lots: &LotNames) -> Response {
    let view = SavedView {
        reference: found.appraisal.reference,
        title: found.appraisal.title,
        at: found.appraisal.saved_at,
        by: found.by,
        same_again: found.same_again,
        appraised: appraised_view(found.appraisal.appraised, lots),
    };
    page(&saved_page(signed.shell(), &view))
}
