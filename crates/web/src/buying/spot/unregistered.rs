//! A child in an unregistered setting: the record and its acts.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::{get, post};
use placewell_app::buying::spot::unregistered::{
    ConfirmUnregistered, EndUnregistered, RecordUnregistered, ReviewUnregistered, UnregisteredView, UpdateUnregistered,
};
use placewell_app::{Command, Outcome};
use placewell_domain::buying::spot::unregistered::{
    Application, Court, CourtOrder, Known, SearchStands, UnregisteredEnd, UnregisteredState,
};
use placewell_domain::money::Pence;
use placewell_domain::office::access::{Action, may};
use placewell_domain::outcome::Invalid;
use placewell_pages::buying::spot::unregistered::{
    FormView, LineView, RecordView, ReviewView, list_page, record_page, show_page, update_page,
};
use placewell_pages::form::Typed;
use placewell_pages::words;

use super::must;
use crate::fields::Fields;
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, OrFail, page, page_with, see};
use crate::server::Web;

/// The routes.
pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/referrals/{reference}/unregistered", get(ask).post(send))
        .route("/unregistered", get(list))
        .route("/unregistered/{id}", get(show))
        .route("/unregistered/{id}/update", get(ask_update).post(update))
        .route("/unregistered/{id}/review", post(review))
        .route("/unregistered/{id}/confirm", post(confirm))
        .route("/unregistered/{id}/end", post(end))
}

async fn list(signed: Signed) -> Answered {
    let today = signed.now().today();
    let found = signed.app().unregistered_list(&signed.actor).await.or_fail(&signed)?;
    let lines: Vec<LineView> = found
        .iter()
        .map(|one| LineView {
            id: one.id,
            reference: one.reference.to_string(),
            from: Some(one.from),
            age: one.age,
            court: one.court.order.label().to_owned(),
            ofsted_told: one.ofsted_told,
            review_due: one.review_due(today),
            cost: one.cost(today),
            there: one.state == UnregisteredState::There,
        })
        .collect();
    Ok(page(&list_page(signed.shell(), &lines)))
}

fn view(signed: &Signed, found: UnregisteredView, errors: Invalid) -> RecordView {
    let record = found.record;
    let court = match (record.court.on, record.court.until) {
        (Some(on), Some(until)) => {
            format!("{}, {}, until {}", record.court.order.label(), words::date(on), words::date(until))
        }
        (Some(on), None) => format!("{}, {}", record.court.order.label(), words::date(on)),
        (None, _) => record.court.order.label().to_owned(),
    };
    let reviews = record.reviews.iter().zip(found.reviewers).rev().map(|(review, by)| ReviewView {
        on: review.on,
        by,
        search: review.search.label().to_owned(),
        seen: review.seen,
    });
    RecordView {
        id: record.id,
        version: record.version,
        reference: record.reference.to_string(),
        age: record.age,
        rule: record.rule.clone(),
        from: Some(record.from),
        court,
        ofsted_told: record.ofsted_told,
        tell_by: Some(found.tell_ofsted_by),
        application: record.application.label().to_owned(),
        director: found.director.zip(record.director.map(|(_, at)| at)),
        words: found.words.map(|words| (words.setting, words.why)),
        erased: found.erased,
        reviews: reviews.collect(),
        review_due: found.review_due,
        cost: (record.weekly, found.cost),
        ended: match &record.state {
            UnregisteredState::There => None,
            UnregisteredState::Ended { on, how, .. } => Some((how.label().to_owned(), *on)),
        },
        today: Some(signed.now().today()),
        may_change: may(signed.actor.role, Action::Recommend),
        may_confirm: found.may_confirm,
        errors,
    }
}

async fn show(signed: Signed, Path(id): Path<i64>) -> Answered {
    shown(&signed, id, Invalid::default(), StatusCode::OK).await
}

async fn shown(signed: &Signed, id: i64, errors: Invalid, status: StatusCode) -> Answered {
    let found = signed.app().unregistered_view(&signed.actor, id).await.or_fail(signed)?;
    let view = view(signed, found, errors);
    Ok(page_with(status, &show_page(signed.shell(), &view, || signed.new_key())))
}

async fn ask(signed: Signed, Path(reference): Path<String>) -> Answered {
    must(&signed, Action::Recommend)?;
    let found = signed.app().referral_record(&signed.actor, &reference).await.or_fail(&signed)?;
    let view = FormView {
        reference: found.referral.reference.to_string(),
        id: None,
        version: found.referral.version,
        key: signed.new_key(),
        typed: Typed::default(),
        errors: Invalid::default(),
    };
    Ok(page(&record_page(signed.shell(), &view)))
}

fn known(fields: &Fields, invalid: &mut Invalid) -> Option<Known> {
    let order = fields.choice("court", CourtOrder::from_code, "Say what a court has ordered", invalid);
    let day = |name: &str, invalid: &mut Invalid| fields.optional_date(name, "Enter a date, like 10 9 2021", invalid);
    let (on, until) = (day("court_on", invalid), day("court_until", invalid));
    let ofsted_told = day("ofsted_told", invalid);
    let application =
        fields.choice("application", Application::from_code, "Say what the provider has applied for", invalid);
    let weekly = fields.pence("weekly", "Enter what is paid a week, like £9,800; 0 where nothing is", invalid);
    Some(Known {
        court: Court { order: order?, on, until },
        ofsted_told,
        application: application?,
        weekly: weekly.unwrap_or(Pence::ZERO),
    })
}

async fn send(Path(reference): Path<String>, submitted: Submitted) -> Answered {
    must(&submitted.signed, Action::Recommend)?;
    let Submitted { signed, fields, key } = submitted;
    let mut invalid = Invalid::default();
    let from = fields.date("from", "Enter the first night, like 10 9 2021", &mut invalid);
    let setting = fields.text("setting", 4_000, "Say where the setting is and who runs it", &mut invalid);
    let ask = "Say why no registered home was found, and what keeps the child safe";
    let why = fields.text("why", 4_000, ask, &mut invalid);
    let known = known(&fields, &mut invalid);
    if let (Some(from), Some(known), true) = (from, known, invalid.errors.is_empty()) {
        let Known { court, ofsted_told, application, weekly } = known;
        let version = fields.version();
        let command = RecordUnregistered {
            reference: reference.clone(),
            version,
            from,
            weekly,
            court,
            ofsted_told,
            application,
            setting,
            why,
        };
        match signed.app().perform(&signed.actor, &key, command).await {
            Ok(receipt) => return Ok(see(&receipt)),
            Err(Outcome::Invalid(wrong)) => invalid = wrong,
            Err(outcome) => return Err(outcome).or_fail(&signed),
        }
    }
    let (version, typed) = (fields.version(), Typed::new(fields.pairs().to_vec()));
    let view = FormView { reference, id: None, version, key, typed, errors: invalid };
    Ok(page_with(StatusCode::UNPROCESSABLE_ENTITY, &record_page(signed.shell(), &view)))
}

async fn ask_update(signed: Signed, Path(id): Path<i64>) -> Answered {
    must(&signed, Action::Recommend)?;
    let record = signed.app().unregistered_view(&signed.actor, id).await.or_fail(&signed)?.record;
    let mut typed = Typed::default();
    typed.set("court", record.court.order.code());
    typed.day("court_on", record.court.on);
    typed.day("court_until", record.court.until);
    typed.day("ofsted_told", record.ofsted_told);
    typed.set("application", record.application.code());
    typed.set("weekly", words::money(record.weekly).trim_start_matches('£'));
    let view = FormView {
        reference: record.reference.to_string(),
        id: Some(id),
        version: record.version,
        key: signed.new_key(),
        typed,
        errors: Invalid::default(),
    };
    Ok(page(&update_page(signed.shell(), &view)))
}

async fn update(Path(id): Path<i64>, submitted: Submitted) -> Answered {
    must(&submitted.signed, Action::Recommend)?;
    let Submitted { signed, fields, key } = submitted;
    let mut invalid = Invalid::default();
    let known = known(&fields, &mut invalid);
    if let (Some(known), true) = (known, invalid.errors.is_empty()) {
        let command = UpdateUnregistered { record: id, version: fields.version(), known };
        match signed.app().perform(&signed.actor, &key, command).await {
            Ok(receipt) => return Ok(see(&receipt)),
            Err(Outcome::Invalid(wrong)) => invalid = wrong,
            Err(outcome) => return Err(outcome).or_fail(&signed),
        }
    }
    let record = signed.app().unregistered_view(&signed.actor, id).await.or_fail(&signed)?.record;
    let view = FormView {
        reference: record.reference.to_string(),
        id: Some(id),
        version: fields.version(),
        key,
        typed: Typed::new(fields.pairs().to_vec()),
        errors: invalid,
    };
    Ok(page_with(StatusCode::UNPROCESSABLE_ENTITY, &update_page(signed.shell(), &view)))
}

/// Performs an act of the record's page, or shows the page again with what is wrong.
async fn act<C: Command>(signed: Signed, id: i64, key: &str, command: Result<C, Invalid>) -> Answered {
    let invalid = match signed.attempt(key, command).await? {
        Ok(receipt) => return Ok(see(&receipt)),
        Err(invalid) => invalid,
    };
    shown(&signed, id, invalid, StatusCode::UNPROCESSABLE_ENTITY).await
}

async fn review(Path(id): Path<i64>, submitted: Submitted) -> Answered {
    must(&submitted.signed, Action::Recommend)?;
    let Submitted { signed, fields, key } = submitted;
    let mut invalid = Invalid::default();
    let on = fields.date("on", "Enter the day of the review, like 13 9 2021", &mut invalid);
    let search = fields.choice("search", SearchStands::from_code, "Say how the search stands", &mut invalid);
    if fields.filled("seen").is_none() {
        invalid.add("seen", "Say whether somebody saw the child that day");
    }
    let seen = fields.get("seen") == "yes";
    let command = match (on, search, invalid.errors.is_empty()) {
        (Some(on), Some(search), true) => {
            Ok(ReviewUnregistered { record: id, version: fields.version(), on, search, seen })
        }
        _ => Err(invalid),
    };
    act(signed, id, &key, command).await
}

async fn confirm(Path(id): Path<i64>, submitted: Submitted) -> Answered {
    must(&submitted.signed, Action::Decide)?;
    let Submitted { signed, fields, key } = submitted;
    let command = ConfirmUnregistered { record: id, version: fields.version() };
    act(signed, id, &key, Ok::<_, Invalid>(command)).await
}

async fn end(Path(id): Path<i64>, submitted: Submitted) -> Answered {
    must(&submitted.signed, Action::Recommend)?;
    let Submitted { signed, fields, key } = submitted;
    let mut invalid = Invalid::default();
    let on = fields.date("ended_on", "Enter the day on which the child left, like 13 9 2021", &mut invalid);
    let how = fields.choice("how", UnregisteredEnd::from_code, "Say how it ended", &mut invalid);
    let command = match (on, how) {
        (Some(on), Some(how)) => Ok(EndUnregistered { record: id, version: fields.version(), on, how }),
        _ => Err(invalid),
    };
    act(signed, id, &key, command).await
}
