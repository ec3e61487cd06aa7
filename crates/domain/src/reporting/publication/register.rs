//! How many homes each provider has, for everybody: counted once a year, with every small number out of it (rule 9.1).
//!
//! A list that moved with the register would give a small provider away on the day that it is named, or no longer is: the
//! others' sum would change by its homes. So a list stands for a year, and one provider alone never comes or goes.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::totals::AT_LEAST;
use crate::id::OrganisationId;

/// Homes on the register, as everybody reads them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HomesOf {
    /// The provider; none for all the others together.
    pub provider: Option<OrganisationId>,
    /// How many providers it is of.
    pub providers: u64,
    /// How many homes.
    pub homes: u64,
}

type Counts = [(OrganisationId, usize)];

/// How many homes stand behind these providers, and whether so many of both that no provider is told from it.
fn together(counts: &Counts, of: &BTreeSet<OrganisationId>) -> (usize, usize, bool) {
    let own: Vec<usize> = counts.iter().filter(|(name, _)| of.contains(name)).map(|(_, homes)| *homes).collect();
    let homes = own.iter().sum();
    (own.len(), homes, own.is_empty() || (own.len() > 1 && homes >= AT_LEAST))
}

/// Whether a list that names these providers, and no others, gives nothing away by itself or beside those that everybody has
/// read before; else the provider that joins the others, none where nobody is left to.
fn joins(
    counts: &Counts,
    named: &BTreeSet<OrganisationId>,
    before: &[Vec<HomesOf>],
) -> Result<(), Option<OrganisationId>> {
    let others: BTreeSet<OrganisationId> =
        counts.iter().map(|(name, _)| *name).filter(|name| !named.contains(name)).collect();
    let mut told = together(counts, &others).2;
    for list in before.iter().filter(|list| !list.is_empty()) {
        let known: BTreeSet<OrganisationId> = list.iter().filter_map(|one| one.provider).collect();
        let come: BTreeSet<OrganisationId> = named.difference(&known).copied().collect();
        if let (1, Some(alone)) = (come.len(), come.first()) {
            return Err(Some(*alone));
        }
        told = told && together(counts, &known.intersection(&others).copied().collect()).2;
    }
    let own = counts.iter().filter(|(name, _)| named.contains(name));
    let smallest = own.min_by_key(|(name, homes)| (*homes, *name)).map(|(name, _)| *name);
    if told { Ok(()) } else { Err(smallest) }
}

/// The list that is published beside those of earlier years; empty where it would tell of too few.
#[must_use]
pub fn published_homes(counts: &Counts, before: &[Vec<HomesOf>]) -> Vec<HomesOf> {
    let mut named: BTreeSet<OrganisationId> =
        counts.iter().filter(|(_, homes)| *homes >= AT_LEAST).map(|(name, _)| *name).collect();
    while let Err(joins) = joins(counts, &named, before) {
        match joins {
            Some(one) => named.remove(&one),
            None => return Vec::new(),
        };
    }
    let mut list: Vec<HomesOf> = counts
        .iter()
        .filter(|(name, _)| named.contains(name))
        .map(|(name, homes)| HomesOf { provider: Some(*name), providers: 1, homes: *homes as u64 })
        .collect();
    list.sort_by_key(|one| (core::cmp::Reverse(one.homes), one.provider));
    let others = counts.iter().map(|(name, _)| *name).filter(|name| !named.contains(name)).collect();
    let (providers, homes, _) = together(counts, &others);
    if providers > 0 {
        list.push(HomesOf { provider: None, providers: providers as u64, homes: homes as u64 });
    }
    list
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn counts(all: &[(i64, usize)]) -> Vec<(OrganisationId, usize)> {
        all.iter().map(|(name, homes)| (OrganisationId(*name), *homes)).collect()
    }

    fn told(list: &[HomesOf]) -> Vec<(Option<i64>, u64)> {
        list.iter().map(|one| (one.provider.map(|it| it.0), one.homes)).collect()
    }

    fn names(list: &[HomesOf]) -> BTreeSet<OrganisationId> {
        list.iter().filter_map(|one| one.provider).collect()
    }

    /// What the others' sums of two lists, and of one list, can be subtracted to: never one provider, never under five homes.
    fn held(years: &[Vec<(OrganisationId, usize)>]) -> Result<(), TestCaseError> {
        let mut lists: Vec<Vec<HomesOf>> = Vec::new();
        for counts in years {
            let list = published_homes(counts, &lists);
            let sum: u64 = list.iter().map(|one| one.homes).sum();
            let all: u64 = counts.iter().map(|(_, homes)| *homes as u64).sum();
            prop_assert!(list.is_empty() || sum == all);
            prop_assert!(list.iter().all(|one| one.homes >= AT_LEAST as u64));
            let homes: BTreeMap<OrganisationId, usize> = counts.iter().copied().collect();
            for earlier in lists.iter().filter(|earlier| !earlier.is_empty() && !list.is_empty()) {
                let come = names(&list).difference(&names(earlier)).count();
                prop_assert!(come != 1, "the others fall by one provider's homes");
                let gone: Vec<usize> =
                    names(earlier).difference(&names(&list)).filter_map(|name| homes.get(name)).copied().collect();
                prop_assert!(gone.is_empty() || (gone.len() > 1 && gone.iter().sum::<usize>() >= AT_LEAST), "{gone:?}");
            }
            lists.push(list);
        }
        Ok(())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(600))]

        #[test]
        fn rule_9_1_a_year_s_list_subtracted_from_any_other_gives_no_provider_away(
            years in proptest::collection::vec(proptest::collection::btree_map(1i64..12, 1usize..10, 0..12), 1..5),
        ) {
            let made = |all: BTreeMap<i64, usize>| all.into_iter().map(|(name, homes)| (OrganisationId(name), homes));
            held(&years.into_iter().map(|year| made(year).collect()).collect::<Vec<_>>())?;
        }
    }

    #[test]
    fn rule_9_1_owners_with_fewer_than_five_homes_stand_together() {
        let list = published_homes(&counts(&[(1, 4), (2, 9), (3, 1), (4, 5)]), &[]);
        assert_eq!(told(&list), [(Some(2), 9), (Some(4), 5), (None, 5)]);
        assert_eq!(list[2].providers, 2);
        assert_eq!(told(&published_homes(&counts(&[(1, 1), (3, 2)]), &[])), []);
    }

    #[test]
    fn rule_9_1_a_total_does_not_reveal_the_one_that_is_hidden() {
        let one_hidden = published_homes(&counts(&[(1, 4), (2, 9), (4, 6)]), &[]);
        assert_eq!(told(&one_hidden), [(Some(2), 9), (None, 10)]);
        let few_hidden = published_homes(&counts(&[(1, 1), (2, 9), (3, 2), (4, 6)]), &[]);
        assert_eq!(told(&few_hidden), [(Some(2), 9), (None, 9)]);
    }

    #[test]
    fn rule_9_1_the_next_year_s_list_does_not_tell_what_one_provider_had() {
        let first = published_homes(&counts(&[(1, 4), (2, 9), (3, 2), (4, 3)]), &[]);
        assert_eq!(told(&first), [(Some(2), 9), (None, 9)]);
        let grown = published_homes(&counts(&[(1, 5), (2, 9), (3, 2), (4, 3)]), core::slice::from_ref(&first));
        assert_eq!(
            told(&grown),
            [(Some(2), 9), (None, 10)],
            "named, it would show that it had 9 − 5 = 4 the year before"
        );
        let both = published_homes(&counts(&[(1, 5), (2, 9), (3, 6), (4, 3), (5, 3)]), core::slice::from_ref(&first));
        assert_eq!(told(&both), [(Some(2), 9), (Some(3), 6), (Some(1), 5), (None, 6)], "two at once are told");
        let fallen = published_homes(&counts(&[(1, 3), (2, 9), (3, 6), (4, 3), (5, 3)]), core::slice::from_ref(&both));
        assert_eq!(told(&fallen), [(Some(2), 9), (None, 15)], "alone, it would show that it has 9 − 6 = 3 now");
    }
}
