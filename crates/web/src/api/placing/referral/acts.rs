//! Beginning, sending and ending a referral.

use axum::extract::Path;
use jiff::civil::{Date, DateTime};
use placewell_app::placing::referral::{
    CloseEarly, CopyReferral, ExtendDeadline, LinkSibling, NotPlaced, RecordSearchApproval, SendReferral, UndoSending,
    WithdrawReferral,
};
use placewell_domain::placing::referral::DeadlineChoice;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::code;
use crate::api::form;
use crate::api::problem::{Answered, Problem};
use crate::api::reply::{Done, changed, made, versioned};
use crate::api::request::{Api, Sent};
use crate::api::value::{IfMatch, Nothing};
use crate::placing::referral::acts::{read_search_approval, read_start};
use crate::server::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(start))
        .routes(routes!(copy))
        .routes(routes!(send))
        .routes(routes!(undo_sending))
        .routes(routes!(extend))
        .routes(routes!(close_early))
        .routes(routes!(withdrawal))
        .routes(routes!(withdraw))
        .routes(routes!(search_approval))
        .routes(routes!(link_sibling))
        .routes(routes!(not_placed))
}

/// A referral to begin: for a child known by its number here, or for a new one.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct StartReferral {
    /// `new` or `known`.
    #[schema(pattern = "^(new|known)$", example = "new")]
    which: String,
    /// Of a known child: the number here.
    number: Option<u32>,
    /// Of a new child: given names; sealed.
    given_names: Option<String>,
    /// Of a new child: family name; sealed.
    family_name: Option<String>,
    /// Of a new child: date of birth; sealed.
    born: Option<Date>,
    /// Of a new child: sex.
    sex: Option<code::Sex>,
    /// Of a new child: the number in your case system; sealed.
    case_number: Option<String>,
    /// Of a new child: other names in use, with commas between; sealed.
    other_names: Option<String>,
    /// Of a new child: where home is; sealed.
    home_postcode: Option<String>,
    /// Of a new child: the school; sealed.
    school: Option<String>,
    /// Of a new child: the code of the authority that is responsible, where it is another than the one that places.
    #[schema(example = "BIR")]
    responsible: Option<String>,
    /// The reference of a sibling's referral.
    sibling_of: Option<String>,
    /// Why it is an emergency, where it is one.
    emergency: Option<code::EmergencyCause>,
    /// The child has an open referral, and a second one is wanted.
    #[serde(default)]
    beside_open: bool,
}

/// The same with the mark by which the page tells its emergency form.
#[derive(Serialize)]
struct StartForm<'a> {
    #[serde(flatten)]
    body: &'a StartReferral,
    emergency_form: bool,
}

/// Begin a referral
#[utoipa::path(post, path = "/referrals", tag = "referral", operation_id = "start_referral", request_body = StartReferral, responses((status = 201, body = Done)))]
async fn start(sent: Sent<StartReferral>) -> Answered {
    let Sent { api, body, key } = sent;
    let command = read_start(&form::fields(&StartForm { emergency_form: body.emergency.is_some(), body: &body })?)?;
    Ok(made(api.perform(&key, command).await?))
}

/// Whether a second search is wanted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CopyOf {
    /// The child has an open referral, and a second one is wanted.
    #[serde(default)]
    beside_open: bool,
}

/// Copy a referral of the same child into a new draft
#[utoipa::path(post, path = "/referrals/{reference}/copy", tag = "referral", operation_id = "copy_referral", request_body = CopyOf, responses((status = 201, body = Done)))]
async fn copy(Path(reference): Path<String>, sent: Sent<CopyOf>) -> Answered {
    let Sent { api, body, key } = sent;
    Ok(made(api.perform(&key, CopyReferral { reference, beside_open: body.beside_open }).await?))
}

/// What the officer confirms on sending.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SendBody {
    /// The marks of the findings that may stand, as the check names them.
    #[serde(default)]
    confirmed: Vec<String>,
    /// The profile fits few children, and goes out all the same.
    #[serde(default)]
    accept_few: bool,
}

/// Send a checked draft to the homes of its plan
#[utoipa::path(post, path = "/referrals/{reference}/send", tag = "referral", operation_id = "send_referral", params(IfMatch), request_body = SendBody, responses((status = 200, body = Done)))]
async fn send(Path(reference): Path<String>, sent: Sent<SendBody>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let command = SendReferral { reference, version, confirmed: body.confirmed, accept_few: body.accept_few };
    Ok(changed(api.perform(&key, command).await?))
}

/// Take a sending back, within ten minutes
#[utoipa::path(post, path = "/referrals/{reference}/undo-sending", tag = "referral", params(IfMatch), request_body = Nothing, responses((status = 200, body = Done)))]
async fn undo_sending(Path(reference): Path<String>, sent: Sent<Nothing>) -> Answered {
    let version = sent.version()?;
    let Sent { api, key, .. } = sent;
    Ok(changed(api.perform(&key, UndoSending { reference, version }).await?))
}

/// Until when homes can answer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Until {
    /// How it is chosen.
    #[schema(pattern = "^(two_hours|end_of_today|noon_tomorrow|three_working_days|at)$", example = "at")]
    choice: String,
    /// With `at`: the time on the clock in London.
    #[schema(value_type = Option<String>, example = "2021-09-16T16:00:00")]
    at: Option<DateTime>,
}

pub(super) fn read_until(until: &Until) -> Result<DeadlineChoice, Problem> {
    DeadlineChoice::from_code(&until.choice, until.at).ok_or_else(|| {
        Problem::field(
            "deadline",
            "Send a choice: two_hours, end_of_today, noon_tomorrow, three_working_days, or at with its time",
        )
    })
}

/// A later deadline.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Longer {
    /// Until when now.
    deadline: Until,
}

/// Give homes longer to answer
#[utoipa::path(post, path = "/referrals/{reference}/extend", tag = "referral", operation_id = "extend_deadline", params(IfMatch), request_body = Longer, responses((status = 200, body = Done)))]
async fn extend(Path(reference): Path<String>, sent: Sent<Longer>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let deadline = read_until(&body.deadline)?;
    Ok(changed(api.perform(&key, ExtendDeadline { reference, version, deadline }).await?))
}

/// The offer that meets every must-have.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EarlyFor {
    /// Its number within the referral.
    number: u32,
    /// Why it cannot wait for the deadline.
    reason: code::EarlyReason,
    /// The same in words; sealed.
    #[schema(max_length = 1000)]
    words: String,
}

/// Close a sealed search early for an offer that meets every must-have
#[utoipa::path(post, path = "/referrals/{reference}/close-early", tag = "referral", params(IfMatch), request_body = EarlyFor, responses((status = 200, body = Done)))]
async fn close_early(Path(reference): Path<String>, sent: Sent<EarlyFor>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let EarlyFor { number, reason, words } = body;
    let command = CloseEarly { reference, version, number, reason: reason.0, words };
    Ok(changed(api.perform(&key, command).await?))
}

/// What a withdrawal will do.
#[derive(Debug, Serialize, ToSchema)]
struct WithdrawalPreview {
    /// Homes asked that can no longer answer.
    invitations: u32,
    /// Providers that are told, by one mail each.
    providers: u32,
    /// Open offers that are closed.
    offers: u32,
    /// Questions that stay without an answer.
    questions: u32,
    /// Requests for approval without an answer.
    approvals: u32,
}

/// Preview what a withdrawal will do
#[utoipa::path(get, path = "/referrals/{reference}/withdrawal", tag = "referral", operation_id = "preview_withdrawal", responses((status = 200, body = WithdrawalPreview)))]
async fn withdrawal(api: Api, Path(reference): Path<String>) -> Answered {
    let (referral, open) = api.app().withdrawal_preview(&api.actor, &reference).await?;
    let body = WithdrawalPreview {
        invitations: open.invitations,
        providers: open.providers,
        offers: open.offers,
        questions: open.questions,
        approvals: open.approvals,
    };
    Ok(versioned(referral.version, &body))
}

/// Who approved a search that an emergency began.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ApprovalOfSearch {
    /// Which body.
    approved_by: code::SearchApprover,
    /// The name of the person who spoke for it.
    #[schema(max_length = 80)]
    approved_who: String,
    /// Up to which price.
    approved_band: code::AmountBand,
    /// When.
    approved_on: Date,
    /// Where it is written.
    #[schema(max_length = 60)]
    reference: Option<String>,
}

/// The form that the page has for the same answers.
#[derive(Serialize)]
struct SearchApprovalForm {
    approved_by: code::SearchApprover,
    approved_who: String,
    approved_band: code::AmountBand,
    approved_on: Date,
    approval_reference: Option<String>,
}

/// Record the approval of an emergency's search
#[utoipa::path(post, path = "/referrals/{reference}/search-approval", tag = "referral", operation_id = "record_search_approval", params(IfMatch), request_body = ApprovalOfSearch, responses((status = 200, body = Done)))]
async fn search_approval(Path(reference): Path<String>, sent: Sent<ApprovalOfSearch>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let form = SearchApprovalForm {
        approved_by: body.approved_by,
        approved_who: body.approved_who,
        approved_band: body.approved_band,
        approved_on: body.approved_on,
        approval_reference: body.reference,
    };
    let approval = read_search_approval(&form::fields(&form)?)?;
    Ok(changed(api.perform(&key, RecordSearchApproval { reference, version, approval }).await?))
}

/// A sibling's referral.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SiblingBody {
    /// Its reference; left out, the referral is taken out of its group.
    #[schema(example = "HEF-R-0043")]
    sibling: Option<String>,
}

/// Link a referral with a sibling's, or take it out of its group
#[utoipa::path(post, path = "/referrals/{reference}/siblings", tag = "referral", operation_id = "link_sibling", params(IfMatch), request_body = SiblingBody, responses((status = 200, body = Done)))]
async fn link_sibling(Path(reference): Path<String>, sent: Sent<SiblingBody>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    Ok(changed(api.perform(&key, LinkSibling { reference, version, sibling: body.sibling }).await?))
}

/// Why a referral is withdrawn.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Withdrawal {
    /// The reason.
    reason: code::WithdrawReason,
}

/// Withdraw a referral
#[utoipa::path(post, path = "/referrals/{reference}/withdraw", tag = "referral", operation_id = "withdraw_referral", params(IfMatch), request_body = Withdrawal, responses((status = 200, body = Done)))]
async fn withdraw(Path(reference): Path<String>, sent: Sent<Withdrawal>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    Ok(changed(api.perform(&key, WithdrawReferral { reference, version, reason: body.reason.0 }).await?))
}

/// Why no placement was made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EndOfSearch {
    /// The reason.
    reason: code::NotPlacedReason,
}

/// End a search without a placement
#[utoipa::path(post, path = "/referrals/{reference}/not-placed", tag = "referral", params(IfMatch), request_body = EndOfSearch, responses((status = 200, body = Done)))]
async fn not_placed(Path(reference): Path<String>, sent: Sent<EndOfSearch>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    Ok(changed(api.perform(&key, NotPlaced { reference, version, reason: body.reason.0 }).await?))
}
