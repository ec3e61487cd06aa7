//! A referral's exemptions from a home's grade of Inadequate, and the form of the director of children's services.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::get;
use placewell_app::Outcome;
use placewell_app::buying::check::ExemptPlacement;
use placewell_app::buying::check::placement::ExemptionLine;
use placewell_domain::buying::spot::exemption::ExemptionReason;
use placewell_domain::office::access::{Action, may};
use placewell_domain::outcome::Invalid;
use placewell_pages::buying::spot::exemption::{ExemptionRow, ExemptionsView, exemptions_page};
use placewell_pages::form::Typed;

use super::must;
use crate::fields::Fields;
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, OrFail, page_with, see};
use crate::server::Web;

pub(super) fn routes() -> Router<Web> {
    Router::new().route("/referrals/{reference}/exemptions", get(show).post(record))
}

/// Reads the command from the form.
pub(crate) fn read(fields: &Fields, reference: &str) -> Result<ExemptPlacement, Invalid> {
    let mut invalid = Invalid::default();
    let urn = fields.text("urn", 20, "Enter the home's Ofsted number, like SC392491", &mut invalid);
    let ask = "Choose why this child is exempted";
    let reason = fields.choice("reason", ExemptionReason::from_code, ask, &mut invalid);
    let words = fields.text("words", 4_000, "Say what keeps the child safe there", &mut invalid);
    let until = fields.date("until", "Enter by which day the child has to come, like 27 9 2021", &mut invalid);
    match (reason, until) {
        (Some(reason), Some(until)) => {
            invalid.or(ExemptPlacement::new((reference.to_owned(), urn), reason, words, until))
        }
        _ => Err(invalid),
    }
}

fn row(one: ExemptionLine) -> ExemptionRow {
    ExemptionRow {
        home: one.home,
        judged_on: one.judged_on,
        reason: one.reason.map(|reason| reason.label().to_owned()),
        by: (one.by, one.on),
        until: one.until,
        holds: one.holds,
    }
}

async fn shown(signed: &Signed, reference: &str, (key, typed, errors): (String, Typed, Invalid)) -> Answered {
    let found = signed.app().exemptions(&signed.actor, reference).await.or_fail(signed)?;
    let own = found.referral.authority == signed.actor.organisation;
    let reads = own && may(signed.actor.role, Action::SeeReferrals);
    let reference = found.referral.reference.to_string();
    let status = if errors.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = ExemptionsView {
        back: if reads { format!("/referrals/{reference}") } else { "/spot".to_owned() },
        reference,
        rows: found.lines.into_iter().map(row).collect(),
        may_exempt: found.may_exempt,
        key,
        typed,
        errors,
    };
    Ok(page_with(status, &exemptions_page(signed.shell(), &view)))
}

async fn show(signed: Signed, Path(reference): Path<String>) -> Answered {
    shown(&signed, &reference, (signed.new_key(), Typed::default(), Invalid::default())).await
}

async fn record(Path(reference): Path<String>, submitted: Submitted) -> Answered {
    must(&submitted.signed, Action::Decide)?;
    let Submitted { signed, fields, key } = submitted;
    let outcome = match read(&fields, &reference) {
        Ok(command) => signed.app().perform(&signed.actor, &key, command).await,
        Err(invalid) => Err(Outcome::Invalid(invalid)),
    };
    match outcome {
        Ok(receipt) => Ok(see(&receipt)),
        Err(Outcome::Invalid(invalid)) => {
            shown(&signed, &reference, (key, Typed::new(fields.pairs().to_vec()), invalid)).await
        }
        Err(outcome) => Err(outcome).or_fail(&signed),
    }
}
