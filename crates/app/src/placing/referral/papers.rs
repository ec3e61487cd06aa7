//! Documents of a referral: brought by the authority, sealed under the child's key, read with an event.
//!
//! They are the authority's alone. A home gets one when the authority gives it with the agreement (room `agreement`).

use placewell_domain::id::DocumentId;
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::disclosure::Reader;
use placewell_domain::placing::referral::profile::Papers;
use placewell_domain::placing::referral::{Referral, ReferralState};
use placewell_store::Work;
use serde::Serialize;

use super::AnswerTask;
use crate::answer::{Answer, Outcome};
use crate::command::{App, Command, Receipt};
use crate::office::document::{Belongs, Brought, DocumentEntry, keep, listed_for, take_away};
use crate::placing::child::sealing;

/// The room under which a referral's documents are kept.
pub const ROOM: &str = "referral";

/// The documents of a referral, as one role sees them.
#[derive(Debug, Clone)]
pub struct ReferralPapers {
    /// The referral.
    pub referral: Referral,
    /// Each document with the name that it came with; that name is empty for who may not see the child.
    pub documents: Vec<(DocumentEntry, String)>,
}

fn page_of(referral: &Referral) -> Receipt {
    Receipt::at(format!("/referrals/{}/documents", referral.reference))
}

async fn keep_with(work: &mut Work, referral: &Referral, brought: &Brought) -> Answer<DocumentId> {
    let belongs = Belongs { room: ROOM, record: referral.id.0, child: Some(referral.child), provider: None };
    keep(work, belongs, brought).await
}

/// Answers whether documents go with a draft, and keeps the one that came with the answer.
#[derive(Debug, Clone, Serialize)]
pub struct AnswerDocuments {
    /// The answer.
    pub answer: AnswerTask,
    /// The document, where one came with it.
    pub brought: Option<Brought>,
}

impl Command for AnswerDocuments {
    const ACTION: Action = Action::MakeReferral;
    const NAME: &'static str = "referral.answer_documents";

    async fn before(&self, app: &App, _actor: &Actor) -> Answer<()> {
        match &self.brought {
            Some(brought) => brought.scanned(app).await,
            None => Ok(()),
        }
    }

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let Some(brought) = &self.brought else { return self.answer.run(actor, work).await };
        if self.answer.profile.papers != Some(Papers::Held) {
            return Err(Invalid::one("papers", "You added a document: say that documents go with the referral").into());
        }
        self.answer.run(actor, work).await?;
        let referral = work.referral_by_reference(work.org(), &self.answer.reference).await?;
        keep_with(work, &referral, brought).await?;
        Ok(page_of(&referral))
    }
}

/// Brings a document to a referral, in whatever state that is but an ended one.
#[derive(Debug, Clone, Serialize)]
pub struct AddReferralDocument {
    /// The referral.
    pub reference: String,
    /// The document.
    pub brought: Brought,
}

impl Command for AddReferralDocument {
    const ACTION: Action = Action::MakeReferral;
    const NAME: &'static str = "referral.add_document";

    async fn before(&self, app: &App, _actor: &Actor) -> Answer<()> {
        self.brought.scanned(app).await
    }

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let referral = work.referral_by_reference(work.org(), &self.reference).await?;
        open(&referral)?;
        keep_with(work, &referral, &self.brought).await?;
        Ok(page_of(&referral))
    }
}

/// A search that is over takes no more documents: they would belong to the agreement, or to the next search.
fn open(referral: &Referral) -> Answer<()> {
    match referral.state {
        ReferralState::Withdrawn { .. } | ReferralState::NotPlaced { .. } => {
            Err(placewell_domain::outcome::Refusal::new(
                "referral_over",
                "Documents go with a search that is not over",
                "This search has ended, so a document can no longer go with it.",
                "You, by starting again from this referral and adding the document there",
            )
            .into())
        }
        ReferralState::Draft | ReferralState::Out(_) | ReferralState::Agreed { .. } | ReferralState::Placed { .. } => {
            Ok(())
        }
    }
}

/// Takes a document away that should not be there, such as another child's.
#[derive(Debug, Clone, Serialize)]
pub struct TakeReferralDocument {
    /// The referral.
    pub reference: String,
    /// The document.
    pub document: i64,
}

impl Command for TakeReferralDocument {
    const ACTION: Action = Action::MakeReferral;
    const NAME: &'static str = "referral.take_document";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let referral = work.referral_by_reference(work.org(), &self.reference).await?;
        take_away(work, (ROOM, referral.id.0), DocumentId(self.document)).await?;
        Ok(page_of(&referral))
    }
}

impl App {
    /// The documents of a referral.
    pub async fn referral_papers(&self, actor: &Actor, reference: &str) -> Answer<ReferralPapers> {
        let session = self.see(actor, Action::SeeReferrals).await?;
        let referral = session.referral_by_reference(actor.organisation, reference).await?;
        let reader = sealing::reader(&session, actor, referral.child, self.calendar.now()).await?;
        let sees = reader.sees("document_names");
        let documents = listed_for(&session, actor.organisation, (ROOM, referral.id.0), sees).await?;
        Ok(ReferralPapers { referral, documents })
    }

    /// One document of a referral, recorded as read.
    pub async fn referral_document(
        &self,
        actor: &Actor,
        reference: &str,
        document: DocumentId,
    ) -> Answer<(DocumentEntry, Vec<u8>)> {
        if !Reader::Own(actor.role).sees("document_contents") {
            return Err(Outcome::Forbidden(Action::SeeChild));
        }
        let session = self.see(actor, Action::SeeReferrals).await?;
        let referral = session.referral_by_reference(actor.organisation, reference).await?;
        sealing::readable(&session, actor, referral.child, self.calendar.now()).await?;
        drop(session);
        self.read_document(actor, Action::SeeChild, (ROOM, referral.id.0), document).await
    }
}
