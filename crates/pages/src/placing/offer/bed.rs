//! Which bed an offer names: one of those that are free, or none yet; with a warning where another search has it offered.

use super::{OfferForm, Part, filled};
use crate::components::Warning;
use crate::form::{Choice, Field};
use crate::words;

/// A bed that can be named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BedChoice {
    /// Its id.
    pub id: String,
    /// What the home calls it.
    pub label: String,
    /// The references of the provider's other offers that name it; none for an officer.
    pub elsewhere: Vec<String>,
}

/// The question, where there is a bed to choose.
pub(super) fn parts(view: &OfferForm) -> Vec<Part> {
    if view.beds.is_empty() {
        return Vec::new();
    }
    let choice = |bed: &BedChoice| {
        let label = match bed.elsewhere.as_slice() {
            [] => bed.label.clone(),
            others => format!("{}, offered in {}", bed.label, words::list(others)),
        };
        Choice::new(bed.id.as_str(), label)
    };
    let undecided = core::iter::once(Choice::new("", "Not decided yet"));
    let field = Field::select("bed", "Which bed?", undecided.chain(view.beds.iter().map(choice)))
        .hint("Beds that are free from the first night to the planned end");
    let chosen = view.beds.iter().find(|bed| bed.id == view.typed.get("bed"));
    let warning = chosen.filter(|bed| !bed.elsewhere.is_empty()).map(|bed| {
        let others = words::list(&bed.elsewhere);
        let text = format!("{} is also offered in {others}. Only one of these searches can have it.", bed.label);
        Part::Html(Warning::new(text).into())
    });
    core::iter::once(filled(view, field, "bed")).chain(warning).collect()
}

#[cfg(test)]
mod tests {
    use crate::placing::offer::samples;

    #[test]
    fn v_04_a_bed_that_is_offered_elsewhere_says_where_and_warns_once_it_is_chosen() {
        let of =
            |name: &str| samples().into_iter().find(|(one, _)| *one == name).map(|(_, page)| page).unwrap_or_default();
        let (blank, chosen, entered) = (of("offer"), of("change an offer"), of("enter an offer"));
        for page in [&blank, &chosen] {
            assert!(page.contains("Not decided yet") && page.contains("Room 1, offered in WOR-R-0017"), "{page}");
        }
        let warning = "Room 1 is also offered in WOR-R-0017";
        assert!(!blank.contains(warning) && chosen.contains(warning), "{chosen}");
        assert!(entered.contains("Which bed?") && entered.contains("Room 1"), "an officer chooses among them, too");
        assert!(!entered.contains("offered in"), "the provider's other searches stay with the provider");
        assert!(!of("enter an offer of a home that shows no beds").contains("Which bed?"));
    }
}
