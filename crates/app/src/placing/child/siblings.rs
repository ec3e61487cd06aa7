//! Brothers and sisters of a child, as far as linked searches tell: opened for what shows nobody who they are.

use placewell_domain::clock::Moment;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Refusal;
use placewell_domain::placing::child::retention::Retention;
use placewell_domain::placing::child::{Child, ChildIdentity, ChildState};
use placewell_domain::placing::referral::redaction::{Finding, Known, findings_of, whole};
use placewell_store::Session;

use super::sealing::sealed_to;
use crate::answer::Answer;

/// Who a child's brothers and sisters are, without those whose records were erased. Refused while the record of one is sealed
/// to the reader: what is taken out of a text would tell which of its words are that one's name.
pub(crate) async fn siblings(
    session: &Session,
    (actor, now): (&Actor, Moment),
    child: &Child,
) -> Answer<Vec<ChildIdentity>> {
    let mut all = Vec::new();
    for id in session.siblings_of_child(child.authority, child.id).await? {
        let sibling = session.child(child.authority, id).await?;
        if sibling.state != ChildState::Known {
            continue;
        }
        if let Some(number) = sealed_to(session, actor, id, now).await? {
            return Err(sealed_beside(number).into());
        }
        all.push(session.open_identity(&sibling).await?);
    }
    Ok(all)
}

fn sealed_beside(number: u32) -> Refusal {
    let sentence = "The record of this child's brother or sister is sealed, whose name is taken out of what is given.";
    Refusal { sentence: sentence.to_owned(), ..Retention::sealed_as(number) }
}

/// What in words about a child may tell who it is, or who its brothers and sisters are. Where one of these has a record
/// that is sealed to whoever writes, each text is asked about whole.
pub(crate) async fn found_by(
    session: &Session,
    (actor, now): (&Actor, Moment),
    child: &Child,
    texts: Vec<(String, &str)>,
) -> Answer<Vec<Finding>> {
    let (mut known, mut unread) = (Known::default(), false);
    known.add(&session.open_identity(child).await?);
    for id in session.siblings_of_child(child.authority, child.id).await? {
        let sibling = session.child(child.authority, id).await?;
        if sibling.state != ChildState::Known {
            continue;
        }
        if sealed_to(session, actor, id, now).await?.is_some() {
            unread = true;
        } else {
            known.add(&session.open_identity(&sibling).await?);
        }
    }
    let mut found = findings_of(texts.iter().map(|(field, text)| (field.clone(), *text)), &known);
    if unread {
        found.extend(whole(texts));
    }
    Ok(found)
}
