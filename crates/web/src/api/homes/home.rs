//! Homes as members know them: the list with a search, and one home with its places, price bands, standing and visits.

use axum::extract::Path;
use axum::http::Uri;
use jiff::civil::{Date, DateTime};
use placewell_app::clock::moment_at;
use placewell_app::homes::home::{HomePage, StatePurpose};
use placewell_domain::homes::home::{Ages, NeedAnswers, NeedSet, Purpose};
use placewell_domain::homes::price::price_band;
use placewell_domain::money::Pence;
use placewell_domain::nights::OPEN_END;
use placewell_domain::outcome::Invalid;
use placewell_insight::placing::referral::HomeFacts;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::code;
use crate::api::paging::{Listed, Paging};
use crate::api::problem::{Answered, Problem};
use crate::api::reply::{Done, changed, plain, versioned};
use crate::api::request::{Api, Sent};
use crate::api::value::IfMatch;
use crate::fields::Fields;
use crate::homes::home::{LookedFor, area_name, free_from};
use crate::server::Web;

mod named;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(get))
        .routes(routes!(state_purpose))
        .merge(named::routes())
}

/// A band of prices of a week: before offers come, no price is told more exactly.
#[derive(Debug, Serialize, ToSchema)]
#[allow(clippy::struct_field_names)] // amounts end in _pence throughout the API
pub(crate) struct PriceBand {
    /// The lowest price of the band.
    #[schema(example = 350_000)]
    from_pence: i64,
    /// The first price above the band.
    #[schema(example = 400_000)]
    below_pence: i64,
}

impl From<Pence> for PriceBand {
    fn from(weekly: Pence) -> Self {
        let from_pence = price_band(weekly).0;
        Self { from_pence, below_pence: from_pence + 50_000 }
    }
}

/// What is known of a home today.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Home)]
pub(crate) struct HomeShown {
    /// Its Ofsted number.
    #[schema(example = "SC392492")]
    urn: String,
    /// Its name.
    name: String,
    /// Its provider's name.
    provider: String,
    /// The GSS code of the authority that it is in, by the register.
    #[schema(example = "E06000019")]
    area: String,
    /// That authority's name.
    area_name: String,
    /// Where its registration stands, in words.
    registration: String,
    /// Since when Ofsted restricts new admissions.
    restricted_since: Option<Date>,
    /// Registered places.
    places: u8,
    /// Beds that it keeps.
    beds: u8,
    /// Children who live there now.
    residents: u8,
    /// The first night on which a bed can take another child.
    free_from: Option<Date>,
    /// Youngest registered age.
    youngest: Option<u8>,
    /// Oldest registered age.
    oldest: Option<u8>,
    /// Needs that its statement of purpose meets.
    meets: Vec<code::Need>,
    /// Needs that it does not meet.
    does_not_meet: Vec<code::Need>,
    /// Ofsted's grade.
    grade: code::Grade,
    /// The day of the inspection that gave it.
    graded_on: Option<Date>,
    /// How it stands with the region.
    standing: code::Standing,
    /// Since when, where a fact makes it so.
    standing_since: Option<Date>,
    /// The lots that it is admitted to.
    lots: Vec<HomeLot>,
}

/// A lot that a home is admitted to.
#[derive(Debug, Serialize, ToSchema)]
struct HomeLot {
    /// The lot's code.
    #[schema(example = "planned")]
    lot: String,
    /// Since when.
    from: Date,
    /// The day on which it leaves the lot, where that is known.
    until: Option<Date>,
    /// The band of its tendered core price.
    core_weekly: Option<PriceBand>,
}

impl From<&HomeFacts> for HomeShown {
    fn from(facts: &HomeFacts) -> Self {
        let home = &facts.home;
        let lots = facts.lots.iter().map(|lot| HomeLot {
            lot: lot.lot.clone(),
            from: lot.from,
            until: (lot.until != OPEN_END).then_some(lot.until),
            core_weekly: lot.weekly.map(Into::into),
        });
        Self {
            urn: home.urn.to_string(),
            name: home.name.clone(),
            provider: facts.provider.clone(),
            area: home.area.to_string(),
            area_name: area_name(facts),
            registration: home.state.label().to_owned(),
            restricted_since: facts.restricted_since,
            places: home.places,
            beds: facts.beds,
            residents: facts.residents,
            free_from: free_from(facts),
            youngest: home.ages.map(|ages| ages.from),
            oldest: home.ages.map(|ages| ages.to),
            meets: home.answers.meets.without(home.answers.does_not).iter().map(code::Need).collect(),
            does_not_meet: home.answers.does_not.iter().map(code::Need).collect(),
            grade: facts.grade.into(),
            graded_on: facts.graded_on,
            standing: facts.standing.into(),
            standing_since: facts.standing_because.map(|(since, _)| since),
            lots: lots.collect(),
        }
    }
}

/// Which homes are looked for.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code)] // described here, read from the query by name
struct Asked {
    /// Part of a home's name, its provider's, or its Ofsted number.
    #[param(required = false, value_type = Option<String>, max_length = 100)]
    q: String,
    /// The GSS code of the authority that it is in.
    #[param(required = false, value_type = Option<String>, example = "E06000019")]
    area: String,
    /// `now`: only homes that can take a child tonight.
    #[param(required = false, value_type = Option<String>, pattern = "^now$")]
    free: String,
    /// Only homes that can take a child by this day.
    #[param(required = false, value_type = Option<String>, example = "2021-09-20")]
    free_by: String,
    /// `female` or `male`: only homes whose registration admits the child, or is not known.
    #[param(required = false, value_type = Option<String>, pattern = "^(female|male)$")]
    sex: String,
}

/// List homes, or search them by name, area and free beds
///
/// For the homes that could meet one child's needs, ask the referral for its homes.
#[utoipa::path(get, path = "/homes", tag = "home", operation_id = "list_homes", params(Paging, Asked), responses((status = 200, body = Listed<HomeShown>)))]
async fn list(api: Api, paging: Paging, uri: Uri) -> Answered {
    let query = Fields::parse(uri.query().unwrap_or_default().as_bytes());
    if query.filled("free").is_some_and(|free| free != "now") {
        return Err(Problem::field("free", "Send now, or leave it out"));
    }
    if query.filled("free_by").is_some_and(|day| day.parse::<Date>().is_err()) {
        return Err(Problem::field("free_by", "Send a day such as 2021-09-20, or leave it out"));
    }
    if query.filled("sex").is_some_and(|sex| !["female", "male"].contains(&sex)) {
        return Err(Problem::field("sex", "Send female or male, or leave it out"));
    }
    let looked_for = LookedFor::read(&query);
    let index = api.app().homes(&api.actor).await?;
    let today = api.now().today();
    // The homes stand in the order of their numbers: a page is read from its key on, and no further than it goes.
    let all = (0..index.len()).filter_map(|row| index.home(row));
    let after = all.skip_while(|facts| facts.home.urn.as_str() <= paging.after.as_str());
    let some = after.filter(|facts| looked_for.fits(facts, today)).take(paging.limit + 1);
    Ok(plain(&paging.cut(some.collect(), |facts| facts.home.urn.to_string()).map(HomeShown::from)))
}

/// One home with what its record holds.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HomeRecord)]
struct HomeRecord {
    #[serde(flatten)]
    home: HomeShown,
    /// Its version, also in the `ETag`.
    version: i64,
    /// The date of its statement of purpose.
    purpose_as_of: Option<Date>,
    /// When its provider last confirmed its beds.
    beds_confirmed_on: Option<Date>,
    /// Ofsted's visits, the latest first.
    visits: Vec<VisitLine>,
    /// Where its registration stood and stands, as it is known now, the latest first.
    registration_history: Vec<RegistrationLine>,
}

/// Where the registration of a home stood from a day on.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RegistrationOverTime)]
struct RegistrationLine {
    /// The first day, where it is known.
    from: Option<Date>,
    /// Where it stood, in words.
    registration: String,
    /// Since when that is known; null where it was held before its history was kept.
    #[schema(value_type = Option<String>, example = "2021-06-14T09:30:00")]
    known_since: Option<DateTime>,
    /// From where it is known, in words.
    source: String,
}

/// A visit by Ofsted.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Visit)]
struct VisitLine {
    /// What kind, in words.
    kind: String,
    /// When.
    on: Date,
    /// When its report was published.
    published_on: Option<Date>,
    /// The grade, where it gave one.
    grade: Option<code::Grade>,
    /// Serious or widespread concerns were found.
    serious_concerns: bool,
    /// Where the report is published, where that is recorded.
    link: Option<String>,
}

impl From<&HomePage> for HomeRecord {
    fn from(found: &HomePage) -> Self {
        let home = &found.facts.home;
        let visits = found.inspections.iter().map(|seen| VisitLine {
            kind: seen.kind.label().to_owned(),
            on: seen.inspected_on,
            published_on: seen.published_on,
            grade: seen.grade.map(Into::into),
            serious_concerns: seen.serious_concerns,
            link: seen.link.clone(),
        });
        let history = found.registration.iter().map(|one| RegistrationLine {
            from: one.fact.since(),
            registration: one.fact.state.label().to_owned(),
            known_since: one.told_at.map(|at| moment_at(at).local),
            source: one.fact.source.label().to_owned(),
        });
        Self {
            home: HomeShown::from(&found.facts),
            version: home.version,
            purpose_as_of: home.purpose_as_of,
            beds_confirmed_on: home.beds_confirmed_on,
            visits: visits.collect(),
            registration_history: history.collect(),
        }
    }
}

/// Read a home: registration, places, price bands, standing, visits
#[utoipa::path(get, path = "/homes/{urn}", tag = "home", operation_id = "get_home", responses((status = 200, body = HomeRecord)))]
async fn get(api: Api, Path(urn): Path<String>) -> Answered {
    let found = api.app().home_page(&api.actor, &urn).await?;
    Ok(versioned(found.facts.home.version, &HomeRecord::from(&found)))
}

/// What a provider says of its home.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct HomePurpose {
    /// The home's name.
    #[schema(example = "Elm House")]
    name: String,
    /// Youngest registered age.
    #[schema(maximum = 18)]
    youngest: u8,
    /// Oldest registered age.
    #[schema(maximum = 18)]
    oldest: u8,
    /// For whom it is registered.
    sex: code::RegisteredSex,
    /// The date of the statement of purpose.
    as_of: Date,
    /// Needs that it meets; one in neither list counts as not said.
    #[serde(default)]
    meets: Vec<code::Need>,
    /// Needs that it does not meet.
    #[serde(default)]
    does_not_meet: Vec<code::Need>,
}

/// State what your home is for: whom it is registered for, which needs it meets
#[utoipa::path(post, path = "/own-homes/{urn}/state-purpose", tag = "home", operation_id = "state_purpose", params(IfMatch), request_body = HomePurpose, responses((status = 200, body = Done)))]
async fn state_purpose(Path(urn): Path<String>, sent: Sent<HomePurpose>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let set = |needs: Vec<code::Need>| needs.into_iter().fold(NeedSet::NONE, |set, need| set.with(need.0));
    let (meets, does_not) = (set(body.meets), set(body.does_not_meet));
    if let Some(both) = meets.iter().find(|need| does_not.has(*need)) {
        let words = format!("Send each need in one of the lists; {} stands in both", both.code());
        return Err(Problem::field("does_not_meet", words));
    }
    let ages = Ages::new(body.youngest, body.oldest).map_err(named)?;
    let answers = NeedAnswers { meets, does_not };
    let purpose = Purpose { name: body.name, ages, sex: body.sex.0, answers, as_of: body.as_of };
    let receipt = api.perform(&key, StatePurpose { urn, version, purpose }).await?;
    api.app().homes.forget().await;
    Ok(changed(receipt))
}

/// The page's fields of the ages by their names in a body.
fn named(invalid: Invalid) -> Invalid {
    let mut renamed = Invalid::default();
    for error in invalid.errors {
        let field = if error.field == "age_to" { "oldest" } else { "youngest" };
        renamed.add(field, error.message);
    }
    renamed
}
