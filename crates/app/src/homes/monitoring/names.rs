//! What is said of a home in words names no child: several authorities and the home read it. Each finding is taken out, or
//! confirmed by whoever writes, and the confirmation is recorded.

use std::collections::BTreeSet;

use placewell_domain::change::Event;
use placewell_domain::id::HomeId;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::child::ChildState;
use placewell_domain::placing::disclosure::{DisclosedIdentity, Stage};
use placewell_domain::placing::referral::redaction::{Known, findings_of, unconfirmed};
use placewell_store::{Session, StoreError, Work};

use crate::answer::Answer;
use crate::naming::CONFIRM;

/// An act whose words are looked through: what it is called, about which home, who writes.
pub(super) struct Saying<'a> {
    /// The command's name.
    pub act: &'static str,
    /// The home.
    pub home: HomeId,
    /// Who writes.
    pub by: &'a Actor,
}

/// Refused while something that may tell who a child is stands in the texts and is not confirmed.
pub(super) async fn names_nobody(
    work: &mut Work,
    of: Saying<'_>,
    texts: Vec<(String, &str)>,
    confirmed: &[String],
) -> Answer<()> {
    let known = known_at(work, &of).await?;
    let found = findings_of(texts, &known);
    let mut invalid = Invalid::default();
    for finding in unconfirmed(&found, confirmed) {
        let (kind, place) = (finding.kind.label(), finding.field.replace('_', " "));
        // The words themselves stand in no message: whoever typed them sees them in the form.
        let message = format!("{kind} stands in {place}. Take it out, or confirm that it tells of no child");
        invalid.add(&format!("{CONFIRM}{}/{}", of.act, finding.key()), message);
    }
    invalid.or(())?;
    if !found.is_empty() {
        let kinds: BTreeSet<&str> = found.iter().map(|one| one.kind.code()).collect();
        let kinds: Vec<&str> = kinds.into_iter().collect();
        let event = Event::new("monitoring.words_confirmed", "organisation", work.org().0, 1)
            .with("act", of.act)
            .with("home", of.home)
            .with("findings", found.len())
            .with("kinds", kinds.join(","));
        work.record(event);
    }
    Ok(())
}

/// Children whom the writer's organisation knows at the home: an authority its own, a provider those it was told of.
async fn known_at(session: &Session, of: &Saying<'_>) -> Answer<Known> {
    let (org, mut known) = (of.by.organisation, Known::default());
    for agreement in session.agreements_ever_at(org, of.home).await? {
        if of.by.kind == OrganisationKind::Provider {
            let told = async {
                let offer = session.offer(org, agreement.offer).await?;
                session.disclosed::<DisclosedIdentity>(org, offer.invitation, Stage::Chosen).await
            };
            // A child that is forgotten has no key left, and nothing here tells of it.
            match told.await {
                Ok(child) => child.iter().for_each(|child| child.look_for(&mut known)),
                Err(StoreError::NotFound) => {}
                Err(error) => return Err(error.into()),
            }
        } else {
            let child = session.child(org, agreement.child).await?;
            if child.state == ChildState::Known {
                known.add(&session.open_identity(&child).await?);
            }
        }
    }
    Ok(known)
}
