//! The form that starts a spot purchase, and the page of a home that cannot be bought with whom to call.

use axum::extract::Path;
use axum::http::StatusCode;
use placewell_app::Outcome;
use placewell_app::buying::spot::RequestSpot;
use placewell_app::buying::spot::request::NOT_REGISTERED;
use placewell_domain::buying::spot::{Document, DocumentKind};
use placewell_domain::office::access::Action;
use placewell_domain::outcome::{Invalid, Refusal};
use placewell_pages::buying::spot::start::{CannotBuyView, StartView, cannot_buy_page, start_page};
use placewell_pages::form::Typed;

use super::{after, must};
use crate::fields::Fields;
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, Failure, OrFail, page, page_with, see};

pub(super) async fn ask(signed: Signed, Path(reference): Path<String>) -> Answered {
    let view = view(&signed, &reference, signed.new_key(), Typed::default(), Invalid::default()).await?;
    Ok(page(&start_page(signed.shell(), &view)))
}

pub(super) async fn send(Path(reference): Path<String>, submitted: Submitted) -> Answered {
    must(&submitted.signed, Action::Recommend)?;
    let Submitted { signed, fields, key } = submitted;
    let invalid = match read(&fields, &reference) {
        Ok(command) => match signed.app().perform(&signed.actor, &key, command).await {
            Ok(receipt) => return Ok(see(&receipt)),
            Err(Outcome::Invalid(invalid)) => invalid,
            Err(Outcome::Refused(refusal)) if NOT_REGISTERED.contains(&refusal.code.as_str()) => {
                return cannot_buy(&signed, &reference, *refusal).await;
            }
            Err(outcome) => return Err(outcome).or_fail(&signed),
        },
        Err(invalid) => invalid,
    };
    let view = view(&signed, &reference, key, Typed::new(fields.pairs().to_vec()), invalid).await?;
    Ok(page_with(StatusCode::UNPROCESSABLE_ENTITY, &start_page(signed.shell(), &view)))
}

/// Reads the command from the form.
pub(crate) fn read(fields: &Fields, reference: &str) -> Result<RequestSpot, Invalid> {
    let mut invalid = Invalid::default();
    let reason = fields.text("reason", 60, "Choose why the arrangement is not used", &mut invalid);
    let urn = fields.text("urn", 20, "Enter the home's Ofsted number, like SC392491", &mut invalid);
    let document = match fields.filled("document_kind").and_then(DocumentKind::from_code) {
        None => None,
        Some(kind) => {
            let on = fields.date("document_on", "Enter the document's date, like 1 9 2021", &mut invalid);
            let number = fields.text("document_number", 30, "Enter the document's number", &mut invalid);
            on.map(|on| Document { kind, on, number })
        }
    };
    if fields.filled("this_child").is_none() {
        invalid.add("this_child", "Confirm that the placement is for this child only");
    }
    invalid.or(RequestSpot {
        reference: reference.to_owned(),
        version: fields.version(),
        urn,
        reason,
        document,
        this_child: true,
    })
}

async fn view(
    signed: &Signed,
    reference: &str,
    key: String,
    typed: Typed,
    errors: Invalid,
) -> Result<StartView, Failure> {
    let found = signed.app().spot_start(&signed.actor, reference).await.or_fail(signed)?;
    let searched = found.tried.searched.as_ref().map_or_else(String::new, |searched| {
        format!(
            "The search of {} looked at {} homes. On the arrangement {} could meet the needs and were not asked.",
            placewell_pages::words::date(searched.on),
            searched.homes,
            found.tried.could_meet
        )
    });
    Ok(StartView {
        reference: found.referral.reference.to_string(),
        version: found.referral.version,
        key,
        asked: found
            .tried
            .homes
            .iter()
            .map(|home| (home.name.clone(), home.tier.tag().to_owned(), home.answer.label().to_owned()))
            .collect(),
        searched,
        outside: found.outside,
        after: found.after.as_ref().map(after),
        typed,
        errors,
    })
}

async fn cannot_buy(signed: &Signed, reference: &str, refusal: Refusal) -> Answered {
    let call = signed.app().whom_to_call(&signed.actor, reference).await.or_fail(signed)?;
    let view = CannotBuyView { reference: reference.to_owned(), refusal, call };
    Ok(page_with(StatusCode::CONFLICT, &cannot_buy_page(signed.shell(), &view)))
}
