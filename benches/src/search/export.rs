//! The same homes and searches as plain columns, with the product's own answers, for rivals that must find the same.

use anyhow::Context;
use placewell_domain::authority::AreaCode;
use placewell_domain::homes::home::{Grade, HomeState, Need, RegisteredSex, Sector, Sex};
use placewell_domain::homes::standing::Standing;
use placewell_domain::nights::Nights;
use placewell_domain::placing::referral::Tier;
use placewell_domain::placing::referral::profile::AvoidPlace;
use placewell_insight::placing::referral::{Found, HomeFacts, Index, Reason, Wanted};
use serde_json::{Value, json};
use std::collections::BTreeMap;

use super::homes::{classes, day, standing_areas};

/// A day that stands for never, beyond every other.
const NEVER: i64 = 1_000_000;

/// Everything in one document: `homes` as columns, `searches` each with the answer expected.
pub fn document(index: &Index, searches: &[(Wanted, Found)]) -> anyhow::Result<Value> {
    let areas = standing_areas();
    let rows = (0..index.len()).filter_map(|row| index.home(row)).map(|home| columns(home, &areas));
    let rows = rows.collect::<anyhow::Result<Vec<Value>>>()?;
    let searches = searches.iter().map(|(wanted, found)| search(wanted, found, &areas)).collect::<Vec<_>>();
    let codes: Vec<_> = Reason::ALL.iter().map(|reason| reason.code()).collect();
    let unknown = Grade::NotYetInspected as u8;
    Ok(json!({ "reasons": codes, "grade_unknown": unknown, "homes": rows, "searches": searches }))
}

fn place(areas: &[AreaCode], area: AreaCode) -> Option<usize> {
    areas.iter().position(|held| *held == area)
}

fn span(gaps: &[Nights]) -> (i64, i64) {
    gaps.first().map_or((NEVER, -NEVER), |gap| (day(gap.from()), day(gap.to())))
}

fn columns(facts: &HomeFacts, areas: &[AreaCode]) -> anyhow::Result<Value> {
    let home = &facts.home;
    let point = home.point.context("every invented home has its place")?;
    let area = place(areas, home.area).context("every invented home stands in an area of the list")?;
    let ages = home.ages.context("every invented home says its ages")?;
    let lot = facts.lots.first();
    let (any, shared, empty) = (span(&facts.gaps.any), span(&facts.gaps.shared), span(&facts.gaps.empty));
    let own: i64 = if home.sector == Sector::LocalAuthority { i64::try_from(area)? } else { -1 };
    Ok(json!({
        "not_registered": !matches!(home.state, HomeState::Registered { .. }),
        "restriction_notice": facts.restricted_since.is_some(),
        "inadequate": facts.grade == Grade::Inadequate,
        "standing_lost": matches!(facts.standing, Standing::Suspended | Standing::Removed),
        "short_breaks": home.short_breaks_only,
        "age_from": ages.from, "age_to": ages.to,
        "sexes": match home.sex { Some(RegisteredSex::Female) => 1, Some(RegisteredSex::Male) => 2, _ => 3 },
        "meets": home.answers.meets.bits(), "does_not": home.answers.does_not.bits(),
        "grade": facts.grade as u8, "east": point.easting, "north": point.northing,
        "area": area, "owner": own,
        "outcode": home.postcode.as_ref().map(|code| code.outcode().to_string()),
        "lot_from": lot.map_or(NEVER, |lot| day(lot.from)), "lot_until": lot.map_or(-NEVER, |lot| day(lot.until)),
        "any_from": any.0, "any_until": any.1, "shared_from": shared.0, "shared_until": shared.1,
        "empty_from": empty.0, "empty_until": empty.1,
    }))
}

fn search(wanted: &Wanted, found: &Found, areas: &[AreaCode]) -> Value {
    let from = day(wanted.needed_on);
    let (mut avoid_areas, mut avoid_outcodes) = (Vec::new(), Vec::new());
    for avoided in &wanted.avoid {
        match avoided {
            AvoidPlace::Area(area) => avoid_areas.extend(place(areas, *area)),
            AvoidPlace::District(code) => avoid_outcodes.push(code.to_string()),
            AvoidPlace::Home(_) => {}
        }
    }
    let counts: BTreeMap<_, _> = found.counts().into_iter().map(|(reason, count)| (reason.code(), count)).collect();
    let has = |tier| wanted.tiers.contains(&tier);
    json!({
        "own": place(areas, wanted.authority),
        "classes": classes(wanted.authority, areas, wanted.needed_on),
        "age": wanted.age,
        "sex": match wanted.sex { Some(Sex::Female) => 1, Some(Sex::Male) => 2, None => 0 },
        "needs": wanted.needs.bits(), "essential": wanted.essential.bits(), "solo": wanted.solo,
        "solo_need": 1u32 << Need::Solo as u32,
        "from": from, "until": from + i64::from(wanted.least_nights),
        "east": wanted.origin.map(|point| point.easting), "north": wanted.origin.map(|point| point.northing),
        "limit_tenths": wanted.limit_tenths, "area_limit": wanted.areas as u8,
        "avoid_areas": avoid_areas, "avoid_outcodes": avoid_outcodes,
        "in_house": has(Tier::InHouse), "fca": has(Tier::Fca), "spot": has(Tier::Spot),
        "worst_grade": wanted.worst_grade.map_or(255, |grade| grade as u8),
        "order": wanted.order.code(),
        "matched": found.matched.iter().map(|one| one.row).collect::<Vec<_>>(),
        "counts": counts,
    })
}
