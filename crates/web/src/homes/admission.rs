//! The regional team's pages: providers and their admission, each home's lots, prices, standing and visits.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use jiff::civil::Date;
use placewell_app::homes::home::HomePage;
use placewell_app::homes::standing::{About, ProviderPage};
use placewell_app::{Command, Outcome};
use placewell_domain::homes::admission::ground::{AdmissionGround, GroundOn};
use placewell_domain::homes::home::link::ReadAt;
use placewell_domain::homes::standing::{StandingFact, StandingSource, StandingSubject, admitted_provider};
use placewell_domain::nights::OPEN_END;
use placewell_domain::office::access::{Action, may};
use placewell_domain::outcome::Invalid;
use placewell_domain::power::arrangement::Lot;
use placewell_pages::form::Typed;
use placewell_pages::homes::admission::{
    ActView, GroundRow, HomeAct, ProviderAct, ProviderLine, RegionHomeView, RegionProviderView, RegionProvidersView,
    StandingRow, home_act, provider_act, region_home, region_provider, region_providers,
};

use super::home::view_of;
use crate::fields::Fields;
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, Failure, OrFail, page, page_with, see};
use crate::server::Web;

mod applying;
mod evaluation;
mod evidence;
mod forms;
mod opening;
pub(crate) mod read;
mod registered;
mod registering;

/// Only those whose role may ask for it send a form.
fn must(signed: &Signed, action: Action) -> Result<(), Failure> {
    if may(signed.actor.role, action) { Ok(()) } else { Err(signed.fail(Outcome::Forbidden(action))) }
}

/// Does what a form says; else shows its page `again`, with what was typed and what is wrong.
async fn act<C: Command>(
    Submitted { signed, fields, key }: Submitted,
    reference: &str,
    read: impl FnOnce(&Fields) -> Result<C, Invalid>,
    again: impl AsyncFnOnce(&Signed, &str, &Fields, &Invalid) -> Answered,
) -> Answered {
    must(&signed, C::ACTION)?;
    match signed.attempt(&key, read(&fields)).await? {
        Ok(receipt) => Ok(see(&receipt)),
        Err(invalid) => again(&signed, reference, &fields, &invalid).await,
    }
}

/// How many providers stand on one page of the list.
const PAGE: usize = 50;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/region/providers", get(show_providers))
        .route("/region/providers/{code}", get(show_provider))
        .route("/region/providers/{code}/{act}", get(ask_provider).post(send_provider))
        .route("/region/homes/{urn}", get(show_home))
        .route("/region/homes/{urn}/{act}", get(ask_home).post(send_home))
        .merge(opening::routes())
        .merge(registered::routes())
        .merge(registering::routes())
        .merge(applying::routes())
        .merge(evaluation::routes())
        .merge(evidence::routes())
}

async fn show_providers(signed: Signed) -> Answered {
    let all = signed.app().region_providers(&signed.actor).await.or_fail(&signed)?;
    let today = signed.now().today();
    let pages = all.len().div_ceil(PAGE).max(1);
    let number = signed.query.get("page").parse::<usize>().unwrap_or(1).clamp(1, pages);
    let line = |one: &ProviderPage| ProviderLine {
        code: one.provider.code.clone(),
        name: one.provider.name.clone(),
        homes: one.open_homes() as u64,
        admitted: one.admitted(today).map(|ground| ground.from),
        standing: one.holding(today).map(|fact| fact.standing),
    };
    let view = RegionProvidersView {
        rows: all.iter().skip((number - 1) * PAGE).take(PAGE).map(line).collect(),
        total: all.len() as u64,
        page: number as u64,
        pages: pages as u64,
    };
    Ok(page(&region_providers(signed.shell(), &view)))
}

fn standing_row(fact: &StandingFact, read_at: &[(StandingSource, Date, ReadAt)]) -> StandingRow {
    let at = read_at.iter().find(|(source, from, _)| (*source, *from) == (fact.source, fact.from));
    StandingRow {
        read_at: at.map(|(_, _, at)| at.link.clone()),
        standing: fact.standing.label().to_owned(),
        reason: fact.reason.label().to_owned(),
        source: fact.source.label().to_owned(),
        from: fact.from,
        until: (fact.until != OPEN_END).then_some(fact.until),
    }
}

fn ground_row(ground: &AdmissionGround) -> GroundRow {
    let (what, evaluation) = match &ground.on {
        GroundOn::Evaluation(id) => ("Its evaluation record".to_owned(), Some(id.0)),
        GroundOn::Exception { reason, record } => (format!("{}: {record}", reason.label()), None),
    };
    GroundRow { from: ground.from, what, evaluation }
}

async fn show_provider(signed: Signed, Path(code): Path<String>) -> Answered {
    let found = signed.app().region_provider(&signed.actor, &code).await.or_fail(&signed)?;
    let today = signed.now().today();
    let holding = found.holding(today);
    let homes = found
        .homes
        .iter()
        .map(|home| (home.urn.to_string(), home.name.clone(), home.state.label().to_owned()))
        .collect();
    let view = RegionProviderView {
        code: found.provider.code.clone(),
        name: found.provider.name.clone(),
        admitted: found.admitted(today).is_some(),
        standing: holding.map(|fact| fact.standing),
        since: holding.map(|fact| fact.from),
        facts: found.facts.iter().map(|fact| standing_row(fact, &found.read_at)).collect(),
        grounds: found.grounds.iter().map(ground_row).collect(),
        homes,
    };
    Ok(page(&region_provider(signed.shell(), &view)))
}

async fn show_home(signed: Signed, Path(urn): Path<String>) -> Answered {
    let kept = signed.app().region_home(&signed.actor, &urn).await.or_fail(&signed)?;
    let found = &kept.page;
    let provider = found.facts.home.provider;
    let today = signed.now().today();
    let by = (kept.grounds.as_slice(), found.standing.as_slice());
    let admitted = admitted_provider(by, provider, &found.facts.provider, today).is_ok();
    let own = found.standing.iter().filter(|fact| matches!(fact.subject, StandingSubject::Home(_)));
    let view = RegionHomeView {
        facts: own.map(|fact| standing_row(fact, &kept.read_at)).collect(),
        home: view_of(found, today),
        provider_code: kept.provider.clone(),
        provider_admitted: admitted,
    };
    Ok(page(&region_home(signed.shell(), &view)))
}

/// The lots from which an act chooses: all to be admitted to, those that it is or was on for all else.
fn lots_for(act: HomeAct, found: &HomePage, lots: &[Lot], today: Date) -> Vec<(String, String)> {
    let on = |lot: &&Lot| {
        let mut own = found.admissions.iter().filter(|one| one.lot == lot.code);
        match act {
            HomeAct::Admit => true,
            HomeAct::Leave => own.any(|one| one.until == OPEN_END),
            HomeAct::Price | HomeAct::Standing | HomeAct::Visit => own.any(|one| one.until > today),
        }
    };
    lots.iter().filter(on).map(|lot| (lot.code.clone(), lot.name.clone())).collect()
}

async fn home_form(
    signed: &Signed,
    urn: &str,
    act: HomeAct,
    (key, typed, errors): (String, Typed, Invalid),
) -> Answered {
    let kept = signed.app().region_home(&signed.actor, urn).await.or_fail(signed)?;
    let home = &kept.page.facts.home;
    let status = if errors.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let lent = act == HomeAct::Price && signed.app().role_is_lent(&signed.actor).await.or_fail(signed)?;
    let view = ActView {
        about: home.urn.to_string(),
        name: home.name.clone(),
        lots: lots_for(act, &kept.page, &kept.lots, signed.now().today()),
        lent,
        key,
        typed,
        errors,
    };
    Ok(page_with(status, &home_act(signed.shell(), act, &view)))
}

async fn ask_home(signed: Signed, Path((urn, act)): Path<(String, String)>) -> Answered {
    // Who may not keep homes is told so before anything about the address.
    signed.app().region_home(&signed.actor, &urn).await.or_fail(&signed)?;
    let act = HomeAct::from_code(&act).ok_or(Outcome::NotFound).or_fail(&signed)?;
    home_form(&signed, &urn, act, (signed.new_key(), Typed::default(), Invalid::default())).await
}

/// How a form that was sent ended: with a page to see, or with what is wrong.
async fn perform<C: Command>(
    signed: &Signed,
    key: &str,
    read: Result<C, Invalid>,
) -> Result<Result<Response, Invalid>, crate::respond::Failure> {
    let command = match read {
        Ok(command) => command,
        Err(invalid) => return Ok(Err(invalid)),
    };
    match signed.app().perform(&signed.actor, key, command).await {
        Ok(receipt) => {
            signed.app().homes.forget().await;
            Ok(Ok(see(&receipt)))
        }
        Err(Outcome::Invalid(invalid)) => Ok(Err(invalid)),
        Err(outcome) => Err(signed.fail(outcome)),
    }
}

async fn send_home(Path((urn, act)): Path<(String, String)>, Submitted { signed, fields, key }: Submitted) -> Answered {
    signed.app().region_home(&signed.actor, &urn).await.or_fail(&signed)?;
    let act = HomeAct::from_code(&act).ok_or(Outcome::NotFound).or_fail(&signed)?;
    let done = match act {
        HomeAct::Admit => perform(&signed, &key, read::admit(&urn, &fields)).await?,
        HomeAct::Leave => perform(&signed, &key, read::leave(&urn, &fields)).await?,
        HomeAct::Price => perform(&signed, &key, read::price(&urn, &fields)).await?,
        HomeAct::Standing => perform(&signed, &key, read::standing(About::Home(urn.clone()), &fields)).await?,
        HomeAct::Visit => perform(&signed, &key, read::visit(&urn, &fields)).await?,
    };
    match done {
        Ok(response) => Ok(response),
        Err(invalid) => home_form(&signed, &urn, act, (key, typed(&fields), invalid)).await,
    }
}

fn typed(fields: &Fields) -> Typed {
    Typed::new(fields.pairs().to_vec())
}

async fn provider_form(
    signed: &Signed,
    code: &str,
    act: ProviderAct,
    (key, typed, errors): (String, Typed, Invalid),
) -> Answered {
    let found = signed.app().region_provider(&signed.actor, code).await.or_fail(signed)?;
    let status = if errors.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let (about, name) = (found.provider.code, found.provider.name);
    let lent = act == ProviderAct::Admit && signed.app().role_is_lent(&signed.actor).await.or_fail(signed)?;
    let view = ActView { about, name, lots: Vec::new(), lent, key, typed, errors };
    Ok(page_with(status, &provider_act(signed.shell(), act, &view)))
}

async fn ask_provider(signed: Signed, Path((code, act)): Path<(String, String)>) -> Answered {
    signed.app().region_provider(&signed.actor, &code).await.or_fail(&signed)?;
    let act = ProviderAct::from_code(&act).ok_or(Outcome::NotFound).or_fail(&signed)?;
    provider_form(&signed, &code, act, (signed.new_key(), Typed::default(), Invalid::default())).await
}

async fn send_provider(
    Path((code, act)): Path<(String, String)>,
    Submitted { signed, fields, key }: Submitted,
) -> Answered {
    signed.app().region_provider(&signed.actor, &code).await.or_fail(&signed)?;
    let act = ProviderAct::from_code(&act).ok_or(Outcome::NotFound).or_fail(&signed)?;
    let done = match act {
        ProviderAct::Admit => perform(&signed, &key, read::admit_provider(&code, &fields)).await?,
        ProviderAct::Standing => perform(&signed, &key, read::standing(About::Provider(code.clone()), &fields)).await?,
    };
    match done {
        Ok(response) => Ok(response),
        Err(invalid) => provider_form(&signed, &code, act, (key, typed(&fields), invalid)).await,
    }
}
