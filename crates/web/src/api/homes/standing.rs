//! Standing: measures with what follows from them, reviews of placements, a home's scorecard and whether it was eligible on a
//! past day.

mod stopped;

use axum::extract::Path;
use jiff::civil::{Date, DateTime};
use placewell_app::homes::standing::{MeasurePage, ProposeMeasure, Timed};
use placewell_domain::homes::standing::hours::Countdown;
use placewell_domain::homes::standing::measure::{Affected, Measure, MeasureState};
use placewell_domain::homes::standing::review::{PlacementReview, ReviewState};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::code;
use crate::api::form::fields;
use crate::api::paging::{Listed, Paging};
use crate::api::problem::{Answered, Problem};
use crate::api::reply::{Done, changed, made, plain, versioned};
use crate::api::request::{Api, Sent};
use crate::api::value::{Id, IfMatch};
use crate::homes::standing::read;
use crate::server::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(list_measures))
        .routes(routes!(propose_measure))
        .routes(routes!(get_measure))
        .routes(routes!(confirm_measure))
        .routes(routes!(drop_measure))
        .routes(routes!(reinstate))
        .routes(routes!(own_reviews))
        .routes(routes!(record_review))
        .routes(routes!(get_scorecard))
        .routes(routes!(get_eligibility))
        .routes(routes!(own_measures))
        .merge(stopped::routes())
}

/// What stands open, or was done, in one authority.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AffectedByMeasure)]
struct AffectedShown {
    /// The authority's name.
    authority: String,
    /// Open referrals.
    referrals: u32,
    /// Offers that could still be chosen.
    offers: u32,
    /// Approvals that wait or were given.
    approvals: u32,
    /// Nominated beds.
    beds: u32,
    /// Live placements.
    placements: u32,
}

fn affected((authority, of): (String, &Affected)) -> AffectedShown {
    let Affected { referrals, offers, approvals, beds, placements, .. } = *of;
    AffectedShown { authority, referrals, offers, approvals, beds, placements }
}

/// A measure about a provider, a home or a lot.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Measure)]
struct MeasureShown {
    /// Its id.
    id: Id,
    /// Its version.
    version: i64,
    /// Whom it is about.
    name: String,
    /// Only this lot; null for all.
    lot: Option<String>,
    /// How the homes stand under it.
    standing: code::Standing,
    /// Why.
    reason: code::StandingReason,
    /// `proposed`, `confirmed`, `dropped` or `reinstated`.
    state: &'static str,
    /// When it was proposed.
    #[schema(value_type = String, example = "2021-09-13T10:20:00")]
    proposed: DateTime,
    /// By when a person confirms or drops it.
    #[schema(value_type = String, example = "2021-09-13T10:20:00")]
    confirm_by: DateTime,
    /// How many minutes of the region's working time are left until then, 0 once it is late; null where it no longer waits.
    minutes_left: Option<u64>,
    /// Since how many minutes of working time it is late; null where it is not.
    minutes_late: Option<u64>,
    /// New referrals wait.
    holds: bool,
    /// Of which day its source is.
    dated: Date,
    /// Where that can be read.
    link: Option<String>,
    /// Why it is read there, where that is no site of Ofsted's, of government or of a court.
    elsewhere: Option<code::ReadElsewhere>,
    /// The file of Ofsted's that says so, by its day.
    in_register: Option<Date>,
}

impl MeasureShown {
    fn new(of: &Measure, left: Option<Countdown>) -> Self {
        let (minutes_left, minutes_late) = match left {
            None => (None, None),
            Some(Countdown::Left(minutes)) => (Some(minutes), None),
            Some(Countdown::Late(minutes)) => (Some(0), Some(minutes)),
        };
        Self {
            id: Id(of.id.0),
            version: of.version,
            name: of.name.clone(),
            lot: of.lot.clone(),
            standing: of.standing.into(),
            reason: of.reason.into(),
            state: of.state.name(),
            proposed: of.proposed,
            confirm_by: of.confirm_by,
            minutes_left,
            minutes_late,
            holds: of.holds(),
            dated: of.source.dated,
            link: of.source.link.clone(),
            elsewhere: of.source.elsewhere.map(Into::into),
            in_register: of.in_register,
        }
    }
}

/// A measure with what follows from it.
#[derive(Debug, Serialize, ToSchema)]
struct MeasureFollowed {
    /// The measure.
    measure: MeasureShown,
    /// The homes it is about, by their numbers.
    homes: Vec<String>,
    /// What stands open now, while it is proposed.
    open: Vec<AffectedShown>,
    /// When that was counted; null once it is no longer proposed. It is counted again to confirm.
    #[schema(value_type = Option<String>, example = "2021-09-13T10:20:00")]
    counted_at: Option<DateTime>,
    /// What `open` lists, in one word: send it to confirm.
    seen: String,
    /// What was listed when it was confirmed: the sum of all authorities.
    listed: Option<u32>,
    /// What was done.
    done: Vec<AffectedShown>,
}

fn followed(page: &MeasurePage) -> MeasureFollowed {
    let listed = match &page.measure.state {
        MeasureState::Confirmed { listed, .. } => {
            let all = |one: &Affected| one.referrals + one.offers + one.approvals + one.beds + one.placements;
            Some(listed.iter().map(all).sum())
        }
        _ => None,
    };
    MeasureFollowed {
        measure: MeasureShown::new(&page.measure, page.left),
        homes: page.homes.iter().map(|home| home.urn.to_string()).collect(),
        open: page.open.iter().map(|(name, of)| affected((name.clone(), of))).collect(),
        counted_at: page.counted,
        seen: page.seen(),
        listed,
        done: page.done.iter().map(|(name, of)| affected((name.clone(), &of.done))).collect(),
    }
}

impl From<Timed> for MeasureShown {
    fn from(of: Timed) -> Self {
        Self::new(&of.measure, of.left)
    }
}

/// Those that wait stand first, by when their time ends; the rest by number.
fn place(of: &Timed) -> String {
    let id = of.measure.id.0;
    of.left.map_or_else(|| format!("rest.{id:020}"), |_| format!("by.{}.{id:020}", of.measure.confirm_by))
}

/// List the measures of the region: those that wait first, the one whose time ends first at the top
#[utoipa::path(get, path = "/measures", tag = "standing", params(Paging), responses((status = 200, body = Listed<MeasureShown>)))]
async fn list_measures(api: Api, paging: Paging) -> Answered {
    let all = api.app().timed_measures(&api.actor).await?;
    Ok(plain(&paging.page(all, place).map(MeasureShown::from)))
}

/// A measure to be proposed.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewMeasure {
    /// `home`, or `provider` for all its homes.
    #[schema(example = "home")]
    about: String,
    /// The home's Ofsted number, or the provider's code.
    #[schema(example = "SC400001")]
    code: String,
    /// Only this lot; null for all.
    lot: Option<String>,
    /// How it would stand.
    standing: code::Standing,
    /// Why.
    reason: code::StandingReason,
    /// Where the judgement or notice can be read; Ofsted's always has one.
    link: Option<String>,
    /// Why it is read there, where that is no site of Ofsted's, of government or of a court.
    #[serde(default)]
    elsewhere: Option<code::ReadElsewhere>,
    /// Its day.
    dated: Date,
}

/// Propose a measure: new referrals wait until a person confirms or drops it
#[utoipa::path(post, path = "/measures", tag = "standing", request_body = NewMeasure, responses((status = 201, body = Done)))]
async fn propose_measure(sent: Sent<NewMeasure>) -> Answered {
    let command: ProposeMeasure = read::propose(&fields(&sent.body)?)?;
    let receipt = sent.api.perform(&sent.key, command).await?;
    sent.api.app().homes.forget().await;
    Ok(made(receipt))
}

/// Read a measure with what follows from it
#[utoipa::path(get, path = "/measures/{id}", tag = "standing", responses((status = 200, body = MeasureFollowed)))]
async fn get_measure(api: Api, Path(id): Path<i64>) -> Answered {
    let page = api.app().region_measure(&api.actor, id).await?;
    Ok(versioned(page.measure.version, &followed(&page)))
}

/// What was listed.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SeenList {
    /// The `seen` of the measure as it was read: another list since then is refused, with what has changed.
    seen: String,
}

// `ConfirmMeasure` is performed by the app, in which each authority counts anew first.
/// Confirm a measure: what was listed is done
#[utoipa::path(post, path = "/measures/{id}/confirm", tag = "standing", params(IfMatch), request_body = SeenList, responses((status = 200, body = Done)))]
async fn confirm_measure(Path(id): Path<i64>, sent: Sent<SeenList>) -> Answered {
    let version = sent.version()?;
    let with = (id, version, sent.body.seen.clone());
    let receipt = sent.api.app().confirm_measure(&sent.api.actor, &sent.key, with).await?;
    sent.api.app().homes.forget().await;
    Ok(changed(receipt))
}

/// Why a measure is dropped.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MeasureDropped {
    /// Why.
    reason: code::MeasureDropReason,
}

/// Drop a proposed measure
#[utoipa::path(post, path = "/measures/{id}/drop", tag = "standing", params(IfMatch), request_body = MeasureDropped, responses((status = 200, body = Done)))]
async fn drop_measure(Path(id): Path<i64>, sent: Sent<MeasureDropped>) -> Answered {
    let command: placewell_app::homes::standing::DropMeasure =
        read::dropped((id, sent.version()?), &fields(&sent.body)?)?;
    let receipt = sent.api.perform(&sent.key, command).await?;
    sent.api.app().homes.forget().await;
    Ok(changed(receipt))
}

/// What ends a measure.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MeasureEnded {
    /// What shows it.
    evidence: code::Reinstatement,
    /// Where that can be read.
    link: String,
}

/// End a measure on evidence
#[utoipa::path(post, path = "/measures/{id}/reinstate", tag = "standing", params(IfMatch), request_body = MeasureEnded, responses((status = 200, body = Done)))]
async fn reinstate(Path(id): Path<i64>, sent: Sent<MeasureEnded>) -> Answered {
    let command: placewell_app::homes::standing::Reinstate =
        read::reinstate((id, sent.version()?), &fields(&sent.body)?)?;
    let receipt = sent.api.perform(&sent.key, command).await?;
    sent.api.app().homes.forget().await;
    Ok(changed(receipt))
}

/// A review of a placement.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PlacementReview)]
struct ReviewShown {
    /// Its id.
    id: Id,
    /// Its version.
    version: i64,
    /// The agreement.
    #[schema(example = "HEF-A-0007")]
    agreement: String,
    /// The home's name.
    home: String,
    /// By when.
    due: Date,
    /// What was found; null while it is due.
    outcome: Option<code::ReviewOutcome>,
    /// How the child was seen.
    seen: Option<code::SeenBy>,
    /// The day of the review.
    on: Option<Date>,
}

impl From<&PlacementReview> for ReviewShown {
    fn from(of: &PlacementReview) -> Self {
        let (outcome, seen, on) = match &of.state {
            ReviewState::Due => (None, None, None),
            ReviewState::Recorded { outcome, seen, on, .. } => {
                (Some((*outcome).into()), Some((*seen).into()), Some(*on))
            }
        };
        let agreement = of.reference.to_string();
        Self { id: Id(of.id), version: of.version, agreement, home: of.name.clone(), due: of.due, outcome, seen, on }
    }
}

/// List the own authority's reviews of placements
#[utoipa::path(get, path = "/placement-reviews", tag = "standing", params(Paging), responses((status = 200, body = Listed<ReviewShown>)))]
async fn own_reviews(api: Api, paging: Paging) -> Answered {
    let all = api.app().own_standing(&api.actor, None).await?.reviews;
    Ok(plain(&paging.page(all, |one: &PlacementReview| format!("{:020}", one.id)).map(|one| ReviewShown::from(&one))))
}

/// What a review found.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReviewFound {
    /// The day of the review.
    on: Date,
    /// How the child was seen.
    seen: code::SeenBy,
    /// What was found.
    outcome: code::ReviewOutcome,
    /// When it is looked at again, where the child stays.
    again: Option<Date>,
}

/// Record a review of a placement
#[utoipa::path(post, path = "/placement-reviews/{id}", tag = "standing", params(IfMatch), request_body = ReviewFound, responses((status = 200, body = Done)))]
async fn record_review(Path(id): Path<i64>, sent: Sent<ReviewFound>) -> Answered {
    let command: placewell_app::homes::standing::RecordReview =
        read::review((id, sent.version()?), &fields(&sent.body)?)?;
    Ok(changed(sent.api.perform(&sent.key, command).await?))
}

/// One line of a scorecard.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ScoreLine)]
struct LineShown {
    /// What it is about.
    about: &'static str,
    /// `nothing`, `warns` or `prevents`.
    effect: &'static str,
    /// What was found.
    found: String,
    /// The standing that the rule proposes for it; null where it proposes none.
    proposes: Option<code::Standing>,
}

/// A home's scorecard.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Scorecard)]
struct ScoreShown {
    /// Line by line.
    lines: Vec<LineShown>,
    /// Judged Inadequate at the inspection of this day.
    stopped_by_grade: Option<Date>,
    /// Ofsted restricts new admissions since this day.
    stopped_by_notice: Option<Date>,
    /// Suspended or removed since this day.
    stopped_by_standing: Option<Date>,
}

/// Read a home's scorecard and its three flags
#[utoipa::path(get, path = "/homes/{urn}/scorecard", tag = "standing", responses((status = 200, body = ScoreShown)))]
async fn get_scorecard(api: Api, Path(urn): Path<String>) -> Answered {
    let found = api.app().scorecard(&api.actor, &urn).await?;
    let lines = found.lines.into_iter().map(|one| LineShown {
        about: one.criterion.code(),
        effect: one.effect.code(),
        found: one.found,
        proposes: one.proposes.map(|(standing, _)| standing.into()),
    });
    Ok(plain(&ScoreShown {
        lines: lines.collect(),
        stopped_by_grade: found.flags.grade,
        stopped_by_notice: found.flags.notice,
        stopped_by_standing: found.flags.suspension,
    }))
}

/// The day that is asked about, and as it was known when.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code)] // read from the address; described here
struct PastDay {
    /// The day.
    #[param(value_type = String, format = Date, example = "2021-08-20")]
    on: String,
    /// As it was known on this day; as it is known now where left out.
    #[param(value_type = Option<String>, format = Date, required = false)]
    known: Option<String>,
    /// At this time of it; its end where left out.
    #[param(value_type = Option<String>, required = false, example = "10:20")]
    known_time: Option<String>,
}

/// Whether a home was eligible.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Eligibility)]
struct EligibilityShown {
    /// The day.
    on: Date,
    /// As it was known then; null for now.
    #[schema(value_type = Option<String>, example = "2021-09-13T10:20:00")]
    known_at: Option<DateTime>,
    /// New placements could be made through the arrangement.
    eligible: bool,
    /// What stood against it.
    against: Vec<String>,
    /// The lots it was on.
    lots: Vec<String>,
}

/// Ask whether a home was eligible on a day, as it is or was known
#[utoipa::path(get, path = "/homes/{urn}/eligibility", tag = "standing", params(PastDay), responses((status = 200, body = EligibilityShown)))]
async fn get_eligibility(api: Api, Path(urn): Path<String>, uri: axum::http::Uri) -> Answered {
    let query = crate::fields::Fields::parse(uri.query().unwrap_or_default().as_bytes());
    let asked = read::past(&query)?.ok_or_else(|| Problem::field("on", "Send the day that you ask about"))?;
    let (_, found) = api.app().eligibility(&api.actor, &urn, asked).await?;
    Ok(plain(&EligibilityShown {
        on: found.day,
        known_at: found.known_at,
        eligible: found.eligible,
        against: found.against,
        lots: found.lots,
    }))
}

/// The measures about a provider's own homes.
#[derive(Debug, Serialize, ToSchema)]
struct OwnMeasures {
    /// The latest first.
    measures: Vec<MeasureShown>,
}

/// List the measures about the own homes
#[utoipa::path(get, path = "/provider/measures", tag = "standing", responses((status = 200, body = OwnMeasures)))]
async fn own_measures(api: Api) -> Answered {
    let all = api.app().own_timed_measures(&api.actor).await?;
    Ok(plain(&OwnMeasures { measures: all.into_iter().map(Into::into).collect() }))
}
