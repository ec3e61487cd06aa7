//! What has happened lately at some homes, so that the work of a Monday has something to find: a notice of Ofsted, a
//! registration that was cancelled, visits of last week, a provider suspended while children live with it, insurance that
//! runs out. Drawn from a stream of its own.

use jiff::civil::{Date, date};
use placewell_domain::homes::home::inspection::InspectionKind;
use placewell_domain::homes::home::{Grade, Inspection, Sector};
use placewell_domain::nights::plus_days;

use super::cast::Cast;
use super::chance::Chance;
use super::history::{Ended, History};
use super::homes::Homes;
use super::stays::{Contract, Stays};
use super::{TODAY, names};

/// The home that is no longer on the register: beside the homes of the plan, without children.
#[derive(Debug, Clone, serde::Serialize)]
pub struct CancelledHome {
    /// Its number.
    pub urn: String,
    /// Its name.
    pub name: String,
    /// Its owner's place in the list.
    pub owner: usize,
    /// Its authority's place in the list.
    pub part: usize,
    /// Its places.
    pub places: u8,
    /// When it was registered.
    pub registered: Date,
    /// By when it had left the register.
    pub cancelled: Date,
}

/// All of it; homes and owners by their place in the lists.
#[derive(Debug, Clone)]
pub struct Happenings {
    /// Where Ofsted restricts new admissions, and since when.
    pub restricted: Option<(usize, Date)>,
    /// The home whose registration was cancelled.
    pub cancelled: CancelledHome,
    /// Homes that Ofsted visited last week; the report is not out.
    pub visited: Vec<(usize, Inspection)>,
    /// An owner that takes no new placements since a day, with children living in its homes.
    pub suspended: Option<(usize, Date)>,
    /// Owners whose insurance runs out, and the first day without it: their homes are suspended from then.
    pub uninsured: Vec<(usize, Date)>,
}

/// In how many days insurance runs out.
const UNINSURED_IN: [i64; 3] = [5, 28, 55];
/// How many homes were visited last week, and how many of them gave serious concerns.
const VISITED: usize = 6;
const GRAVE: usize = 2;

/// Draws them among homes that are not in the story.
pub fn plan(homes: &Homes, cast: &Cast, stays: &Stays, history: &History) -> Happenings {
    let mut chance = Chance::of("happenings");
    let mut told: Vec<usize> = cast.all().iter().map(|at| homes.homes[*at].owner).collect();
    let suspended = suspended(homes, &told, stays, history);
    told.extend(suspended.map(|(owner, _)| owner));
    let mut others: Vec<usize> = (0..homes.homes.len()).filter(|at| !told.contains(&homes.homes[*at].owner)).collect();
    chance.shuffle(&mut others);
    // Ofsted restricts admissions where it judged a home Inadequate; on a lot of the arrangement, so that it is met there.
    let grave = |at: &&usize| homes.homes[**at].grade == Grade::Inadequate;
    let restricted = others
        .iter()
        .find(|at| grave(at) && !homes.homes[**at].lots.is_empty())
        .or_else(|| others.iter().find(grave))
        .or(others.first())
        .map(|at| (*at, date(2021, 9, 8)));
    // Concerns matter most where an authority may place tomorrow: at homes of the arrangement.
    let mut usual: Vec<usize> = others.clone();
    usual.retain(|at| matches!(homes.homes[*at].grade, Grade::Good | Grade::RequiresImprovement));
    usual.sort_by_key(|at| homes.homes[*at].lots.is_empty());
    let visited = usual.into_iter().take(VISITED).enumerate().map(|(number, at)| (at, visit(number))).collect();
    let mut owners: Vec<usize> = others
        .iter()
        .filter(|at| homes.homes[**at].sector == Sector::Private && !homes.homes[**at].lots.is_empty())
        .map(|at| homes.homes[*at].owner)
        .filter(|owner| homes.owners[*owner].homes <= 3)
        .collect();
    owners.sort_unstable();
    owners.dedup();
    chance.shuffle(&mut owners);
    let uninsured = owners.into_iter().zip(UNINSURED_IN).map(|(owner, days)| (owner, plus_days(TODAY, days))).collect();
    let closed = others.iter().find(|at| homes.homes[**at].sector == Sector::Private).copied().unwrap_or_default();
    let number = 450;
    let cancelled = CancelledHome {
        urn: format!("SC9{:05}", 10_000 + number * 37),
        name: names::home(number),
        owner: homes.homes[closed].owner,
        part: homes.homes[closed].part,
        places: 4,
        registered: date(2016, 5, 23),
        cancelled: date(2021, 8, 27),
    };
    Happenings { restricted, cancelled, visited, suspended, uninsured }
}

/// An owner of a few homes in which children live through the arrangement, and where nothing was asked or begun since it
/// was suspended, so that the region's own record does not contradict itself.
fn suspended(homes: &Homes, told: &[usize], stays: &Stays, history: &History) -> Option<(usize, Date)> {
    let since = date(2021, 9, 2);
    let of = |at: usize| homes.homes[at].owner;
    let quiet = |owner: usize| {
        let begun = stays.stays.iter().any(|stay| of(stay.home) == owner && stay.from >= since);
        let late = history.searches.iter().filter(|one| one.wish.sent >= since || matches!(one.ended, Ended::Open(_)));
        !begun && !late.flat_map(|one| &one.asked).any(|(at, _)| of(*at) == owner)
    };
    let children = |owner: usize| {
        let bought = stays.stays.iter().filter(|stay| stay.live() && stay.contract == Contract::Arrangement);
        bought.filter(|stay| of(stay.home) == owner).count()
    };
    let sound = |owner: usize| homes.homes.iter().all(|home| home.owner != owner || home.grade != Grade::Inadequate);
    (0..homes.owners.len())
        .filter(|owner| !told.contains(owner) && homes.owners[*owner].sector == Sector::Private)
        .filter(|owner| (1..=4).contains(&homes.owners[*owner].homes))
        .find(|owner| children(*owner) >= 2 && sound(*owner) && quiet(*owner))
        .map(|owner| (owner, since))
}

/// Visits of the week before, from Monday to Friday: the first ones gave serious concerns, the others looked again.
fn visit(number: usize) -> Inspection {
    let day = i64::try_from(number % 5).unwrap_or_default();
    let grave = number < GRAVE;
    Inspection {
        kind: if grave { InspectionKind::Assurance } else { InspectionKind::Monitoring },
        inspected_on: plus_days(date(2021, 9, 6), day),
        published_on: None,
        grade: None,
        serious_concerns: grave,
        event: format!("10{:06}", 900_000 + number),
        link: None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Scale, World};
    use super::*;
    use placewell_domain::nights::days_between;

    #[test]
    fn something_has_happened_at_homes_that_are_not_in_the_story() {
        for scale in [Scale::WHOLE, Scale::SMALL] {
            let World { homes, cast, happenings: found, .. } = World::plan(scale);
            assert!(found.restricted.is_some_and(|(at, _)| !cast.all().contains(&at)));
            assert!(found.visited.iter().all(|(at, _)| !cast.all().contains(at)));
            assert!(found.visited.len() >= 3 && !found.uninsured.is_empty());
            assert!(
                homes.homes.iter().all(|home| home.urn != found.cancelled.urn && home.name != found.cancelled.name)
            );
        }
    }

    #[test]
    fn two_assurance_visits_of_last_week_gave_serious_concerns() {
        let visits: Vec<Inspection> =
            World::plan(Scale::WHOLE).happenings.visited.into_iter().map(|(_, seen)| seen).collect();
        let week = date(2021, 9, 6)..=date(2021, 9, 12);
        assert!(visits.iter().all(|seen| week.contains(&seen.inspected_on)));
        let grave: Vec<_> = visits.iter().filter(|seen| seen.serious_concerns).map(|seen| seen.kind).collect();
        assert_eq!(grave, [InspectionKind::Assurance; 2]);
    }

    #[test]
    fn insurance_of_three_owners_runs_out_in_5_28_and_55_days() {
        let found = World::plan(Scale::WHOLE).happenings.uninsured;
        let days: Vec<i64> = found.iter().map(|(_, from)| days_between(TODAY, *from)).collect();
        assert_eq!(days, [5, 28, 55]);
        assert_ne!(found[0].0, found[1].0);
        assert_ne!(found[1].0, found[2].0);
        assert_ne!(found[0].0, found[2].0);
    }

    #[test]
    fn one_provider_is_suspended_while_children_live_with_it() {
        let world = World::plan(Scale::WHOLE);
        let (owner, since) = world.happenings.suspended.unwrap();
        let homes = &world.homes.homes;
        let stays: Vec<_> = world.stays.stays.iter().filter(|stay| homes[stay.home].owner == owner).collect();
        assert!(stays.iter().filter(|stay| stay.live()).count() >= 2);
        assert!(stays.iter().all(|stay| stay.from < since), "somebody moved in after the suspension");
        assert!(world.happenings.uninsured.iter().all(|(other, _)| *other != owner));
        assert!(world.cast.all().iter().all(|at| homes[*at].owner != owner));
    }
}
