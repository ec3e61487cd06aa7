//! Documents of an application: brought by the provider to its draft, sealed, and read by nobody else. Of what was sent, the
//! regional team and the evaluators of its panel read them, once its evaluation has begun; each reading is an event.

use placewell_domain::homes::admission::application::{Application, Draft};
use placewell_domain::homes::admission::evidence::{Evidence, EvidenceOf};
use placewell_domain::homes::admission::score::may_score;
use placewell_domain::id::{DocumentId, EvaluationId};
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_store::{Session, StoreError, Work};
use serde::Serialize;

use super::applying::{as_provider, own_draft};
use crate::answer::{Answer, Outcome};
use crate::command::{App, Command, Receipt};
use crate::office::document::{Belongs, Brought, DocumentEntry, keep, listed, take_away};

/// The room of an application's documents; the record is the draft, whose id its application has too.
const ROOM: &str = "admission_application";

fn page_of(reference: &str) -> Receipt {
    Receipt::at(format!("/provider/admission/{reference}/documents"))
}

/// Adds a document to the draft.
#[derive(Debug, Clone, Serialize)]
pub struct AddEvidence {
    /// The opening.
    pub reference: String,
    /// The version of the draft that the page showed.
    pub version: i64,
    /// What it shows.
    pub of: EvidenceOf,
    /// The document.
    pub brought: Brought,
}

impl Command for AddEvidence {
    const ACTION: Action = Action::ApplyForAdmission;
    const NAME: &'static str = "admission_draft.add_document";

    async fn before(&self, app: &App, _actor: &Actor) -> Answer<()> {
        self.brought.scanned(app).await
    }

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let (opening, draft) = own_draft(work, actor, (&self.reference, self.version)).await?;
        draft.takes_document(&self.brought.digest(), self.brought.bytes())?;
        let belongs = Belongs { room: ROOM, record: draft.id.0, child: None, provider: None };
        let document = keep(work, belongs, &self.brought).await?;
        let new = Evidence { document, of: self.of, digest: self.brought.digest(), bytes: self.brought.bytes() };
        work.apply(draft.attach(new, &opening, work.moment())?).await?;
        Ok(page_of(&self.reference))
    }
}

/// Takes a document out of the draft. Its content is destroyed, unless it belongs to what was sent already.
#[derive(Debug, Clone, Serialize)]
pub struct RemoveEvidence {
    /// The opening.
    pub reference: String,
    /// The version of the draft that the page showed.
    pub version: i64,
    /// The document.
    pub document: i64,
}

impl Command for RemoveEvidence {
    const ACTION: Action = Action::ApplyForAdmission;
    const NAME: &'static str = "admission_draft.remove_document";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let (_, draft) = own_draft(work, actor, (&self.reference, self.version)).await?;
        let (record, document) = (draft.id.0, DocumentId(self.document));
        let (change, _) = draft.detach(document, work.moment()).ok_or(Outcome::NotFound)?;
        work.apply(change).await?;
        let sent = work.applications_of(work.org()).await?;
        let stands = sent.iter().any(|one| one.answers.evidence.iter().any(|kept| kept.document == document));
        if !stands {
            take_away(work, (ROOM, record), document).await?;
        }
        Ok(page_of(&self.reference))
    }
}

/// Destroys what came with the earlier version of an application and does not come with the one that is sent now.
pub(super) async fn take_away_unsent(work: &mut Work, sent: &Application, before: &[Evidence]) -> Answer<()> {
    let stands = |document: DocumentId| sent.answers.evidence.iter().any(|kept| kept.document == document);
    for document in before.iter().map(|one| one.document).filter(|document| !stands(*document)) {
        match take_away(work, (ROOM, sent.id.0), document).await {
            // It is gone already.
            Ok(()) | Err(Outcome::NotFound) => {}
            Err(outcome) => return Err(outcome),
        }
    }
    Ok(())
}

/// A document of an application as a reader sees it in a list.
#[derive(Debug, Clone)]
pub struct EvidenceLine {
    /// What it shows.
    pub of: EvidenceOf,
    /// What is known of it.
    pub entry: DocumentEntry,
    /// The name that it came with.
    pub name: String,
}

fn lines(evidence: &[Evidence], known: &[(DocumentEntry, String)]) -> Vec<EvidenceLine> {
    let line = |one: &Evidence| {
        let (entry, name) = known.iter().find(|(entry, _)| entry.id == one.document)?;
        Some(EvidenceLine { of: one.of, entry: entry.clone(), name: name.clone() })
    };
    evidence.iter().filter_map(line).collect()
}

/// The draft of the actor's own application; not found where none is begun.
async fn begun(session: &Session, actor: &Actor, reference: &str) -> Answer<Draft> {
    as_provider(actor)?;
    let opening = session.opening(reference).await?;
    session.admission_draft(actor.organisation, opening.id).await?.ok_or(Outcome::NotFound)
}

impl App {
    /// The draft of the actor's own application with its documents; not found where none is begun.
    pub async fn own_evidence(&self, actor: &Actor, reference: &str) -> Answer<(Draft, Vec<EvidenceLine>)> {
        let session = self.see(actor, Action::ApplyForAdmission).await?;
        let draft = begun(&session, actor, reference).await?;
        let known = listed(&session, actor.organisation, ROOM, draft.id.0).await?;
        let lines = lines(&draft.answers.evidence, &known);
        Ok((draft, lines))
    }

    /// A document of the actor's own application, recorded as read.
    pub async fn own_evidence_document(
        &self,
        actor: &Actor,
        reference: &str,
        document: i64,
    ) -> Answer<(DocumentEntry, Vec<u8>)> {
        let session = self.see(actor, Action::ApplyForAdmission).await?;
        let draft = begun(&session, actor, reference).await?;
        drop(session);
        self.read_document(actor, Action::ApplyForAdmission, (ROOM, draft.id.0), DocumentId(document)).await
    }

    /// The documents that came with the application of an evaluation, for the regional team that keeps it and for an
    /// evaluator of its panel who declared no conflict.
    pub async fn evidence_of(&self, actor: &Actor, evaluation: EvaluationId) -> Answer<Vec<EvidenceLine>> {
        let application = self.judged(actor, evaluation).await?;
        let session = self.store.read(Some(application.provider)).await?;
        let known = listed(&session, application.provider, ROOM, application.id.0).await?;
        Ok(lines(&application.answers.evidence, &known))
    }

    /// One of them: its content, and the reading recorded with the reader's organisation.
    pub async fn evidence_document(
        &self,
        actor: &Actor,
        evaluation: EvaluationId,
        document: i64,
    ) -> Answer<(DocumentEntry, Vec<u8>)> {
        let application = self.judged(actor, evaluation).await?;
        let document = DocumentId(document);
        if !application.answers.evidence.iter().any(|one| one.document == document) {
            return Err(Outcome::NotFound);
        }
        self.read_document_of(actor, application.provider, (ROOM, application.id.0), document).await
    }

    /// The application of an evaluation, for whoever judges it. It is read as their own organisation first: what the
    /// database shows to nobody of it stays hidden here too.
    async fn judged(&self, actor: &Actor, evaluation: EvaluationId) -> Answer<Application> {
        let leads = self.may_ask(actor, Action::RunAdmission).is_ok();
        let action = if leads { Action::RunAdmission } else { Action::EvaluateApplications };
        let session = self.see(actor, action).await?;
        let found = session.evaluation(evaluation).await?;
        if leads && found.region != actor.organisation {
            return Err(Outcome::NotFound);
        }
        if !leads {
            let own = found.panel.iter().any(|one| one.person == actor.person && one.authority == actor.organisation);
            if !own {
                return Err(Outcome::NotFound);
            }
            let steps = session.panel_steps(evaluation).await?;
            may_score(&found, &steps, actor.person)?;
        }
        match session.application(found.application).await {
            Err(StoreError::NotFound) => Err(Outcome::NotFound),
            found => Ok(found?),
        }
    }
}
