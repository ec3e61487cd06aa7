//! Single placements, for their two sides: hours of extra support, and strain before notice.

use axum::Router;
use axum::extract::Path;
use axum::routing::{get, post};
use placewell_app::Outcome;
use placewell_app::homes::monitoring::AgreeWeek;
use placewell_app::placing::referral::HoldSearch;
use placewell_domain::office::access::{Action, may};
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::outcome::Invalid;
use placewell_pages::form::Typed;
use placewell_pages::homes::monitoring::{
    AlertView, AlertsView, FlagView, HoursView, OwnHoursView, WeekForm, alert, alerts, flag, hours, own_hours,
};

use super::{perform, read, status, typed};
use crate::fields::Fields;
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, OrFail, as_csv, as_xlsx, page, page_with};
use crate::server::Web;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/agreements/hours.csv", get(hours_csv))
        .route("/agreements/hours.xlsx", get(hours_xlsx))
        .route("/agreements/{reference}/hours", get(show_hours))
        .route("/agreements/{reference}/hours/agree", post(agree))
        .route("/provider/monitoring/hours", get(show_own).post(confirm))
        .route("/provider/monitoring/hours/correct", post(correct))
        .route("/stability", get(show_all))
        .route("/stability/{id}", get(show))
        .route("/stability/{id}/meet", post(meet))
        .route("/stability/{id}/hold", post(hold))
        .route("/stability/{id}/release", post(release))
        .route("/stability/{id}/close", post(close))
        .route("/agreements/{reference}/stability", get(ask).post(send))
}

async fn show_hours(signed: Signed, Path(reference): Path<String>) -> Answered {
    let found = signed.app().agreement_hours(&signed.actor, &reference).await.or_fail(&signed)?;
    let view = HoursView {
        reference: found.reference,
        home: found.home,
        waiting: found.waiting,
        weeks: found.weeks,
        agrees: may(signed.actor.role, Action::RunAgreement),
        key: signed.new_key(),
        today: signed.now().today(),
    };
    Ok(page(&hours(signed.shell(), &view)))
}

async fn hours_csv(signed: Signed) -> Answered {
    let sheet = signed.app().hours_sheet(&signed.actor).await.or_fail(&signed)?;
    as_csv(&signed, &sheet, "hours-of-support")
}

async fn hours_xlsx(signed: Signed) -> Answered {
    let sheet = signed.app().hours_sheet(&signed.actor).await.or_fail(&signed)?;
    as_xlsx(&signed, &sheet, "hours-of-support")
}

fn week_id(fields: &Fields) -> Result<i64, Invalid> {
    fields.get("week_id").parse().map_err(|_| Invalid::one("week_id", "Select a week that was confirmed"))
}

async fn agree(Path(_): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    let command = week_id(&fields).map(|id| AgreeWeek { id, version: fields.version() });
    match perform(&signed, &key, command).await? {
        Ok(done) => Ok(done),
        Err(invalid) => Err(signed.fail(Outcome::Invalid(invalid))),
    }
}

async fn own_page(signed: &Signed, asked: &Fields, (key, typed, errors): (String, Typed, Invalid)) -> Answered {
    let found = signed.app().own_hours(&signed.actor).await.or_fail(signed)?;
    let waits = found.waiting.iter().find(|(one, _)| {
        one.reference.to_string() == asked.get("reference")
            && one.week.to_string() == asked.get("week")
            && one.line_from.to_string() == asked.get("line_from")
            && one.label == asked.get("label")
    });
    let corrected = asked.filled("correct").or_else(|| asked.filled("week_id")).and_then(|id| id.parse::<i64>().ok());
    let corrects = found.weeks.iter().find(|(one, _)| Some(one.id) == corrected && one.state.name() == "confirmed");
    let form = match (waits, corrects) {
        (_, Some((one, home))) => Some((one.bought.clone(), home.clone(), Some((one.id, one.version)))),
        (Some((one, home)), None) => Some((one.clone(), home.clone(), None)),
        (None, None) => None,
    };
    let form = form.map(|(of, home, corrects)| WeekForm { of, home, corrects, key, typed, errors: errors.clone() });
    let view = OwnHoursView { form, waiting: found.waiting, weeks: found.weeks, today: signed.now().today() };
    Ok(page_with(status(&errors), &own_hours(signed.shell(), &view)))
}

async fn show_own(signed: Signed) -> Answered {
    let with = (signed.new_key(), Typed::default(), Invalid::default());
    own_page(&signed, &signed.query.clone(), with).await
}

async fn confirm(Submitted { signed, fields, key }: Submitted) -> Answered {
    match perform(&signed, &key, read::week(&fields)).await? {
        Ok(done) => Ok(done),
        Err(invalid) => own_page(&signed, &fields, (key, typed(&fields), invalid)).await,
    }
}

async fn correct(Submitted { signed, fields, key }: Submitted) -> Answered {
    let command = week_id(&fields).and_then(|id| read::correct((id, fields.version()), &fields));
    match perform(&signed, &key, command).await? {
        Ok(done) => Ok(done),
        Err(invalid) => own_page(&signed, &fields, (key, typed(&fields), invalid)).await,
    }
}

async fn show_all(signed: Signed) -> Answered {
    let found = signed.app().stability_alerts(&signed.actor).await.or_fail(&signed)?;
    let back = if signed.actor.kind == OrganisationKind::Provider { "/provider/monitoring" } else { "/agreements" };
    let view = AlertsView { alerts: found, back, today: signed.now().today() };
    Ok(page(&alerts(signed.shell(), &view)))
}

async fn alert_page(signed: &Signed, id: i64, (typed, errors): (Typed, Invalid)) -> Answered {
    let found = signed.app().stability_alert(&signed.actor, id).await.or_fail(signed)?;
    let view = AlertView {
        keeps: found.of.authority == signed.actor.organisation && may(signed.actor.role, Action::KeepStability),
        of: found.of,
        words: found.words,
        agreed: found.agreed,
        erased: found.erased,
        keys: [signed.new_key(), signed.new_key()],
        today: signed.now().today(),
        typed,
        errors,
    };
    Ok(page_with(status(&view.errors), &alert(signed.shell(), &view)))
}

async fn show(signed: Signed, Path(id): Path<i64>) -> Answered {
    alert_page(&signed, id, (Typed::default(), Invalid::default())).await
}

async fn meet(Path(id): Path<i64>, Submitted { signed, fields, key }: Submitted) -> Answered {
    match perform(&signed, &key, read::met((id, fields.version()), &fields)).await? {
        Ok(done) => Ok(done),
        Err(invalid) => alert_page(&signed, id, (typed(&fields), invalid)).await,
    }
}

async fn hold(Path(id): Path<i64>, Submitted { signed, fields, key }: Submitted) -> Answered {
    match perform(&signed, &key, Ok(HoldSearch { alert: id, version: fields.version() })).await? {
        Ok(done) => Ok(done),
        Err(invalid) => alert_page(&signed, id, (typed(&fields), invalid)).await,
    }
}

async fn release(Path(id): Path<i64>, Submitted { signed, fields, key }: Submitted) -> Answered {
    match perform(&signed, &key, read::release((id, fields.version()), &fields)).await? {
        Ok(done) => Ok(done),
        Err(invalid) => alert_page(&signed, id, (typed(&fields), invalid)).await,
    }
}

async fn close(Path(id): Path<i64>, Submitted { signed, fields, key }: Submitted) -> Answered {
    match perform(&signed, &key, read::close_alert((id, fields.version()), &fields)).await? {
        Ok(done) => Ok(done),
        Err(invalid) => alert_page(&signed, id, (typed(&fields), invalid)).await,
    }
}

async fn flag_page(signed: &Signed, reference: &str, (key, typed, errors): (String, Typed, Invalid)) -> Answered {
    let found = signed.app().agreement_stability(&signed.actor, reference).await.or_fail(signed)?;
    let open = found.alerts.iter().any(placewell_domain::homes::monitoring::stability::StabilityAlert::open);
    let view = FlagView {
        reference: found.reference,
        home: found.home,
        flags: found.live && !open && may(signed.actor.role, Action::FlagStrain),
        alerts: found.alerts,
        key,
        today: signed.now().today(),
        typed,
        errors,
    };
    Ok(page_with(status(&view.errors), &flag(signed.shell(), &view)))
}

async fn ask(signed: Signed, Path(reference): Path<String>) -> Answered {
    flag_page(&signed, &reference, (signed.new_key(), Typed::default(), Invalid::default())).await
}

async fn send(Path(reference): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    match perform(&signed, &key, read::strain(&reference, &fields)).await? {
        Ok(done) => Ok(done),
        Err(invalid) => flag_page(&signed, &reference, (key, typed(&fields), invalid)).await,
    }
}
