//! The burden of administration by route (rule 7.2): checks done here, minutes by the system's own times, contracting
//! preparation included, and apart from them the minutes that officers said. Measured for both routes alike.

use jiff::civil::Date;
use placewell_domain::buying::check::Contracting;
use placewell_domain::id::OrganisationId;
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::placing::agreement::Agreement;
use placewell_domain::power::annual_value::Route;
use placewell_store::Session;
use placewell_store::buying::check::BurdenRow;

use crate::answer::Answer;
use crate::command::App;
use crate::placing::referral::working_days;

/// What one placement took to arrange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Burden {
    /// By which route.
    pub route: Route,
    /// The first night.
    pub start: Date,
    /// Checks done here; those inherited or relied on are none.
    pub checks: u32,
    /// Minutes of the checks by the system's times.
    pub check_minutes: u32,
    /// Office minutes of contracting by the system's times, where its steps are known.
    pub contracting: Option<Contracting>,
    /// Minutes that officers said beside them.
    pub said: u32,
}

impl Burden {
    /// All minutes by the system's times.
    #[must_use]
    pub fn measured(&self) -> u32 {
        self.check_minutes.saturating_add(self.contracting.map_or(0, Contracting::total))
    }
}

/// The burden of one route over a period, medians.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RouteBurden {
    /// The route.
    pub route: Route,
    /// How many placements began.
    pub placements: usize,
    /// Checks done here for each.
    pub checks: u32,
    /// Minutes of the checks by the system's times.
    pub check_minutes: u32,
    /// Office minutes of contracting, of those whose steps are known.
    pub contracting: Option<u32>,
    /// Minutes that officers said, of those placements for which they did.
    pub said: Option<u32>,
}

/// The middle of some numbers; of two, the lower.
fn median(mut numbers: Vec<u32>) -> Option<u32> {
    numbers.sort_unstable();
    numbers.get(numbers.len().checked_sub(1)? / 2).copied()
}

/// The medians by route, in the order of the routes; a route without a placement is left out.
#[must_use]
pub fn by_route(all: &[Burden]) -> Vec<RouteBurden> {
    Route::ALL
        .iter()
        .filter_map(|route| {
            let of: Vec<&Burden> = all.iter().filter(|one| one.route == *route).collect();
            let each = |value: &dyn Fn(&Burden) -> u32| median(of.iter().map(|one| value(one)).collect());
            Some(RouteBurden {
                route: *route,
                placements: of.len(),
                checks: each(&|one| one.checks)?,
                check_minutes: each(&|one| one.check_minutes)?,
                contracting: median(of.iter().filter_map(|one| Some(one.contracting?.total())).collect()),
                said: median(of.iter().map(|one| one.said).filter(|said| *said > 0).collect()),
            })
        })
        .collect()
}

/// What each of an authority's placements took to arrange that began on the days of a period, the last day left out.
pub async fn burdens(session: &Session, org: OrganisationId, period: (Date, Date)) -> Answer<Vec<Burden>> {
    let days = working_days(session, org, period.0).await?;
    let rows = session.burdens(org, period).await?;
    Ok(rows.iter().map(|row| burden(row, &days)).collect())
}

fn burden(row: &BurdenRow, days: &placewell_domain::calendar::WorkingDays) -> Burden {
    let steps = row.offered.zip(row.recommended);
    Burden {
        route: row.agreement.terms.route,
        start: row.agreement.nights().0,
        checks: row.checks,
        check_minutes: row.measured,
        contracting: steps.map(|(offered, asked)| Contracting::of(&row.agreement, offered, asked, days)),
        said: row.said,
    }
}

/// The system's times of contracting of one agreement, where its steps are known.
pub(super) async fn burden_of(session: &Session, agreement: &Agreement) -> Answer<Option<Contracting>> {
    let org = agreement.authority;
    let offer = session.offer(org, agreement.offer).await?;
    let recommended = session.recommendations_of(org, agreement.referral).await?;
    let asked = recommended.iter().filter(|one| one.offer == agreement.offer).map(|one| one.asked_at).max();
    let days = working_days(session, org, agreement.terms.start).await?;
    let steps = offer.submission.map(|sent| sent.at).zip(asked);
    Ok(steps.map(|(offered, asked)| Contracting::of(agreement, offered, asked, &days)))
}

impl App {
    /// The burden of administration by route for the reader's authority over a period.
    pub async fn burden_by_route(&self, actor: &Actor, period: (Date, Date)) -> Answer<Vec<RouteBurden>> {
        let session = self.see(actor, Action::SeeSpot).await?;
        Ok(by_route(&burdens(&session, actor.organisation, period).await?))
    }
}
