//! Pre-placement checks of a home for a child, minutes, and the burden of administration by route.

mod papers;

use axum::extract::Path;
use axum::http::Uri;
use jiff::civil::Date;
use placewell_app::buying::check::{CheckTable, RecordCheck, RouteBurden, SayMinutes, TypedAct, TypedEvidence};
use placewell_domain::buying::check::{CheckItem, Inherits, LineState};
use placewell_domain::outcome::Invalid;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::code;
use crate::api::problem::{Answered, Problem};
use crate::api::reply::{Done, changed, plain};
use crate::api::request::{Api, Sent};
use crate::api::value::Id;
use crate::fields::Fields;
use crate::server::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(table))
        .routes(routes!(record))
        .merge(papers::routes())
        .routes(routes!(minutes))
        .routes(routes!(burden))
}

/// Where a check stands.
#[derive(Debug, Serialize, ToSchema)]
struct CheckRow {
    /// Which of the eighteen.
    item: code::CheckItem,
    /// Where it stands, in words.
    stands: &'static str,
    /// Nothing is left to do.
    closed: bool,
    /// An emergency needs it before the start; the others follow within 5 working days.
    before_an_emergency: bool,
    /// The referral of the earlier purchase whose check is relied on.
    relied_on: Option<String>,
    /// The version of the check, to send with the next act; 0 for one that was not begun.
    version: i64,
    /// What a home of the arrangement has of it: `regionally`, `does_not_apply` or `this_child`.
    fca_home: &'static str,
    /// The officer who has it, by name.
    officer: Option<String>,
    /// What kind of evidence came in; what it says stays sealed.
    evidence: Option<CheckEvidenceRead>,
    /// The day after the last on which what stands here holds, where it has one.
    valid_until: Option<Date>,
    /// Minutes by the system's own times.
    measured_minutes: u32,
    /// Minutes that officers said, apart.
    said_minutes: u32,
    /// Minutes that it takes as a rule: the region's setting on the day.
    standard_minutes: u32,
    /// How many files are evidence of it.
    files: usize,
}

/// Evidence of a check that came in.
#[derive(Debug, Serialize, ToSchema)]
struct CheckEvidenceRead {
    /// What kind.
    kind: code::CheckEvidence,
    /// Its date.
    on: Date,
    /// Its number in your files, where it has one.
    number: Option<String>,
}

/// The regional evaluation that a home of the arrangement relies on.
#[derive(Debug, Serialize, ToSchema)]
struct RegionalEvaluation {
    /// Since when.
    since: Date,
    /// The day after the last on which it holds; none where it was brought in with its own past.
    until: Option<Date>,
    /// Its record, where one is kept here.
    evaluation: Option<Id>,
}

/// What the checks of placements took here by one route: a median over the last 12 months.
#[derive(Debug, Serialize, ToSchema)]
struct MeasuredChecks {
    /// The route.
    route: &'static str,
    /// Median minutes of all checks of a placement, by the system's own times.
    minutes: u32,
    /// Of how many placements.
    placements: usize,
}

/// The checks of a home for a child.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Checks)]
struct ChecksOfHome {
    /// The referral.
    referral: String,
    /// The home's Ofsted number.
    urn: String,
    /// By which route it is bought: `arrangement` or `spot`.
    route: &'static str,
    /// The regional evaluation that the home relies on, while it holds.
    regional: Option<RegionalEvaluation>,
    /// The eighteen.
    checks: Vec<CheckRow>,
    /// What checks took here, measured, by route.
    measured: Vec<MeasuredChecks>,
    /// How many that come before the start are open.
    open_before_start: u32,
    /// How many are open in all.
    open: u32,
    /// By when an emergency's others are done.
    due_on: Option<Date>,
}

impl ChecksOfHome {
    fn of(found: &CheckTable, measured: &[RouteBurden]) -> Self {
        let checks = found.lines.iter().map(|line| {
            let own = found.own_of(line.item);
            CheckRow {
                item: line.item.into(),
                stands: line.state.label(),
                closed: line.state.closed(),
                before_an_emergency: line.item.before_an_emergency(),
                relied_on: match &line.state {
                    LineState::ReliedOnEarlier { reference, .. } => Some(reference.to_string()),
                    _ => None,
                },
                version: own.map_or(0, |check| check.version),
                fca_home: match line.item.inherits() {
                    Inherits::Regionally => "regionally",
                    Inherits::DoesNotApply => "does_not_apply",
                    Inherits::ThisChild => "this_child",
                },
                officer: found.officer_of(line.item).map(str::to_owned),
                evidence: found.evidence_of(line.item).map(|evidence| CheckEvidenceRead {
                    kind: evidence.kind.into(),
                    on: evidence.on,
                    number: Some(evidence.number.clone()).filter(|number| !number.is_empty()),
                }),
                valid_until: found.until_of(line),
                standard_minutes: found.standard.of(line.item),
                files: found.files.iter().filter(|(item, _)| *item == line.item).count(),
                measured_minutes: own.map_or(0, |check| check.measured),
                said_minutes: own.map_or(0, |check| check.said),
            }
        });
        Self {
            referral: found.referral.reference.to_string(),
            urn: found.home.urn.to_string(),
            route: found.route.code(),
            regional: found.regional.map(|one| RegionalEvaluation {
                since: one.since,
                until: one.until,
                evaluation: one.evaluation.map(|id| Id(id.0)),
            }),
            checks: checks.collect(),
            measured: measured
                .iter()
                .map(|one| MeasuredChecks {
                    route: one.route.code(),
                    minutes: one.check_minutes,
                    placements: one.placements,
                })
                .collect(),
            open_before_start: found.clearance.before_start,
            open: found.clearance.open,
            due_on: found.clearance.due_on,
        }
    }
}

/// Read the pre-placement checks of a home for a child
#[utoipa::path(get, path = "/referrals/{reference}/checks/{urn}", tag = "check", operation_id = "get_checks", responses((status = 200, body = ChecksOfHome)))]
async fn table(api: Api, Path((reference, urn)): Path<(String, String)>) -> Answered {
    let found = api.app().check_table(&api.actor, &reference, Some(&urn)).await?;
    Ok(plain(&ChecksOfHome::of(&found, &api.app().measured_checks(&api.actor).await?)))
}

/// Evidence of a check.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CheckEvidenceSent {
    /// What kind; each check takes its own.
    kind: code::CheckEvidence,
    /// Its date.
    on: Date,
    /// Its number in your files; no names.
    #[schema(max_length = 30)]
    number: Option<String>,
    /// The day on which it expires, where the check asks for it.
    until: Option<Date>,
    /// What it says; sealed.
    #[schema(max_length = 2000)]
    words: Option<String>,
}

impl CheckEvidenceSent {
    fn typed(self) -> TypedEvidence {
        TypedEvidence {
            kind: self.kind.0,
            on: self.on,
            number: self.number.unwrap_or_default(),
            until: self.until,
            words: self.words.unwrap_or_default(),
        }
    }
}

/// An act on a check.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CheckActSent {
    /// `do`, `ask`, `bring_in` or `fail`.
    #[schema(example = "do")]
    act: String,
    /// The check's version as it was read; 0 for one that was not begun.
    version: i64,
    /// The evidence, for `do` and `bring_in`.
    evidence: Option<CheckEvidenceSent>,
    /// Why it is not satisfied, for `fail`.
    reason: Option<code::NotSatisfiedReason>,
    /// Minutes it took, as you say.
    #[schema(maximum = 2400)]
    minutes: Option<u32>,
}

/// Record an act on a check: done, asked for, evidence in, not satisfied
#[utoipa::path(post, path = "/referrals/{reference}/checks/{urn}/{item}", tag = "check", operation_id = "record_check", request_body = CheckActSent, responses((status = 200, body = Done)))]
async fn record(Path((reference, urn, item)): Path<(String, String, String)>, sent: Sent<CheckActSent>) -> Answered {
    let item = CheckItem::from_code(&item).ok_or_else(Problem::not_found)?;
    let Sent { api, body, key } = sent;
    let evidence = |sent: Option<CheckEvidenceSent>| {
        sent.map(CheckEvidenceSent::typed).ok_or_else(|| Problem::field("evidence", "Send the evidence"))
    };
    let act = match body.act.as_str() {
        "ask" => TypedAct::Ask,
        "bring_in" => TypedAct::BringIn(evidence(body.evidence)?),
        "do" => TypedAct::Do(evidence(body.evidence)?),
        "fail" => match body.reason {
            Some(reason) => TypedAct::Fail(reason.0),
            None => return Err(Problem::field("reason", "Send why it is not satisfied")),
        },
        _ => return Err(Problem::field("act", "Send do, ask, bring_in or fail")),
    };
    let said = body.minutes.unwrap_or(0);
    let command = RecordCheck { reference, urn, item, version: body.version, act, opened: None, said };
    Ok(changed(api.perform(&key, command).await?))
}

/// Minutes to say.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MinutesSent {
    /// On what they were spent.
    of: code::MinutesOf,
    /// How many.
    #[schema(minimum = 1, maximum = 2400)]
    minutes: u32,
}

/// Say minutes that the system did not see
#[utoipa::path(post, path = "/referrals/{reference}/minutes/{urn}", tag = "check", operation_id = "say_minutes", request_body = MinutesSent, responses((status = 200, body = Done)))]
async fn minutes(Path((reference, urn)): Path<(String, String)>, sent: Sent<MinutesSent>) -> Answered {
    let Sent { api, body, key } = sent;
    let command = SayMinutes { reference, urn, of: body.of.0, minutes: body.minutes };
    Ok(changed(api.perform(&key, command).await?))
}

/// Over which days.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code)] // described here, read from the query by name
struct Period {
    /// The first day.
    from: Date,
    /// The day after the last.
    until: Date,
}

/// The burden of one route: medians over the placements that began.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RouteBurden)]
struct BurdenRow {
    /// The route.
    route: &'static str,
    /// How many placements began.
    placements: usize,
    /// Checks done here for each.
    checks: u32,
    /// Minutes of the checks by the system's times.
    check_minutes: u32,
    /// Office minutes of contracting, of those whose steps are known.
    contracting_minutes: Option<u32>,
    /// Minutes that officers said, apart.
    said_minutes: Option<u32>,
}

impl From<&RouteBurden> for BurdenRow {
    fn from(one: &RouteBurden) -> Self {
        Self {
            route: one.route.code(),
            placements: one.placements,
            checks: one.checks,
            check_minutes: one.check_minutes,
            contracting_minutes: one.contracting,
            said_minutes: one.said,
        }
    }
}

/// Read checks and minutes by route over a period
#[utoipa::path(get, path = "/burden", tag = "check", operation_id = "get_burden", params(Period), responses((status = 200, body = Vec<BurdenRow>)))]
async fn burden(api: Api, uri: Uri) -> Answered {
    let query = Fields::parse(uri.query().unwrap_or_default().as_bytes());
    let mut invalid = Invalid::default();
    let from = query.date("from", "Send the first day, like 2021-01-01", &mut invalid);
    let until = query.date("until", "Send the day after the last, like 2021-09-13", &mut invalid);
    let (Some(from), Some(until)) = (from, until) else { return Err(invalid.into()) };
    let found = api.app().burden_by_route(&api.actor, (from, until)).await?;
    Ok(plain(&found.iter().map(BurdenRow::from).collect::<Vec<_>>()))
}
