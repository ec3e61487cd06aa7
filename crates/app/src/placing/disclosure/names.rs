//! What an authority writes to homes about a child after the search went out is held to the check that the search itself
//! passed (rule 5.6): answers to questions, conditions of an approval, what an agreement says of care and of its lines. Each
//! name, postcode, date of birth or school is taken out, or confirmed by whoever writes; the confirmation is recorded.

use std::collections::BTreeSet;

use placewell_domain::change::Event;
use placewell_domain::id::ChildId;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::child::ChildState;
use placewell_domain::placing::referral::redaction::{Finding, FindingKind, Known, findings_of, unconfirmed};
use placewell_store::Work;

use crate::answer::Answer;
use crate::naming::CONFIRM;
use crate::placing::child::sealing::readable;
use crate::placing::child::siblings::found_by;

/// Refused while something that may tell who the child is stands in the texts, each with the name of its field, and is not
/// confirmed by its key; and where there are words, and the child's record is sealed to whoever writes.
pub(crate) async fn names_nobody(
    work: &mut Work,
    (act, actor): (&'static str, &Actor),
    child: ChildId,
    texts: &[(&str, &str)],
    confirmed: &[String],
) -> Answer<()> {
    if texts.iter().all(|(_, text)| text.trim().is_empty()) {
        return Ok(());
    }
    // Whether a word is the child's name would be told by the answer.
    readable(work, actor, child, work.moment()).await?;
    let found = found_in(work, actor, child, texts).await?;
    let mut invalid = Invalid::default();
    for finding in unconfirmed(&found, confirmed) {
        let (kind, place) = (finding.kind.label(), finding.field.replace('_', " "));
        // The words themselves stand in no message: whoever typed them sees them in the form.
        let message = if finding.kind == FindingKind::Sealed {
            format!("Confirm that nothing in {place} tells who a child is, or take it out")
        } else {
            format!("{kind} stands in {place}. Take it out, or confirm that it tells of no child")
        };
        invalid.add(&format!("{CONFIRM}{act}/{}", finding.key()), message);
    }
    invalid.or(())?;
    if !found.is_empty() {
        let kinds: BTreeSet<&str> = found.iter().map(|one| one.kind.code()).collect();
        let kinds: Vec<&str> = kinds.into_iter().collect();
        let event = Event::new("disclosure.words_confirmed", "organisation", work.org().0, 1)
            .with("act", act)
            .with("child", child)
            .with("findings", found.len())
            .with("kinds", kinds.join(","));
        work.record(event);
    }
    Ok(())
}

/// What stands in the texts of the child's names, and of those of its brothers and sisters; of a child that is forgotten
/// none is known.
async fn found_in(work: &Work, actor: &Actor, child: ChildId, texts: &[(&str, &str)]) -> Answer<Vec<Finding>> {
    let child = work.child(work.org(), child).await?;
    let texts: Vec<(String, &str)> = texts.iter().map(|(field, text)| ((*field).to_owned(), *text)).collect();
    match child.state {
        ChildState::Known => found_by(work, (actor, work.moment()), &child, texts).await,
        ChildState::Forgotten => Ok(findings_of(texts, &Known::default())),
    }
}
