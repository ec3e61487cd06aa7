//! Which homes an officer would have asked for a child: those on the lot, registered for the child's age and sex, not
//! saying no to a need that is essential, near enough, with a bed that was free as far as anybody knew on the day.

use jiff::civil::Date;
use placewell_domain::homes::home::{Grade, NeedSet, Sector, Sex};
use placewell_domain::nights::plus_days;
use placewell_domain::place::{Point, locate, locate_outcode, miles_tenths};
use placewell_domain::placing::referral::{Profile, Tier};

use super::homes::{HomePlan, Homes};
use super::needs::Wish;
use super::stays::{ClosedPlan, Contract, StayPlan, Stays};

/// Homes with who slept there, to be looked through many times.
pub struct Fits<'a> {
    homes: &'a Homes,
    stays: Vec<Vec<&'a StayPlan>>,
    closed: Vec<Vec<&'a ClosedPlan>>,
    points: Vec<Option<Point>>,
}

impl<'a> Fits<'a> {
    /// Looks everything up once.
    pub fn of(homes: &'a Homes, stays: &'a Stays) -> Self {
        let mut by_home = vec![Vec::new(); homes.homes.len()];
        for stay in &stays.stays {
            by_home[stay.home].push(stay);
        }
        let mut closed = vec![Vec::new(); homes.homes.len()];
        for one in &stays.closed {
            closed[one.home].push(one);
        }
        let points = homes.homes.iter().map(|home| Some(locate(home.postcode.as_ref()?)?.point)).collect();
        Self { homes, stays: by_home, closed, points }
    }

    /// Whether the home is for a child like this, whatever its beds.
    pub fn suits(&self, at: usize, wish: &Wish, profile: &Profile) -> bool {
        let home = &self.homes.homes[at];
        let says_no = home.answers.does_not.iter().any(|need| profile.must_haves.has(need));
        home.ages.admit(wish.age)
            && home.sex.admits(wish.sex)
            && home.grade != Grade::Inadequate
            && home.registered < wish.sent
            && !says_no
            && self.near(at, profile)
    }

    fn near(&self, at: usize, profile: &Profile) -> bool {
        let from = profile.from.as_ref().and_then(locate_outcode).map(|located| located.point);
        let limit = profile.within_miles.map_or(u32::MAX, |miles| u32::from(miles) * 10);
        from.zip(self.points[at]).is_none_or(|(from, to)| miles_tenths(from, to).0 <= limit)
    }

    /// Whether a bed is free from a night on for four weeks, as it was known on the day of sending.
    pub fn has_room(&self, at: usize, wish: &Wish) -> bool {
        let until = plus_days(wish.start, 28);
        let known = |stay: &&&StayPlan| stay.from <= wish.sent && stay.to.is_none_or(|to| to > wish.start);
        let taken: Vec<&&StayPlan> = self.stays[at].iter().filter(known).collect();
        if taken.iter().any(|stay| stay.solo) {
            return false;
        }
        let shut = |bed: u8| {
            let overlaps =
                |one: &&&ClosedPlan| one.bed == bed && one.from < until && one.to.is_none_or(|to| to > wish.start);
            self.closed[at].iter().any(|one| overlaps(&one))
        };
        (0..self.homes.homes[at].places).any(|bed| taken.iter().all(|stay| stay.bed != bed) && !shut(bed))
    }

    /// Whether the home stands in the authority's area.
    pub fn in_area(&self, at: usize, part: usize) -> bool {
        self.homes.homes[at].part == part
    }

    /// In which tier the home stands for an authority's child.
    pub fn tier(&self, at: usize, part: usize, lot: &str, day: Date) -> Tier {
        let home: &HomePlan = &self.homes.homes[at];
        let own = home.sector == Sector::LocalAuthority && home.part == part;
        let block = |stay: &&StayPlan| {
            (stay.contract == Contract::Block || stay.block.is_some())
                && stay.part == Some(part)
                && stay.from <= day
                && stay.to.is_none_or(|to| to > day)
        };
        if own {
            Tier::InHouse
        } else if self.stays[at].iter().any(block) {
            Tier::MiniBlock
        } else if home.lots.iter().any(|(admitted, _)| *admitted == lot) {
            Tier::Fca
        } else {
            Tier::Spot
        }
    }

    /// Whether the home takes new children today: not judged to have serious concerns by then.
    pub fn open(&self, at: usize) -> bool {
        let visits = &self.homes.homes[at].inspections;
        visits.iter().all(|seen| seen.grade != Some(Grade::Inadequate))
    }

    /// Makes the child one whom the home can take.
    pub fn make_suit(&self, at: usize, wish: &mut Wish) {
        let home = &self.homes.homes[at];
        wish.age = wish.age.clamp(home.ages.from, home.ages.to);
        if !home.sex.admits(wish.sex) {
            wish.sex = if wish.sex == Sex::Female { Sex::Male } else { Sex::Female };
        }
    }

    /// Whether the home is on the lot.
    pub fn on_lot(&self, at: usize, lot: &str) -> bool {
        self.homes.homes[at].lots.iter().any(|(admitted, _)| *admitted == lot)
    }

    /// The homes there are.
    pub fn how_many(&self) -> usize {
        self.homes.homes.len()
    }

    /// A home's own answers that say no.
    pub fn says_no(&self, at: usize) -> NeedSet {
        self.homes.homes[at].answers.does_not
    }
}
