//! The home's impact assessment, held against the children who live there on the first night (rule 5.6): each is considered,
//! none is known. What is kept of them is how many they were, and a print by which it shows that they are others now.

use serde::{Deserialize, Serialize};

use super::Offer;
use super::terms::Resident;
use crate::outcome::{Invalid, Refusal};

/// The most residents that an assessment has lines for.
pub const MOST_RESIDENTS: usize = 40;

/// The children for whom a bed of the home is taken or held on the offer's first night, as an assessment was held against them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Considered {
    /// How many.
    pub there: u32,
    /// SHA-256 of home, night and agreements in hexadecimal digits: it says who they are to nobody, and differs with any of them.
    pub print: String,
}

/// Refuses an assessment that leaves out a child who lives there, or speaks of one who does not.
pub fn each_considered(residents: &[Resident], there: u32) -> Result<(), Invalid> {
    let said = u32::try_from(residents.len()).unwrap_or(u32::MAX);
    if said == there {
        return Ok(());
    }
    let line = said.min(there).saturating_add(1);
    let children = match there {
        0 => "no child".to_owned(),
        1 => "1 child".to_owned(),
        many => format!("{many} children"),
    };
    Err(Invalid::one(
        &format!("resident{line}_effect"),
        format!("The home's beds show {children} on the first night, not {said}: give one line for each"),
    ))
}

impl Offer {
    /// The offer with what its assessment was held against; none where the home shows no beds.
    #[must_use]
    pub fn considering(self, residents: Option<Considered>) -> Self {
        Self { considered: residents, ..self }
    }

    /// Whether others live at the home on the first night than its assessment considers. An offer from before assessments
    /// were held against residents says nothing.
    #[must_use]
    pub fn residents_changed(&self, now: Option<&Considered>) -> bool {
        self.state.choosable() && self.considered.as_ref().zip(now).is_some_and(|(then, now)| then != now)
    }

    /// The refusal of going on with an assessment of other residents. It tells nothing of who moved.
    #[must_use]
    pub fn residents_moved(&self) -> Refusal {
        let number = self.number;
        Refusal::new(
            "residents_changed",
            "The home's impact assessment on each resident comes with the offer",
            format!(
                "Somebody moved in or out since offer {number} was made: it does not consider who lives there now."
            ),
            "The provider, by changing the offer: it then considers each child who lives there on the first night",
        )
        .found(format!("{} considered", self.considered.as_ref().map_or(0, |then| then.there)))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::placing::child::AgeBand;
    use crate::placing::offer::ResidentEffect;

    #[test]
    fn rule_5_6_an_assessment_considers_each_child_who_lives_there_and_nobody_else() {
        let one = Resident { age_band: AgeBand::From13To15, effect: ResidentEffect::Neutral };
        let field = |said: usize, there| {
            let wrong = each_considered(&vec![one; said], there).unwrap_err();
            (wrong.errors[0].field.clone(), wrong.errors[0].message.clone())
        };
        assert!(each_considered(&[], 0).is_ok());
        assert!(each_considered(&[one, one], 2).is_ok());
        assert_eq!(field(1, 3).0, "resident2_effect", "the first line that is missing");
        assert_eq!(field(2, 1).0, "resident2_effect", "the first line that is too many");
        assert!(field(1, 0).1.contains("no child"), "{}", field(1, 0).1);
        assert!(field(0, 2).1.contains("2 children on the first night, not 0"), "{}", field(0, 2).1);
    }
}
