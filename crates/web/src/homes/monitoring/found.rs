//! What was found at homes: lists, one home, themes, visits; and a provider's own.

use axum::Router;
use axum::extract::Path;
use axum::routing::{get, post};
use placewell_app::homes::monitoring::WatchedPage;
use placewell_domain::office::access::{Action, may};
use placewell_domain::outcome::Invalid;
use placewell_pages::form::Typed;
use placewell_pages::homes::monitoring::{
    BeginView, FoundView, HomeView, OwnView, ThemesView, TrendView, VisitView, found, home, own, plan, themes, visit,
};
use placewell_pages::words;

use super::{name, perform, read, row, status, typed};
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, OrFail, page, page_with};
use crate::server::Web;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/monitoring", get(show))
        .route("/monitoring/themes", get(show_themes))
        .route("/monitoring/homes/{urn}", get(show_home))
        .route("/monitoring/visits/new", get(ask_visit).post(send_visit))
        .route("/monitoring/visits/{id}", get(show_visit))
        .route("/monitoring/visits/{id}/record", post(record))
        .route("/monitoring/visits/{id}/call-off", post(call_off))
        .route("/provider/monitoring", get(show_own))
}

pub(super) fn view(signed: &Signed, of: WatchedPage) -> FoundView {
    let WatchedPage { visits, concerns, names } = of;
    let role = signed.actor.role;
    FoundView {
        visits: visits.into_iter().map(|one| (name(&names, one.authority), one)).map(|(who, one)| (one, who)).collect(),
        concerns: concerns
            .into_iter()
            .map(|one| (name(&names, one.raised_by), one))
            .map(|(who, one)| (one, who))
            .collect(),
        acts: may(role, Action::WatchHomes),
        runs: may(role, Action::RunMonitoring),
        strain: may(role, Action::SeeStability),
        today: signed.now().today(),
    }
}

async fn show(signed: Signed) -> Answered {
    let of = signed.app().watched(&signed.actor).await.or_fail(&signed)?;
    Ok(page(&found(signed.shell(), &view(&signed, of))))
}

macro_rules! trends {
    ($of:expr) => {
        $of.into_iter()
            .map(|one| TrendView { label: one.of.label(), percent: one.of.percent(), points: one.points })
            .filter(|one| one.points.iter().any(|(_, value)| value.is_some()))
            .collect()
    };
}

async fn show_home(signed: Signed, Path(urn): Path<String>) -> Answered {
    let of = signed.app().home_watched(&signed.actor, &urn).await.or_fail(&signed)?;
    let today = signed.now().today();
    let quarter = |first: jiff::civil::Date| format!("Quarter from {}", words::date(first));
    let view = HomeView {
        urn: of.home.urn.to_string(),
        name: of.home.name.clone(),
        provider: of.provider,
        returns: of.returns.iter().map(|one| row(one, quarter(one.quarter), today)).collect(),
        trends: trends!(of.trends),
        found: view(&signed, of.found),
    };
    Ok(page(&home(signed.shell(), &view)))
}

async fn show_themes(signed: Signed) -> Answered {
    let of = signed.app().monitoring_themes(&signed.actor).await.or_fail(&signed)?;
    let view = ThemesView {
        since: of.since,
        rows: of
            .themes
            .into_iter()
            .map(|(theme, one)| (theme, [one.homes, one.serious, one.improve, one.good, one.concerns, one.grave]))
            .collect(),
        trends: trends!(of.trends),
        alerts: of.alerts,
    };
    Ok(page(&themes(signed.shell(), &view)))
}

async fn show_own(signed: Signed) -> Answered {
    let of = signed.app().own_watched(&signed.actor).await.or_fail(&signed)?;
    let weeks = signed.app().own_hours(&signed.actor).await.or_fail(&signed)?.waiting.len();
    let alerts = signed.app().stability_alerts(&signed.actor).await.or_fail(&signed)?;
    let open = alerts.iter().filter(|one| one.open()).count();
    let names = of.names;
    let view = OwnView {
        returns: of.returns,
        concerns: of.concerns,
        visits: of
            .visits
            .into_iter()
            .map(|one| (name(&names, one.authority), one))
            .map(|(who, one)| (one, who))
            .collect(),
        trends: trends!(of.trends),
        weeks: u64::try_from(weeks).unwrap_or_default(),
        alerts: u64::try_from(open).unwrap_or_default(),
        today: signed.now().today(),
    };
    Ok(page(&own(signed.shell(), &view)))
}

async fn plan_page(signed: &Signed, (key, typed, errors): (String, Typed, Invalid)) -> Answered {
    drop(signed.app().see(&signed.actor, Action::WatchHomes).await.or_fail(signed)?);
    Ok(page_with(status(&errors), &plan(signed.shell(), &BeginView { key, typed, errors })))
}

async fn ask_visit(signed: Signed) -> Answered {
    let typed = Typed::new(signed.query.pairs().to_vec());
    plan_page(&signed, (signed.new_key(), typed, Invalid::default())).await
}

async fn send_visit(Submitted { signed, fields, key }: Submitted) -> Answered {
    match perform(&signed, &key, read::visit(&fields)).await? {
        Ok(done) => Ok(done),
        Err(invalid) => plan_page(&signed, (key, typed(&fields), invalid)).await,
    }
}

async fn visit_page(signed: &Signed, id: i64, (typed, errors): (Typed, Invalid)) -> Answered {
    let (of, who) = signed.app().home_visit(&signed.actor, id).await.or_fail(signed)?;
    let own = of.authority == signed.actor.organisation && may(signed.actor.role, Action::WatchHomes);
    let keys = [signed.new_key(), signed.new_key()];
    let view = VisitView { of, who, own, keys, today: signed.now().today(), typed, errors };
    Ok(page_with(status(&view.errors), &visit(signed.shell(), &view)))
}

async fn show_visit(signed: Signed, Path(id): Path<i64>) -> Answered {
    visit_page(&signed, id, (Typed::default(), Invalid::default())).await
}

async fn record(Path(id): Path<i64>, Submitted { signed, fields, key }: Submitted) -> Answered {
    match perform(&signed, &key, read::visited((id, fields.version()), &fields)).await? {
        Ok(done) => Ok(done),
        Err(invalid) => visit_page(&signed, id, (typed(&fields), invalid)).await,
    }
}

async fn call_off(Path(id): Path<i64>, Submitted { signed, fields, key }: Submitted) -> Answered {
    match perform(&signed, &key, read::called_off((id, fields.version()), &fields)).await? {
        Ok(done) => Ok(done),
        Err(invalid) => visit_page(&signed, id, (typed(&fields), invalid)).await,
    }
}
