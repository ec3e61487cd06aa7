//! The tasks of a draft, answered one by one by the rules of their pages, and the plan of who to ask.

use axum::extract::Path;
use jiff::civil::Date;
use placewell_app::Outcome;
use placewell_app::placing::referral::recipients::Candidates;
use placewell_app::placing::referral::{AnswerTask, AskMore};
use placewell_domain::id::{HomeId, PersonId};
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::referral::{Ask, Plan, Scoring, Task, Tier};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::acts::{Until, read_until};
use crate::api::code;
use crate::api::form;
use crate::api::placing::approval::person;
use crate::api::placing::line::Weighing;
use crate::api::problem::{Answered, Problem};
use crate::api::reply::{Done, changed, plain};
use crate::api::request::{Api, Sent};
use crate::api::value::IfMatch;
use crate::fields::Fields;
use crate::placing::referral::answers::{avoided_homes, read_task};
use crate::server::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(answer))
        .routes(routes!(plan))
        .routes(routes!(who_may_skip))
        .routes(routes!(ask_more))
}

/// The answers of one task. Send all answers of the task: what is left out is left open. Answers of another task are
/// refused by name.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TaskAnswers {
    /// `about`: age in years on the start. It follows from the date of birth: leave it out, or send what follows.
    #[schema(maximum = 17)]
    age: Option<u8>,
    /// `about`: sex.
    sex: Option<code::Sex>,
    /// `about`: legal basis.
    legal_basis: Option<code::LegalBasis>,
    /// `about`: whether needs are complex.
    complex_needs: Option<bool>,
    /// `needs`: what helps, in words; sealed.
    what_helps: Option<String>,
    /// `needs`: the child's wishes, in words; sealed.
    wishes: Option<String>,
    /// `needs`: the lot's code.
    lot: Option<String>,
    /// `needs`: the need band.
    need_band: Option<String>,
    /// `needs`: the Placements Standard's communication needs.
    communication_needs: Option<code::Presence>,
    /// `needs`: which.
    communication: Option<Vec<code::Communication>>,
    /// `needs`: cultural needs.
    cultural_needs: Option<code::CulturalNeeds>,
    /// `needs`: additional support.
    additional_support: Option<Vec<code::Support>>,
    /// `needs`: whether the home must be adapted.
    home_adaptation: Option<bool>,
    /// `needs`: whether foster care would suit.
    foster_care: Option<code::Suitability>,
    /// `needs`: whether residential care would suit.
    residential_care: Option<code::Suitability>,
    /// `needs`: whether supported accommodation would suit.
    supported_accommodation: Option<code::Suitability>,
    /// `needs`: needs beside those of the lot.
    further_needs: Option<Vec<code::Need>>,
    /// `needs`: needs that a home must meet.
    must_haves: Option<Vec<code::Need>>,
    /// `needs`: which communication need, in words; sealed.
    communication_other: Option<String>,
    /// `needs`: which cultural need, in words; sealed.
    culture_other: Option<String>,
    /// `needs`: which support, in words; sealed.
    support_other: Option<String>,
    /// `alongside`: who the child can live with.
    living_companions: Option<code::LivingCompanions>,
    /// `alongside`: pets.
    pets: Option<code::Pets>,
    /// `alongside`: siblings to place together.
    sibling_count: Option<u8>,
    /// `when`: how soon.
    needed_by: Option<code::NeededBy>,
    /// `when`: the first night.
    start: Option<Date>,
    /// `when`: the planned end.
    planned_end: Option<Date>,
    /// `when`: why it is an emergency.
    emergency: Option<code::EmergencyCause>,
    /// `when`: who approved the search.
    approved_by: Option<code::SearchApprover>,
    /// `when`: the name of the person who approved it.
    approved_who: Option<String>,
    /// `when`: up to which price.
    approved_band: Option<code::AmountBand>,
    /// `when`: on which day.
    approved_on: Option<Date>,
    /// `when`: where it is written.
    approval_reference: Option<String>,
    /// `where`: the district from which distances are measured.
    #[schema(example = "HR4")]
    from: Option<String>,
    /// `where`: the furthest, in miles.
    within_miles: Option<u16>,
    /// `where`: whether a home near is preferred.
    preferred_location_local: Option<bool>,
    /// `where`: why outside the area.
    out_of_area_reason: Option<code::OutOfAreaReason>,
    /// `where`: why outside the area, in words; sealed.
    out_of_area_other: Option<String>,
    /// `where`: measure from the family home, where no district is sent.
    from_home: Option<bool>,
    /// `where`: places to avoid; homes never see them.
    avoid: Option<Vec<AvoidPlace>>,
    /// `education`: schooling.
    education: Option<code::Education>,
    /// `education`: in words; sealed.
    education_words: Option<String>,
    /// `health`: health and therapy.
    health: Option<code::Health>,
    /// `health`: in words; sealed.
    health_words: Option<String>,
    /// `risks-to-child` and `risks-to-others`: each risk with its level and words.
    risks: Option<Vec<RiskAnswer>>,
    /// `risks-to-others`: pseudonymous chronology; sealed.
    risk_chronology: Option<String>,
    /// `liberty`: whether there is a deprivation of liberty order.
    deprivation_of_liberty: Option<bool>,
    /// `documents`: which papers are held.
    papers: Option<code::Papers>,
}

/// A place to avoid.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AvoidPlace {
    /// `district`, `area` or `home`.
    #[schema(pattern = "^(district|area|home)$", example = "district")]
    kind: String,
    /// A postcode district, an authority's name or code, or a home's Ofsted number.
    #[schema(example = "B31")]
    place: String,
    /// Why not there.
    reason: code::AvoidReason,
}

/// A risk.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RiskAnswer {
    /// Which.
    risk: code::Risk,
    /// How high.
    level: code::RiskLevel,
    /// In words; sealed.
    words: Option<String>,
}

/// The fields of each task's form; the recipients have an operation of their own.
const fn belongs(task: Task) -> &'static [&'static str] {
    match task {
        Task::About => &["age", "sex", "legal_basis", "complex_needs"],
        Task::Needs => &[
            "what_helps",
            "wishes",
            "lot",
            "need_band",
            "communication_needs",
            "communication",
            "cultural_needs",
            "additional_support",
            "home_adaptation",
            "foster_care",
            "residential_care",
            "supported_accommodation",
            "further_needs",
            "must_haves",
            "communication_other",
            "culture_other",
            "support_other",
        ],
        Task::Alongside => &["living_companions", "pets", "sibling_count"],
        Task::When => &[
            "needed_by",
            "start",
            "planned_end",
            "emergency",
            "approved_by",
            "approved_who",
            "approved_band",
            "approved_on",
            "approval_reference",
        ],
        Task::Where => &[
            "from",
            "within_miles",
            "preferred_location_local",
            "out_of_area_reason",
            "out_of_area_other",
            "from_home",
            "avoid",
        ],
        Task::Education => &["education", "education_words"],
        Task::Health => &["health", "health_words"],
        Task::RisksToChild => &["risks"],
        Task::RisksToOthers => &["risks", "risk_chronology"],
        Task::Liberty => &["deprivation_of_liberty"],
        Task::Documents => &["papers"],
        Task::Recipients => &[],
    }
}

/// The answers as the task's form says them.
fn form_of(task: Task, body: &TaskAnswers) -> Result<Fields, Problem> {
    let mut invalid = Invalid::default();
    let mut pairs: Vec<(String, String)> = Vec::new();
    for (name, value) in form::answers(body)?.pairs() {
        let field = name.split('-').next().unwrap_or(name);
        if !belongs(task).contains(&field) {
            invalid.add(field, format!("{field} is no answer of the task {}", task.code()));
        }
        pairs.push((name.clone(), value.clone()));
    }
    invalid.or(())?;
    pairs.retain(|(name, _)| !name.starts_with("avoid-") && !name.starts_with("risks-"));
    for one in body.risks.iter().flatten() {
        pairs.push((one.risk.0.code().to_owned(), one.level.0.code().to_owned()));
        pairs.extend(one.words.iter().map(|words| (format!("words_{}", one.risk.0.code()), words.clone())));
    }
    for (row, one) in (1..).zip(body.avoid.iter().flatten()) {
        pairs.push((format!("avoid{row}_kind"), one.kind.clone()));
        pairs.push((format!("avoid{row}_place"), one.place.clone()));
        pairs.push((format!("avoid{row}_reason"), one.reason.0.code().to_owned()));
    }
    Ok(Fields::from_pairs(pairs))
}

/// Answer one task of a draft
///
/// Tasks: `about`, `needs`, `alongside`, `when`, `where`, `education`, `health`, `risks-to-child`, `risks-to-others`,
/// `liberty`, `documents`.
#[utoipa::path(post, path = "/referrals/{reference}/tasks/{task}", tag = "referral", operation_id = "answer_task", params(IfMatch), request_body = TaskAnswers, responses((status = 200, body = Done)))]
async fn answer(Path((reference, task)): Path<(String, String)>, sent: Sent<TaskAnswers>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let task = Task::from_code(&task).filter(|task| *task != Task::Recipients).ok_or(Outcome::NotFound)?;
    let held = api.app().checked_referral(&api.actor, &reference).await?;
    let fields = form_of(task, &body)?;
    let homes = api.app().homes_named(&api.actor, &avoided_homes(&fields)).await?;
    let known = (api.now().today(), &homes);
    let (profile, narrative) = read_task(task, &fields, held.referral.profile.clone(), held.narrative, known)?;
    let command = AnswerTask { reference, version, task, profile, narrative, plan: held.referral.plan };
    Ok(changed(api.perform(&key, command).await?))
}

/// Who to ask, and until when.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PlanBody {
    /// The homes, as the list of those that could be asked names them.
    #[schema(example = json!(["fca:7243812905738240"]))]
    homes: Vec<String>,
    /// Why a tier with homes is left out.
    #[serde(default)]
    left_out: Vec<LeftOut>,
    /// The id of the person whose power it rests on to leave a tier out.
    decided_by: Option<String>,
    /// Homes that must not learn of the referral, by their Ofsted numbers.
    #[serde(default)]
    hidden_from: Vec<String>,
    /// Until when homes can answer.
    deadline: Until,
    /// How offers will be scored: weights that sum to 100, and something besides the price. The region's where none is sent.
    #[serde(default)]
    scoring: Vec<Weighing>,
}

/// The scoring that a body sends; none where it sends no weight.
fn scored(weights: &[Weighing]) -> Result<Option<Scoring>, Problem> {
    let weights: Vec<_> = weights.iter().map(|one| (one.by.0, one.percent)).collect();
    if weights.is_empty() {
        return Ok(None);
    }
    Scoring::new(&weights).map(Some).map_err(|invalid| {
        let words = invalid.errors.into_iter().next().map_or_else(String::new, |error| error.message);
        Problem::field("scoring", words)
    })
}

/// A tier that is left out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LeftOut {
    /// The tier.
    tier: code::Tier,
    /// Why.
    reason: code::SkipReason,
}

/// The homes named, each one of those that could be asked.
fn asks(names: &[String], found: &Candidates) -> Result<Vec<Ask>, Problem> {
    let ask = |name: &String| {
        let (tier, home) = name.split_once(':')?;
        Some(Ask { home: HomeId(home.parse().ok()?), tier: Tier::from_code(tier)? })
    };
    let read = |name: &String| match ask(name) {
        None => Err(Problem::field("homes", format!("{name} is not a tier and a home's id, such as fca:1"))),
        Some(ask) if !found.could_meet(&ask) => {
            Err(Problem::field("homes", format!("{name} could not meet the needs, or not in this tier")))
        }
        Some(ask) => Ok(ask),
    };
    names.iter().map(read).collect()
}

/// Plan who to ask and until when
#[utoipa::path(post, path = "/referrals/{reference}/plan", tag = "referral", operation_id = "plan_referral", params(IfMatch), request_body = PlanBody, responses((status = 200, body = Done)))]
async fn plan(Path(reference): Path<String>, sent: Sent<PlanBody>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let found = api.app().candidates(&api.actor, &reference).await?;
    let homes = asks(&body.homes, &found)?;
    let left_out = |tier| body.left_out.iter().find(|left| left.tier.0 == tier).map(|left| left.reason.0);
    let decider = body.decided_by.as_deref().map(|text| person(text, "decided_by")).transpose()?;
    let named = api.app().homes_named(&api.actor, &body.hidden_from).await?;
    let plan = found
        .plan(homes, left_out, Some(read_until(&body.deadline)?), named.iter().filter_map(|(_, id)| *id).collect())
        .decided_by(decider);
    let plan = Plan { scoring: scored(&body.scoring)?, ..plan };
    let mut invalid = Invalid::default();
    for (text, _) in named.iter().filter(|(_, id)| id.is_none()) {
        invalid.add("hidden_from", format!("{text} is not the Ofsted number of a home"));
    }
    if plan.conflicts().next().is_some() {
        invalid.add("hidden_from", "A home to hide this referral from is among those to ask");
    }
    if plan.homes.is_empty() {
        invalid.add("homes", "Choose at least one home to ask");
    }
    if decider.is_none() && !plan.skips().is_empty() {
        invalid.add("decided_by", "Send who decided to leave a tier out, one of those who may");
    }
    for tier in plan.unexplained() {
        invalid.add("left_out", format!("Say why {} are left out", tier.label()));
    }
    invalid.or(())?;
    let held = api.app().checked_referral(&api.actor, &reference).await?;
    let profile = held.referral.profile;
    let command = AnswerTask { reference, version, task: Task::Recipients, profile, narrative: held.narrative, plan };
    Ok(changed(api.perform(&key, command).await?))
}

/// Somebody who may decide to leave a tier out.
#[derive(Debug, Serialize, ToSchema)]
struct MaySkip {
    /// The person's id: what `decided_by` names.
    person: String,
    /// The name.
    name: String,
    /// The post through which they hold the power.
    post: String,
}

/// List who may decide that a tier is left out
#[utoipa::path(get, path = "/referrals/{reference}/plan/deciders", tag = "referral", operation_id = "list_who_may_skip", responses((status = 200, body = Vec<MaySkip>)))]
async fn who_may_skip(api: Api, Path(reference): Path<String>) -> Answered {
    let found = api.app().candidates(&api.actor, &reference).await?;
    let line = |(person, name, post): (PersonId, String, String)| MaySkip { person: person.to_string(), name, post };
    Ok(plain(&found.may_skip.into_iter().map(line).collect::<Vec<_>>()))
}

/// Further homes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MoreHomes {
    /// The homes, as the list of those that could be asked names them.
    homes: Vec<String>,
    /// Why a tier with homes is left out, where that was not said before.
    #[serde(default)]
    left_out: Vec<LeftOut>,
    /// The id of the person whose power it rests on to leave a tier out.
    decided_by: Option<String>,
}

/// Ask further homes on a referral that is out
#[utoipa::path(post, path = "/referrals/{reference}/ask-more", tag = "referral", params(IfMatch), request_body = MoreHomes, responses((status = 200, body = Done)))]
async fn ask_more(Path(reference): Path<String>, sent: Sent<MoreHomes>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let found = api.app().candidates(&api.actor, &reference).await?;
    let homes = asks(&body.homes, &found)?;
    let decided_by = body.decided_by.as_deref().map(|text| person(text, "decided_by")).transpose()?;
    let skipped = body.left_out.iter().map(|left| (left.tier.0, left.reason.0)).collect();
    Ok(changed(api.perform(&key, AskMore { reference, version, homes, skipped, decided_by }).await?))
}
