//! What has happened lately at some homes, so that the work of a Monday has something to find: a notice of Ofsted, a
//! registration that was cancelled, visits of last week, insurance that runs out. Drawn from a stream of its own.

use jiff::civil::{Date, date};
use placewell_domain::homes::home::inspection::InspectionKind;
use placewell_domain::homes::home::{Grade, Inspection, Sector};
use placewell_domain::nights::plus_days;

use super::cast::Cast;
use super::chance::Chance;
use super::homes::Homes;
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
    /// Owners whose insurance runs out, and the first day without it: their homes are suspended from then.
    pub uninsured: Vec<(usize, Date)>,
}

/// Draws them among homes that are not in the story.
pub fn plan(homes: &Homes, cast: &Cast) -> Happenings {
    let mut chance = Chance::of("happenings");
    let told: Vec<usize> = cast.all().iter().map(|at| homes.homes[*at].owner).collect();
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
    let usual = |at: &usize| matches!(homes.homes[*at].grade, Grade::Good | Grade::RequiresImprovement);
    let visited =
        others.iter().copied().filter(usual).take(6).enumerate().map(|(number, at)| (at, visit(number))).collect();
    let mut owners: Vec<usize> = others
        .iter()
        .filter(|at| homes.homes[**at].sector == Sector::Private && !homes.homes[**at].lots.is_empty())
        .map(|at| homes.homes[*at].owner)
        .filter(|owner| homes.owners[*owner].homes <= 3)
        .collect();
    owners.dedup();
    owners.truncate(3);
    let uninsured = owners.into_iter().zip([7, 17, 47]).map(|(owner, days)| (owner, plus_days(TODAY, days))).collect();
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
    Happenings { restricted, cancelled, visited, uninsured }
}

/// Visits of the week before, from Monday to Friday: every other one to look again after concerns.
fn visit(number: usize) -> Inspection {
    let day = i64::try_from(number % 5).unwrap_or_default();
    Inspection {
        kind: if number.is_multiple_of(2) { InspectionKind::Assurance } else { InspectionKind::Monitoring },
        inspected_on: plus_days(date(2021, 9, 6), day),
        published_on: None,
        grade: None,
        serious_concerns: number == 3,
        event: format!("10{:06}", 900_000 + number),
    }
}

#[cfg(test)]
mod tests {
    use super::super::cast::cast;
    use super::super::{Scale, homes};
    use super::*;

    #[test]
    fn something_has_happened_at_homes_that_are_not_in_the_story() {
        for scale in [Scale::WHOLE, Scale::SMALL] {
            let mut homes = homes::plan(scale);
            let cast = cast(&mut homes);
            let found = plan(&homes, &cast);
            assert!(found.restricted.is_some_and(|(at, _)| !cast.all().contains(&at)));
            assert!(found.visited.iter().all(|(at, _)| !cast.all().contains(at)));
            assert!(found.visited.len() >= 3 && !found.uninsured.is_empty());
            assert!(
                homes.homes.iter().all(|home| home.urn != found.cancelled.urn && home.name != found.cancelled.name)
            );
        }
    }
}
