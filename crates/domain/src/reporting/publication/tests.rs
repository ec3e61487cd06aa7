//! Every published figure subtracted from every other: no cell under five comes out (rule 9.1).

use std::collections::BTreeSet;

use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::totals::{AT_LEAST, Bought, Measure, YearTotals, may_publish, suppressed};
use crate::id::{HomeId, OrganisationId};
use crate::money::Pence;

const YEAR: Date = date(2019, 12, 15);

fn bought((authority, provider): (i64, i64), provider_homes: usize, children: usize, homes: &[i64]) -> Bought {
    Bought {
        authority: OrganisationId(authority),
        provider: OrganisationId(provider),
        provider_homes,
        children,
        homes: homes.iter().map(|home| HomeId(provider * 1_000 + home)).collect(),
        paid: Pence::pounds(200_000 * i64::try_from(children).unwrap() + 1_234),
    }
}

/// Each published figure, as the rows that it is the sum of: told from the names alone, as a reader would.
fn figures(totals: &YearTotals, rows: &[Bought]) -> Vec<(Measure, BTreeSet<usize>)> {
    let pick = |keep: &dyn Fn(&Bought) -> bool| -> BTreeSet<usize> {
        rows.iter().enumerate().filter(|(_, row)| keep(row)).map(|(at, _)| at).collect()
    };
    let named: Vec<OrganisationId> = totals.providers.iter().filter_map(|one| one.provider).collect();
    let mut found = Vec::new();
    found.extend(totals.all.map(|all| (all, pick(&|_| true))));
    for one in &totals.providers {
        let own = |row: &Bought| one.provider.map_or(!named.contains(&row.provider), |it| row.provider == it);
        found.push((one.total, pick(&own)));
        let told: Vec<OrganisationId> = one.by_authority.iter().filter_map(|part| part.of).collect();
        for part in &one.by_authority {
            let in_part =
                |row: &Bought| own(row) && part.of.map_or(!told.contains(&row.authority), |it| row.authority == it);
            found.push((part.measure, pick(&in_part)));
        }
    }
    found
}

/// The finest pieces that any adding and subtracting of the figures can leave: rows that stand in the same figures.
fn pieces(figures: &[(Measure, BTreeSet<usize>)], rows: usize) -> Vec<BTreeSet<usize>> {
    let mut by_figures: std::collections::BTreeMap<Vec<bool>, BTreeSet<usize>> = std::collections::BTreeMap::new();
    for row in 0..rows {
        let stands: Vec<bool> = figures.iter().map(|(_, of)| of.contains(&row)).collect();
        by_figures.entry(stands).or_default().insert(row);
    }
    by_figures.into_iter().filter(|(stands, _)| stands.iter().any(|in_it| *in_it)).map(|(_, rows)| rows).collect()
}

fn reach(of: &BTreeSet<usize>, rows: &[Bought]) -> (usize, usize) {
    let children = of.iter().map(|row| rows[*row].children).sum();
    let homes: BTreeSet<HomeId> = of.iter().flat_map(|row| rows[*row].homes.iter().copied()).collect();
    (children, homes.len())
}

/// What no publication may do, and what a figure must be.
fn held(rows: &[Bought]) -> Result<(), TestCaseError> {
    let totals = suppressed(YEAR, rows);
    let figures = figures(&totals, rows);
    for (measure, of) in &figures {
        let (children, _) = reach(of, rows);
        prop_assert_eq!(measure.children, children as u64, "a figure is the sum of what it says it is of");
        let paid = Pence(of.iter().map(|row| rows[*row].paid.0).sum());
        prop_assert_eq!(measure.paid, paid.to_thousands());
        prop_assert_eq!(measure.paid.0 % 100_000, 0, "amounts to £1,000");
    }
    for piece in pieces(&figures, rows.len()) {
        let (children, homes) = reach(&piece, rows);
        prop_assert!(children >= AT_LEAST && homes >= AT_LEAST, "{children} children at {homes} homes can be told");
    }
    for (at, (_, larger)) in figures.iter().enumerate() {
        for (_, smaller) in figures.iter().skip(at + 1).filter(|(_, smaller)| smaller.is_subset(larger)) {
            let left: BTreeSet<usize> = larger.difference(smaller).copied().collect();
            let (children, homes) = reach(&left, rows);
            prop_assert!(left.is_empty() || (children >= AT_LEAST && homes >= AT_LEAST));
        }
    }
    let named = totals.providers.iter().filter_map(|one| one.provider);
    for provider in named {
        let homes = rows.iter().find(|row| row.provider == provider).map(|row| row.provider_homes);
        prop_assert!(homes > Some(1), "an owner with one home is never named");
    }
    Ok(())
}

/// A region: some providers, each with its homes, at which some authorities bought.
fn region() -> impl Strategy<Value = Vec<Bought>> {
    let cell = (0usize..9, proptest::collection::btree_set(0i64..9, 1..7));
    proptest::collection::btree_map((0i64..6, 10i64..20), cell, 0..40).prop_map(|cells| {
        cells
            .into_iter()
            .map(|((authority, provider), (children, homes))| {
                let provider_homes = if provider % 4 == 0 { 1 } else { 9 };
                let homes: Vec<i64> = if provider_homes == 1 { vec![0] } else { homes.into_iter().collect() };
                bought((authority, provider), provider_homes, children, &homes)
            })
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn rule_9_1_whatever_is_subtracted_from_whatever_no_cell_under_five_comes_out(rows in region()) {
        held(&rows)?;
    }
}

const MANY: &[i64] = &[1, 2, 3, 4, 5, 6];

#[test]
fn rule_9_1_a_small_provider_takes_a_larger_one_with_it_so_that_the_total_does_not_give_it_away() {
    let rows = [bought((1, 10), 9, 20, MANY), bought((1, 11), 9, 8, MANY), bought((2, 12), 3, 2, &[1, 2])];
    let totals = suppressed(YEAR, &rows);
    let told: Vec<_> = totals.providers.iter().map(|one| (one.provider.map(|it| it.0), one.total.children)).collect();
    assert_eq!(told, [(Some(10), 20), (None, 10)], "8 and 2 stand together: 30 − 20 − 8 would be 2");
    assert_eq!((totals.others, totals.all.unwrap().children), (2, 30));
    held(&rows).unwrap();
}

#[test]
fn rule_9_1_many_children_at_few_homes_are_as_few_as_few_children() {
    let rows = [bought((1, 10), 9, 40, &[1, 2, 3, 4]), bought((1, 11), 9, 8, MANY), bought((1, 12), 9, 9, MANY)];
    let totals = suppressed(YEAR, &rows);
    assert!(totals.providers.iter().all(|one| one.provider != Some(OrganisationId(10))));
    held(&rows).unwrap();
}

#[test]
fn rule_9_1_one_home_owners_roll_into_other() {
    let mut rows: Vec<Bought> = (20..28).map(|owner| bought((1, owner), 1, 6, &[0])).collect();
    rows.push(bought((1, 10), 9, 12, MANY));
    let totals = suppressed(YEAR, &rows);
    let other = totals.providers.last().unwrap();
    assert_eq!((other.provider, other.total.children, totals.others), (None, 48, 8));
    held(&rows).unwrap();
}

#[test]
fn rule_9_1_parts_by_authority_are_told_only_where_each_is_large_enough() {
    let rows = [
        bought((1, 10), 9, 20, MANY),
        bought((2, 10), 9, 8, MANY),
        bought((3, 10), 9, 3, MANY),
        bought((1, 11), 9, 6, MANY),
        bought((2, 11), 9, 4, MANY),
    ];
    let totals = suppressed(YEAR, &rows);
    let parts = |provider: i64| {
        let one = totals.providers.iter().find(|one| one.provider == Some(OrganisationId(provider))).unwrap();
        one.by_authority.iter().map(|part| (part.of.map(|it| it.0), part.measure.children)).collect::<Vec<_>>()
    };
    assert_eq!(parts(10), [(Some(1), 20), (None, 11)]);
    assert_eq!(parts(11), [], "6 and 4: 10 − 6 would be 4");
    held(&rows).unwrap();
}

#[test]
fn rule_9_1_a_year_with_fewer_than_five_children_says_nothing_at_all() {
    let totals = suppressed(YEAR, &[bought((1, 10), 9, 4, MANY)]);
    assert_eq!((totals.all, totals.providers.len()), (None, 0));
    assert_eq!(suppressed(YEAR, &[]).all, None);
}

#[test]
fn rule_9_1_a_year_is_published_when_it_is_over_and_never_twice() {
    let end = date(2020, 12, 14);
    assert_eq!(may_publish(end, false, date(2021, 1, 13)).unwrap_err().code, "year_not_settled");
    assert!(may_publish(end, false, date(2021, 1, 14)).is_ok());
    assert_eq!(may_publish(end, true, date(2021, 9, 13)).unwrap_err().code, "year_published");
}
