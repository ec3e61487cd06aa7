//! The region's price points as an appraisal starts from them: by which way an authority's children are placed and how far
//! from home, what a place costs by each route, what size buys, and whom a bed of one's own would suit.

use jiff::civil::Date;
use placewell_domain::authority::{AreaCode, DistanceClass, distance_class};
use placewell_domain::nights::days_between;
use placewell_domain::office::organisation::Organisation;
use placewell_domain::placing::agreement::{BuyingRoute, PricePoint, Staffing};
use placewell_domain::power::annual_value::Route;
use placewell_domain::reporting::appraisal::{Assumption, Assumptions, Paid};
use placewell_insight::reporting::appraisal::{
    Bought, Difference, FEWEST, STEPS, middle, paid, size_effect, spot_difference, yearly_rise,
};

use super::starting::{COUNTED, STATED_WEEKLY, area, few, part_of, told_share, told_shares};

/// For how long back prices are looked at.
const PRICED: i64 = 730;

/// What the region bought, as the region's members may read it.
pub(super) struct Market<'a> {
    points: &'a [PricePoint],
    own: usize,
    area: Option<AreaCode>,
    bought: Vec<Bought>,
    sizes: Vec<u32>,
    today: Date,
}

impl<'a> Market<'a> {
    pub(super) fn new(points: &'a [PricePoint], buyers: &[i64], authority: &Organisation, today: Date) -> Self {
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
                home: point.home,
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

    pub(super) fn paid(&self) -> Vec<Paid> {
        paid(&self.bought, &self.sizes, self.own, PRICED)
    }

    /// How many placements the authority bought in the quarters of the last 52 weeks, and the days since the first of them
    /// began; none where there are fewer than eight.
    pub(super) fn begun(&self) -> Option<(usize, i64)> {
        let bought = |one: &&Bought| matches!(one.route, Route::Arrangement | Route::Spot);
        let days: Vec<i64> =
            self.own_since(COUNTED).map(|(_, one)| one).filter(bought).map(|one| one.days_ago).collect();
        let first = days.iter().copied().max()?;
        (days.len() >= FEWEST && first > 0).then_some((days.len(), first))
    }

    /// By which way, and how far from home.
    pub(super) fn routes(&self, found: &mut Assumptions) {
        let count =
            |route| i64::try_from(self.own_since(COUNTED).filter(|(_, one)| one.route == route).count()).unwrap_or(0);
        let (through, spot) = (count(Route::Arrangement), count(Route::Spot));
        let enough = |count: i64| count >= i64::try_from(FEWEST).unwrap_or(8);
        if enough(through + spot) {
            let of = part_of(through, through + spot);
            let how = format!("{of} placements of the last 52 weeks, block and own beds left out");
            found.found(Assumption::Share, told_share(through, through + spot), how);
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
            let how = |count: i64| format!("{} placements of the last two years", part_of(count, all));
            let (own_area, away) = (of(DistanceClass::InArea), of(DistanceClass::AtADistance));
            // Those next to the own area would be told by subtraction: what is known of the two others stays an estimate.
            let by_subtraction = few(of(DistanceClass::Adjoining)) && !few(own_area) && !few(away);
            let (within_own, far_away) = told_shares((own_area, away), all);
            found.found(near, within_own, how(own_area));
            let left = 1_000 - within_own;
            if !by_subtraction {
                found.found(far, far_away, how(away));
            } else if found.get(far) > left {
                found.found(far, left, "What the own area leaves, those next to it among them".to_owned());
            }
            if route == Route::Arrangement {
                let through = found.get(Assumption::Share);
                let within = |count: i64| {
                    let told = !few(count) && !few(all - count);
                    if told { through * count / all } else { through * told_share(count, all) / 1_000 }
                };
                let around = own_area + of(DistanceClass::Adjoining);
                let (own, sub) = (within(own_area), within(around));
                let said = |count: i64, where_: &str| {
                    let of = part_of(count, all).to_lowercase();
                    format!("Homes {where_} would join: they take {of} children placed through the arrangement")
                };
                found.found(Assumption::OwnShare, own, said(own_area, "in the authority's own area"));
                if !by_subtraction {
                    found.found(Assumption::SubShare, sub, said(around, "in the own area and those next to it"));
                }
            }
        }
    }

    /// What a place costs by each route.
    pub(super) fn prices(&self, found: &mut Assumptions, partners: i64) {
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
                "How spot prices went with the buyer's size in the region, lot by lot: {size} placements in two years beside the \
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
    pub(super) fn beds(&self, found: &mut Assumptions) {
        let block = self.bought.iter().filter(|one| one.route == Route::Block && one.days_ago <= PRICED);
        if let Some((price, count)) = middle(block) {
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
            let value = told_share(suits, all) * 650 / 1_000;
            let how = format!(
                "{} placements needed the home's usual staffing; of those, by estimate, 35% are turned down for the children \
                 who live there",
                part_of(suits, all)
            );
            found.found(Assumption::BlockFit, value, how.clone());
            found.found(Assumption::HouseFit, value, how);
        }
    }

    /// What children are placed for through the arrangement, at today's prices: the authority's own placements, else the
    /// region's.
    pub(super) fn bought_at(&self, rise: i64, grounds: &mut Vec<String>) -> Vec<u32> {
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
        vec![STATED_WEEKLY]
    }
}
