//! Beds night by night: the month for members, and a provider's own with its forms.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use jiff::civil::Date;
use placewell_app::Outcome;
use placewell_app::homes::home::{ConfirmBeds, SupplyPostcode};
use placewell_app::placing::occupancy::{CloseBed, Month, ReopenBed};
use placewell_domain::nights::{OPEN_END, plus_days};
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::occupancy::{ClosedReason, UseState};
use placewell_pages::placing::occupancy::{
    Closure, MonthView, NightView, OwnMonthView, Typed, month, one_night, own_month,
};
use placewell_pages::words;

use crate::fields::Fields;
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, Failure, OrFail, page, page_with, see};
use crate::server::Web;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/homes/{urn}/beds", get(show_month))
        .route("/homes/{urn}/beds/{day}", get(show_night))
        .route("/provider/homes/{urn}/beds", get(show_own))
        .route("/provider/homes/{urn}/beds/confirm", post(confirm))
        .route("/provider/homes/{urn}/beds/close", post(close))
        .route("/provider/homes/{urn}/beds/postcode", post(postcode))
        .route("/provider/homes/{urn}/beds/{closure}/reopen", post(reopen))
}

fn named(month: Date) -> String {
    month.strftime("%Y-%m").to_string()
}

fn month_view(found: &Month) -> MonthView {
    MonthView {
        name: found.home.name.clone(),
        urn: found.home.urn.to_string(),
        first: found.first,
        sentence: found.words.clone(),
        counts: found.counts.clone(),
        before: named(plus_days(found.first, -1)),
        after: named(plus_days(found.first.last_of_month(), 1)),
    }
}

async fn show_month(signed: Signed, Path(urn): Path<String>) -> Answered {
    let found = signed.app().home_month(&signed.actor, &urn, signed.query.get("month")).await.or_fail(&signed)?;
    Ok(page(&month(signed.shell(), &month_view(&found))))
}

async fn show_night(signed: Signed, Path((urn, day)): Path<(String, String)>) -> Answered {
    let found = signed.app().home_night(&signed.actor, &urn, &day).await.or_fail(&signed)?;
    let label = |state| match state {
        UseState::Held => "Held",
        UseState::Stay => "Taken",
        UseState::OutOfService(_) => "Out of service",
        UseState::Cancelled => "Cancelled",
    };
    let own = found.own.iter().map(|(reference, state, nights)| {
        (reference.clone(), label(*state).to_owned(), words::date_range(nights.from(), nights.to()))
    });
    let view = NightView {
        name: found.home.name.clone(),
        urn: found.home.urn.to_string(),
        night: found.night,
        count: found.count,
        own: own.collect(),
    };
    Ok(page(&one_night(signed.shell(), &view)))
}

async fn show_own(signed: Signed, Path(urn): Path<String>) -> Answered {
    let view = own_view(&signed, &urn).await?;
    Ok(page(&own_month(signed.shell(), &view)))
}

async fn own_view(signed: &Signed, urn: &str) -> Result<OwnMonthView, Failure> {
    let found = signed.app().own_month(&signed.actor, urn, signed.query.get("month")).await.or_fail(signed)?;
    let today = signed.now().today();
    let name = |bed| found.beds.iter().find(|one| one.id == bed).map(|one| one.label.clone()).unwrap_or_default();
    let closures: Vec<Closure> = found
        .uses
        .iter()
        .filter(|one| one.nights.to() > today)
        .filter_map(|one| match one.state {
            UseState::OutOfService(reason) => Some(Closure {
                id: one.id.0,
                version: one.version,
                bed: name(one.bed),
                reason,
                from: one.nights.from(),
                until: (one.nights.to() != OPEN_END).then_some(one.nights.to()),
            }),
            UseState::Held | UseState::Stay | UseState::Cancelled => None,
        })
        .collect();
    let keys = (0..3 + closures.len()).map(|_| signed.new_key()).collect();
    Ok(OwnMonthView {
        month: month_view(&found),
        beds: found.beds.iter().map(|bed| (bed.id.0, bed.label.clone())).collect(),
        nights: found.nights,
        closures,
        confirmed_on: found.home.beds_confirmed_on,
        postcode: found.home.postcode.as_ref().map(ToString::to_string),
        version: found.home.version,
        today,
        keys,
        typed: Typed::default(),
        errors: Invalid::default(),
    })
}

/// The provider's page again, with what was typed and what is wrong with it.
async fn again(signed: &Signed, urn: &str, typed: Typed, errors: Invalid) -> Answered {
    let view = OwnMonthView { typed, errors, ..own_view(signed, urn).await? };
    Ok(page_with(StatusCode::UNPROCESSABLE_ENTITY, &own_month(signed.shell(), &view)))
}

async fn done(signed: &Signed, receipt: &placewell_app::Receipt) -> Response {
    signed.app().homes.forget().await;
    see(receipt)
}

async fn confirm(Path(urn): Path<String>, Submitted { signed, key, .. }: Submitted) -> Answered {
    let receipt = signed.app().perform(&signed.actor, &key, ConfirmBeds { urn }).await.or_fail(&signed)?;
    Ok(done(&signed, &receipt).await)
}

fn read_close(urn: &str, fields: &Fields) -> Result<CloseBed, Invalid> {
    let mut invalid = Invalid::default();
    let bed = fields.choice("bed", |text| text.parse().ok(), "Select the bed", &mut invalid);
    let reason = fields.choice("reason", ClosedReason::from_code, "Select why it is out of service", &mut invalid);
    let from = fields.date("from", "Enter the first night out of service, like 20 9 2021", &mut invalid);
    let until = fields.optional_date("until", "Enter the first night back in service, like 4 10 2021", &mut invalid);
    if let (Some(from), Some(until)) = (from, until)
        && until <= from
    {
        invalid.add("until", "Enter a day after the first night out of service");
    }
    match (bed, reason, from) {
        (Some(bed), Some(reason), Some(from)) => invalid.or(CloseBed { urn: urn.to_owned(), bed, from, until, reason }),
        _ => Err(invalid),
    }
}

fn typed(fields: &Fields) -> Typed {
    let parts = |name: &str| fields.date_parts(name).map(str::to_owned);
    Typed {
        bed: fields.get("bed").to_owned(),
        reason: fields.get("reason").to_owned(),
        from: parts("from"),
        until: parts("until"),
        postcode: None,
    }
}

async fn close(Path(urn): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    let command = match read_close(&urn, &fields) {
        Ok(command) => command,
        Err(invalid) => return again(&signed, &urn, typed(&fields), invalid).await,
    };
    match signed.app().perform(&signed.actor, &key, command).await {
        Ok(receipt) => Ok(done(&signed, &receipt).await),
        Err(Outcome::Invalid(invalid)) => again(&signed, &urn, typed(&fields), invalid).await,
        Err(outcome) => Err(outcome).or_fail(&signed),
    }
}

async fn postcode(Path(urn): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    let postcode = fields.get("postcode").to_owned();
    let command = SupplyPostcode { urn: urn.clone(), version: fields.version(), postcode: postcode.clone() };
    match signed.app().perform(&signed.actor, &key, command).await {
        Ok(receipt) => Ok(done(&signed, &receipt).await),
        Err(Outcome::Invalid(invalid)) => {
            again(&signed, &urn, Typed { postcode: Some(postcode), ..Typed::default() }, invalid).await
        }
        Err(outcome) => Err(outcome).or_fail(&signed),
    }
}

async fn reopen(Path((urn, closure)): Path<(String, i64)>, Submitted { signed, fields, key }: Submitted) -> Answered {
    let mut invalid = Invalid::default();
    let field = format!("on_{closure}");
    let on = fields.date(&field, "Enter the first night that the bed is back in service, like 20 9 2021", &mut invalid);
    let Some(on) = on else { return again(&signed, &urn, Typed::default(), invalid).await };
    let command = ReopenBed { urn, closure, version: fields.version(), on };
    let receipt = signed.app().perform(&signed.actor, &key, command).await.or_fail(&signed)?;
    Ok(done(&signed, &receipt).await)
}
