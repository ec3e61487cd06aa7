//! Quality returns: the region's rounds, one return, and its form for the home's manager.

use axum::Router;
use axum::extract::Path;
use axum::routing::{get, post};
use placewell_app::homes::monitoring::AcceptReturn;
use placewell_domain::office::access::{Action, may};
use placewell_domain::outcome::Invalid;
use placewell_pages::form::Typed;
use placewell_pages::homes::monitoring::{FillView, ReturnView, RoundView, fill, quality_return, round};

use super::{perform, read, row, status, typed};
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, OrFail, page_with};
use crate::server::Web;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/region/monitoring", get(show_round))
        .route("/region/monitoring/round", post(open))
        .route("/region/monitoring/returns/{id}/accept", post(accept))
        .route("/region/monitoring/returns/{id}/ask", post(ask))
        .route("/monitoring/returns/{id}", get(show))
        .route("/provider/monitoring/returns/{id}", get(ask_figures).post(send))
}

async fn round_page(signed: &Signed, errors: Invalid) -> Answered {
    let asked = signed.query.get("quarter").parse().ok();
    let found = signed.app().monitoring_round(&signed.actor, asked).await.or_fail(signed)?;
    let today = signed.now().today();
    let mut returns = found.returns;
    returns.sort_by_key(|one| (!one.overdue(today), one.state.name() != "sent", one.name.clone()));
    let view = RoundView {
        quarter: found.quarter,
        quarters: found.quarters,
        next: found.next,
        rows: returns.iter().map(|one| row(one, format!("{}, {}", one.name, one.urn), today)).collect(),
        key: signed.new_key(),
        errors,
    };
    Ok(page_with(status(&view.errors), &round(signed.shell(), &view)))
}

async fn show_round(signed: Signed) -> Answered {
    round_page(&signed, Invalid::default()).await
}

async fn open(Submitted { signed, fields, key }: Submitted) -> Answered {
    match perform(&signed, &key, read::round(&fields)).await? {
        Ok(done) => Ok(done),
        Err(invalid) => round_page(&signed, invalid).await,
    }
}

async fn return_page(signed: &Signed, id: i64, (typed, errors): (Typed, Invalid)) -> Answered {
    drop(signed.app().see(&signed.actor, Action::SeeMonitoring).await.or_fail(signed)?);
    let found = signed.app().quality_return(&signed.actor, id).await.or_fail(signed)?;
    let decides = may(signed.actor.role, Action::RunMonitoring) && found.of.region == signed.actor.organisation;
    let keys = [signed.new_key(), signed.new_key()];
    let view = ReturnView { of: found.of, decides, keys, today: signed.now().today(), typed, errors };
    Ok(page_with(status(&view.errors), &quality_return(signed.shell(), &view)))
}

async fn show(signed: Signed, Path(id): Path<i64>) -> Answered {
    return_page(&signed, id, (Typed::default(), Invalid::default())).await
}

async fn accept(Path(id): Path<i64>, Submitted { signed, fields, key }: Submitted) -> Answered {
    match perform(&signed, &key, Ok(AcceptReturn { id, version: fields.version() })).await? {
        Ok(done) => Ok(done),
        Err(invalid) => return_page(&signed, id, (typed(&fields), invalid)).await,
    }
}

async fn ask(Path(id): Path<i64>, Submitted { signed, fields, key }: Submitted) -> Answered {
    match perform(&signed, &key, read::again((id, fields.version()), &fields)).await? {
        Ok(done) => Ok(done),
        Err(invalid) => return_page(&signed, id, (typed(&fields), invalid)).await,
    }
}

async fn fill_page(signed: &Signed, id: i64, (key, typed, errors): (String, Option<Typed>, Invalid)) -> Answered {
    drop(signed.app().see(&signed.actor, Action::AnswerMonitoring).await.or_fail(signed)?);
    let found = signed.app().quality_return(&signed.actor, id).await.or_fail(signed)?;
    let typed = typed.unwrap_or_else(|| {
        let begun = found.of.begun();
        let mut kept = Typed::default();
        for (figure, value) in &begun.figures {
            kept.set(figure.code(), value);
        }
        kept.set("note", &begun.note);
        kept
    });
    let view = FillView { of: found.of, known: found.known, key, typed, errors };
    Ok(page_with(status(&view.errors), &fill(signed.shell(), &view)))
}

async fn ask_figures(signed: Signed, Path(id): Path<i64>) -> Answered {
    fill_page(&signed, id, (signed.new_key(), None, Invalid::default())).await
}

async fn send(Path(id): Path<i64>, Submitted { signed, fields, key }: Submitted) -> Answered {
    let of = (id, fields.version());
    let done = if fields.get("act") == "save" {
        perform(&signed, &key, read::save(of, &fields)).await?
    } else {
        perform(&signed, &key, read::send(of, &fields)).await?
    };
    match done {
        Ok(done) => Ok(done),
        Err(invalid) => fill_page(&signed, id, (key, Some(typed(&fields)), invalid)).await,
    }
}
