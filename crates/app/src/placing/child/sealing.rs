//! An adopted child's record stands sealed: who the child is, all that is said of it in words, its documents and the file of
//! all that is held are read by whoever opened the record within the hour, an officer and whoever covers an approver with a
//! reason. Each opening is an event. Codes, days and prices stay with the work that goes on. So does what the home reads that
//! cares for the child, and what waits for the director of another authority, who has no record here to open.

use jiff::civil::{Date, DateTime};
use placewell_domain::clock::Moment;
use placewell_domain::id::ChildId;
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::office::person::session::{By, TokenScope};
use placewell_domain::outcome::{Invalid, Refusal};
use placewell_domain::placing::child::ChildState;
use placewell_domain::placing::child::retention::{Retention, RetentionState};
use placewell_domain::placing::disclosure::Reader;
use placewell_domain::sealed::Sealed;
use placewell_store::{Session, Work};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::retention::LONGEST_WORDS;
use crate::answer::{Answer, Outcome};
use crate::clock::moment_at;
use crate::command::{App, Command, Receipt};
use crate::office::access::cover::decided::by_cover_alone;

/// Opens a sealed record to whoever asks, for an hour.
#[derive(Debug, Clone, Serialize)]
pub struct OpenRecord {
    /// The child's number here.
    pub number: u32,
    /// Why; an approver may leave it out, but not by a cover alone.
    pub words: String,
}

impl Command for OpenRecord {
    const ACTION: Action = Action::SeeChild;
    const NAME: &'static str = "retention.open";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        // An opening is written: a token for reading alone does not do it.
        if matches!(&actor.by, By::Token(TokenScope::Reading)) {
            return Err(Outcome::OutOfScope(Self::ACTION));
        }
        let words = self.words.trim();
        let unsaid = words.is_empty() && says_why(work, actor, work.moment().today()).await?;
        if unsaid || words.chars().count() > LONGEST_WORDS {
            return Err(Invalid::one("words", "Say why you open the record, in up to 2,000 letters").into());
        }
        let (org, now) = (work.org(), work.moment().at);
        let child = work.child_by_number(org, self.number).await?;
        let retention = work.retention(org, child.id).await?;
        let sealed = if words.is_empty() || child.state == ChildState::Forgotten {
            None
        } else {
            Some(work.child_key(org, child.id).await?.seal(&words.to_owned())?)
        };
        work.apply(retention.unseal(actor.person, sealed, now)?).await?;
        Ok(Receipt::at(format!("/children/{}", self.number)))
    }
}

/// Whether an actor says why they open a sealed record. Whoever covers an approver does, as an officer does: cover moves
/// tasks, never power (rule 1.1).
pub(super) async fn says_why(session: &Session, actor: &Actor, today: Date) -> Answer<bool> {
    Ok(Retention::needs_reason(actor.role, by_cover_alone(session, actor, today).await?))
}

impl App {
    /// Whether somebody says why they open a sealed record.
    pub async fn says_why_opened(&self, actor: &Actor) -> Answer<bool> {
        let session = self.see(actor, Action::SeeRetention).await?;
        says_why(&session, actor, self.calendar.now().today()).await
    }
}

/// One opening of a sealed record.
#[derive(Debug, Clone)]
pub struct ReadOpening {
    /// Who, by name.
    pub by: String,
    /// When, in London.
    pub at: DateTime,
    /// Why, for those to whom the record is open.
    pub words: Option<String>,
}

/// The child's number here, by which its record is opened, where that is sealed to somebody of the child's authority.
pub(crate) async fn sealed_to(session: &Session, actor: &Actor, child: ChildId, now: Moment) -> Answer<Option<u32>> {
    let retention = session.retention(actor.organisation, child).await?;
    if retention.open_to(actor.person, now.at) {
        return Ok(None);
    }
    Ok(Some(session.child(actor.organisation, child).await?.number))
}

/// Refused where the child's record is sealed and the reader has not opened it; with where they do.
pub(crate) async fn readable(session: &Session, actor: &Actor, child: ChildId, now: Moment) -> Answer<()> {
    match sealed_to(session, actor, child, now).await? {
        None => Ok(()),
        Some(number) => Err(Retention::sealed_as(number).into()),
    }
}

/// Refused where whoever gives out what is held about a child has not opened its sealed record: words to homes that are asked,
/// the history of risks to one on the shortlist, who the child is to the chosen one. That also holds in an emergency: nobody
/// else is waited for, since whoever acts opens the record.
pub(crate) async fn must_be_opened(work: &Work, actor: &Actor, child: ChildId) -> Answer<()> {
    let Some(number) = sealed_to(work, actor, child, work.moment()).await? else { return Ok(()) };
    Err(
        Refusal {
            sentence: "This child's record is sealed, and words about the child would go to homes.".to_owned(),
            who_can_change:
                "you, by opening the record with a reason on its own page: a moment's work, also in an emergency"
                    .to_owned(),
            ..Retention::sealed_as(number)
        }
        .into(),
    )
}

/// As whom an actor of the child's authority reads what is about the child: as anybody else, while its record is sealed to
/// them.
pub(crate) async fn reader(session: &Session, actor: &Actor, child: ChildId, now: Moment) -> Answer<Reader> {
    let retention = session.retention(actor.organisation, child).await?;
    let open = retention.open_to(actor.person, now.at);
    Ok(if open { Reader::of(actor, actor.organisation) } else { Reader::Other })
}

/// A sealed field about a child of the actor's authority, as they read it; none where it is not theirs to read, nor of
/// an erased record, since no key of it is left.
pub(crate) async fn opened<T: DeserializeOwned>(
    session: &Session,
    (actor, now): (&Actor, Moment),
    child: ChildId,
    (field, sealed): (&str, &Sealed<T>),
) -> Answer<Option<T>> {
    let org = actor.organisation;
    if !reader(session, actor, child, now).await?.sees(field) {
        return Ok(None);
    }
    match session.child(org, child).await?.state {
        ChildState::Known => Ok(Some(session.child_key(org, child).await?.open(sealed)?)),
        ChildState::Forgotten => Ok(None),
    }
}

/// Who opened the record, latest first, and why.
pub(super) async fn openings(session: &Session, retention: &Retention, reader: Reader) -> Answer<Vec<ReadOpening>> {
    let (org, mut read) = (retention.authority, Vec::new());
    // Of an erased record no key is left that would open the words.
    let kept = !matches!(retention.state, RetentionState::Erased { .. });
    for one in retention.opened.iter().rev() {
        let words = match &one.words {
            Some(words) if kept && reader.sees("retention_words") => {
                Some(session.child_key(org, retention.child).await?.open(words)?)
            }
            Some(_) | None => None,
        };
        let by = session.person_name(one.by).await?;
        read.push(ReadOpening { by, at: moment_at(one.at).local, words });
    }
    Ok(read)
}
