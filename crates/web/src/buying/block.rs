//! Mini-blocks: the list, one contract, its PDF; the lead's forms, an authority's decision, a provider's own side.

mod decide;
mod forms;
pub(crate) mod nights;
mod own;
mod read;
mod show;
mod sign;

use axum::Router;
use axum::extract::Path;
use axum::routing::{get, post};
use placewell_app::Outcome;
use placewell_domain::nights::plus_days;
use placewell_domain::office::access::{Action, may};
use placewell_exchange::sheet::{Cell, Sheet};
use placewell_pages::buying::block::{LineView, list_page};

use crate::request::Signed;
use crate::respond::{Answered, Failure, OrFail, file, page};
use crate::server::Web;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/mini-blocks", get(list))
        .route("/mini-blocks.csv", get(csv))
        .route("/mini-blocks/new", get(forms::new).post(forms::propose))
        .route("/mini-blocks/{reference}", get(show::show))
        .route("/mini-blocks/{reference}/contract.pdf", get(pdf))
        .merge(nights::routes())
        .route("/mini-blocks/{reference}/edit", get(forms::edit).post(forms::revise))
        .route("/mini-blocks/{reference}/need", post(forms::need))
        .route("/mini-blocks/{reference}/case", get(forms::case).post(forms::write_case))
        .route("/mini-blocks/{reference}/compete", get(forms::compete).post(forms::release))
        .route("/mini-blocks/{reference}/evaluate", get(forms::evaluate).post(forms::score))
        .route("/mini-blocks/{reference}/change", get(forms::change).post(forms::propose_change))
        .route("/mini-blocks/{reference}/drop-change", post(forms::drop_change))
        .route("/mini-blocks/{reference}/withdraw", get(forms::withdraw).post(forms::give_up))
        .route("/mini-blocks/{reference}/decide", get(decide::ask).post(decide::decide))
        .route("/mini-blocks/{reference}/opinion", post(decide::opinion))
        .route("/mini-blocks/{reference}/sign", get(sign::ask).post(sign::sign))
        .route("/provider/mini-blocks", get(own::list))
        .route("/provider/mini-blocks/{reference}", get(own::show))
        .route("/provider/mini-blocks/{reference}/bid", post(own::bid))
        .route("/provider/mini-blocks/{reference}/decline", post(own::decline))
        .route("/provider/mini-blocks/{reference}/agree", post(own::agree))
        .route("/provider/mini-blocks/{reference}/sign", get(sign::ask_provider).post(sign::sign_provider))
}

/// Only those whose role may ask for it open a form.
fn must(signed: &Signed, action: Action) -> Result<(), Failure> {
    if may(signed.actor.role, action) { Ok(()) } else { Err(signed.fail(Outcome::Forbidden(action))) }
}

async fn list(signed: Signed) -> Answered {
    let found = signed.app().blocks(&signed.actor).await.or_fail(&signed)?;
    let lines: Vec<LineView> = found
        .into_iter()
        .map(|line| LineView {
            note: show::note(&line),
            reference: line.block.reference.clone(),
            title: line.block.title.clone(),
            state: (line.block.state.name(), line.block.state.label()),
            provider: line.provider.unwrap_or_default(),
            beds: line.block.spec.beds,
            nights: show::nights(&line.block),
            authorities: line.authorities,
        })
        .collect();
    Ok(page(&list_page(signed.shell(), &lines, may(signed.actor.role, Action::RunBlocks))))
}

const COLUMNS: [&str; 9] =
    ["reference", "title", "state", "provider", "beds", "first_night", "last_night", "guaranteed_beds", "authorities"];

async fn csv(signed: Signed) -> Answered {
    let found = signed.app().blocks(&signed.actor).await.or_fail(&signed)?;
    let mut sheet = Sheet::new("Mini-blocks", COLUMNS);
    sheet.rows = found
        .into_iter()
        .map(|line| {
            let (from, last) = show::nights(&line.block);
            vec![
                line.block.reference.as_str().into(),
                line.block.title.as_str().into(),
                line.block.state.label().into(),
                line.provider.map_or(Cell::Empty, Cell::from),
                Cell::Count(i64::from(line.block.spec.beds)),
                from.into(),
                last.into(),
                Cell::Count(i64::from(line.block.spec.guaranteed_beds)),
                line.authorities.join("; ").into(),
            ]
        })
        .collect();
    let bytes = sheet.csv().map_err(|error| Outcome::Fault(error.0)).or_fail(&signed)?;
    Ok(file(bytes, "text/csv; charset=utf-8", "mini-blocks.csv"))
}

async fn pdf(signed: Signed, Path(reference): Path<String>) -> Answered {
    let address = format!("{}/mini-blocks/{reference}", signed.web.origin);
    let bytes = signed.app().block_pdf(&signed.actor, &reference, &address).await.or_fail(&signed)?;
    Ok(file(bytes, "application/pdf", &format!("{reference}.pdf")))
}

/// The last night of nights that end on a day.
fn last(until: jiff::civil::Date) -> jiff::civil::Date {
    plus_days(until, -1)
}
