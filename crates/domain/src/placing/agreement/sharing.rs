//! Who pays a line (rule 4.2): authority, education and health, in hundredths, agreed or disputed. Recorded by the officer;
//! the price stays what it is. A split in dispute counts as the authority's own until it is agreed.

use super::{Agreement, AgreementTerms};
use crate::change::Change;
use crate::homes::price::FunderShares;
use crate::outcome::{Invalid, Refusal};

/// Checks shares as they were entered: hundredths that give the whole.
pub fn check_shares(shares: &FunderShares) -> Result<(), Invalid> {
    let parts = [shares.authority, shares.education, shares.health].map(u32::from);
    if parts.iter().sum::<u32>() == 100 {
        return Ok(());
    }
    Err(Invalid::one("authority_share", "Enter three shares that make 100"))
}

impl Agreement {
    /// Records who pays a line. Not a change of its price, and no more than before for anybody but the funders.
    pub fn share(self, line: usize, shares: FunderShares) -> Result<Change<Self>, Refusal> {
        if self.state.over() {
            return Err(self.cannot("have its funders recorded"));
        }
        let mut lines = self.terms.lines.clone();
        let Some(found) = lines.get_mut(line) else {
            return Err(Refusal::new(
                "no_line",
                "A line has funders: authority, education, health",
                "The agreement has no such line.",
                "The placement officer, by choosing a line",
            )
            .found(format!("line {}", line + 1)));
        };
        let event = self
            .event("agreement.shared")
            .with("line", line + 1)
            .with("authority_part", shares.authority)
            .with("education_part", shares.education)
            .with("health_part", shares.health)
            .with("agreed", shares.agreed);
        found.shares = shares;
        let terms = AgreementTerms { lines, ..self.terms.clone() };
        Ok(self.anew(event, |next| Self { terms, ..next }))
    }
}
