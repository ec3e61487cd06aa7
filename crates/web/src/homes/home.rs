//! Homes: the list, one home, a provider's own, and the public list of providers.

use axum::Router;
use axum::extract::Path;
use axum::routing::get;
use jiff::civil::Date;
use placewell_app::clock::moment_at;
use placewell_app::homes::home::{CORE, HomePage, PriceFact};
use placewell_app::homes::price::schedule::line_label;
use placewell_domain::authority::{areas, lookup};
use placewell_domain::homes::home::{HomeState, RegisteredSex, Sex};
use placewell_domain::homes::price::KNOWN_OPEN;
use placewell_domain::homes::standing::StandingFact;
use placewell_domain::money::Pence;
use placewell_domain::nights::OPEN_END;
use placewell_domain::office::access::{Action, may};
use placewell_domain::outcome::Invalid;
use placewell_insight::placing::referral::HomeFacts;
use placewell_pages::homes::home::{
    HomeView, ListRow, ListView, LotRow, OwnHome, OwnHomesView, PriceRow, ProviderRow, ProvidersView, RegistrationRow,
    VisitRow, list, own_homes, providers, record,
};
use placewell_pages::words;

use crate::fields::Fields;
use crate::request::{Signed, Visit};
use crate::respond::{Answered, OrFail, page};
use crate::server::Web;

mod alerts;
pub(crate) mod files;
mod named;
mod papers;
mod purpose;
mod voices;

pub(crate) use alerts::{acknowledged, finished};
pub(crate) use voices::said;

/// How many homes stand on one page of the list.
const PAGE: usize = 25;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/homes", get(show_list))
        .route("/homes/{urn}", get(show))
        .route("/homes.csv", get(files::csv))
        .route("/homes.xlsx", get(files::xlsx))
        .route("/provider/homes/{urn}/purpose", get(purpose::ask).post(purpose::state))
        .route("/provider/homes", get(show_own))
        .route("/providers", get(show_providers))
        .merge(papers::routes())
        .merge(alerts::routes())
        .merge(voices::routes())
        .merge(named::routes())
}

/// The first night on which any bed of the home can take another child.
pub(crate) fn free_from(facts: &HomeFacts) -> Option<Date> {
    facts.gaps.shared.first().map(|gap| gap.from())
}

pub(crate) fn area_name(facts: &HomeFacts) -> String {
    lookup(facts.home.area).map_or_else(|| facts.home.area.to_string(), |area| area.name.to_owned())
}

fn row(facts: &HomeFacts) -> ListRow {
    let home = &facts.home;
    ListRow {
        urn: home.urn.to_string(),
        name: home.name.clone(),
        provider: facts.provider.clone(),
        area: area_name(facts),
        places: home.places,
        free_from: free_from(facts),
        grade: facts.grade,
        graded_on: facts.graded_on,
        registration: home.state.label().to_owned(),
        restricted: facts.restricted_since.is_some(),
        standing: facts.standing,
    }
}

/// Which homes are looked for: by a part of their text, their area, whom they are registered for, a bed that is free.
pub(crate) struct LookedFor {
    text: String,
    area: String,
    sex: Option<Sex>,
    free_only: bool,
    free_by: Option<Date>,
}

impl LookedFor {
    /// What an address asks for.
    pub(crate) fn read(query: &Fields) -> Self {
        Self {
            text: query.get("q").to_owned(),
            area: query.get("area").to_owned(),
            sex: Sex::from_code(query.get("sex")),
            free_only: query.get("free") == "now",
            free_by: query.optional_date("free_by", "", &mut Invalid::default()),
        }
    }

    /// Whether a home is one of them.
    pub(crate) fn fits(&self, facts: &HomeFacts, today: Date) -> bool {
        let (home, needle) = (&facts.home, self.text.to_lowercase());
        let texts = [home.name.to_lowercase(), facts.provider.to_lowercase(), home.urn.as_str().to_lowercase()];
        (self.area.is_empty() || home.area.to_string() == self.area)
            && (needle.is_empty() || texts.iter().any(|text| text.contains(&needle)))
            // A registration that is not known does not mean no.
            && self.sex.is_none_or(|child| home.sex.is_none_or(|sex| sex.admits(child)))
            && self.by(today).is_none_or(|by| {
                home.may_admit().is_ok() && free_from(facts).is_some_and(|day| day <= by)
            })
    }

    /// By when a bed must be free.
    fn by(&self, today: Date) -> Option<Date> {
        if self.free_only { Some(today) } else { self.free_by }
    }
}

async fn show_list(signed: Signed) -> Answered {
    let index = signed.app().homes(&signed.actor).await.or_fail(&signed)?;
    let today = signed.now().today();
    let wanted = LookedFor::read(&signed.query);
    let all: Vec<&HomeFacts> = (0..index.len()).filter_map(|at| index.home(at)).collect();
    let mut codes: Vec<_> = all.iter().map(|facts| facts.home.area).collect();
    codes.sort_unstable();
    codes.dedup();
    let mut names: Vec<(String, String)> = areas()
        .filter(|known| codes.contains(&known.code))
        .map(|known| (known.code.to_string(), known.name.to_owned()))
        .collect();
    names.sort_by(|a, b| a.1.cmp(&b.1));
    let found: Vec<&HomeFacts> = all.into_iter().filter(|facts| wanted.fits(facts, today)).collect();
    let pages = found.len().div_ceil(PAGE).max(1);
    let number = signed.query.get("page").parse::<usize>().unwrap_or(1).clamp(1, pages);
    let LookedFor { text: looked_for, area, sex, free_only, free_by } = wanted;
    let (by, sex) = (free_by.map_or_else(String::new, |day| day.to_string()), sex.map_or("", Sex::code));
    let kept = [
        ("q", looked_for.as_str()),
        ("area", area.as_str()),
        ("sex", sex),
        ("free", if free_only { "now" } else { "" }),
        ("free_by", by.as_str()),
    ];
    let view = ListView {
        rows: found.iter().skip((number - 1) * PAGE).take(PAGE).map(|facts| row(facts)).collect(),
        total: found.len() as u64,
        page: number as u64,
        pages: pages as u64,
        today,
        areas: names,
        query: address(kept),
        own: may(signed.actor.role, Action::SeeReferrals),
        sex: sex.to_owned(),
        free_by,
        area,
        looked_for,
        free_only,
    };
    Ok(page(&list(signed.shell(), &view)))
}

/// Names and values as an address, each pair with its `&`, the empty ones left out.
pub(crate) fn address<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut text = String::new();
    for (name, value) in pairs.into_iter().filter(|(_, value)| !value.is_empty()) {
        text.push_str(name);
        text.push('=');
        text.extend(form_urlencoded::byte_serialize(value.as_bytes()));
        text.push('&');
    }
    text
}

async fn show(signed: Signed, Path(urn): Path<String>) -> Answered {
    let found = signed.app().home_page(&signed.actor, &urn).await.or_fail(&signed)?;
    let keeps = may(signed.actor.role, Action::KeepHomes);
    let view = HomeView { keeps, ..view_of(&found, signed.now().today()) };
    Ok(page(&record(signed.shell(), &view)))
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

pub(super) fn view_of(found: &HomePage, today: Date) -> HomeView {
    let (facts, home) = (&found.facts, &found.facts.home);
    let registration_dates = match home.state {
        HomeState::Registered { since: Some(since) } => format!("Registered since {}", words::date(since)),
        HomeState::Registered { since: None } => "Registered".to_owned(),
        HomeState::Suspended { since } => format!("Suspended by Ofsted, seen {}", words::date(since)),
        HomeState::Closed { on } => format!("Not on the register by {}", words::date(on)),
    };
    let because = facts
        .standing_because
        .map(|(since, reason)| format!("{} since {}: {}", facts.standing.label(), words::date(since), reason.label()));
    HomeView {
        urn: home.urn.to_string(),
        name: home.name.clone(),
        provider: facts.provider.clone(),
        area: area_name(facts),
        sector: home.sector.label().to_owned(),
        registration: home.state.label().to_owned(),
        registration_dates,
        registered: registered(found),
        places: home.places,
        beds: facts.beds,
        residents: facts.residents,
        free_from: free_from(facts),
        ages: home.ages.map(|ages| words::ages(u64::from(ages.from), u64::from(ages.to))),
        sex: home.sex.map(|sex: RegisteredSex| capital(sex.label())),
        meets: home.answers.meets.without(home.answers.does_not).iter().map(|need| need.label().to_owned()).collect(),
        does_not: home.answers.does_not.iter().map(|need| need.label().to_owned()).collect(),
        purpose_as_of: home.purpose_as_of,
        confirmed_on: home.beds_confirmed_on,
        grade: facts.grade,
        graded_on: facts.graded_on,
        restricted_since: facts.restricted_since,
        standing: facts.standing,
        standing_because: because,
        held: found.held.first().map(|one| {
            let lots = one.lot.as_ref().map_or("all lots".to_owned(), |lot| format!("lot {}", found.lot_named(lot)));
            format!("{lots}: {}", one.reason.label())
        }),
        visits: found.inspections.iter().map(visit).collect(),
        lots: found
            .admissions
            .iter()
            .map(|one| LotRow {
                lot: found.lot_named(&one.lot).to_owned(),
                from: one.from,
                until: (one.until != OPEN_END).then_some(one.until),
                tendered: tendered(&found.prices, &one.lot, today),
            })
            .collect(),
        keeps: false,
        out_of_service: u64::from(found.tonight.closed),
        kept_empty: u64::from(found.tonight.blocked),
        located: home.point.is_some(),
        ahead: ahead(&found.standing, today),
        prices: found.prices.iter().map(|fact| price(found, fact)).collect(),
        today,
    }
}

fn registered(found: &HomePage) -> Vec<RegistrationRow> {
    let row = found.registration.iter().map(|one| RegistrationRow {
        from: one.fact.since(),
        state: one.fact.state.label().to_owned(),
        known: one.told_at.map(|at| moment_at(at).local),
        source: one.fact.source.label().to_owned(),
    });
    row.collect()
}

/// What the home tendered for a lot on a day as it is known now, with the first night at that price.
fn tendered(prices: &[PriceFact], lot: &str, day: Date) -> Option<(Pence, Date)> {
    let of_lot = prices.iter().filter(|fact| fact.lot == lot && fact.line == CORE);
    let mut holding = of_lot.map(|fact| &fact.price).filter(|price| price.known_to == KNOWN_OPEN);
    holding.find(|price| price.from <= day && day < price.to).map(|price| (price.value, price.origin.min(price.from)))
}

fn price(found: &HomePage, fact: &PriceFact) -> PriceRow {
    PriceRow {
        lot: found.lot_named(&fact.lot).to_owned(),
        line: line_label(&fact.line).to_owned(),
        weekly: fact.price.value,
        from: fact.price.from,
        until: (fact.price.to != OPEN_END).then_some(fact.price.to),
        known_now: fact.price.known_to == KNOWN_OPEN,
    }
}

/// What is known already of how the home will stand.
fn ahead(facts: &[StandingFact], today: Date) -> Vec<String> {
    let ahead = facts.iter().filter(|fact| fact.from > today);
    ahead
        .map(|fact| format!("{} from {}: {}.", fact.standing.label(), words::date(fact.from), fact.reason.label()))
        .collect()
}

fn visit(seen: &placewell_domain::homes::home::Inspection) -> VisitRow {
    let found = match (seen.grade, seen.serious_concerns) {
        (Some(grade), _) => grade.label().to_owned(),
        (None, true) => "Serious or widespread concerns".to_owned(),
        (None, false) => "No serious concerns".to_owned(),
    };
    VisitRow {
        kind: seen.kind.label().to_owned(),
        on: seen.inspected_on,
        published: seen.published_on,
        found,
        link: seen.link.clone(),
    }
}

async fn show_own(signed: Signed) -> Answered {
    let homes = signed.app().own_homes(&signed.actor).await.or_fail(&signed)?;
    let homes = homes
        .iter()
        .map(|facts| OwnHome {
            urn: facts.home.urn.to_string(),
            name: facts.home.name.clone(),
            places: facts.home.places,
            residents: facts.residents,
            free_from: free_from(facts),
            confirmed_on: facts.home.beds_confirmed_on,
            located: facts.home.postcode.is_some(),
            described: facts.home.purpose_as_of.is_some(),
        })
        .collect();
    Ok(page(&own_homes(signed.shell(), &OwnHomesView { homes, today: signed.now().today() })))
}

async fn show_providers(visit: Visit) -> Answered {
    let found = visit.app().public_providers().await.or_fail(&visit)?;
    let rows = found.rows.into_iter().map(|row| ProviderRow {
        name: row.name.unwrap_or_else(|| format!("{} other providers", row.providers)),
        homes: row.homes,
    });
    let view = ProvidersView { counted_on: found.counted_on, rows: rows.collect() };
    Ok(page(&providers(visit.shell(), &view)))
}
