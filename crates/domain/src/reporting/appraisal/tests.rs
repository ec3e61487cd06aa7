//! Assumptions: read as typed, refused out of bounds, written as they read back.

use super::{Assumption, Assumptions, Origin, Unit};

#[test]
fn every_assumption_s_own_value_lies_within_its_bounds_and_reads_back_as_it_is_written() {
    for one in Assumption::ALL {
        let (value, why) = one.fallback();
        assert!(!why.is_empty() && one.within(value) == value, "{}", one.code());
        let (low, high) = one.bounds();
        for value in [low, value, high] {
            assert_eq!(one.read(&one.unit().write(value)), Ok(value), "{}", one.code());
        }
        assert!(one.read(&one.unit().write(high + 1)).is_err() && one.read(&one.unit().write(low - 1)).is_err());
        assert_eq!(Assumption::from_code(one.code()), Some(*one));
    }
}

#[test]
fn a_value_is_read_as_people_type_it() {
    let typed = [
        (Unit::PoundsAWeek, "£4,150", Some(415_000)),
        (Unit::PoundsAWeek, "4150.5", Some(415_050)),
        (Unit::PoundsAWeek, "4150.505", None),
        (Unit::Percent, "12.5%", Some(125)),
        (Unit::Percent, "−3", Some(-30)),
        (Unit::Percent, "12.55", None),
        (Unit::Percent, "12.50", Some(125)),
        (Unit::Count, "4.0", Some(4)),
        (Unit::Count, "4.5", None),
        (Unit::Weeks, "1e3", None),
        (Unit::Minutes, "", None),
        (Unit::Minutes, "5.", None),
        (Unit::Minutes, "-", None),
        (Unit::Pounds, "99999999999999999999", None),
    ];
    for (unit, text, value) in typed {
        assert_eq!(unit.read(text), value, "{text}");
    }
    assert_eq!(Unit::Percent.show(-125), "−12.5%");
    assert_eq!(Unit::Pounds.write(-5), "-0.05");
}

#[test]
fn an_assumption_out_of_bounds_is_refused_with_what_to_enter() {
    let refused =
        Assumptions::default().with_typed([("spot_price", "150"), ("colour", "blue"), ("years", "2")]).unwrap_err();
    let said: Vec<&str> = refused.errors.iter().map(|error| error.message.as_str()).collect();
    assert_eq!(
        said,
        [
            "Spot price, above the arrangement's for the same lot: enter percent from -50 to 100, like 0",
            "There is no assumption colour; the page lists them all"
        ]
    );
    let both = Assumptions::default().with_typed([("near", "80"), ("far", "30")]).unwrap_err();
    assert_eq!(both.errors[0].field, "far");
}

#[test]
fn what_is_typed_stands_beside_what_it_replaces_and_the_same_value_changes_nothing() {
    let mut start = Assumptions::default();
    start.found(Assumption::Share, 720, "18 of 25 placements");
    let typed = start.clone().with_typed([("share", "60"), ("years", "3"), ("rise", " ")]).unwrap();
    assert_eq!((typed.get(Assumption::Share), typed.typed()), (600, vec![Assumption::Share]));
    assert_eq!(typed.of(Assumption::Share).origin, Origin::Typed { instead_of: 720 });
    assert_eq!(start.clone().with_typed([("share", "72")]).unwrap(), start);
    start.found(Assumption::Share, 5_000, "more than all");
    assert_eq!(start.get(Assumption::Share), 1_000);
}
