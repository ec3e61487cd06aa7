//! The lists about homes and providers as files, CSV and a spreadsheet: alerts, measures, evaluations, homes whose facts
//! differ. The same rows as the pages, behind the same permissions.

use axum::Router;
use axum::routing::get;
use placewell_domain::homes::home::alert::AlertState;
use placewell_domain::homes::home::voice::Speaker;
use placewell_exchange::sheet::{Cell, Sheet};

use crate::request::Signed;
use crate::respond::{Answered, Failure, OrFail, as_csv, as_xlsx};
use crate::server::Web;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/region/alerts.csv", get(alerts_csv))
        .route("/region/alerts.xlsx", get(alerts_xlsx))
        .route("/region/standing.csv", get(measures_csv))
        .route("/region/standing.xlsx", get(measures_xlsx))
        .route("/region/evaluations.csv", get(evaluations_csv))
        .route("/region/evaluations.xlsx", get(evaluations_xlsx))
        .route("/homes/differ.csv", get(differing_csv))
        .route("/homes/differ.xlsx", get(differing_xlsx))
}

async fn alerts_csv(signed: Signed) -> Answered {
    let sheet = alerts(&signed).await?;
    as_csv(&signed, &sheet, "alerts")
}

async fn alerts_xlsx(signed: Signed) -> Answered {
    let sheet = alerts(&signed).await?;
    as_xlsx(&signed, &sheet, "alerts")
}

async fn measures_csv(signed: Signed) -> Answered {
    let sheet = measures(&signed).await?;
    as_csv(&signed, &sheet, "measures")
}

async fn measures_xlsx(signed: Signed) -> Answered {
    let sheet = measures(&signed).await?;
    as_xlsx(&signed, &sheet, "measures")
}

async fn evaluations_csv(signed: Signed) -> Answered {
    let sheet = evaluations(&signed).await?;
    as_csv(&signed, &sheet, "evaluations")
}

async fn evaluations_xlsx(signed: Signed) -> Answered {
    let sheet = evaluations(&signed).await?;
    as_xlsx(&signed, &sheet, "evaluations")
}

async fn differing_csv(signed: Signed) -> Answered {
    let sheet = differing(&signed).await?;
    as_csv(&signed, &sheet, "differing-homes")
}

async fn differing_xlsx(signed: Signed) -> Answered {
    let sheet = differing(&signed).await?;
    as_xlsx(&signed, &sheet, "differing-homes")
}

fn maybe(text: Option<&String>) -> Cell {
    text.map_or(Cell::Empty, |text| text.as_str().into())
}

async fn alerts(signed: &Signed) -> Result<Sheet, Failure> {
    let found = signed.app().region_alerts(&signed.actor, (0, usize::MAX)).await.or_fail(signed)?;
    let columns = [
        "ofsted_number",
        "home",
        "what_changed",
        "before",
        "now",
        "source",
        "as_at",
        "raised",
        "times",
        "children",
        "searches",
        "nominated_beds",
        "state",
        "due",
    ];
    let mut sheet = Sheet::new("Alerts", columns);
    for line in &found.lines {
        let of = &line.alert;
        let sum = |count: fn(&placewell_domain::homes::standing::measure::Affected) -> u32| {
            Cell::Count(line.touches.iter().map(|(_, one)| i64::from(count(one))).sum())
        };
        let due = match &of.state {
            AlertState::Waiting => Cell::Empty,
            AlertState::Acknowledged { due, .. } | AlertState::Done { due, .. } => Cell::Day(*due),
        };
        sheet.rows.push(vec![
            of.found.urn.as_str().into(),
            of.found.name.as_str().into(),
            of.found.kind.label().into(),
            maybe(of.found.before.as_ref()),
            maybe(of.found.after.as_ref()),
            of.found.source.as_str().into(),
            of.found.as_at.into(),
            of.raised.date().into(),
            Cell::Count(i64::from(of.times)),
            sum(|one| one.placements),
            sum(|one| one.referrals),
            sum(|one| one.beds),
            of.state.name().into(),
            due,
        ]);
    }
    Ok(sheet)
}

async fn measures(signed: &Signed) -> Result<Sheet, Failure> {
    let all = signed.app().region_measures(&signed.actor).await.or_fail(signed)?;
    let mut sheet = Sheet::new("Measures", ["about", "lot", "standing", "reason", "state", "proposed", "confirm_by"]);
    for one in &all {
        sheet.rows.push(vec![
            one.name.as_str().into(),
            maybe(one.lot.as_ref()),
            one.standing.label().into(),
            one.reason.label().into(),
            one.state.label().into(),
            one.proposed.date().into(),
            one.confirm_by.date().into(),
        ]);
    }
    Ok(sheet)
}

async fn evaluations(signed: &Signed) -> Result<Sheet, Failure> {
    let all = signed.app().evaluations(&signed.actor).await.or_fail(signed)?;
    let today = signed.now().today();
    let columns = ["provider", "opening", "state", "homes_on_lots", "homes_evaluated", "relied_on_today"];
    let mut sheet = Sheet::new("Evaluations", columns);
    for one in &all {
        let count = |homes: usize| Cell::Count(i64::try_from(homes).unwrap_or(i64::MAX));
        sheet.rows.push(vec![
            one.provider_name.as_str().into(),
            one.opening_reference.as_str().into(),
            one.state.name().into(),
            count(one.homes.iter().filter(|home| home.passed).count()),
            count(one.homes.len()),
            if one.holds_on(today) { "yes" } else { "no" }.into(),
        ]);
    }
    Ok(sheet)
}

async fn differing(signed: &Signed) -> Result<Sheet, Failure> {
    let found = signed.app().differing_homes(&signed.actor).await.or_fail(signed)?;
    let columns = ["ofsted_number", "home", "fact", "speaker", "said_by", "value", "seen_on", "link"];
    let mut sheet = Sheet::new("Differing homes", columns);
    for (home, facts) in &found {
        for fact in facts {
            for voice in &fact.voices {
                let speaker = match voice.speaker {
                    Speaker::Home => "home",
                    Speaker::Council => "council",
                    Speaker::Regulator => "regulator",
                };
                sheet.rows.push(vec![
                    home.urn.as_str().into(),
                    home.name.as_str().into(),
                    fact.fact.label().into(),
                    speaker.into(),
                    voice.by.as_str().into(),
                    voice.value.as_str().into(),
                    voice.seen_on.into(),
                    maybe(voice.link.as_ref()),
                ]);
            }
        }
    }
    Ok(sheet)
}
