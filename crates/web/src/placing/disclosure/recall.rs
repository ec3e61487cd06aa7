//! Recalls: the form on an offer, the authority's list and report with what is still to do, the provider's confirmation.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::{get, post};
use placewell_app::Outcome;
use placewell_app::placing::disclosure::recall::{
    AssessRecall, ConfirmDeleted, LiftRecall, RecallDisclosure, RecallReport, TellCommissioner,
};
use placewell_domain::office::access::{Action, may};
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::disclosure::Stage;
use placewell_domain::placing::disclosure::recall::{RecallCause, RecallState, Risk};
use placewell_pages::form::Typed;
use placewell_pages::placing::disclosure::recall::{
    MayDo, OwnRecallView, RecallForm, RecallView, own_recall, recall_form, recall_report, recalls_page,
};

use crate::fields::Fields;
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, Failure, OrFail, page, page_with, see};
use crate::server::Web;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/referrals/{reference}/offers/{number}/recall", get(ask).post(take_back))
        .route("/recalls", get(list))
        .route("/recalls/{id}", get(show))
        .route("/recalls/{id}/assess", post(assess))
        .route("/recalls/{id}/tell", post(tell))
        .route("/recalls/{id}/lift", post(lift))
        .route("/provider/recalls/{id}", get(own).post(confirm))
}

fn must_keep(signed: &Signed) -> Result<(), Failure> {
    if may(signed.actor.role, Action::KeepDisclosure) {
        Ok(())
    } else {
        Err(signed.fail(Outcome::Forbidden(Action::KeepDisclosure)))
    }
}

fn typed(fields: &Fields) -> Typed {
    Typed::new(fields.pairs().to_vec())
}

async fn form(
    signed: &Signed,
    (reference, number): (&str, u32),
    errors: &Invalid,
    typed: Typed,
    key: &str,
) -> Answered {
    must_keep(signed)?;
    let (record, offer, _) = signed.app().referral_offer(&signed.actor, reference, number).await.or_fail(signed)?;
    let view = RecallForm { reference: reference.to_owned(), number, home: record.home_name(offer.home), typed };
    let status = if errors.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(page_with(status, &recall_form(signed.shell(), &view, errors, key)))
}

async fn ask(signed: Signed, Path((reference, number)): Path<(String, u32)>) -> Answered {
    form(&signed, (&reference, number), &Invalid::default(), Typed::default(), &signed.new_key()).await
}

fn read(fields: &Fields, reference: &str, number: u32) -> Result<RecallDisclosure, Invalid> {
    let mut invalid = Invalid::default();
    let from = fields.choice("from", Stage::from_code, "Choose what is taken back", &mut invalid);
    let cause = fields.choice("cause", RecallCause::from_code, "Choose why", &mut invalid);
    let aware = fields.date_and_time("aware", "Enter the day on which it was noticed, like 13 9 2021", &mut invalid);
    match (from, cause, aware) {
        (Some(from), Some(cause), Some(aware)) => {
            Ok(RecallDisclosure { reference: reference.to_owned(), number, from, cause, aware })
        }
        _ => Err(invalid),
    }
}

async fn take_back(
    Path((reference, number)): Path<(String, u32)>,
    Submitted { signed, fields, key }: Submitted,
) -> Answered {
    must_keep(&signed)?;
    match signed.attempt(&key, read(&fields, &reference, number)).await? {
        Ok(receipt) => Ok(see(&receipt)),
        Err(invalid) => form(&signed, (&reference, number), &invalid, typed(&fields), &key).await,
    }
}

fn view_of(signed: &Signed, found: RecallReport) -> RecallView {
    let recall = found.recall;
    let (keeps, now) = (may(signed.actor.role, Action::KeepDisclosure), signed.now().local);
    let risk = recall.assessment().map(|one| one.risk);
    let told = recall.told().map(|(at, reference)| (at, reference.to_owned()));
    let tell = matches!(recall.state, RecallState::Assessed { .. }) && recall.owed();
    RecallView {
        id: recall.id,
        version: recall.version,
        reference: found.of.0,
        number: found.of.1,
        home: found.home.0,
        provider: found.home.1,
        from: recall.from,
        cause: recall.cause.label(),
        status: recall.state.label(),
        aware: recall.aware,
        recalled: (recall.recalled, found.by),
        seen: recall.seen.iter().zip(found.readers).map(|(seen, name)| (seen.stage, name, seen.at)).collect(),
        deleted: recall.deleted.zip(found.deleted_by).map(|((_, at), name)| (name, at)),
        risk,
        words: found.words,
        erased: found.erased,
        due: recall.due(),
        told,
        overdue: recall.owed() && recall.due() < now,
        lifted: !recall.stands(),
        may: MayDo {
            assess: keeps && recall.state == RecallState::Recalled && !found.erased,
            tell: keeps && tell,
            lift: keeps && !recall.owed() && recall.stands(),
        },
    }
}

async fn list(signed: Signed) -> Answered {
    let found = signed.app().recall_reports(&signed.actor).await.or_fail(&signed)?;
    let views: Vec<RecallView> = found.into_iter().map(|one| view_of(&signed, one)).collect();
    Ok(page(&recalls_page(signed.shell(), &views)))
}

async fn show_with(signed: &Signed, id: i64, errors: &Invalid, typed: &Typed, key: &str) -> Answered {
    let found = signed.app().recall_report(&signed.actor, id).await.or_fail(signed)?;
    let view = view_of(signed, found);
    let status = if errors.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(page_with(status, &recall_report(signed.shell(), &view, typed, errors, key)))
}

async fn show(signed: Signed, Path(id): Path<i64>) -> Answered {
    show_with(&signed, id, &Invalid::default(), &Typed::default(), &signed.new_key()).await
}

async fn assess(Path(id): Path<i64>, Submitted { signed, fields, key }: Submitted) -> Answered {
    must_keep(&signed)?;
    let mut invalid = Invalid::default();
    let risk = fields.choice("risk", Risk::from_code, "Choose how likely harm is", &mut invalid);
    let command = risk.map(|risk| AssessRecall {
        recall: id,
        version: fields.version(),
        risk,
        words: fields.get("words").to_owned(),
    });
    match signed.attempt(&key, command.ok_or(invalid)).await? {
        Ok(receipt) => Ok(see(&receipt)),
        Err(invalid) => show_with(&signed, id, &invalid, &typed(&fields), &key).await,
    }
}

async fn tell(Path(id): Path<i64>, Submitted { signed, fields, key }: Submitted) -> Answered {
    must_keep(&signed)?;
    let mut invalid = Invalid::default();
    let at = fields.date_and_time("told", "Enter the day on which they were told, like 14 9 2021", &mut invalid);
    let command = at.map(|at| TellCommissioner {
        recall: id,
        version: fields.version(),
        at,
        reference: fields.get("reference").to_owned(),
    });
    match signed.attempt(&key, command.ok_or(invalid)).await? {
        Ok(receipt) => Ok(see(&receipt)),
        Err(invalid) => show_with(&signed, id, &invalid, &typed(&fields), &key).await,
    }
}

async fn lift(Path(id): Path<i64>, Submitted { signed, fields, key }: Submitted) -> Answered {
    let command = LiftRecall { recall: id, version: fields.version() };
    Ok(see(&signed.app().perform(&signed.actor, &key, command).await.or_fail(&signed)?))
}

async fn own(signed: Signed, Path(id): Path<i64>) -> Answered {
    let found = signed.app().own_recall(&signed.actor, id).await.or_fail(&signed)?;
    let view = OwnRecallView {
        id: found.id.0,
        version: found.id.1,
        reference: found.reference,
        from: found.from,
        recalled: found.recalled,
        deleted: found.deleted,
        lifted: found.lifted,
    };
    Ok(page(&own_recall(signed.shell(), &view, &signed.new_key())))
}

async fn confirm(Path(id): Path<i64>, Submitted { signed, fields, key }: Submitted) -> Answered {
    let command = ConfirmDeleted { recall: id, version: fields.version() };
    Ok(see(&signed.app().perform(&signed.actor, &key, command).await.or_fail(&signed)?))
}
