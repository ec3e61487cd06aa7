//! Referrals: the list, one with all that stands on it, the homes that could meet the needs, and who the child is.

mod acts;
mod answers;
mod shown;

use axum::extract::Path;
use jiff::civil::Date;
use placewell_app::placing::referral::{ReferralFilter, ReferralTab};
use placewell_app::placing::referral::homes::Filters;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::paging::{Listed, Paging};
use crate::api::problem::Answered;
use crate::api::reply::{plain, versioned};
use crate::api::request::Api;
use crate::server::Web;
use shown::{CandidateLine, CheckShown, ChildShown, ReferralRow, ReferralShown, WhyLine};

/// The most referrals of one tab that are listed.
const MOST: u32 = 10_000;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(get))
        .routes(routes!(child))
        .routes(routes!(check))
        .routes(routes!(candidates))
        .routes(routes!(why))
        .merge(answers::routes())
        .merge(acts::routes())
}

/// List your authority's referrals
#[utoipa::path(get, path = "/referrals", tag = "referral", operation_id = "list_referrals", params(Paging), responses((status = 200, body = Listed<ReferralRow>)))]
async fn list(api: Api, paging: Paging) -> Answered {
    let filter = ReferralFilter::default();
    let found = api.app().referral_list(&api.actor, ReferralTab::All, &filter, 1, MOST).await?;
    Ok(plain(&paging.page(found.lines, |line| line.reference.to_string()).map(ReferralRow::from)))
}

/// Read a referral: homes asked, offers, and where it stands
#[utoipa::path(get, path = "/referrals/{reference}", tag = "referral", operation_id = "get_referral", responses((status = 200, body = ReferralShown)))]
async fn get(api: Api, Path(reference): Path<String>) -> Answered {
    let found = api.app().referral_record(&api.actor, &reference).await?;
    Ok(versioned(found.referral.version, &ReferralShown::of(found)))
}

/// Read who the child is
///
/// Every reading is recorded. No other operation tells it.
#[utoipa::path(get, path = "/referrals/{reference}/child", tag = "referral", responses((status = 200, body = ChildShown)))]
async fn child(api: Api, Path(reference): Path<String>) -> Answered {
    Ok(plain(&ChildShown::from(api.app().see_child(&api.actor, &reference).await?)))
}

/// Check a draft: what is missing, what must not stand in it
#[utoipa::path(get, path = "/referrals/{reference}/check", tag = "referral", operation_id = "check_referral", responses((status = 200, body = CheckShown)))]
async fn check(api: Api, Path(reference): Path<String>) -> Answered {
    let found = api.app().checked_referral(&api.actor, &reference).await?;
    Ok(versioned(found.referral.version, &CheckShown::of(&found)))
}

/// List the homes that could be asked, in the order of approach
#[utoipa::path(get, path = "/referrals/{reference}/homes", tag = "referral", operation_id = "list_candidates", responses((status = 200, body = Vec<CandidateLine>)))]
async fn candidates(api: Api, Path(reference): Path<String>) -> Answered {
    let found = api.app().candidates(&api.actor, &reference).await?;
    Ok(plain(&found.homes.into_iter().map(CandidateLine::from).collect::<Vec<_>>()))
}

/// Why one home, and why not.
#[derive(Debug, Serialize, ToSchema)]
struct WhyHome {
    /// The home's number.
    urn: String,
    /// As known on this day.
    as_of: Date,
    /// Every criterion.
    lines: Vec<WhyLine>,
}

/// Read why a home could be asked, or why not
#[utoipa::path(get, path = "/referrals/{reference}/homes/{urn}", tag = "referral", operation_id = "why_home", responses((status = 200, body = WhyHome)))]
async fn why(api: Api, Path((reference, urn)): Path<(String, String)>) -> Answered {
    let found = api.app().why_home(&api.actor, &reference, &urn, &Filters::default()).await?;
    let lines = found.lines.into_iter().map(WhyLine::from).collect();
    Ok(plain(&WhyHome { urn, as_of: api.now().today(), lines }))
}
