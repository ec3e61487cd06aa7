//! What a provider holds and shows: kept, renewed and withdrawn by the provider, told by how long each still holds.

use placewell_domain::homes::home::Home;
use placewell_domain::homes::home::paper::{Paper, PaperKind, PaperState, PaperTerms};
use placewell_domain::id::PaperId;
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Invalid;
use placewell_store::Work;
use serde::Serialize;

use super::{home_by_text, own_home};
use crate::answer::{Answer, Outcome};
use crate::command::{App, Command, Receipt};

/// Where the list is.
const LIST: &str = "/provider/documents";
/// The longest number or title.
const LONGEST: usize = 80;

/// Keeps a document, or gives the one of this number other days.
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
}

impl Command for KeepPaper {
    const ACTION: Action = Action::KeepOwnHomes;
    const NAME: &'static str = "paper.keep";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let terms = self.terms.checked()?;
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
        let change = match same {
            Some(paper) => paper.renew(terms)?,
            None => Some(Paper::keep(Paper {
                id: PaperId(work.new_id()),
                version: 1,
                provider: work.org(),
                home,
                kind: self.kind,
                reference,
                from: terms.from,
                expires_on: terms.expires_on,
                audience: terms.audience,
                state: PaperState::Held,
            })),
        };
        if let Some(change) = change {
            work.apply(change).await?;
        }
        Ok(Receipt::at(LIST))
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
    /// The documents of a home and of its provider as a whole that the reader may see; whom each is shown to, the database
    /// decides as well.
    pub async fn home_papers(&self, actor: &Actor, urn: &str) -> Answer<(Home, Vec<Paper>)> {
        let session = self.see(actor, Action::SeeHomes).await?;
        let home = home_by_text(&session, urn).await?;
        let papers = session.papers_seen(home.provider, home.id).await?;
        Ok((home, papers))
    }

    /// The documents of the provider, those that lapse first at the head, and its homes.
    pub async fn own_papers(&self, actor: &Actor) -> Answer<(Vec<Paper>, Vec<Home>)> {
        let session = self.see(actor, Action::KeepOwnHomes).await?;
        Ok((session.papers_of(actor.organisation).await?, session.homes_of(actor.organisation).await?))
    }
}
