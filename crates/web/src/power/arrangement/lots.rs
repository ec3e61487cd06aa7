//! A lot's page, with what rests on it, and the forms that name, close and open it.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use placewell_app::Outcome;
use placewell_app::power::arrangement::{KeepAct, KeepArrangement};
use placewell_domain::outcome::Invalid;
use placewell_domain::power::arrangement::Lot;
use placewell_pages::form::Typed;
use placewell_pages::power::arrangement::{Forms, LotView, lot_page};

use super::keys;
use super::region::named;
use crate::fields::Fields;
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, Failure, OrFail, page_with, redirect};
use crate::server::Web;

/// The routes.
pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/region/arrangement/lots", post(keep))
        .route("/region/arrangement/lots/close", post(close))
        .route("/region/arrangement/lots/reopen", post(reopen))
        .route("/region/arrangement/lots/{code}", get(show))
}

async fn show(signed: Signed, Path(code): Path<String>) -> Answered {
    shown(&signed, &code, StatusCode::OK, &Typed::default(), &Invalid::default()).await
}

async fn shown(
    signed: &Signed,
    code: &str,
    status: StatusCode,
    typed: &Typed,
    errors: &Invalid,
) -> Result<Response, Failure> {
    let found = signed.app().lot_page(&signed.actor, code).await.or_fail(signed)?;
    let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    let view = LotView {
        arrangement: found.arrangement,
        lot: found.lot,
        closes: found.closes,
        admitted: (count(found.admitted.0), count(found.admitted.1)),
        ever: found.ever > 0,
        placements: count(found.placements),
        today: signed.now().today(),
    };
    let keys = keys(signed, 3);
    Ok(page_with(status, &lot_page(signed.shell(), &view, &Forms { keys: &keys, errors, typed })))
}

/// Does an act on a lot, and shows the page that it came from again where something is wrong.
async fn act(
    Submitted { signed, fields, key }: Submitted,
    code: String,
    read: Result<KeepAct, Invalid>,
    to: String,
) -> Answered {
    let (slug, version) = named(&fields);
    let read = read.map(|act| KeepArrangement { slug, version, act });
    match signed.attempt(&key, read).await? {
        Ok(_) => Ok(redirect(&to)),
        Err(invalid) => {
            let typed = Typed::new(fields.pairs().to_vec());
            shown(&signed, &code, StatusCode::UNPROCESSABLE_ENTITY, &typed, &invalid).await
        }
    }
}

/// Names a lot that is there from its own page, where its effect is shown; or adds one.
async fn keep(sent: Submitted) -> Answered {
    let mut invalid = Invalid::default();
    let read = |fields: &Fields, invalid: &mut Invalid| Lot {
        code: fields.text("code", 40, "Enter the lot's code, like planned", invalid),
        name: fields.text("name", 120, "Enter the lot's name", invalid),
        description: fields.text("description", 500, "Enter what the lot is for", invalid),
    };
    let lot = read(&sent.fields, &mut invalid);
    let path = format!("/region/arrangement/lots/{}", lot.code);
    if sent.fields.filled("rename").is_some() {
        let code = lot.code.clone();
        return act(sent, code, invalid.or(KeepAct::KeepLot(lot)), path).await;
    }
    match sent.signed.app().lot_page(&sent.signed.actor, &lot.code).await {
        // It is there already: its own page shows what another name does.
        Ok(_) => return Ok(redirect(&path)),
        Err(Outcome::NotFound) => {}
        Err(outcome) => return Err(sent.signed.fail(outcome)),
    }
    super::region::keep(sent, move |_, errors| {
        errors.errors.extend(invalid.errors);
        Some(KeepAct::KeepLot(lot))
    })
    .await
}

async fn close(sent: Submitted) -> Answered {
    let mut invalid = Invalid::default();
    let code = sent.fields.get("lot").to_owned();
    let from = sent.fields.date("closes_on", "Enter the first day on which it is closed", &mut invalid);
    let read = match from {
        Some(from) if invalid.errors.is_empty() => Ok(KeepAct::CloseLot(code.clone(), from)),
        _ => Err(invalid),
    };
    let to = format!("/region/arrangement/lots/{code}");
    act(sent, code, read, to).await
}

async fn reopen(sent: Submitted) -> Answered {
    let code = sent.fields.get("lot").to_owned();
    let to = format!("/region/arrangement/lots/{code}");
    act(sent, code.clone(), Ok(KeepAct::ReopenLot(code)), to).await
}
