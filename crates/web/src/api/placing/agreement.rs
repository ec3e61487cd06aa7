//! Placement agreements, for both sides: read, signed, started, reviewed, ended; their documents.

mod asks;
mod by_month;
mod history;
mod moves;
mod opening;
mod papers;
mod repricing;
mod terms;

use axum::extract::Path;
use axum::http::{Uri, header};
use axum::response::IntoResponse;
use jiff::civil::{Date, DateTime};
use placewell_app::placing::agreement::{
    AgreementLine, AgreementView, CancelAgreement, ConfirmDecision, Decided, EndAgreement, GiveNotice, MayDecide,
    MeetCondition, ReviewPlannedEnd, Sign, StartStay,
};
use placewell_app::placing::approval::Exempted;
use placewell_domain::id::DocumentId;
use placewell_domain::placing::agreement::{Agreement, Side};
use placewell_domain::power::delegation::Act;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::approval::person;
use super::line::LineShown;
use crate::api::code;
use crate::api::paging::{Listed, Paging};
use crate::api::problem::{Answered, Problem};
use crate::api::reply::{Done, changed, plain, versioned};
use crate::api::request::{Api, Sent};
use crate::api::value::{Id, IfMatch};
use crate::fields::Fields;
use crate::server::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(get))
        .routes(routes!(deciders))
        .routes(routes!(documents))
        .routes(routes!(document))
        .routes(routes!(pdf))
        .routes(routes!(sign))
        .routes(routes!(start))
        .routes(routes!(review))
        .routes(routes!(give_notice))
        .routes(routes!(end))
        .routes(routes!(cancel))
        .routes(routes!(confirm))
        .routes(routes!(meet_condition))
        .merge(terms::routes())
        .merge(asks::routes())
        .merge(moves::routes())
        .merge(papers::routes())
        .merge(repricing::routes())
        .merge(history::routes())
        .merge(opening::routes())
        .merge(by_month::routes())
}

/// An agreement in a list.
#[derive(Debug, Serialize, ToSchema)]
struct AgreementRow {
    /// Its reference.
    #[schema(example = "HEF-A-0137")]
    reference: String,
    /// The stored state.
    state: String,
    /// The home.
    home: String,
    /// The other side.
    other_side: String,
    /// The first night.
    start: Date,
    /// The planned end.
    planned_end: Date,
    /// The price of a week.
    weekly_pence: i64,
    /// The planned end is overdue for review.
    overdue: bool,
}

fn row(agreement: &Agreement, home: String, other_side: String, overdue: bool) -> AgreementRow {
    AgreementRow {
        reference: agreement.reference.to_string(),
        state: agreement.state.name().to_owned(),
        home,
        other_side,
        start: agreement.terms.start,
        planned_end: agreement.planned_end,
        weekly_pence: agreement.weekly().0,
        overdue,
    }
}

impl From<AgreementLine> for AgreementRow {
    fn from(line: AgreementLine) -> Self {
        row(&line.agreement, line.home, line.other_side, line.overdue)
    }
}

/// List your organisation's agreements
#[utoipa::path(get, path = "/agreements", tag = "agreement", operation_id = "list_agreements", params(Paging), responses((status = 200, body = Listed<AgreementRow>)))]
async fn list(api: Api, paging: Paging) -> Answered {
    let found = api.app().agreements_after(&api.actor, paging.read()).await?;
    Ok(plain(&paging.cut(found, |line| line.agreement.reference.to_string()).map(AgreementRow::from)))
}

/// An agreement.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Agreement)]
struct AgreementShown {
    #[serde(flatten)]
    row: AgreementRow,
    /// Its version, also in the `ETag`.
    version: i64,
    /// The authority.
    authority: String,
    /// The authority's duty team, by telephone; null where it recorded none.
    duty_team: Option<DutyTeam>,
    /// The provider.
    provider: String,
    /// The provider's company or charity number; null where none was told.
    #[schema(example = "01234567")]
    company_number: Option<String>,
    /// The home's registered manager today; null where none was told or nobody is in post.
    registered_manager: Option<String>,
    /// Where it comes from, where it was brought in from before this system.
    #[schema(example = "before_adoption")]
    origin: Option<String>,
    /// The referral, for the authority.
    referral: Option<String>,
    /// The child's number with the authority, for the authority.
    child: Option<u32>,
    /// What is committed in each year of the annual value, for the authority.
    committed: Vec<CommittedLine>,
    /// The price lines.
    lines: Vec<LineShown>,
    /// From the first to the last planned night, all lines together.
    whole_pence: i64,
    /// Which of the first and last day are charged.
    charged_days: code::ChargedDays,
    /// Who signed for the authority.
    signed_by_authority: Option<String>,
    /// Who signed for the provider.
    signed_by_provider: Option<String>,
    /// SHA-256 of what was signed, where a side has signed.
    signed_content: Option<String>,
    /// What it says about the child's care is complete, so that both sides can sign.
    particulars_complete: bool,
    /// The conditions of its approvals.
    conditions: Vec<ConditionLine>,
    /// Decisions by word of mouth, for the authority.
    said: Vec<SaidLine>,
    /// What the provider asks for and nobody answered.
    asked: Vec<AskedLine>,
    /// What it rests on: each approval with its rule.
    rests_on: Vec<RestsOnLine>,
    /// The recorded exemption of the child from the home's grade of Inadequate, where it was made under one.
    grade_exemption: Option<String>,
    /// Why no power was in force, where its end was recorded without one.
    ended_without_power: Option<String>,
}

/// A duty team's telephones.
#[derive(Debug, Serialize, ToSchema)]
struct DutyTeam {
    /// In working hours.
    #[schema(example = "01632 960100")]
    day: String,
    /// At night, at weekends and on bank holidays.
    #[schema(example = "01632 960101")]
    night: String,
}

/// A condition of an approval.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AgreementCondition)]
struct ConditionLine {
    /// Its number: what a recording names.
    number: usize,
    /// In words.
    words: String,
    /// The day on which it was met; null while it is open.
    met_on: Option<Date>,
}

/// What is committed in one year.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Committed)]
struct CommittedLine {
    /// The year's first day.
    year_start: Date,
    /// How much.
    pence: i64,
}

/// Something that the provider asks for.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AskedOfAgreement)]
struct AskedLine {
    /// Its number.
    number: u32,
    /// End, planned end or price.
    kind: String,
}

/// A decision by word of mouth.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DecisionByWord)]
struct SaidLine {
    /// What was decided.
    act: code::Act,
    /// The version of the agreement that it made: what a confirmation names.
    made: i64,
    /// Who said it.
    by: String,
    /// When.
    #[schema(value_type = String, example = "2021-09-13T09:00:00")]
    at: DateTime,
    /// By when it is confirmed in writing.
    #[schema(value_type = String, example = "2021-09-13T09:00:00")]
    confirm_by: DateTime,
    /// When it was.
    #[schema(value_type = Option<String>, example = "2021-09-13T09:00:00")]
    confirmed_at: Option<DateTime>,
}

/// What an agreement rests on.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RestsOn)]
struct RestsOnLine {
    /// The approval's reference.
    reference: String,
    /// What was approved.
    what: String,
    /// The rule that asked for it.
    rule: String,
    /// By what right it was given.
    basis: String,
}

impl From<AgreementView> for AgreementShown {
    fn from(found: AgreementView) -> Self {
        let agreement = &found.agreement;
        let (authority, provider) = (found.authority.name, found.provider.name);
        let duty = found.duty;
        let duty_team = (!duty.day.is_empty()).then_some(DutyTeam { day: duty.day, night: duty.night });
        let rests_on = agreement.rests_on.iter().map(|one| RestsOnLine {
            reference: one.reference.to_string(),
            what: one.what.clone(),
            rule: one.rule.clone(),
            basis: one.basis.sentence(),
        });
        let name = |person| found.names.iter().find(|(known, _)| *known == person).map(|(_, name)| name.clone());
        let said = agreement.added.said.iter().filter(|_| found.side == Side::Authority).map(|one| SaidLine {
            act: one.act.into(),
            made: one.version,
            by: name(one.by).unwrap_or_default(),
            at: one.at,
            confirm_by: one.confirm_by,
            confirmed_at: one.confirmed_at,
        });
        let content = Side::ALL.iter().find_map(|side| agreement.signatures.of(*side)).map(|one| one.content.clone());
        let other = match found.side {
            Side::Authority => provider.clone(),
            Side::Provider => authority.clone(),
        };
        Self {
            version: agreement.version,
            origin: agreement.origin().map(|origin| origin.code().to_owned()),
            referral: found.referral,
            child: found.child,
            committed: found
                .committed
                .iter()
                .map(|(year_start, pence)| CommittedLine { year_start: *year_start, pence: pence.0 })
                .collect(),
            lines: agreement.terms.lines.iter().map(LineShown::from).collect(),
            whole_pence: agreement.whole_cost().0,
            charged_days: agreement.terms.charged.into(),
            signed_by_authority: agreement.signatures.authority.as_ref().map(|one| one.name.clone()),
            signed_by_provider: agreement.signatures.provider.as_ref().map(|one| one.name.clone()),
            signed_content: content.filter(|content| !content.is_empty()),
            particulars_complete: agreement.particulars_complete(),
            conditions: (1..)
                .zip(found.care.conditions)
                .map(|(number, (words, met_on))| ConditionLine { number, words, met_on })
                .collect(),
            said: said.collect(),
            asked: agreement
                .asked_open()
                .map(|one| AskedLine { number: one.number, kind: one.wanted.kind().code().to_owned() })
                .collect(),
            rests_on: rests_on.collect(),
            grade_exemption: found.exempted.as_ref().map(Exempted::sentence),
            ended_without_power: agreement
                .state
                .ending()
                .and_then(|ending| ending.without.as_ref())
                .map(|one| one.why.clone()),
            row: row(agreement, found.home.name, other, found.overdue),
            authority,
            duty_team,
            provider,
            company_number: found.named.company,
            registered_manager: found.named.manager,
        }
    }
}

/// Read an agreement
#[utoipa::path(get, path = "/agreements/{reference}", tag = "agreement", operation_id = "get_agreement", responses((status = 200, body = AgreementShown)))]
async fn get(api: Api, Path(reference): Path<String>) -> Answered {
    let found = api.app().agreement_view(&api.actor, &reference).await?;
    Ok(versioned(found.agreement.version, &AgreementShown::from(found)))
}

/// What an act is decided for.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code)] // described here, read from the query by name
struct AskedAct {
    /// The act.
    #[param(value_type = String, example = "vary_agreement")]
    act: String,
}

/// Somebody who may decide.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MayDecide)]
struct MayDecideLine {
    /// The person's id: what `decided_by` names.
    person: String,
    /// The name.
    name: String,
    /// The post through which they hold the power.
    post: String,
}

/// List who holds the power for an act about an agreement: `decided_by` names one of them
#[utoipa::path(get, path = "/agreements/{reference}/deciders", tag = "agreement", operation_id = "list_who_may_decide", params(AskedAct), responses((status = 200, body = Vec<MayDecideLine>)))]
async fn deciders(api: Api, Path(reference): Path<String>, uri: Uri) -> Answered {
    let query = Fields::parse(uri.query().unwrap_or_default().as_bytes());
    let act = Act::from_code(query.get("act")).ok_or_else(|| {
        let known: Vec<&str> = Act::ALL.iter().map(|act| act.code()).collect();
        Problem::field("act", format!("Send one of {}", known.join(", ")))
    })?;
    let found = api.app().who_may_decide(&api.actor, &reference, act).await?;
    let line = |one: MayDecide| MayDecideLine { person: one.person.to_string(), name: one.name, post: one.title };
    Ok(plain(&found.into_iter().map(line).collect::<Vec<_>>()))
}

/// A stored copy.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AgreementDocument)]
struct DocumentLine {
    /// Its id.
    id: Id,
    /// Its name.
    name: String,
    /// Its length.
    bytes: i64,
    /// SHA-256 of its content.
    sha256: String,
}

/// List an agreement's stored copies, the latest first
#[utoipa::path(get, path = "/agreements/{reference}/documents", tag = "agreement", operation_id = "list_agreement_documents", responses((status = 200, body = Vec<DocumentLine>)))]
async fn documents(api: Api, Path(reference): Path<String>) -> Answered {
    let found = api.app().agreement_view(&api.actor, &reference).await?;
    let line = |entry: placewell_app::placing::agreement::AgreementCopy| DocumentLine {
        id: Id(entry.id.0),
        name: entry.name,
        bytes: entry.bytes,
        sha256: entry.digest,
    };
    Ok(plain(&found.documents.into_iter().map(line).collect::<Vec<_>>()))
}

/// Read one stored copy of an agreement as PDF
///
/// Every reading is recorded.
#[utoipa::path(get, path = "/agreements/{reference}/documents/{document}", tag = "agreement", operation_id = "get_agreement_document", responses((status = 200, body = String, content_type = "application/pdf")))]
async fn document(api: Api, Path((reference, document)): Path<(String, i64)>) -> Answered {
    let (_, content) = api.app().agreement_copy(&api.actor, &reference, Some(DocumentId(document))).await?;
    Ok(([(header::CONTENT_TYPE, "application/pdf")], content).into_response())
}

/// Read an agreement as PDF
///
/// Every reading is recorded.
#[utoipa::path(get, path = "/agreements/{reference}/pdf", tag = "agreement", operation_id = "get_agreement_pdf", responses((status = 200, body = String, content_type = "application/pdf")))]
async fn pdf(api: Api, Path(reference): Path<String>) -> Answered {
    let (_, content) = api.app().agreement_copy(&api.actor, &reference, None).await?;
    Ok(([(header::CONTENT_TYPE, "application/pdf")], content).into_response())
}

/// A signature.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Signing {
    /// The name of who signs.
    name: String,
    /// The role in which they sign.
    role: String,
    /// They have authority to sign.
    has_authority: bool,
}

/// Sign for your side
#[utoipa::path(post, path = "/agreements/{reference}/sign", tag = "agreement", operation_id = "sign_agreement", params(IfMatch), request_body = Signing, responses((status = 200, body = Done)))]
async fn sign(Path(reference): Path<String>, sent: Sent<Signing>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let command = Sign { reference, version, name: body.name, role: body.role, has_authority: body.has_authority };
    Ok(changed(api.perform(&key, command).await?))
}

/// The start of a stay.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Starting {
    /// The day on which the child started.
    on: Date,
    /// Why before both have signed, where it is so.
    unsigned: Option<code::UnsignedReason>,
}

/// Record that the child started
#[utoipa::path(post, path = "/agreements/{reference}/start", tag = "agreement", operation_id = "start_stay", params(IfMatch), request_body = Starting, responses((status = 200, body = Done)))]
async fn start(Path(reference): Path<String>, sent: Sent<Starting>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let unsigned = body.unsigned.map(|code| code.0);
    Ok(changed(api.perform(&key, StartStay { reference, version, on: body.on, unsigned }).await?))
}

/// Who decided: the caller, where neither is sent; else somebody whose word an officer records, and who confirms it.
fn decided(by: Option<&str>, said_at: Option<DateTime>) -> Result<Decided, Problem> {
    match (by, said_at) {
        (None, None) => Ok(Decided::SignedIn),
        (Some(by), Some(at)) => Ok(Decided::ByWord { by: person(by, "decided_by")?, at }),
        (Some(_), None) => Err(Problem::field("said_at", "Send when they said so, like 2021-09-13T09:00:00")),
        (None, Some(_)) => Err(Problem::field("decided_by", "Send the id of the person who said so")),
    }
}

/// A reviewed planned end.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Reviewing {
    /// The planned end.
    planned_end: Date,
    /// The id of the person whose word is recorded; nobody where the caller decides.
    decided_by: Option<String>,
    /// When they said so.
    #[schema(value_type = Option<String>, example = "2021-09-13T09:00:00")]
    said_at: Option<DateTime>,
}

/// Review the planned end
///
/// Where nobody holds a power for it today, send neither `decided_by` nor `said_at`: an end that comes no later is recorded
/// as recorded without a power in force.
#[utoipa::path(post, path = "/agreements/{reference}/review", tag = "agreement", operation_id = "review_planned_end", params(IfMatch), request_body = Reviewing, responses((status = 200, body = Done)))]
async fn review(Path(reference): Path<String>, sent: Sent<Reviewing>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let decided_by = decided(body.decided_by.as_deref(), body.said_at)?;
    let command = ReviewPlannedEnd { reference, version, planned_end: body.planned_end, decided_by };
    Ok(changed(api.perform(&key, command).await?))
}

/// Notice.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Noticing {
    /// Of an authority's notice: the id of the person whose word is recorded; nobody where the caller decides.
    decided_by: Option<String>,
    /// When they said so.
    #[schema(value_type = Option<String>, example = "2021-09-13T09:00:00")]
    said_at: Option<DateTime>,
}

/// Give notice for your side
#[utoipa::path(post, path = "/agreements/{reference}/notice", tag = "agreement", operation_id = "give_notice_of_agreement", params(IfMatch), request_body = Noticing, responses((status = 200, body = Done)))]
async fn give_notice(Path(reference): Path<String>, sent: Sent<Noticing>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let decided_by = decided(body.decided_by.as_deref(), body.said_at)?;
    Ok(changed(api.perform(&key, GiveNotice { reference, version, decided_by }).await?))
}

/// The end of a stay.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EndOfStay {
    /// The day on which the child left; not charged.
    on: Date,
    /// Whether the end was planned.
    planned: bool,
    /// Why.
    reason: code::EndReason,
    /// The id of the person whose word is recorded; nobody where the caller decides.
    decided_by: Option<String>,
    /// When they said so.
    #[schema(value_type = Option<String>, example = "2021-09-13T09:00:00")]
    said_at: Option<DateTime>,
}

/// Record that the stay ended
///
/// Where nobody holds a power for it today, send neither `decided_by` nor `said_at`: what has happened is recorded all the
/// same, as recorded without a power in force.
#[utoipa::path(post, path = "/agreements/{reference}/end", tag = "agreement", operation_id = "end_agreement", params(IfMatch), request_body = EndOfStay, responses((status = 200, body = Done)))]
async fn end(Path(reference): Path<String>, sent: Sent<EndOfStay>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let decided_by = decided(body.decided_by.as_deref(), body.said_at)?;
    let (on, planned, reason) = (body.on, body.planned, body.reason.0);
    Ok(changed(api.perform(&key, EndAgreement { reference, version, on, planned, reason, decided_by }).await?))
}

/// A cancellation before the start.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Cancelling {
    /// Why.
    reason: code::CancelReason,
    /// The id of the person whose word is recorded; nobody where the caller decides.
    decided_by: Option<String>,
    /// When they said so.
    #[schema(value_type = Option<String>, example = "2021-09-13T09:00:00")]
    said_at: Option<DateTime>,
}

/// Cancel an agreement before its start
#[utoipa::path(post, path = "/agreements/{reference}/cancel", tag = "agreement", operation_id = "cancel_agreement", params(IfMatch), request_body = Cancelling, responses((status = 200, body = Done)))]
async fn cancel(Path(reference): Path<String>, sent: Sent<Cancelling>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let decided_by = decided(body.decided_by.as_deref(), body.said_at)?;
    Ok(changed(api.perform(&key, CancelAgreement { reference, version, reason: body.reason.0, decided_by }).await?))
}

/// A condition that was met.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MeetingCondition {
    /// The condition's number.
    number: usize,
    /// The day on which it was met.
    on: Date,
}

/// Record that a condition of an approval was met
#[utoipa::path(post, path = "/agreements/{reference}/condition", tag = "agreement", operation_id = "meet_condition", params(IfMatch), request_body = MeetingCondition, responses((status = 200, body = Done)))]
async fn meet_condition(Path(reference): Path<String>, sent: Sent<MeetingCondition>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let command = MeetCondition { reference, version, number: body.number, on: body.on };
    Ok(changed(api.perform(&key, command).await?))
}

/// A confirmation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Confirming {
    /// The version of the agreement that the decision made.
    made: i64,
}

/// Confirm in writing what you decided by word of mouth
#[utoipa::path(post, path = "/agreements/{reference}/confirm", tag = "agreement", operation_id = "confirm_decision_of_agreement", params(IfMatch), request_body = Confirming, responses((status = 200, body = Done)))]
async fn confirm(Path(reference): Path<String>, sent: Sent<Confirming>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    Ok(changed(api.perform(&key, ConfirmDecision { reference, version, made: body.made }).await?))
}
