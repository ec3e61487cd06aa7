//! Siblings: one referral is one child, and the referrals of brothers and sisters are linked as a group.

use placewell_domain::id::{ChildId, ReferralId};
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Invalid;
use placewell_store::Work;
use serde::Serialize;

use super::{current, page_of};
use crate::answer::{Answer, Outcome};
use crate::command::{Command, Receipt};

/// The group of a sibling's referral, which begins one where it has none yet.
pub(super) async fn group_of(work: &mut Work, reference: &str, child: ChildId, field: &str) -> Answer<ReferralId> {
    let ask = "Enter the reference of the sibling's referral, like HEF-R-0042";
    let sibling = work.referral_by_reference(work.org(), reference.trim()).await;
    let sibling = sibling.map_err(|_| Outcome::from(Invalid::one(field, ask)))?;
    if sibling.child == child {
        return Err(
            Invalid::one(field, format!("{} is for the same child, not for a sibling", sibling.reference)).into()
        );
    }
    if let Some(group) = sibling.group {
        return Ok(group);
    }
    let group = sibling.id;
    let change = sibling.group(Some(group))?;
    work.apply(change).await?;
    Ok(group)
}

/// Links a referral with a sibling's, or takes it out of its group.
#[derive(Debug, Clone, Serialize)]
pub struct LinkSibling {
    /// The referral.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
    /// The sibling's referral; none takes this one out of its group.
    pub sibling: Option<String>,
}

impl Command for LinkSibling {
    const ACTION: Action = Action::MakeReferral;
    const NAME: &'static str = "referral.link_sibling";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let referral = current(work, &self.reference, self.version).await?;
        let group = match &self.sibling {
            Some(sibling) => Some(group_of(work, sibling, referral.child, "sibling").await?),
            None if referral.group.is_none() => {
                return Err(Invalid::one("sibling", "This referral is not linked with any sibling's").into());
            }
            None => None,
        };
        let change = referral.group(group)?;
        Ok(page_of(&work.apply(change).await?))
    }
}
