//! Checks and minutes by route (rule 7.2): of the reader's own authority as its record stands, and of every authority as
//! each counts them for the region every day, because one authority's agreements are no other's to read. What fewer than five
//! placements took is told to those alone who may read them one by one (rule 9.1).

use jiff::civil::Date;
use placewell_domain::id::OrganisationId;
use placewell_domain::nights::plus_days;
use placewell_domain::office::access::Action;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_domain::power::annual_value::Route;
use placewell_domain::reporting::comparison::CountedBurden;
use placewell_domain::reporting::publication::AT_LEAST;
use placewell_store::{Session, Work};

use super::{authorities, reads_own};
use crate::answer::Answer;
use crate::buying::check::{RouteBurden, burdens, by_route};
use crate::command::App;

/// Days that are looked back.
const LOOKS_BACK: i64 = 365;

/// What a route took, as a reader may be told of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ToldBurden {
    /// The route.
    pub route: Route,
    /// The last day that was counted.
    pub counted_on: Date,
    /// The figures; none where fewer than five placements stand behind them.
    pub figures: Option<CountedBurden>,
}

impl ToldBurden {
    fn of(one: CountedBurden, own: Option<OrganisationId>) -> Self {
        let few = usize::try_from(one.placements).is_ok_and(|count| (1..AT_LEAST).contains(&count));
        let figures = (!few || own == Some(one.authority)).then_some(one);
        Self { route: one.route, counted_on: one.counted_on, figures }
    }
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
    /// The routes of the reader's authority.
    pub own: Vec<ToldBurden>,
    /// Every authority that counted any, by name: its code, its name, a route.
    pub region: Vec<(String, String, ToldBurden)>,
}

impl App {
    /// Checks and minutes by route over the last year.
    pub async fn checks_by_route(&self, actor: &Actor) -> Answer<ChecksPage> {
        let session = self.see(actor, Action::SeeComparison).await?;
        let today = self.calendar.now().today();
        let org = actor.organisation;
        let places = session.organisation_by_id(org).await?.kind == OrganisationKind::Authority;
        let reads = reads_own(actor);
        let own = if places { last_year(&session, org, today).await? } else { Vec::new() };
        let own = own.into_iter().map(|one| ToldBurden::of(one, reads)).collect();
        let counted = session.counted_burdens().await?;
        let mut region = Vec::new();
        for (id, code, name) in authorities(&session).await? {
            let of = counted.iter().filter(|one| one.authority == id);
            region.extend(of.map(|one| (code.clone(), name.clone(), ToldBurden::of(*one, reads))));
        }
        Ok(ChecksPage { places, from: first_day(today), until: today, own, region })
    }
}

/// Counts for the region what each route took to arrange, in the authority's own transaction. Done each day.
pub(crate) async fn count_burdens(work: &Work) -> Answer<()> {
    let today = work.moment().today();
    let counted = last_year(work, work.org(), today).await?;
    Ok(work.keep_counted_burdens(today, &counted).await?)
}

fn first_day(today: Date) -> Date {
    plus_days(today, 1 - LOOKS_BACK)
}

async fn last_year(session: &Session, org: OrganisationId, today: Date) -> Answer<Vec<CountedBurden>> {
    let all = burdens(session, org, (first_day(today), plus_days(today, 1))).await?;
    let counted = |one: &RouteBurden| CountedBurden {
        authority: org,
        route: one.route,
        counted_on: today,
        placements: u32::try_from(one.placements).unwrap_or(u32::MAX),
        checks: one.checks,
        check_minutes: one.check_minutes,
        contracting: one.contracting,
        said: one.said,
    };
    Ok(by_route(&all).iter().map(counted).collect())
}
