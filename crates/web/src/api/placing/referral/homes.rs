//! The homes that could meet a child's needs: those that match in the order asked for, those that are left out with their
//! reasons, and every line of why one home, and why not.

use axum::extract::Path;
use axum::http::Uri;
use jiff::civil::Date;
use placewell_app::placing::referral::homes::{Filters, Search};
use placewell_domain::outcome::Invalid;
use placewell_insight::placing::referral::{HomeFacts, Line, Matched, Reason, Relaxation, Verdict, distance_words};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::code;
use crate::api::homes::home::PriceBand;
use crate::api::paging::{Listed, Paging};
use crate::api::problem::{Answered, Problem};
use crate::api::reply::plain;
use crate::api::request::Api;
use crate::fields::Fields;
use crate::placing::referral::homes::read;
use crate::server::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(search)).routes(routes!(left_out)).routes(routes!(why))
}

/// What is wanted beside the referral's own answers.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code)] // described here, read from the query by name
struct Wanted {
    /// The district from which distances are measured, where not the referral's own.
    #[param(required = false, value_type = Option<String>, example = "HR4")]
    from: String,
    /// The furthest, in miles.
    #[param(required = false, value_type = Option<i64>, minimum = 1, maximum = 999)]
    within: String,
    /// How far in the sense of regulation 11.
    #[param(required = false, value_type = Option<String>, pattern = "^(own|adjoining|any)$")]
    areas: String,
    /// Tiers to search, each as a parameter of this name; all where none is sent.
    #[param(required = false, value_type = Option<String>, example = "fca")]
    tier: String,
    /// Needs that are essential beside those of the referral, each as a parameter of this name.
    #[param(required = false, value_type = Option<String>, example = "therapy")]
    essential: String,
    /// The lowest grade that will do.
    #[param(required = false, value_type = Option<String>, pattern = "^(good|requires_improvement)$")]
    grade: String,
    /// The order. Price never ranks alone.
    #[param(required = false, value_type = Option<String>, pattern = "^(distance|area|needs|grade|bed_free|price_band)$")]
    order: String,
}

/// The filters of a query; unlike in an address that people follow, one that cannot be read is refused.
fn filters(uri: &Uri) -> Result<Filters, Problem> {
    let query = Fields::parse(uri.query().unwrap_or_default().as_bytes());
    let read = read(&query);
    let mut invalid = Invalid::default();
    let mut check = |name: &str, fits: bool, send: &str| {
        if query.filled(name).is_some() && !fits {
            invalid.add(name, format!("Send {send}"));
        }
    };
    check("from", read.from.is_some(), "the first part of a postcode, such as HR4");
    check("within", read.within_miles.is_some(), "whole miles from 1 to 999");
    check("areas", query.get("areas") == read.areas.code(), "own, adjoining or any");
    check("tier", query.all("tier").count() == read.tiers.len(), "codes of tiers, such as fca");
    let essential = query.all("essential").all(|code| placewell_domain::homes::home::Need::from_code(code).is_some());
    check("essential", essential, "codes of needs, such as therapy");
    check("grade", read.worst_grade.is_some(), "good or requires_improvement");
    check("order", query.get("order") == read.order.code(), "distance, area, needs, grade, bed_free or price_band");
    invalid.or(())?;
    Ok(read)
}

/// A search for a child's needs.
#[derive(Debug, Serialize, ToSchema)]
struct HomesFound {
    /// As known on this day.
    as_of: Date,
    /// How many homes could meet the needs.
    matched: usize,
    /// How many are left out by a hard criterion.
    left_out: usize,
    /// How many each reason leaves out; a home counts under each of its reasons.
    reasons: Vec<ReasonCount>,
    /// Ways to widen the search, where nothing matches.
    widen: Vec<String>,
    /// The homes that could meet the needs, in the order asked for.
    homes: Listed<CandidateLine>,
}

/// A reason that leaves homes out.
#[derive(Debug, Serialize, ToSchema)]
struct ReasonCount {
    /// The reason's code.
    reason: String,
    /// The reason in words.
    words: String,
    /// How many homes.
    homes: usize,
}

/// A home that could be asked.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Candidate)]
struct CandidateLine {
    /// The tier and the home's id: what `homes` of the plan names.
    #[schema(example = "fca:7243812905738240")]
    ask: String,
    /// Its Ofsted number.
    urn: String,
    /// Its name.
    name: String,
    /// Its provider's name.
    provider: String,
    /// In which tier it would be asked.
    tier: code::Tier,
    /// Miles by straight line.
    miles: Option<String>,
    /// The same in words: "about" where an end is known only by the centre of a postcode sector or district.
    distance: Option<String>,
    /// In the area, adjoining, or at a distance.
    area: String,
    /// The first of the free nights that hold the stay, where it is known.
    free_from: Option<Date>,
    /// The band of the tendered core price on the lot.
    core_weekly: Option<PriceBand>,
    /// Ofsted's grade.
    grade: code::Grade,
    /// Children who live there now.
    residents: u8,
    /// Needs of the child that it meets.
    meets: Vec<code::Need>,
    /// Needs that it does not meet.
    does_not_meet: Vec<code::Need>,
    /// Needs of which nothing is known.
    unknown: Vec<code::Need>,
    /// It was asked before.
    asked: bool,
}

fn line(found: &Search, one: &Matched, facts: &HomeFacts) -> CandidateLine {
    let (home, fit) = (&facts.home, found.fit(facts));
    let codes = |needs: placewell_domain::homes::home::NeedSet| needs.iter().map(code::Need).collect();
    CandidateLine {
        ask: format!("{}:{}", one.tier.code(), home.id),
        urn: home.urn.to_string(),
        name: home.name.clone(),
        provider: facts.provider.clone(),
        tier: one.tier.into(),
        miles: one.distance.map(placewell_domain::place::MilesTenths::one_decimal),
        distance: one.distance.map(|miles| distance_words(&found.wanted, facts, miles)),
        area: fit.class.words().to_owned(),
        free_from: fit.free,
        core_weekly: fit.weekly.map(Into::into),
        grade: facts.grade.into(),
        residents: facts.residents,
        meets: codes(fit.meets),
        does_not_meet: codes(fit.does_not),
        unknown: codes(fit.unknown),
        asked: found.asked.contains(&home.id),
    }
}

/// Search the homes that could meet the child's needs
#[utoipa::path(get, path = "/referrals/{reference}/homes", tag = "referral", operation_id = "search_homes", params(Paging, Wanted), responses((status = 200, body = HomesFound)))]
async fn search(api: Api, Path(reference): Path<String>, paging: Paging, uri: Uri) -> Answered {
    let found = api.app().homes_for(&api.actor, &reference, &filters(&uri)?).await?;
    let count = |(reason, homes): &(Reason, usize)| ReasonCount {
        reason: reason.code().to_owned(),
        words: reason.label().to_owned(),
        homes: *homes,
    };
    let placed: Vec<(usize, &Matched)> = found.found.matched.iter().enumerate().collect();
    let page = paging.page(placed, |(place, _)| format!("{place:06}"));
    let homes = page.items.iter().filter_map(|(_, one)| Some(line(&found, one, found.index.home(one.row)?)));
    Ok(plain(&HomesFound {
        as_of: api.now().today(),
        matched: found.found.matched.len(),
        left_out: found.found.left_out(),
        reasons: found.found.counts().iter().map(count).collect(),
        widen: found.relaxations.iter().map(Relaxation::words).collect(),
        homes: Listed { items: homes.collect(), next: page.next },
    }))
}

/// A home that is left out.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LeftOutHome)]
struct LeftOutLine {
    /// Its Ofsted number.
    urn: String,
    /// Its name.
    name: String,
    /// Its provider's name.
    provider: String,
    /// The code of every reason.
    reasons: Vec<String>,
    /// The same in words.
    words: Vec<String>,
}

/// List the homes that are left out, each with its reasons
#[utoipa::path(get, path = "/referrals/{reference}/homes-left-out", tag = "referral", operation_id = "list_left_out", params(Paging, Wanted), responses((status = 200, body = Listed<LeftOutLine>)))]
async fn left_out(api: Api, Path(reference): Path<String>, paging: Paging, uri: Uri) -> Answered {
    let found = api.app().homes_for(&api.actor, &reference, &filters(&uri)?).await?;
    let out = found.found.reasons.iter().enumerate().filter(|(_, set)| !set.is_empty());
    let lines = out.filter_map(|(row, set)| {
        let facts = found.index.home(row)?;
        Some(LeftOutLine {
            urn: facts.home.urn.to_string(),
            name: facts.home.name.clone(),
            provider: facts.provider.clone(),
            reasons: set.iter().map(|reason| reason.code().to_owned()).collect(),
            words: set.iter().map(|reason| reason.label().to_owned()).collect(),
        })
    });
    Ok(plain(&paging.page(lines.collect(), |line: &LeftOutLine| line.urn.clone())))
}

/// Why one home, and why not.
#[derive(Debug, Serialize, ToSchema)]
struct WhyHome {
    /// The home's Ofsted number.
    urn: String,
    /// Its name.
    name: String,
    /// Whether it could meet the needs.
    matched: bool,
    /// Every criterion.
    lines: Vec<WhyLine>,
}

/// One criterion of a search.
#[derive(Debug, Serialize, ToSchema)]
struct WhyLine {
    /// The criterion's code.
    #[schema(example = "bed")]
    criterion: String,
    /// The answer.
    #[schema(pattern = "^(meets|does_not_meet|unknown|left_out)$", example = "meets")]
    verdict: String,
    /// What was found, in words.
    evidence: String,
    /// Where that is known from.
    source: String,
    /// As of when.
    as_of: Option<Date>,
}

impl From<Line> for WhyLine {
    fn from(line: Line) -> Self {
        let verdict = match line.verdict {
            Verdict::Meets => "meets",
            Verdict::DoesNotMeet => "does_not_meet",
            Verdict::Unknown => "unknown",
            Verdict::LeftOut => "left_out",
        };
        Self {
            criterion: line.criterion.code().to_owned(),
            verdict: verdict.to_owned(),
            evidence: line.evidence,
            source: line.source.to_owned(),
            as_of: line.as_of,
        }
    }
}

/// Read why a home could be asked, or why not, criterion by criterion
#[utoipa::path(get, path = "/referrals/{reference}/homes/{urn}", tag = "referral", operation_id = "why_home", params(Wanted), responses((status = 200, body = WhyHome)))]
async fn why(api: Api, Path((reference, urn)): Path<(String, String)>, uri: Uri) -> Answered {
    let found = api.app().why_home(&api.actor, &reference, &urn, &filters(&uri)?).await?;
    let home = found.search.index.home(found.row).map(|facts| &facts.home);
    Ok(plain(&WhyHome {
        urn: home.map(|home| home.urn.to_string()).unwrap_or_default(),
        name: home.map(|home| home.name.clone()).unwrap_or_default(),
        matched: found.search.found.matched.iter().any(|one| one.row == found.row),
        lines: found.lines.into_iter().map(WhyLine::from).collect(),
    }))
}
