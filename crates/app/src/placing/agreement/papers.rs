//! Documents that belong to a stay: brought by the authority, or given on from the referral; both sides read them.
//!
//! The copies of the agreement itself are kept apart (`paper.rs`).

use jiff::civil::DateTime;
use placewell_domain::id::{DocumentId, OrganisationId};
use placewell_domain::office::access::{Action, may};
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Refusal;
use placewell_domain::placing::agreement::{Agreement, AgreementState, Side, Withheld};
use placewell_store::{Session, StoreError, Work};
use serde::Serialize;

use super::view::{reader, side_of};
use crate::answer::{Answer, Outcome};
use crate::command::{App, Command, Receipt};
use crate::office::document::{Belongs, Brought, DocumentEntry, keep, listed, listed_for, take_away};
use crate::placing::child::sealing;
use crate::placing::referral::papers;

/// The room under which an agreement's documents are kept, apart from its own copies.
pub const ROOM: &str = "agreement_document";

/// The documents of an agreement.
#[derive(Debug, Clone)]
pub struct AgreementPapers {
    /// The agreement.
    pub agreement: Agreement,
    /// Each document that both sides read, with the name that it came with.
    pub documents: Vec<(DocumentEntry, String)>,
    /// Documents of the referral that the home does not have; the authority's page only.
    pub to_give: Vec<(DocumentEntry, String)>,
    /// Why the home does not read them now, where it does not: it finds none listed, and the authority is told.
    pub withheld: Option<Withheld>,
    /// What the home has opened, the latest first: the document's number, who, when; the authority's page only.
    pub opened: Vec<(String, String, DateTime)>,
}

/// The most readings that a page shows; older ones stand in the home's own record.
const MOST_READINGS: u32 = 200;

fn page_of(agreement: &Agreement) -> Receipt {
    Receipt::at(format!("/agreements/{}/documents", agreement.reference))
}

fn belongs(agreement: &Agreement) -> Belongs<'static> {
    Belongs { room: ROOM, record: agreement.id.0, child: Some(agreement.child), provider: Some(agreement.provider) }
}

/// Refused once the home has no child to care for: what it may read ends with the stay.
fn running(agreement: &Agreement) -> Answer<()> {
    if matches!(agreement.state, AgreementState::Ended { .. } | AgreementState::CancelledBeforeStart { .. }) {
        return Err(Refusal::new(
            "agreement_over",
            "A home gets documents about a child as long as the agreement runs",
            "This agreement is over, so the home gets no more documents.",
            "Nobody: the next agreement has documents of its own",
        )
        .found(agreement.state.label())
        .into());
    }
    Ok(())
}

/// Brings a document to an agreement; the home reads it.
#[derive(Debug, Clone, Serialize)]
pub struct AddAgreementDocument {
    /// The agreement.
    pub reference: String,
    /// The document.
    pub brought: Brought,
}

impl Command for AddAgreementDocument {
    const ACTION: Action = Action::RunAgreement;
    const NAME: &'static str = "agreement.add_document";

    async fn before(&self, app: &App, _actor: &Actor) -> Answer<()> {
        self.brought.scanned(app).await
    }

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let agreement = work.agreement(work.org(), &self.reference).await?;
        running(&agreement)?;
        keep(work, belongs(&agreement), &self.brought).await?;
        Ok(page_of(&agreement))
    }
}

/// Gives the home documents that the referral has.
#[derive(Debug, Clone, Serialize)]
pub struct GiveDocuments {
    /// The agreement.
    pub reference: String,
    /// The referral's documents.
    pub documents: Vec<i64>,
}

impl Command for GiveDocuments {
    const ACTION: Action = Action::RunAgreement;
    const NAME: &'static str = "agreement.give_documents";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let agreement = work.agreement(work.org(), &self.reference).await?;
        running(&agreement)?;
        sealing::readable(work, actor, agreement.child, work.moment()).await?;
        let kept = listed(work, work.org(), papers::ROOM, agreement.referral.0).await?;
        for wanted in &self.documents {
            let found = kept.iter().find(|(entry, _)| entry.id.0 == *wanted && !entry.gone);
            let (entry, label) = found.ok_or(Outcome::NotFound)?;
            let content = work.document_content(work.org(), entry.id).await?;
            keep(work, belongs(&agreement), &Brought::kept(label, content)?).await?;
        }
        Ok(page_of(&agreement))
    }
}

/// Takes a document away that should not be there.
#[derive(Debug, Clone, Serialize)]
pub struct TakeAgreementDocument {
    /// The agreement.
    pub reference: String,
    /// The document.
    pub document: i64,
}

impl Command for TakeAgreementDocument {
    const ACTION: Action = Action::RunAgreement;
    const NAME: &'static str = "agreement.take_document";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let agreement = work.agreement(work.org(), &self.reference).await?;
        take_away(work, (ROOM, agreement.id.0), DocumentId(self.document)).await?;
        Ok(page_of(&agreement))
    }
}

/// Why an agreement's home does not read what the agreement holds about the child, where it does not (rule 5.6): its papers, and
/// its words about care. In a session of either side.
async fn withheld(session: &Session, org: OrganisationId, agreement: &Agreement) -> Answer<Option<Withheld>> {
    let recalls = match session.offer(org, agreement.offer).await {
        Ok(offer) => session.recalls_on(org, offer.invitation).await?,
        // What began before this system rests on no offer, and nothing was disclosed for it here.
        Err(StoreError::NotFound) => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    Ok(agreement.withheld(&recalls))
}

/// Whether it is withheld from whoever asks. The authority keeps its own.
pub(super) async fn withheld_from(session: &Session, actor: &Actor, agreement: &Agreement) -> Answer<bool> {
    let home = side_of(actor.organisation, agreement) == Side::Provider;
    Ok(home && withheld(session, actor.organisation, agreement).await?.is_some())
}

/// Who of the home opened which document or which copy of the agreement, in a session of the authority.
async fn opened(
    session: &Session,
    agreement: &Agreement,
    documents: &[(DocumentEntry, String)],
) -> Answer<Vec<(String, String, DateTime)>> {
    let org = agreement.authority;
    let copies = session.documents(org, "agreement", agreement.id.0).await?;
    let mut readings = session.document_readings(org, (ROOM, agreement.id.0), MOST_READINGS).await?;
    readings.extend(session.document_readings(org, ("agreement", agreement.id.0), MOST_READINGS).await?);
    readings.sort_by_key(|reading| core::cmp::Reverse(reading.at));
    let known: Vec<&DocumentEntry> = documents.iter().map(|(entry, _)| entry).chain(&copies).collect();
    let mut opened = Vec::with_capacity(readings.len());
    for reading in readings {
        let name = known.iter().find(|entry| entry.id == reading.document).map_or("", |entry| entry.name.as_str());
        let who = session.person_name(reading.person).await.unwrap_or_default();
        opened.push((name.to_owned(), who, reading.at));
    }
    Ok(opened)
}

impl App {
    /// The documents of an agreement, for either side.
    pub async fn agreement_papers(&self, actor: &Actor, reference: &str) -> Answer<AgreementPapers> {
        let session = self.see(actor, Action::SeePapers).await?;
        let agreement = session.agreement(actor.organisation, reference).await?;
        let withheld = withheld(&session, actor.organisation, &agreement).await?;
        let reader = reader(&session, actor, &agreement, self.calendar.now()).await?;
        let documents = if withheld.is_some() && actor.organisation != agreement.authority {
            Vec::new()
        } else {
            let sees = reader.sees("paper_names");
            listed_for(&session, actor.organisation, (ROOM, agreement.id.0), sees).await?
        };
        let mut to_give = Vec::new();
        let gives = may(actor.role, Action::SeeChild) && reader.sees("document_names");
        if actor.organisation == agreement.authority && gives {
            let kept = listed(&session, actor.organisation, papers::ROOM, agreement.referral.0).await?;
            let given = |digest: &str| documents.iter().any(|(entry, _)| entry.digest == digest && !entry.gone);
            to_give.extend(kept.into_iter().filter(|(entry, _)| !entry.gone && !given(&entry.digest)));
        }
        let opened = if actor.organisation == agreement.authority {
            opened(&session, &agreement, &documents).await?
        } else {
            Vec::new()
        };
        Ok(AgreementPapers { agreement, documents, to_give, withheld, opened })
    }

    /// Why the home does not read what is brought to an agreement now, where it does not: for whoever brings it.
    pub async fn agreement_withheld(&self, actor: &Actor, reference: &str) -> Answer<Option<Withheld>> {
        let session = self.see(actor, Action::RunAgreement).await?;
        let agreement = session.agreement(actor.organisation, reference).await?;
        withheld(&session, actor.organisation, &agreement).await
    }

    /// One document of an agreement, recorded as read.
    pub async fn agreement_document(
        &self,
        actor: &Actor,
        reference: &str,
        document: DocumentId,
    ) -> Answer<(DocumentEntry, Vec<u8>)> {
        let session = self.see(actor, Action::SeePapers).await?;
        let agreement = session.agreement(actor.organisation, reference).await?;
        if withheld_from(&session, actor, &agreement).await? {
            return Err(Outcome::NotFound);
        }
        let now = self.calendar.now();
        if side_of(actor.organisation, &agreement) == Side::Authority {
            sealing::readable(&session, actor, agreement.child, now).await?;
        }
        if !reader(&session, actor, &agreement, now).await?.sees("paper_contents") {
            return Err(Outcome::Forbidden(Action::SeePapers));
        }
        drop(session);
        self.read_document(actor, Action::SeePapers, (ROOM, agreement.id.0), document).await
    }
}
