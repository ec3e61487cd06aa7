//! Whose a home was and is, as facts in two times (rule 4.4): since which day, and as it was known when. The home itself
//! holds only its owner of today.

use jiff::civil::Date;

use super::history::SINCE_NOT_KNOWN;
use crate::id::OrganisationId;

/// Whose a home is on some days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnerFact {
    /// The provider.
    pub owner: OrganisationId,
    /// The first day.
    pub from: Date,
    /// The day after the last.
    pub until: Date,
}

/// Whose a home was on a day by facts that were believed together. Of a day before all of them, the first owner that is
/// known; none where nothing was known.
#[must_use]
pub fn owner_on(facts: &[OwnerFact], day: Date) -> Option<OrganisationId> {
    let holding = facts.iter().find(|fact| fact.from <= day && day < fact.until);
    let first = || facts.iter().filter(|fact| day < fact.from).min_by_key(|fact| fact.from);
    holding.or_else(first).map(|fact| fact.owner)
}

/// Since which day a home is its present owner's, as somebody says on a day; none where it was before. Of its first owner
/// nobody says since when.
#[must_use]
pub fn owned_from(before: Option<OrganisationId>, after: OrganisationId, on: Date) -> Option<Date> {
    match before {
        None => Some(SINCE_NOT_KNOWN),
        Some(before) => (before != after).then_some(on),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nights::OPEN_END;
    use jiff::civil::date;

    const ELM: OrganisationId = OrganisationId(7);
    const ASH: OrganisationId = OrganisationId(8);

    #[test]
    fn rule_4_4_a_home_is_on_a_day_whose_it_was_then_and_not_whose_it_is_today() {
        let sold = date(2021, 9, 10);
        let facts = [
            OwnerFact { owner: ELM, from: date(2019, 4, 1), until: sold },
            OwnerFact { owner: ASH, from: sold, until: OPEN_END },
        ];
        assert_eq!(owner_on(&facts, date(2021, 9, 9)), Some(ELM));
        assert_eq!(owner_on(&facts, sold), Some(ASH));
        assert_eq!(owner_on(&facts, date(2018, 1, 1)), Some(ELM), "the first that is known");
        assert_eq!(owner_on(&[], sold), None);
    }

    #[test]
    fn a_home_changes_hands_on_the_day_on_which_it_is_said() {
        let said = date(2021, 9, 10);
        assert_eq!(owned_from(None, ELM, said), Some(SINCE_NOT_KNOWN));
        assert_eq!(owned_from(Some(ELM), ELM, said), None);
        assert_eq!(owned_from(Some(ELM), ASH, said), Some(said));
    }
}
