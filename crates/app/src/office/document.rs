//! Documents that people bring to a record: checked by content, kept sealed, and read only with an event.
//!
//! A room that has documents checks who may add and who may read; what is common to all of them stands here.

use placewell_domain::change::Event;
use placewell_domain::id::{ChildId, DocumentId, OrganisationId};
use placewell_domain::office::access::Action;
use placewell_domain::office::document::{Kind, MOST, picture};
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Refusal;
pub use placewell_store::office::document::DocumentEntry;
use placewell_store::office::document::NewDocument;
use placewell_store::{Session, Work};
use serde::{Serialize, Serializer};
use sha2::{Digest, Sha256};

pub mod scanning;

use crate::answer::{Answer, Outcome};
use crate::clock::Machine;
use crate::command::App;

/// The longest name of a file that is kept, in characters.
const LONGEST_NAME: usize = 200;

/// The record that a document belongs to.
#[derive(Debug, Clone, Copy)]
pub struct Belongs<'a> {
    /// The record's room.
    pub room: &'a str,
    /// The record.
    pub record: i64,
    /// The child whom it is about: the document is readable only as long as the child's key is there.
    pub child: Option<ChildId>,
    /// The other organisation that may read it.
    pub provider: Option<OrganisationId>,
}

/// A document that somebody brings, of a kind that is taken.
#[derive(Clone)]
pub struct Brought {
    kind: Kind,
    name: String,
    content: Vec<u8>,
}

/// Neither its name nor its content shows: both may be about a child.
impl core::fmt::Debug for Brought {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Brought").field("kind", &self.kind).field("bytes", &self.content.len()).finish_non_exhaustive()
    }
}

/// Stands in a request's hash, by which a key that is used twice is told: the digest is as good as the content.
impl Serialize for Brought {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (&self.name, self.digest()).serialize(serializer)
    }
}

impl Brought {
    /// Checks what somebody brings; refused where it is too large, of no kind that is taken, or holds macros.
    pub fn checked(name: &str, content: Vec<u8>) -> Answer<Self> {
        let kind = Kind::of(&content)?;
        let content = picture::bare(kind, content);
        let own = name.rsplit(['/', '\\']).next().unwrap_or(name);
        let name = own.chars().filter(|letter| !letter.is_control()).take(LONGEST_NAME).collect();
        Ok(Self { kind, name, content })
    }

    /// What it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// SHA-256 of what it holds, in hexadecimal digits.
    pub(crate) fn digest(&self) -> String {
        hex::encode(Sha256::digest(&self.content))
    }

    /// Its length in bytes.
    pub(crate) fn bytes(&self) -> i64 {
        i64::try_from(self.content.len()).unwrap_or(i64::MAX)
    }

    /// What it holds.
    pub(crate) fn content(&self) -> &[u8] {
        &self.content
    }

    /// What a record keeps already, brought to another record.
    pub(crate) fn kept(label: &str, content: Vec<u8>) -> Answer<Self> {
        Self::checked(label, content)
    }

    /// Shows it to the scanner, where one is set up; refused where it finds something, or does not answer.
    pub(crate) async fn scanned(&self, app: &App) -> Answer<()> {
        match app.scanner() {
            None => Ok(()),
            Some(scanner) => Ok(scanner.pass(&self.content).await?),
        }
    }
}

/// Keeps a document with its record. The name that it came with may name a child, so it is sealed like the content;
/// what shows in lists and addresses is a number.
pub async fn keep(work: &mut Work, belongs: Belongs<'_>, brought: &Brought) -> Answer<DocumentId> {
    let before = work.documents(work.org(), belongs.room, belongs.record).await?.len();
    if before >= MOST {
        let refusal = Refusal::new(
            "documents_too_many",
            "Documents: 200 to a record at most",
            "This record holds as many documents as a record may.",
            "You, by joining documents that belong together into one",
        );
        return Err(refusal.found(before.to_string()).into());
    }
    let name = format!("document-{}.{}", before + 1, brought.kind.extension());
    let id = work
        .add_document(&NewDocument {
            provider: belongs.provider,
            child: belongs.child,
            room: belongs.room,
            record: belongs.record,
            name: &name,
            label: Some(&brought.name),
            media_type: brought.kind.media_type(),
            content: &brought.content,
        })
        .await?;
    work.record(Event::new("document.added", belongs.room, belongs.record, 0).with("document", id));
    Ok(id)
}

/// Takes a document of a record away: what it said can never be read again; that it was there stays on record.
pub async fn take_away(work: &mut Work, (room, record): (&str, i64), document: DocumentId) -> Answer<()> {
    let known = work.documents(work.org(), room, record).await?;
    let entry = known.into_iter().find(|entry| entry.id == document && !entry.gone).ok_or(Outcome::NotFound)?;
    work.destroy_document_key(entry.id).await?;
    work.record(Event::new("document.taken_away", room, record, 0).with("document", document));
    Ok(())
}

/// The documents of a record with the names that they came with, newest first; an unreadable name is left empty.
pub async fn listed(
    session: &Session,
    organisation: OrganisationId,
    room: &str,
    record: i64,
) -> Answer<Vec<(DocumentEntry, String)>> {
    let mut listed = Vec::new();
    for entry in session.documents(organisation, room, record).await? {
        let label = session.document_label(organisation, entry.id).await?.unwrap_or_default();
        listed.push((entry, label));
    }
    Ok(listed)
}

/// The same for a reader; a name is empty for who may not see it.
pub(crate) async fn listed_for(
    session: &Session,
    organisation: OrganisationId,
    (room, record): (&str, i64),
    sees_names: bool,
) -> Answer<Vec<(DocumentEntry, String)>> {
    if sees_names {
        return listed(session, organisation, room, record).await;
    }
    let documents = session.documents(organisation, room, record).await?;
    Ok(documents.into_iter().map(|entry| (entry, String::new())).collect())
}

impl App {
    /// A document of a record that the person's role may see: its content, and the reading recorded.
    pub async fn read_document(
        &self,
        actor: &Actor,
        action: Action,
        (room, record): (&str, i64),
        document: DocumentId,
    ) -> Answer<(DocumentEntry, Vec<u8>)> {
        let session = self.see(actor, action).await?;
        let documents = session.documents(actor.organisation, room, record).await?;
        let entry = documents.into_iter().find(|entry| entry.id == document).ok_or(Outcome::NotFound)?;
        let content = session.document_content(actor.organisation, document).await?;
        drop(session);
        let mut work = self.store.begin(actor.organisation, self.calendar.now()).await?;
        work.by(actor.person);
        work.record(Event::new("document.read", room, record, 0).with("document", document));
        work.note_document_reading(document, actor.person).await?;
        work.commit(Machine::now()).await?;
        Ok((entry, content))
    }

    /// A document that another organisation keeps, for a reader who was found to see its record: read as its keeper does, since
    /// the database shows its content to nobody else, and the reading recorded with the reader's own organisation.
    pub(crate) async fn read_document_of(
        &self,
        actor: &Actor,
        keeper: OrganisationId,
        (room, record): (&str, i64),
        document: DocumentId,
    ) -> Answer<(DocumentEntry, Vec<u8>)> {
        let session = self.store.read(Some(keeper)).await?;
        let known = session.documents(keeper, room, record).await?;
        let entry = known.into_iter().find(|entry| entry.id == document).ok_or(Outcome::NotFound)?;
        let content = session.document_content(keeper, document).await?;
        drop(session);
        let mut work = self.store.begin(actor.organisation, self.calendar.now()).await?;
        work.by(actor.person);
        work.record(Event::new("document.read", room, record, 0).with("document", document));
        work.commit(Machine::now()).await?;
        Ok((entry, content))
    }
}
