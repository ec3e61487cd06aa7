//! The arrangement: term, lots, terms, and where each participant's adoption stands.

mod region;
mod variation;

use axum::extract::Path;
use jiff::civil::Date;
use placewell_app::Outcome;
use placewell_app::placing::agreement::LeaveArrangement;
use placewell_app::power::arrangement::{AcceptTermsAsProvider, ArrangementPage, DecideOwn, ExtendTerm};
use placewell_domain::power::arrangement::{Instrument, OwnDecision, OwnUse, Participation};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::problem::Answered;
use crate::api::reply::{Done, changed, plain, versioned};
use crate::api::request::{Api, Sent};
use crate::api::value::IfMatch;
use crate::server::Web;
pub(crate) use region::BlockAtEnd;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(show))
        .routes(routes!(extend))
        .merge(variation::routes())
        .routes(routes!(own))
        .routes(routes!(use_extension))
        .routes(routes!(accept_terms))
        .routes(routes!(leave))
        .routes(routes!(accept_as_provider))
        .merge(region::routes())
}

/// The arrangement.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Arrangement)]
struct ArrangementShown {
    /// Its name in addresses.
    slug: String,
    /// Its title.
    title: String,
    /// Its version, also in the `ETag`.
    version: i64,
    /// The first day of the term.
    start: Date,
    /// The last day of the term, extensions used so far included.
    end: Date,
    /// Days left of the term.
    days_left: i64,
    /// Months of the option that are used.
    option_months_used: u16,
    /// Months of the option that are left.
    option_months_left: u16,
    /// Its lots.
    lots: Vec<LotLine>,
    /// The versions of its terms.
    terms: Vec<TermsLine>,
    /// The versions of its specification.
    specification: Vec<TermsLine>,
    /// Who takes part.
    participants: Vec<ParticipantLine>,
}

/// A lot.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Lot)]
struct LotLine {
    /// Its code.
    code: String,
    /// Its name.
    name: String,
    /// What it covers.
    description: String,
}

/// A version of the terms.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TermsVersion)]
struct TermsLine {
    /// Its name.
    #[schema(example = "3.1")]
    version: String,
    /// The first day on which it is used.
    from: Date,
    /// What changed.
    summary: String,
}

impl From<placewell_domain::power::arrangement::TermsVersion> for TermsLine {
    fn from(terms: placewell_domain::power::arrangement::TermsVersion) -> Self {
        Self { version: terms.version, from: terms.from, summary: terms.summary }
    }
}

/// A participant and its adoption.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Participant)]
struct ParticipantLine {
    /// The authority's code.
    code: String,
    /// Its name.
    name: String,
    /// Whether it can award today.
    can_award: bool,
    /// Where it stands, with its reason.
    reason: String,
    /// The reference of the decision that adopts.
    decision: Option<String>,
    /// The annual value that its decisions in force set.
    annual_value_pence: Option<i64>,
    /// The posts that hold the power to award, in the decision's words.
    delegates: Vec<String>,
    /// The first day on which it takes no part, where it has decided to leave.
    leaves: Option<Date>,
    /// The versions that it has not accepted: of the terms by their number, of the specification as `specification 1.0`.
    terms_not_accepted: Vec<String>,
}

/// Read the arrangement and its participants
#[utoipa::path(get, path = "/arrangement", tag = "arrangement", operation_id = "get_arrangement", responses((status = 200, body = ArrangementShown)))]
async fn show(api: Api) -> Answered {
    let found = api.app().arrangement_page().await?.ok_or(Outcome::NotFound)?;
    Ok(versioned(found.arrangement.version, &shown(found)))
}

fn shown(found: ArrangementPage) -> ArrangementShown {
    let ArrangementPage { arrangement, bar, participants } = found;
    ArrangementShown {
        slug: arrangement.slug,
        title: arrangement.title,
        version: arrangement.version,
        start: arrangement.term.start,
        end: bar.end,
        days_left: bar.days_left,
        option_months_used: bar.months_used,
        option_months_left: bar.months_left,
        lots: arrangement
            .lots
            .into_iter()
            .map(|lot| LotLine { code: lot.code, name: lot.name, description: lot.description })
            .collect(),
        terms: arrangement.terms.into_iter().map(Into::into).collect(),
        specification: arrangement.specification.into_iter().map(Into::into).collect(),
        participants: participants
            .into_iter()
            .map(|row| ParticipantLine {
                code: row.participant.code,
                name: row.participant.name,
                can_award: matches!(row.participation, Participation::CanAward { .. }),
                reason: row.participation.reason(),
                decision: row.reference,
                annual_value_pence: row.annual_value.map(|value| value.0),
                delegates: row.delegates,
                leaves: row.leaves,
                terms_not_accepted: row.not_accepted,
            })
            .collect(),
    }
}

/// A step of the option to extend.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ExtensionStep {
    /// The first day of the step; the day after the term as it stands, where none is given.
    #[serde(default)]
    from: Option<Date>,
    /// By how many months.
    #[schema(minimum = 1, example = 12)]
    months: u16,
    /// When the region decided it.
    decided_on: Date,
}

/// Extend the term by months of the option
#[utoipa::path(post, path = "/arrangement/{slug}/extend", tag = "arrangement", operation_id = "extend_term", params(IfMatch), request_body = ExtensionStep, responses((status = 200, body = Done)))]
async fn extend(Path(slug): Path<String>, sent: Sent<ExtensionStep>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let command = ExtendTerm { slug, version, from: body.from, months: body.months, decided_on: body.decided_on };
    Ok(changed(api.perform(&key, command).await?))
}

/// What an authority decided for itself.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OwnDecision)]
struct OwnLine {
    /// In words.
    what: String,
    /// On which day.
    on: Date,
    /// The decision that gives the power.
    decision: String,
    /// The limb's letter.
    limb: String,
    /// The post through which it was used.
    post: String,
}

impl From<&OwnUse> for OwnLine {
    fn from(one: &OwnUse) -> Self {
        Self {
            what: one.decision.words(),
            on: one.on,
            decision: one.power.reference.clone(),
            limb: one.power.letter.to_string(),
            post: one.power.title.clone(),
        }
    }
}

/// List what your authority decided for itself about the arrangement
#[utoipa::path(get, path = "/arrangement/own", tag = "arrangement", operation_id = "list_own_decisions", responses((status = 200, body = Vec<OwnLine>)))]
async fn own(api: Api) -> Answered {
    let found = api.app().own_arrangement(&api.actor).await?;
    Ok(plain(&found.uses.iter().map(OwnLine::from).collect::<Vec<_>>()))
}

/// The use of the extended term.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UseOfExtension {
    /// The last day.
    until: Date,
}

/// Use the extended term, under your own power
#[utoipa::path(post, path = "/arrangement/{slug}/use-extension", tag = "arrangement", operation_id = "use_extension", request_body = UseOfExtension, responses((status = 200, body = Done)))]
async fn use_extension(Path(slug): Path<String>, sent: Sent<UseOfExtension>) -> Answered {
    let Sent { api, body, key } = sent;
    let decision = OwnDecision::UseExtension { until: body.until };
    Ok(changed(api.perform(&key, DecideOwn { slug, decision }).await?))
}

/// The acceptance of terms.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AcceptanceOfTerms {
    /// Of what: `terms`, as where nothing is said, or `specification`.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    of: Instrument,
    /// The version's number.
    #[schema(max_length = 20, example = "1.1")]
    version: String,
}

/// Accept a version of the terms, under your own power
#[utoipa::path(post, path = "/arrangement/{slug}/accept-terms", tag = "arrangement", operation_id = "accept_terms", request_body = AcceptanceOfTerms, responses((status = 200, body = Done)))]
async fn accept_terms(Path(slug): Path<String>, sent: Sent<AcceptanceOfTerms>) -> Answered {
    let Sent { api, body, key } = sent;
    let decision = OwnDecision::accept(body.of, body.version);
    Ok(changed(api.perform(&key, DecideOwn { slug, decision }).await?))
}

/// Leaving the arrangement.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Leave {
    /// The first day without it.
    from: Date,
    /// Why the authority leaves.
    #[schema(max_length = 500)]
    reason: String,
}

/// Leave the arrangement from a day on, under your own power
#[utoipa::path(post, path = "/arrangement/{slug}/leave", tag = "arrangement", operation_id = "leave_arrangement", request_body = Leave, responses((status = 200, body = Done)))]
async fn leave(Path(slug): Path<String>, sent: Sent<Leave>) -> Answered {
    let Sent { api, body, key } = sent;
    Ok(changed(api.perform(&key, LeaveArrangement { slug, from: body.from, reason: body.reason }).await?))
}

/// A provider's acceptance of terms.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ProvidersAcceptance {
    /// Of what: `terms`, as where nothing is said, or `specification`.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    of: Instrument,
    /// The version's number.
    #[schema(max_length = 20, example = "1.1")]
    version: String,
    /// The signer's full name.
    #[schema(min_length = 2, max_length = 120)]
    name: String,
    /// The signer's role.
    #[schema(min_length = 2, max_length = 120)]
    role: String,
    /// "I have authority to sign".
    has_authority: bool,
}

/// Accept a version of the terms for your provider
#[utoipa::path(post, path = "/arrangement/{slug}/accept-terms-as-provider", tag = "arrangement", operation_id = "accept_terms_as_provider", request_body = ProvidersAcceptance, responses((status = 200, body = Done)))]
async fn accept_as_provider(Path(slug): Path<String>, sent: Sent<ProvidersAcceptance>) -> Answered {
    let Sent { api, body, key } = sent;
    let ProvidersAcceptance { of, version, name, role, has_authority } = body;
    let command = AcceptTermsAsProvider { slug, of, terms: version, name, role, has_authority };
    Ok(changed(api.perform(&key, command).await?))
}
