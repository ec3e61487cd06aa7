//! Mails: a reference, an act, one link. Written by a job after the commit, so that nothing is sent that did not happen.
//! The token of a one-time link is put in as its mail is handed over.

use std::sync::Arc;

use placewell_domain::change::Event;
use placewell_domain::id::{OrganisationId, PersonId};
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_store::Work;
pub use placewell_store::office::message::Mail;
pub use placewell_store::outbox::JobEntry;
use placewell_store::outbox::{Job, TakenJob};
use serde::{Deserialize, Serialize};

use crate::answer::{Answer, Outcome};
use crate::clock::Machine;
use crate::command::{App, Command, Receipt};

/// The job that writes mails.
pub const MAIL: &str = "mail";
/// The job that hands a written mail to the server.
pub const SEND: &str = "mail.send";

/// A mail to everyone in a role of an organisation. Holds no child's data: references, acts and dates only.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Notice {
    /// Whose people get it.
    pub to: i64,
    /// In which role.
    pub role: Role,
    /// Reference and act, such as "HEF-R-0042: 2 new offers".
    pub subject: String,
    /// At most eight lines: of more, the page says the rest.
    pub lines: Vec<String>,
    /// The path it links to.
    pub path: String,
}

impl Notice {
    /// The job that sends it.
    pub fn job(&self) -> Answer<Job> {
        Ok(Job::new(MAIL, &serde_json::to_value(self)?).about("mail", &self.path))
    }
}

/// Writes the notice for each recipient, once.
pub(crate) async fn write(app: &Arc<App>, job: &TakenJob) -> Answer<()> {
    let notice: Notice = serde_json::from_str(&job.payload)?;
    let mut work = app.store.begin(job.organisation, app.calendar.now()).await?;
    deliver(&mut work, &notice, &job.id.to_string()).await?;
    Ok(work.commit(Machine::now()).await?)
}

/// Writes a notice to each recipient: the same `dedupe` again writes nothing.
pub(crate) async fn deliver(work: &mut Work, notice: &Notice, dedupe: &str) -> Answer<()> {
    let people = work.people_in_role(OrganisationId(notice.to), notice.role, work.moment().today()).await?;
    for member in people {
        deliver_to(work, member.actor.person, notice, dedupe).await?;
    }
    Ok(())
}

/// Writes a notice to one person, whatever role it names: the same `dedupe` again writes nothing.
pub(crate) async fn deliver_to(work: &mut Work, person: PersonId, notice: &Notice, dedupe: &str) -> Answer<()> {
    let recipient = work.person_email(person).await?;
    let body = format!("{}\n\n{}", notice.lines.join("\n"), notice.path);
    let (subject, body) = as_it_leaves(&notice.subject, &body);
    let new = work.write_mail(&recipient, &subject, &body, &format!("{dedupe}/{recipient}")).await?;
    if let Some(mail) = new {
        work.enqueue(Job::new(SEND, &serde_json::to_value(Sending { mail })?).about(&notice.path, person));
    }
    Ok(())
}

/// Writes a mail to an address and leaves it to be sent: the same `dedupe` again writes nothing.
pub(crate) async fn mail(work: &mut Work, recipient: &str, (subject, body): (&str, &str), dedupe: &str) -> Answer<()> {
    let (subject, body) = as_it_leaves(subject, body);
    mail_to_keep(work, recipient, (&subject, &body), dedupe).await
}

/// The same as it is, for a mail that is kept as a file and may have more lines.
pub(crate) async fn mail_to_keep(
    work: &mut Work,
    recipient: &str,
    (subject, body): (&str, &str),
    dedupe: &str,
) -> Answer<()> {
    if let Some(mail) = work.write_mail(recipient, subject, body, dedupe).await? {
        work.enqueue(Job::new(SEND, &serde_json::to_value(Sending { mail })?).about("mail", mail));
    }
    Ok(())
}

/// The most lines that a mail has beside its link.
const LINES: usize = 8;
/// What stands in place of more.
const REST: &str = "The page says the rest.";

/// A mail as it leaves: its subject one line with the reference that its link names, its text at most eight lines, and one
/// link, which stands last.
fn as_it_leaves(subject: &str, body: &str) -> (String, String) {
    let said = body.lines().map(str::trim_end).filter(|line| !line.is_empty());
    let (links, mut lines): (Vec<&str>, Vec<&str>) = said.partition(|line| line.starts_with('/'));
    if lines.len() > LINES {
        lines.truncate(LINES - 1);
        lines.push(REST);
    }
    let mut subject = subject.lines().collect::<Vec<_>>().join(" ");
    let mut body = lines.join("\n");
    if let Some(link) = links.first() {
        if let Some(reference) = reference_in(link).filter(|reference| !subject.contains(reference)) {
            subject = format!("{reference}: {subject}");
        }
        body = format!("{body}\n\n{link}");
    }
    (subject, body)
}

/// The reference in a link, such as `HEF-R-0042`.
fn reference_in(link: &str) -> Option<&str> {
    let is_one = |part: &&str| {
        let letters = |letter: char| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '-';
        part.starts_with(|letter: char| letter.is_ascii_uppercase())
            && part.contains('-')
            && part.contains(|letter: char| letter.is_ascii_digit())
            && part.chars().all(letters)
    };
    link.split(['/', '?', '=', '&', '#']).find(is_one)
}

/// The mail that a job hands over.
#[derive(Serialize, Deserialize)]
struct Sending {
    mail: i64,
}

/// Hands a mail to the server, where one is set up and it has not gone yet. A run that ends between the two hands it
/// over once more, under the same identifier.
pub(crate) async fn send(app: &Arc<App>, job: &TakenJob) -> Answer<()> {
    let Some(post) = app.post() else { return Ok(()) };
    let Sending { mail } = serde_json::from_str(&job.payload)?;
    let kept = app.store.read(Some(job.organisation)).await?.whole_mail(job.organisation, mail).await?;
    if kept.sent_at.is_some() {
        return Ok(());
    }
    post.send(&kept).await.map_err(|error| Outcome::Fault(error.to_string()))?;
    let work = app.store.begin(job.organisation, app.calendar.now()).await?;
    work.mail_sent(mail, Machine::now()).await?;
    Ok(work.commit(Machine::now()).await?)
}

/// The most jobs and mails that a page shows.
const SHOWN: u32 = 100;

/// The organisations that an administrator keeps: the operator's all, everybody else's their own.
pub(crate) fn kept_by(actor: &Actor) -> Option<OrganisationId> {
    (actor.kind != OrganisationKind::Operator).then_some(actor.organisation)
}

impl App {
    /// Jobs that are not done, given-up ones first.
    pub async fn jobs(&self, actor: &Actor) -> Answer<Vec<JobEntry>> {
        let session = self.see(actor, Action::Administer).await?;
        Ok(session.jobs(kept_by(actor), SHOWN).await?)
    }

    /// The latest mails of every organisation that the administrator keeps, latest first.
    pub async fn latest_mails(&self, actor: &Actor) -> Answer<Vec<Mail>> {
        let mut mails = Vec::new();
        for organisation in self.administered(actor).await? {
            mails.extend(self.store.read(Some(organisation)).await?.mails(organisation, SHOWN).await?);
        }
        mails.sort_by_key(|mail| std::cmp::Reverse((mail.made_at, mail.id)));
        mails.truncate(SHOWN as usize);
        Ok(mails)
    }

    /// One mail of an organisation that the administrator keeps, without the token of its link.
    pub async fn mail(&self, actor: &Actor, id: i64) -> Answer<Mail> {
        self.kept_mail(actor, id, false).await
    }

    /// The same with its link, for the visitor of a demonstration, where all mailboxes are invented.
    pub async fn whole_mail(&self, actor: &Actor, id: i64) -> Answer<Mail> {
        self.kept_mail(actor, id, true).await
    }

    async fn kept_mail(&self, actor: &Actor, id: i64, whole: bool) -> Answer<Mail> {
        for organisation in self.administered(actor).await? {
            let session = self.store.read(Some(organisation)).await?;
            let found =
                if whole { session.whole_mail(organisation, id).await } else { session.mail(organisation, id).await };
            match found {
                Err(placewell_store::StoreError::NotFound) => {}
                found => return Ok(found?),
            }
        }
        Err(Outcome::NotFound)
    }

    /// The organisations that an administrator keeps.
    pub(crate) async fn administered(&self, actor: &Actor) -> Answer<Vec<OrganisationId>> {
        let session = self.see(actor, Action::Administer).await?;
        match kept_by(actor) {
            Some(own) => Ok(vec![own]),
            None => Ok(session.organisations().await?.into_iter().map(|organisation| organisation.id).collect()),
        }
    }
}

/// Makes a job that failed due at once.
#[derive(Debug, Clone, Serialize)]
pub struct RetryJob {
    /// The job.
    pub job: i64,
}

impl Command for RetryJob {
    const ACTION: Action = Action::Administer;
    const NAME: &'static str = "job.retry";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        work.retry_job(self.job, kept_by(actor), Machine::now()).await?;
        work.record(Event::new("job.retried", "message", self.job, 0));
        Ok(Receipt::at("/admin/jobs"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_has_at_most_eight_lines_and_one_link_and_names_its_record_in_the_subject() {
        let many: Vec<String> = (1..=12).map(|line| format!("Line {line}.")).collect();
        let body = format!("{}\n\n/referrals/HEF-R-0042/offers\n/referrals/HEF-R-0043", many.join("\n"));
        let (subject, body) = as_it_leaves("Twelve things\nto say", &body);
        assert_eq!(subject, "HEF-R-0042: Twelve things to say");
        let lines: Vec<&str> = body.lines().collect();
        assert_eq!((lines.len(), lines[0], lines[7], lines[8]), (10, "Line 1.", REST, ""));
        assert_eq!(lines[9], "/referrals/HEF-R-0042/offers");
        let (subject, body) = as_it_leaves("HEF-R-0042: 2 new offers", "Two offers.\n\n/referrals/HEF-R-0042/offers");
        assert_eq!(
            (subject.as_str(), body.as_str()),
            ("HEF-R-0042: 2 new offers", "Two offers.\n\n/referrals/HEF-R-0042/offers")
        );
    }

    #[test]
    fn a_link_that_names_no_record_or_carries_a_secret_adds_nothing_to_the_subject() {
        for link in [
            "/alerts",
            "/region/standing/12",
            "/emails/0f3a-b1/password",
            "/provider/elm-care-2",
            "/mini-blocks?month=2021-09",
        ] {
            assert_eq!(as_it_leaves("What it is", &format!("Said.\n\n{link}")).0, "What it is", "{link}");
        }
        assert_eq!(reference_in("/mini-blocks/WM-MB-001/nights?month=2021-09"), Some("WM-MB-001"));
        assert_eq!(as_it_leaves("Only said", "No link."), ("Only said".to_owned(), "No link.".to_owned()));
    }
}
