//! Which part of a record is looked for: whose events, of which kind, about which record, on which days.

use jiff::civil::Date;
use placewell_domain::id::{PersonId, Reference, ReferenceKind};
use placewell_domain::nights::plus_days;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::disclosure::{Reader, fact};
use placewell_store::office::record::LogFilter;
use placewell_store::{Session, StoreError};

use crate::answer::{Answer, Outcome};
use crate::clock::moment_of;

/// What somebody looks for in the record; everything where nothing is named.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Looking {
    /// Who did it.
    pub person: Option<PersonId>,
    /// What happened, as the log says it ("Agreement started") or as the feed does (`agreement.started`); a room alone for
    /// everything in it.
    pub kind: String,
    /// Which record: a reference such as `HEF-A-0042`, or the room and number that the log shows.
    pub record: String,
    /// The first day.
    pub from: Option<Date>,
    /// The last day.
    pub to: Option<Date>,
}

impl Looking {
    /// Whether everything is looked for.
    #[must_use]
    pub fn everything(&self) -> bool {
        *self == Self::default()
    }

    /// What the store looks for; a record that is not the reader's organisation's is not found, nor one of a room of which the
    /// reader is told only that something changed. A kind of that room is looked for as all of it.
    pub(super) async fn filter(&self, session: &Session, actor: &Actor) -> Answer<LogFilter> {
        let told = |room: &str| fact::tells(Reader::Own(actor.role), room);
        let mut invalid = Invalid::default();
        if let (Some(from), Some(to)) = (self.from, self.to)
            && to < from
        {
            invalid.add("to", "The last day must be the first day or later");
        }
        let kind = kind_of(&self.kind).map(|kind| match kind.split_once('.') {
            Some((room, _)) if !told(room) => room.to_owned(),
            _ => kind,
        });
        if kind.as_deref().is_some_and(|kind| kind.len() > 80 || !kind.bytes().all(|one| is_part(one) || one == b'.')) {
            invalid.add("kind", "Enter what happened as the log says it, like Agreement started");
        }
        let record = match self.record.trim() {
            "" => None,
            text => {
                let found = record_of(session, text).await?.filter(|(room, _)| told(room));
                if found.is_none() {
                    invalid.add(
                        "record",
                        "Enter a reference of yours, like HEF-A-0042, or what the log shows, like agreement 8421",
                    );
                }
                found
            }
        };
        invalid.or(())?;
        Ok(LogFilter {
            person: self.person,
            kind,
            record,
            from: self.from.map(|day| moment_of(day.at(0, 0, 0, 0)).at),
            until: self.to.map(|day| moment_of(plus_days(day, 1).at(0, 0, 0, 0)).at),
        })
    }
}

const fn is_part(one: u8) -> bool {
    one.is_ascii_lowercase() || one.is_ascii_digit() || one == b'_'
}

/// "Agreement started" and `agreement.started` as the kind, "Agreement" as the room.
fn kind_of(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    if text.is_empty() {
        return None;
    }
    if text.contains('.') {
        return Some(text.replace(' ', "_"));
    }
    Some(match text.split_once(' ') {
        Some((room, what)) => format!("{room}.{}", what.trim().replace(' ', "_")),
        None => text,
    })
}

/// The room and the number of a record.
async fn record_of(session: &Session, text: &str) -> Answer<Option<(String, i64)>> {
    if let Ok(reference) = text.to_uppercase().parse::<Reference>() {
        let Some(org) = session.organisation() else { return Ok(None) };
        let reference_text = reference.to_string();
        let found = match reference.kind {
            ReferenceKind::Referral => {
                session.referral_by_reference(org, &reference_text).await.map(|one| ("referral", one.id.0))
            }
            ReferenceKind::Agreement => {
                session.agreement(org, &reference_text).await.map(|one| ("agreement", one.id.0))
            }
            ReferenceKind::Approval => session.approval(org, &reference_text).await.map(|one| ("approval", one.id.0)),
        };
        return match found {
            Ok((room, id)) => Ok(Some((room.to_owned(), id))),
            Err(StoreError::NotFound) => Ok(None),
            Err(error) => Err(Outcome::from(error)),
        };
    }
    let named = text.rsplit_once([' ', '/']).and_then(|(room, number)| {
        let room = room.trim().to_lowercase().replace(' ', "_");
        let known = !room.is_empty() && room.bytes().all(is_part);
        Some((room, number.parse().ok()?)).filter(|_| known)
    });
    Ok(named)
}

#[cfg(test)]
mod tests {
    use super::kind_of;

    #[test]
    fn a_kind_is_read_as_the_log_and_as_the_feed_say_it() {
        for (typed, kind) in [
            ("Agreement started", Some("agreement.started")),
            (" agreement.price_changed ", Some("agreement.price_changed")),
            ("Agreement price changed", Some("agreement.price_changed")),
            ("Agreement", Some("agreement")),
            ("", None),
        ] {
            assert_eq!(kind_of(typed).as_deref(), kind, "{typed}");
        }
    }
}
