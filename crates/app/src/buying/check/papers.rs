//! Files as evidence of a check: brought by the officer who has it, checked by content, sealed under the child's key, and
//! read with an event by those who see the child.

use placewell_domain::buying::check::{CheckItem, PreCheck};
use placewell_domain::id::DocumentId;
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Refusal;
use placewell_domain::placing::disclosure::Reader;
use placewell_domain::placing::referral::Referral;
use placewell_store::{Session, Work};
use serde::Serialize;

use super::home_asked;
use crate::answer::{Answer, Outcome};
use crate::command::{App, Command, Receipt};
use crate::office::document::{Belongs, Brought, DocumentEntry, keep, listed_for, take_away};
use crate::placing::child::sealing;

/// The room under which the documents of a check are kept.
pub(super) const ROOM: &str = "check";

/// The referral of a check, and the check where it was begun.
async fn found(
    session: &Session,
    (reference, urn, item): (&str, &str, CheckItem),
    actor: &Actor,
) -> Answer<(Referral, Option<PreCheck>)> {
    let referral = session.referral_by_reference(actor.organisation, reference).await?;
    let home = home_asked(session, &referral, urn).await?;
    let own = session.checks_of(referral.authority, referral.id, home.id).await?;
    Ok((referral, own.into_iter().find(|check| check.item == item)))
}

/// The documents of a check with the names that they came with, newest first; a name is empty for who may not see it.
pub(super) async fn documents_of(
    session: &Session,
    reader: Reader,
    check: &PreCheck,
) -> Answer<Vec<(DocumentEntry, String)>> {
    listed_for(session, check.authority, (ROOM, check.id), reader.sees("document_names")).await
}

fn page_of(reference: &str, urn: &str, item: CheckItem) -> Receipt {
    Receipt::at(format!("/referrals/{reference}/checks/{urn}/{}", item.code()))
}

/// Brings a document as evidence of a check that was begun.
#[derive(Debug, Clone, Serialize)]
pub struct AddCheckDocument {
    /// The referral.
    pub reference: String,
    /// The home's Ofsted number.
    pub urn: String,
    /// Which check.
    pub item: CheckItem,
    /// The document.
    pub brought: Brought,
}

impl Command for AddCheckDocument {
    const ACTION: Action = Action::Recommend;
    const NAME: &'static str = "check.add_document";

    async fn before(&self, app: &App, _actor: &Actor) -> Answer<()> {
        self.brought.scanned(app).await
    }

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let (referral, check) = found(work, (&self.reference, &self.urn, self.item), actor).await?;
        work.child(work.org(), referral.child).await?.kept()?;
        let Some(check) = check else {
            return Err(Refusal::new(
                "check_not_begun",
                "A file is evidence of a check that was begun",
                "Nothing is recorded for this check yet, so no file can go with it.",
                "You, by recording what is done first: asked for, in, or done",
            )
            .found(self.item.label())
            .into());
        };
        let belongs = Belongs { room: ROOM, record: check.id, child: Some(referral.child), provider: None };
        keep(work, belongs, &self.brought).await?;
        Ok(page_of(&self.reference, &self.urn, self.item))
    }
}

/// Takes a document of a check away that should not be there.
#[derive(Debug, Clone, Serialize)]
pub struct TakeCheckDocument {
    /// The referral.
    pub reference: String,
    /// The home's Ofsted number.
    pub urn: String,
    /// Which check.
    pub item: CheckItem,
    /// The document.
    pub document: i64,
}

impl Command for TakeCheckDocument {
    const ACTION: Action = Action::Recommend;
    const NAME: &'static str = "check.take_document";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let (_, check) = found(work, (&self.reference, &self.urn, self.item), actor).await?;
        let check = check.ok_or(Outcome::NotFound)?;
        take_away(work, (ROOM, check.id), DocumentId(self.document)).await?;
        Ok(page_of(&self.reference, &self.urn, self.item))
    }
}

impl App {
    /// The documents of one check, newest first.
    pub async fn check_documents(
        &self,
        actor: &Actor,
        of: (&str, &str, CheckItem),
    ) -> Answer<Vec<(DocumentEntry, String)>> {
        let session = self.see(actor, Action::SeeReferrals).await?;
        match found(&session, of, actor).await? {
            (referral, Some(check)) => {
                let reader = sealing::reader(&session, actor, referral.child, self.calendar.now()).await?;
                documents_of(&session, reader, &check).await
            }
            (_, None) => Ok(Vec::new()),
        }
    }

    /// One document of a check, recorded as read.
    pub async fn check_document(
        &self,
        actor: &Actor,
        of: (&str, &str, CheckItem),
        document: DocumentId,
    ) -> Answer<(DocumentEntry, Vec<u8>)> {
        if !Reader::Own(actor.role).sees("document_contents") {
            return Err(Outcome::Forbidden(Action::SeeChild));
        }
        let session = self.see(actor, Action::SeeReferrals).await?;
        let (referral, check) = found(&session, of, actor).await?;
        sealing::readable(&session, actor, referral.child, self.calendar.now()).await?;
        drop(session);
        let check = check.ok_or(Outcome::NotFound)?;
        self.read_document(actor, Action::SeeChild, (ROOM, check.id), document).await
    }
}
