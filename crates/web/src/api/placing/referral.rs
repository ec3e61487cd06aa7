//! Referrals: the list, one with all that stands on it, the homes that could meet the needs, and who the child is.

mod acts;
mod answers;
mod homes;
mod papers;
mod said;
mod shown;

use axum::extract::Path;
use axum::http::Uri;
use placewell_app::placing::referral::ReferralTab;
use placewell_domain::outcome::Invalid;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::paging::{Listed, Paging};
use crate::api::problem::Answered;
use crate::api::reply::{plain, versioned};
use crate::api::request::Api;
use crate::fields::Fields;
use crate::placing::referral::TABS;
use crate::server::Web;
use shown::{CheckShown, ChildShown, ReferralRow, ReferralShown};

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(get))
        .routes(routes!(child))
        .routes(routes!(check))
        .merge(homes::routes())
        .merge(answers::routes())
        .merge(acts::routes())
        .merge(said::routes())
        .merge(papers::routes())
}

/// Which referrals are listed.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code)] // described here, read from the query by name
struct Asked {
    /// One tab of the page; all where it is left out.
    #[param(required = false, value_type = Option<String>, example = "all")]
    tab: String,
}

/// List your authority's referrals
#[utoipa::path(get, path = "/referrals", tag = "referral", operation_id = "list_referrals", params(Paging, Asked), responses((status = 200, body = Listed<ReferralRow>)))]
async fn list(api: Api, paging: Paging, uri: Uri) -> Answered {
    let query = Fields::parse(uri.query().unwrap_or_default().as_bytes());
    let named = query.filled("tab").unwrap_or("all");
    let at = TABS.iter().position(|(code, _)| *code == named);
    let tab = at.and_then(|at| ReferralTab::ALL.get(at).copied()).ok_or_else(|| {
        let known: Vec<&str> = TABS.iter().map(|(code, _)| *code).collect();
        Invalid::one("tab", format!("Send one of {}", known.join(", ")))
    })?;
    let found = api.app().referrals_after(&api.actor, tab, paging.read()).await?;
    Ok(plain(&paging.cut(found, |line| line.reference.to_string()).map(ReferralRow::from)))
}

/// Read a referral: homes asked, offers, and where it stands
#[utoipa::path(get, path = "/referrals/{reference}", tag = "referral", operation_id = "get_referral", responses((status = 200, body = ReferralShown)))]
async fn get(api: Api, Path(reference): Path<String>) -> Answered {
    let found = api.app().referral_record(&api.actor, &reference).await?;
    Ok(versioned(found.referral.version, &ReferralShown::of(found)))
}

/// Read who the child is
///
/// Every reading is recorded. No other operation tells it. Its `ETag` is the one that a correction names.
#[utoipa::path(get, path = "/referrals/{reference}/child", tag = "referral", responses((status = 200, body = ChildShown)))]
async fn child(api: Api, Path(reference): Path<String>) -> Answered {
    let (version, identity) = api.app().see_child_record(&api.actor, &reference).await?;
    Ok(versioned(version, &ChildShown::from(identity)))
}

/// Check a draft: what is missing, what must not stand in it
#[utoipa::path(get, path = "/referrals/{reference}/check", tag = "referral", operation_id = "check_referral", responses((status = 200, body = CheckShown)))]
async fn check(api: Api, Path(reference): Path<String>) -> Answered {
    let found = api.app().checked_referral(&api.actor, &reference).await?;
    Ok(versioned(found.referral.version, &CheckShown::of(&found)))
}
