//! Whatever is told of what began is taken from whatever else is told: no fewer than five come out.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use jiff::civil::date;
use placewell_domain::authority::AreaCode;
use placewell_domain::money::Pence;
use placewell_domain::placing::agreement::Staffing;
use placewell_domain::placing::child::AgeBand;
use proptest::prelude::*;

use super::*;

const QUARTERS: [Date; 6] =
    [date(2020, 4, 1), date(2020, 7, 1), date(2020, 10, 1), date(2021, 1, 1), date(2021, 4, 1), date(2021, 7, 1)];
const AUTHORITIES: i64 = 4;

fn point(authority: i64, quarter: usize, route: usize, home: i64) -> PricePoint {
    PricePoint {
        authority: OrganisationId(authority),
        route: BuyingRoute::ALL[route],
        lot: "planned".to_owned(),
        need_band: "standard".to_owned(),
        age: AgeBand::ALL[0],
        education: false,
        staffing: Staffing::Usual,
        notice: None,
        area: AreaCode::parse("E06000019").unwrap(),
        home: authority * 100 + home,
        quarter: QUARTERS[quarter],
        weekly: Pence(400_000),
    }
}

/// So many placements of an authority in a quarter by a route, each in a home of its own.
fn several(authority: i64, quarter: usize, route: usize, count: i64) -> Vec<PricePoint> {
    (0..count).map(|home| point(authority, quarter, route, home)).collect()
}

fn enough(left: &[&PricePoint]) -> bool {
    let homes: BTreeSet<i64> = left.iter().map(|one| one.home).collect();
    left.is_empty() || (left.len() >= 5 && homes.len() >= 5)
}

/// What is left of a line when what is told is taken from it: enough both ways, or nothing of that way is told there.
fn left_safe(others: &[&PricePoint], line: impl Fn(&PricePoint) -> bool, told: impl Fn(&PricePoint) -> bool) -> bool {
    [true, false].into_iter().all(|through| {
        let way = |one: &&&PricePoint| (one.route == BuyingRoute::Arrangement) == through && line(one);
        let (told, left): (Vec<&PricePoint>, Vec<&PricePoint>) =
            others.iter().filter(way).copied().partition(|one| told(one));
        told.is_empty() || enough(&left)
    })
}

/// What of the others' record is as a filter wants it, held to five both ways.
fn both_ways(others: &[&PricePoint], wanted: impl Fn(&PricePoint) -> bool) -> bool {
    [true, false].into_iter().all(|through| {
        let way = |one: &&&PricePoint| (one.route == BuyingRoute::Arrangement) == through && wanted(one);
        enough(&others.iter().filter(way).copied().collect::<Vec<_>>())
    })
}

fn quarters_told(sharing: &Sharing<'_>, of: Option<OrganisationId>) -> BTreeSet<Date> {
    let told = sharing.quarters(of).into_iter().filter(|one| one.began.all.is_some());
    told.map(|one| one.quarter).collect()
}

fn held(points: &[PricePoint], own: Option<OrganisationId>) -> Result<(), TestCaseError> {
    let sharing = Sharing::new(points, &[], own);
    let others: Vec<&PricePoint> = points.iter().filter(|one| Some(one.authority) != own).collect();
    let ids: Vec<OrganisationId> = (0..AUTHORITIES).map(OrganisationId).filter(|id| Some(*id) != own).collect();
    let told = quarters_told(&sharing, None);
    for quarter in &told {
        prop_assert!(both_ways(&others, |one| one.quarter == *quarter), "{quarter} of the region");
    }
    let of_years: BTreeSet<OrganisationId> =
        ids.iter().copied().filter(|id| sharing.authority(*id).0.all.is_some()).collect();
    let one_by_one: Vec<(OrganisationId, BTreeSet<Date>)> =
        ids.iter().map(|id| (*id, quarters_told(&sharing, Some(*id)))).collect();
    for late in [false, true] {
        let period = |one: &PricePoint| (one.quarter >= sharing.year) == late;
        prop_assert!(left_safe(&others, period, |one| told.contains(&one.quarter)), "quarters");
        prop_assert!(left_safe(&others, period, |one| of_years.contains(&one.authority)), "authorities");
        for id in &of_years {
            prop_assert!(both_ways(&others, |one| period(one) && one.authority == *id), "{id} over years");
        }
        for (id, own) in one_by_one.iter().filter(|(_, own)| !own.is_empty()) {
            let left = |one: &PricePoint| period(one) && one.authority == *id && !own.contains(&one.quarter);
            prop_assert!(both_ways(&others, left), "the quarters of {id}");
        }
    }
    for quarter in &told {
        let hides = |one: &PricePoint| {
            one.quarter == *quarter && one_by_one.iter().any(|(id, own)| *id == one.authority && !own.contains(quarter))
        };
        prop_assert!(both_ways(&others, hides), "{quarter} beside the authorities");
    }
    let apart = |one: &ToldQuarter| one.began.placements[1..].iter().all(Option::is_some);
    let apart: BTreeSet<Date> = sharing.quarters(None).iter().filter(|one| apart(one)).map(|one| one.quarter).collect();
    for route in &BuyingRoute::ALL[1..] {
        let of = |told: bool| {
            let wanted = |one: &&&PricePoint| one.route == *route && apart.contains(&one.quarter) == told;
            others.iter().filter(wanted).copied().collect::<Vec<_>>()
        };
        prop_assert!(of(true).is_empty() || enough(&of(false)), "{} in the quarters left", route.label());
        for quarter in &apart {
            let here: Vec<&PricePoint> = of(true).into_iter().filter(|one| one.quarter == *quarter).collect();
            prop_assert!(enough(&here), "{} in {quarter}", route.label());
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn rule_9_1_no_fewer_than_five_are_told_or_left_whatever_is_taken_from_whatever(
        rows in proptest::collection::vec((0_i64..AUTHORITIES, 0_usize..6, 0_usize..4, 0_i64..9), 0..700),
        own in proptest::option::of(0_i64..AUTHORITIES),
    ) {
        let points: Vec<PricePoint> =
            rows.into_iter().map(|(authority, quarter, route, home)| point(authority, quarter, route, home)).collect();
        held(&points, own.map(OrganisationId))?;
    }
}

/// Two large authorities in every quarter, both ways.
fn two_large() -> Vec<PricePoint> {
    let cells = [1, 2].into_iter().flat_map(|authority| (0..6).map(move |quarter| (authority, quarter)));
    cells
        .flat_map(|(authority, quarter)| {
            let both = [several(authority, quarter, 0, 6 + authority), several(authority, quarter, 1, 5 + authority)];
            both.into_iter().flatten()
        })
        .collect()
}

#[test]
fn rule_9_1_an_authority_of_few_is_told_to_its_own_alone_and_takes_another_with_it() {
    let mut points = two_large();
    points.extend(several(3, 5, 0, 3));
    let (few, small, large) = (OrganisationId(3), OrganisationId(1), OrganisationId(2));
    let sharing = Sharing::new(&points, &[], None);
    assert_eq!(sharing.authority(few).0.untold, Some("Fewer than 5"));
    assert_eq!(sharing.authority(small).0.untold, Some(LEFT_OUT), "the region less the large one would be the three");
    assert_eq!(sharing.authority(large).1.all, Some(4 * 15));
    assert_eq!(sharing.authority(large).1.thousandths(), Some(533));
    assert!(sharing.quarters(Some(small)).iter().all(|one| one.began.all.is_none()));
    assert_eq!(quarters_told(&sharing, None).len(), 6);
    // Its own people read it, and it hides nobody else's from them.
    let own = Sharing::new(&points, &[], Some(few));
    assert_eq!(own.authority(few).0.placements, [3, 0, 0, 0].map(Some));
    assert!([few, small, large].into_iter().all(|id| own.authority(id).0.untold.is_none_or(|why| why == LEFT_OUT)));
    assert!(own.quarters(Some(small)).iter().all(|one| one.began.all == Some(13)));
    assert_eq!(own.last_year().all, Some(4 * 28 + 3));
}

#[test]
fn rule_9_1_a_quarter_of_few_takes_another_of_its_year_with_it_and_a_route_of_few_stands_with_the_others() {
    let mut points = two_large();
    points.retain(|one| one.quarter != QUARTERS[5]);
    points.extend(several(1, 5, 0, 2));
    let sharing = Sharing::new(&points, &[], None);
    let told = quarters_told(&sharing, None);
    assert!(!told.contains(&QUARTERS[5]) && told.len() == 4, "{told:?}");
    assert_eq!(sharing.quarters(None)[5].began.untold, Some("Fewer than 5"));

    let mut points = two_large();
    points.extend(several(1, 4, 2, 3));
    let quarters = Sharing::new(&points, &[], None).quarters(None);
    let [through, spot, block, own] = quarters[4].began.placements;
    assert_eq!((through, spot, block, own), (Some(15), None, None, None));
    assert_eq!(quarters[4].began.all, Some(15 + 13 + 3), "how many went another way is told");
    assert!(quarters[3].began.placements.iter().all(Option::is_some));
}

#[test]
fn rule_9_1_a_reason_for_which_few_searches_were_lost_is_told_without_its_number() {
    let lost = |authority: i64, quarter: usize, reason: &str, count| LostSearches {
        authority: OrganisationId(authority),
        quarter: QUARTERS[quarter],
        lot: "planned".to_owned(),
        by: LostBy::NotPlaced,
        reason: reason.to_owned(),
        count,
    };
    let points = two_large();
    let mut all = vec![lost(1, 4, "none_suitable", 3), lost(1, 1, "no_offers", 9), lost(1, 5, "no_offers", 7)];
    all.extend([lost(2, 1, "no_offers", 8), lost(2, 5, "no_offers", 2)]);
    let why = |code: &str| (LostBy::NotPlaced, code.to_owned());
    let sharing = Sharing::new(&points, &all, None);
    let few = sharing.lost(None, &why("none_suitable"));
    assert_eq!(few, ToldLost { all: None, year: None, untold: Some("Fewer than 5") });
    assert_eq!(sharing.quarters(None)[4].lost, [(why("none_suitable"), None)]);
    let told = sharing.lost(None, &why("no_offers"));
    assert_eq!((told.all, told.year), (Some(26), Some(9)));
    for id in [1, 2].map(OrganisationId) {
        assert_eq!(
            sharing.lost(Some(id), &why("no_offers")).all,
            None,
            "the region less the first would be the second"
        );
    }
    let own = Sharing::new(&points, &all, Some(OrganisationId(1)));
    assert_eq!(own.lost(Some(OrganisationId(1)), &why("none_suitable")).all, Some(3));
    assert_eq!(own.lost(None, &why("no_offers")).untold, Some(LEFT_OUT), "less their own it is two of this year");
}
