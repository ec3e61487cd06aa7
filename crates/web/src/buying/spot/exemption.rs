//! A referral's exemptions from a home's grade of Inadequate: what an officer asks of the director of children's services,
//! and what the director records or declines.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::{get, post};
use jiff::civil::Date;
use placewell_app::Command;
use placewell_app::buying::check::asked::RequestLine;
use placewell_app::buying::check::placement::ExemptionLine;
use placewell_app::buying::check::{AskExemption, DeclineExemption, ExemptPlacement, TakeBackExemption};
use placewell_domain::buying::spot::exemption::ExemptionReason;
use placewell_domain::buying::spot::exemption::request::ExemptionDecline;
use placewell_domain::office::access::{Action, may};
use placewell_domain::outcome::Invalid;
use placewell_pages::buying::spot::exemption::{ExemptionRow, ExemptionsView, RequestRow, exemptions_page};
use placewell_pages::form::Typed;

use super::{must, which};
use crate::fields::Fields;
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, OrFail, page_with, see};
use crate::server::Web;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/referrals/{reference}/exemptions", get(show).post(record))
        .route("/referrals/{reference}/exemptions/ask", post(ask))
        .route("/referrals/{reference}/exemptions/decline", post(decline))
        .route("/referrals/{reference}/exemptions/take-back", post(take_back))
}

/// The home's Ofsted number, why, what keeps the child safe, and by which day the child comes.
type Wanted = (String, ExemptionReason, String, Date);

/// Reads what is asked for and what is recorded alike.
fn wanted(fields: &Fields) -> Result<Wanted, Invalid> {
    let mut invalid = Invalid::default();
    let urn = fields.text("urn", 20, "Enter the home's Ofsted number, like SC392491", &mut invalid);
    let ask = "Choose why this child is exempted";
    let reason = fields.choice("reason", ExemptionReason::from_code, ask, &mut invalid);
    let words = fields.text("words", 4_000, "Say what keeps the child safe there", &mut invalid);
    let until = fields.date("until", "Enter by which day the child has to come, like 27 9 2021", &mut invalid);
    match (reason, until) {
        (Some(reason), Some(until)) => invalid.or((urn, reason, words, until)),
        _ => Err(invalid),
    }
}

/// Reads the command that records it from the form.
pub(crate) fn read(fields: &Fields, reference: &str) -> Result<ExemptPlacement, Invalid> {
    let (urn, reason, words, until) = wanted(fields)?;
    Ok(ExemptPlacement::new((reference.to_owned(), urn), reason, words, until))
}

/// Reads the command that asks for it from the form.
pub(crate) fn read_asked(fields: &Fields, reference: &str) -> Result<AskExemption, Invalid> {
    let (urn, reason, words, until) = wanted(fields)?;
    Ok(AskExemption { reference: reference.to_owned(), urn, reason, words, until })
}

/// Reads the command that declines a request, whose fields bear its number.
fn read_declined(fields: &Fields, reference: &str, request: i64) -> Result<DeclineExemption, Invalid> {
    let mut invalid = Invalid::default();
    let ask = "Choose why you decline it";
    let reason = fields.choice(&format!("declined_{request}"), ExemptionDecline::from_code, ask, &mut invalid);
    let words = fields.optional_text(&format!("declined_words_{request}"), 4_000, &mut invalid);
    match reason {
        Some(reason) => {
            let which = (request, fields.version());
            invalid.or(DeclineExemption::new(reference.to_owned(), which, reason, words))
        }
        None => Err(invalid),
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

fn request_row(signed: &Signed, one: RequestLine) -> RequestRow {
    let (answered, declined) = match one.answer {
        Some(answer) => (Some((answer.by, answer.at)), (answer.reason, answer.words)),
        None => (None, (None, None)),
    };
    RequestRow {
        id: one.id,
        version: one.version,
        key: signed.new_key(),
        home: one.home,
        judged_on: one.judged_on,
        reason: one.reason,
        words: one.words,
        until: one.until,
        by: (one.by, one.at),
        stands: one.stands,
        answered,
        declined,
        taken_back: one.taken_back,
    }
}

/// What the officer asked for, as the director's form begins with it.
fn begun(requests: &[RequestLine], grant: &str) -> Typed {
    let mut typed = Typed::default();
    if let Some(one) = requests.iter().find(|one| one.id.to_string() == grant) {
        typed.set("urn", one.home.0.as_str());
        typed.code("reason", one.reason.map(ExemptionReason::code));
        typed.set("words", one.words.as_deref().unwrap_or_default());
        typed.day("until", Some(one.until));
    }
    typed
}

async fn shown(signed: &Signed, reference: &str, again: Option<(String, Typed, Invalid)>) -> Answered {
    let found = signed.app().exemptions(&signed.actor, reference).await.or_fail(signed)?;
    let (key, typed, errors) = again.unwrap_or_else(|| {
        let typed = if found.may_exempt { begun(&found.requests, signed.query.get("grant")) } else { Typed::default() };
        (signed.new_key(), typed, Invalid::default())
    });
    let own = found.referral.authority == signed.actor.organisation;
    let reads = own && may(signed.actor.role, Action::SeeReferrals);
    let reference = found.referral.reference.to_string();
    let status = if errors.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = ExemptionsView {
        back: if reads { format!("/referrals/{reference}") } else { "/spot".to_owned() },
        reference,
        rows: found.lines.into_iter().map(row).collect(),
        requests: found.requests.into_iter().map(|one| request_row(signed, one)).collect(),
        may_exempt: found.may_exempt,
        may_ask: found.may_ask,
        erased: found.erased,
        key,
        typed,
        errors,
    };
    Ok(page_with(status, &exemptions_page(signed.shell(), &view)))
}

async fn show(signed: Signed, Path(reference): Path<String>) -> Answered {
    shown(&signed, &reference, None).await
}

/// Does what a form asked for; one that says something wrong is shown again with it.
async fn sent<C: Command>(command: Result<C, Invalid>, reference: &str, submitted: Submitted) -> Answered {
    let Submitted { signed, fields, key } = submitted;
    match signed.attempt(&key, command).await? {
        Ok(receipt) => Ok(see(&receipt)),
        Err(invalid) => {
            let again = (key, Typed::new(fields.pairs().to_vec()), invalid);
            shown(&signed, reference, Some(again)).await
        }
    }
}

async fn record(Path(reference): Path<String>, submitted: Submitted) -> Answered {
    must(&submitted.signed, Action::Decide)?;
    sent(read(&submitted.fields, &reference), &reference, submitted).await
}

async fn ask(Path(reference): Path<String>, submitted: Submitted) -> Answered {
    must(&submitted.signed, Action::Recommend)?;
    sent(read_asked(&submitted.fields, &reference), &reference, submitted).await
}

async fn take_back(Path(reference): Path<String>, submitted: Submitted) -> Answered {
    must(&submitted.signed, Action::Recommend)?;
    let (request, version) = which(&submitted, "request")?;
    let Submitted { signed, key, .. } = submitted;
    let command = TakeBackExemption { reference, request, version };
    Ok(see(&signed.app().perform(&signed.actor, &key, command).await.or_fail(&signed)?))
}

async fn decline(Path(reference): Path<String>, submitted: Submitted) -> Answered {
    must(&submitted.signed, Action::Decide)?;
    let (request, _version) = which(&submitted, "request")?;
    sent(read_declined(&submitted.fields, &reference, request), &reference, submitted).await
}
