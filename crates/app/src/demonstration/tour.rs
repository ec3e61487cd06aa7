//! The tour of the demonstration: which real pages it shows, and the guest who sees them and can change nothing.

use jiff::civil::Date;
use placewell_domain::calendar::{ContractYear, YearBasis, year_of};
use placewell_domain::office::person::Actor;
use placewell_domain::power::arrangement::{Participation, TermBar};
use placewell_domain::reporting::publication::{AT_LEAST, Share};

use super::people::GUEST;
use crate::answer::{Answer, Outcome};
use crate::clock::moment_at;
use crate::command::App;

/// The mark under which the database keeps the tour's pages, in order.
pub const TOUR: &str = "demonstration_tour";

/// What the start page says of the region, counted from its records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartFacts {
    /// Authorities and trusts that take part.
    pub participants: usize,
    /// Those that can award today.
    pub can_award: usize,
    /// Homes on the arrangement, and homes on the region's register, as counted with the latest published year: a day's
    /// difference would tell how many homes a provider has that has just joined or left. With the day of that count; none
    /// before a year is published, nor of fewer than five (rule 9.1).
    pub homes: Option<(u64, u64, Date)>,
    /// Where today stands in the term; none before an arrangement is recorded.
    pub term: Option<TermBar>,
    /// The share of placements through the arrangement in the latest year that is published with one.
    pub share: Option<(Share, ContractYear)>,
}

impl App {
    /// The paths of the tour's pages; not found where the database is no demonstration.
    pub async fn tour(&self) -> Answer<Vec<String>> {
        let session = self.visit().await?;
        if session.mark("demonstration").await?.is_none() {
            return Err(Outcome::NotFound);
        }
        let paths = session.mark(TOUR).await?.unwrap_or_default();
        Ok(paths.split_whitespace().map(str::to_owned).collect())
    }

    /// The guest of the tour; not found where the database is no demonstration.
    pub async fn guest(&self) -> Answer<Actor> {
        if self.visit().await?.mark("demonstration").await?.is_none() {
            return Err(Outcome::NotFound);
        }
        self.actor_by_email(GUEST).await
    }

    /// What the start page says, counted from the records.
    pub async fn start_facts(&self) -> Answer<StartFacts> {
        let page = self.arrangement_page().await?;
        let session = self.visit().await?;
        let published = session.published_years().await?;
        let homes = published.iter().find(|one| !one.totals.homes.is_empty()).and_then(|one| {
            let registered = one.totals.homes.iter().map(|row| row.homes).sum();
            let evaluated = one.totals.evaluated.filter(|homes| *homes >= AT_LEAST as u64)?;
            Some((evaluated, registered, moment_at(one.published_at).local.date()))
        });
        let share = published.into_iter().find_map(|one| {
            let year = year_of(one.totals.year_start, YearBasis::Contract);
            one.totals.share.map(|share| (share.all, year))
        });
        let participants = page.as_ref().map_or(&[][..], |page| &page.participants);
        let awards = |participation: &Participation| matches!(participation, Participation::CanAward { .. });
        Ok(StartFacts {
            participants: participants.len(),
            can_award: participants.iter().filter(|row| awards(&row.participation)).count(),
            homes,
            term: page.as_ref().map(|page| page.bar),
            share,
        })
    }
}
