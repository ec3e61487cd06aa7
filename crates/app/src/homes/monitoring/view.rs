//! What each side reads: the region its rounds, members what was found at homes, themes across them, a provider its own.

use std::collections::BTreeMap;

use jiff::civil::Date;
use placewell_domain::calendar::quarter_of;
use placewell_domain::homes::home::Home;
use placewell_domain::homes::monitoring::Theme;
use placewell_domain::homes::monitoring::concern::Concern;
use placewell_domain::homes::monitoring::quality_return::QualityReturn;
use placewell_domain::homes::monitoring::visit::Visit;
use placewell_domain::id::OrganisationId;
use placewell_domain::nights::plus_days;
use placewell_domain::office::access::Action;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_insight::homes::monitoring::{ThemeLine, Trend, themes, trends};
use placewell_store::Session;

use crate::answer::Answer;
use crate::command::App;
use crate::homes::home::home_by_text;

/// Over how many days figures and themes are shown: four quarters and the one that goes on.
const SHOWN_DAYS: i64 = 460;

/// Names of organisations by their ids.
pub type Names = BTreeMap<OrganisationId, String>;

/// The returns of one quarter.
#[derive(Debug, Clone)]
pub struct RoundPage {
    /// The first day of the quarter; none before any was asked for.
    pub quarter: Option<Date>,
    /// Every quarter that was asked for, the latest first.
    pub quarters: Vec<Date>,
    /// The last quarter that is over, where it was not asked for.
    pub next: Option<Date>,
    /// The returns.
    pub returns: Vec<QualityReturn>,
}

/// What was found at homes, as far as the reader's organisation reads of it.
#[derive(Debug, Clone)]
pub struct WatchedPage {
    /// Visits, the latest first.
    pub visits: Vec<Visit>,
    /// Concerns, the open ones first.
    pub concerns: Vec<Concern>,
    /// Who visited or raised.
    pub names: Names,
}

/// One home.
#[derive(Debug, Clone)]
pub struct HomeWatched {
    /// The home.
    pub home: Home,
    /// Its provider's code.
    pub provider: String,
    /// Its returns that were sent, the latest first.
    pub returns: Vec<QualityReturn>,
    /// Figures over the quarters.
    pub trends: Vec<Trend>,
    /// Visits and concerns.
    pub found: WatchedPage,
}

/// Themes across homes, and alerts before notice in sum.
#[derive(Debug, Clone)]
pub struct ThemesPage {
    /// Since which day.
    pub since: Date,
    /// Themes, those with the most homes first.
    pub themes: Vec<(Theme, ThemeLine)>,
    /// Figures of all homes over the quarters.
    pub trends: Vec<Trend>,
    /// Alerts raised, ended with the child settled, ended otherwise: of the region, or of the reader's authority.
    pub alerts: (u64, u64, u64),
}

/// A provider's own.
#[derive(Debug, Clone)]
pub struct OwnWatched {
    /// Its returns, those that wait for it first.
    pub returns: Vec<QualityReturn>,
    /// Concerns about its homes.
    pub concerns: Vec<Concern>,
    /// Visits that it may read of.
    pub visits: Vec<Visit>,
    /// Figures over the quarters.
    pub trends: Vec<Trend>,
    /// Who visited or raised.
    pub names: Names,
}

pub(super) async fn names(session: &Session) -> Answer<Names> {
    Ok(session.organisations().await?.into_iter().map(|one| (one.id, one.name)).collect())
}

pub(super) fn since(today: Date) -> Date {
    quarter_of(plus_days(today, -SHOWN_DAYS))
}

impl App {
    /// The region's returns of a quarter; of the latest where none is named.
    pub async fn monitoring_round(&self, actor: &Actor, quarter: Option<Date>) -> Answer<RoundPage> {
        let session = self.see(actor, Action::RunMonitoring).await?;
        let today = self.calendar.now().today();
        let mut quarters: Vec<Date> = session
            .quality_returns_since(since(today))
            .await?
            .into_iter()
            .filter(|one| one.region == actor.organisation)
            .map(|one| one.quarter)
            .collect();
        quarters.dedup();
        quarters.reverse();
        let quarter = quarter.or(quarters.first().copied());
        let returns = match quarter {
            Some(quarter) => session.quality_returns(quarter).await?,
            None => Vec::new(),
        };
        let last = quarter_of(plus_days(quarter_of(today), -1));
        let next = (!quarters.contains(&last)).then_some(last);
        Ok(RoundPage { quarter, quarters, next, returns })
    }

    /// What was found at homes.
    pub async fn watched(&self, actor: &Actor) -> Answer<WatchedPage> {
        let session = self.see(actor, Action::SeeMonitoring).await?;
        let (visits, concerns) = (session.home_visits().await?, session.concerns().await?);
        Ok(WatchedPage { visits, concerns, names: names(&session).await? })
    }

    /// One home, for the region's members.
    pub async fn home_watched(&self, actor: &Actor, urn: &str) -> Answer<HomeWatched> {
        let session = self.see(actor, Action::SeeMonitoring).await?;
        let home = home_by_text(&session, urn).await?;
        let mut returns = session.quality_returns_of(home.id).await?;
        returns.retain(|one| !one.sent.is_empty());
        let shown = since(self.calendar.now().today());
        let lately: Vec<QualityReturn> = returns.iter().filter(|one| one.quarter >= shown).cloned().collect();
        let (visits, concerns) = (session.home_visits_of(home.id).await?, session.concerns_of(home.id).await?);
        let found = WatchedPage { visits, concerns, names: names(&session).await? };
        let provider = session.organisation_by_id(home.provider).await?.code;
        Ok(HomeWatched { home, provider, returns, trends: trends(&lately), found })
    }

    /// Themes across homes. Each authority counts its own alerts, and the region reads the sums.
    pub async fn monitoring_themes(&self, actor: &Actor) -> Answer<ThemesPage> {
        let session = self.see(actor, Action::SeeMonitoring).await?;
        let since = since(self.calendar.now().today());
        let (visits, concerns) = (session.home_visits().await?, session.concerns().await?);
        let returns = session.quality_returns_since(since).await?;
        let organisations = session.organisations().await?;
        drop(session);
        let region = actor.kind == OrganisationKind::RegionalTeam;
        let mut alerts = (0, 0, 0);
        for one in organisations.iter().filter(|one| one.kind == OrganisationKind::Authority) {
            if region || one.id == actor.organisation {
                for (_, count) in self.store.read(Some(one.id)).await?.alerts_counted(one.id).await? {
                    alerts = (alerts.0 + count.raised, alerts.1 + count.settled, alerts.2 + count.lost);
                }
            }
        }
        let themes = themes(&visits, &concerns, since);
        Ok(ThemesPage { since, themes, trends: trends(&returns), alerts })
    }

    /// A provider's own returns, concerns and visits.
    pub async fn own_watched(&self, actor: &Actor) -> Answer<OwnWatched> {
        let session = self.see(actor, Action::AnswerMonitoring).await?;
        let returns = session.own_quality_returns(actor.organisation).await?;
        let shown = since(self.calendar.now().today());
        let lately: Vec<QualityReturn> = returns.iter().filter(|one| one.quarter >= shown).cloned().collect();
        let (concerns, visits) = (session.concerns().await?, session.home_visits().await?);
        let names = names(&session).await?;
        Ok(OwnWatched { returns, concerns, visits, trends: trends(&lately), names })
    }
}
