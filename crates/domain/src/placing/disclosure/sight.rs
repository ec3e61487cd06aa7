//! What a reader is given of what is known about a child: each field where the table gives it, and nothing in its place
//! where it does not. Whatever is shown, printed, exported or sent passes here; a field that is added to a record does not
//! compile before it is named.

use super::table::Reader;
use super::{DisclosedIdentity, RiskChronology, Stage};
use crate::id::OrganisationId;
use crate::office::person::Actor;
use crate::placing::child::ChildIdentity;
use crate::placing::referral::{Narrative, SharedWords};

/// What was released to a home, and is read again each time.
pub trait Released: Sized {
    /// It, where the table gives all of it to this reader.
    fn given_to(self, reader: Reader) -> Option<Self>;
}

impl Released for RiskChronology {
    fn given_to(self, reader: Reader) -> Option<Self> {
        reader.given("risk_chronology", self)
    }
}

impl Released for DisclosedIdentity {
    fn given_to(self, reader: Reader) -> Option<Self> {
        let fields = ["given_names", "family_name", "known_as", "born", "school", "case_number"];
        fields.iter().all(|field| reader.sees(field)).then_some(self)
    }
}

impl Reader {
    /// As whom somebody reads what is an authority's own: by their role there, and as nobody elsewhere.
    #[must_use]
    pub fn of(actor: &Actor, authority: OrganisationId) -> Self {
        if actor.organisation == authority { Self::Own(actor.role) } else { Self::Other }
    }

    /// As whom a home reads that has come this far; one that was asked and has not answered reads the anonymous profile.
    #[must_use]
    pub fn home(reached: Option<Stage>) -> Self {
        Self::Home(reached.unwrap_or(Stage::Anonymous))
    }

    /// A value where the table gives its field to this reader.
    #[must_use]
    pub fn given<T>(self, field: &str, value: T) -> Option<T> {
        self.sees(field).then_some(value)
    }

    /// The words of a referral; empty where they are not given.
    #[must_use]
    pub fn narrative(self, words: Narrative) -> Narrative {
        let Narrative { what_helps, wishes, risks, education, health, others, risk_chronology } = words;
        Narrative {
            what_helps: self.given("what_helps", what_helps).unwrap_or_default(),
            wishes: self.given("wishes", wishes).unwrap_or_default(),
            risks: self.given("risk_words", risks).unwrap_or_default(),
            education: self.given("education_words", education).unwrap_or_default(),
            health: self.given("health_words", health).unwrap_or_default(),
            others: self.given("other_words", others).unwrap_or_default(),
            risk_chronology: self.given("risk_chronology", risk_chronology).unwrap_or_default(),
        }
    }

    /// The words that homes are asked with; empty where they are not given.
    #[must_use]
    pub fn shared(self, words: SharedWords) -> SharedWords {
        let SharedWords { what_helps, risks, education, health, others } = words;
        SharedWords {
            what_helps: self.given("what_helps", what_helps).unwrap_or_default(),
            risks: self.given("risk_words", risks).unwrap_or_default(),
            education: self.given("education_words", education).unwrap_or_default(),
            health: self.given("health_words", health).unwrap_or_default(),
            others: self.given("other_words", others).unwrap_or_default(),
        }
    }

    /// The history of risks without names.
    #[must_use]
    pub fn chronology(self, words: Narrative) -> Option<RiskChronology> {
        Some(RiskChronology { risk_chronology: self.given("risk_chronology", words.risk_chronology)? })
    }

    /// Who a child is, as far as a home is ever told; none where one of its fields is not given.
    #[must_use]
    pub fn disclosed(self, identity: &ChildIdentity) -> Option<DisclosedIdentity> {
        Some(DisclosedIdentity {
            given_names: self.given("given_names", identity.given_names.clone())?,
            family_name: self.given("family_name", identity.family_name.clone())?,
            known_as: self.given("known_as", identity.known_as.clone())?,
            born: self.given("born", identity.born)?,
            school: self.given("school", identity.school.clone())?,
            case_number: self.given("case_number", identity.case_number.clone())?,
        })
    }

    /// Who a child is, whole, as its own authority reads it; none where one of its fields is not given.
    #[must_use]
    pub fn identity(self, identity: ChildIdentity) -> Option<ChildIdentity> {
        let ChildIdentity {
            family_name,
            given_names,
            known_as,
            born,
            sex,
            case_number,
            home_postcode,
            school,
            other_names,
        } = identity;
        Some(ChildIdentity {
            family_name: self.given("family_name", family_name)?,
            given_names: self.given("given_names", given_names)?,
            known_as: self.given("known_as", known_as)?,
            born: self.given("born", born)?,
            sex: self.given("sex", sex)?,
            case_number: self.given("case_number", case_number)?,
            home_postcode: self.given("home_postcode", home_postcode)?,
            school: self.given("school", school)?,
            other_names: self.given("other_names", other_names)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::office::access::Role;
    use crate::placing::child::Sex;
    use crate::placing::referral::standard::Risk;

    fn words() -> Narrative {
        let canary = || "canary".to_owned();
        Narrative {
            what_helps: canary(),
            wishes: canary(),
            risks: Risk::TO_CHILD.iter().take(1).map(|risk| (*risk, canary())).collect(),
            education: canary(),
            health: canary(),
            others: Vec::new(),
            risk_chronology: canary(),
        }
    }

    fn child() -> ChildIdentity {
        ChildIdentity {
            family_name: "Canary".to_owned(),
            given_names: "A".to_owned(),
            known_as: None,
            born: jiff::civil::date(2008, 5, 1),
            sex: Sex::Female,
            case_number: "C1".to_owned(),
            home_postcode: None,
            school: None,
            other_names: Vec::new(),
        }
    }

    #[test]
    fn rule_5_6_who_is_not_given_a_field_gets_nothing_in_its_place() {
        for role in Role::ALL.iter().copied() {
            let own = Reader::Own(role);
            let care = matches!(role, Role::PlacementOfficer | Role::Approver);
            assert_eq!(own.identity(child()).is_some(), care, "{}", role.label());
            assert_eq!(own.narrative(words()) == words(), care || role == Role::Guest, "{}", role.label());
            if !care && role != Role::Guest {
                assert_eq!(own.narrative(words()), Narrative::default(), "{}", role.label());
            }
        }
        assert_eq!(Reader::Other.narrative(words()), Narrative::default());
        assert!(Reader::Other.disclosed(&child()).is_none() && Reader::Other.chronology(words()).is_none());
    }

    #[test]
    fn rule_5_6_a_home_is_given_at_each_stage_what_the_table_gives_it() {
        let asked = Reader::home(None).narrative(words());
        assert!(!asked.what_helps.is_empty() && asked.wishes.is_empty() && asked.risk_chronology.is_empty());
        for stage in Stage::ALL {
            let home = Reader::Home(*stage);
            assert_eq!(home.chronology(words()).is_some(), *stage >= Stage::Shortlisted, "{}", stage.label());
            assert_eq!(home.disclosed(&child()).is_some(), *stage >= Stage::Chosen, "{}", stage.label());
            assert!(home.identity(child()).is_none(), "a home never reads where the family lives");
        }
    }
}
