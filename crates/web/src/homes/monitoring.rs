//! How homes are watched: returns, visits, concerns, themes; hours of support and strain of single placements.

use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use placewell_app::homes::monitoring::Names;
use placewell_app::{Command, Outcome};
use placewell_domain::homes::monitoring::quality_return::QualityReturn;
use placewell_domain::id::OrganisationId;
use placewell_domain::office::access::may;
use placewell_domain::outcome::Invalid;
use placewell_pages::form::Typed;
use placewell_pages::homes::monitoring::ReturnRow;

use crate::fields::Fields;
use crate::request::Signed;
use crate::respond::{Failure, OrFail, see};
use crate::server::Web;

mod concerns;
mod found;
mod of_provider;
mod placements;
pub(crate) mod read;
mod returns;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .merge(returns::routes())
        .merge(found::routes())
        .merge(of_provider::routes())
        .merge(concerns::routes())
        .merge(placements::routes())
}

/// Does what a form says; what is wrong with it is given back, to stand on the page that it came from.
async fn perform<C: Command>(
    signed: &Signed,
    key: &str,
    command: Result<C, Invalid>,
) -> Result<Result<Response, Invalid>, Failure> {
    if !may(signed.actor.role, C::ACTION) {
        return Err(signed.fail(Outcome::Forbidden(C::ACTION)));
    }
    let outcome = match command {
        Ok(command) => signed.app().perform(&signed.actor, key, command).await,
        Err(invalid) => Err(Outcome::Invalid(invalid)),
    };
    match outcome {
        Ok(receipt) => Ok(Ok(see(&receipt))),
        Err(Outcome::Invalid(invalid)) => Ok(Err(invalid)),
        Err(outcome) => Err(outcome).or_fail(signed),
    }
}

fn typed(fields: &Fields) -> Typed {
    Typed::new(fields.pairs().to_vec())
}

fn status(errors: &Invalid) -> StatusCode {
    if errors.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
}

fn name(names: &Names, id: OrganisationId) -> String {
    names.get(&id).cloned().unwrap_or_default()
}

fn row(of: &QualityReturn, head: String, today: jiff::civil::Date) -> ReturnRow {
    ReturnRow {
        id: of.id,
        home: head,
        state: (of.state.name(), of.state.label()),
        due: of.due,
        overdue: of.overdue(today),
        was_late: of.was_late(),
        differs: u64::try_from(of.differs().len()).unwrap_or_default(),
    }
}
