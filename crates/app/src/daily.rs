//! What each authority counts once a day of the calendar, and that it did: a mark of the database, kept together with
//! the count, so that neither a server that starts again nor another node counts the same day twice.

use jiff::civil::Date;
use placewell_domain::id::OrganisationId;
use placewell_store::migrate::MIGRATIONS;
use placewell_store::{Session, Work};

use crate::answer::Answer;

/// One authority's count of one day.
pub(crate) struct DaysCount {
    key: String,
    value: String,
}

impl DaysCount {
    /// Of what is counted under this name. A schema that went on since may hold more to count, so the day begins anew.
    pub(crate) fn of(name: &str, org: OrganisationId, today: Date) -> Self {
        let schema = MIGRATIONS.last().map_or("", |(name, _)| *name);
        Self { key: format!("counted/{name}/{}", org.0), value: format!("{today} {schema}") }
    }

    /// Whether it was made.
    pub(crate) async fn is_made(&self, session: &Session) -> Answer<bool> {
        Ok(session.mark(&self.key).await?.is_some_and(|made| made == self.value))
    }

    /// Marks it as made, with the commit of the work that makes it. False where it was made already; whoever makes it at
    /// the same time is waited for.
    pub(crate) async fn make(&self, work: &Work) -> Answer<bool> {
        Ok(work.set_mark_once(&self.key, &self.value).await?)
    }
}
