//! Mails: a reference, an act, one link. Written by a job after the commit, so that nothing is sent that did not happen.

use std::sync::Arc;

use placewell_domain::id::OrganisationId;
use placewell_domain::office::access::Role;
use placewell_store::outbox::{Job, TakenJob};
use serde::{Deserialize, Serialize};

use crate::answer::Answer;
use crate::clock::Machine;
use crate::command::App;

/// The job that writes mails.
pub const MAIL: &str = "mail";

/// A mail to everyone in a role of an organisation. Holds no child's data: references, acts and dates only.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Notice {
    /// Whose people get it.
    pub to: i64,
    /// In which role.
    pub role: Role,
    /// Reference and act, such as "HEF-R-0042: 2 new offers".
    pub subject: String,
    /// At most eight lines.
    pub lines: Vec<String>,
    /// The path it links to.
    pub path: String,
}

impl Notice {
    /// The job that sends it.
    pub fn job(&self) -> Answer<Job> {
        Ok(Job::new(MAIL, &serde_json::to_value(self)?))
    }
}

/// Writes the notice for each recipient, once.
pub(crate) async fn write(app: &Arc<App>, job: &TakenJob) -> Answer<()> {
    let notice: Notice = serde_json::from_str(&job.payload)?;
    let moment = app.calendar.now();
    let work = app.store.begin(job.organisation, moment).await?;
    let people = work.people_in_role(OrganisationId(notice.to), notice.role, moment.today()).await?;
    for member in people {
        let recipient = work.person_email(member.actor.person).await?;
        let body = format!("{}\n\n{}", notice.lines.join("\n"), notice.path);
        work.write_mail(&recipient, &notice.subject, &body, &format!("{}/{recipient}", job.id)).await?;
    }
    Ok(work.commit(Machine::now()).await?)
}
