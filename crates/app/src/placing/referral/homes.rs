//! The homes that could meet a child's needs: the search of one referral, with the officer's filters and order.

use std::sync::Arc;

use jiff::civil::Date;
use placewell_domain::authority::{DistanceClass, distance_class};
use placewell_domain::homes::home::{Grade, Need, NeedSet};
use placewell_domain::id::{HomeId, Reference};
use placewell_domain::money::Pence;
use placewell_domain::nights::plus_days;
use placewell_domain::office::access::{Action, may};
use placewell_domain::office::person::Actor;
use placewell_domain::place::{Outcode, locate_outcode};
use placewell_domain::placing::referral::{Referral, Tier};
use placewell_insight::placing::referral::{AreaLimit, Found, HomeFacts, Index, Line, Order, Relaxation, Wanted};

use super::asking;
use crate::answer::{Answer, Outcome};
use crate::command::App;
use crate::homes::home::home_by_text;

/// What the officer chose on the page; what is left open is as the referral has it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filters {
    /// From which district distances are measured, where not from the referral's own.
    pub from: Option<Outcode>,
    /// The furthest, in miles.
    pub within_miles: Option<u16>,
    /// How far in the sense of regulation 11.
    pub areas: AreaLimit,
    /// Tiers to search; none chosen means all.
    pub tiers: Vec<Tier>,
    /// Needs that the officer makes essential beside those of the referral.
    pub essential: NeedSet,
    /// The lowest grade that will do.
    pub worst_grade: Option<Grade>,
    /// The order; the nearest first where nothing was chosen.
    pub order: Order,
}

/// A search and all it found.
#[derive(Debug, Clone)]
pub struct Search {
    /// The referral.
    pub referral: Referral,
    /// What was wanted.
    pub wanted: Wanted,
    /// The homes as they are known.
    pub index: Arc<Index>,
    /// What was found.
    pub found: Found,
    /// Ways to widen the search, where nothing matches.
    pub relaxations: Vec<Relaxation>,
    /// The homes asked before.
    pub asked: Vec<HomeId>,
    /// The referrals of siblings in the same group.
    pub siblings: Vec<Reference>,
}

/// How one home answers what is wanted.
#[derive(Debug, Clone)]
pub struct Fit {
    /// The first night of the free nights that hold the whole stay, where one is known.
    pub free: Option<Date>,
    /// The tendered core price of a week on the lot wanted; shown as its band.
    pub weekly: Option<Pence>,
    /// In the area, adjoining, or at a distance.
    pub class: DistanceClass,
    /// Needs that it meets.
    pub meets: NeedSet,
    /// Needs that it does not meet.
    pub does_not: NeedSet,
    /// Needs of which nothing is known.
    pub unknown: NeedSet,
}

impl Search {
    /// How a home of the search answers what is wanted.
    #[must_use]
    pub fn fit(&self, facts: &HomeFacts) -> Fit {
        let (home, wanted) = (&facts.home, &self.wanted);
        let until = plus_days(wanted.needed_on, i64::from(wanted.least_nights));
        let gaps = if wanted.solo { &facts.gaps.empty } else { &facts.gaps.shared };
        let free = gaps.iter().find(|gap| gap.from() <= wanted.needed_on && until <= gap.to()).map(|gap| gap.from());
        let asked: NeedSet = wanted.needs.iter().chain(wanted.essential.iter()).collect();
        let does_not = home.answers.does_not.both(asked);
        let meets = home.answers.meets.without(home.answers.does_not).both(asked);
        Fit {
            free,
            weekly: facts.lots.iter().find(|place| place.lot == wanted.lot).and_then(|place| place.weekly),
            class: distance_class(wanted.authority, home.area, wanted.needed_on),
            meets,
            does_not,
            unknown: asked.without(meets).without(does_not),
        }
    }
}

/// Why one home, and why not.
#[derive(Debug, Clone)]
pub struct Why {
    /// The search.
    pub search: Search,
    /// The home's row in it.
    pub row: usize,
    /// Every criterion.
    pub lines: Vec<Line>,
}

impl App {
    /// Searches the homes for a referral of the actor's authority.
    pub async fn homes_for(&self, actor: &Actor, reference: &str, filters: &Filters) -> Answer<Search> {
        if !may(actor.role, Action::SeeHomes) {
            return Err(Outcome::Forbidden(Action::SeeHomes));
        }
        let session = self.see(actor, Action::SeeReferrals).await?;
        let referral = session.referral_by_reference(actor.organisation, reference).await?;
        let asked = session.homes_asked(actor.organisation, referral.id).await?;
        let area = asking::area(&session, &referral).await?.ok_or(Outcome::NotFound)?;
        let origin = match &filters.from {
            Some(district) => locate_outcode(district),
            None => asking::origin(&session, &referral).await?,
        };
        let index = self.homes.current(&session, self.calendar.now().today()).await?;
        let exempted = asking::exempted(&session, &referral, self.calendar.now().today()).await?;
        let named = asking::lot(&session, &referral).await?;
        let wanted = with_filters(Wanted { exempted, ..asking::wanted(&referral, (area, named), origin) }, filters);
        let found = index.search(&wanted);
        let none = found.matched.is_empty();
        let relaxations = if none { index.relaxations(&wanted, &found) } else { Vec::new() };
        let siblings = session.siblings_of(&referral).await?.into_iter().map(|line| line.reference).collect();
        Ok(Search { referral, wanted, index, found, relaxations, asked, siblings })
    }

    /// Every line of one home for a referral, whether it matches or is left out.
    pub async fn why_home(&self, actor: &Actor, reference: &str, urn: &str, filters: &Filters) -> Answer<Why> {
        let search = self.homes_for(actor, reference, filters).await?;
        let session = self.see(actor, Action::SeeHomes).await?;
        let home = home_by_text(&session, urn).await?;
        let row = search.index.row(home.id).ok_or(Outcome::NotFound)?;
        let lines = search.index.lines(row, &search.wanted, &search.found);
        Ok(Why { search, row, lines })
    }
}

fn with_filters(wanted: Wanted, filters: &Filters) -> Wanted {
    let essential: NeedSet = wanted.essential.iter().chain(filters.essential.iter()).collect();
    Wanted {
        limit_tenths: filters.within_miles.map(|miles| u32::from(miles) * 10).or(wanted.limit_tenths),
        areas: filters.areas,
        tiers: if filters.tiers.is_empty() { wanted.tiers.clone() } else { filters.tiers.clone() },
        solo: wanted.solo || essential.has(Need::Solo),
        essential,
        worst_grade: filters.worst_grade,
        order: filters.order,
        ..wanted
    }
}
