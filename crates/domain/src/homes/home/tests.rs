//! A home's moves against its table, and its rules.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use jiff::civil::date;

use super::*;
use crate::place::Point;

fn moment() -> Moment {
    let local = date(2021, 9, 13).at(10, 20, 0, 0);
    Moment { at: "2021-09-13T09:20:00Z".parse().unwrap(), local }
}

fn entry(suspended: bool) -> RegisterEntry {
    RegisterEntry {
        provider: OrganisationId(7),
        area: AreaCode::parse("E06000019").unwrap(),
        sector: Sector::Private,
        places: 4,
        short_breaks_only: false,
        suspended,
        registered_on: Some(date(2019, 4, 1)),
    }
}

fn home(suspended: bool) -> Home {
    let urn = "SC392492".parse().unwrap();
    Home::register(HomeId(1), OrganisationId(2), urn, entry(suspended), moment()).into_parts().0
}

fn in_state(name: &str) -> Home {
    match name {
        "registered" => home(false),
        "suspended" => home(true),
        "closed" => home(false).leave_register(date(2021, 3, 31)).unwrap().into_parts().0,
        other => panic!("no such state: {other}"),
    }
}

fn purpose() -> Purpose {
    Purpose {
        name: "Elm House".to_owned(),
        ages: Ages::new(10, 17).unwrap(),
        sex: RegisteredSex::Any,
        answers: NeedAnswers { meets: NeedSet::NONE.with(Need::Therapy), does_not: NeedSet::NONE },
        as_of: date(2021, 6, 1),
    }
}

/// Every state to which the act leads from this one.
fn reached(from: &str, act: &str) -> Vec<&'static str> {
    let start = || in_state(from);
    let name = |changed: Option<Change<Home>>| changed.map(|change| change.next().state.name());
    let outcomes = match act {
        "follow_register" => vec![
            name(start().follow_register(RegisterEntry { places: 5, ..entry(false) }, moment())),
            name(start().follow_register(RegisterEntry { places: 5, ..entry(true) }, moment())),
        ],
        "leave_register" => vec![name(start().leave_register(date(2021, 9, 1)).ok())],
        "state_purpose" => vec![name(start().state_purpose(purpose()).ok())],
        "supply_postcode" => vec![name(start().supply_postcode(Postcode::parse("HR1 2PX").unwrap(), None).ok())],
        "stand_at" => vec![name(start().stand_at(Point { easting: 350_000, northing: 240_000 }).ok())],
        "confirm_beds" => vec![name(start().confirm_beds(moment()).ok())],
        other => panic!("no such act: {other}"),
    };
    outcomes.into_iter().flatten().collect()
}

#[test]
fn every_state_and_move_is_as_the_table_says() {
    for from in ["registered", "suspended", "closed"] {
        for act in ["follow_register", "leave_register", "state_purpose", "supply_postcode", "stand_at", "confirm_beds"]
        {
            let mut table: Vec<_> = MOVES
                .iter()
                .filter(|allowed| allowed.from == from && allowed.act == act)
                .map(|allowed| allowed.to)
                .collect();
            let mut found = reached(from, act);
            table.sort_unstable();
            found.sort_unstable();
            assert_eq!(found, table, "{act} from {from}");
        }
    }
}

#[test]
fn the_same_register_twice_changes_nothing() {
    assert_eq!(home(false).follow_register(entry(false), moment()), None);
    assert_eq!(home(true).follow_register(entry(true), moment()), None);
}

#[test]
fn a_later_register_raises_the_version_by_one_and_tells_the_event() {
    let change = home(false).follow_register(RegisterEntry { places: 6, ..entry(false) }, moment()).unwrap();
    assert_eq!((change.next().version, change.next().places), (2, 6));
    assert_eq!(change.event().kind, "home.register_followed");
    assert_eq!(change.event().version, 2);
}

#[test]
fn rule_1_5_registration_is_a_hard_gate() {
    assert!(in_state("registered").may_admit().is_ok());
    assert_eq!(in_state("suspended").may_admit().unwrap_err().code, "registration_suspended");
    let refusal = in_state("closed").may_admit().unwrap_err();
    assert_eq!(refusal.code, "not_registered");
    assert_eq!(refusal.value, "not on the register by 31 March 2021");
}

#[test]
fn the_event_of_a_postcode_does_not_hold_it() {
    let change = home(false).supply_postcode(Postcode::parse("HR1 2PX").unwrap(), None).unwrap();
    assert!(!format!("{:?}", change.event()).contains("HR1"));
}

#[test]
fn a_postcode_that_is_placed_by_nothing_leaves_no_place_of_an_earlier_one() {
    let point = Point { easting: 350_000, northing: 240_000 };
    let placed = home(false).supply_postcode(Postcode::parse("HR1 2PX").unwrap(), Some(point)).unwrap();
    assert_eq!(placed.next().point, Some(point));
    let moved = placed.into_parts().0.supply_postcode(Postcode::parse("EC1A 1BB").unwrap(), None).unwrap();
    assert_eq!(moved.next().point, None);
    assert!(moved.event().facts.contains(&("located".to_owned(), "false".to_owned())));
}

#[test]
fn urns_read_as_ofsted_writes_them() {
    assert_eq!(" sc392492 ".parse::<Urn>().unwrap().as_str(), "SC392492");
    assert_eq!("1155768".parse::<Urn>().unwrap().as_str(), "1155768");
    for bad in ["", "SC", "SC39", "XX392492", "SC39249²", "123456789", "SC392492 DROP"] {
        assert!(bad.parse::<Urn>().is_err(), "{bad}");
    }
}

#[test]
fn ages_name_the_field_that_is_wrong() {
    assert_eq!(Ages::new(12, 11).unwrap_err().errors[0].field, "age_from");
    assert_eq!(Ages::new(12, 19).unwrap_err().errors[0].field, "age_to");
    let ages = Ages::new(8, 12).unwrap();
    assert_eq!((ages.admit(7), ages.admit(8), ages.admit(12), ages.admit(13)), (false, true, true, false));
}

#[test]
fn a_home_is_not_called_by_its_postcode() {
    assert_eq!(home_name("  Elm   House ").unwrap(), "Elm House");
    for bad in ["", "x", "HR1 2PX", "Elm\u{7}House"] {
        assert_eq!(home_name(bad).unwrap_err().errors[0].field, "name", "{bad:?}");
    }
}
