//! Offers: written, changed and withdrawn by a provider; recorded, shortlisted and closed by the authority.

mod body;
mod shown;
mod wording;

use axum::extract::Path;
use axum::http::Uri;
use jiff::civil::{Date, DateTime};
use placewell_app::Outcome;
use placewell_app::placing::invitation::Answering;
use placewell_app::placing::offer::{AmendOffer, JudgeOffer, RecordOffer, WithdrawOffer, WriteOffer};
use placewell_domain::homes::home::NeedSet;
use placewell_domain::id::InvitationId;
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::invitation::Evidence;
use placewell_domain::placing::offer::{OfferTerms, OfferWords};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::code;
use crate::api::problem::{Answered, Problem};
use crate::api::reply::{Done, changed, made, plain, versioned};
use crate::api::request::{Api, Sent};
use crate::api::value::{Id, IfMatch, Nothing};
use crate::fields::Fields;
use crate::placing::invitation::written::read_offer;
use crate::server::Web;
use body::OfferBody;
use shown::OfferShown;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(get))
        .routes(routes!(write))
        .routes(routes!(change))
        .routes(routes!(withdraw))
        .routes(routes!(record))
        .routes(routes!(beds))
        .routes(routes!(shortlist))
        .routes(routes!(not_chosen))
        .merge(wording::routes())
}

fn read(body: &OfferBody, must_haves: NeedSet) -> Result<(OfferTerms, OfferWords), Problem> {
    let mut invalid = Invalid::default();
    let fields = body.form(&mut invalid);
    let found = read_offer(&fields, must_haves, &mut invalid);
    invalid.or(())?;
    found.ok_or_else(|| Problem::field("start", "Send start, core_weekly_pence and valid_until"))
}

async fn must_haves(api: &Api, invitation: i64) -> Result<NeedSet, Problem> {
    let found = api.app().received_invitation(&api.actor, InvitationId(invitation)).await?;
    Ok(found.invitation.profile.must_haves)
}

/// Read an offer to a referral
#[utoipa::path(get, path = "/referrals/{reference}/offers/{number}", tag = "offer", operation_id = "get_offer", responses((status = 200, body = OfferShown)))]
async fn get(api: Api, Path((reference, number)): Path<(String, u32)>) -> Answered {
    let (record, offer, words) = api.app().referral_offer(&api.actor, &reference, number).await?;
    let changed = api.app().residents_changed(&api.actor, &offer).await?;
    let bed = api.app().bed_named(&api.actor, &offer).await?;
    let shown = OfferShown::of(&record, (&offer, words), (bed, changed), api.now());
    Ok(versioned(offer.version, &shown))
}

/// An offer to write.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WriteBody {
    /// The offer.
    offer: OfferBody,
    /// Send it; or keep it as a draft.
    send: bool,
    /// The version of the draft that it replaces; 0 where there is none.
    #[serde(default)]
    draft_version: i64,
    /// Why it comes late, where it does.
    late_reason: Option<code::LateReason>,
}

/// Write an offer, and send it
#[utoipa::path(post, path = "/invitations/{id}/offer", tag = "offer", operation_id = "write_offer", request_body = WriteBody, responses((status = 201, body = Done)))]
async fn write(Path(id): Path<i64>, sent: Sent<WriteBody>) -> Answered {
    let Sent { api, body, key } = sent;
    let (terms, words) = read(&body.offer, must_haves(&api, id).await?)?;
    let command = WriteOffer {
        to: Answering { invitation: id, link: None },
        version: body.draft_version,
        terms,
        words,
        send: body.send,
        page_opened: None,
        late_reason: body.late_reason.map(|code| code.0),
    };
    Ok(made(api.perform(&key, command).await?))
}

/// A changed offer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangeBody {
    /// The whole offer as it shall be.
    offer: OfferBody,
    /// Why.
    reason: code::AmendReason,
}

/// Change an offer that you have sent
#[utoipa::path(post, path = "/invitations/{id}/offer/change", tag = "offer", operation_id = "change_offer", params(IfMatch), request_body = ChangeBody, responses((status = 200, body = Done)))]
async fn change(Path(id): Path<i64>, sent: Sent<ChangeBody>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let (terms, words) = read(&body.offer, must_haves(&api, id).await?)?;
    let to = Answering { invitation: id, link: None };
    Ok(changed(api.perform(&key, AmendOffer { to, version, terms, words, reason: body.reason.0 }).await?))
}

/// Take your offer back
#[utoipa::path(post, path = "/invitations/{id}/offer/withdraw", tag = "offer", operation_id = "withdraw_offer", params(IfMatch), request_body = Nothing, responses((status = 200, body = Done)))]
async fn withdraw(Path(id): Path<i64>, sent: Sent<Nothing>) -> Answered {
    let version = sent.version()?;
    let Sent { api, key, .. } = sent;
    Ok(changed(api.perform(&key, WithdrawOffer { to: Answering { invitation: id, link: None }, version }).await?))
}

/// An offer made by phone or e-mail.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RecordBody {
    /// The offer.
    offer: OfferBody,
    /// `phone`, `email` or `in_person`.
    channel: code::Channel,
    /// When the home said it, on the clock in London.
    #[schema(value_type = String, example = "2021-09-13T09:40:00")]
    said_at: DateTime,
    /// Who said it for the home; sealed.
    #[schema(max_length = 120)]
    said_by: String,
    /// The note of what was said, or the e-mail's text; sealed.
    #[schema(max_length = 4000)]
    evidence: String,
    /// Why it comes late, where it does.
    late_reason: Option<code::LateReason>,
}

/// Record an offer that a home made by phone or e-mail
#[utoipa::path(post, path = "/referrals/{reference}/invitations/{number}/offer", tag = "offer", operation_id = "record_offer", request_body = RecordBody, responses((status = 201, body = Done)))]
async fn record(Path((reference, number)): Path<(String, u32)>, sent: Sent<RecordBody>) -> Answered {
    let Sent { api, body, key } = sent;
    let found = api.app().referral_record(&api.actor, &reference).await?;
    let invitation = found.invitations.iter().find(|one| one.number == number).ok_or(Outcome::NotFound)?;
    let (terms, words) = read(&body.offer, invitation.profile.must_haves)?;
    let command = RecordOffer {
        reference,
        number,
        terms,
        words,
        channel: body.channel.0,
        said_at: body.said_at,
        evidence: Evidence { said_by: body.said_by, words: body.evidence },
        late_reason: body.late_reason.map(|code| code.0),
    };
    Ok(made(api.perform(&key, command).await?))
}

/// From which night.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code)] // read from the address; described here
struct FirstNight {
    /// The first night of the offer; the one that was asked for where it is left out.
    #[param(value_type = Option<String>, format = Date, required = false, example = "2021-09-27")]
    from: Option<Date>,
}

/// A bed that an offer can name.
#[derive(Debug, Serialize, ToSchema)]
struct BedToName {
    /// Its id.
    id: Id,
    /// What the home calls it.
    #[schema(example = "Room 2")]
    label: String,
}

/// List the beds that an offer you record for a home can name
///
/// Those that are free from the first night to the planned end.
#[utoipa::path(get, path = "/referrals/{reference}/invitations/{number}/beds", tag = "offer", operation_id = "list_beds_to_name", params(FirstNight), responses((status = 200, body = Vec<BedToName>)))]
async fn beds(api: Api, Path((reference, number)): Path<(String, u32)>, uri: Uri) -> Answered {
    let found = api.app().referral_record(&api.actor, &reference).await?;
    let invitation = found.invitations.iter().find(|one| one.number == number).ok_or(Outcome::NotFound)?;
    let mut invalid = Invalid::default();
    let query = Fields::parse(uri.query().unwrap_or_default().as_bytes());
    let from = query.optional_date("from", "Send the first night, like 2021-09-27", &mut invalid);
    invalid.or(())?;
    let first = from.or(invitation.profile.start).unwrap_or_else(|| api.now().today());
    let free = api.app().beds_to_offer(&api.actor, invitation, first).await?.into_iter();
    Ok(plain(&free.map(|bed| BedToName { id: Id(bed.id.0), label: bed.label }).collect::<Vec<_>>()))
}

/// Put an offer on the shortlist
#[utoipa::path(post, path = "/referrals/{reference}/offers/{number}/shortlist", tag = "offer", operation_id = "shortlist_offer", params(IfMatch), request_body = Nothing, responses((status = 200, body = Done)))]
async fn shortlist(Path((reference, number)): Path<(String, u32)>, sent: Sent<Nothing>) -> Answered {
    let version = sent.version()?;
    let Sent { api, key, .. } = sent;
    Ok(changed(api.perform(&key, JudgeOffer { reference, number, version, not_chosen: None }).await?))
}

/// Why an offer is not chosen.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NotChosen {
    /// The reason that the home will be told.
    reason: code::NotChosenReason,
}

/// Close an offer as not chosen
#[utoipa::path(post, path = "/referrals/{reference}/offers/{number}/not-chosen", tag = "offer", operation_id = "offer_not_chosen", params(IfMatch), request_body = NotChosen, responses((status = 200, body = Done)))]
async fn not_chosen(Path((reference, number)): Path<(String, u32)>, sent: Sent<NotChosen>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let not_chosen = Some(body.reason.0);
    Ok(changed(api.perform(&key, JudgeOffer { reference, number, version, not_chosen }).await?))
}
