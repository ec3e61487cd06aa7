//! The search against its rules: every elimination has its test, the order is total, nothing is hidden silently.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use jiff::civil::date;
use placewell_domain::clock::Moment;
use placewell_domain::homes::home::{Ages, Bed, Home, HomeState, Need, RegisterEntry, RegisteredSex, Sector};
use placewell_domain::homes::standing::Standing;
use placewell_domain::id::{AgreementId, BedId, BedUseId, HomeId, OrganisationId};
use placewell_domain::money::Pence;
use placewell_domain::nights::{Nights, OPEN_END, plus_days};
use placewell_domain::place::{Outcode, Postcode, Precision, miles_tenths};
use placewell_domain::placing::occupancy::{BedUse, Gaps, UseState};
use proptest::prelude::*;

use super::*;

const TODAY: Date = date(2021, 9, 13);
const HEREFORDSHIRE: &str = "E06000019";
const SHROPSHIRE: &str = "E06000051";
const BIRMINGHAM: &str = "E08000025";
const HEREFORD: Point = Point { easting: 351_000, northing: 240_000 };

fn area(code: &str) -> AreaCode {
    AreaCode::parse(code).unwrap()
}

fn free(from: Date) -> Gaps {
    let open = vec![Nights::open(from)];
    Gaps { any: open.clone(), shared: open.clone(), empty: open }
}

/// A home in Herefordshire that meets everything.
fn home(id: i64) -> HomeFacts {
    let moment = Moment { at: "2021-09-13T09:20:00Z".parse().unwrap(), local: TODAY.at(10, 20, 0, 0) };
    let entry = RegisterEntry {
        provider: OrganisationId(7),
        area: area(HEREFORDSHIRE),
        sector: Sector::Private,
        places: 4,
        short_breaks_only: false,
        suspended: false,
        registered_on: None,
    };
    let urn = format!("SC{:06}", 400_000 + id).parse().unwrap();
    let (mut home, _) = Home::register(HomeId(id), OrganisationId(2), urn, entry, moment).into_parts();
    home.ages = Some(Ages { from: 10, to: 17 });
    home.sex = Some(RegisteredSex::Any);
    home.answers.meets = NeedSet::NONE.with(Need::Therapy).with(Need::EducationOnSite);
    home.point = Some(HEREFORD);
    home.postcode = Some(Postcode::parse("HR1 2PX").unwrap());
    let lot = LotPlace {
        lot: "planned".to_owned(),
        from: date(2018, 12, 15),
        until: OPEN_END,
        weekly: Some(Pence::pounds(3_950)),
    };
    HomeFacts {
        home,
        provider: "Elm Care".to_owned(),
        as_of: TODAY,
        grade: Grade::Good,
        graded_on: Some(date(2019, 11, 1)),
        standing: Standing::Good,
        standing_because: None,
        restricted_since: None,
        lots: vec![lot],
        gaps: free(TODAY),
        residents: 2,
        beds: 4,
        blocks: Vec::new(),
    }
}

fn wanted() -> Wanted {
    Wanted {
        authority: area(HEREFORDSHIRE),
        lot: "planned".to_owned(),
        lot_named: "Planned placements".to_owned(),
        age: 14,
        sex: Some(Sex::Female),
        needs: NeedSet::NONE.with(Need::Therapy).with(Need::EducationOnSite).with(Need::Pets),
        essential: NeedSet::NONE,
        solo: false,
        needed_on: date(2021, 9, 20),
        least_nights: 28,
        origin: Some(HEREFORD),
        origin_known: Some(Precision::Outcode),
        limit_tenths: None,
        areas: AreaLimit::Any,
        avoid: Vec::new(),
        tiers: vec![Tier::InHouse, Tier::Fca],
        exempted: Vec::new(),
        worst_grade: None,
        order: Order::Distance,
    }
}

fn reasons(facts: HomeFacts, wanted: &Wanted) -> Vec<Reason> {
    let index = Index::new(TODAY, vec![facts]);
    let found = index.search(wanted);
    let lines = index.lines(0, wanted, &found);
    let said = lines.iter().any(|line| line.verdict == Verdict::LeftOut);
    assert_eq!(said, !found.reasons[0].is_empty(), "what leaves a home out stands in its lines");
    found.reasons[0].iter().collect()
}

fn changed(change: impl FnOnce(&mut HomeFacts)) -> HomeFacts {
    let mut facts = home(1);
    change(&mut facts);
    facts
}

#[test]
fn a_home_that_meets_everything_is_listed() {
    assert_eq!(reasons(home(1), &wanted()), []);
}

#[test]
fn rule_1_5_registration_standing_and_notices_leave_a_home_out() {
    let w = wanted();
    let closed = changed(|one| one.home.state = HomeState::Closed { on: date(2021, 3, 31) });
    assert_eq!(reasons(closed, &w), [Reason::NotRegistered]);
    let suspended = changed(|one| one.home.state = HomeState::Suspended { since: TODAY });
    assert_eq!(reasons(suspended, &w), [Reason::NotRegistered]);
    assert_eq!(reasons(changed(|one| one.restricted_since = Some(TODAY)), &w), [Reason::RestrictionNotice]);
    assert_eq!(reasons(changed(|one| one.grade = Grade::Inadequate), &w), [Reason::Inadequate]);
    assert_eq!(reasons(changed(|one| one.standing = Standing::Suspended), &w), [Reason::StandingLost]);
    assert_eq!(reasons(changed(|one| one.standing = Standing::OnWatch), &w), []);
    assert_eq!(reasons(changed(|one| one.home.short_breaks_only = true), &w), [Reason::ShortBreaks]);
}

#[test]
fn a_home_judged_inadequate_is_listed_for_a_child_whom_the_director_exempted_and_for_nothing_else_against_it() {
    let inadequate = || changed(|one| one.grade = Grade::Inadequate);
    let exempted = |homes: &[i64]| Wanted { exempted: homes.iter().map(|id| HomeId(*id)).collect(), ..wanted() };
    assert_eq!(reasons(inadequate(), &exempted(&[1])), []);
    assert_eq!(reasons(inadequate(), &exempted(&[2])), [Reason::Inadequate], "of another home");
    let index = Index::new(TODAY, vec![inadequate()]);
    let found = index.search(&exempted(&[1]));
    let line = index.lines(0, &exempted(&[1]), &found).into_iter().find(|line| line.criterion == Criterion::Grade);
    assert_eq!(line.unwrap().evidence, "Inadequate; exempted by the director of children's services");
    let suspended = changed(|one| {
        one.grade = Grade::Inadequate;
        one.standing = Standing::Suspended;
    });
    assert_eq!(reasons(suspended, &exempted(&[1])), [Reason::StandingLost], "each stops by itself");
    let graded = Wanted { worst_grade: Some(Grade::Good), ..exempted(&[1]) };
    assert_eq!(reasons(inadequate(), &graded), [Reason::BelowGrade], "the officer asks for a better grade");
}

#[test]
fn age_and_sex_are_those_registered_and_unknown_is_kept_and_said() {
    let w = wanted();
    assert_eq!(reasons(changed(|one| one.home.ages = Some(Ages { from: 8, to: 13 })), &w), [Reason::Age]);
    assert_eq!(reasons(changed(|one| one.home.sex = Some(RegisteredSex::Male)), &w), [Reason::Sex]);
    let silent = changed(|one| {
        one.home.ages = None;
        one.home.sex = None;
    });
    let index = Index::new(TODAY, vec![silent]);
    let found = index.search(&w);
    assert!(found.reasons[0].is_empty());
    let lines = index.lines(0, &w, &found);
    let unknown: Vec<_> =
        lines.iter().filter(|line| line.verdict == Verdict::Unknown).map(|line| line.criterion).collect();
    assert_eq!(unknown, [Criterion::Age, Criterion::Sex, Criterion::Need(Need::Pets)]);
}

#[test]
fn rule_1_8_admission_to_the_lot_is_that_of_the_day_the_home_is_needed() {
    let w = wanted();
    let late = changed(|one| one.lots[0].from = date(2021, 9, 21));
    assert_eq!(reasons(late.clone(), &w), [Reason::TierLeftOut]);
    assert_eq!(reasons(late, &Wanted { needed_on: date(2021, 9, 21), ..w.clone() }), []);
    let ended = changed(|one| one.lots[0].until = date(2021, 9, 20));
    assert_eq!(reasons(ended.clone(), &w), [Reason::TierLeftOut]);
    assert_eq!(reasons(ended, &Wanted { tiers: vec![Tier::Spot], ..w.clone() }), []);
    let own = changed(|one| {
        one.home.sector = Sector::LocalAuthority;
        one.lots.clear();
    });
    assert_eq!(reasons(own, &w), []);
}

#[test]
fn a_bed_must_be_free_from_the_day_for_the_nights() {
    let w = wanted();
    assert_eq!(reasons(changed(|one| one.gaps = free(date(2021, 9, 20))), &w), []);
    assert_eq!(reasons(changed(|one| one.gaps = free(date(2021, 9, 21))), &w), [Reason::NoBedFree]);
    let short = Nights::new(TODAY, plus_days(w.needed_on, 27)).unwrap();
    let gaps = Gaps { any: vec![short], shared: vec![short], empty: vec![short] };
    assert_eq!(reasons(changed(|one| one.gaps = gaps.clone()), &w), [Reason::NoBedFree]);
    assert_eq!(reasons(changed(|one| one.gaps = gaps), &Wanted { least_nights: 27, ..w }), []);
}

#[test]
fn a_child_who_lives_alone_keeps_others_out_and_needs_an_empty_home() {
    let w = wanted();
    let alone = changed(|one| {
        one.gaps.shared.clear();
        one.gaps.empty.clear();
    });
    assert_eq!(reasons(alone, &w), [Reason::SoloResident]);
    let solo = Wanted { solo: true, ..w };
    let lived_in = changed(|one| one.gaps.empty.clear());
    assert_eq!(reasons(lived_in, &solo), [Reason::OthersLiveThere]);
    let refuses = changed(|one| one.home.answers.does_not = NeedSet::NONE.with(Need::Solo));
    assert_eq!(reasons(refuses, &solo), [Reason::SoloNotOffered]);
}

#[test]
fn places_to_avoid_leave_a_home_out_by_area_district_and_home() {
    let avoid = |place| Wanted { avoid: vec![place], ..wanted() };
    for place in [
        AvoidPlace::Area(area(HEREFORDSHIRE)),
        AvoidPlace::District(Outcode::parse("HR1").unwrap()),
        AvoidPlace::Home(HomeId(1)),
    ] {
        assert_eq!(reasons(home(1), &avoid(place)), [Reason::PlaceToAvoid]);
    }
    assert_eq!(reasons(home(1), &avoid(AvoidPlace::Area(area(BIRMINGHAM)))), []);
}

#[test]
fn the_distance_limit_is_the_statutory_distance_to_the_tenth() {
    for metres in [80_000, 64_370, 64_371, 64_372, 64_400, 64_452, 64_453, 64_454, 16_012, 16_013] {
        let point = Point { easting: HEREFORD.easting + metres, northing: HEREFORD.northing };
        let tenths = miles_tenths(HEREFORD, point).0;
        for (limit, out) in [(tenths, false), (tenths - 1, true)] {
            let w = Wanted { limit_tenths: Some(limit), ..wanted() };
            let found = reasons(changed(|one| one.home.point = Some(point)), &w);
            assert_eq!(found.contains(&Reason::TooFar), out, "{metres} m, limit {limit}");
        }
    }
    let unplaced = changed(|one| one.home.point = None);
    assert_eq!(reasons(unplaced, &Wanted { limit_tenths: Some(1), ..wanted() }), []);
}

#[test]
fn the_area_limit_is_regulation_11_s_and_not_miles() {
    let w = |areas| Wanted { areas, ..wanted() };
    let shropshire = || changed(|one| one.home.area = area(SHROPSHIRE));
    let birmingham = || changed(|one| one.home.area = area(BIRMINGHAM));
    assert_eq!(reasons(shropshire(), &w(AreaLimit::Own)), [Reason::AreaLeftOut]);
    assert_eq!(reasons(shropshire(), &w(AreaLimit::Adjoining)), []);
    assert_eq!(reasons(birmingham(), &w(AreaLimit::Adjoining)), [Reason::AreaLeftOut]);
    assert_eq!(reasons(birmingham(), &w(AreaLimit::Any)), []);
}

#[test]
fn an_essential_need_leaves_out_only_a_home_that_says_no() {
    let w = Wanted { essential: NeedSet::NONE.with(Need::Accessible), ..wanted() };
    assert_eq!(reasons(home(1), &w), []);
    let refuses = changed(|one| one.home.answers.does_not = NeedSet::NONE.with(Need::Accessible));
    assert_eq!(reasons(refuses, &w), [Reason::EssentialNeed]);
}

#[test]
fn a_grade_asked_for_keeps_homes_not_yet_inspected() {
    let w = Wanted { worst_grade: Some(Grade::Good), ..wanted() };
    assert_eq!(reasons(changed(|one| one.grade = Grade::RequiresImprovement), &w), [Reason::BelowGrade]);
    assert_eq!(reasons(changed(|one| one.grade = Grade::NotYetInspected), &w), []);
}

#[test]
fn every_home_is_matched_or_left_out_with_a_count() {
    let homes = vec![home(1), changed(|one| one.grade = Grade::Inadequate), home(3)];
    let mut homes = homes;
    homes[1].home.id = HomeId(2);
    let found = Index::new(TODAY, homes).search(&wanted());
    assert_eq!((found.matched.len(), found.left_out()), (2, 1));
    assert_eq!(found.counts(), [(Reason::Inadequate, 1)]);
}

#[test]
fn rule_5_7_the_price_order_does_not_rank_by_price_alone() {
    let cheap = changed(|one| {
        one.home.answers.meets = NeedSet::NONE;
        one.lots[0].weekly = Some(Pence::pounds(2_000));
    });
    let mut dear = home(2);
    dear.lots[0].weekly = Some(Pence::pounds(6_000));
    let index = Index::new(TODAY, vec![cheap, dear]);
    let found = index.search(&Wanted { order: Order::PriceBand, ..wanted() });
    let first = index.home(found.matched[0].row).unwrap();
    assert_eq!(first.home.id, HomeId(2), "the home that meets more needs comes first, though dearer");
}

#[test]
fn nothing_matching_shows_the_nearest_relaxations_with_counts() {
    let mut homes = Vec::new();
    for (id, miles) in [(1, 35), (2, 38), (3, 55)] {
        let mut far = home(id);
        far.home.point = Some(Point { easting: HEREFORD.easting + miles * 1_609, northing: HEREFORD.northing });
        homes.push(far);
    }
    let mut later = home(4);
    later.gaps = free(date(2021, 9, 26));
    homes.push(later);
    let mut gone = home(5);
    gone.home.state = HomeState::Closed { on: TODAY };
    homes.push(gone);
    let index = Index::new(TODAY, homes);
    let w = Wanted { limit_tenths: Some(200), ..wanted() };
    let found = index.search(&w);
    assert!(found.matched.is_empty());
    let words: Vec<_> = index.relaxations(&w, &found).iter().map(Relaxation::words).collect();
    assert_eq!(words, ["within 40 miles: 2", "needed from 27 September 2021: 1"]);
    for wider in [Wanted { limit_tenths: Some(400), ..w.clone() }, Wanted { needed_on: date(2021, 9, 27), ..w.clone() }]
    {
        let expected = if wider.limit_tenths == Some(400) { 2 } else { 1 };
        assert_eq!(index.search(&wider).matched.len(), expected, "a relaxation brings what it says");
    }
}

#[test]
fn the_lines_of_a_home_say_evidence_source_and_date() {
    let index = Index::new(TODAY, vec![home(1)]);
    let w = wanted();
    let lines = index.lines(0, &w, &index.search(&w));
    let grade = lines.iter().find(|line| line.criterion == Criterion::Grade).unwrap();
    assert_eq!((grade.evidence.as_str(), grade.source), ("Good", "full inspection"));
    assert_eq!(grade.as_of, Some(date(2019, 11, 1)));
    let needs: Vec<_> =
        lines.iter().filter(|line| matches!(line.criterion, Criterion::Need(_))).map(|line| line.verdict).collect();
    assert_eq!(needs, [Verdict::Meets, Verdict::Meets, Verdict::Unknown]);
}

#[test]
fn the_lines_of_a_home_call_a_lot_as_the_arrangement_does() {
    let lot = |facts: HomeFacts| {
        let (index, w) = (Index::new(TODAY, vec![facts]), wanted());
        let lines = index.lines(0, &w, &index.search(&w));
        lines.into_iter().find(|line| line.criterion == Criterion::Lot).unwrap().evidence
    };
    assert_eq!(lot(home(1)), "on lot Planned placements since 2018-12-15");
    let later = changed(|one| one.lots[0].from = date(2021, 10, 1));
    assert_eq!(lot(later), "on lot Planned placements only from 2021-10-01");
    let none = changed(|one| one.lots.clear());
    assert_eq!(lot(none), "not on lot Planned placements; would be a spot purchase");
}

fn any_home(id: i64) -> impl Strategy<Value = HomeFacts> {
    let place = (0i32..200, 0i32..200, 0usize..3, 0u8..6);
    let needs = (any::<u32>(), any::<u32>(), 0i64..60, 1i64..8_000);
    (place, needs).prop_map(move |((east, north, at, grade), (meets, does_not, free_in, pounds))| {
        changed(|one| {
            one.home.id = HomeId(id);
            one.home.urn = format!("SC{:06}", 400_000 + id).parse().unwrap();
            one.home.point = Some(Point { easting: 300_000 + east * 1_000, northing: 200_000 + north * 1_000 });
            one.home.area = area([HEREFORDSHIRE, SHROPSHIRE, BIRMINGHAM][at]);
            one.grade = Grade::ALL[usize::from(grade)];
            one.home.answers.meets = NeedSet::from_bits(meets);
            one.home.answers.does_not = NeedSet::from_bits(does_not);
            one.gaps = free(plus_days(TODAY, free_in - 30));
            one.lots[0].weekly = Some(Pence::pounds(pounds));
        })
    })
}

fn any_homes() -> impl Strategy<Value = Vec<HomeFacts>> {
    (1i64..25).prop_flat_map(|count| (1..=count).map(any_home).collect::<Vec<_>>())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_ranking_is_a_total_order_that_does_not_depend_on_input_order(
        (homes, shuffled) in any_homes().prop_flat_map(|homes| (Just(homes.clone()), Just(homes).prop_shuffle())),
        order in prop::sample::select(Order::ALL),
    ) {
        let w = Wanted { order, ..wanted() };
        let listed = |homes: Vec<HomeFacts>| {
            let index = Index::new(TODAY, homes);
            let found = index.search(&w);
            found.matched.iter().map(|one| index.home(one.row).unwrap().home.id).collect::<Vec<_>>()
        };
        let first = listed(homes.clone());
        prop_assert_eq!(&first, &listed(shuffled));
        let mut fewer = homes;
        let gone = first.first().copied();
        fewer.retain(|one| Some(one.home.id) != gone);
        prop_assert_eq!(&first[first.len().min(1)..], &listed(fewer)[..], "taking a home away moves no other");
    }

    #[test]
    fn the_distance_order_is_by_the_statutory_distance(homes in any_homes()) {
        let index = Index::new(TODAY, homes);
        let found = index.search(&wanted());
        prop_assert!(found.matched.windows(2).all(|pair| pair[0].distance <= pair[1].distance));
        prop_assert_eq!(found.matched.len() + found.left_out(), index.len());
    }
}

/// Of a mini-block: two beds tied to the authorities of these areas, one of them used until a day.
fn with_block(id: i64, areas: &[&str], used_until: Option<jiff::civil::Date>) -> HomeFacts {
    let facts = home(id);
    let of = facts.home.id;
    let beds: Vec<Bed> =
        (1..=3).map(|bed| Bed { id: BedId(id * 10 + bed), home: of, label: format!("Room {bed}") }).collect();
    let stay = |bed: i64, until| BedUse {
        id: BedUseId(bed),
        version: 1,
        provider: OrganisationId(7),
        home: of,
        bed: BedId(id * 10 + bed),
        agreement: Some(AgreementId(bed)),
        nights: Nights::new(date(2021, 1, 1), until).unwrap(),
        solo: false,
        state: UseState::Stay,
    };
    let mut uses = vec![stay(3, OPEN_END)];
    uses.extend(used_until.map(|until| stay(1, until)));
    let tied = Tied {
        reference: "MB-001".to_owned(),
        beds: vec![BedId(id * 10 + 1)],
        nights: Nights::new(date(2021, 4, 1), date(2023, 4, 1)).unwrap(),
        areas: areas.iter().map(|code| area(code)).collect(),
        later: Vec::new(),
        lot: "planned".to_owned(),
        weekly: Pence::pounds(3_400),
    };
    let also = Tied { beds: vec![BedId(id * 10 + 2)], areas: Vec::new(), ..tied.clone() };
    facts.with_blocks(&[tied, also], &beds, &uses)
}

#[test]
fn rule_5_5_a_vacancy_of_the_authoritys_own_mini_block_comes_first_in_every_order() {
    let further = |id: i64| {
        let mut facts = with_block(id, &[HEREFORDSHIRE], None);
        facts.home.point = Some(Point { easting: 380_000, northing: 280_000 });
        facts.home.answers.meets = NeedSet::NONE;
        facts.grade = Grade::RequiresImprovement;
        facts
    };
    let index = Index::new(TODAY, vec![home(1), home(2), further(3)]);
    for order in Order::ALL {
        let all = Wanted { order: *order, tiers: Tier::ALL.to_vec(), ..wanted() };
        let found = index.search(&all);
        let tiers: Vec<Tier> = found.matched.iter().map(|one| one.tier).collect();
        assert_eq!(tiers, [Tier::MiniBlock, Tier::Fca, Tier::Fca], "{order:?}");
        let lines = index.lines(2, &all, &found);
        assert!(lines.iter().any(|line| line.evidence == "a vacancy of mini-block MB-001"), "{lines:?}");
    }
}

#[test]
fn rule_5_5_a_block_vacancy_that_fails_a_hard_filter_is_left_out_like_any_other() {
    let mut young = with_block(1, &[HEREFORDSHIRE], None);
    young.home.ages = Some(Ages { from: 5, to: 9 });
    let all = Wanted { tiers: Tier::ALL.to_vec(), ..wanted() };
    assert_eq!(reasons(young, &all), [Reason::Age]);
    let mut suspended = with_block(1, &[HEREFORDSHIRE], None);
    suspended.standing = Standing::Suspended;
    assert_eq!(reasons(suspended, &all), [Reason::StandingLost]);
    let others = Wanted { tiers: vec![Tier::Fca], ..wanted() };
    assert_eq!(reasons(with_block(1, &[HEREFORDSHIRE], None), &others), [Reason::TierLeftOut]);
}

#[test]
fn c_09_a_bed_that_another_authority_is_asked_about_first_is_no_vacancy_and_says_when_it_comes() {
    let mut facts = with_block(1, &["E08000025"], None);
    facts.blocks[0].later = vec![(area(HEREFORDSHIRE), date(2021, 9, 20).at(9, 0, 0, 0))];
    let all = Wanted { tiers: Tier::ALL.to_vec(), ..wanted() };
    let index = Index::new(TODAY, vec![facts.clone()]);
    let found = index.search(&all);
    assert!(found.matched.is_empty() && found.reasons[0].has(Reason::NoBedFree), "not yet this authority's");
    let says = |index: &Index, found: &Found| {
        let lines = index.lines(0, &all, found);
        let words =
            "a bed of mini-block MB-001 comes to the authority by 20 September 2021, 09:00, unless another takes it";
        lines.iter().any(|line| line.evidence.ends_with(words))
    };
    assert!(says(&index, &found), "{:?}", index.lines(0, &all, &found));
    facts.blocks[0].areas.push(area(HEREFORDSHIRE));
    let index = Index::new(TODAY, vec![facts]);
    let found = index.search(&all);
    assert_eq!(found.matched[0].tier, Tier::MiniBlock, "its turn has come");
    assert!(!says(&index, &found));
}

#[test]
fn rule_5_5_a_bed_of_a_mini_block_is_free_to_those_who_pay_for_it_and_to_nobody_else() {
    let all = Wanted { tiers: Tier::ALL.to_vec(), ..wanted() };
    assert_eq!(reasons(with_block(1, &["E08000025"], None), &all), [Reason::NoBedFree], "another authority's");
    assert_eq!(reasons(with_block(1, &[HEREFORDSHIRE], Some(OPEN_END)), &all), [Reason::NoBedFree], "it is used");
    assert_eq!(reasons(with_block(1, &[HEREFORDSHIRE], Some(TODAY)), &all), []);
    let other_lot = Wanted { lot: "therapeutic".to_owned(), ..all };
    assert!(reasons(with_block(1, &[HEREFORDSHIRE], None), &other_lot).contains(&Reason::NoBedFree), "another lot");
}
