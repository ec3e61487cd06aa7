//! The role home: the officer's and the provider's days; others are led to their own worklist.
//!
//! It stands outside the wings because it leads into many rooms.

use axum::Router;
use axum::routing::get;
use placewell_app::owed::Owed;
use placewell_domain::office::access::{Action, Role, may};
use placewell_pages::homes::home::register_banner;
use placewell_pages::owed::{OwedView, lead_page};
use placewell_pages::page::Page;
use placewell_pages::placing::referral::list::NeedView;
use placewell_pages::power::arrangement::{TermEndView, term_notice};
use placewell_pages::words;

use crate::buying::spot;
use crate::placing::{approval, child, invitation, referral};
use crate::request::Signed;
use crate::respond::{Answered, Failure, OrFail, page, redirect};
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
            owed.extend(child::owed(&signed).await?);
            owed.extend(self::owed(&signed).await?.into_iter().map(need));
            referral::officers_day(signed, owed).await
        }
        Role::ProviderManager => invitation::day(signed).await,
        Role::Approver => Ok(redirect("/approvals")),
        Role::FinanceOfficer => Ok(redirect("/finance/annual-value")),
        Role::DemocraticServices => Ok(redirect("/democratic/decisions")),
        Role::CommissioningLead => {
            let mut shell = signed.shell();
            let old = signed.app().register_is_old(&signed.actor).await.or_fail(&signed)?;
            shell.banner = old.map(|(day, days)| register_banner(day, days));
            let day = lead_page(shell, &owed(&signed).await?);
            Ok(page(&warned(&signed, day).await?))
        }
        Role::Administrator => Ok(redirect("/admin/jobs")),
        Role::Analyst => Ok(redirect("/reports")),
    }
}

/// What waits for whoever asks, the earliest first.
pub(crate) async fn owed(signed: &Signed) -> Result<Vec<OwedView>, Failure> {
    let today = signed.now().today();
    let found = signed.app().owed(&signed.actor).await.or_fail(signed)?;
    let line = |one: Owed| OwedView {
        late: one.late(today),
        about: one.about,
        what: one.what,
        due: one.due,
        act: (one.act.to_owned(), one.path),
    };
    Ok(found.into_iter().map(line).collect())
}

/// The same as a line of an officer's day.
fn need(one: OwedView) -> NeedView {
    let day = words::date(one.due);
    let due = if one.late { format!("Overdue: by {day}") } else { format!("By {day}") };
    NeedView { reference: one.about, what: one.what, due, act: one.act }
}

/// The page with the warning of the term's end that is due, for the home of a role.
pub(crate) async fn warned(signed: &Signed, page: Page) -> Result<Page, Failure> {
    let Some(end) = signed.app().term_end(&signed.actor).await.or_fail(signed)? else { return Ok(page) };
    let path = may(signed.actor.role, Action::SeeDelegations).then_some("/arrangement/own");
    let view = TermEndView { ends_on: end.ends_on, months: end.months, days: end.days, path };
    Ok(page.first(term_notice(&view)))
}
