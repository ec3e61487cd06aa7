//! The steps of a decision, each a form of its officer's page: notice, publication, call-in and what follows.

use axum::extract::Path;
use axum::http::StatusCode;
use placewell_app::Command;
use placewell_app::power::annual_value::SetCeiling;
use placewell_app::power::decision::{
    CallIn, CloseCallIn, Confirm, GiveNotice, Publish, Rescind, Supersede, WithdrawNotice,
};
use placewell_domain::outcome::Invalid;
use placewell_domain::power::decision::{CallInOutcome, CallInRequest, Notice, NoticeKind};
use placewell_pages::power::decision::{call_in_page, officer_page};

use super::officer::{decision_page, records};
use crate::fields::Fields;
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, OrFail, page, page_with, see};

/// Does a step that its form said in full; else shows the decision's page again with what is wrong.
async fn step<C: Command>(signed: &Signed, reference: &str, key: &str, read: Result<C, Invalid>) -> Answered {
    records(signed)?;
    let invalid = match signed.attempt(key, read).await? {
        Ok(receipt) => return Ok(see(&receipt)),
        Err(invalid) => invalid,
    };
    let view = decision_page(signed, reference, invalid).await?;
    Ok(page_with(StatusCode::UNPROCESSABLE_ENTITY, &officer_page(signed.shell(), &view)))
}

const WHEN: &str = "Enter the date, like 13 9 2021";

fn done<T>(value: Option<T>, invalid: Invalid) -> Result<T, Invalid> {
    match value {
        Some(value) if invalid.errors.is_empty() => Ok(value),
        _ => Err(invalid),
    }
}

fn read_notice(reference: &str, fields: &Fields) -> Result<GiveNotice, Invalid> {
    let mut invalid = Invalid::default();
    let on = fields.date("on", WHEN, &mut invalid);
    let kind = fields.choice("kind", NoticeKind::from_code, "Choose the kind of notice", &mut invalid);
    let expected = fields.date("expected", "Enter the day from which the decision is to be taken", &mut invalid);
    let chair_on = fields.optional_date("chair_on", WHEN, &mut invalid);
    let why = Some(fields.optional_text("notice_why", 1_000, &mut invalid)).filter(|why| !why.trim().is_empty());
    let (reference, version) = (reference.to_owned(), fields.version());
    let read = on.zip(kind).zip(expected);
    let command = read.map(|((on, kind), expected)| GiveNotice {
        reference,
        version,
        notice: Notice { on, kind, expected, why, chair_on },
    });
    done(command, invalid)
}

fn read_withdrawal(reference: &str, fields: &Fields) -> Result<WithdrawNotice, Invalid> {
    let mut invalid = Invalid::default();
    let on = fields.date("withdrawn_on", WHEN, &mut invalid);
    let reason = fields.text("reason", 1_000, "Enter why the decision is not taken on this notice", &mut invalid);
    let (reference, version) = (reference.to_owned(), fields.version());
    done(on.map(|on| WithdrawNotice { reference, version, on, reason }), invalid)
}

pub(super) async fn withdraw_notice(
    Path(reference): Path<String>,
    Submitted { signed, fields, key }: Submitted,
) -> Answered {
    step(&signed, &reference, &key, read_withdrawal(&reference, &fields).map(|command| fields.confirming(command)))
        .await
}

pub(super) async fn notice(Path(reference): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    step(&signed, &reference, &key, read_notice(&reference, &fields).map(|command| fields.confirming(command))).await
}

fn read_publish(reference: &str, fields: &Fields) -> Result<Publish, Invalid> {
    let mut invalid = Invalid::default();
    let decided_on = fields.date("decided_on", "Enter the date of decision, like 14 1 2019", &mut invalid);
    let published_on = fields.date("published_on", "Enter the publication date, like 14 1 2019", &mut invalid);
    let effective_from = fields.optional_date("effective_from", "Enter the date of effect", &mut invalid);
    let reason = fields.optional_text("effective_reason", 500, &mut invalid);
    let (reference, version, urgent) = (reference.to_owned(), fields.version(), fields.filled("urgent").is_some());
    let command = decided_on.zip(published_on).map(|(decided_on, published_on)| Publish {
        reference,
        version,
        decided_on,
        published_on,
        urgent,
        effective_from,
        effective_reason: Some(reason).filter(|reason| !reason.trim().is_empty()),
    });
    done(command, invalid)
}

pub(super) async fn publish(Path(reference): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    step(&signed, &reference, &key, read_publish(&reference, &fields).map(|command| fields.confirming(command))).await
}

pub(super) async fn ask_call_in(signed: Signed, Path(reference): Path<String>) -> Answered {
    records(&signed)?;
    let found = signed.app().own_decision(&signed.actor, &reference).await.or_fail(&signed)?;
    let today = signed.now().today();
    let form = (signed.new_key(), Vec::new());
    Ok(page(&call_in_page(signed.shell(), &found.decision, (&form.0, &form.1), &Invalid::default(), today)))
}

fn read_call_in(reference: &str, fields: &Fields) -> Result<CallIn, Invalid> {
    let mut invalid = Invalid::default();
    let on = fields.date("on", WHEN, &mut invalid);
    let by = fields.text("by", 200, "Enter who asked for the call-in", &mut invalid);
    let grounds = fields.text("grounds", 2_000, "Enter the grounds of the call-in", &mut invalid);
    let (reference, version) = (reference.to_owned(), fields.version());
    done(on.map(|on| CallIn { reference, version, request: CallInRequest { on, by, grounds } }), invalid)
}

pub(super) async fn call_in(Path(reference): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    records(&signed)?;
    let invalid = match signed
        .attempt(&key, read_call_in(&reference, &fields).map(|command| fields.confirming(command)))
        .await?
    {
        Ok(receipt) => return Ok(see(&receipt)),
        Err(invalid) => invalid,
    };
    let found = signed.app().own_decision(&signed.actor, &reference).await.or_fail(&signed)?;
    let today = signed.now().today();
    let form = call_in_page(signed.shell(), &found.decision, (&key, fields.pairs()), &invalid, today);
    Ok(page_with(StatusCode::UNPROCESSABLE_ENTITY, &form))
}

fn read_close(reference: &str, fields: &Fields) -> Result<CloseCallIn, Invalid> {
    let mut invalid = Invalid::default();
    let on = fields.date("on", WHEN, &mut invalid);
    let outcome = fields.choice("outcome", CallInOutcome::from_code, "Choose how the call-in ended", &mut invalid);
    let (reference, version) = (reference.to_owned(), fields.version());
    done(on.zip(outcome).map(|(on, outcome)| CloseCallIn { reference, version, outcome, on }), invalid)
}

pub(super) async fn close_call_in(
    Path(reference): Path<String>,
    Submitted { signed, fields, key }: Submitted,
) -> Answered {
    step(&signed, &reference, &key, read_close(&reference, &fields)).await
}

fn read_confirm(reference: &str, fields: &Fields) -> Result<Confirm, Invalid> {
    let mut invalid = Invalid::default();
    let on = fields.date("on", WHEN, &mut invalid);
    let (reference, version) = (reference.to_owned(), fields.version());
    done(on.map(|on| Confirm { reference, version, on }), invalid)
}

pub(super) async fn confirm(Path(reference): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    step(&signed, &reference, &key, read_confirm(&reference, &fields)).await
}

fn read_rescind(reference: &str, fields: &Fields) -> Result<Rescind, Invalid> {
    let mut invalid = Invalid::default();
    let on = fields.date("rescinded_on", WHEN, &mut invalid);
    let reason = fields.text("reason", 2_000, "Enter why the decision was rescinded", &mut invalid);
    let (reference, version) = (reference.to_owned(), fields.version());
    done(on.map(|on| Rescind { reference, version, on, reason }), invalid)
}

pub(super) async fn rescind(Path(reference): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    step(&signed, &reference, &key, read_rescind(&reference, &fields).map(|command| fields.confirming(command))).await
}

fn read_supersede(reference: &str, fields: &Fields) -> Result<Supersede, Invalid> {
    let mut invalid = Invalid::default();
    let by = fields.text("by", 30, "Enter the reference of the decision that replaces it", &mut invalid).to_uppercase();
    let (reference, version) = (reference.to_owned(), fields.version());
    done(Some(Supersede { reference, version, by }), invalid)
}

pub(super) async fn supersede(Path(reference): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    step(&signed, &reference, &key, read_supersede(&reference, &fields)).await
}

pub(super) async fn ceiling(Path(reference): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    let accepts_over = fields.filled("accepts_over").is_some();
    step(&signed, &reference, &key, Ok(SetCeiling { reference: reference.clone(), accepts_over })).await
}
