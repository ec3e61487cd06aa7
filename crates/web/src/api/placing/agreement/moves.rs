//! Live agreements at the end of the term, and moving them to the successor with the consent of both sides.

use axum::extract::Path;
use jiff::civil::Date;
use placewell_app::placing::agreement::{ConsentMove, DeclineMove, OfferMoves, TakeBackMove};
use placewell_domain::placing::agreement::MoveAnswer;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::code;
use crate::api::power::arrangement::BlockAtEnd;
use crate::api::problem::Answered;
use crate::api::reply::{Done, changed, plain};
use crate::api::request::{Api, Sent};
use crate::api::value::{IfMatch, Nothing};
use crate::server::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(outliving))
        .routes(routes!(moves))
        .routes(routes!(offer))
        .routes(routes!(consent))
        .routes(routes!(decline))
        .routes(routes!(take_back))
}

/// A live agreement and what becomes of it at the end of the term.
#[derive(Debug, Serialize, ToSchema)]
struct AgreementAfterTerm {
    /// Its reference.
    reference: String,
    /// The day after its last planned night.
    planned_end: Date,
    /// Planned nights after the last day of the term.
    nights_after: i64,
    /// `ends_within`, `goes_on` or `moved`.
    then: String,
    /// The answer as a sentence.
    sentence: String,
}

/// A warning before the end of the term.
#[derive(Debug, Serialize, ToSchema)]
struct WarningOfEnd {
    /// Fewer than so many months are left.
    #[schema(example = 12)]
    months: u8,
    /// From which day on.
    from: Date,
    /// Whether it is the one that holds today.
    holds: bool,
    /// Whether those who decide were told by mail.
    told: bool,
}

/// The last day of the authority's term with its live agreements.
#[derive(Debug, Serialize, ToSchema)]
struct AgreementsAfterTerm {
    /// The last day.
    last_day: Date,
    /// The warnings before the end of the term, the earliest first; empty where the authority leaves.
    warnings: Vec<WarningOfEnd>,
    /// The agreements, those that run past it first.
    agreements: Vec<AgreementAfterTerm>,
    /// The running mini-blocks of which the authority pays a share, those that run past it first.
    mini_blocks: Vec<BlockAtEnd>,
}

/// List live agreements with whether each survives the end of the term
#[utoipa::path(get, path = "/agreements/past-the-term", tag = "agreement", operation_id = "list_agreements_past_the_term", responses((status = 200, body = AgreementsAfterTerm)))]
async fn outliving(api: Api) -> Answered {
    let (last_day, lines) = api.app().outliving_agreements(&api.actor).await?;
    let agreements = lines.into_iter().map(|line| AgreementAfterTerm {
        sentence: line.survival.sentence(),
        then: line.survival.then.code().to_owned(),
        reference: line.survival.reference,
        planned_end: line.survival.planned_end,
        nights_after: line.survival.nights_after,
    });
    let mini_blocks = api.app().outliving_blocks(&api.actor).await?.iter().map(BlockAtEnd::from).collect();
    let warnings = api.app().term_warnings(&api.actor).await?;
    let warnings = warnings.into_iter().map(|one| WarningOfEnd {
        months: one.months,
        from: one.from,
        holds: one.now,
        told: one.told,
    });
    let (warnings, agreements) = (warnings.collect(), agreements.collect());
    Ok(plain(&AgreementsAfterTerm { last_day, warnings, agreements, mini_blocks }))
}

/// A live agreement with the last offer to move it.
#[derive(Debug, Serialize, ToSchema)]
struct AgreementMove {
    /// Its reference.
    reference: String,
    /// Its version, for `If-Match`.
    version: i64,
    /// The successor's name in addresses, where a move was offered.
    to: Option<String>,
    /// The first night under it.
    on: Option<Date>,
    /// The version of its terms that then binds.
    terms: Option<String>,
    /// `offered`, `consented`, `declined` or `taken_back`; null where nothing was offered.
    answer: Option<&'static str>,
}

/// List live agreements with what is offered and answered about moving them
#[utoipa::path(get, path = "/agreements/moves", tag = "agreement", operation_id = "list_moves", responses((status = 200, body = Vec<AgreementMove>)))]
async fn moves(api: Api) -> Answered {
    let found = api.app().moves(&api.actor).await?;
    let lines = found.lines.into_iter().map(|line| AgreementMove {
        reference: line.reference,
        version: line.version,
        to: line.last.as_ref().map(|offer| offer.to.slug.clone()),
        on: line.last.as_ref().map(|offer| offer.to.on),
        terms: line.last.as_ref().map(|offer| offer.to.terms_version.clone()),
        answer: line.last.as_ref().map(|offer| match offer.answer {
            None => "offered",
            Some(MoveAnswer::Consented { .. }) => "consented",
            Some(MoveAnswer::Declined { .. }) => "declined",
            Some(MoveAnswer::TakenBack { .. }) => "taken_back",
        }),
    });
    Ok(plain(&lines.collect::<Vec<_>>()))
}

/// Agreements to move.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MovesOffered {
    /// Their references; all are offered, or none.
    agreements: Vec<String>,
    /// The successor's name in addresses.
    #[schema(max_length = 40)]
    to: String,
    /// The first night under it.
    on: Date,
}

/// Offer to move agreements to the successor, under your own power
#[utoipa::path(post, path = "/agreements/moves", tag = "agreement", operation_id = "offer_moves", request_body = MovesOffered, responses((status = 200, body = Done)))]
async fn offer(sent: Sent<MovesOffered>) -> Answered {
    let Sent { api, body, key } = sent;
    let command = OfferMoves { references: body.agreements, to: body.to, on: body.on };
    Ok(changed(api.perform(&key, command).await?))
}

/// The provider's consent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MoveConsent {
    /// The signer's full name.
    #[schema(min_length = 2, max_length = 120)]
    name: String,
    /// The signer's role.
    #[schema(min_length = 2, max_length = 120)]
    role: String,
    /// "I have authority to sign".
    has_authority: bool,
}

/// Consent to move an agreement to the successor
#[utoipa::path(post, path = "/agreements/{reference}/consent-move", tag = "agreement", operation_id = "consent_move", params(IfMatch), request_body = MoveConsent, responses((status = 200, body = Done)))]
async fn consent(Path(reference): Path<String>, sent: Sent<MoveConsent>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let MoveConsent { name, role, has_authority } = body;
    Ok(changed(api.perform(&key, ConsentMove { reference, version, name, role, has_authority }).await?))
}

/// Why a move is declined.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MoveDeclined {
    /// Why.
    reason: code::MoveDecline,
}

/// Decline to move an agreement to the successor
#[utoipa::path(post, path = "/agreements/{reference}/decline-move", tag = "agreement", operation_id = "decline_move", params(IfMatch), request_body = MoveDeclined, responses((status = 200, body = Done)))]
async fn decline(Path(reference): Path<String>, sent: Sent<MoveDeclined>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let reason = body.reason.0;
    Ok(changed(api.perform(&key, DeclineMove { reference, version, reason }).await?))
}

/// Take back an offer to move an agreement
#[utoipa::path(post, path = "/agreements/{reference}/take-back-move", tag = "agreement", operation_id = "take_back_move", params(IfMatch), request_body = Nothing, responses((status = 200, body = Done)))]
async fn take_back(Path(reference): Path<String>, sent: Sent<Nothing>) -> Answered {
    let version = sent.version()?;
    let Sent { api, key, .. } = sent;
    Ok(changed(api.perform(&key, TakeBackMove { reference, version }).await?))
}
