//! The homes of the story: which of the planned homes offer for HEF-R-0042, with the names, places and prices that the
//! tour tells of. Everything else about them is as it was drawn.

use placewell_domain::homes::home::{Ages, Grade, Need, NeedSet, RegisteredSex, Sector};
use placewell_domain::place::Postcode;

use super::authorities::{PARTS, place};
use super::homes::{HomePlan, Homes};
use super::needs::ten_must_haves;

/// The homes of the story, by their place in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cast {
    /// Elm House, 9 miles away: £4,150 a week.
    pub elm: usize,
    /// Ash Lodge, 22 miles away: £4,480 a week, once changed.
    pub ash: usize,
    /// Kestrel Court, 61 miles away and at a distance: £5,020 a week.
    pub kestrel: usize,
    /// Willow Bank, whose offer came late.
    pub willow: usize,
    /// Where the child of the agreement of the tour lives since August.
    pub hazel: usize,
    /// Where a child starts tomorrow.
    pub rowan: usize,
    /// Which home is recommended and waits for the Assistant Director.
    pub linden: usize,
    /// Where a child came in an emergency last night.
    pub thorn: usize,
}

impl Cast {
    /// All of them.
    pub fn all(self) -> [usize; 8] {
        [self.elm, self.ash, self.kestrel, self.willow, self.hazel, self.rowan, self.linden, self.thorn]
    }

    /// How many rooms of each are free: one, and one more where a child of the story moves in before others are asked for.
    pub fn free(self) -> [(usize, usize); 8] {
        self.all().map(|at| (at, if at == self.hazel || at == self.rowan { 2 } else { 1 }))
    }
}

/// Gives the story's homes their names, places and prices.
pub fn cast(homes: &mut Homes) -> Cast {
    let mut taken = Vec::new();
    let mut choose = |code: &str, name: &str, postcode: &str, (lot, tendered): (&'static str, i64)| {
        let at = find(homes, place(code), &taken);
        taken.push(at);
        exchange(homes, at, place(code), &taken);
        dress(homes, at, place(code), (name, postcode), (lot, tendered));
        at
    };
    Cast {
        elm: choose("HEF", "Elm House", "HR2 2QA", ("planned", 4_150)),
        ash: choose("WOR", "Ash Lodge", "WR2 6QA", ("planned", 4_200)),
        kestrel: choose("STA", "Kestrel Court", "WS15 3QA", ("planned", 4_380)),
        willow: choose("SHR", "Willow Bank", "SY8 1QA", ("planned", 4_090)),
        hazel: choose("HEF", "Hazel Croft", "HR8 1QA", ("planned", 4_230)),
        rowan: choose("WOR", "Rowan Place", "WR14 1QA", ("planned", 3_890)),
        linden: choose("HEF", "Linden House", "HR6 8QA", ("planned", 4_150)),
        thorn: choose("HEF", "Thorn Cottage", "HR9 5QA", ("crisis", 6_400)),
    }
}

/// A home of that area on the arrangement with three or four places, of an owner that is not in the story yet; else any.
fn find(homes: &Homes, part: usize, taken: &[usize]) -> usize {
    let free = |at: &usize| {
        !taken.contains(at) && taken.iter().all(|other| homes.homes[*other].owner != homes.homes[*at].owner)
    };
    let fits = |at: &usize| {
        let home = &homes.homes[*at];
        home.part == part && !home.lots.is_empty() && good(home) && (3..=4).contains(&home.places)
    };
    let all = || (0..homes.homes.len()).filter(free);
    let stands = |at: &usize| homes.homes[*at].part == part && good(&homes.homes[*at]) && homes.homes[*at].places >= 2;
    all()
        .find(fits)
        .or_else(|| all().find(stands))
        .or_else(|| all().find(|at| good(&homes.homes[*at]) && homes.homes[*at].places >= 2))
        .or_else(|| (0..homes.homes.len()).find(|at| !taken.contains(at) && homes.homes[*at].places >= 2))
        .unwrap_or_default()
}

/// A home that stands elsewhere changes places with one that stands there, so that each area keeps its number of homes.
fn exchange(homes: &mut Homes, at: usize, part: usize, taken: &[usize]) {
    let elsewhere = (homes.homes[at].part, homes.homes[at].area, homes.homes[at].postcode.clone());
    let free = |home: &HomePlan| home.part == part && home.sector != Sector::LocalAuthority;
    let other = homes.homes.iter().enumerate().position(|(other, home)| !taken.contains(&other) && free(home));
    if elsewhere.0 == part {
        return;
    }
    if let Some(other) = other.map(|other| &mut homes.homes[other]) {
        (other.part, other.area, other.postcode) = elsewhere;
    }
}

fn good(home: &HomePlan) -> bool {
    home.sector == Sector::Private && matches!(home.grade, Grade::Good | Grade::Outstanding)
}

fn dress(
    homes: &mut Homes,
    at: usize,
    part: usize,
    (name, postcode): (&str, &str),
    (lot, tendered): (&'static str, i64),
) {
    let own = homes.homes[at].name.clone();
    if let Some(other) = homes.homes.iter_mut().find(|home| home.name == name) {
        other.name = own;
    }
    let home: &mut HomePlan = &mut homes.homes[at];
    name.clone_into(&mut home.name);
    home.part = part;
    home.area = PARTS[part].area();
    home.postcode = Postcode::parse(postcode).ok();
    home.kind = lot;
    home.lots = vec![(lot, tendered)];
    home.ages = Ages { from: 8, to: 17 };
    home.sex = RegisteredSex::Any;
    for seen in &mut home.inspections {
        seen.serious_concerns = false;
    }
    let solo = [Need::Solo, Need::HarmPhysical];
    let wanted = ten_must_haves().iter().chain(solo);
    let wanted: NeedSet = wanted.collect();
    home.answers.meets = home.answers.meets.iter().chain(wanted.iter()).collect();
    home.answers.does_not = home.answers.does_not.without(wanted);
}

#[cfg(test)]
mod tests {
    use super::super::{Scale, homes};
    use super::*;
    use placewell_domain::authority::{DistanceClass, distance_class};
    use placewell_domain::place::{Outcode, locate, locate_outcode, miles_tenths};

    #[test]
    fn rule_10_5_the_three_homes_stand_9_22_and_61_miles_away_and_one_at_a_distance() {
        for scale in [Scale::WHOLE, Scale::SMALL] {
            let mut homes = homes::plan(scale);
            let cast = cast(&mut homes);
            let from = locate_outcode(&Outcode::parse("HR1").unwrap()).unwrap().point;
            let miles = |at: usize| {
                let to = locate(homes.homes[at].postcode.as_ref().unwrap()).unwrap().point;
                miles_tenths(from, to).one_decimal()
            };
            assert_eq!([cast.elm, cast.ash, cast.kestrel].map(miles), ["9.3", "22.1", "61.3"]);
            let class =
                |at: usize| distance_class(PARTS[place("HEF")].area(), homes.homes[at].area, super::super::TODAY);
            assert_eq!(class(cast.elm), DistanceClass::InArea);
            assert_eq!(class(cast.ash), DistanceClass::Adjoining);
            assert_eq!(class(cast.kestrel), DistanceClass::AtADistance);
        }
    }
}
