//! Standing: the region's measures, an authority's reviews, a home's scorecard and its past, a provider's own.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::{get, post};
use placewell_app::homes::standing::{MeasurePage, Stopped};
use placewell_app::power::arrangement::LotNames;
use placewell_app::{Command, Outcome};
use placewell_domain::homes::standing::hours::Countdown;
use placewell_domain::homes::standing::measure::{Affected, Measure, MeasureState, Reinstatement};
use placewell_domain::outcome::Invalid;
use placewell_pages::form::Typed;
use placewell_pages::homes::standing::{
    AffectedRow, MeasureRow, MeasureView, MeasuresView, ProposeView, StoppedRow, effect_words, measure, measures,
    propose,
};
use placewell_pages::words;

use crate::fields::Fields;
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, OrFail, page, page_with, see};
use crate::server::Web;

mod lists;
mod own;
pub(crate) mod read;

pub(super) use own::about;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .merge(lists::routes())
        .route("/region/standing", get(show_all))
        .route("/region/standing/new", get(ask).post(send))
        .route("/region/standing/{id}", get(show))
        .route("/region/standing/{id}/confirm", post(confirm))
        .route("/region/standing/{id}/drop", post(drop_it))
        .route("/region/standing/{id}/reinstate", post(reinstate))
        .merge(own::routes())
}

fn row(one: &Measure, lots: &LotNames, left: Option<Countdown>) -> MeasureRow {
    MeasureRow {
        id: one.id.0,
        name: one.name.clone(),
        lot: one.lot.as_ref().map(|lot| lots.of(lot).to_owned()),
        standing: one.standing.label().to_owned(),
        reason: one.reason.label().to_owned(),
        state: (one.state.name().to_owned(), one.state.label().to_owned()),
        proposed: one.proposed,
        holds: one.holds(),
        waits: left.map(|left| (one.confirm_by, left)),
    }
}

async fn show_all(signed: Signed) -> Answered {
    let all = signed.app().timed_measures(&signed.actor).await.or_fail(&signed)?;
    let stopped = signed.app().stopped(&signed.actor).await.or_fail(&signed)?;
    let lots = signed.app().lot_names().await.or_fail(&signed)?;
    let view = MeasuresView {
        rows: all.iter().map(|one| row(&one.measure, &lots, one.left)).collect(),
        stopped: stopped.iter().map(stopped_row).collect(),
    };
    Ok(page(&measures(signed.shell(), &view)))
}

fn stopped_row(one: &Stopped) -> StoppedRow {
    let room = if one.of_provider() { "/region/providers" } else { "/homes" };
    StoppedRow {
        name: one.name.clone(),
        path: format!("{room}/{}", one.code),
        standing: one.fact.standing.label().to_owned(),
        reason: one.fact.reason.label().to_owned(),
        since: one.fact.from,
        children: one.children.iter().map(|(authority, count)| (authority.clone(), u64::from(*count))).collect(),
    }
}

fn affected(authority: &str, of: &Affected, reviewed: Option<u32>) -> AffectedRow {
    AffectedRow {
        authority: authority.to_owned(),
        referrals: u64::from(of.referrals),
        offers: u64::from(of.offers),
        approvals: u64::from(of.approvals),
        beds: u64::from(of.beds),
        placements: u64::from(of.placements),
        reviewed: reviewed.map(u64::from),
    }
}

fn view(found: &MeasurePage, lots: &LotNames, (typed, errors): (Typed, Invalid)) -> MeasureView {
    let of = &found.measure;
    let listed = match &of.state {
        MeasureState::Confirmed { at, listed, .. } => {
            let rows: Vec<AffectedRow> = listed.iter().map(|one| affected("", one, None)).collect();
            let when = words::moment(*at);
            Some(format!("Confirmed {when}. Listed then: {}.", effect_words(&rows)))
        }
        _ => None,
    };
    let ended = match &of.state {
        MeasureState::Reinstated { from, evidence, .. } => {
            Some(format!("Reinstated from {}: {}.", words::date(*from), evidence.label()))
        }
        MeasureState::Dropped { at, reason, .. } => {
            Some(format!("Dropped {}: {}.", words::moment(*at), reason.label()))
        }
        MeasureState::Proposed | MeasureState::Confirmed { .. } => None,
    };
    let fits = Reinstatement::ALL.iter().filter(|one| one.answers(of.reason));
    MeasureView {
        row: row(of, lots, found.left),
        version: of.version,
        stops: of.stops(),
        dated: of.source.dated,
        link: of.source.link.clone(),
        elsewhere: of.source.elsewhere.map(|one| one.label().to_owned()),
        by_rule: of.source.by.is_none(),
        in_register: of.in_register,
        lent: false,
        homes: found.homes.iter().map(|home| (home.urn.to_string(), home.name.clone())).collect(),
        open: found.open.iter().map(|(name, one)| affected(name, one, None)).collect(),
        untold: found.untold,
        counted: found.counted,
        listed,
        done: found.done.iter().map(|(name, one)| affected(name, &one.done, Some(one.reviewed))).collect(),
        ended,
        seen: found.seen(),
        keys: [String::new(), String::new()],
        typed,
        errors,
        evidence: fits.map(|one| (one.code().to_owned(), one.label().to_owned())).collect(),
        beside: found.beside.iter().map(|one| (one.id.0, one.reason.label().to_owned())).collect(),
    }
}

async fn show(signed: Signed, Path(id): Path<i64>) -> Answered {
    measure_page(&signed, id, (Typed::default(), Invalid::default())).await
}

async fn measure_page(signed: &Signed, id: i64, with: (Typed, Invalid)) -> Answered {
    let found = signed.app().region_measure(&signed.actor, id).await.or_fail(signed)?;
    let status = if with.1.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let lots = signed.app().lot_names().await.or_fail(signed)?;
    let waits = matches!(found.measure.state, MeasureState::Proposed | MeasureState::Confirmed { .. });
    let lent = waits && signed.app().role_is_lent(&signed.actor).await.or_fail(signed)?;
    let view = MeasureView { lent, keys: [signed.new_key(), signed.new_key()], ..view(&found, &lots, with) };
    Ok(page_with(status, &measure(signed.shell(), &view)))
}

fn typed(fields: &Fields) -> Typed {
    Typed::new(fields.pairs().to_vec())
}

async fn confirm(Path(id): Path<i64>, Submitted { signed, fields, key }: Submitted) -> Answered {
    let seen = fields.get("seen").to_owned();
    let done = signed.app().confirm_measure(&signed.actor, &key, (id, fields.version(), seen)).await;
    let receipt = done.or_fail(&signed)?;
    signed.app().homes.forget().await;
    Ok(see(&receipt))
}

/// Does what a form on the measure's page says; what is wrong with it comes back on that page.
async fn act<C: Command>(
    signed: &Signed,
    (id, key): (i64, &str),
    fields: &Fields,
    command: Result<C, Invalid>,
) -> Answered {
    let outcome = match command {
        Ok(command) => signed.app().perform(&signed.actor, key, command).await,
        Err(invalid) => Err(Outcome::Invalid(invalid)),
    };
    match outcome {
        Ok(receipt) => {
            signed.app().homes.forget().await;
            Ok(see(&receipt))
        }
        Err(Outcome::Invalid(invalid)) => measure_page(signed, id, (typed(fields), invalid)).await,
        Err(outcome) => Err(outcome).or_fail(signed),
    }
}

async fn drop_it(Path(id): Path<i64>, Submitted { signed, fields, key }: Submitted) -> Answered {
    let command = read::dropped((id, fields.version()), &fields);
    act(&signed, (id, &key), &fields, command).await
}

async fn reinstate(Path(id): Path<i64>, Submitted { signed, fields, key }: Submitted) -> Answered {
    let command = read::reinstate((id, fields.version()), &fields);
    act(&signed, (id, &key), &fields, command).await
}

async fn form(signed: &Signed, (key, typed, errors): (String, Typed, Invalid)) -> Answered {
    let lots = signed.app().lots(&signed.actor).await.or_fail(signed)?;
    let status = if errors.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(page_with(status, &propose(signed.shell(), &ProposeView { key, lots, typed, errors })))
}

async fn ask(signed: Signed) -> Answered {
    form(&signed, (signed.new_key(), Typed::default(), Invalid::default())).await
}

async fn send(Submitted { signed, fields, key }: Submitted) -> Answered {
    let outcome = match read::propose(&fields) {
        Ok(command) => signed.app().perform(&signed.actor, &key, command).await,
        Err(invalid) => Err(Outcome::Invalid(invalid)),
    };
    match outcome {
        Ok(receipt) => {
            signed.app().homes.forget().await;
            Ok(see(&receipt))
        }
        Err(Outcome::Invalid(invalid)) => form(&signed, (key, typed(&fields), invalid)).await,
        Err(outcome) => Err(outcome).or_fail(&signed),
    }
}
