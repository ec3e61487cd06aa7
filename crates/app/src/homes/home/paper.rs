//! What a provider holds and shows: kept, renewed and withdrawn by the provider, told by how long each still holds. A file may
//! come with it and be followed by a newer one; whoever the document is shown to reads all of them, each reading an event.

use std::collections::BTreeMap;

use placewell_domain::homes::home::Home;
use placewell_domain::homes::home::paper::{Paper, PaperKind, PaperState, PaperTerms};
use placewell_domain::id::{DocumentId, OrganisationId, PaperId};
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Invalid;
use placewell_store::{Session, Work};
use serde::Serialize;

use super::{home_by_text, own_home};
use crate::answer::{Answer, Outcome};
use crate::command::{App, Command, Receipt};
use crate::office::document::{Belongs, Brought, DocumentEntry, keep, listed};

/// The room of the files; the record is the document that they are of.
const ROOM: &str = "paper";
/// Where the list is.
const LIST: &str = "/provider/documents";
/// The longest number or title.
const LONGEST: usize = 80;

/// The files that are kept of each document, the newest first; nothing of one without.
pub type PaperFiles = BTreeMap<PaperId, Vec<DocumentEntry>>;

async fn files_of(session: &Session, provider: OrganisationId) -> Answer<PaperFiles> {
    let mut files = PaperFiles::new();
    for (paper, entry) in session.documents_of_room(provider, ROOM).await? {
        if !entry.gone {
            files.entry(PaperId(paper)).or_default().push(entry);
        }
    }
    Ok(files)
}

/// Keeps a file with its document. The newest file once more changes nothing, as the same days do.
async fn keep_file(work: &mut Work, paper: PaperId, brought: &Brought) -> Answer<()> {
    let held = work.documents(work.org(), ROOM, paper.0).await?;
    if held.first().is_none_or(|newest| newest.gone || newest.digest != brought.digest()) {
        keep(work, Belongs { room: ROOM, record: paper.0, child: None, provider: None }, brought).await?;
    }
    Ok(())
}

/// Keeps a document, or gives the one of this number other days or a newer file.
#[derive(Debug, Clone, Serialize)]
pub struct KeepPaper {
    /// The home's number; none for the provider as a whole.
    pub urn: Option<String>,
    /// What it is.
    pub kind: PaperKind,
    /// Its number or title.
    pub reference: String,
    /// Its days, and who sees it.
    pub terms: PaperTerms,
    /// Its file, where one comes with it.
    pub brought: Option<Brought>,
}

impl Command for KeepPaper {
    const ACTION: Action = Action::KeepOwnHomes;
    const NAME: &'static str = "paper.keep";

    async fn before(&self, app: &App, _actor: &Actor) -> Answer<()> {
        match &self.brought {
            Some(brought) => brought.scanned(app).await,
            None => Ok(()),
        }
    }

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let terms = self.terms.checked(self.kind)?;
        let reference = self.reference.trim().to_owned();
        if reference.is_empty() || reference.chars().count() > LONGEST {
            return Err(Invalid::one("reference", "Enter the document's number or title in 1 to 80 letters").into());
        }
        let home = match &self.urn {
            Some(urn) => Some(own_home(work, actor, urn).await?.id),
            None => None,
        };
        let held = work.papers_numbered(work.org(), &[&reference]).await?;
        let same = held.into_iter().find(|paper| paper.home == home && paper.kind == self.kind);
        let id = same.as_ref().map_or_else(|| PaperId(work.new_id()), |paper| paper.id);
        let change = match same {
            Some(paper) => paper.renew(terms)?,
            None => Some(Paper::keep(Paper {
                id,
                version: 1,
                provider: work.org(),
                home,
                kind: self.kind,
                reference,
                from: terms.from,
                since: None,
                expires_on: terms.expires_on,
                audience: terms.audience,
                state: PaperState::Held,
            })),
        };
        if let Some(change) = change {
            work.apply(change).await?;
        }
        if let Some(brought) = &self.brought {
            keep_file(work, id, brought).await?;
        }
        Ok(Receipt::at(LIST))
    }
}

/// Brings a document's file, or a newer one; those before it stay as its history.
#[derive(Debug, Clone, Serialize)]
pub struct AddPaperFile {
    /// The document.
    pub paper: i64,
    /// The file.
    pub brought: Brought,
}

impl Command for AddPaperFile {
    const ACTION: Action = Action::KeepOwnHomes;
    const NAME: &'static str = "paper.add_file";

    async fn before(&self, app: &App, _actor: &Actor) -> Answer<()> {
        self.brought.scanned(app).await
    }

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let paper = work.paper(work.org(), PaperId(self.paper)).await?;
        paper.takes_file()?;
        keep_file(work, paper.id, &self.brought).await?;
        Ok(Receipt::at(format!("{LIST}/{}/files", paper.id)))
    }
}

/// Takes a document back.
#[derive(Debug, Clone, Serialize)]
pub struct WithdrawPaper {
    /// The document.
    pub paper: i64,
    /// The version that the page was made from.
    pub version: i64,
}

impl Command for WithdrawPaper {
    const ACTION: Action = Action::KeepOwnHomes;
    const NAME: &'static str = "paper.withdraw";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let paper = work.paper(work.org(), PaperId(self.paper)).await?;
        if paper.version != self.version {
            return Err(Outcome::Conflict);
        }
        let today = work.moment().today();
        work.apply(paper.withdraw(today)?).await?;
        Ok(Receipt::at(LIST))
    }
}

impl App {
    /// The documents of a home and of its provider as a whole that the reader may see, with the files that are kept of them;
    /// whom each is shown to, the database decides as well.
    pub async fn home_papers(&self, actor: &Actor, urn: &str) -> Answer<(Home, Vec<Paper>, PaperFiles)> {
        let (home, papers) = self.papers_shown(actor, urn).await?;
        let session = self.store.read(Some(home.provider)).await?;
        let mut files = files_of(&session, home.provider).await?;
        files.retain(|of, _| papers.iter().any(|paper| paper.id == *of));
        Ok((home, papers, files))
    }

    /// What the reader may see, read as the reader's own organisation.
    async fn papers_shown(&self, actor: &Actor, urn: &str) -> Answer<(Home, Vec<Paper>)> {
        let session = self.see(actor, Action::SeeHomes).await?;
        let home = home_by_text(&session, urn).await?;
        let papers = session.papers_seen(home.provider, home.id).await?;
        Ok((home, papers))
    }

    /// A file of a document that the reader may see and open, recorded as read.
    pub async fn home_paper_file(
        &self,
        actor: &Actor,
        urn: &str,
        (paper, document): (i64, i64),
    ) -> Answer<(DocumentEntry, Vec<u8>)> {
        self.may_ask(actor, Action::SeeHomeFiles)?;
        let (home, papers) = self.papers_shown(actor, urn).await?;
        if !papers.iter().any(|one| one.id.0 == paper) {
            return Err(Outcome::NotFound);
        }
        self.read_document_of(actor, home.provider, (ROOM, paper), DocumentId(document)).await
    }

    /// The documents of the provider, those that lapse first at the head, and its homes.
    pub async fn own_papers(&self, actor: &Actor) -> Answer<(Vec<Paper>, Vec<Home>)> {
        let session = self.see(actor, Action::KeepOwnHomes).await?;
        Ok((session.papers_of(actor.organisation).await?, session.homes_of(actor.organisation).await?))
    }

    /// The files that are kept of the provider's documents.
    pub async fn own_paper_files(&self, actor: &Actor) -> Answer<PaperFiles> {
        let session = self.see(actor, Action::KeepOwnHomes).await?;
        files_of(&session, actor.organisation).await
    }

    /// One document of the provider, and its files with the names that they came with, the newest first.
    pub async fn own_paper(&self, actor: &Actor, paper: i64) -> Answer<(Paper, Vec<(DocumentEntry, String)>)> {
        let session = self.see(actor, Action::KeepOwnHomes).await?;
        let paper = session.paper(actor.organisation, PaperId(paper)).await?;
        let files = listed(&session, actor.organisation, ROOM, paper.id.0).await?;
        Ok((paper, files))
    }

    /// A file of a document of the provider, recorded as read.
    pub async fn own_paper_file(
        &self,
        actor: &Actor,
        (paper, document): (i64, i64),
    ) -> Answer<(DocumentEntry, Vec<u8>)> {
        self.read_document(actor, Action::KeepOwnHomes, (ROOM, paper), DocumentId(document)).await
    }
}
