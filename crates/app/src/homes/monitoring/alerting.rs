//! What quality returns and beds give cause for an alert about, looked at once a day by the regional team: Regulation 44
//! reports that are missing, unplanned ends that repeat, beds that nobody has confirmed for weeks. Each is raised once.

use std::collections::BTreeMap;

use jiff::civil::Date;
use placewell_domain::homes::home::alert::{AlertKind, Finding};
use placewell_domain::homes::home::{Home, HomeState};
use placewell_domain::homes::monitoring::quality_return::{QualityReturn, next_quarter};
use placewell_domain::homes::monitoring::template::Figure;
use placewell_domain::id::HomeId;
use placewell_domain::nights::{days_between, plus_days};
use placewell_store::Work;

use crate::answer::Answer;
use crate::command::{App, ended};
use crate::homes::home::alert::{finding, raise_once, tell_later};

/// Regulation 44 visits with a report in a quarter: one a month.
const REPORTS: i64 = 3;
/// How many unplanned ends in two quarters repeat.
const REPEATED: i64 = 3;
/// How many days after beds were confirmed last, or after the home came to a lot where they never were, the region is told;
/// the home is reminded long before.
const UNCONFIRMED_DAYS: i64 = 28;
/// How far back returns are looked at, in days: the last quarter that is over and the one before it.
const LOOK_BACK: i64 = 280;

impl App {
    /// Raises what the returns and beds of the arrangement's homes give cause for, once for each.
    pub async fn alert_by_calendar(&self) -> Answer<()> {
        let moment = self.calendar.now();
        let visit = self.visit().await?;
        let Some(kept) = visit.current_arrangement().await? else { return Ok(()) };
        drop(visit);
        let mut work = self.store.begin(kept.region, moment).await?;
        let done: Answer<()> = async {
            let mut told = Vec::new();
            for found in all(&work, moment.today()).await? {
                told.extend(raise_once(&mut work, found).await?);
            }
            tell_later(&mut work, &told, "Returns and beds").await
        }
        .await;
        ended(work, done).await
    }
}

async fn all(work: &Work, today: Date) -> Answer<Vec<Finding>> {
    let mut on_lot: BTreeMap<HomeId, Date> = BTreeMap::new();
    for one in work.all_admissions().await?.into_iter().filter(|one| one.holds_on(today)) {
        let since = on_lot.entry(one.home).or_insert(one.from);
        *since = one.from.min(*since);
    }
    let returns = work.quality_returns_since(plus_days(today, -LOOK_BACK)).await?;
    let mut found = Vec::new();
    for home in work.homes().await? {
        let Some(since) = on_lot.get(&home.id).filter(|_| home.region == work.org()) else { continue };
        if !matches!(home.state, HomeState::Registered { .. }) {
            continue;
        }
        let mut own: Vec<&QualityReturn> = returns.iter().filter(|one| one.home == home.id).collect();
        own.retain(|one| !one.sent.is_empty());
        own.sort_by_key(|one| core::cmp::Reverse(one.quarter));
        found.extend(of_returns(&home, &own));
        found.extend(of_beds(&home, *since, today));
    }
    Ok(found)
}

fn said(of: &QualityReturn, figure: Figure) -> Option<i64> {
    of.latest().and_then(|sent| sent.filled.figures.get(&figure).copied())
}

/// What the returns of a home say, the latest first.
fn of_returns(home: &Home, returns: &[&QualityReturn]) -> Vec<Finding> {
    let Some(latest) = returns.first() else { return Vec::new() };
    let quarter = latest.quarter.strftime("%-d %B %Y");
    let about = |kind, words: String| {
        let source = ("Quality return".to_owned(), plus_days(next_quarter(latest.quarter), -1));
        finding(home, kind, (None, Some(words)), source)
    };
    let mut found = Vec::new();
    if let Some(reports) = said(latest, Figure::Regulation44).filter(|reports| *reports < REPORTS) {
        let words = format!("{reports} of {REPORTS} in the quarter from {quarter}");
        found.push(about(AlertKind::Regulation44, words));
    }
    let before = returns.get(1).filter(|one| next_quarter(one.quarter) == latest.quarter);
    let ends =
        [Some(latest), before].into_iter().flatten().filter_map(|one| said(one, Figure::UnplannedEnds)).sum::<i64>();
    if ends >= REPEATED {
        found.push(about(AlertKind::UnplannedEnds, format!("{ends} in two quarters, the latest from {quarter}")));
    }
    found
}

/// Beds that were not confirmed for weeks, or never in the weeks since the home came to a lot.
fn of_beds(home: &Home, on_lot: Date, today: Date) -> Option<Finding> {
    let (words, source, on) = match home.beds_confirmed_on {
        Some(on) => (format!("not since {}", on.strftime("%-d %B %Y")), "The home's own entry", on),
        None => ("never".to_owned(), "The home's admission to a lot", on_lot),
    };
    let stale = days_between(on, today) > UNCONFIRMED_DAYS;
    stale.then(|| finding(home, AlertKind::StaleBeds, (None, Some(words)), (source.to_owned(), on)))
}
