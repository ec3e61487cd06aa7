//! Five thousand invented homes and a thousand searches among them, the same in every run, in the product's own types
//! and as the plain columns that the rivals load.

use anyhow::anyhow;
use jiff::Timestamp;
use jiff::civil::{Date, date};
use placewell_domain::authority::{AreaCode, areas, distance_class};
use placewell_domain::clock::Moment;
use placewell_domain::homes::home::{
    Ages, Grade, Home, HomeState, Need, NeedAnswers, NeedSet, RegisterEntry, RegisteredSex, Sector, Sex,
};
use placewell_domain::homes::standing::Standing;
use placewell_domain::id::{HomeId, OrganisationId};
use placewell_domain::nights::{Nights, days_between, plus_days};
use placewell_domain::place::{Outcode, Point, Postcode};
use placewell_domain::placing::occupancy::Gaps;
use placewell_domain::placing::referral::Tier;
use placewell_domain::placing::referral::profile::AvoidPlace;
use placewell_insight::placing::referral::{AreaLimit, HomeFacts, LotPlace, Order, Wanted};

use crate::chance::Chance;

/// The day on which all is known.
pub const TODAY: Date = date(2021, 9, 13);
const FAR: Date = date(2031, 1, 1);
const LOT: &str = "planned";
/// The orders that the searches use in turn.
pub const ORDERS: &[Order] = &[Order::Distance, Order::Needs, Order::Grade];

/// The areas that stand on the day, in a fixed order.
pub fn standing_areas() -> Vec<AreaCode> {
    areas().filter(|area| area.stands_on(TODAY)).map(|area| area.code).collect()
}

fn outcode(number: i32) -> String {
    format!("B{}", number + 1)
}

fn point(chance: &mut Chance) -> Point {
    Point { easting: chance.between(300_000, 600_000), northing: chance.between(100_000, 500_000) }
}

/// Free nights: of any bed, beside others, in an empty home, each within the one before.
fn gaps(chance: &mut Chance) -> Gaps {
    let mut span = || -> Vec<Nights> {
        let from = plus_days(TODAY, i64::from(chance.between(-20, 40)));
        let until = if chance.percent(80) { FAR } else { plus_days(from, 40) };
        Nights::new(from, until).into_iter().collect()
    };
    let (any, shared, empty) = (span(), span(), span());
    let within = |outer: &[Nights], inner: Vec<Nights>, free: bool| {
        let held = inner.iter().all(|one| outer.iter().any(|o| o.from() <= one.from() && one.to() <= o.to()));
        if free && held { inner } else { Vec::new() }
    };
    let any = if chance.percent(65) { any } else { Vec::new() };
    let shared = within(&any, shared, chance.percent(90));
    let empty = within(&any, empty, chance.percent(30));
    Gaps { any, shared, empty }
}

/// One home.
fn home(id: i64, areas: &[AreaCode], chance: &mut Chance) -> anyhow::Result<HomeFacts> {
    let moment = Moment { at: Timestamp::constant(1_631_524_800, 0), local: TODAY.at(10, 20, 0, 0) };
    let entry = RegisterEntry {
        provider: OrganisationId(id % 700 + 10),
        area: *chance.one(areas),
        sector: if chance.percent(20) { Sector::LocalAuthority } else { Sector::Private },
        places: 4,
        short_breaks_only: chance.percent(3),
        suspended: false,
        registered_on: None,
    };
    let urn = format!("SC{:06}", 100_000 + id).parse().map_err(|error| anyhow!("{error:?}"))?;
    let (mut home, _) = Home::register(HomeId(id), OrganisationId(2), urn, entry, moment).into_parts();
    let from = u8::try_from(chance.between(5, 13))?;
    home.ages = Some(Ages { from, to: from + 5 });
    home.sex = Some(*chance.one(&[RegisteredSex::Female, RegisteredSex::Male, RegisteredSex::Any]));
    let bits = u32::try_from(Need::ALL.len())?;
    let (meets, does_not) = (chance.sparse_bits(bits) | chance.sparse_bits(bits), chance.sparse_bits(bits) >> 1);
    home.answers = NeedAnswers { meets: NeedSet::from_bits(meets), does_not: NeedSet::from_bits(does_not & !meets) };
    home.point = Some(point(chance));
    home.postcode = Some(Postcode::parse(&format!("{} 1AA", outcode(chance.between(0, 90))))?);
    if chance.percent(4) {
        home.state = HomeState::Closed { on: TODAY };
    }
    let mut lots = Vec::new();
    if chance.percent(55) {
        let from = plus_days(TODAY, i64::from(chance.between(-900, 60)));
        lots.push(LotPlace { lot: LOT.to_owned(), from, until: FAR, weekly: None });
    }
    Ok(HomeFacts {
        home,
        provider: "Elm Care".to_owned(),
        as_of: TODAY,
        grade: *chance.one(Grade::ALL),
        graded_on: Some(date(2019, 11, 1)),
        standing: if chance.percent(3) { Standing::Suspended } else { Standing::Good },
        standing_because: None,
        restricted_since: chance.percent(2).then_some(TODAY),
        lots,
        gaps: gaps(chance),
        residents: 2,
        beds: 4,
        blocks: Vec::new(),
    })
}

/// The homes.
pub fn homes(count: i64, seed: u64) -> anyhow::Result<Vec<HomeFacts>> {
    let (areas, mut chance) = (standing_areas(), Chance::new(seed));
    (1..=count).map(|id| home(id, &areas, &mut chance)).collect()
}

/// The searches.
pub fn searches(count: usize, seed: u64) -> anyhow::Result<Vec<Wanted>> {
    let (areas, mut chance) = (standing_areas(), Chance::new(seed));
    let bits = u32::try_from(Need::ALL.len())?;
    let mut all = Vec::with_capacity(count);
    for number in 0..count {
        let chance = &mut chance;
        let essential = 1 << chance.between(0, i32::try_from(bits)?);
        let avoid = vec![
            AvoidPlace::Area(*chance.one(&areas)),
            AvoidPlace::District(Outcode::parse(&outcode(chance.between(0, 90)))?),
        ];
        all.push(Wanted {
            authority: *chance.one(&areas),
            lot: LOT.to_owned(),
            lot_named: LOT.to_owned(),
            age: u8::try_from(chance.between(8, 18))?,
            sex: *chance.one(&[None, Some(Sex::Female), Some(Sex::Male)]),
            needs: NeedSet::from_bits(chance.sparse_bits(bits) | essential),
            essential: NeedSet::from_bits(essential),
            solo: chance.percent(10),
            needed_on: plus_days(TODAY, i64::from(chance.between(0, 45))),
            least_nights: u16::try_from(chance.between(7, 90))?,
            origin: Some(point(chance)),
            origin_known: None,
            limit_tenths: Some(u32::try_from(chance.between(400, 2_500))?),
            areas: if chance.percent(10) { AreaLimit::Adjoining } else { AreaLimit::Any },
            avoid,
            tiers: if chance.percent(40) { vec![Tier::InHouse, Tier::Fca] } else { Tier::ALL.to_vec() },
            exempted: Vec::new(),
            worst_grade: chance.percent(50).then_some(Grade::RequiresImprovement),
            order: ORDERS[number % ORDERS.len()],
        });
    }
    Ok(all)
}

/// How the areas stand to an authority on a day: 0 its own, 1 adjoining, 2 at a distance.
pub fn classes(authority: AreaCode, areas: &[AreaCode], on: Date) -> Vec<u8> {
    areas.iter().map(|area| distance_class(authority, *area, on) as u8).collect()
}

/// Days from the day on which all is known.
pub fn day(of: Date) -> i64 {
    days_between(TODAY, of)
}
