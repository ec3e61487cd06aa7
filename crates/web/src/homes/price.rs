//! A home's price schedule, for those who buy, for the regional team, and for the home's own provider; and its files.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::get;
use placewell_app::Outcome;
use placewell_app::homes::price::schedule::{HomeSchedule, NightPrices, line_label, schedule_sheet};
use placewell_app::power::arrangement::LotNames;
use placewell_domain::nights::OPEN_END;
use placewell_domain::office::access::Action;
use placewell_domain::outcome::Invalid;
use placewell_pages::form::Typed;
use placewell_pages::homes::price::{EntryRow, ScheduleRow, ScheduleView, schedule};
use placewell_pages::words;

use crate::request::Signed;
use crate::respond::{Answered, Failure, OrFail, as_csv, as_xlsx, page_with};
use crate::server::Web;

pub(crate) mod read;
mod uplift;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/homes/{urn}/prices", get(show))
        .route("/homes/{urn}/prices.csv", get(csv))
        .route("/homes/{urn}/prices.xlsx", get(xlsx))
        .route("/provider/homes/{urn}/prices", get(show_own))
        .route("/provider/homes/{urn}/prices.csv", get(own_csv))
        .route("/provider/homes/{urn}/prices.xlsx", get(own_xlsx))
        .route("/region/prices.csv", get(all_csv))
        .route("/region/prices.xlsx", get(all_xlsx))
        .merge(uplift::routes())
}

type Answer = Option<(String, NightPrices)>;

fn view(
    found: &HomeSchedule,
    (base, lots): (&str, &LotNames),
    (typed, errors): (Typed, Invalid),
    answer: Answer,
) -> ScheduleView {
    let urn = found.home.urn.to_string();
    let what = |lot: &str, line: &str| format!("{}, {}", lots.of(lot), line_label(line).to_lowercase());
    ScheduleView {
        path: format!("{base}/{urn}/prices"),
        back: if base == "/homes" { format!("/homes/{urn}") } else { base.to_owned() },
        urn,
        name: found.home.name.clone(),
        current: found
            .current
            .iter()
            .map(|fact| ScheduleRow {
                lot: lots.of(&fact.lot).to_owned(),
                line: line_label(&fact.line).to_owned(),
                weekly: fact.price.value,
                from: fact.price.from,
                until: (fact.price.to != OPEN_END).then_some(fact.price.to),
            })
            .collect(),
        entries: found
            .entries
            .iter()
            .map(|one| EntryRow {
                weekly: one.weekly,
                what: what(&one.lot, &one.line),
                from: one.from,
                on: one.on,
                by: match one.by.includes.as_str() {
                    "" => one.by.source.label().to_owned(),
                    includes => format!("{}. Included: {includes}", one.by.source.label()),
                },
            })
            .collect(),
        typed,
        errors,
        answer: answer.map(|(sentence, prices)| {
            let row = |(lot, line, weekly): (String, String, _)| {
                (lots.of(&lot).to_owned(), line_label(&line).to_owned(), weekly)
            };
            (sentence, prices.into_iter().map(row).collect())
        }),
    }
}

/// The schedule for those who buy, or for the home's own provider: the pages of one are not the other's.
async fn schedule_of(signed: &Signed, urn: &str, action: Action) -> Result<HomeSchedule, Failure> {
    drop(signed.app().see(&signed.actor, action).await.or_fail(signed)?);
    signed.app().price_schedule(&signed.actor, urn).await.or_fail(signed)
}

async fn show(signed: Signed, Path(urn): Path<String>) -> Answered {
    shown(&signed, &urn, (Action::SeeHomes, "/homes")).await
}

async fn show_own(signed: Signed, Path(urn): Path<String>) -> Answered {
    shown(&signed, &urn, (Action::KeepOwnHomes, "/provider/homes")).await
}

async fn shown(signed: &Signed, urn: &str, (action, base): (Action, &str)) -> Answered {
    let found = schedule_of(signed, urn, action).await?;
    let (mut answer, mut errors) = (None, Invalid::default());
    match read::night(&signed.query) {
        Err(invalid) => errors = invalid,
        Ok(None) => {}
        Ok(Some(asked)) => match signed.app().price_known(&signed.actor, urn, asked).await {
            Ok(prices) => {
                let known = asked.1.map_or("as it is known now".to_owned(), |at| {
                    format!("as it was known at the end of {}", words::date(at.date()))
                });
                let none = if prices.is_empty() { " No price was scheduled." } else { "" };
                answer = Some((format!("For the night of {}, {known}.{none}", words::date(asked.0)), prices));
            }
            Err(Outcome::Invalid(invalid)) => errors = invalid,
            Err(outcome) => return Err(outcome).or_fail(signed),
        },
    }
    let status = if errors.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let typed = Typed::new(signed.query.pairs().to_vec());
    let lots = signed.app().lot_names().await.or_fail(signed)?;
    Ok(page_with(status, &schedule(signed.shell(), &view(&found, (base, &lots), (typed, errors), answer))))
}

async fn csv(signed: Signed, Path(urn): Path<String>) -> Answered {
    let found = schedule_of(&signed, &urn, Action::SeeHomes).await?;
    as_csv(&signed, &schedule_sheet(&found), &format!("prices-{}", found.home.urn))
}

async fn own_csv(signed: Signed, Path(urn): Path<String>) -> Answered {
    let found = schedule_of(&signed, &urn, Action::KeepOwnHomes).await?;
    as_csv(&signed, &schedule_sheet(&found), &format!("prices-{}", found.home.urn))
}

async fn xlsx(signed: Signed, Path(urn): Path<String>) -> Answered {
    let found = schedule_of(&signed, &urn, Action::SeeHomes).await?;
    as_xlsx(&signed, &schedule_sheet(&found), &format!("prices-{}", found.home.urn))
}

async fn own_xlsx(signed: Signed, Path(urn): Path<String>) -> Answered {
    let found = schedule_of(&signed, &urn, Action::KeepOwnHomes).await?;
    as_xlsx(&signed, &schedule_sheet(&found), &format!("prices-{}", found.home.urn))
}

async fn all_csv(signed: Signed) -> Answered {
    let sheet = signed.app().schedules_sheet(&signed.actor).await.or_fail(&signed)?;
    as_csv(&signed, &sheet, "price-schedules")
}

async fn all_xlsx(signed: Signed) -> Answered {
    let sheet = signed.app().schedules_sheet(&signed.actor).await.or_fail(&signed)?;
    as_xlsx(&signed, &sheet, "price-schedules")
}
