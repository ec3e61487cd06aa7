//! What an authority writes to homes about a child after the search went out is held to the check that the search itself
//! passed (rule 5.6): answers to questions, conditions of an approval, what an agreement says of care and of its lines. Each
//! name, postcode, date of birth or school is taken out, or confirmed by whoever writes; the confirmation is recorded.

use std::collections::BTreeSet;

use placewell_domain::change::Event;
use placewell_domain::id::ChildId;
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::child::ChildState;
use placewell_domain::placing::referral::redaction::{Finding, Known, findings_of, unconfirmed};
use placewell_store::{Session, Work};

use crate::answer::Answer;
use crate::naming::CONFIRM;
use crate::placing::child::siblings::siblings;

/// Refused while something that may tell who the child is stands in the texts, each with the name of its field, and is not
/// confirmed by its key.
pub(crate) async fn names_nobody(
    work: &mut Work,
    act: &'static str,
    child: ChildId,
    texts: &[(&str, &str)],
    confirmed: &[String],
) -> Answer<()> {
    let found = found_in(work, child, texts).await?;
    let mut invalid = Invalid::default();
    for finding in unconfirmed(&found, confirmed) {
        let (kind, place) = (finding.kind.label(), finding.field.replace('_', " "));
        // The words themselves stand in no message: whoever typed them sees them in the form.
        let message = format!("{kind} stands in {place}. Take it out, or confirm that it tells of no child");
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
async fn found_in(session: &Session, child: ChildId, texts: &[(&str, &str)]) -> Answer<Vec<Finding>> {
    let org = session.organisation().ok_or(crate::answer::Outcome::NotFound)?;
    let (child, mut known) = (session.child(org, child).await?, Known::default());
    if child.state == ChildState::Known {
        known.add(&session.open_identity(&child).await?);
        for sibling in siblings(session, &child).await? {
            known.add(&sibling);
        }
    }
    Ok(findings_of(texts.iter().map(|(field, text)| ((*field).to_owned(), *text)), &known))
}
