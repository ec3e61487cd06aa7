//! What the regional team changes of the arrangement: the extension, participants, lots, windows, the successor.

use axum::extract::Path;
use jiff::civil::Date;
use placewell_app::Outcome;
use placewell_app::power::arrangement::{
    KeepAct, KeepArrangement, OpenSuccessor, ProposeExtension, RecordSuccessor, WithdrawExtension,
};
use placewell_domain::power::arrangement::{BlockSurvival, Lot, OpeningWindow, TermsVersion};
use placewell_domain::power::decision::Says;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{LotLine, TermsLine};
use crate::api::problem::Answered;
use crate::api::reply::{Done, changed, made, plain, versioned};
use crate::api::request::{Api, Sent};
use crate::api::value::{IfMatch, Nothing};
use crate::server::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(extension))
        .routes(routes!(propose))
        .routes(routes!(withdraw))
        .routes(routes!(accepted))
        .routes(routes!(add_participant))
        .routes(routes!(remove_participant))
        .routes(routes!(keep_lot))
        .routes(routes!(remove_lot))
        .routes(routes!(close_lot))
        .routes(routes!(reopen_lot))
        .routes(routes!(add_window))
        .routes(routes!(remove_window))
        .routes(routes!(successor))
        .routes(routes!(record_successor))
        .routes(routes!(open_successor))
}

/// What becomes of a live agreement.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AgreementAtEnd)]
pub(super) struct SurvivalLine {
    /// Its reference.
    reference: String,
    /// The day after its last planned night.
    planned_end: Date,
    /// Planned nights after the end.
    nights_after: i64,
    /// `ends_within`, `goes_on` or `moved`.
    then: String,
    /// The answer as a sentence.
    sentence: String,
}

impl From<&placewell_domain::power::arrangement::Survival> for SurvivalLine {
    fn from(one: &placewell_domain::power::arrangement::Survival) -> Self {
        Self {
            reference: one.reference.clone(),
            planned_end: one.planned_end,
            nights_after: one.nights_after,
            then: one.then.code().to_owned(),
            sentence: one.sentence(),
        }
    }
}

/// A share of a mini-block and what becomes of it at an end.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BlockAtEnd {
    /// The mini-block's reference.
    reference: String,
    /// The authority's share.
    #[schema(example = "60%")]
    share: String,
    /// The day after its last night.
    until: Date,
    /// Its nights after the last day.
    nights_after: i64,
    /// `ends_within`, `goes_on`, `to_decide` or `to_share_anew`.
    then: String,
    /// The answer as a sentence.
    sentence: String,
}

impl From<&BlockSurvival> for BlockAtEnd {
    fn from(one: &BlockSurvival) -> Self {
        Self {
            reference: one.reference.clone(),
            share: one.share.clone(),
            until: one.until,
            nights_after: one.nights_after,
            then: one.then.code().to_owned(),
            sentence: one.sentence(),
        }
    }
}

/// Where an authority stands to the extension.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ExtensionAnswer)]
struct AnswerLine {
    /// The authority's code.
    code: String,
    /// The last day of the extended term that its decision uses.
    until: Option<Date>,
    /// Whether the ceiling goes on: `yes`, `no` or `unknown`, which means: ask.
    ceiling: String,
    /// Whether limbs (b) and (c) go on.
    limbs: String,
    /// Whether they hold for blocks that outlive the term.
    blocks: String,
    /// The last day to publish the 28 days' notice, where it has not decided.
    notice_by: Option<Date>,
    /// The last day to decide and publish, where it has not decided.
    decide_by: Option<Date>,
    /// The first day without it, where it leaves.
    leaves: Option<Date>,
    /// Its live agreements when it decided to leave, and what becomes of each.
    agreements: Vec<SurvivalLine>,
    /// Its shares of mini-blocks then, and what becomes of each.
    mini_blocks: Vec<BlockAtEnd>,
}

/// The extension as the region runs it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Extension)]
struct ExtensionShown {
    /// The last day of the term as it stands.
    end: Date,
    /// Months of the option that are left.
    months_left: u16,
    /// The last day if the whole option is used.
    longest_end: Date,
    /// The last day of the step that is proposed.
    proposed_until: Option<Date>,
    /// Until when each authority is asked for its decision.
    answer_by: Option<Date>,
    /// The authorities.
    authorities: Vec<AnswerLine>,
}

/// Read where each authority stands to the extension
#[utoipa::path(get, path = "/arrangement/extension", tag = "arrangement", operation_id = "get_extension", responses((status = 200, body = ExtensionShown)))]
async fn extension(api: Api) -> Answered {
    let found = api.app().extension_page(&api.actor).await?;
    let proposal = found.page.arrangement.ahead.proposal;
    let code = |says: Says| says.code().to_owned();
    let authorities = found.page.participants.iter().map(|row| {
        let leaving = found.leavings.iter().find(|one| one.authority == row.participant.organisation);
        AnswerLine {
            code: row.participant.code.clone(),
            until: row.says.1,
            ceiling: code(row.says.0.ceiling),
            limbs: code(row.says.0.limbs),
            blocks: code(row.says.0.blocks),
            notice_by: row.in_time.and_then(|days| days.notice_by),
            decide_by: row.in_time.map(|days| days.decide_by),
            leaves: row.leaves,
            agreements: leaving.map(|one| one.agreements.iter().map(SurvivalLine::from).collect()).unwrap_or_default(),
            mini_blocks: leaving.map(|one| one.blocks.iter().map(BlockAtEnd::from).collect()).unwrap_or_default(),
        }
    });
    Ok(plain(&ExtensionShown {
        end: found.page.bar.end,
        months_left: found.page.bar.months_left,
        longest_end: found.page.bar.longest_end,
        proposed_until: proposal.map(|proposal| proposal.until),
        answer_by: proposal.map(|proposal| proposal.answer_by),
        authorities: authorities.collect(),
    }))
}

/// A step that is proposed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ExtensionProposal {
    /// The first day of the step; the day after the term as it stands, where none is given.
    #[serde(default)]
    from: Option<Date>,
    /// By how many months.
    #[schema(minimum = 1, example = 12)]
    months: u16,
    /// Until when each authority is asked for its decision.
    answer_by: Date,
}

/// Propose a step of the extension to the authorities
#[utoipa::path(post, path = "/arrangement/{slug}/propose-extension", tag = "arrangement", operation_id = "propose_extension", params(IfMatch), request_body = ExtensionProposal, responses((status = 200, body = Done)))]
async fn propose(Path(slug): Path<String>, sent: Sent<ExtensionProposal>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let ExtensionProposal { from, months, answer_by } = body;
    Ok(changed(api.perform(&key, ProposeExtension { slug, version, from, months, answer_by }).await?))
}

/// Take the proposal to extend back
#[utoipa::path(post, path = "/arrangement/{slug}/withdraw-extension", tag = "arrangement", operation_id = "withdraw_extension", params(IfMatch), request_body = Nothing, responses((status = 200, body = Done)))]
async fn withdraw(Path(slug): Path<String>, sent: Sent<Nothing>) -> Answered {
    let version = sent.version()?;
    let Sent { api, key, .. } = sent;
    Ok(changed(api.perform(&key, WithdrawExtension { slug, version }).await?))
}

/// Who has not accepted a version of the terms.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TermsAcceptance)]
struct AcceptedLine {
    /// Of what: `terms` or `specification`.
    of: &'static str,
    /// The version.
    version: String,
    /// The authorities that have not accepted it, by name.
    authorities: Vec<String>,
    /// The providers with an admitted home that have not accepted it, by name.
    providers: Vec<String>,
}

/// List who has not accepted which version of the terms
#[utoipa::path(get, path = "/arrangement/terms-accepted", tag = "arrangement", operation_id = "list_terms_accepted", responses((status = 200, body = Vec<AcceptedLine>)))]
async fn accepted(api: Api) -> Answered {
    let lines = api.app().terms_accepted(&api.actor).await?.into_iter().map(|line| AcceptedLine {
        of: line.of.code(),
        version: line.terms.version,
        authorities: line.authorities,
        providers: line.providers,
    });
    Ok(plain(&lines.collect::<Vec<_>>()))
}

async fn keep<T>(slug: String, sent: Sent<T>, act: fn(T) -> KeepAct) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    Ok(changed(api.perform(&key, KeepArrangement { slug, version, act: act(body) }).await?))
}

/// A code.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ArrangementCode)]
struct Code {
    /// The code of the authority or the lot.
    #[schema(max_length = 40, example = "HEF")]
    code: String,
}

/// Take in a participant
#[utoipa::path(post, path = "/arrangement/{slug}/add-participant", tag = "arrangement", operation_id = "add_participant", params(IfMatch), request_body = Code, responses((status = 200, body = Done)))]
async fn add_participant(Path(slug): Path<String>, sent: Sent<Code>) -> Answered {
    keep(slug, sent, |body| KeepAct::AddParticipant(body.code)).await
}

/// Take a participant that has not adopted off the list
#[utoipa::path(post, path = "/arrangement/{slug}/remove-participant", tag = "arrangement", operation_id = "remove_participant", params(IfMatch), request_body = Code, responses((status = 200, body = Done)))]
async fn remove_participant(Path(slug): Path<String>, sent: Sent<Code>) -> Answered {
    keep(slug, sent, |body| KeepAct::RemoveParticipant(body.code)).await
}

/// Add a lot, or rewrite the one with its code
#[utoipa::path(post, path = "/arrangement/{slug}/keep-lot", tag = "arrangement", operation_id = "keep_lot", params(IfMatch), request_body = LotLine, responses((status = 200, body = Done)))]
async fn keep_lot(Path(slug): Path<String>, sent: Sent<LotLine>) -> Answered {
    keep(slug, sent, |body| KeepAct::KeepLot(lot(body))).await
}

fn lot(line: LotLine) -> Lot {
    Lot { code: line.code, name: line.name, description: line.description }
}

/// Take a lot off the list to which no home was admitted
#[utoipa::path(post, path = "/arrangement/{slug}/remove-lot", tag = "arrangement", operation_id = "remove_lot", params(IfMatch), request_body = Code, responses((status = 200, body = Done)))]
async fn remove_lot(Path(slug): Path<String>, sent: Sent<Code>) -> Answered {
    keep(slug, sent, |body| KeepAct::RemoveLot(body.code)).await
}

/// A lot to close.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LotToClose {
    /// The lot's code.
    #[schema(max_length = 40, example = "crisis")]
    code: String,
    /// The first day on which it is closed.
    from: Date,
}

/// Close a lot: from that day nothing new begins on it, and what was agreed on it goes on
#[utoipa::path(post, path = "/arrangement/{slug}/close-lot", tag = "arrangement", operation_id = "close_lot", params(IfMatch), request_body = LotToClose, responses((status = 200, body = Done)))]
async fn close_lot(Path(slug): Path<String>, sent: Sent<LotToClose>) -> Answered {
    keep(slug, sent, |body| KeepAct::CloseLot(body.code, body.from)).await
}

/// Open a closed lot again
#[utoipa::path(post, path = "/arrangement/{slug}/reopen-lot", tag = "arrangement", operation_id = "reopen_lot", params(IfMatch), request_body = Code, responses((status = 200, body = Done)))]
async fn reopen_lot(Path(slug): Path<String>, sent: Sent<Code>) -> Answered {
    keep(slug, sent, |body| KeepAct::ReopenLot(body.code)).await
}

/// An opening window.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = OpeningWindow)]
struct Window {
    /// The first day.
    from: Date,
    /// The last day.
    to: Date,
}

/// Add an opening window
#[utoipa::path(post, path = "/arrangement/{slug}/add-window", tag = "arrangement", operation_id = "add_window", params(IfMatch), request_body = Window, responses((status = 200, body = Done)))]
async fn add_window(Path(slug): Path<String>, sent: Sent<Window>) -> Answered {
    keep(slug, sent, |body| KeepAct::AddWindow(OpeningWindow { from: body.from, to: body.to })).await
}

/// The first day of an opening window.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WindowStart {
    /// The first day.
    from: Date,
}

/// Take back an opening window that has not begun
#[utoipa::path(post, path = "/arrangement/{slug}/remove-window", tag = "arrangement", operation_id = "remove_window", params(IfMatch), request_body = WindowStart, responses((status = 200, body = Done)))]
async fn remove_window(Path(slug): Path<String>, sent: Sent<WindowStart>) -> Answered {
    keep(slug, sent, |body| KeepAct::RemoveWindow(body.from)).await
}

/// The arrangement that follows.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Successor)]
struct SuccessorBody {
    /// Its name in addresses.
    #[schema(max_length = 40, example = "fca-2025")]
    slug: String,
    /// Its title.
    title: String,
    /// The first day.
    start: Date,
    /// The last day of its initial term.
    end: Date,
    /// Months by which it may be extended.
    option_months: u16,
    /// Its lots; those of the arrangement that it follows, where none are given.
    #[serde(default)]
    lots: Vec<LotLine>,
    /// The first version of its terms.
    terms: TermsLine,
}

/// The arrangement that follows the one in use.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SuccessorShown)]
struct SuccessorRead {
    /// Its name in addresses.
    slug: String,
    /// Its version, also in the `ETag`: what opening it sends as `If-Match`.
    version: i64,
    /// Its title.
    title: String,
    /// The name of the one that it follows.
    follows: Option<String>,
    /// Whether it is prepared and not open yet.
    prepared: bool,
    /// The first day of its initial term.
    start: Date,
    /// The last day of its initial term.
    end: Date,
    /// Months by which it may be extended.
    option_months: u16,
    /// Its lots.
    lots: Vec<LotLine>,
    /// The versions of its terms.
    terms: Vec<TermsLine>,
}

/// Read the arrangement that follows the one in use
///
/// Once it is open, it is the one in use and is read here still.
#[utoipa::path(get, path = "/arrangement/successor", tag = "arrangement", operation_id = "get_successor", responses((status = 200, body = SuccessorRead)))]
async fn successor(api: Api) -> Answered {
    let found = api.app().successor_page(&api.actor).await?.successor.ok_or(Outcome::NotFound)?;
    let lots = found.lots.into_iter();
    Ok(versioned(
        found.version,
        &SuccessorRead {
            slug: found.slug,
            version: found.version,
            title: found.title,
            follows: found.ahead.follows,
            prepared: found.ahead.prepared,
            start: found.term.start,
            end: found.term.end,
            option_months: found.term.option_months,
            lots: lots.map(|lot| LotLine { code: lot.code, name: lot.name, description: lot.description }).collect(),
            terms: found.terms.into_iter().map(TermsLine::from).collect(),
        },
    ))
}

/// Record the arrangement that follows this one
#[utoipa::path(post, path = "/arrangement/{slug}/successor", tag = "arrangement", operation_id = "record_successor", request_body = SuccessorBody, responses((status = 201, body = Done)))]
async fn record_successor(Path(slug): Path<String>, sent: Sent<SuccessorBody>) -> Answered {
    let Sent { api, body, key } = sent;
    let command = RecordSuccessor {
        follows: slug,
        slug: body.slug,
        title: body.title,
        start: body.start,
        end: body.end,
        option_months: body.option_months,
        lots: body.lots.into_iter().map(lot).collect(),
        terms: TermsVersion { version: body.terms.version, from: body.terms.from, summary: body.terms.summary },
    };
    Ok(made(api.perform(&key, command).await?))
}

/// Open the successor: awards go through it from now on
#[utoipa::path(post, path = "/arrangement/{slug}/open", tag = "arrangement", operation_id = "open_successor", params(IfMatch), request_body = Nothing, responses((status = 200, body = Done)))]
async fn open_successor(Path(slug): Path<String>, sent: Sent<Nothing>) -> Answered {
    let version = sent.version()?;
    let Sent { api, key, .. } = sent;
    Ok(changed(api.perform(&key, OpenSuccessor { slug, version }).await?))
}
