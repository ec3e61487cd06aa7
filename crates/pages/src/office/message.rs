//! Jobs and mails, for administrators: what waits, what failed, what was written to whom.

use jiff::civil::DateTime;

use crate::components::{Button, Cell, Colour, Link, Row, SubNav, SummaryList, Table, Tag};
use crate::form::{Field, Form};
use crate::html::Html;
use crate::page::Page;
use crate::samples;
use crate::shell::Shell;
use crate::words;

/// A job that is not done.
#[derive(Debug, Clone)]
pub struct JobRow {
    /// Its number.
    pub id: i64,
    /// What it does.
    pub kind: String,
    /// For whom.
    pub organisation: String,
    /// When it is due, by the machine's clock.
    pub due: DateTime,
    /// How often it was tried.
    pub tries: u64,
    /// Given up after the last try.
    pub gave_up: bool,
    /// How the last try ended.
    pub last_error: Option<String>,
}

fn tabs(mails: bool) -> SubNav {
    SubNav::new("Jobs and mail").tab("Jobs", "/admin/jobs", !mails).tab("Mail", "/admin/jobs/mail", mails)
}

/// Jobs that are not done; each failed one can be tried again.
pub fn jobs(shell: Shell, jobs: &[JobRow], new_key: impl Fn() -> String) -> Page {
    let csrf = shell.csrf.clone();
    let rows = jobs.iter().map(|job| {
        let state = match (job.gave_up, &job.last_error) {
            (true, _) => Tag::new("Given up", Colour::Red),
            (false, Some(_)) => Tag::new("Failed, waits for the next try", Colour::Yellow),
            (false, None) => Tag::new("Waiting", Colour::Blue),
        };
        let again: Html = match &job.last_error {
            None => "Not needed".into(),
            Some(_) => Form::post("/admin/jobs", csrf.as_str(), new_key())
                .field(Field::hidden("job", job.id.to_string()))
                .button(Button::submit(format!("Try job {} again", job.id)).secondary())
                .into(),
        };
        Row::new(format!("Job {}: {}", job.id, job.kind))
            .cell(job.organisation.as_str())
            .cell(state)
            .cell(Cell::number(job.tries))
            .cell(job.last_error.as_deref().unwrap_or("None"))
            .cell(words::moment(job.due))
            .cell(again)
    });
    let table = Table::new("Jobs that are not done")
        .columns(["Job", "For", "State", "Tries", "Last error", "Due", "Try again"])
        .rows(rows)
        .empty("No job waits and none has failed. A job appears here when a change has been saved and its mail or follow-up is still to do.");
    Page::new(shell.titled("Jobs")).with(tabs(false)).with(table)
}

/// A mail.
#[derive(Debug, Clone)]
pub struct MailRow {
    /// Its number.
    pub id: i64,
    /// To whom.
    pub recipient: String,
    /// Reference and act.
    pub subject: String,
    /// Plain text.
    pub body: String,
    /// When it was written, by the business clock.
    pub written: DateTime,
    /// When it went, by the machine's clock.
    pub sent: Option<DateTime>,
}

fn sent(mail: &MailRow) -> String {
    mail.sent.map_or_else(|| "Not sent: no mail server is set up".to_owned(), words::moment)
}

/// The latest mails.
pub fn mails(shell: Shell, mails: &[MailRow]) -> Page {
    let rows = mails.iter().map(|mail| {
        Row::new(Link::new(mail.subject.as_str(), format!("/admin/jobs/mail/{}", mail.id)))
            .cell(mail.recipient.as_str())
            .cell(words::moment(mail.written))
            .cell(sent(mail))
    });
    let table = Table::new("Latest mails")
        .columns(["Subject", "To", "Written", "Sent"])
        .rows(rows)
        .empty("No mail has been written yet. Sending a referral writes the first ones.");
    Page::new(shell.titled("Mail")).with(tabs(true)).with(table)
}

/// One mail as its reader gets it.
pub fn mail(shell: Shell, mail: &MailRow) -> Page {
    let facts = SummaryList::new()
        .row("Subject", mail.subject.as_str())
        .row("To", mail.recipient.as_str())
        .row("Written", words::moment(mail.written))
        .row("Sent", sent(mail));
    let page = Page::new(shell.titled("Mail").back("/admin/jobs/mail"));
    let paragraphs = mail.body.split("\n\n").map(|paragraph| Html::paragraph(Html::lines(paragraph.lines())));
    paragraphs.fold(page.with(facts).heading("Text"), Page::with)
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    let now = jiff::civil::date(2021, 9, 13).at(10, 20, 0, 0);
    let job = |id, gave_up, last_error: Option<&str>| JobRow {
        id,
        kind: "mail".into(),
        organisation: "Herefordshire Council".into(),
        due: now,
        tries: 3,
        gave_up,
        last_error: last_error.map(str::to_owned),
    };
    let key = || "k1".to_owned();
    let one = MailRow {
        id: 7,
        recipient: "manager@provider.example".into(),
        subject: "HEF-R-0042: a referral for your home".into(),
        body: "HEF-R-0042 is with you.\nOffers close at 4pm on Monday 13 September 2021.\n\n/provider/referrals/HEF-R-0042".into(),
        written: now,
        sent: None,
    };
    let shell = samples::signed_in_shell;
    vec![
        (
            "jobs",
            jobs(shell(), &[job(1, true, Some("fault")), job(2, false, Some("busy")), job(3, false, None)], key)
                .to_string(),
        ),
        ("no jobs", jobs(shell(), &[], key).to_string()),
        ("mails", mails(shell(), std::slice::from_ref(&one)).to_string()),
        ("no mails", mails(shell(), &[]).to_string()),
        ("a mail", mail(shell(), &one).to_string()),
    ]
}
