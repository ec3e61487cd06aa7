//! Subject access: everything held about a child, with other people's data taken out, given once and recorded as given.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use placewell_domain::change::Event;
use placewell_domain::id::{ChildId, OrganisationId};
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::placing::child::ChildIdentity;
use placewell_store::Work;
use placewell_store::office::document::DocumentEntry;
use placewell_store::placing::child::held::HeldRows;
use serde::Serialize;
use serde_json::Value as Json;

use crate::answer::Answer;
use crate::clock::Machine;
use crate::command::{App, proven_for};

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
    "Names of relatives and others that the record keeps apart are replaced: they are other people's data.",
    "E-mail addresses and the numbers of people who worked on the record are replaced: they are other people's data.",
    "What homes asked to be paid is replaced in their offers: it is not about the child.",
    "A text is given with those names replaced. Another document is given whole where the record keeps nobody else's name \
     apart, or where whoever gave this out had read it; otherwise it is listed with its reason.",
];

/// Why a document is listed and not given.
const UNREAD: &str =
    "The record names other people, and nobody has said that they read this document for what is theirs.";
const TOO_LARGE: &str = "The documents are too large together: this one is given out by itself, from its record.";
/// So many bytes of documents are given at once.
const MOST_GIVEN: usize = 100_000_000;

/// Other people's names, one word each, in lower case.
struct Others(Vec<String>);

impl Others {
    /// The names that the record keeps apart, without those that are the child's own as well.
    fn of(identity: &ChildIdentity) -> Self {
        let words = |text: &str| -> Vec<String> {
            text.split(|letter: char| !letter.is_alphabetic())
                .filter(|word| word.chars().count() >= 2)
                .map(str::to_lowercase)
                .collect()
        };
        let known_as = identity.known_as.as_deref().unwrap_or_default();
        let own: Vec<String> = [identity.given_names.as_str(), identity.family_name.as_str(), known_as]
            .into_iter()
            .flat_map(words)
            .collect();
        let others = identity.other_names.iter().flat_map(|name| words(name));
        Self(others.filter(|word| !own.contains(word)).collect())
    }

    /// The text with each of these names replaced, as a whole word.
    fn taken_out(&self, text: &str) -> String {
        let (mut out, mut word) = (String::with_capacity(text.len()), String::new());
        let end = |word: &mut String, out: &mut String| {
            let named = self.0.iter().any(|name| *name == word.to_lowercase());
            out.push_str(if named { ANOTHER } else { word.as_str() });
            word.clear();
        };
        for letter in text.chars() {
            if letter.is_alphabetic() {
                word.push(letter);
            } else {
                end(&mut word, &mut out);
                out.push(letter);
            }
        }
        end(&mut word, &mut out);
        out
    }
}

/// Fields that name people who worked on the record.
const STAFF: &[&str] =
    &["by", "officer", "officer_id", "person", "person_id", "proposed_by", "author", "email", "signatory"];

fn is_price(name: &str) -> bool {
    ["pence", "price", "weekly", "lines"].iter().any(|part| name.contains(part))
}

fn redacted(value: Json, (kind, name): (&str, &str), others: &Others) -> Json {
    if STAFF.contains(&name) && !value.is_null() {
        return Json::String(ANOTHER.to_owned());
    }
    if kind == "offer" && is_price(name) {
        return Json::String(NOT_OWN.to_owned());
    }
    if name == "other_names" {
        return Json::String(ANOTHER.to_owned());
    }
    match value {
        Json::String(text) => Json::String(others.taken_out(&text)),
        Json::Array(items) => items.into_iter().map(|item| redacted(item, (kind, name), others)).collect(),
        Json::Object(fields) => {
            let one = |(field, value): (String, Json)| {
                let value = redacted(value, (kind, &field), others);
                (field, value)
            };
            fields.into_iter().map(one).collect()
        }
        other => other,
    }
}

fn part(rows: HeldRows, others: &Others) -> HeldPart {
    let kind = rows.table;
    let record = |row: BTreeMap<String, Json>| {
        let one = |(name, value): (String, Json)| {
            let value = redacted(value, (&kind, &name), others);
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
    if read || others.0.is_empty() {
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
        let identity = work.open_identity(&child).await?;
        let others = Others::of(&identity);
        let held = work.held_on(actor.organisation, child.id).await?;
        let events = work.events_on(actor.organisation, child.id).await?;
        let documents = documents(&work, (actor.organisation, child.id), (&others, read)).await?;
        work.record(
            Event::new("child.exported", "child", child.id.0, child.version)
                .with("number", number)
                .with("documents_read", read),
        );
        work.commit(Machine::now()).await?;
        let event = |one: placewell_store::chain::RecordedEvent| HeldEvent {
            event: one.sequence,
            at: one.moment.to_string(),
            kind: one.event.kind,
            facts: one.event.facts.into_iter().collect(),
        };
        Ok(HeldOnChild {
            authority: actor.code.clone(),
            child: number,
            given_on: moment.today().to_string(),
            taken_out: TAKEN_OUT.to_vec(),
            held: held.into_iter().map(|rows| part(rows, &others)).collect(),
            documents,
            events: events.into_iter().map(event).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use placewell_domain::placing::child::Sex;
    use serde_json::json;

    use super::*;

    fn others() -> Others {
        Others::of(&ChildIdentity {
            family_name: "Wren".to_owned(),
            given_names: "Mair".to_owned(),
            known_as: None,
            born: date(2008, 2, 29),
            sex: Sex::Female,
            case_number: "C1".to_owned(),
            home_postcode: None,
            school: None,
            other_names: vec!["Gethin Wren".to_owned(), "Ann O'Shea".to_owned()],
        })
    }

    #[test]
    fn other_people_s_names_are_taken_out_and_the_child_s_own_stay() {
        let words = "Mair Wren visits GETHIN and Ann's sister Annabel; Shea too.";
        let expected = format!("Mair Wren visits {ANOTHER} and {ANOTHER}'s sister Annabel; {ANOTHER} too.");
        assert_eq!(others().taken_out(words), expected);
    }

    #[test]
    fn a_document_is_given_read_or_where_nobody_else_is_named() {
        let nobody = Others(Vec::new());
        let pdf = || b"%PDF".to_vec();
        assert_eq!(given("application/pdf", pdf(), (&others(), false)), Err(UNREAD));
        assert_eq!(given("application/pdf", pdf(), (&others(), true)), Ok(pdf()));
        assert_eq!(given("application/pdf", pdf(), (&nobody, false)), Ok(pdf()));
        let text = given("text/plain", b"Gethin came".to_vec(), (&others(), false)).unwrap();
        assert_eq!(String::from_utf8(text).unwrap(), format!("{ANOTHER} came"));
        // What calls itself a text and is none is not read for names.
        assert_eq!(given("text/plain", vec![0xff, 0xfe], (&others(), false)), Err(UNREAD));
    }

    #[test]
    fn staff_addresses_and_rivals_prices_are_taken_out_at_any_depth() {
        let body = json!({"by": 7, "email": "a@b.example", "weekly_pence": 1, "state": {"words": "Gethin came", "on": "2021-09-13"}});
        let found = redacted(body, ("offer", "body"), &others());
        let expected = json!({"by": ANOTHER, "email": ANOTHER, "weekly_pence": NOT_OWN,
            "state": {"words": format!("{ANOTHER} came"), "on": "2021-09-13"}});
        assert_eq!(found, expected);
        assert_eq!(redacted(json!(5), ("agreement", "weekly_pence"), &others()), json!(5));
    }
}
