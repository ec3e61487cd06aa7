//! 450 invented homes of 130 invented owners, by area as the register counts them: places, ages, needs met, inspections,
//! lots and tendered prices (rules 10.2 and 10.3).

use jiff::civil::{Date, date};
use placewell_domain::authority::AreaCode;
use placewell_domain::homes::home::inspection::InspectionKind;
use placewell_domain::homes::home::{Ages, Grade, Inspection, Need, NeedAnswers, NeedSet, RegisteredSex, Sector};
use placewell_domain::nights::plus_days;
use placewell_domain::place::Postcode;

use super::authorities::PARTS;
use super::chance::Chance;
use super::{Scale, names, prices};

/// An owner.
#[derive(Debug, Clone)]
pub struct OwnerPlan {
    /// Its name.
    pub name: String,
    /// Its slug.
    pub slug: String,
    /// How the register groups it.
    pub sector: Sector,
    /// How many homes it has.
    pub homes: usize,
}

/// A home.
#[derive(Debug, Clone)]
pub struct HomePlan {
    /// Its owner's place in the list.
    pub owner: usize,
    /// Ofsted's number, from a range that the register does not use.
    pub urn: String,
    /// Its name.
    pub name: String,
    /// Its authority's place in the list.
    pub part: usize,
    /// Its area.
    pub area: AreaCode,
    /// How the register groups its owner.
    pub sector: Sector,
    /// Places.
    pub places: u8,
    /// Ages.
    pub ages: Ages,
    /// Sex.
    pub sex: RegisteredSex,
    /// What its statement of purpose says.
    pub answers: NeedAnswers,
    /// Its postcode, never published.
    pub postcode: Option<Postcode>,
    /// When it was registered.
    pub registered: Date,
    /// Its visits.
    pub inspections: Vec<Inspection>,
    /// The grade that they come to.
    pub grade: Grade,
    /// Lots of the arrangement it is admitted to, with the price tendered in 2021, in pounds a week.
    pub lots: Vec<(&'static str, i64)>,
    /// The kind of child it is for: a lot's code.
    pub kind: &'static str,
}

/// Owners and homes.
#[derive(Debug, Clone)]
pub struct Homes {
    /// The owners.
    pub owners: Vec<OwnerPlan>,
    /// The homes, by area.
    pub homes: Vec<HomePlan>,
}

/// Makes them.
pub fn plan(scale: Scale) -> Homes {
    let mut chance = Chance::of("homes");
    let owners = owners(scale);
    let mut owner_of: Vec<usize> =
        owners.iter().enumerate().flat_map(|(at, owner)| std::iter::repeat_n(at, owner.homes)).collect();
    chance.shuffle(&mut owner_of);
    let mut parts: Vec<usize> =
        PARTS.iter().enumerate().flat_map(|(at, part)| std::iter::repeat_n(at, part.homes)).collect();
    if scale.homes < parts.len() {
        chance.shuffle(&mut parts);
        parts.truncate(scale.homes);
        parts.sort_unstable();
    }
    let places = places(parts.len(), &mut chance);
    let grades = grades(parts.len(), &mut chance);
    let open: Vec<bool> = (0..parts.len()).map(|at| owners[owner_of[at]].sector != Sector::LocalAuthority).collect();
    let on_arrangement = flags(&open, parts.len() * 55 / 100, &mut chance);
    let homes = (0..parts.len())
        .map(|number| {
            let owner = owner_of[number];
            let choice = Choice {
                number,
                owner,
                part: parts[number],
                sector: owners[owner].sector,
                places: places[number],
                grade: grades[number],
                on_arrangement: on_arrangement[number],
            };
            home(&choice, &mut chance)
        })
        .collect();
    Homes { owners, homes }
}

/// 130 owners: 59 with one home, the largest with 43, the rest between; six are authorities' own services.
fn owners(scale: Scale) -> Vec<OwnerPlan> {
    let mut sizes =
        vec![43, 31, 24, 20, 17, 15, 13, 12, 11, 10, 9, 9, 8, 8, 7, 7, 6, 6, 6, 5, 5, 5, 5, 4, 4, 4, 4, 4, 4];
    let several = 71 - sizes.len();
    let left = 391 - sizes.iter().sum::<usize>();
    sizes.extend((0..several).map(|at| 2 + usize::from(at < left - 2 * several)));
    sizes.extend(std::iter::repeat_n(1, 59));
    if scale.homes < 450 {
        sizes = scale_down(&sizes, scale.homes);
    }
    let own = ["STA", "BIR", "SOT", "WOR", "COV", "SHR"];
    sizes
        .into_iter()
        .enumerate()
        .map(|(at, homes)| {
            let authority = (at >= 23).then(|| own.get(at - 23)).flatten();
            let member = authority.and_then(|code| placewell_domain::authority::member_by_code(code));
            if let Some(member) = member {
                OwnerPlan {
                    name: format!("{} (own homes)", member.council),
                    slug: format!("{}-own-homes", names::slug(member.name)),
                    sector: Sector::LocalAuthority,
                    homes,
                }
            } else {
                let name = names::owner(at);
                let sector = if at % 19 == 7 { Sector::Voluntary } else { Sector::Private };
                OwnerPlan { slug: names::slug(&name), name, sector, homes }
            }
        })
        .collect()
}

fn scale_down(sizes: &[usize], homes: usize) -> Vec<usize> {
    let mut smaller = Vec::new();
    let mut left = homes;
    for size in sizes.iter().map(|size| size.div_ceil(8)) {
        if left == 0 {
            break;
        }
        smaller.push(size.min(left));
        left -= size.min(left);
    }
    smaller
}

/// Places by home: as the register has them, 3.62 on average, 1,630 for 450 homes.
fn places(count: usize, chance: &mut Chance) -> Vec<u8> {
    let mut places: Vec<u8> = (0..count)
        .map(|_| [1_u8, 2, 3, 4, 5, 6, 7, 8, 10, 15][chance.weighted(&[20, 87, 134, 118, 46, 24, 8, 7, 4, 2])])
        .collect();
    let wanted = count * 1_630 / 450;
    let mut at = 0;
    loop {
        let sum: usize = places.iter().map(|places| usize::from(*places)).sum();
        match sum.cmp(&wanted) {
            std::cmp::Ordering::Equal => return places,
            std::cmp::Ordering::Less if (2..=5).contains(&places[at]) => places[at] += 1,
            std::cmp::Ordering::Greater if (3..=6).contains(&places[at]) => places[at] -= 1,
            _ => {}
        }
        at = (at + 7) % count;
    }
}

/// Grades in the stated parts of a hundred.
fn grades(count: usize, chance: &mut Chance) -> Vec<Grade> {
    let share = |percent: usize| (count * percent + 50) / 100;
    let mut grades = Vec::with_capacity(count + 4);
    grades.extend(std::iter::repeat_n(Grade::Outstanding, share(10)));
    grades.extend(std::iter::repeat_n(Grade::RequiresImprovement, share(17)));
    grades.extend(std::iter::repeat_n(Grade::Inadequate, share(2)));
    grades.extend(std::iter::repeat_n(Grade::NotYetInspected, share(17)));
    let left = count - grades.len();
    grades.extend(std::iter::repeat_n(Grade::Good, left));
    chance.shuffle(&mut grades);
    grades
}

/// True for so many of those that may be, by lot.
fn flags(may_be: &[bool], wanted: usize, chance: &mut Chance) -> Vec<bool> {
    let mut order: Vec<usize> = (0..may_be.len()).filter(|at| may_be[*at]).collect();
    chance.shuffle(&mut order);
    let mut flags = vec![false; may_be.len()];
    for at in order.into_iter().take(wanted) {
        flags[at] = true;
    }
    flags
}

struct Choice {
    number: usize,
    owner: usize,
    part: usize,
    sector: Sector,
    places: u8,
    grade: Grade,
    on_arrangement: bool,
}

fn home(choice: &Choice, chance: &mut Chance) -> HomePlan {
    let part = &PARTS[choice.part];
    let kind = match choice.places {
        1 => "crisis",
        places if places >= 5 && chance.percent(30) => "disabilities",
        _ => {
            ["planned", "therapeutic", "with_education", "disabilities", "crisis"][chance.weighted(&[56, 20, 14, 6, 4])]
        }
    };
    let (ages, sex) = ages(kind, chance);
    let registered = match choice.grade {
        Grade::NotYetInspected => plus_days(date(2020, 3, 20), chance.between(0, 500)),
        _ => plus_days(date(2009, 4, 1), chance.between(0, 3_400)),
    };
    let inspections = inspections(choice, registered, chance);
    HomePlan {
        owner: choice.owner,
        urn: format!("SC9{:05}", 10_000 + choice.number * 37),
        name: names::home(choice.number),
        part: choice.part,
        area: part.area(),
        sector: choice.sector,
        places: choice.places,
        ages,
        sex,
        answers: answers(kind, chance),
        postcode: postcode(part.outcodes, chance),
        registered,
        inspections,
        grade: choice.grade,
        lots: if choice.on_arrangement { lots(kind, chance) } else { Vec::new() },
        kind,
    }
}

fn ages(kind: &str, chance: &mut Chance) -> (Ages, RegisteredSex) {
    let (from, to) = match kind {
        "disabilities" => [(5, 17), (8, 18), (6, 17)][chance.below(3)],
        "therapeutic" => [(7, 14), (8, 17), (6, 12), (9, 17)][chance.below(4)],
        _ => [(8, 17), (10, 17), (11, 17), (12, 17), (8, 18), (7, 17)][chance.below(6)],
    };
    let sex = [RegisteredSex::Any, RegisteredSex::Female, RegisteredSex::Male][chance.weighted(&[84, 8, 8])];
    (Ages { from, to }, sex)
}

/// What a home of a kind says of each need.
fn answers(kind: &str, chance: &mut Chance) -> NeedAnswers {
    let usual = [
        Need::SchoolTransport,
        Need::GoingMissing,
        Need::SelfHarm,
        Need::CulturalNeeds,
        Need::AdditionalSupervision,
        Need::DrugsAlcohol,
        Need::CriminalExploitation,
        Need::Pets,
    ];
    let special: &[Need] = match kind {
        "therapeutic" => &[Need::Therapy, Need::SexualExploitation, Need::EatingDisorder, Need::HarmPhysical],
        "with_education" => &[Need::EducationOnSite, Need::Autism],
        "disabilities" => &[
            Need::LearningDisability,
            Need::Autism,
            Need::Makaton,
            Need::Accessible,
            Need::HealthCare,
            Need::WakingNight,
        ],
        "crisis" => {
            &[Need::Solo, Need::WakingNight, Need::HarmPhysical, Need::DeprivationOfLiberty, Need::HarmCriminal]
        }
        _ => &[Need::Esol],
    };
    let mut found = NeedAnswers::default();
    for need in Need::ALL {
        let meets = if special.contains(need) {
            92
        } else if usual.contains(need) {
            84
        } else {
            22
        };
        if chance.percent(meets) {
            found.meets = found.meets.with(*need);
        } else if chance.percent(70) {
            found.does_not = found.does_not.with(*need);
        }
    }
    // Fire setting is what homes most often leave out in so many words.
    if chance.percent(60) {
        found.meets = found.meets.without(NeedSet::NONE.with(Need::FireSetting));
        found.does_not = found.does_not.with(Need::FireSetting);
    }
    found
}

fn postcode(outcodes: &[&str], chance: &mut Chance) -> Option<Postcode> {
    let letters = [
        b'A', b'B', b'D', b'E', b'F', b'G', b'H', b'J', b'L', b'N', b'P', b'Q', b'R', b'S', b'T', b'U', b'W', b'X',
        b'Y', b'Z',
    ];
    let outcode = *chance.pick(outcodes);
    for _ in 0..20 {
        let text = format!(
            "{outcode} {}{}{}",
            chance.between(0, 9),
            char::from(*chance.pick(&letters)),
            char::from(*chance.pick(&letters))
        );
        let found = Postcode::parse(&text).ok()?;
        let known = placewell_domain::place::locate(&found);
        if known.is_some_and(|place| place.precision == placewell_domain::place::Precision::Sector) {
            return Some(found);
        }
    }
    None
}

/// Full inspections before 17 March 2020 and from April 2021; assurance visits between.
fn inspections(choice: &Choice, registered: Date, chance: &mut Chance) -> Vec<Inspection> {
    let mut seen = Vec::new();
    let mut visit = |kind: InspectionKind, on: Date, grade: Option<Grade>, concerns: bool| {
        if on > registered {
            seen.push(Inspection {
                kind,
                inspected_on: on,
                published_on: Some(plus_days(on, 34)),
                grade,
                serious_concerns: concerns,
                event: format!("10{:06}", 100_000 + choice.number * 10 + seen.len()),
                link: None,
            });
        }
    };
    if choice.grade == Grade::NotYetInspected {
        let on = plus_days(registered, chance.between(90, 150));
        if date(2020, 9, 7) <= on && on < date(2021, 4, 1) {
            visit(InspectionKind::Assurance, on, None, false);
        }
        return seen;
    }
    let before = plus_days(date(2019, 3, 4), chance.between(0, 370));
    let after = plus_days(date(2021, 4, 6), chance.between(0, 110));
    let anew = chance.percent(45);
    let earlier = if anew { earlier_grade(choice.grade, chance) } else { choice.grade };
    visit(InspectionKind::Full, before, Some(earlier), earlier == Grade::Inadequate);
    let concern =
        choice.grade == Grade::Inadequate || (choice.grade == Grade::RequiresImprovement && chance.percent(15));
    visit(InspectionKind::Assurance, plus_days(date(2020, 9, 7), chance.between(0, 190)), None, concern);
    if anew {
        visit(InspectionKind::Full, after, Some(choice.grade), choice.grade == Grade::Inadequate);
    }
    seen
}

fn earlier_grade(grade: Grade, chance: &mut Chance) -> Grade {
    match grade {
        Grade::Outstanding | Grade::Inadequate => Grade::Good,
        _ => [Grade::Good, Grade::RequiresImprovement, Grade::Outstanding][chance.weighted(&[70, 22, 8])],
    }
}

/// The lots a home of a kind was admitted to, with its tendered prices.
fn lots(kind: &'static str, chance: &mut Chance) -> Vec<(&'static str, i64)> {
    let mut lots = vec![(kind, prices::tender(kind, chance))];
    if kind != "planned" && kind != "crisis" && chance.percent(50) {
        lots.push(("planned", prices::draw("planned", chance)));
    }
    lots
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn rule_10_2_450_homes_1630_places_130_owners_59_with_one_the_largest_with_43() {
        let plan = plan(Scale::WHOLE);
        assert_eq!(plan.homes.len(), 450);
        assert_eq!(plan.homes.iter().map(|home| i64::from(home.places)).sum::<i64>(), 1_630);
        assert_eq!(plan.owners.len(), 130);
        let mut by_owner: BTreeMap<usize, usize> = BTreeMap::new();
        for home in &plan.homes {
            *by_owner.entry(home.owner).or_default() += 1;
        }
        assert_eq!(by_owner.len(), 130);
        assert_eq!(by_owner.values().filter(|count| **count == 1).count(), 59);
        assert_eq!(by_owner.values().max(), Some(&43));
    }

    #[test]
    fn rule_10_2_grades_and_the_share_on_the_arrangement_are_as_stated() {
        let plan = plan(Scale::WHOLE);
        let share = |grade| plan.homes.iter().filter(|home| home.grade == grade).count() * 1_000 / 450;
        assert!((95..=105).contains(&share(Grade::Outstanding)));
        assert!((530..=550).contains(&share(Grade::Good)), "{}", share(Grade::Good));
        assert!((165..=175).contains(&share(Grade::RequiresImprovement)));
        assert!((15..=25).contains(&share(Grade::Inadequate)));
        assert!((165..=185).contains(&share(Grade::NotYetInspected)));
        let on = plan.homes.iter().filter(|home| !home.lots.is_empty()).count();
        assert!((235..=255).contains(&on), "{on}");
    }

    #[test]
    fn rule_10_2_no_home_was_graded_while_full_inspections_stood_still() {
        for seen in plan(Scale::WHOLE).homes.iter().flat_map(|home| &home.inspections) {
            let still = date(2020, 3, 17) <= seen.inspected_on && seen.inspected_on < date(2021, 4, 1);
            assert_eq!(seen.kind == InspectionKind::Assurance, still, "{seen:?}");
            assert_eq!(seen.grade.is_some(), !still, "{seen:?}");
        }
    }

    #[test]
    fn the_grade_of_today_is_the_planned_one_and_every_home_is_somewhere() {
        for home in plan(Scale::WHOLE).homes {
            let today = placewell_domain::homes::home::inspection::grade_on(&home.inspections, date(2021, 9, 13)).0;
            assert_eq!(today, home.grade, "{}", home.name);
            assert!(home.postcode.is_some(), "{}", home.name);
        }
    }
}
