//! The one-time link of a home without an account: opening it shows a page, only sending the page's form acts.
//!
//! The link's secret is kept as a digest; it expires, and it is used up by one answer: an offer or a decline, and not by
//! a question.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{InvitationId, OrganisationId};
use crate::outcome::Refusal;

/// Hours for which a link is good after the deadline that it was sent for.
pub const HOURS_AFTER_DEADLINE: i64 = 24;

/// A link sent to a home.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OneTimeLink {
    /// The row's id.
    pub id: i64,
    /// The invitation that it answers.
    pub invitation: InvitationId,
    /// The authority that asked.
    pub authority: OrganisationId,
    /// The provider that it speaks for.
    pub provider: OrganisationId,
    /// The address that it was mailed to.
    pub email: String,
    /// SHA-256 of the secret in the address, in hexadecimal.
    pub digest: String,
    /// Until when it can be used, by the machine's clock.
    pub expires: Timestamp,
    /// When it was used.
    pub used: Option<Timestamp>,
}

impl OneTimeLink {
    /// Whether it can be used at this instant of the machine's clock.
    pub fn usable(&self, now: Timestamp) -> Result<(), Refusal> {
        if self.used.is_some() {
            return Err(refusal("link_used", "This link has been used. You have already sent your answer."));
        }
        if now >= self.expires {
            return Err(refusal("link_expired", "This link has expired."));
        }
        Ok(())
    }
}

fn refusal(code: &str, sentence: &str) -> Refusal {
    Refusal::new(
        code,
        "A one-time link serves one answer and expires",
        sentence,
        "the placement officer of the authority that asked",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rule_5_2_a_link_is_used_once_and_expires() {
        let second = |at| Timestamp::from_second(at).unwrap_or_default();
        let link = OneTimeLink {
            id: 1,
            invitation: InvitationId(1),
            authority: OrganisationId(1),
            provider: OrganisationId(2),
            email: "manager@home.example".to_owned(),
            digest: String::new(),
            expires: second(100),
            used: None,
        };
        assert!(link.usable(second(99)).is_ok());
        assert_eq!(link.usable(second(100)).err().map(|r| r.code), Some("link_expired".to_owned()));
        let used = OneTimeLink { used: Some(second(50)), ..link };
        assert_eq!(used.usable(second(60)).err().map(|r| r.code), Some("link_used".to_owned()));
    }
}
