//! The share of a year's placements that went through the arrangement, with every small number out of it (rule 9.1).
//!
//! Placements that began in the year stand in two groups, through the arrangement and any other way. A name is told only where
//! both its groups have at least five children at five homes; so have those of all the others together.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::group::{Group, split};
use super::totals::AT_LEAST;
use crate::id::{HomeId, OrganisationId};

/// Placements that began one way. It is never published.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Started {
    /// How many.
    pub placements: usize,
    /// Of how many children, each counted once.
    pub children: usize,
    /// At which homes.
    pub homes: BTreeSet<HomeId>,
}

impl Started {
    fn with(&self, other: &Self) -> Self {
        Self {
            placements: self.placements + other.placements,
            children: self.children + other.children,
            homes: self.homes.union(&other.homes).copied().collect(),
        }
    }

    fn enough(&self) -> bool {
        self.children >= AT_LEAST && self.homes.len() >= AT_LEAST
    }
}

/// One authority's placements that began in a year, as it tells the regional team. It is never published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Begun {
    /// The authority.
    pub authority: OrganisationId,
    /// Through the arrangement.
    pub through: Started,
    /// By spot purchase, in a block's bed or in an own home.
    pub otherwise: Started,
}

/// Both ways of one name or of several together.
#[derive(Debug, Clone, Default)]
struct Ways {
    through: Started,
    otherwise: Started,
}

impl Ways {
    fn share(&self) -> Share {
        Share { through: self.through.placements as u64, otherwise: self.otherwise.placements as u64 }
    }
}

impl Group for Ways {
    fn with(&self, other: &Self) -> Self {
        Self { through: self.through.with(&other.through), otherwise: self.otherwise.with(&other.otherwise) }
    }

    fn enough(&self) -> bool {
        self.through.enough() && self.otherwise.enough()
    }

    fn holds_any(&self) -> bool {
        self.through.placements + self.otherwise.placements > 0
    }

    fn size(&self) -> (usize, usize) {
        let fewer = self.through.children.min(self.otherwise.children);
        (fewer, self.through.children + self.otherwise.children)
    }
}

/// Placements that began, as everybody reads them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// Through the arrangement.
    pub through: u64,
    /// Any other way.
    pub otherwise: u64,
}

impl Share {
    /// All of them.
    #[must_use]
    pub const fn all(self) -> u64 {
        self.through + self.otherwise
    }

    /// The share through the arrangement in whole percent, rounded half up.
    #[must_use]
    pub fn percent(self) -> u64 {
        (self.through * 100 + self.all() / 2).checked_div(self.all()).unwrap_or_default()
    }
}

/// A share with whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShareOf {
    /// The authority; none for all the others together.
    pub of: Option<OrganisationId>,
    /// Its share.
    pub share: Share,
}

/// A year's share as everybody reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearShare {
    /// All authorities together.
    pub all: Share,
    /// By authority, in their order, the others together last; empty where no authority can be told.
    pub by_authority: Vec<ShareOf>,
}

/// The share of a year; none where fewer than five children at five homes stand behind either way.
#[must_use]
pub fn year_share(rows: &[Begun]) -> Option<YearShare> {
    let mut named: BTreeMap<OrganisationId, Ways> = BTreeMap::new();
    for row in rows {
        let own = named.entry(row.authority).or_default();
        *own = own.with(&Ways { through: row.through.clone(), otherwise: row.otherwise.clone() });
    }
    let all = named.values().fold(Ways::default(), |sum, ways| sum.with(ways));
    if !all.enough() {
        return None;
    }
    let (alone, rest) = split(named, Ways::default());
    let mut by_authority: Vec<ShareOf> =
        alone.iter().map(|(of, ways)| ShareOf { of: Some(*of), share: ways.share() }).collect();
    if !alone.is_empty() && rest.holds_any() {
        by_authority.push(ShareOf { of: None, share: rest.share() });
    }
    Some(YearShare { all: all.share(), by_authority })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use proptest::prelude::*;

    use super::*;

    fn started(authority: i64, (placements, children): (usize, usize), homes: &[i64]) -> Started {
        Started { placements, children, homes: homes.iter().map(|home| HomeId(authority * 100 + home)).collect() }
    }

    fn begun(authority: i64, through: usize, otherwise: usize) -> Begun {
        const HOMES: [i64; 6] = [1, 2, 3, 4, 5, 6];
        let way = |many: usize| started(authority, (many, many), &HOMES[..many.min(6)]);
        Begun { authority: OrganisationId(authority), through: way(through), otherwise: way(otherwise) }
    }

    /// Every figure with the (authority, way) cells of which it is the sum, as a reader would name them.
    fn figures(share: &YearShare, rows: &[Begun]) -> Vec<(u64, BTreeSet<(usize, bool)>)> {
        let told: BTreeSet<OrganisationId> = share.by_authority.iter().filter_map(|one| one.of).collect();
        let lines = share.by_authority.iter().map(|one| (one.share, one.of)).map(|(share, of)| {
            let own = move |row: &Begun, told: &BTreeSet<OrganisationId>| {
                of.map_or(!told.contains(&row.authority), |name| row.authority == name)
            };
            let rows = rows.iter().enumerate().filter(|(_, row)| own(row, &told)).map(|(at, _)| at);
            (share, rows.collect::<Vec<_>>())
        });
        let all = (share.all, (0..rows.len()).collect());
        core::iter::once(all)
            .chain(lines)
            .flat_map(|(share, rows)| {
                let cells = |through: bool| rows.iter().map(|row| (*row, through)).collect::<BTreeSet<_>>();
                let whole = cells(true).union(&cells(false)).copied().collect();
                [(share.through, cells(true)), (share.otherwise, cells(false)), (share.all(), whole)]
            })
            .collect()
    }

    fn reach(cells: &BTreeSet<(usize, bool)>, rows: &[Begun]) -> Started {
        let of = |(row, through): &(usize, bool)| if *through { &rows[*row].through } else { &rows[*row].otherwise };
        cells.iter().fold(Started::default(), |sum, cell| sum.with(of(cell)))
    }

    fn held(rows: &[Begun]) -> Result<(), TestCaseError> {
        let Some(share) = year_share(rows) else { return Ok(()) };
        let figures = figures(&share, rows);
        let mut pieces: BTreeMap<Vec<bool>, BTreeSet<(usize, bool)>> = BTreeMap::new();
        for (number, cells) in &figures {
            prop_assert_eq!(*number, reach(cells, rows).placements as u64);
        }
        for cell in (0..rows.len()).flat_map(|row| [(row, true), (row, false)]) {
            let stands = figures.iter().map(|(_, cells)| cells.contains(&cell)).collect();
            pieces.entry(stands).or_default().insert(cell);
        }
        for piece in pieces.values() {
            let found = reach(piece, rows);
            // Whoever bought nothing at all, either way, is told of by no child.
            let bought = |row: &Begun| row.through.placements + row.otherwise.placements;
            let silent = piece.iter().all(|(row, _)| bought(&rows[*row]) == 0);
            prop_assert!(silent || found.enough(), "{} children at {} homes", found.children, found.homes.len());
        }
        Ok(())
    }

    fn region() -> impl Strategy<Value = Vec<Begun>> {
        let way = || (0usize..12, 0usize..3, proptest::collection::btree_set(0i64..9, 1..8));
        proptest::collection::vec((way(), way()), 0..9).prop_map(|all| {
            let made = |authority: i64, (children, again, homes): (usize, usize, BTreeSet<i64>)| {
                let homes: Vec<i64> = homes.into_iter().take(children).collect();
                started(authority, (children + again.min(children), children), &homes)
            };
            let row = |(at, (through, otherwise))| {
                let authority = i64::try_from(at).unwrap();
                let (through, otherwise) = (made(authority, through), made(authority, otherwise));
                Begun { authority: OrganisationId(authority), through, otherwise }
            };
            all.into_iter().enumerate().map(row).collect()
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(600))]

        #[test]
        fn rule_9_1_whatever_share_is_subtracted_from_whatever_no_way_under_five_comes_out(rows in region()) {
            held(&rows)?;
        }
    }

    #[test]
    fn rule_9_1_an_authority_that_bought_nothing_hides_nobody() {
        held(&[begun(0, 0, 0), begun(1, 5, 5)]).unwrap();
        assert!(held(&[begun(0, 0, 6), begun(1, 5, 5)]).is_ok(), "one that bought one way alone stands with another");
    }

    #[test]
    fn rule_9_1_an_authority_whose_spot_purchases_are_few_takes_another_with_it() {
        let rows = [begun(1, 60, 40), begun(2, 30, 10), begun(3, 20, 2)];
        let share = year_share(&rows).unwrap();
        assert_eq!((share.all, share.all.percent()), (Share { through: 110, otherwise: 52 }, 68));
        let told: Vec<_> = share.by_authority.iter().map(|one| (one.of.map(|it| it.0), one.share.otherwise)).collect();
        assert_eq!(told, [(Some(1), 40), (None, 12)], "10 and 2 stand together: 52 − 40 − 10 would be 2");
        held(&rows).unwrap();
    }

    #[test]
    fn rule_9_1_a_year_in_which_few_went_another_way_has_no_share() {
        assert_eq!(year_share(&[begun(1, 200, 4)]), None);
        assert_eq!(
            year_share(&[begun(1, 200, 0)]),
            None,
            "none at all would tell of the four who are hidden elsewhere"
        );
        assert_eq!(year_share(&[]), None);
        let few_homes = Begun { otherwise: started(1, (30, 30), &[1, 2, 3, 4]), ..begun(1, 40, 0) };
        assert_eq!(year_share(&[few_homes]), None, "many children at few homes are as few");
    }
}
