//! What is said of a home in words names no child: several authorities and the home read it. Each finding is taken out, or
//! confirmed by whoever writes, and the confirmation is recorded. Nobody learns a name by it whom they may not read.

use std::collections::BTreeSet;

use placewell_domain::change::Event;
use placewell_domain::clock::Moment;
use placewell_domain::id::{HomeId, OrganisationId};
use placewell_domain::office::access::Action;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::agreement::Agreement;
use placewell_domain::placing::child::ChildState;
use placewell_domain::placing::disclosure::recall::after_recalls;
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

/// What is known of the children at a home.
#[derive(Default)]
pub(crate) struct Children {
    /// Those who are told to whoever writes: each of their names is found.
    pub known: Known,
    /// Whoever writes may not read who some of them are. Their words are then asked about whole, whatever stands in them: an
    /// answer that knew a name would tell it.
    unread: bool,
}

/// Refused while something that may tell who a child is stands in the texts and is not confirmed.
pub(super) async fn names_nobody(
    work: &mut Work,
    of: Saying<'_>,
    texts: Vec<(String, &str)>,
    confirmed: &[String],
) -> Answer<()> {
    let children = known_at(work, of.by, of.home, work.moment()).await?;
    let said: Vec<(String, usize)> = texts
        .iter()
        .filter(|(_, text)| !text.trim().is_empty())
        .map(|(field, text)| (field.clone(), text.len()))
        .collect();
    let whole = if children.unread { said.as_slice() } else { &[] };
    let found = findings_of(texts, &children.known);
    let mut invalid = Invalid::default();
    for finding in unconfirmed(&found, confirmed) {
        let (kind, place) = (finding.kind.label(), finding.field.replace('_', " "));
        // The words themselves stand in no message: whoever typed them sees them in the form.
        let message = format!("{kind} stands in {place}. Take it out, or confirm that it tells of no child");
        invalid.add(&format!("{CONFIRM}{}/{}", of.act, finding.key()), message);
    }
    for (field, length) in whole {
        let key = format!("{field}:child:all-{length}");
        if !confirmed.contains(&key) {
            let place = field.replace('_', " ");
            let message = format!("Confirm that nothing in {place} tells who a child is, or take it out");
            invalid.add(&format!("{CONFIRM}{}/{key}", of.act), message);
        }
    }
    invalid.or(())?;
    if said.is_empty() {
        return Ok(());
    }
    let kinds: BTreeSet<&str> = found.iter().map(|one| one.kind.code()).chain(whole.iter().map(|_| "child")).collect();
    let kinds: Vec<&str> = kinds.into_iter().collect();
    // Of every text: whoever reads the record and the words, and not who the children are, learns of no name by it.
    let event = Event::new("monitoring.words_looked_through", "organisation", work.org().0, 1)
        .with("act", of.act)
        .with("home", of.home)
        .with("confirmed_findings", found.len() + whole.len())
        .with("confirmed_kinds", kinds.join(","));
    work.record(event);
    Ok(())
}

/// Children whom the writer's organisation knows at the home: an authority its own, but for those whose record is sealed
/// to the writer; a provider those it was told of.
pub(crate) async fn known_at(session: &Session, by: &Actor, home: HomeId, now: Moment) -> Answer<Children> {
    let (org, mut children) = (by.organisation, Children::default());
    let provider = by.kind == OrganisationKind::Provider;
    let needed = if provider { Action::SeeInvitations } else { Action::SeeChild };
    let reads = by.may(needed);
    for agreement in session.agreements_ever_at(org, home).await? {
        if !reads {
            children.unread = true;
        } else if provider {
            add_told(session, org, &agreement, &mut children).await?;
        } else {
            let child = session.child(org, agreement.child).await?;
            if child.state != ChildState::Known {
                continue;
            }
            if session.retention(org, child.id).await?.open_to(by.person, now.at) {
                children.known.add(&session.open_identity(&child).await?);
            } else {
                children.unread = true;
            }
        }
    }
    Ok(children)
}

/// Adds the child of an agreement as its home was told of it, where the home may still read that.
async fn add_told(session: &Session, org: OrganisationId, of: &Agreement, children: &mut Children) -> Answer<()> {
    let told = async {
        let offer = session.offer(org, of.offer).await?;
        let told = session.disclosed::<DisclosedIdentity>(org, offer.invitation, Stage::Chosen).await?;
        Ok::<_, StoreError>((told, session.recalls_on(org, offer.invitation).await?))
    };
    let (told, recalls) = match told.await {
        Ok(found) => found,
        // A child that is forgotten has no key left, and nothing here tells of it.
        Err(StoreError::NotFound) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let Some(child) = told else { return Ok(()) };
    let reads = after_recalls(Some(Stage::Chosen), &recalls) == Some(Stage::Chosen) && !of.state.never_began();
    if reads {
        child.look_for(&mut children.known);
    } else {
        children.unread = true;
    }
    Ok(())
}
