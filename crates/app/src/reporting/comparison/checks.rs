//! Checks and minutes by route (rule 7.2): what it took an authority to arrange its placements, by the system's own times,
//! and apart from them what officers said.

use jiff::civil::Date;
use placewell_domain::buying::check::Contracting;
use placewell_domain::calendar::WorkingDays;
use placewell_domain::nights::plus_days;
use placewell_domain::office::access::Action;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_domain::placing::agreement::BuyingRoute;
use placewell_domain::power::annual_value::Route;
use placewell_store::buying::check::BurdenRow;

use crate::answer::Answer;
use crate::command::App;
use crate::placing::referral::working_days;

/// Days that the page looks back.
const LOOKS_BACK: i64 = 365;

/// What one route took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteChecks {
    /// The route.
    pub route: BuyingRoute,
    /// Placements that began in the period.
    pub placements: usize,
    /// Checks done for them here, all together.
    pub checks: u32,
    /// Minutes of checks in the middle placement, by the system's times.
    pub check_minutes: Option<u32>,
    /// Office minutes of contracting in the middle placement, by the system's times, of those whose times are known.
    pub contracting_minutes: Option<u32>,
    /// Of how many placements they are known.
    pub contracting_known: usize,
    /// Minutes in the middle placement that officers said beside them.
    pub said_minutes: Option<u32>,
}

/// The page.
#[derive(Debug, Clone)]
pub struct ChecksPage {
    /// Whether the reader's organisation places children; the regional team has no placements of its own.
    pub places: bool,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub until: Date,
    /// FCA, then spot purchase.
    pub routes: Vec<RouteChecks>,
}

impl App {
    /// Checks and minutes by route, of the reader's own authority over the last year.
    pub async fn checks_by_route(&self, actor: &Actor) -> Answer<ChecksPage> {
        let session = self.see(actor, Action::SeeComparison).await?;
        let today = self.calendar.now().today();
        let from = plus_days(today, 1 - LOOKS_BACK);
        let org = actor.organisation;
        let places = session.organisation_by_id(org).await?.kind == OrganisationKind::Authority;
        let rows = if places { session.burdens(org, (from, plus_days(today, 1))).await? } else { Vec::new() };
        let days = working_days(&session, org, today).await?;
        let routes = [(BuyingRoute::Arrangement, Route::Arrangement), (BuyingRoute::Spot, Route::Spot)];
        let routes = routes.map(|(shown, route)| one(shown, route, &rows, &days)).to_vec();
        Ok(ChecksPage { places, from, until: today, routes })
    }
}

fn one(shown: BuyingRoute, route: Route, rows: &[BurdenRow], days: &WorkingDays) -> RouteChecks {
    let own: Vec<&BurdenRow> = rows.iter().filter(|row| row.agreement.terms.route == route).collect();
    let contracting = own.iter().filter_map(|row| {
        let contracting = Contracting::of(&row.agreement, row.offered?, row.recommended?, days);
        contracting.signature.map(|_| contracting.total())
    });
    let contracting: Vec<u32> = contracting.collect();
    RouteChecks {
        route: shown,
        placements: own.len(),
        checks: own.iter().map(|row| row.checks).sum(),
        check_minutes: middle(own.iter().map(|row| row.measured).collect()),
        contracting_known: contracting.len(),
        contracting_minutes: middle(contracting),
        said_minutes: middle(own.iter().map(|row| row.said).collect()),
    }
}

/// The middle one, the lower of two.
fn middle(mut all: Vec<u32>) -> Option<u32> {
    all.sort_unstable();
    all.get(all.len().checked_sub(1)? / 2).copied()
}
