//! One provider across its homes: what its homes returned over the quarters, what was found at them and raised about them,
//! and how each stands. Every member reads the same; what single authorities asked or pay is no part of it.

use jiff::civil::Date;
use placewell_domain::calendar::quarter_of;
use placewell_domain::homes::home::{Home, HomeState};
use placewell_domain::homes::monitoring::concern::Severity;
use placewell_domain::homes::monitoring::quality_return::{QualityReturn, next_quarter};
use placewell_domain::homes::monitoring::visit::Level;
use placewell_domain::homes::standing::measure::Measure;
use placewell_domain::homes::standing::{Standing, standing_on};
use placewell_domain::office::access::Action;
use placewell_domain::office::organisation::{Organisation, OrganisationKind};
use placewell_domain::office::person::Actor;
use placewell_exchange::sheet::{Cell, Sheet};
use placewell_insight::homes::monitoring::{Trend, trends};

use super::view::{WatchedPage, names, since};
use crate::answer::{Answer, Outcome};
use crate::command::App;

/// One home of the provider today.
#[derive(Debug, Clone)]
pub struct HomeLine {
    /// The home.
    pub home: Home,
    /// How it stands.
    pub standing: Standing,
    /// Concerns about it that are open.
    pub concerns: u64,
    /// Of them grave.
    pub grave: u64,
    /// Actions of its plans whose day has passed.
    pub actions: u64,
    /// Returns that are overdue.
    pub returns: u64,
}

/// What is counted over the quarters: what it is, and by the first day of each quarter.
pub type Counted = (&'static str, Vec<(Date, i64)>);

/// One provider.
#[derive(Debug, Clone)]
pub struct ProviderWatched {
    /// The provider.
    pub provider: Organisation,
    /// Its homes that are not closed, by name.
    pub homes: Vec<HomeLine>,
    /// Figures that its homes returned, over the quarters.
    pub trends: Vec<Trend>,
    /// What was found, raised and proposed, over the quarters.
    pub counted: Vec<Counted>,
    /// Measures about it and its homes, the latest first.
    pub measures: Vec<Measure>,
    /// Visits and concerns.
    pub found: WatchedPage,
}

fn over_quarters(what: &'static str, (first, today): (Date, Date), days: &[Date]) -> Counted {
    let mut points = Vec::new();
    let mut quarter = first;
    while quarter <= quarter_of(today) {
        let within = days.iter().filter(|day| quarter_of(**day) == quarter).count();
        points.push((quarter, i64::try_from(within).unwrap_or(i64::MAX)));
        quarter = next_quarter(quarter);
    }
    (what, points)
}

impl App {
    /// One provider, for the region's members.
    pub async fn provider_watched(&self, actor: &Actor, code: &str) -> Answer<ProviderWatched> {
        let session = self.see(actor, Action::SeeMonitoring).await?;
        let provider = session.organisation_by_code(code).await?;
        if provider.kind != OrganisationKind::Provider {
            return Err(Outcome::NotFound);
        }
        let today = self.calendar.now().today();
        let first = since(today);
        let mut homes = session.homes_of(provider.id).await?;
        homes.retain(|home| !matches!(home.state, HomeState::Closed { .. }));
        let mut returns = session.quality_returns_since(first).await?;
        returns.retain(|one| one.provider == provider.id);
        let mut concerns = session.concerns().await?;
        concerns.retain(|one| one.provider == provider.id);
        let mut visits = session.home_visits().await?;
        visits.retain(|one| homes.iter().any(|home| home.id == one.home));
        let mut measures = session.measures().await?;
        measures.retain(|one| one.provider == provider.id);
        let facts = session.standing_facts().await?;
        let names = names(&session).await?;
        drop(session);
        let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        let line = |home: Home| {
            let own = || concerns.iter().filter(|one| one.home == home.id && one.open());
            HomeLine {
                standing: standing_on(&facts, home.id, provider.id, today).standing,
                concerns: count(own().count()),
                grave: count(own().filter(|one| one.severity == Severity::High).count()),
                actions: count(own().map(|one| one.overdue(today)).sum()),
                returns: count(returns.iter().filter(|one| one.home == home.id && one.overdue(today)).count()),
                home,
            }
        };
        homes.sort_by(|one, other| (&one.name, &one.urn).cmp(&(&other.name, &other.urn)));
        let homes: Vec<HomeLine> = homes.into_iter().map(line).collect();
        let raised: Vec<Date> = concerns.iter().map(|one| one.raised.date()).collect();
        let serious = visits.iter().filter(|one| one.findings().iter().any(|found| found.level == Level::Serious));
        let serious: Vec<Date> = serious.map(|one| one.planned).collect();
        let proposed: Vec<Date> = measures.iter().map(|one| one.proposed.date()).collect();
        let counted = vec![
            over_quarters("Concerns raised", (first, today), &raised),
            over_quarters("Visits with a serious finding", (first, today), &serious),
            over_quarters("Measures about standing", (first, today), &proposed),
        ];
        let sent: Vec<QualityReturn> = returns.into_iter().filter(|one| !one.sent.is_empty()).collect();
        let found = WatchedPage { visits, concerns, names };
        Ok(ProviderWatched { provider, homes, trends: trends(&sent), counted, measures, found })
    }
}

impl ProviderWatched {
    /// The figures as a file: one row for each figure and quarter; no cell where nothing was returned.
    #[must_use]
    pub fn sheet(&self) -> Sheet {
        let mut sheet = Sheet::new("Figures", ["provider", "figure", "quarter_from", "value", "percent"]);
        let mut row = |label: &str, quarter: Date, value: Option<i64>, percent: bool| {
            sheet.rows.push(vec![
                self.provider.name.as_str().into(),
                label.into(),
                quarter.into(),
                value.map_or(Cell::Empty, Cell::Count),
                (if percent { "yes" } else { "no" }).into(),
            ]);
        };
        for trend in &self.trends {
            for (quarter, value) in &trend.points {
                row(trend.of.label(), *quarter, *value, trend.of.percent());
            }
        }
        for (label, points) in &self.counted {
            for (quarter, value) in points {
                row(label, *quarter, Some(*value), false);
            }
        }
        sheet
    }
}
