//! The role home: the officer's and the provider's days; others are led to their own worklist.
//!
//! It stands outside the wings because it leads into many rooms.

use axum::Router;
use axum::routing::get;
use placewell_domain::office::access::Role;

use crate::buying::spot;
use crate::placing::{approval, invitation, referral};
use crate::request::Signed;
use crate::respond::{Answered, redirect};
use crate::server::Web;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new().route("/home", get(home))
}

async fn home(signed: Signed) -> Answered {
    match signed.actor.role {
        Role::PlacementOfficer | Role::Guest => {
            let mut owed = approval::owed(&signed).await?;
            owed.extend(spot::owed(&signed).await?);
            referral::officers_day(signed, owed).await
        }
        Role::ProviderManager => invitation::day(signed).await,
        Role::Approver => Ok(redirect("/approvals")),
        Role::FinanceOfficer => Ok(redirect("/finance/annual-value")),
        Role::DemocraticServices => Ok(redirect("/democratic/decisions")),
        Role::CommissioningLead => Ok(redirect("/region/arrangement")),
        Role::Administrator => Ok(redirect("/admin/jobs")),
        Role::Analyst => Ok(redirect("/reports")),
    }
}
