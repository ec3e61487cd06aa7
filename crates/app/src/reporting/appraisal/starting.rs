//! Where an appraisal starts: counted from the authority's own agreements and searches and from the region's price
//! points, each with the sentence that says how; an estimate stands where fewer than eight say too little.

use jiff::civil::Date;
use placewell_domain::authority::{AreaCode, DistanceClass, distance_class};
use placewell_domain::buying::check::{CheckItem, Inherits};
use placewell_domain::calendar::year_of;
use placewell_domain::nights::{days_between, plus_days};
use placewell_domain::office::organisation::Organisation;
use placewell_domain::placing::agreement::{BuyingRoute, PricePoint, Staffing};
use placewell_domain::power::annual_value::{Bucket, Route};
use placewell_domain::reporting::appraisal::{Assumption, Assumptions, Inputs, Living, Paid, ReadUpTo, Year};
use placewell_insight::reporting::appraisal::{
    Bought, Difference, FEWEST, Lengths, STEPS, Stay, middle, paid, size_effect, spot_difference, yearly_rise,
};
use placewell_store::Session;
use placewell_store::reporting::appraisal::StayFact;

use super::Typed;
use crate::answer::Answer;
use crate::power::annual_value::ledger_terms;

/// For how long back prices are looked at.
const PRICED: i64 = 730;
/// For how long back searches and routes are counted: 52 weeks.
const COUNTED: i64 = 364;
/// How far ahead is looked.
const AHEAD: i64 = 156 * 7;

/// What an appraisal starts from.
pub(super) struct Started {
    pub data: ReadUpTo,
    pub inputs: Inputs,
    pub assumptions: Assumptions,
    pub paid: Vec<Paid>,
}

/// Reads the starting point in the authority's own session, then what was typed over it.
pub(super) async fn started(
    session: &Session,
    authority: &Organisation,
    today: Date,
    typed: &Typed,
) -> Answer<Started> {
    let points = session.price_points().await?;
    let buyers: Vec<i64> = distinct(points.iter().map(|point| point.authority.0).chain([authority.id.0]));
    let market = Market::new(&points, &buyers, authority, today);
    let stays = session.stay_facts(authority.id).await?;
    let mut found = Assumptions::default();
    let mut grounds = Vec::new();
    let searches = searches(session, authority, today, &mut found).await?;
    market.routes(&mut found);
    market.prices(&mut found, partners(typed));
    market.beds(&mut found);
    checks(&mut found);
    homes(session, authority, today, &mut found).await?;
    let (lengths, ended) = lengths(&stays, today, &mut grounds);
    let prices = market.bought_at(found.get(Assumption::Rise), &mut grounds);
    let living = |through: &dyn Fn(Route) -> bool| -> Vec<Living> {
        stays.iter().filter(|stay| lives(stay, today) && through(stay.route)).map(|stay| child(stay, today)).collect()
    };
    let inputs = Inputs {
        living: living(&|_| true),
        through_arrangement: living(&|route| matches!(route, Route::Arrangement | Route::Block | Route::Successor)),
        prices,
        lengths: lengths.table().to_vec(),
        ended,
        searches,
        years: years(session, authority, today).await?,
        grounds,
    };
    let data = ReadUpTo { event: session.last_event(authority.id).await?, day: today };
    let paid = market.paid();
    let pairs = typed.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    let assumptions = found.with_typed(pairs)?;
    Ok(Started { data, inputs, assumptions, paid })
}

fn distinct(ids: impl Iterator<Item = i64>) -> Vec<i64> {
    let mut ids: Vec<i64> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// How many partners were typed: the price of a sub-regional framework starts from their size.
fn partners(typed: &Typed) -> i64 {
    let said = typed.iter().find(|(name, _)| name == Assumption::Partners.code());
    said.and_then(|(_, text)| Assumption::Partners.read(text).ok()).unwrap_or(Assumption::Partners.fallback().0)
}

fn lives(stay: &StayFact, today: Date) -> bool {
    stay.ended.is_none_or(|ended| ended > today)
}

fn child(stay: &StayFact, today: Date) -> Living {
    let weeks = days_between(stay.start, today).max(0) / 7;
    Living { weekly: u32::try_from(stay.weekly).unwrap_or(0), weeks: u16::try_from(weeks).unwrap_or(u16::MAX) }
}

/// How long children stayed, and on how many stays that rests.
fn lengths(stays: &[StayFact], today: Date, grounds: &mut Vec<String>) -> (Lengths, u32) {
    let seen = stays.iter().filter(|stay| stay.start < today).map(|stay| {
        let until = stay.ended.map_or(today, |ended| ended.min(today));
        let weeks = (days_between(stay.start, until) + 6) / 7;
        Stay { weeks: u16::try_from(weeks.max(1)).unwrap_or(u16::MAX), ended: !lives(stay, today) }
    });
    let seen: Vec<Stay> = seen.collect();
    let ended = seen.iter().filter(|stay| stay.ended).count();
    if let Some(lengths) = Lengths::observed(&seen) {
        grounds.push(format!(
            "Lengths of stay rest on {ended} stays that ended and {} that go on, which count for as long as they have.",
            seen.len() - ended
        ));
        return (lengths, u32::try_from(ended).unwrap_or(u32::MAX));
    }
    grounds.push(
        "Too few stays have ended to say how long children stay: national shares stand instead, eight months on average."
            .to_owned(),
    );
    (Lengths::stated(), 0)
}

/// Searches of the last 52 weeks, and how many of those that ended found no home.
async fn searches(session: &Session, authority: &Organisation, today: Date, found: &mut Assumptions) -> Answer<u32> {
    let count = session.search_count(authority.id, plus_days(today, -COUNTED)).await?;
    let (all, ended) = (count.out + count.found + count.not_found, count.found + count.not_found);
    if all > 0 {
        let how = format!("{all} searches began in the last 52 weeks, withdrawn ones left out");
        found.found(Assumption::Searches, i64::from(all) * 10, how);
    }
    if usize::try_from(ended).unwrap_or(0) >= FEWEST {
        let how = format!("{} of {ended} searches of the last 52 weeks that ended found no home", count.not_found);
        found.found(Assumption::NotFound, share(i64::from(count.not_found), i64::from(ended)), how);
    }
    Ok(all)
}

/// In thousandths, rounded.
fn share(part: i64, whole: i64) -> i64 {
    if whole == 0 { 0 } else { (part * 1_000 + whole / 2) / whole }
}

/// The standard minutes of the checks that each route leaves to do.
fn checks(found: &mut Assumptions) {
    let sum = |left: &dyn Fn(Inherits) -> bool| -> (i64, usize) {
        let items = CheckItem::ALL.iter().filter(|item| left(item.inherits()));
        (items.clone().map(|item| i64::from(item.standard_minutes())).sum(), items.count())
    };
    let (spot, all) = sum(&|_| true);
    let (fca, own) = sum(&|inherits| inherits == Inherits::ThisChild);
    let how = |items: usize| {
        format!("Standard minutes of the {items} checks that are left to do; estimates until they are measured")
    };
    found.found(Assumption::MinutesSpot, spot, how(all));
    found.found(Assumption::MinutesFca, fca, how(own));
}

/// The homes that an own or a sub-regional framework would evaluate: those on the arrangement in its areas.
async fn homes(session: &Session, authority: &Organisation, today: Date, found: &mut Assumptions) -> Answer<()> {
    let Some(own) = area(authority) else { return Ok(()) };
    let admitted = session.all_admissions().await?;
    let on = |home| admitted.iter().any(|one| one.home == home && one.from <= today && today < one.until);
    let (mut near, mut around) = (0, 0);
    for home in session.homes().await?.iter().filter(|home| on(home.id)) {
        match distance_class(own, home.area, today) {
            DistanceClass::InArea => near += 1,
            DistanceClass::Adjoining => around += 1,
            DistanceClass::AtADistance => {}
        }
    }
    if near + around > 0 {
        found.found(Assumption::OwnHomes, near, "Homes on the arrangement in the authority's own area");
        let how = "Homes on the arrangement in the authority's own area and the areas next to it";
        found.found(Assumption::SubHomes, near + around, how);
    }
    Ok(())
}

fn area(authority: &Organisation) -> Option<AreaCode> {
    authority.area.as_deref().and_then(|code| AreaCode::parse(code).ok())
}

/// The contract years from today on that lie whole within three years, each with its ceiling and what it cost so far.
async fn years(session: &Session, authority: &Organisation, today: Date) -> Answer<Vec<Year>> {
    let terms = ledger_terms(session, authority.id, today).await?;
    let ledger = session.ledger_years(authority.id).await?;
    let ceiling_of = |start: Date| ledger.iter().find(|year| year.start == start).map(|year| year.totals.ceiling.0);
    let mut year = year_of(today, terms.reading.year);
    let present = ceiling_of(year.first());
    let commitments = session.commitments(authority.id).await?;
    let through = commitments.iter().filter(|one| !matches!(one.route, Route::Spot | Route::Other));
    let bucket = (Bucket::Year(year), terms.term_end);
    let mut spent: i64 = through.map(|one| one.spent(&terms.reading, bucket, today).0).sum();
    let mut found = Vec::new();
    while days_between(today, year.end()) <= AHEAD {
        let until = (days_between(today, year.end()) + 6) / 7;
        let own = ceiling_of(year.first());
        found.push(Year {
            start: year.first(),
            until_week: u16::try_from(until).unwrap_or(u16::MAX),
            spent,
            ceiling: own.or(present),
            set: own.is_some(),
        });
        spent = 0;
        year = year.next();
    }
    Ok(found)
}

/// What the region bought, as the region's members may read it.
struct Market<'a> {
    points: &'a [PricePoint],
    own: usize,
    area: Option<AreaCode>,
    bought: Vec<Bought>,
    sizes: Vec<u32>,
    today: Date,
}

impl<'a> Market<'a> {
    fn new(points: &'a [PricePoint], buyers: &[i64], authority: &Organisation, today: Date) -> Self {
        let buyer = |id: i64| buyers.binary_search(&id).unwrap_or(usize::MAX);
        let bought: Vec<Bought> = points
            .iter()
            .map(|point| Bought {
                buyer: buyer(point.authority.0),
                lot: point.lot.clone(),
                route: match point.route {
                    BuyingRoute::Arrangement => Route::Arrangement,
                    BuyingRoute::Spot => Route::Spot,
                    BuyingRoute::Block => Route::Block,
                    BuyingRoute::InHouse => Route::Other,
                },
                weekly: point.weekly.0,
                days_ago: days_between(point.quarter, today).max(0),
            })
            .collect();
        let mut sizes = vec![0_u32; buyers.len()];
        for one in bought.iter().filter(|one| one.days_ago <= PRICED) {
            if let Some(size) = sizes.get_mut(one.buyer) {
                *size += 1;
            }
        }
        Self { points, own: buyer(authority.id.0), area: area(authority), bought, sizes, today }
    }

    fn own_since(&self, days: i64) -> impl Iterator<Item = (&PricePoint, &Bought)> {
        self.points.iter().zip(&self.bought).filter(move |(_, one)| one.buyer == self.own && one.days_ago <= days)
    }

    fn paid(&self) -> Vec<Paid> {
        paid(&self.bought, &self.sizes, self.own, PRICED)
    }

    /// By which way, and how far from home.
    fn routes(&self, found: &mut Assumptions) {
        let count =
            |route| i64::try_from(self.own_since(COUNTED).filter(|(_, one)| one.route == route).count()).unwrap_or(0);
        let (through, spot) = (count(Route::Arrangement), count(Route::Spot));
        let enough = |count: i64| count >= i64::try_from(FEWEST).unwrap_or(8);
        if enough(through + spot) {
            let how =
                format!("{through} of {} placements of the last 52 weeks, block and own beds left out", through + spot);
            found.found(Assumption::Share, share(through, through + spot), how);
        }
        let Some(own) = self.area else { return };
        for (route, near, far) in [
            (Route::Arrangement, Assumption::Near, Assumption::Far),
            (Route::Spot, Assumption::NearSpot, Assumption::FarSpot),
        ] {
            let classes: Vec<DistanceClass> = self
                .own_since(PRICED)
                .filter(|(_, one)| one.route == route)
                .map(|(point, _)| distance_class(own, point.area, point.quarter))
                .collect();
            let of = |class| i64::try_from(classes.iter().filter(|one| **one == class).count()).unwrap_or(0);
            let all = i64::try_from(classes.len()).unwrap_or(0);
            if !enough(all) {
                continue;
            }
            let how = |count: i64| format!("{count} of {all} placements of the last two years");
            found.found(near, share(of(DistanceClass::InArea), all), how(of(DistanceClass::InArea)));
            found.found(far, share(of(DistanceClass::AtADistance), all), how(of(DistanceClass::AtADistance)));
            if route == Route::Arrangement {
                let within = |count: i64| found.get(Assumption::Share) * count / all;
                let (near, around) =
                    (of(DistanceClass::InArea), of(DistanceClass::InArea) + of(DistanceClass::Adjoining));
                let (own, sub) = (within(near), within(around));
                let said = |count: i64, where_: &str| {
                    format!(
                        "Homes {where_} would join: they take {count} of {all} children placed through the arrangement"
                    )
                };
                found.found(Assumption::OwnShare, own, said(near, "in the authority's own area"));
                found.found(Assumption::SubShare, sub, said(around, "in the own area and those next to it"));
            }
        }
    }

    /// What a place costs by each route.
    fn prices(&self, found: &mut Assumptions, partners: i64) {
        let mut dear: Vec<i64> = self.own_since(PRICED).map(|(_, one)| one.weekly).collect();
        dear.sort_unstable();
        if let Some(dearest) = dear.get(dear.len() * 9 / 10).filter(|_| dear.len() >= FEWEST) {
            let how = format!("A tenth of the {} placements of the last two years cost more", dear.len());
            found.found(Assumption::NotFoundWeekly, *dearest, how);
        }
        if let Some((rise, count)) = yearly_rise(&self.bought) {
            found.found(
                Assumption::Rise,
                rise,
                format!("{count} placements through the arrangement in the region, lot by lot"),
            );
        }
        let own: Vec<Bought> = self.bought.iter().filter(|one| one.buyer == self.own).cloned().collect();
        let spot = spot_difference(&own).map(|told| (told, "this authority"));
        if let Some((told, whose)) = spot.or_else(|| spot_difference(&self.bought).map(|told| (told, "the region"))) {
            let how = format!(
                "Placements of {whose}, lot by lot with the yearly rise taken out; {} on the smaller side",
                told.rests_on
            );
            found.found(Assumption::SpotPrice, told.thousandths, how.clone());
            found.found(Assumption::SpotSpread, told.error, how);
        }
        let size = self.sizes.get(self.own).copied().unwrap_or(0);
        let all: u32 = self.sizes.iter().sum();
        let others = u32::try_from(self.sizes.len().saturating_sub(1)).unwrap_or(0).max(1);
        let pooled = size + u32::try_from(partners).unwrap_or(0).min(others) * (all - size) / others;
        let effect = |size| size_effect(&self.bought, &self.sizes, (size, all));
        let how = |told: Difference, size: u32| {
            format!(
                "How prices went with the buyer's size in the region, lot by lot: {size} placements in two years beside the \
                 region's {all}; {} placements, standard error {}.{}%",
                told.rests_on,
                told.error / 10,
                told.error % 10
            )
        };
        if let Some(told) = effect(size) {
            found.found(Assumption::OwnPrice, told.thousandths, how(told, size));
            found.found(Assumption::SizeSpread, told.error, how(told, size));
        }
        if let Some(told) = effect(pooled) {
            found.found(Assumption::SubPrice, told.thousandths, how(told, pooled));
        }
    }

    /// Beds of a block and in house: their price, and whom they suit.
    fn beds(&self, found: &mut Assumptions) {
        let block = self.bought.iter().filter(|one| one.route == Route::Block && one.days_ago <= PRICED);
        let block: Vec<i64> = block.map(|one| one.weekly).collect();
        let count = block.len();
        if let Some(price) = middle(block) {
            let how =
                format!("The middle price of the region's {count} placements in block beds of the last two years");
            found.found(Assumption::BlockWeekly, price, how);
        }
        let (mut all, mut suits) = (0_i64, 0_i64);
        for (point, _) in self.own_since(PRICED) {
            all += 1;
            suits += i64::from(point.staffing == Staffing::Usual);
        }
        if all >= i64::try_from(FEWEST).unwrap_or(8) {
            // A third of the children who could are turned down for those who live there already.
            let value = share(suits, all) * 650 / 1_000;
            let how = format!(
                "{suits} of {all} placements needed the home's usual staffing; of those, by estimate, 35% are turned down \
                 for the children who live there"
            );
            found.found(Assumption::BlockFit, value, how.clone());
            found.found(Assumption::HouseFit, value, how);
        }
    }

    /// What children are placed for through the arrangement, at today's prices: the authority's own placements, else the
    /// region's.
    fn bought_at(&self, rise: i64, grounds: &mut Vec<String>) -> Vec<u32> {
        let today = |one: &Bought| {
            let risen = one.weekly + one.weekly * rise * one.days_ago / 365_000;
            u32::try_from(risen.max(0)).unwrap_or(u32::MAX)
        };
        let through = |one: &&Bought| one.route == Route::Arrangement && one.days_ago <= PRICED;
        let own: Vec<u32> = self.own_since(PRICED).map(|(_, one)| one).filter(through).map(today).collect();
        if own.len() >= FEWEST {
            grounds.push(format!(
                "Prices are drawn from {} placements of this authority through the arrangement in the last two years, brought \
                 to those of {}.",
                own.len(),
                self.today.year()
            ));
            return own;
        }
        let region: Vec<u32> = self.bought.iter().filter(through).map(today).take(STEPS).collect();
        if region.len() >= FEWEST {
            grounds.push(format!(
                "This authority has too few placements through the arrangement: prices are drawn from {} of the region.",
                region.len()
            ));
            return region;
        }
        grounds.push(
            "The record holds no prices to draw from: £3,950 a week stands instead, an estimate for planned care in 2021."
                .to_owned(),
        );
        vec![395_000]
    }
}
