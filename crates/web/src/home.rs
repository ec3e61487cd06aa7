//! The role home: the officer's and the provider's days; others are led to their own worklist.
//!
//! It stands outside the wings because it leads into many rooms.

use axum::Router;
use axum::routing::get;
use placewell_app::owed::Owed;
use placewell_app::owed::numbers::EXPIRING_DAYS;
use placewell_domain::office::access::{Action, Role, may};
use placewell_pages::homes::home::register_banner;
use placewell_pages::owed::{LeadView, OwedView, lead_page};
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
            let day = leads_day(&signed).await?;
            Ok(page(&warned(&signed, day).await?))
        }
        Role::Administrator => Ok(redirect("/admin/jobs")),
        Role::Analyst => Ok(redirect("/reports")),
    }
}

/// The lead's home: the region's numbers, and a banner where its register is old.
async fn leads_day(signed: &Signed) -> Result<Page, Failure> {
    let mut shell = signed.shell();
    let old = signed.app().register_is_old(&signed.actor).await.or_fail(signed)?;
    shell.banner = old.map(|(day, days)| register_banner(day, days));
    let numbers = signed.app().lead_numbers(&signed.actor).await.or_fail(signed)?;
    let view = LeadView {
        good: numbers.good as u64,
        alerts: numbers.alerts,
        expiring: (numbers.expiring, EXPIRING_DAYS),
        term: numbers.term,
        today: signed.now().today(),
        owed: owed(signed).await?,
    };
    Ok(lead_page(shell, &view))
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
