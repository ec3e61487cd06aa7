//! Rooms stand in wings, with one name and one place on every floor: know the noun, and you know every path.
//! The table is ARCHITECTURE.md's; its order is also the order in which rooms may use each other.

use super::Violation;

/// Wings in order, each with its rooms in order.
pub const WINGS: &[(&str, &[&str])] = &[
    ("office", &["organisation", "message", "access", "person", "document", "record", "import"]),
    ("power", &["decision", "delegation", "arrangement", "annual_value"]),
    ("homes", &["home", "admission", "standing", "price", "monitoring"]),
    ("placing", &["child", "referral", "disclosure", "invitation", "offer", "approval", "agreement", "occupancy"]),
    ("buying", &["block", "spot", "check", "payment"]),
    ("reporting", &["comparison", "appraisal", "publication"]),
];

/// The rooms of a wing, or none where there is no such wing.
pub fn of(wing: &str) -> Option<&'static [&'static str]> {
    WINGS.iter().find(|(name, _)| *name == wing).map(|(_, rooms)| *rooms)
}

/// A room's place in the order of all rooms.
pub fn place(wing: &str, room: &str) -> Option<usize> {
    WINGS
        .iter()
        .flat_map(|(wing, rooms)| rooms.iter().map(move |room| (*wing, *room)))
        .position(|at| at == (wing, room))
}

/// The wing and, where there is one, the part below it that a path of a crate's code, templates or tests names.
pub fn location(path: &str) -> Option<(&str, &str)> {
    let parts: Vec<&str> = path.split('/').collect();
    let [floor, _, kind, rest @ ..] = parts.as_slice() else { return None };
    if *floor != "crates" || !["src", "templates", "tests"].contains(kind) {
        return None;
    }
    // Tests may stand one folder deeper, in the folder of their one binary.
    let depth = if *kind == "tests" { 2 } else { 1 };
    let at = rest.iter().take(depth).position(|part| of(part).is_some())?;
    let [wing, below, ..] = rest.get(at..)? else { return None };
    Some((*wing, *below))
}

/// Files in a wing that stand in no room of it.
pub fn check(paths: &[String]) -> Vec<Violation> {
    let mut found = Vec::new();
    for path in paths {
        let Some((wing, below)) = location(path) else { continue };
        let name = below.split('.').next().unwrap_or(below);
        if name != "mod" && !of(wing).is_some_and(|rooms| rooms.contains(&name)) {
            let rooms = of(wing).unwrap_or_default().join(", ");
            found.push(Violation::of(path, format!("{name} is no room of {wing}; its rooms are {rooms}")));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{check, place};

    fn found(path: &str) -> usize {
        check(&[path.to_owned()]).len()
    }

    #[test]
    fn a_room_has_one_name_on_every_floor() {
        assert_eq!(found("crates/domain/src/placing/referral.rs"), 0);
        assert_eq!(found("crates/domain/src/placing/referral/needs.rs"), 0);
        assert_eq!(found("crates/pages/templates/placing/referral/show.html"), 0);
        assert_eq!(found("crates/store/tests/all/placing/offer.rs"), 0);
        assert_eq!(found("crates/store/src/placing/referrals.rs"), 1);
        assert_eq!(found("crates/pages/templates/placing/refer/show.html"), 1);
        assert_eq!(found("crates/store/tests/all/placing/offers.rs"), 1);
    }

    #[test]
    fn a_room_stands_in_its_own_wing() {
        assert_eq!(found("crates/app/src/office/referral.rs"), 1);
    }

    #[test]
    fn what_stands_in_no_wing_is_free() {
        assert_eq!(found("crates/domain/src/money.rs"), 0);
        assert_eq!(found("crates/domain/src/placing.rs"), 0);
        assert_eq!(found("crates/domain/src/placing/mod.rs"), 0);
        assert_eq!(found("docs/placing/anything.md"), 0);
    }

    #[test]
    fn rooms_are_ordered_through_all_wings() {
        assert!(place("office", "import") < place("power", "decision"));
        assert!(place("placing", "offer") < place("placing", "approval"));
        assert_eq!(place("office", "referral"), None);
    }
}
