//! Subject access: everything held about a child, with other people's data taken out, given once and recorded as given.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use placewell_domain::change::Event;
use placewell_domain::id::{ChildId, OrganisationId, PersonId};
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::placing::child::Child;
use placewell_store::Work;
use placewell_store::chain::RecordedEvent;
use placewell_store::office::document::DocumentEntry;
use placewell_store::placing::child::held::HeldRows;
use serde::Serialize;
use serde_json::Value as Json;

use crate::answer::Answer;
use crate::clock::Machine;
use crate::command::{App, proven_for};
use crate::placing::child::sealing::readable;
use crate::placing::child::siblings::siblings;

mod redacting;

use redacting::Others;

/// What stands for somebody else's name.
pub const ANOTHER: &str = "[another person]";
/// What stands for what is not the child's own data.
pub const NOT_OWN: &str = "[not about the child]";

/// An event about the child or about what is the child's.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HeldEvent {
    /// Its number in the authority's record.
    pub event: i64,
    /// When.
    pub at: String,
    /// What happened.
    pub kind: String,
    /// Codes and figures.
    pub facts: BTreeMap<String, String>,
}

/// The rows of one kind of record.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HeldPart {
    /// The kind of record.
    pub kind: String,
    /// Each record by its fields.
    pub records: Vec<BTreeMap<String, Json>>,
}

/// A document about the child.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HeldDocument {
    /// Its number among its record's documents.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its length as it is kept.
    pub bytes: i64,
    /// SHA-256 of it as it is kept.
    pub sha256: String,
    /// What is given of it, in base 64; of a text with other people's names replaced.
    pub content: Option<String>,
    /// Why nothing is given of it.
    pub withheld: Option<&'static str>,
}

/// Everything held about one child.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HeldOnChild {
    /// The authority that holds it.
    pub authority: String,
    /// The child's number there.
    pub child: u32,
    /// On which day it was given out.
    pub given_on: String,
    /// What was taken out, and why.
    pub taken_out: Vec<&'static str>,
    /// What is held, kind by kind.
    pub held: Vec<HeldPart>,
    /// Every document about the child.
    pub documents: Vec<HeldDocument>,
    /// What happened, oldest first.
    pub events: Vec<HeldEvent>,
}

/// Said with every export.
const TAKEN_OUT: &[&str] = &[
    "Names of relatives and others that the record keeps apart, and of brothers and sisters whose searches are linked, are \
     replaced: they are other people's data.",
    "Whom a home asked about and who answered for a home are replaced, and so are e-mail addresses and the numbers of people \
     who worked on the record.",
    "What homes asked to be paid is replaced in their offers and where these were decided on. So is what they said of the \
     children who live there: it is not about the child.",
    "Of what happened, facts about other people and about offers' prices are left out.",
    "A text is given with those names replaced. Another document is given whole where the record keeps nobody else's name \
     apart, or where whoever gave this out had read it; otherwise it is listed with its reason.",
];

/// Why a document is listed and not given.
const UNREAD: &str =
    "The record names other people, and nobody has said that they read this document for what is theirs.";
const TOO_LARGE: &str = "The documents are too large together: this one is given out by itself, from its record.";
/// So many bytes of documents are given at once.
const MOST_GIVEN: usize = 100_000_000;

fn part(rows: HeldRows, others: &Others) -> HeldPart {
    let kind = rows.table;
    let record = |row: BTreeMap<String, Json>| {
        let one = |(name, value): (String, Json)| {
            let value = others.redacted(value, (&kind, &name));
            (name, value)
        };
        // What only places a row in the database says nothing of the child.
        row.into_iter().filter(|(name, _)| !["org_id", "version"].contains(&name.as_str())).map(one).collect()
    };
    let records = rows.rows.into_iter().map(record).collect();
    HeldPart { kind, records }
}

/// What is given of a document: nothing of it is another person's, as far as a machine or its reader can tell.
fn given(media_type: &str, content: Vec<u8>, (others, read): (&Others, bool)) -> Result<Vec<u8>, &'static str> {
    if read || others.nobody() {
        return Ok(content);
    }
    match String::from_utf8(content) {
        Ok(text) if media_type.starts_with("text/") => Ok(others.taken_out(&text).into_bytes()),
        _ => Err(UNREAD),
    }
}

async fn documents(
    work: &Work,
    (organisation, child): (OrganisationId, ChildId),
    (others, read): (&Others, bool),
) -> Answer<Vec<HeldDocument>> {
    let (mut all, mut so_far) = (Vec::new(), 0);
    for entry in work.documents_about(organisation, child).await? {
        so_far += usize::try_from(entry.bytes).unwrap_or_default();
        let found = if so_far > MOST_GIVEN {
            Err(TOO_LARGE)
        } else {
            given(&entry.media_type, work.document_content(organisation, entry.id).await?, (others, read))
        };
        let (content, withheld) = match found {
            Ok(content) => (Some(BASE64_STANDARD.encode(content)), None),
            Err(why) => (None, Some(why)),
        };
        let DocumentEntry { name, media_type, bytes, digest, .. } = entry;
        all.push(HeldDocument { name, media_type, bytes, sha256: digest, content, withheld });
    }
    Ok(all)
}

/// Who is named in what is held about the child beside the child, and whose numbers stand in it.
async fn others(work: &Work, actor: &Actor, child: &Child, held: &[HeldRows]) -> Answer<Others> {
    let siblings = siblings(work, (actor, work.moment()), child).await?;
    let mut others = Others::of(&work.open_identity(child).await?, &siblings);
    others.look_through(held);
    let numbers: Vec<PersonId> = others.numbers().map(PersonId).collect();
    others.are_people(work.names_of(&numbers).await?.into_iter().map(|(person, _)| person.0));
    Ok(others)
}

/// An event with the facts of it that are given.
fn event(one: RecordedEvent, others: &Others) -> HeldEvent {
    let (room, facts) = (one.event.room, one.event.facts);
    let facts = facts.into_iter().filter(|(name, _)| redacting::gives(&room, name));
    HeldEvent {
        event: one.sequence,
        at: one.moment.to_string(),
        kind: one.event.kind,
        facts: facts.map(|(name, fact)| (name, others.taken_out(&fact))).collect(),
    }
}

impl App {
    /// Gives out everything that is held about a child, and records that it was given. `read`: whoever gives it out has read
    /// the documents for what is other people's.
    pub async fn export_child(&self, actor: &Actor, number: u32, read: bool) -> Answer<HeldOnChild> {
        Self::may_export(actor)?;
        proven_for(actor, Action::ExportChild)?;
        let moment = self.calendar.now();
        let mut work = self.store.begin(actor.organisation, moment).await?;
        work.by(actor.person);
        let child = work.child_by_number(actor.organisation, number).await?;
        readable(&work, actor, child.id, moment).await?;
        let held = work.held_on(actor.organisation, child.id).await?;
        let others = others(&work, actor, &child, &held).await?;
        let events = work.events_on(actor.organisation, child.id).await?;
        let documents = documents(&work, (actor.organisation, child.id), (&others, read)).await?;
        work.record(
            Event::new("child.exported", "child", child.id.0, child.version)
                .with("number", number)
                .with("documents_read", read),
        );
        work.commit(Machine::now()).await?;
        Ok(HeldOnChild {
            authority: actor.code.clone(),
            child: number,
            given_on: moment.today().to_string(),
            taken_out: TAKEN_OUT.to_vec(),
            held: held.into_iter().map(|rows| part(rows, &others)).collect(),
            documents,
            events: events.into_iter().map(|one| event(one, &others)).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use placewell_domain::homes::home::Sex;
    use placewell_domain::placing::child::ChildIdentity;

    use super::*;

    fn others(other_names: &[&str]) -> Others {
        let identity = ChildIdentity {
            family_name: "Wren".to_owned(),
            given_names: "Mair".to_owned(),
            known_as: None,
            born: date(2008, 2, 29),
            sex: Sex::Female,
            case_number: "C1".to_owned(),
            home_postcode: None,
            school: None,
            other_names: other_names.iter().map(|name| (*name).to_owned()).collect(),
        };
        Others::of(&identity, &[])
    }

    #[test]
    fn a_document_is_given_read_or_where_nobody_else_is_named() {
        let (nobody, others) = (others(&[]), others(&["Gethin Wren"]));
        let pdf = || b"%PDF".to_vec();
        assert_eq!(given("application/pdf", pdf(), (&others, false)), Err(UNREAD));
        assert_eq!(given("application/pdf", pdf(), (&others, true)), Ok(pdf()));
        assert_eq!(given("application/pdf", pdf(), (&nobody, false)), Ok(pdf()));
        let text = given("text/plain", b"Gethin came".to_vec(), (&others, false)).unwrap();
        assert_eq!(String::from_utf8(text).unwrap(), format!("{ANOTHER} came"));
        // What calls itself a text and is none is not read for names.
        assert_eq!(given("text/plain", vec![0xff, 0xfe], (&others, false)), Err(UNREAD));
    }
}
