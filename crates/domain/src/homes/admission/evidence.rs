//! Documents that come with an application: certificates, policies, accounts. They belong to the draft while it is the
//! provider's alone, and to the application as it was sent, by their digests.

use serde::{Deserialize, Serialize};

use super::application::Draft;
use super::opening::Opening;
use crate::change::{Change, Event};
use crate::clock::Moment;
use crate::id::DocumentId;
use crate::outcome::Refusal;

/// So many documents come with one application at most.
pub const MOST_DOCUMENTS: usize = 20;
/// So many bytes all of them together.
pub const MOST_BYTES: i64 = 100 * 1024 * 1024;

coded! {
    /// What a document shows.
    EvidenceOf {
        Insurance "insurance" "Insurance certificate";
        Accounts "accounts" "Accounts";
        Recruitment "recruitment" "Safer recruitment policy";
        Safeguarding "safeguarding" "Safeguarding policy";
        DataProtection "data_protection" "Data protection registration";
        Other "other" "Other evidence";
    }
}

/// A document of an application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The document.
    pub document: DocumentId,
    /// What it shows.
    pub of: EvidenceOf,
    /// SHA-256 of its content, in hexadecimal digits.
    pub digest: String,
    /// Its length in bytes.
    pub bytes: i64,
}

impl Draft {
    /// Whether one more document may come with it: in number, in size, and not the same twice.
    pub fn takes_document(&self, digest: &str, bytes: i64) -> Result<(), Refusal> {
        let held = &self.answers.evidence;
        let refused = |code: &str, sentence: &str, who: &str| {
            Refusal::new(code, "Documents of an application: 20 of 100 MB together, each once", sentence, who)
        };
        if held.len() >= MOST_DOCUMENTS {
            let who = "You, by joining documents that belong together, or by taking one away";
            let refusal = refused("evidence_too_many", "This application holds as many documents as it may.", who);
            return Err(refusal.found(held.len().to_string()));
        }
        let all = held.iter().map(|one| one.bytes).sum::<i64>().saturating_add(bytes);
        if all > MOST_BYTES {
            let who = "You, by sending it with smaller pictures, or by taking another away";
            let refusal = refused("evidence_too_large", "The documents of this application would be too large.", who);
            return Err(refusal.found(format!("{} MB", all / (1024 * 1024))));
        }
        if held.iter().any(|one| one.digest == digest) {
            let who = "You, by choosing another document";
            return Err(refused("evidence_twice", "This document is with the application already.", who));
        }
        Ok(())
    }

    /// Takes a document in.
    pub fn attach(self, new: Evidence, opening: &Opening, moment: Moment) -> Result<Change<Self>, Refusal> {
        opening.takes(moment)?;
        self.takes_document(&new.digest, new.bytes)?;
        let mut next = Self { version: self.version + 1, saved: moment.local, ..self };
        let event = next.attached("admission_draft.document_added", &new);
        next.answers.evidence.push(new);
        Ok(Change::to(next, event))
    }

    /// Takes a document out; none where the draft has no such document.
    pub fn detach(self, document: DocumentId, moment: Moment) -> Option<(Change<Self>, Evidence)> {
        let mut next = Self { version: self.version + 1, saved: moment.local, ..self };
        let at = next.answers.evidence.iter().position(|one| one.document == document)?;
        let gone = next.answers.evidence.remove(at);
        let event = next.attached("admission_draft.document_removed", &gone);
        Some((Change::to(next, event), gone))
    }

    fn attached(&self, kind: &str, one: &Evidence) -> Event {
        Event::new(kind, "admission_draft", self.id.0, self.version)
            .with("document", one.document)
            .with("of", one.of.code())
            .with("digest", &one.digest)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use jiff::civil::{DateTime, date};

    use super::*;
    use crate::homes::admission::application::Answers;
    use crate::homes::admission::evaluation::tests::opening;
    use crate::id::{ApplicationId, OpeningId, OrganisationId};

    const OPENS: DateTime = date(2021, 7, 1).at(9, 0, 0, 0);

    fn at(local: DateTime) -> Moment {
        Moment { at: "2021-07-20T09:20:00Z".parse().unwrap(), local }
    }

    fn draft() -> Draft {
        Draft {
            id: ApplicationId(5),
            version: 1,
            provider: OrganisationId(7),
            opening: OpeningId(1),
            answers: Answers::default(),
            carried: None,
            saved: OPENS,
        }
    }

    fn evidence(number: i64, bytes: i64) -> Evidence {
        Evidence { document: DocumentId(number), of: EvidenceOf::Insurance, digest: format!("{number:064}"), bytes }
    }

    fn with(draft: Draft, new: Evidence) -> Result<Draft, Refusal> {
        draft.attach(new, &opening(), at(OPENS)).map(|change| change.into_parts().0)
    }

    #[test]
    fn a_document_comes_once_and_goes_again() {
        let held = with(draft(), evidence(1, 10)).unwrap();
        assert_eq!((held.version, held.answers.evidence.len()), (2, 1));
        let same = Evidence { document: DocumentId(2), ..evidence(1, 10) };
        assert_eq!(with(held.clone(), same).unwrap_err().code, "evidence_twice");
        assert!(held.clone().detach(DocumentId(9), at(OPENS)).is_none());
        let (change, gone) = held.detach(DocumentId(1), at(OPENS)).unwrap();
        assert_eq!((gone.document, change.next().answers.evidence.len()), (DocumentId(1), 0));
    }

    #[test]
    fn no_more_than_20_documents_of_100_mb_come_with_an_application() {
        let mut held = draft();
        for number in 0..20 {
            held = with(held, evidence(number, 1)).unwrap();
        }
        assert_eq!(with(held, evidence(20, 1)).unwrap_err().code, "evidence_too_many");
        let half = with(draft(), evidence(1, MOST_BYTES)).unwrap();
        assert_eq!(with(half, evidence(2, 1)).unwrap_err().code, "evidence_too_large");
    }

    #[test]
    fn nothing_is_added_before_the_opening_takes_applications() {
        let early = draft().attach(evidence(1, 1), &opening(), at(date(2021, 6, 30).at(9, 0, 0, 0)));
        assert_eq!(early.unwrap_err().code, "opening_not_open");
    }

    #[test]
    fn what_was_sent_keeps_its_documents_whatever_the_draft_becomes() {
        let held = with(draft(), evidence(1, 10)).unwrap();
        let sent = held.answers.clone();
        let (change, _) = held.detach(DocumentId(1), at(OPENS)).unwrap();
        assert!(change.next().answers.evidence.is_empty());
        assert_eq!(sent.evidence.len(), 1);
    }
}
