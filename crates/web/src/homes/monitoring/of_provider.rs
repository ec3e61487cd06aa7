//! One provider across its homes, for the region and its authorities; the figures as files, too.

use axum::Router;
use axum::extract::Path;
use axum::routing::get;
use placewell_domain::office::access::{Action, may};
use placewell_pages::homes::monitoring::{OfProviderView, ProviderHomeRow, TrendView, of_provider};
use placewell_pages::words;

use super::found::view;
use crate::homes::standing::about;
use crate::request::Signed;
use crate::respond::{Answered, OrFail, as_csv, as_xlsx, page};
use crate::server::Web;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/monitoring/providers/{code}", get(show))
        .route("/monitoring/providers/{code}/figures.csv", get(csv))
        .route("/monitoring/providers/{code}/figures.xlsx", get(xlsx))
}

async fn show(signed: Signed, Path(code): Path<String>) -> Answered {
    let of = signed.app().provider_watched(&signed.actor, &code).await.or_fail(&signed)?;
    let returned = of
        .trends
        .into_iter()
        .map(|one| TrendView { label: one.of.label(), percent: one.of.percent(), points: one.points })
        .filter(|one| one.points.iter().any(|(_, value)| value.is_some()));
    let counted = of.counted.into_iter().map(|(label, points)| TrendView {
        label,
        percent: false,
        points: points.into_iter().map(|(quarter, value)| (quarter, Some(value))).collect(),
    });
    let home = |one: placewell_app::homes::monitoring::HomeLine| ProviderHomeRow {
        home: (one.home.urn.to_string(), one.home.name),
        standing: one.standing,
        counts: [one.concerns, one.grave, one.actions, one.returns],
    };
    let lots = signed.app().lot_names().await.or_fail(&signed)?;
    let measure = |one: placewell_domain::homes::standing::measure::Measure| {
        let (standing, reason, state) = (one.standing.label(), one.reason.label(), one.state.label());
        [about(&one, &lots), standing.to_owned(), reason.to_owned(), state.to_owned(), words::date(one.proposed.date())]
    };
    let shown = OfProviderView {
        provider: (of.provider.code.clone(), of.provider.name.clone()),
        kept: may(signed.actor.role, Action::KeepHomes),
        homes: of.homes.into_iter().map(home).collect(),
        trends: returned.chain(counted).collect(),
        measures: of.measures.into_iter().map(measure).collect(),
        found: view(&signed, of.found),
    };
    Ok(page(&of_provider(signed.shell(), &shown)))
}

async fn csv(signed: Signed, Path(code): Path<String>) -> Answered {
    let of = signed.app().provider_watched(&signed.actor, &code).await.or_fail(&signed)?;
    as_csv(&signed, &of.sheet(), "provider-figures")
}

async fn xlsx(signed: Signed, Path(code): Path<String>) -> Answered {
    let of = signed.app().provider_watched(&signed.actor, &code).await.or_fail(&signed)?;
    as_xlsx(&signed, &of.sheet(), "provider-figures")
}
