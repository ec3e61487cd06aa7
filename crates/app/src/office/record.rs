//! The record of events, checked: each organisation's chain recomputed, and its rows folded against its events.

use placewell_domain::office::organisation::Organisation;
use placewell_domain::office::person::Actor;
use placewell_store::chain::ChainReport;

use crate::answer::{Answer, Outcome};
use crate::command::App;

impl App {
    /// The organisations whose record the administrator may check, by name.
    pub async fn recorded_organisations(&self, actor: &Actor) -> Answer<Vec<Organisation>> {
        let kept = self.administered(actor).await?;
        let all = self.visit().await?.organisations().await?;
        Ok(all.into_iter().filter(|organisation| kept.contains(&organisation.id)).collect())
    }

    /// Recomputes the chain of one organisation and compares its rows with its events; the faults of both.
    pub async fn check_record(&self, actor: &Actor, code: &str) -> Answer<(Organisation, ChainReport)> {
        let all = self.recorded_organisations(actor).await?;
        let organisation = all.into_iter().find(|one| one.code == code).ok_or(Outcome::NotFound)?;
        let session = self.store.read(Some(organisation.id)).await?;
        let mut report = session.verify_chain(organisation.id).await?;
        drop(session);
        report.faults.extend(self.store.row_faults(organisation.id).await?);
        Ok((organisation, report))
    }
}
